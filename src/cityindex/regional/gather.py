"""What a result says of every unit, and the group that it belongs to: the columns from which all tables are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from cityindex._values import label_of
from cityindex.errors import NotFoundError, Problem, ScoreError, nearest
from cityindex.grouping import first_of, row_name, unknown_names, weights_of
from cityindex.methods._arrays import BoolArray
from cityindex.result import Result
from cityindex.standings import tier_names
from cityindex.table import Note
from cityindex.table.periods import in_time

__all__ = ["LISTED", "Asked", "Gathered", "asked", "gather", "many", "refused"]

TOPS = (10, 20, 50, 100)
LISTED = 1000  # units named in one note; the message counts them all


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call asked for, checked."""

    node: str
    by: tuple[str, ...]
    weights: str | None
    tiers: tuple[str, ...]
    top: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Gathered:
    """One row a unit (and period), shapes (n,).

    Attributes
    ----------
    rows
        ``when`` (place of its period), ``group`` (place of its group; -1: a label is missing), ``score`` (published),
        ``rank``, ``tier`` (place from 0 on; -1: none), ``weight`` (`nan`: it has none; all 1 where none is asked for).
    groups
        The labels of each group, one for each column of `by`.
    levels
        For each column of `by` the group of that level, by row of the table.
    periods
        The periods in the order of time; one without a name where the result has none.
    """

    result: Result
    asked: Asked
    rows: pd.DataFrame
    groups: tuple[tuple[str, ...], ...]
    levels: tuple[Any, ...]
    periods: tuple[str, ...]

    @property
    def first_is_highest(self) -> bool:
        return first_of(self.result, self.asked.node) == "highest"

    @property
    def labelled(self) -> BoolArray:
        """The rows that have a group and a score."""
        return np.asarray((self.rows["group"] >= 0) & self.rows["score"].notna(), bool)

    def name(self, row: int) -> str:
        """A unit (and period) as messages call it."""
        return row_name(self.result, row)

    def of(self, column: str) -> Any:
        return self.rows[column].to_numpy()


def asked(
    result: Result,
    by: str | Sequence[str],
    weights: str | None,
    node: str | None,
    tiers: bool,
    top: int | Sequence[int] | None,
) -> Asked:
    """The call, checked: every problem is told together."""
    problems: list[Problem] = []
    columns, wanted = _several(by), () if top is None else _several(top)
    chosen = result.root if node is None else node
    if not columns:
        problems.append(Problem(f"by: no column is named.{nearest('', result.table.columns)}"))
    problems += unknown_names(result, [*columns, *([] if weights is None else [weights])], [chosen])
    twice = [one for place, one in enumerate(columns) if columns.index(one) < place]
    problems += [Problem(f"by: {one!r} stands there twice") for one in twice]
    for size in wanted:
        if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
            problems.append(Problem(f"top: {size!r} is no whole number of 1 or more"))
    if problems:
        raise NotFoundError(problems, summary="" if len(problems) == 1 else "regions cannot be made:")
    sizes = tuple(sorted({int(size) for size in wanted}))
    labels = tier_names(result, chosen) if tiers else ()
    return Asked(chosen, columns, weights, labels, sizes if top is not None else _tops(result, chosen))


def _several(value: Any) -> tuple[Any, ...]:
    """One or several, as several."""
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else (value,)


def _tops(result: Result, node: str) -> tuple[int, ...]:
    """Those of 10, 20, 50 and 100 that are less than all that are ranked in some period."""
    worst = np.nanmax(result.ranks(node), initial=0)
    return tuple(size for size in TOPS if size < worst)


