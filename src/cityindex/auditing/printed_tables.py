"""The tables of a report as they are printed: which numbers each cell can stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import pandas as pd

from cityindex._values import label_of
from cityindex.auditing.interval import Interval
from cityindex.auditing.printed_cells import carried, decimals_in, plain, published, unrounded
from cityindex.errors import NotFoundError, nearest
from cityindex.spec.model import Group, Node, Spec
from cityindex.table import Table, read_table

__all__ = ["Columns", "PrintedTable", "read_printed", "shown_digits"]


@dataclass(frozen=True, eq=False)
class Columns:
    """Which columns of a table hold a node's scores, ranks, tiers and lines; and the table."""

    table: Table
    key: tuple[str, ...]
    score: str
    rank: str | None = None
    tier: str | None = None
    line: str | None = None


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """One node's scores as they are printed, n rows.

    Attributes
    ----------
    node
        The node that they are of.
    units
        Who stands in each row.
    scores, ranks, tiers
        The text of each cell; empty where there is none.
    lines
        Where in the source each row stands, where the table says so.
    published
        What the published value of each unit can be: the number itself where the spec rounds to the digits that are
        shown; None where nothing is printed, or no number.
    unrounded
        What it was before the rounding at its end.
    carried
        What the carried value can be; None also where what is published was treated otherwise than by rounding.
    note
        How the digits were read, where that is not plain.
    first
        Which end of the ranking is the best.
    """

    node: str
    units: tuple[str, ...]
    scores: tuple[str, ...]
    ranks: tuple[str, ...]
    tiers: tuple[str, ...]
    lines: tuple[int | None, ...]
    published: tuple[Interval | None, ...]
    unrounded: tuple[Interval | None, ...]
    carried: tuple[Interval | None, ...]
    note: str = ""
    first: Literal["highest", "lowest"] = "highest"

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def row(self) -> Mapping[str, int]:
        """Unit → its row; units that stand in several are left out."""
        return {unit: row for row, unit in enumerate(self.units) if unit not in self.doubles}

    @cached_property
    def doubles(self) -> frozenset[str]:
        """Units that stand in several rows."""
        return frozenset(unit for unit, count in Counter(self.units).items() if count > 1)

    @cached_property
    def places(self) -> tuple[Fraction | None, ...]:
        """The ranks as numbers; None where there is none."""
        return tuple(_whole(text) for text in self.ranks)

    @cached_property
    def leading(self) -> bool:
        """Whether these are the first n of a ranking: all have a rank, and none is left out."""
        places = sorted(place for place in self.places if place is not None)
        if len(places) < len(self) or not places or places[0] < 1:
            return False
        return all(place <= row + 1 for row, place in enumerate(places)) or places[-1] == len(places)

    @cached_property
    def beyond(self) -> Interval | None:
        """What the carried value of a unit that is not in the list can be, where these are the first of a ranking."""
        known = [value for value in self.carried if value is not None]
        if not self.leading or not known:
            return None
        if self.first == "highest":
            return Interval(None, min((each.high for each in known if each.high is not None), default=None))
        return Interval(max((each.low for each in known if each.low is not None), default=None), None)


