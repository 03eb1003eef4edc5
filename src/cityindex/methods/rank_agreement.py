"""Two rankings side by side: every measure of `rank_measures` (all of them are here too), and who was compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cityindex._shown import Shown
from cityindex.errors import DomainError
from cityindex.methods._agreement import both
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import First, rank
from cityindex.methods.rank_measures import (
    kendall_tau,
    mean_rank_change,
    rank_biased_overlap,
    spearman_rho,
    top_agreement,
    weighted_tau,
)

__all__ = [
    "RankComparison",
    "compare_ranks",
    "kendall_tau",
    "mean_rank_change",
    "rank_biased_overlap",
    "spearman_rho",
    "top_agreement",
    "weighted_tau",
]


@dataclass(frozen=True, slots=True, eq=False)
class RankComparison(Shown):
    """How far two rankings agree.

    Attributes
    ----------
    names
        The units compared, those that have both.
    ranks_a, ranks_b
        Their ranks, taken anew among them; units that tie share the best place.
    only_a, only_b, neither
        How many units were left out: with a number in a alone, in b alone, in none.
    kendall, spearman, weighted_kendall
        τb, ρ and Vigna's weighted τ; ``nan`` where every unit ties in one of the lists.
    overlap
        Rank-biased overlap with p = 0.9.
    mean_change
        The mean number of places moved, up or down.
    top
        Size → share of so many first places in common; only sizes below the number of units compared.
    """

    names: tuple[str, ...]
    ranks_a: FloatArray
    ranks_b: FloatArray
    only_a: int
    only_b: int
    neither: int
    kendall: float
    spearman: float
    weighted_kendall: float
    overlap: float
    mean_change: float
    top: Mapping[int, float]

    @property
    def compared(self) -> int:
        """How many units have both ranks."""
        return len(self.names)

    @property
    def changes(self) -> FloatArray:
        """The places that each unit goes down from a to b (up: below 0)."""
        return self.ranks_b - self.ranks_a

    @property
    def unchanged(self) -> int:
        """How many units keep their place."""
        return int((self.changes == 0).sum())

    def movers(self, count: int = 5) -> list[tuple[str, int, int]]:
        """The units that move most, with both ranks; those that move as far in the order of the table."""
        order = np.argsort(-np.abs(self.changes), kind="stable")[:count]
        return [(self.names[i], int(self.ranks_a[i]), int(self.ranks_b[i])) for i in order if self.changes[i] != 0]


def compare_ranks(
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    names: Sequence[str] | None = None,
    top: Sequence[int] = (5, 10, 20),
    *,
    first: First = "lowest",
) -> RankComparison:
    """Compare two rankings of the same units.

    Parameters
    ----------
    a, b
        Ranks or scores, one for each unit; the same kind in both. A unit that lacks either (``nan``) is left out and
        counted.
    names
        Of the units; None: their positions.
    top
        The numbers of first places whose share in common is wanted; a size that takes in every unit compared is left
        out, as it would be 1 of itself.
    first
        Whether the lowest number (ranks) or the highest (scores) is on the first place.

    Raises
    ------
    DomainError
        Fewer than two units with both.

    Notes
    -----
    Peers: scikit-criteria's `RanksComparator` gives pandas' correlations and distances of whole rankings; COINr's
    `compare_coins` the table of ranks and differences. Neither says how many units the comparison rests on.

    Examples
    --------
    >>> found = compare_ranks([1, 2, 3, 4, np.nan], [2, 1, 3, 4, 5], names=["A", "B", "C", "D", "E"], top=(1, 2))
    >>> found.compared, found.only_b, found.top, found.movers(1)
    (4, 1, {1: 0.0, 2: 1.0}, [('A', 1, 2)])
    """
    x, y, where = both(a, b)
    if len(x) < 2:
        raise DomainError(f"rankings are compared of two units or more, and {len(x)} have both")
    listed = [str(i) for i in range(len(where))] if names is None else list(names)
    if len(listed) != len(where):
        raise ValueError(f"{len(listed)} names for {len(where)} units")
    in_a, in_b = (~np.isnan(np.asarray(own, np.float64)) for own in (a, b))
    return RankComparison(
        names=tuple(name for name, compared in zip(listed, where, strict=True) if compared),
        ranks_a=rank(x, first=first),
        ranks_b=rank(y, first=first),
        only_a=int((in_a & ~in_b).sum()),
        only_b=int((in_b & ~in_a).sum()),
        neither=int((~in_a & ~in_b).sum()),
        kendall=kendall_tau(x, y),
        spearman=spearman_rho(x, y),
        weighted_kendall=weighted_tau(x, y, first=first),
        overlap=rank_biased_overlap(x, y, first=first),
        mean_change=mean_rank_change(x, y, first=first),
        top={n: top_agreement(x, y, n, first=first) for n in top if n < len(x)},
    )
