"""The corners of a small polytope of weights, by trying every set of rows that could hold one."""

from __future__ import annotations

from itertools import combinations, islice
from math import comb

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._programs import FEASIBLE, scaled

__all__ = ["corners"]

MOST = 100_000  # sets of rows that are tried
TOGETHER = 10_000  # of them at once


def corners(g: FloatArray, h: FloatArray) -> FloatArray | None:
    """The corners of {w ≥ 0 : G w ≤ h, Σ w = 1}, (m, d); None where more sets than 100,000 would have to be tried.

    >>> corners(np.array([[1.0, 0.0]]), np.array([0.25])).tolist()
    [[0.0, 1.0], [0.25, 0.75]]
    """
    width = g.shape[1]
    rows, ends = scaled(np.concatenate([g, -np.eye(width)]), np.append(h, np.zeros(width)))
    if comb(len(rows), width - 1) > MOST:
        return None
    found = [np.empty((0, width))]
    sets = combinations(range(len(rows)), width - 1)
    while some := list(islice(sets, TOGETHER)):
        chosen = np.array(some, dtype=np.intp).reshape(len(some), width - 1)
        systems = np.concatenate([rows[chosen], np.ones((len(some), 1, width))], axis=1)
        right = np.concatenate([ends[chosen], np.ones((len(some), 1))], axis=1)
        regular = np.abs(np.linalg.det(systems)) > 1e-12
        points = np.linalg.solve(systems[regular], right[regular][..., None])[..., 0]
        found.append(points[(points @ rows.T <= ends + FEASIBLE).all(axis=1)])
    points = np.concatenate(found)
    if not len(points):
        return None  # the rows meet by dust: only programs know where
    _, first = np.unique(points.round(10) + 0.0, axis=0, return_index=True)
    return np.asarray(np.maximum(points[first], 0.0))
