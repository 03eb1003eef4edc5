"""The ranks and tiers of a result, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cityindex.errors import NotFoundError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import rank
from cityindex.methods.tier import assign
from cityindex.spec.model import Group, Rank, Tiers

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.result import Result

__all__ = ["cuts_of", "ranks_of", "tier_names", "tiers_of"]


def ranks_of(result: Result, node: str) -> FloatArray:
    """The rank of each unit by one group, within its period; see `Result.ranks`."""
    result._node(node)  # says so where the index has no such node
    ranks = np.full(len(result), np.nan)
    for part, periods in zip(result.parts, result._periods_of_parts, strict=True):
        group = part.plan.spec.nodes.get(node)
        rule = group.rank if isinstance(group, Group) else Rank()  # an indicator: highest first
        values = result.column(node, of=rule.of)
        for rows in periods:
            ranks[rows] = rank(values[rows], ties=rule.ties, first=rule.first)
    return ranks


def tiers_of(result: Result, node: str) -> tuple[str | None, ...]:
    """The tier of each unit by one group; see `Result.tiers`."""
    found: list[str | None] = [None] * len(result)
    for part, group, tiers in _tiered(result, node):
        if node in part.outcome.untiered:
            continue
        values = part.outcome.column(part.plan, node, group.rank.of)
        numbers = assign(values, cuts_of(result, node, part), first=group.rank.first)
        for row, number in zip(part.rows.tolist(), numbers.tolist(), strict=True):
            found[row] = None if number == 0 else tiers.labels[number - 1] if tiers.labels else str(number)
    return tuple(found)


def tier_names(result: Result, node: str) -> tuple[str, ...]:
    """The names of a group's tiers, the best first; those of several editions merged; none where it has none."""
    if node not in result.tiered:
        return ()
    found: list[str] = []
    for part, _, tiers in _tiered(result, node):
        if node not in part.outcome.untiered:
            _merge(found, tiers.named(len(cuts_of(result, node, part)) + 1))
    return tuple(found)


def _merge(found: list[str], names: Sequence[str]) -> None:
    """Put in the names that are new, each before the one that follows it among its own."""
    place = len(found)
    for name in reversed(names):
        if name in found:
            place = found.index(name)
        else:
            found.insert(place, name)


def cuts_of(result: Result, node: str, part: Part | None) -> FloatArray:
    """The cuts between the tiers of a group; see `Result.cuts`."""
    tiered = [(one, tiers) for one, _, tiers in _tiered(result, node) if part is None or one is part]
    if not tiered:
        raise NotFoundError(f"{node} has no tiers in that edition")
    found, tiers = next((pair for pair in tiered if node not in pair[0].outcome.untiered), tiered[0])
    if node in found.outcome.untiered:
        raise NotFoundError(f"{node} has no tiers here: {found.outcome.untiered[node]}")
    return np.array(found.outcome.learned.tiers.get(node, tiers.call.settings.get("cuts")), dtype=np.float64)


def _tiered(result: Result, node: str) -> list[tuple[Part, Group, Tiers]]:
    """The parts in which a group has tiers; none is an error."""
    result._node(node)  # says so where the index has no such node
    found = [(part, part.plan.spec.nodes.get(node)) for part in result.parts if node in part.plan.row]
    tiered = [(part, group, group.tiers) for part, group in found if isinstance(group, Group) and group.tiers]
    if not tiered:
        raise NotFoundError(f"{node} has no tiers in the spec")
    return tiered
