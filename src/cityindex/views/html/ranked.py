"""Units in the order of their ranks, of one period: what the cards of results and of runs list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cityindex._values import label_of
from cityindex.standings import tier_names
from cityindex.table.periods import in_time
from cityindex.views.html.render import tones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityindex.methods._arrays import FloatArray
    from cityindex.result import Result
    from cityindex.views.html.words import Words

__all__ = ["Row", "order_of", "period_facts", "rows_of", "tier_tones"]


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
        labels = [label_of(period) for period in result.periods]
        places = result.peers(labels.index(in_time(labels)[-1]))
    order = np.argsort(np.where(np.isnan(ranks[places]), np.inf, ranks[places]), kind="stable")
    return [int(place) for place in places[order]]


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


def tier_tones(result: Result, node: str) -> dict[str, str]:
    """The style of each tier."""
    return tones(tier_names(result, node))
