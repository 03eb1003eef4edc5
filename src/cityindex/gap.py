"""What it would take: how far each indicator alone would have to move for a unit to reach a rank or a tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Text
from cityindex.engine import Inputs, run
from cityindex.engine.leaves import leaf_ids
from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods.rank import Ties
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


@dataclass(frozen=True, slots=True, repr=False)
class Gap(Shown):
    """How far a unit is from a rank or a tier.

    Attributes
    ----------
    index, title
        The id of the index, and its title.
    unit, label, score
        The unit, its label (None: units have none), and its score now (carried or published, as the index ranks).
    target
        What was asked for: ``rank 30`` or ``tier 一线``.
    needed
        The score that reaches it, the others standing still.
    beyond
        The score has to be better than `needed`: by the rule for ties, to draw level is not enough.
    reached
        The unit is there already.
    moves
        One for each indicator, those that need the smallest part of their range first; none where it is reached.
    """

    index: str
    title: Text | None
    unit: str
    label: str | None
    score: float
    target: str
    needed: float
    beyond: bool
    reached: bool
    moves: tuple[Move, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator."""
        fields = ("node", "now", "value", "low", "high", "reached")
        return pd.DataFrame([{name: getattr(move, name) for name in fields} for move in self.moves], columns=fields)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        needed = f"{self.needed:.6g}" if np.isfinite(self.needed) else "no score in particular"
        needed = f"better than {needed}" if self.beyond else needed
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
    score = float(result.column(of=group.rank.of)[row])
    if np.isnan(score):
        raise NotFoundError(f"unit {result.units[row]!r} has no score; there is no gap to measure")
    sign = 1.0 if group.rank.first == "highest" else -1.0
    if isinstance(to, str):
        target, needed, beyond = f"tier {to}", _cut(result, part, to), False
    else:
        others = result.peers(row)
        target = f"rank {to}"
        needed, beyond = _to_rank(sign * result.column(of=group.rank.of)[others[others != row]], to, group.rank.ties)
        needed *= sign
    goal = _Goal(sign, float(significant(sign * needed)), beyond)
    reached = bool(goal.met(np.array([score]))[0])
    moves = [] if reached else _moves(part, place, goal)
    moves.sort(key=lambda move: _effort(move, needed))
    spec, unit, label = part.plan.spec, result.units[row], result.labels[row] if result.labels else None
    title = spec.title or group.title
    return Gap(spec.id, title, unit, label, score, target, needed, beyond, reached, tuple(moves))


@dataclass(frozen=True, slots=True)
class _Goal:
    """The score to be reached, turned by `sign` so that higher is better; `beyond`: to be surpassed."""

    sign: float
    score: float
    beyond: bool

    def met(self, scores: FloatArray) -> BoolArray:
        compared = significant(self.sign * scores)
        return compared > self.score if self.beyond else compared >= self.score


def _cut(result: Result, part: Part, tier: str) -> float:
    """The score at which a tier begins."""
    group = part.plan.spec.index
    if group.tiers is None:
        raise NotFoundError(f"{group.id} has no tiers; ask for a rank, such as to=10")
    cuts = result.cuts(part=part)
    labels = group.tiers.labels or tuple(str(number) for number in range(1, len(cuts) + 2))
    if tier not in labels:
        raise NotFoundError(f"no tier {tier!r}.{nearest(tier, labels)}")
    place = labels.index(tier)
    lowest = -np.inf if group.rank.first == "highest" else np.inf
    return float(cuts[place]) if place < len(cuts) else lowest


def _to_rank(others: FloatArray, to: int, ties: Ties) -> tuple[float, bool]:
    """The lowest score with that rank or a better one among the others (higher is better), or just above it.

    Who ties with c others below a others has rank a + 1, a + c + 1 or the mean of the two, by the rule for ties.
    """
    if isinstance(to, bool) or not isinstance(to, Integral):
        raise NotFoundError(f"to={to!r}: a rank (a whole number from 1) or the name of a tier is wanted")
    others = others[~np.isnan(others)]
    _, first, counts = np.unique(significant(others), return_index=True, return_counts=True)
    scores, ranked = others[first], len(others) + 1
    if not 1 <= to <= ranked:
        raise NotFoundError(f"no rank {to}: {ranked} units are ranked")
    if (len(scores) if ties == "dense" else ranked - 1) < to:
        return -np.inf, False
    above = np.arange(len(scores))[::-1] if ties == "dense" else counts[::-1].cumsum()[::-1] - counts
    level = above + 1 + {"min": 0.0, "dense": 0.0, "average": 0.5, "max": 1.0}[ties] * counts
    place = int(np.argmax(above < to))  # the lowest score that a unit just above it has that rank
    return float(scores[place]), bool(level[place] > to)


def _moves(part: Part, place: int, goal: _Goal) -> list[Move]:
    """Move every leaf alone, all at once: one row of a made-up table for each.

    A grid over each indicator's range finds where the target is reached (an indicator need not be monotone: a distance
    to a value is not); between the nearest such point and the one before it, the value is halved towards the target.
    """
    leaves = [name for name in leaf_ids(part.plan) if name in part.inputs.values and _known(part, name)]
    now = np.array([part.inputs.values[name][place] for name in leaves])
    low, high = np.array([_range(part, name) for name in leaves]).reshape(-1, 2).T
    rate = _scorer(part, place, leaves, now)
    grid = np.array([low + (high - low) * step for step in np.linspace(0.0, 1.0, GRID)])
    scores = np.array([rate(values) for values in grid])
    inside, outside = _bracket(grid, np.array([goal.met(each) for each in scores]), now)
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        enough = goal.met(rate(np.where(np.isnan(middle), low, middle)))
        inside, outside = np.where(enough, middle, inside), np.where(enough, outside, middle)
    best = goal.sign * np.fmax.reduce(goal.sign * scores, axis=0)
    return [
        Move(
            node=name,
            title=part.plan.spec.nodes[name].title,
            now=float(now[k]),
            value=float(inside[k]),
            low=float(low[k]),
            high=float(high[k]),
            reached=float(best[k]),
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
    """A function from one new value a leaf to the index, each leaf changed alone in a copy of the unit's row.

    `nan` where a value cannot be scored, such as a 0 that comes into a geometric mean.
    """
    inputs, index = part.inputs, part.plan.spec.index

    def scored(which: list[int], changed: FloatArray) -> FloatArray:
        rows = np.full(len(which), place)
        values = {name: np.full(len(which), now[k]) for k, name in enumerate(leaves)}
        for row, k in enumerate(which):
            values[leaves[k]][row] = changed[k]
        per = {name: column[rows] for name, column in inputs.per.items()}
        labels = {name: found.take(rows) for name, found in inputs.labels.items()}
        made: Inputs = replace(inputs, units=len(which), values=values, per=per, labels=labels, names=())
        try:
            outcome = run(part.plan, made, part.outcome.learned)
        except ScoreError:
            if len(which) == 1:
                return np.array([np.nan])
            half = len(which) // 2
            return np.concatenate([scored(which[:half], changed), scored(which[half:], changed)])
        return outcome.column(part.plan, index.id, index.rank.of).copy()

    return lambda changed: scored(list(range(len(leaves))), changed)


def _effort(move: Move, needed: float) -> tuple[bool, float, str]:
    """The part of its range that an indicator would have to move; those that cannot come last, the nearest first."""
    span = move.high - move.low
    if move.value != move.value:
        return True, abs(needed - move.reached) if move.reached == move.reached else np.inf, move.node
    return False, abs(move.value - move.now) / span if span and move.now == move.now else np.inf, move.node
