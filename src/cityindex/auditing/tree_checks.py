"""What a tree says of itself: sums of weights, counts, provenance, names that stand twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from cityindex._values import Percent
from cityindex.auditing.effective import decimals_of, exact
from cityindex.auditing.finding import Finding, Verdict
from cityindex.auditing.interval import Interval, number, total
from cityindex.errors import NotFoundError, Problem, nearest
from cityindex.spec.model import UNPUBLISHED, Group, Indicator, Spec, Use
from cityindex.spec.scalars import written

__all__ = [
    "check_counts",
    "check_doubles",
    "check_equal",
    "check_provenance",
    "check_sums",
    "place_of",
    "scheme_finding",
]

SHARES = (Fraction(9, 10), Fraction(11, 10))  # plain weights with such a sum look like shares of 1
DUST = Fraction(1, 10**9)  # what thirds written as floats miss
NAMED = 8  # children named in one note


def scheme_finding(
    spec: Spec,
    name: str,
    claim: str,
    verdict: Verdict,
    *,
    published: str = "",
    computed: str = "",
    note: str = "",
    node: str | None = None,
) -> Finding:
    """A finding about the scheme; `node` is where in the spec it stands."""
    place = "" if node is None else place_of(spec, node)
    return Finding(spec.id, f"scheme-{name}", claim, "scheme", published, computed, verdict, note, place=place)


def place_of(spec: Spec, node: str) -> str:
    """Where a node stands, for people: ``spec.yaml, line 12``; empty where the spec came from no file."""
    name, line, *_ = (*spec.places.get(node, "").rsplit(":", 2), "", "")
    return f"{Path(name).name}, line {line}" if name.endswith((".yaml", ".yml")) else ""


def named(names: list[str]) -> str:
    """Some names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


# -- sums -------------------------------------------------------------------------------------------------------------


def check_sums(spec: Spec) -> Iterator[Finding]:
    """Per group with weights that promise a total: per cents, or plain shares that nearly add to 1."""
    for group in spec.groups:
        weights = [child.weight for child in group.children if child.weight is not None]
        if not weights:
            continue
        per_cent = isinstance(weights[0], Percent)
        found = sum((exact(weight) for weight in weights), Fraction(0))
        if per_cent or (min(weights) >= 0 and SHARES[0] <= found <= SHARES[1]):
            yield _sum(spec, group, weights, found, per_cent=per_cent)


def _sum(spec: Spec, group: Group, weights: list[float], found: Fraction, *, per_cent: bool) -> Finding:
    unit = Fraction(1, 100) if per_cent else Fraction(1)
    sign = "%" if per_cent else ""
    shown = f"{number(found / unit)}{sign}"
    whole = "100%" if per_cent else "1"
    stated = group.weights_sum if per_cent and group.weights_sum is not None else None
    decimals = max(decimals_of(weight) for weight in weights)
    half = Fraction(1, 2) * Fraction(10) ** -decimals
    allowed = total(Interval(exact(w) / unit - half, exact(w) / unit + half) for w in weights)
    note = f"{len(weights)} weights with {decimals} decimal{'s' if decimals != 1 else ''}"
    verdict: Verdict = "holds"
    if abs(found - 1) > DUST:
        verdict = "undecided" if Interval.exactly(1 / unit).inside(allowed) else "fails"
        explains = "explains it" if verdict == "undecided" else "does not explain it"
        note += f"; rounding of each {explains} ({allowed.shown()}{sign}); {_use(group, found)}"
    return scheme_finding(
        spec,
        f"sum-{group.id}",
        f"the weights of {group.id} add up to {whole}",
        verdict,
        published=written(Percent(float(stated))) if stated is not None else whole,
        computed=shown,
        note=note,
        node=group.id,
    )


def _use(group: Group, found: Fraction) -> str:
    """What becomes of a sum that is not 1."""
    if group.aggregate.method.averages:
        return f"{group.aggregate.name} divides by the sum, so that each counts {number(1 / found, 5)} times as written"
    return f"{group.aggregate.name} takes them as they stand: where every child has 100 it gives {number(found * 100)}"


# -- counts -----------------------------------------------------------------------------------------------------------


def check_counts(spec: Spec, counts: Mapping[str, int]) -> Iterator[Finding]:
    """What the source says there is, against the tree."""
    known = _countable(spec)
    problems = [
        Problem(f"counts: there is no {what!r} to count.{nearest(what, known)}") for what in counts if what not in known
    ]
    problems += [
        Problem(f"counts: {what!r}: {said!r} is no whole number from 0 on")
        for what, said in counts.items()
        if isinstance(said, bool) or not isinstance(said, int) or said < 0
    ]
    if problems:
        raise NotFoundError(problems)
    for what, said in counts.items():
        found = known[what]
        claim = f"there are {said} {_countably(spec, what)}"
        name = f"count-{what.replace(' ', '-')}"
        node = what if what in spec.nodes else None
        if found is None:
            note = "the source does not print its parts"
            yield scheme_finding(spec, name, claim, "undecided", published=str(said), note=note, node=node)
            continue
        verdict: Verdict = "holds" if found == said else "fails"
        yield scheme_finding(spec, name, claim, verdict, published=str(said), computed=str(found), node=node)


