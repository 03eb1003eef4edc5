"""Which column of the data set is what in the spec, found by the names alone, before any row is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cityindex._values import Frozen, label_of
from cityindex.errors import Problem, ScoreError, TableError, UnpublishedError
from cityindex.plan import Plan, compile_plan
from cityindex.scale.cells import Cells
from cityindex.scale.source import Source, read_run, runs_of
from cityindex.spec.model import Spec
from cityindex.table import Match, Note, Table, match
from cityindex.table.columns import resolve
from cityindex.table.numbers import Marks
from cityindex.table.read import outline

__all__ = ["PartRoles", "Roles", "find_roles"]


@dataclass(frozen=True, slots=True)
class PartRoles:
    """The columns of one edition (an index without editions has one part, whose `period` is None).

    `columns`: node → its column; `per`: node → what it is divided by; `labels`: a name in `where`, `within` or
    `reference` → its column; `given`: the nodes that enter with their values.
    """

    period: str | None
    columns: Mapping[str, str]
    per: Mapping[str, str]
    labels: Mapping[str, str]
    given: tuple[str, ...]

    def plan(self, spec: Spec) -> Plan:
        """The compiled plan of this part."""
        return compile_plan(spec if self.period is None else spec.editions[self.period], self.given)

    @property
    def read(self) -> tuple[str, ...]:
        """Every column that is read as numbers, each once."""
        return tuple(dict.fromkeys([*self.columns.values(), *self.per.values()]))


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns that name a row, the parts of the index, and under which name a column is stored (an index of
    pandas has another).
    """

    key: str
    label: str | None
    period: str | None
    parts: tuple[PartRoles, ...]
    stored: Mapping[str, str]
    marks: Marks
    notes: tuple[Note, ...]

    @property
    def names(self) -> dict[str, str]:
        """``key``, ``label`` and ``period`` → column, as far as there are such."""
        said = {"key": self.key, "label": self.label, "period": self.period}
        return {role: column for role, column in said.items() if column is not None}


def find_roles(
    spec: Spec, source: Source, given: Sequence[str], *, key: str | None, missing: Any, aliases: Any
) -> Roles:
    """Match the columns as `read_table` and `score` would.

    Raises
    ------
    TableError
        Columns that are missing or fit twice: all of them.
    UnpublishedError
        Where weights are needed that the source does not print.
    """
    frame, stored = _outline(source)
    table = outline(frame, source.name, key=key, missing=missing, aliases=aliases)
    editions = _editions(spec, table, source, stored)
    parts, found, notes = [], None, []
    for period, edition in editions:
        others = [other for _, other in editions if other is not edition]
        matched = match(edition, table, given=given, beside=others)
        found = found or matched
        part = _part(period, matched)
        parts.append(part)
        notes.append(matched.notes)
        _check_published(part.plan(spec))
    assert found is not None  # there is one part at least
    told = [note for own in notes for note in own]
    once = tuple(note for note in dict.fromkeys(told) if note.kind != "unused" or told.count(note) == len(parts))
    return Roles(
        key=found.key_column,
        label=found.label_column,
        period=found.period_column,
        parts=tuple(parts),
        stored=stored,
        marks=table._marks,
        notes=once,
    )


def _part(period: str | None, matched: Match) -> PartRoles:
    return PartRoles(
        period,
        Frozen(matched.columns),
        Frozen(matched.per),
        Frozen({name: matched.label_columns.get(name, name) for name in matched.label_columns}),
        matched.given,
    )


def _outline(source: Source) -> tuple[Any, Mapping[str, str]]:
    """The columns as pandas would have them, without rows, and under which names they are stored."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(source.files[0].path)
    try:
        frame = schema.empty_table().to_pandas()
    except (pa.ArrowException, ValueError, TypeError, NotImplementedError) as error:
        raise TableError(f"{source.name} cannot be read as a table: {str(error).splitlines()[0]}") from None
    for name in source.columns:
        if name not in schema.names:  # it stands in the names of the folders
            frame[name] = []
    unnamed = [name for name in schema.names if name.startswith("__index_level_")]
    stored = {name: name for name in source.columns if name not in unnamed}
    if len(unnamed) == 1:
        stored["index"] = unnamed[0]
    return frame, Frozen(stored)


def _editions(spec: Spec, table: Table, source: Source, stored: Mapping[str, str]) -> list[tuple[str | None, Spec]]:
    """The editions that the data set has rows of, and the spec itself where there are others."""
    if not spec.editions:
        return [(None, spec)]
    column = spec.unit.period
    columns = () if column is None else resolve(spec, table, column).columns
    if len(columns) != 1:
        raise ScoreError(f"{spec.id} has editions, so the data set needs its period column {column!r}")
    periods: set[str] = set()
    for run in runs_of(source, 1 << 20):
        for _, rows in read_run(source, run, [stored[columns[0]]]):
            periods |= set(Cells(rows, stored, table._marks).labels(columns[0]).names)
    own = {label_of(period): period for period in spec.editions}
    found: list[tuple[str | None, Spec]] = [
        (period, spec.editions[period]) for label, period in own.items() if label in periods
    ]
    if periods - set(own) or not found:
        found.append((None, spec))
    return found


def _check_published(plan: Plan) -> None:
    """Weights and judgements that the source does not print must come from the user."""
    problems = [
        Problem(
            f"the {task.group.unprinted} of {task.id} are not published; its children: {', '.join(task.children)}",
            plan.spec.places.get(task.id, task.id),
        )
        for task in plan.groups
        if task.group.unprinted
    ]
    if problems:
        summary = f"{plan.spec.id} needs weights that its source does not print; supply some, e.g. with_weights(…):"
        raise UnpublishedError(problems, summary=summary)
