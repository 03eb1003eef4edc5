"""Located tree → drafts: nodes whose values are read one by one, each with its place. Problems are collected.

Nothing here looks at two values together; that is what `checks` does, once the drafts stand and defaults are filled in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cityindex.errors import closest
from cityindex.spec.fields import BAD, Field, wrong
from cityindex.spec.keys import DEFAULTS, FIELDS, KEYS, WHAT
from cityindex.spec.model import UNPUBLISHED, Call
from cityindex.spec.records import fits, read_keys
from cityindex.spec.tree import Items, Pairs, Place, Problems, Scalar, Tree

__all__ = ["Draft", "SpecDraft", "Value", "read_node", "read_spec"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was read (or `BAD`), its place, and whether it comes from the defaults."""

    data: Any
    at: Place
    default: bool = False


@dataclass(slots=True)
class Draft:
    """A node as written: `kind` is indicator, group or use; `bare` if it is a text alone."""

    kind: str
    at: Place
    values: dict[str, Value] = field(default_factory=dict)
    children: list[Draft] = field(default_factory=list)
    bare: bool = False

    @property
    def id(self) -> str | None:
        """The id of the node, or of the node that is used; None if it cannot be read."""
        named: str | None = self.get("use" if self.kind == "use" else "id")
        return named

    def get(self, key: str) -> Any:
        """The value of a key, None if it is absent or could not be read."""
        value = self.values.get(key)
        return None if value is None or value.data is BAD else value.data

    def bad(self, key: str) -> bool:
        value = self.values.get(key)
        return value is not None and value.data is BAD

    def calls(self, key: str) -> tuple[Call, ...]:
        """The calls under `steps` or `publish`; none where they could not be read."""
        steps = self.get(key)
        return () if steps is None else steps.calls

    def place(self, key: str) -> Place:
        """Where a key's value stands; the node itself if it comes from the defaults."""
        value = self.values.get(key)
        return self.at if value is None or value.default else value.at

    def data(self) -> Any:
        """The node as plain data, in the order written."""
        if self.bare:
            return self.values["id"].data
        written = {key: value.data for key, value in self.values.items() if not value.default}
        if "children" in written and written["children"] != UNPUBLISHED:
            written["children"] = [child.data() for child in self.children]
        return written


@dataclass(slots=True)
class SpecDraft:
    """The whole spec as written; `editions` stays a tree, since each makes another whole spec."""

    at: Place
    values: dict[str, Value]
    defaults: dict[str, dict[str, Value]]
    roots: list[Draft]
    editions: Pairs | None

    def get(self, key: str) -> Any:
        value = self.values.get(key)
        return None if value is None or value.data is BAD else value.data


def _belongs(kind: str) -> dict[str, str]:
    """Key → what it belongs to, for the keys that `kind` does not have."""
    owners = ("spec", "indicator", "group")  # the last one said wins
    return {key: WHAT[o].split(" (")[0] for o in owners for key in KEYS[o] if key not in KEYS[kind]}


IN_A_LIST = " Begin each node on a line of its own, with '- '; or write [a, b]."
BELONGS = {kind: _belongs(kind) for kind in KEYS}
FITS = {kind: fits(FIELDS[kind]) for kind in KEYS}


def read_spec(tree: Tree, problems: Problems) -> SpecDraft | None:
    """The draft of a whole spec, or None if there is no mapping at all."""
    if not isinstance(tree, Pairs):
        wrong(tree, "the spec", "a mapping that begins with cityindex: 1", problems)
        return None
    read = read_keys(tree, KEYS["spec"], WHAT["spec"], problems, fits=FITS["spec"], others=BELONGS["spec"])
    values: dict[str, Value] = {}
    for key, value in read.items():
        known: Field | None = FIELDS["spec"].get(key)
        values[key] = Value(known.read(value, key, problems) if known else None, value.at)
    for key, hint in (("cityindex", "; write cityindex: 1"), ("id", ""), ("index", "; it is the group at the top")):
        if key not in read:
            problems.add(tree.at, f"the key {key} is missing{hint}")
    roots = [_root(read["index"], "index", problems)] if "index" in read else []
    if "also" in read:
        roots += _also(read["also"], problems)
    defaults = _defaults(read["defaults"], problems) if "defaults" in read else {}
    editions = read.get("editions")
    if editions is not None and not (isinstance(editions, Pairs) and editions.entries):
        wrong(editions, "editions", "{period: {node id: {key: value}}}", problems)
        editions = None
    return SpecDraft(tree.at, values, defaults, roots, editions)


