"""The value of Shapley, the split of an aggregate's change, and places by one's own change."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityindex.methods.change_parts import by_orders, mean_parts
from cityindex.methods.rank import rank
from cityindex.methods.rank_moves import own_and_others
from cityindex.methods.shapley import finest_grouping, moves, positions, shapley

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


def arrays(count, numbers=NUMBERS):
    return st.lists(numbers, min_size=count, max_size=count).map(np.array)


# -- the value of Shapley ---------------------------------------------------------------------------------------------


def test_the_glove_game():
    """Two left gloves and a right one: a pair is worth 1. The right one's owner gets 2/3 (Shapley's own measure)."""
    worth = [0, 0, 0, 0, 0, 1, 1, 1]  # players 0 and 1: left, 2: right
    np.testing.assert_allclose(shapley(np.array(worth, dtype=float)), [1 / 6, 1 / 6, 2 / 3])


@given(st.integers(0, 4).flatmap(lambda count: arrays(1 << count)))
def test_effects_add_up_and_are_the_mean_over_all_orders(values):
    effects = shapley(values)
    scale = max(1.0, np.abs(values).max())
    assert effects.sum() == pytest.approx(values[-1] - values[0], abs=1e-12 * scale)
    orders = list(itertools.permutations(range(len(effects))))
    mean = np.zeros(len(effects))
    for order in orders:
        moved = 0
        for factor in order:
            mean[factor] += (values[moved | 1 << factor] - values[moved]) / len(orders)
            moved |= 1 << factor
    np.testing.assert_allclose(effects, mean, atol=1e-12 * scale)


@given(arrays(8), arrays(8))
def test_it_is_additive(one, other):
    scale = np.abs([one, other]).max()
    np.testing.assert_allclose(shapley(one + other), shapley(one) + shapley(other), atol=1e-12 * max(scale, 1))


def test_what_changes_nothing_has_no_effect():
    values = np.array([3.0, 3.0, 7.0, 7.0])
    assert shapley(values).tolist() == [0.0, 4.0]
    assert shapley(np.array([5.0])).tolist() == []


def test_sets_that_are_no_power_of_two_are_refused():
    with pytest.raises(ValueError, match="3 sets of factors"):
        shapley(np.zeros(3))


@given(st.integers(1, 4))
def test_the_shares_of_a_factor_add_to_one(count):
    shares = np.zeros(count)
    for move in moves(count):
        shares[move.factor] += move.share
    np.testing.assert_allclose(shares, 1)


@given(st.integers(1, 4).flatmap(lambda count: st.lists(st.booleans(), min_size=1 << count, max_size=1 << count)))
def test_the_finest_grouping_needs_known_sets_alone(known):
    known = np.array([True, *known[1:-1], True])
    grouping = finest_grouping(known)
    assert sorted(factor for group in grouping for factor in group) == list(range(len(known).bit_length() - 1))
    at = positions(grouping)
    assert known[at].all()
    assert (at[0], at[-1]) == (0, len(known) - 1)
    if known.all():
        assert all(len(group) == 1 for group in grouping)


# -- the change of an aggregate ---------------------------------------------------------------------------------------


@st.composite
def means(draw):
    count = draw(st.integers(1, 5))
    positive = st.floats(0.01, 1e3)
    x, y = (draw(arrays(count, positive))[None, :] for _ in range(2))
    w = draw(arrays(count, st.floats(0.1, 9)))
    return x, y, np.broadcast_to(w / w.sum(), x.shape), draw(st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5]))


def mean_of(x, w, exponent):
    return np.exp((w * np.log(x)).sum(axis=1)) if exponent == 0 else (w * x**exponent).sum(axis=1) ** (1 / exponent)


@given(means())
def test_the_parts_of_a_mean_add_up_and_turn_with_the_direction(case):
    x, y, w, exponent = case
    parts = mean_parts(x, y, w, exponent=exponent)
    change = mean_of(y, w, exponent) - mean_of(x, w, exponent)
    limit = 1e-7 * max(x.max(), y.max())
    np.testing.assert_allclose(parts.sum(axis=1), change, atol=limit)
    np.testing.assert_allclose(mean_parts(y, x, w, exponent=exponent), -parts, atol=limit)
    assert (np.sign(parts) == np.sign(y - x))[np.abs(y - x) > 1e-6].all()
    if exponent == 1:
        np.testing.assert_allclose(parts, w * (y - x), atol=limit)


def test_a_geometric_mean_by_hand():
    """4 and 9, then 16 and 9: 6 to 12, the second stands still. 1 and 1, then e and e²: a third and two thirds."""
    half = np.array([[0.5, 0.5]])
    np.testing.assert_allclose(mean_parts(np.array([[4.0, 9]]), np.array([[16.0, 9]]), half, exponent=0), [[6, 0]])
    parts = mean_parts(np.ones((1, 2)), np.exp([[1.0, 2.0]]), half, exponent=0)
    np.testing.assert_allclose(parts, (np.exp(1.5) - 1) * np.array([[1 / 3, 2 / 3]]))


def test_a_child_that_is_absent_has_no_part():
    x, y = np.array([[2.0, np.nan]]), np.array([[3.0, np.nan]])
    np.testing.assert_allclose(mean_parts(x, y, np.array([[1.0, 0.0]]), exponent=0), [[1, 0]])


@given(st.integers(1, 10).flatmap(lambda count: st.tuples(arrays(count), arrays(count), st.lists(st.booleans()))))
def test_any_aggregate_by_orders(case):
    x, y, still = case
    y = np.where(np.arange(len(x)) < len(still), np.where(np.resize([*still, False], len(x)), x, y), y)
    parts = by_orders(lambda z: np.median(z, axis=-1) + z.max(axis=-1), x[None, :], y[None, :])
    change = np.median(y) + y.max() - np.median(x) - x.max()
    assert parts.sum() == pytest.approx(change, abs=1e-9 * max(np.abs([x, y]).max(), 1))
    assert (parts[0][x == y] == 0).all()


# -- places -----------------------------------------------------------------------------------------------------------


@given(
    st.integers(1, 8).flatmap(lambda n: st.tuples(arrays(n, st.integers(0, 5)), arrays(n, st.integers(0, 5)))),
    st.sampled_from(["min", "max", "average", "dense"]),
    st.sampled_from(["highest", "lowest"]),
)
def test_places_by_own_change_and_others_add_up(case, ties, first):
    before, after = (values.astype(float) for values in case)
    own, others = own_and_others(before, after, ties=ties, first=first)
    ranks = [rank(values, ties=ties, first=first) for values in (before, after)]
    np.testing.assert_allclose(own + others, ranks[0] - ranks[1])
    for unit in range(len(before)):  # the definition, one unit at a time
        alone, without = before.copy(), after.copy()
        alone[unit], without[unit] = after[unit], before[unit]
        moved = [rank(values, ties=ties, first=first)[unit] for values in (before, alone, without, after)]
        assert own[unit] == pytest.approx(((moved[0] - moved[1]) + (moved[2] - moved[3])) / 2)
