"""The audit of a spec alone: its sums, counts, judgements and weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from cityindex._values import Frozen
from cityindex.auditing.effective import effective_weights
from cityindex.auditing.finding import VERDICTS, Finding
from cityindex.auditing.judgement_findings import check_judgements, check_ratios
from cityindex.auditing.judgements import JudgementAudit, audit_judgements
from cityindex.auditing.ranges import idle_children, possible
from cityindex.auditing.tree_checks import (
    check_counts,
    check_doubles,
    check_equal,
    check_provenance,
    check_sums,
    named,
    scheme_finding,
)
from cityindex.errors import SpecError
from cityindex.spec.model import Spec

__all__ = ["Scheme", "audit_scheme", "listing", "scheme_findings"]


@dataclass(frozen=True, eq=False, repr=False)
class Scheme:
    """What the scheme of an index says of itself.

    Attributes
    ----------
    index
        The id of the index.
    findings
        One record for each thing that was looked at.
    judgements
        Group → what there is to say of its judgement matrices (one; one an expert where priorities are combined).
    """

    index: str
    findings: tuple[Finding, ...]
    judgements: Mapping[str, tuple[JudgementAudit, ...]] = field(default_factory=Frozen)
    _weights: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def effective_weights(self) -> pd.DataFrame:
        """Every path with its local and global weight, how often its node is used, and where the weight comes from."""
        return self._weights.copy()

    def to_frame(self) -> pd.DataFrame:
        """The findings, one a row."""
        return pd.DataFrame([finding.as_dict() for finding in self.findings], columns=list(Finding.__slots__))

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return listing(f"{self.index}: scheme", self.findings)


def audit_scheme(
    spec: Spec, *, counts: Mapping[str, int] | None = None, ratios: Mapping[str, str] | None = None
) -> Scheme:
    """Audit the scheme of an index, without any data: do its weights add up, do its judgements agree, does all count?

    - **Sums.** Weights of a group in per cent have to add up to 100 %, and plain shares to 1 where they nearly do,
      exactly as written. A sum that rounding of the weights explains, such as 99.9 %, is *undecided*: the weights that
      were used are then not those printed.
    - **Counts.** What the source says there is, against the tree.
    - **Provenance.** How many weights are published, inferred, assumed, unpublished; which groups weigh equally
      because nothing else is known.
    - **Judgements.** The consistency ratio by the named random index (and by every other, where the verdict hangs on
      it); circles A > B > C > A; the triads that contradict themselves most; the smallest set of judgements whose
      change brings the ratio to 0.1, on Saaty's scale and by any numbers. No smaller set does: the search is exact.
    - **Weights that cannot matter.** Weight 0, a constant, a child that is never the minimum, or one whose whole range
      moves the published score by less than half of its last digit.
    - **Names.** Titles that two children of a group share, columns that two indicators read.

    Parameters
    ----------
    spec
        What `load_spec` gave. Editions are looked at as well, where their scheme differs.
    counts
        What the source says there is: group → number of its children; ``"indicators"``, ``"groups"``, ``"level 2"``
        (the nodes so far under the root), ``"indicators of GROUP"``.
    ratios
        Group → the consistency ratio that the source prints, as text: by which random index does it follow?

    Returns
    -------
    Scheme
        With ``findings``, ``effective_weights`` and ``judgements``.

    Raises
    ------
    SpecError
        Where `spec` is none, or `counts` or `ratios` are no mappings.
    NotFoundError
        Where `counts` or `ratios` name what is not there; the message has the nearest.

    References
    ----------
    Saaty, T. L. (1977). A scaling method for priorities in hierarchical structures. Journal of Mathematical Psychology
    15(3). https://doi.org/10.1016/0022-2496(77)90033-5
    Koczkodaj, W. W. (1993). A new definition of consistency of pairwise comparisons. Mathematical and Computer
    Modelling 18(7). https://doi.org/10.1016/0895-7177(93)90059-8
    Bozóki, S., Fülöp, J. and Poesz, A. (2015). On reducing inconsistency of pairwise comparison matrices below an
    acceptance threshold. Central European Journal of Operations Research 23(4).
    https://doi.org/10.1007/s10100-014-0346-7

    Examples
    --------
    >>> from cityindex import audit_scheme, load_index
    >>> scheme = audit_scheme(load_index("digital-economy-city-2020"), counts={"indicators": 46, "level 2": 12})
    >>> [finding.id for finding in scheme.findings if finding.verdict == "fails"]
    []
    >>> scheme.effective_weights.query("node == 'agriculture'")["global"].item().__round__(6)
    0.021875
    """
    if not isinstance(spec, Spec):
        raise SpecError(f"a {type(spec).__name__} is no spec; load_spec gives one")
    for name, given in (("counts", counts), ("ratios", ratios)):
        if given is not None and not isinstance(given, Mapping):
            raise SpecError(f"{name}: found a {type(given).__name__}; a mapping is wanted, such as {{'score': …}}")
    audits = _audits(spec)
    findings = [
        *check_sums(spec),
        *check_counts(spec, counts or {}),
        *check_provenance(spec),
        *check_equal(spec),
        *check_judgements(spec, spec.groups, audits),
        *check_ratios(spec, ratios or {}, audits),
        *_check_idle(spec),
        *check_doubles(spec),
    ]
    findings += _editions(spec, findings)
    return Scheme(spec.id, tuple(findings), Frozen(audits), effective_weights(spec))


def scheme_findings(
    spec: Spec, *, counts: Mapping[str, int] | None = None, ratios: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """The findings of `audit_scheme`."""
    return audit_scheme(spec, counts=counts, ratios=ratios).findings


def _audits(spec: Spec) -> dict[str, tuple[JudgementAudit, ...]]:
    return {group.id: found for group in spec.groups if (found := audit_judgements(group))}


def _check_idle(spec: Spec) -> Iterator[Finding]:
    idle = idle_children(spec)
    ranges = possible(spec)
    unknown = [node.id for node in spec.indicators if None in (ranges[node.id].low, ranges[node.id].high)]
    note = [f"{each.path}: {each.why}" for each in idle]
    if unknown:
        note.append(f"{len(unknown)} of {len(spec.indicators)} indicators may have any range, and are taken to count")
    yield scheme_finding(
        spec,
        "idle",
        "every child can move the score",
        "fails" if idle else "holds",
        computed=f"{len(idle)} cannot" if idle else "",
        note=named(note),
    )


def _editions(spec: Spec, known: list[Finding]) -> Iterator[Finding]:
    """What is found of an edition and not of the spec itself."""
    told = {_said(finding) for finding in known}
    for period, edition in spec.editions.items():
        found = (
            *check_sums(edition),
            *check_judgements(edition, edition.groups, _audits(edition)),
            *_check_idle(edition),
        )
        for finding in found:
            if _said(finding) not in told:
                yield replace(finding, id=f"{finding.id}@{period}", claim=f"{period}: {finding.claim}")


def _said(finding: Finding) -> tuple[str, ...]:
    return finding.id, finding.verdict, finding.computed, finding.note


def listing(head: str, findings: tuple[Finding, ...]) -> str:
    """Findings as text: what fails first, then what cannot be decided, then what holds."""
    lines = [head]
    for verdict in sorted(VERDICTS, key=["fails", "undecided", "holds"].index):
        for finding in findings:
            if finding.verdict != verdict:
                continue
            numbers = " against ".join(text for text in (finding.computed, finding.published) if text)
            told = f": {numbers}" if numbers else ""
            note = f" ({finding.note})" if finding.note else ""
            lines.append(f"  {verdict:<9}  {finding.claim}{told}{note}")
    return "\n".join(lines)
