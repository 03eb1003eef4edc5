"""The weights of a group's children: as written, as given in a calibration, or found by a weighting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cityindex._registry import keywords
from cityindex.engine.inputs import BoolArray, rows_where
from cityindex.engine.learned import Learned
from cityindex.engine.stages import Context
from cityindex.errors import DomainError, Problem
from cityindex.methods._arrays import FloatArray
from cityindex.methods._summary import Summary
from cityindex.plan import GroupTask, Plan
from cityindex.spec.model import UNPUBLISHED, Call, Indicator

__all__ = ["raw_columns", "weigh", "weights_of"]


def weights_of(
    task: GroupTask,
    x: FloatArray,
    valued: BoolArray,
    chosen: BoolArray,
    plan: Plan,
    context: Context,
    learned: Learned,
) -> FloatArray | None:
    """The weights of the children, k; n × k where they are learned by label; None where problems were told.

    `valued`: the rows that need weights, as the group has a value there; `chosen`: those to learn from.
    """
    if task.weights is not None:
        return task.weights
    call = task.group.weights
    assert isinstance(call, Call), UNPUBLISHED  # unpublished weights are refused before a run
    if task.id not in learned.weights:
        found = _learn(task, call, x, chosen, plan, context)
        if found is None:
            return None
        learned.weights[task.id] = found
    known = learned.weights[task.id]
    return _by_row(task, call, known, x, valued, context) if isinstance(known, Mapping) else known


def _learn(
    task: GroupTask, call: Call, x: FloatArray, chosen: BoolArray, plan: Plan, context: Context
) -> FloatArray | dict[str, FloatArray] | None:
    columns, directions = x, None
    if call.on == "raw":
        before = len(context.problems)
        columns, directions = raw_columns(task, plan, context)
        if len(context.problems) > before:
            return None
    if call.within is None:
        return weigh(task, call, columns, np.flatnonzero(chosen), directions, context)
    found: dict[str, FloatArray] = {}
    for label, rows in context.label_rows(call.within).items():
        own = rows[chosen[rows]]
        if len(own) and label:
            weights = weigh(task, call, columns, own, directions, context, label)
            if weights is None:
                return None
            found[label] = weights
    return found


def weigh(
    task: GroupTask,
    call: Call,
    columns: FloatArray | Summary,
    rows: Any,
    directions: FloatArray | None,
    context: Context,
    label: str = "",
) -> FloatArray | None:
    """One set of weights, learned from some rows (or from what is known of them); problems told by unit and child."""
    options: dict[str, Any] = keywords(call.method.function, call.settings)
    if "children" in call.method.reserved:
        options["children"] = task.children
    if directions is not None:
        options["directions"] = directions
    place = f" (within {call.within} = {label})" if label else ""
    try:
        ref = columns if isinstance(columns, Summary) else columns[rows]
        weights = np.asarray(call.method.function(ref, **options), dtype=np.float64)
    except DomainError as error:
        told = DomainError(f"{error.reason}{place}", columns=error.columns, cells=error.cells)
        context.report(told, task.children, call, rows, whole=task.id)
        return None
    trouble = _unusable(weights, len(task.children))
    if trouble:
        context.problems.append(Problem(f"weighting {call.name} {trouble}{place}", task.id))
        return None
    return weights


def raw_columns(task: GroupTask, plan: Plan, context: Context) -> tuple[FloatArray, FloatArray]:
    """The children's columns before any step (n × k), and the direction of each: 1, or −1 where less is better."""
    inputs = context.inputs
    columns = np.full((inputs.units, len(task.children)), np.nan)
    directions = np.ones(len(task.children))
    for place, child in enumerate(task.children):
        node = plan.spec.nodes[child]
        if not isinstance(node, Indicator) or child in plan.given or child not in inputs.values:
            message = f"weights on raw columns (on: raw) need indicators with a column; {child} has none here"
            context.problems.append(Problem(message, task.id))
            continue
        column = inputs.values[child]
        if child in inputs.per:
            with np.errstate(all="ignore"):
                column = np.where(inputs.per[child] == 0, np.nan, column / inputs.per[child])
        outside = rows_where(inputs, node.where)
        columns[:, place] = column if outside is None else np.where(outside, column, np.nan)
        if node.falls is None:
            message = (
                f"{child} has steps that neither rise nor fall (nearness to a value, bands), so its raw column has no "
                "direction; learn the weights from the carried columns (on: carried)"
            )
            context.problems.append(Problem(message, task.id))
        directions[place] = -1.0 if node.falls else 1.0
    return columns, directions


def _by_row(
    task: GroupTask, call: Call, known: Mapping[str, FloatArray], x: FloatArray, valued: BoolArray, context: Context
) -> FloatArray:
    """The set of each row, n × k, by its label; labels that were not learned are told where they are needed."""
    weights = np.full(x.shape, np.nan)
    for label, rows in context.label_rows(call.within or "").items():
        if label in known:
            weights[rows] = known[label]
        elif len(rows := rows[valued[rows] & ~np.isnan(x[rows]).all(axis=1)]):
            units = ", ".join(context.inputs.name(int(row)) for row in rows[:3])
            what = f"{call.within} = {label!r} was not learned" if label else f"{call.within} is empty"
            message = f"{call.name} within {call.within}: {what} (units: {units}; learned: {_listed(known)})"
            context.problems.append(Problem(message, task.id, tuple(rows.tolist())))
    return weights


def _listed(labels: Mapping[str, Any] | Sequence[str]) -> str:
    names = list(labels)
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def _unusable(weights: FloatArray, count: int) -> str:
    if weights.shape != (count,):
        return f"gives an array of shape {weights.shape}, not one weight for each of {count} children"
    if not np.isfinite(weights).all() or (weights < 0).any():
        return f"gives a weight that is negative or not finite: {weights.tolist()}"
    if abs(weights.sum() - 1.0) > 1e-9:
        return f"gives weights that add to {float(weights.sum()):.12g}, not to 1"
    return ""
