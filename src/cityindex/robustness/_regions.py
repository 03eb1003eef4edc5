"""What a user says of the weights, read as regions: a factor, limits, a choice of `vary`, an identification, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np

from cityindex.errors import DomainError, NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods._share_regions import Mean, Polytope, Shares, Span, WeightRegion
from cityindex.robustness._base import Base
from cityindex.robustness._linear import local_shares, size_of
from cityindex.robustness.choices import RandomWeights, _groups
from cityindex.robustness.vary import weights_between

__all__ = ["Regions", "WeightRows", "read_region"]

ALLOWED = "a factor such as 0.25, {child: (low, high)}, vary.weights(…), vary.weights_between(…), an Identification"


@dataclass(frozen=True, eq=False)
class WeightRows:
    """Shares of a group's children, from 0 on and 1 in all, with G w ≤ h: any region that linear rows can say.

    Parameters
    ----------
    children
        The children that the columns of `g` are about: those of the group.
    g, h
        The rows, (m, k) and (m,).

    Examples
    --------
    The first weighs at least as much as the second:

    >>> WeightRows(("a", "b"), [[-1, 1]], [0]).children
    ('a', 'b')
    """

    children: tuple[str, ...]
    g: Any
    h: Any


@dataclass(frozen=True, eq=False)
class Regions:
    """Group → where its weights lie.

    `outer`: why this is more than what was said, empty where it is exactly that. `points`: shares of a group that are
    known to be possible (m, k), where the region is more.
    """

    by_group: Mapping[str, WeightRegion]
    outer: str = ""
    points: Mapping[str, FloatArray] = field(default_factory=dict)


def read_region(base: Base, region: Any) -> Regions:
    """The regions of the groups under the node.

    Raises
    ------
    ScoreError
        Nothing that says where weights lie, or limits that no weights meet.
    NotFoundError
        A group or a child that is not there.
    """
    listed = region if isinstance(region, list | tuple) else [region]
    found: dict[str, WeightRegion] = {}
    outer = ""
    points: dict[str, FloatArray] = {}
    for one in listed:
        read = _read(base, one)
        twice = [name for name in read.by_group if name in found]
        if twice:
            raise ScoreError(f"the weights of {twice[0]} are said twice")
        found |= read.by_group
        outer, points = outer or read.outer, points | dict(read.points)
    if not found:
        raise ScoreError(f"no weights vary: {ALLOWED} say where they lie")
    return Regions(found, outer, points)


def _read(base: Base, region: Any) -> Regions:
    if isinstance(region, Real) and not isinstance(region, bool | np.bool_):
        return Regions({name: _near(base, name, float(region)) for name in _groups(base, None)})
    if isinstance(region, RandomWeights):
        if region.law == "between":
            return Regions({name: _between(base, name, own) for name, own in region.limits.items()})
        return Regions({name: _support(base, name, region) for name in _groups(base, region.groups)})
    if isinstance(region, WeightRows):
        name = _group_of(base, region.children)
        return Regions({name: _polytope(base, name, region.children, region.g, region.h)})
    if isinstance(region, Mapping) and region:
        nested = all(isinstance(own, Mapping) for own in region.values())
        limits = weights_between(region if nested else {_group_with(base, list(region)): region}).limits
        return Regions({name: _between(base, name, own) for name, own in limits.items()})
    if all(hasattr(region, name) for name in ("g", "h", "total_weight", "complete", "feasible")):
        return _identified(base, region)
    raise ScoreError(f"{region!r} says nothing of where weights lie; allowed: {ALLOWED}")


# -- limits -----------------------------------------------------------------------------------------------------------


def _made(name: str, children: Sequence[str], make: Any) -> Any:
    try:
        return make()
    except DomainError as error:
        told = ", ".join(children[column] for column in error.columns)
        raise ScoreError(f"weights of {name}: {error.reason}{f' ({told})' if told else ''}") from None


def _near(base: Base, name: str, by: float) -> WeightRegion:
    """Shares within a factor of the nominal ones; the weights of a sum likewise, each for itself."""
    if not 0 <= by <= 1:
        raise ScoreError(f"factor: {by}; a number from 0 to 1 is wanted (0.25: a quarter up or down)")
    shares = local_shares(base, name)
    ends = np.sort([shares * (1 - by), shares * (1 + by)], axis=0)
    if not base.nominal.groups[name].group.aggregate.method.averages:
        return Span(ends[0], ends[1])
    return Shares(ends[0], np.minimum(ends[1], 1.0))


def _support(base: Base, name: str, choice: RandomWeights) -> WeightRegion:
    """Every set of weights that a choice may draw (with the edges)."""
    nominal = base.nominal.nominal[name]
    averages = base.nominal.groups[name].group.aggregate.method.averages
    if choice.law == "factor":
        if not 0 <= choice.amount <= 1:
            raise ScoreError(f"factor: {choice.amount}; a number from 0 to 1 is wanted (0.25: a quarter up or down)")
        if not averages:
            return _near(base, name, choice.amount)
        return Mean(nominal * (1 - choice.amount), nominal * (1 + choice.amount))
    _check_shares(base, name)
    high = np.where(nominal > 0, 1.0, 0.0) if choice.law == "dirichlet" else np.ones(len(nominal))
    return Shares(np.zeros(len(nominal)), high)


def _check_shares(base: Base, name: str) -> None:
    """A sum has shares of what its weights add up to, if none of them is below 0."""
    if (base.nominal.nominal[name] < 0).any():
        raise ScoreError(f"the weights of {name} are those of a sum, some below 0, and no shares: vary a factor")


def _between(base: Base, name: str, limits: Mapping[str, Any]) -> WeightRegion:
    _groups(base, (name,))  # it is one, and it is weighed
    _check_shares(base, name)
    children = base.nominal.groups[name].children
    for child in limits:
        if child not in children:
            raise NotFoundError(f"{name} has no child {child!r}.{nearest(child, children)}")
    pairs = np.array([limits.get(child, (0.0, 1.0)) for child in children], float)
    region: WeightRegion = _made(name, children, lambda: Shares(pairs[:, 0], pairs[:, 1]))
    return region


# -- rows -------------------------------------------------------------------------------------------------------------


def _group_with(base: Base, children: Sequence[str]) -> str:
    """The node, or else the one group under it, that has all these children."""
    groups = {name: task.children for name, task in base.nominal.groups.items()}
    if set(children) <= set(groups[base.node]):
        return base.node
    fitting = [name for name, own in groups.items() if set(children) <= set(own)]
    if len(fitting) == 1:
        return fitting[0]
    unknown = next((child for child in children if child not in groups[base.node]), "")
    raise NotFoundError(f"{base.node} has no child {unknown!r}.{nearest(unknown, groups[base.node])}")


def _group_of(base: Base, children: Sequence[str]) -> str:
    name = _group_with(base, children)
    absent = [child for child in base.nominal.groups[name].children if child not in children]
    twice = [child for child in children if list(children).count(child) > 1]
    if twice:
        raise ScoreError(f"the region names {twice[0]}, a child of {name}, twice")
    if absent:
        raise ScoreError(f"the region says nothing of {absent[0]}, a child of {name}")
    return name


def _ordered(base: Base, name: str, children: Sequence[str]) -> list[int]:
    return [list(children).index(child) for child in base.nominal.groups[name].children]


def _polytope(base: Base, name: str, children: Sequence[str], g: Any, h: Any) -> WeightRegion:
    _groups(base, (name,))
    _check_shares(base, name)
    try:
        rows, ends = np.asarray(g, float), np.atleast_1d(np.asarray(h, float))
    except (TypeError, ValueError):
        raise ScoreError(f"rows of {name}: g and h have to be numbers, one coefficient for each child") from None
    rows = rows.reshape(-1, len(children)) if not rows.size else np.atleast_2d(rows)
    if rows.shape != (len(ends), len(children)):
        raise ScoreError(f"rows of {name}: {rows.shape} and {ends.shape}; one coefficient for each child is wanted")
    columns = _ordered(base, name, children)
    region: WeightRegion = _made(name, base.nominal.groups[name].children, lambda: Polytope(rows[:, columns], ends))
    return region


def _identified(base: Base, found: Any) -> Regions:
    """The weights that an audit found possible: its rows; where they are not all that is known, points of it too."""
    if not found.feasible:
        raise ScoreError("the identification found that no weights are possible: there is no region")
    name, total = _group_of(base, found.children), found.total_weight
    if total is None:
        raise ScoreError("the identified weights have no fixed sum: say what they add up to (total_weight)")
    region = _polytope(base, name, found.children, found.g, found.h / total)
    averages, own = base.nominal.groups[name].group.aggregate.method.averages, size_of(base, name, region)
    if not averages and abs(total - own) > 1e-9 * own:
        raise ScoreError(f"the identified weights add up to {total:g}, and those of {name}, a sum, to {own:g}")
    if found.complete:
        return Regions({name: region})
    outer = "the rows of the identification are not all that an order, or the end of a list, says"
    points = np.array([[found.centre[child] for child in found.children], *found.samples], float)
    return Regions({name: region}, outer, {name: points[:, _ordered(base, name, found.children)] / total})
