"""Units in the order of their ranks, as bars: what each score is made of, and the tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.standings import tier_names
from cityindex.views.figures._canvas import BLUE, GREY, INK, axes, colours, finish, frameless, heading, ladder, legend
from cityindex.views.figures._words import (
    Language,
    Words,
    at_least,
    clean,
    count_words,
    expect,
    number_words,
    rows_of,
    shorten,
    unit_names,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ranking"]

KINDS = 12  # labels of `by` that have a colour of their own


@dataclass(frozen=True, slots=True)
class _Marks:
    """What each bar belongs to: a title, the labels with their colours, and the label of each shown row."""

    title: str
    colour: dict[str, str]
    labels: tuple[str | None, ...]


def ranking(
    result: Result,
    *,
    ax: Axes | None = None,
    node: str | None = None,
    top: int = 40,
    stacked: bool = True,
    by: str | None = "tier",
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """Ranked bars: the published score of each unit, what it is made of, and its tier.

    Stacked bars are the contributions of the group's children: they add up to the carried score (the published one, in
    figures at the end of the bar, may be rounded or put on another scale).

    Parameters
    ----------
    result
        A `Result`.
    ax
        Where to draw; None: a figure of its own.
    node
        The group that is ranked; None: the index.
    top
        How many units are shown, from the first rank on.
    stacked
        Whether bars are split by the group's children; else they are coloured by `by`.
    by
        ``tier``, or a column of the table (a region): a mark beside each bar. None: no marks.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> ax = ci.plot.ranking(ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]}))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['1  y', '2  x']
    """
    expect(result, Result, "ranking", "a Result")
    words, node = Words(result.spec, language), result.root if node is None else node
    ranks = result.ranks(node)
    rows, when = rows_of(result, period)
    there = rows[np.isfinite(ranks[rows])]
    order = there[np.argsort(ranks[there], kind="stable")][: at_least(top, "top", 1)]
    marks = _marks(result, node, by, order, words)
    ax = axes(ax, 9.0, 1.5 + 0.26 * max(len(order), 4))
    if stacked:
        entries = _stack(ax, result, node, order, words)
        head = words["contribution"]
    else:
        entries, head = [], words["score"]
        _bars(ax, result.column(node), order, marks)
    _ends(ax, result.column(node), order)
    names = [f"{ranks[row]:g}  {shorten(name, 34)}" for row, name in zip(order, unit_names(result, order), strict=True)]
    ax.set_yticks(np.arange(len(order)), labels=names)
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.set_xlabel(head, fontsize=9)
    frameless(ax)
    ax.grid(axis="x", color="#E8E8E8", linewidth=0.8)
    _strip(ax, marks, len(order), beside=stacked)
    caption = count_words(words, len(order), len(there), len(rows) - len(there))
    heading(ax, words.dated(words.node(node), when), caption)
    legend(ax, [(head, entries), (marks.title, _entries(marks))] if marks else [("", entries)])
    return finish(ax)


def _entries(marks: _Marks) -> list[tuple[Any, str]]:
    from matplotlib.patches import Patch

    used = set(marks.labels)
    return [(Patch(color=colour), label) for label, colour in marks.colour.items() if label in used]


def _marks(result: Result, node: str, by: str | None, order: IntArray, words: Words) -> _Marks | None:
    """The label and colour of each shown row, by tier or by a column of the table."""
    if by is None or (by == "tier" and node not in result.tiered):
        return None
    if by == "tier":
        own = result.tiers(node)
        known = list(tier_names(result, node))
        shades = dict(zip(known, ladder(len(known)), strict=True))
        title = words["tier"]
    else:
        if by not in result.table.columns:
            raise NotFoundError(f"by={by!r}: the table has no such column.{nearest(by, result.table.columns)}")
        own, title = tuple(map(clean, result.table.labels(by))), clean(by)
        known = list(dict.fromkeys(own[row] for row in order))
        known, rest = known[:KINDS], known[KINDS:]
        own = tuple(words["other"] if label in rest else label for label in own)
        shades = dict(zip(known, colours(len(known)), strict=True)) | ({words["other"]: "#BBBBBB"} if rest else {})
    return _Marks(title, shades, tuple(own[row] for row in order))


def _stack(ax: Axes, result: Result, node: str, order: IntArray, words: Words) -> list[tuple[Any, str]]:
    """Bars of the parts of each score, negative ones to the left; the entries of the legend."""
    values = result.contributions(node).values
    parts: dict[str, FloatArray] = {}
    for path in values.columns:
        first = str(path).split("/", 1)[0]
        own = np.nan_to_num(values[path].to_numpy(np.float64)[order])
        parts[first] = parts.get(first, np.zeros(len(order))) + own
    ends = {1: np.zeros(len(order)), -1: np.zeros(len(order))}
    entries: list[tuple[Any, str]] = []
    for (name, part), colour in zip(parts.items(), colours(len(parts)), strict=True):
        left = np.where(part >= 0, ends[1], ends[-1])
        bars = ax.barh(
            np.arange(len(order)), part, left=left, height=0.74, color=colour, edgecolor="white", linewidth=0.5
        )
        ends[1] += np.maximum(part, 0)
        ends[-1] += np.minimum(part, 0)
        entries.append((bars, words.node(name)))
    if (ends[-1] < 0).any():  # the end of a bar is not what its parts add up to
        look: dict[str, Any] = {
            "marker": "D",
            "s": 20,
            "color": INK,
            "edgecolor": "white",
            "linewidth": 0.7,
            "zorder": 4,
        }
        entries.append((ax.scatter(ends[1] + ends[-1], np.arange(len(order)), **look), words["sum"]))
    return entries


def _bars(ax: Axes, scores: FloatArray, order: IntArray, marks: _Marks | None) -> None:
    shades = (
        [BLUE] * len(order) if marks is None else [marks.colour.get(label or "", "#BBBBBB") for label in marks.labels]
    )
    ax.barh(np.arange(len(order)), scores[order], height=0.74, color=shades, linewidth=0)


def _ends(ax: Axes, scores: FloatArray, order: IntArray) -> None:
    """The published score at the end of each bar: at the left of those that go to the left only."""
    reach = np.zeros((2, len(order)))
    for bar in ax.patches:
        row = round(bar.get_y() + bar.get_height() / 2)  # type: ignore[attr-defined]  # patches of a bar chart are rectangles
        ends = sorted((bar.get_x(), bar.get_x() + bar.get_width()))  # type: ignore[attr-defined]  # patches of a bar chart are rectangles
        reach[:, row] = min(reach[0, row], ends[0]), max(reach[1, row], ends[1])
    for row, (low, high, text) in enumerate(zip(*reach, number_words(scores[order]), strict=True)):
        left = high <= 0 > low
        place: dict[str, Any] = {"xytext": (-4 if left else 4, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(text, (low if left else high, row), ha="right" if left else "left", fontsize=8, **place)
    if reach.min(initial=0.0) < 0:
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    ax.margins(x=0.08)


def _strip(ax: Axes, marks: _Marks | None, count: int, *, beside: bool) -> None:
    """A small square for the tier of each unit, between its name and its bar."""
    from matplotlib.patches import Rectangle

    if marks is None or not beside:
        return
    place = ax.get_yaxis_transform()
    for row, label in enumerate(marks.labels):
        if label is not None:
            colour = marks.colour.get(label, "#BBBBBB")
            ax.add_patch(
                Rectangle((-0.02, row - 0.37), 0.013, 0.74, color=colour, transform=place, clip_on=False, lw=0)
            )
    ax.tick_params(axis="y", pad=14)
