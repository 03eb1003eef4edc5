"""The methods that a spec uses: what each computes, where it is used, and its source."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cityindex._citations import source_of
from cityindex._registry import Method
from cityindex._values import thaw
from cityindex.result import Result
from cityindex.spec.model import REGISTRIES
from cityindex.views.report.tree import every_call
from cityindex.views.report.words import Voice

__all__ = ["Piece", "Told", "method_notes", "pieces"]

KINDS = ("step", "weighting", "aggregator", "missing", "tiering")
LONGEST = 90  # an option that is longer stands in the spec alone
MARKS = re.compile(r"(``.+?``|`[^`]+`|https?://\S+|\bdoi:10\.\S+)", re.DOTALL)
SECTION = re.compile(r"\n[A-Z][\w ]*\n-{3,}\n")


class Piece(NamedTuple):
    """A piece of prose: plain text, ``code``, or a ``link`` with its address."""

    kind: str
    text: str
    address: str = ""


class Told(NamedTuple):
    """One method as it is told."""

    name: str
    id: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    uses: tuple[tuple[str, str], ...]
    source: tuple[Piece, ...]


def method_notes(result: Result, voice: Voice) -> list[tuple[str, list[Told]]]:
    """Kind by kind, the methods in the order in which the spec names them."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for part in result.parts:
        for node in part.plan.spec.nodes.values():
            for kind, name, options in every_call(node):
                uses = found.setdefault((kind, name), {}).setdefault(_options(voice, options), [])
                uses += [] if voice.title(node) in uses else [voice.title(node)]
    told = []
    for kind in KINDS:
        own = [_told(voice, REGISTRIES[kind][name], uses) for (at, name), uses in found.items() if at == kind]
        told += [(voice.word(f"kind_{kind}"), own)] if own else []
    return told


def _told(voice: Voice, method: Method, uses: Mapping[str, list[str]]) -> Told:
    name, text = voice.method(method.kind, method.name)
    paragraphs = [text] if text else _paragraphs(method)
    return Told(
        name=name,
        id=method.name,
        paragraphs=tuple(tuple(pieces(each)) for each in paragraphs),
        uses=tuple((options, voice.listed(names, 12)) for options, names in uses.items()),
        source=tuple(pieces(source_of(method))),
    )


def _paragraphs(method: Method) -> list[str]:
    """The docstring up to its first section, paragraph by paragraph."""
    text = SECTION.split(inspect.getdoc(method.function) or "", maxsplit=1)[0]
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n", text) if each.strip()]


def pieces(prose: str) -> Iterator[Piece]:
    """Prose cut into text, code and links.

    >>> [piece.kind for piece in pieces("see `to` at https://doi.org/10.1/x.")]
    ['text', 'code', 'text', 'link', 'text']
    """
    for place, part in enumerate(MARKS.split(prose)):
        if not part:
            continue
        if place % 2 == 0:
            yield Piece("text", re.sub(r"\*(\S[^*]*)\*", r"\1", part))
        elif part.startswith("`"):
            yield Piece("code", part.strip("`"))
        else:
            shown = part.rstrip(".,;:)")
            address = f"https://doi.org/{shown.removeprefix('doi:')}" if shown.startswith("doi:") else shown
            yield Piece("link", shown, address)
            if part != shown:
                yield Piece("text", part[len(shown) :])


def _options(voice: Voice, options: Mapping[str, Any]) -> str:
    """Options as they are written in a spec; a long one is named and no more."""
    if not options:
        return voice.word("as_is")
    shown = []
    for name, value in options.items():
        text = _written(thaw(value))
        shown.append(f"{name}: {text}" if len(text) <= LONGEST else f"{name}: … ({voice.word('in_full')})")
    return ", ".join(shown)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_written(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(_written(item) for item in value)}]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return f"{value:g}" if type(value) is float else str(value)
