"""The conventions in which two people who follow one method differ, as data.

A convention gives variants of a spec: changes that each apply to it, with their words. To add one, write a function
from a spec (and the decimals that are printed) to variants, and name it in `CONVENTIONS`. Options of methods that are a
choice of words (``sd: sample`` or ``population``, ties, formulas, rounding) are found by themselves, those of a method
of yours too.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

from cityindex._values import Frozen, freeze
from cityindex.auditing.spelt import change_calls, every_node
from cityindex.spec.model import Call, Group, Indicator, Spec

__all__ = ["CONVENTIONS", "Convention", "Variant"]

Data = dict[str, Any]
On = Literal["carried", "raw"]
NO_NUMBER = ("random_index",)  # options that no score depends on
MOST_WORDS = 20  # combinations of a method's options that are tried
MOST_DIGITS = 8  # beyond them rounding shows in no score
WHERE = {"indicator": "indicators", "group": "groups"}
ONS: Mapping[On, str] = {"raw": "raw columns", "carried": "normalised columns"}
SHIFTS: Mapping[tuple[str, str], tuple[Any, ...]] = {  # constants that are seldom printed
    ("log", "plus"): (0, 1, 0.5, 0.1, 0.01, 0.001),
    ("minmax", "to"): ((0, 1), (0, 100), (1, 100), (1, 10), (0.01, 1), (0.1, 1)),
    ("goalposts", "to"): ((0, 1), (0, 100), (1, 100), (1, 10), (0.01, 1), (0.1, 1)),
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One change: which convention it is of, what it does in words, and how (in spelt-out data, in place).

    Two variants with the same `slot` change the same thing, and are never tried together.
    """

    slot: str
    said: str
    change: Callable[[Data], bool]

    def __str__(self) -> str:
        return self.said


@dataclass(frozen=True, slots=True)
class Convention:
    """A choice that a method leaves open: its name, what it is, and the variants of a spec.

    `variants` takes the spec, the node that is compared, and how many decimals are printed.
    """

    name: str
    meaning: str
    variants: Callable[[Spec, str, int], Iterator[Variant]]


# -- options that are words -------------------------------------------------------------------------------------------


