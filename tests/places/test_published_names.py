"""Every place that the published tables name has a code; what needed a decision is listed in docs/places.md."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from places import oracle
from support import ROOT, tool

import cityindex as ci

published_places = tool("published_places")
NAMES = list(published_places.published())
SENTENCES = {
    "what_zh",
    "title_zh",
    "printed",
    "words",
    "headline",
    "claim",
    "place_zh",
}  # columns of text, not of names


def test_every_published_name_has_a_code():
    units = [name for name in NAMES if published_places.is_unit(name)]
    assert len(units) >= 1690
    refused = [(name.column.index, name.column.file, name.line, name.match.written) for name in NAMES if not name.code]
    assert refused == []


def test_the_list_in_the_docs_is_current():
    page = published_places.PAGE.read_text(encoding="utf-8")
    listed = page.partition(published_places.START)[2].partition(published_places.END)[0]
    assert listed == published_places.page(NAMES)


def test_the_code_agrees_with_the_columns_beside_the_name():
    """The province and prefecture of the code, looked up in the table itself, are those that stand in the row."""
    units = {row["code"]: row for row in oracle.rows("units.csv")}
    compared = 0
    for name in NAMES:
        row = published_places.rows_of(name.column)[name.line - 2] if name.column.province else {}
        if row.get("province") and name.column.column != "province":
            assert units[name.code[:2] + "0000"]["name"].startswith(row["province"]), row
            compared += 1
        if name.column.prefecture and row.get("prefecture", "").endswith(("市", "州", "盟", "地区")):
            assert units[units[name.code]["parent"]]["name"] == row["prefecture"], row
    assert compared > 2000


def test_a_name_and_its_short_name_are_one_place():
    codes = defaultdict(set)
    for name in NAMES:
        if name.column.column in ("name", "short_name") and name.column.province:
            codes[name.column.index, name.column.file, name.line].add(name.code)
    assert all(len(found) == 1 for found in codes.values())


def test_what_is_decided_by_hand_could_not_be_resolved():
    by_hand = {(name.column.index, name.match.written) for name in NAMES if name.why}
    assert by_hand == set(published_places.DECIDED)
    for name in NAMES:
        if name.why and name.match.status == "ambiguous":
            assert name.code in {place.code for place in name.match.candidates}


def test_districts_decided_by_their_ranking_stand_in_it_once():
    ranked = [name for name in NAMES if (name.column.index, name.column.file, name.column.column)
              == ("industrial-district-2023", "districts.csv", "name")]  # fmt: skip
    for (index, written), (code, _) in published_places.DECIDED.items():
        if index == "industrial-district-2023":
            assert [name.code for name in ranked if name.match.written == written] == [code]


def test_towns_are_refused_by_the_library_and_listed_as_such():
    found = ci.resolve_places(ci.load_published("small-medium-city-towns-2024")["towns"]["name"])
    assert len(found) == 9
    assert {match.status for match in found} == {"unknown"}
    assert all("below the county level" in match.note for match in found)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("specs/*/published/*.csv")), ids=lambda path: "/".join(path.parts[-3::2])
)
def test_no_column_of_names_is_left_out(path: Path):
    """A column in which the full name of a unit stands alone in a cell is read by the tool."""
    full = {row["name"] for row in oracle.rows("units.csv")} | {row["name"] for row in oracle.rows("former.csv")}
    read = {(column.index, column.file, column.column) for column in published_places.COLUMNS}
    index = path.parts[-3]
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, cell in row.items():
                if cell in full and column not in SENTENCES:
                    assert (index, path.name, column) in read, (column, cell)
