"""A notebook as a page: its words, its code, and what the code showed.

Outputs that a notebook keeps are shown as they are. One that keeps none is run first. The tests run them all.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from run_notebook import executed

Save = Callable[[str, bytes], None]


def page(path: Path, mend: Callable[[str], str], save: Save) -> str:
    """The Markdown of a notebook, its words after `mend`; `save` is called with name and bytes of each picture."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if not any(cell.get("outputs") for cell in notebook["cells"]):
        notebook = executed(notebook, path.name)
    words = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    several = sum(text.startswith("# ") for text in words) > 1
    parts: list[str] = []
    for number, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(mend(_below(source) if several and parts else source))
        elif cell["cell_type"] == "code" and source.strip():
            parts.append(_fenced(source, "python"))
            parts += _outputs(cell.get("outputs", ()), f"{path.stem}-{number}", save)
    return "\n\n".join(parts) + "\n"


def _below(words: str) -> str:
    """Headings a level lower, where a notebook has several of the first: a page has one title."""
    return re.sub(r"^#(?=#* )", "##", words, flags=re.MULTILINE)


def _outputs(outputs: Any, name: str, save: Save) -> Iterator[str]:
    for place, output in enumerate(outputs):
        data = output.get("data", {})
        if output["output_type"] == "stream":
            yield _fenced("".join(output["text"]), "text")
        elif "text/html" in data:
            yield _html("".join(data["text/html"]))
        elif "image/png" in data:
            file = f"{name}-{place}.png"
            save(file, base64.b64decode("".join(data["image/png"])))
            yield f"![]({file})"
        elif "text/plain" in data:
            yield _fenced("".join(data["text/plain"]), "text")


def _html(text: str) -> str:
    return _fenced(f'<div class="shown">\n{text}\n</div>', "{raw} html")


def _fenced(text: str, kind: str) -> str:
    marks = "```"
    while marks in text:
        marks += "`"
    return f"{marks}{kind}\n{text.rstrip()}\n{marks}"
