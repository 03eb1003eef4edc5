"""The indices that ship, a page each: what stands in its folder, and its spec."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from cityindex.catalog import Entry, list_indices
from website.contents import nested
from website.links import ROOT, rewrite

HEAD = """\
# The indices that ship

Each has a folder with its spec, what its source prints, and what is doubtful. `ci.load_index(id)` opens one,
`ci.load_published(id)` its printed tables, and `cityindex list` lists them. What a source does not print is asked for,
never made up.

"""


def pages(copy: Callable[[str], None], problems: list[str]) -> dict[str, str]:
    """The list, then the pages of the indices, by their names."""
    entries = list_indices()
    parts = [HEAD]
    for source, listed in groupby(entries, key=lambda entry: entry.source):
        parts += [f"{source}\n", *(_line(entry) for entry in listed), ""]
    first = "\n".join(parts) + nested(entry.id for entry in entries)
    each = {f"indices/{entry.id}.md": _page(entry.id, copy, problems) for entry in entries}
    return {"indices/index.md": first, **each}


def _line(entry: Entry) -> str:
    tables = f", {len(entry.tables)} printed table{'s' * (len(entry.tables) > 1)}" if entry.tables else ""
    return f"- [{entry.title}]({entry.id}.md): `{entry.id}`, {entry.indicators} indicators{tables}"


def _page(index: str, copy: Callable[[str], None], problems: list[str]) -> str:
    folder = f"specs/{index}"
    readme = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    readme = rewrite(readme, f"{folder}/README.md", f"indices/{index}.md", copy, problems)
    spec = (ROOT / folder / "spec.yaml").read_text(encoding="utf-8")
    return f"{readme.rstrip()}\n\n## The spec\n\n```yaml\n{spec.rstrip()}\n```\n"
