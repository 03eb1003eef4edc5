"""Means, places and counts of groups, as frames: a row a group (and period), the best mean first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cityindex.grouping import free_name
from cityindex.regional.gather import Gathered

__all__ = [
    "KEYS",
    "NO_LABEL",
    "TOTAL",
    "counts_frame",
    "framed",
    "group_means",
    "quotients_frame",
    "ranks_frame",
    "shares_frame",
]

KEYS = ["when", "group"]
TOTAL, NO_LABEL = "total", "(none)"  # labels of the last rows of counts


def group_means(found: Gathered) -> pd.DataFrame:
    """The means of each group, of all its units alike and weighted, by (period, group) and the best first."""
    rows = found.rows[found.rows["group"] >= 0]
    grouped = rows.groupby(KEYS)
    table = pd.DataFrame({"units": grouped["score"].count(), "without_score": grouped["score"].apply(_missing)})
    table["mean"] = grouped["score"].mean()
    if found.asked.weights is not None:
        scored = rows[rows["score"].notna()]
        weighed = scored.assign(weighted=scored["weight"] * scored["score"]).groupby(KEYS)
        total = weighed["weight"].sum().reindex(table.index)
        table["without_weight"] = weighed["weight"].apply(_missing).reindex(table.index, fill_value=0)
        table["weighted_mean"] = weighed["weighted"].sum().reindex(table.index) / total.where(total > 0)
    for name, how in (("median", "median"), ("lowest", "min"), ("highest", "max")):
        table[name] = grouped["score"].agg(how)
    return table.loc[_order(found, table)]


def _missing(column: pd.Series[Any]) -> int:
    return int(column.isna().sum())


def _order(found: Gathered, means: pd.DataFrame) -> pd.Index[Any]:
    """The groups of each period, the best mean first (the weighted one where there are weights)."""
    name = "mean" if found.asked.weights is None else "weighted_mean"
    keyed = means.reset_index()[[*KEYS, name]]
    ordered = keyed.sort_values(["when", name], ascending=[True, not found.first_is_highest], kind="stable")
    return pd.MultiIndex.from_frame(ordered[KEYS])


def ranks_frame(found: Gathered, order: pd.Index[Any]) -> pd.DataFrame:
    """The best and the worst unit of each group with their ranks, and its median rank."""
    rows = found.rows[(found.rows["group"] >= 0) & found.rows["rank"].notna()]
    ordered = rows.sort_values("rank", kind="stable")
    ends = ordered.reset_index(names="row").groupby(KEYS)
    table = pd.DataFrame(index=order)
    for name, end in (("best", ends.first()), ("worst", ends.last())):
        own = end.reindex(order)
        table[f"{name}_unit"] = [None if row != row else _called(found, int(row)) for row in own["row"]]
        table[f"{name}_rank"] = own["rank"]
    table["median_rank"] = rows.groupby(KEYS)["rank"].median().reindex(order)
    return table[["best_rank", "best_unit", "median_rank", "worst_rank", "worst_unit"]]


def _called(found: Gathered, row: int) -> str:
    labels = found.result.labels
    return (labels[row] if labels else "") or found.result.units[row]


def counts_frame(found: Gathered, order: pd.Index[Any]) -> pd.DataFrame:
    """Units, weight, units among the first n, and units of each tier, by group; then those without a label; the total.

    All counts are of units that have a score. The index is (period, group): -1 no label, -2 the total.
    """
    rows = found.rows[found.rows["score"].notna()]
    columns: dict[str, Any] = {"units": np.ones(len(rows), np.int64)}
    if found.asked.weights is not None:
        columns[free_name(found.asked.weights, columns)] = rows["weight"].fillna(0.0)
    for size in found.asked.top:
        columns[free_name(f"top_{size}", columns)] = (rows["rank"] <= size).astype(np.int64)
    for place, tier in enumerate(found.asked.tiers):
        columns[free_name(tier, columns)] = (rows["tier"] == place).astype(np.int64)
    counted = pd.DataFrame(columns, index=rows.index)
    own = counted.groupby([rows["when"], rows["group"]]).sum()
    whole = counted.groupby(rows["when"]).sum()
    pieces = []
    for when in range(len(found.periods)):
        places = [*order[order.get_level_values(0) == when], *([(when, -1)] if (when, -1) in own.index else [])]
        piece = own.reindex(pd.MultiIndex.from_tuples(places, names=KEYS), fill_value=0) if places else own.iloc[:0]
        pieces.append(piece)
        if when in whole.index:
            index = pd.MultiIndex.from_tuples([(when, -2)], names=KEYS)
            pieces.append(whole.loc[[when]].set_axis(index, axis=0))
    return pd.concat(pieces)


def shares_frame(counts: pd.DataFrame) -> pd.DataFrame:
    """Each count over its total of the period; `nan` where that is 0."""
    own = counts[counts.index.get_level_values("group") == -2].droplevel("group")
    totals = own.reindex(counts.index.get_level_values("when")).set_axis(counts.index, axis=0)
    return counts / totals.where(totals > 0)


def quotients_frame(shares: pd.DataFrame) -> pd.DataFrame:
    """Location quotients: each share over the share of the units."""
    units = shares["units"].where(shares["units"] > 0)
    return shares.div(units, axis=0)


def framed(found: Gathered, table: pd.DataFrame) -> pd.DataFrame:
    """A table by (period, group), or by period alone, with the period and the labels as its first columns."""
    keys: dict[str, Any] = {}
    if found.result.periods is not None:
        keys[found.result.names["period"]] = [found.periods[when] for when in table.index.get_level_values("when")]
    if "group" in table.index.names:
        names = [_labels(found, int(group)) for group in table.index.get_level_values("group")]
        for place, column in enumerate(found.asked.by):
            keys[free_name(column, keys)] = [name[place] for name in names]
    columns: dict[str, Any] = dict(keys)
    for column in table.columns:
        columns[free_name(str(column), columns)] = table[column].to_numpy()
    frame = pd.DataFrame(columns)
    for name in keys:
        frame[name] = frame[name].astype("str")
    return frame


def _labels(found: Gathered, group: int) -> tuple[str, ...]:
    if group < 0:
        word = {-1: NO_LABEL, -2: TOTAL}[group]
        return (word, *([""] * (len(found.asked.by) - 1)))
    return found.groups[group]
