"""Squared distances of units from a point, over the children present."""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._weighted import weighted_sum

__all__ = ["squared_distances"]

ROWS = 8192  # units handled at once: what is made of them stays in cache


def squared_distances(x: FloatArray, points: tuple[FloatArray, ...], w: FloatArray) -> list[FloatArray]:
    """Σ w (x − p)² over the children present, for each point p of shape (…, k); ``nan`` where none that weighs is.

    The square of the difference and never x² − 2 p x + p², which has no digit left next to the point.

    >>> squared_distances(np.array([[3.0, 4.0], [np.nan, 1.0]]), (np.zeros(2),), np.ones(2))
    [array([25.,  1.])]
    """
    lead = np.broadcast_shapes(x.shape[:-2], w.shape[:-1], *(point.shape[:-1] for point in points))
    found = [np.empty((*lead, x.shape[-2])) for _ in points]
    for start in range(0, x.shape[-2], ROWS):
        rows = slice(start, start + ROWS)
        block = np.ascontiguousarray(x[..., rows, :].swapaxes(-1, -2)).swapaxes(-1, -2)  # units side by side
        for point, out in zip(points, found, strict=True):
            out[..., rows] = _from_point(block, point, w)
    return found


def _from_point(x: FloatArray, point: FloatArray, w: FloatArray) -> FloatArray:
    squares = x - point[..., None, :]
    np.square(squares, out=squares)
    total = weighted_sum(squares, w)
    if not np.isnan(total).any():
        return total
    gaps = np.isnan(squares)
    total = weighted_sum(np.where(gaps, 0.0, squares), w)
    return np.where(weighted_sum((~gaps).astype(np.float64), w) > 0, total, np.nan)
