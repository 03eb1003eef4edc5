"""Aggregators that look at places: ordered weighted averages, medians."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from aggregate_support import NAN, groups, parts, problems
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.errors import DomainError
from cityindex.methods.aggregate import arithmetic, maximum, minimum
from cityindex.methods.ordered import median, owa, weighted_median

few = settings(max_examples=40, deadline=None)


# -- ordered weighted average -----------------------------------------------------------------------------------------


def test_yager_s_example():
    """Yager (1988): weights (0.4, 0.3, 0.2, 0.1) on (0.7, 1, 0.3, 0.6) give 0.76, exactly."""
    found = owa(np.array([[0.7, 1.0, 0.3, 0.6]]), np.ones(4), positions=(0.4, 0.3, 0.2, 0.1))
    np.testing.assert_allclose(found, [0.4 * 1 + 0.3 * 0.7 + 0.2 * 0.6 + 0.1 * 0.3], rtol=1e-15)
    np.testing.assert_allclose(found, [0.76], rtol=1e-15)


def test_importances_by_hand():
    """Q(r) = r², importances 1, 0.6, 0.5, 0.9 of 3: the highest child has 0.6 / 3, the two highest 1.6 / 3, …"""
    x, w = np.array([[0.7, 1.0, 0.5, 0.6]]), np.array([1.0, 0.6, 0.5, 0.9])
    reached = np.array([0.6, 1.6, 2.5, 3.0]) / 3
    counts = np.diff(np.concatenate([[0], reached**2]))
    np.testing.assert_allclose(owa(x, w, exponent=2.0), [counts @ [1.0, 0.7, 0.6, 0.5]])


@few
@given(group=groups(gaps=True))
def test_it_goes_from_the_maximum_over_the_mean_to_the_minimum(group):
    x, w = group
    k = x.shape[1]
    last = (0.0,) * (k - 1)
    full = x[~np.isnan(x).any(axis=1)]
    np.testing.assert_array_equal(owa(full, np.ones(k), positions=(1.0, *last)), maximum(full))
    np.testing.assert_array_equal(owa(full, np.ones(k), positions=(*last, 1.0)), minimum(full))
    np.testing.assert_allclose(owa(x, w, positions=(0.2,) * k), arithmetic(x, w), rtol=1e-12)
    np.testing.assert_allclose(owa(x, w, exponent=1.0), arithmetic(x, w), rtol=1e-12)
    low, high = owa(x, w, exponent=3.0), owa(x, w, exponent=1 / 3)
    found = ~np.isnan(low)
    assert (low[found] <= high[found] * (1 + 1e-12)).all()


@few
@given(group=groups(), data=st.data())
def test_equal_importances_give_the_plain_ordered_average(group, data):
    x, _ = group
    k = x.shape[1]
    v = data.draw(st.lists(st.integers(0, 5), min_size=k, max_size=k).filter(sum))
    expected = -np.sort(-x, axis=1) @ (np.array(v) / sum(v))
    np.testing.assert_allclose(owa(x, np.full(k, 0.3), positions=tuple(map(float, v))), expected, rtol=1e-11)


def test_orness_of_a_quantifier():
    """The orness of Q(r) = r^a over many children nears 1 / (1 + a) (Yager 1996)."""
    k = 2000
    x = np.linspace(1, 0, k)[None]  # the orness is the value of these
    for exponent in (0.5, 1.0, 2.0, 4.0):
        np.testing.assert_allclose(owa(x, np.ones(k), exponent=exponent), [1 / (1 + exponent)], atol=2e-3)


def test_positions_are_read_at_the_shares_of_those_present():
    """Of three places the middle one counts; with two children present the line is read at a half."""
    x = np.array([[10.0, 50.0, 90.0], [10.0, NAN, 90.0], [NAN, NAN, 90.0]])
    np.testing.assert_allclose(owa(x, np.ones(3), positions=(0.0, 1.0, 0.0)), [50, 50, 90])


def test_children_that_tie_share_by_their_weights():
    x = np.array([[0.3, 0.1 + 0.2, 0.9]])
    split = parts("owa", x, np.array([1.0, 3.0, 1.0]), exponent=2.0)
    np.testing.assert_allclose(split, [[0.3 * 0.96 / 4, 0.3 * 0.96 * 3 / 4, 0.9 * 0.04]])


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({}, "either"),
        ({"positions": (1.0,), "exponent": 2.0}, "either"),
        ({"positions": (0.5, -0.5)}, "-0.5"),
        ({"positions": (0.5, NAN)}, "nan"),
        ({"positions": (0.0, 0.0)}, "0"),
        ({"positions": ()}, "0"),
        ({"exponent": 0.0}, "exponent"),
        ({"exponent": -1.0}, "exponent"),
        ({"exponent": np.inf}, "exponent"),
    ],
)
def test_options_that_make_no_order(options, word):
    assert word in problems("owa", **options)[0]


def test_another_number_of_positions_than_of_children():
    with pytest.raises(DomainError, match="3 positions for 2 children"):
        owa(np.ones((1, 2)), np.ones(2), positions=(1.0, 1.0, 1.0))
    spec = {
        "cityindex": 1,
        "id": "own",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": ["a", "b"], "aggregate": {"owa": {"positions": [0.5, 0.3, 0.2]}}},
    }
    with pytest.raises(ci.ScoreError, match="3 positions for 2 children"):
        ci.score(spec, {"city": ["x"], "a": [1.0], "b": [2.0]})


# -- medians ----------------------------------------------------------------------------------------------------------


@few
@given(group=groups(gaps=True))
def test_the_median_is_python_s(group):
    x, _ = group
    expected = [statistics.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else NAN for row in x]
    np.testing.assert_allclose(median(x), expected, rtol=1e-15)
    np.testing.assert_array_equal(weighted_median(x, np.full(x.shape[1], 0.7)), median(x))


@few
@given(group=groups(), data=st.data())
def test_whole_weights_are_children_written_more_than_once(group, data):
    x, _ = group
    k = x.shape[1]
    times = data.draw(st.lists(st.integers(0, 4), min_size=k, max_size=k).filter(sum))
    repeated = np.repeat(x, times, axis=1)
    expected = {
        "middle": [statistics.median(row) for row in repeated],
        "lower": [statistics.median_low(row) for row in repeated],
        "upper": [statistics.median_high(row) for row in repeated],
    }
    for half, values in expected.items():
        np.testing.assert_allclose(weighted_median(x, np.array(times, float), half=half), values, rtol=1e-15)


def test_exactly_half_is_seen_through_float_dust():
    """0.1 + 0.2 is not 0.3 in floats, and is half of 0.6 all the same."""
    x, w = np.array([[10.0, 20.0, 30.0]]), np.array([0.1, 0.2, 0.3])
    found = {half: weighted_median(x, w, half=half).tolist() for half in ("lower", "middle", "upper")}
    assert found == {"lower": [20], "middle": [25], "upper": [30]}
    w = np.array([0.3, 0.2, 0.1])
    assert weighted_median(x[:, ::-1], w).tolist() == [25]


def test_a_heavy_child_decides_and_one_without_weight_does_not():
    x = np.array([[10.0, 60.0, 80.0], [NAN, 60.0, 80.0], [NAN, NAN, 5.0]])
    assert weighted_median(x, np.array([0.2, 0.2, 0.6])).tolist() == [80, 80, 5]
    np.testing.assert_array_equal(weighted_median(x, np.array([0.5, 0.5, 0.0])), [35, 60, NAN])


def test_minus_0_and_0_are_one_number():
    assert str(median(np.array([[-0.0]]))[0]) == "0.0"
    assert np.signbit(weighted_median(np.array([[0.0, -0.0, 0.0]]), np.ones(3), half="lower")).tolist() == [False]


def test_parts_of_medians():
    x = np.array([[4.0, 1.0, 9.0], [4.0, 1.0, NAN], [0.3, 0.1 + 0.2, 7.0]])
    np.testing.assert_allclose(parts("median", x, np.ones(3)), [[4, 0, 0], [2, 0.5, NAN], [0.15, 0.15, 0]])
    np.testing.assert_allclose(
        parts("weighted_median", x, np.array([1.0, 2.0, 1.0]), half="lower"),
        [[0, 1, 0], [0, 1, NAN], [0.1, 0.2, 0]],
    )


def test_a_weight_under_a_median_is_an_error():
    spec = {
        "cityindex": 1,
        "id": "own",
        "unit": {"kind": "city", "key": "city"},
        "index": {
            "id": "score",
            "aggregate": "median",
            "children": [{"id": "a", "weight": 1}, {"id": "b", "weight": 2}],
        },
    }
    with pytest.raises(ci.SpecError, match="weight"):
        ci.load_spec(spec)
