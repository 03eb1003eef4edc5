"""Aggregators that take something off a mean where the children are out of balance.

As every aggregator: ``(x, w, *, options) → y`` with x of shape (…, n, k), w of shape (…, k) and y of shape (…, n);
``nan`` is an absent child, whose weight is shared among those present. Both are means less a penalty that is 0 where
all children are alike, so children make up for each other only in part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, cells_of, significant
from cityindex.methods._weighted import hold_within, shares, weighted_mean, with_weight

__all__ = ["mazziotta_pareto", "mean_min"]

Deviation = Literal["population", "sample"]
Penalty = Literal["minus", "plus"]

NOTHING = 1e-12  # a mean this small beside its children is 0 and dust


# -- Mazziotta and Pareto ---------------------------------------------------------------------------------------------


def _moments(x: FloatArray, w: FloatArray, sd: Deviation) -> tuple[FloatArray, FloatArray, FloatArray | float]:
    """Mean and variance over the children present, (…, n) each, and the factor that the variance is taken by."""
    mean = hold_within(weighted_mean(x, w), x)
    counted = with_weight(x, w)
    with np.errstate(invalid="ignore"):
        small = mean <= NOTHING * np.fmax.reduce(np.abs(counted), axis=-1)
    if small.any():
        lowest = counted == np.fmin.reduce(counted, axis=-1)[..., None]
        reason = "the penalty divides by the mean of the children, which has to be above 0; bring them to a scale such "
        reason += "as mean 100, deviation 10, or 70 to 130"
        raise DomainError(reason, cells=cells_of(small[..., None] & lowest))
    variance = weighted_mean(np.square(x - mean[..., None]), w)
    if sd == "population":
        return mean, variance, 1.0
    present = (~np.isnan(x) & (w[..., None, :] > 0)).sum(axis=-1)
    return mean, variance, np.asarray(present / np.maximum(present - 1, 1), np.float64)


def _mazziotta_pareto_parts(
    x: FloatArray, w: FloatArray, *, penalty: Penalty = "minus", sd: Deviation = "population"
) -> FloatArray:
    """By Euler's theorem: w x (1 ∓ c ± c (2 x / M − Q / M²)), with Q = Σ w x² and c the factor of the variance."""
    mean, variance, factor = _moments(x, w, sd)
    signed = np.asarray(factor if penalty == "plus" else np.negative(factor))[..., None]
    mean, spread = mean[..., None], (variance / mean**2)[..., None]  # Q / M² is 1 + spread
    return np.asarray(shares(x, w) * x * (1 + signed * (2 * (x / mean - 1) - spread)), np.float64)


@aggregator(parts=_mazziotta_pareto_parts)
def mazziotta_pareto(
    x: FloatArray, w: FloatArray, *, penalty: Penalty = "minus", sd: Deviation = "population"
) -> FloatArray:
    """The Mazziotta–Pareto index: the mean of the children less (or plus) their standard deviation times their cv.

    MPI = M ∓ S · cv = M ∓ S² / M, with M = Σ w x / Σ w, S² = Σ w (x − M)² / Σ w and cv = S / M, all over the children
    of one unit. MPI+ is the contraharmonic mean, Σ w x² / Σ w x; of two children with equal weights MPI− is the
    harmonic mean. Parts (Euler): w x (1 ∓ 1 ± (2 x / M − Q / M²)) with Q = Σ w x²; that of a child far above the
    others can be negative under minus: raising it further lowers the index.

    Parameters
    ----------
    x
        Shape (…, n, k), with a mean above 0; ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present. Equal weights give the index as first published,
        others its weighted version (Mazziotta and Pareto 2022).
    penalty
        ``minus`` (MPI−) where higher is better, ``plus`` (MPI+) where the index measures something bad, so that
        imbalance counts against a unit either way.
    sd
        ``population`` divides S² by the number of children, as published; ``sample`` by one fewer (S² times
        k / (k − 1), k the children present that have a weight; one child alone has no penalty).

    Returns
    -------
    Shape (…, n), in the unit of x. Equal children give exactly their value.

    Raises
    ------
    DomainError
        A unit whose mean is 0 or below, by (row, lowest child). Weights that are negative or add up to 0.

    References
    ----------
    De Muro, P., Mazziotta, M. and Pareto, A. (2011). Composite indices of development and poverty: an application to
    MDGs. Social Indicators Research 104, 1–18. https://doi.org/10.1007/s11205-010-9737-z

    Mazziotta, M. and Pareto, A. (2016). On a generalized non-compensatory composite index for measuring
    socio-economic phenomena. Social Indicators Research 127, 983–1003. https://doi.org/10.1007/s11205-015-0998-2

    Mazziotta, M. and Pareto, A. (2022). Weighting in composite indices construction: the case of the Mazziotta–Pareto
    index. Rivista Italiana di Economia, Demografia e Statistica. https://rieds-journal.org/rieds/article/view/154

    Examples
    --------
    Two units with the same mean: the one that is out of balance falls back.

    >>> mazziotta_pareto(np.array([[100.0, 100.0, 100.0], [80.0, 100.0, 120.0]]), np.ones(3)).round(4)
    array([100.    ,  97.3333])

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria lack it. Compind's ``ci_mpi`` standardises what it gets once more and takes
    the k − 1 deviation (``sd: sample``); its ``penalty="POS"`` subtracts, while that of its ``ci_ampi`` adds: hence
    minus and plus here.

    The index itself is this aggregator on children with mean 100 and deviation 10 (`zscore` with that centre and
    scale); the adjusted index (AMPI) is the same on children scaled to 70–130 by goalposts
    (``goalposts: {to: [70, 130]}``), which keeps years comparable.
    """
    mean, variance, factor = _moments(x, w, sd)
    loss = factor * variance / mean
    return np.asarray(mean + loss if penalty == "plus" else mean - loss, np.float64)


