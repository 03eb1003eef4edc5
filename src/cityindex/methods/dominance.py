"""Who stands above whom for all weights of a region: every pair, proved.

A score is Σ (products of weights) · x, linear level by level (`Level`). A pair (i, j) is settled by the least of
s_i − s_j over the region. Cheap screens come first: scores at random corners refute, the half-widths of the products
prove (an L1 distance), one multiplier proves or refutes; the rest is computed exactly, in closed form, or by linear
programs whose corners refute further pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods._levels import Level
from cityindex.methods._share_regions import Mean, Span
from cityindex.methods.rank import rank

__all__ = ["Dominance", "dominance", "tolerance"]

SAMPLES = 128
TIE = 1e-11  # of the largest score: ranks compare 12 significant digits, so that a lead may be one of the last
SOLVED = 1e-9  # the same where programs find it, which miss their rows by 1e-10
DUST = 1e-13  # of the largest score: what a sum of floats may be off
ROWS = 64  # units at once
PAIRS = 1500  # pairs at once: a block fits the cache
PROGRAMS = 256  # pairs whose programs are solved together

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Dominance:
    """What holds for all weights of a region, and what is attained at some of them.

    Attributes
    ----------
    above
        n × n: the unit of the row stands strictly above that of the column, whatever the weights.
    level
        n × n: it is never below it (it may tie, or always does); also where it is above. A unit and itself: False.
    corners
        Products of weights that were tried, (m, p).
    ranks
        The ranks there, (m, n); ties share the best.
    """

    above: BoolArray
    level: BoolArray
    corners: FloatArray
    ranks: npt.NDArray[np.uint16]

    @property
    def best(self) -> Places:
        """A rank that no weights better: one more than those that are always above."""
        return np.asarray(1 + self.above.sum(axis=0))

    @property
    def worst(self) -> Places:
        """A rank that no weights worsen: all but those that are never above."""
        return np.asarray(len(self.above) - self.level.sum(axis=1))


def tolerance(x: FloatArray, level: Level) -> tuple[float, float]:
    """What counts as a lead, and what as dust, for scores of this size."""
    low, high = level.box()
    size = float((np.abs(x) * np.maximum(np.abs(low), np.abs(high))).sum(axis=1).max(initial=0.0))
    return (SOLVED if level.costly else TIE) * size, DUST * size


def dominance(
    x: FloatArray, level: Level, *, also: FloatArray | None = None, samples: int = SAMPLES, seed: int = 0
) -> Dominance:
    """Every pair of units: is one above the other, or never below it, for all weights?

    Parameters
    ----------
    x
        The columns of the levels, (n, p), finite; higher is better.
    level
        Where the weights lie.
    also
        Products of weights that are known to be possible (m, p): they are tried too.
    samples
        How many random corners are tried first.

    Returns
    -------
    Dominance

    References
    ----------
    Hazen, G. B. (1986). Partial information, dominance, and potential optimality in multiattribute utility theory.
    Operations Research 34(2), 296–310. https://doi.org/10.1287/opre.34.2.296

    Examples
    --------
    >>> from cityindex.methods._share_regions import Shares
    >>> region = Shares(np.array([0.4, 0.4]), np.array([0.6, 0.6]))
    >>> found = dominance(np.array([[9.0, 5.0], [5.0, 6.0], [6.0, 5.0]]), Level(region, (0, 1)))
    >>> found.above.astype(int).tolist(), found.best.tolist(), found.worst.tolist()
    ([[0, 1, 1], [0, 0, 0], [0, 0, 0]], [1, 2, 2], [1, 3, 3])
    """
    corners = level.attain(np.random.default_rng(seed).standard_normal((samples, x.shape[1])))
    middle = corners.mean(axis=0)
    corners = corners if also is None else np.concatenate([corners, also])
    search = _Search(x - x.mean(axis=0), x, level, corners, middle)
    search.run()
    return Dominance(search.above, search.level_with, search.corners, search.ranks)


class _Search:
    """All pairs of one table; units are kept in the order of the score in the middle of the corners."""

    def __init__(self, x: FloatArray, raw: FloatArray, level: Level, corners: FloatArray, middle: FloatArray) -> None:
        n = len(x)
        self.x, self.raw, self.level, self.corners = x, raw, level, corners
        self.tie, self.dust = tolerance(raw, level)
        self.score = x @ middle
        self.order = np.argsort(-self.score, kind="stable")
        self.place = np.argsort(self.order)
        self.ranks = self._ranked(corners)
        self.above = np.zeros((n, n), bool)
        self.level_with = np.zeros((n, n), bool)

    def _ranked(self, corners: FloatArray) -> npt.NDArray[np.uint16]:
        return np.asarray(rank(corners @ self.raw.T), np.uint16)

    def run(self) -> None:
        if len(self.x) < 2:
            return
        region = self.level.region
        exact = self.level.flat and isinstance(region, Mean | Span)
        middle, width = self._screen(exact)
        waiting: list[tuple[Places, Places]] = []
        for start in range(0, len(self.x) - 1, ROWS):
            i, j = self._open(start)
            lead = self._l1(i, j, start, middle, width)
            proved = lead > self.tie
            self._settle(i, j, lead, proved)
            if exact:
                self._settle(i, j, lead, ~proved)
            else:
                waiting.append((i[~proved], j[~proved]))
        self._ties()
        if not exact:
            i, j = (np.concatenate([pair[side] for pair in waiting]) for side in (0, 1))
            self._programs(i, j) if self.level.costly else self._closed(i, j)

    def _screen(self, exact: bool) -> tuple[FloatArray, FloatArray]:
        """Middles and widths (`Level.screen`). Of a mean alone the sign is all that counts: undivided."""
        region = self.level.region
        if not (exact and isinstance(region, Mean)):
            return self.level.screen(self.x)
        low, high = region.lowest, region.highest
        return self.x @ ((high + low) / 2), self.x * ((high - low) / 2)

    def _open(self, start: int) -> tuple[Places, Places]:
        """The pairs of some units with all behind them that no corner refutes."""
        ranks = np.ascontiguousarray(self.ranks[:, self.order[start:]])
        first, second = [], []
        for own in range(min(ROWS, ranks.shape[1] - 1)):
            worse = (ranks[:, own + 1 :] < ranks[:, own : own + 1]).any(axis=0)
            behind = np.flatnonzero(~worse) + start + own + 1
            first.append(np.full(len(behind), start + own))
            second.append(behind)
        return self.order[np.concatenate(first)], self.order[np.concatenate(second)]

    def _l1(self, i: Places, j: Places, start: int, middle: FloatArray, width: FloatArray) -> FloatArray:
        """A lower bound of s_i − s_j: its value at the middle less what the widths can take away."""
        from scipy.spatial.distance import cdist

        block, behind = self.order[start : start + ROWS], self.order[start + 1 :]
        taken = cdist(width[block], width[behind], "cityblock")
        return np.asarray(middle[i] - middle[j] - taken[self.place[i] - start, self.place[j] - start - 1])

    def _settle(self, i: Places, j: Places, least: FloatArray, chosen: BoolArray) -> None:
        """What the least lead says of some pairs."""
        i, j, least = i[chosen], j[chosen], least[chosen]
        self.above[i, j] = least > self.tie
        self.level_with[i, j] = least >= -self.dust

    def _ties(self) -> None:
        """Pairs that tie in the middle, the other way round: they may tie everywhere."""
        ordered = self.score[self.order]
        for place in range(len(ordered)):
            last = int(np.searchsorted(-ordered, -(ordered[place] - self.tie), side="right"))
            behind = self.order[place + 1 : last]
            if len(behind):
                here = np.full(len(behind), self.order[place])
                self._settle(behind, here, self.level.least(self.x[behind] - self.x[here]), np.ones(len(behind), bool))

    def _closed(self, i: Places, j: Places) -> None:
        for start in range(0, len(i), PAIRS):
            one, other = i[start : start + PAIRS], j[start : start + PAIRS]
            low, high = self.level.bracket(self.x[one] - self.x[other])
            self._settle(one, other, low, low > self.tie)
            left = (low <= self.tie) & (high >= -self.dust)
            one, other = one[left], other[left]
            self._settle(one, other, self.level.least(self.x[one] - self.x[other]), np.ones(len(one), bool))

    def _programs(self, i: Places, j: Places) -> None:
        """The rest by linear programs; each corner that they find refutes other pairs, and what is above is above all.

        Neighbours come first: they are refuted most often, and prove the most where they are not.
        """
        near = np.argsort(self.place[j] - self.place[i], kind="stable")
        i, j = i[near], j[near]
        while len(i):
            one, other = i[:PROGRAMS], j[:PROGRAMS]
            c = self.x[one] - self.x[other]
            found = self.level.attain(c)
            self._settle(one, other, np.einsum("qp,qp->q", c, found), np.ones(len(one), bool))
            for a, b in zip(one[self.above[one, other]], other[self.above[one, other]], strict=True):
                self._chain(int(a), int(b))
            found = np.unique(found.round(12), axis=0)
            ranks = self._ranked(found)
            self.corners, self.ranks = np.concatenate([self.corners, found]), np.concatenate([self.ranks, ranks])
            i, j = i[PROGRAMS:], j[PROGRAMS:]
            left = ~self.above[i, j]
            for row in ranks:
                left &= row[j] >= row[i]
            i, j = i[left], j[left]

    def _chain(self, a: int, b: int) -> None:
        """A is above b: so a, and whoever is above a, is above b and above all that b is never below."""
        upper = np.append(np.flatnonzero(self.above[:, a] & ~self.above[:, b]), a)
        under = self.level_with[b].copy()
        under[b] = True
        self.above[upper] |= under
        self.level_with[upper] |= under
