"""One change at a time: nodes left out as COINr leaves them out, weights swung."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import shared

import cityindex as ci
from cityindex.errors import NotFoundError, ScoreError
from cityindex.robustness.one_at_a_time import leave_out_each, swing

SPEC = {
    "cityindex": 1,
    "id": "tree",
    "index": {
        "id": "score",
        "children": [
            {"id": "one", "weight": "60%", "children": [{"id": "a", "weight": "70%"}, {"id": "b", "weight": "30%"}]},
            {"id": "two", "weight": "40%", "children": ["c"]},
        ],
    },
}
DATA = pd.DataFrame({"city": list("uvwx"), "a": [4.0, 1, 2, 3], "b": [1.0, 3, 2, 4], "c": [5.0, 1, 3, 2]})


def result():
    return ci.score(SPEC, DATA)


def asem():
    from test_agreement_asem import tree, turned

    return ci.score(tree(turned, steps=[{"minmax": {"to": [0, 100]}}]), pd.read_csv(shared("asem", "05_treated.csv")))


# -- nodes left out ---------------------------------------------------------------------------------------------------


def test_pillars_left_out_as_coinr_leaves_them_out():
    """COINr 1.1.14, `remove_elements` at level 2: every rank, and the mean changes to 1e-9."""
    ranks = pd.read_csv(shared("asem", "10_remove_elements_L2_ranks.csv")).set_index("uCode")
    means = pd.read_csv(shared("asem", "10_remove_elements_L2_meanabsdiff.csv")).set_index("iCode")["MeanAbsDiff"]
    scored = asem()
    found = leave_out_each(scored, list(ranks.columns[1:]))
    np.testing.assert_array_equal(found.nominal, ranks.loc[list(scored.units), "Nominal"])
    np.testing.assert_array_equal(found.ranks(), ranks.loc[list(scored.units)].iloc[:, 1:])
    np.testing.assert_allclose(found.mean_changes(), means.loc[list(found.nodes)], rtol=0, atol=1e-9)
    table = found.to_frame().set_index("node")
    assert table["mean_change"].idxmax() == "Social"
    moved = ranks["Social"] - ranks["Nominal"]
    assert table.loc["Social", ["unit", "change"]].tolist() == [moved.abs().idxmax(), moved[moved.abs().idxmax()]]


def test_leaving_out_is_scoring_without():
    found = leave_out_each(result(), ["a", "two"])
    bare = {"cityindex": 1, "id": "bare", "index": {"id": "score"}}
    without_a = {**bare, "index": {"id": "score", "children": [{"id": "b", "weight": 60}, {"id": "c", "weight": 40}]}}
    without_two = {**bare, "index": {"id": "score", "children": [{"id": "a", "weight": 7}, {"id": "b", "weight": 3}]}}
    for name, spec in (("a", without_a), ("two", without_two)):
        np.testing.assert_array_equal(found.ranks()[name], ci.score(spec, DATA).ranks())
    np.testing.assert_array_equal(found.changes()["a"], found.ranks()["a"] - result().ranks())


def test_every_indicator_and_every_group():
    found = leave_out_each(result())
    assert found.nodes == ("a", "b")
    assert "only child" in found.failed["c"]
    assert "1 cannot be left out" in repr(found)
    assert leave_out_each(result(), "groups").nodes == ("one", "two")
    assert leave_out_each(SPEC, table=DATA).to_frame().equals(found.to_frame())
    assert leave_out_each(asem()).to_frame().shape == (49, 4)


def test_a_group_below_the_root_is_looked_at():
    found = leave_out_each(result(), node="one")
    assert found.nodes == ("a", "b")
    np.testing.assert_array_equal(found.ranks()["a"], ci.score(SPEC, DATA).ranks("b"))
    with pytest.raises(NotFoundError, match="no node below one"):
        leave_out_each(result(), ["c"], node="one")


def test_a_named_node_that_cannot_be_left_out_is_an_error():
    with pytest.raises(ScoreError, match="only child of two"):
        leave_out_each(result(), ["c"])
    with pytest.raises(NotFoundError, match="score"):
        leave_out_each(result(), ["score"])
    with pytest.raises(ScoreError, match="indicators"):
        leave_out_each(result(), "leaves")


def test_units_without_a_rank_are_not_counted():
    spec = {"cityindex": 1, "id": "gaps", "index": {"id": "score", "missing": "propagate", "children": ["a", "b", "c"]}}
    data = DATA.assign(c=[5.0, None, 3.0, 2.0])
    found = leave_out_each(ci.score(spec, data))
    assert np.isnan(found.ranks().loc["v", "a"])
    assert np.isfinite(found.ranks()["c"]).all()  # v is back without c
    assert np.isfinite(found.mean_changes()).all()
    expected = np.abs(found.ranks()["c"] - found.nominal).drop("v").mean()
    assert found.mean_changes()[2] == pytest.approx(expected)


def test_nothing_moves():
    data = pd.DataFrame({"city": ["u", "v"], "a": [1.0, 2.0], "b": [1.0, 2.0], "c": [1.0, 2.0]})
    table = leave_out_each(ci.score(SPEC, data)).to_frame()
    assert (table["mean_change"] == 0).all()
    assert table["unit"].isna().all()


# -- weights swung ----------------------------------------------------------------------------------------------------


def test_a_swing_is_scoring_with_other_weights():
    found = swing(result(), [0.25, 0.5])
    table = found.to_frame()
    for row in table.itertuples():
        children = {"one": ["a", "b"], "score": ["one", "two"]}[row.group]
        other = next(child for child in children if child != row.child)
        weights = {row.group: {row.child: row.changed, other: 1 - row.changed}}
        expected = ci.score(ci.with_weights(ci.load_spec(SPEC), weights), DATA)
        np.testing.assert_array_equal(found.ranks()[row.group, row.child, row.times], expected.ranks())
        assert row.changed == pytest.approx(row.weight * row.times)
        assert row.mean_change == pytest.approx(np.abs(expected.ranks() - result().ranks()).mean())
    assert set(found.failed) == {("one", "a", 1.5)}
    assert "1.05 of the whole" in found.failed["one", "a", 1.5]
    assert len(table) == 4 * 4 - 1
    assert "1 cannot be made" in repr(found)


def test_weights_that_are_not_shares_keep_their_total():
    spec = {"cityindex": 1, "id": "three", "index": {"id": "score", "children": [
        {"id": "a", "weight": 2}, {"id": "b", "weight": 1}, {"id": "c", "weight": 1}]}}  # fmt: skip
    table = swing(ci.score(spec, DATA), 0.2).to_frame()
    assert table["weight"].tolist() == [0.5, 0.5, 0.25, 0.25, 0.25, 0.25]
    np.testing.assert_allclose(table["changed"], [0.4, 0.6, 0.2, 0.3, 0.2, 0.3])


def test_in_a_sum_the_others_stay():
    spec = {"cityindex": 1, "id": "sum", "index": {"id": "score", "aggregate": "sum", "children": [
        {"id": "a", "weight": 2}, {"id": "b", "weight": 1}]}}  # fmt: skip
    found = swing(ci.score(spec, DATA), 0.5)
    scores = {times: 2 * times * DATA["a"] + DATA["b"] for times in (0.5, 1.5)}
    for times, own in scores.items():
        np.testing.assert_array_equal(found.ranks()["score", "a", times], own.rank(ascending=False, method="min"))
    assert found.to_frame()["changed"].tolist() == [1, 3, 0.5, 1.5]


def test_a_weight_that_goes_to_nothing():
    found = swing(result(), 1.0)
    np.testing.assert_array_equal(found.ranks()["one", "b", 0.0], ci.score(SPEC, DATA.assign(b=DATA["a"])).ranks())
    assert ("score", "one", 2.0) in found.failed


def test_the_only_weight_cannot_be_swung():
    spec = {"cityindex": 1, "id": "zero", "index": {"id": "score", "children": [
        {"id": "a", "weight": 1}, {"id": "b", "weight": 0}]}}  # fmt: skip
    found = swing(ci.score(spec, DATA))
    assert "no weight that could be scaled" in found.failed["score", "a", 0.75]
    assert (found.mean_changes() == 0).all()  # 0 times anything


def test_bad_steps_and_indices_without_weights():
    for by in (0, -0.1, 1.5, []):
        with pytest.raises(ScoreError, match="steps above 0"):
            swing(result(), by)
    spec = {"cityindex": 1, "id": "least", "index": {"id": "score", "aggregate": "minimum", "children": ["a", "b"]}}
    with pytest.raises(ScoreError, match="weights"):
        swing(ci.score(spec, DATA))


def test_many_swings_of_a_real_tree():
    found = swing(asem())
    table = found.to_frame()
    assert len(table) == 2 * (49 + 8 + 2)
    assert list(found.changes().columns.names) == ["group", "child", "times"]
    assert table.loc[table["mean_change"].idxmax(), "group"] == "Index"


def test_groups_that_stand_in_the_table_are_left_out_like_indicators():
    spec = {
        "cityindex": 1,
        "id": "t",
        "index": {"id": "s", "children": [{"id": name, "children": [f"{name}1"]} for name in "abc"]},
    }
    data = {"city": ["x", "y", "z"], "a": [1.0, 2, 3], "b": [3.0, 1, 2], "c": [2.0, 2.5, 1]}
    assert ci.leave_out_each(ci.score(spec, data)).to_frame()["node"].tolist() == ["a", "b", "c"]
    whole = ci.score(spec, {"city": ["x", "y"], "s": [1.0, 2.0]})
    with pytest.raises(ci.ScoreError, match="s stands in this table as it is"):
        ci.leave_out_each(whole)
