"""What a run learned, as arrays by block; and its translation to and from a calibration by node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cityindex._values import Frozen, freeze
from cityindex.engine.fit import misfits, takes
from cityindex.errors import CalibrationError, Problem
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Block, GroupTask, Plan, Stage
from cityindex.spec.model import Call, Group

__all__ = ["Learned", "Params", "join", "pack", "split", "unpack"]

Params = Mapping[str, Any]  # name → one entry per column; under `within`, label → such a mapping


@dataclass(slots=True)
class Learned:
    """Params of each stage of each block or group (keyed by the first id), and what groups learn besides."""

    steps: dict[str, list[Params | None]] = field(default_factory=dict)
    publish: dict[str, list[Params | None]] = field(default_factory=dict)
    missing: dict[str, Params] = field(default_factory=dict)
    weights: dict[str, FloatArray | Mapping[str, FloatArray]] = field(default_factory=dict)  # by label under `within`
    aggregates: dict[str, Params] = field(default_factory=dict)
    tiers: dict[str, FloatArray] = field(default_factory=dict)


def pack(plan: Plan, learned: Learned) -> Frozen:
    """Node id → what was learned there, as a calibration holds it."""
    nodes: dict[str, dict[str, Any]] = {}
    for task in _tasks(plan):
        ids = task.ids if isinstance(task, Block) else (task.id,)
        for part, stages in (("steps", task.steps), ("publish", task.publish)):
            found = getattr(learned, part).get(ids[0])
            if found and any(params is not None for params in found):
                for column, name in enumerate(ids):
                    entry = tuple(_split(params, stage, column) for params, stage in zip(found, stages, strict=True))
                    nodes.setdefault(name, {})[part] = entry
    for group in plan.groups:
        own = nodes.setdefault(group.id, {})
        if group.id in learned.missing:
            own["missing"] = _by_child(learned.missing[group.id], group)
        if group.id in learned.weights:
            own["weights"] = _weights_by_child(learned.weights[group.id], group)
        if group.id in learned.aggregates:
            own["aggregate"] = Frozen({key: _item(value) for key, value in learned.aggregates[group.id].items()})
    for name, cuts in learned.tiers.items():
        nodes.setdefault(name, {})["tiers"] = _item(cuts)
    return Frozen({name: Frozen(nodes[name]) for name in plan.ids if nodes.get(name)})


def unpack(plan: Plan, nodes: Mapping[str, Mapping[str, Any]], *, name: str = "") -> Learned:
    """The reverse of `pack`, for the nodes of a plan; `name` says in messages which index it is.

    Raises
    ------
    CalibrationError
        Where the calibration lacks what a node of the plan needs, or holds what its method cannot take.
    """
    summary = f"this calibration does not fit {name or plan.spec.id}:"
    problems = misfits(plan, nodes)
    if problems:
        raise CalibrationError(problems, summary=summary)
    learned = Learned()
    for task in _tasks(plan):
        ids = task.ids if isinstance(task, Block) else (task.id,)
        for part, stages in (("steps", task.steps), ("publish", task.publish)):
            if any(stage.learns for stage in stages):
                entries, lacking = _entries([nodes.get(name, {}).get(part) for name in ids], ids, stages)
                problems += [Problem(f"the calibration holds nothing fit for the {part} of {name}") for name in lacking]
                getattr(learned, part)[ids[0]] = entries
    for group in plan.groups:
        _unpack_group(group, nodes.get(group.id, {}), learned)
    _unpack_tiers(plan, nodes, learned)
    if problems:
        raise CalibrationError(problems, summary=summary)
    return learned


def _tasks(plan: Plan) -> Iterator[Block | GroupTask]:
    yield from plan.blocks
    yield from plan.groups


def _entries(
    stored: Sequence[Any], ids: Sequence[str], stages: Sequence[Stage]
) -> tuple[list[Params | None], list[str]]:
    """What each stage of a block learned, side by side, and the nodes for which something is lacking or unfit."""
    entries: list[Params | None] = []
    lacking: dict[str, None] = {}
    for place, stage in enumerate(stages):
        found = [None if entry is None else entry[place] for entry in stored]
        if stage.learns:
            unfit = unfit_columns(stage, found)
            lacking.update(dict.fromkeys(ids[column] for column in unfit))
            entries.append(None if unfit or found[0] is None else _join(found, stage))
        else:
            entries.append(None)
    return entries, list(lacking)


def unfit_columns(stage: Stage, found: Sequence[Any]) -> list[int]:
    """The columns whose parameters differ in kind from those of the others, or cannot be applied."""
    kinds = [_kind(params, stage) for params in found]
    usual = Counter(kinds).most_common(1)[0][0]
    odd = [column for column, kind in enumerate(kinds) if kind != usual]
    if odd or _applies(stage, found):
        return odd
    return [column for column, params in enumerate(found) if not _applies(stage, [params])] or list(range(len(found)))


def _kind(params: Any, stage: Stage) -> Any:
    """Names (under `within`, labels and their names) that columns of one block have in common."""
    if params is None or not stage.call.within:
        return None if params is None else frozenset(params)
    return frozenset((label, frozenset(own)) for label, own in params.items())


def _applies(stage: Stage, found: Sequence[Any]) -> bool:
    if found[0] is None:
        return not stage.call.within and takes(stage, {}, len(found))
    joined = _join(found, stage) or {}
    return all(takes(stage, params, len(found)) for params in (joined.values() if stage.call.within else [joined]))


def _unpack_group(group: GroupTask, entry: Mapping[str, Any], learned: Learned) -> None:
    if group.group.missing.name == "impute" and "missing" in entry:  # nothing is learned for `use: siblings`
        stored, within = entry["missing"], group.group.missing.within
        learned.missing[group.id] = _join_params([stored[child] for child in group.children], within)
    if group.weights is None:
        stored = entry["weights"]
        call = group.group.weights
        if isinstance(call, Call) and call.within:
            learned.weights[group.id] = {label: _in_order(own, group) for label, own in stored.items()}
        else:
            learned.weights[group.id] = _in_order(stored, group)
    if group.group.aggregate.method.pooled:
        learned.aggregates[group.id] = {key: _array(value) for key, value in entry["aggregate"].items()}


def _in_order(stored: Mapping[str, Any], group: GroupTask) -> FloatArray:
    return np.array([float(stored[child]) for child in group.children])


def _array(value: Any) -> Any:
    """An entry of an aggregator's reference: a number, text, or an array of numbers."""
    return np.asarray(value, np.float64) if isinstance(value, list | tuple | np.ndarray) else value


