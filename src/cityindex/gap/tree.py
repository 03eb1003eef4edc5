"""How the score of one unit follows its leaves: its slopes, and whether it is linear or bends one way.

Source: S. Boyd, L. Vandenberghe (2004), *Convex Optimization*, section 3.2.4 (composition); P. S. Bullen (2003),
*Handbook of Means and Their Inequalities*, doi:10.1007/978-94-017-0399-4 (power means bend one way, by the exponent).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cityindex.engine import Inputs
from cityindex.engine.aggregation import aggregate, on_axis
from cityindex.engine.leaves import columns_of
from cityindex.engine.stages import Context, run_stages
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Block, GroupTask

if TYPE_CHECKING:
    from cityindex.engine import Outcome
    from cityindex.part import Part
    from cityindex.plan import Plan, Stage

__all__ = ["bend", "is_affine", "is_geometric", "published", "signs", "slopes"]

AFFINE = ("rescale", "zscore", "robust", "vector", "impute")  # steps that are a line, whatever their options
HELD = ("minmax", "goalposts")  # steps that are a line as far as they do not hold


def is_affine(stage: Stage) -> bool:
    """Whether a step is one straight line."""
    call, said = stage.call, stage.call.settings
    return call.name in AFFINE or (
        call.name in HELD and said["beyond"] == "allow" and said.get("scale", "linear") == "linear"
    )


# -- slopes -----------------------------------------------------------------------------------------------------------


def slopes(plan: Plan, outcome: Outcome, inputs: Inputs, leaves: Sequence[str]) -> FloatArray:
    """The derivative of the carried score by the carried value of each leaf, for a run of one row.

    Where a mean has a kink (a minimum at equal children) it is one of the slopes that support it.
    """
    factor: dict[str, float] = {plan.spec.index.id: 1.0}
    with np.errstate(all="ignore"):
        for task in reversed(plan.groups):  # parents first
            if task.id not in factor or plan.spec.index.id in plan.given:
                continue
            above = factor[task.id] * _after(task, plan, outcome, inputs)
            for child, local in zip(task.children, _local(task, outcome), strict=True):
                if np.isfinite(local) and np.isfinite(above):
                    factor[child] = factor.get(child, 0.0) + above * float(local)
    return np.array([factor.get(name, 0.0) for name in leaves])


def _row(task: GroupTask, outcome: Outcome) -> tuple[FloatArray, FloatArray]:
    """The children of the one unit and their weights, 0 where a child is absent."""
    settled = outcome.settled[task.id]
    weights = settled.weights
    assert weights is not None  # a run without weights fails
    x = settled.counted(settled.x)[0]
    return x, np.where(np.isnan(x), 0.0, weights if weights.ndim == 1 else weights[0])


def _made(task: GroupTask, outcome: Outcome) -> float:
    x, weights = _row(task, outcome)
    return float(aggregate(task.group.aggregate, x[None], weights, outcome.learned.aggregates.get(task.id))[0])


def _local(task: GroupTask, outcome: Outcome) -> FloatArray:
    """The derivatives of a group's aggregate by its children. On another axis they are the same at the point there."""
    x, weights = _row(task, outcome)
    if np.isnan(x).all():
        return np.zeros(len(x))
    call = task.group.aggregate
    shares = weights / weights.sum() if call.method.averages and weights.sum() else weights
    if call.method.additive:
        return shares
    at = on_axis(call, x)
    if call.name in ("minimum", "maximum"):
        held = np.nanargmin(at) if call.name == "minimum" else np.nanargmax(at)
        return np.asarray(np.arange(len(x)) == held, np.float64)
    exponent = {"geometric": 0.0, "harmonic": -1.0}.get(call.name, call.settings.get("exponent"))
    if call.name in ("geometric", "harmonic", "power") and exponent is not None:
        made = float(on_axis(call, np.array([_made(task, outcome)]))[0])
        found: FloatArray = np.nan_to_num(shares * (at / made) ** (exponent - 1.0))
        return found
    return _measured(task, x, weights, outcome)


def _measured(task: GroupTask, x: FloatArray, weights: FloatArray, outcome: Outcome) -> FloatArray:
    """Slopes by differences, where no formula is known."""
    width = 1e-5 * max(1.0, float(np.nanmax(np.abs(x))))
    both = [x + sign * width * np.eye(len(x)) for sign in (1.0, -1.0)]
    params = outcome.learned.aggregates.get(task.id)
    try:
        up, down = (aggregate(task.group.aggregate, each, weights, params) for each in both)
    except ValueError:
        return np.zeros(len(x))
    return np.nan_to_num((up - down) / (2 * width))


def _after(task: GroupTask, plan: Plan, outcome: Outcome, inputs: Inputs) -> float:
    """The slope of a group's own steps where its aggregate stands."""
    if not task.steps:
        return 1.0
    made = _made(task, outcome)
    width = 1.0 if all(is_affine(stage) for stage in task.steps) else 1e-6 * max(1.0, abs(made))
    x = np.array([[made - width], [made + width]])
    labels = {name: found.take(np.zeros(2, dtype=np.intp)) for name, found in inputs.labels.items()}
    context = Context(Inputs(units=2, values={}, labels=labels), None)
    learned = outcome.learned.steps.get(task.id, [None] * len(task.steps))
    y, _, _ = run_stages(x, task.steps, (task.id,), context, learned)
    return float((y[1, 0] - y[0, 0]) / (2 * width))


