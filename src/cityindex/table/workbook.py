"""Workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods) → rows of cells, every cell of the sheet."""

from __future__ import annotations

import importlib
import warnings
from pathlib import Path
from typing import Any

from cityindex.errors import CityIndexError, DependencyError, TableError, nearest
from cityindex.table.grid import Grid, listed
from cityindex.table.record import Note
from cityindex.table.sheetxml import restore

__all__ = ["read_workbook"]

ZIPPED = (".xlsx", ".xlsm")


def read_workbook(path: Path, *, sheet: str | None = None) -> tuple[Grid, tuple[Note, ...]]:
    """The cells of a sheet, from its first row and column on.

    In .xlsx and .xlsm, cells that show per cent come as they show, and so do errors; the other kinds do not say how
    a cell is shown.

    Raises
    ------
    TableError
        Not a workbook, protected by a password, or no such sheet.
    DependencyError
        No package that reads it is installed.
    """
    try:
        names, hidden, rows_of = _open(path)
        chosen, notes = _sheet(path.name, names, hidden, sheet)
        rows: list[list[Any]] = [[None if cell == "" else cell for cell in row] for row in rows_of(chosen)]
    except CityIndexError:
        raise
    except Exception as error:  # each package has its own errors, some of them bare exceptions
        raise TableError(f"{path.name} cannot be read as a workbook: {_reason(error)}") from None
    if path.suffix.casefold() in ZIPPED:
        rows = restore(path, chosen, rows)
    source = path.name if len(names) == 1 else f"{path.name}, sheet {chosen}"
    return Grid(rows, list(range(1, len(rows) + 1)), source), notes


def _open(path: Path) -> tuple[list[str], set[str], Any]:
    """The names of the sheets, those that are hidden, and the function that reads one."""
    try:
        import python_calamine
    except ImportError:
        return _open_slowly(path)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    visible = python_calamine.SheetVisibleEnum.Visible
    sheets = [about for about in book.sheets_metadata if about.typ == python_calamine.SheetTypeEnum.WorkSheet]
    return (
        [about.name for about in sheets],
        {about.name for about in sheets if about.visible != visible},
        lambda name: book.get_sheet_by_name(name).to_python(skip_empty_area=False),
    )


def _open_slowly(path: Path) -> tuple[list[str], set[str], Any]:
    missing = "reading workbooks needs python-calamine: pip install 'cityindex[excel]'"
    if path.suffix.casefold() not in ZIPPED:
        raise DependencyError(missing)
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError:
        raise DependencyError(missing) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of drawings and validations, which hold no data
        book = openpyxl.load_workbook(path, data_only=True)
    sheets = book.worksheets
    return (
        [each.title for each in sheets],
        {each.title for each in sheets if each.sheet_state != "visible"},
        lambda name: [list(row) for row in book[name].iter_rows(min_row=1, min_col=1, values_only=True)],
    )


def _sheet(source: str, names: list[str], hidden: set[str], sheet: str | None) -> tuple[str, tuple[Note, ...]]:
    if sheet is not None:
        if sheet not in names:
            raise TableError(f"{source} has no sheet {sheet!r}.{nearest(sheet, names)}")
        return sheet, ()
    if not names:
        raise TableError(f"{source} has no sheet of cells")
    shown = [name for name in names if name not in hidden] or names
    if len(names) == 1:
        return shown[0], ()
    note = f"{source} has {len(names)} sheets ({listed(names)}): {shown[0]!r} was read"
    return shown[0], (Note("file", note),)


def _reason(error: Exception) -> str:
    name = type(error).__name__
    if "password" in name.casefold() or "password" in str(error).casefold():
        return "it is protected by a password"
    return str(error).splitlines()[0] if str(error) else name
