"""The best and the worst rank that a unit can have for any weights of a region, exactly.

Units that are always above it, or never, are known in closed form (`dominance`). Of the others as many as possible are
to be behind it (or strictly above it, for the worst rank) at once: a search that follows a smooth count finds good
weights, and a mixed-integer program proves that there are none better. Its tolerances are not trusted: what it proposes
is checked by a linear program for the widest lead, and a set of units that cannot go together becomes a cut.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods._levels import Level, System
from cityindex.methods._quiet import quiet
from cityindex.methods.dominance import Dominance, tolerance

__all__ = ["Extreme", "extreme_rank", "place"]

LEAD = 1e-9  # of the largest difference: a lead below this is a tie
STEPS = 40  # of a local search
MOVES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)  # how far a step may go towards a corner


@dataclass(frozen=True, eq=False)
class Extreme:
    """The best, or the worst, rank of one unit.

    Attributes
    ----------
    proved
        No weights give a better (worse) one.
    attained
        What the weights give.
    products
        These weights, as products by column (p,).
    """

    proved: int
    attained: int
    products: FloatArray

    @property
    def decided(self) -> bool:
        """Whether the two are the same: the rank is exact."""
        return self.proved == self.attained


def place(scores: FloatArray, unit: int) -> int:
    """A unit's rank, 1 for the highest: one more than those strictly above it, at 12 significant digits."""
    compared = significant(scores)
    return 1 + int((compared > compared[unit]).sum())


def extreme_rank(
    x: FloatArray,
    level: Level,
    unit: int,
    *,
    best: bool = True,
    known: Dominance,
    time_limit: float = 10.0,
    logs: bool = False,
) -> Extreme:
    """The best (or worst) rank of a unit over a region of weights.

    Parameters
    ----------
    x
        The columns of the levels, (n, p), finite; higher is better.
    level
        Where the weights lie.
    unit
        The row.
    best
        The best rank; False: the worst.
    known
        What `dominance` found for the same numbers.
    time_limit
        Seconds; when they are over, `proved` and `attained` may differ.
    logs
        The columns are logarithms: scores are compared as the numbers behind them.

    Returns
    -------
    Extreme

    References
    ----------
    Kadziński, M., Greco, S. and Słowiński, R. (2012). Extreme ranking analysis in robust ordinal regression. Omega
    40(4), 488–501. https://doi.org/10.1016/j.omega.2011.09.003
    Codato, G. and Fischetti, M. (2006). Combinatorial Benders' cuts for mixed-integer linear programming. Operations
    Research 54(4), 756–766. https://doi.org/10.1287/opre.1060.0286

    Examples
    --------
    Each of three units is best somewhere. The last is above the first, or the second, but never above both.

    >>> from cityindex.methods._share_regions import Shares
    >>> from cityindex.methods.dominance import dominance
    >>> x = np.array([[10.0, 0.0], [0.0, 10.0], [6.0, 6.0], [4.9, 4.9]])
    >>> level = Level(Shares(np.zeros(2), np.ones(2)), (0, 1))
    >>> known = dominance(x, level)
    >>> [extreme_rank(x, level, unit, known=known).attained for unit in range(4)]
    [1, 1, 1, 3]
    """
    return _Extreme(x, level, unit, best, known, logs).run(time.monotonic() + time_limit)


