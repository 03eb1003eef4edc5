"""Counts, means and centred cross-products of columns, in one pass over blocks of rows: correlations come from them.

A block is centred on its own mean while it is in cache; blocks are put together by the update of T. F. Chan,
G. H. Golub and R. J. LeVeque (1983), Algorithms for computing the sample variance, *The American Statistician* 37(3),
242–247, doi:10.1080/00031305.1983.10483115. A table too large for memory can come as an iterator.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._summary import Summary

__all__ = ["FOURTH", "Moments", "correlations", "cross_products", "levelled", "moments", "together"]

ROWS = 4096  # in a block of a table that is in memory
LARGEST, SMALLEST = 1e140, 1e-130  # sizes whose squares, and those of their spread, a float holds, however many rows
FOURTH = (1e-60, 1e70)  # the same of fourth powers, and of products of squares


class Moments(NamedTuple):
    """What the rows add up to: their number, the columns' means (…, k), Σ (x - mean)(x - mean)ᵀ (…, k, k)."""

    n: int
    mean: FloatArray
    products: FloatArray

    def variances(self, lost: int = 1) -> FloatArray:
        """The variance of each column, (…, k), divided by n - `lost`."""
        return np.asarray(np.diagonal(self.products, axis1=-2, axis2=-1) / (self.n - lost), np.float64)


def levelled(
    ref: FloatArray | Summary, low: FloatArray, high: FloatArray, *, within: tuple[float, float] = (SMALLEST, LARGEST)
) -> tuple[Any, FloatArray]:
    """Columns by a power of two each, where squares would overflow or vanish; and by how much, (…, k): x = y · power.

    A power of two moves no digit, so that correlations are those of the columns as they stand, to the bit.

    Parameters
    ----------
    ref
        Shape (…, n, k); a `Summary` has to be within.
    low, high
        The lowest and the highest number of each column, (…, k).
    within
        The sizes that may stay as they are; fourth powers need narrower ones (`FOURTH`).

    Examples
    --------
    >>> levelled(np.array([[1e200, 3.0], [-3e200, 4.0]]), np.array([-3e200, 3.0]), np.array([1e200, 4.0]))[0].round(4)
    array([[ 0.6532,  3.    ],
           [-1.9596,  4.    ]])
    """
    size = np.maximum(np.abs(low), np.abs(high))
    odd = (size > within[1]) | ((size < within[0]) & (size > 0))
    if not odd.any():
        return ref, np.ones_like(size)
    if isinstance(ref, Summary):
        reason = "numbers whose squares a float does not hold: another unit would help"
        raise DomainError(reason, columns=np.flatnonzero(odd))
    exponent = np.where(odd, np.frexp(size)[1] - 1, 0)
    return np.ldexp(ref, -exponent[..., None, :]), np.ldexp(1.0, exponent)


def moments(ref: FloatArray | Summary) -> Moments:
    """The moments of a table in memory, (…, n, k), n from 1 on; leading axes are draws. ``nan`` spreads: refuse first.

    >>> n, mean, products = moments(np.array([[1.0, 4.0], [2.0, 6.0], [6.0, 2.0]]))
    >>> n, mean, products
    (3, array([3., 4.]), array([[14., -8.],
           [-8.,  8.]]))
    """
    if isinstance(ref, Summary):
        assert ref.moments is not None  # they were asked for
        return ref.moments
    return cross_products(ref[..., start : start + ROWS, :] for start in range(0, ref.shape[-2], ROWS))


def cross_products(blocks: Iterable[FloatArray]) -> Moments:
    """The moments of rows that come in blocks, (…, rows, k) each; a block without rows adds nothing.

    >>> rows = np.arange(12.0).reshape(6, 2) ** 2
    >>> together, apart = moments(rows), cross_products([rows[:1], rows[1:5], rows[5:]])
    >>> together.n == apart.n, np.allclose(together.products, apart.products)
    (True, True)
    """
    total: Moments | None = None
    for block in blocks:
        if block.shape[-2]:
            own = _of_block(block)
            total = own if total is None else together(total, own)
    if total is None:
        raise ValueError("there is no row to take moments of")
    return total


def _of_block(block: FloatArray) -> Moments:
    rows = block.shape[-2]
    mean = block.sum(axis=-2) / rows
    centred = block - mean[..., None, :]
    return Moments(rows, mean, centred.swapaxes(-1, -2) @ centred)


def together(one: Moments, other: Moments) -> Moments:
    """The moments of two sets of rows as one."""
    n = one.n + other.n
    apart = other.mean - one.mean
    products = one.products + other.products
    products += (apart[..., :, None] * apart[..., None, :]) * (one.n * other.n / n)
    return Moments(n, one.mean + apart * (other.n / n), products)


def correlations(products: FloatArray) -> FloatArray:
    """Pearson's r of every two columns from centred cross-products, (…, k, k); 1 with itself, within -1 and 1.

    Columns are not constant (refuse those first), and their squares are numbers that a float holds (see `levelled`).

    >>> correlations(np.array([[14.0, -8.0], [-8.0, 8.0]])).round(4)
    array([[ 1.    , -0.7559],
           [-0.7559,  1.    ]])
    """
    size = np.sqrt(np.diagonal(products, axis1=-2, axis2=-1))
    if not ((size > 0) & (size < np.inf)).all():
        raise ValueError("the columns are constant, or their squares are no numbers: refuse or level them first")
    r = products / size[..., :, None]
    r /= size[..., None, :]
    r = (r + r.swapaxes(-1, -2)) / 2
    places = np.arange(r.shape[-1])
    r[..., places, places] = 1.0
    return np.clip(r, -1.0, 1.0, out=r)
