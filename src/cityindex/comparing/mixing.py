"""States between two results: the structure of one, and weights, calibration and data of either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cityindex._values import label_of
from cityindex.comparing.reading import Reader
from cityindex.comparing.sides import Side
from cityindex.engine import Inputs, unpack
from cityindex.engine.learned import Learned
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.plan import GroupTask, Plan, compile_plan
from cityindex.spec.model import Call, Group, Indicator
from cityindex.table import Note

__all__ = ["FACTORS", "Mixer", "State"]

FACTORS = ("data", "weights", "structure", "calibration")
Nodes = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class State:
    """Which side (0 before, 1 after) each factor is taken from."""

    data: int = 0
    weights: int = 0
    structure: int = 0
    calibration: int = 0


@dataclass
class Mixer:
    """Makes the plan, the inputs and what was learned for any state of the units that both sides have.

    `rows`: of these units, in the rows of each side.
    """

    sides: tuple[Side, Side]
    rows: tuple[IntArray, IntArray]
    notes: list[Note] = field(default_factory=list)
    _kept: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plans = tuple(compile_plan(side.part.plan.spec, side.part.plan.given, side.node) for side in self.sides)
        self._groups = tuple({task.id: task for task in plan.groups} for plan in self.plans)

    def plan(self, state: State) -> Plan:
        """The plan of the structure's side, with the weights of the other where the children are the same."""
        key = ("plan", state.structure, state.weights)
        if key not in self._kept:
            self._kept[key] = self._weighed(state.structure, state.weights)
        plan: Plan = self._kept[key]
        return plan

    def inputs(self, state: State) -> Inputs:
        """The columns that the structure reads, with the numbers of the data's side."""
        key = ("inputs", state.structure, state.data)
        if key not in self._kept:
            plan = self.plans[state.structure]
            reader = Reader(self.sides, self.rows, plan, self._label_columns(plan), state.structure, state.data)
            self._kept[key] = reader.inputs()
            self.notes += reader.notes
        inputs: Inputs = self._kept[key]
        return inputs

    def learned(self, state: State) -> Learned:
        """What was learned, of each node from the calibration's side where both learn the same there."""
        plan = self.plan(state)
        nodes = self.nodes(state)
        return unpack(plan, nodes, name=f"{self.sides[state.structure].name}, with the calibration of another")

    def nodes(self, state: State) -> Nodes:
        """Node → what was learned there, as a calibration holds it."""
        stored = [side.part.calibration.nodes for side in self.sides]
        structure, other = state.structure, state.calibration
        mixed: Nodes = {}
        for name in self.plans[structure].ids:
            entry: dict[str, Any] = {}
            for kind in ("steps", "publish", "missing", "aggregate"):
                source = other if other != structure and self._alike(name, kind) else structure
                found = stored[source].get(name, {}).get(kind)
                if found is not None:
                    entry[kind] = self._relabelled(found, name, kind, source, state.data)
            source = state.weights if self._shared(name) else structure
            weights = stored[source].get(name, {}).get("weights")
            if weights is not None:
                entry["weights"] = self._relabelled(weights, name, "weights", source, state.data)
            if entry:
                mixed[name] = entry
        return mixed

    def differing(self) -> tuple[str, ...]:
        """The factors in which the two sides differ at all, in the order of `FACTORS`."""
        nodes = {key: self.nodes(State(*key)) for key in ((0, 0, 0, 0), (0, 0, 0, 1), (0, 1, 0, 0))}
        plans = self.plan(State()), self.plan(State(weights=1))
        weights = nodes[0, 0, 0, 0], nodes[0, 1, 0, 0]
        differs = {
            "data": any(not _same_inputs(*(self.inputs(State(data, 0, s, 0)) for data in (0, 1))) for s in (0, 1)),
            "weights": _written(plans[0]) != _written(plans[1]) or not _equal(*weights),
            "structure": _structure(self.plans[0]) != _structure(self.plans[1]),
            "calibration": not _equal(nodes[0, 0, 0, 0], nodes[0, 0, 0, 1]),
        }
        return tuple(name for name in FACTORS if differs[name])

    def _weighed(self, structure: int, weights: int) -> Plan:
        plan = self.plans[structure]
        if structure == weights:
            return plan
        siblings: list[tuple[GroupTask, ...]] = []
        for tasks in plan.siblings:
            own = tuple(self._with_weights(task, weights) for task in tasks)
            together = all(task.weights is not None for task in own)
            siblings += [own] if together else [(task,) for task in own]
        return replace(plan, siblings=tuple(siblings))

    def _with_weights(self, task: GroupTask, side: int) -> GroupTask:
        """A group with the weights that it has on a side."""
        if not self._shared(task.id):
            return task
        found = self._groups[side][task.id]
        order = [found.children.index(child) for child in task.children]
        weights = None if found.weights is None else found.weights[order]
        return replace(task, weights=weights, group=replace(task.group, weights=found.group.weights))

    def _label_columns(self, plan: Plan) -> tuple[str, ...]:
        """The labels that a plan reads, with its own weights or those of the other side."""
        shared = [groups[name].group.weights for groups in self._groups for name in groups if self._shared(name)]
        within = [call.within for call in shared if isinstance(call, Call) and call.within is not None]
        return tuple(dict.fromkeys((*plan.label_columns, *within)))

    def _shared(self, name: str) -> bool:
        """Whether it is a group whose weights mean the same on both sides: the same children, averaged or added."""
        tasks = [groups.get(name) for groups in self._groups]
        if tasks[0] is None or tasks[1] is None or sorted(tasks[0].children) != sorted(tasks[1].children):
            return False
        methods = [task.group.aggregate.method for task in tasks if task is not None]
        return all(method.takes_weights for method in methods) and methods[0].averages == methods[1].averages

    def _alike(self, name: str, kind: str) -> bool:
        """Whether a node learns the same on both sides: what it reads, and every step up to the last that learns."""
        key = ("alike", name, kind)
        if key not in self._kept:
            told = [_learning(plan, name, kind) for plan in self.plans]
            self._kept[key] = told[0] is not None and told[0] == told[1]
        return bool(self._kept[key])

    def _relabelled(self, entry: Any, name: str, kind: str, source: int, data: int) -> Any:
        """What was learned `within` the period, by label, as the labels of the data's side have it.

        So a calibration of each period on its own is a matter of calibration, and not of the data.
        """
        calls = _calls(self.plans[source], name, kind)
        own, wanted = (label_of(side.period or "") for side in (self.sides[source], self.sides[data]))
        if own == wanted or not any(self._by_period(call, source) for call in calls):
            return entry
        if kind in ("steps", "publish"):
            pairs = zip(entry, calls, strict=True)
            return tuple(_renamed(own, wanted, part) if self._by_period(call, source) else part for part, call in pairs)
        if kind == "missing":
            return {child: _renamed(own, wanted, part) for child, part in entry.items()}
        return _renamed(own, wanted, entry)

    def _by_period(self, call: Call, source: int) -> bool:
        result = self.sides[source].result
        return call.within is not None and call.within in (result.spec.unit.period, result.names.get("period"))


