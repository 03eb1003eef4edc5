"""What a run did to the data, in words: what a group imputed, shared or lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex.engine.beyond import Beyond
from cityindex.engine.inputs import BoolArray
from cityindex.table import Note
from cityindex.table.periods import in_time

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.plan import Plan

__all__ = ["assumed_weights", "ends_told", "notes_of", "told_once"]

LISTED = 1000  # units named in one note; the message counts them all
NAMED = 5  # units named in one sentence
SAID = 8  # sentences about one node
BY_RANK = ("equal", "quantiles", "sizes")  # tierings of which one expects so many units a period


def notes_of(part: Part, keys: Sequence[str], periods: Any = None, *, known: bool) -> Iterator[Note]:
    """The notes of one run: children imputed, weights shared, values lost, and numbers beyond the ends of steps.

    `periods` are those of the rows (None: there are none). `known` says that the calibration was given: then ends that
    are written, and let numbers go on, are told too.
    """
    plan = part.plan
    rows = _Rows(keys, periods)
    yield from assumed_weights(plan)
    for name, reason in part.outcome.untiered.items():
        yield Note("tiers", f"{name}: no tiers, for {reason}", node=name)
    if not known:
        yield from pooled_tiers(plan, () if periods is None else periods)
    yield from _beyond(part.outcome.beyond, rows, known=known)
    for name, settled in part.outcome.settled.items():
        rule = plan.spec.nodes[name].missing.name  # type: ignore[union-attr]  # only groups settle
        if settled.filled is not None and settled.filled.any():
            cells = int(settled.filled.sum())
            yield _note(
                name, f"{cells} missing children were imputed", np.logical_or.reduce(settled.filled, axis=1), rows
            )
        if settled.shared is not None and settled.shared.any():
            yield _note(name, "the weights of missing children were shared by the others", settled.shared, rows)
        if settled.blank is not None and settled.blank.any():
            yield _note(name, f"no value, for missing children ({rule})", settled.blank, rows)


def pooled_tiers(plan: Plan, periods: Iterable[str]) -> Iterator[Note]:
    """The groups whose tiers hold so many units of all periods together, and not of each."""
    if plan.spec.reference:
        return
    tiered = [(group, group.tiers) for group in plan.spec.groups if group.tiers and group.tiers.call.name in BY_RANK]
    count = len(set(periods)) if tiered else 0
    if count > 1:
        for group, tiers in tiered:
            told = f"{group.id}: the cuts of the tiers ({tiers.call.name}) are those of {count} periods together"
            yield Note("tiers", told, node=group.id)


def assumed_weights(plan: Plan) -> Iterator[Note]:
    """The groups whose weights are somebody's own: nothing that a source prints, or that follows from it."""
    spec = plan.spec
    own = [
        task.id
        for task in plan.groups
        if len(task.children) > 1
        and any(spec.weight_provenance(task.id, child).endswith(("assumed", "(assumed)")) for child in task.children)
    ]
    if own:
        groups = ", ".join(own[:10]) + (", …" if len(own) > 10 else "")
        yield Note("provenance", f"the weights of {groups} are assumed, not published")


def told_once(notes: Sequence[Note], *, parts: int) -> tuple[Note, ...]:
    """Each note once; that a column is read by nothing only where it is read in none of the parts (editions)."""
    counts = Counter(notes)
    return tuple(note for note in counts if note.kind != "unused" or counts[note] == parts)


