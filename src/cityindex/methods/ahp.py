"""The analytic hierarchy process: the weights of a group's children from judgements of pairs, by one expert or several.

A judgement says how many times as important one child is as another. `ahp` is the weighting; `analyse_judgements` gives
the weights with all that can be said of the judgements: their consistency, and which of them is the worst.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np

from cityindex._registry import weighting
from cityindex._values import Frozen
from cityindex.errors import DomainError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods._consistency import Ahp, JudgementReport, WorstJudgement, report_on
from cityindex.methods._judgements import Judgements, read_judgements, said_by, unconnected, unknown_words
from cityindex.methods._random_index import RANDOM_INDICES

__all__ = [
    "RANDOM_INDICES",
    "JudgementReport",
    "WorstJudgement",
    "ahp",
    "analyse_judgements",
    "check_judgements",
    "combined",
    "expert_votes",
    "names_said",
    "read_experts",
]

Combine = Literal["judgements", "priorities", "arithmetic priorities"]
Table = Literal["saaty", "saaty_2005", "gong_xu", "golden_wang", "donegan_dodd", "alonso_lamata"]
Unpublished = Literal["unpublished"]
NEEDED = "the judgements are unpublished: supply some (`judgements`, or `experts`), or weights"


def check_judgements(options: Mapping[str, Any], children: Sequence[str]) -> list[str]:
    """Every problem of the options of `ahp` for these children, as texts; none where judgements are unpublished.

    >>> check_judgements({"judgements": {"a": {"c": 3}}}, ["a", "b"])
    ["'c' is none of the children. Known: 'a', 'b'."]
    """
    return _study(children, **options)[1]


@weighting(bare="judgements", check=check_judgements)
def ahp(
    ref: FloatArray,
    *,
    judgements: Judgements | Unpublished | None = None,
    experts: Mapping[str, Judgements] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    combine: Combine = "judgements",
    method: Ahp = "eigenvector",
    random_index: Table = "saaty",
    limit: float = 0.1,
    children: Sequence[str] = (),
) -> FloatArray:
    """Weights from judgements of pairs: how many times as important is one child as another (Saaty's AHP).

    A w = λ w: the weights are the principal eigenvector of the matrix A of judgements; or wᵢ ∝ (Πⱼ aᵢⱼ)^(1/k), the
    geometric means of its rows. The consistency ratio is (λ - k) / (k - 1) over the random index for k children.

    Parameters
    ----------
    ref
        Shape (n, k); only k matters.
    judgements
        A full square matrix in the order of the children, ``[[1, 3], [1/3, 1]]`` (null: not made; one triangle is
        enough), or pairs by the children's ids, ``{income: {health: 3}}``. Numbers above 0; what is said both ways
        must be reciprocal. The judgements made must connect all the children. ``unpublished`` (or left out): the
        source does not print them, and the user has to supply some.
    experts
        The judgements of each of several experts, by name, instead.
    expert_weights
        How much each expert counts, by name; all alike if not said.
    combine
        ``judgements``: weights of the geometric mean of the experts' judgements; its consistency is what counts.
        ``priorities``, ``arithmetic priorities``: the geometric or arithmetic mean of the experts' own weights; every
        expert has to be consistent.
    method
        ``eigenvector`` (the principal one; Harker's matrix where judgements are missing), or ``geometric`` (geometric
        means of the rows; logarithmic least squares where judgements are missing).
    random_index
        The table behind the consistency ratio: ``saaty`` (1980), ``saaty_2005``, ``gong_xu`` (1986), ``golden_wang``
        (1989), ``donegan_dodd`` (1991), ``alonso_lamata`` (2006). Beyond its end it is refused.
    limit
        The largest consistency ratio that is accepted.
    children
        The ids of the children, from the caller.

    Returns
    -------
    Shape (k,), positive and adding up to 1. Consistent judgements are met exactly: wᵢ / wⱼ = aᵢⱼ.

    Raises
    ------
    DomainError
        No judgements; judgements that are none, contradict their reciprocals, leave children unconnected, or are less
        consistent than the limit (naming the worst of them).

    Notes
    -----
    Peers: pymcdm takes whole numbers of one expert and returns weights whatever their ratio is; pyDecision and AHPy
    take judgements that contradict their reciprocals, and their tables of random indices differ. Here the table is
    named, groups and gaps are part of the method, and contradictions are refused with the judgement to look at.

    References
    ----------
    T. L. Saaty (1977), A scaling method for priorities in hierarchical structures, *Journal of Mathematical Psychology*
    15(3), 234–281, https://doi.org/10.1016/0022-2496(77)90033-5
    E. Forman, K. Peniwati (1998), Aggregating individual judgments and priorities with the analytic hierarchy process,
    *European Journal of Operational Research* 108(1), 165–169, https://doi.org/10.1016/S0377-2217(97)00244-0

    Examples
    --------
    >>> ahp(np.empty((0, 3)), judgements=((1, 2, 6), (None, 1, 3), (None, None, 1)))
    array([0.6, 0.3, 0.1])
    """
    children = children or [f"child {child + 1}" for child in range(ref.shape[-1])]
    report, problems = _study(
        children,
        judgements=judgements,
        experts=experts,
        expert_weights=expert_weights,
        combine=combine,
        method=method,
        random_index=random_index,
        limit=limit,
    )
    if problems or report is None:
        raise DomainError("; ".join(problems) or NEEDED)
    return np.array(report.weights)


def analyse_judgements(
    judgements: Judgements | None = None,
    *,
    children: Sequence[str] = (),
    experts: Mapping[str, Judgements] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    combine: Combine = "judgements",
    method: Ahp = "eigenvector",
    random_index: Table = "saaty",
) -> JudgementReport:
    """Weights and consistency of judgements, however inconsistent; the options are those of `ahp`.

    Parameters
    ----------
    judgements, experts, expert_weights, combine, method, random_index
        As for `ahp`.
    children
        The names of what is judged; if not given, those in the pairs, or numbers from 1 on.

    Returns
    -------
    A `JudgementReport`; with experts, one on each whose own judgements connect the children is in its `experts`. Where
    priorities are combined, weights are the group's and consistency is that of the least consistent expert.

    Raises
    ------
    DomainError
        As `ahp`, but for consistency.

    Examples
    --------
    >>> report = analyse_judgements([[1, 2, 8], [1 / 2, 1, 3], [1 / 8, 1 / 3, 1]])
    >>> report.consistency_ratio < 0.1
    True
    >>> report.worst
    WorstJudgement(row='1', column='2', value=2.0, implied=2.666..., ratio=0.0)
    """
    report, problems = _study(
        children or names_said(judgements, experts),
        judgements=judgements,
        experts=experts,
        expert_weights=expert_weights,
        combine=combine,
        method=method,
        random_index=random_index,
        limit=np.inf,
    )
    if problems or report is None:
        raise DomainError("; ".join(problems) or NEEDED)
    return report


def names_said(judgements: Judgements | None, experts: Mapping[str, Judgements] | None) -> list[str]:
    """The children that judgements name, or numbers from 1 on."""
    for said in [judgements] if judgements is not None else list((experts or {}).values()):
        if not isinstance(said, Mapping):
            return [str(row + 1) for row in range(len(said))]
    pairs: list[Any] = [judgements] if judgements is not None else list((experts or {}).values())
    return list(dict.fromkeys(name for said in pairs for child, others in said.items() for name in (child, *others)))


# -- reading, combining, judging --------------------------------------------------------------------------------------


def _study(
    children: Sequence[str],
    *,
    judgements: Judgements | Unpublished | None = None,
    experts: Mapping[str, Judgements] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    combine: Combine = "judgements",
    method: Ahp = "eigenvector",
    random_index: Table = "saaty",
    limit: float = 0.1,
) -> tuple[JudgementReport | None, list[str]]:
    """The report, or None (unpublished, or unusable); and the problems, consistency among them."""
    words = {"combine": (combine, get_args(Combine)), "method": (method, get_args(Ahp))}
    problems = unknown_words(**words, random_index=(random_index, RANDOM_INDICES))
    problems += [] if limit >= 0 else [f"limit: {limit:g} is below 0"]
    judgements = None if isinstance(judgements, str) else judgements
    said, both = said_by(judgements, experts)
    matrices, found = read_experts(said, children)
    votes, votes_found = expert_votes(list(said), expert_weights)
    problems += both + found + votes_found
    problems += ["there is nothing that is judged"] if said and not children else []
    if problems or not said:
        return None, problems
    deciding = {"": combined(matrices, votes)} if combine == "judgements" else matrices
    problems = [_of(name, text) for name, matrix in deciding.items() for text in unconnected(matrix, children)]
    if problems:
        return None, problems
    try:
        reports = report_on(deciding, children, method, random_index)
    except DomainError as error:
        return None, [error.reason]
    if combine == "judgements":
        report = reports[""]
        own = {name: matrix for name, matrix in matrices.items() if name and not unconnected(matrix, children)}
        report = replace(report, experts=Frozen(report_on(own, children, method, random_index)))
    else:
        report = _of_priorities(reports, votes, arithmetic=combine == "arithmetic priorities")
    return report, [_of(name, text) for name, each in reports.items() for text in each.problems(limit)]


def _of(expert: str, text: str) -> str:
    return f"expert {expert}: {text}" if expert else text


def read_experts(said: Mapping[str, Judgements], children: Sequence[str]) -> tuple[dict[str, FloatArray], list[str]]:
    matrices: dict[str, FloatArray] = {}
    problems: list[str] = []
    for expert, judgements in said.items():
        matrices[expert], found = read_judgements(judgements, children)
        problems += [_of(expert, text) for text in found]
    return matrices, problems


def expert_votes(experts: list[str], expert_weights: Mapping[str, float] | None) -> tuple[FloatArray, list[str]]:
    """How much each expert counts, adding up to 1; and the problems."""
    if expert_weights is None:
        return np.full(len(experts), 1 / max(len(experts), 1)), []
    if experts in ([], [""]):
        return np.ones(len(experts)), ["expert_weights: there are no experts for them to weigh"]
    problems = [
        f"expert_weights: {name!r} is none of the experts.{nearest(name, experts)}"
        for name in expert_weights
        if name not in experts
    ]
    problems += [f"expert_weights: there is none for {name!r}" for name in experts if name not in expert_weights]
    votes = np.array([expert_weights.get(name, 1.0) for name in experts], np.float64)
    if not (np.isfinite(votes) & (votes >= 0)).all() or not votes.sum() > 0:
        problems.append("expert_weights: numbers from 0 on are needed, not all of them 0")
    return votes / votes.sum() if not problems else votes, problems


def combined(matrices: Mapping[str, FloatArray], votes: FloatArray) -> FloatArray:
    """The geometric mean of the judgements, each by the experts who made it."""
    if len(matrices) == 1:
        return next(iter(matrices.values()))
    logs = np.log(np.stack(list(matrices.values())))
    made = ~np.isnan(logs)
    total = np.where(made, votes[:, None, None] * logs, 0.0).sum(axis=0)
    count = np.where(made, votes[:, None, None], 0.0).sum(axis=0)
    return np.where(count > 0, np.exp(total / np.where(count > 0, count, 1.0)), np.nan)


def _of_priorities(reports: Mapping[str, JudgementReport], votes: FloatArray, *, arithmetic: bool) -> JudgementReport:
    weights = np.array([report.weights for report in reports.values()])
    mean = (weights if arithmetic else np.log(weights)) * votes[:, None]
    group = mean.sum(axis=0) if arithmetic else np.exp(mean.sum(axis=0))
    least = max(reports.values(), key=lambda report: report.consistency_ratio)
    own = Frozen({name: report for name, report in reports.items() if name})
    return replace(least, weights=tuple((group / group.sum()).tolist()), experts=own)
