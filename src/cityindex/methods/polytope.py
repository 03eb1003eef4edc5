"""Regions of weights: what a set of linear bounds on weights allows, exactly.

A region is {w ≥ floor : G w ≤ h, Σ w = total}. Ranges and centres are found by linear programming, simple schemes by a
search that bounds itself by the rows, samples by hit-and-run. Where nothing is allowed, a set of rows says why: no
weights satisfy them all, and none of them can be left out. A row may be missed by 1e-9 of its largest coefficient.
Memory is linear in the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray
from cityindex.methods._centre import Centre, centre
from cityindex.methods._lattice import Grid, grid
from cityindex.methods._programs import FEASIBLE, Programs, begin, deepest, of_region, scaled
from cityindex.methods._walk import walk

__all__ = ["Centre", "Grid", "Ranges", "centre", "extent", "grid", "inside", "irreducible", "ranges", "sample"]


def _nothing() -> FloatArray:
    return np.empty(0)


@dataclass(frozen=True)
class Ranges:
    """What a region allows of each weight, or of each functional; or the rows that leave nothing.

    Attributes
    ----------
    low, high
        The ends, shape (q,): empty where nothing is allowed, infinite where there is no end.
    points
        Where the ends are attained, shape (2q, d): the lower ones, then the upper ones; nan where there is no end.
    empty
        The rows (positions) that no weights satisfy together; none can be left out. None where weights are allowed.
    multipliers
        Of these rows, above 0: Σ λᵢ (gᵢ · w − hᵢ) > 0 for every w that the sum and the floor allow, which proves it.
    """

    low: FloatArray
    high: FloatArray
    points: FloatArray
    empty: tuple[int, ...] | None = None
    multipliers: FloatArray = field(default_factory=_nothing)


def ranges(g: FloatArray, h: FloatArray, *, total: float | None = 1.0, floor: float | None = 0.0) -> Ranges:
    """The exact range of each weight in {w ≥ floor : G w ≤ h, Σ w = total}: min and max of wⱼ.

    Parameters
    ----------
    g, h
        The rows, (m, d) and (m,).
    total
        What the weights add up to; None: nothing is said.
    floor
        The least that each weight is; None: nothing is said.

    Raises
    ------
    DomainError
        Where shapes differ, numbers are not finite, or d weights from the floor on cannot add up to the total.

    Examples
    --------
    >>> found = ranges(np.array([[1.0, 0.0, 0.0]]), np.array([0.25]))
    >>> found.low.round(6).tolist(), found.high.round(6).tolist()
    ([0.0, 0.0, 0.0], [0.25, 1.0, 1.0])
    >>> ranges(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([0.4, 0.5, 3.0])).empty
    (0, 1)
    """
    return extent(g, h, np.eye(np.shape(g)[-1]), total=total, floor=floor)


def extent(
    g: FloatArray, h: FloatArray, functionals: FloatArray, *, total: float | None = 1.0, floor: float | None = 0.0
) -> Ranges:
    """The exact range of each linear functional c · w over the region; functionals of shape (q, d).

    >>> found = extent(np.empty((0, 2)), np.empty(0), np.array([[1.0, -1.0]]))
    >>> found.low.tolist(), found.high.tolist()
    ([-1.0], [1.0])
    """
    programs = of_region(g, h, total, floor)
    rows = begin(programs)
    if rows is not None:
        proof = irreducible(g, h, rows, total=total, floor=floor)
        multipliers = _multipliers(g, h, proof, total, floor)
        return Ranges(np.empty(0), np.empty(0), np.empty((0, np.shape(g)[1])), proof, multipliers)
    points = programs.minimise(np.concatenate([functionals, -functionals]))
    low = (functionals * points[: len(functionals)]).sum(axis=1)
    high = (functionals * points[len(functionals) :]).sum(axis=1)
    low, high = np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)
    return Ranges(np.minimum(low, high), np.maximum(low, high), points)  # ends that meet may cross by dust


def irreducible(
    g: FloatArray, h: FloatArray, rows: Sequence[int], *, total: float | None = 1.0, floor: float | None = 0.0
) -> tuple[int, ...]:
    """Of rows that no weights satisfy together, some of which none can be left out (a deletion filter).

    There may be smaller such sets, and other ones: this is one from which nothing can go.

    Source: J. W. Chinneck, E. W. Dravnieks (1991), Locating minimal infeasible constraint sets in linear programs,
    *ORSA Journal on Computing* 3(2), 157–168, doi:10.1287/ijoc.3.2.157.

    Raises
    ------
    DomainError
        Where some weights satisfy all these rows.

    Examples
    --------
    >>> irreducible(np.array([[1.0, 0], [0, 1.0], [1.0, 1.0]]), np.array([0.4, 0.5, 0.9]), [0, 1, 2])
    (2,)
    """
    whole = of_region(g, h, total, floor)

    def empty(chosen: list[int]) -> bool:
        some = Programs(whole.g[chosen], whole.h[chosen], whole.sums, total, whole.floors)
        return bool(chosen) and deepest(some)[1] > FEASIBLE

    kept = [int(row) for row in rows]
    if not empty(kept):
        raise DomainError("some weights satisfy all of these rows: nothing is to be proved")
    for row in rows:
        without = [other for other in kept if other != row]
        if empty(without):
            kept = without
    return tuple(sorted(kept))


def _multipliers(
    g: FloatArray, h: FloatArray, proof: tuple[int, ...], total: float | None, floor: float | None
) -> FloatArray:
    """How much of each row makes the contradiction, for the rows as they were given."""
    chosen = list(proof)
    held = deepest(of_region(np.asarray(g, float)[chosen], np.asarray(h, float)[chosen], total, floor))[2]
    multipliers = np.zeros(len(chosen))
    multipliers[held.rows] = held.multipliers
    size = np.abs(np.asarray(g, float)[chosen]).max(axis=1, initial=0.0)
    return multipliers / np.where(size > 0, size, 1.0)


def inside(g: FloatArray, h: FloatArray, points: FloatArray) -> BoolArray:
    """Whether points (q, d) satisfy every row, up to 1e-9 of a row's largest coefficient.

    >>> inside(np.array([[1.0, 0.0]]), np.array([0.5]), np.array([[0.5, 0.5], [0.6, 0.4]]))
    array([ True, False])
    """
    g, h = scaled(np.asarray(g, float), np.asarray(h, float))
    return np.array([bool((g @ point <= h + FEASIBLE).all()) for point in np.asarray(points, float)], dtype=bool)


def sample(
    g: FloatArray,
    h: FloatArray,
    *,
    total: float | None = 1.0,
    floor: float | None = 0.0,
    count: int = 1000,
    seed: int = 0,
    thin: int = 0,
) -> FloatArray:
    """Uniform samples of the region by hit-and-run from the Chebyshev centre, shape (count, d).

    A step draws a direction in the plane of the region and a point on the chord through it. 64 chains run side by side;
    `thin` steps lie between two samples of a chain (0: ten times the dimension). Directions are drawn in the shape of
    the region, so that thin ones mix as well. A region that is flat is sampled within its plane; one point is given
    again and again. Samples of one chain depend on each other a little.

    Source: R. L. Smith (1984), Efficient Monte Carlo procedures for generating points uniformly distributed over
    bounded regions, *Operations Research* 32(6), 1296–1308, doi:10.1287/opre.32.6.1296.

    Raises
    ------
    DomainError
        As `ranges`, and where the region is empty or has no end.

    Examples
    --------
    >>> w = sample(np.empty((0, 3)), np.empty(0), count=4000, seed=1)
    >>> bool(np.allclose(w.sum(axis=1), 1)), w.mean(axis=0).round(1).tolist()
    (True, [0.3, 0.3, 0.3])
    """
    found = ranges(g, h, total=total, floor=floor)
    if found.empty is not None or not np.isfinite(found.points).all():
        raise DomainError("the region is empty" if found.empty is not None else "the region has no end: no samples")
    middle = centre(g, h, total=total, floor=floor)
    rows, ends = scaled(np.asarray(g, float), np.asarray(h, float))
    if floor is not None:
        rows = np.concatenate([rows, -np.eye(rows.shape[1])])
        ends = np.append(ends, np.full(rows.shape[1], -floor))
    return walk(rows, ends, middle.point, middle.basis, found.points, count=count, seed=seed, thin=thin)
