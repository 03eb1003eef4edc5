"""`sensitivity`: which choice matters most, as shares of the variance of the ranking."""

from __future__ import annotations

from typing import Any

import numpy as np

from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.sobol import resamples as resampled
from cityindex.robustness._asked import check_run, number, whole
from cityindex.robustness._base import base_of
from cityindex.robustness._design import Runs, design_of
from cityindex.robustness._draws import stream
from cityindex.robustness._outputs import output_of
from cityindex.robustness.shares import BOOTSTRAP, Estimate, Sensitivity, estimate

__all__ = ["Sensitivity", "sensitivity"]

CELLS = 1 << 22  # runs × samples × outputs whose shares are taken at once


def sensitivity(
    spec: Any,
    table: Any = None,
    choices: Any = (),
    *,
    samples: int = 1024,
    seed: int = 0,
    output: str = "shift",
    period: str | None = None,
    node: str | None = None,
    intervals: float = 0.95,
    resamples: int = 200,
    failing: str = "stop",
    threads: int = 1,
) -> Sensitivity:
    """Which choice matters most? The share of each in the variance of the ranking, alone and with interactions.

    The index is scored `samples` × (choices + 2) times: twice with everything drawn anew (A, B), and once for each
    choice with that one from B and all others from A. The first-order share of a choice is
    mean((B - m) (AB - A)) / V (Saltelli and others 2010, centred on the mean m), its total share
    mean((A - AB)²) / (2 V) (Jansen 1999), V the variance of the output.

    Parameters
    ----------
    spec, table
        A spec and a table as for `score`; or a `Result` alone.
    choices
        What may differ: one or several of `cityindex.vary`, independent of each other. Those in a list within the list
        count as one choice.
    samples
        How many; the error of a share falls with the square root.
    seed
        Of the random numbers. The same seed gives the same answer, whatever the number of threads.
    output
        ``shift``: the mean absolute rank change of all units. ``kendall``: the share of pairs of units that stand the
        other way round than nominally (ties in one of the rankings count half). ``rank:UNIT`` or ``score:UNIT``: of one
        unit, by its key or label. ``units``: shift, and besides the score and the rank of every unit (`for_units`).
    period
        The period of that unit, where it has several.
    node
        The group whose scores and ranks are looked at; None: the index.
    intervals
        The level of the intervals.
    resamples
        How many bootstrap resamples they are taken from; each takes its own numerator, mean and variance.
    failing
        ``stop``: a run that cannot be scored is an error. ``count``: its sample is left out of A, B and every AB, and
        told in the result. A run in which a unit that counts has no score cannot be scored.
    threads
        How many threads take blocks of runs.

    Returns
    -------
    Sensitivity

    Raises
    ------
    ScoreError
        The index itself cannot be scored, or a run cannot; a choice that does not fit the index, or takes its values in
        turn.

    References
    ----------
    Saisana, M., Saltelli, A. and Tarantola, S. (2005). Uncertainty and sensitivity analysis techniques as tools for the
    quality assessment of composite indicators. Journal of the Royal Statistical Society A 168(2), 307-323.
    https://doi.org/10.1111/j.1467-985X.2005.00350.x
    Saltelli, A. and others (2010). Variance based sensitivity analysis of model output. Design and estimator for the
    total sensitivity index. Computer Physics Communications 181(2), 259-270.
    https://doi.org/10.1016/j.cpc.2009.09.018

    Examples
    --------
    >>> from cityindex import vary
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> data = {"city": ["x", "y", "z"], "a": [1.0, 2.0, 3.0], "b": [3.0, 2.5, 1.0]}
    >>> choices = [vary.weights(factor=0.5), vary.methods("score.aggregate", ["arithmetic", "geometric"])]
    >>> found = sensitivity(spec, data, choices, output="score:z", seed=1)
    >>> found.to_frame().round(2)[["choice", "first", "total"]]
                choice  first  total
    0          weights   0.71   0.74
    1  score.aggregate   0.28   0.28
    """
    samples, resamples = whole("samples", samples, 2), whole("resamples", resamples, 2)
    if not 0 < number("intervals", intervals) < 1:
        raise ScoreError(f"intervals: {intervals}; a level between 0 and 1 is wanted (0.95)")
    seed, threads = check_run(seed, failing, threads)
    base = base_of(spec, table, node)
    design = design_of(base, choices, seed)
    wanted = output_of(base, output, period)
    runs = design.collect(samples, wanted, failing, threads)
    kept = runs.values.shape[1]
    if kept < 2:
        first = min(runs.failed)
        raise ScoreError(f"{kept} of {samples} samples can be scored; sample {first}: {runs.failed[first]}")
    units = _of_units(runs, resampled(stream(seed, 0, 0, BOOTSTRAP), kept, resamples), intervals)
    return Sensitivity(
        design=design,
        output=wanted.words,
        asked=samples,
        failed=dict(sorted(runs.failed.items())),
        level=intervals,
        resamples=resamples,
        values=runs.values,
        units=units,
        rows=tuple(wanted.units.tolist()) if units else (),
    )


def _of_units(runs: Runs, weights: FloatArray, level: float) -> dict[str, Estimate]:
    """The shares for every unit's rank and score, some units at a time; none where units were not asked for."""
    found: dict[str, Estimate] = {}
    for name, values in (("rank", runs.ranks), ("score", runs.scores)):
        if values is None:
            continue
        width = max(1, CELLS // (values.shape[0] * values.shape[1]))
        parts = [
            estimate(values[..., start : start + width].astype(np.float64), weights, level)
            for start in range(0, values.shape[2], width)
        ]
        names = Estimate.__dataclass_fields__
        found[name] = Estimate(
            **{key: np.concatenate([getattr(part, key) for part in parts], axis=-1) for key in names}
        )
    return found
