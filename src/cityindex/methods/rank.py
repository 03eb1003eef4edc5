"""Ranks: 1 is best; values that are alike at 12 significant digits tie."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cityindex.errors import nearest
from cityindex.methods._arrays import BoolArray, FloatArray, significant

__all__ = ["First", "Ties", "count_ties", "places", "rank"]

Ties = Literal["min", "max", "average", "dense"]
First = Literal["highest", "lowest"]


def rank(x: FloatArray, *, ties: Ties = "min", first: First = "highest") -> FloatArray:
    """The place of each unit among those of the last axis, 1 for the first.

    Parameters
    ----------
    x
        Shape (…, n); ``nan`` has no rank and takes no place. Compared at 12 significant digits, so that float dust
        separates nobody.
    ties
        What units that tie on places 2 and 3 of 4 get: ``min`` 1-2-2-4, ``max`` 1-3-3-4, ``average`` 1-2.5-2.5-4,
        ``dense`` 1-2-2-3.
    first
        Whether rank 1 is the highest or the lowest value.

    Returns
    -------
    Shape (…, n), floats (halves occur under ``average``); ``nan`` where x is.

    Examples
    --------
    >>> rank(np.array([70.0, 90.0, 0.1 + 0.2, np.nan, 0.3]))
    array([ 2.,  1.,  3., nan,  3.])
    >>> rank(np.array([70.0, 90.0, 70.0]), ties="average", first="lowest")
    array([1.5, 3. , 1.5])
    """
    for word, known in ((ties, ("min", "max", "average", "dense")), (first, ("highest", "lowest"))):
        if word not in known:
            raise ValueError(f"unknown word {word!r}.{nearest(word, known)}")
    compared = significant(x)
    missing = np.isnan(compared)
    if first == "highest":
        np.negative(compared, out=compared)
    order = np.argsort(compared, axis=-1)  # nan last
    ordered = np.take_along_axis(compared, order, axis=-1)
    starts = np.ones(ordered.shape, np.bool_)
    np.not_equal(ordered[..., 1:], ordered[..., :-1], out=starts[..., 1:])
    ranks = np.empty_like(compared)
    np.put_along_axis(ranks, order, places(starts, ties), axis=-1)
    ranks[missing] = np.nan
    return ranks


def places(starts: BoolArray, ties: Ties) -> FloatArray:
    """The rank of each unit in order, given where a new value starts."""
    each = np.broadcast_to(np.arange(1.0, starts.shape[-1] + 1), starts.shape)
    if starts.all():
        return each
    if ties == "dense":
        return np.cumsum(starts, axis=-1, dtype=np.float64)
    low = np.maximum.accumulate(np.where(starts, each, 0.0), axis=-1)
    if ties == "min":
        return low
    ends = np.ones_like(starts)
    ends[..., :-1] = starts[..., 1:]
    high = np.minimum.accumulate(np.where(ends, each, np.inf)[..., ::-1], axis=-1)[..., ::-1]
    return high if ties == "max" else (low + high) / 2


def count_ties(x: FloatArray) -> FloatArray:
    """How many units have a unit's value, itself included, (…, n); ``nan`` where x is.

    >>> count_ties(np.array([70.0, 90.0, 70.0, np.nan]))
    array([ 2.,  1.,  2., nan])
    """
    return rank(x, ties="max") - rank(x, ties="min") + 1
