"""What identification is given, read: sub-scores and totals as numbers, with their decimals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cityindex.auditing.printed_cells import decimals_in, plain
from cityindex.errors import Problem, TableError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.table.numbers import read_cell

__all__ = ["Inputs", "decimals_of", "read_inputs", "upper_ends"]

SHOWN = 20  # problems of one kind that are told
ALL_DIGITS = 17  # no float has more

Ends = float | Mapping[str, float] | None


@dataclass(frozen=True)
class Inputs:
    """Units × children, the totals (nan: not printed), and how many decimals each has."""

    units: tuple[str, ...]
    children: tuple[str, ...]
    parts: FloatArray
    total: FloatArray
    decimals: FloatArray
    total_decimals: int


def read_inputs(parts: Any, total: Any, decimals: int | Mapping[str, int] | None, total_decimals: int | None) -> Inputs:
    """The numbers of a table of sub-scores and of its totals; every problem is told.

    Raises
    ------
    TableError
        Cells that are no numbers (by unit and column), sizes that differ, units twice, decimals of no child.
    """
    frame = _frame(parts)
    units = tuple(str(unit) for unit in frame.index)
    children = tuple(str(child) for child in frame.columns)
    problems = _shape_problems(units, children)
    columns = [_numbers(frame.iloc[:, place], child, units, problems) for place, child in enumerate(children)]
    column = _totals(total, frame.index, units, problems)
    totals = _numbers(column, "total", units, problems) if len(column) == len(units) else np.empty(0)
    if isinstance(decimals, Mapping):
        strange = [name for name in decimals if name not in children]
        problems += [Problem(f"decimals: there is no column {name!r}.{nearest(name, children)}") for name in strange]
    if problems:
        raise TableError(problems)
    given = decimals if isinstance(decimals, Mapping) else dict.fromkeys(children, decimals)
    digits = [
        decimals_of(frame.iloc[:, place]) if given.get(child) is None else given[child]
        for place, child in enumerate(children)
    ]
    whole = decimals_of(column) if total_decimals is None else total_decimals
    return Inputs(units, children, np.column_stack(columns), totals, np.array(digits, float), whole)


def _frame(parts: Any) -> pd.DataFrame:
    if isinstance(parts, pd.DataFrame):
        return parts
    try:
        return pd.DataFrame(parts)
    except (ValueError, TypeError) as error:
        raise TableError(
            f"sub-scores: a table is wanted, or a mapping of columns that are alike long ({error})"
        ) from None


def _shape_problems(units: Sequence[str], children: Sequence[str]) -> list[Problem]:
    problems = []
    if not units or not children:
        problems.append(Problem("the table of sub-scores has no rows or no columns"))
    for kind, names in (("unit", units), ("column", children)):
        twice = [name for name, count in Counter(names).items() if count > 1]
        problems += [Problem("stands twice", f"{kind} {name}") for name in twice[:SHOWN]]
    return problems


def _totals(total: Any, index: pd.Index[Any], units: tuple[str, ...], problems: list[Problem]) -> pd.Series[Any]:
    """The totals in the order of the units; those that have names are laid beside them by their names."""
    if total is None:
        return pd.Series([None] * len(units), dtype=object)
    if isinstance(total, str | int | float) or not hasattr(total, "__len__"):
        problems.append(Problem(f"totals: found {total!r}; one for each unit is wanted"))
        return pd.Series([None] * len(units), dtype=object)
    column = total if isinstance(total, pd.Series) else pd.Series(total, dtype=None if len(total) else float)
    named = isinstance(total, pd.Series | Mapping) and not isinstance(column.index, pd.RangeIndex)
    if not named or isinstance(index, pd.RangeIndex):
        if len(column) != len(units):
            problems.append(Problem(f"{len(column)} totals for {len(units)} units"))
        return column
    names = column.index.map(str)
    twice = names[names.duplicated()].unique()
    if len(twice):
        problems += [Problem("has two totals", f"unit {name}") for name in twice[:SHOWN]]
        return column.iloc[:0]
    if units and not set(names) & set(units):
        problems.append(Problem(f"no total is of a unit of the table: {names[0]!r} is none.{nearest(names[0], units)}"))
    return column.set_axis(names).reindex(list(units))


def _numbers(column: pd.Series[Any], name: str, units: Sequence[str], problems: list[Problem]) -> FloatArray:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
    else:
        numbers = np.full(len(column), np.nan)
        for row, value in enumerate(column):
            cell = read_cell("" if _blank(value) else str(value))
            numbers[row] = cell.value
            if cell.refusal:
                message = f"found {value!r}; a number is wanted, and this {cell.refusal}"
                problems.append(Problem(message, f"unit {units[row]}, column {name}"))
    infinite = np.flatnonzero(np.isinf(numbers))[:SHOWN]
    problems += [Problem("found an infinite number", f"unit {units[row]}, column {name}") for row in infinite]
    return np.asarray(numbers, float)


def _blank(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and bool(pd.isna(value)))


def decimals_of(column: pd.Series[Any]) -> int:
    """How many decimals a column is printed with: the most that one of its numbers shows.

    >>> [decimals_of(pd.Series(cells)) for cells in (["0.82", "0.467"], [0.5, 12.25, None], [3])]
    [3, 2, 0]
    """
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        numbers = numbers[np.isfinite(numbers)]
        whole = next((digits for digits in range(10) if (np.round(numbers, digits) == numbers).all()), None)
        if whole is not None:
            return whole
        shown = (np.format_float_positional(number, trim="-") for number in numbers)
        return min(max(decimals_in(text) for text in shown), ALL_DIGITS)
    return max((decimals_in(_shown(value)) for value in column if not _blank(value)), default=0)


def _shown(value: Any) -> str:
    """A cell as it is printed; a float has lost its zeros."""
    return np.format_float_positional(value, trim="-") if isinstance(value, float) else plain(value).replace("−", "-")


def upper_ends(ends: Mapping[str, Ends], names: Sequence[str], units: Sequence[str]) -> FloatArray:
    """The most that each cell can be, by child, or by child and unit; infinite where nothing is said. (units, names).

    Raises
    ------
    TableError
        Where a child or a unit is not in the table, or an end is no number.
    """
    found = np.full((len(units), len(names)), np.inf)
    row = {unit: place for place, unit in enumerate(units)}
    problems = []
    for name, said in ends.items():
        if name not in names:
            problems.append(Problem(f"ends: there is no column {name!r}.{nearest(name, names)}"))
            continue
        column = list(names).index(name)
        by_unit = said if isinstance(said, Mapping) else dict.fromkeys(units, said)
        for unit, end in by_unit.items():
            if unit not in row:
                problems.append(Problem(f"ends of {name}: there is no unit {unit!r}.{nearest(str(unit), units)}"))
            elif end is not None:
                try:
                    found[row[unit], column] = float(end)
                except (TypeError, ValueError):
                    problems.append(Problem(f"ends: {name} ends at {end!r}; a number is wanted"))
                    break
    if problems:
        raise TableError(problems)
    return found
