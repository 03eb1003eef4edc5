"""Regions of weights: what a set of linear bounds on weights allows, exactly.

A region is {w ≥ 0 : G w ≤ h, Σ w = total}. Ranges and centres are found by linear programming; samples by hit-and-run.
Where nothing is allowed, a set of rows says why: no weights satisfy them all, and from which none can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._programs import FEASIBLE, Programs, scaled

__all__ = ["Ranges", "centre", "extent", "grid", "inside", "irreducible", "ranges", "sample"]

NODES = 2_000_000  # steps of the search for grid points before it gives up


@dataclass(frozen=True)
class Ranges:
    """What a region allows: the least and the largest value of each weight; or the rows that leave nothing.

    Attributes
    ----------
    low, high
        Shape (d,); empty arrays where nothing is allowed, infinite where there is no end.
    empty
        The rows (positions) that no weights satisfy together; none can be left out. None where weights are allowed.
    """

    low: FloatArray
    high: FloatArray
    empty: tuple[int, ...] | None = None


def ranges(g: FloatArray, h: FloatArray, *, total: float | None = 1.0) -> Ranges:
    """The exact range of each weight in {w ≥ 0 : G w ≤ h, Σ w = total}: min and max of wⱼ.

    Parameters
    ----------
    g, h
        The rows, (m, d) and (m,).
    total
        What the weights add up to; None: nothing is said.

    Examples
    --------
    >>> found = ranges(np.array([[1.0, 0.0, 0.0]]), np.array([0.25]))
    >>> found.low.round(6).tolist(), found.high.round(6).tolist()
    ([0.0, 0.0, 0.0], [0.25, 1.0, 1.0])
    >>> ranges(np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([0.4, 0.5, 3.0])).empty
    (0, 1)
    """
    programs, empty = _begin(g, h, total)
    if empty is not None:
        return Ranges(np.empty(0), np.empty(0), empty)
    low, high = _extremes(programs, np.eye(g.shape[1]))
    return Ranges(low, high)


def extent(g: FloatArray, h: FloatArray, functionals: FloatArray, *, total: float | None = 1.0) -> Ranges:
    """The exact range of each linear functional c · w over the region; functionals of shape (q, d).

    >>> found = extent(np.empty((0, 2)), np.empty(0), np.array([[1.0, -1.0]]))
    >>> found.low.tolist(), found.high.tolist()
    ([-1.0], [1.0])
    """
    programs, empty = _begin(g, h, total)
    if empty is not None:
        return Ranges(np.empty(0), np.empty(0), empty)
    return Ranges(*_extremes(programs, functionals))


def _begin(g: FloatArray, h: FloatArray, total: float | None) -> tuple[Programs, tuple[int, ...] | None]:
    """The programs of a region with the rows entered that matter first; or the rows that leave it empty."""
    programs = Programs(*scaled(np.asarray(g, float), np.asarray(h, float)), total)
    if not len(h):
        return programs, None
    w, missed, holding = programs.deepest()
    if missed > FEASIBLE:
        return programs, irreducible(g, h, holding.tolist(), total=total)
    programs.entered[:] = False
    programs.entered[holding] = True
    programs.enter_nearest(w, 10 * g.shape[1])
    return programs, None


def _extremes(programs: Programs, functionals: FloatArray) -> tuple[FloatArray, FloatArray]:
    points = programs.minimise(np.concatenate([functionals, -functionals]))
    count = len(functionals)
    low = (functionals * points[:count]).sum(axis=1)
    high = (functionals * points[count:]).sum(axis=1)
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


def irreducible(g: FloatArray, h: FloatArray, rows: Sequence[int], *, total: float | None = 1.0) -> tuple[int, ...]:
    """Of rows that no weights satisfy together, some of which none can be left out (a deletion filter).

    There may be smaller such sets, and other ones: this is one from which nothing can go.

    Source: J. W. Chinneck, E. W. Dravnieks (1991), Locating minimal infeasible constraint sets in linear programs,
    *ORSA Journal on Computing* 3(2), 157–168, doi:10.1287/ijoc.3.2.157.

    >>> irreducible(np.array([[1.0, 0], [0, 1.0], [1.0, 1.0]]), np.array([0.4, 0.5, 0.9]), [0, 1, 2])
    (2,)
    """
    g, h = scaled(np.asarray(g, float), np.asarray(h, float))
    kept = list(rows)
    for row in rows:
        without = [other for other in kept if other != row]
        if without and Programs(g[without], h[without], total).deepest()[1] > FEASIBLE:
            kept = without
    return tuple(sorted(kept))


def inside(g: FloatArray, h: FloatArray, points: FloatArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Whether points (q, d) satisfy every row, up to 1e-9 of a row's largest coefficient.

    >>> inside(np.array([[1.0, 0.0]]), np.array([0.5]), np.array([[0.5, 0.5], [0.6, 0.4]]))
    array([ True, False])
    """
    g, h = scaled(np.asarray(g, float), np.asarray(h, float))
    return np.asarray((points @ g.T <= h + FEASIBLE).all(axis=1))


