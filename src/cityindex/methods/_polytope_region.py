"""Shares that any linear rows bound: corners where they can be listed, linear programs where they cannot."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._corners import corners
from cityindex.methods._programs import FEASIBLE, Programs, begin, deepest, of_region, scaled
from cityindex.methods.polytope import extent

__all__ = ["Polytope"]

SOLVED = 1e-10  # by how much solvers miss a row
CHECKS = 32  # random directions in which the corners that were listed have to reach as far as a program does


@dataclass(frozen=True, eq=False)
class Polytope:
    """Shares from 0 on that add up to 1 with G w ≤ h. Its corners where they can be listed, else linear programs."""

    g: FloatArray
    h: FloatArray
    adds = True

    def __post_init__(self) -> None:
        if begin(of_region(self.g, self.h, 1.0, 0.0)) is not None:
            raise DomainError("no weights satisfy these rows together")
        g, h = np.asarray(self.g, float), np.asarray(self.h, float)
        middle = (g.max(axis=1) + g.min(axis=1)) / 2 if len(g) else h
        g, h = scaled(g - middle[:, None], h - middle)  # the same, since Σ w = 1; rows of like numbers stay apart
        missed = deepest(of_region(g, h, 1.0, 0.0))[1] if len(g) else 0.0
        if missed > SOLVED:  # they meet by dust, which is larger in these rows
            h = h + missed + FEASIBLE
        programs = of_region(g, h, 1.0, 0.0)
        begin(programs)
        reach = np.einsum("mk,mk->m", g, programs.minimise(-g)) if len(g) else h
        binding = reach >= h - FEASIBLE  # the others bound nothing
        object.__setattr__(self, "g", g[binding])
        object.__setattr__(self, "h", h[binding])

    @cached_property
    def points(self) -> FloatArray | None:
        """The corners, (m, k); None where they are too many, or too close, to be listed."""
        found = corners(self.g, self.h)
        if found is None:
            return None
        width = self.g.shape[1]
        some = np.concatenate([np.eye(width), self.g, np.random.default_rng(0).normal(size=(CHECKS, width))])
        some = np.concatenate([some, -some])
        least = np.einsum("qk,qk->q", some, self._programs.minimise(some))
        return found if ((some @ found.T).min(axis=1) <= least + 1e-7).all() else None  # one of them was not found

    @property
    def costly(self) -> bool:
        return self.points is None

    @cached_property
    def _programs(self) -> Programs:
        programs = of_region(self.g, self.h, 1.0, 0.0)
        begin(programs)
        return programs

    @cached_property
    def _ends(self) -> tuple[FloatArray, FloatArray]:
        found = extent(self.g, self.h, np.eye(self.g.shape[1]))
        return np.maximum(found.low, 0.0), found.high

    @property
    def low(self) -> FloatArray:
        return self._ends[0]

    @property
    def high(self) -> FloatArray:
        return self._ends[1]

    def attain(self, d: FloatArray) -> FloatArray:
        if self.points is not None:
            return np.asarray(self.points[(d @ self.points.T).argmin(axis=1)])
        return self._programs.minimise(d)

    def least(self, d: FloatArray) -> FloatArray:
        if self.points is not None:
            return np.asarray((d @ self.points.T).min(axis=1))
        return np.asarray(np.einsum("qk,qk->q", d, self.attain(d)))

    def bracket(self, d: FloatArray) -> tuple[FloatArray, FloatArray]:
        found = self.least(d)
        return found, found
