"""What a report is about: a result, the rows of one period, and how names and numbers are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cityindex._values import label_of
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray, Part
from cityindex.result import Result
from cityindex.spec.model import Group, Node, Spec
from cityindex.table.periods import in_time
from cityindex.views.report.words import Voice

__all__ = ["Subject", "Unit", "ordered", "subject_of"]


class Unit(NamedTuple):
    """What a unit is called: its label (or its key), and its key where that is another text."""

    name: str
    key: str


@dataclass(frozen=True, eq=False)
class Subject:
    """A result seen through one period, in one language.

    Attributes
    ----------
    rows
        Those of the period, by rank; units without a rank last.
    period, others
        The period that is shown, and those that the table holds besides (empty where it has none).
    """

    result: Result
    voice: Voice
    rows: IntArray
    period: str | None = None
    others: tuple[str, ...] = ()

    @cached_property
    def part(self) -> Part:
        """The rows of a period belong to one edition."""
        return self.result.part_of(int(self.rows[0]))[0]

    @property
    def spec(self) -> Spec:
        return self.part.plan.spec

    @property
    def root(self) -> Group:
        return self.spec.index

    @cached_property
    def children(self) -> tuple[Node, ...]:
        """The children of the index that have values here."""
        named = dict.fromkeys(child.id for child in self.root.children)
        return tuple(self.spec.nodes[name] for name in named if name in self.part.plan.row)

    @cached_property
    def names(self) -> tuple[Unit, ...]:
        """Of every row of the table."""
        keys, labels = self.result.units, self.result.labels
        if labels is None:
            return tuple(Unit(key, "") for key in keys)
        return tuple(
            Unit(label or key, "" if label in ("", key) else key) for key, label in zip(keys, labels, strict=True)
        )

    def values(self, node: str) -> FloatArray:
        """Published values of the rows that are shown, in their order."""
        return self.result.column(node)[self.rows]

    def digits(self, node: str) -> int:
        """The decimals of a node's published values: those that they are rounded to, else about four digits."""
        for call in reversed(self.spec.nodes[node].publish):
            if call.name == "round":
                return max(0, int(call.settings["digits"]))
        values = self.result.column(node)
        seen = values[np.isfinite(values)]
        top = float(np.abs(seen).max()) if seen.size else 0.0
        return 3 if top < 10 else 2 if top < 1000 else 0


def subject_of(result: Result, voice: Voice, period: str | None) -> Subject:
    """The subject of a report.

    Raises
    ------
    NotFoundError
        The table has no such period, or none at all.
    """
    order = _by_rank(result.ranks(), np.arange(len(result)))
    if result.periods is None:
        if period is not None:
            raise NotFoundError(f"period={period!r}: {result.spec.id} names no column of periods")
        return Subject(result, voice, order)
    labels = [label_of(each) for each in result.periods]
    known = in_time(labels)
    chosen = known[-1] if period is None else label_of(period)
    if chosen not in known:
        raise NotFoundError(f"period={period!r}: the table has none of that name.{nearest(chosen, known)}")
    here = np.array([label == chosen for label in labels])
    others = tuple(label for label in known if label != chosen)
    return Subject(result, voice, order[here[order]], chosen, others)


def _by_rank(ranks: FloatArray, rows: IntArray) -> IntArray:
    found: IntArray = rows[np.argsort(np.where(np.isnan(ranks), np.inf, ranks), kind="stable")]
    return found


def ordered(ranks: FloatArray, rows: Sequence[int] | IntArray) -> IntArray:
    """Some rows by the ranks of all."""
    places = np.asarray(rows, dtype=np.intp)
    return _by_rank(ranks[places], places)
