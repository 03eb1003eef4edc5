"""Numbers outside the range that a step was learned from or written for: which rows, at which end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._registry import Range
from cityindex.methods._arrays import FloatArray

if TYPE_CHECKING:
    from cityindex.engine.learned import Params
    from cityindex.engine.stages import Context
    from cityindex.plan import Stage

__all__ = ["Beyond", "beyond"]

Rows = np.ndarray[tuple[int], np.dtype[np.intp]]
DUST = 1e-11  # of an end: numbers that are alike at the 12 digits of ranks differ by less


@dataclass(frozen=True, slots=True)
class Beyond:
    """The rows of one node whose number, as it comes to one step, lies beyond the ends of that step.

    Attributes
    ----------
    node, step
        The node, and the name of the step.
    label
        The label of `within` whose ends they are (empty: the step has one range).
    low, high
        The ends; an infinite one is none.
    below, above
        The rows beyond each of them.
    held
        Whether the step holds such numbers at its ends (else it goes on).
    learned
        Whether the ends are the lowest and highest number learned from (else the step, or the spec, sets them).
    """

    node: str
    step: str
    label: str
    low: float
    high: float
    below: Rows
    above: Rows
    held: bool
    learned: bool


def beyond(
    x: FloatArray, stage: Stage, params: Params | None, ids: Sequence[str], context: Context, *, fresh: bool
) -> Iterator[Beyond]:
    """What lies beyond the ends of a stage among the columns x (n × k) that came to it."""
    ends = stage.method.ends
    if ends is None:
        return
    for label, rows, own in _sets(stage, params or {}, context):
        told = ends(own, stage.call.settings)
        if told is None:
            continue
        found = Range(*told)
        learned = stage.learns and bool(own) and found.seen
        if not (learned and fresh and context.reference is None):  # every row was learned from
            yield from _each(x, rows, found, stage.call.name, label, ids, learned=learned)


def _sets(stage: Stage, params: Params, context: Context) -> list[tuple[str, Any, Params]]:
    """The rows that share what was learned (None: all of them), with their label."""
    if not stage.call.within:
        return [("", None, stage.posts or params)]
    by_label = context.label_rows(stage.call.within)
    return [(label, rows, params[label]) for label, rows in by_label.items() if label in params]


def _each(
    x: FloatArray, rows: Any, found: Range, step: str, label: str, ids: Sequence[str], *, learned: bool
) -> Iterator[Beyond]:
    x = x if rows is None else x[rows]
    low, high = (np.broadcast_to(np.asarray(end, np.float64), len(ids)) for end in (found.low, found.high))
    below, above = x < low - DUST * np.abs(low), x > high + DUST * np.abs(high)
    for column in np.flatnonzero(below.any(axis=0) | above.any(axis=0)).tolist():
        under, over = (np.flatnonzero(side[:, column]) for side in (below, above))
        if rows is not None:
            under, over = rows[under], rows[over]
        ends = float(low[column]), float(high[column])
        yield Beyond(ids[column], step, label, *ends, under, over, found.held, learned)
