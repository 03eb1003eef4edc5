"""Fills the row of one group: settles what is missing among its children, weighs, aggregates, treats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cityindex._registry import keywords
from cityindex.engine.inputs import rows_where
from cityindex.engine.learned import Learned
from cityindex.engine.missing import settle
from cityindex.engine.stages import Context, run_stages
from cityindex.engine.state import Settled, State
from cityindex.errors import DomainError, Problem
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask
from cityindex.spec.model import UNPUBLISHED, Call

__all__ = ["aggregate", "run_group", "run_siblings"]


def run_siblings(tasks: Sequence[GroupTask], context: Context, state: State) -> bool:
    """Fill the rows of sibling groups that are aggregated alike in one call; False where they have to be taken singly.

    They lie side by side in the node array: their children are one array (groups × n × k).
    """
    first, last = tasks[0], tasks[-1]
    start, stop = int(first.rows[0]), int(last.rows[-1]) + 1
    if state.gaps[start:stop].any():
        return False
    block = state.nodes[start:stop].reshape(len(tasks), len(first.rows), -1).swapaxes(1, 2)
    weights = np.array([task.weights for task in tasks])
    try:
        columns = aggregate(first.group.aggregate, block, weights)
    except DomainError:
        return False  # one at a time, they say which group it is
    if not np.isfinite(np.add.reduce(columns, axis=-1)).all():
        return False
    state.nodes[first.row : last.row + 1] = columns
    for task, x in zip(tasks, block, strict=True):
        state.settled[task.id] = Settled(x)
    return True


def run_group(
    task: GroupTask, context: Context, state: State, learned: Learned, height: Mapping[str, GroupTask], *, fresh: bool
) -> None:
    """Fill the row of one group, and its published column where it has steps of its own."""
    kept = rows_where(context.inputs, task.where)
    outside = None if kept is None else ~kept
    x = _children(task, state)
    settled = settle(task, x, kept, context, state, learned, height, fresh=fresh)
    state.settled[task.id] = settled
    weights = _weights(task, settled.x, context, learned, fresh=fresh)
    column = _aggregate(task, settled.x, weights, context)
    if settled.blank is not None:
        column[settled.blank] = np.nan
    row = state.nodes[task.row]
    row[:] = column
    if outside is not None:
        row[outside] = np.nan
    for kind, stages in (("steps", task.steps), ("publish", task.publish)):
        if not stages:
            continue
        given = None if fresh else getattr(learned, kind).get(task.id, [None] * len(stages))
        y, params, _ = run_stages(row[:, None], stages, (task.id,), context, given)
        if fresh and any(entry is not None for entry in params):
            getattr(learned, kind)[task.id] = params
        shown = y[:, 0] if kind == "steps" else y[:, 0].copy()
        if outside is not None:
            shown = np.where(outside, np.nan, shown)
        if kind == "steps":
            row[:] = shown
        else:
            state.published[task.id] = shown
    state.gaps[task.row] = outside is not None or (settled.gaps and bool(np.isnan(row.sum())))


def _children(task: GroupTask, state: State) -> FloatArray:
    """The children's columns (n × k): carried, or published where a `use` says so; a view where it can be."""
    span = task.span
    block = state.nodes[span if span is not None else task.rows]
    for place in task.published:
        name = task.children[place]
        if name in state.published:
            block[place] = state.published[name]
    return block.T


def _weights(task: GroupTask, x: FloatArray, context: Context, learned: Learned, *, fresh: bool) -> FloatArray | None:
    """The weights of the children; learned from the reference rows where a method finds them."""
    if task.weights is not None:
        return task.weights
    if task.id in learned.weights:
        return learned.weights[task.id]
    call = task.group.weights
    assert isinstance(call, Call), UNPUBLISHED  # unpublished weights are refused before a run
    ref = context.refer(x)
    options = keywords(call.method.function, call.settings)
    if "children" in call.method.reserved:
        options["children"] = task.children
    try:
        weights = np.asarray(call.method.function(ref, **options), dtype=np.float64)
    except DomainError as error:
        rows = None if context.reference is None else np.flatnonzero(context.reference)
        context.report(error, task.children, call, rows)
        return None
    trouble = _unusable(weights, len(task.children))
    if trouble:
        context.problems.append(Problem(f"weighting {call.name} {trouble}", task.id))
        return None
    learned.weights[task.id] = weights
    return weights


def _unusable(weights: FloatArray, count: int) -> str:
    if weights.shape != (count,):
        return f"gives an array of shape {weights.shape}, not one weight for each of {count} children"
    if not np.isfinite(weights).all() or (weights < 0).any():
        return f"gives a weight that is negative or not finite: {weights.tolist()}"
    if abs(weights.sum() - 1.0) > 1e-9:
        return f"gives weights that add to {float(weights.sum()):.12g}, not to 1"
    return ""


def _aggregate(task: GroupTask, x: FloatArray, weights: FloatArray | None, context: Context) -> FloatArray:
    if weights is None:  # told already
        context.failed.add(task.id)
        return np.full(len(x), np.nan)
    try:
        column = aggregate(task.group.aggregate, x, weights)
    except DomainError as error:
        context.report(error, task.children, task.group.aggregate)
        context.failed.add(task.id)
        return np.full(len(x), np.nan)
    infinite = np.flatnonzero(np.isinf(column))
    if len(infinite):
        units = ", ".join(context.inputs.name(int(row)) for row in infinite[:5])
        context.problems.append(Problem(f"{task.group.aggregate.name} gives an infinite number for {units}", task.id))
    return column


def aggregate(call: Call, x: FloatArray, weights: FloatArray) -> FloatArray:
    """The aggregator on its axis: x (… × n × k) and weights (… × k) to … × n."""
    options: dict[str, Any] = keywords(call.method.function, call.settings)
    if call.via is None:
        column: FloatArray = call.method.function(x, weights, **options)
        return column
    (a, b), (c, d) = call.via
    column = call.method.function((x - a) / (b - a) * (d - c) + c, weights, **options)
    return (column - c) / (d - c) * (b - a) + a
