"""From one score to another, step by step: a change that adds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.comparing.unit import UnitChange
from cityindex.errors import ScoreError
from cityindex.spec.model import Spec
from cityindex.views._effects import effect_name, side_names
from cityindex.views._language import chosen
from cityindex.views.figures._canvas import BLUE, GREY, ORANGE, axes, finish, frameless, heading
from cityindex.views.figures._words import WORDS, Language, Words, at_least, clean, number_words, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["waterfall"]


def waterfall(
    change: Mapping[str, float] | UnitChange | Any,
    *,
    start: float | None = None,
    spec: Spec | None = None,
    ax: Axes | None = None,
    title: str = "",
    names: tuple[str, str] | None = None,
    top: int = 15,
    language: Language | None = None,
) -> Axes:
    """What a score gained and lost from one state to the next: bars that stand on each other.

    Parameters
    ----------
    change
        A Series, or a mapping: path (or any name) → points of the score. They add up to the whole change. Or what
        `Comparison.unit` gives: then each indicator is a bar, and `start` and `names` are known.
    start
        The score before; None: the change alone is drawn, from 0 on.
    spec
        Where it is given, paths (``group/leaf``) are shown by the titles of their nodes.
    ax
        Where to draw; None: a figure of its own.
    title
        Of the figure.
    names
        What the scores before and after are called.
    top
        The largest so many changes are shown each; the others are one bar, which says how many they are.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    ScoreError
        Nothing to draw, or a change that is no number.

    Examples
    --------
    >>> import cityindex as ci
    >>> ax = ci.plot.waterfall({"economy/output": 2.5, "air/smoke": -1.0}, start=50, language="en")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['start', 'economy/output', 'air/smoke', 'end']
    """
    zh = chosen(change.title if isinstance(change, UnitChange) else spec, language) == "zh"
    if isinstance(change, UnitChange):
        own: Language = "zh" if zh else "en"
        start, names, title = change.scores[0], names or side_names(change.names, own), title or change.label
        change = _by_indicator(change, own)
    parts = _merged(_read(change), at_least(top, "top", 1))
    shown = Words(spec, language) if spec is not None else None
    begin, end = names or tuple(WORDS[key][0 if zh else 1] for key in ("start", "end"))
    before = 0.0 if start is None else float(start)
    steps = np.array([value for _, value in parts])
    after = before + np.cumsum(steps)
    labels = [_label(name, shown, zh) for name, _ in parts]
    bars = [(clean(begin), before, 0.0)] if start is not None else []
    bars += [(label, step, low - step) for label, step, low in zip(labels, steps, after, strict=True)]
    bars.append((clean(end) if start is not None else WORDS["change"][0 if zh else 1], float(after[-1]), 0.0))
    ax = axes(ax, 7.8, 1.3 + 0.36 * len(bars))
    _bars(ax, bars, start is not None)
    ax.set_yticks(np.arange(len(bars)), labels=[wrapped(label, 34) for label, _, _ in bars])
    ax.set_ylim(len(bars) - 0.45, -0.55)
    frameless(ax)
    ax.grid(axis="x", color="#E8E8E8", linewidth=0.8)
    cut = start is not None and _zoom(ax, before, after)
    if title or shown or cut:
        heading(ax, clean(title) or (shown.index if shown else ""), WORDS["not_from_0"][0 if zh else 1] if cut else "")
    return finish(ax)


def _read(change: Any) -> list[tuple[str, float]]:
    """The changes by name, in their order."""
    items = list(change.items()) if hasattr(change, "items") else None
    if items is None:
        raise ScoreError(f"plot.waterfall draws a Series or a mapping; it was given a {type(change).__name__}")
    found: list[tuple[str, float]] = []
    wrong: list[tuple[str, float]] = []
    for name, value in items:
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        (found if np.isfinite(number) else wrong).append((str(name), number))
    if wrong:
        raise ScoreError(f"a change of {', '.join(name for name, _ in wrong[:5])} is no number: it cannot add up")
    if not found:
        raise ScoreError("plot.waterfall: there is no change to draw")
    return found


def _by_indicator(change: UnitChange, language: Language) -> dict[str, float]:
    """Title of each indicator that changed the score → its points, and what rounding did."""
    found: dict[str, float] = {}
    for line in change.indicators:
        if abs(line.change) > 1e-12:
            title = line.title.shown(language) if line.title is not None else line.node
            found[title if title not in found else f"{title} ({line.node})"] = line.change
    if change.effects.get("rounding"):
        found[effect_name("rounding", language)] = change.effects["rounding"]
    return found


def _merged(parts: list[tuple[str, float]], top: int) -> list[tuple[str, float]]:
    """The largest changes in their order, and the others as one: its name is empty, with how many they are."""
    if len(parts) <= top + 1:
        return parts
    size = sorted((abs(value) for _, value in parts), reverse=True)[top - 1]
    kept = [pair for pair in parts if abs(pair[1]) >= size][:top]
    rest = [value for name, value in parts if (name, value) not in kept]
    return [*kept, (f"\0{len(rest)}", float(np.sum(rest)))]


def _label(name: str, words: Words | None, zh: bool) -> str:
    if name.startswith("\0"):
        return f"其他 {name[1:]} 项" if zh else f"{name[1:]} others"
    if words is None:
        return clean(name)
    return words.path(name)


def _bars(ax: Axes, bars: list[tuple[str, float, float]], whole_first: bool) -> None:
    """Bars, the lines that lead from one to the next, and the numbers at their ends."""
    last, texts = len(bars) - 1, number_words([abs(size) for _, size, _ in bars])
    for place, (_, size, left) in enumerate(bars):
        total = place == last or (whole_first and place == 0)
        colour = "#5A5A5A" if total else BLUE if size >= 0 else ORANGE
        ax.barh(place, size, left=left, height=0.62, color=colour)
        if place < last:
            ax.plot([left + size] * 2, [place - 0.31, place + 1.31], color=GREY, linewidth=0.7, zorder=0)
        text = ("−" if size < 0 else "" if total else "+") + texts[place]
        end = max(left, left + size)
        ax.annotate(text, (end, place), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8.5)
    ax.margins(x=0.12)


def _zoom(ax: Axes, before: float, after: Any) -> bool:
    """Cut the axis where scores are far from 0, with a mark on the whole bars; whether it was cut."""
    places = np.array([before, *after])
    low, high = float(places.min()), float(places.max())
    size = (high - low) or max(abs(high), 1.0) * 0.1
    if low > 3 * size:
        ax.set_xlim(low - 0.6 * size, high + 0.5 * size)
        for row in (0, len(after) + 1):
            place: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "ha": "center", "va": "center"}
            ax.annotate("≈", (0.012, row), fontsize=13, color="white", **place)
    return low > 3 * size
