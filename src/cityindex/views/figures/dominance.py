"""Who stands above whom whatever the weights: a graph of the first units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.errors import ScoreError
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.robustness.bounds import RankBounds
from cityindex.robustness.record import Uncertainty
from cityindex.views.figures._canvas import GREY, INK, axes, finish, heading, inches
from cityindex.views.figures._words import Language, Words, at_least, count_words, expect, rows_of, unit_names, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["dominance"]

STEP = np.array([1.35, 0.85])  # inches from a unit to the next, across and down
BOX = np.array([0.45, 0.16])  # half the size of a box, in inches
EM = 0.066  # inches of half a Chinese character in a box, with air
BENDS = (0.0, 0.15, -0.15, 0.3, -0.3, 0.45, -0.45, 0.6, -0.6, 0.8, -0.8)


def dominance(
    source: RankBounds | Uncertainty,
    *,
    ax: Axes | None = None,
    top: int = 15,
    share: float = 0.95,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """An arrow from each unit to those that it always stands above; what follows from two arrows is left out.

    Units side by side may stand in either order: the weights decide about them.

    Parameters
    ----------
    source
        The `RankBounds` of `cityindex.rank_bounds` (above for all weights, proved); or an `Uncertainty` with
        ``pairs=True`` (above in at least `share` of the draws).
    ax
        Where to draw; None: a figure of its own.
    top
        How many units are shown, from the first rank on.
    share
        Of the draws; more than a half.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.
    """
    expect(source, (RankBounds, Uncertainty), "dominance", "RankBounds, or an Uncertainty with pairs=True")
    proved = isinstance(source, RankBounds)
    result = source._linear.base.result if isinstance(source, RankBounds) else source.result
    node = source.node if isinstance(source, RankBounds) else source.sampler.base.node
    words, (rows, when) = Words(result.spec, language), rows_of(result, period)
    ranks = result.ranks(node)
    there = rows[np.isfinite(ranks[rows])]
    order = there[np.argsort(ranks[there], kind="stable")][: at_least(top, "top", 1)]
    above = _proved(source, result, order) if isinstance(source, RankBounds) else _sampled(source, order, share)
    layers = _layers(above)
    across = _across(above, layers)
    widest = max(int(np.bincount(layers).max(initial=1)), 2)
    ax = axes(ax, max(STEP[0] * widest + 0.8, 5.0), 1.0 + STEP[1] * (int(layers.max(initial=0)) + 1))
    names = [f"{ranks[row]:g} {name}" for row, name in zip(order, unit_names(result, order), strict=True)]
    _boxes(ax, above, layers, across, names)
    zh = words.language == "zh"
    if proved:
        said = "箭头：对区域内一切权重，前者都在后者之上" if zh else "an arrow: above for all weights of the region"
    else:
        said = f"箭头：至少 {share:.0%} 的抽样中居上" if zh else f"an arrow: above in at least {share:.0%} of the draws"
    said = words.joined(said, count_words(words, len(order), len(there)))
    heading(ax, words.dated(words.node(node), when), said)
    return finish(ax)


def _proved(bounds: RankBounds, result: Result, order: IntArray) -> BoolArray:
    """Among some rows, the pairs of which one is above the other for all weights."""
    frame = bounds.dominance()
    periods = result.periods
    place = {(result.units[row], "" if periods is None else periods[row]): at for at, row in enumerate(order.tolist())}
    above = np.zeros((len(order),) * 2, dtype=bool)
    frame = frame[frame["relation"] == "above"]
    when = frame["period"] if "period" in frame else [""] * len(frame)
    for unit, over, period in zip(frame["unit"], frame["over"], when, strict=True):
        upper, lower = place.get((unit, period)), place.get((over, period))
        if upper is not None and lower is not None:
            above[upper, lower] = True
    return above


def _sampled(found: Uncertainty, order: IntArray, share: float) -> BoolArray:
    if not 0.5 < share <= 1:
        raise ScoreError(f"share={share!r}: a share above 0.5 and up to 1 is wanted")
    above = found.above().to_numpy(np.float64)[np.ix_(order, order)] >= share
    reached = above.copy()
    for middle in range(len(order)):
        reached |= reached[:, [middle]] & reached[[middle], :]
    if reached.diagonal().any():
        raise ScoreError(f"at share={share} some units stand above each other in a circle; ask for a larger share")
    return reached


def _layers(above: BoolArray) -> IntArray:
    """How many others at most stand above a unit one over the other."""
    layers = np.zeros(len(above), dtype=np.intp)
    for unit in np.argsort(above.sum(axis=0), kind="stable"):  # whoever is above has fewer above it
        upper = layers[above[:, unit]]
        layers[unit] = upper.max() + 1 if len(upper) else 0
    return layers


def _direct(above: BoolArray) -> BoolArray:
    """The pairs that do not follow from two others."""
    return np.asarray(above & ~((above.astype(np.int64) @ above.astype(np.int64)) > 0))


def _across(above: BoolArray, layers: IntArray) -> list[float]:
    """Places from left to right: near those that stand above, a layer in the middle."""
    direct, places = _direct(above), np.zeros(len(above))
    for layer in range(int(layers.max(initial=0)) + 1):
        own = np.flatnonzero(layers == layer)
        mean = [places[direct[:, unit]].mean() if direct[:, unit].any() else 0.0 for unit in own]
        for place, unit in enumerate(own[np.argsort(mean, kind="stable")]):
            places[unit] = place - (len(own) - 1) / 2
    return [float(place) for place in places]


def _boxes(ax: Axes, above: BoolArray, layers: IntArray, across: list[float], names: list[str]) -> None:
    """A box a unit, as wide as the axes have room for, and the arrows between them."""
    ax.set_xlim(min(across, default=0) - 0.6, max(across, default=0) + 0.6)
    ax.set_ylim(-float(layers.max(initial=0)) - 0.4, 0.4)
    ax.set_axis_off()
    room = inches(ax)[0] / float(np.ptp(ax.get_xlim()))
    size = float(np.clip(8.5 * room / 0.8, 6.0, 8.5))
    shown = [
        wrapped(name, int(np.clip((room / size * 8.5 - 0.2) / EM, 5, 14)), 2 if room > 0.8 else 3) for name in names
    ]
    places = np.column_stack([across, -layers.astype(np.float64)])
    for upper, lower in zip(*np.nonzero(_direct(above)), strict=True):
        others = np.delete(places, [upper, lower], axis=0)
        start, end = places[upper] - [0, 0.18], places[lower] + [0, 0.18]
        bend = next((way for way in BENDS if not _crosses(start, end, way, others)), 0.0)
        arrow = {"arrowstyle": "-|>", "color": GREY, "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
        ends = [_edge(ax, shown[upper], size, -1), _edge(ax, shown[lower], size, 1)]
        ax.annotate(
            "",
            tuple(places[lower]),
            xytext=tuple(places[upper]),
            textcoords=ends[0],
            xycoords=ends[1],
            arrowprops=arrow | {"connectionstyle": f"arc3,rad={bend}"},
        )
    box = {"boxstyle": "round,pad=0.35", "facecolor": "#E3F0F8", "edgecolor": "#7FB3D3", "linewidth": 0.8}
    for name, (x, y) in zip(shown, places.tolist(), strict=True):
        ax.text(x, y, name, ha="center", va="center", fontsize=size, color=INK, bbox=box, zorder=5)


def _edge(ax: Axes, name: str, size: float, way: int) -> Any:
    """Where the box of a name ends, below it or above, whatever its distance to the others is."""
    from matplotlib.transforms import offset_copy

    half = size * (0.62 * (name.count("\n") + 1) + 0.4)
    return offset_copy(ax.transData, ax.get_figure(root=True), 0, way * half, units="points")


def _crosses(start: FloatArray, end: FloatArray, bend: float, others: FloatArray) -> bool:
    """Whether a bent arrow runs through the box of another unit."""
    a, b = start * STEP, end * STEP  # in inches: that is how it is bent
    middle = (a + b) / 2 + bend * np.array([b[1] - a[1], a[0] - b[0]])
    t = np.linspace(0, 1, 40)[:, None]
    line = ((1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b)[:, None, :]
    near = np.abs(line - others[None] * STEP) < BOX
    return bool(near.all(axis=2).any())
