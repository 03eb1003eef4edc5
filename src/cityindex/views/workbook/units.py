"""The sheets that a reader looks at first, a row for each unit: results and ranks."""

from __future__ import annotations

from typing import Any

from cityindex.methods._arrays import significant
from cityindex.views.workbook.book import FAINT, Book, letter
from cityindex.views.workbook.common import about, page, shade, write_leads
from cityindex.views.workbook.formulas import (
    column_range,
    published,
    rank_formula,
    significant_formula,
)
from cityindex.views.workbook.layout import Layout

__all__ = ["add_ranks", "add_results"]


def add_results(book: Book, layout: Layout, sheet: Any) -> None:
    """Keys, the published value of every group, rank and tiers."""
    result, words = layout.result, book.words
    leads = tuple(name for name, _ in layout.leads)
    names = [*leads, *layout.titles(result.groups, leads), words["rank"]]
    names += [words["tier"] if name == result.root else words("tier_of", layout.title(name)) for name in result.tiered]
    names = _distinct(names)
    comments = [*[""] * layout.lead, *[about(layout, name) for name in result.groups]]
    book.head(sheet, 0, names, comments)
    write_leads(book, layout, sheet, 1)
    for place, name in enumerate(result.groups):
        _write_shown(book, layout, sheet, layout.lead + place, name)
    ranks, rank_column = result.ranks(), layout.lead + len(result.groups)
    source = f"={book.of('ranks')}${letter(layout.lead + result.groups.index(result.root))}$"
    style = book.style(align="center", num_format="0.##" if (ranks % 1 > 0).any() else "0")
    for row, value in enumerate(ranks.tolist()):
        if value == value:
            book.formula(sheet, row + 1, rank_column, f"{source}{row + 2}", value, style)
    for place, name in enumerate(result.tiered):
        _write_tiers(book, layout, sheet, rank_column + 1 + place, name)
    for place, name in enumerate(names[layout.lead :], start=layout.lead):
        book.widen(sheet, place, [name], least=10, most=26)
    sheet.freeze_panes(1, layout.lead)
    sheet.autofilter(0, 0, len(result), len(names) - 1)
    page(sheet, 0)


def _distinct(names: list[str]) -> list[str]:
    """Names for a header, none of them twice."""
    found: list[str] = []
    for name in names:
        while name in found:
            name += "_"
        found.append(name)
    return found


def _write_shown(book: Book, layout: Layout, sheet: Any, column: int, name: str) -> None:
    """The published column of a group: from its carried cells, where that can be a formula."""
    values = layout.result.column(name)
    style = book.style(num_format=layout.number_format(name), bold=name == layout.result.root)
    for row, value in enumerate(values.tolist()):
        if value != value:
            continue
        formula = published(layout, name, carried(book, layout, name, row)) if layout.single else ""
        if formula:
            book.formula(sheet, row + 1, column, f"={formula}", value, style)
        else:
            book.number(sheet, row + 1, column, value, style)
    if name == layout.result.root:
        bar = {"type": "data_bar", "bar_color": "#9ECAE1", "bar_solid": True, "data_bar_2010": True}
        sheet.conditional_format(1, column, len(values), column, bar)
    else:
        shade(sheet, 1, column, len(values), column, layout.node(name).rank.first == "highest")


def _write_tiers(book: Book, layout: Layout, sheet: Any, column: int, name: str) -> None:
    """The tier of each unit: the label beside the cuts that it reaches."""
    tiers, block = layout.result.tiers(name), layout.tier_blocks.get(name)
    sign = ">" if layout.node(name).rank.first == "highest" else "<"
    style = book.style(align="center")
    for row, tier in enumerate(tiers):
        if tier is None:
            continue
        if block is None or not layout.single:
            book.text(sheet, row + 1, column, tier, style)
            continue
        top, count = block
        where = book.of("tiers")
        labels, cuts = f"{where}$A${top}:$A${top + count - 1}", f"{where}$B${top}:$B${top + count - 2}"
        cell = f"{book.of('ranks')}${letter(layout.compared_column(name))}${row + 2}"
        formula = f"=INDEX({labels},1+SUMPRODUCT(--({cuts}{sign}{cell})))"
        book.formula(sheet, row + 1, column, formula, tier, style)


