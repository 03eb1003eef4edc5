"""Recorded operations on a table: gaps filled along time or from other columns.

They look at other rows, so they are no steps of an index: what they made of the table is part of the data, and is told
in the table's notes (and so in those of every result).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from cityindex.errors import DomainError, Problem, TableError
from cityindex.methods.imputation_models import fill_from_neighbours, fill_iteratively
from cityindex.methods.panel import Along, fill_along
from cityindex.table._panel import FloatArray, columns_of, panel_of
from cityindex.table.record import Note, Table

__all__ = ["Filled", "fill_iterative", "fill_neighbours", "fill_panel"]


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
    absent
        Along time: the units and periods that have no row, ``unit (period)``. Rows are not made.
    """

    table: Table
    columns: tuple[str, ...]
    mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    left: int
    absent: tuple[str, ...] = ()

    def __repr__(self) -> str:
        rows = f", {len(self.absent):,} rows not there" if self.absent else ""
        filled = f"{int(self.mask.sum()):,} cells filled, {self.left:,} missing still"
        return f"Filled({self.table.source!r}, {filled}{rows})"

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
        The columns that name unit and period. Periods are years (2019), quarters (2019Q1), months (2019-03), spans
        (2019/20) and the like, all of one kind; time is counted in years (in periods, where they are plain numbers).
    how
        ``last`` value carried forward, ``linear`` between known values, or ``linear_constant``: that, and the first
        or last known value beyond the ends.
    limit
        How far away in time a value may lie that is used.

    Raises
    ------
    TableError
        Columns that are not there or hold no numbers, periods without a place in time, a unit twice in one period.

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
    source, names, x = columns_of(table, columns, unit, period)
    panel = panel_of(source, unit, period)
    try:
        filled = np.column_stack(
            [panel.back(fill_along(panel.wide(column), panel.times, how=how, limit=limit)) for column in x.T]
        )
    except DomainError as error:
        raise TableError(error.reason) from None
    reach = "" if limit is None else f", from at most {limit:g} away"
    made = _filled(source, names, x, filled, f"filled along {period} ({how}{reach})")
    return replace(made, absent=panel.absent())


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


# -- shared -----------------------------------------------------------------------------------------------------------


def _by_model(
    table: Any, columns: Sequence[str], unit: str | None, fill: Callable[[FloatArray], FloatArray], said: str
) -> Filled:
    source, names, x = columns_of(table, columns, unit)
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
