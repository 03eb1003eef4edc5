"""A table of units and periods, as arrays of units × periods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from cityindex.errors import Problem, TableError
from cityindex.table.cells import FloatArray
from cityindex.table.record import Table

__all__ = ["FloatArray", "Panel", "panel_of"]

IntArray = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Where each row of a table stands among units and periods."""

    units: tuple[str, ...]
    times: FloatArray
    unit: IntArray
    period: IntArray

    def wide(self, column: FloatArray) -> FloatArray:
        """A column as units × periods; `nan` where there is no row."""
        out = np.full((len(self.units), len(self.times)), np.nan)
        out[self.unit, self.period] = column
        return out

    def back(self, wide: FloatArray) -> FloatArray:
        """The reverse: one number a row."""
        column: FloatArray = wide[self.unit, self.period]
        return column


def panel_of(table: Table, unit: str, period: str) -> Panel:
    """The units and periods of a table.

    Raises
    ------
    TableError
        A unit or period that is missing, a period that is no number, a unit that stands twice in one period.
    """
    labels, when = table.text(unit), table.numbers(period)
    problems = list(when.problems)
    problems += [Problem("no unit", f"row {table.lines[row]}") for row in np.flatnonzero(labels == "")[:20]]
    timeless = table.text(period) == "" if when.problems else np.isnan(when.values)  # what is no number was told
    problems += [Problem("no period", f"row {table.lines[row]}") for row in np.flatnonzero(timeless)[:20]]
    pairs = Counter(zip(labels.tolist(), when.values.tolist(), strict=True))
    twice = [(name, time) for (name, time), count in pairs.items() if count > 1 and name and time == time]
    problems += [Problem("stands twice in this period", f"unit {name} ({time:g})") for name, time in twice[:20]]
    if problems:
        raise TableError(problems, summary=f"{table.source} is no panel of {unit} and {period}:")
    place = {name: number for number, name in enumerate(dict.fromkeys(labels.tolist()))}  # in the order of the table
    times, period_of = np.unique(when.values, return_inverse=True)
    unit_of = np.array([place[name] for name in labels.tolist()], np.intp)
    return Panel(tuple(str(name) for name in place), times, unit_of, period_of.reshape(-1))
