"""What the weightings from data share: refusals in words, ends of columns, amounts made into weights.

Columns have shape (…, n, k); leading axes are draws. Unlike a step, a weighting looks at all units at once.
"""

from __future__ import annotations

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, cells_of, significant
from cityindex.methods._summary import Summary

__all__ = [
    "as_weights",
    "benefits",
    "constant",
    "ends",
    "refuse",
    "refuse_alone",
    "refuse_columns",
    "refuse_missing",
    "turned",
]

INFINITE = "the number is infinite"


def refuse(bad: BoolArray, reason: str) -> None:
    """Refuse the cells that are marked, (…, n, k)."""
    if bad.any():
        raise DomainError(reason, cells=dict.fromkeys(cells_of(bad)))


def refuse_columns(bad: BoolArray, reason: str) -> None:
    """Refuse the columns that are marked in any draw, (…, k)."""
    if bad.any():
        raise DomainError(reason, columns=np.flatnonzero(bad.reshape(-1, bad.shape[-1]).any(axis=0)))


def refuse_alone(counts: FloatArray) -> None:
    """Refuse columns with fewer than two numbers, (…, k)."""
    refuse_columns(counts < 2, "two units at least are needed: one number does not differ from another")


def refuse_missing(ref: FloatArray | Summary) -> None:
    """Refuse missing cells, for a method that looks at several columns of a unit at once."""
    if isinstance(ref, Summary):  # whose rows were looked at as they were added up
        return
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.isfinite(ref.sum())
    if not whole:
        refuse(np.isnan(ref), "every number is needed: impute it, or leave out the unit or the indicator")


def ends(ref: FloatArray | Summary) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest number of each column, (…, k), ``nan`` ignored; a column without any is refused."""
    if ref.shape[-2] == 0:
        raise DomainError("there is no unit to learn from", columns=range(ref.shape[-1]))
    if isinstance(ref, Summary):
        refuse_columns(np.isnan(ref.low), "the column has no number to learn from")
        return ref.low, ref.high
    low, high = ref.min(axis=-2), ref.max(axis=-2)
    if np.isnan(low).any():
        low, high = np.fmin.reduce(ref, axis=-2), np.fmax.reduce(ref, axis=-2)
        refuse_columns(np.isnan(low), "the column has no number to learn from")
    if np.isinf(low).any() or np.isinf(high).any():
        refuse(np.isinf(ref), INFINITE)
    return low, high


def constant(low: FloatArray, high: FloatArray) -> BoolArray:
    """Whether a column's lowest and highest number are the same at 12 significant digits, (…, k)."""
    return np.asarray(significant(low) == significant(high), np.bool_)


def as_weights(amounts: FloatArray, nothing: str) -> FloatArray:
    """Amounts from 0 on, (…, k), divided by their sum; `nothing` is the reason told where they are all 0.

    >>> as_weights(np.array([1.0, 3.0]), "nothing to share")
    array([0.25, 0.75])
    """
    total = amounts.sum(axis=-1, keepdims=True)
    if not (total > 0).all():
        raise DomainError(nothing)
    return np.asarray(amounts / total, np.float64)


def turned(directions: FloatArray | None, count: int) -> BoolArray:
    """Which of the columns are raw ones where less is better, (k,); none where no directions are said."""
    return np.zeros(count, np.bool_) if directions is None else np.asarray(directions, np.float64) < 0


def benefits(ref: FloatArray, directions: FloatArray | None) -> FloatArray:
    """The columns with 1/x where less is better; numbers there are above 0."""
    less = turned(directions, ref.shape[-1])
    return np.divide(1.0, ref, out=ref.copy(), where=np.broadcast_to(less, ref.shape)) if less.any() else ref
