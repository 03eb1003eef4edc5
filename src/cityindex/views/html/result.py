"""The card of a result: units by rank with bars and tiers, the first ones open and the others folded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from cityindex.standings import tier_names
from cityindex.views.html.ranked import order_of, period_facts, rows_of
from cityindex.views.html.render import LISTED, render, tones

if TYPE_CHECKING:
    from cityindex.methods._arrays import FloatArray
    from cityindex.result import Result
    from cityindex.views.html.words import Words

__all__ = ["card", "ends_of"]

PARTS = 6  # columns of groups under the index


def card(result: Result, words: Words) -> str:
    """The card of a result."""
    spec, root = result.spec, result.root
    ranks, scores = result.ranks(), result.column()
    places = order_of(result, ranks)
    labels = tier_names(result, root)
    tiers = result.tiers() if labels else (None,) * len(result)
    counted = Counter(tiers[place] for place in places)
    shown = [child.id for child in spec.index.children if child.id in result.nodes]
    shown = [] if shown == [root] else shown[:PARTS]
    return render(
        "result",
        words,
        spec=spec,
        title=words.title(spec.title),
        units=len(places),
        period=period_facts(result, places, words),
        rows=rows_of(result, ranks, places[:LISTED]),
        scores=scores,
        ends=ends_of(scores[places]),
        tiers=tiers,
        tones=tones(labels),
        counts=[(label, counted[label]) for label in labels],
        groups=[(name, words.title(spec[name].title) or name, result.column(name)) for name in shown],
        notes=result.notes,
    )


def ends_of(values: FloatArray) -> tuple[float, float]:
    """The ends of bars that begin at 0."""
    there = values[np.isfinite(values)]
    return (min(float(there.min()), 0.0), max(float(there.max()), 0.0)) if len(there) else (0.0, 0.0)
