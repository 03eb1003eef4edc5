"""What is counted over draws: ranks, tiers, scores, who stands above whom. Memory does not grow with the draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import rank
from cityindex.methods.rank_draws import LARGEST, rank_draws
from cityindex.robustness._base import Base
from cityindex.robustness._sampler import Scored

__all__ = ["BY_RANK", "CHUNK", "Tally", "count_blocks", "nominal_ranks", "ranks_of"]

Ranks = np.ndarray[tuple[int, int], np.dtype[np.uint16]]
Counts = np.ndarray[tuple[int], np.dtype[np.int64]]
CHUNK = 4096  # draws that are counted together: counting costs units × ranks each time
BY_RANK = ("equal", "quantiles", "sizes")  # tierings whose tiers are ranges of ranks
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
    scored
        In how many draws each unit has a score.
    total, squares
        Sums of the scores' differences from the nominal score (0 where there is none), and of their squares.
    lowest, highest
        The extreme scores of each unit.
    above
        Units × units: in how many draws the first stands strictly above the second (None: not asked for).
    failed
        Number of a draw that could not be scored → the reason.
    """

    draws: int
    ranks: np.ndarray[tuple[int, int], np.dtype[np.uint32]]
    tiers: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    scored: Counts
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
        self.scored += other.scored
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


def nominal_ranks(base: Base) -> Counts:
    """The ranks of the index as written, counted as those of the draws are; 0 where there is none."""
    scores = base.result.column(base.node, of=base.group.rank.of)
    return np.asarray(ranks_of(base, scores[None])[:, 0], np.int64)


def count_blocks(
    base: Base, blocks: Iterable[tuple[int, Scored]], draws: int, cuts: FloatArray, *, pairs: bool
) -> Tally:
    """Count some blocks (the number of their first draw, their scores) together; draws that failed are left out."""
    units, size = base.inputs.units, max((len(rows) for rows in base.peers), default=0) + 1
    nominal = np.nan_to_num(base.result.column(base.node))
    tally = _empty(units, size, len(cuts), pairs=pairs)
    ranks = np.empty((units, draws), np.uint16)
    for first, scored in blocks:
        by = scored.ranked(base)
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
            _add_scores(tally, shown, nominal)
    _add_ranks(tally, ranks[:, : tally.draws])
    return tally


def _empty(units: int, size: int, cuts: int, *, pairs: bool) -> Tally:
    return Tally(
        draws=0,
        ranks=np.zeros((units, size), np.uint32),
        tiers=np.zeros((units, cuts + 1 if cuts else 0), np.int64),
        scored=np.zeros(units, np.int64),
        total=np.zeros(units),
        squares=np.zeros(units),
        lowest=np.full(units, np.nan),
        highest=np.full(units, np.nan),
        above=np.zeros((units, units), np.int64) if pairs else None,
    )


def _add_scores(tally: Tally, scores: FloatArray, nominal: FloatArray) -> None:
    """How many there are, sums of the changes and of their squares, and the extremes."""
    low, high = scores.min(axis=0), scores.max(axis=0)
    change = scores - nominal
    if np.isnan(low).any():
        low, high = np.fmin.reduce(scores, axis=0), np.fmax.reduce(scores, axis=0)
        tally.scored += np.isfinite(scores).sum(axis=0)
        np.nan_to_num(change, copy=False)
    else:
        tally.scored += len(scores)
    tally.total += np.ones(len(change)) @ change
    tally.squares += np.einsum("ij,ij->j", change, change)
    tally.lowest, tally.highest = np.fmin(tally.lowest, low), np.fmax(tally.highest, high)


def _add_ranks(tally: Tally, ranks: Ranks) -> None:
    size = tally.ranks.shape[1]
    for unit, row in enumerate(ranks):
        tally.ranks[unit] += np.bincount(row, minlength=size).astype(np.uint32)
    if tally.above is not None:
        tally.above += _above(ranks)


def _tiers(base: Base, scores: FloatArray, cuts: FloatArray) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """In how many draws each unit is in each tier; who is on a cut (to 12 digits) is in the better one."""
    counts = np.zeros((scores.shape[1], len(cuts) + 1 if len(cuts) else 0), np.int64)
    if not len(cuts):
        return counts
    sign = 1.0 if base.group.rank.first == "highest" else -1.0
    upward = sign * scores
    borders = sign * cuts[:, None] if not _by_rank(base) else _borders(base, upward)
    with np.errstate(invalid="ignore"):
        reached = [(upward >= (cut - 1e-12 * np.abs(cut))[:, None]).sum(axis=0) for cut in borders]
    steps = np.column_stack([*reached, np.isfinite(scores).sum(axis=0)])
    counts[:] = np.diff(steps, axis=1, prepend=0)
    return counts


def _by_rank(base: Base) -> bool:
    """Whether tiers are ranges of the ranks of a draw, and not cuts that are held."""
    tiers = base.group.tiers
    return tiers is not None and tiers.call.name in BY_RANK and base.held is None


def _borders(base: Base, scores: FloatArray) -> FloatArray:
    """The score of the last unit of each tier but the worst, tiers × draws (higher is better): as each draw learns it.

    The units are those of the reference that have a score, of all periods together.
    """
    tiers = base.group.tiers
    assert tiers is not None  # by `_by_rank`
    ref = scores if base.reference is None else scores[:, base.reference]
    ordered = -np.sort(-ref, axis=1)  # nan last
    there = np.isfinite(ref).sum(axis=1)
    found = []
    for last in _last_ranks(tiers.call.name, tiers.call.settings, there):
        place = np.clip(last - 1, 0, ordered.shape[1] - 1)
        border = np.take_along_axis(ordered, place[:, None], axis=1)[:, 0]
        found.append(np.where(last < 1, np.inf, np.where(last > there, -np.inf, border)))
    return np.array(found)


def _last_ranks(name: str, settings: Mapping[str, Any], units: Counts) -> list[Counts]:
    """The last rank of each tier but the worst, of tiers that are ranges of ranks, in draws with so many units."""
    if name == "equal":
        return [tier * units // settings["count"] for tier in range(1, settings["count"])]
    if name == "quantiles":
        return [np.floor(float(share) * units + 1e-9).astype(np.int64) for share in settings["at"]]
    return [np.full_like(units, last) for last in np.cumsum(settings["sizes"][:-1])]


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
