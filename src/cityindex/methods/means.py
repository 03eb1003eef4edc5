"""Averages of a group's children: `arithmetic`, `geometric`, `harmonic` and `power` means. See `aggregate`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cityindex._registry import aggregator
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._combine import geometric_mean, power_mean
from cityindex.methods._parts import arithmetic_parts, geometric_parts, harmonic_parts, power_parts
from cityindex.methods._weighted import hold_within, weighted_mean

__all__ = ["arithmetic", "geometric", "harmonic", "power"]


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

    Notes
    -----
    Peers: COINr drops absent children and rescales too, and takes negative weights, and weights that are all 0
    (``NaN``). One missing cell costs every unit its score in pymcdm, and the whole criterion its weight in
    scikit-criteria, both without a word. Here bad weights are refused, and the rule `missing` says what is done about
    absent children.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 6: weighting and aggregation.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> import numpy as np
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

    Notes
    -----
    Peers: COINr and scikit-criteria refuse 0 and below as well; in pymcdm a column scaled to start at 0 gives the unit
    there 0 for good, and scipy's ``gmean`` gives 0, or ``nan`` below it. Here it is refused by unit and child.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 6: weighting and aggregation.
    https://doi.org/10.1787/9789264043466-en
    Bullen, P. S. (2003). Handbook of Means and Their Inequalities. https://doi.org/10.1007/978-94-017-0399-4

    Examples
    --------
    The Human Development Index takes it of its three dimensions.

    >>> import numpy as np
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

    Notes
    -----
    Peers: COINr refuses 0 and takes negative numbers (-1, 2 and 3 give -18); scipy's ``hmean`` gives 0 and ``nan``.
    Here both are refused: such a mean need not lie among its numbers.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 6: weighting and aggregation.
    https://doi.org/10.1787/9789264043466-en
    Bullen, P. S. (2003). Handbook of Means and Their Inequalities. https://doi.org/10.1007/978-94-017-0399-4

    Examples
    --------
    >>> import numpy as np
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

    Notes
    -----
    Peers: COINr's ``a_genmean`` is missing as soon as one child is, where its other means rescale; here all four means
    do the same. scipy's ``pmean`` gives 0 for a 0 under a negative exponent, which is refused here.

    References
    ----------
    Bullen, P. S. (2003). Handbook of Means and Their Inequalities. https://doi.org/10.1007/978-94-017-0399-4

    Examples
    --------
    >>> import numpy as np
    >>> power(np.array([[1.0, 7.0]]), np.array([1.0, 1.0]), exponent=2)
    array([5.])
    """
    problems = _power_problems({"exponent": exponent})
    if problems:
        raise DomainError(problems[0])
    return arithmetic(x, w) if exponent == 1 else power_mean(x, w, float(exponent))
