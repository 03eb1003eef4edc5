"""Groups of units: every unit's score by group, or how many units of each tier a group has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd

from cityindex.errors import NotFoundError
from cityindex.regional import Regions
from cityindex.views.figures._canvas import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    axes,
    finish,
    frameless,
    heading,
    ladder,
    legend,
    on,
)
from cityindex.views.figures._words import (
    Language,
    Words,
    at_least,
    clean,
    expect,
    number_words,
    one_of,
    shorten,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["regions"]

Kind = Literal["scores", "tiers"]
GOLDEN = 0.618034  # steps that spread points evenly, however many there are


def regions(
    found: Regions,
    kind: Kind = "scores",
    *,
    ax: Axes | None = None,
    top: int = 30,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """A row a group: a dot for each unit and a mark for the mean, the best first; or units by tier, the most first.

    Parameters
    ----------
    found
        The `Regions` of `cityindex.regions`.
    kind
        ``scores``: a dot a unit, coloured by tier where there are some, diamonds at the mean and the weighted mean, and
        a line at the mean of all units. ``tiers``: how many units of each tier a group has.
    ax
        Where to draw; None: a figure of its own.
    top
        How many groups are shown, from the first on.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    NotFoundError
        No such kind or period; tiers are asked for where none are counted.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "one", "index": {"id": "score", "children": ["a"]}}
    >>> data = {"city": ["x", "y", "z"], "area": ["N", "S", "S"], "a": [1.0, 2.0, 4.0]}
    >>> ax = ci.plot.regions(ci.regions(ci.score(spec, data), by="area"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['S  2', 'N  1']
    """
    expect(found, Regions, "regions", "the Regions of cityindex.regions")
    one_of(kind, "kind", get_args(Kind))
    if kind == "tiers" and not found.tier_labels:
        raise NotFoundError(f"no tiers of {found.node} are counted: kind='scores' needs none")
    words = Words(found.result.spec, language)
    means = found._seen("means", period)
    if kind == "tiers":
        means = means.sort_values("units", ascending=False, kind="stable")
    shown = means.iloc[: at_least(top, "top", 1)]
    ax = axes(ax, 8.5, 1.6 + 0.34 * max(len(shown), 4))
    names = _names(found, shown)
    if kind == "tiers":
        entries = _bars(ax, found, found._seen("counts", period).loc[shown.index], words)
    else:
        entries = _dots(ax, found, shown, period, words)
    ticks = [f"{shorten(name, 30)}  {count}" for name, count in zip(names, shown["units"], strict=True)]
    ax.set_yticks(np.arange(len(shown)), labels=ticks)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    frameless(ax)
    ax.grid(axis="x", color="#E8E8E8", linewidth=0.8)
    when = found.periods[found._when(period)] if found.periods else ""
    gone = int((_scored(found, period)["group"] < 0).sum())
    heading(ax, words.dated(words.node(found.node), when), _told(found, words, len(shown), len(means), gone))
    legend(ax, entries)
    return finish(ax)


def _names(found: Regions, frame: pd.DataFrame) -> list[str]:
    """What each group is called: its label, the coarser ones before it."""
    return [clean("/".join(found._found.groups[group])) for group in frame.index]


def _told(found: Regions, words: Words, shown: int, total: int, gone: int) -> str:
    """How many groups are shown, and how many units are in none."""
    by = clean("/".join(found.by))
    if words.language == "zh":
        said, more, rest = f"按{by}分组", f"前 {shown} 组，共 {total} 组", f"{gone} 个未标注，图上没有"
    else:
        said, more, rest = f"by {by}", f"the first {shown} of {total} groups", f"{gone} without a label are not shown"
    return words.joined(said, more if shown < total else "", rest if gone else "")


def _scored(found: Regions, period: str | None) -> pd.DataFrame:
    """The units of a period that have a score, those without a label too."""
    rows = found._found.rows
    return rows[rows["score"].notna() & (rows["when"] == found._when(period))]


def _dots(
    ax: Axes, found: Regions, shown: pd.DataFrame, period: str | None, words: Words
) -> list[tuple[str, list[tuple[Any, str]]]]:
    """A dot a unit, and marks at the means; the entries of the legend."""
    rows = _scored(found, period)
    place = {group: row for row, group in enumerate(shown.index)}
    at = np.array([place.get(group, -1) for group in rows["group"]], np.intp)
    kept, at = rows[at >= 0], at[at >= 0]
    order = np.argsort(kept["score"].to_numpy(), kind="stable")
    spread = np.empty(len(order))
    spread[order] = (np.arange(len(order)) * GOLDEN % 1 - 0.5) * 0.46
    colours = dict(zip(range(len(found.tier_labels)), ladder(len(found.tier_labels)), strict=True))
    shades = [colours.get(int(tier), BLUE if not colours else "#BBBBBB") for tier in kept["tier"]]
    ax.scatter(kept["score"], at + spread, c=shades, s=22, alpha=0.8, edgecolor="white", linewidth=0.5, zorder=2)
    mean = float(rows["score"].mean())
    line = ax.axvline(mean, color=GREY, linewidth=0.9, linestyle="--", zorder=1)
    entries: list[tuple[Any, str]] = [(_mark(ax, shown["mean"], INK), words["average"])]
    if found.weights is not None:
        weighed = f"按{found.weights}加权平均" if words.language == "zh" else f"mean weighted by {found.weights}"
        entries.append((_mark(ax, shown["weighted_mean"], ORANGE), clean(weighed)))
    every = "全部评价对象的平均" if words.language == "zh" else "mean of all units"
    entries.append((line, f"{every} {number_words([round(mean, 2)])[0]}"))
    ax.set_xlabel(words["score"], fontsize=9)
    tiers = [(_square(colours[row]), clean(tier)) for row, tier in enumerate(found.tier_labels)]
    return [("", entries), (words["tier"], tiers)]


def _mark(ax: Axes, values: pd.Series[Any], colour: str) -> Any:
    look: dict[str, Any] = {
        "marker": "D",
        "s": 46,
        "color": colour,
        "edgecolor": "white",
        "linewidth": 0.9,
        "zorder": 4,
    }
    return ax.scatter(values, np.arange(len(values)), **look)


def _square(colour: str) -> Any:
    from matplotlib.patches import Patch

    return Patch(color=colour)


def _bars(ax: Axes, found: Regions, counts: pd.DataFrame, words: Words) -> list[tuple[str, list[tuple[Any, str]]]]:
    """Bars of the units of each tier, side by side in one row; the entries of the legend."""
    from matplotlib.ticker import MaxNLocator

    tiers = counts.iloc[:, len(counts.columns) - len(found.tier_labels) :]
    left = np.zeros(len(counts))
    entries = []
    for place, (tier, colour) in enumerate(zip(found.tier_labels, ladder(len(found.tier_labels)), strict=True)):
        own = tiers.iloc[:, place].to_numpy(np.float64)
        bars = ax.barh(np.arange(len(own)), own, left=left, height=0.74, color=colour, edgecolor="white", linewidth=0.5)
        for row, (start, size) in enumerate(zip(left, own, strict=True)):
            if size > 0:
                ax.text(start + size / 2, row, f"{size:g}", ha="center", va="center", fontsize=7.5, color=on(colour))
        left += own
        entries.append((bars, clean(tier)))
    ax.set_xlabel("评价对象数" if words.language == "zh" else "units", fontsize=9)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return [(words["tier"], entries)]
