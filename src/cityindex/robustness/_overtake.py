"""`overtake`: the smallest change of weights with which one unit stands above another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cityindex.errors import NotFoundError, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._levels import Level, System
from cityindex.methods._quiet import quiet
from cityindex.methods._share_regions import Fixed, Shares
from cityindex.robustness._asked import one_of
from cityindex.robustness._base import base_of
from cityindex.robustness._linear import Linear, as_region, linear_of, local_shares, size_of
from cityindex.robustness._regions import read_region

__all__ = ["Overtake", "overtake"]

LEAD = 1e-9  # of the scores: how far above the other a unit is to be, so that ranks see it
NORMS = ("sum", "largest")


@dataclass(frozen=True, eq=False, repr=False)
class Overtake:
    """What it takes for a unit to stand above another.

    Attributes
    ----------
    unit, other
        Who overtakes whom.
    possible
        Whether any weights of the region do it.
    distance
        The sum of the absolute changes of weights, or the largest of them (`norm`): no smaller change does it. 0 where
        the unit stands above the other already, `nan` where it cannot.
    weights, now
        Group → child → weight: with which it does (empty where it cannot), and as they are.
    lead, most
        By how much it is ahead now (below 0: behind), and at most for any weights of the region. Of a geometric mean
        these are differences of logarithms.
    """

    unit: str
    other: str
    node: str
    norm: str
    possible: bool
    distance: float
    weights: Mapping[str, Mapping[str, float]]
    now: Mapping[str, Mapping[str, float]]
    lead: float
    most: float

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        if not self.possible:
            return f"no weights of the region put {self.unit} above {self.other} ({self.node}); at best {self.most:.4g}"
        if self.distance == 0:
            return f"{self.unit} stands above {self.other} already, by {self.lead:.4g}"
        word = "changes of weights that add up to" if self.norm == "sum" else "no change of a weight above"
        lines = [f"{self.unit} overtakes {self.other} with {word} {self.distance:.4g}:"]
        for group, own in self.weights.items():
            lines += [
                f"  {group}.{child}: {self.now[group][child]:.4g} → {weight:.4g}"
                for child, weight in own.items()
                if abs(weight - self.now[group][child]) > 1e-9
            ]
        return "\n".join(lines)


def overtake(
    result: Any,
    unit: str,
    other: str,
    region: Any = None,
    *,
    node: str | None = None,
    norm: Literal["sum", "largest"] = "sum",
    period: str | None = None,
) -> Overtake:
    """The smallest change of weights with which one unit stands above another, or the proof that there is none.

    Parameters
    ----------
    result
        A `Result`.
    unit, other
        Who is to overtake whom (by key or label).
    region
        Where the weights may go, as for `rank_bounds`; None: any shares of the node's own children. Several groups may
        vary, but none below another one that does.
    norm
        What is smallest: the ``sum`` of the absolute changes of all weights (half of it is what is moved from some to
        others), or the ``largest`` of them.

    Returns
    -------
    Overtake

    Raises
    ------
    ScoreError
        As `rank_bounds`; groups of which one lies below another; units of different periods.
    NotFoundError
        There is no such unit, or it has no score.

    References
    ----------
    Proll, L. G., Salhi, A. and Rios Insua, D. (2001). Improving an optimization-based framework for sensitivity
    analysis in multi-criteria decision-making. Journal of Multi-Criteria Decision Analysis 10(1), 1–9.
    https://doi.org/10.1002/mcda.283

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> found = overtake(ci.score(spec, {"city": ["x", "y"], "a": [9.0, 5.0], "b": [5.0, 7.0]}), "y", "x")
    >>> round(found.distance, 4), round(found.weights["score"]["b"], 4)
    (0.3333, 0.6667)
    """
    one_of("norm", norm, NORMS)
    base = base_of(result, node=node)
    if region is None:
        count = len(base.nominal.groups[base.node].children)
        linear = linear_of(base, {base.node: Shares(np.zeros(count), np.ones(count))})
    else:
        regions = read_region(base, region)
        if regions.outer:
            raise ScoreError(f"the weights that are found might not be possible: {regions.outer}")
        linear = linear_of(base, regions.by_group)
    if linear.copied:
        raise ScoreError(f"{linear.copied[0]} is used several times: its weights cannot be moved for one use alone")
    rows = [_place(linear, name, period) for name in (unit, other)]
    if rows[0] == rows[1]:
        raise ScoreError(f"{unit} cannot overtake itself")
    _same_period(linear, rows)
    return _solved(linear, rows, norm)


def _place(linear: Linear, unit: str, period: str | None) -> int:
    row = linear.base.result.row(unit, period=period)
    found = np.flatnonzero(linear.rows == row)
    if not len(found):
        raise NotFoundError(f"unit {unit!r} has no score of {linear.base.node}")
    return int(found[0])


def _same_period(linear: Linear, places: list[int]) -> None:
    periods, one = linear.base.result.periods, linear.rows[places]
    if periods is not None and periods[one[0]] != periods[one[1]]:
        raise ScoreError(f"units of {periods[one[0]]} and of {periods[one[1]]} are not ranked together")


def _solved(linear: Linear, places: list[int], norm: str) -> Overtake:
    base, unit, other = linear.base, *places
    c = linear.x[unit] - linear.x[other]
    products = linear.nominal()
    size = max(float((np.abs(linear.x[places]) @ np.abs(products)).max()), 1.0 if linear.logs else 1e-300)
    lead, most = float(c @ products), float(-linear.level.least(-c[None])[0])
    now = {
        name: dict(zip(base.nominal.groups[name].children, local_shares(base, name).tolist(), strict=True))
        for name in linear.varied
    }
    weights, distance = now, 0.0
    if lead <= LEAD * size or not linear.holds_nominal:
        found = _program(linear, c, LEAD * size, norm) if most > LEAD * size else None
        distance = float("nan") if found is None else found[1]
        weights = {} if found is None else linear.weights(found[0])
    return Overtake(
        base.result.units[int(linear.rows[unit])],
        base.result.units[int(linear.rows[other])],
        base.node,
        norm,
        bool(weights),
        distance,
        weights,
        now,
        lead,
        most,
    )


def _program(linear: Linear, c: FloatArray, lead: float, norm: str) -> tuple[FloatArray, float] | None:
    """The nearest products with that lead, and how far they are; None where there are none."""
    from scipy.optimize import linprog

    system = linear.level.system()
    moves, start = _moves(linear, system)
    count, wide = len(moves), len(moves) if norm == "sum" else 1
    slack = -np.eye(count) if norm == "sum" else -np.ones((count, 1))
    g = np.concatenate(
        [
            np.concatenate([system.g, np.zeros((len(system.g), wide))], axis=1),
            np.append(-system.wide(c[None]), np.zeros((1, wide)), axis=1),
            np.concatenate([moves, slack], axis=1),
            np.concatenate([-moves, slack], axis=1),
        ]
    )
    h = np.concatenate([system.h, [-lead], start, -start])
    equal = np.append(system.equal, np.zeros((len(system.equal), wide)), axis=1)
    sums = (equal, system.right) if len(equal) else (None, None)
    ends = np.column_stack([np.append(system.low, np.zeros(wide)), np.append(system.high, np.full(wide, np.inf))])
    size = max(float(np.abs(c).max()), 1e-300)
    row = len(system.g)
    g[row], h[row] = g[row] / size, h[row] / size
    goal = np.append(np.zeros(system.width), np.ones(wide))
    options = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    with quiet():
        result = linprog(goal, g, h, *sums, ends, method="highs", options=options)
    if result.status == 2:
        return None
    if result.status != 0:
        raise ScoreError(f"the linear program was not solved: {result.message}")
    return np.asarray(result.x[: len(c)]), float(result.fun)


def _moves(linear: Linear, system: System) -> tuple[FloatArray, FloatArray]:
    """Rows that give the weights that vary, and these weights now."""
    rows: list[FloatArray] = []
    start: list[float] = []

    def visit(level: Level, mass: float) -> None:
        fixed = isinstance(level.region, Fixed)
        own, size = as_region(linear.base, level), size_of(linear.base, level.name, level.region)
        for child, weight in zip(level.children, own.tolist(), strict=True):
            if not fixed and mass > 0:
                row = np.zeros(system.width)
                for column, factor in ({child: 1.0} if isinstance(child, int) else child.mass).items():
                    row[column] = factor / mass * size
                rows.append(row)
                start.append(weight * size)
            if isinstance(child, Level):
                if not fixed and any(not isinstance(each.region, Fixed) for each in _under(child)):
                    raise ScoreError(f"weights of {level.name} and of groups below it: let one of them vary (groups=…)")
                visit(child, mass * weight if fixed else 0.0)

    visit(linear.level, 1.0)
    return np.array(rows), np.array(start)


def _under(level: Level) -> list[Level]:
    return [level, *(each for child in level.children if isinstance(child, Level) for each in _under(child))]
