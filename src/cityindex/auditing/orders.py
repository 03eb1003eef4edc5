"""Ranks and tiers against printed scores: an order is wrong only where no numbers that print like this allow it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from cityindex.auditing.bounds import ANY
from cityindex.auditing.effective import exact
from cityindex.auditing.finding import Finding, Verdict
from cityindex.auditing.interval import Interval, number
from cityindex.auditing.printed_tables import PrintedTable
from cityindex.auditing.rows import Row, summary, undecided
from cityindex.spec.model import Group, Rank, Spec

__all__ = ["check_ranks", "check_tiers"]

Ends = tuple[Fraction, Fraction]


def _ranked(spec: Spec, table: PrintedTable) -> tuple[list[Ends | None], Rank]:
    """What each unit is ranked by, turned so that higher is better; and the rule."""
    node = spec[table.node]
    rule = node.rank if isinstance(node, Group) else Rank(first=table.first)
    values = table.carried if rule.of == "carried" else table.published
    found: list[Ends | None] = []
    for value in values:
        turned = None if value is None else value if rule.first == "highest" else -value
        bounded = turned is not None and turned.low is not None and turned.high is not None
        found.append((turned.low, turned.high) if bounded else None)  # type: ignore[union-attr,arg-type]  # bounded
    return found, rule


# -- ranks ------------------------------------------------------------------------------------------------------------


def check_ranks(spec: Spec, tables: Mapping[str, PrintedTable]) -> Iterator[tuple[Finding, list[Row]]]:
    """Every table with ranks: can each unit have its rank, and can every two stand in that order?"""
    for table in tables.values():
        if not any(table.ranks):
            continue
        claim = f"the ranks of {table.node} follow from its printed scores"
        values, rule = _ranked(spec, table)
        if all(value is None for value in values):
            yield undecided(spec, "ranks", table.node, claim, "no score that it ranks by is printed"), []
            continue
        rows = _rank_rows(table, values, rule)
        yield summary(spec, "ranks", table.node, claim, rows, notes=_running(table, rows)), rows


def _rank_rows(table: PrintedTable, values: Sequence[Ends | None], rule: Rank) -> list[Row]:
    known = [value for value in values if value is not None]
    lows, highs = sorted(low for low, _ in known), sorted(high for _, high in known)
    anywhere = sum(value is None and place is not None for value, place in zip(values, table.places, strict=True))
    distinct = _chain(known) if rule.ties == "dense" else []
    rows = []
    for row, value in enumerate(values):
        place = table.places[row]
        if value is None or place is None:
            why = "no score is printed" if value is None else f"{table.ranks[row]!r} is no rank"
            rows.append(_rank_row(table, row, ANY, "undecided", why if table.ranks[row] else "no rank is printed"))
            continue
        above = len(known) - bisect_right(lows, value[1])
        first = 1 + (len(distinct) - bisect_right(distinct, value[1]) if distinct else above)
        last = len(known) - bisect_left(highs, value[0]) + anywhere
        bounds = Interval(Fraction(first), Fraction(last) if table.leading else None)
        fits = place >= first and (not table.leading or place <= last)
        rows.append(_rank_row(table, row, bounds, "holds" if fits else "fails", ""))
    return _in_order(table, values, rows)


def _chain(known: Sequence[Ends]) -> list[Fraction]:
    """The low ends of the longest run of values that are certainly different, rising."""
    found: list[Fraction] = []
    top: Fraction | None = None
    for low, high in sorted(known, key=lambda ends: ends[1]):
        if top is None or low > top:
            found.append(low)
            top = high
    return found


def _in_order(table: PrintedTable, values: Sequence[Ends | None], rows: list[Row]) -> list[Row]:
    """Mark the rows that stand before one that is certainly better, where the bounds have not told it."""
    sound = [row for row, told in enumerate(rows) if told.verdict == "holds"]
    order = sorted(sound, key=lambda row: (table.places[row] or 0, row), reverse=True)
    best: int | None = None  # among those that stand behind
    waiting: list[int] = []
    for row in order:
        if waiting and table.places[waiting[-1]] != table.places[row]:
            best = max([*waiting, *([] if best is None else [best])], key=lambda at: (values[at] or (Fraction(0),))[0])
            waiting = []
        waiting.append(row)
        own, other = values[row], None if best is None else values[best]
        if best is not None and own is not None and other is not None and other[0] > own[1]:
            why = f"{table.units[best]} stands behind it, at {table.ranks[best]}, with {table.scores[best]}"
            rows[row] = _rank_row(table, row, rows[row].bounds, "fails", why)
    return rows


def _rank_row(table: PrintedTable, row: int, bounds: Interval, verdict: Verdict, note: str) -> Row:
    score = f"scores {table.scores[row]}" if table.scores[row] else ""
    return Row(
        kind="ranks",
        node=table.node,
        unit=table.units[row],
        published=table.ranks[row],
        must=bounds.shown() if bounds.low is not None else "",
        bounds=bounds,
        verdict=verdict,
        note="; ".join(text for text in (score if verdict == "fails" else "", note) if text),
        line=table.lines[row],
    )


def _running(table: PrintedTable, rows: Sequence[Row]) -> list[str]:
    """How many units share a printed score and have different ranks."""
    ranks: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for score, place in zip(table.scores, table.ranks, strict=True):
        if score and place:
            ranks.setdefault(score, set()).add(place)
            counts[score] += 1
    running = sum(counts[score] for score, places in ranks.items() if len(places) > 1)
    if not running:
        return []
    return [f"{running} units share a printed score with others and have running ranks, which unprinted digits allow"]


# -- tiers ------------------------------------------------------------------------------------------------------------


def check_tiers(spec: Spec, tables: Mapping[str, PrintedTable]) -> Iterator[tuple[Finding, list[Row]]]:
    """Every table with tiers: by the cuts of the spec, else by order alone."""
    for table in tables.values():
        group = spec[table.node]
        if not any(table.tiers) or not isinstance(group, Group):
            continue
        claim = f"the tiers of {table.node} follow from its printed scores"
        if group.tiers is None:
            yield undecided(spec, "tiers", table.node, claim, "the spec has no tiers"), []
            continue
        values, rule = _ranked(spec, table)
        labels = list(group.tiers.labels or ())
        if group.tiers.call.name == "cuts":
            sign = 1 if rule.first == "highest" else -1
            cuts = [sign * exact(cut) for cut in group.tiers.call.settings["cuts"]]
            names = labels or [str(place) for place in range(1, len(cuts) + 2)]
            rows = [_tier_row(table, row, value, cuts, names, sign) for row, value in enumerate(values)]
            notes = []
        else:
            rows = _by_order(table, values, labels or sorted(set(table.tiers) - {""}, key=_tier_number))
            notes = [f"{group.tiers.call.name} is learned from all units: only the order of the tiers was looked at"]
        yield summary(spec, "tiers", table.node, claim, rows, notes=notes), rows


def _tier_row(
    table: PrintedTable, row: int, value: Ends | None, cuts: Sequence[Fraction], names: Sequence[str], sign: int
) -> Row:
    said = table.tiers[row]
    if not said or value is None:
        return _tier(table, row, "", "undecided", "no score is printed" if said else "no tier is printed")
    low, high = (sum(end < cut for cut in cuts) for end in value)
    allowed = list(names[high : low + 1])
    must = " or ".join(allowed)
    if said not in names:
        return _tier(table, row, must, "undecided", f"{said!r} is none of the tiers: {', '.join(names)}")
    bounds = " and ".join(number(sign * cut) for cut in cuts[max(high - 1, 0) : low + 1])
    why = f"scores {table.scores[row]}; cuts near it: {bounds}" if said not in allowed else ""
    return _tier(table, row, must, "holds" if said in allowed else "fails", why)


def _by_order(table: PrintedTable, values: Sequence[Ends | None], names: Sequence[str]) -> list[Row]:
    """No unit of a better tier may be certainly below one of a worse tier."""
    place = {name: at for at, name in enumerate(names)}
    tops: dict[int, tuple[Fraction, int]] = {}  # tier → its best low end, and whose it is
    for row, value in enumerate(values):
        at = place.get(table.tiers[row])
        if value is not None and at is not None and (at not in tops or value[0] > tops[at][0]):
            tops[at] = value[0], row
    rows = []
    for row, value in enumerate(values):
        at = place.get(table.tiers[row])
        if value is None or at is None:
            rows.append(_tier(table, row, "", "undecided", "no score or no tier is printed"))
            continue
        behind = [top for tier, top in tops.items() if tier > at and top[0] > value[1]]
        other = max(behind, default=None)
        why = "" if other is None else f"{table.units[other[1]]}, {table.scores[other[1]]}, is in a worse tier"
        rows.append(_tier(table, row, "a worse tier" if other else "", "fails" if other else "holds", why))
    return rows


def _tier_number(name: str) -> tuple[Fraction, str]:
    try:
        return Fraction(name), ""
    except ValueError:
        return Fraction(0), name


def _tier(table: PrintedTable, row: int, must: str, verdict: Verdict, note: str) -> Row:
    return Row("tiers", table.node, table.units[row], table.tiers[row], must, ANY, verdict, note, table.lines[row])
