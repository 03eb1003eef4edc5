"""What each number would best do at given prices: the columns that are lacking, and a bound on every plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray

if TYPE_CHECKING:
    from cityindex.gap.curves import Curves
    from cityindex.gap.movable import Movable
    from cityindex.gap.mover import Mover

__all__ = ["Priced", "price"]

ZOOMS = 12
WIDTH = 9


@dataclass(frozen=True, slots=True)
class Priced:
    """The number with the least cost less the worth of its gains, for each that moves; and their sum, `least`."""

    points: FloatArray
    least: float


def price(
    curves: Curves,
    mover: Mover,
    movable: Movable,
    prices: Sequence[FloatArray],
    concave: BoolArray,
    *,
    quadratic: bool,
) -> Priced:
    """Minimise cost minus worth for each number on its own; `prices`: what a unit of each of its leaves is worth.

    Exact on straight pieces and on curves that jump; by zooming in where a curve bends one way (the difference is then
    convex).
    """
    points, least = movable.now.copy(), np.zeros(len(movable))
    zoomed = []
    for place, (x, y, worth) in enumerate(zip(curves.points, curves.values, prices, strict=True)):
        now = y[int(np.argmin(np.abs(x - movable.now[place])))]
        gains = (y - now) @ worth
        change = np.abs(x - movable.now[place])
        if quadratic and curves.shapes[place] == "straight":
            tried, found = _on_pieces(x, gains, movable.now[place], movable.costs[place])
        else:
            tried, found = x, movable.costs[place] * (change**2 if quadratic else change) - gains
        at = int(np.argmin(found))
        points[place], least[place] = tried[at], found[at]
        if curves.shapes[place] == "curved" and concave[place]:
            zoomed.append((place, float(x[max(at - 1, 0)]), float(x[min(at + 1, len(x) - 1)])))
    if zoomed:
        _zoom(points, least, curves, mover, movable, prices, zoomed, quadratic=quadratic)
    return Priced(points, float(least.sum()))


def _on_pieces(x: FloatArray, gains: FloatArray, now: float, cost: float) -> tuple[FloatArray, FloatArray]:
    """The best place on each straight piece for a quadratic cost, and cost minus worth there."""
    steep = np.diff(gains) / np.diff(x)
    tried = np.clip(now + steep / (2 * cost), x[:-1], x[1:])
    found = cost * (tried - now) ** 2 - (gains[:-1] + steep * (tried - x[:-1]))
    return np.append(tried, now), np.append(found, 0.0)


def _zoom(
    points: FloatArray,
    least: FloatArray,
    curves: Curves,
    mover: Mover,
    movable: Movable,
    prices: Sequence[FloatArray],
    zoomed: Sequence[tuple[int, float, float]],
    *,
    quadratic: bool,
) -> None:
    """Narrow each bracket to the place of the least value; in place."""
    places = np.array([place for place, _, _ in zoomed])
    low, high = (np.array([ends[side] for ends in zoomed]) for side in (1, 2))
    start = curves.at(mover, mover.now[None])[0]
    for _ in range(ZOOMS):
        trials = np.linspace(low, high, WIDTH)
        x = np.tile(mover.now, (WIDTH, 1))
        x[:, places] = trials
        gains = curves.at(mover, x) - start
        worth = np.array([gains[:, mover.owner == place] @ prices[place] for place in places]).T
        change = np.abs(trials - mover.now[places])
        found = movable.costs[places] * (change**2 if quadratic else change) - worth
        at, each = np.argmin(found, axis=0), np.arange(len(places))
        better = found[at, each] < least[places]
        least[places[better]] = found[at, each][better]
        points[places[better]] = trials[at, each][better]
        low, high = trials[np.maximum(at - 1, 0), each], trials[np.minimum(at + 1, WIDTH - 1), each]
