"""Descriptions: of tables that cannot be scored, of results, of parts that do not apply; screening; the page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci
from cityindex import Description, NotFoundError, ScoreError, TableError, describe, score

SPEC = """
cityindex: 1
id: cities
unit: {kind: city, key: city}
index:
  id: score
  children:
    - id: economy
      children:
        - {id: gdp, per: people, steps: [minmax]}
        - {id: jobs, steps: [minmax]}
        - {id: firms, steps: [minmax]}
    - id: green
      children:
        - {id: smog, direction: less, steps: [minmax]}
        - {id: parks, steps: [minmax]}
"""
ROWS = {
    "city": list("甲乙丙丁戊己"),
    "people": [2.0, 1.0, 4.0, 2.0, 1.0, 5.0],
    "gdp": [8.0, 1.0, 12.0, 4.0, None, 20.0],
    "jobs": [4.0, 1.0, 3.0, 2.0, 5.0, 4.1],
    "firms": [8.1, 2.0, 6.0, 4.0, None, 8.0],
    "smog": [5.0, 9.0, 7.0, 8.0, 2.0, 4.0],
    "parks": [7.0, 7.0, 7.0, 7.0, 7.0, 7.0],
}


@pytest.fixture
def table():
    return pd.DataFrame(ROWS)


@pytest.fixture
def whole(table):
    """A table that can be scored."""
    return table.assign(parks=[5.0, 9.0, 6.5, 8.0, 2.0, 4.5]).dropna()


def test_a_table_that_cannot_be_scored_is_described(table):
    with pytest.raises(ScoreError):
        score(SPEC, table)
    got = describe(SPEC, table)
    assert isinstance(got, Description)
    columns = got.columns()
    assert columns.loc["parks", "flags"] == "constant: 7 everywhere"
    assert columns.loc["gdp", "missing"] == 1
    assert columns.loc["gdp", "max"] == 4  # divided by people
    assert got.columns(stage="read").loc["gdp", "max"] == 20
    assert "gdp: missing in 1 of 6 units" in str(got)


def test_unpublished_weights_and_parts_do_not_stop_it():
    spec = """
cityindex: 1
id: hidden
index:
  id: score
  weights: unpublished
  children: [{id: a, steps: [minmax]}, {id: b, children: unpublished}]
