"""Laws of the least change: every plan reaches its target, and what is proved is not beaten by a grid."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.gap.movable import read_movable
from cityindex.gap.mover import Mover
from cityindex.gap.target import read_target, standing_of
from cityindex.methods._separable import Columns, cheapest, cheapest_whole

STRAIGHT = [["minmax"], ["zscore"], [{"minmax": {"to": [1, 100]}}], [{"rescale": {"from": [0, 10], "to": [1, 10]}}]]
BENT = [
    [{"log": {"plus": 1}}, {"rescale": {"from": [0, 3], "to": [1, 10]}}],
    [{"power": 0.5}, {"minmax": {"to": [1, 10], "beyond": "hold"}}],
    ["percent_rank"],
    [{"clip": {"low": 3, "high": 8}}, {"minmax": {"to": [1, 10]}}],
    [{"bands": {"cuts": [3, 6, 8], "points": [1, 2, 4, 5]}}],
    [{"goalposts": {"to": [1, 10], "scale": "log"}}],
]
ODD = [
    [{"distance": {"to": 5}}, {"rescale": {"from": [0, 10], "to": [10, 1]}}],
    [{"logistic": {"midpoint": 5, "steepness": 1, "to": [1, 10]}}],
    [{"round": 0}],
    [{"power": 2}],
]
MEANS = ["arithmetic", "arithmetic", "geometric", "harmonic", {"power": -2}, "minimum"]
OTHERS = [{"power": 2}, "maximum", "median", {"geometric": {"via": {"from": [0, 110], "to": [110, 1]}}}]
TURNED = [{"rescale": {"from": [0, 100], "to": [100, 0]}}]
NUMBERS = st.floats(1, 10).map(lambda number: round(number, 2))


@st.composite
def questions(draw, means=MEANS, steps=STRAIGHT + BENT):
    """A spec of two or three indicators, its table, a unit's row, a target and a penalty."""
    count = draw(st.integers(2, 3))
    units = draw(st.integers(4, 7))
    columns = {f"i{k}": draw(st.lists(NUMBERS, min_size=units, max_size=units, unique=True)) for k in range(count)}
    children = [
        {"id": f"i{k}", "steps": draw(st.sampled_from(steps)), "goalposts": [1, 9]}
        if draw(st.booleans())
        else {"id": f"i{k}", "steps": draw(st.sampled_from(STRAIGHT))}
        for k in range(count)
    ]
    for child in children:
        if "goalposts" not in str(child["steps"]):
            child.pop("goalposts", None)
    if count == 3 and draw(st.booleans()):
        children = [{"id": "g", "aggregate": draw(st.sampled_from(means)), "children": children[:2]}, children[2]]
    root = {"id": "s", "aggregate": draw(st.sampled_from(means)), "children": children}
    if draw(st.booleans()):
        root["publish"] = draw(st.sampled_from([[{"round": 0}], [{"round": 1}], [{"round": 2}], TURNED]))
    if draw(st.booleans()):
        ties, first = st.sampled_from(["min", "max", "average", "dense"]), st.sampled_from(["highest", "lowest"])
        root["rank"] = {"ties": draw(ties), "first": draw(first)}
    spec = {"cityindex": 1, "id": "x", "unit": {"kind": "city", "key": "city"}, "index": root}
    frame = pd.DataFrame({"city": [f"u{k}" for k in range(units)], **columns})
    return spec, frame, draw(st.integers(1, 3)), draw(st.sampled_from(["linear", "quadratic"]))


def asked(question):
    spec, frame, up, penalty = question
    try:
        result = ci.score(spec, frame)
    except ci.ScoreError:
        assume(False)
    ranks = result.ranks()
    row = int(np.argmax(ranks))
    to = max(1, int(ranks[row]) - up)
    gap = result.gap(f"u{row}", to=to, penalty=penalty)
    assume(not gap.reached)
    return result, frame, row, to, gap


