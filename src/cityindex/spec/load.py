"""Reading a spec: a file, its text, or the same as Python data. Every problem in it is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cityindex._values import label_of
from cityindex.errors import SpecError, nearest
from cityindex.spec.build import build
from cityindex.spec.calls import load_methods
from cityindex.spec.checks import check, every
from cityindex.spec.editions import absent, amended, own_problems, read_changes, written
from cityindex.spec.model import Spec
from cityindex.spec.parse import LARGEST, decode, parse
from cityindex.spec.read import SpecDraft, read_spec
from cityindex.spec.settle import settle
from cityindex.spec.tree import Pairs, Problems, Tree, tree_of

__all__ = ["load_spec", "read_tree"]

Source = str | Path | Mapping[str, Any]


def load_spec(source: Source) -> Spec:
    """Read an index, check all of it, and give it as a frozen record.

    Parameters
    ----------
    source
        The path of a YAML file; or its text (any text of more than one line); or the same as a mapping.

    Returns
    -------
    The spec: every method known, every option checked, defaults filled in.

    Raises
    ------
    SpecError
        All that is wrong, each at its ``file:line:column`` (in a mapping: at its path, ``index.children[2].weight``).

    Examples
    --------
    >>> spec = load_spec('''
    ... cityindex: 1
    ... id: example
    ... index:
    ...   id: score
    ...   children:
    ...     - {id: income, weight: 60%}
    ...     - {id: health, weight: 40%}
    ... ''')
    >>> spec["income"].weight
    60%
    """
    load_methods()
    tree, problems = read_tree(source)
    draft = _checked(tree, problems)
    if draft is None or not isinstance(tree, Pairs):
        raise problems.error()
    editions, data = _editions(tree, draft, problems)
    if len(problems):
        raise problems.error()
    return build(draft, problems, editions=editions, written=data)


def _checked(tree: Tree, problems: Problems, *, known: int | None = None) -> SpecDraft | None:
    """The draft, read and checked; no check is made of an edition that has other problems than the `known` ones."""
    draft = read_spec(tree, problems)
    if draft is not None and (known is None or len(problems) <= known):
        settle(draft, problems)
        check(draft, problems)
    return draft


def _editions(tree: Pairs, draft: SpecDraft, problems: Problems) -> tuple[dict[str, Spec], dict[str, Any] | None]:
    """Each edition as a whole spec; its problems are told at its own lines."""
    if draft.editions is None:
        return {}, None
    unit = draft.get("unit")
    if "unit" not in draft.values or (unit is not None and not (isinstance(unit, dict) and "period" in unit)):
        problems.add(draft.editions.at, "editions are told apart by the period column; name it: unit: {…, period: …}")
    ids = {node.id for node in every(draft.roots) if node.id and node.kind != "use"}
    specs: dict[str, Spec] = {}
    data: dict[str, Any] = {}
    base = Problems(problems.name)
    base.found = dict(problems.found)
    labels: dict[str, str] = {}
    for period, (at, changed) in draft.editions.entries.items():
        if labels.setdefault(label_of(period), period) != period:
            problems.add(at, f"editions {labels[label_of(period)]} and {period} are the same period")
        told = Problems(problems.name)
        told.sound = problems.sound
        before = len(problems)
        changes = read_changes(period, changed, ids, problems)
        if len(problems) > before:
            continue
        edition = _checked(amended(tree, changes), told, known=len(base))
        found = own_problems(period, at, changed, told, base)
        drafts = {node.id: node for node in every(edition.roots if edition else ()) if node.id and node.kind != "use"}
        for place, message in found or absent(period, changed, drafts):
            problems.add(place, message)
        if edition is not None and not len(problems):
            data[period] = written(changes, drafts)
            specs[period] = build(edition, problems, editions={})
    return specs, data


def read_tree(source: Source) -> tuple[Tree, Problems]:
    """The located tree of a file, a text or a mapping, and the collector that knows its name."""
    if isinstance(source, Mapping):
        problems = Problems()
        return tree_of(source), problems
    if not isinstance(source, str | Path):
        raise SpecError(f"a spec is read from a path, a text or a mapping; found a {type(source).__name__}")
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{") or not source.strip()):
        problems = Problems("text")
        return parse(source, problems), problems
    problems = Problems(str(source))
    return parse(decode(_bytes(Path(source)), problems), problems), problems


def _bytes(path: Path) -> bytes:
    """The file, as far as a spec may be long."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        beside = path.parent.iterdir() if path.parent.is_dir() else ()
        names = [str(path.parent / item.name) for item in beside if item.suffix in (".yaml", ".yml")]
        raise SpecError(f"there is no file '{path}'.{nearest(str(path), names, limit=5)}") from None
    except OSError as error:
        reason = "it is a folder; name the file in it" if path.is_dir() else str(error.strerror)
        raise SpecError(f"the file '{path}' cannot be read: {reason}") from None
