"""The best score that weights of its own can give a unit, while they give no reference unit more than 1 (DEA).

For every unit a linear program is solved alone, so that its score has the same bits whoever else is in the table. Only
the reference units that no other equals or surpasses in everything can hold a score down: they are the frontier. Of a
large one, those that a program violates enter it as they are needed (see `_programs`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, add_children, cells_of, significant
from cityindex.methods._programs import Programs, scaled

__all__ = ["Limits", "Reference", "frontier_of", "limit_rows", "limits_of", "refuse_negative", "score_of"]

Limits = tuple[float | Percent, float | Percent]
WHOLE = 1e-9  # how far sums of limits may miss 1
SMALL = 500  # a frontier of up to so many units enters as a whole


def refuse_negative(x: FloatArray) -> None:
    """Refuse numbers below 0, (…, n, k): weights of a unit's own would not be bounded."""
    _refuse_cells(x < 0, "benefit of the doubt needs numbers from 0 on (rescale to [0, 1], or [1, 100])")


def frontier_of(units: FloatArray) -> FloatArray:
    """The units (n, k) that no other equals or surpasses in every child, (m, k); of equal ones one.

    >>> frontier_of(np.array([[1.0, 1.0], [2.0, 1.0], [1.0, 3.0], [2.0, 1.0]]))
    array([[1., 3.],
           [2., 1.]])
    """
    order = np.argsort(-add_children(units), kind="stable")  # who surpasses has the larger sum
    kept = np.empty_like(units, order="C")
    count = 0
    for row in units[order]:
        if not (kept[:count] >= row).all(axis=1).any():
            kept[count] = row
            count += 1
    return kept[:count].copy()


def limits_of(limits: Limits | tuple[Limits, ...] | None, count: int, name: str) -> FloatArray | None:
    """The limits of each child, (k, 2), from one pair for all or one for each; None where there are none.

    Raises
    ------
    DomainError
        Not one pair for each child; pairs that no shares adding up to 1 can keep.
    """
    if limits is None:
        return None
    pairs = np.asarray(limits, np.float64)
    if pairs.ndim == 2 and len(pairs) != count:
        raise DomainError(f"{name}: {len(pairs)} pairs for {count} children; one for all, or one for each, in order")
    pairs = np.broadcast_to(pairs, (count, 2))
    low, high = pairs.sum(axis=0)
    if low > 1 + WHOLE or high < 1 - WHOLE:
        raise DomainError(f"{name}: from {low:.4g} to {high:.4g} in all for {count} children: 1 has to be between")
    return pairs


def limit_rows(values: FloatArray, limits: FloatArray) -> FloatArray:
    """Rows g with g · w ≤ 0 where every v w lies within its limits as a share of Σ v w, (2k, k)."""
    lower = limits[:, :1] * values - np.diag(values)
    upper = np.diag(values) - limits[:, 1:] * values
    return np.concatenate([lower, upper])


@dataclass(frozen=True)
class Reference:
    """The frontier (m, k) and the limits of shares of the score, or of the weights (k, 2), where there are any."""

    frontier: FloatArray
    shares: FloatArray | None = None
    weights: FloatArray | None = None

    def parts(self, x: FloatArray) -> FloatArray:
        """The parts w x of the best score of each unit, (…, n, k), which add up to it; nan where x is."""
        flat = x.reshape(-1, x.shape[-1])
        self._refuse(x)
        distinct, which = np.unique(flat, axis=0, return_inverse=True)
        found = np.array([self._parts(row) for row in distinct]).reshape(-1, x.shape[-1])
        return np.asarray(found[which.reshape(-1)].reshape(x.shape), np.float64)

    def _refuse(self, x: FloatArray) -> None:
        refuse_negative(x)
        some = ~np.all(np.isnan(x), axis=-1, keepdims=True)
        if self.shares is None and self.weights is None:
            return
        _refuse_cells(np.isnan(x) & some, "limits need every child: impute it, or leave the unit out")
        if self.shares is not None:
            _refuse_cells((x == 0) & (self.shares[:, 0] > 0), "0 cannot be a part of the score, as its limit asks for")
            room = np.where(x > 0, self.shares[:, 1], 0.0).sum(axis=-1, keepdims=True)
            _refuse_cells((x == 0) & (room < 1 - WHOLE), "the other children may not make up the whole score alone")

    def _parts(self, x: FloatArray) -> FloatArray:
        """Of one unit; absent children (nan) get no weight."""
        present = np.nan_to_num(x, nan=0.0)
        if not present.any():
            return np.where(np.isnan(x), np.nan, 0.0)
        parts = present * self._weights(present)
        return np.where(np.isnan(x), np.nan, parts)

    def _weights(self, x: FloatArray) -> FloatArray:
        """The best weights of one unit; the frontier's best score with them is 1."""
        size = self.frontier.max(axis=0)
        units = self.frontier / size
        rows, ends = scaled(units, np.ones(len(units)))
        limits = [limit_rows(x / size, self.shares)] if self.shares is not None else []
        limits += [limit_rows(1 / size, self.weights)] if self.weights is not None else []
        if limits:
            more = scaled(np.concatenate(limits), np.zeros(2 * len(x) * len(limits)))
            rows, ends = np.concatenate([rows, more[0]]), np.concatenate([ends, more[1]])
        programs = Programs(rows, ends, np.ones(len(x)), None, [0.0] * len(x))
        programs.entered[_first(units)] = True
        programs.entered[len(units) :] = True
        objective = x / size
        point = np.maximum(programs.minimise(-objective[None] / objective.max())[0], 0.0)
        best = add_children(units * point).max()
        return np.asarray(point / size / best, np.float64)


def _first(units: FloatArray) -> npt.NDArray[np.intp]:
    """The rows that a program begins with: a small frontier, or of a large one the best in each child and overall."""
    if len(units) <= SMALL:
        return np.arange(len(units))
    return np.append(units.argmax(axis=0), add_children(units).argmax())


def _refuse_cells(bad: BoolArray, reason: str) -> None:
    if bad.any():
        raise DomainError(reason, cells=cells_of(bad))


def score_of(parts: FloatArray) -> FloatArray:
    """The score, at 12 significant digits, so that the frontier has exactly 1; nan where no child is present."""
    total = add_children(np.nan_to_num(parts, nan=0.0))
    return np.where(np.isnan(parts).all(axis=-1), np.nan, significant(total))
