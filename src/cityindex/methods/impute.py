"""Filling gaps with one number a column: the step `impute`, and the kernels that the missing rule shares with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import step
from cityindex.methods._arrays import FloatArray, like, statistic, word_problems
from cityindex.methods._summary import Summary

__all__ = ["apply", "check", "learn"]


def check(options: Mapping[str, Any]) -> list[str]:
    """What is wrong with the options, as texts."""
    return word_problems("use", options.get("use", "mean"))


def learn(ref: FloatArray | Summary, *, use: float | str = "mean") -> dict[str, FloatArray]:
    """The number that fills the gaps of each column: ``{"value": (k,)}``.

    Parameters
    ----------
    ref
        Shape (n, k).
    use
        A word (min, max, mean, median, p5), learned of each column, or a number for all of them.

    Raises
    ------
    DomainError
        A column without a number, where a word is asked for.

    Examples
    --------
    >>> learn(np.array([[1.0, 5.0], [3.0, np.nan]]), use="median")
    {'value': array([2., 5.])}
    """
    if isinstance(use, str):
        return {"value": statistic(ref, use)}
    return {"value": np.full(ref.shape[-1], float(use))}


@step("impute", learn=learn, sign=1, bare="use", check_option=check)
def apply(x: FloatArray, params: Mapping[str, Any], *, use: float | str = "mean") -> FloatArray:
    """Fill what is missing with a number of the column: its mean in the reference, another word, or one given.

    y = value where x is missing, and x elsewhere.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"value": (k,)}``; may be ``{}`` where `use` is a number.
    use
        A word (min, max, mean, median, p5) or a number.

    Returns
    -------
    A new array of the shape of `x`, without ``nan``.

    Raises
    ------
    DomainError
        A column of the reference without a number, where a word is asked for.

    Notes
    -----
    Peers: COINr leaves a cell missing without a word where its group has no number, and learns from the table at hand,
    as scikit-criteria's imputers do. Here a column without a number is refused, and the number that fills is kept:
    later units are filled with the same one.

    References
    ----------
    Little, R. J. A. and Rubin, D. B. (2019). Statistical Analysis with Missing Data, 3rd edition, chapter 4.
    https://doi.org/10.1002/9781119482260

    Examples
    --------
    >>> apply(np.array([[1.0], [np.nan]]), {"value": [2.5]}).ravel()
    array([1. , 2.5])
    """
    value = params["value"] if "value" in params else float(use)
    out = like(x)
    np.copyto(out, x)
    np.copyto(out, np.asarray(value, np.float64), where=np.isnan(x))
    return out
