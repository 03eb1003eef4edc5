"""Weightings: the weights of one group's children. (Weights that the user gives are no method; `ahp` has its own room.)

Each is ``(ref, *, options) → w`` with ref of shape (n, k), the children's carried columns in the reference rows, and w
of shape (k,), non-negative and adding up to 1.
"""

from __future__ import annotations

import numpy as np

from cityindex._registry import weighting
from cityindex.methods._arrays import FloatArray

__all__ = ["equal"]


@weighting()
def equal(ref: FloatArray) -> FloatArray:
    """The same weight for every child, 1 / k.

    Parameters
    ----------
    ref
        Shape (n, k); only k matters.

    Returns
    -------
    Shape (k,), adding up to 1.

    Notes
    -----
    Peers: pymcdm and scikit-criteria give 1 / k over all indicators of a flat table, where a topic with more indicators
    counts more; COINr weighs within each group of its tree, and so it is here.

    References
    ----------
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, step 6: weighting and aggregation.
    https://doi.org/10.1787/9789264043466-en

    Examples
    --------
    >>> equal(np.empty((3, 4)))
    array([0.25, 0.25, 0.25, 0.25])
    """
    return np.full(ref.shape[-1], 1 / ref.shape[-1])
