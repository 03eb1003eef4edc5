"""The sheets that say what was done: weights, tiers, notes, the spec, and what an uncertainty run found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex.methods._arrays import significant
from cityindex.spec import dump, fingerprint
from cityindex.views.workbook.book import FAINT, INPUT, Book, decimals
from cityindex.views.workbook.common import largest, page
from cityindex.views.workbook.layout import Layout

if TYPE_CHECKING:
    from cityindex.robustness.record import Uncertainty

__all__ = ["add_notes", "add_spec", "add_tiers", "add_uncertainty", "add_weights"]


def add_weights(book: Book, layout: Layout, sheet: Any) -> None:
    """The tree with local and global weights; the yellow cells are what the formulas read."""
    words, table = book.words, layout.weights
    keys = ("title", "node", "parent", "weight", "local", "global", "provenance")
    names = [words[key] for key in keys] + ([] if layout.single else [words["edition"]])
    book.head(sheet, 0, names, ["", "", "", words["change_me"]])
    titles = [layout.title(name) for name in table["node"]]
    origins = [words.voice.provenance(said) for said in table["provenance"]]
    for place, row in enumerate(table.to_dict("records")):
        depth = row["path"].count("/")
        book.text(sheet, place + 1, 0, titles[place], book.style(indent=depth, bold=row["node"] in layout.tasks))
        book.text(sheet, place + 1, 1, row["node"], book.style(**FAINT))
        book.text(sheet, place + 1, 2, row["parent"], book.style(**FAINT))
        _write_weight(book, layout, sheet, place, row)
        book.text(sheet, place + 1, 6, origins[place], book.style(indent=1))
        if not layout.single:
            book.text(sheet, place + 1, 7, row["edition"])
    book.widen(sheet, 0, [words["title"], *(f"{title}      " for title in titles)], least=20, most=60)
    for column, cells in ((1, table["node"]), (2, table["parent"]), (6, origins)):
        book.widen(sheet, column, [names[column], *cells])
    for column in (3, 4, 5):
        book.widen(sheet, column, [names[column]], least=12)
    sheet.freeze_panes(1, 1)
    page(sheet, 0)


def _write_weight(book: Book, layout: Layout, sheet: Any, place: int, row: dict[str, Any]) -> None:
    """The weight as written, its share in the group and in the index: formulas where the group is one."""
    excel, edge = place + 2, (row["parent"], row["node"])
    share = book.style(num_format="0.0###%")
    raw = layout.raw_weights(row["parent"]) if row["parent"] in layout.tasks else None
    if raw is None:
        book.number(sheet, place + 1, 4, row["local"], share)
        book.number(sheet, place + 1, 5, row["global"], share)
        return
    task = layout.tasks[row["parent"]]
    own = float(raw[task.children.index(row["node"])])
    first, live = layout.edges[edge], layout.live(row["parent"])
    percent = bool(raw.max() <= 1 and abs(raw.sum() - 1) < 1e-9)
    look = {"num_format": "0.0###%" if percent else "General", **(INPUT if live and first == excel else FAINT)}
    if not task.group.aggregate.method.takes_weights:
        pass
    elif first == excel:
        book.number(sheet, place + 1, 3, own, book.style(**look))
    else:
        book.formula(sheet, place + 1, 3, f"=$D${first}", own, book.style(**look))
    if not live:
        book.number(sheet, place + 1, 4, row["local"], share)
    else:
        every = "+".join(f"$D${layout.edges[row['parent'], child]}" for child in task.children)
        whole = f"=D{excel}/({every})" if task.group.aggregate.method.averages else f"=D{excel}"
        whole = f"=D{excel}/{float(raw.sum())!r}" if len(whole) > 8000 else whole
        book.formula(sheet, place + 1, 4, whole, row["local"], share)
    _write_global(book, layout, sheet, excel, row, share)


def _write_global(book: Book, layout: Layout, sheet: Any, excel: int, row: dict[str, Any], share: Any) -> None:
    above = layout.above(row["root"], row["path"])
    if row["global"] == row["global"]:
        formula = f"=E{excel}" if above is None else f"=E{excel}*F{above}"
        book.formula(sheet, excel - 1, 5, formula, row["global"], share)


def add_tiers(book: Book, layout: Layout, sheet: Any) -> None:
    """For each group with tiers: their labels, cuts, and how many units each holds."""
    words, result = book.words, layout.result
    for name, (top, count) in layout.tier_blocks.items():
        labels = layout.tier_labels(name, count)
        highest = layout.node(name).rank.first == "highest"
        book.text(sheet, top - 3, 0, layout.title(name), book.style(bold=True, font_size=12))
        book.head(sheet, top - 2, [words["tier"], words["from" if highest else "to"], words["count"]])
        cuts = significant(result.cuts(name))
        found = result.tiers(name)
        column = layout.tier_column(name)
        cells = f"{book.of('results')}${column}$2:${column}${len(result) + 1}"
        style = book.style(num_format="0.######")
        for place, label in enumerate(labels):
            row = top - 1 + place
            book.text(sheet, row, 0, label)
            if place < len(cuts):
                book.number(sheet, row, 1, float(cuts[place]), style)
            book.formula(sheet, row, 2, f"=SUMPRODUCT(--({cells}=$A{row + 1}))", found.count(label))
    book.widen(sheet, 0, [layout.title(name) for name in layout.tier_blocks], least=16)
    book.widen(sheet, 1, [], least=12)
    page(sheet, 0)


def about_lines(layout: Layout, version: str) -> list[str]:
    """What a reader has to know of the workbook: what is a formula, what is a value, and why."""
    words, result = layout.words, layout.result
    mark = fingerprint(result.spec)
    lines = [words("about", version=version, title=layout.name, units=f"{len(result):,}", mark=mark)]
    lines += [words["live_all"]] if any(layout.live(name) for name in layout.tasks) else []
    lines += [words("held", group=layout.title(name), why=why) for name, why in layout.held.items()]
    for name in result.groups if layout.single else ():
        group, node = layout.title(name), layout.node(name)
        if layout.rounding(name) is None:
            why = ", ".join(call.name for call in node.publish)
            lines.append(words("held_shown", group=group, why=why))
        if not layout.ranked_live(name):
            lines.append(words("held_dense", group=group))
        if layout.learned_weights(name):
            lines.append(words("learned_weights", group=group, method=layout.learned_weights(name)))
        if name in layout.tier_blocks and node.tiers.call.name != "cuts":
            lines.append(words("learned_cuts", group=group, method=node.tiers.call.name))
    kinds = dict.fromkeys(layout.split_kind(str(path)) for path in layout.split.columns) if layout.tasks else {}
    lines += [words("scaled_parts", group=layout.title(group)) for kind, group in kinds if kind == "scaled"]
    lines += [words["held_parts"]] if any(kind == "held" for kind, _ in kinds) else []
    if result.periods is not None and layout.chosen.any():
        period = result.periods[int(np.flatnonzero(layout.chosen)[0])]
        lines.append(words("static_charts", period=period))
    if layout.single and not layout.charts_live:
        lines.append(words["held_charts"])
    return lines


def add_notes(book: Book, layout: Layout, sheet: Any, version: str) -> None:
    """First what the workbook is, then everything that was done to the data."""
    words, voice = book.words, book.words.voice
    keys = ("kind", "message", "node", "column", "units")
    book.head(sheet, 0, [words[key] for key in keys])
    widths = (12, 90, 18, 24, 40)
    rows = [(words["workbook"], line, "", "", "") for line in about_lines(layout, version)]
    for note in layout.result.notes:
        kind, message = voice.kind_of_note(note.kind), voice.said(note.message)
        rows.append((kind, message, note.node or "", note.column or "", ", ".join(note.units)))
    for place, row in enumerate(rows, start=1):
        book.wrapped(sheet, place, row, widths)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    page(sheet, 0)


def add_spec(book: Book, layout: Layout, sheet: Any) -> None:
    """The index as YAML, a line a row: copied out, it can be run."""
    style = book.style(font_name="Consolas", font_size=10, text_wrap=True, valign="top")
    for row, line in enumerate(dump(layout.result.spec).splitlines()):
        book.text(sheet, row, 0, line, style)
    sheet.set_column(0, 0, 120)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def add_uncertainty(book: Book, layout: Layout, sheet: Any, uncertainty: Uncertainty) -> None:
    """Each unit's rank and score over the draws, best first; values."""
    frame = uncertainty.to_frame()
    frame = frame.sort_values("rank", kind="stable", na_position="last")
    lead = layout.lead
    known = ("score", "rank", "low", "median", "high", "mean_rank", "mean", "sd", "lowest", "highest")
    names = [*frame.columns[:lead], *(book.words[key] for key in known)]
    book.head(sheet, 0, [str(name) for name in names])
    for column, name in enumerate(frame.columns):
        _write_column(book, sheet, column, frame.iloc[:, column], text=column < lead, whole=name in known[1:5])
        cells = frame.iloc[:2000, column].tolist() if column < lead else []
        book.widen(sheet, column, [names[column], *cells], least=10, most=30)
    sheet.freeze_panes(1, lead)
    page(sheet, 0)


def _write_column(book: Book, sheet: Any, column: int, cells: pd.Series[Any], *, text: bool, whole: bool) -> None:
    if text:
        for row, cell in enumerate(cells, start=1):
            book.text(sheet, row, column, cell)
        return
    numbers = cells.to_numpy(np.float64, na_value=np.nan)
    style = book.style(num_format="0.##" if whole else decimals(largest(numbers)))
    for row, number in enumerate(numbers.tolist(), start=1):
        book.number(sheet, row, column, number, style)
