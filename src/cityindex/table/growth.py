"""Growth rates of units over periods: a table of them, or a column of the data to be used as an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cityindex.errors import DomainError, Problem, TableError
from cityindex.methods.panel import FORMULAS, Growth, growth_over, growth_rate
from cityindex.table._panel import FloatArray, Panel, columns_of, panel_of
from cityindex.table.record import Note, Table

__all__ = ["add_growth", "growth"]

RATES = ("column", "growth", "known", "first", "last", "method")  # of a table of rates, beside the unit


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
        ``cagr`` (compound rate a period), ``change`` (relative, in all), ``difference``, ``trend`` (the slope of the
        least-squares line) or ``log_trend`` (the least-squares growth rate a period).

    Returns
    -------
    One row for each unit and column: the rate, the share of periods that are known, the first and the last of them,
    and the method with its formula. `add_growth` makes an indicator of a rate.

    Raises
    ------
    TableError
        As `fill_panel`; values that the rate cannot be taken of, by unit and column.

    Examples
    --------
    >>> from cityindex import growth
    >>> data = {"city": ["甲"] * 3, "year": [2020, 2021, 2022], "gdp": [100.0, 105.0, 121.0]}
    >>> growth(data, "gdp", unit="city", period="year")
      city column  growth  known  first  last                               method
    0   甲    gdp     0.1    1.0   2020  2022  cagr: (last / first)^(1 / time) - 1
    """
    source, names, x = columns_of(table, columns, unit, period)
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
            problems += _problems(error, panel, name)
            continue
        frames.append(_rates(panel, unit, name, wide, rate, how))
    if problems:
        raise TableError(problems, summary="growth cannot be computed:")
    return pd.concat(frames, ignore_index=True)


def _rates(panel: Panel, unit: str, name: str, wide: FloatArray, rate: FloatArray, how: Growth) -> pd.DataFrame:
    known = ~np.isnan(wide)
    places = np.arange(wide.shape[1])
    ends = np.where(known, places, len(places)).min(axis=1), np.where(known, places, -1).max(axis=1)
    return pd.DataFrame(
        {
            unit: list(panel.units),
            "column": name,
            "growth": rate,
            "known": known.mean(axis=1),
            "first": _written(panel, ends[0]),
            "last": _written(panel, ends[1]),
            "method": f"{how}: {FORMULAS[how]}",
        }
    )


def _written(panel: Panel, places: Any) -> Any:
    """Periods as they are written: whole numbers where all are; missing where a unit has none."""
    labels = [panel.labels[place] if 0 <= place < len(panel.labels) else None for place in places]
    if all(label.lstrip("-").isdecimal() for label in panel.labels):
        return pd.array([None if label is None else int(label) for label in labels], dtype="Int64")
    return pd.array(labels, dtype="str")


def add_growth(
    table: Any,
    columns: str | Sequence[str],
    *,
    unit: str,
    period: str,
    over: float = 1,
    how: Growth = "cagr",
    suffix: str = "_growth",
) -> Table:
    """The table with growth rates beside its columns, a rate for each row: growth as an indicator.

    The rate of a row is that from the period which lies `over` earlier to its own. Where there is no number at either,
    it is missing; nothing is filled.

    Parameters
    ----------
    table, columns, unit, period, how
        As for `growth`.
    over
        How far back: 1 for the year before, 5 for five years, 0.25 for the quarter before. `cagr` and the trends are
        rates a year (a period, where periods are plain numbers) whatever this is; `change` is that in all.
    suffix
        The new column is called like the old one, with this behind it.

    Returns
    -------
    A table; what was computed is told in its notes, and so in those of every result.

    Raises
    ------
    TableError
        As `growth`; an `over` that is not above 0; a new column that the table has already.

    Examples
    --------
    >>> from cityindex import add_growth
    >>> data = {"city": ["甲"] * 3, "year": [2020, 2021, 2022], "gdp": [100.0, 105.0, 126.0]}
    >>> add_growth(data, "gdp", unit="city", period="year").to_frame().round(3)
      city  year    gdp  gdp_growth
    0   甲  2020  100.0         NaN
    1   甲  2021  105.0        0.05
    2   甲  2022  126.0        0.20
    """
    source, names, x = columns_of(table, columns, unit, period)
    if isinstance(over, bool) or not isinstance(over, int | float | np.number) or not over > 0:
        raise TableError(f"over: {over!r}; a length of time above 0 is allowed, such as 1 for a year")
    taken = [f"{name}{suffix}" for name in names if f"{name}{suffix}" in source.columns]
    if taken:
        raise TableError(f"the table has a column {taken[0]!r} already; say another suffix")
    panel = panel_of(source, unit, period)
    problems: list[Problem] = []
    added: dict[str, FloatArray] = {}
    notes = []
    for name, column in zip(names, x.T, strict=True):
        wide = panel.wide(column)
        try:
            rates = panel.back(growth_over(wide, panel.times, float(over), how=how))
        except DomainError as error:
            problems += _problems(error, panel, name)
            continue
        added[f"{name}{suffix}"] = rates
        gaps = int(np.isnan(rates).sum())
        message = f"column {name}{suffix}: growth of {name} over {over:g} along {period}, {how}: {FORMULAS[how]}"
        message += f"; missing in {gaps} row{'s' if gaps != 1 else ''}" if gaps else ""
        notes.append(Note("growth", message, column=f"{name}{suffix}"))
    if problems:
        raise TableError(problems, summary="growth cannot be computed:")
    return source.with_columns(added, notes)


def _problems(error: DomainError, panel: Panel, name: str) -> list[Problem]:
    """The cells that a rate cannot be taken of, by unit and period; what is wrong with an option is raised at once."""
    if not error.cells:
        raise TableError(error.reason) from None
    return [
        Problem(error.reason, f"unit {panel.units[row]} ({panel.labels[when]}), column {name}")
        for row, when in error.cells
    ]
