"""Where the way from a raw number to a leaf's carried value has kinks, and what it is between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cityindex.engine.inputs import Inputs, Labels
from cityindex.engine.leaves import columns_of
from cityindex.engine.stages import Context, run_stages
from cityindex.gap.tree import is_affine
from cityindex.methods._arrays import FloatArray, significant

if TYPE_CHECKING:
    from cityindex.gap.mover import Mover
    from cityindex.plan import Stage

__all__ = ["Shape", "shape_of"]

Shape = Literal["straight", "curved", "jumps", "unknown"]
"""Between its kinks a leaf is a straight line, or bends one way; or it jumps and is flat; or nothing is known."""


def shape_of(mover: Mover, name: str, low: float, high: float) -> tuple[list[float], Shape]:
    """The raw numbers between `low` and `high` at which a leaf's steps have a kink, and its shape between them."""
    plan, inputs = mover.part.plan, mover.part.inputs
    block = next(block for block in plan.blocks if name in block.ids)
    part = slice(block.ids.index(name), block.ids.index(name) + 1)
    stages = [stage.columns(part) for stage in block.steps]
    learned = columns_of(mover.part.outcome.learned.steps.get(block.ids[0]), block.steps, part)
    labels = {column: found.take([mover.place]) for column, found in inputs.labels.items()}
    divisor = float(inputs.per[name][mover.place]) if name in inputs.per else 1.0
    knots: list[float] = []
    shape: Shape = "straight"
    for place, stage in enumerate(stages):
        found = _kinks(stage, _own(stage, learned[place], labels))
        if found is None or (shape != "straight" and found[1] != "straight"):
            return [], "unknown"
        prior = _chain(stages[:place], learned[:place], name, labels, divisor)
        points = sorted({low, *knots, high})
        if stage.call.name == "percent_rank" and _leaves_reference(prior(np.array(points)), found[0]):
            return [], "unknown"
        knots += _pulled(prior, points, found[0])
        shape = found[1] if shape == "straight" else shape
    return [knot for knot in knots if low < knot < high], shape


def _leaves_reference(values: FloatArray, known: list[float]) -> bool:
    """Whether numbers are below or above all of a reference: a rank among it may jump there."""
    compared = significant(values)
    return bool(compared.min() < known[0] or compared.max() > known[-1])


def _own(stage: Stage, params: Any, labels: Mapping[str, Labels]) -> Mapping[str, Any]:
    """What a step learned for the unit's own label."""
    if params is None or not stage.call.within:
        return params or {}
    found = labels[stage.call.within]
    own: Mapping[str, Any] = params.get(found.names[int(found.codes[0])], {})
    return own


def _chain(
    stages: list[Stage], learned: list[Any], name: str, labels: Mapping[str, Labels], divisor: float
) -> Callable[[FloatArray], FloatArray]:
    """The first steps of a leaf as a function of its raw number."""

    def prior(x: FloatArray) -> FloatArray:
        rows = np.zeros(len(x), dtype=np.intp)
        own = {column: found.take(rows) for column, found in labels.items()}
        context = Context(Inputs(units=len(x), values={}, labels=own), None)
        with np.errstate(all="ignore"):
            y, _, _ = run_stages((x / divisor)[:, None], stages, (name,), context, learned)
        return np.array(y[:, 0])

    return prior


def _kinks(stage: Stage, params: Mapping[str, Any]) -> tuple[list[float], Shape] | None:
    """Where a step has kinks in its own input, and its shape between them; None: not known."""
    said, name = stage.call.settings, stage.call.name
    if is_affine(stage):
        return [], "straight"
    if name == "minmax":
        return _numbers(params["min"], params["max"]), "straight"
    if name == "goalposts" and stage.posts is not None and said["scale"] != "exponential":
        held = said["beyond"] == "hold"
        posts = _numbers(stage.posts["low"], stage.posts["high"])
        return posts if held else [], "straight" if said["scale"] == "linear" else "curved"
    if name == "clip":
        ends = (params.get(end, said[end]) for end in ("low", "high"))
        return [float(np.ravel(end)[0]) for end in ends if end is not None], "straight"
    if name == "distance":
        return _numbers(np.ravel(said["to"])), "straight"
    if name == "log":
        return [], "curved"
    if name == "power" and (said["exponent"] == 1 or said["exponent"] % 2 != 1):  # of odd powers the sides differ
        return [], "straight" if said["exponent"] == 1 else "curved"
    if name == "bands":
        return _numbers(said["cuts"]), "jumps"
    return (_numbers(params["values"][0]), "straight") if name == "percent_rank" and said["above"] is None else None


def _numbers(*values: Any) -> list[float]:
    return [float(number) for value in values for number in np.ravel(np.asarray(value, np.float64))]


def _pulled(prior: Callable[[FloatArray], FloatArray], points: list[float], wanted: list[float]) -> list[float]:
    """The raw numbers at which the steps before give the wanted ones."""
    if not wanted:
        return []
    x = np.array(points)
    y = prior(x)
    found: list[float] = []
    for a, b, start, end in zip(x[:-1], x[1:], y[:-1], y[1:], strict=True):
        inside = [value for value in wanted if min(start, end) < value < max(start, end)]
        if inside:
            found += _roots(prior, float(a), float(b), np.array(sorted(inside))).tolist()
    return found


def _roots(prior: Callable[[FloatArray], FloatArray], a: float, b: float, wanted: FloatArray) -> FloatArray:
    """Where a monotone function between a and b takes the wanted values: by halving, all at once, then the secant."""
    low, high = np.full(len(wanted), a), np.full(len(wanted), b)
    rising = prior(np.array([b]))[0] > prior(np.array([a]))[0]
    start, end = prior(low), prior(high)
    straight: FloatArray = low + (wanted - start) / (end - start) * (high - low)
    if np.allclose(prior(straight), wanted, rtol=1e-13, atol=0.0):
        return straight
    for _ in range(60):
        middle = (low + high) / 2
        below = (prior(middle) < wanted) == rising
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)
