"""Tierings by the shape of the scores: around their mean, by head and tail, by a hierarchy of merged neighbours.

As every tiering: ``(ref, *, options) → cuts``, higher is better, the cuts descend; see `tier`. ``nan`` is left out,
scores compare at 12 significant digits and units that tie are never parted.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from cityindex._registry import tiering
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._scores import count_problems, different, falling

__all__ = ["head_tail", "hierarchical", "sd_bands"]

Linkage = Literal["ward", "average", "complete", "single"]


# -- head and tail ----------------------------------------------------------------------------------------------------


def _head_tail_problems(options: Mapping[str, Any]) -> list[str]:
    limit = options["limit"]
    return [] if 0 < limit < 1 else [f"limit: a share between 0 and 1 (or 0% and 100%) is needed, found {limit}"]


@tiering(bare="limit", check_option=_head_tail_problems)
def head_tail(ref: FloatArray, *, limit: float | Percent = 0.4) -> FloatArray:
    """Head/tail breaks: the units above the mean are the head, and so on in it as long as heads are small.

    A first cut parts the scores above their mean from the others; while a head holds at most `limit` of the units that
    were parted, it is parted at its own mean in turn. The scores say how many tiers there are (two or more): many
    where a few units are far ahead of many, two where they are not.

    Parameters
    ----------
    ref
        Shape (n,), higher is better.
    limit
        The largest share of a head that is parted again.

    Raises
    ------
    DomainError
        Fewer than two different scores.

    Notes
    -----
    Peers: mapclassify's `HeadTailBreaks` has no limit (it goes on to the last unit whatever the shape), counts who is
    exactly on a mean to the head when it takes the next mean and to the tail when it makes classes, and puts every unit
    into class 0 where one is ``nan``; its older versions recursed for ever on ties at the top and on float dust. R's
    classInt does as here.

    References
    ----------
    Jiang, B. (2013). Head/tail breaks: a new classification scheme for data with a heavy-tailed distribution. The
    Professional Geographer 65(3), 482-494. https://doi.org/10.1080/00330124.2012.700499

    Examples
    --------
    >>> head_tail(1 / np.arange(1.0, 11.0)).round(4)
    array([1.    , 0.3333])
    """
    head = falling(ref, 2)
    cuts: list[float] = []
    while head[0] != head[-1]:
        count = int((head > significant(head.mean())).sum())
        if not count:  # all of it is dust about the mean
            break
        cuts.append(float(head[count - 1]))
        small = count <= limit * len(head) * (1 + 1e-12)
        head = head[:count]
        if not small:
            break
    return np.array(cuts[::-1])


# -- standard deviations ----------------------------------------------------------------------------------------------


def _bands_problems(options: Mapping[str, Any]) -> list[str]:
    at = options["at"]
    if not at or not all(math.isfinite(times) for times in at) or any(b >= a for a, b in pairwise(at)):
        return [f"at: finite multiples, falling, are needed: {', '.join(f'{times:.12g}' for times in at)}"]
    return []


@tiering(bare="at", check_option=_bands_problems)
def sd_bands(
    ref: FloatArray, *, at: tuple[float, ...] = (1.0, 0.0, -1.0), sd: Literal["sample", "population"] = "sample"
) -> FloatArray:
    """Tiers between multiples of the standard deviation about the mean: ``[1, 0, -1]`` makes four.

    cut_t = mean + at_t · sd. The cuts are no scores, and a tier may be empty.

    Parameters
    ----------
    ref
        Shape (n,), higher is better.
    at
        Falling multiples, one fewer than the tiers; where the lowest is first, 1 is one deviation *below* the mean.
    sd
        With n - 1 (``sample``) or n (``population``) in the deviation.

    Raises
    ------
    DomainError
        Fewer than two different scores. Multiples that do not fall.

    Notes
    -----
    Peers: mapclassify's `StdMean` takes the deviation with n - 1 and multiples -2, -1, 1, 2 by default, puts who is on
    a cut into the lower class, and one ``nan`` puts every unit into class 0.

    References
    ----------
    Slocum, T. A., McMaster, R. B., Kessler, F. C. and Howard, H. H. (2009). Thematic Cartography and Geovisualization,
    3rd ed., Pearson: data classification by mean and standard deviation.

    Examples
    --------
    >>> sd_bands(np.array([2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), sd="population")
    array([7., 5., 3.])
    """
    problems = _bands_problems({"at": at})
    if problems:
        raise DomainError(problems[0])
    scores = falling(ref, 2)
    spread = float(np.std(scores, ddof=1 if sd == "sample" else 0))
    return np.asarray(float(scores.mean()) + spread * np.asarray(at, np.float64), np.float64)


# -- hierarchy --------------------------------------------------------------------------------------------------------


@tiering(bare="count", check_option=count_problems)
def hierarchical(ref: FloatArray, *, count: int, linkage: Linkage = "ward") -> FloatArray:
    """Tiers by agglomerative clustering: the two nearest groups of units are merged until `count` are left.

    How far two groups are apart: ``ward``, √(2 n m / (n + m)) times the distance of their means; ``average``, the mean
    distance of their units; ``complete``, the largest; ``single``, the smallest. On a line the nearest two groups are
    always neighbours, so every tier is one stretch of the scores. Where two merges are as near, the lower one is first.

    Parameters
    ----------
    ref
        Shape (n,), higher is better.
    count
        How many tiers, from 2 on.
    linkage
        How the distance of two groups is taken.

    Raises
    ------
    DomainError
        Fewer different scores than tiers.

    Notes
    -----
    Peers: SciPy's `linkage` gives the same groups, with n² distances in memory and float dust in equal ones; its
    labels are not in the order of the scores. INFORM takes the thresholds of its risk classes from such a hierarchy.
    The hierarchy is not the optimum of its own criterion; `natural_breaks` is that of Ward's.

    References
    ----------
    Ward, J. H. (1963). Hierarchical grouping to optimize an objective function. Journal of the American Statistical
    Association 58(301), 236-244. https://doi.org/10.1080/01621459.1963.10500845
    Sokal, R. R. and Michener, C. D. (1958). A statistical method for evaluating systematic relationships. University of
    Kansas Science Bulletin 38, 1409-1438.

    Examples
    --------
    >>> hierarchical(np.array([1.0, 2.0, 10.0, 11.0, 30.0]), count=3)
    array([30., 10.])
    """
    scores, counts = different(ref, count)
    return scores[_merge(scores, counts.astype(np.float64), count, linkage)[::-1]]


def _merge(values: FloatArray, counts: FloatArray, groups: int, linkage: Linkage) -> list[int]:
    """Where groups 2, 3, … start among the ascending values, after merging the nearest neighbours again and again."""
    m = len(values)
    sizes, sums = counts.tolist(), ((values - values.mean()) * counts).tolist()
    low, high = values.tolist(), values.tolist()
    after, before, alive = [*range(1, m), -1], [*range(-1, m - 1)], [0] * m

    def entry(left: int) -> tuple[float, int, int, int, int]:
        right = after[left]
        distance = _distance(
            linkage, sizes[left], sizes[right], sums[right] / sizes[right] - sums[left] / sizes[left],
            low[right] - high[left], high[right] - low[left],
        )  # fmt: skip
        return float(f"{distance:.11e}"), left, right, alive[left], alive[right]

    queue = [entry(left) for left in range(m - 1)]
    heapq.heapify(queue)
    left_over = m
    while left_over > groups:
        _, left, right, *version = heapq.heappop(queue)
        if version != [alive[left], alive[right]] or after[left] != right:
            continue
        sizes[left] += sizes[right]
        sums[left] += sums[right]
        high[left] = high[right]
        after[left] = after[right]
        alive[left] += 1
        alive[right] = -1
        if after[left] >= 0:
            before[after[left]] = left
            heapq.heappush(queue, entry(left))
        if before[left] >= 0:
            heapq.heappush(queue, entry(before[left]))
        left_over -= 1
    return [i for i in range(1, m) if alive[i] >= 0]


def _distance(linkage: Linkage, n: float, m: float, of_means: float, gap: float, span: float) -> float:
    if linkage == "ward":
        return math.sqrt(2 * n * m / (n + m)) * of_means
    return {"average": of_means, "complete": span, "single": gap}[linkage]
