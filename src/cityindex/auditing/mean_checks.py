"""Printed means: those of groups against those of their parts, and that of a list against its scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cityindex.auditing.bounds import aggregated, through, widened
from cityindex.auditing.effective import local_weights
from cityindex.auditing.finding import Finding, Verdict
from cityindex.auditing.interval import Interval, total
from cityindex.auditing.printed_cells import number_printed
from cityindex.auditing.printed_tables import PrintedTable, shown_digits
from cityindex.auditing.rows import Row, summary
from cityindex.spec.model import Group, Spec
from cityindex.table import Table

__all__ = ["check_means"]

ITEM, VALUE = "item", "value"  # the columns of a table of means
ASIDE = ("title", "note", "line", "unit", "kind")  # what such a table may say beside them


@dataclass(frozen=True, slots=True)
class _Mean:
    """One printed mean of one node, over everything (no label) or over some of it (a tier, a region)."""

    text: str
    value: Interval
    line: int | None
    table: str


Means = dict[str, dict[str, _Mean]]  # label → node → mean


def check_means(
    spec: Spec, printed: Mapping[str, PrintedTable], tables: Mapping[str, Table]
) -> Iterator[tuple[Finding, list[Row]]]:
    """Every group whose mean is printed with those of its parts, and every list whose mean is printed."""
    means = _read(spec, tables)
    for group in spec.groups:
        rows = [row for label, known in means.items() for row in _of_parts(group, label, known)]
        if rows:
            parts = ", ".join(child.id for child in group.children)
            claim = f"the printed mean of {group.id} follows from the means of its parts ({parts})"
            where = next(known[group.id].table for known in means.values() if group.id in known)
            yield summary(spec, "means", group.id, claim, rows, place=f"table {where}"), rows
    for node, mean in means.get("", {}).items():
        if node in printed:
            yield _of_list(spec, printed[node], mean)


def _read(spec: Spec, tables: Mapping[str, Table]) -> Means:
    """The means of all tables that have an item and a value, by label; items are ids of nodes, or their titles."""
    titles: dict[str, str | None] = {}
    for node in spec.nodes.values():
        for title in (node.title or {}).values():
            titles[title] = None if title in titles else node.id
    found: Means = {}
    for name, table in tables.items():
        if not {ITEM, VALUE} <= set(table.columns):
            continue
        digits = shown_digits(table, VALUE)
        labels = _labels(table)
        line = table.text("line") if "line" in table.columns else [""] * len(table)
        for row, (item, text) in enumerate(zip(table.text(ITEM), table.text(VALUE), strict=True)):
            known = item if item in spec.nodes else titles.get(item)
            value = number_printed(str(text), digits)
            if known is not None and value is not None:
                at = int(line[row]) if str(line[row]).isdecimal() else None
                found.setdefault(labels[row], {}).setdefault(known, _Mean(str(text), value, at, name))
    return found


def _labels(table: Table) -> list[str]:
    """What else tells the rows apart, such as a tier; nothing where each item stands once."""
    items = table.text(ITEM)
    columns = [column for column in table.columns if column not in (ITEM, VALUE) and not _aside(column)]
    if len(set(items)) == len(items) or not columns:
        return [""] * len(table)
    return [" / ".join(str(cell) for cell in cells) for cells in zip(*map(table.text, columns), strict=True)]


def _aside(column: str) -> bool:
    return column.startswith(ASIDE) or column.endswith(ASIDE)


def _of_parts(group: Group, label: str, known: Mapping[str, _Mean]) -> Iterator[Row]:
    """A mean is the aggregate of the means of the parts where the aggregate is linear, and nothing else is done."""
    linear = group.aggregate.name in ("arithmetic", "sum") and all(call.name == "rescale" for call in group.steps)
    weights = local_weights(group) if linear else None
    if weights is None or group.id not in known or any(child.id not in known for child in group.children):
        return
    values = [known[child.id].value for child in group.children]
    made = aggregated(group.aggregate, values, weights)
    made = None if made is None else through(group.steps, made)
    if made is None:
        return
    mean = known[group.id]
    middle = aggregated(group.aggregate, [Interval(each.middle, each.middle) for each in values], weights)
    shown = "" if middle is None else f"{middle.shown()} from the means as printed"
    verdict: Verdict = "holds" if made.meets(widened(mean.value)) else "fails"
    yield Row("means", group.id, label, mean.text, made.shown(), made, verdict, shown, mean.line)


def _of_list(spec: Spec, table: PrintedTable, mean: _Mean) -> tuple[Finding, list[Row]]:
    """The mean of the printed scores; a list may leave out units, so that it can confirm a mean and not refute it."""
    values = [value for value in table.unrounded if value is not None]
    made = total(values).scaled(Fraction(1, max(len(values), 1)))
    middle = Interval(made.middle, made.middle)
    fits = bool(values) and made.meets(mean.value)
    note = f"the {len(values)} printed scores average {middle.shown()}"
    note += "" if fits else "; others may be left out of the list"
    verdict: Verdict = "holds" if fits else "undecided"
    row = Row("means", table.node, "", mean.text, made.shown(), made, verdict, note, mean.line)
    claim = f"the printed mean of {table.node} is that of its printed scores"
    name = Finding(
        index=spec.id,
        id=f"means-{table.node}-list",
        claim=claim,
        kind="means",
        published=mean.text,
        computed=middle.shown(),
        verdict=verdict,
        note=note,
        line=mean.line,
        place=f"table {mean.table}",
    )
    return name, [row]
