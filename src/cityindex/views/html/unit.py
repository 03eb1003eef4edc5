"""The card of one unit: place, parts, strengths and weaknesses, and what a step up would take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityindex.views.html.explanation import ends_of_points, lines_of
from cityindex.views.html.gap import needs_of
from cityindex.views.html.render import number, render, short, signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cityindex.card import Card, CardLine
    from cityindex.gap import Gap
    from cityindex.views.html.words import Words

__all__ = ["card"]

MOVES = 5
NAMED = 3  # leaves that the summary names
FEW = 10  # so many leaves right under the index are all shown: their order is that of strengths and weaknesses


def card(unit: Card, words: Words) -> str:
    """The card of a unit."""
    told = unit.explanation
    points = [value for line in unit.parts for value in (line.points, line.mean_points) if value == value]
    flat = len(unit.lines) <= FEW and {line.path for line in unit.lines} <= {line.path for line in unit.parts}
    sides = [] if flat or unit.others < 2 else [unit.strengths(), unit.weaknesses()]
    widest = max((abs(line.difference) for side in sides for line in side), default=0.0)
    weights = {node.path: node.weight for node in told.nodes}
    root = told.nodes[0].path
    return render(
        "unit",
        words,
        told=told,
        summary=list(_summary(unit, words)),
        parts_of_it=[(line, _named(line, words), weights[f"{root}/{line.path}"]) for line in unit.parts],
        ends=(min([0.0, *points]), max([0.0, *points])),
        compared=unit.others > 1,
        sides=[
            (words[name], [(line, _named(line, words)) for line in side])
            for name, side in zip(("strengths", "weaknesses"), sides, strict=False)
        ],
        around=(-widest, widest),
        steps=[_step(step, words) for step in unit.steps],
        ranked=told.rank == told.rank,
        lines=lines_of(told, words),
        line_ends=ends_of_points(told),
        notes=told.notes,
    )


def _summary(unit: Card, words: Words) -> Iterator[str]:
    """Why it stands where it stands, in sentences."""
    score = unit.explanation.score
    if score != score:
        return
    if unit.others > 1:
        which = "even" if f"{score:.4g}" == f"{unit.mean:.4g}" else "above" if score > unit.mean else "below"
        by = number(abs(score - unit.mean), 3)
        yield words(
            f"score_{which}", number(score), words(f"mean_of_{unit.against}", unit.others), short(unit.mean), by
        )
    weak, strong = (list(_listed(found, words)) for found in (unit.weaknesses(NAMED), unit.strengths(NAMED)))
    if unit.others > 1:
        yield from (
            words(name, words["and"].join(found)) for name, found in (("held", weak), ("lifted", strong)) if found
        )
    for name, neighbour in (("next_above", unit.above), ("next_below", unit.below)):
        if neighbour is not None:
            yield words(name, neighbour.unit, number(neighbour.score), signed(neighbour.score - score, 3))


def _listed(found: Iterable[CardLine], words: Words) -> Iterator[str]:
    return (words("by_points", _named(line, words), signed(line.difference, 3)) for line in found)


def _named(line: CardLine, words: Words) -> str:
    return words.title(line.title) or line.node


def _step(gap: Gap, words: Words) -> tuple[str, list[tuple[Any, str]]]:
    """What score the target needs, and the moves that come first."""
    return needs_of(gap, words), [(move, words.title(move.title)) for move in gap.moves[:MOVES]]
