"""The means, products and extremes themselves; `aggregate` names them, `_parts` splits them among the children.

Shapes as there: x (…, n, k), w (…, k), result (…, n); ``nan`` is an absent child. Domains are checked here.
"""

from __future__ import annotations

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, cells_of
from cityindex.methods._weighted import hold_within, weighted_mean, with_weight

__all__ = ["extreme", "geometric_mean", "power_mean", "weighted_product"]


def _refuse(bad: BoolArray, reason: str) -> None:
    if bad.any():
        raise DomainError(reason, cells=cells_of(bad))


def geometric_mean(x: FloatArray, w: FloatArray) -> FloatArray:
    """exp(Σ w ln x / Σ w) over the children present; numbers that are not above 0 are refused."""
    _refuse(x <= 0, "a geometric mean needs numbers above 0")
    return hold_within(np.exp(weighted_mean(np.log(x), w)), x)


def power_mean(x: FloatArray, w: FloatArray, exponent: float, name: str = "") -> FloatArray:
    """(Σ w xᵖ / Σ w)^(1/p) over the children present; numbers below 0 are refused, and 0 where p < 0.

    Each row is taken by the largest number that weighs anything (the smallest, where p < 0), so that no power of it
    overflows or vanishes.
    """
    name = name or f"a power mean with exponent {exponent:g}"
    if exponent > 0:
        _refuse(x < 0, f"{name} needs numbers from 0 on")
    else:
        _refuse(x <= 0, f"{name} needs numbers above 0")
    counted = with_weight(x, w)
    size = (np.fmax if exponent > 0 else np.fmin).reduce(counted, axis=-1)
    size = np.where(size > 0, size, 1.0)
    mean = weighted_mean((counted / size[..., None]) ** exponent, w)
    return hold_within(np.asarray(size * mean ** (1 / exponent), np.float64), x)


def weighted_product(x: FloatArray, w: FloatArray) -> FloatArray:
    """Π x^w, ``nan`` where any child is absent; what has a negative weight divides, so that a ratio is the quotient."""
    exponents = w[..., None, :]
    if (x <= 0).any():
        _refuse((x == 0) & (exponents < 0), "0 with a negative weight is a division by 0")
        _refuse((x < 0) & (exponents != np.rint(exponents)), "a number below 0 has no power that is not whole")
    above = np.ones(np.broadcast_shapes(x.shape[:-1], (*w.shape[:-1], 1)))
    below = np.ones_like(above)
    for child in range(x.shape[-1]):
        exponent = w[..., None, child]
        above *= _raised(x[..., child], np.maximum(exponent, 0))
        if (exponent < 0).any():
            below *= _raised(x[..., child], np.maximum(-exponent, 0))
    above /= below
    np.copyto(above, np.nan, where=np.isnan(x).any(axis=-1))  # nan to the power of 0 is 1
    return above


def _raised(x: FloatArray, exponent: FloatArray) -> FloatArray:
    if (exponent == 1).all():
        return x
    each = exponent + np.zeros_like(x)  # one ½ for many rows would be a root, in other bits than of one row
    return np.asarray(np.power(x, each), np.float64)


def extreme(x: FloatArray, plain: np.ufunc, present: np.ufunc) -> FloatArray:
    """The lowest or highest child: `plain` is np.minimum or np.maximum, `present` its twin that ignores ``nan``."""
    found = plain.reduce(x, axis=-1)
    if np.isnan(found).any():
        found = present.reduce(x, axis=-1)
    return np.asarray(found + 0.0, np.float64)  # −0 and 0 are one number, whichever comes first
