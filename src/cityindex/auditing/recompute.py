"""Printed totals from printed parts: is there any set of numbers that prints like this?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cityindex._values import Percent
from cityindex.auditing.bounds import ANY, aggregated, through, widened
from cityindex.auditing.effective import exact, local_weights
from cityindex.auditing.finding import Finding, Verdict
from cityindex.auditing.interval import Interval
from cityindex.auditing.printed_tables import PrintedTable
from cityindex.auditing.ranges import possible
from cityindex.auditing.rows import Row, summary, undecided
from cityindex.spec.model import Call, Group, Indicator, Spec, Use

__all__ = ["check_totals"]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one child can be for one unit: a value, a blank (missing), or only a bound."""

    value: Interval
    known: bool = True
    blank: bool = False
    note: str = ""


def check_totals(spec: Spec, tables: Mapping[str, PrintedTable]) -> Iterator[tuple[Finding, list[Row]]]:
    """Every group whose scores are printed, recomputed from its printed parts."""
    ranges = possible(spec)
    for group in spec.groups:
        if group.id not in tables or not group.children:
            continue
        claim = f"the printed scores of {group.id} follow from its {len(group.children)} printed parts"
        why = _cannot(spec, group, tables)
        if why:
            yield undecided(spec, "reproduction", group.id, claim, why), []
            continue
        rows = list(_Totals(spec, group, tables, ranges).rows())
        yield _finding(spec, group, claim, tables, rows), rows


def _cannot(spec: Spec, group: Group, tables: Mapping[str, PrintedTable]) -> str:
    """Why a group cannot be recomputed at all; empty where it can."""
    nodes = [spec.nodes[child.id] for child in group.children]
    silent = [node.id for node in nodes if node.id not in tables and getattr(node, "value", None) is None]
    if silent:
        some = ", ".join(silent[:5]) + (", …" if len(silent) > 5 else "")
        return f"not printed: {some} ({len(silent)} of {len(nodes)} parts)"
    if group.aggregate.method.takes_weights and local_weights(group) is None:
        return "its weights are not published" if group.unprinted else "its weights are learned from data"
    for node, child in zip(nodes, group.children, strict=True):
        shown = isinstance(child, Use) and child.of == "published"
        treated = [call.name for call in node.publish if call.name != "round"]
        if treated and not shown:
            return f"what is printed of {node.id} is not what moves up ({', '.join(treated)})"
    if through((*group.steps, *before_print(group)), Interval.exactly(1)) is None:
        learns = [call.name for call in (*group.steps, *group.publish) if call.method.learn is not None]
        return (
            f"what {', '.join(learns) or 'its steps'} make of it cannot be told from one row: score the table instead"
        )
    return ""


def _finding(spec: Spec, group: Group, claim: str, tables: Mapping[str, PrintedTable], rows: Sequence[Row]) -> Finding:
    decided = sum(row.verdict != "undecided" for row in rows)
    claim += f", where all are printed ({decided} of {len(rows)} rows)" if decided < len(rows) else ""
    used = [tables[name] for name in (group.id, *(child.id for child in group.children)) if name in tables]
    notes = list(dict.fromkeys(f"{table.node}: {table.note}" for table in used if table.note))
    open_ = [row for row in rows if row.verdict == "undecided"]
    if open_:
        notes.append(f"undecided, for example: {open_[0].unit} ({open_[0].note})")
    return summary(spec, "reproduction", group.id, claim, rows, notes=notes)


def before_print(group: Group) -> tuple[Call, ...]:
    """The steps of publish, but for the rounding at its end."""
    rounds = bool(group.publish) and group.publish[-1].name == "round"
    return group.publish[:-1] if rounds else group.publish


