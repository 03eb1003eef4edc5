"""What a call asks for: the data, the roles of their columns, and the blocks in which they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cityindex._values import Frozen
from cityindex.calibration import Calibration
from cityindex.errors import ScoreError
from cityindex.pipeline import asked_nodes
from cityindex.scale.job import Job, Shipped
from cityindex.scale.roles import find_roles
from cityindex.scale.source import Run, open_source, runs_of
from cityindex.spec.model import Spec

__all__ = ["Task", "count_blocks", "make_task", "nodes_of"]

BLOCK_BYTES = 1 << 25  # of the numbers of a block, read and computed, where nothing is said
LEAST, MOST = 1 << 12, 1 << 18  # rows of a block, where nothing is said


@dataclass(frozen=True, eq=False)
class Task:
    """What is read, in which blocks."""

    job: Job
    runs: tuple[Run, ...]
    given: tuple[str, ...]


def make_task(
    spec: Spec, source: str | Path, given: Iterable[str], key: Any, missing: Any, aliases: Any, block_rows: int | None
) -> Task:
    asked = asked_nodes(given)
    if block_rows is not None and (isinstance(block_rows, bool) or not isinstance(block_rows, int) or block_rows < 1):
        raise ScoreError(f"block_rows={block_rows!r}: a whole number of rows from 1 on is wanted")
    opened = open_source(source)
    job = Job(Shipped(spec), opened, find_roles(spec, opened, asked, key=key, missing=missing, aliases=aliases))
    if block_rows is None:
        wide = max(len(each.read) + len(job.plan(part).ids) for part, each in enumerate(job.roles.parts))
        block_rows = min(max(BLOCK_BYTES // (8 * wide), LEAST), MOST)
    return Task(job, runs_of(opened, block_rows), asked)


def count_blocks(runs: Sequence[Run]) -> int:
    """How many blocks there are."""
    return sum(len(run.blocks) for run in runs)


def nodes_of(job: Job, calibration: Calibration) -> tuple[Mapping[str, Any], ...]:
    """By part, what its nodes learned."""
    return tuple(
        calibration.nodes
        if each.period is None
        else calibration.editions[each.period].nodes
        if each.period in calibration.editions
        else Frozen()
        for each in job.roles.parts
    )
