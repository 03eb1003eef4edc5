"""Delimited text (.csv, .tsv, .txt) → rows of cells: encoding, delimiter, quotes; cells stay text."""

from __future__ import annotations

import codecs
import csv
import io
import re

from cityindex.errors import Problem, TableError, nearest
from cityindex.table.grid import Grid
from cityindex.table.record import Note

__all__ = ["read_delimited"]

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
FOREIGN = {"，": "full-width comma", "；": "full-width semicolon", "、": "enumeration comma", "|": "vertical bar"}
MAGIC = {
    b"PK\x03\x04": "a workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "gzip-compressed",
    b"\x89PNG": "an image",
}
ENCODINGS = ("utf-8", "gb18030", "gbk", "big5", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "shift_jis")
CONTROLS = [chr(code) for code in (*range(9), *range(14, 28))]
HIGH = re.compile(rb"[\x80-\xff]+")


def read_delimited(
    data: bytes, source: str, *, encoding: str | None = None, header: int = 1
) -> tuple[Grid, tuple[Note, ...]]:
    """The rows of a text file; commas, semicolons and tabs are told apart by the header row.

    Raises
    ------
    TableError
        The bytes are not text in that encoding, the delimiter is none of the three, or a quote is never closed.
    """
    text = _decode(data, source, encoding)
    if not text.strip():
        raise TableError(f"{source} is empty")
    delimiter = _delimiter(text, source, header)
    notes = []
    if delimiter != ("\t" if source.casefold().endswith(".tsv") else ","):
        notes.append(Note("file", f"{source}: the delimiter is a {DELIMITERS[delimiter]}"))
    if encoding is not None and not text.isascii() and text != _text_if(data, "utf-8") is not None:
        notes.append(Note("file", f"{source} was read as {encoding}, as said; its bytes are valid UTF-8 too"))
    return _rows(text, delimiter, source), tuple(notes)


def _decode(data: bytes, source: str, encoding: str | None) -> str:
    for magic, kind in MAGIC.items():
        if data.startswith(magic):
            raise TableError(f"{source} is not a text file: it is {kind}. Give it the ending that it is read by")
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise TableError(f"unknown encoding {encoding!r}.{nearest(encoding, ENCODINGS)}") from None
    try:
        text = data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        raise TableError(_undecodable(data, start, source, encoding or "utf-8")) from None
    control = _control(text)
    if control:
        line = text.count("\n", 0, text.index(control)) + 1
        guess = _guess(data)
        hint = f"encoding={guess!r} would read it" if guess else "it seems to be a binary file"
        raise TableError(Problem(f"{control!r} is no character of a text; {hint}", f"{source}:{line}"))
    return text


def _undecodable(data: bytes, start: int, source: str, encoding: str) -> Problem:
    line = data.count(b"\n", 0, start) + 1
    guess = _guess(data)
    place = f"{source}:{line}"
    if guess is None:
        hint = "it seems to be a binary file" if 0 in data else "say encoding=, or save the file as UTF-8"
        return Problem(f"the bytes are not {encoding}: {hint}", place)
    sample = data.decode(guess).removeprefix("\ufeff").split("\n")[0 if guess.startswith("utf-16") else line - 1]
    return Problem(
        f"the bytes are not {encoding}; encoding={guess!r} would read this line as {sample.strip()[:60]!r}", place
    )


def _guess(data: bytes) -> str | None:
    """The encoding that these bytes seem to have: Chinese characters come as pairs of high bytes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _named(data, "utf-16")
    zeros = (data[0:2000:2].count(0), data[1:2000:2].count(0))
    if max(zeros) * 8 > min(len(data), 2000):
        return _named(data, "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be")
    runs = HIGH.findall(data)
    paired = sum(len(run) % 2 == 0 for run in runs)
    order = ("gb18030", "cp1252") if 2 * paired > len(runs) else ("cp1252", "gb18030")
    return next(filter(None, (_named(data, name) for name in ("utf-8", *order))), None)


def _named(data: bytes, encoding: str) -> str | None:
    """The encoding, if it reads these bytes."""
    return None if _text_if(data, encoding) is None else encoding


def _text_if(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeError:
        return None
    return None if _control(text) else text


def _control(text: str) -> str:
    """A character that no text holds, if there is one."""
    return next((control for control in CONTROLS if control in text), "")


def _delimiter(text: str, source: str, header: int) -> str:
    """The delimiter that stands as often in the lines below as in the header, outside quotes; else the commonest."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in text.split("\n", header + 20)[: header + 20]]
    first = next((i for i in range(header - 1, len(lines)) if any(map(lines[i].count, DELIMITERS))), None)
    if first is not None:
        there = {delimiter: lines[first].count(delimiter) for delimiter in DELIMITERS}
        alike = {
            delimiter: sum(line.count(delimiter) == count for line in lines[first:]) if count else 0
            for delimiter, count in there.items()
        }
        return max(DELIMITERS, key=lambda delimiter: (alike[delimiter], there[delimiter]))
    foreign = next((mark for mark in FOREIGN if all(mark in line for line in lines if line.strip())), None)
    if foreign:
        raise TableError(
            f"{source}: the columns seem to be set apart by {foreign!r} ({FOREIGN[foreign]}); "
            f"what is read: {', '.join(DELIMITERS.values())}"
        )
    return ","


def _rows(text: str, delimiter: str, source: str) -> Grid:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        endless = "end of data" in str(error) or "limit" in str(error)
        hint = (
            "is a quote opened here and never closed?" if endless else "a quote within a quoted cell is written twice"
        )
        raise TableError(Problem(f"{error}; {hint}", f"{source}:{line}")) from None
    return Grid(rows, lines, source, strict=True)
