"""Aggregates and steps of intervals: every value that could come out, and no narrower.

Arithmetic means, sums, extremes, rounding and linear maps are exact. The other means, which rise with each child, are
computed by floats at both ends and widened by more than floats can err.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from cityindex._registry import keywords
from cityindex.auditing.interval import Interval
from cityindex.errors import DomainError
from cityindex.spec.model import Call

__all__ = ["ANY", "aggregated", "linear_map", "rounded", "through", "widened"]

ANY = Interval(None, None)
ERROR = Fraction(1, 10**12)  # relative: what floats may err by, and more
ON_POSITIVE = ("geometric", "harmonic", "power")
NO_ORDER = ("distance",)  # steps whose sign does not speak of x itself


def widened(interval: Interval, size: Fraction | None = None) -> Interval:
    """The interval with room for the dust of floats at either end, relative to its ends (or to a given size).

    >>> widened(Interval.exactly(2)).low < 2
    True
    """

    def room(end: Fraction) -> Fraction:
        return ERROR * (abs(end) if size is None else max(size, abs(end)))

    low = None if interval.low is None else interval.low - room(interval.low)
    return Interval(low, None if interval.high is None else interval.high + room(interval.high))


def linear_map(x: Interval, start: tuple[Any, Any], end: tuple[Any, Any]) -> Interval:
    """The linear map that sends the numbers of `start` to those of `end`.

    >>> linear_map(Interval.exactly(2), (0, 10), (10, 1)).shown()
    '8.2'
    """
    (a, b), (c, d) = ([_fraction(number) for number in pair] for pair in (start, end))
    slope = (d - c) / (b - a)
    return x.scaled(slope) + Interval(c - a * slope, c - a * slope)


# -- aggregates -------------------------------------------------------------------------------------------------------


def aggregated(call: Call, children: Sequence[Interval], weights: Sequence[Fraction] | None) -> Interval | None:
    """Every value of the aggregate of children that lie in these intervals; None where that cannot be told.

    >>> from cityindex.auditing.interval import printed
    >>> half = [Fraction(1, 2)] * 2
    >>> aggregated(Call("aggregator", "arithmetic"), [printed("1.0"), printed("2.0")], half).shown()
    '1.45 to 1.55'
    >>> aggregated(Call("aggregator", "geometric"), [printed("1.0"), printed("4.0")], half).shown()
    '1.93714 to 2.06216'
    """
    if call.via is not None:
        plain = Call(call.kind, call.name, call.options)
        found = aggregated(plain, [linear_map(child, *call.via) for child in children], weights)
        return None if found is None else linear_map(found, call.via[1], call.via[0])
    if call.name in ("minimum", "maximum"):
        return _extreme(children, highest=call.name == "maximum")
    if weights is None or (any(weight < 0 for weight in weights) and call.name not in ("sum", "product")):
        return None
    counted = [(child, weight) for child, weight in zip(children, weights, strict=True) if weight]
    if call.name in ("arithmetic", "sum") or (call.name == "power" and call.settings["exponent"] == 1):
        return _sum(counted, divided=call.name != "sum")
    if call.name == "product":
        return _product(counted)
    return _mean(call, counted) if call.name in ON_POSITIVE and counted else None


def _sum(counted: list[tuple[Interval, Fraction]], *, divided: bool) -> Interval | None:
    """The weighted sum, by the sum of the weights where it is to be divided; exact."""
    weights = [weight for _, weight in counted]
    share = _dot([Fraction(1)] * len(weights), weights) if divided else Fraction(1)
    if not share:
        return None
    lows = [child.low if weight > 0 else child.high for child, weight in counted]
    highs = [child.high if weight > 0 else child.low for child, weight in counted]
    found = [None if any(end is None for end in ends) else _dot(ends, weights) for ends in (lows, highs)]
    return Interval(*(end if end is None or share == 1 else end / share for end in found))


def _dot(numbers: Sequence[Fraction | None], weights: Sequence[Fraction]) -> Fraction:
    """Σ weight · number, over one denominator: many times faster than fraction by fraction."""
    known = [number for number in numbers if number is not None]
    below, under = math.lcm(*(n.denominator for n in known)), math.lcm(*(w.denominator for w in weights))
    terms = (
        n.numerator * (below // n.denominator) * w.numerator * (under // w.denominator)
        for n, w in zip(known, weights, strict=True)
    )
    return Fraction(sum(terms), below * under)


def _extreme(children: Sequence[Interval], *, highest: bool) -> Interval:
    """The extremes of both ends; an end that is open at one child is open where that child decides."""
    if not highest:
        turned = _extreme([-child for child in children], highest=True)
        return -turned
    lows = [child.low for child in children if child.low is not None]
    highs = [child.high for child in children]
    return Interval(max(lows, default=None), None if None in highs else max(end for end in highs if end is not None))


def _product(counted: list[tuple[Interval, Fraction]]) -> Interval | None:
    result = Interval.exactly(1)
    for child, weight in counted:
        if child.low is None or child.high is None:
            return ANY
        factor = _raised(child, weight)
        if factor is None or factor.low is None:
            return factor
        result = result * factor
    return result


def _raised(x: Interval, weight: Fraction) -> Interval | None:
    """Powers of a bounded interval."""
    assert x.low is not None
    assert x.high is not None
    if weight == 1:
        return x
    if weight < 0:
        whole = _raised(x, -weight)
        return None if whole is None else Interval.exactly(1) / whole
    if x.low < 0:
        return None
    if weight.denominator == 1:
        return Interval(x.low**weight.numerator, x.high**weight.numerator)
    return widened(Interval(_fraction(float(x.low) ** float(weight)), _fraction(float(x.high) ** float(weight))))


def _mean(call: Call, counted: list[tuple[Interval, Fraction]]) -> Interval | None:
    """A mean of numbers above 0, at both ends; it goes to 0 with any of them, or is refused there."""
    exponent = {"geometric": 0.0, "harmonic": -1.0}.get(call.name) or float(call.settings.get("exponent", 0))
    lows = [max(Fraction(0), child.low or Fraction(0)) for child, _ in counted]
    highs = [math.inf if child.high is None else float(child.high) for child, _ in counted]
    if min(highs) < 0 or (exponent <= 0 and min(highs) == 0):
        return None
    weights = np.array([float(weight) for _, weight in counted])
    low = Fraction(0)
    if exponent > 0 or min(lows) > 0:
        low = _fraction(_at(call, [float(end) for end in lows], weights)) or Fraction(0)
    high = _at(call, highs, weights)
    return widened(Interval(low, _fraction(high) if math.isfinite(high) else None))


def _at(call: Call, children: list[float], weights: Any) -> float:
    with np.errstate(all="ignore"):
        options = keywords(call.method.function, call.settings)
        return float(call.method.function(np.array([children]), weights, **options)[0])


# -- steps ------------------------------------------------------------------------------------------------------------


def through(
    calls: Sequence[Call], x: Interval, goalposts: tuple[float, float] | None = None, *, turned: int | None = None
) -> Interval | None:
    """Every value that steps make of an interval; None where that cannot be told (a step learns from other units)."""
    found: Interval | None = x
    for place, call in enumerate(calls):
        if found is None or place == turned:
            return None
        found = _step(call, found, goalposts)
    return found


def _step(call: Call, x: Interval, goalposts: tuple[float, float] | None) -> Interval | None:
    said = call.settings
    if call.name == "round":
        return rounded(x, said["digits"], said["how"])
    if call.name == "rescale" and not any(isinstance(end, str) for end in said["from"]):
        return linear_map(x, said["from"], said["to"])
    if call.name == "clip" and not any(isinstance(said[end], str) for end in ("low", "high")):
        return _clipped(x, said["low"], said["high"])
    if call.name == "goalposts" and goalposts:
        return _between_posts(call, x, goalposts)
    if call.name == "exponential":
        return _clipped(_monotone(call, x, None, rising=True) or ANY, 0, said["top"])
    if call.method.learn is not None or call.method.uses_goalposts or call.name in NO_ORDER:
        return None
    sign = call.method.sign_of(said)
    return _monotone(call, x, goalposts, rising=sign > 0) if sign else None


def _between_posts(call: Call, x: Interval, goalposts: tuple[float, float]) -> Interval | None:
    said = call.settings
    if said["scale"] == "linear":
        found: Interval | None = linear_map(x, goalposts, said["to"])
    else:
        sign = call.method.sign_of({**said, "goalposts": goalposts})
        found = _monotone(call, x, goalposts, rising=sign > 0)
    if said["beyond"] == "allow":
        return found
    return _clipped(found or ANY, min(said["to"]), max(said["to"]))


def _clipped(x: Interval, low: float | None, high: float | None) -> Interval:
    ends: list[Fraction | None] = [x.low, x.high]
    if low is not None:
        bottom = _fraction(low)
        ends = [bottom if ends[0] is None else max(ends[0], bottom), None if ends[1] is None else max(ends[1], bottom)]
    if high is not None:
        top = _fraction(high)
        ends = [None if ends[0] is None else min(ends[0], top), top if ends[1] is None else min(ends[1], top)]
    return Interval(ends[0], ends[1])


def _monotone(call: Call, x: Interval, goalposts: tuple[float, float] | None, *, rising: bool) -> Interval | None:
    """A step that learns nothing and keeps (or turns) the order, at both ends by floats."""
    params = {"low": [goalposts[0]], "high": [goalposts[1]]} if call.method.uses_goalposts and goalposts else {}
    options = keywords(call.method.function, call.settings)
    ends: list[Fraction | None] = []
    for end, open_ in ((x.low, -math.inf), (x.high, math.inf)):
        column = np.array([[open_ if end is None else float(end)]])
        try:
            with np.errstate(all="ignore"):
                value = float(call.method.function(column, params, **options)[0, 0])
        except DomainError:
            value = math.nan
        ends.append(_fraction(value) if math.isfinite(value) else None)
    return widened(Interval(*ends) if rising else Interval(*ends[::-1]))


def rounded(x: Interval, digits: int, how: str = "half up") -> Interval:
    """Both ends rounded, exactly.

    >>> rounded(Interval(Fraction("57.24"), Fraction("57.25")), 1).shown()
    '57.2 to 57.3'
    """
    ends = [None if end is None else _rounded(end, digits, how) for end in (x.low, x.high)]
    return Interval(ends[0], ends[1])


def _rounded(value: Fraction, digits: int, how: str) -> Fraction:
    unit = Fraction(10) ** -digits
    size = abs(value) / unit
    half = Fraction(1, 2) if how == "half up" else 0
    whole = round(size) if how == "half even" else math.floor(size + half)
    return whole * unit if value >= 0 else -whole * unit


def _fraction(number: Any) -> Fraction:
    """A number as it is written, as a fraction: 0.1 is 1/10."""
    return Fraction(repr(float(number))) if isinstance(number, float) else Fraction(number)
