"""The aggregator of a group on its axis, with one set of weights or several; and what it learns of its reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cityindex._registry import keywords
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
    """`function` of x (n × k) and the weights of its rows: k for all of them, or n × k where sets differ by label."""
    if weights.ndim == 1:
        return function(x, weights)
    sets, which = np.unique(weights, axis=0, return_inverse=True)
    out: FloatArray | None = None
    for place, own in enumerate(sets):
        rows = np.flatnonzero(which.reshape(-1) == place)
        made = np.full((len(rows), *x.shape[2:]), np.nan) if np.isnan(own).any() else function(x[rows], own)
        if out is None:
            out = np.full((len(x), *made.shape[1:]), np.nan)
        out[rows] = made
    return np.full(len(x), np.nan) if out is None else out
