"""`weight_stability`: how far each weight can move, the others in proportion, before the ranking changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._levels import Level
from cityindex.methods._share_regions import Shares
from cityindex.methods.stability import Interval, steady
from cityindex.robustness._asked import names, whole
from cityindex.robustness._base import Base, base_of
from cityindex.robustness._linear import Linear, Places, linear_of, local_shares
from cityindex.robustness.choices import _groups

__all__ = ["WeightStability", "weight_stability"]

COLUMNS = ("group", "child", "keeps", "weight", "low", "high", "pair_low", "pair_high")


@dataclass(frozen=True, eq=False, repr=False)
class WeightStability:
    """How far each weight can move alone. Made by `weight_stability`; hands out copies.

    One row for each weight and each thing that is kept: `low` and `high` are the ends of its interval, within which
    nothing of it changes; `pair_low` and `pair_high` are the two units that draw level at an end (None: it is 0 or
    100 %, and nothing changes up to there).
    """

    node: str
    top: int
    rows: tuple[tuple[Any, ...], ...]
    panel: bool

    def to_frame(self) -> pd.DataFrame:
        """Group, child, what is kept (first, top, order, all), the weight, its interval, and the pairs that end it."""
        frame = pd.DataFrame(list(self.rows), columns=["period", *COLUMNS])
        return frame if self.panel else frame.drop(columns="period")

    def __repr__(self) -> str:
        return f"WeightStability({self.node!r}, {len({row[1:3] for row in self.rows})} weights, top {self.top})"


def weight_stability(
    result: Any, *, node: str | None = None, groups: str | Sequence[str] | None = None, top: int = 10
) -> WeightStability:
    """How far each weight can move, its siblings in proportion, before the first rank, the top, or any rank changes.

    One weight of a group becomes t, and the others share 1 − t as they did before. Every score is then linear in t, and
    the ends of the intervals are exact: where two units draw level.

    Parameters
    ----------
    result
        A `Result`; editions have to be looked at one by one.
    node
        The group that is ranked; None: the index.
    groups
        The groups whose weights are moved; None: every average with several children that the node depends on.
    top
        How many make the top.

    Returns
    -------
    WeightStability
        What is kept: ``first`` who is first, ``top`` who is among the first `top`, ``order`` also in which order,
        ``all`` every rank.

    Raises
    ------
    ScoreError
        The ranks are not linear in a weight; a child that has all the weight, so that there is no proportion to keep.

    References
    ----------
    Mareschal, B. (1988). Weight stability intervals in multicriteria decision aid. European Journal of Operational
    Research 33(1), 54–64. https://doi.org/10.1016/0377-2217(88)90254-8

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> found = weight_stability(ci.score(spec, {"city": ["x", "y"], "a": [9.0, 5.0], "b": [5.0, 7.0]}))
    >>> found.to_frame().query("keeps == 'first'")[["child", "weight", "low", "high", "pair_low"]].round(4)
      child  weight     low    high pair_low
    0     a     0.5  0.3333  1.0000   (x, y)
    4     b     0.5  0.0000  0.6667     None
    """
    base = base_of(result, node=node)
    top = whole("top", top, 1)
    periods = base.result.periods
    rows: list[tuple[Any, ...]] = []
    for name in _chosen(base, groups):
        count = len(base.nominal.groups[name].children)
        linear = linear_of(base, {name: Shares(np.zeros(count), np.ones(count))})
        slopes = _slopes(linear, name)
        for peers in linear.peers:
            if len(peers):
                period = periods[int(linear.rows[peers[0]])] if periods is not None else None
                rows += [(period, *row) for row in _rows(linear, name, peers, slopes, top)]
    return WeightStability(base.node, top, tuple(rows), periods is not None)


def _chosen(base: Base, groups: str | Sequence[str] | None) -> tuple[str, ...]:
    chosen = _groups(base, None if groups is None else names("groups", groups))
    tasks, below, pending = base.nominal.groups, set[str](), [base.node]
    while pending:
        name = pending.pop()
        if name in tasks and name not in below:
            below.add(name)
            pending += tasks[name].children
    if groups is None:
        chosen = tuple(n for n in chosen if n in below and tasks[n].group.aggregate.method.averages)
    for name in chosen:
        if not tasks[name].group.aggregate.method.averages:
            raise ScoreError(f"{name} is a sum: its weights have no 100 % to keep")
        shares = local_shares(base, name)
        if shares.max() >= 1 - 1e-12:
            child = tasks[name].children[int(shares.argmax())]
            raise ScoreError(f"{child} has all the weight of {name}: the others have no proportion to keep (groups=…)")
    if not chosen:
        raise ScoreError(f"{base.node} depends on no weights that could move")
    return chosen


def _slopes(linear: Linear, name: str) -> FloatArray:
    """By how much each score rises with each weight of a group, the others in proportion; (n, k)."""
    shares = local_shares(linear.base, name)
    found = np.zeros((len(linear.x), len(shares)))

    def visit(level: Level, mass: float) -> None:
        own = shares if level.name == name else level.region.low
        if level.name == name:
            x = np.column_stack([_value(linear, child) for child in level.children])
            others = x @ shares
            found[:] += mass * (x - (others[:, None] - x * shares) / (1 - shares))
        for child, weight in zip(level.children, own.tolist(), strict=True):
            if isinstance(child, Level) and level.name != name:
                visit(child, mass * weight)

    visit(linear.level, 1.0)
    return found


def _value(linear: Linear, child: int | Level) -> FloatArray:
    if isinstance(child, int):
        return linear.x[:, child]
    return np.asarray(
        sum(float(w) * _value(linear, each) for w, each in zip(child.region.low, child.children, strict=True))
    )


def _rows(linear: Linear, name: str, peers: Places, slopes: FloatArray, top: int) -> list[tuple[Any, ...]]:
    products = linear.nominal()
    score, shown = linear.x[peers] @ products, linear.scores(products)[peers]
    units = [linear.base.result.units[int(row)] for row in linear.rows[peers]]
    children = linear.base.nominal.groups[name].children
    rows = []
    for place, (child, weight) in enumerate(zip(children, local_shares(linear.base, name).tolist(), strict=True)):
        for keeps, found in steady(score, slopes[peers, place], weight, top, shown=shown).items():
            rows.append((name, child, keeps, weight, found.low, found.high, *_pairs(found, units)))
    return rows


def _pairs(found: Interval, units: list[str]) -> list[tuple[str, str] | None]:
    return [None if pair is None else (units[pair[0]], units[pair[1]]) for pair in (found.pair_low, found.pair_high)]
