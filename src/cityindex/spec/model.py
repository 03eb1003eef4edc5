"""What an index is: frozen records. Built by `load_spec` alone, so that whatever exists is valid.

`Spec.data` is the index as it was written (plain data; `dump` writes it back); the nodes are the same index with
defaults filled in, every method known and every option checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from cityindex._registry import AGGREGATORS, MISSING, STEPS, TIERINGS, WEIGHTINGS, Method, Registry
from cityindex._shown import Shown
from cityindex._values import Frozen, Text, canonical
from cityindex.errors import NotFoundError, nearest

__all__ = ["UNPUBLISHED", "Call", "Group", "Indicator", "Node", "Rank", "Spec", "Tiers", "Unit", "Use", "turning_step"]

UNPUBLISHED = "unpublished"
REGISTRIES: dict[str, Registry] = {r.kind: r for r in (STEPS, AGGREGATORS, WEIGHTINGS, TIERINGS, MISSING)}


@dataclass(frozen=True)
class Call:
    """A method with its options as written (`options`), and the reserved ones beside them.

    `within`: the label column that a step, an imputation or a weighting learns by; `via`: the linear axis ((from, to)
    pairs) that an aggregator is computed on; `on`: which columns a weighting looks at.
    """

    kind: str
    name: str
    options: Frozen = field(default_factory=Frozen)
    within: str | None = None
    via: tuple[tuple[float, float], tuple[float, float]] | None = None
    on: Literal["carried", "raw"] = "carried"

    @property
    def method(self) -> Method:
        return REGISTRIES[self.kind][self.name]

    @cached_property
    def settings(self) -> Frozen:
        """Every option: the defaults of the method, then what is written."""
        return Frozen({**self.method.defaults(), **self.options})

    @cached_property
    def key(self) -> str:
        """Equal for calls that do the same; an option that is added to a method, with a default, changes no key."""
        usual = self.method.defaults()
        said = {name: value for name, value in self.settings.items() if name not in usual or usual[name] != value}
        return canonical([self.kind, self.name, said, self.within, self.via, *(["raw"] if self.on == "raw" else [])])


def turning_step(steps: Sequence[Call]) -> int | None:
    """The position of the first step that turns by direction (minmax, zscore, …), or None."""
    return next((i for i, step in enumerate(steps) if step.method.turns), None)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf: reads a column (or is a constant `value`), perhaps divided by another (`per`)."""

    id: str
    title: Text | None = None
    note: Text | None = None
    weight: float | None = None
    column: str | None = None
    value: float | None = None
    per: str | None = None
    goalposts: tuple[float, float] | None = None
    direction: Literal["more", "less"] | None = None
    measured_in: Text | None = None
    steps: tuple[Call, ...] = ()
    publish: tuple[Call, ...] = ()
    where: Frozen | None = None
    provenance: Frozen = field(default_factory=Frozen)

    @property
    def falls(self) -> bool | None:
        """Whether less is better: as `direction` says, else as the steps have it; None where they do not tell."""
        if self.direction is not None:
            return self.direction == "less"
        posts = {"goalposts": self.goalposts} if self.goalposts else {}
        sign = math.prod(step.method.sign_of({**step.settings, **posts}) for step in self.steps)
        return None if sign == 0 else sign < 0

    @property
    def turning(self) -> int | None:
        """Which step reflects its result: the first that turns, where `direction: less`; None where none has to."""
        return turning_step(self.steps) if self.direction == "less" else None


@dataclass(frozen=True, slots=True)
class Use:
    """A child that is a node standing elsewhere: its `of` (carried or published) column."""

    id: str
    of: Literal["carried", "published"] = "carried"
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Rank:
    of: Literal["published", "carried"] = "published"
    ties: Literal["min", "max", "average", "dense"] = "min"
    first: Literal["highest", "lowest"] = "highest"


