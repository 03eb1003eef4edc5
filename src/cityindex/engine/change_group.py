"""One group on two sides of a change: what each child's change and each child's contribution hand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cityindex.engine.aggregation import aggregate, on_axis
from cityindex.engine.decompose import Shares, shares_of
from cityindex.engine.run import Outcome
from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods.change_parts import EXACT, by_orders, mean_parts
from cityindex.plan import GroupTask, Plan

__all__ = ["DUST", "Line", "Scene", "Side", "line_through", "lines_of"]

DUST = 1e-9  # a rest below this share of what is given out is rounding
EXPONENTS: dict[str, Callable[[Mapping[str, Any]], float]] = {
    "arithmetic": lambda settings: 1.0,
    "geometric": lambda settings: 0.0,
    "harmonic": lambda settings: -1.0,
    "power": lambda settings: float(settings["exponent"]),
}
PROGRAMS = frozenset({"benefit_of_the_doubt"})  # a program for each unit: too slow to be asked again and again


@dataclass(frozen=True)
class Scene:
    """One run, and the value of its root that the change is told in (the published one, before it is rounded)."""

    plan: Plan
    outcome: Outcome
    root: str
    shown: FloatArray

    @cached_property
    def groups(self) -> Mapping[str, GroupTask]:
        return {task.id: task for task in self.plan.groups}

    @cached_property
    def _shares(self) -> dict[str, Shares]:
        return {}

    def shares(self, name: str) -> Shares:
        """How a group is made of its children; a value that was imputed is not theirs."""
        if name not in self._shares:
            task = self.groups[name]
            found = shares_of(task, self.outcome)
            made = np.where(np.isnan(self.outcome.carried[task.row]), np.nan, found.made)
            self._shares[name] = replace(found, made=made)
        return self._shares[name]


@dataclass(frozen=True, slots=True)
class Side:
    """A group on one side: its children in points of the value that its parent read.

    `x`, `factors`: k × n, each child's value and the points for a unit of it; 0 where it has none.
    """

    task: GroupTask
    outcome: Outcome
    shares: Shares
    place: Mapping[str, int]
    x: FloatArray
    factors: FloatArray

    @classmethod
    def of(cls, scene: Scene, name: str, value: FloatArray) -> Side:
        shares, task = scene.shares(name), scene.groups[name]
        scale = np.where(shares.made == value, 1.0, value / shares.made)
        place = {child: position for position, child in enumerate(task.children)}
        return cls(task, scene.outcome, shares, place, _finite(shares.x.T), _finite(shares.factors.T * scale))

    def child(self, name: str) -> tuple[FloatArray, FloatArray]:
        """The values of a child and its factors."""
        return self.x[self.place[name]], self.factors[self.place[name]]


def _finite(x: FloatArray) -> FloatArray:
    """The same with 0 for what is missing or infinite; contiguous by child."""
    return np.ascontiguousarray(np.where(np.isfinite(x), x, 0.0))


@dataclass(frozen=True, slots=True)
class Line:
    """One child: its values, its factors on either side, and a, b: its part is a · change + b · mean of its values."""

    x: tuple[FloatArray, FloatArray]
    factors: tuple[FloatArray, FloatArray]
    a: FloatArray
    b: FloatArray

    @property
    def level(self) -> FloatArray:
        return (self.factors[0] + self.factors[1]) / 2


def lines_of(sides: list[Side | None], ends: tuple[FloatArray, FloatArray]) -> dict[str, Line]:
    """Child → its line; where the group is the same on both sides, by the changes of the children alone."""
    nothing = np.zeros(len(ends[0]))
    children = dict.fromkeys(child for side in sides if side is not None for child in side.task.children)
    same = sides[0] is not None and sides[1] is not None and _same(sides[0], sides[1])
    changed = _changed(sides, ends) if same else None
    lines: dict[str, Line] = {}
    for place, child in enumerate(children):
        ((x, f), (y, g)) = (
            (nothing, nothing) if side is None or child not in side.place else side.child(child) for side in sides
        )
        a, b = (f + g) / 2, g - f
        if changed is not None:  # in the order of the first side
            alike, parts, derivative = changed
            change = y - x
            own = np.where(change == 0, derivative[place], parts[place] / change)
            a, b = np.where(alike, own, a), np.where(alike, 0.0, b)
        lines[child] = Line((x, y), (f, g), a, b)
    return lines


def _changed(
    sides: Sequence[Any], ends: tuple[FloatArray, FloatArray]
) -> tuple[BoolArray, FloatArray, FloatArray] | None:
    """The units that the changes of the children hold for, and of each child (k × n) its part and the derivative.

    Where the two sides aggregate by different rules, a child's part is the mean of that by either.
    """
    one, other = sides
    if PROGRAMS & {side.task.group.aggregate.name for side in sides}:
        return None
    order = [other.place[child] for child in one.task.children]
    back = np.argsort(order)
    alike, slope = _alike(one, other), _slope(one, other, ends)
    try:
        parts = _parts(one, one.shares.x, other.shares.x[:, order], alike)
        if not _one_rule(one, other):
            theirs = _parts(other, one.shares.x[:, back], other.shares.x, alike)[:, order]
            parts = np.where(
                np.isfinite(parts + theirs), (parts + theirs) / 2, np.where(np.isfinite(parts), parts, theirs)
            )
    except DomainError:  # a mixture of children that the aggregate does not take
        return None
    derivative = (one.shares.factors + other.shares.factors[:, order]) / 2
    return alike, _finite(parts.T * slope), _finite(derivative.T * slope)


def _same(one: Side, other: Side) -> bool:
    """Whether two groups have the same children, and weigh them alike."""
    if sorted(one.place) != sorted(other.place):
        return False
    if not all(side.task.group.aggregate.method.takes_weights for side in (one, other)):
        return True
    order = [other.place[child] for child in one.task.children]
    return np.array_equal(_weights(one), _weights(other)[..., order], equal_nan=True)


def _weights(side: Side) -> FloatArray:
    """As they count: shares of an average, or as they stand."""
    weights = side.outcome.settled[side.task.id].weights
    assert weights is not None  # a run without weights fails
    return weights / weights.sum(axis=-1, keepdims=True) if side.task.group.aggregate.method.averages else weights


def _one_rule(one: Side, other: Side) -> bool:
    """Whether two groups aggregate by the same method, and what it has learned."""
    if one.task.group.aggregate.key != other.task.group.aggregate.key:
        return False
    if one.task.group.aggregate.method.pooled and one.task.children != other.task.children:
        return False
    learned = [side.outcome.learned.aggregates.get(side.task.id) or {} for side in (one, other)]
    return learned[0].keys() == learned[1].keys() and all(
        np.array_equal(np.asarray(learned[0][key]), np.asarray(learned[1][key])) for key in learned[0]
    )


def _alike(one: Side, other: Side) -> BoolArray:
    """The units of which the same children are there on both sides."""
    order = [other.place[child] for child in one.task.children]
    same: BoolArray = (np.isnan(one.shares.x) == np.isnan(other.shares.x[:, order])).all(axis=1)
    return same & np.isfinite(one.shares.made) & np.isfinite(other.shares.made)


def _slope(one: Side, other: Side, ends: tuple[FloatArray, FloatArray]) -> FloatArray:
    """Points of the value that the parent read for a point of the aggregate: what the group's own steps do."""
    made = one.shares.made, other.shares.made
    if all(np.array_equal(x, y, equal_nan=True) for x, y in zip(made, ends, strict=True)):
        return np.ones(len(ends[0]))
    slopes = [line_through(x, y) for x, y in zip(made, ends, strict=True)]
    if slopes[0] is not None and slopes[1] is not None:
        return np.full(len(ends[0]), (slopes[0] + slopes[1]) / 2)
    change = made[1] - made[0]
    return np.where(change == 0, 0.0, (ends[1] - ends[0]) / change)


