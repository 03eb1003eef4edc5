"""Linear normalisation between goalposts (`goalposts`), extremes (`minmax`) or around the mean (`zscore`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import Range, step
from cityindex.errors import DomainError
from cityindex.methods._arrays import (
    FloatArray,
    cells_of,
    extremes,
    like,
    linear,
    mean,
    refuse_constant,
    to_problems,
    to_sign,
)
from cityindex.methods._scales import Beyond, Scale, above_zero, deviation, geometric, geometric_problems, hold

__all__ = ["goalposts", "minmax", "zscore"]


# -- goalposts --------------------------------------------------------------------------------------------------------


def _check_goalposts(options: Mapping[str, Any]) -> list[str]:
    posts = options.get("goalposts")
    problems = geometric_problems(options) if options.get("scale") == "exponential" else to_problems(options)
    if posts is not None and posts[0] == posts[1]:
        problems.append(f"goalposts: both are {posts[0]:.12g}: there is nothing to scale")
    if posts is not None and options.get("scale") == "log" and min(posts) <= 0:
        problems.append(f"goalposts: a log scale needs both above 0, found {min(posts):.12g}")
    return problems


def _sign_goalposts(options: Mapping[str, Any]) -> int:
    posts = options.get("goalposts")
    return 0 if posts is None else (1 if posts[0] < posts[1] else -1) * to_sign(options)


def _posts(params: Mapping[str, Any], options: Mapping[str, Any]) -> Range:
    low, high = (np.asarray(params[name], np.float64) for name in ("low", "high"))
    return Range(np.minimum(low, high), np.maximum(low, high), options["beyond"] == "hold")


@step(sign=_sign_goalposts, check_option=_check_goalposts, uses_goalposts=True, ends=_posts)
def goalposts(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    to: Scale = (0, 1),
    scale: Literal["linear", "log", "exponential"] = "linear",
    beyond: Beyond = "hold",
) -> FloatArray:
    """Scale between an indicator's own goalposts: the first is sent to ``to[0]``, the second to ``to[1]``, exactly.

    y = to[0] + (f(x) - f(low)) / (f(high) - f(low)) · (to[1] - to[0]), f the identity or the natural logarithm (the
    posts stay in the indicator's units). Goalposts in falling order turn: ``[40, 0]`` makes 0 the best. On the scale
    ``exponential`` it is y = to[0] · (to[1] / to[0])^((x - low) / (high - low)), the exponential `efficacy`.

    Parameters
    ----------
    x
        Shape (…, n, k), in the indicators' own units.
    params
        ``{"low": (k,), "high": (k,)}``: the goalposts as written, first and second.
    to
        Where the goalposts go.
    scale
        ``linear``; ``log`` for numbers above 0; ``exponential`` for ends of `to` above 0.
    beyond
        ``hold`` what lies outside the goalposts at `to`, or ``allow`` it to go on.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        On a log scale: numbers or goalposts that are not above 0. Goalposts that are the same.

    References
    ----------
    UNDP (2022). Human Development Report 2021/22, Technical note 1: life expectancy between 20 and 85 years.

    Notes
    -----
    Peers: COINr's ``n_goalposts`` takes both posts and a top, multiplies posts by the direction and always starts at
    0; the log scale of the HDI is left to its user. Here the order of the posts is the direction, and `to` is free.

    Examples
    --------
    >>> goalposts(np.array([[83.0], [90.0]]), {"low": [20.0], "high": [85.0]}).round(4).ravel()
    array([0.9692, 1.    ])
    """
    low, high = (np.asarray(params[name], np.float64) for name in ("low", "high"))
    if (low == high).any():
        raise DomainError("both goalposts are the same number", columns=np.flatnonzero(low == high))
    if scale == "log":
        _refuse_nonpositive(x, np.minimum(low, high))
        x, low, high = np.log(x), np.log(low), np.log(high)
    if scale == "exponential":
        return geometric(linear(x, low, high, (0, 1)), to, beyond)
    out = linear(x, low, high, to)
    return hold(out, to) if beyond == "hold" else out


def _refuse_nonpositive(x: FloatArray, posts: FloatArray) -> None:
    if (posts <= 0).any():
        raise DomainError("a log scale needs goalposts above 0", columns=np.flatnonzero(posts <= 0))
    wrong = x <= 0
    if wrong.any():
        raise DomainError("a log scale needs numbers above 0", cells=cells_of(wrong))


# -- minmax -----------------------------------------------------------------------------------------------------------


def _learn_minmax(ref: FloatArray) -> dict[str, FloatArray]:
    low, high = extremes(ref)
    refuse_constant(low, high, "min-max needs a range")
    return {"min": low, "max": high}


@step(
    learn=_learn_minmax,
    sign=to_sign,
    reflect=lambda options: options["to"][0] + options["to"][1],
    check_option=to_problems,
    ends=lambda params, options: Range(params["min"], params["max"], options["beyond"] == "hold"),
)
def minmax(x: FloatArray, params: Mapping[str, Any], *, to: Scale = (0, 1), beyond: Beyond = "allow") -> FloatArray:
    """Scale between the lowest and the highest number of the reference, which go to the ends of `to`, exactly.

    y = to[0] + (x - min) / (max - min) · (to[1] - to[0]). With ``direction: less`` the result is reflected.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"min": (k,), "max": (k,)}``.
    to
        Where they go.
    beyond
        What later lies outside the reference: ``allow`` it to go on, or ``hold`` it at `to`.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, or with the same one everywhere (so one unit alone).

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: a constant column is ``NaN`` in COINr (which then drops out of the means), 1 for everyone in pymcdm and 0
    for everyone in scikit-criteria; here it is refused, since it says nothing about anybody.

    Examples
    --------
    >>> x = np.array([[3.0], [4.0], [7.0]])
    >>> minmax(x, {"min": [3.0], "max": [7.0]}, to=(0, 100)).ravel()
    array([  0.,  25., 100.])
    """
    out = linear(x, np.asarray(params["min"], np.float64), np.asarray(params["max"], np.float64), to)
    return hold(out, to) if beyond == "hold" else out


# -- zscore -----------------------------------------------------------------------------------------------------------


def _learn_zscore(ref: FloatArray, *, sd: Literal["sample", "population"] = "sample") -> dict[str, FloatArray]:
    refuse_constant(*extremes(ref), "a standard score needs a spread")
    centre = mean(ref)
    return {"mean": centre, "sd": deviation(ref, centre, 1 if sd == "sample" else 0)}


@step(
    learn=_learn_zscore,
    sign=1,
    reflect=lambda options: 2.0 * options["centre"],
    check_option=lambda options: above_zero(options, "scale"),
)
def zscore(x: FloatArray, params: Mapping[str, Any], *, centre: float = 0, scale: float = 1) -> FloatArray:
    """Standard score: the distance from the mean of the reference, in standard deviations.

    y = centre + scale · (x - mean) / sd, with n - 1 in the deviation (``sd: sample``) or n (``sd: population``). With
    ``direction: less`` the result is reflected about `centre`.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"mean": (k,), "sd": (k,)}``.
    sd
        Whether the deviation is that of a ``sample`` or of a whole ``population``.
    centre
        What the mean becomes: 100 with `scale` 10 for the Mazziotta-Pareto index, 50 with 10 for a T score.
    scale
        What one standard deviation becomes, above 0.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, or with the same one everywhere (so one unit alone).

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr divides by n - 1, scikit-criteria by n, and a constant column is ``NaN`` in COINr without a word; so
    `sd` says which, and a constant column is refused.

    Examples
    --------
    >>> zscore(np.array([[1.0], [3.0]]), {"mean": [2.0], "sd": [0.5]}).ravel()
    array([-2.,  2.])
    >>> zscore(np.array([[1.0], [3.0]]), {"mean": [2.0], "sd": [0.5]}, centre=100, scale=10).ravel()
    array([ 80., 120.])
    """
    out: FloatArray = np.subtract(x, params["mean"], out=like(x))
    out /= np.asarray(params["sd"], np.float64)
    if scale != 1:
        out *= scale
    if centre != 0:
        out += centre
    return out
