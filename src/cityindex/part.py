"""The rows of one edition and what a run made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex.calibration import Calibration
from cityindex.engine import Inputs, Outcome
from cityindex.plan import Plan

__all__ = ["IntArray", "Part"]

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
