"""Correlation of columns: Pearson's r, Spearman's ρ, Kendall's τ-b, each pair over the rows where both have a number.

Nothing is filled in. A pair has none (``nan``) where fewer than two rows have both, or where one of the two is constant
(at 12 significant digits) in them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from cityindex.errors import nearest
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._moments import FOURTH, levelled
from cityindex.methods._pairwise import pairwise
from cityindex.methods.rank import rank

__all__ = ["COEFFICIENTS", "Coefficient", "Correlation", "correlate", "p_values", "tail"]

Coefficient = Literal["pearson", "spearman", "kendall"]
IntArray = npt.NDArray[np.intp]

COEFFICIENTS = ("pearson", "spearman", "kendall")
LONG = 4000  # rows from which on Kendall's pairs are counted by sorting


class Correlation(NamedTuple):
    """Correlations of the columns of one table with those of another, (k, m), and how many rows each rests on."""

    r: FloatArray
    n: FloatArray


def correlate(x: FloatArray, y: FloatArray | None = None, *, method: Coefficient = "pearson") -> Correlation:
    """The correlation of every column of x with every column of y, over the rows where both have a number.

    Parameters
    ----------
    x, y
        Shape (n, k) and (n, m); y None: x with itself. ``nan`` is missing.
    method
        ``pearson``: r = Σ (a - ā)(b - b̄) / √(Σ (a - ā)² Σ (b - b̄)²). ``spearman``: r of the ranks, which are taken
        among the rows of the pair; ties share the mean of their places. ``kendall``: τ-b = (C - D) / √((N - T_a)(N -
        T_b)), of the N pairs of rows C in the same order, D in the opposite one, T tied; its cost grows with n².

    Returns
    -------
    Correlation
        r, (k, m), from -1 to 1, ``nan`` where it is not defined; n, (k, m), the rows of each pair.

    References
    ----------
    Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33(3), 239-251.
    https://doi.org/10.1093/biomet/33.3.239

    Notes
    -----
    Peers: R, and COINr with it, asked for pairwise complete observations, ranks anew in each pair as here; pandas does
    too. scipy's spearmanr ranks once or drops whole rows, and numpy's corrcoef gives nan for a column with one gap.
    pymcdm's Spearman takes its input for ranks already, and its Kendall is τ-a, which ties pull towards 0.
    Values that are alike at 12 digits tie here; elsewhere they compare by their bits.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 5.0], [4.0, np.nan]])
    >>> r, n = correlate(x)
    >>> r.round(4).tolist(), n.tolist()
    ([[1.0, 0.7206], [0.7206, 1.0]], [[4.0, 3.0], [3.0, 3.0]])
    >>> correlate(x, method="kendall").r[0, 1].round(4)
    np.float64(0.3333)
    """
    if method not in COEFFICIENTS:
        raise ValueError(f"unknown coefficient {method!r}.{nearest(str(method), COEFFICIENTS)}")
    z = x if y is None else np.concatenate([x, y], axis=-1)
    if method == "pearson":
        found = _pearson(_tamed(z))
    elif method == "spearman":
        found = _spearman(z)
    else:
        found = _kendall(significant(z))
    places = np.arange(z.shape[-1])
    found.r[places, places] = np.where(np.isnan(found.r[places, places]), np.nan, 1.0)
    if y is None:
        return found
    k = x.shape[-1]
    return Correlation(found.r[:k, k:], found.n[:k, k:])


# -- the three --------------------------------------------------------------------------------------------------------


def _tamed(z: FloatArray) -> FloatArray:
    """Columns of huge or tiny numbers divided by a power of two: products of squares stay within what a float holds."""
    return levelled(z, np.fmin.reduce(z, axis=0), np.fmax.reduce(z, axis=0), within=FOURTH)[0] if z.size else z


def _pearson(z: FloatArray) -> Correlation:
    n, products, squares = pairwise(z)
    return Correlation(_coefficients((products + products.T) / 2, squares), n)


def _coefficients(products: FloatArray, squares: FloatArray) -> FloatArray:
    """Products over the roots of the squares of both; ``nan`` where one of them is 0."""
    both = squares * squares.T
    r = np.divide(products, np.sqrt(both), out=np.full_like(products, np.nan), where=both > 0)
    return np.asarray(np.clip(r, -1.0, 1.0), np.float64)


def _spearman(z: FloatArray) -> Correlation:
    """Columns that lack the same rows are ranked together: a turn for each two patterns of gaps, not for each pair."""
    gaps = np.isnan(z)
    columns = np.ascontiguousarray(z.T)
    if not gaps.any():
        return _pearson(rank(columns, ties="average", first="lowest").T)
    codes = np.where(gaps.T, 0, rank(columns, ties="dense", first="lowest")).astype(np.intp)
    patterns, kinds = np.unique(gaps, axis=1, return_inverse=True)
    alike = [np.flatnonzero(kinds.reshape(-1) == kind) for kind in range(patterns.shape[1])]
    n, products, squares = np.zeros((3, z.shape[1], z.shape[1]))
    for p, left in enumerate(alike):
        for q in range(p, len(alike)):
            right = alike[q]
            rows = ~(patterns[:, p] | patterns[:, q])
            a = _centred_ranks(codes[left][:, rows])
            b = a if p == q else _centred_ranks(codes[right][:, rows])
            here, there = np.ix_(left, right), np.ix_(right, left)
            n[here] = n[there] = rows.sum()
            products[here] = a @ b.T
            products[there] = products[here].T
            squares[here] = np.einsum("ij,ij->i", a, a)[:, None]
            squares[there] = np.einsum("ij,ij->i", b, b)[:, None]
    return Correlation(_coefficients(products, squares), n)


def _centred_ranks(codes: IntArray) -> FloatArray:
    """The ranks (ties share the mean place) of rows of codes that stand in order, less their mean: by counting."""
    found = np.empty(codes.shape)
    for row, own in zip(found, codes, strict=True):
        counts = np.bincount(own)
        row[:] = (np.cumsum(counts) - counts / 2)[own]
    found -= codes.shape[1] / 2
    return found


def _kendall(z: FloatArray) -> Correlation:
    here = (~np.isnan(z)).astype(np.float64)
    tau = _kendall_by_row(z, here.astype(np.float32)) if len(z) <= LONG else _kendall_by_pair(z)
    return Correlation(tau, here.T @ here)


def _kendall_by_row(z: FloatArray, here: npt.NDArray[np.float32]) -> FloatArray:
    """The signs of each row's differences from the rows after it; a gap gives 0 (counts are exact in float32)."""
    whole = bool(here.all())
    score, untied = np.zeros((2, z.shape[1], z.shape[1]))
    for row in range(len(z) - 1):
        after = z[row + 1 :]
        signs = (after > z[row]).astype(np.float32) - (after < z[row])
        score += signs.T @ signs
        size = np.abs(signs)
        untied += size.sum(axis=0)[:, None] if whole else size.T @ (here[row + 1 :] * here[row])
    return _coefficients(score, untied)


