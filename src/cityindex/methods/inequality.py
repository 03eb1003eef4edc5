"""How unequal units are: Theil's two measures with their exact decomposition, coefficient of variation, Gini.

x has shape (n,), one number a unit, in any ratio scale (0 means none). w has shape (n,) too: unit i counts as w_i units
(None: each as one); a unit of weight 0 is not there. With the shares p_i = w_i / Σ w, the mean is μ = Σ p_i x_i.

All four are 0 where every unit has the same number, and stand still where all numbers are multiplied by one above 0, or
where each unit comes twice. Numbers below 0 have no such measure and are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["GroupParts", "Theil", "gini", "group_parts", "theil", "variation"]

Index = Literal["T", "L"]
Codes = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Theil:
    """Theil's measure of all units, and what it is made of: ``total = sum(between) + within`` but for float dust.

    Attributes
    ----------
    total
        Of all units.
    between
        What is left when each unit has the mean of its group, one number a level, the coarsest first: between the
        groups; then between the finer groups within the coarser ones.
    within
        What there is within the finest groups.
    """

    total: float
    between: tuple[float, ...]
    within: float


@dataclass(frozen=True, slots=True, eq=False)
class GroupParts:
    """What each group adds to Theil's measure; each array has shape (groups,).

    Attributes
    ----------
    share, sum_share
        Each group's share of the weights, and of the weighted sum of the numbers.
    own
        The measure within the group alone.
    within, between
        What it adds to the two components; the sums are those of `Theil`. A group below the mean has a `between` below
        0 in T, one above it in L.
    """

    share: FloatArray
    sum_share: FloatArray
    own: FloatArray
    within: FloatArray
    between: FloatArray


def theil(x: FloatArray, levels: Sequence[Codes] = (), *, w: FloatArray | None = None, index: Index = "T") -> Theil:
    """Theil's T or L of all units, split between and within groups.

    T = Σ p_i (x_i / μ) ln(x_i / μ), with 0 ln 0 = 0; L = Σ p_i ln(μ / x_i), the mean logarithmic deviation. They are
    the generalised entropies GE(1) and GE(0). With the groups g, their weight shares p_g and means μ_g:

    T = Σ p_g (μ_g / μ) ln(μ_g / μ) + Σ p_g (μ_g / μ) T_g,   L = Σ p_g ln(μ / μ_g) + Σ p_g L_g.

    A finer level splits the second sum again, so that the parts add up at any depth.

    Parameters
    ----------
    x
        Shape (n,), from 0 on; for L above 0.
    levels
        One array (n,) of group numbers a level, the coarsest first; a group of a finer level lies within one of the
        coarser. With no level nothing is between.
    w
        Shape (n,), from 0 on; None: all alike.
    index
        ``T`` or ``L``.

    Raises
    ------
    DomainError
        A number that is missing, infinite or below 0 (for L: 0); a weight likewise; no weight above 0; numbers that are
        all 0; a group in two coarser ones.

    Notes
    -----
    Peers: PySAL's inequality (Theil, TheilD) takes one level, no weights, and T alone; it adds a small number to zeros.

    References
    ----------
    H. Theil (1967), *Economics and Information Theory*, North-Holland. A. F. Shorrocks (1980), The class of additively
    decomposable inequality measures, *Econometrica* 48(3), 613–625, doi:10.2307/1913126. Several levels: T. Akita
    (2003), Decomposing regional income inequality in China and Indonesia using two-stage nested Theil decomposition
    method, *The Annals of Regional Science* 37(1), 55–77.

    Examples
    --------
    >>> found = theil(np.array([1.0, 1.0, 3.0, 3.0]), [np.array([0, 0, 1, 1])])
    >>> round(found.total, 6), [round(part, 6) for part in found.between], found.within
    (0.130812, [0.130812], 0.0)
    """
    x, p, there = _ready(x, w, index)
    whole = _mean(x, p)
    above, parent = np.array([whole]), np.zeros(len(x), np.intp)
    between = []
    for level in levels:
        code = _compact(np.asarray(level)[there])
        share, mean = _means(x, p, code)
        over = _parents(code, parent)
        between.append(float(_terms(mean, above[over], share, whole, index).sum()))
        above, parent = mean, code
    return Theil(
        total=float(_terms(x, np.array(whole), p, whole, index).sum()),
        between=tuple(between),
        within=float(_terms(x, above[parent], p, whole, index).sum()),
    )


def group_parts(x: FloatArray, groups: Codes, *, w: FloatArray | None = None, index: Index = "T") -> GroupParts:
    """What each group adds to Theil's measure, within and between; see `theil`.

    Parameters
    ----------
    x, w, index
        As in `theil`.
    groups
        Shape (n,): group numbers from 0 on. A group in which nothing weighs anything is ``nan``.

    Raises
    ------
    DomainError
        As `theil`.

    Examples
    --------
    >>> parts = group_parts(np.array([1.0, 1.0, 2.0, 4.0]), np.array([0, 0, 1, 1]))
    >>> parts.sum_share, parts.own.round(4), parts.between.round(4)
    (array([0.25, 0.75]), array([0.    , 0.0566]), array([-0.1733,  0.3041]))
    """
    x, p, there = _ready(x, w, index)
    code, size = np.asarray(groups)[there], int(np.max(groups, initial=-1)) + 1
    share, mean = _means(x, p, code, size)
    whole = _mean(x, p)
    inside = np.bincount(code, _terms(x, mean[code], p, whole, index), size)
    gone = share == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        total = share * mean / whole
        scale = total if index == "T" else share
        own = np.where(scale > 0, inside / scale, np.nan)
        apart = np.where(mean > 0, np.log(mean / whole), 0.0) * (total if index == "T" else -share)
    found = (share, total, own, np.where(gone, np.nan, inside), np.where(gone, np.nan, apart))
    return GroupParts(*(np.where(gone, np.nan, each) for each in found))


def variation(x: FloatArray, *, w: FloatArray | None = None) -> float:
    """The coefficient of variation: √(Σ p_i (x_i - μ)²) / μ, the standard deviation being that of a population.

    With weights it is Williamson's measure of regional inequality.

    Raises
    ------
    DomainError
        As `theil` (a number may be 0).

    References
    ----------
    J. G. Williamson (1965), Regional inequality and the process of national development, *Economic Development and
    Cultural Change* 13(4, part 2), 1–84.

    Examples
    --------
    >>> variation(np.array([1.0, 3.0])), round(variation(np.array([1.0, 3.0]), w=np.array([3.0, 1.0])), 4)
    (0.5, 0.5774)
    """
    x, p, _ = _ready(x, w, "T")
    mean = _mean(x, p)
    return float(np.sqrt((p * (x / mean - 1) ** 2).sum()))


def gini(x: FloatArray, *, w: FloatArray | None = None) -> float:
    """Gini's coefficient: Σ Σ p_i p_j abs(x_i - x_j) / (2 μ), half the mean difference of two units over the mean.

    Computed as Σ F (1 - F) Δx / μ over the gaps Δx between neighbours, F being the share of units below the gap.

    Raises
    ------
    DomainError
        As `theil` (a number may be 0).

    References
    ----------
    C. Gini (1912), *Variabilità e mutabilità*, Bologna. The worked case is that of the R package ineq.

    Examples
    --------
    >>> incomes = np.array([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261.0])
    >>> round(gini(incomes), 7)
    0.4620911
    """
    x, p, _ = _ready(x, w, "T")
    order = np.argsort(x, kind="stable")
    x, p = x[order], p[order]
    up_to = p.cumsum()[:-1]  # the share of those below each gap between neighbours
    return float((up_to * (1 - up_to) * np.diff(x)).sum() / _mean(x, p))


# -- what they share --------------------------------------------------------------------------------------------------


def _ready(x: FloatArray, w: FloatArray | None, index: Index) -> tuple[FloatArray, FloatArray, BoolArray]:
    """The numbers that weigh anything, their shares of the weights, and which they are; all else is refused."""
    x = np.asarray(x, np.float64)
    w = np.ones(len(x)) if w is None else np.asarray(w, np.float64)
    _refuse(~((w >= 0) & (w < np.inf)), "a weight is a number from 0 on")
    there = w > 0
    if not there.any():
        raise DomainError("no unit has a weight above 0: there is nothing to measure")
    _refuse(there & ~((x >= 0) & (x < np.inf)), "an inequality needs numbers from 0 on")
    if index == "L":
        _refuse(there & (x == 0), "Theil's L takes logarithms: it needs numbers above 0")
    x, w = x[there], w[there]
    if not x.any():
        raise DomainError("every number is 0: there is no mean to compare with")
    w = w / w.max()
    return x / x.max(), w / w.sum(), there  # the scale moves no measure, and no sum overflows


def _mean(x: FloatArray, p: FloatArray) -> float:
    """The weighted mean, without float dust where all numbers are one."""
    return float(np.clip((p * x).sum(), x.min(), x.max()))


def _refuse(wrong: BoolArray, reason: str) -> None:
    if wrong.any():
        raise DomainError(reason, cells=((row, 0) for row in np.flatnonzero(wrong).tolist()))


def _compact(code: Codes) -> Codes:
    """Group numbers without those that nobody has."""
    return np.asarray(np.unique(code, return_inverse=True)[1].reshape(-1), np.intp)


def _means(x: FloatArray, p: FloatArray, code: Codes, size: int = 0) -> tuple[FloatArray, FloatArray]:
    """The weight share and the mean of each group; 0 where nothing weighs anything."""
    share = np.bincount(code, p, size).astype(np.float64)
    mean = np.divide(np.bincount(code, p * x, size), share, out=np.zeros_like(share), where=share > 0)
    return share, mean


def _parents(code: Codes, parent: Codes) -> Codes:
    """The coarser group of each group."""
    over = np.zeros(int(code.max()) + 1, np.intp)
    over[code] = parent
    if (over[code] != parent).any():
        raise DomainError("a group lies in two groups of the level above")
    return over


def _terms(x: FloatArray, mean: FloatArray, p: FloatArray, whole: float, index: Index) -> FloatArray:
    """What each unit (or group) of share p and mean x adds, beside the mean of what it lies in.

    With s = x / mean the terms of T are p (mean / whole) (s ln s - s + 1), those of L are p (s - 1 - ln s): none is
    below 0, and what is added to the formulas adds up to 0.
    """
    some = mean > 0
    ratio = np.divide(x, mean, out=np.ones_like(x), where=some)
    apart = np.divide(x - mean, mean, out=np.zeros_like(x), where=some)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(apart < -0.5, np.log(ratio), np.log1p(apart))
        entropy = np.where(ratio > 0, ratio * logs - apart, 1.0)
    return np.asarray(
        p * (np.maximum(entropy, 0.0) * (mean / whole) if index == "T" else np.maximum(apart - logs, 0.0))
    )
