"""What it would take: targets, hand-worked least changes, bounds, costs, rivals, learning afresh, bad input."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

import cityindex as ci
from cityindex.cli import main

POSTS = [{"goalposts": {"to": [0, 100]}}]
INDEX = {
    "id": "score",
    "tiers": {"cuts": [60, 40], "labels": ["一线", "二线", "三线"]},
    "children": [
        {"id": "a", "weight": "60%", "goalposts": [0, 10], "steps": POSTS},
        {"id": "b", "weight": "40%", "goalposts": [0, 100], "steps": POSTS},
    ],
}
FRAME = pd.DataFrame({"city": ["甲市", "乙市", "丙市", "丁市"], "a": [2.0, 5, 8, 9], "b": [20.0, 50, 70, 30]})
SCORES = [20.0, 50, 76, 66]


def written(index, **more):
    return {"cityindex": 1, "id": "x", "unit": {"kind": "city", "key": "city"}, "index": index} | more


@pytest.fixture(scope="module")
def result():
    found = ci.score(written(INDEX), FRAME)
    np.testing.assert_allclose(found.column(), SCORES)
    return found


def then(gap):
    return {change.node: change.then for change in gap.plan.changes}


def rescored(result, frame, unit, gap):
    """The score with the plan, through the public door and with the calibration as it is."""
    changed = frame.copy()
    for change in gap.plan.changes:
        changed.loc[changed["city"] == unit, change.node] = change.then
    return ci.score(result.spec, changed, calibration=result.calibration)


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_the_cheapest_indicator_goes_first(result):
    """30 points are lacking; a gives 60 for its whole range and b 40."""
    plan = result.gap("甲市", to="score:50").plan
    assert plan.proved
    assert plan.reached
    assert [(one.node, one.share) for one in plan.changes] == [("a", pytest.approx(0.5))]
    assert plan.changes[0].then == pytest.approx(7.0, rel=1e-12)
    assert plan.changes[0].gain == pytest.approx(30.0)
    assert (plan.cost, plan.bound) == (pytest.approx(0.5), pytest.approx(0.5))
    assert (plan.score, plan.rank, plan.tier) == (pytest.approx(50), 3, "二线")


def test_a_bound_hands_on_to_the_next(result):
    gap = result.gap("甲市", to="score:50", bounds={"a": (None, 5)})
    assert then(gap) == {"a": pytest.approx(5.0), "b": pytest.approx(50.0)}
    assert gap.plan.cost == pytest.approx(0.6)
    assert gap.plan.proved


def test_costs_in_own_units_change_the_order(result):
    gap = result.gap("甲市", to="score:50", costs={"a": 1, "b": 0.01})
    assert then(gap) == {"b": pytest.approx(95.0)}
    assert gap.plan.cost == pytest.approx(0.75)
    assert gap.plan.priced


def test_a_quadratic_penalty_spreads_the_change(result):
    """min s² + t² subject to 60 s + 40 t = 30: s and t are as 60 to 40."""
    gap = result.gap("甲市", to="score:50", penalty="quadratic")
    share = 30 / (60**2 + 40**2)
    assert then(gap) == {"a": pytest.approx(2 + 600 * share, rel=1e-4), "b": pytest.approx(20 + 4000 * share, rel=1e-4)}
    assert gap.plan.cost == pytest.approx(900 / (60**2 + 40**2), rel=1e-5)
    assert gap.plan.proved


def test_a_geometric_mean_is_lifted_evenly():
    """√(xy) from 0.2 to 0.4 at the least x + y: x = y, for a sum of given product is least where both are equal."""
    steps = [{"goalposts": {"to": [0, 1]}}]
    children = [{"id": name, "goalposts": [0, 1], "steps": steps} for name in "ab"]
    frame = pd.DataFrame({"city": ["x", "y"], "a": [0.2, 0.4], "b": [0.2, 0.4]})
    found = ci.score(written({"id": "s", "aggregate": "geometric", "children": children}), frame).gap("x", to=1)
    assert then(found) == {"a": pytest.approx(0.4, rel=1e-3), "b": pytest.approx(0.4, rel=1e-3)}
    assert found.plan.cost == pytest.approx(0.4, rel=1e-5)
    assert found.plan.proved


def test_a_minimum_lifts_all_that_are_below():
    children = [{"id": name, "goalposts": [0, 10], "steps": POSTS} for name in "abc"]
    frame = pd.DataFrame({"city": ["x", "y"], "a": [2.0, 6], "b": [3.0, 6], "c": [9.0, 6]})
    found = ci.score(written({"id": "s", "aggregate": "minimum", "children": children}), frame).gap("x", to=1)
    assert then(found) == {"a": pytest.approx(6.0), "b": pytest.approx(6.0)}
    assert found.plan.proved


def test_a_held_stretch_has_to_be_crossed_first():
    """Below its bottom goalpost a is worth nothing: its first 5 units of 10 are in vain, and b is cheaper at first."""
    children = [
        {"id": "a", "goalposts": [5, 10], "steps": POSTS},
        {"id": "b", "goalposts": [0, 10], "steps": POSTS},
    ]
    frame = pd.DataFrame({"city": ["x", "y", "z"], "a": [0.0, 5, 10], "b": [0.0, 4, 10]})
    result = ci.score(written({"id": "s", "children": children}), frame)
    near, far = result.gap("x", to="score:20"), result.gap("x", to="score:60")
    assert then(near) == {"b": pytest.approx(4.0)}
    assert then(far) == {"a": pytest.approx(10.0), "b": pytest.approx(2.0)}
    assert near.plan.proved
    assert far.plan.proved
    assert far.plan.cost == pytest.approx(1.2)  # b whole and a to 6 would cost 1.6


def test_bands_are_climbed_step_by_step():
    children = [
        {"id": "a", "steps": [{"bands": {"cuts": [3, 8], "points": [0, 50, 100]}}]},
        {"id": "b", "steps": [{"bands": {"cuts": [2, 9], "points": [0, 50, 100]}}]},
    ]
    frame = pd.DataFrame({"city": ["x", "y"], "a": [0.0, 10], "b": [0.0, 10]})
    gap = ci.score(written({"id": "s", "children": children}), frame).gap("x", to="score:50")
    assert then(gap) == {"a": pytest.approx(3.0), "b": pytest.approx(2.0)}
    assert gap.plan.proved


def test_the_published_score_counts_with_its_rounding():
    """Rank 1 needs 75.6 as it is shown, so that 75.55 is enough."""
    index = INDEX | {"publish": [{"round": 1}]}
    frame = FRAME.assign(b=[20.0, 50, 69.1, 30])
    result = ci.score(written(index), frame)
    gap = result.gap("甲市", to=1, move="a", bounds={"a": (0, 12)})
    assert gap.needed == 75.6
    assert not gap.plan.reached  # held at 10: 60 + 8
    gap = result.gap("甲市", to=1)
    assert gap.plan.proved
    assert rescored(result, frame, "甲市", gap).ranks()[0] == 1
    assert rescored(result, frame, "甲市", gap).column(of="carried")[0] == pytest.approx(75.55, abs=1e-9)


def test_where_the_lowest_is_first_the_score_falls():
    steps = [{"rescale": {"from": [0, 10], "to": [0, 100]}}]
    index = {"id": "risk", "rank": {"first": "lowest"}, "children": [{"id": n, "steps": steps} for n in "ab"]}
    frame = pd.DataFrame({"city": list("xyz"), "a": [9.0, 2, 5], "b": [9.0, 2, 5]})
    result = ci.score(written(index), frame)
    gap = result.gap("x", to=2)
    assert gap.needed == 50
    assert gap.plan.proved
    assert sum(change.change for change in gap.plan.changes) == pytest.approx(-8)
    assert rescored(result, frame, "x", gap).ranks()[0] == 2
    assert [one.unit for one in gap.ahead] == ["z"]
    assert [one.then for one in result.gap("x", to=2, rivals=5).rivals.units] == [15, 45]  # better is lower


def test_what_cannot_be_reached_is_proved_and_says_the_best(result):
    gap = result.gap("甲市", to=1, move="b")
    assert not gap.plan.reached
    assert gap.plan.proved
    assert gap.plan.score == pytest.approx(52)
    assert math.isinf(gap.plan.cost)
    assert "no change within the bounds reaches it: at best 52 (rank 3, tier 二线)" in str(gap)


def test_a_published_score_may_run_the_other_way():
    """The carried score has to fall where the published one is turned round."""
    children = [{"id": name, "goalposts": [0, 10], "steps": POSTS} for name in "ab"]
    turned = [{"rescale": {"from": [0, 100], "to": [100, 0]}}]
    frame = pd.DataFrame({"city": ["x", "y", "z"], "a": [9.0, 2, 5], "b": [9.0, 2, 4]})
    result = ci.score(written({"id": "s", "children": children, "publish": turned}), frame)
    gap = result.gap("x", to=2)
    assert gap.needed == pytest.approx(55)
    assert gap.plan.proved
    assert gap.plan.cost == pytest.approx(0.9)  # 45 points, of which the range of each gives 50
    assert rescored(result, frame, "x", gap).ranks()[0] == 2
    distant = ci.score(written({"id": "s", "children": children, "publish": [{"distance": {"to": 55}}]}), frame)
    plan = distant.gap("z", to=1).plan  # either way from 45: neither is proved to be the cheaper
    assert (plan.reached, plan.proved) == (True, False)


def test_a_change_that_gains_nothing_is_no_part_of_a_plan():
    """√(8 · 0.5) is 2 but for the last digit, which is no reason to move b."""
    children = [
        {"id": "a", "steps": [{"round": 0}, {"clip": {"low": 0.5}}]},
        {"id": "b", "steps": ["minmax", {"clip": {"low": 0.5}}]},
    ]
    frame = pd.DataFrame({"city": list("xyzw"), "a": [2.98, 8.31, 3.49, 8.38], "b": [3.2, 3.1, 9.35, 2.92]})
    result = ci.score(written({"id": "s", "aggregate": "geometric", "children": children}), frame)
    gap = result.gap("x", to="score:2", penalty="quadratic", costs={"a": 0.1, "b": 2})
    assert then(gap) == {"a": pytest.approx(7.5)}


def test_where_nothing_is_proved_changes_are_traded_for_cheaper_ones():
    """Whoever wants less of a root climbs down a convex curve, so that no cut bounds the cost."""
    scale = {"rescale": {"from": [0, 10], "to": [0, 100]}}
    children = [{"id": "a", "steps": [scale]}, {"id": "b", "steps": [scale]}, {"id": "c", "steps": [{"power": 0.5}]}]
    frame = pd.DataFrame({"city": ["x", "y"], "a": [8.0, 1.0], "b": [9.0, 1.0], "c": [6.0, 5.0]})
    index = {"id": "s", "rank": {"first": "lowest"}, "children": children}
    gap = ci.score(written(index), frame).gap("x", to="score:40", penalty="quadratic", bounds={"c": ("now", "now")})
    assert gap.plan.proved
    free = ci.score(written(index), frame).gap("x", to="score:40", penalty="quadratic")
    assert not free.plan.proved
    assert free.plan.cost <= gap.plan.cost * (1 + 1e-6)


# -- targets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "target", "needed", "beyond"),
    [
        (2, "rank 2", 66, False),
        ("rank:2", "rank 2", 66, False),
        ("一线", "tier 一线", 60, False),
        ("tier:二线", "tier 二线", 40, False),
        ("tier：二线", "tier 二线", 40, False),
        ("score:33.5", "score 33.5", 33.5, False),
        ("unit:乙市", "unit 乙市", 50, False),
        ("above:乙市", "above 乙市", 50, True),
    ],
)
def test_targets(result, to, target, needed, beyond):
    gap = result.gap("甲市", to=to)
    assert (gap.target, gap.needed, gap.beyond) == (target, pytest.approx(needed), beyond)
    again = rescored(result, FRAME, "甲市", gap)
    score = again.column()[0]
    assert score > needed if beyond else score >= needed - 1e-9
    assert gap.plan.score == score
    assert gap.plan.rank == again.ranks()[0]
    assert gap.plan.tier == again.tiers()[0]


def test_who_has_to_be_passed(result):
    gap = result.gap("甲市", to=2)
    assert [(one.unit, one.rank) for one in gap.ahead] == [("乙市", 3), ("丁市", 2)]
    assert gap.ahead_frame()["score"].tolist() == pytest.approx([50, 66])
    assert gap.difference == pytest.approx(46)


def test_a_unit_that_is_there_needs_nothing(result):
    gap = result.gap("丙市", to="rank:2", rivals=1)
    assert gap.reached
    assert gap.plan.changes == ()
    assert (gap.plan.cost, gap.plan.proved) == (0.0, True)
    assert gap.moves == ()
    assert gap.rivals.holds
    assert "reached" in str(gap)


# -- what moves -------------------------------------------------------------------------------------------------------


def test_groups_stand_for_all_under_them():
    index = {"id": "s", "children": [{"id": "g", "children": ["a", "b"]}, "c"]}
    frame = FRAME.assign(c=[1.0, 2, 3, 4])
    result = ci.score(written(index), frame)
    assert {move.node for move in result.gap("甲市", to=2, move="g").moves} == {"a", "b"}
    assert {move.node for move in result.gap("甲市", to=2, move=["g", "c"]).moves} == {"a", "b", "c"}
    assert set(then(result.gap("甲市", to="score:7", move=["a"]))) == {"a"}


def test_bounds_in_per_cent_and_now(result):
    plan = result.gap("甲市", to=1, bounds="10%").plan
    assert plan.score == pytest.approx(0.6 * 22 + 0.4 * 22)
    plan = result.gap("甲市", to=1, bounds={"a": ("now", "50%"), "b": ("-10%", "now")}).plan
    assert plan.score == pytest.approx(0.6 * 30 + 0.4 * 20)
    gap = result.gap("甲市", to="score:50", bounds={"a": ("now", "now")})
    assert set(then(gap)) == {"b"}


def test_what_an_indicator_is_divided_by_does_not_move():
    index = {"id": "s", "children": [{"id": "a", "per": "people"}, "b"]}
    frame = FRAME.assign(people=[2.0, 1, 1, 1])
    result = ci.score(written(index), frame)
    gap = result.gap("甲市", to="score:13")
    assert {move.node for move in gap.moves} == {"a", "b"}
    assert rescored(result, frame, "甲市", gap).column()[0] >= 13 - 1e-9


def test_a_number_that_others_are_divided_by_stays():
    index = {"id": "s", "children": ["people", {"id": "a", "per": "people"}, "b"]}
    frame = FRAME.assign(people=[1.0, 2, 3, 2])
    result = ci.score(written(index), frame)
    gap = result.gap("甲市", to="score:10")
    assert gap.notes == ("people does not move: a would change with it, being divided by it",)
    assert {move.node for move in gap.moves} == {"a", "b"}
    assert rescored(result, frame, "甲市", gap).column()[0] >= 10 - 1e-9


def test_bounds_give_a_range_to_a_column_that_has_none():
    result = ci.score(written({"id": "s", "children": ["a", "b"]}), FRAME.assign(a=1.0))
    assert "unless bounds give one" in result.gap("甲市", to=3).notes[0]
    gap = result.gap("甲市", to=3, bounds={"a": (0, 100)})
    assert then(gap) == {"a": pytest.approx(11.0)}
    assert gap.plan.cost == pytest.approx(0.1)
    assert gap.notes == ()


def test_a_narrow_peak_is_found_alone():
    steps = [{"distance": {"to": 5.03}}, {"rescale": {"from": [0, 100], "to": [100, 0]}}]
    frame = pd.DataFrame({"city": list("xyz"), "a": [2.0, 500, 900], "b": [20.0, 50, 70]})
    gap = ci.score(written({"id": "s", "children": [{"id": "a", "steps": steps}, "b"]}), frame).gap(
        "x", to="score:59.99"
    )
    alone = next(move for move in gap.moves if move.node == "a")
    assert alone.value == pytest.approx(5.01)
    assert then(gap) == {"a": pytest.approx(5.01)}


def test_a_missing_number_stays_missing_and_says_so():
    index = {"id": "s", "missing": "reweight", "children": ["a", "b"]}
    frame = FRAME.assign(a=[np.nan, 5, 8, 9])
    result = ci.score(written(index), frame)
    gap = result.gap("甲市", to=2)
    assert set(then(gap)) == {"b"}
    assert "a is missing for this unit" in gap.notes[0]
    assert {move.node for move in gap.moves} == {"a", "b"}
    assert result.gap("甲市", to=2, move="a").plan.reached is False


def test_two_indicators_that_read_one_column_move_together():
    index = {"id": "s", "children": [{"id": "p", "column": "a"}, {"id": "q", "column": "a"}, "b"]}
    result = ci.score(written(index), FRAME)
    gap = result.gap("甲市", to="score:15", move="p")
    assert gap.notes == ("p and q read one column, and move together",)
    assert then(gap)["p"] == pytest.approx(12.5) if gap.plan.reached else gap.plan.score == pytest.approx((18 + 20) / 3)


def test_given_groups_move_as_leaves():
    index = {"id": "s", "children": [{"id": "g", "children": ["a", "b"]}, "c"]}
    frame = pd.DataFrame({"city": list("xyz"), "g": [1.0, 2, 3], "c": [1.0, 5, 9]})
    gap = ci.score(written(index), frame).gap("x", to="score:5")
    assert set(then(gap)) <= {"g", "c"}
    assert gap.plan.proved


def test_editions_and_periods_have_their_own_rules():
    spec = written(
        {"id": "s", "children": ["a", "b"]},
        unit={"kind": "city", "key": "city", "period": "year"},
        editions={"2011": {"s": {"rank": {"first": "lowest"}}}},
    )
    frame = pd.DataFrame(
        {"city": list("xyz") * 2, "year": ["2010"] * 3 + ["2011"] * 3, "a": [1.0, 4, 8, 2, 4, 9], "b": [1.0, 5, 9] * 2}
    )
    result = ci.score(spec, frame)
    up, down = (result.gap(unit, to=1, period=year) for unit, year in (("x", "2010"), ("z", "2011")))
    assert up.plan.score == pytest.approx(8.5)
    assert down.plan.score == pytest.approx(1.5)
    assert up.plan.proved
    assert down.plan.proved


def test_steps_that_learn_by_label_use_the_units_own():
    steps = [{"minmax": {"to": [0, 100], "within": "region"}}]
    index = {"id": "s", "children": [{"id": n, "steps": steps} for n in "ab"]}
    frame = pd.concat([FRAME.assign(region="东"), FRAME.assign(region="西", a=FRAME["a"] * 10, city=list("wxyz"))])
    result = ci.score(written(index), frame.reset_index(drop=True))
    gap = result.gap("w", to="score:50")
    assert gap.plan.proved
    changed = frame.reset_index(drop=True)
    for change in gap.plan.changes:
        changed.loc[changed["city"] == "w", change.node] = change.then
    assert ci.score(result.spec, changed, calibration=result.calibration).column()[4] == pytest.approx(50)


# -- learned afresh ---------------------------------------------------------------------------------------------------


def test_moving_past_the_best_moves_the_scale():
    index = {"id": "s", "children": [{"id": n, "steps": [{"minmax": {"to": [0, 100]}}]} for n in "ab"]}
    result = ci.score(written(index), FRAME)
    gap = result.gap("甲市", to=1, bounds={"a": (0, 30), "b": (20, 20)})
    again = gap.plan.recalibrated
    changed = FRAME.copy()
    changed.loc[0, "a"] = then(gap)["a"]
    fresh = ci.score(written(index), changed)
    assert again.score == pytest.approx(fresh.column()[0])
    assert again.rank == fresh.ranks()[0]
    assert again.needed == pytest.approx(np.sort(fresh.column()[1:])[-1])
    assert again.reached == (again.rank == 1)
    assert "learned afresh" in str(gap)


def test_nothing_is_learned_afresh_where_nothing_was_learned_here(result):
    assert result.gap("甲市", to=1).plan.recalibrated is None
    index = {"id": "s", "children": [{"id": n, "steps": ["minmax"]} for n in "ab"]}
    known = ci.calibrate(written(index), FRAME.assign(a=FRAME["a"] * 2))
    other = ci.score(written(index), FRAME, calibration=known)
    assert other.gap("甲市", to=2).plan.recalibrated is None


# -- rivals -----------------------------------------------------------------------------------------------------------


def test_rivals_that_each_gain(result):
    gap = result.gap("甲市", to=3, rivals=2.5)
    assert gap.rivals.rule == "each 2.5 points better"
    assert (gap.needed, gap.rivals.needed) == (pytest.approx(50), pytest.approx(52.5))
    assert not gap.rivals.holds
    assert gap.rivals.rank_with_plan == 4
    assert gap.rivals.plan.cost == pytest.approx(32.5 / 60)
    assert gap.rivals.plan.rank == 3
    assert "the plan above no longer reaches it (rank 4)" in str(gap)


def test_rivals_by_name(result):
    gap = result.gap("甲市", to="above:乙市", rivals={"丁市": 40, "乙市": -10})
    assert gap.rivals.needed == pytest.approx(40)
    assert gap.rivals.holds
    assert {one.unit: one.then for one in gap.rivals.units} == {
        "丁市": pytest.approx(106), "乙市": pytest.approx(40)
    }  # fmt: skip


def test_the_trend_of_the_rivals():
    spec = written({"id": "s", "children": ["a"]}, unit={"kind": "city", "key": "city", "period": "year"})
    frame = pd.DataFrame(
        {"city": ["x", "y", "x", "y", "z"], "year": ["2009", "2009", "2010", "2010", "2010"], "a": [1.0, 4, 2, 6, 3]}
    )
    result = ci.score(spec, frame)
    gap = result.gap("x", to=1, period="2010", rivals="trend", bounds={"a": (0, 20)})
    assert gap.rivals.rule == "as from 2009 to 2010"
    assert gap.rivals.needed == pytest.approx(8)
    assert gap.rivals.plan.score == pytest.approx(8)
    assert "no trend from 2009 for 1 of the others, which stand still (z)" in gap.notes
    with pytest.raises(ci.NotFoundError, match="first period"):
        result.gap("x", to=1, period="2009", rivals="trend")


def test_rivals_that_fall_back_make_a_cheaper_plan_do(result):
    gap = result.gap("甲市", to=2, rivals=-6)
    assert gap.rivals.holds
    assert gap.rivals.needed == 60
    assert gap.replanned
    assert gap.rivals.plan.score == pytest.approx(60)
    assert gap.rivals.plan.cost < gap.plan.cost
    assert "gives 甲市 60" in str(gap)
    assert "得分 60" in ci.show(gap, language="zh")
    still = result.gap("甲市", to=4, rivals=-6)
    assert "nothing has to change" in str(result.gap("甲市", to=3, rivals={"乙市": -40}))
    assert not still.replanned


def test_what_is_learned_afresh_knows_the_rivals_moves():
    index = {"id": "s", "children": [{"id": n, "steps": [{"minmax": {"to": [0, 100]}}]} for n in "ab"]}
    result = ci.score(written(index), FRAME)
    gap = result.gap("甲市", to=2, rivals={"丁市": 1})
    assert gap.rivals.plan.recalibrated.needed == pytest.approx(gap.plan.recalibrated.needed + 1)


def test_a_score_does_not_depend_on_rivals(result):
    gap = result.gap("甲市", to="score:50", rivals=5)
    assert gap.rivals.holds
    assert "does not depend on what the others do" in gap.notes[-1]


# -- frames and text --------------------------------------------------------------------------------------------------


def test_frames(result):
    gap = result.gap("甲市", to=2)
    assert list(gap.to_frame()) == ["node", "now", "value", "low", "high", "reached"]
    frame = gap.plan_frame()
    assert list(frame) == ["node", "now", "then", "change", "share", "low", "high", "cost", "gain"]
    assert frame["cost"].sum() == pytest.approx(gap.plan.cost)
    assert frame["gain"].sum() == pytest.approx(46)  # additive: the gains add up
    with pytest.raises(ValueError, match="without a plan"):
        result.gap("甲市", to=2, plan=False).plan_frame()


def test_the_card_has_the_plan_in_both_languages(result):
    gap = result.gap("甲市", to=3, rivals=2)
    zh, en = (ci.show(gap, language=language) for language in ("zh", "en"))
    assert "最小的总改动（经过证明）" in zh
    assert "各提高 2 分" in zh
    assert "The least total change, proved" in en
    assert "no longer reaches it" in en
    for to, word in (("score:50", "50 分"), ("unit:乙市", "追平乙市"), ("above:乙市", "超过乙市")):
        assert word in ci.show(result.gap("甲市", to=to), language="zh")
    assert "无法达到" in ci.show(result.gap("甲市", to=1, move="b"), language="zh")
    assert "只要校准不变，得分不取决于其他评价对象" in ci.show(
        result.gap("甲市", to="score:50", rivals=1), language="zh"
    )


def test_numbers_are_written_out_and_a_label_names_the_unit():
    spec = written({"id": "s", "missing": "reweight", "children": ["a", "b"]}, unit={"key": "code", "label": "city"})
    frame = FRAME.assign(code=[11, 12, 13, 14], a=[12345678.4, 23456789, 34567890, 45678901], b=[np.nan, 5, 6, 7])
    text = str(ci.score(spec, frame).gap("11", to="score:20000000.5"))
    assert text.startswith("甲市: 12345678 now")
    assert "a: 12345678 → 20000001 (+7654322" in text
    assert "e+0" not in text
    assert "b: missing → " in text or "b: alone cannot" in text


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"to": 0}, ci.NotFoundError, "no rank 0: 4 units"),
        ({"to": 5}, ci.NotFoundError, "no rank 5"),
        ({"to": "-3"}, ci.NotFoundError, "whole number from 1"),
        ({"to": "2.5"}, ci.NotFoundError, "whole number from 1"),
        ({"to": 1.5}, ci.NotFoundError, "whole number"),
        ({"to": True}, ci.NotFoundError, "is wanted"),
        ({"to": None}, ci.NotFoundError, "is wanted"),
        ({"to": ""}, ci.NotFoundError, "is wanted"),
        ({"to": "rank:ten"}, ci.NotFoundError, "whole number from 1"),
        ({"to": "四线"}, ci.NotFoundError, "一线, 二线, 三线"),
        ({"to": "score:many"}, ci.NotFoundError, "a number is wanted"),
        ({"to": "score:inf"}, ci.NotFoundError, "a number is wanted"),
        ({"to": "unit:乙"}, ci.NotFoundError, "乙市"),
        ({"to": "unit:甲市"}, ci.NotFoundError, "the unit itself"),
        ({"to": "uint:乙市"}, ci.NotFoundError, "'unit'"),
        ({"move": "aa"}, ci.NotFoundError, "'a'"),
        ({"move": []}, ci.NotFoundError, "name one"),
        ({"move": {"a": 1}}, ci.NotFoundError, "ids of indicators"),
        ({"move": 5}, ci.NotFoundError, "ids of indicators"),
        ({"bounds": {"c": (1, 2)}}, ci.TableError, "no indicator"),
        ({"bounds": {"a": (5, 9)}}, ci.TableError, "it stands at 2, outside 5 to 9"),
        ({"bounds": {"a": "5"}}, ci.TableError, "is wanted, or '10%' for both ways"),
        ({"bounds": {"a": (5, 1)}}, ci.TableError, "the lowest, 5, is above the highest, 1"),
        ({"period": "2020"}, ci.NotFoundError, "names no column of periods"),
        ({"bounds": {"a": 5}}, ci.TableError, r"\(low, high\) is wanted"),
        ({"bounds": {"a": ("low", 9)}}, ci.TableError, "'low' is no number"),
        ({"bounds": {"a": (0, float("nan"))}}, ci.TableError, "is no number"),
        ({"bounds": [1, 2]}, ci.TableError, "a mapping"),
        ({"move": "a", "bounds": {"b": (0, 100)}}, ci.TableError, "'b' does not move"),
        ({"costs": {"a": 0}}, ci.TableError, "above 0"),
        ({"costs": {"a": "dear"}}, ci.TableError, "above 0"),
        ({"costs": 3}, ci.TableError, "a mapping"),
        ({"penalty": "cubic"}, ci.NotFoundError, "'linear' or 'quadratic'"),
        ({"rivals": "trends"}, ci.NotFoundError, "'trend'"),
        ({"rivals": "trend"}, ci.NotFoundError, "needs periods"),
        ({"rivals": {"乙": 1}}, ci.NotFoundError, "乙市"),
        ({"rivals": {"甲市": 1}}, ci.NotFoundError, "the unit itself"),
        ({"rivals": {"乙市": "some"}}, ci.NotFoundError, "a number is wanted"),
        ({"rivals": float("inf")}, ci.NotFoundError, "a number of points"),
    ],
)
def test_bad_questions_are_told(result, asked, error, says):
    with pytest.raises(error, match=says):
        result.gap("甲市", **({"to": 2} | asked))


def test_every_problem_is_told_at_once(result):
    with pytest.raises(ci.TableError) as caught:
        result.gap("甲市", to=2, bounds={"a": (5, 9), "c": (1, 2)}, costs={"b": -1})
    assert len(caught.value.problems) == 3


def test_a_unit_without_a_score_has_no_gap():
    index = {"id": "s", "missing": "propagate", "children": ["a", "b"]}
    result = ci.score(written(index), FRAME.assign(a=[np.nan, 1, 2, 3]))
    with pytest.raises(ci.NotFoundError, match="no score"):
        result.gap("甲市", to=1)
    with pytest.raises(ci.NotFoundError, match="has no score"):
        result.gap("乙市", to="unit:甲市")


# -- command line -----------------------------------------------------------------------------------------------------

SPEC = """
cityindex: 1
id: two
unit: {kind: city, key: city}
index:
  id: score
  children:
    - {id: a, weight: 60%, goalposts: [0, 10], steps: [{goalposts: {to: [0, 100]}}]}
    - {id: b, weight: 40%, goalposts: [0, 100], steps: [{goalposts: {to: [0, 100]}}]}
