"""How sure a rank is: intervals over the draws, proved bounds, who may be where, and which choice matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from cityindex.errors import NotFoundError
from cityindex.robustness.bounds import RankBounds
from cityindex.robustness.record import BY_RANK, Uncertainty
from cityindex.robustness.shares import Sensitivity
from cityindex.views.report.drawing import PARTS, Scale, Span, ramp
from cityindex.views.report.subject import Subject, Unit, ordered

__all__ = ["Interval", "intervals", "leaders", "on_the_edge", "shares", "uncertainty_words"]

FIRST = 10  # ranks of the table of who may be among the first
EDGE = 0.9  # a unit that is in its own tier less often is on the edge
LEAST = 0.01
EDGE_COLOURS = {"better": PARTS[2], "same": "#c9c9c6", "worse": PARTS[5]}


class Interval(NamedTuple):
    """The ranks of one unit: as written, over the draws, and those that are possible."""

    rank: str
    unit: Unit
    drawn: str
    possible: str
    bar: Span | None
    line: Span | None
    tick: float | None


def uncertainty_words(subject: Subject, found: Uncertainty) -> list[str]:
    """What was done, in sentences."""
    voice, base = subject.voice, found.sampler.base
    varied = voice.listed([voice.choice(choice.label) for choice in found.sampler.choices])
    shift = voice.number(found.mean_shift, 2)
    lead = voice.word("robust_lead", draws=f"{found.draws:,}", varied=varied, seed=found.seed, shift=shift)
    said = [lead + (voice.word("all_periods") if subject.others else "")]
    if found.failed:
        said.append(voice.word("robust_failed", f"{len(found.failed):,}"))
    if base.node != subject.root.id:
        said.append(voice.word("robust_node", voice.title(subject.spec.nodes[base.node])))
    return said


def intervals(subject: Subject, found: Uncertainty | None, bounds: RankBounds | None) -> list[Interval]:
    """Every unit by rank, with the ranks that it has over the draws and those that it can have."""
    voice, result = subject.voice, subject.result
    node = found.sampler.base.node if found is not None else bounds.node if bounds is not None else subject.root.id
    ranks = result.ranks(node)
    scale = Scale(1.0, float(np.nanmax(ranks[subject.rows], initial=2.0)))
    nothing = np.full(len(result), np.nan)
    low, high = (nothing, nothing) if found is None else (found.rank_quantile(0.05), found.rank_quantile(0.95))
    best, worst = (nothing, nothing) if bounds is None else (bounds.best, bounds.worst)
    return [
        Interval(
            rank=voice.number(ranks[row]),
            unit=subject.names[row],
            drawn=_between(subject, low[row], high[row]),
            possible=_between(subject, best[row], worst[row]),
            bar=_span(scale, low[row], high[row], "#8fb8de"),
            line=_span(scale, best[row], worst[row], "#767676"),
            tick=None if np.isnan(ranks[row]) else scale.at(ranks[row]),
        )
        for row in ordered(ranks, subject.rows).tolist()
    ]


def _between(subject: Subject, low: float, high: float) -> str:
    if np.isnan(low) or np.isnan(high):
        return subject.voice.word("none")
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def _span(scale: Scale, low: float, high: float, colour: str) -> Span | None:
    return None if np.isnan(low) or np.isnan(high) else scale.span(low, high, colour)


def leaders(subject: Subject, found: Uncertainty) -> dict[str, Any] | None:
    """Who may be among the first, with the share of draws at each rank; None where nobody has a rank."""
    table = found.acceptability().to_numpy(np.float64)
    count = min(FIRST, table.shape[1])
    order = ordered(subject.result.ranks(found.sampler.base.node), subject.rows)
    lines = []
    for row in order.tolist():
        own = table[row, :count]
        if own.sum() >= LEAST:
            cells = [(_percent(share), *_shade(share)) for share in own.tolist()]
            lines.append((subject.names[row], cells, _percent(float(own.sum()))))
    return {"count": count, "lines": lines} if lines else None


def _percent(share: float) -> str:
    if share <= 0:
        return ""
    return "<1" if share < 0.005 else f"{share * 100:.0f}"


def _shade(share: float) -> tuple[str, str]:
    """A tint of blue by share, and the colour of letters that can be read on it."""
    if share <= 0:
        return "", ""
    white, blue = (255, 255, 255), (0, 84, 147)
    mixed = [round(a + (b - a) * (0.08 + 0.92 * share)) for a, b in zip(white, blue, strict=True)]
    return "#{:02x}{:02x}{:02x}".format(*mixed), "#fff" if share > 0.5 else "#1c1c1a"


def on_the_edge(subject: Subject, found: Uncertainty) -> list[dict[str, Any]] | None:
    """The units that change tier often, the least safe first; None where there are no tiers.

    Tiers that are ranges of ranks are learned from all periods together, and ranks are counted within one: where the
    table has several, the shares of such tiers are not known.
    """
    tiers = found.sampler.base.group.tiers
    if subject.result.periods is not None and tiers is not None and tiers.call.name in BY_RANK:
        return None
    try:
        safety = found.tier_safety()
        labels = list(found.tiers().columns)
    except NotFoundError:
        return None
    colours = dict(zip(labels, ramp(len(labels)), strict=True))
    same = safety["same"].to_numpy(np.float64)
    rows = [row for row in subject.rows.tolist() if same[row] < EDGE]
    return [_edge_line(subject, safety, row, colours) for row in sorted(rows, key=lambda row: same[row])]


def _edge_line(subject: Subject, safety: Any, row: int, colours: dict[str, str]) -> dict[str, Any]:
    own = safety.iloc[row]
    parts, start = [], 0.0
    for name, colour in EDGE_COLOURS.items():
        share = float(own[name])
        parts.append(Span(round(100 * start, 2), round(100 * share, 2), colour))
        start += share
    shares = {name: subject.voice.share(float(own[name]), 0) for name in ("better", "same", "worse")}
    return {
        "unit": subject.names[row],
        "tier": own["tier"],
        "colour": colours.get(own["tier"], ""),
        **shares,
        "bar": parts,
    }


def shares(subject: Subject, found: Sensitivity) -> dict[str, Any]:
    """Which choice matters: a line a choice, and what there is to say of the run."""
    voice = subject.voice
    lead = voice.word(
        "sensitivity_lead",
        output=voice.said(found.output),
        samples=f"{found.samples:,}",
        runs=f"{found.runs:,}",
        seed=found.seed,
    )
    said = [voice.word("constant_output")]
    if not found.constant:
        said = [
            voice.word("most", voice.choice(str(found.most))),
            voice.word("settled" if found.settled else "unsettled"),
        ]
    lines = list(_share_lines(subject, found))
    return {"words": [lead, (" " if voice.language == "en" else "").join(said)], "lines": lines, "level": found.level}


def _share_lines(subject: Subject, found: Sensitivity) -> Iterator[dict[str, Any]]:
    scale = Scale(0.0, 1.0)
    for row in found.to_frame().to_dict("records"):
        shown = {name: _share_of(subject, row, name) for name in ("first", "total")}
        bar = None if np.isnan(row["total"]) else scale.span(0.0, row["total"], PARTS[0])
        line = _span(scale, row["total_low"], row["total_high"], "#1c1c1a")
        yield {"choice": subject.voice.choice(row["choice"]), **shown, "bar": bar, "line": line}


def _share_of(subject: Subject, row: dict[Any, Any], name: str) -> str:
    ends = [subject.voice.number(row[f"{name}_{end}"], 2) for end in ("low", "high")]
    return subject.voice.bracketed(subject.voice.number(row[name], 2), "–".join(ends))
