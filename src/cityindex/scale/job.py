"""What every task is given: the spec, the files and the roles of their columns. It can be sent to another process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from cityindex._values import canonical, label_of, thaw
from cityindex.engine import Inputs, Labels
from cityindex.errors import Problem
from cityindex.plan import Plan, label_columns
from cityindex.scale.cells import Cells, UnitNames
from cityindex.scale.roles import PartRoles, Roles
from cityindex.scale.source import Block, Run, Source, read_run
from cityindex.spec import load_spec
from cityindex.spec.model import Spec
from cityindex.table.numbers import PERCENT, Reading
from cityindex.table.report import report

__all__ = ["Job", "Numbers", "Piece", "Shipped"]

_LOADED: dict[str, Spec] = {}  # specs that came to this process from another one


@dataclass(frozen=True, eq=False)
class Shipped:
    """A spec that travels as it was written and is read again where it arrives, once in a process."""

    spec: Spec

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, (thaw(self.spec.data),)


def _unpacked(data: Any) -> Shipped:
    key = canonical(data)
    if key not in _LOADED:
        _LOADED.clear()  # a process works on one index at a time
        _LOADED[key] = load_spec(data)
    return Shipped(_LOADED[key])


@dataclass(slots=True)
class Numbers:
    """What was noticed while columns were read as numbers, counted over blocks.

    `traits`: (column, how it was read) → (how many cells, the first of them); `marks`: (column, mark) → likewise, for
    what was read as missing; `percent`: column → cells with and without a per-cent sign.
    """

    traits: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    marks: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    percent: dict[str, tuple[int, int]] = field(default_factory=dict)

    def notice(self, column: str, reading: Reading | None, names: UnitNames) -> None:
        """Count one block of a column."""
        if reading is None:
            return
        for trait, rows in reading.traits.items():
            first = f"{reading.quote(int(rows[0]))} of {names.short(int(rows[0]))}" if rows.size else ""
            self._add(self.traits, (column, trait), int(rows.size), first)
        for mark, rows in reading.missing.items():
            if mark:
                self._add(self.marks, (column, mark), int(rows.size), names.short(int(rows[0])))
        if reading.texts is not None:
            signed = int(reading.traits.get(PERCENT, np.empty(0)).size)
            there = int((~np.isnan(reading.values) & (reading.values != 0)).sum())
            zeros = signed and int((reading.values[reading.traits[PERCENT]] == 0).sum())
            old = self.percent.get(column, (0, 0))
            self.percent[column] = old[0] + signed, old[1] + there - (signed - zeros)

    def _add(self, held: dict[Any, tuple[int, str]], key: Any, count: int, first: str) -> None:
        if count:
            old = held.get(key, (0, first))
            held[key] = old[0] + count, old[1]

    def add(self, other: Numbers) -> None:
        """Count what another noticed, later in the data set."""
        for own, more in ((self.traits, other.traits), (self.marks, other.marks)):
            for key, (count, first) in more.items():
                self._add(own, key, count, first)
        for column, (signed, plain) in other.percent.items():
            old = self.percent.get(column, (0, 0))
            self.percent[column] = old[0] + signed, old[1] + plain

    def problems(self) -> list[Problem]:
        """Columns of which only some cells have a per-cent sign."""
        return [
            Problem(f"{signed:,} cells are per cents and {plain:,} are not: write them all alike", f"column {column}")
            for column, (signed, plain) in self.percent.items()
            if signed and plain
        ]

    def messages(self) -> Iterator[tuple[str, str]]:
        """(column, sentence) of everything that was read otherwise than plain."""
        for (column, trait), (count, first) in self.traits.items():
            yield column, f"column {column}: {count:,} cell{'s' * (count != 1)} {trait} (first: {first})"
        by_column: dict[str, list[str]] = {}
        for (column, mark), (count, first) in self.marks.items():
            by_column.setdefault(column, []).append(f"{count:,} {mark!r} (first: {first})")
        for column, kinds in by_column.items():
            yield column, f"column {column}: read as missing: {', '.join(kinds)}"


@dataclass(slots=True)
class Piece:
    """The rows of one block that belong to one part of the index, and the problems met in reading them."""

    part: int
    plan: Plan
    inputs: Inputs
    rows: Any  # positions in the block; None: all
    problems: list[Problem]


@dataclass(frozen=True, eq=False)
class Job:
    """One data set and one index: everything that a task needs beside the run of blocks that it works on."""

    shipped: Shipped
    source: Source
    roles: Roles

    @property
    def spec(self) -> Spec:
        return self.shipped.spec

    def plan(self, part: int) -> Plan:
        return self.roles.parts[part].plan(self.spec)

    def read(
        self, run: Run, columns: Sequence[str], skip: frozenset[int] = frozenset()
    ) -> Iterator[tuple[Block, Cells]]:
        """The blocks of a run, with the columns named."""
        stored = [self.roles.stored[name] for name in dict.fromkeys(columns)]
        for block, rows in read_run(self.source, run, stored, skip):
            yield block, Cells(rows, self.roles.stored, self.roles.marks)

    def needed(self, part: int, nodes: Sequence[str], plan: Plan) -> tuple[list[str], list[str]]:
        """The columns of numbers and of labels that some nodes of a part read, the reference's among them."""
        roles = self.roles.parts[part]
        numbers = [own[name] for name in nodes for own in (roles.columns, roles.per) if name in own]
        labels = [roles.labels[name] for name in label_columns(plan.spec, nodes) if name in roles.labels]
        return list(dict.fromkeys(numbers)), list(dict.fromkeys(labels))

    def names(self, cells: Cells, block: Block, run: Run) -> UnitNames:
        """The names of the rows of a block."""
        periods = None if self.roles.period is None else cells.labels(self.roles.period)
        return UnitNames(cells.texts(self.roles.key), periods, self.source.files[run.file].name, block.first)

    def pieces(
        self, cells: Cells, names: UnitNames, nodes: Mapping[int, Sequence[str]], numbers: Numbers
    ) -> Iterator[Piece]:
        """The rows of a block by part, with the numbers that some nodes of it read."""
        for index, wanted in nodes.items():
            roles = self.roles.parts[index]
            rows = self._rows(cells, roles)
            if rows is not None and not len(rows):
                continue
            plan = roles.plan(self.spec)
            columns, labelled = self.needed(index, wanted, plan)
            by_column, problems = _numbers(cells, columns, names, numbers)
            if rows is not None:
                by_column = {name: values[rows] for name, values in by_column.items()}
            inputs = Inputs(
                units=len(cells) if rows is None else len(rows),
                values={name: by_column[roles.columns[name]] for name in wanted if name in roles.columns},
                per={name: by_column[roles.per[name]] for name in wanted if name in roles.per},
                labels={
                    name: _taken(cells.labels(column), rows)
                    for name, column in roles.labels.items()
                    if column in labelled
                },
                names=names if rows is None else names.of(rows),
            )
            yield Piece(index, plan, inputs, rows, problems)

    def _rows(self, cells: Cells, roles: PartRoles) -> Any:
        """The rows of a part; None where it has all of them."""
        if len(self.roles.parts) == 1:
            return None
        assert self.roles.period is not None  # editions have a period
        labels = cells.labels(self.roles.period)
        own = {label_of(each.period): each.period for each in self.roles.parts if each.period is not None}
        names = np.array([own.get(name) == roles.period for name in labels.names], dtype=bool)
        return np.flatnonzero(names[labels.codes])


def _numbers(
    cells: Cells, columns: Sequence[str], names: UnitNames, noticed: Numbers
) -> tuple[dict[str, Any], list[Problem]]:
    """The columns as numbers, and the cells that are none."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in columns:
        values[column], reading = cells.numbers(column)
        noticed.notice(column, reading, names)
        if reading is not None:
            place = partial(_cell, names, column)
            problems += report(reading, column, name=names.__getitem__, place=place).problems
    return values, problems


def _cell(names: UnitNames, column: str, row: int) -> str:
    return f"unit {names[row]}, column {column}"


def _taken(labels: Labels, rows: Any) -> Labels:
    return labels if rows is None else labels.take(rows)
