"""Aggregators that measure how far a unit is from the best: TOPSIS and the Wrocław taxonomic measure.

They learn the best (and the worst) of a reference, and are row by row given that: ``(x, w, params, *, options) → y``
with x of shape (…, n, k), w of shape (…, k) and y of shape (…, n). ``nan`` is an absent child, which is left out of
every distance, so that its weight is shared among those present. Higher is better in every child: directions are turned
before. What lies beyond the best is as far from it as what falls short, so that a later unit that beats every other
would be punished for it: such numbers are refused, or held at the best where ``beyond: hold`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, cells_of, extremes, refuse_constant, significant
from cityindex.methods._distances import held, squared_distances
from cityindex.methods._weighted import shares, total_weight, weighted_mean

__all__ = ["topsis", "wroclaw"]

Ideal = Literal["reference"] | tuple[float, float]
Norm = Literal["none", "vector", "minmax"]
Beyond = Literal["refuse", "hold", "allow"]
Params = Mapping[str, Any]


# -- TOPSIS -----------------------------------------------------------------------------------------------------------


def _topsis_problems(options: Mapping[str, Any]) -> list[str]:
    ideal = options.get("ideal", "reference")
    if isinstance(ideal, str) or ideal[0] > ideal[1]:
        return []
    return [f"ideal: the best comes first and is above the worst, found [{ideal[0]:g}, {ideal[1]:g}]"]


def _learn_topsis(ref: FloatArray, w: FloatArray, *, normalise: Norm = "none", ideal: Ideal = "reference") -> Params:
    low, high = extremes(ref)
    total_weight(w)
    learned = {"best": high, "worst": low}
    if not isinstance(ideal, str):
        learned = {"best": np.full_like(high, ideal[0]), "worst": np.full_like(low, ideal[1])}
    alike = significant(learned["best"]) == significant(learned["worst"])
    if alike[w > 0].all():
        raise DomainError("all units of the reference are the same: the ideal is the anti-ideal")
    if normalise == "vector":
        learned["norm"] = np.sqrt(np.nansum(np.square(ref), axis=0))
        if not learned["norm"].all():
            raise DomainError("every unit is 0: there is no vector norm", columns=np.flatnonzero(learned["norm"] == 0))
    if normalise == "minmax":
        refuse_constant(low, high, "min-max needs a range")
        learned["norm"] = high - low
    return learned


def _topsis_terms(w: FloatArray, params: Params) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The best, the worst, and the factor of a child's squared difference: (w / norm)²."""
    total_weight(w)
    best, worst = (np.asarray(params[name], np.float64) for name in ("best", "worst"))
    return best, worst, np.square(w / np.asarray(params["norm"], np.float64) if "norm" in params else w)


def _topsis_parts(
    x: FloatArray,
    w: FloatArray,
    params: Params,
    *,
    normalise: Norm = "none",
    ideal: Ideal = "reference",
    beyond: Beyond = "refuse",
) -> FloatArray:
    """Each child's share of the squared distance from the worst, times the score."""
    best, worst, factor = _topsis_terms(w, params)
    x = held(x, w, worst, best, beyond)
    up, down = (np.sqrt(total) for total in squared_distances(x, (best, worst), factor))
    scale = down * (up + down)
    own = factor[..., None, :] * np.square(x - worst[..., None, :])
    return np.asarray(own / np.where(scale == 0, 1.0, scale)[..., None], np.float64)


