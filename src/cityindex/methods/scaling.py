"""Ratios to a number of the reference: `share` of its sum, `vector` (its length), `relative` to a base."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import (
    FloatArray,
    cells_of,
    extremes,
    learn_words,
    like,
    word_problems,
)
from cityindex.methods._scales import above_zero
from cityindex.methods._summary import Summary

__all__ = ["check_shares", "relative", "share", "vector"]


def _refuse_cells(x: FloatArray, *, inverse: bool, what: str) -> None:
    """Shares take numbers from 0 on, reciprocals numbers above 0."""
    wrong = x <= 0 if inverse else x < 0
    if wrong.any():
        raise DomainError(f"{what} needs numbers {'above 0' if inverse else 'from 0 on'}", cells=cells_of(wrong))


def check_shares(x: FloatArray, *, inverse: bool = False) -> None:
    """Refuse the numbers that `share` cannot take."""
    _refuse_cells(x, inverse=inverse, what="a share of reciprocals" if inverse else "a share of the sum")


def _column_sums(values: FloatArray) -> FloatArray:
    """The sum of each column, ``nan`` ignored, along contiguous memory whatever the layout; shape (k,)."""
    columns = np.ascontiguousarray(values.T)
    return np.asarray(np.where(np.isnan(columns), 0.0, columns).sum(axis=1), np.float64)


# -- share ------------------------------------------------------------------------------------------------------------


def _learn_share(ref: FloatArray | Summary, *, inverse: bool = False) -> dict[str, FloatArray]:
    _, high = extremes(ref)
    if not isinstance(ref, Summary):  # else the rows were looked at as they were added up
        check_shares(ref, inverse=inverse)
    if (high == 0).any():
        raise DomainError("every number is 0: there is nothing to share", columns=np.flatnonzero(high == 0))
    if isinstance(ref, Summary):
        return {"sum": ref.totals["reciprocals" if inverse else "sum"]}
    return {"sum": _column_sums(1 / ref if inverse else ref)}


@step(
    learn=_learn_share,
    sign=lambda options: -1 if options["inverse"] else 1,
    check_option=lambda options: above_zero(options, "total"),
)
def share(x: FloatArray, params: Mapping[str, Any], *, total: float = 1, inverse: bool = False) -> FloatArray:
    """The share of the sum of the reference that a unit has (linear sum normalisation).

    y = total · x / Σx. With ``inverse: true``, where less is better, y = total · (1/x) / Σ(1/x), the reciprocal of the
    textbooks. It does not turn by `direction`, as 1 - x / Σx would be another method: shares then add up to n - 1.

    Parameters
    ----------
    x
        Shape (…, n, k): numbers from 0 on; above 0 with `inverse`.
    params
        ``{"sum": (k,)}``: of the numbers, or of their reciprocals.
    total
        What the shares of the reference add up to: 1, or 100 for per cents.
    inverse
        Whether reciprocals are shared.

    Returns
    -------
    The shape of `x`; ``nan`` stays, and has no part in the sum.

    Raises
    ------
    DomainError
        Negative numbers (with `inverse` 0, too); a column without a number, or with zeros only.

    References
    ----------
    Hwang, C.-L. and Yoon, K. (1981). Multiple Attribute Decision Making: Methods and Applications. Springer.
    https://doi.org/10.1007/978-3-642-48318-9

    Notes
    -----
    Peers: pymcdm has the same pair of formulas, and refuses zeros under either. scikit-criteria divides by the sum
    whatever its sign, so that a negative one turns the order without a word; here negative numbers are refused.

    Examples
    --------
    >>> share(np.array([[1.0], [3.0]]), {"sum": [4.0]}, total=100).ravel()
    array([25., 75.])
    """
    check_shares(x, inverse=inverse)
    out: FloatArray = np.divide(1 / x if inverse else x, np.asarray(params["sum"], np.float64), out=like(x))
    if total != 1:
        out *= total
    return out


# -- vector -----------------------------------------------------------------------------------------------------------


def _learn_vector(ref: FloatArray | Summary) -> dict[str, FloatArray]:
    low, high = extremes(ref)
    largest = np.maximum(np.abs(low), np.abs(high))
    if (largest == 0).any():
        raise DomainError("every number is 0: the column has no length", columns=np.flatnonzero(largest == 0))
    if isinstance(ref, Summary):
        return {"norm": ref.totals["norm"]}
    return {"norm": largest * np.sqrt(_column_sums(np.square(ref / largest)))}


@step(learn=_learn_vector, sign=1, reflect=lambda options: 1.0)
def vector(x: FloatArray, params: Mapping[str, Any]) -> FloatArray:
    """Vector normalisation: each number over the Euclidean length of the reference column.

    y = x / √Σx². With ``direction: less`` the result is reflected: 1 - x / √Σx². It is what the TOPSIS of the
    textbooks starts from.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units; 0 stays 0.
    params
        ``{"norm": (k,)}``.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, or with zeros only.

    References
    ----------
    Hwang, C.-L. and Yoon, K. (1981). Multiple Attribute Decision Making: Methods and Applications. Springer.
    https://doi.org/10.1007/978-3-642-48318-9

    Notes
    -----
    Peers: pymcdm reflects where less is better, too; scikit-criteria scales both directions alike and leaves the
    turning to the method that follows. A carried column has to be turned, so it is reflected here.

    Examples
    --------
    >>> vector(np.array([[3.0], [4.0]]), {"norm": [5.0]}).ravel()
    array([0.6, 0.8])
    """
    return np.divide(x, np.asarray(params["norm"], np.float64), out=like(x))


# -- relative ---------------------------------------------------------------------------------------------------------


def _check_relative(options: Mapping[str, Any]) -> list[str]:
    return word_problems("base", options.get("base")) + above_zero(options, "base", "scale")


def _learn_relative(ref: FloatArray, *, base: float | str) -> dict[str, FloatArray]:
    learned = learn_words(ref, base=base)
    for found in learned.values():
        wrong = np.flatnonzero(found <= 0)
        if wrong.size:
            told = f"the base ({base}) is {found[wrong[0]]:.12g}; a ratio needs a base above 0"
            raise DomainError(told, columns=wrong)
    return learned


@step(
    learn=_learn_relative,
    sign=lambda options: -1 if options["inverse"] else 1,
    bare="base",
    check_option=_check_relative,
)
def relative(
    x: FloatArray, params: Mapping[str, Any], *, base: float | str, scale: float = 100, inverse: bool = False
) -> FloatArray:
    """An index number: each number over a base, which is `scale` itself.

    y = scale · x / base, or with ``inverse: true``, where less is better, y = scale · base / x. A fixed base period is
    the reference: ``reference: {year: 2010}`` with ``{relative: {base: mean, within: city}}`` makes each city's own
    2010 its 100. Base ``max`` (or ``min`` and `inverse`) is the linear scale transformation of the textbooks.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units; above 0 with `inverse`.
    params
        ``{"base": (k,)}`` where it is a word, else ``{}``.
    base
        A number above 0 or a word: min, max, mean, median, p5.
    scale
        What the base becomes, above 0.
    inverse
        Whether the base stands above the line.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A learned base that is not above 0; with `inverse`, numbers that are not.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: distance to a reference.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: pymcdm (``linear``) divides by a negative maximum, which turns the order; scikit-criteria replaces a base
    of 0 by 0.00001. SPSSAU has a name for every base (mean, minimum, maximum, first). Here the base is an option, and
    has to be above 0.

    Examples
    --------
    >>> relative(np.array([[80.0], [110.0]]), {"base": [100.0]}, base="mean").ravel()
    array([ 80., 110.])
    """
    known = np.asarray(params["base"] if isinstance(base, str) else base, np.float64)
    if inverse:
        _refuse_cells(x, inverse=True, what="a base over a number")
        out: FloatArray = np.divide(known, x, out=like(x))
    else:
        out = np.divide(x, known, out=like(x))
    if scale != 1:
        out *= scale
    return out
