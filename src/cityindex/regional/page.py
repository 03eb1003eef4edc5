"""Regions as a page for a terminal: the groups of the last period, inequality, convergence, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cityindex._values import width_of
from cityindex.errors import CityIndexError
from cityindex.regional.gather import many

if TYPE_CHECKING:
    from cityindex.regional.record import Regions

__all__ = ["page"]

SHOWN = 40  # groups that are printed
NAMED = 5  # units named in a note


def page(found: Regions) -> str:
    """What ``print(regions)`` shows."""
    return "\n".join([_head(found), *_groups(found), *_inequality(found), *_course(found), *_notes(found)])


def _head(found: Regions) -> str:
    count = len(found.periods)
    when = (f", {found.periods[-1]}" if count else "") + (f" (the last of {count} periods)" if count > 1 else "")
    weighed = f", weighted by {found.weights}" if found.weights is not None else ""
    return f"{found.result.spec.id}: {found.node} by {'/'.join(found.by)}{weighed}{when}"


def _groups(found: Regions) -> Iterator[str]:
    means, ranks, counts = (found._seen(name) for name in ("means", "ranks", "counts"))
    labels = [found._found.groups[group] for group in means.index]
    columns: list[tuple[str, Sequence[Any], bool]] = [
        (column, [label[place] for label in labels], False) for place, column in enumerate(found.by)
    ]
    kinds = ["units", "mean", *(["weighted_mean"] if found.weights is not None else [])]
    columns += [(kind, means[kind].tolist(), True) for kind in kinds]
    columns += [(kind, ranks[kind].tolist(), kind != "best_unit") for kind in ("best_unit", "best_rank", "median_rank")]
    own = counts.iloc[: len(means), len(counts.columns) - len(found.top) - len(found.tier_labels) :]
    columns += [(str(name), own[name].tolist(), True) for name in own.columns]
    padded = [_padded([name, *map(_cell, values[:SHOWN])], right=right) for name, values, right in columns]
    yield from ("  " + "  ".join(row).rstrip() for row in zip(*padded, strict=True))
    if len(means) > SHOWN:
        yield f"  … and {many(len(means) - SHOWN, 'group')} more: .means"


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    return value if isinstance(value, str) else f"{value:.6g}" if isinstance(value, float) else str(value)


def _padded(cells: Sequence[str], *, right: bool) -> list[str]:
    width = max(map(width_of, cells))
    spaces = [" " * (width - width_of(cell)) for cell in cells]
    return [space + cell if right else cell + space for cell, space in zip(cells, spaces, strict=True)]


def _inequality(found: Regions) -> Iterator[str]:
    try:
        rows = found._seen("dispersion")
    except CityIndexError:  # a note says why
        return
    for row in rows.to_dict("records"):
        weighed = (
            "" if len(rows) == 1 else ", each unit alike" if row["weights"] == "equal" else f", by {row['weights']}"
        )
        yield f"inequality{weighed}: coefficient of variation {row['cv']:.4g}, Gini {row['gini']:.4g}"
        for name, title in (("theil_t", "Theil T"), ("theil_l", "Theil L")):
            yield from _split(row, name, title, found.by)


def _split(row: dict[Any, Any], name: str, title: str, by: Sequence[str]) -> Iterator[str]:
    total = row[name]
    if total != total:
        return
    levels = [(f"between {column}", row[f"{name}_between_{column}"]) for column in by] if len(by) > 1 else []
    parts = [*(levels or [("between", row[f"{name}_between"])]), ("within", row[f"{name}_within"])]
    shares = [f" ({part / total:.1%})" if total > 0 else "" for _, part in parts]
    told = " + ".join(f"{word} {part:.4g}{share}" for (word, part), share in zip(parts, shares, strict=True))
    yield f"  {title} {total:.4g} = {told}"


def _course(found: Regions) -> Iterator[str]:
    try:
        course = found.convergence
    except CityIndexError:  # there are no two periods, or a note says why
        return
    yield f"convergence, {course.periods[0]} to {course.periods[-1]}:"
    yield from (f"  {line}" for line in str(course).splitlines())
    if course.counted:
        yield "  periods have no place in time: a year is a step from one to the next"


def _notes(found: Regions) -> Iterator[str]:
    for note in found.notes:
        more = ", …" if len(note.units) > NAMED else ""
        yield f"note: {note}" + (f" ({', '.join(note.units[:NAMED])}{more})" if note.units else "")
