"""What can be said of judgement matrices: weights, consistency, and the judgement that contradicts the others most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cityindex._values import Frozen
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._priorities import connected, eigenvector, geometric_means, largest_eigenvalue
from cityindex.methods._random_index import random_index

__all__ = ["Ahp", "JudgementReport", "WorstJudgement", "report_on"]

Ahp = Literal["eigenvector", "geometric"]
WEIGHTS: dict[str, Callable[[FloatArray], FloatArray]] = {"eigenvector": eigenvector, "geometric": geometric_means}
CONSISTENT = 1e-9  # consistency indices up to here are float dust


@dataclass(frozen=True, slots=True)
class WorstJudgement:
    """The judgement whose change lowers the consistency ratio most.

    Attributes
    ----------
    row, column
        Which two children: row over column, so that the judgement is 1 or more.
    value
        The judgement as it was made.
    implied
        What the others imply for it.
    ratio
        The consistency ratio with that in its place.
    """

    row: str
    column: str
    value: float
    implied: float
    ratio: float

    def __str__(self) -> str:
        return (
            f"{self.row} over {self.column}, {self.value:.4g}, where the others imply {self.implied:.3g} "
            f"(the ratio is then {self.ratio:.3g})"
        )


@dataclass(frozen=True, slots=True)
class JudgementReport:
    """The weights that judgements give, and how consistent they are.

    Attributes
    ----------
    children
        What is judged, in order.
    weights
        One per child, adding up to 1.
    lambda_max
        The largest eigenvalue λ of the judgement matrix (Harker's, where judgements are missing); n if consistent.
    consistency_index
        (λ − n) / (n − 1).
    random_index, random_value
        The table's name, and what it gives for n children (less, where judgements are missing).
    consistency_ratio
        The consistency index by the random one; 0 where no judgement can contradict another.
    missing
        How many pairs were not judged.
    worst
        The judgement whose change lowers the ratio most; None where all are consistent.
    experts
        A report on each expert, by name; empty where there are none.
    """

    children: tuple[str, ...]
    weights: tuple[float, ...]
    lambda_max: float
    consistency_index: float
    random_index: str
    random_value: float
    consistency_ratio: float
    missing: int = 0
    worst: WorstJudgement | None = None
    experts: Mapping[str, JudgementReport] = field(default_factory=Frozen)

    def problems(self, limit: float = 0.1) -> list[str]:
        """What is wrong with judgements that are less consistent than the limit, as a text; empty if they are not."""
        if not self.consistency_ratio > limit:
            return []
        return [
            f"the judgements contradict one another: their consistency ratio is {self.consistency_ratio:.3g}, and the "
            f"limit is {limit:g} (random index {self.random_index!r}, {self.random_value:.4g} for {len(self.children)} "
            f"children); the worst is {self.worst}"
        ]


def report_on(
    matrices: Mapping[str, FloatArray], children: Sequence[str], method: Ahp, table: str
) -> dict[str, JudgementReport]:
    """A report on each matrix, (n, n), all at once; the judgements of each have to connect the children.

    Raises `DomainError` where the table has no random index for so many children.
    """
    if not matrices:
        return {}
    stack = np.stack(list(matrices.values()))
    weights, largest = WEIGHTS[method](stack), largest_eigenvalue(stack)
    reports = {}
    for at, (name, matrix) in enumerate(matrices.items()):
        missing = int(np.isnan(matrix).sum()) // 2
        divisor = random_index(len(children), table, missing)
        facts = _consistency(float(largest[at]), len(children), divisor)
        reports[name] = JudgementReport(
            children=tuple(children),
            weights=tuple(weights[at].tolist()),
            random_index=table,
            missing=missing,
            worst=_worst(matrix, children, divisor) if facts["consistency_index"] > 0 else None,
            **facts,
        )
    return reports


def _consistency(largest: float, n: int, divisor: float) -> dict[str, Any]:
    index = (largest - n) / max(n - 1, 1)
    index = index if index > CONSISTENT and divisor > 0 else 0.0
    return {
        "lambda_max": largest,
        "consistency_index": index,
        "random_value": divisor,
        "consistency_ratio": index / divisor if index else 0.0,
    }


def _worst(matrix: FloatArray, children: Sequence[str], divisor: float) -> WorstJudgement:
    """Leave out each judgement in turn; in its place Harker's matrix has what the others imply."""
    rows, columns = np.nonzero(np.triu(~np.isnan(matrix), 1))
    trials = np.repeat(matrix[None], len(rows), axis=0)
    each = np.arange(len(rows))
    trials[each, rows, columns] = trials[each, columns, rows] = np.nan
    free = connected(~np.isnan(trials))  # the others connect its children, so that it can contradict them
    trials, rows, columns = trials[free], rows[free], columns[free]
    largest = significant(largest_eigenvalue(trials))
    best = int(np.argmin(largest))
    row, column = int(rows[best]), int(columns[best])
    if matrix[row, column] < 1:
        row, column = column, row
    weights = eigenvector(trials[best : best + 1])[0]
    after = _consistency(float(largest[best]), len(children), divisor)
    return WorstJudgement(
        row=children[row],
        column=children[column],
        value=float(matrix[row, column]),
        implied=float(weights[row] / weights[column]),
        ratio=after["consistency_ratio"],
    )
