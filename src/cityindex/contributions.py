"""Tables derived from a result: contributions and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Frozen
from cityindex.engine.decompose import Path, decompose, global_weights, local_weights
from cityindex.errors import NotFoundError, nearest
from cityindex.spec.model import Group

if TYPE_CHECKING:
    from cityindex.result import Result
    from cityindex.spec.model import Spec

__all__ = ["Contributions", "contributions", "weight_table"]


@dataclass(frozen=True, eq=False, repr=False)
class Contributions(Shown):
    """What each leaf contributes to the carried score of one group.

    Attributes
    ----------
    spec
        The index.
    node
        The group that is split.
    values
        Units × paths: points of the score; a row adds up to `total`. A path reads ``group/leaf``; a node used twice
        has two.
    total
        The carried score of each unit.
    decomposition
        Group → how it was split: *additive* (weight times value, exact), *euler* (value times derivative, for the
        geometric and other means), *parts* (the method's own exact parts), *proportional* (to weight times value,
        where nothing better is known), *whole* (a ratio has no parts: its value stays with the group).
    labels
        What the units are called, row by row, where that is not their key.
    """

    spec: Spec
    node: str
    values: pd.DataFrame
    total: pd.Series[float]
    decomposition: Mapping[str, str]
    labels: tuple[str, ...] | None = None

    def __repr__(self) -> str:
        kinds = ", ".join(f"{group} {kind}" for group, kind in self.decomposition.items())
        return f"Contributions({self.node!r}, {len(self.values)} units, {self.values.shape[1]} paths; {kinds})"

    def by_leaf(self) -> pd.DataFrame:
        """The same by leaf: the paths of a node that is used several times added up."""
        leaves = [str(path).rsplit("/", 1)[-1] for path in self.values.columns]
        return self.values.T.groupby(leaves, sort=False).sum(min_count=1).T

    def to_frame(self) -> pd.DataFrame:
        """A copy of `values`."""
        return self.values.copy()


def contributions(result: Result, node: str) -> Contributions:
    """Split a group's carried score over the leaves under it."""
    if not isinstance(result._node(node), Group):
        raise NotFoundError(
            f"{node} is an indicator; contributions are those of a group.{nearest(node, result.groups)}"
        )
    total = result.column(node, of="carried")
    columns: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    for part in result.parts:
        if node not in part.plan.row:
            continue
        split = decompose(part.plan, part.outcome, node)
        kinds.update(split.kinds)
        for path, values in split.parts.items():
            column = columns.setdefault("/".join(path) or node, np.where(np.isnan(total), np.nan, 0.0))
            column[part.rows] = values
    frame = pd.DataFrame(columns, index=result.index)
    return Contributions(
        result.spec, node, frame, pd.Series(total, index=result.index, name=node), Frozen(kinds), result.labels
    )


def weight_table(result: Result, row: int | None = None) -> pd.DataFrame:
    """Every path of every tree with its local and global weight; editions one below the other, or of one row alone."""
    rows: list[dict[str, Any]] = []
    chosen = [(part, None) for part in result.parts] if row is None else [result.part_of(row)]
    for part, place in chosen:
        spec, groups = part.plan.spec, {task.id: task for task in part.plan.groups}
        local: dict[tuple[str, str], float] = {}
        for task in part.plan.groups:
            for child, weight in zip(task.children, local_weights(task, part.outcome, place), strict=True):
                local[task.id, child] = float(weight)
        for root in spec.roots:
            if root.id not in groups:
                continue
            for path, weight in global_weights(part.plan, part.outcome, root.id, place).items():
                parent = path[-2] if len(path) > 1 else root.id
                rows.append(_weight_row(part, spec, root.id, path, parent, local[parent, path[-1]], weight))
    frame = pd.DataFrame(rows, columns=["edition", "root", "path", "node", "parent", "local", "global", "provenance"])
    return frame if len(chosen) > 1 else frame.drop(columns="edition")


def _weight_row(
    part: Any, spec: Any, root: str, path: Path, parent: str, local: float, weight: float
) -> dict[str, Any]:
    return {
        "edition": part.period or "",
        "root": root,
        "path": "/".join(path),
        "node": path[-1],
        "parent": parent,
        "local": local,
        "global": weight,
        "provenance": spec.weight_provenance(parent, path[-1]),
    }