"""


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    FRAME.to_csv(tmp_path / "data.csv", index=False)
    return ["gap", "spec.yaml", "data.csv", "甲市"]


def test_the_command(files, capsys):
    assert main([*files, "--to", "rank:3"]) == 0
    assert "a: 2 → 7 (+5, 50% of its range), +30 points" in capsys.readouterr().out
    assert (
        main([*files, "--to", "3", "--bound", "a=:5", "--cost", "b=0.02", "--rivals", "-1.5", "--format", "json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["plan"]["proved"] is True
    assert told["rivals"]["rule"] == "each 1.5 points worse"
    assert [row["node"] for row in told["plan"]["changes"]]
    assert main([*files, "--to", "score:50", "--penalty", "quadratic", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("node,now,then,change,share")
    assert main([*files, "--to", " 3", "--bound", "400%", "--rivals", ".5"]) == 0
    assert "each 0.5 points better" in capsys.readouterr().out
    assert main([*files, "--to", "2", "--rivals", "乙市=3", "--rivals", "丁市=1", "--move", "score"]) == 0
    assert "as given" in capsys.readouterr().out


def test_the_command_says_what_cannot_be(files, capsys):
    assert main([*files, "--to", "1", "--move", "b"]) == 1
    assert "at best 52" in capsys.readouterr().out
    for wrong in (["--to", "9"], ["--to", "2", "--bound", "a"], ["--to", "2", "--cost", "a=x"], ["--to", "unit:乙"],
                  ["--to", "2", "--bound", "a=5"], ["--to", "2", "--cost", "a=1", "--cost", "a=2"],
                  ["--to", "2", "--rivals", "x"], []):  # fmt: skip
        assert main([*files, *wrong]) == 2


def test_of_plans_that_cost_the_same_the_one_that_moves_fewer_is_told():
    index = {"id": "s", "children": [{"id": n, "steps": [{"minmax": {"to": [0, 100]}}]} for n in "ab"]}
    frame = pd.DataFrame({"city": list("xyz"), "a": [1.0, 3, 2], "b": [1.0, 3, 2]})
    plan = ci.score(written(index), frame).gap("x", to="score:40").plan
    assert [change.share for change in plan.changes] == pytest.approx([0.8])
    assert plan.cost == pytest.approx(0.8)
    assert plan.proved
