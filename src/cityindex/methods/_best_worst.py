"""What best-worst judgements say: the two programs behind the weights, and how consistent the judgements are.

Arrays: `over`, the best child over each, (k,), and `under`, each over the worst, (k,); 1 for the best and the worst
itself. The best over the worst is over[worst] = under[best].
"""

from __future__ import annotations

import math

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray

__all__ = ["THRESHOLDS", "consistency_index", "input_ratios", "linear", "nonlinear", "threshold"]

# The input-based ratio up to which judgements are accepted, by the best over the worst (rows 2 to 9) and the number of
# children (3 to 9): F. Liang, M. Brunelli, J. Rezaei (2020), doi:10.1016/j.omega.2019.102175, table 3.
THRESHOLDS = {
    2: (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    3: (0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667, 0.1667),
    4: (0.1121, 0.1529, 0.1898, 0.2206, 0.2527, 0.2577, 0.2683),
    5: (0.1354, 0.1994, 0.2306, 0.2546, 0.2716, 0.2844, 0.2960),
    6: (0.1330, 0.1990, 0.2643, 0.3044, 0.3144, 0.3221, 0.3262),
    7: (0.1294, 0.2457, 0.2819, 0.3029, 0.3144, 0.3251, 0.3403),
    8: (0.1309, 0.2521, 0.2958, 0.3154, 0.3408, 0.3620, 0.3657),
    9: (0.1359, 0.2681, 0.3062, 0.3337, 0.3517, 0.3620, 0.3662),
}
NOTHING = 1e-12  # a weight up to here is none


def threshold(top: float, children: int) -> float | None:
    """The published limit of the input-based ratio, or None where the table has none.

    >>> threshold(8.0, 5), threshold(8.0, 12), threshold(2.5, 5)
    (0.2958, None, None)
    """
    if children < 3:
        return 0.0
    row = THRESHOLDS.get(int(top)) if top == int(top) else None
    return row[children - 3] if row is not None and children <= 9 else None


def input_ratios(over: FloatArray, under: FloatArray, top: float) -> FloatArray:
    """How far each child's two judgements are from the best over the worst: |over · under − top| / (top² − top), (k,).

    >>> input_ratios(np.array([2.0, 1.0, 4.0]), np.array([3.0, 4.0, 1.0]), 4.0).round(4)
    array([0.1667, 0.    , 0.    ])
    """
    if top == 1:
        return np.zeros(len(over))
    return np.asarray(np.abs(over * under - top) / (top**2 - top), np.float64)


def consistency_index(top: float) -> float:
    """The largest ξ that such a best over the worst allows: the lower root of ξ² − (1 + 2 top) ξ + top² − top = 0.

    >>> [round(consistency_index(top), 2) for top in (1, 2, 3, 8, 9)]
    [0.0, 0.44, 1.0, 4.47, 5.23]
    """
    return (1 + 2 * top - math.sqrt(1 + 8 * top)) / 2


def linear(over: FloatArray, under: FloatArray, best: int, worst: int) -> tuple[FloatArray, float]:
    """The weights with the least ξ for which |w_best − over·w| ≤ ξ and |w − under·w_worst| ≤ ξ, and that ξ.

    >>> linear(np.array([8.0, 2.0, 1.0]), np.array([1.0, 5.0, 8.0]), 2, 0)[0].round(4)
    array([0.0714, 0.3214, 0.6071])
    """
    from scipy.optimize import linprog

    k = len(over)
    rows = np.zeros((2 * k, k + 1))
    rows[np.arange(k), best] += 1
    rows[np.arange(k), np.arange(k)] -= over
    rows[np.arange(k, 2 * k), np.arange(k)] += 1
    rows[np.arange(k, 2 * k), worst] -= under
    both = np.concatenate([rows, -rows])
    both[:, -1] = -1.0
    objective, total = np.zeros(k + 1), np.ones((1, k + 1))
    objective[-1], total[0, -1] = 1.0, 0.0
    found = linprog(objective, A_ub=both, b_ub=np.zeros(4 * k), A_eq=total, b_eq=[1.0], method="highs")
    if found.status != 0:
        raise DomainError(f"the linear program of best_worst has no solution: {found.message}")
    weights = np.where(found.x[:-1] > NOTHING, found.x[:-1], 0.0)  # float dust: every weight is from 0 on
    return np.asarray(weights / weights.sum(), np.float64), float(max(found.x[-1], 0.0))


def nonlinear(over: FloatArray, under: FloatArray, best: int, worst: int) -> tuple[FloatArray, FloatArray, float]:
    """The lowest and the highest weights, (k,) each, that have the least ξ, and that ξ.

    Here |w_best / w − over| ≤ ξ and |w / w_worst − under| ≤ ξ. With r = w_best / w_worst, ξ is enough where r is within
    ξ of the best over the worst, and between (over − ξ)(under − ξ) and (over + ξ)(under + ξ) for every other child: the
    least one is found by halving, and where the ends meet is r.

    >>> low, high, xi = nonlinear(np.array([8.0, 2.0, 1.0]), np.array([1.0, 5.0, 8.0]), 2, 0)
    >>> low.round(4), high.round(4), round(xi, 4)
    (array([0.0714, 0.3387, 0.5899]), array([0.0714, 0.3387, 0.5899]), 0.2583)
    """
    ends = [best, worst]
    a, b, top = np.delete(over, ends), np.delete(under, ends), float(over[worst])

    def between(xi: float) -> tuple[float, float]:
        low = np.maximum(a - xi, 0.0) * np.maximum(b - xi, 0.0)
        return max(top - xi, low.max(initial=0.0)), min(top + xi, ((a + xi) * (b + xi)).min(initial=np.inf))

    least, enough = 0.0, float(max(over.max(), under.max()))
    while least < (middle := (least + enough) / 2) < enough:
        first, last = between(middle)
        least, enough = (least, middle) if first <= last else (middle, enough)
    xi = 0.0 if enough < NOTHING else enough
    ratio = sum(between(xi)) / 2
    low, high = np.maximum(under - xi, ratio / (over + xi)), under + xi
    high = np.minimum(high, np.divide(ratio, over - xi, out=np.full(len(over), np.inf), where=over > xi))
    low[ends] = high[ends] = ratio, 1.0
    high = np.maximum(high, low)  # where they meet, up to float dust
    return low / (low + high.sum() - high), high / (high + low.sum() - low), xi
