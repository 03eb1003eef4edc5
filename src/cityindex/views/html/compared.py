"""The card of two results compared: how far they agree, what made the changes, who moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityindex.comparing.text import tier_counts
from cityindex.views._effects import effect_name, side_names
from cityindex.views.html.contributions import TONES
from cityindex.views.html.render import SHOWN, number, render, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cityindex.comparing.record import Comparison
    from cityindex.views.html.words import Words

__all__ = ["EFFECT_TONES", "card", "stack"]

EFFECT_TONES = dict(
    zip(("data", "weights", "structure", "calibration", "joint", "entered_left", "rounding"), TONES, strict=False)
)
NAMED = 12  # units named in one line


def card(found: Comparison, words: Words) -> str:
    """The card of two results compared."""
    counts = found._table["status"].value_counts()
    sizes = found.by_effect()
    sizes = sizes[(sizes > 1e-12).any(axis=1)]
    movers = found.movers(SHOWN)
    spec = found.spec
    return render(
        "compared",
        words,
        found=found,
        title=words.title(spec.title or spec.index.title) or spec.id,
        node="" if found.sides[1].node == spec.index.id else found.sides[1].node,
        names=side_names(found.names, words.language),
        facts=[words("in_both", len(found)), *(words(key, counts[key]) for key in counts.index if key != "both")],
        kept=None if (kept := tier_counts(found)) is None else words("keep_tier", *kept),
        sizes=[
            (effect_name(str(name), words.language), own["points"], own["places"]) for name, own in sizes.iterrows()
        ],
        ends=[(0.0, float(sizes[column].max()) if len(sizes) else 0.0) for column in ("points", "places")],
        turnover=_turnover(found, words),
        movers=_movers(found, movers.to_dict("records")),
        tones=[(effect_name(name, words.language), EFFECT_TONES[name]) for name in _there(found)],
        tiers=_matrix(found, words),
        limit=100,
    )


def _there(found: Comparison) -> list[str]:
    effects = found.rank_effects
    return [str(name) for name in effects if (effects[name].abs() > 1e-12).any()]


def _turnover(found: Comparison, words: Words) -> list[tuple[str, str]]:
    """The first so many, and who came and went."""
    told = []
    for size in (10, 50):
        if size * 1.5 < len(found):
            turnover = found.top(size)
            sides = (("came", turnover.came), ("went", turnover.went))
            said = [words(word, _named(units, words)) for word, units in sides if units]
            told.append((words("first_n", size), words["semicolon"].join(said) or words["the_same"]))
    return told


def _named(units: Sequence[str], words: Words) -> str:
    return words["and"].join(units[:NAMED]) + ("…" if len(units) > NAMED else "")


def _movers(found: Comparison, movers: Sequence[Mapping[Any, Any]]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each mover with the stack of its effects in places."""
    effects = found.rank_effects.loc[[line["unit"] for line in movers]]
    low, high = effects.clip(upper=0).sum(axis=1).min(), effects.clip(lower=0).sum(axis=1).max()
    ends = (min(float(low), 0.0), max(float(high), 0.0))
    stacks = [stack(own, ends) for own in effects.to_dict("records")]
    return [(line, bands) for line, bands in zip(movers, stacks, strict=True) if line["places"]]


def stack(effects: Mapping[Any, float], ends: tuple[float, float]) -> list[tuple[str, str]]:
    """Tone and place of each effect: those below 0 to the left, the others to the right."""
    reached = {False: 0.0, True: 0.0}
    found = []
    for name, value in effects.items():
        if abs(value) > 1e-12:
            start = reached[value < 0]
            reached[value < 0] = start + value
            found.append((EFFECT_TONES[str(name)], span(start, start + value, ends)))
    return found


def _matrix(found: Comparison, words: Words) -> list[list[str]]:
    """The tiers before and after, with the words at their edges; nothing where one of the two has none."""
    if any(side.tiers is None for side in found.sides):
        return []
    matrix = found.tier_changes()
    edges = {name: effect_name(name, words.language) for name in ("entered", "left")}
    matrix = matrix.rename(index=edges, columns=edges)
    rows = [["", *map(str, matrix.columns)]]
    return rows + [[str(name), *(number(value) if value else "" for value in own)] for name, own in matrix.iterrows()]
