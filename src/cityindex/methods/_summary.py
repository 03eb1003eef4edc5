"""Columns that are too long to hold: what is known of them, in the place of their rows.

A `learn` that asks its reference for nothing but the statistics below learns the same from a `Summary`, refusals
included: `extremes`, `mean`, `quantile`, `deviation` and the like take either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from cityindex.methods._moments import Moments

__all__ = ["Summary"]

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Summary:
    """Statistics of k columns over the rows of a reference, ``nan`` ignored; what was not asked for is None or empty.

    Attributes
    ----------
    rows
        How many rows there are.
    counts
        How many numbers each column has, (k,).
    low, high
        Lowest and highest number, (k,); ``nan`` in a column without any.
    mean
        (k,).
    squares
        Sum of squared distances from the mean, (k,).
    quantiles
        Share → the quantile of each column, linear between neighbours, (k,).
    spread
        Median absolute deviation from the median, (k,).
    totals
        Name → a sum over each column, (k,): ``sum``, ``reciprocals``, ``norm`` (the root of the sum of squares),
        ``x ln x``.
    moments
        Means and centred cross-products of the rows.
    values, counted
        The different numbers of each column at 12 significant digits, rising, and how often each stands there.
    """

    rows: int
    counts: FloatArray
    low: FloatArray
    high: FloatArray
    mean: FloatArray | None = None
    squares: FloatArray | None = None
    quantiles: Mapping[float, FloatArray] = field(default_factory=dict)
    spread: FloatArray | None = None
    totals: Mapping[str, FloatArray] = field(default_factory=dict)
    moments: Moments | None = None
    values: tuple[FloatArray, ...] = ()
    counted: tuple[npt.NDArray[np.int64], ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """As an array of the rows would have it."""
        return self.rows, len(self.low)
