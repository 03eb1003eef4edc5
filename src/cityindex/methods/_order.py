"""Children in order: what `ordered` computes, and how it is split among them.

Shapes as there: x (…, n, k), w (…, k), result (…, n); ``nan`` is an absent child. Rows never mix.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, add_children, significant
from cityindex.methods._weighted import hold_within, total_weight

__all__ = ["Half", "middle", "middle_parts", "ordered_mean", "ordered_parts", "reach_of"]

Half = Literal["middle", "lower", "upper"]
Reach = Callable[[FloatArray], FloatArray]


def _sorted(x: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Children from the lowest up, their weights (0 where absent), and the share of the weight reached with each.

    The shares are ``nan`` where no child with a weight is present.
    """
    total_weight(w)
    order = np.argsort(x, axis=-1, kind="stable")  # nan last
    values = np.take_along_axis(x, order, axis=-1)
    shape = np.broadcast_shapes(x.shape, (*w.shape[:-1], 1, w.shape[-1]))
    weights = np.take_along_axis(np.broadcast_to(w[..., None, :], shape), np.broadcast_to(order, shape), axis=-1)
    weights = np.where(np.isnan(values), 0.0, weights)
    with np.errstate(invalid="ignore"):  # 0 / 0: nothing is present
        return values, weights, _reached(weights)


def _reached(weights: FloatArray) -> FloatArray:
    sums = np.add.accumulate(weights, axis=-1)
    return np.asarray(sums / sums[..., -1:], np.float64)


# -- ordered weighted average -----------------------------------------------------------------------------------------


def reach_of(children: int, positions: tuple[float, ...] | None, exponent: float | None) -> Reach:
    """Q: the share of the weight that the highest children have, 0 to 1, to what they count for together, 0 to 1."""
    if positions is None:
        power = 1.0 if exponent is None else float(exponent)
        return lambda share: np.asarray(share**power, np.float64)
    if len(positions) != children:
        raise DomainError(f"{len(positions)} positions for {children} children: each place has one weight")
    sums = np.concatenate([[0.0], np.add.accumulate(np.asarray(positions, np.float64))])
    sums /= sums[-1]
    grid = np.arange(children + 1) / children
    return lambda share: np.asarray(np.interp(share, grid, sums), np.float64)


def ordered_mean(x: FloatArray, w: FloatArray, reach: Reach) -> FloatArray:
    """Σ x₍ᵢ₎ (Q(Tᵢ) − Q(Tᵢ₋₁)), from the highest child down."""
    values, weights, _ = _sorted(-x, w)
    with np.errstate(invalid="ignore"):
        counts = reach(_reached(weights))
    counts[..., 1:] -= counts[..., :-1].copy()
    values = np.where(np.isnan(values), 0.0, -values)
    return hold_within(add_children(counts * values), x)


def ordered_parts(x: FloatArray, w: FloatArray, reach: Reach) -> FloatArray:
    """Child by child: Q at the weight of those above and beside it, less Q at that of those above, times the child.

    Children that tie share by their weights, so that the parts do not depend on the order they are written in.
    """
    total = np.where(np.isnan(x), 0.0, w[..., None, :]).sum(axis=-1)
    compared = significant(x)
    parts = np.full(np.broadcast_shapes(x.shape, (*w.shape[:-1], 1, w.shape[-1])), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        for child in range(x.shape[-1]):
            own = compared[..., child, None]
            above = np.where(compared > own, w[..., None, :], 0.0).sum(axis=-1)
            beside = np.where(compared == own, w[..., None, :], 0.0).sum(axis=-1)
            counts = reach(np.minimum((above + beside) / total, 1.0)) - reach(above / total)
            share = np.where(beside > 0, w[..., None, child] / beside, 0.0)
            parts[..., child] = counts * share * x[..., child]
    return parts


# -- medians ----------------------------------------------------------------------------------------------------------


def _at_half(x: FloatArray, w: FloatArray, half: Half) -> tuple[FloatArray, FloatArray]:
    """The lower and the upper child at half of the weight, (…, n) each: the same one, but at exactly half."""
    values, _, reached = _sorted(x, w)
    nothing = np.isnan(reached[..., -1])
    reached = significant(reached)
    values = np.broadcast_to(values, reached.shape)

    def first(here: BoolArray) -> FloatArray:
        found = np.take_along_axis(values, np.argmax(here, axis=-1)[..., None], axis=-1)[..., 0]
        return np.where(nothing, np.nan, found + 0.0)  # −0 and 0 are one number

    lower, upper = first(reached >= 0.5), first(reached > 0.5)
    return (upper if half == "upper" else lower), (lower if half == "lower" else upper)


def middle(x: FloatArray, w: FloatArray, half: Half) -> FloatArray:
    """The value at half of the weight."""
    lower, upper = _at_half(x, w, half)
    return np.asarray((lower + upper) / 2, np.float64)


def middle_parts(x: FloatArray, w: FloatArray, half: Half) -> FloatArray:
    """Half of each of the two values at half of the weight, to the children that have it, by their weights."""
    compared, weights = significant(x), np.broadcast_to(w[..., None, :], (*w.shape[:-1], x.shape[-2], x.shape[-1]))
    parts = np.where(np.isnan(x), np.nan, 0.0)
    for value in _at_half(x, w, half):
        tied = np.where(compared == significant(value)[..., None], weights, 0.0)
        with np.errstate(invalid="ignore"):  # 0 / 0: there is no value
            parts = parts + value[..., None] / 2 * (tied / tied.sum(axis=-1, keepdims=True))
    return parts
