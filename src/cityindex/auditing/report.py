"""The report of an audit: text for a terminal, JSON for programs, one HTML page for readers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cityindex.auditing.finding import Finding, Verdict

if TYPE_CHECKING:
    from cityindex.auditing.run import Audit

__all__ = ["html_report", "json_report", "text_report"]

ORDER: tuple[Verdict, ...] = ("fails", "undecided", "holds")
SIGNS = {"fails": "✗", "undecided": "?", "holds": "✓"}
WORDS = {
    "title": ("审计报告", "Audit report"),
    "fails": ("不成立", "Fails"),
    "undecided": ("无法判定", "Cannot be decided"),
    "holds": ("成立", "Holds"),
    "published": ("公布", "published"),
    "computed": ("计算", "computed"),
    "source": ("出处", "Source"),
    "claim": ("说法", "Claim"),
    "line": ("行", "line"),
    "nothing": ("没有可核对的内容", "Nothing to check"),
    "method": (
        "公布的每个数都按区间理解：57.3 是 57.25 至 57.35 之间的任意数。"
        "只有当区间内没有任何取值能得出公布的结果时，才判为“不成立”。",
        "Every published number is read as an interval: 57.3 is any number from 57.25 to 57.35. "
        "A claim fails only where no values inside their intervals give what was published.",
    ),
}


def text_report(audits: Sequence[Audit]) -> str:
    """The report as plain text: of each index what fails, what cannot be decided, and what holds."""
    return "\n\n".join("\n".join(_lines(audit)) for audit in audits)


def _lines(audit: Audit) -> Iterator[str]:
    yield f"{audit.index}{f': {audit.title}' if audit.title else ''}"
    if audit.publication:
        yield f"source: {audit.publication}"
    if not audit.findings:
        yield "nothing to check"
        return
    counts = audit.counts
    yield (
        f"{len(audit)} checked: {counts['holds']} hold, {counts['fails']} fail, {counts['undecided']} cannot be decided"
    )
    for verdict in ORDER:
        findings = audit.of(verdict)
        if findings:
            yield ""
            yield WORDS[verdict][1].upper()
        for finding in findings:
            yield from _brief(finding) if verdict == "holds" else _whole(finding)


def _brief(finding: Finding) -> Iterator[str]:
    yield f"  {SIGNS['holds']} {finding.claim} [{finding.id}]"


def _whole(finding: Finding) -> Iterator[str]:
    yield f"  {SIGNS[finding.verdict]} {finding.claim} [{finding.id}]"
    sides = [("published", finding.published), ("computed", finding.computed)]
    shown = ", ".join(f"{word} {text}" for word, text in sides if text)
    for part in (shown, finding.note, source_of(finding)):
        if part:
            yield f"      {part}"


def source_of(finding: Finding) -> str:
    """File, line and place in one line."""
    where = f"{finding.file}:{finding.line}" if finding.file and finding.line else finding.file
    if finding.line and not finding.file:
        where = f"line {finding.line}"
    return ", ".join(part for part in (where, finding.place) if part)


def json_report(audits: Sequence[Audit]) -> str:
    """The findings of every index as one JSON list."""
    return json.dumps([item for audit in audits for item in audit.as_dict()], ensure_ascii=False, indent=1)


def html_report(audits: Sequence[Audit], *, language: str | None = None) -> str:
    """The report as one page with its style inside and no scripts.

    Parameters
    ----------
    audits
        What was found, an index each.
    language
        The page's own words in ``"zh"`` or ``"en"``; None: in both.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    place = {"zh": slice(0, 1), "en": slice(1, 2)}.get(language or "", slice(None))
    words = {key: " · ".join(texts[place]) for key, texts in WORDS.items()}
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("audit.html")
    methods = WORDS["method"][place]
    return template.render(
        audits=audits, words=words, methods=methods, order=ORDER, signs=SIGNS, source_of=source_of, language=language
    )
