"""Who does the work, and what happens when it is stopped: executors, Dask, kill and restart, progress, the command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scale_support import assert_same_numbers, read, write

import cityindex as ci
from cityindex.cli import main

ROWS = 6000
SPEC = """
cityindex: 1
id: running
unit: {kind: city, key: code}
defaults: {indicator: {steps: [{clip: [p5, p95]}, zscore]}}
index:
  id: score
  tiers: {equal: 4}
  children:
    - {id: one, weight: 30%, children: [a, b]}
    - {id: two, weight: 70%, children: [c, {id: d, direction: less}]}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"code": [f"C{row}" for row in range(ROWS)]})
    for name in "abcd":
        frame[name] = rng.lognormal(0, 1, ROWS)
    return write(frame, tmp_path_factory.mktemp("running") / "data.parquet", 500)


@pytest.fixture(scope="module")
def wanted(data):
    return ci.score(SPEC, data).to_frame()


def test_threads_processes_and_one_thread_give_the_same(data, wanted, tmp_path):
    frames = []
    for place, kind in enumerate([None, ThreadPoolExecutor(1), ThreadPoolExecutor(5), ProcessPoolExecutor(2)]):
        out = tmp_path / f"{place}.parquet"
        ci.score_dataset(SPEC, data, out, block_rows=300, executor=kind, progress=False)
        frames.append(read(out))
        if kind is not None:
            assert kind.submit(abs, -1).result() == 1  # it is the caller's, and stays open
            kind.shutdown()
    for frame in frames:
        assert_same_numbers(frame, frames[0], exact=True)
        assert_same_numbers(frame, wanted)


def test_a_task_holds_no_data(data):
    import pickle

    from cityindex.scale.job import Job, Shipped
    from cityindex.scale.roles import find_roles
    from cityindex.scale.source import open_source

    spec, source = ci.load_spec(SPEC), open_source(data)
    job = Job(Shipped(spec), source, find_roles(spec, source, (), key=None, missing=(), aliases=None))
    sent = pickle.dumps(job)
    assert len(sent) < 20_000 < data.stat().st_size
    assert pickle.loads(sent).spec == spec


@pytest.mark.filterwarnings("ignore:Port .* is already in use:UserWarning")  # of the dashboard, which is not asked for
def test_a_dask_cluster_of_two_workers_gives_the_same(data, wanted, tmp_path):
    from distributed import Client, LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, local_directory=tmp_path
    ) as cluster:
        ci.score_dataset(
            SPEC, data, tmp_path / "one.parquet", block_rows=700, scheduler=cluster.scheduler_address, progress=False
        )
        with Client(cluster) as client:
            pids = set(client.run(os.getpid).values())
            assert len(pids) == 2
            assert os.getpid() not in pids
            learned = ci.calibrate_dataset(SPEC, data, executor=client.get_executor(pure=False), progress=False)
    ci.score_dataset(SPEC, data, tmp_path / "two.parquet", block_rows=700, progress=False)
    assert_same_numbers(read(tmp_path / "one.parquet"), read(tmp_path / "two.parquet"), exact=True)
    assert_same_numbers(read(tmp_path / "one.parquet"), wanted)
    assert learned.nodes["score"]["tiers"].shape == (3,)


def test_no_scheduler_answers(data, tmp_path, monkeypatch):
    for address in ("here", "http://127.0.0.1:80", "127.0.0.1:99999", "", 8786):
        with pytest.raises(ci.NotFoundError, match="an address such as"):
            ci.score_dataset(SPEC, data, tmp_path / "out.parquet", scheduler=address, progress=False)
    monkeypatch.setattr("cityindex.scale.crew.PATIENCE", "300ms")
    with pytest.raises(ci.NotFoundError, match="no Dask scheduler answers at"):
        ci.score_dataset(SPEC, data, tmp_path / "out.parquet", scheduler="tcp://127.0.0.1:9", progress=False)


# -- stopped and started again ----------------------------------------------------------------------------------------

RUN = """
import sys, time
import cityindex as ci
from cityindex.scale import work

def slowly(self, rows, noticed, write=work.BlockFile.write):
    time.sleep(0.05)
    write(self, rows, noticed)

work.BlockFile.write = slowly
ci.score_dataset(sys.argv[1], sys.argv[2], sys.argv[3], block_rows=100, progress=False)
"""


def blocks(folder):
    return {each.name: each.stat().st_mtime_ns for each in folder.glob("block-*.arrow")}


