"""The options under a method's name, bare or by name: each is checked by its type, then all together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityindex._registry import Method
from cityindex._values import freeze
from cityindex.spec.fields import BAD, Choice, Pair, Text_, wrong
from cityindex.spec.options import OptionField, describe
from cityindex.spec.records import fits, read_keys
from cityindex.spec.tree import Items, Pairs, Place, Problems, Scalar, Tree

__all__ = ["complete", "own_options", "read_options"]


def own_options(method: Method) -> dict[str, Any]:
    """The options that the language gives to a method beside its own: `within`, `via` and `on`."""
    if method.kind == "step" and method.learn is not None:
        return {"within": Text_("a column")}
    if method.kind == "missing" and "within" in method.reserved:
        return {"within": Text_("a column")}
    if method.kind == "aggregator":
        return {"via": _Via()}
    if method.kind == "weighting" and method.from_data:
        own: dict[str, Any] = {"within": Text_("a column")}
        return own | ({"on": Choice(("carried", "raw"))} if method.reads_raw else {})
    return {}


class _Via:
    """The linear axis on which an aggregate is computed: `{from: [0, 10], to: [10, 1]}`."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        if not isinstance(tree, Pairs):
            return wrong(tree, name, "{from: [a, b], to: [c, d]}", problems)
        pair = Pair("two different numbers")
        read = read_keys(tree, ("from", "to"), f"{name} (from, to)", problems, fits=fits({"from": pair, "to": pair}))
        for key in ("from", "to"):
            if key not in read:
                problems.add(tree.at, f"{name}: {key} is missing; allowed: {{from: [a, b], to: [c, d]}}.")
        ends = {key: pair.read(value, f"{name}.{key}", problems) for key, value in read.items()}
        return BAD if BAD in ends.values() or len(ends) < 2 else ends

    def schema(self) -> dict[str, Any]:
        ends = {"from": Pair().schema(), "to": Pair().schema()}
        return {"type": "object", "properties": ends, "additionalProperties": False, "required": ["from", "to"]}


def read_options(method: Method, at: Place, tree: Tree, problems: Problems) -> Any:
    """The options under a method's name, bare or by name; each is checked, then all together."""
    if isinstance(tree, Pairs):
        return _by_name(method, at, tree, problems)
    names = ", ".join((*method.options, *own_options(method))) or "none"
    if isinstance(tree, Scalar) and tree.empty:
        return wrong(tree, method.name, f"its options ({names}), or the name alone", problems)
    if not method.obvious:
        hint = f" Write {{{method.name}: {{{next(iter(method.options))}: …}}}}." if method.options else ""
        return wrong(tree, method.name, f"its options by name ({names})", problems, hint)
    values = _bare(method, tree, problems)
    parts = [item.at for item in tree.items] if isinstance(tree, Items) and len(method.obvious) > 1 else [tree.at]
    if values is BAD or not complete(method, values, at, dict(zip(method.obvious, parts, strict=True)), problems):
        return BAD
    return list(values.values()) if len(method.obvious) > 1 else values[method.obvious[0]]


def _bare(method: Method, tree: Tree, problems: Problems) -> Any:
    """The options that stand without their names: one, or a list of several (`clip: [p5, p95]`)."""
    fields = {name: OptionField(method.options[name]) for name in method.obvious}
    parts = [tree]
    if len(fields) > 1:
        if not isinstance(tree, Items) or len(tree.items) != len(fields):
            names = ", ".join((*method.options, *own_options(method)))
            return wrong(tree, method.name, f"[{', '.join(fields)}], or its options by name ({names})", problems)
        parts = tree.items
    named = zip(fields.items(), parts, strict=True)
    values = {name: field.read(part, _called(method, name), problems) for (name, field), part in named}
    return BAD if BAD in values.values() else values


def _called(method: Method, option: str) -> str:
    return method.name if option == method.name else f"{method.name}.{option}"


def _by_name(method: Method, at: Place, tree: Pairs, problems: Problems) -> Any:
    own: dict[str, Any] = own_options(method)
    table = {name: OptionField(option) for name, option in method.options.items()} | own
    before = len(problems)
    others = _elsewhere(method)
    read = read_keys(tree, tuple(table), method.name, problems, fits=fits(table), others=others)
    values = {name: table[name].read(value, _called(method, name), problems) for name, value in read.items()}
    if len(problems) > before:
        missing = {name for name, option in method.options.items() if option.required} - values.keys()
        return BAD if missing or BAD in values.values() else values
    places = {name: value.at for name, value in read.items()}
    return values if complete(method, values, at, places, problems) else BAD


def _elsewhere(method: Method) -> Mapping[str, str]:
    if method.kind == "step" and method.learn is None:
        return {"within": "a step that learns"}
    if method.kind == "missing":
        return {"within": "the rule impute"}
    if method.kind == "weighting":
        return {"within": "a weighting that looks at data", "on": "a weighting that can look at raw columns"}
    return {}


def complete(
    method: Method, values: Mapping[str, Any], at: Place, places: Mapping[str, Place], problems: Problems
) -> bool:
    """Required options are there, and the method (which stands at `at`) has nothing against the options together."""
    missing = [option for option in method.options.values() if option.required and option.name not in values]
    for option in missing:
        wanted = describe(option.type)
        problems.add(at, f"{method.name}: the option {option.name} is missing; allowed: {wanted}.")
    if missing:
        return False
    reserved = own_options(method)
    options = {name: freeze(value) for name, value in values.items() if name not in reserved}
    told = method.check_option({**method.defaults(), **options}) if method.check_option else []
    for message in told:
        place = places.get(message.partition(":")[0], at)
        problems.add(place, message if message.startswith(f"{method.name}:") else f"{method.name}: {message}")
    return not told
