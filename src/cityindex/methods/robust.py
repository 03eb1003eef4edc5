"""The standard score that outliers do not move (`robust`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, extremes, like, quantile, significant
from cityindex.methods._scales import above_zero, median_deviation

__all__ = ["robust"]

Spread = Literal["mad", "iqr"]
CONSTANTS = {"mad": 1.4826, "iqr": 1 / 1.349}  # what makes them estimate the deviation of normal data


def _learn_robust(ref: FloatArray, *, spread: Spread = "mad") -> dict[str, FloatArray]:
    extremes(ref)  # refuses a column without a number
    median = quantile(ref, 0.5)
    if spread == "mad":
        found = median_deviation(ref, median)
        nothing = significant(median + found) == significant(median)
        why = "half of the units or more have the median itself, so the median absolute deviation is 0"
    else:
        low, high = quantile(ref, 0.25), quantile(ref, 0.75)
        found = high - low
        nothing = significant(low) == significant(high)
        why = "the quartiles are the same, so the interquartile range is 0"
    if nothing.any():
        hint = "; spread: iqr or zscore may have one" if spread == "mad" else "; zscore may have a spread"
        raise DomainError(f"{why}{hint}", columns=np.flatnonzero(nothing))
    return {"median": median, "spread": found}


@step(
    learn=_learn_robust,
    sign=1,
    reflect=lambda options: 2.0 * options["centre"],
    check_option=lambda options: above_zero(options, "constant", "scale"),
)
def robust(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    spread: Spread = "mad",
    constant: float | None = None,
    centre: float = 0,
    scale: float = 1,
) -> FloatArray:
    """Robust standard score: the distance from the median of the reference, in units of its spread.

    y = centre + scale · (x - median) / (constant · spread). The spread is the median absolute deviation from the
    median, or the interquartile range; with the usual constant it estimates the standard deviation of normal data.
    With ``direction: less`` the result is reflected about `centre`.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"median": (k,), "spread": (k,)}``: the spread before the constant.
    spread
        ``mad``, the median absolute deviation, or ``iqr``, the interquartile range (linear quantiles).
    constant
        What the spread is multiplied by; none: 1.4826 for ``mad``, 1 / 1.349 for ``iqr``. 1 leaves it as it is.
    centre
        What the median becomes.
    scale
        What one unit of spread becomes, above 0.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, or whose spread is 0: half of its numbers are the same, or one unit alone.

    References
    ----------
    Rousseeuw, P. J. and Croux, C. (1993). Alternatives to the median absolute deviation. Journal of the American
    Statistical Association 88(424). https://doi.org/10.1080/01621459.1993.10476408

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria have none. scikit-learn's ``RobustScaler`` takes the interquartile range
    without a constant, and divides by 1 where it is 0; R's ``mad`` has the constant 1.4826. Here 0 is refused.

    Examples
    --------
    >>> robust(np.array([[2.0], [5.0], [900.0]]), {"median": [5.0], "spread": [3.0]}, constant=1).ravel()
    array([ -1.        ,   0.        , 298.33333333])
    """
    factor = CONSTANTS[spread] if constant is None else constant
    out: FloatArray = np.subtract(x, params["median"], out=like(x))
    out /= np.asarray(params["spread"], np.float64) * factor
    if scale != 1:
        out *= scale
    if centre != 0:
        out += centre
    return out
