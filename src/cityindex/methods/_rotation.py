"""Varimax: turns factors until each has a few large loadings and many small ones.

Source: H. F. Kaiser (1958), The varimax criterion for analytic rotation in factor analysis, *Psychometrika* 23(3),
187–200, doi:10.1007/BF02289233.
"""

from __future__ import annotations

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray

__all__ = ["varimax"]

SETTLED = 1e-13  # radians: turns smaller than this end the search
SWEEPS = 1000


def varimax(loadings: FloatArray) -> FloatArray:
    """Loadings (k, m) turned by varimax with Kaiser's normalisation: rows have length 1 while they are turned.

    Two factors at a time, each turn in closed form, until none turns any more. What the factors explain of each column
    stays as it is; the order and the signs of the factors are those that the turns leave.

    Raises
    ------
    DomainError
        Turns that do not end.

    Examples
    --------
    >>> varimax(np.array([[0.7, 0.7], [0.7, 0.7], [0.7, -0.7]])).round(2) + 0.0
    array([[ 0.99,  0.  ],
           [ 0.99,  0.  ],
           [ 0.  , -0.99]])
    """
    length = np.sqrt((loadings**2).sum(axis=1))
    turned = loadings / np.where(length > 0, length, 1.0)[:, None]
    count = turned.shape[1]
    for _ in range(SWEEPS):
        largest = 0.0
        for i in range(count):
            for j in range(i + 1, count):
                angle = _angle(turned[:, i], turned[:, j])
                cos, sin = np.cos(angle), np.sin(angle)
                turned[:, [i, j]] = turned[:, [i, j]] @ np.array([[cos, -sin], [sin, cos]])
                largest = max(largest, abs(angle))
        if largest < SETTLED:
            return np.asarray(turned * length[:, None], np.float64)
    raise DomainError("the varimax rotation does not settle on these loadings")


def _angle(x: FloatArray, y: FloatArray) -> float:
    """The turn of two factors that makes the variance of their squared loadings the largest."""
    u, v = x * x - y * y, 2 * x * y
    rows = len(u)
    across = 2 * (u @ v - u.sum() * v.sum() / rows)
    along = u @ u - v @ v - (u.sum() ** 2 - v.sum() ** 2) / rows
    if np.hypot(across, along) < SETTLED:
        return 0.0  # every turn is as good
    return float(np.arctan2(across, along) / 4)
