"""Treatment in two stages (`treat`): winsorise a column whose shape fails; where it fails still, transform it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cityindex._registry import step
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._curves import Tail
from cityindex.methods._shape import Lists, acceptable, hold_lists, skewness_kurtosis
from cityindex.methods._two_stages import Force, Rule, Transform, bend, find_stages

__all__ = ["treat", "treatment_details"]


# -- treat ------------------------------------------------------------------------------------------------------------


def _check_treat(options: Mapping[str, Any]) -> list[str]:
    points, transform, force = options.get("points", 5), options.get("transform"), options.get("force")
    problems = []
    if points < 0:
        problems.append(f"points: {points}; 0 (none may be moved) or more is allowed")
    if options.get("share", 1) <= 0:
        problems.append(f"share: {options['share']}; above 0 is allowed")
    if points == 0 and (force == "winsorise" or transform == "none"):
        problems.append("points: 0 moves no number, and nothing else is asked for")
    if transform == "none" and force == "transform":
        problems.append("force: transform, but transform: none")
    if force is not None and options.get("combine"):
        problems.append(f"combine: says nothing with force: {force}, which is one treatment alone")
    return problems


def _learn_treat(
    ref: FloatArray,
    *,
    points: int = 5,
    transform: Transform = "log_shift",
    tail: Tail = "upper",
    share: float = 0.01,
    skewness: float = 2.0,
    kurtosis: float = 3.5,
    combine: bool = False,
    force: Force | None = None,
) -> dict[str, Lists]:
    rule = Rule(
        points=points,
        transform=transform,
        tail=tail,
        share=share,
        skewness=skewness,
        kurtosis=kurtosis,
        combine=combine,
        force=force,
    )
    return find_stages(ref, rule).params()


@step(learn=_learn_treat, sign=1, bare="points", check_option=_check_treat, treats=True)
def treat(x: FloatArray, params: Mapping[str, Any], *, transform: Transform = "log_shift") -> FloatArray:
    """Winsorise a column whose shape fails; where it fails still, undo that and take its shifted logarithm.

    A shape fails if its absolute skewness (adjusted, G1) is at least `skewness` and its excess kurtosis (G2) at least
    `kurtosis`. First, up to `points` numbers are moved to the next one, as `winsorise` does. If the shape passes, that
    is all. Else the numbers stay where they were, and the whole column is transformed:
    y = ln(x - min + share · (max - min)). A column that passes from the start is not touched. Whether the shape passes
    at the end is for `treatment_details` to tell; missing cells do not count.

    What is learned is limits and curves; to apply them is row by row.

    Parameters
    ----------
    x
        Shape (…, n, k), in any units.
    params
        ``{"low": k lists, "high": k lists, "curve": k lists}``: a limit, or an empty list where there is none; what
        `transform` learned (start, scale and plus of a logarithm, or a power), or an empty list.
    points
        How many numbers may be moved. Equal ones move and count together, so that it may be more. 0: none.
    transform
        The second stage: ``log_shift``, ``log_gii``, ``boxcox``, ``yeo_johnson`` (the steps of these names), or
        ``none``: what was winsorised stays, though its shape may fail.
    tail, share
        Options of ``log_shift``.
    skewness, kurtosis
        The shape passes if its absolute skewness is below the one, or its excess kurtosis below the other.
    combine
        Transform the winsorised column rather than the original one.
    force
        One treatment, and no other, whatever the shape: ``winsorise`` moves `points` numbers, ``transform`` takes the
        second stage, ``neither`` leaves the column as it is.

    Returns
    -------
    The shape of `x`; ``nan`` stays.

    Raises
    ------
    DomainError
        A column without a number; one that `transform` cannot take; later numbers so far beyond the reference that
        their logarithm does not exist.

    Notes
    -----
    Peers: COINr's Treat, with its defaults, gives the same numbers; but its record shows points as winsorised where
    that was undone, a forced winsorising is dropped without a word where the shape passes (its issue 53), and its
    default logarithm lengthens a long lower tail: ``tail: longer`` turns it. Winsorising stops here before a column
    is constant.

    References
    ----------
    Becker, W. et al. (2022). COINr: An R package for developing composite indicators. JOSS 7(78), 4567.
    https://doi.org/10.21105/joss.04567
    Groeneveld, R. A. and Meeden, G. (1984). Measuring skewness and kurtosis. The Statistician 33(4), 391-399.
    https://doi.org/10.2307/2987742

    Examples
    --------
    One number is moved, or, where none may be, the column bends:

    >>> ref = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [90.0]])
    >>> treat(ref, _learn_treat(ref)).ravel()
    array([1., 2., 3., 4., 5., 6., 6.])
    >>> treat(ref, _learn_treat(ref, points=0)).round(2).ravel()
    array([-0.12,  0.64,  1.06,  1.36,  1.59,  1.77,  4.5 ])
    """
    out = hold_lists(x, params["low"], params["high"])
    bent = [j for j, curve in enumerate(params["curve"]) if len(curve)]
    if bent:
        curves = np.array([params["curve"][j] for j in bent]).T
        try:
            out[..., bent] = bend(out[..., bent], curves, transform)
        except DomainError as error:
            raise DomainError(error.reason, cells=[(row, bent[j]) for row, j in error.cells]) from None
    return out


# -- what is told -----------------------------------------------------------------------------------------------------


def treatment_details(ref: FloatArray, **options: Any) -> dict[str, npt.NDArray[Any]]:
    """The shape of columns before, between and after the stages of `treat`, and how many numbers were moved.

    Parameters
    ----------
    ref
        Shape (n, k): what the step learns from.
    options
        Those of the step.

    Returns
    -------
    Arrays, one entry per column. ``skewness``, ``kurtosis`` and ``passes`` as the columns came; ``tried_low`` and
    ``tried_high``: how many numbers winsorising moved up and down, ``winsorised_skewness``, ``winsorised_kurtosis``,
    ``winsorised_passes`` after it (0, nan and False where it was not tried); ``winsorised``: whether that was kept;
    ``transformed``; ``final_skewness``, ``final_kurtosis``, ``final_passes``.

    Raises
    ------
    DomainError
        As the step.

    Examples
    --------
    >>> ref = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [90.0]])
    >>> told = treatment_details(ref, points=2)
    >>> {name: told[name].tolist() for name in ("passes", "tried_high", "transformed", "final_passes")}
    {'passes': [False], 'tried_high': [1], 'transformed': [False], 'final_passes': [True]}
    """
    rule = Rule(**options)
    found = find_stages(ref, rule)
    held = hold_lists(ref, found.low, found.high)
    with np.errstate(invalid="ignore"):
        up, down = (held > ref).sum(axis=0), (held < ref).sum(axis=0)
    told: dict[str, npt.NDArray[Any]] = {**_shape_of(ref, rule, "")}
    told |= {"tried_low": up, "tried_high": down}
    middle = _shape_of(held, rule, "winsorised_")
    for name, values in middle.items():
        told[name] = np.where(found.tried, values, False if values.dtype == bool else np.nan)
    told["winsorised"] = found.kept & (up + down > 0)
    told["transformed"] = np.array([len(curve) > 0 for curve in found.curve])
    return told | _shape_of(treat(ref, found.params(), transform=rule.transform), rule, "final_")


def _shape_of(x: FloatArray, rule: Rule, prefix: str) -> dict[str, npt.NDArray[Any]]:
    skew, kurt = skewness_kurtosis(x)
    passes = acceptable(skew, kurt, rule.skewness, rule.kurtosis)
    return {f"{prefix}skewness": skew, f"{prefix}kurtosis": kurt, f"{prefix}passes": passes}
