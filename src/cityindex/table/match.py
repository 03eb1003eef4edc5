"""A table set against a spec: which column is what, and everything that does not fit, told at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from cityindex._values import Frozen
from cityindex.errors import Problem, TableError
from cityindex.spec.model import Call, Indicator, Node, Spec
from cityindex.table.cells import ObjectArray
from cityindex.table.columns import Columns, assign_columns, resolve
from cityindex.table.grid import listed
from cityindex.table.names import close
from cityindex.table.numbers import read_cell
from cityindex.table.record import Note, Table

__all__ = ["Match", "match"]

TOTAL_WORDS = ("total", "totals", "grand total", "subtotal", "sum", "average", "mean")
TOTALS = frozenset(
    ["合计", "总计", "小计", "共计", "平均", "平均值", "均值"]
    + [form for word in TOTAL_WORDS for form in (word, word.capitalize(), word.title(), word.upper())]
)


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Which column of a table is what in a spec.

    Attributes
    ----------
    table
        The table, its rows named by the key (and period) in messages; its columns are read once.
    key_column, label_column, period_column
        The columns that name a unit, show it, and tell its period (None: there is none).
    columns
        Node id → column, for the indicators to be read and the given nodes (constants have none).
    per
        Indicator id → the column it is divided by.
    label_columns
        Name in `where`, `within` or `reference` → column.
    given
        Nodes whose carried value is read, in the order of the spec.
    skipped
        Nodes that stand only under given ones, and are not computed.
    keys, labels, periods
        Per row: the unit's key; its label (the key where there is none); its period, or None for all.
    notes
        What was noticed, reading the file included.
    """

    table: Table
    key_column: str
    label_column: str | None
    period_column: str | None
    columns: Mapping[str, str]
    per: Mapping[str, str]
    label_columns: Mapping[str, str]
    given: tuple[str, ...]
    skipped: frozenset[str]
    keys: list[str]
    labels: ObjectArray | None
    periods: ObjectArray | None
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Roles:
    """The columns that are not numbers."""

    key: str | None = None
    label: str | None = None
    period: str | None = None
    labels: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        return [column for column in (self.key, self.label, self.period) if column is not None]


def match(
    spec: Spec,
    table: Table,
    *,
    given: Sequence[str] = (),
    key: str | None = None,
    beside: Iterable[Spec] = (),
) -> Match:
    """Find what the spec reads in the table, and read it.

    A name fits a column exactly (its alias, `column`, id, title in any language) or, failing that, nearly: width,
    case, spaces, hyphens and bracketed units aside; that is noted, and refused where it is not unique.

    Parameters
    ----------
    spec
        The index.
    table
        Units (× periods) × columns.
    given
        Nodes whose carried value is a column of the table. A group is given without saying so if a column has its
        name and nothing below it is there.
    key
        The key column; None: that of the table, else of the spec, else the first column that no node reads.
    beside
        The specs of other editions: what they read is no key either.

    Raises
    ------
    TableError
        Columns that are missing or fit twice, cells that are no numbers, units twice or without a key: all of them.

    Examples
    --------
    >>> from cityindex._values import Text
    >>> from cityindex.spec.model import Group, Indicator, Unit
    >>> from cityindex.table import match, read_table
    >>> index = Group("score", children=(Indicator("gdp", title=Text.of("GDP（亿元）")), Indicator("area")))
    >>> spec = Spec(Frozen(), "toy", None, None, (), None, Unit(), Frozen(), None, index)
    >>> found = match(spec, read_table({"city": ["昆山市"], "GDP": [4277], "area": [931]}))
    >>> found.key_column, dict(found.columns)
    ('city', {'gdp': 'GDP', 'area': 'area'})
    """
    said = key or table.key or spec.unit.key
    roles = _roles(spec, table, said)
    found = assign_columns(spec, table, (given,) if isinstance(given, str) else given, roles.columns)
    roles.labels = _label_columns(spec, table, found, roles)
    if said is None:
        asked = (given,) if isinstance(given, str) else given
        others = [assign_columns(other, table, asked, roles.columns) for other in beside]
        _choose_key(table, [found, *others], roles)
    problems = [*roles.problems, *found.problems]
    if roles.key is not None:
        table = table.keyed(roles.key, period=roles.period)
        problems += _bad_keys(table, roles.key, roles.period)
    read = {column: node for mapping in (found.per, found.columns) for node, column in mapping.items()}
    for column in read:
        problems += table.numbers(column).problems
    if problems or roles.key is None:
        summary = f"{table.source} does not fit {spec.id} (its columns: {listed(table.columns, 12)}):"
        raise TableError(problems, summary=summary)
    return _matched(spec, table, found, roles, read, roles.key)


