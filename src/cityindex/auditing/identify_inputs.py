"""What identification is given, read: sub-scores and totals as numbers, with their decimals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cityindex.auditing.bounds_of_weights import decimals_of
from cityindex.errors import Problem, TableError, nearest
from cityindex.methods._arrays import FloatArray

__all__ = ["Inputs", "read_inputs"]


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
    frame = parts if isinstance(parts, pd.DataFrame) else pd.DataFrame(parts)
    units = tuple(str(unit) for unit in frame.index)
    children = tuple(str(child) for child in frame.columns)
    problems = _shape_problems(frame, units)
    columns = [
        _numbers(frame.iloc[:, place].tolist(), children[place], units, problems) for place in range(len(children))
    ]
    totals = _totals(total, frame, units, problems)
    numbers = _numbers(totals, "total", units, problems)
    if isinstance(decimals, Mapping):
        strange = [name for name in decimals if name not in children]
        problems += [Problem(f"decimals: there is no column {name!r}.{nearest(name, children)}") for name in strange]
    if problems:
        raise TableError(problems)
    digits = [_digits(decimals, child, frame.iloc[:, place].tolist()) for place, child in enumerate(children)]
    whole = total_decimals if total_decimals is not None else decimals_of([v for v in totals if not _blank(v)])
    return Inputs(units, children, np.array(columns).T, np.array(numbers), np.array(digits, float), whole)


def _shape_problems(frame: pd.DataFrame, units: Sequence[str]) -> list[Problem]:
    problems = []
    if not len(frame.columns) or not len(frame):
        problems.append(Problem("the table of sub-scores has no rows or no columns"))
    twice = [unit for unit in dict.fromkeys(units) if units.count(unit) > 1] if len(set(units)) < len(units) else []
    problems += [Problem("stands twice", f"unit {unit}") for unit in twice[:20]]
    if frame.columns.has_duplicates:
        problems.append(Problem("two columns have the same name"))
    return problems


def _totals(total: Any, frame: pd.DataFrame, units: Sequence[str], problems: list[Problem]) -> list[Any]:
    """The totals in the order of the units; a Series is laid beside them by its index."""
    if total is None:
        return [None] * len(units)
    if isinstance(total, pd.Series) and total.index.is_unique:
        total = total.set_axis(total.index.map(str)).reindex(list(units)) if len(total.index) else total
    values = list(total)
    if len(values) != len(units):
        problems.append(Problem(f"{len(values)} totals for {len(units)} units"))
        return [None] * len(units)
    return values


def _blank(value: Any) -> bool:
    return (
        value is None
        or (isinstance(value, str) and not value.strip())
        or (not isinstance(value, str) and pd.isna(value))
    )


def _numbers(values: Sequence[Any], column: str, units: Sequence[str], problems: list[Problem]) -> list[float]:
    numbers = []
    for unit, value in zip(units, values, strict=True):
        try:
            number = np.nan if _blank(value) else float(value)
        except (TypeError, ValueError):
            number = np.nan
            problems.append(Problem(f"found {value!r}; a number is wanted", f"unit {unit}, column {column}"))
        if np.isinf(number):
            problems.append(Problem("found an infinite number", f"unit {unit}, column {column}"))
        numbers.append(number)
    return numbers


def _digits(decimals: int | Mapping[str, int] | None, child: str, values: Sequence[Any]) -> int:
    if isinstance(decimals, int):
        return decimals
    if decimals is not None and child in decimals:
        return decimals[child]
    return decimals_of([value for value in values if not _blank(value)])
