"""Editions: the keys that differ for a period's rows, laid over the tree before it is read; each is a whole spec."""

from __future__ import annotations

from typing import Any

from cityindex.errors import closest, nearest
from cityindex.spec.fields import wrong
from cityindex.spec.read import Draft
from cityindex.spec.tree import Entry, Items, Pairs, Place, Problems, Scalar, Tree, places

__all__ = ["absent", "amended", "own_problems", "read_changes", "written"]

Changes = dict[str, Pairs]


def read_changes(period: str, tree: Tree, ids: set[str], problems: Problems) -> Changes:
    """Node id → the keys that differ; unknown nodes are told."""
    name = f"editions.{period}"
    if not isinstance(tree, Pairs) or not tree.entries:
        wrong(tree, name, "{node id: {key: value}}", problems)
        return {}
    changes: Changes = {}
    for node, (at, keys) in tree.entries.items():
        if node not in ids:
            problems.add(at, f"{name}: there is no node {node!r}.{nearest(node, ids)}")
        elif not isinstance(keys, Pairs) or not keys.entries:
            wrong(keys, f"{name}.{node}", "{key: value}", problems)
        elif "id" in keys.entries:
            problems.add(keys.entries["id"].at, f"{name}.{node}: an edition cannot change an id")
        else:
            changes[node] = keys
    return changes


def amended(tree: Pairs, changes: Changes) -> Pairs:
    """The spec of one edition: each node's keys replaced whole, new ones behind, and no editions any more."""
    entries = {key: entry for key, entry in tree.entries.items() if key != "editions"}
    for key in ("index", "also"):
        if key in entries:
            at, value = entries[key]
            entries[key] = Entry(at, _amended(value, changes))
    return Pairs(tree.at, entries)


def _amended(tree: Tree, changes: Changes) -> Tree:
    if isinstance(tree, Items):
        return Items([_amended(item, changes) for item in tree.items], tree.at)
    if isinstance(tree, Scalar):
        return tree if tree.text not in changes else _amended(Pairs(tree.at, {"id": Entry(tree.at, tree)}), changes)
    named = "id" if "id" in tree.entries else next((key for key in tree.entries if closest(key, ("id",))), "")
    name = tree.entries[named].tree if named else tree
    own = changes.get(name.text) if isinstance(name, Scalar) else None
    entries = {**tree.entries, **(own.entries if own is not None else {})}
    if "children" in entries:
        at, value = entries["children"]
        below = {node: keys for node, keys in changes.items() if keys is not own}  # the new children may name the node
        entries["children"] = Entry(at, _amended(value, below) if isinstance(value, Items) else value)
    return Pairs(tree.at, entries)


def own_problems(period: str, at: Place, tree: Tree, told: Problems, base: Problems) -> list[tuple[Place, str]]:
    """The problems that only this edition has, at its own lines."""
    own = set(places(tree))
    fresh = [item for item in told.found if item not in base.found]
    return [(place if place in own else at, f"edition {period}: {message}") for place, message in fresh]


def absent(period: str, tree: Tree, drafts: dict[str, Draft]) -> list[tuple[Place, str]]:
    """The changes to nodes that stand no more in the edition, since it has other children above them."""
    entries = tree.entries if isinstance(tree, Pairs) else {}
    message = "edition {}: {!r} is not in it any more, as it gives the group around it other children"
    return [(at, message.format(period, node)) for node, (at, _) in entries.items() if node not in drafts]


def written(changes: Changes, drafts: dict[str, Draft]) -> dict[str, dict[str, Any]]:
    """The edition as plain data: what each changed node says under the changed keys."""
    data: dict[str, dict[str, Any]] = {}
    for node, keys in changes.items():
        said = drafts[node].data()
        data[node] = {key: said[key] for key in keys.entries}
    return data
