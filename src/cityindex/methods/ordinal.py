"""Normalisation by order alone: the place among the reference, as a share (`percent_rank`) or a number (`rank`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cityindex._registry import Range, step
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, linear, significant, to_problems, to_sign
from cityindex.methods._summary import Summary

__all__ = ["count_values", "percent_rank", "rank"]

Ties = Literal["min", "max", "average"]
Formula = Literal["inclusive", "exclusive", "share", "midpoint", "highest"]
MANY = 1000  # from here on it is quicker to look numbers up in their order

Learned = dict[str, list[npt.NDArray[Any]]]

FORMULAS: dict[str, Callable[[FloatArray, int], FloatArray]] = {
    "inclusive": lambda r, n: (r - 1) / (n - 1),
    "exclusive": lambda r, n: r / (n + 1),
    "share": lambda r, n: r / n,
    "midpoint": lambda r, n: (r - 0.5) / n,
    "highest": lambda r, n: r / r[-1],
}


# -- what both learn: the distinct values of the reference, and how often each stands there ---------------------------


def count_values(column: FloatArray) -> tuple[FloatArray, npt.NDArray[Any]]:
    """The different numbers of a column (n,) at 12 significant digits, rising, and how often each stands there.

    >>> count_values(np.array([3.0, 0.1 + 0.2, np.nan, 0.3]))
    (array([0.3, 3. ]), array([2, 1]))
    """
    ordered = np.sort(significant(column))
    ordered = ordered[: np.searchsorted(ordered, np.inf)]  # missing ones stand last
    starts = np.flatnonzero(np.diff(ordered, prepend=-np.inf))
    return ordered[starts], np.diff(starts, append=ordered.size)


def _learn_values(ref: FloatArray | Summary, above: float | None = None) -> Learned:
    values, counts = [], []
    for j in range(ref.shape[1]):
        own, times = (ref.values[j], ref.counted[j]) if isinstance(ref, Summary) else count_values(ref[:, j])
        first = 0 if above is None else int(np.searchsorted(own, significant(above), side="right"))
        values.append(own[first:])
        counts.append(times[first:])
    empty = [j for j, found in enumerate(counts) if not found.size]
    if empty:
        what = "" if above is None else f" above {above:.12g}"
        raise DomainError(f"the column has no number{what} to rank", columns=empty)
    return {"values": values, "counts": counts}


def _ranks(counts: npt.ArrayLike, ties: Ties) -> FloatArray:
    """The rank of each distinct value, 1 for the first."""
    each = np.asarray(counts, np.float64)
    last = np.cumsum(each)
    if ties == "max":
        return last
    first = last - each + 1
    return first if ties == "min" else (first + last) / 2


def _place(
    x: FloatArray,
    values: Sequence[npt.ArrayLike],
    scores: Sequence[FloatArray],
    outside: Iterable[tuple[float, float]],
) -> FloatArray:
    """The score of each number: exact where it was learned, linear between neighbours, and one beyond either end."""
    out = np.empty_like(x)
    for j, (known, score, (below, over)) in enumerate(zip(values, scores, outside, strict=True)):
        column = x[..., j].flatten()
        order = np.argsort(column) if column.size > MANY else slice(None)
        column[order] = _between(column[order], np.asarray(known, np.float64), score, below, over)
        out[..., j] = column.reshape(x.shape[:-1])
        if len(score) == 1:  # np.interp gives the only score to what is missing, too
            out[np.isnan(x[..., j]), j] = np.nan
    return out


def _between(x: FloatArray, known: FloatArray, score: FloatArray, below: float, over: float) -> FloatArray:
    """Linear between neighbours, and never past either of them: interpolation alone can overshoot by dust."""
    found = np.interp(x, known, score, left=below, right=over)
    inside = np.flatnonzero((x > known[0]) & (x < known[-1]))
    place = np.searchsorted(known, x[inside], side="right")
    before, after = score[place - 1], score[place]
    found[inside] = np.clip(found[inside], np.minimum(before, after), np.maximum(before, after))
    return np.asarray(found, np.float64)


def _seen(params: Mapping[str, Any], options: Mapping[str, Any]) -> Range:
    """The lowest and the highest number that was ranked; numbers not above `above` are not ranked, however low."""
    low, high = (np.array([values[place] for values in params["values"]], np.float64) for place in (0, -1))
    return Range(low if options.get("above") is None else np.full_like(low, -np.inf), high, held=True)


# -- percent_rank -----------------------------------------------------------------------------------------------------


def _learn_percent_rank(ref: FloatArray, *, formula: Formula = "inclusive", above: float | None = None) -> Learned:
    learned = _learn_values(ref, above)
    if formula == "inclusive":
        alone = [j for j, counts in enumerate(learned["counts"]) if counts.sum() < 2]
        if alone:
            raise DomainError("one number alone has no percent rank (r-1)/(n-1)", columns=alone)
    return learned


@step(
    learn=_learn_percent_rank,
    sign=to_sign,
    reflect=lambda options: options["to"][0] + options["to"][1],
    check_option=to_problems,
    ends=_seen,
)
def percent_rank(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    ties: Ties = "min",
    formula: Formula = "inclusive",
    above: float | None = None,
    to: tuple[float, float] = (0, 1),
) -> FloatArray:
    """The share of the reference that a unit is ahead of, from its rank r (1 = lowest) among n numbers.

    Numbers compare at 12 significant digits. One that the reference does not hold gets a share on the straight line
    between those of its neighbours; below all of them it gets ``to[0]``, above all ``to[1]``: monotone, and never
    outside `to`. With ``direction: less`` the result is reflected, so that ties keep their rule.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"values": k arrays, "counts": k arrays}``: the distinct values of the reference, rising, and how often
        each occurs. The one large record of a calibration, and it publishes the distribution of the data.
    ties
        The rank that equal numbers share: the lowest of their places (``min``), the highest, or the average.
    formula
        ``inclusive`` (r - 1) / (n - 1), as PERCENTRANK.INC; ``exclusive`` r / (n + 1); ``share`` r / n;
        ``midpoint`` (r - ½) / n; ``highest`` r / the highest rank given.
    above
        Numbers not above it are not ranked, and score ``to[0]``.
    to
        Where shares of 0 and 1 go.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number to rank; with ``inclusive``, one with a single number. (Where all are the same
        they tie: 0 with ``inclusive`` and ``min``.)

    References
    ----------
    Flanagan, B. E. et al. (2011). A Social Vulnerability Index for Disaster Management. Journal of Homeland Security
    and Emergency Management 8(1). https://doi.org/10.2202/1547-7355.1792
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50(4).
    https://doi.org/10.1080/00031305.1996.10473566

    Notes
    -----
    Peers: COINr's ``n_prank`` takes a rule for ties and does not use it (it is always ``min``); spreadsheets cut
    PERCENTRANK.INC to three digits. Here `ties` and `formula` say what is meant, and nothing is cut.

    Examples
    --------
    >>> params = {"values": [[1.0, 2.0, 5.0]], "counts": [[1, 2, 1]]}
    >>> percent_rank(np.array([[1.0], [2.0], [3.5], [9.0]]), params).round(4).ravel()
    array([0.    , 0.3333, 0.6667, 1.    ])
    """
    scores = []
    for counts in params["counts"]:
        ranks = _ranks(counts, ties)
        scores.append(linear(FORMULAS[formula](ranks, int(np.sum(counts))), 0.0, 1.0, to))
    rounded = significant(x)
    out = _place(rounded, params["values"], scores, [to] * len(scores))
    if above is not None:
        out[rounded <= significant(above)] = to[0]
    return out


# -- rank -------------------------------------------------------------------------------------------------------------


@step(
    learn=_learn_values,
    sign=lambda options: 1 if options["first"] == "lowest" else -1,
    ends=_seen,
)
def rank(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    ties: Ties = "min",
    first: Literal["lowest", "highest"] = "lowest",
    start: int = 1,
) -> FloatArray:
    """The place among the reference, counted from the lowest number, or from the highest.

    Counted from the lowest the result rises with the number, as indices that add ranks want it where more is better;
    ``first: highest`` where less is. Numbers compare at 12 significant digits. One that the reference does not hold
    gets a place on the straight line between those of its neighbours; outside all of them the place at that end, the
    first or the last.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"values": k arrays, "counts": k arrays}``: the distinct values of the reference, rising, and how often
        each occurs.
    ties
        The place that equal numbers share: the first of theirs (``min``), the last, or the average.
    first
        Which end has the first place.
    start
        The number of the first place: 1, or 0 for Borda's points (how many units a unit is ahead of).

    Returns
    -------
    The shape of `x`, from `start` on; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 1.5.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr's ``n_rank`` and ``n_borda`` compare bits, so that 3.4 and 3.4000000000000004 take two places, and
    their rule for ties is always ``min``. Here float dust ties, and `ties` is used.

    Examples
    --------
    >>> params = {"values": [[1.0, 2.0, 5.0]], "counts": [[1, 2, 1]]}
    >>> rank(np.array([[1.0], [2.0], [5.0]]), params, first="highest").ravel()
    array([4., 2., 1.])
    """
    rising = first == "lowest"
    scores = [_ranks(c, ties) if rising else _ranks(np.flip(np.asarray(c)), ties)[::-1] for c in params["counts"]]
    last = [float(np.sum(c)) for c in params["counts"]]
    outside = [(1.0, n) if rising else (n, 1.0) for n in last]
    if start != 1:
        scores = [places + (start - 1) for places in scores]
        outside = [(below + (start - 1), over + (start - 1)) for below, over in outside]
    return _place(significant(x), params["values"], scores, outside)
