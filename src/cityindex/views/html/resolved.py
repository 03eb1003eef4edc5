"""The card of names of places: how many have a code, which are refused and why, and what became of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cityindex.views._language import LANGUAGES
from cityindex.views.html.render import LISTED, percent, render

if TYPE_CHECKING:
    from cityindex.places import PlaceMatch, ResolvedPlaces
    from cityindex.views.html.words import Words

__all__ = ["card"]

OFFERED = 8  # candidates of one name
_WORDS: dict[str, tuple[str, str]] = {
    "heading": ("地名", "Names of places"),
    "resolved": ("{:,} 个名称中 {:,} 个已识别", "{1:,} of {0:,} names resolved"),
    "refused": ("未识别的名称", "Refused names"),
    "remarks": ("已识别名称的说明", "Notes on the others"),
    "rows": ("行数", "Rows"),
    "written": ("原文", "Written"),
    "why": ("原因", "Why"),
    "candidates": ("候选", "Candidates"),
    "code": ("代码", "Code"),
    "name": ("今名", "Name today"),
    "note": ("说明", "Note"),
    "exact": ("全称", "exact"),
    "short": ("简称", "short"),
    "former": ("曾用名", "former"),
    "code_status": ("代码", "code"),
    "ambiguous": ("有歧义", "ambiguous"),
    "outside": ("不在所给范围", "outside"),
    "split": ("已拆分", "split"),
    "abolished": ("已撤销", "abolished"),
    "unknown": ("未知", "unknown"),
    "empty": ("空白", "empty"),
}


def card(found: ResolvedPlaces, words: Words) -> str:
    """The card of names of places."""
    own = {key: told[LANGUAGES.index(words.language)] for key, told in _WORDS.items()}
    status = {name: own.get(f"{name}_status", own.get(name, name)) for name in found.counts}
    rows: dict[PlaceMatch, int] = {}
    for match in found:
        rows[match] = rows.get(match, 0) + 1
    refused = [(match, count) for match, count in rows.items() if match.place is None]
    noted = [match for match in rows if match.place is not None and match.note]
    return render(
        "resolved",
        words,
        found=found,
        own=own,
        resolved=own["resolved"].format(len(found), len(found) - len(found.unresolved)),
        rate=percent(found.rate, 3),
        counts=[f"{status[name]} {count:,}" for name, count in found.counts.items()],
        refused=[(match, count, status[match.status], _candidates(found, match)) for match, count in refused[:LISTED]],
        refused_total=len(refused),
        noted=noted[:LISTED],
        noted_total=len(noted),
    )


def _candidates(found: ResolvedPlaces, match: PlaceMatch) -> list[str]:
    more = len(match.candidates) - OFFERED
    return [*map(found.told, match.candidates[:OFFERED]), *([f"+{more}"] if more > 0 else [])]
