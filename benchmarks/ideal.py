"""What TOPSIS costs: CPU time beside the same in plain numpy, and beside the packages that have it, as ratios.

Run: python benchmarks/ideal.py
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import platform
import time
import warnings

import numpy as np

import cityindex.methods  # noqa: F401  # registers the built-in methods
from cityindex._registry import AGGREGATORS

SIZES = ((300, 50), (3_000, 100), (100_000, 100))
REPEATS = 7
METHOD = AGGREGATORS["topsis"]


def cpu(function, repeats=REPEATS):
    """The least CPU seconds of some runs, and what the last one gives."""
    least, result = float("inf"), None
    for _ in range(repeats):
        start = time.process_time()
        result = function()
        least = min(least, time.process_time() - start)
    return least, result


def naive(x, w):
    """As one would write it: the better of the two memory orders counts."""
    v = x * w
    up = np.sqrt(((v - v.max(axis=0)) ** 2).sum(axis=1))
    down = np.sqrt(((v - v.min(axis=0)) ** 2).sum(axis=1))
    return down / (up + down)


def ours(x, w):
    return METHOD.function(x, w, METHOD.learn(x, w))


def pymcdm(x, w):
    from pymcdm.methods import TOPSIS

    method, types = TOPSIS(lambda column, cost: column), np.ones(len(w))
    return lambda: method(x, w, types)


def skcriteria(x, w):
    from skcriteria import mkdm
    from skcriteria.agg.topsis import TOPSIS

    method, matrix = TOPSIS(), mkdm(x, [max] * len(w), weights=w)
    return lambda: method.evaluate(matrix).e_.similarity


def compare(n, k):
    generator = np.random.default_rng(0)
    nodes = generator.random((k, n))
    x, w = nodes.T, generator.dirichlet(np.ones(k))  # children side by side, as the engine holds them
    by_row = np.ascontiguousarray(x)
    floor, expected = min((cpu(lambda a=array: naive(a, w)) for array in (x, by_row)), key=lambda pair: pair[0])
    line = [f"{n:>8}  {k:>4}  {floor * 1e3:>9.2f}"]
    runs = (lambda: ours(x, w), lambda: ours(by_row, w), pymcdm(by_row, w), skcriteria(by_row, w))
    for run, repeats in zip(runs, (REPEATS, REPEATS, 3, 3), strict=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seconds, found = cpu(run, repeats)
        np.testing.assert_allclose(found, expected, rtol=1e-10)
        line.append(f"{seconds / floor:>8.2f}")
    print("  ".join(line))


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}; one thread")
    print(f"CPU time beside plain numpy (its milliseconds, best of {REPEATS}); learning included\n")
    print("   units  children   numpy ms   columns   by row   pymcdm   scikit-criteria")
    for n, k in SIZES:
        compare(n, k)


if __name__ == "__main__":
    main()
