"""The columns that a table for a spec needs, and what to say about each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cityindex.plan import label_columns
from cityindex.spec.model import Call, Group, Indicator, Spec, Use
from cityindex.table.names import fold
from cityindex.views.workbook.words import Words

__all__ = ["Column", "needed_columns"]

UNPRINTED = {"children": "children", "weights": "plain_weights", "judgements": "judgements"}


@dataclass(slots=True)
class Column:
    """One column of the table: its name, what it is, and what a person who fills it in should know."""

    name: str
    roles: list[str] = field(default_factory=list)
    numbers: bool = False
    title: str = ""
    measured_in: str = ""
    direction: str = ""
    used_by: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, role: str, note: str = "") -> None:
        """Another use of the same column."""
        if role not in self.roles:
            self.roles.append(role)
        if note and note not in self.notes:
            self.notes.append(note)


def needed_columns(spec: Spec, words: Words) -> list[Column]:
    """Key, label, period, labels, then the indicators in the order of the tree with what they are divided by.

    A group whose parts, weights or judgements are not published has a column of its own; what stands below it is left
    out. With editions, the columns of all of them.
    """
    found: dict[str, Column] = {}
    whole = {"": spec, **spec.editions}
    key = spec.unit.key or _free(spec.unit.kind, whole.values())
    _column(found, key).add(words["role_key" if spec.unit.period is None else "role_key_period"])
    for name, role in ((spec.unit.label, "role_label"), (spec.unit.period, "role_period")):
        if name is not None:
            _column(found, name).add(words[role])
    reads: dict[str, list[str]] = {}
    for period, each in whole.items():
        names = list(dict.fromkeys(_reads(each.roots, each)))
        _add_labels(found, each, names, words)
        for name in names:
            _add_node(found, each, name, words)
            reads.setdefault(_name_of(each, name), []).append(period)
    for name, periods in reads.items():
        if spec.editions and "" not in periods:
            found[name].notes.append(words("editions_only", ", ".join(periods)))
    return list(found.values())


def _free(name: str, specs: Iterable[Spec]) -> str:
    """A name for the key column that no node would take for its own."""
    taken = {fold(each) for spec in specs for node in spec.nodes for each in (node, _name_of(spec, node))}
    while fold(name) in taken:
        name += " name"
    return name


def _column(found: dict[str, Column], name: str) -> Column:
    return found.setdefault(name, Column(name))


def _reads(nodes: tuple[Group | Indicator | Use, ...], spec: Spec) -> Iterator[str]:
    """The nodes that read a column: indicators, and groups that cannot be worked out from what is below them."""
    for each in nodes:
        node = spec[each.id]
        if isinstance(node, Indicator):
            if node.value is None:
                yield node.id
        elif node.unprinted:
            yield node.id
        else:
            yield from _reads(node.children, spec)


def _name_of(spec: Spec, name: str) -> str:
    """The name of the column of a node, or of a bare name in the spec that may be an indicator's."""
    node = spec.nodes.get(name)
    return node.column if isinstance(node, Indicator) and node.column is not None else name


def _title(spec: Spec, name: str, words: Words) -> str:
    title = spec[name].title
    return name if title is None else title.shown(words.language)


def _add_node(found: dict[str, Column], spec: Spec, name: str, words: Words) -> None:
    node, column = spec[name], _column(found, _name_of(spec, name))
    column.numbers = True
    column.title = column.title or ("" if node.title is None else node.title.shown(words.language))
    parent = spec.parents.get(name)
    if parent is not None:
        column.used_by.append(_title(spec, parent, words))
    note = "" if node.note is None else node.note.shown(words.language)
    if isinstance(node, Group):
        column.add(words["role_group"], words("group_whole", words[UNPRINTED[node.unprinted]]))
        column.add(words["role_group"], note)
        return
    column.add(words["role_indicator"], note)
    column.measured_in = "" if node.measured_in is None else node.measured_in.shown(words.language)
    column.direction = "" if node.direction is None else words[node.direction]
    if node.per is not None:
        divisor = _name_of(spec, node.per)
        column.add(words["role_indicator"], words("divided", divisor))
        below = _column(found, divisor)
        below.numbers = True
        below.add(words["role_per"], words("divides", _title(spec, name, words)))


def _add_labels(found: dict[str, Column], spec: Spec, names: list[str], words: Words) -> None:
    """The columns of `where`, `within` and `reference`, with what they are for."""
    above = {parent for name in names for parent in _above(spec, name)}
    for label in label_columns(spec, [*names, *above]):
        column = _column(found, _name_of(spec, label))
        column.add(words["role_labels"])
        if label in (spec.reference or {}):
            column.add(words["role_labels"], words("labels_reference", _listed(spec.reference or {}, label)))
        for name in [*names, *sorted(above)]:
            node = spec[name]
            if label in (node.where or {}):
                values = _listed(node.where or {}, label)
                column.add(words["role_labels"], words("labels_where", _title(spec, name, words), values))
            if label in _withins(node):
                column.add(words["role_labels"], words("labels_within", _title(spec, name, words)))


def _above(spec: Spec, name: str) -> Iterator[str]:
    while name in spec.parents:
        name = spec.parents[name]
        yield name


def _withins(node: Group | Indicator) -> set[str | None]:
    calls = [*node.steps, *node.publish]
    if isinstance(node, Group):
        calls += [node.missing, *([node.weights] if isinstance(node.weights, Call) else [])]
    return {call.within for call in calls}


def _listed(where: Mapping[str, object], label: str) -> str:
    values = where[label]
    return ", ".join(str(value) for value in values) if isinstance(values, tuple) else str(values)
