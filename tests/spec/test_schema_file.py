"""The schema file that ships is the one the library prints, and the shipped specs point at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cityindex.catalog import folder, list_indices
from cityindex.spec import schema

ROOT = Path(__file__).resolve().parents[2]


def test_the_file_is_what_the_library_prints():
    """Written by tools/write_schema.py."""
    path = ROOT / "src" / "cityindex" / "spec" / "schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(schema()))


@pytest.mark.parametrize("index", [entry.id for entry in list_indices()])
def test_shipped_specs_point_at_it(index):
    first = (folder(index) / "spec.yaml").read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (folder(index) / first.partition("=")[2]).resolve() == ROOT / "src" / "cityindex" / "spec" / "schema.json"
