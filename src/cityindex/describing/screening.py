"""Which units have enough data, which have not and why, and the table without them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cityindex.describing.gather import Data, Stage
from cityindex.describing.statistics import unit_shares
from cityindex.errors import NotFoundError, TableError, nearest
from cityindex.table import Note, Table

__all__ = ["Screening", "named", "screen"]

Coverage = float | Mapping[str, float]


@dataclass(frozen=True, eq=False, repr=False)
class Screening:
    """Units that have enough data and units that have not; ``print(screening)`` lists who is left out, and why.

    Attributes
    ----------
    units
        Unit → ``share`` available, ``passes`` (it stays), ``reason`` (why it is out, or stays in spite of something).
    table
        The table with the units that stay; a note in it tells who was left out, and a result of it tells so too.
    """

    units: pd.DataFrame
    table: Table

    @property
    def left_out(self) -> pd.DataFrame:
        """The units that are out, and why."""
        return self.units.loc[~self.units["passes"], ["share", "reason"]]

    def __str__(self) -> str:
        out = self.left_out
        head = f"{len(self.units) - len(out):,} of {len(self.units):,} units stay"
        forced = self.units[self.units["passes"] & (self.units["reason"] != "")]
        lines = [f"  out: {named(unit)}: {reason}" for unit, reason in out["reason"].items()]
        lines += [f"  kept: {named(unit)}: {reason}" for unit, reason in forced["reason"].items()]
        return "\n".join([head, *lines])

    __repr__ = __str__


def named(unit: Any) -> str:
    """A unit of an index, with its period where it has one."""
    return f"{unit[0]} ({unit[1]})" if isinstance(unit, tuple) else str(unit)


def screen(
    data: Data,
    coverage: Coverage,
    zeros: float | None,
    force_in: Iterable[str],
    force_out: Iterable[str],
    stage: Stage,
) -> Screening:
    """What `Description.screen` gives."""
    inside, outside = _forced(data, "force_in", force_in), _forced(data, "force_out", force_out)
    both = sorted(inside & outside)
    if both:
        raise TableError(f"{', '.join(both)}: forced in and out at once")
    reasons = _reasons(data, coverage, zeros, stage)
    passes = np.array([not reason for reason in reasons])
    words = ["; ".join(reason) for reason in reasons]
    for row, unit in enumerate(data.units):
        if unit in outside:
            passes[row], words[row] = False, "; ".join(["forced out", *reasons[row]])
        elif unit in inside and not passes[row]:
            passes[row], words[row] = True, f"forced in, in spite of: {words[row]}"
    frame = pd.DataFrame(
        {
            "share": unit_shares(data, data.indicators, stage)["share"].to_numpy(),
            "passes": passes,
            "reason": pd.array(words, dtype="str"),
        },
        index=data.index,
    )
    return Screening(frame, _without(data, passes))


def _forced(data: Data, name: str, units: Iterable[str]) -> set[str]:
    asked = {str(unit) for unit in ([units] if isinstance(units, str) else units)}
    known = set(data.units)
    for unit in asked - known:
        raise NotFoundError(f"{name}: no unit {unit!r}.{nearest(unit, data.units)}")
    return asked


def _reasons(data: Data, coverage: Coverage, zeros: float | None, stage: Stage) -> list[list[str]]:
    """For each unit, why it does not pass."""
    wanted = coverage if isinstance(coverage, Mapping) else {"": coverage}
    reasons: list[list[str]] = [[] for _ in data.units]
    for group, least in wanted.items():
        if group and group not in data.children:
            raise NotFoundError(f"coverage: {data.spec.id} computes no group {group!r}.{nearest(group, data.children)}")
        _share(f"coverage{f' of {group}' if group else ''}", least)
        where = f" of {group}" if group else ""
        counts = unit_shares(data, data.below(group) if group else data.indicators, stage)
        here, whole = counts["available"].to_numpy(), counts["indicators"].to_numpy()
        for row in np.flatnonzero(counts["share"] < least - 1e-12):
            share = f"{here[row] / whole[row]:.0%}, {least:.0%} wanted"
            reasons[row].append(f"{here[row]} of {whole[row]} indicators{where} available ({share})")
    if zeros is not None:
        _share("zeros", zeros)
        counts = unit_shares(data, data.indicators, stage)
        zero, whole = counts["zeros"].to_numpy(), counts["available"].to_numpy()
        for row in np.flatnonzero(1 - counts["nonzero_share"] > zeros + 1e-12):
            share = f"{zero[row] / whole[row]:.0%}, {zeros:.0%} allowed"
            reasons[row].append(f"{zero[row]} of {whole[row]} numbers are 0 ({share})")
    return reasons


def _share(what: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise TableError(f"{what}: {value}; a share between 0 and 1 is wanted")


def _without(data: Data, passes: np.ndarray[Any, Any]) -> Table:
    if passes.all():
        return data.table
    out = tuple(named(data.index[int(row)]) for row in np.flatnonzero(~passes))
    many = "1 unit" if len(out) == 1 else f"{len(out):,} units"
    note = Note(
        "screen", f"{many} left out by screening: {', '.join(out[:10])}{', …' if len(out) > 10 else ''}", units=out
    )
    table = data.table.take(np.flatnonzero(passes))
    return replace(table, notes=(*table.notes, note))
