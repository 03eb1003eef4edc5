"""Weights that give each child the correlation with its group that it is meant to have: `balanced`.

The correlation of child j with the aggregate Σ w x needs the correlation matrix R and the standard deviations s alone:
with u = w s it is ρⱼ = (R u)ⱼ / √(u' R u). So correlations in given proportions τ have one solution, u ∝ R⁻¹ τ, and no
search is needed; where it has a negative weight, no weights from 0 on give these proportions, and the nearest ones are
the projection of τ on the cone {R u : u ≥ 0} (non-negative least squares, one solution too).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from cityindex._registry import weighting
from cityindex._values import Percent
from cityindex.errors import DomainError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods._judgements import unknown_words
from cityindex.methods._spread import refuse_missing
from cityindex.methods.principal import SINGULAR, correlations_of

__all__ = ["BalanceReport", "balance_weights", "balanced"]

Importance = Mapping[str, float | Percent]
Measure = Literal["correlation", "squared"]
Objective = Literal["balance", "information"]
DUST = 1e-12


@dataclass(frozen=True, slots=True)
class BalanceReport:
    """What was wanted of the weights of a group, and what they give.

    Attributes
    ----------
    children
        The children, in order.
    weights
        One per child, from 0 on, adding up to 1.
    correlations
        Of each child with the weighted mean.
    obtained, wanted
        The share of each child in the correlations (or in their squares), and the share it was meant to have; `wanted`
        is empty where information is the objective.
    residual
        The largest difference between the two.
    converged
        Whether that is within the tolerance.
    message
        The same in words.
    """

    children: tuple[str, ...]
    weights: tuple[float, ...]
    correlations: tuple[float, ...]
    obtained: tuple[float, ...]
    wanted: tuple[float, ...]
    residual: float
    converged: bool
    message: str


def _problems(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """What is wrong with the options for these children, as texts."""
    importance = options.get("importance")
    words = {"measure": get_args(Measure), "objective": get_args(Objective)}
    problems = unknown_words(**{name: (options.get(name, known[0]), known) for name, known in words.items()})
    if not options.get("tolerance", DUST) > 0:
        problems.append(f"tolerance: {options['tolerance']} is not above 0")
    if importance is None:
        return problems
    if options.get("objective") == "information":
        problems.append("importance: says nothing where information is the objective")
    problems += [
        f"importance: {name!r} is none of the children.{nearest(name, children)}"
        for name in importance
        if name not in children
    ]
    lacking = [child for child in children if child not in importance]
    if lacking:
        problems.append(f"importance: none for {', '.join(lacking)}; every child needs one above 0")
    problems += [f"importance: {name}: {share} is not above 0" for name, share in importance.items() if not share > 0]
    return problems


@weighting(from_data=True, check=_problems)
def balanced(
    ref: FloatArray,
    *,
    importance: Importance | None = None,
    measure: Measure = "correlation",
    objective: Objective = "balance",
    tolerance: float = 1e-6,
    children: Sequence[str] = (),
) -> FloatArray:
    """Weights that give each child the intended share in the correlations with the group's weighted mean.

    Equal weights do not make equally important children: one that moves with many others follows the aggregate more
    closely. Here the correlations ρ of the children with Σ w x are in the proportions of `importance`:
    w ∝ R⁻¹ τ / s, with τ the importance (its square root, where squares are meant), R the correlation matrix and s the
    standard deviations. Where that has negative weights no weights can do it, and it is refused.

    Parameters
    ----------
    ref
        Shape (n, k).
    importance
        How important each child is meant to be, by its id; only proportions count. Not said: all alike.
    measure
        What is shared out: ``correlation``, or ``squared`` (the share of the aggregate's variance that goes with it).
    objective
        ``balance``; or ``information``: the largest mean correlation. That has one solution for all data, w ∝ 1 / s:
        equal weights on the standardised children.
    tolerance
        The largest difference between the shares wanted and obtained that is accepted. A larger one takes the nearest
        weights where the shares cannot be had.
    children
        The ids of the children, from the caller.

    Returns
    -------
    Shape (k,), from 0 on, adding up to 1.

    Raises
    ------
    DomainError
        Missing cells; a constant column; a child that is a combination of others (as where there are no more units
        than children): many weights give the same. Shares that weights from 0 on cannot give within the tolerance:
        what was wanted, and what the nearest give.

    References
    ----------
    Becker, W., Saisana, M., Paruolo, P. and Vandecasteele, I. (2017). Weights and importance in composite indicators:
    closing the gap. Ecological Indicators 80, 12-22. https://doi.org/10.1016/j.ecolind.2017.03.056
    Paruolo, P., Saisana, M. and Saltelli, A. (2013). Ratings and rankings: voodoo or science? Journal of the Royal
    Statistical Society A 176(3), 609-634. https://doi.org/10.1111/j.1467-985X.2012.01059.x
    Lawson, C. L. and Hanson, R. J. (1995). Solving Least Squares Problems. https://doi.org/10.1137/1.9781611971217

    Notes
    -----
    Peers: COINr's `get_opt_weights` searches by Nelder-Mead, stops at its default tolerance of 0.1 almost where it
    began, reports success, and lets weights be negative. Here the solution is exact or refused. Its ``infomax`` is
    ``objective: information``, which needs no search either.

    Examples
    --------
    >>> ref = np.array([[1.0, 2.0, 4.0], [2.0, 1.0, 1.0], [3.0, 6.0, 3.0], [4.0, 3.0, 2.0], [5.0, 4.0, 9.0]])
    >>> w = balanced(ref)
    >>> w.round(3), np.corrcoef(np.column_stack([ref @ w, ref]).T)[0, 1:].round(3)
    (array([0.315, 0.433, 0.252]), array([0.798, 0.798, 0.798]))
    """
    report = balance_weights(
        ref, importance=importance, measure=measure, objective=objective, tolerance=tolerance, children=children
    )
    if not report.converged:
        raise DomainError(report.message)
    return np.array(report.weights)


def balance_weights(
    ref: FloatArray,
    *,
    importance: Importance | None = None,
    measure: Measure = "correlation",
    objective: Objective = "balance",
    tolerance: float = 1e-6,
    children: Sequence[str] = (),
) -> BalanceReport:
    """The weights of `balanced`, or the nearest to it, with what they give; the options are those of `balanced`.

    Returns
    -------
    A `BalanceReport`; `converged` is False where weights from 0 on cannot give the shares.

    Raises
    ------
    DomainError
        As `balanced`, but for shares that cannot be had.

    Examples
    --------
    >>> ref = np.array([[1.0, 2.0, 4.0], [2.0, 1.0, 1.0], [3.0, 6.0, 3.0], [4.0, 3.0, 2.0], [5.0, 4.0, 9.0]])
    >>> report = balance_weights(ref, importance={"a": 0.4, "b": 0.3, "c": 0.3}, children=["a", "b", "c"])
    >>> report.converged, np.round(report.obtained, 6).tolist(), np.round(report.weights, 3).tolist()
    (True, [0.4, 0.3, 0.3], [0.646, 0.239, 0.115])
    """
    refuse_missing(ref)
    names = tuple(children) or tuple(str(column + 1) for column in range(ref.shape[-1]))
    given = {"importance": importance, "measure": measure, "objective": objective, "tolerance": tolerance}
    problems = _problems(given, names)
    if problems:
        raise DomainError("; ".join(problems))
    r, deviations, units = correlations_of(ref)
    if objective == "information":
        return _report(names, np.ones(len(names)), r, deviations, measure, None, tolerance)
    _refuse_singular(r, units)
    wanted = np.array([1.0 if importance is None else float(importance[name]) for name in names])
    target = np.sqrt(wanted) if measure == "squared" else wanted
    return _report(names, _solve(r, target), r, deviations, measure, wanted / wanted.sum(), tolerance)


def _solve(r: FloatArray, target: FloatArray) -> FloatArray:
    """The u ≥ 0 that makes R u proportional to the target, or as near to it as it can be."""
    from scipy.optimize import nnls

    exact = np.asarray(np.linalg.solve(r, target), np.float64)
    if exact.min() >= -DUST * np.abs(exact).max():
        return np.asarray(np.maximum(exact, 0.0), np.float64)
    return np.asarray(nnls(r, target)[0], np.float64)


def _refuse_singular(r: FloatArray, units: int) -> None:
    values, vectors = np.linalg.eigh(r)
    if values[0] > SINGULAR * values[-1]:
        return
    if units <= len(r):
        raise DomainError(f"{units} units are too few to balance {len(r)} children: many weights give the same")
    involved = np.flatnonzero(np.abs(vectors[:, 0]) > 1e-6)
    raise DomainError("it is a combination of others in the group: many weights give the same", columns=involved)


def _report(
    names: tuple[str, ...],
    u: FloatArray,
    r: FloatArray,
    deviations: FloatArray,
    measure: Measure,
    wanted: FloatArray | None,
    tolerance: float,
) -> BalanceReport:
    weights = u / deviations
    weights /= weights.sum()
    together = r @ u
    rho = together / np.sqrt(u @ together)
    amounts = np.sign(rho) * rho**2 if measure == "squared" else rho
    obtained = amounts / amounts.sum()
    residual = 0.0 if wanted is None else float(np.abs(obtained - wanted).max())
    converged = residual <= tolerance
    message = f"the mean correlation is {rho.mean():.4g}, the largest that weights can give"
    if wanted is not None:
        found = "; ".join(
            f"{name} {share:.2%} of {goal:.2%} wanted, weight {weight:.4g}"
            for name, share, goal, weight in zip(names, obtained, wanted, weights, strict=True)
        )
        start = "the shares are met" if converged else "no weights from 0 on give these shares; the nearest give"
        message = f"{start}: {found} (off by {residual:.2g} at most, tolerance {tolerance:g})"
    return BalanceReport(
        children=names,
        weights=tuple(weights.tolist()),
        correlations=tuple(rho.tolist()),
        obtained=tuple(obtained.tolist()),
        wanted=() if wanted is None else tuple(wanted.tolist()),
        residual=residual,
        converged=converged,
        message=message,
    )
