"""How many tiers the scores bear: silhouettes, the gap statistic, the variance explained; a help, not a method."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._scores import IntArray
from cityindex.methods.cluster import natural_breaks

__all__ = ["GapStatistic", "TierChoice", "Tiering", "choose_tiers", "gap_statistic", "silhouette_by_count"]

Tiering = Callable[..., FloatArray]  # (ref, *, count) → cuts, such as natural_breaks, kmeans, hierarchical


@dataclass(frozen=True, slots=True, eq=False)
class GapStatistic:
    """The gap statistic for 1, 2, … tiers.

    Attributes
    ----------
    counts
        1 to the most tiers asked for.
    gap, error
        For each count: how much the log of the spread within tiers is below that of scores without groups, and the
        standard error of it.
    chosen
        The smallest count whose gap is not below the next one's less its error; None: the gap still rises at the end.
    over_all
        The smallest count whose gap is not below the highest of all less the error there.
    """

    counts: tuple[int, ...]
    gap: FloatArray
    error: FloatArray
    chosen: int | None
    over_all: int


@dataclass(frozen=True, slots=True, eq=False)
class TierChoice:
    """What speaks for each number of tiers.

    Attributes
    ----------
    counts
        The numbers of tiers looked at, from 2 on.
    cuts
        Count → its cuts.
    silhouette
        Count → mean silhouette, -1 to 1.
    fit
        Count → goodness of variance fit, the share of the squared deviations that lies between the tiers.
    gap
        The gap statistic, from 1 tier on.
    by_silhouette
        The count with the highest mean silhouette (the smallest of equals).
    by_gap
        The count that the gap statistic chooses over all of them; 1: no groups.
    """

    counts: tuple[int, ...]
    cuts: Mapping[int, FloatArray]
    silhouette: Mapping[int, float]
    fit: Mapping[int, float]
    gap: GapStatistic
    by_silhouette: int
    by_gap: int


# -- silhouettes ------------------------------------------------------------------------------------------------------


def silhouette_by_count(
    scores: FloatArray, counts: Sequence[int], tiering: Tiering = natural_breaks
) -> dict[int, float]:
    """The mean silhouette of the units for each number of tiers; the higher, the clearer the tiers.

    s = (b - a) / max(a, b), a the mean distance of a unit to the others of its tier, b to those of the nearest other
    tier; 0 for a unit alone in its tier. Taken in O(n) from running sums.

    Parameters
    ----------
    scores
        Shape (n,); ``nan`` is left out.
    counts
        Numbers of tiers, from 2 on, each below the number of units.
    tiering
        A tiering that takes a count.

    Raises
    ------
    DomainError
        Fewer different scores than tiers, or scores that all come into one tier.

    Notes
    -----
    Peers: scikit-learn's `silhouette_score` gives the same numbers from all n² distances.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and validation of cluster analysis.
    Journal of Computational and Applied Mathematics 20, 53-65. https://doi.org/10.1016/0377-0427(87)90125-7

    Examples
    --------
    >>> silhouette_by_count(np.array([1.0, 2.0, 10.0, 11.0]), [2])
    {2: 0.8885...}
    """
    ordered = _ordered(scores)
    return {count: _silhouette(ordered, _tiers_of(ordered, tiering(ordered, count=count))) for count in counts}


def _ordered(scores: FloatArray) -> FloatArray:
    """The scores present, ascending, as they compare."""
    values = np.asarray(scores, np.float64)
    return np.sort(significant(values[~np.isnan(values)]))


def _tiers_of(ordered: FloatArray, cuts: FloatArray) -> IntArray:
    """The tier of ascending scores, the lowest 0; tiers without units are not counted."""
    tiers = np.searchsorted(np.sort(significant(cuts)), ordered, side="right")
    return np.unique(tiers, return_inverse=True)[1].astype(np.int64)


def _silhouette(ordered: FloatArray, tiers: IntArray) -> float:
    sizes = np.bincount(tiers)
    if len(sizes) < 2:
        raise DomainError("all scores come into one tier: there is no other to be apart from")
    ends = np.cumsum(sizes)
    means = np.bincount(tiers, ordered) / sizes
    place = np.arange(len(ordered)) - (ends - sizes)[tiers]
    size = sizes[tiers].astype(np.float64)
    centred = ordered - means[tiers]
    before = np.cumsum(centred) - centred  # Σ of the lower ones in the tier; that of a whole tier is 0
    within = (centred * (2 * place - size) - 2 * before) / np.maximum(size - 1, 1)
    below = np.where(tiers > 0, ordered - means[np.maximum(tiers - 1, 0)], np.inf)
    above = np.where(tiers < len(sizes) - 1, means[np.minimum(tiers + 1, len(sizes) - 1)] - ordered, np.inf)
    apart = np.minimum(below, above)
    return float(np.where(size > 1, (apart - within) / np.maximum(apart, within), 0.0).mean())


# -- gap statistic ----------------------------------------------------------------------------------------------------


def gap_statistic(
    scores: FloatArray, most: int, tiering: Tiering = natural_breaks, *, draws: int = 50, seed: int = 0
) -> GapStatistic:
    """The gap statistic: how much tighter tiers are than those of scores without groups, for 1 to `most` tiers.

    Gap(k) = mean of log W*(k) - log W(k), W(k) the squared deviations from the tier means and W* those of as many
    scores drawn evenly between the lowest and the highest; its error is s(k) = √(1 + 1 / draws) times the standard
    deviation of log W*(k). The paper chooses the smallest k with Gap(k) ≥ Gap(k + 1) - s(k + 1). On a line,
    three groups or more can make the gap fall from 1 to 2 before it rises, and that rule stops at 1: see `over_all`.

    Parameters
    ----------
    scores
        Shape (n,); ``nan`` is left out.
    most
        The most tiers to look at, from 2 on and fewer than different scores.
    tiering
        A tiering that takes a count.
    draws
        How many sets of scores without groups are drawn.
    seed
        Of the draws: the same seed gives the same result.

    Raises
    ------
    DomainError
        As few different scores as tiers: nothing is left to deviate.

    Notes
    -----
    Peers: R's `clusGap` takes distances, not their squares, unless told, and offers five rules, of which the two here
    are ``Tibs2001SEmax`` and ``globalSEmax``; its draws hang on a seed set outside.

    References
    ----------
    Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data set via the gap
    statistic. Journal of the Royal Statistical Society B 63(2), 411-423. https://doi.org/10.1111/1467-9868.00293

    Examples
    --------
    >>> two = np.concatenate([np.linspace(0, 1, 20), np.linspace(9, 10, 20)])
    >>> gap_statistic(two, 4).chosen
    2
    """
    ordered = _ordered(scores)
    found = len(np.unique(ordered))
    if not 2 <= most < found:
        raise DomainError(f"the most tiers have to be 2 or more and fewer than the {found} different scores: {most}")
    if draws < 2:
        raise DomainError(f"draws: {draws} are too few; 2 is the least")
    own = _log_spreads(ordered, most, tiering)
    generator = np.random.default_rng(seed)
    ends, size = (ordered[0], ordered[-1]), len(ordered)
    drawn = np.stack([_log_spreads(_ordered(generator.uniform(*ends, size)), most, tiering) for _ in range(draws)])
    gap = drawn.mean(axis=0) - own
    error = drawn.std(axis=0) * math.sqrt(1 + 1 / draws)
    stops = np.flatnonzero(gap[:-1] >= gap[1:] - error[1:])
    top = int(np.argmax(gap))
    over_all = int(np.flatnonzero(gap >= gap[top] - error[top])[0]) + 1
    return GapStatistic(tuple(range(1, most + 1)), gap, error, int(stops[0]) + 1 if len(stops) else None, over_all)


def _log_spreads(ordered: FloatArray, most: int, tiering: Tiering) -> FloatArray:
    """The logarithms of W(k) for k = 1 … `most`."""
    spreads = [_spread(ordered, np.zeros(len(ordered), np.int64))]
    spreads += [_spread(ordered, _tiers_of(ordered, tiering(ordered, count=count))) for count in range(2, most + 1)]
    return np.log(spreads)


def _spread(ordered: FloatArray, tiers: IntArray) -> float:
    """The squared deviations from the tier means."""
    means = np.bincount(tiers, ordered) / np.bincount(tiers)
    return float(((ordered - means[tiers]) ** 2).sum())


# -- all of it --------------------------------------------------------------------------------------------------------


def choose_tiers(
    scores: FloatArray, most: int = 7, tiering: Tiering = natural_breaks, *, draws: int = 50, seed: int = 0
) -> TierChoice:
    """What speaks for 2 to `most` tiers of some scores: silhouettes, variance fit and the gap statistic.

    Parameters
    ----------
    scores
        Shape (n,), higher is better; ``nan`` is left out.
    most
        The most tiers to look at, from 2 on and fewer than different scores.
    tiering
        A tiering that takes a count.
    draws, seed
        Of the gap statistic.

    Raises
    ------
    DomainError
        As few different scores as tiers.

    Notes
    -----
    Peers: mapclassify and jenkspy print a goodness of variance fit, which rises with every tier and so chooses none.
    Where silhouette and gap disagree, or the gap says 1, the tiers are a convention and not a finding.

    Examples
    --------
    >>> found = choose_tiers(np.concatenate([np.linspace(0, 1, 20), np.linspace(9, 10, 20)]), most=4)
    >>> found.by_silhouette, found.by_gap, found.cuts[2]
    (2, 2, array([9.]))
    """
    gap = gap_statistic(scores, most, tiering, draws=draws, seed=seed)
    ordered = _ordered(scores)
    counts = tuple(range(2, most + 1))
    cuts = {count: np.asarray(tiering(ordered, count=count), np.float64) for count in counts}
    tiers = {count: _tiers_of(ordered, cuts[count]) for count in counts}
    silhouette = {count: _silhouette(ordered, tiers[count]) for count in counts}
    whole = _spread(ordered, np.zeros(len(ordered), np.int64))
    fit = {count: 1 - _spread(ordered, tiers[count]) / whole for count in counts}
    best = max(counts, key=lambda count: silhouette[count])
    return TierChoice(counts, cuts, silhouette, fit, gap, best, gap.over_all)
