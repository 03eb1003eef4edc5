"""The least total change of several numbers that reaches a goal: cuts, columns and prices.

The score of a unit is a tree over its leaves, and each leaf a curve over one number. Where the tree is linear or
concave, a *cut* (the tangent of the tree at some point, over the curves as they are) never lies below the score: the
cheapest choice that satisfies the cuts costs no more than any plan (J. E. Kelley, 1960, The cutting-plane method for
solving convex programs, *J. SIAM* 8(4), 703–712, doi:10.1137/0108053). So a plan that reaches the goal at that cost is
proved to be the cheapest. Elsewhere the same steps find a plan, and nothing is proved.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cityindex.gap.curves import Curves, thinned, with_points
from cityindex.gap.pricing import price
from cityindex.gap.scope import Scope
from cityindex.methods._arrays import FloatArray
from cityindex.methods._separable import Choice, Columns, cheapest, cheapest_whole

__all__ = ["Found", "Search"]

TURNS = 60  # cuts, and columns that enter, at most
LOCAL = 12  # the same where nothing can be proved
TRADES = 40  # exchanges of one change for another there, at most
TRADED = 8  # changes that are exchanged, the dearest
TRIALS = 40_000  # rows that are scored for that
WHOLE = 4  # programs with whole choices
PIECES = 1500  # points of the numbers with whole choices, at most
PROVED = 1e-5  # how far above the bound a plan may lie and count as the cheapest
PARTS = 8  # halvings of a change, in exchanges
SAME = 1e-9  # of its range: a number that moves by less stays


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The numbers of the plan (None: nothing reaches the goal), its cost, and a cost that no plan falls below.

    `bound` is `nan` where none is known. `proved`: the plan is the cheapest, or it is certain that there is none.
    `best`: the carried and the ranked score at the best numbers that were found.
    """

    x: FloatArray | None
    cost: float
    bound: float
    proved: bool
    best: tuple[float, float]


