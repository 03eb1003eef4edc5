"""calibrate_dataset() and score_dataset(): the same index on tables larger than memory."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from typing import Any

from cityindex.calibration import Calibration
from cityindex.errors import CalibrationError, Problem, TableError
from cityindex.scale.blocks import Kept, Scoring, kept_of, score_run
from cityindex.scale.crew import Crew, Progress, crew_of, watched
from cityindex.scale.cuts import learn_cuts, with_cuts
from cityindex.scale.finishing import finish
from cityindex.scale.job import Job
from cityindex.scale.learning import calibration_of, learn, tell
from cityindex.scale.observe import ENOUGH
from cityindex.scale.record import Scored
from cityindex.scale.task import Task, count_blocks, make_task, nodes_of
from cityindex.scale.work import Work, identity, open_work
from cityindex.scale.writing import check_output
from cityindex.spec import fingerprint, load_spec
from cityindex.spec.model import Spec

__all__ = ["calibrate_dataset", "score_dataset"]


def calibrate_dataset(
    spec: Spec | str | Path,
    source: str | Path,
    *,
    given: Iterable[str] = (),
    key: str | None = None,
    missing: Any = (),
    aliases: Any = None,
    block_rows: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    progress: Progress | bool | None = None,
) -> Calibration:
    """Learn everything relative in an index from Parquet data that need not fit in memory.

    Blocks of rows are read one after another and added up: ends, means, deviations, exact quantiles, counts. Where a
    step learns from what the one before left, the data are read once more for it. The result is that of `calibrate`,
    to the last bit where order does not matter, and to about 1e-13 in sums.

    Parameters
    ----------
    spec, source, given, key, missing, aliases, block_rows, executor, scheduler, progress
        As in `score_dataset`.

    Returns
    -------
    Calibration

    Raises
    ------
    ScoreError
        Before any row is read: methods that look at whole columns at once, such as `treat`. Calibrate those in memory,
        on a sample or a reference.
    SpecError, TableError
        As `score_dataset`.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from cityindex import calibrate_dataset
    >>> spec = {
    ...     "cityindex": 1,
    ...     "id": "two",
    ...     "index": {"id": "score", "children": [{"id": "gdp", "steps": ["minmax"]}]},
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/cities.parquet"
    ...     pd.DataFrame({"city": ["甲", "乙", "丙"], "gdp": [1.0, 3.0, 2.0]}).to_parquet(path)
    ...     learned = calibrate_dataset(spec, path, progress=False)
    >>> learned.nodes["gdp"]["steps"][0]
    {'min': 1.0, 'max': 3.0}
    """
    spec, source = spec if isinstance(spec, Spec) else load_spec(spec), _path("source", source)
    with watched(progress) as watch, crew_of(executor, scheduler, watch) as crew:
        task = make_task(spec, source, given, key, missing, aliases, block_rows)
        found, _ = _learn(task, crew)
        return with_cuts(found, learn_cuts(task.job, task.runs, crew, nodes_of(task.job, found)))


def score_dataset(
    spec: Spec | str | Path,
    source: str | Path,
    out: str | Path,
    *,
    calibration: Calibration | str | Path | None = None,
    given: Iterable[str] = (),
    key: str | None = None,
    missing: Any = (),
    aliases: Any = None,
    block_rows: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    resume: bool = True,
    progress: Progress | bool | None = None,
) -> Scored:
    r"""Compute an index of Parquet data that need not fit in memory, exact ranks and tiers included.

    The blocks go through the same kernels as in `score`; a row scores to the same bits in whatever block it stands.
    Ranks and tiers come from the one column of scores. Finished blocks are left in a folder beside the output
    (``scores.parquet.work``) until all is done, so that a run that was stopped goes on where it was.

    Parameters
    ----------
    spec
        A spec, or what `load_spec` takes.
    source
        A Parquet file, or a folder of Parquet files with the same columns (folders named ``year=2020`` are a column).
    out
        Where to write: a file ``.parquet``, or a folder of such files. It is there whole or not at all.
    calibration
        What was learned before (or the path of its JSON); None: learn from these data, see `calibrate_dataset`.
    given
        As in `score`.
    key, missing, aliases
        As in `read_table`.
    block_rows
        How many rows a block holds at most; None: as many as make about 32 MB of numbers. What is computed does not
        depend on it, but for the last digits of means and the like. Row groups are read as a whole by one worker: a
        file with few row groups keeps few workers busy.
    executor
        Who works: an executor of `concurrent.futures`; None: a few threads.
    scheduler
        The address of a Dask scheduler (``tcp://…``) whose workers do the work; they have to see the same files.
    resume
        Whether to go on where a run before was stopped; it starts over in any case where the data, the index, the
        calibration or the options have changed, and says so.
    progress
        A function of (what is done, how much, of how much); None: a bar where a person watches; False: nothing.

    Returns
    -------
    Scored
        How many rows and passes, the calibration, notes; `Scored.to_frame` reads the output.

    Raises
    ------
    SpecError, TableError
        The spec or the data, every problem by its place (of very many the first).
    ScoreError
        Missing cells that the spec refuses, numbers outside a method's domain, labels that were not learned, by file,
        row and unit; methods that cannot be learned block by block, before any row is read.
    CalibrationError, UnpublishedError, DependencyError, NotFoundError
        As `score`; no pyarrow or Dask; no scheduler that answers.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from cityindex import score_dataset
    >>> spec = {
    ...     "cityindex": 1,
    ...     "id": "two",
    ...     "index": {"id": "score", "children": [{"id": "gdp", "steps": ["minmax"]}]},
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/cities.parquet"
    ...     pd.DataFrame({"city": ["甲", "乙", "丙"], "gdp": [1.0, 3.0, 2.0]}).to_parquet(path)
    ...     scored = score_dataset(spec, path, f"{folder}/scores.parquet", progress=False)
    ...     print(scored.passes, scored.to_frame(), sep="\n")
    2
      city  score  rank
    0   甲    0.0     3
    1   乙    1.0     1
    2   丙    0.5     2
    """
    began = time.perf_counter()
    spec = spec if isinstance(spec, Spec) else load_spec(spec)
    known = _given_calibration(calibration, spec)
    source, out = _path("source", source), _path("out", out)
    check_output(out, source)
    with watched(progress) as watch, crew_of(executor, scheduler, watch) as crew:
        task = make_task(spec, source, given, key, missing, aliases, block_rows)
        marks = sorted(task.job.roles.marks.labels)
        options = {"given": list(task.given), "key": key, "missing": marks, "aliases": dict(aliases or {})}
        mark = identity(spec, task.job.source, task.runs, known, options)
        with open_work(out.with_name(f"{out.name}.work"), mark, resume=resume) as (work, said):
            scored = _run(task, crew, work, known, out)
            scored = finish(task, _kept(task.job), work, scored, said, watch, known=known is not None)
            work.remove()
    return replace(scored, seconds=time.perf_counter() - began)


def _run(task: Task, crew: Crew, work: Work, known: Calibration | None, out: Path) -> Scored:
    """Everything up to the files of all blocks."""
    learned, passes = (known, 0) if known is not None else _learned(task, crew, work)
    reused = _score(task, crew, work, learned, known=known is not None)
    source, blocks = task.job.source, count_blocks(task.runs)
    return Scored(
        task.job.spec, learned, Path(source.path), out, source.rows, blocks, reused, passes + 1, notes=(), seconds=0.0
    )


def _path(name: str, said: Any) -> Path:
    if not isinstance(said, str | Path):
        way = "; a table in memory is scored by score()" if name == "source" else ""
        raise TableError(f"{name}: a {type(said).__name__}; the path of a Parquet file or folder is wanted{way}")
    return Path(said)


def _given_calibration(calibration: Any, spec: Spec) -> Calibration | None:
    if calibration is None:
        return None
    known = Calibration.load(calibration) if isinstance(calibration, str | Path) else calibration
    if not isinstance(known, Calibration):
        kind = type(known).__name__
        raise CalibrationError(f"calibration: a {kind}; a Calibration or the path of its JSON is wanted")
    if known.fingerprint != fingerprint(spec):
        raise CalibrationError(
            f"this calibration was learned for {known.index!r} with fingerprint {known.fingerprint}; "
            f"{spec.id!r} has {fingerprint(spec)}: calibrate again, or use the spec that it was learned for"
        )
    return known


def _learn(task: Task, crew: Crew) -> tuple[Calibration, int]:
    found = learn(task.job, task.runs, crew)
    return calibration_of(task.job, found), found.passes


def _learned(task: Task, crew: Crew, work: Work) -> tuple[Calibration, int]:
    """What is learned from the data, but for the cuts of tiers; kept for a run that goes on."""
    before = work.kept()
    if before is not None:
        return before
    found, passes = _learn(task, crew)
    work.keep(found, passes)
    return found, passes


def _kept(job: Job) -> Kept:
    return kept_of(job.spec, [job.plan(part) for part in range(len(job.roles.parts))])


def _score(task: Task, crew: Crew, work: Work, learned: Calibration, *, known: bool) -> int:
    """Leave a file for every block that is not there yet; how many were."""
    done = work.finished()
    scoring = Scoring(nodes_of(task.job, learned), known, str(work.folder), _kept(task.job))
    for part in range(len(task.job.roles.parts)):
        scoring.learned(task.job.plan(part), part)  # a calibration that does not fit is told before any row is read
    left = [run for run in task.runs if any(block.number not in done for block in run.blocks)]
    problems: list[Problem] = []
    for found in crew.each("scoring", score_run, [*left], task.job, scoring, done):
        problems += found
        if len(problems) >= ENOUGH:
            break
    tell(task.job, problems, stopped=len(problems) >= ENOUGH)
    return len(done)
