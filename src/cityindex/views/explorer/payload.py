"""What the page holds: the groups that it recomputes, the columns they read, and what was published."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex._values import Text, label_of
from cityindex.engine.inputs import rows_where
from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray, Part
from cityindex.plan import GroupTask
from cityindex.result import Result
from cityindex.spec.model import Call, Group, Rank
from cityindex.table.periods import in_time
from cityindex.views.explorer.movable import Fixed, Movable, movable

__all__ = ["Scope", "both", "group_records", "pack", "scope_of", "unit_records"]


@dataclass(frozen=True, eq=False)
class Scope:
    """The rows that the page shows: those of one period (of one edition), and the groups that move in it.

    `rows`: in the table; `places`: in the arrays of the part.
    """

    result: Result
    part: Part
    rows: IntArray
    places: IntArray
    movable: tuple[Movable, ...]
    fixed: tuple[Fixed, ...]
    period: str | None

    @property
    def root(self) -> str:
        return self.part.plan.spec.index.id

    @property
    def rank(self) -> Rank:
        return self.part.plan.spec.index.rank

    @property
    def weights(self) -> dict[str, FloatArray]:
        """The weights as they were used, by group that is recomputed."""
        found = {one.task.id: self.part.outcome.settled[one.task.id].weights for one in self.movable}
        return {name: weights for name, weights in found.items() if weights is not None}


def scope_of(result: Result, period: str | None = None) -> Scope:
    """The rows of one period: the one that is named, else the last.

    Raises
    ------
    NotFoundError
        There is no such period.
    ScoreError
        There are no units.
    """
    if not len(result):
        raise ScoreError(f"{result.spec.id}: there are no units to explore")
    rows, period = np.arange(len(result)), period
    if result.periods is None:
        if period is not None:
            raise NotFoundError(f"period {period!r}: {result.spec.id} has no periods here")
    else:
        labels = [label_of(each) for each in result.periods]
        wanted = in_time(labels)[-1] if period is None else label_of(period)
        if wanted not in labels:
            raise NotFoundError(f"there is no period {period!r}.{nearest(str(period), dict.fromkeys(labels))}")
        rows, period = np.flatnonzero(np.array(labels) == wanted), wanted
    part, _ = result.part_of(int(rows[0]))
    free, fixed = movable(part)
    return Scope(result, part, rows, np.searchsorted(part.rows, rows), free, fixed, period)


def pack(values: FloatArray) -> str:
    """Numbers to the last bit: little-endian doubles in base64."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f8").tobytes()).decode("ascii")


def both(text: Text | None, otherwise: str = "") -> dict[str, str]:
    """A title in the two languages of the page."""
    return {language: otherwise if text is None else text.shown(language) for language in ("zh", "en")}


def unit_records(scope: Scope) -> dict[str, Any]:
    """The units and what the library found for them; `interval` is added by the page."""
    result, rows = scope.result, scope.rows.tolist()
    names = {part: result.names.get(part) for part in ("key", "label", "period")}
    return {
        "names": names,
        "keys": [result.units[row] for row in rows],
        "labels": None if result.labels is None else [result.labels[row] for row in rows],
        "carried": pack(result.column(of="carried")[scope.rows]),
        "published": pack(result.column()[scope.rows]),
        "ranks": pack(result.ranks()[scope.rows]),
    }


# -- groups -----------------------------------------------------------------------------------------------------------


def group_records(scope: Scope) -> dict[str, Any]:
    """The groups that are recomputed, children first (the root last), their columns, and the groups that are fixed."""
    columns: list[str] = []
    index = {one.task.id: place for place, one in enumerate(scope.movable)}
    groups = [_group(one, scope, index, columns) for one in scope.movable]
    fixed = [_fixed(one, scope) for one in scope.fixed]
    return {"columns": columns, "groups": groups, "fixed": fixed}


def _group(one: Movable, scope: Scope, index: Mapping[str, int], columns: list[str]) -> dict[str, Any]:
    task, settled = one.task, scope.part.outcome.settled[one.task.id]
    children = []
    for place, child in enumerate(task.children):
        record: dict[str, Any] = {"id": child, "title": both(scope.part.plan.spec.nodes[child].title, child)}
        if child in index:
            record |= {
                "group": index[child],
                "shown": place in task.published and bool(scope.movable[index[child]].publish),
            }
            record["filled"] = _filled(settled.filled, settled.x, place, scope)
        else:
            record["column"] = len(columns)
            columns.append(pack(settled.x[scope.places, place]))
        children.append(record)
    return {
        "id": task.id,
        "title": both(task.group.title, task.id),
        "children": children,
        "aggregate": call_record(task.group.aggregate),
        "switches": list(one.switches),
        "weights": scope.weights[task.id].tolist(),
        "held": None if one.held is None else {"zh": one.held[0], "en": one.held[1]},
        "blank": _blank(task, scope),
        "steps": list(one.steps),
        "publish": list(one.publish),
        "learns": any(stage.learns for stage in (*task.steps, *task.publish)),
        "fills": task.group.missing.name == "impute",
        "found": task.group.weights.name if isinstance(task.group.weights, Call) else None,
    }


def call_record(call: Call) -> dict[str, Any]:
    """An aggregator as the page computes it."""
    return {
        "name": call.name,
        "via": None if call.via is None else [list(map(float, ends)) for ends in call.via],
        "exponent": call.settings.get("exponent"),
    }


def _filled(filled: Any, x: FloatArray, place: int, scope: Scope) -> list[list[float]]:
    """Row and value of the cells of a child that were imputed."""
    if filled is None:
        return []
    rows = np.flatnonzero(filled[scope.places, place])
    return [[int(row), float(x[scope.places[row], place])] for row in rows]


def _blank(task: GroupTask, scope: Scope) -> list[int]:
    """The rows to which the group gives no value: outside its `where`, or too much is missing."""
    settled = scope.part.outcome.settled[task.id]
    gone = np.zeros(scope.part.inputs.units, dtype=bool) if settled.blank is None else settled.blank.copy()
    kept = rows_where(scope.part.inputs, task.where)
    if kept is not None:
        gone |= ~kept
    found: list[int] = np.flatnonzero(gone[scope.places]).tolist()
    return found


def _fixed(one: Fixed, scope: Scope) -> dict[str, Any]:
    group: Group = one.task.group
    return {
        "id": group.id,
        "title": both(group.title, group.id),
        "reason": {"zh": one.reason[0], "en": one.reason[1]},
        "children": [both(scope.part.plan.spec.nodes[child].title, child) for child in one.task.children],
    }