def _words(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Every other choice of words for the options of the methods that the spec uses, by place and everywhere."""
    for key in ("steps", "publish", "aggregate", "missing", "weights"):
        used: dict[str, dict[str, Call]] = {}
        for where, call in _calls(spec, key):
            used.setdefault(call.name, {}).setdefault(where, call)
        for name, places in used.items():
            kinds: list[str | None] = [*places, *([None] if len(places) > 1 else [])]
            for kind in kinds:
                yield from _choices(key, name, kind, next(iter(places.values())))


def _calls(spec: Spec, key: str) -> Iterator[tuple[str, Call]]:
    for node in spec.nodes.values():
        kind = "group" if isinstance(node, Group) else "indicator"
        found = getattr(node, key, None)
        for call in found if isinstance(found, tuple) else [found]:
            if isinstance(call, Call):
                yield kind, call


def _choices(key: str, name: str, kind: str | None, call: Call) -> Iterator[Variant]:
    options = {
        option.name: typing.get_args(option.type)
        for option in call.method.options.values()
        if typing.get_origin(option.type) is typing.Literal and option.name not in NO_NUMBER
    }
    chosen = list(product(*options.values()))
    if not options or len(chosen) > MOST_WORDS:
        return
    place = ("" if kind is None else f" of {WHERE[kind]}") + (" for print" if key == "publish" else "")
    for words in chosen:
        said = dict(zip(options, words, strict=True))
        differs = {option: word for option, word in said.items() if call.settings[option] != word}
        if differs:
            told = ", ".join(f"{option}: {word}" for option, word in differs.items())
            yield Variant(f"{key} {name}{place}", f"{name}{place}: {told}", _with_options(key, kind, name, differs))


def _with_options(key: str, kind: str | None, name: str, options: Mapping[str, Any]) -> Callable[[Data], bool]:
    def change(calls: list[Call]) -> list[Call]:
        return [
            replace(call, options=Frozen({**call.options, **options})) if call.name == name else call for call in calls
        ]

    return lambda data: change_calls(data, key, change, kind=kind)


def _shifts(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Constants that are added before a logarithm, and scales that keep 0 out of a geometric mean."""
    used = {call.name: call for key in ("steps", "publish") for _, call in _calls(spec, key)}
    for (name, option), values in SHIFTS.items():
        if name not in used:
            continue
        for value in values:
            if freeze(value) != used[name].settings[option]:
                change = _with_options("steps", None, name, {option: freeze(value)})
                shown = list(value) if isinstance(value, tuple) else value
                yield Variant(f"{name} {option}", f"{name}: {option} {shown}", change)


# -- rounding ---------------------------------------------------------------------------------------------------------


def _rounding(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Rounding before the next step up, of indicators and of groups; none; or to other digits."""
    digits = range(min(decimals, MOST_DIGITS) + 3)
    for kind, word in WHERE.items():
        if kind == "group" and not any(group.id != node for group in spec.groups):
            continue
        slot = f"rounding of {word}"
        for places in digits:
            yield Variant(slot, f"{word} rounded to {places} decimals", _rounded(kind, node, places))
        yield Variant(slot, f"{word} not rounded", _rounded(kind, node, None))
    for how in ("half up", "half even", "down"):
        yield Variant("printing", f"{node} printed with {decimals} decimals, {how}", _printed(node, decimals, how))
    yield Variant("printing", f"{node} not rounded for print", _printed(node, None, ""))


def _rounded(kind: str, node: str, digits: int | None) -> Callable[[Data], bool]:
    return lambda data: change_calls(
        data, "steps", lambda calls: _ending(calls, digits, "half up"), kind=kind, but=node
    )


def _ending(calls: Sequence[Call], digits: int | None, how: str) -> list[Call]:
    """The steps with that rounding at their end, and no other there."""
    kept = list(calls[:-1] if calls and calls[-1].name == "round" else calls)
    if digits is None:
        return kept
    options = {"digits": digits} | ({"how": how} if how != "half up" else {})
    return [*kept, Call("step", "round", Frozen(options))]


def _printed(node: str, digits: int | None, how: str) -> Callable[[Data], bool]:
    return lambda data: change_calls(data, "publish", lambda calls: _ending(calls, digits, how), only=node)


# -- reference, bounds, weights, gaps, ranks --------------------------------------------------------------------------


def _within(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Learned from all periods together, or once for each."""
    found = (call for key in ("steps", "publish", "weights") for _, call in _calls(spec, key))
    learning = [call for call in found if call.method.learn is not None or call.method.from_data]
    wanted: list[str | None] = [spec.unit.period] if spec.unit.period else []
    if any(call.within for call in learning):
        wanted.append(None)
    for label in wanted:
        words = f"learned within each {label}" if label else "learned from all rows together"
        yield Variant("within", words, _learned_by(label))


def _learned_by(label: str | None) -> Callable[[Data], bool]:
    def change(calls: list[Call]) -> list[Call]:
        return [
            replace(call, within=label) if call.method.learn is not None or call.method.from_data else call
            for call in calls
        ]

    def run(data: Data) -> bool:
        changed = [change_calls(data, key, change) for key in ("steps", "publish", "weights")]
        return any(changed)

    return run


def _columns(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Weights learned from raw columns, or from normalised ones; in groups of indicators alone."""
    groups = [group for group in spec.groups if all(isinstance(spec[child.id], Indicator) for child in group.children)]
    calls = {group.id: group.weights for group in groups if isinstance(group.weights, Call)}
    for name in dict.fromkeys(call.name for call in calls.values() if call.method.reads_raw):
        for on, words in ONS.items():
            if places := [group for group, call in calls.items() if call.name == name and call.on != on]:
                yield Variant(f"on {name}", f"{name} weights learned from {words}", _looking_at(on, places))


def _looking_at(on: On, groups: Sequence[str]) -> Callable[[Data], bool]:
    def change(calls: list[Call]) -> list[Call]:
        return [replace(call, on=on) for call in calls]

    return lambda data: all(change_calls(data, "weights", change, only=group) for group in groups)


def _bounds(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Bounds learned from the table, where the spec has goalposts."""
    if not any(isinstance(each, Indicator) and each.goalposts for each in spec.nodes.values()):
        return

    def run(data: Data) -> bool:
        def change(calls: list[Call]) -> list[Call]:
            return [
                Call("step", "minmax", Frozen({"to": call.settings["to"]})) if call.name == "goalposts" else call
                for call in calls
            ]

        changed = change_calls(data, "steps", change, kind="indicator")
        for each in every_node(data):
            posts = each.pop("goalposts", None) if changed else None
            if posts is not None and posts[0] > posts[1]:
                each["direction"] = "less"
        return changed

    yield Variant("bounds", "lowest and highest number instead of goalposts", run)


def _totals(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """Weights divided by their sum, or as they stand."""
    for here, word in ((True, node), (False, "every group")):
        for old, new in (("arithmetic", "sum"), ("sum", "arithmetic")):
            said = "as they stand" if new == "sum" else "divided by their sum"
            change = _aggregate(node if here else None, old, new)
            yield Variant("totals", f"weights of {word} {said} ({new})", change)
        if len(spec.groups) == 1:
            return


def _aggregate(only: str | None, old: str, new: str) -> Callable[[Data], bool]:
    def change(calls: list[Call]) -> list[Call]:
        return [Call(call.kind, new, via=call.via) if call.name == old else call for call in calls]

    return lambda data: change_calls(data, "aggregate", change, kind="group", only=only)


def _missing(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """What becomes of a unit that lacks a child."""
    rules: dict[str, tuple[str, dict[str, str]]] = {
        "no value": ("propagate", {}),
        "the others share its weight": ("reweight", {}),
        "the mean": ("impute", {}),
        "the median": ("impute", {"use": "median"}),
    }
    for words, (name, options) in rules.items():
        call = Call("missing", name, Frozen(options))
        yield Variant("missing", f"a missing child: {words} ({name})", _ruled(call))


def _ruled(call: Call) -> Callable[[Data], bool]:
    return lambda data: change_calls(data, "missing", lambda _: [call], kind="group")


def _ranks(spec: Spec, node: str, decimals: int) -> Iterator[Variant]:
    """What a rank is of, which end is first, and what ties get."""
    group = spec[node]
    if not isinstance(group, Group):
        return
    now = {"of": group.rank.of, "ties": group.rank.ties, "first": group.rank.first}
    for words in product(("published", "carried"), ("min", "max", "average", "dense"), ("highest", "lowest")):
        said = dict(zip(now, words, strict=True))
        differs = {key: word for key, word in said.items() if now[key] != word}

        def run(data: Data, said: Mapping[str, str] = said) -> bool:
            found = next(each for each in every_node(data) if each["id"] == node)
            found["rank"] = dict(said)
            return True

        if differs:
            yield Variant("rank", f"rank {', '.join(f'{key}: {word}' for key, word in differs.items())}", run)


CONVENTIONS: dict[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention("words", "other words for a method's options: sd, ties, formula, how, beyond, …", _words),
        Convention("rounding", "rounding before or after, digits, half up, half even or down", _rounding),
        Convention("rank", "ranks of the carried or the published score, ties, which end is first", _ranks),
        Convention("totals", "weights divided by their sum, or as they stand", _totals),
        Convention("within", "learned from all periods together, or from each", _within),
        Convention("columns", "weights learned from raw columns, or from normalised ones", _columns),
        Convention("bounds", "goalposts, or the lowest and the highest number", _bounds),
        Convention("missing", "what becomes of a unit that lacks a child", _missing),
        Convention("shifts", "constants before a logarithm, scales that keep 0 out", _shifts),
    )
}
