"""A workbook that is being written: safe cells, formats, widths."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cityindex._files import replacing
from cityindex._values import width_of
from cityindex.errors import DependencyError, TableError
from cityindex.views.workbook.words import Words

__all__ = ["Book", "checked", "decimals", "letter", "plain", "writing_book"]

LONGEST = 32_000  # characters in a cell (Excel allows 32,767)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ROWS, COLUMNS = 1_048_576, 16_384
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD = {"bold": True, "bg_color": "#DCE6F1", "border": 1, "border_color": "#B8CCE4", "valign": "top", "text_wrap": True}
INPUT = {"bg_color": "#FFF2CC", "border": 1, "border_color": "#D6B656"}
FAINT = {"font_color": "#7F7F7F", "italic": True}
WIDEST = 40  # characters of a column


def letter(column: int) -> str:
    """The name of a column, counted from 0.

    >>> letter(0), letter(26), letter(16383)
    ('A', 'AA', 'XFD')
    """
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def plain(text: str) -> str:
    r"""A text as a cell can hold it: what XML forbids is a blank; one that is too long is cut, and says so.

    >>> plain("a\x0bb")
    'a b'
    """
    text = FORBIDDEN.sub(" ", text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,})"


def checked(path: str | Path) -> Path:
    """The path, where a workbook can be written to it; else what is wrong with it.

    Raises
    ------
    TableError
        Not an .xlsx, a folder, or in a folder that is not there.
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise TableError(f"cannot write {str(target)!r}: a workbook is written as .xlsx")
    if target.is_dir():
        raise TableError(f"cannot write {target}: it is a folder; name a file in it")
    if not target.parent.is_dir():
        raise TableError(f"cannot write {target}: there is no folder {target.parent}")
    return target


@contextlib.contextmanager
def writing_book(path: str | Path, words: Words, *, units: int = 0, columns: int = 0) -> Iterator[Book]:
    """A book that takes the place of `path` once it is written whole."""
    target = checked(path)
    if units + 10 > ROWS or columns + 10 > COLUMNS:
        raise TableError(
            f"cannot write {target}: a sheet holds {ROWS:,} rows and {COLUMNS:,} columns, and "
            f"{units:,} and {columns:,} are needed; write .csv or .parquet instead"
        )
    try:
        import xlsxwriter
    except ImportError:
        raise DependencyError("writing .xlsx needs an optional package: pip install 'cityindex[excel]'") from None
    try:
        with replacing(target) as temporary:
            workbook = xlsxwriter.Workbook(str(temporary), OPTIONS)
            yield Book(workbook, words)
            workbook.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise TableError(f"cannot write {target}: {getattr(error, 'strerror', None) or error}") from None


@cache
def _plain_sheet() -> Any:
    """A sheet that takes formulas as they are.

    xlsxwriter looks in each for the thirty functions that Excel keeps under other names; none of ours is among them,
    and with some hundred thousand formulas the search takes most of the time.
    """
    from xlsxwriter.worksheet import Worksheet

    class Plain(Worksheet):  # type: ignore[misc]  # no complete type information
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return Plain


class Book:
    """Sheets by key, formats made once, and cells that cannot run.

    Every text goes in as a text, whatever it begins with; `formula` is the one way to a formula.
    """

    def __init__(self, workbook: Any, words: Words) -> None:
        self.workbook, self.words = workbook, words
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def add(self, key: str, colour: str = "") -> Any:
        """A new sheet, named by the word for `key`."""
        sheet = self.workbook.add_worksheet(self.words[key], worksheet_class=_plain_sheet())
        sheet.hide_gridlines(2)
        if colour:
            sheet.set_tab_color(colour)
        return sheet

    def of(self, key: str) -> str:
        """How a formula names a sheet."""
        return f"'{self.words[key]}'!"

    def style(self, **properties: Any) -> Any:
        """A cell format, made once."""
        known = tuple(sorted(properties.items()))
        if known not in self._formats:
            self._formats[known] = self.workbook.add_format(properties)
        return self._formats[known]

    def text(self, sheet: Any, row: int, column: int, value: object, style: Any = None) -> None:
        """A text as a cell can hold it."""
        shown = "" if value is None else plain(str(value))
        if shown:
            sheet.write_string(row, column, shown, style)
        elif style is not None:
            sheet.write_blank(row, column, None, style)

    def formula(self, sheet: Any, row: int, column: int, formula: str, value: float | str, style: Any = None) -> None:
        """A formula, with the value that is shown until it is worked out."""
        sheet.write_formula(row, column, formula, style, plain(value) if isinstance(value, str) else value)

    def number(self, sheet: Any, row: int, column: int, value: float, style: Any = None) -> None:
        """A number; nothing where it is `nan`."""
        if math.isfinite(value):
            sheet.write_number(row, column, value, style)
        elif style is not None:
            sheet.write_blank(row, column, None, style)

    def head(self, sheet: Any, row: int, names: Iterable[str], comments: Sequence[str] = ()) -> None:
        """A header row, with comments on its cells."""
        for column, name in enumerate(names):
            self.text(sheet, row, column, name, self.style(**HEAD))
            if column < len(comments) and comments[column]:
                self.comment(sheet, row, column, comments[column])

    def comment(self, sheet: Any, row: int, column: int, text: str) -> None:
        """A comment, of a size that shows it."""
        lines = sum(1 + width_of(line) // 40 for line in text.split("\n"))
        sheet.write_comment(row, column, plain(text), {"width": 260, "height": 24 + 17 * lines, "font_size": 9})

    def wrapped(self, sheet: Any, row: int, cells: Iterable[object], widths: Sequence[int]) -> None:
        """Texts side by side in columns of known widths, in a row that is high enough for all of them."""
        style, most = self.style(text_wrap=True, valign="top"), 1
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            self.text(sheet, row, column, cell, style)
            lines = str(cell or "")[:LONGEST].split("\n")
            most = max(most, sum(1 + width_of(line) // max(1, width - 1) for line in lines))
        sheet.set_row(row, min(400, 15 * most))

    def widen(self, sheet: Any, column: int, texts: Iterable[object], least: int = 8, most: int = WIDEST) -> None:
        """Set the width of a column by its texts."""
        widest = max((width_of(str(text)) for text in texts if text is not None), default=0)
        sheet.set_column(column, column, min(most, max(least, widest + 2)))


def decimals(largest: float) -> str:
    """A number format by the size of the largest number of a column."""
    return "0.00" if largest >= 10 else "0.000" if largest >= 1 else "0.0000"
