"""What was published, beside what a spec gives: how many rows miss it, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex._values import label_of
from cityindex.auditing.printed_cells import decimals_in
from cityindex.auditing.printed_tables import shown_digits
from cityindex.errors import NotFoundError, TableError, nearest
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.result import Result
from cityindex.spec.model import Spec
from cityindex.table import Table, read_table

__all__ = ["Misses", "Target", "read_target"]

DUST = 1e-9  # relative: floats that were written in another program
NOTHING = frozenset({"", "-", "—"})


@dataclass(frozen=True, slots=True)
class Misses:
    """How far a result is from what was published.

    Attributes
    ----------
    rows
        How many rows differ in a score, a rank or a tier.
    largest
        The largest difference of a score, in its own unit (`nan`: no scores are compared).
    typical
        The mean difference of the scores.
    cells
        How many scores, ranks and tiers differ.
    """

    rows: int
    largest: float
    typical: float
    cells: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Target:
    """The published numbers that are compared, n rows.

    Attributes
    ----------
    units
        Who stands in each row.
    scores
        Node → its printed scores, (n,), and how far a score may be from them: half of the last digit.
    ranks, tiers
        Those of the node that is compared; None where there are none.
    decimals
        How many decimals the scores of that node show.
    """

    node: str
    units: tuple[str, ...]
    scores: Mapping[str, tuple[FloatArray, FloatArray]]
    ranks: FloatArray | None
    tiers: tuple[str, ...] | None
    decimals: int

    def __len__(self) -> int:
        return len(self.units)

    def compare(self, result: Result) -> Misses:
        """The rows of a result that differ; a unit that the result lacks differs."""
        places = {label_of(unit): row for row, unit in enumerate(result.units)}
        if result.labels is not None:
            places = {label_of(label): row for row, label in enumerate(result.labels)} | places
        rows = np.array([places.get(label_of(unit), -1) for unit in self.units])
        missing = rows < 0
        found = {what: np.asarray(bad | missing) for what, bad in self._wrong(result, rows)}
        off = [np.abs(result.column(node)[rows] - printed)[~missing] for node, (printed, _) in self.scores.items()]
        together = np.concatenate(off) if off else np.array([])
        known = together[~np.isnan(together)]
        return Misses(
            rows=int(np.logical_or.reduce(list(found.values())).sum()),
            largest=float(known.max()) if len(known) else np.nan,
            typical=float(known.mean()) if len(known) else np.nan,
            cells={what: int(bad.sum()) for what, bad in found.items()},
        )

    def _wrong(self, result: Result, rows: Any) -> Iterator[tuple[str, BoolArray]]:
        for node, (printed, room) in self.scores.items():
            values = result.column(node)[rows]
            gone = np.isnan(values) | np.isnan(printed)
            far = np.abs(values - printed) > room + DUST * np.maximum(1.0, np.abs(printed))
            yield f"scores of {node}", np.where(gone, np.isnan(values) != np.isnan(printed), far)
        if self.ranks is not None:
            ranks = result.ranks(self.node)[rows]
            same = (ranks == self.ranks) | (np.isnan(ranks) & np.isnan(self.ranks))
            yield f"ranks of {self.node}", ~same
        if self.tiers is not None and self.node in result.tiered:
            tiers = [tier or "" for tier in result.tiers(self.node)]
            yield (
                f"tiers of {self.node}",
                np.array([tiers[row] != tier for row, tier in zip(rows.tolist(), self.tiers, strict=True)]),
            )


def read_target(
    spec: Spec, published: object, node: str | None, *, tolerance: float | None, decimals: int | None
) -> Target:
    """The published table: a column a node (or ``score``, for the node that is compared), ``rank`` and ``tier``."""
    table = published if isinstance(published, Table) else read_table(published)
    chosen = spec.index.id if node is None else node
    spec[chosen]  # says so where there is no such node
    there = set(table.columns)
    own = next((name for name in (chosen, "score", "value") if name in there), None)
    columns = {} if own is None else {chosen: own}
    if node is None:
        columns |= {name: name for name in spec.nodes if name in there}
    rank = next((name for name in (f"{chosen}_rank", "rank") if name in there), None)
    tier = next((name for name in (f"{chosen}_tier", "tier") if name in there), None)
    if not columns and rank is None and tier is None:
        hint = nearest(chosen, (*table.columns,))
        raise TableError(f"what was published needs a column {chosen!r} (or 'score'), 'rank' or 'tier'.{hint}")
    scores = {name: _scores(table, column, tolerance, decimals) for name, column in columns.items()}
    return Target(
        node=chosen,
        units=tuple(str(unit) for unit in table.text(_key(spec, table))),
        scores=scores,
        ranks=None if rank is None else _numbers(table, rank),
        tiers=None if tier is None else tuple(label_of(text) for text in table.text(tier)),
        decimals=_decimals(table, columns[chosen], decimals) if chosen in columns else 3,
    )


def _key(spec: Spec, table: Table) -> str:
    """The column of the units: the spec's, else `name`, else the first that is no node's and no number."""
    wanted = [spec.unit.key, spec.unit.label, "name", "unit", "key"]
    found = next((name for name in wanted if name in table.columns), None)
    if found is None:
        raise NotFoundError(
            f"what was published has no column that names the units, such as {spec.unit.key or 'name'!r}."
            f"{nearest(spec.unit.key or 'name', table.columns)}"
        )
    return found


def _numbers(table: Table, column: str) -> FloatArray:
    read = table.numbers(column)
    if read.problems:
        raise TableError(read.problems, summary=f"the published column {column!r} cannot be read:")
    return read.values


def _scores(table: Table, column: str, tolerance: float | None, decimals: int | None) -> tuple[FloatArray, FloatArray]:
    values = _numbers(table, column)
    if tolerance is not None:
        return values, np.full(len(values), tolerance)
    digits = shown_digits(table, column) if decimals is None else decimals
    cells = [decimals_in(str(text)) if digits is None else digits for text in table.text(column)]
    return values, 0.5 * 10.0 ** -np.array(cells, dtype=np.float64)


def _decimals(table: Table, column: str, decimals: int | None) -> int:
    if decimals is not None:
        return decimals
    return max((decimals_in(str(text)) for text in table.text(column) if str(text) not in NOTHING), default=0)
