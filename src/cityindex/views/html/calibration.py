"""The card of a calibration: what each node learned, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.views.html.render import LISTED, number, render

if TYPE_CHECKING:
    from cityindex.calibration import Calibration
    from cityindex.views.html.words import Words

__all__ = ["card"]

FEW = 8  # numbers of a list, entries of a mapping that are shown one by one


def card(calibration: Calibration, words: Words) -> str:
    """The card of a calibration."""
    parts = calibration.editions or {"": calibration}
    rows = [row for period, part in parts.items() for row in _rows(period, part, words)]
    return render("calibration", words, calibration=calibration, rows=rows[:LISTED], total=len(rows))


def _rows(period: str, part: Calibration, words: Words) -> Iterator[tuple[str, str, list[str]]]:
    for node, entry in part.nodes.items():
        yield period, node, [f"{key}: {told}" for key, value in entry.items() if (told := _told(value, words))]


def _told(value: Any, words: Words) -> str:
    """What was learned, in a line: long lists and mappings by their size."""
    if isinstance(value, Mapping):
        if len(value) > FEW:
            return words("by_label", len(value))
        return ", ".join(f"{key} {told}" for key, item in value.items() if (told := _told(item, words)))
    if isinstance(value, np.ndarray | list | tuple):
        if len(value) > FEW:
            return words("numbers", len(value))
        items = [_told(item, words) for item in value]
        between = "; " if any(isinstance(item, Mapping) for item in value) else ", "
        return between.join(item for item in items if item)
    if isinstance(value, bool | str):
        return str(value)
    return "" if value is None else number(value)
