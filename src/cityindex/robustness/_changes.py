"""Other methods by path: ``score.aggregate``, ``indicators.steps``, ``gdp.steps[0]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cityindex._registry import AGGREGATORS
from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.spec.calls import data_of_call
from cityindex.spec.change import replace_each
from cityindex.spec.model import Group, Spec

__all__ = ["changed", "touched"]

PATH = re.compile(r"(?P<node>.+)\.(?P<key>[a-z]+)(?:\[(?P<place>\d+)\])?")
ALL = {"indicators": False, "groups": True}
KEYS = {
    "steps": "both",
    "publish": "both",
    "aggregate": "group",
    "weights": "group",
    "missing": "group",
}


def changed(spec: Spec, path: str, value: Any) -> Spec:
    """A copy of the spec with another method at a path.

    Parameters
    ----------
    path
        ``NODE.key``, where NODE is an id, ``indicators`` or ``groups`` (all of them), and key is steps, publish,
        aggregate, weights or missing; ``steps[0]`` is one of the steps.
    value
        As it stands in a spec; for one step, that step, or None to leave it out; for weights, a weighting, or None
        for those that are written at the children.

    Raises
    ------
    ScoreError, NotFoundError
        A path that is none, or leads nowhere.
    SpecError
        What the changed spec says that it cannot.
    """
    nodes, key, place = _read(spec, path)
    changes: dict[str, dict[str, Any]] = {name: {key: _value(spec, name, key, place, value)} for name in nodes}
    found = key == "weights" and value is not None
    if found or (key == "aggregate" and _takes_no_weights(value)):
        for name in nodes:  # weights that are found, or not taken (minimum): those written at the children go
            changes[name] |= {"weights": value if found else None, "weights_sum": None}
            group = spec.nodes[name]
            assert isinstance(group, Group)  # by `_nodes`
            for child in group.children:
                changes.setdefault(child.id, {})["weight"] = None
    return replace_each(spec, changes)


def touched(spec: Spec, path: str) -> set[tuple[str, str, str | None]]:
    """What a path changes: (node, key, place of the step; None: the whole key)."""
    nodes, key, place = _read(spec, path)
    return {(name, key, place) for name in nodes}


def _read(spec: Spec, path: str) -> tuple[list[str], str, str | None]:
    found = PATH.fullmatch(path)
    if found is None or found["key"] not in KEYS:
        key = found["key"] if found else path
        raise ScoreError(
            f"{path!r} is no path to a method: NODE.key is wanted, key one of {', '.join(KEYS)}.{nearest(key, KEYS)}"
        )
    return _nodes(spec, found["node"], found["key"]), found["key"], found["place"]


def _takes_no_weights(value: Any) -> bool:
    """Whether an alternative is an aggregator without weights (an unknown one is told when the spec is read)."""
    name = next(iter(value)) if isinstance(value, Mapping) and value else value
    return isinstance(name, str) and name in AGGREGATORS and not AGGREGATORS[name].takes_weights


def _nodes(spec: Spec, name: str, key: str) -> list[str]:
    if name in ALL and name not in spec.nodes:
        return [node.id for node in spec.nodes.values() if isinstance(node, Group) is ALL[name]]
    if name not in spec.nodes:
        raise NotFoundError(f"{spec.id} has no node {name!r}.{nearest(name, [*spec.nodes, *ALL])}")
    if KEYS[key] == "group" and not isinstance(spec.nodes[name], Group):
        raise ScoreError(f"{name} is an indicator: it has no {key}")
    return [name]


def _value(spec: Spec, name: str, key: str, place: str | None, value: Any) -> Any:
    """The whole value of the key, where a single step is changed."""
    if place is None:
        return value
    calls = [data_of_call(call) for call in getattr(spec.nodes[name], key)]
    if int(place) >= len(calls):
        raise ScoreError(f"{name}.{key}[{place}]: it has {len(calls)} steps, the first is [0]")
    calls[int(place)] = value
    return [call for call in calls if call is not None]
