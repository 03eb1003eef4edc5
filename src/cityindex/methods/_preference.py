"""Preference functions of PROMETHEE: how much of a preference a difference in one child is, summed over the reference.

Each P(d) is 0 up to d = 0 and rises to 1. What is needed of it is, for a number v against all reference numbers r of
its child, Σ P(v - r) - P(r - v). But for the Gaussian it comes of counts and of running sums of the sorted reference,
in O(log m) for each number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray

__all__ = ["Preference", "Shape", "Threshold", "net_preference", "preference_problems", "shapes"]

Preference = Literal["usual", "u_shape", "v_shape", "level", "linear", "gaussian"]
Threshold = float | tuple[float, ...] | None

NEEDS: dict[str, tuple[str, ...]] = {
    "usual": (),
    "u_shape": ("q",),
    "v_shape": ("p",),
    "level": ("q", "p"),
    "linear": ("q", "p"),
    "gaussian": ("s",),
}
BLOCK = 1 << 18  # differences at once
DUST = 1e-12  # of the numbers compared: a difference this near to a threshold is on it


class Shape(NamedTuple):
    """The preference function of one child; thresholds that it does not take are 0."""

    preference: Preference
    q: float
    p: float
    s: float


# -- options ----------------------------------------------------------------------------------------------------------


def preference_problems(options: Mapping[str, Any]) -> list[str]:
    """What is wrong with the preference functions and their thresholds, as texts.

    >>> preference_problems({"preference": "v_shape", "q": 1.0})
    ['q: v_shape takes no such threshold', 'p: v_shape needs it']
    """
    names = _listed(options.get("preference", "usual"))
    problems = []
    for threshold in "qps":
        given = options.get(threshold)
        users = [name for name in dict.fromkeys(names) if threshold in NEEDS[name]]
        if given is None and users:
            problems.append(f"{threshold}: {' and '.join(users)} need{'' if len(users) > 1 else 's'} it")
        elif given is not None and not users:
            problems.append(f"{threshold}: {' and '.join(dict.fromkeys(names))} takes no such threshold")
    lengths = {len(value) for value in options.values() if isinstance(value, tuple | list)}
    if len(lengths) > 1:
        problems.append(f"lists by child are of different lengths: {', '.join(map(str, sorted(lengths)))}")
    if problems:
        return problems
    count = max(lengths, default=1)
    return [text for number, shape in enumerate(_by_child(options, count), 1) for text in _wrong(shape, number, count)]


def _wrong(shape: Shape, number: int, count: int) -> Iterator[str]:
    place = f" (child {number})" if count > 1 else ""
    for threshold in NEEDS[shape.preference]:
        value = getattr(shape, threshold)
        if not (math.isfinite(value) and (value >= 0 if threshold == "q" else value > 0)):
            yield f"{threshold}: {value:.12g} is not {'0 or more' if threshold == 'q' else 'above 0'}{place}"
    if NEEDS[shape.preference] == ("q", "p") and not shape.q < shape.p:
        yield f"q: {shape.q:.12g} is not below p, {shape.p:.12g}{place}"


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value]


def _by_child(options: Mapping[str, Any], count: int) -> list[Shape]:
    """One shape for each child."""
    columns = []
    for name, default in (("preference", "usual"), ("q", None), ("p", None), ("s", None)):
        values = _listed(options.get(name, default))
        columns.append(values if len(values) == count else values * count)
    return [
        Shape(row[0], *(0.0 if value is None else float(value) for value in row[1:]))
        for row in zip(*columns, strict=True)
    ]


def shapes(options: Mapping[str, Any], count: int) -> list[Shape]:
    """The preference function of each of `count` children; options that are wrong or do not fit them are refused."""
    problems = preference_problems(options)
    if problems:
        raise DomainError("; ".join(problems))
    for name, value in options.items():
        if isinstance(value, tuple | list) and len(value) != count:
            raise DomainError(f"{name}: {len(value)} entries for {count} children")
    return _by_child(options, count)


# -- sums over the reference ------------------------------------------------------------------------------------------


def net_preference(v: FloatArray, column: FloatArray, shape: Shape) -> FloatArray:
    """Σ P(v - r) - P(r - v) over the reference numbers r, which ascend; the shape of `v`; ``nan`` stays.

    >>> net_preference(np.array([5.0, 1.0]), np.array([1.0, 4.0, 5.0]), Shape("v_shape", 0.0, 2.0, 0.0))
    array([ 1.5, -2. ])
    """
    kind, q, p, s = shape
    if kind == "gaussian":
        net = _gaussian(v, column, s)
    elif kind == "usual":
        net = _beyond(v, column, 0.0)
    elif kind == "u_shape":
        net = _beyond(v, column, q)
    elif kind == "level":
        net = (_beyond(v, column, q) + _beyond(v, column, p)) / 2
    else:
        net = (_excess(v, column, q) - _excess(v, column, p)) / (p - q)
    net[np.isnan(v)] = np.nan
    return net


def _beyond(v: FloatArray, column: FloatArray, by: float) -> FloatArray:
    """How many reference numbers are lower than v by more than `by`, less how many are higher by more."""
    dust = DUST * (np.abs(v) + by) if by else 0.0
    lower = np.searchsorted(column, v - by - dust)
    higher = len(column) - np.searchsorted(column, v + by + dust, side="right")
    return np.asarray(lower - higher, np.float64)


def _excess(v: FloatArray, column: FloatArray, over: float) -> FloatArray:
    """Σ max(v - r - over, 0) - max(r - v - over, 0), of running sums (from the middle of the column, against dust)."""
    middle = (column[0] + column[-1]) / 2
    sums = np.concatenate([[0.0], np.cumsum(column - middle)])
    bottom, top = v - over, v + over
    lower = np.searchsorted(column, bottom)
    higher = np.searchsorted(column, top, side="right")
    gain = lower * (bottom - middle) - sums[lower]
    loss = (sums[-1] - sums[higher]) - (len(column) - higher) * (top - middle)
    return np.asarray(gain - loss, np.float64)


def _gaussian(v: FloatArray, column: FloatArray, s: float) -> FloatArray:
    """With P(d) = 1 - exp(-d² / 2s²): no sum of it is known, so every pair is taken, in blocks."""
    flat = v.reshape(-1)
    net = np.empty(flat.shape)
    step = max(1, BLOCK // len(column))
    for start in range(0, len(flat), step):
        distance = flat[start : start + step, None] - column
        rise = -np.expm1(-((distance / s) ** 2) / 2)
        net[start : start + step] = np.copysign(rise, distance).sum(axis=1)
    return net.reshape(v.shape)
