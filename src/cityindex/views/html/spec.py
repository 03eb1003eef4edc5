"""The card of a spec: its tree, foldable, with weights and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cityindex.spec.model import Group
from cityindex.views.html.render import render
from cityindex.views.report.tree import remarks
from cityindex.views.tree import tree_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cityindex.spec.model import Spec
    from cityindex.views.html.words import Words

__all__ = ["card"]

SMALL = 25  # a tree of so many lines is shown open
MOST = 400  # lines of a tree


def card(spec: Spec, words: Words) -> str:
    """The card of a spec."""
    rows = [_told(spec, row, words) for row in tree_rows(spec, words.language)]
    open_to = 60 if len(rows) <= SMALL else 1
    unprinted = [
        words("unprinted", words[what], ", ".join(group.id for group in spec.groups if group.unprinted == what))
        for what in ("weights", "judgements", "children")
        if any(group.unprinted == what for group in spec.groups)
    ]
    return render(
        "spec",
        words,
        spec=spec,
        title=words.title(spec.title),
        sources=[words.title(source) for source in spec.source],
        note=words.title(spec.note),
        tree=_nested(rows[:MOST]),
        kind=words.voice.unit(spec.unit.kind),
        left=max(len(rows) - MOST, 0),
        open_to=open_to,
        unprinted=unprinted,
    )


def _told(spec: Spec, row: dict[str, Any], words: Words) -> dict[str, Any]:
    """A line of the tree, its provenance and methods in the words of the card."""
    node = spec.nodes[row["node"]]
    rule = []
    if isinstance(node, Group) and node.children and node.missing.name != "refuse":
        rule = [words("rule", words.voice.method("missing", node.missing.name)[0])]
    return {
        **row,
        "origin": words.voice.provenance(row["provenance"]) if row["provenance"] else "",
        "method": words["and"].join([*remarks(words.voice, spec, node), *rule]),
    }


def _nested(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines with depths as lines with the lines under them."""
    top: list[dict[str, Any]] = []
    path: list[dict[str, Any]] = []
    for row in rows:
        line = {**row, "below": []}
        del path[row["depth"] :]
        (path[-1]["below"] if path else top).append(line)
        path.append(line)
    return top
