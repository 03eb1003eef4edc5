"""The optimal partition of numbers on a line: exact, by dynamic programming, a whole level of the recursion at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import FloatArray

__all__ = ["class_starts"]

IntArray = npt.NDArray[np.intp]


def class_starts(values: FloatArray, counts: npt.NDArray[np.int64], classes: int) -> list[int]:
    """Where the classes start that make the sum of squared deviations from the class means smallest.

    With S and W the running sums of count times (centred) value and of counts, values i … j−1 in one class take
    (S_j − S_i)² / (W_j − W_i) off the total sum of squares; the best use of one class more,

        best_t(j) = max over i of best_{t−1}(i) + (S_j − S_i)² / (W_j − W_i),

    has its i rising with j, so that the middle j narrows the search for all on either side: O(classes · m · log m)
    for m values. All j of one level are done in one sweep.

    Parameters
    ----------
    values
        Shape (m,), distinct, ascending.
    counts
        Shape (m,), how often each occurs.
    classes
        2 to m.

    Returns
    -------
    The positions of the first value of classes 2, 3, …, ascending; where several partitions are equally good, the one
    with the earliest starts.

    Source: W. D. Fisher (1958), On grouping for maximum homogeneity, *Journal of the American Statistical Association*
    53(284), 789–798, doi:10.1080/01621459.1958.10501479, who shows that optimal classes are contiguous.

    Examples
    --------
    >>> class_starts(np.array([1.0, 2.0, 10.0, 11.0, 30.0]), np.ones(5, np.int64), 3)
    [2, 4]
    """
    m = len(values)
    weights = np.concatenate([[0.0], np.cumsum(counts, dtype=np.float64)])
    centre = np.sum(values * counts) / weights[-1]
    sums = np.concatenate([[0.0], np.cumsum((values - centre) * counts)])
    best = np.full(m + 1, -np.inf)
    best[1:] = sums[1:] ** 2 / weights[1:]
    choices: list[IntArray] = []
    for t in range(2, classes + 1):
        ends = np.arange(t if t < classes else m, m + 1)  # the last class ends at the last value
        found, chosen = _best_starts(best, sums, weights, ends, t - 1)
        best = np.full(m + 1, -np.inf)
        best[ends] = found
        choice = np.zeros(m + 1, np.intp)
        choice[ends] = chosen
        choices.append(choice)
    starts = [m]
    for choice in reversed(choices):
        starts.append(int(choice[starts[-1]]))
    return starts[:0:-1]


def _best_starts(
    best: FloatArray, sums: FloatArray, weights: FloatArray, ends: IntArray, lowest: int
) -> tuple[FloatArray, IntArray]:
    """For each end j: the best total, and the start i of its last class (from `lowest` on) that gives it."""
    rows = len(ends)
    found, chosen = np.empty(rows), np.empty(rows, np.intp)
    stride = 1 << (rows.bit_length() - 1)
    while stride:
        at = np.arange(stride - 1, rows, 2 * stride)  # those between the ones already known
        above = at + stride
        low = np.where(at >= stride, chosen[at - stride], lowest)
        high = np.where(above < rows, chosen[np.minimum(above, rows - 1)], ends[-1])
        high = np.minimum(high, ends[at] - 1)
        found[at], chosen[at] = _sweep(best, sums, weights, ends[at], low, high)
        stride >>= 1
    return found, chosen


def _sweep(
    best: FloatArray, sums: FloatArray, weights: FloatArray, ends: IntArray, low: IntArray, high: IntArray
) -> tuple[FloatArray, IntArray]:
    """Every start from `low` to `high` for every end, laid out one after the other."""
    widths = high - low + 1
    heads = np.cumsum(widths) - widths
    start = np.arange(widths.sum()) - np.repeat(heads - low, widths)
    end = np.repeat(ends, widths)
    total = best[start] + (sums[end] - sums[start]) ** 2 / (weights[end] - weights[start])
    found = np.maximum.reduceat(total, heads)
    hits = np.flatnonzero(total == np.repeat(found, widths))
    return found, start[hits[np.searchsorted(hits, heads)]]