def gather(result: Result, call: Asked) -> tuple[Gathered, tuple[Note, ...]]:
    """The columns of a result by group, and the notes of what is left out of what."""
    labels = [result.table.labels(column) for column in call.by]
    there = np.logical_and.reduce([label != "" for label in labels])
    levels, code = [], np.zeros(len(result), np.intp)
    for label in labels:
        own, distinct = pd.factorize(label)
        code = np.asarray(pd.factorize(code * len(distinct) + own)[0], np.intp)
        levels.append(np.where(there, code, -1))
    known, first = np.unique(levels[-1][there], return_index=True)
    groups = tuple(tuple(str(label[there][place]) for label in labels) for place in first.tolist())
    times = [label_of(period) for period in result.periods or ("",) * len(result)]
    periods = tuple(in_time(times))
    place = {name: number for number, name in enumerate(periods)}
    tiers: Sequence[str | None] = result.tiers(call.node) if call.tiers else (None,) * len(result)
    rows = {
        "when": np.array([place[name] for name in times], np.intp),
        "group": np.where(there, np.searchsorted(known, levels[-1]), -1),
        "score": result.column(call.node),
        "rank": result.ranks(call.node),
        "tier": np.array([-1 if tier is None else call.tiers.index(tier) for tier in tiers], np.intp),
        "weight": np.ones(len(result)) if call.weights is None else weights_of(result, call.weights),
    }
    found = Gathered(result, call, pd.DataFrame(rows), groups, tuple(levels), periods)
    return found, tuple(_notes(found, labels))


def many(count: int, what: str) -> str:
    """A count in words.

    >>> many(1, "unit"), many(1200, "unit")
    ('1 unit', '1,200 units')
    """
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def _notes(found: Gathered, labels: Sequence[Any]) -> Iterator[Note]:
    call, scored = found.asked, ~np.isnan(found.of("score"))
    if not scored.any():
        raise ScoreError(f"no unit has a value of {call.node}: there is nothing to group")
    yield from _left(found, ~scored, f"no value of {call.node}: left out", call.node)
    for column, label in zip(call.by, labels, strict=True):
        yield from _left(found, scored & (label == ""), f"no {column}: in no group, counted under (none)")
    if call.tiers:
        yield from _left(found, scored & (found.of("tier") < 0), "no tier: counted in none of them", call.node)
    if call.weights is not None:
        gone = scored & np.isnan(found.of("weight"))
        yield from _left(found, gone, f"no {call.weights}: left out of what is weighted")
    yield from _twice(found)
    yield from _moved(found)


def _left(found: Gathered, rows: BoolArray, what: str, node: str | None = None) -> Iterator[Note]:
    places = np.flatnonzero(rows)
    if len(places):
        kind = "unit" if found.result.periods is None else "row"
        names = tuple(found.name(row) for row in places[:LISTED])
        yield Note("missing", f"{many(len(places), kind)} with {what}", node=node, units=names)


def _twice(found: Gathered) -> Iterator[Note]:
    """Labels of a finer column that stand in several groups of the coarser ones."""
    for level, column in enumerate(found.asked.by[1:], 1):
        above = pd.DataFrame(
            {"own": [group[level] for group in found.groups], "over": [group[:level] for group in found.groups]}
        )
        counts = above.drop_duplicates().groupby("own", sort=False)["over"].apply(list)
        for label, over in counts.items():
            if len(over) > 1:
                lies = " and in ".join("/".join(one) for one in over)
                yield Note("label", f"{column} {label} lies in {lies}: counted as {len(over)} groups", column=column)


def _moved(found: Gathered) -> Iterator[Note]:
    """Units whose group changes from one period to another."""
    if found.result.periods is None:
        return
    own = pd.DataFrame({"unit": found.result.units, "group": found.of("group")})
    counts = own[own["group"] >= 0].drop_duplicates().groupby("unit", sort=False)["group"].size()
    units = tuple(str(name) for name in counts.index[counts > 1])
    if units:
        message = f"{many(len(units), 'unit')} in another group in another period"
        yield Note("label", message, units=units[:LISTED])


def refused(found: Gathered, rows: Any, reason: str, allowed: str) -> ScoreError:
    """The error that names the units whose scores a measure cannot take."""
    scores = found.of("score")
    problems = [Problem(f"{scores[row]:.6g} {reason}", f"unit {found.name(row)}") for row in np.asarray(rows).tolist()]
    return ScoreError(problems, summary=f"{found.asked.node}: {allowed}")
