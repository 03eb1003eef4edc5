"""The columns that a description looks at: each node's numbers at one stage, where the node applies at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from cityindex.engine import Inputs
from cityindex.engine.inputs import BoolArray, rows_where
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.plan import Plan
from cityindex.spec.model import Indicator, Node, Spec

if TYPE_CHECKING:
    from cityindex.result import Result
    from cityindex.table import Note, Table

__all__ = ["Data", "Of", "Piece", "Stage"]

Stage = Literal["read", "raw", "turned", "carried", "published"]
Of = int | str | Sequence[str]


@dataclass(frozen=True, eq=False)
class Piece:
    """The rows of one edition (an index without editions has one piece)."""

    plan: Plan
    inputs: Inputs
    rows: IntArray

    @cached_property
    def applies(self) -> dict[str, BoolArray]:
        """Node id → the rows where it counts: kept by its `where` and by that of a group above it."""
        spec, units = self.plan.spec, self.inputs.units
        found = {name: np.zeros(units, dtype=bool) for name in self.plan.ids}
        for root in spec.roots:
            if root.id in found:
                found[root.id] = self._kept(root.id)
        for task in reversed(self.plan.groups):  # parents before children
            for child in task.children:
                found[child] |= found[task.id] & self._kept(child)
        return found

    def _kept(self, name: str) -> BoolArray:
        kept = rows_where(self.inputs, self.plan.spec.nodes[name].where)
        return np.ones(self.inputs.units, dtype=bool) if kept is None else kept

    def column(self, name: str, stage: Stage) -> FloatArray:
        """A leaf's numbers as they were read, or (raw, turned) as its steps start from them."""
        values = self.inputs.values[name]
        if stage != "read" and name in self.inputs.per:
            per = self.inputs.per[name]
            values = np.divide(values, per, out=np.full(len(values), np.nan), where=per != 0)
        if stage == "turned" and _falls(self.plan.spec.nodes[name]):
            values = -values
        return np.where(self.applies[name], values, np.nan)


def _falls(node: Node) -> bool:
    """Whether less is better: as the spec says, else as the steps have it."""
    if not isinstance(node, Indicator):
        return False
    return node.falls is True


