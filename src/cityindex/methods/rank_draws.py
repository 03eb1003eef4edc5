"""Ranks of many draws of scores at once: exact to ties within a tolerance, without a sort of float64 numbers.

The scores of a draw are scaled to whole numbers, these are sorted (with the unit in the same word, or by two passes of
a 16-bit radix sort), and only neighbours that came out next to each other are looked at again as they are.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray

__all__ = ["LARGEST", "rank_draws"]

Ranks = npt.NDArray[np.uint16]
LARGEST = 65_535  # units: ranks are 16-bit numbers
PACKED = 512  # up to so many units value and unit share a 32-bit word
CELLS, FEWEST = 1 << 15, 8  # scores ranked at once, and the least number of draws
TIE = 1e-12  # of the largest number of a draw: scores as near as that tie


def rank_draws(scores: FloatArray, *, highest_first: bool = True) -> Ranks:
    """The rank of each unit in each draw; those that tie share the lowest number (1-2-2-4).

    Parameters
    ----------
    scores
        Shape (draws, units), finite. Scores of a draw that differ by no more than 1e-12 of its largest number tie.
    highest_first
        Whether rank 1 is the highest score.

    Returns
    -------
    Shape (units, draws), from 1 on: what is counted by unit lies side by side.

    Examples
    --------
    >>> rank_draws(np.array([[70.0, 90.0, 70.0], [1.0, 2.0, 3.0]])).T
    array([[2, 1, 2],
           [3, 2, 1]], dtype=uint16)
    """
    draws, units = scores.shape
    if units > LARGEST:
        raise ValueError(f"{units} units: at most {LARGEST} are ranked by draws")
    if units == 1:
        return np.ones((1, draws), np.uint16)
    out = np.empty((units, draws), np.uint16)
    some = max(CELLS // units, FEWEST)
    for start in range(0, draws, some):
        part = slice(start, start + some)
        out[:, part] = _rank_some(scores[part], highest_first=highest_first).T
    return out


def _rank_some(scores: FloatArray, *, highest_first: bool) -> Ranks:
    """Ranks of a few draws, draws × units: all that is made on the way stays in the cache."""
    draws, units = scores.shape
    ends = scores.max(axis=1, keepdims=True), scores.min(axis=1, keepdims=True)
    best, worst = ends if highest_first else ends[::-1]
    tolerance = TIE * np.maximum(np.abs(best), np.abs(worst))
    top = 2.0**23 - 2 if units <= PACKED else 2.0**32 - 514
    span = np.maximum(np.abs(best - worst), 2 * top * tolerance)  # what ties is nearer than one whole number
    behind = np.subtract(best, scores) if highest_first else np.subtract(scores, best)  # 0 for the first
    order, near = _order(behind, top / np.where(span > 0, span, 1.0))
    out = np.empty(draws * units, np.uint16)
    out[order] = _places(behind, order, near, tolerance).ravel()
    return out.reshape(draws, units)


def _order(behind: FloatArray, scale: FloatArray) -> tuple[Any, Any]:
    """Flat positions, best first within each draw; and the places (flat) whose next neighbour must be looked at."""
    draws, units = behind.shape
    keys = np.multiply(behind, scale).astype(np.uint32)
    offsets = (np.arange(draws) * units)[:, None]
    close = np.zeros((draws, units), bool)
    if units <= PACKED:  # what differs by less than 2 before the unit is packed in differs by less than 1024 after it
        keys <<= 9
        keys |= np.arange(units, dtype=np.uint32)
        keys.sort(axis=1)
        order = np.add(keys & (PACKED - 1), offsets, dtype=np.intp).ravel()
        np.less(keys[:, 1:] - keys[:, :-1], 2 * PACKED, out=close[:, :-1])
    else:
        low, high = (0, 1) if sys.byteorder == "little" else (1, 0)
        halves = keys.view(np.uint16).reshape(draws, units, 2)
        first = np.argsort(halves[:, :, low], axis=1, kind="stable") + offsets
        upper = np.ascontiguousarray(halves[:, :, high]).ravel().take(first)
        second = np.argsort(upper, axis=1, kind="stable") + offsets
        order = first.ravel().take(second.ravel())
        ordered = keys.ravel().take(order).reshape(draws, units)
        np.less(ordered[:, 1:] - ordered[:, :-1], 2, out=close[:, :-1])
    return order, np.flatnonzero(close)


def _places(behind: FloatArray, order: Any, near: Any, tolerance: FloatArray) -> Ranks:
    """The rank at each place, draws × units; mends the order where whole numbers could not tell two scores apart."""
    draws, units = behind.shape
    places = np.broadcast_to(np.arange(1, units + 1, dtype=np.uint16), (draws, units))
    if not len(near):
        return places
    flat = behind.ravel()
    gap = flat[order[near + 1]] - flat[order[near]]
    slack = tolerance.ravel()[near // units]
    wrong = np.unique(near[gap < 0] // units)
    if len(wrong):  # sort those draws again as they are
        block = order.reshape(draws, units)
        block[wrong] = np.argsort(behind[wrong], axis=1, kind="stable") + (wrong * units)[:, None]
        gap = flat[order[near + 1]] - flat[order[near]]
    ties = near[gap <= slack]
    if not len(ties):
        return places
    ranks = places.copy()
    ranks.ravel()[ties + 1] = 0
    np.maximum.accumulate(ranks, axis=1, out=ranks)
    return ranks
