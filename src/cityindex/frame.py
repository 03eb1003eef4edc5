"""A result as one table: a row a unit, a column a group, rank and tier; and where in it a unit stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex._values import label_of
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray

if TYPE_CHECKING:
    from cityindex.result import Result

__all__ = ["find_row", "result_frame"]


def result_frame(result: Result) -> pd.DataFrame:
    """The table that `Result.to_frame` gives."""
    columns: dict[str, Any] = {result.names["key"]: pd.array(result.units, dtype="str")}
    if result.labels is not None:
        columns[result.names["label"]] = pd.array(result.labels, dtype="str")
    if result.periods is not None:
        columns[result.names["period"]] = pd.array(result.periods, dtype="str")
    for name in result.groups:
        columns[_free(name, columns)] = result.column(name)
    columns[_free("rank", columns)] = _whole(result.ranks())
    for name in result.tiered:
        title = "tier" if name == result.root else f"{name}_tier"
        columns[_free(title, columns)] = pd.array(list(result.tiers(name)), dtype="str")
    return pd.DataFrame(columns)


def _whole(ranks: FloatArray) -> Any:
    """Ranks as integers where they are whole."""
    gone = np.isnan(ranks)
    if (ranks[~gone] != np.round(ranks[~gone])).any():
        return ranks
    return pd.arrays.IntegerArray(np.where(gone, 0, ranks).astype(np.int64), gone)


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """A column name that is not taken yet: `rank`, else `rank_`, …"""
    while name in taken:
        name += "_"
    return name


def find_row(result: Result, unit: str, period: str | None) -> int:
    """The row of a unit, by its key or its label; see `Result.row`."""
    unit = str(unit)  # keys are text: 7 finds '7'
    rows = [place for place, name in enumerate(result.units) if name == unit]
    if not rows and result.labels is not None:
        rows = [place for place, name in enumerate(result.labels) if name == unit]
    if not rows:
        raise NotFoundError(f"no unit {unit!r}.{nearest(unit, (*result.units, *(result.labels or ())))}")
    if result.periods is not None and period is not None:
        periods = [result.periods[place] for place in rows]
        rows = [place for place in rows if label_of(result.periods[place]) == label_of(period)]
        if not rows:
            raise NotFoundError(f"unit {unit!r} has no period {period!r}.{nearest(period, periods)}")
    elif period is not None:
        raise NotFoundError(f"period {period!r}: the index names no column of periods, so the table has none")
    if len(rows) > 1:
        periods = [result.periods[place] if result.periods else result.units[place] for place in rows]
        raise NotFoundError(f"{len(rows)} rows are called {unit!r}; say which: {', '.join(periods[:10])}")
    return rows[0]
