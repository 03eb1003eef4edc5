"""What the pages of the docs promise beside their code: pictures that a tool draws, tests that exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXPLANATION = ROOT / "docs" / "explanation"


def tool(name):
    """A script of tools/, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_picture_of_the_choices_is_drawn_by_the_tool_and_is_small():
    drawn = tool("explanation_figures")
    shown = re.findall(r"\]\((\w+)\.png\)", (EXPLANATION / "choices.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(drawn.PICTURES) == sorted(path.stem for path in EXPLANATION.glob("*.png"))
    assert all((EXPLANATION / f"{name}.png").stat().st_size <= drawn.HEAVIEST for name in shown)


def test_every_test_that_the_peers_page_names_exists():
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")))
    files = [ROOT / "tests" / f"test_silent_failures{end}.py" for end in ("", "_coinr")]
    written = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    assert len(named) > 20
    assert named - written == set()