def _kendall_by_pair(z: FloatArray) -> FloatArray:
    """Of many rows each pair by itself, in n log n."""
    from scipy.stats import kendalltau

    tau = np.full((z.shape[1], z.shape[1]), np.nan)
    for i, j in zip(*np.triu_indices(len(tau)), strict=True):
        pair = z[:, [i, j]]
        a, b = pair[~np.isnan(pair).any(axis=1)].T
        if len(a) > 1 and a.min() < a.max() and b.min() < b.max():
            tau[i, j] = tau[j, i] = kendalltau(a, b, method="asymptotic").statistic
    return tau


# -- significance -----------------------------------------------------------------------------------------------------


def tail(r: FloatArray, n: FloatArray) -> FloatArray:
    """Two-sided p of Pearson's r (and, nearly, of Spearman's ρ) of n rows: by Student's t with n - 2 degrees.

    ``nan`` where n < 3 or r is not defined.

    >>> tail(np.array([0.7206, 1.0]), np.array([10.0, 3.0])).round(4)
    array([0.0187, 0.    ])
    """
    from scipy.special import betainc

    df = np.where(n > 2, n - 2, np.nan)
    return np.asarray(betainc(df / 2, 0.5, (1 - r) * (1 + r)), np.float64)


def p_values(x: FloatArray, y: FloatArray, found: Correlation, *, method: Coefficient = "pearson") -> FloatArray:
    """Two-sided p-values of correlations, (k, m): how often chance alone would give one as large, in either direction.

    Pearson and Spearman: Student's t with n - 2 degrees of freedom. Kendall: exact for few rows without ties, else by
    the normal approximation with its correction for ties (scipy's rule). ``nan`` where there are fewer than three rows
    (Kendall: two) or no correlation.

    >>> x = np.arange(5.0)[:, None]
    >>> p_values(x, -x, correlate(x, -x, method="kendall"), method="kendall").round(4)
    array([[0.0167]])
    """
    if method != "kendall":
        return tail(found.r, found.n)
    from scipy.stats import kendalltau

    a, b = significant(x), significant(y)
    p = np.full(found.r.shape, np.nan)
    for i, j in np.argwhere(~np.isnan(found.r)):
        both = ~np.isnan(a[:, i]) & ~np.isnan(b[:, j])
        p[i, j] = kendalltau(a[both, i], b[both, j]).pvalue
    return p
