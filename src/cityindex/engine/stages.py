"""Runs the steps of a node (or of a block of alike nodes) over its columns, learning on the way if asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cityindex.engine.beyond import Beyond, beyond
from cityindex.engine.inputs import BoolArray, Inputs
from cityindex.engine.learned import Params
from cityindex.errors import DomainError, Problem
from cityindex.methods._arrays import FloatArray
from cityindex.plan import Stage
from cityindex.spec.model import Call

__all__ = ["Context", "run_stages"]

LISTED = 20  # cells listed in one message


@dataclass(slots=True)
class Context:
    """One run: its inputs, the rows to learn from (None: all), and the problems met so far.

    `beyond`: what came to steps outside their range, where that is wanted (None: nobody asks).
    """

    inputs: Inputs
    reference: BoolArray | None
    beyond: list[Beyond] | None = None
    problems: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)  # nodes that have no values because of a problem told

    def refer(self, x: FloatArray) -> FloatArray:
        return x if self.reference is None else x[self.reference]

    def label_rows(self, column: str) -> dict[str, Any]:
        """Label → its rows, for the labels that occur."""
        labels = self.inputs.labels[column]
        order = np.argsort(labels.codes, kind="stable")
        codes, starts = np.unique(labels.codes[order], return_index=True)
        return {labels.names[code]: rows for code, rows in zip(codes, np.split(order, starts[1:]), strict=True)}

    def report(self, error: DomainError, ids: Sequence[str], call: Call, rows: Any = None, *, whole: str = "") -> None:
        """Turn a kernel's positions into units and nodes.

        `rows`: what its rows are in the table; `whole`: where a problem of no single column stands.
        """
        for column in error.columns:
            self.problems.append(Problem(f"{call.name}: {error.reason}", ids[column] if column < len(ids) else ""))
        cells = [(int(row) if rows is None else int(rows[row]), column) for row, column in error.cells]
        concerned = tuple(dict.fromkeys(row for row, _ in cells))
        for row, column in cells[:LISTED]:
            place = f"unit {self.inputs.name(row)}, {ids[column]}"
            self.problems.append(Problem(f"{call.name}: {error.reason}", place, concerned))
        if len(error.cells) > LISTED:
            more = len(error.cells) - LISTED
            self.problems.append(Problem(f"{call.name}: {error.reason}, and {more} cells more", ", ".join(ids[:1])))
        if not error.columns and not error.cells:
            self.problems.append(Problem(f"{call.name}: {error.reason}", whole or ", ".join(ids[:3])))


def run_stages(
    x: FloatArray,
    stages: Sequence[Stage],
    ids: Sequence[str],
    context: Context,
    learned: Sequence[Params | None] | None,
    outside: BoolArray | None = None,
) -> tuple[FloatArray, list[Params | None], BoolArray]:
    """Columns x (n × k) through the stages; what each learned (or was given in `learned`); which columns have gaps.

    Rows `outside` a `where` stay missing from stage to stage, even if one imputes: no stage learns from them.

    A stage that meets numbers it cannot take reports them and leaves its columns missing, so that a run tells every
    problem at once.
    """
    used: list[Params | None] = []
    for place, stage in enumerate(stages):
        params = None if learned is None else learned[place]
        came = x
        try:
            x, params = _run_stage(x, stage, context, params, fresh=learned is None)
        except (_Refused, _Unlearned) as trouble:
            trouble.tell(context, ids, stage.call)
            context.failed.update(ids)
            used.extend([None] * (len(stages) - place))
            return np.full_like(x, np.nan), used, np.ones(len(ids), dtype=bool)
        used.append(params)
        if outside is not None:
            x[outside] = np.nan
        if context.beyond is not None:
            context.beyond += beyond(came, stage, params, ids, context, fresh=learned is None)
    return x, used, _gaps(x, stages, ids, context)


def _gaps(x: FloatArray, stages: Sequence[Stage], ids: Sequence[str], context: Context) -> BoolArray:
    """Which columns hold a nan, by their sums; an infinite number is reported."""
    unsound: BoolArray = ~np.isfinite(np.add.reduce(x, axis=0))
    if stages and unsound.any() and np.isinf(x).any():
        cells = [(int(row), int(column)) for row, column in np.argwhere(np.isinf(x))]
        context.report(DomainError("the result is infinite", cells=cells), ids, stages[-1].call)
    return unsound


class _Refused(Exception):
    """A kernel refused numbers; `rows` says which rows it was shown."""

    def __init__(self, error: DomainError, rows: Any) -> None:
        self.error, self.rows = error, rows

    def tell(self, context: Context, ids: Sequence[str], call: Call) -> None:
        context.report(self.error, ids, call, self.rows)


class _Unlearned(Exception):
    """What a step needs was not learned."""

    def __init__(self, message: str, rows: Sequence[int] = ()) -> None:
        self.message, self.rows = message, tuple(rows)

    def tell(self, context: Context, ids: Sequence[str], call: Call) -> None:
        del call
        context.problems.append(Problem(self.message, ", ".join(ids[:3]), self.rows))


def _run_stage(
    x: FloatArray, stage: Stage, context: Context, params: Params | None, *, fresh: bool
) -> tuple[FloatArray, Params | None]:
    if stage.call.within:
        if fresh:
            params = _learn_within(x, stage, context)
        y = _apply_within(x, stage, context, params or {})
    else:
        if fresh and stage.learns:
            params = _learn(context.refer(x), stage, context.reference)
        y = _apply(x, stage, params, None)
    if stage.turned is not None:
        y = _reflect(y, x, stage)
    return y, params


def _learn(ref: FloatArray, stage: Stage, chosen: Any) -> Params | None:
    assert stage.method.learn is not None  # asked of `learns` by the callers
    try:
        params: Params | None = stage.method.learn(ref, **stage.learn_options) or None  # {}: all is in the spec
    except DomainError as error:
        rows = None if chosen is None else (np.flatnonzero(chosen) if chosen.dtype == bool else chosen)
        raise _Refused(error, rows) from None
    return params


def _apply(x: FloatArray, stage: Stage, params: Params | None, rows: Any) -> FloatArray:
    try:
        y: FloatArray = stage.method.function(x, stage.posts or params or {}, **stage.apply_options)
    except DomainError as error:
        raise _Refused(error, rows) from None
    except KeyError:
        if params or not stage.learns:
            raise
        raise _Unlearned(f"the calibration holds nothing for the step {stage.call.name}") from None
    return y


def _reflect(y: FloatArray, x: FloatArray, stage: Stage) -> FloatArray:
    """Direction less: the result is turned, y → c - y, in the columns that say so."""
    assert stage.turned is not None
    if np.may_share_memory(x, y):
        y = y.copy(order="K")
    for column in np.flatnonzero(stage.turned):
        np.subtract(stage.reflect, y[:, column], out=y[:, column])
    return y


def _learn_within(x: FloatArray, stage: Stage, context: Context) -> Params:
    params: dict[str, Params] = {}
    for label, rows in context.label_rows(stage.call.within or "").items():
        chosen = rows if context.reference is None else rows[context.reference[rows]]
        if len(chosen) and label:
            try:
                params[label] = _learn(x[chosen], stage, chosen) or {}
            except _Refused as refused:
                error = refused.error
                reason = f"{error.reason} (within {stage.call.within} = {label})"
                raise _Refused(DomainError(reason, columns=error.columns, cells=error.cells), chosen) from None
    return params


def _apply_within(x: FloatArray, stage: Stage, context: Context, params: Params) -> FloatArray:
    y = np.full_like(x, np.nan)
    for label, rows in context.label_rows(stage.call.within or "").items():
        if label in params:
            y[rows] = _apply(x[rows], stage, params[label], rows)
        elif len(rows := rows[~np.isnan(x[rows]).all(axis=1)]):
            known = ", ".join(list(params)[:8])
            units = ", ".join(context.inputs.name(int(row)) for row in rows[:3])
            what = f"{stage.call.within} = {label!r} was not learned" if label else f"{stage.call.within} is empty"
            raise _Unlearned(
                f"{stage.call.name} within {stage.call.within}: {what} (units: {units}"
                f"{', …' if len(rows) > 3 else ''}; learned: {known}); add such rows to the reference",
                rows.tolist(),
            )
    return y
