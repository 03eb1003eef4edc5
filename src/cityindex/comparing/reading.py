"""The columns that one side's structure reads, with the numbers of the other side's table."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cityindex.comparing.sides import Side
from cityindex.engine import Inputs, Labels
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.plan import Plan
from cityindex.spec.model import Indicator, Node
from cityindex.table import Note
from cityindex.table.columns import resolve

__all__ = ["Reader"]


@dataclass
class Reader:
    """Reads a plan's inputs for the units that both sides have.

    A column is looked for by its name: among what the data's side has read, then in its table. Where it has neither,
    the node's numbers on that side will do (the column was renamed); failing that the data come with the structure,
    and a note says so.
    """

    sides: tuple[Side, Side]
    rows: tuple[IntArray, IntArray]
    plan: Plan
    label_columns: tuple[str, ...]
    structure: int
    data: int
    notes: list[Note] = field(default_factory=list)

    def inputs(self) -> Inputs:
        own = self.sides[self.structure].part.inputs
        read = [name for name in self.plan.ids if name in own.values]
        divided = [name for name in read if name in own.per]
        return Inputs(
            units=len(self.rows[0]),
            values={name: self._values(name) for name in read},
            per={name: self._per(name) for name in divided},
            labels={name: self._labels(name) for name in self.label_columns},
            names=[self.sides[1].keys[row] for row in self.rows[1].tolist()],
        )

    def _place(self, side: int) -> IntArray:
        """The units' rows in the part of a side."""
        return self.sides[side].places[self.rows[side]]

    def _own(self, numbers: FloatArray) -> FloatArray:
        return np.ascontiguousarray(numbers[self._place(self.structure)])

    def _values(self, name: str) -> FloatArray:
        own = self._own(self.sides[self.structure].part.inputs.values[name])
        if self.data == self.structure:
            return own
        other = self.sides[self.data].part
        node, theirs = self.plan.spec.nodes[name], other.plan.spec.nodes.get(name)
        read = other.inputs.values.get(name)
        same_kind = (name in other.plan.given) == (name in self.plan.given)
        if read is not None and theirs is not None and same_kind and _column(node) == _column(theirs):
            return np.ascontiguousarray(read[self._place(self.data)])
        found = self._of_table(_column(node))
        if found is not None:
            return self._completed(name, found, own)
        if read is not None and same_kind:
            return np.ascontiguousarray(read[self._place(self.data)])
        self._note(f"{name} stands in {self._name(self.structure)} alone: its data come with the structure", name)
        return own

    def _per(self, name: str) -> FloatArray:
        own = self._own(self.sides[self.structure].part.inputs.per[name])
        if self.data == self.structure:
            return own
        other = self.sides[self.data].part
        node, theirs = self.plan.spec.nodes[name], other.plan.spec.nodes.get(name)
        assert isinstance(node, Indicator)
        read = other.inputs.per.get(name)
        if read is not None and isinstance(theirs, Indicator) and theirs.per == node.per:
            return np.ascontiguousarray(read[self._place(self.data)])
        found = self._of_table(node.per or "")
        if found is not None:
            return self._completed(name, found, own)
        self._note(
            f"{name} is divided by {node.per}, which stands in {self._name(self.structure)} alone: "
            "it comes with the structure",
            name,
        )
        return own

    def _labels(self, name: str) -> Labels:
        """Labels of the data's side; where it has none, those of the other."""
        found = self._labels_of(self.data, name)
        if found is not None:
            return found
        other = 1 - self.data
        self._note(f"labels {name} stand in {self._name(other)} alone: they are read there for both", None)
        found = self._labels_of(other, name)
        assert found is not None  # one of the two reads them
        return found

    def _labels_of(self, side: int, name: str) -> Labels | None:
        read = self.sides[side].part.inputs.labels.get(name)
        if read is not None:
            return read.take(self._place(side))
        column = self._column_of(name, side)
        if column is None:
            return None
        own = self.sides[side]
        return Labels.of(own.result.table.labels(column)[own.rows[self.rows[side]]])

    def _of_table(self, name: str) -> FloatArray | None:
        """A column of the data's table as numbers, for the units; None where there is none, or it is no column of
        numbers.
        """
        column = self._column_of(name, self.data)
        if column is None:
            return None
        side = self.sides[self.data]
        numbers = side.result.table.numbers(column)
        if numbers.problems:
            return None
        return np.ascontiguousarray(numbers.values[side.rows[self.rows[self.data]]])

    def _column_of(self, name: str, side: int) -> str | None:
        table = self.sides[side].result.table
        fit = resolve(self.plan.spec, table, name)
        return fit.columns[0] if len(fit.columns) == 1 else None

    def _completed(self, name: str, found: FloatArray, own: FloatArray) -> FloatArray:
        """Cells of a column that the data's side did not need to have, where they are missing: the structure's own."""
        gaps = np.isnan(found) & ~np.isnan(own)
        if gaps.any():
            who, count = self._name(self.data), int(gaps.sum())
            what = "1 unit has" if count == 1 else f"{count} units have"
            self._note(f"{name}: {what} no number in {who}: there it comes with the structure", name)
        return np.where(gaps, own, found)

    def _name(self, side: int) -> str:
        return self.sides[side].name

    def _note(self, message: str, node: str | None) -> None:
        self.notes.append(Note("data", message, node=node))


def _column(node: Node) -> str:
    return (node.column if isinstance(node, Indicator) else None) or node.id
