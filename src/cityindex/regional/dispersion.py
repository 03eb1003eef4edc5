"""How unequal scores are, in all and between and within groups, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.inequality import Index, gini, group_parts, theil, variation
from cityindex.regional.gather import Gathered, many, refused
from cityindex.table import Note

__all__ = ["EQUAL", "Spread", "spread_of"]

EQUAL = "equal"  # in the column `weights`: every unit counts alike
MEASURES: tuple[tuple[str, Index], ...] = (("theil_t", "T"), ("theil_l", "L"))


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A row a period and weighting, by period; a row a group, by (period, group); what could not be measured."""

    whole: pd.DataFrame
    parts: pd.DataFrame
    notes: tuple[Note, ...]


def spread_of(found: Gathered, order: pd.Index[Any]) -> Spread:
    """The inequality of each period, weighted and not.

    Raises
    ------
    ScoreError
        Scores below 0, by unit: no measure here has a meaning for them.
    """
    scores = found.of("score")
    below = np.flatnonzero(found.labelled & (scores < 0))
    if len(below):
        raise refused(found, below, "is below 0", "Theil, Gini and the coefficient of variation need scores from 0 on")
    kinds = [None, *([] if found.asked.weights is None else [found.asked.weights])]
    cases = [(when, kind) for when in range(len(found.periods)) for kind in kinds]
    notes = [note for when, kind in cases if kind is None for note in _zeros(found, when)]
    places = pd.Index([when for when, _ in cases], name="when")
    whole = pd.DataFrame([_whole(found, when, kind) for when, kind in cases], index=places)
    return Spread(whole, _parts_frame(found, order, kinds), tuple(notes))


def _rows(found: Gathered, when: int, kind: str | None) -> tuple[Any, FloatArray, FloatArray]:
    """The rows of a period that are measured, their scores and weights (None: all alike)."""
    weight = np.ones(len(found.rows)) if kind is None else found.of("weight")
    rows = np.flatnonzero(found.labelled & (found.of("when") == when) & (weight > 0))
    return rows, found.of("score")[rows], weight[rows]


def _zeros(found: Gathered, when: int) -> Iterator[Note]:
    """What a score of 0 stands in the way of."""
    rows, scores, _ = _rows(found, when, None)
    gone = rows[scores == 0]
    if len(gone):
        names = tuple(found.name(row) for row in gone.tolist())
        score = "a score of 0" if len(gone) == 1 else "scores of 0"
        message = f"no Theil L, which takes logarithms: {many(len(gone), 'unit')} with {score}"
        yield Note("domain", message, node=found.asked.node, units=names)


def _whole(found: Gathered, when: int, kind: str | None) -> dict[str, Any]:
    """One row of the dispersion of a period."""
    rows, scores, weights = _rows(found, when, kind)
    levels, by = [level[rows] for level in found.levels], found.asked.by
    mean = float((weights * scores).sum() / weights.sum()) if len(rows) else np.nan
    row: dict[str, Any] = {"weights": kind or EQUAL, "units": len(rows), "mean": mean}
    for name, measure in (("cv", variation), ("gini", gini)):
        row[name] = measure(scores, w=weights) if scores.any() else np.nan
    for name, index in MEASURES:
        try:
            split = theil(scores, levels, w=weights, index=index)
            between, within, total = split.between, split.within, split.total
        except DomainError:  # told by `_zeros`, or nobody is there
            between, within, total = (np.nan,) * len(by), np.nan, np.nan
        row |= {name: total, f"{name}_between": float(np.sum(between)), f"{name}_within": within}
        if len(by) > 1:
            row |= {f"{name}_between_{column}": part for column, part in zip(by, between, strict=True)}
    return row


def _parts_frame(found: Gathered, order: pd.Index[Any], kinds: list[str | None]) -> pd.DataFrame:
    """What each group adds, for each weighting of each period."""
    frames = []
    for when in range(len(found.periods)):
        here = order[order.get_level_values(0) == when]
        for kind in kinds:
            own = _parts(found, when, kind).reindex(here)
            own.insert(0, "weights", kind or EQUAL)
            frames.append(own)
    return pd.concat(frames)


def _parts(found: Gathered, when: int, kind: str | None) -> pd.DataFrame:
    """Of each group of a period: its shares, its own inequality, and what it adds to that of all."""
    rows, scores, weights = _rows(found, when, kind)
    groups = found.of("group")[rows]
    size = int(groups.max(initial=-1)) + 1
    members = [np.flatnonzero(groups == group) for group in range(size)]
    columns: dict[str, Any] = {"share": np.nan, "score_share": np.nan}
    for name, measure in (("cv", variation), ("gini", gini)):
        columns[name] = [measure(scores[at], w=weights[at]) if scores[at].any() else np.nan for at in members]
    for name, index in MEASURES:
        names = (name, f"{name}_within", f"{name}_between")
        try:
            parts = group_parts(scores, groups, w=weights, index=index)
        except DomainError:  # told by `_zeros`, or nobody is there
            columns |= dict.fromkeys(names, np.nan)
            continue
        columns |= {"share": parts.share, "score_share": parts.sum_share}
        columns |= dict(zip(names, (parts.own, parts.within, parts.between), strict=True))
    frame = pd.DataFrame(columns, index=range(size))
    frame.index = pd.MultiIndex.from_product([[when], range(size)], names=["when", "group"])
    return frame
