"""What printed numbers say about weights, as linear rows: sub-scores and totals that were rounded or cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray

__all__ = ["Bounds", "Printed", "Rounding", "printed", "total_rows", "unit_of"]

Rounding = Literal["half", "down", "none"]


@dataclass(frozen=True)
class Printed:
    """Numbers as intervals: the least and the largest value that prints so; infinite where nothing is known."""

    low: FloatArray
    high: FloatArray

    def rows(self, chosen: npt.NDArray[np.intp]) -> Printed:
        """Some of the rows."""
        return Printed(self.low[chosen], self.high[chosen])


@dataclass(frozen=True)
class Bounds:
    """Rows G w ≤ h; whom each is about, and what it says."""

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


def unit_of(decimals: FloatArray, rounding: Rounding) -> FloatArray:
    """By how much a number may be larger than it is printed: half a unit of its last digit, or all of it."""
    return np.asarray({"none": 0.0, "half": 0.5, "down": 1.0}[rounding] * 10.0**-decimals)


def printed(values: FloatArray, decimals: FloatArray, rounding: Rounding) -> Printed:
    """The intervals of numbers printed with so many decimals (one for each column of `values`); no ends where none is.

    A number that is cut off was cut towards 0: what prints as 0.0 may have been a little less than 0 as well.
    """
    unit = unit_of(decimals, rounding)
    if rounding == "down":
        low, high = np.where(values <= 0, values - unit, values), np.where(values >= 0, values + unit, values)
    else:
        low, high = values - unit, values + unit
    return Printed(np.where(np.isnan(values), -np.inf, low), np.where(np.isnan(values), np.inf, high))


def total_rows(
    parts: Printed, total: Printed, units: Sequence[str], shown: Printed, reasons: Sequence[tuple[str, str]]
) -> Bounds:
    """Σ w·low ≤ total.high and Σ w·high ≥ total.low for every unit whose numbers have an end on that side.

    With w ≥ 0 these two are all that the intervals of a row say: a cell stands in one row only. `shown` are the totals
    as people read them, and `reasons` what the upper and the lower end of each are.
    """
    above = np.isfinite(total.high) & np.isfinite(parts.low).all(axis=1)
    below = np.isfinite(total.low) & np.isfinite(parts.high).all(axis=1)
    g = np.concatenate([parts.low[above], -parts.high[below]])
    h = np.concatenate([total.high[above], -total.low[below]])
    ups, downs = np.flatnonzero(above).tolist(), np.flatnonzero(below).tolist()
    says = [f"at most {reasons[row][0]}, {shown.high[row]:.10g}" for row in ups]
    says += [f"at least {reasons[row][1]}, {shown.low[row]:.10g}" for row in downs]
    return Bounds(g, h, tuple(units[row] for row in (*ups, *downs)), tuple(says))
