"""The card of an uncertainty: the range of each unit's rank, and whether it stays in its tier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.errors import NotFoundError
from cityindex.views.html.ranked import order_of, period_facts, rows_of, tier_tones
from cityindex.views.html.render import LISTED, render

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.robustness.record import Uncertainty
    from cityindex.views.html.words import Words

__all__ = ["card"]


def card(found: Uncertainty, words: Words) -> str:
    """The card of an uncertainty."""
    result, node = found.result, found.sampler.base.node
    ranks = result.ranks(node)
    places = order_of(result, ranks)
    low, median, high = (found.rank_quantile(share) for share in (0.05, 0.5, 0.95))
    safety = _safety(found)
    return render(
        "uncertainty",
        words,
        found=found,
        index=result.spec.id,
        title=words.title(result.spec.title or result.spec.index.title) or result.spec.id,
        node=node,
        varied=words("varied", words["and"].join(words.voice.choice(choice.label) for choice in found.sampler.choices)),
        period=period_facts(result, places, words),
        rows=rows_of(result, ranks, places[:LISTED]),
        total=len(places),
        low=low,
        median=median,
        high=high,
        ends=(1.0, float(max(len(places), 2))),
        tiers=None if safety is None else safety["tier"].tolist(),
        same=None if safety is None else safety["same"].tolist(),
        tones={} if safety is None else tier_tones(result, node),
    )


def _safety(found: Uncertainty) -> pd.DataFrame | None:
    """How safe each unit is in its tier; None where the group has none."""
    try:
        return found.tier_safety()
    except NotFoundError:
        return None
