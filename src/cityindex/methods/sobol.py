"""Sobol' shares: how much of the variance of an output each of several independent inputs explains.

The design is Saltelli's: N samples of all inputs, A, and N more, B; and for each input i the samples AB_i, which are A
with that input (alone) from B. An input may be a group of numbers that are drawn together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["Shares", "interval", "resamples", "sobol_shares"]

SAME = 1e-12  # of the largest number: outputs that differ by no more are the same


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """Shares of one or more outputs, or of each resample of them.

    Attributes
    ----------
    first, total
        Shape (…, d, …): the share of each input, alone and with all its interactions; ``nan`` where nothing varies.
    variance
        The variance of each output over A and B.
    """

    first: FloatArray
    total: FloatArray
    variance: FloatArray


def sobol_shares(a: npt.ArrayLike, b: npt.ArrayLike, ab: npt.ArrayLike, *, weights: FloatArray | None = None) -> Shares:
    """First-order and total Sobol' shares of d inputs.

    With m the mean and V the variance of the 2 N outputs of A and B (V divided by 2 N)::

        first_i = mean((B - m) (AB_i - A)) / V          Saltelli and others 2010, centred
        total_i = mean((A - AB_i)²) / (2 V)             Jansen 1999

    The first-order share is what fixing the input would take off the variance on average; the total share is what would
    be left if all other inputs were fixed. They are equal, and add up to 1, where the inputs do not interact. Estimates
    of small shares fall below 0 by chance, and are left there.

    Parameters
    ----------
    a, b
        Outputs of A and of B: shape (N,) or (N, m) for m outputs.
    ab
        Outputs of AB_1 … AB_d: shape (d, N) or (d, N, m).
    weights
        Shape (R, N), rows adding up to 1: how often each sample counts in each of R resamples (`resamples`).
        Numerators, mean and variance are all taken of the resample.

    Returns
    -------
    Shares of shape (d,) or (d, m), the variance of shape () or (m,); with `weights` R of each, on a leading axis.

    Raises
    ------
    DomainError
        An output that is missing or infinite: a run that failed has to be left out of A, B and every AB_i.

    References
    ----------
    Saltelli, A. and others (2010). Variance based sensitivity analysis of model output. Design and estimator for the
    total sensitivity index. Computer Physics Communications 181(2), 259-270.
    https://doi.org/10.1016/j.cpc.2009.09.018
    Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer Physics Communications 117(1-2),
    35-43. https://doi.org/10.1016/S0010-4655(98)00154-4

    Notes
    -----
    Peers: COINr does not centre B, so that the error of its first-order shares grows with the mean of the output (and
    its output, a mean absolute change of ranks, is never near 0); one missing output makes all its shares missing, and
    its bootstrap holds the variance fixed. SciPy centres as here, and gives 0 where an output does not vary.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> A, B = rng.normal(size=(2, 4096, 2))
    >>> f = lambda x: 100 + 2 * x[..., 0] + x[..., 1]
    >>> AB = np.stack([np.where(np.arange(2) == i, B, A) for i in range(2)])
    >>> found = sobol_shares(f(A), f(B), f(AB))
    >>> found.first.round(2), found.total.round(2)
    (array([0.79, 0.2 ]), array([0.81, 0.21]))
    """
    x, y, z = (np.asarray(own, np.float64) for own in (a, b, ab))
    _check(x, y, z)
    single = x.ndim == 1
    if single:
        x, y, z = x[:, None], y[:, None], z[:, :, None]
    rows = np.full((1, len(x)), 1 / len(x)) if weights is None else weights
    constant = _constant(x, y)
    centre = (x.mean(axis=0) + y.mean(axis=0)) / 2
    x, y = x - centre, y - centre
    mean = (rows @ x + rows @ y) / 2
    square = (rows @ (x * x) + rows @ (y * y)) / 2
    variance = square - mean * mean
    variance[(variance <= SAME * square) | constant] = 0.0  # what is left is dust: a resample of equal outputs
    first, total = _numerators(rows, x, y, z - centre, mean)
    divisor = np.where(variance > 0, variance, np.nan)[:, None]
    first /= divisor
    total /= divisor
    if single:
        first, total, variance = first[..., 0], total[..., 0], variance[..., 0]
    if weights is None:
        first, total, variance = first[0], total[0], variance[0]
    return Shares(first, total, variance)


def _numerators(
    rows: FloatArray, x: FloatArray, y: FloatArray, z: FloatArray, mean: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The numerators of each resample, (R, d, m): all resamples of a mean are one product of matrices."""
    shape = (len(rows), len(z), x.shape[1])
    first, total = np.empty(shape), np.empty(shape)
    for place, own in enumerate(z):
        step = own - x
        first[:, place] = rows @ (y * step) - mean * (rows @ step)
        step *= step
        total[:, place] = rows @ step
    total /= 2
    return first, total


