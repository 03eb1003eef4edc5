"""What printed numbers say about weights, as linear rows: sub-scores and totals rounded, lists cut off, orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cityindex.errors import Problem, TableError
from cityindex.methods._arrays import FloatArray

__all__ = ["Bounds", "Printed", "Rounding", "decimals_of", "order_rows", "total_rows"]

Rounding = Literal["half", "down", "none"]


@dataclass(frozen=True)
class Printed:
    """Numbers as intervals: the least and the largest value that prints so; infinite where nothing is known."""

    low: FloatArray
    high: FloatArray


@dataclass(frozen=True)
class Bounds:
    """Rows G w ≤ h, and what each of them says."""

    g: FloatArray
    h: FloatArray
    units: tuple[str, ...]
    says: tuple[str, ...]

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(
            np.concatenate([self.g, other.g]),
            np.concatenate([self.h, other.h]),
            self.units + other.units,
            self.says + other.says,
        )


def decimals_of(values: Sequence[Any]) -> int:
    """How many decimals a column is printed with: the most that one of its numbers shows.

    >>> decimals_of(["0.82", "0.467"])
    3
    """
    most = 0
    for value in values:
        text = str(value).strip()
        if "e" in text.lower():
            text = np.format_float_positional(float(text), trim="-")
        most = max(most, len(text.partition(".")[2].rstrip("0" if isinstance(value, float) else "")))
    return most


def printed(values: FloatArray, decimals: FloatArray, rounding: Rounding) -> Printed:
    """The intervals of numbers printed with so many decimals (one for each column of `values`)."""
    if rounding == "none":
        return Printed(values.copy(), values.copy())
    unit = 10.0**-decimals
    if rounding == "down":  # cut off: towards zero
        return Printed(np.where(values < 0, values - unit, values), np.where(values < 0, values, values + unit))
    return Printed(values - unit / 2, values + unit / 2)


def with_ends(parts: Printed, names: Sequence[str], ends: Mapping[str, float], floor: float | None) -> Printed:
    """Cells that are not printed, bounded: below by `floor`, above by the end of the list they are absent from."""
    absent = np.isnan(parts.low)
    top = np.array([ends.get(name, np.inf) for name in names])
    low = np.where(absent, -np.inf if floor is None else floor, parts.low)
    return Printed(low, np.where(absent, top, parts.high))


def total_rows(parts: Printed, total: Printed, units: Sequence[str]) -> Bounds:
    """Σ w·low ≤ total.high and Σ w·high ≥ total.low for every unit whose cells have an end on that side.

    With w ≥ 0 these two are all that the intervals of a row say: a cell stands in one row only.
    """
    known = ~np.isnan(total.low)
    above = known & np.isfinite(parts.low).all(axis=1)
    below = known & np.isfinite(parts.high).all(axis=1)
    g = np.concatenate([parts.low[above], -parts.high[below]])
    h = np.concatenate([total.high[above], -total.low[below]])
    names = [units[row] for chosen in (above, below) for row in np.flatnonzero(chosen).tolist()]
    says = ["at most its total"] * int(above.sum()) + ["at least its total"] * int(below.sum())
    return Bounds(g, h, tuple(names), tuple(says))


def order_rows(parts: Printed, order: Sequence[str], units: Sequence[str]) -> Bounds:
    """Each unit of an order scores no less than the next: Σ w·(next.low − one.high) ≤ 0.

    Raises
    ------
    TableError
        Where a unit of the order has no row, or stands twice.
    """
    row = {unit: place for place, unit in enumerate(units)}
    problems = [Problem(f"the order names {unit!r}, which has no row") for unit in order if unit not in row]
    problems += [Problem(f"the order names {unit!r} twice") for unit in dict.fromkeys(order) if order.count(unit) > 1]
    if problems:
        raise TableError(problems)
    places = np.array([row[unit] for unit in order])
    g = parts.low[places[1:]] - parts.high[places[:-1]]
    kept = np.isfinite(g).all(axis=1)
    pairs = [(order[place], order[place + 1]) for place in np.flatnonzero(kept).tolist()]
    return Bounds(
        g[kept],
        np.zeros(int(kept.sum())),
        tuple(one for one, _ in pairs),
        tuple(f"no less than {other}" for _, other in pairs),
    )
