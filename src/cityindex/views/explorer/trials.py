"""Trials: random weights and aggregators with the scores that the library gives, which the page has to repeat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from cityindex.engine import Outcome, run
from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import rank
from cityindex.plan import GroupTask, Plan
from cityindex.spec.model import Call
from cityindex.views.explorer.payload import Scope, pack

__all__ = ["trial_records"]

TRIALS = 5  # besides the index as published
SEED = 20


def trial_records(scope: Scope) -> list[dict[str, Any]]:
    """The index as published, then random weights; every other time with random aggregators too."""
    if not scope.movable:
        return []
    random = np.random.default_rng(SEED)
    found = [_record(scope, {}, {}, scope.part.outcome)]
    for number in range(TRIALS):
        drawn = {one.task.id: _shuffled(scope.weights[one.task.id], random) for one in scope.movable if not one.held}
        names = {one.task.id: str(random.choice(one.switches)) for one in scope.movable} if number % 2 else {}
        found += _trial(scope, drawn, names)
    return found


def _trial(scope: Scope, drawn: Mapping[str, FloatArray], names: dict[str, str]) -> list[dict[str, Any]]:
    """One trial that the numbers allow, or none.

    Aggregators that they do not allow are given up from the top of the index down, then weights come nearer to those
    published: under steps that are held, a mean that needs numbers above 0 may be in the way of either.
    """
    tries = [dict(list(names.items())[:count]) for count in range(len(names), 0, -1)]
    for share, fewer in [*((1.0, each) for each in tries), *((share, {}) for share in (1.0, 0.5, 0.2, 0.05))]:
        own = scope.weights
        weights = {name: own[name] + share * (each - own[name]) for name, each in drawn.items()}
        try:
            return [_record(scope, weights, fewer, _scored(scope, weights, fewer))]
        except ScoreError:
            continue
    return []


def _shuffled(weights: FloatArray, random: np.random.Generator) -> FloatArray:
    """Other shares; a child without weight stays without: a unit that has nothing else must not gain a value."""
    drawn = np.where(weights > 0, random.exponential(size=len(weights)) + 0.01, 0.0)
    return np.asarray(drawn / drawn.sum() * weights.sum(), np.float64)


def _scored(scope: Scope, weights: Mapping[str, FloatArray], names: Mapping[str, str]) -> Outcome:
    """A run of the engine with other weights and aggregators; whatever was learned is held at the calibration.

    Raises
    ------
    ScoreError
        The engine does not take them; or a unit loses or gains the value of a group, which the page undoes.
    """
    plan, before = scope.part.plan, scope.part.outcome
    tasks = tuple((_changed(task, weights.get(task.id), names.get(task.id)),) for task in plan.groups)
    changed = Plan(plan.spec, plan.ids, plan.row, plan.blocks, tasks, plan.given)
    outcome = run(changed, scope.part.inputs, before.learned)
    for one in scope.movable:
        there, then = (np.isnan(each.column(plan, one.task.id, "carried")) for each in (outcome, before))
        if not np.array_equal(there, then):
            raise ScoreError(f"{one.task.id}: a unit loses or gains its value")
    return outcome


def _changed(task: GroupTask, weights: FloatArray | None, name: str | None) -> GroupTask:
    if weights is not None:
        task = replace(task, weights=weights)
    if name is not None and name != task.group.aggregate.name:
        task = replace(task, group=replace(task.group, aggregate=Call("aggregator", name)))
    return task


def _record(
    scope: Scope, weights: Mapping[str, FloatArray], names: Mapping[str, str], outcome: Outcome
) -> dict[str, Any]:
    columns = {of: outcome.column(scope.part.plan, scope.root, of)[scope.places] for of in ("carried", "published")}
    ranks = rank(columns[scope.rank.of], ties=scope.rank.ties, first=scope.rank.first)
    return {
        "weights": {name: own.tolist() for name, own in weights.items()},
        "aggregates": dict(names),
        **{of: pack(values) for of, values in columns.items()},
        "ranks": pack(ranks),
    }
