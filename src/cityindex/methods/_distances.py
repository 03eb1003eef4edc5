"""Squared distances of units from a point, over the children present; and what lies beyond the point."""

from __future__ import annotations

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, cells_of
from cityindex.methods._weighted import weighted_sum

__all__ = ["held", "squared_distances"]

DUST = 1e-12  # relative: what is no further beyond an end lies on it
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


def held(x: FloatArray, w: FloatArray, low: FloatArray | None, high: FloatArray, beyond: str) -> FloatArray:
    """Numbers above `high` or below `low`, (k,) each, refused, held there or let be; not of children without weight.

    >>> held(np.array([[1.0, 9.0]]), np.ones(2), None, np.array([2.0, 8.0]), "hold")
    array([[1., 8.]])
    """
    if beyond == "allow":
        return x
    weighed = np.asarray((w > 0).reshape(-1, w.shape[-1]).any(axis=0))
    bottom = np.full(len(weighed), -np.inf) if low is None else np.where(weighed, low, -np.inf)
    top = np.where(weighed, high, np.inf)
    if _within(x, bottom - DUST * np.abs(bottom), top + DUST * np.abs(top)):
        return x
    if beyond == "hold":
        return np.asarray(np.clip(x, bottom, top), np.float64)
    outside = (x > top + DUST * np.abs(top)) | (x < bottom - DUST * np.abs(bottom))
    reason = "beyond what the reference has (beyond: hold counts it as the best or worst there)"
    raise DomainError(reason, cells=cells_of(outside))


def _within(x: FloatArray, bottom: FloatArray, top: FloatArray) -> bool:
    """Whether no number lies outside: the extremes of each child say so, where none is absent."""
    high = x.max(axis=-2)
    if np.isnan(high).any():
        return not ((x > top) | (x < bottom)).any()
    return not (high > top).any() and (not np.isfinite(bottom).any() or not (x.min(axis=-2) < bottom).any())
