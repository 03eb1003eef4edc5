"""Samples of a region are uniform, against exact moments of simplices, thin and flat ones too; the same by seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.errors import DomainError
from cityindex.methods.polytope import inside, ranges, sample


def corners_to_rows(corners):
    """The rows of the triangle in the plane Σ w = 1 that has these corners, (3, 3)."""
    shares = np.linalg.inv(corners)  # w @ shares are the shares of the corners: none below 0
    return -shares.T, np.zeros(3)


def moments_of_triangle(corners):
    """Mean and covariance of a uniform point: shares are Dirichlet(1, 1, 1)."""
    shares = (3 * np.eye(3) - 1) / 36
    return corners.mean(axis=0), corners.T @ shares @ corners


def test_samples_of_the_simplex_are_uniform():
    """A uniform point of the simplex in d weights has mean 1/d and variance (d − 1) / (d² (d + 1))."""
    points = sample(np.empty((0, 4)), np.empty(0), count=20_000, seed=5)
    np.testing.assert_allclose(points.mean(axis=0), 0.25, atol=0.006)
    np.testing.assert_allclose(points.var(axis=0), 3 / (16 * 5), atol=0.003)
    np.testing.assert_allclose(np.cov(points.T)[0, 1], -1 / (16 * 5), atol=0.003)
    assert (points[:, 0] < 0.1).mean() == pytest.approx(1 - 0.9**3, abs=0.015)


@pytest.mark.parametrize(
    "corners",
    [
        [[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]],
        [[0.2, 0.3, 0.5], [0.6, 0.3, 0.1], [0.40001, 0.29999, 0.3]],  # thin: its width is 1e-5 of its length
        [[0.30001, 0.3, 0.39999], [0.3, 0.30001, 0.39999], [0.3, 0.3, 0.4]],  # small
    ],
    ids=["half", "thin", "small"],
)
def test_samples_of_triangles_are_uniform(corners):
    corners = np.array(corners, float)
    g, h = corners_to_rows(corners)
    points = sample(g, h, count=20_000, seed=6)
    mean, covariance = moments_of_triangle(corners)
    shares, wanted = points @ np.linalg.inv(corners), np.full(3, 1 / 3)
    np.testing.assert_allclose(shares.mean(axis=0), wanted, atol=0.01)
    np.testing.assert_allclose(np.cov(shares.T), (3 * np.eye(3) - 1) / 36, atol=0.004)
    size = np.abs(np.diag(covariance)).max() ** 0.5
    np.testing.assert_allclose((points.mean(axis=0) - mean) / size, 0, atol=0.03)


def test_a_flat_region_is_sampled_within_its_plane():
    """w₁ = 0.3 leaves a segment of length 0.7, on which w₂ is uniform."""
    points = sample(np.array([[1.0, 0, 0], [-1.0, 0, 0]]), np.array([0.3, -0.3]), count=10_000, seed=7)
    np.testing.assert_allclose(points[:, 0], 0.3, atol=1e-9)
    assert points[:, 1].mean() == pytest.approx(0.35, abs=0.01)
    assert points[:, 1].var() == pytest.approx(0.49 / 12, abs=0.001)
    assert (points[:, 1] < 0.07).mean() == pytest.approx(0.1, abs=0.015)


def test_one_point_is_given_again_and_again():
    points = sample(np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([0.3, -0.3]), count=5)
    np.testing.assert_allclose(points, [[0.3, 0.7]] * 5, atol=1e-9)


def test_a_free_sum_is_sampled_where_it_has_an_end():
    """The square [0, 1]²."""
    points = sample(np.eye(2), np.ones(2), total=None, count=10_000, seed=8)
    np.testing.assert_allclose(points.mean(axis=0), 0.5, atol=0.015)
    np.testing.assert_allclose(np.cov(points.T), np.eye(2) / 12, atol=0.004)
    below = sample(np.eye(2), np.zeros(2), total=None, floor=-1.0, count=1000, seed=8)
    assert ((below >= -1) & (below <= 0)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(0, 8))
def test_samples_lie_inside(seed, width, rows):
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    g = rng.normal(size=(rows, width))
    h = g @ w + rng.uniform(0, 0.3, rows)
    points = sample(g, h, count=100, seed=3)
    assert points.shape == (100, width)
    np.testing.assert_allclose(points.sum(axis=1), 1, atol=1e-9)
    assert (points >= -1e-7).all()
    assert inside(g, h + 1e-8 * np.abs(g).max(axis=1, initial=0), points).all()
    np.testing.assert_array_equal(points, sample(g, h, count=100, seed=3))
    assert not np.array_equal(points, sample(g, h, count=100, seed=4))


def test_rows_far_from_the_centre_count_as_well():
    """Of 2,000 rows few take part at first; every sample satisfies them all, and the region is filled."""
    rng = np.random.default_rng(9)
    x, w = rng.uniform(0, 100, (1000, 4)), rng.dirichlet(np.ones(4))
    y = (x @ w).round(1)
    g, h = np.concatenate([x, -x]), np.concatenate([y + 0.05, 0.05 - y])
    points, found = sample(g, h, count=2000, seed=1), ranges(g, h)
    assert inside(g, h, points).all()
    assert ((points.max(axis=0) - points.min(axis=0)) > 0.7 * (found.high - found.low)).all()


def test_a_count_of_none_or_one():
    nothing = np.empty((0, 3)), np.empty(0)
    assert sample(*nothing, count=1, seed=1).shape == (1, 3)
    assert sample(*nothing, count=0, seed=1).shape == (0, 3)


@pytest.mark.parametrize(
    ("g", "h", "options", "words"),
    [
        (np.array([[1.0, 0.0]]), np.array([-1.0]), {}, "empty"),
        (np.array([[1.0, 0.0]]), np.array([1.0]), {"total": None}, "no end"),
        (np.array([[1.0, 0.0]]), np.array([1.0]), {"floor": None}, "no end"),
    ],
)
def test_what_cannot_be_sampled_is_refused(g, h, options, words):
    with pytest.raises(DomainError, match=words):
        sample(g, h, **options)
