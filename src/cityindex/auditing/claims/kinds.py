"""The vocabulary: which keys a claim, a kind and a number take."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CLAIM", "FILE", "FIRST", "KINDS", "MEASURES", "NUMBER", "RELATIONS", "TESTS", "TOP", "Kind"]

FILE = ("cityindex", "index", "publication", "file", "key", "claims")
CLAIM = ("id", "claim", "kind", "published", "line", "file", "section", "note", "relation", "needs", "key")
NUMBER = ("value", "line", "rounded", "note")
TOP = ("by", "first", "number", "within")
RELATIONS = ("equal", "about", "above", "below", "at least", "at most", "between")
TESTS = ("above", "below", "at_least", "at_most", "is_not", "in", "not_in", "contains", "starts", "ends")
FIRST = ("highest", "lowest")


class Kind(NamedTuple):
    """The keys that a kind needs and those that it may have; the words of its `as`."""

    needed: tuple[str, ...]
    other: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return self.needed + self.other


FACTOR = ("times", "rounded")
MEASURES = {
    "value": Kind(("of",), ("unit", "where", *FACTOR)),
    "count": Kind(("of",), ("where", "top", *FACTOR)),
    "sum": Kind(("of",), ("where", "top", *FACTOR)),
    "mean": Kind(("of",), ("where", "top", *FACTOR)),
    "weighted mean": Kind(("of", "weights"), ("where", "top", *FACTOR)),
    "share": Kind(("of",), ("in", "where", "as", *FACTOR), ("fraction",)),
    "difference": Kind(("of", "minus"), ("as", *FACTOR), ("growth", "ratio")),
    "extreme": Kind(("of",), ("where", "first", "unit", *FACTOR)),
    "rank": Kind(("of", "unit"), ("where", "first", *FACTOR)),
}
KINDS = {
    **MEASURES,
    "order": Kind(("of", "units"), ("where", "first", "from", "rounded")),
    "set": Kind(("of", "names"), ("where", "top", "subset")),
    "tier": Kind(("of", "cuts", "labels"), ("where", "first", "tier", "unit", "rounded")),
    "name": Kind(("elsewhere",)),
}
