"""What a gap is, as frozen records: the target, the least change, the single moves, the rivals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Text

__all__ = ["Change", "Gap", "LeastChange", "Move", "Penalty", "Recalibrated", "Rival", "RivalMoves"]

Penalty = Literal["linear", "quadratic"]


@dataclass(frozen=True, slots=True)
class Move:
    """One indicator moved alone: from its value now to the value that reaches the target.

    `value` is `nan` where no value between `low` and `high` (the lowest and the highest in the table and in what the
    calibration learned, or the bounds that were given) reaches it; `reached` is the best score that it can give.
    """

    node: str
    title: Text | None
    now: float
    value: float
    low: float
    high: float
    reached: float


@dataclass(frozen=True, slots=True)
class Change:
    """One indicator of a plan.

    Attributes
    ----------
    node, title
        The indicator (of several that read one column, the first).
    now, then
        Its number in the table, and in the plan; in its own unit.
    share
        How much of its range it moves: the change divided by the highest less the lowest number seen.
    low, high
        The bounds that were kept.
    cost
        Its part of the cost of the plan.
    gain
        The points of the carried score that the plan would lack without this change. In an additive index they add up
        to what the plan gains.
    """

    node: str
    title: Text | None
    now: float
    then: float
    share: float
    low: float
    high: float
    cost: float
    gain: float

    @property
    def change(self) -> float:
        return self.then - self.now


@dataclass(frozen=True, slots=True)
class Recalibrated:
    """The plan scored again with everything learned afresh from the table as the plan changes it.

    `reached`: whether the target is still reached then, which needs the score `needed`. `problem`: why it cannot be
    scored so (the numbers are then `nan`).
    """

    score: float
    rank: float
    tier: str | None
    needed: float
    reached: bool
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LeastChange:
    """The least total change that reaches the target.

    Attributes
    ----------
    changes
        The indicators that move, the dearest first; none where nothing reaches the target (or nothing has to move).
    reached
        Whether the plan reaches the target, by the engine's own score of it with the calibration as it is.
    score, rank, tier
        What the unit has with the plan (with its best numbers within the bounds, where nothing reaches the target).
    cost, penalty, priced
        Σ cost · |change| (``linear``) or Σ cost · change² (``quadratic``). Without costs of yours (`priced` False) a
        cost is 1 / range (or 1 / range²): changes count as shares of their range.
    proved
        No plan within the bounds costs less, to one part in 100,000; where the target is not reached: no plan
        reaches it. False: the cheapest that was found, or nothing was found.
    bound
        No plan costs less than this; `nan` where no such bound is known.
    recalibrated
        The plan with everything learned afresh; None where the calibration was not learned from this table, or where
        nothing is learned.
    """

    changes: tuple[Change, ...]
    reached: bool
    score: float
    rank: float
    tier: str | None
    cost: float
    penalty: Penalty
    priced: bool
    proved: bool
    bound: float
    recalibrated: Recalibrated | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator that moves."""
        fields = ("node", "now", "then", "change", "share", "low", "high", "cost", "gain")
        return pd.DataFrame([{name: getattr(one, name) for name in fields} for one in self.changes], columns=fields)


@dataclass(frozen=True, slots=True)
class Rival:
    """Another unit: its score and rank now, and the score that it is taken to move to (the same if it stands still)."""

    unit: str
    label: str | None
    score: float
    rank: float
    then: float


@dataclass(frozen=True, slots=True)
class RivalMoves:
    """What the moves of the others do to the goal.

    Attributes
    ----------
    rule
        What they are taken to do: ``each 2.5 points better``, ``as from 2019 to 2020``, or ``as given``.
    units
        Those that move.
    needed, beyond
        The score that the target needs then.
    rank
        The rank of the unit then, if it stands still.
    holds
        Whether the plan made for rivals that stand still reaches the target all the same.
    rank_with_plan
        The rank that this plan gives then.
    plan
        The least change that reaches the target then.
    """

    rule: str
    units: tuple[Rival, ...]
    needed: float
    beyond: bool
    rank: float
    holds: bool
    rank_with_plan: float
    plan: LeastChange


@dataclass(frozen=True, slots=True, repr=False)
class Gap(Shown):
    """How far a unit is from a rank, a tier, a score or another unit, and what would take it there.

    Attributes
    ----------
    index, title
        The id of the index, and its title.
    unit, label, score, rank
        The unit, its label (None: units have none), its score now (carried or published, as the index ranks) and rank.
    target
        What was asked for: ``rank 30``, ``tier 一线``, ``score 85``, ``unit 苏州市`` (to draw level), ``above 苏州市``.
    needed
        The score that reaches it, the others standing still.
    beyond
        The score has to be better than `needed`: by the rule for ties, to draw level is not enough.
    reached
        The unit is there already.
    moves
        Each indicator moved alone, those that need the smallest part of their range first; none where it is reached.
    plan
        The least total change (None: it was not asked for).
    ahead
        Who has to be passed, the nearest first (for a score or a tier: who stands between).
    rivals
        What the others' moves do to it (None: they stand still).
    notes
        What limits the answer: indicators that do not move, several that read one column, rivals without a trend.
    """

    index: str
    title: Text | None
    unit: str
    label: str | None
    score: float
    rank: float
    target: str
    needed: float
    beyond: bool
    reached: bool
    moves: tuple[Move, ...]
    plan: LeastChange | None = None
    ahead: tuple[Rival, ...] = ()
    rivals: RivalMoves | None = None
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """One row an indicator, moved alone."""
        fields = ("node", "now", "value", "low", "high", "reached")
        return pd.DataFrame([{name: getattr(move, name) for name in fields} for move in self.moves], columns=fields)

    def plan_frame(self) -> pd.DataFrame:
        """One row an indicator that moves in the least change."""
        if self.plan is None:
            raise ValueError("this gap was made without a plan (plan=False)")
        return self.plan.to_frame()

    def ahead_frame(self) -> pd.DataFrame:
        """One row a unit that has to be passed: unit, label, score, rank, and the score that it moves to."""
        fields = ("unit", "label", "score", "rank", "then")
        return pd.DataFrame([{name: getattr(one, name) for name in fields} for one in self.ahead], columns=fields)

    @property
    def replanned(self) -> bool:
        """Whether the rivals' moves ask for another plan, or make a cheaper one do."""
        if self.rivals is None:
            return False
        return not self.rivals.holds or (self.plan is not None and self.rivals.plan.cost < self.plan.cost * (1 - 1e-6))

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        from cityindex.gap.text import text_of

        return text_of(self)

    @property
    def difference(self) -> float:
        """The points between the score now and the one that is needed."""
        return float(self.needed - self.score) if np.isfinite(self.needed) else 0.0
