"""Weightings from what would be lost: MEREC (without a column), CILOS and IDOCRIW (at another column's best).

ref has shape (…, n, k), above 0 and without gaps, the weights (…, k); leading axes are draws. By default ref holds the
children's carried columns; `directions` come with raw ones (``on: raw``), which direction has not turned.
"""

from __future__ import annotations

import numpy as np

from cityindex._registry import weighting
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._spread import (
    as_weights,
    benefits,
    constant,
    ends,
    refuse,
    refuse_columns,
    refuse_missing,
    turned,
)
from cityindex.methods.dispersion import entropy

__all__ = ["cilos", "idocriw", "merec"]

DUST = 1e-12  # relative: a loss this small is none
REMEDY = "raw columns (on: raw), minmax to an end above 0 such as [1, 100], or a visible clip"


@weighting(from_data=True)
def merec(ref: FloatArray, *, directions: FloatArray | None = None) -> FloatArray:
    """MEREC weights: the more the units' overall performance changes without a column, the more weight it gets.

    With y = min / x (x / max where less is better), S = ln(1 + Σ ``|ln y|`` / k) of each unit and S' the same sum
    without the column (still divided by k), the weight is E / Σ E with E = Σ ``|S' - S|`` over the units.

    Parameters
    ----------
    ref
        Shape (…, n, k), above 0, none missing.
    directions
        1, or -1 for a raw column where less is better; None: all 1.

    Returns
    -------
    Shape (…, k), adding up to 1; 0 for a constant column.

    Raises
    ------
    DomainError
        A number that is missing or not above 0, by (row, column). Columns that are all constant.

    References
    ----------
    M. Keshavarz-Ghorabaee, M. Amiri, E. K. Zavadskas, Z. Turskis, J. Antucheviciene (2021), Determination of objective
    weights using a new method based on the removal effects of criteria (MEREC), *Symmetry* 13(4), 525,
    doi:10.3390/sym13040525.

    Notes
    -----
    Peers: pymcdm and scikit-criteria give the same numbers. With a 0 scikit-criteria gives ``nan``, with a number below
    0 both do; columns scaled to 0–1 hold a 0 each and are refused here.

    Examples
    --------
    The article's first example, two benefits and two costs.

    >>> ref = np.array([[450.0, 8000, 54, 145], [10, 9100, 2, 160], [100, 8200, 31, 153], [220, 9300, 1, 162],
    ...                 [5, 8400, 23, 158]])
    >>> merec(ref, directions=np.array([1.0, 1, -1, -1])).round(4)
    array([0.5752, 0.0141, 0.4016, 0.0091])
    """
    refuse_missing(ref)
    low, high = ends(ref)
    refuse(ref <= 0, f"logarithms need numbers above 0: {REMEDY}")
    best = np.where(turned(directions, ref.shape[-1]), high, low)
    logs = _distances(ref, best[..., None, :])
    logs *= ~constant(low, high)[..., None, :]
    whole = ref.shape[-1] + logs.sum(axis=-1, keepdims=True)
    effects = np.abs(np.log1p(-logs / whole).sum(axis=-2))  # S - S' = -ln(1 - ln y / (k + Σ ln y))
    return as_weights(effects, "no column differs between units: none has an effect")


def _distances(x: FloatArray, best: FloatArray) -> FloatArray:
    """|ln (x / best)|, where the quotient is no float too."""
    with np.errstate(over="ignore", divide="ignore"):
        logs = np.abs(np.log(x / best))
    far = np.isinf(logs)
    return np.where(far, np.abs(np.log(x) - np.log(best)), logs) if far.any() else logs


