"""Weights from principal components: `principal_components`. (The kernel that finds them is in `principal`.)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from cityindex._registry import weighting
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods import principal
from cityindex.methods._arrays import FloatArray
from cityindex.methods._loadings import (
    DISTINCT,
    Rotation,
    Signs,
    by_own_factor,
    count_problems,
    refuse_either_sign,
    rotated,
    settle_signs,
    turn,
)
from cityindex.methods._spread import as_weights, refuse_missing
from cityindex.methods.principal import Components

__all__ = ["principal_components"]

Of = Literal["first", "retained", "combined"]


def _component_problems(options: Mapping[str, Any]) -> list[str]:
    components, explained = options.get("components"), options.get("explained")
    problems = count_problems("components", components)
    if explained is not None and not 0 < explained <= 1:
        problems.append(f"explained: {explained} is not a share above 0% up to 100%")
    if components is not None and explained is not None:
        problems.append("explained: how many components are retained is said by components already")
    if options.get("of", "first") == "first":
        said = [name for name in ("components", "explained") if options.get(name) is not None]
        said += ["rotation"] if options.get("rotation", "none") != "none" else []
        problems += [f"{name}: says nothing where only the first component is used (of: retained)" for name in said]
    return problems


@weighting(from_data=True, check_option=_component_problems)
def principal_components(
    ref: FloatArray,
    *,
    of: Of = "first",
    components: int | None = None,
    explained: Percent | None = None,
    rotation: Rotation = "none",
    signs: Signs = "refuse",
    directions: FloatArray | None = None,
) -> FloatArray:
    """Weights from the principal components of the children's correlations.

    With l the correlation of a child with a component (its loading) and λ the variance of the component (its
    eigenvalue), ``first`` is w ∝ l of the first component, the mixture of the standardised children that varies most.
    ``retained`` is w ∝ l², the largest of the child's squared loadings on the retained components: children whose
    largest is on the same component form a group, and a group counts by what its component explains (Nicoletti and
    others 2000; the OECD/JRC handbook, with ``rotation: varimax``). ``combined`` is w ∝ Σ √λ l over the retained
    components: their coefficients l / √λ, averaged by variance explained.

    Weights say how a child moves with the others, not how important it is. They are meant for standardised children:
    multiplying a column by a number does not change its weight. Two children have equal weights whenever they go
    together.

    Parameters
    ----------
    ref
        Shape (n, k).
    of
        ``first``, ``retained`` or ``combined``.
    components
        How many are retained; not said: those with an eigenvalue above 1 (Kaiser's rule).
    explained
        Instead: as many as explain so much of the variance together, ``80%``.
    rotation
        ``varimax`` turns the retained components until each has few large loadings.
    signs
        What a negative loading does, as no weight can be negative: ``refuse`` it, ``absolute`` (go by size), or
        ``drop`` (weight 0). In ``retained`` each component has the sign of the largest loading of its group, in the
        others of its largest loading.
    directions
        1 or −1 for each column, −1 where less is better: those are turned (raw columns).

    Returns
    -------
    Shape (k,), adding up to 1.

    Raises
    ------
    DomainError
        Missing cells; a constant column; fewer than two units; a negative loading (``signs: refuse``). Components that
        explain exactly the same (uncorrelated children): their directions are arbitrary. A sign that decides and is
        arbitrary: loadings as large in both directions (``combined``, ``signs: drop``), as the second component of two
        children always has.

    References
    ----------
    Nicoletti, G., Scarpetta, S. and Boylaud, O. (2000). Summary indicators of product market regulation with an
    extension to employment protection legislation. OECD Economics Department Working Papers 226.
    OECD and JRC (2008). Handbook on Constructing Composite Indicators, section 6.1.
    https://doi.org/10.1787/9789264043466-en

    Notes
    -----
    Peers: COINr's `get_PCA` hands the raw first vector on as weights, negative ones with it, and its sign is arbitrary;
    here a negative loading is refused by name. Compind's `ci_factor` gives component scores, not weights. Spreadsheets
    and SPSSAU use ``combined``, which depends on the sign each component happens to have; here a rule fixes it.

    Examples
    --------
    >>> ref = np.array([[1.0, 2.0, 1.0], [2.0, 1.0, 3.0], [3.0, 4.0, 2.0], [4.0, 3.0, 5.0]])
    >>> principal_components(ref).round(3)
    array([0.408, 0.254, 0.338])
    >>> principal_components(ref, of="retained", components=2, rotation="varimax").round(3)
    array([0.267, 0.365, 0.368])
    """
    problems = _component_problems({"of": of, "components": components, "explained": explained, "rotation": rotation})
    if problems:
        raise DomainError("; ".join(problems))
    refuse_missing(ref)
    if ref.shape[-1] == 1:
        return np.ones(1)
    found = principal.principal_components(turn(ref, directions))
    count = 1 if of == "first" else _retained(found, components, explained)
    _refuse_ties(found.eigenvalues, count, apart=of != "retained" or rotation == "none")
    loadings = rotated(found.loadings[:, :count], rotation)
    if of == "retained":
        return by_own_factor(loadings, signs, "loading on its component")
    if of == "combined" or signs == "drop":
        refuse_either_sign(loadings)
    loadings = principal.oriented(loadings)
    if of == "first":
        return as_weights(settle_signs(loadings[:, 0], signs, "loading on the first component"), "no loading is left")
    coefficients = loadings @ np.sqrt((loadings**2).sum(axis=0))
    return as_weights(settle_signs(coefficients, signs, "coefficient in the components together"), "nothing is left")


def _retained(found: Components, components: int | None, explained: Percent | None) -> int:
    """How many components are retained."""
    positive = int((found.eigenvalues > principal.SINGULAR * found.eigenvalues[0]).sum())
    if components is not None:
        if components > positive:
            raise DomainError(f"there are {positive} components that explain anything, not {components}")
        return components
    if explained is not None:
        reached = np.cumsum(found.explained) >= float(explained) - DISTINCT
        return min(int(reached.argmax()) + 1, positive)
    return max(1, int((found.eigenvalues > 1 + DISTINCT).sum()))


def _refuse_ties(eigenvalues: FloatArray, count: int, *, apart: bool) -> None:
    """Refuse components whose direction is arbitrary: the last retained and the next, or (`apart`) any two of them."""
    same = eigenvalues[:-1] - eigenvalues[1:] <= DISTINCT * eigenvalues[0]
    first = 0 if apart else count - 1
    for place in range(first, min(count, len(same))):
        if same[place]:
            raise DomainError(
                f"components {place + 1} and {place + 2} explain exactly the same, {eigenvalues[place]:.6g}: where "
                "they point is arbitrary, and so would the weights be"
            )
