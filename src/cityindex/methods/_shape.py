"""Skewness and kurtosis of columns, and the limits that make them acceptable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, like, significant

__all__ = ["Held", "Lists", "acceptable", "hold_lists", "limits", "present", "skewness_kurtosis"]

Lists = list[list[float]]  # one entry per column: a number, or nothing

BLOCK = 1 << 15  # values handled at once: they stay in cache
FAINT = 1e-145  # a variance whose square is no number any more
STRETCH = 64  # values of which the highest is looked at first


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
    huge = ~np.isfinite(moments[2]) & (count > 0)
    if huge.any():
        raise DomainError("the numbers are so large that their shape cannot be told", columns=np.flatnonzero(huge))
    faint = [j for j in np.flatnonzero(moments[0] < FAINT).tolist() if _varies(present(columns[j]))]
    if faint:
        raise DomainError("the numbers are so small that their shape cannot be told", columns=faint)
    with np.errstate(divide="ignore", invalid="ignore"):
        skew, kurt = _adjusted(moments[0], moments[1], moments[2], count)
    return np.where(count > 2, skew, np.nan), np.where(count > 3, kurt, np.nan)


def _varies(values: FloatArray) -> bool:
    return values.size > 1 and bool(significant(values.min()) != significant(values.max()))


def _central(columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The second to fourth central moments of rows of numbers, and how many each has."""
    count = np.full(len(columns), float(columns.shape[1]))
    sums = columns.sum(axis=1)
    gaps = np.isnan(columns) if np.isnan(sums).any() else None
    if gaps is not None:
        count -= gaps.sum(axis=1)
        sums = np.where(gaps, 0.0, columns).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        c = columns - (sums / count)[:, None]
        if gaps is not None:
            c[gaps] = 0.0
        c2 = c * c
        return np.stack([np.vecdot(c, c), np.vecdot(c2, c), np.vecdot(c2, c2)]) / count, count


def _adjusted(m2: Any, m3: Any, m4: Any, n: Any) -> tuple[Any, Any]:
    """G1 and G2 from central moments and counts, numbers or arrays."""
    g1, g2 = m3 / (m2 * m2**0.5), m4 / (m2 * m2) - 3
    skew = g1 * (n * (n - 1)) ** 0.5 / (n - 2)
    return skew, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))


def acceptable(skew: FloatArray, kurt: FloatArray, skewness: float, kurtosis: float) -> BoolArray:
    """Whether |skew| < `skewness` or kurt < `kurtosis`; a shape that is not defined is acceptable."""
    return ~((np.abs(skew) >= skewness) & (kurt >= kurtosis))


def hold_lists(x: FloatArray, low: Lists, high: Lists) -> FloatArray:
    """Columns held between limits, one list each: a limit, or empty where there is none."""
    bottom = np.array([values[0] if len(values) else -np.inf for values in low])
    top = np.array([values[0] if len(values) else np.inf for values in high])
    return np.clip(x, bottom, top, out=like(x))


def present(column: FloatArray) -> FloatArray:
    """The numbers of a column without the gaps."""
    gaps = np.isnan(column)
    return column[~gaps] if gaps.any() else column


class Held(NamedTuple):
    """Where a column is held: its limits (an empty list: none is needed), and whether its shape is then acceptable."""

    low: list[float]
    high: list[float]
    passes: bool


def limits(values: FloatArray, points: int, skewness: float, kurtosis: float) -> Held:
    """The lower and the upper limit that make the shape of some numbers acceptable.

    The highest (where the skewness is not negative) or lowest numbers are moved to the next, again and again, until
    the shape is acceptable or `points` of them were moved. In a long column a few numbers at either end are enough
    to look at, unless ties reach further in. The numbers are two different ones at least.
    """
    tail, half = 2 * points + 2, len(values) // 2
    held = _search(values, tail, points, skewness, kurtosis) if 2 * tail <= half else None
    return held or _search(values, half, points, skewness, kurtosis) or Held([], [], False)


