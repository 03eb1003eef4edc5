"""The leaves of one unit as curves: the numbers that each may take, and the carried values that these give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cityindex.gap.knots import Shape, shape_of
from cityindex.methods._arrays import BoolArray, FloatArray

if TYPE_CHECKING:
    from cityindex.gap.movable import Movable
    from cityindex.gap.mover import Mover

__all__ = ["Curves", "curves_of", "thinned", "with_points"]

MANY = 60  # points, from which on only the corners of a curve's concave hull are chosen from
CURVED: Shape = "curved"
GRID = 65  # points of a curve that is not straight between its kinks
WORST: tuple[Shape, ...] = ("straight", "curved", "jumps", "unknown")
DUST = 1e-9  # by how much a slope may rise and count as level


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """For each number that moves: its points, rising; the carried values of its leaves there; and its shape.

    Between two neighbouring points a ``straight`` one is linear, a ``curved`` one bends one way, one that ``jumps``
    is flat, and of one that is ``unknown`` nothing is known.
    """

    points: tuple[FloatArray, ...]
    values: tuple[FloatArray, ...]  # points × leaves
    shapes: tuple[Shape, ...]
    logs: bool = False  # the values are logarithms of what is carried

    def at(self, mover: Mover, x: FloatArray) -> FloatArray:
        """The values of the leaves for sets of numbers, m × leaves."""
        y = mover.carried(x)
        return np.log(y) if self.logs else y

    @property
    def owner(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The number of each point, where the points of all stand one after the other."""
        return np.repeat(np.arange(len(self.points)), [len(x) for x in self.points])

    def rows(self, slopes: FloatArray, base: FloatArray) -> FloatArray:
        """What each point gains over a base, by sets of slopes (r × leaves): r × points."""
        widths = np.array([values.shape[1] for values in self.values])
        first, owner = np.cumsum(widths) - widths, self.owner
        found = np.zeros((len(slopes), len(owner)))
        for layer in range(int(widths.max(initial=0))):  # the first leaf of each number, the second, …
            leaf = first + np.minimum(layer, widths - 1)
            y = np.concatenate([values[:, min(layer, values.shape[1] - 1)] for values in self.values])
            found += (slopes[:, leaf] * (layer < widths))[:, owner] * (y - base[leaf][owner])
        return found

    def concave(self, place: int, slope: FloatArray) -> bool:
        """Whether what a number gains rises ever more slowly, in each of its leaves that counts."""
        x, y = self.points[place], self.values[place][:, slope != 0] * np.sign(slope[slope != 0])
        if len(x) < 3 or not y.size:
            return True
        steep = np.diff(y, axis=0) / np.diff(x)[:, None]
        return bool((np.diff(steep, axis=0) <= DUST * np.maximum(np.abs(steep).max(axis=0), 1e-300)).all())

    def direction(self, place: int, slope: FloatArray) -> int:
        """1 where the score never falls as a number rises, −1 where it never rises, 0 elsewhere."""
        y = self.values[place][:, slope != 0] * np.sign(slope[slope != 0])
        steps = np.diff(y, axis=0)
        return 1 if (steps >= 0).all() else -1 if (steps <= 0).all() else 0

    def logarithms(self) -> Curves:
        """The logarithms of the carried values: concave where these are, and straight nowhere."""
        values = tuple(np.log(values) for values in self.values)
        return Curves(self.points, values, tuple(CURVED for _ in self.points), logs=True)

    def between(self, low: FloatArray, high: FloatArray) -> Curves:
        """The same between other ends, which are points."""
        kept = [(x >= a) & (x <= b) for x, a, b in zip(self.points, low, high, strict=True)]
        return Curves(
            tuple(x[own] for x, own in zip(self.points, kept, strict=True)),
            tuple(y[own] for y, own in zip(self.values, kept, strict=True)),
            self.shapes,
        )


def curves_of(mover: Mover, movable: Movable) -> Curves:
    """The curves of all numbers that move, with every kink a point."""
    points, shapes = [], []
    for names, now, low, high in zip(movable.leaves, movable.now, movable.low, movable.high, strict=True):
        found = [shape_of(mover, name, float(low), float(high)) for name in names]
        shape = max((own for _, own in found), key=WORST.index)
        if len(names) > 1 and shape == "jumps":
            shape = "unknown"
        points.append(_points(float(now), float(low), float(high), [k for knots, _ in found for k in knots], shape))
        shapes.append(shape)
    values = _values(mover, points)
    kept = [_around(x, y, float(now)) for x, y, now in zip(points, values, movable.now, strict=True)]
    return Curves(
        tuple(x[own] for x, own in zip(points, kept, strict=True)),
        tuple(y[own] for y, own in zip(values, kept, strict=True)),
        tuple(shapes),
    )


