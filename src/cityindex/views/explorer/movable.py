"""Which groups of an index can be recomputed when weights move, and why the others cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cityindex.engine import Learned, Outcome
from cityindex.engine.state import Settled
from cityindex.methods._arrays import FloatArray
from cityindex.methods.missing import SIBLINGS
from cityindex.part import Part
from cityindex.plan import GroupTask
from cityindex.views.explorer.steps import Operations, operations

__all__ = ["SWITCHES", "Fixed", "Movable", "movable"]

Words = tuple[str, str]  # Chinese, English

MEANS = ("arithmetic", "geometric", "harmonic", "power")
EXTREMES = ("minimum", "maximum")
SWITCHES = ("arithmetic", "geometric", "harmonic", "minimum")  # what a group can be switched to


@dataclass(frozen=True, slots=True)
class Movable:
    """A group that is recomputed; `held`: why its own weights stand still all the same (None: they can move)."""

    task: GroupTask
    steps: Operations
    publish: Operations
    held: Words | None

    @property
    def switches(self) -> tuple[str, ...]:
        """The aggregators it can have, its own first."""
        own = self.task.group.aggregate.name
        if own not in (*MEANS, *EXTREMES):
            return (own,)
        return (own, *(name for name in SWITCHES if name != own))


@dataclass(frozen=True, slots=True)
class Fixed:
    """A group whose values stand as they are, and why."""

    task: GroupTask
    reason: Words


def movable(part: Part) -> tuple[tuple[Movable, ...], tuple[Fixed, ...]]:
    """The groups under the root (itself included) that can be recomputed, children first; and those that are fixed.

    What a group cannot follow keeps everything under it fixed too: the values would not reach the score.
    """
    tasks = {task.id: task for task in part.plan.groups}
    root = part.plan.spec.index.id
    wanted = {root} & tasks.keys()
    free: dict[str, Movable] = {}
    fixed: dict[str, Words] = {}
    for task in reversed(part.plan.groups):  # parents first
        if task.id not in wanted:
            continue
        wanted |= {child for child in task.children if child in tasks}
        found = fixed.get(task.id) or _judge(task, part, shown=task.id == root or _is_read(task.id, tasks))
        if isinstance(found, Movable):
            free[task.id] = found
            reason = _of_children(task, part.outcome)
        else:
            fixed[task.id] = reason = found
            reason = (f"位于固定的“{task.id}”之下", f"it stands below {task.id}, which is fixed")
        if reason is not None:
            fixed.update({child: reason for child in task.children if child in tasks and child not in fixed})
    order = [task.id for task in part.plan.groups if task.id in wanted]
    return (
        tuple(free[name] for name in order if name in free),
        tuple(Fixed(tasks[name], fixed[name]) for name in order if name not in free),
    )


def _is_read(name: str, tasks: Mapping[str, GroupTask]) -> bool:
    """Whether some group reads the published column of this one."""
    return any(task.children[place] == name for task in tasks.values() for place in task.published)


def _judge(task: GroupTask, part: Part, *, shown: bool) -> Movable | Words:
    call = task.group.aggregate
    if call.name not in (*MEANS, *EXTREMES, "sum") or not call.method.built_in:
        return (f"合成方法 {call.name} 在本页不重新计算", f"the page does not recompute the aggregator {call.name}")
    weights = part.outcome.settled[task.id].weights
    if weights is None or weights.ndim > 1:
        return ("权重按标签分别学习", "its weights are learned by label")
    learned = part.outcome.learned
    try:
        steps = operations(task.steps, _known(learned, "steps", task))
        publish = operations(task.publish, _known(learned, "publish", task)) if shown else ()
    except NotImplementedError as found:
        return (f"步骤 {found} 在本页不重新计算", f"the page does not recompute its step {found}")
    return Movable(task, steps, publish, _held(task, part.outcome.settled[task.id], weights))


def _known(learned: Learned, kind: str, task: GroupTask) -> list[Mapping[str, object] | None]:
    count = len(getattr(task, kind))
    found: list[Mapping[str, object] | None] = getattr(learned, kind).get(task.id, [None] * count)
    return found


def _held(task: GroupTask, settled: Settled, weights: FloatArray) -> Words | None:
    if len(weights) < 2:
        return ("只有一个子项", "it has one child")
    if not (weights >= 0).all() or not weights.sum() > 0:
        return ("权重有负数：它们不是份额", "some weights are negative: they are no shares")
    if task.group.missing.name == "reweight" and settled.blank is not None:
        there = ~np.isnan(settled.x[settled.blank])
        if (there.any(axis=1) & ~there[:, weights > 0].any(axis=1)).any():  # whether the weights alone took the value
            return ("有评价对象只有权重为 0 的子项有值", "some units have values of children without weight only")
    return None


def _of_children(task: GroupTask, outcome: Outcome) -> Words | None:
    """Why the groups under a group that is recomputed cannot move."""
    call, filled = task.group.missing, outcome.settled[task.id].filled
    if call.name == "impute" and call.settings["use"] == SIBLINGS and filled is not None and filled.any():
        return (
            f"“{task.id}”用同级的均值填补缺失值",
            f"{task.id} fills missing values with the mean of its other children",
        )
    return None
