"""Ranks of a column that comes in blocks: buckets of values, each ranked by itself, which gives the ranks of the whole.

Buckets are ranges of values in order, so that equal values are in one bucket, and the rank of a value is the number of
those in the buckets before plus its rank in its own. A bucket fits in the cache, which makes it quicker than one sort,
too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import Ties, places

__all__ = ["CODES", "Buckets", "buckets_for", "order_of", "rank_bucket", "targets"]

Codes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.intp]

CODES = 1 << 16  # buckets: so many are told by whole numbers of 16 bits, which are sorted by their digits


def order_of(values: FloatArray) -> npt.NDArray[np.uint64]:
    """Whole numbers that stand in the order of the values.

    >>> order_of(np.array([-2.0, -1.0, 0.0, 1.5])).argsort().tolist()
    [0, 1, 2, 3]
    """
    bits = np.ascontiguousarray(values).view(np.int64)
    return np.where(bits < 0, ~bits, bits ^ np.int64(-(2**63))).view(np.uint64)


@dataclass(frozen=True, slots=True)
class Buckets:
    """A map of values to buckets, which never falls where values rise.

    Attributes
    ----------
    low, high
        The lowest and the highest value that it is asked for.
    count
        How many buckets there are.
    by_size
        Buckets widen with the size of the numbers (for a long tail); else all are equally wide.
    """

    low: float
    high: float
    count: int
    by_size: bool = False

    def of(self, values: FloatArray) -> Codes:
        """The bucket of each value, from 0; (n,), none of them ``nan``."""
        if self.count == 1 or self.low == self.high:
            return np.zeros(len(values), np.uint32)
        if not self.by_size:
            out = values - self.low
            out *= (self.count - 1) / (self.high - self.low)
            return out.astype(np.uint32)
        first, last = (int(order_of(np.array([end + 0.0]))[0]) for end in (self.low, self.high))
        shift = max((last - first).bit_length() - (self.count.bit_length() - 1), 0)
        return ((order_of(values + 0.0) - np.uint64(first)) >> np.uint64(shift)).astype(np.uint32)


def buckets_for(low: float, high: float, count: int, sample: FloatArray) -> Buckets:
    """Equally wide buckets, or such as widen with size, whichever parts a sample of the values more evenly.

    >>> buckets_for(1.0, 1e9, 16, np.array([1.0, 2.0, 1e3, 1e6, 1e9])).by_size
    True
    """
    width = high - low
    even = Buckets(low, high, count if np.isfinite(width) and width > 0 and np.isfinite((count - 1) / width) else 1)
    sized = Buckets(low, high, count, by_size=True)
    if not len(sample):
        return even

    def fullest(buckets: Buckets) -> int:
        return int(np.bincount(buckets.of(sample)).max())

    return sized if fullest(sized) < fullest(even) else even


def rank_bucket(values: FloatArray, ties: Ties, before: int, different: int) -> tuple[FloatArray, int]:
    """The ranks of a bucket's values, the lowest first, and how many different values it holds.

    Parameters
    ----------
    values
        (n,), compared as they are.
    ties
        As `cityindex.methods.rank.rank`.
    before, different
        How many values, and how many different ones, are in the buckets before.

    Examples
    --------
    >>> rank_bucket(np.array([7.0, 5.0, 7.0]), "min", 10, 4)
    (array([12., 11., 12.]), 2)
    """
    if not len(values):
        return values, 0
    if values.min() == values.max():
        starts = np.zeros(len(values), np.bool_)
        starts[0] = True
        return places(starts, ties) + (different if ties == "dense" else before), 1
    order = np.argsort(values)
    ordered = values[order]
    starts = np.ones(len(values), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=starts[1:])
    out = np.empty(len(values))
    out[order] = places(starts, ties) + (different if ties == "dense" else before)
    return out, int(starts.sum())


def targets(codes: Codes, fill: npt.NDArray[np.int64]) -> tuple[Places, Places]:
    """The order of a block's values by bucket, and where these go in an array in which buckets stand together.

    `fill` says up to where each bucket is filled, and moves on.

    >>> fill = np.array([0, 2])
    >>> order, target = targets(np.array([1, 0, 1], np.uint32), fill)
    >>> order.tolist(), target.tolist(), fill.tolist()
    ([1, 0, 2], [0, 2, 3], [1, 4])
    """
    small = codes.astype(np.uint16) if len(fill) <= CODES else codes
    order = np.argsort(small, kind="stable")
    counts = np.bincount(codes, minlength=len(fill))
    base = fill - (np.cumsum(counts) - counts)
    target = base[small[order]] + np.arange(len(codes))
    fill += counts
    return order, target
