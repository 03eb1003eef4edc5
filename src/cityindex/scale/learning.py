"""Calibration by passes: each pass asks of all rows what can be asked by then, until nothing is left to be learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cityindex._values import Frozen
from cityindex.calibration import Calibration
from cityindex.engine import Inputs, Learned, pack
from cityindex.engine.stages import Context
from cityindex.engine.weights import weigh
from cityindex.errors import DomainError, Problem, ScoreError, TableError
from cityindex.methods import impute as impute_kernels
from cityindex.plan import GroupTask, Plan, Stage
from cityindex.scale.collect import merge
from cityindex.scale.crew import Crew
from cityindex.scale.job import Job
from cityindex.scale.lesson import Lesson
from cityindex.scale.needs import NOTHING, needs_of
from cityindex.scale.observe import ENOUGH, Question, Seen, call_of, observe
from cityindex.scale.settling import blind, ids_of, keep, settle_site
from cityindex.scale.sites import Site, check_reducible, open_sites, task_of
from cityindex.scale.source import Run
from cityindex.spec import fingerprint

__all__ = ["Lessons", "calibration_of", "learn", "tell"]

Key = tuple[int, Site]


@dataclass(slots=True)
class Lessons:
    """What was learned: by part, how many rows were learned from, and how many passes over the data it took."""

    learned: dict[int, Learned]
    rows: dict[int, int] = field(default_factory=dict)
    passes: int = 0


def learn(job: Job, runs: Sequence[Run], crew: Crew) -> Lessons:
    """Everything but the cuts of tiers, for which the scores have to be there.

    Raises
    ------
    ScoreError, TableError
        What cannot be learned block by block (before any row is read); problems of the rows, by unit and column.
    """
    parts = range(len(job.roles.parts))
    for part in parts:
        check_reducible(job.plan(part).spec, job.plan(part))
    found = Lessons({part: Learned() for part in parts})
    lessons: dict[Key, dict[str, Lesson]] = {}
    while questions := _questions(job, found, lessons):
        found.passes += 1
        seen = _ask_all(job, runs, crew, questions, found)
        if found.passes == 1:
            found.rows = dict(seen.rows)
            _refuse_nothing(job, found)
        problems: list[Problem] = []
        for question in questions:
            key = question.part, question.site
            _take(question, seen, lessons.setdefault(key, {}))
            if all(lesson.ask is None for lesson in lessons[key].values()):
                problems += settle_site(job.plan(key[0]), key[1], lessons.pop(key), found.learned[key[0]])
        tell(job, problems)
    if not found.passes:  # nothing is learned, and of how many rows is to be told
        _count(job, runs, crew, found)
    return found


def _count(job: Job, runs: Sequence[Run], crew: Crew, found: Lessons) -> None:
    if len(job.roles.parts) == 1 and not job.spec.reference:
        found.rows = {0: job.source.rows}
        return
    found.passes = 1
    found.rows = dict(_ask_all(job, runs, crew, (), found).rows)
    _refuse_nothing(job, found)


def tell(job: Job, problems: Sequence[Problem], *, table: bool = False, stopped: bool = False) -> None:
    """Raise what was found, if anything was; problems of cells that are no numbers go first.

    `table`: they are all about the table; `stopped`: there were so many that the rest was not looked at.
    """
    if not problems:
        return
    cells = [each for each in problems if table or ", column " in each.place or each.place.startswith("column ")]
    kind = TableError if cells else ScoreError
    what = f"{job.source.name} does not fit {job.spec.id}" if cells else f"{job.spec.id} cannot be scored"
    first = " (these are the first problems; what comes after them was not looked at)" if stopped else ""
    raise kind(list(dict.fromkeys([*cells, *problems])), summary=f"{what}{first}:")


def _ask_all(job: Job, runs: Sequence[Run], crew: Crew, questions: tuple[Question, ...], found: Lessons) -> Seen:
    total = Seen()
    what = f"calibrating (pass {found.passes})"
    for seen in crew.each(what, _work, runs, job, questions, found.learned):
        total.problems += seen.problems
        if len(total.problems) >= ENOUGH:
            break
        for part, rows in seen.rows.items():
            total.rows[part] = total.rows.get(part, 0) + rows
        for key, partial in seen.partials.items():
            try:
                total.partials[key] = merge(total.partials[key], partial) if key in total.partials else partial
            except DomainError as error:
                _raise(job, key, error)
    tell(job, total.problems, stopped=len(total.problems) >= ENOUGH)
    return total


def _work(job: Job, questions: tuple[Question, ...], learned: Mapping[int, Learned], run: Run) -> Seen:
    return observe(job, run, questions, learned)


def _raise(job: Job, key: tuple[int, Site, str], error: DomainError) -> None:
    part, site, _ = key
    plan = job.plan(part)
    context = Context(Inputs(0, {}), None)
    context.report(error, ids_of(plan, site), call_of(plan, site))
    tell(job, context.problems)


def _refuse_nothing(job: Job, found: Lessons) -> None:
    for part in found.learned:
        if not found.rows.get(part):
            reference = job.plan(part).spec.reference
            where = f" where {dict(reference)}" if reference else ""
            raise ScoreError(f"there are no rows to learn from{where}: give reference rows, or a calibration")


def _questions(job: Job, found: Lessons, lessons: Mapping[Key, dict[str, Lesson]]) -> tuple[Question, ...]:
    """What the next pass asks; what can be had without looking is had on the way."""
    questions = []
    for part, learned in found.learned.items():
        plan = job.plan(part)
        problems: list[Problem] = []
        while sum(_at_once(plan, site, learned, problems) for site in open_sites(plan, learned)):
            tell(job, problems)
        for site in open_sites(plan, learned):
            needs = needs_of(call_of(plan, site))
            assert not isinstance(needs, str)  # refused before the first pass
            own = lessons.get((part, site))
            asks = None if own is None else {label: each.ask for label, each in own.items() if each.ask is not None}
            questions.append(Question(part, site, needs, asks))
    return tuple(questions)


def _take(question: Question, seen: Seen, lessons: dict[str, Lesson]) -> None:
    for (part, site, label), partial in seen.partials.items():
        if (part, site) == (question.part, question.site):
            lesson = lessons.setdefault(label, Lesson.of(question.needs))
            if lesson.ask is not None:
                lesson.take(partial)


# -- what needs no look at the rows -----------------------------------------------------------------------------------


def _at_once(plan: Plan, site: Site, learned: Learned, problems: list[Problem]) -> bool:
    """Whether a site could be settled without the rows: it learns nothing, or what it learns is said."""
    task, call = task_of(plan, site), None
    if site.kind in ("steps", "publish"):
        stage: Stage = getattr(task, site.kind)[site.place]
        if not stage.learns:
            keep(site, None, learned)
            return True
    call = call_of(plan, site)
    if call.within is not None or needs_of(call) != NOTHING:
        return False
    if site.kind == "weights":
        assert isinstance(task, GroupTask)  # leaves have none
        context = Context(Inputs(1, {}), None)
        nothing = np.full((1, len(task.children)), np.nan)
        found = weigh(task, call, nothing, slice(None), None, context)
        problems += context.problems
        learned.weights[task.id] = nothing[0] if found is None else found
        return True
    nobody = blind(len(ids_of(plan, site)))
    try:
        if site.kind == "missing":
            learned.missing[site.key] = impute_kernels.learn(nobody, use=call.settings["use"])
        else:
            keep(site, stage.method.learn(nobody, **stage.learn_options) or None, learned)  # type: ignore[misc]  # it learns
    except DomainError:  # it wants to see rows
        return False
    return True


def calibration_of(job: Job, found: Lessons) -> Calibration:
    """What was learned, as `calibrate` gives it."""
    spec, parts = job.spec, job.roles.parts
    mark = fingerprint(spec)
    made = {
        each.period: Calibration(
            index=job.plan(part).spec.id,
            fingerprint=fingerprint(job.plan(part).spec),
            nodes=pack(job.plan(part), found.learned[part]),
            units=found.rows.get(part, 0),
            source=job.source.name,
        )
        for part, each in enumerate(parts)
    }
    base = made.pop(None, None)
    return Calibration(
        index=spec.id,
        fingerprint=mark,
        nodes=base.nodes if base else Frozen(),
        units=base.units if base else 0,
        source=job.source.name,
        editions=Frozen({str(period): own for period, own in made.items()}),
    )
