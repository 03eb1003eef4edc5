"""CPU time of the library against a plain-numpy floor in the same process, for four sizes and four pipelines.

    python benchmarks/run.py            all sizes, a Markdown table
    python benchmarks/run.py --small    the two small sizes

Inputs: ../shared/bench where it is there (the larger sizes repeat it with jitter), else made here with the same
columns' shapes. Times are process CPU milliseconds, the best of several runs; trust the ratios, not the milliseconds.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

import floor
import numpy as np
import pandas as pd
import scipy

import cityindex as ci
from cityindex.engine import Inputs, run
from cityindex.plan import compile_plan

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "bench"
SIZES = ((300, 50), (3000, 100), (30_000, 100), (300_000, 100))
COINR = {(300, 50): 0.18, (3000, 100): 2.9, (30_000, 100): 31.0}  # seconds, whole pipeline, from shared/bench/README.md
PIPELINES = {
    "min-max, mean": ("arithmetic", ""),
    "min-max, geometric": ("geometric", ""),
    "winsorise, min-max, mean": ("arithmetic", "winsorise"),
    "winsorise or log, min-max, mean": ("arithmetic", "treat"),
}


def read(units, columns):
    """(x, meta): the benchmark table, repeated with jitter where it is shorter than asked."""
    source = SHARED / f"data_{300 if columns == 50 else 3000}_{columns}_iData.csv"
    if source.exists():
        data = pd.read_csv(source).drop(columns=["uCode", "uName"])
        meta = pd.read_csv(str(source).replace("iData", "iMeta"))
    else:
        data, meta = make(300 if columns == 50 else 3000, columns)
    rng = np.random.default_rng(1)
    x = data.to_numpy(dtype=np.float64)
    if len(x) < units:
        x = np.tile(x, (units // len(x), 1)) * rng.normal(1.0, 0.001, (units, columns))
    return np.asfortranarray(x), meta


def make(units, columns):
    rng = np.random.default_rng(7)
    x = np.where(
        np.arange(columns) % 3 == 1, rng.lognormal(1, 1, (units, columns)), rng.normal(50, 10, (units, columns))
    )
    codes = [f"I{j:03d}" for j in range(columns)]
    parents = [f"P{j // 10:02d}" for j in range(columns)]
    meta = pd.DataFrame(
        {
            "iCode": codes,
            "Level": 1,
            "Direction": rng.choice([1, -1], columns),
            "Parent": parents,
            "Weight": rng.uniform(0.5, 1.5, columns),
        }
    )
    tops = pd.DataFrame({"iCode": sorted(set(parents)), "Level": 2, "Direction": 1, "Parent": "Index", "Weight": 1.0})
    return pd.DataFrame(x, columns=codes), pd.concat([meta, tops], ignore_index=True)


def spec_of(meta, aggregate, treated):
    steps = [{"minmax": {"to": [1, 100]}}]
    if treated:
        steps.insert(0, {treated: {"points": 5}})
    leaves, pillars = meta[meta.Level == 1], meta[meta.Level == 2]
    children = [
        {
            "id": pillar.iCode,
            "weight": float(pillar.Weight),
            "children": [
                {"id": leaf.iCode, "weight": float(leaf.Weight), "direction": "less" if leaf.Direction < 0 else "more"}
                for leaf in leaves[leaves.Parent == pillar.iCode].itertuples()
            ],
        }
        for pillar in pillars.itertuples()
    ]
    defaults = {"indicator": {"steps": steps}, "group": {"aggregate": aggregate}}
    return ci.load_spec(
        {
            "cityindex": 1,
            "id": "bench",
            "unit": {"kind": "unit", "key": "unit"},
            "defaults": defaults,
            "index": {"id": "index", "children": children},
        }
    )


def best(function, budget=1.5, least=3):
    """The least CPU seconds of several runs."""
    found, start = [], time.perf_counter()
    while len(found) < least or time.perf_counter() - start < budget:
        before = time.process_time()
        function()
        found.append(time.process_time() - before)
    return min(found)


def case(units, columns, aggregate, treated):
    x, meta = read(units, columns)
    leaves, pillars = meta[meta.Level == 1], meta[meta.Level == 2]
    signs = leaves.Direction.to_numpy()
    places = [np.flatnonzero(leaves.Parent.to_numpy() == code) for code in pillars.iCode]
    groups = [slice(int(p[0]), int(p[-1]) + 1) for p in places]
    weights, top = leaves.Weight.to_numpy(), pillars.Weight.to_numpy()
    combine = floor.mean if aggregate == "arithmetic" else floor.geometric
    work = (signs, groups, weights, top, combine, treated)
    c_order = np.ascontiguousarray(x)
    layouts = [(floor.pipeline, x), (floor.pipeline, c_order), (floor.pipeline_whole, x)]
    plain = min(best(lambda f=f, a=a: f(a, *work)) for f, a in layouts)
    scored = floor.pipeline(x, *work)
    ranked = best(lambda: floor.rank(scored[1]))
    spec = spec_of(meta, aggregate, treated)
    plan = compile_plan(spec)
    inputs = Inputs(units, {code: x[:, j] for j, code in enumerate(leaves.iCode)})
    core = best(lambda: run(plan, inputs))
    frame = pd.DataFrame(x, columns=list(leaves.iCode))
    frame.insert(0, "unit", [f"U{row:06d}" for row in range(units)])
    public = best(lambda: ci.score(spec, frame).to_frame())
    got = ci.score(spec, frame).column(of="carried")
    assert np.allclose(got, scored[1], rtol=1e-9), "the library and the floor differ"
    return plain, plain + ranked, core, public


def memory():
    """Peak memory of scoring 300,000 x 100 from a frame, over that of the input, in a process of its own."""
    script = Path(__file__).with_name("memory.py")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def imports():
    """CPU of `import cityindex` against `import pandas`, each in fresh processes, alternating."""

    def once(module):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    pairs = [(once("cityindex"), once("pandas")) for _ in range(7)]
    ours, theirs = (min(values) for values in zip(*pairs, strict=True))
    return ours, theirs


def main():
    sizes = SIZES[:2] if "--small" in sys.argv else SIZES
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"pandas {pd.__version__}; cityindex {ci.__version__}; {os.cpu_count()} cores, {platform.machine()}; "
        f"inputs: {'shared/bench' if SHARED.exists() else 'made here'}\n"
    )
    print(
        "| pipeline | units × indicators | floor ms | core ms | core/floor | floor + ranks ms | `score` ms "
        "| 1.2 × floor + 5 ms | COINr ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name, (aggregate, treated) in PIPELINES.items():
        for units, columns in sizes:
            plain, ranked, core, public = case(units, columns, aggregate, treated)
            coinr = f"{COINR[units, columns] * 1e3:,.0f}" if treated == "treat" and (units, columns) in COINR else ""
            print(
                f"| {name} | {units:,} × {columns} | {plain * 1e3:.3g} | {core * 1e3:.3g} | {core / plain:.2f} "
                f"| {ranked * 1e3:.3g} | {public * 1e3:.3g} | {ranked * 1.2e3 + 5:.3g} | {coinr} |",
                flush=True,
            )
    ours, theirs = imports()
    print(
        f"\n`import cityindex` {ours * 1e3:.0f} ms of CPU, `import pandas` {theirs * 1e3:.0f} ms: {ours / theirs:.2f}×"
    )
    if "--small" not in sys.argv:
        print(memory())


if __name__ == "__main__":
    main()
