"""What the kernels share: decimal rounding, learned words, linear maps, sums over children.

Kernels take and return float64; ``nan`` is missing. Columns stand on the last axis, units on the one before it; a
step's parameters hold one entry per column and broadcast over the last axis. Nothing here mixes the rows of `x`, so
that a unit's value is the same to the last bit whoever else is in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError, nearest
from cityindex.methods._decimals import COMPARED, FloatArray, significant
from cityindex.methods._summary import Summary

__all__ = [
    "COMPARED",
    "WORDS",
    "BoolArray",
    "FloatArray",
    "add_children",
    "cells_of",
    "extremes",
    "is_word",
    "learn_words",
    "like",
    "linear",
    "mean",
    "per_column",
    "quantile",
    "refuse_constant",
    "significant",
    "statistic",
    "to_problems",
    "to_sign",
    "word_problems",
]

BoolArray = npt.NDArray[np.bool_]

WORDS = ("min", "max", "mean", "median")
PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)")
SHOWN = 20  # cells named in one error


# -- what is learned of a column --------------------------------------------------------------------------------------


def is_word(value: object) -> bool:
    """Whether it names something that is learned: min, max, mean, median, or a percentile such as p5 or p97.5.

    >>> [is_word(value) for value in ("max", "p97.5", "p101", "maximum", 5)]
    [True, True, False, False, False]
    """
    if not isinstance(value, str):
        return False
    percentile = PERCENTILE.fullmatch(value)
    return value in WORDS or (percentile is not None and float(percentile[1]) <= 100)


def word_problems(name: str, value: object) -> list[str]:
    """What is wrong with an option that takes a number or a word, as texts.

    >>> word_problems("low", "medain")
    ["low: 'medain' is neither a number nor a word to be learned. Did you mean 'median'?"]
    """
    if not isinstance(value, str) or is_word(value):
        return []
    hint = nearest(value, (*WORDS, "p5", "p95"))
    return [f"{name}: {value!r} is neither a number nor a word to be learned.{hint}"]


def extremes(ref: FloatArray | Summary) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest number of each column, shape (k,), ``nan`` ignored; a column without any is refused."""
    if ref.shape[0] == 0:
        raise DomainError("there is no unit to learn from", columns=range(ref.shape[-1]))
    if isinstance(ref, Summary):
        _refuse_empty(np.isnan(ref.low))
        return ref.low, ref.high
    low, high = ref.min(axis=0), ref.max(axis=0)
    if np.isnan(low).any():
        low, high = np.fmin.reduce(ref, axis=0), np.fmax.reduce(ref, axis=0)
        _refuse_empty(np.isnan(low))
    return low, high


def _refuse_empty(empty: BoolArray) -> None:
    if empty.any():
        raise DomainError("the column has no number to learn from", columns=np.flatnonzero(empty))


def refuse_constant(low: FloatArray, high: FloatArray, what: str) -> None:
    """Refuse columns whose lowest and highest number are the same at 12 significant digits."""
    if (high - low > 1e-9 * np.maximum(np.abs(low), np.abs(high))).all():
        return  # far enough apart to need no rounding
    constant = significant(low) == significant(high)
    if constant.any():
        columns = np.flatnonzero(constant)
        number = f", {low[columns[0]]:.12g}" if len(columns) == 1 else ""
        raise DomainError(f"every unit has the same number{number}: {what}", columns=columns)


def quantile(ref: FloatArray | Summary, share: float) -> FloatArray:
    """The quantile of each column, linear between neighbours (Hyndman and Fan's type 7), ``nan`` ignored; (k,)."""
    if isinstance(ref, Summary):
        _refuse_empty(ref.counts == 0)
        return ref.quantiles[share]
    gaps = np.isnan(ref)
    if not gaps.any():
        return np.asarray(np.quantile(ref, share, axis=0), np.float64)
    return per_column(ref, lambda column: float(np.quantile(column, share)))


def per_column(ref: FloatArray, learn: Callable[[FloatArray], float]) -> FloatArray:
    """`learn` of the numbers present in each column, shape (k,); a column without any is refused."""
    gaps = np.isnan(ref)
    _refuse_empty(np.asarray(gaps.all(axis=0)))
    return np.array([learn(ref[~gaps[:, j], j]) for j in range(ref.shape[1])], np.float64)


