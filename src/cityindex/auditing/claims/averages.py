"""Means of numbers that are known within intervals: the lowest and the highest that they can have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cityindex.auditing.interval import Interval

__all__ = ["mean_of", "weighted_mean_of"]


def mean_of(sure: Sequence[Interval], maybe: Sequence[Interval] = ()) -> Interval:
    """The mean of numbers, some of which may not be among them.

    >>> mean_of([Interval.exactly(1), Interval.exactly(2)], [Interval.exactly(9)]).shown()
    '1.5 to 4'
    """
    low = _least([each.low for each in sure], [each.low for each in maybe])
    high = _least([_minus(each.high) for each in sure], [_minus(each.high) for each in maybe])
    return Interval(low, _minus(high))


def _least(sure: Sequence[Fraction | None], maybe: Sequence[Fraction | None]) -> Fraction | None:
    """The lowest mean: of those that may be left out, the lowest are taken while they lower it."""
    kept = [value for value in sure if value is not None]
    others = sorted(value for value in maybe if value is not None)
    if len(kept) + len(others) < len(sure) + len(maybe) or not kept + others:
        return None
    total, count = sum(kept, Fraction(0)), len(kept)
    if not count:
        return others[0]
    for value in others:
        if value * count >= total:
            break
        total, count = total + value, count + 1
    return total / count


def weighted_mean_of(values: Sequence[Interval], weights: Sequence[Interval]) -> Interval:
    """Σ weight × value / Σ weight, where the weights are at least 0 and one is above.

    The lowest has the highest weights on the lowest values and the lowest weights on the others; where to part them is
    tried out.

    >>> weighted_mean_of([Interval.exactly(0), Interval.exactly(1)], [Interval.exactly(1), Interval.exactly(3)]).shown()
    '0.75'
    """
    low = _least_weighted([each.low for each in values], weights)
    high = _least_weighted([_minus(each.high) for each in values], weights)
    return Interval(low, _minus(high))


def _least_weighted(values: Sequence[Fraction | None], weights: Sequence[Interval]) -> Fraction | None:
    pairs = []
    for value, span in zip(values, weights, strict=True):
        if value is None or span.low is None or span.high is None:
            return None
        pairs.append((value, span.low, span.high))
    pairs.sort()
    total = sum((value * low for value, low, _ in pairs), Fraction(0))
    weight = sum((low for _, low, _ in pairs), Fraction(0))
    for value, low, high in pairs:
        if value * weight >= total and weight:
            break
        total, weight = total + value * (high - low), weight + (high - low)
    return total / weight


def _minus(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value
