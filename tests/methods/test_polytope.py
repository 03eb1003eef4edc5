"""Regions of weights: exact ranges against vertices, centres, and sets of rows that prove a region empty."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.errors import DomainError
from cityindex.methods.polytope import centre, extent, inside, irreducible, ranges


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
    found = centre(g, h)
    w, radius = found.point, found.radius
    assert w.sum() == pytest.approx(1)
    assert inside(g, h, w[None])[0]
    rng = np.random.default_rng(0)
    around = rng.normal(size=(50, len(w)))
    around -= around.mean(axis=1, keepdims=True)
    around *= radius / np.linalg.norm(around, axis=1, keepdims=True)
    assert ((w + around) >= -1e-7).all()
    if len(h):
        assert (g @ (w + around).T <= h[:, None] + 1e-7).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(6, 25))
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


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(6, 40))
def test_the_multipliers_prove_it_in_fractions(seed, width, rows):
    """Σ λᵢ (gᵢ · w − hᵢ) is above 0 at every corner of the simplex, and so everywhere in it."""
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    g = rng.normal(size=(rows, width))
    h = g @ w + rng.uniform(0, 0.1, rows)
    wrong = rng.integers(rows)
    h[wrong] = g[wrong].min() - 0.5
    found = ranges(g, h)
    assert found.empty is not None
    assert (found.multipliers > 0).all()
    shares = [Fraction(share) for share in found.multipliers.tolist()]
    rows_ = [[Fraction(value) for value in g[row].tolist()] for row in found.empty]
    ends = [Fraction(h[row]) for row in found.empty]
    beyond = sum(share * end for share, end in zip(shares, ends, strict=True))
    corners = [sum(share * row[k] for share, row in zip(shares, rows_, strict=True)) for k in range(width)]
    assert min(corners) > beyond


def test_rows_that_leave_something_prove_nothing():
    with pytest.raises(DomainError, match="nothing is to be proved"):
        irreducible(np.array([[1.0, 0.0]]), np.array([0.5]), [0])


class TestCentre:
    def test_of_a_flat_region_is_in_the_middle_of_it(self):
        found = centre(np.array([[1.0, 0, 0], [-1.0, 0, 0]]), np.array([0.3, -0.3]))
        np.testing.assert_allclose(found.point, [0.3, 0.35, 0.35], atol=1e-9)
        assert found.radius == pytest.approx(0.35 * 2**0.5)
        np.testing.assert_allclose(np.abs(found.basis[:, 0]), [0, 0.5**0.5, 0.5**0.5], atol=1e-12)

    def test_of_one_point_is_that_point(self):
        found = centre(np.array([[1.0, 0], [-1.0, 0]]), np.array([0.3, -0.3]))
        np.testing.assert_allclose(found.point, [0.3, 0.7], atol=1e-9)
        assert (found.radius, found.basis.shape) == (0.0, (2, 0))

    def test_of_one_weight(self):
        assert centre(np.array([[2.0]]), np.array([300.0]), total=100.0).point.tolist() == [100.0]

    def test_where_any_ball_fits_there_is_none(self):
        found = centre(np.array([[-1.0, 0.0]]), np.array([0.0]), total=None)
        assert np.isnan(found.point).all()
        assert found.radius == np.inf

    def test_of_an_empty_region_is_refused(self):
        with pytest.raises(DomainError, match="empty"):
            centre(np.array([[1.0, 0.0]]), np.array([-1.0]))

    @settings(max_examples=40, deadline=None)
    @given(st.integers(0, 10**6), st.integers(3, 6), st.integers(1, 4))
    def test_of_equations_lies_in_their_plane(self, seed, width, rows):
        rng = np.random.default_rng(seed)
        w = rng.dirichlet(np.ones(width))
        x = rng.uniform(0, 100, (rows, width))
        g, h = np.concatenate([x, -x]), np.concatenate([x @ w, -(x @ w)])
        found = centre(g, h)
        assert found.basis.shape[1] == max(width - 1 - rows, 0)
        np.testing.assert_allclose(x @ found.point, x @ w, atol=1e-6)
        assert (found.point >= -1e-9).all()


class TestFloors:
    def test_weights_may_lie_below_0(self):
        g, h = np.array([[1.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]), np.array([1.0, 1.0, 1.0])
        found = ranges(g, h, total=None, floor=None)
        np.testing.assert_allclose([found.low, found.high], [[-1, -1], [2, 2]], atol=1e-9)

    def test_a_floor_bounds_all(self):
        found = ranges(np.empty((0, 4)), np.empty(0), floor=0.2)
        np.testing.assert_allclose([found.low, found.high], [[0.2] * 4, [0.4] * 4], atol=1e-9)
        np.testing.assert_allclose(centre(np.empty((0, 4)), np.empty(0), floor=0.2).point, 0.25, atol=1e-9)

    def test_a_sum_without_a_floor_has_no_end(self):
        found = ranges(np.empty((0, 2)), np.empty(0), floor=None)
        assert np.isinf(found.low).all()
        assert np.isinf(found.high).all()
        assert np.isnan(found.points).all()


def test_the_points_attain_the_ends():
    g, h = np.array([[1.0, 0.0, 0.0]]), np.array([0.25])
    found = ranges(g, h)
    np.testing.assert_allclose(np.diag(found.points[:3]), found.low, atol=1e-9)
    np.testing.assert_allclose(np.diag(found.points[3:]), found.high, atol=1e-9)
    assert inside(g, h, found.points).all()


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_units_of_measurement_do_not_matter(scale):
    rng = np.random.default_rng(2)
    x, w = rng.uniform(0, 100, (30, 4)), rng.dirichlet(np.ones(4))
    y = x @ w
    g, h = np.concatenate([x, -x]) * scale, np.concatenate([y + 0.05, 0.05 - y]) * scale
    one = ranges(np.concatenate([x, -x]), np.concatenate([y + 0.05, 0.05 - y]))
    np.testing.assert_allclose(ranges(g, h).low, one.low, atol=1e-9)
    hundred = ranges(np.concatenate([x, -x]), np.concatenate([y + 0.05, 0.05 - y]) * 100, total=100.0)
    np.testing.assert_allclose(hundred.high, one.high * 100, atol=1e-6)


def test_rows_that_are_doubled_or_empty_change_nothing():
    rng = np.random.default_rng(3)
    x, w = rng.uniform(0, 1, (15, 3)), np.array([0.2, 0.3, 0.5])
    g, h = np.concatenate([x, -x]), np.concatenate([x @ w + 0.01, 0.01 - x @ w])
    more = np.concatenate([g, g, np.zeros((2, 3))]), np.concatenate([h, h, [0.0, 1.0]])
    np.testing.assert_allclose(ranges(*more).low, ranges(g, h).low, atol=1e-9)
    assert ranges(np.zeros((1, 3)), np.array([-1.0])).empty == (0,)


def test_one_wrong_row_of_many_is_in_the_proof():
    rng = np.random.default_rng(4)
    x, w = rng.uniform(0, 1, (500, 4)), rng.dirichlet(np.ones(4))
    y = x @ w
    y[123] += 0.3
    g, h = np.concatenate([x, -x]), np.concatenate([y + 0.001, 0.001 - y])
    assert 623 in ranges(g, h).empty or 123 in ranges(g, h).empty


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((np.ones((2, 3)), np.ones(3)), {}, r"found \(2, 3\) and \(3,\)"),
        ((np.ones(3), np.ones(3)), {}, "a region needs rows"),
        ((np.array([[np.nan, 1.0]]), np.ones(1)), {}, "finite"),
        ((np.ones((1, 2)), np.array([np.inf])), {}, "finite"),
        ((np.ones((1, 2)), np.ones(1)), {"floor": 0.6}, "2 weights of at least 0.6 cannot add up to 1"),
        ((np.ones((1, 2)), np.ones(1)), {"total": np.nan}, "cannot add up to nan"),
    ],
)
def test_bad_input_is_refused(arguments, options, words):
    with pytest.raises(DomainError, match=words):
        ranges(*arguments, **options)
