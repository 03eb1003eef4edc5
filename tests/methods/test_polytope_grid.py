"""Simple schemes in a region: all of them, by brute force; and what is said where there are too many."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.methods import _lattice
from cityindex.methods.polytope import grid, inside, ranges


def every(width, parts):
    """Every scheme of a grid."""
    rest = np.array([point for point in product(range(parts + 1), repeat=width - 1) if sum(point) <= parts])
    return np.column_stack([rest, parts - rest.sum(axis=1)]) / parts


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(0, 6), st.sampled_from([1, 4, 10, 20]), st.booleans())
def test_grids_are_complete(seed, width, rows, parts, equations):
    rng = np.random.default_rng(seed)
    w = rng.multinomial(parts, np.full(width, 1 / width)) / parts  # on the grid
    g = rng.normal(size=(rows, width))
    h = g @ w + (0 if equations else rng.uniform(0, 0.2, rows))
    if equations:
        g, h = np.concatenate([g, -g]), np.concatenate([h, -h])
    points, complete = grid(g, h, ranges(g, h), parts=parts, limit=10_000)
    all_points = every(width, parts)
    wanted = all_points[inside(g, h, all_points)]
    assert complete
    assert sorted(map(tuple, points.round(9))) == sorted(map(tuple, wanted.round(9)))
    assert any(np.allclose(point, w) for point in points)


def test_another_total_scales_the_grid():
    g, h = np.array([[1.0, 0.0]]), np.array([25.0])
    points, complete = grid(g, h, ranges(g, h, total=100.0), parts=20, total=100.0)
    assert complete
    np.testing.assert_allclose(points[:, 0], [0, 5, 10, 15, 20, 25])


def test_one_weight_has_one_scheme():
    nothing = np.empty((0, 1)), np.empty(0)
    assert grid(*nothing, ranges(*nothing), parts=7).points.tolist() == [[1.0]]


@pytest.mark.parametrize("limit", [0, 50])
def test_more_than_the_limit_are_said_to_be_more(limit):
    nothing = np.empty((0, 12)), np.empty(0)
    points, complete = grid(*nothing, ranges(*nothing), parts=100, limit=limit)
    assert (len(points), complete) == (limit, False)
    np.testing.assert_allclose(points.sum(axis=1), 1)


def test_exactly_the_limit_is_all():
    nothing = np.empty((0, 2)), np.empty(0)
    points, complete = grid(*nothing, ranges(*nothing), parts=10, limit=11)
    assert (len(points), complete) == (11, True)


def test_a_search_that_is_given_up_says_so():
    rng = np.random.default_rng(0)
    g = rng.uniform(0, 1, (3, 8))
    h = g @ np.full(8, 1 / 8) + 1e-6
    region = np.concatenate([g, -g]), np.concatenate([h, 2e-6 - h])
    found = ranges(*region)
    assert not grid(*region, found, parts=100, work=1000).complete
    assert grid(*region, found, parts=10).complete


def test_an_empty_region_has_none():
    g, h = np.array([[1.0, 0.0]]), np.array([-1.0])
    points, complete = grid(g, h, ranges(g, h), parts=10)
    assert (points.shape, complete) == ((0, 2), True)


def test_small_blocks_find_the_same(monkeypatch):
    rng = np.random.default_rng(1)
    g = rng.normal(size=(4, 4))
    h = g @ np.array([0.1, 0.2, 0.3, 0.4]) + 0.1
    found = ranges(g, h)
    whole = grid(g, h, found, parts=20)
    monkeypatch.setattr(_lattice, "BLOCK", 1)
    np.testing.assert_array_equal(grid(g, h, found, parts=20).points, whole.points)


def test_rows_beyond_those_that_bound_the_search_count(monkeypatch):
    rng = np.random.default_rng(2)
    g = rng.normal(size=(30, 3))
    h = g @ np.array([0.2, 0.3, 0.5]) + rng.uniform(0, 0.1, 30)
    found = ranges(g, h)
    whole = grid(g, h, found, parts=100)
    monkeypatch.setattr(_lattice, "ROWS", 1)
    np.testing.assert_array_equal(grid(g, h, found, parts=100).points, whole.points)
