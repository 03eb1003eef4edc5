"""A gap in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cityindex.gap.record import Gap, LeastChange, Move, RivalMoves

__all__ = ["outward", "text_of"]

NAMED = 8  # units that are named


def text_of(gap: Gap) -> str:
    """The gap as lines of text."""
    head = f"{gap.unit}: {gap.score:.6g} now (rank {gap.rank:g}); {gap.target} needs {_score(gap.needed, gap.beyond)}"
    lines = [f"{head}: reached" if gap.reached else head]
    if gap.ahead and not gap.reached:
        lines.append(f"ahead of it: {_ahead(gap)}")
    if gap.plan is not None and not gap.reached:
        lines += _plan(gap.plan, gap.unit)
    if gap.moves:
        lines += ["one indicator alone would have to move:", *(_move(move) for move in gap.moves)]
    if gap.rivals is not None:
        lines += _rivals(gap.rivals, gap.plan, gap.target, gap.unit)
    return "\n".join([*lines, *(f"note: {note}" for note in gap.notes)])


def _score(needed: float, beyond: bool) -> str:
    text = f"{needed:.6g}" if np.isfinite(needed) else "no score in particular"
    return f"better than {text}" if beyond else text


def _ahead(gap: Gap) -> str:
    named = [f"{one.label or one.unit} {one.score:.6g}" for one in gap.ahead[:NAMED]]
    more = len(gap.ahead) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _plan(plan: LeastChange, unit: str) -> Iterator[str]:
    place = f"rank {plan.rank:g}" + (f", tier {plan.tier}" if plan.tier is not None else "")
    if not plan.reached:
        sure = "no change" if plan.proved else "no change that was found"
        yield f"{sure} within the bounds reaches it: at best {plan.score:.6g} ({place})"
        return
    yield "the least change, proved:" if plan.proved else f"the least change that was found ({_unproved(plan)}):"
    for one in plan.changes:
        way = f"{one.now:.6g} → {outward(one.now, one.then)}"
        yield f"  {one.node}: {way} ({one.change:+.4g}, {abs(one.share):.0%} of its range), {one.gain:+.4g} points"
    what = "cost" if plan.priced else "shares of the range" if plan.penalty == "linear" else "squared shares"
    sum_ = f"{plan.cost:.4g}" if plan.priced else f"{plan.cost:.3f}"
    yield f"  gives {unit} {plan.score:.6g} ({place}); {what} in all: {sum_}"
    again = plan.recalibrated
    if again is not None and again.problem:
        yield f"  with everything learned afresh it cannot be scored: {again.problem}"
    elif again is not None:
        found = "reached all the same" if again.reached else f"not reached, it then needs {again.needed:.6g}"
        yield f"  with everything learned afresh from that table: {again.score:.6g} (rank {again.rank:g}), {found}"


def outward(now: float, value: float) -> str:
    """A number with six digits, rounded away from what it is now: as it is printed, it is enough.

    >>> outward(85, 86.48934), outward(85, 80.4), outward(6.0, 4.970012)
    ('86.4894', '80.4', '4.97001')
    """
    text = f"{value:.6g}"
    short = (float(text) - value) * (1 if value > now else -1)
    if value == value and now == now and short < -1e-11 * abs(value):
        unit = 10.0 ** (math.floor(math.log10(abs(value))) - 5)
        text = f"{float(text) + (unit if value > now else -unit):.6g}"
    return text


def _unproved(plan: LeastChange) -> str:
    """What is known where it is not proved to be the least."""
    if plan.bound == plan.bound and plan.bound > 0:
        return f"none is cheaper than {plan.bound / plan.cost:.1%} of its cost"
    return "not proved to be the least"


def _move(move: Move) -> str:
    if move.value == move.value:
        return f"  {move.node}: {move.now:.6g} → {outward(move.now, move.value)}"
    reached = f"gives at best {move.reached:.6g}" if move.reached == move.reached else "cannot be scored"
    return f"  {move.node}: alone cannot ({move.low:.6g} to {move.high:.6g} {reached})"


def _rivals(rivals: RivalMoves, plan: LeastChange | None, target: str, unit: str) -> Iterator[str]:
    yield f"if the others move ({rivals.rule}):"
    yield f"  standing still it has rank {rivals.rank:g}; {target} needs {_score(rivals.needed, rivals.beyond)}"
    if plan is not None and plan.reached and plan.changes:
        still = "still reaches it" if rivals.holds else "no longer reaches it"
        yield f"  the plan above {still} (rank {rivals.rank_with_plan:g})"
    if not rivals.holds:
        yield from (f"  {line}" for line in _plan(rivals.plan, unit))
