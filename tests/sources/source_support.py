"""Shared by the tests of the transcribed tables: the tables as text, and the lines of their sources."""

from __future__ import annotations

import csv

from support import ROOT, shared

SEEDS = {
    "000": "000_a3743a3b22226374.txt",
    "001": "001_bbe7c50f746ab1f1.txt",
    "002": "002_5df1c8c77506a7d3.txt",
    "003": "003_e0158730ea306709.txt",
    "004": "004_eb2f0fd5b054dea6.txt",
}


def table(index, name):
    """A published table as it stands: every cell a text."""
    with (ROOT / "specs" / index / "published" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lines(source):
    """The lines of a source, numbered from 1; the test is skipped where the sources are not here."""
    return ["", *shared("seeds", SEEDS[source[:3]]).read_text(encoding="utf-8").split("\n")]


def passage(source, line, count=4):
    """The text from a line on, without its breaks."""
    return "".join(text.strip() for text in source[int(line) : int(line) + count])


def walk(group, level=1):
    """Id, parent, level, title and weight of every node under a group of a spec, as it is written."""
    for child in group["children"]:
        yield child["id"], group["id"], str(level), child["title"]["zh"], child["weight"]
        if "children" in child:
            yield from walk(child, level + 1)
