"""What a scalar says: YAML 1.2 numbers, per cents (`35%`) and fractions (`1/3`); all else is text.

So `no`, `2020-06-04`, `12:30` and `010` are text, and `1e-3` is a number.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal

from cityindex._values import Percent

__all__ = ["BOOLEANS", "FRACTION", "NULLS", "NUMBER", "PERCENT", "number_hint", "number_of", "written"]

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NUMBER = r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?"
PERCENT = NUMBER + "%"
FRACTION = r"[-+]?[0-9]{1,15}/0*[1-9][0-9]{0,14}"
SPECIAL = {".inf": math.inf, "+.inf": math.inf, "-.inf": -math.inf, ".nan": math.nan}

_number = re.compile(NUMBER)
_fraction = re.compile(FRACTION)
_thousands = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:[,_ ][0-9]{3})+(?:\.[0-9]+)?%?")
_comma = re.compile(r"[-+]?(?:0,[0-9]+|[1-9][0-9]*,(?:[0-9]{1,2}|[0-9]{4,}))%?")  # 33,3: a decimal comma
_dashes = str.maketrans("−–—", "---")
_per_cents = re.compile(r"\s*(?:percent|per cent|pct)$", re.IGNORECASE)


def number_of(text: str) -> int | float | Percent | None:
    """The number that plain text spells, or None.

    >>> number_of("1e-3"), number_of("9.3%"), number_of("1/4"), number_of("010")
    (0.001, 9.3%, 0.25, None)
    """
    if len(text) > 100:
        return None
    if text.endswith("%") and _number.fullmatch(text[:-1]):
        return Percent(float(Decimal(text[:-1]).scaleb(-2)))
    if _number.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() and len(text) < 19 else float(text)
    if _fraction.fullmatch(text):
        above, below = text.split("/")
        return int(above) / int(below)
    return SPECIAL.get(text.lower())


def number_hint(text: str) -> str:
    """How a text that is almost a number should be written, as the end of a message.

    >>> number_hint("２０％"), number_hint("20 %"), number_hint("1,000"), number_hint("33,3%"), number_hint("abc")
    (' Write 20%.', ' Write 20%.', ' Write 1000.', ' Write 33.3%.', '')
    >>> number_hint("100km")
    ' Write the number alone and in full, without a unit.'
    """
    plain = _per_cents.sub("%", unicodedata.normalize("NFKC", text).strip().translate(_dashes))
    if _thousands.fullmatch(plain):
        plain = re.sub("[,_ ]", "", plain)
    elif _comma.fullmatch(plain) and "，" not in text:  # which parts a list
        plain = plain.replace(",", ".")
    plain = re.sub(r"\s+(?=[%/])|(?<=/)\s+", "", plain)
    bare = re.sub(r"^([-+]?)0+(?=[0-9])", r"\1", plain)
    for guess in (plain, bare, plain.split(" ", 1)[0] if "#" in plain else ""):
        if guess and number_of(guess) is not None:
            return f" Write {guess}."
    number = re.match(rf"{NUMBER}\s*(?=[^\W\d_]+$)", plain)
    return " Write the number alone and in full, without a unit." if number else ""


def written(value: float) -> str:
    """A number as the language writes it, without losing a bit.

    >>> written(Percent(0.093)), written(0.1), written(20.0)
    ('9.3%', '0.1', '20.0')
    """
    if not isinstance(value, Percent):
        return repr(value)
    shifted = Decimal(repr(float(value))).scaleb(2)
    text = f"{shifted:f}" if -7 < shifted.adjusted() < 16 else str(shifted)
    if "." in text and "E" not in text:
        text = text.rstrip("0").rstrip(".")
    return f"{text}%"
