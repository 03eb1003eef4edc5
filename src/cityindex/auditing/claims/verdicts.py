"""Verdicts on orders, sets, tiers and names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from cityindex.auditing.claims.model import Cells, Claim, Saying
from cityindex.auditing.claims.picking import Unfit, ends
from cityindex.auditing.claims.values import Judge
from cityindex.auditing.claims.words import Ruling, listed
from cityindex.auditing.interval import Interval
from cityindex.errors import closest

__all__ = ["judged_name", "judged_order", "judged_set", "judged_tier"]


def judged_order(claim: Claim, body: Saying, judge: Judge) -> Ruling:
    """Units in a printed order: wrong only if a later one surely stands before an earlier one, or in another place."""
    cells = body.of
    assert isinstance(cells, Cells)
    units = body.names if isinstance(body.names, tuple) else tuple(_names(body.names, judge)[0])
    judge.alone(cells.rows, body.key, units)
    picked, sheet = judge.pick(cells.rows), judge.sheets[cells.rows.table]
    keys, values, texts = sheet.texts(body.key), sheet.numbers(cells.column), sheet.texts(cells.column)
    rows = {keys[row]: row for row in picked.all}
    absent = [unit for unit in units if unit not in rows]
    if absent:
        raise Unfit(f"{listed(absent)}: not among the rows that are meant")
    blank = [unit for unit in units if values[rows[unit]] is None]
    lacks = (*picked.lacks, *([f"a number in {cells} for {listed(blank)}"] if blank else []))
    known = [(unit, _turned(values[rows[unit]], body.first)) for unit in units if unit not in blank]
    wrong = _inversions(known)
    if body.start is not None:
        ranks, more = judge.ranks(cells, body.key, body.first)
        lacks += more
        wrong += _misplaced(units, body.start, ranks)
    by_column = sorted(known, key=lambda pair: -(pair[1].middle or 0))
    computed = listed([f"{unit} {texts[rows[unit]]}" for unit, _ in by_column])
    start = "" if body.start is None else f" from place {body.start}"
    return _ruled(listed(units) + start, computed, wrong, lacks)


def _ruled(published: str, computed: str, wrong: Sequence[str], lacks: Sequence[str]) -> Ruling:
    """What is surely wrong stays wrong, whatever is missing."""
    if wrong:
        return Ruling(published, computed, "fails", "; ".join(wrong))
    return Ruling(published, computed, "holds").unless(lacks)


def _turned(value: Interval | None, first: str) -> Interval:
    assert value is not None
    return value if first == "highest" else -value


def _inversions(known: Sequence[tuple[str, Interval]]) -> list[str]:
    """Each unit that surely stands before one that is named earlier."""
    wrong = []
    worst: tuple[Fraction, str] | None = None
    for unit, value in known:
        low, high = ends(value)
        if worst is not None and low > worst[0]:
            wrong.append(f"{unit} stands before {worst[1]}")
        if worst is None or high < worst[0]:
            worst = high, unit
    return wrong


def _misplaced(units: Sequence[str], start: int, ranks: dict[str, tuple[int, int]]) -> list[str]:
    wrong = []
    for place, unit in enumerate(units, start):
        best, worst = ranks.get(unit, (place, place))
        if not best <= place <= worst:
            wrong.append(f"{unit} has place {best if best == worst else f'{best} to {worst}'}, not {place}")
    return wrong


def judged_set(claim: Claim, body: Saying, judge: Judge) -> Ruling:
    """Printed names against those in the rows: none may be surely missing, and none too many unless it is a subset."""
    assert isinstance(body.of, Cells)
    sure, every, lacks = _names(body.of, judge)
    if isinstance(body.names, Cells):
        printed, perhaps, more = _names(body.names, judge)
        lacks += more
    else:
        printed = perhaps = dict.fromkeys(body.names)
    strange = [name for name in printed if name not in every]
    left_out = [] if body.subset else [name for name in sure if name not in perhaps]
    wrong = []
    if left_out:
        wrong.append(f"not named: {listed(left_out)}")
    if strange:
        wrong.append(f"named, but not in the table's rows: {listed([_meant(name, every) for name in strange])}")
    published = listed(list(printed)) + (" (among others)" if body.subset else "")
    return _ruled(published, listed(list(every)), wrong, lacks)


def _names(cells: Cells, judge: Judge) -> tuple[dict[str, None], dict[str, None], tuple[str, ...]]:
    """The names surely meant, those that may be, and what is missing to say so."""
    picked, texts = judge.pick(cells.rows), judge.sheets[cells.rows.table].texts(cells.column)
    sure = dict.fromkeys(texts[row] for row in picked.sure if texts[row])
    return sure, dict.fromkeys(texts[row] for row in picked.all if texts[row]), picked.lacks


def _meant(name: str, known: dict[str, None]) -> str:
    guess = closest(name, known)
    return name if guess is None else f"{name} (is it {guess}?)"


def judged_tier(claim: Claim, body: Saying, judge: Judge) -> Ruling:
    """Tiers by the cuts against the printed ones; a row is wrong only if none of its values lies in its tier."""
    cells = body.of
    assert isinstance(cells, Cells)
    picked, sheet = judge.pick(cells.rows), judge.sheets[cells.rows.table]
    keys = sheet.texts(body.key) if body.key in sheet.columns else tuple(f"row {row + 1}" for row in range(len(sheet)))
    rows = [row for row in picked.all if body.tier is not None or keys[row] in _some(body)]
    if not rows:
        raise Unfit(f"no row of {cells.rows.table!r} is meant")
    tiers = sheet.texts(body.tier) if body.tier else claim.published * len(sheet)
    values = sheet.numbers(cells.column)
    blank = [keys[row] for row in rows if values[row] is None]
    lacks = (*picked.lacks, *([f"a number in {cells} for {listed(blank)}"] if blank else []))
    texts = sheet.texts(cells.column)
    wrong, computed = [], []
    for row in rows:
        value = values[row]
        if value is None:
            continue
        label = _tier_of(value, body)
        computed.append(f"{keys[row]} {texts[row]} {label}")
        if not _in_tier(value, tiers[row], body):
            wrong.append(f"{keys[row]} {texts[row]}: {label} by the cuts, printed {tiers[row] or 'nothing'}")
    cuts = f"cuts {', '.join(cut.text for cut in body.cuts)}"
    published = (
        f"{cells.rows.table}.{body.tier}, {cuts}" if body.tier else f"{listed(_some(body))} {claim.published[0]}"
    )
    agree = f"{len(computed) - len(wrong)} of {len(computed)} rows agree" if body.tier else "; ".join(computed)
    return _ruled(published, agree, wrong, lacks)


def _some(body: Saying) -> tuple[str, ...]:
    return body.names if isinstance(body.names, tuple) else ()


def _tier_of(value: Interval, body: Saying) -> str:
    """The tier of the number as it is printed; a number on a cut is in the better tier."""
    middle = Interval(value.middle, value.middle)
    return next(label for label in body.labels if _in_tier(middle, label, body))


def _in_tier(value: Interval, label: str, body: Saying) -> bool:
    """Whether some value of the interval lies in the tier of that label."""
    if label not in body.labels:
        return False
    place = body.labels.index(label)
    sign = 1 if body.first == "highest" else -1
    low, high = ends(value.scaled(sign))
    cuts = [ends(cut.interval.scaled(sign))[0] for cut in body.cuts]
    return (place == 0 or low < cuts[place - 1]) and (place == len(cuts) or high >= cuts[place])


def judged_name(claim: Claim, body: Saying, judge: Judge) -> Ruling:
    """Names of one thing: alike but for spaces and the width of signs."""
    printed = list(claim.published)
    others = []
    for each, place in zip(body.elsewhere, body.places, strict=True):
        name = each if isinstance(each, str) else _one(each, judge)
        others.append((name, place))
    differ = _gathered([pair for pair in others if _plain(pair[0]) != _plain(printed[0])])
    differ += [name for name in printed[1:] if _plain(name) != _plain(printed[0])]
    computed = listed(_gathered(others))
    note = f"printed otherwise: {listed(differ)}" if differ else ""
    return Ruling(listed(printed), computed, "fails" if differ else "holds", note)


def _gathered(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Each name once, with all its places."""
    found: dict[str, list[str]] = {}
    for name, place in pairs:
        found.setdefault(name, []).append(place)
    texts = {name: ", ".join(place for place in places if place) for name, places in found.items()}
    return [f"{name} ({_lines(places)})" if places else name for name, places in texts.items()]


def _lines(places: str) -> str:
    """`line 3, line 7` as `lines 3, 7`."""
    return re.sub("^line (.*,)", r"lines \1", places.replace(", line ", ", "))


def _one(cells: Cells, judge: Judge) -> str:
    picked, texts = judge.pick(cells.rows), judge.sheets[cells.rows.table].texts(cells.column)
    if len(picked.sure) != 1 or picked.maybe:
        raise Unfit(f"{len(picked.all)} rows of {cells.rows.table!r} are meant, where one cell is wanted")
    return texts[picked.sure[0]]


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
