"""The schema file that ships is the one the library prints, and the shipped specs point at it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cityindex.catalog import folder, list_indices

ROOT = Path(__file__).resolve().parents[2]


def test_the_file_is_what_the_library_prints():
    """Written by tools/write_schema.py; asked in a process where no test has registered methods of its own."""
    path = ROOT / "src" / "cityindex" / "spec" / "schema.json"
    code = "import json, cityindex; print(json.dumps(cityindex.schema()))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(printed)


@pytest.mark.parametrize("index", [entry.id for entry in list_indices()])
def test_shipped_specs_point_at_it(index):
    first = (folder(index) / "spec.yaml").read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (folder(index) / first.partition("=")[2]).resolve() == ROOT / "src" / "cityindex" / "spec" / "schema.json"
