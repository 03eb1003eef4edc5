"""One unit's way through one node: what each step made of its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cityindex.engine.aggregation import aggregate, each_set
from cityindex.engine.inputs import Inputs, rows_where
from cityindex.engine.learned import Params
from cityindex.engine.leaves import columns_of
from cityindex.engine.run import Outcome
from cityindex.engine.stages import Context, run_stages
from cityindex.plan import Block, GroupTask, Plan, Stage
from cityindex.spec.model import Indicator

__all__ = ["Trace", "trace"]


@dataclass(frozen=True, slots=True)
class Trace:
    """The numbers of one unit at one node: where it starts, and (what was done, what came out) in order."""

    raw: float
    per: float | None
    steps: tuple[tuple[str, float], ...]
    publish: tuple[tuple[str, float], ...]


def trace(plan: Plan, outcome: Outcome, inputs: Inputs, node: str, row: int) -> Trace:
    """Run one unit through the steps of one node again, one at a time."""
    task, column = _task_of(plan, node)
    raw, per, start = _start(plan, outcome, inputs, node, task, row)
    steps, last = _follow(task, column, "steps", start, outcome, inputs, row)
    publish, _ = _follow(task, column, "publish", last, outcome, inputs, row)
    return Trace(raw, per, steps, publish)


def _task_of(plan: Plan, node: str) -> tuple[Block | GroupTask, int]:
    for task in plan.groups:
        if task.id == node:
            return task, 0
    for block in plan.blocks:
        if node in block.ids:
            return block, block.ids.index(node)
    raise KeyError(node)  # the caller looked the node up in the plan


def _start(
    plan: Plan, outcome: Outcome, inputs: Inputs, node: str, task: Block | GroupTask, row: int
) -> tuple[float, float | None, float]:
    if isinstance(task, GroupTask):
        settled = outcome.settled[task.id]
        if settled.valued is not None and not settled.valued[row]:
            return np.nan, None, np.nan
        assert settled.weights is not None  # a run without weights fails
        weights = settled.weights if settled.weights.ndim == 1 else settled.weights[[row]]
        call, params = task.group.aggregate, outcome.learned.aggregates.get(task.id)
        made = float(each_set(lambda own, w: aggregate(call, own, w, params), settled.x[[row]], weights)[0])
        return made, None, made
    written = plan.spec.nodes[node]
    if isinstance(written, Indicator) and written.value is not None and node not in inputs.values:
        return written.value, None, written.value
    raw = float(inputs.values[node][row])
    if node not in inputs.per:
        return raw, None, raw
    per = float(inputs.per[node][row])
    return raw, per, raw / per if per else np.nan


def _follow(
    task: Block | GroupTask, column: int, kind: str, start: float, outcome: Outcome, inputs: Inputs, row: int
) -> tuple[tuple[tuple[str, float], ...], float]:
    stages: Sequence[Stage] = getattr(task, kind)
    key = task.ids[0] if isinstance(task, Block) else task.id
    part = slice(column, column + 1)
    learned: list[Params | None] = columns_of(getattr(outcome.learned, kind).get(key), stages, part)
    labels = {name: found.take([row]) for name, found in inputs.labels.items()}
    context = Context(replace(inputs, units=1, values={}, per={}, labels=labels, names=()), None)
    kept = rows_where(context.inputs, task.where)
    if kept is not None and not kept[0]:  # a unit outside `where` has no value on the way either
        return tuple((describe(stage.columns(part)), np.nan) for stage in stages), np.nan
    x: Any = np.array([[start]])
    seen = []
    for stage, params in zip(stages, learned, strict=True):
        x, _, _ = run_stages(x, [stage.columns(part)], (key,), context, [params])
        seen.append((describe(stage.columns(part)), float(x[0, 0])))
    return tuple(seen), float(x[0, 0])


def describe(stage: Stage) -> str:
    """A step in words: its name, the options that are written, and whether direction turned it."""
    written = [f"{name}={_short(value)}" for name, value in stage.call.options.items()]
    if stage.call.within:
        written.append(f"within={stage.call.within}")
    turned = ", turned: less is better" if stage.turned is not None else ""
    return f"{stage.call.name}({', '.join(written)}){turned}" if written else f"{stage.call.name}{turned}"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_short(item) for item in value)}]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
