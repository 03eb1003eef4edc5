"""The scores of two neighbouring periods under one and the same scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from cityindex.errors import CityIndexError, NotFoundError, Problem, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.periods.gather import Held, Scheme, Timeline
from cityindex.pipeline import score
from cityindex.result import Of, Result
from cityindex.table import Note

__all__ = ["Pair", "Scores", "neighbours", "pairs", "weights_at"]


NAMED = 5  # nodes named in one note


@dataclass(frozen=True)
class Pair:
    """One link: the scores of all units in both periods (``nan``: none), the scheme of both, the weights of units."""

    start: str
    end: str
    before: FloatArray
    after: FloatArray
    scheme: Scheme
    notes: tuple[Note, ...] = ()
    weights: FloatArray | None = None  # None: units count alike


@dataclass(frozen=True)
class Scores:
    """Reads the scores of a node by unit, each period and each link once."""

    line: Timeline
    node: str | None
    of: Of
    place: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def along(cls, line: Timeline, node: str | None, of: Of) -> Scores:
        return cls(line, node, of, {unit: place for place, unit in enumerate(line.units)})

    def at(self, held: Held) -> FloatArray:
        """The score of each unit in a period; ``nan`` where it has none."""
        node = held.part.plan.spec.index.id if self.node is None else self.node
        if node not in held.part.plan.row:
            held.result._node(node)  # an id that the index does not know is told with the nearest
            raise NotFoundError(f"{held.scheme.name} has no node {node!r}, or no values there")
        column = held.result.column(node, of=self.of)
        out = np.full(len(self.place), np.nan)
        out[[self.place[unit] for unit in held.by_unit]] = column[list(held.by_unit.values())]
        return out


def neighbours(scores: Scores) -> Iterator[Pair]:
    """Each period and the next, as they were scored; of several results that hold a period the last counts."""
    line = scores.line
    for start, end in zip(line.periods[:-1], line.periods[1:], strict=True):
        before, after = line.held[start][-1], line.held[end][-1]
        yield Pair(start, end, scores.at(before), scores.at(after), after.scheme)


def pairs(scores: Scores) -> Iterator[Pair]:
    """Each period and the next, scored alike.

    Where one result holds both under one edition, it does (the last such result). Else the rows of the earlier period
    are scored by the scheme of the later one.
    """
    line = scores.line
    for start, end in zip(line.periods[:-1], line.periods[1:], strict=True):
        both = [
            (before, after)
            for after in line.held[end]
            for before in line.held[start]
            if before.result is after.result and before.part is after.part
        ]
        if both:
            before, after = both[-1]
            yield Pair(start, end, scores.at(before), scores.at(after), after.scheme)
        else:
            yield _rescored(scores, start, end)


def _rescored(scores: Scores, start: str, end: str) -> Pair:
    after, before = scores.line.held[end][-1], _data_for(scores.line, start, end)
    scheme = after.scheme
    if before.scheme.same_as(scheme):
        return Pair(start, end, scores.at(before), scores.at(after), scheme)
    table = before.result.table.take(before.rows)
    try:
        again = score(scheme.spec, table, calibration=scheme.calibration, given=scheme.given)
    except CityIndexError as error:
        raise ScoreError(
            error.problems,
            summary=f"{start} → {end}: the data of {start} cannot be scored by the scheme of {end} ({scheme.name}); "
            f"give the result of {end} a table that holds the rows of {start} as well:",
        ) from None
    rows = np.arange(len(again))
    old = scores.at(Held(again, again.parts[0], rows))
    return Pair(start, end, old, scores.at(after), scheme, tuple(_beyond(again, start, end)))


def _beyond(again: Result, start: str, end: str) -> Iterator[Note]:
    """One note on all indicators of the earlier period that lie beyond what the later scheme was made for."""
    nodes = [str(note.node) for note in again.notes if note.kind == "beyond"]
    if nodes:
        shown = ", ".join(nodes[:NAMED]) + (f", … ({len(nodes)} in all)" if len(nodes) > NAMED else "")
        told = f"link {start} → {end}: numbers of {start} lie beyond the scheme of {end} in {shown}"
        units = dict.fromkeys(unit for note in again.notes if note.kind == "beyond" for unit in note.units)
        yield Note("beyond", told, units=tuple(units))


def _data_for(line: Timeline, start: str, end: str) -> Held:
    """The rows of the earlier period: of the result that holds the later one, where it has them, else of the last."""
    own = [held for held in line.held[start] if held.result is line.held[end][-1].result]
    return (own or list(line.held[start]))[-1]


def weights_at(line: Timeline, period: str, column: str | None) -> FloatArray | None:
    """The weight of each unit in a period, of the last result that holds it; None where units count alike.

    Raises
    ------
    NotFoundError
        The table has no such column.
    ScoreError
        It holds what is no number, or numbers below 0, by unit.
    """
    if column is None:
        return None
    held = line.held[period][-1]
    try:
        numbers = held.result.table.numbers(column)
    except NotFoundError as error:
        raise NotFoundError(f"the weights: {error}") from None
    if numbers.problems:
        raise ScoreError(numbers.problems, summary=f"the weights {column!r} cannot be read:")
    own = numbers.values[list(held.by_unit.values())]
    wrong = [
        Problem(f"{value:g}; a weight is 0 or more", f"unit {unit} ({period}), {column}")
        for unit, value in zip(held.by_unit, own.tolist(), strict=True)
        if value < 0
    ]
    if wrong:
        raise ScoreError(wrong, summary=f"the weights {column!r} cannot be used:")
    places = {unit: place for place, unit in enumerate(line.units)}
    out = np.full(len(places), np.nan)
    out[[places[unit] for unit in held.by_unit]] = own
    return out