"""
    got = describe(spec, pd.DataFrame({"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]}))
    assert list(got.columns().index) == ["a", "b"]


def test_carried_columns_need_a_result(table, whole):
    before = describe(SPEC, table)
    for ask in (lambda: before.columns(stage="carried"), lambda: before.alpha(stage="published")):
        with pytest.raises(NotFoundError, match=r"describe\(score"):
            ask()
    after = describe(score(SPEC, whole))
    assert after.columns(stage="carried").loc["smog", "max"] == 1
    assert set(after.columns(1, stage="carried").index) == {"economy", "green"}
    with pytest.raises(NotFoundError, match="economy has no turned column: it is computed"):
        before.correlations(1)
    with pytest.raises(NotFoundError, match="carried"):
        before.columns(stage="caried")


def test_direction_is_turned_before_numbers_are_set_against_each_other(whole):
    """Smog and parks run alike (r > 0.9), which is bad: less smog is better, more parks are."""
    got = describe(SPEC, whole)
    assert got.correlations("green", stage="raw").loc["smog", "parks"] > 0.9
    assert got.correlations("green").loc["smog", "parks"] < -0.9
    flags = got.flags().set_index(["node", "other"])
    assert flags.loc[("smog", "parks"), "kind"] == "negative"
    after = describe(score(SPEC, whole)).flags().set_index(["node", "other"])
    assert after.loc[("smog", "parks"), "r"] == pytest.approx(flags.loc[("smog", "parks"), "r"], abs=1e-12)


def test_steps_that_fall_say_the_direction_where_the_spec_does_not(whole):
    falling = SPEC.replace("direction: less, steps: [minmax]", "steps: [{rescale: {from: [min, max], to: [1, 0]}}]")
    flags = describe(falling, whole).flags(denominator=1)
    assert flags.loc[0, ["kind", "node", "other"]].tolist() == ["negative", "smog", "parks"]


def test_flags_tell_pairs_that_say_the_same(whole):
    flags = describe(SPEC, whole).flags()
    pair = flags[(flags["node"] == "jobs") & (flags["other"] == "firms")].iloc[0]
    assert pair["kind"] == "high"
    assert pair["r"] == pytest.approx(whole["jobs"].corr(whole["firms"]), abs=1e-12)
    assert pair["words"] == f"jobs and firms nearly say the same (r {pair['r']:.2f}, in economy)"
    assert describe(SPEC, whole).flags(high=0.9999, low=-0.9999, denominator=1).empty


def test_a_child_against_its_group(whole):
    spec = SPEC.replace("{id: smog, direction: less,", "{id: smog, weight: 3,").replace(
        "{id: parks,", "{id: parks, weight: 1,"
    )
    bad = whole.assign(parks=-whole["parks"])
    flags = describe(score(spec, bad)).flags()
    against = flags[flags["kind"] == "parent"]
    assert "parks" in set(against["node"])
    assert (against["r"] < 0).all()
    assert list(flags["kind"])[: len(against)] == ["parent"] * len(against)  # the worst first


def test_correlations_as_pairs_with_units_and_chance(table):
    pairs = describe(SPEC, table).correlations(["jobs", "firms", "smog"], p=True, stage="raw")
    assert list(pairs.columns) == ["node", "with", "units", "r", "p"]
    assert list(zip(pairs["node"], pairs["with"], pairs["units"], strict=True)) == [
        ("jobs", "firms", 5),
        ("jobs", "smog", 6),
        ("firms", "smog", 5),
    ]
    assert ((pairs["p"] > 0) & (pairs["p"] < 1)).all()


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda d: d.correlations("econmy"), "economy"),
        (lambda d: d.correlations(["gdp", "jbs"]), "jobs"),
        (lambda d: d.correlations(9), "of=9"),
        (lambda d: d.correlations(True), "of=True"),
        (lambda d: d.correlations(method="pearsn"), "pearson"),
        (lambda d: d.components("grean"), "green"),
        (lambda d: d.availability("group"), "groups"),
        (lambda d: d.screen(force_in=["庚"]), "force_in"),
        (lambda d: d.screen({"economi": 0.5}), "economy"),
    ],
)
def test_names_that_are_not_there(table, ask, words):
    with pytest.raises(NotFoundError, match=words):
        ask(describe(SPEC, table))


def test_no_denominators_is_said():
    spec = {"cityindex": 1, "id": "i", "index": {"id": "s", "children": ["a", "b"]}}
    got = describe(ci.load_spec(spec), {"city": ["x", "y", "z"], "a": [1, 2, 3], "b": [3, 5, 4]})
    with pytest.raises(NotFoundError, match="divides no indicator"):
        got.correlations(with_="denominators")
    assert got.flags().empty


def test_division_by_zero_is_told(table):
    table.loc[0, "people"] = 0.0
    flags = describe(SPEC, table).columns().loc["gdp", "flags"]
    assert flags.startswith("divided by people, which is 0 in 1 of 6 units; ")


def test_alpha_and_components_of_what_has_none(table):
    got = describe(SPEC, table)
    row = got.alpha().loc["green"]
    assert np.isnan(row["alpha"])
    assert row["why"] == "every unit has the same number: it goes with nothing (parks)"
    with pytest.raises(ScoreError, match=r"green.*parks"):
        got.components("green")
    components = got.components("economy")
    assert components.units == 5
    assert components.variance["cumulative"].iloc[-1] == pytest.approx(1)
    np.testing.assert_allclose((components.loadings**2).sum(axis=1), 1)
    assert str(components).startswith("economy: the first component explains ")


def test_where_a_node_does_not_apply_it_is_not_missing():
    spec = """
cityindex: 1
id: coast
unit: {key: city}
index:
  id: score
  missing: reweight
  children:
    - {id: jobs, steps: [minmax]}
    - id: sea
      where: {kind: coastal}
      children: [{id: port, steps: [minmax]}, {id: fish, steps: [minmax]}]
"""
    rows = {"city": list("abcd"), "kind": ["coastal", "coastal", "inland", "inland"], "jobs": [1, 2, 3, None]}
    table = pd.DataFrame(rows | {"port": [5.0, None, None, 8.0], "fish": [2.0, 3.0, None, None]})
    got = describe(spec, table)
    columns = got.columns()
    assert columns["units"].to_dict() == {"jobs": 4, "port": 2, "fish": 2}
    assert columns["missing"].to_dict() == {"jobs": 1, "port": 1, "fish": 0}
    assert columns.loc["port", "max"] == 5  # an inland port is not looked at
    counts = got.availability()
    assert counts["indicators"].tolist() == [3, 3, 1, 1]
    assert counts["share"].tolist() == [1, pytest.approx(2 / 3), 1, 0]
    assert np.isnan(got.availability("groups").loc["c", "sea"])
    screened = got.screen(0.5)
    assert list(screened.left_out.index) == ["d"]


def test_editions_are_looked_at_together():
    spec = """