def test_killed_half_way_and_started_again(data, tmp_path):
    spec, out = tmp_path / "spec.yaml", tmp_path / "out.parquet"
    spec.write_text(SPEC, encoding="utf-8")
    folder = tmp_path / "out.parquet.work"
    with subprocess.Popen([sys.executable, "-c", RUN, str(spec), str(data), str(out)]) as running:
        for _ in range(600):
            if len(blocks(folder)) >= 15:
                break
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
        assert running.wait() == -signal.SIGKILL
    before = blocks(folder)
    assert 15 <= len(before) < ROWS // 100
    assert not out.exists()
    learned = (folder / "calibration.json").stat().st_mtime_ns

    seen = {}

    def watch(what, done, total):
        seen[what] = (done, total)
        if what == "ranking":
            seen.setdefault("blocks", blocks(folder))
            seen.setdefault("learned", (folder / "calibration.json").stat().st_mtime_ns)

    again = ci.score_dataset(spec, data, out, block_rows=100, progress=watch)
    assert again.reused == len(before)
    assert f"{len(before)} of them kept from the run before" in str(again)
    assert not any(what.startswith("calibrating") for what in seen)  # what was learned is not learned again
    assert seen["learned"] == learned
    assert len(seen["blocks"]) == ROWS // 100
    assert {name: seen["blocks"][name] for name in before} == before  # nothing finished was done again
    undisturbed = ci.score_dataset(spec, data, tmp_path / "whole.parquet", block_rows=100, progress=False)
    assert_same_numbers(read(out), read(tmp_path / "whole.parquet"), exact=True)
    assert undisturbed.reused == 0
    assert again.calibration == undisturbed.calibration
    assert not folder.exists()


def stopped(spec, data, out, **options):
    """A run that is stopped when some blocks are there."""

    def watch(what, done, total):
        if what == "scoring" and done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ci.score_dataset(spec, data, out, progress=watch, block_rows=500, **options)
    return len(blocks(out.with_name(f"{out.name}.work")))


def test_what_has_changed_starts_over_and_says_so(data, tmp_path):
    out = tmp_path / "out.parquet"
    own = tmp_path / "data.parquet"
    own.write_bytes(data.read_bytes())
    assert stopped(SPEC, own, out) >= 3
    other = SPEC.replace("p95", "p90")
    found = ci.score_dataset(other, own, out, block_rows=500, progress=False)
    assert "started over: the index and the text of the index changed since the run before" in str(found)
    assert found.reused == 0
    assert_same_numbers(read(out), ci.score(other, own).to_frame())

    for change, options, said in [
        (lambda: None, {"block_rows": 400}, "the size of the blocks"),
        (lambda: write(read(own).assign(a=1.0 + np.arange(ROWS)), own, 500), {"block_rows": 500}, "the data"),
        (lambda: None, {"block_rows": 500, "resume": False}, "started over, as asked"),
        (lambda: None, {"block_rows": 500, "calibration": ci.calibrate(SPEC, own)}, "the calibration"),
    ]:
        assert stopped(SPEC, own, out) >= 3
        change()
        found = ci.score_dataset(SPEC, own, out, progress=False, **options)
        assert said in str(found)
        assert found.reused == 0
        assert_same_numbers(read(out), ci.score(SPEC, own, calibration=options.get("calibration")).to_frame())


def test_the_order_of_marks_changes_nothing(data, tmp_path):
    out = tmp_path / "out.parquet"
    assert stopped(SPEC, data, out, missing=["none", "?"], aliases={})
    again = ci.score_dataset(SPEC, data, out, block_rows=500, missing={"?", "none"}, progress=False)
    assert again.reused
    assert not any(note.kind == "resume" for note in again.notes)


def test_a_manifest_that_cannot_be_read_starts_over(data, tmp_path):
    out = tmp_path / "out.parquet"
    stopped(SPEC, data, out)
    (tmp_path / "out.parquet.work" / "manifest.json").write_text("{")
    assert "what the run before left cannot be read" in str(ci.score_dataset(SPEC, data, out, progress=False))


def test_two_runs_into_one_output(data, tmp_path):
    out = tmp_path / "out.parquet"
    first = subprocess.Popen([sys.executable, "-c", RUN, SPEC, str(data), str(out)])
    try:
        for _ in range(600):
            if len(blocks(tmp_path / "out.parquet.work")) >= 3:
                break
            time.sleep(0.05)
        with pytest.raises(ci.TableError, match="another run is at work in"):
            ci.score_dataset(SPEC, data, out, progress=False)
        assert first.wait(60) == 0
    finally:
        first.kill()
        first.wait()
    assert len(read(out)) == ROWS
    assert [each.name for each in tmp_path.iterdir()] == ["out.parquet"]


def test_a_folder_of_that_name_with_other_things_in_it(data, tmp_path):
    mine = tmp_path / "out.parquet.work" / "thesis.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with pytest.raises(ci.TableError, match=r"it holds other things \(thesis.txt\)"):
        ci.score_dataset(SPEC, data, tmp_path / "out.parquet", progress=False)
    assert mine.read_text() == "mine"
    mine.unlink()
    mine.parent.rmdir()
    mine.parent.write_text("a file")
    with pytest.raises(ci.TableError, match="where finished blocks are kept: File exists"):
        ci.score_dataset(SPEC, data, tmp_path / "out.parquet", progress=False)
    assert mine.parent.read_text() == "a file"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
@pytest.mark.parametrize("room", [200, 4000, 100_000])
def test_no_room(room, data, tmp_path):
    code = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))\n{RUN}"
    out = tmp_path / "out.parquet"
    found = subprocess.run([sys.executable, "-c", code, SPEC, str(data), str(out)], capture_output=True, text=True)
    last = found.stderr.splitlines()[-1]
    assert "TableError: cannot write" in last
    assert "too large" in last
    assert not out.exists()
    assert not list(tmp_path.rglob(".*"))


