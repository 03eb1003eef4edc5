"""What was noticed while a column was read as numbers, in words: its problems and its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from cityindex.errors import Problem
from cityindex.table.cells import FloatArray
from cityindex.table.numbers import PERCENT, WORD, Reading, Rows

__all__ = ["Numbers", "report"]

LISTED = 20  # cells listed one by one in a column


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column as numbers.

    Attributes
    ----------
    values
        float64 of shape (n,), read-only; `nan` is missing (or refused: then it is in `problems`). For a float64
        column of a frame this is the column itself.
    problems
        Cells that are no number, by unit and column; many of a kind are told as one.
    notes
        What was read otherwise than plain.
    has_missing
        There is a `nan` among the values.
    """

    values: FloatArray
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    has_missing: bool = False


def report(reading: Reading, column: str, *, name: Callable[[int], str], place: Callable[[int], str]) -> Numbers:
    """The reading of a column with its problems and notes; `name` and `place` say where a row is."""
    if reading.finite and not reading.traits:
        return Numbers(reading.values)
    problems = [*_refusals(reading, column, name, place), *_mixed_percents(reading, column, name)]
    values = reading.values
    if reading.refused:
        values = values.copy()
        values[list(reading.refused)] = np.nan
    values.flags.writeable = False
    return Numbers(values, tuple(problems), tuple(_notes(reading, column, name)), bool(np.isnan(values).any()))


def _refusals(
    reading: Reading, column: str, name: Callable[[int], str], place: Callable[[int], str]
) -> Iterable[Problem]:
    refused = reading.refused
    there = len(reading.values) - sum(rows.size for rows in reading.missing.values())
    if len(refused) > 2 and 2 * len(refused) > there:
        yield Problem(_condensed(reading, there, name), f"column {column}")
        return
    for row, reason in list(refused.items())[:LISTED]:
        yield Problem(f"{reading.quote(row)} {reason}", place(row))
    if len(refused) > LISTED:
        yield Problem(f"{len(refused) - LISTED} more cells of this column cannot be read", f"column {column}")


def _condensed(reading: Reading, there: int, name: Callable[[int], str]) -> str:
    row, reason = next(iter(reading.refused.items()))
    words = sum(why == WORD for why in reading.refused.values())
    count = f"{len(reading.refused):,} of {there:,} cells"
    if 2 * words > len(reading.refused):
        first = next(row for row, why in reading.refused.items() if why == WORD)
        return (
            f"{count} are not numbers (first: {reading.quote(first)} of {name(first)}); "
            "does it stand in another column's place?"
        )
    return f"{count} cannot be read as numbers: {reading.quote(row)} of {name(row)} {reason}"


def _mixed_percents(reading: Reading, column: str, name: Callable[[int], str]) -> Iterable[Problem]:
    signed = reading.traits.get(PERCENT)
    if signed is None:
        return
    plain = ~np.isnan(reading.values) & (reading.values != 0)  # 0 and 0% are the same
    plain[signed] = False
    others = np.flatnonzero(plain)
    if not others.size:
        return
    yield Problem(
        f"{_cells(signed.size)} per cents ({_listed(reading, signed, name)}) and "
        f"{_cells(others.size)} not ({_listed(reading, others, name)}): write them all alike",
        f"column {column}",
    )


def _cells(count: int) -> str:
    return "1 cell is" if count == 1 else f"{count:,} cells are"


def _listed(reading: Reading, rows: Rows, name: Callable[[int], str], limit: int = LISTED) -> str:
    shown = ", ".join(f"{reading.quote(int(row))} of {name(int(row))}" for row in rows[:limit])
    return f"{shown}, …" if rows.size > limit else shown


def _notes(reading: Reading, column: str, name: Callable[[int], str]) -> Iterable[str]:
    for trait, rows in reading.traits.items():
        count = "1 cell" if rows.size == 1 else f"{rows.size:,} cells"
        yield f"column {column}: {count} {trait} (first: {_listed(reading, rows[:1], name)})"
    marks = {mark: rows for mark, rows in reading.missing.items() if mark}
    if marks:
        kinds = [f"{rows.size:,} {mark!r} (first: {name(int(rows[0]))})" for mark, rows in marks.items()]
        empty = reading.missing.get("")
        if empty is not None:
            kinds.append(f"{empty.size:,} empty")
        yield f"column {column}: read as missing: {', '.join(kinds)}"
