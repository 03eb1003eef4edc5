"""Who works on the tasks: threads of this process, a given executor, or a Dask cluster; and who watches."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from cityindex.errors import DependencyError, NotFoundError, ScoreError

__all__ = ["Crew", "Progress", "crew_of", "watched"]

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Progress = Callable[[str, int, int], None]
PATIENCE = "10s"  # how long a scheduler has to answer
UNKNOWN = 8  # workers of an executor that does not say how many it has


@dataclass(frozen=True, slots=True)
class Crew:
    """An executor, and how many tasks it has at a time: those beyond wait here, so that memory stays bounded."""

    executor: Executor
    at_once: int
    watch: Progress

    def each(self, what: str, work: Callable[..., Answer], tasks: Sequence[Any], *shared: Any) -> Iterator[Answer]:
        """``work(*shared, task)`` for each task, the answers in the order of the tasks."""
        pending: deque[Future[Answer]] = deque()
        done = 0
        self.watch(what, 0, len(tasks))
        try:
            for task in tasks:
                pending.append(self.executor.submit(work, *shared, task))
                while len(pending) >= self.at_once:
                    yield pending.popleft().result()
                    done += 1
                    self.watch(what, done, len(tasks))
            while pending:
                yield pending.popleft().result()
                done += 1
                self.watch(what, done, len(tasks))
        finally:
            for future in pending:  # an error, or nobody wants to know the rest
                future.cancel()


@contextlib.contextmanager
def crew_of(executor: Executor | None, scheduler: str | None, watch: Progress) -> Iterator[Crew]:
    """Threads where nothing is said; what was given stays open, what is made here is closed.

    Raises
    ------
    ScoreError
        Both an executor and a scheduler, or something that is no executor.
    NotFoundError
        No scheduler answers.
    DependencyError
        Dask is not installed.
    """
    if executor is not None and scheduler is not None:
        raise ScoreError("give executor= or scheduler=, not both")
    if executor is not None:
        if not callable(getattr(executor, "submit", None)):
            kind = type(executor).__name__
            raise ScoreError(f"executor: a {kind}; an executor of concurrent.futures (with submit) is wanted")
        workers = getattr(executor, "_max_workers", None) or UNKNOWN
        yield Crew(executor, 2 * int(workers), watch)
    elif scheduler is not None:
        with _cluster(scheduler) as (client, threads):
            yield Crew(client.get_executor(pure=False), 2 * threads, watch)
    else:
        workers = min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
        with ThreadPoolExecutor(workers, thread_name_prefix="cityindex") as pool:
            yield Crew(pool, workers + 1, watch)


@contextlib.contextmanager
def _cluster(scheduler: str) -> Iterator[tuple[Any, int]]:
    try:
        from distributed import Client
    except ImportError:
        raise DependencyError("a Dask cluster needs distributed: pip install 'cityindex[cluster]'") from None
    address = re.fullmatch(r"((tcp|tls|ucx|ws|wss)://)?[^/\s]+:(\d+)", str(scheduler))
    if address is None or not 0 < int(address[3]) < 1 << 16:
        raise NotFoundError(f"scheduler={scheduler!r}: an address such as tcp://10.0.0.5:8786 is wanted")
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask's
    except (OSError, TimeoutError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise NotFoundError(f"no Dask scheduler answers at {scheduler!r}: {reason}") from None
    with client:
        threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]  # Dask's
        if not threads:
            raise NotFoundError(f"the Dask scheduler at {scheduler!r} has no workers")
        yield client, threads


@contextlib.contextmanager
def watched(progress: Progress | bool | None) -> Iterator[Progress]:
    """A function to tell how far the work is: the caller's, or a bar where a person watches."""
    if callable(progress):
        yield progress
    elif progress or (progress is None and sys.stderr.isatty()):
        yield from _bar()
    else:
        yield lambda what, done, total: None


def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        rows: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in rows:
                rows[what] = bar.add_task(what, total=total)
            bar.update(rows[what], completed=done)

        yield tell
