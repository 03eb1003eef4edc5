"""Links lead elsewhere on the site than in the repository: to a page where there is one, else to a copy of the file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ABOVE = {  # pages that stand beside docs/
    "README.md": "readme.md",
    "README.zh.md": "readme.zh.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
}
TITLES = {"README.md": "The README", "README.zh.md": "中文说明"}  # on the site their own title is that of the site
COPIES = "files"  # the folder of what is no page
FENCE = re.compile(r"^(`{3,}|~{3,})")
LINK = re.compile(r"(\]\()([^)\s#]*)(#[^)\s]*)?((?:\s+\"[^\"]*\")?\))")
PICTURE = re.compile(r"(<img\b[^>]*?\bsrc=\")([^\"#]+)()(\")")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def page_of(path: str) -> str | None:
    """The page of the site on which a file of the repository stands, if it is one."""
    if path in ABOVE:
        return ABOVE[path]
    if path.startswith("docs/"):
        return path.removeprefix("docs/") if path.endswith(".md") else None
    if found := re.fullmatch(r"examples/(.+)\.ipynb", path):
        return f"notebooks/{found[1]}.md"
    if found := re.fullmatch(r"specs/([^/]+)(/README\.md)?/?", path):
        return f"indices/{found[1]}.md"
    return None


def copied(path: str) -> str:
    """Where a file that is no page lies on the site; words in Markdown are handed out as text."""
    return f"{COPIES}/{path}{'.txt' if path.endswith('.md') else ''}"


def rewrite(text: str, source: str, page: str, copy: Callable[[str], None], problems: list[str]) -> str:
    """The Markdown of a file of the repository (`source`), with links that work on the page (`page`) of the site.

    `copy` is called with each linked file that is no page; it has to appear under `files/`. Links that lead nowhere are
    told in `problems` and stay as they are.
    """

    def target(link: str) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), link))
        if not (ROOT / path).exists():
            problems.append(f"{source}: there is no {link}")
            return link
        found = page_of(path)
        if found is None and path.startswith("docs/"):  # a picture: it keeps its place
            found = path.removeprefix("docs/")
        if found is None:
            if (ROOT / path).is_dir():
                problems.append(f"{source}: {link} is a folder; link to a file in it")
                return link
            copy(path)
            found = copied(path)
        return posixpath.relpath(found, posixpath.dirname(page) or ".")

    def one(match: re.Match[str]) -> str:
        before, link, fragment, after = match.groups()
        if not link or re.match(r"[a-z]+:", link):
            return match[0]
        return f"{before}{target(link)}{fragment or ''}{after}"

    return "\n".join(_prose(text, lambda line: PICTURE.sub(one, LINK.sub(one, ANCHOR.sub(r"(\1)=", line)))))


def _prose(text: str, change: Callable[[str], str]) -> Iterator[str]:
    """Lines, with those changed that are no code."""
    fence = ""
    for line in text.split("\n"):
        if found := FENCE.match(line.lstrip()):
            if not fence:
                fence = found[1]
            elif line.strip() == fence:
                fence = ""
            yield line
        else:
            yield line if fence else change(line)
