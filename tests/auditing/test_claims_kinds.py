"""Each kind of claim: what holds, what fails, what cannot be decided."""

from __future__ import annotations

import pytest
from claims_support import judged

from cityindex.errors import TableError

NORTH = {"region": "north"}
CASES = [
    # value
    ("holds", {"kind": "value", "of": "score.score", "unit": "Ash", "published": "90.5"}),
    ("holds", {"kind": "value", "of": "score.score", "unit": "Ash", "published": "91"}),  # printed with fewer digits
    ("holds", {"kind": "value", "of": {"value": "58.04", "line": 3}, "published": "58.0"}),
    ("fails", {"kind": "value", "of": "score.score", "unit": "Ash", "published": "90.6"}),  # only 90.55 in common
    ("fails", {"kind": "value", "of": "score.score", "where": {"rank": 2}, "published": "86"}),
    ("holds", {"kind": "value", "of": "weights.weight", "where": {"id": "a"}, "published": "20%"}),
    ("undecided", {"kind": "value", "of": "score.income", "unit": "Birch", "published": "2.0"}),
    # count
    ("holds", {"kind": "count", "of": "score", "published": 5}),
    ("fails", {"kind": "count", "of": "score", "published": 6}),
    ("holds", {"kind": "count", "of": "score", "where": {"tier": ["A", "B"]}, "published": 4}),
    ("holds", {"kind": "count", "of": "score.region", "published": 2}),
    ("holds", {"kind": "count", "of": ["x", "y", "z"], "published": 3}),
    ("holds", {"kind": "count", "of": "score", "where": {"score": {"above": 85}}, "published": 1}),
    ("holds", {"kind": "count", "of": "score", "where": {"score": {"above": 85}}, "published": 2}),  # 85.0 may be above
    ("fails", {"kind": "count", "of": "score", "where": {"score": {"above": 85}}, "published": 3}),
    ("fails", {"kind": "count", "of": "score", "where": {"people": {"above": 20}}, "published": 4}),  # 20 is exact
    ("holds", {"kind": "count", "of": "score", "where": {"people": {"at_least": 20, "below": 50}}, "published": 3}),
    ("holds", {"kind": "count", "of": "score", "where": {"name": {"in": "short.name"}}, "published": 2}),
    ("holds", {"kind": "count", "of": "score", "where": {"name": {"not_in": "short.name"}}, "published": 3}),
    ("holds", {"kind": "count", "of": "score", "where": {"name": {"contains": "d"}}, "published": 2}),
    ("holds", {"kind": "count", "of": "score", "where": {"name": {"starts": ["A", "B"]}}, "published": 2}),
    ("holds", {"kind": "count", "of": "score", "where": {"name": {"ends": "m"}}, "published": 1}),
    ("holds", {"kind": "count", "of": "score", "where": {"name": {"is_not": "Ash"}}, "published": 4}),
    ("holds", {"kind": "count", "of": "score", "where": {"region": ""}, "published": 1}),
    ("holds", {"kind": "count", "of": "score", "where": {"rank": "1.0"}, "published": 1}),
    ("undecided", {"kind": "count", "of": "score", "where": {"income": {"above": 2}}, "published": 2}),
    # a bound that is computed: above the mean of 71.14
    (
        "holds",
        {
            "kind": "count",
            "of": "score",
            "where": {"score": {"above": {"kind": "mean", "of": "score.score"}}},
            "published": 2,
        },
    ),
    # sum
    ("holds", {"kind": "sum", "of": "weights.weight", "where": {"parent": "score"}, "published": "100%"}),
    ("fails", {"kind": "sum", "of": "weights.weight", "published": "99%"}),
    ("holds", {"kind": "sum", "of": [52, {"value": 92, "line": 7}], "published": 144}),
    ("fails", {"kind": "sum", "of": [52, 92], "published": 145}),
    ("holds", {"kind": "sum", "of": [{"value": 52, "rounded": True}, 92], "published": 144}),
    ("holds", {"kind": "sum", "of": [{"value": 5200, "rounded": 100}, 92], "published": 5342}),
    ("fails", {"kind": "sum", "of": [{"value": 5200, "rounded": 100}, 92], "published": 5343}),
    ("holds", {"kind": "sum", "of": "score.people", "rounded": True, "published": 152}),
    ("holds", {"kind": "sum", "of": "score.people", "times": 10000, "published": 1500000}),
    ("undecided", {"kind": "sum", "of": "score.income", "published": "7.0"}),
    # mean
    ("holds", {"kind": "mean", "of": "score.score", "published": "71.1"}),
    ("fails", {"kind": "mean", "of": "score.score", "published": "71.3"}),
    ("holds", {"kind": "mean", "of": "score.score", "where": NORTH, "published": "87.8"}),
    ("holds", {"kind": "mean", "of": ["90.5", "85.0"], "published": "87.7"}),
    # weighted mean
    ("holds", {"kind": "weighted mean", "of": [10, 20], "weights": [1, 3], "published": "17.5"}),
    ("fails", {"kind": "weighted mean", "of": [10, 20], "weights": [1, 3], "published": "17.4"}),
    ("holds", {"kind": "weighted mean", "of": "score.score", "weights": "score.people", "published": "63.4"}),
    ("undecided", {"kind": "weighted mean", "of": "score.score", "weights": "score.income", "published": "75"}),
    ("undecided", {"kind": "weighted mean", "of": [10, 20], "weights": "unknown", "published": 17}),
    ("fails", {"kind": "weighted mean", "of": [10, 20], "weights": "unknown", "published": 21}),
    ("holds", {"kind": "weighted mean", "of": [10, 20], "weights": "unknown", "relation": "above", "published": 9}),
    # share
    ("holds", {"kind": "share", "of": "score", "where": NORTH, "published": 40}),
    ("fails", {"kind": "share", "of": "score", "where": NORTH, "published": 41}),
    ("holds", {"kind": "share", "of": "score", "where": NORTH, "as": "fraction", "published": "0.4"}),
    ("holds", {"kind": "share", "of": "score.people", "where": NORTH, "published": "20.0%"}),
    ("holds", {"kind": "share", "of": 34, "in": 148, "published": "23.0"}),
    ("holds", {"kind": "share", "of": {"unknown": "whole"}, "in": 148, "published": "34.5"}),
    ("fails", {"kind": "share", "of": {"unknown": "whole"}, "in": 148, "published": "34.7"}),
    ("holds", {"kind": "share", "of": 34, "in": {"unknown": "whole"}, "published": "23.0"}),
    # difference
    ("holds", {"kind": "difference", "of": "61.8", "minus": "57.6", "published": "4.2"}),
    ("holds", {"kind": "difference", "of": "61.8", "minus": "57.6", "published": "4.3"}),
    ("fails", {"kind": "difference", "of": "61.8", "minus": "57.6", "published": "4.4"}),
    ("holds", {"kind": "difference", "of": 29, "minus": {"unknown": "whole"}, "as": "growth", "published": "31.8"}),
    ("fails", {"kind": "difference", "of": 29, "minus": {"unknown": "whole"}, "as": "growth", "published": "31.7"}),
    ("holds", {"kind": "difference", "of": {"unknown": "whole"}, "minus": 22, "as": "growth", "published": "31.8"}),
    ("holds", {"kind": "difference", "of": {"unknown": "whole"}, "minus": 22, "published": 7}),
    ("holds", {"kind": "difference", "of": 30, "minus": 20, "as": "ratio", "published": "1.5"}),
    ("holds", {"kind": "difference", "of": 30, "minus": 20, "as": "growth", "published": 50}),
    ("undecided", {"kind": "difference", "of": 30, "minus": "0.0", "as": "ratio", "published": 5}),
    # extreme
    ("holds", {"kind": "extreme", "of": "score.score", "unit": "Ash", "published": "90.5"}),
    ("holds", {"kind": "extreme", "of": "score.score", "unit": "Ash"}),
    ("fails", {"kind": "extreme", "of": "score.score", "unit": "Birch"}),
    ("fails", {"kind": "extreme", "of": "score.score", "unit": "Ash", "published": "90.4"}),
    ("holds", {"kind": "extreme", "of": "score.score", "first": "lowest", "published": "40.0"}),
    ("holds", {"kind": "extreme", "of": "score.score", "where": {"region": "south"}, "unit": "Dogwood"}),  # equal
    ("holds", {"kind": "extreme", "of": ["3.1", "2.9"], "first": "lowest", "relation": "above", "published": "2.8"}),
    # rank
    ("holds", {"kind": "rank", "of": "score.score", "unit": "Birch", "published": 2}),
    ("holds", {"kind": "rank", "of": "score.score", "unit": "Dogwood", "published": 3}),  # as good as Cedar
    ("holds", {"kind": "rank", "of": "score.score", "unit": "Cedar", "published": 4}),
    ("fails", {"kind": "rank", "of": "score.score", "unit": "Cedar", "published": 5}),
    ("fails", {"kind": "rank", "of": "score.rank", "unit": "Cedar", "first": "lowest", "published": 4}),
    ("undecided", {"kind": "rank", "of": "score.income", "unit": "Ash", "published": 3}),
    # order
    ("holds", {"kind": "order", "of": "score.score", "units": ["Ash", "Dogwood", "Cedar", "Elm"]}),
    ("fails", {"kind": "order", "of": "score.score", "units": ["Ash", "Elm", "Cedar"]}),
    ("holds", {"kind": "order", "of": "score.score", "units": ["Ash", "Birch"], "from": 1}),
    ("fails", {"kind": "order", "of": "score.score", "units": ["Ash", "Cedar"], "from": 1}),
    ("holds", {"kind": "order", "of": "score.score", "units": {"of": "score.name"}, "from": 1}),
    ("undecided", {"kind": "order", "of": "score.income", "units": ["Cedar", "Birch"]}),
    (
        "fails",
        {"kind": "order", "of": "score.income", "units": ["Ash", "Cedar", "Birch"]},
    ),  # wrong, whatever is missing
    # set
    ("holds", {"kind": "set", "of": "score.name", "where": {"tier": "B"}, "names": ["Cedar", "Birch", "Dogwood"]}),
    ("fails", {"kind": "set", "of": "score.name", "where": {"tier": "B"}, "names": ["Cedar", "Birch"]}),
    ("holds", {"kind": "set", "of": "score.name", "where": {"tier": "B"}, "names": ["Cedar"], "subset": True}),
    ("fails", {"kind": "set", "of": "score.name", "where": {"tier": "B"}, "names": ["Ash"], "subset": True}),
    ("holds", {"kind": "set", "of": "score.name", "where": {"score": {"above": 85}}, "names": ["Ash", "Birch"]}),
    ("holds", {"kind": "set", "of": "score.name", "where": {"score": {"above": 85}}, "names": ["Ash"]}),
    ("fails", {"kind": "set", "of": "score.name", "where": {"score": {"above": 85}}, "names": ["Birch"]}),
    (
        "holds",
        {
            "kind": "set",
            "of": "score.name",
            "where": {"star": "★"},
            "names": {
                "of": "score.name",
                "where": {"region": {"is_not": ""}},
                "top": {"by": "rank", "first": "lowest", "within": "region"},
            },
        },
    ),
    (
        "holds",
        {"kind": "set", "of": "score.name", "top": {"by": "score", "number": 3}, "names": ["Ash", "Birch", "Cedar"]},
    ),
    (
        "holds",
        {"kind": "set", "of": "score.name", "top": {"by": "score", "number": 3}, "names": ["Ash", "Birch", "Dogwood"]},
    ),
    (
        "fails",
        {"kind": "set", "of": "score.name", "top": {"by": "score", "number": 3}, "names": ["Ash", "Birch", "Elm"]},
    ),
    # tier
    ("holds", {"kind": "tier", "of": "score.score", "cuts": [85, 50], "labels": ["A", "B", "C"], "tier": "score.tier"}),
    ("fails", {"kind": "tier", "of": "score.score", "cuts": [80, 50], "labels": ["A", "B", "C"], "tier": "score.tier"}),
    (
        "holds",
        {"kind": "tier", "of": "score.score", "cuts": [85], "labels": ["A", "B"], "unit": "Birch", "published": "A"},
    ),
    (
        "holds",
        {"kind": "tier", "of": "score.score", "cuts": [85], "labels": ["A", "B"], "unit": "Birch", "published": "B"},
    ),
    (
        "fails",
        {"kind": "tier", "of": "score.people", "cuts": [20], "labels": ["A", "B"], "unit": "Birch", "published": "B"},
    ),
    (
        "holds",
        {
            "kind": "tier",
            "of": "score.rank",
            "first": "lowest",
            "cuts": [1, 4],
            "labels": ["A", "B", "C"],
            "tier": "score.tier",
        },
    ),
    ("fails", {"kind": "tier", "of": "score.rank", "cuts": [9], "labels": ["Z", "B"], "tier": "score.tier"}),
    # name
    ("holds", {"kind": "name", "published": "City index", "elsewhere": "City  index"}),
    ("fails", {"kind": "name", "published": "City index", "elsewhere": {"name": "City indices", "line": 3}}),
    ("holds", {"kind": "name", "published": "A", "elsewhere": {"of": "score.tier", "unit": "Ash"}}),
    ("fails", {"kind": "name", "published": "A", "elsewhere": ["A", {"of": "score.tier", "where": {"rank": 2}}]}),
    # relations
    ("holds", {"kind": "share", "of": 91, "in": 100, "relation": "above", "published": 90}),
    ("fails", {"kind": "share", "of": 90, "in": 100, "relation": "above", "published": 90}),
    ("holds", {"kind": "share", "of": 90, "in": 100, "relation": "at least", "published": 90}),
    ("undecided", {"kind": "value", "of": {"value": "90.0"}, "relation": "above", "published": 90}),
    ("holds", {"kind": "value", "of": {"value": "89.9"}, "relation": "below", "published": 90}),
    ("fails", {"kind": "value", "of": {"value": "90.1"}, "relation": "at_most", "published": 90}),
    ("holds", {"kind": "value", "of": 12, "relation": "between", "published": [10, 15]}),
    ("fails", {"kind": "value", "of": 16, "relation": "between", "published": [10, 15]}),
    ("holds", {"kind": "value", "of": 1199, "relation": "about", "published": 1100}),
    ("fails", {"kind": "value", "of": 1201, "relation": "about", "published": 1100}),
    ("fails", {"kind": "value", "of": 1149, "published": 1100}),
    # facts from outside
    ("undecided", {"kind": "weighted mean", "published": "79.4", "needs": "GDP of each city"}),
]


