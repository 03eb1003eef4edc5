"""How firmly units stand in their tiers: the tiering learned again and again of units drawn with replacement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._scores import IntArray
from cityindex.methods.cluster import natural_breaks
from cityindex.methods.tier import assign
from cityindex.methods.tier_choice import Tiering

__all__ = ["TierStability", "tier_stability"]

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class TierStability:
    """How firmly units stand in their tiers.

    Attributes
    ----------
    cuts
        Of all units, from the border of tier 1 on.
    tiers
        The tier of each unit, 1 the best; 0 where it has no score.
    kept
        The share of draws in which each unit is in that tier; ``nan`` where it has no score.
    spread
        Shape (3, cuts): the 5 %, 50 % and 95 % quantiles of each cut over the draws, half-way to the next score.
    draws
        How many draws these shares rest on.
    failed
        How many draws more gave no tiers, as too few different scores were drawn.
    """

    cuts: FloatArray
    tiers: IntArray
    kept: FloatArray
    spread: FloatArray
    draws: int
    failed: int

    @property
    def firmness(self) -> float:
        """The mean of `kept`."""
        return float(np.nanmean(self.kept))


def tier_stability(
    scores: FloatArray, tiering: Tiering = natural_breaks, *, count: int, draws: int = 1000, seed: int = 0
) -> TierStability:
    """Learn the cuts of units drawn with replacement, and see which units keep their tier (a bootstrap of the units).

    It says how far the cuts hang on which units happen to be there; the scores themselves stay as they are. A cut that
    is the lowest score of its tier among the units drawn stands for the whole gap below it, so that it is put half-way
    to the next score drawn: else the lowest unit of a tier would lose it whenever it is not drawn itself.

    Parameters
    ----------
    scores
        Shape (n,), higher is better; ``nan`` is never drawn.
    tiering
        A tiering that takes a count and gives one cut fewer.
    count
        How many tiers.
    draws
        How many times as many units as have a score are drawn.
    seed
        Of the draws: the same seed gives the same result.

    Raises
    ------
    DomainError
        Scores that the tiering cannot part; no draw that it can part.

    Notes
    -----
    Peers: none of mapclassify, jenkspy or COINr says how firm a class is; mapclassify's `NaturalBreaks` gives other
    bins on each run, as it takes no seed.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. The Annals of Statistics 7(1), 1-26.
    https://doi.org/10.1214/aos/1176344552

    Examples
    --------
    >>> found = tier_stability(np.array([1.0, 2.0, 3.0, 11.0, 12.0, 13.0]), count=2, draws=200)
    >>> found.tiers, float(found.kept.min()) > 0.9
    (array([2, 2, 2, 1, 1, 1]), True)
    """
    values = significant(scores)
    present = values[~np.isnan(values)]
    cuts = np.asarray(tiering(present, count=count), np.float64)
    tiers = assign(values, cuts)
    generator = np.random.default_rng(seed)
    drawn, kept, failed = [], np.zeros(len(values)), 0
    for _ in range(draws):
        sample = present[generator.integers(0, len(present), len(present))]
        try:
            found = np.asarray(tiering(sample, count=count), np.float64)
        except DomainError:
            failed += 1
            continue
        drawn.append(_half_way(found, np.unique(sample)))
        kept += assign(values, drawn[-1]) == tiers
    if not drawn:
        raise DomainError(f"none of {draws} draws of {len(present)} scores makes {count} tiers")
    kept /= len(drawn)
    kept[tiers == 0] = np.nan
    return TierStability(cuts, tiers, kept, np.quantile(np.stack(drawn), LEVELS, axis=0), len(drawn), failed)


def _half_way(cuts: FloatArray, sample: FloatArray) -> FloatArray:
    """Cuts that are scores of the sample (ascending, distinct), half-way to the score below; others as they are."""
    places = np.searchsorted(sample, significant(cuts))
    inside = (places > 0) & (places < len(sample))
    here, below = sample[np.minimum(places, len(sample) - 1)], sample[np.maximum(places - 1, 0)]
    return np.where(inside & (here == significant(cuts)), (here + below) / 2, cuts)
