"""Index numbers over time: to a fixed base, and chained from links. Arrays of units × periods, ``nan`` missing."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cityindex.methods._arrays import FloatArray

__all__ = ["Change", "chain", "change", "fixed_base", "mean_change"]

Change = Literal["ratio", "difference"]


def fixed_base(x: FloatArray, base: int, *, how: Change = "ratio", base_value: float = 100) -> FloatArray:
    """Each period against one base period.

    ``ratio``: I_t = base_value · x_t / x_b. ``difference``: I_t = base_value + x_t - x_b.

    Parameters
    ----------
    x
        Shape (…, periods); for ratios above 0 in the base period.
    base
        The place of the base period.
    how
        How a change is measured.
    base_value
        What the base period becomes.

    Returns
    -------
    The shape of `x`; ``nan`` where the number or that of the base is missing.

    References
    ----------
    ILO, IMF, OECD, UNECE, Eurostat and World Bank (2004). Consumer Price Index Manual: Theory and Practice, chapter 15.

    Examples
    --------
    >>> fixed_base(np.array([[50.0, 60.0, 75.0]]), 0)
    array([[100., 120., 150.]])
    """
    known = x[..., [base]]
    return base_value * (x / known) if how == "ratio" else base_value + (x - known)


def change(before: FloatArray, after: FloatArray, *, how: Change = "ratio") -> FloatArray:
    """One link: after / before, or after - before.

    >>> change(np.array([50.0]), np.array([60.0]))
    array([1.2])
    """
    return after / before if how == "ratio" else after - before


def mean_change(
    before: FloatArray, after: FloatArray, *, weights: FloatArray | None = None, how: Change = "ratio"
) -> float:
    """The link of all units together: that of their (weighted) mean, over the units that have both numbers.

    ``ratio``: Σ w after / Σ w before; ``difference``: Σ w after / Σ w - Σ w before / Σ w. With equal weights the ratio
    is that of two arithmetic means, the elementary index of Dutot; with weights of the earlier period it is a
    Laspeyres index. Both keep a link free of who came and who left.

    Parameters
    ----------
    before, after
        Shape (units,); ``nan`` is missing.
    weights
        Shape (units,), 0 or more; a unit whose weight is missing is left out. None: equal ones.

    Returns
    -------
    ``nan`` where no unit has both, or their weights add up to 0.

    References
    ----------
    ILO et al. (2004). Consumer Price Index Manual, chapter 20: elementary indices.

    Examples
    --------
    >>> mean_change(np.array([50.0, 10.0, np.nan]), np.array([60.0, 12.0, 90.0]))
    1.2
    """
    w = np.ones(len(before)) if weights is None else weights
    both = ~(np.isnan(before) | np.isnan(after) | np.isnan(w))
    total = float(w[both].sum())
    if total <= 0:
        return float("nan")
    start, end = (float((w[both] * own[both]).sum()) / total for own in (before, after))
    return end - start if how == "difference" else end / start if start > 0 else float("nan")


def chain(links: FloatArray, base: int, *, how: Change = "ratio", base_value: float = 100) -> FloatArray:
    """Links put together: multiplied (ratios) or added (differences) from the base period on, and undone before it.

    I_b = base_value; I_t = I_{t-1} · L_t and, before the base, I_{t-1} = I_t / L_t; with differences + and -.

    Parameters
    ----------
    links
        Shape (…, periods - 1): the change from each period to the next; ratios above 0.
    base
        The place of the base period, from 0 to periods - 1.
    how, base_value
        As for `fixed_base`.

    Returns
    -------
    Shape (…, periods). A missing link is an end: beyond it, seen from the base, everything is ``nan``.

    References
    ----------
    ILO, IMF, OECD, UNECE, Eurostat and World Bank (2004). Consumer Price Index Manual: Theory and Practice, chapter 15:
    fixed base versus chain indices.

    Examples
    --------
    >>> chain(np.array([[1.2, 1.25]]), 1).round(4)
    array([[ 83.3333, 100.    , 125.    ]])
    """
    out = np.full((*links.shape[:-1], links.shape[-1] + 1), float(base_value))
    for place in range(base, links.shape[-1]):
        link, known = links[..., place], out[..., place]
        out[..., place + 1] = known * link if how == "ratio" else known + link
    for place in range(base - 1, -1, -1):
        link, known = links[..., place], out[..., place + 1]
        out[..., place] = known / link if how == "ratio" else known - link
    return out
