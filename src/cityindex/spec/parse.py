"""YAML text → located tree, within limits: no tags, no anchors, one document, no key twice.

PyYAML's event stream is read one by one (in C where that is built), so that nothing deep, long or self-referring is
ever built; what a plain scalar means is decided later, by `scalars`.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any

import yaml

from cityindex.errors import SpecError
from cityindex.spec.slips import explain
from cityindex.spec.tree import DEEPEST, UNPRINTABLE, Entry, Items, Pairs, Place, Problems, Scalar, Tree

__all__ = ["LARGEST", "decode", "parse"]

LARGEST = 2_000_000  # bytes; the longest of twenty published indices has 12,000
LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, problems: Problems) -> str:
    """The text of a file, which has to be UTF-8."""
    if len(data) > LARGEST:
        raise problems.stop(Place(1, 1), f"{len(data):,} bytes: a spec may have {LARGEST:,} at most")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        raise problems.stop(Place(line, column), _encoding(data)) from None


def _encoding(data: bytes) -> str:
    if data.startswith(UTF16):
        return "this file is saved as UTF-16; save it as UTF-8"
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return "this file is not text in UTF-8; save it as UTF-8"
    if UNPRINTABLE.search(text):
        return "this file is not text; a spec is a YAML file saved as UTF-8"
    return "this file is not in UTF-8 (it looks like GBK); save it as UTF-8"


def parse(text: str, problems: Problems) -> Tree:
    """The tree of one YAML document; what cannot be read at all is raised, a key that stands twice is collected."""
    text = text.removeprefix("\ufeff")
    if len(text) > LARGEST:
        raise problems.stop(Place(1, 1), f"{len(text):,} characters: a spec may have {LARGEST:,} at most")
    odd = UNPRINTABLE.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        at = Place(line, odd.start() - text.rfind("\n", 0, odd.start()))
        raise problems.stop(at, f"the character {odd[0]!a} is not text; a spec is a YAML file saved as UTF-8")
    builder = _Builder(problems)
    try:
        loader = LOADER(text)
        try:
            for event in iter(loader.get_event, None):
                act = ACTS.get(type(event))
                if act is not None:
                    act(builder, event)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        at, message = explain(text, error, LOADER)
        raise problems.stop(at, message) from None
    if builder.root is None or (isinstance(builder.root, Scalar) and builder.root.empty):
        raise problems.stop(Place(1, 1), "the spec is empty")
    return builder.root


class _Builder:
    """Events → tree, with a stack instead of recursion."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.root: Tree | None = None
        self.open: Items | Pairs | None = None  # what the next value stands in
        self.around: list[Items | Pairs | None] = []  # what that stands in, from the outermost on
        self.waiting: tuple[str, Place] | None = None  # the key that waits for its value
        self.documents = 0

    def scalar(self, event: Any) -> None:
        scalar = Scalar(event.value, not event.style, self.begin(event))
        if event.style == '"' and UNPRINTABLE.search(scalar.text):
            raise self.stop(scalar.at, "an escape in this text stands for a character that is not text")
        if self.waiting is None and type(self.open) is Pairs:
            self.key(scalar)
        else:
            self.place(scalar)

    def mapping(self, event: Any) -> None:
        self.enter(Pairs(self.begin(event)))

    def sequence(self, event: Any) -> None:
        self.enter(Items([], self.begin(event)))

    def leave(self, event: Any) -> None:
        self.open = self.around.pop()

    def alias(self, event: Any) -> None:
        at = _place(event)
        raise self.stop(at, f"the alias *{event.anchor} is not part of the language; write out what it stands for")

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.stop(_place(event), "a second document begins here (---); a spec is one document")

    def stop(self, at: Place, message: str) -> SpecError:
        return self.problems.stop(at, message)

    def begin(self, event: Any) -> Place:
        """Where a value stands; one with an anchor or a tag is refused."""
        if event.anchor is not None:
            hint = "keys shared by many nodes go under defaults, and {use: id} stands for a node elsewhere"
            raise self.stop(_place(event), f"the anchor &{event.anchor} is not part of the language; {hint}")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self.stop(_place(event), f"the tag {tag!r} is not part of the language; leave it out")
        mark = event.start_mark
        return Place(mark.line + 1, mark.column + 1)

    def key(self, scalar: Scalar) -> None:
        if scalar.plain and scalar.text == "<<":
            raise self.stop(scalar.at, "the merge key << is not part of the language; use defaults")
        if scalar.empty:
            raise self.stop(scalar.at, "a value without a key stands here")
        self.waiting = scalar.text, scalar.at

    def enter(self, tree: Items | Pairs) -> None:
        if len(self.around) >= DEEPEST:
            raise self.stop(tree.at, f"nested deeper than {DEEPEST} levels")
        self.place(tree)
        self.around.append(self.open)
        self.open = tree

    def place(self, tree: Tree) -> None:
        """Put a value where it belongs: in a list, under the key that waits for it, or at the root."""
        if isinstance(self.open, Items):
            self.open.items.append(tree)
        elif self.open is None:
            self.root = tree
        elif self.waiting is None:
            raise self.stop(tree.at, "a list or a mapping stands here where a key is wanted")
        else:
            name, at = self.waiting
            self.waiting = None
            entries = self.open.entries
            if name in entries:
                first = entries[name].at.line
                self.problems.add(at, f"the key {name!r} stands twice in one mapping (first in line {first})")
            else:
                entries[name] = Entry(at, tree)


def _place(event: Any) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1)


ACTS: dict[type, Callable[[_Builder, Any], None]] = {
    yaml.ScalarEvent: _Builder.scalar,
    yaml.MappingStartEvent: _Builder.mapping,
    yaml.SequenceStartEvent: _Builder.sequence,
    yaml.MappingEndEvent: _Builder.leave,
    yaml.SequenceEndEvent: _Builder.leave,
    yaml.AliasEvent: _Builder.alias,
    yaml.DocumentStartEvent: _Builder.document,
}
