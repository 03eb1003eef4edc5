"""How much of the ranking survives: intervals of ranks, acceptabilities, and the shares of each choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.robustness.bounds import RankBounds
from cityindex.robustness.record import Uncertainty
from cityindex.robustness.shares import Sensitivity
from cityindex.views.figures._canvas import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    axes,
    finish,
    frameless,
    heading,
    inches,
    legend,
    on,
    scale_bar,
)
from cityindex.views.figures._words import (
    Language,
    Words,
    at_least,
    clean,
    count_words,
    expect,
    rows_of,
    share_words,
    shorten,
    unit_names,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["acceptability", "rank_intervals", "sobol"]

WRITTEN = 16  # ranks up to which cells have room for their shares
WIDEST = 12.0  # inches
SKY = "#9CC9E6"


def rank_intervals(
    uncertainty: Uncertainty,
    bounds: RankBounds | None = None,
    *,
    ax: Axes | None = None,
    top: int = 40,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """The 5–95 % interval of each unit's rank, its median and its rank as published, in the order of these.

    Parameters
    ----------
    uncertainty
        What `cityindex.uncertainty` gives.
    bounds
        Proved bounds of the same units, of `cityindex.rank_bounds`: a thin line behind the interval.
    ax
        Where to draw; None: a figure of its own.
    top
        How many units are shown, from the first rank on.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    ScoreError
        Bounds of other units.
    """
    expect(uncertainty, Uncertainty, "rank_intervals", "an Uncertainty (cityindex.uncertainty)")
    result, frame = uncertainty.result, uncertainty.to_frame()
    words, (rows, when) = Words(result.spec, language), rows_of(result, period)
    nominal = frame["rank"].to_numpy(np.float64, na_value=np.nan)
    low, median, high = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("low", "median", "high"))
    there = rows[np.isfinite(median[rows])]
    order = there[np.argsort(nominal[there], kind="stable")][: at_least(top, "top", 1)]
    ax, places = axes(ax, 8.0, 1.6 + 0.25 * max(len(order), 4)), np.arange(len(order))
    entries: list[tuple[Any, str]] = []
    if bounds is not None:
        best, worst = _proved(bounds, result)
        line = ax.hlines(places, best[order], worst[order], color="#9A9A9A", linewidth=1.3)
        ax.plot(np.concatenate([best[order], worst[order]]), np.tile(places, 2), "|", color="#9A9A9A", ms=6)
        entries.append((line, words["bounds"]))
    bar = ax.barh(places, high[order] - low[order], left=low[order], height=0.56, color=SKY, edgecolor=SKY, linewidth=2)
    middle = ax.scatter(median[order], places, marker="|", s=110, color=BLUE, linewidths=2.2, zorder=3)
    dot = ax.scatter(nominal[order], places, s=20, color=ORANGE, edgecolor=INK, linewidth=0.6, zorder=4)
    entries = [(bar, words["interval"]), (middle, words["median"]), (dot, words["nominal"]), *entries]
    names = [f"{_rank(nominal[row])}{shorten(name, 34)}" for row, name in _named(result, order)]
    ax.set_yticks(places, labels=names)
    ax.set_ylim(len(order) - 0.4, -0.6)
    ax.set_xlabel(words["rank"], fontsize=9)
    _from_first(ax)
    frameless(ax)
    ax.grid(axis="x", color="#E8E8E8", linewidth=0.8)
    draws = f"{uncertainty.draws:,} {words['draws']}"
    counted = count_words(words, len(order), len(there), len(rows) - len(there))
    heading(ax, words.dated(words.index, when), words.joined(draws, counted))
    legend(ax, [("", entries)])
    return finish(ax)


def _from_first(ax: Axes) -> None:
    """An axis of ranks: it begins at the first, and says so."""
    from matplotlib.ticker import MaxNLocator

    last = max(ax.get_xlim()[1], 2.0)
    ticks = [int(tick) for tick in MaxNLocator(8, integer=True).tick_values(1, last) if 1 < tick <= last]
    ax.set_xticks([1, *(tick for tick in ticks if tick - 1 > (last - 1) / 20)])
    ax.set_xlim(1 - 0.02 * last, 1.02 * last)


def _rank(rank: float) -> str:
    return f"{rank:g}  " if rank == rank else ""


def _named(result: Result, order: IntArray) -> list[tuple[int, str]]:
    return list(zip(order.tolist(), unit_names(result, order), strict=True))


def _proved(bounds: RankBounds, result: Result) -> tuple[FloatArray, FloatArray]:
    """The proved best and worst ranks, by row of the result."""
    expect(bounds, RankBounds, "rank_intervals", "the RankBounds of cityindex.rank_bounds")
    frame = bounds.to_frame()
    same = list(frame["unit"]) == list(result.units)
    if not same or list(frame.get("period", ())) != list(result.periods or ()):
        raise ScoreError(f"bounds: they are of other units ({len(frame)}) than the draws ({len(result)})")
    best, worst = (frame[name].to_numpy(np.float64, na_value=np.nan) for name in ("best", "worst"))
    return best, worst


def acceptability(
    uncertainty: Uncertainty,
    *,
    ax: Axes | None = None,
    top: int = 30,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """The share of draws in which each unit has each rank, as a heat map.

    Parameters
    ----------
    uncertainty
        What `cityindex.uncertainty` gives.
    ax
        Where to draw; None: a figure of its own.
    top
        How many units are shown, from the first rank on.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.
    """
    expect(uncertainty, Uncertainty, "acceptability", "an Uncertainty (cityindex.uncertainty)")
    from matplotlib.colors import PowerNorm

    result, found = uncertainty.result, uncertainty.acceptability().to_numpy(np.float64)
    words, (rows, when) = Words(result.spec, language), rows_of(result, period)
    nominal = uncertainty.to_frame()["rank"].to_numpy(np.float64, na_value=np.nan)
    there = rows[found[rows].sum(axis=1) > 0]
    order = there[np.argsort(nominal[there], kind="stable")][: at_least(top, "top", 1)]
    shares = found[order]
    last = int(np.flatnonzero((shares >= 0.005).any(axis=0)).max(initial=0)) + 1
    shares = shares[:, :last]
    cell = 0.42 if last <= WRITTEN else 0.26
    ax = axes(ax, min(max(3.4 + cell * last, 5.0), WIDEST), 1.9 + 0.27 * max(len(order), 4))
    scale = PowerNorm(0.5, 0, 1)  # small shares are seen too
    image = ax.imshow(np.ma.masked_less(shares, 0.0005), cmap="Blues", norm=scale, aspect="auto")
    names = [f"{_rank(nominal[row])}{shorten(name, 30)}" for row, name in _named(result, order)]
    ax.set_yticks(np.arange(len(order)), labels=names)
    ax.set_xlabel(words["rank"], fontsize=9)
    frameless(ax)
    scale_bar(ax, image, shrink=min(1.0, 8 / max(len(order), 1) + 0.3), percent=True)
    draws = f"{uncertainty.draws:,} {words['draws']}"
    counted = count_words(words, len(order), len(there), len(rows) - len(there))
    heading(ax, words.dated(words.index, when), words.joined(words["acceptability"], draws, counted))
    wide = inches(ax)[0] / last
    step = -(-int(0.22 / wide * 100) // 100)
    ax.set_xticks(np.arange(0, last, step), labels=[str(place + 1) for place in range(0, last, step)])
    if wide > 0.3:
        _shares(ax, shares, image)
    return finish(ax)


def _shares(ax: Axes, shares: FloatArray, image: Any) -> None:
    """The shares in the cells, in per cent."""
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.005:
            colour = on(image.cmap(image.norm(share)))
            ax.text(column, row, f"{share:.0%}", ha="center", va="center", fontsize=7, color=colour)


def sobol(sensitivity: Sensitivity, *, ax: Axes | None = None, language: Language | None = None) -> Axes:
    """The share of each choice in the variance of the output, alone and in all, with the intervals of both.

    Parameters
    ----------
    sensitivity
        What `cityindex.sensitivity` gives.
    ax
        Where to draw; None: a figure of its own.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    ScoreError
        The output does not vary: there is nothing to share.
    """
    expect(sensitivity, Sensitivity, "sobol", "a Sensitivity (cityindex.sensitivity)")
    if sensitivity.constant:
        raise ScoreError(f"{sensitivity.output} does not vary: there are no shares to draw")
    spec = sensitivity.design.sampler.base.spec
    words, frame = Words(spec, language), sensitivity.to_frame().sort_values("total", ascending=False)
    ax, places = axes(ax, 7.5, 1.9 + 0.62 * len(frame)), np.arange(len(frame))
    entries: list[tuple[Any, str]] = []
    for name, shift, colour in (("total", -0.19, SKY), ("first", 0.19, BLUE)):
        share, low, high = (frame[f"{name}{end}"].to_numpy(np.float64) for end in ("", "_low", "_high"))
        bars = ax.barh(places + shift, share, height=0.36, color=colour)
        around = np.maximum([share - low, high - share], 0)
        ax.errorbar(share, places + shift, xerr=around, fmt="none", ecolor=INK, elinewidth=1, capsize=2.5)
        for place, (value, end) in enumerate(zip(share, high, strict=True)):
            place_of = (max(value, end, 0.0), place + shift)
            text = share_words(value)
            ax.annotate(text, place_of, xytext=(5, 0), textcoords="offset points", va="center", fontsize=8, color=GREY)
        entries.append((bars, words[name]))
    ax.set_yticks(places, labels=[wrapped(words.choice(choice), 30, 3) for choice in frame["choice"]])
    ax.set_ylim(len(frame) - 0.45, -0.55)
    ax.set_xlim(min(0.0, float(frame[["first_low", "total_low"]].min().min())), None)
    ax.margins(x=0.1)
    frameless(ax)
    ax.grid(axis="x", color="#E8E8E8", linewidth=0.8)
    zh = words.language == "zh"
    size = f"{sensitivity.samples:,} × {sensitivity.design.runs} {'次计算' if zh else 'runs'}"
    heading(ax, words.index, words.joined(clean(words.voice.said(sensitivity.output)), size))
    legend(ax, [("", entries)])
    return finish(ax)
