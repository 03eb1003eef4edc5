"""Intervals through aggregates and steps: nothing that can come out is left out, and the ends are reached."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityindex._registry import keywords
from cityindex.auditing.bounds import ANY, aggregated, linear_map, rounded, through, widened
from cityindex.auditing.interval import Interval, printed
from cityindex.engine.groups import aggregate
from cityindex.methods.rounding import round_
from cityindex.spec.calls import call_of

MEANS = ["arithmetic", "geometric", "harmonic", {"power": 2}, {"power": -2}, {"power": 0.5}, "minimum", "maximum"]
AXIS = {"arithmetic": {"via": {"from": [0, 10], "to": [10, 1]}}}
numbers = st.floats(0.01, 100).map(lambda value: round(value, 2))


@st.composite
def boxes(draw, low=1, high=4):
    """Intervals, and a point in each."""
    size = draw(st.integers(low, high))
    pairs = [sorted((draw(numbers), draw(numbers))) for _ in range(size)]
    points = [one + (other - one) * draw(st.floats(0, 1)) for one, other in pairs]
    weights = [Fraction(draw(st.integers(1, 9))) for _ in range(size)]
    return [Interval(Fraction(str(one)), Fraction(str(other))) for one, other in pairs], points, weights


def floats(weights):
    return np.array([float(weight) for weight in weights])


@pytest.mark.parametrize("method", [*MEANS, AXIS, "sum"], ids=str)
@given(box=boxes())
def test_every_aggregate_of_points_inside_is_inside_and_the_ends_are_reached(method, box):
    intervals, points, weights = box
    call = call_of("aggregator", method)
    found = aggregated(call, intervals, weights)
    value = float(aggregate(call, np.array([points]), floats(weights))[0])
    room = widened(found, Fraction(1, 1000))
    assert float(room.low) <= value <= float(room.high)
    ends = [[float(end) for end in ends] for ends in zip(*[(each.low, each.high) for each in intervals], strict=True)]
    reached = sorted(float(aggregate(call, np.array([end]), floats(weights))[0]) for end in ends)
    assert [float(found.low), float(found.high)] == pytest.approx(reached, rel=1e-9)


@given(boxes(low=2, high=3), st.lists(st.sampled_from([-1, 1, 2]), min_size=3, max_size=3))
def test_products_and_ratios(box, weights):
    intervals, points, _ = box
    weights = [Fraction(weight) for weight in weights[: len(intervals)]]
    found = aggregated(call_of("aggregator", "product"), intervals, weights)
    value = float(np.prod(np.array(points) ** floats(weights)))
    assert float(found.low) * (1 - 1e-9) <= value <= float(found.high) * (1 + 1e-9)


def test_sums_take_negative_weights():
    difference = aggregated(call_of("aggregator", "sum"), [printed("9.0"), printed("4.0")], [Fraction(1), Fraction(-1)])
    assert difference.shown() == "4.9 to 5.1"
    assert aggregated(call_of("aggregator", "arithmetic"), [printed("1")] * 2, [Fraction(1), Fraction(-1)]) is None


def test_arithmetic_is_exact():
    parts = [printed(text) for text in ("0.811", "0.820", "0.671", "0.790")]
    found = aggregated(call_of("aggregator", "arithmetic"), parts, [Fraction(1)] * 4)
    assert (found.low, found.high) == (Fraction("0.7725"), Fraction("0.7735"))


def test_open_ends_stay_open_where_they_count():
    bounded, below = printed("5.0"), Interval(None, Fraction(3))
    halves = [Fraction(1, 2)] * 2
    assert aggregated(call_of("aggregator", "arithmetic"), [bounded, below], halves).shown() == "at most 4.025"
    assert aggregated(call_of("aggregator", "minimum"), [bounded, below], None).shown() == "at most 3"
    assert aggregated(call_of("aggregator", "maximum"), [bounded, below], None).shown() == "4.95 to 5.05"
    assert aggregated(call_of("aggregator", "geometric"), [bounded, below], halves).low == 0
    above = Interval(Fraction(3), None)
    assert aggregated(call_of("aggregator", "geometric"), [bounded, above], halves).high is None
    harmonic = aggregated(call_of("aggregator", "harmonic"), [bounded, above], halves)
    assert float(harmonic.high) == pytest.approx(2 * 5.05)
    nothing = [Fraction(1), Fraction(0)]
    assert aggregated(call_of("aggregator", "arithmetic"), [bounded, ANY], nothing).shown() == "4.95 to 5.05"
    assert aggregated(call_of("aggregator", "product"), [bounded, ANY], halves) == ANY


def test_what_cannot_be_told_is_none():
    halves = [Fraction(1, 2)] * 2
    negative = [printed("-5.0"), printed("1.0")]
    assert aggregated(call_of("aggregator", "geometric"), negative, halves) is None
    assert aggregated(call_of("aggregator", "product"), negative, halves) is None
    assert aggregated(call_of("aggregator", "arithmetic"), negative, None) is None
    assert through([call_of("step", "minmax")], printed("5")) is None
    assert through([call_of("step", {"distance": 3})], printed("5")) is None
    assert through([call_of("step", {"rescale": {"from": [0, "max"], "to": [0, 1]}})], printed("5")) is None


STEPS = [
    {"round": 1},
    {"round": {"digits": 0, "how": "half even"}},
    {"round": {"digits": 1, "how": "down"}},
    {"rescale": {"from": [0, 10], "to": [10, 1]}},
    {"clip": {"low": 2, "high": 50}},
    {"power": 2},
    {"power": -1},
    {"log": {"plus": 1}},
    {"bands": {"cuts": [10, 20], "points": [1, 2, 3]}},
]


@pytest.mark.parametrize("step", STEPS, ids=str)
@given(box=boxes(high=1))
def test_every_value_of_a_step_is_inside(step, box):
    intervals, points, _ = box
    call = call_of("step", step)
    found = through([call], intervals[0])
    value = float(call.method.function(np.array([points]), {}, **keywords(call.method.function, call.settings))[0, 0])
    room = widened(found, Fraction(1, 1000))
    assert float(room.low) <= value <= float(room.high)


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("beyond", ["hold", "allow"])
@given(box=boxes(high=1))
def test_goalposts(scale, beyond, box):
    intervals, points, _ = box
    call = call_of("step", {"goalposts": {"to": [0, 100], "scale": scale, "beyond": beyond}})
    found = through([call], intervals[0], (50.0, 0.5))
    value = call.method.function(
        np.array([points]), {"low": [50.0], "high": [0.5]}, **keywords(call.method.function, call.settings)
    )[0, 0]
    room = widened(found, Fraction(1))
    assert float(room.low) <= value <= float(room.high)


def test_goalposts_hold_whatever_comes():
    call = call_of("step", {"goalposts": {"to": [0, 100], "scale": "log"}})
    assert through([call], ANY, (1.0, 10.0)).shown() == "0 to 100"
    assert through([call_of("step", "exponential")], ANY).shown() == "0 to 100"


@given(st.decimals(-1000, 1000, places=4), st.integers(-2, 3), st.sampled_from(["half up", "half even", "down"]))
def test_rounding_is_that_of_the_step(value, digits, how):
    exact = rounded(Interval.exactly(value), digits, how)
    assert float(exact.low) == pytest.approx(
        float(round_(np.array([[float(value)]]), {}, digits=digits, how=how)[0, 0])
    )


def test_linear_maps_turn():
    assert linear_map(printed("2.0"), (0, 10), (10, 0)).shown() == "7.95 to 8.05"
