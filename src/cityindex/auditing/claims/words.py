"""Verdicts and numbers, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cityindex.auditing.finding import Verdict
from cityindex.auditing.interval import Interval

__all__ = ["Ruling", "decimal", "listed", "shown"]

LONGEST = 40  # names in one list; more are counted


@dataclass(frozen=True, slots=True)
class Ruling:
    """Both sides as text, and what follows."""

    published: str
    computed: str
    verdict: Verdict
    note: str = ""

    def unless(self, lacks: Sequence[str]) -> Ruling:
        """Undecided where something is missing."""
        if not lacks:
            return self
        return replace(self, verdict="undecided", note=f"needed: {'; '.join(lacks)}")


def decimal(value: Fraction, digits: int = 6) -> str:
    """A fraction in decimals, with so many significant digits at most and no zeros at its end.

    >>> decimal(Fraction(1, 3)), decimal(Fraction(12345678, 10)), decimal(Fraction(-5, 2))
    ('0.333333', '1234567.8', '-2.5')
    """
    whole = len(str(abs(int(value)))) if abs(value) >= 1 else 0
    shown = f"{_rounded(value, max(digits - whole, 1))}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _rounded(value: Fraction, places: int) -> str:
    units = round(abs(value) * 10**places)
    text = f"{units // 10**places}.{units % 10**places:0{places}}"
    return f"-{text}" if value < 0 and units else text


def shown(interval: Interval) -> str:
    """A computed number: itself where it is exact, else its middle and both ends.

    >>> shown(Interval(Fraction(5725, 100), Fraction(5735, 100))), shown(Interval(Fraction(2), Fraction(4)))
    ('57.3 (57.25 to 57.35)', '3 (2 to 4)')
    """
    if interval.low is None or interval.high is None or interval.middle is None:
        return ""
    if interval.exact:
        return decimal(interval.low)
    return f"{decimal(interval.middle)} ({decimal(interval.low)} to {decimal(interval.high)})"


def listed(names: Sequence[str]) -> str:
    """Names in a row, the first of them where there are many.

    >>> listed(["北京", "上海"]), listed(["Bath", "York"])
    ('北京、上海', 'Bath, York')
    """
    sign = ", " if all(name.isascii() for name in names) else "、"
    more = len(names) - LONGEST
    return sign.join(names[:LONGEST]) + (f" … and {more} more" if more > 0 else "")
