"""The order of the pages: docs/contents.yaml, read and checked against the pages that there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import yaml

CONTENTS = Path(__file__).resolve().parents[2] / "docs" / "contents.yaml"
HOME = "index"


@dataclass(frozen=True)
class Section:
    """A heading of the contents with its pages, in order, each without its suffix."""

    title: str
    pages: tuple[str, ...]


def sections(pages: Iterable[str], problems: list[str], *, contents: Path = CONTENTS) -> tuple[Section, ...]:
    """The sections, with patterns such as `howto/*` filled in by name. Every page stands in exactly one of them.

    `pages` are all pages of the site that no other generated page lists, without their suffix. Pages that the contents
    leave out, name twice, or name though they are not there, are told in `problems`.
    """
    there = set(pages) - {HOME}
    written: Mapping[str, list[str]] = yaml.safe_load(contents.read_text(encoding="utf-8"))
    named = [name for names in written.values() for name in names if "*" not in name]
    wrong = [f"{name} stands there twice" for name in sorted({name for name in named if named.count(name) > 1})]
    wrong += [f"there is no page {name}" for name in named if name not in there]
    left = there - set(named)
    found = []
    for title, names in written.items():
        filled: list[str] = []
        for name in names:
            matching = sorted(page for page in left if fnmatch(page, name)) if "*" in name else [name] * (name in there)
            left -= set(matching)
            filled += matching
        found.append(Section(title, tuple(filled)))
    wrong += [f"the page {name} stands nowhere" for name in sorted(left)]
    problems += [f"docs/contents.yaml: {told}" for told in wrong]
    return tuple(found)


def toctrees(found: Iterable[Section]) -> str:
    """The sections as hidden toctrees, for the end of the first page."""
    blocks = [
        "\n".join(["```{toctree}", ":hidden:", f":caption: {section.title}", "", *section.pages, "```"])
        for section in found
    ]
    return "\n" + "\n\n".join(blocks) + "\n"


def nested(pages: Iterable[str]) -> str:
    """A hidden toctree of pages in the same folder."""
    return "\n".join(["", "```{toctree}", ":hidden:", "", *pages, "```", ""])
