"""What moved each unit between two results: the effects side by side, and the sum of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cityindex.comparing.record import Comparison
from cityindex.views._effects import effect_name, side_names
from cityindex.views.figures._canvas import INK, OKABE_ITO, PALE, axes, finish, frameless, heading, legend
from cityindex.views.figures._words import Language, Words, at_least, clean, expect, one_of, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from cityindex.methods._arrays import FloatArray

__all__ = ["changes"]

COLOURS = dict(
    zip(("data", "weights", "structure", "calibration", "joint", "entered_left", "rounding"), OKABE_ITO, strict=False)
)


def changes(
    comparison: Comparison,
    *,
    of: Literal["rank", "score"] = "rank",
    ax: Axes | None = None,
    top: int = 15,
    language: Language | None = None,
) -> Axes:
    """The units that moved most, and what moved them: a bar for each effect, a dot at their sum.

    Parameters
    ----------
    comparison
        What `cityindex.compare` gives.
    of
        ``rank``: in places gained; ``score``: in points.
    ax
        Where to draw; None: a figure of its own.
    top
        How many units are shown.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> before = ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]})
    >>> after = ci.score(spec, {"city": ["x", "y"], "a": [4.0, 2.0], "b": [3.0, 4.0]})
    >>> ax = ci.plot.changes(ci.compare(before, after), language="en")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['x  2 → 1', 'y  1 → 2']
    """
    expect(comparison, Comparison, "changes", "a Comparison (cityindex.compare)")
    one_of(of, "of", ("rank", "score"))
    words = Words(comparison.spec, language)
    frame = comparison.rank_effects if of == "rank" else comparison.effects
    table = comparison.to_frame().set_index("unit").loc[frame.index]
    total = table["places"] if of == "rank" else table["change"]
    order = np.argsort(-np.abs(total.to_numpy()), kind="stable")[: at_least(top, "top", 1)]
    values = {str(name): frame[name].to_numpy()[order] for name in frame if (frame[name].abs() > 1e-12).any()}
    ax = axes(ax, 8.4, 1.5 + 0.3 * max(len(order), 4))
    entries = [(bar, effect_name(name, words.language)) for name, bar in _stacked(ax, values).items()]
    at = total.to_numpy()[order], np.arange(len(order))
    dot = ax.scatter(*at, s=24, color="white", edgecolor=INK, linewidth=1.1, zorder=4, clip_on=False)
    ax.axvline(0, color=INK, linewidth=0.8)
    names = table["label"].to_numpy()[order]
    ends = table[["rank_before", "rank_after"]].to_numpy()[order]
    said = [f"{shorten(clean(name), 30)}  {a:g} → {b:g}" for name, (a, b) in zip(names, ends, strict=True)]
    ax.set_yticks(at[1], labels=said)
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.set_xlabel(words["places_gained" if of == "rank" else "points_gained"], fontsize=9)
    frameless(ax)
    ax.grid(axis="x", color=PALE, linewidth=0.8)
    before, after = side_names(comparison.names, words.language)
    heading(ax, words.told(words.index, f"{before} → {after}"), _caption(words, len(order), len(table)))
    legend(ax, [("", [*entries, (dot, words["sum"])])])
    return finish(ax)


def _stacked(ax: Axes, values: Mapping[str, FloatArray]) -> dict[str, Any]:
    """A bar for each effect behind the one before it: those below 0 to the left, the others to the right."""
    reached: dict[int, Any] = {-1: 0.0, 1: 0.0}
    bars = {}
    for name, own in values.items():
        start = np.where(own < 0, reached[-1], reached[1])
        bars[name] = ax.barh(np.arange(len(own)), own, left=start, height=0.62, color=COLOURS[name])
        for sign in reached:
            reached[sign] = reached[sign] + np.where(np.sign(own) == sign, own, 0.0)
    return bars


def _caption(words: Words, shown: int, total: int) -> str:
    if words.language == "zh":
        return f"变动最大的 {shown} 个，共 {total} 个" if shown < total else ""
    return f"the {shown} of {total} units that moved most" if shown < total else ""
