"""What a ranking says about weights: whoever stands before another scores no less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityindex.auditing.bounds_of_weights import Bounds, Printed
from cityindex.errors import Problem, TableError, nearest
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods._programs import FEASIBLE

__all__ = ["Ranking", "against_order", "in_order", "read_order"]

WORST = 5  # pairs that enter at once for one point

Places = npt.NDArray[np.intp]


def read_order(order: Any, units: Sequence[str]) -> Places:
    """The place of each unit from 0, the best; −1 where it has none. Units that share a place are in no order.

    An order is a sequence of units from the best down, in which a tuple or a list stands for units that share a place;
    or ranks by unit, 1 the best.

    Raises
    ------
    TableError
        Where a unit of the order has no row or stands twice, or a rank is no number.

    Examples
    --------
    >>> read_order(["c", ("a", "b")], ["a", "b", "c", "d"]).tolist()
    [1, 1, 0, -1]
    >>> read_order({"a": 3, "b": 1, "c": 3}, ["a", "b", "c", "d"]).tolist()
    [1, 0, 1, -1]
    """
    problems: list[Problem] = []
    if isinstance(order, pd.Series | Mapping):
        pairs = [(unit, _rank(unit, rank, problems)) for unit, rank in order.items()]
    else:
        places = [(place, said) for place, said in enumerate(order)]
        pairs = [
            (unit, float(place))
            for place, said in places
            for unit in (said if isinstance(said, tuple | list) else [said])
        ]
    row = {unit: place for place, unit in enumerate(units)}
    names = [str(unit) for unit, _ in pairs]
    problems += [
        Problem(f"the order names {unit!r}, which has no row.{nearest(unit, units)}")
        for unit in dict.fromkeys(names)
        if unit not in row
    ]
    twice = pd.Series(names, dtype=object)
    problems += [Problem(f"the order names {unit!r} twice") for unit in twice[twice.duplicated()].unique()]
    if problems:
        raise TableError(problems)
    ranks = np.full(len(units), np.nan)
    ranks[[row[name] for name in names]] = [rank for _, rank in pairs]
    found = np.full(len(units), -1, dtype=np.intp)
    known = ~np.isnan(ranks)
    found[known] = np.unique(ranks[known], return_inverse=True)[1]
    return found


def _rank(unit: Any, rank: Any, problems: list[Problem]) -> float:
    try:
        return float("nan") if rank is None or pd.isna(rank) else float(rank)
    except (TypeError, ValueError):
        problems.append(Problem(f"the rank of {unit!r} is {rank!r}; a number is wanted"))
        return float("nan")


def in_order(
    total: Printed, reasons: list[tuple[str, str]], places: Places, units: Sequence[str]
) -> tuple[Printed, list[tuple[str, str]], list[tuple[int, int]]]:
    """Totals made as narrow as the order allows, what their ends are, and the pairs that contradict each other at once.

    Nobody scores more than those before, nor less than those behind.
    """
    low, high = total.low.copy(), total.high.copy()
    reasons = list(reasons)
    against: list[tuple[int, int]] = []
    ranked = np.flatnonzero(places >= 0)
    lowest, highest = None, None  # who bounds those behind, and those before
    for group in _groups(ranked, places):
        if lowest is not None:
            for unit in group:
                if total.high[lowest] < total.low[unit]:
                    against.append((lowest, unit))
                if total.high[lowest] < high[unit]:
                    high[unit] = total.high[lowest]
                    reasons[unit] = (f"the total of {units[lowest]}, who stands before", reasons[unit][1])
        lowest = min([*group, *([] if lowest is None else [lowest])], key=lambda unit: total.high[unit])
    for group in reversed(_groups(ranked, places)):
        if highest is not None:
            for unit in group:
                if total.low[highest] > low[unit]:
                    low[unit] = total.low[highest]
                    reasons[unit] = (reasons[unit][0], f"the total of {units[highest]}, who stands behind")
        highest = max([*group, *([] if highest is None else [highest])], key=lambda unit: total.low[unit])
    return Printed(low, high), reasons, against


def _groups(ranked: Places, places: Places) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for unit in ranked[np.argsort(places[ranked], kind="stable")].tolist():
        groups.setdefault(int(places[unit]), []).append(unit)
    return list(groups.values())


def against_order(total: Printed, pairs: Sequence[tuple[int, int]], units: Sequence[str], width: int) -> Bounds:
    """Rows that no weights satisfy: the first of a pair stands before the other with a smaller total."""
    h = np.array([total.high[one] - total.low[other] for one, other in pairs], float)
    says = tuple(f"stands before {units[other]}, whose total is larger" for _, other in pairs)
    return Bounds(np.zeros((len(pairs), width)), h, tuple(units[one] for one, _ in pairs), says)


@dataclass
class Ranking:
    """Units that stand in an order: each scores no less than all behind, Σ w·(behind.low − before.high) ≤ 0.

    With rounded numbers this has to hold of every pair, since what is true of neighbours need not add up. Pairs enter
    only once a point violates them: memory is linear in the units.
    """

    parts: Printed
    units: tuple[str, ...]
    starts: Places  # of each unit: how many stand before it
    seen: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, parts: Printed, places: Places, units: Sequence[str]) -> Ranking:
        """From the numbers of all units and their places."""
        ranked = np.flatnonzero(places >= 0)
        ranked = ranked[np.argsort(places[ranked], kind="stable")]
        starts = np.searchsorted(places[ranked], places[ranked], side="left")
        return cls(parts.rows(ranked), tuple(units[row] for row in ranked.tolist()), starts.astype(np.intp))

    def neighbours(self) -> Bounds:
        """What the pairs of neighbours say."""
        pairs = [(place - 1, place) for place in range(1, len(self.units)) if self.starts[place] == place]
        return self._rows(pairs)

    def violated(self, points: FloatArray) -> Bounds | None:
        """The worst pairs that points (q, d) violate, and that have not entered; None where there are none."""
        pairs = [pair for point in points if not np.isnan(point).any() for pair in self._pairs(point)]
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in self.seen]
        return self._rows(fresh) if fresh else None

    def allows(self, points: FloatArray) -> BoolArray:
        """Whether points satisfy every pair."""
        return np.array([not self._pairs(point) for point in points], dtype=bool)

    def _pairs(self, w: FloatArray) -> list[tuple[int, int]]:
        low = _weighted(self.parts.low, w, -np.inf)
        high = _weighted(self.parts.high, w, np.inf)
        least = np.append(np.inf, np.minimum.accumulate(high))[self.starts]  # of all who stand before
        above = low - least
        worst = np.flatnonzero(above > 0)
        pairs = []
        for unit in worst[np.argsort(-above[worst], kind="stable")].tolist():
            before = int(np.argmin(high[: self.starts[unit]]))
            row = self.parts.low[unit] - self.parts.high[before]
            if low[unit] - high[before] > FEASIBLE * np.abs(row).max():
                pairs.append((before, unit))
            if len(pairs) == WORST:
                break
        return pairs

    def _rows(self, pairs: Sequence[tuple[int, int]]) -> Bounds:
        self.seen.update(pairs)
        before, behind = [one for one, _ in pairs], [other for _, other in pairs]
        g = self.parts.low[behind] - self.parts.high[before]
        kept = np.flatnonzero(np.isfinite(g).all(axis=1)).tolist()
        return Bounds(
            g[kept],
            np.zeros(len(kept)),
            tuple(self.units[before[row]] for row in kept),
            tuple(f"no less than {self.units[behind[row]]}" for row in kept),
        )


def _weighted(ends: FloatArray, w: FloatArray, unknown: float) -> FloatArray:
    """Σ w · end of each row; a row without all its ends has none."""
    known = np.asarray(np.isfinite(ends).all(axis=1))
    return np.where(known, np.where(known[:, None], ends, 0.0) @ w, unknown)