@pytest.mark.parametrize(("verdict", "claim"), CASES, ids=[f"{i}-{c['kind']}" for i, (_, c) in enumerate(CASES)])
def test_verdicts(verdict, claim):
    finding = judged(claim)
    assert finding.verdict == verdict, finding
    assert finding.kind == claim["kind"]
    if verdict == "undecided":
        assert finding.note


def test_both_numbers_are_told():
    finding = judged({"kind": "mean", "of": "score.score", "published": "71.3"})
    assert (finding.published, finding.computed) == ("71.3", "71.14 (71.09 to 71.19)")


def test_what_is_left_out_and_what_is_strange_is_named():
    finding = judged({"kind": "set", "of": "score.name", "where": {"tier": "B"}, "names": ["Cedar", "Birch", "Dogwod"]})
    assert finding.note == "not named: Dogwood; named, but not in the table's rows: Dogwod (is it Dogwood?)"


def test_numbers_that_were_cut_off_are_noted():
    finding = judged({"kind": "share", "of": 2, "in": 3, "published": "66.6"})
    assert finding.verdict == "fails"
    assert "cut off" in finding.note
    assert "cut off" not in judged({"kind": "share", "of": 2, "in": 3, "published": "66.5"}).note


def test_the_nearest_whole_numbers_are_shown():
    claim = {"kind": "difference", "as": "growth", "of": 29, "minus": {"unknown": "whole"}, "published": "31.7"}
    assert judged(claim).computed == "22 gives 31.8182; 23 gives 26.087"


