"""The index as written, run once, and its variants: other methods at some nodes, a node left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from cityindex.engine import Inputs, Learned, Outcome, pack, run, unpack
from cityindex.engine.inputs import BoolArray, rows_where
from cityindex.errors import CityIndexError, NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import Part
from cityindex.pipeline import score
from cityindex.plan import GroupTask, Plan, compile_plan
from cityindex.result import Result
from cityindex.spec.model import Call, Group, Spec

__all__ = ["Base", "Variant", "base_of", "without"]

Change = Callable[[Spec], Spec]


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to compute the index: a plan and what a run of it made of the table."""

    plan: Plan
    outcome: Outcome

    @cached_property
    def groups(self) -> Mapping[str, GroupTask]:
        return {task.id: task for task in self.plan.groups}

    @cached_property
    def nominal(self) -> Mapping[str, FloatArray]:
        """Group → its weights as they were used (those learned by label are not among them)."""
        found = {name: self.outcome.settled[name].weights for name in self.groups}
        return {name: weights for name, weights in found.items() if weights is not None and weights.ndim == 1}

    def weighted(self, weights: Mapping[str, FloatArray]) -> Plan:
        """The plan with other weights at some groups."""
        return _with_tasks(self.plan, {name: replace(self.groups[name], weights=own) for name, own in weights.items()})


@dataclass(frozen=True, eq=False)
class Base:
    """What every draw starts from: the result as written, and the node that is looked at."""

    result: Result
    node: str
    part: Part
    _variants: dict[tuple[Any, ...], Variant] = field(default_factory=dict)

    @property
    def spec(self) -> Spec:
        return self.part.plan.spec

    @property
    def inputs(self) -> Inputs:
        return self.part.inputs

    @cached_property
    def group(self) -> Group:
        group = self.spec.nodes[self.node]
        assert isinstance(group, Group)  # looked up in `base_of`
        return group

    @cached_property
    def reference(self) -> BoolArray | None:
        """The rows that are learned from (None: all)."""
        return rows_where(self.inputs, self.spec.reference)

    @cached_property
    def held(self) -> Learned | None:
        """What was learned of other rows (a calibration), and is held in every draw; None: learned of these rows."""
        plan, known = self.part.plan, self.part.calibration
        try:
            if replace(known, nodes=pack(plan, run(plan, self.inputs, None).learned)) == known:
                return None
        except CityIndexError:  # such as one newcomer, of whom nothing can be learned
            pass
        return unpack(plan, known.nodes)

    def refuse_held(self, what: str) -> NoReturn:
        """Say that something would have to be learned that the calibration does not hold."""
        raise ScoreError(
            f"{what}: {self.spec.id} was scored by a calibration of other rows, which does not hold what would have to "
            "be learned; score a table that holds the reference"
        )

    @cached_property
    def below(self) -> tuple[str, ...]:
        """The nodes with values below the node that is looked at, in the order of the tree."""
        tasks, found, pending = self.nominal.groups, set[str](), [self.node]
        while pending:
            for child in tasks[pending.pop()].children:
                if child not in found:
                    found.add(child)
                    pending += [child] if child in tasks else []
        return tuple(name for name in self.result.nodes if name in found)

    @cached_property
    def peers(self) -> tuple[np.ndarray[Any, np.dtype[np.intp]], ...]:
        """The rows that are ranked together: those of each period."""
        if self.result.periods is None:
            return (np.arange(len(self.result)),)
        labels = np.asarray(self.result.periods)
        return tuple(np.flatnonzero(labels == period) for period in dict.fromkeys(self.result.periods))

    @cached_property
    def nominal(self) -> Variant:
        """The index as written."""
        return Variant(self.part.plan, self.part.outcome)

    def variant(self, key: tuple[Any, ...], changes: Sequence[Change], gone: Sequence[str] = ()) -> Variant:
        """The variant with these changes of the spec and without these nodes, run once and kept under its key."""
        if key not in self._variants:
            spec = self.spec
            for change in changes:
                spec = change(spec)
            plan = compile_plan(spec, self.part.plan.given)
            whole = self.nominal
            if gone and [group.weights for group in spec.groups] != [group.weights for group in self.spec.groups]:
                whole = Variant(plan, run(plan, self.inputs, self.held))  # the judged weights are those of the change
            for name in gone:
                plan = without(plan, name, whole)
            self._variants[key] = Variant(plan, run(plan, self.inputs, self.held))
        return self._variants[key]


def base_of(result: Any, table: Any = None, node: str | None = None) -> Base:
    """The base of a spec and a table, or of a result.

    Raises
    ------
    NotFoundError
        There is no such group.
    ScoreError
        An index with editions: each is an index of its own.
    """
    if isinstance(result, Result) and table is not None:
        raise ScoreError("a result and a table: give a spec and a table, or the result alone (choices=… by name)")
    if not isinstance(result, Result):
        result = score(result, table)
    if len(result.parts) > 1:
        periods = ", ".join(part.period or "the spec itself" for part in result.parts)
        raise ScoreError(f"{result.spec.id} has several editions here ({periods}): give the rows of one of them")
    name = result.root if node is None else node
    if name in result.parts[0].plan.given:
        raise ScoreError(f"{name} stands in this table as it is: nothing of it is computed here, so nothing can vary")
    if name not in result.groups:
        raise NotFoundError(f"{name!r} is no group that is computed here.{nearest(name, result.groups)}")
    return Base(result, name, result.parts[0])


def without(plan: Plan, node: str, nominal: Variant) -> Plan:
    """The plan without a node: its parents lose the child, and its weight is shared by the others.

    Weights that are learned from data are learned again without it; those from judgements stay as they were.

    Raises
    ------
    ScoreError
        It is the only child of its group, or the index itself.
    """
    changed: dict[str, GroupTask] = {}
    for task in plan.groups:
        if node in task.children:
            if len(task.children) == 1:
                raise ScoreError(
                    f"{node} cannot be left out: it is the only child of {task.id}; leave that out instead"
                )
            changed[task.id] = _less(task, task.children.index(node), nominal)
    if not changed:
        raise ScoreError(f"{node} cannot be left out: no group has it as a child")
    return _with_tasks(plan, changed)


def _less(task: GroupTask, place: int, nominal: Variant) -> GroupTask:
    keep = [other for other in range(len(task.children)) if other != place]
    call = task.group.weights
    judged = isinstance(call, Call) and not call.method.from_data
    weights = nominal.nominal.get(task.id) if task.weights is None and judged else task.weights
    return replace(
        task,
        children=tuple(task.children[other] for other in keep),
        rows=task.rows[keep],
        published=tuple(keep.index(other) for other in task.published if other != place),
        weights=None if weights is None else weights[keep],
        applies=tuple(task.applies[other] for other in keep),
    )


def _with_tasks(plan: Plan, changed: Mapping[str, GroupTask]) -> Plan:
    """The plan with other tasks for some groups, each run singly."""
    tasks = (changed.get(task.id, task) for task in plan.groups)
    return replace(plan, siblings=tuple((task,) for task in tasks))
