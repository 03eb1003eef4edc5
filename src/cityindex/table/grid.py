"""Rows of cells → a frame: which row is the header, what is empty, and everything that is wrong with the shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityindex.errors import Problem, TableError
from cityindex.table.cells import SPACES, cell_text, is_blank
from cityindex.table.numbers import NO_MARKS, Marks, read_cell
from cityindex.table.record import Note

__all__ = ["Grid", "frame_of", "listed"]

Row = Sequence[Any]
SEARCHED = 10  # rows below the stated header in which a better one is looked for
SAMPLED = 50  # rows by which a column of numbers is known


@dataclass(frozen=True, slots=True)
class Grid:
    """What a file holds: rows of cells as they stand, each with its line; `strict` rows are all of one length."""

    rows: Sequence[Row]
    lines: Sequence[int]
    source: str
    strict: bool = False


def frame_of(
    grid: Grid, header: int = 1, marks: Marks = NO_MARKS
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], tuple[Note, ...]]:
    """The columns under the header row, the line of each row, and notes of what was left out.

    Raises
    ------
    TableError
        Nothing there, no header, rows of different lengths, names twice or missing, two header rows: all told.
    """
    names = _header(grid, header)
    lines, rows, notes = _filled(grid, header)
    if not rows:
        raise TableError(f"{grid.source}: no rows under the header (row {header})")
    width = max(len(names), *(_width(row) for row in rows))
    used = [j for j in range(width) if j < len(names) and names[j]]
    problems = list(_ragged(grid, header, names, rows, lines)) if grid.strict else []
    if not problems:
        problems += _unnamed(names, rows, lines, _above(grid, header, width))
    problems += _twice(names)
    sample = [_pick(row, used) for row in rows[: SAMPLED + 1]]
    problems += _second_header([names[j] for j in used], sample, lines, marks)
    if problems:
        raise TableError(problems, summary=f"{grid.source} cannot be read as a table:")
    empty = [j for j in range(max(map(len, grid.rows))) if j not in set(used)]
    if empty:
        notes.append(Note("file", f"{_counted(len(empty), 'empty column')} left out (first: {_letter(empty[0])})"))
    return _frame(names, used, rows), np.array(lines, dtype=np.int64), tuple(notes)


def _header(grid: Grid, header: int) -> list[str]:
    if all(_width(row) == 0 for row in grid.rows):
        raise TableError(f"{grid.source} is empty")
    if header > len(grid.rows):
        raise TableError(f"{grid.source} has {len(grid.rows)} rows: there is no header in row {header}")
    names = [_name(cell) for cell in grid.rows[header - 1]]
    below = range(header, min(header + SEARCHED, len(grid.rows)))
    widest = max([_width(grid.rows[i]) for i in below], default=0)
    if 2 * sum(map(bool, names)) <= widest and widest > 1:
        better = next((i for i in below if _looks_like_header(grid.rows[i], widest)), None)
        if better is not None:
            found = f"only {next(filter(None, names))!r} stands in it" if any(names) else "it is empty"
            cells = listed([_name(cell) for cell in grid.rows[better]], limit=5)
            raise TableError(
                f"{grid.source}: row {header} is not the header ({found}); "
                f"row {better + 1} looks like it ({cells}): say header={better + 1}"
            )
    while names and not names[-1]:
        names.pop()
    return names


def _looks_like_header(row: Row, widest: int) -> bool:
    names = [name for name in map(_name, row) if name]
    return 2 * len(names) > widest and 2 * sum(map(_is_word, names)) > len(names)


def _is_word(text: str) -> bool:
    cell = read_cell(text)
    return bool(cell.refusal) and not text[:1].isdigit()


def _name(cell: object) -> str:
    return " ".join(cell_text(cell).strip(SPACES).split())


def _width(row: Row) -> int:
    """The number of cells up to the last that holds something."""
    return next((j for j in range(len(row), 0, -1) if not is_blank(row[j - 1])), 0)


def _pick(row: Row, columns: Sequence[int]) -> list[Any]:
    return [row[j] if j < len(row) else "" for j in columns]


def _filled(grid: Grid, header: int) -> tuple[list[int], list[Row], list[Note]]:
    """The rows under the header that hold something."""
    below = range(header, len(grid.rows))
    filled = [i for i in below if _width(grid.rows[i])]
    notes = []
    if filled and len(filled) < len(below):
        held = set(filled)
        empty = [grid.lines[i] for i in below if i not in held]
        where = "at the end" if empty[0] > grid.lines[filled[-1]] else f"first: row {empty[0]}"
        notes.append(Note("file", f"{_counted(len(empty), 'empty row')} left out ({where})"))
    return [grid.lines[i] for i in filled], [grid.rows[i] for i in filled], notes


def _ragged(
    grid: Grid, header: int, names: Sequence[str], rows: Sequence[Row], lines: Sequence[int]
) -> Iterator[Problem]:
    fields = len(grid.rows[header - 1])
    for row, line in zip(rows, lines, strict=True):
        if len(row) < len(names):
            yield Problem(f"holds {_counted(len(row), 'cell')}, the header (row {header}) {len(names)}", f"row {line}")
        elif _width(row) > fields:
            yield Problem(
                f"holds {_counted(_width(row), 'cell')}, the header (row {header}) {fields}; "
                "a cell that holds the delimiter must stand in quotes",
                f"row {line}",
            )


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _above(grid: Grid, header: int, width: int) -> list[str]:
    """What stands over each column in the row above the header; nothing where that row is a title of one cell."""
    row = grid.rows[header - 2] if header > 1 else ()
    over = [_name(row[j]) if j < len(row) else "" for j in range(width)]
    return over if sum(map(bool, over)) > 1 else [""] * width


def _unnamed(
    names: Sequence[str], rows: Sequence[Row], lines: Sequence[int], above: Sequence[str]
) -> Iterator[Problem]:
    for j in range(len(above)):
        if j < len(names) and names[j]:
            continue
        texts = [_name(row[j]) if j < len(row) else "" for row in rows]
        held = [(text, line) for text, line in zip(texts, lines, strict=True) if text]
        if held:
            cells = listed([text for text, _ in held], limit=3)
            hint = f"; {above[j]!r} stands above it: write it into the header row" if above[j] else ""
            yield Problem(
                f"no name in the header, but {_counted(len(held), 'cell')} below it "
                f"({cells}; first: row {held[0][1]}){hint}",
                f"column {_letter(j)}",
            )


def _twice(names: Sequence[str]) -> Iterator[Problem]:
    for name, count in Counter(filter(None, names)).items():
        if count > 1:
            places = ", ".join(_letter(j) for j, other in enumerate(names) if other == name)
            yield Problem(f"{count} columns have this name ({places}): each needs its own", f"column {name}")


def _second_header(names: Sequence[str], rows: Sequence[Row], lines: Sequence[int], marks: Marks) -> Iterator[Problem]:
    """The row after the header holds words where the rows below it hold numbers."""
    first, rest = rows[0], rows[1:]
    numeric = [j for j in range(len(names)) if _holds_numbers([row[j] for row in rest], marks)]
    words = [j for j in numeric if _is_word(cell_text(first[j]).strip(SPACES))]
    if len(words) > 1 and 2 * len(words) > len(numeric):
        cells = ", ".join(f"{_name(first[j])!r} under {names[j]!r}" for j in words[:5])
        yield Problem(
            f"looks like a second header row ({cells}{', …' if len(words) > 5 else ''}): "
            f"if the names stand in it say header={lines[0]}, else delete it from the file",
            f"row {lines[0]}",
        )


def _holds_numbers(cells: Sequence[object], marks: Marks) -> bool:
    read = [read_cell(cell_text(cell), marks) for cell in cells]
    there = [cell for cell in read if not cell.missing]
    return len(there) > 1 and sum(not cell.refusal for cell in there) >= 0.8 * len(there)


def _frame(names: Sequence[str], used: Sequence[int], rows: Sequence[Row]) -> pd.DataFrame:
    cells = np.empty((len(rows), len(used)), dtype=object)
    whole = list(used) == list(range(len(used)))
    for i, row in enumerate(rows):
        cells[i] = row[: len(used)] if whole and len(row) >= len(used) else _pick(row, used)
    return pd.DataFrame(cells, columns=[names[j] for j in used], dtype=object, copy=False)


def listed(items: Sequence[str], limit: int = 10) -> str:
    """The first few in quotes: ``'a', 'b', …``."""
    return ", ".join(map(repr, items[:limit])) + (", …" if len(items) > limit else "")


def _letter(j: int) -> str:
    """The position of a column, and the letter that a spreadsheet gives it."""
    letters, rest = "", j + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{j + 1} ({letters})"
