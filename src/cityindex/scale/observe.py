"""One task of a calibrating pass: what the rows of a run hold for each thing that is being learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cityindex.engine import Learned
from cityindex.engine.inputs import BoolArray, rows_where
from cityindex.engine.leaves import leaf_ids
from cityindex.engine.partly import Partly
from cityindex.errors import DomainError, Problem
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Block as PlanBlock
from cityindex.plan import GroupTask, Plan
from cityindex.scale.cells import Cells, UnitNames
from cityindex.scale.collect import Ask, Partial, look, merge
from cityindex.scale.job import Job, Numbers, Piece
from cityindex.scale.lesson import first_ask
from cityindex.scale.needs import NOTHING, Needs
from cityindex.scale.sites import Site, cut_short, task_of
from cityindex.scale.source import Run
from cityindex.spec.model import Call

__all__ = ["Question", "Seen", "call_of", "observe"]

ENOUGH = 50  # problems after which a run is left


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at one site: `asks` by label, where labels are known; `needs` says what to ask of a new one."""

    part: int
    site: Site
    needs: Needs
    asks: Mapping[str, Ask] | None  # None: the first pass, every label is asked the same


@dataclass(slots=True)
class Seen:
    """What was found: by (part, site, label) what the rows add up to; the reference rows of each part; problems."""

    partials: dict[tuple[int, Site, str], Partial] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def put(self, key: tuple[int, Site, str], found: Partial) -> None:
        """Add what some rows hold."""
        self.partials[key] = merge(self.partials[key], found) if key in self.partials else found


def call_of(plan: Plan, site: Site) -> Call:
    """The method that learns at a site."""
    task = task_of(plan, site)
    if site.kind in ("steps", "publish"):
        call: Call = getattr(task, site.kind)[site.place].call
        return call
    assert isinstance(task, GroupTask)  # leaves have stages only
    if site.kind == "missing":
        return task.group.missing
    assert isinstance(task.group.weights, Call)  # written weights are no site
    return task.group.weights


def observe(job: Job, run: Run, questions: tuple[Question, ...], learned: Mapping[int, Learned]) -> Seen:
    """Look at the rows of a run; where something is wrong, once more with the names of the units."""
    seen = _observe(job, run, questions, learned, named=False)
    return _observe(job, run, questions, learned, named=True) if seen.problems else seen


def _observe(
    job: Job, run: Run, questions: tuple[Question, ...], learned: Mapping[int, Learned], *, named: bool
) -> Seen:
    seen = Seen()
    plans = {part: cut_short(job.plan(part), learned[part], _sites(questions, part)) for part in learned}
    wanted = {part: _leaves(plan, job.plan(part), questions, part) for part, plan in plans.items()}
    columns = _columns(job, plans, wanted, named=named)
    simple = _simple(job, questions)
    for block, cells in job.read(run, columns):
        if simple is not None and _extremes(cells, simple, seen):
            continue
        names = job.names(cells, block, run) if named else UnitNames(None, None, "", block.first)
        for piece in job.pieces(cells, names, wanted, Numbers()):
            seen.problems += piece.problems
            if piece.problems:  # what is no number is not missing, too
                continue
            try:
                _look_at(piece, plans[piece.part], job.plan(piece.part), questions, learned[piece.part], seen)
            except DomainError as error:  # raised where two blocks are put together
                seen.problems.append(Problem(error.reason))
        if len(seen.problems) >= ENOUGH:
            break
    return seen


def _sites(questions: tuple[Question, ...], part: int) -> list[Site]:
    return [question.site for question in questions if question.part == part]


def _leaves(cut: Plan, plan: Plan, questions: tuple[Question, ...], part: int) -> list[str]:
    """The nodes that have to be filled: those of the cut plan, and the groups that are looked into."""
    waiting = {question.site.key for question in questions if question.part == part}
    groups = {task.id for task in cut.groups} | {task.id for task in plan.groups if task.id in waiting}
    return [*leaf_ids(cut), *sorted(groups)]


def _columns(job: Job, plans: Mapping[int, Plan], wanted: Mapping[int, list[str]], *, named: bool) -> list[str]:
    columns: list[str] = []
    for part, nodes in wanted.items():
        numbers, labels = job.needed(part, nodes, plans[part])
        columns += [*numbers, *labels]
    roles = job.roles
    columns += [roles.key] if named else []
    columns += [roles.period] if roles.period is not None and (named or len(roles.parts) > 1) else []
    return list(dict.fromkeys(columns))


# -- the short way: the ends of raw columns ---------------------------------------------------------------------------


