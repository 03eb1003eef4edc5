"""share, vector, relative, robust, and the options of zscore, rank and goalposts that set the output."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_support import learn, problems, run, sign

import cityindex as ci
from cityindex._registry import STEPS
from cityindex.errors import DomainError

NAN = np.nan
few = settings(max_examples=40, deadline=None)
POSITIVE = st.lists(st.integers(1, 2000).map(lambda n: n / 8), min_size=2, max_size=12)


# -- share ------------------------------------------------------------------------------------------------------------


@given(rows=POSITIVE, total=st.sampled_from([1.0, 100.0]), inverse=st.booleans())
@few
def test_shares_add_up_to_their_total_whatever_the_unit_of_measurement(rows, total, inverse):
    x = np.array([*rows, NAN])
    y = run("share", x, total=total, inverse=inverse)
    assert np.nansum(y) == pytest.approx(total, rel=1e-12)
    assert np.isnan(y[-1])
    np.testing.assert_allclose(run("share", x * 1000, total=total, inverse=inverse), y, rtol=1e-12)
    order = np.argsort(rows)
    assert (np.diff(y[order]) * (-1 if inverse else 1) >= 0).all()


def test_shares_of_numbers_and_of_reciprocals():
    np.testing.assert_allclose(run("share", [1.0, 0.0, 3.0]), [0.25, 0, 0.75])
    np.testing.assert_allclose(run("share", [1.0, 2.0, 2.0], inverse=True), [0.5, 0.25, 0.25])
    np.testing.assert_allclose(run("share", [8.0], ref=[1.0, 3.0]), [2])  # a later unit, by the total that was learned


# scikit-criteria divides by a negative sum, which turns the order.
def test_a_share_of_negative_numbers_is_refused_by_cell_and_of_nothing_by_column():
    with pytest.raises(DomainError, match="numbers from 0 on") as caught:
        run("share", [[1.0, 1.0], [2.0, -3.0]])
    assert caught.value.cells == ((1, 1),)
    with pytest.raises(DomainError, match="numbers above 0") as caught:
        run("share", [1.0, 0.0], inverse=True)
    assert caught.value.cells == ((1, 0),)
    with pytest.raises(DomainError, match="every number is 0") as caught:
        run("share", [[1.0, 0.0], [2.0, 0.0]])
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match="numbers from 0 on"):
        run("share", [-1.0], ref=[1.0, 2.0])


# -- vector -----------------------------------------------------------------------------------------------------------


# The trial evaluation of five graduate schools, the usual example of TOPSIS in Chinese textbooks (Yue Chaoyuan 2003,
# Decision Theory and Methods): books per head, money and theses that were late, vector-normalised to four decimals.
@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([0.1, 0.2, 0.4, 0.9, 1.2], [0.0638, 0.1275, 0.2550, 0.5738, 0.7651]),
        ([5000, 6000, 7000, 10000, 400], [0.3449, 0.4139, 0.4829, 0.6898, 0.0276]),
        ([4.7, 5.6, 6.7, 2.3, 1.8], [0.4546, 0.5417, 0.6481, 0.2225, 0.1741]),
    ],
)
def test_the_graduate_schools(x, expected):
    np.testing.assert_allclose(run("vector", np.array(x, float)), expected, atol=5e-5)


@given(
    rows=st.lists(st.integers(-99, 99), min_size=1, max_size=12).filter(any), factor=st.sampled_from([1e-9, 3.0, 1e200])
)
@few
def test_a_vector_has_length_one(rows, factor):
    y = run("vector", np.array([*rows, NAN]) * factor)
    assert np.nansum(y**2) == pytest.approx(1, rel=1e-12)
    assert (np.sign(y[:-1]) == np.sign(rows)).all()


def test_a_column_of_zeros_has_no_length():
    with pytest.raises(DomainError, match="every number is 0") as caught:
        run("vector", [[1.0, 0.0], [2.0, NAN]])
    assert caught.value.columns == (1,)
    assert STEPS["vector"].reflect({}) == 1


# -- relative ---------------------------------------------------------------------------------------------------------


@given(
    rows=POSITIVE,
    base=st.sampled_from(["min", "max", "mean", "median", "p25", 12.5]),
    factor=st.sampled_from([0.5, 4.0]),
)
@few
def test_the_base_itself_is_the_scale_and_a_ratio_has_no_unit(rows, base, factor):
    x = np.array(rows)
    known = learn("relative", x[:, None], base=base)
    assert known == {} if base == 12.5 else list(known) == ["base"]
    at = 12.5 if base == 12.5 else known["base"][0]
    assert run("relative", [at], ref=x, base=base)[0] == 100
    y, inverse = run("relative", x, base=base), run("relative", x, base=base, inverse=True)
    np.testing.assert_allclose(y * inverse, 100**2, rtol=1e-12)
    if base != 12.5:
        np.testing.assert_allclose(run("relative", x * factor, base=base), y, rtol=1e-12)
    np.testing.assert_allclose(run("relative", x, base=base, scale=1.0), y / 100, rtol=1e-12)


def test_a_base_that_is_not_above_zero_is_refused():
    with pytest.raises(DomainError, match=r"the base \(mean\) is -1; a ratio needs a base above 0") as caught:
        run("relative", [[1.0, -3.0], [2.0, 1.0]], base="mean")
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match=r"the base \(min\) is 0"):
        run("relative", [0.0, 3.0], base="min")
    with pytest.raises(DomainError, match="a base over a number needs numbers above 0") as caught:
        run("relative", [1.0, 0.0], base="max", inverse=True)
    assert caught.value.cells == ((1, 0),)
    assert problems("relative", base=0.0, scale=-1.0) == [
        "base: 0; above 0 is allowed",
        "scale: -1; above 0 is allowed",
    ]
    assert problems("relative", base="mea")[0].endswith("Did you mean 'mean'?")
    assert sign("relative", base="max") == 1
    assert sign("relative", base="min", inverse=True) == -1


SPEC = """
cityindex: 1
id: growth
unit: {key: city, period: year}
reference: {year: 2010}
index:
  id: score
  children:
    - {id: gdp, steps: [{relative: {base: mean, within: city}}]}
    - {id: waste, direction: less, steps: [{relative: {base: mean, inverse: true, within: city}}]}
