"""Sums, counts, provenance, weights that cannot matter, names: each right on its own, and planted errors found."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import shared

import cityindex as ci
from cityindex.auditing.effective import decimals_of, exact, local_weights
from cityindex.auditing.ranges import idle_children, possible
from cityindex.auditing.scheme import audit_scheme, scheme_findings
from cityindex.errors import NotFoundError, SpecError


def spec_of(children, **keys):
    index = {"id": "score", "children": children, **{key: keys.pop(key) for key in list(keys) if key in GROUP}}
    return ci.load_spec({"cityindex": 1, "id": "made-up", "index": index, **keys})


GROUP = ("aggregate", "weights", "weights_sum", "publish", "missing", "steps", "title")


def of(scheme, name):
    return next(finding for finding in scheme.findings if finding.id == f"scheme-{name}")


def weighted(*weights):
    return [{"id": f"x{at}", "weight": weight} for at, weight in enumerate(weights)]


# -- sums -------------------------------------------------------------------------------------------------------------


def test_a_sum_that_is_100():
    found = of(audit_scheme(spec_of(weighted("22.5%", "77.5%"))), "sum-score")
    assert (found.verdict, found.computed, found.kind) == ("holds", "100%", "scheme")


def test_a_printed_sum_of_99_9_is_told_exactly_and_may_be_rounding():
    weights = weighted("22.5%", "22.5%", "13.5%", "13.5%", "9.3%", "9.3%", "9.3%")
    found = of(audit_scheme(spec_of(weights, weights_sum="99.9%", aggregate="sum")), "sum-score")
    assert (found.verdict, found.computed, found.published) == ("undecided", "99.9%", "99.9%")
    assert "99.55 to 100.25%" in found.note
    assert "it gives 99.9" in found.note


def test_a_sum_that_rounding_does_not_explain_fails():
    found = of(audit_scheme(spec_of(weighted("50.0%", "45.5%"), weights_sum="95.5%")), "sum-score")
    assert (found.verdict, found.computed) == ("fails", "95.5%")
    assert "does not explain" in found.note
    assert "1.0471 times" in found.note


def test_plain_shares_that_nearly_add_to_one():
    assert of(audit_scheme(spec_of(weighted(0.5, 0.25, 0.25))), "sum-score").verdict == "holds"
    assert of(audit_scheme(spec_of(weighted(0.33, 0.33, 0.33))), "sum-score").verdict == "undecided"
    off = of(audit_scheme(spec_of(weighted(0.525, 0.525))), "sum-score")
    assert (off.verdict, off.computed) == ("fails", "1.05")


def test_thirds_are_thirds():
    spec = ci.load_spec(
        "cityindex: 1\nid: t\nindex: {id: score, children: [{id: a, weight: 1/3}, {id: b, weight: 2/3}]}"
    )
    assert of(audit_scheme(spec), "sum-score").verdict == "holds"


@pytest.mark.parametrize("weights", [(1, 0.5, 2), (1, -1), (5, 5)])
def test_plain_numbers_promise_no_total(weights):
    aggregate = "sum" if min(weights) < 0 else "arithmetic"
    names = [finding.id for finding in scheme_findings(spec_of(weighted(*weights), aggregate=aggregate))]
    assert "scheme-sum-score" not in names


@given(st.lists(st.integers(1, 999), min_size=2, max_size=8))
def test_weights_are_read_as_they_are_written(parts):
    whole = sum(parts)
    texts = [f"{part / 10:.1f}%" for part in parts]
    spec = spec_of(weighted(*texts), weights_sum=f"{whole / 10:.1f}%")
    weights = [child.weight for child in spec.index.children]
    assert sum(map(exact, weights)) == Fraction(whole, 1000)
    assert max(map(decimals_of, weights)) <= 1
    assert sum(local_weights(spec.index)) == 1
    verdict = of(audit_scheme(spec), "sum-score").verdict
    slack = Fraction(len(parts) * max(5 if any(part % 10 for part in parts) else 50, 1), 10_000)
    wanted = "holds" if whole == 1000 else "undecided" if abs(Fraction(whole, 1000) - 1) <= slack else "fails"
    assert verdict == wanted


# -- counts -----------------------------------------------------------------------------------------------------------

TREE = [
    {"id": "a", "weight": "50%", "children": ["a1", "a2", {"use": "b1"}]},
    {"id": "b", "weight": "50%", "children": ["b1", {"id": "b2", "children": ["c1", "c2"]}]},
]


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ("score", 2),
        ("a", 3),
        ("b2", 2),
        ("indicators", 5),
        ("groups", 4),
        ("level 1", 2),
        ("level 2", 5),
        ("level 3", 2),
        ("indicators of a", 3),
        ("indicators of score", 6),
    ],
)
def test_counts(what, count):
    spec = spec_of(TREE)
    name = f"count-{what.replace(' ', '-')}"
    assert of(audit_scheme(spec, counts={what: count}), name).verdict == "holds"
    wrong = of(audit_scheme(spec, counts={what: count + 1}), name)
    assert (wrong.verdict, wrong.published, wrong.computed) == ("fails", str(count + 1), str(count))


def test_parts_that_are_not_published_cannot_be_counted():
    spec = spec_of([{"id": "a", "children": "unpublished"}, "b"])
    for what in ("a", "indicators", "indicators of score"):
        assert of(audit_scheme(spec, counts={what: 3}), f"count-{what.replace(' ', '-')}").verdict == "undecided"


def test_counts_of_what_is_not_there_are_refused_together():
    with pytest.raises(NotFoundError, match=r"no 'indicator' to count. Did you mean 'indicators'") as error:
        audit_scheme(spec_of(TREE), counts={"indicator": 1, "level 9": 2, "a": -1, "b": True})
    assert len(error.value.problems) == 4


def test_shipped_indices_count_as_their_sources_say():
    spec = ci.load_index("digital-economy-city-2020")
    counts = {"score": 4, "level 2": 12, "level 3": 46, "indicators": 46, "industry_digitalisation": 8}
    assert {finding.verdict for finding in scheme_findings(spec, counts=counts)} == {"holds", "undecided"}


# -- provenance and equal weights -------------------------------------------------------------------------------------


def test_provenance_is_counted():
    spec = ci.load_index("digital-economy-city-2020")
    found = of(audit_scheme(spec), "provenance")
    assert (found.verdict, found.computed) == ("undecided", "34 published, 28 inferred")
    spec = ci.load_index("tech-capability-2021")
    assert of(audit_scheme(spec), "provenance").computed == "4 inferred, 28 unpublished"


def test_equal_weights_are_told():
    children = [{"id": "a", "children": ["x", "y"], "provenance": {"weights": "assumed"}}, "b"]
    found = of(audit_scheme(spec_of(children)), "equal")
    assert (found.verdict, found.computed) == ("undecided", "1 published as equal")
    assert "nothing else is known: a" in found.note
    assert of(audit_scheme(spec_of(["a", "b"])), "equal").verdict == "holds"


# -- weights that cannot matter ---------------------------------------------------------------------------------------

MINMAX = {"indicator": {"steps": [{"minmax": {"to": [0, 100]}}]}}


def idle(children, **keys):
    return {each.path: each.why for each in idle_children(spec_of(children, **keys))}


def test_ranges_go_up_the_tree():
    children = [{"id": "g", "children": ["a", "b"], "steps": [{"rescale": {"from": [0, 100], "to": [1, 10]}}]}]
    assert possible(spec_of(children, defaults=MINMAX))["score"].shown() == "1 to 10"


def test_a_weight_of_nothing_and_a_constant():
    found = idle([{"id": "a", "weight": 1}, {"id": "b", "weight": 0}, {"id": "c", "value": 3, "weight": 1}])
    assert found == {"b": "its weight is 0"}  # a constant is meant


def test_a_weight_that_rounding_hides():
    children = weighted("99.97%", "0.03%")
    found = idle(children, defaults=MINMAX, publish=[{"round": 1}])
    assert list(found) == ["x1"]
    assert "moves score by 0.03 at most" in found["x1"]
    assert idle(children, defaults=MINMAX, publish=[{"round": 2}]) == {}
    assert idle(children, defaults=MINMAX) == {}
    assert idle(children, publish=[{"round": 1}]) == {}  # any range


def test_a_path_that_is_hidden_deep_in_the_tree():
    inner = {"id": "g", "weight": "1%", "children": weighted("97%", "3%")}
    children = [{"id": "z", "weight": "99%"}, inner]
    assert list(idle(children, defaults=MINMAX, publish=[{"round": 1}])) == ["g/x1"]


def test_a_child_that_is_never_the_minimum():
    low = {"id": "low", "steps": [{"minmax": {"to": [0, 10]}}]}
    high = {"id": "high", "steps": [{"minmax": {"to": [20, 30]}}]}
    assert list(idle([low, high], aggregate="minimum")) == ["high"]
    assert list(idle([low, high], aggregate="maximum")) == ["low"]
    assert idle([low, {**high, "steps": [{"minmax": {"to": [5, 30]}}]}], aggregate="minimum") == {}


def test_idle_children_fail_and_are_named():
    found = of(audit_scheme(spec_of(weighted(1, 0))), "idle")
    assert (found.verdict, found.computed) == ("fails", "1 cannot")
    assert "x1: its weight is 0" in found.note


# -- names ------------------------------------------------------------------------------------------------------------


def test_titles_and_columns_that_stand_twice():
    twins = [{"id": "a", "title": "x"}, {"id": "b", "title": "x"}, {"id": "c", "column": "a"}]
    scheme = audit_scheme(spec_of(twins))
    assert (of(scheme, "titles").verdict, of(scheme, "titles").note) == ("fails", "x under score")
    assert of(scheme, "columns").verdict == "undecided"
    assert "a by a, c" in of(scheme, "columns").note


# -- effective weights, editions, the record --------------------------------------------------------------------------


def test_effective_weights_are_those_of_a_result():
    spec = spec_of(TREE)
    rows = {name: [1.0, 2.0] for name in ("a1", "a2", "b1", "c1", "c2")}
    result = ci.score(spec, {"unit": ["甲", "乙"], **rows})
    found = audit_scheme(spec).effective_weights
    wanted = result.weights.set_index("path")["global"]
    for path, weight in found.set_index("path")["global"].items():
        assert wanted[path] == pytest.approx(weight)
    assert found.set_index("path").loc["a/b1", "uses"] == 2


def test_weights_that_data_decide_are_not_known():
    found = audit_scheme(ci.load_index("tech-capability-2021")).effective_weights
    assert found["global"].notna().sum() == 4


@pytest.mark.parametrize(
    ("weights", "local"),
    [
        ({"given": {"weights": {"a": "60%", "b": "40%"}}}, [0.6, 0.4]),
        ({"budget_allocation": {"points": {"Li": {"a": 70, "b": 30}, "Wang": {"a": 50, "b": 50}}}}, [0.6, 0.4]),
        ({"fuzzy_ahp": {"judgements": [[1, 1], [1, 1]]}}, [0.5, 0.5]),
        ("equal", [0.5, 0.5]),
    ],
)
def test_effective_weights_of_whatever_looks_at_no_data(weights, local):
    spec = spec_of(["a", "b"], weights=weights)
    assert audit_scheme(spec).effective_weights["local"].tolist() == pytest.approx(local)


@pytest.mark.parametrize("weights", ["entropy", "mine"])
def test_effective_weights_that_may_need_data_are_not_told(weights):
    @ci.weighting("mine")
    def mine(ref):
        """By the range of each column, without having said from_data."""
        return np.ptp(ref, axis=0) / np.ptp(ref, axis=0).sum()

    spec = spec_of(["a", "b"], weights=weights)
    assert np.isnan(audit_scheme(spec).effective_weights["local"]).all()


def test_effective_weights_of_judgements():
    spec = spec_of(["a", "b"], weights={"ahp": {"judgements": [[1, 3], [None, 1]]}})
    assert audit_scheme(spec).effective_weights["local"].tolist() == pytest.approx([0.75, 0.25])


def test_an_edition_with_a_sum_of_its_own():
    spec = spec_of(
        weighted("60%", "40%"),
        unit={"kind": "city", "key": "city", "period": "year"},
        editions={"2011": {"x0": {"weight": "59%"}, "score": {"weights_sum": "99%"}}},
    )
    names = {finding.id: finding.verdict for finding in scheme_findings(spec)}
    assert names["scheme-sum-score"] == "holds"
    assert names["scheme-sum-score@2011"] == "undecided"


def test_the_record_hands_out_copies_and_reads_as_text():
    scheme = audit_scheme(spec_of(weighted("60%", "40%")))
    mine = scheme.effective_weights
    mine.loc[0, "local"] = 7
    assert scheme.effective_weights.loc[0, "local"] == 0.6
    assert str(scheme).startswith("made-up: scheme\n  holds")
    assert list(scheme.to_frame()["id"]) == [finding.id for finding in scheme.findings]


def test_the_place_is_the_line_of_the_spec():
    scheme = audit_scheme(ci.load_index("tech-capability-2021"))
    assert of(scheme, "sum-score").place.startswith("spec.yaml, line ")
    assert "/" not in of(scheme, "sum-score").place


@pytest.mark.parametrize("thing", [None, "tech-capability-2021", {"id": "x"}])
def test_what_is_no_spec_is_refused(thing):
    with pytest.raises(SpecError, match="is no spec"):
        audit_scheme(thing)


@pytest.mark.parametrize("options", [{"counts": [46]}, {"ratios": "0.1"}])
def test_what_is_no_mapping_is_refused(options):
    with pytest.raises(SpecError, match="a mapping is wanted"):
        audit_scheme(spec_of(TREE), **options)


@pytest.mark.parametrize("name", ["undp_hdi_2021", "cdc_svi_2018_county", "calenviroscreen_2_0", "wales_wimd_2019"])
def test_real_schemes_have_no_fault(name):
    spec = ci.load_spec(shared("indices", name, "sketch.yaml"))
    assert {finding.verdict for finding in scheme_findings(spec)} == {"holds"}
