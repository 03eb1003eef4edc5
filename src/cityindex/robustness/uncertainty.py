"""`uncertainty`: the index scored many times, each time slightly differently, and what is counted over the draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from cityindex.errors import NotFoundError, ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.robustness._asked import check_run, whole
from cityindex.robustness._base import Base, base_of
from cityindex.robustness._sampler import Sampler, Scored, sampler_of
from cityindex.robustness._tally import CHUNK, Tally, count_blocks
from cityindex.robustness._threads import in_order
from cityindex.robustness.choices import Methods
from cityindex.robustness.record import Uncertainty

__all__ = ["uncertainty"]


def uncertainty(
    spec: Any,
    table: Any = None,
    choices: Any = (),
    *,
    draws: int = 10_000,
    seed: int = 0,
    node: str | None = None,
    pairs: bool = False,
    failing: str = "stop",
    threads: int = 1,
    progress: bool = False,
) -> Uncertainty:
    """Score an index many times, each time slightly differently: how much of the ranking survives?

    Parameters
    ----------
    spec, table
        A spec and a table as for `score`; or a `Result` alone.
    choices
        What may differ: one or several of `cityindex.vary`. They are independent of each other.
    draws
        How many times.
    seed
        Of the random numbers. The same seed gives the same answer, whatever the number of threads.
    node
        The group whose scores and ranks are counted; None: the index.
    pairs
        Count for each two units how often one stands above the other (units × units counters).
    failing
        ``stop``: a draw that cannot be scored is an error. ``count``: it is left out, and told in the result.
    threads
        How many threads take blocks of draws.
    progress
        Show a bar on the terminal.

    Returns
    -------
    Uncertainty

    Raises
    ------
    ScoreError
        The index itself cannot be scored, or a draw cannot; a choice that does not fit the index.

    References
    ----------
    Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques as tools for the
    quality assessment of composite indicators. Journal of the Royal Statistical Society A 168(2).
    https://doi.org/10.1111/j.1467-985X.2005.00350.x

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> data = {"city": ["x", "y", "z"], "a": [1.0, 2.0, 3.0], "b": [3.0, 2.5, 1.0]}
    >>> found = ci.uncertainty(spec, data, ci.vary.weights("simplex"), draws=2000, seed=1)
    >>> found.to_frame()[["city", "rank", "low", "high"]]
      city  rank  low  high
    0    x     2    1     3
    1    y     1    1     2
    2    z     2    1     3
    """
    draws = whole("draws", draws, 1)
    seed, threads = check_run(seed, failing, threads)
    base = base_of(spec, table, node)
    sampler = sampler_of(base, choices, seed)
    _check_turns(sampler, draws)
    cuts = _cuts(base)
    total: Tally | None = None
    chunks = _chunks(sampler, draws)
    for tally in _work(chunks, threads, progress, lambda chunk: _counted(sampler, *chunk, cuts, pairs)):
        if tally.failed and failing == "stop":
            first = min(tally.failed)
            raise ScoreError(
                f"draw {first} cannot be scored (failing='count' leaves such draws out):\n{tally.failed[first]}"
            )
        if total is None:
            total = tally
        else:
            total.add(tally)
    assert total is not None  # there is one draw at least
    if total.draws == 0:
        raise ScoreError(
            f"none of {draws} draws can be scored; draw {min(total.failed)}: {total.failed[min(total.failed)]}"
        )
    return Uncertainty(sampler, draws, total, cuts)


def _check_turns(sampler: Sampler, draws: int) -> None:
    """A choice whose values are told draw by draw has to have one for each."""
    for choice in sampler.choices:
        turns = choice.in_turn if isinstance(choice, Methods) else ()
        if turns and len(turns) < draws:
            raise ScoreError(f"{choice.label}: in_turn says what {len(turns)} draws have, and {draws} are asked for")


def _chunks(sampler: Sampler, draws: int) -> list[tuple[int, int]]:
    """(First draw, how many) of what is counted together: some blocks."""
    size = max(CHUNK // sampler.size, 1) * sampler.size
    return [(start, min(size, draws - start)) for start in range(0, draws, size)]


def _counted(sampler: Sampler, start: int, count: int, cuts: FloatArray, pairs: bool) -> Tally:
    return count_blocks(sampler.base, _scored(sampler, start, count), count, cuts, pairs=pairs)


def _scored(sampler: Sampler, start: int, count: int) -> Iterator[tuple[int, Scored]]:
    for first in range(start, start + count, sampler.size):
        block = sampler.block(first // sampler.size, min(sampler.size, start + count - first))
        yield first, sampler.score(block)


def _cuts(base: Base) -> FloatArray:
    """The cuts of the nominal run; none where there are no tiers."""
    tiers = base.group.tiers
    if tiers is None or base.node in base.part.outcome.untiered:
        return np.empty(0)
    try:
        return base.result.cuts(base.node)
    except NotFoundError:
        return np.empty(0)


def _work(
    chunks: list[tuple[int, int]], threads: int, progress: bool, work: Callable[[tuple[int, int]], Tally]
) -> Iterator[Tally]:
    """The tallies of all chunks, in their order."""
    shown = _bar(sum(count for _, count in chunks)) if progress else None
    try:
        for (_, count), tally in zip(chunks, in_order(chunks, threads, work), strict=True):
            if shown:
                shown(count)
            yield tally
    finally:
        if shown:
            shown(0)


def _bar(draws: int) -> Callable[[int], None]:
    """A progress bar on standard error; a step of 0 ends it."""
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    bar.start()
    task = bar.add_task("draws", total=draws)

    def step(size: int) -> None:
        if size:
            bar.advance(task, size)
        else:
            bar.stop()

    return step