def _also(tree: Tree, problems: Problems) -> list[Draft]:
    if not isinstance(tree, Items):
        wrong(tree, "also", "a list of groups", problems)
        return []
    return [_root(item, f"also[{i}]", problems) for i, item in enumerate(tree.items)]


def _root(tree: Tree, name: str, problems: Problems) -> Draft:
    if not isinstance(tree, Pairs):
        wrong(tree, name, "a group: {id: …, children: […]}", problems)
        return Draft("group", tree.at, {"id": Value(BAD, tree.at), "children": Value(BAD, tree.at)})
    draft = read_node(tree, problems, kind="group")
    if "children" not in draft.values:
        problems.add(tree.at, f"{name}: a group is wanted, and its children are missing")
        draft.values["children"] = Value(BAD, tree.at)
    if draft.get("weight") is not None:
        problems.add(draft.place("weight"), f"{name} stands in no group: it takes no weight")
    return draft


def _defaults(tree: Tree, problems: Problems) -> dict[str, dict[str, Value]]:
    wanted = "{indicator: {key: value}, group: {key: value}}"
    if not isinstance(tree, Pairs):
        wrong(tree, "defaults", wanted, problems)
        return {}
    defaults: dict[str, dict[str, Value]] = {}
    under = {key: "a node, and stands under indicator or group" for kind in DEFAULTS for key in DEFAULTS[kind]}
    kinds = read_keys(tree, ("indicator", "group"), "defaults", problems, fits=fits({}), others=under)
    for kind, value in kinds.items():
        if not isinstance(value, Pairs):
            wrong(value, f"defaults.{kind}", "{key: value}", problems)
            continue
        others = {**BELONGS[kind], **{key: "a single node" for key in KEYS[kind] if key not in DEFAULTS[kind]}}
        what = f"defaults for every {kind}"
        read = read_keys(value, DEFAULTS[kind], what, problems, fits=FITS[kind], others=others)
        defaults[kind] = {key: Value(FIELDS[kind][key].read(v, key, problems), v.at, True) for key, v in read.items()}
    return defaults


def read_node(tree: Tree, problems: Problems, kind: str = "") -> Draft:
    """The draft of a child: a text, a use, an indicator, or a group with all its children."""
    if isinstance(tree, Scalar):
        name = FIELDS["indicator"]["id"].read(tree, "children", problems)
        return Draft("indicator", tree.at, {"id": Value(name, tree.at)}, bare=True)
    if not isinstance(tree, Pairs) or not tree.entries:
        wrong(tree, "children", "a name, {id: …}, {id: …, children: […]} or {use: id}", problems)
        return Draft("indicator", tree.at, {"id": Value(BAD, tree.at)})
    kind = kind or _kind_of(tree)
    read = read_keys(tree, KEYS[kind], WHAT[kind], problems, fits=FITS[kind], others=BELONGS[kind])
    draft = Draft(kind, tree.at)
    for key, value in read.items():
        if key == "children":
            draft.values[key] = Value(None, value.at)
            draft.children = _children(value, draft, problems)
        else:
            draft.values[key] = Value(FIELDS[kind][key].read(value, key, problems), value.at)
    named = "use" if kind == "use" else "id"
    if named not in draft.values:
        problems.add(tree.at, f"{WHAT[kind].split(' (')[0]} needs the key {named}")
        draft.values[named] = Value(BAD, tree.at)
    return draft


def _kind_of(tree: Pairs) -> str:
    """Which kind of node a mapping is: by its telling key, also if that is misspelt."""
    if "children" in tree.entries:
        return "group"
    if "use" in tree.entries:
        return "use"
    strange = [key for key in tree.entries if key not in KEYS["indicator"]]
    if any(closest(key, ("children",)) for key in strange):
        return "group"
    return "use" if "id" not in tree.entries and any(closest(key, ("use",)) for key in strange) else "indicator"


def _children(tree: Tree, draft: Draft, problems: Problems) -> list[Draft]:
    if isinstance(tree, Scalar) and tree.text == UNPUBLISHED:
        draft.values["children"] = Value(UNPUBLISHED, tree.at)
        return []
    if not isinstance(tree, Items) or not tree.items:
        hint = "" if isinstance(tree, Items) or (isinstance(tree, Scalar) and tree.empty) else IN_A_LIST
        word = isinstance(tree, Scalar) and closest(tree.text, (UNPUBLISHED,))
        hint = f" Did you mean {UNPUBLISHED!r}?" if word else hint
        wrong(tree, "children", "a list of nodes: [name, {id: …}, {use: id}], or unpublished", problems, hint)
        draft.values["children"] = Value(BAD, tree.at)
        return []
    return [read_node(item, problems) for item in tree.items]
