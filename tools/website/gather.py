"""Gather the pages of the site in one folder: what docs/ holds, the files beside it, and the generated pages.

Nothing generated lands in docs/ itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from website import api, commands, contents, demo, indices, language, notebooks
from website.links import ABOVE, COPIES, ROOT, TITLES, copied, page_of, rewrite

KEPT = {".md", ".png", ".svg", ".jpg", ".css", ".html"}
SKIPPED = ("_build", "_static")
MADE = "<!-- the generated pages -->"  # stands in docs/index.md, which names no page that is not in the repository
MADE_PAGES = """\
Made from the code, and therefore complete: [every key of a spec](reference/language.md), [every
command](reference/commands.md), [every public name in Python](reference/api/index.rst), and [the indices that
ship](indices/index.md) with what their sources print.
"""


def gather(target: Path) -> tuple[int, list[str]]:
    """Lay out the sources of the site in `target`; gives the number of pages, and problems of links and contents."""
    site = _Site(target)
    for path in written():
        site.take(path)
    for path in sorted((ROOT / "examples").glob("*.ipynb")):
        site.notebook(path)
    listed: set[str] = set()
    for made in (api.pages(), commands.pages(), language.pages(), indices.pages(site.copy, site.problems)):
        listed |= site.made(made)
    order = contents.sections({name for name in site.pages() if name not in listed}, site.problems)
    home = f"{contents.HOME}.md"
    site.put(home, (site.texts[home].replace(MADE, MADE_PAGES) + contents.toctrees(order)).encode())
    return len(site.pages()), site.problems


def written() -> Iterator[str]:
    """The files of the repository that are pages or pictures of the site, by their paths."""
    docs = ROOT / "docs"
    for path in sorted(docs.rglob("*")):
        inside = path.relative_to(docs)
        if path.is_file() and inside.parts[0] not in SKIPPED and path.suffix in KEPT:
            yield f"docs/{inside.as_posix()}"
    yield from ABOVE


class _Site:
    def __init__(self, target: Path) -> None:
        self.target = target
        self.files: set[str] = set()
        self.texts: dict[str, str] = {}
        self.problems: list[str] = []

    def take(self, path: str) -> None:
        """A file of the repository, with its links mended where it is a page."""
        page = page_of(path)
        if page is None:
            self.put(path.removeprefix("docs/"), (ROOT / path).read_bytes())
        else:
            text = (ROOT / path).read_text(encoding="utf-8")
            if page == "gallery-pages.md":
                text = demo.linked(text)
            if path in TITLES:
                text = re.sub(r"\A# .*", f"# {TITLES[path]}", text)
            self.page(path, page, text)

    def page(self, path: str, page: str, text: str) -> None:
        self.texts[page] = rewrite(text, path, page, self.copy, self.problems)
        self.put(page, self.texts[page].encode())

    def notebook(self, path: Path) -> None:
        name = f"examples/{path.name}"
        page = page_of(name) or ""

        def mend(words: str) -> str:
            return rewrite(words, name, page, self.copy, self.problems)

        def save(file: str, data: bytes) -> None:
            self.put(f"notebooks/{file}", data)

        self.put(page, notebooks.page(path, mend, save).encode())

    def made(self, pages: Mapping[str, str]) -> set[str]:
        """Generated pages, the first of which lists the others; gives the names of the others."""
        for page, text in pages.items():
            self.texts[page] = text
            self.put(page, text.encode())
        return {_bare(page) for page in list(pages)[1:]}

    def copy(self, path: str) -> None:
        self.put(copied(path), (ROOT / path).read_bytes())

    def put(self, name: str, data: bytes) -> None:
        file = self.target / name
        self.files.add(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    def pages(self) -> set[str]:
        return {_bare(name) for name in self.files if name.endswith((".md", ".rst")) and not name.startswith(COPIES)}


def _bare(name: str) -> str:
    return name.rsplit(".", 1)[0]
