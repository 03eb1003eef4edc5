"""The card of bounds of ranks: the best and the worst that any weights of a region give."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cityindex.views.html.ranked import order_of, period_facts, rows_of
from cityindex.views.html.render import LISTED, render

if TYPE_CHECKING:
    from cityindex.robustness.bounds import RankBounds
    from cityindex.views.html.words import Words

__all__ = ["card"]


def card(found: RankBounds, words: Words) -> str:
    """The card of bounds of ranks."""
    result = found._linear.base.result
    ranks = found.to_frame()["rank"].to_numpy(np.float64, na_value=np.nan)
    places = order_of(result, ranks)
    exact = found.exact[np.isfinite(found.best)]
    return render(
        "bounds",
        words,
        found=found,
        index=result.spec.id,
        title=words.title(result.spec.title or result.spec.index.title) or result.spec.id,
        period=period_facts(result, places, words),
        exact=f"{int(exact.sum())} / {len(exact)}",
        rows=rows_of(result, ranks, places[:LISTED]),
        total=len(places),
        ends=(1.0, float(max(len(places), 2))),
    )
