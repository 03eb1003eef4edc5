"""Whether units draw together: the slope of growth on the initial level (beta), and a spread over time (sigma)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray

__all__ = ["Beta", "Trend", "beta_convergence", "log_spread", "trend"]

ALIKE = 1e-12  # logarithms that differ by less are those of one number


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line by least squares: ``intercept + slope · time``.

    Attributes
    ----------
    points
        How many points it is drawn through.
    slope, error
        Change per unit of time, and its standard error (``nan`` with two points, which leave no residual).
    intercept
        The line at time 0.
    r_squared
        The share of the variance that the line explains; ``nan`` where there is none to explain.
    """

    points: int
    slope: float
    error: float
    intercept: float
    r_squared: float

    @property
    def t(self) -> float:
        """The slope over its standard error, with ``points - 2`` degrees of freedom; infinite on an exact line."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.divide(self.slope, self.error))


@dataclass(frozen=True, slots=True)
class Beta:
    """Growth regressed on the initial level; see `beta_convergence`.

    Attributes
    ----------
    units, years
        How many units, and the years between first and last.
    line
        The regression: ``line.slope`` is b, with its standard error, its t and R².
    speed
        The share of the gap to the common steady state that is closed in a year, in continuous time; below 0: the gap
        widens. ``nan`` where b is so low (1 + b · years ≤ 0) that units pass one another.
    half_life
        The years in which half of the gap is closed; ``nan`` where it does not close.
    """

    units: int
    years: float
    line: Trend
    speed: float
    half_life: float


def trend(times: FloatArray, values: FloatArray) -> Trend:
    """The straight line through values over time, by ordinary least squares.

    Parameters
    ----------
    times, values
        Shape (n,), n from 2 on; the times differ.

    Raises
    ------
    DomainError
        Fewer than two points, or all at one time.

    Examples
    --------
    >>> found = trend(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 6.0]))
    >>> found.slope, round(found.intercept, 3), round(found.error, 3), round(found.r_squared, 3)
    (2.5, 0.5, 0.866, 0.893)
    """
    if len(times) < 2:
        raise DomainError(f"a line needs two points; there {'is' if len(times) == 1 else 'are'} {len(times)}")
    across, up = times - times.mean(), values - values.mean()
    squares = float(across @ across)
    if np.ptp(values) <= 1e-13 * np.abs(values).max():  # a constant, but for the rounding of the last digits
        up = np.zeros(len(values))
    if np.ptp(times) == 0:
        raise DomainError("all points stand at one place: there is no line through them")
    slope = float(across @ up) / squares
    left = up - slope * across
    lost, whole = float(left @ left), float(up @ up)
    freedom = len(times) - 2
    return Trend(
        points=len(times),
        slope=slope,
        error=float(np.sqrt(lost / freedom / squares)) if freedom else float("nan"),
        intercept=float(values.mean() - slope * times.mean()),
        r_squared=1 - lost / whole if whole > 0 else float("nan"),
    )


def beta_convergence(first: FloatArray, last: FloatArray, *, years: float) -> Beta:
    """Unconditional beta convergence: do those who begin low grow faster?

    (1 / T) ln(y_T / y_0) = a + b ln y_0 + e, by ordinary least squares over the units. Convergence is b < 0. Barro and
    Sala-i-Martin write b = -(1 - exp(-β T)) / T, so that the speed is β = -ln(1 + b T) / T and the half-life ln 2 / β.

    Parameters
    ----------
    first, last
        Shape (n,), above 0: the levels at the beginning and at the end.
    years
        T, above 0.

    Raises
    ------
    DomainError
        A number that is not above 0; fewer than two units; units that all begin alike.

    References
    ----------
    R. J. Barro, X. Sala-i-Martin (1992), Convergence, *Journal of Political Economy* 100(2), 223–251,
    doi:10.1086/261816.

    Examples
    --------
    In ten years each of these comes half of the way, in logarithms, to 40:

    >>> first = np.array([10.0, 20.0, 40.0, 80.0])
    >>> found = beta_convergence(first, np.sqrt(first * 40), years=10)
    >>> round(found.line.slope, 3), round(found.speed, 4), round(found.half_life, 6)
    (-0.05, 0.0693, 10.0)
    """
    for values in (first, last):
        wrong = ~((values > 0) & (values < np.inf))
        if wrong.any():
            raise DomainError(
                "growth needs numbers above 0", cells=((row, 0) for row in np.flatnonzero(wrong).tolist())
            )
    if len(first) > 1 and np.ptp(np.log(first)) <= ALIKE:
        raise DomainError("all units begin alike: there is nothing to relate growth to")
    moved = np.log(last) - np.log(first)
    if np.ptp(moved) <= ALIKE:
        moved = np.full(len(moved), moved.mean())
    line = trend(np.log(first), moved / years)
    left = 1 + line.slope * years  # the part of a gap that is there at the end
    speed = float(-np.log(left) / years) + 0.0 if left > 0 else float("nan")
    half_life = float(np.log(2) / speed) if speed > 0 else float("nan")
    return Beta(len(first), float(years), line, speed, half_life)


def log_spread(x: FloatArray) -> float:
    """The standard deviation of the logarithms, √(Σ (ln x_i - mean)² / n), whose fall over time is sigma convergence.

    Raises
    ------
    DomainError
        A number that is not above 0.

    Examples
    --------
    >>> round(log_spread(np.exp([1.0, 3.0])), 12)
    1.0
    """
    wrong = ~((x > 0) & (x < np.inf))
    if wrong.any():
        raise DomainError("logarithms need numbers above 0", cells=((row, 0) for row in np.flatnonzero(wrong).tolist()))
    return float(np.log(x).std())
