"""Cronbach's alpha: how far the children of a group measure one thing."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._moments import FOURTH, levelled
from cityindex.methods._pairwise import Pairwise, pairwise

__all__ = ["Reliability", "cronbach"]


class Reliability(NamedTuple):
    """Alpha of some columns; of the same, each scaled to variance 1; without each of them, (k,); and the rows used.

    `without` is ``nan`` where only one column would be left, or they do not vary together at all. `units` counts the
    rows that have every number (listwise), or any (pairwise).
    """

    alpha: float
    standardised: float
    without: FloatArray
    units: int


def cronbach(ref: FloatArray, *, missing: Literal["pairwise", "listwise"] = "pairwise") -> Reliability:
    """Cronbach's alpha of columns: α = k / (k - 1) · (1 - Σ variances / Σ covariances).

    It is 1 where all columns are the same but for a constant, about 0 where they have nothing in common, and negative
    where they run against each other: turn columns where less is better first. Alpha looks at the columns in their own
    units, so the widest counts most; `standardised` is that of the correlations, k r̄ / (1 + (k - 1) r̄).

    Parameters
    ----------
    ref
        Shape (n, k), k from 2 on; ``nan`` is missing.
    missing
        ``pairwise``: each covariance from the rows where both have a number, as COINr does. ``listwise``: rows with a
        gap are left out, as SPSS does.

    Returns
    -------
    Reliability

    Raises
    ------
    DomainError
        Fewer than two columns; a constant one; a pair without two rows in common; columns that cancel out, so that
        their sum does not vary.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika 16, 297-334.
    https://doi.org/10.1007/BF02310555

    Notes
    -----
    Peers: COINr takes pairwise covariances and gives a number for a single column or a constant one too (nan); SPSS and
    SPSSAU leave out rows with gaps. Both are here, and what has no alpha is refused in words.

    Examples
    --------
    >>> ref = np.array([[1.0, 2.0, 1.0], [2.0, 1.0, 3.0], [4.0, 4.0, 3.0], [5.0, 6.0, 5.0]])
    >>> found = cronbach(ref)
    >>> round(found.alpha, 4), round(found.standardised, 4), found.without.round(4).tolist()
    (0.9337, 0.9426, [0.8258, 0.9412, 0.9412])
    """
    k = ref.shape[-1]
    if k < 2:
        raise DomainError(f"alpha compares columns; there is {k}" if k else "alpha compares columns; there is none")
    if missing == "listwise":
        ref = ref[~np.isnan(ref).any(axis=-1)]
    level, power = ref, np.ones(k)
    if ref.size:
        level, power = levelled(ref, np.fmin.reduce(ref, axis=0), np.fmax.reduce(ref, axis=0), within=FOURTH)
    sums = pairwise(level)
    _refuse(sums)
    units = power / power.max()
    covariances = sums.products / (sums.n - 1) * units[:, None] * units
    variances = np.diagonal(covariances)
    total = covariances.sum()
    if total <= 1e-12 * variances.sum():
        raise DomainError("the columns cancel out: their sum does not vary", columns=range(k))
    correlations = sums.products / np.sqrt(sums.squares * sums.squares.T)
    return Reliability(
        alpha=float(k / (k - 1) * (1 - variances.sum() / total)),
        standardised=_standardised(correlations),
        without=_without(covariances),
        units=int((~np.isnan(ref)).any(axis=-1).sum()),
    )


def _refuse(sums: Pairwise) -> None:
    few = np.argwhere(sums.n < 2)
    if len(few):
        raise DomainError("fewer than two rows have a number in both", columns=dict.fromkeys(few[0].tolist()))
    constant = np.flatnonzero((sums.squares == 0).any(axis=1))
    if len(constant):
        raise DomainError("every unit has the same number: it goes with nothing", columns=constant)


def _standardised(r: FloatArray) -> float:
    k = len(r)
    mean = (r.sum() - k) / (k * (k - 1))
    bottom = 1 + (k - 1) * mean
    return float(k * mean / bottom) if bottom > 1e-12 else np.nan


def _without(covariances: FloatArray) -> FloatArray:
    """Alpha of the others, for each column."""
    k = len(covariances) - 1
    variances = np.diagonal(covariances)
    left = variances.sum() - variances
    total = covariances.sum() - 2 * covariances.sum(axis=1) + variances
    defined = (total > 1e-12 * left) & (k > 1)
    ratio = np.divide(left, total, out=np.full(k + 1, np.nan), where=defined)
    return np.asarray(k / max(k - 1, 1) * (1 - ratio), np.float64)
