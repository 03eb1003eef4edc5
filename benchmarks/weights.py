"""CPU time of the weightings from data against plain numpy and the peers, in the same process.

    python benchmarks/weights.py            3,000 x 100 and 100,000 x 100
    python benchmarks/weights.py --slow     with pymcdm's CRITIC at 100,000 x 100 too (some minutes)

Times are process CPU milliseconds, the best of several runs; trust the ratios, not the milliseconds. The engine hands
columns over unit by unit (C order); the other order is there for those who call a weighting themselves.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import platform
import sys
import time
import warnings

import numpy as np

from cityindex._registry import WEIGHTINGS
from cityindex.methods import contrast, dispersion, losses  # noqa: F401  # registers them

SIZES = ((3000, 100), (100_000, 100))


# -- the floor: the same numbers as one would write them for one table ------------------------------------------------


def entropy(x):
    p = x / x.sum(axis=0)
    d = 1 + (p * np.log(p)).sum(axis=0) / np.log(len(x))
    return d / d.sum()


def standard_deviation(x):
    s = x.std(axis=0) / (x.max(axis=0) - x.min(axis=0))
    return s / s.sum()


def coefficient_of_variation(x):
    v = x.std(axis=0, ddof=1) / x.mean(axis=0)
    return v / v.sum()


def critic(x):
    y = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    c = y.std(axis=0) * (1 - np.corrcoef(y, rowvar=False)).sum(axis=0)
    return c / c.sum()


def independence(x):
    inverse = 1 / np.sqrt(1 - 1 / np.diag(np.linalg.inv(np.corrcoef(x, rowvar=False))))
    return inverse / inverse.sum()


def merec(x):
    k = x.shape[1]
    logs = np.abs(np.log(x.min(axis=0) / x))
    whole = logs.sum(axis=1, keepdims=True)
    e = np.abs(np.log(1 + whole / k) - np.log(1 + (whole - logs) / k)).sum(axis=0)
    return e / e.sum()


FLOORS = (entropy, standard_deviation, coefficient_of_variation, critic, independence, merec)


# -- measuring --------------------------------------------------------------------------------------------------------


def best(function, budget=1.5, least=3):
    """The least CPU milliseconds of several runs, and what it gives."""
    found, start, result = [], time.perf_counter(), None
    while len(found) < least or time.perf_counter() - start < budget:
        before = time.process_time()
        result = function()
        found.append(time.process_time() - before)
    return min(found) * 1e3, result


def table(units, columns, order):
    rng = np.random.default_rng(7)
    common = rng.normal(size=(units, 1))
    x = np.exp(0.5 * common + rng.normal(size=(units, columns)) * rng.uniform(0.2, 1.0, columns))
    return np.array(x, order=order)


def peers():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pymcdm.weights
        from skcriteria.preprocessing import weighters
    return pymcdm.weights, weighters


def floors():
    print("| weighting | units × indicators | order | plain numpy ms | cityindex ms | ratio | largest difference |")
    print("|---|---|---|---|---|---|---|")
    for floor in FLOORS:
        for units, columns in SIZES:
            for order in "CF":
                x = table(units, columns, order)
                plain, theirs = best(lambda f=floor, x=x: f(x))
                ours, w = best(lambda f=floor, x=x: WEIGHTINGS[f.__name__].function(x))
                apart = np.abs(w - theirs).max()
                print(
                    f"| {floor.__name__} | {units:,} × {columns} | {order} | {plain:.3g} | {ours:.3g} "
                    f"| {ours / plain:.2f} | {apart:.0e} |",
                    flush=True,
                )


def against_peers(slow):
    pymcdm, skc = peers()
    print("\n| weighting | units × indicators | cityindex ms | pymcdm ms | scikit-criteria ms |")
    print("|---|---|---|---|---|")
    for name in ("entropy", "critic"):
        for units, columns in SIZES:
            x, ones = table(units, columns, "C"), np.ones(columns)
            ours, w = best(lambda n=name, x=x: WEIGHTINGS[n].function(x))
            seconds = "not run"
            if name == "entropy" or units < 10_000 or slow:
                least = 1 if units > 10_000 else 2
                its, v = best(lambda n=name, x=x: getattr(pymcdm, f"{n}_weights")(x), budget=1, least=least)
                assert np.allclose(v, w, atol=1e-9)
                seconds = f"{its:,.3g} ({its / ours:,.0f} ×)"
            arguments = (x,) if name == "entropy" else (x, ones)
            other, v = best(lambda n=name, a=arguments: getattr(skc, f"{n}_weights")(*a), budget=1, least=2)
            assert np.allclose(v, w, atol=1e-9)
            row = f"{units:,} × {columns} | {ours:.3g} | {seconds} | {other:,.3g} ({other / ours:,.0f} ×)"
            print(f"| {name} | {row} |", flush=True)


def main():
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}, one thread\n")
    floors()
    against_peers("--slow" in sys.argv)


if __name__ == "__main__":
    main()
