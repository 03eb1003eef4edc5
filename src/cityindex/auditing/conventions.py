"""Which convention closes the gap between a recomputation and what was published?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cityindex.auditing.comparing import Target, read_target
from cityindex.auditing.trials import Search, Trial
from cityindex.auditing.variants import CONVENTIONS, Variant
from cityindex.errors import NotFoundError, Problem, TableError, nearest
from cityindex.spec import load_spec
from cityindex.spec.model import Spec
from cityindex.table import Table, read_table

__all__ = ["Conventions", "Trial", "conventions"]

SHOWN = 5


@dataclass(frozen=True, eq=False, repr=False)
class Conventions:
    """What was tried to reproduce an index, and what came of it.

    Attributes
    ----------
    index, node
        What was compared.
    units
        How many rows were published.
    written
        The spec as it is.
    found
        The combinations with the fewest changes after which every row is as published; none may be.
    best
        The combinations that leave the fewest rows, the best first (none with a change that does not help); those
        found, where there are some.
    trials
        Everything that was tried, in that order.
    complete
        Whether every combination of so many changes was tried (`most`), or the search came to its end before.
    """

    index: str
    node: str
    units: int
    written: Trial
    trials: tuple[Trial, ...]
    complete: bool

    @property
    def found(self) -> tuple[Trial, ...]:
        closing = [trial for trial in self.trials if trial.closes]
        fewest = min((len(trial.changes) for trial in closing), default=0)
        return tuple(trial for trial in closing if len(trial.changes) == fewest)

    @property
    def best(self) -> tuple[Trial, ...]:
        if self.found:
            return self.found
        best: list[Trial] = []
        for trial in sorted(self.trials, key=lambda trial: (trial.order, len(trial.changes))):
            with_less = any(set(other.changes) < set(trial.changes) for other in best)
            if trial.order < self.written.order and not with_less and len(best) < SHOWN:
                best.append(trial)
        return tuple(best)

    def to_frame(self) -> pd.DataFrame:
        """One row a combination, the spec as written first."""
        rows = [_as_row(trial) for trial in (self.written, *self.trials)]
        return pd.DataFrame(rows, columns=["changes", "number", "rows", "largest", "typical", "refused"])

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        lines = [f"{self.index}, {self.node}: {self.units} published rows", f"  {self.written}"]
        if self.written.closes:
            return "\n".join(lines)
        refused = sum(trial.misses is None for trial in self.trials)
        most = max((len(trial.changes) for trial in self.trials), default=0)
        tried = f"{len(self.trials)} {'changes' if most < 2 else f'combinations of up to {most} changes'} tried"
        tried += f", {refused} of which cannot be scored" if refused else ""
        tried += "" if self.complete else "; there are more"
        head = "closed by" if self.found else "none closes the gap; the nearest" if self.best else "none comes nearer"
        lines.append(f"  {head} ({tried}):")
        return "\n".join([*lines, *(f"    {trial}" for trial in self.best)])


def _as_row(trial: Trial) -> dict[str, Any]:
    rows, largest, typical = (
        (pd.NA, np.nan, np.nan)
        if trial.misses is None
        else (trial.misses.rows, trial.misses.largest, trial.misses.typical)
    )
    return {
        "changes": " and ".join(trial.changes),
        "number": len(trial.changes),
        "rows": rows,
        "largest": largest,
        "typical": typical,
        "refused": trial.refused,
    }


def conventions(
    spec: Spec | str | Path,
    table: Any,
    published: object,
    *,
    node: str | None = None,
    tolerance: float | None = None,
    decimals: int | None = None,
    among: str | Sequence[str] | None = None,
    most: int = 2,
    trials: int = 300,
) -> Conventions:
    """Find the conventions under which an index reproduces: score changed specs, and count the rows that differ.

    Where two people follow one method and get two results, they mostly differ in what nobody writes down: n or n − 1 in
    a deviation, the ranks of ties, rounding before the next step, weights that are divided by their sum. These are
    tried, one change at a time, then two together (those first that came nearest alone), until one closes the gap.

    Parameters
    ----------
    spec
        The index as it is understood; or what `load_spec` takes.
    table
        The data, or what `read_table` takes.
    published
        What was published (a frame, a path): a column that names the units; the scores in a column of the node's name
        or ``score`` (further columns named by nodes are compared too, unless `node` is said); ``rank``; ``tier``.
    node
        The node to compare; None: the index and every other node that has a column.
    tolerance
        How far a score may be from what was published; None: half a unit of its last digit.
    decimals
        How many decimals were published, where the text does not show it.
    among
        Names of conventions to try; None: all of them (see `CONVENTIONS` in ``auditing.variants``).
    most
        How many changes are tried together, at most.
    trials
        How many combinations are scored, at most.

    Returns
    -------
    Conventions
        With ``written``, ``found``, ``best`` and ``trials``. It says as well that none was found.

    Raises
    ------
    SpecError, TableError
        Where the spec, the data or what was published cannot be read.
    NotFoundError
        Where there is no such node or convention, or no unit of the table was published.

    Examples
    --------
    >>> import pandas as pd
    >>> from cityindex import conventions
    >>> spec = {"cityindex": 1, "id": "two", "unit": {"kind": "city", "key": "city"}, "index": {
    ...     "id": "score", "children": [{"id": "x", "steps": ["zscore"]}]}}
    >>> data = pd.DataFrame({"city": ["甲", "乙", "丙"], "x": [1.0, 2.0, 6.0]})
    >>> printed = pd.DataFrame({"city": ["甲", "乙", "丙"], "score": ["-0.926", "-0.463", "1.389"]})
    >>> print(conventions(spec, data, printed))
    two, score: 3 published rows
      as written: 3 rows differ (3 scores of score, by 0.255 at most)
      closed by (11 changes tried):
        zscore of indicators: sd: population: every row is as published
    """
    opened = spec if isinstance(spec, Spec) else load_spec(spec)
    data = table if isinstance(table, Table) else read_table(table)
    _check_options(among, most, trials, tolerance, decimals)
    target = read_target(opened, published, node, tolerance=tolerance, decimals=decimals)
    search = Search(opened, data, target)
    written = search.written()
    if written.closes:
        return Conventions(opened.id, target.node, len(target), written, (), complete=True)
    tried, complete = search.run(_variants(opened, target, among, gaps=search.gaps), most, trials)
    return Conventions(opened.id, target.node, len(target), written, tuple(tried), complete)


def _check_options(among: object, most: object, trials: object, tolerance: object, decimals: object) -> None:
    """What is asked for is possible; every problem is told."""
    wanted = [among] if isinstance(among, str) else list(among) if isinstance(among, list | tuple) else []
    unknown = [
        Problem(f"among: no convention {name!r}.{nearest(str(name), CONVENTIONS)}")
        for name in wanted
        if name not in CONVENTIONS
    ]
    if unknown:
        raise NotFoundError(unknown)
    whole = {"most": (most, 1), "trials": (trials, 1), "decimals": (0 if decimals is None else decimals, 0)}
    problems = [
        Problem(f"{name}={value!r}: a whole number from {least} on is wanted")
        for name, (value, least) in whole.items()
        if isinstance(value, bool) or not isinstance(value, int) or value < least
    ]
    if tolerance is not None and not (isinstance(tolerance, int | float) and 0 <= tolerance < np.inf):
        problems.append(Problem(f"tolerance={tolerance!r}: a number from 0 on is wanted"))
    if problems:
        raise TableError(problems)


def _variants(spec: Spec, target: Target, among: str | Sequence[str] | None, *, gaps: bool) -> list[Variant]:
    chosen = list(CONVENTIONS) if among is None else [among] if isinstance(among, str) else list(among)
    if among is None and target.ranks is None and target.tiers is None:
        chosen.remove("rank")
    if among is None and not gaps:
        chosen.remove("missing")
    return [variant for name in chosen for variant in CONVENTIONS[name].variants(spec, target.node, target.decimals)]
