"""The runs behind Sobol' shares: A, B, and A with one choice from B, block by block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.robustness._base import Base
from cityindex.robustness._outputs import Output
from cityindex.robustness._sampler import Sampler, sampler_of
from cityindex.robustness._tally import Ranks
from cityindex.robustness._threads import in_order

__all__ = ["Design", "Runs", "design_of"]

Places = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The outputs of all runs, those of a sample side by side.

    Attributes
    ----------
    values
        Runs (A, B, AB_1 … AB_d) × samples.
    scores, ranks
        Runs × samples × units, where every unit is asked for.
    failed
        The samples that were left out, and why.
    """

    values: FloatArray
    scores: FloatArray | None
    ranks: np.ndarray[Any, np.dtype[np.uint16]] | None
    failed: dict[int, str]


@dataclass(frozen=True, eq=False)
class Design:
    """Choices, each with its place among the shares: those listed together are one."""

    sampler: Sampler
    groups: tuple[Places, ...]
    labels: tuple[str, ...]

    @property
    def runs(self) -> int:
        """How many runs each sample takes."""
        return len(self.groups) + 2

    def name(self, run: int) -> str:
        return "A" if run == 0 else "B" if run == 1 else f"A with {self.labels[run - 2]!r} from B"

    def samples(self, run: int) -> list[int]:
        """For each choice, whether the run takes it from A (0) or from B (1)."""
        if run < 2:
            return [run] * len(self.sampler.choices)
        return [int(place in self.groups[run - 2]) for place in range(len(self.sampler.choices))]

    def collect(self, samples: int, output: Output, failing: str, threads: int) -> Runs:
        """All runs of all samples; those of a sample with a run that failed are an error, or left out."""
        size = self.sampler.size
        values = np.empty((self.runs, samples))
        every = output.said == "units"
        shape = (self.runs, samples, len(output.units)) if every else (0, 0, 0)
        scores, ranks = np.empty(shape), np.empty(shape, np.uint16)
        failed: dict[int, str] = {}
        tasks = [
            (number, min(size, samples - number * size), run)
            for number in range(-(-samples // size))
            for run in range(self.runs)
        ]
        for (number, count, run), done in zip(
            tasks, in_order(tasks, threads, lambda task: self._run(task, output)), strict=True
        ):
            here = slice(number * size, number * size + count)
            values[run, here] = done.values
            for sample, why in done.failed.items():
                if failing == "stop":
                    said = "failing='count' leaves such samples out"
                    raise ScoreError(f"sample {sample}, run {self.name(run)}, cannot be scored ({said}):\n{why}")
                failed.setdefault(sample, f"{self.name(run)}: {why}")
            if every:
                scores[run, here] = done.scores[:, output.units]
                ranks[run, here] = done.ranks[output.units].T
        keep = np.setdiff1d(np.arange(samples), list(failed)) if failed else slice(None)
        if every:
            return Runs(values[:, keep], scores[:, keep], ranks[:, keep], failed)
        return Runs(values[:, keep], None, None, failed)

    def _run(self, task: tuple[int, int, int], output: Output) -> _Done:
        number, count, run = task
        block = self.sampler.block(number, count, self.samples(run))
        scored = self.sampler.score(block)
        values, ranks = output.values(scored)
        failed = dict(scored.failed)
        for row in np.flatnonzero(np.isnan(values)).tolist():
            if block.first + row not in failed:
                failed[block.first + row] = output.reason(scored.published[row], ranks[:, row])
        return _Done(values, scored.published, ranks, failed)


@dataclass(frozen=True, slots=True, eq=False)
class _Done:
    """One run of one block."""

    values: FloatArray
    scores: FloatArray
    ranks: Ranks
    failed: dict[int, str]


def design_of(base: Base, choices: Any, seed: int) -> Design:
    """A design, once every choice was checked; a list among the choices is one choice of several.

    Raises
    ------
    ScoreError
        No choices; an empty list among them; a choice that takes its values in turn (A and B would be alike).
    """
    listed = list(choices) if isinstance(choices, list | tuple) else [choices]
    together = [list(own) if isinstance(own, list | tuple) else [own] for own in listed]
    if not all(together):
        raise ScoreError("an empty list stands among the choices")
    sampler = sampler_of(base, [choice for own in together for choice in own], seed)
    for choice in sampler.choices:
        if getattr(choice, "in_turn", False):
            raise ScoreError(f"{choice.label!r} takes its values in turn: shares need values drawn at random")
    places = iter(range(len(sampler.choices)))
    groups = tuple(tuple(next(places) for _ in own) for own in together)
    labels = tuple(" + ".join(sampler.choices[place].label for place in own) for own in groups)
    return Design(sampler, groups, labels)
