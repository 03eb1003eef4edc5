"""The claims that ship: they can be judged, and cite lines that are there."""

from __future__ import annotations

import pytest
from support import shared

from cityindex.auditing.claims import Sheets, published_sheets, read_claims
from cityindex.auditing.claims.judge import judge_claims
from cityindex.catalog import folder, list_indices

INDICES = [entry.id for entry in list_indices() if (folder(entry.id) / "claims.yaml").is_file()]


def claims_of(index):
    sheets = Sheets(published_sheets(folder(index)), lambda other: published_sheets(folder(other)))
    return read_claims(folder(index) / "claims.yaml", sheets, index=index), sheets


@pytest.mark.parametrize("index", INDICES)
def test_every_claim_is_judged_and_cites_its_line(index):
    claims, sheets = claims_of(index)
    findings = judge_claims(claims, sheets)
    assert len(findings) == len(claims.claims)
    assert all(finding.file and finding.line for finding in findings)
    assert all(finding.note for finding in findings if finding.verdict == "undecided")


@pytest.mark.parametrize("index", INDICES)
def test_cited_lines_are_there_and_hold_text(index):
    claims, _ = claims_of(index)
    for claim in claims.claims:
        lines = shared("seeds", claim.file).read_text(encoding="utf-8").split("\n")
        for line in claim.lines:
            assert line <= len(lines), claim.id
            assert lines[line - 1].strip(), f"{claim.id}: line {line} is blank"
