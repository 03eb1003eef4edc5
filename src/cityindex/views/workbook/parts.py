"""The sheets behind the results, a row for each unit: calculation and contributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cityindex.methods._arrays import FloatArray
from cityindex.views.workbook.book import FAINT, Book, decimals
from cityindex.views.workbook.common import about, largest, page, shade, write_leads
from cityindex.views.workbook.formulas import contribution, group_formula, part_formula, scaled
from cityindex.views.workbook.layout import Layout

__all__ = ["add_calculation", "add_contributions"]


def add_calculation(book: Book, layout: Layout, sheet: Any) -> None:
    """Carried values: normalised indicators, then groups; above them the weights that the formulas read."""
    leads = tuple(name for name, _ in layout.leads)
    names = [*leads, *layout.titles(layout.nodes, leads)]
    book.text(sheet, 0, 0, book.words["weight_row"], book.style(**FAINT))
    book.head(sheet, 1, names, [*[""] * layout.lead, *[about(layout, name) for name in layout.nodes]])
    write_leads(book, layout, sheet, 2)
    for task in layout.tasks.values():
        if layout.live(task.id) and layout.side_by_side(task):
            weights = layout.raw_weights(task.id)
            look = book.style(num_format="0.####", **FAINT)
            for child, weight in zip(task.children, weights if weights is not None else (), strict=True):
                formula = f"={book.of('weights')}$D${layout.edges[task.id, child]}"
                book.formula(sheet, 0, layout.column_of(child), formula, weight, look)
    for name in layout.nodes:
        values = layout.result.column(name, of="carried")
        style = book.style(num_format=decimals(largest(values)))
        if layout.live(name):
            _write_group(book, layout, sheet, name, values, style)
        else:
            for row, value in enumerate(values.tolist()):
                book.number(sheet, row + 2, layout.column_of(name), value, style)
        shade(sheet, 2, layout.column_of(name), len(values) + 1, layout.column_of(name))
        book.widen(sheet, layout.column_of(name), [layout.title(name)], least=10, most=18)
    sheet.freeze_panes(2, layout.lead)
    page(sheet, 1)


def _write_group(book: Book, layout: Layout, sheet: Any, name: str, values: FloatArray, style: Any) -> None:
    task, settled = layout.tasks[name], layout.settled(name)
    template, column = group_formula(layout, task), layout.column_of(name)
    filled = np.zeros(len(values), bool) if settled.filled is None else settled.filled.any(axis=1)
    carried = np.column_stack([layout.result.column(child, of="carried") for child in task.children])
    for row, value in enumerate(values.tolist()):
        if value != value:
            continue
        if template is None or filled[row]:
            formula = part_formula(layout, book, task, row, settled.x[row], carried[row])
        else:
            formula = template.format(r=row + 3)
        book.formula(sheet, row + 2, column, formula, value, style)


def add_contributions(book: Book, layout: Layout, sheet: Any) -> None:
    """What each leaf adds to the score of the index; the row above numbers the parts that charts add up."""
    leads, split = [name for name, _ in layout.leads], layout.split
    paths = [str(path) for path in split.columns]
    titles = layout.titles(tuple(path.rsplit("/", 1)[-1] for path in paths), tuple(leads))
    book.text(sheet, 0, 0, book.words["part"], book.style(**FAINT))
    book.head(sheet, 1, [*leads, *titles], [*[""] * layout.lead, *paths])
    write_leads(book, layout, sheet, 2)
    style = book.style(num_format=decimals(largest(split.to_numpy(np.float64))))
    for place, path in enumerate(paths):
        column = layout.lead + place
        book.number(sheet, 0, column, layout.part_numbers[place], book.style(**FAINT))
        _write_split(book, layout, sheet, column, path, split.iloc[:, place], style)
        book.widen(sheet, column, [titles[place]], least=10, most=18)
    shade(sheet, 2, layout.lead, len(split) + 1, max(layout.lead, layout.lead + len(paths) - 1))
    sheet.freeze_panes(2, layout.lead)
    page(sheet, 1)


def _write_split(
    book: Book, layout: Layout, sheet: Any, column: int, path: str, values: pd.Series[float], style: Any
) -> None:
    ids = tuple(path.split("/"))
    kind, group = layout.split_kind(path)
    template = contribution(layout, book, ids) if kind == "live" else ""
    there = np.isfinite([layout.result.column(name, of="carried") for name in ids])
    whole = np.logical_and.reduce(there, axis=0)
    for row, value in enumerate(values.tolist()):
        if kind == "held" or not whole[row] or value != value:
            book.number(sheet, row + 2, column, value, style)
            continue
        formula = template.format(r=row + 3) if template else scaled(layout, book, ids, group, value)
        book.formula(sheet, row + 2, column, formula, value, style)