"""
PANEL = {
    "city": ["x", "x", "y", "y"],
    "year": [2010, 2011, 2010, 2011],
    "gdp": [10.0, 12.0, 200.0, 190.0],
    "waste": [5.0, 4.0, 8.0, 10.0],
}


def test_a_fixed_base_period_makes_each_units_own_value_a_hundred():
    result = ci.score(SPEC, PANEL)
    assert result.column("gdp").tolist() == [100, 120, 100, 95]
    assert result.column("waste").tolist() == [100, 125, 100, 80]


def test_a_base_of_zero_names_the_city_and_the_indicator():
    with pytest.raises(ci.CityIndexError, match="gdp") as caught:
        ci.score(SPEC, {**PANEL, "gdp": [0.0, 12.0, 200.0, 190.0]})
    assert "within city = x" in str(caught.value)
    assert "the base (mean) is 0" in str(caught.value)


# -- robust -----------------------------------------------------------------------------------------------------------


def test_median_and_spread():
    x = [1.0, 2.0, 3.0, 5.0, 90.0, NAN]  # median 3, absolute deviations 2, 1, 0, 2, 87: median 2; quartiles 2 and 5
    np.testing.assert_allclose(run("robust", x), (np.array(x) - 3) / (1.4826 * 2), rtol=1e-14)
    np.testing.assert_allclose(run("robust", x, spread="iqr"), (np.array(x) - 3) * 1.349 / 3, rtol=1e-14)
    np.testing.assert_allclose(run("robust", x, constant=1.0, centre=50.0, scale=10.0)[:2], [40, 45])


# R 4: mad(c(1, 2, 3, 4, 100)) is 1.4826; scipy.stats.median_abs_deviation(scale="normal") is its 1.482602…
@given(rows=st.lists(st.integers(-40, 40), min_size=3, max_size=15).filter(lambda rows: len(set(rows)) == len(rows)))
@few
def test_it_is_the_score_that_scipy_would_give(rows):
    from scipy import stats

    x = np.array(rows, float)
    expected = (x - np.median(x)) / (stats.median_abs_deviation(x) * 1.4826)
    np.testing.assert_allclose(run("robust", x), expected, rtol=1e-12, atol=1e-12)
    expected = (x - np.median(x)) / (stats.iqr(x) / 1.349)
    np.testing.assert_allclose(run("robust", x, spread="iqr"), expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(run("robust", x * 3 - 7), run("robust", x), rtol=1e-10, atol=1e-10)


def test_an_outlier_moves_nobody_else():
    before, after = run("robust", [1.0, 2.0, 3.0, 4.0, 5.0]), run("robust", [1.0, 2.0, 3.0, 4.0, 5e6])
    np.testing.assert_array_equal(before[:4], after[:4])


# scikit-learn's RobustScaler divides by 1 where the spread is 0.
@pytest.mark.parametrize("column", [[5.0] * 4, [5.0, 5.0, 5.0, 9.0], [0.3, 0.1 + 0.2, 0.3, 7.0], [NAN, 4.0, NAN, NAN]])
def test_a_spread_of_zero_is_refused(column):
    table = np.column_stack([[1.0, 2.0, 3.0, 4.0], column])
    with pytest.raises(DomainError, match="median absolute deviation is 0; spread: iqr or zscore may") as caught:
        run("robust", table)
    assert caught.value.columns == (1,)


def test_quartiles_that_are_the_same_are_refused():
    with pytest.raises(DomainError, match="interquartile range is 0"):
        run("robust", [1.0, 5.0, 5.0, 5.0, 5.0, 9.0], spread="iqr")
    assert np.isfinite(run("robust", [1.0, 1.0, 1.0, 2.0, 3.0], spread="iqr")).all()
    assert problems("robust", constant=0.0) == ["constant: 0; above 0 is allowed"]
    assert problems("robust", constant=None, scale=1.0) == []


# -- the output of steps that were there ------------------------------------------------------------------------------


def test_a_standard_score_about_another_centre():
    x = np.array([2.0, 4.0, 9.0, NAN])
    y = run("zscore", x, centre=100.0, scale=10.0)
    np.testing.assert_allclose([np.nanmean(y), np.nanstd(y, ddof=1)], [100, 10])
    np.testing.assert_allclose(y, 100 + 10 * run("zscore", x), rtol=1e-14)
    assert STEPS["zscore"].reflect({"centre": 100.0}) == 200
    assert problems("zscore", scale=0.0) == ["scale: 0; above 0 is allowed"]


def test_direction_reflects_a_standard_score_about_its_centre():
    spec = """
    cityindex: 1
    id: mpi
    index:
      id: score
      children: [{id: crime, direction: less, steps: [{zscore: {centre: 100, scale: 10}}]}]
    """
    y = ci.score(spec, {"city": ["a", "b", "c"], "crime": [1.0, 2.0, 3.0]}).column("crime").tolist()
    assert y == [110, 100, 90]


def test_borda_points_start_at_zero():
    x = [10.0, 20.0, 20.0, 40.0]
    np.testing.assert_array_equal(run("rank", x, start=0), [0, 1, 1, 3])
    np.testing.assert_array_equal(run("rank", x, start=0, first="highest", ties="max"), [3, 2, 2, 0])
    np.testing.assert_array_equal(run("rank", [5.0, 15.0, 99.0], ref=x, start=0), [0, 0.5, 3])


def test_exponential_goalposts():
    y = run("goalposts", [5.0, 10.0, 15.0, 20.0, 30.0], goalposts=[(10, 20)], to=(60.0, 100.0), scale="exponential")
    np.testing.assert_allclose(y, [60, 60, 60 * np.exp(-np.log(0.6) / 2), 100, 100], rtol=1e-14)
    assert (y[0], y[-1]) == (60, 100)
    assert problems("goalposts", to=(0.0, 100.0), scale="exponential") == [
        "to: an exponential curve needs both ends above 0, found 0"
    ]
    assert problems("goalposts", to=(60.0, 100.0), scale="exponential") == []
    assert sign("goalposts", goalposts=(20, 10), to=(60.0, 100.0), scale="exponential") == -1
