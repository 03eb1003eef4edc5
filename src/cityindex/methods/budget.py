"""Weights that people state as numbers: points out of a budget, by one expert or several, or simply the weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from cityindex._registry import weighting
from cityindex._values import Percent
from cityindex.errors import DomainError, nearest
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods.ahp import expert_votes

__all__ = ["budget_allocation", "check_budget", "check_given", "given"]

Total = float | Literal["any"]
Combine = Literal["mean", "median"]
Unscored = Literal["refuse", "zero"]


def check_budget(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """Every problem of the options of `budget_allocation` for these children, as texts.

    >>> check_budget({"points": {"Li": {"a": 60, "b": 30}}}, ["a", "b"])
    ['Li: the points add up to 90, not to 100 (total: any divides by their sum)']
    """
    return _allocate(children, **options)[1]


@weighting(check=check_budget)
def budget_allocation(
    ref: FloatArray,
    *,
    points: Mapping[str, Mapping[str, float]],
    total: Total = 100,
    combine: Combine = "mean",
    unscored: Unscored = "refuse",
    expert_weights: Mapping[str, float] | None = None,
    children: Sequence[str] = (),
) -> FloatArray:
    """Weights from a budget of points that each expert gives out among the children.

    w = the mean (or median) over the experts of points / total, over the sum of that over the children.

    Parameters
    ----------
    ref
        Shape (n, k); only k matters.
    points
        The points by expert and child, ``{Li: {income: 60, health: 40}}``, from 0 on.
    total
        What every expert's points have to add up to; ``any``: each expert's are divided by their own sum.
    combine
        ``mean`` or ``median`` across the experts; medians are divided by their sum.
    unscored
        A child that an expert leaves out: ``refuse``, or ``zero`` points.
    expert_weights
        How much each expert counts in the mean, by name; all alike if not said.
    children
        The ids of the children, from the caller.

    Returns
    -------
    Shape (k,), adding up to 1; 0 for a child without points.

    Raises
    ------
    DomainError
        No experts; unknown children; points that are negative or no numbers; an expert whose points do not add up to
        the total (at 12 significant digits) or leave a child out; medians that are all 0; weights of experts with
        medians.

    Notes
    -----
    Peers: pymcdm, scikit-criteria, pyDecision and COINr have none of it; a spreadsheet divides by whatever the points
    add up to, which hides a slip of the pen. Here the total is checked, and dividing by the sum has to be said.

    References
    ----------
    OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6 (budget allocation process),
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> points = {"Li": {"a": 60, "b": 40}, "Wang": {"a": 50, "b": 50}}
    >>> budget_allocation(np.empty((0, 2)), points=points, children=["a", "b"])
    array([0.55, 0.45])
    """
    children = children or [f"child {child + 1}" for child in range(ref.shape[-1])]
    weights, problems = _allocate(
        children,
        points=points,
        total=total,
        combine=combine,
        unscored=unscored,
        expert_weights=expert_weights,
    )
    if problems:
        raise DomainError("; ".join(problems))
    return weights


def check_given(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """Every problem of the options of `given` for these children, as texts.

    >>> check_given({"weights": {"a": Percent(0.6), "b": Percent(0.3)}}, ["a", "b"])
    ['the weights add up to 0.9, not to 1 (total: any divides by their sum)']
    """
    return _given(children, **options)[1]


@weighting(check=check_given)
def given(
    ref: FloatArray,
    *,
    weights: Mapping[str, float | Percent],
    total: float | Percent | Literal["any"] = 1.0,
    children: Sequence[str] = (),
) -> FloatArray:
    """The weights as they are written, so that they can take part in `combined`.

    w = weights / total, once they add up to it.

    Parameters
    ----------
    ref
        Shape (n, k); only k matters.
    weights
        The weight of each child by its id, ``{income: 60%, health: 40%}``, from 0 on.
    total
        What they have to add up to, by which they are divided; ``any``: whatever their sum is.
    children
        The ids of the children, from the caller.

    Returns
    -------
    Shape (k,), adding up to 1.

    Raises
    ------
    DomainError
        A child without a weight or a weight without a child; weights that are negative or no numbers; a sum that is not
        the total (at 12 significant digits).

    Notes
    -----
    Peers: packages take a list of weights in the order of the columns; scikit-criteria and pyDecision then use one that
    adds up to 7 as it stands, and pymcdm warns. Here weights stand by name, and their sum is checked.

    References
    ----------
    OECD and JRC (2008), *Handbook on Constructing Composite Indicators*, step 6,
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> given(np.empty((0, 2)), weights={"a": Percent(0.6), "b": Percent(0.4)}, children=["a", "b"])
    array([0.6, 0.4])
    """
    children = children or [f"child {child + 1}" for child in range(ref.shape[-1])]
    found, problems = _given(children, weights=weights, total=total)
    if problems:
        raise DomainError("; ".join(problems))
    return found


# -- reading ----------------------------------------------------------------------------------------------------------


def _given(
    children: Sequence[str], *, weights: Mapping[str, float | Percent], total: float | str = 1.0
) -> tuple[FloatArray, list[str]]:
    found, problems = _numbers(weights, children, "weight")
    problems += [f"{child} has no weight" for child in children if child not in weights]
    return (_shared(found), problems or _sum(found, total, "weights"))


def _allocate(
    children: Sequence[str],
    *,
    points: Mapping[str, Mapping[str, float]],
    total: float | str = 100,
    combine: Combine = "mean",
    unscored: Unscored = "refuse",
    expert_weights: Mapping[str, float] | None = None,
) -> tuple[FloatArray, list[str]]:
    """The weights, and the problems (then do not use the weights)."""
    votes, problems = expert_votes(list(points), expert_weights)
    if not points:
        problems.append("points: there are no experts")
    if expert_weights is not None and combine == "median":
        problems.append("expert_weights: a median counts every expert alike; leave them out, or combine: mean")
    rows = []
    for expert, own in points.items():
        found, told = _numbers(own, children, "points")
        if unscored == "refuse":
            told += [f"there are no points for {child} (unscored: zero)" for child in children if child not in own]
        found[np.isnan(found)] = 0.0
        told = told or _sum(found, total, "points")
        problems += [f"{expert}: {text}" for text in told]
        rows.append(_shared(found))
    if problems:
        return np.full(len(children), np.nan), problems
    shares = np.array(rows)
    middle = np.median(shares, axis=0) if combine == "median" else (votes[:, None] * shares).sum(axis=0)
    if not middle.sum() > 0:
        return middle, ["the medians of the points are all 0: combine: mean"]
    return _shared(middle), []


def _numbers(said: Mapping[str, Any], children: Sequence[str], what: str) -> tuple[FloatArray, list[str]]:
    """The numbers by child, ``nan`` where none is said; and the problems."""
    found, problems = np.full(len(children), np.nan), []
    for child, value in said.items():
        if child not in children:
            problems.append(f"{child!r} is none of the children.{nearest(child, children)}")
        elif isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            problems.append(f"{child}: {value!r} is no number")
        elif not 0 <= value < math.inf:
            problems.append(f"{child}: {value:g} {what}; a number from 0 on is needed")
        else:
            found[list(children).index(child)] = value
    return found, problems


def _sum(found: FloatArray, total: float | str, what: str) -> list[str]:
    """What is wrong with the sum of what one person gave out."""
    added = float(found.sum())
    if isinstance(total, str):
        return [] if added > 0 else [f"the {what} are all 0"]
    if not 0 < total < math.inf:
        return [f"total: {total:g} is not above 0"]
    if significant(np.array(added)) == significant(np.array(float(total))):
        return []
    return [f"the {what} add up to {added:.12g}, not to {float(total):.12g} (total: any divides by their sum)"]


def _shared(found: FloatArray) -> FloatArray:
    """Divided by the sum; as they are where that is 0 or unknown, which has been told."""
    added = found.sum()
    return np.asarray(found / added if added > 0 else found, np.float64)
