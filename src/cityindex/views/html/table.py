"""The card of a table: its first rows, with what is missing, what was read otherwise and what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._values import width_of
from cityindex.views.html.render import number, render

if TYPE_CHECKING:
    from cityindex.table import Numbers, Table
    from cityindex.views.html.words import Words

__all__ = ["card"]

ROWS = 8
COLUMNS = 12
KEPT = 24  # columns that a text takes and is not broken
LOOKED = 2000  # rows that are looked at


def card(table: Table, words: Words) -> str:
    """The card of a table."""
    names = table.columns[:COLUMNS]
    seen = table.take(slice(LOOKED)) if len(table) > LOOKED else table
    read = {name: _read(seen, name) for name in table.columns[: 4 * COLUMNS]}
    columns = [_cells(seen, name, read[name], words) for name in names]
    return render(
        "table",
        words,
        table=table,
        names=names,
        numeric=[read[name] is not None for name in names],
        rows=list(zip(*columns, strict=True)),
        lines=seen.lines[:ROWS].tolist(),
        left=(len(table) - ROWS, len(table.columns) - len(names)),
        looked=LOOKED if len(table) > LOOKED else 0,
        problems=[problem for numbers in read.values() if numbers for problem in numbers.problems],
        notes=[*table.notes, *(note for numbers in read.values() if numbers for note in numbers.notes)],
    )


def _read(table: Table, name: str) -> Numbers | None:
    """A column as numbers; None where it holds words: less than half of what is there are numbers."""
    numbers = table.numbers(name)
    there = int((table.text(name) != "").sum())
    return numbers if 2 * int((~np.isnan(numbers.values)).sum()) >= there else None


def _cells(table: Table, name: str, numbers: Numbers | None, words: Words) -> list[tuple[str, str, str]]:
    """The first cells of a column: what stands there, its class, and how it was read."""
    texts = [str(text) for text in table.text(name)[:ROWS]]
    if numbers is None:
        return [_word(text, words) for text in texts]
    refused = {problem.place for problem in numbers.problems}
    return [
        _cell(text, float(value), table.place(row, name) in refused, words)
        for row, (text, value) in enumerate(zip(texts, numbers.values, strict=False))
    ]


def _word(text: str, words: Words) -> tuple[str, str, str]:
    """A cell of a column of words; a short one stays on its line."""
    return (text, "ci-k" if width_of(text) <= KEPT else "", "") if text else ("", "ci-gone", words["missing"])


def _cell(text: str, value: float, refused: bool, words: Words) -> tuple[str, str, str]:
    if refused:
        return text, "ci-n ci-bad", words["no_number"]
    if value != value:
        return text, "ci-n ci-gone", words["as_missing"] if text else words["missing"]
    if _plain(text, value):
        return number(value, 10) if len(text) > 14 else text, "ci-n", ""
    return text, "ci-n ci-odd", words("read_as", number(value, 12))


def _plain(text: Any, value: float) -> bool:
    """Whether a cell stands as anyone would read it."""
    try:
        return text.isascii() and "_" not in text and float(text) == value
    except ValueError:
        return False
