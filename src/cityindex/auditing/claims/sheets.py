"""The tables that claims are computed from, as text: what was printed, to the digit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from cityindex._values import label_of
from cityindex.auditing.interval import Interval, printed
from cityindex.errors import NotFoundError, TableError, nearest
from cityindex.table import Table, read_table

__all__ = ["Sheet", "Sheets", "number_in", "published_sheets"]


@dataclass(eq=False)
class Sheet:
    """One table, read when it is first asked for; what was read of a column once is not read again."""

    source: object
    _numbers: dict[tuple[str, Fraction | None], tuple[Interval | None, ...]] = field(default_factory=dict)
    _labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def table(self) -> Table:
        """The table itself."""
        return self.read()

    def read(self) -> Table:
        """The table itself, read from its source if that was not done before.

        Raises
        ------
        TableError
            Where the source cannot be read as a table.
        """
        if not isinstance(self.source, Table):
            self.source = read_table(self.source)
        return self.source

    @property
    def columns(self) -> tuple[str, ...]:
        return self.table.columns

    def texts(self, column: str) -> tuple[str, ...]:
        """The cells as they are printed."""
        return tuple(self.table.text(column))

    def labels(self, column: str) -> tuple[str, ...]:
        """The cells as they compare: numbers as numbers."""
        if column not in self._labels:
            self._labels[column] = tuple(label_of(cell) for cell in self.texts(column))
        return self._labels[column]

    def numbers(self, column: str, rounded: Fraction | None = None) -> tuple[Interval | None, ...]:
        """What each cell may stand for, shape (n,); None where there is no number.

        In a column without decimals numbers are exact, unless they are said to be `rounded`.
        """
        key = column, rounded
        if key not in self._numbers:
            cells = self.texts(column)
            decimals = any("." in cell and number_in(cell) is not None for cell in cells)
            unit = rounded if rounded is not None else Fraction(1) if decimals else None
            self._numbers[key] = tuple(number_in(cell, unit) for cell in cells)
        return self._numbers[key]


def number_in(text: str, rounded: Fraction | None = None) -> Interval | None:
    """What a printed number may stand for, or None where the text is no number.

    With decimals: half a unit of the last digit to either side. Without: exactly itself, or half of `rounded` to either
    side.

    >>> number_in("57.3").shown(), number_in("148").shown(), number_in("5140", Fraction(10)).shown()
    ('57.25 to 57.35', '148', '5135 to 5145')
    """
    try:
        interval = printed(text)
    except TableError:
        return None
    middle = interval.middle
    if "." in text or middle is None:
        return interval
    half = Fraction(0) if rounded is None else rounded / 2
    return Interval(middle - half, middle + half)


class Sheets:
    """The tables of an index by name; those of another as ``other-index/table``."""

    def __init__(self, own: Mapping[str, Sheet], others: Callable[[str], Mapping[str, Sheet]] | None = None) -> None:
        self._own = own
        self._others = others
        self._read: dict[str, Mapping[str, Sheet]] = {}

    def __getitem__(self, name: str) -> Sheet:
        """The table of that name.

        Raises
        ------
        NotFoundError
            There is none, or no such index; the message names the nearest.
        """
        index, slash, table = name.rpartition("/")
        sheets = self._of(index) if slash else self._own
        if table not in sheets:
            where = f" of {index}" if index else ""
            raise NotFoundError(f"there is no table {table!r}{where}.{nearest(table, sheets)}")
        return sheets[table]

    def __iter__(self) -> Any:
        return iter(self._own)

    def _of(self, index: str) -> Mapping[str, Sheet]:
        if self._others is None:
            raise NotFoundError(f"there is no index {index!r}")
        if index not in self._read:
            self._read[index] = self._others(index)
        return self._read[index]


def published_sheets(place: Path) -> dict[str, Sheet]:
    """The published tables in the folder of an index, each read when it is first asked for."""
    return {path.stem: Sheet(path) for path in sorted((place / "published").glob("*.csv"))}
