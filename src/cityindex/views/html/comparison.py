"""The card of two rankings compared: how far they agree, and who moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.views.html.render import SHOWN, number, percent, render

if TYPE_CHECKING:
    from cityindex.methods.rank_agreement import RankComparison
    from cityindex.views.html.words import Words

__all__ = ["card"]

COEFFICIENTS = ("kendall", "spearman", "weighted_kendall", "overlap")


def card(found: RankComparison, words: Words) -> str:
    """The card of two rankings compared."""
    measures = [(words[name], number(getattr(found, name), 3), float(getattr(found, name))) for name in COEFFICIENTS]
    measures += [(words("top", size), percent(share, 3), share) for size, share in found.top.items()]
    return render(
        "comparison",
        words,
        found=found,
        measures=measures,
        movers=found.movers(SHOWN),
        ends=(1.0, float(max(found.compared, 2))),
    )
