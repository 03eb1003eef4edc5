"""How low the largest eigenvalue of a judgement matrix can go when some of its judgements are free.

The largest eigenvalue is a convex function of the logarithms of the judgements (J. F. C. Kingman, 1961, A convexity
property of positive matrices, *Quarterly Journal of Mathematics* 12(1), 283–284, doi:10.1093/qmath/12.1.283), so that
Newton's method finds the lowest one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray
from cityindex.methods._priorities import eigenvector, largest_eigenvalue

__all__ = ["lower_bounds", "lowest", "squares", "with_judgements"]

IntArray = npt.NDArray[np.intp]
ROUNDS = 60  # of Newton's method; about six are needed
SMALL = 1e-11  # a step in logarithms that changes nothing


def with_judgements(matrix: FloatArray, rows: IntArray, columns: IntArray, logs: FloatArray) -> FloatArray:
    """Copies of a matrix, (m, n, n), with other judgements at (rows, columns), each (m, k), given by their logarithms.

    >>> with_judgements(np.ones((2, 2)), np.array([[0]]), np.array([[1]]), np.log([[4.0]]))
    array([[[1.  , 4.  ],
            [0.25, 1.  ]]])
    """
    changed = np.repeat(matrix[None], len(rows), axis=0)
    each = np.arange(len(rows))[:, None]
    changed[each, rows, columns] = np.exp(logs)
    changed[each, columns, rows] = np.exp(-logs)
    return changed


def squares(matrix: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Least squares of the logarithms: the pairs judged, (m, 2), what is left of each, (m,), the hat matrix, (m, m).

    >>> pairs, left, hat = squares(np.array([[1, 2, 2], [1 / 2, 1, 2], [1 / 2, 1 / 2, 1]]))
    >>> pairs.tolist(), (left / np.log(2)).round(4).tolist(), hat.diagonal().round(4).tolist()
    ([[0, 1], [0, 2], [1, 2]], [0.3333, -0.3333, 0.3333], [0.6667, 0.6667, 0.6667])
    """
    n = len(matrix)
    pairs = np.argwhere(np.triu(~np.isnan(matrix), 1))
    design = np.zeros((len(pairs), n))
    each = np.arange(len(pairs))
    design[each, pairs[:, 0]], design[each, pairs[:, 1]] = 1.0, -1.0
    hat = design @ np.linalg.pinv(design)
    logs = np.log(matrix[pairs[:, 0], pairs[:, 1]])
    return pairs, logs - hat @ logs, hat


def lower_bounds(
    left: FloatArray, hat: FloatArray, sets: IntArray, n: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What the largest eigenvalue cannot fall below when the judgements of each set are free.

    With w the eigenvector and eᵢⱼ = aᵢⱼ wⱼ / wᵢ, λ = n + (1 / n) Σ (eᵢⱼ + 1 / eᵢⱼ − 2) over the pairs judged, and
    e + 1 / e − 2 ≥ (ln e)²: so λ ≥ n + (1 / n) × the least squares of the judgements that are kept.

    Parameters
    ----------
    left, hat
        What `squares` gave.
    sets
        Shape (b, k): positions among the pairs.
    n
        How many children.

    Returns
    -------
    The bounds, (b,); what the others imply for each judgement of a set, less the judgement as it is, in logarithms,
    (b, k); and the matrices, (b, k, k), by which moving away from that adds to the squares.
    """
    blocks = np.eye(sets.shape[1]) - hat[sets[:, :, None], sets[:, None, :]]
    moved = np.einsum("bij,bj->bi", np.linalg.pinv(blocks, rcond=1e-9, hermitian=True), left[sets])
    rest = (left @ left) - np.einsum("bi,bi->b", left[sets], moved)
    return n + np.maximum(rest, 0.0) / n, -moved, blocks


def lowest(matrix: FloatArray, rows: IntArray, columns: IntArray, logs: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The judgements, as logarithms (b, k), that make the largest eigenvalue lowest, and that eigenvalue, (b,).

    Parameters
    ----------
    matrix
        Shape (n, n), reciprocal; ``nan``: not judged.
    rows, columns
        Shape (b, k): the free judgements of each of b problems.
    logs
        Shape (b, k): where to start.
    """
    values = largest_eigenvalue(with_judgements(matrix, rows, columns, logs))
    logs = logs.copy()
    active = np.arange(len(rows))
    for _ in range(ROUNDS):
        if not len(active):
            break
        step = _newton(
            with_judgements(matrix, rows[active], columns[active], logs[active]), rows[active], columns[active]
        )
        length = np.ones(len(active))
        for _ in range(ROUNDS):
            trial = logs[active] + length[:, None] * step
            found = largest_eigenvalue(with_judgements(matrix, rows[active], columns[active], trial))
            worse = found > values[active] * (1 + 1e-15)
            if not worse.any():
                break
            length[worse] /= 2
        better = ~worse
        logs[active[better]], values[active[better]] = trial[better], found[better]
        active = active[better & (np.abs(length[:, None] * step).max(axis=1) > SMALL)]
    return logs, values


def _newton(matrices: FloatArray, rows: IntArray, columns: IntArray) -> FloatArray:
    """Newton's step of the largest eigenvalue in the logarithms of the free judgements, (b, k)."""
    n, each = matrices.shape[-1], np.arange(len(matrices))[:, None]
    right = eigenvector(matrices)
    other = eigenvector(matrices.swapaxes(-1, -2))
    other = other / np.einsum("bi,bi->b", other, right)[:, None]
    over, under = matrices[each, rows, columns], matrices[each, columns, rows]
    up = other[each, rows] * over * right[each, columns]
    down = other[each, columns] * under * right[each, rows]
    before = np.zeros((*rows.shape, n))
    after = np.zeros((*rows.shape, n))
    places = np.arange(rows.shape[1])[None, :]
    before[each, places, columns], before[each, places, rows] = other[each, rows] * over, -other[each, columns] * under
    after[each, places, rows], after[each, places, columns] = over * right[each, columns], -under * right[each, rows]
    gaps = np.isnan(matrices)
    filled = np.where(gaps, 0.0, matrices) + np.eye(n) * gaps.sum(axis=-1)[:, :, None]
    largest = largest_eigenvalue(matrices)
    outer = right[:, :, None] * other[:, None, :]
    inverse = np.linalg.inv(largest[:, None, None] * np.eye(n) - filled + outer) - outer
    mixed = np.einsum("bki,bij,blj->bkl", before, inverse, after)
    curvature = np.eye(rows.shape[1]) * (up + down)[:, :, None] + mixed + mixed.swapaxes(-1, -2)
    curvature += 1e-9 * np.eye(rows.shape[1])
    return np.asarray(-np.linalg.solve(curvature, (up - down)[..., None])[..., 0], np.float64)
