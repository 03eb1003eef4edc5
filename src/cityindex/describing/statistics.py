"""What the columns look like, and how much of each unit is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from cityindex.describing.gather import Data, Of, Stage
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods._shape import acceptable
from cityindex.methods.distribution import Distribution, distribution, shape_outliers

__all__ = ["Limits", "Trouble", "availability_frame", "column_troubles", "columns_frame", "unit_shares"]

COUNTS = ("available", "missing", "zeros", "distinct", "same", "outliers", "to_winsorise")


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a column is odd: least share available, most zeros and equal numbers, and the limits of shape."""

    coverage: float = 0.65
    zeros: float = 0.5
    same: float = 0.5
    skewness: float = 2.0
    kurtosis: float = 3.5


class Trouble(NamedTuple):
    """Something odd about a column: how bad (1 is worst), and in words."""

    level: int
    words: str


def columns_frame(data: Data, of: Of, stage: Stage, limits: Limits) -> pd.DataFrame:
    """The table that `Description.columns` gives."""
    names = data.select(of, stage)
    x = data.matrix(names, stage)
    found = distribution(x)
    units = np.array([data.applies(name).sum() for name in names], dtype=np.float64)
    moved = shape_outliers(x, skewness=limits.skewness, kurtosis=limits.kurtosis)
    columns: dict[str, Any] = {
        "title": [data.title(name) for name in names],
        "units": units,
        "available": found.present,
        "missing": units - found.present,
        "share": _share(found.present, units),
        "zeros": found.zeros,
        "distinct": found.distinct,
        "same": found.same,
        "same_share": _share(found.same, found.present),
        "min": found.low,
        "q1": found.q1,
        "median": found.median,
        "q3": found.q3,
        "max": found.high,
        "mean": found.mean,
        "sd": found.sd,
        "skewness": found.skewness,
        "kurtosis": found.kurtosis,
        "outliers": found.below + found.above,
        "to_winsorise": moved,
        "shape": acceptable(found.skewness, found.kurtosis, limits.skewness, limits.kurtosis),
    }
    frame = pd.DataFrame(columns, index=pd.Index(names, name="node", dtype="str"))
    frame = frame.astype(dict.fromkeys(("units", *COUNTS), np.int64))
    troubles = _troubles(data, names, stage, units, found, limits)
    frame["flags"] = pd.array(["; ".join(trouble.words for trouble in each) for each in troubles], dtype="str")
    return frame


def column_troubles(data: Data, stage: Stage, limits: Limits) -> dict[str, list[Trouble]]:
    """Leaf → what is odd about it, the worst first; only those with something."""
    names = data.leaves
    units = np.array([data.applies(name).sum() for name in names], dtype=np.float64)
    troubles = _troubles(data, names, stage, units, distribution(data.matrix(names, stage)), limits)
    return {name: each for name, each in zip(names, troubles, strict=True) if each}


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    found: FloatArray = np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
    return found


def _troubles(
    data: Data, names: tuple[str, ...], stage: Stage, units: FloatArray, found: Distribution, limits: Limits
) -> list[list[Trouble]]:
    each = [dict(zip(Distribution._fields, values, strict=True)) for values in zip(*found, strict=True)]
    return [
        sorted(_of_column(data, name, stage, int(count), values, limits))
        for name, count, values in zip(names, units, each, strict=True)
    ]


def _of_column(
    data: Data, name: str, stage: Stage, units: int, found: dict[str, float], limits: Limits
) -> Iterator[Trouble]:
    present = int(found["present"])
    zero = _divided_by_zero(data, name) if stage in ("raw", "turned") else 0
    if zero:
        yield Trouble(1, f"divided by {data.divided_by(name)}, which is 0 in {_of(zero, units)}")
    if units and not present:
        yield Trouble(1, "no number at all")
        return
    if present < units:
        few = present < limits.coverage * units
        undivided = _lacking_divisor(data, name) if stage in ("raw", "turned") else 0
        why = [f"less than {limits.coverage:.0%} available"] if few else []
        why += [f"{undivided:,} because {data.divided_by(name)} is missing"] if undivided else []
        told = f" ({', '.join(why)})" if why else ""
        yield Trouble(2 if few else 5, f"missing in {_of(units - present, units)}{told}")
    if present and significant(found["low"]) == significant(found["high"]):
        everywhere = f"{found['low']:.6g} everywhere" if present > 1 else f"one number, {found['low']:.6g}"
        yield Trouble(1, f"constant: {everywhere}")
        return
    if found["zeros"] > limits.zeros * present:
        yield Trouble(3, f"zero in {_of(int(found['zeros']), present)}")
    elif found["same"] > limits.same * present:
        yield Trouble(3, f"the same number in {_of(int(found['same']), present)}")
    if abs(found["skewness"]) >= limits.skewness and found["kurtosis"] >= limits.kurtosis:
        yield Trouble(4, f"outliers: skewness {found['skewness']:.2f}, kurtosis {found['kurtosis']:.2f}")


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} units"


def _divided_by_zero(data: Data, name: str) -> int:
    return _divisors(data, name, lambda per: per == 0)


def _lacking_divisor(data: Data, name: str) -> int:
    return _divisors(data, name, np.isnan)


def _divisors(data: Data, name: str, odd: Callable[[FloatArray], BoolArray]) -> int:
    """How many units have a number there, and an odd one to divide it by."""
    return sum(
        int((odd(piece.inputs.per[name]) & ~np.isnan(piece.inputs.values[name]) & piece.applies[name]).sum())
        for piece in data.pieces
        if name in piece.inputs.per
    )


# -- by unit ----------------------------------------------------------------------------------------------------------


def availability_frame(data: Data, by: Literal["units", "groups"], stage: Stage) -> pd.DataFrame:
    """The table that `Description.availability` gives."""
    if by == "units":
        return unit_shares(data, data.indicators, stage)
    if by != "groups":
        raise NotFoundError(f"by={by!r}: 'units' or 'groups' is wanted.{nearest(str(by), ('units', 'groups'))}")
    shares = {name: unit_shares(data, data.below(name), stage)["share"] for name in data.children}
    return pd.DataFrame(shares, index=data.index)


def unit_shares(data: Data, names: tuple[str, ...], stage: Stage) -> pd.DataFrame:
    """By unit: how many of some leaves apply to it, have a number, lack one, are 0; and as shares."""
    x = data.matrix(names, stage)
    applied = np.zeros(len(data))
    for name in names:
        applied += data.applies(name)
    present = (~np.isnan(x)).sum(axis=1).astype(np.float64)
    zeros = (x == 0).sum(axis=1).astype(np.float64)
    return pd.DataFrame(
        {
            "indicators": applied.astype(np.int64),
            "available": present.astype(np.int64),
            "missing": (applied - present).astype(np.int64),
            "zeros": zeros.astype(np.int64),
            "share": _share(present, applied),
            "nonzero_share": _share(present - zeros, present),
        },
        index=data.index,
    )