@aggregator(learn=_learn_topsis, parts=_topsis_parts, check_option=_topsis_problems)
def topsis(
    x: FloatArray,
    w: FloatArray,
    params: Params,
    *,
    normalise: Norm = "none",
    ideal: Ideal = "reference",
    beyond: Beyond = "refuse",
) -> FloatArray:
    """TOPSIS: how near a unit is to the ideal and how far from its opposite, 0 to 1.

    y = D⁻ / (D⁺ + D⁻), with D⁺ = √Σ (w (x − best) / norm)² and D⁻ = √Σ (w (x − worst) / norm)² over the children
    present. Parts: (w (x − worst) / norm)² / (D⁻ (D⁺ + D⁻)).

    Parameters
    ----------
    x
        Shape (…, n, k), higher is better; ``nan`` is absent and left out of both distances.
    w
        Shape (…, k), from 0 on, inside the square as in the original; their sum does not matter.
    params
        ``{"best": (k,), "worst": (k,)}``, and ``"norm": (k,)`` where one is taken: learned of the reference.
    normalise
        ``none``: the children are on scales that compare, as the steps before have brought them there. ``vector``
        divides each child by the root of its sum of squares over the reference, ``minmax`` by its range. The TOPSIS
        of textbooks is ``vector`` on raw children; turn those for which less is better with
        ``rescale: {from: [0, 1], to: [0, -1]}``, which leaves its norm and all distances as they are.
    ideal
        ``reference``: the highest and the lowest of each child there. Or two numbers, the best and the worst possible
        in the unit of the children, so that the ideal does not move with the units that are compared.
    beyond
        What later lies above the best or below the worst: ``refuse`` it, ``hold`` it there, or ``allow`` it, as far
        from the ideal as what falls short by as much.

    Returns
    -------
    Shape (…, n): 1 for the ideal, 0 for its opposite; ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        A reference in which all units are the same; a child without a number; with ``vector`` one that is 0
        everywhere, with ``minmax`` one that is the same everywhere. A unit of which only children are present that
        never differ, by (row, child). Numbers beyond the best or the worst, by (row, child). Weights that are negative
        or add up to 0.

    References
    ----------
    Hwang, C.-L. and Yoon, K. (1981). Multiple Attribute Decision Making: Methods and Applications. Springer.
    https://doi.org/10.1007/978-3-642-48318-9

    Examples
    --------
    Four fighter aircraft (Hwang and Yoon): speed, range, payload, less the price, reliability, manoeuvrability.

    >>> x = np.array([[2.0, 1500, 20000, -5.5, 5, 9], [2.5, 2700, 18000, -6.5, 3, 5],
    ...               [1.8, 2000, 21000, -4.5, 7, 7], [2.2, 1800, 20000, -5.0, 5, 5]])
    >>> w = np.array([0.2, 0.1, 0.1, 0.1, 0.2, 0.3])
    >>> topsis(x, w, _learn_topsis(x, w, normalise="vector"), normalise="vector").round(2)
    array([0.64, 0.27, 0.61, 0.31])

    Notes
    -----
    Peers: the same formula with another default of what goes before it: pymcdm takes min-max, scikit-criteria and
    spreadsheets a vector norm, SPSSAU what the user has prepared; none says it with the result. All of them return
    ``nan`` where units are the same, or one cell is missing; here the first is refused and the second left out of the
    unit's distances. A new unit moves their ideal and with it the other scores; here it is scored against the
    reference.
    """
    best, worst, factor = _topsis_terms(w, params)
    x = held(x, w, worst, best, beyond)
    up, down = (np.sqrt(total) for total in squared_distances(x, (best, worst), factor))
    total = up + down
    _refuse_infinite(total)
    if not total.all():
        nothing = (total == 0)[..., None] & ~np.isnan(x)
        raise DomainError("no child that is present differs in the reference", cells=cells_of(nothing))
    return np.asarray(down / total, np.float64)


# -- Wrocław ----------------------------------------------------------------------------------------------------------


def _learn_wroclaw(ref: FloatArray, w: FloatArray, *, sd: Literal["population", "sample"] = "population") -> Params:
    low, ideal = extremes(ref)
    distances = _distance(ref, w, ideal)
    distances = distances[~np.isnan(distances)]
    alike = significant(low) == significant(ideal)
    if alike[w > 0].all() or not distances.any():
        raise DomainError("every unit of the reference is the ideal itself: there is no distance to compare with")
    freedom = 1 if sd == "sample" else 0
    return {"ideal": ideal, "mean": float(distances.mean()), "sd": float(distances.std(ddof=freedom))}


