"""Aggregators that count duels between units: `copeland` and `borda` (`promethee` has its own room).

Only the order of the units within each child matters, not how far they are apart, so a child's scale does not, and a
high child makes up for a low one by the duels that it wins and no more. A unit is compared with the *stored reference
units*, so a new one has a score too, to the same bits alone and among others; where the table is its own reference,
each unit meets itself once, which changes nothing. Numbers compare at 12 significant digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._stored import keep_sorted, keep_units, stand, stored_units
from cityindex.methods._weighted import shares, total_weight, weighted_mean

__all__ = ["borda", "copeland"]

Points = Literal["count", "share"]
Ties = Literal["average", "min", "max"]

BLOCK = 1 << 18  # duels at once
DUST = 1e-12  # relative to the sum of weights: majorities this small are float dust


# -- Copeland ---------------------------------------------------------------------------------------------------------


def _learn_copeland(ref: FloatArray, w: FloatArray, *, points: Points = "count") -> dict[str, Any]:
    kept = keep_units(ref)
    if points == "share" and len(kept["units"]) < 2:
        raise DomainError("a share of the duels needs two reference units or more")
    return kept


@aggregator(learn=_learn_copeland, bare="points")
def copeland(x: FloatArray, w: FloatArray, params: Mapping[str, Any], *, points: Points = "count") -> FloatArray:
    """Copeland's score: the reference units that a unit beats by a majority of the weight, less those that beat it.

    o(a, b) is the weight of the children in which a is above b and half the weight of those in which they tie, as a
    share of the weight of the children that both have. A duel is won where o > ½, lost where o < ½, else a draw:
    y(a) = #{b: o(a, b) > ½} - #{b: o(a, b) < ½}.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units; ``nan`` is absent: the duel is decided by the children that both units have, and
        is a draw where they have none in common.
    w
        Shape (…, k), from 0 on.
    params
        ``{"units": (m, k), "gaps": (g, 2)}``: the reference units that have a child at all, 0 in the cells (row,
        column) that are missing.
    points
        ``count``: duels, -(m - 1) to m - 1 among the reference units. ``share``: of m - 1 duels, -1 to 1 (-m / (m - 1)
        to m / (m - 1) for a new unit, which has one opponent more).

    Returns
    -------
    Shape (…, n); ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        A reference without a unit (``share``: with one). Weights that are negative or add up to 0.

    Notes
    -----
    Peers: COINr's `a_copeland` gives the same numbers, but tests o > 0.5 on bare floats, so that weights such as 0.1
    and 0.2 can decide a drawn duel by their last bit; here a majority smaller than 1e-12 of the weight is a draw. It
    also cannot score a unit that was not in the table. Where a source gives 1, ½ and 0 for a duel won, drawn and
    lost, its scores are (y + m - 1) / 2: the same order.

    References
    ----------
    Munda, G. and Nardo, M. (2009). Noncompensatory/nonlinear composite indicators for ranking countries: a defensible
    setting. Applied Economics 41(12), 1513-1523. https://doi.org/10.1080/00036840601019364
    Copeland, A. H. (1951). A "reasonable" social welfare function. Seminar on Mathematics in Social Sciences,
    University of Michigan.

    Examples
    --------
    Four groups of voters (42, 26, 15 and 17 %) place four towns: the second beats all others.

    >>> places = np.array([[1.0, 4, 4, 4], [2, 1, 3, 3], [3, 2, 1, 2], [4, 3, 2, 1]])
    >>> w = np.array([0.42, 0.26, 0.15, 0.17])
    >>> copeland(-places, w, {"units": -places, "gaps": []})
    array([-3.,  3.,  1., -1.])
    """
    total_weight(w)
    units = stored_units(params)
    scores = _duels(significant(x), units, w)
    scores[_nothing(x, w)] = np.nan
    if points == "share":
        scores /= len(units) - 1
    return scores


def _nothing(x: FloatArray, w: FloatArray) -> Any:
    """Where no child with a weight is present, (…, n)."""
    return (np.isnan(x) | (w[..., None, :] == 0)).all(axis=-1)


def _duels(x: FloatArray, units: FloatArray, w: FloatArray) -> FloatArray:
    """Duels won less duels lost, (…, n), in blocks of draws and of rows."""
    lead, (n, k) = np.broadcast_shapes(x.shape[:-2], w.shape[:-1]), x.shape[-2:]
    weights = np.broadcast_to(w, (*lead, k)).reshape(-1, k)
    children = x.reshape(1, n, k) if x.ndim == 2 else np.broadcast_to(x, (*lead, n, k)).reshape(-1, n, k)
    scores = np.empty((len(weights), n))
    draws = max(1, BLOCK // len(units))
    for start in range(0, len(weights), draws):
        some = slice(start, start + draws)
        rows = max(1, BLOCK // (len(units) * len(weights[some])))
        for first in range(0, n, rows):
            part = slice(first, first + rows)
            scores[some, part] = _block(
                children[some if len(children) > 1 else slice(None), part], units, weights[some]
            )
    return scores.reshape(*lead, n)


def _block(x: FloatArray, units: FloatArray, w: FloatArray) -> FloatArray:
    """The weight of the children that each unit wins less that of those it loses, against every reference unit."""
    net = np.zeros((len(w), x.shape[1], len(units)))
    for j in range(x.shape[2]):  # comparing with nan is neither above nor below
        above, below = x[..., j, None] > units[:, j], x[..., j, None] < units[:, j]
        net += w[:, j, None, None] * (above.astype(np.float64) - below)
    dust = DUST * w.sum(axis=1)[:, None, None]
    return np.asarray((net > dust).sum(axis=2) - (net < -dust).sum(axis=2), np.float64)


# -- Borda ------------------------------------------------------------------------------------------------------------


def _learn_borda(ref: FloatArray, w: FloatArray, *, points: Points = "count") -> dict[str, Any]:
    return keep_sorted(ref, 2 if points == "share" else 1)


def _points(x: FloatArray, params: Mapping[str, Any], points: Points, ties: Ties) -> FloatArray:
    """The points of each number in its own column, (…, n, k); ``nan`` stays."""
    above, below = stand(x, params)
    others = np.asarray(params["units"], np.float64) - 1
    found = {"min": above, "max": others - below, "average": (others + above - below) / 2}[ties]
    return found / others if points == "share" else found


def _borda_parts(
    x: FloatArray, w: FloatArray, params: Mapping[str, Any], *, points: Points = "count", ties: Ties = "average"
) -> FloatArray:
    return shares(x, w) * _points(x, params, points, ties)


@aggregator(learn=_learn_borda, parts=_borda_parts, bare="points")
def borda(
    x: FloatArray, w: FloatArray, params: Mapping[str, Any], *, points: Points = "count", ties: Ties = "average"
) -> FloatArray:
    """Borda's count: in each child a point for every reference unit beaten and half a point for a tie; their mean.

    With m reference units that have child j, p_j = (m - 1 + #below - #above) / 2: 0 for the worst to m - 1 for the
    best of them. y = Σ w p / Σ w over the children present. Parts: w p / Σ w.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units; ``nan`` is absent and its weight shared by the others.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.
    params
        ``{"columns": (n, k), "units": (k,)}``: each child's numbers in the reference, ascending, and how many there
        are; the rest of a column fills up.
    points
        ``count``: the units beaten. ``share``: of the m - 1 others, 0 to 1, so that a child that fewer units have
        counts as much as the others. A new unit meets one more: at most half a point outside (one, but with ties
        ``average``).
    ties
        What units that tie get of the points between them: the ``average``, or all the lowest (``min``: only who is
        beaten counts), or all the highest (``max``).

    Returns
    -------
    Shape (…, n); ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        A child without a number in the reference (``share``: with fewer than two). Weights that are negative or add up
        to 0.

    Notes
    -----
    Peers: COINr's `n_borda` gives rank - 1 with ties at the lowest (here ``ties: min``) and leaves the mean to the next
    step. The half point for a tie keeps the sum of all points the same whoever ties; a constant child then gives
    everybody (m - 1) / 2. Counts that start at 1 for the last place are one higher throughout.

    References
    ----------
    Borda, J.-C. de (1781). Mémoire sur les élections au scrutin. Histoire de l'Académie Royale des Sciences.

    Examples
    --------
    Four groups of voters (42, 26, 15 and 17 %) place four towns.

    >>> places = np.array([[1.0, 4, 4, 4], [2, 1, 3, 3], [3, 2, 1, 2], [4, 3, 2, 1]])
    >>> w = np.array([0.42, 0.26, 0.15, 0.17])
    >>> borda(-places, w, {"columns": np.sort(-places, axis=0), "units": [4, 4, 4, 4]}).round(12)
    array([1.26, 1.94, 1.73, 1.07])
    """
    return weighted_mean(_points(x, params, points, ties), w)
