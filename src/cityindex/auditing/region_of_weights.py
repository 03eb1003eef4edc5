"""The region of weights that bounds and a ranking leave: its ranges, its centre, simple schemes and samples of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from cityindex.auditing.bounds_of_weights import Bounds
from cityindex.auditing.order_bounds import Ranking
from cityindex.methods._arrays import FloatArray
from cityindex.methods.polytope import Centre, Grid, Ranges, centre, grid, inside, ranges, sample

__all__ = ["Region"]

Found = TypeVar("Found")


@dataclass
class Region:
    """Weights w ≥ 0 with G w ≤ h and Σ w = total; pairs of a ranking enter when a point violates them."""

    bounds: Bounds
    total: float | None
    ranking: Ranking | None = None

    def ranges(self) -> Ranges:
        """The range of each weight, or the rows that leave nothing."""
        return self._settled(lambda: ranges(self.bounds.g, self.bounds.h, total=self.total), lambda found: found.points)

    def centre(self) -> Centre:
        """The middle of the largest ball."""
        return self._settled(
            lambda: centre(self.bounds.g, self.bounds.h, total=self.total), lambda found: found.point[None]
        )

    def samples(self, count: int, seed: int) -> FloatArray:
        """Uniform samples."""
        return self._settled(
            lambda: sample(self.bounds.g, self.bounds.h, total=self.total, count=count, seed=seed), lambda found: found
        )

    def contains(self, points: FloatArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether points satisfy every row and every pair."""
        found = inside(self.bounds.g, self.bounds.h, points)
        return found if self.ranking is None else found & self.ranking.allows(points)

    def grid(self, found: Ranges, parts: int) -> Grid:
        """The points whose weights are multiples of total / parts."""
        whole = grid(self.bounds.g, self.bounds.h, found, parts=parts, total=self.total or 1.0)
        if self.ranking is None or not len(whole.points):
            return whole
        return Grid(whole.points[self.ranking.allows(whole.points)], whole.complete)

    def _settled(self, find: Callable[[], Found], points: Callable[[Found], FloatArray]) -> Found:
        """What is found once no point of it violates a pair that has not entered."""
        while True:
            found = find()
            more = None if self.ranking is None else self.ranking.violated(points(found))
            if more is None:
                return found
            self.bounds += more
