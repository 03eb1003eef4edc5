"""Why a rank moved: by a unit's own change, or by those of the others."""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods.rank import First, Ties

__all__ = ["own_and_others"]


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
    ordered = np.sort(field)
    if ties == "dense":
        ordered, counts = np.unique(field, return_counts=True)
        alone = counts[np.searchsorted(ordered, field)] == 1
        above = len(ordered) - np.searchsorted(ordered, values, side="right")
        return np.asarray(above - ((field > values) & alone) + 1.0)
    above = len(ordered) - np.searchsorted(ordered, values, side="right") - (field > values)
    level = np.searchsorted(ordered, values, side="right") - np.searchsorted(ordered, values) - (field == values)
    return np.asarray(above + 1.0 + {"min": 0.0, "max": 1.0, "average": 0.5}[ties] * level)
