"""The views say the same thing in Chinese with the same word: the table in docs/design.md, read and held."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cityindex.views

ROOT = Path(__file__).resolve().parents[2]
VIEWS = Path(cityindex.views.__file__).parent
SPOKEN = [path for path in sorted(VIEWS.rglob("*.*")) if path.suffix in (".py", ".js", ".html", ".yaml")]

BUILT = ROOT / "docs" / "_build"
PAGES = [
    ROOT / "README.zh.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.zh.md")) if not page.is_relative_to(BUILT)),
]


def avoided():
    """The last column of the table."""
    table = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").split("## Words in Chinese", 1)[1]
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.*?) ?\|$", table.split("\n## ", 1)[0], re.MULTILINE)[1:]
    return [word for _, _, words in rows for word in words.split("、") if word]


def test_the_table_is_read():
    assert {"等级", "标定", "位次"} <= set(avoided())
    assert {path.parent.name for path in SPOKEN} >= {"report", "texts", "figures", "html", "workbook", "assets"}


@pytest.mark.parametrize("word", avoided())
def test_no_view_says_it_otherwise(word):
    said = [
        f"{path.relative_to(VIEWS)}: {line.strip()}"
        for path in SPOKEN
        for line in path.read_text(encoding="utf-8").splitlines()
        if word in line
    ]
    assert said == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_says_it_otherwise(page):
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if any(word in line for word in avoided())] == []
