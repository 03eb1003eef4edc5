"""What the measures of rank agreement share: the pairs of numbers present in both, ties, discordant pairs, overlaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods.rank import First, rank

__all__ = ["agreement_by_depth", "both", "concordance", "tied_pairs"]

IntArray = npt.NDArray[np.int64]


def both(a: npt.ArrayLike, b: npt.ArrayLike) -> tuple[FloatArray, FloatArray, BoolArray]:
    """The numbers of the units that have both, as they compare (12 significant digits), and which units those are.

    >>> x, y, where = both([1.0, np.nan, 0.1 + 0.2], [2.0, 5.0, 3.0])
    >>> x.tolist(), y.tolist(), where.tolist()
    ([1.0, 0.3], [2.0, 3.0], [True, False, True])
    """
    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"two lists of the same length are compared, found shapes {x.shape} and {y.shape}")
    where = ~(np.isnan(x) | np.isnan(y))
    return significant(x[where]), significant(y[where]), where


def tied_pairs(x: FloatArray | IntArray) -> int:
    """How many pairs of units have the same number.

    >>> tied_pairs(np.array([1.0, 2.0, 2.0, 2.0]))
    3
    """
    counts = np.unique(x, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def concordance(x: FloatArray, y: FloatArray) -> int:
    """Pairs of units in the same order in both less pairs in the opposite order; pairs that tie in either are neither.

    >>> concordance(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    1
    """
    n = len(x)
    order = np.lexsort((y, x))
    codes = np.unique(y, return_inverse=True)[1].astype(np.int64)
    joint = tied_pairs(np.unique(x, return_inverse=True)[1].astype(np.int64) * (n + 1) + codes)
    ordered = n * (n - 1) // 2 - tied_pairs(x) - tied_pairs(y) + joint
    return ordered - 2 * _inversions(codes[order])


def _inversions(codes: IntArray) -> int:
    """Pairs i < j with codes[i] > codes[j]: bit by bit, among the codes that are alike in all higher bits."""
    found = 0
    for bit in range(int(codes.max(initial=0)).bit_length() - 1, -1, -1):
        high, one = codes >> (bit + 1), (codes >> bit) & 1
        before = np.cumsum(one) - one
        heads = np.flatnonzero(np.diff(high, prepend=-1))  # `codes` stand sorted by their higher bits
        before -= np.repeat(before[heads], np.diff(heads, append=len(codes)))
        found += int(before[one == 0].sum())
        codes = codes[np.argsort(codes >> bit, kind="stable")]
    return found


def agreement_by_depth(x: FloatArray, y: FloatArray, first: First) -> FloatArray:
    """2 |A ∩ B| / (|A| + |B|) at depths 1 to n, A and B the units on the places up to it, with all that tie there.

    >>> agreement_by_depth(np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 3.0]), "lowest")
    array([0., 1., 1.])
    """
    n = len(x)
    places_x, places_y = (rank(own, first=first).astype(np.intp) for own in (x, y))
    in_x, in_y, in_both = (
        np.cumsum(np.bincount(places, minlength=n + 1)[1:])
        for places in (places_x, places_y, np.maximum(places_x, places_y))
    )
    return np.asarray(2 * in_both / (in_x + in_y), np.float64)
