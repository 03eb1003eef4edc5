"""Saaty's scale as a ladder of equal steps: … 1/3, 1/2, 1, 2, 3 … stand at …, −2, −1, 0, 1, 2, …

A judgement and its reciprocal stand at opposite places, so that moving either by the same number of steps keeps them
reciprocal.
"""

from __future__ import annotations

import numpy as np

from cityindex.methods._arrays import FloatArray

__all__ = ["TOP", "at_place", "place_of"]

TOP = 8.0  # the place of 9, the end of the scale; 1/9 is at −8


def place_of(judgements: FloatArray) -> FloatArray:
    """Where judgements stand: v − 1 from 1 on, and 1 − 1 / v below it; ``nan`` stays.

    >>> place_of(np.array([1 / 9, 1 / 2, 1.0, 2.5, 9.0]))
    array([-8. , -1. ,  0. ,  1.5,  8. ])
    """
    return np.where(judgements < 1, 1 - 1 / judgements, judgements - 1)


def at_place(places: FloatArray) -> FloatArray:
    """The judgements at these places: the reverse of `place_of`.

    >>> at_place(np.array([-3.0, 0.0, 1.5]))
    array([0.25, 1.  , 2.5 ])
    """
    return np.where(places < 0, 1 / (1 + np.abs(places)), 1 + np.abs(places))
