"""Which column each node of a spec reads: its indicators, what they are divided by, and groups that are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cityindex.errors import Problem, nearest
from cityindex.spec.model import Group, Indicator, Node, Spec
from cityindex.table.names import Fit, close
from cityindex.table.record import Note, Table

__all__ = ["Columns", "assign_columns", "resolve"]


@dataclass(slots=True)
class Columns:
    """What was found: node id → column, node id → the column it is divided by, and what stands in the way."""

    columns: dict[str, str] = field(default_factory=dict)
    per: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    needed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Search:
    """The spec, the table and every node's fit; `reserved` columns (key, label, period) are taken only by name."""

    spec: Spec
    table: Table
    reserved: frozenset[str]
    fits: Mapping[str, Fit]

    def titled(self, node: str) -> bool:
        """The column was found by a title, which two nodes may share."""
        return self.fits[node].name in _titles(self.spec[node])


def assign_columns(spec: Spec, table: Table, given: Sequence[str], reserved: Iterable[str]) -> Columns:
    """The column of every node that has to be read; all problems are collected, none raised.

    A group is given if a column has its name and nothing below it is in the table, or if `given` says so; what
    stands only under given nodes is not needed.
    """
    kept = frozenset(reserved)
    fits = {node.id: _fit(node, table, kept, given=node.id in given) for node in spec.nodes.values()}
    search = _Search(spec, table, kept, fits)
    found = Columns()
    for unknown in [node for node in given if node not in spec.nodes]:
        found.problems.append(Problem(f"given: {spec.id} has no node {unknown!r}.{nearest(unknown, spec.nodes)}"))
    forced = [node for node in dict.fromkeys(given) if node in spec.nodes]
    for root in spec.roots:
        _visit(search, root.id, frozenset(forced), found)
    for node in forced:
        _give(node, found)
    _claim(search, found)
    _divide(search, found)
    return found


def resolve(spec: Spec, table: Table, name: str, reserved: Iterable[str] = ()) -> Fit:
    """The column that a bare name in the spec means (key, label, `per`, `where` …): an indicator's id will do too."""
    node = spec.nodes.get(name)
    names = [name, *table.aliases.get(name, ())]
    if isinstance(node, Indicator):
        names += _names(node, table)
    fit = table.names.find(list(dict.fromkeys(names)))
    return Fit() if fit.nearly and set(fit.columns) & set(reserved) else fit


def _titles(node: Node) -> tuple[str, ...]:
    return tuple(node.title.values()) if node.title is not None else ()


def _names(node: Node, table: Table) -> list[str]:
    """What the node's column may be called, aliases first: whoever declares one means it."""
    column = node.column if isinstance(node, Indicator) and node.column is not None else node.id
    own = [column] if column != node.id else [node.id, *_titles(node)]
    return list(dict.fromkeys([*table.aliases.get(column, ()), *table.aliases.get(node.id, ()), *own]))


def _fit(node: Node, table: Table, reserved: frozenset[str], *, given: bool) -> Fit:
    """The column of a node; where its carried value is given, one of its own name goes before that of its raw data."""
    if isinstance(node, Indicator) and node.value is not None and not given:
        return Fit()
    own = [*table.aliases.get(node.id, ()), node.id] if given else []
    fit = table.names.find(list(dict.fromkeys([*own, *_names(node, table)])))
    loose = fit.nearly or isinstance(node, Group) or fit.name in _titles(node)
    columns = tuple(column for column in fit.columns if not (loose and column in reserved))
    return Fit(columns, fit.name, fit.nearly) if columns else Fit()


def _visit(search: _Search, node_id: str, forced: frozenset[str], found: Columns) -> None:
    if node_id in found.needed:
        return
    found.needed.add(node_id)
    node = search.spec[node_id]
    if node_id in forced or isinstance(node, Indicator):
        return
    fit, below = search.fits[node_id], list(_below(search.spec, node))
    if not node.children and not fit.columns:
        _give(node_id, found)
        return
    if fit.columns and not any(search.fits[each].columns for each in below):
        _give(node_id, found)
        why = "since nothing below it is there" if node.children else "whose parts are not published"
        steps = "; its steps are not applied" if node.steps else ""
        message = f"column {fit.columns[0]}: read as the value of group {node_id}, {why}{steps}"
        found.notes.append(Note("given", message, node_id, fit.columns[0]))
        return
    for child in node.children:
        _visit(search, child.id, forced, found)


def _give(node_id: str, found: Columns) -> None:
    found.needed.add(node_id)
    if node_id not in found.given:
        found.given.append(node_id)


