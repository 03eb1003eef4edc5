"""Weights that the page offers by name, besides those published and equal ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._values import Text
from cityindex.errors import SpecError
from cityindex.plan import compile_plan
from cityindex.spec import with_weights
from cityindex.spec.model import Spec
from cityindex.views.explorer.payload import Scope, both

__all__ = ["Presets", "preset_records"]

Presets = Mapping[str, Spec | Mapping[str, Mapping[str, Any]]]


def preset_records(scope: Scope, presets: Presets | None) -> list[dict[str, Any]]:
    """Name and weights of each preset, by group; a group that it does not name has the weights published.

    Raises
    ------
    SpecError
        A preset that does not fit the index, or would move a group that is fixed on the page.
    NotFoundError
        A preset that names a group which the index does not have.
    """
    allowed = "allowed: {name: a spec, or {group: {child: weight}}}"
    if not isinstance(presets, Mapping | None):
        raise SpecError(f"presets: found {type(presets).__name__}; {allowed}")
    found = []
    for name, given in (presets or {}).items():
        if not isinstance(name, str) or not name.strip():
            raise SpecError(f"presets: {name!r} is no name; {allowed}")
        if not isinstance(given, Spec | Mapping):
            raise SpecError(f"preset {name!r}: found {type(given).__name__}; {allowed}")
        found.append({"name": both(Text.of(name)), "weights": _weights(scope, name, given)})
    return found


def _weights(scope: Scope, name: str, given: Spec | Mapping[str, Mapping[str, Any]]) -> dict[str, list[float]]:
    own = scope.part.plan.spec
    spec = given if isinstance(given, Spec) else with_weights(own, given)
    tasks = {task.id: task for task in compile_plan(spec, scope.part.plan.given).groups}
    free = {one.task.id: one for one in scope.movable if one.held is None}
    found: dict[str, list[float]] = {}
    for group in scope.part.plan.groups:
        task = tasks.get(group.id)
        if task is None or task.children != group.children:
            raise SpecError(f"preset {name!r}: {group.id} does not have the children that it has in {own.id}")
        if task.weights is None:
            continue  # a method finds them: as in the index
        if group.id in free:
            total = float(scope.weights[group.id].sum())
            found[group.id] = (task.weights / task.weights.sum() * total).tolist()
        elif group.weights is None or not np.array_equal(task.weights, group.weights):
            raise SpecError(f"preset {name!r} has weights for {group.id}, {_why(scope, group.id)}")
    return found


def _why(scope: Scope, group: str) -> str:
    reasons = {one.task.id: one.reason for one in scope.fixed}
    reasons |= {one.task.id: one.held for one in scope.movable if one.held is not None}
    return f"which the page holds fixed: {reasons[group][1]}" if group in reasons else "which is no part of the index"
