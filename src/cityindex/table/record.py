"""The user's data as it was read, and the notes of what was noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Frozen, label_of
from cityindex.errors import NotFoundError, TableError, nearest
from cityindex.table.cells import FloatArray, ObjectArray, as_numbers, finite_block, objects, texts_of, trimmed
from cityindex.table.names import Names
from cityindex.table.numbers import NO_MARKS, Marks, read_series
from cityindex.table.report import Numbers, report

__all__ = ["Note", "Numbers", "Table"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read or done otherwise than plain: nothing is swallowed.

    Attributes
    ----------
    kind
        One word: file, key, label, column, numbers, given, unused; the engine has its own.
    message
        What was done, in a sentence.
    node, column, units
        What it is about, where that can be said.
    """

    kind: str
    message: str
    node: str | None = None
    column: str | None = None
    units: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, eq=False, repr=False)
class Table(Shown):
    """Units (× periods) × columns, as read by `read_table`; it never changes and hands out copies.

    Attributes
    ----------
    source
        What it was read from: ``data.csv``, ``DataFrame``.
    key, period
        The columns that name a row in messages (None: rows are numbered).
    notes
        What was noticed while reading the file.
    lines
        Row → its line in the file (or its number in the frame, from 1), shape (n,).
    aliases
        Name in a spec → columns that may stand for it.

    Examples
    --------
    >>> from cityindex.table import read_table
    >>> table = read_table({"city": ["昆山市", "江阴市"], "gdp": ["1,234", "—"]}, key="city")
    >>> table
    Table('mapping', 2 rows, 2 columns)
    >>> table.numbers("gdp").values
    array([1234.,   nan])
    >>> for note in table.numbers("gdp").notes:
    ...     print(note)
    column gdp: 1 cell with thousands separators (first: '1,234' of 昆山市)
    column gdp: read as missing: 1 '—' (first: 江阴市)
    """

    _frame: pd.DataFrame
    source: str
    lines: npt.NDArray[np.int64]
    key: str | None = None
    period: str | None = None
    notes: tuple[Note, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=Frozen)
    _marks: Marks = NO_MARKS
    _texts: dict[str, ObjectArray] = field(default_factory=dict, init=False)
    _numbers: dict[str, Numbers] = field(default_factory=dict, init=False)

    def __len__(self) -> int:
        return len(self._frame)

    def __repr__(self) -> str:
        return f"Table({self.source!r}, {len(self):,} rows, {len(self.columns):,} columns)"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the file."""
        return tuple(self._frame.columns)

    @cached_property
    def names(self) -> Names:
        """The names of the columns, to be looked up exactly and tolerantly."""
        return Names(self.columns)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the user said stands for missing, besides the usual marks."""
        return tuple(sorted(self._marks.labels))

    def text(self, column: str) -> ObjectArray:
        """The trimmed text of each cell as it stood, shape (n,); nothing for missing. Leading zeros are kept.

        Raises
        ------
        NotFoundError
            There is no such column; the message names the nearest.
        """
        if column not in self._texts:
            self._texts[column] = _sealed(trimmed(texts_of(self._series(column))))
        return self._texts[column]

    def numbers(self, column: str) -> Numbers:
        """The column as numbers, read once; a float64 column is neither copied nor looped over.

        Raises
        ------
        NotFoundError
            There is no such column; the message names the nearest.
        """
        if column in self._plain:
            return Numbers(self._plain[column])
        if column not in self._numbers:
            reading = read_series(self._series(column), self._marks)
            self._numbers[column] = report(reading, column, name=self.name, place=lambda row: self.place(row, column))
        return self._numbers[column]

    def labels(self, column: str) -> ObjectArray:
        """The labels of a column, shape (n,): as numbers where they are (``2019.0`` is ``2019``), else as text.

        Raises
        ------
        NotFoundError
            There is no such column; the message names the nearest.
        """
        codes, distinct = pd.factorize(self.text(column))
        labels = [label_of(text) for text in distinct]
        known = ["" if label in self._marks.labels else label for label in labels]
        return _sealed(objects(known)[codes])

    def name(self, row: int) -> str:
        """The unit of a row (and its period), or ``row 7`` (its line in the file) where the key is not known."""
        return self._unit(row) or f"row {self.lines[row]}"

    def place(self, row: int, column: str) -> str:
        """Where a cell stands: ``unit 昆山市, column gdp``, or ``row 7, column gdp``."""
        unit = self._unit(row)
        return f"{f'unit {unit}' if unit else f'row {self.lines[row]}'}, column {column}"

    def _unit(self, row: int) -> str:
        unit = str(self.text(self.key)[row]) if self.key is not None else ""
        when = label_of(self.text(self.period)[row]) if self.period is not None else ""
        return f"{unit} ({when})" if unit and when else unit

    def keyed(self, key: str, *, period: str | None = None) -> Table:
        """The same data, its rows named by that column (and period) in messages.

        Raises
        ------
        NotFoundError
            There is no such column; the message names the nearest.
        """
        for column in (key, *([period] if period is not None else [])):
            self._series(column)
        if (key, period) == (self.key, self.period):
            return self
        named = replace(self, key=key, period=period)
        named._texts.update(self._texts)  # the same cells: what was read of them once is not read again
        named.__dict__["_plain"] = self._plain
        return named

    def take(self, rows: Any) -> Table:
        """Those rows (positions, a mask or a slice), in that order."""
        return replace(self, _frame=self._frame.iloc[rows].reset_index(drop=True), lines=self.lines[rows])

    def where(self, labels: Mapping[str, Any]) -> Table:
        """The rows with those labels, as ``where`` in a spec: a column and its label, or several of them.

        Raises
        ------
        NotFoundError
            There is no such column, or no row has that label; the message names the nearest.
        TableError
            What is no mapping.

        Examples
        --------
        >>> from cityindex.table import read_table
        >>> read_table({"city": ["x", "x"], "year": [2023, 2024], "gdp": [1, 2]}).where({"year": 2024}).to_frame()
          city  year  gdp
        0    x  2024    2
        """
        if not isinstance(labels, Mapping):
            raise TableError(
                f"where={labels!r}: a mapping is wanted, column → label or labels, such as {{'year': 2024}}"
            )
        keep = np.ones(len(self), dtype=bool)
        for column, wanted in labels.items():
            found = self.labels(column)
            asked = wanted if isinstance(wanted, list | tuple | set | frozenset) else (wanted,)
            for label in asked:
                if label_of(label) not in set(found.tolist()):
                    hint = nearest(label_of(label), dict.fromkeys(found.tolist()))
                    raise NotFoundError(f"{self.source}: no row has {column} = {label!r}.{hint}")
            keep &= np.isin(found.astype(str), [label_of(label) for label in asked])
        return self.take(np.flatnonzero(keep))

    def with_columns(self, columns: Mapping[str, FloatArray | ObjectArray], notes: Sequence[Note] = ()) -> Table:
        """The same rows with some columns of other numbers or texts, and notes that say what was done to them."""
        if not columns:
            return replace(self, notes=(*self.notes, *notes))
        return replace(self, _frame=self._frame.assign(**columns), notes=(*self.notes, *notes))

    def to_frame(self) -> pd.DataFrame:
        """The data as it was read, as a frame of the caller's own."""
        return self._frame.copy()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the names of the columns and their contents (numbers as float64, the rest as text)."""
        total = hashlib.sha256()
        for column in self.columns:
            values = as_numbers(self._frame[column])
            if values is None:
                cells = "\x1f".join(texts_of(self._frame[column])).encode("utf-8", "surrogatepass")
            else:
                cells = np.where(np.isnan(values), np.nan, values + 0.0).astype("<f8").tobytes()
            for part in (column.encode("utf-8", "surrogatepass"), cells):
                total.update(len(part).to_bytes(8, "little"))
                total.update(part)
        return total.hexdigest()

    @cached_property
    def _plain(self) -> Mapping[str, FloatArray]:
        return {} if self._marks.numbers else finite_block(self._frame)

    def _series(self, column: str) -> pd.Series[Any]:
        try:
            return self._frame[column]
        except KeyError:
            hint = nearest(column, self.columns)
            raise NotFoundError(f"{self.source} has no column {column!r}.{hint}") from None


def _sealed(cells: ObjectArray) -> ObjectArray:
    cells.flags.writeable = False
    return cells
