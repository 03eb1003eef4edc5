"""Frames (pandas, polars, pyarrow), mappings of columns and Parquet files → a pandas frame with text names."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cityindex.errors import DependencyError, Problem, TableError
from cityindex.table.cells import objects

__all__ = ["from_frame", "outline_of", "read_parquet"]

ALLOWED = (
    "a path (.csv, .tsv, .txt, .xlsx, .xlsm, .xls, .xlsb, .ods, .parquet), a frame of pandas, polars or pyarrow, "
    "or a mapping of columns"
)


def from_frame(source: object) -> tuple[pd.DataFrame, str]:
    """The frame and what to call it; numbers are not copied.

    An index that is named, or is no running number, becomes a column: the first, or the last where it is unnamed
    and holds whole numbers (rows that were filtered keep such an index).

    Raises
    ------
    TableError
        Neither a frame nor a mapping, columns of different lengths, names twice or missing, no rows, no columns.
    """
    if isinstance(source, Mapping):
        frame, name = _of_mapping(source), "mapping"
    elif isinstance(source, pd.DataFrame):
        frame, name = _of_pandas(source), "DataFrame"
    else:
        frame, name = _of_others(source), "DataFrame"
    return _checked(frame, name), name


def read_parquet(path: Path) -> pd.DataFrame:
    """The frame in a Parquet file, with the index that pandas may have saved.

    Raises
    ------
    TableError
        It is no Parquet file.
    DependencyError
        pyarrow is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        raise DependencyError("reading Parquet files needs pyarrow: pip install 'cityindex[parquet]'") from None
    try:
        frame = _decoded(pd.read_parquet(path, engine="pyarrow"))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise TableError(f"{path.name} cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    return _checked(_of_pandas(frame), path.name)


def _decoded(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns of bytes that are texts as texts: some writers of Parquet do not say that they are."""
    for name in frame.columns if frame.columns.is_unique else ():
        column = frame[name]
        if pd.api.types.is_object_dtype(column.dtype) and pd.api.types.infer_dtype(column, skipna=True) == "bytes":
            with contextlib.suppress(UnicodeDecodeError):
                frame[name] = column.map(bytes.decode, na_action="ignore")
    return frame


def outline_of(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    """A frame without rows, its columns named and ordered as those of `read_parquet`.

    Raises
    ------
    TableError
        No columns, names twice or missing.
    """
    return _checked(_of_pandas(frame), source, filled=False)


def _of_pandas(source: pd.DataFrame) -> pd.DataFrame:
    if source.columns.nlevels > 1:
        raise TableError(f"the frame's columns have {source.columns.nlevels} levels; one name per column is wanted")
    frame = source.copy(deep=int(pd.__version__.split(".")[0]) < 3)  # pandas 3 copies when somebody writes
    index = frame.index
    names = [name for name in index.names if name is not None]
    if not names and isinstance(index, pd.RangeIndex):
        return frame
    if not names and index.nlevels == 1 and pd.api.types.is_integer_dtype(index.dtype):
        position = frame.shape[1]
        frame = frame.reset_index(drop=True)
        frame.insert(position, "index", index.to_numpy(), allow_duplicates=True)
        return frame
    return frame.reset_index(allow_duplicates=True)


def _of_mapping(source: Mapping[Any, Any]) -> pd.DataFrame:
    problems, columns = [], {}
    for name, values in source.items():
        if isinstance(values, str | bytes | Mapping) or not hasattr(values, "__len__"):
            problems.append(Problem(f"a sequence is wanted, not {type(values).__name__}", f"column {name}"))
            continue
        columns[name] = values.array if isinstance(values, pd.Series) else values
    lengths = Counter(len(values) for values in columns.values())
    if len(lengths) > 1:
        usual = lengths.most_common(1)[0][0]
        problems += [
            Problem(f"{len(values)} values, where others have {usual}", f"column {name}")
            for name, values in columns.items()
            if len(values) != usual
        ]
    if problems:
        raise TableError(problems, summary="the mapping cannot be read as a table:")
    return pd.DataFrame(columns)


def _of_others(source: object) -> pd.DataFrame:
    import narwhals as nw

    try:
        frame = nw.from_native(source, eager_only=True)  # type: ignore[call-overload]  # it tells what it cannot take
    except TypeError:
        hint = "; collect() it first" if hasattr(source, "collect") else ""
        kind = f"{type(source).__module__}.{type(source).__qualname__}".removeprefix("builtins.")
        raise TableError(f"a table cannot be read from {kind}{hint}. Allowed: {ALLOWED}") from None
    names = list(frame.columns)
    columns = {position: _values(frame[name]) for position, name in enumerate(names)}
    made = pd.DataFrame(columns, copy=False)
    made.columns = pd.Index(names, dtype=object)
    return made


def _values(series: Any) -> Any:
    if series.dtype.is_numeric() and not series.dtype.is_decimal():
        return series.to_numpy()
    items = series.to_list()
    if str(series.dtype) == "Boolean":
        return pd.array(items, dtype="boolean")
    return pd.Series(objects(items), dtype=object)


def _checked(frame: pd.DataFrame, source: str, *, filled: bool = True) -> pd.DataFrame:
    names = [str(name) if name is not None else "" for name in frame.columns]
    if not names:
        raise TableError(f"{source} has no columns")
    if filled and not len(frame):
        raise TableError(f"{source} has no rows")
    problems = [
        Problem(f"{count} columns have this name: each needs its own", f"column {name}")
        for name, count in Counter(names).items()
        if count > 1
    ]
    problems += [Problem("no name", f"column {j + 1}") for j, name in enumerate(names) if not name.strip()]
    if problems:
        raise TableError(problems, summary=f"{source} cannot be read as a table:")
    frame.columns = pd.Index(names, dtype=object)
    return frame
