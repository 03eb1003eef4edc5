"""What came out: scores, ranks, tiers, weights and notes, and the tables derived from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex.calibration import Calibration
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import rank
from cityindex.methods.tier import assign
from cityindex.part import IntArray, Part, rows_of_periods
from cityindex.spec.model import Group, Rank, Spec, Tiers
from cityindex.table import Note, Table

if TYPE_CHECKING:
    from cityindex.card import Card
    from cityindex.contributions import Contributions
    from cityindex.explain import Explanation
    from cityindex.gap import Gap

__all__ = ["Result"]

Of = Literal["published", "carried"]
Against = Literal["mean", "tier"]


@dataclass(frozen=True, eq=False)
class Result(Shown):
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
            if isinstance(name, str) and name in part.plan.spec.nodes:
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
        known = self._node(node)
        if of not in ("published", "carried"):
            raise NotFoundError(f"of={of!r}: 'published' or 'carried' is wanted")
        if node not in self.nodes:
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
        self._node(node)  # says so where the index has no such node
        ranks = np.full(len(self), np.nan)
        for part, periods in zip(self.parts, self._periods_of_parts, strict=True):
            group = part.plan.spec.nodes.get(node)
            rule = group.rank if isinstance(group, Group) else Rank()  # an indicator: highest first
            values = self.column(node, of=rule.of)
            for rows in periods:
                ranks[rows] = rank(values[rows], ties=rule.ties, first=rule.first)
        return ranks

    @cached_property
    def _periods_of_parts(self) -> tuple[tuple[Any, ...], ...]:
        """For each part the rows of each of its periods."""
        return rows_of_periods(self.parts, self.periods)

    def peers(self, row: int) -> IntArray:
        """The rows of the same period as a row (all of them where there are no periods)."""
        if self.periods is None:
            return np.arange(len(self))
        found: IntArray = next(rows for periods in self._periods_of_parts for rows in periods if row in rows)
        return found

    def tiers(self, node: str | None = None) -> tuple[str | None, ...]:
        """The tier of each unit by one group: its label, or its number as text; None where there is none to be had.

        Raises
        ------
        NotFoundError
            Where the group has no tiers (in any edition).
        """
        node = self.root if node is None else node
        found: list[str | None] = [None] * len(self)
        for part, group, tiers in self._tiered(node):
            if node in part.outcome.untiered:
                continue
            values = part.outcome.column(part.plan, node, group.rank.of)
            numbers = assign(values, self.cuts(node, part), first=group.rank.first)
            for row, number in zip(part.rows.tolist(), numbers.tolist(), strict=True):
                found[row] = None if number == 0 else tiers.labels[number - 1] if tiers.labels else str(number)
        return tuple(found)

    @cached_property
    def tiered(self) -> tuple[str, ...]:
        """The ids of the groups that have tiers, in some edition at least."""
        tiered = {group.id for part in self.parts for group in part.plan.spec.groups if group.tiers is not None}
        return tuple(name for name in self.groups if name in tiered)

    def _tiered(self, node: str) -> list[tuple[Part, Group, Tiers]]:
        """The parts in which a group has tiers; none is an error."""
        self._node(node)  # says so where the index has no such node
        found = [(part, part.plan.spec.nodes.get(node)) for part in self.parts if node in part.plan.row]
        tiered = [(part, group, group.tiers) for part, group in found if isinstance(group, Group) and group.tiers]
        if not tiered:
            raise NotFoundError(f"{node} has no tiers in the spec")
        return tiered

    def cuts(self, node: str | None = None, part: Part | None = None) -> FloatArray:
        """The cuts between the tiers of a group, best first (of several editions, those of the first that has some)."""
        node = self.root if node is None else node
        tiered = [(one, tiers) for one, _, tiers in self._tiered(node) if part is None or one is part]
        if not tiered:
            raise NotFoundError(f"{node} has no tiers in that edition")
        found, tiers = next((pair for pair in tiered if node not in pair[0].outcome.untiered), tiered[0])
        if node in found.outcome.untiered:
            raise NotFoundError(f"{node} has no tiers here: {found.outcome.untiered[node]}")
        return np.array(found.outcome.learned.tiers.get(node, tiers.call.settings.get("cuts")), dtype=np.float64)

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
        from cityindex.frame import find_row

        return find_row(self, unit, period)

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

    def weights_of(self, unit: str, *, period: str | None = None) -> pd.DataFrame:
        """The weights that count for one unit, where they are learned by label (`within`); elsewhere as `weights`."""
        from cityindex.contributions import weight_table

        return weight_table(self, self.row(unit, period=period))

    def treated(self) -> pd.DataFrame:
        """Every number that a treatment of outliers moved (one row for a column that was transformed as a whole)."""
        from cityindex.treated import treated_frame

        return treated_frame(self)

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

    def card(self, unit: str, *, period: str | None = None, against: Against = "mean") -> Card:
        """One unit on a card: its place, strengths and weaknesses against the mean (of its tier), a step up."""
        from cityindex.card import card

        return card(self, self.row(unit, period=period), against)

    def group_scores(
        self, by: str, *, weights: str | None = None, node: str | Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Mean values of sets of units, such as the GDP-weighted score of each region.

        Parameters
        ----------
        by
            The column of the table that says which set a unit belongs to.
        weights
            The column to weigh by; None: every unit counts alike.
        node
            The node or nodes whose published values are averaged; None: every group. A mean is that of the units
            that have a value there and a weight; ``left_out`` counts those that lack the weight or one of the values.
        """
        from cityindex.contributions import group_scores

        return group_scores(self, by, weights, self.groups if node is None else node)