@dataclass(frozen=True, slots=True)
class Tiers:
    call: Call
    labels: tuple[str, ...] | None = None

    def named(self, count: int) -> tuple[str, ...]:
        """The names of so many tiers, the best first: their labels, else their numbers."""
        return self.labels or tuple(str(number) for number in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Group:
    """An inner node: settles what is missing among its children, then aggregates them.

    `weights` is a weighting, ``"unpublished"`` or None (the children's own weights; equal where none has one). A group
    without children is one whose parts the source does not print (``children: unpublished``): its values have to be
    given.
    """

    id: str
    title: Text | None = None
    note: Text | None = None
    weight: float | None = None
    children: tuple[Indicator | Group | Use, ...] = ()
    aggregate: Call = field(default_factory=lambda: Call("aggregator", "arithmetic"))
    missing: Call = field(default_factory=lambda: Call("missing", "refuse"))
    weights: Call | Literal["unpublished"] | None = None
    weights_sum: float | None = None
    rank: Rank = field(default_factory=Rank)
    tiers: Tiers | None = None
    steps: tuple[Call, ...] = ()
    publish: tuple[Call, ...] = ()
    where: Frozen | None = None
    provenance: Frozen = field(default_factory=Frozen)

    @property
    def unprinted(self) -> Literal["", "children", "weights", "judgements"]:
        """What the source does not print and a score needs: nothing, the parts, the weights or their judgements."""
        if not self.children:
            return "children"
        if isinstance(self.weights, str):
            return "weights"
        if self.weights is None or self.weights.name != "ahp":
            return ""
        said = self.weights.settings
        return "" if said["experts"] or said["judgements"] not in (None, UNPUBLISHED) else "judgements"


Node = Indicator | Group


@dataclass(frozen=True, slots=True)
class Unit:
    """What is ranked: its kind (``city``), and the columns of its key, label and period (None: not said)."""

    kind: str = "unit"
    key: str | None = None
    label: str | None = None
    period: str | None = None


@dataclass(frozen=True, eq=False)
class Spec(Shown):
    """An index, written down: read it with `load_spec`, change it by `replace`; compare with ``==`` or `diff`.

    Attributes
    ----------
    data
        The index as written: plain, frozen; ``dump(spec)`` writes it.
    index, also
        The tree of nodes with defaults filled in, and the side results.
    editions
        Period → the whole spec for that period's rows.
    places
        Node id → ``file:line:column``.
    """

    data: Frozen
    id: str
    title: Text | None
    edition: str | None
    source: tuple[Text, ...]
    note: Text | None
    unit: Unit
    provenance: Frozen
    reference: Frozen | None
    index: Group
    also: tuple[Group, ...] = ()
    editions: Mapping[str, Spec] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)  # what was once computed from it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and canonical(self.data) == canonical(other.data)

    def __hash__(self) -> int:
        return hash(self.data)

    def __repr__(self) -> str:
        return f"Spec({self.id!r}, {len(self.indicators)} indicators, {len(self.groups)} groups)"

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by id: the index first, from the root down, then the side results."""
        return Frozen({node.id: node for root in self.roots for node in walk(root)})

    @property
    def roots(self) -> tuple[Group, ...]:
        """The index, then the side results of `also`."""
        return (self.index, *self.also)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator, in the order of the tree."""
        return tuple(node for node in self.nodes.values() if isinstance(node, Indicator))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every group, in the order of the tree."""
        return tuple(node for node in self.nodes.values() if isinstance(node, Group))

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """Node id → id of the group that it stands in (not those that `use` it)."""
        return Frozen(
            {child.id: group.id for group in self.groups for child in group.children if not isinstance(child, Use)}
        )

    def __getitem__(self, node: str) -> Node:
        try:
            found: Node = self.nodes[node]
        except KeyError:
            raise NotFoundError(f"{self.id} has no node {node!r}.{nearest(node, self.nodes)}") from None
        return found

    def provenance_of(self, node: str, key: str = "weight") -> str:
        """Where that key of that node comes from: published, inferred or assumed."""
        word: str = self[node].provenance.get(key) or self.provenance.get(key) or "published"
        return word

    def weight_provenance(self, group: str, child: str) -> str:
        """Where the weight of a child in a group comes from, in words: ``published``, ``equal (assumed)``, …"""
        parent = self[group]
        if not isinstance(parent, Group) or not parent.aggregate.method.takes_weights:
            return ""
        if parent.weights == UNPUBLISHED:
            return UNPUBLISHED
        if isinstance(parent.weights, Call):
            word = UNPUBLISHED if parent.unprinted else self.provenance_of(group, "weights")
            return f"{parent.weights.name} ({word})"
        if all(each.weight is None for each in parent.children):
            return f"equal ({self.provenance_of(group, 'weights')})"
        used = any(isinstance(each, Use) and each.id == child for each in parent.children)
        return self.provenance_of(group if used else child, "weight")


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, top down, in the order written (nodes used from elsewhere left out)."""
    yield node
    if isinstance(node, Group):
        for child in node.children:
            if not isinstance(child, Use):
                yield from walk(child)
