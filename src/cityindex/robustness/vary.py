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

from cityindex._values import Frozen, freeze
from cityindex.errors import ScoreError, nearest
from cityindex.robustness.choices import (
    Bootstrap,
    Errors,
    GivenWeights,
    Judgements,
    LeaveOut,
    Methods,
    PolytopeWeights,
    RandomWeights,
    Rounding,
)

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
    chosen = law or "factor"
    if chosen not in LAWS:
        raise ScoreError(f"unknown law of weights {chosen!r}; allowed: {', '.join(LAWS)}.{nearest(chosen, LAWS)}")
    amount = {"dirichlet": concentration, "factor": factor, "simplex": 0.0}[chosen]
    return RandomWeights(chosen, amount, _names(groups), label=label)


def weights_between(
    limits: Mapping[str, Mapping[str, tuple[float, float]]], *, label: str = "weights"
) -> RandomWeights:
    """Weights uniform within limits: group → child → (lowest, highest share); a child that is not named is free."""
    said = {
        group: Frozen({child: _pair(group, child, pair) for child, pair in own.items()})
        for group, own in limits.items()
    }
    return RandomWeights("between", 0.0, None, Frozen(said), label)


def given_weights(
    sets: Sequence[Mapping[str, Mapping[str, float]]], *, in_turn: bool = False, label: str = "weights"
) -> GivenWeights:
    """One of several sets of weights (group → child → weight) in each draw, at random or in turn."""
    if not sets:
        raise ScoreError("no set of weights is given")
    return GivenWeights(tuple({group: dict(own) for group, own in one.items()} for one in sets), in_turn, label)


def region(group: str, points: npt.ArrayLike, *, label: str = "weights") -> PolytopeWeights:
    """Weights of one group from equally likely points of a region, such as `Identification.sample` gives; m × k."""
    return PolytopeWeights(group, np.asarray(points, np.float64), label)


def judgements(group: str, *, spread: float = 1.0, label: str = "judgements") -> Judgements:
    """The judgements behind a group's `ahp`, each moved by up to `spread` steps of Saaty's scale."""
    return Judgements(group, spread, label)


def methods(
    path: str, alternatives: Sequence[Any], *, in_turn: Sequence[int] | None = None, label: str = ""
) -> Methods:
    """Alternatives for a method, each as likely as the others; say the one of the spec among them if it may stay.

    Parameters
    ----------
    path
        ``score.aggregate``, ``economy.weights``, ``indicators.steps`` (every indicator), ``gdp.steps[0]`` (one step).
    alternatives
        As they would stand in a spec: ``["arithmetic", "geometric"]``, ``[["minmax"], ["zscore"]]``.
    in_turn
        Which of them each draw has, by its number (a replay of somebody else's draws); None: at random.
    """
    if len(alternatives) < 2:
        raise ScoreError(f"{path}: {len(alternatives)} alternatives; two or more are wanted")
    return Methods(path, tuple(alternatives), tuple(in_turn or ()), label or path)


def leave_out(nodes: str | Sequence[str], *, label: str = "left out") -> LeaveOut:
    """One of some nodes left out in a draw, or none, each as likely."""
    names = _names(nodes)
    assert names is not None  # it was given
    return LeaveOut(names, label)


def rounding(units: Mapping[str, float], *, label: str = "rounding") -> Rounding:
    """Columns that were rounded: node → the unit of its last digit (0.1: one decimal)."""
    return Rounding(freeze(dict(units)), label)


def errors(deviations: Mapping[str, float], *, relative: bool = False, label: str = "errors") -> Errors:
    """Columns with normal errors: node → standard deviation, or (`relative`) its share of the number."""
    return Errors(freeze(dict(deviations)), relative, label)


def bootstrap(*, label: str = "reference") -> Bootstrap:
    """Everything that is learned (minima, means, weights, cuts) learned from a resample of the reference units."""
    return Bootstrap(label)


def _names(said: str | Sequence[str] | None) -> tuple[str, ...] | None:
    return None if said is None else (said,) if isinstance(said, str) else tuple(said)


def _pair(group: str, child: str, pair: Any) -> tuple[float, float]:
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ScoreError(f"limits of {child} in {group}: {pair!r}; (lowest, highest share) is wanted")
    return float(pair[0]), float(pair[1])
