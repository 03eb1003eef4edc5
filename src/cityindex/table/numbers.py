"""Text → number, as a person reads it; what cannot be read is refused and told, never guessed.

Whole columns go through one conversion; only where that fails are the distinct texts looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cityindex._values import label_of
from cityindex.table.cells import SPACES, FloatArray, ObjectArray, as_numbers, texts_of, trimmed

__all__ = ["Cell", "Marks", "Reading", "Rows", "read_cell", "read_series"]

Rows = npt.NDArray[np.intp]

PERCENT = "with a per-cent sign, read as the number before it"
THOUSANDS = "with thousands separators"
WIDE = "in full-width characters"
MINUS = "with a minus sign other than '-'"
APOSTROPHE = "with a leading apostrophe"
SPACE = "with unusual spaces around"
TRUTH = "true or false, read as 1 and 0"

HALF_WIDTH = {0xFF01 + shift: 0x21 + shift for shift in range(94)} | {
    0x3000: " ", 0xFE63: "-", 0xFE62: "+", 0xFE6A: "%", 0xFE50: ",", 0xFE52: ".",
}  # fmt: skip
MINUSES = "\u2212\u2013\u2010\u2011"  # minus sign, en dash, hyphen, non-breaking hyphen
USUAL = """
    — – ― − - -- --- —— ―― / // . .. ... .... ...... … …… * ** *** n/a na n.a n.a. nan null none nil <na> nat missing
    无 缺 缺失 暂无 暂缺 不详 无数据 暂无数据 数据缺失 未知 不适用 未公布 未统计 #n/a #div/0!
"""
MISSING = frozenset(USUAL.split())  # what stands for missing everywhere, in small letters
SIMPLE = re.compile(r"[0-9eE.+\-\s]*", re.ASCII)  # the characters of a plain column
PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+|(?:[ \u00a0\u2009\u202f]\d{3})+)(?:\.\d*)?", re.ASCII)
REASONS = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), reason)
    for pattern, reason in (
        (r"#[A-Z/0]+[!?]", "is an error of the workbook: mend its formula"),
        (r"=.*", "is a formula without a saved value: open the workbook in a spreadsheet program and save it"),
        (r"[+-]?(inf|infinity|∞|无穷大?)", "is infinite"),
        (r"true|false|yes|no|是|否|有|√|×|✓|✗|对|错", "is a yes or a no: write 1 and 0"),
        (r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}([ T].*)?)?|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}", "is a date"),
        (r"\d+/\d+", "is a fraction or a date: write one decimal number"),
        (r"(\d{2,4}年)?\d{1,2}月(\d{1,2}日)?|\d{4}年|\d{1,2}:\d{2}(:\d{2}.*)?", "is a date or a time"),
        (
            r"[+-]?\d+,\d+%?",
            "is not clear: its comma does not set off thousands, and may stand for a decimal point or for nothing; "
            "write it with a point, or without the comma",
        ),
        (r"[+-]?[\d., ]*\d[., ][\d., ]*%?", "mixes commas, points or spaces in a way that can be read twice"),
        (r"\(\s*[\d,.]+%?\s*\)", "stands in brackets: write it with a minus sign if it is negative"),
        (r"[<>≤≥≦≧~≈约].*\d.*", "is a bound or an estimate, not a number"),
        (r"[\d.,]+%?\s*[-–—~至到]+\s*[\d.,]+%?", "is a range: one number is needed"),
        (r"[+-]?[\d.,]+\s*‰", "is per mille: write it in per cent or as a plain number"),
        (r"[+-]?[\d.,]*\d\s*[^\d\s].*", "has something after the number: write it alone, its unit in the header"),
        (r"[^\d\s]+\s*[\d.,]+%?", "has something before the number: write the number alone"),
    )
)
WORD = "is not a number"


@dataclass(frozen=True, slots=True)
class Cell:
    """One text read: its number (`nan`: missing or refused), what was done to read it, or why it is refused."""

    value: float
    traits: tuple[str, ...] = ()
    missing: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the user says stands for missing: compared as numbers where both are, else as text."""

    labels: frozenset[str] = frozenset()
    numbers: tuple[float, ...] = ()

    @classmethod
    def of(cls, marks: Iterable[object]) -> Marks:
        labels = frozenset(label_of(mark) for mark in marks)
        numbers = [float(label) for label in labels if PLAIN.fullmatch(label)]
        return cls(labels, tuple(sorted(numbers)))

    def hold(self, text: str) -> bool:
        return bool(self.labels) and label_of(text) in self.labels


