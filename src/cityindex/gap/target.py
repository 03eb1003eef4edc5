"""What is to be reached: a rank, a tier, a score or another unit; and the score that reaches it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cityindex.errors import NotFoundError, closest, nearest
from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods.rank import Ties, rank

if TYPE_CHECKING:
    from cityindex.part import IntArray, Part
    from cityindex.result import Result
    from cityindex.spec.model import Group

__all__ = ["Goal", "Standing", "Target", "read_target", "standing_of"]

Kind = Literal["rank", "tier", "score", "unit", "above"]
KINDS = ("rank", "tier", "score", "unit", "above")
WANTED = "a rank (a whole number from 1), the name of a tier, 'score:85', 'unit:NAME' (to draw level) or 'above:NAME'"


@dataclass(frozen=True, slots=True)
class Target:
    """What was asked for: a rank (number), a tier (its place, 0 the best), a score, or a unit (its row)."""

    kind: Kind
    text: str
    value: float

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"


@dataclass(frozen=True, slots=True)
class Goal:
    """The score to be reached, turned by `sign` so that higher is better; `beyond`: to be surpassed."""

    sign: float
    score: float
    beyond: bool

    def met(self, scores: FloatArray) -> BoolArray:
        """Whether scores, not turned, reach it; compared at 12 significant digits."""
        compared = significant(self.sign * scores)
        return compared > self.score if self.beyond else compared >= self.score


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The scores that a unit is ranked among, and the cuts: as they are, with rivals moved, or learned afresh.

    `rows` are the rows of the result whose scores these are, the unit's own among them (`row`).
    """

    group: Group
    rows: IntArray
    row: int
    scores: FloatArray
    cuts: FloatArray | None

    @property
    def sign(self) -> float:
        return 1.0 if self.group.rank.first == "highest" else -1.0

    @property
    def others(self) -> FloatArray:
        found: FloatArray = self.scores[self.rows != self.row]
        return found

    def goal(self, target: Target) -> tuple[Goal, float]:
        """The goal, and the score that it needs in the index's own direction."""
        needed, beyond = _needed(self, target)
        return Goal(self.sign, float(significant(self.sign * needed)), beyond), needed

    def rank_of(self, score: float) -> float:
        """The rank that a score has among the others."""
        rule = self.group.rank
        return float(rank(np.append(self.others, score), ties=rule.ties, first=rule.first)[-1])

    def tier_of(self, score: float) -> str | None:
        from cityindex.methods.tier import assign

        if self.cuts is None or score != score:
            return None
        number = int(assign(np.array([score]), self.cuts, first=self.group.rank.first)[0])
        return tier_labels(self.group, self.cuts)[number - 1]


def tier_labels(group: Group, cuts: FloatArray) -> Sequence[str]:
    """The names of the tiers, the best first; their numbers where they have no names."""
    return () if group.tiers is None else group.tiers.named(len(cuts) + 1)


def standing_of(result: Result, part: Part, row: int) -> Standing:
    """How things stand for the unit in a row: among the others of its period."""
    group, rows = part.plan.spec.index, result.peers(row)
    known = group.tiers is not None and group.id not in part.outcome.untiered
    return Standing(
        group=group,
        rows=rows,
        row=row,
        scores=result.column(of=group.rank.of)[rows],
        cuts=result.cuts(part=part) if known else None,
    )


# -- what was asked for -----------------------------------------------------------------------------------------------


def read_target(result: Result, part: Part, standing: Standing, to: Any) -> Target:
    """What `to` asks for.

    Raises
    ------
    NotFoundError
        Where there is no such rank, tier or unit, or it cannot be read; with the nearest name.
    """
    if isinstance(to, Integral) and not isinstance(to, bool):
        return _rank(standing, str(int(to)))
    if not isinstance(to, str) or not to.strip():
        raise NotFoundError(f"to={to!r}: {WANTED} is wanted")
    to = to.strip()
    kind, colon, text = (word.strip() for word in to.replace("：", ":").partition(":"))
    if not colon and to not in _labels_or_none(standing) and _is_number(to):
        return _rank(standing, to)
    if not colon or (kind not in KINDS and to in _labels_or_none(standing)):
        return _tier(result, part, standing, to)
    if kind not in KINDS:
        raise NotFoundError(f"to={to!r}: {WANTED} is wanted.{nearest(kind, KINDS)}")
    if kind == "rank":
        return _rank(standing, text)
    if kind == "tier":
        return _tier(result, part, standing, text)
    return _score(text) if kind == "score" else _unit(result, standing, kind, text)


