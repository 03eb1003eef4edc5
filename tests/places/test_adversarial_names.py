"""Names made to mislead: each is refused, or is the one place that it can only be."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from places.oracle import meanings

import cityindex as ci
from cityindex.places.record import REFUSED, RESOLVED

with (Path(__file__).parent / "adversarial.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
PLAIN = [row for row in ROWS if not (row["province"] or row["prefecture"] or row["level"])]
SPACED = {"spaces", "strokes", "traditional", "country", "full width", "filler", "municipality twice", "a code",
          "a former code", "province in brackets", "kind in brackets"}  # fmt: skip


def resolved(row: dict[str, str]) -> ci.PlaceMatch:
    context = {word: [row[word]] for word in ("province", "prefecture") if row[word]}
    return ci.resolve_places([row["name"]], level=row["level"] or None, **context)[0]


def test_the_list_is_long_and_mostly_refused():
    assert len(ROWS) >= 290
    assert sum(not row["code"] for row in ROWS) >= 150
    assert len({tuple(row.values())[:4] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(filter(None, list(row.values())[:4])) or "empty")
def test_refused_or_right(row):
    match = resolved(row)
    assert (match.place.code if match.place else "") == row["code"], (match, row["what"])
    assert match.status in (RESOLVED if row["code"] else REFUSED)


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row["name"] or "empty")
def test_the_oracle_agrees(row):
    """What is resolved without context is a meaning of the text, and what has none is not resolved."""
    known = meanings().get(row["name"], frozenset())
    if row["code"] and row["what"] not in SPACED:
        assert row["code"] in known
    if not known and row["what"] not in SPACED:
        assert row["code"] == ""


def test_together_they_are_what_they_are_alone():
    found = ci.resolve_places([row["name"] for row in PLAIN])
    assert [code or "" for code in found.codes] == [row["code"] for row in PLAIN]
    assert found.rate == pytest.approx(sum(bool(row["code"]) for row in PLAIN) / len(PLAIN))


def test_every_ambiguous_name_shows_its_candidates():
    for row in ROWS:
        match = resolved(row)
        if match.status == "ambiguous":
            assert len(match.candidates) > 1, row
        if match.status == "split":
            assert match.candidates, row