# -- rows -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Totals:
    """The rows of one group's table."""

    spec: Spec
    group: Group
    tables: Mapping[str, PrintedTable]
    ranges: Mapping[str, Interval]
    weights: list[Fraction] | None = field(init=False)
    heavy: float = field(init=False)  # how much larger than its parts a total can be
    strangers: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.weights = local_weights(self.group)
        self.heavy = sum(abs(float(weight)) for weight in self.weights or [Fraction(1)])
        self.strangers = {
            child.id: [unit for unit in self.tables[child.id].units if unit not in self.table.row]
            for child in self.group.children
            if child.id in self.tables
        }

    @property
    def table(self) -> PrintedTable:
        return self.tables[self.group.id]

    def rows(self) -> Iterator[Row]:
        for row, unit in enumerate(self.table.units):
            yield self.judged(row, self.parts(unit))
        yield from self.left_out()

    def parts(self, unit: str) -> list[_Part]:
        return [self.part(child, unit) for child in self.group.children]

    def part(self, child: Indicator | Group | Use, unit: str) -> _Part:
        within = self.ranges[child.id]
        if child.id not in self.tables:
            return _Part(within)  # a constant
        table = self.tables[child.id]
        row = table.row.get(unit)
        if row is None:
            return self.absent(table, unit, within)
        shown = isinstance(child, Use) and child.of == "published"
        value = table.published[row] if shown else table.carried[row]
        if value is not None:
            return _Part(value)
        text = table.scores[row]
        why = f"{child.id} is blank" if not text else f"{child.id}: {text!r} is no number as it is printed"
        return _Part(within, known=False, blank=not text, note=why)

    def absent(self, table: PrintedTable, unit: str, within: Interval) -> _Part:
        """A unit that a list leaves out: bounded by the end of the list, where it is the head of a ranking."""
        if unit in table.doubles:
            return _Part(within, known=False, note=f"{table.node} has it several times")
        near = [name for name in self.strangers[table.node] if name in unit or unit in name]
        if near:
            return _Part(within, known=False, note=f"not in the list of {table.node}, or is it {near[0]}?")
        if table.beyond is None:
            return _Part(within, known=False, note=f"not in the list of {table.node}")
        return _Part(_both(table.beyond, within), known=False, note=f"not among the {len(table)} of {table.node}")

    def made(self, parts: Sequence[_Part]) -> tuple[Interval, Interval] | None:
        """Every value that the parts give, before it is rounded for print, and the same with room for dust.

        None where that cannot be told.
        """
        kept = [place for place, part in enumerate(parts) if not (part.blank and self.shares(place))]
        if len(kept) < self.needed():
            return None
        values = [parts[place].value for place in kept]
        weights = None if self.weights is None else [self.weights[place] for place in kept]
        found = aggregated(self.group.aggregate, values, weights)
        if found is None:
            return None
        size = Fraction(max(map(_size, values)) * self.heavy)
        steps = (*self.group.steps, *before_print(self.group))
        exactly, roomy = through(steps, found), through(steps, widened(found, size))
        return None if exactly is None or roomy is None else (exactly, widened(roomy))

    def shares(self, place: int) -> bool:
        """Whether the others share the weight of a child that is blank."""
        applies = getattr(self.group.children[place], "where", None) is not None
        return self.group.aggregate.method.averages and (applies or self.group.missing.name == "reweight")

    def needed(self) -> int:
        """How many children must be there."""
        if self.group.missing.name != "reweight":
            return 1
        at_least = self.group.missing.settings["at_least"]
        if isinstance(at_least, Percent):
            share = exact(at_least) * len(self.group.children)
            return -(-share.numerator // share.denominator)
        return int(at_least)

    def judged(self, row: int, parts: Sequence[_Part]) -> Row:
        text, value = self.table.scores[row], self.table.published[row]
        blank = [part.note for part in parts if part.blank]
        if blank and self.group.missing.name == "propagate":
            why = f"{blank[0]}, so that there is no score"
            return self.row(row, ANY, "fails" if text else "holds", why, must="blank")
        made = self.made(parts)
        note = "; ".join(part.note for part in parts if part.note)
        bounds = made[0] if made else ANY
        if value is None:
            return self.row(row, bounds, "undecided", f"{text!r} is no number" if text else "no score is printed")
        if made is None:
            return self.row(row, bounds, "undecided", note or "what its parts give cannot be told")
        if any(part.blank and not self.shares(place) for place, part in enumerate(parts)):
            return self.row(row, ANY, "undecided", f"{note} (missing: {self.group.missing.name})")
        if not made[1].meets(self.printed(row)):
            return self.row(row, bounds, "fails", note)
        return self.row(row, bounds, "holds" if all(part.known or part.blank for part in parts) else "undecided", note)

    def printed(self, row: int) -> Interval:
        """What the printed total was before it was rounded for print."""
        carried = None if before_print(self.group) else self.table.carried[row]
        return carried or self.table.unrounded[row] or ANY

    def row(self, row: int, bounds: Interval, verdict: Verdict, note: str, must: str = "") -> Row:
        return Row(
            kind="reproduction",
            node=self.group.id,
            unit=self.table.units[row],
            published=self.table.scores[row],
            must=must or bounds.shown(),
            bounds=bounds,
            verdict=verdict,
            note=note,
            line=self.table.lines[row],
        )

    def left_out(self) -> Iterator[Row]:
        """Units in the lists of the parts that the list of totals leaves out, though they would stand in it."""
        end = self.table.beyond
        if end is None or before_print(self.group):
            return
        for unit in dict.fromkeys(unit for units in self.strangers.values() for unit in units):
            made = self.made(self.parts(unit))
            near = any(unit in name or name in unit for name in self.table.units)
            if made is not None and not near and not made[1].meets(end):
                note = f"not in the list of {self.group.id}, which ends at {end.shown()}: was it ranked?"
                yield Row("reproduction", self.group.id, unit, "", made[0].shown(), made[0], "undecided", note)


def _both(one: Interval, other: Interval) -> Interval:
    lows = [end for end in (one.low, other.low) if end is not None]
    highs = [end for end in (one.high, other.high) if end is not None]
    return Interval(max(lows, default=None), min(highs, default=None))


def _size(value: Interval) -> float:
    return max((abs(float(end)) for end in (value.low, value.high) if end is not None), default=0.0)
