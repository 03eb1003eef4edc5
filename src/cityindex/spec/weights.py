"""The weights of a group's children: all or none, per cent that add up, a sign that the aggregator can use."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from cityindex._registry import Method
from cityindex._values import Percent
from cityindex.spec.calls import call_of
from cityindex.spec.model import UNPUBLISHED, Call
from cityindex.spec.read import Draft
from cityindex.spec.scalars import written
from cityindex.spec.tree import Problems

__all__ = ["DUST", "check_weights"]

DUST = 1e-9  # what per cents may miss their sum by: the dust of adding floats, never a rounding that was printed


def check_weights(group: Draft, problems: Problems) -> None:
    """Everything about the weights under one group."""
    name = repr(group.id) if group.id else "this group"
    data = group.get("aggregate")
    method = call_of("aggregator", data).method if data is not None else None
    weighted = [child for child in group.children if "weight" in child.values]
    if method is not None and not method.takes_weights:
        for child in weighted:
            problems.add(child.place("weight"), f"{method.name} takes no weights (group {name})")
        if "weights" in group.values:
            problems.add(group.place("weights"), f"{method.name} takes no weights (group {name})")
        return
    if "weights" in group.values:
        _check_learned(group, weighted, name, problems)
    elif weighted:
        _check_given(group, weighted, method, name, problems)
    elif "weights_sum" in group.values:
        problems.add(group.place("weights_sum"), f"weights_sum of {name} is for weights in per cent; there are none")


def _check_learned(group: Draft, weighted: list[Draft], name: str, problems: Problems) -> None:
    data = group.get("weights")
    for child in weighted:
        said = "unpublished" if data == UNPUBLISHED else "learned or elicited"
        problems.add(child.place("weight"), f"the weights of {name} are {said} (key weights): no child has its own")
    if "weights_sum" in group.values:
        problems.add(group.place("weights_sum"), f"weights_sum of {name} is for its children's weights in per cent")
    if data is None or data == UNPUBLISHED or weighted:
        return
    call = call_of("weighting", data)
    children = tuple(child.id for child in group.children)
    for message in _unfit(group, call):
        problems.add(group.place("weights"), f"{name}: {message}")
    if call.method.check is not None and None not in children and not group.bad("children"):
        for message in call.method.check(call.settings, children):
            problems.add(group.place("weights"), f"{name}: {call.name}: {message}")


def _unfit(group: Draft, call: Call) -> Iterator[str]:
    """What the weighting's own options (`on`, `within`) have against the children and the aggregator."""
    if call.on == "raw":
        for child in group.children:
            if child.kind == "group":
                yield f"{call.name} on raw columns needs indicators, and {child.id!r} is a group"
    data = group.get("aggregate")
    aggregate = call_of("aggregator", data) if data is not None else None
    if call.within and aggregate is not None and aggregate.method.pooled:
        yield (
            f"{aggregate.name} compares all units with one set of weights, and {call.name} within {call.within} "
            "gives several"
        )


def _check_given(group: Draft, weighted: list[Draft], method: Method | None, name: str, problems: Problems) -> None:
    without = [child for child in group.children if "weight" not in child.values]
    if without:
        some = ", ".join(repr(child.id) for child in without[:5] if child.id) + (", …" if len(without) > 5 else "")
        count = f"{len(weighted)} of {len(group.children)} children of {name} have a weight"
        problems.add(without[0].at, f"{count}; all or none is allowed." + (f" Without: {some}" if some else ""))
    if any(child.bad("weight") for child in weighted):
        return
    _check_signs(group, weighted, method, name, problems)
    weights = [child.get("weight") for child in weighted]
    if not any(isinstance(weight, Percent) for weight in weights):
        if "weights_sum" in group.values:
            problems.add(group.place("weights_sum"), f"weights_sum of {name} is for weights in per cent")
        return
    plain = [child for child in weighted if not isinstance(child.get("weight"), Percent)]
    for child in plain:
        weight = child.get("weight")
        told = f"weights of {name} are in per cent, this one is a plain number: {written(weight)}"
        problems.add(child.place("weight"), f"{told}{_in_per_cent(weight)}")
    if not plain and not without and not group.bad("weights_sum"):
        _check_sum(group, weights, name, problems)


def _in_per_cent(weight: float) -> str:
    """How a plain number should be written among per cents, where that is clear: neither for 0 nor for 1."""
    if weight in (0, 1):
        return ""
    return f". Write {written(Percent(weight)) if abs(weight) < 1 else f'{written(weight)}%'}."


def _check_signs(group: Draft, weighted: list[Draft], method: Method | None, name: str, problems: Problems) -> None:
    """An average takes no negative weight, nor weights that are all 0."""
    if group.bad("aggregate") or (method is not None and not method.averages):
        return
    word = method.name if method is not None else "arithmetic"
    negative = [child for child in weighted if child.get("weight") < 0]
    for child in negative:
        weight = written(child.get("weight"))
        hint = "sum and product take negative weights"
        problems.add(child.place("weight"), f"{word} takes no weight below 0: found {weight} in {name} ({hint})")
    if not negative and all(child.get("weight") == 0 for child in weighted):
        problems.add(weighted[0].place("weight"), f"the weights of {name} are all 0")


def _check_sum(group: Draft, weights: list[Percent], name: str, problems: Problems) -> None:
    wanted = group.get("weights_sum") or Percent(1.0)
    total = math.fsum(weights)
    if abs(total - wanted) <= DUST:
        return
    shown = Decimal(repr(total)).quantize(Decimal("1e-12")).normalize()
    found = written(Percent(float(shown)))
    hint = "" if "weights_sum" in group.values else f"; if that is how it is printed, say so: weights_sum: {found}"
    said = " (weights_sum)" if "weights_sum" in group.values else ""
    message = f"the weights of {name} add to {found}, not {written(wanted)}{said}{hint}"
    problems.add(group.at, message)
