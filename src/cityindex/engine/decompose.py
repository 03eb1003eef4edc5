"""Splits a score into what each leaf contributes, so that the parts add up to the score again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cityindex.engine.aggregation import aggregate, each_set, parts_of
from cityindex.engine.run import Outcome
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask, Plan

__all__ = ["Path", "Split", "decompose", "global_weights", "local_weights"]

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
        walk.descend(root, (), np.ones(outcome.carried.shape[1]), outcome.carried[plan.row[root]])
    gone = np.isnan(outcome.carried[plan.row[root]])
    return Split({path: np.where(gone, np.nan, values) for path, values in walk.parts.items()}, walk.kinds)


@dataclass(slots=True)
class _Walk:
    plan: Plan
    outcome: Outcome
    groups: Mapping[str, GroupTask]
    parts: dict[Path, FloatArray] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def descend(self, name: str, path: Path, factor: FloatArray, value: FloatArray) -> None:
        """Give out `factor` times `value`, the node's value as its parent read it, over the node's leaves."""
        total = factor * value
        if name not in self.groups:
            self.parts[path] = np.where(np.isnan(total), 0.0, total)
            return
        task = self.groups[name]
        x, coefficients, made = self._coefficients(task)
        made = np.where(np.isnan(self.outcome.carried[task.row]), np.nan, made)  # an imputed value is not theirs
        scale = factor * np.where(made == value, 1.0, value / made)  # what its own steps did to the aggregate
        rest = np.where(np.isnan(total), 0.0, total)
        for place, child in enumerate(task.children):
            share = scale * coefficients[:, place]
            given = np.where(np.isfinite(share), share, 0.0)
            self.descend(child, (*path, child), given, x[:, place])
            rest = rest - np.where(np.isnan(x[:, place]), 0.0, given * x[:, place])
        left = np.abs(rest) > DUST * np.maximum(np.abs(total), 1e-300)
        if left.any():
            self.parts[path] = np.where(left, rest, 0.0)

    def _coefficients(self, task: GroupTask) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The children's columns x, the factor of each in the aggregate, and the aggregate: Σ factor · x = made."""
        call, settled = task.group.aggregate, self.outcome.settled[task.id]
        x, weights, params = settled.x, settled.weights, self.outcome.learned.aggregates.get(task.id)
        assert weights is not None  # a run without weights fails
        made = each_set(lambda own, w: aggregate(call, own, w, params), x, weights)
        method = call.method
        if method.additive and call.via is None:
            self.kinds[task.id] = "additive"
            here = ~np.isnan(x)
            shared = np.where(here, weights, 0.0)
            factors = shared / shared.sum(axis=1, keepdims=True) if method.averages else shared
        elif method.parts is not None and call.via is None:
            self.kinds[task.id] = "parts" if method.pooled else "euler"
            factors = each_set(lambda own, w: parts_of(call, own, w, params), x, weights) / x
            if np.isfinite(made).any() and not np.isfinite(factors).any():
                self.kinds[task.id] = "whole"
        else:
            self.kinds[task.id] = "proportional"
            terms = np.where(np.isnan(x), 0.0, weights * x)
            factors = weights * (made / terms.sum(axis=1))[:, None] * np.ones_like(x)
        return x, factors, made
