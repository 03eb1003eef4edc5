"""How far one number can move before an order changes: scores that are linear in it, and where they meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods.rank import rank

__all__ = ["Interval", "steady"]

Places = npt.NDArray[np.intp]
FLAT = 1e-12  # of the steepest slope: two slopes that differ by less are the same


@dataclass(frozen=True)
class Interval:
    """Strictly between `low` and `high` nothing changes; at an end the two units of its pair draw level (or nobody)."""

    low: float
    high: float
    pair_low: tuple[int, int] | None = None
    pair_high: tuple[int, int] | None = None


def steady(
    score: FloatArray, slope: FloatArray, at: float, top: int, *, shown: FloatArray | None = None
) -> dict[str, Interval]:
    """The intervals from 0 to 1 of a number in which an order stays, where scores are linear in it.

    Units that tie with different slopes are parted by any move: then the interval is the one point.

    Parameters
    ----------
    score, slope
        Of each unit, (n,): the score now, higher is better, and by how much it rises with the number.
    at
        What the number is now.
    top
        How many make the top.
    shown
        The numbers by whose 12 significant digits units tie; None: the scores.

    Returns
    -------
    What is kept → its interval: ``first``, ``top`` (who is in it; where its last rank is shared, in which order too),
    ``order`` (of the top), ``all``.

    Examples
    --------
    >>> found = steady(np.array([3.0, 2.0, 0.0]), np.array([0.0, 4.0, 8.0]), 0.5, 2)
    >>> found["first"], found["top"]
    (Interval(low=0.0, high=0.75, pair_low=None, pair_high=(0, 1)), Interval(low=0.0, high=0.875, ...))
    """
    order = np.argsort(-score, kind="stable")
    compared = significant(score if shown is None else shown)
    ranks = rank(compared)
    upper, lower = order[:-1], order[1:]
    inside, outside = order[ranks[order] <= top], order[ranks[order] > top]
    last = len(inside) - 1
    tied = slice(last if len(inside) > top else 0)  # its last rank is shared: whoever leaves it may leave the top
    crossing = [np.repeat(inside, len(outside)), np.tile(outside, len(inside))]
    pairs = {
        "first": (np.full(len(lower), order[0]), lower),
        "top": tuple(np.concatenate(own) for own in zip(crossing, (upper[tied], lower[tied]), strict=True)),
        "order": tuple(np.concatenate(own) for own in zip(crossing, (upper[:last], lower[:last]), strict=True)),
        "all": (upper, lower),
    }
    return {name: _interval(score, compared, slope, at, own[0], own[1]) for name, own in pairs.items()}


def _interval(
    score: FloatArray, compared: FloatArray, slope: FloatArray, at: float, upper: Places, lower: Places
) -> Interval:
    """How far the number can move before one of the lower units draws level with its upper one."""
    gap = np.where(compared[upper] == compared[lower], 0.0, score[upper] - score[lower])
    closing = slope[lower] - slope[upper]  # by how much a step up shortens the gap
    closing = np.where(np.abs(closing) <= FLAT * np.abs(slope).max(initial=0.0), 0.0, closing)
    up, pair_up = _first(gap, np.where(gap == 0, np.abs(closing), closing), upper, lower)
    down, pair_down = _first(gap, np.where(gap == 0, np.abs(closing), -closing), upper, lower)
    low, high = (at - down, pair_down) if down < at else (0.0, None), (at + up, pair_up) if up < 1 - at else (1.0, None)
    return Interval(low[0], high[0], low[1], high[1])


def _first(gap: FloatArray, closing: FloatArray, upper: Places, lower: Places) -> tuple[float, tuple[int, int] | None]:
    """The shortest way on which a gap closes, and whose it is."""
    some = np.flatnonzero(closing > 0)
    if not len(some):
        return np.inf, None
    ways = gap[some] / closing[some]
    place = int(some[ways.argmin()])
    return float(ways.min()), (int(upper[place]), int(lower[place]))