def mean(ref: FloatArray | Summary) -> FloatArray:
    """The mean of each column, ``nan`` ignored, shape (k,); summed along contiguous memory whatever the layout."""
    if isinstance(ref, Summary):
        assert ref.mean is not None  # it was asked for
        return ref.mean
    columns = np.ascontiguousarray(ref.T)
    sums = columns.sum(axis=1)
    if not np.isnan(sums).any():
        return np.asarray(sums / columns.shape[1], np.float64)
    present = ~np.isnan(columns)
    return np.asarray(np.where(present, columns, 0.0).sum(axis=1) / present.sum(axis=1), np.float64)


def statistic(ref: FloatArray | Summary, word: str) -> FloatArray:
    """The value that a word stands for in each column.

    Parameters
    ----------
    ref
        Shape (n, k); ``nan`` is ignored.
    word
        ``min``, ``max``, ``mean``, ``median``, or a percentile: ``p5``, ``p97.5`` (linear between neighbours).

    Returns
    -------
    Shape (k,), in the columns' own units.

    Raises
    ------
    DomainError
        A column without a number.

    Examples
    --------
    >>> statistic(np.array([[1.0, 5.0], [2.0, np.nan], [6.0, 7.0]]), "mean")
    array([3., 6.])
    """
    low, high = extremes(ref)
    if word in ("min", "max"):
        return low if word == "min" else high
    if word == "mean":
        return mean(ref)
    percentile = PERCENTILE.fullmatch(word)
    if word != "median" and percentile is None:
        raise ValueError(f"unknown word {word!r}.{nearest(word, (*WORDS, 'p5', 'p95'))}")
    return quantile(ref, 0.5 if percentile is None else float(percentile[1]) / 100)


def learn_words(ref: FloatArray, **ends: float | str | None) -> dict[str, FloatArray]:
    """The value of each end that is a word, one entry per column; ends that are numbers are not learned.

    >>> learn_words(np.array([[1.0], [3.0]]), low=0.0, high="max")
    {'high': array([3.])}
    """
    return {name: statistic(ref, end) for name, end in ends.items() if isinstance(end, str)}


# -- maps and sums ----------------------------------------------------------------------------------------------------


def like(x: npt.ArrayLike) -> FloatArray:
    """An empty array of the shape and memory order of `x`: left alone, numpy lays what broadcasts out in C order."""
    return np.empty_like(x, dtype=np.float64)


def linear(x: FloatArray, start: FloatArray | float, end: FloatArray | float, to: tuple[float, float]) -> FloatArray:
    """The linear map that sends `start` to ``to[0]`` and `end` to ``to[1]``, both exactly.

    `start` and `end` are numbers or one per column; a new array in the memory order of `x`.

    >>> linear(np.array([2.0, 3.0, 4.0]), 2.0, 4.0, (1.0, 100.0))
    array([  1. ,  50.5, 100. ])
    """
    bottom, top = to
    width = top - bottom
    out: FloatArray = np.subtract(x, start, out=like(x))
    out /= np.subtract(end, start)
    if width + bottom == top:
        if width != 1:
            out *= width
        if bottom != 0:
            out += bottom
        return out
    return np.where(out < 0.5, bottom + out * width, top - (1 - out) * width)


def to_sign(options: Mapping[str, Any]) -> int:
    """+1 where the option `to` rises, -1 where it falls."""
    bottom, top = options["to"]
    return 1 if top > bottom else -1


def to_problems(options: Mapping[str, Any]) -> list[str]:
    """What is wrong with the option `to`, as texts."""
    bottom, top = options.get("to", (0, 1))
    return [f"to: both ends are {bottom:.12g}: every unit would get the same"] if bottom == top else []


def add_children(p: FloatArray) -> FloatArray:
    """Sum over the last axis, (…, n, k) → (…, n), strictly from the first child to the last.

    numpy's own sum changes its order with the memory layout and with the number of rows; here a row's sum has the
    same bits alone and among others.

    >>> add_children(np.array([[1.0, 2.0, 3.0], [0.5, np.nan, 1.0]]))
    array([ 6., nan])
    """
    if p.shape[-1] == 0:
        return np.zeros(p.shape[:-1])
    if p.ndim > 1 and p.shape[-2] > 1 and p.strides[-2] < p.strides[-1]:
        return np.asarray(np.add.reduce(p, axis=-1), np.float64)  # adds whole columns, the first to the last
    total = np.array(p[..., 0], np.float64)
    for j in range(1, p.shape[-1]):
        total += p[..., j]
    return total


def cells_of(mask: BoolArray) -> Iterable[tuple[int, int]]:
    """Positions (row, column) of the first cells that are marked, each once; leading axes are left out."""
    found = np.argwhere(mask)[:SHOWN]
    return list(dict.fromkeys((int(cell[-2]) if len(cell) > 1 else 0, int(cell[-1])) for cell in found))
