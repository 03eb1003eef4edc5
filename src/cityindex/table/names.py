"""Which column a name means: exactly that one, or nearly (spaces, case, width and bracketed units aside)."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["Fit", "Names", "close", "fold"]

BRACKETED = re.compile(r"[(\[{<〈《【「〔][^)\]}>〉》】」〕]*[)\]}>〉》】」〕]")
NOISE = re.compile(r"[\s_.·・•‧/\\,、:;'\"`()\[\]{}<>〈〉《》【】「」〔〕\-‐‑–—−―]+")


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns that fit a name (none, one, or several alike), by which of the names, and whether only nearly."""

    columns: tuple[str, ...] = ()
    name: str = ""
    nearly: bool = False


def fold(name: str, *, units: bool = True) -> str:
    """What of a name counts when it is compared tolerantly; without `units`, what stands in brackets is left out.

    >>> fold("ＧＤＰ（亿元）"), fold("GDP (亿元)", units=False), fold("Per_capita-GDP")
    ('gdp亿元', 'gdp', 'percapitagdp')
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return NOISE.sub("", text if units else BRACKETED.sub("", text))


class Names:
    """The names of a table's columns, looked up in constant time."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._exact = dict.fromkeys(columns)

    @cached_property
    def _folded(self) -> dict[bool, dict[str, list[str]]]:
        """With bracketed units (True) and without: folded name → columns."""
        found: dict[bool, dict[str, list[str]]] = {True: {}, False: {}}
        for units, columns in found.items():
            for column in self._exact:
                columns.setdefault(fold(column, units=units), []).append(column)
        return found

    def find(self, names: Sequence[str]) -> Fit:
        """The first of the names that is a column; else the columns that are nearly one of the names.

        A bracketed unit is passed over only where the other name has none: ``GDP（亿元）`` fits ``gdp`` and not
        ``GDP（增速）``.
        """
        for name in names:
            if name in self._exact:
                return Fit((name,), name)
        for units in (True, False):
            found = {column: name for name in names for column in self._near(name, units=units)}
            if found:
                return Fit(tuple(found), next(iter(found.values())), nearly=True)
        return Fit()

    def _near(self, name: str, *, units: bool) -> list[str]:
        folded = fold(name, units=units)
        if not folded:
            return []
        if units:
            return self._folded[True].get(folded, [])
        bracketed = folded != fold(name)
        return [c for c in self._folded[False].get(folded, []) if not (bracketed and folded != fold(c))]


def close(names: Iterable[str], columns: Iterable[str]) -> str | None:
    """The column whose name is written most like one of these, if any is."""
    columns = list(columns)
    for units in (True, False):
        folded = {fold(column, units=units): column for column in columns}
        for name in names:
            found = difflib.get_close_matches(fold(name, units=units), folded, n=1, cutoff=0.6)
            if found:
                return folded[found[0]]
    return None
