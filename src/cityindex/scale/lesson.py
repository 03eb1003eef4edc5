"""What one stage learns of one reference, over as many passes as it takes: asks, adds up, and is done."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._summary import Summary
from cityindex.scale.collect import DIGITS, Ask, Partial, Slot
from cityindex.scale.needs import Needs

__all__ = ["Lesson", "first_ask"]

GATHERED = 1 << 20  # numbers that a selection may take in at once


def first_ask(needs: Needs) -> Ask:
    """What is asked in the first pass, whatever the rows hold."""
    slots = () if not needs.quantiles else (Slot(-1, 0, 0),)  # of every column
    return Ask(replace(needs, unevenness=False), slots=slots)


@dataclass(slots=True)
class _Place:
    """A number that is looked for: its place (from 0) among the numbers of the slot that holds it, until found."""

    column: int
    depth: int
    prefix: int
    place: int
    found: float = math.nan

    @property
    def open(self) -> bool:
        return math.isnan(self.found)


@dataclass(slots=True)
class Lesson:
    """The state between passes; `ask` is what the next pass has to find out (None: all is known)."""

    needs: Needs
    ask: Ask | None
    known: Partial | None = None
    places: dict[tuple[int, int], _Place] = field(default_factory=dict)  # (column, place) → where it is looked for
    about: FloatArray | None = None  # the medians, once deviations from them are looked for
    quantiles: dict[float, FloatArray] = field(default_factory=dict)
    members: dict[tuple[int, int, int], int] = field(default_factory=dict)  # how many numbers a slot holds
    spread: FloatArray | None = None
    unevenness: FloatArray | None = None

    @classmethod
    def of(cls, needs: Needs) -> Lesson:
        return cls(needs, first_ask(needs))

    def take(self, found: Partial) -> None:
        """What a pass found; sets the next question."""
        if self.known is None:
            self.known = found
            self._open(self.needs.quantiles)
        if self.ask is not None and "unevenness" in self.ask.needs.totals:
            self.unevenness = found.totals["unevenness"]
        self._narrow(found)
        slots = self._slots()
        self.ask = Ask(statistics=False, slots=slots, centre=self.about) if slots else self._next()

    def _next(self) -> Ask | None:
        """The question after the last selection is done."""
        assert self.known is not None  # asked after the first pass
        if self.about is None and self.needs.quantiles and not self.quantiles:
            self.quantiles = {share: self._quantile(share) for share in self.needs.quantiles}
        if self.needs.deviation and self.about is None:
            self.about = self.quantiles[0.5]
            self._open((0.5,))
            return Ask(statistics=False, slots=(Slot(-1, 0, 0),), centre=self.about) if self.places else None
        if self.about is not None and self.spread is None:
            self.spread = self._quantile(0.5)
        if self.needs.unevenness and self.unevenness is None and (self.known.low >= 0).all():
            return Ask(Needs(totals=("unevenness",)), centre=self.known.mean)
        return None

    def _open(self, shares: Iterable[float]) -> None:
        """The places of the two neighbours of each quantile."""
        assert self.known is not None  # asked after the first pass
        self.places = {}
        for column, count in enumerate(self.known.counts.astype(int).tolist()):
            for share in shares if count else ():
                below = math.floor((count - 1) * share)
                for place in {below, min(below + 1, count - 1)}:
                    self.places[column, place] = _Place(column, 0, 0, place)

    def _narrow(self, found: Partial) -> None:
        """Follow each number that is looked for into the slot that holds it, or pick it where they were gathered."""
        counted = {(slot.column, slot.depth, slot.prefix): own for slot, own in found.counted.items()}
        gathered = {(slot.column, slot.depth, slot.prefix): np.sort(own) for slot, own in found.gathered.items()}
        for each in self.places.values():
            where = each.column, each.depth, each.prefix
            if each.open and where in gathered:
                each.found = float(gathered[where][each.place])
            elif each.open and where in counted:
                bits, times = counted[where]
                ends = np.cumsum(times)
                slot = int(np.searchsorted(ends, each.place, side="right"))
                each.place -= int(ends[slot] - times[slot])
                each.depth, each.prefix = each.depth + 1, (each.prefix << DIGITS) | int(bits[slot])
                self._size(each, int(times[slot]))

    def _size(self, each: _Place, members: int) -> None:
        self.members[each.column, each.depth, each.prefix] = members
        if DIGITS * each.depth == 64:
            each.found = _number(each.prefix)

    def _slots(self) -> tuple[Slot, ...]:
        """What the next pass has to count or gather: the smallest slots are gathered, as far as memory goes."""
        wanted = {(each.column, each.depth, each.prefix) for each in self.places.values() if each.open}
        room, slots = GATHERED, []
        for where in sorted(wanted, key=lambda where: self.members.get(where, GATHERED)):
            members = self.members.get(where, GATHERED + 1)
            gather = members <= room
            room -= members if gather else 0
            slots.append(Slot(*where, gather=gather))
        return tuple(slots)

    def _quantile(self, share: float) -> FloatArray:
        """Linear between neighbours, as `numpy.quantile` has it to the last bit."""
        assert self.known is not None  # asked after the first pass
        out = np.full(len(self.known.counts), np.nan)
        for column, count in enumerate(self.known.counts.astype(int).tolist()):
            if count:
                place = (count - 1) * share
                below = math.floor(place)
                pair = [self.places[column, at].found for at in (below, min(below + 1, count - 1))]
                out[column] = np.quantile(pair, place - below)
        return out

    def summary(self) -> Summary:
        """What was found out, for a `learn` to look at."""
        known = self.known
        assert known is not None  # asked after the last pass
        totals = dict(known.totals)
        if self.unevenness is not None:
            totals["unevenness"] = self.unevenness
        return Summary(
            rows=known.rows,
            counts=known.counts,
            low=known.low,
            high=known.high,
            mean=None if known.mean is None else np.where(known.counts > 0, known.mean, np.nan),
            squares=known.squares,
            quantiles=self.quantiles,
            spread=self.spread,
            totals=totals,
            moments=known.moments,
            values=tuple(values for values, _ in known.distinct),
            counted=tuple(times for _, times in known.distinct),
        )


def _number(order: int) -> float:
    """The number that stands at a place in the order (see `order_of`)."""
    bits = order ^ (1 << 63) if order >> 63 else ~order & ((1 << 64) - 1)
    return float(np.array([bits], np.uint64).view(np.float64)[0])
