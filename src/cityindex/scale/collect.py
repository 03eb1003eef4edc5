"""Statistics of columns, added up block by block: what a block holds (`Partial`), and two of them as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._entropy import unevenness
from cityindex.methods._moments import Moments, moments, together
from cityindex.methods.ordinal import count_values
from cityindex.methods.rank_blocks import order_of
from cityindex.methods.scaling import check_shares
from cityindex.scale.needs import NOTHING, Needs

__all__ = ["DISTINCT", "Ask", "Partial", "Slot", "look", "merge"]

IntArray = npt.NDArray[np.int64]
DISTINCT = 1_000_000  # different numbers of one column that a calibration may hold
DIGITS = 16  # bits of a number's order that one pass of a selection looks at


@dataclass(frozen=True, slots=True)
class Slot:
    """The numbers of one column whose order begins with some bits: to be counted by the next bits, or gathered.

    Column -1 is every column.
    """

    column: int
    depth: int  # how often DIGITS bits are known
    prefix: int
    gather: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the rows in one pass: statistics, and slots of a selection (about a centre, if one is given)."""

    needs: Needs = NOTHING
    statistics: bool = True
    slots: tuple[Slot, ...] = ()
    centre: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """What some rows add up to; see `cityindex.methods._summary.Summary` for the names."""

    rows: int
    counts: FloatArray
    low: FloatArray
    high: FloatArray
    mean: FloatArray | None = None
    squares: FloatArray | None = None
    totals: Mapping[str, FloatArray] = field(default_factory=dict)
    moments: Moments | None = None
    distinct: tuple[tuple[FloatArray, IntArray], ...] = ()
    counted: Mapping[Slot, tuple[IntArray, IntArray]] = field(default_factory=dict)  # next bits, how often
    gathered: Mapping[Slot, FloatArray] = field(default_factory=dict)


def look(x: FloatArray, ask: Ask) -> Partial:
    """What the rows x (n × k) hold.

    Raises
    ------
    DomainError
        By row and column: missing numbers where every one is needed, numbers that a sum cannot take.
    """
    columns = x.T
    gaps = np.isnan(columns)
    whole = not gaps.any()
    counts = np.full(len(columns), float(len(x))) if whole else (~gaps).sum(axis=1).astype(np.float64)
    nothing = np.full(len(columns), np.nan)
    low, high = (np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)) if len(x) else (nothing, nothing)
    found = Partial(len(x), counts, low, high)
    if ask.statistics:
        found = _statistics(found, x, gaps, ask)
    if ask.slots:
        y = columns if ask.centre is None else np.abs(columns - ask.centre[:, None])
        found = _slots(found, y, ask.slots)
    return found


def _statistics(found: Partial, x: FloatArray, gaps: Any, ask: Ask) -> Partial:
    columns, needs = x.T, ask.needs
    if needs.spread:
        present = np.maximum(found.counts, 1)
        mean = np.where(gaps, 0.0, columns).sum(axis=1) / present
        apart = np.where(gaps, 0.0, columns - mean[:, None])
        found = replace(found, mean=mean, squares=np.square(apart).sum(axis=1))
    for name in needs.totals:
        found = replace(found, totals={**found.totals, name: _total(name, columns, gaps, x, ask.centre)})
    if needs.moments:
        if gaps.any():
            cells = [(int(row), int(column)) for column, row in np.argwhere(gaps)]
            raise DomainError("every number is needed: impute it, or leave out the unit or the indicator", cells=cells)
        if len(x):
            found = replace(found, moments=moments(x))
    if needs.distinct:
        found = replace(found, distinct=tuple(count_values(column) for column in columns))
    return found


def _total(name: str, columns: FloatArray, gaps: Any, x: FloatArray, centre: FloatArray | None) -> FloatArray:
    if name in ("sum", "reciprocals"):
        check_shares(x, inverse=name == "reciprocals")
        with np.errstate(divide="ignore"):
            values = 1 / columns if name == "reciprocals" else columns
        return np.asarray(np.where(gaps, 0.0, values).sum(axis=1), np.float64)
    if name == "unevenness":
        assert centre is not None  # the mean was found in the pass before
        return unevenness(x, centre)
    if name == "norm":
        largest = np.fmax.reduce(np.abs(columns), axis=1, initial=0.0)
        scale = np.where(largest > 0, largest, 1.0)
        return np.asarray(scale * np.sqrt(np.where(gaps, 0.0, np.square(columns / scale[:, None])).sum(axis=1)))
    raise ValueError(name)


