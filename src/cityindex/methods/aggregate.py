"""Aggregators: the children of a group to one column.

Each is ``(x, w, *, options) → y`` with x of shape (…, n, k), w of shape (…, k) and y of shape (…, n): n units, k
children, leading axes for draws on either. ``nan`` is an absent child: an average shares its weight among those
present, a sum or product is then ``nan`` itself. The order of the children does not matter (but for the last bit), and
a unit's value does not depend on which other units there are (to the last bit).

What is registered as `parts` splits an aggregate among the children present (see `_parts`): weight times value where
the aggregate is a weighted sum, Euler's theorem elsewhere.

Source of the means as aggregators of an index: OECD and JRC, *Handbook on Constructing Composite Indicators* (2008),
step 7, doi:10.1787/9789264043466-en; of their properties: P. S. Bullen, *Handbook of Means and Their Inequalities*
(2003), doi:10.1007/978-94-017-0399-4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._combine import extreme, geometric_mean, power_mean, weighted_product
from cityindex.methods._parts import (
    arithmetic_parts,
    geometric_parts,
    harmonic_parts,
    maximum_parts,
    minimum_parts,
    power_parts,
    product_parts,
    sum_parts,
)
from cityindex.methods._weighted import hold_within, weighted_mean, weighted_sum

__all__ = ["arithmetic", "geometric", "harmonic", "maximum", "minimum", "power", "product", "sum_"]


# -- averages ---------------------------------------------------------------------------------------------------------


@aggregator(parts=arithmetic_parts, additive=True)
def arithmetic(x: FloatArray, w: FloatArray) -> FloatArray:
    """The weighted mean, Σ w x / Σ w over the children present.

    Parts: w x / Σ w.

    Parameters
    ----------
    x
        Shape (…, n, k), in any unit; ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.

    Returns
    -------
    Shape (…, n), in the unit of x; ``nan`` where no child with a weight is present. Equal children give exactly their
    value.

    Raises
    ------
    DomainError
        Weights that are negative or add up to 0.

    Examples
    --------
    >>> arithmetic(np.array([[80.0, 60.0], [np.nan, 50.0]]), np.array([0.25, 0.75]))
    array([65., 50.])
    """
    return hold_within(weighted_mean(x, w), x)


@aggregator(parts=geometric_parts)
def geometric(x: FloatArray, w: FloatArray) -> FloatArray:
    """The weighted geometric mean, exp(Σ w ln x / Σ w) over the children present.

    A low child pulls it down more than a high one lifts it: children make up for each other only in part.
    Parts (Euler): y w / Σ w.

    Parameters
    ----------
    x
        Shape (…, n, k), above 0; ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.

    Returns
    -------
    Shape (…, n), in the unit of x.

    Raises
    ------
    DomainError
        A number that is not above 0, by (row, child): there is no silent floor, `clip` makes a visible one.
        Weights that are negative or add up to 0.

    Examples
    --------
    The Human Development Index takes it of its three dimensions.

    >>> geometric(np.array([[0.6971, 0.3447, 0.5506]]), np.array([1.0, 1.0, 1.0])).round(3)
    array([0.51])
    """
    return geometric_mean(x, w)


@aggregator(parts=harmonic_parts)
def harmonic(x: FloatArray, w: FloatArray) -> FloatArray:
    """The weighted harmonic mean, Σ w / Σ (w / x) over the children present.

    The strictest of the three classical means towards a low child. Parts (Euler): y² w / (x Σ w).

    Parameters
    ----------
    x
        Shape (…, n, k), above 0; ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.

    Returns
    -------
    Shape (…, n), in the unit of x.

    Raises
    ------
    DomainError
        A number that is not above 0, by (row, child). Weights that are negative or add up to 0.

    Examples
    --------
    >>> harmonic(np.array([[30.0, 60.0]]), np.array([1.0, 1.0]))
    array([40.])
    """
    return power_mean(x, w, -1.0, "a harmonic mean")


def _power_problems(options: Mapping[str, Any]) -> list[str]:
    exponent = options["exponent"]
    if exponent == 0:
        return ["exponent: 0 makes no power mean; its limit there is the aggregator 'geometric'"]
    return [] if math.isfinite(exponent) else [f"exponent: {exponent} is not a finite number"]


@aggregator(parts=power_parts, bare="exponent", check_option=_power_problems)
def power(x: FloatArray, w: FloatArray, *, exponent: float) -> FloatArray:
    """The weighted power mean, (Σ w xᵖ / Σ w)^(1/p) over the children present.

    p = 1 is the arithmetic mean, −1 the harmonic, 2 the quadratic; p → 0 the geometric (say so), p → −∞ the minimum.
    Parts (Euler): y (w / Σ w) (x / y)ᵖ.

    Parameters
    ----------
    x
        Shape (…, n, k), from 0 on (above 0 if p < 0; any number if p = 1); ``nan`` is absent.
    w
        Shape (…, k), from 0 on; divided by the sum of those present.
    exponent
        p, any number but 0.

    Returns
    -------
    Shape (…, n), in the unit of x.

    Raises
    ------
    DomainError
        A number below 0 (or 0, if p < 0), by (row, child). An exponent of 0. Weights that are negative or add up to 0.

    Examples
    --------
    >>> power(np.array([[1.0, 7.0]]), np.array([1.0, 1.0]), exponent=2)
    array([5.])
    """
    problems = _power_problems({"exponent": exponent})
    if problems:
        raise DomainError(problems[0])
    return arithmetic(x, w) if exponent == 1 else power_mean(x, w, float(exponent))


# -- weights as they stand --------------------------------------------------------------------------------------------


@aggregator("sum", parts=sum_parts, additive=True, averages=False)
def sum_(x: FloatArray, w: FloatArray) -> FloatArray:
    """The weighted sum, Σ w x, with the weights as they stand: −1 makes a difference.

    Parts: w x.

    Parameters
    ----------
    x
        Shape (…, n, k); ``nan`` is absent.
    w
        Shape (…, k), any numbers; never divided.

    Returns
    -------
    Shape (…, n); ``nan`` where any child is absent.

    Examples
    --------
    >>> sum_(np.array([[9.0, 4.0], [9.0, np.nan]]), np.array([1.0, -1.0]))
    array([ 5., nan])
    """
    return weighted_sum(x, w)


@aggregator(parts=product_parts, averages=False)
def product(x: FloatArray, w: FloatArray) -> FloatArray:
    """The weighted product, Π x^w, with the weights as they stand: −1 makes a ratio (exactly the quotient).

    Parts (Euler): y w / Σ w; none (``nan``) where the weights add up to 0, as those of a ratio do.

    Parameters
    ----------
    x
        Shape (…, n, k); ``nan`` is absent. Not below 0 where the weight is no whole number, not 0 where it is
        negative.
    w
        Shape (…, k), any numbers; never divided.

    Returns
    -------
    Shape (…, n); ``nan`` where any child is absent.

    Raises
    ------
    DomainError
        A fractional power of a number below 0, or a division by 0, by (row, child).

    Examples
    --------
    >>> product(np.array([[8.0, 2.0], [9.0, 3.0]]), np.array([1.0, -1.0]))
    array([4., 3.])
    """
    return weighted_product(x, w)


# -- extremes ---------------------------------------------------------------------------------------------------------


@aggregator(parts=minimum_parts, takes_weights=False)
def minimum(x: FloatArray, w: FloatArray | None = None) -> FloatArray:
    """The lowest of the children present; takes no weights.

    Parts: all to the lowest child; equal shares to those that tie (at 12 significant digits).

    Parameters
    ----------
    x
        Shape (…, n, k); ``nan`` is absent.
    w
        Not used.

    Returns
    -------
    Shape (…, n), in the unit of x; ``nan`` where no child is present.

    Examples
    --------
    >>> minimum(np.array([[80.0, 60.0], [np.nan, 70.0]]))
    array([60., 70.])
    """
    return extreme(x, np.minimum, np.fmin)


@aggregator(parts=maximum_parts, takes_weights=False)
def maximum(x: FloatArray, w: FloatArray | None = None) -> FloatArray:
    """The highest of the children present; takes no weights.

    Parts: all to the highest child; equal shares to those that tie (at 12 significant digits).

    Parameters
    ----------
    x
        Shape (…, n, k); ``nan`` is absent.
    w
        Not used.

    Returns
    -------
    Shape (…, n), in the unit of x; ``nan`` where no child is present.

    Examples
    --------
    >>> maximum(np.array([[80.0, 60.0], [np.nan, 70.0]]))
    array([80., 70.])
    """
    return extreme(x, np.maximum, np.fmax)
