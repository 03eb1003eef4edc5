"""Weightings from how much each column differs between units: entropy, standard deviation, coefficient of variation.

Each looks at one column at a time and uses the numbers that the column has: a missing cell takes nothing from the
others. ref has shape (…, n, k), the weights (…, k); leading axes are draws. By default ref holds the children's carried
columns; `directions` come with raw ones (``on: raw``), which direction has not turned.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import weighting
from cityindex.methods._arrays import FloatArray, mean
from cityindex.methods._entropy import divergence
from cityindex.methods._moments import levelled
from cityindex.methods._spread import as_weights, constant, ends, refuse, refuse_alone, refuse_columns, turned
from cityindex.methods._summary import Summary

__all__ = ["coefficient_of_variation", "entropy", "standard_deviation"]

Scale = Literal["none", "minmax"]
MARGIN = 0.01  # how far above 0 `above_zero` moves a column's lowest number
SCALED = "every unit has the same number: min-max has nothing to scale (scale: none, or leave the indicator out)"
ONE_SIGN = "a coefficient of variation needs numbers of one sign in a column"
LESS = "less is better here: say less: reciprocal or as_is, or scale: minmax"
ALIKE = "no column differs between units: there is nothing to weigh by"


# -- entropy ----------------------------------------------------------------------------------------------------------


def _entropy_problems(options: Mapping[str, Any]) -> list[str]:
    shift, less = options.get("shift", 0), options.get("less", "refuse")
    problems = []
    if not isinstance(shift, str) and not 0 <= shift < math.inf:
        problems.append(f"shift: {shift} is not a number from 0 on")
    if less != "refuse" and options.get("scale", "none") == "minmax":
        problems.append(f"less: {less} says nothing beside scale: minmax, which turns columns where less is better")
    return problems


@weighting(from_data=True, check_option=_entropy_problems)
def entropy(
    ref: FloatArray,
    *,
    scale: Scale = "none",
    shift: float | Literal["above_zero"] = 0,
    less: Literal["refuse", "reciprocal", "as_is"] = "refuse",
    directions: FloatArray | None = None,
) -> FloatArray:
    """Entropy weights: the less evenly a column's sum is spread over the units, the more weight it gets.

    p = x / Σ x over the units, e = -Σ p ln p / ln n with 0 ln 0 = 0, and the weight is (1 - e) / Σ (1 - e).

    Parameters
    ----------
    ref
        Shape (…, n, k), from 0 on; each column uses its own present numbers, and their count as n.
    scale
        ``none`` takes the numbers as they stand; ``minmax`` first scales each column to 0–1, a raw one with its
        direction: (x - min) / (max - min), or (max - x) / (max - min) where less is better.
    shift
        Added to every number, after `scale`; or ``above_zero``: a column that holds a number ≤ 0 is moved by
        |its lowest number| + 0.01, the others stay.
    less
        Raw columns where less is better: ``refuse`` them, take the ``reciprocal`` (after `shift`), or take them
        ``as_is``, as if more were better.
    directions
        1, or -1 for a raw column where less is better; None: all 1.

    Returns
    -------
    Shape (…, k), adding up to 1; 0 for a constant column.

    Raises
    ------
    DomainError
        A number below 0, by (row, column). A column of zeros, or with one number only. Columns that are all constant. A
        raw column where less is better, unless `less` or `scale` says what to do with it.

    References
    ----------
    C. E. Shannon (1948), A mathematical theory of communication, *Bell System Technical Journal* 27(3), 379–423,
    doi:10.1002/j.1538-7305.1948.tb01338.x. C.-L. Hwang, K. Yoon (1981), *Multiple Attribute Decision Making*,
    chapter 2, doi:10.1007/978-3-642-48318-9. The worked case: E. K. Zavadskas, V. Podvezko (2016), Integrated
    determination of objective criteria weights in MCDM, *International Journal of Information Technology & Decision
    Making* 15(2), 267–283, doi:10.1142/S0219622016500036.

    Notes
    -----
    Peers: pymcdm, scikit-criteria and pyrepo-mcda ignore direction, pyDecision takes the reciprocal of costs; SPSSAU
    shifts columns that hold a number ≤ 0 without being asked (here ``shift: above_zero``), and Chinese practice scales
    by min–max first. Of negative numbers scikit-criteria gives ``nan`` and pyDecision plausible weights. What was done
    moves the weights by multiples, so that here the spec says it.

    Examples
    --------
    >>> ref = np.array([[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]])
    >>> entropy(ref).round(4)
    array([0.1146, 0.1981, 0.4185, 0.2689])
    """
    if isinstance(ref, Summary):  # it comes as it is to be: neither scaled, nor shifted, nor turned
        refuse_columns(turned(directions, ref.shape[-1]) & (less == "refuse"), LESS)
        return as_weights(divergence(ref), ALIKE)
    return as_weights(divergence(_prepared(ref, scale, shift, less, directions)), ALIKE)


def _prepared(
    ref: FloatArray, scale: Scale, shift: float | str, less: str, directions: FloatArray | None
) -> FloatArray:
    """The numbers that shares are taken of: scaled, shifted, turned."""
    falling = turned(directions, ref.shape[-1])
    if scale == "minmax":
        low, high = ends(ref)
        refuse_columns(constant(low, high), SCALED)
        worst, best = np.where(falling, high, low), np.where(falling, low, high)
        ref = (ref - worst[..., None, :]) / (best - worst)[..., None, :]
    elif less == "refuse":
        refuse_columns(falling, LESS)
    if isinstance(shift, str):
        low, _ = ends(ref)
        ref = ref + np.where(low <= 0, MARGIN - low, 0.0)[..., None, :]
    elif shift:
        ref = ref + shift
    if scale == "none" and less == "reciprocal" and falling.any():
        refuse((ref <= 0) & falling, "a reciprocal (less: reciprocal) needs numbers above 0")
        ref = np.divide(1.0, ref, out=ref.copy(), where=np.broadcast_to(falling, ref.shape))
    return ref


# -- deviations -------------------------------------------------------------------------------------------------------


def _mean_sd(ref: FloatArray | Summary, sd: Literal["sample", "population"]) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of each column, (…, k), of the numbers present."""
    lost = 1 if sd == "sample" else 0
    if isinstance(ref, Summary):
        assert ref.squares is not None  # they were asked for
        refuse_alone(ref.counts)
        return mean(ref), np.sqrt(ref.squares / (ref.counts - lost))
    total = ref.sum(axis=-2)
    if not np.isnan(total).any():
        refuse_alone(np.full(total.shape, ref.shape[-2]))
        return total / ref.shape[-2], ref.std(axis=-2, ddof=lost)
    gaps = np.isnan(ref)
    counts = (~gaps).sum(axis=-2)
    refuse_alone(counts)
    centre = np.where(gaps, 0.0, ref).sum(axis=-2) / counts
    apart = np.where(gaps, 0.0, ref - centre[..., None, :])
    return centre, np.sqrt((apart * apart).sum(axis=-2) / (counts - lost))


