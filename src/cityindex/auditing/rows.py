"""The verdict on one printed row, and on a whole check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cityindex.auditing.finding import VERDICTS, Finding, Verdict
from cityindex.auditing.interval import Interval
from cityindex.spec.model import Spec

__all__ = ["Row", "summary", "undecided"]

NAMED = 12  # failing rows named in one note


@dataclass(frozen=True, slots=True)
class Row:
    """One printed number, rank or tier, and whether it can be.

    Attributes
    ----------
    kind
        reproduction (a score from its parts), ranks, tiers, means.
    node, unit
        Whose it is; no unit where it is a mean of all of them.
    published
        As it is printed.
    must
        What it would have to be: an interval, ranks or tiers, as text.
    bounds
        The same as numbers, where they are some.
    verdict
        ``holds``, ``fails`` or ``undecided``.
    note
        Why.
    line
        Where in the source it stands, where the table says so.
    """

    kind: str
    node: str
    unit: str
    published: str
    must: str
    bounds: Interval
    verdict: Verdict
    note: str = ""
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, the ends of its bounds as floats."""
        low, high = (None if end is None else float(end) for end in (self.bounds.low, self.bounds.high))
        told = {name: getattr(self, name) for name in ("kind", "node", "unit", "published", "must")}
        return told | {"low": low, "high": high, "verdict": self.verdict, "note": self.note, "line": self.line}

    def __str__(self) -> str:
        who = f"{self.unit} " if self.unit else ""
        return f"{who}{self.published or '—'}, must be {self.must}" + (f" ({self.note})" if self.note else "")


def summary(
    spec: Spec, kind: str, node: str, claim: str, rows: Sequence[Row], *, notes: Sequence[str] = (), place: str = ""
) -> Finding:
    """One finding for all the rows of a check: it fails where one fails, and holds where all that is decided holds."""
    counts = Counter(row.verdict for row in rows)
    failing = [row for row in rows if row.verdict == "fails"]
    verdict: Verdict = "fails" if failing else "holds" if counts["holds"] else "undecided"
    place = place or f"table {node}"
    line = failing[0].line if failing else None
    if len(rows) == 1 and not rows[0].unit:
        row = rows[0]
        note = "; ".join(text for text in (row.note, *notes) if text)
        return Finding(
            spec.id, f"{kind}-{node}", claim, kind, row.published, row.must, verdict, note, line=row.line, place=place
        )
    words = {"holds": "hold", "fails": "fail", "undecided": "cannot be decided"}
    computed = ", ".join(f"{counts[each]} {words[each]}" for each in VERDICTS if counts[each])
    more = [f"and {len(failing) - NAMED} more"] if len(failing) > NAMED else []
    note = "; ".join([*map(str, failing[:NAMED]), *more, *notes])
    what = f"{len(rows)} row{'s' if len(rows) != 1 else ''}"
    return Finding(spec.id, f"{kind}-{node}", claim, kind, what, computed, verdict, note, line=line, place=place)


def undecided(spec: Spec, kind: str, node: str, claim: str, why: str) -> Finding:
    """A check that cannot be made at all."""
    return Finding(spec.id, f"{kind}-{node}", claim, kind, "", "", "undecided", why, place=f"table {node}")
