"""One unit against others: a row of dots a node, or a radar of the parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._values import label_of
from cityindex.errors import NotFoundError, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.spec.model import Group
from cityindex.views.figures._canvas import BLUE, GREY, ORANGE, PALE, axes, colours, finish, frameless, heading, legend
from cityindex.views.figures._words import Language, Words, clean, expect, number_words, unit_names, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["radar", "unit_dots"]


def unit_dots(
    result: Result,
    unit: str,
    *,
    ax: Axes | None = None,
    nodes: Sequence[str] | None = None,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """One unit on every node: its published value, the mean of its tier and of all units, and the range of these.

    Rows share one scale where the ranges of the nodes are of one size; else each has its own, and says its ends.

    Parameters
    ----------
    result
        A `Result`.
    unit, period
        Which one, by its key or label.
    ax
        Where to draw; None: a figure of its own.
    nodes
        The nodes, in this order; None: the index and every group and child directly under it.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> ax = ci.plot.unit_dots(ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]}), "x")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['score', 'a', 'b']
    """
    expect(result, Result, "unit_dots", "a Result")
    words, row = Words(result.spec, language), result.row(unit, period=period)
    peers = result.peers(row)
    names = [result.root, *_children(result, result.root)] if nodes is None else list(nodes)
    columns = [result.column(name) for name in names]
    tier = _tier_peers(result, row, peers)
    ends = [_ends(values[peers]) for values in columns]
    own_scale = _own_scale(ends)
    ax = axes(ax, 8.5, 1.7 + 0.48 * len(names))
    handles: dict[str, Any] = {}
    for place, (values, (low, high)) in enumerate(zip(columns, ends, strict=True)):
        _row_of_dots(ax, place, values, (row, peers, tier), (low, high) if own_scale else (0.0, 1.0), handles)
    _say_values(ax, columns, row, ends if own_scale else None)
    ax.set_yticks(np.arange(len(names)), labels=[wrapped(words.node(name), 26, 3) for name in names])
    ax.set_ylim(len(names) - 0.45, -0.55)
    frameless(ax)
    if own_scale:
        ax.set_xticks([])
        for place, (low, high) in enumerate(ends):
            _say_ends(ax, place, low, high)
    else:
        ax.grid(axis="x", color="#E8E8E8", linewidth=0.8)
    name = unit_names(result, [row])[0]
    _say_marks(ax, handles, words, name, "" if tier is None else clean(result.tiers()[row]))
    heading(ax, words.dated(f"{name} · {words.index}", _when(result, row)), words["own_scale"] if own_scale else "")
    return finish(ax)


def _when(result: Result, row: int) -> str:
    """The period of a row; nothing where there are none."""
    return "" if result.periods is None else label_of(result.periods[row])


def _say_marks(ax: Axes, handles: dict[str, Any], words: Words, name: str, tier: str) -> None:
    labels = {"own": name, "tier": words.told(words["average"], tier), "all": words["average"]}
    labels |= {"half": words["half"], "range": words["among"]}
    legend(ax, [("", [(handles[key], label) for key, label in labels.items() if key in handles])])


def _children(result: Result, group: str) -> list[str]:
    node = result._node(group)
    return [child.id for child in node.children if child.id in result.nodes] if isinstance(node, Group) else []


def _tier_peers(result: Result, row: int, peers: IntArray) -> IntArray | None:
    """The units of the same tier (and period), the unit itself among them; None: it is in none."""
    if result.root not in result.tiered:
        return None
    tiers = result.tiers()
    return None if tiers[row] is None else np.array([peer for peer in peers if tiers[peer] == tiers[row]])


def _ends(values: FloatArray) -> tuple[float, float]:
    real = values[np.isfinite(values)]
    return (float(real.min()), float(real.max())) if len(real) else (np.nan, np.nan)


def _own_scale(ends: Sequence[tuple[float, float]]) -> bool:
    """Whether the nodes lie on scales that one axis cannot show."""
    reach = [max(abs(low), abs(high)) for low, high in ends if low == low]
    reach = [size for size in reach if size > 0]
    return bool(reach) and max(reach) > 8 * min(reach)


def _row_of_dots(
    ax: Axes,
    place: int,
    values: FloatArray,
    rows: tuple[int, IntArray, IntArray | None],
    scale: tuple[float, float],
    handles: dict[str, Any],
) -> None:
    """The range, its middle half, both means and the unit, of one node."""
    row, peers, tier = rows
    low, high = scale
    size = high - low or 1.0
    all_of_them = (values[peers][np.isfinite(values[peers])] - low) / size
    if not len(all_of_them):
        return
    q1, q3 = np.quantile(all_of_them, [0.25, 0.75])
    (handles["range"],) = ax.plot([all_of_them.min(), all_of_them.max()], [place] * 2, color=PALE, lw=3, zorder=1)
    (handles["half"],) = ax.plot([q1, q3], [place] * 2, color="#B5B5B5", lw=8, solid_capstyle="butt", zorder=2)
    handles["all"] = ax.scatter([all_of_them.mean()], [place], marker="|", s=160, color=GREY, linewidths=2, zorder=3)
    if tier is not None and np.isfinite(values[tier]).any():
        mean = (np.nanmean(values[tier]) - low) / size
        handles["tier"] = ax.scatter([mean], [place], marker="D", s=42, color=ORANGE, edgecolor="white", zorder=4)
    if np.isfinite(values[row]):
        here = (values[row] - low) / size
        handles["own"] = ax.scatter([here], [place], s=95, color=BLUE, edgecolor="white", zorder=5)


def _say_values(ax: Axes, columns: Sequence[FloatArray], row: int, ends: Sequence[tuple[float, float]] | None) -> None:
    """The unit's own values, above its dots."""
    for place, values in enumerate(columns):
        value, text = float(values[row]), number_words(values)[row]
        low, high = (0.0, 1.0) if ends is None else ends[place]
        if value == value:
            here = ((value - low) / ((high - low) or 1.0), place)
            ax.annotate(text, here, xytext=(0, 10), textcoords="offset points", ha="center", fontsize=8)