def _renamed(own: str, wanted: str, entry: Any) -> Any:
    return {wanted: entry[own]} if isinstance(entry, Mapping) and own in entry else entry


def _calls(plan: Plan, name: str, kind: str) -> tuple[Call, ...]:
    """The calls whose learning a calibration holds under that kind."""
    node = plan.spec.nodes[name]
    if kind == "publish":
        return node.publish
    if kind == "steps":
        return () if name in plan.given else node.steps
    if not isinstance(node, Group):
        return ()
    found = {"missing": node.missing, "aggregate": node.aggregate, "weights": node.weights}[kind]
    return (found,) if isinstance(found, Call) else ()


def _learning(plan: Plan, name: str, kind: str) -> tuple[Any, ...] | None:
    """Equal for nodes that learn the same; None where the plan lacks the node."""
    if name not in plan.row:
        return None
    node = plan.spec.nodes[name]
    if kind in ("missing", "aggregate"):
        children = sorted(child.id for child in node.children) if isinstance(node, Group) else []
        return (*children, *(call.key for call in _calls(plan, name, kind)))
    calls = [*_calls(plan, name, "steps"), *(node.publish if kind == "publish" else ())]
    last = max((place for place, call in enumerate(calls) if call.method.learn is not None), default=-1)
    learning = tuple(call.key for call in calls[: last + 1])
    reads: tuple[Any, ...] = ("group",)
    if isinstance(node, Indicator):
        reads = (node.column or node.id, node.per, node.goalposts, node.direction == "less", name in plan.given)
    return (kind, learning, reads, node.where)


def _written(plan: Plan) -> dict[str, list[float] | None]:
    return {task.id: None if task.weights is None else task.weights.tolist() for task in plan.groups}


def _structure(plan: Plan) -> list[Any]:
    """Everything in a plan that can change a number, but weights that are written or learned."""
    found: list[Any] = [sorted(plan.given)]
    for name in plan.ids:
        node = plan.spec.nodes[name]
        told: list[Any] = [name, node.where, [call.key for call in node.steps], [call.key for call in node.publish]]
        if isinstance(node, Group):
            children = [(child.id, getattr(child, "of", "")) for child in node.children]
            told += [children, node.aggregate.key, node.missing.key, node.rank]
        else:
            told += [node.column or node.id, node.value, node.per, node.goalposts, node.direction == "less"]
        found.append(told)
    return found


def _same_inputs(one: Inputs, other: Inputs) -> bool:
    numbers = ((one.values, other.values), (one.per, other.per))
    if not all(_equal(dict(own), dict(theirs)) for own, theirs in numbers):
        return False
    return all(_labels(one, name) == _labels(other, name) for name in one.labels)


def _labels(inputs: Inputs, name: str) -> list[str]:
    labels = inputs.labels[name]
    return [labels.names[code] for code in labels.codes]


def _equal(one: Any, other: Any) -> bool:
    """Whether two records of plain data and arrays are the same, `nan` being equal to itself."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return _equal_arrays(np.asarray(one), np.asarray(other))
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(_equal(own, theirs) for own, theirs in zip(one, other, strict=True))
    return bool(one == other or (one != one and other != other))


def _equal_arrays(one: FloatArray, other: FloatArray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f" and other.dtype.kind == "f")
