"""Names as people write them → units of a gazetteer; what could be two places is refused, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from cityindex.errors import Problem, TableError, nearest
from cityindex.places.decide import decide, unique
from cityindex.places.gazetteer import Gazetteer, Place, chinese_gazetteer
from cityindex.places.lookup import TYPED, Entry, Lookup, Reading
from cityindex.places.record import PlaceMatch, ResolvedPlaces
from cityindex.places.spelling import is_direct, what_else
from cityindex.table.cells import cell_text

__all__ = ["resolve_places"]

NEAR = 6  # candidates told of an unknown name
_LOOKUPS: WeakKeyDictionary[Gazetteer, Lookup] = WeakKeyDictionary()

Names = str | Iterable[Any]


def resolve_places(
    names: Names,
    *,
    province: Names | None = None,
    prefecture: Names | None = None,
    within: Names | None = None,
    level: str | Sequence[str] | None = None,
    gazetteer: Gazetteer | None = None,
    strict: bool = False,
) -> ResolvedPlaces:
    """Find the unit that each name means, and its code; refuse what could be several, with the candidates.

    Understood are full names (昆山市), short ones (昆山, 延边, 积石山), units before them (江苏昆山市, 苏州昆山,
    江苏省苏州市昆山市), full width and spaces, a province or kind in brackets behind a name (朝阳区（北京）,
    巢湖市（县级）), former names with one successor (海门市, 襄樊, 宣武区) and codes.

    Parameters
    ----------
    names
        One name, or a column of n.
    province, prefecture
        The province or prefecture of each row, or one for all rows; an empty cell says nothing. Short and former names
        will do.
    within
        Likewise, a unit of any level.
    level
        What the names are: ``province``, ``prefecture``, ``county``, a kind (县级市, 市辖区, …), ``city`` (直辖市,
        特别行政区 and 地级市), or several of these. None: anything.
    gazetteer
        What to look them up in; None: the divisions of China that ship.
    strict
        Raise where a name is refused.

    Returns
    -------
    ResolvedPlaces
        One match a row.

    Raises
    ------
    TableError
        A context of another length than the names; a level that the gazetteer does not have; with `strict`, a name
        that is refused.

    Notes
    -----
    A name that is valid today goes before one that is not, and a full name before a short one. But a former unit
    elsewhere that the text names as fully is a candidate too (江北区 is in 宁波, and was in 重庆 until 2025; 平江 is
    平江县, and was 平江区). Former names are those since 1984, with the code of the successor today. The match of a
    unit whose area changed while its name stayed says so (余杭区).

    Examples
    --------
    >>> import cityindex as ci
    >>> found = ci.resolve_places(["昆山", "江苏海门市", "朝阳区"])
    >>> found.codes
    ('320583', '320614', None)
    >>> print(found)
    2 of 3 names resolved (66.7%): 1 short, 1 former, 1 ambiguous
      row 3: '朝阳区' is ambiguous; candidates: 北京市朝阳区 110105, 吉林省长春市朝阳区 220104
      江苏海门市: 海门市 until 2020, now 海门区
    >>> ci.resolve_places("朝阳区", province="吉林")[0].place.code
    '220104'
    """
    known = gazetteer if gazetteer is not None else chinese_gazetteer()
    if not isinstance(known, Gazetteer):
        raise TableError(f"gazetteer: {type(known).__name__} is none; Gazetteer.read(…) makes one of a file or a frame")
    written = [names] if isinstance(names, str) else [cell_text(name) for name in names]
    contexts = [
        (word, _column(word, values, len(written)))
        for word, values in (("province", province), ("prefecture", prefecture), ("within", within))
        if values is not None
    ]
    if known not in _LOOKUPS:
        _LOOKUPS[known] = Lookup(known)
    resolver = _Resolver(_LOOKUPS[known], _levels(level, known))
    rows = zip(written, *(values for _, values in contexts), strict=True)
    words = tuple(word for word, _ in contexts)
    found = ResolvedPlaces(
        known, tuple(resolver.match(name, words, tuple(map(known.tidy, where))) for name, *where in rows)
    )
    if strict:
        found.raise_for_unresolved()
    return found


def _column(word: str, values: Names, rows: int) -> list[str]:
    if isinstance(values, str):
        return [values] * rows
    texts = [cell_text(value) for value in values]
    if len(texts) != rows:
        raise TableError(f"{word} has {len(texts):,} rows and the names have {rows:,}; give one a name, or one for all")
    return texts


def _levels(level: str | Sequence[str] | None, gazetteer: Gazetteer) -> frozenset[str]:
    wanted = [] if level is None else [level] if isinstance(level, str) else list(level)
    problems = [
        Problem(f"{gazetteer.source} has no level {word!r}.{nearest(word, gazetteer.levels, limit=20)}")
        for word in wanted
        if word not in gazetteer.levels
    ]
    if problems:
        raise TableError(problems)
    return frozenset(wanted)


@dataclass(frozen=True, slots=True)
class _Context:
    """A unit that the places have to stand under (or be): by what it was called, and its keys."""

    word: str
    text: str
    entries: tuple[Entry, ...]

    def holds(self, entry: Entry) -> bool:
        return any(each.stands & (entry.above | entry.stands) for each in self.entries)


class _Resolver:
    """Names of one column; what was found once is not looked up again."""

    def __init__(self, lookup: Lookup, levels: frozenset[str]) -> None:
        self.lookup, self.levels = lookup, levels
        self.known: dict[tuple[str, tuple[str, ...]], PlaceMatch] = {}
        self.contexts: dict[tuple[str, str], _Context] = {}

    def match(self, written: str, words: tuple[str, ...], where: tuple[str, ...]) -> PlaceMatch:
        key = (written, where)
        if key not in self.known:
            contexts = [
                self._context(word, text)
                for word, text in zip(words, where, strict=True)
                if text and not is_direct(text)
            ]
            self.known[key] = self._match(written, contexts)
        return self.known[key]

    def _context(self, word: str, text: str) -> _Context:
        if (word, text) not in self.contexts:
            found = [reading.last for reading in self._readings(text)]
            fitting = tuple(entry for entry in found if word == "within" or _may_be(entry, word))
            self.contexts[word, text] = _Context(word, text, fitting)
        return self.contexts[word, text]

    def _match(self, written: str, contexts: list[_Context]) -> PlaceMatch:
        text = self.lookup.gazetteer.tidy(written)
        if not text:
            return PlaceMatch(written, "empty")
        for context in contexts:
            if not context.entries:
                return PlaceMatch(written, "unknown", note=f"{context.word} {context.text!r} is not known")
        text, said, kinds = self._bracketed(text)
        readings = self._readings(text)
        if not readings:
            return self._unknown(written, text)
        inside = [each for each in readings if all(context.holds(each.last) for context in [*contexts, *said])]
        wanted = [levels for levels in (self.levels, kinds) if levels]
        fitting = [each for each in inside if all(levels & set(each.last.place.words) for levels in wanted)]
        if fitting:
            match = decide(written, fitting, self.lookup.gazetteer)
            return replace(match, status="code") if match.status == "exact" and text in self.lookup.codes else match
        where = "".join(context.text for context in [*contexts, *said])
        note = f"not in {where}" if not inside else f"no {' or '.join(sorted(self.levels | kinds))}"
        known = sorted(inside or readings, key=lambda each: each.order)
        return PlaceMatch(written, "outside", candidates=unique(each.last for each in known), note=note)

    def _bracketed(self, text: str) -> tuple[str, list[_Context], frozenset[str]]:
        """朝阳区(北京), 巢湖市(县级): a name, and the unit on top or the kind that stands in brackets behind it."""
        name, _, word = text.removesuffix(")").partition("(")
        if name and word and text.endswith(")"):
            kinds = {word, f"{word}市"} & set(self.lookup.gazetteer.levels)
            tops = tuple(each.last for each in self._readings(word) if each.last.valid and not each.last.place.parent)
            if kinds or tops:
                return name, [] if kinds else [_Context("within", word, tops)], frozenset(kinds)
        return text, [], frozenset()

    def _readings(self, text: str) -> list[Reading]:
        if text in self.lookup.codes:
            return [Reading((), self.lookup.codes[text], True)]
        return self.lookup.readings(text)

    def _unknown(self, written: str, text: str) -> PlaceMatch:
        """Why a text cannot be read, and what may have been meant."""
        begun, rest = self.lookup.begun(text)
        alike = self.lookup.alike(text)
        if not begun:
            found = alike or self.lookup.ended(text)
            return PlaceMatch(written, "unknown", candidates=_nearest(found), note=what_else(text))
        named = begun[0].place.name
        elsewhere = [reading.last for reading in self.lookup.readings(rest)]
        typed = TYPED if what_else(text) else TYPED - 1  # under a unit that is known, two signs tell enough
        inside = [each for each in self.lookup.alike(rest, typed) if any(one.stands & each.above for one in begun)]
        note = f"{rest} is not in {named}" if elsewhere else f"{named} is known, {rest} in it is not"
        note += f"; {what_else(text)}" if what_else(text) else ""
        return PlaceMatch(written, "unknown", candidates=_nearest(elsewhere or [*alike, *inside] or begun), note=note)


def _nearest(entries: Iterable[Entry]) -> tuple[Place, ...]:
    """The first few places, those of today before former ones; without former names of one that is told already."""
    found = unique(sorted(entries, key=lambda entry: not entry.valid))
    told = {place.code for place in found if place.until is None}
    return tuple(place for place in found if place.until is None or not set(place.to) & told)[:NEAR]


def _may_be(entry: Entry, word: str) -> bool:
    """The unit may stand in a column of that level; a municipality in one of prefectures too."""
    return entry.place.level in (word, "") or (word == "prefecture" and entry.place.kind == "直辖市")
