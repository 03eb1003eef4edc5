"""Rounding to decimal places as people do it, not as binary fractions fall (`round`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import step
from cityindex.methods._arrays import FloatArray, significant

__all__ = ["round_"]

How = Literal["half up", "half even", "down"]

DUST = 13  # significant digits that are kept before rounding
LARGE = 1e10  # from here on 13 digits leave too few decimals to round by; 15 are kept
WHOLE = 1e14  # from here on 15 digits do as well


def _check_round(options: Mapping[str, Any]) -> list[str]:
    digits = options.get("digits", 0)
    return [] if -15 <= digits <= 15 else [f"digits: {digits}; -15 to 15 is allowed"]


@step(sign=1, bare="digits", check_option=_check_round)
def round_(x: FloatArray, params: Mapping[str, Any], *, digits: int, how: How = "half up") -> FloatArray:
    """Round to decimal places: what lies half-way is sent away from zero, 57.25 to 57.3.

    It is the decimal number that is rounded: float dust is removed first, at 13 significant digits (15 where that
    would leave fewer than three decimals), so that 2.675, stored as 2.67499999999999982, gives 2.68. The result is
    the float nearest to the decimal.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{}``.
    digits
        Decimal places; negative ones round to tens, hundreds and so on.
    how
        ``half up`` (half away from zero), ``half even``, or ``down`` (towards zero: cut off).

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Notes
    -----
    Peers: spreadsheets send halves away from zero, as published tables mostly do; numpy and pandas send them to the
    even digit (57.25 to 57.2). Here `how` says which.

    References
    ----------
    ISO 80000-1:2009, Quantities and units, Annex B: rounding of numbers. Rule A is ``half even``, rule B ``half up``.

    Examples
    --------
    >>> round_(np.array([[57.25, 0.5765, -2.5]]), {}, digits=1)
    array([[57.3,  0.6, -2.5]])
    >>> round_(np.array([[2.675], [-1250.0]]), {}, digits=-2).ravel()
    array([    0., -1300.])
    """
    power = float(10 ** abs(digits))
    size = np.abs(x)
    lifted = _dusted(size * power if digits >= 0 else size / power)
    if how == "half up":
        whole = np.floor(lifted + 0.5, out=lifted)
    else:
        whole = np.rint(lifted, out=lifted) if how == "half even" else np.floor(lifted, out=lifted)
    rounded = np.divide(whole, power, out=whole) if digits >= 0 else np.multiply(whole, power, out=whole)
    np.copysign(rounded, x, out=rounded)
    rounded += 0.0  # no negative zero
    return rounded


def _dusted(size: FloatArray) -> FloatArray:
    """Sizes without float dust: the shortest decimal of 13 digits, of 15 where they are large."""
    clean = significant(size, DUST)
    large = size >= LARGE
    if large.any():
        values = size[large]
        clean[large] = np.where(values < WHOLE, significant(values, 15), values)
    return clean
