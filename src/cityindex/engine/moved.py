"""What the treatment of outliers moved: the numbers of a node before and after each step that moves single values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cityindex.engine.aggregation import aggregate, each_set
from cityindex.engine.inputs import Inputs, rows_where
from cityindex.engine.leaves import columns_of, start_of
from cityindex.engine.run import Outcome
from cityindex.engine.stages import Context, run_stages
from cityindex.engine.trace import describe
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Block, GroupTask, Plan, Stage

__all__ = ["Move", "moves"]


@dataclass(frozen=True, slots=True)
class Move:
    """What one step of one node moved: the rows that it changed, and their numbers before and after it.

    A step that bent the whole column (`bent`) moved every number; its rows are not listed.
    """

    node: str
    step: str
    rows: np.ndarray[tuple[int], np.dtype[np.intp]]
    before: FloatArray
    after: FloatArray
    bent: bool = False


def moves(plan: Plan, outcome: Outcome, inputs: Inputs) -> Iterator[Move]:
    """Every number that a step which moves single values changed, by running those nodes' steps again."""
    context = Context(inputs, None)
    tasks: list[Block | GroupTask] = [*plan.blocks, *plan.groups]
    for task in tasks:
        ids = task.ids if isinstance(task, Block) else (task.id,)
        for kind, stages in (("steps", task.steps), ("publish", task.publish)):
            if any(stage.method.treats for stage in stages):
                for place, name in enumerate(ids):
                    carried = kind == "publish"
                    start = (
                        outcome.column(plan, name, "carried") if carried else _start(plan, outcome, context, task, name)
                    )
                    yield from _follow(name, ids[0], place, stages, kind, start, outcome, context)


def _start(plan: Plan, outcome: Outcome, context: Context, task: Block | GroupTask, name: str) -> FloatArray:
    """A node's column before its first step."""
    kept = rows_where(context.inputs, task.where)
    if isinstance(task, GroupTask):
        settled = outcome.settled[name]
        assert settled.weights is not None  # a run without weights fails
        call, params = task.group.aggregate, outcome.learned.aggregates.get(name)
        start = each_set(lambda own, w: aggregate(call, own, w, params), settled.counted(settled.x), settled.weights)
        if settled.valued is not None:
            start = np.where(settled.valued, start, np.nan)
    else:
        start = start_of(plan, context, name)
    return start if kept is None else np.where(kept, start, np.nan)


def _follow(
    name: str,
    key: str,
    place: int,
    stages: Sequence[Stage],
    kind: str,
    start: FloatArray,
    outcome: Outcome,
    context: Context,
) -> Iterator[Move]:
    part = slice(place, place + 1)
    learned = columns_of(getattr(outcome.learned, kind).get(key), stages, part)
    x = start[:, None]
    for stage, params in zip(stages, learned, strict=True):
        own = stage.columns(part)
        y, _, _ = run_stages(x, [own], (name,), context, [params])
        if stage.method.treats:
            rows = np.flatnonzero((x[:, 0] != y[:, 0]) & ~np.isnan(x[:, 0]))
            if params and len(params.get("curve", [()])[0]):
                nothing = np.empty(0)
                yield Move(name, f"{describe(own)}: transformed", rows[:0], nothing, nothing, bent=True)
            elif len(rows):
                yield Move(name, describe(own), rows, x[rows, 0], y[rows, 0])
        x = y
