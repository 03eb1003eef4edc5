"""Judgements as they are written, to a matrix; every problem in them, with the judgement it is about.

A judgement says how many times as important one child is as another. They are written as a full square matrix in the
order of the children (``None``: not made; one triangle is enough), or as pairs by the children's ids in any order:
``{income: {health: 3}}``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from cityindex.errors import nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods._priorities import connected, parts_of

__all__ = [
    "Judgements",
    "Pairs",
    "Rows",
    "each_said",
    "pair_name",
    "problem_of",
    "read_judgements",
    "reciprocal",
    "said_by",
    "unconnected",
    "unknown_words",
]

Rows = tuple[tuple[float | None, ...], ...]
Pairs = Mapping[str, Mapping[str, float | None]]
Judgements = Rows | Pairs
Said = TypeVar("Said")

ROUNDED = 0.005  # a reciprocal may be printed to two decimals: 0.33 beside 3
ROUNDED_RELATIVE = 0.05  # but be no further than this from it


def read_judgements(judgements: Judgements, children: Sequence[str]) -> tuple[FloatArray, list[str]]:
    """The judgements as a matrix, (k, k), ``nan`` where none was made; and the problems (then do not use the matrix).

    Of a pair said in both directions the judgement from 1 on counts, and the other has to be its reciprocal, be it
    rounded to two decimals (0.33 beside 3).

    Examples
    --------
    >>> read_judgements({"a": {"b": 4}}, ["a", "b"])[0]
    array([[1.  , 4.  ],
           [0.25, 1.  ]])
    >>> read_judgements(((1, 3), (0.5, 1)), ["a", "b"])[1]
    ['b over a: 0.5 is not the reciprocal of 3 (a over b); it should be 0.333333 (1/3)']
    """
    problems: list[str] = []
    said: dict[tuple[int, int], float] = {}
    for row, column, value in each_said(judgements, children, problems):
        if value is None:
            continue
        problem = problem_of(value, row == column)
        if problem:
            problems.append(f"{pair_name(children, row, column)}: {problem}")
        else:
            said[row, column] = float(value)
    matrix = np.full((len(children), len(children)), np.nan)
    np.fill_diagonal(matrix, 1.0)
    for (row, column), value in said.items():
        other = said.get((column, row))
        if row == column or (other is not None and (other, row) > (value, column)):
            continue  # the larger of the two counts
        matrix[row, column], matrix[column, row] = value, 1 / value
        if other is not None and not reciprocal(value, other):
            problems.append(
                f"{pair_name(children, column, row)}: {other:.6g} is not the reciprocal of {value:.6g} "
                f"({pair_name(children, row, column)}); it should be {1 / value:.6g} (1/{value:.6g})"
            )
    return matrix, list(dict.fromkeys(problems))


def unconnected(matrix: FloatArray, children: Sequence[str]) -> list[str]:
    """The problem of judgements that leave parts of the children without any connection, as a text."""
    made = ~np.isnan(matrix)
    if connected(made[None])[0]:
        return []
    parts = " | ".join(", ".join(children[child] for child in part) for part in parts_of(made))
    return [f"no judgement connects these parts, so their weights cannot be compared: {parts}"]


def said_by(judgements: Said | None, experts: Mapping[str, Said] | None) -> tuple[dict[str, Said], list[str]]:
    """The judgements by expert (one without a name, where nobody is named), and what is wrong with having both.

    >>> said_by({"a": {"b": 3}}, None)
    ({'': {'a': {'b': 3}}}, [])
    """
    problems = ["experts: there are none"] if experts is not None and not experts else []
    if judgements is not None and experts:
        problems.append("judgements and experts: only one of the two can be said")
    return {"": judgements} if judgements is not None else dict(experts or {}), problems


def unknown_words(**said: tuple[object, Iterable[str]]) -> list[str]:
    """The options whose word is none of those that are known, as texts; specs are checked before.

    >>> unknown_words(model=("linaer", ("linear", "nonlinear")), law=("steps", ("steps",)))
    ["model: unknown word 'linaer'. Did you mean 'linear'?"]
    """
    return [
        f"{option}: unknown word {word!r}.{nearest(str(word), known)}"
        for option, (word, known) in said.items()
        if word not in tuple(known)
    ]


def pair_name(children: Sequence[str], row: int, column: int) -> str:
    """A judgement in words."""
    return f"{children[row]} over {children[column]}"


def problem_of(value: object, diagonal: bool) -> str:
    """What is wrong with one judgement, or nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return f"{value!r} is no number"
    if not 0 < value < math.inf:
        return f"{value:g} is no judgement; a number above 0 is needed (null: not made)"
    return f"{value:g}, but a child over itself is 1" if diagonal and value != 1 else ""


def reciprocal(value: float, other: float) -> bool:
    """Whether the other is 1 / value, be it rounded to two decimals."""
    off = abs(other - 1 / value)
    return off <= 1e-9 * other or (off <= ROUNDED + 1e-12 and off * value <= ROUNDED_RELATIVE)


def each_said(judgements: Any, children: Sequence[str], problems: list[str]) -> Iterator[tuple[int, int, Any]]:
    """Each judgement as it is written, (row, column, what is said); what is no judgement at all is told."""
    if isinstance(judgements, Mapping):
        return _pairs(judgements, children, problems)
    return _rows(judgements, children, problems)


def _rows(
    rows: Sequence[Sequence[Any]], children: Sequence[str], problems: list[str]
) -> Iterator[tuple[int, int, Any]]:
    if len(rows) != len(children):
        problems.append(f"the matrix has {len(rows)} rows, and there are {len(children)} children")
        return
    for row, values in enumerate(rows):
        if not isinstance(values, Sequence | np.ndarray) or len(values) != len(children):
            count = len(values) if isinstance(values, Sequence | np.ndarray) else "no"
            problems.append(f"row {row + 1} ({children[row]}) has {count} entries, not {len(children)}")
            continue
        for column, value in enumerate(values):
            yield row, column, value


def _pairs(pairs: Any, children: Sequence[str], problems: list[str]) -> Iterator[tuple[int, int, Any]]:
    positions = {child: position for position, child in enumerate(children)}

    def position(child: str) -> int | None:
        if child not in positions:
            problems.append(f"{child!r} is none of the children.{nearest(child, children)}")
        return positions.get(child)

    for child, others in pairs.items():
        row = position(child)
        if not isinstance(others, Mapping):
            problems.append(f"{child}: the judgements over other children are needed, as {{other: number}}")
            continue
        for other, value in others.items():
            column = position(other)
            if row is not None and column is not None:
                yield row, column, value
