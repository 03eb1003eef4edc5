"""One unit, line by line: from the raw cell to the score, the rank and the tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex._values import Text
from cityindex.engine.decompose import local_weights
from cityindex.engine.inputs import rows_where
from cityindex.engine.trace import trace
from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask
from cityindex.spec.model import Group, Indicator, Spec
from cityindex.table import Note

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.result import Result

__all__ = ["ExplainedNode", "Explanation", "explain"]


@dataclass(frozen=True, slots=True)
class ExplainedNode:
    """One line of an explanation: a node as its parent reads it.

    Attributes
    ----------
    depth
        0 for the root.
    path
        ``group/leaf``: where in the tree the line stands.
    source
        The column that was read, the constant, or the aggregator.
    raw, per
        The number that the steps start from, before it is divided by `per`; the aggregate for a group.
    steps, publish
        What each step made of it: (step, value).
    carried, published
        What moves up, and what is shown.
    weight
        Its local weight in its parent (None at a root, or where weights mean nothing).
    contribution
        Its points of the root's carried score (None where it has none).
    settled
        What was done about it being missing, or about its children's being so.
    """

    depth: int
    path: str
    id: str
    title: Text | None
    source: str
    raw: float
    per: float | None
    steps: tuple[tuple[str, float], ...]
    publish: tuple[tuple[str, float], ...]
    carried: float
    published: float
    weight: float | None
    contribution: float | None
    settled: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Explanation(Shown):
    """Why a unit has the score it has. ``print(explanation)`` shows the lines; `to_frame` gives them as a table."""

    unit: str
    label: str | None
    period: str | None
    index: str
    title: Text | None  # of the index
    score: float
    rank: float
    ranked: int
    tier: str | None
    nodes: tuple[ExplainedNode, ...]
    decomposition: tuple[str, ...]
    notes: tuple[Note, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row a line."""
        return pd.DataFrame(
            [
                {
                    "path": node.path,
                    "node": node.id,
                    "title": str(node.title or ""),
                    "source": node.source,
                    "raw": node.raw,
                    "per": np.nan if node.per is None else node.per,
                    "steps": "; ".join(f"{name} → {value:.6g}" for name, value in (*node.steps, *node.publish)),
                    "carried": node.carried,
                    "published": node.published,
                    "weight": np.nan if node.weight is None else node.weight,
                    "contribution": np.nan if node.contribution is None else node.contribution,
                    "missing": node.settled,
                }
                for node in self.nodes
            ]
        )

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        name = f"{self.label} ({self.unit})" if self.label and self.label != self.unit else self.unit
        head = f"{name}{f', {self.period}' if self.period else ''}: {_number(self.score)}"
        if self.rank == self.rank:
            head += f", rank {self.rank:g} of {self.ranked}"
        if self.tier is not None:
            head += f", tier {self.tier}"
        lines = [head, *(line for node in self.nodes for line in _lines(node))]
        if self.decomposition:
            lines.append("  contributions: " + "; ".join(self.decomposition))
        lines += [f"  note: {note.message}" for note in self.notes]
        return "\n".join(lines)


def _number(value: float) -> str:
    return "missing" if value != value else f"{value:.6g}"


def _lines(node: ExplainedNode) -> list[str]:
    indent = "  " * (node.depth + 1)
    title = f" {node.title}" if node.title else ""
    weight = f"  weight {node.weight * 100:.4g}%" if node.weight is not None else ""
    share = node.contribution if node.depth else None
    points = "" if share is None or share != share else f"  → {share:.4g} points"
    lines = [f"{indent}{node.id}{title}: {_number(node.published)}{weight}{points}"]
    start = f"{node.source} {_number(node.raw)}"
    if node.per is not None:
        start += f" / {_number(node.per)}"
    chain = [start, *(f"{name} → {_number(value)}" for name, value in (*node.steps, *node.publish))]
    lines.append(f"{indent}    {' · '.join(chain)}")
    if node.settled:
        lines.append(f"{indent}    {node.settled}")
    return lines


