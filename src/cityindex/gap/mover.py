"""A unit's row with other numbers in it, scored again by the engine with what the calibration learned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cityindex.engine import Inputs, run
from cityindex.engine.leaves import run_block
from cityindex.engine.stages import Context
from cityindex.engine.state import State
from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray

if TYPE_CHECKING:
    from cityindex.engine import Outcome
    from cityindex.part import Part

__all__ = ["Mover"]


@dataclass(frozen=True, eq=False)
class Mover:
    """One unit, and the numbers of it that move.

    Attributes
    ----------
    part, place
        The edition, and the unit's row in it.
    leaves
        For each number that moves the leaves that read it: mostly one, several where they share a column.
    """

    part: Part
    place: int
    leaves: tuple[tuple[str, ...], ...]

    @cached_property
    def flat(self) -> tuple[str, ...]:
        """Every leaf that moves."""
        return tuple(name for names in self.leaves for name in names)

    @cached_property
    def owner(self) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """For each leaf of `flat` the number that it reads."""
        return np.array([place for place, names in enumerate(self.leaves) for _ in names], dtype=np.intp)

    @cached_property
    def now(self) -> FloatArray:
        """The numbers as they stand in the table."""
        return np.array([self.part.inputs.values[names[0]][self.place] for names in self.leaves])

    def inputs(self, x: FloatArray) -> Inputs:
        """A table of the unit alone, a row for each set of numbers (m × those that move)."""
        inputs, count = self.part.inputs, len(x)
        values = {name: np.full(count, column[self.place]) for name, column in inputs.values.items()}
        for place, names in enumerate(self.leaves):
            values.update(dict.fromkeys(names, np.ascontiguousarray(x[:, place])))
        rows = np.full(count, self.place)
        per = {name: column[rows] for name, column in inputs.per.items()}
        labels = {name: found.take(rows) for name, found in inputs.labels.items()}
        return replace(inputs, units=count, values=values, per=per, labels=labels, names=())

    def outcome(self, x: FloatArray) -> Outcome:
        """The engine's run of such a table."""
        return run(self.part.plan, self.inputs(x), self.part.outcome.learned)

    def rate(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The carried scores, and the scores as the index ranks them; `nan` where a row cannot be scored.

        Such as one with a 0 that comes into a geometric mean.
        """
        index = self.part.plan.spec.index
        try:
            found = self.outcome(x)
        except ScoreError:
            if len(x) == 1:
                return np.full(1, np.nan), np.full(1, np.nan)
            half = len(x) // 2
            first, second = self.rate(x[:half]), self.rate(x[half:])
            return np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]])
        carried = found.column(self.part.plan, index.id, "carried")
        return carried.copy(), found.column(self.part.plan, index.id, index.rank.of).copy()

    def carried(self, x: FloatArray) -> FloatArray:
        """The carried values of the leaves, m × leaves; a row with a number that a step refuses is `nan`."""
        inputs, plan = self.inputs(x), self.part.plan
        context, state = Context(inputs, None), State.empty(len(plan.ids), len(x))
        with np.errstate(all="ignore"):
            for block in plan.blocks:
                if not set(block.ids).isdisjoint(self.flat):
                    run_block(block, plan, context, state, self.part.outcome.learned, fresh=False)
        if context.problems and len(x) > 1:
            half = len(x) // 2
            return np.concatenate([self.carried(x[:half]), self.carried(x[half:])])
        found: FloatArray = state.nodes[[plan.row[name] for name in self.flat]].T
        return np.full_like(found, np.nan) if context.problems else found
