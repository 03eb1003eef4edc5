"""The smallest set of judgements whose change makes a judgement matrix consistent enough.

Sets are searched by size. Which sets could do is told by a bound that costs nearly nothing; whether they do, by the
lowest eigenvalue that they allow, or on a scale by trying its values, the smallest changes first. What is found is
exact: no smaller set does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from math import comb

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray
from cityindex.methods._perron import lower_bounds, lowest, squares, with_judgements
from cityindex.methods._priorities import largest_eigenvalue

__all__ = ["SAATY", "Repair", "repair"]

IntArray = npt.NDArray[np.intp]
SAATY = np.array([1 / value for value in range(9, 1, -1)] + [float(value) for value in range(1, 10)])
SLACK = 1e-9  # what bounds are widened by
DUST = 1e-12  # eigenvalues compare up to this
CHUNK = 20_000  # sets looked at together
MOST_SETS = 1_000_000  # of one size: a few seconds
ALIKE = 1e-6  # changes that cost the same


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest set of judgements to change, or how far it was searched for.

    Attributes
    ----------
    pairs, values
        Which judgements (row over column), and what they become; empty where no set was found.
    eigenvalue
        The largest eigenvalue with them.
    sets
        How many sets of that size do, on a scale with as few steps (0: none was found).
    searched
        Sets of up to so many judgements were all looked at.
    complete
        Not so where the search came to its end of matrices: a set that was found is one of the smallest, but there
        may be a better one of its size.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    values: tuple[float, ...] = ()
    eigenvalue: float = np.nan
    sets: int = 0
    searched: int = 0
    complete: bool = True


@dataclass(slots=True)
class _Budget:
    """How many matrices may still be tried: counted and not timed, so that the answer is always the same."""

    left: int

    def take(self, count: int) -> int:
        granted = min(count, max(self.left, 0))
        self.left -= granted
        return granted


@dataclass(slots=True)
class _Search:
    matrix: FloatArray
    limit: float
    budget: _Budget
    pairs: IntArray = field(init=False)
    left: FloatArray = field(init=False)
    hat: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.pairs, self.left, self.hat = squares(self.matrix)

    def candidates(self, size: int) -> tuple[IntArray, FloatArray, FloatArray, FloatArray]:
        """The sets of a size that could do, the likeliest first, each with what `lower_bounds` says of it."""
        found = []
        every = combinations(range(len(self.pairs)), size)
        while chunk := list(islice(every, CHUNK)):
            sets = np.array(chunk, np.intp)
            bounds, moves, blocks = lower_bounds(self.left, self.hat, sets, len(self.matrix))
            kept = bounds <= self.limit + SLACK
            found.append((sets[kept], bounds[kept], moves[kept], blocks[kept]))
        sets, bounds, moves, blocks = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(bounds, kind="stable")
        return sets[order], bounds[order], moves[order], blocks[order]

    def places(self, sets: IntArray) -> tuple[IntArray, IntArray]:
        return self.pairs[sets, 0], self.pairs[sets, 1]


def repair(
    matrix: FloatArray, limit: float, *, scale: FloatArray | None = None, most: int = 6, trials: int = 100_000
) -> Repair:
    """The smallest set of judgements that brings the largest eigenvalue of a matrix to a limit or below.

    Parameters
    ----------
    matrix
        Shape (n, n), reciprocal; ``nan``: not judged.
    limit
        The eigenvalue: n + (n − 1) · ratio · random index.
    scale
        The values that a changed judgement may take, rising (`SAATY`: 1/9 to 9); None: any number above 0.
    most
        The largest set that is looked for; where a size has more than a million sets the search ends before it.
    trials
        How many matrices may be tried, over all sizes.

    Returns
    -------
    A `Repair`. Of the smallest sets, any number allowed, the one that can bring the eigenvalue lowest, and the values
    that do; on a scale the one that moves over the fewest steps of it, then the lowest eigenvalue.

    Source of the problem: S. Bozóki, J. Fülöp, A. Poesz (2015), On reducing inconsistency of pairwise comparison
    matrices below an acceptance threshold, *Central European Journal of Operations Research* 23(4), 849–866,
    doi:10.1007/s10100-014-0346-7 (there by mixed-integer programming).

    Examples
    --------
    >>> matrix = np.array([[1, 2, 1 / 5], [1 / 2, 1, 2], [5, 1 / 2, 1]])
    >>> found = repair(matrix, 3.1, scale=SAATY)
    >>> found.pairs, found.values, found.sets
    (((0, 1),), (0.25,), 2)
    """
    search = _Search(matrix, limit, _Budget(trials))
    if largest_eigenvalue(matrix[None])[0] <= limit + DUST:
        return Repair(eigenvalue=float(largest_eigenvalue(matrix[None])[0]))
    for size in range(1, min(most, len(search.pairs)) + 1):
        if comb(len(search.pairs), size) > MOST_SETS:
            return Repair(searched=size - 1, complete=False)
        found = _of_size(search, size, scale)
        if found.sets or not found.complete:
            return found
    return Repair(searched=min(most, len(search.pairs)))


def _of_size(search: _Search, size: int, scale: FloatArray | None) -> Repair:
    """The best set of a size; the sets that could do are tried with any numbers first."""
    sets, bounds, moves, blocks = search.candidates(size)
    logs, values = np.empty(sets.shape), np.full(len(sets), np.inf)
    rows, columns = search.places(sets)
    implied = np.log(search.matrix[rows, columns]) + moves
    looked = 0
    while looked < len(sets) and (granted := search.budget.take(min(CHUNK, len(sets) - looked))):
        part = slice(looked, looked + granted)
        logs[part], values[part] = lowest(search.matrix, rows[part], columns[part], implied[part])
        looked = part.stop
    whole = looked == len(sets)
    does = np.flatnonzero(values <= search.limit + DUST)
    if not len(does):
        return Repair(searched=size if whole else size - 1, complete=whole)
    if scale is None:
        best = int(does[np.argmin(values[does])])
        return _made(search, sets[best], np.exp(logs[best]), float(values[best]), len(does), whole)
    grids = [
        _grid(np.log(scale), implied[at], blocks[at], (search.limit + SLACK - bounds[at]) * len(search.matrix))
        for at in does
    ]
    return _on_scale(search, sets[does], grids, scale, whole)


def _made(search: _Search, chosen: IntArray, becomes: FloatArray, value: float, sets: int, whole: bool) -> Repair:
    pairs = tuple((int(row), int(column)) for row, column in search.pairs[chosen])
    searched = len(pairs) if whole else len(pairs) - 1
    return Repair(pairs, tuple(float(each) for each in becomes), value, sets, searched, whole)


# -- on a scale -------------------------------------------------------------------------------------------------------


def _grid(scale: FloatArray, implied: FloatArray, block: FloatArray, room: float) -> IntArray:
    """The values of the scale (positions, (g, k)) that a set may take by the bound: their squares fit into the room."""
    inverse = np.linalg.pinv(block, rcond=1e-9, hermitian=True)
    moved = scale[None, :] - implied[:, None]  # k × scale
    free = 1.0 - (inverse @ block).diagonal() > SLACK  # it may move together with others, and nothing bears on that
    near = [np.flatnonzero(free[at] | (moved[at] ** 2 <= room * inverse[at, at])) for at in range(len(implied))]
    grid = np.array(list(product(*near)), np.intp).reshape(-1, len(implied))
    off = moved[np.arange(len(implied)), grid]
    kept: IntArray = grid[np.einsum("gi,ij,gj->g", off, block, off) <= room]
    return kept


def _on_scale(search: _Search, sets: IntArray, grids: list[IntArray], scale: FloatArray, whole: bool) -> Repair:
    """The values with the fewest steps, among sets that do with any numbers."""
    which = np.repeat(np.arange(len(sets)), [len(grid) for grid in grids])
    grid = np.concatenate(grids)
    rows, columns = search.places(sets[which])
    now = np.interp(np.log(search.matrix[rows, columns]), np.log(scale), np.arange(len(scale)))
    cost = np.abs(grid - now).sum(axis=1)
    order = np.argsort(cost, kind="stable")
    for level in _levels(cost[order], order):
        tried = level[: search.budget.take(len(level))]
        logs = np.log(scale)[grid[tried]]
        values = largest_eigenvalue(with_judgements(search.matrix, rows[tried], columns[tried], logs))
        does = np.flatnonzero(values <= search.limit + DUST)
        whole = whole and len(tried) == len(level)
        if len(does):
            best = int(does[np.argmin(values[does])])
            at = tried[best]
            count = len(np.unique(which[tried[does]]))
            return _made(search, sets[which[at]], scale[grid[at]], float(values[best]), count, whole)
        if not whole:
            break
    size = sets.shape[1]
    return Repair(searched=size if whole else size - 1, complete=whole)


def _levels(cost: FloatArray, order: IntArray) -> Iterator[IntArray]:
    """The positions in order, those of one cost together."""
    ends = np.flatnonzero(np.diff(cost, append=np.inf) > ALIKE) + 1
    start = 0
    for end in ends.tolist():
        yield order[start:end]
        start = end
