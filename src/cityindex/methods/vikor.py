"""VIKOR: the compromise between what a unit lacks in sum and what it lacks most; as aggregator and as a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, extremes, refuse_constant, significant
from cityindex.methods._weighted import shares, weighted_mean, with_weight

__all__ = ["Compromise", "compromise", "vikor"]

Params = Mapping[str, Any]


def _vikor_problems(options: Mapping[str, Any]) -> list[str]:
    v = options.get("v", 0.5)
    return [] if 0 <= v <= 1 else [f"v: {v:g} is not between 0 (the worst child decides) and 1 (the sum does)"]


def _lacks(x: FloatArray, w: FloatArray, best: FloatArray, worst: FloatArray) -> tuple[FloatArray, FloatArray]:
    """S and R: the weighted mean and the weighted maximum of (best − x) / (best − worst), (…, n) each."""
    best, worst = best[..., None, :], worst[..., None, :]
    lack = (best - x) / (best - worst)
    return weighted_mean(lack, w), np.fmax.reduce(with_weight(shares(x, w) * lack, w), axis=-1)


def _learn_vikor(ref: FloatArray, w: FloatArray, *, v: float = 0.5) -> Params:
    worst, best = extremes(ref)
    refuse_constant(worst, best, "VIKOR divides by the range")
    lacks = _lacks(ref, w, best, worst)
    ends = {name: np.array([np.nanmin(lack), np.nanmax(lack)]) for name, lack in zip(("S", "R"), lacks, strict=True)}
    _refuse_ties(ends, v)
    return {"best": best, "worst": worst, **ends}


def _refuse_ties(ends: Mapping[str, FloatArray], v: float) -> None:
    """Refuse an S or R that is the same for all (at 12 significant digits), where it counts."""
    tied = [name for name, (lowest, highest) in ends.items() if significant(lowest) == significant(highest)]
    if len(tied) == 2:
        raise DomainError("every unit of the reference has the same S and the same R: nothing tells them apart")
    for name, counts, other in (("S", v, 0), ("R", 1 - v, 1)):
        if name in tied and counts > 0:
            reason = f"every unit of the reference has the same {name}, {ends[name][0]:.12g}: it tells nobody apart"
            raise DomainError(f"{reason}; v: {other} leaves it out")


@aggregator(learn=_learn_vikor, check_option=_vikor_problems)
def vikor(x: FloatArray, w: FloatArray, params: Params, *, v: float = 0.5) -> FloatArray:
    """VIKOR, turned so that higher is better: 1 − Q, with Q between what a unit lacks in sum and what it lacks most.

    Q = v (S − S*) / (S⁻ − S*) + (1 − v) (R − R*) / (R⁻ − R*), with S = Σ w r / Σ w, R = max (w r / Σ w) and
    r = (best − x) / (best − worst), over the children present; best and worst of each child, and the lowest (*) and
    highest (⁻) S and R, are those of the reference. No parts: R is that of one child alone.

    Parameters
    ----------
    x
        Shape (…, n, k), higher is better; ``nan`` is absent. Its scale does not matter: each child is divided by its
        range.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.
    params
        ``{"best": (k,), "worst": (k,), "S": (S*, S⁻), "R": (R*, R⁻)}``, learned of the reference with the weights.
    v
        The weight of the sum (group utility) against the largest single lack (individual regret).

    Returns
    -------
    Shape (…, n): 1 for a unit that is best in both senses, 0 for one that is worst in both; a later unit may lie
    outside. ``nan`` where no child with a weight is present.

    Raises
    ------
    DomainError
        A child with the same number everywhere (so one unit alone). S or R the same for every unit, where it counts:
        units that are each worst in something tie in R. Weights that are negative or add up to 0.

    References
    ----------
    Opricovic, S. and Tzeng, G.-H. (2004). Compromise solution by MCDM methods: a comparative analysis of VIKOR and
    TOPSIS. European Journal of Operational Research 156(2), 445–455. https://doi.org/10.1016/S0377-2217(03)00020-1

    Examples
    --------
    A mountain climber's three destinations, by risk (less is better, so turned) and altitude.

    >>> x, w = np.array([[-1.0, 3000.0], [-2.0, 3750.0], [-5.0, 4500.0]]), np.ones(2)
    >>> vikor(x, w, _learn_vikor(x, w))
    array([0., 1., 0.])

    Notes
    -----
    Peers: pymcdm and scikit-criteria return Q, so that lower is better. Where a child is the same everywhere pymcdm
    refuses, and where S or R is it returns ``nan``; scikit-criteria leaves either out with a warning. Both are refused
    here, with the option that does without. `compromise` tells whether the first is far enough ahead to be chosen.
    """
    problems = _vikor_problems({"v": v})
    if problems:
        raise DomainError(problems[0])
    best, worst, *ends = (np.asarray(params[name], np.float64) for name in ("best", "worst", "S", "R"))
    q = 0.0
    for lack, end, counts in zip(_lacks(x, w, best, worst), ends, (v, 1 - v), strict=True):
        if counts > 0:
            q = q + counts * (lack - end[0]) / (end[1] - end[0])
    return np.asarray(1 - q, np.float64)


@dataclass(frozen=True, slots=True)
class Compromise:
    """What VIKOR proposes, and why.

    Attributes
    ----------
    chosen
        The rows proposed, the best first: one where both conditions hold, else the set that shares the first place.
    order
        All rows by Q, the best first (ties as they stand in the table).
    advantage
        Condition 1: the second is at least `threshold` behind the first in Q.
    stable
        Condition 2: the first by Q is also first by S or by R.
    threshold
        DQ = 1 / (n − 1).
    S, R, Q
        Shape (n,): what each unit lacks in sum, what it lacks most, and both together; lower is better.
    """

    chosen: tuple[int, ...]
    order: tuple[int, ...]
    advantage: bool
    stable: bool
    threshold: float
    S: FloatArray
    R: FloatArray
    Q: FloatArray


def compromise(x: FloatArray, w: FloatArray, *, v: float = 0.5) -> Compromise:
    """The compromise solution of VIKOR among units, with its two conditions (compared at 12 significant digits).

    Both hold: the first by Q. Only the second fails: the first two. The first fails: all that are less than
    DQ = 1 / (n − 1) behind the first.

    Parameters
    ----------
    x
        Shape (n, k), higher is better, without gaps.
    w
        Shape (k,), from 0 on.
    v
        As in `vikor`.

    Raises
    ------
    DomainError
        A missing cell, by (row, child). What `vikor` refuses.

    References
    ----------
    Opricovic, S. and Tzeng, G.-H. (2004). https://doi.org/10.1016/S0377-2217(03)00020-1

    Examples
    --------
    >>> found = compromise(np.array([[-1.0, 3000.0], [-2.0, 3750.0], [-5.0, 4500.0]]), np.ones(2))
    >>> found.chosen, found.advantage, found.stable, found.Q
    ((1,), True, True, array([1., 0., 1.]))
    """
    gaps = np.argwhere(np.isnan(x)).tolist()
    if gaps:
        raise DomainError(
            "a compromise compares every unit in every child", cells=[(row, child) for row, child in gaps]
        )
    params = _learn_vikor(x, w, v=v)
    s, r = _lacks(x, w, params["best"], params["worst"])
    scores = vikor(x, w, params, v=v)
    q = 1 - scores
    order = np.argsort(-significant(scores), kind="stable")  # beside a Q of 0, dust is no difference
    first, threshold = order[0], 1 / (len(q) - 1)
    behind = significant(q - q[first])
    near = behind < significant(threshold)
    advantage = bool(near.sum() == 1)
    stable = any(bool(significant(lack[first]) == significant(lack.min())) for lack in (s, r))
    chosen = order[near[order]] if not advantage else order[: 1 if stable else 2]
    return Compromise(tuple(chosen.tolist()), tuple(order.tolist()), advantage, stable, threshold, s, r, q)
