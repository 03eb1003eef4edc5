"""The middle of a region, also where it is flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._programs import FEASIBLE, Optimum, Programs, begin, of_region

__all__ = ["Centre", "centre"]


@dataclass(frozen=True)
class Centre:
    """The middle of the largest ball in a region.

    Attributes
    ----------
    point
        Shape (d,); nan where balls of any size fit.
    radius
        Of the ball, within the plane in which the region lies; 0 where the region is one point.
    basis
        The directions of that plane, orthonormal, shape (d, k): k is the dimension of the region.
    """

    point: FloatArray
    radius: float
    basis: FloatArray


def centre(g: FloatArray, h: FloatArray, *, total: float | None = 1.0, floor: float | None = 0.0) -> Centre:
    """The Chebyshev centre: the middle of the largest ball in the region, within the plane in which it lies.

    Maximises r subject to gᵢ · w + ‖pᵢ‖ r ≤ hᵢ, where pᵢ is gᵢ projected on the plane; the floor counts likewise. Where
    r is 0 the rows that hold it there are equations, and the search goes on in the plane that they leave. Where several
    balls are as large, it is the middle of one of them.

    Raises
    ------
    DomainError
        As `ranges`, and where the region is empty.

    Examples
    --------
    >>> found = centre(np.empty((0, 3)), np.empty(0))
    >>> found.point.round(4).tolist(), round(found.radius, 4), found.basis.shape
    ([0.3333, 0.3333, 0.3333], 0.4082, (3, 2))
    """
    region = of_region(g, h, total, floor)
    if begin(region) is not None:
        raise DomainError("the region is empty: it has no centre")
    width = region.g.shape[1]
    rows, ends = region.g, region.h
    if floor is not None:
        rows, ends = np.concatenate([rows, -np.eye(width)]), np.append(ends, np.full(width, -floor))
    equations = np.empty((0, width)) if total is None else np.ones((1, width))
    while True:
        basis = _null_space(equations, width)
        norms = np.linalg.norm(rows @ basis, axis=1)
        norms[norms <= FEASIBLE] = 0.0
        ball = Programs(
            np.append(rows, norms[:, None], axis=1), ends, np.append(region.sums, 0.0), total, [None] * width + [-1.0]
        )
        ball.entered[: len(region.h)] = region.entered
        ball.entered[len(region.h) :] = True
        found = ball.optimum(np.append(np.zeros(width), -1.0)) if basis.shape[1] else _somewhere(ball)
        if found is None:
            return Centre(np.full(width, np.nan), float("inf"), basis)
        radius = found.point[width] if basis.shape[1] else 0.0
        if radius > FEASIBLE or not basis.shape[1]:
            return Centre(found.point[:width], float(radius), basis)
        equal = found.rows[(found.multipliers > FEASIBLE) & (norms[found.rows] > 0)]
        equations = np.concatenate([equations, rows[equal]])


def _somewhere(ball: Programs) -> Optimum | None:
    """The one point that equations leave."""
    ball.floors[-1] = 0.0
    return ball.optimum(np.append(np.zeros(len(ball.floors) - 1), 1.0))


def _null_space(equations: FloatArray, width: int) -> FloatArray:
    """Orthonormal directions along which no equation changes, (width, k)."""
    if not len(equations):
        return np.eye(width)
    _, sizes, directions = np.linalg.svd(equations, full_matrices=True)
    rank = int((sizes > 1e-9 * max(sizes.max(initial=0.0), 1.0)).sum())
    return np.ascontiguousarray(directions[rank:].T)
