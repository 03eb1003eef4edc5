"""Methods as they stand in a spec: a name, or one name with options, or with its one obvious option bare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cityindex._registry import Method
from cityindex._values import Frozen, freeze
from cityindex.errors import closest, nearest
from cityindex.spec.fields import BAD, ListOf, Pair, Text_, wrong
from cityindex.spec.model import REGISTRIES, Call, Tiers
from cityindex.spec.options import OptionField, describe
from cityindex.spec.records import fits, read_keys
from cityindex.spec.slips import full_width
from cityindex.spec.tree import Items, Pairs, Place, Problems, Scalar, Tree, shape

__all__ = ["MethodField", "MethodList", "TiersField", "call_of", "own_options", "tiers_of"]

LABELS = ListOf(Text_("a label"), "a list of labels, the best tier first", unique=True)


def load_methods() -> None:
    """Register the built-in methods."""
    import cityindex.methods  # noqa: F401  # importing registers them


def own_options(method: Method) -> dict[str, Any]:
    """The options that the language gives to a method beside its own: `within` and `via`."""
    if method.kind == "step" and method.learn is not None:
        return {"within": Text_("a column")}
    if method.kind == "missing" and "within" in method.reserved:
        return {"within": Text_("a column")}
    if method.kind == "aggregator":
        return {"via": _Via()}
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


@dataclass(frozen=True, slots=True)
class MethodField:
    """One method of a kind; `word` may stand instead (`weights: unpublished`)."""

    kind: str
    word: str = ""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        load_methods()
        if isinstance(tree, Scalar) and tree.text == self.word and self.word:
            return self.word
        named = _named(tree)
        if named is None:
            hint = " A list of methods stands under steps and publish only." if isinstance(tree, Items) else ""
            return wrong(tree, name, f"a {self.kind}, as its name or {{name: options}}", problems, hint)
        word, (at, options) = named
        method = self.find(word, at, name, problems)
        if method is None:
            return BAD
        if options is None:
            return word if _complete(method, {}, at, problems) else BAD
        values = _read_options(method, at, options, problems)
        return BAD if values is BAD else {word: values}

    def find(self, word: str, at: Place, name: str, problems: Problems) -> Method | None:
        """The method of that name, or None after telling that there is none."""
        registry = REGISTRIES[self.kind]
        if word in registry:
            return registry[word]
        what = {"missing": "rule for missing children"}.get(self.kind, self.kind)
        other = next((kind for kind, known in REGISTRIES.items() if word in known), "")
        known = [*registry, self.word] if self.word else list(registry)
        hint = f" It is {_a(other)}." if other and not closest(word, known) else nearest(word, known, limit=20)
        if full_width(word):
            hint = f" There is {full_width(word)}."
        problems.add(at, f"{name}: unknown {what} {word!r}.{hint}")
        return None


@dataclass(frozen=True, slots=True)
class MethodList:
    """A list of steps."""

    kind: str = "step"

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        said = (self.kind, shape(tree))
        if said in problems.sound:
            return problems.sound[said]
        before = len(problems)
        wanted = f"a list of {self.kind}s: [name, {{name: options}}]"
        found = ListOf(MethodField(self.kind), wanted, empty=True).read(tree, name, problems)
        if found is BAD:
            return BAD
        steps = Steps(found)
        if len(problems) == before:
            problems.sound[said] = steps
        return steps


class Steps(list[Any]):
    """Steps as plain data, and the calls they stand for: one record for all the nodes that say the same."""

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        return tuple(call_of("step", step) for step in self)


class TiersField:
    """A tiering, and the labels of its tiers from the best down."""

    def read(self, tree: Tree, name: str, problems: Problems) -> Any:
        load_methods()
        field = MethodField("tiering")
        if not isinstance(tree, Pairs):
            return field.read(tree, name, problems)
        known = REGISTRIES["tiering"]
        keys = ("labels", *known)
        entries = {key: entry for key, entry in tree.entries.items() if key == "labels"}
        methods = [(key, entry) for key, entry in tree.entries.items() if key != "labels"]
        for key, (at, _) in methods:
            if key not in known:
                problems.add(at, f"{name}: unknown tiering {key!r}.{nearest(key, keys)}")
        labels = LABELS.read(entries["labels"].tree, f"{name}.labels", problems) if entries else None
        if any(key not in known for key, _ in methods):
            return BAD
        if len(methods) != 1:
            said = ", ".join(key for key, _ in methods) or "none"
            problems.add(tree.at, f"{name}: one tiering is wanted, found {said}; allowed: {', '.join(known)}.")
            return BAD
        key, (at, options) = methods[0]
        values = _read_options(known[key], at, options, problems)
        if values is BAD or labels is BAD:
            return BAD
        read = {key: values, "labels": labels}
        return {key: read[key] for key in tree.entries}


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}" if kind != "missing" else "a rule for missing children"


def _named(tree: Tree) -> tuple[str, tuple[Place, Tree | None]] | None:
    if isinstance(tree, Scalar) and not tree.empty:
        return tree.text, (tree.at, None)
    if isinstance(tree, Pairs) and len(tree.entries) == 1:
        ((word, (at, options)),) = tree.entries.items()
        return word, (at, options)
    return None


def _read_options(method: Method, at: Place, tree: Tree, problems: Problems) -> Any:
    """The options under a method's name, bare or by name; each is checked, then all together."""
    if isinstance(tree, Pairs):
        return _by_name(method, at, tree, problems)
    names = ", ".join((*method.options, *own_options(method))) or "none"
    if isinstance(tree, Scalar) and tree.empty:
        return wrong(tree, method.name, f"its options ({names}), or the name alone", problems)
    if method.bare is None:
        hint = f" Write {{{method.name}: {{{next(iter(method.options))}: …}}}}." if method.options else ""
        return wrong(tree, method.name, f"its options by name ({names})", problems, hint)
    option = method.options[method.bare]
    value = OptionField(option).read(tree, f"{method.name}.{option.name}", problems)
    if value is BAD or not _complete(method, {option.name: value}, at, problems):
        return BAD
    return value


