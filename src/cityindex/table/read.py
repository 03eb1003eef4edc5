"""Files and frames → `Table`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cityindex._values import Frozen
from cityindex.errors import Problem, TableError, nearest
from cityindex.table.delimited import read_delimited
from cityindex.table.frames import from_frame, outline_of, read_parquet
from cityindex.table.grid import Grid, frame_of
from cityindex.table.numbers import Marks
from cityindex.table.record import Note, Table
from cityindex.table.workbook import read_workbook

__all__ = ["outline", "read_table"]

DELIMITED = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
KINDS = (*DELIMITED, *WORKBOOKS, ".parquet")

Aliases = Mapping[str, str | Sequence[str]]


def read_table(
    source: object,
    *,
    key: str | None = None,
    sheet: str | None = None,
    encoding: str | None = None,
    missing: object = (),
    aliases: Aliases | None = None,
    header: int = 1,
) -> Table:
    """Read units × columns from a file or a frame; whatever is wrong with it is told at once.

    Cells of a text file stay text (a code such as ``06001400100`` keeps its zero); a column is read as numbers when
    it is asked for, as a person reads them, and what was read otherwise than plain is noted.

    Parameters
    ----------
    source
        A path (.csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods, .parquet), a frame (pandas, polars, pyarrow) or a
        mapping of columns. The index of a pandas frame becomes a column if it is named or no running number.
    key
        The column that names the units; None: what the spec says.
    sheet
        The sheet of a workbook; None: the first that is not hidden.
    encoding
        How a text file is encoded; None: UTF-8. A wrong one is told, with one that would do.
    missing
        What stands for missing besides the usual marks (empty, —, N/A, 无, …): ``[-999, "x"]``. Compared as numbers
        where both are.
    aliases
        Name in the spec → column, or columns, of the table that may stand for it: ``{"gdp": "GDP (bn)"}``.
    header
        The row of a file that holds the names, from 1.

    Returns
    -------
    Table
        n rows, in the order of the source.

    Raises
    ------
    TableError
        The file is not there or not of a known kind, its encoding or shape is wrong (rows of other lengths, names
        twice or missing, a second header row), or the key is not in it.
    DependencyError
        The optional package for that kind of file is not installed.

    Notes
    -----
    A cell that shows ``12.5%`` is read as 12.5, in a workbook as in a text file, though the workbook stores 0.125;
    that it is shown so is known from .xlsx and .xlsm only.

    Examples
    --------
    >>> import pandas as pd
    >>> table = read_table(pd.DataFrame({"code": ["01", "02"], "gdp": [1.5, 2.5]}), key="code")
    >>> table.text("code").tolist(), table.numbers("gdp").values.tolist()
    (['01', '02'], [1.5, 2.5])
    """
    path = Path(os.fspath(source)) if isinstance(source, str | os.PathLike) else None
    _check_options(path, sheet=sheet, encoding=encoding, header=header)
    marks = _marks(missing)
    no_notes: tuple[Note, ...] = ()
    if path is None:
        frame, name = from_frame(source)
        lines, notes = np.arange(1, len(frame) + 1), no_notes
    else:
        frame, lines, notes, name = _read_file(path, sheet=sheet, encoding=encoding, header=header, marks=marks)
    table = Table(frame, name, lines, notes=notes, aliases=_aliases(aliases), _marks=marks)
    return table if key is None else table.keyed(_key(table, key))


def outline(
    frame: pd.DataFrame, source: str, *, key: str | None = None, missing: object = (), aliases: Aliases | None = None
) -> Table:
    """A table of columns without rows, for matching by names alone; see `read_table` for the options."""
    table = Table(outline_of(frame, source), source, np.arange(0), aliases=_aliases(aliases), _marks=_marks(missing))
    return table if key is None else table.keyed(_key(table, key))


def _marks(missing: object) -> Marks:
    return Marks.of([missing] if isinstance(missing, str) or not isinstance(missing, Iterable) else missing)


def _check_options(path: Path | None, *, sheet: object, encoding: object, header: object) -> None:
    kind = "" if path is None else path.suffix.casefold()
    problems = []
    if isinstance(header, bool) or not isinstance(header, int) or header < 1:
        problems.append(Problem(f"header={header!r}: the row of the names is wanted, counted from 1"))
    elif header != 1 and kind not in DELIMITED + WORKBOOKS:
        problems.append(Problem(f"header={header}: only text files and workbooks have a header row"))
    if sheet is not None and not isinstance(sheet, str):
        problems.append(Problem(f"sheet={sheet!r}: the name of a sheet is wanted"))
    elif sheet is not None and kind not in WORKBOOKS:
        problems.append(Problem(f"sheet={sheet!r}: only workbooks have sheets ({', '.join(WORKBOOKS)})"))
    if encoding is not None and not isinstance(encoding, str):
        problems.append(Problem(f"encoding={encoding!r}: the name of an encoding is wanted"))
    elif encoding is not None and kind not in DELIMITED:
        problems.append(Problem(f"encoding={encoding!r}: only text files have one ({', '.join(DELIMITED)})"))
    if problems:
        raise TableError(problems)


def _read_file(
    path: Path, *, sheet: str | None, encoding: str | None, header: int, marks: Marks
) -> tuple[pd.DataFrame, Any, tuple[Note, ...], str]:
    _check_path(path)
    kind = path.suffix.casefold()
    grid: Grid
    try:
        if kind == ".parquet":
            frame = read_parquet(path)
            return frame, np.arange(1, len(frame) + 1), (), path.name
        if kind in WORKBOOKS:
            grid, notes = read_workbook(path, sheet=sheet)
        else:
            grid, notes = read_delimited(path.read_bytes(), path.name, encoding=encoding, header=header)
    except OSError as error:
        raise TableError(f"{path.name} cannot be read: {error.strerror or error}") from None
    try:
        frame, lines, more = frame_of(grid, header, marks)
    except TableError as error:
        if kind not in WORKBOOKS or not notes:
            raise
        other = [Problem(f"{note.message}; sheet= chooses another") for note in notes]
        raise TableError([*error.problems, *other], summary=error.summary) from None
    return frame, lines, notes + more, grid.source


def _check_path(path: Path) -> None:
    if "\n" in str(path):
        raise TableError("the path of a file is wanted, not its text; a text can be read by pandas.read_csv")
    kind = path.suffix.casefold()
    if path.is_dir():
        raise TableError(f"{path} is a folder; the path of a file is wanted")
    if not path.exists():
        raise TableError(f"no file {path}.{_neighbours(path)}")
    if kind not in KINDS:
        raise TableError(f"{path.name}: files of kind {kind or 'without an ending'!r} are not read.{_kinds(kind)}")


def _kinds(kind: str) -> str:
    return nearest(kind, KINDS) if kind else f" Known: {', '.join(KINDS)}."


def _neighbours(path: Path) -> str:
    """The nearest name in the folder."""
    folder = path.parent
    if not folder.is_dir():
        return f" There is no folder {folder} either."
    files = sorted(each.name for each in folder.iterdir() if each.suffix.casefold() in KINDS)
    return nearest(path.name, files)


def _aliases(aliases: Aliases | None) -> Mapping[str, tuple[str, ...]]:
    if aliases is None:
        return Frozen()
    if not isinstance(aliases, Mapping):
        raise TableError(f"aliases={aliases!r}: a mapping is wanted, name in the spec → column of the table")
    wrong = {name: to for name, to in aliases.items() if not isinstance(to, str | Sequence | Set)}
    if wrong:
        raise TableError(f"aliases={wrong!r}: a column of the table is wanted, or several, for each name")
    return Frozen({str(name): (to,) if isinstance(to, str) else tuple(map(str, to)) for name, to in aliases.items()})


def _key(table: Table, key: str) -> str:
    if not isinstance(key, str):
        raise TableError(f"key={key!r}: the name of a column is wanted")
    fit = table.names.find([key, *table.aliases.get(key, ())])
    if len(fit.columns) != 1:
        raise TableError(f"{table.source} has no key column {key!r}.{nearest(key, table.columns)}")
    return fit.columns[0]
