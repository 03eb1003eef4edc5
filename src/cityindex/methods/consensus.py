"""How far several experts' judgements of the same pairs agree, and who is far from the group.

Source of the indicator: K. D. Goepel (2013), Implementing the analytic hierarchy process as a standard method for
multi-criteria decision making in corporate enterprises – a new AHP Excel template with multiple inputs, *Proceedings of
the International Symposium on the Analytic Hierarchy Process*, Kuala Lumpur; of the partition into alpha and beta:
L. Jost (2006), Entropy and diversity, *Oikos* 113(2), 363–375, doi:10.1111/j.2006.0030-1299.14714.x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cityindex._values import Frozen
from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods._consistency import Ahp, JudgementReport
from cityindex.methods._judgements import Judgements, unconnected
from cityindex.methods.agreement import Concordance, kendalls_w
from cityindex.methods.ahp import Table, analyse_judgements, expert_votes, read_experts

__all__ = ["ConsensusReport", "ExpertAgreement", "consensus", "consensus_indicator"]

SCALE = 9.0  # the end of Saaty's scale


@dataclass(frozen=True, slots=True)
class ExpertAgreement:
    """One expert beside the group.

    Attributes
    ----------
    weights
        The weights of the expert's own judgements.
    consistency_ratio
        Of these judgements.
    distance
        The geometric consistency index of these judgements with the group's weights, 2 Σ ln²(aᵢⱼ wⱼ / wᵢ) /
        ((n − 1)(n − 2)) over the pairs judged, where it is 0 if the expert judges as the group weighs; with two
        children, ln² of the one judgement.
    consensus
        The indicator of the expert and the group as two voices.
    """

    weights: tuple[float, ...]
    consistency_ratio: float
    distance: float
    consensus: float


@dataclass(frozen=True, slots=True)
class ConsensusReport:
    """How far experts agree.

    Attributes
    ----------
    children
        What is judged, in order.
    weights
        The group's, of the geometric mean of the judgements.
    consistency_ratio
        Of that mean.
    indicator
        Goepel's consensus indicator: 1 where all experts have the same weights, 0 where they differ as much as the
        scale lets them.
    level
        What Goepel calls it: very high (from 0.875), high (0.75), moderate (0.625), low (0.5), very low.
    concordance
        Kendall's W of the ranks that the experts' weights give; None where no expert prefers any child to another.
    experts
        Each expert's agreement with the group, by name, the furthest first.
    """

    children: tuple[str, ...]
    weights: tuple[float, ...]
    consistency_ratio: float
    indicator: float
    level: str
    concordance: Concordance | None
    experts: Mapping[str, ExpertAgreement]


def consensus(
    experts: Mapping[str, Judgements],
    *,
    children: Sequence[str] = (),
    expert_weights: Mapping[str, float] | None = None,
    method: Ahp = "eigenvector",
    random_index: Table = "saaty",
) -> ConsensusReport:
    """How far several experts' judgements agree; nothing is refused for being inconsistent.

    Parameters
    ----------
    experts
        The judgements of each expert by name, as for `ahp`; each has to connect all the children.
    children
        Their names; if not given, those in the pairs, or numbers from 1 on.
    expert_weights, method, random_index
        As for `ahp`.

    Returns
    -------
    A `ConsensusReport`.

    Raises
    ------
    DomainError
        Fewer than two experts or two children; judgements that `ahp` refuses, but for consistency; an expert whose own
        judgements leave children unconnected.

    References
    ----------
    K. D. Goepel (2013), Implementing the analytic hierarchy process as a standard method for multi-criteria decision
    making in corporate enterprises, *Proceedings of the International Symposium on the Analytic Hierarchy Process*
    J. Aguarón, J. M. Moreno-Jiménez (2003), The geometric consistency index: approximated thresholds, *European Journal
    of Operational Research* 147(1), 137–145, https://doi.org/10.1016/S0377-2217(02)00255-2

    Examples
    --------
    >>> said = {"Li": {"a": {"b": 3}}, "Wang": {"a": {"b": 2}}, "Zhao": {"b": {"a": 4}}}
    >>> report = consensus(said)
    >>> round(report.indicator, 3), report.level, list(report.experts)
    (0.622, 'low', ['Zhao', 'Li', 'Wang'])
    """
    if len(experts) < 2:
        raise DomainError(f"consensus takes two experts at least, and there are {len(experts)}")
    group = analyse_judgements(
        experts=experts, expert_weights=expert_weights, children=children, method=method, random_index=random_index
    )
    names = group.children
    if len(names) < 2:
        raise DomainError("consensus takes two children at least")
    matrices, _ = read_experts(experts, names)
    told = [f"expert {name}: {text}" for name, matrix in matrices.items() for text in unconnected(matrix, names)]
    if told:
        raise DomainError("; ".join(told))
    votes, _ = expert_votes(list(experts), expert_weights)
    own = np.array([group.experts[name].weights for name in experts])
    indicator = consensus_indicator(own, votes=votes)
    return ConsensusReport(
        children=names,
        weights=group.weights,
        consistency_ratio=group.consistency_ratio,
        indicator=indicator,
        level=_level(indicator),
        concordance=kendalls_w(own) if (np.ptp(significant(own), axis=1) > 0).any() else None,
        experts=_beside(own, matrices, group.experts, np.array(group.weights)),
    )


def consensus_indicator(weights: FloatArray, *, votes: FloatArray | None = None, scale: float = SCALE) -> float:
    """Goepel's consensus indicator of several sets of weights, (m, k).

    With Hα the mean entropy of the sets and Hγ that of their mean, S = exp(Hα − Hγ) says how alike they are; it is
    stretched to run from 0, where each set has another child `scale` times as important as the rest and the mean is
    flat, to 1: (S − s) / (1 − s) with s = exp(Hα of such a set) / k. (The simplified form with Hγ = ln k.)

    Parameters
    ----------
    weights
        Shape (m, k), from 0 on; each row adds up to 1.
    votes
        How much each set counts, adding up to 1; all alike if not said.
    scale
        The end of the judgement scale.

    Examples
    --------
    >>> apart = np.array([[9, 1, 1], [1, 9, 1], [1, 1, 9]]) / 11
    >>> round(consensus_indicator(apart), 12), consensus_indicator(apart[[0, 0]])
    (0.0, 1.0)
    """
    count, k = weights.shape
    shares = np.full(count, 1 / count) if votes is None else votes
    alpha = float((shares * _entropy(weights)).sum())
    gamma = float(_entropy((shares[:, None] * weights).sum(axis=0)))
    extreme = np.ones(k)
    extreme[0] = scale
    least: float = math.exp(float(_entropy(extreme / extreme.sum()))) / k
    alike: float = min(math.exp(alpha - gamma), 1.0)  # above 1 by float dust alone: entropy is concave
    return (alike - least) / (1 - least)


def _entropy(weights: FloatArray) -> FloatArray:
    """−Σ w ln w over the last axis, where 0 ln 0 is 0."""
    logs = np.log(np.where(weights > 0, weights, 1.0))
    return np.asarray(-(weights * logs).sum(axis=-1), np.float64)


def _level(indicator: float) -> str:
    bounds = ((0.875, "very high"), (0.75, "high"), (0.625, "moderate"), (0.5, "low"))
    return next((word for bound, word in bounds if indicator >= bound), "very low")


def _beside(
    own: FloatArray, matrices: Mapping[str, FloatArray], reports: Mapping[str, JudgementReport], group: FloatArray
) -> Mapping[str, ExpertAgreement]:
    """Each expert beside the group, the furthest first."""
    n = len(group)
    found = {}
    for weights, (name, matrix) in zip(own, matrices.items(), strict=True):
        off = np.log(matrix * (group[None, :] / group[:, None]))[np.triu_indices(n, 1)]
        found[name] = ExpertAgreement(
            weights=tuple(weights.tolist()),
            consistency_ratio=reports[name].consistency_ratio,
            distance=float(np.nansum(off**2)) * 2 / max((n - 1) * (n - 2), 2),
            consensus=consensus_indicator(np.stack([weights, group])),
        )
    return Frozen(dict(sorted(found.items(), key=lambda pair: -pair[1].distance)))
