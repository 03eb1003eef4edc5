"""Places and the names that they have and had: the gazetteer that ships, and one of the user's own."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources

from cityindex.errors import NotFoundError, Problem, TableError, nearest
from cityindex.places.spelling import spellings, tidy
from cityindex.table import read_table

__all__ = ["CITY", "Gazetteer", "Place", "chinese_gazetteer"]

CITY = ("直辖市", "特别行政区", "地级市")  # what the word city means as a level
NO_YEAR = -1
COLUMNS = (
    "code",
    "name",
    "level",
    "kind",
    "parent",
    "region",
    "aliases",
    "until",
    "change",
    "to",
    "under",
    "note",
    "caveat",
)


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of a gazetteer, or a name that is not valid today.

    Attributes
    ----------
    code, name, level, kind
        ``320583``, 昆山市, ``county``, 县级市.
    parent, region
        The code of the unit above; the region of a unit on top (东部 …). Nothing where there is none.
    aliases
        Other names that mean it.
    until
        The year in which the name went; None: it is valid.
    change, to
        Of a former name: ``renamed``, ``merged``, ``split`` or ``abolished``, and the codes of what it is today.
    under
        Of a former name: the unit that it stood under, by its name then.
    note
        Of a former name: what happened, in a few words. Of a unit of today: how its area changed while its name stayed.
    caveat
        What speaks against relying on it; told with every match.
    """

    code: str
    name: str
    level: str = ""
    kind: str = ""
    parent: str = ""
    region: str = ""
    aliases: tuple[str, ...] = ()
    until: int | None = None
    change: str = ""
    to: tuple[str, ...] = ()
    under: str = ""
    note: str = ""
    caveat: str = ""

    @property
    def successor(self) -> str:
        """The code of what a former name is today; nothing where it is none, was split or abolished."""
        return self.to[0] if len(self.to) == 1 and self.change != "split" else ""

    @property
    def words(self) -> tuple[str, ...]:
        """What ``level=`` may call it: its level, its kind, and ``city`` for 直辖市, 特别行政区 and 地级市."""
        return (self.level, self.kind, "city") if self.kind in CITY else (self.level, self.kind)


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Units with codes, names and the unit above; and names that they had.

    Attributes
    ----------
    source
        What it was read from.
    places, former
        The units of today, and the names that are not valid today.
    short
        Whether Chinese short forms are understood (昆山 for 昆山市).

    Examples
    --------
    >>> from cityindex import Gazetteer
    >>> lands = Gazetteer.read({"code": ["D1", "D11"], "name": ["Bayern", "München"], "parent": ["", "D1"]})
    >>> lands
    Gazetteer('mapping', 2 places, 0 former names)
    >>> lands.path(lands["D11"])
    'Bayern / München'
    """

    source: str
    places: tuple[Place, ...]
    former: tuple[Place, ...] = ()
    short: bool = False
    _codes: dict[str, Place] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for place in self.places:
            self._codes.setdefault(place.code, place)
        problems = _problems(self.places, self.former, self._codes)
        if problems:
            raise TableError(problems, summary=f"{self.source} is no gazetteer:")

    def __repr__(self) -> str:
        return f"Gazetteer({self.source!r}, {len(self.places):,} places, {len(self.former):,} former names)"

    def __len__(self) -> int:
        return len(self.places)

    def __contains__(self, code: object) -> bool:
        return code in self._codes

    def __getitem__(self, code: str) -> Place:
        """The unit of a code.

        Raises
        ------
        NotFoundError
            No unit has that code today.
        """
        try:
            return self._codes[code]
        except KeyError:
            raise NotFoundError(f"{self.source} has no code {code!r}.{nearest(code, self._codes)}") from None

    @classmethod
    def read(cls, source: object) -> Gazetteer:
        """Read a gazetteer of your own: a file, a frame or a mapping of columns.

        Parameters
        ----------
        source
            Anything that `read_table` reads. Columns ``code`` and ``name``; and where there are any ``level``,
            ``kind``, ``parent`` (a code), ``region``, ``aliases`` (other names, ``|`` between them). A row with
            ``until`` (a year) or ``to`` (a code, or several with ``|`` between them) is a former name; ``change``,
            ``under``, ``note`` and ``caveat`` tell more of it.

        Raises
        ------
        TableError
            The file cannot be read; a code or name is missing, a code stands twice, a parent or successor is unknown, a
            unit stands under itself.
        """
        table = read_table(source)
        absent = [
            Problem(f"there is no column {name!r}.{nearest(name, table.columns)}")
            for name in COLUMNS[:2]
            if name not in table.columns
        ]
        if absent:
            raise TableError(absent, summary=f"{table.source} is no gazetteer:")
        texts = [table.text(name) if name in table.columns else [""] * len(table) for name in COLUMNS]
        return cls(table.source, *_sorted_out(zip(*texts, strict=True)))

    def above(self, place: Place) -> tuple[Place, ...]:
        """The units that a place stands under, from the top; of a former name those that all its successors do."""
        if place.until is None:
            return self._line(place.parent)
        lines = [self._line(self._codes[code].parent) for code in place.to]
        return tuple(each for each in (lines[0] if lines else ()) if all(each in line for line in lines))

    def _line(self, code: str) -> tuple[Place, ...]:
        """The unit of a code and those above it, from the top."""
        found: list[Place] = []
        while code:
            found.append(self._codes[code])
            code = self._codes[code].parent
        return tuple(reversed(found))

    def at(self, place: Place, level: str) -> Place | None:
        """The place itself or the unit above it that is of that level."""
        return next((each for each in (*self.above(place), place) if each.level == level), None)

    def region(self, place: Place) -> str:
        """The region of a place: its own, or that of the nearest unit above that has one."""
        return next((each.region for each in (place, *reversed(self.above(place))) if each.region), "")

    def path(self, place: Place) -> str:
        """The name of a place with those above it: 江苏省苏州市昆山市; a former name as it was last."""
        if place.until is not None:
            top = self._codes.get(f"{place.code[:2]}0000") if self.short else None
            names = [top.name if top and top.code != place.code else "", place.under, place.name]
        else:
            names = [each.name for each in (*self.above(place), place)]
        return ("" if self.short else " / ").join(name for name in names if name)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Every word that ``level=`` may be."""
        every = (*self.places, *self.former)
        words = [*(place.level for place in every), *("city" for _ in every if self.short), *(p.kind for p in every)]
        return tuple(word for word in dict.fromkeys(words) if word)

    def tidy(self, text: str) -> str:
        """A name as it is looked up: half width, small, without spaces; here also traditional characters simplified.

        Only those that stand in no name and are the form of one simplified character alone.
        """
        return tidy(text).translate(_traditional()) if self.short else tidy(text)

    def names(self, place: Place) -> Iterator[tuple[str, bool]]:
        """Each way to write the place, tidied, and whether it is a full name."""
        for name in (place.name, *place.aliases):
            yield tidy(name), True
            if self.short:
                yield from ((form, False) for form in spellings(name))


