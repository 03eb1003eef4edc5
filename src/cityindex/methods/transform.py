"""Curves and distances: `log`, `power`, `exponential`, `distance`, and scoring by `bands`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, cells_of, significant

__all__ = ["bands", "distance", "exponential", "log", "power"]


def _refuse(wrong: BoolArray, reason: str) -> None:
    if wrong.any():
        raise DomainError(reason, cells=cells_of(wrong))


# -- log --------------------------------------------------------------------------------------------------------------


@step(sign=1)
def log(x: FloatArray, params: Mapping[str, Any], *, plus: float = 0) -> FloatArray:
    """The natural logarithm of x + plus.

    Parameters
    ----------
    x
        Shape (…, n, k); x + plus above 0.
    params
        ``{}``.
    plus
        Added first, in the units of `x`.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Cells where x + plus is not above 0.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> log(np.array([[0.0], [99.0]]), {}, plus=1).round(4).ravel()
    array([0.    , 4.6052])
    """
    moved = x + plus if plus else x
    _refuse(moved <= 0, "the logarithm needs numbers above 0" + (f" after adding {plus:.12g}" if plus else ""))
    return np.log(moved)


# -- power ------------------------------------------------------------------------------------------------------------


def _check_power(options: Mapping[str, Any]) -> list[str]:
    return ["exponent: 0 makes every number 1"] if options.get("exponent") == 0 else []


@step(sign=lambda options: 1 if options["exponent"] > 0 else -1, bare="exponent", check_option=_check_power)
def power(x: FloatArray, params: Mapping[str, Any], *, exponent: float) -> FloatArray:
    """A power of each number; it falls where the exponent is negative.

    Where the power of a negative number does not exist, or would not keep the order (squares), negative numbers are
    refused: take their `distance` first.

    Parameters
    ----------
    x
        Shape (…, n, k): any numbers for exponents 1, 3, 5, …; from 0 on for other positive ones; above 0 for
        negative ones.
    params
        ``{}``.
    exponent
        Any number but 0.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Cells outside the domain.

    References
    ----------
    Tukey, J. W. (1977). Exploratory Data Analysis, chapter 3: the ladder of powers.

    Examples
    --------
    >>> power(np.array([[10.0], [1000.0]]), {}, exponent=-1).ravel()
    array([0.1  , 0.001])
    """
    if exponent < 0:
        _refuse(x <= 0, f"the power {exponent:.12g} needs numbers above 0")
    elif exponent % 2 != 1:
        _refuse(x < 0, f"the power {exponent:.12g} needs numbers from 0 on")
    return x**exponent


# -- exponential ------------------------------------------------------------------------------------------------------


def _check_exponential(options: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}: {options[name]}; above 0 is allowed"
        for name in ("scale", "top")
        if name in options and options[name] <= 0
    ]


@step(sign=1, check_option=_check_exponential)
def exponential(x: FloatArray, params: Mapping[str, Any], *, scale: float = 23, top: float = 100) -> FloatArray:
    """The exponential distribution that the British indices of deprivation give to ranks, from 0 to `top`.

    y = -scale · ln(1 - x (1 - exp(-top / scale))). With scale 23 the top tenth spreads over half of the range, so
    that strength elsewhere hardly cancels it.

    Parameters
    ----------
    x
        Shape (…, n, k), shares from 0 to 1.
    params
        ``{}``.
    scale
        How fast it rises; the larger, the straighter.
    top
        What 1 becomes.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Cells outside 0 to 1.

    References
    ----------
    Social Disadvantage Research Centre (2003). Scottish Indices of Deprivation 2003, appendix 5: exponential
    transformation of the domain indices. Scottish Executive.
    McLennan, D. et al. (2019). The English Indices of Deprivation 2019: technical report. Ministry of Housing,
    Communities and Local Government.

    Examples
    --------
    >>> exponential(np.array([[0.0], [0.9], [1.0]]), {}).round(4).ravel()
    array([  0.    ,  50.4267, 100.    ])
    """
    _refuse((x < 0) | (x > 1), "the exponential transformation needs shares from 0 to 1")
    out = np.multiply(x, np.expm1(-top / scale))
    np.log1p(out, out=out)
    out *= -scale
    return np.clip(out, 0.0, top, out=out)


# -- distance ---------------------------------------------------------------------------------------------------------


def _check_distance(options: Mapping[str, Any]) -> list[str]:
    to = options.get("to", 0)
    if isinstance(to, tuple) and to[0] >= to[1]:
        return [f"to: {list(to)}; two numbers, the lower first, are allowed"]
    return []


@step(sign=1, bare="to", check_option=_check_distance)
def distance(x: FloatArray, params: Mapping[str, Any], *, to: float | tuple[float, float]) -> FloatArray:
    """How far a number lies from a value, or outside an interval (0 within it): |x - to|, max(a - x, x - b, 0).

    ``direction`` then speaks of the distance: ``less`` where near is good. (It is the one step that does not keep
    the order of `x` itself.)

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{}``.
    to
        A value, or the ends [a, b] of an interval, in the units of `x`.

    Returns
    -------
    The shape of `x`, in its units, from 0 on; ``nan`` stays.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: distance to a reference.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> distance(np.array([[17.0], [20.0], [27.0]]), {}, to=(18.5, 25)).ravel()
    array([1.5, 0. , 2. ])
    """
    if not isinstance(to, tuple | list):
        out = np.subtract(x, float(to))
        return np.abs(out, out=out)
    out = np.subtract(to[0], x)
    np.maximum(out, np.subtract(x, to[1]), out=out)
    return np.maximum(out, 0.0, out=out)


# -- bands ------------------------------------------------------------------------------------------------------------


def _check_bands(options: Mapping[str, Any]) -> list[str]:
    cuts, points = options.get("cuts", ()), options.get("points", ())
    problems = []
    if len(points) != len(cuts) + 1:
        problems.append(f"points: {len(points)} for {len(cuts)} cuts, which make {len(cuts) + 1} bands")
    if any(low >= high for low, high in pairwise(cuts)):
        problems.append(f"cuts: {list(cuts)} do not rise")
    if len(set(points)) == 1:
        problems.append(f"points: every band has {points[0]:.12g}")
    return problems


def _sign_bands(options: Mapping[str, Any]) -> int:
    points = options["points"]
    pairs = list(pairwise(points))
    return int(all(a <= b for a, b in pairs)) - int(all(a >= b for a, b in pairs))


@step(sign=_sign_bands, check_option=_check_bands)
def bands(
    x: FloatArray, params: Mapping[str, Any], *, cuts: tuple[float, ...], points: tuple[float, ...]
) -> FloatArray:
    """Points by bands: a scoring table. A number on a cut is in the upper band; 12 significant digits compare.

    ``{bands: {cuts: [10, 20], points: [1, 2, 3]}}``: below 10 one point, from 10 to below 20 two, from 20 on three.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{}``.
    cuts
        Rising, in the units of `x`.
    points
        One more than cuts: for the lowest band first. Their order says whether more is better.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: categorical scales.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> bands(np.array([[9.9], [10.0], [50.0]]), {}, cuts=(10, 20), points=(1, 2, 3)).ravel()
    array([1., 2., 3.])
    """
    band = np.searchsorted(significant(cuts), significant(x), side="right")
    out = np.empty_like(x)
    np.take(np.asarray(points, np.float64), band, out=out)
    out[np.isnan(x)] = np.nan
    return out
