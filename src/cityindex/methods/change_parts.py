"""The change of an aggregate split among its children, each of which moved from one number to another."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods.shapley import moves

__all__ = ["EXACT", "by_orders", "mean_parts"]

EXACT = 8  # children up to which all orders are taken
FLAT = 1e-9


def mean_parts(before: FloatArray, after: FloatArray, shares: FloatArray, *, exponent: float) -> FloatArray:
    r"""Of a power mean, the part of each child in its change; they add up to it.

    With :math:`t(x) = x^p` (the logarithm for p = 0) the mean is :math:`t^{-1}(\sum s_i t(x_i))`, and

    .. math:: c_i = \Delta y \frac{s_i \Delta t(x_i)}{\sum_j s_j \Delta t(x_j)}

    For p = 0 this is the logarithmic mean Divisia index; for p = 1 it is :math:`s_i \Delta x_i`. Where the changes of
    the children make up for each other, the derivative of the mean takes the place of the quotient.

    Parameters
    ----------
    before, after
        Children, n × k.
    shares
        Shares of weights, n × k, adding to 1 (0: a child that is absent).
    exponent
        p: 1 arithmetic, 0 geometric, −1 harmonic.

    Returns
    -------
    Shape (n, k).

    Notes
    -----
    Ang, B. W. (2004), Decomposition analysis for policymaking in energy: which is the preferred method?, Energy Policy
    32, 1131-1139, doi:10.1016/S0301-4215(03)00076-4.

    Examples
    --------
    A geometric mean of 2 and 8, then of 8 and 2: each makes up for the other.

    >>> mean_parts(np.array([[2.0, 8.0]]), np.array([[8.0, 2.0]]), np.array([[0.5, 0.5]]), exponent=0).round(4)
    array([[ 2.7726, -2.7726]])
    """
    first, last = (_transformed(x, exponent) for x in (before, after))
    moved = np.where(shares > 0, shares * (last - first), 0.0)
    ends = [np.where(shares > 0, shares * t, 0.0).sum(axis=1) for t in (first, last)]
    change = _mean(ends[1], exponent) - _mean(ends[0], exponent)
    total = moved.sum(axis=1)
    slope = _slope((ends[0] + ends[1]) / 2, exponent)
    flat = np.abs(total) <= FLAT * np.abs(moved).sum(axis=1)
    quotient = np.divide(change, total, out=slope.copy(), where=~flat)
    return np.asarray(moved * quotient[:, None])


def _transformed(x: FloatArray, exponent: float) -> FloatArray:
    return np.log(x) if exponent == 0 else x**exponent


def _mean(t: FloatArray, exponent: float) -> FloatArray:
    return np.exp(t) if exponent == 0 else np.asarray(t ** (1 / exponent))


def _slope(t: FloatArray, exponent: float) -> FloatArray:
    return np.exp(t) if exponent == 0 else np.asarray(t ** (1 / exponent - 1) / exponent)


def by_orders(
    function: Callable[[FloatArray], FloatArray], before: FloatArray, after: FloatArray, *, exact: int = EXACT
) -> FloatArray:
    """The part of each child in the change of any aggregate: the mean of what it changes when it moves after others.

    Over all orders (the value of Shapley, 1953) for up to `exact` children that move, else over the order as it stands
    and its reverse. A child that does not move has no part, and the parts add up to the change.

    Parameters
    ----------
    function
        The aggregate: (… × n × k) → (… × n).
    before, after
        Children, n × k.
    exact
        2 to this number is how often `function` is asked at most.

    Examples
    --------
    >>> by_orders(lambda x: x.min(axis=-1), np.array([[1.0, 2.0, 9.0]]), np.array([[4.0, 3.0, 9.0]]))
    array([[1.5, 0.5, 0. ]])
    """
    moving = np.flatnonzero(((before != after) & ~(np.isnan(before) & np.isnan(after))).any(axis=0))
    parts = np.zeros(before.shape)
    if len(moving) <= exact:
        sets = [[child for bit, child in enumerate(moving) if chosen >> bit & 1] for chosen in range(1 << len(moving))]
        values = function(np.array([_moved(before, after, chosen) for chosen in sets]))
        for move in moves(len(moving)):
            parts[:, moving[move.factor]] += move.share * (values[move.after] - values[move.before])
        return parts
    for order in (moving, moving[::-1]):
        values = function(np.array([_moved(before, after, order[:count]) for count in range(len(order) + 1)]))
        parts[:, order] += np.diff(values, axis=0).T / 2
    return parts


def _moved(before: FloatArray, after: FloatArray, children: object) -> FloatArray:
    x = before.copy()
    x[:, np.asarray(children, dtype=np.intp)] = after[:, np.asarray(children, dtype=np.intp)]
    return x
