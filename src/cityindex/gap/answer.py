"""gap(): the question read, the goal set, the changes found, scored and told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.errors import NotFoundError, nearest
from cityindex.gap.afresh import learned_here, recalibrated
from cityindex.gap.alone import moves_alone
from cityindex.gap.movable import Movable, divided_by, ends_of, read_movable, sharing
from cityindex.gap.mover import Mover
from cityindex.gap.record import Change, Gap, LeastChange, Move, Penalty, RivalMoves
from cityindex.gap.rivals import ahead_of, moved_rivals, rivals_of
from cityindex.gap.search import Found, Search
from cityindex.gap.target import Goal, Standing, Target, read_target, standing_of
from cityindex.methods._arrays import FloatArray

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.result import Result

__all__ = ["gap"]

PENALTIES = ("linear", "quadratic")


@dataclass(frozen=True, eq=False)
class _Question:
    """One unit and one target, read: who moves, and how things stand."""

    result: Result
    row: int
    part: Part
    movable: Movable
    mover: Mover
    standing: Standing
    target: Target
    score: float
    penalty: Penalty


def gap(
    result: Result,
    row: int,
    to: Any,
    *,
    move: Any = None,
    bounds: Any = None,
    costs: Any = None,
    penalty: str = "linear",
    rivals: Any = None,
    plan: bool = True,
) -> Gap:
    """What would have to change for the unit in a row to reach a target; see `Result.gap`."""
    asked = _read(result, row, to, move, bounds, costs, penalty)
    standing, score = asked.standing, asked.score
    goal, needed = standing.goal(asked.target)
    reached = bool(goal.met(np.array([score]))[0])
    afresh = plan and learned_here(asked.mover)
    found = _plan(asked, standing, afresh=afresh) if plan else None
    moved = None if rivals is None else _rivals(asked, rivals, found, afresh=afresh)
    spec = asked.part.plan.spec
    return Gap(
        index=spec.id,
        title=spec.title or spec.index.title,
        unit=result.units[row],
        label=result.labels[row] if result.labels else None,
        score=score,
        rank=standing.rank_of(score),
        target=str(asked.target),
        needed=needed,
        beyond=goal.beyond,
        reached=reached,
        moves=() if reached else _alone(asked, move, goal, needed),
        plan=found,
        ahead=ahead_of(result, standing, standing if moved is None else moved[1], score, goal),
        rivals=None if moved is None else moved[0],
        notes=(*_notes(asked), *(() if moved is None else moved[2])),
    )


def _read(result: Result, row: int, to: Any, move: Any, bounds: Any, costs: Any, penalty: Any) -> _Question:
    """The question, with everything that is wrong with it told."""
    part, place = result.part_of(row)
    standing = standing_of(result, part, row)
    score = float(standing.scores[standing.rows == row][0])
    if np.isnan(score):
        raise NotFoundError(f"unit {result.units[row]!r} has no score; there is no gap to measure")
    if penalty not in PENALTIES:
        hint = nearest(str(penalty), PENALTIES)
        raise NotFoundError(f"penalty={penalty!r}: 'linear' or 'quadratic' is wanted.{hint}")
    target = read_target(result, part, standing, to)
    movable = read_movable(part, place, move, bounds, costs, quadratic=penalty == "quadratic")
    return _Question(result, row, part, movable, Mover(part, place, movable.leaves), standing, target, score, penalty)


def _notes(asked: _Question) -> tuple[str, ...]:
    shared = [names for names in asked.movable.leaves if len(names) > 1]
    return (*asked.movable.ignored, *(f"{' and '.join(names)} read one column, and move together" for names in shared))


def _alone(asked: _Question, move: Any, goal: Goal, needed: float) -> tuple[Move, ...]:
    """Every number alone; one that is missing may become anything in its range (where all may move)."""
    part, known = asked.part, {names: place for place, names in enumerate(asked.movable.leaves)}
    leaves, low, high = [], [], []
    for names in sharing(part):
        place = known.get(names)
        if place is None and (move is not None or divided_by(part, names)):
            continue
        ends = np.array([ends_of(part, name) for name in names])
        seen = (float(ends.min()), float(ends.max()))
        if not np.isnan(seen).any():
            leaves.append(names)
            low.append(seen[0] if place is None else float(asked.movable.low[place]))
            high.append(seen[1] if place is None else float(asked.movable.high[place]))
    mover = Mover(part, asked.mover.place, tuple(leaves))
    return moves_alone(mover, np.array(low), np.array(high), goal, needed)


# -- the least change -------------------------------------------------------------------------------------------------


def _plan(asked: _Question, standing: Standing, *, afresh: bool) -> LeastChange:
    """The least change that reaches the target as things stand there."""
    goal, _ = standing.goal(asked.target)
    now = asked.movable.now
    if goal.met(np.array([asked.score]))[0]:
        found = Found(now, 0.0, 0.0, True, (asked.score, asked.score))
    elif not len(asked.movable):
        found = Found(None, np.inf, np.inf, True, (asked.score, asked.score))
    else:
        found = Search(asked.mover, asked.movable, goal, asked.penalty == "quadratic").run()
    x = found.x
    score = found.best[1] if x is None else float(asked.mover.rate(x[None])[1][0]) if len(now) else asked.score
    return LeastChange(
        changes=() if x is None else _changes(asked, x),
        reached=x is not None,
        score=score,
        rank=standing.rank_of(score),
        tier=standing.tier_of(score),
        cost=found.cost,
        penalty=asked.penalty,
        priced=asked.movable.priced,
        proved=found.proved,
        bound=found.bound,
        recalibrated=recalibrated(asked.mover, x, standing, asked.target) if afresh and x is not None else None,
    )


def _changes(asked: _Question, x: FloatArray) -> tuple[Change, ...]:
    movable, mover = asked.movable, asked.mover
    moved = np.flatnonzero(x != movable.now)
    if not len(moved):
        return ()
    without = np.tile(x, (len(moved) + 1, 1))
    without[np.arange(len(moved)), moved] = movable.now[moved]
    carried = mover.rate(without)[0]
    size = np.abs(x - movable.now)
    costs = movable.costs * (size**2 if asked.penalty == "quadratic" else size)
    nodes = asked.part.plan.spec.nodes
    found = [
        Change(
            node=movable.leaves[place][0],
            title=nodes[movable.leaves[place][0]].title,
            now=float(movable.now[place]),
            then=float(x[place]),
            share=float((x[place] - movable.now[place]) / movable.span[place]),
            low=float(movable.low[place]),
            high=float(movable.high[place]),
            cost=float(costs[place]),
            gain=float(carried[-1] - carried[at]),
        )
        for at, place in enumerate(moved.tolist())
    ]
    return tuple(sorted(found, key=lambda change: -change.cost))


def _rivals(
    asked: _Question, rivals: Any, found: LeastChange | None, *, afresh: bool
) -> tuple[RivalMoves, Standing, list[str]]:
    """What the others' moves do."""
    after, rule, notes = moved_rivals(asked.result, asked.standing, rivals)
    goal, needed = after.goal(asked.target)
    with_plan = asked.score if found is None else found.score
    holds = bool((found is None or found.reached) and goal.met(np.array([with_plan]))[0])
    moves = RivalMoves(
        rule=rule,
        units=rivals_of(asked.result, asked.standing, after),
        needed=needed,
        beyond=goal.beyond,
        rank=after.rank_of(asked.score),
        holds=holds,
        rank_with_plan=after.rank_of(with_plan),
        plan=_plan(asked, after, afresh=afresh),
    )
    if asked.target.kind == "score" or (asked.target.kind == "tier"):
        notes.append(f"a {asked.target.kind} does not depend on what the others do, as long as the calibration stays")
    return moves, after, notes
