"""One printed cell: which numbers it can stand for, as the spec rounds and as the printer shows."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from cityindex.auditing.interval import Interval, printed
from cityindex.errors import TableError
from cityindex.spec.model import Node

__all__ = ["carried", "decimals_in", "number_printed", "plain", "published", "unrounded"]

BLANK = frozenset({"", "-", "—", "–", "－", "——", "…", "...", "n/a", "N/A", "NA", "nan", "None", "/", "无", "暂无"})


def plain(text: Any) -> str:
    """A cell without spaces and full-width signs; empty where nothing is meant to stand there.

    >>> plain(" ８０．５ "), plain("—")
    ('80.5', '')
    """
    found = unicodedata.normalize("NFKC", str(text)).strip()
    return "" if found in BLANK else found


def decimals_in(text: str) -> int:
    """How many decimals a printed number shows.

    >>> decimals_in("57.30"), decimals_in("1,234"), decimals_in("12.5%"), decimals_in("1e-05")
    (2, 0, 1, 5)
    """
    try:
        return max(-int(Decimal(text.replace(",", "").rstrip("%％")).as_tuple().exponent), 0)
    except (InvalidOperation, ValueError):  # no number, or none that is finite
        return 0


def number_printed(text: str, decimals: int | None) -> Interval | None:
    """Every number that is printed so; None where it is no number.

    >>> number_printed("57.3", None).shown(), number_printed("about 5", None)
    ('57.25 to 57.35', None)
    """
    try:
        return printed(text, decimals=decimals) if text else None
    except TableError:
        return None


def published(node: Node, text: str, decimals: int | None) -> Interval | None:
    """The value that was published: exact where it is rounded to what is shown."""
    interval = number_printed(text, decimals)
    if interval is None or not node.publish or node.publish[-1].name != "round":
        return interval
    shown = decimals_in(text) if decimals is None else decimals
    return _middle(interval) if node.publish[-1].settings["digits"] <= shown else interval


def unrounded(node: Node, text: str, decimals: int | None) -> Interval | None:
    """What was rounded to the number that is printed, by the spec and by the printer: the coarser of the two."""
    value = number_printed(text, decimals)
    if value is None:
        return None
    shown = decimals_in(text) if decimals is None else decimals
    last = node.publish[-1] if node.publish and node.publish[-1].name == "round" else None
    unit = Fraction(10) ** -min(shown, shown if last is None else int(last.settings["digits"]))
    at = value.middle
    assert at is not None
    if last is not None and last.settings["how"] == "down":
        return Interval(at if at > 0 else at - unit, at if at < 0 else at + unit)
    return Interval(at - unit / 2, at + unit / 2)


def carried(node: Node, text: str, decimals: int | None) -> Interval | None:
    """The value that moved up: as exact as the spec rounds it before; None where publish does more than to round."""
    interval = unrounded(node, text, decimals)
    if interval is None or len(node.publish) > 1 or any(call.name != "round" for call in node.publish):
        return None
    shown = decimals_in(text) if decimals is None else decimals
    finest = min([shown, *(int(call.settings["digits"]) for call in node.publish)])
    exact = node.steps and node.steps[-1].name == "round" and node.steps[-1].settings["digits"] <= finest
    return _middle(number_printed(text, decimals) or interval) if exact else interval


def _middle(interval: Interval) -> Interval:
    return Interval(interval.middle, interval.middle)