def _check(x: FloatArray, y: FloatArray, z: FloatArray) -> None:
    if x.ndim not in (1, 2) or y.shape != x.shape or z.ndim != x.ndim + 1 or z.shape[1:] != x.shape:
        raise ValueError(f"a, b and ab of shapes {x.shape}, {y.shape} and {z.shape}: (N, …), (N, …) and (d, N, …)")
    if not len(x):
        raise DomainError("there is no sample")
    broken = ~(np.isfinite(x) & np.isfinite(y) & np.isfinite(z).all(axis=0))
    if broken.any():
        rows = np.flatnonzero(broken.reshape(len(x), -1).any(axis=1))
        raise DomainError(f"an output is missing or infinite in {len(rows)} of {len(x)} samples (first: {rows[0]})")


def _constant(x: FloatArray, y: FloatArray) -> BoolArray:
    """The outputs that are the same in all of A and B, at 12 significant digits."""
    high = np.maximum(x.max(axis=0), y.max(axis=0))
    low = np.minimum(x.min(axis=0), y.min(axis=0))
    same: BoolArray = high - low <= SAME * np.maximum(np.abs(high), np.abs(low))
    return same


def resamples(generator: np.random.Generator, samples: int, count: int) -> FloatArray:
    """Bootstrap resamples of N samples as weights: how often each sample is drawn, divided by N; (count, N).

    References
    ----------
    Archer, G. E. B., Saltelli, A. and Sobol, I. M. (1997). Sensitivity measures, ANOVA-like techniques and the use of
    bootstrap. Journal of Statistical Computation and Simulation 58(2), 99-120.
    https://doi.org/10.1080/00949659708811825

    Examples
    --------
    >>> drawn = resamples(np.random.default_rng(1), 4, 2)
    >>> drawn.shape, drawn.sum(axis=1)
    ((2, 4), array([1., 1.]))
    """
    drawn = generator.integers(samples, size=(count, samples))
    drawn += np.arange(count)[:, None] * samples
    counts = np.bincount(drawn.ravel(), minlength=count * samples).reshape(count, samples)
    return np.asarray(counts / samples, np.float64)


def interval(found: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """The middle `level` of resampled shares, (R, …) → two of (…): percentiles, linear between neighbours.

    Resamples in which the output does not vary (``nan``) say nothing and are left out; ``nan`` where all are.

    >>> low, high = interval(np.array([[0.1], [0.2], [np.nan], [0.3]]), 0.5)
    >>> low.round(12), high.round(12)
    (array([0.15]), array([0.25]))
    """
    if not 0 < level < 1:
        raise DomainError(f"level: {level}; a number between 0 and 1 is wanted (0.95)")
    ordered = np.sort(found, axis=0)  # nan last
    there = len(found) - np.isnan(ordered).sum(axis=0)
    ends = []
    for share in ((1 - level) / 2, (1 + level) / 2):
        place = share * np.maximum(there - 1, 0)
        below = np.floor(place).astype(np.intp)
        above = np.minimum(below + 1, np.maximum(there - 1, 0))
        lower, upper = (np.take_along_axis(ordered, own[None], axis=0)[0] for own in (below, above))
        ends.append(lower + (place - below) * (upper - lower))
    return ends[0], ends[1]