def _sorted_out(rows: Iterable[Sequence[str]]) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
    """Rows in the order of COLUMNS as units and former names."""
    places: list[Place] = []
    former: list[Place] = []
    for code, name, level, kind, parent, region, aliases, until, change, to, under, *told in rows:
        codes = tuple(to.split("|")) if to else ()
        gone = bool(until or to)
        year = int(until) if until.isdecimal() else NO_YEAR if until else 0
        change = change or ("" if not gone else "split" if len(codes) > 1 else "renamed" if codes else "abolished")
        others = tuple(alias for alias in aliases.split("|") if alias)
        (former if gone else places).append(
            Place(code, name, level, kind, parent, region, others, year if gone else None, change, codes, under, *told)
        )
    return tuple(places), tuple(former)


def _problems(places: Sequence[Place], former: Sequence[Place], codes: dict[str, Place]) -> list[Problem]:
    found = []
    for place in (*places, *former):
        called = place.name or place.code or "a row"
        found += [Problem(f"{called} has no {what}") for what in ("code", "name") if not getattr(place, what)]
        if place.until is None and place.code and codes[place.code] is not place:
            found.append(Problem(f"{place.code} stands twice: {codes[place.code].name} and {place.name}"))
        if place.parent and place.parent not in codes:
            found.append(Problem(f"{called}: no unit has the code {place.parent} of its parent"))
        found += [
            Problem(f"{called}: no unit has the code {code} of its successor") for code in place.to if code not in codes
        ]
        if place.until == NO_YEAR:
            found.append(Problem(f"{called}: until is no year"))
    return found or [Problem(f"{place.name} stands under itself") for place in places if _circular(place, codes)]


def _circular(place: Place, codes: dict[str, Place]) -> bool:
    seen = {place.code}
    while place.parent:
        place = codes[place.parent]
        if place.code in seen:
            return True
        seen.add(place.code)
    return False


@cache
def _traditional() -> dict[int, str]:
    return {ord(row["traditional"]): row["simplified"] for row in _shipped("traditional.csv")}


def _shipped(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("cityindex.places").joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def chinese_gazetteer() -> Gazetteer:
    """The divisions of China at county level and above, and their former names since 1984; read once, when needed.

    Sources and licences stand in ``places/data/SOURCES.md``.
    """
    rows = [
        [row.get(column, "") for column in COLUMNS] for name in ("units.csv", "former.csv") for row in _shipped(name)
    ]
    return Gazetteer("GB/T 2260, 2026-09", *_sorted_out(rows), short=True)