def test_wrong_tiers_are_named_with_both_labels():
    claim = {"kind": "tier", "of": "score.score", "cuts": [80, 50], "labels": ["A", "B", "C"], "tier": "score.tier"}
    finding = judged(claim)
    assert finding.note == "Birch 85.0: A by the cuts, printed B"
    assert finding.computed == "4 of 5 rows agree"


def test_missing_cells_are_counted():
    finding = judged({"kind": "sum", "of": "score.income", "published": "7.0"})
    assert finding.note == "needed: 2 of 5 cells of score.income hold no number"


def test_a_blank_column_decides_nothing():
    tables = {"t": {"name": ["x", "y"], "province": ["", ""]}}
    finding = judged({"kind": "count", "of": "t", "where": {"province": "A"}, "published": 0}, tables)
    assert finding.verdict == "undecided"
    assert "province" in finding.note


def test_lines_file_and_section_are_kept():
    finding = judged(
        {
            "kind": "count",
            "of": "score",
            "published": 5,
            "line": [7, 9],
            "file": "a.txt",
            "section": "Part",
            "note": "n",
        }
    )
    assert (finding.file, finding.line, finding.place, finding.note) == ("a.txt", 7, "Part, lines 7, 9", "n")


UNFIT = [
    ({"kind": "value", "of": "score.score", "where": {"tier": "B"}, "published": 1}, "3 rows of 'score' are meant"),
    ({"kind": "value", "of": "score.score", "where": {"tier": "Z"}, "published": 1}, "0 rows of 'score' are meant"),
    ({"kind": "mean", "of": "score.score", "where": {"tier": "Z"}, "published": 1}, "no row of 'score'"),
    ({"kind": "rank", "of": "score.score", "unit": "Elm", "where": NORTH, "published": 1}, "not among the rows"),
    ({"kind": "order", "of": "score.score", "units": ["Ash", "Elm"], "where": NORTH}, "Elm: not among the rows"),
    ({"kind": "sum", "of": [{"unknown": "whole"}, 2], "published": 1}, "unknown: whole"),
    ({"kind": "weighted mean", "of": [1, 2], "weights": [0, 0], "published": 1}, "weights of at least 0"),
    (
        {"kind": "share", "of": {"unknown": "whole"}, "in": 9, "relation": "above", "published": 1},
        "the relation is equal or about",
    ),
]


@pytest.mark.parametrize(("claim", "message"), UNFIT)
def test_what_cannot_be_computed_as_written_is_an_error_by_claim(claim, message):
    with pytest.raises(TableError, match="claim 'c0'") as caught:
        judged(claim)
    assert message in str(caught.value)


def test_a_name_that_stands_twice_is_no_unit():
    tables = {"t": {"name": ["x", "x", "y"], "v": ["1", "2", "3"]}}
    with pytest.raises(TableError, match="more than one row"):
        judged({"kind": "rank", "of": "t.v", "unit": "x", "published": 1}, tables)
