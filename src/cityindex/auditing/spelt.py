"""A spec with its methods spelt out at each node, so that they can be changed there as plain data."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from cityindex._values import thaw
from cityindex.spec.calls import call_of, data_of_call
from cityindex.spec.model import UNPUBLISHED, Call, Spec

__all__ = ["change_calls", "every_node", "spelt_out"]

KINDS = {"steps": "step", "publish": "step", "aggregate": "aggregator", "missing": "missing", "weights": "weighting"}
UNSAID = {"aggregate": "arithmetic", "missing": "refuse"}  # what holds where nothing is said
MOVED = ("steps", "publish", "aggregate", "missing", "rank", "tiers")  # defaults that never give way
GIVES_WAY = "weights"  # where children have weights of their own, and where the aggregator takes none


def spelt_out(spec: Spec) -> dict[str, Any]:
    """The spec as plain data, with the methods of its defaults written at every node that they fall on.

    >>> from cityindex.spec import load_spec
    >>> spec = load_spec({"cityindex": 1, "id": "example", "defaults": {"indicator": {"steps": ["minmax"]}},
    ...                   "index": {"id": "score", "children": ["a"]}})
    >>> spelt_out(spec)["index"]
    {'id': 'score', 'children': [{'id': 'a', 'steps': ['minmax']}]}
    """
    data: dict[str, Any] = thaw(spec.data)
    defaults = data.get("defaults", {})
    methods = {kind: {key: keys[key] for key in (*MOVED, GIVES_WAY) if key in keys} for kind, keys in defaults.items()}
    rest = {kind: {key: value for key, value in keys.items() if key not in MOVED} for kind, keys in defaults.items()}
    specs = (spec, *spec.editions.values())
    weighed = set.intersection(*({group.id for group in each.groups if group.weights is not None} for each in specs))
    data["defaults"] = {kind: keys for kind, keys in rest.items() if keys}
    if not data["defaults"]:
        del data["defaults"]
    data["index"] = _spelt(data["index"], methods, weighed)
    if "also" in data:
        data["also"] = [_spelt(root, methods, weighed) for root in data["also"]]
    return data


def _spelt(written: Any, methods: Mapping[str, Mapping[str, Any]], weighed: Container[str]) -> dict[str, Any]:
    node: dict[str, Any] = {"id": written} if isinstance(written, str) else dict(written)
    if "use" in node:
        return node
    kind = "group" if "children" in node else "indicator"
    fills = {key: value for key, value in methods.get(kind, {}).items() if key not in node}
    if node["id"] not in weighed:
        fills.pop(GIVES_WAY, None)
    filled = {**node, **{key: thaw(value) for key, value in fills.items()}}
    if isinstance(node.get("children"), list):
        filled["children"] = [_spelt(child, methods, weighed) for child in node["children"]]
    return filled


def every_node(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of spelt-out data but those that are only used, from the roots down."""
    pending = [data["index"], *data.get("also", [])]
    while pending:
        node = pending.pop(0)
        if "use" in node:
            continue
        yield node
        children = node.get("children")
        pending = [*(children if isinstance(children, list) else []), *pending]


def change_calls(
    data: Mapping[str, Any],
    key: str,
    change: Callable[[list[Call]], list[Call]],
    *,
    kind: str | None = None,
    only: str | None = None,
    but: str | None = None,
) -> bool:
    """Change the calls under a key, in place: at nodes of a kind (group, indicator), at one node, at all but one.

    Gives whether anything is changed by it.
    """
    changed = False
    for node in every_node(data):
        own = "group" if "children" in node else "indicator"
        if (kind or own) != own or (only or node["id"]) != node["id"] or node["id"] == but:
            continue
        listed = key in ("steps", "publish")
        written = node.get(key, [] if listed else UNSAID.get(key) if own == "group" else None)
        if written is None or written == UNPUBLISHED:
            continue
        calls = [call_of(KINDS[key], each) for each in (written if listed else [written])]
        after = change(calls)
        if [call.key for call in after] != [call.key for call in calls]:
            node[key] = [data_of_call(call) for call in after] if listed else data_of_call(after[0])
            changed = True
    return changed
