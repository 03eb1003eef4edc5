"""Principal components of columns, and whether their correlations are worth looking at (KMO, Bartlett).

From the eigenvectors of the correlation or covariance matrix of complete rows, which costs one pass over the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._moments import correlations, levelled, moments
from cityindex.methods._spread import INFINITE, constant, refuse_columns
from cityindex.methods._summary import Summary

__all__ = ["Components", "adequacy", "components_of", "correlations_of", "oriented", "principal_components"]

Matrix = Literal["correlation", "covariance"]
SINGULAR = 1e-10  # relative: an eigenvalue this small is 0
TINY = 1e-290  # sums of squares below have lost digits


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """The principal components of k columns.

    Attributes
    ----------
    units
        How many rows had every number, and were used.
    matrix
        ``correlation`` or ``covariance``: what the components are of.
    eigenvalues
        The variance of each component, (k,), falling.
    explained
        The share of all variance of each, (k,).
    vectors
        The components, one per column, (k, k), of length 1. The sign of each is chosen: its largest coefficient is
        positive (of several equally large ones the first).
    loadings
        Vectors times √eigenvalue: of a correlation matrix, the correlation of each column with each component.
    kmo
        Kaiser's measure of sampling adequacy: from 0 (correlations come in pairs) to 1 (columns share common factors);
        ``nan`` where a column is a combination of others.
    adequacy
        The same of each column, (k,).
    chi2, freedom
        Bartlett's test of sphericity (no column correlates with any other): χ² (infinite where a column is a
        combination of others) and its degrees of freedom; `p` is the probability of as large a χ² by chance.
    """

    units: int
    matrix: Matrix
    eigenvalues: FloatArray
    explained: FloatArray
    vectors: FloatArray
    loadings: FloatArray
    kmo: float
    adequacy: FloatArray
    chi2: float
    freedom: int

    @property
    def p(self) -> float:
        """Of Bartlett's test."""
        from scipy.special import gammaincc

        return float(gammaincc(self.freedom / 2, self.chi2 / 2)) if self.freedom else float("nan")


def principal_components(ref: FloatArray, *, of: Matrix = "correlation") -> Components:
    """The principal components of the columns, over the rows that have every number.

    Parameters
    ----------
    ref
        Shape (n, k); rows with ``nan`` are left out (`units` says how many are used).
    of
        ``correlation``: every column counts alike, whatever its unit. ``covariance``: in its own unit.

    Returns
    -------
    Components

    Raises
    ------
    DomainError
        Fewer than two complete rows; a column that is constant in them.

    References
    ----------
    Jolliffe, I. T. (2002). Principal Component Analysis, 2nd edition. https://doi.org/10.1007/b98835
    Kaiser, H. F. and Rice, J. (1974). Little Jiffy, Mark IV. Educational and Psychological Measurement 34(1), 111-117.
    https://doi.org/10.1177/001316447403400115
    Bartlett, M. S. (1951). The effect of standardization on a χ² approximation in factor analysis. Biometrika 38(3/4),
    337-344. https://doi.org/10.1093/biomet/38.3-4.337

    Notes
    -----
    Peers: COINr's `get_PCA` (R's prcomp) calls the vectors loadings, SPSS the loadings; COINr's have the sign that the
    decomposition happens to give. Both drop rows with a gap.

    Examples
    --------
    >>> found = principal_components(np.array([[1.0, 2.0, 1.0], [2.0, 1.0, 3.0], [3.0, 4.0, 2.0], [4.0, 3.0, 5.0]]))
    >>> found.eigenvalues.round(3), found.loadings[:, 0].round(3), round(found.kmo, 3)
    (array([2.062, 0.928, 0.01 ]), array([0.997, 0.622, 0.825]), 0.273)
    """
    r, rows, products, power = _matrices(ref)
    if of == "correlation":
        return components_of(r, rows)
    with np.errstate(over="ignore"):
        covariance = products / (rows - 1) * power[:, None] * power
    if not (np.isfinite(covariance).all() and (np.diagonal(covariance) > TINY).all()):
        raise DomainError("the numbers are too large or too small for their squares; another unit would help")
    return components_of(r, rows, covariance=covariance)


def correlations_of(ref: FloatArray) -> tuple[FloatArray, FloatArray, int]:
    """Correlation matrix (k, k) and standard deviations (k,) of the columns, over the complete rows, and their number.

    Raises
    ------
    DomainError
        As `principal_components`.
    """
    r, rows, products, power = _matrices(ref)
    return r, np.sqrt(np.diagonal(products) / (rows - 1)) * power, rows


