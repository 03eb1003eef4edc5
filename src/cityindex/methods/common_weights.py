"""Weights by data envelopment analysis: the one set for all that gives the reference units the highest mean score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cityindex._registry import weighting
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._frontier import Limits, frontier_of, limit_rows, limits_of, refuse_negative
from cityindex.methods._programs import Programs, scaled
from cityindex.methods._spread import ends, refuse_missing

__all__ = ["common_weights"]

ANY: Limits = (0.0, 1.0)
BEST = 1e-9  # relative: scores this near to the best are as good
APART = 1e-6  # weights (times the highest number) that differ by less are the same


def _problems(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """What is wrong with the options for these children, as texts."""
    low, high = options.get("limits", ANY)
    if not 0 <= low <= high <= 1:
        return [f"limits: [{low:g}, {high:g}] is no range within 0 and 1"]
    try:
        limits_of((low, high), len(children), "limits")
    except DomainError as error:
        return [error.reason]
    return []


@weighting("benefit_of_the_doubt", from_data=True, bare="limits", check=_problems)
def common_weights(ref: FloatArray, *, limits: Limits = ANY) -> FloatArray:
    """One set of weights for all, chosen as benefit of the doubt chooses: for the highest mean score of the units.

    Maximises the mean of Σ w x over w ≥ 0 with Σ w x ≤ 1 for every unit (a common set of weights in data envelopment
    analysis); w is then divided by its sum. A weighted mean with these weights is that score times a constant, so units
    keep its order. Where the aggregator of this name lets each unit choose for itself, here they choose together.

    Without limits many weights are 0: the best mean is often had from a few children.

    Parameters
    ----------
    ref
        Shape (n, k), from 0 on.
    limits
        Of each weight as a share of their sum, ``[5%, 40%]``.

    Returns
    -------
    Shape (k,), adding up to 1; multiplying a column by c divides its weight by c (before limits, and before the
    weights are divided by their sum).

    Raises
    ------
    DomainError
        Missing cells; numbers below 0; a column of zeros; limits that weights adding up to 1 cannot keep; several sets
        of weights with the same mean score.

    References
    ----------
    Despotis, D. K. (2005). A reassessment of the human development index via data envelopment analysis. Journal of the
    Operational Research Society 56(8), 969-980. https://doi.org/10.1057/palgrave.jors.2601927
    Roll, Y., Cook, W. D. and Golany, B. (1991). Controlling factor weights in data envelopment analysis. IIE
    Transactions 23(1), 2-9. https://doi.org/10.1080/07408179108963835

    Notes
    -----
    Peers: COINr, Compind and the Python packages have no common weights. Averages of the units' own best weights, which
    some studies use, are not defined where a unit has several (as every unit on the frontier has): the solver's choice
    would decide.

    Examples
    --------
    >>> common_weights(np.array([[1.0, 4.0], [3.0, 3.0], [4.0, 1.0], [2.0, 1.0]])).round(3)
    array([0.667, 0.333])
    """
    problems = _problems({"limits": limits}, [""] * ref.shape[-1])
    if problems:
        raise DomainError("; ".join(problems))
    refuse_missing(ref)
    refuse_negative(ref)
    _, size = ends(ref)
    if not size.all():
        raise DomainError("every unit has 0: it needs no weight", columns=np.flatnonzero(size == 0))
    units = ref / size
    mean = units.mean(axis=0)
    rows = frontier_of(units)
    most = np.ones(len(rows))
    if tuple(limits) != ANY:
        more = limit_rows(1 / size, np.tile(np.asarray(limits, np.float64), (len(size), 1)))
        rows, most = np.concatenate([rows, more]), np.append(most, np.zeros(len(more)))
    point = _best(*scaled(rows, most), mean)
    weights = np.maximum(point, 0.0) / size
    return np.asarray(weights / weights.sum(), np.float64)


def _best(g: FloatArray, h: FloatArray, mean: FloatArray) -> FloatArray:
    """The weights with the highest mean score; where several have it, they are refused."""
    count = len(mean)
    programs = Programs(g, h, np.ones(count), None, [0.0] * count)
    programs.entered[:] = True
    point: FloatArray = programs.minimise(-mean[None])[0]
    face, end = scaled(-mean[None], np.array([-(mean @ point) * (1 - BEST)]))
    around = Programs(np.concatenate([g, face]), np.append(h, end), np.ones(count), None, [0.0] * count)
    around.entered[:] = True
    ends = around.minimise(np.concatenate([np.eye(count), -np.eye(count)]))
    lowest, highest = np.diagonal(ends[:count]), np.diagonal(ends[count:])
    loose = highest - lowest > APART
    if loose.any():
        raise DomainError(
            "several weights give the same mean score: this one may be more or less (narrower limits would settle it)",
            columns=np.flatnonzero(loose),
        )
    return point
