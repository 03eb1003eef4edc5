"""The weights that a source does not print: which are possible at all, given the numbers that it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cityindex._values import Frozen
from cityindex.auditing.bounds_of_weights import Bounds, Printed, Rounding, order_rows, printed, total_rows, with_ends
from cityindex.auditing.identify_inputs import Inputs, read_inputs
from cityindex.errors import TableError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.polytope import centre, grid, inside, ranges, sample

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Identification", "Schemes", "identify_weights"]

SHOWN = 20  # schemes that are listed in full


@dataclass(frozen=True)
class Schemes:
    """The simple schemes of one grid (1 %, 5 % …) that are possible: how many, the first of them, and whether all."""

    step: int
    count: int
    schemes: tuple[Frozen, ...]
    complete: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain data: count, schemes (in per cent), and whether the search came to its end."""
        return {"count": self.count, "schemes": [dict(each) for each in self.schemes], "complete": self.complete}


@dataclass(frozen=True)
class Identification:
    """The weights that printed numbers allow.

    Attributes
    ----------
    low, high, centre
        Child → the least and the largest weight that is possible, and that in the middle of the region (its Chebyshev
        centre); empty where nothing is possible.
    feasible
        Whether any weights explain every row.
    equal
        Whether equal weights do.
    schemes
        The simple schemes that do, by grid.
    contradiction
        Where nothing is possible: rows that no weights explain together, and from which none can be left out, as
        (unit, what its row says). There may be smaller such sets.
    samples
        Uniform samples of the region, (n, d).
    rows
        How many bounds the numbers gave.
    notes
        What was used, and what the answer rests on.
    """

    children: tuple[str, ...]
    low: Frozen
    high: Frozen
    centre: Frozen
    feasible: bool
    equal: bool
    schemes: tuple[Schemes, ...]
    contradiction: tuple[tuple[str, str], ...] = ()
    samples: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    rows: int = 0
    notes: tuple[str, ...] = ()

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
        weights = {
            child: {"low": self.low[child], "high": self.high[child], "centre": self.centre[child]}
            for child in (self.children if self.feasible else ())
        }
        grids = {f"{each.step}%": each.as_dict() for each in self.schemes}
        return {
            "weights": weights,
            "feasible": self.feasible,
            "simple_schemes": {"equal": self.equal, **grids},
            "contradiction": [{"unit": unit, "says": says} for unit, says in self.contradiction],
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
            lines += [_told(each) for each in self.schemes]
        return "\n".join([*lines, *(f"note: {note}" for note in self.notes)])


def _share(weight: float) -> str:
    return f"{weight:.4%}" if np.isfinite(weight) else "any"


def _told(each: Schemes) -> str:
    count = f"{each.count}" if each.complete else f"{each.count} or more"
    shown = "; ".join(", ".join(f"{child} {share:g}%" for child, share in one.items()) for one in each.schemes[:3])
    return f"multiples of {each.step}%: {count} possible{f' ({shown})' if 0 < each.count <= 3 else ''}"


def identify_weights(
    parts: Any,
    total: Any = None,
    *,
    decimals: int | Mapping[str, int] | None = None,
    total_decimals: int | None = None,
    rounding: Rounding = "half",
    aggregate: Literal["arithmetic", "geometric"] = "arithmetic",
    total_weight: float | None = 1.0,
    ends: Mapping[str, float] | None = None,
    floor: float | None = None,
    order: Sequence[str] | None = None,
    schemes: Sequence[int] = (1, 5, 10),
    samples: int = 0,
    seed: int = 0,
) -> Identification:
    """The weights w ≥ 0 with which printed sub-scores give printed totals, each number being any that prints so.

    A row says Σ wⱼ·lowᵢⱼ ≤ total.highᵢ and Σ wⱼ·highᵢⱼ ≥ total.lowᵢ. With w ≥ 0, and each printed number in one row
    only, this is exact: the set of possible weights is a polytope, and each weight's range is found by linear programs.

    Parameters
    ----------
    parts
        A table of sub-scores: a column a child, a row a unit, the units in the index (or names by `order`). Cells that
        are not printed are missing. Text keeps printed zeros (``"0.820"``).
    total
        The printed totals, one a row; missing where none is printed. None where only an order is known.
    decimals, total_decimals
        How many decimals were printed, for all children or by child; None: the most that a column shows.
    rounding
        ``half``: to the nearest; ``down``: cut off; ``none``: the numbers are exact.
    aggregate
        ``geometric``: the total is a weighted geometric mean, whose logarithms are linear.
    total_weight
        What the weights add up to; None: nothing is known.
    ends
        Child → the last score of a list that ends early: whoever is absent scores at most that.
    floor
        What no score lies below (0 for most indices); None: nothing is known.
    order
        The units from the best down: each scores no less than the next. Numbers that stand in two such pairs are taken
        to vary apart in each, so that with rounded numbers the ranges are bounds and not exact.
    schemes
        Grids, in per cent, on which simple schemes are looked for.
    samples, seed
        How many uniform samples to draw, and from which seed.

    Raises
    ------
    TableError
        Where the table has no numbers, sizes differ, or a geometric mean meets 0 or less.

    References
    ----------
    The exact form of rows with rounded numbers and weights that are not negative is the interval linear system of
    W. Oettli, W. Prager (1964), *Numerische Mathematik* 6, 405–409, doi:10.1007/BF01386090.

    Examples
    --------
    >>> import pandas as pd
    >>> printed = pd.DataFrame({"economy": ["81.2", "64.0", "50.3"], "green": ["40.1", "72.5", "66.6"]},
    ...                        index=["甲", "乙", "丙"])
    >>> found = identify_weights(printed, ["60.7", "68.3", "58.5"])
    >>> found.equal, round(found.low["economy"], 3), round(found.high["economy"], 3)
    (True, 0.499, 0.503)
    """
    inputs = read_inputs(parts, total, decimals, total_decimals)
    if total is None and order is None:
        raise TableError("identify_weights needs totals, or an order of the units")
    bounds = _bounds(inputs, rounding, aggregate, dict(ends or {}), floor, list(order) if order is not None else None)
    notes = _notes(inputs, bounds, rounding, order)
    identified = _identify(inputs.children, bounds, total_weight, tuple(schemes), notes)
    if not identified.feasible or not samples or total_weight is None:
        return identified
    return replace(identified, samples=sample(bounds.g, bounds.h, total=total_weight, count=samples, seed=seed))


def _identify(
    children: tuple[str, ...], bounds: Bounds, total: float | None, schemes: tuple[int, ...], notes: tuple[str, ...]
) -> Identification:
    """What the bounds allow."""
    found = ranges(bounds.g, bounds.h, total=total)
    nothing = Frozen({})
    if found.empty is not None:
        rows = tuple((bounds.units[row], bounds.says[row]) for row in found.empty)
        return Identification(
            children, nothing, nothing, nothing, False, False, (), rows, rows=len(bounds.h), notes=notes
        )
    equal = np.full((1, len(children)), (total or 1.0) / len(children))
    return Identification(
        children=children,
        low=_by_child(children, found.low),
        high=_by_child(children, found.high),
        centre=_by_child(children, centre(bounds.g, bounds.h, total=total)[0]),
        feasible=True,
        equal=total is not None and bool(inside(bounds.g, bounds.h, equal)[0]),
        schemes=() if total is None else tuple(_schemes(children, bounds, found, step, total) for step in schemes),
        rows=len(bounds.h),
        notes=notes,
    )


def _by_child(children: Sequence[str], values: FloatArray) -> Frozen:
    return Frozen({child: float(value) for child, value in zip(children, values, strict=True)})


def _bounds(
    inputs: Inputs,
    rounding: Rounding,
    aggregate: str,
    ends: dict[str, float],
    floor: float | None,
    order: list[str] | None,
) -> Bounds:
    """Every row that the numbers give."""
    parts = printed(inputs.parts, inputs.decimals, rounding)
    unit = 0.0 if rounding == "none" else (0.5 if rounding == "half" else 1.0)
    tops = {
        child: ends[child] + unit * 10.0 ** -inputs.decimals[place]
        for place, child in enumerate(inputs.children)
        if child in ends
    }
    parts = with_ends(parts, inputs.children, tops, floor)
    total = printed(inputs.total[:, None], np.array([inputs.total_decimals]), rounding)
    if aggregate == "geometric":
        parts, total = _logs(parts, inputs), _logs(total, inputs)
    bounds = total_rows(parts, Printed(total.low[:, 0], total.high[:, 0]), inputs.units)
    return bounds if order is None else bounds + order_rows(parts, order, inputs.units)


def _logs(numbers: Printed, inputs: Inputs) -> Printed:
    """The logarithms of intervals above 0 (what is not known stays so)."""
    low = np.where(np.isfinite(numbers.low), numbers.low, np.nan)
    bad = np.flatnonzero((low <= 0).any(axis=1))
    if len(bad):
        some = ", ".join(inputs.units[row] for row in bad[:5])
        raise TableError(f"a geometric mean needs numbers above 0, also where they are rounded; not so for {some}")
    with np.errstate(divide="ignore", invalid="ignore"):
        return Printed(np.where(np.isneginf(numbers.low), -np.inf, np.log(low)), np.log(numbers.high))


def _schemes(children: Sequence[str], bounds: Bounds, found: Any, step: int, total: float) -> Schemes:
    if 100 % step:
        raise TableError(f"schemes: {step} does not divide 100; 1, 2, 4, 5, 10, 20, 25 and 50 do")
    points, complete = grid(bounds.g, bounds.h, found, parts=100 // step, total=total)
    listed = tuple(_by_child(children, np.round(point / total * 100)) for point in points[:SHOWN])
    return Schemes(step, len(points), listed, complete)


def _notes(inputs: Inputs, bounds: Bounds, rounding: Rounding, order: Any) -> tuple[str, ...]:
    whole = int((~np.isnan(inputs.parts).any(axis=1) & ~np.isnan(inputs.total)).sum())
    words = {"half": "rounded to the nearest", "down": "cut off", "none": "exact"}[rounding]
    shown = ", ".join(f"{child} {int(digits)}" for child, digits in zip(inputs.children, inputs.decimals, strict=True))
    notes = [f"{whole} of {len(inputs.units)} units have all their numbers; {len(bounds.h)} bounds were used"]
    if rounding != "none":
        notes.append(f"numbers are {words}: decimals of {shown}, total {inputs.total_decimals}")
    if order is not None and rounding != "none":
        notes.append("numbers that stand in two pairs of the order vary apart: the ranges are bounds, not exact")
    return tuple(notes)
