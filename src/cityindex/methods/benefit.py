"""Benefit of the doubt: the aggregator that lets each unit have the weights that flatter it most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, extremes
from cityindex.methods._frontier import Limits, Reference, frontier_of, limits_of, refuse_negative, score_of

__all__ = ["benefit_of_the_doubt"]

ByChild = tuple[Limits, ...]


def _problems(options: Mapping[str, Any]) -> list[str]:
    given = {name: options.get(name) for name in ("shares", "weights") if options.get(name) is not None}
    problems = ["weights: the parts of the score are limited by shares already"] if len(given) == 2 else []
    for name, limits in given.items():
        pairs = np.asarray(limits, np.float64).reshape(-1, 2)
        problems += [
            f"{name}: [{low:g}, {high:g}] is no range within 0 and 1"
            for low, high in pairs
            if not 0 <= low <= high <= 1
        ]
    return problems


def _learn(
    ref: FloatArray,
    w: FloatArray | None = None,
    *,
    shares: Limits | ByChild | None = None,
    weights: Limits | ByChild | None = None,
) -> dict[str, FloatArray]:
    refuse_negative(ref)
    _, high = extremes(ref)
    for name, limits in (("shares", shares), ("weights", weights)):
        limits_of(limits, ref.shape[-1], name)
    if not high.all():
        reason = "every reference unit has 0: whoever has more would score without bound"
        raise DomainError(reason, columns=np.flatnonzero(high == 0))
    return {"frontier": frontier_of(np.nan_to_num(ref[~np.isnan(ref).all(axis=1)], nan=0.0))}


def _reference(params: Mapping[str, Any], shares: Any, weights: Any) -> Reference:
    frontier = np.asarray(params["frontier"], np.float64)
    count = frontier.shape[-1]
    return Reference(frontier, limits_of(shares, count, "shares"), limits_of(weights, count, "weights"))


def _parts(
    x: FloatArray,
    w: FloatArray | None,
    params: Mapping[str, Any],
    *,
    shares: Limits | ByChild | None = None,
    weights: Limits | ByChild | None = None,
) -> FloatArray:
    return _reference(params, shares, weights).parts(x)


@aggregator(learn=_learn, parts=_parts, takes_weights=False, check_option=_problems)
def benefit_of_the_doubt(
    x: FloatArray,
    w: FloatArray | None,
    params: Mapping[str, Any],
    *,
    shares: Limits | ByChild | None = None,
    weights: Limits | ByChild | None = None,
) -> FloatArray:
    """The best score that weights of a unit's own can give it, if they give no reference unit more than 1.

    The score is max Σ w x over w ≥ 0 with Σ w r ≤ 1 for every reference unit r (data envelopment analysis with one
    constant input). A unit of 1 is surpassed by no mixture of reference units; one of 0.8 reaches 80 % of what a
    mixture of them with its profile does, whatever the weights. A new unit beyond the frontier scores above 1. Children
    in different units of measurement need no scaling: nothing changes where a child is multiplied by a number (unless
    weights are limited).

    Parts: w x (where several weights are as good, those that the solver finds).

    Parameters
    ----------
    x
        Shape (…, n, k), from 0 on; ``nan`` is absent: it gets no weight, as a 0 would (not with limits).
    w
        Not used: units have weights of their own.
    params
        ``{"frontier": (m, k)}``: the reference units that no other equals or surpasses in every child.
    shares
        Limits of each part as a share of the score, ``[10%, 50%]``, or one pair for each child, in their order. Without
        limits a unit may live on the one child that it is best in.
    weights
        Limits of each weight as a share of the sum of weights instead. This depends on the children's scales.

    Returns
    -------
    Shape (…, n), from 0 on, at 12 significant digits.

    Raises
    ------
    DomainError
        Numbers below 0; a child in which all reference units have 0, or none a number; no reference unit; limits that
        shares adding up to 1 cannot keep. With limits: an absent child, or a 0 whose share may not be 0.

    References
    ----------
    Melyn, W. and Moesen, W. (1991). Towards a synthetic indicator of macroeconomic performance. Public Economics
    Research Paper 17, KU Leuven.
    Cherchye, L., Moesen, W., Rogge, N. and Van Puyenbroeck, T. (2007). An introduction to 'benefit of the doubt'
    composite indicators. Social Indicators Research 82(1), 111-145. https://doi.org/10.1007/s11205-006-9029-7
    Cherchye, L. et al. (2008). Creating composite indicators with DEA and robustness analysis: the case of the
    Technology Achievement Index. Journal of the Operational Research Society 59(2), 239-251.
    https://doi.org/10.1057/palgrave.jors.2602445
    Kuosmanen, T. (2009). Data envelopment analysis with missing data. Journal of the Operational Research Society
    60(12), 1767-1774. https://doi.org/10.1057/jors.2008.132

    Notes
    -----
    Peers: Compind's `ci_bod` and `ci_bod_constr` solve the same programs, but go on with missing cells after a message,
    give 0 without a word where a share cannot be kept, and score a unit only among those it is computed with; here the
    frontier is kept, and a new unit has a score. The Python packages lack it.

    Examples
    --------
    Three units on the frontier, one inside it, and a new one beyond.

    >>> ref = np.array([[1.0, 4.0], [3.0, 3.0], [4.0, 1.0], [2.0, 2.0]])
    >>> params = _learn(ref)
    >>> benefit_of_the_doubt(np.append(ref, [[4.0, 4.0]], axis=0), None, params)
    array([1.        , 1.        , 1.        , 0.66666667, 1.33333333])
    >>> benefit_of_the_doubt(ref, None, params, shares=(0.4, 0.6))
    array([0.57142857, 1.        , 0.57142857, 0.66666667])
    """
    return score_of(_reference(params, shares, weights).parts(x))
