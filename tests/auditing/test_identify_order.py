"""Rankings without totals, and with them: every pair counts, units that share a place are in no order."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import cityindex as ci
from cityindex.auditing.order_bounds import read_order


def planted(seed, width, rows=12, digits=2):
    """True numbers, their printed form, weights, and the units from the best down."""
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    x = pd.DataFrame(
        rng.uniform(0, 1, (rows, width)), index=[f"u{k}" for k in range(rows)], columns=list("abcd"[:width])
    )
    order = x.index[np.argsort(-(x.to_numpy() @ w))].tolist()
    return x, x.round(digits), w, order


def by_all_pairs(shown, order, half):
    """The ranges by every pair of the order at once."""
    x = shown.loc[order].to_numpy()
    g = np.array([x[j] - half - (x[i] + half) for i, j in combinations(range(len(x)), 2)])
    h, ones = np.zeros(len(g)), np.ones((1, x.shape[1]))
    ends = [linprog(sign * axis, g, h, ones, [1.0]).fun * sign for axis in np.eye(x.shape[1]) for sign in (1, -1)]
    return np.array(ends).reshape(-1, 2)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_the_ranges_are_those_of_all_pairs(seed, width):
    _, shown, w, order = planted(seed, width)
    found = ci.identify_weights(shown, order=order, decimals=2, schemes=())
    np.testing.assert_allclose(
        [[found.low[c], found.high[c]] for c in shown], by_all_pairs(shown, order, 0.005), atol=1e-6
    )
    assert all(found.low[c] - 1e-7 <= w[k] <= found.high[c] + 1e-7 for k, c in enumerate(shown))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_with_exact_numbers_the_neighbours_say_all(seed, width):
    x, _, _, order = planted(seed, width)
    found = ci.identify_weights(x, order=order, rounding="none", schemes=())
    np.testing.assert_allclose([[found.low[c], found.high[c]] for c in x], by_all_pairs(x, order, 0.0), atol=1e-6)
    assert found.rows == len(x) - 1


def test_centre_samples_and_schemes_satisfy_every_pair():
    _, shown, _, order = planted(3, 3, rows=25)
    found = ci.identify_weights(shown, order=order, decimals=2, samples=300, seed=1)
    points = [list(found.centre.values()), *found.samples]
    points += [[share / 100 for share in scheme.values()] for scheme in found.schemes[0].schemes]
    x = shown.loc[order].to_numpy()
    for w in np.array(points):
        low, high = (x - 0.005) @ w, (x + 0.005) @ w
        assert (np.maximum.accumulate(low[::-1])[::-1] <= np.minimum.accumulate(high) + 1e-8).all()
    assert found.schemes[0].count == len(by_grid(x, 0.005))


def by_grid(x, half):
    """Every scheme of the grid of 1 % under which no later unit must score more than an earlier one."""
    found = []
    for one in range(101):
        for two in range(101 - one):
            w = np.array([one, two, 100 - one - two]) / 100
            low, high = (x - half) @ w, (x + half) @ w
            if (low <= np.minimum.accumulate(high) + 1e-9).all():
                found.append(w)
    return found


def test_units_that_share_a_place_are_in_no_order():
    x = pd.DataFrame({"a": [1.0, 0.0, 0.3], "b": [0.0, 1.0, 0.3]}, index=["p", "q", "r"])
    strict = ci.identify_weights(x, order=["p", "q", "r"], rounding="none", schemes=())
    assert (strict.low["a"], strict.high["a"]) == pytest.approx((0.5, 0.7))
    tied = ci.identify_weights(x, order=[("p", "q"), "r"], rounding="none", schemes=())
    assert (tied.low["a"], tied.high["a"]) == pytest.approx((0.3, 0.7))
    ranks = ci.identify_weights(x, order={"p": 1, "q": 1, "r": 3}, rounding="none", schemes=())
    assert ranks.low == pytest.approx(tied.low)
    free = ci.identify_weights(x, order=pd.Series({"p": 1, "q": 1, "r": 1}), rounding="none", schemes=())
    assert (free.low["a"], free.high["a"]) == pytest.approx((0, 1))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_an_order_beside_totals_allows_the_truth_and_says_no_less(seed, width):
    x, shown, w, order = planted(seed, width)
    total = pd.Series(x.to_numpy() @ w, index=x.index).round(1)
    plain = ci.identify_weights(shown, total, decimals=2, total_decimals=1, schemes=())
    both = ci.identify_weights(shown, total, order=order, decimals=2, total_decimals=1, schemes=())
    for place, child in enumerate(shown):
        assert both.low[child] - 1e-7 <= w[place] <= both.high[child] + 1e-7
        assert both.low[child] >= plain.low[child] - 1e-7
        assert both.high[child] <= plain.high[child] + 1e-7


def test_an_order_bounds_whoever_has_no_total():
    """q has no total, but stands between p and r."""
    x = pd.DataFrame({"a": [9.0, 4.0, 1.0], "b": [1.0, 2.0, 1.0]}, index=["p", "q", "r"])
    total = {"p": 3.0, "r": 1.0}
    found = ci.identify_weights(x, total, order=["p", "q", "r"], rounding="none", schemes=())
    assert (found.low["a"], found.high["a"]) == pytest.approx((0.25, 0.25))
    wrong = ci.identify_weights(x, {"p": 1.5, "r": 1.0}, order=["p", "q", "r"], rounding="none", schemes=())
    assert not wrong.feasible
    assert ("q", "at most the total of p, who stands before, 1.5") in wrong.contradiction


def test_an_order_against_the_totals_is_a_contradiction():
    x = pd.DataFrame({"a": [1.0, 1.0], "b": [9.0, 9.0]}, index=["p", "q"])
    found = ci.identify_weights(x, ["3.0", "5.0"], order=["p", "q"], decimals=0, schemes=())
    assert found.contradiction == (("p", "stands before q, whose total is larger"),)


def test_an_order_that_no_weights_give_is_located():
    """q is worse than p on every count, yet stands before it."""
    x = pd.DataFrame({"a": [0.9, 0.1, 0.5], "b": [0.8, 0.2, 0.5]}, index=["p", "q", "r"])
    found = ci.identify_weights(x, order=["r", "q", "p"], decimals=1, schemes=())
    assert not found.feasible
    assert found.contradiction == (("q", "no less than p"),)


def test_pairs_far_apart_are_found():
    """No two neighbours contradict each other, but the first and the last do."""
    x = pd.DataFrame({"a": [0.10, 0.14, 0.18, 0.22], "b": [0.10, 0.14, 0.18, 0.22]}, index=list("pqrs"))
    found = ci.identify_weights(x, order=list("pqrs"), decimals=1, schemes=())
    assert not found.feasible
    assert found.contradiction == (("p", "no less than s"),)


def test_long_rankings_are_settled_with_few_pairs():
    rng = np.random.default_rng(5)
    x = pd.DataFrame(rng.uniform(0, 100, (400, 3)))
    w = np.array([0.5, 0.3, 0.2])
    order = [str(row) for row in np.argsort(-(x.to_numpy() @ w))]
    found = ci.identify_weights(x.round(1), order=order, decimals=1, schemes=())
    assert all(found.low[str(k)] - 1e-7 <= w[k] <= found.high[str(k)] + 1e-7 for k in range(3))
    assert found.rows < 1500


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (["a", "a"], "names 'a' twice"),
        (["a", "z"], "names 'z', which has no row"),
        ({"a": "first"}, "the rank of 'a' is 'first'"),
        ([("a", "b"), "b"], "names 'b' twice"),
    ],
)
def test_orders_that_are_none(order, words):
    with pytest.raises(ci.TableError, match=words):
        read_order(order, ["a", "b", "c"])
