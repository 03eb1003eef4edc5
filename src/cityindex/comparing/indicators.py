"""Tables and records drawn from a comparison: indicators, one unit, tiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex.comparing.mixing import State
from cityindex.comparing.unit import IndicatorChange, UnitChange
from cityindex.engine.decompose import global_weights
from cityindex.errors import NotFoundError
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Group, Node

if TYPE_CHECKING:
    from cityindex.comparing.record import Comparison

__all__ = ["mean_sizes", "tier_matrix", "unit_change"]


def leaves_of(found: Comparison) -> dict[str, list[int]]:
    """Indicator → the places of its paths; what stays with the root is called by it."""
    leaves: dict[str, list[int]] = {}
    for place, path in enumerate(found._effects.paths):
        leaves.setdefault(path[-1] if path else found.sides[1].node, []).append(place)
    return leaves


def mean_sizes(found: Comparison) -> pd.DataFrame:
    """Indicator → the mean size of its change and of each effect over the units, in points; the largest first."""
    parts, leaves, told = found._effects.parts, leaves_of(found), found._effects.told
    rows = []
    for name, places in leaves.items():
        own = parts[:, places].sum(axis=1)
        sizes = np.abs(own).mean(axis=1)
        node = _node(found, name)
        rows.append(
            {
                "indicator": name,
                "title": str((node.title if node else None) or ""),
                "change": float(np.abs(own.sum(axis=0)).mean()),
                **{effect: float(sizes[at]) for effect, at in told.items()},
            }
        )
    frame = pd.DataFrame(rows, columns=["indicator", "title", "change", *told])
    return frame.sort_values("change", ascending=False, kind="stable", ignore_index=True)


def _node(found: Comparison, name: str) -> Node | None:
    specs = [side.part.plan.spec for side in reversed(found.sides)]
    return next((spec.nodes[name] for spec in specs if name in spec.nodes), None)


def tier_matrix(found: Comparison) -> pd.DataFrame:
    """Tiers before × tiers after, in units."""
    for side in found.sides:
        if side.tiers is None:
            raise NotFoundError(f"{side.name}: {side.node} has no tiers in the spec")
    counts: Counter[tuple[Any, Any]] = Counter()
    table = found._table
    for one, other, status in zip(table["tier_before"], table["tier_after"], table["status"], strict=True):
        counts["entered" if status == "entered" else one, "left" if status == "left" else other] += 1
    rows, columns = [*_order(found, 0), "entered"], [*_order(found, 1), "left"]
    numbers = np.array([[counts[row, column] for column in columns] for row in rows])
    kept = [place for place in range(len(rows)) if rows[place] != "entered" or numbers[place].any()]
    shown = [place for place in range(len(columns)) if columns[place] != "left" or numbers[:, place].any()]
    return pd.DataFrame(
        numbers[np.ix_(kept, shown)],
        index=pd.Index([rows[place] for place in kept], name=found.names[0]),
        columns=pd.Index([columns[place] for place in shown], name=found.names[1]),
    )


def _order(found: Comparison, side: int) -> list[str]:
    """The labels of the tiers, the best first."""
    from cityindex.spec.model import Group

    own = found.sides[side]
    group = own.part.plan.spec.nodes[own.node]
    assert isinstance(group, Group)  # checked by `sides_of`
    if group.tiers is not None and group.tiers.labels:
        return list(group.tiers.labels)
    there = {tier for tier in own.tiers or () if tier is not None}
    return [str(number) for number in range(1, max(map(int, there), default=0) + 1)]


def unit_change(found: Comparison, row: int) -> UnitChange:
    """Why the unit in a row of the table changed."""
    line = found._table.iloc[row]
    group = found.spec.nodes[found.sides[1].node]
    common = np.flatnonzero(found._common == row)
    there = bool(len(common))
    place = int(common[0]) if there else -1
    passed, passed_by = _passes(found, row) if there else ((), ())
    return UnitChange(
        title=group.title if group.id != found.spec.index.id else found.spec.title or group.title,
        unit=line["unit"],
        label=line["label"],
        names=found.names,
        status=line["status"],
        scores=(float(line["score_before"]), float(line["score_after"])),
        ranks=(float(line["rank_before"]), float(line["rank_after"])),
        tiers=(line.get("tier_before"), line.get("tier_after")),
        effects=_row(found.effects, place) if there else {},
        rank_effects=_row(found.rank_effects, place) if there else {},
        own=float(found._moves[0][place]) if there else np.nan,
        others=float(found._moves[1][place]) if there else np.nan,
        passed=passed,
        passed_by=passed_by,
        indicators=_indicators(found, place) if there else (),
        notes=tuple(note for note in found.notes if not note.units or line["unit"] in note.units),
    )


def _row(frame: pd.DataFrame, place: int) -> dict[str, float]:
    return {str(name): float(frame[name].iloc[place]) for name in frame}


def _passes(found: Comparison, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who was ahead of a unit and is behind it now, and the other way round: by their ranks after."""
    table = found._table.iloc[found._common].sort_values("rank_after", kind="stable")
    own = found._table.iloc[row]
    ahead, behind = (table["rank_before"] < own["rank_before"], table["rank_before"] > own["rank_before"])
    now_behind, now_ahead = (table["rank_after"] > own["rank_after"], table["rank_after"] < own["rank_after"])
    return tuple(table["label"][ahead & now_behind]), tuple(table["label"][behind & now_ahead])


def _indicators(found: Comparison, place: int) -> tuple[IndicatorChange, ...]:
    """What each indicator did to the unit at a place among those in both; the largest change first."""
    effects = found._effects
    raw = [_raw(found, side, place) for side in (0, 1)]
    weights = [_weights(found, side, place) for side in (0, 1)]
    lines = []
    for name, paths in leaves_of(found).items():
        node = _node(found, name)
        sums: FloatArray = effects.parts[:, paths, place].sum(axis=1)
        points = effects.ends[:, paths, place].sum(axis=1)
        lines.append(
            IndicatorChange(
                node=name,
                title=node.title if node else None,
                measured_in=getattr(node, "measured_in", None),
                itself=isinstance(node, Group) and not any(name in known for known in raw),
                raw_before=raw[0].get(name, np.nan),
                raw_after=raw[1].get(name, np.nan),
                weight_before=weights[0].get(name, np.nan),
                weight_after=weights[1].get(name, np.nan),
                points_before=float(points[0]),
                points_after=float(points[1]),
                effects={effect: float(sums[at]) for effect, at in effects.told.items()},
            )
        )
    return tuple(sorted(lines, key=lambda line: (-abs(line.change), -max(map(abs, line.effects.values())))))


def _raw(found: Comparison, side: int, place: int) -> Mapping[str, float]:
    """Node → the number that its steps begin with, on a side."""
    inputs = found._mixer.inputs(State(data=side, structure=side))
    with np.errstate(all="ignore"):
        return {
            name: float(values[place] / inputs.per[name][place] if name in inputs.per else values[place])
            for name, values in inputs.values.items()
        }


def _weights(found: Comparison, side: int, place: int) -> Mapping[str, float]:
    """Node → its weight in the group that is compared, over all its paths."""
    own = found.sides[side]
    row = int(own.places[found._mixer.rows[side][place]])
    totals: dict[str, Any] = {}
    for path, weight in global_weights(own.part.plan, own.part.outcome, own.node, row).items():
        totals[path[-1]] = totals.get(path[-1], 0.0) + weight
    return totals
