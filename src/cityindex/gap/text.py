"""A gap in plain words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cityindex.gap.record import Gap, LeastChange, Move, RivalMoves

__all__ = ["outward", "shown", "text_of"]

NAMED = 8  # units that are named


def text_of(gap: Gap) -> str:
    """The gap as lines of text."""
    name = gap.label or gap.unit
    head = f"{name}: {shown(gap.score)} now (rank {gap.rank:g}); {gap.target} needs {_score(gap.needed, gap.beyond)}"
    lines = [f"{head}: reached" if gap.reached else head]
    if gap.ahead and not gap.reached:
        lines.append(f"ahead of it: {_ahead(gap)}")
    if gap.plan is not None and not gap.reached:
        lines += _plan(gap.plan, name)
    if gap.moves:
        lines += ["one indicator alone would have to move:", *(_move(move) for move in gap.moves)]
    if gap.rivals is not None:
        lines += _rivals(gap, gap.rivals)
    return "\n".join([*lines, *(f"note: {note}" for note in gap.notes)])


def _score(needed: float, beyond: bool) -> str:
    text = shown(needed) if np.isfinite(needed) else "no score in particular"
    return f"better than {text}" if beyond else text


def _ahead(gap: Gap) -> str:
    named = [f"{one.label or one.unit} {shown(one.score)}" for one in gap.ahead[:NAMED]]
    more = len(gap.ahead) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _plan(plan: LeastChange, unit: str) -> Iterator[str]:
    place = f"rank {plan.rank:g}" + (f", tier {plan.tier}" if plan.tier is not None else "")
    if not plan.reached:
        sure = "no change" if plan.proved else "no change that was found"
        yield f"{sure} within the bounds reaches it: at best {shown(plan.score)} ({place})"
        return
    if not plan.changes:
        yield f"nothing has to change: {unit} has {shown(plan.score)} ({place})"
        return
    yield "the least change, proved:" if plan.proved else f"the least change that was found ({_unproved(plan)}):"
    for one in plan.changes:
        way = f"{shown(one.now)} → {outward(one.now, one.then)} ({_signed(one.change)}"
        yield f"  {one.node}: {way}, {abs(one.share):.0%} of its range), {_signed(one.gain)} points"
    what = "cost" if plan.priced else "shares of the range" if plan.penalty == "linear" else "squared shares"
    sum_ = f"{plan.cost:.4g}" if plan.priced else f"{plan.cost:.3f}"
    yield f"  gives {unit} {shown(plan.score)} ({place}); {what} in all: {sum_}"
    again = plan.recalibrated
    if again is not None and again.problem:
        yield f"  with everything learned afresh it cannot be scored: {again.problem}"
    elif again is not None:
        found = "reached all the same" if again.reached else f"not reached, it then needs {shown(again.needed)}"
        yield f"  with everything learned afresh from that table: {shown(again.score)} (rank {again.rank:g}), {found}"


def shown(value: float, digits: int = 6) -> str:
    """A number with so many significant digits, and all of those before the point.

    >>> shown(86.48934), shown(86489345.2), shown(float("nan"))
    ('86.4893', '86489345', 'missing')
    """
    if value != value:
        return "missing"
    return f"{value:.0f}" if _whole(value, digits) else f"{value:.{digits}g}"


def _whole(value: float, digits: int = 6) -> bool:
    """Whether a number has so many digits before the point that none after it are shown."""
    return 10.0**digits - 0.5 <= abs(value) < 1e15


def _signed(change: float) -> str:
    return f"{'+' if change > 0 else ''}{shown(change, 4)}"


def outward(now: float, value: float) -> str:
    """A number as `shown`, but rounded away from what it is now: as it is printed, it is enough.

    >>> outward(85, 86.48934), outward(85, 80.4), outward(6.0, 4.970012), outward(8e7, 86489345.2)
    ('86.4894', '80.4', '4.97001', '86489346')
    >>> outward(3, 2.9999999999)  # just below a cut
    '2.99999'
    """
    text, way = shown(value), 1 if value > now else -1
    short = (float(text) - value) * way < -1e-11 * abs(value) or (value != now and text == shown(now))
    if now == now and short:
        unit = 1.0 if _whole(value) else 10.0 ** (math.floor(math.log10(abs(value))) - 5)
        text = shown(float(text) + way * unit)
    return text


def _unproved(plan: LeastChange) -> str:
    """What is known where it is not proved to be the least."""
    if plan.bound == plan.bound and plan.bound > 0:
        return f"none is cheaper than {plan.bound / plan.cost:.1%} of its cost"
    return "not proved to be the least"


def _move(move: Move) -> str:
    if move.value == move.value:
        return f"  {move.node}: {shown(move.now)} → {outward(move.now, move.value)}"
    reached = f"gives at best {shown(move.reached)}" if move.reached == move.reached else "cannot be scored"
    return f"  {move.node}: alone cannot ({shown(move.low)} to {shown(move.high)} {reached})"


def _rivals(gap: Gap, rivals: RivalMoves) -> Iterator[str]:
    yield f"if the others move ({rivals.rule}):"
    yield f"  standing still it has rank {rivals.rank:g}; {gap.target} needs {_score(rivals.needed, rivals.beyond)}"
    if gap.plan is not None and gap.plan.reached and gap.plan.changes:
        still = "still reaches it" if rivals.holds else "no longer reaches it"
        yield f"  the plan above {still} (rank {rivals.rank_with_plan:g})"
    if gap.replanned:
        yield from (f"  {line}" for line in _plan(rivals.plan, gap.label or gap.unit))
