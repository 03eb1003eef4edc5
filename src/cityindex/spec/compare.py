"""Two specs: what differs; one spec: the fingerprint of all that can change a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cityindex._values import Frozen, digest
from cityindex.spec.model import UNPUBLISHED, Call, Group, Node, Rank, Spec, Tiers, Unit, Use
from cityindex.spec.scalars import written

__all__ = ["Difference", "diff", "fingerprint"]

SAID = frozenset({"title", "note", "provenance", "measured_in"})  # about a node, not about its numbers
CHECKED = frozenset({"weights_sum"})  # a promise that the loader checks; no number follows from it


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that differs: of a node, or of the spec (`node` is None); None stands for what is not there.

    A node that only one spec has is one difference, of the key `node`.
    """

    node: str | None
    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        place = f"{self.node}.{self.key}" if self.node is not None else self.key
        if self.key == "node":
            return f"{self.node}: {'added' if self.before is None else 'removed'}"
        return f"{place}: {_shown(self.before)} → {_shown(self.after)}"


def diff(before: Spec, after: Spec) -> tuple[Difference, ...]:
    """What differs between two specs, key by key: first the spec's own keys, then node by node.

    Nodes are compared as resolved, with defaults filled in, so that a key moved to the defaults is no difference.
    Editions are compared too; their nodes are named ``2011: citations``.

    Examples
    --------
    >>> from cityindex.spec import load_spec, replace
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a", "b"]}})
    >>> for difference in diff(spec, replace(spec, "score", aggregate="geometric")):
    ...     print(difference)
    score.aggregate: arithmetic → geometric
    """
    found = _differences(None, _spec_keys(before), _spec_keys(after))
    found += _nodes("", before, after)
    for period in dict.fromkeys((*before.editions, *after.editions)):
        one, other = before.editions.get(period), after.editions.get(period)
        if one is not None and other is not None:
            found += _nodes(f"{period}: ", one, other)
        else:
            found.append(Difference(f"{period}", "node", one and "edition", other and "edition"))
    return tuple(found)


def _nodes(prefix: str, before: Spec, after: Spec) -> list[Difference]:
    found: list[Difference] = []
    for name in dict.fromkeys((*before.nodes, *after.nodes)):
        one, other = before.nodes.get(name), after.nodes.get(name)
        if one is not None and other is not None:
            found += _differences(prefix + name, _node_keys(one), _node_keys(other))
        else:
            kinds = [None if node is None else type(node).__name__.lower() for node in (one, other)]
            found.append(Difference(prefix + name, "node", *kinds))
    return found


def _differences(node: str | None, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    keys = dict.fromkeys((*before, *after))
    pairs = ((key, before.get(key), after.get(key)) for key in keys)
    return [Difference(node, key, one, other) for key, one, other in pairs if _plain(one) != _plain(other)]


def _spec_keys(spec: Spec) -> dict[str, Any]:
    names = ("id", "title", "edition", "source", "note", "unit", "provenance", "reference")
    return {name: getattr(spec, name) or None for name in names}


def _node_keys(node: Node) -> dict[str, Any]:
    """The keys of a node as resolved; children as their names."""
    keys = {field.name: getattr(node, field.name) for field in fields(node) if field.name != "id"}
    if isinstance(node, Group):
        keys["children"] = tuple(_child(child) for child in node.children) or UNPUBLISHED
        for use in node.children:
            if isinstance(use, Use) and use.weight is not None:
                keys[f"weight of {use.id} (used)"] = use.weight
    return {key: None if value in ((), {}) else value for key, value in keys.items()}


def _child(child: Node | Use) -> str:
    if not isinstance(child, Use):
        return child.id
    return f"{{use: {child.id}}}" if child.of == "carried" else f"{{use: {child.id}, of: {child.of}}}"


def _plain(value: Any) -> Any:
    """A value as plain data that compares, and that a digest can be made of."""
    if isinstance(value, Call):
        return value.key
    if isinstance(value, Tiers):
        return [value.call.key, value.labels]
    if isinstance(value, Rank | Unit):
        return [[field.name, getattr(value, field.name)] for field in fields(value)]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return float(value)
    return value


def _shown(value: Any) -> str:
    """A value for reading, as the language writes it."""
    if value is None:
        return "nothing"
    if isinstance(value, Call):
        parts = {**value.options, **({"within": value.within} if value.within else {})}
        if value.on != "carried":
            parts["on"] = value.on
        if value.via:
            parts["via"] = Frozen({"from": value.via[0], "to": value.via[1]})
        return f"{{{value.name}: {_shown(Frozen(parts))}}}" if parts else value.name
    if isinstance(value, Tiers):
        labels = f", labels {_shown(value.labels)}" if value.labels else ""
        return f"{_shown(value.call)}{labels}"
    if isinstance(value, Rank | Unit):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return _shown(Frozen({name: item for name, item in said.items() if item is not None}))
    if isinstance(value, Frozen):
        return "{" + ", ".join(f"{key}: {_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return written(value) if isinstance(value, int | float) else str(value)


def fingerprint(spec: Spec) -> str:
    """A short text that changes with whatever can change a number: methods, weights, columns, uses, editions.

    Titles, notes, sources and provenance do not count, nor the order of keys, nor what is a default spelt out.

    Examples
    --------
    >>> from cityindex.spec import load_spec, replace
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a", "b"]}})
    >>> fingerprint(spec) == fingerprint(replace(spec, "a", title="something else"))
    True
    """
    if "fingerprint" not in spec.memo:
        spec.memo["fingerprint"] = digest(_essence(spec))
    found: str = spec.memo["fingerprint"]
    return found


def _essence(spec: Spec) -> dict[str, Any]:
    nodes = {}
    for name, node in spec.nodes.items():
        keys = {key: _plain(value) for key, value in _node_keys(node).items() if key not in SAID | CHECKED}
        nodes[name] = {key: value for key, value in keys.items() if value is not None}
    return {
        "roots": [root.id for root in spec.roots],
        "nodes": nodes,
        "unit": [spec.unit.key, spec.unit.period],
        "reference": spec.reference,
        "editions": {period: _essence(edition) for period, edition in spec.editions.items()},
    }
