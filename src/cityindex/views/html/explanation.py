"""The card of an explanation: each node with its value, weight and points, and how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.views.html.render import number, render

if TYPE_CHECKING:
    from cityindex.explain import ExplainedNode, Explanation
    from cityindex.views.html.words import Words

__all__ = ["Line", "card", "lines_of"]

Line = tuple["ExplainedNode", str, str]


def card(explanation: Explanation, words: Words) -> str:
    """The card of an explanation."""
    return render(
        "explanation",
        words,
        told=explanation,
        lines=lines_of(explanation, words),
        ends=ends_of_points(explanation),
        notes=explanation.notes,
    )


def lines_of(explanation: Explanation, words: Words) -> list[Line]:
    """Each node with its title and the chain of its numbers."""
    return [(node, words.title(node.title), _chain(node)) for node in explanation.nodes]


def ends_of_points(explanation: Explanation) -> tuple[float, float]:
    """The ends of the bars of points."""
    points = [node.contribution for node in explanation.nodes if node.depth and node.contribution is not None]
    known = [value for value in points if value == value]
    return min([0.0, *known]), max([0.0, *known])


def _chain(node: ExplainedNode) -> str:
    start = f"{node.source} {number(node.raw)}".strip()
    if node.per is not None:
        start += f" / {number(node.per)}"
    return " · ".join([start, *(f"{name} → {number(value)}" for name, value in (*node.steps, *node.publish))])
