"""What it costs to find weights that were never printed: CPU seconds, beside all linear programs over all rows.

Run: python benchmarks/identify.py [--direct]  (--direct also at 10,000 rows, about 20 seconds)
"""

from __future__ import annotations

import os
import sys

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import platform
import time
import tracemalloc

import numpy as np
import pandas as pd
import scipy
from scipy.optimize import linprog

import cityindex as ci
from cityindex.methods.polytope import ranges

WIDTH, HALF = 20, 0.05
REPEATS = 3


def cpu(function, repeats=REPEATS):
    """The least CPU seconds of some runs, and what the last one gives."""
    least, result = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        result = function()
        least = min(least, time.process_time() - start)
    return least, result


def direct(g, h):
    """The plain way: two linear programs a weight, each over every row."""
    ones = np.ones((1, WIDTH))
    ends = [linprog(sign * axis, g, h, ones, [1.0]).fun * sign for axis in np.eye(WIDTH) for sign in (1, -1)]
    return np.array(ends).reshape(WIDTH, 2)


def planted(rows):
    """Sub-scores, weights, printed totals, and totals of which every seventh is wrong."""
    rng = np.random.default_rng(0)
    x, w = rng.uniform(0, 100, (rows, WIDTH)), rng.dirichlet(np.ones(WIDTH))
    y = (x @ w).round(1)
    wrong = y.copy()
    wrong[::7] += rng.uniform(1, 5, len(wrong[::7]))
    return x, w, y, wrong


def ends(y):
    return np.concatenate([y + HALF, HALF - y])


def kernels(rows):
    """Ranges and proofs alone, by rows."""
    x, w, y, wrong = planted(rows)
    g = np.concatenate([x, -x])
    exact, found = cpu(lambda: ranges(g, ends(y)))
    assert (found.low <= w + 1e-7).all()
    assert (w <= found.high + 1e-7).all()
    shown = pd.DataFrame(x.round(1))
    rounded, identified = cpu(lambda: ci.identify_weights(shown, y, schemes=()))
    assert identified.feasible
    proof, empty = cpu(lambda: ranges(g, ends(wrong)))
    slow, gap = "", ""
    if rows <= 1_000 or "--direct" in sys.argv:
        seconds, plain = cpu(lambda: direct(g, ends(y)), repeats=1)
        slow, gap = f"{seconds:.2f}", f"{np.abs(plain - np.column_stack([found.low, found.high])).max():.0e}"
    print(f"{rows:>7}  {slow:>7}  {exact:>13.2f}  {rounded:>15.2f}  {proof:>13.2f}  {len(empty.empty):>18}  {gap:>19}")


def whole(rows):
    """The public call with all that it does, and what it holds in memory beside its input."""
    x, _, y, wrong = planted(rows)
    shown = pd.DataFrame(x.round(1))
    schemes, _ = cpu(lambda: ci.identify_weights(shown, y))
    samples, _ = cpu(lambda: ci.identify_weights(shown, y, schemes=(), samples=1000), repeats=1)
    proof, _ = cpu(lambda: ci.identify_weights(shown, wrong))
    tracemalloc.start()
    ci.identify_weights(shown, y)
    peak = tracemalloc.get_traced_memory()[1] / shown.memory_usage(index=False).sum()
    tracemalloc.stop()
    print(f"{rows:>7}  {schemes:>12.2f}  {samples:>18.2f}  {proof:>11.2f}  {peak:>15.0f} × the input")


def order(rows):
    """A ranking without totals, of exact and of rounded numbers."""
    x, w, _, _ = planted(rows)
    places = [str(row) for row in np.argsort(-(x @ w))]
    exact, _ = cpu(lambda: ci.identify_weights(pd.DataFrame(x), order=places, rounding="none", schemes=()))
    rounded, _ = cpu(lambda: ci.identify_weights(pd.DataFrame(x.round(1)), order=places, schemes=()), repeats=1)
    print(f"{rows:>7}  {exact:>13.2f}  {rounded:>15.2f}")


def main() -> None:
    print(
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    )
    print(f"{WIDTH} weights; totals printed with one decimal; CPU seconds, best of {REPEATS}\n")
    print("   rows   direct   exact inputs   rounded inputs   empty: proof   rows of the proof   largest difference")
    for rows in (150, 1_000, 10_000):
        kernels(rows)
    print("\nidentify_weights of rounded inputs, centre included")
    print("   rows  with schemes  with 1,000 samples  empty: proof   peak memory")
    for rows in (150, 1_000, 10_000, 40_000):
        whole(rows)
    print("\nonly an order")
    print("   rows   exact inputs   rounded inputs")
    for rows in (150, 1_000, 3_000):
        order(rows)


if __name__ == "__main__":
    main()
