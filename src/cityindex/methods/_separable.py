"""Separable programs: the cheapest choice of one value for each of several variables that gains what is needed.

A variable is given by columns: values it may take, each with its cost and its gain in every row. Between two
neighbouring columns of a variable both are linear. Minimise the cost subject to the gains adding up to the need in
every row.

Source: G. B. Dantzig, P. Wolfe (1960), Decomposition principle for linear programs, *Operations Research* 8(1),
101–111, doi:10.1287/opre.8.1.101 (columns, and the prices by which new ones are found); E. M. L. Beale, J. A. Tomlin
(1970), Special facilities in a general mathematical programming system for non-convex problems using ordered sets of
variables, *Proc. Fifth Int. Conf. on Operational Research*, 447–454 (neighbouring columns only); Q. Huangfu,
J. A. J. Hall (2018), Parallelizing the dual revised simplex method, *Mathematical Programming Computation* 10,
119–142, doi:10.1007/s12532-017-0130-5 (the solver).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods._quiet import quiet

__all__ = ["Choice", "Columns", "cheapest", "cheapest_whole"]

SECONDS = 5.0  # that a program with whole choices may take
TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of all variables, those of a variable together and in the order of its values.

    Attributes
    ----------
    owner
        The variable of each column, (q,).
    cost
        (q,), from 0 on.
    gain
        Rows × columns, (r, q).
    need
        What the gains of a row have to add up to, (r,).
    """

    owner: npt.NDArray[np.intp]
    cost: FloatArray
    gain: FloatArray
    need: FloatArray

    @property
    def variables(self) -> int:
        return int(self.owner[-1]) + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A solution: the share of each column (those of a variable add up to 1), and a cost that none falls below.

    `prices`: what a further unit of need would cost, by row (zeros where whole choices were asked for).
    """

    shares: FloatArray
    bound: float
    prices: FloatArray


def cheapest(columns: Columns) -> Choice | None:
    """The cheapest mixture of columns of each variable, any two of them; None where no mixture gains enough.

    It costs no more than any choice of neighbouring columns, so its cost is a lower bound.

    >>> columns = Columns(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1.0]), np.array([[0, 4, 0, 2.0]]), np.array([3.0]))
    >>> cheapest(columns).shares, round(cheapest(columns).bound, 9)
    (array([0.25, 0.75, 1.  , 0.  ]), 0.75)
    """
    from scipy.optimize import linprog

    gain, need, sizes = _scaled(columns)
    result = linprog(
        columns.cost, -gain, -need, _sums(columns), np.ones(columns.variables), method="highs-ds", options=TIGHT
    )
    if result.status != 0:  # a second try without our own tolerances, with the other algorithm
        result = linprog(columns.cost, -gain, -need, _sums(columns), np.ones(columns.variables), method="highs")
    if result.status != 0:
        return None
    prices = np.maximum(-np.asarray(result.ineqlin.marginals), 0.0) / sizes
    return Choice(np.clip(result.x, 0.0, 1.0), float(result.fun), prices)


def cheapest_whole(columns: Columns, jagged: BoolArray, single: BoolArray) -> Choice | None:
    """The same where a variable takes neighbouring columns only (`jagged`), or one column (`single`); (v,) each.

    None where nothing was found in a few seconds, or nothing gains enough.

    >>> columns = Columns(np.array([0, 0, 0]), np.array([0, 1, 2.0]), np.array([[0, 0, 2.0]]), np.array([1.0]))
    >>> round(cheapest(columns).bound, 9), round(cheapest_whole(columns, np.array([True]), ~np.array([True])).bound, 9)
    (1.0, 1.5)
    """
    from scipy import sparse
    from scipy.optimize import Bounds, LinearConstraint, milp

    gain, need, _ = _scaled(columns)
    links, picks = _segments(columns, jagged)
    count, width = len(columns.owner), links.shape[1]
    wide = sparse.hstack([sparse.csr_matrix(gain), sparse.csr_matrix((len(need), width))])
    sums = sparse.hstack([_sums(columns), sparse.csr_matrix((columns.variables, width))])
    rows = [LinearConstraint(wide, need, np.inf), LinearConstraint(sums, 1.0, 1.0)]
    if width:
        rows.append(
            LinearConstraint(sparse.hstack([sparse.eye(count, format="csr")[_of(columns, jagged)], -links]), -np.inf, 0)
        )
        rows.append(LinearConstraint(sparse.hstack([sparse.csr_matrix((picks.shape[0], count)), picks]), 1.0, 1.0))
    whole = np.concatenate([single[columns.owner].astype(float), np.ones(width)])
    costs = np.concatenate([columns.cost, np.zeros(width)])
    options = {"time_limit": SECONDS, "mip_rel_gap": 1e-9}
    with quiet():
        result = milp(costs, integrality=whole, bounds=Bounds(0.0, 1.0), constraints=rows, options=options)
    if result.x is None:
        return None
    bound = result.mip_dual_bound if result.mip_dual_bound is not None else result.fun
    return Choice(np.clip(result.x[:count], 0.0, 1.0), float(bound), np.zeros(len(need)))


def _scaled(columns: Columns) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Gains and needs with a largest need (or gain) of 1 in each row, and what they were divided by."""
    sizes = np.maximum(np.abs(columns.need), 1e-9 * np.abs(columns.gain).max(axis=1, initial=0.0))
    sizes = np.where(sizes > 0, sizes, 1.0)
    return columns.gain / sizes[:, None], columns.need / sizes, sizes


def _sums(columns: Columns) -> Any:
    from scipy import sparse

    count = len(columns.owner)
    return sparse.csr_matrix((np.ones(count), (columns.owner, np.arange(count))), shape=(columns.variables, count))


def _of(columns: Columns, chosen: BoolArray) -> npt.NDArray[np.intp]:
    """The columns of the chosen variables."""
    return np.flatnonzero(chosen[columns.owner])


def _segments(columns: Columns, jagged: BoolArray) -> tuple[Any, Any]:
    """Columns × segments: 1 where a column is an end of a segment; variables × segments: whose they are."""
    from scipy import sparse

    links: list[tuple[int, int]] = []
    picks: list[tuple[int, int]] = []
    start, segment = 0, 0
    for row, variable in enumerate(np.flatnonzero(jagged)):
        ends = int((columns.owner == variable).sum())
        for place in range(max(ends - 1, 1)):
            links += [(start + place, segment)] + ([(start + place + 1, segment)] if ends > 1 else [])
            picks.append((row, segment))
            segment += 1
        start += ends
    return (
        sparse.csr_matrix((np.ones(len(links)), tuple(zip(*links, strict=True)) or ([], [])), shape=(start, segment)),
        sparse.csr_matrix(
            (np.ones(len(picks)), tuple(zip(*picks, strict=True)) or ([], [])), shape=(int(jagged.sum()), segment)
        ),
    )