class _Rows:
    """What the rows of a run are called, and the periods that they stand in."""

    def __init__(self, keys: Sequence[str], periods: Any) -> None:
        self.keys, self.periods = keys, periods

    @cached_property
    def _names(self) -> Any:
        if self.periods is None:
            return np.array(self.keys, dtype=object)
        named = zip(self.keys, self.periods, strict=True)
        return np.array([f"{unit} ({period})" for unit, period in named], dtype=object)

    def names(self, rows: Any) -> tuple[str, ...]:
        """The units of some rows, with their periods; the first `LISTED`."""
        return tuple(self._names[rows[:LISTED]].tolist())

    @cached_property
    def _dated(self) -> tuple[Any, list[str]]:
        """The place in time of each row's period, and the periods in time."""
        codes, labels = pd.factorize(np.asarray(self.periods, dtype=object))
        known = [str(label) for label in labels]
        order = in_time(known)
        return np.array([order.index(label) for label in known], np.intp)[codes], order

    def by_period(self, rows: Any) -> Iterator[tuple[int, str, Any]]:
        """(place in time, period, those of the rows that stand in it); one empty name where there are no periods."""
        if self.periods is None:
            if len(rows):
                yield 0, "", rows
            return
        places, labels = self._dated
        own = places[rows]
        for place in np.unique(own).tolist():
            yield place, labels[place], rows[own == place]


def _beyond(found: Sequence[Beyond], rows: _Rows, *, known: bool) -> Iterator[Note]:
    """For each node the units that lie beyond the ends of its steps, by period; see `notes_of` for `known`."""
    by_node: dict[str, list[Beyond]] = {}
    for each in found:
        if known or each.learned or each.held:
            by_node.setdefault(each.node, []).append(each)
    for node, own in by_node.items():
        sides = [side for each in own for side in _sides(each, rows, known=known)]
        said, before = [], ""
        for head, sentence, _ in sides[:SAID]:  # what the ends are only where that changes
            said.append(sentence if head == before else f"{head}: {sentence}")
            before = head
        rest = sum(count for _, _, count in sides[SAID:])
        said += [f"and {_units(rest)} more"] if rest else []
        kind = "beyond" if known or any(each.learned for each in own) else "held"
        yield Note(kind, f"{node}: {'; '.join(said)}", node=node, units=rows.names(_rows_of(own, len(rows.keys))))


def _sides(each: Beyond, rows: _Rows, *, known: bool) -> Iterator[tuple[str, str, int]]:
    """(what the ends are, who is beyond which of them, how many) of one step, the earliest period first."""
    head = ends_told(each.step, each.label, each.low, each.high, learned=each.learned, known=known)
    low, high = (f"{end:,.6g}" for end in (each.low, each.high))
    sides = [(*own, f"above {high}") for own in rows.by_period(each.above)]
    sides += [(*own, f"below {low}") for own in rows.by_period(each.below)]
    for _, period, places, side in sorted(sides, key=itemgetter(0)):
        names = ", ".join(rows.keys[place] for place in places[:NAMED].tolist())
        many = f"{_units(len(places))} {side} ({'held' if each.held else 'not held'})"
        more = ", …" if len(places) > NAMED else ""
        yield head, f"{period}{': ' if period else ''}{many}: {names}{more}", len(places)


def ends_told(step: str, label: str, low: float, high: float, *, learned: bool, known: bool) -> str:
    """What the ends of a step are: what they come from, of which label, from where to where."""
    if learned:
        source = f"beyond {'what the calibration has seen' if known else 'the reference'}"
    else:
        source = "outside the goalposts" if step == "goalposts" else f"outside of {step}"
    span = f" ({low:,.6g} to {high:,.6g})" if np.isfinite([low, high]).all() else ""
    return source + (f", {label}" if label else "") + span


def _rows_of(found: Sequence[Beyond], count: int) -> Any:
    """The rows beyond any of the ends, in the order of the table."""
    there = np.zeros(count, dtype=bool)
    for each in found:
        there[each.below] = there[each.above] = True
    return np.flatnonzero(there)


def _units(count: int) -> str:
    return f"{count} unit{'s' if count != 1 else ''}"


def _note(node: str, what: str, chosen: BoolArray, rows: _Rows) -> Note:
    places = np.flatnonzero(chosen)
    return Note("missing", f"{node}: {what} in {_units(len(places))}", node=node, units=rows.names(places))
