"""What came out: scores, ranks, tiers, weights and notes, and the tables derived from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cityindex._values import label_of
from cityindex.calibration import Calibration
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import rank
from cityindex.methods.tier import assign
from cityindex.part import IntArray, Part
from cityindex.spec.model import Group, Spec
from cityindex.table import Note, Table

if TYPE_CHECKING:
    from cityindex.contributions import Contributions
    from cityindex.explain import Explanation
    from cityindex.gap import Gap

__all__ = ["Result"]

Of = Literal["published", "carried"]


@dataclass(frozen=True, eq=False)
class Result:
    """Scores of every unit at every node, with what led to them. Frozen: everything handed out is a copy.

    Attributes
    ----------
    spec, calibration
        The index, and what was learned for it (or was given).
    table
        The data as read.
    units, labels, periods
        Key, label and period of each row, as text (labels and periods: None where the spec names no such column).
    notes
        Everything that was done to the data: cells read otherwise than they stood, missing children, nodes given.
    """

    spec: Spec
    calibration: Calibration
    table: Table
    names: Mapping[str, str]
    units: tuple[str, ...]
    labels: tuple[str, ...] | None
    periods: tuple[str, ...] | None
    parts: tuple[Part, ...]
    notes: tuple[Note, ...] = ()
    given: tuple[str, ...] = ()
    version: str = field(default="")

    def __len__(self) -> int:
        return len(self.units)

    def __repr__(self) -> str:
        return f"Result({self.spec.id!r}, {len(self)} units, {len(self.nodes)} nodes, {len(self.notes)} notes)"

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The ids of the nodes that have values, in the order of the tree."""
        found = dict.fromkeys(name for part in self.parts for name in part.plan.ids)
        order = [name for part in self.parts for name in part.plan.spec.nodes if name in found]
        return tuple(dict.fromkeys(order))

    @property
    def root(self) -> str:
        return self.spec.index.id

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The ids of the groups that have values (those under `also` too), in the order of the tree."""
        return tuple(name for name in self.nodes if isinstance(self._node(name), Group))

    def _node(self, name: str) -> Any:
        for part in self.parts:
            if name in part.plan.spec.nodes:
                return part.plan.spec.nodes[name]
        raise NotFoundError(f"{self.spec.id} has no node {name!r}.{nearest(name, self.nodes)}")

    def column(self, node: str | None = None, *, of: Of = "published") -> FloatArray:
        """One node's values, a number per unit in the order of the table (`nan`: none).

        Raises
        ------
        NotFoundError
            Where the index has no such node, or the table entered the tree above it.
        """
        node = self.root if node is None else node
        if node not in self.nodes:
            known = self._node(node)  # says so if the index does not know it at all
            raise NotFoundError(
                f"{known.id} has no values: the table entered the tree above it ({', '.join(self.given)})"
            )
        if len(self.parts) == 1:
            return self.parts[0].outcome.column(self.parts[0].plan, node, of).copy()
        values = np.full(len(self), np.nan)
        for part in self.parts:
            if node in part.plan.row:
                values[part.rows] = part.outcome.column(part.plan, node, of)
        return values

    def _frame(self, of: Of) -> pd.DataFrame:
        return pd.DataFrame({name: self.column(name, of=of) for name in self.nodes}, index=self.index)

    @cached_property
    def _index(self) -> pd.Index[Any]:
        name = self.names["key"]
        if self.periods is None:
            return pd.Index(self.units, name=name, dtype="str")
        return pd.MultiIndex.from_arrays([self.units, self.periods], names=[name, self.names["period"]])

    @property
    def index(self) -> pd.Index[Any]:
        """The units (and periods) as an index for frames."""
        return self._index.copy()

    @property
    def scores(self) -> pd.DataFrame:
        """Published values: units × nodes."""
        return self._frame("published")

    @property
    def carried(self) -> pd.DataFrame:
        """Carried values (what moved up the tree): units × nodes."""
        return self._frame("carried")

    def ranks(self, node: str | None = None) -> FloatArray:
        """The rank of each unit by one group (the root if none is named), within its period; `nan`: not ranked."""
        node = self.root if node is None else node
        rule = self.ranked(node).rank
        values = self.column(node, of=rule.of)
        ranks = np.full(len(self), np.nan)
        for rows in self._by_period:
            ranks[rows] = rank(values[rows], ties=rule.ties, first=rule.first)
        return ranks

    def ranked(self, node: str) -> Group:
        found = self._node(node)
        if isinstance(found, Group):
            return found
        return Group(id=node)  # an indicator ranks like a group that says nothing: highest first

    @cached_property
    def _by_period(self) -> tuple[Any, ...]:
        if self.periods is None:
            return (slice(None),)
        names, codes = np.unique(np.array([label_of(period) for period in self.periods]), return_inverse=True)
        return tuple(np.flatnonzero(codes == code) for code in range(len(names)))

    def peers(self, row: int) -> IntArray:
        """The rows of the same period as a row (all of them where there are no periods)."""
        if self.periods is None:
            return np.arange(len(self))
        return next(rows for rows in self._by_period if row in rows)

    def tiers(self, node: str | None = None) -> tuple[str | None, ...]:
        """The tier of each unit by one group: its label, or its number as text; None where it has no value.

        Raises
        ------
        NotFoundError
            Where the group has no tiers.
        """
        node = self.root if node is None else node
        found: list[str | None] = [None] * len(self)
        for part in self.parts:
            if node not in part.plan.row:
                continue
            group = part.plan.spec.nodes[node]
            if not isinstance(group, Group) or group.tiers is None:
                raise NotFoundError(f"{node} has no tiers in the spec")
            values = part.outcome.column(part.plan, node, group.rank.of)
            numbers = assign(values, self.cuts(node, part), first=group.rank.first)
            labels = group.tiers.labels
            for row, number in zip(part.rows.tolist(), numbers.tolist(), strict=True):
                found[row] = None if number == 0 else labels[number - 1] if labels else str(number)
        return tuple(found)

    def cuts(self, node: str | None = None, part: Part | None = None) -> FloatArray:
        """The cuts between the tiers of a group, best first."""
        node = self.root if node is None else node
        part = part or self.parts[0]
        group = part.plan.spec.nodes[node]
        assert isinstance(group, Group)
        assert group.tiers is not None
        if node in part.outcome.learned.tiers:
            return part.outcome.learned.tiers[node].copy()
        return np.asarray(group.tiers.call.settings["cuts"], dtype=np.float64)

    def to_frame(self) -> pd.DataFrame:
        """One row a unit: key, label and period under their own names, each group's published value, rank, tier.

        ``rank`` (and ``tier``, where the spec has tiers) are those of the index; a group under it that has tiers of
        its own brings a column ``<id>_tier``.
        """
        from cityindex.frame import result_frame

        return result_frame(self)

    def row(self, unit: str, *, period: str | None = None) -> int:
        """The row of a unit, by its key or its label.

        Raises
        ------
        NotFoundError
            Where no unit is called so (the nearest is named), or several are and no period decides.
        """
        rows = [place for place, name in enumerate(self.units) if name == unit]
        if not rows and self.labels is not None:
            rows = [place for place, name in enumerate(self.labels) if name == unit]
        if not rows:
            raise NotFoundError(f"no unit {unit!r}.{nearest(unit, (*self.units, *(self.labels or ())))}")
        if self.periods is not None and period is not None:
            periods = [self.periods[place] for place in rows]
            rows = [place for place in rows if label_of(self.periods[place]) == label_of(period)]
            if not rows:
                raise NotFoundError(f"unit {unit!r} has no period {period!r}.{nearest(period, periods)}")
        if len(rows) > 1:
            periods = [self.periods[place] if self.periods else self.units[place] for place in rows]
            raise NotFoundError(f"{len(rows)} rows are called {unit!r}; say which: {', '.join(periods[:10])}")
        return rows[0]

    def part_of(self, row: int) -> tuple[Part, int]:
        """The part that holds a row, and the row's place in it."""
        for part in self.parts:
            place = np.flatnonzero(part.rows == row)
            if len(place):
                return part, int(place[0])
        raise NotFoundError(f"there is no row {row}")

    @property
    def weights(self) -> pd.DataFrame:
        """Local and global weights by path: node, its parent, its weight there and in the index, and provenance."""
        from cityindex.contributions import weight_table

        return weight_table(self)

    def contributions(self, node: str | None = None) -> Contributions:
        """What each leaf contributes to a group's carried score (the root's if none is named); they add up to it."""
        from cityindex.contributions import contributions

        return contributions(self, self.root if node is None else node)

    def explain(self, unit: str, *, period: str | None = None) -> Explanation:
        """One unit from the raw cell to the final score, with what each step did."""
        from cityindex.explain import explain

        return explain(self, self.row(unit, period=period))

    def gap(self, unit: str, *, to: int | str, period: str | None = None) -> Gap:
        """What would have to change, one indicator at a time, for a unit to reach a rank (a number) or a tier."""
        from cityindex.gap import gap

        return gap(self, self.row(unit, period=period), to)

    def group_scores(
        self, by: str, *, weights: str | None = None, node: str | Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Mean values of sets of units, such as the GDP-weighted score of each region.

        Parameters
        ----------
        by
            The column of the table that says which set a unit belongs to.
        weights
            The column to weigh by; None: every unit counts alike. Units without a value or a weight are left out
            and counted in ``left_out``.
        node
            The node or nodes whose published values are averaged; None: every group.
        """
        from cityindex.contributions import group_scores

        names = self.groups if node is None else (node,) if isinstance(node, str) else tuple(node)
        return group_scores(self, by, weights, names)
