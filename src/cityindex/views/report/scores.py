"""What came out: the ranking, how scores are spread and made up, tiers, and means by a column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from cityindex.errors import NotFoundError
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Group
from cityindex.views.report.drawing import PARTS, Scale, Span, ramp, scale_of
from cityindex.views.report.subject import Subject, Unit

__all__ = ["Line", "Tier", "dimensions", "histogram", "made_of", "ranking", "regions", "tiers"]

BESIDE = 5  # children that fit beside the score in the ranking
ACROSS = 6  # columns of one table of groups
LEADING = 20  # units whose scores are taken apart


class Line(NamedTuple):
    """One unit in the ranking."""

    rank: str
    unit: Unit
    score: str
    bar: Span | None
    tier: str
    colour: str
    parts: tuple[str, ...]


class Tier(NamedTuple):
    """One tier: what it is called, its scores, and who is in it."""

    label: str
    colour: str
    scores: str
    units: str
    share: str
    members: str


def ranking(subject: Subject) -> list[Line]:
    """Every unit by rank; the children of the index beside the score, where they are few."""
    voice, result, root = subject.voice, subject.result, subject.root.id
    ranks, values, digits = result.ranks()[subject.rows], subject.values(root), subject.digits(root)
    scale = scale_of(values)
    labels = _labels(subject, root)
    colours = dict(zip(labels, ramp(len(labels)), strict=True))
    own = _tiers_of(subject, root)
    beside = [(subject.values(node), subject.digits(node)) for node in beside_the_score(subject)]
    return [
        Line(
            rank=voice.number(ranks[place]),
            unit=subject.names[row],
            score=voice.number(values[place], digits),
            bar=None if np.isnan(values[place]) else scale.span(0.0, values[place], colours.get(own[place], PARTS[0])),
            tier=own[place],
            colour=colours.get(own[place], ""),
            parts=tuple(voice.number(column[place], decimals) for column, decimals in beside),
        )
        for place, row in enumerate(subject.rows.tolist())
    ]


def beside_the_score(subject: Subject) -> list[str]:
    """The children of the index, where they are few enough to stand beside the score."""
    names = [child.id for child in subject.children]
    return names if len(names) <= BESIDE else []


def _labels(subject: Subject, node: str) -> list[str]:
    """The tiers of a group, the best first; none where it has none here."""
    group = subject.spec.nodes.get(node)
    if not isinstance(group, Group) or group.tiers is None:
        return []
    if group.tiers.labels:  # they are told even where too few units were there to learn the cuts
        return list(group.tiers.labels)
    try:
        return list(group.tiers.named(len(subject.result.cuts(node, subject.part)) + 1))
    except NotFoundError:
        return []


def _tiers_of(subject: Subject, node: str) -> list[str]:
    """The tier of each row that is shown; nothing where there is none."""
    if not _labels(subject, node):
        return [""] * len(subject.rows)
    found = subject.result.tiers(node)
    return [found[row] or "" for row in subject.rows.tolist()]


def dimensions(subject: Subject) -> Iterator[tuple[list[str], list[tuple[Unit, list[str]]]]]:
    """Tables of what does not stand in the ranking: many children of the index, side results."""
    besides = beside_the_score(subject)
    names = [child.id for child in subject.children if child.id not in besides]
    names += [root.id for root in subject.spec.also if root.id in subject.part.plan.row]
    for start in range(0, len(names), ACROSS):
        some = names[start : start + ACROSS]
        columns = [(subject.values(name), subject.digits(name)) for name in some]
        heads = [subject.voice.title(subject.spec.nodes[name]) for name in some]
        rows = [
            (subject.names[row], [subject.voice.number(values[place], digits) for values, digits in columns])
            for place, row in enumerate(subject.rows.tolist())
        ]
        yield heads, rows


def histogram(subject: Subject) -> dict[str, Any] | None:
    """How many units have which score, in up to 30 bars, with the cuts between tiers; None for less than 5 scores."""
    root = subject.root.id
    values = subject.values(root)
    seen = values[np.isfinite(values)]
    if len(seen) < 5 or seen.min() == seen.max():
        return None
    counts, edges = np.histogram(seen, bins=min(30, max(5, int(len(seen) ** 0.5 * 2))))
    scale = Scale(float(edges[0]), float(edges[-1]))
    top = int(counts.max())
    bars = [
        (scale.span(edges[place], edges[place + 1]), round(100 * count / top, 1))
        for place, count in enumerate(counts.tolist())
        if count
    ]
    cuts = [scale.at(cut) for cut in _cuts(subject, root) if scale.low < cut < scale.high]
    digits = subject.digits(root)
    ends = [subject.voice.number(end, digits) for end in (scale.low, scale.high)]
    return {"bars": bars, "cuts": cuts, "low": ends[0], "high": ends[1], "top": top}


def _cuts(subject: Subject, node: str) -> list[float]:
    if not _labels(subject, node):
        return []
    try:
        found: list[float] = subject.result.cuts(node, subject.part).tolist()
    except NotFoundError:
        return []
    return found


def made_of(subject: Subject) -> dict[str, Any] | None:
    """The leading scores taken apart by the children of the index; None where there is nothing to take apart."""
    frame = subject.result.contributions().values
    heads = [str(path).split("/", 1)[0] for path in frame.columns]
    names = list(dict.fromkeys(heads))
    rows = subject.rows[:LEADING]
    values = frame.to_numpy(np.float64)[rows]
    if len(names) < 2 or not np.isfinite(values).any():
        return None
    sums = {name: values[:, [head == name for head in heads]].sum(axis=1) for name in names}
    titles = {name: subject.voice.title(subject.spec.nodes[name]) for name in names if name in subject.spec.nodes}
    shown = _largest(subject, sums, titles)
    low = sum(np.minimum(np.nan_to_num(own), 0.0) for own in shown.values())
    high = sum(np.maximum(np.nan_to_num(own), 0.0) for own in shown.values())
    scale = Scale(float(np.min(low)), float(np.max(high)))
    colours = dict(zip(shown, PARTS, strict=False))
    lines = []
    for place, row in enumerate(rows.tolist()):
        parts = [(title, float(own[place]), colours[title]) for title, own in shown.items()]
        if not any(np.isnan(value) for _, value, _ in parts):
            lines.append((subject.names[row], list(_stacked(subject, scale, parts))))
    return {"legend": list(colours.items()), "lines": lines, "count": len(lines)} if lines else None


def _largest(subject: Subject, sums: dict[str, FloatArray], titles: dict[str, str]) -> dict[str, FloatArray]:
    """By title, at most as many parts as there are colours; the smallest together."""
    named: dict[str, FloatArray] = {}
    for name, own in sums.items():
        title = titles.get(name, name)
        named[title if title not in named else f"{title} ({name})"] = own
    if len(named) <= len(PARTS):
        return named
    order = sorted(named, key=lambda title: -float(np.nanmean(np.abs(named[title]))))
    kept = {title: own for title, own in named.items() if title in order[: len(PARTS) - 1]}
    rest = [own for title, own in named.items() if title not in kept]
    return {**kept, subject.voice.word("others"): np.asarray(np.sum(rest, axis=0), np.float64)}


def _stacked(subject: Subject, scale: Scale, parts: Iterable[tuple[str, float, str]]) -> Iterator[Span]:
    """Parts side by side from 0 on, negative ones to the left."""
    ends = {True: 0.0, False: 0.0}
    for title, value, colour in parts:
        start = ends[value >= 0]
        ends[value >= 0] = start + value
        words = f"{title}{subject.voice.word('colon')}{subject.voice.number(round(value, 6))}"
        yield scale.span(start, start + value, colour, words)


def tiers(subject: Subject) -> list[tuple[str, str, list[Tier], str]]:
    """For each group with tiers: its title, its method, its tiers, and why there are none."""
    found: list[tuple[str, str, list[Tier], str]] = []
    for node in subject.result.tiered:
        group = subject.spec.nodes.get(node)
        if not isinstance(group, Group) or group.tiers is None:
            continue
        method = subject.voice.method("tiering", group.tiers.call.name)[0]
        try:
            cuts = subject.result.cuts(node, subject.part)
        except NotFoundError as error:
            why = subject.voice.said(str(error), lambda name: subject.voice.title(subject.spec.nodes[name]))
            found.append((subject.voice.title(group), method, [], why))
            continue
        found.append((subject.voice.title(group), method, list(_tier_lines(subject, group, cuts)), ""))
    return found


def _tier_lines(subject: Subject, group: Group, cuts: FloatArray) -> Iterator[Tier]:
    voice, digits = subject.voice, subject.digits(group.id)
    own, labels = _tiers_of(subject, group.id), _labels(subject, group.id)
    order = np.argsort(subject.result.ranks(group.id)[subject.rows], kind="stable")
    names = [(own[place], subject.names[subject.rows[place]].name) for place in order.tolist()]
    total = sum(label != "" for label in own)
    for place, (label, colour) in enumerate(zip(labels, ramp(len(labels)), strict=True)):
        members = [name for tier, name in names if tier == label]
        share = voice.share(len(members) / total, 1) if total else voice.word("none")
        scores = _range(subject, cuts, place, group.rank.first == "lowest", digits)
        yield Tier(label, colour, scores, f"{len(members):,}", share, voice.listed(members))
    gone = [name for tier, name in names if not tier]
    if gone:
        yield Tier(voice.word("no_tier"), "", voice.word("none"), f"{len(gone):,}", "", voice.listed(gone))


def _range(subject: Subject, cuts: FloatArray, place: int, lowest: bool, digits: int) -> str:
    """The scores of one tier: a unit on a cut is in the better one."""
    voice = subject.voice
    shown = [_exact(subject, float(cut), digits) for cut in cuts]
    if not shown:
        return voice.word("none")
    near, far = ("at_most", "above") if lowest else ("at_least", "below")
    if place == 0:
        return voice.word(near, shown[0])
    if place == len(shown):
        return voice.word(far, shown[-1])
    if lowest:
        return voice.word("to_above", low=shown[place - 1], high=shown[place])
    return voice.word("from_below", low=shown[place], high=shown[place - 1])


def _exact(subject: Subject, cut: float, digits: int) -> str:
    """A cut with the decimals of the scores, or with those that it takes to tell it."""
    short = subject.voice.number(cut, digits)
    return short if abs(round(cut, digits) - cut) < 1e-9 else subject.voice.number(cut)


def regions(subject: Subject, by: str) -> dict[str, Any]:
    """Means of the index and its children by the labels of a column."""
    voice, root = subject.voice, subject.root.id
    nodes: Sequence[str] = [root, *(child.id for child in subject.children[:BESIDE])]
    frame = subject.result.group_scores(by, node=list(nodes))
    if subject.result.periods is not None:
        frame = frame[frame[subject.result.names["period"]] == subject.period]
    means = frame.iloc[:, -len(nodes) :].to_numpy(np.float64)  # a column of labels may have the name of a node
    scale = scale_of(means[:, 0])
    lines = [
        {
            "label": str(row[by]) or voice.word("none"),
            "units": f"{row['units']:,}",
            "left_out": f"{row['left_out']:,}" if row["left_out"] else "",
            "bar": None if np.isnan(own[0]) else scale.span(0.0, float(own[0]), PARTS[0]),
            "means": [voice.number(mean, subject.digits(node)) for node, mean in zip(nodes, own, strict=True)],
        }
        for row, own in zip(frame.to_dict("records"), means, strict=True)
    ]
    heads = [voice.title(subject.spec.nodes[node]) for node in nodes]
    return {"by": by, "heads": heads, "lines": lines}
