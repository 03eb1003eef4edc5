"""The four rules for children that are missing, applied to one group: refuse, propagate, reweight, impute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._values import Percent
from cityindex.engine.inputs import BoolArray, rows_where
from cityindex.engine.learned import Learned, Params
from cityindex.engine.stages import LISTED, Context
from cityindex.engine.state import Settled, State
from cityindex.errors import DomainError, Problem
from cityindex.methods import impute as impute_kernels
from cityindex.methods._arrays import FloatArray
from cityindex.methods.missing import SIBLINGS, enough, reweight, siblings
from cityindex.plan import GroupTask
from cityindex.spec.model import Indicator

__all__ = ["settle"]


def settle(
    task: GroupTask,
    x: FloatArray,
    kept: BoolArray | None,
    context: Context,
    state: State,
    learned: Learned,
    groups: Mapping[str, GroupTask],
    *,
    fresh: bool,
) -> Settled:
    """Apply the group's rule for missing children; cells to refuse are reported, not raised."""
    call = task.group.missing
    if call.name == "impute" and fresh and call.settings["use"] != SIBLINGS:
        params = _learn(task, x, kept, context)
        if params is None:
            return Settled(x, blank=np.ones(len(x), dtype=bool), gaps=True)
        learned.missing[task.id] = params
    thin = call.name == "reweight" and call.settings["covered"] is not None  # a child that is there may not count
    if not state.gaps[task.rows].any() and not task.published and not thin:
        return Settled(x)
    absent = np.isnan(x)
    if kept is not None:
        absent &= kept[:, None]
    applies = _applies(task, context)
    if applies is not None:
        absent &= applies  # a child that does not apply to a unit is not missing there
    if not absent.any() and not thin:
        return Settled(x, gaps=True)
    touched: BoolArray = np.logical_or.reduce(absent, axis=1)
    if call.name == "refuse":
        return _refuse(task, x, absent, context, state)
    if call.name == "propagate":
        return Settled(x, blank=touched, gaps=True)
    if call.name == "reweight":
        coverage = _coverage(task, context, state, groups) if thin else None
        short: BoolArray = np.logical_and.reduce(np.isnan(reweight(x, coverage, applies, **call.settings)), axis=1)
        if task.weights is not None:  # children without a weight make no value
            short |= ~np.logical_or.reduce(~np.isnan(x) & (task.weights != 0), axis=1)
        return Settled(x, blank=short, shared=touched & ~short, gaps=True)
    return _impute(task, x, absent, applies, context, learned)


def _applies(task: GroupTask, context: Context) -> BoolArray | None:
    """Which of the children apply to which unit, n × k, by their `where` (None: all of them to all)."""
    if not any(task.applies):
        return None
    applies = np.ones((context.inputs.units, len(task.children)), dtype=bool)
    for place, where in enumerate(task.applies):
        rows = rows_where(context.inputs, where)
        if rows is not None:
            applies[:, place] = rows
    return applies


def _refuse(task: GroupTask, x: FloatArray, absent: BoolArray, context: Context, state: State) -> Settled:
    told = np.zeros_like(absent)
    for place, child in enumerate(task.children):  # what a child lacks, or was refused, was told there
        if child in context.failed:
            told[:, place] = True
        elif child in state.refused:
            told[:, place] = state.refused[child]
    cells = np.argwhere(absent & ~told)
    concerned = tuple(dict.fromkeys(cells[:, 0].tolist()))
    for row, column in cells[:LISTED]:
        child = task.children[column]
        missing = f"missing{_undivided(task, child, int(row), context)}"
        message = f"{missing}, and {task.id} refuses missing children (`missing:` says what else can be done)"
        context.problems.append(Problem(message, f"unit {context.inputs.name(int(row))}, {child}", concerned))
    if len(cells) > LISTED:
        context.problems.append(Problem(f"{len(cells) - LISTED} more cells are missing among the children", task.id))
    refused: BoolArray = np.logical_or.reduce(absent, axis=1)
    state.refused[task.id] = refused
    return Settled(x, blank=refused, gaps=True)


