"""What a site learned, from what is known of the rows: its method is shown a summary in their place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cityindex.engine import Inputs, Learned
from cityindex.engine.stages import Context
from cityindex.engine.weights import weigh
from cityindex.errors import DomainError, Problem
from cityindex.methods import impute as impute_kernels
from cityindex.methods._summary import Summary
from cityindex.plan import Block, GroupTask, Plan, Stage
from cityindex.scale.lesson import Lesson
from cityindex.scale.observe import call_of
from cityindex.scale.sites import Site, task_of
from cityindex.spec.model import Indicator

__all__ = ["blind", "ids_of", "keep", "settle_site"]


def blind(count: int) -> Summary:
    """Columns of which nothing is known."""
    nothing = np.full(count, np.nan)
    return Summary(0, np.zeros(count), nothing, nothing)


def ids_of(plan: Plan, site: Site) -> tuple[str, ...]:
    """The nodes whose columns a site looks at."""
    task = task_of(plan, site)
    if isinstance(task, Block):
        return task.ids
    return task.children if site.kind in ("missing", "weights") else (task.id,)


def keep(site: Site, params: Any, learned: Learned) -> None:
    """Take in what a stage learned."""
    getattr(learned, site.kind).setdefault(site.key, []).append(params)


def settle_site(plan: Plan, site: Site, lessons: Mapping[str, Lesson], learned: Learned) -> list[Problem]:
    """Let the method of a site learn from the summaries; what it refuses is returned, by node."""
    task, call = task_of(plan, site), call_of(plan, site)
    context = Context(Inputs(0, {}), None)
    summaries = {label: lessons[label].summary() for label in sorted(lessons)}
    if call.within is None and not summaries:
        summaries = {"": blind(len(ids_of(plan, site)))}
    if site.kind == "weights":
        assert isinstance(task, GroupTask)  # leaves have none
        directions = _directions(plan, task) if call.on == "raw" else None
        sets = {label: weigh(task, call, own, None, directions, context, label) for label, own in summaries.items()}
        if not context.problems:
            learned.weights[site.key] = sets if call.within is not None else sets[""]  # type: ignore[assignment]  # none is missing
        return context.problems
    found = {}
    for label, own in summaries.items():
        try:
            found[label] = _learn(plan, site, own)
        except DomainError as error:
            where = f" (within {call.within} = {label})" if call.within is not None and site.kind != "missing" else ""
            told = DomainError(error.reason + where, columns=error.columns, cells=error.cells)
            context.report(told, ids_of(plan, site), call)
    if site.kind == "missing":
        learned.missing[site.key] = found if call.within is not None else found.get("", {})
    else:
        keep(site, found if call.within is not None else found.get("") or None, learned)
    return context.problems


def _learn(plan: Plan, site: Site, own: Summary) -> Any:
    call = call_of(plan, site)
    if site.kind != "missing":
        stage: Stage = getattr(task_of(plan, site), site.kind)[site.place]
        assert stage.method.learn is not None  # it is a site for that
        return stage.method.learn(own, **stage.learn_options) or {}
    use: Any = call.settings["use"]
    if call.within is None:
        return impute_kernels.learn(own, use=use)
    known = np.flatnonzero(own.counts > 0)  # a child that nobody of a label has stays missing there
    values: list[float | None] = [None] * own.shape[1]
    if len(known):
        learned = impute_kernels.learn(_some(own, known), use=use)["value"]
        for place, value in zip(known.tolist(), learned.tolist(), strict=True):
            values[place] = value
    return {"value": values}


def _some(own: Summary, columns: Any) -> Summary:
    """What is known of some of the columns."""
    return replace(
        own,
        counts=own.counts[columns],
        low=own.low[columns],
        high=own.high[columns],
        mean=None if own.mean is None else own.mean[columns],
        quantiles={share: values[columns] for share, values in own.quantiles.items()},
    )


def _directions(plan: Plan, task: GroupTask) -> Any:
    """The direction of each child's raw column."""
    nodes = [plan.spec.nodes[child] for child in task.children]
    return np.array([-1.0 if isinstance(node, Indicator) and node.falls else 1.0 for node in nodes])
