"""What a sensitivity run found: the share of each choice in the variance of an output, with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.sobol import interval, resamples, sobol_shares
from cityindex.robustness._design import Design
from cityindex.robustness._draws import stream

__all__ = ["SETTLED", "Estimate", "Sensitivity", "estimate"]

SETTLED = 0.1  # an interval of a total share as narrow as that (± 0.05) is settled
BOOTSTRAP = 2  # the stream of the resamples; 0 and 1 are those of A and B
COLUMNS = ("first", "first_low", "first_high", "total", "total_low", "total_high")


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Shares with their intervals: of each choice (d,), or of each choice for several outputs (d, m).

    Attributes
    ----------
    first, first_low, first_high, total, total_low, total_high
        Shares, and the ends of their intervals.
    interactions
        1 - Σ first, and the ends of its interval: (3,) or (3, m).
    variance
        Of the output over A and B.
    """

    first: FloatArray
    first_low: FloatArray
    first_high: FloatArray
    total: FloatArray
    total_low: FloatArray
    total_high: FloatArray
    interactions: FloatArray
    variance: FloatArray

    def columns(self) -> dict[str, FloatArray]:
        """Shares and ends as columns, the choices of an output together."""
        return {name: np.array(getattr(self, name).T.ravel()) for name in COLUMNS}


def estimate(values: FloatArray, weights: FloatArray, level: float) -> Estimate:
    """Shares of runs × samples (× outputs), and intervals of resamples of the samples."""
    samples = values.shape[1]
    rows = np.concatenate([np.full((1, samples), 1 / samples), weights])  # the samples as they are, then resampled
    found = sobol_shares(values[0], values[1], values[2:], weights=rows)
    left = 1 - found.first.sum(axis=1)
    ends = [end for own in (found.first, found.total, left) for end in interval(own[1:], level)]
    return Estimate(
        first=found.first[0],
        first_low=ends[0],
        first_high=ends[1],
        total=found.total[0],
        total_low=ends[2],
        total_high=ends[3],
        interactions=np.stack([left[0], ends[4], ends[5]]),
        variance=found.variance[0],
    )


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(Shown):
    """First-order and total Sobol' shares of each choice. Made by `sensitivity`; hands out copies.

    Shares are estimates: a small one may come out below 0. They are ``nan`` where the output does not vary.

    Attributes
    ----------
    output
        What the shares are shares of, in words.
    choices
        The choices, by their labels; those that were grouped are one.
    asked
        How many samples were drawn; `samples` of them count.
    failed
        The samples that were left out, with the reason.
    level, resamples
        Of the intervals.
    """

    design: Design
    output: str
    asked: int
    failed: Mapping[int, str]
    level: float
    resamples: int
    values: FloatArray
    units: Mapping[str, Estimate] = field(default_factory=dict)
    rows: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"Sensitivity({self.design.sampler.base.spec.id!r}, {self.samples:,} samples; {self._first_words})"

    def __str__(self) -> str:
        from cityindex.robustness._shares_text import shares_text

        return shares_text(self)

    @property
    def choices(self) -> tuple[str, ...]:
        """The choices that varied, by their labels."""
        return self.design.labels

    @property
    def samples(self) -> int:
        """How many samples count (those with a run that failed do not)."""
        return int(self.values.shape[1])

    @property
    def runs(self) -> int:
        """How often the index was scored."""
        return self.asked * self.design.runs

    @property
    def seed(self) -> int:
        """Of the random numbers."""
        return self.design.sampler.seed

    @cached_property
    def estimate(self) -> Estimate:
        """Shares and intervals, of all samples."""
        return estimate(self.values, self._weights(self.samples), self.level)

    def _weights(self, samples: int) -> FloatArray:
        return resamples(stream(self.seed, 0, 0, BOOTSTRAP), samples, self.resamples)

    # -- what follows ---------------------------------------------------------------------------------------------

    @property
    def constant(self) -> bool:
        """Whether the output is the same in all runs, at 12 significant digits: there is nothing to share."""
        return not self.estimate.variance > 0

    @property
    def most(self) -> str | None:
        """The choice with the largest total share; None where the output does not vary."""
        return None if self.constant else self.choices[int(np.argmax(self.estimate.total))]

    @property
    def interactions(self) -> float:
        """1 - Σ first: the share of the variance that only choices together explain."""
        return float(self.estimate.interactions[0])

    @property
    def settled(self) -> bool:
        """Whether every interval of a total share is at most 0.1 wide (± 0.05); not so where nothing varies."""
        found = self.estimate
        return bool((found.total_high - found.total_low <= SETTLED).all())

    @property
    def _first_words(self) -> str:
        if self.constant:
            return f"{self.output} does not vary"
        share = self.estimate.total[self.choices.index(str(self.most))]
        return f"{self.output} depends most on {self.most!r}, total share {share:.2f}"

    # -- tables ---------------------------------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """One row a choice: its first-order and its total share, each with the ends of its interval."""
        return pd.DataFrame({"choice": list(self.choices), **self.estimate.columns()})

    def convergence(self) -> pd.DataFrame:
        """The same shares from the first 1/8, 1/4, 1/2 of the samples, and from all: do they still move?"""
        sizes = dict.fromkeys(size for part in (8, 4, 2, 1) if (size := self.samples // part) >= 2)
        frames = []
        for size in sizes:
            all_of_them = size == self.samples
            found = self.estimate if all_of_them else estimate(self.values[:, :size], self._weights(size), self.level)
            frames.append(pd.DataFrame({"samples": size, "choice": list(self.choices), **found.columns()}))
        return pd.concat(frames, ignore_index=True)

    def for_units(self, of: Literal["rank", "score"] = "rank") -> pd.DataFrame:
        """The shares in the variance of each unit's rank or score: a row for each unit and choice.

        Raises
        ------
        NotFoundError
            Units were not asked for (``output="units"`` asks for them).
        """
        if of not in ("rank", "score"):
            raise NotFoundError(f"of={of!r}: 'rank' or 'score' is wanted.{nearest(str(of), ('rank', 'score'))}")
        if of not in self.units:
            raise NotFoundError("units were not looked at; ask for them: sensitivity(…, output='units')")
        result, found = self.design.sampler.base.result, self.units[of]
        count = len(self.choices)
        columns: dict[str, Any] = {result.names["key"]: [result.units[row] for row in self.rows for _ in range(count)]}
        if result.periods is not None:
            columns[result.names["period"]] = [result.periods[row] for row in self.rows for _ in range(count)]
        columns["choice"] = list(self.choices) * len(self.rows)
        return pd.DataFrame({**columns, **found.columns(), "variance": np.repeat(found.variance, count)})
