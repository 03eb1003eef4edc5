"""Index numbers of scores over time: to a fixed base (定基), and chained from period to period (环比)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, get_args

import numpy as np

from cityindex._values import label_of
from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.series import Change, chain, change, fixed_base, mean_change
from cityindex.periods.gather import Timeline, timeline
from cityindex.periods.links import Pair, Scores, neighbours, pairs, weights_at
from cityindex.periods.record import IndexSeries, Link
from cityindex.periods.telling import (
    notes_of_base,
    notes_of_doubles,
    notes_of_links,
    notes_of_scales,
    notes_of_schemes,
    notes_of_weights,
    refuse_ratios,
    refuse_schemes,
)
from cityindex.result import Of
from cityindex.table import Note

__all__ = ["base_index", "chain_index"]


def base_index(
    results: Any,
    base: Any = None,
    *,
    node: str | None = None,
    how: Change = "ratio",
    base_value: float = 100,
    weights: str | None = None,
    periods: Sequence[Any] | None = None,
    of: Of = "published",
) -> IndexSeries:
    """Index numbers to a fixed base (定基指数): each period's score against that of one base period.

    ``ratio``: 100 · S_t / S_b. ``difference``: 100 + S_t - S_b. All scores must have been computed by one spec and one
    calibration, or their change would be the scheme's as well; `chain_index` is for those that were not.

    Parameters
    ----------
    results
        A result over several periods; or several results, one a period or more, that share spec and calibration, as a
        list or, where they name no periods, as ``{period: result}``. Of several that hold one period the last counts.
    base
        The base period; None: the first.
    node
        The node whose scores are followed; None: the index.
    how
        ``ratio``: scores must be above 0 in the base period, and mean nothing where they are 0. ``difference``: in
        points; for standard scores, and for min-max scores, whose 0 is the worst unit.
    base_value
        What the base period is set to.
    weights
        A column of the tables to weigh the mean of all units by, with its numbers of the base period; None: units
        count alike.
    periods
        The periods wanted, in their order; None: all, in the order of time.
    of
        Whether the ``published`` or the ``carried`` score is followed.

    Returns
    -------
    IndexSeries
        Units × periods, all units together, the links from period to period, and notes.

    Raises
    ------
    ScoreError
        Scores computed by different schemes; ratios of scores that are not above 0, by unit and period.
    NotFoundError
        No such period, node or column; the nearest is named.

    Notes
    -----
    The mean of all units is compared over those that have a score in both periods; its ratio is that of two means
    (Dutot; a Laspeyres index where `weights` are given), so that a unit that comes or leaves changes nothing.

    References
    ----------
    ILO, IMF, OECD, UNECE, Eurostat and World Bank (2004). Consumer Price Index Manual: Theory and Practice, chapters 15
    and 20. OECD and JRC (2008). Handbook on Constructing Composite Indicators. https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "p", "unit": {"key": "city", "period": "year"}, "reference": {"year": 2022},
    ...         "index": {"id": "score", "children": [{"id": "a", "steps": [{"minmax": {"to": [50, 100]}}]}]}}
    >>> data = {"city": ["x", "y"] * 2, "year": [2022, 2022, 2023, 2023], "a": [0.0, 4.0, 1.0, 3.0]}
    >>> ci.base_index(ci.score(spec, data), 2022).to_frame()
    period   2022   2023
    unit
    x       100.0  125.0
    y       100.0   87.5
    """
    asked = _asked(results, base, periods, how, base_value, weights)
    line, place = asked.line, asked.place
    refuse_schemes(line)
    scores = Scores.along(line, node, of)
    w = weights_at(line, asked.base, weights)
    found = [replace(pair, weights=w) for pair in neighbours(scores)]
    x = np.column_stack([found[0].before, *(pair.after for pair in found)])
    known = x[:, place]
    if how == "ratio":
        refuse_ratios(line, [(asked.base, known)], zip(line.periods, x.T, strict=True))
    _refuse_empty(known, asked.base)
    values = fixed_base(x, place, how=how, base_value=base_value)
    total = np.array([mean_change(known, column, weights=w, how=how) for column in x.T])
    whole = base_value * total if how == "ratio" else base_value + total
    notes = [*notes_of_doubles(line), *notes_of_weights(line, weights, asked.base, known, w)]
    return _series("fixed base", asked, scores, found, (values, whole), notes)


def chain_index(
    results: Any,
    base: Any = None,
    *,
    node: str | None = None,
    how: Change = "ratio",
    base_value: float = 100,
    weights: str | None = None,
    periods: Sequence[Any] | None = None,
    of: Of = "published",
) -> IndexSeries:
    """Chained index numbers: each period against the one before, both scored by the scheme of the later one.

    A link is L_t = S_t / S_{t-1} (or S_t - S_{t-1}), where both scores are computed by the spec and the calibration of
    period t. The chain is 100 · L_{b+1} · … · L_t (or 100 + their sum). So a series goes on through new weights, new
    indicators and new calibrations: a revision changes how later change is measured, and never makes a change itself.
    Under one scheme all along, links of ratios multiply to the fixed base of `base_index`.

    Parameters
    ----------
    results
        A result over several periods (with editions too); a list of results, in which a period may stand in several:
        a result that holds the period before as well is its own link; or ``{period: result}``.
    base, node, how, base_value, periods, of
        As for `base_index`. For ratios every score must be above 0.
    weights
        As for `base_index`, with the numbers of the earlier period of each link.

    Returns
    -------
    IndexSeries
        Units × periods, all units together, the links, and notes. A unit without a link has no numbers beyond it.

    Raises
    ------
    ScoreError
        Data of a period that the scheme of the next one cannot score (an indicator is missing there); ratios of scores
        that are not above 0, by unit and period.
    NotFoundError
        No such period, node or column; the nearest is named.

    Notes
    -----
    With `weights` that change, the chain of the mean differs from a fixed base even under one scheme (chain drift): the
    weights follow the times. That is meant; where it is not, use `base_index`.

    References
    ----------
    ILO, IMF, OECD, UNECE, Eurostat and World Bank (2004). Consumer Price Index Manual: Theory and Practice, chapter 15:
    fixed base versus chain indices.

    Examples
    --------
    >>> import cityindex as ci
    >>> def year(when, a, top):
    ...     spec = {"cityindex": 1, "id": "p", "unit": {"key": "city"}, "index": {"id": "score", "children": [
    ...         {"id": "a", "goalposts": [0, top], "steps": [{"goalposts": {"to": [0, 100]}}]}]}}
    ...     return ci.score(spec, {"city": ["x", "y"], "a": a})
    >>> years = {2022: year(2022, [40.0, 50.0], 100), 2023: year(2023, [44.0, 60.0], 200)}
    >>> ci.chain_index(years).to_frame()
    period   2022   2023
    unit
    x       100.0  110.0
    y       100.0  120.0
    """
    asked = _asked(results, base, periods, how, base_value, weights)
    line, place = asked.line, asked.place
    scores = Scores.along(line, node, of)
    found = [replace(pair, weights=weights_at(line, pair.start, weights)) for pair in pairs(scores)]
    if how == "ratio":
        refuse_ratios(line, [each for p in found for each in ((p.start, p.before), (p.end, p.after))], ())
    values = chain(_changes(found, how), place, how=how, base_value=base_value)
    at_base = np.fmax.reduce([p.before for p in found[place : place + 1]] + [p.after for p in found[:place][-1:]])
    _refuse_empty(at_base, asked.base)
    values[np.isnan(at_base)] = np.nan  # who has no score in the base period has no chain from it
    means = np.array([mean_change(p.before, p.after, weights=p.weights, how=how) for p in found])
    whole = chain(means, place, how=how, base_value=base_value)
    notes = [note for p in found for note in notes_of_weights(line, weights, p.start, p.before + p.after, p.weights)]
    return _series("chain", asked, scores, found, (values, whole), notes)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is wanted of a series, checked."""

    line: Timeline
    place: int  # of the base among the periods
    how: Change
    base_value: float
    weights: str | None

    @property
    def base(self) -> str:
        return self.line.periods[self.place]


