"""CPU time of uncertainty runs against plain-numpy floors in the same process, and peak memory.

    python benchmarks/robust.py             10,000 × 300 × 50, the 1,000 draws of COINr's experiment, 3,000 × 100
    python benchmarks/robust.py --full      and 100,000 draws of 3,000 × 100

The good floor: one matrix product, one argsort, a scatter, np.percentile, counts by bincount. The classic floor sorts
twice and counts by np.add.at. Times are process CPU milliseconds, the best of several runs; trust the ratios.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import resource
import sys
import time

import numpy as np
import pandas as pd
from run import read, spec_of

import cityindex as ci

COINR = 247.0  # CPU seconds of 1,000 draws of the experiment below (shared/bench/README.md)
MINMAX, ZSCORE = {"minmax": {"to": [1, 100]}}, {"zscore": {"centre": 10, "scale": 2}}


def best(work, times=3):
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return 1000 * min(found)


def flat(units, columns):
    """A table and a flat index of it, scored: one Dirichlet set of weights over all indicators."""
    x, meta = read(units, columns)
    codes = list(meta["iCode"][meta["Level"] == 1])
    frame = pd.DataFrame(x, columns=codes).assign(unit=[f"u{i}" for i in range(units)])
    spec = {"cityindex": 1, "id": "flat", "unit": {"key": "unit"}, "index": {"id": "score", "children": codes}}
    return ci.score(spec | {"defaults": {"indicator": {"steps": [MINMAX]}}}, frame)


def good_floor(x, draws):
    rng = np.random.default_rng(1)
    w = rng.dirichlet(np.full(x.shape[1], 2.0), draws)
    scores = w @ x.T
    order = np.argsort(-scores, axis=1)
    ranks = np.empty_like(order, dtype=np.int16)
    np.put_along_axis(ranks, order, np.arange(1, x.shape[0] + 1, dtype=np.int16)[None], axis=1)
    np.percentile(ranks, [5, 50, 95], axis=0)
    units = x.shape[0]
    np.bincount((np.arange(units)[None] * (units + 1) + ranks).ravel(), minlength=units * (units + 1))
    return ranks.mean(axis=0)


def classic_floor(x, draws):
    rng = np.random.default_rng(1)
    w = rng.dirichlet(np.full(x.shape[1], 2.0), draws)
    ranks = np.argsort(np.argsort(-(w @ x.T), axis=1), axis=1) + 1
    np.percentile(ranks, [5, 50, 95], axis=0)
    counts = np.zeros((x.shape[0], x.shape[0] + 1), np.int64)
    for row in ranks:
        np.add.at(counts, (np.arange(len(row)), row), 1)
    return ranks.mean(axis=0)


def experiment():
    """COINr's: 300 × 50, three levels, weights of two levels ± 25 %, min-max or z-scores; 1,000 draws."""
    x, meta = read(300, 50)
    codes = list(meta["iCode"][meta["Level"] == 1])
    frame = pd.DataFrame(x, columns=codes).assign(unit=[f"u{i}" for i in range(300)])
    result = ci.score(spec_of(meta, "arithmetic", ""), frame)
    choices = [ci.vary.weights(factor=0.25), ci.vary.methods("indicators.steps[0]", [MINMAX, ZSCORE])]
    return best(lambda: ci.uncertainty(result, choices=choices, draws=1000, seed=1), 5)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    print("| run | floor (good) | cityindex | ratio | peak RSS |\n|---|---|---|---|---|")
    for units, columns, draws in ((300, 50, 10_000), (3000, 100, 2000)):
        result = flat(units, columns)
        ours = best(lambda r=result, d=draws: ci.uncertainty(r, choices=ci.vary.weights("dirichlet"), draws=d, seed=1))
        memory = peak()
        x = result.carried[[indicator.id for indicator in result.spec.indicators]].to_numpy()
        good = best(lambda x=x, d=draws: good_floor(x, d))
        said = f"{draws:,} × {units:,} × {columns}"
        print(f"| {said} | {good:.0f} ms | {ours:.0f} ms | **{ours / good:.2f}** | {memory:.0f} MB |")
        if units == 300:
            classic = best(lambda x=x, d=draws: classic_floor(x, d), 1)
            print(f"| the same, classic floor | {classic:.0f} ms | {ours:.0f} ms | {ours / classic:.2f} | |")
            pairs = best(
                lambda r=result, d=draws: ci.uncertainty(
                    r, choices=ci.vary.weights("dirichlet"), draws=d, seed=1, pairs=True
                )
            )
            print(f"| the same, with pairs of units | | {pairs:.0f} ms | | |")
    ours = experiment()
    print(f"| COINr's 1,000 draws | {COINR:.0f} s (COINr) | {ours:.1f} ms | 1 : {1000 * COINR / ours:,.0f} | |")
    if "--full" in sys.argv:
        result = flat(3000, 100)
        start = time.process_time()
        ci.uncertainty(result, choices=ci.vary.weights("dirichlet"), draws=100_000, seed=1)
        print(f"| 100,000 × 3,000 × 100 | | {time.process_time() - start:.1f} s | | {peak():.0f} MB |")


if __name__ == "__main__":
    main()
