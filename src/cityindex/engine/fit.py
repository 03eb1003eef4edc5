"""Whether a calibration holds what a plan needs, in the shape that its methods take: people edit such files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cityindex.engine.aggregation import aggregate
from cityindex.errors import DomainError, Problem
from cityindex.methods.missing import SIBLINGS
from cityindex.plan import GroupTask, Plan, Stage
from cityindex.spec.model import Call, Group

__all__ = ["misfits", "takes"]

Nodes = Mapping[str, Mapping[str, Any]]
WRONG = (TypeError, ValueError, KeyError, IndexError, AttributeError)  # what kernels raise on other shapes


def misfits(plan: Plan, nodes: Nodes) -> list[Problem]:
    """Everything that is lacking or not of the kind that a node of the plan learns."""
    problems = [
        *(problem for block in plan.blocks for problem in _stages(block, block.ids, nodes)),
        *(problem for task in plan.groups for problem in _stages(task, (task.id,), nodes)),
    ]
    for task in plan.groups:
        problems += [*_missing(task, nodes), *_weights(task, nodes), *_reference(task, nodes)]
    for name in plan.ids:
        problems += _tiers(plan, name, nodes)
    return problems


def takes(stage: Stage, params: Mapping[str, Any], columns: int) -> bool:
    """Whether a built-in step can be applied with these parameters, tried on columns where everything is missing."""
    if not _built_in(stage):
        return True
    x = np.full((2, columns), np.nan)
    try:
        with np.errstate(all="ignore"):
            return bool(np.shape(stage.method.function(x, params, **stage.apply_options)) == x.shape)
    except WRONG:
        return False


def _built_in(stage: Stage) -> bool:
    return str(stage.method.function.__module__).startswith("cityindex.")


def _stages(task: Any, ids: Sequence[str], nodes: Nodes) -> Iterator[Problem]:
    for part in ("steps", "publish"):
        stages: Sequence[Stage] = getattr(task, part)
        if not any(stage.learns for stage in stages):
            continue
        for name in ids:
            entry = nodes.get(name, {}).get(part)
            if entry is None:
                continue  # nothing was learned; whether that is enough shows when the step is applied
            if not isinstance(entry, list | tuple) or len(entry) != len(stages):
                yield Problem(
                    f"found {_short(entry)}; a list of {len(stages)} is wanted, one a step", f"{name}, {part}"
                )
                continue
            for place, (stage, params) in enumerate(zip(stages, entry, strict=True)):
                if params is not None and stage.learns:
                    yield from _params(params, stage, f"{name}, {part}[{place}] ({stage.call.name})")


def _params(params: Any, stage: Stage, place: str) -> Iterator[Problem]:
    """What is wrong with the parameters of one step of one node; under `within`, of each label."""
    if not isinstance(params, Mapping):
        yield Problem(f"found {_short(params)}; what the step learned is wanted, by name", place)
    elif stage.call.within is not None:
        for label, own in params.items():
            if isinstance(own, Mapping):
                yield from _numbers(own, stage, f"{place}, {label}")
            else:
                yield Problem(f"found {_short(own)}; what the step learned is wanted, by name", f"{place}, {label}")
    else:
        yield from _numbers(params, stage, place)


def _numbers(params: Mapping[str, Any], stage: Stage, place: str) -> Iterator[Problem]:
    """The built-in steps learn numbers and lists of numbers (a user's own may learn what it likes)."""
    if _built_in(stage):
        for name, value in params.items():
            if not _is_number(value) and not _are_numbers(value):
                yield Problem(f"{name} is {_short(value)}; numbers are wanted", place)


def _missing(task: GroupTask, nodes: Nodes) -> Iterator[Problem]:
    if task.group.missing.name != "impute" or task.group.missing.settings["use"] == SIBLINGS:
        return
    stored, within = nodes.get(task.id, {}).get("missing"), task.group.missing.within
    place = f"{task.id}, missing"
    if not isinstance(stored, Mapping) or set(stored) != set(task.children):
        yield Problem(f"the calibration holds no values to impute among the children of {task.id}", place)
        return
    for child, entry in stored.items():
        found = entry.values() if within is not None and isinstance(entry, Mapping) else [entry]
        for own in found:
            value = own.get("value") if isinstance(own, Mapping) else own
            if not isinstance(own, Mapping) or not (_is_number(value) or (within and "value" in own and value is None)):
                yield Problem(f"found {_short(own)}; a value, {{'value': number}}, is wanted", f"{place}, {child}")
    labels = {frozenset(entry) for entry in stored.values() if isinstance(entry, Mapping)}
    if within is not None and len(labels) > 1:
        yield Problem(f"the children of {task.id} do not have the same labels of {within}", place)


def _weights(task: GroupTask, nodes: Nodes) -> Iterator[Problem]:
    if task.weights is not None:
        return
    stored, place = nodes.get(task.id, {}).get("weights"), f"{task.id}, weights"
    call = task.group.weights
    if not isinstance(call, Call) or call.within is None:
        yield from _one_set(task, stored, place)
    elif not isinstance(stored, Mapping) or not stored:
        yield Problem(f"the calibration holds no weights by {call.within} for the children of {task.id}", place)
    else:
        for label, own in stored.items():
            yield from _one_set(task, own, f"{place}, {label}")


def _one_set(task: GroupTask, weights: Any, place: str) -> Iterator[Problem]:
    if not isinstance(weights, Mapping) or set(weights) != set(task.children):
        yield Problem(f"the calibration holds no weights for the children of {task.id}", place)
    elif not all(_is_number(weight) and weight >= 0 for weight in weights.values()):
        yield Problem(f"found {_short(dict(weights))}; numbers from 0 on are wanted", place)
    elif abs(sum(weights.values()) - 1.0) > 1e-9:
        yield Problem(f"the weights add to {sum(weights.values()):.12g}, not to 1", place)


def _reference(task: GroupTask, nodes: Nodes) -> Iterator[Problem]:
    """What an aggregator that compares units learned: numbers, or arrays of them, that it can be tried with."""
    call = task.group.aggregate
    if not call.method.pooled:
        return
    stored, place = nodes.get(task.id, {}).get("aggregate"), f"{task.id}, aggregate"
    if not isinstance(stored, Mapping):
        yield Problem(f"the calibration holds no reference for {call.name}", place)
    elif str(call.method.function.__module__).startswith("cityindex."):
        count = len(task.children)
        if not all(_by_child(value, count) for value in stored.values()) or not _compares(call, stored, count):
            yield Problem(f"found {_short(dict(stored))}; what {call.name} learns of a reference is wanted", place)


def _by_child(value: Any, count: int) -> bool:
    """Whether it is a finite number, or an array of them with one for each child (or two: a pair) on its last axis."""
    try:
        numbers = np.asarray(value)
    except ValueError:  # rows of several lengths
        return False
    if numbers.size == 0:
        return isinstance(value, list | tuple | np.ndarray)
    fits = numbers.ndim == 0 or numbers.shape[-1] in (2, count)
    return fits and numbers.dtype.kind in "fiu" and bool(np.isfinite(numbers).all())


def _compares(call: Call, stored: Mapping[str, Any], count: int) -> bool:
    """Whether the aggregator takes it, tried on units where everything is missing, and on one where nothing is."""
    params = {key: np.asarray(value) if isinstance(value, list | tuple) else value for key, value in stored.items()}
    weights = np.full(count, 1 / count)
    try:
        with np.errstate(all="ignore"):
            fits = np.shape(aggregate(call, np.full((2, count), np.nan), weights, params)) == (2,)
    except (*WRONG, DomainError):
        return False
    try:
        with np.errstate(all="ignore"):
            return fits and np.shape(aggregate(call, np.ones((1, count)), weights, params)) == (1,)
    except DomainError:  # a number that it does not take
        return fits
    except WRONG:
        return False


def _tiers(plan: Plan, name: str, nodes: Nodes) -> Iterator[Problem]:
    node = plan.spec.nodes[name]
    if not isinstance(node, Group) or node.tiers is None or node.tiers.call.name == "cuts":
        return
    cuts, place = nodes.get(name, {}).get("tiers"), f"{name}, tiers"
    if cuts is None:  # too few scores to learn them from: a result without tiers
        return
    if not _are_numbers(cuts) or not len(cuts):
        yield Problem(f"found {_short(cuts)}; a list of cuts is wanted", place)
    elif node.tiers.labels is not None and len(cuts) != len(node.tiers.labels) - 1:
        yield Problem(f"{len(cuts)} cuts for {len(node.tiers.labels)} labels", place)
    elif (np.diff(cuts) * (1 if node.rank.first == "highest" else -1) > 0).any():
        way = "fall" if node.rank.first == "highest" else "rise"
        yield Problem(f"the cuts must {way}, for the {node.rank.first} is first: {_short(cuts)}", place)


def _is_number(value: Any) -> bool:
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return number and bool(np.isfinite(value))


def _are_numbers(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and value.dtype.kind in "fiu" and bool(np.isfinite(value).all())
    return isinstance(value, list | tuple) and all(_is_number(item) for item in value)


def _short(value: Any) -> str:
    text = repr(value.tolist() if isinstance(value, np.ndarray) else value)
    return text if len(text) <= 60 else f"{text[:59]}…"
