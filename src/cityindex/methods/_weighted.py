"""Weighted sums and means over children, for the aggregators and their parts.

x has shape (…, n, k), w (…, k); leading axes are draws and broadcast. A row's result has the same bits alone and among
others: every sum runs from the first child to the last (numpy's own einsum does, BLAS does not).
"""

from __future__ import annotations

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray

__all__ = ["hold_within", "shares", "total_weight", "weighted_mean", "weighted_sum", "with_weight"]

BLOCK = 1 << 17  # numbers in a block of rows whose gaps are filled
DUST = 1e-12  # relative: results this near to a child are checked against all of the row's children


def total_weight(w: FloatArray) -> FloatArray:
    """The sum of an average's weights, (…, k) → (…); negative ones and a sum of 0 are refused."""
    if not w.min() >= 0:
        columns = np.flatnonzero(~(w >= 0).reshape(-1, w.shape[-1]).all(axis=0))
        raise DomainError("the weights of an average cannot be negative or missing", columns=columns)
    total = np.add.accumulate(w, axis=-1)[..., -1]  # one after the other, as in a row with gaps
    if not total.min() > 0:
        raise DomainError("the weights add up to 0: there is nothing to average by")
    return total


def with_weight(x: FloatArray, w: FloatArray) -> FloatArray:
    """The children that weigh anything, (…, n, k); ``nan`` for the others, as for those that are absent.

    >>> with_weight(np.array([[5.0, 7.0]]), np.array([1.0, 0.0]))
    array([[ 5., nan]])
    """
    return x if (w > 0).all() else np.where(w[..., None, :] > 0, x, np.nan)


def weighted_sum(x: FloatArray, w: FloatArray) -> FloatArray:
    """Σ w x over the children, (…, n); ``nan`` where any child is absent.

    >>> weighted_sum(np.array([[1.0, 10.0], [2.0, 20.0]]), np.array([1.0, 0.5]))
    array([ 6., 12.])
    """
    columns = x.swapaxes(-1, -2)
    if columns.shape[-1] == 1:  # a single unit would be summed pairwise: two of it are not
        return weighted_sum(np.repeat(x, 2, axis=-2), w)[..., :1]
    if columns.strides[-1] != x.itemsize:
        columns = np.ascontiguousarray(columns)  # with units side by side, each child is added to all of them in turn
    return np.asarray(np.einsum("...kn,...k->...n", columns, w), np.float64)


def weighted_mean(x: FloatArray, w: FloatArray) -> FloatArray:
    """Σ w x / Σ w over the children present, (…, n); ``nan`` where none that weighs anything is.

    >>> weighted_mean(np.array([[1.0, 4.0], [np.nan, 20.0]]), np.array([1.0, 2.0]))
    array([ 3., 20.])
    """
    total = total_weight(w)
    mean = weighted_sum(x, w)
    mean /= total[..., None]
    gaps = np.isnan(mean)
    if not gaps.any():
        return mean
    step = max(BLOCK // x.shape[-1], 1)
    for start in range(0, x.shape[-2], step):
        rows = slice(start, start + step)
        if gaps[..., rows].any():
            mean[..., rows] = _mean_of_present(x[..., rows, :], w)
    return mean


def _mean_of_present(x: FloatArray, w: FloatArray) -> FloatArray:
    """The same bits as `weighted_mean` in a row without gaps."""
    gaps = np.isnan(x)
    weight = weighted_sum((~gaps).astype(np.float64), w)
    total = weighted_sum(np.where(gaps, 0.0, x), w)
    with np.errstate(invalid="ignore"):  # 0 / 0: nothing is present
        return np.asarray(total / weight, np.float64)


def hold_within(mean: FloatArray, x: FloatArray) -> FloatArray:
    """Take float dust off means: one of equal children is exactly their value; changes and returns `mean`.

    A mean leaves the range of its children by dust at most, and only where it is next to every child that weighs
    something. Such rows show by their first child (or by its absence), and only they are looked at; where that child
    has no weight the dust stays.
    """
    first = x[..., 0]
    near = ~(np.abs(mean - first) > DUST * np.abs(mean))  # or absent
    if not near.any():
        return mean
    places = np.nonzero(near)
    children = np.broadcast_to(x, (*mean.shape, x.shape[-1]))[places]
    mean[places] = np.clip(mean[places], np.fmin.reduce(children, axis=-1), np.fmax.reduce(children, axis=-1))
    return mean


def shares(x: FloatArray, w: FloatArray) -> FloatArray:
    """Each child's share of the weights present, (…, n, k); ``nan`` where it is absent.

    >>> shares(np.array([[5.0, 5.0], [np.nan, 5.0]]), np.array([1.0, 3.0]))
    array([[0.25, 0.75],
           [ nan, 1.  ]])
    """
    total_weight(w)
    gaps = np.isnan(x)
    weights = np.where(gaps, np.nan, w[..., None, :])
    with np.errstate(invalid="ignore"):  # 0 / 0: nothing is present
        return np.asarray(weights / weighted_sum((~gaps).astype(np.float64), w)[..., None], np.float64)
