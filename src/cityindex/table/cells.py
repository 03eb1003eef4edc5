"""Cells of frames and workbooks → text or float64, without looking at what they mean."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = [
    "SPACES",
    "FloatArray",
    "ObjectArray",
    "as_numbers",
    "cell_text",
    "finite_block",
    "is_blank",
    "objects",
    "texts_of",
    "trimmed",
]

FloatArray = npt.NDArray[np.float64]
ObjectArray = npt.NDArray[np.object_]

INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
SPACES = (
    " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    + INVISIBLE
    + "".join(chr(code) for code in range(0x2000, 0x200B))
)
NUMBERS = {float, int, type(None), np.float64, np.float32, np.int64, np.int32}


def cell_text(cell: object) -> str:
    """The text of a cell: whole numbers without a point, nothing for what is missing.

    >>> cell_text(1.0), cell_text("001"), cell_text(None), cell_text(0.5)
    ('1', '001', '', '0.5')
    """
    if isinstance(cell, str):
        return cell
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return ""
    if isinstance(cell, float | np.floating):
        return _float_text(float(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return str(cell)


def _float_text(value: float) -> str:
    if value != value:
        return ""
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e16 else repr(value)


def is_blank(cell: object) -> bool:
    """Nothing stands in the cell."""
    return not cell_text(cell).strip(SPACES)


def finite_block(frame: pd.DataFrame) -> dict[str, FloatArray]:
    """The float64 columns that lie in one block of memory and hold finite numbers only, in one pass: views.

    What a frame mostly is; asking pandas for one column after the other costs more than the index itself.
    """
    floats = frame.select_dtypes("float64")
    if floats.shape[1] < 2 or not len(floats):
        return {}
    ends = floats.iloc[:, 0].to_numpy(), floats.iloc[:, -1].to_numpy()
    if ends[0].base is None or ends[0].base is not ends[1].base:
        return {}  # to take several blocks as one would copy them
    block = floats.to_numpy()
    if block.dtype != np.float64:
        return {}
    with np.errstate(invalid="ignore", over="ignore"):
        finite = np.isfinite(block.sum(axis=0))
    return {name: column for name, column, good in zip(floats.columns, _sealed(block.T), finite, strict=True) if good}


def as_numbers(series: pd.Series[Any]) -> FloatArray | None:
    """The column as float64, `nan` missing; a view where it is float64 already; None where it holds other things."""
    dtype = series.dtype
    if isinstance(dtype, np.dtype):
        if dtype.kind in "fiub":
            return _sealed(series.to_numpy().astype(np.float64, copy=False))
        return _of_objects(series.to_numpy()) if dtype.kind == "O" else None
    if isinstance(dtype, pd.CategoricalDtype):
        return None
    if pd.api.types.is_numeric_dtype(dtype) and not pd.api.types.is_complex_dtype(dtype):  # booleans are among them
        return _sealed(series.to_numpy(dtype=np.float64, na_value=np.nan))
    return None


def _of_objects(cells: ObjectArray) -> FloatArray | None:
    if not len(cells) or isinstance(cells[0], str) or not set(map(type, cells)) <= NUMBERS:
        return None
    try:
        return _sealed(cells.astype(np.float64))
    except OverflowError:
        return None


def _sealed(values: FloatArray) -> FloatArray:
    view = values.view()
    view.flags.writeable = False
    return view


def texts_of(series: pd.Series[Any]) -> ObjectArray:
    """The text of every cell, as it stands (shape (n,), objects)."""
    if isinstance(series.dtype, pd.StringDtype):
        return np.asarray(series.to_numpy(dtype=object, na_value=""), dtype=object)
    cells = series.astype(object).to_numpy()
    if set(map(type, cells)) <= {str}:
        return cells
    return objects([cell_text(cell) for cell in cells])


def trimmed(texts: ObjectArray) -> ObjectArray:
    """The texts without the spaces around them, invisible ones too."""
    plain = list(map(str.strip, texts))
    together = "".join(plain)
    if not together.isascii() and any(mark in together for mark in INVISIBLE):
        plain = [text.strip(SPACES) for text in plain]
    return objects(plain)


def objects(items: Sequence[object]) -> ObjectArray:
    """An array of objects, shape (n,), whatever they are."""
    return np.fromiter(items, dtype=object, count=len(items))
