"""Index numbers over time: of each unit and of all, with the links they are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import width_of
from cityindex.methods._arrays import FloatArray
from cityindex.methods.series import Change
from cityindex.spec.model import Spec
from cityindex.table import Note

__all__ = ["IndexSeries", "Link"]

SHOWN = 12  # units that the text of a series shows


@dataclass(frozen=True, slots=True)
class Link:
    """The change from one period to the next.

    Attributes
    ----------
    start, end
        The two periods.
    scheme
        What both were scored by, in words.
    units
        How many units have a score in both.
    entered, left
        The units that have one in the later period alone, and in the earlier alone.
    total
        The change of the (weighted) mean of those that have both.
    """

    start: str
    end: str
    scheme: str
    units: int
    entered: tuple[str, ...]
    left: tuple[str, ...]
    total: float


@dataclass(frozen=True, eq=False, repr=False)
class IndexSeries(Shown):
    """Index numbers over time. Made by `base_index` and `chain_index`; hands out copies.

    Attributes
    ----------
    spec, node
        The index (of several, the last), and the node whose scores are followed.
    method
        ``fixed base`` or ``chain``.
    how
        Whether change is a ``ratio`` or a ``difference``.
    base, base_value
        The base period, and what it is set to.
    periods, units, labels
        In the order of time, and of the tables; labels are None where units have none.
    weights
        The column that the mean is weighted by (None: units count alike).
    links
        One for each pair of neighbouring periods.
    notes
        Units that enter or leave, scores beyond what a calibration has seen, schemes that change.
    """

    spec: Spec
    node: str
    method: str
    how: Change
    base: str
    base_value: float
    periods: tuple[str, ...]
    units: tuple[str, ...]
    labels: tuple[str, ...] | None
    weights: str | None
    links: tuple[Link, ...]
    notes: tuple[Note, ...]
    _values: FloatArray
    _total: FloatArray
    _changes: FloatArray

    def __len__(self) -> int:
        return len(self.units)

    @property
    def formula(self) -> str:
        """How each number is computed."""
        value = f"{self.base_value:g}"
        if self.method == "fixed base":
            return (
                f"{value} × score / score in {self.base}" if self._ratio else f"{value} + score - score in {self.base}"
            )
        sign, change = ("×", "ratio") if self._ratio else ("+", "difference")
        return (
            f"{value} in {self.base}, {sign} each link after it: the {change} of two neighbouring periods, "
            "both scored by the scheme of the later one"
        )

    @property
    def _ratio(self) -> bool:
        return self.how == "ratio"

    @property
    def _index(self) -> pd.Index[str]:
        return pd.Index(self.units, name="unit", dtype="str")

    @property
    def total(self) -> pd.Series[float]:
        """The index of all units together: that of their (weighted) mean, by period."""
        name = "mean" if self.weights is None else f"mean by {self.weights}"
        return pd.Series(self._total.copy(), index=pd.Index(self.periods, name="period", dtype="str"), name=name)

    def to_frame(self) -> pd.DataFrame:
        """Units × periods."""
        return pd.DataFrame(self._values.copy(), index=self._index, columns=pd.Index(self.periods, name="period"))

    def changes(self) -> pd.DataFrame:
        """Units × periods but the first: each against the one before it, which is 100 (or 0, for differences)."""
        values = self._changes * 100 if self._ratio else self._changes.copy()
        return pd.DataFrame(values, index=self._index, columns=pd.Index(self.periods[1:], name="period"))

    def links_frame(self) -> pd.DataFrame:
        """One row a link: its periods, the scheme, how many units it rests on, and the change of their mean."""
        columns = ["start", "end", "scheme", "units", "entered", "left", "total"]
        rows = [
            (link.start, link.end, link.scheme, link.units, len(link.entered), len(link.left), link.total)
            for link in self.links
        ]
        return pd.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        return f"IndexSeries({self.node!r}, {self.method}, {self.base} = {self.base_value:g}, {len(self)} units)"

    def __str__(self) -> str:
        names = self.labels or self.units
        rows = [("", *self.periods)]
        rows += [(name, *map(_told, row)) for name, row in zip(names[:SHOWN], self._values, strict=False)]
        rows += [(f"… {len(self) - SHOWN} more", *[""] * len(self.periods))] if len(self) > SHOWN else []
        rows += [(str(self.total.name), *map(_told, self._total))]
        span = f"{self.periods[0]} to {self.periods[-1]}"
        units = f"{len(self)} unit{'s' if len(self) != 1 else ''}"
        head = f"{self.node}: {self.method}, {self.base} = {self.base_value:g} ({units}, {span})"
        return "\n".join([head, f"  {self.formula}", *_aligned(rows), *(f"note: {note}" for note in self.notes)])


def _told(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.2f}"


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(width_of(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for name, *cells in rows:
        told = [" " * (width - width_of(cell)) + cell for cell, width in zip(cells, widths[1:], strict=True)]
        lines.append("  ".join(["", name + " " * (widths[0] - width_of(name)), *told]).rstrip())
    return lines