def line_through(x: FloatArray, y: FloatArray) -> float | None:
    """The slope of the line that all points lie on; None where they lie on none."""
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if len(x) < 2 or x.max() == x.min():
        return None
    low, high = int(np.argmin(x)), int(np.argmax(x))
    slope = (y[high] - y[low]) / (x[high] - x[low])
    off = np.abs(y[low] + slope * (x - x[low]) - y)
    return float(slope) if (off <= DUST * max(float(np.abs(y).max()), 1e-300)).all() else None


def _parts(side: Side, before: FloatArray, after: FloatArray, alike: BoolArray) -> FloatArray:
    """The part of each child in the change of the aggregate of a side, n × k; units that are not alike get none."""
    call = side.task.group.aggregate
    if call.method.additive and call.via is None:
        return np.where(np.isnan(before), 0.0, side.shares.factors * (after - before))
    weights = side.outcome.settled[side.task.id].weights
    assert weights is not None  # a run without weights fails
    found, rows = np.zeros(before.shape), np.flatnonzero(alike)
    if not len(rows):
        return found
    own = weights if weights.ndim == 1 else weights[rows]
    if call.name in EXPONENTS:
        shares = np.where(np.isnan(before[rows]), 0.0, own)
        shares = shares / shares.sum(axis=1, keepdims=True)
        x, y = (on_axis(call, values[rows]) for values in (before, after))
        scale = 1.0 if call.via is None else (call.via[0][1] - call.via[0][0]) / (call.via[1][1] - call.via[1][0])
        found[rows] = scale * mean_parts(x, y, shares, exponent=EXPONENTS[call.name](call.settings))
    else:
        params = side.outcome.learned.aggregates.get(side.task.id)
        exact = 0 if call.method.pooled else EXACT  # comparing units with a reference takes its time
        found[rows] = by_orders(lambda x: _each(call, x, own, params), before[rows], after[rows], exact=exact)
    return found


def _each(call: Any, x: FloatArray, weights: FloatArray, params: Any) -> FloatArray:
    """The aggregate of sets of children (sets × n × k), with one set of weights or one a unit."""
    if weights.ndim == 1:
        return np.array([aggregate(call, own, weights, params) for own in x])
    found = np.full(x.shape[:2], np.nan)
    sets, which = np.unique(weights, axis=0, return_inverse=True)
    for place, own in enumerate(sets):
        rows = np.flatnonzero(which.reshape(-1) == place)
        found[:, rows] = [aggregate(call, each[rows], own, params) for each in x]
    return found
