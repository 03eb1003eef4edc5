"""The arrays of one run, filled node by node."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cityindex.engine.inputs import BoolArray
from cityindex.methods._arrays import FloatArray

__all__ = ["Settled", "State"]


@dataclass(frozen=True, slots=True)
class Settled:
    """The children of a group once the rule for missing ones has spoken.

    Attributes
    ----------
    x
        The columns that are aggregated (n × k); `nan` is left only where the weight is to be shared.
    blank
        The units that get no value (None: no rule took one away).
    filled
        The cells that were imputed, n × k (None: none).
    shared
        The units whose weights were shared among the children present (None: none).
    gaps
        False where no child lacks a value at all.
    weights
        The weights as they were used: k, or n × k where they differ by label (None: a method could not find them).
    valued
        The units that get a value: those the group applies to, but the blank ones (None: all of them).
    """

    x: FloatArray
    blank: BoolArray | None = None
    filled: BoolArray | None = None
    shared: BoolArray | None = None
    gaps: bool = False
    weights: FloatArray | None = None
    valued: BoolArray | None = None

    def counted(self, x: FloatArray) -> FloatArray:
        """Children, … × n × k, as they are aggregated: those of a unit that gets no value are not looked at."""
        return x if self.valued is None else np.where(self.valued[:, None], x, np.nan)


@dataclass(frozen=True, slots=True)
class State:
    """What a run fills.

    Attributes
    ----------
    nodes
        Carried values, nodes × units.
    published
        Node id → its published column, where it is not the carried one.
    gaps
        Row of `nodes` → whether a value may be missing there.
    refused
        Group id → units with a missing child that the group refuses.
    settled
        Group id → its children as they were aggregated.
    """

    nodes: FloatArray
    gaps: BoolArray
    published: dict[str, FloatArray] = field(default_factory=dict)
    refused: dict[str, BoolArray] = field(default_factory=dict)
    settled: dict[str, Settled] = field(default_factory=dict)

    @classmethod
    def empty(cls, nodes: int, units: int) -> State:
        return cls(np.empty((nodes, units)), np.zeros(nodes, dtype=bool))
