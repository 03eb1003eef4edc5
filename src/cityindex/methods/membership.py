"""Smooth degrees of membership: rising around a midpoint (`logistic`), or highest at a best value (`gaussian`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import step
from cityindex.methods._arrays import (
    FloatArray,
    extremes,
    learn_words,
    like,
    linear,
    mean,
    refuse_constant,
    to_problems,
    to_sign,
    word_problems,
)
from cityindex.methods._scales import Scale, above_zero, deviation

__all__ = ["gaussian", "logistic"]

Per = Literal["unit", "sd"]


def _learn(ref: FloatArray, per: Per, **centre: float | str) -> dict[str, FloatArray]:
    """The centre where it is a word, and the standard deviation where it is the unit."""
    learned = learn_words(ref, **centre)
    if per == "sd":
        refuse_constant(*extremes(ref), "per: sd needs a spread")
        learned["sd"] = deviation(ref, mean(ref))
    return learned


def _distance(x: FloatArray, params: Mapping[str, Any], per: Per, **centre: float | str) -> FloatArray:
    """How far each number lies above the centre, in units of x or in standard deviations."""
    ((name, value),) = centre.items()
    out: FloatArray = np.subtract(x, params[name] if isinstance(value, str) else value, out=like(x))
    if per == "sd":
        out /= np.asarray(params["sd"], np.float64)
    return out


# -- logistic ---------------------------------------------------------------------------------------------------------


def _learn_logistic(ref: FloatArray, *, midpoint: float | str, per: Per = "unit") -> dict[str, FloatArray]:
    return _learn(ref, per, midpoint=midpoint)


def _check_logistic(options: Mapping[str, Any]) -> list[str]:
    return word_problems("midpoint", options["midpoint"]) + above_zero(options, "steepness") + to_problems(options)


@step(
    learn=_learn_logistic,
    sign=to_sign,
    reflect=lambda options: options["to"][0] + options["to"][1],
    check_option=_check_logistic,
)
def logistic(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    midpoint: float | str,
    steepness: float,
    per: Per = "unit",
    to: Scale = (0, 1),
) -> FloatArray:
    """An S-shaped degree of membership: half way at the midpoint, and never quite at either end of `to`.

    y = to[0] + (to[1] - to[0]) / (1 + exp(-steepness · (x - midpoint))). With ``per: sd`` the distance is counted in
    standard deviations of the reference (n - 1). With ``direction: less`` the result is reflected.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"midpoint": (k,), "sd": (k,)}``, each only where it is learned.
    midpoint
        A number or a word: where the membership is a half.
    steepness
        How fast it rises, above 0: at ± 3 / steepness from the midpoint it is 95 % and 5 %.
    per
        Whether the steepness is per unit of `x` (``unit``) or per standard deviation (``sd``).
    to
        Where memberships of 0 and 1 go.

    Returns
    -------
    The shape of `x`, within `to`; ``nan`` stays.

    Raises
    ------
    DomainError
        With ``per: sd``, a column with the same number everywhere.

    References
    ----------
    Pyle, D. (1999). Data Preparation for Data Mining, chapter 7: softmax scaling. Morgan Kaufmann.
    Zadeh, L. A. (1965). Fuzzy sets. Information and Control 8(3). https://doi.org/10.1016/S0019-9958(65)90241-X

    Notes
    -----
    Peers: COINr, Compind, pymcdm and scikit-criteria have none. Written by hand it overflows far from the midpoint;
    here it is computed from the side that cannot.

    Examples
    --------
    >>> logistic(np.array([[40.0], [50.0], [60.0]]), {}, midpoint=50, steepness=0.3).round(4).ravel()
    array([0.0474, 0.5   , 0.9526])
    """
    t = _distance(x, params, per, midpoint=midpoint)
    t *= steepness
    small = np.exp(-np.abs(t))
    return linear(np.where(t >= 0, 1.0, small) / (1 + small), 0.0, 1.0, to)


# -- gaussian ---------------------------------------------------------------------------------------------------------


def _learn_gaussian(ref: FloatArray, *, best: float | str, per: Per = "unit") -> dict[str, FloatArray]:
    return _learn(ref, per, best=best)


def _check_gaussian(options: Mapping[str, Any]) -> list[str]:
    return word_problems("best", options["best"]) + above_zero(options, "width") + to_problems(options)


@step(learn=_learn_gaussian, sign=to_sign, check_option=_check_gaussian)
def gaussian(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    best: float | str,
    width: float,
    per: Per = "unit",
    to: Scale = (0, 1),
) -> FloatArray:
    """A bell-shaped degree of membership: highest at the best value, falling alike on both sides.

    y = to[0] + (to[1] - to[0]) · exp(-½ ((x - best) / width)²). With ``per: sd`` the width is counted in standard
    deviations of the reference (n - 1). `direction` speaks of being near: ``less`` is refused unless `to` falls.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"best": (k,), "sd": (k,)}``, each only where it is learned.
    best
        A number or a word: where the membership is 1.
    width
        How far from it the membership is 0.6065, above 0.
    per
        Whether the width counts in units of `x` (``unit``) or in standard deviations (``sd``).
    to
        Where memberships of 0 and 1 go.

    Returns
    -------
    The shape of `x`, within `to`; ``nan`` stays.

    Raises
    ------
    DomainError
        With ``per: sd``, a column with the same number everywhere.

    References
    ----------
    Brans, J. P. and Vincke, P. (1985). A preference ranking organisation method. Management Science 31(6): the
    Gaussian criterion, which is 1 minus this. https://doi.org/10.1287/mnsc.31.6.647

    Notes
    -----
    Peers: pymcdm and scikit-criteria know the shape only inside PROMETHEE, between pairs of units; COINr leaves a best
    value in the middle to its user. `interval` is the same with straight sides.

    Examples
    --------
    >>> gaussian(np.array([[6.0], [7.0], [9.0]]), {}, best=7, width=1).round(4).ravel()
    array([0.6065, 1.    , 0.1353])
    """
    t = _distance(x, params, per, best=best)
    t /= width
    np.square(t, out=t)
    t *= -0.5
    return linear(np.exp(t, out=t), 0.0, 1.0, to)
