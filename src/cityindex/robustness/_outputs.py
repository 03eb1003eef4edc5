"""What is looked at in a draw: how far the ranking moved, or one unit's score or rank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.robustness._base import Base
from cityindex.robustness._sampler import Scored
from cityindex.robustness._tally import Counts, Ranks, nominal_ranks, ranks_of

__all__ = ["Output", "kendall_distances", "output_of"]

Codes = np.ndarray[tuple[int, int], np.dtype[np.int64]]
WORDS = {
    "shift": "the mean absolute rank change",
    "kendall": "the Kendall distance from the nominal ranking",
    "units": "the mean absolute rank change",
}


@dataclass(frozen=True, eq=False)
class Output:
    """One number for each draw, from the published scores and the ranks; ``nan`` where a unit that counts has none.

    Attributes
    ----------
    said
        As it was asked for.
    words
        What it is, in words.
    units
        The rows that have to have a score.
    of
        (scores draws × units, ranks units × draws) → one number per draw.
    """

    base: Base
    said: str
    words: str
    units: np.ndarray[tuple[int], np.dtype[np.intp]]
    of: Callable[[FloatArray, Ranks], FloatArray]

    def values(self, scored: Scored) -> tuple[FloatArray, Ranks]:
        """The output in each draw, and the ranks, units × draws."""
        ranks = ranks_of(self.base, scored.ranked(self.base))
        gone = ~np.isfinite(scored.published[:, self.units]).T | (ranks[self.units] == 0)
        there: BoolArray = ~gone.any(axis=0)
        found = np.full(ranks.shape[1], np.nan)
        if there.any():
            found[there] = self.of(scored.published[there], ranks[:, there])
        return found, ranks

    def reason(self, scores: FloatArray, ranks: Ranks) -> str:
        """Why a draw that could be scored has no output: the first unit that has no score, or no rank."""
        gone = ~np.isfinite(scores[self.units]) | (ranks[self.units] == 0)
        return f"{self.base.inputs.name(int(self.units[gone][0]))} has no score"


def output_of(base: Base, said: str, period: str | None) -> Output:
    """The output that is asked for: ``shift``, ``kendall``, ``units``, ``rank:UNIT`` or ``score:UNIT``.

    Raises
    ------
    ScoreError
        None of these; an index in which nothing is ranked.
    NotFoundError
        There is no such unit, or it has no score.
    """
    nominal = nominal_ranks(base)
    ranked = np.flatnonzero(nominal)
    kind, _, name = str(said).partition(":")
    if kind in ("rank", "score") and name:
        row = base.result.row(name, period=period)
        if not nominal[row]:
            raise NotFoundError(f"{name} has no score at {base.node}")
        one = np.array([row])
        if kind == "rank":
            return Output(base, said, f"the rank of {name}", one, lambda _, ranks: ranks[row].astype(np.float64))
        return Output(base, said, f"the score of {name}", one, lambda scores, _: scores[:, row])
    if said not in WORDS:
        allowed = ("shift", "kendall", "units", "rank:UNIT", "score:UNIT")
        raise ScoreError(f"output: {said!r}; allowed: {', '.join(allowed)}.{nearest(str(said), allowed)}")
    if not len(ranked):
        raise ScoreError(f"no unit has a rank at {base.node}")
    if said == "kendall":
        return Output(base, said, WORDS[said], ranked, lambda _, ranks: _distance(base, nominal, ranks))
    return Output(base, said, WORDS[said], ranked, lambda _, ranks: _shift(nominal[ranked], ranks[ranked]))


def _shift(nominal: Counts, ranks: Ranks) -> FloatArray:
    return np.asarray(np.abs(ranks.astype(np.int32) - nominal[:, None].astype(np.int32)).mean(axis=0), np.float64)


def _distance(base: Base, nominal: Counts, ranks: Ranks) -> FloatArray:
    """The share of pairs (within each period) that stand otherwise."""
    apart, pairs = np.zeros(ranks.shape[1]), 0
    for rows in base.peers:
        here = rows[nominal[rows] > 0]
        apart += kendall_distances(nominal[here], ranks[here])
        pairs += len(here) * (len(here) - 1) // 2
    return apart / max(pairs, 1)


def kendall_distances(nominal: Counts, ranks: Ranks) -> FloatArray:
    """Pairs of units that stand in the opposite order, and half of those that tie in one of the two rankings alone.

    Parameters
    ----------
    nominal
        Ranks, (n,).
    ranks
        Ranks in each draw, n × draws.

    References
    ----------
    Fagin, R. and others (2006). Comparing partial rankings. SIAM Journal on Discrete Mathematics 20(3), 628-648.
    https://doi.org/10.1137/05063088X

    Examples
    --------
    >>> kendall_distances(np.array([1, 2, 3]), np.array([[1, 3, 1], [2, 2, 1], [3, 1, 3]], np.uint16))
    array([0. , 3. , 0.5])
    """
    size = int(ranks.max(initial=0)) + 1  # ranks may pass n: others may have a rank in a draw
    joint = nominal[:, None] * size + ranks  # in the order of the nominal ranks, ties in that of the draw
    joint = np.ascontiguousarray(np.sort(joint, axis=0).T)
    draws: Codes = joint % size
    in_one = _tied(np.sort(nominal)[None]) + _tied(np.sort(draws, axis=1)) - 2 * _tied(joint)
    return _inversions(draws.astype(np.uint16)) + in_one / 2


def _tied(ordered: Codes) -> Counts:
    """Pairs with the same number in each row, rows in order."""
    places = np.arange(ordered.shape[1])
    starts = np.zeros(ordered.shape, np.int64)
    starts[:, 1:] = np.where(ordered[:, 1:] != ordered[:, :-1], places[1:], 0)
    return np.asarray((places - np.maximum.accumulate(starts, axis=1)).sum(axis=1), np.int64)


def _inversions(codes: Ranks) -> Counts:
    """Pairs i < j with codes[i] > codes[j] in each row: bit by bit, among those that are alike in all higher bits."""
    found = np.zeros(len(codes), np.int64)
    for bit in range(int(codes.max(initial=0)).bit_length() - 1, -1, -1):
        one = ((codes >> bit) & 1).astype(np.int32)
        before = np.cumsum(one, axis=1, dtype=np.int32) - one
        heads = np.zeros_like(before)
        heads[:, 1:] = np.where((codes[:, 1:] ^ codes[:, :-1]) >> (bit + 1), before[:, 1:], 0)
        before -= np.maximum.accumulate(heads, axis=1)
        found += (before * (1 - one)).sum(axis=1)
        codes = np.take_along_axis(codes, np.argsort(codes >> bit, axis=1, kind="stable"), axis=1)
    return found
