"""One change at a time: each node left out, each weight a little up and down; and how the ranks move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from cityindex.errors import CityIndexError, NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.robustness._asked import number
from cityindex.robustness._base import Base, base_of
from cityindex.robustness._draws import Block
from cityindex.robustness._one_change import LeftOut, Swings, placed
from cityindex.robustness._sampler import sampler_of
from cityindex.robustness.choices import GivenWeights, RandomWeights
from cityindex.spec.model import Group

__all__ = ["LeftOut", "Swings", "leave_out_each", "swing", "weighed"]

# -- nodes left out ---------------------------------------------------------------------------------------------------


def leave_out_each(
    result: Any,
    nodes: Literal["indicators", "groups"] | Sequence[str] = "indicators",
    *,
    table: Any = None,
    node: str | None = None,
) -> LeftOut:
    """Leave out each node in turn, its weight shared by the others of its group; how do the ranks move?

    Weights that are learned from data are learned again without it.

    Parameters
    ----------
    result
        What `score` gave; or a spec, with `table`.
    nodes
        ``indicators``: every indicator (or group that stands in the table) that has values; ``groups``: every
        group below `node`; or ids. With the two words, a node that cannot be left out (an only child, or the
        index cannot be scored without it) is told in `failed`.
    node
        The group whose ranks are looked at; None: the index.

    Returns
    -------
    LeftOut

    Raises
    ------
    NotFoundError
        There is no such node below `node`.
    ScoreError
        A node that is named cannot be left out.

    Notes
    -----
    Peers: COINr's `remove_elements` does the same for one level, and ranks the same.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "three", "index": {"id": "score", "children": ["a", "b", "c"]}}
    >>> data = {"city": ["x", "y", "z"], "a": [1.0, 2.0, 3.0], "b": [3.0, 2.5, 1.0], "c": [2.0, 2.0, 2.0]}
    >>> leave_out_each(ci.score(spec, data)).to_frame()
      node  mean_change unit  change
    0    a          1.0    x    -1.0
    1    b          1.0    x     1.0
    2    c          0.0  NaN     0.0
    """
    base = base_of(result, table, node)
    below = base.below
    named = not isinstance(nodes, str)
    if nodes == "indicators" or nodes == "groups":
        given = base.part.plan.given  # groups that stand in the table are leaves there
        inner = {name: isinstance(base.spec.nodes[name], Group) and name not in given for name in below}
        listed = [name for name in below if inner[name] is (nodes == "groups")]
    elif isinstance(nodes, list | tuple):
        listed = list(dict.fromkeys(nodes))
    else:
        raise ScoreError(f"nodes: {nodes!r}; 'indicators', 'groups' or a list of ids is wanted")
    if base.held is not None:
        base.refuse_held("nodes left out")
    for name in listed:
        if name not in below:
            raise NotFoundError(f"{name!r} is no node below {base.node}.{nearest(name, below)}")
    rows, failed = [], {}
    for name in listed:
        try:
            variant = base.variant(("without", name), (), (name,))
        except CityIndexError as error:
            if named:
                raise
            failed[name] = str(error)
            continue
        rows.append(variant.outcome.column(variant.plan, base.node, base.group.rank.of))
    kept = tuple(name for name in listed if name not in failed)
    return LeftOut(base, placed(base, np.array(rows).reshape(len(kept), len(base.result))), failed, kept)


# -- weights swung ----------------------------------------------------------------------------------------------------


def swing(result: Any, by: float | Sequence[float] = 0.25, *, table: Any = None, node: str | None = None) -> Swings:
    """Each weight a little more and a little less, the others of its group in proportion; how do the ranks move?

    Parameters
    ----------
    result
        What `score` gave; or a spec, with `table`.
    by
        0.25: each weight times 1.25 and times 0.75; or several such steps. In an average the other children share what
        is left, in proportion; in a sum, where weights have no total, they stay.
    node
        The group whose ranks are looked at; None: the index.

    Returns
    -------
    Swings
        A weight that would pass the whole, and the only one of a group that is not 0, is told in `failed`.

    Raises
    ------
    ScoreError
        A step that is not between 0 and 1 (1: the weight goes to 0); no weights.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> data = {"city": ["x", "y", "z"], "a": [1.0, 2.0, 3.0], "b": [3.0, 2.5, 1.0]}
    >>> swing(ci.score(spec, data)).to_frame()[["child", "times", "weight", "changed", "mean_change", "unit", "change"]]
      child  times  weight  changed  mean_change unit  change
    0     a   0.75     0.5    0.375     0.333333    z     1.0
    1     a   1.25     0.5    0.625     1.000000    x     1.0
    2     b   0.75     0.5    0.375     1.000000    x     1.0
    3     b   1.25     0.5    0.625     0.333333    z     1.0
    """
    base = base_of(result, table, node)
    steps = [number("by", step) for step in (by if isinstance(by, list | tuple) else [by])]
    if not steps or not all(0 < step <= 1 for step in steps):
        raise ScoreError(f"by: {by!r}; steps above 0 and up to 1 are wanted (0.25: a quarter more and less)")
    nominal = {name: base.nominal.nominal[name] for name in weighed(base)}
    if not nominal:
        raise ScoreError(f"nothing below {base.node} has weights that could be swung")
    times = sorted({side for step in steps for side in (1 - step, 1 + step)})
    made, failed = [], {}
    for name, own in nominal.items():
        averages = base.nominal.groups[name].group.aggregate.method.averages
        for place, child in enumerate(base.nominal.groups[name].children):
            for factor in times:
                changed, why = _swung(own, place, factor, averages)
                if changed is None:
                    failed[name, child, factor] = why
                else:
                    made.append((name, child, factor, place, changed))
    ranks = placed(base, _scores(base, nominal, [(name, changed) for name, _, _, _, changed in made]))
    shares = tuple(
        (float(_shares(base, name, nominal[name])[place]), float(_shares(base, name, changed)[place]))
        for name, _, _, place, changed in made
    )
    return Swings(base, ranks, failed, tuple((name, child, factor) for name, child, factor, _, _ in made), shares)


def weighed(base: Base) -> list[str]:
    """The groups below the node (itself too) with weights that can be varied."""
    block = Block(0, 1)
    RandomWeights("simplex").draw(base, np.random.default_rng(0), block)
    below = {base.node, *base.below}
    return [name for name in block.weights if name in below]


def _shares(base: Base, name: str, weights: FloatArray) -> FloatArray:
    """Weights as an average uses them; in a sum as they stand."""
    return weights / weights.sum() if base.nominal.groups[name].group.aggregate.method.averages else weights


def _swung(own: FloatArray, place: int, factor: float, averages: bool) -> tuple[FloatArray | None, str]:
    """The weights of a group with one of them times a factor; or why not."""
    changed = own.copy()
    changed[place] *= factor
    if not averages:
        return changed, ""
    total, rest = float(own.sum()), float(own.sum() - own[place])
    left = total - changed[place]
    if rest <= 1e-12 * total:
        return None, "the other children have no weight that could be scaled"
    if left < -1e-12 * total:
        return None, f"it would be {changed[place] / total:.6g} of the whole"
    others = np.arange(len(own)) != place
    changed[others] *= max(left, 0.0) / rest
    return changed, ""


def _scores(base: Base, nominal: Mapping[str, FloatArray], made: Sequence[tuple[str, FloatArray]]) -> FloatArray:
    """What is ranked under each set of weights, sets × units."""
    children = {name: base.nominal.groups[name].children for name in nominal}
    sets = []
    for name, changed in made:
        weights = {**nominal, name: changed}
        sets.append({group: dict(zip(children[group], own.tolist(), strict=True)) for group, own in weights.items()})
    found = np.empty((len(sets), len(base.result)))
    if not sets:
        return found
    sampler = sampler_of(base, GivenWeights(tuple(sets), in_turn=True), 0)
    for start in range(0, len(sets), sampler.size):
        block = sampler.block(start // sampler.size, min(sampler.size, len(sets) - start))
        scored = sampler.score(block)
        if scored.failed:
            first = min(scored.failed)
            raise ScoreError(f"the weights {sets[first]} cannot be scored: {scored.failed[first]}")
        rows = slice(start, start + block.count)
        found[rows] = scored.ranked(base)
    return found