def _matrices(ref: FloatArray | Summary) -> tuple[FloatArray, int, FloatArray, FloatArray]:
    """Correlations, the number of complete rows, and the centred cross-products of the columns by a power of two."""
    rows, low, high = (ref, ref.low, ref.high) if isinstance(ref, Summary) else _complete(ref)
    if rows.shape[0] < 2:
        raise DomainError("correlations need two units or more that have every number", columns=range(ref.shape[-1]))
    refuse_columns(np.isinf(low) | np.isinf(high), INFINITE)
    refuse_columns(constant(low, high), "every unit has the same number: it has no correlation")
    level, power = levelled(rows, low, high)
    products = moments(level).products
    return correlations(products), rows.shape[0], products, power


def _complete(ref: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The rows that have every number, and the lowest and the highest of each column there."""
    gaps = np.isnan(ref)
    rows = ref[~gaps.any(axis=1)] if gaps.any() else ref
    nothing = np.full(ref.shape[-1], np.nan)
    return (rows, rows.min(axis=0), rows.max(axis=0)) if len(rows) else (rows, nothing, nothing)


def components_of(r: FloatArray, units: int, *, covariance: FloatArray | None = None) -> Components:
    """The components of a correlation matrix (k, k) of so many units (of `covariance` instead, where it is given).

    >>> components_of(np.array([[1.0, 0.5], [0.5, 1.0]]), 20).eigenvalues
    array([1.5, 0.5])
    """
    values, vectors = np.linalg.eigh(r if covariance is None else covariance)
    values, vectors = np.maximum(values[::-1], 0.0), oriented(vectors[:, ::-1])
    count = len(r)
    kmo, by_column = adequacy(r)
    spectrum = np.linalg.eigvalsh(r)
    whole = spectrum[0] > SINGULAR * spectrum[-1]
    logs = float(np.log(spectrum).sum()) if whole else -np.inf
    return Components(
        units=units,
        matrix="correlation" if covariance is None else "covariance",
        eigenvalues=values,
        explained=values / values.sum(),
        vectors=vectors,
        loadings=vectors * np.sqrt(values),
        kmo=kmo,
        adequacy=by_column,
        chi2=max(0.0, -(units - 1 - (2 * count + 5) / 6) * logs),
        freedom=count * (count - 1) // 2,
    )


def oriented(vectors: FloatArray) -> FloatArray:
    """Columns with the sign that makes their largest coefficient positive (of equally large ones the first).

    >>> oriented(np.array([[0.6, -0.8], [-0.8, -0.6]]))
    array([[-0.6,  0.8],
           [ 0.8,  0.6]])
    """
    size = significant(np.abs(vectors))
    largest = size.argmax(axis=0)
    signs = np.where(vectors[largest, np.arange(vectors.shape[1])] < 0, -1.0, 1.0)
    return np.asarray(vectors * signs, np.float64)


def adequacy(r: FloatArray) -> tuple[float, FloatArray]:
    """Kaiser's measure of sampling adequacy of a correlation matrix, Σ r² / (Σ r² + Σ q²), and that of each column.

    q are the partial correlations of each two columns given all others. ``nan`` where there are none: a column that is
    a combination of others, or stands alone.

    >>> overall, each = adequacy(np.array([[1.0, 0.8, 0.7], [0.8, 1.0, 0.6], [0.7, 0.6, 1.0]]))
    >>> round(overall, 3), each.round(3)
    (0.693, array([0.634, 0.689, 0.795]))
    """
    count = len(r)
    spectrum = np.linalg.eigvalsh(r)
    if count < 2 or spectrum[0] <= SINGULAR * spectrum[-1]:
        return float("nan"), np.full(count, np.nan)
    inverse = np.linalg.inv(r)
    size = np.sqrt(np.diagonal(inverse))
    partial = (inverse / size[:, None] / size) ** 2
    shared = r**2
    for squares in (partial, shared):
        np.fill_diagonal(squares, 0.0)
    both = shared.sum(axis=0) + partial.sum(axis=0)
    each = np.divide(shared.sum(axis=0), both, out=np.full(count, np.nan), where=both > 0)
    overall = float(shared.sum() / both.sum()) if both.sum() > 0 else float("nan")
    return overall, each
