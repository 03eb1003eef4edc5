"""The weights that a source does not print: which are possible at all, given the numbers that it prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np

from cityindex._values import Frozen
from cityindex.auditing.bounds_of_weights import Bounds, Printed, Rounding, printed, total_rows, unit_of
from cityindex.auditing.identification import Identification, Schemes
from cityindex.auditing.identify_inputs import Ends, Inputs, read_inputs, upper_ends
from cityindex.auditing.order_bounds import Ranking, against_order, in_order, read_order
from cityindex.auditing.region_of_weights import Region
from cityindex.errors import Problem, TableError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.polytope import Ranges

__all__ = ["Identification", "Schemes", "identify_weights"]

Aggregate = Literal["arithmetic", "geometric"]
LISTED = 20  # schemes that are listed in full
DIVISORS = (1, 2, 4, 5, 10, 20, 25, 50)


@dataclass(frozen=True)
class _Ask:
    """What is asked, checked."""

    rounding: Rounding
    aggregate: Aggregate
    total_weight: float | None
    floor: float | None
    schemes: tuple[int, ...]
    samples: int
    seed: int

    def problems(self) -> list[Problem]:
        """What cannot be asked."""
        found = []
        for name, said, words in (("rounding", self.rounding, Rounding), ("aggregate", self.aggregate, Aggregate)):
            if said not in get_args(words):
                found.append(Problem(f"{name}: found {said!r}.{nearest(str(said), get_args(words))}"))
        if self.total_weight is not None and not (_is_number(self.total_weight) and self.total_weight > 0):
            found.append(Problem(f"total_weight: found {self.total_weight!r}; a number above 0 is wanted, or None"))
        if self.floor is not None and not _is_number(self.floor):
            found.append(Problem(f"floor: found {self.floor!r}; a number is wanted, or None"))
        divisors = ", ".join(map(str, DIVISORS))
        found += [
            Problem(f"schemes: {step} does not divide 100; {divisors} do")
            for step in self.schemes
            if step not in DIVISORS
        ]
        for name, number in (("samples", self.samples), ("seed", self.seed)):
            if not isinstance(number, int | np.integer) or number < 0:
                found.append(Problem(f"{name}: found {number!r}; a whole number from 0 on is wanted"))
        return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and bool(np.isfinite(value))


def identify_weights(
    parts: Any,
    total: Any = None,
    *,
    decimals: int | Mapping[str, int] | None = None,
    total_decimals: int | None = None,
    rounding: Rounding = "half",
    aggregate: Aggregate = "arithmetic",
    total_weight: float | None = 1.0,
    ends: Mapping[str, Ends] | None = None,
    total_end: float | Mapping[str, float] | None = None,
    floor: float | None = None,
    order: Any = None,
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
        A table of sub-scores, or a mapping of columns: a column a child, a row a unit, the units in the index. Cells
        that are not printed are missing. Text keeps printed zeros (``"0.820"``).
    total
        The printed totals, one a row, or by unit; missing where none is printed. None where only an order is known.
    decimals, total_decimals
        How many decimals were printed, for all children or by child; None: the most that a column shows.
    rounding
        ``half``: to the nearest; ``down``: cut off; ``none``: the numbers are exact.
    aggregate
        ``geometric``: the total is a weighted geometric mean, whose logarithms are linear.
    total_weight
        What the weights add up to; None: nothing is known.
    ends
        Child → the last score of a list that ends early: whoever is absent scores at most that. By unit where only
        some are known to be behind the end.
    total_end
        The same of the list of totals, for units that have none.
    floor
        What no score lies below (0 for most indices); None: nothing is known.
    order
        The units from the best down: each scores no less than all behind. Units that share a place stand in a tuple,
        and are in no order; or ranks by unit.
    schemes
        Grids, in per cent of `total_weight`, on which simple schemes are looked for.
    samples, seed
        How many uniform samples to draw, and from which seed.

    Raises
    ------
    TableError
        Where the table has no numbers, sizes differ, a geometric mean meets 0 or less, options are not what they can
        be, or samples are wanted of weights that have no end.

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
    grids = (schemes,) if isinstance(schemes, int) else tuple(schemes)
    ask = _Ask(rounding, aggregate, total_weight, floor, grids, samples, seed)
    problems = ask.problems()
    if total is None and order is None:
        problems.append(Problem("identify_weights needs totals, or an order of the units"))
    if problems:
        raise TableError(problems)
    inputs = read_inputs(parts, total, decimals, total_decimals)
    tops = upper_ends(ends or {}, inputs.children, inputs.units)
    total_tops = upper_ends({} if total_end is None else {"total": total_end}, ["total"], inputs.units)
    places = None if order is None else read_order(order, inputs.units)
    region = _region(inputs, ask, tops, total_tops, places)
    complete = places is None and not (np.isfinite(tops).any() or np.isfinite(total_tops).any())
    return _identified(region, inputs, ask, _notes(inputs, region.bounds, ask, tops, total_tops), complete)


# -- what the numbers say ---------------------------------------------------------------------------------------------


def _region(inputs: Inputs, ask: _Ask, tops: FloatArray, total_tops: FloatArray, places: Any) -> Region:
    """Every row that the numbers give, and the ranking."""
    parts = _bounded(printed(inputs.parts, inputs.decimals, ask.rounding), inputs, ask, tops)
    digits = np.array([inputs.total_decimals], float)
    wide = printed(inputs.total[:, None], digits, ask.rounding)
    absent = np.isnan(inputs.total)
    behind = absent & np.isfinite(total_tops[:, 0])
    total = Printed(wide.low[:, 0], np.where(behind, total_tops[:, 0] + unit_of(digits, ask.rounding), wide.high[:, 0]))
    reasons = [("the end of the totals" if each else "its total", "its total") for each in behind.tolist()]
    against: list[tuple[int, int]] = []
    if places is not None:
        total, reasons, against = in_order(total, reasons, places, inputs.units)
    crossing = against_order(total, against, inputs.units, len(inputs.children))
    shown = total
    if ask.aggregate == "geometric":
        parts, total = _logs(parts, inputs.units), _logs(Printed(total.low[:, None], total.high[:, None]), inputs.units)
        total = Printed(total.low[:, 0], total.high[:, 0])
    bounds = total_rows(parts, total, inputs.units, shown, reasons) + crossing
    if places is None:
        return Region(bounds, ask.total_weight)
    ranking = Ranking.of(parts, places, inputs.units)
    return Region(bounds + ranking.neighbours(), ask.total_weight, ranking)


def _bounded(parts: Printed, inputs: Inputs, ask: _Ask, tops: FloatArray) -> Printed:
    """Cells that are not printed, at most the end of the list they are absent from; and nothing below the floor."""
    absent = np.isnan(inputs.parts)
    high = np.where(absent, tops + unit_of(inputs.decimals, ask.rounding), parts.high)
    if ask.floor is None:
        return Printed(parts.low, high)
    below = [(int(row), int(column)) for row, column in np.argwhere(high < ask.floor)[:20]]
    if below:
        raise TableError(
            [
                Problem(
                    f"{inputs.parts[row, column]:g} lies below the floor of {ask.floor:g}",
                    f"unit {inputs.units[row]}, column {inputs.children[column]}",
                )
                for row, column in below
            ]
        )
    return Printed(np.maximum(parts.low, ask.floor), high)


def _logs(numbers: Printed, units: Sequence[str]) -> Printed:
    """The logarithms of intervals; a lower end that may be 0 is none."""
    bad = np.flatnonzero((numbers.high <= 0).any(axis=1))
    if len(bad):
        some = ", ".join(units[row] for row in bad[:5])
        raise TableError(f"a geometric mean needs numbers above 0; not so for {some}")
    with np.errstate(divide="ignore"):
        return Printed(np.log(np.maximum(numbers.low, 0.0)), np.log(numbers.high))


# -- what they leave --------------------------------------------------------------------------------------------------


def _identified(region: Region, inputs: Inputs, ask: _Ask, notes: tuple[str, ...], complete: bool) -> Identification:
    children, nothing = inputs.children, Frozen({})
    found = region.ranges()
    bounds = region.bounds
    if found.empty is not None:
        return Identification(
            children=children,
            low=nothing,
            high=nothing,
            centre=nothing,
            feasible=False,
            equal=False,
            schemes=(),
            contradiction=tuple((bounds.units[row], bounds.says[row]) for row in found.empty),
            multipliers=tuple(found.multipliers.tolist()),
            samples=np.empty((0, len(children))),
            rows=len(bounds.h),
            notes=notes,
            complete=complete,
            _region=region,
        )
    middle = region.centre()
    total = ask.total_weight
    equal = np.full((1, len(children)), (total or 1.0) / len(children))
    identified = Identification(
        children=children,
        low=_by_child(children, found.low),
        high=_by_child(children, found.high),
        centre=_by_child(children, middle.point),
        feasible=True,
        equal=total is not None and bool(region.contains(equal)[0]),
        schemes=() if total is None else tuple(_schemes(region, children, found, step) for step in ask.schemes),
        samples=np.empty((0, len(children))),
        rows=len(region.bounds.h),
        notes=notes,
        complete=complete,
        _region=region,
    )
    return replace(identified, samples=identified.sample(ask.samples, seed=ask.seed)) if ask.samples else identified


def _by_child(children: Sequence[str], values: FloatArray) -> Frozen:
    return Frozen({child: float(value) for child, value in zip(children, values, strict=True)})


def _schemes(region: Region, children: Sequence[str], found: Ranges, step: int) -> Schemes:
    points, complete = region.grid(found, 100 // step)
    shares = np.round(points / (region.total or 1.0) * 100)
    return Schemes(step, len(points), tuple(_by_child(children, point) for point in shares[:LISTED]), complete)


def _notes(inputs: Inputs, bounds: Bounds, ask: _Ask, tops: FloatArray, total_tops: FloatArray) -> tuple[str, ...]:
    whole = ~np.isnan(inputs.parts).any(axis=1) & ~np.isnan(inputs.total)
    told = set(bounds.units)
    others = sum(unit in told for unit, all_there in zip(inputs.units, whole.tolist(), strict=True) if not all_there)
    count = f"{int(whole.sum())} of {len(inputs.units)} units have all their numbers"
    some = f", {others} more give bounds" if others > 1 else ", 1 more gives a bound" if others else ""
    notes = [f"{count}{some}; {len(bounds.h)} bounds were used"]
    if ask.rounding != "none":
        words = {"half": "rounded to the nearest", "down": "cut off"}[ask.rounding]
        digits = [f"{child} {int(each)}" for child, each in zip(inputs.children, inputs.decimals, strict=True)]
        known = [f"total {inputs.total_decimals}"] if not np.isnan(inputs.total).all() else []
        notes.append(f"numbers are {words}: decimals of {', '.join([*digits, *known])}")
    if np.isfinite(tops).any() or np.isfinite(total_tops).any():
        floor = "" if ask.floor is None else f", at least {ask.floor:g}"
        notes.append(
            f"whoever a list leaves out scores at most its last score{floor}, each of them apart: "
            "a range may be wider than what is possible, never narrower"
        )
    return tuple(notes)
