"""Regions of a result: means, places, counts, inequality and convergence; who is left out; what is refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import cityindex as ci
from cityindex.methods.convergence import beta_convergence
from cityindex.methods.inequality import theil

SPEC = {
    "cityindex": 1,
    "id": "one",
    "unit": {"key": "city"},
    "index": {
        "id": "score",
        "missing": "propagate",
        "tiers": {"cuts": [30, 20], "labels": ["高", "中", "低"]},
        "children": ["a"],
    },
}
PANEL = {**SPEC, "unit": {"key": "city", "period": "year"}}
CITIES = {
    "city": ["昆山", "江阴", "太仓", "晋江", "南安", "义乌", "慈溪"],
    "省": ["江苏", "江苏", "江苏", "福建", "福建", "浙江", ""],
    "地区": ["苏州", "无锡", "苏州", "泉州", "泉州", "金华", "宁波"],
    "gdp": [5000, 4900, 1700, 3300, 1600, 2000, 2600],
    "a": [40, 35, 10, 30, 20, 25, 22],
}


def scored(spec=SPEC, **changes):
    return ci.score(spec, {**CITIES, **changes})


@pytest.fixture(scope="module")
def found():
    return ci.regions(scored(), by="省", weights="gdp", top=[2, 3])


@pytest.fixture(scope="module")
def panel():
    """Six cities of two provinces over three years; 新市 is there in the last year only."""
    rows = []
    for year, a in ((2019, [10, 20, 40, 80, 5, 15]), (2021, [14, 24, 40, 70, 7, 18]), (2024, [20, 28, 40, 60, 11, 22])):
        rows += [
            (name, year, "南" if place < 3 else "北", place + 1, value)
            for place, (name, value) in enumerate(zip("甲乙丙丁戊己", a, strict=True))
        ]
    rows.append(("新市", 2024, "西", 9, 33))
    data = pd.DataFrame(rows, columns=["city", "year", "区", "gdp", "a"])
    return ci.score(PANEL, data)


# -- means and places --------------------------------------------------------------------------------------------------


def test_means_by_hand(found):
    means = found.means.set_index("省")
    assert list(means.index) == ["江苏", "福建", "浙江"]  # by weighted mean
    assert means["units"].tolist() == [3, 2, 1]
    assert means["mean"].tolist() == pytest.approx([85 / 3, 25, 25])
    weighted = [(5000 * 40 + 4900 * 35 + 1700 * 10) / 11600, (3300 * 30 + 1600 * 20) / 4900, 25]
    assert means["weighted_mean"].tolist() == pytest.approx(weighted)
    assert means["median"].tolist() == [35, 25, 25]
    assert (means["lowest"].tolist(), means["highest"].tolist()) == ([10, 20, 25], [40, 30, 25])


def test_means_are_those_of_group_scores(found):
    theirs = scored().group_scores("省", weights="gdp", node="score").set_index("省")["score"]
    ours = found.means.set_index("省")["weighted_mean"]
    assert ours.to_dict() == pytest.approx(theirs.drop("").to_dict(), rel=1e-15)


def test_places_by_hand(found):
    assert found.ranks.to_dict("records") == [
        {"省": "江苏", "best_rank": 1, "best_unit": "昆山", "median_rank": 2, "worst_rank": 7, "worst_unit": "太仓"},
        {"省": "福建", "best_rank": 3, "best_unit": "晋江", "median_rank": 4.5, "worst_rank": 6, "worst_unit": "南安"},
        {"省": "浙江", "best_rank": 4, "best_unit": "义乌", "median_rank": 4, "worst_rank": 4, "worst_unit": "义乌"},
    ]


def test_the_order_follows_what_is_first():
    lowest = {**SPEC, "index": {**SPEC["index"], "rank": {"first": "lowest"}, "tiers": {"cuts": [20, 30]}}}
    means = ci.regions(scored(lowest), by="省").means
    assert means["mean"].is_monotonic_increasing
    assert ci.regions(scored(), by="省").means["mean"].is_monotonic_decreasing


# -- counts, shares, quotients -----------------------------------------------------------------------------------------


def test_counts_by_hand(found):
    counts = found.counts.set_index("省")
    assert list(counts.columns) == ["units", "gdp", "top_2", "top_3", "高", "中", "低"]
    assert counts.loc["江苏"].tolist() == [3, 11600, 2, 2, 2, 0, 1]
    assert counts.loc["(none)"].tolist() == [1, 2600, 0, 0, 0, 1, 0]
    assert counts.loc["total"].tolist() == [7, 21100, 2, 3, 3, 3, 1]
    assert counts.iloc[:-1].sum().tolist() == counts.loc["total"].tolist()


def test_shares_and_quotients_by_hand(found):
    shares, quotients = found.shares.set_index("省"), found.quotients.set_index("省")
    assert shares.loc["江苏", ["units", "gdp", "top_2", "高"]].tolist() == pytest.approx(
        [3 / 7, 11600 / 21100, 1, 2 / 3]
    )
    assert shares.iloc[:-1].sum().tolist() == pytest.approx([1] * 7)
    assert quotients.loc["江苏", ["units", "top_2", "高"]].tolist() == pytest.approx([1, 7 / 3, 14 / 9])
    assert quotients.loc["total"].tolist() == [1] * 7


def test_without_tiers_weights_and_top_there_are_units_alone():
    found = ci.regions(scored(), by="省", tiers=False)
    assert list(found.counts.columns) == ["省", "units"]
    assert found.top == found.tier_labels == ()
    assert "weighted_mean" not in found.means


def test_the_usual_numbers_of_first_places_are_those_below_all():
    count = 60
    data = {"city": [f"c{place}" for place in range(count)], "area": ["N", "S"] * 30, "a": range(1, count + 1)}
    assert ci.regions(ci.score(SPEC, data), by="area").top == (10, 20, 50)
    assert ci.regions(ci.score(SPEC, data), by="area", top=7).counts["top_7"].tolist() == [4, 3, 7]


EDITIONS = {
    **PANEL,
    "index": {**PANEL["index"], "tiers": {"cuts": [30, 20], "labels": ["好", "中", "差"]}},
    "editions": {"2011": {"score": {"tiers": {"cuts": [25], "labels": ["甲", "差"]}}}},
}
TWO_YEARS = {
    "city": [*"wxyz"] * 2,
    "year": [2010] * 4 + [2011] * 4,
    "区": [*"NNSS"] * 2,
    "a": [40, 25, 10, 15, 30, 26, 12, 35],
}


def test_tiers_of_editions_are_merged_the_best_first():
    found = ci.regions(ci.score(EDITIONS, TWO_YEARS), by="区")
    assert found.tier_labels == ("甲", "好", "中", "差")
    own = found.at("counts", "2010").set_index("区")[list(found.tier_labels)]
    assert own.to_dict("index") == {
        "N": {"甲": 0, "好": 1, "中": 1, "差": 0},
        "S": {"甲": 0, "好": 0, "中": 0, "差": 2},
        "total": {"甲": 0, "好": 1, "中": 1, "差": 2},
    }
    assert found.at("counts", "2011").set_index("区").loc["S", ["甲", "差"]].tolist() == [1, 1]
    assert all(f">{tier}</span>" in ci.show(found) for tier in found.tier_labels)


def test_an_edition_without_tiers_is_told():
    spec = {**EDITIONS, "index": {key: value for key, value in EDITIONS["index"].items() if key != "tiers"}}
    found = ci.regions(ci.score(spec, TWO_YEARS), by="区")
    assert found.tier_labels == ("甲", "差")
    assert [(str(note), len(note.units)) for note in found.notes] == [
        ("4 rows with no tier: counted in none of them", 4)
    ]
    assert "4 个评价对象未分档" in ci.show(found, language="zh")


def test_a_share_of_nothing_is_nan():
    found = ci.regions(scored(a=[10, 11, 12, 13, 14, 15, 16]), by="省")
    assert found.shares["高"].isna().all()


# -- who is left out ---------------------------------------------------------------------------------------------------


def test_who_is_left_out_is_told(found):
    assert [str(note) for note in found.notes] == ["1 unit with no 省: in no group, counted under (none)"]
    assert found.notes[0].units == ("慈溪",)
    more = ci.regions(
        scored(gdp=[5000, "", 1700, 3300, 1600, 0, 2600], a=[40, 35, "", 30, 20, 25, 22]), by="省", weights="gdp"
    )
    told = {str(note): note.units for note in more.notes}
    assert told == {
        "1 unit with no value of score: left out": ("太仓",),
        "1 unit with no 省: in no group, counted under (none)": ("慈溪",),
        "1 unit with no gdp: left out of what is weighted": ("江阴",),
        "1 group with no weight above 0: no weighted mean (浙江)": (),
    }
    means = more.means.set_index("省")
    assert means.loc["江苏", ["units", "without_score", "without_weight"]].tolist() == [2, 1, 1]
    assert means.loc["江苏", "weighted_mean"] == 40
    assert means.loc["浙江", "mean"] == 25
    assert np.isnan(means.loc["浙江", "weighted_mean"])
    assert list(means.index)[-1] == "浙江"


def test_a_region_without_any_score_stays_with_nothing():
    found = ci.regions(scored(a=[40, 35, 10, 30, 20, "", 22]), by="省")
    means = found.means.set_index("省")
    assert means.loc["浙江", ["units", "without_score"]].tolist() == [0, 1]
    assert np.isnan(means.loc["浙江", "mean"])
    assert found.ranks.set_index("省").loc["浙江"].isna().all()
    assert "浙江" in str(found)


def test_labels_compare_as_numbers_where_they_are():
    found = ci.regions(scored(省=["1", "1.0", 1, "02", 2, "3", ""]), by="省")
    assert sorted(found.means["省"]) == ["1", "2", "3"]


def test_columns_may_have_the_names_of_ours():
    data = {**CITIES, "units": CITIES["省"], "mean": CITIES["gdp"]}
    found = ci.regions(ci.score(SPEC, data), by="units", weights="mean")
    assert list(found.counts.columns)[:3] == ["units", "units_", "mean"]
    assert found.means.iloc[0, 0] == "江苏"
    usual = ci.regions(scored(), by="省", weights="gdp")
    rows, theirs = (str(each).splitlines()[2:6] for each in (found, usual))
    assert [row.split() for row in rows] == [row.split() for row in theirs]
    numbers = [re.findall(r">(−?[\d.,]+)<", ci.show(each)) for each in (found, usual)]
    assert numbers[0] == numbers[1]
    assert len(numbers[0]) > 20


def test_a_column_of_labels_or_periods_may_be_called_weights():
    data = {**CITIES, "weights": CITIES["省"]}
    parts = ci.regions(ci.score(SPEC, data), by="weights").parts
    assert list(parts.columns)[:3] == ["weights", "weights_", "share"]
    spec = {**PANEL, "unit": {"key": "city", "period": "weights"}}
    found = ci.regions(ci.score(spec, {**CITIES, "weights": [2020] * 7}), by="省")
    assert list(found.dispersion.columns)[:3] == ["weights", "weights_", "units"]
    assert "Theil T" in str(found)
    assert "Theil T" in ci.show(found, language="en")


def test_tables_are_copies(found):
    for frame in (found.means, found.dispersion, found.parts):
        frame["units"] = -1
    assert found.means["units"].min() > 0
    assert found.dispersion["units"].min() > 0


# -- inequality --------------------------------------------------------------------------------------------------------


def test_dispersion_is_that_of_the_kernels(found):
    a = np.array(CITIES["a"][:6], float)
    groups = np.array([0, 0, 0, 1, 1, 2])
    equal, weighted = found.dispersion.to_dict("records")
    assert (equal["weights"], weighted["weights"], equal["units"]) == ("equal", "gdp", 6)
    for row, w in ((equal, None), (weighted, np.array(CITIES["gdp"][:6], float))):
        for name, index in (("theil_t", "T"), ("theil_l", "L")):
            own = theil(a, [groups], w=w, index=index)
            assert (row[name], row[f"{name}_between"], row[f"{name}_within"]) == pytest.approx(
                (own.total, own.between[0], own.within), rel=1e-12
            )
            assert row[name] == pytest.approx(row[f"{name}_between"] + row[f"{name}_within"], rel=1e-12)
    assert weighted["mean"] == pytest.approx(np.average(a, weights=CITIES["gdp"][:6]))


def test_the_parts_of_the_groups_add_up(found):
    whole = found.dispersion.set_index("weights")
    parts = found.parts.groupby("weights").sum(numeric_only=True)
    for name in ("theil_t_within", "theil_t_between", "theil_l_within", "theil_l_between"):
        assert parts[name].to_dict() == pytest.approx(whole[name].to_dict(), rel=1e-9, abs=1e-15)
    assert parts[["share", "score_share"]].to_numpy() == pytest.approx(1)
    one = found.parts.set_index(["省", "weights"]).loc[("浙江", "equal")]
    assert one[["cv", "gini", "theil_t", "theil_l"]].tolist() == [0, 0, 0, 0]  # of one unit


def test_several_levels_split_between():
    found = ci.regions(scored(), by=["省", "地区"])
    row = found.dispersion.iloc[0]
    for name in ("theil_t", "theil_l"):
        levels = row[f"{name}_between_省"], row[f"{name}_between_地区"]
        assert row[f"{name}_between"] == pytest.approx(sum(levels), rel=1e-12)
        assert row[name] == pytest.approx(sum(levels) + row[f"{name}_within"], rel=1e-12)
    alone = ci.regions(scored(), by="省").dispersion.iloc[0]
    assert row["theil_t_between_省"] == pytest.approx(alone["theil_t_between"], rel=1e-12)
    assert found.means[["省", "地区"]].to_numpy().tolist()[0] == ["江苏", "无锡"]
    assert found.counts.iloc[-1, :2].tolist() == ["total", ""]
    assert "between 省" in str(found)


def test_a_label_in_two_coarser_ones_is_told():
    found = ci.regions(scored(地区=["苏州", "无锡", "苏州", "泉州", "泉州", "苏州", "宁波"]), by=["省", "地区"])
    assert "地区 苏州 lies in 江苏 and in 浙江: counted as 2 groups" in map(str, found.notes)
    assert len(found) == 4


def test_a_score_of_0_leaves_the_other_measures():
    found = ci.regions(scored(a=[40, 35, 0, 30, 20, 25, 22]), by="省")
    row = found.dispersion.iloc[0]
    assert np.isnan(row["theil_l"])
    assert row["theil_t"] == pytest.approx(row["theil_t_between"] + row["theil_t_within"], rel=1e-12)
    assert "no Theil L, which takes logarithms: 1 unit with a score of 0" in map(str, found.notes)
    assert found.notes[-1].units == ("太仓",)


def test_scores_below_0_have_no_inequality_and_the_rest_stays():
    found = ci.regions(scored(a=[40, -35, 10, -30, 20, 25, 22]), by="省")
    for table in ("dispersion", "parts"):
        with pytest.raises(ci.ScoreError, match="from 0 on") as caught:
            found.table(table)
        assert [str(problem) for problem in caught.value.problems] == [
            "unit 江阴: -35 is below 0",
            "unit 晋江: -30 is below 0",
        ]
    assert len(found.means) == 3
    assert "no inequality: score: Theil" in str(found)
    assert [name for name, _ in found.tables()] == ["means", "ranks", "counts", "shares", "quotients"]
    assert "江阴" in str(found)
    assert "平均" in ci.show(found, language="zh")


def test_scores_of_0_alone_have_no_measure():
    row = ci.regions(scored(a=[0] * 7), by="省").dispersion.iloc[0]
    assert row[["cv", "gini", "theil_t", "theil_l"]].isna().all()


# -- periods -----------------------------------------------------------------------------------------------------------


def test_each_period_stands_for_itself(panel):
    found = ci.regions(panel, by="区", weights="gdp")
    assert found.periods == ("2019", "2021", "2024")
    assert found.means.groupby("year", sort=False).size().to_dict() == {"2019": 2, "2021": 2, "2024": 3}
    last = pd.DataFrame(
        {
            "city": [*"甲乙丙丁戊己", "新市"],
            "区": list("南南南北北北西"),
            "gdp": [1, 2, 3, 4, 5, 6, 9],
            "a": [20, 28, 40, 60, 11, 22, 33],
        }
    )
    alone = ci.regions(ci.score(SPEC, last), by="区", weights="gdp")
    for name in ("means", "ranks", "counts", "shares", "quotients", "dispersion", "parts"):
        pd.testing.assert_frame_equal(found.at(name), alone.table(name))
    assert found.at("means", "2019")["区"].tolist() == ["北", "南"]
    assert found.at("counts", 2019).equals(found.at("counts", "2019"))


def test_convergence_by_hand(panel):
    course = ci.regions(panel, by="区").convergence
    first, last = np.array([10, 20, 40, 80, 5, 15.0]), np.array([20, 28, 40, 60, 11, 22.0])
    own = beta_convergence(first, last, years=5)
    assert course.units.beta == own
    assert course.units.names == tuple("甲乙丙丁戊己")
    assert course.units.left_out == ("新市",)
    assert course.units.log_sd.tolist() == pytest.approx(
        [np.log(x).std() for x in (first, [14, 24, 40, 70, 7, 18], last)]
    )
    assert course.units.cv[0] == pytest.approx(first.std() / first.mean())
    assert course.units.sigma.slope < 0
    assert course.groups.left_out == ("西",)
    means = beta_convergence(np.array([70 / 3, 100 / 3]), np.array([88 / 3, 93 / 3]), years=5)
    assert (course.groups.beta.speed, course.groups.beta.units) == (means.speed, 2)
    assert np.isnan(course.groups.beta.line.error)
    assert (course.years, course.counted) == (5, False)
    table = course.to_frame().set_index("of")
    assert table.loc["units", "half_life"] == pytest.approx(own.half_life)
    assert course.by_period()["period"].tolist() == ["2019", "2021", "2024"]


def test_weights_move_the_means_of_groups_only(panel):
    equal, weighted = ci.regions(panel, by="区").convergence, ci.regions(panel, by="区", weights="gdp").convergence
    assert equal.units.beta == weighted.units.beta
    assert equal.groups.beta != weighted.groups.beta


def test_periods_that_are_no_numbers_are_counted(panel):
    frame = panel.table.to_frame()
    frame["year"] = frame["year"].map({2019: "一期", 2021: "三期", 2024: "二期"})
    course = ci.regions(ci.score(PANEL, frame), by="区").convergence
    assert (course.counted, course.times.tolist()) == (True, [0, 1, 2])
    assert "a year is a step" in str(ci.regions(ci.score(PANEL, frame), by="区"))


def test_a_unit_that_changes_its_group_is_told(panel):
    frame = panel.table.to_frame()
    frame.loc[0, "区"] = "北"
    found = ci.regions(ci.score(PANEL, frame), by="区")
    assert ("1 unit in another group in another period", ("甲",)) in [(str(note), note.units) for note in found.notes]


def test_periods_stand_in_the_order_of_time(panel):
    frame = panel.table.to_frame()
    frame["year"] = frame["year"].map({2019: "2019年9月", 2021: "2019年10月", 2024: "2020年9月"})
    found = ci.regions(ci.score(PANEL, frame), by="区")
    assert found.periods == ("2019年9月", "2019年10月", "2020年9月")
    course = found.convergence
    assert (course.counted, course.years) == (False, pytest.approx(1))
    assert course.units.beta == beta_convergence(
        np.array([10, 20, 40, 80, 5, 15.0]), np.array([20, 28, 40, 60, 11, 22.0]), years=course.years
    )


def test_periods_of_one_place_in_time_are_counted(panel):
    frame = panel.table.to_frame()
    frame["year"] = frame["year"].map({2019: "2019", 2021: "2019年", 2024: "2020"})
    course = ci.regions(ci.score(PANEL, frame), by="区").convergence
    assert (course.counted, course.years) == (True, 2)


def test_units_that_all_grow_alike_neither_converge_nor_part(panel):
    frame = panel.table.to_frame()
    frame = frame[frame["city"] != "新市"].assign(a=lambda own: [10.1, 20.3, 33.3, 41.7, 55.9, 61.2] * 3)
    frame["a"] *= frame["year"].astype(int).map({2019: 1.0, 2021: 1.03, 2024: 1.1})
    found = ci.regions(ci.score(PANEL, frame), by="区")
    beta = found.convergence.units.beta
    assert (beta.line.slope, beta.line.error, beta.speed) == (0, 0, 0)
    assert np.isnan(beta.line.r_squared)
    assert np.isnan(beta.half_life)
    assert "gaps do not close" in str(found)
    assert "nan" not in str(found)


def test_nobody_in_every_period_leaves_nothing_to_compare():
    data = {"city": ["x", "y"], "year": [1, 2], "区": ["N", "S"], "a": [1.0, 2.0]}
    found = ci.regions(ci.score(PANEL, data), by="区")
    assert found.convergence.units.sigma is found.convergence.units.beta is None
    assert "0 compared (2 left out: no score above 0 in every period): too few" in str(found)


def test_convergence_needs_periods_and_scores_above_0(panel, found):
    with pytest.raises(ci.NotFoundError, match="has no periods"):
        found.convergence  # noqa: B018  # the access is the test
    frame = panel.table.to_frame()
    frame.loc[7, "a"] = 0
    wrong = ci.regions(ci.score(PANEL, frame), by="区")
    with pytest.raises(ci.ScoreError, match=r"unit 乙 \(2021\): 0 is not above 0"):
        wrong.convergence  # noqa: B018  # the access is the test
    assert "no convergence: score: growth takes logarithms" in str(wrong)
    one = ci.score(PANEL, frame[frame["year"] == 2019])
    with pytest.raises(ci.NotFoundError, match=r"one period alone \(2019\)"):
        ci.regions(one, by="区").convergence  # noqa: B018  # the access is the test


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_all_problems_of_a_call_are_told_at_once():
    with pytest.raises(ci.NotFoundError) as caught:
        ci.regions(scored(), by=["省份", "省", "省"], weights="gpd", node="scor", top=[0, 2.5])
    with pytest.raises(ci.NotFoundError, match=r"top: 2\.5 is no whole number"):
        ci.regions(scored(), by="省", top=2.5)
    told = str(caught.value)
    for words in (
        "'省份'. Did you mean '省'",
        "'gpd'. Did you mean 'gdp'",
        "'scor'. Did you mean 'score'",
        "twice",
        "top: 0",
        "top: 2.5",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"gdp": [-1, 2, 3, 4, 5, 6, 7]}, "unit 昆山, column gdp: -1 is below 0"),
        ({"gdp": ["many", 2, -3, 4, 5, 6, 7]}, r"(?s)not all numbers from 0 on.*'many' is not a number.*-3 is below 0"),
        ({"gdp": [0, 0, 0, 0, "", 0, 0]}, "nothing to weigh by"),
        ({"a": [""] * 7}, "no unit has a value of score"),
    ],
)
def test_weights_and_scores_that_cannot_be_used(change, words):
    with pytest.raises(ci.ScoreError, match=words):
        ci.regions(scored(**change), by="省", weights="gdp")


def test_other_slips():
    result = scored()
    with pytest.raises(ci.ScoreError, match="this is a dict"):
        ci.regions({"a": 1}, by="省")
    with pytest.raises(ci.NotFoundError, match="no column is named"):
        ci.regions(result, by=[])
    with pytest.raises(ci.NotFoundError, match=r"no column \['省'\]"):
        ci.regions(result, by=[["省"]])
    with pytest.raises(ci.NotFoundError, match="no column b'gdp'"):
        ci.regions(result, by=b"gdp")
    with pytest.raises(ci.NotFoundError, match="top: '10' is no whole number"):
        ci.regions(result, by="省", top="10")
    with pytest.raises(ci.NotFoundError, match="no column None"):
        ci.regions(result, by=None)
    with pytest.raises(ci.NotFoundError, match="Did you mean 'means'"):
        ci.regions(result, by="省").table("mean")
    with pytest.raises(ci.NotFoundError, match="has no periods"):
        ci.regions(result, by="省").at("means", "2020")


def test_a_column_of_weights_may_be_called_equal():
    data = {**CITIES, "equal": CITIES["gdp"]}
    ours = ci.regions(ci.score(SPEC, data), by="省", weights="equal").dispersion
    theirs = ci.regions(scored(), by="省", weights="gdp").dispersion
    assert ours["theil_t"].tolist() == theirs["theil_t"].tolist()
    assert ours["theil_t"][0] != ours["theil_t"][1]


def test_a_period_may_be_the_group(panel):
    found = ci.regions(panel, by="year")
    assert found.at("means", "2021").columns[0] == "year_"
    assert found.means["units"].tolist() == [6, 6, 7]


def test_a_period_that_is_not_there(panel):
    with pytest.raises(ci.NotFoundError, match="no period '2020'"):
        ci.regions(panel, by="区").at("means", "2020")
    with pytest.raises(ci.NotFoundError, match="of all periods together"):
        ci.regions(panel, by="区").at("spread")


def test_every_unit_without_a_label():
    found = ci.regions(scored(省=[""] * 7), by="省")
    assert len(found) == 0
    assert found.counts["省"].tolist() == ["(none)", "total"]
    assert found.dispersion["units"].tolist() == [0]
    assert str(found)
    assert ci.show(found)


# -- shown -------------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_last_period(panel):
    text = str(ci.regions(panel, by="区", weights="gdp"))
    for words in (
        "2024 (the last of 3 periods)",
        "weighted by gdp",
        "Theil T",
        "convergence, 2019 to 2024",
        "half of a gap",
    ):
        assert words in text


def test_the_card_tells_it_too(panel):
    found = ci.regions(panel, by="区", weights="gdp")
    card = ci.show(found, language="zh")
    for words in ("加权平均", "泰尔指数 T", "组间", "收敛（2019 至 2024）", "对数标准差", "合计"):
        assert words in card
    assert "Half-life" in ci.show(found, language="en")


def test_names_in_the_card_are_no_code():
    found = ci.regions(scored(省=["<b>", "<b>", "<b>", "x", "x", "y", ""]), by="省")
    assert "&lt;b&gt;" in ci.show(found)
    assert '<td class="ci-u"><b>' not in ci.show(found)


def test_notes_are_said_in_chinese():
    result = scored(gdp=[5000, "", 1700, 3300, 1600, 0, 2600], a=[40, 0, "", 30, 20, 25, 22])
    card = ci.show(ci.regions(result, by="省", weights="gdp"), language="zh")
    for words in ("没有“省”", "没有“gdp”", "无加权平均（浙江）", "泰尔指数 L 要取对数", "的数值，未计入"):
        assert words in card
    below = {"city": ["x", "x", "y", "y"], "year": [1, 2] * 2, "区": ["N"] * 4, "a": [1.0, -2.0, 3.0, 4.0]}
    card = ci.show(ci.regions(ci.score(PANEL, below), by="区"), language="zh")
    for words in ("泰尔指数、基尼系数和变异系数无法计算", "收敛无法计算"):
        assert words in card
