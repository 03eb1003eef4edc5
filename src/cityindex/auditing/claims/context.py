"""What every reader of a claims file shares: the tables, the problems, and how names are looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cityindex.auditing.claims.sheets import Sheet, Sheets
from cityindex.errors import CityIndexError, nearest
from cityindex.spec.fields import BAD, Choice, ListOf, Text_, wrong
from cityindex.spec.records import read_keys
from cityindex.spec.tree import Items, Pairs, Problems, Scalar, Tree

__all__ = ["BAD", "Context", "choice", "names", "text", "wrong"]

REFERENCE = re.compile(r"(?P<table>(?:[^/\s]+/)?[^./\s]+)(?:\.(?P<column>.+))?")


def text(tree: Tree, name: str, problems: Problems) -> Any:
    """A text in one line, without spaces around it."""
    read = Text_(lines=False).read(tree, name, problems)
    return read if read is BAD else read.strip()


def choice(words: tuple[str, ...]) -> Any:
    """A reader of one of some words, in which ``_`` may stand for a space."""

    def read(tree: Tree, name: str, problems: Problems) -> Any:
        spaced = tree
        if isinstance(tree, Scalar):
            spaced = Scalar(tree.text.replace("_", " "), tree.plain, tree.at)
        return Choice(words).read(spaced, name, problems)

    return read


def names(tree: Tree, name: str, problems: Problems) -> Any:
    """A text or a list of them."""
    if isinstance(tree, Items):
        read = ListOf(Text_(lines=False), "a list of names", unique=True).read(tree, name, problems)
        return read if read is BAD else tuple(each.strip() for each in read)
    read = text(tree, name, problems)
    return read if read is BAD else (read,)


@dataclass
class Context:
    """The tables that may be named, the collector of problems, and the column that names units."""

    sheets: Sheets
    problems: Problems
    key: str = "name"

    def keys(self, tree: Tree, name: str, keys: tuple[str, ...], what: str, needed: tuple[str, ...] = ()) -> Any:
        """The values under known keys, or BAD; what is unknown or left out is told."""
        if not isinstance(tree, Pairs) or not tree.entries:
            return wrong(tree, name, f"{{{', '.join(f'{key}: …' for key in keys)}}}", self.problems)
        before = len(self.problems)
        read = read_keys(tree, keys, what, self.problems, fits=lambda key, value: True)
        for key in needed:
            if key not in read:
                self.problems.add(tree.at, f"{what} needs {key!r}")
        return read if len(self.problems) == before or all(key in read for key in needed) else BAD

    def sheet(self, table: str, tree: Tree, name: str) -> Sheet | Any:
        """The table of that name, or BAD."""
        try:
            sheet = self.sheets[table]
            sheet.read()
        except CityIndexError as error:
            for problem in error.problems:
                self.problems.add(tree.at, f"{name}: {problem.message}")
            return BAD
        return sheet

    def reference(self, tree: Tree, name: str) -> tuple[str, str] | Any:
        """``table`` or ``table.column``, both of which have to be there; the column is empty where none is named."""
        read = text(tree, name, self.problems)
        if read is BAD:
            return BAD
        match = REFERENCE.fullmatch(read)
        if match is None:
            return wrong(tree, name, "table.column, or a table", self.problems)
        sheet = self.sheet(match["table"], tree, name)
        if sheet is BAD:
            return BAD
        column = match["column"] or ""
        if column and not self.has(sheet, match["table"], column, tree, name):
            return BAD
        return match["table"], column

    def has(self, sheet: Sheet, table: str, column: str, tree: Tree, name: str) -> bool:
        """Whether the table has that column; told if not."""
        if column in sheet.columns:
            return True
        hint = nearest(column, sheet.columns, limit=20)
        self.problems.add(tree.at, f"{name}: table {table!r} has no column {column!r}.{hint}")
        return False

    def units(self, tree: Tree, name: str, table: str) -> Any:
        """Names of units, each of which stands in the key column of the table."""
        read = names(tree, name, self.problems)
        sheet = self.sheet(table, tree, name)
        if read is BAD or sheet is BAD or not self.has(sheet, table, self.key, tree, "key"):
            return BAD
        known = set(sheet.texts(self.key))
        for place, unit in enumerate(read):
            if unit not in known:
                at = tree.items[place] if isinstance(tree, Items) else tree
                hint = nearest(unit, sorted(known), limit=5)
                self.problems.add(at.at, f"{name}: table {table!r} has no {self.key} {unit!r}.{hint}")
        return read if known.issuperset(read) else BAD
