"""Weights from common factors: `factor_analysis`, and the kernel that extracts them (principal factors)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import weighting
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._loadings import (
    DISTINCT,
    Rotation,
    Signs,
    by_own_factor,
    count_problems,
    rotated,
    turn,
)
from cityindex.methods._spread import refuse_missing
from cityindex.methods.principal import SINGULAR, correlations_of, oriented

__all__ = ["factor_analysis", "principal_factors"]

Communalities = Literal["iterated", "squared_multiple"]
SETTLED = 1e-12
ROUNDS = 10_000


def _factor_problems(options: Mapping[str, Any]) -> list[str]:
    return count_problems("factors", options.get("factors"))


@weighting(from_data=True, bare="factors", check_option=_factor_problems)
def factor_analysis(
    ref: FloatArray,
    *,
    factors: int | None = None,
    communalities: Communalities = "iterated",
    rotation: Rotation = "varimax",
    signs: Signs = "refuse",
    directions: FloatArray | None = None,
) -> FloatArray:
    """Weights from the common factors of the children: in proportion to a child's largest squared loading.

    Unlike principal components, factors explain only what a child shares with others (its communality): principal
    factors are the eigenvectors of the correlation matrix with communalities in place of the ones on its diagonal.
    Children whose largest loading is on the same factor form a group; within it weights go by squared loadings, and a
    group counts by what its factor explains.

    Parameters
    ----------
    ref
        Shape (n, k), k from 3 on.
    factors
        How many; not said: as many as the correlation matrix has eigenvalues above 1.
    communalities
        ``iterated``: until the loadings give them back (principal axis factoring). ``squared_multiple``: what all
        other children explain of each (R²), once.
    rotation
        ``varimax``, or ``none``.
    signs
        What a negative loading does: ``refuse`` it, ``absolute`` (go by size), or ``drop`` (weight 0). Each factor has
        the sign of the largest loading of its group.
    directions
        1 or −1 for each column, −1 where less is better: those are turned (raw columns).

    Returns
    -------
    Shape (k,), adding up to 1.

    Raises
    ------
    DomainError
        Missing cells; a constant column; a child that is a combination of others; more factors than k children can
        tell apart; a communality above 1 (a Heywood case); a negative loading (``signs: refuse``).

    References
    ----------
    Harman, H. H. (1976). Modern Factor Analysis, 3rd edition. University of Chicago Press.
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 6.1.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: SPSSAU, psych's `principal` (so Compind) and the handbook's tables call rotated principal components factor
    analysis: that is ``{principal_components: {of: retained, rotation: varimax}}``. R's psych warns of a communality
    above 1 and goes on; here it is refused, as it says that the model does not fit.

    Examples
    --------
    >>> ref = np.array([[1.0, 2.0, 4.0], [2.0, 1.0, 1.0], [3.0, 6.0, 3.0], [4.0, 3.0, 2.0], [5.0, 4.0, 9.0]])
    >>> factor_analysis(ref).round(3)
    array([0.539, 0.202, 0.259])
    """
    problems = _factor_problems({"factors": factors})
    if problems:
        raise DomainError("; ".join(problems))
    refuse_missing(ref)
    r, _, _ = correlations_of(turn(ref, directions))
    if factors is None:
        factors = max(1, int((np.linalg.eigvalsh(r) > 1 + DISTINCT).sum()))
    loadings = principal_factors(r, factors, communalities=communalities)
    return by_own_factor(rotated(loadings, rotation), signs, "loading on its factor")


def principal_factors(r: FloatArray, factors: int, *, communalities: Communalities = "iterated") -> FloatArray:
    """The loadings of so many principal factors of a correlation matrix, (k, factors); signs as `oriented`.

    Raises
    ------
    DomainError
        As `factor_analysis`.

    Examples
    --------
    >>> principal_factors(np.array([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]]), 1).ravel().round(6)
    array([0.8, 0.7, 0.6])
    """
    count = len(r)
    if (count - factors) ** 2 < count + factors:
        told = f"{count} children are" if count != 1 else "one child is"
        raise DomainError(f"{told} too few to tell {factors} common factor{'s' * (factors > 1)}")
    values, vectors = np.linalg.eigh(r)
    if values[0] <= SINGULAR * values[-1]:
        involved = np.flatnonzero(np.abs(vectors[:, 0]) > 1e-6)
        raise DomainError("it is a combination of others in the group: it has no variance of its own", columns=involved)
    shared = 1 - 1 / np.diagonal(np.linalg.inv(r))
    for _ in range(ROUNDS):
        loadings = _extract(r, shared, factors)
        found = (loadings**2).sum(axis=1)
        _refuse_heywood(found)
        if communalities == "squared_multiple" or np.abs(found - shared).max() < SETTLED:
            return loadings
        shared = found
    raise DomainError("the communalities do not settle (communalities: squared_multiple takes them once)")


def _extract(r: FloatArray, shared: FloatArray, factors: int) -> FloatArray:
    reduced = r.copy()
    np.fill_diagonal(reduced, shared)
    values, vectors = np.linalg.eigh(reduced)
    values, vectors = values[::-1][:factors], vectors[:, ::-1][:, :factors]
    if values[-1] <= SINGULAR:
        found = int((values > SINGULAR).sum())
        raise DomainError(f"the children share {found} common factor{'s' * (found != 1)}, not {factors}")
    return np.asarray(oriented(vectors) * np.sqrt(values), np.float64)


def _refuse_heywood(found: FloatArray) -> None:
    above = found > 1 + DISTINCT
    if above.any():
        raise DomainError(
            "its communality is above 1 (a Heywood case): common factors do not describe these children; ask for fewer "
            "factors, for communalities: squared_multiple, or for principal_components",
            columns=np.flatnonzero(above),
        )
