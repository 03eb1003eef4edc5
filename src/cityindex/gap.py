"""What it would take: how far each indicator alone would have to move for a unit to reach a rank or a tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex._values import Text
from cityindex.engine import Inputs, run
from cityindex.engine.leaves import leaf_ids
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.spec.model import Indicator

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.result import Result

__all__ = ["Gap", "Move", "gap"]

GRID = 65  # points tried in each indicator's range
HALVINGS = 50


@dataclass(frozen=True, slots=True)
class Move:
    """One indicator moved alone: from its value now to the value that reaches the target.

    `value` is `nan` where no value between `low` and `high` (the lowest and the highest in the table and in what the
    calibration learned) reaches it; `reached` is the best score that it can give.
    """

    node: str
    title: Text | None
    now: float
    value: float
    low: float
    high: float
    reached: float


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a unit is from a rank or a tier.

    Attributes
    ----------
    unit, score
        The unit and its score now (carried or published, as the index ranks).
    target
        What was asked for: ``rank 30`` or ``tier 一线``.
    needed
        The score that reaches it, the others standing still.
    moves
        One for each indicator, those that need the smallest part of their range first.
    """

    unit: str
    score: float
    target: str
    needed: float
    moves: tuple[Move, ...]

    @property
    def reached(self) -> bool:
        """The unit is there already."""
        return not self.moves

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator."""
        fields = ("node", "now", "value", "low", "high", "reached")
        return pd.DataFrame([{name: getattr(move, name) for name in fields} for move in self.moves], columns=fields)

    def __str__(self) -> str:
        needed = f"{self.needed:.6g}" if np.isfinite(self.needed) else "no score in particular"
        head = f"{self.unit}: {self.score:.6g} now; {self.target} needs {needed}"
        if self.reached:
            return f"{head}: reached"
        lines = [
            f"  {move.node}: {move.now:.6g} → {move.value:.6g}"
            if move.value == move.value
            else f"  {move.node}: alone cannot ({move.low:.6g} to {move.high:.6g} gives at best {move.reached:.6g})"
            for move in self.moves
        ]
        return "\n".join([f"{head}; one indicator alone would have to move:", *lines])


def gap(result: Result, row: int, to: int | str) -> Gap:
    """What each indicator alone would have to be for the unit in a row to reach a rank or a tier."""
    part, place = result.part_of(row)
    group = part.plan.spec.index
    target, needed = _target(result, row, to)
    sign = 1.0 if group.rank.first == "highest" else -1.0
    score = float(result.column(of=group.rank.of)[row])
    if np.isnan(score):
        raise NotFoundError(f"unit {result.units[row]!r} has no score; there is no gap to measure")
    if significant(np.array([sign * score]))[0] >= significant(np.array([sign * needed]))[0]:
        return Gap(result.units[row], score, target, needed, ())
    moves = _moves(part, place, sign, needed)
    return Gap(result.units[row], score, target, needed, tuple(sorted(moves, key=_effort)))


def _target(result: Result, row: int, to: int | str) -> tuple[str, float]:
    """The name of what is asked for, and the score that reaches it."""
    group = result.spec.index
    if isinstance(to, str):
        if group.tiers is None:
            raise NotFoundError(f"{group.id} has no tiers; ask for a rank, such as to=10")
        cuts = result.cuts()
        labels = group.tiers.labels or tuple(str(number) for number in range(1, len(cuts) + 2))
        if to not in labels:
            raise NotFoundError(f"no tier {to!r}.{nearest(to, labels)}")
        place = labels.index(to)
        lowest = -np.inf if group.rank.first == "highest" else np.inf
        return f"tier {to}", float(cuts[place]) if place < len(cuts) else lowest
    if isinstance(to, bool) or not isinstance(to, int):
        raise NotFoundError(f"to={to!r}: a rank (a whole number from 1) or the name of a tier is wanted")
    rows = result.peers(row)
    scores = result.column(of=group.rank.of)[rows]
    others = np.sort(scores[(rows != row) & ~np.isnan(scores)])
    ordered = others[::-1] if group.rank.first == "highest" else others
    if not 1 <= to <= len(ordered) + 1:
        raise NotFoundError(f"no rank {to}: {len(ordered) + 1} units are ranked")
    worst = -np.inf if group.rank.first == "highest" else np.inf
    return f"rank {to}", float(ordered[to - 1]) if to <= len(ordered) else worst


def _moves(part: Part, place: int, sign: float, needed: float) -> list[Move]:
    """Move every leaf alone, all at once: one row of a made-up table for each.

    A grid over each indicator's range finds where the target is reached (an indicator need not be monotone: a distance
    to a value is not); between the nearest such point and the one before it, the value is halved towards the target.
    """
    leaves = [name for name in leaf_ids(part.plan) if name in part.inputs.values and _known(part, name)]
    now = np.array([part.inputs.values[name][place] for name in leaves])
    low, high = (np.array(ends) for ends in zip(*(_range(part, name) for name in leaves), strict=True))
    rate = _scorer(part, place, leaves, now)
    goal = significant(np.array([sign * needed]))[0]
    grid = np.array([low + (high - low) * step for step in np.linspace(0.0, 1.0, GRID)])
    scores = np.array([significant(sign * rate(values)) for values in grid])
    inside, outside = _bracket(grid, scores >= goal, now)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        enough = significant(sign * rate(np.where(np.isnan(middle), low, middle))) >= goal
        inside, outside = np.where(enough, middle, inside), np.where(enough, outside, middle)
    best = np.fmax.reduce(scores, axis=0)
    return [
        Move(
            node=name,
            title=part.plan.spec.nodes[name].title,
            now=float(now[k]),
            value=float(inside[k]),
            low=float(low[k]),
            high=float(high[k]),
            reached=float(sign * best[k]),
        )
        for k, name in enumerate(leaves)
    ]


def _bracket(grid: FloatArray, enough: BoolArray, now: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of each leaf, the grid point nearest to its value now that reaches the target, and the next one towards now."""
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


