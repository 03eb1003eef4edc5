"""Laws of the decomposition, on random trees, tables and revisions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.spec.change import replace_each

STEPS = [
    ["minmax"],
    [{"minmax": {"to": [1, 100]}}],
    [{"minmax": {"to": [1, 2], "beyond": "hold"}}],
    [{"percent_rank": {"to": [1, 10]}}],
    [{"clip": {"low": "p5", "high": "p95"}}, {"minmax": {"to": [0, 10]}}],
    [{"impute": "mean"}, {"rescale": {"from": [0, 120], "to": [0, 1]}}],
    [],
]
AGGREGATES = ["arithmetic", "geometric", "minimum", "maximum", "sum", {"power": 2}, "harmonic"]
PUBLISH = [[], [{"round": 1}], [{"rescale": {"from": [0, 1], "to": [0, 100]}}, {"round": 2}], ["percent_rank"]]
NAMES = [f"x{j}" for j in range(5)]


@st.composite
def specs(draw):
    """A tree of two levels over some of the names, of whatever weights, steps and aggregates."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    cut = draw(st.integers(0, len(names)))

    def leaf(name):
        return {
            "id": name,
            "weight": draw(st.integers(1, 5)),
            "direction": draw(st.sampled_from(["more", "less"])),
            "steps": draw(st.sampled_from(STEPS[:4])),
        }

    def group(name, children, **more):
        aggregate = draw(st.sampled_from(AGGREGATES))
        if aggregate in ("minimum", "maximum"):
            children = [{key: value for key, value in child.items() if key != "weight"} for child in children]
        missing = draw(st.sampled_from(["refuse", "propagate", "reweight"]))
        missing = "propagate" if missing == "reweight" and aggregate == "sum" else missing
        return {"id": name, "aggregate": aggregate, "missing": missing, "children": children, **more}

    children = [leaf(name) for name in names[:cut]]
    if names[cut:]:
        children.append(group("inner", [leaf(name) for name in names[cut:]], weight=draw(st.integers(1, 5))))
    root = group("score", children, publish=draw(st.sampled_from(PUBLISH)))
    root["rank"] = {"ties": draw(st.sampled_from(["min", "average", "max", "dense"]))}
    return ci.load_spec({"cityindex": 1, "id": "law", "unit": {"key": "city"}, "index": root})


@st.composite
def tables(draw):
    """Some of the units, with columns for all names; now and then a cell is missing."""
    units = draw(st.lists(st.sampled_from([f"市{i}" for i in range(9)]), min_size=3, max_size=7, unique=True))
    columns = {"city": units}
    for name in NAMES:
        numbers = st.integers(1, 999).map(lambda value: value / 10)
        values = draw(st.lists(numbers, min_size=len(units), max_size=len(units), unique=True))
        if draw(st.integers(0, 6)) == 0:
            values[draw(st.integers(0, len(units) - 1))] = np.nan
        columns[name] = values
    return pd.DataFrame(columns)


@st.composite
def weighed(draw, spec):
    """The same spec with other weights, where its groups have some."""
    changes = {
        node.id: {"weight": draw(st.integers(1, 9))}
        for node in spec.nodes.values()
        if getattr(node, "weight", None) is not None
    }
    return replace_each(spec, changes) if changes else spec


@st.composite
def aggregated(draw, spec):
    """The same spec with another aggregate at the root, where that takes its weights."""
    if spec.index.aggregate.name in ("minimum", "maximum"):
        return spec
    return ci.replace(spec, "score", aggregate=draw(st.sampled_from(["arithmetic", "geometric", "harmonic"])))


class Case:
    """Two results that have a unit in common."""

    def __init__(self, before, after):
        self.before, self.after = before, after

    def __repr__(self):  # what hypothesis prints where a law does not hold
        sides = [(dict(one.spec.data), one.table.to_frame().to_dict("list")) for one in (self.before, self.after)]
        return f"Case{tuple(sides)}"


@st.composite
def results(draw):
    """Of the same spec or another, the same table or another, the same calibration or one's own."""
    kind = draw(st.sampled_from(["weights", "other", "aggregate", "same"]))
    another, frozen = draw(st.booleans()), draw(st.booleans()) and kind == "same"
    spec, table = draw(specs()), draw(tables())
    kinds = {"weights": weighed(spec), "other": specs(), "aggregate": aggregated(spec), "same": st.just(spec)}
    other = draw(kinds[kind])
    second = draw(tables()) if another else table
    try:
        before = ci.score(spec, table)
        after = ci.score(other, second, calibration=before.calibration if frozen else None)
    except ci.ScoreError:
        assume(False)
    scored = [{unit for unit, x in zip(one.units, one.column(), strict=True) if x == x} for one in (before, after)]
    assume(scored[0] & scored[1])
    return Case(before, after)


def scale_of(found):
    """What 1e-12 is taken of: the largest number that is added up."""
    parts = np.abs(found._effects.ends).max(initial=1.0)
    return max(parts, np.abs(found._effects.parts).max(initial=0.0), np.nanmax(np.abs(found.to_frame()["change"])))


