"""What of a result can be a formula, and what the formulas and the charts read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cityindex._values import label_of
from cityindex.errors import NotFoundError
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask
from cityindex.spec.model import Call, Group, Use
from cityindex.views.workbook.book import decimals, letter
from cityindex.views.workbook.places import Places

__all__ = ["PARTS", "Layout"]

PARTS = 8  # parts right under the root that keep a colour of their own in a chart
LONGEST_SUM = 100  # children in a formula that names each of them (Excel takes 8,192 characters)


@dataclass(frozen=True, eq=False)
class Layout(Places):
    """The places of a result, which of its groups are formulas, and what ranks, tiers and charts look at."""

    # -- what can be a formula --------------------------------------------------------------------------------------

    @cached_property
    def tasks(self) -> Mapping[str, GroupTask]:
        """The groups that are aggregated here (none of several editions)."""
        return {task.id: task for task in self.result.parts[0].plan.groups} if self.single else {}

    def settled(self, group: str) -> Any:
        """The children of a group as they were aggregated."""
        return self.result.parts[0].outcome.settled[group]

    def raw_weights(self, group: str) -> FloatArray | None:
        """The weights of a group's children as they stand, where all units share them."""
        found = self.settled(group).weights
        return None if found is None or found.ndim > 1 else np.asarray(found, np.float64)

    @cached_property
    def held(self) -> Mapping[str, str]:
        """Group → why its cells hold values."""
        if not self.single:
            return dict.fromkeys(self.result.groups, self.words["why_editions"])
        found = {name: self._why_held(task) for name, task in self.tasks.items()}
        return {name: why for name, why in found.items() if why}

    def _why_held(self, task: GroupTask) -> str:
        words, call, settled = self.words, task.group.aggregate, self.settled(task.id)
        if not call.method.additive:
            return words("why_aggregate", call.name)
        if call.via is not None:
            return words["why_via"]
        if task.steps:
            return words("why_steps", ", ".join(step.call.name for step in task.steps))
        if settled.weights.ndim > 1:
            return words["why_within"]
        if settled.filled is not None and any(child in self.tasks for child in task.children):
            return words["why_imputed"]
        named = settled.filled is not None or not self.side_by_side(task)
        if named and len(task.children) > LONGEST_SUM:
            return words["why_long"]
        return ""

    def live(self, group: str) -> bool:
        """Whether a group's carried cells are formulas."""
        return group in self.tasks and group not in self.held

    def side_by_side(self, task: GroupTask) -> bool:
        """Whether the children stand in adjacent columns, under their own weights."""
        return task.span is not None and not any(isinstance(child, Use) for child in task.group.children)

    def rounding(self, group: str) -> tuple[str, int] | None:
        """How a published score follows from the carried one, as a formula: (function, digits), or ("", 0) as it is."""
        node = self.node(group)
        if not node.publish:
            return "", 0
        if not self.single or len(node.publish) > 1 or node.publish[0].name != "round":
            return None
        settings = node.publish[0].settings
        function = {"half up": "ROUND", "down": "ROUNDDOWN"}.get(settings["how"])
        return None if function is None else (function, int(settings["digits"]))

    def number_format(self, group: str) -> str:
        """How its published numbers look: by the decimals it is rounded to, else by its size."""
        rule, values = self.rounding(group), self.result.column(group)
        if rule is None or not rule[0]:
            return decimals(float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0)
        return f"0.{'0' * rule[1]}" if rule[1] > 0 else "0"

    @cached_property
    def digits_kept(self) -> Mapping[str, int]:
        """Group → the decimals that leave the largest of its carried numbers 13 significant digits."""
        found = {}
        for name in self.result.groups:
            values = self.result.column(name, of="carried")
            largest = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
            found[name] = 12 - (math.floor(math.log10(largest)) if largest > 0 else 0)
        return found

    def compared_as_shown(self, group: str) -> bool:
        """Whether ranks and tiers compare what is published as it is: a rounded decimal already."""
        node, rule = self.node(group), self.rounding(group)
        return node.rank.of == "published" and rule is not None and 0 <= rule[1] <= 6 and bool(rule[0])

    def ranked_live(self, group: str) -> bool:
        return self.single and self.node(group).rank.ties != "dense"

    def split_kind(self, path: str) -> tuple[str, str]:
        """How the contribution at the end of a path can be written.

        As a formula ("live"); scaled with the weight of the group in which it stands still ("scaled", the group); or
        as a value ("held").
        """
        if path not in self.paths:
            return "held", ""
        chain = [self.result.root, *path.split("/")]
        plain = [name in self.tasks and self._plain(self.tasks[name]) for name in chain[:-1]]
        if all(plain):
            return "live", ""
        first = plain.index(False)
        gaps = any(np.isnan(self.settled(name).x).any() for name in chain[:first])
        return ("scaled", chain[first]) if first and not gaps else ("held", "")

    def _plain(self, task: GroupTask) -> bool:
        settled = self.settled(task.id)
        gaps = bool(np.isnan(settled.x).any())
        return (
            self.live(task.id)
            and not task.published
            and settled.filled is None
            and (not gaps or self.side_by_side(task))
        )

    def learned_weights(self, group: str) -> str:
        """The weighting that found a live group's weights, or nothing."""
        node = self.node(group)
        learned = isinstance(node, Group) and isinstance(node.weights, Call) and self.live(group)
        return node.weights.name if learned else ""

    # -- ranks, tiers and charts ------------------------------------------------------------------------------------

    @property
    def order_column(self) -> int:
        return self.lead + len(self.result.groups)

    @property
    def period_column(self) -> int:
        return self.order_column + 1

    def compared_column(self, name: str) -> int:
        """The column of the ranks sheet that holds a group's compared numbers."""
        return self.order_column + 1 + (self.result.periods is not None) + self.result.groups.index(name)

    @cached_property
    def period_codes(self) -> FloatArray:
        """A number for each period, by which formulas tell them apart."""
        labels = [label_of(period) for period in self.result.periods or ()]
        known = {label: place + 1.0 for place, label in enumerate(sorted(set(labels)))}
        return np.array([known[label] for label in labels])

    @property
    def charts_live(self) -> bool:
        """Whether the charts follow the formulas: one period, one spec, and scores that are formulas."""
        return self.single and self.result.periods is None and self.rounding(self.result.root) is not None

    @cached_property
    def chosen(self) -> Any:
        """Whether a unit is among those of the charts: of the last period, where there are several."""
        if self.result.periods is None:
            return np.ones(len(self.result), bool)
        return self.period_codes == self.period_codes.max()

    @cached_property
    def places(self) -> FloatArray:
        """1, 2, 3 … for the units of the charts; ties in the order of the table."""
        ranks = np.where(self.chosen, self.result.ranks(), np.nan)
        places = np.full(len(ranks), np.nan)
        there = np.flatnonzero(np.isfinite(ranks))
        places[there[np.argsort(ranks[there], kind="stable")]] = np.arange(1.0, len(there) + 1)
        return places

    @cached_property
    def tier_blocks(self) -> Mapping[str, tuple[int, int]]:
        """Group with tiers → the first row of its tiers on their sheet, and how many they are."""
        found, row = {}, 3
        for name in self.result.tiered:
            try:
                count = len(self.result.cuts(name)) + 1
            except NotFoundError:
                continue  # too few scores: a note says so
            found[name] = (row, count)
            row += count + 3
        return found

    @cached_property
    def split(self) -> Any:
        """The contributions to the index."""
        return self.result.contributions().values

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The nodes right under the root to which something is contributed; the root for what has no part."""
        return tuple(dict.fromkeys(str(path).split("/", 1)[0] for path in self.split.columns))

    @cached_property
    def part_numbers(self) -> list[int]:
        """Contribution → number of its part in the charts; the last stands for all that have no colour of their own."""
        number = {name: min(place + 1, PARTS) for place, name in enumerate(self.parts)}
        return [number[str(path).split("/", 1)[0]] for path in self.split.columns]

    def tier_labels(self, name: str, count: int) -> list[str]:
        """The labels of a group's tiers, the best first; their numbers where they have none."""
        return list(self.node(name).tiers.named(count))

    def tier_column(self, name: str) -> str:
        """The letter of a group's tiers on the results sheet."""
        return letter(self.lead + len(self.result.groups) + 1 + self.result.tiered.index(name))
