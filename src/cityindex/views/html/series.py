"""The card of index numbers over time: units by periods, the mean of all, and what became of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.views.html.render import LISTED, render

if TYPE_CHECKING:
    from cityindex.periods.record import IndexSeries
    from cityindex.views.html.words import Words

__all__ = ["card"]


def card(found: IndexSeries, words: Words) -> str:
    """The card of a series."""
    frame = found.to_frame()
    names = found.labels or found.units
    values = frame.to_numpy().tolist()
    rows = [(unit, name, row) for unit, name, row in zip(found.units, names, values, strict=True)]
    sign = "formula_chain" if found.method == "chain" else "formula_base"
    return render(
        "series",
        words,
        found=found,
        title=words.title(found.spec.title),
        mean=words["mean"] if found.weights is None else words("mean_by", found.weights),
        formula=words(f"{sign}_{found.how}", f"{found.base_value:g}", found.base),
        total=found.total.tolist(),
        rows=rows[:LISTED],
    )
