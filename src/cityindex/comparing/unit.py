"""The change of one unit: what its score and its rank are made of, and who passed whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Text
from cityindex.table import Note

__all__ = ["IndicatorChange", "UnitChange", "by_size"]

SHOWN = 12  # indicators printed


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    """What one indicator did to a unit's score.

    Attributes
    ----------
    node, title, measured_in
        The indicator.
    itself
        It is a group, and the line is what it does by itself: its aggregate, its own steps, what they have learned.
    raw_before, raw_after
        Its number, divided by `per` where it has one (`nan`: none).
    weight_before, weight_after
        Its share of the index (`nan`: it has none, or weights mean nothing there).
    points_before, points_after
        What it contributes to the score (`Result.contributions`), before it is rounded.
    effects
        Factor → points that the score gained by it. In an additive tree they add up to the points that it contributes
        more; in any other its change changes what the others contribute, too, and that is counted here.
    """

    node: str
    title: Text | None
    measured_in: Text | None
    itself: bool
    raw_before: float
    raw_after: float
    weight_before: float
    weight_after: float
    points_before: float
    points_after: float
    effects: Mapping[str, float]

    @property
    def change(self) -> float:
        """Points of the score, all effects together."""
        return float(sum(self.effects.values()))

    @property
    def moved(self) -> bool:
        """Whether any effect is more than dust; they may make up for each other."""
        return bool(by_size(self.effects))


@dataclass(frozen=True, slots=True, repr=False)
class UnitChange(Shown):
    """Why a unit's score and rank changed; ``print`` shows it, `to_frame` gives the indicators as a table.

    Attributes
    ----------
    unit, label, names
        The unit; what before and after are called.
    status
        ``both``, or that it ``entered`` or ``left`` (it then has no effects).
    scores, ranks, tiers
        Before and after, as printed (`nan`, None: there is none).
    effects
        Factor → points of the score, rounding included; they add up to the change that is printed.
    rank_effects
        Factor → places gained, those who entered or left included; they add up to the change of rank.
    own, others
        Places gained by its own change, and by those of the others that are in both (`nan`: the rules of ranking
        differ).
    passed, passed_by
        Units that were ahead of it and are behind it now, and the other way round.
    indicators
        The largest change first.
    """

    title: Text | None
    unit: str
    label: str
    names: tuple[str, str]
    status: str
    scores: tuple[float, float]
    ranks: tuple[float, float]
    tiers: tuple[str | None, str | None]
    effects: Mapping[str, float]
    rank_effects: Mapping[str, float]
    own: float
    others: float
    passed: tuple[str, ...]
    passed_by: tuple[str, ...]
    indicators: tuple[IndicatorChange, ...]
    notes: tuple[Note, ...]

    @property
    def change(self) -> float:
        """Points of the printed score gained."""
        return self.scores[1] - self.scores[0]

    @property
    def places(self) -> float:
        """Places gained: below 0 where it fell."""
        return self.ranks[0] - self.ranks[1]

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator: its numbers, weights and points before and after, and each effect."""
        rows = [
            {
                "indicator": line.node,
                "title": str(line.title or ""),
                "raw_before": line.raw_before,
                "raw_after": line.raw_after,
                "weight_before": line.weight_before,
                "weight_after": line.weight_after,
                "points_before": line.points_before,
                "points_after": line.points_after,
                "change": line.change,
                **line.effects,
            }
            for line in self.indicators
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        name = f"{self.label} ({self.unit})" if self.label != self.unit else self.unit
        if self.status != "both":
            return f"{name}: {_entered(self)}"
        lines = [
            f"{name}, {self.names[0]} → {self.names[1]}: {_number(self.scores[0])} → {_number(self.scores[1])} "
            f"({signed(self.change)}), rank {self.ranks[0]:g} → {self.ranks[1]:g}{_moved(self.places)}{_tiers(self)}",
            f"  score: {listed(self.effects)}",
            f"  places: {listed(self.rank_effects)}",
        ]
        if self.own == self.own:
            lines.append(f"    its own change {signed(self.own)}, those of others {signed(self.others)}")
        for word, units in (("passed", self.passed), ("passed by", self.passed_by)):
            if units:
                lines.append(f"    {word}: {', '.join(units[:8])}{f' and {len(units) - 8} more' if units[8:] else ''}")
        moved = [line for line in self.indicators if line.moved]
        lines += [_line(line) for line in moved[:SHOWN]]
        if len(moved) > SHOWN:
            lines.append(f"  and {len(moved) - SHOWN} more that changed it")
        lines += [f"  note: {note.message}" for note in self.notes]
        return "\n".join(lines)


def signed(value: float) -> str:
    """A difference with its sign.

    >>> signed(1.5), signed(-0.25), signed(0.0)
    ('+1.5', '-0.25', '0')
    """
    return "0" if abs(value) < 1e-12 else f"{value:+.4g}"


def by_size(effects: Mapping[str, float]) -> dict[str, float]:
    """The effects that are not 0, the largest first."""
    there = {name: value for name, value in effects.items() if abs(value) > 1e-12}
    return dict(sorted(there.items(), key=lambda pair: -abs(pair[1])))


def listed(effects: Mapping[str, float]) -> str:
    """The effects in words, the largest first: ``data +1.2, weights -0.4``."""
    said = [f"{name.replace('_', ' and ')} {signed(value)}" for name, value in by_size(effects).items()]
    return ", ".join(said) or "no change"


def _number(value: float) -> str:
    return "none" if value != value else f"{value:.6g}"


def _moved(places: float) -> str:
    if places == 0:
        return ""
    return f" ({'up' if places > 0 else 'down'} {abs(places):g})"


def _tiers(change: UnitChange) -> str:
    before, after = change.tiers
    if before is None and after is None:
        return ""
    return f", tier {after}" if before == after else f", tier {before or 'none'} → {after or 'none'}"


def _entered(change: UnitChange) -> str:
    side = 1 if change.status == "entered" else 0
    if change.status == "unscored":
        return f"no score in {change.names[0]} nor in {change.names[1]}"
    score, rank = change.scores[side], change.ranks[side]
    word = "entered in" if side else "left after"
    return f"{word} {change.names[side]}: {_number(score)}, rank {rank:g}; there is no change to explain"


def _line(line: IndicatorChange) -> str:
    title = f" {line.title}" if line.title else ""
    if line.itself:
        return f"  {line.node}{title}, the group itself: {signed(line.change)} ({listed(line.effects)})"
    parts = [f"{_number(line.raw_before)} → {_number(line.raw_after)}"]
    weights = np.array([line.weight_before, line.weight_after])
    if not np.isnan(weights).any() and abs(weights[1] - weights[0]) > 1e-12:
        parts.append(f"weight {weights[0] * 100:.4g}% → {weights[1] * 100:.4g}%")
    return f"  {line.node}{title}: {signed(line.change)} ({'; '.join([listed(line.effects), *parts])})"
