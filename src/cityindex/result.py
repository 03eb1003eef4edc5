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
from cityindex.part import IntArray, Part, rows_of_periods
from cityindex.spec.model import Group, Spec
from cityindex.table import Note, Table

if TYPE_CHECKING:
    from cityindex.card import Card
    from cityindex.contributions import Contributions
    from cityindex.explain import Explanation
    from cityindex.gap import Gap
    from cityindex.gap.record import Penalty

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
        """The id of the index's root: the name of the score."""
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

        Where the index has no such node, or the table entered the tree above it: a `NotFoundError`.
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
        from cityindex.standings import ranks_of

        return ranks_of(self, self.root if node is None else node)

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

        A group that has no tiers in any edition is a `NotFoundError`.
        """
        from cityindex.standings import tiers_of

        return tiers_of(self, self.root if node is None else node)

    @cached_property
    def tiered(self) -> tuple[str, ...]:
        """The ids of the groups that have tiers, in some edition at least."""
        tiered = {group.id for part in self.parts for group in part.plan.spec.groups if group.tiers is not None}
        return tuple(name for name in self.groups if name in tiered)

    def cuts(self, node: str | None = None, part: Part | None = None) -> FloatArray:
        """The cuts between the tiers of a group, best first (of several editions, those of the first that has some)."""
        from cityindex.standings import cuts_of

        return cuts_of(self, self.root if node is None else node, part)

    def to_frame(self) -> pd.DataFrame:
        """One row a unit: key, label and period under their own names, each group's published value, rank, tier.

        ``rank`` (and ``tier``, where the spec has tiers) are those of the index; a group under it that has tiers of
        its own brings a column ``<id>_tier``.
        """
        from cityindex.frame import result_frame

        return result_frame(self)

    def row(self, unit: str, *, period: str | None = None) -> int:
        """The row of a unit, by its key or its label.

        Where no unit is called so (the nearest is named), or several are and no period decides: a `NotFoundError`.
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

    def gap(
        self,
        unit: str,
        *,
        to: int | str,
        period: str | None = None,
        move: str | Sequence[str] | None = None,
        bounds: str | Mapping[str, Any] | None = None,
        costs: Mapping[str, float] | None = None,
        penalty: Penalty = "linear",
        rivals: float | str | Mapping[str, float] | None = None,
        plan: bool = True,
    ) -> Gap:
        """What would have to change for a unit to reach a target: the least change, and each indicator alone.

        Parameters
        ----------
        unit, period
            The unit, by its key or its label.
        to
            A rank (``10`` or ``"rank:10"``), a tier (``"一线"`` or ``"tier:一线"``), a score (``"score:85"``), another
            unit to draw level with (``"unit:苏州市"``) or to overtake (``"above:苏州市"``).
        move
            The indicators that may move, or groups for all under them; None: all that have a number. What an indicator
            is divided by (``per``) does not move.
        bounds
            Indicator → (lowest, highest), each a number, a percentage of the number as it is (``"-10%"``), ``"now"`` or
            None; ``"10%"`` alone is both ways, and for all where no mapping is given. Else the range of the table.
        costs
            Indicator → cost of one of its units; of those left out 1 / range, so that shares of the range are counted.
        penalty
            ``linear``: costs times changes; ``quadratic``: costs times squared changes, which spreads them.
        rivals
            None: they stand still. Points that each gains, {unit: points}, or ``"trend"``: the last change again.
        plan
            Whether the least change is looked for. Names and targets that are not there are a `NotFoundError`, bounds
            and costs that cannot be a `TableError`.
        """
        from cityindex.gap import gap

        row = self.row(unit, period=period)
        return gap(self, row, to, move=move, bounds=bounds, costs=costs, penalty=penalty, rivals=rivals, plan=plan)

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
        by, weights
            The columns of the table that say to which set a unit belongs, and how much it counts (None: all alike).
        node
            The node or nodes whose published values are averaged; None: every group. A mean is that of the units
            that have a value there and a weight; ``left_out`` counts those that lack the weight or one of the values.
        """
        from cityindex.grouping import group_scores

        return group_scores(self, by, weights, self.groups if node is None else node)
