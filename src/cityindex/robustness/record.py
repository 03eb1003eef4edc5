"""What an uncertainty run found: ranks, tiers and scores of every unit over the draws, and any draw again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Frozen
from cityindex.errors import NotFoundError, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.result import Result
from cityindex.robustness._asked import number as real
from cityindex.robustness._asked import whole
from cityindex.robustness._sampler import Sampler
from cityindex.robustness._tally import BY_RANK, Tally, nominal_ranks, ranks_of

__all__ = ["BY_RANK", "Draw", "Uncertainty"]


@dataclass(frozen=True, eq=False, repr=False)
class Draw:
    """One draw, rebuilt from its number.

    Attributes
    ----------
    number
        Which one, from 0 on.
    weights
        Group → child → weight, of the groups that were weighed.
    picks
        Choice → the alternative that was picked.
    scores, ranks
        Of every unit, by its row in the table.
    """

    number: int
    weights: Mapping[str, Mapping[str, float]]
    picks: Mapping[str, Any]
    scores: FloatArray
    ranks: FloatArray

    def __repr__(self) -> str:
        return f"Draw({self.number}, picks={dict(self.picks)}, weights of {', '.join(self.weights) or 'nothing'})"


@dataclass(frozen=True, eq=False, repr=False)
class Uncertainty(Shown):
    """Every unit's rank, tier and score over the draws. Made by `uncertainty`; hands out copies.

    Quantiles of a rank are whole ranks: the lowest with at least that share of the draws at or below it.
    """

    sampler: Sampler
    asked: int
    tally: Tally
    cuts: FloatArray

    def __repr__(self) -> str:
        failed = f", {len(self.failed)} failed" if self.failed else ""
        labels = ", ".join(choice.label for choice in self.sampler.choices)
        return f"Uncertainty({self.sampler.base.spec.id!r}, {self.draws:,} draws{failed}; varied: {labels})"

    @property
    def result(self) -> Result:
        """The index as written."""
        return self.sampler.base.result

    @property
    def draws(self) -> int:
        """How many draws were counted (those that failed are not)."""
        return self.tally.draws

    @property
    def seed(self) -> int:
        """Of the random numbers."""
        return self.sampler.seed

    @property
    def failed(self) -> dict[int, str]:
        """The draws that could not be scored, with the reason."""
        return dict(sorted(self.tally.failed.items()))

    @property
    def mean_shift(self) -> float:
        """The mean over draws and units of the absolute change of rank."""
        nominal = nominal_ranks(self.sampler.base)
        counts = self.tally.ranks[nominal > 0, 1:]
        if not counts.size:
            return float("nan")
        moved = np.abs(np.arange(1.0, counts.shape[1] + 1) - nominal[nominal > 0, None])
        return float((counts * moved).sum() / counts.sum())

    # -- ranks ----------------------------------------------------------------------------------------------------

    def rank_quantile(self, share: float) -> FloatArray:
        """A quantile of each unit's rank, (n,); `nan` where it is never ranked."""
        if not 0 <= real("quantile", share) <= 1:
            raise ScoreError(f"quantile: {share}; a share between 0 and 1 is wanted")
        counts = self.tally.ranks[:, 1:]
        ranked = counts.sum(axis=1)
        needed = np.maximum(np.ceil(share * ranked - 1e-9), 1)
        found = (np.cumsum(counts, axis=1) >= needed[:, None]).argmax(axis=1) + 1.0
        return np.where(ranked > 0, found, np.nan)

    def rank_mean(self) -> FloatArray:
        """The mean rank of each unit over the draws in which it is ranked, (n,)."""
        counts = self.tally.ranks[:, 1:]
        with np.errstate(invalid="ignore"):
            mean: FloatArray = counts @ np.arange(1.0, counts.shape[1] + 1) / counts.sum(axis=1)
        return mean

    def acceptability(self) -> pd.DataFrame:
        """The share of draws in which each unit has each rank: units × ranks; what is missing to 1 has no rank."""
        counts = self.tally.ranks[:, 1:] / self.draws
        return pd.DataFrame(counts, index=self._index, columns=pd.RangeIndex(1, counts.shape[1] + 1, name="rank"))

    def above(self) -> pd.DataFrame:
        """The share of draws in which the unit of the row stands strictly above that of the column.

        Raises
        ------
        NotFoundError
            It was not counted (``pairs=True`` counts it).
        """
        if self.tally.above is None:
            raise NotFoundError("pairs of units were not counted; ask for them: uncertainty(…, pairs=True)")
        return pd.DataFrame(self.tally.above / self.draws, index=self._index, columns=self._index)

    # -- tiers ----------------------------------------------------------------------------------------------------

    def tiers(self) -> pd.DataFrame:
        """The share of draws in which each unit is in each tier, the best first.

        Tiers that are ranges of ranks follow the ranks of each draw; any other cuts are held as they are nominally, and
        so are those of a calibration of other rows.

        Raises
        ------
        NotFoundError
            The group has no tiers.
        """
        return pd.DataFrame(self._tier_counts / self.draws, index=self._index, columns=list(self._tier_labels))

    @cached_property
    def _tier_labels(self) -> tuple[str, ...]:
        tiers = self.sampler.base.group.tiers
        count = self._tier_counts.shape[1]
        if tiers is not None and tiers.labels:
            return tiers.labels
        return tuple(str(place + 1) for place in range(count))

    @cached_property
    def _tier_counts(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        base = self.sampler.base
        tiers = base.group.tiers
        if tiers is None or base.node in base.part.outcome.untiered:
            why = base.part.outcome.untiered.get(base.node, "the spec gives it none")
            raise NotFoundError(f"{base.node} has no tiers: {why}")
        return self.tally.tiers

    def tier_safety(self) -> pd.DataFrame:
        """Each unit's nominal tier, and the share of draws in which it is in it, in a better and in a worse one."""
        base = self.sampler.base
        counts, labels = self._tier_counts, list(self._tier_labels)
        nominal = [None if tier is None else labels.index(tier) for tier in base.result.tiers(base.node)]
        rows = [
            (np.nan,) * 3 if place is None else (own[:place].sum(), own[place], own[place + 1 :].sum())
            for place, own in zip(nominal, counts, strict=True)
        ]
        shares = np.array(rows, np.float64) / self.draws
        tiers = [None if place is None else labels[place] for place in nominal]
        columns = {"tier": tiers, "better": shares[:, 0], "same": shares[:, 1], "worse": shares[:, 2]}
        return pd.DataFrame(columns, index=self._index)

    # -- scores and tables ----------------------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """One row a unit: nominal score and rank; 5 %, 50 % and 95 % quantiles and mean of the rank; the score's mean,
        standard deviation and extremes over the draws in which it has one.
        """
        base, result = self.sampler.base, self.sampler.base.result
        columns: dict[str, Any] = {result.names["key"]: list(result.units)}
        if result.labels is not None:
            columns[result.names["label"]] = list(result.labels)
        if result.periods is not None:
            columns[result.names["period"]] = list(result.periods)
        nominal = result.column(base.node)
        scored = np.where(self.tally.scored > 0, self.tally.scored, np.nan)
        mean = self.tally.total / scored
        spread = np.sqrt(np.maximum(self.tally.squares / scored - mean**2, 0.0))
        columns |= {"score": nominal, "rank": _whole(result.ranks(base.node))}
        columns |= {
            name: _whole(self.rank_quantile(share)) for name, share in (("low", 0.05), ("median", 0.5), ("high", 0.95))
        }
        columns |= {
            "mean_rank": self.rank_mean(),
            "mean": np.nan_to_num(nominal) + mean,
            "sd": spread,
        }
        columns |= {"lowest": self.tally.lowest, "highest": self.tally.highest}
        return pd.DataFrame(columns)

    @property
    def _index(self) -> pd.Index[Any]:
        return self.sampler.base.result.index

    # -- one draw again -------------------------------------------------------------------------------------------

    def draw(self, number: int) -> Draw:
        """One of the draws again, from its number alone: what was drawn, and the scores and ranks that it gave.

        Raises
        ------
        NotFoundError
            There is no such draw.
        ScoreError
            It failed.
        """
        if not whole("draw", number, 0) < self.asked:
            raise NotFoundError(f"there is no draw {number}; they are numbered 0 to {self.asked - 1}")
        sampler, base = self.sampler, self.sampler.base
        place = number // sampler.size
        block = sampler.block(place, min(sampler.size, self.asked - place * sampler.size))
        scored = sampler.score(block)
        if number in scored.failed:
            raise ScoreError(f"draw {number} cannot be scored: {scored.failed[number]}")
        row = number - block.first
        ranks = ranks_of(base, scored.ranked(base)[[row]])[:, 0].astype(np.float64)
        weights = {
            name: Frozen(zip(base.nominal.groups[name].children, own[row].tolist(), strict=True))
            for name, own in block.weights.items()
        }
        picks = {name: sampler.picked(name, int(own[row])) for name, own in block.picks.items()}
        return Draw(number, Frozen(weights), picks, scored.published[row], np.where(ranks == 0, np.nan, ranks))


def _whole(ranks: FloatArray) -> Any:
    """Ranks as integers where they are whole."""
    gone = np.isnan(ranks)
    if (ranks[~gone] != np.round(ranks[~gone])).any():
        return ranks
    whole = np.where(gone, 0, ranks).astype(np.int64)
    return pd.arrays.IntegerArray(whole, gone) if gone.any() else whole