def published(part: Part, place: int, carried: FloatArray) -> FloatArray:
    """What the index shows for carried scores of one unit."""
    plan, name = part.plan, part.plan.spec.index.id
    tasks: list[GroupTask | Block] = [*plan.groups, *plan.blocks]
    ids = [(task.id,) if isinstance(task, GroupTask) else task.ids for task in tasks]
    task, names = next(pair for pair in zip(tasks, ids, strict=True) if name in pair[1])
    key, at = names[0], names.index(name)
    own = slice(at, at + 1)
    learned = columns_of(part.outcome.learned.publish.get(key), task.publish, own)
    rows = np.full(len(carried), place)
    labels = {column: found.take(rows) for column, found in part.inputs.labels.items()}
    context = Context(Inputs(units=len(carried), values={}, labels=labels), None)
    y, _, _ = run_stages(carried[:, None], [stage.columns(own) for stage in task.publish], (name,), context, learned)
    return np.array(y[:, 0])


# -- the way it bends -------------------------------------------------------------------------------------------------


def bend(plan: Plan, outcome: Outcome, place: int, leaves: Iterable[str]) -> int | None:
    """How the carried score of one unit bends in the carried values of the leaves.

    0: it is linear; 1: concave (what a child gains counts the less the more it has: geometric and harmonic means, a
    minimum); −1: convex; None: neither is known.
    """
    moving = set(leaves)
    found: dict[str, int | None] = {}
    for task in plan.groups:
        inside = [child for child in task.children if child in moving]
        if inside:
            moving.add(task.id)
            found[task.id] = _bend(task, outcome, place, {child: found.get(child, 0) for child in inside})
    return found.get(plan.spec.index.id, 0)


def is_geometric(plan: Plan, leaves: Iterable[str]) -> bool:
    """Whether only geometric means lie between the leaves and the index: its logarithm is linear in theirs."""
    moving = set(leaves)
    for task in plan.groups:
        if not moving.isdisjoint(task.children):
            moving.add(task.id)
            if task.group.aggregate.name != "geometric" or task.group.aggregate.via is not None or task.steps:
                return False
    return plan.spec.index.id in moving


def signs(plan: Plan, outcome: Outcome, place: int, leaves: Sequence[str]) -> FloatArray | None:
    """1 where the score rises (or stands) as a leaf's carried value rises, −1 where it falls, 0 where it has no part.

    For trees of which `bend` is known; None where a leaf is reached on two ways that disagree.
    """
    found: dict[str, set[float]] = {plan.spec.index.id: {1.0}}
    for task in reversed(plan.groups):  # parents first
        settled = outcome.settled[task.id]
        weights = settled.weights
        if task.id not in found or weights is None:
            continue
        own = weights if weights.ndim == 1 else weights[place]
        takes, turned = task.group.aggregate.method.takes_weights, 1.0 if _rise(task) else -1.0
        for child, weight in zip(task.children, own, strict=True):
            sign = turned * float(np.sign(weight) if takes else 1.0)
            found.setdefault(child, set()).update(sign * above for above in found[task.id] if sign)
    ways = [found.get(name, set[float]()) for name in leaves]
    return None if any(len(way) > 1 for way in ways) else np.array([next(iter(way), 0.0) for way in ways])


def _bend(task: GroupTask, outcome: Outcome, place: int, below: Mapping[str, int | None]) -> int | None:
    settled = outcome.settled[task.id]
    if settled.filled is not None and settled.filled[place].any():
        return None  # what was filled may follow the others
    if any(task.children[position] in below for position in task.published):
        return None
    own = _own(task)
    weights = settled.weights if settled.weights is None or settled.weights.ndim == 1 else settled.weights[place]
    if own is None or weights is None:
        return None
    takes = task.group.aggregate.method.takes_weights
    ways = [own]
    for child, way in below.items():
        turned = takes and any(w < 0 for c, w in zip(task.children, weights, strict=True) if c == child)
        if way is None or (turned and own):
            return None
        ways.append(-way if turned else way)
    for stage in task.steps:
        if not is_affine(stage):
            return None
    if task.steps and any(ways) and not _rise(task):
        ways = [-way for way in ways]
    return max(ways, key=abs) if max(ways) * min(ways) >= 0 else None


def _own(task: GroupTask) -> int | None:
    """The way a group's aggregate bends."""
    call = task.group.aggregate
    if call.method.additive:
        return 0
    exponent = call.settings.get("exponent", 0.0)
    known = {"geometric": 1, "harmonic": 1, "minimum": 1, "maximum": -1}
    if call.name == "power":
        known["power"] = 1 if exponent < 1 else -1 if exponent > 1 else 0
    way = known.get(call.name)
    if way is None or call.via is None:
        return way
    (a, b), (c, d) = call.via
    return way if (d - c) * (b - a) > 0 else -way


def _rise(task: GroupTask) -> bool:
    """Whether a group's own steps rise, as far as they say so."""
    sign = 1
    for stage in task.steps:
        sign *= stage.call.method.sign_of(stage.call.settings)
    return sign > 0
