"""Small drawings for the cells of a table: bars on one scale, and the colours of tiers and parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cityindex.methods._arrays import FloatArray

__all__ = ["PARTS", "Scale", "Span", "ramp", "scale_of"]

VIRIDIS = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (170, 220, 50))  # without its palest end
PARTS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#767676")  # Okabe and Ito


class Span(NamedTuple):
    """A stretch of a drawing that is 100 wide, and its colour."""

    start: float
    width: float
    colour: str = ""
    words: str = ""


class Scale(NamedTuple):
    """Numbers from `low` to `high` on a drawing that is 100 wide."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a number lies, 0 to 100."""
        wide = self.high - self.low
        return 0.0 if wide <= 0 else round(100 * min(max((value - self.low) / wide, 0.0), 1.0), 2)

    def span(self, start: float, end: float, colour: str = "", words: str = "") -> Span:
        """The stretch between two numbers, wide enough to be seen."""
        left, right = sorted((self.at(start), self.at(end)))
        return Span(left, round(max(right - left, 0.0), 2), colour, words)


def scale_of(values: FloatArray) -> Scale:
    """From 0 (or the lowest number, where that is below) to the highest."""
    seen = values[np.isfinite(values)]
    return Scale(min(0.0, float(seen.min())), max(0.0, float(seen.max()))) if seen.size else Scale(0.0, 0.0)


def ramp(count: int) -> Sequence[str]:
    """Colours from dark (the best) to light, told apart by their lightness alone."""
    found = []
    for place in np.linspace(0, len(VIRIDIS) - 1, count):
        low = min(int(place), len(VIRIDIS) - 2)
        share = place - low
        mixed = [round(a + (b - a) * share) for a, b in zip(VIRIDIS[low], VIRIDIS[low + 1], strict=True)]
        found.append("#{:02x}{:02x}{:02x}".format(*mixed))
    return found
