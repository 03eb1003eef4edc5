"""What each of several changes did to a number that moved by all of them together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import factorial

import numpy as np

from cityindex.methods._arrays import FloatArray

__all__ = ["FactorMove", "Grouping", "finest_grouping", "moves", "positions", "shapley"]

Grouping = tuple[tuple[int, ...], ...]


def shapley(values: FloatArray) -> FloatArray:
    r"""Split a change among the factors that made it, each in turn after every set of the others.

    .. math:: e_i = \sum_{T \not\ni i} \frac{|T|!\,(m - |T| - 1)!}{m!} \bigl(v(T \cup i) - v(T)\bigr)

    Parameters
    ----------
    values
        Shape (2ᵐ, …): v of every set of factors that have moved. Bit i of a position says whether factor i has, so
        that position 0 is before any and the last one after all.

    Returns
    -------
    Shape (m, …): the effect of each factor, in the units of `values`. They add up to ``values[-1] − values[0]``.

    Raises
    ------
    ValueError
        The number of positions is no power of 2.

    Notes
    -----
    For a product of two factors it is the closed form: of w·x the part of w is Δw times the mean of x, and the other
    way round. A factor that changes nothing gets 0, exchanging before and after changes every sign, and what is added
    to `values` is added to the effects: so the split of a sum is the sum of the splits.

    Shapley, L. S. (1953), A value for n-person games; as a way of decomposing: Shorrocks, A. F. (2013), Decomposition
    procedures for distributional analysis, Journal of Economic Inequality 11, 99-126, doi:10.1007/s10888-011-9214-z.

    Examples
    --------
    Weight 0.2 to 0.4 and value 50 to 60, a change of 14:

    >>> shapley(np.array([0.2 * 50, 0.4 * 50, 0.2 * 60, 0.4 * 60]))
    array([11.,  3.])
    """
    count = len(values).bit_length() - 1
    if len(values) != 1 << count:
        raise ValueError(f"{len(values)} sets of factors; 1, 2, 4, 8 … are wanted")
    effects = np.zeros((count, *values.shape[1:]))
    for move in moves(count):
        effects[move.factor] += move.share * (values[move.after] - values[move.before])
    return effects


@dataclass(frozen=True, slots=True)
class FactorMove:
    """One factor moves after others have: from position `before` to `after`, in that share of all orders."""

    factor: int
    before: int
    after: int
    share: float


def moves(count: int) -> Iterator[FactorMove]:
    """Every way in which one of so many factors moves after some of the others; the shares of a factor add to 1."""
    for factor in range(count):
        for before in range(1 << count):
            if not before >> factor & 1:
                moved = before.bit_count()
                share = factorial(moved) * factorial(count - moved - 1) / factorial(count)
                yield FactorMove(factor, before, before | 1 << factor, share)


def finest_grouping(known: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Grouping:
    """How factors have to be taken together, where the value of some sets is not known.

    Parameters
    ----------
    known
        Shape (2ᵐ,): whether the value of a set of factors is known; that of none and that of all have to be.

    Returns
    -------
    The factors in groups that move together, as many groups as can be (of several, the first in the order of factors).

    Examples
    --------
    Of three factors, 0 and 1 cannot move one without the other:

    >>> finest_grouping(np.array([True, False, False, True, True, False, False, True]))
    ((0, 1), (2,))
    """
    found: Grouping = max(
        (grouping for grouping in _groupings(len(known).bit_length() - 1) if known[positions(grouping)].all()),
        key=len,
    )
    return found


def positions(grouping: Grouping) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The positions of the sets in which every group of factors has moved as one: (2ᵍ,), for `shapley`."""
    masks = [sum(1 << factor for factor in group) for group in grouping]
    sets = range(1 << len(masks))
    return np.array([sum(mask for bit, mask in enumerate(masks) if chosen >> bit & 1) for chosen in sets], np.intp)


def _groupings(count: int) -> Iterator[Grouping]:
    """Every partition of the factors; the one of single factors first."""
    if count == 0:
        yield ()
        return
    last = count - 1
    for grouping in _groupings(last):
        yield (*grouping, (last,))
        for place, group in enumerate(grouping):
            yield (*grouping[:place], (*group, last), *grouping[place + 1 :])
