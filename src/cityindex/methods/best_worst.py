"""The best-worst method: the best child compared with the others, and the others with the worst.

`best_worst` is the weighting; `analyse_best_worst` gives the weights with all that can be said of the judgements.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from cityindex._registry import weighting
from cityindex._values import Frozen
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._best_worst_report import BestWorstReport, Model, Others, Said, read_said, report_on
from cityindex.methods._judgements import unknown_words
from cityindex.methods.ahp import expert_votes

__all__ = ["BestWorstReport", "analyse_best_worst", "best_worst", "check_best_worst"]


def check_best_worst(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """Every problem of the options of `best_worst` for these children, as texts.

    >>> check_best_worst({"best": "a", "worst": "c", "best_to_others": {"b": 2}, "others_to_worst": {"b": 2}}, "abc")
    ['best_to_others: a over c, the best over the worst, is missing']
    """
    return _study(children, **options)[1]


@weighting(check=check_best_worst)
def best_worst(
    ref: FloatArray,
    *,
    best: str | None = None,
    worst: str | None = None,
    best_to_others: Others | None = None,
    others_to_worst: Others | None = None,
    experts: Mapping[str, Said] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    model: Model = "linear",
    limit: float | None = None,
    children: Sequence[str] = (),
) -> FloatArray:
    """Weights by the best-worst method (BWM): 2k − 3 judgements instead of k (k − 1) / 2.

    Linear: the least ξ with |w_best − a·w| ≤ ξ and |w − b·w_worst| ≤ ξ for every child, where a is the best over it and
    b it over the worst. Nonlinear: the same of the ratios, |w_best / w − a| ≤ ξ and |w / w_worst − b| ≤ ξ.

    Parameters
    ----------
    ref
        Shape (n, k); only k matters.
    best, worst
        The ids of the most and the least important child.
    best_to_others
        How many times as important the best is as each other child, by id, from 1 to 9.
    others_to_worst
        How many times as important each other child is as the worst, by id, from 1 to 9.
    experts
        These four of each of several experts, by name, instead; the weights are the mean of theirs.
    expert_weights
        How much each expert counts, by name; all alike if not said.
    model
        ``linear`` (one solution), or ``nonlinear`` (an interval for each weight: their middles, over the sum of them).
    limit
        The largest input-based consistency ratio, the largest |a·b − top| / (top² − top) where top is the best over
        the worst. If not said, the published one for so many children and such a top (up to 9 children, whole tops).
    children
        The ids of the children, from the caller.

    Returns
    -------
    Shape (k,), positive and adding up to 1. Consistent judgements (a·b = top throughout) are met exactly.

    Raises
    ------
    DomainError
        Judgements that are missing, none, below 1, above 9 or above the best over the worst; more inconsistent than the
        limit, naming the child; judgements for which there is no published limit, where none is said; a child that
        the linear model gives no weight.

    Notes
    -----
    Peers: pyDecision minimises a penalised objective with a general optimiser and prints a ratio that it compares with
    nothing; the author's spreadsheets solve the linear program, as here. The output-based ratio, ξ over its index, is
    known only after solving and can pass 1: it is in the report, and the input-based one decides.

    References
    ----------
    J. Rezaei (2015), Best-worst multi-criteria decision-making method, *Omega* 53, 49–57,
    https://doi.org/10.1016/j.omega.2014.11.009
    J. Rezaei (2016), Best-worst multi-criteria decision-making method: some properties and a linear model, *Omega* 64,
    126–130, https://doi.org/10.1016/j.omega.2015.12.001
    F. Liang, M. Brunelli, J. Rezaei (2020), Consistency issues in the best worst method: measurements and thresholds,
    *Omega* 96, 102175, https://doi.org/10.1016/j.omega.2019.102175

    Examples
    --------
    >>> said = {"best_to_others": {"load": 8, "access": 2}, "others_to_worst": {"access": 5, "cost": 8}}
    >>> names = ["load", "access", "cost"]
    >>> best_worst(np.empty((0, 3)), best="cost", worst="load", model="nonlinear", children=names, **said).round(4)
    array([0.0714, 0.3387, 0.5899])
    """
    children = children or [f"child {child + 1}" for child in range(ref.shape[-1])]
    report, problems = _study(
        children,
        best=best,
        worst=worst,
        best_to_others=best_to_others,
        others_to_worst=others_to_worst,
        experts=experts,
        expert_weights=expert_weights,
        model=model,
        limit=limit,
    )
    if problems or report is None:
        raise DomainError("; ".join(problems))
    return np.array(report.weights)


def analyse_best_worst(
    children: Sequence[str],
    *,
    best: str | None = None,
    worst: str | None = None,
    best_to_others: Others | None = None,
    others_to_worst: Others | None = None,
    experts: Mapping[str, Said] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    model: Model = "linear",
) -> BestWorstReport:
    """Weights and consistency of best-worst judgements, however inconsistent; the options are those of `best_worst`.

    >>> said = {"best_to_others": {"a": 8, "b": 2}, "others_to_worst": {"b": 5, "c": 8}}
    >>> report = analyse_best_worst(["a", "b", "c"], best="c", worst="a", model="nonlinear", **said)
    >>> round(report.xi, 2), round(report.output_ratio, 3), round(report.consistency_ratio, 4), report.worst_judged
    (0.26, 0.058, 0.0357, 'b')
    """
    report, problems = _study(
        children,
        best=best,
        worst=worst,
        best_to_others=best_to_others,
        others_to_worst=others_to_worst,
        experts=experts,
        expert_weights=expert_weights,
        model=model,
        limit=math.inf,
    )
    if problems or report is None:
        raise DomainError("; ".join(problems))
    return report


def _study(
    children: Sequence[str],
    *,
    best: str | None = None,
    worst: str | None = None,
    best_to_others: Others | None = None,
    others_to_worst: Others | None = None,
    experts: Mapping[str, Said] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    model: Model = "linear",
    limit: float | None = None,
) -> tuple[BestWorstReport | None, list[str]]:
    """The report, or None where the judgements are unusable; and the problems, consistency among them."""
    alone = {"best": best, "worst": worst, "best_to_others": best_to_others, "others_to_worst": others_to_worst}
    own: dict[str, Any] = {key: value for key, value in alone.items() if value is not None}
    problems = unknown_words(model=(model, get_args(Model)))
    problems += [f"limit: {limit:g} is below 0"] if limit is not None and limit < 0 else []
    if own and experts:
        problems.append("experts and judgements of its own: only one of the two can be said")
    said: Mapping[str, Said] = experts if experts and not own else {"": own}
    votes, found = expert_votes(list(said), expert_weights)
    problems += found
    reports: dict[str, BestWorstReport] = {}
    for expert, judged in said.items():
        read, found = read_said(judged, children)
        if read is not None and not found:
            reports[expert] = report_on(*read, children, model)
            found = reports[expert].problems(limit)
        problems += [f"expert {expert}: {text}" if expert else text for text in found]
    if len(reports) < len(said):
        return None, problems
    return (reports[""] if own or not experts else _mean(reports, votes)), problems


def _mean(reports: Mapping[str, BestWorstReport], votes: FloatArray) -> BestWorstReport:
    """The experts' mean weights; the rest is that of the least consistent one."""
    weights = np.array([report.weights for report in reports.values()]) * votes[:, None]
    least = max(reports.values(), key=lambda report: report.consistency_ratio)
    mean = weights.sum(axis=0)
    return replace(least, weights=tuple((mean / mean.sum()).tolist()), experts=Frozen(reports))
