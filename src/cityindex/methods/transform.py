"""Curves: `log`, `power` and `exponential`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, cells_of

__all__ = ["exponential", "log", "power"]


def _refuse(wrong: BoolArray, reason: str) -> None:
    if wrong.any():
        raise DomainError(reason, cells=cells_of(wrong))


# -- log --------------------------------------------------------------------------------------------------------------


@step(sign=1)
def log(x: FloatArray, params: Mapping[str, Any], *, plus: float = 0) -> FloatArray:
    """The natural logarithm of each number, of which the larger ones are drawn in.

    y = ln(x + plus).

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

    Notes
    -----
    Peers: COINr's ``log_CT`` moves every column by its minimum and a hundredth of its range first (the step
    `log_shift`), and SPSSAU moves what is not above 0 by its minimum and 0.01 without being asked. Here nothing moves
    but by `plus`.

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

    Notes
    -----
    Peers: scikit-criteria's 1/x and pymcdm's squares and cubes pass negative numbers and turn their order without a
    word (1/0 is infinite there); here they are refused, by unit.

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

    Notes
    -----
    Peers: none of COINr, Compind, pymcdm and scikit-criteria has it; the constant 23 is that of the British indices,
    which give it without more digits.

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
