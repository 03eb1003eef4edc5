"""The judge: each claim is computed and held against what is printed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from cityindex.auditing.claims.model import Cells, Claim, Claims, Measure, Saying, Unknown
from cityindex.auditing.claims.picking import Unfit, certainly
from cityindex.auditing.claims.sheets import Sheets, number_in
from cityindex.auditing.claims.values import Judge, Value
from cityindex.auditing.claims.verdicts import judged_name, judged_order, judged_set, judged_tier
from cityindex.auditing.claims.words import Ruling, listed, shown
from cityindex.auditing.finding import Finding, Verdict
from cityindex.auditing.interval import Interval
from cityindex.errors import Problem, TableError

__all__ = ["judge_claims"]

SAYINGS = {"order": judged_order, "set": judged_set, "tier": judged_tier, "name": judged_name}
BOUNDS = ("above", "below", "at least", "at most")


def judge_claims(claims: Claims, sheets: Sheets, *, language: str | None = None) -> tuple[Finding, ...]:
    """Compute every claim and hold it against what is printed.

    Parameters
    ----------
    claims
        As `read_claims` gives them.
    sheets
        The same tables that they were read with.
    language
        Claims and notes in this language, where they have it; None: in all they have.

    Raises
    ------
    TableError
        Where claims cannot be computed as they are written, such as one cell wanted and none there; all of them are
        told.
    """
    judge = Judge(sheets)
    findings, problems = [], []
    for claim in claims.claims:
        try:
            findings.append(_finding(claim, _ruling(claim, judge, language), claims, language))
        except Unfit as error:
            problems.append(Problem(str(error), f"claim {claim.id!r}"))
    if problems:
        raise TableError(problems)
    return tuple(findings)


def _finding(claim: Claim, ruling: Ruling, claims: Claims, language: str | None) -> Finding:
    notes = [ruling.note, "" if claim.note is None else claim.note.shown(language)]
    lines = f"lines {', '.join(map(str, claim.lines))}" if len(claim.lines) > 1 else ""
    return Finding(
        index=claims.index,
        id=claim.id,
        claim=claim.claim.shown(language),
        kind=claim.kind,
        published=ruling.published,
        computed=ruling.computed,
        verdict=ruling.verdict,
        note="; ".join(note for note in notes if note),
        file=claim.file,
        line=claim.lines[0] if claim.lines else None,
        place=", ".join(part for part in (claim.section, lines) if part),
    )


def _ruling(claim: Claim, judge: Judge, language: str | None) -> Ruling:
    if claim.needs is not None:
        text = ", ".join(claim.published)
        return Ruling(text, "", "undecided", f"needed: {claim.needs.shown(language)}")
    if isinstance(claim.body, Saying):
        return SAYINGS[claim.kind](claim, claim.body, judge)
    assert isinstance(claim.body, Measure)
    if claim.kind == "weighted mean" and isinstance(claim.body.other, Unknown):
        return _anyhow(claim, judge.value(claim.body))
    if isinstance(claim.body.of, Unknown) or isinstance(claim.body.other, Unknown):
        return _solved(claim, claim.body, judge)
    value = judge.value(claim.body)
    ruling = _compared(claim, value) if claim.published else Ruling("", shown(value.interval), "holds")
    if claim.kind == "extreme" and claim.body.units:
        ruling = _with_units(ruling, claim.body, judge, value)
    return ruling.unless(value.lacks)


def _anyhow(claim: Claim, value: Value) -> Ruling:
    """A mean whose weights are not printed: what lies beyond all values is wrong, whatever they are."""
    ruling = _compared(claim, value)
    settled = ruling.verdict == "fails" or claim.relation not in ("equal", "about")
    if settled and len(value.lacks) == 1:
        return ruling
    return ruling.unless(value.lacks)


def _compared(claim: Claim, value: Value) -> Ruling:
    """A computed number against the printed one, by the relation between them."""
    text = printed_text(claim)
    computed = shown(value.interval)
    if value.interval.low is None or value.interval.high is None:
        return Ruling(text, "", "undecided", "" if value.lacks else "a divisor may be 0")
    if claim.relation in BOUNDS or claim.relation == "between":
        verdict = _bounded(claim, value.interval)
        note = "the printed digits do not say on which side it lies" if verdict == "undecided" else ""
        return Ruling(text, computed, verdict, note)
    wanted = wanted_of(claim)
    if fits(value.interval, wanted, alone=claim.kind in ("value", "extreme")):
        return Ruling(text, computed, "holds")
    return Ruling(text, computed, "fails", _cut_off(claim, value.interval, wanted))


def _bounded(claim: Claim, value: Interval) -> Verdict:
    if claim.relation == "between":
        answers = [certainly("at_least", value, exactly(claim.published[0]))]
        answers.append(certainly("at_most", value, exactly(claim.published[1])))
    else:
        answers = [certainly(claim.relation.replace(" ", "_"), value, exactly(claim.published[0]))]
    return "fails" if False in answers else "undecided" if None in answers else "holds"


def fits(value: Interval, wanted: Interval, *, alone: bool = False) -> bool:
    """Whether some computed value prints as published.

    Two printings of one number (`alone`) have to share more than the point between two roundings: 58.0 and 58.1 have
    58.05 in common, but no rule prints that as both.
    """
    if not value.meets(wanted):
        return False
    if not alone or value.exact or wanted.exact:
        return True
    return value.high != wanted.low and value.low != wanted.high


def exactly(text: str) -> Interval:
    """The printed number itself."""
    interval = number_in(text)
    assert interval is not None
    assert interval.middle is not None
    return Interval(interval.middle, interval.middle)


def wanted_of(claim: Claim) -> Interval:
    """Every number that is printed as published; `about`: up to a unit of the last digit off."""
    text = claim.published[0]
    unit = Fraction(1)
    middle = exactly(text).middle
    if claim.relation == "about" and "." not in text and middle:
        while (middle / unit) % 10 == 0:
            unit *= 10
    interval = number_in(text, unit)
    assert interval is not None
    if claim.relation != "about" or interval.low is None or interval.high is None:
        return interval
    half = (interval.high - interval.low) / 2
    return Interval(interval.low - half, interval.high + half)


def printed_text(claim: Claim) -> str:
    """What is printed, with its relation."""
    if claim.relation == "between":
        return f"{claim.published[0]} to {claim.published[1]}"
    text = ", ".join(claim.published)
    return text if claim.relation == "equal" or not text else f"{claim.relation} {text}"


def _cut_off(claim: Claim, value: Interval, wanted: Interval) -> str:
    """A note where the printed number holds if its further digits were cut off instead of rounded."""
    if wanted.low is None or wanted.high is None or claim.relation != "equal":
        return ""
    half = (wanted.high - wanted.low) / 2
    sign = 1 if exactly(claim.published[0]).middle >= 0 else -1  # type: ignore[operator]  # it has both ends
    moved = wanted + Interval.exactly(half * sign)
    inside = value.meets(moved) and value.low != moved.high
    return "it would hold if further digits were cut off, not rounded" if inside and half else ""


def _with_units(ruling: Ruling, measure: Measure, judge: Judge, value: Value) -> Ruling:
    """An extreme that is claimed of a unit: some other must not surely be beyond it."""
    assert isinstance(measure.of, Cells)
    judge.alone(measure.of.rows, measure.key, measure.units)
    ranks, lacks = judge.ranks(measure.of, measure.key, measure.first, measure.rounded)
    firsts = [unit for unit, (best, _) in ranks.items() if best == 1]
    beaten = [unit for unit in measure.units if unit not in firsts]
    published = f"{listed(measure.units)} {ruling.published}".strip()
    computed = f"{listed(firsts)} {ruling.computed}".strip()
    if beaten:
        note = f"{listed(beaten)}: place {', '.join(str(ranks[unit][0]) for unit in beaten if unit in ranks)}"
        return Ruling(published, computed, "fails", note).unless(lacks)
    return Ruling(published, computed, ruling.verdict, ruling.note).unless(lacks)


@dataclass(frozen=True, slots=True)
class _Quotient:
    """What a measure with one unknown comes to as a function of it, and the reverse."""

    measure: Measure
    known: Interval
    unknown_first: bool

    def at(self, number: int) -> Interval:
        one, other = Interval.exactly(number), self.known
        if not self.unknown_first:
            one, other = other, one
        if self.measure.kind == "difference" and not self.measure.how:
            return one - other
        ratio = one / other
        if self.measure.how in ("ratio", "fraction"):
            return ratio
        return (ratio - Interval.exactly(1)).scaled(100) if self.measure.how == "growth" else ratio.scaled(100)

    def solved(self, wanted: Interval) -> Interval:
        """Every value of the unknown that may give a wanted number."""
        if self.measure.kind == "difference" and not self.measure.how:
            return wanted + self.known if self.unknown_first else self.known - wanted
        ratio = wanted if self.measure.how in ("ratio", "fraction") else wanted.scaled(Fraction(1, 100))
        if self.measure.how == "growth":
            ratio = ratio + Interval.exactly(1)
        return ratio * self.known if self.unknown_first else self.known / ratio


def _solved(claim: Claim, measure: Measure, judge: Judge) -> Ruling:
    """Whether some whole number fits where one is not printed."""
    if isinstance(measure.of, Unknown) and isinstance(measure.other, Unknown):
        raise Unfit("only one number may be unknown")
    if claim.relation not in ("equal", "about") or measure.times != 1:
        raise Unfit("with {unknown: whole} the relation is equal or about, and there is no `times`")
    first = isinstance(measure.of, Unknown)
    value = judge.value(measure.other if first else measure.of)  # type: ignore[arg-type]  # the other one is a term
    if value.lacks:
        return Ruling(printed_text(claim), "", "undecided").unless(value.lacks)
    quotient = _Quotient(measure, value.interval, first)
    found = quotient.solved(wanted_of(claim))
    if found.low is None or found.high is None:
        return Ruling(printed_text(claim), "", "undecided", "a divisor may be 0")
    least = 0 if first else 1
    low, high = max(math.ceil(found.low), least), math.floor(found.high)
    if low > high:
        near = [number for number in (math.floor(found.low), math.ceil(found.high)) if number >= least]
        gives = "; ".join(f"{number} gives {shown(quotient.at(number))}" for number in near)
        return Ruling(printed_text(claim), gives, "fails", "no whole number gives what is printed")
    span = str(low) if low == high else f"any of {low} to {high}"
    gives = f", which gives {shown(quotient.at(low))}" if low == high else ""
    return Ruling(printed_text(claim), f"fits {span}{gives}", "holds")
