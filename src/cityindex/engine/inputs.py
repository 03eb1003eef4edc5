"""What the engine reads: arrays by node, labels by column, and how to name a unit in a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cityindex._values import label_of
from cityindex.methods._arrays import FloatArray

__all__ = ["BoolArray", "Inputs", "Labels", "rows_where"]

BoolArray = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Labels:
    """A label column: a code per row, and the label that each code stands for."""

    codes: np.ndarray[Any, np.dtype[np.intp]]
    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str] | np.ndarray[Any, Any]) -> Labels:
        names, codes = np.unique(np.asarray(values, dtype=object).astype(str), return_inverse=True)
        return cls(codes.astype(np.intp), tuple(str(name) for name in names))

    def take(self, rows: Any) -> Labels:
        return Labels(self.codes[rows], self.names)

    def rows(self, name: str) -> np.ndarray[Any, np.dtype[np.intp]]:
        """The rows that carry a label."""
        if name not in self.names:
            return np.empty(0, dtype=np.intp)
        return np.flatnonzero(self.codes == self.names.index(name))


@dataclass(frozen=True, slots=True)
class Inputs:
    """The table as arrays.

    Attributes
    ----------
    units
        How many rows there are.
    values
        Node id → its column (float64, `nan` missing; float32 is made so where it is read); no constants are among them.
    per
        Node id → the column it is divided by.
    labels
        Column → its labels.
    names
        Row → the unit's name in messages.
    """

    units: int
    values: Mapping[str, FloatArray]
    per: Mapping[str, FloatArray] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    names: Sequence[str] = ()

    def name(self, row: int) -> str:
        return self.names[row] if len(self.names) else f"row {row + 1}"


def rows_where(inputs: Inputs, where: Mapping[str, Any] | None) -> BoolArray | None:
    """The rows that a `where` or a `reference` keeps (None: every row)."""
    if not where:
        return None
    keep = np.ones(inputs.units, dtype=bool)
    for column, wanted in where.items():
        labels = inputs.labels[column]
        allowed = {label_of(item) for item in (wanted if isinstance(wanted, tuple) else (wanted,))}
        kept = np.array([name in allowed for name in labels.names], dtype=bool)
        keep &= kept[labels.codes]
    return keep
