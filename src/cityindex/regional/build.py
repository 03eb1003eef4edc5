"""`regions`: the groups of a result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import pandas as pd

from cityindex.errors import CityIndexError, ScoreError
from cityindex.regional.convergence import Convergence, convergence_of
from cityindex.regional.dispersion import Spread, spread_of
from cityindex.regional.gather import LISTED, Gathered, asked, gather, many
from cityindex.regional.record import Regions
from cityindex.regional.tables import KEYS, group_means
from cityindex.result import Result
from cityindex.table import Note

__all__ = ["regions"]

Made = TypeVar("Made")


def regions(
    result: Result,
    by: str | Sequence[str],
    *,
    weights: str | None = None,
    node: str | None = None,
    tiers: bool = True,
    top: int | Sequence[int] | None = None,
) -> Regions:
    """Group the units of a result: means, counts by tier, inequality between and within groups, convergence.

    Parameters
    ----------
    result
        A `Result`; its table holds the columns of labels and of weights.
    by
        The column that says which group a unit belongs to, such as ``"province"``; or several, the coarsest first
        (``["region", "province"]``): then a group is one label of each, and the inequality is split level by level.
    weights
        The column to weigh by, such as GDP: a unit of weight w counts as w units. None: all alike.
    node
        The node whose published values are looked at; None: the index.
    tiers
        Whether to count the units of each tier, where the node has tiers.
    top
        Numbers of first places to count the units of; None: those of 10, 20, 50 and 100 that are fewer than all.

    Returns
    -------
    Regions
        Means, places, counts, shares, location quotients, inequality and convergence; by period where there are some.

    Raises
    ------
    NotFoundError
        A column or a node that is not there, told together with what else is wrong with the call.
    ScoreError
        Weights that are no numbers, or below 0, by unit; weights of 0 alone; no unit with a score; what is no `Result`.

    See Also
    --------
    Result.group_scores : the means of several nodes at once.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "one", "index": {"id": "score", "children": ["a"]}}
    >>> data = {"city": ["w", "x", "y", "z"], "area": ["N", "N", "S", "S"], "gdp": [3, 1, 1, 1], "a": [40, 20, 10, 10]}
    >>> found = ci.regions(ci.score(spec, data), by="area", weights="gdp")
    >>> found.means[["area", "units", "mean", "weighted_mean"]].to_dict("records")
    [{'area': 'N', 'units': 2, 'mean': 30.0, 'weighted_mean': 35.0},
     {'area': 'S', 'units': 2, 'mean': 10.0, 'weighted_mean': 10.0}]
    >>> found.dispersion[["weights", "theil_t", "theil_t_between", "theil_t_within"]].round(4).to_dict("records")
    [{'weights': 'equal', 'theil_t': 0.1733, 'theil_t_between': 0.1308, 'theil_t_within': 0.0425},
     {'weights': 'gdp', 'theil_t': 0.1455, 'theil_t_between': 0.1153, 'theil_t_within': 0.0302}]
    """
    if not isinstance(result, Result):
        raise ScoreError(f"regions are made of a Result; this is a {type(result).__name__}")
    found, notes = gather(result, asked(result, by, weights, node, tiers, top))
    means = group_means(found)
    name = "mean" if weights is None else "weighted_mean"
    spread = _or_refused(lambda: spread_of(found, means.index))
    course = _or_refused(lambda: convergence_of(found, means[name]))
    measured = spread.notes if isinstance(spread, Spread) else _refused(spread, "inequality", found)
    closing = () if isinstance(course, Convergence) else _refused(course, "convergence", found)
    return Regions(
        notes=(*notes, *_unweighted(means, found.groups), *measured, *closing),
        _found=found,
        _means=means,
        _order=means.index,
        _spread=spread,
        _convergence=course,
    )


def _or_refused(make: Callable[[], Made]) -> Made | CityIndexError:
    """What is made; or why it cannot be, for whoever asks for it."""
    try:
        return make()
    except CityIndexError as error:
        return error


def _refused(error: CityIndexError, what: str, found: Gathered) -> Iterator[Note]:
    """A note on scores that a measure cannot take; that there are no two periods needs none."""
    if isinstance(error, ScoreError):
        units = tuple(problem.place.removeprefix("unit ") for problem in error.problems[:LISTED])
        yield Note("domain", f"no {what}: {error.summary}", node=found.asked.node, units=units)


def _unweighted(means: pd.DataFrame, groups: Sequence[tuple[str, ...]]) -> list[Note]:
    """A note on groups that have scores and no weight."""
    if "weighted_mean" not in means:
        return []
    gone = means.index[means["weighted_mean"].isna() & (means["units"] > 0)].get_level_values(KEYS[1])
    names: list[Any] = list(dict.fromkeys("/".join(groups[group]) for group in gone))
    if not names:
        return []
    return [
        Note(
            "missing", f"{many(len(names), 'group')} with no weight above 0: no weighted mean ({', '.join(names[:10])})"
        )
    ]
