"""What the sheets of units share: their first columns, colours, comments and print layout."""

from __future__ import annotations

from typing import Any

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.views.workbook.book import Book
from cityindex.views.workbook.layout import Layout

__all__ = ["about", "largest", "page", "shade", "write_leads"]

SHADES = ("#F7FBFF", "#C6DBEF", "#6BAED6")  # one hue, light to dark: read in print and by the colour-blind


def about(layout: Layout, name: str) -> str:
    """What the comment on a node's column says: its id, and why it holds values."""
    why = layout.held.get(name)
    return name if why is None else f"{name}\n{layout.words('held', group=layout.title(name), why=why)}"


def write_leads(book: Book, layout: Layout, sheet: Any, top: int) -> None:
    for place, (name, cells) in enumerate(layout.leads):
        for row, cell in enumerate(cells):
            book.text(sheet, row + top, place, cell)
        book.widen(sheet, place, [name, *cells[:2000]], most=36)


def shade(sheet: Any, top: int, left: int, bottom: int, right: int, rising: bool = True) -> None:
    low, middle, high = SHADES if rising else SHADES[::-1]
    scale = {"type": "3_color_scale", "min_color": low, "mid_color": middle, "max_color": high}
    sheet.conditional_format(top, left, bottom, right, scale)


def largest(values: FloatArray) -> float:
    return float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0


def page(sheet: Any, last_head: int, first_head: int = 0) -> None:
    """Printed on its side, one page wide, the header on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first_head, last_head)
