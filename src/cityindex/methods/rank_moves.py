"""Why a rank moved: who is ahead, and whether by a unit's own change or by those of the others."""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods.rank import First, Ties

__all__ = ["LEVEL", "ahead", "own_and_others"]

LEVEL = {"min": 0.0, "average": 0.5, "max": 1.0}  # what a number on the same level counts for


def ahead(values: FloatArray, field: FloatArray, *, ties: Ties = "min", first: First = "highest") -> FloatArray:
    """How many numbers of a field are ahead of each value.

    A number that is level counts by the rule of ties: 0 (min), a half (average), 1 (max). So the ranks of units are 1
    more than this, summed over any parts that the others are cut into. ``dense`` counts different numbers, once each,
    which do not add up over parts.

    Parameters
    ----------
    values, field
        Shapes (n,) and (m,), without missing numbers.
    ties, first
        As in `rank`.

    Returns
    -------
    Shape (n,).

    Examples
    --------
    >>> ahead(np.array([2.0, 5.0]), np.array([5.0, 3.0, 2.0, 5.0]), ties="average")
    array([3.5, 1. ])
    """
    sign = 1.0 if first == "highest" else -1.0
    return _ahead(significant(sign * values), np.sort(significant(sign * field)), ties)


def _ahead(values: FloatArray, ordered: FloatArray, ties: Ties) -> FloatArray:
    """`ahead` of a field that stands in order, the lowest first; the highest is the best."""
    if ties == "dense":
        ordered = np.unique(ordered)
    last = np.searchsorted(ordered, values, side="right")
    above = np.asarray(len(ordered) - last, dtype=np.float64)
    return above if ties == "dense" else above + LEVEL[ties] * (last - np.searchsorted(ordered, values))


def own_and_others(
    before: FloatArray, after: FloatArray, *, ties: Ties = "min", first: First = "highest"
) -> tuple[FloatArray, FloatArray]:
    """Places that each unit gained by its own change and by the changes of the others.

    A unit's rank depends on its own number and on those of the others. Each of the two is let go first, and the mean
    of what it does is its part (the value of Shapley, 1953), so that the parts add up to the places gained.

    Parameters
    ----------
    before, after
        Shape (n,): the same units, every one with a number.
    ties, first
        As in `rank`.

    Returns
    -------
    Two arrays of shape (n,), in places: above 0 where a unit rose.

    Examples
    --------
    The first unit rises above the second; the third stands still.

    >>> own, others = own_and_others(np.array([1.0, 2.0, 0.0]), np.array([3.0, 2.0, 0.0]))
    >>> own, others
    (array([1., 0., 0.]), array([ 0., -1.,  0.]))
    """
    sign = 1.0 if first == "highest" else -1.0
    x, y = significant(sign * before), significant(sign * after)
    still, ended = _places(x, x, ties), _places(y, y, ties)
    alone, without = _places(y, x, ties), _places(x, y, ties)
    own = ((still - alone) + (without - ended)) / 2
    others = ((still - without) + (alone - ended)) / 2
    return own, others


def _places(values: FloatArray, field: FloatArray, ties: Ties) -> FloatArray:
    """The rank that each unit has with a number of its own among the others' numbers in `field`; highest first."""
    found = _ahead(values, np.sort(field), ties)
    if ties == "dense":
        ordered, counts = np.unique(field, return_counts=True)
        alone = counts[np.searchsorted(ordered, field)] == 1
        own = (field > values) & alone  # nobody else holds the place that the unit leaves
    else:
        own = (field > values) + LEVEL[ties] * (field == values)
    return np.asarray(found - own + 1.0)
