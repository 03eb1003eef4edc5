"""Linear programs over many rows and few unknowns: rows enter only once they are violated (constraint generation).

Rows are scaled to a largest coefficient of 1, so that one tolerance fits all. Solvers satisfy a row up to a tolerance
of their own: a row that is in is never looked at again, or the search would not end.

Source: G. B. Dantzig, R. Fulkerson, S. Johnson (1954), Solution of a large-scale traveling-salesman problem, *Journal
of the Operations Research Society of America* 2(4), 393–410, doi:10.1287/opre.2.4.393 (rows as they are needed);
Q. Huangfu, J. A. J. Hall (2018), Parallelizing the dual revised simplex method, *Mathematical Programming Computation*
10, 119–142, doi:10.1007/s12532-017-0130-5 (the solver).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["FEASIBLE", "Optimum", "Programs", "begin", "deepest", "of_region", "scaled"]

FEASIBLE = 1e-9  # by how much a scaled row may be missed
OPTIONS = {"presolve": False, "primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
UNBOUNDED = 3
ADD = 20  # rows that enter at once for one objective
TOGETHER = 20_000  # coefficients in one program: small ones are solved side by side, which saves calls


@dataclass(frozen=True)
class Optimum:
    """Where an objective is least; the rows that hold it there, and how strongly (multipliers, not negative)."""

    point: FloatArray
    rows: npt.NDArray[np.intp]
    multipliers: FloatArray


def scaled(g: FloatArray, h: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The rows with a largest coefficient of 1 (a row of zeros stays).

    >>> scaled(np.array([[2.0, 4.0]]), np.array([1.0]))
    (array([[0.5, 1. ]]), array([0.25]))
    """
    size = np.abs(g).max(axis=1, initial=0.0)
    size = np.where(size > 0, size, 1.0)
    return g / size[:, None], h / size


