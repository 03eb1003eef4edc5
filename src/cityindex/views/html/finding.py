"""The card of a finding: its verdict, with both numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.auditing.report import SIGNS, source_of
from cityindex.views.html.render import render

if TYPE_CHECKING:
    from cityindex.auditing.finding import Finding
    from cityindex.views.html.words import Words

__all__ = ["card"]


def card(finding: Finding, words: Words) -> str:
    """The card of a finding."""
    return render("finding", words, finding=finding, signs=SIGNS, source_of=source_of)
