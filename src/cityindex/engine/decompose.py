"""Splits a score into what each leaf contributes, so that the parts add up to the score again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cityindex.engine.aggregation import aggregate, each_set, parts_of
from cityindex.engine.run import Outcome
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask, Plan

__all__ = ["Path", "Shares", "Split", "decompose", "global_weights", "local_weights", "shares_of"]

Path = tuple[str, ...]
DUST = 1e-11  # a rest below this share of the score is rounding


@dataclass(frozen=True, slots=True)
class Split:
    """Path (ids from under the root down) → contribution of each unit; and, by group, how it was split."""

    parts: Mapping[Path, FloatArray]
    kinds: Mapping[str, str]


def local_weights(task: GroupTask, outcome: Outcome, row: int | None = None) -> FloatArray:
    """The weights of a group's children as the group uses them: shares that add to 1, or as they stand.

    Where they are learned by label they are those of one row of the part, and `nan` where no row is said.
    """
    found = outcome.settled[task.id].weights
    assert found is not None  # a run without weights fails
    unsaid = np.full(len(task.children), np.nan)
    weights = found if found.ndim == 1 else unsaid if row is None else found[row]
    if not task.group.aggregate.method.takes_weights:
        return np.full(len(weights), np.nan)
    return weights / weights.sum() if task.group.aggregate.method.averages else weights


def global_weights(plan: Plan, outcome: Outcome, root: str, row: int | None = None) -> dict[Path, float]:
    """Path → product of the local weights along it."""
    groups = {task.id: task for task in plan.groups}
    found: dict[Path, float] = {}

    def descend(name: str, path: Path, weight: float) -> None:
        if path:
            found[path] = weight
        if name in groups:
            for child, local in zip(groups[name].children, local_weights(groups[name], outcome, row), strict=True):
                descend(child, (*path, child), weight * float(local))

    descend(root, (), 1.0)
    return found


def decompose(plan: Plan, outcome: Outcome, root: str) -> Split:
    """Split the carried score of a group over the paths to its leaves.

    An additive group (arithmetic, sum) gives each child its weight times its value, exactly; any other mean is split
    by Euler's theorem (value times derivative); what has no such parts is split in proportion to weight times value.
    A child's own parts are scaled to what it contributes, so that a constant that its steps add is shared among them
    too. Where a group's value does not come from its children (it was imputed, they add up to 0, or it is a ratio,
    which has no parts), it stays whole with the group's own path.
    """
    walk = _Walk(plan, outcome, {task.id: task for task in plan.groups})
    with np.errstate(all="ignore"):
        top = outcome.carried[plan.row[root]]
        walk.descend(root, (), np.ones(len(top)), top, top)
    gone = np.isnan(outcome.carried[plan.row[root]])
    return Split({path: np.where(gone, np.nan, values) for path, values in walk.parts.items()}, walk.kinds)


@dataclass(slots=True)
class _Walk:
    plan: Plan
    outcome: Outcome
    groups: Mapping[str, GroupTask]
    parts: dict[Path, FloatArray] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def descend(self, name: str, path: Path, factor: FloatArray, value: FloatArray, total: FloatArray) -> None:
        """Give out `total`, which is `factor` times the node's value as its parent read it, over the node's leaves.

        A part need not be a multiple of a value: where the value is 0 and the total is not, the factor is infinite,
        and the total of a group stays with its own path.
        """
        total = np.where(np.isnan(total), 0.0, total)
        if name not in self.groups:
            self.parts[path] = total
            return
        task = self.groups[name]
        found = shares_of(task, self.outcome)
        self.kinds[task.id] = found.kind
        made = np.where(np.isnan(self.outcome.carried[task.row]), np.nan, found.made)  # an imputed value is not theirs
        scale = factor * np.where(made == value, 1.0, value / made)  # what its own steps did to the aggregate
        rest = total
        for place, child in enumerate(task.children):
            part, factors = (scale * each[:, place] for each in (found.parts, found.factors))
            part, factors = (np.where(np.isfinite(each), each, 0.0) for each in (part, factors))
            self.descend(child, (*path, child), factors, found.x[:, place], part)
            rest = rest - part
        left = np.abs(rest) > DUST * np.maximum(np.abs(total), 1e-300)
        if left.any():
            self.parts[path] = np.where(left, rest, 0.0)


@dataclass(frozen=True, slots=True)
class Shares:
    """How the aggregate of a group is made of its children.

    Attributes
    ----------
    x
        The children as they were aggregated, n × k.
    parts
        The part of each in the aggregate, n × k.
    factors
        part / x.
    made
        The aggregate, n.
    kind
        How it was split: additive, euler, parts, proportional or whole.
    """

    x: FloatArray
    parts: FloatArray
    factors: FloatArray
    made: FloatArray
    kind: str


def shares_of(task: GroupTask, outcome: Outcome) -> Shares:
    """The children of a group, the part of each in its aggregate, and the aggregate."""
    call, settled = task.group.aggregate, outcome.settled[task.id]
    x, weights = settled.counted(settled.x), settled.weights
    params = outcome.learned.aggregates.get(task.id)
    assert weights is not None  # a run without weights fails
    made = each_set(lambda own, w: aggregate(call, own, w, params), x, weights)
    method = call.method
    if method.additive and call.via is None:
        shared = np.where(np.isnan(x), 0.0, weights)
        factors = shared / shared.sum(axis=1, keepdims=True) if method.averages else shared
        return Shares(x, factors * x, factors, made, "additive")
    if method.parts is not None and call.via is None:
        parts = each_set(lambda own, w: parts_of(call, own, w, params), x, weights)
        whole = np.isfinite(made).any() and not np.isfinite(parts).any()
        return Shares(x, parts, parts / x, made, "whole" if whole else "parts" if method.pooled else "euler")
    terms = np.where(np.isnan(x), 0.0, weights * x)
    factors = weights * (made / terms.sum(axis=1))[:, None] * np.ones_like(x)
    return Shares(x, factors * x, factors, made, "proportional")