def _simple(job: Job, questions: tuple[Question, ...]) -> list[tuple[Question, tuple[str, ...]]] | None:
    """The columns of each question, where nothing is asked but the ends of columns as they stand."""
    if not questions or len(job.roles.parts) > 1 or job.spec.reference:
        return None
    plan, roles = job.plan(0), job.roles.parts[0]
    found = []
    for question in questions:
        task = task_of(plan, question.site)
        first = question.site.kind == "steps" and question.site.place == 0 and question.asks is None
        if not (first and isinstance(task, PlanBlock) and task.where is None and question.needs == NOTHING):
            return None
        if task.steps[0].call.within or not all(name in roles.columns and name not in roles.per for name in task.ids):
            return None
        found.append((question, tuple(roles.columns[name] for name in task.ids)))
    return found


def _extremes(cells: Cells, simple: list[tuple[Question, tuple[str, ...]]], seen: Seen) -> bool:
    """Count and ends of each column, of numbers as they are stored; False where they have to be read otherwise."""
    found = []
    for own, columns in simple:
        ends = [_ends(cells.plain(column)) for column in columns]
        if any(each is None or np.isinf(each[1:]).any() for each in ends):
            return False
        counts, low, high = np.array(ends, np.float64).T
        found.append((own, Partial(len(cells), counts, low, high)))
    for own, partial in found:
        seen.put((own.part, own.site, ""), partial)
    seen.rows[0] = seen.rows.get(0, 0) + len(cells)
    return True


def _ends(chunks: list[Any] | None) -> tuple[float, float, float] | None:
    if chunks is None:
        return None
    count, low, high = 0, np.nan, np.nan
    for chunk in chunks:
        if not len(chunk):
            continue
        least, most = float(chunk.min()), float(chunk.max())
        gaps = 0
        if least != least:  # a gap among them
            absent = np.isnan(chunk)
            gaps = int(absent.sum())
            least, most = float(np.fmin.reduce(chunk)), float(np.fmax.reduce(chunk))
        count += len(chunk) - gaps
        low, high = np.fmin(low, least), np.fmax(high, most)
    return float(count), float(low), float(high)


# -- the long way -----------------------------------------------------------------------------------------------------


def _look_at(
    piece: Piece, cut: Plan, plan: Plan, questions: tuple[Question, ...], learned: Learned, seen: Seen
) -> None:
    reference = rows_where(piece.inputs, plan.spec.reference)
    count = piece.inputs.units if reference is None else int(reference.sum())
    seen.rows[piece.part] = seen.rows.get(piece.part, 0) + count
    own = [question for question in questions if question.part == piece.part]
    if not own:
        return
    raw = all(question.site.kind == "steps" and question.site.place == 0 for question in own)
    raw = raw and all(isinstance(task_of(plan, question.site), PlanBlock) for question in own)
    run = Partly(replace(cut, blocks=(), siblings=()) if raw else cut, piece.inputs, learned, reference)
    groups = {task.id: task for task in plan.groups}
    for question in own:
        x, rows = _columns_of(run, plan, question.site, groups, reference, raw=raw)
        _ask(run, plan, question, x, rows, seen)
    seen.problems += run.context.problems


def _columns_of(
    run: Partly, plan: Plan, site: Site, groups: Mapping[str, GroupTask], reference: BoolArray | None, *, raw: bool
) -> tuple[FloatArray, BoolArray | None]:
    task = task_of(plan, site)
    if isinstance(task, PlanBlock):
        return (run.raw(task) if raw else run.stage(task.ids, site.kind, site.place)), reference
    if site.kind == "missing":
        return run.children(task)
    if site.kind == "weights":
        return run.settled(task, groups)
    return run.stage((task.id,), site.kind, site.place), reference


def _ask(run: Partly, plan: Plan, question: Question, x: FloatArray, rows: Any, seen: Seen) -> None:
    """Look at the rows that are learned from, by label under `within`."""
    call, context = call_of(plan, question.site), run.context
    for label, places in _sets(run, call, rows):
        if question.asks is None:
            ask: Ask | None = first_ask(question.needs)
        else:
            ask = question.asks.get(label)
        if ask is None:
            continue
        try:
            found = look(x if places is None else x[places], ask)
        except DomainError as error:
            task = task_of(plan, question.site)
            ids = task.ids if isinstance(task, PlanBlock) else task.children if len(x.T) > 1 else (task.id,)
            context.report(error, ids, call, places)
            continue
        if np.isinf(found.low).any() or np.isinf(found.high).any():
            continue  # told where it came to be
        seen.put((question.part, question.site, label), found)


def _sets(run: Partly, call: Call, rows: Any) -> Iterator[tuple[str, Any]]:
    if call.within is None:
        yield "", None if rows is None or rows.all() else np.flatnonzero(rows)
        return
    for label, places in run.context.label_rows(call.within).items():
        own = places if rows is None else places[rows[places]]
        if len(own) and label:
            yield label, own