@weighting(from_data=True)
def standard_deviation(
    ref: FloatArray,
    *,
    scale: Scale = "minmax",
    sd: Literal["sample", "population"] = "sample",
    directions: FloatArray | None = None,
) -> FloatArray:
    """Standard deviation weights: s / Σ s, of the columns scaled to 0–1.

    Parameters
    ----------
    ref
        Shape (…, n, k), any numbers; each column uses its own present numbers.
    scale
        ``minmax`` divides each deviation by the column's range, so that units of measurement and any linear
        normalisation before do not matter; ``none`` takes the columns as they stand (z-scores then weigh all the same).
    sd
        ``sample`` divides by n - 1, ``population`` by n: it matters only where columns have gaps.
    directions
        Of no effect: a column and its opposite deviate alike.

    Returns
    -------
    Shape (…, k), adding up to 1; with ``scale: none`` 0 for a constant column.

    Raises
    ------
    DomainError
        A constant column, with ``scale: minmax``; columns that are all constant. A column with one number only.

    References
    ----------
    D. Diakoulaki, G. Mavrotas, L. Papayannakis (1995), Determining objective weights in multiple criteria problems: the
    CRITIC method, *Computers & Operations Research* 22(7), 763–770, doi:10.1016/0305-0548(94)00059-H.

    Notes
    -----
    Peers: pymcdm and scikit-criteria take the columns as they stand (here ``scale: none``), so that an indicator in
    metres weighs a thousand times what it does in kilometres.

    Examples
    --------
    >>> standard_deviation(np.array([[0.0, 10.0], [5.0, 10.0], [10.0, 20.0]])).round(4)
    array([0.4641, 0.5359])
    """
    low, high = ends(ref)
    level, power = levelled(ref, low, high)
    deviation = _mean_sd(level, sd)[1]
    same = constant(low, high)
    if scale == "minmax":
        refuse_columns(same, SCALED)
        deviation = deviation / (high / power - low / power)
    else:
        deviation = deviation * power
    return as_weights(np.where(same, 0.0, deviation), ALIKE)


