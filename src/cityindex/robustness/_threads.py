"""Work on many tasks, by one thread or several, with the answers in the order of the tasks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["in_order"]

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def in_order(tasks: Sequence[Task], threads: int, work: Callable[[Task], Answer]) -> Iterator[Answer]:
    """What `work` makes of each task, in their order; a few in flight at a time."""
    if threads == 1:
        yield from map(work, tasks)
        return
    with ThreadPoolExecutor(threads) as pool:
        pending: deque[Future[Answer]] = deque()
        for task in tasks:
            pending.append(pool.submit(work, task))
            if len(pending) >= 2 * threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