def _by_name(method: Method, at: Place, tree: Pairs, problems: Problems) -> Any:
    own: dict[str, Any] = own_options(method)
    table = {name: OptionField(option) for name, option in method.options.items()} | own
    before = len(problems)
    others = _elsewhere(method)
    read = read_keys(tree, tuple(table), method.name, problems, fits=fits(table), others=others)
    values = {name: table[name].read(value, f"{method.name}.{name}", problems) for name, value in read.items()}
    if len(problems) > before:
        missing = {name for name, option in method.options.items() if option.required} - values.keys()
        return BAD if missing or BAD in values.values() else values
    return values if _complete(method, values, at, problems) else BAD


def _elsewhere(method: Method) -> Mapping[str, str]:
    if method.kind == "step" and method.learn is None:
        return {"within": "a step that learns"}
    if method.kind == "missing":
        return {"within": "the rule impute"}
    return {}


def _complete(method: Method, values: Mapping[str, Any], at: Place, problems: Problems) -> bool:
    """Required options are there, and the method has nothing against the options together."""
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
        problems.add(at, f"{method.name}: {message}")
    return not told


def call_of(kind: str, data: Any) -> Call:
    """The call that plain data (as read by `MethodField`) stands for."""
    if isinstance(data, str):
        return Call(kind, data)
    ((name, value),) = freeze(data).items()
    method = REGISTRIES[kind][name]
    if not isinstance(value, Mapping):
        return Call(kind, name, Frozen({str(method.bare): value}))
    own = own_options(method)
    via = value.get("via") if "via" in own else None
    return Call(
        kind,
        name,
        Frozen({key: item for key, item in value.items() if key not in own}),
        within=value.get("within") if "within" in own else None,
        via=(via["from"], via["to"]) if via else None,
    )


def tiers_of(data: Any) -> Tiers:
    """The tiers that plain data (as read by `TiersField`) stands for."""
    if isinstance(data, str):
        return Tiers(Call("tiering", data))
    call = {key: value for key, value in data.items() if key != "labels"}
    labels = data.get("labels")
    return Tiers(call_of("tiering", call), tuple(labels) if labels else None)
