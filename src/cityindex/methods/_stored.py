"""The reference that an aggregator which compares units keeps: its columns, sorted or as they stand, safe in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, like, significant

__all__ = ["keep_sorted", "keep_units", "sorted_columns", "stand", "stored_units"]


def keep_units(ref: FloatArray) -> dict[str, Any]:
    """The reference units that have a child at all: ``units`` (m, k), 0 where a cell is missing; ``gaps`` (g, 2).

    >>> keep_units(np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, 4.0]]))
    {'units': array([[1., 0.],
           [3., 4.]]), 'gaps': array([[0, 1]])}
    """
    units = significant(ref[~np.isnan(ref).all(axis=1)])
    if not len(units):
        raise DomainError("there is no unit to compare with", columns=range(ref.shape[1]))
    return {"units": np.nan_to_num(units, nan=0.0), "gaps": np.argwhere(np.isnan(units))}


def stored_units(params: Mapping[str, Any]) -> FloatArray:
    """What `keep_units` kept, (m, k), with its gaps again.

    >>> stored_units({"units": [[1.0, 0.0], [3.0, 4.0]], "gaps": [[0, 1]]})
    array([[ 1., nan],
           [ 3.,  4.]])
    """
    units = np.array(params["units"], np.float64)
    rows, columns = np.asarray(params["gaps"], np.intp).reshape(-1, 2).T
    units[rows, columns] = np.nan
    return units


def keep_sorted(ref: FloatArray, least: int) -> dict[str, Any]:
    """Each column's own present numbers, ascending: ``columns`` (n, k), filled up below, and ``units`` (k,), how many.

    A column with fewer than `least` numbers is refused.

    >>> keep_sorted(np.array([[3.0, 5.0], [1.0, np.nan]]), 1)
    {'columns': array([[1., 5.],
           [3., 5.]]), 'units': array([2, 1])}
    """
    columns = np.sort(significant(ref), axis=0)  # nan last
    units = (~np.isnan(columns)).sum(axis=0)
    few = units < least
    if few.any():
        found = "no number" if least == 1 else f"numbers of fewer than {least} units"
        raise DomainError(f"the column has {found} to compare with", columns=np.flatnonzero(few))
    return {"columns": np.where(np.isnan(columns), np.fmax.reduce(columns, axis=0), columns), "units": units}


def sorted_columns(params: Mapping[str, Any]) -> Iterator[FloatArray]:
    """The columns that `keep_sorted` kept, each as long as it has numbers."""
    columns = np.asarray(params["columns"], np.float64)
    units = np.asarray(params["units"], np.intp)
    if units.max(initial=0) > len(columns):
        raise ValueError(f"{len(columns)} numbers are stored of {units.max()} units")
    for column, count in zip(columns.T, units, strict=True):
        yield np.ascontiguousarray(column[:count])


def stand(x: FloatArray, params: Mapping[str, Any]) -> tuple[FloatArray, FloatArray]:
    """How many reference units each number is above and below of, in its own column; both ``nan`` where x is.

    >>> above, below = stand(np.array([[2.0], [3.0]]), {"columns": [[1.0], [3.0], [3.0]], "units": [3]})
    >>> above.ravel().tolist(), below.ravel().tolist()
    ([1.0, 1.0], [2.0, 0.0])
    """
    compared = significant(x)
    above, below = like(x), like(x)
    for j, column in enumerate(sorted_columns(params)):
        above[..., j] = np.searchsorted(column, compared[..., j])
        below[..., j] = len(column) - np.searchsorted(column, compared[..., j], side="right")
    gaps = np.isnan(x)
    above[gaps] = below[gaps] = np.nan
    return above, below
