"""Aggregators that look at the places of the children: ordered weighted averages and medians.

As every aggregator: ``(x, w, *, options) → y`` with x of shape (…, n, k), w of shape (…, k) and y of shape (…, n);
``nan`` is an absent child, whose weight is shared among those present.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import aggregator
from cityindex.methods._arrays import FloatArray
from cityindex.methods._order import (
    Half,
    middle,
    middle_parts,
    ordered_mean,
    ordered_parts,
    reach_of,
)

__all__ = ["median", "owa", "weighted_median"]


# -- ordered weighted average -----------------------------------------------------------------------------------------


def _owa_problems(options: Mapping[str, Any]) -> list[str]:
    positions, exponent = options.get("positions"), options.get("exponent")
    if (positions is None) == (exponent is None):
        return ["say either positions (a weight for each place, the highest child first) or exponent, and not both"]
    if exponent is not None:
        return [] if 0 < exponent < math.inf else [f"exponent: {exponent:g} is not above 0 (1 is the mean)"]
    bad = [f"{weight:g}" for weight in positions or () if not 0 <= weight < math.inf]
    if bad:
        return [f"positions: {', '.join(bad)}: a weight is 0 or more"]
    return [] if sum(positions or ()) > 0 else ["positions: all of them are 0"]


def _owa_parts(
    x: FloatArray, w: FloatArray, *, positions: tuple[float, ...] | None = None, exponent: float | None = None
) -> FloatArray:
    """What each child adds by its place; children that tie share by their weights."""
    return ordered_parts(x, w, reach_of(x.shape[-1], positions, exponent))


@aggregator(parts=_owa_parts, check_option=_owa_problems)
def owa(
    x: FloatArray, w: FloatArray, *, positions: tuple[float, ...] | None = None, exponent: float | None = None
) -> FloatArray:
    """The ordered weighted average (OWA): weights go to places, the highest child first, and not to names.

    y = Σ x₍ᵢ₎ (Q(Tᵢ) − Q(Tᵢ₋₁)), with x₍₁₎ ≥ x₍₂₎ ≥ … and Tᵢ the share of the weights that the i highest children have.
    With `positions` Q is the straight line through their cumulated shares at i / k, so that equal weights give
    Σ vᵢ x₍ᵢ₎; with `exponent` it is Q(r) = r^exponent, whose orness is 1 / (1 + exponent). Unequal weights are
    importances: children count by their place and by their weight. Parts (Euler): each child's own term; those that
    tie (at 12 significant digits) share by their weights.

    Parameters
    ----------
    x
        Shape (…, n, k), any numbers; ``nan`` is absent.
    w
        Shape (…, k), from 0 on: the importance of each child, divided by the sum of those present. With a child absent
        Q stays and is read at the shares of the others, so that ``positions`` need no second list.
    positions
        As many weights as children, from 0 on, divided by their sum: ``[1, 0, 0]`` is the maximum, ``[0, 0, 1]``
        the minimum, ``[0, 1, 0]`` leaves out the extremes.
    exponent
        Above 0: 1 is the weighted mean, 2 leans to the low children ("most of them"), 0.5 to the high ones.

    Returns
    -------
    Shape (…, n), in the unit of x, between the lowest and the highest child.

    Raises
    ------
    DomainError
        Another number of positions than of children. Weights that are negative or add up to 0.

    References
    ----------
    Yager, R. R. (1988). On ordered weighted averaging aggregation operators in multicriteria decisionmaking. IEEE
    Transactions on Systems, Man, and Cybernetics 18(1), 183–190. https://doi.org/10.1109/21.87068

    Yager, R. R. (1996). Quantifier guided aggregation using OWA operators. International Journal of Intelligent
    Systems 11(1), 49–73.

    Torra, V. (1997). The weighted OWA operator. International Journal of Intelligent Systems 12(2), 153–166.

    Examples
    --------
    >>> x = np.array([[0.7, 1.0, 0.3, 0.6]])
    >>> owa(x, np.ones(4), positions=(0.4, 0.3, 0.2, 0.1)).round(2)
    array([0.76])

    Notes
    -----
    Peers: Compind's ``ci_owa`` takes equal importances and a quantifier "at least j of them" only; COINr, pymcdm and
    scikit-criteria lack it. Importances enter as Yager (1996) has it for a quantifier and as Torra (1997) for
    positions, with straight lines between his points; equal weights give the operator of 1988 in both.
    """
    return ordered_mean(x, w, reach_of(x.shape[-1], positions, exponent))


# -- medians ----------------------------------------------------------------------------------------------------------


def _median_parts(x: FloatArray, w: FloatArray | None = None) -> FloatArray:
    """All to the child in the middle, or half to each of two; equal shares to those that tie."""
    return middle_parts(x, np.ones(x.shape[-1]), "middle")


@aggregator(parts=_median_parts, takes_weights=False)
def median(x: FloatArray, w: FloatArray | None = None) -> FloatArray:
    """The median of the children present, of an even number the mean of the two in the middle; takes no weights.

    Parts: all to the child in the middle, half to each of two; equal shares to those that tie (at 12 significant
    digits).

    Parameters
    ----------
    x
        Shape (…, n, k), any numbers; ``nan`` is absent.
    w
        Not used.

    Returns
    -------
    Shape (…, n), in the unit of x; ``nan`` where no child is present.

    References
    ----------
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50(4),
    361–365. https://doi.org/10.1080/00031305.1996.10473566

    Examples
    --------
    >>> median(np.array([[80.0, 60.0, 10.0], [np.nan, 70.0, 40.0]]))
    array([60., 55.])

    Notes
    -----
    Peers: the same as numpy, pandas, R and spreadsheets, which leave gaps out only if told to.
    """
    return middle(x, np.ones(x.shape[-1]), "middle")


def _weighted_median_parts(x: FloatArray, w: FloatArray, *, half: Half = "middle") -> FloatArray:
    """All to the child at half of the weight, or half to each of two; those that tie share by their weights."""
    return middle_parts(x, w, half)


@aggregator(parts=_weighted_median_parts)
def weighted_median(x: FloatArray, w: FloatArray, *, half: Half = "middle") -> FloatArray:
    """The weighted median: the child at which, from the lowest up, half of the weight is reached.

    Where the weights up to a child are exactly half (at 12 significant digits) every value from it to the next child
    fits: `half` says which is taken. No other value between two children is ever made up. Parts: all to that child, or
    half to each of the two; children that tie share by their weights.

    Parameters
    ----------
    x
        Shape (…, n, k), any numbers; ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present. A child without weight is passed over.
    half
        At exactly half of the weight: the ``lower`` child, the ``upper`` one, or their mean (``middle``, which makes
        equal weights the ordinary median).

    Returns
    -------
    Shape (…, n), in the unit of x; ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        Weights that are negative or add up to 0.

    References
    ----------
    Cormen, T. H., Leiserson, C. E., Rivest, R. L. and Stein, C. (2022). Introduction to Algorithms, 4th edition,
    chapter 9 (its weighted median is the lower one). MIT Press.

    Examples
    --------
    >>> x = np.array([[10.0, 60.0, 80.0]])
    >>> weighted_median(x, np.array([0.2, 0.2, 0.6])), weighted_median(x, np.array([0.3, 0.2, 0.5]))
    (array([80.]), array([70.]))

    Notes
    -----
    Peers: packages differ without saying so: some interpolate along the cumulated weights, some take the lower child,
    some the mean of two. Here a tie at half of the weight is the only place where a choice remains, and it is an
    option.
    """
    return middle(x, w, half)
