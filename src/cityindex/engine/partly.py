"""A run that stops where something is still to be learned: what the next step, imputation or weighting would see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex.engine.groups import children_of, run_group, with_a_value
from cityindex.engine.inputs import BoolArray, Inputs, rows_where
from cityindex.engine.learned import Learned
from cityindex.engine.leaves import run_block, start_of
from cityindex.engine.missing import settle
from cityindex.engine.stages import Context
from cityindex.engine.state import State
from cityindex.engine.weights import raw_columns
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Block, GroupTask, Plan
from cityindex.spec.model import Call

__all__ = ["Partly"]


class Partly:
    """The values of the nodes that can be had so far, of the rows of one block.

    Parameters
    ----------
    plan
        A plan cut short: its stages are those that were learned, its groups those that can be aggregated.
    inputs
        The rows.
    learned
        What those stages learned.
    reference
        The rows that are learned from (None: all).
    """

    def __init__(self, plan: Plan, inputs: Inputs, learned: Learned, reference: BoolArray | None) -> None:
        self._plan, self._learned = plan, learned
        self.context = Context(inputs, reference)
        self._state = State.empty(len(plan.ids), inputs.units)
        self._groups: Mapping[str, GroupTask] = {task.id: task for task in plan.groups}
        with np.errstate(all="ignore"):  # infinite results are looked for and reported by name
            for block in plan.blocks:
                run_block(block, plan, self.context, self._state, learned, fresh=False)
            for task in plan.groups:
                run_group(task, plan, self.context, self._state, learned, self._groups, fresh=False)

    def stage(self, ids: tuple[str, ...], kind: str, place: int) -> FloatArray:
        """What comes to a stage of some nodes that share it, n × k."""
        shown = self._state.published if kind == "publish" and place else {}
        rows = [self._plan.row[name] for name in ids]
        if not shown:
            return self._state.nodes[rows].T
        return np.stack([shown[name] for name in ids], axis=1)

    def raw(self, block: Block) -> FloatArray:
        """What comes to the first stage of a block, without a run: its columns, outside its `where` missing; n × k."""
        x = np.stack([start_of(self._plan, self.context, name) for name in block.ids], axis=0).T
        kept = rows_where(self.context.inputs, block.where)
        if kept is not None:
            x[~kept] = np.nan
        return x

    def children(self, task: GroupTask) -> tuple[FloatArray, BoolArray]:
        """The children of a group before anything missing is settled (n × k), and the rows that are learned from."""
        kept = rows_where(self.context.inputs, task.where)
        chosen = np.ones(self.context.inputs.units, dtype=bool) if kept is None else kept
        return children_of(task, self._state), self._referred(chosen)

    def settled(self, task: GroupTask, groups: Mapping[str, GroupTask]) -> tuple[FloatArray, BoolArray]:
        """The columns that a weighting looks at (n × k), and the rows that it learns from."""
        kept = rows_where(self.context.inputs, task.where)
        x = children_of(task, self._state)
        found = settle(task, x, kept, self.context, self._state, self._learned, groups, fresh=False)
        chosen = self._referred(with_a_value(found, kept))
        call: Any = task.group.weights
        if isinstance(call, Call) and call.on == "raw":
            return raw_columns(task, self._plan, self.context)[0], chosen
        return found.x, chosen

    def _referred(self, rows: BoolArray) -> BoolArray:
        reference = self.context.reference
        return rows if reference is None else rows & reference
