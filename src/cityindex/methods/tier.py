"""Tierings: cut points that part the units into tiers, tier 1 the best.

Each is ``(ref, *, options) → cuts`` with ref of shape (n,), the scores of the reference units, higher being better
(where the lowest is first, the caller turns the sign before and after), ``nan`` ignored. The cuts descend, one fewer
than the tiers; a unit on a cut is in the better tier, so a cut that is learned is the lowest score of that tier. Scores
compare at 12 significant digits, and units that tie are never parted. `assign` puts units into the tiers of any cuts;
the tierings that look for groups among the scores are in `cluster`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from cityindex._registry import tiering
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._scores import IntArray, count_problems, falling
from cityindex.methods.cluster import kmeans, mixture, natural_breaks
from cityindex.methods.rank import First

__all__ = ["assign", "assign_places", "cuts", "equal", "kmeans", "mixture", "natural_breaks", "quantiles", "sizes"]


def assign(x: FloatArray, cuts: FloatArray, *, first: First = "highest") -> IntArray:
    """The tier of each unit, 1 to ``len(cuts) + 1``; 0 where x is ``nan``.

    Parameters
    ----------
    x
        Any shape, in the unit of the cuts.
    cuts
        From the border of tier 1 on: never rising where the highest is first, never falling where the lowest is. A
        unit on a cut is in the better tier (both at 12 significant digits).
    first
        Whether tier 1 has the highest or the lowest values.

    Returns
    -------
    The shape of x.

    Raises
    ------
    DomainError
        Cuts that run the wrong way.

    Examples
    --------
    >>> assign(np.array([90.0, 85.0, 84.9, np.nan]), np.array([85.0, 65.0]))
    array([1, 1, 2, 0])
    >>> assign(np.array([3.0, 10.0, 11.0]), np.array([10.0]), first="lowest")
    array([1, 1, 2])
    """
    compared = significant(x)
    return assign_places(-compared if first == "highest" else compared, cuts, first=first)


def assign_places(places: FloatArray, cuts: FloatArray, *, first: First = "highest") -> IntArray:
    """The same of numbers that rise from the first unit to the last, as ranks compare them: rounded, their sign turned.

    >>> assign_places(np.array([-90.0, -85.0, -84.9, np.nan]), np.array([85.0, 65.0]))
    array([1, 1, 2, 0])
    """
    borders = significant(cuts) * (-1.0 if first == "highest" else 1.0)
    if (np.diff(borders) < 0).any():
        way = "fall" if first == "highest" else "rise"
        raise DomainError(f"the cuts must {way} from tier 1 on where the {first} is first: {_list(cuts)}")
    tiers = np.searchsorted(borders, places).astype(np.int64) + 1
    return np.where(np.isnan(places), 0, tiers)


def _list(numbers: FloatArray | tuple[float, ...]) -> str:
    return ", ".join(f"{number:.12g}" for number in np.asarray(numbers).tolist())


# -- given numbers ----------------------------------------------------------------------------------------------------


def _cuts_problems(options: Mapping[str, Any]) -> list[str]:
    given = options["cuts"]
    if not given or not all(math.isfinite(cut) for cut in given):
        return ["cuts: one finite number or more is needed"]
    steps = np.diff(significant(given))
    if not ((steps < 0).all() or (steps > 0).all()):
        return [f"cuts: they must fall (or rise, where the lowest is first) from tier 1 on: {_list(given)}"]
    return []


@tiering(bare="cuts", check_option=_cuts_problems)
def cuts(ref: FloatArray, *, cuts: tuple[float, ...]) -> FloatArray:
    """The cuts as they are given, from the border of tier 1 on; the one tiering that learns nothing.

    They fall where the highest is first and rise where the lowest is: no sign is turned.

    Parameters
    ----------
    ref
        Not used.
    cuts
        In the unit of the scores; one fewer than the tiers.

    Notes
    -----
    Peers: pandas' ``cut`` and mapclassify close a class at its upper end, so that a unit on a cut falls into the lower
    one; in published schemes (85 and above is A) it is in the better one, and so it is here.

    References
    ----------
    Evans, I. S. (1977). The selection of class intervals. Transactions of the Institute of British Geographers 2(1),
    98-124. https://doi.org/10.2307/622195

    Examples
    --------
    >>> cuts(np.array([70.0]), cuts=(85, 65, 50, 40))
    array([85., 65., 50., 40.])
    """
    return np.array(cuts, np.float64)


@tiering(bare="count", check_option=count_problems)
def equal(ref: FloatArray, *, count: int) -> FloatArray:
    """Tiers of equal numbers of units: tier ⌈rank · count / n⌉, ranks that tie taking the better one.

    With ``count = 10`` these are the deciles of the English Index of Multiple Deprivation. Units that tie
    across a border are all in the better tier, so a tier can come out larger, and another smaller or even empty.

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
    Peers: pandas' ``qcut`` and mapclassify cut at interpolated quantiles of the scores; with one ``nan`` mapclassify
    2.11 puts the top units into its lowest class, and with ties makes fewer classes. Here places are counted, and too
    few different scores are refused.

    References
    ----------
    McLennan, D. et al. (2019). The English Indices of Deprivation 2019: technical report. Ministry of Housing,
    Communities and Local Government.

    Examples
    --------
    >>> equal(np.array([9.0, 7.0, 5.0, 3.0, 1.0]), count=2)
    array([7.])
    """
    scores = falling(ref, count)
    return scores[[tier * len(scores) // count - 1 for tier in range(1, count)]]


def _quantiles_problems(options: Mapping[str, Any]) -> list[str]:
    at = options["at"]
    if not at or not all(0 < share < 1 for share in at) or any(b <= a for a, b in pairwise(at)):
        return [f"at: shares between 0 and 1 (or 0% and 100%), rising, are needed: {_list(at)}"]
    return []


@tiering(bare="at", check_option=_quantiles_problems)
def quantiles(ref: FloatArray, *, at: tuple[float | Percent, ...]) -> FloatArray:
    """Tiers by shares of the units from the best on: ``[10%, 40%]`` is the best tenth, the next three, the rest.

    A unit is in the first tier t with rank ≤ atₜ · n, ranks that tie taking the better one; ``equal: 10`` is
    ``quantiles: [10%, 20%, …, 90%]``.

    Parameters
    ----------
    ref
        Shape (n,), higher is better.
    at
        Where the tiers end, as rising shares of all units; one fewer than the tiers.

    Raises
    ------
    DomainError
        A share of less than one unit. Fewer different scores than tiers.

    Notes
    -----
    Peers: numpy, pandas and mapclassify interpolate between scores, by one of nine definitions of a quantile. Here
    units are counted, so that a share means people's own reading of it: the best tenth of 30 is three units.

    References
    ----------
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50(4).
    https://doi.org/10.1080/00031305.1996.10473566

    Examples
    --------
    >>> quantiles(np.array([9.0, 7.0, 5.0, 3.0, 1.0]), at=(0.2, 0.6))
    array([9., 5.])
    """
    scores = falling(ref, len(at) + 1)
    places = [math.floor(share * len(scores) + 1e-9) for share in at]
    if places[0] < 1:
        raise DomainError(f"the best {float(at[0]) * 100:.12g} % of {len(scores)} units are less than one unit")
    return scores[[place - 1 for place in places]]


def _sizes_problems(options: Mapping[str, Any]) -> list[str]:
    given = options["sizes"]
    if len(given) < 2 or min(given) < 1:
        return [f"sizes: two or more whole numbers from 1 on are needed: {', '.join(map(str, given))}"]
    return []


@tiering(bare="sizes", check_option=_sizes_problems)
def sizes(ref: FloatArray, *, sizes: tuple[int, ...]) -> FloatArray:
    """Tiers of given sizes, the best first: ``[4, 15, 30]`` puts four units into tier 1.

    Units that tie across a border are all in the better tier, which then is larger than said.

    Parameters
    ----------
    ref
        Shape (n,), higher is better.
    sizes
        How many units each tier holds; they add up to n.

    Raises
    ------
    DomainError
        Sizes that do not add up to the number of units with a score. Fewer different scores than tiers.

    Notes
    -----
    Peers: COINr, Compind and the MCDA packages have none, and in a spreadsheet units that tie are parted by the order
    in which they stand. Here they stay together, and sizes that do not add up are refused.

    References
    ----------
    Evans, I. S. (1977). The selection of class intervals. Transactions of the Institute of British Geographers 2(1),
    98-124. https://doi.org/10.2307/622195

    Examples
    --------
    >>> sizes(np.array([9.0, 7.0, 5.0, 3.0, 1.0]), sizes=(1, 1, 3))
    array([9., 7.])
    """
    found = int(np.sum(~np.isnan(ref)))
    if sum(sizes) != found:
        raise DomainError(f"the sizes of the tiers add up to {sum(sizes)}, and {found} units have a score")
    scores = falling(ref, len(sizes))
    return np.asarray(scores[np.cumsum(sizes[:-1]) - 1], np.float64)