def _undivided(task: GroupTask, child: str, row: int, context: Context) -> str:
    """What to add where a child has a number, and lacks the one it is divided by."""
    per, values = context.inputs.per.get(child), context.inputs.values.get(child)
    if per is None or values is None or np.isnan(values[row]) or not np.isnan(per[row]):
        return ""
    (node,) = (node for node in task.group.children if isinstance(node, Indicator) and node.id == child)
    return f" (it is divided by {node.per}, which is missing)"


def _coverage(task: GroupTask, context: Context, state: State, groups: Mapping[str, GroupTask]) -> FloatArray:
    """The share of each child's own children (of those that apply) that are there (1 for a leaf)."""
    shares = np.ones((context.inputs.units, len(task.children)))
    for place, child in enumerate(task.children):
        if child in groups:
            there = ~np.isnan(state.nodes[groups[child].rows])
            applies = _applies(groups[child], context)
            counted = len(there) if applies is None else np.maximum(applies.sum(axis=1), 1)
            shares[:, place] = there.sum(axis=0) / counted
    return shares


def _learn(task: GroupTask, x: FloatArray, kept: BoolArray | None, context: Context) -> Params | None:
    use, within = task.group.missing.settings["use"], task.group.missing.within
    chosen = context.reference if kept is None else kept if context.reference is None else kept & context.reference
    try:
        if within is None:
            params: Params = impute_kernels.learn(x if chosen is None else x[chosen], use=use)
            return params
        return _learn_by_label(x, chosen, context.label_rows(within), use)
    except DomainError as error:
        context.report(error, task.children, task.group.missing)
        return None


def _learn_by_label(x: FloatArray, chosen: BoolArray | None, labels: Mapping[str, Any], use: Any) -> Params:
    """Label → value of each child; a child that nobody of a label has stays missing there (nan)."""
    learned: dict[str, Params] = {}
    for label, rows in labels.items():
        rows = rows if chosen is None else rows[chosen[rows]]
        if not len(rows) or not label:
            continue
        ref = x[rows]
        known = ~np.isnan(ref).all(axis=0)
        values = np.full(x.shape[1], np.nan)
        if known.any():
            values[known] = impute_kernels.learn(ref[:, known], use=use)["value"]
        learned[label] = {"value": [None if np.isnan(value) else float(value) for value in values]}
    return learned


def _impute(
    task: GroupTask, x: FloatArray, absent: BoolArray, applies: BoolArray | None, context: Context, learned: Learned
) -> Settled:
    call = task.group.missing
    at_least: int | Percent = call.settings["at_least"]
    blank = ~enough(~np.isnan(x), applies, at_least=at_least)
    values = np.full(x.shape, np.nan)
    if call.settings["use"] == SIBLINGS:
        values[:] = siblings(x)
    elif call.within is None:
        values[:] = np.asarray(learned.missing[task.id]["value"], dtype=np.float64)
    else:
        values[:] = _by_label(task, x, absent, context, learned.missing[task.id])
    filled = absent & ~blank[:, None] & ~np.isnan(values)
    complete = np.where(filled, values, x)
    lacking: BoolArray = np.logical_or.reduce(absent & ~filled, axis=1)
    return Settled(complete, blank=blank | lacking, filled=filled, gaps=True)


def _by_label(task: GroupTask, x: FloatArray, absent: BoolArray, context: Context, params: Params) -> FloatArray:
    within = task.group.missing.within or ""
    values = np.full(x.shape, np.nan)
    for label, rows in context.label_rows(within).items():
        if label in params:
            found = params[label]["value"]
            values[rows] = np.array([np.nan if value is None else float(value) for value in found])
        elif len(rows := rows[absent[rows].any(axis=1)]):
            unit = context.inputs.name(int(rows[0]))
            message = f"impute within {within}: {label!r} was not learned" if label else f"{within} is empty"
            context.problems.append(Problem(message, f"unit {unit}, {task.id}", tuple(rows.tolist())))
    return values
