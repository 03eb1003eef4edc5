"""The card of a gap: the least change, each indicator alone, and what the others' moves do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cityindex.views.html.render import number, render, signed

if TYPE_CHECKING:
    from cityindex.gap import Change, Gap, LeastChange
    from cityindex.views.html.words import Words

__all__ = ["card", "needs_of", "target_of"]


def card(gap: Gap, words: Words) -> str:
    """The card of a gap."""
    return render(
        "gap",
        words,
        gap=gap,
        needs=needs_of(gap, words),
        rows=[(move, words.title(move.title)) for move in gap.moves],
        planned=_planned(gap.plan, words),
        rule="" if gap.rivals is None else _rule(gap.rivals.rule, words),
        rivals_need="" if gap.rivals is None else _needs(gap, gap.rivals.needed, gap.rivals.beyond, words),
        rivals_planned=[] if gap.rivals is None else _planned(gap.rivals.plan, words),
    )


def _rule(rule: str, words: Words) -> str:
    """What the others are taken to do."""
    first, *rest = rule.split()
    if first == "each":
        return words(f"each_{rest[-1]}", rest[0])
    return words["as_given"] if rest == ["given"] else words("as_before", rest[1], rest[3])


def _planned(plan: LeastChange | None, words: Words) -> list[tuple[Change, str]]:
    return [] if plan is None else [(change, words.title(change.title)) for change in plan.changes]


def target_of(gap: Gap, words: Words) -> str:
    """The rank, tier, score or unit that was asked for."""
    kind, _, target = gap.target.partition(" ")
    return words(f"step_{kind}", target)


def needs_of(gap: Gap, words: Words) -> str:
    """What score the target needs."""
    return _needs(gap, gap.needed, gap.beyond, words)


def _needs(gap: Gap, score: float, beyond: bool, words: Words) -> str:
    needed = number(score) if np.isfinite(score) else words["any_score"]
    needed = words("beyond", needed) if beyond else needed
    if np.isfinite(score) and not gap.reached:
        needed = f"{needed} ({signed(score - gap.score)})"
    return words("needs", target_of(gap, words), needed)
