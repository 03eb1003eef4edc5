"""What a term comes to: an interval in exact arithmetic, and what is missing to be sure of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cityindex.auditing.claims.averages import mean_of, weighted_mean_of
from cityindex.auditing.claims.model import Cells, Measure, Number, Rows, Term, Test, Unknown
from cityindex.auditing.claims.picking import Picked, Unfit, ends, pick, places
from cityindex.auditing.claims.sheets import Sheets
from cityindex.auditing.interval import Interval, total

__all__ = ["Judge", "Value"]

ANY = Interval(None, None)
Ranks = tuple[dict[str, tuple[int, int]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Value:
    """A computed number, and what would be needed to know it."""

    interval: Interval
    lacks: tuple[str, ...] = ()

    def with_lacks(self, *others: Value) -> Value:
        lacks = [lack for each in (self, *others) for lack in each.lacks]
        return Value(self.interval, tuple(dict.fromkeys(lacks)))


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers to sum or average: those surely meant and those perhaps meant."""

    sure: tuple[Interval, ...]
    maybe: tuple[Interval, ...]
    lacks: tuple[str, ...]


class Judge:
    """Computes terms from the tables; what was computed once is kept."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self._picked: dict[Rows, Picked] = {}
        self._ranks: dict[tuple[Cells, str, str, Fraction | None], Ranks] = {}

    def pick(self, rows: Rows) -> Picked:
        """The rows that are meant."""
        if rows not in self._picked:
            self._picked[rows] = pick(rows, self.sheets, self._bound)
        return self._picked[rows]

    def _bound(self, term: object) -> Interval:
        assert isinstance(term, Number | Measure)
        value = self.value(term)
        if value.lacks:
            raise Unfit(f"a bound of `where` is not known: {'; '.join(value.lacks)}")
        return value.interval

    def value(self, term: Term) -> Value:
        """What a term comes to.

        Raises
        ------
        Unfit
            Where the claim has to be written otherwise.
        """
        if isinstance(term, Number):
            return Value(term.interval)
        if isinstance(term, Unknown):
            raise Unfit("{unknown: whole} may stand in `of` or `in` of a share, in `of` or `minus` of a difference")
        found = getattr(self, "_" + term.kind.replace(" ", "_"))(term)
        return Value(_scaled(found.interval, term.times), found.lacks)

    def numbers(self, cells: Cells, rounded: Fraction | None = None) -> Column:
        """The numbers in some cells; those without one are told as missing."""
        picked = self.pick(cells.rows)
        values = self.sheets[cells.rows.table].numbers(cells.column, rounded)
        blank = sum(values[row] is None for row in picked.all)
        lacks = (f"{blank} of {len(picked.all)} cells of {cells} hold no number",) if blank else ()
        sure = tuple(value for row in picked.sure if (value := values[row]) is not None)
        maybe = tuple(value for row in picked.maybe if (value := values[row]) is not None)
        return Column(sure, maybe, picked.lacks + lacks)

    def column(self, measure: Measure) -> Column:
        """What a measure sums or averages: cells, or a list of terms."""
        if isinstance(measure.of, Cells):
            found = self.numbers(measure.of, measure.rounded)
            if not found.sure and not found.maybe and not found.lacks:
                raise Unfit(f"no row of {measure.of.rows.table!r} satisfies `where`")
            return found
        values = [self.value(term) for term in _terms(measure.of)]
        return Column(tuple(each.interval for each in values), (), Value(ANY).with_lacks(*values).lacks)

    def _value(self, measure: Measure) -> Value:
        if not isinstance(measure.of, Cells):
            return self.value(_term(measure.of))
        rows = measure.of.rows
        if measure.units:
            rows = replace(rows, where=(*rows.where, Test(measure.key, "is", measure.units)))
        picked = self.pick(rows)
        if len(picked.all) != 1:
            raise Unfit(f"{len(picked.all)} rows of {rows.table!r} are meant, where one cell is wanted")
        cells = Cells(rows, measure.of.column)
        found = self.numbers(cells, measure.rounded)
        values = found.sure + found.maybe
        return Value(values[0] if values else ANY, found.lacks)

    def _count(self, measure: Measure) -> Value:
        if isinstance(measure.of, Rows):
            picked = self.pick(measure.of)
            return Value(_range(len(picked.sure), len(picked.all)), picked.lacks)
        if isinstance(measure.of, Cells):
            picked = self.pick(measure.of.rows)
            labels = self.sheets[measure.of.rows.table].labels(measure.of.column)
            sure, every = ({labels[row] for row in rows} - {""} for rows in (picked.sure, picked.all))
            blank = self.sheets[measure.of.rows.table].columns and not any(labels)
            lacks = (f"column {measure.of} is blank",) if blank else ()
            return Value(_range(len(sure), len(every)), picked.lacks + lacks)
        assert isinstance(measure.of, tuple)
        return Value(_range(len(measure.of), len(measure.of)))

    def _sum(self, measure: Measure) -> Value:
        found = self.column(measure)
        return Value(total(found.sure) + total(_or_nothing(value) for value in found.maybe), found.lacks)

    def _mean(self, measure: Measure) -> Value:
        found = self.column(measure)
        return Value(mean_of(found.sure, found.maybe), found.lacks)

    def _weighted_mean(self, measure: Measure) -> Value:
        values = self.column(measure)
        if isinstance(measure.other, Unknown):
            return Value(_hull((*values.sure, *values.maybe)), (*values.lacks, "the weights"))
        if isinstance(measure.other, Cells):
            weights = self.numbers(measure.other, measure.rounded)
        else:
            weights = self.column(replace(measure, of=_terms(measure.other), other=None))
        if values.maybe or weights.maybe:
            raise Unfit("a weighted mean needs rows that are surely meant; a bound of `where` lies on a printed number")
        lacks = (*values.lacks, *weights.lacks)
        if len(values.sure) != len(weights.sure):  # blank cells on one side
            return Value(ANY, lacks)
        if any(ends(weight)[0] < 0 for weight in weights.sure) or all(ends(w)[0] <= 0 for w in weights.sure):
            raise Unfit("a weighted mean needs weights of at least 0, one of them above")
        return Value(weighted_mean_of(values.sure, weights.sure), lacks)

    def _share(self, measure: Measure) -> Value:
        factor = Fraction(1 if measure.how == "fraction" else 100)
        if measure.other is not None:
            part, whole = self.value(_term(measure.of)), self.value(_term(measure.other))
            return Value(_quotient(part.interval, whole.interval, factor)).with_lacks(part, whole)
        part, rest = self._parted(measure)
        # a / (a + b) rises with a and falls with b
        (a, b), (c, d) = ends(part.interval), ends(rest.interval)
        if a < 0 or c < 0 or a + d <= 0 or b + c <= 0:
            return Value(ANY).with_lacks(part, rest)
        return Value(Interval(factor * a / (a + d), factor * b / (b + c))).with_lacks(part, rest)

    def _parted(self, measure: Measure) -> tuple[Value, Value]:
        """What is in the rows that are meant, and what is in the others."""
        of = measure.of
        rows = of.rows if isinstance(of, Cells) else of
        assert isinstance(rows, Rows)
        picked, count = self.pick(rows), len(self.sheets[rows.table])
        if not isinstance(of, Cells):
            inside = _range(len(picked.sure), len(picked.all))
            return Value(inside, picked.lacks), Value(_range(count - len(picked.all), count - len(picked.sure)))
        if picked.maybe:
            raise Unfit("a share of sums needs rows that are surely meant; a bound of `where` lies on a printed number")
        values = self.sheets[rows.table].numbers(of.column, measure.rounded)
        chosen = set(picked.sure)
        inside = total(value for row, value in enumerate(values) if value is not None and row in chosen)
        outside = total(value for row, value in enumerate(values) if value is not None and row not in chosen)
        blank = sum(value is None for value in values)
        lacks = (f"{blank} of {count} cells of {of} hold no number",) if blank else ()
        return Value(inside, picked.lacks + lacks), Value(outside)

    def _difference(self, measure: Measure) -> Value:
        one, other = self.value(_term(measure.of)), self.value(_term(measure.other))
        if not measure.how:
            return Value(one.interval - other.interval).with_lacks(one, other)
        ratio = _quotient(one.interval, other.interval, Fraction(1))
        if measure.how == "growth":
            ratio = (ratio - Interval.exactly(1)).scaled(100)
        return Value(ratio).with_lacks(one, other)

    def _extreme(self, measure: Measure) -> Value:
        found = self.column(measure)
        sign = 1 if measure.first == "highest" else -1
        sure = [ends(value.scaled(sign)) for value in found.sure]
        every = sure + [ends(value.scaled(sign)) for value in found.maybe]
        if not every:
            return Value(ANY, found.lacks)
        low = max((low for low, _ in sure), default=min(low for low, _ in every))
        return Value(Interval(low, max(high for _, high in every)).scaled(sign), found.lacks)

    def _rank(self, measure: Measure) -> Value:
        assert isinstance(measure.of, Cells)
        self.alone(measure.of.rows, measure.key, measure.units)
        ranks, lacks = self.ranks(measure.of, measure.key, measure.first, measure.rounded)
        unit = measure.units[0]
        if unit not in ranks:
            raise Unfit(f"{unit!r} is not among the rows that are meant, or has no number there")
        return Value(_range(*ranks[unit]), lacks)

    def ranks(self, cells: Cells, key: str, first: str, rounded: Fraction | None = None) -> Ranks:
        """The best and the worst place of each unit by a column, and what is missing."""
        asked = cells, key, first, rounded
        if asked not in self._ranks:
            self._ranks[asked] = self._ranked(cells, key, first, rounded)
        return self._ranks[asked]

    def _ranked(self, cells: Cells, key: str, first: str, rounded: Fraction | None) -> Ranks:
        picked, sheet = self.pick(cells.rows), self.sheets[cells.rows.table]
        values, keys = sheet.numbers(cells.column, rounded), sheet.texts(key)
        known = [row for row in picked.sure if values[row] is not None]
        turned = [value if first == "highest" else -value for row in known if (value := values[row]) is not None]
        blank = len(picked.all) - len(known)
        lacks = (f"{blank} rows of {cells} hold no number, or may not be meant",) if blank else ()
        return {keys[row]: place for row, place in zip(known, places(turned), strict=True)}, picked.lacks + lacks

    def alone(self, rows: Rows, key: str, units: Sequence[str]) -> None:
        """Check that each unit is the name of one row only."""
        keys = self.sheets[rows.table].texts(key)
        found = Counter(keys[row] for row in self.pick(rows).all)
        twice = [unit for unit in units if found[unit] > 1]
        if twice:
            raise Unfit(f"{', '.join(twice)}: the name of more than one row of {rows.table!r}; say more in `where`")


def _range(low: int, high: int) -> Interval:
    return Interval(Fraction(low), Fraction(high))


def _scaled(interval: Interval, times: Fraction) -> Interval:
    return interval if times == 1 else interval.scaled(times)


def _or_nothing(value: Interval) -> Interval:
    """What a row adds that may not be meant."""
    low, high = ends(value)
    return Interval(min(low, Fraction(0)), max(high, Fraction(0)))


def _quotient(one: Interval, other: Interval, factor: Fraction) -> Interval:
    ends(one), ends(other)
    return (one / other).scaled(factor) if (one / other).low is not None else ANY


def _hull(values: Sequence[Interval]) -> Interval:
    """From the lowest of all to the highest: where a mean lies, whatever the weights."""
    if not values:
        return ANY
    return Interval(min(ends(value)[0] for value in values), max(ends(value)[1] for value in values))


def _term(of: object) -> Term:
    assert isinstance(of, Number | Unknown | Measure)
    return of


def _terms(of: object) -> tuple[Term, ...]:
    assert isinstance(of, tuple)
    return of
