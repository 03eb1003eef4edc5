"""Scores of a block of draws: one pass with the draws as leading axes where the draws differ in weights alone.

Everything that does not depend on the draw is taken from the run of the variant. Where only averages and sums lie
between what was weighed and the node that is looked at, its scores are one product of matrices; else each group is
aggregated by the kernels of the spine with draws on the leading axis. Draws that change data, or what is learned on the
way (weights found by a method, what an aggregator compares units with, imputed children), run through the engine one by
one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cityindex.engine.aggregation import aggregate
from cityindex.engine.inputs import rows_where
from cityindex.engine.stages import Context, run_stages
from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask, Stage
from cityindex.robustness._base import Base, Variant
from cityindex.robustness._draws import IntArray
from cityindex.spec.model import Call

__all__ = ["Fast", "published_of"]


@dataclass(frozen=True, eq=False)
class Fast:
    """Scores of one variant under weights of some groups, all draws at once; `fits` says whether that can be."""

    base: Base
    variant: Variant
    weighed: frozenset[str]

    @cached_property
    def moving(self) -> tuple[GroupTask, ...]:
        """The groups whose values differ between draws, children first, as far as the node depends on them."""
        needed = self._below(self.base.node)
        moving: dict[str, GroupTask] = {}
        for task in self.variant.plan.groups:
            if task.id in needed and (task.id in self.weighed or any(child in moving for child in task.children)):
                moving[task.id] = task
        return tuple(moving.values())

    def _below(self, node: str) -> set[str]:
        groups, found, pending = self.variant.groups, set[str](), [node]
        while pending:
            name = pending.pop()
            if name in groups and name not in found:
                found.add(name)
                pending += groups[name].children
        return found

    @cached_property
    def fits(self) -> bool:
        """Whether the kernels can take draws here: nothing is learned between what was weighed and the node."""
        tasks = (*self.moving, self.variant.groups[self.base.node])
        if any(stage.learns for task in tasks for stage in (*task.steps, *task.publish)) and self.base.held is not None:
            return False  # what is held is not learned of each draw
        return all(self._passes(task) for task in self.moving)

    def _passes(self, task: GroupTask) -> bool:
        if task.group.aggregate.method.pooled:
            return False  # what it compares units with depends on the weights
        weighed = task.id in self.weighed
        if not weighed and task.id not in self.variant.nominal:
            return False  # sets of weights by label
        moving = {other.id for other in self.moving}
        if not any(child in moving for child in task.children):
            return True
        call = task.group.weights
        learned = not weighed and task.weights is None and isinstance(call, Call) and call.method.from_data
        filled = self.variant.outcome.settled[task.id].filled
        return not learned and (filled is None or not filled.any())

    @cached_property
    def linear(self) -> bool:
        """Whether the carried node is a weighted sum of what does not move: averages and sums, nothing in between."""
        return all(
            task.group.aggregate.method.additive
            and task.group.aggregate.via is None
            and not task.steps
            and not task.where
            and not task.published
            and not self.variant.outcome.settled[task.id].gaps
            for task in self.moving
        )

    def scores(self, weights: Mapping[str, FloatArray], draws: int) -> FloatArray:
        """The carried values of the node, draws × units."""
        if not self.moving:
            row = self.variant.outcome.carried[self.variant.plan.row[self.base.node]]
            return np.broadcast_to(row, (draws, len(row)))
        return self._product(weights, draws) if self.linear else self._pass(weights, draws)

    # -- one product ----------------------------------------------------------------------------------------------

    def _product(self, weights: Mapping[str, FloatArray], draws: int) -> FloatArray:
        """Effective weights (draws × what does not move) times values."""
        moving = {task.id for task in self.moving}
        factor: dict[str, FloatArray] = {self.base.node: np.ones((1, 1))}
        rows: list[IntArray] = []
        shares: list[FloatArray] = []
        for task in reversed(self.moving):  # parents first
            local = self._local(task, weights) * factor.pop(task.id)
            still = [place for place, child in enumerate(task.children) if child not in moving]
            if still:
                rows.append(task.rows[still])
                shares.append(local if len(still) == len(task.children) else local[:, still])
            for place, child in enumerate(task.children):
                if child in moving:
                    share = local[:, place : place + 1]
                    factor[child] = factor[child] + share if child in factor else share
        matrix = np.concatenate([np.broadcast_to(own, (draws, own.shape[1])) for own in shares], axis=1)
        scores: FloatArray = matrix @ self.variant.outcome.carried[np.concatenate(rows)]
        return scores

    def _local(self, task: GroupTask, weights: Mapping[str, FloatArray]) -> FloatArray:
        """The weights of a group as it uses them, draws (or 1) × children: shares, or as they stand."""
        own = weights[task.id] if task.id in weights else self.variant.nominal[task.id][None]
        if not task.group.aggregate.method.averages:
            return own
        total = own.sum(axis=1, keepdims=True)
        if not (total > 0).all():
            raise ScoreError(f"the weights of {task.id} add up to 0 in a draw")
        return np.asarray(own / total, np.float64)

    # -- draws on the leading axis --------------------------------------------------------------------------------

    def _pass(self, weights: Mapping[str, FloatArray], draws: int) -> FloatArray:
        outcome = self.variant.outcome
        made: dict[str, FloatArray] = {}
        shown: dict[str, FloatArray] = {}
        for task in self.moving:
            settled = outcome.settled[task.id]
            columns = [
                settled.x[:, place]
                if child not in made
                else shown.get(child, made[child])
                if place in task.published
                else made[child]
                for place, child in enumerate(task.children)
            ]
            whole = any(column.ndim == 2 for column in columns)
            x = np.stack(np.broadcast_arrays(*columns), axis=-1) if whole else settled.x
            own = weights.get(task.id, self.variant.nominal[task.id])
            y = aggregate(task.group.aggregate, settled.counted(x), own)
            y = np.array(np.broadcast_to(y, (draws, len(settled.x))))
            if np.isinf(y).any():
                raise ScoreError(f"{task.id} is infinite in a draw")
            if settled.valued is not None:
                y[:, ~settled.valued] = np.nan
            made[task.id] = self._after(task, y, "steps")
            if task.publish:
                shown[task.id] = self._after(task, made[task.id], "publish")
        return made[self.base.node]

    def _after(self, task: GroupTask, y: FloatArray, kind: str) -> FloatArray:
        """The steps of a group on draws × units, each draw learning for itself; outside `where` nothing has a value."""
        outside = rows_where(self.base.inputs, task.where)
        if outside is not None:
            y[:, ~outside] = np.nan
        stages = task.steps if kind == "steps" else task.publish
        if not stages:
            return y
        y = _run_each(y, task, stages, self.base)
        if outside is not None:
            y[:, ~outside] = np.nan
        return y


def _run_each(y: FloatArray, task: GroupTask, stages: Sequence[Stage], base: Base) -> FloatArray:
    context = Context(base.inputs, base.reference)
    kept = rows_where(base.inputs, task.where)
    with np.errstate(all="ignore"):
        z, _, _ = run_stages(y.T, stages, (task.id,) * len(y), context, None, None if kept is None else ~kept)
    if context.problems:
        raise ScoreError(context.problems, summary=f"{task.id} cannot be scored in a draw:")
    return np.ascontiguousarray(z.T)


def published_of(base: Base, variant: Variant, carried: FloatArray) -> FloatArray:
    """What the node publishes of its carried values, draws × units (what is ranked, unless `rank` says carried)."""
    task = variant.groups[base.node]
    if not task.publish:
        return carried
    outside = rows_where(base.inputs, task.where)
    y = _run_each(np.array(carried), task, task.publish, base)
    if outside is not None:
        y[:, ~outside] = np.nan
    return y
