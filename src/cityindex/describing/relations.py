"""How nodes go with one another: correlations, and the pairs that ask for a second look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from cityindex.describing.gather import Data, Of, Stage
from cityindex.errors import NotFoundError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.correlation import COEFFICIENTS, Coefficient, Correlation, correlate, p_values

__all__ = ["Bounds", "Flag", "correlations_frame", "find_flags", "flags_frame"]


# -- correlations -----------------------------------------------------------------------------------------------------


def correlations_frame(
    data: Data, of: Of, with_: Of | None, method: Coefficient, stage: Stage | None, p: bool
) -> pd.DataFrame:
    """The table that `Description.correlations` gives."""
    _known(method)
    if with_ == "parent":
        return _with_parents(data, of, method, data.stage(stage), p)
    at = data.stage(stage)
    rows = data.select(of, at)
    x = data.matrix(rows, at)
    if with_ == "denominators":
        columns, y = _denominators(data)
    else:
        columns = rows if with_ is None else data.select(with_, at)
        y = data.matrix(columns, at)
    found = correlate(x, None if y is x else y, method=method)
    if p:
        return _pairs(rows, columns, x, y, found, method, itself=with_ is None)
    return pd.DataFrame(found.r, index=pd.Index(rows, name="node", dtype="str"), columns=list(columns))


def _known(method: str) -> None:
    if method not in COEFFICIENTS:
        raise NotFoundError(f"no correlation {method!r}.{nearest(str(method), COEFFICIENTS)}")


def _denominators(data: Data) -> tuple[tuple[str, ...], FloatArray]:
    found = data.denominators
    if not found:
        raise NotFoundError(f"{data.spec.id} divides no indicator by another column (per)")
    return tuple(found), np.column_stack(list(found.values()))


def _pairs(
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    x: FloatArray,
    y: FloatArray,
    found: Correlation,
    method: Coefficient,
    *,
    itself: bool,
) -> pd.DataFrame:
    """One row a pair, with the units that it rests on and its p-value; each pair of a table with itself once."""
    chance = p_values(x, y, found, method=method)
    places = np.triu_indices(len(rows), k=1) if itself else np.indices(found.r.shape).reshape(2, -1)
    left, right = places
    return pd.DataFrame(
        {
            "node": pd.array([rows[place] for place in left], dtype="str"),
            "with": pd.array([columns[place] for place in right], dtype="str"),
            "units": found.n[left, right].astype(np.int64),
            "r": found.r[left, right],
            "p": chance[left, right],
        }
    )


def _with_parents(data: Data, of: Of, method: Coefficient, stage: Stage, p: bool) -> pd.DataFrame:
    """Each node with every group that it is a child of."""
    wanted = set(data.select(of, stage))
    frames = []
    for group, children in data.children.items():
        rows = tuple(child for child in children if child in wanted)
        if rows:
            data.select([group], stage)  # says so where groups have no such column
            x, y = data.matrix(rows, stage), data.matrix((group,), stage)
            frames.append(_pairs(rows, (group,), x, y, correlate(x, y, method=method), method, itself=False))
    if not frames:
        raise NotFoundError(f"of={of!r}: none of these nodes has a parent")
    frame = pd.concat(frames, ignore_index=True)
    return frame if p else frame.drop(columns="p")


# -- flags ------------------------------------------------------------------------------------------------------------


class Bounds(NamedTuple):
    """From where on a pair is flagged."""

    high: float = 0.92
    low: float = -0.4
    weak: float = 0.3
    denominator: float = 0.6


class Flag(NamedTuple):
    """A pair that asks for a second look; `kind` is one of high, negative, parent, weak, denominator."""

    kind: Literal["negative", "parent", "high", "denominator", "weak"]
    node: str
    other: str
    group: str
    r: float
    units: int
    p: float
    words: str


LEAST = 3  # units that a pair has to have to be flagged: two are always in line
KINDS = ("parent", "negative", "high", "denominator", "weak")  # the worst first


def flags_frame(data: Data, bounds: Bounds, method: Coefficient, stage: Stage | None) -> pd.DataFrame:
    """The table that `Description.flags` gives."""
    found = find_flags(data, bounds, method, stage)
    frame = pd.DataFrame(found, columns=list(Flag._fields))
    return frame.astype({"r": np.float64, "p": np.float64, "units": np.int64})


def find_flags(data: Data, bounds: Bounds, method: Coefficient, stage: Stage | None) -> list[Flag]:
    """Every pair that is flagged, the worst first."""
    _known(method)
    at = data.stage(stage)
    found = [*_siblings(data, bounds, method, at), *_sizes(data, bounds, method)]
    if at in ("carried", "published"):
        found += _parents(data, bounds, method, at)
    return sorted(found, key=lambda flag: (KINDS.index(flag.kind), -abs(flag.r) if flag.kind != "weak" else flag.r))


def _siblings(data: Data, bounds: Bounds, method: Coefficient, stage: Stage) -> Iterator[Flag]:
    """Children of one group that are nearly the same, or run against each other."""
    for group, children in data.families.items():
        names = data.standing(children, stage)
        x = data.matrix(names, stage)
        found = correlate(x, method=method)
        with np.errstate(invalid="ignore"):
            flagged = np.triu((found.r >= bounds.high) | (found.r <= bounds.low), k=1) & (found.n >= LEAST)
        chance = _chance(x, x, found, flagged, method)
        for i, j in np.argwhere(flagged):
            r, n = float(found.r[i, j]), int(found.n[i, j])
            kind: Literal["high", "negative"] = "high" if r > 0 else "negative"
            say = "nearly say the same" if r > 0 else "pull against each other"
            words = f"{names[i]} and {names[j]} {say} ({_told(r, n, data)}, in {group})"
            yield Flag(kind, names[i], names[j], group, r, n, float(chance[i, j]), words)


def _parents(data: Data, bounds: Bounds, method: Coefficient, stage: Stage) -> Iterator[Flag]:
    """Children that run against their group, or hardly go with it."""
    for group, children in data.families.items():
        x, y = data.matrix(children, stage), data.matrix((group,), stage)
        found = correlate(x, y, method=method)
        flagged = (found.r < bounds.weak) & (found.n >= LEAST)
        chance = _chance(x, y, found, flagged, method)
        for i, j in np.argwhere(flagged):
            r, n = float(found.r[i, j]), int(found.n[i, j])
            kind: Literal["parent", "weak"] = "parent" if r < 0 else "weak"
            say = "pulls against" if r < 0 else "hardly goes with"
            words = f"{children[i]} {say} its group {group} ({_told(r, n, data)})"
            yield Flag(kind, children[i], group, group, r, n, float(chance[i, j]), words)


def _sizes(data: Data, bounds: Bounds, method: Coefficient) -> Iterator[Flag]:
    """Indicators that go with a column others are divided by: they measure size, or still do."""
    if not data.denominators:
        return
    pers, y = _denominators(data)
    x = data.matrix(data.leaves, "raw")
    found = correlate(x, y, method=method)
    with np.errstate(invalid="ignore"):
        flagged = (np.abs(found.r) >= bounds.denominator) & (found.n >= LEAST)
    chance = _chance(x, y, found, flagged, method)
    for i, j in np.argwhere(flagged):
        name, per, r, n = data.leaves[i], pers[j], float(found.r[i, j]), int(found.n[i, j])
        own = data.divided_by(name) == per
        say = f"still goes with {per}, by which it is divided" if own else f"goes with {per}, and is not divided by it"
        words = f"{name} {say} ({_told(r, n, data)})"
        yield Flag("denominator", name, per, "", r, n, float(chance[i, j]), words)


def _told(r: float, units: int, data: Data) -> str:
    """A correlation, and how many units it rests on where that is not all of them."""
    return f"r {r:.2f}" if units == len(data) else f"r {r:.2f} of {units:,} units"


def _chance(x: FloatArray, y: FloatArray, found: Correlation, flagged: np.ndarray, method: Coefficient) -> FloatArray:
    """The p-values of those that are flagged."""
    some = Correlation(np.where(flagged, found.r, np.nan), found.n)
    return p_values(x, y, some, method=method)
