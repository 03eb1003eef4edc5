"""Methods as they stand in a spec: a name, or one name with options, or with its one obvious option bare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cityindex._registry import Method
from cityindex._values import Frozen, freeze, thaw
from cityindex.errors import closest, nearest
from cityindex.spec.arguments import complete, own_options, read_options
from cityindex.spec.fields import BAD, ListOf, Text_, wrong
from cityindex.spec.model import REGISTRIES, Call, Tiers
from cityindex.spec.slips import full_width
from cityindex.spec.tree import Items, Pairs, Place, Problems, Scalar, Tree, shape

__all__ = ["MethodField", "MethodList", "TiersField", "call_of", "data_of_call", "load_methods", "tiers_of"]

LABELS = ListOf(Text_("a label"), "a list of labels, the best tier first", unique=True)


def load_methods() -> None:
    """Register the built-in methods."""
    import cityindex.methods  # noqa: F401  # importing registers them


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
            return wrong(tree, name, f"{_a(self.kind)}, as its name or {{name: options}}", problems, self.hint(tree))
        word, (at, options) = named
        method = self.find(word, at, name, problems)
        if method is None:
            return BAD
        if options is None:
            return word if complete(method, {}, at, {}, problems) else BAD
        values = read_options(method, at, options, problems)
        return BAD if values is BAD else {word: values}

    def find(self, word: str, at: Place, name: str, problems: Problems) -> Method | None:
        """The method of that name, or None after telling that there is none."""
        registry = REGISTRIES[self.kind]
        if word in registry:
            return registry[word]
        what = {"missing": "rule for missing children"}.get(self.kind, self.kind)
        problems.add(at, f"{name}: unknown {what} {word!r}.{self.meant(word)}")
        return None

    def meant(self, word: str) -> str:
        """What was probably meant by a word that names no method of this kind."""
        if full_width(word):
            return f" There is {full_width(word)}."
        registry = REGISTRIES[self.kind]
        known = [*registry, self.word] if self.word else list(registry)
        if not closest(word, known):
            other = next((kind for kind, methods in REGISTRIES.items() if word in methods), "")
            owners = [method.name for method in registry.values() if word in method.options]
            if other:
                return f" It is {_a(other)}."
            if owners:
                return f" It is an option of {' and of '.join(owners)}: write {{{owners[0]}: {{{word}: …}}}}."
        return nearest(word, known, limit=20)

    def hint(self, tree: Tree) -> str:
        """What was probably meant by something that is neither a name nor one name with options."""
        if self.kind == "weighting":
            return " Weights of your own stand at the children: {id: …, weight: 20%}."
        if isinstance(tree, Items):
            return " A list of methods stands under steps and publish only."
        method, *options = (tree.entries if isinstance(tree, Pairs) else ()) or ("",)
        registry = REGISTRIES[self.kind]
        if options and method in registry and {*options} <= {*registry[method].options, *own_options(registry[method])}:
            return f" Indent {', '.join(options)} further, under {method}."
        return ""


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
        if isinstance(tree, Items):
            return wrong(tree, name, "a tiering, such as {cuts: [80, 60]} or {equal: 4}", problems)
        if not isinstance(tree, Pairs):
            return field.read(tree, name, problems)
        known = REGISTRIES["tiering"]
        keys = ("labels", *known) if "labels" not in tree.entries else tuple(known)
        entries = {key: entry for key, entry in tree.entries.items() if key == "labels"}
        methods = [(key, entry) for key, entry in tree.entries.items() if key != "labels"]
        for key, (at, _) in methods:
            if key not in known:
                hint = f" Did you mean {closest(key, keys)!r}?" if closest(key, keys) else field.meant(key)
                problems.add(at, f"{name}: unknown tiering {key!r}.{hint}")
        labels = LABELS.read(entries["labels"].tree, f"{name}.labels", problems) if entries else None
        if any(key not in known for key, _ in methods):
            return BAD
        if len(methods) != 1:
            said = ", ".join(key for key, _ in methods) or "none"
            problems.add(tree.at, f"{name}: one tiering is wanted, found {said}; allowed: {', '.join(known)}.")
            return BAD
        key, (at, options) = methods[0]
        values = read_options(known[key], at, options, problems)
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


def call_of(kind: str, data: Any) -> Call:
    """The call that plain data (as read by `MethodField`) stands for."""
    if isinstance(data, str):
        return Call(kind, data)
    ((name, value),) = freeze(data).items()
    method = REGISTRIES[kind][name]
    if not isinstance(value, Mapping):
        parts = value if len(method.obvious) > 1 else (value,)
        return Call(kind, name, Frozen(zip(method.obvious, parts, strict=True)))
    own = own_options(method)
    via = value.get("via") if "via" in own else None
    return Call(
        kind,
        name,
        Frozen({key: item for key, item in value.items() if key not in own}),
        within=value.get("within") if "within" in own else None,
        via=(via["from"], via["to"]) if via else None,
        on=value.get("on", "carried") if "on" in own else "carried",
    )


def data_of_call(call: Call) -> Any:
    """A call as it is written: its name, or its name with options.

    >>> data_of_call(call_of("step", {"round": 3}))
    {'round': {'digits': 3}}
    """
    options: dict[str, Any] = thaw(call.options)
    if call.within:
        options["within"] = call.within
    if call.on != "carried":
        options["on"] = call.on
    if call.via:
        options["via"] = {"from": list(call.via[0]), "to": list(call.via[1])}
    return {call.name: options} if options else call.name


def tiers_of(data: Any) -> Tiers:
    """The tiers that plain data (as read by `TiersField`) stands for."""
    if isinstance(data, str):
        return Tiers(Call("tiering", data))
    call = {key: value for key, value in data.items() if key != "labels"}
    labels = data.get("labels")
    return Tiers(call_of("tiering", call), tuple(labels) if labels else None)
