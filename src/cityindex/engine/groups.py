"""Fills the row of one group: settles what is missing among its children, weighs, aggregates, treats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cityindex.engine.aggregation import aggregate, each_set, learn_reference
from cityindex.engine.inputs import BoolArray, rows_where
from cityindex.engine.learned import Learned
from cityindex.engine.missing import settle
from cityindex.engine.stages import Context, run_stages
from cityindex.engine.state import Settled, State
from cityindex.engine.weights import weights_of
from cityindex.errors import DomainError, Problem
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask, Plan

__all__ = ["children_of", "run_group", "run_siblings", "with_a_value"]


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
        state.settled[task.id] = Settled(x, weights=task.weights)
    return True


def run_group(
    task: GroupTask,
    plan: Plan,
    context: Context,
    state: State,
    learned: Learned,
    height: Mapping[str, GroupTask],
    *,
    fresh: bool,
) -> None:
    """Fill the row of one group, and its published column where it has steps of its own."""
    kept = rows_where(context.inputs, task.where)
    outside = None if kept is None else ~kept
    x = children_of(task, state)
    settled = settle(task, x, kept, context, state, learned, height, fresh=fresh)
    valued = with_a_value(settled, kept)
    chosen = valued if context.reference is None else valued & context.reference
    weights = weights_of(task, settled.x, valued, chosen, plan, context, learned)
    settled = replace(settled, weights=weights, valued=None if valued.all() else valued)
    state.settled[task.id] = settled
    column = _aggregate(task, settled.counted(settled.x), weights, chosen, context, learned)
    row = state.nodes[task.row]
    row[:] = column if settled.valued is None else np.where(valued, column, np.nan)
    for kind, stages in (("steps", task.steps), ("publish", task.publish)):
        if not stages:
            continue
        given = None if fresh else getattr(learned, kind).get(task.id, [None] * len(stages))
        y, params, _ = run_stages(row[:, None], stages, (task.id,), context, given, outside)
        if fresh and any(entry is not None for entry in params):
            getattr(learned, kind)[task.id] = params
        if kind == "steps":
            row[:] = y[:, 0]
        else:
            state.published[task.id] = y[:, 0].copy()
    state.gaps[task.row] = outside is not None or (settled.gaps and bool(np.isnan(row.sum())))


def children_of(task: GroupTask, state: State) -> FloatArray:
    """The children's columns (n × k): carried, or published where a `use` says so; a view where it can be."""
    span = task.span
    block = state.nodes[span if span is not None else task.rows]
    for place in task.published:
        name = task.children[place]
        if name in state.published:
            block[place] = state.published[name]
    return block.T


def with_a_value(settled: Settled, kept: BoolArray | None) -> BoolArray:
    """The rows that get a value: where the group applies, and no rule takes it away."""
    valued = np.ones(len(settled.x), dtype=bool) if kept is None else kept.copy()
    if settled.blank is not None:
        valued &= ~settled.blank
    return valued


def _aggregate(
    task: GroupTask,
    x: FloatArray,
    weights: FloatArray | None,
    chosen: BoolArray,
    context: Context,
    learned: Learned,
) -> FloatArray:
    nothing = np.full(len(x), np.nan)
    if weights is None:  # told already
        context.failed.add(task.id)
        return nothing
    call = task.group.aggregate
    rows: Any = np.flatnonzero(chosen)
    try:
        if call.method.pooled and task.id not in learned.aggregates:
            learned.aggregates[task.id] = learn_reference(call, x[rows], weights)
        rows, params = None, learned.aggregates.get(task.id)
        column = each_set(lambda own, w: aggregate(call, own, w, params), x, weights)
    except DomainError as error:
        context.report(error, task.children, call, rows, whole=task.id)
        context.failed.add(task.id)
        return nothing
    infinite = np.flatnonzero(np.isinf(column))
    if len(infinite):
        units = ", ".join(context.inputs.name(int(row)) for row in infinite[:5])
        message = f"{call.name} gives an infinite number for {units}"
        context.problems.append(Problem(message, task.id, tuple(infinite.tolist())))
    return column
