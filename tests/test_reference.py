"""The reference pages hold what the code holds."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from cityindex.spec.keys import KEYS

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def writer():
    place = ROOT / "tools" / "write_reference.py"
    spec = importlib.util.spec_from_file_location("write_reference", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_methods_is_what_the_tool_writes(writer):
    assert writer.PAGE.read_text(encoding="utf-8") == writer.page(), "run make docs"


def test_every_method_says_what_it_does(writer):
    for _, registry, _ in writer.KINDS:
        for method in registry.values():
            assert method.summary, method.name


@pytest.mark.parametrize("kind", KEYS)
def test_the_page_of_the_language_has_every_key(kind):
    page = (ROOT / "docs" / "spec-language.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    for key in KEYS[kind]:
        assert any(f"`{key}`" in row for row in rows), f"{key} of {kind}"
