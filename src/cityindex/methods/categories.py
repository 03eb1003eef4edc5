"""Scores by category: a `categories` table, `bands` between given cuts, `percentile_bands` between learned ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, cells_of, significant, statistic, word_problems
from cityindex.methods.rescale import order_of

__all__ = ["bands", "categories", "percentile_bands"]


# -- categories -------------------------------------------------------------------------------------------------------


def _code(category: object) -> float:
    """The number that a category is written as; ``nan`` where it is none."""
    try:
        return float(str(category))
    except ValueError:
        return math.nan


def _check_categories(options: Mapping[str, Any]) -> list[str]:
    scores = options.get("scores", {})
    problems = [
        f"scores: {category!r} is no number; a column holds numbers, so categories are codes: {{1: 0, 2: 50}}"
        for category in scores
        if not math.isfinite(_code(category))
    ]
    codes = significant([_code(category) for category in scores]).tolist()
    if not problems and len(set(codes)) < len(codes):
        problems.append("scores: a category is there twice")
    if len(set(scores.values())) < 2:
        problems.append("scores: every unit would get the same")
    return problems


def _sorted(scores: Mapping[str, float]) -> list[tuple[float, float]]:
    return sorted((_code(category), float(score)) for category, score in scores.items())


@step(
    sign=lambda options: _sign_points([score for _, score in _sorted(options["scores"])]),
    check_option=_check_categories,
)
def categories(x: FloatArray, params: Mapping[str, Any], *, scores: Mapping[str, float]) -> FloatArray:
    """The score of each category, by a table: ``{categories: {scores: {1: 0, 2: 50, 3: 100}}}``.

    A category that the table lacks is refused, with its unit: nothing is interpolated (`piecewise` does that). Codes
    compare at 12 significant digits.

    Parameters
    ----------
    x
        Shape (…, n, k): the codes of categories.
    params
        ``{}``.
    scores
        Category to score. Their order says whether more is better.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Cells whose category has no score.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: categorical scales.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria have none. A spreadsheet's VLOOKUP takes the next lower category for one
    that is not in the table, unless it is told not to; here that is refused.

    Examples
    --------
    >>> categories(np.array([[3.0], [1.0]]), {}, scores={"1": 0, "2": 50, "3": 100}).ravel()
    array([100.,   0.])
    """
    table = np.array(_sorted(scores))
    codes, values = significant(table[:, 0]), table[:, 1]
    rounded = significant(x)
    place = np.minimum(np.searchsorted(codes, rounded), len(codes) - 1)
    unknown = (codes[place] != rounded) & ~np.isnan(rounded)
    if unknown.any():
        found = ", ".join(f"{code:.12g}" for code in np.unique(rounded[unknown])[:5])
        known = ", ".join(f"{code:.12g}" for code in codes[:12])
        raise DomainError(f"no score for the category {found}; there are {known}", cells=cells_of(unknown))
    out = np.empty_like(rounded)
    np.take(values, place, out=out)
    out[np.isnan(rounded)] = np.nan
    return out


# -- bands ------------------------------------------------------------------------------------------------------------


def _points_problems(cuts: Sequence[object], points: Sequence[float]) -> list[str]:
    problems = []
    if len(points) != len(cuts) + 1:
        problems.append(f"points: {len(points)} for {len(cuts)} cuts, which make {len(cuts) + 1} bands")
    if len(set(points)) == 1:
        problems.append(f"points: every band has {points[0]:.12g}")
    return problems


def _check_bands(options: Mapping[str, Any]) -> list[str]:
    cuts, points = options.get("cuts", ()), options.get("points", ())
    falling = any(low >= high for low, high in pairwise(cuts))
    return _points_problems(cuts, points) + ([f"cuts: {list(cuts)} do not rise"] if falling else [])


def _sign_points(points: Sequence[float]) -> int:
    """+1 where the points never fall, -1 where they never rise, 0 for those that do both."""
    pairs = list(pairwise(points))
    return int(all(a <= b for a, b in pairs)) - int(all(a >= b for a, b in pairs))


@step(sign=lambda options: _sign_points(options["points"]), check_option=_check_bands)
def bands(
    x: FloatArray, params: Mapping[str, Any], *, cuts: tuple[float, ...], points: tuple[float, ...]
) -> FloatArray:
    """Points by bands: a scoring table. A number on a cut is in the upper band; 12 significant digits compare.

    ``{bands: {cuts: [10, 20], points: [1, 2, 3]}}``: below 10 one point, from 10 to below 20 two, from 20 on three.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{}``.
    cuts
        Rising, in the units of `x`.
    points
        One more than cuts: for the lowest band first. Their order says whether more is better.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: categorical scales.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria have no categorical scales; spreadsheets nest IF, where < and <= differ
    from formula to formula, and compare bits. Here a cut is always in the upper band, and float dust is none.

    Examples
    --------
    >>> bands(np.array([[9.9], [10.0], [50.0]]), {}, cuts=(10, 20), points=(1, 2, 3)).ravel()
    array([1., 2., 3.])
    """
    band = np.searchsorted(significant(cuts), significant(x), side="right")
    out = np.empty_like(x)
    np.take(np.asarray(points, np.float64), band, out=out)
    out[np.isnan(x)] = np.nan
    return out


# -- percentile_bands -------------------------------------------------------------------------------------------------


def _check_percentile_bands(options: Mapping[str, Any]) -> list[str]:
    cuts, points = options.get("cuts", ()), options.get("points", ())
    problems = [problem for cut in cuts for problem in word_problems("cuts", cut)]
    if not problems and any(low == high or order_of(low, high) < 0 for low, high in pairwise(cuts)):
        problems.append(f"cuts: [{', '.join(map(str, cuts))}] do not rise")
    if not any(isinstance(cut, str) for cut in cuts):
        problems.append("cuts: none of them is learned; write bands")
    return problems + _points_problems(cuts, points)


def _learn_percentile_bands(ref: FloatArray, *, cuts: tuple[float | str, ...]) -> dict[str, FloatArray]:
    found = np.stack([statistic(ref, c) if isinstance(c, str) else np.full(ref.shape[1], float(c)) for c in cuts], 1)
    wrong = (np.diff(significant(found), axis=1) <= 0).any(axis=1)
    if wrong.any():
        columns = np.flatnonzero(wrong)
        learned = ", ".join(f"{cut:.12g}" for cut in found[columns[0]])
        told = f"cuts: [{', '.join(map(str, cuts))}] are learned as [{learned}], which do not rise: too many units tie"
        raise DomainError(told, columns=columns)
    return {"cuts": found}


@step(
    learn=_learn_percentile_bands,
    sign=lambda options: _sign_points(options["points"]),
    check_option=_check_percentile_bands,
)
def percentile_bands(
    x: FloatArray, params: Mapping[str, Any], *, cuts: tuple[float | str, ...], points: tuple[float, ...]
) -> FloatArray:
    """Points by bands whose cuts are percentiles of the reference: a categorical scale.

    ``{percentile_bands: {cuts: [p25, median, p75], points: [0, 25, 75, 100]}}``. A number on a cut is in the upper
    band; 12 significant digits compare.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"cuts": k × cuts}``.
    cuts
        Rising: words (min, max, mean, median, p5; linear quantiles), perhaps with numbers among them.
    points
        One more than cuts: for the lowest band first. Their order says whether more is better.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        Learned cuts that do not rise, as where many units tie: a band in between would be empty.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5: categorical scales by percentiles.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr, pymcdm and scikit-criteria have none. Classifiers such as mapclassify return fewer classes than asked
    for where units tie, without a word; here that is refused.

    Examples
    --------
    >>> x = np.array([[1.0], [4.0], [9.0]])  # a number on a cut is in the upper band
    >>> percentile_bands(x, {"cuts": [[2.0, 4.0]]}, cuts=("p25", "p75"), points=(0, 50, 100)).ravel()
    array([  0., 100., 100.])
    """
    limits = significant(params["cuts"])
    rounded = significant(x)
    band = np.zeros_like(rounded, dtype=np.intp)
    for place in range(limits.shape[1]):
        band += rounded >= limits[:, place]
    out = np.empty_like(rounded)
    np.take(np.asarray(points, np.float64), band, out=out)
    out[np.isnan(rounded)] = np.nan
    return out
