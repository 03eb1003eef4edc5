"""The columns of one block, read as `read_table` reads those of a table: numbers, labels, keys."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._values import label_of
from cityindex.engine import Labels
from cityindex.table.cells import SPACES, texts_of, trimmed
from cityindex.table.numbers import Marks, Reading, read_series

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Cells", "UnitNames"]

SPACE = 0x20  # bytes up to it, and those of letters beyond ASCII, may be spaces


@dataclass(slots=True)
class Cells:
    """The rows of one block; columns by the names that `read_table` would give them."""

    rows: pa.Table
    stored: Mapping[str, str]
    marks: Marks
    _labels: dict[str, Labels] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """The column as it is stored; bytes that are texts as texts (some writers do not say that they are)."""
        import pyarrow as pa

        column = self.rows.column(self.stored[name])
        if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            with contextlib.suppress(pa.ArrowInvalid):
                return column.cast(pa.string())
        return column

    def plain(self, name: str) -> list[np.ndarray[Any, Any]] | None:
        """The column's chunks as arrays of their own kind of number; None where it holds other things, or marks."""
        import pyarrow as pa

        kind = self.column(name).type
        wanted = pa.types.is_floating(kind) or (pa.types.is_integer(kind) and not self.column(name).null_count)
        if not wanted or self.marks.numbers:
            return None
        return [chunk.to_numpy(zero_copy_only=False) for chunk in self.column(name).chunks]

    def numbers(self, name: str) -> tuple[Any, Reading | None]:
        """The numbers of a column, float64 or float32 as they are stored, and what was noticed, if anything was."""
        chunks = self.plain(name)
        if chunks is not None:
            values = chunks[0] if len(chunks) == 1 else np.concatenate(chunks)
            values = values if values.dtype in (np.float64, np.float32) else values.astype(np.float64)
            with np.errstate(over="ignore", invalid="ignore"):
                finite = np.isfinite(np.add.reduce(values))  # quick; a sum that overflows is looked at again
            if finite or not np.isinf(values).any():
                return values, None
        reading = read_series(self.column(name).to_pandas(), self.marks)
        values = reading.values.copy()
        values[list(reading.refused)] = np.nan
        return values, reading

    def labels(self, name: str) -> Labels:
        """The labels of a column, as numbers where they are."""
        if name not in self._labels:
            encoded = self._encoded(name)
            texts = trimmed(texts_of(encoded.dictionary.to_pandas()))
            known = ["" if (label := label_of(text)) in self.marks.labels else label for text in texts]
            codes = encoded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
            names, places = np.unique(np.array([*known, ""], dtype=object).astype(str), return_inverse=True)
            used = np.unique(places[codes])  # a dictionary may hold what no row has
            again = np.zeros(len(names), np.intp)
            again[used] = np.arange(len(used))
            self._labels[name] = Labels(again[places[codes]], tuple(str(names[place]) for place in used))
        return self._labels[name]

    def _encoded(self, name: str) -> pa.DictionaryArray:
        import pyarrow as pa

        column = self.column(name)
        if pa.types.is_dictionary(column.type):
            return column.unify_dictionaries().combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        return column.combine_chunks().dictionary_encode()

    def texts(self, name: str) -> pa.Array:
        """The trimmed text of each cell, nothing for missing: a pyarrow array of strings without nulls."""
        import pyarrow as pa
        import pyarrow.compute as pc

        column = self.column(name)
        kind = column.type
        if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
            column = column.cast(kind.value_type)
        elif pa.types.is_integer(kind) and not column.null_count:
            return column.cast(pa.string()).combine_chunks()
        elif not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            return pa.array(trimmed(texts_of(column.to_pandas())), pa.string())
        array = column.cast(pa.string()).combine_chunks()
        array = array.fill_null("") if array.null_count else array
        return pc.utf8_trim(array, SPACES) if _may_hold_spaces(array) else array


def _may_hold_spaces(array: pa.Array) -> bool:
    """Whether a byte is a space, or begins one beyond ASCII; one look at the bytes."""
    data = array.buffers()[2]
    if data is None or not len(array):
        return False
    ends = np.frombuffer(array.buffers()[1], np.int32, len(array) + 1, 4 * array.offset)
    used = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]
    return bool(len(used)) and bool(used.min() <= SPACE or used.max() >= 0x7F)


class UnitNames(Sequence[str]):
    """What the rows of a block are called in messages: the unit, its period, the file and the row (from 1)."""

    def __init__(self, keys: pa.Array, periods: Labels | None, file: str, first: int, rows: Any = None) -> None:
        self.keys, self._periods, self._file, self._first, self._rows = keys, periods, file, first, rows

    def __len__(self) -> int:
        return 1 if self.keys is None else len(self.keys) if self._rows is None else len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        row = int(place if self._rows is None else self._rows[place])
        if self.keys is None:  # the rows are named only where something is wrong
            return f"row {self._first + row + 1}"
        when = "" if self._periods is None else f"{self._periods.names[self._periods.codes[row]]}; "
        unit = self.keys[row].as_py()
        where = f"{when}{self._file}, row {self._first + row + 1}"
        return f"{unit} ({where})" if unit else f"without a key ({where})"

    def __iter__(self) -> Iterator[str]:
        return (self[place] for place in range(len(self)))

    def short(self, place: int) -> str:
        """The unit and its period alone."""
        if self.keys is None:
            return str(self[place])
        row = int(place if self._rows is None else self._rows[place])
        unit = str(self.keys[row].as_py())
        return unit if self._periods is None else f"{unit} ({self._periods.names[self._periods.codes[row]]})"

    def of(self, rows: Any) -> UnitNames:
        """The names of some of the rows."""
        return UnitNames(self.keys, self._periods, self._file, self._first, rows)
