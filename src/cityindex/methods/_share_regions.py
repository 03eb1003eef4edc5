"""Where the weights of one group may lie, and the least weighted sum that they allow: closed forms, corners, programs.

A region gives the least Σ w d of many rows d at once, with the weights that attain it. Shares between limits are a
continuous knapsack, filled from the smallest d up. Weights between limits that are divided by their sum give an
interval weighted average: in the order of d the first have their highest weight, the others their lowest, and the split
is the best of k + 1.

Source: G. B. Dantzig (1957), Discrete-variable extremum problems, *Operations Research* 5(2), 266–288,
doi:10.1287/opre.5.2.266 (the knapsack); W. M. Dong, F. S. Wong (1987), Fuzzy weighted averages and implementation of
the extension principle, *Fuzzy Sets and Systems* 21(2), 183–199, doi:10.1016/0165-0114(87)90163-1 (the average).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._polytope_region import Polytope

__all__ = ["Fixed", "Mean", "Polytope", "Shares", "Span", "WeightRegion", "holds"]

DUST = 1e-12


class WeightRegion(Protocol):
    """The weights of one group: what bounds them, and the least weighted sum that they allow."""

    @property
    def low(self) -> FloatArray:
        """The least of each weight (k,), as the group uses it."""

    @property
    def high(self) -> FloatArray:
        """The largest of each weight."""

    @property
    def adds(self) -> bool:
        """Whether the weights add up to 1."""

    @property
    def costly(self) -> bool:
        """Whether a least sum needs a linear program."""

    def least(self, d: FloatArray) -> FloatArray:
        """The least Σ w d of each row, (q, k) → (q,)."""

    def attain(self, d: FloatArray) -> FloatArray:
        """The weights that attain it, (q, k)."""

    def bracket(self, d: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A proved lower bound of it, and what some weights give, (q,) each, both of them cheap."""


@dataclass(frozen=True, eq=False)
class Fixed:
    """Weights that do not vary."""

    weights: FloatArray
    adds: bool = True
    costly = False

    @property
    def low(self) -> FloatArray:
        return self.weights

    @property
    def high(self) -> FloatArray:
        return self.weights

    def least(self, d: FloatArray) -> FloatArray:
        return np.asarray(d @ self.weights)

    def attain(self, d: FloatArray) -> FloatArray:
        return np.broadcast_to(self.weights, d.shape)

    def bracket(self, d: FloatArray) -> tuple[FloatArray, FloatArray]:
        found = self.least(d)
        return found, found


@dataclass(frozen=True, eq=False)
class Span:
    """Weights between limits, each for itself: those of a sum, which are never divided."""

    low: FloatArray
    high: FloatArray
    adds = False
    costly = False

    def least(self, d: FloatArray) -> FloatArray:
        return np.asarray(np.minimum(d * self.low, d * self.high).sum(axis=1))

    def attain(self, d: FloatArray) -> FloatArray:
        return np.where(d > 0, self.low, self.high)

    def bracket(self, d: FloatArray) -> tuple[FloatArray, FloatArray]:
        found = self.least(d)
        return found, found


