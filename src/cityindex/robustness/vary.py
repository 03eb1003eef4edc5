"""What may differ in a robustness run: weights, methods, data, the tree. Each function makes one choice.

>>> import cityindex as ci
>>> ci.vary.weights("dirichlet", concentration=100).law, ci.vary.weights(factor=0.25).amount
('dirichlet', 0.25)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cityindex._values import Frozen
from cityindex.errors import ScoreError
from cityindex.robustness._asked import mapping, names, number, one_of, whole
from cityindex.robustness.choices import GivenWeights, Judgements, LeaveOut, Methods, PolytopeWeights, RandomWeights
from cityindex.robustness.data_choices import Bootstrap, Errors, Rounding

__all__ = [
    "bootstrap",
    "errors",
    "given_weights",
    "judgements",
    "leave_out",
    "methods",
    "region",
    "rounding",
    "weights",
    "weights_between",
]

LAWS = ("dirichlet", "simplex", "factor")


def weights(
    law: Literal["dirichlet", "simplex", "factor"] | None = None,
    *,
    concentration: float = 100.0,
    factor: float = 0.25,
    groups: str | Sequence[str] | None = None,
    label: str = "weights",
) -> RandomWeights:
    """Random weights in every group, or in those named; each group is drawn on its own.

    Parameters
    ----------
    law
        ``dirichlet``: around the nominal shares, the nearer the larger the `concentration` (a share s has the
        standard deviation √(s (1 − s) / (concentration + 1))). ``simplex``: every set of weights is as likely as any
        other, whatever the nominal ones. ``factor``: each weight times a number uniform in 1 ± `factor`. None:
        ``factor``.
    groups
        The groups that are weighed; None: every group with several children whose aggregate takes weights.
    label
        What the choice is called in shares.

    Raises
    ------
    ScoreError
        An unknown law.
    """
    chosen = "factor" if law is None else one_of("law of weights", law, LAWS)
    given = {"concentration": number("concentration", concentration), "factor": number("factor", factor)}
    amount = {"dirichlet": given["concentration"], "factor": given["factor"], "simplex": 0.0}[chosen]
    return RandomWeights(chosen, amount, None if groups is None else names("groups", groups), label=label)


def weights_between(
    limits: Mapping[str, Mapping[str, tuple[float, float]]], *, label: str = "weights"
) -> RandomWeights:
    """Weights uniform within limits: group → child → (lowest, highest share); a child that is not named is free.

    Shares are those of what the weights of the group add up to, in a sum too.
    """
    wanted = "{group: {child: (lowest, highest share)}}"
    said = {
        group: Frozen(
            {child: _pair(group, child, pair) for child, pair in mapping(f"limits of {group}", own, wanted).items()}
        )
        for group, own in mapping("limits", limits, wanted).items()
    }
    return RandomWeights("between", 0.0, None, Frozen(said), label)


def given_weights(
    sets: Sequence[Mapping[str, Mapping[str, float]]], *, in_turn: bool = False, label: str = "weights"
) -> GivenWeights:
    """One of several sets of weights (group → child → weight) in each draw, at random or in turn."""
    if not isinstance(sets, Sequence) or not sets:
        raise ScoreError(f"no set of weights is given: {sets!r}; a list of {{group: {{child: weight}}}} is wanted")
    return GivenWeights(tuple(_set(place, one) for place, one in enumerate(sets)), in_turn, label)


def region(
    group: str, points: npt.ArrayLike, *, children: Sequence[str] | None = None, label: str = "weights"
) -> PolytopeWeights:
    """Weights of one group from equally likely points of a region, such as `Identification.sample` gives; m × k.

    `children` names the columns (``found.children``); None: they stand in the order of the group.
    """
    try:
        rows = np.asarray(points, np.float64)
    except (TypeError, ValueError):
        raise ScoreError(f"points of {group}: numbers are wanted, a row of weights for each point") from None
    return PolytopeWeights(group, rows, label, None if children is None else tuple(children))


def judgements(group: str, *, spread: int = 1, label: str = "judgements") -> Judgements:
    """The judgements behind a group's `ahp`, each moved by up to `spread` (whole) steps of Saaty's scale."""
    return Judgements(group, whole("spread", spread, 0), label)


def methods(
    path: str, alternatives: Sequence[Any], *, in_turn: Sequence[int] | None = None, label: str = ""
) -> Methods:
    """Alternatives for a method, each as likely as the others; say the one of the spec among them if it may stay.

    Parameters
    ----------
    path
        ``score.aggregate``, ``economy.weights``, ``indicators.steps`` (every indicator), ``gdp.steps[0]`` (one step).
    alternatives
        As they would stand in a spec: ``["arithmetic", "geometric"]``, ``[["minmax"], ["zscore"]]``. Of weights None
        are those that are written at the children: ``[None, "equal", "entropy"]``.
    in_turn
        Which of them each draw has, by its number (a replay of somebody else's draws); None: at random.
    """
    if not isinstance(path, str):
        raise ScoreError(f"{path!r} is no path to a method, such as 'score.aggregate'")
    if isinstance(alternatives, str) or not isinstance(alternatives, Sequence) or len(alternatives) < 2:
        raise ScoreError(f"{path}: alternatives {alternatives!r}; two or more are wanted, in a list")
    turns = () if in_turn is None else tuple(whole(f"{path}: in_turn", int(place), 0) for place in in_turn)
    if in_turn is not None and (not turns or max(turns) >= len(alternatives)):
        raise ScoreError(
            f"{path}: in_turn {in_turn!r}; numbers of the {len(alternatives)} alternatives, from 0 on, are wanted"
        )
    return Methods(path, tuple(alternatives), turns, label or path)


def leave_out(nodes: str | Sequence[str], *, label: str = "left out") -> LeaveOut:
    """One of some nodes left out in a draw, or none, each as likely."""
    return LeaveOut(names("nodes left out", nodes), label)


def rounding(units: Mapping[str, float], *, label: str = "rounding") -> Rounding:
    """Columns that were rounded: node → the unit of its last digit (0.1: one decimal)."""
    return Rounding(_amounts("rounding", units), label)


def errors(deviations: Mapping[str, float], *, relative: bool = False, label: str = "errors") -> Errors:
    """Columns with normal errors: node → standard deviation, or (`relative`) its share of the number."""
    return Errors(_amounts("errors", deviations), relative, label)


def bootstrap(*, label: str = "reference") -> Bootstrap:
    """Everything that is learned (minima, means, weights, cuts) learned from a resample of the reference units."""
    return Bootstrap(label)


def _amounts(name: str, said: Any) -> Frozen:
    """Node → a number from 0 on."""
    read = mapping(name, said, "{node: number}")
    return Frozen({node: number(str(node), amount, least=0) for node, amount in read.items()})


def _set(place: int, said: Any) -> dict[str, dict[str, float]]:
    """One set of weights, as numbers."""
    name = f"set {place} of the given weights"
    groups = mapping(name, said, "{group: {child: weight}}")
    return {
        group: {
            child: number(f"{name}, {group}.{child}", weight)
            for child, weight in mapping(f"{name}, {group}", own, "{child: weight}").items()
        }
        for group, own in groups.items()
    }


def _pair(group: str, child: str, pair: Any) -> tuple[float, float]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ScoreError(f"limits of {child} in {group}: {pair!r}; (lowest, highest share) is wanted")
    low, high = (number(f"limits of {child} in {group}", end) for end in pair)
    return low, high