def centre(g: FloatArray, h: FloatArray, *, total: float | None = 1.0) -> tuple[FloatArray, float]:
    """The Chebyshev centre: the middle of the largest ball in the region (in the plane Σ w = total), and its radius.

    Maximises r subject to gᵢ · w + ‖pᵢ‖ r ≤ hᵢ, where pᵢ is gᵢ projected on the plane; w ≥ 0 counts likewise. The
    radius is 0 where the region is flat.

    Examples
    --------
    >>> w, radius = centre(np.empty((0, 3)), np.empty(0))
    >>> w.round(4).tolist(), round(radius, 4)
    ([0.3333, 0.3333, 0.3333], 0.4082)
    """
    count = g.shape[1]
    rows = np.concatenate([np.asarray(g, float), -np.eye(count)])
    ends = np.concatenate([np.asarray(h, float), np.zeros(count)])
    plane = rows - rows.mean(axis=1, keepdims=True) if total is not None else rows
    wide = np.append(rows, np.linalg.norm(plane, axis=1)[:, None], axis=1)
    programs = _Ball(*scaled(wide, ends), total)
    programs.entered[-count:] = True
    programs.enter_nearest(np.append(np.full(count, (total or 1.0) / count), 0.0), 10 * count)
    point = programs.minimise(np.append(np.zeros(count), -1.0)[None])[0]
    return point[:count], float(max(point[count], 0.0))


class _Ball(Programs):
    """Programs whose last unknown is a radius: it adds nothing to the sum."""

    def _sum(self) -> tuple[FloatArray | None, FloatArray | None]:
        if self.total is None:
            return None, None
        return np.append(np.ones((1, self.weights - 1)), [[0.0]], axis=1), np.array([self.total])


def grid(
    g: FloatArray, h: FloatArray, found: Ranges, *, parts: int, total: float = 1.0, limit: int = 1000
) -> tuple[FloatArray, bool]:
    """The points of the region whose weights are multiples of total / parts (a grid of 1 %: 100 parts).

    Parameters
    ----------
    g, h, total
        The region.
    found
        Its ranges, which bound the search.
    parts
        Into how many parts the total is cut.
    limit
        How many points to give at most.

    Returns
    -------
    The points, (q, d), and whether these are all.

    Examples
    --------
    >>> region = np.array([[1.0, 0.0]]), np.array([0.25])
    >>> grid(*region, ranges(*region), parts=10)[0].tolist()
    [[0.0, 1.0], [0.1, 0.9], [0.2, 0.8]]
    """
    low = np.ceil(found.low * parts / total - 1e-6).astype(int)
    high = np.floor(np.minimum(found.high, total) * parts / total + 1e-6).astype(int)
    points: list[tuple[int, ...]] = []
    for steps, point in enumerate(_compositions(low.tolist(), high.tolist(), parts)):
        if point is not None and inside(g, h, np.array([point]) * total / parts)[0]:
            points.append(point)
        if len(points) > limit or steps > NODES // max(1, len(h) // 100):
            return np.array(points[:limit], float).reshape(-1, g.shape[1]) * total / parts, False
    return np.array(points, float).reshape(-1, g.shape[1]) * total / parts, True


def _compositions(low: list[int], high: list[int], parts: int) -> Iterator[tuple[int, ...] | None]:
    """Whole numbers between bounds that add up to `parts`; None for each dead end, so that steps can be counted."""
    least = [sum(low[place:]) for place in range(len(low) + 1)]
    most = [sum(high[place:]) for place in range(len(high) + 1)]

    def extend(chosen: tuple[int, ...], left: int) -> Iterator[tuple[int, ...] | None]:
        place = len(chosen)
        if place == len(low):
            yield chosen if left == 0 else None
            return
        first = max(low[place], left - most[place + 1])
        last = min(high[place], left - least[place + 1])
        if last < first:
            yield None
        for value in range(first, last + 1):
            yield from extend((*chosen, value), left - value)

    yield from extend((), parts)


def sample(
    g: FloatArray, h: FloatArray, *, total: float = 1.0, count: int = 1000, seed: int = 0, thin: int = 0
) -> FloatArray:
    """Uniform samples of the region by hit-and-run from the Chebyshev centre, shape (count, d).

    A step draws a direction in the plane Σ w = total and a point on the chord through it. 64 chains run side by side;
    `thin` steps lie between two samples of a chain (0: ten times the number of weights). A flat region (radius 0, up to
    1e-9) gives its centre again and again.

    Source: R. L. Smith (1984), Efficient Monte Carlo procedures for generating points uniformly distributed over
    bounded regions, *Operations Research* 32(6), 1296–1308, doi:10.1287/opre.32.6.1296.

    Examples
    --------
    >>> w = sample(np.empty((0, 3)), np.empty(0), count=4000, seed=1)
    >>> bool(np.allclose(w.sum(axis=1), 1)), w.mean(axis=0).round(1).tolist()
    (True, [0.3, 0.3, 0.3])
    """
    start, radius = centre(g, h, total=total)
    if radius <= FEASIBLE:
        return np.repeat(start[None], count, axis=0)
    width = g.shape[1]
    rows, ends = scaled(np.concatenate([np.asarray(g, float), -np.eye(width)]), np.append(h, np.zeros(width)))
    rng = np.random.default_rng(seed)
    chains = min(64, count)
    w = np.repeat(start[None], chains, axis=0)
    steps = thin or 10 * width
    kept = [_walk(w, rows, ends, rng, steps * 5)]  # from the centre to anywhere
    for _ in range(-(-count // chains)):
        kept.append(_walk(kept[-1], rows, ends, rng, steps))
    return np.concatenate(kept[1:])[:count]


def _walk(w: FloatArray, rows: FloatArray, ends: FloatArray, rng: np.random.Generator, steps: int) -> FloatArray:
    """So many steps of hit-and-run of every chain, (chains, d)."""
    for _ in range(steps):
        direction = rng.standard_normal(w.shape)
        direction -= direction.mean(axis=1, keepdims=True)
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        slope, slack = direction @ rows.T, np.maximum(ends - w @ rows.T, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = slack / slope
        forth = np.where(slope > 0, reach, np.inf).min(axis=1)
        back = np.where(slope < 0, reach, -np.inf).max(axis=1)
        w = w + (back + (forth - back) * rng.random(len(w)))[:, None] * direction
    return w
