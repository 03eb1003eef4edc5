"""What it costs to prove ranks for all weights of a region: CPU seconds and memory, by units and weights.

Run: python benchmarks/bounds.py [--exact]  (--exact also solves some units exactly, about a minute)
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
import scipy

import cityindex as ci
from cityindex.methods import _corners
from cityindex.methods._levels import Level
from cityindex.methods._share_regions import Mean, Polytope, Shares
from cityindex.methods.best_rank import extreme_rank
from cityindex.methods.dominance import dominance
from cityindex.robustness.bounds import rank_bounds

SIZES = ((300, 50), (1_000, 100), (3_000, 100))


def cpu(function):
    start = time.process_time()
    result = function()
    return time.process_time() - start, result


def numbers(n, d, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 100, (n, d)) + rng.normal(0, 10, (n, 1)), rng.dirichlet(np.ones(d) * 5)


def regions(w):
    d = len(w)
    yield "shares ±25 %", Shares(w * 0.75, w * 1.25)
    yield "shares ±50 %", Shares(w * 0.5, w * 1.5)
    yield "0.2/d to 3/d", Shares(np.full(d, 0.2 / d), np.full(d, 3 / d))
    yield "drawn ±25 %", Mean(w * 0.75, w * 1.25)


def pairs():
    print("all pairs                        CPU s   above    mean interval  peak MB")
    for n, d in SIZES:
        x, w = numbers(n, d)
        for name, region in regions(w):
            level = Level(region, tuple(range(d)))
            seconds, found = cpu(lambda x=x, level=level: dominance(x, level))
            tracemalloc.start()
            dominance(x, level)
            peak = tracemalloc.get_traced_memory()[1] / 1e6
            tracemalloc.stop()
            width = float((found.worst - found.best).mean())
            print(f"{n:>6} × {d:<4} {name:<16} {seconds:>8.2f} {found.above.sum():>9,} {width:>12.0f} {peak:>9.0f}")


def polytopes():
    print("\npolytopes, 300 units             CPU s: corners  programs")
    for d in (4, 6, 10, 20):
        x, w = numbers(300, d)
        rng = np.random.default_rng(1)
        g = rng.normal(size=(2 * d, d))
        h = g @ w + 0.02
        most, times = _corners.MOST, []
        for limit in (most, 0):
            _corners.MOST = limit
            level = Level(Polytope(g, h), tuple(range(d)))
            seconds, _ = cpu(lambda x=x, level=level: dominance(x, level))
            times.append(f"{seconds:>8.2f}" if limit == 0 or not level.costly else "       –")
        _corners.MOST = most
        print(f"{d:>6} weights {'':<18} {times[0]} {times[1]}")


def whole():
    print("\nrank_bounds of an index, three levels that all vary (±25 %)")
    for n, d in SIZES:
        x, _ = numbers(n, d)
        names = [f"c{place}" for place in range(d)]
        groups = [{"id": f"g{k}", "children": names[k::10]} for k in range(10)]
        index = {
            "id": "score",
            "children": [{"id": "left", "children": groups[:5]}, {"id": "right", "children": groups[5:]}],
        }
        data = {"city": [f"u{row}" for row in range(n)], **dict(zip(names, x.T, strict=True))}
        result = ci.score({"cityindex": 1, "id": "example", "index": index}, data)
        seconds, found = cpu(lambda result=result: rank_bounds(result, 0.25))
        print(f"{n:>6} × {d:<4} {seconds:>24.2f}  {found}")


def exact():
    print("\nexact best ranks, 8 s each: pairwise, searched, proved, attained, wall s")
    for n, d, by in ((100, 10, 0.5), (300, 10, 0.25), (100, 50, 0.25), (300, 50, 0.25), (300, 50, 0.5)):
        x, w = numbers(n, d, 1)
        level = Level(Shares(w * (1 - by), w * (1 + by)), tuple(range(d)))
        known = dominance(x, level)
        for unit in range(3):
            searched = extreme_rank(x, level, unit, known=known, time_limit=0)
            start = time.perf_counter()
            found = extreme_rank(x, level, unit, known=known, time_limit=8)
            seconds = time.perf_counter() - start
            ranks = f"{known.best[unit]:>5} {searched.attained:>5} {found.proved:>5} {found.attained:>5}"
            print(f"{n:>6} × {d:<4} ±{by:.0%} {ranks} {seconds:>7.2f}")


def main() -> None:
    print(
        f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}\n"
    )
    pairs()
    polytopes()
    whole()
    if "--exact" in sys.argv:
        exact()


if __name__ == "__main__":
    main()
