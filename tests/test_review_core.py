"""What a review of the core found: each of these failed before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci

FRAME = pd.DataFrame(
    {
        "city": list("abcd"),
        "region": ["e", "e", "w", "w"],
        "a": [1.0, 2.0, 3.0, 5.0],
        "b": [3.0, 1.0, 2.0, 9.0],
        "c": [2.0, 2.5, 8.0, 4.0],
    }
)
YEARS = pd.DataFrame(
    {
        "city": list("abcabc"),
        "year": [2010] * 3 + [2011] * 3,
        "a": [1.0, 2.0, 3.0, 10.0, 20.0, 30.0],
        "b": [3.0, 1.0, 2.0, 5.0, 9.0, 1.0],
    }
)


def written(index, *, unit=None, **keys):
    return {"cityindex": 1, "id": "t", "unit": {"kind": "city", "key": "city", **(unit or {})}, "index": index, **keys}


# -- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [{"percent_rank": {"formula": "share"}}, {"rank": {}}])
def test_a_missing_cell_stays_missing_where_all_others_have_one_value(step):
    spec = written({"id": "s", "missing": "propagate", "children": [{"id": "a", "steps": [step]}]})
    result = ci.score(spec, FRAME.assign(a=[2.0, np.nan, 2.0, 2.0]))
    np.testing.assert_array_equal(np.isnan(result.column("a")), [False, True, False, False])


@pytest.mark.parametrize(
    "rule",
    [
        {"reweight": "100%"},
        {"reweight": 3},
        {"impute": {"use": "mean", "at_least": "100%"}},
        {"impute": {"use": 0, "at_least": 3}},
    ],
)
def test_whether_enough_children_are_there_does_not_depend_on_other_units(rule):
    children = ["a", "b", {"id": "c", "where": {"region": "w"}}]
    spec = written({"id": "s", "missing": rule, "children": children})
    whole = ci.score(spec, FRAME)
    holed = ci.score(spec, FRAME.assign(a=[1.0, 2.0, 3.0, np.nan]))
    np.testing.assert_array_equal(whole.column()[:3], [2.0, 1.5, 13 / 3])
    np.testing.assert_array_equal(holed.column()[:3], whole.column()[:3])
    assert np.isnan(holed.column()[3])


def test_coverage_is_a_share_of_the_children_that_apply():
    inner = {"id": "g", "missing": {"reweight": 1}, "children": ["a", "b", {"id": "c", "where": {"region": "w"}}]}
    spec = written({"id": "s", "missing": {"reweight": {"at_least": 1, "covered": "50%"}}, "children": [inner]})
    result = ci.score(spec, FRAME.assign(a=[np.nan, 2.0, np.nan, np.nan], c=[2.0, 2.5, np.nan, 4.0]))
    np.testing.assert_array_equal(result.column(), [3.0, 1.5, np.nan, 6.5])


# -- entering the tree, editions --------------------------------------------------------------------------------------


def test_a_given_indicator_is_read_from_the_column_of_its_own_name():
    spec = written({"id": "s", "children": [{"id": "score_a", "column": "a", "steps": ["minmax"]}, "b"]})
    result = ci.score(spec, FRAME.assign(score_a=[0.1, 0.2, 0.3, 0.4]), given="score_a")
    np.testing.assert_array_equal(result.column("score_a"), [0.1, 0.2, 0.3, 0.4])


def test_each_edition_ranks_and_tiers_by_its_own_rule():
    changed = {"rank": {"first": "lowest"}, "tiers": {"cuts": [10], "labels": ["p", "q"]}}
    spec = written({"id": "s", "children": ["a", "b"]}, unit={"period": "year"}, editions={"2011": {"s": changed}})
    result = ci.score(spec, YEARS)
    np.testing.assert_array_equal(result.ranks(), [2, 3, 1, 1, 2, 3])
    assert result.tiers() == (None, None, None, "p", "q", "q")
    assert result.to_frame()["tier"].isna().tolist() == [True] * 3 + [False] * 3
    assert result.explain("a", period="2010").tier is None
    assert result.explain("a", period="2011").tier == "p"
    assert result.gap("b", to=1, period="2011").needed == 7.5
    assert result.gap("b", to="p", period="2011").needed == 10
    with pytest.raises(ci.NotFoundError, match="no tiers"):
        result.gap("b", to="p", period="2010")


def test_a_gap_is_measured_by_the_tiers_of_the_units_own_edition():
    root = {"id": "s", "children": ["a", "b"], "tiers": {"cuts": [2], "labels": ["x", "y"]}}
    changed = {"tiers": {"cuts": [15], "labels": ["x", "y"]}}
    result = ci.score(written(root, unit={"period": "year"}, editions={"2011": {"s": changed}}), YEARS)
    assert result.gap("a", to="x", period="2010").reached
    assert result.gap("a", to="x", period="2011").needed == 15


def test_no_edition_reads_the_column_that_names_the_units():
    spec = written({"id": "s", "children": ["b"]}, editions={"2011": {"s": {"children": ["a"]}}})
    spec["unit"] = {"kind": "city", "period": "year"}
    result = ci.score(spec, YEARS[["a", "b", "city", "year"]])
    assert result.units == tuple("abcabc")
    np.testing.assert_array_equal(result.column(), [3, 1, 2, 10, 20, 30])


def test_the_period_of_editions_is_found_as_other_columns_are():
    editions = {"2011": {"s": {"children": ["a"]}}}
    spec = written({"id": "s", "children": ["a", "b"]}, unit={"period": "year"}, editions=editions)
    expected = ci.score(spec, YEARS).column()
    np.testing.assert_array_equal(ci.score(spec, YEARS.rename(columns={"year": "Year"})).column(), expected)
    table = ci.read_table(YEARS.rename(columns={"year": "jahr"}), aliases={"year": "jahr"})
    np.testing.assert_array_equal(ci.score(spec, table).column(), expected)


def test_an_edition_that_learns_nothing_needs_no_calibration_of_its_own():
    index = {"id": "s", "children": [{"id": "a", "weight": 1}, {"id": "b", "weight": 1}]}
    editions = {"2011": {"a": {"weight": 3}}}
    spec = written(index, unit={"period": "year"}, editions=editions)
    learned = ci.calibrate(spec, YEARS[YEARS.year == 2010])
    later = ci.score(spec, YEARS[YEARS.year == 2011], calibration=learned)
    np.testing.assert_array_equal(later.column(), [8.75, 17.25, 22.75])
    spec["editions"] = {"2011": {"a": {"steps": ["minmax"]}}}
    learned = ci.calibrate(spec, YEARS[YEARS.year == 2010])
    with pytest.raises(ci.CityIndexError, match="holds nothing"):
        ci.score(spec, YEARS[YEARS.year == 2011], calibration=learned)


# -- explanations, contributions, gaps, means -------------------------------------------------------------------------


def test_an_explanation_ends_where_the_value_does():
    children = [
        {"id": "a", "steps": [{"impute": "mean"}, {"minmax": {"to": [0, 100]}}]},
        {"id": "b", "where": {"region": "e"}, "steps": [{"impute": 0}, {"rescale": {"from": [0, 1], "to": [0, 2]}}]},
        "c",
    ]
    spec = written({"id": "s", "missing": {"reweight": 1}, "children": children})
    result = ci.score(spec, FRAME.assign(a=[1.0, np.nan, 3.0, 5.0]))
    for city in "abcd":
        for node in result.explain(city).nodes:
            if node.steps:
                np.testing.assert_equal(node.steps[-1][1], node.carried)
    assert "does not apply" in str(result.explain("c"))


def test_an_explanation_bears_a_child_without_weight_and_a_division_by_nothing():
    children = [{"id": "a", "weight": 0}, {"id": "b", "weight": 1, "per": "people"}]
    spec = written({"id": "s", "missing": {"reweight": 1}, "children": children})
    result = ci.score(spec, FRAME.assign(b=[3.0, np.nan, 2.0, 9.0], people=[1.0, 0.0, 1.0, 1.0]))
    assert "missing / 0" in str(result.explain("b"))


def test_what_is_imputed_for_a_group_is_the_groups_own():
    inner = {"id": "g", "missing": {"reweight": 2}, "children": ["a", "b"]}
    spec = written({"id": "s", "missing": {"impute": "mean"}, "children": [inner, "c"]})
    found = ci.score(spec, FRAME.assign(a=[1.0, np.nan, 3.0, 5.0])).contributions()
    row = found.values.loc["b"]
    assert (row["g/a"], row["g/b"]) == (0, 0)
    assert row["g"] == pytest.approx((2 + 2.5 + 7) / 3 / 2)


def test_a_ratio_is_not_said_to_be_split():
    children = [{"id": "a", "weight": 1}, {"id": "b", "weight": -1}]
    found = ci.score(written({"id": "s", "aggregate": "product", "children": children}), FRAME).contributions()
    assert found.decomposition["s"] == "whole"
    np.testing.assert_allclose(found.values.sum(axis=1), FRAME["a"] / FRAME["b"])


def test_the_weights_of_an_index_that_is_given_are_an_empty_table_with_its_columns():
    result = ci.score(written({"id": "s", "children": ["a", "b"]}), FRAME[["city"]].assign(s=1.0))
    assert list(result.weights.columns)[:2] == ["root", "path"]
    assert not len(result.weights)


@pytest.mark.parametrize("ties", ["min", "max", "average", "dense"])
def test_a_gap_keeps_the_rule_for_ties(ties):
    spec = written({"id": "s", "rank": {"ties": ties}, "children": ["a"]})
    frame = pd.DataFrame({"city": list("abcde"), "a": [1.0, 3.0, 3.0, 5.0, 7.0]})
    result = ci.score(spec, frame)
    for to in (2, 3, 4):
        gap = result.gap("a", to=to)
        assert gap.reached == (result.ranks()[0] <= to)
        for move in gap.moves:
            again = ci.score(spec, frame.assign(a=[move.value, 3.0, 3.0, 5.0, 7.0]))
            assert again.ranks()[0] <= to
    assert ("better than" in str(result.gap("a", to=2))) == (ties in ("max", "average"))
    assert result.gap("a", to=np.int64(2)).needed == 5


def test_a_gap_passes_over_values_that_cannot_be_scored():
    index = {"id": "s", "aggregate": "geometric", "children": [{"id": "g", "children": ["a", "b"]}, "c"]}
    frame = FRAME.assign(a=[0.0, 2.0, 3.0, 5.0], b=[3.0, 2.0, 0.0, 9.0])
    gap = ci.score(written(index), frame).gap("a", to=2)
    assert {move.node for move in gap.moves} == {"a", "b", "c"}


def test_a_mean_does_not_depend_on_which_other_means_are_asked_for():
    spec = written({"id": "s", "children": ["b"]}, also=[{"id": "v", "missing": "propagate", "children": ["a"]}])
    result = ci.score(spec, FRAME.assign(a=[np.nan, 2.0, 3.0, 5.0]))
    alone = result.group_scores("region", node="s").set_index("region")["s"]
    together = result.group_scores("region").set_index("region")
    pd.testing.assert_series_equal(together["s"], alone)
    assert together.loc["e", "left_out"] == 1


TEN = "cityindex: 1\nid: t\nindex: {id: s, children: [a, g], tiers: {equal: 10}}\n"
FOUR = {"city": list("wxyz"), "a": [1.0, 2.0, 3.0, 4.0], "g": [4.0, 3.0, 1.0, 1.0]}


def test_a_result_without_tiers_is_saved_loaded_and_calibrates(tmp_path):
    result = ci.score(ci.load_spec(TEN), FOUR)
    ci.save_result(result, tmp_path / "result.json")
    assert ci.load_result(tmp_path / "result.json").tiers() == (None,) * 4
    again = ci.score(ci.load_spec(TEN), FOUR, calibration=result.calibration)
    assert again.tiers() == (None,) * 4
    assert any("the calibration holds no cuts" in note.message for note in again.notes)


def test_a_tiering_that_cannot_be_is_refused_and_not_noted():
    with pytest.raises(ci.ScoreError, match="add up to 2, and 4 units have a score"):
        ci.score(ci.load_spec(TEN.replace("equal: 10", "sizes: [1, 1]")), FOUR)


EDITIONS = """
cityindex: 1
id: t
unit: {kind: city, key: city, period: year}
index: {id: s, weights: unpublished, children: [a, g]}
editions: {2011: {s: {CHANGE}}}
"""


def test_weights_reach_editions_or_are_refused():
    other = ci.load_spec(EDITIONS.replace("CHANGE", "children: [a, h]"))
    with pytest.raises(ci.SpecError, match="edition 2011 gives 's' other children"):
        ci.with_weights(other, {"s": {"a": "90%", "g": "10%"}})
    same = ci.load_spec(EDITIONS.replace("CHANGE", "weights: unpublished"))
    weighted = ci.with_weights(same, {"s": {"a": "90%", "g": "10%"}})
    table = {"city": ["x", "x"], "year": [2010, 2011], "a": [1.0, 1.0], "g": [11.0, 11.0]}
    assert ci.score(weighted, table).column().tolist() == [2.0, 2.0]


def test_a_group_given_in_one_edition_alone_is_saved_and_loaded(tmp_path):
    spec = ci.load_spec("""
    cityindex: 1
    id: t
    unit: {kind: city, key: city, period: year}
    index: {id: s, children: [a, {id: g, children: unpublished}]}
    editions: {2011: {g: {children: [h]}}}
    """)
    table = {"city": ["x", "x"], "year": [2010, 2011], "a": [1.0, 2.0], "g": [1.0, None], "h": [None, 5.0]}
    result = ci.score(spec, table)
    ci.save_result(result, tmp_path / "result.json")
    assert ci.load_result(tmp_path / "result.json").column().tolist() == result.column().tolist() == [1.0, 3.5]


def test_steps_of_a_given_group_are_told_to_be_left_out():
    spec = ci.load_spec(
        "cityindex: 1\nid: t\nindex: {id: s, children: [{id: g, children: unpublished, steps: [minmax]}]}"
    )
    told = [note.message for note in ci.score(spec, {"city": ["x"], "g": [5.0]}).notes]
    assert any("its steps are not applied" in message for message in told)


def test_weights_take_their_provenance_along():
    spec = ci.load_spec("cityindex: 1\nid: t\nindex: {id: s, weights: unpublished, children: [a, g]}")
    judged = ci.with_weights(spec, {"s": {"ahp": {"judgements": {"a": {"g": 3}}}}})
    plain = ci.with_weights(judged, {"s": {"a": 1, "g": 1}})
    assert "weights" not in plain.index.provenance
    again = ci.with_weights(plain, {"s": {"ahp": {"judgements": {"a": {"g": 3}}}}})
    assert [dict(child.provenance) for child in again.index.children] == [{}, {}]
    assert dict(again.index.provenance) == {"weights": "assumed"}
