"""What the commands show, as text and as frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from cityindex._citations import source_of
from cityindex._registry import AGGREGATORS, MISSING, STEPS, TIERINGS, WEIGHTINGS, Method
from cityindex._values import width_of
from cityindex.errors import MethodError, nearest
from cityindex.spec.model import Spec
from cityindex.views.tree import tree_rows

if TYPE_CHECKING:
    import pandas as pd

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


def _many(nodes: Sequence[object], noun: str) -> str:
    return f"{len(nodes)} {noun}{'' if len(nodes) == 1 else 's'}"


def summary(spec: Spec) -> str:
    """The index in a line or two."""
    head = f"{spec.id}: {spec.title or 'no title'}{f' ({spec.edition})' if spec.edition else ''}"
    counts = f"{_many(spec.indicators, 'indicator')} in {_many(spec.groups, 'group')}; units: {spec.unit.kind}"
    lines = [head, counts]
    for what in ("weights", "judgements", "children"):
        groups = [group.id for group in spec.groups if group.unprinted == what]
        if groups:
            lines.append(f"{'parts' if what == 'children' else what} not published: {', '.join(groups)}")
    lines += [f"source: {source}" for source in spec.source]
    return "\n".join(lines)


NAMES_UNITS = ("beyond", "held", "units", "base")  # kinds of note whose sentence names them


def print_notes(notes: Iterable[Note]) -> None:
    """Every note, on standard error."""
    for note in notes:
        shown = ", ".join(note.units[:5])
        named = note.kind in NAMES_UNITS or not note.units
        units = "" if named else f" ({shown}{', …' if len(note.units) > 5 else ''})"
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
