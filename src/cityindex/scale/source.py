"""The Parquet files of a data set: what is in them, and in which blocks of rows they are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityindex.errors import DependencyError, Problem, TableError, nearest

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Block", "DataFile", "Run", "Source", "open_source", "read_run", "runs_of"]

BUFFER = 1 << 18  # bytes read at once of each column: a whole row group need not be held


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file: its path, its name in messages, the rows of its row groups, and by what it is known again."""

    path: str
    name: str
    groups: tuple[int, ...]
    size: int
    changed: int  # nanoseconds
    labels: tuple[tuple[str, str], ...] = ()  # column → value, where folders are named so (year=2020)

    @property
    def rows(self) -> int:
        return sum(self.groups)


@dataclass(frozen=True, slots=True)
class Source:
    """A Parquet file or a folder of them: `columns` are those of the first, with the names of labelled folders."""

    path: str
    name: str
    files: tuple[DataFile, ...]
    columns: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows of one file: the number of the block, its first row in the file (from 0), how many."""

    number: int
    first: int
    rows: int


@dataclass(frozen=True, slots=True)
class Run:
    """Blocks that are read one after another: whole row groups of one file."""

    file: int
    groups: tuple[int, ...]
    first: int  # row of the file at which these row groups start
    blocks: tuple[Block, ...]


def open_source(path: str | os.PathLike[str]) -> Source:
    """Look into the footers of the files; no data is read.

    Raises
    ------
    TableError
        Nothing there, no Parquet, no rows, files whose columns differ.
    DependencyError
        pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401  # told here, and not by a traceback later
    except ImportError:
        raise DependencyError("reading Parquet files needs pyarrow: pip install 'cityindex[parquet]'") from None
    where = Path(path)
    name = where.resolve().name
    found = list(_files(where))
    problems: list[Problem] = []
    files, first = [], None
    for each in found:
        opened = _footer(each, where, problems)
        if opened is not None:
            file, columns = opened
            first = first or (file, columns)
            problems += _differing(file, columns, *first)
            files.append(file)
    if not problems and not sum(file.rows for file in files):
        problems.append(Problem(f"{where.resolve().name} has no rows"))
    if problems:
        raise TableError(
            problems, summary=f"{where.resolve().name} cannot be read as a table:" if len(problems) > 1 else ""
        )
    assert first is not None  # `_files` gives one at least
    columns = (*first[1], *(label for label, _ in first[0].labels if label not in first[1]))
    return Source(str(where), name, tuple(file for file in files if file.rows), columns)


def _files(where: Path) -> Iterator[Path]:
    if not where.exists():
        near = nearest(where.name, [each.name for each in where.parent.iterdir()]) if where.parent.is_dir() else ""
        raise TableError(f"no file or folder {where}.{near}")
    if where.is_file():
        if where.suffix.casefold() not in (".parquet", ".pq"):
            raise TableError(
                f"{where.name}: tables larger than memory are read from Parquet, a file or a folder of files; "
                "a CSV file can be made one with polars (scan_csv, sink_parquet) or DuckDB (COPY … TO)"
            )
        yield where
        return
    hidden = ("_", ".")
    names = sorted(
        each
        for each in where.rglob("*")
        if each.suffix.casefold() in (".parquet", ".pq")
        and not any(part.startswith(hidden) for part in each.relative_to(where).parts)
    )
    if not names:
        raise TableError(f"{where}: no Parquet files in this folder")
    yield from names


def _footer(path: Path, root: Path, problems: list[Problem]) -> tuple[DataFile, tuple[str, ...]] | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = path.name if path == root else str(path.relative_to(root))
    try:
        with pq.ParquetFile(path) as opened:
            groups = tuple(opened.metadata.row_group(i).num_rows for i in range(opened.num_row_groups))
            columns = tuple(opened.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError) as error:
        problems.append(Problem(f"cannot be read as Parquet: {str(error).splitlines()[0]}", name))
        return None
    status = path.stat()
    folders = [] if path == root else [part.partition("=") for part in path.relative_to(root).parts[:-1]]
    labels = tuple((key, value) for key, equals, value in folders if key and equals)
    return DataFile(str(path), name, groups, status.st_size, status.st_mtime_ns, labels), columns


def _differing(file: DataFile, columns: Sequence[str], first: DataFile, wanted: Sequence[str]) -> Iterator[Problem]:
    lacking = [name for name in wanted if name not in columns]
    more = [name for name in columns if name not in wanted]
    if lacking:
        yield Problem(f"lacks columns that {first.name} has: {', '.join(map(repr, lacking[:10]))}", file.name)
    if more:
        yield Problem(f"has columns that {first.name} lacks: {', '.join(map(repr, more[:10]))}", file.name)
    if [name for name, _ in file.labels] != [name for name, _ in first.labels]:
        yield Problem(f"its folders are not named as those of {first.name}", file.name)


def runs_of(source: Source, block_rows: int) -> tuple[Run, ...]:
    """The rows in blocks of `block_rows` at most: small row groups together, large ones in equal parts."""
    runs: list[Run] = []
    number = 0
    for place, file in enumerate(source.files):
        for groups, first in _together(file.groups, block_rows):
            rows = sum(file.groups[group] for group in groups)
            parts = -(-rows // block_rows)
            size = -(-rows // parts)
            blocks = [
                Block(number + part, first + part * size, min(size, rows - part * size))
                for part in range(parts)
                if rows > part * size
            ]
            number += len(blocks)
            runs.append(Run(place, groups, first, tuple(blocks)))
    return tuple(runs)


def _together(groups: Sequence[int], block_rows: int) -> Iterator[tuple[tuple[int, ...], int]]:
    """Row groups that are read together, and the row at which the first of them starts."""
    held: list[int] = []
    start = at = 0
    for group, rows in enumerate(groups):
        if held and at - start + rows > block_rows:
            yield tuple(held), start
            held, start = [], at
        if rows:
            held.append(group)
        at += rows
    if held:
        yield tuple(held), start


def read_run(source: Source, run: Run, columns: Sequence[str], skip: frozenset[int] = frozenset()) -> Iterator[Any]:
    """(block, its rows as a pyarrow table) for the blocks of a run that are not in `skip`, in a bounded memory."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = source.files[run.file]
    left = [block for block in run.blocks if block.number not in skip]
    if not left:
        return
    own = [name for name in columns if name not in dict(file.labels)]
    try:
        with pq.ParquetFile(file.path, buffer_size=BUFFER) as opened:
            own_or_one = own or opened.schema_arrow.names[:1]  # rows are counted by some column
            batches = opened.iter_batches(
                run.blocks[0].rows, row_groups=list(run.groups), columns=own_or_one, use_threads=False
            )
            for block, rows in _cut(batches, run):
                if block.number not in skip:
                    yield block, _labelled(rows, file, columns)
                if block.number == left[-1].number:
                    return
    except (pa.ArrowException, OSError) as error:
        raise TableError(Problem(f"cannot be read: {str(error).splitlines()[0]}", file.name)) from None


def _cut(batches: Iterator[pa.RecordBatch], run: Run) -> Iterator[tuple[Block, pa.Table]]:
    """The batches as they come, cut where the blocks end."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    wanted = iter(run.blocks)
    block = next(wanted)
    lacking = block.rows
    for batch in batches:
        while batch.num_rows:
            taken = batch.slice(0, lacking)
            batch = batch.slice(taken.num_rows)
            held.append(taken)
            lacking -= taken.num_rows
            if not lacking:
                yield block, pa.Table.from_batches(held)
                held = []
                following = next(wanted, None)
                if following is None:
                    return
                block, lacking = following, following.rows


def _labelled(rows: pa.Table, file: DataFile, columns: Sequence[str]) -> pa.Table:
    """The columns asked for, those that stand in the names of the folders among them."""
    import pyarrow as pa

    for name, value in file.labels:
        if name in columns and name not in rows.column_names:
            constant = pa.DictionaryArray.from_arrays(pa.array([0] * rows.num_rows, pa.int32()), pa.array([value]))
            rows = rows.append_column(name, constant)
    return rows
