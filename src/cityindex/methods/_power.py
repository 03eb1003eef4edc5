"""Principal eigenvectors of very many judgement matrices at once, by power iteration."""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._priorities import eigenvector

__all__ = ["principal"]

CLOSE = 1e-14  # relative change of the weights at which an iteration ends
ROUNDS = 60  # each on what is left; matrices that then still move go to LAPACK


def principal(matrices: FloatArray) -> FloatArray:
    """The principal right eigenvectors of matrices, (m, n, n) → (m, n), positive and adding up to 1.

    The same as `eigenvector`, for many nearly consistent matrices, where it takes a few rounds: each multiplies by the
    matrix and divides by the sum; those that have settled are left out. Judgements not made (``nan``) are Harker's.

    Source: R. von Mises, H. Pollaczek-Geiringer (1929), Praktische Verfahren der Gleichungsauflösung, *Zeitschrift für
    Angewandte Mathematik und Mechanik* 9(1), 58–77, doi:10.1002/zamm.19290090105.

    >>> principal(np.array([[[1, 2, 6], [0.5, 1, 3], [1 / 6, 1 / 3, 1]]])).round(4)
    array([[0.6, 0.3, 0.1]])
    """
    gaps = np.isnan(matrices)
    if gaps.any():
        return eigenvector(matrices)  # Harker's matrices settle slowly
    weights: FloatArray = matrices.sum(axis=-1)
    weights /= weights.sum(axis=-1, keepdims=True)
    active = np.arange(len(matrices))
    left = matrices
    for _ in range(ROUNDS):
        found = np.einsum("mij,mj->mi", left, weights[active])
        found /= found.sum(axis=-1, keepdims=True)
        moving = (np.abs(found - weights[active]) > CLOSE * found).any(axis=-1)
        weights[active] = found
        if not moving.all():
            active, left = active[moving], left[moving]
        if not len(active):
            return weights
    weights[active] = eigenvector(left)
    return weights
