"""The analytic hierarchy process with fuzzy judgements: [low, middle, high] instead of one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from cityindex._registry import weighting
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._consistency import report_on
from cityindex.methods._fuzzy import FuzzyJudgements, centroid, extent_weights, fuzzy_weights, read_fuzzy
from cityindex.methods._judgements import pair_name, said_by
from cityindex.methods.ahp import Table, expert_votes

__all__ = ["check_fuzzy", "fuzzy_ahp"]

Derived = Literal["geometric", "extent"]
Zeros = Literal["refuse", "allow"]


def check_fuzzy(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """Every problem of the options of `fuzzy_ahp` for these children, as texts.

    >>> check_fuzzy({"judgements": {"a": {"b": (3, 2, 4)}}}, ["a", "b"])
    ['a over b: [3, 2, 4] is no fuzzy judgement; [low, middle, high] is needed, in this order']
    """
    return _study(children, **options)[1]


@weighting(bare="judgements", check=check_fuzzy)
def fuzzy_ahp(
    ref: FloatArray,
    *,
    judgements: FuzzyJudgements | None = None,
    experts: Mapping[str, FuzzyJudgements] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    spread: float = 1.0,
    method: Derived = "geometric",
    zeros: Zeros = "refuse",
    random_index: Table = "saaty",
    limit: float = 0.1,
    children: Sequence[str] = (),
) -> FloatArray:
    """Weights from fuzzy judgements of pairs (fuzzy AHP): each is triangular, [low, middle, high].

    Geometric (Buckley): rᵢ = (Πⱼ aᵢⱼ)^(1/k) end by end, then rᵢ over Σ r, where low is divided by the sum of the highs
    and high by that of the lows; the weights are the centroids (low + middle + high) / 3, divided by their sum.
    Extent (Chang): Sᵢ = Σⱼ aᵢⱼ over ΣΣ a; a child's weight is how possible it is that Sᵢ ≥ Sⱼ for every j, divided by
    the sum over the children.

    Parameters
    ----------
    ref
        Shape (n, k); only k matters.
    judgements
        A full square matrix in the order of the children or pairs by their ids, as for `ahp`; each is a number or
        ``[2, 3, 4]``. All pairs are needed; the other direction is the reciprocal, [1/high, 1/middle, 1/low].
    experts
        The judgements of each of several experts, by name, instead. Their geometric mean is taken end by end.
    expert_weights
        How much each expert counts, by name; all alike if not said.
    spread
        What a judgement that is one number is worth: so many steps of Saaty's scale on either side (with 1, 3 is
        [2, 3, 4], 1 is [1/2, 1, 2] and 9 is [8, 9, 10]). Tables that take 1 as exact, or end at 9, are written out.
    method
        ``geometric`` or ``extent``.
    zeros
        Extent analysis gives a child whose extent lies wholly below another's no weight at all: ``refuse`` or
        ``allow`` that.
    random_index, limit
        As for `ahp`: the middle values have to be consistent.
    children
        The ids of the children, from the caller.

    Returns
    -------
    Shape (k,), adding up to 1. With spread 0 the geometric weights are those of `ahp` with ``method: geometric``.

    Raises
    ------
    DomainError
        No judgements; judgements that are none, contradict their reciprocals or are not made; middle values less
        consistent than the limit; zero weights (naming the children).

    Notes
    -----
    Peers: pyDecision's fuzzy AHP is the geometric one; it returns a consistency ratio and goes on whatever it is. Many
    papers use extent analysis, whose weights do not measure importance (a clearly less important child gets 0; Wang,
    Luo and Hua 2008): it is not the default here, and a zero has to be allowed by name.

    References
    ----------
    J. J. Buckley (1985), Fuzzy hierarchical analysis, *Fuzzy Sets and Systems* 17(3), 233–247,
    https://doi.org/10.1016/0165-0114(85)90090-9
    D.-Y. Chang (1996), Applications of the extent analysis method on fuzzy AHP, *European Journal of Operational
    Research* 95(3), 649–655, https://doi.org/10.1016/0377-2217(95)00300-2
    Y.-M. Wang, Y. Luo, Z. Hua (2008), On the extent analysis method for fuzzy AHP and its applications, *European
    Journal of Operational Research* 186(2), 735–747, https://doi.org/10.1016/j.ejor.2007.01.050

    Examples
    --------
    >>> said = {"supplier": {"product": (3 / 2, 2, 5 / 2), "service": (2 / 3, 1, 3 / 2)}}
    >>> said["product"] = {"service": (3 / 2, 2, 5 / 2)}
    >>> names = ["supplier", "product", "service"]
    >>> fuzzy_ahp(np.empty((0, 3)), judgements=said, children=names, limit=0.5).round(3)
    array([0.412, 0.325, 0.263])
    >>> fuzzy_ahp(np.empty((0, 3)), judgements=said, children=names, limit=0.5, method="extent").round(3)
    array([0.434, 0.363, 0.204])
    """
    children = children or [f"child {child + 1}" for child in range(ref.shape[-1])]
    matrix, problems = _study(
        children,
        judgements=judgements,
        experts=experts,
        expert_weights=expert_weights,
        spread=spread,
        method=method,
        zeros=zeros,
        random_index=random_index,
        limit=limit,
    )
    if problems or matrix is None:
        raise DomainError("; ".join(problems) or "there are no judgements: say `judgements`, or `experts`")
    return _weights(matrix, method)


def _weights(matrix: FloatArray, method: Derived) -> FloatArray:
    if method == "extent":
        return extent_weights(matrix)
    crisp = centroid(fuzzy_weights(matrix))
    return np.asarray(crisp / crisp.sum(), np.float64)


def _study(
    children: Sequence[str],
    *,
    judgements: FuzzyJudgements | None = None,
    experts: Mapping[str, FuzzyJudgements] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    spread: float = 1.0,
    method: Derived = "geometric",
    zeros: Zeros = "refuse",
    random_index: Table = "saaty",
    limit: float = 0.1,
) -> tuple[FloatArray | None, list[str]]:
    """The group's judgements, (k, k, 3), or None (none said, or unusable); and the problems."""
    problems = [f"{name}: {value:g} is below 0" for name, value in (("spread", spread), ("limit", limit)) if value < 0]
    said, both = said_by(judgements, experts)
    votes, found = expert_votes(list(said), expert_weights)
    problems += both + found
    matrices = []
    for expert, own in said.items():
        matrix, found = read_fuzzy(own, children, max(spread, 0.0))
        problems += [f"expert {expert}: {text}" if expert else text for text in found]
        matrices.append(matrix)
    if problems or not said:
        return None, problems
    group = _group(matrices, votes)
    problems = _not_made(group, children)
    if problems:
        return None, problems
    try:
        report = report_on({"": group[..., 1]}, children, "eigenvector", random_index)[""]
    except DomainError as error:
        return None, [error.reason]
    return group, report.problems(limit) or _zeros(group, children, method, zeros)