def _distance(x: FloatArray, w: FloatArray, ideal: FloatArray) -> FloatArray:
    """The root of the weighted mean of squared differences, (…, n)."""
    found = np.sqrt(weighted_mean(np.square(x - ideal[..., None, :]), w))
    _refuse_infinite(found)
    return found


def _refuse_infinite(distance: FloatArray) -> None:
    if np.isinf(distance).any():
        raise DomainError("the square of a difference is beyond the largest number: bring the children to a scale")


def _known(params: Params) -> tuple[FloatArray, FloatArray]:
    """The ideal, and the distance at which the measure is 0."""
    ideal, mean, sd = (np.asarray(params[name], np.float64) for name in ("ideal", "mean", "sd"))
    return ideal, np.asarray((mean + 2 * sd)[..., None])


def _wroclaw_parts(
    x: FloatArray,
    w: FloatArray,
    params: Params,
    *,
    sd: Literal["population", "sample"] = "population",
    beyond: Beyond = "refuse",
) -> FloatArray:
    """Each child's weight, less its share of the squared distance times the loss."""
    ideal, limit = _known(params)
    x = held(x, w, None, ideal, beyond)
    distance = _distance(x, w, ideal)
    loss = np.square(x - ideal[..., None, :]) / (np.where(distance == 0, 1.0, distance) * limit)[..., None]
    return np.asarray(shares(x, w) * (1 - loss), np.float64)


@aggregator(learn=_learn_wroclaw, parts=_wroclaw_parts)
def wroclaw(
    x: FloatArray,
    w: FloatArray,
    params: Params,
    *,
    sd: Literal["population", "sample"] = "population",
    beyond: Beyond = "refuse",
) -> FloatArray:
    """The Wrocław taxonomic measure (Hellwig): 1 less the distance from the ideal, in units of mean + 2 deviations.

    y = 1 − d / (m + 2 s), with d = √(Σ w (x − ideal)² / Σ w) over the children present, the highest value of each child
    in the reference as ideal, and m and s the mean and standard deviation of d there. Parts: each child's share of the
    weights, less w (x − ideal)² / (Σ w d (m + 2 s)).

    Parameters
    ----------
    x
        Shape (…, n, k), on scales that compare (the original takes `zscore` with the population deviation); higher is
        better; ``nan`` is absent.
    w
        Shape (…, k), from 0 on, on the squared differences; divided by the sum of those present. Equal weights give the
        original.
    params
        ``{"ideal": (k,), "mean": m, "sd": s}``, learned of the reference.
    sd
        Whether s divides by the number of units (``population``, Hellwig) or by one fewer (``sample``, Compind).
    beyond
        What later lies above the ideal: ``refuse`` it, ``hold`` it there, or ``allow`` it, as far from the ideal as
        what falls short by as much.

    Returns
    -------
    Shape (…, n): 1 for the ideal, most others above 0; below 0 for a unit more than two deviations further away than
    the mean. ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        A reference in which every unit is the ideal (one unit alone, or all the same). A child without a number.
        Numbers beyond the ideal, by (row, child). Weights that are negative or add up to 0.

    References
    ----------
    Hellwig, Z. (1968). Zastosowanie metody taksonomicznej do typologicznego podziału krajów ze względu na poziom ich
    rozwoju oraz zasoby i strukturę wykwalifikowanych kadr. Przegląd Statystyczny 15(4), 307–327.

    Examples
    --------
    >>> x, w = np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]), np.ones(2)
    >>> wroclaw(x, w, _learn_wroclaw(x, w)).round(4)
    array([1.    , 0.498 , 0.2901])

    Notes
    -----
    Peers: Compind's ``ci_wroclaw`` returns d / (m + 2 s), so that lower is better, with the sample deviation and no
    weights. The measure is turned here, as Hellwig has it, since higher is better in every tree.
    """
    ideal, limit = _known(params)
    x = held(x, w, None, ideal, beyond)
    return np.asarray(1 - _distance(x, w, ideal) / limit, np.float64)
