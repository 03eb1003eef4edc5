"""The options of a method: does a value fit the annotation of the function's parameter? Said in our words.

pydantic decides; none of its messages reach a user. Values are checked as they stand: text is no number, a number no
per cent, `1.0` no whole number.
"""

from __future__ import annotations

import functools
import math
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Union

from cityindex._registry import Option, Weightings
from cityindex._values import Percent, freeze, thaw
from cityindex.errors import closest
from cityindex.spec.fields import BAD, ListOf, wrong
from cityindex.spec.scalars import BOOLEANS, number_hint, number_of, written
from cityindex.spec.slips import full_width
from cityindex.spec.tree import Items, Pairs, Problems, Scalar, Tree, found

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["OptionField", "adapter", "describe", "plain"]

WEIGHTINGS_SAID = "a list of weightings: [name, {name: options}]"
LIMITS = {
    "greater_than": "above {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "below {lt}",
    "less_than_equal": "{le} or less",
    "too_short": "with {min_length} items or more",
    "too_long": "with {max_length} items at most",
    "multiple_of": "a multiple of {multiple_of}",
}


@dataclass(frozen=True, slots=True)
class OptionField:
    """An option of a method as a type of the language."""

    option: Option

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if self.option.type == Weightings:
            return _weightings(tree, name, problems)
        return read_option(self.option, tree, name, problems)


def _weightings(tree: Tree, name: str, problems: Problems) -> Any:
    """A list of weightings, as they stand under `weights`."""
    from cityindex.spec.calls import MethodField  # it reads options itself

    found = ListOf(MethodField("weighting"), WEIGHTINGS_SAID).read(tree, name, problems)
    return BAD if found is BAD else list(found)


def read_option(option: Option, tree: Tree, name: str, problems: Problems) -> Any:
    """The value of an option as plain data, or BAD."""
    value = plain(tree)
    if _fits(option.type, value):
        return value
    raw = plain(tree, raw=True)  # an id such as 2020, where text is wanted
    if value is not BAD and _fits(option.type, raw):
        return raw
    if value is BAD:
        for place in list(_not_finite(tree)) or [tree]:
            wrong(place, name, f"{describe(option.type)}, finite and without empty values", problems)
        return BAD
    limit, parts = _failure(option.type, value, tree)
    wanted = describe(option.type) + (f", {limit}" if limit else "")
    for part in parts:
        shown = "" if part is tree else f" in {found(tree)}"
        hint = _hint(option.type, part) if isinstance(part, Scalar) else ""
        problems.add(part.at, f"{name}: found {found(part)}{shown}; allowed: {wanted}.{hint}")
    return BAD


def _hint(annotation: Any, part: Scalar) -> str:
    """How the value was probably meant: the nearest word, or a number as it should be written."""
    guess = closest(part.text, _words(annotation))
    if guess:
        return f" Did you mean {guess!r}?"
    slip = f" There is {full_width(part.text)}." if part.plain and full_width(part.text) else ""
    if not any(_mentions(annotation, kind) for kind in (float, int, Percent)):
        return slip
    number = number_of(part.text)
    if number is None:
        return slip + number_hint(part.text)
    if isinstance(number, Percent):
        return "" if _mentions(annotation, Percent) else f" Write {float(number)!r}."
    if not part.plain:
        return " Leave out the quotes."
    if not _mentions(annotation, Percent) or _mentions(annotation, float) or not math.isfinite(number):
        return ""
    if abs(number) < 1:
        return f" Write {written(Percent(number))}."
    return "" if _mentions(annotation, int) else f" Write {part.text}%."


def plain(tree: Tree, *, raw: bool = False) -> Any:
    """The tree as plain data: numbers, per cents, true and false where they read so; `raw`: every scalar as text.

    What is empty is BAD; inside a list or mapping it is None, which only some methods take (a judgement not made).
    """
    if isinstance(tree, Items):
        items = [None if _empty(item) else plain(item, raw=raw) for item in tree.items]
        return BAD if BAD in items else items
    if isinstance(tree, Pairs):
        entries = tree.entries.items()
        values = {key: None if _empty(entry.tree) else plain(entry.tree, raw=raw) for key, entry in entries}
        return BAD if BAD in values.values() else values
    if tree.empty:
        return BAD
    number = number_of(tree.text)
    if number is not None and not math.isfinite(number):
        return BAD
    if raw or not (tree.plain or tree.text.endswith("%") or "/" in tree.text):
        return tree.text
    if number is not None:
        return number
    return BOOLEANS.get(tree.text, tree.text) if tree.plain else tree.text


def _not_finite(tree: Tree) -> Iterator[Tree]:
    """The scalars in it that are numbers, and infinite or none (`.inf`, `.nan`)."""
    if isinstance(tree, Scalar):
        number = None if tree.empty else number_of(tree.text)
        if number is not None and not math.isfinite(number):
            yield tree
        return
    for part in tree.items if isinstance(tree, Items) else (entry.tree for entry in tree.entries.values()):
        yield from _not_finite(part)


