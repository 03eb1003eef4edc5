"""What identification found: ranges of weights, simple schemes, or rows that contradict each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex._shown import Shown
from cityindex._values import Frozen
from cityindex.errors import TableError
from cityindex.methods._arrays import FloatArray

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.auditing.region_of_weights import Region

__all__ = ["Identification", "Schemes"]


@dataclass(frozen=True)
class Schemes:
    """The simple schemes of one grid (1 %, 5 % …) that are possible: how many, the first of them, and whether all.

    `complete` is False where there are more than are counted, or the search was given up: then there may be more.
    """

    step: int
    count: int
    schemes: tuple[Frozen, ...]
    complete: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain data: count, schemes (in per cent), and whether these are all that there are."""
        return {"count": self.count, "schemes": [dict(each) for each in self.schemes], "complete": self.complete}

    def __str__(self) -> str:
        count = f"{self.count}" if self.complete else f"{self.count} found, there may be more;"
        shown = "; ".join(", ".join(f"{child} {share:g}%" for child, share in one.items()) for one in self.schemes[:3])
        return f"multiples of {self.step}%: {count} possible{f' ({shown})' if 0 < self.count <= 3 else ''}"


@dataclass(frozen=True)
class Identification(Shown):
    """The weights that printed numbers allow.

    Attributes
    ----------
    low, high, centre
        Child → the least and the largest weight that is possible, and that in the middle of the region (its Chebyshev
        centre); empty where nothing is possible. A range without an end is infinite, and has no centre (nan).
    feasible
        Whether any weights explain every row.
    equal
        Whether equal weights do.
    schemes
        The simple schemes that do, by grid.
    contradiction
        Where nothing is possible: rows that no weights explain together, and from which none can be left out, as
        (unit, what its row says). There may be smaller such sets.
    multipliers
        How much of each of these rows, added up, makes a row that no weights satisfy: the proof.
    samples
        Uniform samples of the region, (n, d).
    rows
        How many bounds the numbers gave.
    notes
        What was used, and what the answer rests on.
    complete
        Whether the rows `g`, `h` are all that the numbers say. Not so of an order, whose pairs enter as they are
        needed, and of lists that end early, whose last score is one number in several rows.
    """

    children: tuple[str, ...]
    low: Frozen
    high: Frozen
    centre: Frozen
    feasible: bool
    equal: bool
    schemes: tuple[Schemes, ...]
    contradiction: tuple[tuple[str, str], ...] = ()
    multipliers: tuple[float, ...] = ()
    samples: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    rows: int = 0
    notes: tuple[str, ...] = ()
    complete: bool = True
    _region: Region = field(kw_only=True, repr=False, compare=False)

    @property
    def g(self) -> FloatArray:
        """The rows of the region, (rows, children): g @ weights <= h, besides weights from 0 on, and their sum."""
        return self._region.bounds.g.copy()

    @property
    def h(self) -> FloatArray:
        """The ends of the rows, (rows,)."""
        return self._region.bounds.h.copy()

    @property
    def total_weight(self) -> float | None:
        """What the weights add up to; None: nothing was said."""
        return self._region.total

    def sample(self, count: int, *, seed: int = 0) -> FloatArray:
        """Uniform samples of the region, (count, children).

        Raises
        ------
        TableError
            Nothing is possible, weights have no end, or the count is none.
        """
        for name, asked in (("count", count), ("seed", seed)):
            if isinstance(asked, bool) or not isinstance(asked, int | np.integer) or asked < 0:
                raise TableError(f"{name}: found {asked!r}; a whole number from 0 on is wanted")
        if not self.feasible:
            raise TableError("samples: no weights are possible")
        if not np.isfinite([*self.low.values(), *self.high.values()]).all():
            words = "these numbers leave weights without an end; say what they add up to (total_weight)"
            raise TableError(f"samples: {words}")
        return self._region.samples(count, seed)

    @property
    def weights(self) -> dict[str, dict[str, float | None]]:
        """Child → low, high and centre; None where there is no end, or no centre. Empty where nothing is possible."""
        ends = {"low": self.low, "high": self.high, "centre": self.centre}
        some = self.children if self.feasible else ()
        return {child: {name: _or_none(values[child]) for name, values in ends.items()} for child in some}

    def to_frame(self) -> pd.DataFrame:
        """One row a child: low, high, centre."""
        import pandas as pd

        rows = [
            {"child": child, "low": self.low.get(child), "high": self.high.get(child), "centre": self.centre.get(child)}
            for child in self.children
        ]
        return pd.DataFrame(rows)

    def as_dict(self) -> dict[str, Any]:
        """Plain data, as the command line prints it."""
        grids = {f"{each.step}%": each.as_dict() for each in self.schemes}
        rows = zip(self.contradiction, self.multipliers, strict=True)
        return {
            "weights": self.weights,
            "feasible": self.feasible,
            "simple_schemes": {"equal": self.equal, **grids},
            "contradiction": [
                {"unit": unit, "says": says, "multiplier": multiplier} for (unit, says), multiplier in rows
            ],
            "rows": self.rows,
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        if not self.feasible:
            lines = ["no weights explain these rows together (none of them can be left out):"]
            lines += [f"  {unit}: {says}" for unit, says in self.contradiction]
        else:
            width = max(len(child) for child in self.children)
            lines = [
                f"{child:<{width}}  {_share(self.low[child])} to {_share(self.high[child])}"
                f"  centre {_share(self.centre[child])}"
                for child in self.children
            ]
            lines.append(f"equal weights: {'possible' if self.equal else 'not possible'}")
            lines += [str(each) for each in self.schemes]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def _or_none(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _share(weight: float) -> str:
    return f"{weight:.4%}" if np.isfinite(weight) else "any"
