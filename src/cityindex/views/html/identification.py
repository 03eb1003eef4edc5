"""The card of an identification: the range of each weight, or the rows that contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cityindex.views.html.render import render

if TYPE_CHECKING:
    from cityindex.auditing.identification import Identification
    from cityindex.views.html.words import Words

__all__ = ["card"]


def card(found: Identification, words: Words) -> str:
    """The card of an identification."""
    shown = found.children if found.feasible else ()
    rows = [(child, found.low[child], found.centre[child], found.high[child]) for child in shown]
    ends = [value for _, *values in rows for value in values if np.isfinite(value)]
    return render(
        "identification",
        words,
        found=found,
        rows=rows,
        ends=(min([0.0, *ends]), max([0.0, *ends])),
        finite=np.isfinite,
    )