def _say_ends(ax: Axes, place: int, low: float, high: float) -> None:
    if low != low:
        return
    for end, text, side, shift in zip((0, 1), number_words([low, high]), ("right", "left"), (-8, 8), strict=True):
        ax.annotate(
            text,
            (end, place),
            xytext=(shift, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=8,
            color=GREY,
        )
    ax.set_xlim(-0.12, 1.12)


def radar(
    result: Result,
    unit: str,
    against: str | Sequence[str] | None = None,
    *,
    ax: Axes | None = None,
    nodes: Sequence[str] | None = None,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """The parts of one unit's score around a circle, against the mean of all units, of its tier, or other units.

    Parameters
    ----------
    result
        A `Result`.
    unit, period
        Which one, by its key or label.
    against
        None: the mean of all units; ``tier``: that of its tier; or one or several units.
    ax
        Polar axes to draw in (``subplot_kw={"projection": "polar"}``); None: a figure of its own.
    nodes
        Three nodes or more, on one scale; None: the children of the index.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    ScoreError
        Fewer than three nodes (`unit_dots` shows these), nodes on different scales, axes that are not polar.
    """
    expect(result, Result, "radar", "a Result")
    words, row = Words(result.spec, language), result.row(unit, period=period)
    names = _children(result, result.root) if nodes is None else list(nodes)
    if len(names) < 3:
        raise ScoreError(f"a radar needs three nodes or more, here are {len(names)}; plot.unit_dots shows any number")
    peers = result.peers(row)
    columns = [result.column(name) for name in names]
    ends = [_ends(values[peers]) for values in columns]
    if _own_scale(ends):
        raise ScoreError("these nodes lie on scales of different size: a circle cannot show them; use plot.unit_dots")
    lines = [(unit_names(result, [row])[0], [values[row] for values in columns])]
    lines += _others(result, columns, (row, peers), against, period, words)
    ax = _polar(ax)
    angles = np.linspace(0, 2 * np.pi, len(names), endpoint=False)
    low, high = min(0.0, *(low for low, _ in ends)), max(high for _, high in ends)
    if low < 0:
        ax.plot(np.linspace(0, 2 * np.pi, 200), np.zeros(200), color=GREY, lw=1)
    entries = []
    for place, ((label, values), colour) in enumerate(zip(lines, colours(len(lines)), strict=True)):
        around = np.append(np.asarray(values, np.float64), values[0])
        (line,) = ax.plot(
            np.append(angles, angles[0]), around, color=colour, lw=2.2 if place == 0 else 1.5, marker="o", ms=4
        )
        if place == 0:
            ax.fill(np.append(angles, angles[0]), around, color=colour, alpha=0.15)
        entries.append((line, label))
    _around(ax, angles, [wrapped(words.node(name), 14, 3) for name in names], (low, high))
    legend(ax, [("", entries)], below=True)
    heading(ax, words.dated(f"{lines[0][0]} · {words.index}", _when(result, row)))
    return finish(ax)


def _polar(ax: Axes | None) -> Axes:
    if ax is None:
        figure = axes(None, 6.4, 6.2).get_figure(root=True)
        assert figure is not None
        figure.clear()
        figure.set_layout_engine("none")  # around a circle that is to be as large as it can it would not settle
        return figure.add_axes((0.2, 0.18, 0.6, 0.62), projection="polar")
    if axes(ax, 0, 0).name != "polar":
        raise ScoreError('a radar is drawn in polar axes: plt.subplots(subplot_kw={"projection": "polar"})')
    return ax


def _around(ax: Any, angles: FloatArray, names: Sequence[str], ends: tuple[float, float]) -> None:
    """Names at the circle, level with it or outside of it, and a few quiet rings."""
    from matplotlib.ticker import MaxNLocator

    low, high = ends
    ax.set_theta_offset(np.pi / 2)
    ax.set_theta_direction(-1)
    ax.set_ylim(low, high + 0.04 * ((high - low) or 1.0))
    ax.set_xticks(angles, labels=names, fontsize=9)
    ax.tick_params(axis="x", pad=10)
    for label, angle in zip(ax.get_xticklabels(), angles, strict=True):
        side = np.sin(angle)
        label.set_ha("center" if abs(side) < 0.1 else "left" if side > 0 else "right")
    ax.tick_params(axis="y", labelsize=7.5, labelcolor=GREY)
    ax.set_rlabel_position(180 / len(names))
    ax.grid(color=PALE, linewidth=0.8)
    ax.spines["polar"].set_color(PALE)
    ax.yaxis.set_major_locator(MaxNLocator(4))


def _others(
    result: Result,
    columns: Sequence[FloatArray],
    rows: tuple[int, IntArray],
    against: str | Sequence[str] | None,
    period: str | None,
    words: Words,
) -> list[tuple[str, list[float]]]:
    """What the unit is held against: (name, its values)."""
    row, peers = rows
    if against is None:
        return [(words["average"], [_mean(values[peers]) for values in columns])]
    if against == "tier":
        tier = _tier_peers(result, row, peers)
        if tier is None:
            raise NotFoundError(f"against='tier': {unit_names(result, [row])[0]} is in no tier of {result.root}")
        name = words.told(words["average"], clean(result.tiers()[row]))
        return [(name, [_mean(values[tier]) for values in columns])]
    period = period if result.periods is None else result.periods[row]
    others = [result.row(name, period=period) for name in ([against] if isinstance(against, str) else against)]
    return [(unit_names(result, [other])[0], [float(values[other]) for values in columns]) for other in others]


def _mean(values: FloatArray) -> float:
    real = values[np.isfinite(values)]
    return float(real.mean()) if len(real) else float("nan")
