"""Two nodes or columns against each other, with labels that can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.standings import tier_names
from cityindex.views.figures._canvas import BLUE, axes, finish, frameless, heading, ladder, legend
from cityindex.views.figures._placing import label_points
from cityindex.views.figures._words import Language, Words, clean, count_words, expect, rows_of, shorten, unit_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["scatter"]


def scatter(
    result: Result,
    x: str,
    y: str,
    *,
    ax: Axes | None = None,
    labels: bool | Sequence[str] = True,
    by: str | None = "tier",
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """One node (or column of the table) against another, a point a unit.

    Parameters
    ----------
    result
        A `Result`.
    x, y
        Node ids (published values are shown), or columns of numbers in the table.
    ax
        Where to draw; None: a figure of its own.
    labels
        True: every unit for which there is room, the best ranks first; how many have none is said. Names of units:
        those, in any case. False: none.
    by
        ``tier``: colours by the tier of the index, where it has some; None: one colour.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    NotFoundError
        No such node, column or unit.
    ScoreError
        A column that is no numbers.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> data = {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]}
    >>> ax = ci.plot.scatter(ci.score(spec, data), "a", "score")
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('a', 'score')
    """
    expect(result, Result, "scatter", "a Result")
    if by not in (None, "tier"):
        raise NotFoundError(f"by={by!r}: 'tier' or None is wanted")
    words = Words(result.spec, language)
    (across, across_title), (up, up_title) = _column(result, x, words), _column(result, y, words)
    rows, when = rows_of(result, period)
    there = rows[np.isfinite(across[rows]) & np.isfinite(up[rows])]
    there = there[np.argsort(result.ranks()[there], kind="stable")]  # those without a rank last
    ax = axes(ax, 7.5, 6.0)
    _points(ax, result, across, up, there, by, words)
    ax.set_xlabel(across_title, fontsize=9.5)
    ax.set_ylabel(up_title, fontsize=9.5)
    frameless(ax, "left", "bottom")
    ax.grid(color="#EEEEEE", linewidth=0.8)
    ax.margins(0.08)
    caption = words.joined(words.units(len(there)), count_words(words, 1, 1, len(rows) - len(there)))
    heading(ax, words.dated(words.index, when), caption)
    finish(ax)
    chosen, always = _chosen(result, labels, there, period if result.periods is None else when)
    rest = there[~np.isin(there, chosen)]
    order = np.concatenate([chosen, rest])
    names = [shorten(name, 24) for name in unit_names(result, chosen)]
    placed = label_points(ax, across[order], up[order], names, always=always)
    if labels is True and placed < len(there):
        note = f"{len(there) - placed} {words['unlabelled']}"
        ax.texts[0].set_text(words.joined(caption, note))
    return finish(ax)


def _column(result: Result, name: str, words: Words) -> tuple[FloatArray, str]:
    """Values and title of a node, or of a column of the table."""
    if name in result.nodes:
        return result.column(name), words.node(name)
    if not isinstance(name, str) or name not in result.table.columns:
        known = (*result.nodes, *result.table.columns)
        raise NotFoundError(f"{result.spec.id} and its table have no {name!r}.{nearest(str(name), known)}")
    numbers = result.table.numbers(name)
    if numbers.problems:
        raise ScoreError(numbers.problems, summary=f"column {name!r} is no numbers throughout:")
    return np.asarray(numbers.values, np.float64), clean(name)


def _points(
    ax: Axes, result: Result, x: FloatArray, y: FloatArray, rows: IntArray, by: str | None, words: Words
) -> None:
    """The points, in one colour or by tier."""
    look = {"s": 26, "edgecolor": "white", "linewidth": 0.6}
    if by is None or result.root not in result.tiered:
        ax.scatter(x[rows], y[rows], color=BLUE, **look)  # type: ignore[arg-type]  # drawing options
        return
    own = np.array([tier or "" for tier in result.tiers()], dtype=object)
    known = list(tier_names(result, result.root))
    entries = []
    for tier, colour in zip(known, ladder(len(known)), strict=True):
        here = rows[own[rows] == tier]
        if len(here):
            entries.append((ax.scatter(x[here], y[here], color=colour, **look), clean(tier)))  # type: ignore[arg-type]  # drawing options
    here = rows[own[rows] == ""]
    if len(here):
        entries.append((ax.scatter(x[here], y[here], color="#BBBBBB", **look), words["none"]))  # type: ignore[arg-type]  # drawing options
    legend(ax, [(words["tier"], entries)])


def _chosen(result: Result, labels: bool | Sequence[str], there: IntArray, period: str | None) -> tuple[IntArray, bool]:
    """The rows that get labels, and whether they do in any case."""
    if isinstance(labels, bool):
        return (there if labels else there[:0]), False
    names = [labels] if isinstance(labels, str) else list(labels)
    rows = np.array([result.row(name, period=period) for name in names], dtype=np.intp)
    return rows[np.isin(rows, there)], True
