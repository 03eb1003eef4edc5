"""Changed copies of a spec. Whatever is changed is checked as a whole again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cityindex._registry import WEIGHTINGS
from cityindex._values import thaw
from cityindex.errors import NotFoundError, Problem, SpecError, nearest
from cityindex.spec.calls import MethodField
from cityindex.spec.fields import BAD, Number
from cityindex.spec.load import load_spec, read_tree
from cityindex.spec.model import Group, Indicator, Spec, Use
from cityindex.spec.scalars import number_of
from cityindex.spec.tree import Pairs, Scalar

__all__ = ["read_weights", "replace", "replace_each", "with_weights"]


def replace(spec: Spec, node: str | None = None, /, **keys: Any) -> Spec:
    """A copy of the spec with other keys at one node, or at the top of the spec where `node` is None.

    Parameters
    ----------
    spec
        What `load_spec` gave.
    node
        The id of a node of the index or of a side result.
    keys
        Keys as in the file, replaced whole; None takes a key away (so that the default holds again).

    Raises
    ------
    NotFoundError
        Where there is no such node.
    SpecError
        Where the changed spec is not an index any more: every problem, at its path.

    Examples
    --------
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a", "b"]}})
    >>> replace(spec, "a", direction="less", steps=["minmax"])["a"].direction
    'less'
    """
    if node is not None:
        return replace_each(spec, {node: keys})
    data = thaw(spec.data)
    _change(data, keys)
    return load_spec(data)


def replace_each(spec: Spec, changes: Mapping[str, Mapping[str, Any]]) -> Spec:
    """A copy of the spec with other keys at several nodes: node → keys, as for `replace`.

    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a", "b"]}})
    >>> replace_each(spec, {name: {"steps": ["minmax"]} for name in "ab"})["b"].steps[0].name
    'minmax'
    """
    for node in changes:
        if node not in spec.nodes:
            raise NotFoundError(f"{spec.id} has no node {node!r}.{nearest(node, spec.nodes)}")
    data = thaw(spec.data)
    for name in ("index", "also"):
        if name in data:
            data[name] = _replaced(data[name], changes)
    return load_spec(data)


def _change(data: dict[str, Any], keys: Mapping[str, Any]) -> None:
    for key, value in keys.items():
        if value is None:
            data.pop(key, None)
        else:
            data[key] = value


def _replaced(data: Any, changes: Mapping[str, Mapping[str, Any]]) -> Any:
    """The tree under `data` with the keys of some nodes changed."""
    if isinstance(data, list):
        return [_replaced(item, changes) for item in data]
    if isinstance(data, str) and data in changes:
        data = {"id": data}
    if not isinstance(data, dict):
        return data
    keys = changes.get(data.get("id", ""), {})
    if "children" not in keys and isinstance(data.get("children"), list):  # else they are unpublished
        data["children"] = _replaced(data["children"], changes)
    _change(data, keys)
    return data


def with_weights(spec: Spec, weights: Mapping[str, Mapping[str, Any]]) -> Spec:
    """A copy of the spec with weights that you give: for all the children of each group named.

    Whatever stood for weights there (`weights: unpublished`, a method, a printed sum) is gone, and the weights are
    marked as assumed.

    Parameters
    ----------
    spec
        What `load_spec` gave.
    weights
        Group → child → weight, a number or a per cent (``"35%"``); or group → a method that finds them, with its
        options: ``{"score": {"ahp": {"judgements": [[1, 3], [1/3, 1]]}}}``.

    Raises
    ------
    NotFoundError
        Where there is no such group.
    SpecError
        Where a child is left out or unknown, or the weights do not hold together.

    Examples
    --------
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {
    ...     "id": "score", "weights": "unpublished", "children": ["a", "b"]}})
    >>> spec = with_weights(spec, {"score": {"a": 2, "b": 1}})
    >>> spec["a"].weight, spec.provenance_of("a")
    (2, 'assumed')
    >>> spec = with_weights(spec, {"score": {"ahp": {"judgements": {"a": {"b": 3}}}}})
    >>> spec.weight_provenance("score", "a")
    'ahp (assumed)'
    """
    data = thaw(spec.data)
    groups = {name: _group(spec, name) for name in weights}
    problems = [problem for name, given in weights.items() for problem in _misfits(groups[name], given)]
    problems += [problem for name in weights for problem in _other_children(spec, name)]
    if problems:
        raise SpecError(problems)
    for name, given in weights.items():
        for key in {"index", "also"} & data.keys():
            data[key] = _weighted(data[key], groups[name], given)
    editions = _without_weights(data.pop("editions", {}), groups)
    return load_spec({**data, "editions": editions} if editions else data)


def _without_weights(editions: dict[str, Any], groups: Mapping[str, Group]) -> dict[str, Any]:
    """What editions change, less the `weights` of these groups; what is left empty is gone."""
    kept: dict[str, Any] = {}
    for period, nodes in editions.items():
        for node, keys in nodes.items():
            left = {key: value for key, value in keys.items() if node not in groups or key != "weights"}
            if left:
                kept.setdefault(period, {})[node] = left
    return kept


def _group(spec: Spec, name: str) -> Group:
    group = spec.nodes.get(name)
    if not isinstance(group, Group):
        known = [each.id for each in spec.groups]
        raise NotFoundError(f"{spec.id} has no group {name!r}.{nearest(name, known)}")
    return group


def _misfits(group: Group, given: Mapping[str, Any]) -> list[Problem]:
    children = [child.id for child in group.children]
    place = f"weights of {group.id}"
    if not isinstance(given, Mapping):
        return [Problem(f"found a {type(given).__name__}; allowed: {{child: weight}}, or {{ahp: {{…}}}}", place)]
    if not children:
        hint = f"give them first: replace(spec, {group.id!r}, children=[…])"
        return [Problem(f"its children are not published, so there is nothing to weigh; {hint}", place)]
    if _is_method(given, children):
        return []
    unknown = [name for name in given if name not in children]
    strange = [Problem(f"there is no child {name!r}.{nearest(name, children)}", place) for name in unknown]
    absent = [name for name in children if name not in given]
    if absent and not strange:
        some = ", ".join(repr(name) for name in absent[:5]) + (", …" if len(absent) > 5 else "")
        strange.append(Problem(f"every child needs one; without: {some}", place))
    return strange


def _other_children(spec: Spec, name: str) -> Iterator[Problem]:
    """Editions that give a group other children, which these weights do not know."""
    for period, nodes in (spec.data.get("editions") or {}).items():
        children = nodes.get(name, {}).get("children")
        weighted = isinstance(children, tuple) and any(isinstance(c, Mapping) and "weight" in c for c in children)
        if isinstance(children, tuple) and not weighted:
            message = f"edition {period} gives {name!r} other children: weigh them there, by replace(spec, editions=…)"
            yield Problem(message, f"weights of {name}")


def _weighted(data: Any, group: Group, given: Mapping[str, Any]) -> Any:
    if isinstance(data, list):
        return [_weighted(item, group, given) for item in data]
    if not isinstance(data, dict) or "children" not in data:
        return data
    if data["id"] != group.id:
        return {**data, "children": _weighted(data["children"], group, given)}
    kept = {key: value for key, value in data.items() if key not in ("weights", "weights_sum")}
    if isinstance(kept.get("provenance"), dict):
        kept["provenance"] = {key: word for key, word in kept["provenance"].items() if key != "weights"}
    kept = {key: value for key, value in kept.items() if key != "provenance" or value}
    if _is_method(given, [child.id for child in group.children]):
        bare = [_without_weight(item) for item in data["children"]]
        words = {**{key: word for key, word in group.provenance.items() if key != "weights"}, "weights": "assumed"}
        return {**kept, "weights": dict(given), "provenance": words, "children": bare}
    by_id = {child.id: child for child in group.children}
    return {**kept, "children": [_child(item, by_id, given) for item in data["children"]]}


def _is_method(given: Mapping[str, Any], children: Sequence[str]) -> bool:
    """Whether weights are given as a method that finds them, ``{ahp: {…}}``, and not by child."""
    return len(given) == 1 and next(iter(given)) in WEIGHTINGS and next(iter(given)) not in children


def _without_weight(data: Any) -> Any:
    """A child without a weight, and without a word on where it came from."""
    if not isinstance(data, dict):
        return data
    kept = {key: value for key, value in data.items() if key != "weight"}
    words = kept.pop("provenance", {})
    words = {} if isinstance(words, str) else {key: word for key, word in words.items() if key != "weight"}
    return {**kept, "provenance": words} if words else kept


def _child(data: Any, by_id: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
    data = {"id": data} if isinstance(data, str) else data
    child: Indicator | Group | Use = by_id[data.get("use", data.get("id"))]
    changed = {**data, "weight": given.get(child.id, 0)}
    if not isinstance(child, Use):
        changed["provenance"] = {**child.provenance, "weight": "assumed"}
    return changed


def read_weights(source: str | Path | Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Weights from a small YAML file, for `with_weights`: ``{group: {child: weight}}`` or ``{group: {ahp: …}}``.

    Raises
    ------
    SpecError
        Where it is not that; every problem with its line and column.

    Examples
    --------
    >>> read_weights('''
    ... score: {a: 60%, b: 40%}
    ... ''')
    {'score': {'a': 60%, 'b': 40%}}
    """
    tree, problems = read_tree(source)
    weights: dict[str, dict[str, Any]] = {}
    wanted = "allowed: {group: {child: weight}}"
    groups = tree.entries if isinstance(tree, Pairs) else {}
    if not groups:
        problems.add(tree.at, f"these are no weights; {wanted}")
    for group, (at, children) in groups.items():
        if not isinstance(children, Pairs):
            problems.add(at, f"the weights of {group!r} are not given by child; {wanted}")
            continue
        if _names_a_method(children):
            method = MethodField("weighting").read(children, group, problems)
            weights[group] = {} if method is BAD else {method: {}} if isinstance(method, str) else method
            continue
        items = children.entries.items()
        weights[group] = {child: Number("yes").read(value, f"{group}.{child}", problems) for child, (_, value) in items}
    if len(problems):
        raise problems.error()
    return weights


def _names_a_method(children: Pairs) -> bool:
    """``{ahp: {…}}``, and not a child of that name with its number."""
    if len(children.entries) != 1:
        return False
    ((name, (_, value)),) = children.entries.items()
    return name in WEIGHTINGS and not (isinstance(value, Scalar) and number_of(value.text) is not None)
