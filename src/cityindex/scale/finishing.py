"""The last stages, which need all blocks: units that stand twice, cuts that are learned, ranks, the output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cityindex.calibration import Calibration
from cityindex.methods._arrays import FloatArray
from cityindex.scale.blocks import Kept
from cityindex.scale.crew import Progress
from cityindex.scale.cuts import learn_cuts, with_cuts
from cityindex.scale.job import Job
from cityindex.scale.keys import twice
from cityindex.scale.learning import tell
from cityindex.scale.noticing import notes_of_blocks, numbers_of
from cityindex.scale.ranking import Ranking
from cityindex.scale.record import Scored
from cityindex.scale.task import Task, nodes_of
from cityindex.scale.work import Work
from cityindex.scale.writing import Layout, write_output
from cityindex.spec.model import Group, Rank
from cityindex.table import Note

__all__ = ["finish"]


def finish(task: Task, kept: Kept, work: Work, scored: Scored, said: str, watch: Progress, *, known: bool) -> Scored:
    """Check the keys, learn the cuts, rank, and write the output; the record of it all."""
    job = task.job
    files = [work.block(block.number) for run in task.runs for block in run.blocks]
    noticed = [file.noticed() for file in files]
    numbers = numbers_of(noticed)
    watch("checking the keys", 0, 1)
    problems = [*numbers.problems(), *twice(files, scored.rows, _Places(task), by_period=job.roles.period is not None)]
    tell(job, problems, table=True)
    watch("checking the keys", 1, 1)
    calibration, untiered = scored.calibration, {}
    if kept.learned and not known:
        cuts = learn_cuts(job, task.runs, None, (), files=files, kept=kept)
        calibration, untiered = with_cuts(calibration, cuts), cuts.untiered
    watch("ranking", 0, 1)
    ranking = Ranking(files, [_rule(job, part).ties for part in range(len(job.roles.parts))], work.folder)
    watch("ranking", 1, 1)
    notes = notes_of_blocks(job, noticed, numbers, ranking.periods, known=known)
    tiers, without = _tiers(job, kept, calibration, untiered)
    notes += [Note("tiers", f"{name}: no tiers, for {reason}", node=name) for name, reason in without.items()]
    notes += [Note("resume", said)] if said else []
    scored = replace(scored, calibration=calibration, notes=tuple(notes))
    gaps = frozenset(name for each in noticed for name in each["gaps"])
    layout = Layout(job, kept, tiers, ranking.whole, gaps)
    write_output(scored.path, layout, files, ranking.blocks(), scored.to_dict(), watch)
    return scored


def _rule(job: Job, part: int) -> Rank:
    node = job.plan(part).spec.nodes.get(job.spec.index.id)
    return node.rank if isinstance(node, Group) else Rank()


def _tiers(
    job: Job, kept: Kept, calibration: Calibration, untiered: Mapping[str, str]
) -> tuple[dict[str, list[tuple[FloatArray | None, tuple[str, ...] | None]]], dict[str, str]]:
    """By group and part its cuts and labels; and why there are none, where there are none."""
    found: dict[str, list[tuple[FloatArray | None, tuple[str, ...] | None]]] = {}
    without = dict(untiered)
    for name in kept.tiered:
        own: list[tuple[FloatArray | None, tuple[str, ...] | None]] = []
        for part, nodes in enumerate(nodes_of(job, calibration)):
            plan = job.plan(part)
            node = plan.spec.nodes.get(name)
            if not isinstance(node, Group) or node.tiers is None or name not in plan.row:
                own.append((None, None))
                continue
            cuts = nodes.get(name, {}).get("tiers", node.tiers.call.settings.get("cuts"))
            if cuts is None and name not in without:
                without[name] = "the calibration holds no cuts: it was learned from too few scores"
            own.append((None if cuts is None else np.asarray(cuts, np.float64), node.tiers.labels))
        found[name] = own
    return found, without


class _Places:
    """Where a row of a block stands, in words."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._blocks = [(run.file, block) for run in task.runs for block in run.blocks]

    def __call__(self, number: int, row: int) -> str:
        file, block = self._blocks[number]
        return f"{self._task.job.source.files[file].name}, row {block.first + row + 1:,}"
