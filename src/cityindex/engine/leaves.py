"""Fills the rows of a block of leaves: reads the columns, divides, masks, treats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cityindex.engine.inputs import rows_where
from cityindex.engine.learned import Learned, Params
from cityindex.engine.stages import Context, run_stages
from cityindex.engine.state import State
from cityindex.errors import Problem
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Block, Plan, Stage
from cityindex.spec.model import Indicator

__all__ = ["columns_of", "leaf_ids", "merge", "run_block", "start_of"]

CHUNK = 1 << 20  # bytes of columns treated at once: large enough to be few calls, small enough for the cache


def run_block(block: Block, plan: Plan, context: Context, state: State, learned: Learned, *, fresh: bool) -> None:
    """Fill the rows of one block, a few columns at a time; learn on the way where `fresh`."""
    width = max(1, CHUNK // (8 * max(context.inputs.units, 1)))
    kept = rows_where(context.inputs, block.where)
    outside = None if kept is None else ~kept
    scratch = np.empty((min(width, len(block.ids)), context.inputs.units))
    found: dict[str, list[list[Params | None]]] = {"steps": [], "publish": []}
    for start in range(0, len(block.ids), width):
        part = slice(start, min(start + width, len(block.ids)))
        ids, rows = block.ids[part], block.rows[part]
        x = _read(plan, context, ids, scratch, writable=outside is not None).T
        for kind, stages in (("steps", block.steps), ("publish", block.publish)):
            if outside is not None:
                x[outside] = np.nan
            if stages or kind == "steps":
                given = None if fresh else columns_of(getattr(learned, kind).get(block.ids[0]), stages, part)
                own = [stage.columns(part) for stage in stages]
                x, params, gaps = run_stages(x, own, ids, context, given, outside)
                found[kind].append(params)
            if kind == "steps":
                state.nodes[_span(rows)] = x.T
                state.gaps[rows] = gaps if outside is None else True
            elif stages:
                state.published.update((name, x[:, column].copy()) for column, name in enumerate(ids))
    if fresh:
        _keep(block.ids[0], learned, found)


def leaf_ids(plan: Plan) -> tuple[str, ...]:
    """The ids of all leaves, in the order of their rows."""
    return tuple(sorted((name for block in plan.blocks for name in block.ids), key=plan.row.__getitem__))


def _span(rows: Any) -> Any:
    first, last = int(rows[0]), int(rows[-1])
    return slice(first, last + 1) if last - first + 1 == len(rows) else rows


def _read(plan: Plan, context: Context, ids: Sequence[str], scratch: FloatArray, *, writable: bool) -> FloatArray:
    """The columns of some leaves, k × n; in `scratch`, or a single one where it stands if it is not written to."""
    inputs, block = context.inputs, scratch[: len(ids)]
    if len(ids) == 1 and ids[0] in inputs.values and ids[0] not in inputs.per and not writable:
        return np.asarray(inputs.values[ids[0]], np.float64)[None, :]
    if not inputs.per and all(name in inputs.values for name in ids):
        np.concatenate([inputs.values[name] for name in ids], out=block.reshape(-1))
        return block
    for target, name in zip(block, ids, strict=True):
        node = plan.spec.nodes[name]
        if name in inputs.per:
            _divide(target, name, node, context)
        elif name in inputs.values:
            target[:] = inputs.values[name]
        else:
            assert isinstance(node, Indicator)  # a constant: everything else has a column
            target[:] = np.nan if node.value is None else node.value
    return block


def start_of(plan: Plan, context: Context, name: str) -> FloatArray:
    """One leaf's column before its first step, divided by `per`; (n,)."""
    column: FloatArray = _read(plan, context, (name,), np.empty((1, context.inputs.units)), writable=True)[0]
    return column


def _divide(target: FloatArray, name: str, node: Any, context: Context) -> None:
    inputs = context.inputs
    values, per = inputs.values[name], inputs.per[name]
    zero = np.flatnonzero((per == 0) & ~np.isnan(values))
    for row in zero[:20]:
        context.problems.append(
            Problem(
                f"{name} is divided by {node.per}, which is 0 there",
                f"unit {inputs.name(int(row))}, {node.per}",
                tuple(zero.tolist()),
            )
        )
    np.divide(values, per, out=target, where=per != 0)
    target[per == 0] = np.nan


def columns_of(params: Sequence[Params | None] | None, stages: Sequence[Stage], part: slice) -> list[Params | None]:
    """What was learned before, for some of the columns."""
    if params is None:
        return [None] * len(stages)
    return [
        None
        if found is None
        else {label: _cut(entry, part) for label, entry in found.items()}
        if stage.call.within
        else _cut(found, part)
        for found, stage in zip(params, stages, strict=True)
    ]


def _cut(params: Params, part: slice) -> dict[str, Any]:
    return {name: values[part] for name, values in params.items()}


def _keep(key: str, learned: Learned, found: Mapping[str, list[list[Params | None]]]) -> None:
    for kind, chunks in found.items():
        if chunks and any(params is not None for params in chunks[0]):
            getattr(learned, kind)[key] = [merge([chunk[place] for chunk in chunks]) for place in range(len(chunks[0]))]


def merge(parts: Sequence[Params | None]) -> Params | None:
    """What several chunks of columns learned at one stage, side by side."""
    present = [part for part in parts if part is not None]
    if len(present) < len(parts):
        return None
    if len(present) == 1:
        return present[0]
    first = present[0]
    if any(isinstance(value, Mapping) for value in first.values()):  # label → params
        labels = [label for label in first if all(label in part for part in present)]
        return {label: merge([part[label] for part in present]) for label in labels}
    return {
        name: np.concatenate([part[name] for part in present])
        if isinstance(first[name], np.ndarray)
        else [entry for part in present for entry in part[name]]
        for name in first
    }
