"""Units taken together by the labels of a column: what a call names, the weights, and the means of each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex._values import label_of
from cityindex.errors import NotFoundError, Problem, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Group
from cityindex.table.periods import in_time

if TYPE_CHECKING:
    from cityindex.result import Result

__all__ = ["first_of", "free_name", "group_scores", "row_name", "unknown_names", "weights_of"]


def group_scores(result: Result, by: str, weights: str | None, nodes: str | Sequence[str]) -> pd.DataFrame:
    """Weighted means of published values by the labels of a column and by period; see `Result.group_scores`.

    The periods stand in the order of time; within one, the groups by the first of the nodes, the best first.
    """
    names = [nodes] if isinstance(nodes, str) else list(nodes) if isinstance(nodes, Iterable) else []
    problems = unknown_names(result, [by, *([] if weights is None else [weights])], names)
    if not names:
        problems.append(Problem(f"no node to average; name some of them.{nearest('', result.groups)}"))
    if problems:
        raise NotFoundError(problems, summary="" if len(problems) == 1 else "no means can be had:")
    values = pd.DataFrame({name: result.column(name) for name in names})
    weight = pd.Series(np.ones(len(result)) if weights is None else weights_of(result, weights))
    periods = [label_of(period) for period in result.periods or ("",) * len(result)]
    places = {period: place for place, period in enumerate(in_time(periods))}
    keys = [pd.Series([places[period] for period in periods], dtype=np.intp), pd.Series(result.table.labels(by))]

    usable = weight.notna() & values.notna().all(axis=1)
    sums = {"units": _sums(usable, keys), "left_out": _sums(~usable, keys)}
    means = {name: _means(column, weight, keys) for name, column in values.items()}
    order = _best_first(means[names[0]], first_of(result, names[0]))
    columns: dict[str, Any] = {}
    if result.periods is not None:
        columns[result.names["period"]] = [list(places)[place] for place in order.get_level_values(0)]
    columns[free_name(by, columns)] = order.get_level_values(1)
    for name, column in [*sums.items(), *means.items()]:
        columns[free_name(str(name), columns)] = column.loc[order].to_numpy()
    return pd.DataFrame(columns)


def _sums(column: pd.Series[Any], keys: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    return column.groupby(list(keys), sort=False).sum()


def _means(column: pd.Series[Any], weight: pd.Series[Any], keys: Sequence[pd.Series[Any]]) -> pd.Series[Any]:
    """The weighted mean of each group; `nan` where nothing weighs anything."""
    whole = _sums(weight.where(column.notna()), keys)
    return _sums(weight * column, keys) / whole.where(whole > 0)


def _best_first(means: pd.Series[Any], first: str) -> pd.Index[Any]:
    """The groups by period, the best mean first; those of one mean in the order of the table."""
    keyed = means.rename("mean").rename_axis(["when", "label"]).reset_index()
    ordered = keyed.sort_values(["when", "mean"], ascending=[True, first == "lowest"], kind="stable")
    return pd.MultiIndex.from_frame(ordered[["when", "label"]])


def unknown_names(result: Result, columns: Iterable[Any], nodes: Iterable[Any]) -> list[Problem]:
    """What is no column of the table and no node with values, with the nearest names."""
    known, source = result.table.columns, result.table.source
    problems = [
        Problem(f"{source} has no column {column!r}.{nearest(str(column), known)}")
        for column in columns
        if not isinstance(column, str) or column not in known
    ]
    return problems + [
        Problem(f"{result.spec.id} has no values of {node!r}.{nearest(str(node), result.nodes)}")
        for node in nodes
        if node not in result.nodes
    ]


def weights_of(result: Result, column: str) -> FloatArray:
    """A column of the table as weights, one a unit; `nan` where a cell is empty.

    Raises
    ------
    ScoreError
        Cells that are no numbers, and numbers below 0, by unit; weights that are 0 or missing throughout.
    """
    numbers = result.table.numbers(column)
    values = np.array(numbers.values, np.float64)
    problems = [
        *numbers.problems,
        *(
            Problem(f"{values[row]:.6g} is below 0", f"unit {row_name(result, row)}, column {column}")
            for row in np.flatnonzero(values < 0).tolist()
        ),
    ]
    if problems:
        raise ScoreError(problems, summary=f"the weights {column!r} are not all numbers from 0 on:")
    if len(values) and not (values > 0).any():
        raise ScoreError(f"the weights {column!r} are 0 or missing for every unit: there is nothing to weigh by")
    return values


def row_name(result: Result, row: int) -> str:
    """The unit of a row (and its period), as messages call it."""
    unit = result.units[row]
    return unit if result.periods is None else f"{unit} ({label_of(result.periods[row])})"


def first_of(result: Result, node: str) -> str:
    """Which end of a node's values is ranked first, ``highest`` or ``lowest``."""
    group = result._node(node)
    return str(group.rank.first) if isinstance(group, Group) else "highest"


def free_name(name: str, taken: Mapping[str, Any]) -> str:
    """A column name that is not taken yet.

    >>> free_name("units", {}), free_name("units", {"units": 1})
    ('units', 'units_')
    """
    while name in taken:
        name += "_"
    return name
