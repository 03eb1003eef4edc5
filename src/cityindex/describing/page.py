"""A description as a page for a terminal, the worst first; and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cityindex.describing.gather import Data
from cityindex.describing.relations import Bounds, find_flags, flags_frame
from cityindex.describing.screening import named
from cityindex.describing.statistics import Limits, availability_frame, column_troubles, columns_frame
from cityindex.describing.structure import alpha_frame

__all__ = ["page", "plain"]

SHOWN = 10  # lines of one section


def page(data: Data) -> str:
    """The page that a description prints."""
    lines = [_head(data), *_columns(data), *_pairs(data), *_alphas(data), *_units(data)]
    lines += _section("notes", [note.message for note in data.notes], "notes")
    return "\n".join(lines)


def _head(data: Data) -> str:
    counts = availability_frame(data, "units", "raw")
    missing, cells = int(counts["missing"].sum()), int(counts["indicators"].sum())
    whole = int((counts["missing"] == 0).sum())
    gaps = "no cell is missing"
    if missing:
        gaps = f"{missing:,} of {cells:,} cells are missing ({missing / cells:.1%}), {whole:,} units are complete"
    state = "a table, before computing" if data.result is None else "a result"
    return (
        f"{data.spec.id}: {_many(len(data), 'unit')}, {_many(len(data.indicators), 'indicator')} in "
        f"{_many(len(data.children), 'group')}; {gaps} ({state})"
    )


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def _section(head: str, lines: Sequence[str], more: str, *, total: int | None = None) -> Iterator[str]:
    """A heading and the first lines (of `total`, where `lines` are but some), and where the others are."""
    count = len(lines) if total is None else total
    if count:
        yield head
        shown = lines if count <= SHOWN + 1 else lines[:SHOWN]
        yield from (f"  {line}" for line in shown)
        if len(shown) < count:
            yield f"  … and {count - SHOWN:,} more: .{more}"


def _columns(data: Data) -> Iterator[str]:
    troubles = column_troubles(data, "raw", Limits())
    ordered = sorted(troubles.items(), key=lambda item: item[1][0].level)
    lines = [f"{name}: {'; '.join(trouble.words for trouble in each)}" for name, each in ordered]
    return _section(f"columns: {len(lines):,} of {len(data.leaves):,} ask for a second look", lines, "columns()")


def _pairs(data: Data) -> Iterator[str]:
    found = find_flags(data, Bounds(), "pearson", None)
    at = "" if data.result is not None else " (turned so that more is better)"
    return _section(f"pairs: {len(found):,} ask for a second look{at}", [flag.words for flag in found], "flags()")


def _alphas(data: Data) -> Iterator[str]:
    which = "alpha" if data.result is not None else "standardised"
    frame = alpha_frame(data, None, "pairwise")
    frame = frame[frame[which].notna()].sort_values(which)
    lines = []
    for group, row in frame.iterrows():
        gain = row["alpha_without"] > row["alpha"] + 0.1 and data.result is not None
        without = f"; {row['alpha_without']:.2f} without {row['weakest']}" if gain else ""
        lines.append(f"{group}: {row[which]:.2f} ({row['children']} children{without})")
    kind = "" if data.result is not None else ", standardised"
    return _section(f"Cronbach's alpha{kind}, the lowest first", lines, "alpha()")


def _units(data: Data) -> Iterator[str]:
    counts = availability_frame(data, "units", "raw")
    gaps = counts[counts["missing"] > 0].sort_values("share", kind="stable")
    lines = [
        f"{named(unit)}: {row['available']:.0f} of {row['indicators']:.0f} indicators ({row['share']:.0%})"
        for unit, row in gaps.head(SHOWN + 1).iterrows()
    ]
    return _section("units with gaps, the most first", lines, "availability()", total=len(gaps))


def plain(data: Data) -> dict[str, Any]:
    """The tables as records: columns, units, flags, alpha; None where there is no number."""
    frames = {
        "columns": columns_frame(data, "indicators", "raw", Limits()).reset_index(),
        "units": availability_frame(data, "units", "raw").reset_index(),
        "flags": flags_frame(data, Bounds(), "pearson", None),
        "alpha": alpha_frame(data, None, "pairwise").reset_index(),
    }
    return {"index": data.spec.id, **{name: _records(frame) for name, frame in frames.items()}}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.to_dict("records")
    return [{str(key): _value(value) for key, value in row.items()} for row in rows]


def _value(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value
