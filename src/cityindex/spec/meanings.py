"""What each key of the language means, and its default: told by the JSON Schema and, from it, by the reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["MEANINGS", "Meaning", "described"]


class Meaning(NamedTuple):
    """A sentence about a key; its default, where that is one value of YAML."""

    text: str
    default: Any = None


_node = {
    "id": Meaning("The name of the node, unique in the spec: at most 200 characters in one line."),
    "title": Meaning("Its name for people; a column may be found by it."),
    "note": Meaning("A remark."),
    "weight": Meaning("Its weight in its group. All children of a group have one, or none has. Not at a root."),
    "steps": Meaning("What is done to its column, from left to right. The result, *carried*, moves up.", []),
    "publish": Meaning("What is done further for showing and ranking. The result, *published*, never moves up.", []),
    "where": Meaning("The units it applies to; the others have no value here. Left out: every unit."),
    "provenance": Meaning("Where its keys come from; a bare word speaks for the weight. Left out: that of the spec."),
}

MEANINGS: dict[str, dict[str, Meaning]] = {
    "spec": {
        "cityindex": Meaning("The version of the language."),
        "id": Meaning("The name of the index, for machines."),
        "title": Meaning("The name of the index, for people."),
        "edition": Meaning("Which edition this is: `2024`."),
        "source": Meaning("Where the method is printed."),
        "note": Meaning("Whatever a reader should know."),
        "unit": Meaning("What is ranked: its kind alone, or a mapping."),
        "unit.kind": Meaning("What a unit is: `city`.", "unit"),
        "unit.key": Meaning(
            "The column that names the units; its text is kept (`06001`). Left out: the first column no node reads."
        ),
        "unit.label": Meaning("The column of the names that people read."),
        "unit.period": Meaning(
            "The column of the year or quarter. A unit then stands once in each period, and is ranked within it."
        ),
        "provenance": Meaning("Where the keys come from, unless a node says otherwise.", "published"),
        "reference": Meaning("The rows to learn from. Left out: every row."),
        "defaults": Meaning("Keys for indicators and for groups that leave them out; a key is replaced whole."),
        "index": Meaning("The tree; its id is the name of the score."),
        "also": Meaning("Side results, which may use the nodes of the index.", []),
        "editions": Meaning("By period and node id: the keys that differ for the rows of that period."),
    },
    "indicator": {
        **_node,
        "column": Meaning("The column it reads. Left out: the one named as its id, else as its title."),
        "value": Meaning("A constant, instead of a column."),
        "per": Meaning("The column that it is divided by; 0 there is an error."),
        "goalposts": Meaning("Its own bottom and top, for the step `goalposts`; `[40, 0]` makes 0 the best."),
        "direction": Meaning("Which way is better: a promise, which is checked against the steps."),
        "measured_in": Meaning("The unit of measurement of its column, for people: `%`."),
    },
    "group": {
        **_node,
        "aggregate": Meaning("How the children's carried columns become one.", "arithmetic"),
        "missing": Meaning("What happens to a unit that lacks a child.", "refuse"),
        "weights": Meaning(
            "A method that finds the weights, or `unpublished` where the source prints none. The children have none."
        ),
        "weights_sum": Meaning(
            "The sum of the weights as printed: checked, never rescaled. Left out: 100%, where they are per cents."
        ),
        "rank": Meaning("How units are ranked by it."),
        "rank.of": Meaning("The column that is ranked.", "published"),
        "rank.ties": Meaning("The rank that equal values share.", "min"),
        "rank.first": Meaning("Which end is first.", "highest"),
        "tiers": Meaning("Its tiers: one tiering, and `labels` from the best down."),
        "children": Meaning("What it is made of, in any order; `unpublished` where the source does not print it."),
    },
    "use": {
        "use": Meaning("The id of a node that stands elsewhere."),
        "of": Meaning("Which of its columns.", "carried"),
        "weight": Meaning("Its weight in this group."),
    },
}


def described(kind: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schemas of keys of the spec, an indicator, a group or a use, each with what it means."""
    return {key: _told(field, key, MEANINGS[kind]) for key, field in keys.items()}


def _told(field: Mapping[str, Any], path: str, meanings: Mapping[str, Meaning]) -> dict[str, Any]:
    told = dict(field)
    if "anyOf" in told:
        told["anyOf"] = [_inside(one, path, meanings) for one in told["anyOf"]]
    told = _inside(told, path, meanings)
    meaning = meanings[path]
    told["description"] = meaning.text
    return told if meaning.default is None else {**told, "default": meaning.default}


def _inside(field: Mapping[str, Any], path: str, meanings: Mapping[str, Meaning]) -> dict[str, Any]:
    """The keys of a key, where those are told of: `unit.label`."""
    inner = {key: f"{path}.{key}" for key in field.get("properties", ())}
    if not inner or not set(inner.values()) <= set(meanings):
        return dict(field)
    return {
        **field,
        "properties": {key: _told(field["properties"][key], name, meanings) for key, name in inner.items()},
    }
