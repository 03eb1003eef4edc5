"""The tree of an index by its weights: rings of a sunburst, or columns of an icicle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cityindex._values import label_of
from cityindex.errors import ScoreError
from cityindex.result import Result
from cityindex.spec.model import Spec
from cityindex.views.figures._canvas import axes, colours, finish, heading, inches, on, scale_bar
from cityindex.views.figures._words import Language, Words, expect, number_words, one_of, unit_names, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["tree"]

Kind = Literal["sunburst", "icicle"]
EM = 0.064  # inches of half a Chinese character at 8 points, with air


@dataclass(slots=True)
class _Slice:
    """A node on its path: where its share of the whole begins and ends, and how deep it lies."""

    path: tuple[str, ...]
    depth: int
    start: float
    share: float
    colour: Any = "#DDDDDD"
    leaf: bool = True

    @property
    def name(self) -> str:
        return self.path[-1]


def tree(
    spec_or_result: Spec | Result,
    kind: Kind = "sunburst",
    unit: str | None = None,
    *,
    ax: Axes | None = None,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """The tree, each node as large as its weight in the index.

    Where weights mean nothing (a minimum), children count alike; where they do not add up to 1 (a sum), their sizes
    are in proportion. A node that is used several times has several places.

    Parameters
    ----------
    spec_or_result
        A `Spec` with written weights, or a `Result` (which knows learned ones too).
    kind
        ``sunburst``, or ``icicle``, which has more room for long names.
    unit, period
        A unit of the result: nodes are coloured by its published values, on the scale of the whole tree.
    ax
        Where to draw; None: a figure of its own.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    ScoreError
        A spec whose weights are learned, or not published: score it, and give the result.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = ci.load_spec({"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}})
    >>> ax = ci.plot.tree(spec, "icicle")
    """
    expect(spec_or_result, (Spec, Result), "tree", "a Spec or a Result")
    one_of(kind, "kind", ("sunburst", "icicle"))
    result = spec_or_result if isinstance(spec_or_result, Result) else None
    spec = spec_or_result.spec if isinstance(spec_or_result, Result) else spec_or_result
    words = Words(spec, language)
    if unit is not None and result is None:
        raise ScoreError("a unit has values in a result only: plot.tree(score(spec, table), unit=…)")
    row = None if unit is None or result is None else result.row(unit, period=period)
    local = _of_spec(spec) if result is None else _of_result(result, row)
    slices = list(_slices(local, (spec.index.id,), 0, 0.0, 1.0))
    values = {} if result is None or row is None else {one.name: float(result.column(one.name)[row]) for one in slices}
    _paint(slices, values)
    deep, leaves = max(one.depth for one in slices), sum(one.leaf for one in slices)
    if kind == "sunburst":
        ax = axes(ax, 7.6, 7.6)
        _sunburst(ax, slices, words, deep)
    else:
        ax = axes(ax, 1.6 + 2.6 * deep, max(3.0, min(0.9 + 0.27 * leaves, 24.0)))
        _icicle(ax, slices, words, deep)
    said = ""
    if result is not None and row is not None:
        when = _period(result, row)
        named = words.dated(unit_names(result, [row])[0], "" if when is None else label_of(when))
        said = f"{named} {number_words(result.column())[row]}"
        _scale(ax, values, words)
    heading(ax, words.index, said)
    return finish(ax)


def _of_spec(spec: Spec) -> dict[str, list[tuple[str, float]]]:
    """Group → its children and their weights, as they are written."""
    found = {}
    for group in spec.groups:
        if group.weights is not None and group.children:
            how = group.weights if isinstance(group.weights, str) else f"learned ({group.weights.name})"
            raise ScoreError(f"the weights of {group.id} are {how}; give a Result: plot.tree(score(spec, table))")
        weights = group.aggregate.method.takes_weights
        found[group.id] = [
            (child.id, 1.0 if child.weight is None or not weights else float(child.weight)) for child in group.children
        ]
    return found


def _of_result(result: Result, row: int | None) -> dict[str, list[tuple[str, float]]]:
    """Group → its children and their weights, as they were used (of one unit, where they differ by label)."""
    frame = result.weights if row is None else result.weights_of(result.units[row], period=_period(result, row))
    if "edition" in frame.columns:
        frame = frame[frame["edition"] == frame["edition"].iloc[-1]]
    found: dict[str, dict[str, float]] = {}
    for parent, node, weight in zip(frame["parent"], frame["node"], frame["local"], strict=True):
        found.setdefault(str(parent), {})[str(node)] = float(weight)
    return {parent: list(children.items()) for parent, children in found.items()}


def _period(result: Result, row: int) -> str | None:
    return None if result.periods is None else result.periods[row]


def _slices(
    local: Mapping[str, Sequence[tuple[str, float]]], path: tuple[str, ...], depth: int, start: float, share: float
) -> Iterator[_Slice]:
    """A node and everything under it, top down."""
    children = local.get(path[-1], ())
    yield _Slice(path, depth, start, share, leaf=not children)
    weights = np.abs([weight for _, weight in children])
    weights = np.where(np.isfinite(weights), weights, 1.0)
    total = weights.sum()
    for (child, _), weight in zip(children, weights.tolist(), strict=True):
        own = share * (weight / total if total > 0 else 1 / len(children))
        yield from _slices(local, (*path, child), depth + 1, start, own)
        start += own


def _paint(slices: list[_Slice], values: Mapping[str, float]) -> None:
    """By branch, lighter downwards; or by the values of a unit."""
    import matplotlib as mpl
    from matplotlib.colors import to_rgb

    if values:
        shades, scale = mpl.colormaps["viridis"], _norm(values)
        for one in slices:
            value = values[one.name]
            one.colour = shades(scale(value)) if value == value else "#E0E0E0"
        return
    branches = list(dict.fromkeys(one.path[1] for one in slices if one.depth))
    own = dict(zip(branches, colours(len(branches)), strict=True))
    for one in slices:
        if one.depth:
            lighter = min(0.22 * (one.depth - 1), 0.66)
            one.colour = tuple(part + (1 - part) * lighter for part in to_rgb(own[one.path[1]]))


def _norm(values: Mapping[str, float]) -> Any:
    from matplotlib.colors import Normalize

    real = [value for value in values.values() if value == value]
    return Normalize(min(real, default=0.0), max(real, default=1.0))


def _scale(ax: Axes, values: Mapping[str, float], words: Words) -> None:
    from matplotlib.cm import ScalarMappable

    scale_bar(ax, ScalarMappable(_norm(values), "viridis"), words["published"], shrink=0.5)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _icicle(ax: Axes, slices: list[_Slice], words: Words, deep: int) -> None:
    """Columns from left to right, the first one narrow; a name where its box is high enough."""
    from matplotlib.patches import Rectangle

    ax.set_axis_off()
    width, height = inches(ax)
    edges = np.append(np.arange(deep + 1) - 0.5, deep + 0.5)
    edges[0] = 0.0
    half = EM * float(np.ptp(edges)) / width  # of a Chinese character
    for one in slices:
        corner = (edges[one.depth], one.start)
        wide = edges[deep + 1 if one.leaf else one.depth + 1] - edges[one.depth]
        ax.add_patch(Rectangle(corner, wide, one.share, facecolor=one.colour, edgecolor="white", linewidth=1.2))
        lines = int(one.share * height / 0.15)
        if lines < 1:
            continue
        share = f"  {_percent(one.share)}" if one.depth else ""
        text = wrapped(words.node(one.name), int((wide - 0.06) / half) - len(share), min(lines, 6)) + share
        ax.text(corner[0] + 0.04, one.start + one.share / 2, text, va="center", fontsize=8, color=on(one.colour))
    ax.set_xlim(0, edges[-1])
    ax.set_ylim(1, 0)


def _sunburst(ax: Axes, slices: list[_Slice], words: Words, deep: int) -> None:
    """Rings from the middle out; names along the ray, where the ring is wide enough."""
    from matplotlib.patches import Wedge

    ax.set_axis_off()
    inner, outer = 0.30, 1.0
    ring = (outer - inner) / max(deep, 1)
    radius = min(inches(ax)) / 2.05
    for one in slices:
        if not one.depth:
            size = float(np.clip(4 * radius, 6.0, 9.5))
            text = wrapped(words.node(one.name), int(2 * 0.85 * inner * radius / (EM * size / 8)), 5)
            ax.text(0, 0, text, ha="center", va="center", fontsize=size, fontweight="bold")
            continue
        near = inner + (one.depth - 1) * ring
        far = outer if one.leaf else near + ring
        angle = 90 - 360 * one.start
        ax.add_patch(
            Wedge((0, 0), far, angle - 360 * one.share, angle, width=far - near, facecolor=one.colour, ec="white", lw=1)
        )
        _along(ax, one, words, (near, far), radius)
    ax.set_xlim(-1.02, 1.02)
    ax.set_ylim(-1.02, 1.02)
    ax.set_aspect("equal")


def _along(ax: Axes, one: _Slice, words: Words, ends: tuple[float, float], radius: float) -> None:
    """The name of a slice: along the ray, on as many lines as the arc has room for; none where it has none."""
    near, far = ends
    arc = 2 * np.pi * one.share * (near + far) / 2 * radius
    lines = int(arc / 0.16)
    if lines < 1:
        return
    room = max(int(((far - near) * radius - 0.12) / EM), 3)
    share = _percent(one.share)
    text = wrapped(words.node(one.name), room, min(lines, 4))
    if text.count("\n") + 2 <= lines:
        text += f"\n{share}"
    angle = 90 - 360 * (one.start + one.share / 2)
    x, y = (near + far) / 2 * np.cos(np.radians(angle)), (near + far) / 2 * np.sin(np.radians(angle))
    turned = angle % 360
    turned = turned - 180 if 90 < turned < 270 else turned
    if one.share >= 0.995 or min(arc, (far - near) * radius) > 1.3:
        turned = 0.0  # there is room enough to write level
    place: dict[str, Any] = {"ha": "center", "va": "center", "rotation": turned, "rotation_mode": "anchor"}
    ax.text(x, y, text, fontsize=8, color=on(one.colour), linespacing=1.1, **place)
