"""Tierings that look for groups among the scores: natural breaks, k-means, a mixture of normal distributions.

As every tiering: ``(ref, *, options) → cuts``, higher is better, the cuts descend, each is the lowest score of the tier
above it; see `tier`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from cityindex._registry import tiering
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._natural_breaks import class_starts
from cityindex.methods._scores import IntArray, count_problems, different

__all__ = ["kmeans", "mixture", "natural_breaks"]

STARTS = 10  # random starts, of which the best is kept


@tiering(bare="count", check_option=count_problems)
def natural_breaks(ref: FloatArray, *, count: int) -> FloatArray:
    """Natural breaks (Jenks): the tiers whose squared deviations from the tier means add up to the least.

    The optimum itself, by dynamic programming over the different scores (ties stay together), not a search for it.

    Parameters
    ----------
    ref
        Shape (n,), higher is better.
    count
        How many tiers, from 2 on.

    Raises
    ------
    DomainError
        Fewer different scores than tiers.

    Notes
    -----
    Peers: jenkspy finds the same optimum (61 s for 100,000 scores) and names a tier by its highest score; mapclassify's
    ``FisherJenks`` adds in single precision and may miss it, and with one ``nan`` puts every unit into one class. Here
    scores that are missing have no tier, and each cut is the lowest score of the better tier.

    References
    ----------
    Fisher, W. D. (1958). On grouping for maximum homogeneity. Journal of the American Statistical Association 53(284),
    789-798. https://doi.org/10.1080/01621459.1958.10501479
    Jenks, G. F. (1967). The data model concept in statistical mapping. International Yearbook of Cartography 7,
    186-190.

    Examples
    --------
    >>> natural_breaks(np.array([1.0, 2.0, 10.0, 11.0, 30.0]), count=3)
    array([30., 10.])
    """
    scores, counts = different(ref, count)
    return scores[class_starts(scores, counts, count)[::-1]]


@tiering(bare="count", check_option=count_problems)
def kmeans(ref: FloatArray, *, count: int, seed: int = 0) -> FloatArray:
    """Tiers by k-means as scikit-learn computes it: ten random starts, the best kept.

    It aims at the same sum as `natural_breaks` and may miss the optimum; say it where a source says k-means.

    Parameters
    ----------
    ref
        Shape (n,), higher is better; standardised first.
    count
        How many tiers, from 2 on.
    seed
        Of the random starts: the same seed gives the same cuts.

    Raises
    ------
    DomainError
        Fewer different scores than tiers.

    Notes
    -----
    Peers: mapclassify's ``NaturalBreaks`` is a k-means without a seed, so that two runs can part the units differently,
    and makes fewer classes where scores tie. Here the seed is an option, and too few different scores are refused.

    References
    ----------
    Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information Theory 28(2), 129-137.
    https://doi.org/10.1109/TIT.1982.1056489

    Examples
    --------
    >>> kmeans(np.array([1.0, 2.0, 10.0, 11.0, 30.0]), count=3)
    array([30., 10.])
    """
    scores, counts = different(ref, count)
    return scores[_kmeans_starts(scores, counts, count, seed)[::-1]]


@tiering(bare="count", check_option=count_problems)
def mixture(ref: FloatArray, *, count: int, seed: int = 0) -> FloatArray:
    """Tiers by a mixture of normal distributions, fitted by scikit-learn (ten random starts, the most likely kept).

    Components are taken in the order of their means; the border of two neighbours is the score at which, going up, the
    upper one becomes the more probable of the two (the higher posterior probability). Where one of them is so wide that
    it is the more probable again beyond the other, that second border is not used: a tier is one stretch of the scores.

    Parameters
    ----------
    ref
        Shape (n,), higher is better; standardised first.
    count
        How many components and tiers, from 2 on.
    seed
        Of the random starts: the same seed gives the same cuts.

    Raises
    ------
    DomainError
        Fewer different scores than tiers. Neighbouring components without a border, or a tier without units.

    Notes
    -----
    Peers: scikit-learn's own ``predict`` can give a wide component both ends of the scale, with a narrow one between.
    Here a tier is one stretch of the scores, and the seed is an option with a default, so that a run can be repeated.

    References
    ----------
    McLachlan, G. and Peel, D. (2000). Finite Mixture Models. https://doi.org/10.1002/0471721182

    Examples
    --------
    >>> mixture(np.array([1.0, 1.5, 2.0, 2.5, 10.0, 10.5, 11.0, 11.5]), count=2)
    array([10.])
    """
    scores, counts = different(ref, count)
    return scores[_mixture_starts(scores, counts, count, seed)[::-1]]


# -- with scikit-learn: where the tiers start among the different scores, ascending ------------------------------------


def _kmeans_starts(values: FloatArray, counts: IntArray, classes: int, seed: int) -> list[int]:
    """The positions of the first value of classes 2, 3, …, by k-means (Lloyd's algorithm, k-means++ starts)."""
    from sklearn.cluster import KMeans

    model = KMeans(classes, n_init=STARTS, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        labels = model.fit_predict(_standard(values, counts)[:, None], sample_weight=counts)
    starts = [int(at) for at in np.flatnonzero(np.diff(labels)) + 1]
    if len(starts) != classes - 1:
        raise DomainError(f"k-means finds {len(starts) + 1} tiers in these scores, not {classes}")
    return starts


def _mixture_starts(values: FloatArray, counts: IntArray, classes: int, seed: int) -> list[int]:
    """The positions of the first value of classes 2, 3, …, by a mixture of normal distributions."""
    from sklearn.mixture import GaussianMixture

    scores = _standard(values, counts)
    model = GaussianMixture(classes, n_init=STARTS, random_state=seed, tol=1e-6, max_iter=2000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(np.repeat(scores, counts)[:, None])
    if not model.converged_:
        raise DomainError(f"a mixture of {classes} normal distributions does not settle on these scores")
    borders = _borders(model, classes)
    starts = [int(at) for at in np.searchsorted(scores, borders)]
    if np.diff([0, *starts, len(scores)]).min() == 0:
        raise DomainError(
            f"a mixture of {classes} normal distributions leaves a tier without units: {classes} too many"
        )
    return starts


def _standard(values: FloatArray, counts: IntArray) -> FloatArray:
    """Mean 0 and variance 1: scikit-learn's floor under a variance is an absolute number."""
    centred = values - np.average(values, weights=counts)
    return np.asarray(centred / np.sqrt(np.average(centred**2, weights=counts)), np.float64)


def _borders(model: Any, classes: int) -> list[float]:
    """Where the upper one of two neighbouring components becomes the more probable, going up."""
    order = np.argsort(model.means_[:, 0])
    means = model.means_[order, 0]
    precisions = 1 / model.covariances_[order, 0, 0]
    heights = np.log(model.weights_[order]) + np.log(precisions) / 2
    # the logarithm of a component's weight times its density at z, as a polynomial in z
    logs = np.column_stack([-precisions / 2, precisions * means, heights - precisions * means**2 / 2])
    borders = []
    for low, gain in enumerate(np.diff(logs, axis=0)):
        roots = np.roots(gain)
        if np.iscomplexobj(roots):
            tier = classes - 1 - low
            raise DomainError(
                f"in a mixture of {classes} normal distributions tiers {tier} and {tier + 1} have no border: one of "
                "them is the more probable everywhere; ask for fewer tiers, or for natural_breaks"
            )
        borders.append(float(roots.max() if gain[0] >= 0 else roots.min()))
    return borders
