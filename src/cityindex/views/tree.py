"""The tree of a spec, line by line: what the commands and the views print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cityindex.spec.model import Group, Node, Spec, Use

if TYPE_CHECKING:
    from cityindex._values import Text

__all__ = ["tree_rows"]


def tree_rows(spec: Spec, language: str | None = None) -> Iterator[dict[str, Any]]:
    """One row a line of the tree: depth, node, title, weights, provenance, what it reads or how it aggregates."""
    for root in spec.roots:
        for node, row in _rows(spec, root, None, 0, None, 1.0):
            yield {
                **row,
                "title": _shown(node.title, language),
                "method": _method(spec, node, language),
                "note": row.get("note", _shown(node.note, language)),
            }


def _shown(text: Text | None, language: str | None) -> str:
    return "" if text is None else text.shown(language)


def _rows(
    spec: Spec, node: Node | Use, parent: Group | None, depth: int, local: float | None, share: float | None
) -> Iterator[tuple[Node, dict[str, Any]]]:
    target: Node = spec.nodes[node.id] if isinstance(node, Use) else node
    yield (
        target,
        {
            "depth": depth,
            "node": node.id,
            "title": "",
            "weight": local,
            "global": share if depth else None,
            "provenance": "" if parent is None else spec.weight_provenance(parent.id, node.id),
            **({"note": "used from elsewhere"} if isinstance(node, Use) else {}),
        },
    )
    if isinstance(node, Group):
        weights = _local(node)
        for child, weight in zip(node.children, weights, strict=True):
            below = None if weight is None or share is None else share * weight
            yield from _rows(spec, child, node, depth + 1, weight, below)


def _local(group: Group) -> list[float | None]:
    """The local weights where they are written (or equal); None where they are learned or not published."""
    if group.weights is not None or not group.aggregate.method.takes_weights:
        return [None] * len(group.children)
    written = [1.0 if child.weight is None else float(child.weight) for child in group.children]
    total = sum(written) if group.aggregate.method.averages else 1.0
    return [weight / total for weight in written]


def _method(spec: Spec, node: Node, language: str | None) -> str:
    words = []
    if isinstance(node, Group) and not node.children:
        words.append("parts not published")
    elif isinstance(node, Group):
        words.append(f"{node.aggregate.name}{_unless_published(spec, node, 'aggregate')}")
        if node.missing.name != "refuse":
            words.append(f"missing: {node.missing.name}")
    else:
        words += [f"direction: {node.direction}"] if node.direction else []
        words += [f"[{node.measured_in.shown(language)}]"] if node.measured_in else []
        words += [f"per {node.per}"] if node.per else []
        words += [f"constant {node.value:g}"] if node.value is not None else []
    words += [f"{call.name}{_unless_published(spec, node, 'steps')}" for call in node.steps]
    words += [f"publish {call.name}{_unless_published(spec, node, 'publish')}" for call in node.publish]
    if isinstance(node, Group) and node.tiers:
        words.append(f"tiers: {node.tiers.call.name}{_unless_published(spec, node, 'tiers')}")
    return ", ".join(words)


def _unless_published(spec: Spec, node: Node, key: str) -> str:
    word = spec.provenance_of(node.id, key)
    return "" if word == "published" else f" ({word})"
