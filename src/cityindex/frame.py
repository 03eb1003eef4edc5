"""A result as one table: a row a unit, a column a group, rank and tier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex.methods._arrays import FloatArray

if TYPE_CHECKING:
    from cityindex.result import Result

__all__ = ["result_frame"]


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
