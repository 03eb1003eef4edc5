"""Several weightings combined into one: judgement and data, say.

`combined` is the weighting; `combine_weights` does the same to sets of weights, and `game_shares` tells what the game
makes of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from cityindex._registry import Weightings, weighting
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._nested import call_nested, check_nested, resolve

__all__ = ["check_combined", "combine_weights", "combined", "game_shares"]

How = Literal["multiplicative", "geometric", "additive", "game"]
Zeros = Literal["refuse", "allow"]
Negative = Literal["refuse", "absolute"]
NOTHING = 1e-9  # a share up to here is none: an equal weighting gets 0 up to float dust


def check_options(options: Mapping[str, Any]) -> list[str]:
    """Problems of the options that types cannot say, as texts."""
    of, shares = options.get("of", ()), options.get("shares")
    problems = (
        [] if len(of) > 1 else [f"of: two weightings are the least that can be combined, and there are {len(of)}"]
    )
    if shares is None:
        return problems
    if options.get("how") != "additive":
        return [*problems, "shares: they belong to how: additive"]
    if len(shares) != len(of):
        problems.append(f"shares: there are {len(shares)}, and {len(of)} weightings")
    if min(shares, default=0) < 0 or significant(np.array(float(sum(shares)))) != 1:
        problems.append("shares: numbers from 0 on that add up to 1 (100%) are needed")
    return problems


def check_combined(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """Every problem of the weightings that `combined` names for these children, as texts.

    >>> check_combined({"of": ["equal", "entropi"], "how": "game"}, ["a", "b"])[0][:28]
    "unknown weighting 'entropi'."
    """
    return [text for item in options.get("of", ()) for text in check_nested(item, children)]


@weighting(bare="of", check=check_combined, check_option=check_options, from_data=True)
def combined(
    ref: FloatArray,
    *,
    of: Weightings,
    how: How = "multiplicative",
    shares: tuple[float | Percent, ...] | None = None,
    zeros: Zeros = "refuse",
    negative: Negative = "refuse",
    directions: FloatArray | None = None,
    children: Sequence[str] = (),
) -> FloatArray:
    """The weights of several weightings combined (组合赋权), v₁ … vₘ to w.

    Multiplicative: w ∝ Π vᵢ. Geometric: w ∝ (Π vᵢ)^(1/m). Additive: w = Σ sᵢ vᵢ. Game: the same, with the shares s that
    bring Σ sⱼ vⱼ nearest to all the vᵢ at once, Σⱼ (vᵢ · vⱼ) sⱼ = vᵢ · vᵢ for every i, divided by their sum.

    Parameters
    ----------
    ref
        Shape (n, k): what the weightings see.
    of
        The weightings, as they stand under ``weights``: ``[{ahp: …}, entropy]``.
    how
        ``multiplicative``, ``geometric``, ``additive`` or ``game``.
    shares
        With ``additive``: what each counts, adding up to 1; all alike if not said.
    zeros
        A child that one of the weightings gives 0 gets 0 from a product, whatever the others say: ``refuse`` or
        ``allow`` that.
    negative
        The game may give a weighting a share of 0 or below (0 to `equal`): ``refuse``, or take the share as it is
        without its sign, ``absolute``.
    directions
        1 or −1 by column, where raw columns are shown; passed on. From the caller.
    children
        The ids of the children, from the caller; passed on.

    Returns
    -------
    Shape (k,), adding up to 1. Weightings that agree are met exactly, however combined (but for multiplicative, which
    sharpens: 1/4 and 3/4 twice give 1/10 and 9/10).

    Raises
    ------
    DomainError
        What a weighting in it refuses, under its name; a weighting that is shown raw columns and does not know them; a
        zero in a product; products that are all 0; a share of the game that is not above 0.

    Notes
    -----
    Peers: SPSSAU combines AHP and entropy weights in one click, and papers on the game (博弈论组合赋权) take the shares
    without their signs; pymcdm and scikit-criteria have none of it. Here a zero in a product and a share that is not
    above 0 have to be allowed by name.

    References
    ----------
    侯克鹏 et al. (2021), 基于改进的FAHP-CRITIC法与云理论的露天矿边坡危险性评估模型, *安全与环境学报* 21(6),
    https://doi.org/10.13637/j.issn.1009-6094.2020.1302 (the game with a worked case; first, as it says, 陈家良 2003)

    Examples
    --------
    >>> of = ("equal", {"given": {"weights": {"a": 0.8, "b": 0.2}}})
    >>> combined(np.empty((0, 2)), of=of, children=["a", "b"])
    array([0.8, 0.2])
    >>> combined(np.empty((0, 2)), of=of, how="additive", shares=(0.25, 0.75), children=["a", "b"])
    array([0.725, 0.275])
    """
    problems = check_options({"of": of, "how": how, "shares": shares})
    if problems:
        raise DomainError("; ".join(problems))
    sets = np.stack([call_nested(item, ref, directions=directions, children=children) for item in of])
    names = [resolve(item)[0].name for item in of]
    if how in ("multiplicative", "geometric") and zeros == "refuse":
        _refuse_zeros(sets, names)
    if how == "game" and negative == "refuse":
        _refuse_shares(game_shares(sets), names)
    return combine_weights(sets, how=how, shares=shares)


def combine_weights(
    sets: FloatArray, *, how: How = "multiplicative", shares: Sequence[float] | None = None
) -> FloatArray:
    """Sets of weights, (…, m, k), to one, (…, k), as `combined` does; game shares count without their signs.

    >>> combine_weights(np.array([[0.25, 0.75], [0.25, 0.75]]))
    array([0.1, 0.9])
    """
    if how in ("additive", "game"):
        count = sets.shape[-2]
        equal = np.full(count, 1 / count)
        s = game_shares(sets) if how == "game" else equal if shares is None else np.asarray(shares, np.float64)
        s = np.abs(s)
        found = np.einsum("...m,...mk->...k", s / s.sum(axis=-1, keepdims=True), sets)
        return np.asarray(found / found.sum(axis=-1, keepdims=True), np.float64)
    with np.errstate(divide="ignore"):
        logs = np.log(sets)
    logs = logs.sum(axis=-2) if how == "multiplicative" else logs.mean(axis=-2)
    most = logs.max(axis=-1, keepdims=True)
    if np.isneginf(most).any():
        raise DomainError("the products are all 0: every child has a weight of 0 in one of the weightings")
    found = np.exp(logs - most)
    return np.asarray(found / found.sum(axis=-1, keepdims=True), np.float64)


def game_shares(sets: FloatArray) -> FloatArray:
    """What the game makes of each of m sets of weights, (…, m, k) → (…, m), adding up to 1; below 0 where it says so.

    Sets that are the same (then the shares are not unique) get the same.

    >>> game_shares(np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]]))
    array([0.5, 0.5])
    """
    products = np.einsum("...ik,...jk->...ij", sets, sets)
    own = np.diagonal(products, axis1=-2, axis2=-1)
    s = np.einsum("...ij,...j->...i", np.linalg.pinv(products, rcond=1e-12, hermitian=True), own)
    return np.asarray(s / s.sum(axis=-1, keepdims=True), np.float64)


def _refuse_zeros(sets: FloatArray, names: Sequence[str]) -> None:
    none = sets == 0
    if none.any():
        at, columns = int(np.flatnonzero(none.any(axis=1))[0]), np.flatnonzero(none.any(axis=0))
        raise DomainError(
            f"{names[at]} gives a weight of 0, and a product with it is 0 whatever the others say; "
            "how: additive, or allow it (zeros: allow)",
            columns=columns,
        )


def _refuse_shares(s: FloatArray, names: Sequence[str]) -> None:
    s = np.where(np.abs(s) > NOTHING, s, 0.0)
    if not (s > 0).all():
        listed = ", ".join(f"{name} {share:.4g}" for name, share in zip(names, s, strict=True))
        raise DomainError(
            f"the game gives a weighting a share that is not above 0 ({listed}): it is flatter than those it is "
            "combined with; how: additive, or take the shares without their signs (negative: absolute)"
        )
