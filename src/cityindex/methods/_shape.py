"""Skewness and kurtosis of columns, and the limits that make them acceptable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["acceptable", "limits", "skewness_kurtosis"]

BLOCK = 1 << 15  # values handled at once: they stay in cache


def skewness_kurtosis(ref: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Skewness (G1) and excess kurtosis (G2) of each column, adjusted for the sample, ``nan`` ignored; (k,) each.

    G1 = g1 √(n(n-1)) / (n-2) and G2 = ((n+1) g2 + 6)(n-1) / ((n-2)(n-3)), with g1 = m3 / m2^1.5 and g2 = m4 / m2² - 3
    (Joanes and Gill's type 2, as COINr, SAS and Excel have it); ``nan`` for a constant column, for fewer than three
    numbers, and for fewer than four.

    >>> skew, kurt = skewness_kurtosis(np.array([[1.0], [2.0], [3.0], [10.0]]))
    >>> float(skew[0].round(4)), float(kurt[0].round(4))
    (1.7636, 3.228)
    """
    columns = np.ascontiguousarray(ref.T)
    moments = np.empty((3, len(columns)))
    count = np.empty(len(columns))
    width = max(1, BLOCK // max(1, columns.shape[1]))
    for start in range(0, len(columns), width):
        part = slice(start, start + width)
        moments[:, part], count[part] = _central(columns[part])
    with np.errstate(divide="ignore", invalid="ignore"):
        skew, kurt = _adjusted(moments[0], moments[1], moments[2], count)
    return np.where(count > 2, skew, np.nan), np.where(count > 3, kurt, np.nan)


def _central(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The second to fourth central moments of rows of numbers, and how many each has."""
    count = np.full(len(columns), float(columns.shape[1]))
    sums = columns.sum(axis=1)
    gaps = np.isnan(columns) if np.isnan(sums).any() else None
    if gaps is not None:
        count -= gaps.sum(axis=1)
        sums = np.where(gaps, 0.0, columns).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        c = columns - (sums / count)[:, None]
        if gaps is not None:
            c[gaps] = 0.0
        c2 = c * c
        powers = [c2.sum(axis=1), np.einsum("ij,ij->i", c2, c), np.einsum("ij,ij->i", c2, c2)]
        return np.stack(powers) / count, count


def _adjusted(m2: Any, m3: Any, m4: Any, n: Any) -> tuple[Any, Any]:
    """G1 and G2 from central moments and counts, numbers or arrays."""
    g1, g2 = m3 / m2**1.5, m4 / m2**2 - 3
    skew = g1 * (n * (n - 1)) ** 0.5 / (n - 2)
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))


def acceptable(skew: FloatArray, kurt: FloatArray, skewness: float, kurtosis: float) -> BoolArray:
    """Whether |skew| < `skewness` or kurt < `kurtosis`; a shape that is not defined is acceptable."""
    return ~((np.abs(skew) >= skewness) & (kurt >= kurtosis))


def limits(values: FloatArray, points: int, skewness: float, kurtosis: float) -> tuple[list[float], list[float]]:
    """The lower and the upper limit that make the shape of some numbers acceptable; an empty list: none is needed.

    The highest (where the skewness is not negative) or lowest numbers are moved to the next, again and again, until
    the shape is acceptable or `points` of them were moved. In a long column a few numbers at either end are enough
    to look at, unless ties reach further in.
    """
    tail, half = 2 * points + 2, len(values) // 2
    held = _search(values, tail, points, skewness, kurtosis) if 2 * tail <= half else None
    return held or _search(values, half, points, skewness, kurtosis) or ([], [])


def _search(
    values: FloatArray, tail: int, points: int, skewness: float, kurtosis: float
) -> tuple[list[float], list[float]] | None:
    """The limits, found by moving what stands in the lowest and highest `tail` numbers; None: that is too few."""
    parted = np.partition(values, [tail - 1, len(values) - tail])
    core, ends = parted[tail:-tail], np.sort(np.concatenate([parted[:tail], parted[-tail:]]))
    shape_with = _core_shape(core)
    held = ends.copy()
    low, high = 0, len(ends) - 1  # the places of the limits among the ends
    while True:
        skew, kurt = shape_with(held)
        if abs(skew) < skewness or kurt < kurtosis or low + len(ends) - 1 - high >= points:
            break
        if skew >= 0:
            below, above = low, int(np.searchsorted(ends, ends[high])) - 1
        else:
            below, above = int(np.searchsorted(ends, ends[low], side="right")), high
        if (above < tail or below >= tail) and tail < len(values) // 2:
            return None
        if above <= below or ends[below] == ends[above]:  # the column would be constant
            break
        low, high = below, above
        held[:low], held[high + 1 :] = held[low], held[high]
    return [float(ends[low])] if low else [], [float(ends[high])] if high < len(ends) - 1 else []


def _core_shape(core: FloatArray) -> Callable[[FloatArray], tuple[float, float]]:
    """Skewness and kurtosis of a core of numbers together with others, which change.

    The power sums of a long core are taken once. They are centred on it, so that they stay exact beside a huge
    outlier; a short core is looked at afresh each time.
    """
    scale = float(core.std()) if core.size > 1 else 0.0
    if scale == 0:
        return lambda others: _shape(np.append(core, others))
    centre = float(core.mean())
    inner = _power_sums((core - centre) / scale)

    def shape_with(others: FloatArray) -> tuple[float, float]:
        n = len(core) + len(others)
        s1, s2, s3, s4 = ((inner + _power_sums((others - centre) / scale)) / n).tolist()
        m2, m3 = s2 - s1**2, s3 - 3 * s1 * s2 + 2 * s1**3
        return _adjusted(m2, m3, s4 - 4 * s1 * s3 + 6 * s1**2 * s2 - 3 * s1**4, n)

    return shape_with


def _shape(values: FloatArray) -> tuple[float, float]:
    skew, kurt = skewness_kurtosis(values[:, None])
    return float(skew[0]), float(kurt[0])


def _power_sums(z: FloatArray) -> FloatArray:
    z2 = z * z
    return np.array([z.sum(), z @ z, z2 @ z, z2 @ z2])
