"""Linear maps between two scales, whose ends may be learned (`rescale`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import Range, step
from cityindex.errors import DomainError
from cityindex.methods._arrays import (
    PERCENTILE,
    FloatArray,
    linear,
    significant,
    statistic,
    to_problems,
    to_sign,
    word_problems,
)
from cityindex.methods._scales import Ends, Scale

__all__ = ["ends_problems", "learn_ends", "order_of", "rescale", "seen_ends"]


def order_of(start: float | str, end: float | str) -> int:
    """+1 where the end is known to lie above the start, -1 below, 0 where the numbers must tell.

    A number is taken to lie between the lowest and the highest of the column; 0 may also lie below the lowest.

    >>> order_of("min", "max"), order_of("max", 0), order_of("p90", "median"), order_of(0, "mean")
    (1, -1, -1, 0)
    """
    if not isinstance(start, str) and not isinstance(end, str):
        return int(start < end) - int(start > end)
    if (start, end) in ((0, "min"), ("min", 0)):
        return 0
    (bottom, below), (above, top) = _span(start), _span(end)
    return int(below <= above) - int(top <= bottom)


def _span(end: float | str) -> tuple[float, float]:
    """Between which percentiles it may stand: a number or the mean anywhere."""
    percentile = PERCENTILE.fullmatch(end) if isinstance(end, str) else None
    place = float(percentile[1]) if percentile else {"min": 0.0, "median": 50.0, "max": 100.0}.get(str(end))
    return (0.0, 100.0) if place is None else (place, place)


def ends_problems(options: Mapping[str, Any]) -> list[str]:
    """What is wrong with the options `from` and `to`, as texts."""
    ends = options.get("from", (0, 1))
    problems = [problem for end in ends for problem in word_problems("from", end)]
    if ends[0] == ends[1]:
        problems.append(f"from: both ends are {ends[0]}: there is nothing to scale")
    return problems + to_problems(options)


def learn_ends(ref: FloatArray, *, from_: Ends) -> dict[str, FloatArray]:
    """Both ends of `from_` in each column, ``{"from": (k, 2)}``; ``{}`` where neither is a word."""
    if not any(isinstance(end, str) for end in from_):
        return {}
    count = ref.shape[-1]
    start, end = (statistic(ref, e) if isinstance(e, str) else np.full(count, float(e)) for e in from_)
    promised = order_of(*from_)
    wrong = significant(start) == significant(end)
    if promised:
        wrong |= (end > start) != (promised > 0)
    if wrong.any():
        columns = np.flatnonzero(wrong)
        a, b = start[columns[0]], end[columns[0]]
        trouble = "would turn the scale" if a != b else "leaves nothing to scale"
        found = f"from: [{from_[0]}, {from_[1]}] is learned as [{a:.12g}, {b:.12g}], which {trouble}"
        raise DomainError(found, columns=columns)
    return {"from": np.stack([start, end], axis=1)}


def seen_ends(params: Mapping[str, Any], options: Mapping[str, Any]) -> Range | None:
    """The range that the ends of ``from`` were learned from, (k,) each; infinite where an end is no min and no max.

    >>> seen_ends({"from": [[0.0, 8.0]]}, {"from": (0, "max")})
    Range(low=array([-inf]), high=array([8.]), held=False, seen=True)
    """
    ends = options["from"]
    if "from" not in params or not {"min", "max"} & set(ends):
        return None
    start, end = np.asarray(params["from"], np.float64).T
    low, high = np.minimum(start, end), np.maximum(start, end)
    nothing = np.full_like(low, np.inf)
    return Range(low if "min" in ends else -nothing, high if "max" in ends else nothing, held=False)


@step(
    learn=learn_ends,
    sign=lambda options: order_of(*options["from"]) * to_sign(options),
    check_option=ends_problems,
    ends=seen_ends,
)
def rescale(x: FloatArray, params: Mapping[str, Any], *, from_: Ends, to: Scale) -> FloatArray:
    """Move a scale onto another: the linear map that sends the ends of `from` to the ends of `to`, both exactly.

    y = to[0] + (x - from[0]) / (from[1] - from[0]) · (to[1] - to[0]); values outside go on along the same line. It
    turns a scale by the order of its numbers: ``{from: [0, 10], to: [10, 0]}``.

    An end of `from` may be a *word* learned from the reference: ``[0, max]`` is the share of the best. The distance
    to a target is ``[min, target]``, or ``[max, target]`` where less is better (COINr's ``n_dist2targ``); a target
    on the wrong side of what was learned is refused, as it would turn the scale.

    Parameters
    ----------
    x
        Shape (…, n, k), in the indicators' own units.
    params
        ``{"from": k × 2}`` where an end is a word, else ``{}``.
    from_
        Two numbers or words: min, max, mean, median, p5 (a linear quantile). Written ``from`` in a spec.
    to
        Where these ends go.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Learned ends that are the same, or stand the other way round than their names promise.

    References
    ----------
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567

    Notes
    -----
    Peers: COINr turns the scale round where a target lies on the wrong side of the data, with a warning only, and its
    ``n_fracmax`` of a column where less is better gives the worst unit the highest number. Here both are refused.

    Examples
    --------
    >>> x = np.array([[2.0], [8.0]])
    >>> rescale(x, {"from": [[0.0, 8.0]]}, from_=(0, "max"), to=(0, 100)).ravel()
    array([ 25., 100.])
    """
    if "from" not in params:
        return linear(x, float(from_[0]), float(from_[1]), to)
    ends = np.asarray(params["from"], np.float64)
    return linear(x, ends[:, 0], ends[:, 1], to)
