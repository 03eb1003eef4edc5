"""What is compared: a group of one result within one period, twice, and which unit is which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

import numpy as np

from cityindex._values import label_of
from cityindex.errors import NotFoundError, ScoreError, closest, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray, Part
from cityindex.result import Result
from cityindex.spec.model import Group, Indicator, Rank
from cityindex.table import Note

__all__ = ["Side", "Units", "match_units", "sides_of"]


@dataclass(frozen=True)
class Side:
    """One group of one result, within one period.

    `rows`: those of the period, in the result; `places`: the same rows in their part.
    """

    result: Result
    node: str
    name: str
    period: str | None
    rows: IntArray
    part: Part
    places: IntArray

    @cached_property
    def rule(self) -> Rank:
        """How the group is ranked."""
        group = self.part.plan.spec.nodes[self.node]
        return group.rank if isinstance(group, Group) else Rank()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.result.units[row] for row in self.rows)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What the units are called: their labels, else their keys."""
        labels = self.result.labels or self.result.units
        return tuple(labels[row] or self.result.units[row] for row in self.rows)

    @cached_property
    def scores(self) -> FloatArray:
        """Published, as printed."""
        return self.result.column(self.node)[self.rows]

    @cached_property
    def ranks(self) -> FloatArray:
        return self.result.ranks(self.node)[self.rows]

    @cached_property
    def tiers(self) -> tuple[str | None, ...] | None:
        """None: the group has no tiers."""
        if self.node not in self.result.tiered:
            return None
        tiers = self.result.tiers(self.node)
        return tuple(tiers[row] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Units:
    """Every unit of both sides: its row in each (−1: not there), and what it is called; those of the second first."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[IntArray, IntArray]
    notes: tuple[Note, ...]


def sides_of(before: Any, after: Any, periods: Any, node: str | None) -> tuple[Side, Side]:
    """Both sides, with everything that was asked for checked.

    Raises
    ------
    ScoreError
        What is no result; periods that are not said, or do not fit.
    NotFoundError
        A period or a node that is not there.
    """
    results = [before, before if after is None else after]
    for name, given in zip(("before", "after"), results, strict=True):
        if not isinstance(given, Result):
            hint = "; ci.load_result reads a saved one" if isinstance(given, str | PurePath) else ""
            raise ScoreError(f"{name}: a Result is wanted, found a {type(given).__name__}{hint}")
    wanted = _pair(periods, one=after is None)
    chosen = [_period(*each) for each in zip(("before", "after"), results, wanted, strict=True)]
    if after is None and chosen[0] == chosen[1]:
        raise ScoreError(f"periods: {chosen[0]!r} twice; there is nothing to compare")
    names = _names(results, chosen)
    one, other = (_side(*each, node) for each in zip(results, names, chosen, strict=True))
    return one, other


def _pair(periods: Any, *, one: bool) -> Sequence[str | None]:
    if periods is None:
        if one:
            raise ScoreError("one result is compared between two of its periods: periods=('2010', '2011')")
        return (None, None)
    if isinstance(periods, str | int | float):
        periods = (periods, periods)
    if not isinstance(periods, Sequence) or len(periods) != 2:
        raise ScoreError(f"periods={periods!r}: two periods are wanted, such as ('2010', '2011')")
    return [label_of(period) for period in periods]


def _period(name: str, result: Result, wanted: str | None) -> str | None:
    """The period of one side, as a label; None where the result has none."""
    known = [] if result.periods is None else list(dict.fromkeys(label_of(period) for period in result.periods))
    if not known:
        if wanted is not None:
            raise ScoreError(f"periods: {name} has none (its spec names no unit: {{period: …}})")
        return None
    if wanted is None:
        if len(known) > 1:
            some = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
            raise ScoreError(f"{name} has {len(known)} periods ({some}): say which, periods=('{known[0]}', …)")
        return known[0]
    if wanted not in known:
        raise NotFoundError(f"{name} has no period {wanted!r}.{nearest(wanted, known)}")
    return wanted


def _names(results: Sequence[Result], periods: Sequence[str | None]) -> tuple[str, str]:
    """What the two are called: by their periods, editions or tables, where these tell them apart."""
    editions = [result.spec.edition for result in results]
    tables = [PurePath(result.table.source).stem for result in results]
    ids = [result.spec.id for result in results]
    for one, other in (periods, editions, tables, ids):
        if one and other and one != other:
            return str(one), str(other)
    return "before", "after"


def _side(result: Result, name: str, period: str | None, node: str | None) -> Side:
    labels = None if result.periods is None else np.array([label_of(each) for each in result.periods])
    rows = np.arange(len(result)) if labels is None else np.flatnonzero(labels == period)
    if not len(rows):
        raise ScoreError(f"{name}: there are no units to compare")
    part, _ = result.part_of(int(rows[0]))
    asked = part.plan.spec.index.id if node is None else node
    found = part.plan.spec.nodes.get(asked)
    if not isinstance(found, Group) or asked not in part.plan.row:
        if isinstance(found, Indicator):
            raise NotFoundError(f"{name}: {asked!r} is an indicator; a group is compared (by_indicator tells of those)")
        known = [group.id for group in part.plan.spec.groups if group.id in part.plan.row]
        raise NotFoundError(f"{name}: there is no group {asked!r} that has values.{nearest(str(asked), known)}")
    place = np.full(len(result), -1, dtype=np.intp)
    place[part.rows] = np.arange(len(part.rows))
    return Side(result, asked, name, period, rows, part, place[rows])


def match_units(before: Side, after: Side, match: Any) -> Units:
    """Which unit is which: by key, by label, or by key but for those that a mapping names (before → after).

    Raises
    ------
    ScoreError
        A name that is not there, or stands for two units; no unit in both.
    """
    own, theirs = (side.labels if match == "label" else side.keys for side in (before, after))
    names = _renamed(own, theirs, match)
    for side, used in ((before, names), (after, theirs)):
        twice = [name for name, count in Counter(used).items() if count > 1]
        if twice:
            raise ScoreError(f"match: {twice[0]!r} stands for two units in {side.name}")
    place, there = {name: row for row, name in enumerate(names)}, set(theirs)
    rows_before = [place.get(name, -1) for name in theirs]
    gone = [row for row, name in enumerate(names) if name not in there]
    if max(rows_before) < 0:
        told = "; ".join(f"{side.name}: {', '.join(used[:3])}, …" for side, used in ((before, names), (after, theirs)))
        raise ScoreError(
            f"the results have no unit in common ({told}); match= (--rename, --by-label) says which is which"
        )
    return Units(
        keys=(*after.keys, *(before.keys[row] for row in gone)),
        labels=(*after.labels, *(before.labels[row] for row in gone)),
        rows=(
            np.array([*rows_before, *gone], dtype=np.intp),
            np.array([*range(len(theirs)), *[-1] * len(gone)], dtype=np.intp),
        ),
        notes=tuple(_alike([names[row] for row in gone], _new(theirs, rows_before))),
    )


def _new(theirs: Sequence[str], rows: Sequence[int]) -> list[str]:
    return [name for name, row in zip(theirs, rows, strict=True) if row < 0]


def _renamed(own: Sequence[str], theirs: Sequence[str], match: Any) -> tuple[str, ...]:
    """The names of the units before, as the units after are called."""
    if isinstance(match, str) and match in ("key", "label"):
        return tuple(own)
    if not isinstance(match, Mapping):
        raise ScoreError(f"match={match!r}: 'key', 'label' or a mapping {{before: after}} is wanted")
    for side, known, given in (("before", own, match.keys()), ("after", theirs, match.values())):
        for name in dict.fromkeys(given).keys() - set(known):
            raise ScoreError(f"match: {side} has no unit {name!r}.{nearest(str(name), known)}")
    return tuple(match.get(name, name) for name in own)


def _alike(gone: Sequence[str], new: Sequence[str]) -> list[Note]:
    """Units that left and units that entered under names so near that they may be one."""
    pairs = [(name, closest(name, new)) for name in gone[:200]]
    found = [f"{name} → {other}" for name, other in pairs if other is not None and other[:1] == name[:1]]
    if not found:
        return []
    some = ", ".join(found[:5]) + (", …" if len(found) > 5 else "")
    what = "units that left and units that entered have names that are nearly the same"
    return [Note("match", f"{what} ({some}): if two are one, match= says so")]
