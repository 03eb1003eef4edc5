"""The cuts of tiers that are learned: from the one column of scores, which has to fit in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cityindex._values import Frozen
from cityindex.calibration import Calibration
from cityindex.engine import Inputs, run, unpack
from cityindex.engine.inputs import rows_where
from cityindex.engine.leaves import leaf_ids
from cityindex.engine.run import find_cuts
from cityindex.engine.stages import Context
from cityindex.errors import Problem, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Plan
from cityindex.scale.blocks import Kept
from cityindex.scale.crew import Crew
from cityindex.scale.job import Job, Numbers
from cityindex.scale.learning import tell
from cityindex.scale.sites import learns_tiers
from cityindex.scale.source import Run
from cityindex.scale.work import BlockFile
from cityindex.spec.model import Group

__all__ = ["Cuts", "learn_cuts", "with_cuts"]


@dataclass(slots=True)
class Cuts:
    """By the period of a part (None: the index itself) and group: its cuts; why some groups have none."""

    found: dict[tuple[str | None, str], FloatArray] = field(default_factory=dict)
    untiered: dict[str, str] = field(default_factory=dict)


def learn_cuts(
    job: Job,
    runs: Sequence[Run],
    crew: Crew | None,
    nodes: tuple[Mapping[str, Any], ...],
    *,
    files: Sequence[BlockFile] = (),
    kept: Kept | None = None,
) -> Cuts:
    """The cuts of every tiering that learns; from the scores in `files`, else from one more pass over the data."""
    cuts = Cuts()
    wanted = [(part, name) for part in range(len(job.roles.parts)) for name in _learning(job.plan(part))]
    if not wanted:
        return cuts
    problems: list[Problem] = []
    looked = {} if crew is None else _of_data(job, runs, crew, nodes, wanted)
    for part, name in wanted:
        ref = looked[part, name] if kept is None else _of_files(job, files, kept, part, name)
        node = job.plan(part).spec.nodes[name]
        assert isinstance(node, Group)  # it has tiers
        assert node.tiers is not None
        context = Context(Inputs(0, {}), None)
        own, untiered = find_cuts(node, node.tiers, ref, context)
        problems += context.problems
        if untiered:
            cuts.untiered[name] = untiered
        elif own is not None:
            cuts.found[job.roles.parts[part].period, name] = own
    tell(job, problems)
    return cuts


def _learning(plan: Plan) -> Iterator[str]:
    """The nodes of a plan whose tiers are learned."""
    return (name for name in plan.ids if learns_tiers(plan.spec, name))


def _of_files(job: Job, files: Sequence[BlockFile], kept: Kept, part: int, name: str) -> FloatArray:
    """The scores of the reference rows of a part."""
    node = job.plan(part).spec.nodes[name]
    assert isinstance(node, Group)  # it has tiers
    carried = node.rank.of == "carried" and name in kept.carried
    column = f"carried {name}" if carried else f"group {name}"
    parted = len(job.roles.parts) > 1
    found = []
    for file in files:
        batch = file.read([column, "reference", *(["part"] if parted else [])])
        chosen = batch.column("reference").to_numpy(zero_copy_only=False)
        chosen = chosen & (batch.column("part").to_numpy() == part) if parted else chosen
        values = batch.column(column).to_numpy()
        found.append(values if chosen.all() else values[chosen])
    return np.concatenate(found)


def _of_data(
    job: Job, runs: Sequence[Run], crew: Crew, nodes: tuple[Mapping[str, Any], ...], wanted: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], FloatArray]:
    found: dict[tuple[int, str], list[FloatArray]] = {each: [] for each in wanted}
    problems: list[Problem] = []
    for own, trouble in crew.each("calibrating (tiers)", _scores, runs, job, nodes, tuple(wanted)):
        problems += trouble
        for each, values in own.items():
            found[each].append(values)
    tell(job, problems)
    return {each: np.concatenate(parts) if parts else np.empty(0) for each, parts in found.items()}


def _scores(
    job: Job, nodes: tuple[Mapping[str, Any], ...], wanted: tuple[tuple[int, str], ...], block_run: Run
) -> tuple[dict[tuple[int, str], FloatArray], list[Problem]]:
    """The scores of the reference rows of one run of blocks."""
    plans = {part: job.plan(part) for part in range(len(job.roles.parts))}
    ids = {part: leaf_ids(plan) + tuple(task.id for task in plan.groups) for part, plan in plans.items()}
    columns = list(job.roles.names.values())
    for part, plan in plans.items():
        numbers, labels = job.needed(part, ids[part], plan)
        columns += [*numbers, *labels]
    found: dict[tuple[int, str], list[FloatArray]] = {}
    problems: list[Problem] = []
    for block, cells in job.read(block_run, columns):
        for piece in job.pieces(cells, job.names(cells, block, block_run), ids, Numbers()):
            problems += piece.problems
            if piece.problems:
                continue
            try:
                outcome = run(piece.plan, piece.inputs, unpack(piece.plan, nodes[piece.part]))
            except ScoreError as error:
                problems += error.problems
                continue
            reference = rows_where(piece.inputs, piece.plan.spec.reference)
            for part, name in wanted:
                if part == piece.part:
                    node = piece.plan.spec.nodes[name]
                    of = node.rank.of if isinstance(node, Group) else "published"
                    values = outcome.column(piece.plan, name, of)
                    found.setdefault((part, name), []).append(values if reference is None else values[reference])
    return {each: np.concatenate(parts) for each, parts in found.items()}, problems


def with_cuts(calibration: Calibration, cuts: Cuts) -> Calibration:
    """The calibration with the cuts that were learned."""
    base = {name: own for (period, name), own in cuts.found.items() if period is None}
    editions = {
        period: replace(own, nodes=_added(own.nodes, {n: c for (p, n), c in cuts.found.items() if p == period}))
        for period, own in calibration.editions.items()
    }
    return replace(calibration, nodes=_added(calibration.nodes, base), editions=Frozen(editions))


def _added(nodes: Mapping[str, Any], cuts: Mapping[str, FloatArray]) -> Frozen:
    found = dict(nodes)
    for name, own in cuts.items():
        own.setflags(write=False)
        found[name] = Frozen({**found.get(name, {}), "tiers": own})
    return Frozen(found)
