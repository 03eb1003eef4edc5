"""Changed copies, differences, fingerprints: a change is checked like a new file."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import specs
from test_typos import CITY

from cityindex._values import Percent
from cityindex.errors import NotFoundError, SpecError
from cityindex.spec import Difference, diff, dump, fingerprint, load_spec, read_weights, replace, with_weights

SPEC = load_spec(CITY)


def test_replace_changes_one_node_and_nothing_else():
    changed = replace(SPEC, "outage", direction="more", note="since 2020")
    assert changed["outage"].direction == "more"
    assert SPEC["outage"].direction == "less"
    assert [str(difference) for difference in diff(SPEC, changed)] == [
        "outage.note: nothing → since 2020",
        "outage.direction: less → more",
        "2011: outage.note: nothing → since 2020",
    ]
    assert replace(changed, "outage", direction="less", note=None) == SPEC
    assert replace(SPEC, "broadband", per="people")["broadband"].per == "people"


def test_replace_at_the_top_and_in_side_results():
    assert replace(SPEC, title="Other").title == {"en": "Other"}
    assert replace(SPEC, None, title=None, edition=None).edition is None
    assert replace(SPEC, "gap", missing={"impute": "mean"})["gap"].missing.name == "impute"
    assert replace(SPEC, "score", tiers=None)["score"].tiers is None


def test_replace_is_checked():
    with pytest.raises(
        SpecError, match=r"index\.children\[0\]\.children\[1\]\.direction: 'outage' says direction: less"
    ):
        replace(SPEC, "outage", steps=[])
    with pytest.raises(SpecError, match=r"add to 130%, not 100%"):
        replace(SPEC, "services", weight="65%")
    with pytest.raises(SpecError, match="unknown key 'wieght'"):
        replace(SPEC, "services", wieght=1)
    with pytest.raises(NotFoundError, match=r"has no node 'outages'\. Did you mean 'outage'"):
        replace(SPEC, "outages", direction="more")


UNPUBLISHED = """\
cityindex: 1
id: x
provenance: published
defaults: {indicator: {provenance: {steps: inferred}}, group: {weights: unpublished}}
index:
  id: score
  weights: equal
  children:
    - {id: g, children: [a, {id: b, provenance: published}, {use: c}]}
    - {id: h, weights: equal, children: [c, d]}