@weighting(from_data=True)
def coefficient_of_variation(
    ref: FloatArray,
    *,
    signs: Literal["one", "mixed"] = "one",
    sd: Literal["sample", "population"] = "sample",
    directions: FloatArray | None = None,
) -> FloatArray:
    """Coefficient of variation weights: v / Σ v with v = s / |mean| of each column (变异系数法).

    Parameters
    ----------
    ref
        Shape (…, n, k), on a scale with a true zero; each column uses its own present numbers.
    signs
        ``one`` refuses a column with numbers below and above 0, whose mean says nothing of their size; ``mixed``
        takes it, unless the mean is 0.
    sd
        ``sample`` divides by n - 1, ``population`` by n: it matters only where columns have gaps.
    directions
        Of no effect: raw columns are taken as they stand, whichever direction is better.

    Returns
    -------
    Shape (…, k), adding up to 1; 0 for a constant column.

    Raises
    ------
    DomainError
        Numbers of both signs in a column, by (row, column). A mean of 0. A column with one number only. Columns that
        are all constant.

    References
    ----------
    K. Pearson (1896), Mathematical contributions to the theory of evolution III, *Philosophical Transactions of the
    Royal Society A* 187, 253–318, doi:10.1098/rsta.1896.0007 (the coefficient). The worked case: D. Shuai, Z. Zongzhun,
    W. Yongji, L. Lei (2012), A new angular method to determine the objective weights, *Chinese Control and Decision
    Conference*, 3889–3892, doi:10.1109/CCDC.2012.6244621.

    Notes
    -----
    Peers: pymcdm and scikit-criteria have none; a spreadsheet's STDEV / AVERAGE takes any column, and one whose mean is
    next to 0 (z-scores, growth rates) then gets nearly all of the weight.

    Examples
    --------
    >>> ref = np.array([[30.0, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]])
    >>> coefficient_of_variation(ref).round(4)
    array([0.4258, 0.361 , 0.2121, 0.0011])
    """
    low, high = ends(ref)
    both = (low < 0) & (high > 0)
    if signs == "one" and isinstance(ref, Summary):
        refuse_columns(both, ONE_SIGN)
    elif signs == "one" and both.any():
        few = np.where(np.abs(low) < high, -1.0, 1.0)[..., None, :]  # the sign of the end that is nearer to 0
        refuse((ref * few > 0) & both[..., None, :], ONE_SIGN)
    level, power = levelled(ref, low, high)
    centre, deviation = _mean_sd(level, sd)
    size = np.abs(centre)
    refuse_columns(size <= 1e-12 * np.maximum(-low, high) / power, "the mean is 0: there is nothing to divide by")
    return as_weights(np.where(constant(low, high), 0.0, deviation / size), ALIKE)
