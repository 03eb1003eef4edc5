"""Hit-and-run: uniform samples of a bounded region from a point within it."""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods._programs import FEASIBLE

__all__ = ["walk"]

CHAINS = 64
ROUNDS = 6  # in which the chains spread, and learn the shape of the region
SNAPSHOTS = 8  # of each chain, in each of these rounds


def walk(
    rows: FloatArray,
    ends: FloatArray,
    start: FloatArray,
    basis: FloatArray,
    corners: FloatArray,
    *,
    count: int,
    seed: int,
    thin: int = 0,
) -> FloatArray:
    """Samples (count, d) of {w = start + basis · z : rows · w ≤ ends}; some of its corners (q, d) tell its shape.

    Only rows near the region take part, until a sample violates another: then it takes part as well, and the walk
    begins again with the same seed. So what is sampled has no sample outside, and is uniform.
    """
    if not basis.shape[1]:
        return np.repeat(start[None], count, axis=0)
    slope = rows @ basis
    steep = np.linalg.norm(slope, axis=1) > FEASIBLE  # the others do not change within the plane
    slope, slack = slope[steep], np.maximum(ends[steep] - rows[steep] @ start, 0.0)
    near = np.zeros(len(slack), dtype=bool)
    near[np.argsort(slack, kind="stable")[: 10 * len(start)]] = True
    near |= _tight(slope, slack, (corners - start) @ basis)
    spread = (corners - start) @ basis
    while True:
        z = _chains(slope[near], slack[near], spread, count, np.random.default_rng(seed), thin)
        outside = _violated(slope, slack, z) & ~near
        if not outside.any():
            return start + z @ basis.T
        near |= outside


def _tight(slope: FloatArray, slack: FloatArray, corners: FloatArray) -> BoolArray:
    """The rows on which a corner lies."""
    return _violated(slope, slack - 2 * FEASIBLE, corners)


def _violated(slope: FloatArray, slack: FloatArray, points: FloatArray) -> BoolArray:
    """The rows that a point violates; few points at a time."""
    found = np.zeros(len(slack), dtype=bool)
    for first in range(0, len(points), CHAINS):
        found |= (slope @ points[first : first + CHAINS].T).max(axis=1, initial=-np.inf) > slack + FEASIBLE
    return found


def _chains(
    slope: FloatArray, slack: FloatArray, spread: FloatArray, count: int, rng: np.random.Generator, thin: int
) -> FloatArray:
    """The samples of all chains, (count, k)."""
    width = slope.shape[1]
    steps = thin or 10 * width
    z = np.zeros((CHAINS, width))
    shape = _shape(spread)
    for _ in range(ROUNDS):  # from the centre to anywhere
        seen = []
        for _ in range(SNAPSHOTS):
            z = _steps(z, slope, slack, shape, rng, width)
            seen.append(z)
        shape = _shape(np.concatenate(seen))
    kept = [z[:0]]
    for _ in range(-(-count // CHAINS)):
        z = _steps(z, slope, slack, shape, rng, steps)
        kept.append(z)
    return np.concatenate(kept)[:count]


def _shape(points: FloatArray) -> FloatArray:
    """A matrix that makes round directions into ones of the shape of these points."""
    around = points - points.mean(axis=0)
    sizes, axes = np.linalg.eigh(around.T @ around / len(points))
    sizes = np.sqrt(np.maximum(sizes, 1e-12 * max(float(sizes[-1]), 1e-300)))
    return np.asarray((axes * sizes).T)


def _steps(
    z: FloatArray, slope: FloatArray, slack: FloatArray, shape: FloatArray, rng: np.random.Generator, steps: int
) -> FloatArray:
    """So many steps of every chain, (chains, k)."""
    left = np.maximum(slack - z @ slope.T, 0.0)
    for _ in range(steps):
        direction = rng.standard_normal(z.shape) @ shape
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        rise = direction @ slope.T
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = left / rise
        forth = np.where(rise > 0, reach, np.inf).min(axis=1)
        back = np.where(rise < 0, reach, -np.inf).max(axis=1)
        move = back + (forth - back) * rng.random(len(z))
        z = z + move[:, None] * direction
        left = np.maximum(left - move[:, None] * rise, 0.0)
    return z
