"""describe(): a spec and its table (or a result) made ready to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from cityindex.describing.gather import Data, Piece
from cityindex.describing.record import Description
from cityindex.errors import TableError
from cityindex.notes import told_once
from cityindex.pipeline import asked_nodes, edition_rows, inputs_of
from cityindex.plan import compile_plan
from cityindex.result import Result
from cityindex.spec import load_spec
from cityindex.spec.model import Spec
from cityindex.table import Note, Table, match, read_table

__all__ = ["describe"]


def describe(spec: Spec | Result | str | Path, table: Any = None, *, given: Iterable[str] = ()) -> Description:
    """Look at an index and its data: coverage, odd columns, correlations, reliability; nothing is computed or changed.

    Of a spec and a table it needs no more than that the columns can be read: gaps that the spec refuses, constant
    columns and weights that nobody has published do not stop it. Of a result, it sees what the index made of the data
    as well.

    Parameters
    ----------
    spec
        A spec, or what `load_spec` takes; or a result, which brings its table along.
    table
        A table, or what `read_table` takes.
    given
        Nodes whose carried values stand in the table (see `score`).

    Returns
    -------
    Description
        ``print(description)`` shows a page, the worst first; its methods give the tables.

    Raises
    ------
    SpecError, TableError
        With every problem of the spec or of the data, by its place.

    Examples
    --------
    >>> import pandas as pd
    >>> from cityindex import describe
    >>> spec = '''
    ... cityindex: 1
    ... id: two
    ... index: {id: score, children: [{id: gdp, steps: [minmax]}, {id: jobs, steps: [minmax]}]}
    ... '''
    >>> cities = pd.DataFrame({"city": ["甲", "乙", "丙"], "gdp": [1.0, None, 2.0], "jobs": [7.0, 7.0, 7.0]})
    >>> describe(spec, cities).columns()[["missing", "distinct", "flags"]]
          missing  distinct                                       flags
    node
    gdp         1         2                              missing in 1 of 3 units
    jobs        0         1                              constant: 7 everywhere
    """
    if isinstance(spec, Result):
        if table is not None or given:
            raise TableError("describe(result) looks at the table of the result: give it nothing else")
        return Description(_of_result(spec))
    opened = spec if isinstance(spec, Spec) else load_spec(spec)
    if table is None:
        raise TableError(f"describe({opened.id!r}) needs a table: describe(spec, table), or describe(result)")
    return Description(_of_table(opened, table if isinstance(table, Table) else read_table(table), asked_nodes(given)))


def _of_result(result: Result) -> Data:
    return Data(
        spec=result.spec,
        table=result.table,
        index=result.index,
        units=result.units,
        pieces=tuple(Piece(part.plan, part.inputs, part.rows) for part in result.parts),
        notes=result.notes,
        result=result,
    )


def _of_table(spec: Spec, table: Table, given: tuple[str, ...]) -> Data:
    pieces: list[Piece] = []
    notes: list[Note] = []
    columns: list[tuple[str, str | None]] = []
    editions = edition_rows(spec, table)
    for _, edition, rows in editions:
        piece = table if len(rows) == len(table) else table.take(rows)
        beside = [other for _, other, _ in editions if other is not edition]
        matched = match(edition, piece, given=given, beside=beside)
        plan = compile_plan(edition, matched.given)
        pieces.append(Piece(plan, inputs_of(plan, matched), rows))
        notes += matched.notes
        columns.append((matched.key_column, matched.period_column))
    key, period = columns[0]
    units = tuple(table.text(key).tolist())
    return Data(
        spec=spec,
        table=table,
        index=_index(table, units, key, period),
        units=units,
        pieces=tuple(pieces),
        notes=told_once(notes, parts=len(pieces)),
    )


def _index(table: Table, units: tuple[str, ...], key: str, period: str | None) -> pd.Index[Any]:
    if period is None:
        return pd.Index(units, name=key, dtype="str")
    return pd.MultiIndex.from_arrays([units, table.text(period).tolist()], names=[key, period])
