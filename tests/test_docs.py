"""The code in the README and the docs runs as it stands there, and prints what stands there."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from cityindex.cli import main

ROOT = Path(__file__).resolve().parents[1]
DOCS = [path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *DOCS, *sorted((ROOT / "specs").glob("*/README.md"))]
OTHERS = [ROOT / "CHANGELOG.md", ROOT / "CONTRIBUTING.md"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page):
    return [(kind, text) for kind, text in FENCE.findall(page.read_text(encoding="utf-8"))]


def lines(text):
    return [line.rstrip() for line in text.rstrip().splitlines()]


def replayed(text):
    """A console block as a terminal shows it: each ``$ cityindex …`` is run, and its output and errors follow."""
    shown = io.StringIO()
    for line in text.splitlines():
        if line.startswith("$ "):
            print(line, file=shown)
            command = shlex.split(line[2:])
            if command[:1] == ["cityindex"]:
                with redirect_stdout(shown), redirect_stderr(shown):
                    main(command[1:])
    return shown.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_snippets_run(page, tmp_path, monkeypatch, capsys):
    """Files are written where a block starts with ``# name.yaml`` (or is the page's CSV), then the code runs.

    A text block that follows code directly is what the code prints.
    """
    monkeypatch.chdir(tmp_path)
    printed = None
    names: dict[str, object] = {}
    tables = iter(["cities.csv", "more.csv"])
    for kind, text in blocks(page):
        if kind == "text" and printed is not None:
            assert lines(printed) == lines(text)
        printed = None
        if kind == "yaml" and (found := re.match(r"# ([\w.-]+\.yaml)\n", text)):
            (tmp_path / found[1]).write_text(text, encoding="utf-8")
        if kind == "csv":
            (tmp_path / next(tables)).write_text(text, encoding="utf-8")
        if kind == "python":
            exec(compile(text, f"{page.name}", "exec"), names)
        if kind == "sh":
            for line in text.splitlines():
                command = shlex.split(line, comments=True)
                if command[:1] == ["cityindex"]:
                    assert main(command[1:]) == 0, f"{line}\n{capsys.readouterr().err}"
        if kind == "console":
            assert lines(replayed(text)) == lines(text)
        if kind in ("python", "sh"):
            printed = capsys.readouterr().out


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda page: f"{page.parent.name}/{page.name}")
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target
