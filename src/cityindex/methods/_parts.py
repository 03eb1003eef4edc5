"""The parts of an aggregate: x's shape, adding up over the children present to the aggregate; ``nan`` for the absent.

For averages and products it is Euler's theorem: if y is homogeneous of degree d, Σ xⱼ ∂y/∂xⱼ = d·y, and child j's part
is xⱼ ∂y/∂xⱼ / d. Where the aggregate is ``nan`` there is nothing to split, and so are all of its parts.
"""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._combine import extreme, geometric_mean, power_mean, weighted_product
from cityindex.methods._weighted import shares

__all__ = [
    "arithmetic_parts",
    "geometric_parts",
    "harmonic_parts",
    "maximum_parts",
    "minimum_parts",
    "power_parts",
    "product_parts",
    "sum_parts",
]

NO_DEGREE = 1e-12  # weights of a product that add up to less than this add up to 0


def arithmetic_parts(x: FloatArray, w: FloatArray) -> FloatArray:
    """Weight times value: w x / Σ w.

    >>> arithmetic_parts(np.array([[80.0, 60.0]]), np.array([1.0, 3.0]))
    array([[20., 45.]])
    """
    return x * shares(x, w)


def geometric_parts(x: FloatArray, w: FloatArray) -> FloatArray:
    """By weight alone, whatever the values: y w / Σ w."""
    return geometric_mean(x, w)[..., None] * shares(x, w)


def harmonic_parts(x: FloatArray, w: FloatArray) -> FloatArray:
    """The lower a child, the larger its part: y (w / Σ w) (y / x)."""
    return _power_parts(x, w, -1.0)


def power_parts(x: FloatArray, w: FloatArray, *, exponent: float) -> FloatArray:
    """Between `arithmetic_parts` (p = 1) and `harmonic_parts` (p = −1): y (w / Σ w) (x / y)ᵖ."""
    return arithmetic_parts(x, w) if exponent == 1 else _power_parts(x, w, exponent)


def _power_parts(x: FloatArray, w: FloatArray, exponent: float) -> FloatArray:
    y = power_mean(x, w, exponent)[..., None]
    ratio = x / np.where(y == 0, 1.0, y)
    return np.asarray(y * shares(x, w) * ratio**exponent, np.float64)


def sum_parts(x: FloatArray, w: FloatArray) -> FloatArray:
    """Weight times value: w x."""
    return np.where(np.isnan(x).any(axis=-1, keepdims=True), np.nan, x * w[..., None, :])


def product_parts(x: FloatArray, w: FloatArray) -> FloatArray:
    """By weight alone: y w / Σ w; ``nan`` where the weights add up to 0, since a ratio has no such parts.

    >>> product_parts(np.array([[8.0, 2.0]]), np.array([1.0, 1.0]))
    array([[8., 8.]])
    """
    degree = np.asarray(w.sum(axis=-1, keepdims=True))[..., None, :]
    degree = np.where(np.abs(degree) < NO_DEGREE, np.nan, degree)
    return np.asarray(weighted_product(x, w)[..., None] * (w[..., None, :] / degree), np.float64)


def minimum_parts(x: FloatArray, w: FloatArray | None = None) -> FloatArray:
    """All to the lowest child, in equal shares to those that tie at 12 significant digits."""
    return _extreme_parts(x, extreme(x, np.minimum, np.fmin))


def maximum_parts(x: FloatArray, w: FloatArray | None = None) -> FloatArray:
    """All to the highest child, in equal shares to those that tie at 12 significant digits."""
    return _extreme_parts(x, extreme(x, np.maximum, np.fmax))


def _extreme_parts(x: FloatArray, found: FloatArray) -> FloatArray:
    tied = significant(x) == significant(found)[..., None]
    several = np.maximum(tied.sum(axis=-1, keepdims=True), 1)
    return np.where(np.isnan(x), np.nan, tied * (found[..., None] / several))
