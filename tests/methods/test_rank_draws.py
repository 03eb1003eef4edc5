"""Ranks of many draws are those of a sort, exact to ties within a tolerance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from cityindex.methods.rank import rank
from cityindex.methods.rank_draws import rank_draws


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 2, 3, 50, 511, 512, 513, 700]),
    st.sampled_from(["smooth", "rounded", "heavy tail", "shifted", "twins"]),
    st.booleans(),
)
def test_they_are_the_ranks_of_a_sort(seed, units, kind, highest):
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(4, units))
    exact = scores
    if kind == "rounded":
        exact = scores = scores.round(1)
    elif kind == "heavy tail":
        exact = scores = np.exp(3 * scores)
    elif kind == "shifted":
        exact = scores = 1e3 + scores
    elif kind == "twins":  # the same numbers but for float dust
        exact = scores[:, generator.integers(0, units, units)]
        scores = exact * (1 + generator.normal(size=exact.shape) * 1e-15)
    expected = rankdata(-exact if highest else exact, method="min", axis=1)
    found = rank_draws(scores, highest_first=highest)
    assert found.shape == (units, 4)
    if kind == "heavy tail":  # numbers nearer than 1e-12 of the largest tie, and whoever stands behind them moves up
        apart = np.abs(found.T.astype(int) - expected)
        near = np.abs(np.diff(np.sort(exact, axis=1), axis=1)) <= 1e-12 * exact.max(axis=1, keepdims=True)
        assert (apart.sum(axis=1) <= near.sum(axis=1) ** 2).all()
    else:
        np.testing.assert_array_equal(found.T, expected)


def test_they_agree_with_the_ranks_of_results():
    scores = np.random.default_rng(1).normal(size=(50, 80)).round(2)
    np.testing.assert_array_equal(rank_draws(scores).T, rank(scores))
    np.testing.assert_array_equal(rank_draws(scores, highest_first=False).T, rank(scores, first="lowest"))


def test_draws_where_all_tie_and_where_numbers_are_zero():
    assert (rank_draws(np.full((3, 40), 7.5)) == 1).all()
    assert (rank_draws(np.zeros((3, 600))) == 1).all()


def test_more_units_than_a_rank_can_count_are_refused():
    with pytest.raises(ValueError, match="65535"):
        rank_draws(np.zeros((1, 65_536)))
