"""Scores the units in one state, and says which of them cannot be scored in it and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex.comparing.mixing import Mixer, State
from cityindex.engine import Inputs, Outcome, run
from cityindex.engine.change_group import Scene, line_through
from cityindex.engine.decompose import Path, decompose
from cityindex.engine.learned import Learned
from cityindex.engine.leaves import columns_of
from cityindex.engine.stages import Context, run_stages
from cityindex.errors import CalibrationError, Problem, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.plan import Plan, Stage
from cityindex.spec.model import Group

__all__ = ["Scored", "contributions_of", "scene_of", "score_state"]

TRIALS = 100  # runs to find out which units cannot be scored; those not looked at by then count as such


@dataclass(frozen=True, slots=True)
class Scored:
    """The units in one state.

    Attributes
    ----------
    shown
        The published score before it is rounded, n; `nan` where a unit cannot be scored.
    ranked
        The column that the group is ranked by, n.
    reasons
        Unit's row → why it cannot be scored.
    scene
        The run, where one held all units.
    """

    shown: FloatArray
    ranked: FloatArray
    reasons: Mapping[int, str]
    scene: Scene | None = None


def score_state(mixer: Mixer, state: State) -> Scored:
    """Score the units that both sides have in a state between them."""
    inputs, plan, node = mixer.inputs(state), mixer.plan(state), mixer.sides[state.structure].node
    try:
        learned = mixer.learned(state)
    except CalibrationError as error:
        nothing = np.full(inputs.units, np.nan)
        return Scored(nothing, nothing, dict.fromkeys(range(inputs.units), _reason(error.problems)))
    trial = _Trial(plan, node, inputs, learned)
    trial.score(np.arange(inputs.units))
    return Scored(trial.shown, trial.ranked, trial.reasons, trial.scene)


def scene_of(mixer: Mixer, state: State, units: IntArray) -> Scene:
    """The run of some units, all of which can be scored in the state."""
    plan, node, learned = mixer.plan(state), mixer.sides[state.structure].node, mixer.learned(state)
    inputs = _taken(mixer.inputs(state), units)
    outcome = run(plan, inputs, learned)
    return Scene(plan, outcome, node, _shown(plan, node, inputs, outcome))


def contributions_of(scene: Scene) -> dict[Path, FloatArray]:
    """Path → points of the published score before it is rounded; they add up to it.

    Where the steps of `publish` are a straight line (an index of 0 to 1 that is printed from 0 to 100), its slope
    takes the contributions over and its constant stays with the root; any other curve scales them.
    """
    carried, shown = scene.outcome.column(scene.plan, scene.root, "carried"), scene.shown
    factor = np.ones(len(shown))
    if not np.array_equal(carried, shown):
        slope = line_through(carried, shown)
        with np.errstate(all="ignore"):
            factor = np.full(len(shown), slope) if slope is not None else shown / carried
        factor[~np.isfinite(factor)] = 0.0
    found = {path: values * factor for path, values in decompose(scene.plan, scene.outcome, scene.root).parts.items()}
    rest = shown - np.sum(list(found.values()), axis=0)
    rest[np.abs(rest) <= 1e-12 * np.abs(shown)] = 0.0
    if rest.any():
        found[()] = found.get((), 0.0) + rest
    return found


def _reason(problems: Sequence[Problem]) -> str:
    """What the first trouble of a run is, and where; what comes after it may follow from it."""
    first = problems[0]
    same = [problem.place for problem in problems if problem.message == first.message]
    cells = [place.rpartition(", ")[2:] if place.startswith("unit ") else place.split(", ") for place in same]
    nodes = dict.fromkeys(node for cell in cells for node in cell if node)
    where = ", ".join(list(nodes)[:3]) + (", …" if len(nodes) > 3 else "")
    return f"{where}: {first.message}" if where else first.message


class _Trial:
    """Runs of one plan over ever fewer units, until those are left that can be scored."""

    def __init__(self, plan: Plan, node: str, inputs: Inputs, learned: Learned) -> None:
        self.plan, self.node, self.inputs, self.learned = plan, node, inputs, learned
        self.shown, self.ranked = (np.full(inputs.units, np.nan) for _ in range(2))
        self.reasons: dict[int, str] = {}
        self.scene: Scene | None = None
        self.trials = TRIALS

    def score(self, rows: IntArray) -> None:
        """Score some rows; those that a problem is about are left out, and where it is about none they are halved."""
        if not len(rows):
            return
        if not self.trials:
            self.reasons.update(dict.fromkeys(rows.tolist(), "too many units cannot be scored to look at each"))
            return
        self.trials -= 1
        own = _taken(self.inputs, rows)
        try:
            outcome = run(self.plan, own, self.learned)
        except ScoreError as error:
            for part in self._rest(error, rows):
                self.score(part)
            return
        self._keep(rows, own, outcome)

    def _rest(self, error: ScoreError, rows: IntArray) -> list[IntArray]:
        """The rows to look at once more, after an error."""
        blamed = list(error.problems[0].rows) or ([0] if len(rows) == 1 else [])
        self.reasons.update(dict.fromkeys(rows[blamed].tolist(), _reason(error.problems)))
        if blamed:
            return [np.delete(rows, blamed)]
        return [rows[: len(rows) // 2], rows[len(rows) // 2 :]]

    def _keep(self, rows: IntArray, own: Inputs, outcome: Outcome) -> None:
        shown = _shown(self.plan, self.node, own, outcome)
        self.shown[rows] = shown
        self.ranked[rows] = outcome.column(self.plan, self.node, _group(self.plan, self.node).rank.of)
        for row in rows[np.isnan(shown)].tolist():
            self.reasons[row] = "no score, for what is missing"
        if len(rows) == self.inputs.units:
            self.scene = Scene(self.plan, outcome, self.node, shown)


def _group(plan: Plan, node: str) -> Group:
    group = plan.spec.nodes[node]
    assert isinstance(group, Group)  # checked by `sides_of`
    return group


def _shown(plan: Plan, node: str, inputs: Inputs, outcome: Outcome) -> FloatArray:
    """The published column before the roundings at its end; `nan` where nothing is published."""
    column = outcome.column(plan, node, "carried")
    stages, params = _publish(plan, node, outcome.learned)
    while stages and stages[-1].call.name == "round":
        stages, params = stages[:-1], params[:-1]
    if stages:
        column = run_stages(column[:, None], stages, (node,), Context(inputs, None), params)[0][:, 0]
    return np.where(np.isnan(outcome.column(plan, node)), np.nan, column)


def _publish(plan: Plan, node: str, learned: Learned) -> tuple[Sequence[Stage], list[Any]]:
    """The steps of `publish` of a group, and what they learned."""
    for task in plan.groups:
        if task.id == node:
            return task.publish, list(learned.publish.get(task.id, [None] * len(task.publish)))
    block = next(block for block in plan.blocks if node in block.ids)  # its values are given
    part = slice(block.ids.index(node), block.ids.index(node) + 1)
    stages = [stage.columns(part) for stage in block.publish]
    return stages, columns_of(learned.publish.get(block.ids[0]), block.publish, part)


def _taken(inputs: Inputs, rows: IntArray) -> Inputs:
    """Some rows of the inputs."""
    if len(rows) == inputs.units:
        return inputs
    return Inputs(
        units=len(rows),
        values={name: values[rows] for name, values in inputs.values.items()},
        per={name: values[rows] for name, values in inputs.per.items()},
        labels={name: labels.take(rows) for name, labels in inputs.labels.items()},
        names=[inputs.names[row] for row in rows.tolist()],
    )
