"""Best-worst judgements as they are written, to arrays; what can be said of them; every problem in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cityindex._values import Frozen
from cityindex.errors import nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods._best_worst import consistency_index, input_ratios, linear, nonlinear, threshold
from cityindex.methods._judgements import pair_name, problem_of

__all__ = ["BestWorstReport", "Model", "Others", "Said", "read_said", "report_on"]

Model = Literal["linear", "nonlinear"]
Others = Mapping[str, float]
Said = Mapping[str, str | Others]  # best, worst, best_to_others, others_to_worst
Read = tuple[FloatArray, FloatArray, int, int]
KEYS = ("best", "worst", "best_to_others", "others_to_worst")
CONSISTENT = 1e-12  # ratios up to here are float dust
END = 9  # of the scale


@dataclass(frozen=True, slots=True)
class BestWorstReport:
    """The weights that best-worst judgements give, and how consistent they are.

    Attributes
    ----------
    children
        What is judged, in order.
    weights
        One per child, adding up to 1.
    low, high
        The lowest and the highest weight of each child; the same as `weights` for the linear model.
    xi
        ξ, the model's largest deviation: of ratios in the nonlinear model, of weights in the linear one.
    ratios
        The input-based consistency ratio of each child, ``|over · under − top| / (top² − top)``.
    consistency_ratio
        The largest of them.
    limit
        The published one for so many children and such a best over the worst; None where there is none.
    output_ratio
        The nonlinear ξ over the consistency index (Rezaei 2015).
    worst_judged
        The child whose two judgements are furthest from the best over the worst; empty where all are consistent.
    experts
        A report on each expert, by name; `weights` are then the mean of theirs, and the rest is that of the least
        consistent one.
    worst_words
        The judgements about `worst_judged`, in words.
    """

    children: tuple[str, ...]
    weights: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    xi: float
    ratios: tuple[float, ...]
    consistency_ratio: float
    limit: float | None
    output_ratio: float
    worst_judged: str = ""
    experts: Mapping[str, BestWorstReport] = field(default_factory=Frozen)
    worst_words: str = ""

    def problems(self, limit: float | None = None) -> list[str]:
        """What is wrong with judgements that are less consistent than the limit (None: the published one), as texts."""
        ratio, allowed = self.consistency_ratio, self.limit if limit is None else limit
        if ratio > 0 and allowed is None:
            return [
                f"no limit is published for {len(self.children)} children and such a best over the worst; the "
                f"consistency ratio is {ratio:.4g} (largest at {self.worst_words}): say a limit"
            ]
        if ratio > 0 and allowed is not None and ratio > allowed:
            return [
                "the judgements contradict one another: their input-based consistency ratio is "
                f"{ratio:.4g}, and the limit is {allowed:g}; the worst is {self.worst_words}"
            ]
        zero = [child for child, weight in zip(self.children, self.weights, strict=True) if weight == 0]
        return [f"the linear model gives no weight at all to {', '.join(zero)}; use model: nonlinear"] if zero else []


def report_on(
    over: FloatArray, under: FloatArray, best: int, worst: int, children: Sequence[str], model: Model
) -> BestWorstReport:
    """Weights and consistency: the best over each child, each over the worst, and where these two are."""
    top = float(over[worst])
    ratios = input_ratios(over, under, top)
    ratios = np.where(ratios > CONSISTENT, ratios, 0.0)
    low, high, xi = nonlinear(over, under, best, worst)
    output = xi / consistency_index(top) if xi > 0 else 0.0
    weights = (low + high) / 2
    if model == "linear":
        weights, xi = linear(over, under, best, worst)
        low = high = weights
    at = int(np.argmax(ratios))
    words = f"{children[at]}: {over[at]:.4g} × {under[at]:.4g} = {over[at] * under[at]:.4g}, where "
    words += f"{pair_name(children, best, worst)} is {top:.4g}"
    return BestWorstReport(
        children=tuple(children),
        weights=tuple((weights / weights.sum()).tolist()),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        xi=xi,
        ratios=tuple(ratios.tolist()),
        consistency_ratio=float(ratios[at]),
        limit=threshold(top, len(children)),
        output_ratio=output,
        worst_judged=children[at] if ratios[at] > 0 else "",
        worst_words=words if ratios[at] > 0 else "",
    )


# -- reading ----------------------------------------------------------------------------------------------------------


def read_said(said: Mapping[str, Any], children: Sequence[str]) -> tuple[Read | None, list[str]]:
    """The best over each child, each over the worst, where these two are; and the problems (then do not use them)."""
    problems = [f"{key!r} is none of what is said.{nearest(key, KEYS)}" for key in said if key not in KEYS]
    problems += [f"{key} is missing" for key in KEYS if key not in said]
    if problems:
        return None, problems
    ends = (said["best"], said["worst"])
    for key, child in zip(KEYS[:2], ends, strict=True):
        if child not in children:
            problems.append(f"{key}: {child!r} is none of the children.{nearest(str(child), children)}")
    if not problems and ends[0] == ends[1]:
        problems.append(f"best and worst are both {ends[0]}: two different children are needed")
    if problems:
        return None, problems
    best, worst = (children.index(child) for child in ends)
    over = _vector(said, "best_to_others", best, children, problems)
    under = _vector(said, "others_to_worst", worst, children, problems)
    if math.isnan(over[worst]) and not problems:
        over[worst] = under[best]  # the best over the worst may stand in either
    if math.isnan(under[best]) and not problems:
        under[best] = over[worst]
    found = problems or _missing(over, under, best, worst, children)
    return (over, under, best, worst), found or _contradictions(over, under, best, worst, children)


def _vector(said: Mapping[str, Any], key: str, own: int, children: Sequence[str], problems: list[str]) -> FloatArray:
    """The judgements of one of the two lists, 1 for the child that the list is about, ``nan`` where none is said."""
    found = np.full(len(children), np.nan)
    found[own] = 1.0
    if not isinstance(said[key], Mapping):
        problems.append(f"{key}: the judgements by child are needed, as {{child: number}}")
        return found
    for child, value in said[key].items():
        if child not in children:
            problems.append(f"{key}: {child!r} is none of the children.{nearest(child, children)}")
            continue
        at = children.index(child)
        problem = problem_of(value, at == own)
        if not problem and not 1 <= value <= END:
            problem = f"{value:g} is not between 1 and {END}: the best and the worst are what they are called"
        if problem:
            problems.append(f"{key}: {child}: {problem}")
        else:
            found[at] = value
    return found


def _missing(over: FloatArray, under: FloatArray, best: int, worst: int, children: Sequence[str]) -> list[str]:
    told = []
    for at in range(len(children)):
        if math.isnan(over[at]):
            what = ", the best over the worst," if at == worst else ""
            told.append(f"best_to_others: {pair_name(children, best, at)}{what} is missing")
        if math.isnan(under[at]) and at != best:
            told.append(f"others_to_worst: {pair_name(children, at, worst)} is missing")
    return told


def _contradictions(over: FloatArray, under: FloatArray, best: int, worst: int, children: Sequence[str]) -> list[str]:
    told = []
    top, again = over[worst], under[best]
    if top != again:
        told.append(
            f"{pair_name(children, best, worst)} is {top:g} in best_to_others and {again:g} in others_to_worst: "
            "the two have to be the same"
        )
    for at in range(len(children)):
        if over[at] > top:
            told.append(
                f"best_to_others: {pair_name(children, best, at)}, {over[at]:g}, is more than over the worst, {top:g}"
            )
        if under[at] > again:
            told.append(
                f"others_to_worst: {pair_name(children, at, worst)}, {under[at]:g}, is more than that of the best, "
                f"{again:g}"
            )
    return told