@dataclass(eq=False)
class _Extreme:
    x: FloatArray
    level: Level
    unit: int
    best: bool
    known: Dominance
    logs: bool
    cuts: list[BoolArray] = field(default_factory=list)

    def __post_init__(self) -> None:
        above, never = self.known.above, self.known.level
        if self.best:  # wanted: not below the other
            sure, lost, sign = never[self.unit], above[:, self.unit], 1.0
        else:  # wanted: the other strictly above
            sure, lost, sign = above[:, self.unit], never[self.unit], -1.0
        others = np.arange(len(self.x)) != self.unit
        self.sure = np.flatnonzero(sure & others)
        self.open = np.flatnonzero(~sure & ~lost & others)
        centred = self.x - self.x.mean(axis=0)
        self.lead = sign * (centred[self.unit] - centred)  # n × p: wanted not to be below 0
        self.tie = tolerance(self.x, self.level)[0]

    def run(self, deadline: float) -> Extreme:
        products, found = self._tried()
        bound = len(self.open)
        if found < bound:
            products, found = self._local(products, found)
        if found < bound:
            products, found, bound = self._proved(products, found, deadline)
        return Extreme(self._rank(bound), self._rank(found), products)

    def _rank(self, count: int) -> int:
        """The rank when so many of the open ones are as wanted."""
        done = len(self.sure) + count
        return len(self.x) - done if self.best else 1 + done

    def _count(self, products: FloatArray) -> int:
        """How many of the open ones are as wanted, by the ranks at these weights."""
        scores = self.x @ products
        rank = place(np.exp(scores) if self.logs else scores, self.unit)
        return (len(self.x) - rank if self.best else rank - 1) - len(self.sure)

    def _tried(self) -> tuple[FloatArray, int]:
        ranks = self.known.ranks[:, self.unit]
        products = self.known.corners[int(ranks.argmin() if self.best else ranks.argmax())]
        return products, self._count(products)

    # -- a local search -------------------------------------------------------------------------------------------

    def _local(self, products: FloatArray, found: int) -> tuple[FloatArray, int]:
        """Steps towards the corner that raises a smooth count the most, from three places (Frank and Wolfe)."""
        lead = self.lead[self.open]
        starts = [products, self.known.corners.mean(axis=0), self.level.attain(-lead.mean(axis=0)[None])[0]]
        best = (found, products)
        for start in starts:
            w = start
            width = max(float(np.abs(lead @ w).std()), self.tie, 1e-300)
            for step in range(STEPS):
                now = lead @ w
                soft = np.exp(-np.abs(now) / width)
                slope = (soft / (1 + soft) ** 2) @ lead
                corner = self.level.attain(-slope[None])[0]
                towards = lead @ corner - now
                ends = now[:, None] + towards[:, None] * np.array(MOVES)
                counts = (ends > self.tie).sum(axis=0)
                smooth = np.tanh(np.clip(ends / (2 * width), -20, 20)).sum(axis=0)
                move = MOVES[int(np.lexsort((smooth, counts))[-1] if step % 2 else smooth.argmax())]
                w = w + move * (corner - w)
                if int(counts.max()) > best[0] or step == STEPS - 1:
                    count = self._count(w)
                    best = (count, w) if count > best[0] else best
                width *= 0.9
            if best[0] == len(self.open):
                break
        return best[1], best[0]

    # -- a proof --------------------------------------------------------------------------------------------------

    def _proved(self, products: FloatArray, found: int, deadline: float) -> tuple[FloatArray, int, int]:
        """Improve and prove until the two meet or the time is over."""
        system, bound = self.level.system(), len(self.open)
        while found < bound:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            chosen, most = self._program(system, found + 1, left)
            bound = max(min(bound, most), found)
            if chosen is None:
                break
            w, together, conflict = self._widest(system, chosen)
            count = self._count(w)
            if count > found:
                products, found = w, count
            elif together or not conflict.any():
                break  # ties that floats cannot make: not decided
            if not together:
                self.cuts.append(conflict)
        return products, found, bound

    def _program(self, system: System, least: int, seconds: float) -> tuple[BoolArray | None, int]:
        """A set of open units that go together, as large as can be; and how large any can be. None: none was found."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        count, lead = len(self.open), self.lead[self.open]
        short = np.maximum(-self.level.least(lead), self.tie + 1e-300)
        rows = np.concatenate([system.wide(lead / short[:, None]), -np.eye(count)], axis=1)
        ones = np.append(np.zeros(system.width), np.ones(count))
        rules: list[Any] = [
            *system.constraints(count),
            LinearConstraint(csr_array(rows), -1.0, np.inf),
            LinearConstraint(ones[None], least, np.inf),
        ]
        if self.cuts:
            cuts = np.array(self.cuts, dtype=float)
            wide = np.concatenate([np.zeros((len(cuts), system.width)), cuts], axis=1)
            rules.append(LinearConstraint(csr_array(wide), -np.inf, cuts.sum(axis=1) - 1))
        bounds = Bounds(np.append(system.low, np.zeros(count)), np.append(system.high, np.ones(count)))
        options = {"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0}
        with quiet():
            result = milp(-ones, integrality=ones, bounds=bounds, constraints=rules, options=options)
        if result.status == 2:
            return None, least - 1
        dual = result.mip_dual_bound
        most = count if dual is None or not np.isfinite(dual) else int(np.floor(-dual + 1e-6))
        return (None if result.x is None else np.asarray(result.x[system.width :] > 0.5)), most

    def _widest(self, system: System, chosen: BoolArray) -> tuple[FloatArray, bool, BoolArray]:
        """Weights with the widest least lead of a set; whether it goes together; if not, who cannot go together."""
        from scipy.optimize import linprog

        wanted = np.flatnonzero(chosen)
        lead = self.lead[self.open[wanted]]
        size = np.maximum(np.abs(lead).max(axis=1), 1e-300)
        rows = np.concatenate([-system.wide(lead / size[:, None]), np.ones((len(wanted), 1))], axis=1)
        g = np.concatenate([rows, np.append(system.g, np.zeros((len(system.g), 1)), axis=1)])
        h = np.append(np.zeros(len(wanted)), system.h)
        equal = np.append(system.equal, np.zeros((len(system.equal), 1)), axis=1)
        ends = np.column_stack([np.append(system.low, -np.inf), np.append(system.high, 1.0)])
        goal = np.append(np.zeros(system.width), -1.0)
        options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
        sums = (equal, system.right) if len(equal) else (None, None)
        with quiet():
            result = linprog(goal, g, h, *sums, ends, method="highs", options=options)
        if result.status != 0:
            return self.known.corners[0], True, np.zeros_like(chosen)  # not solved: nothing is concluded
        widest, strict = float(result.x[-1]), not self.best
        conflict = np.zeros_like(chosen)
        conflict[wanted[np.asarray(result.ineqlin.marginals)[: len(wanted)] < -LEAD]] = True
        together = widest > LEAD if strict else widest >= -LEAD
        return np.asarray(result.x[: self.x.shape[1]]), together, conflict
