"""Ranks of the whole data set from its blocks: four looks at the one column that decides, never at the rest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.errors import TableError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import Ties
from cityindex.methods.rank_blocks import CODES, Buckets, buckets_for, rank_bucket, targets
from cityindex.scale.work import BlockFile, reason_of

__all__ = ["Ranking"]

IN_MEMORY = 1 << 26  # values held in memory; more are held in a file
BUCKETS = 1 << 12  # of one set of units that are ranked together
SAMPLE = 1 << 18  # values of all blocks by which buckets are chosen

Codes = npt.NDArray[np.uint32]


@dataclass(slots=True)
class _Set:
    """Units that are ranked together: those of one part and period."""

    part: int
    count: int = 0
    low: float = np.inf
    high: float = -np.inf
    sample: list[FloatArray] = field(default_factory=list)
    buckets: Buckets = field(default_factory=lambda: Buckets(0.0, 0.0, 1))
    first: int = 0  # of its buckets among all


class Ranking:
    """The ranks of the rows of block files, in their order.

    Parameters
    ----------
    files
        The blocks; their column ``place`` rises from the first to the last, ``nan`` has no rank.
    ties
        By part.
    folder
        Where values are held that do not fit in memory.
    """

    def __init__(self, files: Sequence[BlockFile], ties: Sequence[Ties], folder: Path) -> None:
        self._files, self._ties = files, ties
        self._columns = ["place", *(name for name in ("when", "part") if name in files[0].names())]
        self._sets: dict[tuple[int, str], _Set] = {}
        for file in files:
            self._look(file)
        self._choose()
        self._counts = np.zeros(self._total, np.int64)
        for file in files:
            codes = self._codes(file)[1]
            self._counts += np.bincount(codes, minlength=self._total)
        self._starts = np.cumsum(self._counts) - self._counts
        rows = int(self._counts.sum())
        self._values: Any = np.empty(rows) if rows <= IN_MEMORY else _held(folder, rows)
        fill = self._starts.copy()
        for file in files:
            values, codes, _ = self._codes(file)
            order, target = targets(codes, fill)
            self._values[target] = values[order]
        self.whole = self._rank()

    def periods(self, part: int) -> tuple[str, ...]:
        """The periods that the rows of a part are of."""
        return tuple(when for own, when in self._sets if own == part)

    def blocks(self) -> Iterator[FloatArray]:
        """The ranks of each block; ``nan``: not ranked."""
        fill = self._starts.copy()
        for file in self._files:
            values, codes, there = self._codes(file)
            order, target = targets(codes, fill)
            own = np.empty(len(values))
            own[order] = self._values[target]
            if there is None:
                yield own
            else:
                ranks = np.full(len(there), np.nan)
                ranks[there] = own
                yield ranks

    # -- looks at the column ------------------------------------------------------------------------------------------

    def _parted(self, file: BlockFile) -> tuple[FloatArray, list[tuple[tuple[int, str], Any]]]:
        """The values of a block, and the rows (None: all) of each set in it."""
        batch, names = file.read(self._columns), self._columns
        values = batch.column("place").to_numpy()
        part = batch.column("part").to_numpy() if "part" in names else None
        if "when" not in names:
            if part is None:
                return values, [((0, ""), None)]
            return values, [((int(each), ""), np.flatnonzero(part == each)) for each in np.unique(part)]
        when = batch.column("when")
        codes = when.indices.to_numpy()
        labels = when.dictionary.to_pylist()
        mixed = codes if part is None else codes + len(labels) * part.astype(np.int64)
        found = []
        for code in np.unique(mixed).tolist():
            key = code // len(labels), labels[code % len(labels)]
            found.append((key, np.flatnonzero(mixed == code)))
        return values, found

    def _look(self, file: BlockFile) -> None:
        values, sets = self._parted(file)
        for key, rows in sets:
            own = values if rows is None else values[rows]
            own = own[~np.isnan(own)]
            known = self._sets.setdefault(key, _Set(key[0]))
            if len(own):
                known.count += len(own)
                known.low, known.high = min(known.low, float(own.min())), max(known.high, float(own.max()))
                known.sample.append(own[:: max(len(own) * len(self._files) // SAMPLE, 1)])

    def _choose(self) -> None:
        each = max(1, min(BUCKETS, CODES // max(len(self._sets), 1)))
        self._total = 0
        for own in self._sets.values():
            if own.count:
                own.buckets = buckets_for(own.low, own.high, each, np.concatenate(own.sample))
            own.first = self._total
            self._total += own.buckets.count
            own.sample.clear()

    def _codes(self, file: BlockFile) -> tuple[FloatArray, Codes, Any]:
        """The values of a block that are there, the bucket of each, and where they stand (None: all are there)."""
        values, sets = self._parted(file)
        there = ~np.isnan(values)
        if len(sets) == 1 and there.all():
            own = self._sets[sets[0][0]]
            return values, own.buckets.of(values) + np.uint32(own.first), None
        codes = np.zeros(len(values), np.uint32)
        for key, rows in sets:
            own = self._sets[key]
            places = np.flatnonzero(there) if rows is None else rows[there[rows]]
            codes[places] = own.buckets.of(values[places]) + np.uint32(own.first)
        return values[there], codes[there], there

    def _rank(self) -> bool:
        """Every bucket's values give way to their ranks; whether all of them are whole."""
        whole = True
        for own in self._sets.values():
            before = different = 0
            for bucket in range(own.first, own.first + own.buckets.count):
                start, count = int(self._starts[bucket]), int(self._counts[bucket])
                if count:
                    held = self._values[start : start + count]
                    held[:], new = rank_bucket(held, self._ties[own.part], before, different)
                    whole = whole and (self._ties[own.part] != "average" or bool((held == np.rint(held)).all()))
                    before, different = before + count, different + new
        return whole


def _held(folder: Path, rows: int) -> Any:
    path = folder / "ranks.f64"
    try:
        with path.open("wb") as file:
            if hasattr(os, "posix_fallocate"):  # a full disk is told here, and not by the end of the process
                os.posix_fallocate(file.fileno(), 0, 8 * rows)
    except OSError as error:
        raise TableError(f"cannot write {path}, where ranks are held: {reason_of(error)}") from None
    return np.memmap(path, dtype=np.float64, mode="r+" if path.stat().st_size else "w+", shape=(rows,))
