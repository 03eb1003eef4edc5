"""Weights from judgement matrices, many at once: shape (m, n, n), ``nan`` where a judgement was not made.

The matrices are reciprocal, with 1 on the diagonal, and the judgements made connect all n children.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["connected", "eigenvector", "geometric_means", "largest_eigenvalue", "parts_of"]


def _filled(matrices: FloatArray) -> FloatArray:
    """Harker's matrix: 0 for a judgement not made, and 1 on the diagonal for each of them in the row, beside the 1."""
    gaps = np.isnan(matrices)
    filled = np.where(gaps, 0.0, matrices)
    n = matrices.shape[-1]
    filled[..., np.arange(n), np.arange(n)] += gaps.sum(axis=-1)
    return filled


def eigenvector(matrices: FloatArray) -> FloatArray:
    """The principal right eigenvectors, (m, n), positive and adding up to 1.

    Where judgements are missing it is that of the matrix in which wᵢ / wⱼ stands for them.

    Source: T. L. Saaty (1977), A scaling method for priorities in hierarchical structures, *Journal of Mathematical
    Psychology* 15(3), 234–281, doi:10.1016/0022-2496(77)90033-5; P. T. Harker (1987), Alternative modes of questioning
    in the analytic hierarchy process, *Mathematical Modelling* 9(3–5), 353–360, doi:10.1016/0270-0255(87)90492-1.

    >>> eigenvector(np.array([[[1, 2], [0.5, 1]]])).round(4)
    array([[0.6667, 0.3333]])
    """
    values, vectors = np.linalg.eig(_filled(matrices))
    principal = np.argmax(values.real, axis=-1)
    found = np.abs(np.take_along_axis(vectors, principal[:, None, None], axis=-1)[..., 0].real)
    return np.asarray(found / found.sum(axis=-1, keepdims=True), np.float64)


def largest_eigenvalue(matrices: FloatArray) -> FloatArray:
    """The principal eigenvalues, (m,), never below n (float dust aside, which is taken off)."""
    values = np.linalg.eigvals(_filled(matrices)).real.max(axis=-1)
    return np.asarray(np.maximum(values, matrices.shape[-1]), np.float64)


def geometric_means(matrices: FloatArray) -> FloatArray:
    """The geometric means of the rows, (m, n), adding up to 1: the logarithmic least squares solution.

    Where judgements are missing it is that solution over those made: with L the Laplacian of the comparison graph,
    L ln w = Σⱼ ln aᵢⱼ.

    Source: G. Crawford, C. Williams (1985), A note on the analysis of subjective judgment matrices, *Journal of
    Mathematical Psychology* 29(4), 387–405, doi:10.1016/0022-2496(85)90002-1; S. Bozóki, J. Fülöp, L. Rónyai (2010), On
    optimal completion of incomplete pairwise comparison matrices, *Mathematical and Computer Modelling* 52(1–2),
    318–333, doi:10.1016/j.mcm.2010.02.047.

    >>> geometric_means(np.array([[[1, 2, np.nan], [0.5, 1, 3], [np.nan, 1 / 3, 1]]])).round(4)
    array([[0.6, 0.3, 0.1]])
    """
    n = matrices.shape[-1]
    made = ~np.isnan(matrices)
    sums = np.where(made, np.log(matrices), 0.0).sum(axis=-1)
    laplacian = np.where(made, -1.0, 0.0)
    laplacian[..., np.arange(n), np.arange(n)] += made.sum(axis=-1)
    logs = np.linalg.solve(laplacian + 1 / n, sums[..., None])[..., 0]  # 1 / n: that one which adds up to 0
    found = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(found / found.sum(axis=-1, keepdims=True), np.float64)


def connected(made: BoolArray) -> BoolArray:
    """Whether the judgements made, (m, n, n), lead from every child to every other, (m,)."""
    reached = np.array(made | np.eye(made.shape[-1], dtype=np.bool_), np.float32)
    for _ in range(max(made.shape[-1] - 1, 1).bit_length()):
        reached = np.minimum(reached @ reached, 1)
    return np.asarray((reached > 0).all(axis=(-2, -1)))


def parts_of(made: BoolArray) -> list[list[int]]:
    """The children of one matrix, (n, n), in parts that no judgement connects.

    >>> parts_of(np.eye(3, dtype=bool) | np.eye(3, k=1, dtype=bool) & [[1], [0], [0]] > 0)
    [[0, 1], [2]]
    """
    from scipy.sparse.csgraph import connected_components

    count, labels = connected_components(made, directed=False)
    members: npt.NDArray[np.intp] = np.arange(len(made))
    return [members[labels == part].tolist() for part in range(count)]