@dataclass(eq=False)
class Search(Scope):
    """One search; `run` gives what was found."""

    cuts: list[tuple[FloatArray, FloatArray, float]] = field(default_factory=list)  # slopes, values, score; by leaf
    plan: FloatArray = field(default_factory=lambda: np.empty(0))  # the cheapest so far; empty: none yet
    bound: float = -np.inf
    thin: Curves = field(init=False)  # the points that the programs choose from

    # -- the search ---------------------------------------------------------------------------------------------------

    def run(self) -> Found:
        """The cheapest plan that is found."""
        carried, ranked = (float(found[0]) for found in self.mover.rate(self.best[None]))
        if not self.goal.met(np.array([ranked]))[0]:
            return Found(None, np.inf, np.inf, self.sure, (carried, ranked))
        self._offer(self.way(self.now, self.best))
        self.thin = thinned(self.curves, self.concave, self.split(self.start))
        if self.sure:
            self._prove()
        else:
            self._try()
        if not (self.sure and self._closed()):
            self._shrink()
            self._trade()
            self._shrink()
        self._round()
        cost = float(self.cost(self.plan))
        proved = self.sure and cost <= self.bound + PROVED * abs(cost) + 1e-12
        bound = min(self.bound, cost) if self.sure else np.nan
        return Found(self.plan, cost, bound, proved, (carried, ranked))

    def _prove(self) -> None:
        """Cuts and columns until a plan costs no more than the bound."""
        self.cuts = [self.tangent(self.now)]
        for _ in range(TURNS):
            choice = cheapest(self._columns(self.thin))
            if choice is None:
                break
            known, bound = self._points, self.bound
            point = self._take(choice)
            if self._closed() or (self._points == known and (self.linear or self._stuck(bound))):
                break
            if not self.linear:
                self.cuts += [self.tangent(point + share * (self.plan - point)) for share in (0.5, 0.75)]
        if not self._closed() and not self.concave.all():
            self._choose()

    @property
    def _points(self) -> int:
        return sum(len(x) for x in self.thin.points)

    def _stuck(self, bound: float) -> bool:
        """Whether the bound does not rise any more while whole choices are to be made anyway."""
        return not self.concave.all() and self.bound - bound <= 1e-7 * abs(self.bound)

    def _take(self, choice: Choice) -> FloatArray:
        """Let columns enter that the prices of a choice ask for; offer the plan that it says, and give its numbers."""
        lower, upper = self._mixed(choice.shares, self.thin)
        prices = self.split(choice.prices @ np.array([cut[0] for cut in self.cuts]))
        priced = price(self.curves, self.mover, self.movable, prices, self.concave, quadratic=self.quadratic)
        least = priced.least + float(choice.prices @ self._needs())
        self.bound = max(self.bound, least)
        self.thin = with_points(self.thin, self.mover, priced.points)
        if (lower != upper).any() and not self.reaches(lower) and self.reaches(upper):
            self._offer(self.way(lower, upper))
        self._offer(self._repaired(upper))
        return lower

    def _needs(self) -> FloatArray:
        """What the gains from how things stand have to add up to, by cut."""
        return np.array([self.needed - score + float(own @ (at - self.start_values)) for own, at, score in self.cuts])

    def _choose(self) -> None:
        """Whole choices: neighbouring points only, where a curve is not concave."""
        single = np.array([shape == "jumps" for shape in self.curves.shapes])
        straight = np.array([shape == "straight" for shape in self.curves.shapes])
        jagged = straight & ~self.concave
        exact = bool((single | (straight & (not self.quadratic))).all())  # no cost and no gain lies between points
        pieces = sum(len(x) for x, own in zip(self.curves.points, jagged | single, strict=True) if own)
        for _ in range(WHOLE if pieces <= PIECES else 0):
            choice = cheapest_whole(self._columns(self.curves), jagged, single)
            if choice is None:
                return
            if exact:
                self.bound = max(self.bound, choice.bound)
            point, _ = self._mixed(choice.shares, self.curves)
            self._offer(self._repaired(point))
            if self._closed() or self.reaches(point):
                return
            self.cuts.append(self.tangent(point))
            self.curves = with_points(self.curves, self.mover, np.where(self.concave, point, np.nan))

    def _try(self) -> None:
        """The same steps with one cut at a time, from several points: a plan, and no proof."""
        for point in (self.now, self.plan, self.best):
            self._descend(point)

    def _descend(self, point: FloatArray) -> None:
        """Cut at a point, take the plan that this says, and go on from there as long as plans become cheaper."""
        for _ in range(LOCAL):
            cost = float(self.cost(self.plan))
            self.cuts = [self.tangent(point)]
            for _ in range(LOCAL):
                choice, known = cheapest(self._columns(self.thin)), self._points
                if choice is None:
                    break
                self._take(choice)
                if self._points == known:
                    break
            point = self.plan
            if float(self.cost(self.plan)) >= cost * (1 - 1e-9):
                return

    def _trade(self) -> None:
        """Take back a part of one change and move another number instead, as long as plans become cheaper."""
        left = TRIALS
        for _ in range(TRADES):
            cost = float(self.cost(self.plan))
            trials = self._traded()
            costs = self.cost(trials)
            order = np.argsort(costs)[: int((costs < cost * (1 - 1e-4)).sum())]
            for some in np.array_split(order, max(1, len(order) // 500)):  # the cheapest first
                left -= len(some)
                reached = self.met(trials[some])
                if reached.any():
                    self._offer(self._repaired(trials[some[np.argmax(reached)]]))
                if reached.any() or left < 0:
                    break
            if float(self.cost(self.plan)) >= cost * (1 - 1e-4) or left < 0:
                return

    def _traded(self) -> FloatArray:
        """The plan with a part of one change taken back (all, half, a quarter, …), and another number a step on."""
        parts = 0.5 ** np.arange(PARTS)
        steps = np.outer(self.movable.span, np.concatenate([parts, -parts]))
        found = [self.plan[None]]
        dearest = np.argsort(-self._costs(self.plan))[:TRADED]
        for back in dearest[self.plan[dearest] != self.now[dearest]]:
            for other in range(len(self.now)):
                to = np.concatenate([self.plan[other] + steps[other], self.curves.points[other]])
                x = np.tile(self.plan, (PARTS * len(to), 1))
                x[:, other] = np.repeat(to, PARTS)
                x[:, back] -= np.tile(parts, len(to)) * (self.plan[back] - self.now[back])
                found.append(x)
        return np.clip(np.concatenate(found), self.movable.low, self.movable.high)

    def _round(self) -> None:
        """Ten digits, rounded away from how things stand, where the goal is then reached to the last digit.

        The goal is compared at twelve digits, so that the cheapest plan may lie that little below it.
        """
        way = np.sign(self.plan - self.now)
        digits = 10.0 ** (np.floor(np.log10(np.maximum(np.abs(self.plan), 1e-300))) - 9)
        x = np.where(way == 0, self.now, np.ceil(way * self.plan / digits - 1e-3) * digits * way)
        x = np.clip(x, self.movable.low, self.movable.high)
        dearer = float(self.cost(x)) > float(self.cost(self.plan)) * (1 + 1e-7)
        if not dearer and self.reaches(x) and self.goal.sign * self.mover.rate(x[None])[1][0] >= self.goal.score:
            self.plan = x

    def _shrink(self) -> None:
        """Take back as much of each change as the goal allows, the dearest first."""
        for place in np.argsort(-self._costs(self.plan)):
            back = self.plan.copy()
            back[place] = self.now[place]
            if back[place] != self.plan[place]:
                self._offer(back if self.reaches(back) else self.way(back, self.plan))

    # -- steps of it --------------------------------------------------------------------------------------------------

    def _columns(self, curves: Curves) -> Columns:
        owner, x = curves.owner, np.concatenate(curves.points)
        change = np.abs(x - self.now[owner])
        costs = self.movable.costs[owner] * (change**2 if self.quadratic else change)
        rows = curves.rows(np.array([cut[0] for cut in self.cuts]), self.start_values)
        return Columns(owner, costs, rows, self._needs())

    def _mixed(self, shares: FloatArray, curves: Curves) -> tuple[FloatArray, FloatArray]:
        """The numbers that shares of points make: mixed where a curve is concave, else the nearer and the further."""
        low, high, start = [], [], 0
        for place, x in enumerate(curves.points):
            own = shares[start : start + len(x)]
            start += len(x)
            used = np.flatnonzero(own > 1e-9)
            mixed = float(own @ x / own.sum())
            beside = curves is self.curves and curves.shapes[place] != "jumps" and (np.diff(used) == 1).all()
            if self.concave[place] or len(used) < 2 or beside:
                low.append(mixed)
                high.append(mixed)
            else:
                near, far = sorted(x[used[[0, -1]]], key=lambda value: abs(value - self.now[place]))
                low.append(near)
                high.append(far)
        return np.array(low), np.array(high)

    def _closed(self) -> bool:
        cost = float(self.cost(self.plan))
        return cost <= self.bound + PROVED * 1e-3 * abs(cost)

    def _offer(self, x: FloatArray) -> None:
        """Keep numbers that reach the goal, if they cost less than those kept, or as much and fewer move.

        What moves by dust stays.
        """
        still = np.where(np.abs(x - self.now) <= SAME * self.movable.span, self.now, x)
        x = still if self.reaches(still) else x
        if not self.reaches(x):
            return
        if len(self.plan):
            cost, known = float(self.cost(x)), float(self.cost(self.plan))
            fewer = int((x != self.now).sum()) < int((self.plan != self.now).sum())
            if cost >= known * (1 - SAME) and not (fewer and cost <= known * (1 + SAME)):
                return
        self.plan = x

    def _repaired(self, x: FloatArray) -> FloatArray:
        """The numbers moved so that they just reach the goal: back, on along their own way, or towards the best."""
        if self.reaches(x):
            return self.way(self.now, x)
        further = np.clip(x + 1e-3 * (x - self.now), self.movable.low, self.movable.high)
        return self.way(x, further if self.reaches(further) else self.best)
