"""An empty table for a spec, to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cityindex._values import width_of
from cityindex.catalog import load_index
from cityindex.errors import NotFoundError, TableError
from cityindex.spec.model import Spec
from cityindex.views._language import Language
from cityindex.views.workbook.book import HEAD, Book, writing_book
from cityindex.views.workbook.columns import Column, needed_columns
from cityindex.views.workbook.common import page
from cityindex.views.workbook.words import Words

__all__ = ["write_template"]

CHECKED_ROWS = 10_000  # rows under the header in which only numbers are taken
OTHER = {**HEAD, "bg_color": "#E2EFDA"}  # the columns that are no numbers


def write_template(spec: Spec, path: str | Path, *, language: Language = "en") -> Path:
    r"""Write an empty .xlsx with the columns that a spec reads: fill it in, and it scores.

    The first sheet has the names of the columns, each with a comment (title, unit of measurement, direction, what it is
    divided by), and takes numbers only where numbers are wanted. The second says how to fill it in and describes every
    column. A group whose weights or parts are not published has a column for its own score.

    Parameters
    ----------
    spec
        What `load_spec` or `load_index` gave.
    path
        The file to write; it is written whole or not at all.
    language
        ``en`` or ``zh``: titles, comments and the guide.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TableError
        The file cannot be written there, or there is no spec.
    NotFoundError
        No such language.
    DependencyError
        xlsxwriter is not installed.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> import cityindex as ci
    >>> spec = ci.load_spec("cityindex: 1\nid: two\nunit: {key: city}\nindex: {id: score, children: [gdp, jobs]}")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pd.read_excel(write_template(spec, f"{folder}/data.xlsx"), engine="calamine").columns.tolist()
    ['city', 'gdp', 'jobs']
    """
    if not isinstance(spec, Spec):
        raise TableError(f"a template is made of a Spec (what load_spec() gives), not of a {type(spec).__name__}")
    words = Words(language)
    columns = needed_columns(spec, words)
    with writing_book(path, words, columns=len(columns)) as book:
        data, guide = book.add("data", "#009E73"), book.add("guide")
        _write_data(book, data, columns)
        _write_guide(book, guide, spec, columns)
        data.activate()
    return Path(path)


def _write_data(book: Book, sheet: Any, columns: list[Column]) -> None:
    words = book.words
    check = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": -1e300,
        "maximum": 1e300,
        "error_title": words["number_title"],
        "error_message": words["number_wanted"],
    }
    for place, column in enumerate(columns):
        book.text(sheet, 0, place, column.name, book.style(**(HEAD if column.numbers else OTHER)))
        book.comment(sheet, 0, place, _about(column, words))
        style = book.style() if column.numbers else book.style(num_format="@")  # a code keeps its zeros
        sheet.set_column(place, place, min(40, max(12, width_of(column.name) + 3)), style)
        if column.numbers:
            sheet.data_validation(1, place, CHECKED_ROWS, place, check)
    sheet.freeze_panes(1, 1)
    page(sheet, 0)


def _about(column: Column, words: Words) -> str:
    """What the comment says: title, what it is, unit, direction, notes."""
    said = [column.title, ", ".join(column.roles)]
    said += [f"{words['measured_in']}: {column.measured_in}"] if column.measured_in else []
    said += [column.direction, *column.notes]
    return "\n".join(line for line in said if line)


def _named(spec: Spec) -> str:
    """How a command names a spec: by its id where it ships as it is, else by a file."""
    try:
        return spec.id if load_index(spec.id) == spec else "SPEC.yaml"
    except NotFoundError:
        return "SPEC.yaml"


def _write_guide(book: Book, sheet: Any, spec: Spec, columns: list[Column]) -> None:
    words = book.words
    title = spec.id if spec.title is None else spec.title.shown(words.language)
    book.text(sheet, 0, 0, words("guide_title", title), book.style(bold=True, font_size=14))
    for row, key in enumerate(("guide_1", "guide_2", "guide_3"), start=1):
        book.text(sheet, row, 0, f"{row}. {words[key]}")
    book.text(sheet, 4, 0, f"4. {words('guide_4', _named(spec))}")
    keys = ("column", "title", "role", "measured_in", "direction", "used_by", "note")
    book.head(sheet, 6, [words[key] for key in keys])
    widths = (28, 40, 24, 16, 16, 28, 60)
    for row, column in enumerate(columns, start=7):
        used = "; ".join(dict.fromkeys(column.used_by))
        cells = (
            column.name,
            column.title,
            ", ".join(column.roles),
            column.measured_in,
            column.direction,
            used,
            "\n".join(column.notes),
        )
        book.wrapped(sheet, row, cells, widths)
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(7, 1)
    page(sheet, 6, 6)
