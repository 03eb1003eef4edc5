"""What a run did to the data, in words: what a group imputed, shared or lost, and values beyond the calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cityindex.engine.inputs import BoolArray
from cityindex.table import Note

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.plan import Plan

__all__ = ["notes_of", "told_once"]

LISTED = 1000  # units named in one note; the message counts them all


def notes_of(part: Part, keys: Sequence[str], *, known: bool) -> Iterator[Note]:
    """The notes of one run: children imputed, weights shared, values lost; `known`: values beyond the calibration."""
    plan = part.plan
    yield from _assumed(plan)
    for name, reason in part.outcome.untiered.items():
        yield Note("tiers", f"{name}: no tiers, for {reason}", node=name)
    if known:
        yield from _beyond(part, keys)
    for name, settled in part.outcome.settled.items():
        rule = plan.spec.nodes[name].missing.name  # type: ignore[union-attr]  # only groups settle
        if settled.filled is not None and settled.filled.any():
            cells = int(settled.filled.sum())
            yield _note(
                name, f"{cells} missing children were imputed", np.logical_or.reduce(settled.filled, axis=1), keys
            )
        if settled.shared is not None and settled.shared.any():
            yield _note(name, "the weights of missing children were shared by the others", settled.shared, keys)
        if settled.blank is not None and settled.blank.any():
            yield _note(name, f"no value, for missing children ({rule})", settled.blank, keys)


def _assumed(plan: Plan) -> Iterator[Note]:
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


def _beyond(part: Part, keys: Sequence[str]) -> Iterator[Note]:
    """Indicators whose first step learned a lowest and a highest number, and that go beyond them here."""
    inputs = part.inputs
    for name, learned in part.calibration.nodes.items():
        first = (learned.get("steps") or (None,))[0]
        if name not in inputs.values or not isinstance(first, Mapping):
            continue
        low, high = first.get("min"), first.get("max")
        if not (isinstance(low, int | float) and isinstance(high, int | float)):
            continue
        values = inputs.values[name]
        if name in inputs.per:
            values = values / np.where(inputs.per[name] == 0, np.nan, inputs.per[name])
        beyond: BoolArray = np.asarray((values < low) | (values > high))
        if beyond.any():
            places = np.flatnonzero(beyond)
            seen = f"{low:.6g} to {high:.6g}"
            message = f"{name}: {_units(len(places))} beyond what the calibration has seen ({seen})"
            yield Note("beyond", message, node=name, units=tuple(keys[place] for place in places[:LISTED]))


def _units(count: int) -> str:
    return f"{count} unit{'s' if count != 1 else ''}"


def _note(node: str, what: str, rows: BoolArray, keys: Sequence[str]) -> Note:
    places = np.flatnonzero(rows)
    units = tuple(keys[place] for place in places[:LISTED])
    return Note("missing", f"{node}: {what} in {_units(len(places))}", node=node, units=units)
