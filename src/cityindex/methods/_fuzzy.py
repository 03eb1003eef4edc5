"""Triangular fuzzy judgements: how they are read, and the weights they give. Arrays end in (low, middle, high)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._judgements import each_said, pair_name, problem_of, reciprocal
from cityindex.methods._ladder import at_place, place_of

__all__ = ["FuzzyJudgements", "centroid", "extent_weights", "fuzzy_weights", "read_fuzzy"]

Fuzzy = float | tuple[float, float, float] | None
FuzzyJudgements = tuple[tuple[Fuzzy, ...], ...] | Mapping[str, Mapping[str, Fuzzy]]


def read_fuzzy(judgements: FuzzyJudgements, children: Sequence[str], spread: float) -> tuple[FloatArray, list[str]]:
    """The judgements as an array, (k, k, 3), ``nan`` where none was made; and the problems (then do not use it).

    A judgement is [low, middle, high], or a number that is spread by so many steps of the scale on either side. Of a
    pair said in both directions the one whose middle is from 1 on counts, and the other has to be its reciprocal.

    >>> read_fuzzy({"a": {"b": 3}}, ["a", "b"], 1.0)[0][:, :, 0]
    array([[1.  , 2.  ],
           [0.25, 1.  ]])
    """
    problems: list[str] = []
    said: dict[tuple[int, int], tuple[float, float, float]] = {}
    for row, column, value in each_said(judgements, children, problems):
        if value is None:
            continue
        problem = _problem(value, row == column)
        if problem:
            problems.append(f"{pair_name(children, row, column)}: {problem}")
        else:
            said[row, column] = _triangle(value, 0.0 if row == column else spread)
    found = np.full((len(children), len(children), 3), np.nan)
    found[np.arange(len(children)), np.arange(len(children))] = 1.0
    for (row, column), value in said.items():
        other = said.get((column, row))
        if row == column or (other is not None and (other[1], row) > (value[1], column)):
            continue  # the larger of the two counts
        found[row, column], found[column, row] = value, _inverse(value)
        if other is not None and not all(
            reciprocal(max(one, two), min(one, two)) for one, two in zip(value, other[::-1], strict=True)
        ):
            problems.append(
                f"{pair_name(children, column, row)}: {_written(other)} is not the reciprocal of {_written(value)} "
                f"({pair_name(children, row, column)}); it should be {_written(_inverse(value))}"
            )
    return found, list(dict.fromkeys(problems))


def fuzzy_weights(judgements: FloatArray) -> FloatArray:
    """Buckley's weights as triangular numbers, (…, k, k, 3) → (…, k, 3): geometric means of the rows over their sum.

    >>> fuzzy_weights(read_fuzzy({"a": {"b": (3, 4, 5)}}, ["a", "b"], 0.0)[0]).round(3)
    array([[0.616, 0.8  , 1.026],
           [0.159, 0.2  , 0.265]])
    """
    means = np.exp(np.log(judgements).mean(axis=-2))
    return np.asarray(means / means.sum(axis=-2, keepdims=True)[..., ::-1], np.float64)


def centroid(triangles: FloatArray) -> FloatArray:
    """The middle of gravity of triangular numbers, (low + middle + high) / 3, (…, 3) → (…)."""
    return np.asarray(triangles.sum(axis=-1) / 3, np.float64)


def extent_weights(judgements: FloatArray) -> FloatArray:
    """Chang's weights, (k, k, 3) → (k,): how possible it is that a child's extent is no less than every other's.

    >>> extent_weights(read_fuzzy({"a": {"b": (2 / 3, 1.25, 2)}}, ["a", "b"], 0.0)[0]).round(3)
    array([0.551, 0.449])
    """
    sums = judgements.sum(axis=-2)
    low, middle, high = np.moveaxis(sums / sums.sum(axis=0)[::-1], -1, 0)
    drop = middle[None, :] - middle[:, None]  # of the other's middle over a child's own
    overlap = high[:, None] - low[None, :]
    with np.errstate(invalid="ignore"):  # 0 / 0: two crisp extents at one place, which the first case covers
        meets = overlap / (overlap + drop)
    possible = np.where(drop <= 0, 1.0, np.where(overlap <= 0, 0.0, meets)).min(axis=1)
    return np.asarray(possible / possible.sum(), np.float64)


def _problem(value: Any, diagonal: bool) -> str:
    if not _is_triangle(value):
        return problem_of(value, diagonal)
    told = [problem_of(part, diagonal) for part in value]
    if any(told):
        return next(filter(None, told))
    if len(value) != 3 or not value[0] <= value[1] <= value[2]:
        return f"{_written(value)} is no fuzzy judgement; [low, middle, high] is needed, in this order"
    return ""


def _is_triangle(value: Any) -> bool:
    return isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)


def _triangle(value: Any, spread: float) -> tuple[float, float, float]:
    if _is_triangle(value):
        return float(value[0]), float(value[1]), float(value[2])
    low, high = at_place(place_of(np.array([value], np.float64))[0] + np.array([-spread, spread]))
    return (float(low), float(value), float(high)) if spread else (float(value),) * 3


def _inverse(value: tuple[float, float, float]) -> tuple[float, float, float]:
    return 1 / value[2], 1 / value[1], 1 / value[0]


def _written(value: Sequence[float]) -> str:
    return "[" + ", ".join("nan" if math.isnan(part) else f"{part:.4g}" for part in value) + "]"
