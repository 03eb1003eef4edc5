"""The reference of the spec language, from the JSON Schema: every key with its type, default and meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cityindex.spec import schema
from cityindex.spec.fields import Number, Source, Text_, Title
from cityindex.spec.records import PROVENANCE, Labels

PAGE = "reference/language.md"
HEAD = """\
# Keys of the spec language

Every key that a spec can have, in short. This page is made from the JSON Schema that `cityindex schema` prints and that
editors read (see [editors](../spec-language.md#editors)), so it lists what the reader of specs accepts.
[The spec language](../spec-language.md) tells the same with examples, and in which order things happen.

Required keys are in bold. *Text* may be a number: `2024` is read as it is written. A *title* is text, or text by
language: `{zh: 城市指数, en: City index}`.
"""
TABLES = (  # heading, definition, words
    ("The spec", "spec", "The top of the file."),
    ("An indicator", "indicator", "A mapping without `children` is an indicator; so is a bare text, which is its id."),
    ("A group", "group", "A mapping with `children` is a group."),
    ("A use", "use", "Where a child is a node that stands elsewhere in the tree."),
)
SAID: tuple[tuple[Any, str], ...] = (  # what has a word of its own
    (Title().schema(), "title"),
    (Source().schema(), "title, or a list of titles"),
    (Text_("").schema(), "text"),
    (Labels().schema(), "`{column: value or list}`"),
    (Number("yes").schema(), "number or per cent"),
    (Number("only").schema(), "per cent"),
    (Number().schema(), "number"),
    ({"type": "number"}, "number"),
)
DEFINED = {
    "group": "[group](#a-group)",
    "child": "text, [indicator](#an-indicator), [group](#a-group) or [use](#a-use)",
    "steps": "list of [steps](methods.md#steps)",
    "aggregator": "[aggregator](methods.md#aggregators)",
    "missing": "[rule](methods.md#rules-for-missing-children)",
    "weighting": "[weighting](methods.md#weightings), or `unpublished`",
    "tiers": "[tiering](methods.md#tierings), with `labels`",
}


def pages() -> dict[str, str]:
    """The page, by its name."""
    whole = schema()
    parts = [HEAD]
    for title, name, words in TABLES:
        table = whole if name == "spec" else whole["$defs"][name]
        parts += [f"## {title}\n", f"{words}\n", *_table(table, "key"), ""]
        for key, field in table["properties"].items():
            if inner := _inner(field):
                parts += [f"### {key} ({title.lower()})\n", *_table(inner, f"key of `{key}`"), ""]
    return {PAGE: "\n".join(parts)}


def _table(table: Mapping[str, Any], head: str) -> Iterator[str]:
    yield f"| {head} | type | default | meaning |"
    yield "|---|---|---|---|"
    required = table.get("required", ())
    for key, field in table["properties"].items():
        name = f"**`{key}`**" if key in required else f"`{key}`"
        yield f"| {name} | {kind(field)} | {_default(field)} | {field['description']} |"


def _default(field: Mapping[str, Any]) -> str:
    return f"`{field['default']}`" if "default" in field else ""


def _inner(field: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The mapping of known keys that a key may hold, where its keys are told of."""
    for one in (field, *field.get("anyOf", ())):
        inside = one.get("properties", {})
        if inside and all("description" in value for value in inside.values()) and "indicator" not in inside:
            return one
    return None


def kind(field: Mapping[str, Any]) -> str:
    """The type that a JSON Schema describes, in words. What has no words yet is an error, not a guess."""
    bare = {key: value for key, value in field.items() if key not in ("description", "default")}
    bare = _plain(bare)
    for known, words in SAID:
        if bare == known:
            return words
    if "$ref" in bare:
        return DEFINED[bare["$ref"].rsplit("/", 1)[-1]]
    if "const" in bare:
        return f"`{bare['const']}`"
    if "enum" in bare:
        return ", ".join(f"`{value}`" for value in bare["enum"])
    if bare.get("type") == "array":
        item = kind(bare["items"])
        return f"`[{item}, {item}]`" if bare.get("maxItems") == 2 else f"list of {item}"
    if bare.get("type") == "object":
        return _mapping(bare)
    if "anyOf" in bare:
        return ", or ".join(dict.fromkeys(kind(one) for one in bare["anyOf"]))
    raise ValueError(f"no words for the type {bare}")


def _mapping(field: Mapping[str, Any]) -> str:
    known = field.get("properties")
    if known and all(value.get("enum") == list(PROVENANCE) for value in known.values()):
        return "`{key: word}`"
    if known:
        return f"mapping of {', '.join(f'`{key}`' for key in known)}"
    values = field["additionalProperties"]
    inside = "{…}" if "properties" in values else values.get("type", "…")
    return f"`{{name: {inside}}}`" if inside != "object" else "`{name: {name: {key: value}}}`"


def _plain(field: Any) -> Any:
    """A schema without its words, at any depth: what a type is compared by."""
    if isinstance(field, list):
        return [_plain(item) for item in field]
    if not isinstance(field, Mapping):
        return field
    return {key: _plain(value) for key, value in field.items() if not (key == "description" and isinstance(value, str))}