# -- mean-min ---------------------------------------------------------------------------------------------------------


def _mean_min_problems(options: Mapping[str, Any]) -> list[str]:
    alpha, beta = options["alpha"], options.get("beta", 0.0)
    problems = [] if 0 <= alpha <= 1 else [f"alpha: {alpha:g} is not between 0 (the mean) and 1 (the full penalty)"]
    return problems if 0 <= beta < math.inf else [*problems, f"beta: {beta:g} is not a number from 0 on"]


def _towards_lowest(
    x: FloatArray, w: FloatArray, alpha: float, beta: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Mean, lowest child, how far from the first to the second the aggregate lies (0 to 1), and who counts."""
    problems = _mean_min_problems({"alpha": alpha, "beta": beta})
    if problems:
        raise DomainError("; ".join(problems))
    mean = hold_within(weighted_mean(x, w), x)
    counted = with_weight(x, w)
    low = np.fmin.reduce(counted, axis=-1)
    gap = np.maximum(mean - low, 0.0)
    size = np.hypot(gap, beta) + beta  # √(gap² + β²) − β = gap² / size
    return mean, low, alpha * gap / np.where(size > 0, size, 1.0), counted


def _mean_min_parts(x: FloatArray, w: FloatArray, *, alpha: float, beta: float = 0.0) -> FloatArray:
    """The mean's part of each child times 1 − t, and t times the minimum to the lowest; see `mean_min`."""
    _, low, t, counted = _towards_lowest(x, w, alpha, beta)
    tied = significant(counted) == significant(low)[..., None]
    several = np.maximum(tied.sum(axis=-1, keepdims=True), 1)
    lowest = tied * (t * low)[..., None] / several
    return np.asarray(shares(x, w) * x * (1 - t)[..., None] + lowest, np.float64)


@aggregator(parts=_mean_min_parts, check_option=_mean_min_problems)
def mean_min(x: FloatArray, w: FloatArray, *, alpha: float, beta: float = 0.0) -> FloatArray:
    """The mean–min function: the mean, moved towards the lowest child by how far that one is behind.

    y = M − α (√((M − min)² + β²) − β), with M = Σ w x / Σ w. α = 0 is the mean; α = 1 with β = 0 the minimum; the
    larger β, the less a small imbalance costs. Parts: y = (1 − t) M + t min with
    t = α (M − min) / (√((M − min)² + β²) + β), so that each child has (1 − t) w x and the lowest t min besides
    (Euler's theorem where β = 0, its average along the ray from 0 elsewhere); equal shares to those that tie.

    Parameters
    ----------
    x
        Shape (…, n, k), any numbers; ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present. A child without weight is not looked at.
    alpha
        α, the intensity of the penalty, 0 to 1.
    beta
        β, in the unit of the children, from 0 on: how freely they make up for each other while differences are small.

    Returns
    -------
    Shape (…, n), in the unit of x, between the lowest child and the mean. Equal children give exactly their value.

    Raises
    ------
    DomainError
        α or β out of range. Weights that are negative or add up to 0.

    References
    ----------
    Casadio Tarabusi, E. and Guarini, G. (2013). An unbalance adjustment method for development indicators. Social
    Indicators Research 112, 19–45. https://doi.org/10.1007/s11205-012-0070-4

    Examples
    --------
    >>> x = np.array([[1.0, 7.0]])
    >>> mean_min(x, np.ones(2), alpha=0.5), mean_min(x, np.ones(2), alpha=1.0, beta=4.0)
    (array([2.5]), array([3.]))

    Notes
    -----
    Peers: Compind's ``ci_mean_min`` is the same for equal weights and asks for both α and β; COINr, pymcdm and
    scikit-criteria lack it. β is in the unit of the children, so that 1 is much on a scale of 0 to 1 and next to
    nothing on one of 0 to 100: none is taken unless it is said.
    """
    mean, low, t, _ = _towards_lowest(x, w, float(alpha), float(beta))
    return np.asarray((1 - t) * mean + t * low, np.float64)
