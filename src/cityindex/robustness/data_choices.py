"""What may differ in the data between draws: rounded and erring columns, and the rows that are learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cityindex._values import Frozen
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.robustness._base import Base
from cityindex.robustness._draws import Block, EachDraw, IntArray

__all__ = ["Bootstrap", "Errors", "Rounding"]


@dataclass(frozen=True)
class Rounding:
    """Columns were rounded: each number is uniform within half a unit of its last digit."""

    units: Frozen  # node → the unit of its last digit, in the column's own units
    label: str = "rounding"

    def check(self, base: Base) -> None:
        _check_columns(base, self.units)

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        def make(own: np.random.Generator) -> dict[str, FloatArray]:
            return {name: own.uniform(-unit / 2, unit / 2, base.inputs.units) for name, unit in self.units.items()}

        block.noise.append(EachDraw(block.seeds(generator), make))


@dataclass(frozen=True)
class Errors:
    """Columns are known up to a normal error: a standard deviation, or a share of the number itself."""

    deviations: Frozen  # node → standard deviation
    relative: bool = False
    label: str = "errors"

    def check(self, base: Base) -> None:
        _check_columns(base, self.deviations)

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        def make(own: np.random.Generator) -> dict[str, FloatArray]:
            errors = {name: own.normal(0, size, base.inputs.units) for name, size in self.deviations.items()}
            return (
                {name: error * base.inputs.values[name] for name, error in errors.items()} if self.relative else errors
            )

        block.noise.append(EachDraw(block.seeds(generator), make))


@dataclass(frozen=True)
class Bootstrap:
    """What is learned is learned from a resample of the reference rows; every unit is scored by it."""

    label: str = "reference"

    def check(self, base: Base) -> None:
        if base.held is not None:
            base.refuse_held("a bootstrap of the reference")

    def draw(self, base: Base, generator: np.random.Generator, block: Block) -> None:
        chosen = np.arange(base.inputs.units) if base.reference is None else np.flatnonzero(base.reference)

        def make(own: np.random.Generator) -> IntArray:
            return chosen[own.integers(len(chosen), size=len(chosen))]

        block.rows = EachDraw(block.seeds(generator), make)


def _check_columns(base: Base, said: Mapping[str, float]) -> None:
    known = list(base.inputs.values)
    for name in said:
        if name not in known:
            raise NotFoundError(f"{name!r} is no node that reads a column here.{nearest(name, known)}")
