"""The aggregator of a group on its axis, with one set of weights or several; and what it learns of its reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex._registry import keywords
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Call

__all__ = ["WeightedColumns", "aggregate", "each_set", "learn_reference", "on_axis", "parts_of"]

Params = Mapping[str, Any]
WeightedColumns = Callable[[FloatArray, FloatArray], FloatArray]


def on_axis(call: Call, x: FloatArray) -> FloatArray:
    """The children on the axis that the aggregate is computed on (`via`)."""
    if call.via is None:
        return x
    (a, b), (c, d) = call.via
    return (x - a) / (b - a) * (d - c) + c


def aggregate(call: Call, x: FloatArray, weights: FloatArray, params: Params | None = None) -> FloatArray:
    """The aggregator on its axis: x (… × n × k) and weights (… × k) to … × n.

    `params` is what an aggregator that compares units learned of its reference (None: it learns nothing).
    """
    options: dict[str, Any] = keywords(call.method.function, call.settings)
    known = () if params is None else (params,)
    column: FloatArray = call.method.function(on_axis(call, x), weights, *known, **options)
    if call.via is None:
        return column
    (a, b), (c, d) = call.via
    return (column - c) / (d - c) * (b - a) + a


def learn_reference(call: Call, ref: FloatArray, weights: FloatArray) -> dict[str, Any]:
    """What an aggregator that compares units learns of the reference rows (n × k), on its axis."""
    assert call.method.learn is not None  # asked of `pooled` by the callers
    found = call.method.learn(on_axis(call, ref), weights, **keywords(call.method.learn, call.settings))
    return dict(found)


def parts_of(call: Call, x: FloatArray, weights: FloatArray, params: Params | None = None) -> FloatArray:
    """The aggregate split among the children, shaped like x, where the method has such parts."""
    assert call.method.parts is not None
    known = () if params is None else (params,)
    parts: FloatArray = call.method.parts(x, weights, *known, **keywords(call.method.parts, call.settings))
    return parts


def each_set(function: WeightedColumns, x: FloatArray, weights: FloatArray) -> FloatArray:
    """`function` of x (n × k) and the weights of its rows: k for all of them, or n × k where sets differ by label.

    A row whose weights are `nan` (its label was not learned) has no value.
    """
    if weights.ndim == 1:
        return function(x, weights)
    weighed = np.flatnonzero(~np.isnan(weights).any(axis=1))
    if not len(weighed):
        return function(np.full(x.shape, np.nan), np.ones(x.shape[1]))
    sets, which = np.unique(weights[weighed], axis=0, return_inverse=True)
    found = [weighed[which.reshape(-1) == place] for place in range(len(sets))]
    made = [_of_rows(function, x, own, rows) for own, rows in zip(sets, found, strict=True)]
    out = np.full((len(x), *made[0].shape[1:]), np.nan)
    for rows, values in zip(found, made, strict=True):
        out[rows] = values
    return out


def _of_rows(function: WeightedColumns, x: FloatArray, weights: FloatArray, rows: npt.NDArray[np.intp]) -> FloatArray:
    """`function` of some rows; the cells that it refuses are told as they stand in x."""
    try:
        return function(x[rows], weights)
    except DomainError as error:
        cells = [(int(rows[row]), column) for row, column in error.cells]
        raise DomainError(error.reason, columns=error.columns, cells=cells) from None
