"""Reading of a claims file: every problem in it is told at once, by line and column."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityindex._values import Text
from cityindex.auditing.claims.context import BAD, Context, choice, text, wrong
from cityindex.auditing.claims.kinds import CLAIM, FILE, KINDS, MEASURES, RELATIONS, Kind
from cityindex.auditing.claims.model import Claim, Claims
from cityindex.auditing.claims.sayings import saying_of
from cityindex.auditing.claims.sheets import Sheets
from cityindex.auditing.claims.terms import measure_of, number_of, option, whole
from cityindex.errors import nearest
from cityindex.spec.fields import Title, Version
from cityindex.spec.load import read_tree
from cityindex.spec.tree import Items, Pairs, Scalar, Tree

__all__ = ["read_claims"]


def read_claims(source: str | Path | Mapping[str, Any], sheets: Sheets, *, index: str = "") -> Claims:
    """Read the claims of an index and check all that can be checked before anything is computed.

    Parameters
    ----------
    source
        The path of a YAML file, its text, or the same as a mapping.
    sheets
        The tables that claims may name.
    index
        The id of the index that the claims have to be about.

    Raises
    ------
    SpecError
        All that is wrong, each at its ``file:line:column``: keys, kinds, tables, columns and units that are not known,
        with the nearest.
    """
    tree, problems = read_tree(source)
    context = Context(sheets, problems)
    read = context.keys(tree, "a claims file", FILE, "a claims file", ("cityindex", "claims"))
    if read is BAD:
        raise problems.error()
    Version().read(read["cityindex"], "cityindex", problems)
    of = option(read, "index", _text, context, "")
    if index and of not in ("", BAD, index):
        problems.add(read["index"].at, f"index: found {of!r}; the spec beside this file is {index!r}")
    context.key = option(read, "key", _text, context, "name")
    file = option(read, "file", _text, context, "")
    publication = option(read, "publication", _title, context)
    claims = _claims(read["claims"], "" if file is BAD else file, context)
    if len(problems):
        raise problems.error()
    return Claims(tuple(claims), of or index, publication)


def _text(tree: Tree, name: str, context: Context) -> Any:
    return text(tree, name, context.problems)


def _title(tree: Tree, name: str, context: Context) -> Any:
    read = Title().read(tree, name, context.problems)
    return read if read is BAD else Text.of(read)


def _claims(tree: Tree, file: str, context: Context) -> list[Any]:
    if not isinstance(tree, Items):
        wrong(tree, "claims", "a list of claims, each of which begins with '- id:'", context.problems)
        return []
    seen: dict[str, int] = {}
    claims = []
    for item in tree.items:
        claim = _claim(item, file, context)
        claims.append(claim)
        if isinstance(item, Pairs) and "id" in item.entries and isinstance(item.entries["id"].tree, Scalar):
            name, at = item.entries["id"].tree.text, item.entries["id"].tree.at
            if name in seen:
                context.problems.add(at, f"id: {name!r} is that of another claim (line {seen[name]})")
            seen.setdefault(name, at.line)
    return claims


def _claim(tree: Tree, file: str, context: Context) -> Any:
    if not isinstance(tree, Pairs) or not tree.entries:
        return wrong(tree, "claims", "a claim: {id: …, claim: …, kind: …, …}", context.problems)
    word = tree.entries["kind"].tree if "kind" in tree.entries else None
    kind: Any = BAD if word is None else choice(tuple(KINDS))(word, "kind", context.problems)
    every = Kind((), tuple(dict.fromkeys(key for each in KINDS.values() for key in each.keys)))
    rule = every if kind is BAD else KINDS[kind]
    lacks = "needs" in tree.entries
    _belongs(tree, kind, rule, context)
    known = tuple(dict.fromkeys((*CLAIM, *rule.keys)))
    kept = Pairs(tree.at, {key: entry for key, entry in tree.entries.items() if key in known or not _of_others(key)})
    what = f"a claim of kind {kind!r}" if kind is not BAD else "a claim"
    read = context.keys(kept, "claim", known, what, ("kind", *(() if lacks else rule.needed)))
    for key in ("id", "claim"):
        if read is not BAD and key not in read:
            context.problems.add(tree.at, f"{what} needs {key!r}")
    if read is BAD or kind is BAD:
        return BAD
    return _made(kind, read, file, context)


def _of_others(key: str) -> bool:
    return any(key in rule.keys for rule in KINDS.values())


def _belongs(tree: Pairs, kind: Any, rule: Kind, context: Context) -> None:
    """A key of other kinds is told as such."""
    for key, (at, _) in tree.entries.items():
        if key not in CLAIM and key not in rule.keys and _of_others(key):
            kinds = ", ".join(name for name, each in KINDS.items() if key in each.keys)
            context.problems.add(at, f"{key!r} is no key of kind {kind!r}; it is one of {kinds}")


def _made(kind: str, read: dict[str, Tree], file: str, context: Context) -> Any:
    shared: dict[str, Any] = {
        "id": option(read, "id", _text, context),
        "claim": option(read, "claim", _title, context),
        "file": option(read, "file", _text, context, file),
        "lines": option(read, "line", _lines, context, ()),
        "section": option(read, "section", _text, context, ""),
        "note": option(read, "note", _title, context),
        "needs": option(read, "needs", _title, context),
        "relation": option(read, "relation", lambda t, n, c: choice(RELATIONS)(t, n, c.problems), context, "equal"),
    }
    key: Any = option(read, "key", _text, context, context.key)
    inner = Context(context.sheets, context.problems, key)
    body: Any = None
    if "needs" not in read and key is not BAD:
        body = measure_of(kind, read, inner) if kind in MEASURES else saying_of(kind, read, inner)
    published = _published(kind, read, shared["relation"], inner)
    if BAD in (body, published, *shared.values()) or len(context.problems):  # which will be raised
        return BAD
    return Claim(kind=kind, published=published, body=body, **shared)


def _lines(tree: Tree, name: str, context: Context) -> Any:
    items = tree.items if isinstance(tree, Items) else [tree]
    if not items:
        return wrong(tree, name, "a line, or a list of lines", context.problems)
    lines = tuple(whole(item, name, context) for item in items)
    return BAD if BAD in lines else lines


def _published(kind: str, read: dict[str, Tree], relation: Any, context: Context) -> Any:
    """What is printed, as text: one number, two for `between`, a label or a name."""
    if "needs" in read:
        return _texts(read["published"], context) if "published" in read else ()
    if kind in ("order", "set") or (kind == "tier" and "tier" in read):
        if "published" in read:
            key = {"order": "units", "set": "names", "tier": "tier"}[kind]
            context.problems.add(read["published"].at, f"published: what is printed stands under {key!r}")
        return ()
    if "published" not in read:
        if kind == "extreme" and "unit" in read:
            return ()
        context.problems.add(read["kind"].at, f"a claim of kind {kind!r} needs 'published'")
        return BAD
    tree = read["published"]
    if kind == "name":
        return _texts(tree, context)
    if kind == "tier":
        return _label(tree, read, context)
    if relation == "between":
        if not isinstance(tree, Items) or len(tree.items) != 2:
            return wrong(tree, "published", "[low, high]", context.problems)
        ends = [number_of(item, "published", context) for item in tree.items]
        return BAD if BAD in ends else tuple(end.text for end in ends)
    number = number_of(tree, "published", context)
    return BAD if number is BAD else (number.text,)


def _texts(tree: Tree, context: Context) -> Any:
    items = tree.items if isinstance(tree, Items) else [tree]
    texts = tuple(text(item, "published", context.problems) for item in items)
    return BAD if BAD in texts else texts


def _label(tree: Tree, read: dict[str, Tree], context: Context) -> Any:
    label = text(tree, "published", context.problems)
    items = read["labels"].items if isinstance(read["labels"], Items) else []
    labels = [item.text for item in items if isinstance(item, Scalar)]
    if label is not BAD and label not in labels:
        context.problems.add(tree.at, f"published: {label!r} is none of the labels.{nearest(label, labels)}")
        return BAD
    return BAD if label is BAD else (label,)
