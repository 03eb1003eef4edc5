"""Gaps filled along time or from other columns, growth rates: recorded operations on a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import shared

import cityindex as ci
from cityindex.methods.imputation_models import fill_from_neighbours, fill_iteratively
from cityindex.methods.panel import fill_along, growth_rate

PANEL = pd.DataFrame(
    {
        "city": ["甲"] * 5 + ["乙"] * 5,
        "year": [2018, 2019, 2020, 2022, 2023] * 2,
        "gdp": [np.nan, 10.0, np.nan, 40.0, np.nan, 7.0, 7.0, np.nan, np.nan, np.nan],
    }
)


@pytest.mark.parametrize(
    ("how", "limit", "expected"),
    [
        ("linear", None, [np.nan, 10, 20, 40, np.nan, 7, 7, np.nan, np.nan, np.nan]),
        ("linear", 1, [np.nan, 10, np.nan, 40, np.nan, 7, 7, np.nan, np.nan, np.nan]),
        ("linear_constant", None, [10, 10, 20, 40, 40, 7, 7, 7, 7, 7]),
        ("linear_constant", 1, [10, 10, np.nan, 40, 40, 7, 7, 7, np.nan, np.nan]),
        ("last", None, [np.nan, 10, 10, 40, 40, 7, 7, 7, 7, 7]),
        ("last", 1, [np.nan, 10, 10, 40, 40, 7, 7, 7, np.nan, np.nan]),
    ],
)
def test_gaps_are_filled_along_time_and_distances_count(how, limit, expected):
    shuffled = PANEL.sample(frac=1, random_state=3)
    filled = ci.fill_panel(shuffled, "gdp", unit="city", period="year", how=how, limit=limit)
    found = filled.table.numbers("gdp").values
    np.testing.assert_allclose(found, np.array(expected)[shuffled.index])
    assert filled.left == np.isnan(np.array(expected, float)).sum()
    assert filled.mask.sum() == len(filled.cells()) == np.isnan(PANEL["gdp"]).sum() - filled.left


def test_a_result_tells_what_was_filled_before_it():
    filled = ci.fill_panel(PANEL, "gdp", unit="city", period="year", how="linear_constant")
    spec = {
        "cityindex": 1,
        "id": "p",
        "unit": {"key": "city", "period": "year"},
        "index": {"id": "s", "children": ["gdp"]},
    }
    notes = [note for note in ci.score(spec, filled.table).notes if note.kind == "filled"]
    assert len(notes) == 1
    assert "column gdp: 6 cells filled along year (linear_constant) (first: 甲 (2018))" in str(notes[0])
    assert "乙 (2023)" in notes[0].units


def test_agreement_with_coinr_on_its_panel():
    gaps, theirs = (pd.read_csv(shared("asem", f"13_panel_{name}.csv")) for name in ("with_NA", "imputed_linear"))
    columns = list(gaps.columns[2:])
    filled = ci.fill_panel(gaps, columns, unit="uCode", period="Time", how="linear_constant")
    ours = filled.table.to_frame().set_index(["uCode", "Time"])[columns]
    np.testing.assert_allclose(ours, theirs.set_index(["uCode", "Time"]).loc[ours.index, columns], rtol=1e-9)
    assert int(filled.mask.sum()) == int(gaps[columns].isna().to_numpy().sum()) == 160


def test_growth_agrees_with_coinr():
    raw = pd.read_csv(shared("asem", "13_purse_raw.csv"))
    theirs = pd.read_csv(shared("asem", "13_trends_CAGR.csv"))
    raw = raw[raw["uCode"].isin(theirs["uCode"])]  # others begin at 0: COINr's rate is infinite there, ours refused
    rates = ci.growth(raw, list(theirs["iCode"].unique()), unit="uCode", period="Time").set_index(["uCode", "column"])
    for row in theirs.itertuples():
        ours = rates.loc[(row.uCode, row.iCode)]
        np.testing.assert_allclose(ours["growth"], row.CAGR, rtol=1e-9)
        assert (ours["known"], ours["first"], ours["last"]) == (row.Avail, row.t_first, row.t_latest)


def test_growth_by_hand():
    data = {"city": ["甲"] * 3 + ["乙"], "year": [2020, 2022, 2021, 2020], "x": [100.0, 121.0, 90.0, 5.0]}
    for how, expected in (("cagr", 0.1), ("change", 0.21), ("difference", 21.0), ("trend", 10.5)):
        rates = ci.growth(data, "x", unit="city", period="year", how=how).set_index("city")["growth"]
        assert rates["甲"] == pytest.approx(expected)
        assert np.isnan(rates["乙"])


@given(st.lists(st.floats(1, 1e6) | st.none(), min_size=1, max_size=12), st.floats(0.1, 10))
def test_known_values_stay_and_fills_lie_between_them(values, factor):
    x = np.array([[np.nan if value is None else value for value in values]])
    times = np.arange(float(x.shape[1]))
    for how in ("last", "linear", "linear_constant"):
        filled = fill_along(x, times, how=how)
        known = ~np.isnan(x)
        np.testing.assert_array_equal(filled[known], x[known])
        made = filled[~np.isnan(filled)]
        if known.any():
            assert (made >= x[known].min() * (1 - 1e-12)).all()
            assert (made <= x[known].max() * (1 + 1e-12)).all()
        np.testing.assert_allclose(fill_along(x * factor, times * 2 + 5, how=how), filled * factor)


@given(st.floats(-0.5, 2), st.floats(0.1, 1e5), st.integers(2, 9))
def test_a_constant_rate_is_found(rate, start, periods):
    times = np.arange(2000.0, 2000 + periods)
    x = start * (1 + rate) ** (times - 2000)
    np.testing.assert_allclose(growth_rate(x[None], times), [rate], atol=1e-9)


def test_neighbours_do_not_depend_on_units_and_agree_with_scikit_learn_on_standardised_columns():
    generator = np.random.default_rng(5)
    x = generator.normal(size=(30, 4)) * [1, 10, 100, 1000]
    x[:, 3] = x[:, 0] * 1000 + generator.normal(size=30)
    gaps = x.copy()
    gaps[[2, 5, 9], [3, 3, 1]] = np.nan
    frame = pd.DataFrame(gaps, columns=list("abcd")).assign(city=[f"c{i}" for i in range(30)])
    filled = ci.fill_neighbours(frame, list("abcd"), unit="city", neighbours=3)
    assert filled.cells()["unit"].tolist() == ["c2", "c5", "c9"]
    scaled = ci.fill_neighbours(frame.assign(a=frame.a * 1e6 + 3), list("abcd"), unit="city", neighbours=3)
    np.testing.assert_allclose(scaled.table.numbers("d").values, filled.table.numbers("d").values)
    from sklearn.impute import KNNImputer

    z = (gaps - np.nanmean(gaps, 0)) / np.nanstd(gaps, 0)
    theirs = KNNImputer(n_neighbors=3).fit_transform(z) * np.nanstd(gaps, 0) + np.nanmean(gaps, 0)
    np.testing.assert_allclose(filled.table.to_frame()[list("abcd")], theirs)


def test_regressions_in_turn_find_a_linear_relation_and_repeat():
    generator = np.random.default_rng(6)
    a = generator.normal(size=50)
    frame = pd.DataFrame({"a": a, "b": 3 * a + 1, "c": generator.normal(size=50)})
    frame.loc[[3, 8], "b"] = np.nan
    one, two = (ci.fill_iterative(frame, ["a", "b", "c"]) for _ in range(2))
    np.testing.assert_allclose(one.table.numbers("b").values, 3 * a + 1, atol=0.02)
    np.testing.assert_array_equal(one.table.numbers("b").values, two.table.numbers("b").values)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ci.fill_panel(PANEL, "gpd", unit="city", period="year"), ["'gpd'", "'gdp'"]),
        (lambda: ci.fill_panel(PANEL, [], unit="city", period="year"), ["no column"]),
        (lambda: ci.fill_panel(PANEL.assign(year="一九"), "gdp", unit="city", period="year"), ["一九", "year"]),
        (
            lambda: ci.fill_panel(PANEL.assign(year=2018), "gdp", unit="city", period="year"),
            ["stands twice", "甲 (2018)"],
        ),
        (lambda: ci.fill_panel(PANEL.assign(city=None), "gdp", unit="city", period="year"), ["no unit"]),
        (lambda: ci.fill_panel(PANEL.assign(gdp="many"), "gdp", unit="city", period="year"), ["many", "甲"]),
        (lambda: ci.growth(PANEL.assign(gdp=-1.0), "gdp", unit="city", period="year"), ["above 0", "甲 (2018)", "gdp"]),
        (lambda: ci.fill_neighbours(PANEL.assign(b=np.nan), ["gdp", "b"]), ["no number", "column b"]),
        (lambda: ci.fill_neighbours(PANEL, ["gdp", "year"], neighbours=9), ["too few for 9", "gdp"]),
        (lambda: ci.fill_iterative(PANEL, ["gdp"]), ["no others"]),
        (lambda: ci.fill_neighbours(PANEL, ["gdp"]), ["no others", "column gdp"]),
        (
            lambda: ci.fill_panel(PANEL, "gdp", unit="city", period="year", how="lineer"),
            ["'lineer'", "linear_constant"],
        ),
        (lambda: ci.fill_panel(PANEL, "gdp", unit="city", period="year", limit=-1), ["limit: -1", "from 0 on"]),
        (lambda: ci.fill_panel(PANEL, "gdp", unit="city", period="year", limit="2"), ["limit: '2'", "a number"]),
        (lambda: ci.fill_panel(PANEL, None, unit="city", period="year"), ["columns=None", "a list of names"]),
        (lambda: ci.growth(PANEL, "gdp", unit="city", period="year", how="carg"), ["'carg'", "cagr"]),
        (
            lambda: ci.growth(PANEL.assign(gdp=-1.0), "gdp", unit="city", period="year", how="change"),
            ["above 0", "甲 (2018)"],
        ),
        (
            lambda: ci.growth(PANEL.rename(columns={"city": "column"}), "gdp", unit="column", period="year"),
            ["'column'", "otherwise"],
        ),
        (lambda: ci.fill_neighbours(PANEL, ["gdp", "year"], neighbours=0), ["neighbours: 0", "from 1 on"]),
        (lambda: ci.fill_neighbours(PANEL, ["gdp", "year"], weights="dist"), ["'dist'", "'distance'"]),
        (lambda: ci.fill_iterative(PANEL, ["gdp", "year"], rounds=0), ["rounds: 0", "from 1 on"]),
        (lambda: ci.fill_iterative(PANEL, ["gdp", "year"], seed=-1), ["seed: -1", "from 0 on"]),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises((ci.TableError, ci.NotFoundError)) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_a_missing_child_may_take_the_mean_of_its_siblings_as_coinr_fills_rows():
    frame = pd.DataFrame({"city": ["甲", "乙", "丙"], "a": [1.0, 2, 3], "b": [10.0, None, 30], "c": [5.0, 6, 9]})
    spec = {
        "cityindex": 1,
        "id": "s",
        "defaults": {"indicator": {"steps": ["minmax"]}},
        "index": {
            "id": "score",
            "missing": {"impute": {"use": "siblings"}},
            "children": [{"id": name, "weight": weight} for name, weight in zip("abc", (1, 2, 1), strict=True)],
        },
    }
    result = ci.score(spec, frame)
    filled = (0.5 + 0.25) / 2
    np.testing.assert_allclose(result.column()[1], (0.5 + 2 * filled + 0.25) / 4)
    assert "1 missing children were imputed" in " ".join(map(str, result.notes))
    alone = ci.score(spec, frame.iloc[[1]], calibration=result.calibration)
    assert alone.column()[0] == result.column()[1]
    nothing = ci.score(spec, pd.concat([frame, pd.DataFrame({"city": ["丁"]})], ignore_index=True))
    assert np.isnan(nothing.column()[3])


def test_a_period_that_is_no_number_is_told_once():
    with pytest.raises(ci.TableError) as caught:
        ci.fill_panel(PANEL.assign(year="2018Q1"), "gdp", unit="city", period="year")
    assert "no period" not in str(caught.value)
    table = ci.read_table(PANEL.assign(year=[2018, -999, 2020, 2022, 2023] * 2), missing=["-999"])
    with pytest.raises(ci.TableError, match="row 2: no period"):
        ci.fill_panel(table, "gdp", unit="city", period="year")


def test_growth_keeps_the_order_of_the_table():
    assert ci.growth(PANEL, "gdp", unit="city", period="year")["city"].tolist() == ["甲", "乙"]


def test_a_row_that_shares_no_column_with_those_that_have_one_stays_missing():
    """scikit-learn gives it the mean of the column."""
    x = np.array([[1.0, np.nan, 5.0], [np.nan, 2.0, np.nan], [np.nan, 4.0, np.nan], [3.0, np.nan, 7.0]])
    assert np.isnan(fill_from_neighbours(x, neighbours=1)[[0, 3], 1]).all()
    alone = np.vstack([np.random.default_rng(2).normal(size=(12, 3)), np.full((1, 3), np.nan)])
    alone[0, 0] = np.nan
    for fill in (fill_from_neighbours, fill_iteratively):
        filled = fill(alone)
        assert np.isnan(filled[-1]).all()
        assert not np.isnan(filled[:-1]).any()


@pytest.mark.parametrize("fill", [fill_from_neighbours, fill_iteratively])
def test_constant_and_huge_columns_are_filled(fill):
    generator = np.random.default_rng(4)
    x = np.column_stack([generator.normal(size=20), np.full(20, 0.1), generator.normal(size=20) * 1e200])
    expected = fill(np.column_stack([np.where(np.arange(20) == 3, np.nan, x[:, 0]), x[:, 1], x[:, 2] / 1e200]))[3, 0]
    x[3, 0] = x[5, 1] = np.nan
    filled = fill(x)
    assert filled[5, 1] == 0.1
    assert filled[3, 0] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"impute": {"use": "siblings", "within": "city"}}, ["within: city", "nothing is learned by label"]),
        ({"impute": "sibling"}, ["'sibling'", "Did you mean 'siblings'?"]),
    ],
)
def test_a_rule_that_would_be_ignored_or_is_misspelt_is_told(rule, words):
    with pytest.raises(ci.SpecError) as caught:
        ci.load_spec({"cityindex": 1, "id": "s", "index": {"id": "score", "missing": rule, "children": ["a", "b"]}})
    for word in words:
        assert word in str(caught.value)


def test_a_unit_that_has_but_children_without_a_weight_has_no_value_and_a_note():
    children = [{"id": "a", "weight": 0}, {"id": "b", "weight": 1}]
    spec = {"cityindex": 1, "id": "s", "index": {"id": "score", "missing": "reweight", "children": children}}
    result = ci.score(spec, {"city": ["甲", "乙", "丙"], "a": [1.0, 2.0, None], "b": [None, 4.0, 5.0]})
    np.testing.assert_array_equal(result.column(), [np.nan, 4, 5])
    told = " ".join(note.message for note in result.notes)
    assert "shared by the others in 1 unit" in told
    assert "no value, for missing children (reweight) in 1 unit" in told
