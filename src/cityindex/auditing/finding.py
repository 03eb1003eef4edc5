"""What an audit found: one record for each thing that was looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from cityindex._shown import Shown

__all__ = ["VERDICTS", "Finding", "Verdict"]

Verdict = Literal["holds", "fails", "undecided"]
VERDICTS: tuple[Verdict, ...] = ("holds", "fails", "undecided")


@dataclass(frozen=True, slots=True)
class Finding(Shown):
    """One claim, check or reproduced row, and whether it holds.

    Attributes
    ----------
    index
        The id of the index.
    id
        Its own name among the findings of the index.
    claim
        What is claimed, in our own words.
    kind
        count, sum, mean, …; for what is not a sentence: scheme, reproduction, ranks, tiers.
    published, computed
        Both sides as text; empty where there is none.
    verdict
        ``holds``, ``fails`` (no numbers that print like those given could make it true), or ``undecided``.
    note
        Why, what else was seen, or which fact is needed from outside.
    file, line
        Where in the source the claim stands (line None: nowhere in particular).
    place
        Publication, section or table, for people.
    """

    index: str
    id: str
    claim: str
    kind: str
    published: str
    computed: str
    verdict: Verdict
    note: str = ""
    file: str = ""
    line: int | None = None
    place: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        return asdict(self)
