"""Beta and sigma convergence: worked cases, laws, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityindex.errors import DomainError
from cityindex.methods.convergence import beta_convergence, log_spread, trend


def test_a_line_by_hand():
    """(0, 1), (1, 2), (2, 6): slope 5/2, residuals ½, -1, ½; R² = 12.5 / 14."""
    found = trend(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0]))
    assert (found.slope, found.intercept) == pytest.approx((2.5, 0.5))
    assert found.error == pytest.approx(math.sqrt(1.5 / 2))
    assert found.r_squared == pytest.approx(12.5 / 14)
    assert found.t == pytest.approx(2.5 / math.sqrt(0.75))


def test_the_line_is_that_of_scipy():
    from scipy.stats import linregress

    random = np.random.default_rng(3)
    x, y = random.normal(size=40), random.normal(size=40)
    ours, theirs = trend(x, y), linregress(x, y)
    assert (ours.slope, ours.intercept, ours.error) == pytest.approx((theirs.slope, theirs.intercept, theirs.stderr))
    assert ours.r_squared == pytest.approx(theirs.rvalue**2)


def test_two_points_leave_no_residual():
    found = trend(np.array([1.0, 3.0]), np.array([5.0, 9.0]))
    assert found.slope == 2
    assert math.isnan(found.error)
    assert math.isnan(found.t)


@given(
    start=st.lists(st.floats(0.5, 500), min_size=3, max_size=20, unique=True),
    speed=st.floats(0.001, 0.2),
    years=st.integers(1, 30),
)
def test_units_that_approach_a_level_at_a_speed_are_found_at_that_speed(start, speed, years):
    """ln y_T = e^{-βT} ln y_0 + (1 - e^{-βT}) ln y*: the law from which the regression comes."""
    first = np.array(start)
    if np.ptp(np.log(first)) < 1e-3:
        return
    left = math.exp(-speed * years)
    last = np.exp(left * np.log(first) + (1 - left) * math.log(40))
    found = beta_convergence(first, last, years=years)
    assert found.speed == pytest.approx(speed, rel=1e-6)
    assert found.half_life == pytest.approx(math.log(2) / speed, rel=1e-6)
    assert found.line.slope == pytest.approx(-(1 - left) / years, rel=1e-6)
    assert log_spread(last) == pytest.approx(left * log_spread(first), rel=1e-9)


@given(factor=st.floats(0.01, 100), growth=st.floats(0.5, 2))
def test_a_scale_and_a_growth_of_all_change_no_slope(factor, growth):
    first, last = np.array([10.0, 20, 40, 80]), np.array([14.0, 22, 50, 70])
    once, again = beta_convergence(first, last, years=5), beta_convergence(first * factor, last * growth, years=5)
    assert again.line.slope == pytest.approx(once.line.slope, rel=1e-9)


@given(factor=st.floats(0.5, 2), start=st.lists(st.floats(0.5, 500), min_size=2, max_size=20, unique=True))
def test_units_that_grow_alike_have_no_slope_made_of_rounding(factor, start):
    first = np.array(start)
    if np.ptp(np.log(first)) < 1e-3:
        return
    found = beta_convergence(first, first * factor, years=7)
    assert (found.line.slope, found.speed) == (0, 0)
    assert math.isnan(found.half_life)
    assert math.isnan(found.line.r_squared)


def test_a_constant_has_a_line_without_slope():
    found = trend(np.arange(3.0), np.full(3, 0.1))
    assert (found.slope, found.error, found.intercept) == (0, 0, pytest.approx(0.1))
    assert math.isnan(found.r_squared)


def test_gaps_that_widen_have_no_half_life():
    found = beta_convergence(np.array([1.0, 2.0, 4.0]), np.array([1.0, 4.0, 16.0]), years=10)
    assert found.speed < 0
    assert math.isnan(found.half_life)


def test_units_that_pass_one_another_have_no_speed():
    found = beta_convergence(np.array([1.0, 2.0, 4.0]), np.array([4.0, 2.0, 1.0]), years=1)
    assert found.line.slope == pytest.approx(-2)
    assert math.isnan(found.speed)


def test_what_has_no_growth_is_refused():
    with pytest.raises(DomainError, match="above 0") as caught:
        beta_convergence(np.array([1.0, 0.0]), np.array([1.0, 2.0]), years=1)
    assert caught.value.cells == ((1, 0),)
    with pytest.raises(DomainError, match="begin alike"):
        beta_convergence(np.array([2.0, 2.0]), np.array([1.0, 2.0]), years=1)
    with pytest.raises(DomainError, match="two points; there is 1"):
        beta_convergence(np.array([2.0]), np.array([1.0]), years=1)
    with pytest.raises(DomainError, match="one place"):
        trend(np.array([2.0, 2.0]), np.array([1.0, 2.0]))
    with pytest.raises(DomainError, match="above 0"):
        log_spread(np.array([1.0, -1.0]))