"""


def test_with_weights_replaces_whatever_stood_there():
    spec = load_spec(UNPUBLISHED)
    given = with_weights(spec, {"g": {"a": 2, "b": 1, "c": 1}, "score": {"g": "60%", "h": Percent(0.4)}})
    assert [child.weight for child in given["g"].children] == [2, 1, 1]
    assert [child.weight for child in given["score"].children] == [0.6, 0.4]
    assert given["g"].weights is None
    assert given["score"].weights is None
    assert given["h"].weights.name == "equal"
    assert given["a"].provenance == {"steps": "inferred", "weight": "assumed"}
    assert given["b"].provenance == {"weight": "assumed"}
    assert given.provenance_of("g") == "assumed"
    assert load_spec(dump(given)) == given


def test_with_weights_lifts_a_printed_sum():
    text = "cityindex: 1\nid: x\nindex:\n  id: s\n  weights_sum: 99.9%\n  children: [{id: a, weight: 99.9%}]\n"
    assert with_weights(load_spec(text), {"s": {"a": 3}})["s"].weights_sum is None


def test_with_weights_tells_what_does_not_fit():
    spec = load_spec(UNPUBLISHED)
    with pytest.raises(NotFoundError, match="x has no group 'a'"):
        with_weights(spec, {"a": {"b": 1}})
    with pytest.raises(SpecError, match=r"weights of g: there is no child 'bb'\. Did you mean 'b'"):
        with_weights(spec, {"g": {"a": 1, "bb": 1, "c": 1}})
    with pytest.raises(SpecError, match="weights of g: every child needs one; without: 'b', 'c'"):
        with_weights(spec, {"g": {"a": 1}})
    with pytest.raises(SpecError, match="add to 90%"):
        with_weights(spec, {"h": {"c": "50%", "d": "40%"}})
    with pytest.raises(SpecError, match="weights of h: found a list"):
        with_weights(spec, {"h": [1, 2]})


def test_weights_from_a_file(tmp_path):
    path = tmp_path / "weights.yaml"
    path.write_text("g: {a: 50%, b: 50%}\nh:\n  c: 1/4\n  d: 3/4\n", encoding="utf-8")
    assert read_weights(path) == {"g": {"a": 0.5, "b": 0.5}, "h": {"c": 0.25, "d": 0.75}}
    path.write_text("g: {a: 5o%}\nh: [1, 2]\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_weights(path)
    assert [problem.place for problem in caught.value.problems] == [f"{path}:1:8", f"{path}:2:1"]
    with pytest.raises(SpecError, match="these are no weights"):
        read_weights("- a\n- b\n")


def test_differences_of_every_kind():
    other = load_spec(
        CITY.replace("beyond: hold", "beyond: allow")
        .replace("        - broadband\n", "        - mobile\n")
        .replace("edition: 2020", "edition: 2021")
        .replace("ties: dense", "ties: max")
        .replace("weight: -1", "weight: -2")
        .replace("[一线, 二线, 三线]", "[甲, 乙, 丙]")
        .replace("  2011:", "  2012:")
    )
    told = [str(difference) for difference in diff(SPEC, other)]
    assert "edition: 2020 → 2021" in told
    assert "outage.steps: [{minmax: {to: [0, 100], beyond: hold}}] → [{minmax: {to: [0, 100], beyond: allow}}]" in told
    assert "broadband: removed" in told
    assert "mobile: added" in told
    assert "services.children: [broadband, outage, exports, jobs] → [mobile, outage, exports, jobs]" in told
    assert any(line.startswith("score.rank: {of: carried, ties: dense, first: highest} → ") for line in told)
    assert "gap.weight of industry (used): -1 → -2" in told
    assert "score.tiers: {cuts: {cuts: [85, 65]}}, labels [一线, 二线, 三线] → " in " ".join(told)
    assert "2011: removed" in told
    assert "2012: added" in told
    assert diff(SPEC, SPEC) == ()
    assert diff(SPEC, other)[0] == Difference(None, "edition", "2020", "2021")


SAME_NUMBERS = {
    "title": ("title: 城市服务", "title: 服务"),
    "note": ("note: printed on page 12", "note: none"),
    "source": ("source: A yearbook", "source: Another"),
    "provenance": ("{children: assumed}", "{children: inferred}"),
    "label": ("label: label, ", ""),
    "order of keys": ("{id: outage, direction: less}", "{direction: less, id: outage}"),
    "a default spelt out": (
        "{steps: [{minmax: {to: [0, 100], beyond: hold}}]}",
        "{publish: [], steps: [{minmax: {beyond: hold, to: [0, 100]}}]}",
    ),
}
OTHER_NUMBERS = {
    "weight": ("35%", "45%", "65%", "55%"),
    "aggregator": ("aggregate: product", "aggregate: sum"),
    "option": ("beyond: hold", "beyond: allow"),
    "column": ("column: employed", "column: jobs"),
    "goalposts": ("[0, 0.4]", "[0, 0.5]"),
    "where": ("coastal: 1", "coastal: 0"),
    "reference": ("year: 2010", "year: 2011"),
    "edition's weight": ("weight: 40%}, industry: {weight: 60%", "weight: 30%}, industry: {weight: 70%"),
    "use": ("{use: services, of: published}", "{use: services}"),
    "within": ("within: year", "within: region"),
    "tiers": ("cuts: [85, 65]", "cuts: [85, 60]"),
    "rank": ("ties: dense", "ties: min"),
    "period": ("period: year", "period: date"),
}


def test_the_fingerprint_moves_with_the_numbers_alone():
    own = fingerprint(SPEC)
    assert own == fingerprint(load_spec(dump(SPEC)))
    for before, after in SAME_NUMBERS.values():
        assert fingerprint(load_spec(CITY.replace(before, after))) == own, after
    seen = {own}
    for before, after, *more in OTHER_NUMBERS.values():
        text = CITY.replace(before, after)
        seen.add(fingerprint(load_spec(text.replace(*more) if more else text)))
    assert len(seen) == len(OTHER_NUMBERS) + 1


def test_the_fingerprint_is_the_same_in_every_session():
    text = "cityindex: 1\nid: x\nindex: {id: s, children: [{id: a, weight: 20%}, {id: b, weight: 80%, per: 人口}]}\n"
    assert fingerprint(load_spec(text)) == "3f451ad12eed5b11"


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(specs())
def test_a_change_taken_back_is_no_change(data):
    spec = load_spec(data)
    node = next(iter(spec.indicators))
    changed = replace(spec, node.id, note="an odd note")
    assert fingerprint(changed) == fingerprint(spec)
    assert diff(spec, replace(changed, node.id, note=None)) == ()
    weights = {group.id: {child.id: 1 for child in group.children} for group in spec.groups}
    assert all(child.weight == 1 for group in with_weights(spec, weights).groups for child in group.children)