def _countably(spec: Spec, what: str) -> str:
    return f"children of {what}" if what in spec.nodes else f"nodes on {what}" if what.startswith("level ") else what


def _countable(spec: Spec) -> dict[str, int | None]:
    """Everything that can be counted: children of a group, indicators (all, or a group's), groups, nodes on a level."""
    levels: Counter[int] = Counter()
    leaves: dict[str, int | None] = {}

    def descend(group: Group, level: int) -> int | None:
        found: int | None = 0 if group.children else None
        for child in group.children:
            levels[level] += 1
            below: int | None = 1
            if isinstance(child, Group):
                below = descend(child, level + 1)
            elif isinstance(child, Use):
                node = spec.nodes[child.id]
                below = 1 if isinstance(node, Indicator) else 0
            found = None if found is None or below is None else found + below
        leaves[f"indicators of {group.id}"] = found
        return found

    whole = descend(spec.index, 1)
    for root in spec.also:
        descend(root, len(spec.nodes) + 1)  # on levels of its own
    known: dict[str, int | None] = {group.id: len(group.children) or None for group in spec.groups}
    known["indicators"] = len(spec.indicators) if whole is not None else None
    known["groups"] = len(spec.groups)
    known |= {f"level {level}": count for level, count in levels.items() if level <= len(spec.nodes)}
    return known | leaves


# -- provenance -------------------------------------------------------------------------------------------------------


def check_provenance(spec: Spec) -> Iterator[Finding]:
    """How many weights are published, inferred, assumed or unpublished."""
    words: Counter[str] = Counter()
    by_word: dict[str, list[str]] = defaultdict(list)
    for group in spec.groups:
        if not group.aggregate.method.takes_weights or len(group.children) < 2:
            continue
        for child in group.children:
            word = _word(spec.weight_provenance(group.id, child.id))
            words[word] += 1
            if group.id not in by_word[word]:
                by_word[word].append(group.id)
    if not words:
        return
    order = [word for word in ("published", "inferred", "assumed", UNPUBLISHED) if words[word]]
    others = [f"{word} under {named(by_word[word])}" for word in order if word != "published"]
    yield scheme_finding(
        spec,
        "provenance",
        "every weight is published",
        "holds" if order == ["published"] else "undecided",
        published="",
        computed=", ".join(f"{words[word]} {word}" for word in order),
        note="; ".join(others),
    )


def _word(provenance: str) -> str:
    """The word of a provenance: ``equal (assumed)`` is assumed."""
    return provenance.rpartition("(")[2].removesuffix(")")


def check_equal(spec: Spec) -> Iterator[Finding]:
    """Groups whose children count alike because nothing else is said."""
    silent = [
        group
        for group in spec.groups
        if len(group.children) > 1
        and group.aggregate.method.averages
        and group.aggregate.method.takes_weights
        and group.weights is None
        and all(child.weight is None for child in group.children)
    ]
    if not silent:
        return
    unsaid = [group.id for group in silent if spec.provenance_of(group.id, "weights") != "published"]
    alike = [group.id for group in silent if group.id not in unsaid]
    said = [f"published as equal: {named(alike)}"] if alike else []
    said += [f"equal because nothing else is known: {named(unsaid)}"] if unsaid else []
    yield scheme_finding(
        spec,
        "equal",
        "equal weights are what the source says, where the spec has none",
        "undecided" if unsaid else "holds",
        published=f"{len(silent)} groups without weights",
        computed=f"{len(alike)} published as equal",
        note="; ".join(said),
    )


# -- names that stand twice -------------------------------------------------------------------------------------------


def check_doubles(spec: Spec) -> Iterator[Finding]:
    """Titles that two children of a group share, and columns that two indicators read."""
    twins = []
    for group in spec.groups:
        titles = Counter(str(spec.nodes[child.id].title or "") for child in group.children)
        twins += [f"{title} under {group.id}" for title, count in titles.items() if title and count > 1]
    yield scheme_finding(
        spec,
        "titles",
        "no two children of a group have the same title",
        "fails" if twins else "holds",
        computed=f"{len(twins)} titles stand twice" if twins else "",
        note=named(twins),
    )
    readers: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for node in spec.indicators:
        if node.value is None:
            readers[node.column, node.per].append(node.id)
    shared = [f"{column} by {named(ids)}" for (column, _), ids in readers.items() if len(ids) > 1]
    yield scheme_finding(
        spec,
        "columns",
        "no column is read by two indicators",
        "undecided" if shared else "holds",
        computed=f"{len(shared)} columns are read twice" if shared else "",
        note=f"counted twice, which may be meant: {named(shared)}" if shared else "",
    )
