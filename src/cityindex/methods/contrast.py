"""Weightings from how the columns go together: CRITIC, and independence by multiple correlation.

ref has shape (…, n, k), the weights (…, k); leading axes are draws. Every number has to be there. By default ref holds
the children's carried columns; `directions` come with raw ones (``on: raw``), which direction has not turned.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from cityindex._registry import weighting
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._moments import Moments, correlations, levelled, moments
from cityindex.methods._spread import as_weights, constant, ends, refuse_columns, refuse_missing, turned
from cityindex.methods.rank import rank

__all__ = ["critic", "independence"]

DUST = 1e-12  # a correlation this near to 1 or 0 is 1 or 0


def _refuse_constant(low: FloatArray, high: FloatArray) -> None:
    refuse_columns(
        constant(low, high), "every unit has the same number: it has no correlation; leave the indicator out"
    )


@weighting(from_data=True)
def critic(
    ref: FloatArray,
    *,
    scale: Literal["minmax", "none"] = "minmax",
    correlation: Literal["pearson", "spearman"] = "pearson",
    absolute: bool = False,
    directions: FloatArray | None = None,
) -> FloatArray:
    """CRITIC weights: the more a column differs between units and from the other columns, the more weight it gets.

    c = s Σ (1 - r), s the standard deviation of the column scaled to 0–1 and r its correlation with each other column;
    the weight is c / Σ c. (Divided by n or by n - 1, s gives the same weights: there is no option.)

    Parameters
    ----------
    ref
        Shape (…, n, k), any numbers, none missing; k = 1 has weight 1.
    scale
        ``minmax`` is CRITIC as published: units of measurement and any linear normalisation before do not matter, so
        that raw and min–max carried columns weigh alike. ``none`` takes s of the columns as they stand.
    correlation
        ``pearson``, or ``spearman``: of average ranks, ties at 12 significant digits.
    absolute
        Whether to sum 1 - ``|r|``: then a column that says the opposite of another brings nothing new either.
    directions
        1, or -1 for a raw column where less is better; None: all 1.

    Returns
    -------
    Shape (…, k), adding up to 1.

    Raises
    ------
    DomainError
        A missing number, by (row, column). A constant column. Columns that all correlate by 1.

    References
    ----------
    D. Diakoulaki, G. Mavrotas, L. Papayannakis (1995), Determining objective weights in multiple criteria problems: the
    CRITIC method, *Computers & Operations Research* 22(7), 763–770, doi:10.1016/0305-0548(94)00059-H.

    Notes
    -----
    Peers: pymcdm and pyrepo-mcda leave direction out, which changes the sign of correlations between columns of
    opposite directions; scikit-criteria and pyDecision honour it, and so does this. A constant column makes all weights
    ``nan`` in pymcdm and scikit-criteria; here it is named.

    Examples
    --------
    Profit, market share and productivity of eight firms, from the article: weights 0.20, 0.48 and 0.32.

    >>> profit = [61, 20.7, 16.3, 9, 5.4, 4, -6.1, -34.6]
    >>> share = [1.08, 0.26, 1.98, 3.29, 2.77, 4.12, 3.52, 3.31]
    >>> productivity = [4.33, 4.34, 2.53, 1.65, 2.33, 1.21, 2.10, 0.98]
    >>> critic(np.array([profit, share, productivity]).T).round(4)
    array([0.2022, 0.4809, 0.3169])
    """
    refuse_missing(ref)
    low, high = ends(ref)
    if ref.shape[-1] == 1:
        return np.ones_like(low)
    _refuse_constant(low, high)
    level, power = levelled(ref, low, high)
    found = moments(level)
    r = correlations((found if correlation == "pearson" else _of_ranks(ref)).products)
    conflict = _conflict(np.abs(r) if absolute else r * _signs(directions, ref.shape[-1]))
    size = np.sqrt(found.variances(lost=0))
    size = size / (high / power - low / power) if scale == "minmax" else size * power
    return as_weights(size * conflict, "every two columns correlate fully: none brings anything that the others do not")


def _of_ranks(ref: FloatArray) -> Moments:
    return moments(rank(ref.swapaxes(-1, -2), ties="average").swapaxes(-1, -2))


def _signs(directions: FloatArray | None, count: int) -> FloatArray:
    """What turning the columns does to each correlation, (k, k): 1, or -1 between opposite directions."""
    sign = np.where(turned(directions, count), -1.0, 1.0)
    return sign[:, None] * sign


def _conflict(r: FloatArray) -> FloatArray:
    """Σ (1 - r) over the other columns, (…, k)."""
    apart = 1 - r
    return np.asarray(np.where(apart < DUST, 0.0, apart).sum(axis=-1), np.float64)


@weighting(from_data=True)
def independence(ref: FloatArray, *, directions: FloatArray | None = None) -> FloatArray:
    """Independence weights: the worse the other columns predict a column, the more weight it gets (独立性权重).

    The weight is (1 / R) / Σ (1 / R), R the multiple correlation of the column with the others: the correlation of
    the column with its linear regression on them (with intercept).

    Parameters
    ----------
    ref
        Shape (…, n, k), any numbers, none missing; k = 1 has weight 1.
    directions
        Of no effect: a column and its opposite are predicted equally well.

    Returns
    -------
    Shape (…, k), adding up to 1. Two columns have the same R and weigh 0.5 each. Columns that are exact linear
    combinations of others have R = 1, the least weight there is.

    Raises
    ------
    DomainError
        A missing number, by (row, column). A constant column. No more units than columns: any column is then predicted
        exactly by the others. A column that has no correlation with the others at all: 1 / 0.

    References
    ----------
    T. W. Anderson (2003), *An Introduction to Multivariate Statistical Analysis*, 3rd edition, section 4.4 (the
    multiple correlation coefficient), ISBN 978-0-471-36091-9.

    Notes
    -----
    Peers: of those read only SPSSAU has it (独立性权重). It regresses each column on the others, which fails or depends
    on the solver where columns are collinear; here R comes from the eigenvalues of the correlation matrix, and is then
    exactly 1. R is not adjusted for the number of columns: with few units all R are near 1 and the weights near equal.

    Examples
    --------
    >>> ref = np.array([[1.0, 2.0, 5.0], [2.0, 4.0, 3.0], [3.0, 5.0, 4.0], [4.0, 9.0, 6.0], [5.0, 9.0, 5.0]])
    >>> independence(ref).round(4)
    array([0.2875, 0.2864, 0.4261])
    """
    refuse_missing(ref)
    low, high = ends(ref)
    units, count = ref.shape[-2:]
    if count == 1:
        return np.ones_like(low)
    if units <= count:
        told = f"{units} unit{'s' * (units != 1)} and {count} columns: the others predict every column exactly"
        raise DomainError(f"{told}; more units than columns are needed")
    _refuse_constant(low, high)
    explained = _explained(correlations(moments(levelled(ref, low, high)[0]).products))
    refuse_columns(explained < DUST, "it has no correlation with the other columns: 1 / R has no value")
    return as_weights(1 / np.sqrt(explained), "there is no column")


def _explained(r: FloatArray) -> FloatArray:
    """R² of each column on the others, (…, k): 1 - 1 / (r⁻¹)jj, and 1 for a column that is part of a collinear set."""
    values, vectors = np.linalg.eigh(r)
    null = values <= DUST * values[..., -1:]
    squares = vectors**2
    inverse = (squares / np.where(null, np.inf, values)[..., None, :]).sum(axis=-1)
    collinear = (squares * null[..., None, :]).sum(axis=-1) > DUST
    return np.asarray(np.where(collinear, 1.0, np.maximum(1 - 1 / inverse, 0.0)), np.float64)