def _asked(
    results: Any, base: Any, periods: Sequence[Any] | None, how: Change, base_value: Any, weights: str | None
) -> _Asked:
    if how not in get_args(Change):
        raise ScoreError(f"how: {how!r} is no measure of change.{nearest(str(how), get_args(Change))}")
    if isinstance(base_value, bool) or not isinstance(base_value, Real) or not np.isfinite(float(base_value)):
        raise ScoreError(f"base_value: {base_value!r}; a number is wanted, such as 100")
    line = timeline(results, periods)
    name = line.periods[0] if base is None else label_of(base)
    if name not in line.periods:
        raise NotFoundError(f"base: there is no period {name!r}.{nearest(name, line.periods)}")
    return _Asked(line, line.periods.index(name), how, float(base_value), weights)


def _refuse_empty(scores: FloatArray, base: str) -> None:
    if np.isnan(scores).all():
        raise ScoreError(f"no unit has a score in the base period {base}")


def _changes(found: Sequence[Pair], how: Change) -> FloatArray:
    return np.column_stack([change(pair.before, pair.after, how=how) for pair in found])


def _series(
    method: str,
    asked: _Asked,
    scores: Scores,
    found: Sequence[Pair],
    made: tuple[FloatArray, FloatArray],
    notes: Sequence[Note],
) -> IndexSeries:
    """The series of what was `made`: the numbers of units × periods, and those of all units together."""
    line, spec = asked.line, found[-1].scheme.spec
    links = tuple(_link(line, pair, asked.how) for pair in found)
    with np.errstate(divide="ignore", invalid="ignore"):  # after a score of 0 there is no ratio
        changes = _changes(found, asked.how)
    return IndexSeries(
        spec=spec,
        node=spec.index.id if scores.node is None else scores.node,
        method=method,
        how=asked.how,
        base=asked.base,
        base_value=asked.base_value,
        periods=line.periods,
        units=line.units,
        labels=line.labels,
        weights=asked.weights,
        links=links,
        notes=(
            *notes_of_schemes(links),
            *notes_of_scales(line),
            *notes_of_base(line, made[0], asked.base),
            *notes_of_links(links),
            *notes,
            *(note for pair in found for note in pair.notes),
        ),
        _values=made[0],
        _total=made[1],
        _changes=np.where(np.isfinite(changes), changes, np.nan),
    )


def _link(line: Timeline, pair: Pair, how: Change) -> Link:
    before, after = ~np.isnan(pair.before), ~np.isnan(pair.after)
    names = np.array(line.units, dtype=object)
    return Link(
        start=pair.start,
        end=pair.end,
        scheme=pair.scheme.name,
        units=int((before & after).sum()),
        entered=tuple(names[after & ~before]),
        left=tuple(names[before & ~after]),
        total=mean_change(pair.before, pair.after, weights=pair.weights, how=how),
    )