class Programs:
    """The programs min c · x subject to G x ≤ h, one sum, and lower ends; they share the rows that have entered.

    Parameters
    ----------
    g, h
        The rows, (m, n) and (m,), scaled.
    sums
        Coefficients (n,) whose sum with the unknowns is `total`.
    total
        None: no such row.
    floors
        The lower end of each unknown, None where there is none.
    """

    def __init__(
        self, g: FloatArray, h: FloatArray, sums: FloatArray, total: float | None, floors: list[float | None]
    ) -> None:
        self.g, self.h = g, h
        self.sums, self.total, self.floors = sums, total, floors
        self.entered: BoolArray = np.zeros(len(h), dtype=bool)

    def enter_nearest(self, x: FloatArray, count: int) -> None:
        """Let the rows enter that have the least slack at a point."""
        slack = self.h - self.g @ x
        self.entered[np.argsort(slack, kind="stable")[:count]] = True

    def minimise(self, objectives: FloatArray) -> FloatArray:
        """A minimising point for each objective (q, n); nan where one has no end."""
        found = np.full(objectives.shape, np.nan)
        todo = np.arange(len(objectives))
        while len(todo):
            found[todo] = self._points(objectives[todo])
            endless = todo[np.isnan(found[todo, 0])]
            again = self._violating(found, todo[~np.isnan(found[todo, 0])])
            if len(endless) and not self.entered.all():  # a row that has not entered may be its end
                self.entered[:] = True
                again = np.concatenate([again, endless])
            todo = again
        return found

    def optimum(self, objective: FloatArray) -> Optimum | None:
        """Where one objective is least, and what holds it there; None where it has no end."""
        while True:
            rows = np.flatnonzero(self.entered)
            result = _linprog(objective, self.g[rows], self.h[rows], *self._equal(), self._ends())
            if result.status == UNBOUNDED:
                if self.entered.all():
                    return None
                self.entered[:] = True
                continue
            found = np.asarray(result.x)[None]
            if not len(self._violating(found, np.zeros(1, dtype=np.intp))):
                multipliers = -np.asarray(result.ineqlin.marginals) if len(rows) else np.empty(0)
                return Optimum(found[0], rows, np.maximum(multipliers, 0.0))

    def _violating(self, found: FloatArray, places: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """The places whose point violates a row that has not entered; the worst of these rows enter."""
        if not len(places):
            return places
        excess = self.g @ found[places].T - self.h[:, None]
        excess[self.entered] = -1.0
        bad = (excess > FEASIBLE).any(axis=0)
        for column in np.flatnonzero(bad):
            violated = np.flatnonzero(excess[:, column] > FEASIBLE)
            worst = violated[np.argsort(-excess[violated, column], kind="stable")[:ADD]]
            self.entered[worst] = True
        return places[bad]

    def _points(self, objectives: FloatArray) -> FloatArray:
        """A minimising point of each over the rows that have entered: several programs at once where they are small."""
        g, h = self.g[self.entered], self.h[self.entered]
        many = max(1, TOGETHER // max(1, g.size))
        points = [self._together(objectives[k : k + many], g, h) for k in range(0, len(objectives), many)]
        return np.concatenate(points)

    def _together(self, objectives: FloatArray, g: FloatArray, h: FloatArray) -> FloatArray:
        """Programs side by side, as one whose matrix is made of blocks; one by one where that has no end."""
        from scipy import sparse

        count = len(objectives)
        if count == 1:
            result = _linprog(objectives[0], g, h, *self._equal(), self._ends())
            return np.full_like(objectives, np.nan) if result.status == UNBOUNDED else np.asarray(result.x)[None]
        blocks = sparse.identity(count, format="csr")
        sums, total = self._equal()
        sums = None if sums is None else sparse.kron(blocks, sums, format="csr")
        total = None if total is None else np.tile(total, count)
        rows = sparse.kron(blocks, g, format="csr")
        result = _linprog(objectives.ravel(), rows, np.tile(h, count), sums, total, self._ends() * count)
        if result.status == UNBOUNDED:
            return np.concatenate([self._together(objective[None], g, h) for objective in objectives])
        return np.asarray(result.x).reshape(objectives.shape)

    def _equal(self) -> tuple[Any, Any]:
        return (None, None) if self.total is None else (self.sums[None], np.array([self.total]))

    def _ends(self) -> list[tuple[float | None, None]]:
        return [(floor, None) for floor in self.floors]


def of_region(g: FloatArray, h: FloatArray, total: float | None, floor: float | None) -> Programs:
    """The programs over {w ≥ floor : G w ≤ h, Σ w = total}.

    Raises
    ------
    DomainError
        Where shapes differ, numbers are not finite, or no weights from the floor on have this sum.
    """
    g, h = np.asarray(g, float), np.asarray(h, float)
    if g.ndim != 2 or h.shape != (len(g),) or not g.shape[1]:
        raise DomainError(f"a region needs rows (m, d) and ends (m,), d at least 1; found {g.shape} and {h.shape}")
    bad = np.flatnonzero(~(np.isfinite(g).all(axis=1) & np.isfinite(h)))
    if len(bad):
        raise DomainError("the rows of a region have to be finite numbers", cells=[(int(row), 0) for row in bad[:5]])
    width = g.shape[1]
    if total is not None and not np.isfinite(total):
        raise DomainError(f"weights cannot add up to {total}")
    if total is not None and floor is not None and floor * width > total:
        raise DomainError(f"{width} weights of at least {floor:g} cannot add up to {total:g}")
    return Programs(*scaled(g, h), np.ones(width), total, [floor] * width)


def deepest(programs: Programs) -> tuple[FloatArray, float, Optimum]:
    """A point that misses the worst row by the least, by how much (at least −1), and the rows that hold it there.

    Minimises t subject to G x ≤ h + t. Where t is above 0 the region is empty, and the rows that hold the point are a
    proof: their multipliers λ add up to 1, and Σ λᵢ (gᵢ · x − hᵢ) ≥ t for every x that the sum and the floors allow.
    """
    count = programs.g.shape[1]
    deeper = Programs(
        np.append(programs.g, -np.ones((len(programs.h), 1)), axis=1),
        programs.h,
        np.append(programs.sums, 0.0),
        programs.total,
        [*programs.floors, -1.0],
    )
    deeper.entered[: count + 1] = True
    found = deeper.optimum(np.append(np.zeros(count), 1.0))
    assert found is not None  # t is at least −1
    return found.point[:count], float(found.point[count]), found


def begin(programs: Programs) -> list[int] | None:
    """Let the rows enter that matter first; or the rows that leave the region empty."""
    if not len(programs.h):
        return None
    w, missed, held = deepest(programs)
    strong = held.rows[held.multipliers > FEASIBLE]
    if missed > FEASIBLE:
        return [int(row) for row in strong]
    programs.h = programs.h + max(missed, 0.0)  # so that what is missed by dust is not empty to the solver
    programs.entered[strong] = True
    programs.enter_nearest(w, 10 * programs.g.shape[1])
    return None


def _linprog(objective: FloatArray, g: Any, h: FloatArray, sums: Any, totals: Any, bounds: Any) -> Any:
    from scipy.optimize import linprog

    if not len(h):
        g, h = None, None  # type: ignore[assignment]  # the solver wants no empty matrix
    result = linprog(objective, g, h, sums, totals, bounds, method="highs-ds", options=OPTIONS)
    if result.status not in (0, UNBOUNDED):
        result = linprog(objective, g, h, sums, totals, bounds, method="highs")  # a second try, with presolve
    if result.status in (0, UNBOUNDED):
        return result
    raise DomainError(f"the linear program was not solved: {result.message}")