@given(results())
@settings(max_examples=70, deadline=None)
def test_effects_add_up_to_the_printed_change(case):
    found = ci.compare(case.before, case.after)
    effects, frame = found.effects, found.to_frame().set_index("unit")
    limit = 1e-12 * scale_of(found)
    np.testing.assert_allclose(effects.sum(axis=1), frame.loc[effects.index, "change"], rtol=0, atol=limit)
    for unit in effects.index:
        told = found.unit(unit)
        by_leaf = pd.DataFrame([line.effects for line in told.indicators])
        for name in by_leaf:
            assert by_leaf[name].sum() == pytest.approx(effects.loc[unit, name], rel=0, abs=limit)
        for when, points in zip((0, 1), ("points_before", "points_after"), strict=True):
            whole = sum(getattr(line, points) for line in told.indicators)
            assert whole == pytest.approx(found._effects.shown[when][list(effects.index).index(unit)], rel=0, abs=limit)


@given(results())
@settings(max_examples=30, deadline=None)
def test_effects_on_ranks_add_up_to_the_change_of_rank(case):
    found = ci.compare(case.before, case.after)
    frame = found.to_frame().set_index("unit")
    effects = found.rank_effects
    np.testing.assert_allclose(effects.sum(axis=1), frame.loc[effects.index, "places"], rtol=0, atol=1e-9)
    own, others = found._moves
    if not np.isnan(own).any():
        common = effects.drop(columns="entered_left").sum(axis=1)
        np.testing.assert_allclose(own + others, common, rtol=0, atol=1e-9)


@given(results())
@settings(max_examples=30, deadline=None)
def test_the_other_way_round_every_effect_has_the_other_sign(case):
    forth, back = ci.compare(case.before, case.after), ci.compare(case.after, case.before)
    limit = 1e-12 * max(scale_of(forth), scale_of(back))
    there = forth.effects
    np.testing.assert_allclose(there, -back.effects.loc[there.index, there.columns], rtol=0, atol=limit)
    ranks = forth.rank_effects
    np.testing.assert_allclose(ranks, -back.rank_effects.loc[ranks.index, ranks.columns], rtol=0, atol=1e-9)


@given(results())
@settings(max_examples=30, deadline=None)
def test_what_does_not_differ_has_no_effect(case):
    found = ci.compare(case.before, case.after)
    for factor in {"data", "weights", "structure", "calibration"} - set(found.differing):
        assert (found.effects[factor] == 0).all()
        assert (found.rank_effects[factor] == 0).all()
    same = ci.compare(case.before, case.before)
    assert same.differing == ()
    assert (same.effects == 0).all(axis=None)
    assert (same.rank_effects == 0).all(axis=None)


@given(specs(), tables(), st.sampled_from(NAMES), st.lists(st.integers(1, 999), min_size=9, max_size=9))
@settings(max_examples=30, deadline=None)
def test_an_indicator_that_did_not_change_has_no_part_in_it(spec, table, name, numbers):
    """One column changes, the bounds are frozen: all of the change is that indicator's, under any aggregate."""
    try:
        before = ci.score(spec, table)
        moved = table.assign(**{name: np.where(table[name].isna(), np.nan, np.array(numbers[: len(table)]) / 10)})
        after = ci.score(spec, moved, calibration=before.calibration)
    except ci.ScoreError:
        assume(False)
    assume(np.isfinite(before.column()).any() & np.isfinite(after.column()).any())
    found = ci.compare(before, after)
    for unit in found.effects.index:
        for line in found.unit(unit).indicators:
            if line.node not in (name, "score", "inner"):  # a group keeps what its own steps do
                assert line.change == pytest.approx(0, abs=1e-9 * scale_of(found))


@st.composite
def additive(draw):
    """Weights and values of an arithmetic mean, before and after: the numbers themselves."""
    units, count = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    numbers = st.floats(-1e3, 1e3, allow_nan=False)
    x = [draw(st.lists(numbers, min_size=count, max_size=count)) for _ in range(2 * units)]
    w = [draw(st.lists(st.integers(1, 9), min_size=count, max_size=count)) for _ in range(2)]
    return np.array(x).reshape(2, units, count), np.array(w, dtype=float)


@given(additive())
@settings(max_examples=50, deadline=None)
def test_under_an_additive_tree_it_is_the_closed_form(case):
    x, w = case
    names = [f"x{j}" for j in range(x.shape[2])]
    made = []
    for values, weights in zip(x, w, strict=True):
        children = [{"id": name, "weight": float(weight)} for name, weight in zip(names, weights, strict=True)]
        spec = {"cityindex": 1, "id": "flat", "unit": {"key": "city"}, "index": {"id": "score", "children": children}}
        table = pd.DataFrame(
            {"city": [f"市{i}" for i in range(len(values))], **dict(zip(names, values.T, strict=True))}
        )
        made.append(ci.score(spec, table))
    found = ci.compare(*made)
    shares = w / w.sum(axis=1, keepdims=True)
    data = shares.mean(axis=0) * (x[1] - x[0])
    weights = (shares[1] - shares[0]) * x.mean(axis=0)
    for place, unit in enumerate(found.effects.index):
        lines = {line.node: line.effects for line in found.unit(unit).indicators}
        for column, name in enumerate(names):
            assert lines[name]["data"] == pytest.approx(data[place, column], rel=1e-12, abs=1e-9)
            assert lines[name]["weights"] == pytest.approx(weights[place, column], rel=1e-12, abs=1e-9)
