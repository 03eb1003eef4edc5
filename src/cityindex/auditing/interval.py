"""Numbers as they were printed: every value that rounds to the digits, in exact arithmetic.

A printed 0.576 is any number in [0.5755, 0.5765]. Intervals are added, multiplied and compared as fractions, so that no
verdict hangs on the dust of floats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from cityindex.errors import TableError
from cityindex.table.numbers import GROUPED, HALF_WIDTH, MINUSES, PLAIN

__all__ = ["Interval", "printed", "total"]


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included; None: no end on that side."""

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def exactly(cls, value: int | str | Decimal | Fraction) -> Interval:
        """One number and no other.

        >>> Interval.exactly("0.1").low
        Fraction(1, 10)
        """
        number = Fraction(value)
        return cls(number, number)

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    @property
    def middle(self) -> Fraction | None:
        """Half way, where there are two ends."""
        return None if self.low is None or self.high is None else (self.low + self.high) / 2

    def __add__(self, other: Interval) -> Interval:
        return Interval(_plus(self.low, other.low), _plus(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(_minus(self.high), _minus(self.low))

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def scaled(self, factor: Fraction | int) -> Interval:
        """Every number of it times a known one."""
        ends = [None if end is None else end * factor for end in (self.low, self.high)]
        if factor == 0:
            return Interval(Fraction(0), Fraction(0))
        return Interval(*ends) if factor > 0 else Interval(ends[1], ends[0])

    def __mul__(self, other: Interval) -> Interval:
        """Products of bounded intervals."""
        ends = [a * b for a in _ends(self) for b in _ends(other)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        """Quotients of bounded intervals; no ends where the divisor may be 0."""
        low, high = _ends(other)
        if low <= 0 <= high:
            return Interval(None, None)
        return self * Interval(1 / high, 1 / low)

    def meets(self, other: Interval) -> bool:
        """Whether the two have a number in common."""
        return not (self.below(other) or other.below(self))

    def inside(self, other: Interval) -> bool:
        """Whether every number of this one is one of the other."""
        low = other.low is None or (self.low is not None and self.low >= other.low)
        return low and (other.high is None or (self.high is not None and self.high <= other.high))

    def below(self, other: Interval) -> bool:
        """Whether every number of this one is smaller than every number of the other."""
        return self.high is not None and other.low is not None and self.high < other.low

    def shown(self, digits: int = 6) -> str:
        """The number, or both ends, for people.

        >>> printed("0.576").shown()
        '0.5755 to 0.5765'
        """
        if self.exact:
            return number(self.low, digits)
        if self.low is None and self.high is None:
            return "any number"
        if self.low is None:
            return f"at most {number(self.high, digits)}"
        if self.high is None:
            return f"at least {number(self.low, digits)}"
        low, high = number(self.low, digits), number(self.high, digits)
        return f"{low} to {high}" if low != high or digits > 30 else self.shown(digits + 3)


def printed(text: str | Decimal | int, *, decimals: int | None = None) -> Interval:
    """Every number that is printed as this text: half a unit of its last digit to either side.

    Parameters
    ----------
    text
        The number as it stands: ``"57.3"``, ``"1,234"``, ``"１２.５％"`` (read as 12.5), ``"−0.3"``. ``"1,23"`` is
        none: it can be read twice.
    decimals
        How many decimals were printed, where the text does not show it (a float that lost its zeros).

    Raises
    ------
    TableError
        Where the text is no number.

    Examples
    --------
    >>> printed("57.3")
    Interval(low=Fraction(229, 4), high=Fraction(1147, 20))
    >>> printed("58", decimals=1).shown()
    '57.95 to 58.05'
    """
    plain = str(text).strip().translate(HALF_WIDTH)
    for sign in MINUSES:
        plain = plain.replace(sign, "-")
    plain = plain.removesuffix("%")
    if GROUPED.fullmatch(plain):
        plain = "".join(plain.replace(",", "").split())
    if not PLAIN.fullmatch(plain):
        raise TableError(f"{text!r} is no number as it is printed")
    value = Decimal(plain)
    shown = -int(value.as_tuple().exponent) if decimals is None else decimals
    half = Fraction(1, 2) * Fraction(10) ** -shown
    return Interval(Fraction(value) - half, Fraction(value) + half)


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of intervals."""
    result = Interval.exactly(0)
    for each in intervals:
        result = result + each
    return result


def number(value: Fraction | None, digits: int = 6) -> str:
    """A fraction as a decimal number of so many significant digits at most; exact where that is shorter.

    >>> number(Fraction(57305, 1000))
    '57.305'
    """
    if value is None:
        return ""
    if value.denominator == 1 and abs(value) < 10**15:
        return str(value.numerator)
    with localcontext(prec=digits):
        shown = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{shown.normalize():f}" if -5 <= shown.adjusted() < 15 else f"{shown.normalize():e}"


def _ends(interval: Interval) -> tuple[Fraction, Fraction]:
    if interval.low is None or interval.high is None:
        raise ValueError("an interval without an end has no products")
    return interval.low, interval.high


def _plus(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return None if one is None or other is None else one + other


def _minus(value: Fraction | None) -> Fraction | None:
    return None if value is None else -value
