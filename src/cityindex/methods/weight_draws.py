"""Random weights around, or far from, the nominal ones: kernels over generators, draws × children."""

from __future__ import annotations

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray

__all__ = ["between", "dirichlet", "factor", "simplex"]

ROUNDS = 10  # how often a chain moves every share


def simplex(generator: np.random.Generator, draws: int, count: int) -> FloatArray:
    """Weights uniform on the simplex: every set of non-negative weights that add up to 1 is as likely as any other.

    Uniform numbers divided by their sum are not: they crowd in the middle. Exponential ones divided by theirs are.

    Returns
    -------
    Shape (draws, count), rows adding up to 1.

    References
    ----------
    Devroye, L. (1986). Non-Uniform Random Variate Generation, chapter V.2. https://doi.org/10.1007/978-1-4613-8643-8

    Examples
    --------
    >>> simplex(np.random.default_rng(1), 100_000, 3).mean(axis=0).round(2)
    array([0.33, 0.33, 0.33])
    """
    drawn: FloatArray = generator.standard_exponential((draws, count))
    drawn /= drawn.sum(axis=1, keepdims=True)
    return drawn


def dirichlet(generator: np.random.Generator, draws: int, weights: FloatArray, *, concentration: float) -> FloatArray:
    """Weights around the nominal shares: Dirichlet with the parameters concentration · share.

    The mean is the nominal share s, the variance s (1 - s) / (concentration + 1). A weight of 0 stays 0.

    Parameters
    ----------
    weights
        Shape (count,), from 0 on, not all 0; divided by their sum.
    concentration
        Above 0: the larger, the nearer to the nominal weights.

    Returns
    -------
    Shape (draws, count), rows adding up to 1.

    References
    ----------
    Kotz, S., Balakrishnan, N. and Johnson, N. L. (2000). Continuous Multivariate Distributions 1, chapter 49.
    https://doi.org/10.1002/0471722065

    Examples
    --------
    >>> drawn = dirichlet(np.random.default_rng(1), 100_000, np.array([0.5, 0.3, 0.2]), concentration=50)
    >>> drawn.mean(axis=0).round(2), float(drawn[:, 0].std().round(3))
    (array([0.5, 0.3, 0.2]), 0.07)
    """
    if not 0 < concentration < np.inf:
        raise DomainError(f"concentration: {concentration}; a number above 0 is wanted")
    if (weights < 0).any() or not weights.sum() > 0:
        raise DomainError("shares need weights from 0 on that are not all 0", columns=np.flatnonzero(weights < 0))
    shares = weights / weights.sum() + 0.0  # a weight written -0 is 0
    drawn: FloatArray = generator.standard_gamma(concentration * shares, (draws, len(shares)))
    total = drawn.sum(axis=1, keepdims=True)
    empty = np.flatnonzero(total == 0)
    if len(empty):  # a tiny concentration: all of it on one child
        drawn[empty, generator.choice(len(shares), size=len(empty), p=shares)] = 1.0
        total[empty] = 1.0
    drawn /= total
    return drawn


def factor(generator: np.random.Generator, draws: int, weights: FloatArray, *, by: float) -> FloatArray:
    """Each weight times a number that is uniform between 1 - by and 1 + by; not divided by the sum.

    Parameters
    ----------
    by
        From 0 to 1: 0.25 is a quarter up or down.

    Returns
    -------
    Shape (draws, count). An average divides by the sum itself, so that shares differ by less or more than the factor.

    References
    ----------
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> drawn = factor(np.random.default_rng(1), 1000, np.array([0.5, 0.5]), by=0.25)
    >>> bool((drawn >= 0.375).all() and (drawn <= 0.625).all())
    True
    """
    if not 0 <= by <= 1:
        raise DomainError(f"factor: {by}; a number from 0 to 1 is wanted (0.25: a quarter up or down)")
    drawn: FloatArray = generator.uniform(1 - by, 1 + by, (draws, len(weights))) * weights
    return drawn


def between(generator: np.random.Generator, draws: int, low: FloatArray, high: FloatArray) -> FloatArray:
    """Weights uniform among those that add up to 1 and lie between a lowest and a highest share each.

    Each draw is a chain of its own, which starts inside and moves two shares against each other at a time.

    Parameters
    ----------
    low, high
        Shape (count,), shares from 0 to 1, which some weights that add up to 1 can meet.

    Returns
    -------
    Shape (draws, count), rows adding up to 1.

    Raises
    ------
    DomainError
        A lowest share above the highest, or shares that cannot add up to 1.

    References
    ----------
    Tervonen, T. and others (2013). Hit-And-Run enables efficient weight generation for simulation-based multiple
    criteria decision analysis. European Journal of Operational Research 224(3).
    https://doi.org/10.1016/j.ejor.2012.08.026

    Examples
    --------
    >>> drawn = between(np.random.default_rng(1), 1000, np.array([0.2, 0.3, 0.0]), np.array([0.4, 0.6, 0.3]))
    >>> drawn.min(axis=0).round(1), drawn.max(axis=0).round(1)
    (array([0.2, 0.3, 0. ]), array([0.4, 0.6, 0.3]))
    """
    outside = np.flatnonzero(~((low >= 0) & (high <= 1)))
    if len(outside):
        raise DomainError("shares are numbers from 0 to 1", columns=outside)
    wrong = np.flatnonzero(low > high)
    if len(wrong):
        raise DomainError("the lowest share is above the highest", columns=wrong)
    room = 1 - low.sum()
    if room < -1e-12 or high.sum() < 1 - 1e-12:
        raise DomainError(f"shares between {low.sum():.6g} and {high.sum():.6g} in all cannot add up to 1")
    if room <= 1e-12 or high.sum() <= 1 + 1e-12:
        only = low if room <= 1e-12 else high
        return np.broadcast_to(only / only.sum(), (draws, len(low))).copy()
    return _pairwise_walk(generator, draws, low, high)


def _pairwise_walk(generator: np.random.Generator, draws: int, low: FloatArray, high: FloatArray) -> FloatArray:
    """A chain for every draw: two shares at a time are moved against each other, uniformly as far as both can go.

    Each step leaves the uniform distribution as it is (Gibbs sampling of pairs), and every box that is not a point is
    crossed by it; 10 rounds over all shares start from an interior point.
    """
    count = len(low)
    share = (1 - low.sum()) / (high - low).sum()
    drawn = np.tile(low + share * (high - low), (draws, 1))
    for _ in range(ROUNDS):
        for one in generator.permutation(count):
            other = (one + generator.integers(1, count, draws)) % count
            rows = np.arange(draws)
            a, b = drawn[rows, one], drawn[rows, other]
            down = np.maximum(low[one] - a, b - high[other])
            up = np.minimum(high[one] - a, b - low[other])
            move = generator.uniform(size=draws) * (up - down) + down
            drawn[:, one] = a + move
            drawn[rows, other] = b - move
    return np.asarray(np.clip(drawn, low, high), np.float64)
