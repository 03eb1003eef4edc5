"""Types of the language that are mappings: rows by labels, provenance, records of known keys."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cityindex.errors import guesses, nearest
from cityindex.spec.fields import BAD, Choice, ListOf, Text_, wrong
from cityindex.spec.scalars import BOOLEANS, number_of
from cityindex.spec.slips import full_width
from cityindex.spec.tree import Items, Pairs, Problems, Scalar, Tree

__all__ = ["PROVENANCE", "Labels", "Provenance", "Record", "fits", "read_keys"]

PROVENANCE = ("published", "inferred", "assumed")


@dataclass(frozen=True, slots=True)
class Labels:
    """Rows by their labels: `{column: value or list of values}`."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Pairs) or not tree.entries:
            return wrong(tree, name, "{column: value} or {column: [values]}", problems)
        rows = {}
        for column, (_, value) in tree.entries.items():
            rows[column] = self.labels(value, f"{name}.{column}", problems)
        return BAD if BAD in rows.values() else rows

    def labels(self, tree: Tree, name: str, problems: Problems) -> Any:
        if isinstance(tree, Items):
            return ListOf(_Label(), "a value or a list of values").read(tree, name, problems)
        return _Label().read(tree, name, problems)

    def schema(self) -> dict[str, Any]:
        item = _Label().schema()
        values = {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}
        return {"type": "object", "minProperties": 1, "additionalProperties": values}


@dataclass(frozen=True, slots=True)
class _Label:
    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if isinstance(tree, Scalar) and tree.plain:
            if tree.text in BOOLEANS:
                hint = " Write it in quotes, as it stands in the column."
                return wrong(tree, name, "a value or a list of values", problems, hint)
            number = number_of(tree.text)
            if number is not None and math.isfinite(number) and "%" not in tree.text and "/" not in tree.text:
                return number
        return Text_("a value or a list of values").read(tree, name, problems)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the keys come from: a word, or `{key: word}`."""

    keys: tuple[str, ...]

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        word = Choice(PROVENANCE)
        if not isinstance(tree, Pairs):
            return word.read(tree, name, problems)
        if not tree.entries:
            return wrong(tree, name, "a word (published, inferred, assumed) or {key: word}", problems)
        words = {}
        for key, (at, value) in tree.entries.items():
            if key not in self.keys:
                hint = nearest(key, self.keys, limit=20)
                problems.add(at, f"{name}: {key!r} is no key that has a provenance here.{hint}")
            words[key] = word.read(value, f"{name}.{key}", problems)
        return BAD if BAD in words.values() else words

    def schema(self) -> dict[str, Any]:
        words = {key: Choice(PROVENANCE).schema() for key in self.keys}
        table = {"type": "object", "properties": words, "additionalProperties": False, "minProperties": 1}
        return {"anyOf": [Choice(PROVENANCE).schema(), table]}


@dataclass(frozen=True)
class Record:
    """A mapping of known keys, or a single text where one is allowed (`unit: city`)."""

    table: Mapping[str, Any]
    what: str
    text: Any = None

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        keys = ", ".join(f"{key}: …" for key in self.table)
        if isinstance(tree, Scalar) and self.text is not None:
            return self.text.read(tree, name, problems)
        if not isinstance(tree, Pairs) or not tree.entries:
            return wrong(tree, name, f"{'text or ' if self.text else ''}{{{keys}}}", problems)
        read = read_keys(tree, tuple(self.table), self.what, problems, fits=fits(self.table))
        values = {key: self.table[key].read(value, f"{name}.{key}", problems) for key, value in read.items()}
        return BAD if BAD in values.values() else values

    def schema(self) -> dict[str, Any]:
        properties = {key: value.schema() for key, value in self.table.items()}
        table = {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}
        return {"anyOf": [self.text.schema(), table]} if self.text is not None else table


def fits(table: Mapping[str, Any]) -> Callable[[str, Tree], bool]:
    """Whether a value reads without a problem under a key of the table; keys that are not in it hold nodes."""

    def test(key: str, tree: Tree) -> bool:
        if key not in table:
            return not isinstance(tree, Scalar)
        return table[key].read(tree, key, Problems()) is not BAD

    return test


def read_keys(
    tree: Pairs,
    keys: tuple[str, ...],
    what: str,
    problems: Problems,
    *,
    fits: Callable[[str, Tree], bool],
    others: Mapping[str, str] | None = None,
) -> dict[str, Tree]:
    """The values under known keys; an unknown one is told, and read as the key that was probably meant.

    `fits` says whether a value can stand under a key: it decides between several guesses. `others` says of keys that
    belong elsewhere where that is: ``{"aggregate": "a group"}``.
    """
    values: dict[str, Tree] = {}
    for key, (at, value) in tree.entries.items():
        if key in keys:
            values[key] = value
            continue
        if number_of(key) is not None and isinstance(value, Scalar) and value.empty:  # {weight: 33,3%}
            problems.add(at, f"a comma ends a value, and {key} stands alone; decimals are written with a point")
            continue
        if full_width(key):
            problems.add(at, f"{key!r} is no key: {full_width(key)}")
            meant, _, rest = (part.strip() for part in key.partition("："))
            if meant in keys and isinstance(value, Scalar) and value.empty:
                values.setdefault(meant, Scalar(rest, True, at))
            continue
        elsewhere = (others or {}).get(key)
        free = [guess for guess in guesses(key, keys) if guess not in tree.entries]
        if elsewhere:  # `weights` of an indicator
            free = [guess for guess in free if guess.rstrip("s") == key.rstrip("s") and fits(guess, value)]
        guess = free[0] if len(free) == 1 else next((guess for guess in free if fits(guess, value)), None)
        told = f"{key!r} is a key of {elsewhere}; this is {what}." if elsewhere else f"unknown key {key!r} of {what}."
        hint = f" Did you mean {guess!r}?" if guess is not None else "" if elsewhere else _known(key, keys, value)
        problems.add(at, f"{told}{hint}")
        if guess is not None:
            values.setdefault(guess, value)
    return values


def _known(key: str, keys: tuple[str, ...], value: Tree) -> str:
    """The keys there are; and where a key stands without a value, how it may have become one."""
    alone = isinstance(value, Scalar) and value.empty
    return f"{' Text that holds a comma needs quotes.' if alone else ''}{nearest(key, keys, limit=20)}"
