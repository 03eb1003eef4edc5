"""A plan scored with everything learned afresh: moving one unit moves the minima and means that all are scored by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._values import canonical
from cityindex.engine import Inputs, pack, run
from cityindex.errors import ScoreError
from cityindex.gap.record import Recalibrated
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Group

if TYPE_CHECKING:
    from cityindex.engine import Outcome
    from cityindex.gap.mover import Mover
    from cityindex.gap.target import Standing, Target

__all__ = ["learned_here", "recalibrated"]


def learned_here(mover: Mover) -> bool:
    """Whether the calibration is the one that this table teaches, and holds anything."""
    part = mover.part
    if not any(part.calibration.nodes.values()):
        return False
    try:
        fresh = run(part.plan, part.inputs)
    except ScoreError:
        return False
    return canonical(_plain(pack(part.plan, fresh.learned))) == canonical(_plain(part.calibration.nodes))


def _plain(value: Any) -> Any:
    """What was learned as plain data, to be compared."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def recalibrated(mover: Mover, x: FloatArray, standing: Standing, target: Target) -> Recalibrated:
    """The unit's score, rank and tier when its numbers are those of a plan and everything is learned from that table.

    `standing` holds the scores that the others are taken to have: what their moves add is added here too.
    """
    part = mover.part
    try:
        found = run(part.plan, changed(mover, x))
    except ScoreError as error:
        nan = float("nan")
        return Recalibrated(nan, nan, None, nan, reached=False, problem=str(error.problems[0]))
    now = _standing(mover, found, standing)
    score = float(now.scores[now.rows == now.row][0])
    goal, needed = now.goal(target)
    reached = bool(goal.met(np.array([score]))[0])
    return Recalibrated(score, now.rank_of(score), now.tier_of(score), needed, reached)


def changed(mover: Mover, x: FloatArray) -> Inputs:
    """The whole table with the unit's numbers changed."""
    inputs = mover.part.inputs
    values = dict(inputs.values)
    for names, value in zip(mover.leaves, x, strict=True):
        for name in names:
            values[name] = values[name].copy()
            values[name][mover.place] = value
    return replace(inputs, values=values)


def _standing(mover: Mover, found: Outcome, standing: Standing) -> Standing:
    part, group = mover.part, standing.group
    place = {row: at for at, row in enumerate(part.rows.tolist())}
    at = [place[row] for row in standing.rows.tolist()]
    before = part.outcome.column(part.plan, group.id, group.rank.of)[at]
    fresh = found.column(part.plan, group.id, group.rank.of)[at]
    known = isinstance(group, Group) and group.tiers is not None and group.id not in found.untiered
    cuts = standing.cuts
    if cuts is not None and group.id in part.outcome.learned.tiers:
        cuts = found.learned.tiers.get(group.id) if known else None
    gains = np.where(standing.rows == standing.row, 0.0, standing.scores - before)
    return replace(standing, scores=fresh + gains, cuts=cuts)
