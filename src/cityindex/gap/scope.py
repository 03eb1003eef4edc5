"""Where a unit may go: its curves, the sides that lift its score, the best it can reach, and what is certain of them.

Every score comes from the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cityindex.gap.curves import Curves, curves_of
from cityindex.gap.movable import Movable
from cityindex.gap.mover import Mover
from cityindex.gap.target import Goal
from cityindex.gap.tree import bend, is_geometric, published, signs, slopes
from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["Scope"]

STEPS = 64  # points tried on a way


@dataclass(eq=False)
class Scope:
    """A unit, the numbers of it that move, and a goal; scores are turned so that higher is better."""

    mover: Mover
    movable: Movable
    goal: Goal
    quadratic: bool

    # -- what is known beforehand ------------------------------------------------------------------------------------

    @cached_property
    def now(self) -> FloatArray:
        return self.movable.now

    @cached_property
    def turn(self) -> int:
        """1 where what the index ranks by rises (or stands) with the carried score, −1 where it falls, 0: neither."""
        part = self.mover.part
        if part.plan.spec.index.rank.of == "carried" or not part.plan.spec.index.publish:
            return 1
        slopes, values, _ = self._slopes(self.now)
        ways = slopes if self._ways is None else self._ways
        ends = [_corner(self.whole, way * ways, values) for way in (-1.0, 1.0)]
        known = part.outcome.column(part.plan, part.plan.spec.index.id, "carried")
        carried = np.concatenate([self.mover.rate(np.array([*ends, self.now]))[0], known])
        tried = np.linspace(np.nanmin(carried), np.nanmax(carried), 4 * STEPS)
        steps = np.diff(published(part, self.mover.place, tried))
        return 1 if (steps >= 0).all() else -1 if (steps <= 0).all() else 0

    @cached_property
    def sign(self) -> float:
        """1 where a higher carried score is better, −1 where a lower one is."""
        return -self.goal.sign if self.turn == -1 else self.goal.sign

    @cached_property
    def start(self) -> FloatArray:
        """Which way the score (higher is better) goes with each leaf: its sign, or its slope where no sign is known."""
        known = self._ways if self.ordered else None
        return self.sign * (self._slopes(self.now)[0] if known is None else known)

    @cached_property
    def _ways(self) -> FloatArray | None:
        """Whether the carried score rises or falls with each leaf; None where that is not known."""
        return signs(self.mover.part.plan, self.mover.part.outcome, self.mover.place, self.mover.flat)

    @cached_property
    def _bend(self) -> int | None:
        """How the carried score bends."""
        return bend(self.mover.part.plan, self.mover.part.outcome, self.mover.place, self.mover.flat)

    @cached_property
    def whole(self) -> Curves:
        return curves_of(self.mover, self.movable)

    @cached_property
    def linear(self) -> bool:
        """Whether the tree is linear: one cut says all."""
        return self.logs or self._bend == 0

    @cached_property
    def ordered(self) -> bool:
        """Whether the tree is linear, or concave the way the index is ranked, and goes one way with each leaf."""
        known = self.turn != 0 and self._ways is not None
        return known and self._bend is not None and self._bend * self.sign >= 0

    @cached_property
    def curves(self) -> Curves:
        """The curves that the search runs on: of carried values, or of their logarithms (`logs`)."""
        return self._sided.logarithms() if self.logs else self._sided

    @cached_property
    def logs(self) -> bool:
        """Whether geometric means are all there is, so that logarithms add up, and no curve speaks against it."""
        if not self.ordered or self.sign < 0 or not is_geometric(self.mover.part.plan, self.mover.flat):
            return False
        ways = self.split(self.start)
        return all((values > 0).all() for values in self._sided.values) and all(
            shape in ("straight", "curved") and self._sided.concave(place, slope)
            for place, (shape, slope) in enumerate(zip(self._sided.shapes, ways, strict=True))
        )

    @cached_property
    def _sided(self) -> Curves:
        """The curves as far as a number would move: only the way that lifts the score, where one way does."""
        if not self.ordered:
            return self.whole
        ways = [self.whole.direction(place, slope) for place, slope in enumerate(self.split(self.start))]
        ends = [(x[0], x[-1]) for x in self.whole.points]
        low = np.array([now if way == 1 else end[0] for way, end, now in zip(ways, ends, self.now, strict=True)])
        high = np.array([now if way == -1 else end[1] for way, end, now in zip(ways, ends, self.now, strict=True)])
        return self.whole.between(low, high)

    @cached_property
    def concave(self) -> BoolArray:
        """The numbers that count for ever less the further they move."""
        found = [self.curves.concave(place, slope) for place, slope in enumerate(self.split(self.start))]
        return np.asarray(np.array(found) & ~np.array([shape == "jumps" for shape in self.curves.shapes]))

    @cached_property
    def sure(self) -> bool:
        """Whether what the cuts say holds: the tree is ordered, and the curves are known between their points."""
        known = [
            shape in ("straight", "jumps") or (shape == "curved" and bent)
            for shape, bent in zip(self.curves.shapes, self.concave, strict=True)
        ]
        return self.ordered and all(known)

    @cached_property
    def best(self) -> FloatArray:
        """The numbers with the best score: proved to be so where the search is sure."""
        corner = _corner(self.curves, self.start, self.start_values)
        if self.sure:
            return corner
        ways = self.start if self._ways is None else self.sign * self._ways
        high, low = (_corner(self.curves, way * ways, self.start_values) for way in (1.0, -1.0))
        starts = [corner, self.now, high]
        if self.turn == 0:  # any carried score between these two may be the best
            starts += list(low + np.linspace(0.0, 1.0, 4 * STEPS)[:, None] * (high - low))
        return self._climb(np.array(starts))

    @cached_property
    def needed(self) -> float:
        """The carried score, higher being better, from which on the goal is met: between the score now and the best."""
        part, sign = self.mover.part, self.sign
        shown = part.plan.spec.index.rank.of == "published"
        low, high = (sign * self.mover.rate(np.array([self.now, self.best]))[0]).tolist()
        for _ in range(12):
            tried = np.linspace(low, high, STEPS)
            reached = self.goal.met(published(part, self.mover.place, sign * tried) if shown else sign * tried)
            place = max(int(np.argmax(reached)), 1) if reached.any() else STEPS - 1
            low, high = float(tried[place - 1]), float(tried[place])
        return float(np.log(high)) if self.logs else high

    def _climb(self, starts: FloatArray) -> FloatArray:
        """The best of some sets of numbers, and of what moving one number after the other makes of it."""
        found: FloatArray = starts[int(np.nanargmax(self.signed(starts)))]
        for _ in range(2):
            owner = np.concatenate([np.full(len(x), place) for place, x in enumerate(self.curves.points)])
            trials = np.tile(found, (len(owner), 1))
            trials[np.arange(len(owner)), owner] = np.concatenate(self.curves.points)
            scores = np.where(np.isnan(scores := self.signed(trials)), -np.inf, scores)
            each = [np.flatnonzero(owner == place) for place in range(len(found))]
            moved = np.array([trials[own[np.argmax(scores[own])], place] for place, own in enumerate(each)])
            tried = np.array([found, moved, trials[int(np.argmax(scores))]])
            found = tried[int(np.nanargmax(self.signed(tried)))]
        return found

    # -- scores -------------------------------------------------------------------------------------------------------

    def signed(self, x: FloatArray) -> FloatArray:
        """Scores, higher is better: as carried, or as ranked where these two go neither way together."""
        carried, ranked = self.mover.rate(x)
        return self.sign * carried if self.turn else self.goal.sign * ranked

    def met(self, x: FloatArray) -> BoolArray:
        """Whether sets of numbers reach the goal."""
        return self.goal.met(self.mover.rate(x)[1])

    def cost(self, x: FloatArray) -> FloatArray:
        """What sets of numbers cost."""
        return np.asarray(self._costs(x).sum(axis=-1))

    def _costs(self, x: FloatArray) -> FloatArray:
        """The same by number."""
        change = np.abs(x - self.now)
        return np.asarray((change**2 if self.quadratic else change) * self.movable.costs)

    def split(self, leaves: FloatArray) -> list[FloatArray]:
        """Numbers by leaf, for each number that moves."""
        return np.split(leaves, self._ends)

    @cached_property
    def _ends(self) -> FloatArray:
        return np.cumsum([len(names) for names in self.movable.leaves])[:-1]

    def tangent(self, x: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        """The slopes by leaf, the leaves' values and the score at a point; all of logarithms where `logs`."""
        found, values, score = self._slopes(x)
        found, score = self.sign * found, self.sign * score
        return (found * values / score, np.log(values), float(np.log(score))) if self.logs else (found, values, score)

    def _slopes(self, x: FloatArray) -> tuple[FloatArray, FloatArray, float]:
        plan, inputs = self.mover.part.plan, self.mover.inputs(x[None])
        outcome = self.mover.outcome(x[None])
        found = slopes(plan, outcome, inputs, self.mover.flat)
        values = outcome.carried[[plan.row[name] for name in self.mover.flat], 0]
        score = float(outcome.carried[plan.row[plan.spec.index.id], 0])
        return found, np.where(np.isnan(values), 0.0, values), score

    @cached_property
    def start_values(self) -> FloatArray:
        return self.tangent(self.now)[1]

    def reaches(self, x: FloatArray) -> bool:
        return bool(self.met(x[None])[0])

    def way(self, start: FloatArray, end: FloatArray) -> FloatArray:
        """The first point on the way from one that does not reach the goal to one that does, that reaches it."""
        low, high = 0.0, 1.0
        for _ in range(9):
            shares = np.linspace(low, high, STEPS)
            reached = self.met(start + shares[:, None] * (end - start))
            reached[-1] = True
            place = int(np.argmax(reached))
            if place == 0:
                return np.asarray(start + shares[0] * (end - start))
            low, high = float(shares[place - 1]), float(shares[place])
            if high - low < 1e-16:
                break
        return np.asarray(start + high * (end - start)) if high < 1 else end


def _corner(curves: Curves, slopes: FloatArray, base: FloatArray) -> FloatArray:
    """The point of each number that gains most, by the slopes of the leaves."""
    gains = curves.rows(slopes[None], base)[0]
    each = [np.flatnonzero(curves.owner == place) for place in range(len(curves.points))]
    return np.array([x[np.argmax(gains[own])] for x, own in zip(curves.points, each, strict=True)])
