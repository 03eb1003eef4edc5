"""What the normalisations share: the ends of scales, what lies beyond them, the spread of columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex.methods._arrays import FloatArray, per_column, quantile, to_problems
from cityindex.methods._summary import Summary

__all__ = [
    "Beyond",
    "Ends",
    "Scale",
    "above_zero",
    "deviation",
    "extremes_only",
    "geometric",
    "geometric_problems",
    "hold",
    "median_deviation",
]

Scale = tuple[float, float]
Ends = tuple[float | str, float | str]
Beyond = Literal["allow", "hold"]
LARGEST, SMALLEST = 1e140, 1e-140  # deviations whose squares a float holds


def extremes_only(ends: Ends) -> bool:
    """Whether both ends are the words min and max.

    >>> extremes_only(("min", "max")), extremes_only((0, "max")), extremes_only(("p5", "p95"))
    (True, False, False)
    """
    return set(ends) <= {"min", "max"}


def hold(out: FloatArray, to: Scale) -> FloatArray:
    """Numbers held within the ends of a scale; in place."""
    return np.clip(out, min(to), max(to), out=out)


def geometric(share: FloatArray, to: Scale, beyond: Beyond) -> FloatArray:
    """The exponential curve from ``to[0]`` at 0 to ``to[1]`` at 1, both exactly: to[0] · (to[1] / to[0])^share.

    Far beyond 1 it is infinite, which no table may hold: the engine refuses it.

    >>> geometric(np.array([0.0, 0.5, 1.0]), (60.0, 100.0), "allow").round(4)
    array([ 60.    ,  77.4597, 100.    ])
    """
    start, end = to
    if beyond == "hold":
        share = np.clip(share, 0.0, 1.0)
    ratio = np.log(end / start)
    near = share < 0.5
    out = np.where(near, share, share - 1)
    out *= ratio
    with np.errstate(over="ignore"):
        np.exp(out, out=out)
        out *= np.where(near, start, end)
    return out


def geometric_problems(options: Mapping[str, Any]) -> list[str]:
    """What is wrong with the option `to` of an exponential curve, as texts."""
    to = options["to"]
    if min(to) <= 0:
        return [f"to: an exponential curve needs both ends above 0, found {min(to):.12g}"]
    return to_problems(options)


def above_zero(options: Mapping[str, Any], *names: str) -> list[str]:
    """Which of the options that have to be numbers above 0 are not, as texts.

    >>> above_zero({"scale": -1, "width": "p5"}, "scale", "width")
    ['scale: -1; above 0 is allowed']
    """
    numbers = {name: options.get(name) for name in names}
    return [
        f"{name}: {value:.12g}; above 0 is allowed"
        for name, value in numbers.items()
        if isinstance(value, int | float) and value <= 0
    ]


def deviation(ref: FloatArray | Summary, centre: FloatArray, freedom: int = 1) -> FloatArray:
    """The standard deviation of each column about its mean, ``nan`` ignored, with n - `freedom`; shape (k,)."""
    if isinstance(ref, Summary):
        assert ref.squares is not None  # they were asked for
        return np.asarray(np.sqrt(ref.squares / (ref.counts - freedom)), np.float64)
    if np.isnan(ref).any():
        return per_column(ref, lambda column: float(deviation(column[:, None], column.mean()[None], freedom)[0]))
    columns = np.ascontiguousarray(ref.T) - centre[:, None]
    with np.errstate(over="ignore"):
        found = _root_mean_square(columns, freedom)
    odd = ~((found > SMALLEST) & (found < LARGEST))
    if odd.any():  # squares that overflow or vanish: a power of two moves no digit
        apart = ref.T[odd] - centre[odd, None]
        power = np.frexp(np.abs(apart).max(axis=1))[1] - 1
        found[odd] = np.ldexp(_root_mean_square(np.ldexp(apart, -power[:, None]), freedom), power)
    return found


def _root_mean_square(columns: FloatArray, freedom: int) -> FloatArray:
    """Of centred columns, (k, n); they are squared in place."""
    squares = np.square(columns, out=columns).sum(axis=1)
    return np.asarray(np.sqrt(squares / (columns.shape[1] - freedom)), np.float64)


def median_deviation(ref: FloatArray | Summary, median: FloatArray) -> FloatArray:
    """The median absolute deviation of each column from its median, ``nan`` ignored; shape (k,)."""
    if isinstance(ref, Summary):
        assert ref.spread is not None  # it was asked for
        return ref.spread
    return quantile(np.abs(ref - median), 0.5)
