"""Grey relational analysis as an aggregator: how near each unit comes to an ideal one, seen against the reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, cells_of, extremes, significant
from cityindex.methods._weighted import hold_within, shares, weighted_mean

__all__ = ["grey_relational"]

Ideal = Literal["max"] | float | tuple[float, ...]
Beyond = Literal["refuse", "hold"]

DUST = 1e-12  # relative: a coefficient above 1 by less is on 1


def _problems(options: Mapping[str, Any]) -> list[str]:
    rho = options["distinguishing"]
    return [] if 0 < rho <= 1 else [f"distinguishing: {rho:.12g} is not above 0 and at most 1"]


def _learn(ref: FloatArray, w: FloatArray, *, ideal: Ideal = "max") -> dict[str, FloatArray | float]:
    low, high = extremes(ref)  # refuses columns without a number
    given = high if isinstance(ideal, str) else np.asarray(ideal, np.float64)
    if given.ndim and len(given) != ref.shape[1]:
        raise DomainError(f"ideal: {len(given)} entries for {ref.shape[1]} children")
    best = np.broadcast_to(given, high.shape)
    if not np.isfinite(best).all():
        raise DomainError("ideal: the numbers have to be finite")
    distance = np.abs(ref - best)
    smallest, largest = float(np.nanmin(distance)), float(np.nanmax(distance))
    if (significant(low) == significant(best)).all() and (significant(high) == significant(best)).all():
        raise DomainError("every unit is on the ideal in every child: there is no difference to relate to")
    return {"ideal": best, "smallest": smallest, "largest": largest}


def _coefficients(x: FloatArray, params: Mapping[str, Any], rho: float, ideal: Ideal, beyond: Beyond) -> FloatArray:
    """γ of each number, (…, n, k); ``nan`` stays."""
    problems = _problems({"distinguishing": rho})
    if problems:
        raise DomainError(problems[0])
    best, scale = np.asarray(params["ideal"], np.float64), rho * float(params["largest"])
    distance = np.abs(x - best)
    found = (float(params["smallest"]) + scale) / (distance + scale)
    outside = found > 1 + DUST
    if isinstance(ideal, str):
        outside |= significant(x) > significant(best)
    if beyond == "refuse" and outside.any():
        what = "better than the ideal" if isinstance(ideal, str) else "nearer to the ideal than any reference unit"
        raise DomainError(f"{what} (beyond: hold counts it as 1)", cells=cells_of(outside))
    found[outside] = 1.0
    return np.minimum(found, 1.0, out=found)


def _parts(
    x: FloatArray,
    w: FloatArray,
    params: Mapping[str, Any],
    *,
    distinguishing: float = 0.5,
    ideal: Ideal = "max",
    beyond: Beyond = "refuse",
) -> FloatArray:
    return shares(x, w) * _coefficients(x, params, distinguishing, ideal, beyond)


@aggregator(learn=_learn, parts=_parts, bare="distinguishing", check_option=_problems)
def grey_relational(
    x: FloatArray,
    w: FloatArray,
    params: Mapping[str, Any],
    *,
    distinguishing: float = 0.5,
    ideal: Ideal = "max",
    beyond: Beyond = "refuse",
) -> FloatArray:
    """Grey relational grade (Deng): the weighted mean of how near each child comes to that of an ideal unit.

    Γ = Σ w γ / Σ w with γ = (Δmin + ρ Δmax) / (Δ + ρ Δmax) and Δ = ideal - x without its sign; Δmin and Δmax are the
    smallest and largest Δ of all children of all reference units, so the children have to be on one scale. Parts:
    w γ / Σ w.

    Parameters
    ----------
    x
        Shape (…, n, k), on one scale; ``nan`` is absent and its weight shared by the others.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.
    params
        ``{"ideal": (k,), "smallest": Δmin, "largest": Δmax}``, learned of the numbers present.
    distinguishing
        ρ, above 0 and at most 1: the smaller, the more a distance takes away.
    ideal
        ``max``: the highest number of each child in the reference. A number for all children, or a list in their
        order: a target, on both sides of which Δ grows.
    beyond
        What a new unit that is better than the ideal (for a target: nearer to it than any reference unit was) gets:
        it is refused, or held at γ = 1 (``hold``). One further away than Δmax follows the formula.

    Returns
    -------
    Shape (…, n), ρ / (1 + ρ) to 1 among the reference units where one of them is the ideal in some child; ``nan`` where
    no child with a weight is present.

    Raises
    ------
    DomainError
        A child without a number in the reference, or every unit on the ideal everywhere (so one unit alone). Numbers
        beyond the ideal, by cell. Options outside their domain. Weights that are negative or add up to 0.

    Notes
    -----
    Peers: web tools and most scripts bring the children to one scale themselves (by the mean, the first row or the
    range) and so give different grades for one table; here the steps of the index say how. They also take Δmin and
    Δmax anew of whatever table they see, so that another unit changes everybody's grade; here they are kept. A constant
    child is on its own ideal and gives everybody γ = 1: it lifts all alike.

    References
    ----------
    Deng, J.-L. (1982). Control problems of grey systems. Systems & Control Letters 1(5), 288-294.
    https://doi.org/10.1016/S0167-6911(82)80025-X

    Examples
    --------
    >>> x, w = np.array([[1.0, 0.5], [0.0, 1.0], [0.5, 0.0]]), np.array([1.0, 1.0])
    >>> grey_relational(x, w, {"ideal": [1.0, 1.0], "smallest": 0.0, "largest": 1.0}).round(6)
    array([0.75    , 0.666667, 0.416667])
    """
    found = _coefficients(x, params, distinguishing, ideal, beyond)
    return hold_within(weighted_mean(found, w), found)
