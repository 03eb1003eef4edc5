"""Recorded operations on a table: gaps filled along time or from other columns, growth rates.

They look at other rows, so they are no steps of an index: what they made of the table is part of the data, and is told
in the table's notes (and so in those of every result).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from cityindex.errors import DomainError, Problem, TableError
from cityindex.methods.imputation_models import fill_from_neighbours, fill_iteratively
from cityindex.methods.panel import Along, Growth, fill_along, growth_rate
from cityindex.table._panel import FloatArray, Panel, panel_of
from cityindex.table.read import read_table
from cityindex.table.record import Note, Table

__all__ = ["Filled", "fill_iterative", "fill_neighbours", "fill_panel", "growth"]

RATES = ("column", "growth", "known", "first", "last")  # the columns of a table of growth rates, beside the unit


@dataclass(frozen=True, eq=False, repr=False)
class Filled:
    """A table whose gaps were filled, with the record of what was done.

    Attributes
    ----------
    table
        The table after it; every fill is told in its notes.
    columns
        The columns that were looked at.
    mask
        Rows × columns: true where a cell was filled.
    left
        How many cells of these columns are missing still.
    """

    table: Table
    columns: tuple[str, ...]
    mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    left: int

    def __repr__(self) -> str:
        return f"Filled({self.table.source!r}, {int(self.mask.sum()):,} cells filled, {self.left:,} missing still)"

    @cached_property
    def _cells(self) -> pd.DataFrame:
        places = [(int(row), int(column)) for row, column in np.argwhere(self.mask)]
        return pd.DataFrame(
            {
                "unit": [self.table.name(row) for row, _ in places],
                "column": [self.columns[column] for _, column in places],
                "value": [float(self.table.numbers(self.columns[column]).values[row]) for row, column in places],
            }
        )

    def cells(self) -> pd.DataFrame:
        """Every cell that was filled: unit, column, value."""
        return self._cells.copy()


def fill_panel(
    table: Any,
    columns: str | Sequence[str],
    *,
    unit: str,
    period: str,
    how: Along = "linear",
    limit: float | None = None,
) -> Filled:
    """Fill the gaps of units along time.

    Parameters
    ----------
    table
        A table, or what `read_table` takes: a row for each unit and period.
    columns
        The columns to fill.
    unit, period
        The columns that name unit and period; periods are numbers (years).
    how
        ``last`` value carried forward, ``linear`` between known values, or ``linear_constant``: that, and the first
        or last known value beyond the ends.
    limit
        How many periods away a value may lie that is used.

    Raises
    ------
    TableError
        Columns that are not there or hold no numbers, periods that are no numbers, a unit twice in one period.

    Examples
    --------
    >>> from cityindex import fill_panel
    >>> data = {"city": ["甲"] * 3, "year": [2019, 2020, 2021], "gdp": [10.0, None, 30.0]}
    >>> filled = fill_panel(data, "gdp", unit="city", period="year")
    >>> filled
    Filled('mapping', 1 cells filled, 0 missing still)
    >>> filled.cells()
            unit column  value
    0  甲 (2020)    gdp   20.0
    """
    source, names, x = _columns(table, columns, unit, period)
    panel = panel_of(source, unit, period)
    try:
        filled = np.column_stack(
            [panel.back(fill_along(panel.wide(column), panel.times, how=how, limit=limit)) for column in x.T]
        )
    except DomainError as error:
        raise TableError(error.reason) from None
    reach = "" if limit is None else f", from at most {limit:g} periods away"
    return _filled(source, names, x, filled, f"filled along {period} ({how}{reach})")


def fill_neighbours(
    table: Any,
    columns: Sequence[str],
    *,
    unit: str | None = None,
    neighbours: int = 5,
    weights: Literal["uniform", "distance"] = "uniform",
) -> Filled:
    """Fill gaps with the mean of the nearest rows, by the other columns (see `methods.imputation_models`).

    Raises
    ------
    TableError
        Columns that are not there or hold no numbers; too few rows with a number.
    """
    return _by_model(
        table,
        columns,
        unit,
        lambda x: fill_from_neighbours(x, neighbours=neighbours, weights=weights),
        f"filled from {neighbours} nearest rows ({weights})",
    )


def fill_iterative(
    table: Any,
    columns: Sequence[str],
    *,
    unit: str | None = None,
    rounds: int = 50,
    seed: int = 0,
    within: bool = True,
) -> Filled:
    """Fill gaps by regressions of each column on the others, in turn (see `methods.imputation_models`).

    Raises
    ------
    TableError
        Columns that are not there or hold no numbers; fills that do not settle.
    """
    return _by_model(
        table,
        columns,
        unit,
        lambda x: fill_iteratively(x, rounds=rounds, seed=seed, within=within),
        f"filled by regressions in turn (seed {seed})",
    )


def growth(
    table: Any,
    columns: str | Sequence[str],
    *,
    unit: str,
    period: str,
    how: Growth = "cagr",
) -> pd.DataFrame:
    """The growth of each unit between its first and last known value of each column.

    Parameters
    ----------
    table, columns, unit, period
        As for `fill_panel`.
    how
        ``cagr`` (compound rate a period), ``change`` (relative, in all), ``difference``, or ``trend`` (the slope of
        the least-squares line).

    Returns
    -------
    One row for each unit and column: the rate, the share of periods that are known, the first and the last of them.
    To use a rate as an indicator, pivot it and merge it with the data.

    Raises
    ------
    TableError
        As `fill_panel`; values that the rate cannot be taken of, by unit and column.

    Examples
    --------
    >>> from cityindex import growth
    >>> data = {"city": ["甲"] * 3, "year": [2020, 2021, 2022], "gdp": [100.0, 105.0, 121.0]}
    >>> growth(data, "gdp", unit="city", period="year")
      city column  growth  known   first    last
    0   甲    gdp     0.1    1.0  2020.0  2022.0
    """
    source, names, x = _columns(table, columns, unit, period)
    if unit in RATES:
        raise TableError(f"unit: the answer has a column {unit!r} of its own; call that of the units otherwise")
    panel = panel_of(source, unit, period)
    frames = []
    problems: list[Problem] = []
    for name, column in zip(names, x.T, strict=True):
        wide = panel.wide(column)
        try:
            rate = growth_rate(wide, panel.times, how=how)
        except DomainError as error:
            if not error.cells:  # it is about an option
                raise TableError(error.reason) from None
            problems += [
                Problem(error.reason, f"unit {panel.units[row]} ({panel.times[when]:g}), column {name}")
                for row, when in error.cells
            ]
            continue
        frames.append(_rates(panel, unit, name, wide, rate))
    if problems:
        raise TableError(problems, summary="growth cannot be computed:")
    return pd.concat(frames, ignore_index=True)


def _rates(panel: Panel, unit: str, name: str, wide: FloatArray, rate: FloatArray) -> pd.DataFrame:
    known = ~np.isnan(wide)
    when = np.where(known, panel.times, np.nan)
    return pd.DataFrame(
        {
            unit: list(panel.units),
            "column": name,
            "growth": rate,
            "known": known.mean(axis=1),
            "first": np.fmin.reduce(when, axis=1),
            "last": np.fmax.reduce(when, axis=1),
        }
    )


# -- shared -----------------------------------------------------------------------------------------------------------


def _columns(
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


def _by_model(
    table: Any, columns: Sequence[str], unit: str | None, fill: Callable[[FloatArray], FloatArray], said: str
) -> Filled:
    source, names, x = _columns(table, columns, unit)
    try:
        filled = fill(x)
    except DomainError as error:
        places = [f"column {names[column]}" for column in error.columns] or [""]
        raise TableError([Problem(error.reason, place) for place in places]) from None
    return _filled(source, names, x, filled, said)


def _filled(source: Table, names: tuple[str, ...], x: FloatArray, filled: FloatArray, said: str) -> Filled:
    mask = np.isnan(x) & ~np.isnan(filled)
    notes = []
    changed: dict[str, FloatArray] = {}
    for place, name in enumerate(names):
        rows = np.flatnonzero(mask[:, place])
        if len(rows):
            changed[name] = filled[:, place]
            units = tuple(source.name(int(row)) for row in rows[:1000])
            cells = f"{len(rows)} cell{'s' if len(rows) > 1 else ''}"
            notes.append(Note("filled", f"column {name}: {cells} {said} (first: {units[0]})", column=name, units=units))
    return Filled(source.with_columns(changed, notes), names, mask, int(np.isnan(filled).sum()))
