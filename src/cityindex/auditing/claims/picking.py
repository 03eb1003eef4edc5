"""Which rows satisfy a condition: surely, perhaps (a printed number is an interval), or not."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cityindex._values import label_of
from cityindex.auditing.claims.model import Cells, Rows, Test, Top
from cityindex.auditing.claims.sheets import Sheet, Sheets
from cityindex.auditing.interval import Interval

__all__ = ["Bound", "Picked", "Unfit", "certainly", "ends", "pick", "places"]

Bound = Callable[[object], Interval]  # what a term that bounds rows comes to
AFFIXES: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda cell, part: part in cell,
    "starts": str.startswith,
    "ends": str.endswith,
}


class Unfit(Exception):  # told to the user as a problem of the claims file
    """What a claim asks for cannot be computed: it has to be written otherwise."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Positions of rows that are surely meant, of those that may be, and what is missing to say so."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...] = ()
    lacks: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[int, ...]:
        return tuple(sorted((*self.sure, *self.maybe)))


def pick(rows: Rows, sheets: Sheets, bound: Bound) -> Picked:
    """The rows that are meant: those that satisfy every condition, then the first of them."""
    sheet = sheets[rows.table]
    answers: list[bool | None] = [True] * len(sheet)
    lacks: list[str] = []
    for test in rows.where:
        found = _answers(test, rows.table, sheet, sheets, bound, lacks)
        answers = [_both(one, other) for one, other in zip(answers, found, strict=True)]
    sure = tuple(row for row, answer in enumerate(answers) if answer)
    maybe = tuple(row for row, answer in enumerate(answers) if answer is None)
    picked = Picked(sure, maybe, tuple(dict.fromkeys(lacks)))
    return picked if rows.top is None else _first(picked, rows.top, rows.table, sheet)


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _answers(
    test: Test, table: str, sheet: Sheet, sheets: Sheets, bound: Bound, lacks: list[str]
) -> Sequence[bool | None]:
    """For each row, whether it satisfies one condition; None: it may."""
    if test.relation in ("above", "below", "at_least", "at_most"):
        return _compared(test, table, sheet, bound(test.value), lacks)
    if sheet.texts(test.column) and not any(sheet.texts(test.column)):
        lacks.append(f"column {test.column!r} of {table!r} is blank")
        return [None] * len(sheet)
    if isinstance(test.value, Cells):
        return _among(test, sheet, sheets, bound, lacks)
    values: tuple[str, ...] = test.value if isinstance(test.value, tuple) else ()
    if test.relation in AFFIXES:
        holds = AFFIXES[test.relation]
        return [any(holds(cell, part) for part in values) for cell in sheet.texts(test.column)]
    wanted = {label_of(value) for value in values}
    return [(label in wanted) == (test.relation == "is") for label in sheet.labels(test.column)]


def _compared(test: Test, table: str, sheet: Sheet, bound: Interval, lacks: list[str]) -> list[bool | None]:
    answers: list[bool | None] = []
    blank = 0
    for cell in sheet.numbers(test.column):
        if cell is None:
            blank += 1
            answers.append(None)
            continue
        answers.append(certainly(test.relation, cell, bound))
    if blank:
        lacks.append(f"{blank} of {len(answers)} cells of {table}.{test.column} hold no number")
    return answers


def certainly(relation: str, value: Interval, bound: Interval) -> bool | None:
    """Whether a value stands so to a bound: surely, surely not, or perhaps.

    >>> certainly("above", Interval.exactly(85), Interval.exactly(85))
    False
    """
    if relation in ("below", "at_most"):
        value, bound = -value, -bound
    low, high = ends(value)
    least, most = ends(bound)
    if relation in ("above", "below"):
        return True if low > most else False if high <= least else None
    return True if low >= most else False if high < least else None


def _among(test: Test, sheet: Sheet, sheets: Sheets, bound: Bound, lacks: list[str]) -> list[bool | None]:
    cells = test.value
    assert isinstance(cells, Cells)
    picked = pick(cells.rows, sheets, bound)
    lacks += picked.lacks
    labels = sheets[cells.rows.table].labels(cells.column)
    sure, maybe = {labels[row] for row in picked.sure}, {labels[row] for row in picked.maybe}
    inside = [
        label != "" and (True if label in sure else None if label in maybe else False)
        for label in sheet.labels(test.column)
    ]
    return inside if test.relation == "in" else [None if answer is None else not answer for answer in inside]


def _first(picked: Picked, top: Top, table: str, sheet: Sheet) -> Picked:
    """The first rows by a column, in each group: surely if no more than so many others may be as good."""
    values = _turned(sheet.numbers(top.by), top.first)
    groups: dict[str, list[int]] = {}
    for row in picked.all:
        groups.setdefault(sheet.labels(top.within)[row] if top.within else "", []).append(row)
    lacks = list(picked.lacks)
    if any(values[row] is None for row in picked.all):
        lacks.append(f"some cells of {table}.{top.by} hold no number")
    known = set(picked.sure)
    sure, maybe = [], []
    for rows in groups.values():
        found = [(row, value) for row in rows if (value := values[row]) is not None]
        for (row, _), (best, worst) in zip(found, places([value for _, value in found]), strict=True):
            if worst <= top.number and row in known:
                sure.append(row)
            elif best <= top.number:
                maybe.append(row)
    return Picked(tuple(sorted(sure)), tuple(sorted(maybe)), tuple(dict.fromkeys(lacks)))


def places(values: Sequence[Interval]) -> list[tuple[int, int]]:
    """The best and the worst place that each may have, the highest first; equals may stand in any order.

    >>> places([Interval.exactly(3), Interval.exactly(5), Interval.exactly(3)])
    [(2, 3), (1, 1), (2, 3)]
    """
    lows = sorted(ends(value)[0] for value in values)
    highs = sorted(ends(value)[1] for value in values)
    count = len(values)
    found = []
    for value in values:
        low, high = ends(value)
        better = count - bisect_right(lows, high)  # surely better
        equal = count - bisect_left(highs, low) - 1  # may be as good, itself left out
        found.append((1 + better, 1 + equal))
    return found


def _turned(values: Sequence[Interval | None], first: str) -> list[Interval | None]:
    return [None if value is None else value if first == "highest" else -value for value in values]


def ends(interval: Interval) -> tuple[Fraction, Fraction]:
    """Both ends of a bounded interval."""
    if interval.low is None or interval.high is None:
        raise Unfit("a number without bounds cannot be compared")
    return interval.low, interval.high