def _weights_by_child(weights: FloatArray | Mapping[str, FloatArray], group: GroupTask) -> Frozen:
    if isinstance(weights, Mapping):
        return Frozen({label: _weights_by_child(own, group) for label, own in weights.items()})
    return Frozen({child: float(weight) for child, weight in zip(group.children, weights, strict=True)})


def _unpack_tiers(plan: Plan, nodes: Mapping[str, Mapping[str, Any]], learned: Learned) -> None:
    for name in plan.ids:
        node = plan.spec.nodes[name]
        learns = isinstance(node, Group) and node.tiers is not None and node.tiers.call.name != "cuts"
        if learns and nodes.get(name, {}).get("tiers") is not None:
            learned.tiers[name] = np.asarray(nodes[name]["tiers"], dtype=np.float64)


def split(params: Params, column: int) -> Frozen:
    """What was learned for one column."""
    return Frozen({name: _item(values[column]) for name, values in params.items()})


def join(columns: Sequence[Params]) -> dict[str, Any]:
    """The reverse of `split`: one entry per column, as an array where all are numbers."""
    joined: dict[str, Any] = {}
    for name in columns[0]:
        values = [column[name] for column in columns]
        numbers = all(isinstance(value, int | float) for value in values)
        joined[name] = np.array(values, dtype=np.float64) if numbers else values
    return joined


def _item(value: Any) -> Any:
    """An entry as a calibration holds it: plain, or an array of its own that nobody can change."""
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.setflags(write=False)
    return value.item() if isinstance(value, np.generic) else freeze(value)


def _split(params: Params | None, stage: Stage, column: int) -> Frozen | None:
    if params is None:
        return None
    if stage.call.within:
        return Frozen({label: split(found, column) for label, found in params.items()})
    return split(params, column)


def _join(columns: Sequence[Any], stage: Stage) -> Params | None:
    return _join_params(columns, stage.call.within) if stage.learns else None


def _join_params(columns: Sequence[Any], within: str | None) -> Params:
    if within is None:
        return join(columns)
    return {label: join([column[label] for column in columns]) for label in columns[0]}


def _by_child(params: Params, group: GroupTask) -> Frozen:
    within = group.group.missing.within
    return Frozen(
        {
            child: Frozen({label: split(found, place) for label, found in params.items()})
            if within
            else split(params, place)
            for place, child in enumerate(group.children)
        }
    )
