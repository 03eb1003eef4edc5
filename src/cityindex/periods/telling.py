"""What series refuse, and what they tell: schemes that differ, ratios of 0, units that come and go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from cityindex.errors import Problem, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.periods.gather import Held, Timeline
from cityindex.periods.record import Link
from cityindex.spec.model import Call, Group, Spec
from cityindex.table import Note

__all__ = [
    "notes_of_base",
    "notes_of_doubles",
    "notes_of_links",
    "notes_of_scales",
    "notes_of_schemes",
    "notes_of_weights",
    "refuse_ratios",
    "refuse_schemes",
]

Dated = tuple[str, FloatArray]  # a period, and the score of each unit in it
NAMED = 5  # units named in one note
ADVICE = "ratios cannot be taken; how='difference' (--difference) measures change in points:"


def refuse_schemes(line: Timeline) -> None:
    """Scores of different schemes are not compared with one base."""
    first: tuple[str, Held] | None = None
    for period in line.periods:
        held = line.held[period][-1]
        first = first or (period, held)
        if held.part is not first[1].part and not held.scheme.same_as(first[1].scheme):
            raise ScoreError(
                f"{first[0]} was scored by {first[1].scheme.name}, and {period} by {held.scheme.name}, with another "
                "spec or calibration: chain_index (--chain) measures each link under one; or score all periods by one "
                "calibration"
            )


def refuse_ratios(line: Timeline, above: Iterable[Dated], other: Iterable[Dated]) -> None:
    """Every score that no ratio can be taken with: those in `above` have to be above 0, the others 0 or more."""
    wrong = [(period, scores, scores <= 0, "a score above 0") for period, scores in above]
    wrong += [(period, scores, scores < 0, "a score of 0 or more") for period, scores in other]
    told = [
        Problem(f"{scores[row]:.6g}, and a ratio needs {wanted}", f"unit {line.units[row]} ({period})")
        for period, scores, bad, wanted in wrong
        for row in np.flatnonzero(bad)
    ]
    if told:
        raise ScoreError(list(dict.fromkeys(told)), summary=ADVICE)


def notes_of_scales(line: Timeline) -> Iterator[Note]:
    """Steps that learn within each period: what they give is a place among others, and no level."""
    seen = set()
    for period in line.periods:
        held = line.held[period][-1]
        column = held.result.names.get("period")
        if column and id(held.part) not in seen:
            seen.add(id(held.part))
            names = [name for name in held.part.plan.ids if column in _labels(held.part.plan.spec, name)]
            if names:
                what = "each period is measured by its own scale, so a change is one of place among the others"
                yield Note("scheme", f"{_some(names)}: learned within {column}; {what}", node=names[0])


def _labels(spec: Spec, name: str) -> set[str | None]:
    node = spec.nodes[name]
    calls: list[Any] = [*node.steps, *node.publish]
    if isinstance(node, Group):
        calls += [node.weights] if isinstance(node.weights, Call) else []
    return {call.within for call in calls}


def notes_of_base(line: Timeline, values: FloatArray, base: str) -> Iterator[Note]:
    """The units that have no index numbers, since they have no score in the base period."""
    lost = [unit for unit, row in zip(line.units, np.isnan(values[:, line.periods.index(base)]), strict=True) if row]
    if lost:
        yield Note("base", f"without a score in {base}, so without index numbers: {_some(lost)}", units=tuple(lost))


def notes_of_links(links: Sequence[Link]) -> Iterator[Note]:
    """The units that come and go, and links that no unit is left for."""
    for link in links:
        for what, units in (("enter:", link.entered), ("leave:", link.left)):
            if units:
                yield Note("units", f"{link.start} → {link.end}: {what} {_some(units)}", units=units)
        if np.isnan(link.total):
            yield Note("units", f"{link.start} → {link.end}: no unit has both scores and a weight, so the mean stops")


def notes_of_schemes(links: Sequence[Link]) -> Iterator[Note]:
    """Which links were measured by which scheme, where there are several."""
    if len({link.scheme for link in links}) > 1:
        runs = [(scheme, list(own)) for scheme, own in groupby(links, key=lambda link: link.scheme)]
        told = "; ".join(f"{own[0].start} → {own[-1].end} by {scheme}" for scheme, own in runs)
        yield Note("scheme", f"schemes: {told}")


def notes_of_weights(
    line: Timeline, column: str | None, period: str, scores: FloatArray, weights: FloatArray | None
) -> Iterator[Note]:
    """The units with `scores` that are left out of a weighted mean, since they have no weight in the period."""
    lost = [] if weights is None else np.flatnonzero(~np.isnan(scores) & np.isnan(weights)).tolist()
    if lost:
        units = tuple(line.units[place] for place in lost)
        yield Note("weights", f"no {column} in {period}, so not in the mean: {_some(units)}", units=units)


def notes_of_doubles(line: Timeline) -> Iterator[Note]:
    """The periods that several results hold."""
    doubles = [period for period in line.periods if len(line.held[period]) > 1]
    if doubles:
        yield Note("periods", f"in several results, of which the last counts: {_some(doubles)}")


def _some(names: Sequence[str]) -> str:
    """The first few, and how many there are where those are not all."""
    return ", ".join(names[:NAMED]) + (f", … ({len(names)} in all)" if len(names) > NAMED else "")