@weighting(from_data=True)
def cilos(ref: FloatArray, *, directions: FloatArray | None = None) -> FloatArray:
    """CILOS weights: the less a column loses at the other columns' best units, the more weight it gets.

    With A the row of each column's best unit (1/x where less is better), the relative losses are
    P[i, j] = (A[j, j] - A[i, j]) / A[j, j]; the weights q solve Σ P[i, j] q[j] = q[i] Σ P[l, i] over j and l for every
    column i, and add up to 1. Units that tie for the best (12 significant digits) count by their mean.

    Parameters
    ----------
    ref
        Shape (…, n, k), from 0 on (above 0 where less is better), none missing; k = 1 has weight 1.
    directions
        1, or -1 for a raw column where less is better; None: all 1.

    Returns
    -------
    Shape (…, k), adding up to 1. A column that is at its best at every other column's best units loses nothing and
    takes all of the weight.

    Raises
    ------
    DomainError
        A number that is missing, below 0, or 0 where less is better, by (row, column). A constant column. Columns
        whose losses do not determine the weights, as where one unit is the best of all.

    References
    ----------
    B. G. Mirkin (1974), *Group Choice* (in Russian; English edition 1979, Winston). E. K. Zavadskas, V. Podvezko
    (2016), Integrated determination of objective criteria weights in MCDM, *International Journal of Information
    Technology & Decision Making* 15(2), 267–283, doi:10.1142/S0219622016500036. The solver: W. K. Grassmann, M. I.
    Taksar, D. P. Heyman (1985), Regenerative analysis and steady state distributions for Markov chains, *Operations
    Research* 33(5), 1107–1116, doi:10.1287/opre.33.5.1107.

    Notes
    -----
    Peers: pymcdm takes the first of tied best units, so that its weights depend on the order of the rows; it gives a
    constant column all of the weight, and several vectors in one where the losses determine no weights.

    Examples
    --------
    The article's example, two costs and two benefits.

    >>> ref = np.array([[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]])
    >>> cilos(ref, directions=np.array([-1.0, 1, -1, 1])).round(4)
    array([0.3343, 0.2199, 0.1957, 0.2501])
    """
    refuse_missing(ref)
    low, high = ends(ref)
    refuse(ref < 0, f"losses as shares of the best need numbers from 0 on: {REMEDY}")
    falling = turned(directions, ref.shape[-1])
    refuse((ref == 0) & falling, "where less is better 1 / x is taken, which needs numbers above 0")
    if ref.shape[-1] == 1:
        return np.ones_like(low)
    refuse_columns(constant(low, high), "every unit has the same number: it has no best; leave the indicator out")
    x = benefits(ref, directions)
    return np.array([_stationary(_losses(own)) for own in x.reshape(-1, *x.shape[-2:])]).reshape(low.shape)


def _losses(x: FloatArray) -> FloatArray:
    """P[i, j]: which share of column j's best number is lost at the best unit of column i, (k, k)."""
    compared = significant(x)
    best = np.asarray(compared == compared.max(axis=0), np.float64)
    at_best = (best / best.sum(axis=0)).T @ x
    lost = 1 - at_best / np.diag(at_best)
    return np.where(lost < DUST, 0.0, lost)


def _stationary(losses: FloatArray) -> FloatArray:
    """The q with Σj P[i, j] q[j] = q[i] Σl P[l, i]: where a chain rests that goes from j to i at rate P[i, j]."""
    from scipy.sparse.csgraph import connected_components

    rates = losses.T
    count, label = connected_components(rates > 0, connection="strong")
    leaves = np.array([(rates[label == group][:, label != group] > 0).any() for group in range(count)])
    if (~leaves).sum() > 1:
        told = "these columns lose nothing at each other's best units, or only among themselves: their weights"
        raise DomainError(f"{told} are not determined", columns=np.flatnonzero(~leaves[label]))
    resting = np.flatnonzero(~leaves[label])
    q = np.zeros(len(rates))
    q[resting] = _rest(rates[np.ix_(resting, resting)])
    return q


def _rest(rates: FloatArray) -> FloatArray:
    """The stationary distribution of an irreducible chain from its rates, without a single subtraction."""
    a = rates.copy()
    for last in range(len(a) - 1, 0, -1):
        a[:last, last] /= a[last, :last].sum()
        a[:last, :last] += a[:last, last, None] * a[last, :last]
    q = np.ones(len(a))
    for place in range(1, len(a)):
        q[place] = q[:place] @ a[:place, place]
    return np.asarray(q / q.sum(), np.float64)


@weighting(from_data=True)
def idocriw(ref: FloatArray, *, directions: FloatArray | None = None) -> FloatArray:
    """IDOCRIW weights: entropy weights times CILOS weights, divided by their sum.

    Entropy favours columns that differ much, CILOS those that lose little elsewhere. The entropy is that of the numbers
    as they stand, whichever direction is better, as the authors have it.

    Parameters
    ----------
    ref
        Shape (…, n, k), from 0 on (above 0 where less is better), none missing.
    directions
        1, or -1 for a raw column where less is better; None: all 1.

    Returns
    -------
    Shape (…, k), adding up to 1.

    Raises
    ------
    DomainError
        As `cilos` and `entropy`.

    References
    ----------
    E. K. Zavadskas, V. Podvezko (2016), Integrated determination of objective criteria weights in MCDM, *International
    Journal of Information Technology & Decision Making* 15(2), 267–283, doi:10.1142/S0219622016500036.

    Notes
    -----
    Peers: pymcdm gives the same where no best units tie, and ``nan`` with a constant column; see `cilos`.

    Examples
    --------
    The article's example, two costs and two benefits: 0.1658, 0.1886, 0.35455 and 0.2911, of rounded parts.

    >>> ref = np.array([[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]])
    >>> idocriw(ref, directions=np.array([-1.0, 1, -1, 1])).round(3)
    array([0.166, 0.189, 0.355, 0.291])
    """
    return as_weights(cilos(ref, directions=directions) * entropy(ref), "the two weightings have no column in common")
