"""A table of units and periods, as arrays of units × periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex.errors import Problem, TableError
from cityindex.table.cells import FloatArray
from cityindex.table.periods import times_of
from cityindex.table.read import read_table
from cityindex.table.record import Table

__all__ = ["FloatArray", "Panel", "columns_of", "panel_of"]

IntArray = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Panel:
    """Where each row of a table stands among units and periods; `labels` are the periods as they are written."""

    units: tuple[str, ...]
    times: FloatArray
    labels: tuple[str, ...]
    unit: IntArray
    period: IntArray

    def wide(self, column: FloatArray) -> FloatArray:
        """A column as units × periods; `nan` where there is no row."""
        out = np.full((len(self.units), len(self.times)), np.nan)
        out[self.unit, self.period] = column
        return out

    def absent(self) -> tuple[str, ...]:
        """The units and periods that have no row: ``unit (period)``."""
        there = np.zeros((len(self.units), len(self.times)), dtype=bool)
        there[self.unit, self.period] = True
        return tuple(f"{self.units[unit]} ({self.labels[period]})" for unit, period in np.argwhere(~there).tolist())

    def back(self, wide: FloatArray) -> FloatArray:
        """The reverse: one number a row."""
        column: FloatArray = wide[self.unit, self.period]
        return column


def panel_of(table: Table, unit: str, period: str) -> Panel:
    """The units and periods of a table.

    Raises
    ------
    TableError
        A unit or period that is missing, a period that has no place in time, a unit that stands twice in one period.
    """
    names, labels = table.text(unit).tolist(), [str(label) for label in table.labels(period)]
    problems = [Problem("no unit", f"row {table.lines[row]}") for row, name in enumerate(names) if not name][:20]
    problems += [Problem("no period", f"row {table.lines[row]}") for row, label in enumerate(labels) if not label][:20]
    try:
        times = times_of([label for label in dict.fromkeys(labels) if label])
    except TableError as error:
        problems += error.problems
    pairs = Counter(zip(names, labels, strict=True))
    twice = [pair for pair, count in pairs.items() if count > 1 and all(pair)]
    problems += [Problem("stands twice in this period", f"unit {name} ({label})") for name, label in twice[:20]]
    if problems:
        raise TableError(problems, summary=f"{table.source} is no panel of {unit} and {period}:")
    order = np.argsort(times, kind="stable")
    written = list(dict.fromkeys(labels))
    when = {written[place]: number for number, place in enumerate(order.tolist())}
    _refuse_one_time_twice(times[order], list(when), table, period)
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}  # in the order of the table
    return Panel(
        units=tuple(place),
        times=times[order],
        labels=tuple(when),
        unit=np.array([place[name] for name in names], np.intp),
        period=np.array([when[label] for label in labels], np.intp),
    )


def _refuse_one_time_twice(times: FloatArray, labels: list[str], table: Table, period: str) -> None:
    """Periods that are written in two ways (2019 and 2019年)."""
    same = np.flatnonzero(np.diff(times) == 0)
    if len(same):
        told = [
            Problem(f"{labels[place]!r} and {labels[place + 1]!r} are one period", f"column {period}") for place in same
        ]
        raise TableError(told, summary=f"{table.source} writes a period in two ways:")


def columns_of(
    table: Any, columns: str | Sequence[str], unit: str | None, period: str | None = None
) -> tuple[Table, tuple[str, ...], FloatArray]:
    """The table by its key, the names, and the numbers of the columns (n × k); every cell that is none is told."""
    source = table if isinstance(table, Table) else read_table(table)
    source = source if unit is None else source.keyed(unit, period=period)
    if not isinstance(columns, str | Iterable):
        raise TableError(f"columns={columns!r}; the name of a column, or a list of names, is allowed")
    names = (columns,) if isinstance(columns, str) else tuple(dict.fromkeys(columns))
    if not names:
        raise TableError("no column is named; say which to take")
    numbers = [source.numbers(name) for name in names]
    problems = [problem for found in numbers for problem in found.problems]
    if problems:
        raise TableError(problems, summary=f"{source.source} cannot be read as numbers:")
    return source, names, np.column_stack([found.values for found in numbers])