def _points(now: float, low: float, high: float, knots: Sequence[float], shape: Shape) -> FloatArray:
    found = [low, now, high, *knots]
    if shape == "jumps":  # just below a cut
        found += [max(low, knot - max(1e-11 * abs(knot), 1e-12 * (high - low))) for knot in knots]
    elif shape != "straight":
        found += np.linspace(low, high, GRID).tolist()
    points: FloatArray = np.unique(np.array(found))
    return points


def _values(mover: Mover, points: Sequence[FloatArray]) -> list[FloatArray]:
    """The carried values of the leaves at the points of their numbers, all at once; `nan` where a step refuses one."""
    x = np.tile(mover.now, (max((len(own) for own in points), default=0), 1))
    for place, own in enumerate(points):
        x[: len(own), place] = own
    y = mover.carried(x)
    here = mover.carried(mover.now[None])[0]
    y[:, np.isnan(here)] = 0.0  # a leaf that does not apply to the unit (`where`) counts for nothing
    found = [y[: len(own), mover.owner == place] for place, own in enumerate(points)]
    if np.isnan(y).any():
        found = [
            _alone(mover, place, own) if np.isnan(values).any() else values
            for place, (own, values) in enumerate(zip(points, found, strict=True))
        ]
    return found


def _alone(mover: Mover, place: int, points: FloatArray) -> FloatArray:
    """The values of one number's leaves, the others standing as they are."""
    x = np.tile(mover.now, (len(points), 1))
    x[:, place] = points
    found: FloatArray = mover.carried(x)[:, mover.owner == place]
    return found


def _around(x: FloatArray, y: FloatArray, now: float) -> BoolArray:
    """The points next to each other around the number as it stands that have values."""
    there: BoolArray = np.asarray(~np.isnan(y).any(axis=1))
    at = int(np.searchsorted(x, now))
    first = at - int(np.argmin(there[at::-1])) if not there[: at + 1].all() else -1
    last = at + int(np.argmin(there[at:])) if not there[at:].all() else len(x)
    places = np.arange(len(x))
    return np.asarray((places > first) & (places < last))


def with_points(curves: Curves, mover: Mover, wanted: FloatArray) -> Curves:
    """The curves with one more point each; those that are there already, or `nan`, are left out."""
    new = [
        not np.isnan(value) and not np.isclose(own, value, rtol=1e-13, atol=0.0).any()
        for own, value in zip(curves.points, wanted, strict=True)
    ]
    if not any(new):
        return curves
    y = curves.at(mover, np.where(new, wanted, mover.now)[None])[0]
    points, values = list(curves.points), list(curves.values)
    for place in np.flatnonzero(new):
        at = int(np.searchsorted(points[place], wanted[place]))
        points[place] = np.insert(points[place], at, wanted[place])
        values[place] = np.insert(values[place], at, y[mover.owner == place], axis=0)
    return Curves(tuple(points), tuple(values), curves.shapes, curves.logs)


def thinned(curves: Curves, concave: BoolArray, slopes: Sequence[FloatArray]) -> Curves:
    """Of numbers with very many points that are not concave, the corners of the concave hull over what they gain.

    A mixture of points never lies above the hull, so that a linear program needs no others.
    """
    points, values = list(curves.points), list(curves.values)
    for place, (x, y, slope) in enumerate(zip(points, values, slopes, strict=True)):
        if len(x) > MANY and not concave[place] and y.shape[1] == 1 and curves.shapes[place] == "straight":
            kept = _corners(x, y[:, 0] * np.sign(slope[0]))
            points[place], values[place] = x[kept], y[kept]
    return Curves(tuple(points), tuple(values), curves.shapes, curves.logs)


def _corners(x: FloatArray, y: FloatArray) -> list[int]:
    """The corners of the upper hull, left to right (A. M. Andrew, 1979, doi:10.1016/0020-0190(79)90072-3)."""
    kept: list[int] = []
    for at in range(len(x)):
        while len(kept) > 1:
            first, last = kept[-2:]
            if (y[last] - y[first]) * (x[at] - x[first]) > (y[at] - y[first]) * (x[last] - x[first]):
                break
            kept.pop()
        kept.append(at)
    return kept
