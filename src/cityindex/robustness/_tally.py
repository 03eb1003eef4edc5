"""What is counted over draws: ranks, tiers, scores, who stands above whom. Memory does not grow with the draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import rank
from cityindex.methods.rank_draws import LARGEST, rank_draws
from cityindex.robustness._base import Base
from cityindex.robustness._sampler import Scored

__all__ = ["CHUNK", "Tally", "count_blocks", "ranks_of"]

Ranks = np.ndarray[tuple[int, int], np.dtype[np.uint16]]
CHUNK = 4096  # draws that are counted together: counting costs units × ranks each time
LANES = 2040  # draws whose comparisons are added in bytes: 8 lanes of at most 255


@dataclass(eq=False)
class Tally:
    """Counts over draws; two of them add up.

    Attributes
    ----------
    draws
        How many draws were counted.
    ranks
        Units × ranks (0: no rank in that draw): in how many draws.
    tiers
        Units × tiers, where there are any.
    total, squares
        Sums of the scores' differences from the nominal score, and of their squares.
    lowest, highest
        The extreme scores of each unit.
    above
        Units × units: in how many draws the first stands strictly above the second (None: not asked for).
    failed
        Number of a draw that could not be scored → the reason.
    """

    draws: int
    ranks: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    tiers: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    total: FloatArray
    squares: FloatArray
    lowest: FloatArray
    highest: FloatArray
    above: np.ndarray[tuple[int, int], np.dtype[np.int64]] | None
    failed: dict[int, str] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count the draws of another tally too."""
        self.draws += other.draws
        self.ranks += other.ranks
        self.tiers += other.tiers
        self.total += other.total
        self.squares += other.squares
        self.lowest = np.fmin(self.lowest, other.lowest)
        self.highest = np.fmax(self.highest, other.highest)
        if self.above is not None and other.above is not None:
            self.above += other.above
        self.failed |= other.failed


def ranks_of(base: Base, scores: FloatArray) -> Ranks:
    """Ranks within each period, units × draws; 0 where there is no score. Ties share a rank as the spec says.

    Ranks of ties that the spec averages are the lowest of those places here: they are counted as whole numbers.
    """
    first, ties = base.group.rank.first, base.group.rank.ties
    simple = ties in ("min", "average") and scores.shape[1] <= LARGEST
    if simple and len(base.peers) == 1 and np.isfinite(scores.sum()):
        return rank_draws(scores, highest_first=first == "highest")
    out = np.zeros((scores.shape[1], scores.shape[0]), np.uint16)
    for rows in base.peers:
        here = scores[:, rows]
        there = np.isfinite(here)
        whole = there.all(axis=0)
        if simple and (whole | ~there.any(axis=0)).all():
            if whole.any():
                out[rows[whole]] = rank_draws(np.ascontiguousarray(here[:, whole]), highest_first=first == "highest")
        else:
            placed = rank(here, ties="min" if ties == "average" else ties, first=first)
            out[rows] = np.where(np.isnan(placed), 0, placed).T.astype(np.uint16)
    return out


def count_blocks(
    base: Base, blocks: Iterable[tuple[int, Scored]], draws: int, cuts: FloatArray, *, pairs: bool
) -> Tally:
    """Count some blocks (the number of their first draw, their scores) together; draws that failed are left out."""
    units, size = base.inputs.units, max((len(rows) for rows in base.peers), default=0) + 1
    nominal = base.result.column(base.node)
    tally = _empty(units, size, len(cuts), pairs=pairs)
    ranks = np.empty((units, draws), np.uint16)
    for first, scored in blocks:
        by = scored.published if base.group.rank.of == "published" else scored.carried
        shown = scored.published
        if scored.failed:
            keep = np.array([number not in scored.failed for number in range(first, first + len(by))], dtype=bool)
            by, shown = by[keep], shown[keep]
        start = tally.draws
        tally.draws += len(by)
        ranks[:, start : tally.draws] = ranks_of(base, by)
        tally.failed |= scored.failed
        if len(by):
            tally.tiers += _tiers(base, by, cuts)
            _add_scores(tally, shown - nominal, nominal)
    _add_ranks(tally, ranks[:, : tally.draws])
    return tally


def _empty(units: int, size: int, cuts: int, *, pairs: bool) -> Tally:
    return Tally(
        draws=0,
        ranks=np.zeros((units, size), np.int64),
        tiers=np.zeros((units, cuts + 1 if cuts else 0), np.int64),
        total=np.zeros(units),
        squares=np.zeros(units),
        lowest=np.full(units, np.nan),
        highest=np.full(units, np.nan),
        above=np.zeros((units, units), np.int64) if pairs else None,
    )


def _add_scores(tally: Tally, change: FloatArray, nominal: FloatArray) -> None:
    """Sums of the changes and of their squares, and the extremes."""
    total = change.sum(axis=0)
    if np.isnan(total).any():
        tally.total += np.nansum(change, axis=0)
        tally.squares += np.nansum(change * change, axis=0)
    else:
        tally.total += total
        tally.squares += np.einsum("ij,ij->j", change, change)
    tally.lowest = np.fmin(tally.lowest, nominal + np.fmin.reduce(change, axis=0))
    tally.highest = np.fmax(tally.highest, nominal + np.fmax.reduce(change, axis=0))


def _add_ranks(tally: Tally, ranks: Ranks) -> None:
    size = tally.ranks.shape[1]
    for unit, row in enumerate(ranks):
        tally.ranks[unit] += np.bincount(row, minlength=size)
    if tally.above is not None:
        tally.above += _above(ranks)


def _tiers(base: Base, scores: FloatArray, cuts: FloatArray) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """In how many draws each unit is in each tier; who is on a cut (to 12 digits) is in the better one."""
    counts = np.zeros((scores.shape[1], len(cuts) + 1 if len(cuts) else 0), np.int64)
    if not len(cuts):
        return counts
    sign = 1.0 if base.group.rank.first == "highest" else -1.0
    with np.errstate(invalid="ignore"):
        reached = [(sign * scores >= sign * cut - 1e-12 * abs(cut)).sum(axis=0) for cut in cuts]
    steps = np.column_stack([*reached, np.isfinite(scores).sum(axis=0)])
    counts[:] = np.diff(steps, axis=1, prepend=0)
    return counts


def _above(ranks: Ranks) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """In how many draws each unit stands above each other (both ranked), by sums of bytes."""
    units, draws = ranks.shape
    placed = np.where(ranks == 0, np.uint16(LARGEST), ranks)
    counts = np.zeros((units, units), np.int64)
    for start in range(0, draws, LANES):
        part = np.ascontiguousarray(placed[:, start : start + LANES])
        spare = -part.shape[1] % 8
        if spare:
            part = np.pad(part, ((0, 0), (0, spare)))  # equal numbers: nobody is above anybody
        for unit in range(units):
            less = np.less(part[unit], part).view(np.uint64)
            counts[unit] += np.add.reduce(less, axis=1).view(np.uint8).reshape(units, 8).sum(axis=1, dtype=np.int64)
    return counts
