"""The card of regions: the groups of the last period, how unequal they are, and whether they draw together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.errors import CityIndexError
from cityindex.views.html.render import LISTED, number, percent, render, short, tones

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.regional import Convergence, Regions
    from cityindex.views.html.words import Words

__all__ = ["card"]

LAST = {-1: "no_group", -2: "total_row"}  # what stands in the last rows of the counts


@dataclass(frozen=True, slots=True)
class _Group:
    """One group: its labels, and what is told of it."""

    labels: tuple[str, ...]
    units: int
    mean: float
    weighted: float
    best: str | None
    best_rank: float
    median_rank: float


@dataclass(frozen=True, slots=True)
class _Counts:
    """What is counted in one group, without a label, or in all."""

    labels: tuple[str, ...]
    units: int
    counts: tuple[float, ...]


def card(found: Regions, words: Words) -> str:
    """The card of regions."""
    groups, counted = _groups(found), _counted(found, words)
    title = found.result.spec.title or found.result.spec.index.title
    reach = [group.mean for group in groups if group.mean == group.mean]
    return render(
        "regions",
        words,
        found=found,
        title=words.title(title) or found.result.spec.id,
        by=words("by_columns", " / ".join(found.by)),
        weighed=found.weights is not None,
        period=words("period", found.periods[-1], len(found.periods)) if found.periods else "",
        groups=groups[:LISTED],
        total=len(groups),
        counted=counted[:LISTED],
        counted_total=len(counted),
        ends=(min([0.0, *reach]), max([0.0, *reach])),
        tones=tones(found.tier_labels),
        measures=_measures(found, words),
        courses=_courses(found, words),
    )


def _labels(found: Regions, frame: pd.DataFrame) -> list[tuple[str, ...]]:
    return [found._found.groups[group] for group in frame.index if group >= 0]


def _groups(found: Regions) -> list[_Group]:
    means, ranks = found._seen("means"), found._seen("ranks")
    weighted = means["mean" if found.weights is None else "weighted_mean"]
    told = (
        means["units"],
        means["mean"],
        weighted,
        *(ranks[name] for name in ("best_unit", "best_rank", "median_rank")),
    )
    return [_Group(*row) for row in zip(_labels(found, means), *told, strict=True)]


def _counted(found: Regions, words: Words) -> list[_Counts]:
    """The groups, then those without a label, then all."""
    frame = found._seen("counts")
    own = frame.iloc[:, len(frame.columns) - len(found.top) - len(found.tier_labels) :].to_numpy(np.float64)
    labels = [*_labels(found, frame), *((words[LAST[group]],) for group in frame.index if group < 0)]
    rows = zip(labels, frame["units"], own.tolist(), strict=True)
    return [_Counts(names, units, tuple(counts)) for names, units, counts in rows]


def _measures(found: Regions, words: Words) -> list[dict[str, Any]]:
    """The rows of the table of inequality; none where it cannot be measured."""
    try:
        rows = found._seen("dispersion").to_dict("records")
    except CityIndexError:
        return []
    several = len(rows) > 1
    told = []
    for row in rows:
        kind = words["each_alike"] if row["weights"] == "equal" else words("weighed_by", row["weights"])
        for name in ("theil_t", "theil_l", "cv", "gini"):
            total, parts = row[name], [row.get(f"{name}_between"), row.get(f"{name}_within")]
            if total != total:
                continue
            shares = [
                f"{short(part)} ({percent(part / total, 3)})" if part is not None and total > 0 else ""
                for part in parts
            ]
            told.append({"name": words[name], "kind": kind if several else "", "total": short(total), "parts": shares})
    return told


def _courses(found: Regions, words: Words) -> list[list[str]]:
    """The rows of the table of convergence; none where there is nothing to tell."""
    try:
        course: Convergence = found.convergence
    except CityIndexError:
        return []
    rows = []
    for kind, own in (("of_units", course.units), ("of_groups", course.groups)):
        line = own.beta.line if own.beta else None
        half = own.beta.half_life if own.beta else float("nan")
        spread = f"{short(own.log_sd[0])} → {short(own.log_sd[-1])}"
        beta, error = (short(line.slope), short(line.error)) if line else ("—", "—")
        rows.append([words[kind], f"{len(own.names):,}", spread, beta, error, number(half, 3)])
    return rows