def _whole(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


# -- which columns ----------------------------------------------------------------------------------------------------


def read_printed(
    spec: Spec, tables: object, *, key: str | Sequence[str] = "name", decimals: int | Mapping[str, int] | None = None
) -> tuple[dict[str, PrintedTable], dict[str, Table]]:
    """The printed scores by node, and all the tables by name.

    A table that is named by a node has that node's scores in a column ``score`` (or of the node's name, or ``value``).
    Any table may have columns named by nodes. Ranks stand in ``rank`` (``economy_rank`` beside a column ``economy``),
    tiers in ``tier``.
    """
    read = _tables(tables)
    keys = (key,) if isinstance(key, str) else tuple(key)
    found: dict[str, PrintedTable] = {}
    for own in (True, False):  # a table of its own goes first
        for name, table in read.items():
            for node, columns in _columns(spec, name, table, keys, own=own):
                if node not in found:
                    wanted = decimals.get(node) if isinstance(decimals, Mapping) else decimals
                    found[node] = _printed(spec[node], columns, wanted)
    if keys != ("name",) and read and not any(set(keys) <= set(table.columns) for table in read.values()):
        known = dict.fromkeys(column for table in read.values() for column in table.columns)
        raise NotFoundError(f"no table has the columns {', '.join(map(repr, keys))}.{nearest(keys[0], known)}")
    return found, read


def _tables(tables: object) -> dict[str, Table]:
    if isinstance(tables, Mapping):
        return {str(name): table if isinstance(table, Table) else read_table(table) for name, table in tables.items()}
    return {"": tables if isinstance(tables, Table) else read_table(tables)}


def _columns(spec: Spec, name: str, table: Table, keys: tuple[str, ...], *, own: bool) -> Iterator[tuple[str, Columns]]:
    """Each node whose scores stand in a table: in its own, or in a column of its name."""
    there = set(table.columns)
    units = _key(spec, there, keys)
    if not units:
        return
    line = next((column for column in ("score_line", "line") if column in there), None)
    if own:
        score = next((column for column in ("score", name, "value") if column in there), None)
        if name in spec.nodes and score is not None:
            yield name, Columns(table, units, score, *_beside(name, there, plain=True), line)
        return
    root = spec.index.id
    if name not in spec.nodes and root not in there and "score" in there:
        yield root, Columns(table, units, "score", *_beside(root, there, plain=True), line)
    for node in spec.nodes:
        if node in there and node not in units and not (name in spec.nodes and node == "score"):
            yield node, Columns(table, units, node, *_beside(node, there, plain=node == root), line)


def _key(spec: Spec, there: set[str], keys: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that name the units: those asked for, else those of the spec."""
    if set(keys) <= there:
        return keys
    return next(((column,) for column in (spec.unit.label, spec.unit.key) if column in there and column), ())


def _beside(node: str, there: set[str], *, plain: bool) -> tuple[str | None, str | None]:
    """The columns of ranks and tiers: ``economy_rank``, or ``rank`` where that is the node's."""
    rank, tier = (
        f"{node}_{what}" if f"{node}_{what}" in there else what if plain and what in there else None
        for what in ("rank", "tier")
    )
    return rank, tier


# -- what the cells stand for -----------------------------------------------------------------------------------------


def _printed(node: Node, columns: Columns, decimals: int | None) -> PrintedTable:
    table = columns.table
    scores = [plain(text) for text in table.text(columns.score)]
    digits, note = decimals, ""
    if decimals is None and (digits := shown_digits(table, columns.score)) is not None:
        note = f"read as numbers, taken to be printed with {digits} decimals"
    readings = (published, unrounded, carried)
    values = {text: [read(node, text, digits) for read in readings] for text in dict.fromkeys(scores)}
    first = node.rank.first if isinstance(node, Group) else "highest"
    return PrintedTable(
        node=node.id,
        units=tuple(
            " / ".join(parts) for parts in zip(*(_cells(table, column) for column in columns.key), strict=True)
        ),
        scores=tuple(scores),
        ranks=tuple(_cells(table, columns.rank)),
        tiers=tuple(label_of(text) for text in _cells(table, columns.tier)),
        lines=tuple(int(text) if text.isdecimal() else None for text in _cells(table, columns.line)),
        published=tuple(values[text][0] for text in scores),
        unrounded=tuple(values[text][1] for text in scores),
        carried=tuple(values[text][2] for text in scores),
        note=note,
        first=first,
    )


def _cells(table: Table, column: str | None) -> list[str]:
    return [""] * len(table) if column is None else [plain(text) for text in table.text(column)]


def shown_digits(table: Table, column: str) -> int | None:
    """How many decimals a column of numbers was printed with, as far as they tell; None for text, which shows it."""
    if not _is_number(table, column):
        return None
    return max((decimals_in(text) for text in _cells(table, column)), default=0)


def _is_number(table: Table, column: str) -> bool:
    return bool(pd.api.types.is_numeric_dtype(table.to_frame()[column]))
