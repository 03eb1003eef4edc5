"""Regions of weights: exact ranges against vertices, centres, grids, samples, and sets that prove a region empty."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.methods.polytope import centre, extent, grid, inside, irreducible, ranges, sample


def vertices(g, h):
    """Every vertex of {w ≥ 0 : G w ≤ h, Σ w = 1}, by brute force."""
    width = g.shape[1]
    rows = np.concatenate([g, -np.eye(width)])
    ends = np.append(h, np.zeros(width))
    found = []
    for chosen in combinations(range(len(rows)), width - 1):
        matrix = np.concatenate([rows[list(chosen)], np.ones((1, width))])
        if abs(np.linalg.det(matrix)) > 1e-9:
            point = np.linalg.solve(matrix, np.append(ends[list(chosen)], 1.0))
            if (rows @ point <= ends + 1e-9).all():
                found.append(point)
    return np.array(found)


@st.composite
def regions(draw):
    """A few rows around a true point, so that it is inside."""
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    width, rows = draw(st.integers(2, 4)), draw(st.integers(0, 6))
    w = rng.dirichlet(np.ones(width))
    g = rng.normal(size=(rows, width))
    return g, g @ w + rng.uniform(0, 0.3, rows), w


@settings(max_examples=60, deadline=None)
@given(regions())
def test_ranges_are_those_of_the_vertices(region):
    g, h, _ = region
    corners = vertices(g, h)
    found = ranges(g, h)
    np.testing.assert_allclose(found.low, corners.min(axis=0), atol=1e-7)
    np.testing.assert_allclose(found.high, corners.max(axis=0), atol=1e-7)
    direction = np.arange(g.shape[1], dtype=float)[None]
    span = extent(g, h, direction)
    np.testing.assert_allclose(span.low[0], (corners @ direction[0]).min(), atol=1e-7)
    np.testing.assert_allclose(span.high[0], (corners @ direction[0]).max(), atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(regions())
def test_the_centre_is_inside_with_its_ball(region):
    g, h, _ = region
    w, radius = centre(g, h)
    assert w.sum() == pytest.approx(1)
    assert inside(g, h, w[None])[0]
    rng = np.random.default_rng(0)
    around = rng.normal(size=(50, len(w)))
    around -= around.mean(axis=1, keepdims=True)
    around *= radius / np.linalg.norm(around, axis=1, keepdims=True)
    assert ((w + around) >= -1e-7).all()
    if len(h):
        assert (g @ (w + around).T <= h[:, None] + 1e-7).all()


@settings(max_examples=40, deadline=None)
@given(regions())
def test_samples_lie_inside(region):
    g, h, _ = region
    points = sample(g, h, count=100, seed=3)
    np.testing.assert_allclose(points.sum(axis=1), 1, atol=1e-9)
    assert (points >= -1e-7).all()
    if len(h):
        assert (g @ points.T <= h[:, None] + 1e-7 * np.abs(g).max()).all()
    np.testing.assert_array_equal(points, sample(g, h, count=100, seed=3))


def test_samples_of_the_simplex_are_uniform():
    """A uniform point of the simplex in d weights has mean 1/d and variance (d − 1) / (d² (d + 1))."""
    points = sample(np.empty((0, 4)), np.empty(0), count=20_000, seed=5)
    np.testing.assert_allclose(points.mean(axis=0), 0.25, atol=0.006)
    np.testing.assert_allclose(points.var(axis=0), 3 / (16 * 5), atol=0.003)
    np.testing.assert_allclose(np.cov(points.T)[0, 1], -1 / (16 * 5), atol=0.003)
    assert (points[:, 0] < 0.1).mean() == pytest.approx(1 - 0.9**3, abs=0.015)


def test_samples_of_half_a_triangle_are_uniform():
    """w₁ ≥ w₂ cuts the triangle in halves: the mean of w₁ is (1 + 1/2 + 1/3) / … by its corners."""
    points = sample(np.array([[-1.0, 1.0, 0.0]]), np.array([0.0]), count=20_000, seed=6)
    corners = np.array([[1, 0, 0], [0.5, 0.5, 0], [0, 0, 1]])
    np.testing.assert_allclose(points.mean(axis=0), corners.mean(axis=0), atol=0.01)


@pytest.mark.parametrize("parts", [4, 10])
def test_grids_are_complete(parts):
    rng = np.random.default_rng(7)
    g = rng.normal(size=(4, 3))
    h = g @ np.array([0.5, 0.3, 0.2]) + 0.2
    found, complete = grid(g, h, ranges(g, h), parts=parts)
    every = np.array([p for p in product(range(parts + 1), repeat=3) if sum(p) == parts]) / parts
    wanted = every[inside(g, h, every)]
    assert complete
    assert sorted(map(tuple, found.round(9))) == sorted(map(tuple, wanted.round(9)))


def test_a_grid_that_is_too_large_says_so():
    nothing = np.empty((0, 12)), np.empty(0)
    points, complete = grid(*nothing, ranges(*nothing), parts=100, limit=50)
    assert (len(points), complete) == (50, False)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(6, 40))
def test_an_empty_region_is_proved_by_rows_of_which_none_can_go(seed, width, rows):
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    g = rng.normal(size=(rows, width))
    h = g @ w + rng.uniform(0, 0.1, rows)
    g = np.concatenate([g, -g[:1]])
    h = np.append(h, -h[0] - 0.5)  # the opposite of the first row, half a unit further
    found = ranges(g, h)
    assert found.empty is not None
    chosen = list(found.empty)
    assert ranges(g[chosen], h[chosen]).empty is not None
    for row in chosen:
        without = [other for other in chosen if other != row]
        assert not without or ranges(g[without], h[without]).empty is None
    assert irreducible(g, h, range(len(h)))


def test_without_a_sum_there_may_be_no_end():
    found = ranges(np.array([[1.0, -1.0]]), np.array([0.0]), total=None)
    assert found.low.tolist() == [0, 0]
    assert np.isinf(found.high).all()
    bounded = ranges(np.array([[1.0, 1.0]]), np.array([3.0]), total=None)
    np.testing.assert_allclose(bounded.high, 3)


def test_an_end_among_rows_that_enter_late_is_found():
    """Without a sum, the one row that bounds w₂ is far from where the search begins."""
    rng = np.random.default_rng(1)
    g = np.concatenate([np.column_stack([rng.uniform(1, 2, 500), np.zeros(500)]), [[0.0, 1e-3]]])
    h = np.append(np.full(500, 2.0), 1.0)
    np.testing.assert_allclose(ranges(g, h, total=None).high[1], 1000)


def test_one_weight_and_equal_columns():
    assert ranges(np.array([[2.0]]), np.array([2.0])).low.tolist() == [1.0]
    twins = ranges(np.array([[1.0, 1.0, 0.0]]), np.array([0.4]))
    np.testing.assert_allclose([twins.low, twins.high], [[0, 0, 0.6], [0.4, 0.4, 1]], atol=1e-9)


def test_a_flat_region_gives_its_centre():
    g = np.array([[1.0, 0.0], [-1.0, 0.0]])
    points = sample(g, np.array([0.3, -0.3]), count=5)
    np.testing.assert_allclose(points, [[0.3, 0.7]] * 5)
