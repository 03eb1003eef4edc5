"""The card of one unit's change: what its score and its rank are made of, and who passed whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.comparing.unit import by_size
from cityindex.views._effects import effect_name, side_names
from cityindex.views.html.render import LISTED, number, render, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cityindex.comparing.unit import IndicatorChange, UnitChange
    from cityindex.views.html.words import Words

__all__ = ["card"]

NAMED = 12  # units named in one line


def card(change: UnitChange, words: Words) -> str:
    """The card of one unit's change."""
    effects, places = by_size(change.effects), by_size(change.rank_effects)
    names = dict.fromkeys([*effects, *places])
    lines = [line for line in change.indicators if line.moved]
    return render(
        "unit_change",
        words,
        change=change,
        names=side_names(change.names, words.language),
        rank=_rank(change, words),
        rows=[(effect_name(name, words.language), effects.get(name), places.get(name)) for name in names],
        ends=_ends(list(effects.values())),
        place_ends=_ends(list(places.values())),
        own="" if change.own != change.own else words("own_change", signed(change.own), signed(change.others)),
        passes=[
            words(word, words["and"].join(units[:NAMED]) + ("…" if len(units) > NAMED else ""))
            for word, units in (("passed", change.passed), ("passed_by", change.passed_by))
            if units
        ],
        kinds=[(name, effect_name(name, words.language)) for name in _kinds(lines)],
        lines=[(line, words.title(line.title) or line.node) for line in lines[:LISTED]],
        line_ends=_ends([line.change for line in lines]),
    )


def _kinds(lines: Sequence[IndicatorChange]) -> list[str]:
    """The effects that some indicator has."""
    names = lines[0].effects if lines else ()
    return [name for name in names if any(abs(line.effects[name]) > 1e-12 for line in lines)]


def _rank(change: UnitChange, words: Words) -> str:
    before, after = (number(rank) for rank in change.ranks)
    moved = change.places
    if moved != moved or not moved:
        return f"{before} → {after}"
    return f"{before} → {after} ({words('up' if moved > 0 else 'down', number(abs(moved)))})"


def _ends(values: list[float]) -> tuple[float, float]:
    return min([*values, 0.0]), max([*values, 0.0])