def grid_of(result, row, to, penalty):
    """Every point of a grid over the bounds: does it reach the target, and what does it cost?"""
    part, place = result.part_of(row)
    movable = read_movable(part, place, None, None, None, quadratic=penalty == "quadratic")
    standing = standing_of(result, part, row)
    goal, _ = standing.goal(read_target(result, part, standing, to))
    size = {2: 41, 3: 13}.get(len(movable), 101)
    ends = zip(movable.low, movable.high, movable.now, strict=True)
    axes = [np.unique([*np.linspace(low, high, size), now]) for low, high, now in ends]
    points = np.array(list(itertools.product(*axes)))
    change = np.abs(points - movable.now)
    costs = (change**2 if penalty == "quadratic" else change) @ movable.costs
    return goal.met(Mover(part, place, movable.leaves).rate(points)[1]), costs


def check(question):
    result, frame, row, to, gap = asked(question)
    plan, penalty = gap.plan, question[3]
    met, costs = grid_of(result, row, to, penalty)
    least = costs[met].min() if met.any() else np.inf
    if plan.reached:
        changed = frame.copy()
        for change in plan.changes:
            assert change.low - 1e-12 <= change.then <= change.high + 1e-12
            changed.loc[row, change.node] = change.then
        again = ci.score(result.spec, changed, calibration=result.calibration)
        assert again.ranks()[row] <= to
        assert again.column(of=result.spec.index.rank.of)[row] == plan.score
        assert plan.cost == pytest.approx(sum(change.cost for change in plan.changes))
    if plan.proved:
        assert least >= plan.cost * (1 - 2e-5) - 1e-9
    if plan.bound == plan.bound:
        assert plan.bound <= plan.cost
        assert least >= plan.bound * (1 - 1e-6) - 1e-9
    return plan, least


@settings(max_examples=60, deadline=None)
@given(questions())
def test_no_point_of_a_grid_beats_what_is_proved(question):
    check(question)


@settings(max_examples=30, deadline=None)
@given(questions(MEANS + OTHERS, STRAIGHT + BENT + ODD))
def test_where_nothing_is_proved_a_plan_reaches_its_target_all_the_same(question):
    plan, least = check(question)
    assert plan.reached or not np.isfinite(least)


@settings(max_examples=30, deadline=None)
@given(questions(["arithmetic"], STRAIGHT))
def test_linear_trees_are_always_proved(question):
    _, _, _, _, gap = asked(question)
    assert gap.plan.proved


@settings(max_examples=20, deadline=None)
@given(questions(["arithmetic"], STRAIGHT), st.floats(1.0, 3.0))
def test_wider_bounds_never_cost_more(question, wider):
    result, _, row, to, gap = asked(question)
    part, place = result.part_of(row)
    movable = read_movable(part, place, None, None, None, quadratic=False)
    bounds = {
        names[0]: (now - (now - low) * wider, now + (high - now) * wider)
        for names, now, low, high in zip(movable.leaves, movable.now, movable.low, movable.high, strict=True)
    }
    assert result.gap(f"u{row}", to=to, penalty=question[3], bounds=bounds).plan.cost <= gap.plan.cost * (1 + 1e-5)


# -- the programs -----------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), st.integers(2, 4), st.integers(0, 10_000))
def test_whole_choices_against_every_choice(variables, width, seed):
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(variables), width)
    cost, gain = rng.integers(0, 9, len(owner)).astype(float), rng.integers(0, 9, (2, len(owner))).astype(float)
    need = rng.integers(1, 8, 2).astype(float)
    columns = Columns(owner, cost, gain, need)
    single = np.ones(variables, dtype=bool)
    choices = [
        (cost[list(picked)].sum())
        for picked in itertools.product(*(np.flatnonzero(owner == own) for own in range(variables)))
        if (gain[:, list(picked)].sum(axis=1) >= need).all()
    ]
    found, mixed = cheapest_whole(columns, ~single, single), cheapest(columns)
    if not choices:
        assert found is None
        return
    assert found.bound == pytest.approx(min(choices))
    assert mixed.bound <= min(choices) + 1e-9
    worth = np.array([(cost - mixed.prices @ gain)[owner == own].min() for own in range(variables)])
    assert worth.sum() + mixed.prices @ need == pytest.approx(mixed.bound, abs=1e-7)  # the prices prove it
