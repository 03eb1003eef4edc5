"""One period of a result, as a result of its own."""

from __future__ import annotations

from typing import Any

from cityindex.errors import NotFoundError, ScoreError
from cityindex.pipeline import score
from cityindex.result import Result

__all__ = ["at_period"]


def at_period(result: Result, period: Any) -> Result:
    """The rows of one period (or of several, in a list) as a result: the same scores, ranks and tiers.

    The rows are scored again by the calibration of the whole, so that nothing depends on who is left out.

    Raises
    ------
    NotFoundError
        The result has no periods, or not that one; the nearest is named.
    ScoreError
        What is no result; an empty list.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "p", "unit": {"key": "city", "period": "year"},
    ...         "index": {"id": "score", "children": [{"id": "a", "steps": ["minmax"]}]}}
    >>> data = {"city": ["x", "y", "x", "y"], "year": [2023, 2023, 2024, 2024], "a": [0.0, 1.0, 2.0, 4.0]}
    >>> ci.at_period(ci.score(spec, data), 2024).to_frame()
      city  year  score  rank
    0    x  2024    0.5     2
    1    y  2024    1.0     1
    """
    if not isinstance(result, Result):
        raise ScoreError(f"a result is wanted, found {type(result).__name__}; of a table take rows by where()")
    if result.periods is None:
        raise NotFoundError(f"{result.spec.id} names no column of periods")
    if isinstance(period, list | tuple) and not period:
        raise ScoreError("no period is named; a label is wanted, or several in a list")
    table = result.table.where({result.names["period"]: period})
    return score(result.spec, table, calibration=result.calibration, given=result.given)
