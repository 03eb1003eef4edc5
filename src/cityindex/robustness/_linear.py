"""An index as a score that is linear in the weights that vary: its levels, and its columns; or why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._levels import Level
from cityindex.methods._share_regions import Fixed, Span, WeightRegion, holds
from cityindex.plan import GroupTask
from cityindex.robustness._base import Base
from cityindex.robustness._scoring import Fast
from cityindex.spec.model import Call

__all__ = ["Linear", "Places", "as_region", "linear_of", "local_shares", "size_of"]

Places = npt.NDArray[np.intp]


def local_shares(base: Base, name: str) -> FloatArray:
    """The nominal weights of a group as it uses them: shares, or as they stand."""
    own = base.nominal.nominal[name]
    return np.asarray(own / own.sum() if base.nominal.groups[name].group.aggregate.method.averages else own)


@dataclass(frozen=True, eq=False)
class Linear:
    """Scores Σ (products of weights) · x of the units that have one, turned so that higher is better.

    `logs`: the columns are logarithms, and scores are those of the numbers behind them. `rows` are the units' rows.
    """

    base: Base
    level: Level
    x: FloatArray
    rows: Places
    logs: bool

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """Every level, parents first."""
        found, pending = [], [self.level]
        while pending:
            level = pending.pop()
            found.append(level)
            pending += [child for child in reversed(level.children) if isinstance(child, Level)]
        return tuple(found)

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """The groups whose weights vary."""
        return tuple(dict.fromkeys(level.name for level in self.levels if not isinstance(level.region, Fixed)))

    @cached_property
    def copied(self) -> tuple[str, ...]:
        """Groups that vary and are reached on several ways: their weights are one set, and the levels know several."""
        names = [level.name for level in self.levels if not isinstance(level.region, Fixed)]
        return tuple(name for name in self.varied if names.count(name) > 1)

    @cached_property
    def peers(self) -> tuple[Places, ...]:
        """Positions in `x` of the units that are ranked together, by period."""
        place = np.full(self.base.inputs.units, -1)
        place[self.rows] = np.arange(len(self.rows))
        return tuple(own[own >= 0] for own in (place[rows] for rows in self.base.peers) if (own >= 0).any())

    def nominal(self) -> FloatArray:
        """The products of the weights as written."""
        return self.level.products({level.name: as_region(self.base, level) for level in self.levels})

    @cached_property
    def holds_nominal(self) -> bool:
        """Whether the weights as written lie in the region."""
        return all(holds(level.region, as_region(self.base, level)) for level in self.levels)

    def scores(self, products: FloatArray) -> FloatArray:
        """The scores of all units, (…, n), higher is better."""
        found = products @ self.x.T
        return np.asarray(np.exp(found) if self.logs else found)

    def settled(self, products: FloatArray) -> FloatArray:
        """Products of one set of weights for each group, where groups were copied."""
        if not self.copied:
            return products
        return np.array([self.level.products(self.level.weights(each)) for each in np.atleast_2d(products)])

    def weights(self, products: FloatArray) -> dict[str, dict[str, float]]:
        """Group → child → weight, of the groups that vary."""
        found = self.level.weights(products)
        sizes = {level.name: size_of(self.base, level.name, level.region) for level in self.levels}
        return {
            name: dict(zip(self.base.nominal.groups[name].children, (found[name] * sizes[name]).tolist(), strict=True))
            for name in self.varied
        }


def as_region(base: Base, level: Level) -> FloatArray:
    """The nominal weights of a level as its region knows them: shares, or (each for itself) as they stand."""
    if isinstance(level.region, Fixed):
        return level.region.weights
    own = base.nominal.nominal[level.name]
    return np.asarray(own / own.sum() if level.region.adds else own)


def size_of(base: Base, name: str, region: WeightRegion) -> float:
    """What the weights of a group add up to where its region has shares: 1 of an average; a sum keeps its total."""
    averages = base.nominal.groups[name].group.aggregate.method.averages
    return 1.0 if averages or not region.adds else float(base.nominal.nominal[name].sum())


def linear_of(base: Base, regions: Mapping[str, WeightRegion]) -> Linear:
    """The levels between the groups that vary and the node.

    Raises
    ------
    ScoreError
        The node does not depend on these weights, or is not linear in them (nor are its logarithms).
    """
    fast = Fast(base, base.nominal, frozenset(regions))
    moving = {task.id: task for task in fast.moving}
    if not moving:
        raise ScoreError(f"{base.node} does not depend on the weights of {', '.join(regions) or 'any group'}")
    rows = np.flatnonzero(np.isfinite(base.part.outcome.carried[base.part.plan.row[base.node]]))
    if not len(rows):
        raise ScoreError(f"no unit has a score of {base.node}")
    for task in moving.values():
        problem = _problem(base, task, moving, regions, rows)
        if problem:
            raise ScoreError(f"the ranks of {base.node} are not linear in these weights: {problem}")
    logs = _logs(base, moving)
    sign = 1.0 if base.group.rank.first == "highest" else -1.0
    tree = _Tree(base, moving, regions, rows, [])
    level = tree.build(base.node, sign, below=False)
    x = np.column_stack(tree.columns)
    return Linear(base, level, x, rows, logs) if not logs else Linear(base, level, _logarithms(x), rows, logs)


def _logarithms(x: FloatArray) -> FloatArray:
    return np.sign(x) * np.log(np.abs(x))


def _logs(base: Base, moving: Mapping[str, GroupTask]) -> bool:
    """Whether all are geometric means; an average of some is refused."""
    names = {name: task.group.aggregate.name for name, task in moving.items()}
    geometric = [name for name, method in names.items() if method == "geometric"]
    if geometric and len(geometric) < len(names):
        other = next(name for name in names if name not in geometric)
        raise ScoreError(
            f"the ranks of {base.node} are not linear in these weights: {geometric[0]} is a geometric mean, and "
            f"{other} is {names[other]}; let the weights of one of them vary"
        )
    return bool(geometric)


def _problem(
    base: Base, task: GroupTask, moving: Mapping[str, GroupTask], regions: Mapping[str, WeightRegion], rows: Places
) -> str:
    """Why a group is in the way; empty where it is not."""
    call, settled = task.group.aggregate, base.nominal.outcome.settled[task.id]
    movers = [place for place, child in enumerate(task.children) if child in moving]
    if not (call.method.additive or call.name == "geometric") or call.via is not None:
        via = " on another axis (via)" if call.via is not None else ""
        return f"{task.id} is aggregated by {call.name}{via}"
    if task.steps:
        return f"{task.id} has steps of its own ({', '.join(stage.call.name for stage in task.steps)})"
    if task.id not in base.nominal.nominal:
        return f"the weights of {task.id} are learned by label"
    found = task.group.weights
    if task.id not in regions and movers and isinstance(found, Call) and found.method.from_data:
        return f"the weights of {task.id} are found from values that move ({found.name})"
    for place in movers:
        child = task.children[place]
        if place in task.published and moving[child].publish:
            return f"{task.id} reads {child} as it is published"
        if settled.filled is not None and settled.filled[rows, place].any():
            return f"{task.id} fills missing values of {child}, which moves"
    absent = rows[np.isnan(settled.x[rows]).any(axis=1)]
    if len(absent):
        return (
            f"{task.id} shares the weights of missing children among the others (unit {base.result.units[absent[0]]})"
        )
    return ""


@dataclass(eq=False)
class _Tree:
    base: Base
    moving: Mapping[str, GroupTask]
    regions: Mapping[str, WeightRegion]
    rows: Places
    columns: list[FloatArray]

    def build(self, name: str, times: float, *, below: bool) -> Level:
        """A level with all under it, `times` a factor; `below`: it stands under weights that vary."""
        task = self.moving[name]
        nominal = local_shares(self.base, name)
        region = self.regions.get(name) or Fixed(nominal, task.group.aggregate.method.averages)
        if below and isinstance(region, Span):
            raise ScoreError(f"the weights of {name}, a sum, cannot vary below others that vary: name one (groups=…)")
        times = times * size_of(self.base, name, region)
        x = self.base.nominal.outcome.settled[name].x[self.rows]
        children: list[Any] = []
        turned = np.ones(len(task.children))
        for place, child in enumerate(task.children):
            if child not in self.moving:
                children.append(len(self.columns))
                self.columns.append(times * x[:, place])
                continue
            if region.low[place] < 0:
                if not isinstance(region, Fixed):
                    raise ScoreError(
                        f"the weights of {name} and those of {child} cannot vary at once: one may be negative"
                    )
                turned[place] = -1.0
            children.append(self.build(child, times * turned[place], below=below or not isinstance(region, Fixed)))
        if isinstance(region, Fixed):
            region = Fixed(region.weights * turned, region.adds)
        return Level(region, tuple(children), name)