cityindex: 1
id: years
unit: {key: city, period: year}
index: {id: score, children: [{id: a, steps: [minmax]}, {id: b, steps: [minmax]}]}
editions: {2020: {b: {column: c}}}
"""
    rows = {"city": ["x", "y", "x", "y"], "year": [2020, 2020, 2021, 2021], "a": [1, 2, 3, 4]}
    table = pd.DataFrame(rows | {"b": [None, None, 5, 6], "c": [7, 8, None, None]})
    got = describe(spec, table)
    assert got.columns()["missing"].to_dict() == {"a": 0, "b": 0}
    assert got.columns().loc["b", ["min", "max"]].tolist() == [5, 8]
    assert list(got.availability().index) == [("x", "2020"), ("y", "2020"), ("x", "2021"), ("y", "2021")]
    after = describe(score(spec, table))
    assert after.columns(stage="carried").loc["b", "max"] == 1
    assert "kept" not in str(got.screen(force_out="x"))
    assert len(got.screen(force_out="x").table) == 2


def test_an_indicator_of_one_edition_does_not_apply_in_the_other():
    spec = """
cityindex: 1
id: years
unit: {key: city, period: year}
index: {id: score, children: [{id: a, steps: [minmax]}, {id: b, steps: [minmax]}]}
editions: {2020: {score: {children: [{id: a, steps: [minmax]}, {id: c, steps: [minmax]}]}}}
"""
    rows = {"city": ["x", "y", "x", "y"], "year": [2020, 2020, 2021, 2021], "a": [1, 2, 3, 4]}
    table = pd.DataFrame(rows | {"b": [None, None, 5, 6], "c": [7, 8, None, None]})
    got = describe(spec, table)
    assert got.columns()["units"].to_dict() == {"a": 4, "b": 2, "c": 2}
    assert got.columns()["missing"].sum() == 0
    assert got.availability()["share"].tolist() == [1, 1, 1, 1]
    assert len(got.correlations()) == 3


def test_screening_leaves_out_with_reasons_and_says_so_in_the_result(table):
    got = describe(SPEC.replace("minmax", "zscore"), table).screen(0.7)
    assert list(got.left_out.index) == ["戊"]
    assert got.left_out.loc["戊", "reason"] == "3 of 5 indicators available (60%, 70% wanted)"
    assert str(got) == "5 of 6 units stay\n  out: 戊: 3 of 5 indicators available (60%, 70% wanted)"
    assert len(got.table) == 5
    assert len(describe(SPEC, table).table) == 6
    result = score(SPEC, ci.read_table(got.table.to_frame().assign(parks=[1, 2, 3, 4, 5]), key="city"))
    assert len(result) == 5
    again = describe(SPEC, got.table)
    assert [note.message for note in again.notes if note.kind == "screen"] == ["1 unit left out by screening: 戊"]


def test_screening_by_group_by_zeros_and_by_force(table):
    got = describe(SPEC, table)
    by_group = got.screen({"economy": 0.5, "green": 1.0})
    assert by_group.left_out["reason"].to_dict() == {"戊": "1 of 3 indicators of economy available (33%, 50% wanted)"}
    zeros = describe(SPEC, table.assign(smog=0.0, parks=0.0)).screen(0, zeros=0.5)
    assert zeros.left_out["reason"].to_dict() == {"戊": "2 of 3 numbers are 0 (67%, 50% allowed)"}
    forced = got.screen(1.0, force_in="戊", force_out=["甲"])
    assert list(forced.left_out.index) == ["甲"]
    assert forced.units.loc["戊", "reason"].startswith("forced in, in spite of: 3 of 5")
    assert "kept: 戊" in str(forced)
    with pytest.raises(TableError, match="forced in and out"):
        got.screen(force_in=["甲"], force_out=["甲"])
    for wrong in ({"coverage": 65}, {"zeros": -1}):
        with pytest.raises(TableError, match="between 0 and 1"):
            got.screen(**wrong)


def test_all_units_that_pass_leave_the_table_as_it_is(whole):
    got = describe(SPEC, whole)
    assert got.screen(0.5).table is got.table


def test_what_describe_does_not_take(whole):
    with pytest.raises(TableError, match="needs a table"):
        describe(SPEC)
    with pytest.raises(TableError, match="nothing else"):
        describe(score(SPEC, whole), whole)


def test_a_given_group_is_looked_at_as_a_column(whole):
    data = whole[["city", "smog", "parks"]].assign(economy=[3.0, 1.0, 2.0, 5.0, 4.0])
    got = describe(SPEC, data)
    assert list(got.columns().index) == ["economy", "smog", "parks"]
    assert got.columns().loc["economy", "max"] == 5


def test_the_page_is_a_page(table, whole):
    text = str(describe(SPEC, table))
    lines = text.splitlines()
    assert lines[0] == (
        "cities: 6 units, 5 indicators in 3 groups; 2 of 30 cells are missing (6.7%), 5 units are complete "
        "(a table, before computing)"
    )
    assert lines[1] == "columns: 3 of 5 ask for a second look"
    assert lines[2] == "  parks: constant: 7 everywhere"  # the worst first
    assert "  戊: 3 of 5 indicators (60%)" in lines
    wide = {"cityindex": 1, "id": "wide", "index": {"id": "s", "children": [f"x{i}" for i in range(60)]}}
    random = np.random.default_rng(0)
    data = pd.DataFrame(random.lognormal(sigma=3, size=(90, 60)), columns=[f"x{i}" for i in range(60)])
    data[random.random(data.shape) < 0.2] = np.nan
    long = str(describe(ci.load_spec(wide), data.assign(city=range(90))))
    assert len(long.splitlines()) < 60
    assert "more: .columns()" in long
    assert "(a result)" in str(describe(score(SPEC, whole)))


def test_one_unit_one_indicator():
    spec = {"cityindex": 1, "id": "i", "index": {"id": "s", "children": ["a"]}}
    got = describe(ci.load_spec(spec), {"city": ["x"], "a": [3]})
    assert got.columns().loc["a", "flags"] == "constant: one number, 3"
    assert got.flags().empty
    assert got.alpha().empty
    assert np.isnan(got.correlations().iloc[0, 0])
    assert str(got).startswith("i: 1 unit, 1 indicator in 1 group; no cell is missing")


def test_nothing_that_is_handed_out_changes_the_description(table):
    got = describe(SPEC, table)
    before = got.columns()
    before.loc[:, "max"] = -1
    r = got.correlations()
    r.iloc[:, :] = 9
    assert got.columns()["max"].min() > 0
    assert got.correlations().max(axis=None) <= 1


def test_what_lacks_the_number_it_is_divided_by_is_told_so(table):
    table.loc[2, "people"] = np.nan
    flags = describe(SPEC, table).columns().loc["gdp", "flags"]
    assert flags == "missing in 2 of 6 units (1 because people is missing)"
    with pytest.raises(ScoreError) as caught:
        score(SPEC, table.assign(parks=range(6)))
    assert "unit 丙, gdp: missing (it is divided by people, which is missing), and economy" in str(caught.value)
    assert "unit 戊, gdp: missing, and economy" in str(caught.value)


def test_pairs_tell_on_how_few_units_they_rest_and_two_are_too_few(table):
    table["firms"] = [8.0, 2.0, 6.0, None, None, None]
    (flag,) = [flag for flag in describe(SPEC, table).flags(high=0.5)["words"] if "gdp and firms" in flag]
    assert "of 3 units, in economy" in flag
    table.loc[0, "firms"] = None
    assert not describe(SPEC, table).flags(high=-1, low=-1)["words"].str.contains("firms").any()


@pytest.mark.parametrize("scale", [1e-200, 1e100, 1e300])
def test_numbers_beyond_their_squares_stop_nothing(whole, scale):
    found = describe(SPEC, whole.assign(jobs=whole["jobs"] * scale))
    plain = describe(SPEC, whole)
    assert len(str(found).splitlines()) == len(str(plain).splitlines())
    shape = ["skewness", "kurtosis", "distinct", "to_winsorise"]
    pd.testing.assert_frame_equal(found.columns()[shape], plain.columns()[shape])
    pd.testing.assert_frame_equal(found.alpha()[["standardised"]], plain.alpha()[["standardised"]])