@dataclass(frozen=True, eq=False)
class Shares:
    """Shares between limits that add up to 1; the limits are made as narrow as the others leave them.

    >>> region = Shares(np.array([0.2, 0.1, 0.0]), np.array([0.5, 0.9, 0.3]))
    >>> region.high.round(3).tolist(), region.attain(np.array([[3.0, 2.0, 1.0]])).round(3).tolist()
    ([0.5, 0.8, 0.3], [[0.2, 0.5, 0.3]])
    """

    low: FloatArray
    high: FloatArray
    adds = True
    costly = False

    def __post_init__(self) -> None:
        low, high = np.asarray(self.low, float), np.asarray(self.high, float)
        wrong = np.flatnonzero(~(np.isfinite(low) & (low >= 0) & (low <= high)))
        if len(wrong):
            raise DomainError("shares need a lowest from 0 on and a highest that is not below it", columns=wrong)
        if low.sum() > 1 + DUST or high.sum() < 1 - DUST:
            raise DomainError(f"shares between {low.sum():.6g} and {high.sum():.6g} in all cannot add up to 1")
        high = np.minimum(high, 1.0)
        object.__setattr__(self, "low", np.minimum(np.maximum(low, 1 - (high.sum() - high)), high))
        object.__setattr__(self, "high", np.maximum(np.minimum(high, 1 - (low.sum() - low)), self.low))

    def _taken(self, d: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
        """The order of each row, and what each child in that order gets beyond its lowest share."""
        order = np.argsort(d, axis=1)
        room = (self.high - self.low)[order]
        before = np.cumsum(room, axis=1)
        np.subtract(before, room, out=before)
        return order, np.minimum(np.maximum(1 - self.low.sum() - before, 0.0), room)

    def least(self, d: FloatArray) -> FloatArray:
        order, taken = self._taken(d)
        return np.asarray(d @ self.low + np.einsum("qk,qk->q", np.take_along_axis(d, order, axis=1), taken))

    def attain(self, d: FloatArray) -> FloatArray:
        order, taken = self._taken(d)
        weights = np.empty_like(d)
        np.put_along_axis(weights, order, self.low[order] + taken, axis=1)
        return weights

    def bracket(self, d: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A proved lower bound of the least sum and the sum at some weights, (q,) each, without sorting.

        The bound is weak duality with one multiplier, the mean of d by room; the weights raise whoever is below it.
        """
        cap = self.high - self.low
        room, total = 1 - self.low.sum(), cap.sum()
        base = d @ self.low
        if not total > 0:
            return base, base
        mean = d @ (cap / total)
        below = mean[:, None] - d
        gain = np.maximum(below, 0) @ cap
        low = base + mean * room - gain
        used = (below > 0) @ cap
        cheap = mean * used - gain  # Σ cap d of those below the mean
        dear = mean * total - cheap
        rest = np.where(used < room, (room - used) / np.maximum(total - used, 1e-300), 0.0)
        some = np.where(used > room, room / np.maximum(used, 1e-300), 1.0)
        return low, base + np.where(used <= room, cheap + rest * dear, some * cheap)


@dataclass(frozen=True, eq=False)
class Mean:
    """Weights between limits, which the average divides by their sum.

    >>> region = Mean(np.array([0.3, 0.3]), np.array([0.6, 0.6]))
    >>> region.least(np.array([[0.0, 3.0]])).tolist(), region.high.round(3).tolist()
    ([1.0], [0.667, 0.667])
    """

    lowest: FloatArray
    highest: FloatArray
    adds = True
    costly = False

    def __post_init__(self) -> None:
        wrong = np.flatnonzero(~((self.lowest >= 0) & (self.lowest <= self.highest)))
        if len(wrong) or not self.highest.sum() > 0:
            raise DomainError("weights of an average need limits from 0 on, not all of them 0", columns=wrong)
        size = self.highest.sum()  # only their proportions count: those of any size are computed alike
        object.__setattr__(self, "lowest", self.lowest / size)
        object.__setattr__(self, "highest", self.highest / size)

    @cached_property
    def low(self) -> FloatArray:
        others = self.highest.sum() - self.highest
        with np.errstate(invalid="ignore"):
            return np.asarray(np.nan_to_num(self.lowest / (self.lowest + others), nan=1.0))

    @cached_property
    def high(self) -> FloatArray:
        others = self.lowest.sum() - self.lowest
        with np.errstate(invalid="ignore"):
            return np.asarray(np.nan_to_num(self.highest / (self.highest + np.maximum(others, 0.0)), nan=0.0))

    def attain(self, d: FloatArray) -> FloatArray:
        order = np.argsort(d, axis=1)
        ordered = np.take_along_axis(d, order, axis=1)
        low, high = self.lowest[order], self.highest[order]
        nothing = np.zeros((len(d), 1))
        more = np.concatenate([nothing, np.cumsum((high - low), axis=1)], axis=1)
        gain = np.concatenate([nothing, np.cumsum((high - low) * ordered, axis=1)], axis=1)
        size = more + self.lowest.sum()
        with np.errstate(invalid="ignore", divide="ignore"):
            means = np.where(size > 0, (gain + (d @ self.lowest)[:, None]) / size, np.inf)
        split = means.argmin(axis=1)
        chosen = np.where(np.arange(d.shape[1]) < split[:, None], high, low)
        weights = np.empty_like(d)
        np.put_along_axis(weights, order, chosen, axis=1)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def least(self, d: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("qk,qk->q", d, self.attain(d)))

    def bracket(self, d: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Two steps of Newton towards the least mean v: where the least Σ w (d − v) is 0, which falls by ≥ Σ lowest."""
        room, least = self.highest - self.lowest, self.lowest.sum()
        base = d @ self.lowest
        value = before = d @ ((self.lowest + self.highest) / (self.lowest + self.highest).sum())
        short = np.zeros(len(d))
        for _ in range(2):
            below = value[:, None] - d
            short = np.minimum(base - value * least - np.maximum(below, 0) @ room, 0.0)
            before, value = value, value + short / np.maximum(least + (below > 0) @ room, 1e-300)
        return (before + short / least if least > 0 else d.min(axis=1)), value


def holds(region: WeightRegion, weights: FloatArray) -> bool:
    """Whether weights lie in a region, up to 1e-9; of a mean they may have any sum.

    >>> region = Mean(np.array([0.3, 0.3]), np.array([0.6, 0.6]))
    >>> holds(region, np.array([0.65, 0.35])), holds(region, np.array([0.7, 0.3]))
    (True, False)
    """
    slack = 1e-9
    if isinstance(region, Mean):
        some = weights > 0
        lowest = (weights[some] / np.maximum(region.highest[some], 1e-300)).max(initial=0.0)
        bound = region.lowest > 0
        return bool((weights[bound] / region.lowest[bound] >= lowest - slack).all())
    if isinstance(region, Polytope) and not (region.g @ weights <= region.h + slack).all():
        return False
    return bool(((weights >= region.low - slack) & (weights <= region.high + slack)).all())
