"""CPU time of Sobol' shares: 10 groups of weights, 300 units, 1,024 samples (12,288 runs), with intervals.

    python benchmarks/sensitivity.py

The floor scores and ranks one run at a time with plain numpy, as a loop over a design would, without intervals. Times
are process CPU seconds, the best of several runs; trust the ratios, not the seconds.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import platform
import time

import numpy as np
import pandas as pd

import cityindex as ci
from cityindex.robustness.sensitivity import sensitivity

UNITS, GROUPS, CHILDREN, SAMPLES = 300, 10, 5, 1024
TIMED = 400  # runs of the floor that are timed; the others are taken to cost as much


def index():
    rng = np.random.default_rng(5)
    names = {f"g{i}": [f"x{i}_{j}" for j in range(CHILDREN)] for i in range(GROUPS)}
    frame = pd.DataFrame({name: rng.normal(50, 10, UNITS) for own in names.values() for name in own})
    frame.insert(0, "city", [f"c{i}" for i in range(UNITS)])
    children = [{"id": name, "children": own} for name, own in names.items()]
    spec = {"cityindex": 1, "id": "bench", "index": {"id": "score", "children": children}}
    choices = [ci.vary.weights("dirichlet", concentration=20, groups=name, label=name) for name in names]
    return ci.score(spec, frame), choices


def floor(result):
    """One run at a time: weights, group scores, index, ranks."""
    x = np.array([result.column(f"x{i}_{j}") for i in range(GROUPS) for j in range(CHILDREN)])
    x = x.reshape(GROUPS, CHILDREN, UNITS)
    rng = np.random.default_rng(1)
    nominal = result.ranks()
    for _ in range(TIMED):
        w = rng.dirichlet(np.full(CHILDREN, 4.0), GROUPS)
        score = np.mean([w[i] @ x[i] for i in range(GROUPS)], axis=0)
        ranks = np.empty(UNITS)
        ranks[np.argsort(-score)] = np.arange(1, UNITS + 1)
        np.abs(ranks - nominal).mean()


def best(function, times=5):
    found = []
    for _ in range(times):
        before = time.process_time()
        function()
        found.append(time.process_time() - before)
    return min(found)


def main():
    print(f"Python {platform.python_version()}, numpy {np.__version__}, {platform.machine()}, one thread\n")
    result, choices = index()
    runs = SAMPLES * (GROUPS + 2)
    loop = best(lambda: floor(result)) * runs / TIMED
    print(f"| {GROUPS} choices, {UNITS} units, {runs:,} runs | CPU s | ratio |\n|---|---|---|")
    print(f"| a loop of plain numpy, no shares, no intervals (extrapolated) | {loop:.2f} | 1 |")
    for output in ("shift", "kendall", "score:c0", "units"):
        seconds = best(lambda o=output: sensitivity(result, choices=choices, samples=SAMPLES, output=o).estimate)
        print(f"| output={output!r}, with intervals | {seconds:.2f} | {seconds / loop:.2f} |", flush=True)


if __name__ == "__main__":
    main()
