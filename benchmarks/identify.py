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

import numpy as np
import pandas as pd
import scipy
from scipy.optimize import linprog

import cityindex as ci
from cityindex.methods.polytope import ranges

WIDTH, HALF = 20, 0.05


def cpu(function):
    start = time.process_time()
    result = function()
    return time.process_time() - start, result


def direct(g, h):
    """The plain way: two linear programs a weight, each over every row."""
    ones = np.ones((1, WIDTH))
    ends = [linprog(sign * axis, g, h, ones, [1.0]).fun * sign for axis in np.eye(WIDTH) for sign in (1, -1)]
    return np.array(ends).reshape(WIDTH, 2)


def main() -> None:
    print(
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}"
    )
    print(f"{WIDTH} weights; totals printed with one decimal\n")
    print("   rows   direct   exact inputs   rounded inputs   empty: proof   rows of the proof   largest difference")
    rng = np.random.default_rng(0)
    for rows in (150, 1_000, 10_000):
        x, w = rng.uniform(0, 100, (rows, WIDTH)), rng.dirichlet(np.ones(WIDTH))
        y = (x @ w).round(1)
        g, h = np.concatenate([x, -x]), np.concatenate([y + HALF, HALF - y])
        exact, found = cpu(lambda g=g, h=h: ranges(g, h))
        assert (found.low <= w + 1e-7).all()
        assert (w <= found.high + 1e-7).all()
        shown = pd.DataFrame(x.round(1))
        rounded, identified = cpu(lambda shown=shown, y=y: ci.identify_weights(shown, y, schemes=()))
        assert identified.feasible
        wrong = y.copy()
        wrong[::7] += rng.uniform(1, 5, len(wrong[::7]))
        h = np.concatenate([wrong + HALF, HALF - wrong])
        proof, empty = cpu(lambda g=g, h=h: ranges(g, h))
        slow, gap = "", ""
        if rows <= 1_000 or "--direct" in sys.argv:
            h = np.concatenate([y + HALF, HALF - y])
            seconds, ends = cpu(lambda g=g, h=h: direct(g, h))
            slow, gap = f"{seconds:.2f}", f"{np.abs(ends - np.column_stack([found.low, found.high])).max():.0e}"
        print(
            f"{rows:>7}  {slow:>7}  {exact:>13.2f}  {rounded:>15.2f}  {proof:>13.2f}  {len(empty.empty):>18}  {gap:>19}"
        )


if __name__ == "__main__":
    main()
