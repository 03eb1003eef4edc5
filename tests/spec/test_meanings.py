"""Every key of the language says what it means, and the defaults that are told are those of the reader."""

from __future__ import annotations

import pytest

from cityindex.spec import load_spec, schema
from cityindex.spec.keys import KEYS
from cityindex.spec.meanings import MEANINGS

INDEX = {"id": "score", "children": [{"id": "group", "children": ["a"]}, {"use": "a"}]}


def own(kind):
    return [key for key in MEANINGS[kind] if "." not in key]


@pytest.mark.parametrize("kind", list(KEYS))
def test_every_key_has_a_meaning_and_no_other(kind):
    assert set(own(kind)) == set(KEYS[kind])
    table = schema() if kind == "spec" else schema()["$defs"][kind]
    for key in KEYS[kind]:
        text = table["properties"][key]["description"]
        assert text[0].isupper()
        assert text.endswith(".")


@pytest.mark.parametrize("inner", ["unit.key", "unit.period", "rank.of", "rank.ties", "rank.first"])
def test_keys_of_keys_too(inner):
    kind = "spec" if inner.startswith("unit") else "group"
    outer, key = inner.split(".")
    table = schema() if kind == "spec" else schema()["$defs"][kind]
    field = table["properties"][outer]
    tables = [one for one in (field, *field.get("anyOf", ())) if "properties" in one]
    assert tables[0]["properties"][key]["description"] == MEANINGS[kind][inner].text


def told(kind):
    return {key: meaning.default for key, meaning in MEANINGS[kind].items() if meaning.default is not None}


def test_the_defaults_are_those_of_the_reader():
    spec = load_spec({"cityindex": 1, "id": "x", "index": INDEX})
    group, use = spec.index, spec.index.children[1]
    assert told("spec") == {"unit.kind": spec.unit.kind, "provenance": "published", "also": list(spec.also)}
    assert told("indicator") == {"steps": list(spec.nodes["a"].steps), "publish": list(spec.nodes["a"].publish)}
    assert told("use") == {"of": use.of}
    assert told("group") == {
        "steps": list(group.steps),
        "publish": list(group.publish),
        "aggregate": group.aggregate.name,
        "missing": group.missing.name,
        "rank.of": group.rank.of,
        "rank.ties": group.rank.ties,
        "rank.first": group.rank.first,
    }


def test_what_is_told_as_default_loads_and_changes_nothing():
    plain = {"cityindex": 1, "id": "x", "index": {"id": "score", "children": ["a"]}}
    said = {
        "cityindex": 1,
        "id": "x",
        "unit": {"kind": told("spec")["unit.kind"]},
        "provenance": told("spec")["provenance"],
        "index": {
            "id": "score",
            "children": [{"id": "a", **told("indicator")}],
            "aggregate": told("group")["aggregate"],
            "missing": told("group")["missing"],
            "rank": {key: told("group")[f"rank.{key}"] for key in ("of", "ties", "first")},
        },
    }
    assert load_spec(said).index == load_spec(plain).index