def _matched(spec: Spec, table: Table, found: Columns, roles: _Roles, read: Mapping[str, str], key: str) -> Match:
    numbers = [Note("numbers", text, read[c], c) for c in read for text in table.numbers(c).notes]
    unused = _unused(spec, table, {*read, *roles.columns, *roles.labels.values()})
    keys = table.text(key)
    labels = None
    if roles.label is not None:
        texts = table.text(roles.label)
        labels = np.where(texts == "", keys, texts)
    return Match(
        table=table,
        key_column=key,
        label_column=roles.label,
        period_column=roles.period,
        columns=Frozen(found.columns),
        per=Frozen(found.per),
        label_columns=Frozen(roles.labels),
        given=tuple(node for node in spec.nodes if node in found.given),
        skipped=frozenset(spec.nodes) - found.needed,
        keys=keys.tolist(),
        labels=labels,
        periods=None if roles.period is None else table.labels(roles.period),
        notes=(*table.notes, *roles.notes, *found.notes, *numbers, *unused, *_totals(table, key)),
    )


def _roles(spec: Spec, table: Table, key: str | None) -> _Roles:
    """Key, label and period, where they are said."""
    roles = _Roles()
    said = {"key": key or spec.unit.key, "label": spec.unit.label, "period": spec.unit.period}
    for role, name in said.items():
        if name is not None:
            setattr(roles, role, _one(spec, table, name, f"unit: {role}", roles))
    return roles


def _one(spec: Spec, table: Table, name: str, what: str, roles: _Roles) -> str | None:
    """The one column that a name means; none or several are a problem (for labels a note: nothing depends on them)."""
    fit = resolve(spec, table, name)
    if len(fit.columns) == 1:
        if fit.nearly:
            message = f"column {fit.columns[0]!r} is read for {what}: it is nearly {name!r}"
            roles.notes.append(Note("column", message, column=fit.columns[0]))
        return fit.columns[0]
    if what == "unit: label":
        roles.notes.append(Note("label", f"no one column {name!r} for the labels: units are shown by their keys"))
    elif fit.columns:
        roles.problems.append(Problem(f"columns {' and '.join(map(repr, fit.columns))} all fit {what} {name!r}"))
    else:
        near = close([name], table.columns)
        hint = f"Did you mean {near!r}?" if near else f"The table has {listed(table.columns)}."
        roles.problems.append(Problem(f"no column {name!r} for {what}. {hint}"))
    return None


def _label_columns(spec: Spec, table: Table, found: Columns, roles: _Roles) -> dict[str, str]:
    """The columns of every `where`, `within` and `reference` that is needed."""
    wanted = dict.fromkeys(spec.reference or (), "reference")
    for node in spec.nodes.values():
        if node.id in found.needed:
            wanted.update({name: f"{what} of {node.id}" for name, what in _labels_of(node, node.id in found.given)})
    columns = {name: _one(spec, table, name, what, roles) for name, what in wanted.items()}
    return {name: column for name, column in columns.items() if column is not None}


def _labels_of(node: Node, given: bool) -> Iterator[tuple[str, str]]:
    """The label columns that a node names; a given one has its steps and its missing cells behind it."""
    for name in node.where or ():
        yield name, "where"
    calls = [*node.publish] if given else [*node.steps, *node.publish]
    if not given and not isinstance(node, Indicator):
        calls += [node.missing, *([node.weights] if isinstance(node.weights, Call) else [])]
    for call in calls:
        if call.within is not None:
            yield call.within, "within"


