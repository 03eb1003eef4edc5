"""A best value or interval in the middle of the scale: the score of being near (`interval`), and the `distance`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import Range, step
from cityindex.errors import DomainError
from cityindex.methods._arrays import (
    FloatArray,
    extremes,
    like,
    linear,
    significant,
    statistic,
    to_problems,
    to_sign,
    word_problems,
)
from cityindex.methods._scales import Beyond, Ends, Scale, extremes_only, hold
from cityindex.methods.rescale import order_of

__all__ = ["distance", "interval"]

Best = float | tuple[float, float]


# -- interval ---------------------------------------------------------------------------------------------------------


def _ends_of(best: Best) -> tuple[float, float]:
    return (best[0], best[1]) if isinstance(best, tuple | list) else (best, best)


def _check_interval(options: Mapping[str, Any]) -> list[str]:
    best, outer = options["best"], options["outer"]
    problems = to_problems(options)
    if isinstance(best, tuple) and best[0] >= best[1]:
        problems.append(f"best: {list(best)}; two numbers, the lower first, are allowed")
    elif outer is not None:
        problems += [problem for end in outer for problem in word_problems("outer", end)]
        (a, b), (low, high) = _ends_of(best), outer
        words = isinstance(low, str) and isinstance(high, str) and not problems
        turned = words and (low == high or order_of(low, high) < 0)
        if turned or (not isinstance(low, str) and low >= a) or (not isinstance(high, str) and high <= b):
            problems.append(f"outer: [{low}, {high}] does not lie outside best: [{a:.12g}, {b:.12g}]")
    return problems


def _learn_interval(ref: FloatArray, *, best: Best, outer: Ends | None = None) -> dict[str, FloatArray]:
    a, b = _ends_of(best)
    if outer is None:
        low, high = extremes(ref)
        farthest = np.maximum(a - low, high - b)
        inside = (significant(low) >= significant(a)) & (significant(high) <= significant(b))
        if inside.any():
            told = f"every unit lies within [{a:.12g}, {b:.12g}], so how far outside is worst has to be said by outer"
            raise DomainError(told, columns=np.flatnonzero(inside))
        return {"reach": np.stack([farthest, farthest], axis=1)}
    if not any(isinstance(end, str) for end in outer):
        return {}
    low, high = (statistic(ref, e) if isinstance(e, str) else np.full(ref.shape[-1], float(e)) for e in outer)
    wrong = (significant(low) >= significant(a)) | (significant(high) <= significant(b))
    if wrong.any():
        columns = np.flatnonzero(wrong)
        found = f"[{low[columns[0]]:.12g}, {high[columns[0]]:.12g}]"
        told = f"outer: [{outer[0]}, {outer[1]}] is learned as {found}, not outside best: [{a:.12g}, {b:.12g}]"
        raise DomainError(told, columns=columns)
    return {"reach": np.stack([a - low, high - b], axis=1)}


def _reach(params: Mapping[str, Any], options: Mapping[str, Any]) -> Range:
    """Where the sides end, below and above."""
    a, b = _ends_of(options["best"])
    held = options["beyond"] == "hold"
    if "reach" in params:
        below, above = np.asarray(params["reach"], np.float64).T
        return Range(a - below, b + above, held, options["outer"] is None or extremes_only(options["outer"]))
    low, high = np.asarray(options["outer"], np.float64)
    return Range(low, high, held)


@step(learn=_learn_interval, sign=to_sign, bare="best", check_option=_check_interval, ends=_reach)
def interval(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    best: Best,
    outer: Ends | None = None,
    to: Scale = (0, 1),
    beyond: Beyond = "hold",
) -> FloatArray:
    """The score of an indicator that is best inside [a, b], or at one value, and falls in a straight line outside.

    y = to[0] + (to[1] - to[0]) · (1 - max(a - x, x - b, 0) / M). M is learned: the farthest that a unit of the
    reference lies outside, max(a - min, max - b). With `outer` [low, high] the sides end there instead: M is a - low
    below and high - b above. `direction` speaks of being near: ``less`` is refused unless `to` falls.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"reach": k × 2}``, how far the sides reach below and above; ``{}`` where `outer` is two numbers.
    best
        A value, or the ends [a, b] of an interval, in the units of `x`.
    outer
        Where the score is ``to[0]``, below and above: numbers or words (min, max, p5).
    to
        The worst and the best score.
    beyond
        ``hold`` what lies farther out at ``to[0]``, or ``allow`` it to go on.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Without `outer`, a column that lies wholly inside; learned outer limits that do not lie outside `best`.

    References
    ----------
    Guo, Y. (郭亚军) (2007). 综合评价理论、方法及应用. Science Press, Beijing: indicators of interval and middle type.
    Derringer, G. and Suich, R. (1980). Simultaneous optimization of several response variables. Journal of Quality
    Technology 12(4): two-sided desirability, which is `outer`. https://doi.org/10.1080/00224065.1980.11980968

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria have no such normalisation; SPSSAU has it under two names, for a value and
    for an interval, with M learned of whoever is in the table. Here M stays in the calibration for later units.

    Examples
    --------
    >>> x = np.array([[5.0], [6.0], [7.0], [10.0], [2.0]])
    >>> interval(x, {}, best=(5, 6), outer=(2, 12)).round(4).ravel()
    array([1.    , 1.    , 0.8333, 0.3333, 0.    ])
    """
    a, b = _ends_of(best)
    if "reach" in params:
        below, above = np.asarray(params["reach"], np.float64).T
    elif outer is not None and not any(isinstance(end, str) for end in outer):
        below, above = np.float64(a - float(outer[0])), np.float64(float(outer[1]) - b)
    else:
        raise KeyError("reach")
    out: FloatArray = np.subtract(a, x, out=like(x))
    out /= below
    other: FloatArray = np.subtract(x, b, out=like(x))
    other /= above
    np.maximum(out, other, out=out)
    np.maximum(out, 0.0, out=out)
    np.subtract(1.0, out, out=out)
    out = linear(out, 0.0, 1.0, to)
    return hold(out, to) if beyond == "hold" else out


# -- distance ---------------------------------------------------------------------------------------------------------


def _check_distance(options: Mapping[str, Any]) -> list[str]:
    to = options.get("to", 0)
    if isinstance(to, tuple) and to[0] >= to[1]:
        return [f"to: {list(to)}; two numbers, the lower first, are allowed"]
    return []


@step(sign=1, bare="to", check_option=_check_distance)
def distance(x: FloatArray, params: Mapping[str, Any], *, to: float | tuple[float, float]) -> FloatArray:
    """How far a number lies from a value, or outside an interval (0 within it): |x - to|, max(a - x, x - b, 0).

    ``direction`` then speaks of the distance: ``less`` where near is good. (It does not keep the order of `x` itself.)

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{}``.
    to
        A value, or the ends [a, b] of an interval, in the units of `x`.

    Returns
    -------
    The shape of `x`, in its units, from 0 on; ``nan`` stays.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: distance to a reference.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr's ``n_dist2targ`` is no distance but a share of the way from the worst to the target (`rescale`), and
    what lies past the target goes on above 1. Here past is as far as short; `interval` makes a score of it.

    Examples
    --------
    >>> distance(np.array([[17.0], [20.0], [27.0]]), {}, to=(18.5, 25)).ravel()
    array([1.5, 0. , 2. ])
    """
    if not isinstance(to, tuple | list):
        out = np.subtract(x, float(to))
        return np.abs(out, out=out)
    out = np.subtract(to[0], x)
    np.maximum(out, np.subtract(x, to[1]), out=out)
    return np.maximum(out, 0.0, out=out)