def _rank(standing: Standing, text: str) -> Target:
    if not text.isdecimal():
        raise NotFoundError(f"to='rank:{text}': a whole number from 1 is wanted")
    ranked = int((~np.isnan(standing.others)).sum()) + 1
    if not 1 <= int(text) <= ranked:
        raise NotFoundError(f"no rank {int(text)}: {ranked} units are ranked")
    return Target("rank", str(int(text)), float(text))


def _labels_or_none(standing: Standing) -> Sequence[str]:
    return () if standing.cuts is None else tier_labels(standing.group, standing.cuts)


def _tier(result: Result, part: Part, standing: Standing, text: str) -> Target:
    group = standing.group
    if group.tiers is None:
        raise NotFoundError(f"to={text!r}: {group.id} has no tiers; ask for a rank, such as to=10")
    labels = tier_labels(group, result.cuts(part=part))
    if text not in labels:
        hint = nearest(text, labels) if closest(text, labels) else ""
        raise NotFoundError(f"no tier {text!r}; the tiers are {', '.join(labels)}.{hint}")
    return Target("tier", text, float(labels.index(text)))


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _score(text: str) -> Target:
    try:
        score = float(text)
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise NotFoundError(f"to='score:{text}': a number is wanted, such as 'score:85'")
    return Target("score", f"{score:.12g}", score)


def _unit(result: Result, standing: Standing, kind: Any, text: str) -> Target:
    period = result.periods[standing.row] if result.periods is not None else None
    row = result.row(text, period=period)
    if row == standing.row:
        raise NotFoundError(f"to='{kind}:{text}': that is the unit itself; name another one")
    if np.isnan(standing.scores[standing.rows == row]).any():
        raise NotFoundError(f"to='{kind}:{text}': that unit has no score")
    return Target(kind, text, float(row))


# -- the score that it needs ------------------------------------------------------------------------------------------


def _needed(standing: Standing, target: Target) -> tuple[float, bool]:
    if target.kind == "score":
        return target.value, False
    if target.kind in ("unit", "above"):
        return float(standing.scores[standing.rows == int(target.value)][0]), target.kind == "above"
    if target.kind == "tier":
        place, cuts = int(target.value), standing.cuts
        if cuts is None:
            return standing.sign * np.inf, True  # there are no tiers any more: nothing reaches it
        return (float(cuts[place]) if place < len(cuts) else -standing.sign * np.inf), False
    needed, beyond = _to_rank(standing.sign * standing.others, int(target.value), standing.group.rank.ties)
    return standing.sign * needed, beyond


def _to_rank(others: FloatArray, to: int, ties: Ties) -> tuple[float, bool]:
    """The lowest score with that rank or a better one among the others (higher is better), or just above it.

    Who ties with c others below a others has rank a + 1, a + c + 1 or the mean of the two, by the rule for ties.
    """
    others = others[~np.isnan(others)]
    _, first, counts = np.unique(significant(others), return_index=True, return_counts=True)
    scores, ranked = others[first], len(others) + 1
    if (len(scores) if ties == "dense" else ranked - 1) < to:
        return -np.inf, False
    above = np.arange(len(scores))[::-1] if ties == "dense" else counts[::-1].cumsum()[::-1] - counts
    level = above + 1 + {"min": 0.0, "dense": 0.0, "average": 0.5, "max": 1.0}[ties] * counts
    place = int(np.argmax(above < to))  # the lowest score that a unit just above it has that rank
    return float(scores[place]), bool(level[place] > to)
