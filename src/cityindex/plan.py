"""A spec compiled: which rows of the node array are filled, in which order, by which methods.

The node array is ``nodes × units``, contiguous; a row is a node. Indicators that share steps are filled together
(a *block*), groups one after another once their children stand. Nothing here sees data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cityindex._registry import Method, keywords
from cityindex._values import Frozen, canonical
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Call, Group, Indicator, Node, Spec, Use, walk

__all__ = ["Block", "GroupTask", "Plan", "Stage", "compile_plan"]

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step over the columns of one block, ready to run."""

    call: Call
    method: Method
    learn_options: Mapping[str, Any]
    apply_options: Mapping[str, Any]
    posts: Params | None = None  # the indicators' goalposts, where the step uses them
    reflect: float = 0.0
    turned: np.ndarray[Any, np.dtype[np.bool_]] | None = None  # columns whose result is reflected: direction less

    @property
    def learns(self) -> bool:
        return self.method.learn is not None

    def columns(self, part: slice) -> Stage:
        """The same stage for some of its columns."""
        posts = self.posts and {name: values[part] for name, values in self.posts.items()}
        turned = None if self.turned is None else self.turned[part]
        if turned is not None and not turned.any():
            turned = None
        return Stage(self.call, self.method, self.learn_options, self.apply_options, posts, self.reflect, turned)


@dataclass(frozen=True, slots=True)
class Block:
    """Leaves that are treated alike: indicators, or nodes whose carried values are given."""

    ids: tuple[str, ...]
    rows: np.ndarray[Any, np.dtype[np.intp]]
    steps: tuple[Stage, ...]
    publish: tuple[Stage, ...]
    where: Frozen | None

    @property
    def span(self) -> slice | None:
        """The rows as a slice, where they stand together."""
        first, last = int(self.rows[0]), int(self.rows[-1])
        return slice(first, last + 1) if last - first + 1 == len(self.rows) else None


@dataclass(frozen=True, slots=True)
class GroupTask:
    """One group: its row, its children's rows, its weights (None: learned) and its methods."""

    group: Group
    row: int
    children: tuple[str, ...]
    rows: np.ndarray[Any, np.dtype[np.intp]]
    published: tuple[int, ...]  # positions of the children whose published column is read
    weights: FloatArray | None
    steps: tuple[Stage, ...]
    publish: tuple[Stage, ...]
    applies: tuple[Frozen | None, ...]  # the `where` of each child: outside it, it is not applicable and not missing

    @property
    def id(self) -> str:
        return self.group.id

    @property
    def where(self) -> Frozen | None:
        return self.group.where

    @property
    def span(self) -> slice | None:
        first, count = int(self.rows[0]), len(self.rows)
        together = not self.published and bool((self.rows == np.arange(first, first + count)).all())
        return slice(first, first + count) if together else None


@dataclass(frozen=True)
class Plan:
    """What `calibrate` and `score` run: the blocks of leaves, then the groups in order."""

    spec: Spec
    ids: tuple[str, ...]
    row: Mapping[str, int]
    blocks: tuple[Block, ...]
    siblings: tuple[tuple[GroupTask, ...], ...]  # the groups in order, those together that can run in one call
    given: frozenset[str]

    @cached_property
    def groups(self) -> tuple[GroupTask, ...]:
        """The groups, children first."""
        return tuple(task for tasks in self.siblings for task in tasks)

    @cached_property
    def label_columns(self) -> tuple[str, ...]:
        """The columns whose labels the plan reads (`where`, `within`, `reference`)."""
        return label_columns(self.spec, self.ids)


def label_columns(spec: Spec, ids: Iterable[str]) -> tuple[str, ...]:
    """The columns whose labels these nodes of the spec read."""
    found: dict[str, None] = dict.fromkeys(spec.reference or ())
    for name in ids:
        node = spec.nodes[name]
        found.update(dict.fromkeys(node.where or ()))
        calls = [*node.steps, *node.publish]
        if isinstance(node, Group):
            calls += [node.missing, *([node.weights] if isinstance(node.weights, Call) else [])]
        found.update(dict.fromkeys(call.within for call in calls if call.within))
    return tuple(found)


def compile_plan(spec: Spec, given: Iterable[str] = (), root: str | None = None) -> Plan:
    """Order the nodes of a spec, those in `given` (and nothing under them) entering with their carried values.

    `root`: only this node and what it needs (None: the index and its side results).
    """
    entered = frozenset(given)
    if ("plan", entered, root) not in spec.memo:
        spec.memo["plan", entered, root] = _compile(spec, entered, root)
    plan: Plan = spec.memo["plan", entered, root]
    return plan


def _compile(spec: Spec, entered: frozenset[str], root: str | None) -> Plan:
    leaves, groups = _ordered(spec, entered, spec.roots if root is None else (spec.nodes[root],))
    ids = (*(node.id for node in leaves), *(group.id for group in groups))
    row = {name: position for position, name in enumerate(ids)}
    return Plan(
        spec=spec,
        ids=ids,
        row=row,
        blocks=tuple(_blocks(leaves, row, entered)),
        siblings=tuple(_siblings([_group_task(group, row, spec) for group in groups])),
        given=entered,
    )


