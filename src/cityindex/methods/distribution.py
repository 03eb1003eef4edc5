"""What columns look like: counts, quantiles, moments, repeated values, outliers. A look, not a change."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods._moments import FOURTH, levelled
from cityindex.methods._shape import acceptable, limits, skewness_kurtosis

__all__ = ["Distribution", "distribution", "shape_outliers"]

IntArray = np.ndarray[Any, np.dtype[np.intp]]

FENCE = 1.5  # interquartile ranges from the quartiles to Tukey's fences


class Distribution(NamedTuple):
    """One entry per column, (k,), of the numbers that are there; ``nan`` where a statistic is not defined.

    Attributes
    ----------
    present, zeros, distinct, same
        How many numbers there are; of them 0; different ones (at 12 significant digits); equal to the most frequent.
    low, q1, median, q3, high
        Extremes and quartiles (linear between neighbours: Hyndman and Fan's type 7).
    mean, sd, skewness, kurtosis
        The standard deviation by n - 1; skewness G1 and excess kurtosis G2, adjusted for the sample.
    below, above
        How many numbers lie beyond Tukey's fences, q1 - 1.5 (q3 - q1) and q3 + 1.5 (q3 - q1).
    """

    present: FloatArray
    zeros: FloatArray
    distinct: FloatArray
    same: FloatArray
    low: FloatArray
    q1: FloatArray
    median: FloatArray
    q3: FloatArray
    high: FloatArray
    mean: FloatArray
    sd: FloatArray
    skewness: FloatArray
    kurtosis: FloatArray
    below: FloatArray
    above: FloatArray


def distribution(ref: FloatArray) -> Distribution:
    """The statistics of each column of a table, (n, k), ``nan`` missing; an empty column has counts of 0 and ``nan``.

    References
    ----------
    Tukey, J. W. (1977). Exploratory Data Analysis. Addison-Wesley.
    Joanes, D. N. and Gill, C. A. (1998). Comparing measures of sample skewness and kurtosis. The Statistician 47(1).
    https://doi.org/10.1111/1467-9884.00122

    Notes
    -----
    Peers: the 19 statistics of COINr's get_stats are among these, or follow from them; COINr compares values by their
    bits, so that 3.4 and 3.4000000000000004 count as two.

    Examples
    --------
    >>> found = distribution(np.array([[0.0], [1.0], [1.0], [2.0], [np.nan], [30.0]]))
    >>> found.present, found.distinct, found.same, found.median, found.skewness.round(2), found.above
    (array([5.]), array([4.]), array([2.]), array([1.]), array([2.22]), array([1.]))
    """
    level, power = _levelled(ref)
    ordered = np.sort(np.ascontiguousarray(level.T), axis=-1)  # nan last
    present = (~np.isnan(ordered)).sum(axis=-1)
    low, q1, median, q3, high = (_quantile(ordered, present, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    mean, sd = _mean_sd(ordered, present, low, high)
    skewness, kurtosis = skewness_kurtosis(level) if ref.size else np.full((2, len(present)), np.nan)
    distinct, same = _repeats(ordered * power[:, None], present)
    shapeless = distinct < 2
    reach = FENCE * (q3 - q1)
    return Distribution(
        present=present.astype(np.float64),
        zeros=_count(ordered == 0),
        distinct=distinct,
        same=same,
        low=low * power,
        q1=q1 * power,
        median=median * power,
        q3=q3 * power,
        high=high * power,
        mean=mean * power,
        sd=sd * power,
        skewness=np.where(shapeless, np.nan, skewness),
        kurtosis=np.where(shapeless, np.nan, kurtosis),
        below=_count(ordered < (q1 - reach)[:, None]),
        above=_count(ordered > (q3 + reach)[:, None]),
    )


def _levelled(ref: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Columns of huge or tiny numbers by a power of two each, and by which: their fourth powers are numbers."""
    if not ref.size:
        return ref, np.ones(ref.shape[-1])
    return levelled(ref, np.fmin.reduce(ref, axis=0), np.fmax.reduce(ref, axis=0), within=FOURTH)


def _count(found: BoolArray) -> FloatArray:
    return np.asarray(found.sum(axis=-1), np.float64)


def _quantile(ordered: FloatArray, present: IntArray, share: float) -> FloatArray:
    """A quantile of rows of numbers in order, the missing ones last."""
    if not ordered.shape[-1]:
        return np.full(len(ordered), np.nan)
    place = np.maximum(present - 1, 0) * share
    below, above = np.floor(place).astype(np.intp), np.ceil(place).astype(np.intp)
    rows = np.arange(len(ordered))
    start, end, part = ordered[rows, below], ordered[rows, above], place - below
    return np.asarray(np.where(part < 0.5, start + (end - start) * part, end - (end - start) * (1 - part)), np.float64)


def _mean_sd(
    columns: FloatArray, present: IntArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray]:
    gaps = np.isnan(columns)
    mean = np.where(gaps, 0.0, columns).sum(axis=-1) / np.where(present > 0, present, np.nan)
    mean = np.clip(mean, low, high)  # the mean of one number is that number, to the bit
    centred = np.where(gaps, 0.0, columns - mean[:, None])
    squares = (centred * centred).sum(axis=-1)
    return mean, np.sqrt(squares / np.where(present > 1, present - 1, np.nan))


def _repeats(ordered: FloatArray, present: IntArray) -> tuple[FloatArray, FloatArray]:
    """How many different numbers rows in order hold, and how often the most frequent one stands there."""
    compared = significant(ordered)
    distinct, same = np.zeros((2, len(ordered)))
    for place, (values, size) in enumerate(zip(compared, present.tolist(), strict=True)):
        starts = np.flatnonzero(np.diff(values[:size], prepend=np.nan) != 0)
        distinct[place] = len(starts)
        same[place] = np.diff(starts, append=size).max(initial=0)
    return distinct, same


def shape_outliers(ref: FloatArray, *, points: int = 5, skewness: float = 2.0, kurtosis: float = 3.5) -> FloatArray:
    """How many numbers of each column the step `winsorise` would move until its shape is acceptable, (k,).

    0 where the shape is acceptable as it is; else `points` at most (more where the last of them tie).

    >>> shape_outliers(np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [90.0]]))
    array([1.])
    """
    moved = np.zeros(ref.shape[-1])
    if not ref.size:
        return moved
    ref, power = _levelled(ref)
    skew, kurt = skewness_kurtosis(ref)
    for j in np.flatnonzero(~acceptable(skew, kurt, skewness, kurtosis)):
        values = ref[~np.isnan(ref[:, j]), j]
        if significant(values.min() * power[j]) != significant(values.max() * power[j]):
            held = limits(values, points, skewness, kurtosis)
            moved[j] = sum((values < end).sum() for end in held.low) + sum((values > end).sum() for end in held.high)
    return moved
