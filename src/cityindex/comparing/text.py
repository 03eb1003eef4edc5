"""A comparison in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cityindex.comparing.unit import listed, signed

if TYPE_CHECKING:
    import pandas as pd

    from cityindex.comparing.record import Comparison

__all__ = ["tier_counts", "told"]

SHOWN = 5


def told(found: Comparison, movers: int = SHOWN) -> str:
    """The whole comparison, a few lines of each kind, and so many of the largest movers."""
    before, after = found.names
    counts = found._table["status"].value_counts()
    head = [f"{len(found)} units in both"]
    head += [f"{counts[word]} {word}" for word in ("entered", "left", "unscored") if word in counts]
    index = found.spec.id if found.sides[1].node == found.spec.index.id else f"{found.spec.id}, {found.sides[1].node}"
    lines = [f"{index}: {before} → {after}: {', '.join(head)}", *_agreement(found), *_top(found), *_tiers(found)]
    if found.differing:
        sizes = found.by_effect()
        lines.append(f"  what differs: {', '.join(found.differing)}")
        lines.append(f"  mean size of the effects on scores: {_sizes(sizes['points'])}")
        lines.append(f"  mean size of the effects on ranks, in places: {_sizes(sizes['places'])}")
    else:
        lines.append("  nothing differs: data, weights, structure and calibration are the same")
    lines += _movers(found, movers) if movers else ()
    lines += [f"  spec: {difference}" for difference in found.differences[:SHOWN]]
    if len(found.differences) > SHOWN:
        lines.append(f"  spec: {len(found.differences) - SHOWN} differences more")
    lines += [f"  note: {note.message}" for note in found.notes]
    return "\n".join(lines)


def _agreement(found: Comparison) -> Iterator[str]:
    ranks = found.agreement
    if ranks is None:
        return
    change = found._table["change"].iloc[found._common]
    yield (
        f"  scores: {signed(float(change.mean()))} on average, {signed(float(change.min()))} to "
        f"{signed(float(change.max()))}"
    )
    yield (
        f"  ranks: Spearman {ranks.spearman:.3f}, Kendall {ranks.kendall:.3f}; {ranks.unchanged} keep their place, "
        f"{ranks.mean_change:.2f} places moved on average"
    )


def _top(found: Comparison) -> Iterator[str]:
    size = 10 if len(found) > 15 else max(len(found) // 3, 1)
    turnover = found.top(size)
    if turnover.came or turnover.went:
        yield f"  first {size}: came {_names(turnover.came)}; went {_names(turnover.went)}"
    else:
        yield f"  first {size}: the same"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if names[SHOWN:] else "") or "nobody"


def tier_counts(found: Comparison) -> tuple[int, int, int] | None:
    """How many units are in the same tier, a better and a worse one; None where the tiers are not the same ones."""
    if any(side.tiers is None for side in found.sides):
        return None
    matrix = found.tier_changes()
    rows = [name for name in matrix.index if name != "entered"]
    if rows != [name for name in matrix.columns if name != "left"]:
        return None
    counts = matrix.loc[rows, rows].to_numpy()
    same = int(counts.trace())
    up = int(sum(counts[row, column] for row in range(len(rows)) for column in range(row)))
    return same, up, int(counts.sum()) - same - up


def _tiers(found: Comparison) -> Iterator[str]:
    counts = tier_counts(found)
    if counts is not None:
        same, up, down = counts
        yield f"  tiers: {same} in the same, {up} in a better one, {down} in a worse one"


def _sizes(sizes: pd.Series[float]) -> str:
    there = sizes[sizes > 1e-12].sort_values(ascending=False, kind="stable")
    said = (f"{str(name).replace('_', ' and ')} {value:.4g}" for name, value in there.items())
    return ", ".join(said) or "none"


def _movers(found: Comparison, count: int) -> Iterator[str]:
    movers = found.movers(count)
    movers = movers[movers["places"] != 0]
    if len(movers):
        yield "  largest movers:"
    for _, line in movers.iterrows():
        effects = {name: float(line[name]) for name in found.effects.columns}
        way = "up" if line["places"] > 0 else "down"
        yield (
            f"    {line['label']}: rank {line['rank_before']:g} → {line['rank_after']:g} "
            f"({way} {abs(line['places']):g}), {signed(line['change'])} ({listed(effects)})"
        )
