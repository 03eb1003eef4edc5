"""Theil, Gini, coefficient of variation: worked cases, laws, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityindex.errors import DomainError
from cityindex.methods.inequality import gini, group_parts, theil, variation

INCOMES = np.array([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261.0])  # of the R package ineq
SCORES = st.floats(0.01, 1e6)
INDICES = pytest.mark.parametrize("index", ["T", "L"])


@st.composite
def cases(draw):
    """Scores above 0, weights, and two levels of groups of which the finer lie within the coarser."""
    n = draw(st.integers(1, 30))
    x = np.array(draw(st.lists(SCORES, min_size=n, max_size=n)))
    w = np.array(draw(st.lists(st.floats(0.01, 100), min_size=n, max_size=n)))
    fine = np.array(draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)))
    coarse = np.array(draw(st.lists(st.integers(0, 2), min_size=6, max_size=6)))[fine]
    return x, w, coarse, fine


# -- worked by hand ----------------------------------------------------------------------------------------------------


def test_two_units_by_hand():
    """1 and 3: the mean is 2, T = ½ (½ ln ½ + 3/2 ln 3/2), L = ½ (ln 2 + ln 2/3)."""
    x = np.array([1.0, 3.0])
    assert theil(x).total == pytest.approx(0.25 * math.log(0.5) + 0.75 * math.log(1.5), abs=1e-15)
    assert theil(x, index="L").total == pytest.approx(0.5 * math.log(4 / 3), abs=1e-15)
    assert variation(x) == 0.5
    assert gini(x) == pytest.approx(0.25, abs=1e-15)


def test_groups_by_hand():
    """Two groups of two, (1, 3) and (4, 8): means 2 and 6, mean of all 4."""
    x, groups = np.array([1.0, 3.0, 4.0, 8.0]), np.array([0, 0, 1, 1])
    found = theil(x, [groups])
    between = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    first = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    second = (1 / 3) * math.log(2 / 3) + (2 / 3) * math.log(4 / 3)
    assert found.between == pytest.approx((between,), abs=1e-15)
    assert found.within == pytest.approx(0.25 * first + 0.75 * second, abs=1e-15)
    parts = group_parts(x, groups)
    assert parts.own == pytest.approx([first, second])
    assert parts.sum_share == pytest.approx([0.25, 0.75])
    assert parts.between == pytest.approx([0.25 * math.log(0.5), 0.75 * math.log(1.5)])


def test_incomes_as_published():
    """The ten incomes of the R package ineq: Gini 0.4620911; Atkinson's measure of parameter 1 is 1 - exp(-L).

    By hand, half the mean difference over the mean is 76922 / 166465.
    """
    assert gini(INCOMES) == pytest.approx(0.4620911, abs=5e-8)
    assert gini(INCOMES) == pytest.approx(76922 / 166465, rel=1e-14)
    assert 1 - math.exp(-theil(INCOMES, index="L").total) == pytest.approx(0.3518251, abs=5e-8)


def test_the_theil_index_of_one_who_has_all_is_the_logarithm_of_n():
    x = np.array([0.0, 0.0, 0.0, 7.0, 0.0])
    assert theil(x).total == pytest.approx(math.log(5), abs=1e-14)
    assert gini(x) == pytest.approx(4 / 5)
    assert variation(x) == pytest.approx(2.0)


def test_a_group_of_zeros_adds_nothing_within():
    x, groups = np.array([0.0, 0.0, 2.0, 4.0]), np.array([0, 0, 1, 1])
    found = theil(x, [groups])
    assert found.total == pytest.approx(found.between[0] + found.within, abs=1e-15)
    parts = group_parts(x, groups)
    assert parts.within.sum() == pytest.approx(found.within, abs=1e-15)
    assert parts.between[0] == 0
    assert np.isnan(parts.own[0])


# -- laws --------------------------------------------------------------------------------------------------------------


@INDICES
@given(case=cases())
def test_total_is_between_and_within_at_every_depth(index, case):
    x, w, coarse, fine = case
    for levels in ([coarse], [fine], [coarse, fine]):
        found = theil(x, levels, w=w, index=index)
        assert found.total == pytest.approx(sum(found.between) + found.within, rel=1e-12, abs=1e-12)
        assert min(*found.between, found.within) >= 0
    both, one = theil(x, [coarse, fine], w=w, index=index), theil(x, [fine], w=w, index=index)
    assert sum(both.between) == pytest.approx(one.between[0], rel=1e-12, abs=1e-12)
    assert both.between[0] == pytest.approx(theil(x, [coarse], w=w, index=index).between[0], rel=1e-12, abs=1e-15)


@INDICES
@given(case=cases())
def test_the_parts_of_the_groups_add_up(index, case):
    x, w, _, fine = case
    found, parts = theil(x, [fine], w=w, index=index), group_parts(x, fine, w=w, index=index)
    assert np.nansum(parts.within) == pytest.approx(found.within, rel=1e-12, abs=1e-12)
    assert np.nansum(parts.between) == pytest.approx(found.between[0], rel=1e-9, abs=1e-12)
    assert np.nansum(parts.share) == pytest.approx(1)
    assert np.nansum(parts.sum_share) == pytest.approx(1)
    for group in np.unique(fine):
        at = fine == group
        assert parts.own[group] == pytest.approx(theil(x[at], w=w[at], index=index).total, rel=1e-9, abs=1e-12)


def measures(x, w):
    return np.array([theil(x, w=w).total, theil(x, w=w, index="L").total, variation(x, w=w), gini(x, w=w)])


@given(case=cases(), factor=st.floats(1e-6, 1e6))
def test_scale_and_replication_change_nothing(case, factor):
    x, w, _, _ = case
    once = measures(x, w)
    assert measures(x * factor, w) == pytest.approx(once, rel=1e-9, abs=1e-12)
    assert measures(np.tile(x, 3), np.tile(w, 3)) == pytest.approx(once, rel=1e-9, abs=1e-12)
    assert measures(x, w * factor) == pytest.approx(once, rel=1e-9, abs=1e-12)


@given(x=st.lists(SCORES, min_size=1, max_size=12), counts=st.data())
def test_a_whole_weight_is_that_many_units(x, counts):
    times = np.array(counts.draw(st.lists(st.integers(0, 4), min_size=len(x), max_size=len(x)).filter(any)))
    x = np.array(x)
    assert measures(x, times.astype(float)) == pytest.approx(measures(np.repeat(x, times), None), rel=1e-9, abs=1e-12)


@given(value=SCORES, n=st.integers(1, 20))
def test_equal_units_have_none(value, n):
    assert measures(np.full(n, value), None).tolist() == [0, 0, 0, 0]


@given(x=st.lists(SCORES, min_size=2, max_size=12))
def test_unequal_units_have_some(x):
    x = np.array(x)
    if np.ptp(x) > 1e-6 * x.max():
        assert (measures(x, None) > 0).all()


@given(x=st.lists(SCORES, min_size=2, max_size=12), share=st.floats(0.01, 0.49))
def test_what_a_richer_unit_gives_to_a_poorer_one_makes_less(x, share):
    x = np.sort(np.array(x))
    moved = x.copy()
    given_away = share * (x[-1] - x[0])
    moved[0] += given_away
    moved[-1] -= given_away
    before, after = measures(x, None), measures(moved, None)
    assert (after <= before * (1 + 1e-9) + 1e-12).all()
    if np.ptp(x) > 1e-3 * x.max():
        assert (after < before).all()


def test_the_order_of_units_does_not_matter():
    order = np.random.default_rng(1).permutation(len(INCOMES))
    assert measures(INCOMES[order], None) == pytest.approx(measures(INCOMES, None), rel=1e-14)


def test_very_large_and_very_small_numbers_do_not_overflow():
    assert measures(np.array([1e308, 1.5e308]), None) == pytest.approx(measures(np.array([1.0, 1.5]), None))
    assert measures(np.array([1e-300, 1.5e-300]), None) == pytest.approx(measures(np.array([1.0, 1.5]), None))


# -- refused -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "w", "index", "words", "rows"),
    [
        ([1, -1, 2, -3], None, "T", "from 0 on", [1, 3]),
        ([1, np.nan], None, "T", "from 0 on", [1]),
        ([1, np.inf], None, "L", "from 0 on", [1]),
        ([1, 0], None, "L", "above 0", [1]),
        ([1, 2], [1, -1], "T", "weight", [1]),
        ([1, 2], [np.nan, 1], "T", "weight", [0]),
        ([1, 2], [0, 0], "T", "nothing to measure", []),
        ([], None, "T", "nothing to measure", []),
        ([0, 0], None, "T", "every number is 0", []),
    ],
)
def test_what_has_no_measure_is_refused(x, w, index, words, rows):
    with pytest.raises(DomainError, match=words) as caught:
        theil(np.array(x, float), w=None if w is None else np.array(w, float), index=index)
    assert [row for row, _ in caught.value.cells] == rows


def test_a_unit_without_weight_may_be_anything():
    x, w = np.array([1.0, 3.0, np.nan, 0.0]), np.array([1.0, 1.0, 0.0, 0.0])
    assert theil(x, [np.array([0, 1, 2, 3])], w=w, index="L").total == theil(x[:2], index="L").total


def test_levels_that_are_not_nested_are_refused():
    with pytest.raises(DomainError, match="two groups of the level above"):
        theil(np.array([1.0, 2.0, 3.0]), [np.array([0, 0, 1]), np.array([0, 1, 1])])