@dataclass(frozen=True, eq=False)
class Data:
    """An index and a table that fits it; a result too, where there is one."""

    spec: Spec
    table: Table
    index: pd.Index[Any]
    units: tuple[str, ...]
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...] = ()
    result: Result | None = None
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.units)

    # -- the tree ------------------------------------------------------------------------------------------------------

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node that has values or could have, in the order of the tree (of all editions)."""
        plans = [piece.plan for piece in self.pieces]
        return _first((name, node) for plan in plans for name, node in plan.spec.nodes.items() if name in plan.row)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The nodes that are read from the table: indicators, and groups that are given."""
        return tuple(name for name in self.nodes if any(name in piece.inputs.values for piece in self.pieces))

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Group that is computed → its children, in the order of the tree."""
        found: dict[str, dict[str, None]] = {}
        for piece in self.pieces:
            for task in piece.plan.groups:
                found.setdefault(task.id, {}).update(dict.fromkeys(task.children))
        return {name: tuple(found[name]) for name in self.nodes if name in found}

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The index itself (of each edition, where it is called otherwise there)."""
        return tuple(dict.fromkeys(piece.plan.spec.index.id for piece in self.pieces))

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The leaves under the index; side results (`also`) left out."""
        return tuple(dict.fromkeys(name for root in self.roots for name in self.below(root)))

    def below(self, group: str) -> tuple[str, ...]:
        """The leaves under a group (itself, if it is one)."""
        found: dict[str, None] = {}
        pending = [group]
        while pending:
            name = pending.pop()
            if name in self.children:
                pending += reversed(self.children[name])
            elif name in self.leaves:
                found[name] = None
        return tuple(found)

    def depth(self, level: int) -> tuple[str, ...]:
        """The nodes at a depth of the index, its root at 0."""
        found = self.roots
        for _ in range(level):
            found = tuple(dict.fromkeys(child for name in found for child in self.children.get(name, ())))
        return tuple(name for name in found if name in self.nodes)

    # -- numbers -------------------------------------------------------------------------------------------------------

    def applies(self, name: str) -> BoolArray:
        """The rows where a node counts."""
        found = np.zeros(len(self), dtype=bool)
        for piece in self.pieces:
            if name in piece.plan.row:
                found[piece.rows] = piece.applies[name]
        return found

    def column(self, name: str, stage: Stage) -> FloatArray:
        """One node's numbers at a stage, `nan` where it has none or does not apply."""
        if stage in ("carried", "published"):
            assert self.result is not None  # the stage was checked
            return self.result.column(name, of=stage)
        found = np.full(len(self), np.nan)
        for piece in self.pieces:
            if name in piece.inputs.values:
                found[piece.rows] = piece.column(name, stage)
        return found

    def matrix(self, names: Sequence[str], stage: Stage) -> FloatArray:
        """Columns side by side, n × k, each contiguous in memory."""
        key = (tuple(names), stage)
        if key not in self.memo:
            found = np.empty((len(names), len(self)))
            for row, name in zip(found, names, strict=True):
                row[:] = self.column(name, stage)
            found.flags.writeable = False
            self.memo[key] = found.T
        block: FloatArray = self.memo[key]
        return block

    # -- what is asked for ---------------------------------------------------------------------------------------------

    def stage(self, asked: Stage | None) -> Stage:
        """The stage that is meant; None: carried where there is a result, else raw, turned so that more is better."""
        if asked is None:
            return "turned" if self.result is None else "carried"
        if asked not in get_args(Stage):
            raise NotFoundError(f"no stage {asked!r}.{nearest(str(asked), get_args(Stage))}")
        if asked in ("carried", "published") and self.result is None:
            raise NotFoundError(f"{asked} columns come out of a computation: describe(score(spec, table))")
        return asked

    def select(self, of: Of, stage: Stage) -> tuple[str, ...]:
        """The ids that are meant: `indicators`, a group (its children), a depth, or some ids.

        Raises
        ------
        NotFoundError
            Where there is no such node, or it has no numbers at that stage.
        """
        names = tuple(self._names(of))
        for name in names:
            if name not in self.nodes:
                raise NotFoundError(f"{self.spec.id} has no node {name!r} here.{nearest(str(name), self.nodes)}")
            if stage not in ("carried", "published") and name not in self.leaves:
                look = "say stage='carried'" if self.result else "score first (describe a result; --scored)"
                raise NotFoundError(
                    f"{name} has no {stage} column: it is {self._made(name)}; "
                    f"{look}, or name nodes that stand in the table"
                )
        if not names:
            raise NotFoundError(f"of={of!r} means no node of {self.spec.id}")
        return names

    def _names(self, of: Of) -> Iterator[str]:
        if isinstance(of, bool) or not isinstance(of, int | str | Sequence):
            raise NotFoundError(
                f"of={of!r}: 'indicators', a group, a depth (0 is the index) or a list of ids is wanted"
            )
        if isinstance(of, int):
            yield from self.depth(of)
        elif of == "indicators":
            yield from self.leaves
        elif isinstance(of, str):
            if of not in self.children:
                raise NotFoundError(f"{self.spec.id} computes no group {of!r}.{nearest(of, self.children)}")
            yield from self.children[of]
        else:
            yield from dict.fromkeys(of)

    def _made(self, name: str) -> str:
        return "a constant" if isinstance(self.nodes[name], Indicator) else "computed"

    @property
    def denominators(self) -> dict[str, FloatArray]:
        """Each column that some indicator is divided by, under the name that the spec has for it."""
        found: dict[str, FloatArray] = {}
        for piece in self.pieces:
            for name, values in piece.inputs.per.items():
                per = self.divided_by(name)
                column = found.setdefault(per, np.full(len(self), np.nan))
                column[piece.rows] = values
        return found

    def divided_by(self, name: str) -> str:
        """The name of what a leaf is divided by; nothing where it is not."""
        node = self.nodes[name]
        return (node.per or "") if isinstance(node, Indicator) else ""

    @property
    def families(self) -> dict[str, tuple[str, ...]]:
        """The groups with two or more children, and those."""
        return {name: children for name, children in self.children.items() if len(children) > 1}

    def standing(self, names: tuple[str, ...], stage: Stage) -> tuple[str, ...]:
        """Those of some nodes that have numbers at a stage."""
        return names if stage in ("carried", "published") else tuple(name for name in names if name in self.leaves)

    def title(self, name: str) -> str:
        node = self.nodes[name]
        return "" if node.title is None else str(node.title)


def _first(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping of the first value of each key."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return found
