"""The sheet of native charts: the first twenty by score, and what their scores are made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from cityindex.views.workbook.book import FAINT, Book, decimals, letter
from cityindex.views.workbook.common import largest
from cityindex.views.workbook.formulas import column_range, published
from cityindex.views.workbook.layout import PARTS, Layout

__all__ = ["add_charts", "add_ranges"]

TOP = 20
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")  # Okabe and Ito
GRID = {"visible": True, "line": {"color": "#E5E5E5", "width": 0.5}}


def add_charts(book: Book, layout: Layout, sheet: Any) -> None:
    """The numbers of the charts, which follow the formulas, and the charts beside them."""
    count = min(TOP, int(np.isfinite(layout.places).sum()))
    if not count:
        return
    words = book.words
    parts = _parts(layout)
    names = [words["place"], words["row"], words["unit"], layout.title(layout.result.root), *parts]
    book.head(sheet, 0, names)
    _write_top(book, layout, sheet, count, len(parts))
    book.widen(sheet, 2, [names[2], *_labels(layout)], most=30)
    for column in range(3, len(names)):
        book.widen(sheet, column, [names[column]], least=9, most=16)
    sheet.freeze_panes(1, 3)
    left = len(names) + 1
    title = _title(book, sheet, "charts", 1, left, words("top", layout.name, count))
    series = [(3, COLOURS[0])]
    chart = _bars(book, title, series, count, lowest=float(np.nanmin(layout.result.column())), stacked=False)
    sheet.insert_chart(0, left, chart, {"description": words("top", layout.name, count)})
    if len(parts) > 1:
        stack = [(4 + place, COLOURS[place]) for place in range(len(parts))]
        second = 8 + count + count // 4
        title = _title(book, sheet, "charts", second + 1, left, words("split", layout.name))
        chart = _bars(book, title, stack, count, lowest=float(np.nanmin(layout.split.to_numpy())), stacked=True)
        sheet.insert_chart(second, left, chart, {"description": words("split", layout.name)})
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)


def _parts(layout: Layout) -> list[str]:
    """The names of the parts: those right under the root; the last stands for all that are left."""
    names = [layout.title(name) for name in layout.parts]
    return names if len(names) <= PARTS else [*names[: PARTS - 1], layout.words["other"]]


def _labels(layout: Layout) -> tuple[str, ...]:
    return layout.result.labels or layout.result.units


def _write_top(book: Book, layout: Layout, sheet: Any, count: int, parts: int) -> None:
    """Place, row and unit of the first ones, their score, and the sums of their contributions by part."""
    result, units = layout.result, len(layout.result)
    order = column_range(book.of("ranks"), layout.order_column, 2, units)
    labels = column_range(book.of("calculation"), 1 if result.labels is not None else 0, 3, units)
    carried = column_range(book.of("calculation"), layout.column_of(result.root), 3, units)
    rows = [int(np.flatnonzero(layout.places == place)[0]) for place in range(1, count + 1)]
    scores = result.column()
    split = layout.split.to_numpy(np.float64)
    numbers = np.array(layout.part_numbers)
    shown, each = layout.number_format(result.root), decimals(largest(scores))
    for place, row in enumerate(rows):
        excel = place + 2
        book.number(sheet, place + 1, 0, place + 1)
        cells: list[tuple[int, str, Any]] = [
            (1, f"=MATCH(A{excel},{order},0)", row + 1),
            (2, f"=INDEX({labels},B{excel})", _labels(layout)[row]),
            (3, f"={published(layout, result.root, f'INDEX({carried},B{excel})')}", float(scores[row])),
        ]
        for part in range(parts):
            value = float(np.nansum(split[row, numbers == part + 1]))
            cells.append((4 + part, f"={_sum_of_part(book, layout, part + 1, excel)}", value))
        for column, formula, value in cells:
            if column == 2:
                style = book.style(indent=1)
            else:
                style = book.style(num_format="0" if column == 1 else shown if column == 3 else each)
            if layout.charts_live:
                book.formula(sheet, place + 1, column, formula, value, style)
            elif isinstance(value, str):
                book.text(sheet, place + 1, column, value, style)
            else:
                book.number(sheet, place + 1, column, value, style)


def _sum_of_part(book: Book, layout: Layout, part: int, excel: int) -> str:
    """The contributions of one part to the unit in the row that stands in column B."""
    sheet, last = book.of("contributions"), len(layout.result) + 2
    first, end = letter(layout.lead), letter(layout.lead + len(layout.part_numbers) - 1)
    row = f"INDEX({sheet}${first}$3:${end}${last},$B{excel},0)"
    return f"SUMIF({sheet}${first}$1:${end}$1,{part},{row})"


def _title(book: Book, sheet: Any, key: str, row: int, column: int, text: str) -> dict[str, Any]:
    """A chart title, read from a cell under the chart: written out, one that begins with = would be a formula."""
    book.text(sheet, row, column, text, book.style(**FAINT))
    return {"name": [book.words[key], row, column], "name_font": {"size": 12, "bold": True}}


def _bars(
    book: Book, title: dict[str, Any], series: list[tuple[int, str]], count: int, *, lowest: float, stacked: bool
) -> Any:
    """A chart of horizontal bars from 0, the first unit at the top; `lowest` is the least number of any unit."""
    chart = book.workbook.add_chart({"type": "bar", **({"subtype": "stacked"} if stacked else {})})
    name = book.words["charts"]
    for column, colour in series:
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 2, count, 2],
                "values": [name, 1, column, count, column],
                "fill": {"color": colour},
                "border": {"color": "#FFFFFF", "width": 0.5},
                "gap": 40,
                **({} if stacked else {"data_labels": {"value": True, "font": {"size": 9}}}),
            }
        )
    chart.set_title(title)
    bare = {"line": {"none": True}, "major_tick_mark": "none", "num_font": {"size": 9}}
    line = {"line": {"color": "#7F7F7F"}, "major_tick_mark": "none", "num_font": {"size": 9}}
    chart.set_y_axis({**line, "reverse": True, "label_position": "low", "interval_unit": 1})
    start = {"min": 0} if lowest >= 0 else {}  # left alone, Excel begins where the numbers do
    chart.set_x_axis({**bare, **start, "major_gridlines": GRID, "label_position": "high"})
    chart.set_legend({"position": "bottom", "font": {"size": 9}} if stacked else {"none": True})
    chart.set_size({"width": 680, "height": 140 + 22 * count})
    return chart


def add_ranges(book: Book, layout: Layout, sheet: Any) -> None:
    """Ranges of ranks of the first twenty, beside the numbers of an uncertainty run."""
    name, lead = book.words["uncertainty"], layout.lead
    count = min(TOP, len(layout.result))
    label = 1 if layout.result.labels is not None else 0
    chart = book.workbook.add_chart({"type": "line"})
    for offset, marker, size in ((2, "long_dash", 9), (3, "circle", 7), (4, "long_dash", 9)):
        colour = COLOURS[0] if offset == 3 else "#7F7F7F"
        chart.add_series(
            {
                "name": [name, 0, lead + offset],
                "categories": [name, 1, label, count, label],
                "values": [name, 1, lead + offset, count, lead + offset],
                "line": {"none": True},
                "marker": {"type": marker, "size": size, "fill": {"color": colour}, "border": {"color": colour}},
            }
        )
    chart.set_high_low_lines({"line": {"color": "#7F7F7F", "width": 1.5}})
    text = book.words("ranges", layout.name)
    chart.set_title(_title(book, sheet, "uncertainty", 2, lead + 11, text))
    chart.set_y_axis({"reverse": True, "min": 1, "major_gridlines": GRID, "num_format": "0", "crossing": "max"})
    chart.set_x_axis({"num_font": {"rotation": -45, "size": 9}, "label_position": "high", "interval_unit": 1})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 440})
    sheet.insert_chart(1, lead + 11, chart, {"description": text})
