"""How far several rankings of the same things agree: Kendall's coefficient of concordance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, cells_of
from cityindex.methods.rank import rank

__all__ = ["Concordance", "kendalls_w"]


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's coefficient of concordance of m rankings of n things.

    Attributes
    ----------
    w
        0 (the ranks add up alike) to 1 (the rankings are the same), corrected for ties.
    spearman
        The mean of Spearman's correlations over all pairs of rankings, (m w − 1) / (m − 1); exactly so without ties.
    chi_squared
        m (n − 1) w, which has n − 1 degrees of freedom where the rankings are random.
    p
        How often random rankings give as much, by that distribution; rough below 7 things.
    """

    w: float
    spearman: float
    chi_squared: float
    p: float


def kendalls_w(values: FloatArray) -> Concordance:
    """Kendall's W of m lists of values for the same n things: 12 S / (m² (n³ − n) − m Σ T).

    S is the sum of squares of the rank sums about their mean, T = Σ (t³ − t) over the ties of a list.

    Parameters
    ----------
    values
        Shape (m, n): one row per judge; ranked within the row (ties at 12 significant digits get their average rank).

    Returns
    -------
    A `Concordance`.

    Raises
    ------
    DomainError
        Fewer than two rows or two columns; missing values; rows that are all one tie, so that there is no ranking.

    References
    ----------
    M. G. Kendall, B. Babington Smith (1939), The problem of m rankings, *Annals of Mathematical Statistics* 10(3),
    275–287, https://doi.org/10.1214/aoms/1177732186

    Examples
    --------
    >>> round(kendalls_w(np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])).w, 2)
    0.16
    """
    values = np.asarray(values, np.float64)
    if values.ndim != 2 or min(values.shape) < 2:
        raise DomainError(f"two rankings of two things are the least that can agree; the shape is {values.shape}")
    if np.isnan(values).any():
        raise DomainError("a ranking lacks a value", cells=cells_of(np.isnan(values)))
    from scipy.special import gammaincc

    m, n = values.shape
    ranks = rank(values, ties="average")
    sums = ranks.sum(axis=0)
    spread = float(((sums - sums.mean()) ** 2).sum())
    most = m**2 * (n**3 - n) - m * sum(_ties(row) for row in ranks)
    if not most > 0:
        raise DomainError("every ranking is one tie: there is nothing to agree on")
    w = 12 * spread / most
    chi_squared = m * (n - 1) * w
    return Concordance(w, (m * w - 1) / (m - 1), chi_squared, float(gammaincc((n - 1) / 2, chi_squared / 2)))


def _ties(ranks: FloatArray) -> float:
    """Σ (t³ − t) over the groups of tied ranks."""
    sizes = np.unique(ranks, return_counts=True)[1].astype(np.float64)
    return float((sizes**3 - sizes).sum())
