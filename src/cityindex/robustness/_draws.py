"""One block of draws, and where its random numbers come from.

Every choice has a stream of its own for every block, so that a block can be drawn alone, in any order and by any number
of threads, and one choice can be drawn again while the others stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cityindex.methods._arrays import FloatArray

__all__ = ["Block", "EachDraw", "IntArray", "block_size", "stream"]

IntArray = np.ndarray[Any, np.dtype[np.intp]]
CELLS = 1 << 18  # scores in one block: what ranks and counts keep in the cache
SMALLEST, LARGEST = 32, 4096


@dataclass(frozen=True, slots=True)
class EachDraw:
    """What is too large to be drawn for a whole block: a seed for each draw, and what is made of its generator."""

    seeds: np.ndarray[Any, np.dtype[np.int64]]
    make: Callable[[np.random.Generator], Any]

    def of(self, row: int) -> Any:
        """What one draw of the block has."""
        return self.make(np.random.Generator(np.random.Philox(int(self.seeds[row]))))


@dataclass(slots=True)
class Block:
    """Some draws, one after another: everything that differs from the index as written.

    Attributes
    ----------
    first, count
        The number of the first draw, and how many there are.
    weights
        Group → draws × children.
    picks
        Name of a choice between alternatives → which of them, per draw.
    noise
        What is added to columns: each gives node → one number a unit.
    rows
        The reference rows that are learned from (None: as written).
    """

    first: int
    count: int
    weights: dict[str, FloatArray] = field(default_factory=dict)
    picks: dict[str, IntArray] = field(default_factory=dict)
    noise: list[EachDraw] = field(default_factory=list)
    rows: EachDraw | None = None

    def seeds(self, generator: np.random.Generator) -> np.ndarray[Any, np.dtype[np.int64]]:
        """A seed for each draw."""
        return generator.integers(2**62, size=self.count)

    def head(self, count: int) -> Block:
        """The first draws of the block."""
        weights = {name: own[:count] for name, own in self.weights.items()}
        picks = {name: own[:count] for name, own in self.picks.items()}
        return Block(self.first, count, weights, picks, self.noise, self.rows)


def block_size(units: int) -> int:
    """How many draws are taken at once: by the number of units alone, never by threads or draws."""
    size = CELLS // max(units, 1)
    return int(min(max(1 << (size.bit_length() - 1) if size else 1, SMALLEST), LARGEST))


def stream(seed: int, choice: int, block: int, sample: int = 0) -> np.random.Generator:
    """The random numbers of one choice in one block (of one of several independent samples)."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(sample, choice, block))))
