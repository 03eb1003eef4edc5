"""From loadings to weights: which sign counts, which factor a child belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._rotation import varimax
from cityindex.methods._spread import as_weights

__all__ = [
    "DISTINCT",
    "Rotation",
    "Signs",
    "by_own_factor",
    "count_problems",
    "refuse_either_sign",
    "rotated",
    "settle_signs",
    "turn",
]

Signs = Literal["refuse", "absolute", "drop"]
Rotation = Literal["none", "varimax"]
ROTATIONS: dict[str, Callable[[FloatArray], FloatArray]] = {"none": np.asarray, "varimax": varimax}
DUST = 1e-12
DISTINCT = 1e-9  # relative: eigenvalues nearer than this are the same, and their vectors arbitrary


def turn(ref: FloatArray, directions: FloatArray | None) -> FloatArray:
    """Raw columns with the sign that makes more better."""
    return ref if directions is None else ref * np.where(np.asarray(directions, np.float64) < 0, -1.0, 1.0)


def rotated(loadings: FloatArray, rotation: Rotation) -> FloatArray:
    """Loadings (k, m) after the rotation; one factor cannot be turned."""
    return ROTATIONS[rotation](loadings) if loadings.shape[1] > 1 else loadings


def settle_signs(coefficients: FloatArray, signs: Signs, what: str) -> FloatArray:
    """Coefficients from 0 on, (k,): negative ones are refused, taken by size, or dropped (0), as `signs` says."""
    negative = coefficients < -DUST
    if negative.any() and signs == "refuse":
        raise DomainError(
            f"its {what} is negative: it moves against the others, and no weight can be negative. Is its direction "
            "right, and does it belong in this group? (signs: absolute goes by size, signs: drop gives it no weight)",
            columns=np.flatnonzero(negative),
        )
    return np.abs(coefficients) if signs == "absolute" else np.maximum(coefficients, 0.0)


def refuse_either_sign(loadings: FloatArray) -> None:
    """Refuse factors (k, m) whose largest loadings are as large in both directions: which sign they have is arbitrary.

    >>> refuse_either_sign(np.array([[0.8, 0.6], [0.8, -0.6]]))
    Traceback (most recent call last):
    cityindex.errors.DomainError: factor 2 has loadings as large in both directions: its sign, and the weights with ...
    """
    top, bottom = significant(loadings.max(axis=0)), significant(-loadings.min(axis=0))
    for factor in np.flatnonzero(top == bottom):
        raise DomainError(
            f"factor {factor + 1} has loadings as large in both directions: its sign, and the weights with it, would "
            "be arbitrary"
        )


def by_own_factor(loadings: FloatArray, signs: Signs, what: str) -> FloatArray:
    """Weights in proportion to each child's largest squared loading, (k,) from (k, m).

    Children with their largest loading on the same factor form its group: within it weights go by squared loadings,
    and each group counts by the variance that its factor explains; so all of them go by squared loadings. Each factor
    has the sign that makes the largest loading of its own children positive.

    >>> by_own_factor(np.array([[-0.8, 0.0], [-0.4, 0.2], [0.1, 1.0]]), "refuse", "loading").round(3)
    array([0.356, 0.089, 0.556])
    """
    size = significant(np.abs(loadings))
    own = size.argmax(axis=1)
    largest = loadings[np.arange(len(loadings)), own]
    for factor in np.unique(own):
        if signs == "drop":
            refuse_either_sign(largest[own == factor][:, None])
        members = np.flatnonzero(own == factor)
        leader = members[size[members, factor].argmax()]
        if largest[leader] < 0:
            largest[members] *= -1
    return as_weights(settle_signs(largest, signs, what) ** 2, "no child has a loading")


def count_problems(name: str, value: int | None) -> list[str]:
    """What is wrong with a number of factors, as texts."""
    return [] if value is None or value >= 1 else [f"{name}: {value} is not a number from 1 on"]
