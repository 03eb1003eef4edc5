"""What is found of judgement matrices, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cityindex.auditing.finding import Finding, Verdict
from cityindex.auditing.interval import Interval, printed
from cityindex.auditing.judgements import ACCEPTED, JudgementAudit, printed_as
from cityindex.auditing.tree_checks import named, scheme_finding
from cityindex.errors import NotFoundError, Problem, TableError, nearest
from cityindex.methods._random_index import RANDOM_INDICES
from cityindex.spec.model import Group, Spec

__all__ = ["check_judgements", "check_ratios"]


def check_judgements(
    spec: Spec, groups: Sequence[Group], audits: Mapping[str, tuple[JudgementAudit, ...]]
) -> Iterator[Finding]:
    """Of each matrix, whether it is consistent enough, and whether judgements run in a circle."""
    for group in groups:
        if group.unprinted == "judgements":
            claim = f"the judgements of {group.id} are consistent"
            note = "the judgements are not published"
            yield scheme_finding(spec, f"judgements-{group.id}", claim, "undecided", note=note, node=group.id)
        for audit in audits.get(group.id, ()):
            yield _consistency(spec, audit)
            if len(audit.report.children) > 2:
                yield _circles(spec, audit)


def _name(audit: JudgementAudit) -> str:
    return f"{audit.group}-{audit.expert}" if audit.expert else audit.group


def _whose(audit: JudgementAudit) -> str:
    return f"{audit.group} by {audit.expert}" if audit.expert else audit.group


def _consistency(spec: Spec, audit: JudgementAudit) -> Finding:
    report, within = audit.report, audit.accepted
    verdict: Verdict = "holds" if report.consistency_ratio <= audit.limit else "fails"
    differs = 0 < len(within) < len(audit.ratios)
    if differs and not audit.named:
        verdict = "undecided"
    return scheme_finding(
        spec,
        f"judgements-{_name(audit)}",
        f"the judgements of {_whose(audit)} are consistent: their ratio is {audit.limit:g} at most",
        verdict,
        published=f"{audit.limit:g}",
        computed=f"{report.consistency_ratio:.4g}",
        note="; ".join([_table(audit), *_tables(audit, differs=differs), *_accepted(spec, audit), *_worst(audit)]),
        node=audit.group,
    )


def _table(audit: JudgementAudit) -> str:
    report = audit.report
    how = "as the spec says" if audit.named else "the default; the spec names none"
    gaps = f", {report.missing} pairs not judged" if report.missing else ""
    return f"random index {report.random_index} ({how}): {report.random_value:.4g} for {len(report.children)}{gaps}"


def _tables(audit: JudgementAudit, *, differs: bool) -> list[str]:
    if not differs:
        return []
    said = ", ".join(f"{table} {ratio:.4g}" for table, ratio in audit.ratios.items())
    return [f"the verdict hangs on the table: {said}"]


def _accepted(spec: Spec, audit: JudgementAudit) -> list[str]:
    """Where the spec lets more pass than is usual."""
    group = spec[audit.group]
    assert isinstance(group, Group)
    assert group.weights is not None
    assert not isinstance(group.weights, str)
    said = float(group.weights.settings["limit"])
    return [f"the spec lets {said:g} pass"] if said > ACCEPTED else []


def _worst(audit: JudgementAudit) -> list[str]:
    """Which judgements contradict the others, and the least that mends them."""
    if audit.on_scale is None or audit.anyhow is None:
        return []
    said = [f"worst triads by Koczkodaj: {', '.join(map(str, audit.triads[:3]))}"]
    return [*said, f"on Saaty's scale: {audit.on_scale}", f"by any numbers: {audit.anyhow}"]


def _circles(spec: Spec, audit: JudgementAudit) -> Finding:
    circles = [str(triad) for triad in audit.circles]
    halting = [str(triad) for triad in audit.triads if triad.halting]
    note = [named(circles)] if circles else []
    note += [f"{len(halting)} more, but for judgements of 1: {named(halting)}"] if halting else []
    return scheme_finding(
        spec,
        f"circles-{_name(audit)}",
        f"no three judgements of {_whose(audit)} run in a circle",
        "fails" if circles else "holds",
        computed=f"{len(circles)} circles" if circles else "",
        note="; ".join(note),
        node=audit.group,
    )


# -- ratios that the source prints ------------------------------------------------------------------------------------


def check_ratios(
    spec: Spec, ratios: Mapping[str, str], audits: Mapping[str, tuple[JudgementAudit, ...]]
) -> Iterator[Finding]:
    """Whether printed consistency ratios follow from the judgements, and by which conventions."""
    problems = [
        Problem(f"ratios: {name!r} is no group with judgements.{nearest(name, audits)}")
        for name in ratios
        if not audits.get(name)
    ]
    if problems:
        raise NotFoundError(problems)
    for name, said in ratios.items():
        try:
            interval = printed(said)
        except TableError as error:
            raise TableError(f"ratios: {name!r}: {error}") from None
        for audit in audits[name]:
            yield _ratio(spec, audit, str(said), interval)


def _ratio(spec: Spec, audit: JudgementAudit, said: str, interval: Interval) -> Finding:
    found = printed_as(audit)
    low, high = interval.low, interval.high
    assert low is not None
    assert high is not None
    fits = [way for way, ratio in found.items() if float(low) - 1e-12 <= ratio <= float(high) + 1e-12]
    tables = [table for table in RANDOM_INDICES if f"largest eigenvalue, {table}" in fits]
    others = [way for way in fits if not way.startswith("largest eigenvalue")]
    note = [f"by {', '.join(tables)}"] if tables else []
    note += [f"and by {named(others)}" if tables else f"only by {named(others)}"] if others else []
    if not fits:
        nearest_way = min(found, key=lambda way: abs(found[way] - float(low + high) / 2))
        note = [f"no random index in use gives it; the nearest is {found[nearest_way]:.4g} ({nearest_way})"]
    return scheme_finding(
        spec,
        f"ratio-{_name(audit)}",
        f"the consistency ratio of {_whose(audit)} is {said}",
        "holds" if fits else "fails",
        published=said,
        computed=f"{audit.report.consistency_ratio:.4g}",
        note="; ".join(note),
        node=audit.group,
    )
