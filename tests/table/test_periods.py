"""Periods as people write them, growth as an indicator, rows by label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.methods.panel import fill_along, growth_over, growth_rate
from cityindex.table.periods import in_time, times_of


@pytest.mark.parametrize(
    ("labels", "times"),
    [
        (["2019", "2020", "2022"], [2019, 2020, 2022]),
        (["2019年", "2020年度", "2021"], [2019, 2020, 2021]),
        (["２０１９", "2020"], [2019, 2020]),
        (["FY2019", "2020财年"], [2019, 2020]),
        (["20190331", "20191231"], [2019 + (2 + 30 / 31) / 12, 2019 + (11 + 30 / 31) / 12]),
        (["2019年Q1", "2019年q2"], [2019, 2019.25]),
        (["1", "2", "-3", "2.5"], [1, 2, -3, 2.5]),
        (["2019Q1", "2019q4", "2020-Q2", "2020 Q3", "Q4 2020"], [2019, 2019.75, 2020.25, 2020.5, 2020.75]),
        (["2019年第一季度", "2019年二季度", "2019年第3季度", "2019年4季度"], [2019, 2019.25, 2019.5, 2019.75]),
        (["2019H1", "2019年下半年", "2020上半年"], [2019, 2019.5, 2020]),
        (["2019-03", "2019/04", "2019年12月", "2019M1"], [2019 + 2 / 12, 2019.25, 2019 + 11 / 12, 2019]),
        (["201903", "201912"], [2019 + 2 / 12, 2019 + 11 / 12]),
        (["201903", "201913"], [201903, 201913]),
        (["2019-12-31", "2020-12-31 00:00:00"], [2019 + (11 + 30 / 31) / 12, 2020 + (11 + 30 / 31) / 12]),
        (["2019年1月1日", "2020.1.1", "2021/01/01"], [2019, 2020, 2021]),
        (["2018/19", "2019/2020", "2020-21", "2021–2022", "2022至2023"], [2018, 2019, 2020, 2021, 2022]),
        (["2009/10", "2010/11", "2011/12", "2018/19"], [2009, 2010, 2011, 2018]),
        (["1998/99", "1999/00", "2000/01"], [1998, 1999, 2000]),
    ],
)
def test_periods_have_a_place_in_time(labels, times):
    np.testing.assert_allclose(times_of(labels), times)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["2019", "第一期"], ["'第一期'", "2019Q1"]),
        (["2019", "2019Q1"], ["several kinds", "2019 (numbers)", "2019Q1 (quarters)"]),
        (["2010-11", "2011-12"], ["months or spans", "2010/2011"]),
        (["2019-02-30"], ["'2019-02-30'"]),
        (["2019/22"], ["'2019/22'"]),
        (["2019Q5"], ["'2019Q5'"]),
        (["2019-00"], ["'2019-00'"]),
    ],
)
def test_what_can_be_read_twice_or_not_at_all_is_refused(labels, words):
    with pytest.raises(ci.TableError) as caught:
        times_of(labels)
    assert all(word in str(caught.value) for word in words), caught.value


def test_periods_without_a_place_stand_in_the_order_of_their_text():
    assert in_time(["b", "a", "b"]) == ["a", "b"]
    assert in_time(["10", "9"]) == ["9", "10"]
    assert in_time([]) == []


def test_a_panel_by_quarter_counts_in_years():
    data = {"city": ["x"] * 3, "q": ["2019Q1", "2019Q2", "2020Q1"], "v": [100.0, None, 110.0]}
    filled = ci.fill_panel(data, "v", unit="city", period="q")
    assert filled.table.numbers("v").values.tolist() == [100, 102.5, 110]
    assert ci.fill_panel(data, "v", unit="city", period="q", how="last", limit=0.25).left == 0
    assert ci.fill_panel(data, "v", unit="city", period="q", limit=0.5).left == 1
    rates = ci.growth(data, "v", unit="city", period="q")
    assert rates[["growth", "first", "last"]].iloc[0].tolist() == [pytest.approx(0.1), "2019Q1", "2020Q1"]


def test_units_without_a_row_in_a_period_are_told_and_no_row_is_made():
    data = {"city": ["x", "x", "x", "y"], "year": [2019, 2020, 2021, 2021], "v": [1.0, None, 3.0, 4.0]}
    filled = ci.fill_panel(data, "v", unit="city", period="year", how="linear_constant")
    assert filled.absent == ("y (2019)", "y (2020)")
    assert len(filled.table) == 4
    assert repr(filled) == "Filled('mapping', 1 cells filled, 0 missing still, 2 rows not there)"
    assert ci.fill_panel(filled.table.where({"city": "x"}), "v", unit="city", period="year").absent == ()


def test_months_that_lie_a_limit_apart_are_within_it():
    """Twelfths of a year do not add up in floating point."""
    months = [f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)]
    times = times_of(months)
    x = np.full((1, len(months)), np.nan)
    x[0, ::2] = 1.0
    assert not np.isnan(fill_along(x, times, how="last", limit=1 / 12)).any()
    assert not np.isnan(growth_over(np.ones((1, 36)), times, 0.25, how="change")[0, 3:]).any()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"city": ["x", "x"], "year": ["2019", "2019年"], "v": [1, 2]}, ["'2019' and '2019年' are one period"]),
        ({"city": ["x", "x"], "year": ["2019", "2019Q1"], "v": [1, 2]}, ["several kinds"]),
        ({"city": ["x", ""], "year": ["2019", ""], "v": [1, 2]}, ["row 2: no unit", "row 2: no period"]),
        ({"city": ["x", "x"], "year": ["2019", "2019"], "v": [1, 2]}, ["x (2019): stands twice"]),
    ],
)
def test_a_panel_that_is_none_is_told(data, words):
    with pytest.raises(ci.TableError) as caught:
        ci.fill_panel(data, "v", unit="city", period="year")
    assert all(word in str(caught.value) for word in words), caught.value


# -- growth -----------------------------------------------------------------------------------------------------------

PANEL = pd.DataFrame(
    {
        "city": ["甲"] * 4 + ["乙"] * 3,
        "year": [2019, 2020, 2021, 2022, 2019, 2021, 2022],
        "v": [8.0, 10, 11, 22, 5, 6, 9],
    }
)


def test_a_rate_says_its_method_and_formula():
    for how, formula in (
        ("cagr", "(last / first)^(1 / time) - 1"),
        ("log_trend", "exp(slope of the least-squares line of ln x) - 1"),
    ):
        rates = ci.growth(PANEL, "v", unit="city", period="year", how=how)
        assert rates["method"].tolist() == [f"{how}: {formula}"] * 2
        assert rates["first"].tolist() == [2019, 2019]


def test_the_least_squares_growth_rate_is_the_slope_of_the_logarithms():
    rates = ci.growth(PANEL, "v", unit="city", period="year", how="log_trend").set_index("city")["growth"]
    for city, own in PANEL.groupby("city"):
        assert rates[city] == pytest.approx(np.exp(np.polyfit(own["year"], np.log(own["v"]), 1)[0]) - 1)
    with pytest.raises(ci.TableError, match=r"above 0") as caught:
        ci.growth(PANEL.assign(v=[1, 0, 2, 3, 1, 1, 1]), "v", unit="city", period="year", how="log_trend")
    assert "甲 (2020)" in str(caught.value)


@settings(deadline=None)
@given(st.floats(-0.4, 1), st.floats(0.1, 1e4), st.integers(2, 8))
def test_a_constant_rate_is_what_every_relative_measure_finds(rate, start, periods):
    times = np.arange(2000.0, 2000 + periods)
    x = start * (1 + rate) ** (times - 2000)
    for how in ("cagr", "log_trend"):
        np.testing.assert_allclose(growth_rate(x[None], times, how=how), [rate], atol=1e-9)
    over = growth_over(x[None], times, 1.0)
    assert np.isnan(over[0, 0])
    np.testing.assert_allclose(over[0, 1:], rate, atol=1e-9)


def test_growth_as_an_indicator_needs_both_ends_and_is_told():
    table = ci.add_growth(PANEL, "v", unit="city", period="year")
    found = table.to_frame()["v_growth"].tolist()
    np.testing.assert_allclose(found, [np.nan, 0.25, 0.1, 1.0, np.nan, np.nan, 0.5])
    two = ci.add_growth(table, "v", unit="city", period="year", over=2, suffix="_two").to_frame()["v_two"].tolist()
    np.testing.assert_allclose(two, [np.nan, np.nan, (11 / 8) ** 0.5 - 1, 2.2**0.5 - 1, np.nan, 1.2**0.5 - 1, np.nan])
    spec = {
        "cityindex": 1,
        "id": "g",
        "unit": {"key": "city", "period": "year"},
        "index": {"id": "score", "missing": "propagate", "children": ["v_growth"]},
    }
    result = ci.score(spec, table)
    (note,) = [note for note in result.notes if note.kind == "growth"]
    assert str(note) == (
        "column v_growth: growth of v over 1 along year, cagr: (last / first)^(1 / time) - 1; missing in 3 rows"
    )
    np.testing.assert_array_equal(result.column("v_growth"), found)
    shuffled = PANEL.sample(frac=1, random_state=1)
    again = ci.add_growth(shuffled, "v", unit="city", period="year").to_frame()["v_growth"]
    np.testing.assert_allclose(again, np.array(found)[shuffled.index])


def test_days_at_the_ends_of_months_lie_whole_months_apart():
    days = ["2019-02-28", "2019-03-31", "2019-06-30", "2019-09-30", "2020-02-29", "2020-03-31"]
    data = {"city": ["x"] * 6, "day": days, "v": [100.0, 110.0, 121.0, 133.1, 150.0, 220.0]}
    year = ci.add_growth(data, "v", unit="city", period="day").numbers("v_growth").values
    np.testing.assert_allclose(year, [np.nan] * 4 + [0.5, 1.0], rtol=1e-12)
    quarter = ci.add_growth(data, "v", unit="city", period="day", over=0.25, how="change")
    np.testing.assert_allclose(quarter.numbers("v_growth").values, [np.nan] * 2 + [0.1] * 2 + [np.nan] * 2)


@settings(deadline=None)
@given(st.lists(st.floats(0.5, 100) | st.none(), min_size=5, max_size=5), st.lists(st.integers(1, 4), min_size=4))
def test_rates_over_uneven_times_and_gaps_are_those_of_a_calculator(values, steps):
    times = 2000.0 + np.cumsum([0, *steps[:4]])
    known = [(time, value) for time, value in zip(times.tolist(), values, strict=True) if value is not None]
    x = np.array([[np.nan if value is None else value for value in values]])
    expected = dict.fromkeys(("cagr", "change", "difference", "trend", "log_trend"), np.nan)
    if len(known) > 1:
        (t0, first), (t1, last) = known[0], known[-1]
        t, v = np.array(known).T - [[2000.0], [0.0]]
        expected = {
            "cagr": np.exp(np.log(last / first) / (t1 - t0)) - 1,
            "change": (last - first) / first,
            "difference": last - first,
            "trend": np.linalg.lstsq(np.column_stack([np.ones_like(t), t]), v)[0][1],
            "log_trend": np.exp(np.linalg.lstsq(np.column_stack([np.ones_like(t), t]), np.log(v))[0][1]) - 1,
        }
    for how, rate in expected.items():
        np.testing.assert_allclose(growth_rate(x, times, how=how), [rate], rtol=1e-9, atol=1e-9)


@settings(deadline=None)
@given(st.lists(st.floats(1, 100), min_size=6, max_size=6), st.integers(0, 5))
def test_filling_and_growth_along_time_never_look_at_other_units(values, gap):
    rows = {
        "city": list("aaabbb"),
        "year": [1, 2, 3] * 2,
        "v": [None if place == gap else v for place, v in enumerate(values)],
    }
    data = pd.DataFrame(rows)
    for call in (
        lambda frame: ci.fill_panel(frame, "v", unit="city", period="year", how="linear_constant").table,
        lambda frame: ci.add_growth(frame, "v", unit="city", period="year"),
    ):
        column = "v" if call(data).columns == ("city", "year", "v") else "v_growth"
        whole = call(data).numbers(column).values
        for unit in "ab":
            own = data["city"].to_numpy() == unit
            np.testing.assert_array_equal(call(data[own].reset_index(drop=True)).numbers(column).values, whole[own])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ci.add_growth(PANEL, "v", unit="city", period="year", over=0), ["over: 0", "above 0"]),
        (lambda: ci.add_growth(PANEL, "v", unit="city", period="year", over="1"), ["over: '1'"]),
        (lambda: ci.add_growth(PANEL, "v", unit="city", period="year", how="carg"), ["'carg'", "cagr"]),
        (lambda: ci.add_growth(PANEL, "w", unit="city", period="year"), ["'w'"]),
        (
            lambda: ci.add_growth(PANEL.assign(v_growth=1), "v", unit="city", period="year"),
            ["v_growth", "another suffix"],
        ),
        (
            lambda: ci.add_growth(PANEL.assign(v=-1.0), "v", unit="city", period="year"),
            ["甲 (2019), column v", "above 0"],
        ),
    ],
)
def test_growth_that_cannot_be_added_is_told(call, words):
    with pytest.raises((ci.TableError, ci.NotFoundError)) as caught:
        call()
    assert all(word in str(caught.value) for word in words), caught.value


# -- rows by label ----------------------------------------------------------------------------------------------------


def test_rows_are_taken_by_label():
    table = ci.read_table(PANEL.assign(year=PANEL["year"].astype(float)))
    assert table.where({"year": "2019"}).text("city").tolist() == ["甲", "乙"]
    assert len(table.where({"year": [2021, 2022], "city": "甲"})) == 2
    for labels, words in (({"yaer": 1}, ["'yaer'", "'year'"]), ({"year": 2018}, ["no row has year = 2018", "2019"])):
        with pytest.raises(ci.NotFoundError) as caught:
            table.where(labels)
        assert all(word in str(caught.value) for word in words), caught.value


def test_where_wants_a_mapping():
    with pytest.raises(ci.TableError, match="column → label"):
        ci.read_table(PANEL).where("year")


def test_a_column_that_clipping_would_flatten_is_refused():
    spec = {
        "cityindex": 1,
        "id": "c",
        "unit": {"key": "city"},
        "index": {"id": "score", "children": [{"id": "v", "steps": [{"clip": ["p5", "p95"]}]}]},
    }
    data = pd.DataFrame({"city": [str(k) for k in range(50)], "v": [0.0] * 49 + [5.0]})
    with pytest.raises(ci.ScoreError, match="p5 and high: p95 are both learned as 0, which makes every unit the same"):
        ci.score(spec, data)
    assert ci.score(spec, data.assign(v=3.0)).column("v").tolist() == [3.0] * 50  # alike before: nothing is lost
