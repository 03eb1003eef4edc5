"""Judgement matrices under audit: consistency by every table, circles, and the least that would mend them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cityindex._values import Frozen
from cityindex.methods._arrays import FloatArray
from cityindex.methods._consistency import CONSISTENT, JudgementReport, report_on
from cityindex.methods._priorities import geometric_means
from cityindex.methods._random_index import RANDOM_INDICES, random_index
from cityindex.methods._repair import SAATY, Repair, repair
from cityindex.methods._triads import triads
from cityindex.methods.ahp import combined, expert_votes, read_experts
from cityindex.spec.model import UNPUBLISHED, Call, Group

__all__ = ["ACCEPTED", "Change", "JudgementAudit", "Mending", "Triad", "audit_judgements", "printed_as"]

ACCEPTED = 0.1  # Saaty's limit of the consistency ratio


@dataclass(frozen=True, slots=True)
class Triad:
    """Three children whose judgements do not agree.

    `koczkodaj` is the share of the direct judgement that would have to go (0 to 1). `circular`: each is preferred to
    the next one round; `halting`: so it is, but for one or two judgements of 1.
    """

    children: tuple[str, str, str]
    koczkodaj: float
    circular: bool
    halting: bool

    def __str__(self) -> str:
        way = " over ".join((*self.children, self.children[0])) if self.circular else ", ".join(self.children)
        return f"{way} ({self.koczkodaj:.2f})"


@dataclass(frozen=True, slots=True)
class Change:
    """One judgement, of row over column, as it was made and as it would have to be."""

    row: str
    column: str
    was: float
    becomes: float

    def __str__(self) -> str:
        return f"{self.row} over {self.column} from {_fraction(self.was)} to {_fraction(self.becomes)}"


@dataclass(frozen=True, slots=True)
class Mending:
    """The smallest set of judgements to change so that the ratio is within the limit.

    Attributes
    ----------
    changes
        Which, and to what; empty where none was found (or none is needed).
    ratio
        The consistency ratio with them; `nan` without any.
    sets
        How many sets of that size do; on Saaty's scale, with as few steps of it.
    searched
        Sets of up to so many judgements were all looked at.
    complete
        Whether the search came to its end: where it did not, a better set of the same size may exist.
    """

    changes: tuple[Change, ...]
    ratio: float
    sets: int
    searched: int
    complete: bool

    def __str__(self) -> str:
        if not self.changes:
            return f"no change of {self.searched} judgement{'s' if self.searched != 1 else ''} or fewer does"
        said = ", ".join(map(str, self.changes))
        others = f"; {self.sets} sets do" if self.sets > 1 else ""
        return f"{said} gives {self.ratio:.3g}{others}{'' if self.complete else '; not every set was looked at'}"


@dataclass(frozen=True, slots=True)
class JudgementAudit:
    """One judgement matrix of a group, looked at from all sides.

    Attributes
    ----------
    group, expert
        Whose it is; no expert where several are combined, or where there is one matrix.
    report
        Weights and consistency by the table that the spec names.
    named
        Whether the spec says which table; else it is the default.
    limit
        The ratio that is accepted: 0.1, or less where the spec says so.
    ratios
        Random index → the consistency ratio by it, for every table that goes so far.
    triads
        Those that do not agree, the worst first.
    on_scale, anyhow
        The smallest set of judgements to change, by values of Saaty's scale and by any numbers; None where none has to.
    matrix
        The judgements, shape (n, n), ``nan`` where one was not made; read-only.
    """

    group: str
    expert: str
    report: JudgementReport
    named: bool
    limit: float
    ratios: Mapping[str, float]
    triads: tuple[Triad, ...] = ()
    on_scale: Mending | None = None
    anyhow: Mending | None = None
    matrix: FloatArray = field(default_factory=lambda: np.empty((0, 0)), compare=False, repr=False)

    @property
    def accepted(self) -> tuple[str, ...]:
        """The tables by which the ratio is within the limit."""
        return tuple(table for table, ratio in self.ratios.items() if not ratio > self.limit)

    @property
    def circles(self) -> tuple[Triad, ...]:
        return tuple(triad for triad in self.triads if triad.circular)


def audit_judgements(group: Group) -> tuple[JudgementAudit, ...]:
    """Each matrix that decides the weights of a group (one; or one an expert, where their priorities are combined).

    Empty where the group's weights come from elsewhere, or its judgements are not published.
    """
    if not isinstance(group.weights, Call) or group.weights.name != "ahp" or group.unprinted:
        return ()
    said = group.weights.settings
    children = tuple(child.id for child in group.children)
    experts = {"": said["judgements"]} if said["judgements"] not in (None, UNPUBLISHED) else dict(said["experts"])
    matrices, _ = read_experts(experts, children)
    if said["combine"] == "judgements":
        votes, _ = expert_votes(list(experts), said["expert_weights"])
        matrices = {"": combined(matrices, votes)}
    reports = report_on(matrices, children, said["method"], said["random_index"])
    named = "random_index" in group.weights.options
    limit = min(float(said["limit"]), ACCEPTED)
    return tuple(
        _audit(group.id, expert, matrices[expert], report, named=named, limit=limit)
        for expert, report in reports.items()
    )


def _audit(
    group: str, expert: str, matrix: FloatArray, report: JudgementReport, *, named: bool, limit: float
) -> JudgementAudit:
    n, missing = len(matrix), report.missing
    ratios = {
        table: report.consistency_index / divisor if (divisor := random_index(n, table, missing)) > 0 else 0.0
        for table, known in RANDOM_INDICES.items()
        if n <= known.largest
    }
    matrix = matrix.copy()
    matrix.flags.writeable = False
    found = triads(matrix)
    order = [at for at in np.argsort(-found.koczkodaj, kind="stable") if found.koczkodaj[at] > 0]
    told = tuple(
        Triad(
            children=tuple(report.children[child] for child in found.children[at]),
            koczkodaj=float(found.koczkodaj[at]),
            circular=bool(found.circular[at]),
            halting=bool(found.halting[at]),
        )
        for at in order
    )
    mend = report.consistency_ratio > limit
    return JudgementAudit(
        group=group,
        expert=expert,
        report=report,
        named=named,
        limit=limit,
        ratios=Frozen(ratios),
        triads=told,
        on_scale=_mended(matrix, report, limit, SAATY) if mend else None,
        anyhow=_mended(matrix, report, limit, None) if mend else None,
        matrix=matrix,
    )


def _mended(matrix: FloatArray, report: JudgementReport, limit: float, scale: FloatArray | None) -> Mending:
    n = len(matrix)
    allowed = max(limit * report.random_value, CONSISTENT)
    found: Repair = repair(matrix, n + (n - 1) * allowed, scale=scale)
    changes = []
    for (row, column), becomes in zip(found.pairs, found.values, strict=True):
        one, other, was = row, column, float(matrix[row, column])
        if was < 1:
            one, other, was, becomes = column, row, 1 / was, 1 / becomes
        changes.append(Change(report.children[one], report.children[other], was, becomes))
    ratio = max(found.eigenvalue - n, 0.0) / (n - 1) / report.random_value if changes else np.nan
    return Mending(tuple(changes), float(ratio), found.sets, found.searched, found.complete)


def _fraction(value: float) -> str:
    """A judgement as people write it: 3, 1/3, 2.57."""
    for number, form in ((value, "{}"), (1 / value, "1/{}")):
        if abs(number - round(number)) < 1e-9 * number:
            return form.format(round(number))
    return f"{value:.3g}"


# -- a ratio that the source prints -----------------------------------------------------------------------------------


def printed_as(audit: JudgementAudit) -> dict[str, float]:
    """The consistency ratio by every convention that is in use: how λ is found, and which random index divides.

    λ is the largest eigenvalue; or the mean of (A w)ᵢ / wᵢ with w the geometric means of the rows (方根法), or with w
    the means of the rows once each column adds up to 1 (和积法), as textbooks do by hand.
    """
    matrix, n = audit.matrix, len(audit.matrix)
    largest = {"largest eigenvalue": audit.report.lambda_max}
    if n > 2 and not np.isnan(matrix).any():
        by_hand = {
            "geometric means of rows": geometric_means(matrix[None])[0],
            "means of normalised columns": (matrix / matrix.sum(axis=0)).mean(axis=1),
        }
        largest |= {name: float(((matrix @ w) / w).mean()) for name, w in by_hand.items()}
    found: dict[str, float] = {}
    for name, value in largest.items():
        index = max(value - n, 0.0) / max(n - 1, 1)
        for table in audit.ratios:
            divisor = random_index(n, table, audit.report.missing)
            found[f"{name}, {table}"] = index / divisor if divisor > 0 else 0.0
    return found
