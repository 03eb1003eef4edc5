"""The card of a sensitivity: the share of each choice in the variance, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.views.html.render import render

if TYPE_CHECKING:
    from cityindex.robustness.shares import Sensitivity
    from cityindex.views.html.words import Words

__all__ = ["card"]


def card(found: Sensitivity, words: Words) -> str:
    """The card of a sensitivity."""
    base = found.design.sampler.base
    rows = found.to_frame().sort_values("total", ascending=False, kind="stable").to_dict("records")
    lowest = min([0.0, *(float(row[name]) for row in rows for name in ("first_low", "total_low") if row[name] < 0)])
    highest = max([1.0, *(float(row[name]) for row in rows for name in ("first_high", "total_high") if row[name] > 1)])
    return render(
        "sensitivity",
        words,
        found=found,
        index=base.spec.id,
        node=base.node,
        rows=rows,
        ends=(lowest, highest),
        level=f"{found.level * 100:.6g}%",
    )
