"""Codes, provinces and regions as columns of a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from cityindex.errors import NotFoundError, Problem, TableError, nearest
from cityindex.places.gazetteer import Gazetteer
from cityindex.places.record import FRAME, ResolvedPlaces
from cityindex.places.resolve import resolve_places
from cityindex.table import Note, Table
from cityindex.table.cells import objects

__all__ = ["with_places"]

ADDED = ("code", "province", "prefecture", "region")


def with_places(
    table: Table,
    column: str,
    *,
    province: str | None = None,
    prefecture: str | None = None,
    within: str | None = None,
    level: str | Sequence[str] | None = None,
    gazetteer: Gazetteer | None = None,
    add: Sequence[str] = ADDED,
    prefix: str = "",
    strict: bool = True,
) -> Table:
    """Add the code, province, prefecture and region of each row's place, so that an index can use them.

    Parameters
    ----------
    table
        n rows, as `read_table` gives them.
    column
        The column that names the places, or holds their codes.
    province, prefecture, within
        Columns of the table that say where each place lies.
    level, gazetteer
        As in `resolve_places`.
    add
        What to add: columns of ``ResolvedPlaces.to_frame()``.
    prefix
        What the names of the new columns begin with. One that the table has already is kept, and a note says so.
    strict
        False: a row whose name is refused gets empty cells and a note, instead of an error.

    Returns
    -------
    Table
        The same rows, with notes on former names, several rows of one place, and names that are refused.

    Raises
    ------
    NotFoundError
        There is no such column.
    TableError
        Names are refused: each with the reason and its candidates.

    Examples
    --------
    >>> import cityindex as ci
    >>> table = ci.read_table({"city": ["昆山", "海门市"], "gdp": [5006, 1600]}, key="city")
    >>> joined = ci.with_places(table, "city")
    >>> joined.text("code").tolist(), joined.text("region").tolist()
    (['320583', '320614'], ['东部', '东部'])
    >>> print(joined.notes[-1])
    column city: 1 former name (first: 海门市 until 2020, now 海门区)
    """
    unknown = [Problem(f"add: there is no column {name!r}.{nearest(name, FRAME)}") for name in add if name not in FRAME]
    if unknown:
        raise NotFoundError(unknown)
    where: dict[str, Any] = {
        word: table.text(name)
        for word, name in (("province", province), ("prefecture", prefecture), ("within", within))
        if name is not None
    }
    found = resolve_places(table.text(column), level=level, gazetteer=gazetteer, **where)
    if strict and found.unresolved:
        problems = found.problems(lambda row: table.place(row, column))
        many = f"{len(found.unresolved):,} of {len(found):,} names in {table.source}"
        raise TableError(problems, summary=f"{many} have no place (strict=False leaves their cells empty):")
    frame = found.to_frame()
    kept = [f"{prefix}{name}" for name in add if f"{prefix}{name}" in table.columns]
    columns = {f"{prefix}{name}": objects(frame[name].tolist()) for name in add if f"{prefix}{name}" not in kept}
    return table.with_columns(columns, _notes(table, column, found, kept))


def _notes(table: Table, column: str, found: ResolvedPlaces, kept: Sequence[str]) -> list[Note]:
    notes = []
    if kept:
        message = f"columns kept as they were: {', '.join(kept)}; prefix='place_' adds those of the places beside them"
        notes.append(Note("places", message))
    former = [match for match in dict.fromkeys(found) if match.status == "former"]
    if former:
        many = "1 former name" if len(former) == 1 else f"{len(former):,} former names"
        units = tuple(match.written for match in former)
        notes.append(Note("places", f"column {column}: {many} (first: {former[0].note})", None, column, units))
    areas = [match for match in dict.fromkeys(found) if match.place is not None and match.then is None and match.note]
    if areas:
        many = "the area of 1 unit" if len(areas) == 1 else f"the areas of {len(areas):,} units"
        message = f"column {column}: {many} changed while the name stayed (first: {areas[0].written}: {areas[0].note})"
        notes.append(Note("places", message, None, column, tuple(match.written for match in areas)))
    for code, rows in _together(table, found).items():
        names = [found[row].written for row in rows]
        message = f"column {column}: {len(rows)} rows are {found.told(found.gazetteer[code])}: {', '.join(names)}"
        notes.append(Note("places", message, None, column, tuple(names)))
    problems = found.problems(lambda row: table.place(row, column))
    return notes + [Note("places", f"{problem}; its new cells are empty", None, column) for problem in problems]


def _together(table: Table, found: ResolvedPlaces) -> dict[str, list[int]]:
    """Rows of one place, and one period where the table has periods: code → rows."""
    periods = table.labels(table.period).tolist() if table.period is not None else [""] * len(found)
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, (code, period) in enumerate(zip(found.codes, periods, strict=True)):
        if code is not None:
            rows[code, period].append(row)
    return {code: places for (code, _), places in rows.items() if len(places) > 1}