def _below(spec: Spec, group: Group, seen: set[str] | None = None) -> Iterator[str]:
    """Every node under a group, used ones too."""
    seen = set() if seen is None else seen
    for child in group.children:
        if child.id in seen:
            continue
        seen.add(child.id)
        yield child.id
        node = spec[child.id]
        if isinstance(node, Group):
            yield from _below(spec, node, seen)


def _claim(search: _Search, found: Columns) -> None:
    """Give each needed node its column; a column that fits two nodes, or a node that fits two, is a problem."""
    claims: dict[str, list[str]] = {}
    absent = []
    for node in search.spec.nodes.values():
        reads = node.id in found.given or (isinstance(node, Indicator) and node.value is None)
        if node.id not in found.needed or not reads:
            continue
        fit = search.fits[node.id]
        if not fit.columns:
            absent.append(node)
        elif len(fit.columns) > 1:
            found.problems.append(_several(node, fit))
        else:
            claims.setdefault(fit.columns[0], []).append(node.id)
    for column, nodes in claims.items():
        _settle(search, column, nodes, found)
    found.problems += [_absent(search, node, claims) for node in absent]


def _settle(search: _Search, column: str, nodes: Sequence[str], found: Columns) -> None:
    """Several nodes may read one column, if each names it outright."""
    loose = [node for node in nodes if search.fits[node].nearly or search.titled(node)]
    if len(nodes) > 1 and loose:
        listed = ", ".join(_what(search.spec[node]) for node in nodes)
        hint = f"say which column {loose[-1]} reads: column: … in the spec, or aliases={{{loose[-1]!r}: …}}"
        found.problems.append(Problem(f"fits several nodes ({listed}): {hint}", f"column {column}"))
        return
    for node in nodes:
        found.columns[node] = column
        _note_reading(search, node, column, found)


def _several(node: Node, fit: Fit) -> Problem:
    columns = " and ".join(map(repr, fit.columns))
    return Problem(
        f"columns {columns} all fit {_what(node)}: say which, by column: {fit.columns[0]} in the spec "
        f"or aliases={{{node.id!r}: {fit.columns[0]!r}}}"
    )


def _note_reading(search: _Search, node: str, column: str, found: Columns) -> None:
    fit = search.fits[node]
    if fit.nearly:
        message = f"{_what(search.spec[node])} reads column {column!r}, which is nearly its name ({fit.name})"
        found.notes.append(Note("column", message, node, column))
    usual = getattr(search.spec[node], "column", None) or node
    if column != usual and usual in search.table.columns:
        message = f"{_what(search.spec[node])} reads column {column!r} by its alias, and not {usual!r}"
        found.notes.append(Note("column", message, node, column))


def _absent(search: _Search, node: Node, claims: Mapping[str, object]) -> Problem:
    names = _names(node, search.table)
    free = [column for column in search.table.columns if column not in claims and column not in search.reserved]
    near = close(names, free)
    called = " or ".join(map(repr, names[:3]))
    hint = f" Did you mean {near!r}?" if near else ""
    if isinstance(node, Group) and not node.children:
        wanted = f"supply its values in that column, or its parts by replace(spec, {node.id!r}, children=[…])"
        return Problem(f"no column {called} for {_what(node)}, whose parts are not published: {wanted}.{hint}")
    for group in _above(search.spec, node.id):
        columns = search.fits[group].columns
        if columns:
            hint += f" Column {columns[0]!r} has the name of its group: given=[{group!r}] reads that instead."
            break
    return Problem(f"no column {called} for {_what(node)}.{hint}")


def _above(spec: Spec, node: str) -> Iterator[str]:
    while node in spec.parents:
        node = spec.parents[node]
        yield node


def _what(node: Node) -> str:
    kind = "indicator" if isinstance(node, Indicator) else "group"
    return f"{kind} {node.id}" if node.title is None else f"{kind} {node.id} ({node.title})"


def _divide(search: _Search, found: Columns) -> None:
    """The columns of `per`; a given indicator is not divided again."""
    for node in search.spec.indicators:
        if node.per is None or node.id not in found.needed or node.id in found.given:
            continue
        fit = resolve(search.spec, search.table, node.per, search.reserved)
        if len(fit.columns) == 1:
            found.per[node.id] = fit.columns[0]
            if fit.nearly:
                message = f"{_what(node)} is divided by column {fit.columns[0]!r}, which is nearly {node.per!r}"
                found.notes.append(Note("column", message, node.id, fit.columns[0]))
        elif fit.columns:
            columns = " and ".join(map(repr, fit.columns))
            found.problems.append(Problem(f"columns {columns} all fit per: {node.per} of {_what(node)}"))
        else:
            near = close([node.per], search.table.columns)
            hint = f" Did you mean {near!r}?" if near else ""
            found.problems.append(Problem(f"no column {node.per!r} for per of {_what(node)}.{hint}"))
