"""The pages of docs/gallery-pages.md themselves, beside their pictures: an explorer and a report that can be opened."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from gallery_pages import CODE, PAGES

FOLDER = "demo"
OPENED = ("explorer", "report")


def files() -> dict[str, bytes]:
    """Run the code of that page; gives the files that it writes, by their names on the site."""
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        exec(compile(CODE, "gallery_pages.py", "exec"), {})
        return {f"{FOLDER}/{name}.html": Path(f"{name}.html").read_bytes() for name in OPENED}


def linked(text: str) -> str:
    """The page, with links to what its pictures show."""
    for name, title, words, _ in PAGES:
        if name in OPENED:
            link = f'<a href="{FOLDER}/{name}.html">Open it</a>.'
            text = text.replace(f"## {title}\n\n{words}", f"## {title}\n\n{words} {link}")
    return text
