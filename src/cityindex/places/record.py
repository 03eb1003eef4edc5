"""What became of a column of names: each with its place, or the reason why it has none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from cityindex._shown import Shown
from cityindex.errors import Problem, TableError
from cityindex.places.gazetteer import Gazetteer, Place

__all__ = ["RESOLVED", "PlaceMatch", "ResolvedPlaces"]

RESOLVED = ("exact", "short", "former", "code")
REFUSED = ("ambiguous", "outside", "split", "abolished", "unknown", "empty")
OFFERED = 8  # candidates of one name in a message; all of them are in `candidates`
SHOWN = 20  # refused names, and notes, in the text of a record; all of them are in `unresolved` and `to_frame()`
FRAME = (
    "written",
    "code",
    "name",
    "level",
    "kind",
    "province",
    "prefecture",
    "region",
    "status",
    "code_then",
    "candidates",
    "note",
)


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """One name and what it means.

    Attributes
    ----------
    written
        The name as it stood.
    status
        ``exact`` (a full name), ``short``, ``former`` (a name that is not valid today, with one successor), ``code``;
        or refused: ``ambiguous`` (several places), ``outside`` (known, but not at that level or in that province),
        ``split`` and ``abolished`` (former names without one successor), ``unknown``, ``empty``.
    place
        The unit of today; None where the name is refused.
    then
        The former name that was recognised, with its code then and what happened.
    candidates
        Of a refused name: what it may mean. Of an unknown one they are guesses by its letters.
    note
        What was noticed: why a name is refused, what became of a former one, how the area of a unit changed while its
        name stayed.
    """

    written: str
    status: str
    place: Place | None = None
    then: Place | None = None
    candidates: tuple[Place, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ResolvedPlaces(Shown):
    """A column of names, resolved row by row.

    Attributes
    ----------
    gazetteer
        What they were looked up in.
    matches
        One a row, in the order of the rows.
    """

    gazetteer: Gazetteer
    matches: tuple[PlaceMatch, ...]

    def __len__(self) -> int:
        return len(self.matches)

    def __iter__(self) -> Iterator[PlaceMatch]:
        return iter(self.matches)

    def __getitem__(self, row: int) -> PlaceMatch:
        return self.matches[row]

    @property
    def codes(self) -> tuple[str | None, ...]:
        """The code of each row today; None where its name is refused."""
        return tuple(None if match.place is None else match.place.code for match in self.matches)

    @property
    def unresolved(self) -> tuple[PlaceMatch, ...]:
        """The rows that are refused."""
        return tuple(match for match in self.matches if match.place is None)

    @property
    def rate(self) -> float:
        """The share of rows that were resolved, 0 to 1; `nan` without rows."""
        return sum(match.place is not None for match in self.matches) / len(self) if len(self) else float("nan")

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each status."""
        found = Counter(match.status for match in self.matches)
        return {status: found[status] for status in (*RESOLVED, *REFUSED) if found[status]}

    @property
    def shared(self) -> dict[str, tuple[str, ...]]:
        """Codes that different units resolve to (two districts that are one today): code → the names of those units."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for match in self.matches:
            if match.place is not None:
                found[match.place.code][(match.then or match.place).name] = None
        return {code: tuple(names) for code, names in found.items() if len(names) > 1}

    def to_frame(self) -> pd.DataFrame:
        """One row a name: as written, code, name today, level, kind, province, prefecture, region, status and why."""
        return pd.DataFrame([self._row(match) for match in self.matches], columns=list(FRAME))

    def field(self, place: Place, name: str) -> str:
        """One of the columns of `to_frame` for a unit: its ``province``, ``prefecture``, ``region``, ``code`` …"""
        if name in ("province", "prefecture"):
            found = self.gazetteer.at(place, name)
            return found.name if found is not None else ""
        return self.gazetteer.region(place) if name == "region" else str(getattr(place, name))

    def _row(self, match: PlaceMatch) -> list[str]:
        place = match.place
        told = [self.field(place, name) if place is not None else "" for name in FRAME[1:8]]
        then = match.then.code if match.then is not None else ""
        return [match.written, *told, match.status, then, "; ".join(map(self.told, match.candidates)), match.note]

    def told(self, place: Place) -> str:
        """A place in words: ``江苏省苏州市昆山市 320583``, a former one with the year in which it went."""
        until = "" if not place.until else f" until {place.until}"
        return f"{self.gazetteer.path(place)} {place.code}{until}"

    def problems(self, place: Callable[[int], str] = lambda row: f"row {row + 1}") -> list[Problem]:
        """Each refused name with the reason and the candidates, the same name once; `place` says where a row stands."""
        rows: dict[PlaceMatch, list[int]] = defaultdict(list)
        for row, match in enumerate(self.matches):
            if match.place is None:
                rows[match].append(row)
        return [
            Problem(self._why(match), place(found[0]) + (f" and {len(found) - 1} more" if found[1:] else ""))
            for match, found in rows.items()
        ]

    def _why(self, match: PlaceMatch) -> str:
        reason = f"{match.status}{f': {match.note}' if match.note else ''}"
        word = "perhaps" if match.status == "unknown" else "candidates"
        told = [self.told(place) for place in match.candidates[:OFFERED]]
        told += [f"and {len(match.candidates) - OFFERED} more"] if len(match.candidates) > OFFERED else []
        return f"{match.written!r} is {reason}{f'; {word}: ' if told else ''}{', '.join(told)}"

    def raise_for_unresolved(self) -> None:
        """Refuse to go on while a name has no place.

        Raises
        ------
        TableError
            Some names are refused: each with the reason and its candidates.
        """
        problems = self.problems()
        if problems:
            refused = len(self.unresolved)
            raise TableError(problems, summary=f"{refused:,} of {len(self):,} names have no place:")

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        refused = self.problems()
        rate = f" ({self.rate:.1%})" if len(self) else ""
        counts = ", ".join(f"{count:,} {status}" for status, count in self.counts.items())
        lines = [f"{len(self) - len(self.unresolved):,} of {len(self):,} names resolved{rate}: {counts or 'no names'}"]
        lines += [f"  {problem}" for problem in refused[:SHOWN]]
        if len(refused) > SHOWN:
            lines.append(f"  … and {len(refused) - SHOWN:,} more refused names (all of them are in .unresolved)")
        lines += [
            f"  {self.told(self.gazetteer[code])} is today the place of: {', '.join(names)}"
            for code, names in self.shared.items()
        ]
        noted = [match for match in dict.fromkeys(self.matches) if match.place is not None and match.note]
        lines += [f"  {match.written}: {match.note}" for match in noted[:SHOWN]]
        if len(noted) > SHOWN:
            lines.append(f"  … and {len(noted) - SHOWN:,} more notes (all of them are in .to_frame())")
        return "\n".join(lines)