# -- selection --------------------------------------------------------------------------------------------------------


def _slots(found: Partial, columns: FloatArray, slots: Sequence[Slot]) -> Partial:
    counted: dict[Slot, tuple[IntArray, IntArray]] = {}
    gathered: dict[Slot, FloatArray] = {}
    orders: dict[int, tuple[FloatArray, npt.NDArray[np.uint64]]] = {}
    every = [replace(slot, column=j) for slot in slots if slot.column < 0 for j in range(len(columns))]
    for slot in [*every, *(slot for slot in slots if slot.column >= 0)]:
        if slot.column not in orders:
            values = columns[slot.column]
            values = values[~np.isnan(values)] + 0.0  # no 0 below 0
            orders[slot.column] = values, order_of(values)
        values, order = orders[slot.column]
        if slot.depth:
            inside = (order >> np.uint64(64 - DIGITS * slot.depth)) == np.uint64(slot.prefix)
            values, order = values[inside], order[inside]
        if slot.gather:
            gathered[slot] = values
        else:
            bits = (order >> np.uint64(64 - DIGITS * (slot.depth + 1))) & np.uint64((1 << DIGITS) - 1)
            times = np.bincount(bits.astype(np.intp), minlength=1)
            places = np.flatnonzero(times)
            counted[slot] = places.astype(np.int64), times[places].astype(np.int64)
    return replace(found, counted=counted, gathered=gathered)


# -- two as one -------------------------------------------------------------------------------------------------------


def merge(one: Partial, other: Partial) -> Partial:
    """Both together; the order matters in the last digits of sums, and nowhere else.

    Raises
    ------
    DomainError
        A column with more different numbers than a calibration may hold.
    """
    found = Partial(
        one.rows + other.rows,
        one.counts + other.counts,
        np.fmin(one.low, other.low),
        np.fmax(one.high, other.high),
        totals={name: _add_totals(name, own, other.totals[name]) for name, own in one.totals.items()},
        moments=_add_moments(one.moments, other.moments),
        distinct=tuple(
            _add_counts(a, b, place) for place, (a, b) in enumerate(zip(one.distinct, other.distinct, strict=True))
        ),
        counted={slot: _sum_counts(own, other.counted[slot]) for slot, own in one.counted.items()},
        gathered={slot: np.concatenate([own, other.gathered[slot]]) for slot, own in one.gathered.items()},
    )
    if one.mean is None or other.mean is None or one.squares is None or other.squares is None:
        return found
    together_ = np.maximum(found.counts, 1)
    apart = other.mean - one.mean
    mean = one.mean + apart * (other.counts / together_)
    squares = one.squares + other.squares + np.square(apart) * (one.counts * other.counts / together_)
    return replace(found, mean=mean, squares=squares)


def _add_totals(name: str, one: FloatArray, other: FloatArray) -> FloatArray:
    return np.hypot(one, other) if name == "norm" else one + other


def _add_moments(one: Moments | None, other: Moments | None) -> Moments | None:
    return other if one is None else one if other is None else together(one, other)


def _sum_counts(one: tuple[Any, IntArray], other: tuple[Any, IntArray]) -> tuple[Any, IntArray]:
    values, places = np.unique(np.concatenate([one[0], other[0]]), return_inverse=True)
    times = np.zeros(len(values), np.int64)
    np.add.at(times, places, np.concatenate([one[1], other[1]]))
    return values, times


def _add_counts(
    one: tuple[FloatArray, IntArray], other: tuple[FloatArray, IntArray], column: int
) -> tuple[FloatArray, IntArray]:
    values, times = _sum_counts(one, other)
    if len(values) > DISTINCT:
        raise DomainError(
            f"more than {DISTINCT:,} different numbers, all of which the calibration would have to hold: calibrate on "
            "a sample, or round the column first",
            columns=[column],
        )
    return values, times
