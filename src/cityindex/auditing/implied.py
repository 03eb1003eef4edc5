"""Values that were never printed, and follow from those that were: exact ranges, in fractions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from cityindex.auditing.interval import Interval, printed, total
from cityindex.errors import TableError, nearest

__all__ = ["before", "implied"]

Number = Interval | str | int | float


def implied(
    whole: Number | None,
    parts: Mapping[str, Number | None],
    *,
    weights: Mapping[str, Any] | None = None,
    decimals: int | None = None,
) -> Interval:
    """The one number of whole = Σ wᵢ · partᵢ / Σ wᵢ that is not printed: every value that it may have.

    Parameters
    ----------
    whole
        The printed mean, or None where that is what is wanted.
    parts
        Name → the printed part; None for the one that is wanted.
    weights
        Name → its known weight (``0.2``, ``"20%"``, 20); None: all alike.
    decimals
        How many decimals were printed, where a number does not show it (a float that lost its zeros). Texts show it.

    Returns
    -------
    Interval
        Every value for which numbers that print like those given make the equation true.

    Raises
    ------
    TableError
        Where not exactly one number is missing, or weights do not fit the parts.

    Examples
    --------
    Industrial integration has the printed mean 48.5; what must the mean of its third part be?

    >>> third = implied("48.5", {"digital": "31.12", "industry": "51.31", "results": None},
    ...                 weights={"digital": "10%", "industry": "70%", "results": "20%"})
    >>> third.shown()
    '47.085 to 47.625'
    """
    if decimals is not None and not isinstance(decimals, int):
        raise TableError(f"decimals: found {decimals!r}; a whole number is wanted")
    shares = _weights(parts, weights)
    missing = [name for name, part in parts.items() if part is None]
    if len(missing) + (whole is None) != 1:
        count = len(missing) + (whole is None)
        raise TableError(f"one number has to be missing (None), the mean or a part; {count} are")
    known = total(_interval(part, decimals).scaled(shares[name]) for name, part in parts.items() if part is not None)
    everything = sum(shares.values(), Fraction(0))
    if whole is None:
        return known.scaled(1 / everything)
    name = missing[0]
    if shares[name] == 0:
        raise TableError(f"{name} has the weight 0: any value of it gives the same mean")
    return (_interval(whole, decimals).scaled(everything) - known).scaled(1 / shares[name])


def before(
    value: Number, change: Number, *, kind: Literal["difference", "growth"] = "difference", decimals: int | None = None
) -> Interval:
    """Last year's value from this year's and the change: value − change, or value / (1 + change / 100).

    Parameters
    ----------
    value, change
        As printed; a growth is in per cent.
    kind
        ``difference`` (1.3 points more) or ``growth`` (31.8 % more).
    decimals
        How many decimals were printed, where a number does not show it.

    Raises
    ------
    TableError
        Where the growth may be −100 % or less.

    Examples
    --------
    >>> before("77.0", "1.3").shown()
    '75.6 to 75.8'
    >>> before(Interval.exactly(29), "31.8", kind="growth").shown()
    '21.9947 to 22.0114'
    """
    if kind not in ("difference", "growth"):
        raise TableError(f"kind: found {kind!r}.{nearest(str(kind), ('difference', 'growth'))}")
    this, rise = _interval(value, decimals), _interval(change, decimals)
    if kind == "difference":
        return this - rise
    factor = (rise + Interval.exactly(100)).scaled(Fraction(1, 100))
    if factor.low is None or factor.low <= 0:
        raise TableError(f"a growth of {rise.shown()} % leaves nothing to grow from")
    return this / factor


def _interval(number: Number | None, decimals: int | None) -> Interval:
    if isinstance(number, Interval):
        return number
    if isinstance(number, float):  # 100.0 is what a table with a gap makes of 100
        return printed(repr(float(number)).removesuffix(".0"), decimals=decimals)
    return printed(str(number), decimals=decimals)


def _weights(parts: Mapping[str, Any], weights: Mapping[str, Any] | None) -> dict[str, Fraction]:
    if not isinstance(parts, Mapping) or not parts:
        raise TableError("parts: a name for each part is wanted, {name: number}")
    if weights is None:
        return dict.fromkeys(parts, Fraction(1))
    strange = [name for name in weights if name not in parts]
    if strange:
        raise TableError(f"weights: there is no part {strange[0]!r}.{nearest(strange[0], parts)}")
    absent = [name for name in parts if name not in weights]
    if absent:
        raise TableError(f"weights: there is none for {', '.join(map(repr, absent))}")
    cents = [name for name, weight in weights.items() if str(weight).strip().endswith("%")]
    if cents and len(cents) < len(weights):
        raise TableError(f"weights: {cents[0]} is a per cent, and others are plain numbers; write all alike")
    shares = {name: _weight(name, weight) for name, weight in weights.items()}
    if any(share < 0 for share in shares.values()) or not sum(shares.values()):
        raise TableError("weights: numbers from 0 on are wanted, not all of them 0")
    return {name: shares[name] for name in parts}


def _weight(name: str, weight: Any) -> Fraction:
    text = str(weight.item() if hasattr(weight, "item") else weight)
    try:
        return Fraction(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise TableError(f"weights: {name} is {weight!r}; a number or a per cent is wanted") from None
