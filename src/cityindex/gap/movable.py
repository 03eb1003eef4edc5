"""What may move, how far, and what it costs: the user's words read into numbers, every problem told at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.engine.leaves import leaf_ids
from cityindex.errors import NotFoundError, Problem, TableError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.spec.model import Group, Indicator

if TYPE_CHECKING:
    from cityindex.part import Part
    from cityindex.plan import Plan

__all__ = ["Movable", "divided_by", "ends_of", "read_movable", "sharing"]


@dataclass(frozen=True, slots=True, eq=False)
class Movable:
    """The numbers that may move: the leaves that read each, its lowest and highest, its range, and its cost.

    `low`, `high`: as far as it may go. `span`: the width of the range seen (of the bounds, where that is
    none), which makes shares of it. `costs`: of one
    of its own units (or of the square of one). `ignored`: why a number that was asked for does not move.
    """

    leaves: tuple[tuple[str, ...], ...]
    now: FloatArray
    low: FloatArray
    high: FloatArray
    span: FloatArray
    costs: FloatArray
    priced: bool  # some cost is the user's
    ignored: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.leaves)


def ends_of(part: Part, name: str) -> tuple[float, float]:
    """The range an indicator is moved in: that of the table, its goalposts, and what its first step learned."""
    column = part.inputs.values[name]
    ends = [float(value) for value in (np.fmin.reduce(column), np.fmax.reduce(column))]
    node = part.plan.spec.nodes[name]
    if isinstance(node, Indicator) and name not in part.inputs.per:
        ends += list(node.goalposts or ())
        steps = part.calibration.nodes.get(name, {}).get("steps") or (None,)
        learned = steps[0] if isinstance(steps[0], Mapping) else {}
        ends += [float(learned[key]) for key in ("min", "max") if isinstance(learned.get(key), int | float)]
    return float(np.fmin.reduce(ends)), float(np.fmax.reduce(ends))


def sharing(part: Part) -> tuple[tuple[str, ...], ...]:
    """The leaves that read a column, together where several read the same one, in the order of the tree."""
    found: dict[str, list[str]] = {}
    for name in leaf_ids(part.plan):
        if name in part.inputs.values:
            found.setdefault(part.columns.get(name, name), []).append(name)
    return tuple(tuple(names) for names in found.values())


def divided_by(part: Part, names: Sequence[str]) -> tuple[str, ...]:
    """The leaves that are divided (`per`) by the numbers that some leaves read."""
    own, per = part.inputs.values[names[0]], part.inputs.per
    return tuple(name for name, column in per.items() if np.array_equal(own, column, equal_nan=True))


def read_movable(part: Part, place: int, move: Any, bounds: Any, costs: Any, *, quadratic: bool) -> Movable:
    """The numbers that move, with their bounds and costs.

    Raises
    ------
    NotFoundError
        Names that are no indicators and no groups, by the nearest name.
    TableError
        Bounds and costs that cannot be read, or that shut out the number as it stands.
    """
    problems: list[Problem] = []
    every = sharing(part)
    chosen = _chosen(part, every, move)
    leaves, ignored = [], []
    for names in chosen:
        reason = _unmovable(part, names, place, bounds)
        if reason:
            ignored.append(reason)
        else:
            leaves.append(names)
    now = np.array([part.inputs.values[names[0]][place] for names in leaves])
    seen = [_seen(part, names) for names in leaves]
    known = {name: row for row, names in enumerate(leaves) for name in names}
    inside = [
        _allowed(bounds, names, own, float(at), problems) for names, own, at in zip(leaves, seen, now, strict=True)
    ]
    widths = ((high - low, b - a) for (low, high), (a, b) in zip(seen, inside, strict=True))
    span = np.array([width or given for width, given in widths])
    _unknown(bounds, "bounds", known, part, problems)
    _unknown(costs, "costs", known, part, problems)
    usual = 1.0 / np.where(span > 0, span, 1.0) ** (2 if quadratic else 1)
    prices = [_cost(costs, names, float(one), problems) for names, one in zip(leaves, usual, strict=True)]
    if problems:
        raise TableError(problems, summary="the changes cannot be looked for:")
    low, high = np.array(inside).reshape(-1, 2).T
    return Movable(tuple(leaves), now, low, high, span, np.array(prices), bool(costs), tuple(ignored))


def _seen(part: Part, names: Sequence[str]) -> tuple[float, float]:
    ends = np.array([ends_of(part, name) for name in names])
    return float(ends.min()), float(ends.max())


# -- which -------------------------------------------------------------------------------------------------------------


def _chosen(part: Part, every: Sequence[tuple[str, ...]], move: Any) -> list[tuple[str, ...]]:
    if move is None:
        return list(every)
    named = [move] if isinstance(move, str) else move
    if not isinstance(named, Iterable) or isinstance(named, Mapping):
        raise NotFoundError(
            f"move={move!r}: the ids of indicators or groups are wanted, such as move=['gdp', 'economy']"
        )
    wanted: set[str] = set()
    problems = []
    for name in named:
        found = _under(part.plan, name) if isinstance(name, str) else set[str]()
        known = found & {leaf for names in every for leaf in names}
        if not known:
            problems.append(Problem(_why_not(part, name, found)))
        wanted |= known
    if problems:
        raise NotFoundError(problems, summary="" if len(problems) == 1 else "move:")
    if not wanted:
        raise NotFoundError("move=[]: name one indicator or group at least, or leave it out to move all of them")
    return [names for names in every if not wanted.isdisjoint(names)]


def _under(plan: Plan, name: str) -> set[str]:
    """The leaves of a plan that a name stands for: itself, or what is under it (nodes used from elsewhere too)."""
    node = plan.spec.nodes.get(name)
    if node is None:
        return set()
    if not isinstance(node, Group) or name in plan.given:
        return {name}
    return set[str]().union(*(_under(plan, child.id) for child in node.children)) if node.children else set()


def _why_not(part: Part, name: Any, found: set[str]) -> str:
    nodes = part.plan.spec.nodes
    if not isinstance(name, str) or name not in nodes:
        return f"move: {part.plan.spec.id} has no node {name!r}.{nearest(str(name), nodes)}"
    node = nodes[name]
    if isinstance(node, Indicator) and node.value is not None:
        return f"move: {name} is a constant, {node.value:.12g}, and reads no column"
    what = "a column of its own" if found <= {name} else "columns under it"
    return f"move: {name} has no {what} in the table"


def _unmovable(part: Part, names: Sequence[str], place: int, bounds: Any) -> str:
    """Why the number that some leaves read cannot move; empty where it can."""
    if np.isnan(part.inputs.values[names[0]][place]):
        return f"{names[0]} is missing for this unit: a change has nowhere to start from, so it stays missing"
    divided = divided_by(part, names)
    if divided:
        return f"{names[0]} does not move: {' and '.join(divided)} would change with it, being divided by it"
    low, high = _seen(part, names)
    if low == high and not isinstance(bounds, str) and _given(bounds, names) is None:
        return f"{names[0]} is the same in the whole table: there is no range to move it in, unless bounds give one"
    return ""


# -- how far -----------------------------------------------------------------------------------------------------------


def _given(told: Any, names: Sequence[str]) -> Any:
    """What was told about the number that some leaves read; None where nothing was."""
    return next((told[name] for name in names if name in told), None) if isinstance(told, Mapping) else None


def _allowed(
    bounds: Any, names: Sequence[str], seen: tuple[float, float], now: float, problems: list[Problem]
) -> tuple[float, float]:
    """How far one number may go: the range seen (widened to where it stands), or what the user said."""
    usual = (min(seen[0], now), max(seen[1], now))
    said = bounds if isinstance(bounds, str) else _given(bounds, names)
    if said is None:
        return usual
    both = isinstance(said, str) and said.strip()[:1].isdigit() and said.strip()[-1:] in "%％"
    pair = (f"-{said.strip()}", said) if both else said
    if isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2:
        problems.append(Problem(f"{said!r}; (low, high) is wanted, or '10%' for both ways", f"bounds, {names[0]}"))
        return usual
    ends = [_end(end, other, now) for end, other in zip(pair, usual, strict=True)]
    for end, written in zip(ends, pair, strict=True):
        if end is None:
            what = f"{written!r} is no number, no percentage ('-10%', '20%'), not 'now' and not None"
            problems.append(Problem(what, f"bounds, {names[0]}"))
    if None in ends:
        return usual
    low, high = float(ends[0] or 0.0), float(ends[1] or 0.0)
    if low > high:
        problems.append(Problem(f"the lowest, {low:.12g}, is above the highest, {high:.12g}", f"bounds, {names[0]}"))
        return usual
    if not low <= now <= high:
        what = f"it stands at {now:.12g}, outside {low:.12g} to {high:.12g}; bounds have to hold the number as it is"
        problems.append(Problem(what, f"bounds, {names[0]}"))
        return usual
    return low, high


def _end(end: Any, usual: float, now: float) -> float | None:
    """One end of the bounds of a number; None where it cannot be read."""
    if end is None:
        return usual
    text = str(end).strip().replace("％", "%")
    if text == "now":
        return now
    share = text.endswith("%")
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        return None
    if not math.isfinite(value) or isinstance(end, bool):
        return None
    return now + abs(now) * value / 100 if share else value


def _cost(costs: Any, names: Sequence[str], usual: float, problems: list[Problem]) -> float:
    """What one unit of a number costs: what the user said, else a share of its range."""
    said = _given(costs, names)
    if said is None:
        return usual
    try:
        cost = math.nan if isinstance(said, bool | str) else float(said)
    except (TypeError, ValueError):
        cost = math.nan
    if not (math.isfinite(cost) and cost > 0):
        problems.append(Problem(f"{said!r}; a number above 0 is wanted: the cost of one unit", f"costs, {names[0]}"))
        return usual
    return cost


def _unknown(told: Any, what: str, known: Mapping[str, int], part: Part, problems: list[Problem]) -> None:
    """Names in bounds or costs that do not move."""
    if told is None or (what == "bounds" and isinstance(told, str)):
        return
    if not isinstance(told, Mapping):
        example = "{'gdp': (100, 200)}" if what == "bounds" else "{'gdp': 2.5}"
        problems.append(Problem(f"{what}={told!r}: a mapping from indicators is wanted, such as {example}"))
        return
    for name in told:
        if name not in known:
            there = isinstance(name, str) and name in part.plan.spec.nodes
            why = "does not move" if there else "is no indicator of this index"
            problems.append(Problem(f"{name!r} {why}.{nearest(str(name), known)}", what))
