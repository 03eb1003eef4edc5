"""Simple schemes: the points of a region whose weights are whole multiples of a step, all of them or the first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray
from cityindex.methods._programs import FEASIBLE, scaled

if TYPE_CHECKING:
    from cityindex.methods.polytope import Ranges

__all__ = ["Grid", "grid"]

ROWS = 400  # rows that bound the search; all of them are looked at in the end
WORK = 400_000_000  # rows times beginnings that are looked at before the search is given up
BLOCK = 200_000  # rows times beginnings at once

Whole = npt.NDArray[np.intp]


class Grid(NamedTuple):
    """Points of a grid: (q, d), in order; and whether these are all.

    They are not where there are more than were asked for, or where the search was given up (then there may be more).
    """

    points: FloatArray
    complete: bool


def grid(
    g: FloatArray, h: FloatArray, found: Ranges, *, parts: int, total: float = 1.0, limit: int = 1000, work: int = WORK
) -> Grid:
    """The points of the region whose weights are multiples of total / parts (a grid of 1 %: 100 parts).

    Weight by weight, within its range; a beginning is left as soon as no rest can satisfy a row. What a rest adds to a
    row at least is exact for each row alone (the smallest coefficients take all that is left).

    Parameters
    ----------
    g, h, total
        The region.
    found
        Its ranges, which bound the search.
    parts
        Into how many parts the total is cut.
    limit
        How many points to give at most.
    work
        After how many rows times beginnings to give up.

    Examples
    --------
    >>> from cityindex.methods.polytope import ranges
    >>> region = np.array([[1.0, 0.0]]), np.array([0.25])
    >>> grid(*region, ranges(*region), parts=10).points.tolist()
    [[0.0, 1.0], [0.1, 0.9], [0.2, 0.8]]
    """
    g, h = scaled(np.asarray(g, float), np.asarray(h, float))
    unit = total / parts
    low = np.ceil(np.maximum(found.low, -abs(total) * 10) / unit - 1e-6).astype(np.intp)
    high = np.floor(np.minimum(found.high, abs(total) * 10) / unit + 1e-6).astype(np.intp)
    if found.empty is not None or (low > high).any() or not low.sum() <= parts <= high.sum():
        return Grid(np.empty((0, g.shape[1])), True)
    order = np.argsort(high - low, kind="stable")
    near = _bounding(g, h, np.asarray(low * unit, float), np.asarray(high * unit, float))
    search = _Search(g[near][:, order] * unit, h[near], low[order], high[order], parts, work)
    points: list[Any] = []
    for some in search.points():
        whole = np.empty_like(some)
        whole[:, order] = some
        points += [point for point in whole if (g @ (point * unit) <= h + FEASIBLE).all()]
        if len(points) > limit:
            break
    complete = len(points) <= limit and not search.given_up
    return Grid(np.array(sorted(map(tuple, points))[:limit], float).reshape(-1, g.shape[1]) * unit, complete)


def _bounding(g: FloatArray, h: FloatArray, low: FloatArray, high: FloatArray) -> npt.NDArray[np.intp]:
    """The rows that may exclude something within the ranges: those of the least slack, relative to their reach."""
    reach = np.abs(g) @ ((high - low) / 2)
    slack = h - g @ ((low + high) / 2)
    open_ = np.flatnonzero(slack < reach)
    closeness = slack[open_] / np.where(reach[open_] > 0, reach[open_], 1.0)
    return open_[np.argsort(closeness, kind="stable")[:ROWS]]


class _Search:
    """Depth first, many beginnings at once."""

    def __init__(self, g: FloatArray, h: FloatArray, low: Whole, high: Whole, parts: int, work: int) -> None:
        self.g, self.h, self.low, self.high, self.parts = g, h, low, high, parts
        self.least = np.append(np.cumsum(low[::-1])[::-1], 0)
        self.most = np.append(np.cumsum(high[::-1])[::-1], 0)
        self.rests = [self._rest(place) for place in range(len(low) + 1)]
        self.work, self.given_up = work, False

    def _rest(self, place: int) -> FloatArray:
        """What the weights from a place on add to each row at least, by how much of the sum is left to them.

        Shape (left − least + 1, m): one row for each possible rest.
        """
        caps = self.high[place:] - self.low[place:]
        most = min(self.most[place], self.parts - self.least[0] + self.least[place])  # the others take their least
        rest = np.arange(most - self.least[place] + 1)[:, None]
        base = self.g[:, place:] @ self.low[place:]
        found = np.empty((len(rest), len(self.g)))
        for row, coefficients in enumerate(self.g[:, place:]):
            cheapest = np.argsort(coefficients, kind="stable")
            taken = np.append(0, np.cumsum(caps[cheapest])[:-1]) if len(caps) else np.empty(0)
            found[:, row] = base[row] + np.clip(rest - taken, 0, caps[cheapest]) @ coefficients[cheapest]
        return found

    def points(self) -> Iterator[Whole]:
        """Blocks of points, (q, d), that satisfy the bounding rows."""
        pending = [(np.zeros((1, 0), dtype=np.intp), np.array([self.parts]), np.zeros((1, len(self.g))))]
        while pending:
            chosen, left, activity = pending.pop()
            if chosen.shape[1] == len(self.low):
                yield chosen
                continue
            if self.work < 0:
                self.given_up = True
                return
            pending += self._further(chosen, left, activity)

    def _further(self, chosen: Whole, left: Whole, activity: FloatArray) -> list[tuple[Whole, Whole, FloatArray]]:
        """Every beginning with one more weight that some rest may complete, in blocks."""
        place = chosen.shape[1]
        values = np.arange(int(self.low[place]), int(self.high[place]) + 1)
        after = left[:, None] - values
        which, value = np.nonzero((after >= self.least[place + 1]) & (after <= self.most[place + 1]))
        after = after[which, value]
        activity = activity[which] + values[value][:, None] * self.g[:, place]
        self.work -= activity.size + 20 * len(activity)  # what a beginning costs beside its rows
        least = self.rests[place + 1][after - self.least[place + 1]]
        fits = np.flatnonzero((activity + least <= self.h + FEASIBLE).all(axis=1))
        chosen = np.column_stack([chosen[which[fits]], values[value[fits]]])
        size = max(1, BLOCK // (max(1, len(self.g)) * int(self.high.max() - self.low.min() + 1)))
        blocks = range(0, len(fits), size)
        pieces = [(chosen[k : k + size], after[fits[k : k + size]], activity[fits[k : k + size]]) for k in blocks]
        return pieces[::-1]