@dataclass(frozen=True, slots=True)
class Reading:
    """A column read.

    Attributes
    ----------
    values
        float64 of shape (n,), `nan` missing or refused.
    refused
        Row → why.
    traits, missing
        What was read otherwise than plain, and the marks read as missing → the rows.
    texts
        The cells as they stood (None: they were numbers).
    finite
        One pass has told that no value is missing or infinite.
    """

    values: FloatArray
    refused: Mapping[int, str] = field(default_factory=dict)
    traits: Mapping[str, Rows] = field(default_factory=dict)
    missing: Mapping[str, Rows] = field(default_factory=dict)
    texts: ObjectArray | None = None
    finite: bool = False

    def quote(self, row: int) -> str:
        """The cell as it stood, for a message."""
        return repr(str(self.texts[row])) if self.texts is not None else f"{self.values[row]:g}"


NO_MARKS = Marks()


def read_cell(raw: str, marks: Marks = NO_MARKS) -> Cell:
    """One cell, as a person reads it.

    >>> read_cell("1,234.5").value, read_cell("－3").value, read_cell("12.5%").value
    (1234.5, -3.0, 12.5)
    >>> read_cell("12.5亿元").refusal
    'has something after the number: write it alone, its unit in the header'
    """
    text = raw.strip(SPACES)
    if text and marks.hold(text):
        return Cell(np.nan, missing=True)
    if PLAIN.fullmatch(text) and raw.strip(" \t\r\n") == text:
        return _number(text, ())
    plain = text.translate(HALF_WIDTH).strip()
    if not plain or plain.casefold() in MISSING or marks.hold(plain):
        return Cell(np.nan, missing=True)
    traits = [SPACE] if raw.strip(" \t\r\n") != text else []
    if plain != text:
        traits.append(WIDE)
    if plain[:1] in ("'", "’"):
        plain = plain[1:].strip()
        traits.append(APOSTROPHE)
    if plain[:1] and plain[0] in MINUSES and plain[1:2].isdigit():
        plain = "-" + plain[1:]
        traits.append(MINUS)
    return _marked(plain, traits)


def _marked(text: str, traits: list[str]) -> Cell:
    body = text
    if text.endswith("%"):
        body = text[:-1].rstrip()
        traits.append(PERCENT)
    if GROUPED.fullmatch(body):
        body = re.sub(r"[,\s]", "", body)
        traits.append(THOUSANDS)
    if PLAIN.fullmatch(body):
        return _number(body, tuple(traits))
    if not text:
        return Cell(np.nan, missing=True)
    return Cell(np.nan, refusal=next((why for pattern, why in REASONS if pattern.fullmatch(text)), WORD))


def _number(text: str, traits: tuple[str, ...]) -> Cell:
    value = float(text)
    return Cell(np.nan, refusal="is infinite: larger than a number can be") if np.isinf(value) else Cell(value, traits)


def read_series(series: pd.Series[Any], marks: Marks) -> Reading:
    """A column of a frame: numbers as they are (a float64 column is not copied), texts as a person reads them."""
    values = as_numbers(series)
    if values is None:
        return _read_texts(texts_of(series), marks)
    reading = _settle(values, marks)
    if series.dtype != np.float64 and pd.api.types.is_bool_dtype(series.dtype):
        return replace(reading, traits={TRUTH: np.flatnonzero(~np.isnan(values))})
    return reading


def _settle(values: FloatArray, marks: Marks, texts: ObjectArray | None = None) -> Reading:
    """Numbers that are there already: missing marks taken out, infinite ones refused."""
    missing: dict[str, Rows] = {}
    for mark in marks.numbers:
        rows = np.flatnonzero(values == mark)
        if rows.size:
            values = np.where(values == mark, np.nan, values)
            missing[label_of(mark)] = rows
    refused: dict[int, str] = {}
    with np.errstate(invalid="ignore", over="ignore"):
        finite = bool(np.isfinite(values.sum()))
    if not finite:
        refused = dict.fromkeys(np.flatnonzero(np.isinf(values)).tolist(), "is infinite")
    values.flags.writeable = False
    return Reading(values, refused, missing=missing, texts=texts, finite=finite)


def _read_texts(texts: ObjectArray, marks: Marks) -> Reading:
    if SIMPLE.fullmatch("\n".join(texts)):
        empty = texts == ""
        try:
            values = (np.where(empty, "nan", texts) if empty.any() else texts).astype(np.float64)
        except ValueError:
            pass  # a cell such as "1-2": look at each
        else:
            return _settle(values, marks, texts)
    codes, distinct = pd.factorize(texts)
    cells = [read_cell(text, marks) for text in distinct]
    values = np.array([cell.value for cell in cells], dtype=np.float64)[codes]
    wrong = np.array([bool(cell.refusal) for cell in cells])[codes]
    refused = {int(row): cells[codes[row]].refusal for row in np.flatnonzero(wrong)}
    traits = {
        trait: np.flatnonzero(np.array([trait in cell.traits for cell in cells])[codes])
        for trait in dict.fromkeys(trait for cell in cells for trait in cell.traits)
    }
    gaps = np.flatnonzero(np.array([cell.missing for cell in cells])[codes])
    marked = trimmed(texts[gaps])
    missing = {mark: gaps[marked == mark] for mark in dict.fromkeys(marked)}
    return Reading(values, refused, traits, missing, texts)
