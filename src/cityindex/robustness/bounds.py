"""`rank_bounds`: the best and the worst rank that a unit can have for any weights of a region: proved, not sampled."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex.errors import NotFoundError
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods.best_rank import Extreme, extreme_rank
from cityindex.methods.dominance import Dominance, dominance
from cityindex.methods.rank import rank
from cityindex.result import Result
from cityindex.robustness._asked import names, number
from cityindex.robustness._base import Base, base_of
from cityindex.robustness._linear import Linear, Places, linear_of
from cityindex.robustness._overtake import Overtake, overtake
from cityindex.robustness._regions import Regions, WeightRows, read_region
from cityindex.robustness._stability import WeightStability, weight_stability

__all__ = ["Overtake", "RankBounds", "WeightRows", "WeightStability", "overtake", "rank_bounds", "weight_stability"]

SIDES = ("best", "worst")


@dataclass(frozen=True, eq=False, repr=False)
class RankBounds(Shown):
    """The ranks that are possible. Made by `rank_bounds`; hands out copies.

    Attributes
    ----------
    node
        The group that is ranked.
    kind
        ``exact region``: the weights are exactly those that were said. ``outer bound``: the proof covers more weights
        than those (`notes` say why), so that a true range may be narrower, never wider.
    notes
        What the answer rests on.
    best, worst
        Proved, by row of the table: no weights give a better or a worse rank. `nan`: no score.
    attained_best, attained_worst
        What some weights do give (`weights` has them); the true extreme lies between.
    """

    node: str
    kind: str
    notes: tuple[str, ...]
    best: FloatArray
    worst: FloatArray
    attained_best: FloatArray
    attained_worst: FloatArray
    _linear: Linear
    _pairs: tuple[Dominance, ...]
    _products: dict[tuple[int, str], FloatArray] = field(default_factory=dict)

    @property
    def result(self) -> Result:
        """The result whose ranks they bound."""
        return self._linear.base.result

    @property
    def exact(self) -> BoolArray:
        """Whether proved and attained are the same at both ends, by row."""
        return np.asarray((self.best == self.attained_best) & (self.worst == self.attained_worst))

    def to_frame(self) -> pd.DataFrame:
        """One row a unit: its rank now, best and worst (proved), those attained, and whether they are the same."""
        result = self._linear.base.result
        now = np.full(len(result), np.nan)
        scores = self._linear.scores(self._linear.nominal())
        for rows in self._linear.peers:
            now[self._linear.rows[rows]] = rank(scores[rows])
        columns: dict[str, Any] = {"unit": list(result.units)}
        if result.periods is not None:
            columns["period"] = list(result.periods)
        whole = {"rank": now, "best": self.best, "worst": self.worst}
        whole |= {"attained_best": self.attained_best, "attained_worst": self.attained_worst}
        columns |= {name: pd.array(values).astype("Int64") for name, values in whole.items()}
        return pd.DataFrame(columns | {"exact": self.exact})

    def dominance(self) -> pd.DataFrame:
        """The pairs that hold for all weights: unit, over, and relation: ``above``, or ``never below`` (it may tie)."""
        result, frames = self._linear.base.result, []
        units = np.array(result.units, dtype=object)
        for rows, pairs in zip(self._linear.peers, self._pairs, strict=True):
            own = self._linear.rows[rows]
            upper, lower = np.nonzero(pairs.above | pairs.level)
            said = np.where(pairs.above[upper, lower], "above", "never below")
            columns: dict[str, Any] = {"unit": units[own[upper]], "over": units[own[lower]], "relation": said}
            if result.periods is not None:
                columns["period"] = np.array(result.periods, dtype=object)[own[upper]]
            frames.append(pd.DataFrame(columns))
        return pd.concat(frames, ignore_index=True)

    def weights(self, unit: str, side: str = "best", *, period: str | None = None) -> dict[str, dict[str, float]]:
        """The weights (group → child → weight) with which a unit has its attained best, or worst, rank.

        Raises
        ------
        NotFoundError
            There is no such unit, it has no score, or the side is neither ``best`` nor ``worst``.
        """
        if side not in SIDES:
            raise NotFoundError(f"side={side!r}: 'best' or 'worst' is wanted")
        row = self._linear.base.result.row(unit, period=period)
        if (row, side) not in self._products:
            raise NotFoundError(f"unit {unit!r} has no score of {self.node}")
        return self._linear.weights(self._products[row, side])

    def __repr__(self) -> str:
        scored = int(np.isfinite(self.best).sum())
        return f"RankBounds({self.node!r}, {self.kind}, {scored} units, {int(self.exact.sum())} of them exact)"


def rank_bounds(
    result: Any,
    region: Any,
    table: Any = None,
    *,
    node: str | None = None,
    exact: bool = False,
    units: Sequence[str] | str | None = None,
    time_limit: float = 10.0,
    period: str | None = None,
) -> RankBounds:
    """The best and the worst rank that each unit can have for any weights of a region.

    Every pair of units is settled in closed form (or by linear programs): whoever is above a unit for all weights is
    above it in every ranking. These bounds are proved, and in many dimensions far from the truth; `exact` closes the
    gap by mixed-integer programs, with the weights that attain the rank. Ties share the best rank.

    Parameters
    ----------
    result
        A `Result`; or a spec, with its `table`.
    region
        Where the weights lie. A number: the shares of every group within this factor of the nominal ones (0.25: a
        quarter up or down), and 1 in all. ``{child: (low, high)}`` or ``{group: {child: (low, high)}}``: shares between
        limits. A choice of `vary.weights` or `vary.weights_between`: all that it may draw. An `Identification`, or
        `WeightRows`. Or a list of them, for different groups.
    node
        The group that is ranked; None: the index.
    exact
        Find the exact best and worst rank of every unit.
    units, period
        Find them for these units only (of this period).
    time_limit
        Seconds for each unit. When they are over, `best` and `attained_best` may differ: undecided.

    Returns
    -------
    RankBounds

    Raises
    ------
    ScoreError
        The ranks are not linear in these weights, and neither are their logarithms; limits that no weights meet.
    NotFoundError
        There is no such group, child or unit.

    References
    ----------
    Hazen, G. B. (1986). Partial information, dominance, and potential optimality in multiattribute utility theory.
    Operations Research 34(2), 296–310. https://doi.org/10.1287/opre.34.2.296

    Kadziński, M., Greco, S. and Słowiński, R. (2012). Extreme ranking analysis in robust ordinal regression. Omega
    40(4), 488–501. https://doi.org/10.1016/j.omega.2011.09.003

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> data = {"city": ["x", "y", "z"], "a": [9.0, 5.0, 6.0], "b": [5.0, 6.0, 5.0]}
    >>> found = rank_bounds(ci.score(spec, data), {"a": (0.4, 0.6)}, exact=True)
    >>> found.to_frame()[["unit", "rank", "best", "worst", "exact"]]
      unit  rank  best  worst  exact
    0    x     1     1      1   True
    1    y     2     2      3   True
    2    z     2     2      3   True
    """
    number("time_limit", time_limit, least=0)
    base = base_of(result, table, node)
    regions = read_region(base, region)
    linear = linear_of(base, regions.by_group)
    also = linear.nominal()[None] if linear.holds_nominal else None
    pairs = tuple(dominance(linear.x[rows], linear.level, also=also) for rows in linear.peers)
    asked = _asked(base, exact, units, period)
    outer = regions.outer or _copies(linear)
    bounds = {name: np.full(len(base.result), np.nan) for name in ("best", "worst", "attained_best", "attained_worst")}
    search = _Search(linear, regions, bool(outer), bounds, {})
    for rows, known in zip(linear.peers, pairs, strict=True):
        search.pairwise(rows, known)
        for place in np.flatnonzero(asked[linear.rows[rows]]).tolist():
            search.exactly(rows, known, place, time_limit)
    kind = "outer bound" if outer else "exact region"
    return RankBounds(
        base.node, kind, _notes(linear, outer), **bounds, _linear=linear, _pairs=pairs, _products=search.products
    )


def _asked(base: Base, exact: bool, units: Sequence[str] | str | None, period: str | None) -> BoolArray:
    """Which rows are to be solved exactly."""
    asked = np.full(len(base.result), exact and units is None)
    for unit in () if units is None else names("units", units):
        asked[base.result.row(unit, period=period)] = True
    return asked


def _copies(linear: Linear) -> str:
    if not linear.copied:
        return ""
    return f"{', '.join(linear.copied)} is used several times, and the proof lets each use have weights of its own"


def _notes(linear: Linear, outer: str) -> tuple[str, ...]:
    base, notes = linear.base, [outer] if outer else []
    if not linear.holds_nominal:
        notes.append("the nominal weights lie outside this region: a rank now may lie outside its bounds")
    if base.group.rank.ties != "min":
        notes.append(f"ties share the best rank here, whatever the spec says ({base.group.rank.ties})")
    if base.nominal.groups[base.node].publish:
        notes.append("ranks are those of the carried score: what `publish` rounds may tie more")
    return tuple(notes)


@dataclass(frozen=True, eq=False)
class _Search:
    """Fills the bounds of the units of one period after another."""

    linear: Linear
    regions: Regions
    outer: bool
    bounds: dict[str, FloatArray]
    products: dict[tuple[int, str], FloatArray]

    def pairwise(self, rows: Places, known: Dominance) -> None:
        """What the pairs prove, and what was attained at the weights that were tried."""
        own = self.linear.rows[rows]
        self.bounds["best"][own], self.bounds["worst"][own] = known.best, known.worst
        tried, ranks = known.corners, known.ranks
        if self.outer:
            tried = self._possible(known)
        if self.outer or self.linear.logs:
            ranks = rank(self.linear.scores(tried)[:, rows]).astype(np.uint16)
        if not len(tried):
            return
        for side, which in (("best", ranks.argmin(axis=0)), ("worst", ranks.argmax(axis=0))):
            self.bounds[f"attained_{side}"][own] = ranks[which, np.arange(len(own))]
            for row, place in zip(own.tolist(), which.tolist(), strict=True):
                self.products[row, side] = tried[place]

    def _possible(self, known: Dominance) -> FloatArray:
        """Products of weights that are possible for sure, where the region is more than what was said."""
        if not self.regions.points:
            return self.linear.settled(known.corners)
        count = max(len(points) for points in self.regions.points.values())
        others = [self.linear.level.weights(each) for each in known.corners[: max(count, 1)]]
        chosen = []
        for place in range(count):
            weights = dict(others[place % len(others)])
            weights |= {name: points[place % len(points)] for name, points in self.regions.points.items()}
            chosen.append(self.linear.level.products(weights))
        return np.array(chosen)

    def exactly(self, rows: Places, known: Dominance, place: int, time_limit: float) -> None:
        """The exact ranks of one unit, as far as the time goes."""
        end = time.monotonic() + time_limit
        row = int(self.linear.rows[rows[place]])
        for side in SIDES:
            found = extreme_rank(
                self.linear.x[rows],
                self.linear.level,
                place,
                best=side == "best",
                known=known,
                time_limit=max(end - time.monotonic(), 0.0) / (2 if side == "best" else 1),
                logs=self.linear.logs,
            )
            self._keep(rows, place, row, side, found)

    def _keep(self, rows: Places, place: int, row: int, side: str, found: Extreme) -> None:
        better = np.minimum if side == "best" else np.maximum
        self.bounds[side][row] = -better(-self.bounds[side][row], -found.proved)
        products, attained = found.products, found.attained
        if self.outer:
            if self.regions.points:
                return  # weights within the ranges need not be possible together
            products = self.linear.settled(products)[0]
            attained = int(rank(self.linear.scores(products)[rows])[place])
        before = self.bounds[f"attained_{side}"][row]
        if np.isnan(before) or better(attained, before) != before:
            self.bounds[f"attained_{side}"][row] = attained
            self.products[row, side] = products
