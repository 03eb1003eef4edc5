"""The data: what they look like, what was done to them, and what treatments moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from cityindex.describing import Description
from cityindex.errors import NotFoundError
from cityindex.views.report.subject import Subject

__all__ = ["Quality", "quality"]

LISTED = 100  # rows of one table; the others are counted
NAMED = 12  # units named in one note


class Quality(NamedTuple):
    """The section on the data. Each list holds rows as they are shown; `more` counts those that are not."""

    lead: str
    columns: list[dict[str, str]]
    pairs: list[dict[str, str]]
    more_pairs: int
    gaps: list[dict[str, str]]
    more_gaps: int
    notes: list[tuple[str, list[tuple[str, str]]]]
    treated: list[dict[str, str]]
    more_treated: int


def quality(subject: Subject, description: Description) -> Quality:
    """What there is to say about the data of an index."""
    units = description.availability("units")
    gaps = units[units["missing"] > 0].sort_values("share", kind="stable")
    treated = subject.result.treated()
    some = bool(units["indicators"].sum())
    flags = description.flags() if some else pd.DataFrame()
    return Quality(
        lead=_lead(subject, units),
        columns=list(_columns(subject, description)) if some else [],
        pairs=[_pair(subject, row) for row in flags.head(LISTED).to_dict("records")],
        more_pairs=max(0, len(flags) - LISTED),
        gaps=[_gap(subject, unit, row) for unit, row in gaps.head(LISTED).iterrows()],
        more_gaps=max(0, len(gaps) - LISTED),
        notes=_notes(subject),
        treated=[_moved(subject, row) for row in treated.head(LISTED).to_dict("records")],
        more_treated=max(0, len(treated) - LISTED),
    )


def _lead(subject: Subject, units: pd.DataFrame) -> str:
    voice = subject.voice
    cells, missing = int(units["indicators"].sum()), int(units["missing"].sum())
    if not cells:
        return voice.word("no_columns")
    every = voice.word("all_periods") if subject.others else ""
    if not missing:
        return voice.word("complete", cells=f"{cells:,}") + every
    whole = int((units["missing"] == 0).sum())
    share = voice.share(missing / cells)
    return voice.word("gaps", cells=f"{cells:,}", missing=f"{missing:,}", share=share, whole=f"{whole:,}") + every


def _columns(subject: Subject, description: Description) -> Iterator[dict[str, str]]:
    voice = subject.voice
    for name, row in description.columns().iterrows():
        flags = [voice.said(flag) for flag in str(row["flags"]).split("; ") if flag]
        yield {
            "title": _title(subject, str(name)),
            "id": str(name),
            "available": f"{row['available']:,} / {row['units']:,}",
            **{key: voice.number(row[key]) for key in ("min", "median", "max")},
            "skewness": voice.number(row["skewness"], 2),
            "outliers": str(row["outliers"] or ""),
            "flags": ("；" if voice.language == "zh" else "; ").join(flags),
        }


def _pair(subject: Subject, row: dict[Any, Any]) -> dict[str, str]:
    voice = subject.voice
    return {
        "kind": voice.word(f"pair_{row['kind']}"),
        "node": _title(subject, row["node"]),
        "other": _title(subject, row["other"]),
        "r": voice.number(row["r"], 2),
        "units": f"{row['units']:,}",
    }


def _title(subject: Subject, name: str) -> str:
    """A node's title; a column that is no node keeps its name."""
    try:
        return subject.voice.title(subject.result._node(name))
    except NotFoundError:
        return name


def _gap(subject: Subject, unit: Any, row: Any) -> dict[str, str]:
    name = " · ".join(str(part) for part in unit) if isinstance(unit, tuple) else str(unit)
    counts = f"{int(row['available']):,} / {int(row['indicators']):,}"
    return {"name": name, "available": counts, "share": subject.voice.share(row["share"], 1)}


def _notes(subject: Subject) -> list[tuple[str, list[tuple[str, str]]]]:
    """The notes of the result, kind by kind: a sentence, and the units that it is about."""
    voice = subject.voice
    found: dict[str, list[tuple[str, str]]] = {}
    for note in subject.result.notes:
        said = voice.said(note.message, lambda name: _title(subject, name))
        found.setdefault(voice.kind_of_note(note.kind), []).append((said, voice.listed(note.units, NAMED)))
    return list(found.items())


def _moved(subject: Subject, row: dict[Any, Any]) -> dict[str, str]:
    voice, names = subject.voice, subject.result.names
    whole = row["before"] != row["before"]  # nan: the column was transformed as a whole
    unit = voice.word("whole_column") if whole else str(row[names["key"]])
    when = str(row[names["period"]]) if subject.result.periods is not None and not whole else ""
    return {
        "unit": " · ".join(part for part in (unit, when) if part),
        "node": _title(subject, row["node"]),
        "step": _step(subject, row["step"]),
        "before": voice.number(row["before"]),
        "after": voice.number(row["after"]),
    }


def _step(subject: Subject, step: str) -> str:
    """A step as a result tells it (``clip(high=6)``), its name in the language of the page."""
    words = step.split(",", 1)[0] if "(" not in step else step[: step.rindex(")") + 1]
    name, bracket, options = words.partition("(")
    return f"{subject.voice.method('step', name)[0]}{f' {bracket}{options}' if bracket else ''}"
