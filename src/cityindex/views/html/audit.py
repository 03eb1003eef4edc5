"""The card of an audit: what fails, what cannot be decided, and what holds, with both numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.auditing.report import ORDER, SIGNS, source_of
from cityindex.views.html.render import render

if TYPE_CHECKING:
    from cityindex.auditing.run import Audit
    from cityindex.views.html.words import Words

__all__ = ["card"]

WHOLE = 20  # findings told whole, of each verdict
HOLD = 100  # findings that hold, a line each


def card(audit: Audit, words: Words) -> str:
    """The card of an audit."""
    return render(
        "audit",
        words,
        audit=audit,
        title=words.title(audit.title),
        publication=words.title(audit.publication),
        order=ORDER,
        signs=SIGNS,
        source_of=source_of,
        whole=WHOLE,
        hold=HOLD,
    )
