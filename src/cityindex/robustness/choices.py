"""What may differ between draws, as records; `vary` makes them, and here they are drawn for one block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from cityindex._values import Frozen
from cityindex.errors import DomainError, NotFoundError, ScoreError, nearest
from cityindex.methods import weight_draws
from cityindex.methods._arrays import FloatArray
from cityindex.robustness._base import Base
from cityindex.robustness._draws import Block
from cityindex.spec.model import Spec

__all__ = [
    "Choice",
    "GivenWeights",
    "Judgements",
    "LeaveOut",
    "Methods",
    "PolytopeWeights",
    "RandomWeights",
]


class Choice(Protocol):
    """One thing that may differ: its name, a check against the index, and its values in a block of draws."""

    @property
    def label(self) -> str:
        """What it is called in shares and messages."""

    def check(self, base: Base) -> None:
        """Raise what it has against this index."""

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        """Write its values into the block."""


def _groups(base: Base, groups: Sequence[str] | None) -> tuple[str, ...]:
    """The groups that are weighed: those named, or every one with several children and weights that an average uses."""
    tasks = base.nominal.groups
    if groups is None:
        found = tuple(
            name
            for name, task in tasks.items()
            if len(task.children) > 1 and task.group.aggregate.method.takes_weights and name in base.nominal.nominal
        )
        if not found:
            raise ScoreError(f"no group of {base.spec.id} has several children with weights: there are none to vary")
        return found
    for name in groups:
        if name not in tasks:
            raise NotFoundError(f"{base.spec.id} has no group {name!r} here.{nearest(name, list(tasks))}")
        if not tasks[name].group.aggregate.method.takes_weights:
            raise ScoreError(f"{tasks[name].group.aggregate.name} takes no weights (group {name})")
        if name not in base.nominal.nominal:
            raise ScoreError(f"the weights of {name} are learned by label: there is no one set to vary")
    return tuple(groups)


@dataclass(frozen=True)
class RandomWeights:
    """Weights of groups, each drawn on its own: `law` is dirichlet, simplex, factor or between."""

    law: str
    amount: float = 0.0
    groups: tuple[str, ...] | None = None
    limits: Frozen = field(default_factory=Frozen)  # group → child → (lowest, highest share)
    label: str = "weights"

    def check(self, base: Base) -> None:
        for name in _groups(base, tuple(self.limits) if self.law == "between" else self.groups):
            if self.law != "factor" and (base.nominal.nominal[name] < 0).any():
                raise ScoreError(
                    f"the weights of {name} are those of a sum, some below 0, and no shares: vary a factor"
                )
            if self.law == "between":
                children = base.nominal.groups[name].children
                for child in self.limits[name]:
                    if child not in children:
                        raise NotFoundError(f"{name} has no child {child!r}.{nearest(child, children)}")
            try:
                self._drawn(base, name, np.random.default_rng(0), 1)
            except DomainError as error:
                places = [base.nominal.groups[name].children[column] for column in error.columns]
                raise ScoreError(f"weights of {name}: {error.reason}{f' ({places[0]})' if places else ''}") from None

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        for name in _groups(base, tuple(self.limits) if self.law == "between" else self.groups):
            block.weights[name] = self._drawn(base, name, generator, block.count)

    def _drawn(self, base: Base, name: str, generator: np.random.Generator, draws: int) -> FloatArray:
        nominal = base.nominal.nominal[name]
        total = float(nominal.sum())  # shares of what the nominal weights add up to: a sum keeps its scale
        if self.law == "factor":
            return weight_draws.factor(generator, draws, nominal, by=self.amount)
        if self.law == "simplex":
            return weight_draws.simplex(generator, draws, len(nominal)) * total
        if self.law == "dirichlet":
            return weight_draws.dirichlet(generator, draws, nominal, concentration=self.amount) * total
        low, high = self._box(base, name)
        return weight_draws.between(generator, draws, low, high) * total

    def _box(self, base: Base, name: str) -> tuple[FloatArray, FloatArray]:
        """The lowest and highest share of each child; one that is not named may have any."""
        said = [self.limits[name].get(child, (0.0, 1.0)) for child in base.nominal.groups[name].children]
        return np.array([pair[0] for pair in said], float), np.array([pair[1] for pair in said], float)


@dataclass(frozen=True)
class GivenWeights:
    """Sets of weights, group → child → weight; one is picked for each draw, or each in turn."""

    sets: tuple[Mapping[str, Mapping[str, float]], ...]
    in_turn: bool = False
    label: str = "weights"

    def check(self, base: Base) -> None:
        for place, one in enumerate(self.sets):
            for name in _groups(base, tuple(one)):
                children = base.nominal.groups[name].children
                wrong = [child for child in one[name] if child not in children]
                absent = [child for child in children if child not in one[name]]
                if wrong or absent:
                    told = f"no child {wrong[0]!r}" if wrong else f"a weight is missing for {absent[0]!r}"
                    raise ScoreError(
                        f"set {place} of the given weights, {name}: {told}.{nearest((wrong or absent)[0], children)}"
                    )
                _check_weights(base, name, np.array(list(one[name].values())), f"set {place} of the given weights")
        if len({frozenset(one) for one in self.sets}) != 1:
            raise ScoreError("the given sets of weights must all be of the same groups")

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        numbers = np.arange(block.first, block.first + block.count)
        which = numbers % len(self.sets) if self.in_turn else generator.integers(len(self.sets), size=block.count)
        block.picks[self.label] = which
        for name in self.sets[0]:
            children = base.nominal.groups[name].children
            table = np.array([[float(one[name][child]) for child in children] for one in self.sets])
            block.weights[name] = table[which]


@dataclass(frozen=True)
class PolytopeWeights:
    """Weights of one group, uniform on a region that an identification found (rows are equally likely points of it)."""

    group: str
    points: FloatArray
    label: str = "weights"
    children: tuple[str, ...] | None = None  # whose weights the columns are; None: in the order of the group

    def check(self, base: Base) -> None:
        (name,) = _groups(base, (self.group,))
        own = base.nominal.groups[name].children
        if self.children is not None and sorted(self.children) != sorted(own):
            named, wanted = ", ".join(self.children), ", ".join(own)
            raise ScoreError(f"the points are weights of {named}; the children of {name} are {wanted}")
        if self.points.ndim != 2 or self.points.shape[1] != len(base.nominal.groups[name].children):
            count = len(base.nominal.groups[name].children)
            raise ScoreError(f"the points are of shape {self.points.shape}; {count} weights each are wanted for {name}")
        if not len(self.points):
            raise ScoreError(f"there are no points of {name}")
        for place, point in enumerate(self.points):
            _check_weights(base, name, point, f"point {place}")

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        own = base.nominal.groups[self.group].children
        columns = [self.children.index(child) for child in own] if self.children else slice(None)
        block.weights[self.group] = self.points[generator.integers(len(self.points), size=block.count)][:, columns]


@dataclass(frozen=True)
class Judgements:
    """The judgements behind the weights of a group (`ahp`), each moved on its scale."""

    group: str
    spread: int = 1
    label: str = "judgements"

    def check(self, base: Base) -> None:
        (name,) = _groups(base, (self.group,))
        call = base.nominal.groups[name].group.weights
        said = getattr(call, "settings", {})
        if getattr(call, "name", "") != "ahp":
            raise ScoreError(f"the weights of {name} are not found by ahp: it has no judgements to vary")
        if said["combine"] != "judgements" and len(said["experts"] or ()) > 1:
            told = f"{name} combines {said['combine']}"
            raise ScoreError(
                f"{told}: judgements can be varied where they are combined themselves (combine: judgements)"
            )
        self.draw(base, np.random.default_rng(0), Block(0, 1))

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        from cityindex.methods.judgement_draws import judgement_draws

        task = base.nominal.groups[self.group]
        said: Any = task.group.weights.settings  # type: ignore[union-attr]  # an ahp, by `check`
        block.weights[self.group] = judgement_draws(
            said["judgements"],
            experts=said["experts"],
            expert_weights=said["expert_weights"],
            children=task.children,
            draws=block.count,
            seed=int(generator.integers(2**31)),
            spread=self.spread,
            method=said["method"],
        )


@dataclass(frozen=True)
class Methods:
    """Alternatives for one key of one node, or of all indicators or groups; each is as likely as the others."""

    path: str
    alternatives: tuple[Any, ...]
    in_turn: tuple[int, ...] = ()  # which of them each draw has, for a replay
    label: str = ""

    def check(self, base: Base) -> None:
        for place in range(len(self.alternatives)):
            spec = self.change(base.spec, place)
            if base.held is not None and _learns_anew(spec, base.spec, self.path):
                base.refuse_held(f"other methods at {self.path}")

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        if self.in_turn:
            block.picks[self.label] = np.array(self.in_turn)[block.first : block.first + block.count]
        else:
            block.picks[self.label] = generator.integers(len(self.alternatives), size=block.count)

    def change(self, spec: Spec, place: int) -> Spec:
        """The spec with one of the alternatives."""
        from cityindex.robustness._changes import changed

        return changed(spec, self.path, self.alternatives[place])


@dataclass(frozen=True)
class LeaveOut:
    """At most one of some nodes is left out in a draw, each as likely as none."""

    nodes: tuple[str, ...]
    label: str = "left out"

    def check(self, base: Base) -> None:
        if base.held is not None:
            base.refuse_held("nodes left out")
        for name in self.nodes:
            if name not in base.spec.nodes:
                raise NotFoundError(f"{base.spec.id} has no node {name!r}.{nearest(name, base.spec.nodes)}")
            base.variant(("without", name), (), (name,))
            if name not in base.below:
                raise ScoreError(f"{name} is not below {base.node}: to leave it out changes nothing there")

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        block.picks[self.label] = generator.integers(len(self.nodes) + 1, size=block.count) - 1


def _check_weights(base: Base, name: str, weights: FloatArray, where: str) -> None:
    """Weights that an average cannot use are told; those of a sum are any numbers."""
    averages = base.nominal.groups[name].group.aggregate.method.averages
    if not np.isfinite(weights).all() or (averages and ((weights < 0).any() or not weights.sum() > 0)):
        said = ", ".join(f"{weight:.6g}" for weight in weights.tolist())
        wanted = "numbers from 0 on, not all 0, are" if averages else "finite numbers are"
        raise ScoreError(f"{where}, {name}: weights {said}; {wanted} wanted")


def _learns_anew(spec: Spec, nominal: Spec, path: str) -> bool:
    """Whether a changed spec needs something that the nominal one did not learn."""
    if not path.endswith(".aggregate"):
        return True
    known = {group.id: group.aggregate for group in nominal.groups}
    return any(group.aggregate.method.pooled and group.aggregate != known[group.id] for group in spec.groups)
