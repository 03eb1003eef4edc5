"""Printing and writing of tables."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cityindex._files import replacing
from cityindex._values import width_of
from cityindex.errors import DependencyError, TableError, nearest

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Format",
    "aligned",
    "check_output",
    "print_frame",
    "print_json",
    "records",
    "warn_of_formulas",
    "watching",
    "write_frame",
    "write_frames",
    "writing",
]

WRITERS = (".csv", ".xlsx", ".parquet", ".json")


class Format(StrEnum):
    """How a table is printed."""

    table = "table"
    csv = "csv"
    json = "json"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def aligned(frame: pd.DataFrame) -> str:
    """A frame as aligned columns; numbers to the right, Chinese counted as wide as it is."""
    columns = []
    for place, name in enumerate(frame.columns):
        cells = [_cell(value) for value in _values(frame, place)]
        width = max([width_of(str(name)), *(width_of(cell) for cell in cells)])
        right = frame.dtypes.iloc[place].kind in "iufI" or str(frame.dtypes.iloc[place]) == "Int64"
        columns.append([_pad(cell, width, right) for cell in (str(name), *cells)])
    return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def print_frame(frame: pd.DataFrame, form: Format) -> None:
    """Print a frame as a table, as CSV or as JSON records."""
    if form is Format.csv:
        typer.echo(frame.to_csv(index=False, lineterminator="\n"), nl=False)
    elif form is Format.json:
        print_json(records(frame))
    else:
        typer.echo(aligned(frame))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame row by row, for JSON; None where a value is missing."""
    rows = zip(*(_values(frame, place) for place in range(frame.shape[1])), strict=True)
    return [dict(zip(frame.columns, row, strict=True)) for row in rows]


def _values(frame: pd.DataFrame, place: int) -> list[Any]:
    """A column as plain values, None where it is missing (nan, or the NA of a rank)."""
    column = frame.iloc[:, place]
    plain: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return plain


def print_json(value: Any) -> None:
    """Print plain data as JSON, Chinese as it is."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=lambda item: getattr(item, "item", str)()))


def check_output(path: Path, inputs: Iterable[Path | str | None], kinds: Sequence[str] = WRITERS) -> None:
    """Before any work: the kind of file is known, its folder is there, and it is none of the files that are read.

    Raises
    ------
    TableError
        Where the file could not be written, or would take the place of an input.
    """
    kind = path.suffix.lower()
    if path.is_dir():
        raise TableError(f"cannot write {path}: it is a folder; name a file in it")
    if kind not in kinds:
        raise TableError(f"cannot write {str(path)!r}: the kind {kind or '(none)'} is not known.{nearest(kind, kinds)}")
    if not path.parent.is_dir():
        raise TableError(f"cannot write {path}: there is no folder {path.parent}")
    for source in inputs:
        if source is not None and path.exists() and Path(source).exists() and path.samefile(source):
            raise TableError(f"cannot write {path}: it is read as input; give the output a name of its own")


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """What goes wrong while a file is written is told by its own name."""
    try:
        yield
    except OSError as error:
        raise TableError(f"cannot write {path}: {error.strerror or error}") from None


def warn_of_formulas(frame: pd.DataFrame, path: Path) -> None:
    """A note on the texts that a spreadsheet program would take for formulas when it opens them in a CSV file."""
    if path.suffix.lower() != ".csv":
        return
    texts = [value for place in range(frame.shape[1]) for value in _values(frame, place) if isinstance(value, str)]
    found = [text for text in texts if text.startswith(("=", "+", "-", "@"))]
    if found:
        what = "1 text begins" if len(found) == 1 else f"{len(found):,} texts begin"
        advice = "a spreadsheet program may run it when it opens the file; .xlsx keeps it as text"
        typer.echo(f"note: {path}: {what} like a formula (first: {found[0]!r}): {advice}", err=True)


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame to .csv, .xlsx, .parquet or .json, whole or not at all.

    Raises
    ------
    TableError
        Where the file cannot be written.
    DependencyError
        Where an optional package is needed and not installed.
    """
    kind = path.suffix.lower()
    with writing(path), replacing(path) as temporary:
        try:
            _write(frame, temporary, kind)
        except ImportError:
            extra = "excel" if kind == ".xlsx" else "parquet"
            raise DependencyError(
                f"writing {kind} needs an optional package: pip install 'cityindex[{extra}]'"
            ) from None


def write_frames(frames: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write several frames to one file, whole or not at all: the sheets of an .xlsx, or the keys of a .json.

    Raises
    ------
    TableError
        Where the file cannot be written.
    DependencyError
        Where an optional package is needed and not installed.
    """
    with writing(path), replacing(path) as temporary:
        if path.suffix.lower() == ".json":
            _write_json({name: records(frame) for name, frame in frames.items()}, temporary)
            return
        try:
            _write_workbook(frames, temporary)
        except ImportError:
            raise DependencyError("writing .xlsx needs an optional package: pip install 'cityindex[excel]'") from None


def _write(frame: pd.DataFrame, path: Path, kind: str) -> None:
    if kind == ".csv":
        frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")  # the mark tells Excel it is UTF-8
    elif kind == ".json":
        _write_json(records(frame), path)
    elif kind == ".parquet":
        frame.to_parquet(path, index=False, engine="pyarrow")
    else:
        _write_workbook({"scores": frame}, path)


def _write_json(value: Any, path: Path) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1, default=lambda item: item.item())
    path.write_text(text + "\n", encoding="utf-8")


def _write_workbook(frames: Mapping[str, pd.DataFrame], path: Path) -> None:
    import pandas as pd

    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as writer:
        for title, frame in frames.items():
            frame.to_excel(writer, sheet_name=title, index=False, freeze_panes=(1, 1))
            for place, name in enumerate(frame.columns):
                cells = [str(name), *(_cell(value) for value in _values(frame.iloc[:200], place))]
                writer.sheets[title].set_column(place, place, min(40, 2 + max(width_of(cell) for cell in cells)))


@contextlib.contextmanager
def watching(what: str) -> Iterator[None]:
    """A moving line on the terminal while work goes on, where a person watches; it goes when the work is done."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        progress.add_task(what, total=None)
        yield
