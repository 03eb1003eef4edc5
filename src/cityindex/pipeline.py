"""calibrate() and score(): the only place where spec, table, plan and engine meet."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from cityindex._values import Frozen, label_of
from cityindex._version import __version__
from cityindex.calibration import Calibration
from cityindex.engine import Inputs, Labels, pack, run, unpack
from cityindex.errors import CalibrationError, Problem, ScoreError, TableError, UnpublishedError
from cityindex.notes import notes_of, told_once
from cityindex.part import Part
from cityindex.plan import Plan, compile_plan
from cityindex.result import Result
from cityindex.spec import fingerprint, load_spec
from cityindex.spec.model import Spec
from cityindex.table import Match, Note, Table, match, read_table
from cityindex.table.columns import resolve

__all__ = ["asked_nodes", "calibrate", "edition_rows", "inputs_of", "score"]


def calibrate(spec: Spec | str | Path, table: Any, *, given: Iterable[str] = ()) -> Calibration:
    """Learn everything relative in an index from a table: bounds, ranks, imputed values, weights, tier cuts.

    Parameters
    ----------
    spec
        A spec, or what `load_spec` takes.
    table
        A table, or what `read_table` takes (a path, a DataFrame); the rows that the spec's ``reference`` names are
        learned from, all of them where it names none.
    given
        Nodes whose carried values stand in the table (see `score`).

    Returns
    -------
    Calibration
        A small record: read it, save it as JSON, publish it, score other tables with it.

    Raises
    ------
    SpecError, TableError, ScoreError
        With every problem, by its place.

    Examples
    --------
    >>> import pandas as pd
    >>> from cityindex import calibrate, score
    >>> spec = '''
    ... cityindex: 1
    ... id: two
    ... index: {id: score, children: [{id: gdp, steps: [minmax]}, {id: jobs, steps: [minmax]}]}
    ... '''
    >>> cities = pd.DataFrame({"city": ["甲", "乙", "丙"], "gdp": [1.0, 3.0, 2.0], "jobs": [10.0, 20.0, 30.0]})
    >>> learned = calibrate(spec, cities)
    >>> learned.nodes["gdp"]["steps"][0]
    {'min': 1.0, 'max': 3.0}
    >>> newcomer = pd.DataFrame({"city": ["丁"], "gdp": [2.0], "jobs": [25.0]})
    >>> float(score(spec, newcomer, calibration=learned).column()[0])
    0.625
    """
    return score(spec, table, given=given).calibration


def score(
    spec: Spec | str | Path,
    table: Any,
    *,
    calibration: Calibration | str | Path | None = None,
    given: Iterable[str] = (),
) -> Result:
    """Compute an index: each node's values, ranks and tiers, with notes of everything done to the data.

    Parameters
    ----------
    spec
        A spec, or what `load_spec` takes.
    table
        A table, or what `read_table` takes.
    calibration
        What was learned before (or the path of its JSON); None: learn from this table.
    given
        Ids of nodes whose carried values stand in the table as they are, in a column of that name. A group enters
        so by itself where the table has its column and none of its leaves'.

    Returns
    -------
    Result

    Raises
    ------
    SpecError, TableError
        With every problem of the spec or of the data, by its place.
    ScoreError
        Where cells are missing that the spec refuses, numbers lie outside a method's domain, or a label was not
        learned: by unit and node.
    UnpublishedError
        Where weights are needed that the source does not print (`with_weights` supplies some).
    CalibrationError
        Where the calibration was learned for another spec.

    Examples
    --------
    >>> import pandas as pd
    >>> from cityindex import score
    >>> spec = '''
    ... cityindex: 1
    ... id: two
    ... index:
    ...   id: score
    ...   publish: [{round: 1}]
    ...   children:
    ...     - {id: gdp, weight: 60%, steps: [{minmax: {to: [0, 100]}}]}
    ...     - {id: crime, weight: 40%, direction: less, steps: [{minmax: {to: [0, 100]}}]}
    ... '''
    >>> cities = pd.DataFrame({"city": ["甲", "乙", "丙"], "gdp": [1.0, 3.0, 2.0], "crime": [5.0, 9.0, 7.0]})
    >>> score(spec, cities).to_frame()
      city  score  rank
    0   甲   40.0     3
    1   乙   60.0     1
    2   丙   50.0     2
    """
    spec = spec if isinstance(spec, Spec) else load_spec(spec)
    table = table if isinstance(table, Table) else read_table(table)
    known = Calibration.load(calibration) if isinstance(calibration, str | Path) else calibration
    if known is not None:
        _check_fits(known, spec)
    asked = asked_nodes(given)
    parts: list[Part] = []
    notes: list[Note] = []
    whole: Match | None = None
    editions = edition_rows(spec, table)
    for period, edition, rows in editions:
        piece = table if len(rows) == len(table) else table.take(rows)
        matched = match(edition, piece, given=asked, beside=[other for _, other, _ in editions if other is not edition])
        whole = whole or matched
        part = _run_part(edition, piece, matched, rows, _calibration_of(known, period), period)
        parts.append(part)
        notes += [*matched.notes, *notes_of(part, matched.keys, matched.periods, known=known is not None)]
    assert whole is not None  # there is always one part
    return _assemble(spec, table, asked, parts, notes, whole, known)


def asked_nodes(given: Any) -> tuple[str, ...]:
    """The ids of given nodes, each once."""
    ids = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else None
    if ids is None or not all(isinstance(name, str) for name in ids):
        raise TableError(f"given={given!r}: the ids of nodes are wanted, such as given=['economy']")
    return tuple(dict.fromkeys(ids))


def _check_fits(calibration: Any, spec: Spec) -> None:
    if not isinstance(calibration, Calibration):
        kind = type(calibration).__name__
        raise CalibrationError(f"calibration: a {kind}; a Calibration or the path of its JSON is wanted")
    found, wanted = calibration.fingerprint, fingerprint(spec)
    if found != wanted:
        raise CalibrationError(
            f"this calibration was learned for {calibration.index!r} with fingerprint {found}; "
            f"{spec.id!r} has {wanted}: calibrate again, or use the spec that it was learned for"
        )


def _calibration_of(known: Calibration | None, period: str | None) -> Calibration | None:
    if known is None or period is None:
        return known
    if period in known.editions:
        return known.editions[period]
    return Calibration(known.index, known.fingerprint, Frozen(), units=0, source=known.source)  # is it enough?


def edition_rows(spec: Spec, table: Table) -> list[tuple[str | None, Spec, Any]]:
    """(period, spec, rows): the rows of each edition, then those of the spec itself."""
    if not spec.editions:
        return [(None, spec, np.arange(len(table)))]
    column = spec.unit.period
    found = () if column is None else resolve(spec, table, column).columns
    if len(found) != 1:
        raise ScoreError(f"{spec.id} has editions, so the table needs its period column {column!r}")
    return _by_edition(spec, np.asarray(table.labels(found[0])))


def _by_edition(spec: Spec, labels: Any) -> list[tuple[str | None, Spec, Any]]:
    by_label = {label_of(period): period for period in spec.editions}
    found: list[tuple[str | None, Spec, Any]] = []
    for label, period in by_label.items():
        rows = np.flatnonzero(labels == label)
        if len(rows):
            found.append((period, spec.editions[period], rows))
    rest = np.flatnonzero(~np.isin(labels, list(by_label)))
    if len(rest) or not found:
        found.append((None, spec, rest))
    return found


def _run_part(
    spec: Spec, table: Table, matched: Match, rows: Any, known: Calibration | None, period: str | None
) -> Part:
    plan = compile_plan(spec, matched.given)
    _check_published(plan)
    inputs = inputs_of(plan, matched)
    name = spec.id if period is None else f"{spec.id}, edition {period}"
    outcome = run(plan, inputs, None if known is None else unpack(plan, known.nodes, name=name), watch=True)
    calibration = known or Calibration(
        index=spec.id,
        fingerprint=fingerprint(spec),
        nodes=pack(plan, outcome.learned),
        units=outcome.units,
        source=table.source,
    )
    return Part(plan, calibration, rows, inputs, outcome, matched.columns, period)


def _check_published(plan: Plan) -> None:
    """Weights and judgements that the source does not print must come from the user."""
    problems = []
    for task in plan.groups:
        if task.group.unprinted:
            place = plan.spec.places.get(task.id, task.id)
            children = ", ".join(task.children)
            message = f"the {task.group.unprinted} of {task.id} are not published; its children: {children}"
            problems.append(Problem(message, place))
    if problems:
        summary = (
            f"{plan.spec.id} needs weights that its source does not print; supply some, e.g. with_weights(spec, …):"
        )
        raise UnpublishedError(problems, summary=summary)


def inputs_of(plan: Plan, matched: Match) -> Inputs:
    table = matched.table
    per = {name: table.numbers(column).values for name, column in matched.per.items()}
    values = {name: table.numbers(column).values for name, column in matched.columns.items()}
    return Inputs(
        units=len(table),
        values=values,
        per=per,
        labels={name: Labels.of(table.labels(matched.label_columns.get(name, name))) for name in plan.label_columns},
        names=matched.keys,
    )


def _assemble(
    spec: Spec,
    table: Table,
    given: tuple[str, ...],
    parts: list[Part],
    notes: list[Note],
    matched: Match,
    known: Calibration | None,
) -> Result:
    by_period = {
        period: part.calibration
        for part in parts
        for period, edition in spec.editions.items()
        if part.plan.spec is edition
    }
    base = next((part.calibration for part in parts if part.plan.spec is spec), None)
    calibration = known or Calibration(
        index=spec.id,
        fingerprint=fingerprint(spec),
        nodes=base.nodes if base else Frozen(),
        units=base.units if base else 0,
        source=table.source,
        editions=Frozen(by_period),
    )
    texts = table if len(parts) > 1 else matched.table  # of several editions, `matched` holds the first one's rows
    text = {name: tuple(texts.text(column).tolist()) for name, column in _named(matched).items() if column}
    return Result(
        spec=spec,
        calibration=calibration,
        table=table,
        names=Frozen({name: column or "" for name, column in _named(matched).items()}),
        units=text["key"],
        labels=text.get("label"),
        periods=text.get("period"),
        parts=tuple(parts),
        notes=told_once(notes, parts=len(parts)),
        given=tuple(dict.fromkeys(name for part in parts for name in part.plan.spec.nodes if name in part.plan.given)),
        version=__version__,
    )


def _named(matched: Match) -> dict[str, str | None]:
    return {"key": matched.key_column, "label": matched.label_column, "period": matched.period_column}
