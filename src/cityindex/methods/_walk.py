"""Hit-and-run: uniform samples of a bounded region from a point within it."""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods._programs import FEASIBLE

__all__ = ["walk"]

CHAINS = 64
ROUNDS = 6  # in which the chains spread, and learn the shape of the region
SNAPSHOTS = 8  # of each chain, in each of these rounds
SLIVER = 1e-12  # the least that is left of the slack of a row: a chain in a corner can move
DUST = 1e-14  # the least slack of the centre
TOGETHER = 128  # rows in one product


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

    Only rows near the region take part. Where a sample violates another, those near the samples take part as well, and
    the walk begins again with the same seed. So no sample lies outside, and they are uniform.
    """
    if not basis.shape[1]:
        return np.repeat(start[None], count, axis=0)
    slope = rows @ basis
    steep = np.linalg.norm(slope, axis=1) > FEASIBLE  # the others do not change within the plane
    slope, slack = slope[steep], np.maximum(ends[steep] - rows[steep] @ start, DUST)
    spread = (corners - start) @ basis
    near = _reached(slope, slack, spread)
    while True:
        z = _chains(slope[near], slack[near], spread, count, np.random.default_rng(seed), thin)
        if not (_reached(slope, slack, z, margin=0.0) & ~near).any():
            return start + z @ basis.T
        near |= _reached(slope, slack, z)


def _reached(slope: FloatArray, slack: FloatArray, points: FloatArray, margin: float = 1.0) -> BoolArray:
    """The rows that points violate, or come near to: by their spread across the row. Few points at a time."""
    far, total, squares = np.full(len(slack), -np.inf), np.zeros(len(slack)), np.zeros(len(slack))
    for first in range(0, len(points), CHAINS):
        across = slope @ points[first : first + CHAINS].T
        far = np.maximum(far, across.max(axis=1))
        total += across.sum(axis=1)
        squares += (across**2).sum(axis=1)
    count = max(len(points), 1)
    spread = np.sqrt(np.maximum(squares / count - (total / count) ** 2, 0.0))
    return np.asarray(far + margin * spread > slack + (FEASIBLE if margin == 0 else 0.0))


def _chains(
    slope: FloatArray, slack: FloatArray, spread: FloatArray, count: int, rng: np.random.Generator, thin: int
) -> FloatArray:
    """The samples of all chains, (count, k)."""
    width = slope.shape[1]
    steps = thin or 10 * width
    z = np.zeros((CHAINS, width))
    shape = _shape(spread)
    reach = 10 * float(np.linalg.norm(spread, axis=1).max())  # where no row that takes part ends the way
    for _ in range(ROUNDS):  # from the centre to anywhere
        seen = []
        for _ in range(SNAPSHOTS):
            z = _steps(z, slope, slack, shape, rng, width, reach)
            seen.append(z)
        shape = _shape(np.concatenate(seen))
    kept = [z[:0]]
    for _ in range(-(-count // CHAINS)):
        z = _steps(z, slope, slack, shape, rng, steps, reach)
        kept.append(z)
    return np.concatenate(kept)[:count]


def _shape(points: FloatArray) -> FloatArray:
    """A matrix that makes round directions into ones of the shape of these points."""
    around = points - points.mean(axis=0)
    sizes, axes = np.linalg.eigh(around.T @ around / len(points))
    sizes = np.sqrt(np.maximum(sizes, 1e-12 * max(float(sizes[-1]), 1e-300)))
    return np.asarray((axes * sizes).T)


def _steps(
    z: FloatArray,
    slope: FloatArray,
    slack: FloatArray,
    shape: FloatArray,
    rng: np.random.Generator,
    steps: int,
    reach: float,
) -> FloatArray:
    """So many steps of every chain, (chains, k), none of them longer than `reach`."""
    least = SLIVER * slack
    left = np.maximum(slack - _across(z, slope), least)
    for _ in range(steps):
        direction = rng.standard_normal(z.shape) @ shape
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        rise = _across(direction, slope)
        rate = rise / left
        forth, back = rate.max(axis=1), rate.min(axis=1)  # how much of what is left one unit of the way takes
        forth, back = 1 / np.maximum(forth, 1 / reach), 1 / np.minimum(back, -1 / reach)
        move = back + (forth - back) * rng.random(len(z))
        z = z + move[:, None] * direction
        left = np.maximum(left - move[:, None] * rise, least)
    return z


def _across(z: FloatArray, slope: FloatArray) -> FloatArray:
    """The product z @ slope.T, some rows at a time: so small, it gains nothing from threads, and loses much to them."""
    found = np.empty((len(z), len(slope)))
    for first in range(0, len(slope), TOGETHER):
        found[:, first : first + TOGETHER] = z @ slope[first : first + TOGETHER].T
    return found
