"""A spec before it is understood: a small tree in which everything knows its place.

Text and Python data both become this tree: scalars (always text, as written), items and pairs. What a scalar means
is decided by whoever reads it, for only the reader knows what is wanted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, NamedTuple

from cityindex._values import Percent
from cityindex.errors import Problem, SpecError
from cityindex.spec.scalars import NULLS, number_of, written

__all__ = ["Entry", "Items", "Pairs", "Place", "Problems", "Scalar", "Tree", "found", "places", "shape", "tree_of"]

DEEPEST = 60  # levels of lists and mappings; the deepest of twenty published indices has 9
MOST = 400_000  # values in one spec given as Python data; text is limited by its length
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Place(NamedTuple):
    """Where something stands: line and column from 1; `path` instead, in Python data (then `line` counts values)."""

    line: int
    column: int
    path: str = ""


@dataclass(slots=True)
class Scalar:
    """A single value as it was written; `plain` if without quotes."""

    text: str
    plain: bool
    at: Place

    @property
    def empty(self) -> bool:
        return self.plain and self.text in NULLS


@dataclass(slots=True)
class Items:
    items: list[Tree]
    at: Place


class Entry(NamedTuple):
    """The place of a key and its value."""

    at: Place
    tree: Tree


@dataclass(slots=True)
class Pairs:
    at: Place
    entries: dict[str, Entry] = field(default_factory=dict)


Tree = Scalar | Items | Pairs


class Problems:
    """Everything that is wrong with one spec, told together and in the order of the file."""

    def __init__(self, name: str = "spec") -> None:
        self.name = name
        self.found: dict[tuple[Place, str], None] = {}
        self.sound: dict[Any, Any] = {}  # what was read without a problem, by its shape: it is not read again

    def add(self, at: Place, message: str) -> None:
        self.found.setdefault((at, message))

    def place(self, at: Place) -> str:
        return at.path or f"{self.name}:{at.line}:{at.column}"

    def __len__(self) -> int:
        return len(self.found)

    def error(self) -> SpecError:
        ordered = sorted(self.found, key=lambda item: item[0][:2])
        return SpecError([Problem(message, self.place(at)) for at, message in ordered])

    def stop(self, at: Place, message: str) -> SpecError:
        """The error to raise where nothing further can be read."""
        return SpecError(Problem(message, self.place(at)))


def found(tree: Tree) -> str:
    """What stands there, for a message.

    >>> found(Scalar("20%", True, Place(1, 1))), found(Scalar("abc", True, Place(1, 1)))
    ('20%', "text 'abc'")
    """
    if isinstance(tree, Pairs):
        return "a mapping" if tree.entries else "an empty mapping"
    if isinstance(tree, Items):
        return "a list" if tree.items else "an empty list"
    if tree.empty:
        return "nothing"
    shown = tree.text if len(tree.text) <= 60 else tree.text[:59] + "…"
    if tree.plain and number_of(tree.text) is not None:
        return shown
    return f"text {shown!r}"


def shape(tree: Tree) -> tuple[Any, ...]:
    """What stands there without the places: equal for what reads alike.

    >>> shape(Items([Scalar("a", True, Place(1, 2))], Place(1, 1)))
    ('[', ('a', True))
    """
    if isinstance(tree, Scalar):
        return tree.text, tree.plain
    if isinstance(tree, Items):
        return "[", *[shape(item) for item in tree.items]
    return "{", *[(key, shape(entry.tree)) for key, entry in tree.entries.items()]


def places(tree: Tree) -> Iterator[Place]:
    """Every place in the tree, keys too."""
    yield tree.at
    if isinstance(tree, Items):
        for item in tree.items:
            yield from places(item)
    elif isinstance(tree, Pairs):
        for entry in tree.entries.values():
            yield entry.at
            yield from places(entry.tree)


class _Reader:
    """Python data → tree; places are paths such as ``index.children[2].weight``."""

    def __init__(self) -> None:
        self.count = 0
        self.problems = Problems()

    def place(self, path: str) -> Place:
        self.count += 1
        return Place(self.count, 1, path or "spec")

    def read(self, value: Any, path: str, depth: int) -> Tree:
        at = self.place(path)
        if self.count > MOST:
            raise self.problems.stop(at, f"more than {MOST:,} values; is something repeated inside itself?")
        if isinstance(value, Mapping | list | tuple) and depth >= DEEPEST:
            raise self.problems.stop(at, f"nested deeper than {DEEPEST} levels; is something inside itself?")
        if isinstance(value, Mapping):
            return self.pairs(value, path, at, depth)
        if isinstance(value, list | tuple):
            return Items([self.read(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value)], at)
        text = _text_of(value)
        if text is None:
            kind = type(value).__name__
            raise self.problems.stop(at, f"a {kind} cannot stand in a spec; allowed: text, numbers, lists, mappings")
        if UNPRINTABLE.search(text):
            raise self.problems.stop(at, f"found {text[:60]!a}: that holds a character that is not text")
        return Scalar(text, not isinstance(value, str), at)

    def pairs(self, value: Mapping[Any, Any], path: str, at: Place, depth: int) -> Pairs:
        result = Pairs(at)
        for key, item in value.items():
            name = _text_of(key)
            if name is None or key is None or UNPRINTABLE.search(name):
                raise self.problems.stop(at, f"the key {key!a} is not text")
            inner = f"{path}.{name}" if path else name
            result.entries[name] = Entry(self.place(inner), self.read(item, inner, depth + 1))
        return result


def _text_of(value: Any) -> str | None:
    if value is None:
        return "null"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Percent | int):
        return written(value)
    if isinstance(value, Integral):
        return written(int(value))
    if isinstance(value, Real):
        number = float(value)
        return written(number) if math.isfinite(number) else (".nan" if number != number else ".inf")
    return "true" if str(value) == "True" else "false" if str(value) == "False" else None


def tree_of(data: Mapping[str, Any]) -> Pairs:
    """Plain Python data as a located tree."""
    tree = _Reader().read(data, "", 0)
    if not isinstance(tree, Pairs):
        raise SpecError("a spec is a mapping")
    return tree
