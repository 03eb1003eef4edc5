"""Small immutable values shared by every layer: per cents, frozen mappings, text in several languages."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

__all__ = ["Frozen", "Percent", "Text", "canonical", "digest", "freeze", "in_order", "label_of", "thaw", "width_of"]

ATOMS = (str, int, float)  # a union written where it is asked for is made anew each time
LISTS = (list, tuple)
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class Percent(float):
    """A share that was written in per cent: ``Percent(0.2)`` is ``20%``; it behaves as 0.2.

    >>> Percent(0.093)
    9.3%
    >>> Percent(0.5) == 0.5
    True
    """

    def __repr__(self) -> str:
        return f"{float(self) * 100:.12g}%"

    __str__ = __repr__


class Frozen(dict[str, Any]):
    """A mapping that cannot be changed, compares like a dict and can be hashed and pickled."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("this mapping is frozen; make a changed copy instead")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # dict is unhashable, a frozen one need not be
        return hash(canonical(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)


def freeze(value: Any) -> Any:
    """Lists to tuples and mappings to `Frozen`, all the way down."""
    if isinstance(value, ATOMS):
        return value
    if isinstance(value, LISTS):
        return tuple([freeze(item) for item in value])
    if isinstance(value, Mapping):
        return Frozen({str(key): freeze(item) for key, item in value.items()})
    return value


def thaw(value: Any) -> Any:
    """The reverse of `freeze`: plain dicts and lists (per cents stay `Percent`)."""
    if isinstance(value, Mapping):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [thaw(item) for item in value]
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Percent):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def canonical(value: Any) -> str:
    """One text for one value: JSON with sorted keys, `1` and `1.0` alike."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def digest(value: Any) -> str:
    """A short stable fingerprint of plain data (SHA-256, first 16 hexadecimal digits)."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:16]


class Text(Mapping[str, str]):
    """A title in one or several languages: ``Text({"zh": "城市", "en": "City"})``; a bare text finds its language.

    ``str(text)`` shows every language, Chinese first; ``text["en"]`` one of them.

    >>> str(Text({"en": "City", "zh": "城市"}))
    '城市 · City'
    >>> Text.of("数字经济")
    Text({'zh': '数字经济'})
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = Frozen({key: values[key] for key in sorted(values, key=lambda key: (key != "zh", key))})

    @classmethod
    def of(cls, value: str | Mapping[str, str]) -> Text:
        if isinstance(value, str):
            return cls({"zh" if CJK.search(value) else "en": value})
        return cls(value)

    def __getitem__(self, language: str) -> str:
        text: str = self._values[language]
        return text

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(self._values)

    def __str__(self) -> str:
        return " · ".join(self._values.values())

    def shown(self, language: str | None = None) -> str:
        """The text in one language, where it has that; else in all it has.

        >>> Text({"en": "City", "zh": "城市"}).shown("en")
        'City'
        """
        return str(self) if language is None else self._values.get(language) or str(self)

    def __repr__(self) -> str:
        return f"Text({dict(self._values)!r})"


def label_of(value: object) -> str:
    """The text by which labels compare: as numbers where they are, else as trimmed text.

    >>> label_of("0") == label_of(0.0) == label_of(0)
    True
    >>> label_of(" Africa ")
    'Africa'
    """
    if value is None or value != value:
        return ""
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return text if number != number or number in (float("inf"), float("-inf")) else f"{number:.15g}"


def in_order(labels: Iterable[str]) -> list[str]:
    """Distinct labels, numbers first and by size, then texts.

    >>> in_order(["2019", "998", "b", "a", "2019"])
    ['998', '2019', 'a', 'b']
    """

    def key(label: str) -> tuple[int, float, str]:
        try:
            return 0, float(label), label
        except ValueError:
            return 1, 0.0, label

    return sorted(dict.fromkeys(labels), key=key)


def width_of(text: str) -> int:
    """Columns that a text takes on a terminal or in a sheet: two for each wide (Chinese) character.

    >>> width_of("昆山 A")
    6
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )
