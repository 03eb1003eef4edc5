"""Names taken apart: which chains of units, each under the one before, a text can be read as."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cityindex.places.gazetteer import Gazetteer, Place
from cityindex.places.spelling import tidy

__all__ = ["TYPED", "Entry", "Lookup", "Reading"]

FILLERS = ("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位", "省直辖", "自治区直辖")
SHORTEST = 2  # signs that a text needs before it may be like a name
TYPED = 3  # signs that it needs before one of them may count as mistyped


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A place or former name, and what can be said of it by sets alone.

    `stands` holds what it may be called as the unit above another: its own key and, if it has one successor, that code;
    `above` the keys of the units that it stands under, or stood under.
    """

    place: Place
    stands: frozenset[str]
    above: frozenset[str]

    @property
    def valid(self) -> bool:
        return self.place.until is None


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a text: the units named before the last, the last, and whether that has its full name."""

    before: tuple[Entry, ...]
    last: Entry
    full: bool

    @property
    def order(self) -> int:
        """The lower the better: names of today before former ones, full names before short ones."""
        return 2 * (not self.last.valid) + (not self.full)


class Lookup:
    """The names of a gazetteer, to be found as a whole and as parts of a text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.forms: dict[str, list[tuple[Entry, bool]]] = defaultdict(list)
        self.codes: dict[str, Entry] = {}
        for place in gazetteer.places:
            codes = frozenset(each.code for each in gazetteer.above(place))
            self._add(Entry(place, frozenset([place.code]), codes))
        prefectures = self._by_name()
        keys = [f"~{number}" for number in range(len(gazetteer.former))]
        stands = [
            frozenset([key, place.successor] if place.successor else [key])
            for key, place in zip(keys, gazetteer.former, strict=True)
        ]
        for place, own in zip(gazetteer.former, stands, strict=True):
            if not place.under:
                prefectures.setdefault((place.code[:2], place.name), set()).update(own)
        for place, own in zip(gazetteer.former, stands, strict=True):
            top = {f"{place.code[:2]}0000"} & self.codes.keys()
            then = prefectures.get((place.code[:2], place.under), set()) if place.under else set()
            now = {each.code for each in gazetteer.above(place)}
            self._add(Entry(place, own, frozenset(top | then | now)))
        self.longest = max(map(len, self.forms), default=0)

    def _by_name(self) -> dict[tuple[str, str], set[str]]:
        places = [place for place in self.gazetteer.places if place.level == "prefecture"]
        return {(place.code[:2], place.name): {place.code} for place in places}

    def _add(self, entry: Entry) -> None:
        for form, full in self.gazetteer.names(entry.place):
            if all(known is not entry for known, _ in self.forms[form]):
                self.forms[form].append((entry, full))
        known = self.codes.setdefault(tidy(entry.place.code), entry)
        if (known.place.until or 0) < (entry.place.until or 0) and not known.valid:
            self.codes[tidy(entry.place.code)] = entry

    def readings(self, text: str) -> list[Reading]:
        """Every way to read a tidied text to its end."""
        return list(self._read(text, 0, ())) if text else []

    def _read(self, text: str, start: int, before: tuple[Entry, ...]) -> Iterator[Reading]:
        for end in range(min(len(text), start + self.longest), start, -1):
            for entry, full in self.forms.get(text[start:end], ()):
                if before and not _follows(entry, before):
                    continue
                if end == len(text):
                    yield Reading(before, entry, full)
                else:
                    yield from self._read(text, end, (*before, entry))
        if before:
            for filler in FILLERS:
                if text.startswith(filler, start) and len(text) > start + len(filler):
                    yield from self._read(text, start + len(filler), before)

    def begun(self, text: str) -> tuple[list[Entry], str]:
        """The units by which a text begins that cannot be read to its end (the longest), and the rest of it."""
        for end in range(len(text) - 1, 1, -1):
            found = [reading.last for reading in self._read(text[:end], 0, ())]
            if found:
                return found, text[end:]
        return [], text

    def ended(self, text: str) -> list[Entry]:
        """The units whose name a text ends with, by the longest such ending."""
        for start in range(1, len(text) - 1):
            if text[start:] in self.forms:
                return [entry for entry, _ in self.forms[text[start:]]]
        return []

    def alike(self, text: str, typed: int = TYPED) -> list[Entry]:
        """The units with a name one slip away: a sign added, left out, or, of `typed` signs, changed or swapped."""
        if len(text) < SHORTEST:
            return []
        near = {form for key in _thinned(text) for form in self._thin.get(key, ())}
        close = [form for form in near if _one_slip(form, text) and (len(form) != len(text) or len(text) >= typed)]
        close.sort(key=lambda form: (abs(len(form) - len(text)), form))
        return [entry for form in close for entry, _ in self.forms[form]]

    @cached_property
    def _thin(self) -> dict[str, list[str]]:
        """Each name, and each name less one sign → names."""
        found: dict[str, list[str]] = defaultdict(list)
        for form in self.forms:
            for key in _thinned(form):
                found[key].append(form)
        return found


def _thinned(text: str) -> set[str]:
    return {text, *(text[:place] + text[place + 1 :] for place in range(len(text)))}


def _one_slip(a: str, b: str) -> bool:
    """One sign added, left out or changed, or two neighbours swapped."""
    if len(a) != len(b):
        longer, shorter = (a, b) if len(a) > len(b) else (b, a)
        place = next((at for at, sign in enumerate(shorter) if sign != longer[at]), len(shorter))
        return longer[:place] + longer[place + 1 :] == shorter
    differing = [at for at, sign in enumerate(a) if sign != b[at]]
    if len(differing) == 2:
        first, second = differing
        return second == first + 1 and a[first] == b[second] and a[second] == b[first]
    return len(differing) == 1


def _follows(entry: Entry, before: tuple[Entry, ...]) -> bool:
    """The unit stands under the one before it; 北京市北京市朝阳区 names a municipality twice."""
    return bool(entry.above & before[-1].stands) or (before == (entry,) and entry.place.kind == "直辖市")
