"""What has to hold between values: ids and uses, goalposts and direction, missing cells, tiers. All is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cityindex._registry import Method
from cityindex._values import Percent
from cityindex.errors import closest, nearest
from cityindex.spec.calls import call_of, tiers_of
from cityindex.spec.fields import BAD
from cityindex.spec.model import Call, Tiers, turning_step
from cityindex.spec.read import Draft, SpecDraft, Value
from cityindex.spec.scalars import written
from cityindex.spec.settle import uses_goalposts
from cityindex.spec.tree import Problems
from cityindex.spec.weights import check_weights

__all__ = ["TURNING", "check", "every"]

TURNING = (
    "Turned by direction: minmax, zscore, robust, percent_rank, vector, logistic. By the order of their numbers: "
    "goalposts, rescale, efficacy, piecewise, bands, percentile_bands, categories. By inverse: true: share, relative; "
    "by first: highest: rank; by a negative exponent: power."
)


def every(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """The drafts and all that stands under them, in the order written."""
    for draft in drafts:
        yield draft
        yield from every(draft.children)


def check(spec: SpecDraft, problems: Problems) -> None:
    """Everything that the values say together, over the whole spec."""
    nodes = _check_ids(spec, problems)
    _check_uses(spec, nodes, problems)
    for draft in every(spec.roots):
        if draft.kind == "indicator":
            _check_indicator(draft, problems)
        elif draft.kind == "group":
            _check_group(draft, problems)


# -- ids and uses -----------------------------------------------------------------------------------------------------


def _check_ids(spec: SpecDraft, problems: Problems) -> dict[str, Draft]:
    nodes: dict[str, Draft] = {}
    for draft in every(spec.roots):
        if draft.kind == "use" or draft.id is None:
            continue
        if draft.id in nodes:
            first = nodes[draft.id].place("id")
            where = first.path or f"line {first.line}"
            hint = _instead(draft, nodes[draft.id])
            problems.add(draft.place("id"), f"the id {draft.id!r} is taken (by {where}){hint}")
        else:
            nodes[draft.id] = draft
    return nodes


def _instead(draft: Draft, first: Draft) -> str:
    """What to write where an id is taken by the node `first`."""
    if draft.kind == "group":
        return ""
    if any(each is draft for each in every(first.children)):  # a use would lead back to itself
        return f"; give this one another id, and say column: {draft.id}"
    return f"; to use that node here too, write {{use: {draft.id}}}"


def _check_uses(spec: SpecDraft, nodes: dict[str, Draft], problems: Problems) -> None:
    unsure = any(draft.id is None for draft in every(spec.roots))
    for group in every(spec.roots):
        seen: set[str] = set()
        for child in group.children:
            if child.id is None:
                continue
            if child.kind == "use" and child.id in seen:
                problems.add(child.place("use"), f"{child.id!r} is a child of {_named(group)} already")
            if child.kind == "use" and child.id not in nodes and not (unsure and closest(child.id, nodes) is None):
                problems.add(child.place("use"), f"there is no node {child.id!r} to use.{nearest(child.id, nodes)}")
                child.values["use"] = Value(BAD, child.at)
                continue
            seen.add(child.id)
    _check_cycles(nodes, problems)


def _check_cycles(nodes: dict[str, Draft], problems: Problems) -> None:
    """A use may not lead back to the group that it stands in: depth first, without recursion."""
    done: set[str] = set()
    for start in nodes:
        path: dict[str, None] = {start: None}
        stack = [iter(nodes[start].children)] if start not in done else []
        while stack:
            child = next(stack[-1], None)
            if child is None:
                done.add(path.popitem()[0])
                stack.pop()
            elif child.id in path:
                steps = list(path)
                loop = " → ".join([*steps[steps.index(child.id) :], child.id])
                if child.kind == "use":  # else it is an id that stands twice
                    problems.add(child.place("use"), f"a node cannot be used inside itself: {loop}")
            elif child.id in nodes and child.id not in done:
                path[child.id] = None
                stack.append(iter(nodes[child.id].children))


# -- indicators -------------------------------------------------------------------------------------------------------


def _check_indicator(draft: Draft, problems: Problems) -> None:
    if "value" in draft.values:
        for key in ("column", "per"):
            if key in draft.values:
                problems.add(draft.place(key), f"{_named(draft)} is a constant (value), so it takes no {key}")
    uses, has = uses_goalposts(draft), "goalposts" in draft.values
    if has and not uses:
        hint = "; add the step goalposts, or leave them out"
        problems.add(draft.place("goalposts"), f"no step of {_named(draft)} uses its goalposts{hint}")
    if uses and not has and not (draft.bad("steps") or draft.bad("publish")):
        key = "steps" if any(call.method.uses_goalposts for call in draft.calls("steps")) else "publish"
        told = _from_defaults(draft, key)
        needs = "so it needs the key goalposts: [bottom, top]"
        problems.add(draft.place(key), f"{_named(draft)} has the step goalposts{told}, {needs}")
    _check_goalposts(draft, problems)
    _check_direction(draft, problems)


def _check_goalposts(draft: Draft, problems: Problems) -> None:
    """What the steps that use the goalposts have against them (a log scale needs both above 0)."""
    posts = draft.get("goalposts")
    if posts is None:
        return
    for call in (*draft.calls("steps"), *draft.calls("publish")):
        if call.method.uses_goalposts and call.method.check_option is not None:
            for message in call.method.check_option({**call.settings, "goalposts": tuple(posts)}):
                problems.add(draft.place("goalposts"), f"{_named(draft)}: {message}")


def _check_direction(draft: Draft, problems: Problems) -> None:
    """The sign of the steps has to be that of the direction, where both are known."""
    direction = draft.get("direction")
    unsure = draft.bad("steps") or draft.bad("goalposts") or (uses_goalposts(draft) and "goalposts" not in draft.values)
    if direction is None or unsure:
        return
    steps = draft.calls("steps")
    posts = draft.get("goalposts")
    turning = turning_step(steps) if direction == "less" else None
    sign = -1 if turning is not None else 1
    for step in steps:
        sign *= step.method.sign_of({**step.settings, "goalposts": tuple(posts)} if posts else step.settings)
    if sign == 0:
        if direction == "less" and turning is None:
            _refuse_no_order(draft, steps, posts, problems)
        return
    if (sign > 0) == (direction == "more"):
        return
    rises = "rises" if sign > 0 else "falls"
    why = "it has no steps that turn it"
    if steps:
        why = f"its steps ({', '.join(step.name for step in steps)}) give a result that {rises} with it"
    said = f"{_named(draft)} says direction: {direction}{_from_defaults(draft, 'direction')}"
    problems.add(draft.place("direction"), f"{said}, but {why}. {TURNING}")


def _refuse_no_order(draft: Draft, steps: Sequence[Call], posts: Any, problems: Problems) -> None:
    """`direction: less` where the steps neither rise nor fall as far as can be told: nothing would act on it."""
    more = {"goalposts": tuple(posts)} if posts else {}
    unknown = next(step for step in steps if step.method.sign_of({**step.settings, **more}) == 0)
    why = f"whether its step {unknown.name} rises or falls cannot be told, and no other step turns: it has no effect"
    own = "" if unknown.method.built_in else f", or register {unknown.name} with its sign"
    hint = f"Leave direction out, as the step says what is better{own}. {TURNING}"
    said = f"{_named(draft)} says direction: less{_from_defaults(draft, 'direction')}"
    problems.add(draft.place("direction"), f"{said}, but {why}. {hint}")


# -- groups -----------------------------------------------------------------------------------------------------------


def _check_group(draft: Draft, problems: Problems) -> None:
    for key in ("steps", "publish"):
        if any(call.method.uses_goalposts for call in draft.calls(key)):
            told = _from_defaults(draft, key)
            hint = "the step goalposts uses an indicator's goalposts; for a group write rescale: {from: …, to: …}"
            problems.add(draft.place(key), f"{_named(draft)} is a group{told}: {hint}")
    _check_missing(draft, problems)
    check_weights(draft, problems)
    data = draft.get("tiers")
    if data is not None:
        _check_tiers(draft, tiers_of(data), problems)


def _check_missing(draft: Draft, problems: Problems) -> None:
    data = draft.get("missing")
    if data is None:
        return
    rule = call_of("missing", data)
    if rule.within is not None and rule.settings.get("use") == "siblings":
        message = f"within: {rule.within}: siblings are the unit's own other children: nothing is learned by label"
        problems.add(draft.place("missing"), message)
    aggregate = draft.get("aggregate")
    method: Method | None = call_of("aggregator", aggregate).method if aggregate is not None else None
    if rule.name == "reweight" and method is not None and not method.averages:
        told = _from_defaults(draft, "missing")
        message = f"{_named(draft)}: {method.name} cannot reweight{told}; allowed: refuse, propagate, impute."
        problems.add(draft.place("missing"), message)
    needed = rule.settings.get("at_least", 1)
    if draft.children and not isinstance(needed, Percent) and needed > len(draft.children):
        told = _from_defaults(draft, "missing")
        count = len(draft.children)
        children = "is 1 child" if count == 1 else f"are {count} children"
        message = f"{_named(draft)}: at_least is {needed}{told}, and there {children}"
        problems.add(draft.place("missing"), message)


def _check_tiers(draft: Draft, tiers: Tiers, problems: Problems) -> None:
    settings = tiers.call.settings
    cuts, first = settings.get("cuts"), (draft.get("rank") or {}).get("first", "highest")
    if cuts is not None and len(cuts) > 1 and not draft.bad("rank"):
        falls = cuts[0] > cuts[1]
        if falls != (first == "highest"):
            must = "rise" if falls else "fall"
            shown = ", ".join(written(cut) for cut in cuts[:3])
            message = f"{_named(draft)}: the cuts have to {must} where the {first} is first (rank), found {shown}"
            problems.add(draft.place("tiers"), message)
    count = _tier_count(tiers.call)
    if tiers.labels is not None and count is not None and len(tiers.labels) != count:
        message = f"{_named(draft)}: {len(tiers.labels)} labels for {count} tiers ({tiers.call.name})"
        problems.add(draft.place("tiers"), message)


def _tier_count(call: Call) -> int | None:
    """How many tiers a tiering makes, where its options tell."""
    settings: dict[str, Any] = call.settings
    for name, more in (("cuts", 1), ("at", 1), ("sizes", 0)):
        if isinstance(settings.get(name), tuple):
            return len(settings[name]) + more
    count = settings.get("count")
    return count if isinstance(count, int) else None


# -- shared -----------------------------------------------------------------------------------------------------------


def _named(draft: Draft) -> str:
    return repr(draft.id) if draft.id else "this node"


def _from_defaults(draft: Draft, key: str) -> str:
    value = draft.values.get(key)
    return " (from the defaults)" if value is not None and value.default else ""
