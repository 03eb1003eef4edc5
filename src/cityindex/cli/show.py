"""What the commands show, as text and as frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from cityindex._citations import source_of
from cityindex._registry import AGGREGATORS, MISSING, STEPS, TIERINGS, WEIGHTINGS, Method
from cityindex.cli.output import width_of
from cityindex.errors import MethodError, nearest
from cityindex.spec.model import Group, Node, Spec, Use

if TYPE_CHECKING:
    import pandas as pd

    from cityindex._values import Text
    from cityindex.table import Note

REGISTRIES = {registry.kind: registry for registry in (STEPS, WEIGHTINGS, AGGREGATORS, TIERINGS, MISSING)}


def catalog_frame() -> pd.DataFrame:
    """The shipped indices."""
    import pandas as pd

    from cityindex.catalog import list_indices

    return pd.DataFrame(
        [
            {
                "id": entry.id,
                "title": entry.title,
                "edition": entry.edition,
                "source": entry.source,
                "indicators": entry.indicators,
                "groups": entry.groups,
                "published": ", ".join(entry.tables),
            }
            for entry in list_indices()
        ]
    )


def catalog_text(frame: pd.DataFrame) -> str:
    """The shipped indices under their sources."""
    from cityindex.cli.output import aligned

    counted = frame.assign(published=[_tables(names) for names in frame["published"]])
    blocks = [
        f"{source}\n{aligned(part.drop(columns='source'))}" for source, part in counted.groupby("source", sort=False)
    ]
    return "\n\n".join(blocks)


def _tables(names: str) -> str:
    count = len(names.split(", ")) if names else 0
    return f"{count} table{'s' if count != 1 else ''}" if count else ""


def tree_rows(spec: Spec, language: str | None = None) -> Iterator[dict[str, Any]]:
    """One row a line of the tree: depth, node, title, weights, provenance, what it reads or how it aggregates."""
    for root in spec.roots:
        for node, row in _rows(spec, root, None, 0, None, 1.0):
            yield {
                **row,
                "title": _shown(node.title, language),
                "method": _method(spec, node, language),
                "note": row.get("note", _shown(node.note, language)),
            }


def _shown(text: Text | None, language: str | None) -> str:
    return "" if text is None else text.shown(language)


def _rows(
    spec: Spec, node: Node | Use, parent: Group | None, depth: int, local: float | None, share: float | None
) -> Iterator[tuple[Node, dict[str, Any]]]:
    target: Node = spec.nodes[node.id] if isinstance(node, Use) else node
    yield (
        target,
        {
            "depth": depth,
            "node": node.id,
            "title": "",
            "weight": local,
            "global": share if depth else None,
            "provenance": "" if parent is None else spec.weight_provenance(parent.id, node.id),
            **({"note": "used from elsewhere"} if isinstance(node, Use) else {}),
        },
    )
    if isinstance(node, Group):
        weights = _local(node)
        for child, weight in zip(node.children, weights, strict=True):
            below = None if weight is None or share is None else share * weight
            yield from _rows(spec, child, node, depth + 1, weight, below)


def _local(group: Group) -> list[float | None]:
    """The local weights where they are written (or equal); None where they are learned or not published."""
    if group.weights is not None or not group.aggregate.method.takes_weights:
        return [None] * len(group.children)
    written = [1.0 if child.weight is None else float(child.weight) for child in group.children]
    total = sum(written) if group.aggregate.method.averages else 1.0
    return [weight / total for weight in written]


def _method(spec: Spec, node: Node, language: str | None) -> str:
    words = []
    if isinstance(node, Group) and not node.children:
        words.append("parts not published")
    elif isinstance(node, Group):
        words.append(f"{node.aggregate.name}{_unless_published(spec, node, 'aggregate')}")
        if node.missing.name != "refuse":
            words.append(f"missing: {node.missing.name}")
    else:
        words += [f"direction: {node.direction}"] if node.direction else []
        words += [f"[{node.measured_in.shown(language)}]"] if node.measured_in else []
        words += [f"per {node.per}"] if node.per else []
        words += [f"constant {node.value:g}"] if node.value is not None else []
    words += [f"{call.name}{_unless_published(spec, node, 'steps')}" for call in node.steps]
    words += [f"publish {call.name}{_unless_published(spec, node, 'publish')}" for call in node.publish]
    if isinstance(node, Group) and node.tiers:
        words.append(f"tiers: {node.tiers.call.name}{_unless_published(spec, node, 'tiers')}")
    return ", ".join(words)


def _unless_published(spec: Spec, node: Node, key: str) -> str:
    word = spec.provenance_of(node.id, key)
    return "" if word == "published" else f" ({word})"


def tree_frame(spec: Spec, language: str | None = None) -> pd.DataFrame:
    """The tree as a frame."""
    import pandas as pd

    return pd.DataFrame(tree_rows(spec, language))


def tree_text(spec: Spec, language: str | None = None) -> str:
    """The tree as indented text, with local and global weights and their provenance; titles in one language or all."""
    rows = list(tree_rows(spec, language))
    names = [f"{'  ' * row['depth']}{row['node']} {row['title']}".rstrip() for row in rows]
    width = max(width_of(name) for name in names)
    origin = max(len("provenance"), *(len(row["provenance"]) for row in rows))
    head = f"{'node':<{width}}  {'weight':>8}  {'global':>8}  {'provenance':<{origin}}  method"
    lines = [summary(spec), "", head]
    for name, row in zip(names, rows, strict=True):
        space = " " * (width - width_of(name))
        cells = (
            f"{_share(row['weight']):>8}  {_share(row['global']):>8}  {row['provenance']:<{origin}}  {row['method']}"
        )
        lines.append(f"{name}{space}  {cells}".rstrip())
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value * 100:.4g}%"


def summary(spec: Spec) -> str:
    """The index in a line or two."""
    head = f"{spec.id}: {spec.title or 'no title'}{f' ({spec.edition})' if spec.edition else ''}"
    counts = f"{len(spec.indicators)} indicators in {len(spec.groups)} groups; units: {spec.unit.kind}"
    lines = [head, counts]
    for what in ("weights", "judgements", "children"):
        groups = [group.id for group in spec.groups if group.unprinted == what]
        if groups:
            lines.append(f"{'parts' if what == 'children' else what} not published: {', '.join(groups)}")
    lines += [f"source: {source}" for source in spec.source]
    return "\n".join(lines)


def print_notes(notes: Iterable[Note]) -> None:
    """Every note, on standard error."""
    for note in notes:
        shown = ", ".join(note.units[:5])
        units = f" ({shown}{', …' if len(note.units) > 5 else ''})" if note.units else ""
        typer.echo(f"note: {note.message}{units}", err=True)


def methods_frame(kind: str | None) -> pd.DataFrame:
    """Every registered method: kind, name, options, what it gives, and its source."""
    import pandas as pd

    import cityindex.methods  # noqa: F401  # registers the built-in methods

    if kind is not None and kind not in REGISTRIES:
        raise MethodError(f"no kind of method {kind!r}.{nearest(kind, REGISTRIES)}")
    chosen = REGISTRIES.values() if kind is None else [REGISTRIES[kind]]
    return pd.DataFrame(
        [
            {
                "kind": method.kind,
                "name": name,
                "options": _options(method),
                "summary": method.summary,
                "source": source_of(method),
            }
            for registry in chosen
            for name, method in registry.items()
        ]
    )


def _options(method: Method) -> str:
    words = [
        option.name if option.required else f"{option.name} = {_default(option.default)}"
        for option in method.options.values()
    ]
    return ", ".join(words)


def _default(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_default(item) for item in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def methods_text(frame: pd.DataFrame) -> str:
    """The methods by kind, each with its options on a line of its own."""
    lines: list[str] = []
    for kind, part in frame.groupby("kind", sort=False):
        lines.append("rules for missing children" if kind == "missing" else f"{kind}s")
        for row in part.itertuples(index=False):
            lines += [f"  {row.name!s}: {row.summary!s}"]
            lines += [f"      options: {row.options!s}"] if row.options else []
            lines += [f"      source: {row.source!s}"] if row.source else []
    return "\n".join(lines)
