"""Several ways to read a name → one place, or a refusal that says what it could be."""

from __future__ import annotations

from collections.abc import Iterable

from cityindex.places.gazetteer import Gazetteer, Place
from cityindex.places.lookup import Entry, Reading
from cityindex.places.record import PlaceMatch

__all__ = ["decide", "unique"]


def decide(written: str, readings: list[Reading], gazetteer: Gazetteer) -> PlaceMatch:
    """One place, or several: names of today go before former ones, full ones before short ones.

    A former unit elsewhere that the text names as fully stays a candidate (平江 is 平江县, and was 平江区 of 苏州).
    """
    best = min(reading.order for reading in readings)
    entries = list(dict.fromkeys(reading.last for reading in readings if reading.order == best))
    if not entries[0].valid:
        return _former(written, entries, gazetteer)
    place, full = entries[0].place, not best
    rivals = [
        reading.last
        for reading in readings
        if reading.full >= full and all(_rivals(reading.last.place, entry.place, full, gazetteer) for entry in entries)
    ]
    if len(entries) > 1 or rivals:
        return PlaceMatch(written, "ambiguous", candidates=unique([*entries, *rivals]))
    return PlaceMatch(written, "exact" if full else "short", place, note=place.note)


def unique(entries: Iterable[Entry]) -> tuple[Place, ...]:
    """Their places in that order; a former name once, though it had several codes."""
    found: dict[object, Place] = {}
    for place in (entry.place for entry in entries):
        found.setdefault(place.code if place.until is None else (place.name, place.to or place.code), place)
    return tuple(found.values())


def _rivals(former: Place, place: Place, full: bool, gazetteer: Gazetteer) -> bool:
    """The former unit is elsewhere today: not the place, in it or around it; or it is more than the place.

    That is a former prefecture of which the place is a part: 莱芜 is 莱芜区, and was 莱芜市 with 钢城区.
    """
    if former.until is None or not former.to:
        return False
    if place.code in former.to:
        return not full and len(former.to) > 1 and former.level != place.level
    above = {each.code for each in gazetteer.above(place)}
    return not all(code in above or place in gazetteer.above(gazetteer[code]) for code in former.to)


def _within(code: str, place: Place, gazetteer: Gazetteer) -> bool:
    """The unit of that code is the place, or in it."""
    return code == place.code or place in gazetteer.above(gazetteer[code])


def _former(written: str, entries: list[Entry], gazetteer: Gazetteer) -> PlaceMatch:
    """What became of a name that is not valid today; of several the last, if the others are in it today."""
    then = max((entry.place for entry in entries), key=lambda place: place.until or 0)
    successors = tuple(gazetteer[code] for code in then.to)
    others = [entry.place.to for entry in entries if entry.place.to != then.to]
    if not all(
        len(then.to) == 1 and to and all(_within(code, successors[0], gazetteer) for code in to) for to in others
    ):
        return PlaceMatch(written, "ambiguous", candidates=unique(entries))
    ended = f"{then.name} until {then.until}" if then.until else f"{then.name} is a former name"
    told = "；".join(filter(None, (then.note, then.caveat)))
    why = f" ({told})" if told else ""
    if not then.successor:
        status = "split" if successors else "abolished"
        return PlaceMatch(written, status, None, then, successors, f"{ended}{why}")
    kept = successors[0].name == then.name
    now = f"now in {gazetteer.path(successors[0]).removesuffix(then.name)}" if kept else f"now {successors[0].name}"
    return PlaceMatch(written, "former", successors[0], then, (), f"{ended}, {now}{why}")