def _search(values: FloatArray, tail: int, points: int, skewness: float, kurtosis: float) -> Held | None:
    """The limits, found by moving what stands in the lowest and highest `tail` numbers; None: that is too few.

    Half of the numbers at either end are all of them.
    """
    whole = tail == len(values) // 2
    ends = np.sort(values) if whole else np.concatenate([-_highest(-values, tail)[::-1], _highest(values, tail)])
    shape_between = _shape_held(ends, ends[:0]) if whole else _shape_around(values, ends, tail)
    numbers, last = ends.tolist(), len(ends) - 1
    low, high = 0, last  # the places of the limits among the ends
    while True:
        skew, kurt = shape_between(low, high)
        passes = not (abs(skew) >= skewness and kurt >= kurtosis)
        if abs(skew) < skewness or kurt < kurtosis or low + last - high >= points:
            break
        below, above = low, high
        if skew >= 0:
            while above >= 0 and numbers[above] == numbers[high]:
                above -= 1
        else:
            while below <= last and numbers[below] == numbers[low]:
                below += 1
        if (above < tail or below >= tail) and not whole:
            return None
        if above <= below or numbers[below] == numbers[above]:  # the column would be constant
            break
        low, high = below, above
    return Held([numbers[low]] if low else [], [numbers[high]] if high < last else [], passes)


def _highest(values: FloatArray, tail: int) -> FloatArray:
    """The `tail` highest numbers, rising. In a long column the highest of each stretch show where to look."""
    stretches = len(values) // STRETCH
    if stretches > 2 * tail:
        cut = stretches * STRETCH
        rows = values[:cut].reshape(stretches, STRETCH)
        tops = rows.max(axis=1)
        least = np.partition(tops, stretches - tail)[stretches - tail]  # `tail` numbers are as high as this, or more
        values = np.concatenate([rows[tops >= least].ravel(), values[cut:]])
        values = values[values >= least]
    return np.sort(np.partition(values, len(values) - tail)[-tail:])


Between = Callable[[int, int], tuple[float, float]]  # places of two limits among sorted ends → skewness, kurtosis


def _shape_held(ends: FloatArray, core: FloatArray) -> Between:
    """The shape of a core together with sorted ends that are held between two of them, looked at afresh."""
    values = np.concatenate([core, ends])
    n, start = len(values), len(core)

    def shape_between(low: int, high: int) -> tuple[float, float]:
        held = values.copy()
        held[start : start + low], held[start + high + 1 :] = ends[low], ends[high]
        c = held - held.sum() / n
        squares = c * c
        m2, m3, m4 = float(c @ c) / n, float(squares @ c) / n, float(squares @ squares) / n
        if n > 3 and m2 * m2 > 0:
            return _adjusted(m2, m3, m4, n)
        skew, kurt = skewness_kurtosis(held[:, None])
        return float(skew[0]), float(kurt[0])

    return shape_between


def _shape_around(values: FloatArray, ends: FloatArray, tail: int) -> Between:
    """The shape of a column whose lowest and highest `tail` numbers, its ends, are held between two of them.

    Power sums are taken once, of the column held between the innermost of these: they stay exact beside a huge
    outlier. What is held further out is added, and what stood in its place subtracted.
    """
    core = np.clip(values, ends[tail - 1], ends[tail])
    n = len(core)
    centre = float(core.mean())
    core -= centre
    squares = core * core
    scale = float(core @ core / n) ** 0.5
    if scale == 0:
        return _shape_held(ends, np.full(n - 2 * tail, ends[tail]))
    z = ((ends - centre) / scale).tolist()
    sums = np.array([core.sum(), core @ core, squares @ core, squares @ squares]) / scale ** np.arange(1, 5)
    inner = [own - place for own, place in zip(sums.tolist(), _power_sums(z, tail - 1, tail), strict=True)]

    def shape_between(low: int, high: int) -> tuple[float, float]:
        ends_sums = _power_sums(z, low, high)
        s1, s2, s3, s4 = [(own + place) / n for own, place in zip(inner, ends_sums, strict=True)]
        if not s4 < np.inf:
            return float(np.copysign(np.inf, s1)), np.inf
        m2, m3 = s2 - s1**2, s3 - 3 * s1 * s2 + 2 * s1**3
        return _adjusted(m2, m3, s4 - 4 * s1 * s3 + 6 * s1**2 * s2 - 3 * s1**4, n)

    return shape_between


def _power_sums(z: list[float], low: int, high: int) -> tuple[float, float, float, float]:
    """Sums of the first four powers of some sorted numbers, held between two of them."""
    s1 = s2 = s3 = s4 = 0.0
    for v in [*[z[low]] * low, *z[low : high + 1], *[z[high]] * (len(z) - 1 - high)]:
        square = v * v
        s1, s2, s3, s4 = s1 + v, s2 + square, s3 + square * v, s4 + square * square
    return s1, s2, s3, s4