def test_stopped_in_the_last_stage(data, tmp_path):
    out = tmp_path / "out.parquet"

    def watch(what, done, total):
        if what == "writing" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ci.score_dataset(SPEC, data, out, progress=watch, block_rows=500)
    assert [each.name for each in tmp_path.iterdir()] == ["out.parquet.work"]
    again = ci.score_dataset(SPEC, data, out, block_rows=500, progress=False)
    assert again.reused == again.blocks == 12


# -- what comes out ---------------------------------------------------------------------------------------------------


def test_the_record(data, tmp_path):
    scored = ci.score_dataset(SPEC, data, tmp_path / "out.parquet", block_rows=500, progress=False)
    assert (scored.rows, scored.blocks, scored.reused) == (ROWS, 12, 0)
    assert scored.passes == 4  # quantiles take two, the deviation one, the scores one
    assert str(scored).startswith("running: 6,000 rows of data.parquet scored in")
    assert repr(scored).startswith("Scored('running', 6,000 rows")
    footer = pq.read_schema(tmp_path / "out.parquet").metadata[b"cityindex"]
    import json

    record = json.loads(footer)
    assert record["rows"] == ROWS
    assert ci.Calibration.from_dict(record["calibration"]) == scored.calibration
    pd.testing.assert_frame_equal(scored.to_frame(), read(tmp_path / "out.parquet"))


def test_progress_is_told(data, tmp_path):
    told = []
    ci.score_dataset(SPEC, data, tmp_path / "out.parquet", progress=lambda *each: told.append(each), block_rows=500)
    stages = list(dict.fromkeys(what for what, _, _ in told))
    passes = [f"calibrating (pass {number})" for number in (1, 2, 3)]
    assert stages == [*passes, "scoring", "checking the keys", "ranking", "writing"]
    assert ("scoring", 12, 12) in told
    ci.score_dataset(SPEC, data, tmp_path / "out.parquet", progress=True)  # a bar


def test_the_command(data, wanted, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("spec.yaml").write_text(SPEC, encoding="utf-8")
    assert main(["score", "spec.yaml", str(data), "-o", "out.parquet", "--block-rows", "700"]) == 0
    assert "out.parquet: 6,000 units, in 12 blocks and 4 passes" in capsys.readouterr().err
    assert_same_numbers(read("out.parquet"), wanted)
    monkeypatch.setattr("cityindex.cli.score.LARGE", 1000)
    assert main(["score", "spec.yaml", str(data), "-o", "large.parquet"]) == 0
    assert "in 1 block and" in capsys.readouterr().err
    assert main(["score", "spec.yaml", str(data), "-o", "small.csv"]) == 0
    assert "block" not in capsys.readouterr().err
    for arguments, said in [
        (["--block-rows", "10"], "give -o"),
        (["--block-rows", "10", "-o", "a.parquet", "--reference", "b.csv"], "calibrate first"),
        (["--block-rows", "10", "-o", "a.parquet", "--format", "json"], "--format"),
        (["--block-rows", "10", "-o", "a.csv"], "a file .parquet, or a folder"),
        (["--scheduler", "tcp://127.0.0.1:9", "-o", "a.parquet"], "no Dask scheduler answers"),
    ]:
        monkeypatch.setattr("cityindex.scale.crew.PATIENCE", "300ms")
        assert main(["score", "spec.yaml", str(data), *arguments]) == 2
        assert said in " ".join(capsys.readouterr().err.split())


def test_what_cannot_go_by_blocks_goes_in_memory_unless_it_was_asked_for(data, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("cityindex.cli.score.LARGE", 1000)
    Path("spec.yaml").write_text(SPEC.replace("{clip: [p5, p95]}", "{winsorise: {points: 5}}"), encoding="utf-8")
    assert main(["score", "spec.yaml", str(data), "-o", "out.parquet"]) == 0
    assert "block" not in capsys.readouterr().err
    assert main(["score", "spec.yaml", str(data), "-o", "out.parquet", "--block-rows", "50"]) == 2
    assert "cannot be calibrated block by block" in capsys.readouterr().err


def test_memory_does_not_grow_with_the_rows(tmp_path):
    """What is held of a data set four times as long is not more: only a number or two of each row is."""
    import tracemalloc

    spec, peaks = SPEC.replace("{equal: 4}", "{cuts: [0.5, 0]}"), []
    for rows in (20_000, 80_000):
        rng = np.random.default_rng(0)
        columns = {name: rng.random(rows) for name in "abcd"} | {"code": pa.array(range(rows))}
        pq.write_table(pa.table(columns), tmp_path / "data.parquet", row_group_size=5000)
        tracemalloc.start()
        with ThreadPoolExecutor(1) as one:
            ci.score_dataset(spec, tmp_path / "data.parquet", tmp_path / "o.parquet", block_rows=5000, executor=one)
        peaks.append(tracemalloc.get_traced_memory()[1] / rows)
        tracemalloc.stop()
    assert peaks[1] < 0.6 * peaks[0]
