"""Treatment of outliers: hold a column between limits, given or learned (`clip`, `fences`) or found by its shape.

`winsorise` looks at the shape; `treat`, next door, goes on to transform what fails still.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, extremes, learn_words, like, quantile, significant, word_problems
from cityindex.methods._shape import Lists, acceptable, hold_lists, limits, present, skewness_kurtosis
from cityindex.methods.rescale import order_of

__all__ = ["clip", "fences", "winsorise"]


# -- clip -------------------------------------------------------------------------------------------------------------


def _check_clip(options: Mapping[str, Any]) -> list[str]:
    low, high = options.get("low"), options.get("high")
    if low is None and high is None:
        return ["say low, high, or both: numbers or words to be learned (min, max, mean, median, p5)"]
    problems = word_problems("low", low) + word_problems("high", high)
    if problems or low is None or high is None or isinstance(low, str) != isinstance(high, str):
        return problems  # a word and a number: the data tell
    return [f"low: {low} is not below high: {high}"] if low == high or order_of(low, high) < 0 else []


def _learn_clip(
    ref: FloatArray, *, low: float | str | None = None, high: float | str | None = None
) -> dict[str, FloatArray]:
    learned = learn_words(ref, low=low, high=high)
    if not learned or low is None or high is None:
        return learned
    bottom = learned.get("low", np.full(ref.shape[-1], low))
    top = learned.get("high", np.full(ref.shape[-1], high))
    if (bottom > top).any():
        columns = np.flatnonzero(bottom > top)
        found = f"low: {low} is learned as {bottom[columns[0]]:.12g}, above high: {high}, {top[columns[0]]:.12g}"
        raise DomainError(found, columns=columns)
    flat = np.flatnonzero((bottom == top) & np.less(*extremes(ref)))
    if flat.size:
        told = (
            f"low: {low} and high: {high} are both learned as {bottom[flat[0]]:.12g}, which makes every unit the same"
        )
        raise DomainError(told, columns=flat)
    return learned


@step(learn=_learn_clip, sign=1, bare=("low", "high"), check_option=_check_clip, treats=True)
def clip(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    low: float | str | None = None,
    high: float | str | None = None,
) -> FloatArray:
    """Hold numbers between two limits: what lies outside is moved to the nearest one.

    y = min(max(x, low), high). Limits that are quantiles winsorise: ``{clip: [p5, p95]}``.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"low": (k,), "high": (k,)}``, those of the two that are words.
    low, high
        Numbers, or words learned from the reference: min, max, mean, median, p5 (a linear quantile). At least one.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, where a word is to be learned; a lower limit that is learned above the upper one, or
        as the same number where the column's differ (p5 and p95 of a column that is mostly 0).

    Notes
    -----
    Peers: SPSSAU and Stata's winsor2 take percentiles anew from each table; here they are kept, and later units are
    held at the same limits. COINr has no percentile rule.

    References
    ----------
    Dixon, W. J. (1960). Simplified estimation from censored normal samples. Annals of Mathematical Statistics 31(2).
    https://doi.org/10.1214/aoms/1177705900

    Examples
    --------
    >>> clip(np.array([[-1.0], [0.5], [7.0]]), {"high": [2.0]}, low=0, high="p95").ravel()
    array([0. , 0.5, 2. ])
    """
    bottom, top = params.get("low", low), params.get("high", high)
    return _hold(x, -np.inf if bottom is None else bottom, np.inf if top is None else top)


def _hold(x: FloatArray, low: npt.ArrayLike, high: npt.ArrayLike) -> FloatArray:
    return np.clip(x, np.asarray(low, np.float64), np.asarray(high, np.float64), out=like(x))


# -- winsorise --------------------------------------------------------------------------------------------------------


def _check_winsorise(options: Mapping[str, Any]) -> list[str]:
    points, quantiles = options.get("points"), options.get("quantiles")
    if (points is None) == (quantiles is None):
        return ["say either points (how many may be moved) or quantiles (such as [0.05, 0.95])"]
    if points is not None and points < 1:
        return [f"points: {points}; 1 or more is allowed"]
    if quantiles is not None and not 0 <= quantiles[0] < quantiles[1] <= 1:
        return [f"quantiles: {list(quantiles)}; two shares between 0 and 1, the lower first, are allowed"]
    return []


def _learn_winsorise(
    ref: FloatArray,
    *,
    points: int | None = None,
    quantiles: tuple[float, float] | None = None,
    skewness: float = 2.0,
    kurtosis: float = 3.5,
) -> dict[str, Lists]:
    if quantiles is not None:
        low, high = (quantile(ref, share).tolist() for share in quantiles)
        return {"low": [[value] for value in low], "high": [[value] for value in high]}
    bottom, top = extremes(ref)
    skew, kurt = skewness_kurtosis(ref)
    fails = ~acceptable(skew, kurt, skewness, kurtosis) & (significant(bottom) != significant(top))
    learned: dict[str, Lists] = {"low": [[] for _ in skew], "high": [[] for _ in skew]}
    for j in np.flatnonzero(fails):
        learned["low"][j], learned["high"][j], _ = limits(present(ref[:, j]), points or 1, skewness, kurtosis)
    return learned


@step(learn=_learn_winsorise, sign=1, check_option=_check_winsorise, treats=True)
def winsorise(x: FloatArray, params: Mapping[str, Any]) -> FloatArray:
    """Move outliers to the next number, as few as it takes for the column's shape to be acceptable; or to quantiles.

    With `points`: while the absolute skewness (adjusted, G1) is at least `skewness` and the excess kurtosis (G2) at
    least `kurtosis`, the highest number, where the skewness is not negative (else the lowest), is set to the next
    one, until `points` numbers have been moved. Equal numbers move together and count together, so that it may be
    more. It stops where one more move would leave the column constant. A column that passes is not touched.

    With `quantiles`: what lies outside two quantiles of the reference is moved to them.

    What is learned is the limits; to apply them is to hold a column between them, row by row.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"low": k lists, "high": k lists}``: a limit, or an empty list where there is none.
    points
        How many numbers may be moved (5 in COINr). Either this or `quantiles`.
    quantiles
        Two shares, such as [0.05, 0.95] (linear between neighbours).
    skewness, kurtosis
        The shape passes if its absolute skewness is below the one, or its excess kurtosis below the other.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number.

    Notes
    -----
    Peers: with `points` the numbers are COINr's, except that COINr goes on until a column is constant, and fails
    there; here it stops before. scipy's winsorize moves a given share at either end, whatever the shape.

    References
    ----------
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567
    Joanes, D. N. and Gill, C. A. (1998). Comparing measures of sample skewness and kurtosis. The Statistician 47(1).
    https://doi.org/10.1111/1467-9884.00122

    Examples
    --------
    >>> ref = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [90.0]])
    >>> params = _learn_winsorise(ref, points=2)
    >>> params
    {'low': [[]], 'high': [[6.0]]}
    >>> winsorise(np.array([[95.0], [-95.0]]), params).ravel()
    array([  6., -95.])
    """
    return hold_lists(x, params["low"], params["high"])


# -- fences -----------------------------------------------------------------------------------------------------------


def _check_fences(options: Mapping[str, Any]) -> list[str]:
    return [f"k: {options['k']}; 0 or more is allowed"] if options.get("k", 0) < 0 else []


def _learn_fences(ref: FloatArray, *, k: float = 1.5) -> dict[str, FloatArray]:
    extremes(ref)  # refuses a column without a number
    lower, upper = quantile(ref, 0.25), quantile(ref, 0.75)
    same = significant(lower) == significant(upper)
    if same.any():
        reason = "half of the numbers or more are the same: the fences would make every unit equal"
        raise DomainError(reason, columns=np.flatnonzero(same))
    reach = k * (upper - lower)
    return {"low": lower - reach, "high": upper + reach}


@step(learn=_learn_fences, sign=1, bare="k", check_option=_check_fences, treats=True)
def fences(x: FloatArray, params: Mapping[str, Any]) -> FloatArray:
    """Hold numbers between Tukey's fences, so many interquartile ranges beyond the quartiles.

    y = min(max(x, Q1 - k (Q3 - Q1)), Q3 + k (Q3 - Q1)). 1.5 gives the inner fences, 3 the outer ones.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"low": (k,), "high": (k,)}``: the fences.
    k
        How many interquartile ranges.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, or whose quartiles are the same number (a constant one too).

    Notes
    -----
    Peers: box plots agree on the rule and differ on the quartiles: here linear between neighbours (Hyndman and Fan's
    type 7, as numpy, R's quantile and Excel); NIST's handbook and SPSS have type 6, R's boxplot Tukey's hinges.
    scikit-criteria has filters, which drop units; here they stay and are held at the fence, not at the next number.

    References
    ----------
    Tukey, J. W. (1977). Exploratory Data Analysis, chapter 2.
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50(4).
    https://doi.org/10.1080/00031305.1996.10473566

    Examples
    --------
    >>> ref = np.array([[1.0], [2.0], [3.0], [4.0], [90.0]])
    >>> fences(ref, _learn_fences(ref)).ravel()
    array([1., 2., 3., 4., 7.])
    """
    return _hold(x, params["low"], params["high"])
