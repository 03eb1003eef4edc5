"""Defaults filled in: a key that a node leaves out is the default's, whole; what is said at a node goes first.

A default that cannot apply where it falls gives way without a word: goalposts where no step uses them, `per` under a
constant, weights where the group learns its own or takes none. What is *written* at a node never gives way.
"""

from __future__ import annotations

from cityindex._values import Percent
from cityindex.spec.calls import call_of
from cityindex.spec.read import Draft, SpecDraft, Value
from cityindex.spec.tree import Problems

__all__ = ["settle", "takes_weights", "uses_goalposts"]


def settle(spec: SpecDraft, problems: Problems) -> None:
    """Fill in the defaults of every node, in place."""
    clash = spec.defaults.get("indicator", {}).get("weight"), spec.defaults.get("group", {}).get("weights")
    if clash[0] is not None and clash[1] is not None:
        problems.add(clash[0].at, "defaults give indicators a weight and groups a way to learn weights; one is allowed")
    for root in spec.roots:
        _fill(root, spec.defaults)
        root.values.pop("weight", None)
        _settle(root)


def _fill(draft: Draft, defaults: dict[str, dict[str, Value]]) -> None:
    for key, value in defaults.get(draft.kind, {}).items():
        draft.values.setdefault(key, value)
    for child in draft.children:
        _fill(child, defaults)


def _settle(group: Draft) -> None:
    if not takes_weights(group) or any(_written(child, "weight") for child in group.children):
        _drop(group, "weights")
    for child in group.children:
        if "weights" in group.values or not takes_weights(group):
            _drop(child, "weight")
        if child.kind == "indicator" and not uses_goalposts(child):
            _drop(child, "goalposts")
        if "value" in child.values:
            _drop(child, "per")
        if child.kind == "group":
            _settle(child)
    if not any(isinstance(child.get("weight"), Percent) for child in group.children):
        _drop(group, "weights_sum")


def _written(draft: Draft, key: str) -> bool:
    value = draft.values.get(key)
    return value is not None and not value.default


def _drop(draft: Draft, key: str) -> None:
    value = draft.values.get(key)
    if value is not None and value.default:
        del draft.values[key]


def takes_weights(group: Draft) -> bool:
    """Whether the children of a group may have weights (not so under minimum and maximum)."""
    if "aggregate" not in group.values:
        return True
    data = group.get("aggregate")
    return data is None or call_of("aggregator", data).method.takes_weights


def uses_goalposts(indicator: Draft) -> bool:
    """Whether a step of the indicator uses its goalposts (also if that cannot be told, its steps being unreadable)."""
    for key in ("steps", "publish"):
        if indicator.bad(key) or any(call.method.uses_goalposts for call in indicator.calls(key)):
            return True
    return False