def _ordered(spec: Spec, given: frozenset[str], roots: Sequence[Node]) -> tuple[list[Node], list[Group]]:
    """Leaves in the order of the tree, and groups such that children come first."""
    leaves: dict[str, Node] = {}
    groups: dict[str, Group] = {}

    def visit(node: Node) -> None:
        if node.id in leaves or node.id in groups:
            return
        if not isinstance(node, Group) or node.id in given:
            leaves[node.id] = node
            return
        for child in node.children:
            visit(spec.nodes[child.id] if isinstance(child, Use) else child)
        groups[node.id] = node

    for root in roots:
        visit(root)
    order = {node.id: place for place, node in enumerate(node for root in spec.roots for node in walk(root))}
    return sorted(leaves.values(), key=lambda node: order[node.id]), _by_level(groups)


def _by_level(groups: dict[str, Group]) -> list[Group]:
    """Lower groups first, siblings side by side, so that children mostly stand in adjacent rows."""
    height: dict[str, int] = {}
    for name, group in groups.items():  # children were visited before
        height[name] = 1 + max((height.get(child.id, 0) for child in group.children), default=0)
    return sorted(groups.values(), key=lambda group: height[group.id])


def _blocks(leaves: list[Node], row: Mapping[str, int], given: frozenset[str]) -> Iterator[Block]:
    alike: dict[str, list[Node]] = {}
    for node in leaves:
        steps = () if node.id in given else node.steps
        key = canonical([[call.key for call in steps], [call.key for call in node.publish], node.where])
        alike.setdefault(key, []).append(node)
    for nodes in alike.values():
        steps = () if nodes[0].id in given else nodes[0].steps
        turning = [node.turning if isinstance(node, Indicator) and steps else None for node in nodes]
        stages = [
            _stage(call, nodes, np.array([turn == place for turn in turning])) for place, call in enumerate(steps)
        ]
        rows = np.array([row[node.id] for node in nodes], dtype=np.intp)
        yield Block(
            ids=tuple(node.id for node in nodes),
            rows=rows,
            steps=tuple(stages),
            publish=tuple(_stage(call, nodes) for call in nodes[0].publish),
            where=nodes[0].where,
        )


def _stage(call: Call, nodes: Sequence[Node], turned: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> Stage:
    method, settings = call.method, call.settings
    posts = None
    if method.uses_goalposts:
        pairs = [node.goalposts or (0.0, 1.0) for node in nodes if isinstance(node, Indicator)]
        posts = {"low": np.array([pair[0] for pair in pairs]), "high": np.array([pair[1] for pair in pairs])}
    return Stage(
        call=call,
        method=method,
        learn_options=keywords(method.learn, settings),
        apply_options=keywords(method.function, settings),
        posts=posts,
        reflect=method.reflect(settings) if method.reflect else 0.0,
        turned=turned if turned is not None and turned.any() else None,
    )


def _group_task(group: Group, row: Mapping[str, int], spec: Spec) -> GroupTask:
    children = tuple(child.id for child in group.children)
    published = tuple(
        place for place, child in enumerate(group.children) if isinstance(child, Use) and child.of == "published"
    )
    return GroupTask(
        group=group,
        row=row[group.id],
        children=children,
        rows=np.array([row[name] for name in children], dtype=np.intp),
        published=published,
        weights=_written_weights(group),
        steps=tuple(_stage(call, [group]) for call in group.steps),
        publish=tuple(_stage(call, [group]) for call in group.publish),
        applies=tuple(spec.nodes[name].where for name in children),
    )


def _written_weights(group: Group) -> FloatArray | None:
    """The children's own weights; 1 each where none is written; None where a method finds them."""
    if group.weights is not None:
        return None
    return np.array([1.0 if child.weight is None else float(child.weight) for child in group.children])


def _siblings(tasks: list[GroupTask]) -> Iterator[tuple[GroupTask, ...]]:
    """Runs of groups that lie side by side, their children too, and are aggregated alike.

    None of them may be a child of another: it would be read before it is filled.
    """
    together: list[GroupTask] = []
    for task in tasks:
        if together and not (_alike(together[-1], task) and int(task.rows[-1]) < together[0].row):
            yield tuple(together)
            together = []
        together.append(task)
    if together:
        yield tuple(together)


def _alike(one: GroupTask, other: GroupTask) -> bool:
    plain = all(
        task.span is not None and task.weights is not None and not (task.steps or task.publish or task.where)
        for task in (one, other)
    )
    return (
        plain
        and one.group.aggregate.key == other.group.aggregate.key
        and not one.group.aggregate.method.pooled
        and all(_looks_at_own_children(task) for task in (one, other))
        and len(one.rows) == len(other.rows)
        and int(one.rows[-1]) + 1 == int(other.rows[0])
        and one.row + 1 == other.row
    )


def _looks_at_own_children(task: GroupTask) -> bool:
    """Whether the rule for missing children has nothing to do where no child is missing."""
    call = task.group.missing
    return call.name in ("refuse", "propagate") or (call.name == "reweight" and call.settings["covered"] is None)
