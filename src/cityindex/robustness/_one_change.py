"""The ranks after each of several changes, as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cityindex.methods._arrays import FloatArray
from cityindex.robustness._base import Base
from cityindex.robustness._tally import nominal_ranks, ranks_of

__all__ = ["LeftOut", "Swings", "placed"]


@dataclass(frozen=True, eq=False, repr=False)
class _Changes:
    """Ranks after each of several changes; hands out copies.

    Attributes
    ----------
    base
        The index as written.
    moved
        Ranks, changes × units (`nan`: no rank).
    failed
        The changes that could not be made or scored, with the reason.
    """

    base: Base
    moved: FloatArray
    failed: Mapping[Any, str]

    @property
    def nominal(self) -> FloatArray:
        """The ranks of the index as written; units that tie have the lowest where the spec gives them the mean."""
        ranks = nominal_ranks(self.base)
        return np.where(ranks == 0, np.nan, ranks)

    def _names(self) -> pd.Index[Any]:
        raise NotImplementedError

    def ranks(self) -> pd.DataFrame:
        """The rank of each unit after each change: units × changes."""
        return pd.DataFrame(self.moved.T, index=self.base.result.index, columns=self._names())

    def changes(self) -> pd.DataFrame:
        """The places that each unit goes down (up: below 0) by each change: units × changes."""
        return pd.DataFrame((self.moved - self.nominal).T, index=self.base.result.index, columns=self._names())

    def mean_changes(self) -> FloatArray:
        """The mean absolute rank change by each change, over the units that have both ranks."""
        apart = np.abs(self.moved - self.nominal)
        counted = np.isfinite(apart).sum(axis=1)
        return np.where(counted > 0, np.nansum(apart, axis=1) / np.maximum(counted, 1), np.nan)

    def _summary(self) -> dict[str, Any]:
        """For each change the mean absolute rank change, and who moves most (the first of them in the table)."""
        down = self.moved - self.nominal
        apart = np.where(np.isfinite(down), np.abs(down), -1.0)
        most = apart.argmax(axis=1)
        there = np.flatnonzero(apart.max(axis=1) > 0)
        units = self.base.result.units
        who = np.full(len(down), None, object)
        who[there] = [units[place] for place in most[there]]
        largest = np.where(apart.max(axis=1) >= 0, down[np.arange(len(down)), most], np.nan)
        return {"mean_change": self.mean_changes(), "unit": who, "change": largest}


@dataclass(frozen=True, eq=False, repr=False)
class LeftOut(_Changes):
    """What each node's absence does to the ranks. Made by `leave_out_each`."""

    nodes: tuple[str, ...]

    def __repr__(self) -> str:
        failed = f"; {len(self.failed)} cannot be left out" if self.failed else ""
        return f"LeftOut({self.base.spec.id!r}, {len(self.nodes)} nodes; {_most(self, self.nodes)}{failed})"

    def _names(self) -> pd.Index[Any]:
        return pd.Index(self.nodes, name="node", dtype="str")

    def to_frame(self) -> pd.DataFrame:
        """One row a node: the mean absolute rank change without it, the unit that moves most and by how many places."""
        return pd.DataFrame({"node": list(self.nodes), **self._summary()})


@dataclass(frozen=True, eq=False, repr=False)
class Swings(_Changes):
    """What a little more or less of each weight does to the ranks. Made by `swing`."""

    swings: tuple[tuple[str, str, float], ...]
    shares: tuple[tuple[float, float], ...]

    def __repr__(self) -> str:
        failed = f"; {len(self.failed)} cannot be made" if self.failed else ""
        names = [f"{child} × {by:.6g}" for _, child, by in self.swings]
        return f"Swings({self.base.spec.id!r}, {len(self.swings)} changes; {_most(self, names)}{failed})"

    def _names(self) -> pd.Index[Any]:
        return pd.MultiIndex.from_tuples(self.swings, names=["group", "child", "times"])

    def to_frame(self) -> pd.DataFrame:
        """One row a change: group, child, what its weight is multiplied by, the weight before and after, the mean
        absolute rank change, the unit that moves most and by how many places.
        """
        groups, children, times = zip(*self.swings, strict=True) if self.swings else ((), (), ())
        before, after = zip(*self.shares, strict=True) if self.shares else ((), ())
        columns = {"group": groups, "child": children, "times": times, "weight": before, "changed": after}
        return pd.DataFrame({**{name: list(own) for name, own in columns.items()}, **self._summary()})


def _most(found: _Changes, names: Sequence[str]) -> str:
    means = found.mean_changes()
    if not np.isfinite(means).any():
        return "no ranks"
    place = int(np.nanargmax(means))
    return f"{names[place]} moves ranks most, by {means[place]:.2f} places on average"


def placed(base: Base, scores: FloatArray) -> FloatArray:
    """Ranks of draws × units, `nan` where there is none."""
    placed = ranks_of(base, scores).T.astype(np.float64)
    placed[placed == 0] = np.nan
    return placed
