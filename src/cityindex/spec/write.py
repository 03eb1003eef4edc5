"""Spec → YAML text that people like to read: groups in blocks, one line an indicator, quotes only where needed.

The text reloads to an equal spec, and dumping that gives the same text again. Comments are not part of a spec.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from cityindex._values import width_of
from cityindex.spec.model import Spec
from cityindex.spec.scalars import BOOLEANS, NULLS, number_of, written
from cityindex.spec.slips import ANY

__all__ = ["SCHEMA_LINE", "dump"]

SCHEMA_LINE = "# yaml-language-server: $schema={}"
WIDTH = 120
BLOCKS = frozenset({"defaults", "index", "also", "editions", "children"})  # their values stand in lines of their own

PLAIN = re.compile(r"[^\W\d][\w./()（）+·、；°²³'&-]*(?: [\w./()（）+·、；°²³'&*=-]+)*")  # plain wherever it stands
NUMERIC = re.compile(r"[-+.\d][\d_.,:eExXoO/%+-]*")  # text that some reader of YAML would take for a number or a date
ODD = re.compile("[\x7f-\xa0\u2028\u2029\ufeff]")
PROSE = re.compile("[^\\s\ufeff]+(?: [^\\s\ufeff]+)+")  # words with one space between them: can be folded
WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


def dump(spec: Spec, *, schema: str | None = None) -> str:
    """The spec as YAML text: what was written, without comments.

    Parameters
    ----------
    spec
        What `load_spec` gave.
    schema
        Path or address of the JSON Schema (`schema`), for a first line that points editors to it.

    Examples
    --------
    >>> from cityindex.spec import load_spec
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a", "b"]}})
    >>> print(dump(spec), end="")
    cityindex: 1
    id: example
    index:
      id: score
      children: [a, b]
    """
    lines = [SCHEMA_LINE.format(schema)] if schema else []
    return "\n".join([*lines, *_mapping(spec.data, 0)]) + "\n"


def _mapping(data: Mapping[str, Any], indent: int) -> list[str]:
    """The lines of a mapping in block style."""
    lines: list[str] = []
    pad = " " * indent
    for key, value in data.items():
        name = f"{pad}{_scalar(key)}:"
        lines.extend(_entry(name, key, value, indent))
    return lines


def _entry(name: str, key: str, value: Any, indent: int) -> list[str]:
    if isinstance(value, str) and "\n" in value and _literal(value):
        chomp = "|" if value.endswith("\n") else "|-"
        body = [f"{' ' * (indent + 2)}{line}" if line else "" for line in value.removesuffix("\n").split("\n")]
        return [f"{name} {chomp}", *body]
    in_line = f"{name} {_flow(value)}"
    if isinstance(value, str) and width_of(in_line) > WIDTH and PROSE.fullmatch(value):
        return [f"{name} >-", *_wrapped(value, indent + 2)]
    if not isinstance(value, Mapping | tuple) or not value:
        return [in_line]
    if width_of(in_line) <= WIDTH and not _holds_nodes(key, value):
        return [in_line]
    if isinstance(value, Mapping):
        return [name, *_mapping(value, indent + 2)]
    return [name, *_items(value, indent + 2)]


def _wrapped(text: str, indent: int) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(
        text, WIDTH, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
    )


def _holds_nodes(key: str, value: Any) -> bool:
    """Whether a value has to stand in lines of its own: a group, a list of anything but names."""
    if key not in BLOCKS:
        return False
    return isinstance(value, Mapping) or not all(isinstance(item, str) for item in value)


def _items(items: tuple[Any, ...], indent: int) -> list[str]:
    """The lines of a list in block style; a mapping that holds children, or is too long, is a block itself."""
    lines: list[str] = []
    pad = " " * indent
    for item in items:
        in_line = f"{pad}- {_flow(item)}"
        holds = isinstance(item, Mapping) and isinstance(item.get("children"), tuple)
        fits = width_of(in_line) <= WIDTH and not holds
        if fits or not isinstance(item, Mapping | tuple):
            lines.append(in_line)
            continue
        block = _mapping(item, indent + 2) if isinstance(item, Mapping) else _items(item, indent + 2)
        lines.append(f"{pad}- {block[0].lstrip()}")
        lines.extend(block[1:])
    return lines


def _flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:  # a judgement that was not made
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value) if isinstance(value, str) else written(value)


def _quoted(text: str) -> str:
    """Text, in double quotes where it would else read as something else (here, or to another reader of YAML)."""
    plain = PLAIN.fullmatch(text) and text.casefold() not in WORDS and not ANY.search(text) and ": " not in text
    if plain and text not in NULLS and text not in BOOLEANS and number_of(text) is None and not NUMERIC.fullmatch(text):
        return text
    return ODD.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))


def _literal(text: str) -> bool:
    """Whether a text of several lines can stand as it is under `|`."""
    lines = text.removesuffix("\n").split("\n")
    plain = not any(c in text for c in "\t\r\x85\u2028\u2029") and not text.endswith("\n\n")
    return plain and all(line == line.rstrip() for line in lines) and bool(lines[0]) and not lines[0].startswith(" ")
