"""Each indicator moved alone: from its value now to the nearest value that reaches the goal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cityindex.gap.knots import shape_of
from cityindex.gap.record import Move
from cityindex.methods._arrays import BoolArray, FloatArray

if TYPE_CHECKING:
    from cityindex.gap.mover import Mover
    from cityindex.gap.target import Goal

__all__ = ["moves_alone"]

GRID = 65  # points tried in each indicator's range
HALVINGS = 50


def moves_alone(mover: Mover, low: FloatArray, high: FloatArray, goal: Goal, needed: float) -> tuple[Move, ...]:
    """Move every number alone, all at once: one row of a made-up table for each.

    A grid over each range, and the kinks of the indicator's steps, find where the target is reached (an indicator need
    not be monotone: a distance to a value is not); between the nearest such point and the one before it, the value is
    halved towards the target.
    """
    if not len(mover.leaves):
        return ()
    now = mover.now

    def rate(values: FloatArray) -> FloatArray:
        x = np.tile(now, (len(now), 1))
        np.fill_diagonal(x, values)
        return mover.rate(x)[1]

    grid = _tried(mover, low, high)
    scores = np.array([rate(values) for values in grid])
    inside, outside = _bracket(grid, np.array([goal.met(each) for each in scores]), now)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        enough = goal.met(rate(np.where(np.isnan(middle), low, middle)))
        inside, outside = np.where(enough, middle, inside), np.where(enough, outside, middle)
    best = goal.sign * np.fmax.reduce(goal.sign * scores, axis=0)
    nodes = mover.part.plan.spec.nodes
    found = [
        Move(
            node=names[0],
            title=nodes[names[0]].title,
            now=float(now[k]),
            value=float(inside[k]),
            low=float(low[k]),
            high=float(high[k]),
            reached=float(best[k]),
        )
        for k, names in enumerate(mover.leaves)
    ]
    return tuple(sorted(found, key=lambda move: _effort(move, needed)))


def _tried(mover: Mover, low: FloatArray, high: FloatArray) -> FloatArray:
    """The points that are tried, of each number as many: a grid, and the kinks of its leaves."""
    ends = [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
    knots = [
        [knot for name in names for knot in shape_of(mover, name, *own)[0]]
        for names, own in zip(mover.leaves, ends, strict=True)
    ]
    count = max(len(own) for own in knots)
    wide = np.array([[*own, *[a] * (count - len(own))] for own, (a, _) in zip(knots, ends, strict=True)])
    points: FloatArray = np.sort(np.vstack([np.linspace(low, high, GRID), wide.reshape(len(low), count).T]), axis=0)
    return points


def _bracket(grid: FloatArray, enough: BoolArray, now: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of each number, the nearest grid point that reaches the target, and the next one towards it as it stands."""
    inside, outside = np.full(len(now), np.nan), np.full(len(now), np.nan)
    for k, start in enumerate(now):
        points = grid[:, k]
        reached = np.flatnonzero(enough[:, k])
        if not len(reached):
            continue
        if np.isnan(start):  # a missing value may become anything: no point is nearer than another
            inside[k] = outside[k] = points[reached[0]]
            continue
        nearest = points[reached[np.argmin(np.abs(points[reached] - start))]]
        between = points[(points - start) * (points - nearest) < 0]
        inside[k] = nearest
        outside[k] = between[np.argmin(np.abs(between - nearest))] if len(between) else start
    return inside, outside


def _effort(move: Move, needed: float) -> tuple[bool, float, str]:
    """The part of its range that an indicator would have to move; those that cannot come last, the nearest first."""
    span = move.high - move.low
    if move.value != move.value:
        return True, abs(needed - move.reached) if move.reached == move.reached else np.inf, move.node
    return False, abs(move.value - move.now) / span if span and move.now == move.now else np.inf, move.node
