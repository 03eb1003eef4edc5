"""Curves with a learned parameter: `log_shift`, `log_gii`, Box and Cox's `boxcox`, Yeo and Johnson's `yeo_johnson`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np  # noqa: F401  # the examples need it

from cityindex._registry import step
from cityindex.methods._arrays import FloatArray
from cityindex.methods._curves import Tail, box_cox, fit_powers, gii_logs, log_of, shifted_logs, yeo_johnson_of

__all__ = ["boxcox", "log_gii", "log_shift", "yeo_johnson"]


# -- shifted logarithms -----------------------------------------------------------------------------------------------


def _check_log_shift(options: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}: {options[name]}; above 0 is allowed"
        for name in ("share", "plus")
        if options.get(name) is not None and options[name] <= 0
    ]


def _learn_log_shift(
    ref: FloatArray, *, share: float = 0.01, plus: float | None = None, tail: Tail = "upper"
) -> dict[str, FloatArray]:
    return shifted_logs(ref, share, plus, tail)


@step(learn=_learn_log_shift, sign=1, check_option=_check_log_shift)
def log_shift(x: FloatArray, params: Mapping[str, Any]) -> FloatArray:
    """The logarithm of the distance from the lowest number, plus a share of the range: for any long upper tail.

    y = ln(x - min + share · (max - min)), min and max those of the reference, which may hold zeros and negative
    numbers. For a long lower tail the mirror image: y = -ln(max - x + share · (max - min)). It rises either way.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"start": (k,), "scale": (k,), "plus": (k,)}``: y = s · ln(scale · (x - start) + plus), s the scale's sign.
    share
        Of the range, added so that the lowest number has a logarithm.
    plus
        A number, in the units of the column, that is added in place of the share.
    tail
        Which end is drawn in: ``upper``, ``lower``, or the ``longer`` one: lower where the skewness is negative.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, or with the same one everywhere; later numbers that lie further below the
        reference (above it, for a lower tail) than what is added.

    Notes
    -----
    Peers: COINr has it as log_CT, its two-tailed form as log_CT_plus, and ``plus: 1`` as log_CT_orig; it learns
    anew from each table, here a later table is held against the stored reference. SPSSAU shifts by the absolute
    value of the minimum plus 0.01 without asking, which depends on the units.

    References
    ----------
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> ref = np.array([[-1.0], [0.0], [99.0]])
    >>> params = _learn_log_shift(ref)
    >>> log_shift(ref, params).round(4).ravel()
    array([0.    , 0.6931, 4.6151])
    """
    return log_of(x, params)


@step(learn=gii_logs, sign=1)
def log_gii(x: FloatArray, params: Mapping[str, Any]) -> FloatArray:
    """The logarithm of the Global Innovation Index: from 0 for the lowest number to ln(max) for the highest.

    y = ln((max - 1)(x - min) / (max - min) + 1), min and max those of the reference. The larger the numbers, the
    stronger it bends: it depends on the units.

    Parameters
    ----------
    x
        Shape (…, n, k); the highest number of each column above 1.
    params
        ``{"start": (k,), "scale": (k,), "plus": (k,)}``: y = ln(scale · (x - start) + plus).

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number, with the same one everywhere, or whose highest is not above 1; later numbers too
        far below the reference.

    Notes
    -----
    Peers: COINr's log_GII works this out and returns the column as it was, while its record says that every point
    was treated. A maximum below 1 would turn the order, which is refused here: multiply the column first.

    References
    ----------
    Cornell University, INSEAD and WIPO (2020). The Global Innovation Index 2020, technical notes.
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567

    Examples
    --------
    >>> ref = np.array([[0.0], [1.0], [100.0]])
    >>> log_gii(ref, gii_logs(ref)).round(4).ravel()
    array([0.    , 0.6881, 4.6052])
    """
    return log_of(x, params)


# -- powers -----------------------------------------------------------------------------------------------------------


def _learn_boxcox(ref: FloatArray, *, lambda_: float | None = None, plus: float = 0) -> dict[str, FloatArray]:
    return {} if lambda_ is not None else {"lambda": fit_powers(ref + plus if plus else ref, "boxcox")}


@step(learn=_learn_boxcox, sign=1, bare="lambda")
def boxcox(x: FloatArray, params: Mapping[str, Any], *, lambda_: float | None = None, plus: float = 0) -> FloatArray:
    """Box and Cox's power of positive numbers, given or the one that makes them most like a normal distribution.

    y = ((x + plus)^λ - 1) / λ, and ln(x + plus) for λ = 0. It rises whatever λ is. A λ that is not given is learned
    for each column, by maximum likelihood between -5 and 5; missing cells do not count.

    Parameters
    ----------
    x
        Shape (…, n, k); x + plus above 0.
    params
        ``{"lambda": (k,)}`` where it is learned, else ``{}``.
    lambda
        The power; left out: learned.
    plus
        Added first, in the units of `x`.

    Returns
    -------
    The shape of `x`; ``nan`` stays. Not standardised.

    Raises
    ------
    DomainError
        Cells where x + plus is not above 0, or whose power is too large a number. Where λ is learned: a column
        without a number, with the same one everywhere, or whose likelihood still rises at -5 or 5.

    Notes
    -----
    Peers: COINr's boxcox learns no λ and by default moves every column to start at 1, also one that was positive;
    ours moves nothing unless `plus` says so. scipy and scikit-learn learn the same λ to about 1e-6, without bounds;
    scikit-learn's PowerTransformer also standardises.

    References
    ----------
    Box, G. E. P. and Cox, D. R. (1964). An analysis of transformations. Journal of the Royal Statistical Society B
    26(2), 211-252. https://doi.org/10.1111/j.2517-6161.1964.tb00553.x

    Examples
    --------
    >>> boxcox(np.array([[1.0], [4.0], [9.0]]), {}, lambda_=0.5).ravel()
    array([0., 2., 4.])
    """
    return box_cox(x + plus if plus else x, params.get("lambda", lambda_))


def _learn_yeo_johnson(ref: FloatArray, *, lambda_: float | None = None) -> dict[str, FloatArray]:
    return {} if lambda_ is not None else {"lambda": fit_powers(ref, "yeo_johnson")}


@step(learn=_learn_yeo_johnson, sign=1, bare="lambda")
def yeo_johnson(x: FloatArray, params: Mapping[str, Any], *, lambda_: float | None = None) -> FloatArray:
    """Yeo and Johnson's power of any numbers, given or the one that makes them most like a normal distribution.

    y = ((1 + x)^λ - 1) / λ from 0 on and -((1 - x)^(2 - λ) - 1) / (2 - λ) below; where a power is 0, its logarithm.
    λ = 1 leaves the numbers as they are. A λ that is not given is learned for each column, by maximum likelihood
    between -5 and 5; missing cells do not count. It depends on the units.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"lambda": (k,)}`` where it is learned, else ``{}``.
    lambda
        The power; left out: learned.

    Returns
    -------
    The shape of `x`; ``nan`` stays. Not standardised.

    Raises
    ------
    DomainError
        Cells whose power is too large a number. Where λ is learned: a column without a number, with the same one
        everywhere, or whose likelihood still rises at -5 or 5.

    Notes
    -----
    Peers: scipy and scikit-learn learn the same λ to about 1e-6, without bounds; scikit-learn's PowerTransformer
    also standardises. COINr does not have it.

    References
    ----------
    Yeo, I.-K. and Johnson, R. A. (2000). A new family of power transformations to improve normality or symmetry.
    Biometrika 87(4), 954-959. https://doi.org/10.1093/biomet/87.4.954

    Examples
    --------
    Darwin's differences between crossed and selfed maize, for which Yeo and Johnson (p. 958) find 1.305:

    >>> maize = [6.1, -8.4, 1.0, 2.0, 0.7, 2.9, 3.5, 5.1, 1.8, 3.6, 7.0, 3.0, 9.3, 7.5, -6.0]
    >>> _learn_yeo_johnson(np.array(maize)[:, None])["lambda"].round(3)
    array([1.305])
    """
    return yeo_johnson_of(x, params.get("lambda", lambda_))
