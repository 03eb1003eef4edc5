"""Small made-up tables, and one claim judged against them."""

from __future__ import annotations

from typing import Any

import cityindex as ci
from cityindex.auditing.claims import Sheet, Sheets, read_claims
from cityindex.auditing.claims.judge import judge_claims
from cityindex.auditing.finding import Finding
from cityindex.table import read_table

TABLES = {
    "score": {
        "rank": ["1", "2", "3", "4", "5"],
        "name": ["Ash", "Birch", "Cedar", "Dogwood", "Elm"],
        "region": ["north", "north", "south", "south", ""],
        "score": ["90.5", "85.0", "70.1", "70.1", "40.0"],
        "tier": ["A", "B", "B", "B", "C"],
        "people": ["10", "20", "30", "40", "50"],
        "star": ["★", "", "★", "", ""],
        "income": ["1.5", "", "2.5", "3.0", "—"],
    },
    "weights": {"id": ["a", "b", "c"], "parent": ["score"] * 3, "weight": ["20%", "30%", "50%"]},
    "short": {"name": ["Ash", "Cedar"], "value": ["1", "2"]},
}


def sheets(tables: dict[str, Any] | None = None) -> Sheets:
    return Sheets({name: Sheet(read_table(table)) for name, table in (tables or TABLES).items()})


def whole_file(*claims: dict[str, Any], **keys: Any) -> dict[str, Any]:
    named = [{"id": f"c{i}", "claim": "something", **claim} for i, claim in enumerate(claims)]
    return {"cityindex": 1, **keys, "claims": named}


def judged(claim: dict[str, Any], tables: dict[str, Any] | None = None) -> Finding:
    known = sheets(tables)
    (finding,) = judge_claims(read_claims(whole_file(claim), known), known)
    return finding


def problems(text: str) -> list[str]:
    try:
        known = sheets()
        judge_claims(read_claims(text, known), known)
    except ci.CityIndexError as error:
        return [str(problem) for problem in error.problems]
    return []
