"""What a claims file says, as frozen records: claims, and the terms that they are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cityindex._values import Text
from cityindex.auditing.interval import Interval

__all__ = ["Cells", "Claim", "Claims", "Measure", "Number", "Rows", "Saying", "Term", "Test", "Top", "Unknown"]

First = Literal["highest", "lowest"]


@dataclass(frozen=True, slots=True)
class Top:
    """The first `number` rows by a column, for each value of `within` if it is said."""

    by: str
    first: First = "highest"
    number: int = 1
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """One condition: a column, a relation, and texts, a bound or the cells to look in."""

    column: str
    relation: str
    value: tuple[str, ...] | Term | Cells


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table that satisfy every condition, then the first of them."""

    table: str
    where: tuple[Test, ...] = ()
    top: Top | None = None


@dataclass(frozen=True, slots=True)
class Cells:
    """One column in some rows of its table."""

    rows: Rows
    column: str

    def __str__(self) -> str:
        return f"{self.rows.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is printed, and every value that it may stand for."""

    text: str
    interval: Interval
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Some whole number that is not printed."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number to compute.

    Attributes
    ----------
    kind
        value, count, sum, mean, weighted mean, share, difference, extreme, rank.
    of
        Rows, cells, names, one term or several, as the kind takes them.
    other
        What stands beside it: `weights`, `in` or `minus`.
    how
        ``""``, ``growth``, ``ratio`` or ``fraction``.
    units, key
        The units that are meant, and the column that names them.
    times
        An exact factor.
    rounded
        Cells without decimals are rounded to multiples of this; None: exact.
    """

    kind: str
    of: Rows | Cells | tuple[str, ...] | tuple[Term, ...] | Term
    other: Cells | tuple[Term, ...] | Term | None = None
    how: str = ""
    first: First = "highest"
    units: tuple[str, ...] = ()
    key: str = "name"
    times: Fraction = Fraction(1)
    rounded: Fraction | None = None


Term = Number | Unknown | Measure


@dataclass(frozen=True, slots=True)
class Saying:
    """What the claims that are no numbers say: order, set, tier, name.

    Attributes
    ----------
    of
        The column that orders, names or is cut; None for `name`.
    names
        The printed names (units in order, members of the set), or the cells that hold them.
    places
        Where those of `name` stand elsewhere, in words, one for each.
    cuts, labels, tier
        Of `tier`: the bounds from the best down, their labels, and the column of the printed tiers.
    """

    of: Cells | None
    names: tuple[str, ...] | Cells = ()
    key: str = "name"
    first: First = "highest"
    start: int | None = None
    subset: bool = False
    cuts: tuple[Number, ...] = ()
    labels: tuple[str, ...] = ()
    tier: str | None = None
    places: tuple[str, ...] = ()
    elsewhere: tuple[str | Cells, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a report: where it stands, what it says, and what decides it (None where `needs` is said)."""

    id: str
    claim: Text
    kind: str
    published: tuple[str, ...]
    relation: str
    body: Measure | Saying | None
    file: str = ""
    lines: tuple[int, ...] = ()
    section: str = ""
    note: Text | None = None
    needs: Text | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """A claims file: its claims in the order of the file."""

    claims: tuple[Claim, ...]
    index: str = ""
    publication: Text | None = None
