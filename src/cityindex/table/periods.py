"""Periods as people write them, as places in time: 2019, 2019Q1, 2019年3月, 2019/20."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np

from cityindex._values import in_order
from cityindex.errors import Problem, TableError
from cityindex.table.cells import FloatArray

__all__ = ["in_time", "times_of"]

NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
YEAR = r"(\d{4})"
MONTH, DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])"
FORMS = {
    "dates": [
        rf"{YEAR}([-/.])(\d{{1,2}})\2(\d{{1,2}})(?:[ T][0:.]+)?",
        rf"{YEAR}年(\d{{1,2}})月(\d{{1,2}})日",
        rf"{YEAR}{MONTH}{DAY}",
    ],
    "months": [rf"{YEAR}[-/M](\d{{1,2}})", rf"{YEAR}年(\d{{1,2}})月份?", rf"{YEAR}{MONTH}"],
    "quarters": [
        rf"{YEAR}[- 年]?Q([1-4])",
        rf"{YEAR}年?第?([1-4一二三四])季度?",
        r"(?P<part>Q\d)[- /]?(?P<year>\d{4})",
    ],
    "halves": [rf"{YEAR}[- ]?H([12])", rf"{YEAR}年?([上下])半年"],
    "spans": [rf"{YEAR} ?[-/–—~至] ?(\d{{2}}|\d{{4}})(?:年度?|学年)?"],
    "numbers": [r"([-+]?\d+(?:\.\d+)?)(?:年度?|财年)?", r"FY ?(\d{4})"],
}
PARTS = {"months": 12, "quarters": 4, "halves": 2}
EXAMPLES = "2019, 2019年, 2019Q1, 2019年第一季度, 2019H1, 2019-03, 2019年3月, 2019-12-31, 2019/20, 2019/2020"


def times_of(labels: Sequence[str]) -> FloatArray:
    """The place in time of each period, in years; periods that are plain numbers are taken as they are.

    A quarter, a half or a month stands at its first day, a span of years (2019/20) at its first year: what counts is
    how far apart they are.

    Parameters
    ----------
    labels
        Periods as text, all written in one way.

    Raises
    ------
    TableError
        A text that is no period, periods of several kinds in one column, and ``2010-11``, ``2011-12`` where they may
        be months as well as spans.

    Examples
    --------
    >>> times_of(["2019Q1", "2019Q2", "2020Q1"])
    array([2019.  , 2019.25, 2020.  ])
    >>> times_of(["2018/19", "2019/2020"])
    array([2018., 2019.])
    """
    names = list(dict.fromkeys(labels))
    readings = {name: dict(_readings(name)) for name in names}
    unread = [name for name in names if not readings[name]]
    if unread:
        told = [Problem(f"{name!r} is no period that has a place in time") for name in unread[:20]]
        raise TableError(told, summary=f"periods are written as in {EXAMPLES}:")
    kinds = set(FORMS).intersection(*readings.values()) if names else {"numbers"}
    if len(kinds) > 1 and "numbers" in kinds:  # 201903 and 20190331 are numbers unless all are of that kind
        kinds -= {"numbers"}
    if not kinds:
        found = ", ".join(f"{name} ({' or '.join(readings[name])})" for name in _of_each_kind(readings))
        raise TableError(f"periods of several kinds in one column: {found}; write all in one way")
    if len(kinds) > 1:
        raise TableError(f"{', '.join(names[:3])}: months or spans of two years? Write 2010年11月 or 2010/2011")
    kind = kinds.pop()
    return np.array([readings[name][kind] for name in labels], np.float64)


def _readings(label: str) -> Iterator[tuple[str, float]]:
    """The kinds of period that a text may be, with its place in time."""
    text = unicodedata.normalize("NFKC", label).strip().upper()
    for kind, forms in FORMS.items():
        for form in forms:
            found = re.fullmatch(form, text)
            if found is not None:
                time = _time(kind, found)
                if time is not None:
                    yield kind, time


def _time(kind: str, found: re.Match[str]) -> float | None:
    if kind == "numbers":
        return float(found[1])
    named = found.groupdict()
    year = int(named.get("year") or found[1])
    if kind == "dates":
        month, day = int(found[found.re.groups - 1]), int(found[found.re.groups])
        if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
            return None
        return year + (month - 1 + (day - 1) / calendar.monthrange(year, month)[1]) / 12
    if kind == "spans":
        last = int(found[2]) if len(found[2]) == 4 else year - year % 100 + int(found[2])
        last += 100 if len(found[2]) == 2 and last < year else 0
        return float(year) if last == year + 1 else None
    part = (named.get("part") or found[2]).lstrip("Q")
    number = NUMERALS[part] if part in NUMERALS else int(part)
    return year + (number - 1) / PARTS[kind] if 1 <= number <= PARTS[kind] else None


def _of_each_kind(readings: dict[str, dict[str, float]]) -> list[str]:
    """One period of each set of kinds, in the order of the table."""
    first: dict[tuple[str, ...], str] = {}
    for name, kinds in readings.items():
        first.setdefault(tuple(kinds), name)
    return list(first.values())[:5]


def in_time(labels: Sequence[str]) -> list[str]:
    """The distinct periods in the order of time; where they have no place in time, numbers first, then by their text.

    >>> in_time(["2020", "2019", "2020"]), in_time(["Q2 2019", "Q1 2020", "Q1 2019"]), in_time(["wave b", "wave a"])
    (['2019', '2020'], ['Q1 2019', 'Q2 2019', 'Q1 2020'], ['wave a', 'wave b'])
    """
    names = list(dict.fromkeys(labels))
    try:
        times = times_of(names).tolist()
    except TableError:
        return in_order(names)
    return [name for _, name in sorted(zip(times, names, strict=True))]