def explain(result: Result, row: int) -> Explanation:
    """Explain the score of the unit in one row of the table."""
    part, place = result.part_of(row)
    spec = part.plan.spec
    given = [root.id for root in spec.roots if root.id in part.plan.row]
    lines: list[ExplainedNode] = []
    kinds: list[str] = []
    for root in given:
        split = result.contributions(root)
        shares = split.values.iloc[row]
        kinds += [f"{group} {kind}" for group, kind in split.decomposition.items() if kind != "additive"]
        _descend(lines, part, place, root, root, 0, None, shares)
    rule = result.ranks()
    root_group = spec.index
    unit = result.units[row]
    return Explanation(
        unit=unit,
        label=result.labels[row] if result.labels else None,
        period=result.periods[row] if result.periods else None,
        index=spec.id,
        title=spec.title or root_group.title,
        score=float(result.column()[row]),
        rank=float(rule[row]),
        ranked=int((~np.isnan(rule[result.peers(row)])).sum()),
        tier=result.tiers()[row] if root_group.tiers is not None else None,
        nodes=tuple(lines),
        decomposition=tuple(kinds),
        notes=tuple(note for note in result.notes if not note.units or unit in note.units),
    )


def _descend(
    lines: list[ExplainedNode],
    part: Part,
    place: int,
    name: str,
    path: str,
    depth: int,
    weight: float | None,
    shares: pd.Series[float],
) -> None:
    """Write the line of a node and, under it, those of its children."""
    plan, outcome = part.plan, part.outcome
    node = plan.spec.nodes[name]
    seen = trace(plan, outcome, part.inputs, name, place)
    below = path.split("/", 1)[1] if "/" in path else ""
    lines.append(
        ExplainedNode(
            depth=depth,
            path=path,
            id=name,
            title=node.title,
            source="" if _outside(part, name, place) else _source(plan.spec, name, part),
            raw=seen.raw,
            per=seen.per,
            steps=seen.steps,
            publish=seen.publish,
            carried=float(outcome.carried[plan.row[name], place]),
            published=float(outcome.column(plan, name)[place]),
            weight=weight,
            contribution=_points(shares, below),
            settled=_settled(part, name, place),
        )
    )
    task = next((task for task in plan.groups if task.id == name), None)
    if task is None:
        return
    weights = _weights_here(local_weights(task, outcome, place), outcome.settled[name].x[place], task)
    for position, child in enumerate(task.children):
        local = float(weights[position])
        share = None if local != local else local
        _descend(lines, part, place, child, f"{path}/{child}", depth + 1, share, shares)


def _weights_here(weights: FloatArray, x: FloatArray, task: GroupTask) -> FloatArray:
    """The weights as they count for one unit: those of missing children shared by the others."""
    here = ~np.isnan(x)
    shared = np.where(here, weights, 0.0)
    if not task.group.aggregate.method.averages or here.all() or shared.sum() == 0:
        return weights
    return np.asarray(shared / shared.sum())


def _points(shares: pd.Series[float], path: str) -> float | None:
    """The contributions of a path and of everything under it."""
    if not path:
        return float(shares.sum(skipna=False))
    found: list[Any] = [value for name, value in shares.items() if f"{name}/".startswith(f"{path}/")]
    return float(sum(found)) if found else None


def _source(spec: Spec, name: str, part: Part) -> str:
    node = spec.nodes[name]
    if name in part.plan.given:
        return f"given in the table ({part.columns.get(name, name)})"
    if isinstance(node, Indicator):
        return "constant" if node.value is not None else f"column {part.columns.get(name, name)}"
    return f"{node.aggregate.name} of {len(node.children)}"


def _outside(part: Part, name: str, place: int) -> bool:
    """Whether the node does not apply to the unit (`where`)."""
    kept = rows_where(part.inputs, part.plan.spec.nodes[name].where)
    return kept is not None and not bool(kept[place])


def _settled(part: Part, name: str, place: int) -> str:
    """What the rule for missing children did at this group for this unit."""
    node = part.plan.spec.nodes[name]
    if _outside(part, name, place):
        return "does not apply (where)"
    settled = part.outcome.settled.get(name)
    if settled is None or not isinstance(node, Group):
        return ""
    children = [child.id for child in node.children]
    if settled.filled is not None and settled.filled[place].any():
        filled = [
            f"{child} = {settled.x[place, position]:.6g}"
            for position, child in enumerate(children)
            if settled.filled[place, position]
        ]
        return f"imputed ({node.missing.settings['use']}): {', '.join(filled)}"
    absent = [child for position, child in enumerate(children) if np.isnan(settled.x[place, position])]
    if settled.blank is not None and settled.blank[place]:
        return f"no value: {', '.join(absent)} missing ({node.missing.name})"
    if settled.shared is not None and settled.shared[place]:
        return f"weight of {', '.join(absent)} shared among the others"
    return ""
