"""The types of the language: each reads a located value, or says what is wrong with it; each knows its JSON Schema.

`read` gives plain data (the value as the user wrote it, normalised) or `BAD` after it has told the problem.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cityindex._values import Percent
from cityindex.errors import closest
from cityindex.spec.scalars import FRACTION, PERCENT, number_hint, number_of
from cityindex.spec.slips import ANY, STRUCTURAL, full_width, swallowed
from cityindex.spec.tree import Items, Pairs, Problems, Scalar, Tree, found

__all__ = [
    "BAD", "Choice", "Field", "Identifier", "ListOf", "Number", "Pair", "Source", "Text_", "Title", "Version", "wrong",
]  # fmt: skip


class _Bad:
    """What stands for a value that could not be read (the problem is told already)."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = _Bad()
SWALLOWED = frozenset({"weight", "column", "direction", "goalposts", "steps", "title", "per", "children", "id"})
LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms
    mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk
    sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi
    yo za zh zu
    """.split()  # noqa: SIM905  # a list of 183 quoted codes reads worse
)  # ISO 639-1; a country's code (cn, jp) is the usual slip
NUMBERS = {"yes": "a number or a per cent (1, 1/3, 20%)", "no": "a number (1, 0.5, 1/3)", "only": "a per cent (20%)"}
SCALARS = ("string", "number", "boolean")  # what JSON may take for a text without quotes
BREAK = re.compile("[\n\r\t\x85\u2028\u2029]")
THOUSANDS = re.compile("[0-9]{3}|text '0[0-9]{2}'")  # an item of [0, 1,000,000]
SPELT = f"^({PERCENT}|{FRACTION})$"


class Field(Protocol):
    """A type of the language."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any: ...

    def schema(self) -> dict[str, Any]: ...


def wrong(tree: Tree, name: str, wanted: str, problems: Problems, hint: str = "") -> Any:
    """Tell that something else was wanted, and give BAD."""
    if isinstance(tree, Scalar) and tree.plain and ANY.search(tree.text):
        hint = f" There is {full_width(tree.text)}.{hint}"
    problems.add(tree.at, f"{name}: found {found(tree)}; allowed: {wanted}.{hint}")
    return BAD


@dataclass(frozen=True, slots=True)
class Text_:
    """A text; any scalar is the text as it stands (`no`, `010`, `2020`)."""

    wanted: str = "text"
    lines: bool = True

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Scalar) or tree.empty or not tree.text.strip():
            return wrong(tree, name, self.wanted, problems)
        if not self.lines and BREAK.search(tree.text):
            return wrong(tree, name, f"{self.wanted}, in one line", problems)
        key = swallowed(tree.text, SWALLOWED) if tree.plain else ""
        if key:
            hint = f" Is {key!r} meant as a key? Then write ', {key}: ' in common punctuation; if not, use quotes."
            return wrong(tree, name, self.wanted, problems, hint)
        return tree.text

    def schema(self) -> dict[str, Any]:
        return {"type": list(SCALARS)}


@dataclass(frozen=True, slots=True)
class Identifier:
    """The name of a node: text in one line; full-width punctuation only in quotes."""

    wanted: str = "a name"

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        text = Text_(self.wanted, lines=False).read(tree, name, problems)
        if text is BAD or not isinstance(tree, Scalar):
            return BAD
        if tree.plain and STRUCTURAL.search(text):
            return wrong(tree, name, f"{self.wanted}, in quotes if the punctuation is part of it", problems)
        if text != text.strip() or len(text) > 200:
            return wrong(tree, name, f"{self.wanted} without spaces around it, of 200 characters at most", problems)
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": list(SCALARS)}


