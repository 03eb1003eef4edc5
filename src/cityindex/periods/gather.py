"""Results set along time: which result holds which period, and the schemes that they were scored by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cityindex._values import Frozen, label_of
from cityindex.calibration import Calibration
from cityindex.errors import NotFoundError, ScoreError, TableError, nearest
from cityindex.part import IntArray, Part
from cityindex.result import Result
from cityindex.spec import fingerprint
from cityindex.spec import replace as changed
from cityindex.spec.model import Spec
from cityindex.table.periods import times_of

__all__ = ["Held", "Scheme", "Timeline", "timeline"]


@dataclass(frozen=True)
class Scheme:
    """What scores are computed by: a spec without editions, what was learned for it, the nodes that are given."""

    spec: Spec
    calibration: Calibration
    given: tuple[str, ...]
    name: str

    @classmethod
    def of(cls, result: Result, part: Part) -> Scheme:
        """The scheme of one part of a result."""
        edition = part.period or part.plan.spec.edition
        name = part.plan.spec.id + (f", edition {edition}" if edition else "")
        spec = part.plan.spec
        spec = changed(spec, editions=None) if spec.editions else spec
        known = replace(part.calibration, fingerprint=fingerprint(spec), editions=Frozen())
        return cls(spec, known, result.given, name)

    def same_as(self, other: Scheme) -> bool:
        """Whether both give the same number for the same data."""
        alike = self.calibration.fingerprint == other.calibration.fingerprint and self.given == other.given
        return alike and self.calibration.to_dict()["nodes"] == other.calibration.to_dict()["nodes"]


@dataclass(frozen=True)
class Held:
    """The rows of one period in one result; they belong to one edition of it."""

    result: Result
    part: Part
    rows: IntArray

    @cached_property
    def scheme(self) -> Scheme:
        return Scheme.of(self.result, self.part)

    @cached_property
    def by_unit(self) -> dict[str, int]:
        """Unit → its row in the result."""
        return {self.result.units[row]: int(row) for row in self.rows}


@dataclass(frozen=True)
class Timeline:
    """Periods in the order of time, and for each the results that hold it, in the order given."""

    periods: tuple[str, ...]
    held: Mapping[str, tuple[Held, ...]]

    @cached_property
    def units(self) -> tuple[str, ...]:
        """Every unit, in the order of the tables."""
        rows = [(held.result, held.rows) for period in self.periods for held in self.held[period]]
        return tuple(dict.fromkeys(result.units[row] for result, own in rows for row in own))

    @cached_property
    def labels(self) -> tuple[str, ...] | None:
        """What the units are called; the latest table decides."""
        found: dict[str, str] = {}
        for period in self.periods:
            for held in self.held[period]:
                if held.result.labels is not None:
                    found.update({held.result.units[row]: held.result.labels[row] for row in held.rows})
        return tuple(found.get(unit) or unit for unit in self.units) if found else None


def timeline(results: Any, periods: Sequence[Any] | None) -> Timeline:
    """The periods of one result, of several, or of results named by their period; in time, or as `periods` says.

    Raises
    ------
    ScoreError
        What is no result; results without periods that nothing names; fewer than two periods; periods without a
        place in time, or one written in two ways, where `periods` does not order them.
    NotFoundError
        A period in `periods` that no result holds.
    """
    held: dict[str, list[Held]] = {}
    for label, result in _named(results):
        for period, each in _held(result, label):
            held.setdefault(period, []).append(each)
    order = _order(list(held), periods)
    if len(order) < 2:
        raise ScoreError(f"a series needs two periods or more, and there is {', '.join(order) or 'none'}")
    return Timeline(tuple(order), {period: tuple(held[period]) for period in order})


def _named(results: Any) -> list[tuple[str | None, Result]]:
    """(period, result); no period where the result has periods of its own."""
    if isinstance(results, Result):
        pairs: list[tuple[Any, Any]] = [(None, results)]
    elif isinstance(results, Mapping):
        pairs = list(results.items())
    else:
        pairs = [(None, each) for each in results] if isinstance(results, Iterable) else [(None, results)]
    wrong = [each for _, each in pairs if not isinstance(each, Result)]
    if wrong or not pairs:
        found = type(wrong[0]).__name__ if wrong else "nothing"
        raise ScoreError(f"a result, a list of results or {{period: result}} is wanted, found {found}")
    for name, result in pairs:
        if name is None and result.periods is None:
            raise ScoreError(
                f"{result.spec.id} has no column of periods: name them, as {{'2023': …, '2024': …}}, or say "
                "unit: {period: …} in the spec"
            )
        if name is not None and result.periods is not None and label_of(name) not in map(label_of, result.periods):
            raise NotFoundError(f"the result named {name!r} holds no such period.{nearest(str(name), result.periods)}")
    return [(None if result.periods is not None else label_of(name), result) for name, result in pairs]


def _held(result: Result, label: str | None) -> list[tuple[str, Held]]:
    found = []
    for part in result.parts:
        labels = [label or "" if result.periods is None else label_of(result.periods[row]) for row in part.rows]
        for period in dict.fromkeys(labels):
            rows = part.rows[[own == period for own in labels]]
            found.append((period, Held(result, part, np.asarray(rows))))
    return found


def _order(known: list[str], periods: Sequence[Any] | None) -> list[str]:
    if periods is not None:
        if not isinstance(periods, Iterable):
            raise ScoreError(f"periods: {periods!r}; a list of periods is wanted")
        asked = [label_of(period) for period in ([periods] if isinstance(periods, str) else periods)]
        lost = [period for period in asked if period not in known]
        if lost:
            raise NotFoundError(f"no result holds the period {lost[0]!r}.{nearest(lost[0], known)}")
        return list(dict.fromkeys(asked))
    try:
        times = times_of(known)
    except TableError as error:
        raise ScoreError(f"{error}\n  periods=[…] (--period) puts them in order") from None
    order = [known[place] for place in np.argsort(times, kind="stable")]
    for place in np.flatnonzero(np.diff(np.sort(times)) == 0).tolist():
        raise ScoreError(f"{order[place]!r} and {order[place + 1]!r} are one period; write it in one way")
    return order