def _empty(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and tree.empty


def _fits(annotation: Any, value: Any) -> bool:
    return value is not BAD and _errors(annotation, value) == []


def _failure(annotation: Any, value: Any, tree: Tree) -> tuple[str, list[Tree]]:
    """What limit is passed, if one is, and the parts of the value that are wrong."""
    errors = _errors(annotation, value)
    inside = [_inside(tree, path) for _, path, _ in errors]
    deepest = max((depth for depth, _ in inside), default=0)  # of several kinds allowed, this is the one that was meant
    parts = list({id(part): part for depth, part in inside if depth == deepest}.values()) or [tree]
    if len(errors) != 1:
        return "", parts
    kind, _, context = errors[0]
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", "")), parts
    return LIMITS.get(kind, "").format_map(context), parts


def _errors(annotation: Any, value: Any) -> list[tuple[str, tuple[Any, ...], Mapping[str, Any]]]:
    if not _mentions(annotation, Percent) and (paths := list(_per_cents(value))):
        return [("percent", path, {}) for path in paths]
    check = adapter(annotation)
    if check is None:
        return []
    from pydantic import ValidationError

    told: list[tuple[str, tuple[Any, ...], Mapping[str, Any]]] = []
    for shaped in (freeze, thaw):  # tuples, as the kernels get them; lists, if that is what they ask for
        try:
            check.validate_python(shaped(value), strict=True)
        except ValidationError as error:
            errors = [_told(item) for item in error.errors(include_url=False)]
            if not told or len(errors[0][1]) > len(told[0][1]):  # the shape that was meant fails further inside
                told = errors
        else:
            return []
    return told


def _told(item: Mapping[str, Any]) -> tuple[str, tuple[Any, ...], Mapping[str, Any]]:
    """The kind of an error of pydantic, its path into the value, and the limits that it names."""
    return item["type"], item["loc"], item.get("ctx", {})


def adapter(annotation: Any) -> TypeAdapter[Any] | None:
    """The check of an annotation; None for one that pydantic does not understand (then anything goes)."""
    try:
        return _adapter(annotation)
    except TypeError:  # an annotation that cannot be hashed
        return _adapter.__wrapped__(annotation)


@functools.lru_cache(maxsize=512)
def _adapter(annotation: Any) -> TypeAdapter[Any] | None:
    from pydantic import ConfigDict, TypeAdapter
    from pydantic.errors import PydanticUserError

    try:
        return TypeAdapter(annotation, config=ConfigDict(arbitrary_types_allowed=True))
    except PydanticUserError:
        try:
            return TypeAdapter(annotation)
        except PydanticUserError:
            return None


def _per_cents(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths into a value that lead to a per cent."""
    if isinstance(value, Percent):
        yield path
    elif isinstance(value, Mapping | list | tuple):
        for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _per_cents(item, (*path, key))


def _mentions(annotation: Any, wanted: type) -> bool:
    if annotation is wanted or annotation is Any:
        return True
    return any(_mentions(part, wanted) for part in typing.get_args(annotation) if not isinstance(part, str))


def _words(annotation: Any) -> list[str]:
    if typing.get_origin(annotation) is Literal:
        return [str(word) for word in typing.get_args(annotation)]
    return [word for part in typing.get_args(annotation) for word in _words(part)]


def _inside(tree: Tree, path: Sequence[Any]) -> tuple[int, Tree]:
    """How deep into a value an error path leads, and to which part of it."""
    depth = 0
    for part in path:
        if isinstance(tree, Items) and isinstance(part, int) and part < len(tree.items):
            tree, depth = tree.items[part], depth + 1
        elif isinstance(tree, Pairs) and part in tree.entries:
            tree, depth = tree.entries[part].tree, depth + 1
    return depth, tree


def describe(annotation: Any, *, many: bool = False) -> str:
    """What an annotation allows, in words.

    >>> describe(float | Literal["min", "max"]), describe(tuple[float, float]), describe(int | Percent)
    ('a number, min or max', '[a number, a number]', 'a whole number or a per cent (60%)')
    """
    if annotation == Weightings:
        return WEIGHTINGS_SAID
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return _or([str(word) for word in parts])
    if origin in (Union, types.UnionType):
        kinds = [[str(w) for w in _words(p)] or [describe(p, many=many)] for p in parts if p is not type(None)]
        return _or([word for words in kinds for word in words])
    if origin is typing.Annotated:
        return describe(parts[0], many=many)
    if origin is tuple and not (len(parts) == 2 and parts[1] is Ellipsis):
        return "[" + ", ".join(describe(part) for part in parts) + "]"
    name = {float: "a number", int: "a whole number", bool: "true or false", str: "text", Percent: "a per cent (60%)"}
    many_names = {float: "numbers", int: "whole numbers", bool: "true or false", str: "texts", Percent: "per cents"}
    if annotation in name:
        return many_names[annotation] if many else name[annotation]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        mapping = "mappings" if many else "a mapping"
        return f"{mapping} of names to {describe(parts[1], many=True)}" if len(parts) == 2 else mapping
    if isinstance(origin, type) and issubclass(origin, Sequence):
        listed = "lists" if many else "a list"
        return f"{listed} of {describe(parts[0], many=True)}" if parts else listed
    return "another kind of value"


def _or(words: list[str]) -> str:
    flat = list(dict.fromkeys(words))
    return ", ".join(flat[:-1]) + (" or " if len(flat) > 1 else "") + flat[-1] if flat else "nothing"