# -- ranks ------------------------------------------------------------------------------------------------------------


def carried(book: Book, layout: Layout, name: str, row: int) -> str:
    """The carried cell of a unit.

    It is absolute, like every cell that the results name: sorted by a reader, each row keeps its own numbers.
    """
    return f"{book.of('calculation')}${layout.calculated(name)}${row + 3}"


def add_ranks(book: Book, layout: Layout, sheet: Any) -> None:
    """The rank of each unit by every group; behind them the numbers that are compared."""
    result, words = layout.result, book.words
    names = [name for name, _ in layout.leads]
    names += layout.titles(result.groups, tuple(names))
    names += [words["place"]] + ([words["period_code"]] if result.periods is not None else [])
    helped = result.groups if layout.single else ()
    names += [words("compared", layout.title(name)) for name in helped]
    book.head(sheet, 0, names, [*[""] * layout.lead, *result.groups])
    write_leads(book, layout, sheet, 1)
    for name in helped:
        _write_compared(book, layout, sheet, name)
    _write_order(book, layout, sheet)
    for place, name in enumerate(result.groups):
        _write_ranks(book, layout, sheet, layout.lead + place, name)
    for place, title in enumerate(names[layout.lead :], start=layout.lead):
        book.widen(sheet, place, [title], least=8, most=22)
    sheet.freeze_panes(1, layout.lead)
    sheet.print_area(0, 0, len(result), layout.order_column - 1)
    page(sheet, 0)


def _write_compared(book: Book, layout: Layout, sheet: Any, name: str) -> None:
    """What ranks and tiers compare: published or carried numbers, at 12 significant digits."""
    of, column = layout.node(name).rank.of, layout.compared_column(name)
    style = book.style(num_format="0.######", **FAINT)
    for row, value in enumerate(significant(layout.result.column(name, of=of)).tolist()):
        if value != value:
            continue
        cell = carried(book, layout, name, row)
        formula = published(layout, name, cell) if of == "published" else cell
        if not formula:
            book.number(sheet, row + 1, column, value, style)
            continue
        formula = formula if layout.compared_as_shown(name) else significant_formula(formula)
        book.formula(sheet, row + 1, column, f"={formula}", value, style)


def _write_ranks(book: Book, layout: Layout, sheet: Any, column: int, name: str) -> None:
    ranks, rule = layout.result.ranks(name), layout.node(name).rank
    own = letter(layout.compared_column(name))
    cells = column_range("", layout.compared_column(name), 2, len(ranks))
    style = book.style(align="center", num_format="0.##" if (ranks % 1 > 0).any() else "0")
    periods = column_range("", layout.period_column, 2, len(ranks)) if layout.result.periods is not None else None
    for row, value in enumerate(ranks.tolist()):
        if value != value:
            continue
        if not layout.ranked_live(name):
            book.number(sheet, row + 1, column, value, style)
            continue
        pair = None if periods is None else (f"${letter(layout.period_column)}{row + 2}", periods)
        formula = rank_formula(f"{own}{row + 2}", cells, rule.ties, rule.first, pair)
        book.formula(sheet, row + 1, column, formula, value, style)
    shade(sheet, 1, column, len(ranks), column, rising=False)


def _write_order(book: Book, layout: Layout, sheet: Any) -> None:
    """A place for each unit that no other has (ties in the order of the table), for the charts; and the periods."""
    result, name = layout.result, layout.result.root
    places, style = layout.places, book.style(**FAINT)
    own = letter(layout.compared_column(name))
    cells = column_range("", layout.compared_column(name), 2, len(result))
    direction = 0 if layout.node(name).rank.first == "highest" else 1
    for row, value in enumerate(places.tolist()):
        if value != value:
            continue
        if not layout.charts_live:
            book.number(sheet, row + 1, layout.order_column, value, style)
            continue
        formula = f"=RANK({own}{row + 2},{cells},{direction})"
        if row:
            formula += f"+COUNTIF(${own}$2:{own}{row + 1},{own}{row + 2})"
        book.formula(sheet, row + 1, layout.order_column, formula, value, style)
    if result.periods is not None:
        for row, code in enumerate(layout.period_codes.tolist()):
            book.number(sheet, row + 1, layout.period_column, code, style)