@dataclass(frozen=True, slots=True)
class Title:
    """A text in one language or several: `text` or `{zh: …, en: …}`."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Pairs):
            return Text_("text, or {zh: text, en: text}").read(tree, name, problems)
        if not tree.entries:
            return wrong(tree, name, "text, or {zh: text, en: text}", problems)
        texts = {}
        for language, (at, value) in tree.entries.items():
            code = language.split("-")[0]
            if code not in LANGUAGES and not (len(code) == 3 and code.isascii() and code.islower()):
                guess = {"cn": "zh", "jp": "ja"}.get(code.lower())
                hint = f" Did you mean {guess!r}?" if guess else ""
                problems.add(at, f"{name}: {language!r} is no language code; allowed: zh, en, fr, … (ISO 639).{hint}")
            texts[language] = Text_().read(value, f"{name}.{language}", problems)
        return BAD if BAD in texts.values() else texts

    def schema(self) -> dict[str, Any]:
        texts = {"type": "object", "minProperties": 1, "additionalProperties": {"type": list(SCALARS)}}
        codes = "^(" + "|".join(sorted(LANGUAGES)) + "|[a-z]{3})(-.*)?$"
        return {"anyOf": [{"type": list(SCALARS)}, {**texts, "propertyNames": {"pattern": codes}}]}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, each item of one type."""

    item: Any
    wanted: str
    empty: bool = False
    unique: bool = False

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Items) or not (tree.items or self.empty):
            return wrong(tree, name, self.wanted, problems, self.hint(tree))
        values = [self.item.read(item, f"{name}[{i}]", problems) for i, item in enumerate(tree.items)]
        if self.unique:
            seen: set[Any] = set()
            for item, value in zip(tree.items, values, strict=True):
                if value in seen and value is not BAD:
                    problems.add(item.at, f"{name}: {value!r} stands twice")
                seen.add(value)
        return BAD if BAD in values else values

    def hint(self, tree: Tree) -> str:
        """How a single value becomes a list."""
        if isinstance(tree, Pairs) and tree.entries:
            return " Put it into [ ], or begin its line with '- '."
        short = isinstance(tree, Scalar) and not tree.empty and "\n" not in tree.text and len(tree.text) <= 60
        return f" Write [{tree.text}]." if short and isinstance(tree, Scalar) else ""

    def schema(self) -> dict[str, Any]:
        limits = ({} if self.empty else {"minItems": 1}) | ({"uniqueItems": True} if self.unique else {})
        return {"type": "array", "items": self.item.schema(), **limits}


@dataclass(frozen=True, slots=True)
class Source:
    """A title, or a list of them."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if isinstance(tree, Items):
            return ListOf(Title(), "text, {zh: text} or a list of them").read(tree, name, problems)
        return Title().read(tree, name, problems)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [Title().schema(), ListOf(Title(), "").schema()]}


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; `percent` says whether a per cent may stand there ("yes", "no", "only")."""

    percent: str = "no"

    @property
    def wanted(self) -> str:
        return NUMBERS[self.percent]

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Scalar) or tree.empty:
            return wrong(tree, name, self.wanted, problems)
        number = number_of(tree.text)
        if number is None or not (tree.plain or tree.text.endswith("%") or "/" in tree.text):
            hint = " Leave out the quotes." if number is not None else number_hint(tree.text)
            return wrong(tree, name, self.wanted, problems, hint)
        if not math.isfinite(number):
            return wrong(tree, name, f"{self.wanted}, finite", problems)
        if isinstance(number, Percent) and self.percent == "no":
            return wrong(tree, name, self.wanted, problems, f" Write {float(number)!r}.")
        if not isinstance(number, Percent) and self.percent == "only":
            return wrong(tree, name, self.wanted, problems, f" Write {Percent(number)}.")
        return number

    def schema(self) -> dict[str, Any]:
        if self.percent == "only":
            return {"type": "string", "pattern": f"^{PERCENT}$"}
        spelt = {"type": "string", "pattern": SPELT if self.percent == "yes" else f"^{FRACTION}$"}
        return {"anyOf": [{"type": "number"}, spelt]}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two different numbers."""

    wanted: str = "[bottom, top], two different numbers"

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Items) or len(tree.items) != 2:
            parted = isinstance(tree, Items) and any(THOUSANDS.fullmatch(found(item)) for item in tree.items)
            return wrong(tree, name, self.wanted, problems, " Write 1000000, not 1,000,000." if parted else "")
        values = [Number().read(item, f"{name}[{i}]", problems) for i, item in enumerate(tree.items)]
        if BAD in values:
            return BAD
        if values[0] == values[1]:
            problems.add(tree.at, f"{name}: both are {values[0]}; allowed: {self.wanted}.")
            return BAD
        return values

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": Number().schema(), "minItems": 2, "maxItems": 2}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if isinstance(tree, Scalar) and tree.text in self.words:
            return tree.text
        text = tree.text if isinstance(tree, Scalar) else ""
        guess = closest(text, self.words) if text else None
        hint = f" Did you mean {guess!r}?" if guess else ""
        return wrong(tree, name, ", ".join(self.words), problems, hint)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Version:
    """The version of this language: 1."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if isinstance(tree, Scalar) and tree.text == "1":
            return 1
        return wrong(tree, name, "1 (the version of the language that this release reads)", problems)

    def schema(self) -> dict[str, Any]:
        return {"const": 1}
