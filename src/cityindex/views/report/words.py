"""The page's own words in one language, and how names and numbers are written in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cityindex._values import Text
from cityindex.spec.model import Node
from cityindex.views._effects import effect_name
from cityindex.views._language import Language, checked

__all__ = ["Voice", "voice_of"]

TEXTS = Path(__file__).parent / "texts"
GIVEN_UP = "—"  # what stands where there is nothing


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((TEXTS / name).read_text(encoding="utf-8"))


@cache
def _sayings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(each["pattern"], re.DOTALL), each["said"]) for each in _read("sayings.zh.yaml"))


def voice_of(language: Any) -> Voice:
    """The voice of a language.

    Raises
    ------
    NotFoundError
        It is neither ``zh`` nor ``en``.
    """
    return Voice(checked(language))


@dataclass(frozen=True, slots=True)
class Voice:
    """One language: its words, and titles and numbers as they are written in it."""

    language: Language

    def word(self, key: str, *values: Any, **named: Any) -> str:
        """A word or a sentence of the page, filled in."""
        text: str = _read("words.yaml")[key][self.language]
        return text.format(*values, **named) if values or named else text

    def text(self, value: Text | None) -> str:
        """A text of the spec in this language, where it has that; else in all it has."""
        return "" if value is None else value.shown(self.language)

    def title(self, node: Node) -> str:
        """What a node is called: its title, or its id."""
        return self.text(node.title) or node.id

    def listed(self, names: Iterable[str], limit: int | None = None) -> str:
        """Names one after the other; those beyond the limit are counted."""
        every = list(names)
        shown = every if limit is None or len(every) <= limit else every[:limit]
        more = len(every) - len(shown)
        return self.word("and").join([*shown, *([self.word("more", more)] if more else [])])

    def provenance(self, said: str) -> str:
        """Where a weight comes from, in this language: ``equal (published)`` is 等权（公布）."""
        first, _, second = said.removesuffix(")").partition(" (")
        words = [self._origin(word) for word in (first, second) if word]
        return self.bracketed(*words) if len(words) == 2 else "".join(words)

    def bracketed(self, text: str, inside: str) -> str:
        """A text with another behind it in brackets."""
        return f"{text}（{inside}）" if self.language == "zh" else f"{text} ({inside})"

    def _origin(self, word: str) -> str:
        key = f"provenance_{word}"
        return self.word(key) if key in _read("words.yaml") else self.method("weighting", word)[0]

    def method(self, kind: str, name: str) -> tuple[str, str]:
        """What a method is called, and what it computes; nothing for the latter where this language has no words."""
        known: Mapping[str, Mapping[str, str]] = _read("methods.zh.yaml")[kind]
        if self.language == "en" or name not in known:
            return name, ""
        return known[name]["name"], known[name]["text"]

    def kind_of_note(self, kind: str) -> str:
        """The heading of a kind of notes."""
        key = f"note_{kind}"
        return self.word(key) if key in _read("words.yaml") else kind

    def unit(self, kind: str) -> str:
        """What one unit is: ``city`` is 城市; a kind that is not known stays as it is."""
        key = f"unit_{kind}"
        return self.word(key) if key in _read("words.yaml") else kind

    def said(self, sentence: str, called: Callable[[str], str] = str) -> str:
        """A sentence of the library, in this language where it is one of the usual ones; else as it is.

        What nodes are `called` stands for their ids.

        >>> Voice("zh").said("constant: 7 everywhere")
        '常数：处处为 7'
        >>> Voice("en").said("constant: 7 everywhere")
        'constant: 7 everywhere'
        """
        if self.language == "en":
            return sentence
        for pattern, said in _sayings():
            found = pattern.fullmatch(sentence)
            if found:
                blanks = {name: text or "" for name, text in found.groupdict().items()}
                if "node" in blanks:
                    blanks["node"] = called(blanks["node"])
                if "nodes" in blanks:
                    blanks["nodes"] = self.listed(called(node) for node in blanks["nodes"].split(", "))
                if "factors" in blanks:
                    together = (group.split(" and ") for group in blanks["factors"].split("; "))
                    blanks["factors"] = "；".join(
                        "与".join(effect_name(one, "zh") for one in group) for group in together
                    )
                if "why" in blanks:
                    blanks["why"] = self.said(blanks["why"], called)
                return said.format(**blanks)
        return sentence

    def sentence(self, words: str) -> str:
        """What the library says without a capital and a stop, as a sentence."""
        said = self.said(words)
        return f"{said[:1].upper()}{said[1:]}{self.word('stop')}"

    def number(self, value: float | None, digits: int | None = None) -> str:
        """A number with so many decimals, or six significant digits; a dash where there is none."""
        if value is None or value != value:
            return GIVEN_UP
        shown = f"{value:.6g}" if digits is None else f"{value:.{digits}f}"
        return shown.replace("-", "−", 1) if shown.startswith("-") else shown

    def share(self, value: float | None, decimals: int = 2) -> str:
        """A share in per cent, with so many decimals at most."""
        if value is None or value != value:
            return GIVEN_UP
        shown = f"{value * 100:.{decimals}f}"
        return f"{shown.rstrip('0').rstrip('.') if decimals else shown}%"

    def choice(self, label: str) -> str:
        """What may differ in a robustness run: the usual labels in this language, any other as it is."""
        key = f"choice_{label.replace(' ', '_')}"
        return self.word(key) if key in _read("words.yaml") else label
