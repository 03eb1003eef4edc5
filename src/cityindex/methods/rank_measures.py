"""How far two rankings of the same units agree: correlations of ranks, overlaps of their tops, changes of place.

Every measure takes two lists of numbers, one for each unit: ranks (``first="lowest"``, the default) or scores
(``first="highest"``). Units that lack either (``nan``) are left out, and ranks taken anew among the others;
`rank_agreement.compare_ranks` takes all measures at once and counts who was left out. Numbers tie where they are alike
at 12 significant digits. A measure that is not defined (every unit ties in a list; one unit alone) is ``nan``.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError, nearest
from cityindex.methods._agreement import agreement_by_depth, both, concordance, tied_pairs
from cityindex.methods.rank import First, rank

__all__ = [
    "kendall_tau",
    "mean_rank_change",
    "rank_biased_overlap",
    "spearman_rho",
    "top_agreement",
    "weighted_tau",
]

Variant = Literal["a", "b", "c"]


# -- correlations -----------------------------------------------------------------------------------------------------


def kendall_tau(a: npt.ArrayLike, b: npt.ArrayLike, *, variant: Variant = "b") -> float:
    """Kendall's τ: pairs of units in the same order less pairs in the opposite order, as a share of all pairs.

    With C and D such pairs of n units: τa = (C - D) / (n (n - 1) / 2); τb = (C - D) / √((pairs that do not tie in a)
    (pairs that do not tie in b)); τc = 2 (C - D) / (n² (m - 1) / m), m the smaller number of different values.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both.
    variant
        ``b`` reaches 1 where the same units tie in both; ``a`` counts ties as neither; ``c`` is for lists with
        different numbers of values, such as tiers.

    Returns
    -------
    -1 to 1.

    Notes
    -----
    Peers: pymcdm's `kendall_tau` is τa in a loop over all pairs, pandas' and SciPy's default is τb: with ties the two
    differ. Here the pairs are counted in O(n log n).

    References
    ----------
    Kendall, M. G. (1938). A new measure of rank correlation. Biometrika 30(1-2), 81-93.
    https://doi.org/10.1093/biomet/30.1-2.81
    Kendall, M. G. (1945). The treatment of ties in ranking problems. Biometrika 33(3), 239-251.
    https://doi.org/10.1093/biomet/33.3.239

    Examples
    --------
    >>> kendall_tau([1, 2, 3, 4], [1, 2, 4, 3])
    0.6666666666666666
    """
    if variant not in ("a", "b", "c"):
        raise ValueError(f"unknown variant {variant!r}.{nearest(variant, ('a', 'b', 'c'))}")
    x, y, _ = both(a, b)
    n = len(x)
    pairs = n * (n - 1) // 2
    if variant == "a":
        scale = float(pairs)
    elif variant == "b":
        scale = math.sqrt((pairs - tied_pairs(x)) * (pairs - tied_pairs(y)))
    else:
        values = min(len(np.unique(x)), len(np.unique(y)))
        scale = n * n * (values - 1) / values / 2 if values else 0.0
    return concordance(x, y) / scale if scale else math.nan


def spearman_rho(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """Spearman's ρ: the correlation of the ranks, units that tie sharing the mean of their places.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both.

    Returns
    -------
    -1 to 1.

    Notes
    -----
    Peers: pymcdm's `spearman` correlates the numbers as they are given, so that ranks with ties at the lowest place
    (1, 2, 2, 4) give another result than SciPy's, which is this one. 1 - 6 Σ d² / (n³ - n) holds without ties only.

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things. American Journal of Psychology
    15(1), 72-101. https://doi.org/10.2307/1412159

    Examples
    --------
    >>> round(spearman_rho([1, 2, 3, 4], [1, 2, 4, 3]), 12)
    0.8
    """
    x, y, _ = both(a, b)
    if not len(x):
        return math.nan
    ranks = np.stack([rank(own, ties="average") for own in (x, y)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    scale = math.sqrt((ranks[0] @ ranks[0]) * (ranks[1] @ ranks[1]))
    return min(1.0, max(-1.0, float(ranks[0] @ ranks[1]) / scale)) if scale else math.nan


def weighted_tau(a: npt.ArrayLike, b: npt.ArrayLike, *, first: First = "lowest") -> float:
    """Vigna's weighted τ: as Kendall's τb, but a pair weighs 1 / r + 1 / s, r and s the places of its two units.

    Exchanges near the top count more. The places are those of a (ties in the order of b), then those of b (ties in the
    order of a), and the mean of the two results is taken. SciPy computes it.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both.
    first
        Whether the lowest or the highest number is on the first place.

    Returns
    -------
    -1 to 1.

    Notes
    -----
    Peers: pymcdm's `ws` weighs each unit by 2⁻ʳ of the first list alone, so it is not the same with the lists
    exchanged, and its `weighted_spearman` knows no ties.

    References
    ----------
    Vigna, S. (2015). A weighted correlation index for rankings with ties. Proceedings of the 24th International
    Conference on World Wide Web, 1166-1176. https://doi.org/10.1145/2736277.2741088

    Examples
    --------
    >>> weighted_tau([1, 2, 3, 4], [2, 1, 3, 4]) < weighted_tau([1, 2, 3, 4], [1, 2, 4, 3])
    True
    """
    from scipy.stats import weightedtau

    x, y, _ = both(a, b)
    if len(np.unique(x)) < 2 or len(np.unique(y)) < 2:
        return math.nan
    sign = -1.0 if _highest(first) == "lowest" else 1.0
    return float(weightedtau(sign * x, sign * y).statistic)


def _highest(first: First) -> First:
    if first not in ("highest", "lowest"):
        raise ValueError(f"unknown word {first!r}.{nearest(first, ('highest', 'lowest'))}")
    return first


# -- overlaps ---------------------------------------------------------------------------------------------------------


def rank_biased_overlap(
    a: npt.ArrayLike, b: npt.ArrayLike, *, persistence: float = 0.9, first: First = "lowest"
) -> float:
    """Rank-biased overlap, extrapolated: the mean agreement of the tops of all depths, deeper ones weighing less.

    RBO = (1 - p) Σ_d p^(d-1) A_d + pⁿ A_n over the depths d = 1 … n, with A_d = 2 |A ∩ B| / (|A| + |B|) and A and B
    the units on the places up to d, with all that tie there. As both lists rank the same n units, A_n = 1.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both.
    persistence
        p, above 0 and below 1: the chance that a reader who has read one place reads the next. The first ten places
        carry 86 % of the weight with p = 0.9.
    first
        Whether the lowest or the highest number is on the first place.

    Returns
    -------
    0 to 1; 1 for lists that rank alike.

    Raises
    ------
    DomainError
        A persistence that is not between 0 and 1.

    Notes
    -----
    Peers: most implementations take two lists of names without ties, so that who ties is parted by the order of the
    input. Ties are here as the authors treat them (all units of a tie are in at its first place).

    References
    ----------
    Webber, W., Moffat, A. and Zobel, J. (2010). A similarity measure for indefinite rankings. ACM Transactions on
    Information Systems 28(4), 20. https://doi.org/10.1145/1852102.1852106

    Examples
    --------
    >>> round(rank_biased_overlap([1, 2, 3], [2, 1, 3], persistence=0.5), 12)
    0.5
    """
    if not 0 < persistence < 1:
        raise DomainError(f"persistence: {persistence:.12g} is not between 0 and 1")
    x, y, _ = both(a, b)
    n = len(x)
    if not n:
        return math.nan
    shared = agreement_by_depth(x, y, _highest(first))
    weights = persistence ** np.arange(n)
    return float((1 - persistence) * (weights * shared).sum() + persistence**n * shared[-1])


def top_agreement(a: npt.ArrayLike, b: npt.ArrayLike, n: int, *, first: First = "lowest") -> float:
    """The share of the first n places that two rankings have in common.

    2 |A ∩ B| / (|A| + |B|), A and B the units on places 1 to n. Who ties with the unit on place n is in, so A or B can
    hold more than n; without ties the share is |A ∩ B| / n.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both.
    n
        1 to the number of units that have both.
    first
        Whether the lowest or the highest number is on the first place.

    Returns
    -------
    0 to 1; 1 for lists that rank alike.

    Raises
    ------
    DomainError
        n below 1, or more than the units compared.

    Notes
    -----
    Peers: spreadsheets count names in two sorted lists cut after n rows, so that a tie on place n is cut by the order
    of the rows.

    Examples
    --------
    >>> top_agreement([1, 2, 3, 4, 5], [1, 4, 2, 3, 5], 3)
    0.6666666666666666
    """
    x, y, _ = both(a, b)
    if not 1 <= n <= len(x):
        raise DomainError(f"the first {n} of {len(x)} units cannot be compared")
    return float(agreement_by_depth(x, y, _highest(first))[n - 1])


def mean_rank_change(a: npt.ArrayLike, b: npt.ArrayLike, *, first: First = "lowest") -> float:
    """The mean number of places that a unit moves, up or down, from one ranking to the other.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both. Units that tie share the best place (1, 2, 2, 4).
    first
        Whether the lowest or the highest number is on the first place.

    Returns
    -------
    0 to n / 2.

    Notes
    -----
    Peers: it is COINr's measure of sensitivity, R̄s, with the same rule for ties.

    References
    ----------
    Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques as tools for the
    quality assessment of composite indicators. Journal of the Royal Statistical Society A 168(2), 307-323.
    https://doi.org/10.1111/j.1467-985X.2005.00350.x

    Examples
    --------
    >>> mean_rank_change([1, 2, 3, 4], [2, 1, 3, 4])
    0.5
    """
    x, y, _ = both(a, b)
    return float(np.abs(rank(x, first=first) - rank(y, first=first)).mean()) if len(x) else math.nan
