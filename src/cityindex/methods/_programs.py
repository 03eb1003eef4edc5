"""Linear programs over many rows and few weights: rows enter only once they are violated (constraint generation).

The region is {w ≥ 0 : G w ≤ h, Σ w = total}. Rows are scaled to a largest coefficient of 1, so that one tolerance fits
all. Solvers satisfy a row up to a tolerance of their own: a row that is in is never looked at again, or the search
would not end.

Source: G. B. Dantzig, R. Fulkerson, S. Johnson (1954), Solution of a large-scale traveling-salesman problem, *Journal
of the Operations Research Society of America* 2(4), 393–410, doi:10.1287/opre.2.4.393 (rows as they are needed);
Q. Huangfu, J. A. J. Hall (2018), Parallelizing the dual revised simplex method, *Mathematical Programming Computation*
10, 119–142, doi:10.1007/s12532-017-0130-5 (the solver).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["FEASIBLE", "Programs", "scaled"]

FEASIBLE = 1e-9  # by how much a scaled row may be missed
OPTIONS = {"presolve": False, "primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
UNBOUNDED, INFEASIBLE = 3, 2
ADD = 20  # rows that enter at once for one objective


def scaled(g: FloatArray, h: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The rows with a largest coefficient of 1 (a row of zeros stays).

    >>> scaled(np.array([[2.0, 4.0]]), np.array([1.0]))
    (array([[0.5, 1. ]]), array([0.25]))
    """
    size = np.abs(g).max(axis=1, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    return g / size[:, None], h / size


class Programs:
    """The programs of one region, which share the rows that have entered.

    Parameters
    ----------
    g, h
        The rows G w ≤ h, (m, d) and (m,), scaled.
    total
        What the weights add up to; None: anything.
    """

    def __init__(self, g: FloatArray, h: FloatArray, total: float | None) -> None:
        self.g, self.h, self.total = g, h, total
        self.entered: BoolArray = np.zeros(len(h), dtype=bool)

    @property
    def weights(self) -> int:
        return int(self.g.shape[1])

    def enter_nearest(self, w: FloatArray, count: int) -> None:
        """Let the rows enter that have the least slack at a point."""
        slack = self.h - self.g @ w
        self.entered[np.argsort(slack, kind="stable")[:count]] = True

    def minimise(self, objectives: FloatArray) -> FloatArray:
        """A minimising point for each objective (q, d); nan where one has no end."""
        found = np.full(objectives.shape, np.nan)
        todo = list(range(len(objectives)))
        while todo:
            points = {place: self._solve(objectives[place]) for place in todo}
            bounded = [place for place in todo if points[place] is not None]
            for place in bounded:
                found[place] = points[place]
            endless = [place for place in todo if points[place] is None]
            todo = self._violating(found, bounded)
            if endless and not self.entered.all():  # a row that has not entered may be its end
                self.entered[:] = True
                todo += endless
            else:
                found[endless] = np.nan
        return found

    def _violating(self, found: FloatArray, places: list[int]) -> list[int]:
        """The objectives whose point violates a row that has not entered; the worst of these rows enter."""
        if not places:
            return []
        excess = self.g @ found[places].T - self.h[:, None]
        excess[self.entered] = -1.0
        again = []
        for column, place in enumerate(places):
            bad = np.flatnonzero(excess[:, column] > FEASIBLE)
            if len(bad):
                again.append(place)
                self.entered[bad[np.argsort(-excess[bad, column], kind="stable")[:ADD]]] = True
        return again

    def _solve(self, objective: FloatArray) -> FloatArray | None:
        """One program over the rows that have entered; None where it has no end."""
        result = _linprog(objective, self.g[self.entered], self.h[self.entered], *self._sum(), (0, None))
        if result.status == UNBOUNDED:
            return None
        if result.status != 0:
            raise ArithmeticError(f"the linear program was not solved: {result.message}")
        return np.asarray(result.x)

    def _sum(self) -> tuple[FloatArray | None, FloatArray | None]:
        if self.total is None:
            return None, None
        return np.ones((1, self.weights)), np.array([self.total])

    def deepest(self) -> tuple[FloatArray, float, np.ndarray[Any, np.dtype[np.intp]]]:
        """A point that misses the worst row by the least, by how much, and the rows that hold it there.

        Minimises t subject to G w ≤ h + t. Where t is above 0 the region is empty, and the rows that hold the point are
        a proof: those with a multiplier that is not 0, one more than there are weights at most.
        """
        count = self.weights
        objective = np.append(np.zeros(count), 1.0)
        sums, totals = self._sum()
        sums = None if sums is None else np.append(sums, [[0.0]], axis=1)
        bounds = [*[(0, None)] * count, (-1.0, None)]
        self.entered[: count + 1] = True
        while True:
            rows = np.flatnonzero(self.entered)
            g = np.append(self.g[rows], -np.ones((len(rows), 1)), axis=1)
            result = _linprog(objective, g, self.h[rows], sums, totals, bounds)
            if result.status != 0:
                raise ArithmeticError(f"the linear program was not solved: {result.message}")
            w, t = np.asarray(result.x[:count]), float(result.x[count])
            excess = self.g @ w - self.h - t
            excess[self.entered] = -1.0
            bad = np.flatnonzero(excess > FEASIBLE)
            if not len(bad):
                return w, t, rows[np.abs(result.ineqlin.marginals) > FEASIBLE]
            self.entered[bad[np.argsort(-excess[bad], kind="stable")[:ADD]]] = True


def _linprog(objective: FloatArray, g: FloatArray, h: FloatArray, sums: Any, totals: Any, bounds: Any) -> Any:
    from scipy.optimize import linprog

    if not len(h):
        g, h = None, None  # type: ignore[assignment]  # the solver wants no empty matrix
    result = linprog(objective, g, h, sums, totals, bounds, method="highs-ds", options=OPTIONS)
    if result.status in (0, UNBOUNDED):
        return result
    return linprog(objective, g, h, sums, totals, bounds, method="highs")  # a second try with presolve