def _known(part: Part, name: str) -> bool:
    return not np.isnan(_range(part, name)).any()


def _range(part: Part, name: str) -> tuple[float, float]:
    """The range an indicator is moved in: that of the table, its goalposts, and what its first step learned."""
    column = part.inputs.values[name]
    ends = [float(value) for value in (np.fmin.reduce(column), np.fmax.reduce(column))]
    node = part.plan.spec.nodes[name]
    if isinstance(node, Indicator) and name not in part.inputs.per:
        ends += list(node.goalposts or ())
        steps = part.calibration.nodes.get(name, {}).get("steps") or (None,)
        learned = steps[0] if isinstance(steps[0], Mapping) else {}
        ends += [float(learned[key]) for key in ("min", "max") if isinstance(learned.get(key), int | float)]
    return float(np.fmin.reduce(ends)), float(np.fmax.reduce(ends))


def _scorer(part: Part, place: int, leaves: list[str], now: FloatArray) -> Any:
    """A function from one new value a leaf to the index, each leaf changed alone in a copy of the unit's row."""
    count, inputs = len(leaves), part.inputs
    rows = np.full(count, place)
    index = part.plan.spec.index
    base = replace(
        inputs,
        units=count,
        per={name: column[rows] for name, column in inputs.per.items()},
        labels={name: labels.take(rows) for name, labels in inputs.labels.items()},
        names=(),
    )

    def rate(changed: FloatArray) -> FloatArray:
        values = {name: np.full(count, now[k]) for k, name in enumerate(leaves)}
        for k, name in enumerate(leaves):
            values[name][k] = changed[k]
        made: Inputs = replace(base, values=values)
        outcome = run(part.plan, made, part.outcome.learned)
        return outcome.column(part.plan, index.id, index.rank.of).copy()

    return rate


def _effort(move: Move) -> tuple[bool, float, str]:
    """The part of its range that an indicator would have to move; those that cannot come last."""
    span = move.high - move.low
    if move.value != move.value:
        return True, -move.reached, move.node
    return False, abs(move.value - move.now) / span if span and move.now == move.now else np.inf, move.node
