"""Units in the order of their ranks, of one period: what the cards of results and of runs list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cityindex.views.html.render import tones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityindex.methods._arrays import FloatArray
    from cityindex.result import Result
    from cityindex.views.html.words import Words

__all__ = ["Row", "order_of", "period_facts", "rows_of", "tier_labels", "tier_tones"]


@dataclass(frozen=True, slots=True)
class Row:
    """One unit, as every list begins: its place in the table, key, name and rank."""

    place: int
    key: str
    name: str
    rank: float


def order_of(result: Result, ranks: FloatArray) -> list[int]:
    """The rows of the last period, by rank; those without one last."""
    places = np.arange(len(result))
    if result.periods is not None and len(result):
        last = max(range(len(result)), key=lambda row: _when(result.periods, row))
        places = result.peers(last)
    order = np.argsort(np.where(np.isnan(ranks[places]), np.inf, ranks[places]), kind="stable")
    return [int(place) for place in places[order]]


def _when(periods: Sequence[str] | None, row: int) -> tuple[float, str]:
    text = (periods or ())[row]
    try:
        return float(text), text
    except ValueError:
        return -np.inf, text


def rows_of(result: Result, ranks: FloatArray, places: Sequence[int]) -> list[Row]:
    """Those units as the beginnings of rows."""
    names = result.units if result.labels is None else result.labels
    return [
        Row(place, result.units[place], names[place] or result.units[place], float(ranks[place])) for place in places
    ]


def period_facts(result: Result, places: Sequence[int], words: Words) -> str:
    """Which period is shown; nothing where there are none."""
    if result.periods is None or not places:
        return ""
    return words("period", result.periods[places[0]], len(set(result.periods)))


def tier_labels(result: Result, node: str) -> tuple[str, ...]:
    """The labels of a group's tiers, the best first; nothing where it has none, or none could be had."""
    if node not in result.tiered:
        return ()
    for part in result.parts:
        group = part.plan.spec.nodes.get(node)
        tiers = getattr(group, "tiers", None)
        if tiers is None or node in part.outcome.untiered:
            continue
        return tuple(tiers.labels or (str(number) for number in range(1, len(result.cuts(node, part)) + 2)))
    return ()


def tier_tones(result: Result, node: str) -> dict[str, str]:
    """The style of each tier."""
    return tones(tier_labels(result, node))
