"""Efficacy coefficients (`efficacy`, 功效系数) and scores between graded standard values (`piecewise`)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from cityindex._registry import Range, step
from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, linear, significant, statistic, to_sign, word_problems
from cityindex.methods._scales import Beyond, Ends, Scale, extremes_only, geometric, geometric_problems, hold
from cityindex.methods.rescale import ends_problems, learn_ends, order_of, seen_ends

__all__ = ["efficacy", "piecewise"]

Outside = Literal["hold", "allow"] | float


# -- efficacy ---------------------------------------------------------------------------------------------------------


def _learn_efficacy(ref: FloatArray, *, from_: Ends = ("min", "max")) -> dict[str, FloatArray]:
    return learn_ends(ref, from_=from_)


def _check_efficacy(options: Mapping[str, Any]) -> list[str]:
    return ends_problems(options) or (geometric_problems(options) if options["form"] == "exponential" else [])


def _ends_efficacy(params: Mapping[str, Any], options: Mapping[str, Any]) -> Range | None:
    """Both values where numbers beyond them are held or both are written; else what was learned as min and max."""
    held = options["beyond"] == "hold"
    if "from" in params and not held:
        return seen_ends(params, options)
    start, end = np.asarray(params.get("from", [options["from"]]), np.float64).T
    return Range(np.minimum(start, end), np.maximum(start, end), held, extremes_only(options["from"]))


@step(
    learn=_learn_efficacy,
    sign=lambda options: order_of(*options["from"]) * to_sign(options),
    check_option=_check_efficacy,
    ends=_ends_efficacy,
)
def efficacy(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    from_: Ends = ("min", "max"),
    to: Scale = (60, 100),
    form: Literal["linear", "exponential"] = "linear",
    beyond: Beyond = "allow",
) -> FloatArray:
    """The efficacy coefficient (功效系数): 60 at the unsatisfactory value, 100 at the satisfactory one.

    y = to[0] + (x - unsatisfactory) / (satisfactory - unsatisfactory) · (to[1] - to[0]), or with ``form: exponential``
    y = A · exp(B · (x - unsatisfactory) / (satisfactory - unsatisfactory)), where A = to[0] and B = ln(to[1] / to[0]):
    60 and -ln 0.6. Where less is better the satisfactory value is the lower one: ``from: [max, min]``. Values that
    each indicator has of its own are its goalposts: ``{goalposts: {to: [60, 100], scale: exponential}}``. The graded
    form of enterprise evaluation is `piecewise`.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"from": k × 2}`` where an end is a word, else ``{}``.
    from_
        The unsatisfactory and the satisfactory value: numbers or words. Written ``from`` in a spec.
    to
        Their scores; above 0 for the exponential form.
    form
        ``linear`` or ``exponential``.
    beyond
        ``allow`` what is worse or better still to go on, or ``hold`` it at `to`.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Learned values that are the same, or stand the other way round than their names promise.

    References
    ----------
    Harrington, E. C. (1965). The desirability function. Industrial Quality Control 21(10).
    Feng, T. (封婷) (2016). 综合评价中一种凹性指数型功效函数. 统计与信息论坛 2016(7).
    https://doi.org/10.3969/j.issn.1007-3116.2016.07.003

    Notes
    -----
    Peers: none of COINr, pymcdm and scikit-criteria has it. Authors write 60 + 40 d as well as 40 + 60 d under the
    same name, and some reflect the exponential form, which bends it the other way: so `to` and `from` say it.

    Examples
    --------
    >>> x = np.array([[7.3], [12.8], [16.7]])
    >>> efficacy(x, {"from": [[7.3, 16.7]]}, to=(60, 100)).round(3).ravel()
    array([ 60.   ,  83.404, 100.   ])
    >>> efficacy(x, {"from": [[7.3, 16.7]]}, to=(60, 100), form="exponential").round(3).ravel()
    array([ 60.   ,  80.901, 100.   ])
    """
    known = any(isinstance(end, str) for end in from_)
    start, end = np.asarray(params["from"], np.float64).T if known else np.asarray(from_, np.float64)
    if form == "exponential":
        return geometric(linear(x, start, end, (0, 1)), to, beyond)
    out = linear(x, start, end, to)
    return hold(out, to) if beyond == "hold" else out


# -- piecewise --------------------------------------------------------------------------------------------------------


def _order(at: tuple[float | str, ...]) -> int:
    """+1 where the values at which scores are given rise, -1 where they fall (as far as words tell), 0 for neither."""
    pairs = list(pairwise(at))
    found = {order_of(low, high) for low, high in pairs} - {0}
    if len(found) > 1 or any(low == high for low, high in pairs):
        return 0
    return found.pop() if found else 1


def _outside(options: Mapping[str, Any]) -> list[float]:
    """The scores from before the first value to after the last."""
    to = options["to"]
    before, after = options["before"], options["after"]
    return [*([] if isinstance(before, str) else [before]), *to, *([] if isinstance(after, str) else [after])]


def _sign_piecewise(options: Mapping[str, Any]) -> int:
    pairs = list(pairwise(_outside(options)))
    rising, falling = all(a <= b for a, b in pairs), all(a >= b for a, b in pairs)
    return _order(options["at"]) * (int(rising) - int(falling))


def _check_piecewise(options: Mapping[str, Any]) -> list[str]:
    at, to = options["at"], options["to"]
    problems = [problem for value in at for problem in word_problems("at", value)]
    if len(at) < 2:
        problems.append("at: two values or more are needed")
    elif not problems and _order(at) == 0:
        problems.append(f"at: [{', '.join(map(str, at))}] neither rise nor fall")
    if len(at) != len(to):
        problems.append(f"to: {len(to)} scores for {len(at)} values")
    if len(set(to)) == 1:
        problems.append(f"to: every value has {to[0]:.12g}")
    return problems


def _learn_piecewise(ref: FloatArray, *, at: tuple[float | str, ...]) -> dict[str, FloatArray]:
    if not any(isinstance(value, str) for value in at):
        return {}
    found = np.stack([statistic(ref, v) if isinstance(v, str) else np.full(ref.shape[1], float(v)) for v in at], 1)
    wrong = (np.diff(significant(found), axis=1) * _order(at) <= 0).any(axis=1)
    if wrong.any():
        columns = np.flatnonzero(wrong)
        learned = ", ".join(f"{value:.12g}" for value in found[columns[0]])
        way = "rise" if _order(at) > 0 else "fall"
        told = f"at: [{', '.join(map(str, at))}] is learned as [{learned}], which does not {way}"
        raise DomainError(told, columns=columns)
    return {"at": found}


def _ends_piecewise(params: Mapping[str, Any], options: Mapping[str, Any]) -> Range:
    """The first and the last value, where what lies beyond is held there."""
    at = np.asarray(params.get("at", [options["at"]]), np.float64)
    rises = at[:, 0] < at[:, -1]
    first = np.where(options["before"] == "hold", at[:, 0], np.where(rises, -np.inf, np.inf))
    last = np.where(options["after"] == "hold", at[:, -1], np.where(rises, np.inf, -np.inf))
    seen = extremes_only((options["at"][0], options["at"][-1]))
    return Range(np.where(rises, first, last), np.where(rises, last, first), True, seen)


@step(learn=_learn_piecewise, sign=_sign_piecewise, check_option=_check_piecewise, ends=_ends_piecewise)
def piecewise(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    at: tuple[float | str, ...],
    to: tuple[float, ...],
    before: Outside = "hold",
    after: Outside = "hold",
) -> FloatArray:
    """Scores given at some values, and straight lines between them: graded standards, or any bent scale.

    y = to[i] + (x - at[i]) / (at[i+1] - at[i]) · (to[i+1] - to[i]). The graded efficacy coefficient of Chinese
    enterprise evaluation (基础分 + 调整分) is the one between five standard values, from poor to excellent, at 20, 40,
    60, 80 and 100, with 0 below the poor one: ``before: 0``. Where less is better the standards fall.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"at": k × values}`` where one is a word, else ``{}``.
    at
        Two values or more that rise, or that fall: numbers or words (min, max, mean, median, p5).
    to
        The score at each of them.
    before
        What lies before the first value: ``hold`` its score, ``allow`` the first line to go on, or a score.
    after
        What lies after the last value, likewise.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Learned values that do not rise, or fall, strictly.

    References
    ----------
    State-owned Assets Supervision and Administration Commission (2006). 中央企业综合绩效评价实施细则, article 17:
    standard coefficients 1, 0.8, 0.6, 0.4, 0.2, and 0 below the poor value.

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria have none; in spreadsheets it is a nest of IF for each indicator. A value
    that equals the first or the last one at 12 significant digits is not outside.

    Examples
    --------
    >>> x = np.array([[-25.0], [1.7], [8.0], [20.0]])
    >>> piecewise(x, {}, at=(-20, -3.6, 1.7, 9.5, 16.5), to=(20, 40, 60, 80, 100), before=0).round(2).ravel()
    array([  0.  ,  60.  ,  76.15, 100.  ])
    """
    learned = any(isinstance(value, str) for value in at)
    knots = list(np.asarray(params["at"], np.float64).T) if learned else [np.float64(value) for value in at]
    order = _order(at)
    out = linear(x, knots[0], knots[1], (to[0], to[1]))
    for i in range(1, len(to) - 1):
        np.copyto(out, linear(x, knots[i], knots[i + 1], (to[i], to[i + 1])), where=_past(x, knots[i], order))
    for place, score, side in ((0, before, -order), (-1, after, order)):
        if score == "hold":
            np.copyto(out, to[place], where=_past(x, knots[place], side))
        elif score != "allow":
            beyond = _past(significant(x), significant(knots[place]), side, strictly=True)
            np.copyto(out, score, where=beyond)
    return out


def _past(x: FloatArray, knot: FloatArray | np.float64, order: int, *, strictly: bool = False) -> BoolArray:
    """Which numbers lie at a value or past it, in the order of the values."""
    if strictly:
        return np.asarray(x > knot if order > 0 else x < knot)
    return np.asarray(x >= knot if order > 0 else x <= knot)
