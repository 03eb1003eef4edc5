"""Random weights: where they lie, and that they are spread as is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityindex.errors import DomainError
from cityindex.methods import weight_draws


def generator(seed=1):
    return np.random.default_rng(seed)


def test_the_simplex_is_not_biased_to_the_middle():
    drawn = weight_draws.simplex(generator(), 200_000, 3)
    assert drawn.sum(axis=1) == pytest.approx(1)
    # of three, the share of sets whose largest weight is above 1/2 is 3/4 on a uniform simplex
    assert (drawn.max(axis=1) > 0.5).mean() == pytest.approx(0.75, abs=0.005)
    crowded = generator().uniform(size=(200_000, 3))
    crowded /= crowded.sum(axis=1, keepdims=True)
    assert (crowded.max(axis=1) > 0.5).mean() < 0.55


@given(st.integers(0, 10**6), st.integers(2, 12), st.floats(0.05, 0.9))
def test_a_box_is_kept_to(seed, count, width):
    own = generator(seed)
    middle = own.dirichlet(np.ones(count))
    low, high = (
        np.maximum(middle - width * own.uniform(size=count), 0),
        np.minimum(middle + width * own.uniform(size=count), 1),
    )
    drawn = weight_draws.between(own, 50, low, high)
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert (drawn >= low - 1e-12).all()
    assert (drawn <= high + 1e-12).all()


def test_a_box_is_filled_evenly():
    """Against rejection from the simplex, on a box that is neither wide nor narrow."""
    low, high = np.array([0.1, 0.2, 0.0, 0.0]), np.array([0.5, 0.6, 0.4, 0.3])
    drawn = weight_draws.between(generator(2), 60_000, low, high)
    plain = weight_draws.simplex(generator(3), 400_000, 4)
    plain = plain[((plain >= low) & (plain <= high)).all(axis=1)]
    np.testing.assert_allclose(drawn.mean(axis=0), plain.mean(axis=0), atol=0.003)
    np.testing.assert_allclose(np.cov(drawn.T), np.cov(plain.T), atol=0.0006)
    for share in (0.1, 0.5, 0.9):
        np.testing.assert_allclose(np.quantile(drawn, share, axis=0), np.quantile(plain, share, axis=0), atol=0.006)


def test_boxes_that_are_points_and_those_that_are_empty():
    only = np.array([0.25, 0.75])
    np.testing.assert_allclose(weight_draws.between(generator(), 3, only, np.array([0.25, 0.9])), np.tile(only, (3, 1)))
    np.testing.assert_allclose(weight_draws.between(generator(), 3, np.array([0, 0]), only), np.tile(only, (3, 1)))
    with pytest.raises(DomainError, match="cannot add up to 1"):
        weight_draws.between(generator(), 3, np.array([0.6, 0.6]), np.array([1, 1]))
    with pytest.raises(DomainError, match="above the highest") as caught:
        weight_draws.between(generator(), 3, np.array([0.6, 0.2]), np.array([0.5, 1]))
    assert list(caught.value.columns) == [0]


def test_weights_of_zero_stay_zero_and_tiny_concentrations_are_sound():
    drawn = weight_draws.dirichlet(generator(), 1000, np.array([0.0, 3.0, 1.0]), concentration=1e-3)
    assert (drawn[:, 0] == 0).all()
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert (weight_draws.factor(generator(), 100, np.array([0.0, 2.0]), by=0.5)[:, 0] == 0).all()
