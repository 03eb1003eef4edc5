"""Series of units over periods: gaps filled along time, growth rates. Arrays of units × periods, ``nan`` missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["FORMULAS", "Along", "Growth", "fill_along", "growth_over", "growth_rate"]

IntArray = npt.NDArray[np.intp]
Along = Literal["last", "linear", "linear_constant"]
Growth = Literal["cagr", "change", "difference", "trend", "log_trend"]
FORMULAS: Mapping[Growth, str] = {
    "cagr": "(last / first)^(1 / time) - 1",
    "change": "last / first - 1",
    "difference": "last - first",
    "trend": "slope of the least-squares line",
    "log_trend": "exp(slope of the least-squares line of ln x) - 1",
}
NEAR = 1e-3  # of a year: what whole months may differ by between days at the ends of long and short ones


def fill_along(x: FloatArray, times: FloatArray, *, how: Along = "linear", limit: float | None = None) -> FloatArray:
    """Fill the gaps of each unit along time; what has nothing to be filled from stays missing.

    Parameters
    ----------
    x
        Shape (units, periods), in any unit.
    times
        Shape (periods,), rising; the distances between them count.
    how
        ``last``: the last known value carried forward. ``linear``: the straight line between the known values on both
        sides, nothing outside them. ``linear_constant``: that, and the first or last known value beyond the ends.
    limit
        How far away in time a known value may lie that is used (both of them, for a line); None: as far as need be.

    Returns
    -------
    A new array of the shape of `x`.

    Raises
    ------
    DomainError
        A word or a limit that is none of those.

    References
    ----------
    Moritz, S. and Bartz-Beielstein, T. (2017). imputeTS: Time series missing value imputation in R. The R Journal
    9(1). https://doi.org/10.32614/RJ-2017-009

    Notes
    -----
    Peers: COINr's ``impute_panel(imp_type = "linear")`` holds the ends constant too, as ``linear_constant`` says; its
    ``max_time`` is a limit for "latest" alone. Nothing is extrapolated along a line: a trend beyond the data is a
    forecast.

    Examples
    --------
    >>> x = np.array([[np.nan, 10.0, np.nan, 30.0, np.nan]])
    >>> fill_along(x, np.array([2018.0, 2019, 2020, 2021, 2022]))
    array([[nan, 10., 20., 30., nan]])
    >>> fill_along(x, np.array([2018.0, 2019, 2020, 2021, 2022]), how="last", limit=1)
    array([[nan, 10., 10., 30., 30.]])
    """
    _known(how, get_args(Along))
    if limit is not None and not (isinstance(limit, int | float | np.number) and limit >= 0):
        raise DomainError(f"limit: {limit!r}; a number of periods from 0 on is allowed")
    known = ~np.isnan(x)
    places = np.broadcast_to(np.arange(x.shape[1]), x.shape)
    before = np.maximum.accumulate(np.where(known, places, -1), axis=1)
    after = np.minimum.accumulate(np.where(known, places, x.shape[1])[:, ::-1], axis=1)[:, ::-1]
    low, high = _value_at(x, times, before), _value_at(x, times, after)
    reach = np.inf if limit is None else limit
    near_low, near_high = times - low[1] <= reach + NEAR, high[1] - times <= reach + NEAR
    filled = np.full(x.shape, np.nan)
    if how == "last":
        np.copyto(filled, low[0], where=near_low)
    else:
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (times - low[1]) / (high[1] - low[1])
            line = low[0] + share * (high[0] - low[0])
        np.copyto(filled, line, where=near_low & near_high)
        if how == "linear_constant":
            np.copyto(filled, low[0], where=near_low & np.isnan(high[0]))
            np.copyto(filled, high[0], where=near_high & np.isnan(low[0]))
    return np.where(known, x, filled)


def _known(how: str, words: tuple[str, ...]) -> None:
    if how not in words:
        raise DomainError(f"how: {how!r}; {', '.join(words)} are allowed")


def _value_at(x: FloatArray, times: FloatArray, places: IntArray) -> tuple[FloatArray, FloatArray]:
    """The values and times at places of each row; ``nan`` where there is no such place."""
    there = (places >= 0) & (places < x.shape[1])
    safe = np.where(there, places, 0)
    values = np.where(there, np.take_along_axis(x, safe, axis=1), np.nan)
    return values, np.where(there, times[safe], np.nan)


def growth_rate(x: FloatArray, times: FloatArray, *, how: Growth = "cagr") -> FloatArray:
    """The growth of each unit from its first to its last known value; ``nan`` with fewer than two.

    ``cagr``: (last / first)^(1 / (t_last - t_first)) - 1, a share per period. ``change``: last / first - 1.
    ``difference``: last - first. ``trend``: the slope of the least-squares line through all known values, per period.
    ``log_trend``: exp(b) - 1, b the slope of that line through their logarithms: the least-squares growth rate, a share
    per period. Against `cagr` it looks at every value and not at two, so that one odd year at an end moves it less.

    Parameters
    ----------
    x
        Shape (units, periods); for `cagr` and `change` starting above 0, for `cagr` not ending below it, for
        `log_trend` above 0 throughout.
    times
        Shape (periods,), rising.

    Returns
    -------
    Shape (units,).

    Raises
    ------
    DomainError
        A first or last value that the rate cannot be taken of: by (unit, period). A word that is none of those.

    References
    ----------
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567
    World Bank, World Development Indicators, Statistical methods: least-squares growth rate.

    Examples
    --------
    >>> growth_rate(np.array([[100.0, np.nan, 121.0]]), np.array([2020.0, 2021, 2022]))
    array([0.1])
    >>> growth_rate(np.array([[100.0, 105.0, 121.0]]), np.array([2020.0, 2021, 2022]), how="log_trend").round(4)
    array([0.1])
    """
    _known(how, get_args(Growth))
    known = ~np.isnan(x)
    first, last = known.argmax(axis=1), x.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    rows = np.arange(len(x))
    enough = known.sum(axis=1) >= 2
    start, end = x[rows, first], x[rows, last]
    if how == "log_trend":
        _refuse_no_logarithm(x, enough)
    _check_ends(how, enough, start, end, first, last)
    with np.errstate(invalid="ignore", divide="ignore"):
        if how == "trend":
            rate = _slope(x, times)
        elif how == "log_trend":
            rate = np.expm1(_slope(np.log(x), times))
        elif how == "difference":
            rate = end - start
        else:
            ratio = end / start
            rate = (ratio if how == "change" else ratio ** (1 / (times[last] - times[first]))) - 1
    return np.where(enough, rate, np.nan)


def _check_ends(
    how: Growth, enough: BoolArray, start: FloatArray, end: FloatArray, first: IntArray, last: IntArray
) -> None:
    if how not in ("cagr", "change"):
        return
    bad_start = np.asarray(start <= 0)  # of a negative number the sign of a change would turn
    bad_end: BoolArray = np.less(end, 0) if how == "cagr" else np.zeros(len(end), bool)
    cells = [(int(row), int(first[row])) for row in np.flatnonzero(enough & bad_start)]
    cells += [(int(row), int(last[row])) for row in np.flatnonzero(enough & bad_end)]
    if cells and how == "cagr":
        raise DomainError("a compound growth rate needs a first value above 0 and no last one below it", cells=cells)
    if cells:
        raise DomainError("a relative change needs a first value above 0", cells=cells)


def _refuse_no_logarithm(x: FloatArray, enough: BoolArray) -> None:
    wrong = np.argwhere((x <= 0) & enough[:, None])
    if len(wrong):
        raise DomainError("a trend of logarithms needs numbers above 0", cells=[(int(i), int(j)) for i, j in wrong])


def growth_over(x: FloatArray, times: FloatArray, over: float, *, how: Growth = "cagr") -> FloatArray:
    """The growth of each unit up to each period, since the one that lies `over` earlier.

    Where the number of either of the two is missing, or there is no such period, there is no growth.

    Parameters
    ----------
    x, times, how
        As for `growth_rate`.
    over
        How far back in time, above 0.

    Returns
    -------
    The shape of `x`.

    Raises
    ------
    DomainError
        As `growth_rate`.

    Examples
    --------
    >>> growth_over(np.array([[100.0, 110.0, np.nan, 132.0]]), np.array([2020.0, 2021, 2022, 2023]), 1, how="change")
    array([[nan, 0.1, nan, nan]])
    """
    out = np.full(x.shape, np.nan)
    problems: dict[str, list[tuple[int, int]]] = {}
    for last, time in enumerate(times):
        for first in np.flatnonzero(np.abs(times - (time - over)) <= NEAR):
            both = ~(np.isnan(x[:, first]) | np.isnan(x[:, last]))
            window = np.where(both[:, None], x[:, first : last + 1], np.nan)
            try:
                out[:, last] = growth_rate(window, np.append(times[first:last], times[first] + over), how=how)
            except DomainError as error:
                if not error.cells:
                    raise
                cells = problems.setdefault(error.reason, [])
                cells += [(row, int(first) + place) for row, place in error.cells]
    for reason, cells in problems.items():
        raise DomainError(reason, cells=dict.fromkeys(cells))
    return out


def _slope(x: FloatArray, times: FloatArray) -> FloatArray:
    known = ~np.isnan(x)
    t = np.where(known, times, np.nan)
    t = t - np.nanmean(np.where(known.any(axis=1, keepdims=True), t, 0.0), axis=1)[:, None]
    squares = np.nansum(t * t, axis=1)
    slope: FloatArray = np.nansum(t * np.where(known, x, 0.0), axis=1) / squares
    return slope
