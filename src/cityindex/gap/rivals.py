"""What the others are taken to do, and who stands between a unit and its goal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._values import label_of
from cityindex.errors import NotFoundError, Problem, nearest
from cityindex.gap.record import Rival
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods.rank import rank

if TYPE_CHECKING:
    from cityindex.gap.target import Goal, Standing
    from cityindex.result import Result

__all__ = ["ahead_of", "moved_rivals", "rivals_of"]

WANTED = "a number of points, a mapping from units to points, or 'trend'"


def moved_rivals(result: Result, standing: Standing, rivals: Any) -> tuple[Standing, str, list[str]]:
    """How things stand once the others have moved; the rule in words; notes.

    Raises
    ------
    NotFoundError
        Rules that cannot be read, units that are not there, a trend without periods.
    """
    notes: list[str] = []
    if isinstance(rivals, str) and rivals == "trend":
        gains, rule = _trend(result, standing, notes)
    elif isinstance(rivals, Mapping):
        gains, rule = standing.sign * _given(result, standing, rivals), "as given"
    else:
        points = _number(rivals)
        if points is None:
            hint = nearest(rivals, ("trend",)) if isinstance(rivals, str) else ""
            raise NotFoundError(f"rivals={rivals!r}: {WANTED} is wanted.{hint}")
        gains = np.full(len(standing.rows), standing.sign * points)
        rule = f"each {abs(points):g} points {'better' if points >= 0 else 'worse'}"
    gains[standing.rows == standing.row] = 0.0
    return replace(standing, scores=standing.scores + gains), rule, notes


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(float(value)):
        return None
    return float(value)


def _given(result: Result, standing: Standing, rivals: Mapping[Any, Any]) -> FloatArray:
    gains, problems = np.zeros(len(standing.rows)), []
    period = result.periods[standing.row] if result.periods is not None else None
    for unit, points in rivals.items():
        gain = _number(points)
        if gain is None:
            problems.append(Problem(f"rivals: {points!r} points; a number is wanted", f"unit {unit}"))
            continue
        try:
            row = result.row(unit, period=period)
        except NotFoundError as error:
            problems.append(Problem(f"rivals: {error}"))
            continue
        if row == standing.row:
            problems.append(Problem("rivals: that is the unit itself", f"unit {unit}"))
        gains[standing.rows == row] = gain
    if problems:
        raise NotFoundError(problems, summary="" if len(problems) == 1 else "the rivals cannot be moved:")
    return gains


def _trend(result: Result, standing: Standing, notes: list[str]) -> tuple[FloatArray, str]:
    """The change of each unit's score since the period before, in the scores as they are."""
    if result.periods is None:
        raise NotFoundError("rivals='trend' needs periods, and this result has none: say how many points they gain")
    own = result.periods[standing.row]
    periods = sorted({label_of(period) for period in result.periods}, key=_by_time)
    at = periods.index(label_of(own))
    if at == 0:
        raise NotFoundError(f"rivals='trend': {own} is the first period, so there is no change before it to repeat")
    before = periods[at - 1]
    part, _ = result.part_of(standing.row)
    scores = result.column(of=part.plan.spec.index.rank.of)
    labels = [label_of(period) for period in result.periods]
    earlier = {result.units[row]: scores[row] for row in range(len(scores)) if labels[row] == before}
    gains = standing.scores - np.array([earlier.get(result.units[row], np.nan) for row in standing.rows])
    lacking = np.isnan(gains) & ~np.isnan(standing.scores) & (standing.rows != standing.row)
    if lacking.any():
        named = ", ".join(result.units[row] for row in standing.rows[lacking][:5])
        many = int(lacking.sum())
        notes.append(
            f"no trend from {before} for {many} of the others, which stand still ({named}{', …' * (many > 5)})"
        )
    return np.where(np.isnan(gains), 0.0, gains), f"as from {before} to {own}"


def _by_time(period: str) -> tuple[bool, float, str]:
    try:
        return False, float(period), period
    except ValueError:
        return True, 0.0, period


def rivals_of(result: Result, before: Standing, after: Standing) -> tuple[Rival, ...]:
    """The units whose score changes from one standing to another, the best first."""
    changed = (before.scores != after.scores) & ~np.isnan(before.scores)
    return _rivals(result, before, after, np.flatnonzero(changed), best_first=True)


def ahead_of(result: Result, before: Standing, after: Standing, own: float, goal: Goal) -> tuple[Rival, ...]:
    """The units better than a score that are passed or drawn level with on the way to a goal, the nearest first."""
    scores, sign = significant(before.sign * before.scores), before.sign
    above = scores > significant(sign * own)
    within = scores <= goal.score
    places = np.flatnonzero(above & within & (before.rows != before.row))
    return _rivals(result, before, after, places, best_first=False)


def _rivals(
    result: Result, before: Standing, after: Standing, places: np.ndarray[Any, Any], *, best_first: bool
) -> tuple[Rival, ...]:
    rule = before.group.rank
    ranks = rank(before.scores, ties=rule.ties, first=rule.first)
    order = places[np.argsort(ranks[places] if best_first else -ranks[places], kind="stable")]
    return tuple(
        Rival(
            unit=result.units[before.rows[place]],
            label=result.labels[before.rows[place]] if result.labels is not None else None,
            score=float(before.scores[place]),
            rank=float(ranks[place]),
            then=float(after.scores[place]),
        )
        for place in order.tolist()
    )
