"""One task of the scoring pass: the blocks of a run through the engine, each left as a file of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.engine import Outcome, run, unpack
from cityindex.engine.inputs import rows_where
from cityindex.engine.learned import Learned
from cityindex.engine.leaves import leaf_ids
from cityindex.errors import Problem, ScoreError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.plan import Plan
from cityindex.scale.cells import Cells, UnitNames
from cityindex.scale.job import Job, Numbers, Piece
from cityindex.scale.keys import hash_texts
from cityindex.scale.observe import ENOUGH
from cityindex.scale.sites import learns_tiers, tasks_of
from cityindex.scale.source import Block, Run
from cityindex.scale.work import Work
from cityindex.spec.model import Group, Rank, Spec

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Kept", "Scoring", "kept_of", "score_run"]

NAMED = 20  # units named of one kind of note, in one block
EMPTY = 20  # rows without a key listed in one block


@dataclass(frozen=True, slots=True)
class Kept:
    """What a block file holds beside key, label and period.

    Attributes
    ----------
    groups
        The groups that are published, in the order of the tree.
    carried
        Those whose carried values decide ranks or tiers, and differ from the published ones.
    tiered
        Those that have tiers, and whose tiers are learned from the scores.
    learned
        Whether some of the cuts have to be learned, so that the rows of the reference are marked.
    """

    groups: tuple[str, ...]
    carried: tuple[str, ...]
    tiered: tuple[str, ...]
    learned: bool


def kept_of(spec: Spec, plans: Sequence[Plan]) -> Kept:
    """What has to be kept of a spec and the plans of its parts."""
    ids = {name for plan in plans for name in plan.ids}
    order = dict.fromkeys(name for plan in plans for name in plan.spec.nodes if name in ids)
    nodes = [(name, plan.spec.nodes[name]) for plan in plans for name in plan.ids]
    groups = {name for name, node in nodes if isinstance(node, Group)}
    tiered = {name for name, node in nodes if isinstance(node, Group) and node.tiers is not None}
    root = spec.index.id
    carried = {
        name
        for name, node in nodes
        if isinstance(node, Group) and node.publish and node.rank.of == "carried" and (name in tiered or name == root)
    }
    return Kept(
        groups=tuple(name for name in order if name in groups),
        carried=tuple(name for name in order if name in carried),
        tiered=tuple(name for name in order if name in tiered),
        learned=any(learns_tiers(plan.spec, name) for plan in plans for name in plan.ids),
    )


@dataclass(frozen=True, eq=False)
class Scoring:
    """What the scoring pass is given beside the job: what was learned, by part, and where to leave the blocks."""

    nodes: tuple[Mapping[str, Any], ...]
    known: bool  # the calibration was given, and not learned from these rows
    folder: str
    kept: Kept

    def learned(self, plan: Plan, part: int) -> Learned:
        return unpack(plan, self.nodes[part])


def score_run(job: Job, scoring: Scoring, skip: frozenset[int], block_run: Run) -> list[Problem]:
    """Score the blocks of a run that are not there yet; the problems met."""
    work, roles = Work(Path(scoring.folder)), job.roles
    plans = {part: job.plan(part) for part in range(len(roles.parts))}
    learned = {part: scoring.learned(plan, part) for part, plan in plans.items()}
    nodes = {part: leaf_ids(plan) + tuple(task.id for task in plan.groups) for part, plan in plans.items()}
    columns = list(roles.names.values())
    for part, plan in plans.items():
        numbers, labels = job.needed(part, nodes[part], plan)
        columns += [*numbers, *labels]
    problems: list[Problem] = []
    for block, cells in job.read(block_run, columns, skip):
        names = job.names(cells, block, block_run)
        noticed = Numbers()
        rows = _Rows(job, cells, names, scoring)
        problems += rows.unnamed(block, job.source.files[block_run.file].name)
        for piece in job.pieces(cells, names, nodes, noticed):
            problems += piece.problems
            if piece.problems:  # what is no number is not missing, too
                continue
            try:
                rows.take(piece, run(piece.plan, piece.inputs, learned[piece.part], watch=_watched(piece, scoring)))
            except ScoreError as error:
                problems += error.problems
        if not problems:
            batch = rows.batch()
            work.block(block.number).write(batch, {**rows.noticed, "numbers": _plain(noticed)})
        if len(problems) >= ENOUGH:
            break
    return problems


def _watched(piece: Piece, scoring: Scoring) -> bool:
    """Whether a number can lie beyond the ends of a step: not where every row was learned from."""
    if scoring.known or piece.plan.spec.reference:
        return True
    stages = [stage for task in tasks_of(piece.plan) for stage in (*task.steps, *task.publish)]
    return any(
        stage.method.ends is not None and (not stage.learns or stage.call.settings.get("beyond") == "hold")
        for stage in stages
    )


class _Rows:
    """The columns of one block as they fill up, part by part."""

    def __init__(self, job: Job, cells: Cells, names: UnitNames, scoring: Scoring) -> None:
        self._job, self._cells, self._names, self._kept = job, cells, names, scoring.kept
        self._known = scoring.known
        self._whole = len(job.roles.parts) == 1
        self._values: dict[str, FloatArray] = {}
        self._part = np.zeros(len(cells), np.int16)
        self._reference = np.ones(len(cells), np.bool_)
        self.noticed: dict[str, Any] = {"missing": [], "beyond": [], "gaps": []}

    def unnamed(self, block: Block, file: str) -> Iterator[Problem]:
        """Rows without a key, or without a period."""
        import pyarrow.compute as pc

        roles = self._job.roles
        empty = {"key": np.flatnonzero(pc.equal(pc.binary_length(self._keys), 0).to_numpy(zero_copy_only=False))}
        if roles.period is not None:
            labels = self._cells.labels(roles.period)
            nothing = np.array([not name for name in labels.names])
            empty["period"] = np.flatnonzero(nothing[labels.codes])
        for role, rows in empty.items():
            if len(rows):
                listed = ", ".join(f"{block.first + row + 1:,}" for row in rows[:EMPTY].tolist())
                more = ", …" if len(rows) > EMPTY else ""
                what = "row" if len(rows) == 1 else "rows"
                yield Problem(f"no {role} ({file}, {what} {listed}{more})", f"column {roles.names[role]}")

    @property
    def _keys(self) -> pa.Array:
        return self._names.keys

    def take(self, piece: Piece, outcome: Outcome) -> None:
        """The values of one part, and what was done to it."""
        spec, root = piece.plan.spec, self._job.spec.index.id
        for name in self._kept.groups:
            if name in piece.plan.row:
                self._put(f"group {name}", piece, outcome.column(piece.plan, name))
        for name in self._kept.carried:
            if name in piece.plan.row:
                self._put(f"carried {name}", piece, outcome.column(piece.plan, name, "carried"))
        if root in piece.plan.row:
            node = spec.nodes[root]
            rule = node.rank if isinstance(node, Group) else Rank()
            compared = significant(outcome.column(piece.plan, root, rule.of))
            self._put("place", piece, np.negative(compared, out=compared) if rule.first == "highest" else compared)
        where = slice(None) if piece.rows is None else piece.rows
        self._part[where] = piece.part
        reference = rows_where(piece.inputs, spec.reference)
        if reference is not None:
            self._reference[where] = reference
        self._notice(piece, outcome)

    def _put(self, name: str, piece: Piece, values: FloatArray) -> None:
        if piece.rows is None:
            self._values[name] = values
            return
        if name not in self._values:
            self._values[name] = np.full(len(self._cells), np.nan)
        self._values[name][piece.rows] = values

    def _notice(self, piece: Piece, outcome: Outcome) -> None:
        for name, settled in outcome.settled.items():
            kinds = {
                "filled": None if settled.filled is None else np.logical_or.reduce(settled.filled, axis=1),
                "shared": settled.shared,
                "blank": settled.blank,
            }
            for kind, rows in kinds.items():
                if rows is not None and rows.any():
                    cells = int(settled.filled.sum()) if kind == "filled" and settled.filled is not None else 0
                    units = self._units(piece, np.flatnonzero(rows))
                    self.noticed["missing"].append([piece.part, name, kind, cells, int(rows.sum()), units])
        for each in outcome.beyond:
            if self._known or each.learned or each.held:
                units = self._units(piece, np.concatenate([each.above, each.below]))
                what = [each.node, each.step, each.label, each.low, each.high, each.held, each.learned]
                self.noticed["beyond"].append([what, len(each.below), len(each.above), units])

    def _units(self, piece: Piece, rows: Any) -> list[str]:
        names = self._names if piece.rows is None else self._names.of(piece.rows)
        return [names.short(int(row)) for row in rows[:NAMED]]

    def batch(self) -> pa.RecordBatch:
        """The block as it is kept."""
        import pyarrow as pa

        roles = self._job.roles
        columns: dict[str, Any] = {"key": self._keys}
        if roles.label is not None:
            columns["label"] = self._cells.texts(roles.label)
        periods = None
        if roles.period is not None:
            periods = self._cells.labels(roles.period)
            columns["period"] = self._cells.texts(roles.period)
            columns["when"] = pa.DictionaryArray.from_arrays(pa.array(periods.codes, pa.int32()), list(periods.names))
        columns["hash"] = pa.array(hash_texts(self._keys, periods))
        nothing = np.full(len(self._cells), np.nan)
        names = [f"group {name}" for name in self._kept.groups] + [f"carried {name}" for name in self._kept.carried]
        for name in (*names, "place"):
            values = self._values.get(name, nothing)
            columns[name] = pa.array(values)
            if np.isnan(np.add.reduce(values)):
                self.noticed["gaps"].append("rank" if name == "place" else name.removeprefix("group "))
        if not self._whole:
            columns["part"] = pa.array(self._part)
        if self._kept.learned:
            columns["reference"] = pa.array(self._reference)
        return pa.RecordBatch.from_pydict(columns)


def _plain(numbers: Numbers) -> dict[str, Any]:
    """For JSON."""
    return {
        "traits": [[*key, *value] for key, value in numbers.traits.items()],
        "marks": [[*key, *value] for key, value in numbers.marks.items()],
        "percent": [[column, *pair] for column, pair in numbers.percent.items()],
    }
