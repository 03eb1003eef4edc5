"""Reproduction: the shipped reports, planted errors that are found where they are, and readings that must not fail."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest

import cityindex as ci
from cityindex.auditing.reproduce import reproduce, reproduction_findings
from cityindex.errors import NotFoundError, SpecError, TableError

UNITS = ["甲", "乙", "丙", "丁"]


def spec_of(**index):
    children = [{"id": "a", "weight": "60%"}, {"id": "b", "weight": "40%"}]
    index = {"id": "score", "children": children, "publish": [{"round": 1}], "rank": {"of": "carried"}, **index}
    return ci.load_spec({"cityindex": 1, "id": "made-up", "index": index})


def tables(**changed):
    """Four units: 0.6 a + 0.4 b as printed."""
    found = {
        "a": {"name": UNITS, "score": ["90.0", "80.0", "70.0", "60.0"]},
        "b": {"name": UNITS, "score": ["80.0", "85.0", "60.0", "55.0"]},
        "score": {
            "rank": ["1", "2", "3", "4"],
            "name": UNITS,
            "score": ["86.0", "82.0", "66.0", "58.0"],
            "line": ["11", "12", "13", "14"],
        },
    }
    for name, columns in changed.items():
        found[name] = {**found[name], **columns}
    return found


def failing(result, kind):
    return [(row.node, row.unit) for row in result.failing if row.kind == kind]


def verdicts(result):
    return {finding.id: finding.verdict for finding in result.findings}


# -- the shipped reports ----------------------------------------------------------------------------------------------


def test_fifteen_complete_cities_of_the_technology_index_hold():
    result = reproduce("tech-capability-2021")
    rows = [row for row in result.rows if row.kind == "reproduction" and row.node == "score"]
    assert len(rows) == 100
    assert sum(row.verdict == "holds" for row in rows) == 15
    assert sum(row.verdict == "undecided" for row in rows) == 85
    assert result.failing == ()
    zhengzhou = next(row for row in rows if row.unit == "郑州市")
    assert (zhengzhou.must, zhengzhou.note) == ("at most 0.36525", "not among the 30 of livelihood")
    beijing = next(row for row in rows if row.unit == "北京市")
    assert (beijing.must, beijing.line) == ("0.7725 to 0.7735", 924)


def test_other_weights_do_not_explain_the_technology_index():
    spec = ci.with_weights(
        ci.load_index("tech-capability-2021"),
        {"score": {"technology": "30%", "economy": "30%", "governance": "20%", "livelihood": "20%"}},
    )
    assert len(failing(reproduce(spec), "reproduction")) > 10


def test_the_end_of_a_list_alone_can_refute_a_row():
    """A city that stands in one list at most has at most 0.29825: 0.3 would be too much."""
    spec = ci.load_index("tech-capability-2021")
    place = ci.catalog.folder(spec.id) / "published"
    read = {name: pd.read_csv(place / f"{name}.csv", dtype=str) for name in ci.published_tables(spec.id)}
    score = read["score"]
    score.loc[score["name"] == "湖州市", "score"] = "0.300"
    [row] = [row for row in reproduce(spec, read).failing if row.kind == "reproduction"]
    assert (row.unit, row.must) == ("湖州市", "at most 0.29825")


def test_four_strays_of_the_digital_economy_index():
    result = reproduce("digital-economy-city-2020")
    strays = {(row.unit, row.published, row.must) for row in result.failing}
    assert strays == {
        ("丽水", "四线", "三线"),
        ("吉林", "四线", "三线"),
        ("六安", "三线", "四线"),
        ("达州", "三线", "四线"),
    }
    assert {row.kind for row in result.failing} == {"tiers"}
    found = next(finding for finding in result.findings if finding.id == "tiers-score")
    assert (found.verdict, found.computed) == ("fails", "144 hold, 4 fail")
    assert all(name in found.note for name in ("丽水", "吉林", "六安", "达州"))


def test_the_national_mean_follows_from_its_four_dimensions():
    findings = {finding.id: finding for finding in reproduce("digital-economy-city-2020").findings}
    mean = findings["means-score"]
    assert (mean.verdict, mean.published, mean.computed) == ("holds", "57.3", "57.255 to 57.355")
    assert mean.line == 422
    assert findings["means-score-list"].computed == "57.3074"


# -- planted errors ---------------------------------------------------------------------------------------------------


def test_what_is_right_holds():
    result = reproduce(spec_of(), tables())
    assert verdicts(result) == {"reproduction-score": "holds", "ranks-score": "holds"}
    assert str(result).endswith("the ranks of score follow from its printed scores: 4 hold")


def test_one_wrong_total_is_found():
    result = reproduce(spec_of(), tables(score={"score": ["86.0", "82.2", "66.0", "58.0"]}))
    [row] = result.failing
    assert (row.kind, row.unit, row.published, row.must, row.line) == (
        "reproduction",
        "乙",
        "82.2",
        "81.95 to 82.05",
        12,
    )
    assert (row.bounds.low, row.bounds.high) == (Fraction("81.95"), Fraction("82.05"))
    found = next(finding for finding in result.findings if finding.verdict == "fails")
    assert (found.id, found.line, found.computed) == ("reproduction-score", 12, "3 hold, 1 fail")
    assert "乙 82.2, must be 81.95 to 82.05" in found.note


@pytest.mark.parametrize(("said", "verdict"), [("82.1", "holds"), ("82.2", "fails"), ("81.9", "holds")])
def test_rounding_of_parts_and_totals_is_allowed(said, verdict):
    result = reproduce(spec_of(), tables(score={"score": ["86.0", said, "66.0", "58.0"]}))
    assert verdicts(result)["reproduction-score"] == verdict


def test_one_swapped_rank_is_found():
    result = reproduce(spec_of(), tables(score={"rank": ["1", "3", "2", "4"]}))
    assert failing(result, "ranks") == [("score", "乙"), ("score", "丙")]
    assert [row.must for row in result.failing] == ["2", "3"]


def test_a_rank_that_stands_twice_is_found():
    result = reproduce(spec_of(), tables(score={"rank": ["1", "2", "2", "4"]}))
    assert failing(result, "ranks") == [("score", "丙")]


def test_equal_scores_may_have_running_ranks_or_one():
    same = ["86.0", "82.0", "82.0", "58.0"]
    for ranks in (["1", "2", "3", "4"], ["1", "3", "2", "4"], ["1", "2", "2", "4"]):
        result = reproduce(spec_of(), {"score": {"name": UNITS, "score": same, "rank": ranks}})
        assert failing(result, "ranks") == []
    running = next(
        finding
        for finding in reproduce(
            spec_of(), {"score": {"name": UNITS, "score": same, "rank": ["1", "2", "3", "4"]}}
        ).findings
        if finding.id == "ranks-score"
    )
    assert "2 units share a printed score" in running.note


def test_an_order_in_a_selection_is_judged_by_pairs():
    table = {"name": UNITS, "score": ["86.0", "58.0", "66.0", "50.0"], "rank": ["3", "10", "17", "40"]}
    result = reproduce(spec_of(), {"score": table})
    [row] = result.failing
    assert row.unit == "乙"
    assert "丙 stands behind it, at 17, with 66.0" in row.note


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [("min", "1 2 2 4"), ("max", "1 3 3 4"), ("average", "1 2.5 2.5 4"), ("dense", "1 2 2 3")],
)
def test_every_rule_for_ties_holds(ties, ranks):
    spec = spec_of(rank={"of": "published", "ties": ties})
    table = {"name": UNITS, "score": ["86.0", "82.0", "82.0", "58.0"], "rank": ranks.split()}
    assert reproduce(spec, {"score": table}).failing == ()


def test_ranks_where_the_lowest_is_first():
    spec = spec_of(rank={"of": "carried", "first": "lowest"})
    table = {"name": UNITS, "score": ["86.0", "82.0", "66.0", "58.0"], "rank": ["4", "3", "2", "1"]}
    assert reproduce(spec, {"score": table}).failing == ()
    assert len(reproduce(spec, {"score": {**table, "rank": ["1", "2", "3", "4"]}}).failing) == 4


def test_ranks_of_an_indicator():
    """What is printed of an indicator is turned already, where less is better."""
    children = [{"id": "a", "direction": "less", "steps": ["minmax"]}, "b"]
    turned = {"name": UNITS, "score": ["1.0", "0.7", "0.4", "0.0"], "rank": ["1", "2", "3", "4"]}
    assert reproduce(spec_of(children=children), {"a": turned}).failing == ()
    assert len(reproduce(spec_of(children=children), {"a": {**turned, "rank": ["4", "3", "2", "1"]}}).failing) == 4


TIERS = {"cuts": [80, 60], "labels": ["前", "中", "后"]}


def tiered(scores, said, **index):
    table = {"name": UNITS[: len(scores)], "score": scores, "tier": said}
    return reproduce(spec_of(tiers=TIERS, **index), {"score": table})


def test_one_wrong_tier_is_found():
    [row] = tiered(["86.0", "80.1", "66.0", "58.0"], ["前", "中", "中", "后"]).failing
    assert (row.kind, row.unit, row.published, row.must) == ("tiers", "乙", "中", "前")
    assert "scores 80.1; cuts near it: 80" in row.note


def test_a_score_that_can_be_on_either_side_of_a_cut_may_be_in_either_tier():
    for said in ("前", "中"):
        assert tiered(["80.0"], [said]).failing == ()
    published = tiered(["80.0"], ["中"], rank={"of": "published"})
    assert [row.must for row in published.failing] == ["前"]


def test_a_tier_that_the_spec_does_not_have_cannot_be_decided():
    result = tiered(["86.0"], ["顶"])
    assert result.failing == ()
    assert "'顶' is none of the tiers: 前, 中, 后" in result.rows[-1].note


def test_learned_tiers_are_judged_by_their_order():
    spec = spec_of(tiers={"equal": 2})
    table = {"name": UNITS, "score": ["86.0", "82.0", "66.0", "58.0"], "tier": ["1", "2", "1", "2"]}
    [row] = reproduce(spec, {"score": table}).failing
    assert (row.unit, row.note) == ("丙", "乙, 82.0, is in a worse tier")


def test_one_wrong_mean_is_found():
    means = {"item": ["a", "b", "score"], "value": ["70.0", "50.0", "62.2"], "line": ["1", "2", "3"]}
    [row] = reproduce(spec_of(), {"means": means}).failing
    assert (row.kind, row.node, row.published, row.must, row.line) == ("means", "score", "62.2", "61.95 to 62.05", 3)
    assert reproduce(spec_of(), {"means": {**means, "value": ["70.0", "50.0", "62.1"]}}).failing == ()


def test_means_by_tier_and_by_title():
    spec = spec_of(title="总分")
    means = {
        "item": ["a", "b", "总分"] * 2,
        "tier": ["一线"] * 3 + ["二线"] * 3,
        "value": ["70.0", "50.0", "62.0", "60.0", "40.0", "55.0"],
    }
    result = reproduce(spec, {"means": means})
    assert [(row.unit, row.verdict) for row in result.rows] == [("一线", "holds"), ("二线", "fails")]


def test_the_mean_of_eight_sectors():
    spec = ci.load_index("digital-economy-city-2020")
    sectors = [child.id for child in spec["industry_digitalisation"].children]
    values = ["50.1", "60.2", "55.3", "58.4", "49.5", "51.6", "47.7", "45.8"]
    for said, verdict in (("52.3", "holds"), ("53.3", "fails")):
        means = {"item": [*sectors, "产业数字化"], "value": [*values, said]}
        found = reproduce(spec, {"sectors": means}).findings
        assert [(finding.id, finding.verdict) for finding in found] == [("means-industry_digitalisation", verdict)]


# -- readings that must not fail --------------------------------------------------------------------------------------


def test_one_wide_table():
    wide = {
        "name": UNITS,
        "a": ["90.0", "80.0", "70.0", "60.0"],
        "b": ["80.0", "85.0", "60.0", "55.0"],
        "score": ["86.0", "82.0", "66.0", "59.0"],
        "rank": ["1", "2", "3", "4"],
        "a_rank": ["1", "2", "4", "3"],
    }
    result = reproduce(spec_of(), pd.DataFrame(wide))
    assert failing(result, "reproduction") == [("score", "丁")]
    assert failing(result, "ranks") == [("a", "丙"), ("a", "丁")]
    other = spec_of(id="total")
    assert failing(reproduce(other, pd.DataFrame(wide)), "reproduction") == [("total", "丁")]


def test_numbers_are_taken_to_have_the_decimals_of_their_column():
    numbers = {name: {**table, "score": [float(text) for text in table["score"]]} for name, table in tables().items()}
    numbers["a"]["score"][1] = 80.25
    result = reproduce(spec_of(), numbers)
    assert failing(result, "reproduction") == []
    note = next(finding.note for finding in result.findings if finding.id == "reproduction-score")
    assert "a: read as numbers, taken to be printed with 2 decimals" in note
    assert "b: read as numbers, taken to be printed with 0 decimals" in note
    tight = reproduce(spec_of(), numbers, decimals={"a": 2, "b": 2, "score": 2})
    assert failing(tight, "reproduction") == [("score", "乙")]


def test_percent_signs_thousands_and_full_width():
    found = tables(a={"score": ["90.0%", "８０．０", "70.0", "60.0"]})
    assert reproduce(spec_of(), found).failing == ()


def test_a_score_that_is_no_number_is_not_decided():
    result = reproduce(spec_of(), tables(a={"score": ["约90", "80.0", "—", "60.0"]}))
    assert verdicts(result)["reproduction-score"] == "holds"
    notes = {row.unit: row.note for row in result.rows if row.verdict == "undecided"}
    assert notes == {"甲": "a: '约90' is no number as it is printed", "丙": "a is blank (missing: refuse)"}


def test_missing_parts_by_the_rule_of_the_group():
    blank = tables(a={"score": ["90.0", "", "70.0", "60.0"]}, score={"score": ["86.0", "85.0", "66.0", "58.0"]})
    assert reproduce(spec_of(missing="reweight"), blank).failing == ()
    wrong = tables(a={"score": ["90.0", "", "70.0", "60.0"]})
    assert failing(reproduce(spec_of(missing="reweight"), wrong), "reproduction") == [("score", "乙")]
    [row] = reproduce(spec_of(missing="propagate"), blank).failing
    assert (row.unit, row.must) == ("乙", "blank")
    left = tables(a={"score": ["90.0", "", "70.0", "60.0"]}, score={"score": ["86.0", "—", "66.0", "58.0"]})
    assert reproduce(spec_of(missing="propagate"), left).failing == ()


def test_a_name_that_is_nearly_the_same_is_not_taken_for_absent():
    found = tables(a={"name": ["甲市", "乙", "丙", "丁"], "rank": ["1", "2", "3", "4"]})
    row = next(row for row in reproduce(spec_of(), found).rows if row.unit == "甲" and row.kind == "reproduction")
    assert (row.verdict, row.note) == ("undecided", "not in the list of a, or is it 甲市?")


def test_a_list_without_ranks_bounds_nobody():
    found = tables(
        a={"name": UNITS[:3], "score": ["90.0", "80.0", "70.0"]}, score={"score": ["86.0", "82.0", "66.0", "99.0"]}
    )
    row = next(row for row in reproduce(spec_of(), found).rows if row.unit == "丁" and row.kind == "reproduction")
    assert (row.verdict, row.must) == ("undecided", "any number")
    found["a"]["rank"] = ["1", "2", "3"]
    assert failing(reproduce(spec_of(), found), "reproduction") == [("score", "丁")]


def test_a_unit_that_the_list_of_totals_leaves_out():
    found = tables(
        score={"name": UNITS[1:], "score": ["82.0", "66.0", "58.0"], "rank": ["1", "2", "3"], "line": [""] * 3}
    )
    row = next(row for row in reproduce(spec_of(), found).rows if row.unit == "甲")
    assert (row.verdict, row.must) == ("undecided", "85.95 to 86.05")
    assert "was it ranked?" in row.note


def test_a_unit_that_stands_twice_is_not_decided():
    found = tables(a={"name": ["甲", "乙", "乙", "丁"]})
    rows = {row.unit: row for row in reproduce(spec_of(), found).rows if row.kind == "reproduction"}
    assert (rows["乙"].verdict, rows["乙"].note) == ("undecided", "a has it several times")


def test_units_that_two_columns_name():
    found = {
        name: {**table, "province": ["东", "东", "西", "西"], "name": ["甲", "乙", "甲", "乙"]}
        for name, table in tables().items()
    }
    result = reproduce(spec_of(), found, key=("province", "name"))
    assert result.failing == ()
    assert result.rows[0].unit == "东 / 甲"


def test_what_is_treated_before_it_is_published_cannot_be_told():
    spec = spec_of(publish=["percent_rank"])
    assert verdicts(reproduce(spec, tables()))["reproduction-score"] == "undecided"
    children = [{"id": "a", "weight": "60%", "publish": ["percent_rank"]}, {"id": "b", "weight": "40%"}]
    found = reproduce(spec_of(children=children), tables())
    assert "what is printed of a is not what moves up (percent_rank)" in found.findings[0].note


def test_weights_that_are_not_printed():
    spec = spec_of(children=["a", "b"], weights="unpublished")
    assert reproduce(spec, tables()).findings[0].note == "its weights are not published"


def test_a_use_reads_what_is_published():
    index = {
        "id": "score",
        "aggregate": "sum",
        "publish": [{"round": 0}],
        "children": [{"use": "half", "of": "published"}, {"id": "half", "children": ["a"], "publish": [{"round": 0}]}],
    }
    spec = ci.load_spec({"cityindex": 1, "id": "t", "index": index})
    said = {"half": {"name": ["甲"], "score": ["10"]}, "score": {"name": ["甲"], "score": ["20"]}}
    row = next(row for row in reproduce(spec, said).rows if row.node == "score")
    assert (row.verdict, row.must) == ("holds", "19.5 to 20.5")


def test_scores_that_are_cut_off():
    spec = spec_of(publish=[{"round": {"digits": 0, "how": "down"}}])
    found = {
        "a": {"name": ["甲"], "score": ["89.8"]},
        "b": {"name": ["甲"], "score": ["79.9"]},
        "score": {"name": ["甲"], "score": ["85"]},
    }
    assert reproduce(spec, found).failing == ()
    assert len(reproduce(spec_of(publish=[{"round": 0}]), found).failing) == 1


# -- bad input --------------------------------------------------------------------------------------------------------


def test_what_cannot_be_used_is_refused():
    with pytest.raises(SpecError, match="is no spec"):
        reproduce(7, tables())
    with pytest.raises(TableError, match="there are no tables"):
        reproduce(spec_of(), {})
    with pytest.raises(NotFoundError, match="no index 'made-up' ships"):
        reproduce(spec_of())
    with pytest.raises(NotFoundError, match=r"no table has the columns 'nam'. Did you mean 'name'"):
        reproduce(spec_of(), tables(), key="nam")


@pytest.mark.parametrize(
    "options", [{"decimals": "1"}, {"decimals": {"a": -1}}, {"decimals": True}, {"key": 3}, {"key": []}]
)
def test_options_that_are_none(options):
    with pytest.raises(TableError, match="is wanted"):
        reproduce(spec_of(), tables(), **options)


def test_tables_of_other_things_are_left_alone():
    other = {"id": ["a", "b"], "parent": ["score", "score"], "weight": ["60%", "40%"]}
    assert reproduction_findings(spec_of(), {"weights": other}) == ()
    assert "nothing that is printed can be recomputed" in str(reproduce(spec_of(), {"weights": other}))


def test_the_frame_has_a_row_for_each_number():
    frame = reproduce(spec_of(), tables()).to_frame()
    assert frame["kind"].value_counts().to_dict() == {"reproduction": 4, "ranks": 4}
    assert frame.loc[0, ["low", "high"]].tolist() == [85.95, 86.05]