def _group(matrices: list[FloatArray], votes: FloatArray) -> FloatArray:
    """The geometric mean end by end, each judgement by the experts who made it."""
    logs = np.log(np.stack(matrices))
    made = ~np.isnan(logs)
    count = np.where(made, votes[:, None, None, None], 0.0).sum(axis=0)
    total = np.where(made, votes[:, None, None, None] * logs, 0.0).sum(axis=0)
    mean = np.where(count > 0, np.exp(total / np.where(count > 0, count, 1.0)), np.nan)
    return np.asarray(matrices[0] if len(matrices) == 1 else mean, np.float64)


def _not_made(group: FloatArray, children: Sequence[str]) -> list[str]:
    gaps = np.argwhere(np.triu(np.isnan(group[..., 1])))
    listed = ", ".join(pair_name(children, int(row), int(column)) for row, column in gaps[:8])
    return [f"all pairs have to be judged, and these are not: {listed}{', …' if len(gaps) > 8 else ''}"] * bool(
        len(gaps)
    )


def _zeros(group: FloatArray, children: Sequence[str], method: Derived, zeros: Zeros) -> list[str]:
    if method != "extent" or zeros == "allow":
        return []
    none = [child for child, weight in zip(children, extent_weights(group), strict=True) if weight == 0]
    if not none:
        return []
    return [
        f"extent analysis gives no weight at all to {', '.join(none)}: the extents lie wholly below another's; "
        "use method: geometric, or allow it (zeros: allow)"
    ]
