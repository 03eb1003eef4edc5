"""The rows of one edition and what a run made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex._values import label_of
from cityindex.calibration import Calibration
from cityindex.engine import Inputs, Outcome
from cityindex.plan import Plan

__all__ = ["IntArray", "Part", "rows_of_periods"]

IntArray = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class Part:
    """The rows of one edition (an index without editions has one part) and what a run made of them."""

    plan: Plan
    calibration: Calibration
    rows: IntArray
    inputs: Inputs
    outcome: Outcome
    columns: Mapping[str, str]
    period: str | None = None  # the edition, None for the rows of the spec itself


def rows_of_periods(parts: Sequence[Part], periods: Sequence[str] | None) -> tuple[tuple[Any, ...], ...]:
    """For each part the rows of each of its periods (where there are none, all rows at once)."""
    if periods is None:
        return ((slice(None),),)
    labels = np.array([label_of(period) for period in periods])
    found = []
    for part in parts:
        names, codes = np.unique(labels[part.rows], return_inverse=True)
        found.append(tuple(part.rows[codes == code] for code in range(len(names))))
    return tuple(found)
