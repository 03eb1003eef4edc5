"""A table larger than memory: 20 indicators of 10⁵ to 10⁷ units in Parquet, scored and ranked; CPU seconds and memory.

    python benchmarks/scale.py                  10⁵, 10⁶ and 10⁷ units
    python benchmarks/scale.py --rows 1000000   so many alone
    python benchmarks/scale.py --dask           also by a Dask cluster of two workers on this machine
    python benchmarks/scale.py --folder PATH    where the tables are made (900 MB; removed afterwards)

Each run is a process of its own: CPU seconds are those of the call, imports left out; memory is the peak of the whole
process, imports included. The best of three runs counts. Two floors: *numbers* reads the indicators twice, scores and
ranks (min of ties), by numpy and pyarrow; *whole* also reads the keys, looks for doubles and writes all the columns.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SIZES = (100_000, 1_000_000, 10_000_000)
COLUMNS = [f"x{j}" for j in range(20)]
WEIGHTS = np.array([(1 + j % 3) / sum(1 + i % 3 for i in range(5 * (j // 5), 5 * (j // 5) + 5)) for j in range(20)])
TOP = np.array([0.1, 0.2, 0.3, 0.4])
CUTS = (60.0, 50.0, 40.0)
GROUP = 1 << 20  # rows of a row group of the input
SPEC = {
    "cityindex": 1,
    "id": "large",
    "unit": {"kind": "unit", "key": "unit"},
    "defaults": {"indicator": {"steps": [{"minmax": {"to": [0, 100]}}]}},
    "index": {
        "id": "score",
        "tiers": {"cuts": list(CUTS), "labels": ["A", "B", "C", "D"]},
        "children": [
            {
                "id": f"g{k}",
                "weight": k + 1,
                "children": [{"id": f"x{j}", "weight": 1 + j % 3} for j in range(5 * k, 5 * k + 5)],
            }
            for k in range(4)
        ],
    },
}


def make(path, rows):
    rng = np.random.default_rng(0)
    schema = pa.schema([("unit", pa.string()), *((name, pa.float32()) for name in COLUMNS)])
    order = rng.permutation(rows)
    with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as writer:
        for start in range(0, rows, GROUP):
            own = order[start : start + GROUP]
            numbers = [
                (rng.lognormal(1, 0.5, len(own)) if j % 3 else rng.normal(50, 10, len(own))).astype(np.float32)
                for j in range(20)
            ]
            keys = pa.array([f"U{place:09d}" for place in own.tolist()])
            writer.write_table(pa.table([keys, *numbers], schema=schema), row_group_size=GROUP)


# -- the floors -------------------------------------------------------------------------------------------------------


def batches(path, columns, rows=1 << 16):
    file = pq.ParquetFile(path)
    for group in range(file.num_row_groups):
        yield from file.iter_batches(rows, row_groups=[group], columns=columns, use_threads=False)


def rank_bucket(s, bits=12):
    low, high, count = s.min(), s.max(), 1 << bits
    q = np.empty(len(s), np.uint16)
    for start in range(0, len(s), 1 << 18):
        part = slice(start, start + (1 << 18))
        q[part] = ((high - s[part]) * ((count - 1) / (high - low))).astype(np.uint16)
    order, ends = np.argsort(q, kind="stable"), np.r_[0, np.cumsum(np.bincount(q, minlength=count))]
    ranks = np.empty(len(s), np.uint32)
    for b in range(count):
        rows = order[ends[b] : ends[b + 1]]
        values = s[rows]
        place = np.argsort(-values)
        values, own = values[place], np.arange(len(values))
        if (values[1:] == values[:-1]).any():
            own = np.maximum.accumulate(np.where(np.r_[True, values[1:] != values[:-1]], own, 0))
        ranks[rows[place]] = own + (ends[b] + 1)
    return ranks


def floor(path, out, whole):
    low, high = np.full(20, np.inf), np.full(20, -np.inf)
    for batch in batches(path, COLUMNS):
        for j in range(20):
            column = batch.column(j).to_numpy()
            low[j], high[j] = min(low[j], column.min()), max(high[j], column.max())
    rows = pq.ParquetFile(path).metadata.num_rows
    score = np.empty(rows)
    groups = np.empty((4, rows)) if whole else None
    start = 0
    for batch in batches(path, COLUMNS):
        own = slice(start, start + len(batch))
        start += len(batch)
        parts = np.zeros((4, len(batch)))
        for j in range(20):
            y = batch.column(j).to_numpy().astype(np.float64)
            y -= low[j]
            y *= 100 * WEIGHTS[j] / (high[j] - low[j])
            parts[j // 5] += y
        score[own] = TOP @ parts
        if whole:
            groups[:, own] = parts
    ranks = rank_bucket(score)
    if whole:
        write_whole(path, out, score, groups, ranks)
    return ranks


def write_whole(path, out, score, groups, ranks):
    """The keys looked through for doubles, and everything written, as plainly as can be."""
    seen = np.empty(len(score), "S10")
    names = ["unit", "score", "g0", "g1", "g2", "g3", "rank", "tier"]
    kinds = [pa.string(), *[pa.float64()] * 5, pa.int64(), pa.string()]
    start = 0
    with pq.ParquetWriter(out, pa.schema(zip(names, kinds, strict=True)), use_dictionary=["tier"]) as writer:
        for batch in batches(path, ["unit"], 1 << 18):
            own = slice(start, start + len(batch))
            start += len(batch)
            keys = batch.column(0)
            ends = np.frombuffer(keys.buffers()[1], np.int32, len(keys) + 1, 4 * keys.offset)
            seen[own] = np.frombuffer(keys.buffers()[2], "S10", len(keys), ends[0])
            tier = pa.array(np.array(["A", "B", "C", "D"])[np.searchsorted(-np.array(CUTS), -score[own])])
            columns = [keys, score[own], *groups[:, own], ranks[own].astype(np.int64), tier]
            writer.write_table(pa.table([pa.array(column) for column in columns], names=names))
    seen.sort()
    assert not (seen[1:] == seen[:-1]).any()


# -- one run, a process of its own ------------------------------------------------------------------------------------


def peak():
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def one(kind, path, out):
    import cityindex as ci

    if kind.startswith("floor"):
        began, clock = time.process_time(), time.perf_counter()
        floor(path, out, kind == "floor whole")
    else:
        ci.score_dataset, ci.load_spec(SPEC)  # imports are not the scoring's
        pool = ThreadPoolExecutor(1) if kind == "one thread" else None
        began, clock = time.process_time(), time.perf_counter()
        ci.score_dataset(SPEC, path, out, executor=pool, progress=False)
    cpu, wall = time.process_time() - began, time.perf_counter() - clock
    print(json.dumps({"cpu": cpu, "wall": wall, "peak": peak()}))


def best(kind, path, out, runs):
    found = []
    for _ in range(runs):
        os.sync()  # what the run before wrote is not this one's to flush
        done = subprocess.run(
            [sys.executable, __file__, "--one", kind, str(path), str(out)], check=True, capture_output=True, text=True
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return {"peak": max(each["peak"] for each in found)} | min(
        ({"cpu": each["cpu"], "wall": each["wall"]} for each in found), key=lambda each: each["cpu"]
    )


def check(path, out):
    """The ranks of the library are those of the floor, but for ties of the last digits."""
    found = pq.read_table(out, columns=["rank"]).column(0).to_numpy()
    wanted = floor(path, out, whole=False)
    apart = np.abs(found - wanted.astype(np.int64))
    assert apart.max() <= 3, f"ranks differ by {apart.max()}"


def dask(path, out):
    """Seconds of a cluster of two workers with one thread each; this process only ranks and writes."""
    from distributed import LocalCluster

    import cityindex as ci

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        clock = time.perf_counter()
        ci.score_dataset(SPEC, path, out, scheduler=cluster.scheduler_address, progress=False)
        return time.perf_counter() - clock


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int)
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--folder")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", nargs=3)
    given = parser.parse_args()
    if given.one:
        one(*given.one)
        return
    print(f"Python {platform.python_version()}, numpy {np.__version__}, pyarrow {pa.__version__}")
    print("| units × 20 | floor: numbers | floor: whole | score_dataset | peak MB | two threads: CPU s, s | peak MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        for rows in [given.rows] if given.rows else SIZES:
            path, out = Path(folder) / "data.parquet", Path(folder) / "out.parquet"
            make(path, rows)
            numbers, whole, single, threads = (
                best(kind, path, out, given.runs) for kind in ("floor numbers", "floor whole", "one thread", "threads")
            )
            check(path, out)
            print(
                f"| {rows:,} | {numbers['cpu']:.2f} | {whole['cpu']:.2f} | {single['cpu']:.2f} "
                f"({single['cpu'] / numbers['cpu']:.2f}, {single['cpu'] / whole['cpu']:.2f}) | {single['peak']:.0f} | "
                f"{threads['cpu']:.2f}, {threads['wall']:.2f} | {threads['peak']:.0f} |"
            )
            if given.dask:
                print(f"{rows:,} by a Dask cluster of two workers: {dask(path, out):.2f} s")


if __name__ == "__main__":
    main()
