"""How the units are spread at one node, before and after each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cityindex.engine.trace import trace
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.views.figures._canvas import BLUE, GREY, INK, axes, finish, frameless, heading
from cityindex.views.figures._words import Language, Words, count_words, expect, number_words, rows_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["distribution"]

BINS = 30


def distribution(
    result: Result,
    node: str | None = None,
    *,
    ax: Axes | None = None,
    stages: bool = True,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """A histogram of the units at one node, with a mark for each unit: as read, after each step, as published.

    Parameters
    ----------
    result
        A `Result`.
    node
        Its id; None: the index.
    ax
        Where to draw (the panels lie within it); None: a figure of its own.
    stages
        Whether to show what each step made of the numbers; else the published values alone.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Examples
    --------
    >>> import cityindex as ci
    >>> steps = {"defaults": {"indicator": {"steps": ["minmax"]}}}
    >>> spec = {"cityindex": 1, "id": "two", **steps, "index": {"id": "score", "children": ["a", "b"]}}
    >>> ax = ci.plot.distribution(ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]}), "a")
    >>> [panel.get_title(loc="left") for panel in ax.child_axes]
    ['raw', '1. minmax']
    """
    expect(result, Result, "distribution", "a Result")
    words, node = Words(result.spec, language), result.root if node is None else node
    published = result.column(node)
    rows, when = rows_of(result, period)
    panels = _stages(result, node, rows, words) if stages else [(words["published"], published[rows])]
    ax = axes(ax, 7.5, 0.9 + 1.55 * len(panels))
    ax.set_axis_off()
    share = 1 / len(panels)
    for place, (title, values) in enumerate(panels):
        bottom = 1 - (place + 1) * share
        _panel(ax.inset_axes((0.0, bottom + 0.24 * share, 1.0, 0.58 * share)), title, values, words)
    without = int(np.isnan(published[rows]).sum())
    said = words.joined(words.units(len(rows) - without), count_words(words, 1, 1, without))
    heading(ax, words.dated(words.node(node), when), said)
    return finish(ax)


def _stages(result: Result, node: str, rows: IntArray, words: Words) -> list[tuple[str, FloatArray]]:
    """(What was done, what came out of every unit), from the raw cell to what is published."""
    found: dict[str, FloatArray] = {}
    for place, row in enumerate(rows.tolist()):
        part, own = result.part_of(row)
        if node not in part.plan.row:
            continue
        seen = trace(part.plan, part.outcome, part.inputs, node, own)
        values = [(words["raw"], seen.raw)]
        if seen.per is not None:
            values.append(("÷ " + str(getattr(part.plan.spec.nodes[node], "per", "")), _divided(seen.raw, seen.per)))
        values += [(f"{step}. {name}", value) for step, (name, value) in enumerate((*seen.steps, *seen.publish), 1)]
        for name, value in values:
            found.setdefault(name, np.full(len(rows), np.nan))[place] = value
    return list(found.items())


def _divided(raw: float, per: float) -> float:
    return raw / per if per else float("nan")


def _panel(panel: Axes, title: str, values: FloatArray, words: Words) -> None:
    """One histogram with a mark for each unit under it."""
    real = values[np.isfinite(values)]
    frameless(panel, "bottom")
    panel.set_yticks([])
    panel.set_title(title, loc="left", fontsize=9, color=INK, pad=3)
    if not len(real):
        panel.text(0.5, 0.5, words["none"], transform=panel.transAxes, ha="center", va="center", color=GREY)
        panel.set_xticks([])
        return
    if real.min() == real.max():
        edges = np.array([real.min() - 0.5, real.min() + 0.5])
    else:
        edges = np.histogram_bin_edges(real, bins=min(len(np.histogram_bin_edges(real, "fd")) - 1, BINS) or 1)
    counts, _ = np.histogram(real, edges)
    panel.bar(
        edges[:-1], counts, np.diff(edges), align="edge", color=BLUE, alpha=0.75, edgecolor="white", linewidth=0.6
    )
    tall = counts.max()
    panel.vlines(real, -0.22 * tall, -0.07 * tall, color=INK, linewidth=0.7, alpha=min(1.0, 0.25 + 10 / len(real)))
    panel.set_ylim(-0.27 * tall, 1.05 * tall)
    low, middle, high = number_words(np.quantile(real, [0, 0.5, 1]))
    said = f"{low} … {words['median']} {middle} … {high}"
    panel.set_title(said, loc="right", fontsize=8, color=GREY, pad=3)