def _choose_key(table: Table, found: Sequence[Columns], roles: _Roles) -> None:
    """Without a word about it, the key is the first column that nothing else reads."""
    read = {*roles.columns, *roles.labels.values()}
    read |= {column for each in found for column in (*each.columns.values(), *each.per.values())}
    roles.key = next((column for column in table.columns if column not in read), None)
    if roles.key is None:
        roles.problems.append(
            Problem("no column is left to name the units: say unit: {key: …} in the spec, or key= when reading")
        )
    else:
        message = f"column {roles.key} names the units: the first that no indicator reads"
        roles.notes.append(Note("key", message, column=roles.key))


def _bad_keys(table: Table, key: str, period: str | None) -> Iterator[Problem]:
    """Rows without a key or period, and units that stand twice (within a period)."""
    if period is None:
        names = set(table.text(key).tolist())
        if len(names) == len(table) and "" not in names:
            return
    parts = {"key": table.text(key)} if period is None else {"key": table.text(key), "period": table.labels(period)}
    for (role, texts), column in zip(parts.items(), (key, period), strict=False):
        empty = np.flatnonzero(texts == "")
        if empty.size:
            where = ", ".join(str(table.lines[row]) for row in empty[:50]) + (", …" if empty.size > 50 else "")
            rows_ = "row" if empty.size == 1 else "rows"
            message = f"no {role} in {empty.size:,} of {len(table):,} rows ({rows_} {where})"
            yield Problem(message + _footnote(table, int(empty[0])), f"column {column}")
    units = list(zip(*(texts.tolist() for texts in parts.values()), strict=True))
    if len(set(units)) == len(units):
        return
    counts = Counter(units)
    rows_of: dict[str, list[int]] = {}
    for row, unit in enumerate(units):
        if counts[unit] > 1 and unit[0]:
            rows_of.setdefault(table.name(row), []).append(row)
    for name, rows in rows_of.items():
        lines = " and ".join(str(table.lines[row]) for row in rows)
        yield Problem(f"stands {len(rows)} times (rows {lines})", f"unit {name}")
    if period is None and 2 * len(rows_of) >= len(counts) and len(rows_of) > 1:
        yield Problem("most units stand several times: is one of the columns a period? Say unit: {period: …}")


def _footnote(table: Table, row: int) -> str:
    """What to say of a row that holds one cell of words and nothing else."""
    cells = [text for text in (table.text(column)[row] for column in table.columns) if text]
    if len(cells) != 1 or not read_cell(cells[0]).refusal:
        return ""
    return f"; row {table.lines[row]} holds only {cells[0]!r}: if it is a footnote, delete it from the file"


def _unused(spec: Spec, table: Table, used: Iterable[str]) -> Iterator[Note]:
    idle = [column for column in table.columns if column not in set(used)]
    if idle:
        many = "1 column is" if len(idle) == 1 else f"{len(idle):,} columns are"
        yield Note("unused", f"{many} read by nothing: {listed(idle, 30)}")
    for group in spec.groups:
        if group.id in idle:
            message = f"column {group.id}: group {group.id} is computed; given=[{group.id!r}] would read it instead"
            yield Note("unused", message, group.id, group.id)


def _totals(table: Table, key: str) -> Iterator[Note]:
    """Rows named like a total of the others: they are scored, and all are measured by what is learned from them."""
    keys = table.text(key).tolist()
    if TOTALS.isdisjoint(keys):
        return
    for name in dict.fromkeys(name for name in keys if name in TOTALS):
        rows = [str(table.lines[row]) for row, each in enumerate(keys) if each == name]
        where = f"row{'' if len(rows) == 1 else 's'} {', '.join(rows[:5])}{', …' if len(rows) > 5 else ''}"
        message = f"unit {name} ({where}) is named like a total, and is scored like any other: is it one of them?"
        yield Note("key", message, column=key)
