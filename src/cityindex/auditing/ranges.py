"""What each node can be at all, by the spec alone; and which children cannot move a score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cityindex.auditing.bounds import ANY, aggregated, linear_map, through
from cityindex.auditing.effective import exact, local_weights
from cityindex.auditing.interval import Interval, number
from cityindex.spec.model import Call, Group, Indicator, Node, Spec

__all__ = ["Idle", "idle_children", "possible"]

WITHIN = ("minmax", "percent_rank")  # steps that send their reference to the ends of `to`


def possible(spec: Spec) -> dict[str, Interval]:
    """Node → the numbers that its carried value can be, in the reference; no ends where the spec does not say.

    >>> from cityindex.spec import load_spec
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": [
    ...     {"id": "a", "steps": [{"minmax": {"to": [0, 100]}}]}, "b"]}})
    >>> {name: interval.shown() for name, interval in possible(spec).items()}
    {'a': '0 to 100', 'b': 'any number', 'score': 'any number'}
    """
    found: dict[str, Interval] = {}

    def visit(node: Node) -> Interval:
        if node.id not in found:
            found[node.id] = _of_group(node, visit, spec) if isinstance(node, Group) else _of_indicator(node)
        return found[node.id]

    for root in spec.roots:
        visit(root)
    return found


def _of_indicator(node: Indicator) -> Interval:
    start = ANY if node.value is None else Interval.exactly(exact(node.value))
    return _after(node.steps, start, node.goalposts)


def _of_group(group: Group, visit: Callable[[Node], Interval], spec: Spec) -> Interval:
    children = [visit(spec.nodes[child.id]) for child in group.children]
    made = aggregated(group.aggregate, children, local_weights(group)) if children else None
    if made is None:
        made = _hull(children) if children and group.aggregate.method.averages else ANY
    return _after(group.steps, made, None)


def _hull(children: list[Interval]) -> Interval:
    lows, highs = [child.low for child in children], [child.high for child in children]
    low = None if None in lows else min(end for end in lows if end is not None)
    return Interval(low, None if None in highs else max(end for end in highs if end is not None))


def _after(steps: tuple[Call, ...], x: Interval, goalposts: tuple[float, float] | None) -> Interval:
    for call in steps:
        x = _learned(call, x) or through([call], x, goalposts) or ANY
    return x


def _learned(call: Call, x: Interval) -> Interval | None:
    """What a step that learns can give within its reference."""
    said = call.settings
    if call.name in WITHIN:
        ends = sorted(exact(end) for end in said["to"])
        return Interval(ends[0], ends[1])
    if call.name == "rank":
        return Interval(Fraction(1), None)
    if call.name == "rescale" and tuple(said["from"]) == ("min", "max"):
        ends = sorted(exact(end) for end in said["to"])
        return Interval(ends[0], ends[1])
    if call.name == "winsorise" or (call.name in ("clip", "impute") and call.method.learn is not None):
        words = [value for value in said.values() if isinstance(value, str)]
        return x if words or call.name == "winsorise" else None
    return None


# -- children that cannot move a score --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Idle:
    """A child that cannot move the score of a root, and why."""

    root: str
    path: str
    why: str


def idle_children(spec: Spec) -> list[Idle]:
    """Every path whose end cannot matter: weight 0, a constant, never the extreme, or hidden by rounding.

    A child is hidden where its whole range moves the carried score of the root by less than half a unit of the last
    digit that the root publishes. That is told where every group on the way is an arithmetic mean or a sum and every
    step of theirs a linear map.
    """
    ranges = possible(spec)
    return [idle for root in spec.roots for idle in _descend(spec, root, root, "", Fraction(1), ranges)]


def _descend(
    spec: Spec, root: Group, group: Group, path: str, slope: Fraction | None, ranges: Mapping[str, Interval]
) -> Iterator[Idle]:
    weights = local_weights(group)
    slope = None if slope is None or weights is None else _slope(group, slope)
    for place, child in enumerate(group.children):
        here = f"{path}{child.id}"
        local = None if weights is None else weights[place]
        reach = None if slope is None or local is None else abs(slope * local)
        why = _why(spec, root, group, place, local, reach, ranges)
        node = spec.nodes[child.id]
        if why:
            yield Idle(root.id, here, why)
        elif isinstance(node, Group):
            below = None if slope is None or local is None else slope * local
            yield from _descend(spec, root, node, f"{here}/", below, ranges)


def _slope(group: Group, above: Fraction) -> Fraction | None:
    """By how much the root moves with the weighted sum of a group's children; None where that is not linear."""
    if group.aggregate.name not in ("arithmetic", "sum") or group.aggregate.via is not None:
        return None
    slope = above
    for call in group.steps:
        if call.name != "rescale" or any(isinstance(end, str) for end in call.settings["from"]):
            return None
        one, zero = (linear_map(Interval.exactly(at), call.settings["from"], call.settings["to"]) for at in (1, 0))
        assert one.low is not None
        assert zero.low is not None
        slope *= one.low - zero.low
    return slope


def _why(
    spec: Spec,
    root: Group,
    group: Group,
    place: int,
    local: Fraction | None,
    reach: Fraction | None,
    ranges: Mapping[str, Interval],
) -> str:
    own = ranges[group.children[place].id]
    if local == 0:
        return "its weight is 0"
    if own.exact and getattr(spec.nodes[group.children[place].id], "value", None) is None:  # a constant is meant
        return f"it is always {number(own.low)}"
    if group.aggregate.name in ("minimum", "maximum"):
        return _never(group, place, ranges)
    unit = _unit(root)
    if reach is None or unit is None or own.low is None or own.high is None:
        return ""
    most = reach * (own.high - own.low)
    if most >= unit / 2:
        return ""
    return (
        f"all of its range ({own.shown()}) moves {root.id} by {number(most, 3)} at most, and {root.id} is rounded to "
        f"{number(unit)}: only a score on the verge of rounding shows it"
    )


def _unit(root: Group) -> Fraction | None:
    """The last digit that a root publishes; None where it is not rounded, or is treated before."""
    if any(call.name != "round" for call in root.publish) or not root.publish:
        return None
    return max(Fraction(10) ** -int(call.settings["digits"]) for call in root.publish)


def _never(group: Group, place: int, ranges: Mapping[str, Interval]) -> str:
    """Why a child is never the lowest (or highest) of its group."""
    own = ranges[group.children[place].id]
    for child in group.children:
        other = ranges[child.id]
        if child.id == group.children[place].id:
            continue
        if group.aggregate.name == "minimum" and other.below(own):
            return f"it is never the minimum: {own.shown()}, and {child.id} is {other.shown()}"
        if group.aggregate.name == "maximum" and own.below(other):
            return f"it is never the maximum: {own.shown()}, and {child.id} is {other.shown()}"
    return ""
