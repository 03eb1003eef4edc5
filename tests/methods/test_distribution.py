"""What columns look like: agreement with COINr, numpy and pandas, laws, empty and constant columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from support import shared

from cityindex._registry import STEPS
from cityindex.methods.distribution import Distribution, distribution, shape_outliers

COINR = {
    "low": "Min", "high": "Max", "mean": "Mean", "median": "Median", "sd": "Std", "skewness": "Skew",
    "kurtosis": "Kurt", "present": "N.Avail", "distinct": "N.Unique", "same": "N.Same",
}  # fmt: skip


def test_coinr_agrees():
    """To 1e-9, but for one count: COINr takes 3.4 and 3.4000000000000004 (of TolMin) for two numbers."""
    data = pd.read_csv(shared("asem", "01_raw_dset.csv"))
    expected = pd.read_csv(shared("asem", "09_stats_Raw.csv")).set_index("iCode")
    found = distribution(data[list(expected.index)].to_numpy(float))
    apart = {}
    for ours, theirs in COINR.items():
        differs = ~np.isclose(getattr(found, ours), expected[theirs], rtol=0, atol=1e-9)
        if differs.any():
            apart[ours] = list(expected.index[differs])
    assert apart == {"distinct": ["TolMin"]}
    np.testing.assert_array_equal(found.present - found.zeros, expected["N.NonZero"])


def test_values_that_differ_by_dust_are_one():
    """COINr counts 3.4 and 3.4000000000000004 as two (its ranks too): here numbers compare at 12 digits."""
    found = distribution(np.array([[3.4], [3.4000000000000004], [1.0]]))
    assert found.distinct[0] == 2
    assert found.same[0] == 2


def test_a_case_by_hand():
    """Tukey's fences of 1, 2, 3, 4, 100: quartiles 2 and 4, fences -1 and 7."""
    found = distribution(np.array([[1.0], [2.0], [3.0], [4.0], [100.0]]))
    assert (found.q1[0], found.q3[0], found.below[0], found.above[0]) == (2, 4, 0, 1)
    assert (found.zeros[0], found.distinct[0], found.same[0]) == (0, 5, 1)


def test_columns_without_numbers_or_spread_have_nan_and_counts():
    found = distribution(np.array([[np.nan, 7.0], [np.nan, 7.0], [np.nan, np.nan]]))
    assert found.present.tolist() == [0, 2]
    assert found.distinct.tolist() == [0, 1]
    assert found.same.tolist() == [0, 2]
    assert np.isnan([found.low[0], found.median[0], found.mean[0], found.sd[0], found.skewness[0]]).all()
    assert (found.median[1], found.sd[1], found.above[1]) == (7, 0, 0)
    assert np.isnan(found.skewness[1])
    one = distribution(np.array([[3.0]]))
    assert one.median[0] == 3
    assert np.isnan(one.sd[0])
    nobody = distribution(np.empty((0, 2)))
    assert nobody.present.tolist() == [0, 0]
    assert np.isnan(nobody.median).all()


@pytest.mark.parametrize("points", [1, 5])
def test_outliers_of_shape_are_what_winsorise_moves(points):
    random = np.random.default_rng(5)
    x = random.lognormal(sigma=1.5, size=(60, 6))
    x[:, 0] = random.normal(size=60)
    x[::7, 3] = np.nan
    step = STEPS["winsorise"]
    params = step.learn(x, points=points, quantiles=None, skewness=2.0, kurtosis=3.5)
    moved = step.function(x, params) != x
    moved &= ~np.isnan(x)
    found = shape_outliers(x, points=points)
    np.testing.assert_array_equal(found, moved.sum(axis=0))
    assert found[0] == 0
    assert found.max() > 0


def test_outliers_of_shape_where_there_is_nothing_to_look_at():
    assert shape_outliers(np.empty((0, 2))).tolist() == [0, 0]
    dust = np.array([0.3] * 9 + [0.1 + 0.2])[:, None]
    assert shape_outliers(dust).tolist() == [0]
    assert shape_outliers(np.full((3, 1), np.nan)).tolist() == [0]


numbers = st.one_of(st.just(np.nan), st.integers(-5, 5).map(float), st.floats(-1e6, 1e6, allow_subnormal=False))


@settings(max_examples=60)
@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 15), st.integers(1, 4)), elements=numbers))
def test_pandas_agrees(x):
    frame = pd.DataFrame(x)
    found = distribution(x)
    close = {"rtol": 1e-9, "atol": 1e-6}
    np.testing.assert_array_equal(found.present, frame.count())
    for name, share in (("low", 0), ("q1", 0.25), ("median", 0.5), ("q3", 0.75), ("high", 1)):
        np.testing.assert_allclose(getattr(found, name), frame.quantile(share), **close, err_msg=name)
    np.testing.assert_allclose(found.mean, frame.mean(), **close)
    np.testing.assert_allclose(found.sd, frame.std(), **close)
    np.testing.assert_array_equal(found.zeros, (frame == 0).sum())


@settings(max_examples=30)
@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 12), st.just(2)), elements=numbers), st.integers(0, 99))
def test_the_order_of_units_changes_nothing(x, seed):
    one, other = distribution(x), distribution(np.random.default_rng(seed).permutation(x))
    for name in Distribution._fields:
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("power", [-700, -260, 260, 700, 1000])
def test_huge_and_tiny_numbers_have_the_same_shape(power):
    x = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0], [90.0]])
    plain, far = distribution(x), distribution(np.ldexp(x, power))
    for name in ("mean", "sd", "median", "q3"):
        assert getattr(far, name) == np.ldexp(getattr(plain, name), power)
    assert (far.skewness, far.kurtosis) == (plain.skewness, plain.kurtosis)
    assert shape_outliers(np.ldexp(x, power)) == 1


def test_a_constant_column_has_its_number_for_a_mean_and_no_shape():
    """Twelve times 0.1 add up to 1.2000000000000002."""
    found = distribution(np.column_stack([np.full(12, 0.1), [0.3, 0.1 + 0.2] * 6]))
    assert (found.mean[0], found.sd[0]) == (0.1, 0)
    assert np.isnan([found.skewness, found.kurtosis]).all()
