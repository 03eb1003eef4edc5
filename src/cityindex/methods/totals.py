"""Sums and products with weights as they stand, and extremes, which take none. See `aggregate`."""

from __future__ import annotations

import numpy as np

from cityindex._registry import aggregator
from cityindex.methods._arrays import FloatArray
from cityindex.methods._combine import extreme, weighted_product
from cityindex.methods._parts import maximum_parts, minimum_parts, product_parts, sum_parts
from cityindex.methods._weighted import weighted_sum

__all__ = ["maximum", "minimum", "product", "sum_"]


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

    Notes
    -----
    Peers: scikit-criteria and pyDecision score by a sum with the weights as they stand, so that weights that add up to
    7 make scores seven times as large, and pymcdm warns. Here `arithmetic` divides, and a sum is asked for by its name.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 6: weighting and aggregation.
    https://doi.org/10.1787/9789264043466-en

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

    Notes
    -----
    Peers: scikit-criteria's weighted product refuses 0 and below whatever the weight, and pymcdm's scales each column
    first. Here numbers are taken as they are and only powers that do not exist are refused; the mean is `geometric`.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 6: weighting and aggregation.
    https://doi.org/10.1787/9789264043466-en

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

    Notes
    -----
    Peers: ProMCDA takes it over the indicators beside the means, and COINr takes any function, which gets weights or
    not as it is told. Here a weight under a minimum is refused, since it would do nothing.

    References
    ----------
    Bullen, P. S. (2003). Handbook of Means and Their Inequalities. https://doi.org/10.1007/978-94-017-0399-4

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

    Notes
    -----
    Peers: COINr takes any function, which gets weights or not as it is told. Here a weight under a maximum is refused,
    since it would do nothing.

    References
    ----------
    Bullen, P. S. (2003). Handbook of Means and Their Inequalities. https://doi.org/10.1007/978-94-017-0399-4

    Examples
    --------
    >>> maximum(np.array([[80.0, 60.0], [np.nan, 70.0]]))
    array([80., 70.])
    """
    return extreme(x, np.maximum, np.fmax)
