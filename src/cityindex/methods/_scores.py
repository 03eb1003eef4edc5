"""The scores that a tiering learns from, as they compare: at 12 significant digits, ``nan`` left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant

__all__ = ["IntArray", "count_problems", "different", "falling"]

IntArray = npt.NDArray[np.int64]


def falling(ref: FloatArray, tiers: int) -> FloatArray:
    """Every score, the highest first; refused where there are fewer different ones than tiers."""
    scores, counts = different(ref, tiers)
    return np.repeat(scores, counts)[::-1]


def different(ref: FloatArray, tiers: int) -> tuple[FloatArray, IntArray]:
    """The different scores, ascending, and how often each occurs; refused where there are fewer than tiers."""
    scores, counts = np.unique(significant(ref[~np.isnan(ref)]), return_counts=True)
    if len(scores) < tiers:
        raise DomainError(f"{tiers} tiers need at least {tiers} different scores, and there are {len(scores)}")
    return scores, counts.astype(np.int64)


def count_problems(options: Mapping[str, Any]) -> list[str]:
    """What is wrong with `count` and `seed`, as texts."""
    problems = [f"count: {options['count']} tiers are too few; 2 is the least"] if options["count"] < 2 else []
    if not 0 <= options.get("seed", 0) < 2**32:
        problems.append(f"seed: {options['seed']} is not between 0 and 4294967295")
    return problems
