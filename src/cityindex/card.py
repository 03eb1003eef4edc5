"""One unit on a card: where it stands, what lifts it and what holds it back, and what a step up would take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex.errors import NotFoundError, nearest
from cityindex.methods.rank import rank
from cityindex.spec.model import Indicator

if TYPE_CHECKING:
    from cityindex._values import Text
    from cityindex.explain import ExplainedNode, Explanation
    from cityindex.gap import Gap
    from cityindex.methods._arrays import FloatArray
    from cityindex.part import IntArray, Part
    from cityindex.result import Result

__all__ = ["Card", "CardLine", "Neighbour", "card"]

AGAINST = ("mean", "tier")


class Neighbour(NamedTuple):
    """A unit next to another in the ranking."""

    unit: str
    rank: float
    score: float


@dataclass(frozen=True, slots=True)
class CardLine:
    """One node of the tree: what the unit has there, beside the units that it is compared with.

    Attributes
    ----------
    path, node, title, measured_in
        ``group/leaf``, the node, its title and unit of measurement.
    falls
        Whether less is better there (None: a group, or the spec does not tell).
    raw, raw_mean
        Its number in the table, before any step (divided by ``per``, where it is), and the mean of those units; `nan`
        where the node reads no column.
    value, mean
        Its published value, and the mean of those units.
    points, mean_points
        Its points of the carried score, and the mean of those units.
    rank
        Its place by its value there, as it moves up the tree, among all units of its period; where the lowest score is
        first, so is the lowest value.
    """

    path: str
    node: str
    title: Text | None
    measured_in: Text | None
    falls: bool | None
    raw: float
    raw_mean: float
    value: float
    mean: float
    points: float
    mean_points: float
    rank: float

    @property
    def difference(self) -> float:
        """The points by which the unit is ahead here (behind: below 0)."""
        return self.points - self.mean_points


@dataclass(frozen=True, slots=True, repr=False)
class Card(Shown):
    """One unit: its place, its parts beside those of others, and what a step up would take.

    Attributes
    ----------
    explanation
        From the raw cell to the score, as `Result.explain` gives it.
    against, others
        What it is compared with: the ``mean`` of all that have a score in its period, or those of its ``tier``; and
        how many that are (the unit is one of them).
    mean
        Their mean score (published).
    parts, lines
        Each child of the index, and each leaf; the differences add up to that of the carried scores, either way.
    lower_first
        Whether the lowest score is first: then fewer points are a strength.
    above, below
        Who is next in the ranking; None where nobody is.
    steps
        What the next rank, and the next tier, would take; none where there is none above.
    """

    explanation: Explanation
    against: str
    others: int
    mean: float
    parts: tuple[CardLine, ...]
    lines: tuple[CardLine, ...]
    lower_first: bool
    above: Neighbour | None
    below: Neighbour | None
    steps: tuple[Gap, ...]

    def strengths(self, count: int = 5) -> tuple[CardLine, ...]:
        """The leaves that put the unit ahead by the most points, the largest first."""
        return self._ahead(count, -1.0 if self.lower_first else 1.0)

    def weaknesses(self, count: int = 5) -> tuple[CardLine, ...]:
        """The leaves that put it behind by the most points, the largest first."""
        return self._ahead(count, 1.0 if self.lower_first else -1.0)

    def _ahead(self, count: int, sign: float) -> tuple[CardLine, ...]:
        ordered = sorted(self.lines, key=lambda line: -sign * line.difference)  # sorts in the order of the tree
        dust = 1e-9 * max((abs(line.points) for line in self.lines), default=0.0)
        return tuple(line for line in ordered if sign * line.difference > dust)[:count]

    def to_frame(self) -> pd.DataFrame:
        """One row a leaf: what each line holds, and the difference in points."""
        columns = [each.name for each in fields(CardLine)] + ["difference"]
        texts = ("title", "measured_in")
        rows = [[str(getattr(line, name) or "") if name in texts else getattr(line, name) for name in columns]
                for line in self.lines]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        told = str(self.explanation).splitlines()[0]
        whose = f" ({'mean of its tier' if self.against == 'tier' else 'mean'}: {self.mean:.6g})" if self.others else ""
        lines = [f"{told}{whose}"]
        for word, next_to in (("above", self.above), ("below", self.below)):
            lines += [f"  {word}: {next_to.unit} {next_to.score:.6g}, rank {next_to.rank:g}"] if next_to else []
        for word, found in (("ahead", self.strengths()), ("behind", self.weaknesses())):
            lines += [
                f"  {word} in {line.path}: {line.difference:+.4g} points, rank {line.rank:g} there" for line in found
            ]
        return "\n".join([*lines, *(f"  {step.target}: {_way(step)}" for step in self.steps)])


def _way(step: Gap) -> str:
    """The indicator that would have to move least."""
    first = next((move for move in step.moves if move.value == move.value), None)
    return "no indicator alone reaches it" if first is None else f"{first.node} {first.now:.6g} → {first.value:.6g}"


def card(result: Result, row: int, against: str) -> Card:
    """The card of the unit in one row of the table."""
    others = _others(result, row, against)
    explanation = result.explain(result.units[row], period=result.periods[row] if result.periods else None)
    part, _ = result.part_of(row)
    split = result.contributions().values
    root, *nodes = explanation.nodes
    known = {node.path.removeprefix(f"{root.path}/"): node for node in explanation.nodes}
    below = [node.path.removeprefix(f"{root.path}/") for node in nodes if node.path == f"{root.path}/{node.id}"]
    beside = _Beside(result, part, row, others)
    above, under = _neighbours(result, row)
    return Card(
        explanation=explanation,
        against=against,
        others=len(others),
        mean=_mean(result.column()[others]),
        parts=beside.lines((known[path], path, _under(split, path)) for path in below),
        lines=beside.lines((known[path], path, _under(split, path)) for path in map(str, split) if path in known),
        lower_first=beside.first == "lowest",
        above=above,
        below=under,
        steps=tuple(_steps(result, row, part, explanation)),
    )


class _Beside:
    """A unit beside the others, node by node."""

    def __init__(self, result: Result, part: Part, row: int, others: IntArray) -> None:
        self.result, self.part, self.row, self.others = result, part, row, others
        self.peers = result.peers(row)
        self.first = part.plan.spec.index.rank.first

    def lines(self, found: Iterable[tuple[ExplainedNode, str, FloatArray]]) -> tuple[CardLine, ...]:
        """A line for each node that gives the unit points."""
        return tuple(self._line(node, path, points) for node, path, points in found if not np.isnan(points[self.row]))

    def _line(self, node: ExplainedNode, path: str, points: FloatArray) -> CardLine:
        values, raw = self.result.column(node.id), self._raw(node.id)
        ranks = np.full(len(values), np.nan)
        ranks[self.peers] = rank(self.result.column(node.id, of="carried")[self.peers], first=self.first)
        written = self.part.plan.spec.nodes[node.id]
        indicator = written if isinstance(written, Indicator) else None
        return CardLine(
            path=path,
            node=node.id,
            title=node.title,
            measured_in=indicator.measured_in if indicator and node.per is None else None,
            falls=indicator.falls if indicator else None,
            raw=float(raw[self.row]),
            raw_mean=_mean(raw[self.others]),
            value=node.published,
            mean=_mean(values[self.others]),
            points=float(points[self.row]),
            mean_points=_mean(points[self.others]),
            rank=float(ranks[self.row]),
        )

    def _raw(self, node: str) -> FloatArray:
        """The column that a node reads, divided by `per` where it is; of all rows of the table."""
        inputs, found = self.part.inputs, np.full(len(self.result), np.nan)
        if node in inputs.values:
            per = inputs.per.get(node, np.ones(inputs.units))
            found[self.part.rows] = inputs.values[node] / np.where(per == 0, np.nan, per)
        return found


def _under(split: pd.DataFrame, path: str) -> FloatArray:
    """The points of a path and of everything under it, by row of the table."""
    columns = [place for place, name in enumerate(split) if f"{name}/".startswith(f"{path}/")]
    points: FloatArray = split.iloc[:, columns].sum(axis=1, min_count=1).to_numpy()
    return points


def _mean(values: FloatArray) -> float:
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _others(result: Result, row: int, against: str) -> IntArray:
    """The rows of the units that a unit is compared with."""
    if against not in AGAINST:
        raise NotFoundError(f"against={against!r}: 'mean' or 'tier' is wanted.{nearest(str(against), AGAINST)}")
    peers = result.peers(row)
    peers = peers[~np.isnan(result.column()[peers])]
    if against == "mean":
        return peers
    tiers = np.array(result.tiers(), dtype=object)
    return np.asarray(peers[tiers[peers] == tiers[row]])


def _neighbours(result: Result, row: int) -> tuple[Neighbour | None, Neighbour | None]:
    """The units with the next better and the next worse rank, the first of the table where several have it."""
    ranks, scores = result.ranks(), result.column()
    peers = result.peers(row)
    better, worse = peers[ranks[peers] < ranks[row]], peers[ranks[peers] > ranks[row]]
    names = result.units if result.labels is None else result.labels

    def told(place: int) -> Neighbour:
        return Neighbour(names[place] or result.units[place], float(ranks[place]), float(scores[place]))

    return (
        told(int(better[np.argmax(ranks[better])])) if len(better) else None,
        told(int(worse[np.argmin(ranks[worse])])) if len(worse) else None,
    )


def _steps(result: Result, row: int, part: Part, explanation: Explanation) -> list[Gap]:
    """The gaps to the next rank and to the next tier."""
    if explanation.rank != explanation.rank:
        return []
    wanted: list[int | str] = []
    if explanation.rank > 1:
        wanted.append(int(np.ceil(explanation.rank)) - 1)
    if explanation.tier is not None:
        labels = _labels(result, part)
        place = labels.index(explanation.tier)
        wanted += [labels[place - 1]] if place else []
    period = result.periods[row] if result.periods else None
    return [result.gap(result.units[row], to=to, period=period, plan=False) for to in wanted]


def _labels(result: Result, part: Part) -> Sequence[str]:
    tiers = part.plan.spec.index.tiers
    return () if tiers is None else tiers.named(len(result.cuts(part=part)) + 1)
