"""The card of a gap: how far each indicator alone would have to move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cityindex.views.html.render import number, render, signed

if TYPE_CHECKING:
    from cityindex.gap import Gap
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
    )


def target_of(gap: Gap, words: Words) -> str:
    """The rank or the tier that was asked for."""
    kind, _, target = gap.target.partition(" ")
    return words(f"step_{kind}", target)


def needs_of(gap: Gap, words: Words) -> str:
    """What score the target needs."""
    needed = number(gap.needed) if np.isfinite(gap.needed) else words["any_score"]
    needed = words("beyond", needed) if gap.beyond else needed
    if np.isfinite(gap.needed) and not gap.reached:
        needed = f"{needed} ({signed(gap.needed - gap.score)})"
    return words("needs", target_of(gap, words), needed)
