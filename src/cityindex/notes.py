"""What a run did to the data, in words: one note for each group that imputed, shared or lost something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cityindex.engine.inputs import BoolArray
from cityindex.table import Note

if TYPE_CHECKING:
    from cityindex.part import Part

__all__ = ["notes_of"]

LISTED = 1000  # units named in one note; the message counts them all


def notes_of(part: Part, keys: Sequence[str]) -> Iterator[Note]:
    """The notes of one run: children imputed, weights shared, values lost."""
    plan = part.plan
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


def _note(node: str, what: str, rows: BoolArray, keys: Sequence[str]) -> Note:
    places = np.flatnonzero(rows)
    units = tuple(keys[place] for place in places[:LISTED])
    count = f"{len(places)} unit{'s' if len(places) != 1 else ''}"
    return Note("missing", f"{node}: {what} in {count}", node=node, units=units)
