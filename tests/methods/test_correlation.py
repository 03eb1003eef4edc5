"""Correlations: published cases, agreement with scipy and pandas, laws, and what has none."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from cityindex.methods import correlation
from cityindex.methods.correlation import COEFFICIENTS, correlate, p_values, tail

# Spearman: ten people's IQ and hours of television a week, the example of the article "Spearman's rank correlation
# coefficient" in Wikipedia: rho = -29/165. Pearson: set I of F. J. Anscombe (1973), Graphs in statistical analysis, The
# American Statistician 27(1), 17-21, doi:10.1080/00031305.1973.10478966; printed there as r^2 = .667.
IQ = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
HOURS = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE_Y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]


def column(values):
    return np.array(values, float)[:, None]


def gappy(rows, columns, *, seed=0, share=0.15, ties=False):
    random = np.random.default_rng(seed)
    x = random.normal(size=(rows, columns)) @ random.normal(size=(columns, columns))
    x = np.round(x) if ties else x
    x[random.random(x.shape) < share] = np.nan
    return x


def test_published_cases():
    r = correlate(column(ANSCOMBE_X), column(ANSCOMBE_Y)).r[0, 0]
    assert r**2 == pytest.approx(0.667, abs=5e-4)
    rho = correlate(column(IQ), column(HOURS), method="spearman")
    assert rho.r[0, 0] == pytest.approx(-29 / 165, abs=1e-15)
    assert rho.n[0, 0] == 10
    assert tail(rho.r, rho.n)[0, 0] == pytest.approx(0.627188, abs=5e-7)


@pytest.mark.parametrize("method", COEFFICIENTS)
@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("share", [0.0, 0.15])
def test_pandas_agrees_on_pairs(method, ties, share):
    x = gappy(60, 7, share=share, ties=ties)
    expected = pd.DataFrame(x).corr(method=method).to_numpy()
    found = correlate(x, method=method)
    np.testing.assert_allclose(found.r, expected, rtol=0, atol=1e-13)
    here = (~np.isnan(x)).astype(float)
    np.testing.assert_array_equal(found.n, here.T @ here)


@pytest.mark.parametrize("method", COEFFICIENTS)
def test_two_tables_are_a_corner_of_one(method):
    x = gappy(40, 5)
    whole = correlate(x, method=method)
    corner = correlate(x[:, :2], x[:, 2:], method=method)
    np.testing.assert_array_equal(corner.r, whole.r[:2, 2:])
    np.testing.assert_array_equal(corner.n, whole.n[:2, 2:])


def test_scipy_agrees_on_p():
    x, y = gappy(30, 1, share=0, ties=True), gappy(30, 1, seed=1, share=0, ties=True)
    for method, theirs in (("pearson", stats.pearsonr), ("spearman", stats.spearmanr), ("kendall", stats.kendalltau)):
        expected = theirs(x[:, 0], y[:, 0])
        found = correlate(x, y, method=method)
        assert found.r[0, 0] == pytest.approx(expected.statistic, abs=1e-14)
        assert p_values(x, y, found, method=method)[0, 0] == pytest.approx(expected.pvalue, rel=1e-9)


def test_pymcdm_agrees_on_rankings_without_ties_and_differs_with_them():
    """pymcdm 1.4.0 takes its input for ranks as it stands, and its tau counts a tie as neither (tau-a)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm import correlations as theirs
    plain = np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, 1, 4, 3, 6, 5])
    tied = np.array([1.0, 2, 3, 4, 5, 6]), np.array([2.0, 1, 4, 3, 6, 6])
    names = {"pearson": theirs.pearson, "spearman": theirs.spearman, "kendall": theirs.kendall_tau}
    for method, function in names.items():
        for pair, agrees in ((plain, True), (tied, method == "pearson")):
            got = correlate(column(pair[0]), column(pair[1]), method=method).r[0, 0]
            assert (got == pytest.approx(function(*pair), abs=1e-12)) == agrees, method


def test_kendall_of_many_rows_is_that_of_few(monkeypatch):
    x = gappy(50, 5, ties=True)
    x[:, 4] = 3.0
    by_row = correlate(x, method="kendall").r
    monkeypatch.setattr(correlation, "LONG", 10)
    np.testing.assert_allclose(correlate(x, method="kendall").r, by_row, rtol=0, atol=1e-14)


@pytest.mark.parametrize("method", COEFFICIENTS)
def test_what_has_none_is_nan_and_spoils_nothing_else(method):
    """COINr gives NaN with R's warning; numpy's corrcoef makes a whole row nan for one gap."""
    x = np.array([[1.0, 5.0, np.nan, 1.0], [2.0, 5.0, np.nan, 3.0], [3.0, 5.0, np.nan, np.nan], [4.0, 5.0, 7.0, 2.0]])
    found = correlate(x, method=method)
    assert found.r[0, 0] == 1
    assert not np.isnan(found.r[0, 3])
    assert np.isnan(found.r[1]).all()  # constant
    assert np.isnan(found.r[2]).all()  # one number
    assert found.n[2].tolist() == [1, 1, 1, 1]
    for empty in (np.empty((0, 2)), np.full((3, 2), np.nan), np.ones((1, 2))):
        assert np.isnan(correlate(empty, method=method).r).all()
    assert correlate(np.empty((4, 0)), method=method).r.shape == (0, 0)


@pytest.mark.parametrize("method", COEFFICIENTS)
def test_dust_does_not_make_a_constant_vary_or_break_a_tie(method):
    dust = np.array([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2])
    assert np.isnan(correlate(np.column_stack([dust, np.arange(4.0)]), method=method).r[0, 1])
    tied = np.column_stack([[0.3, 0.1 + 0.2, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0]])
    exact = np.column_stack([[0.3, 0.3, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0]])
    assert correlate(tied, method=method).r[0, 1] == pytest.approx(correlate(exact, method=method).r[0, 1], abs=1e-15)


def test_a_column_that_is_constant_where_both_are_there():
    x = np.array([[5.0, 1.0], [5.0, 2.0], [5.0, 3.0], [9.0, np.nan], [1.0, np.nan]])
    for method in COEFFICIENTS:
        assert np.isnan(correlate(x, method=method).r[0, 1])


def test_an_outlier_where_the_other_is_missing_takes_no_digits():
    """Masked products alone would lose all of them: centred on the column's mean, the pair's numbers are 1e11 away."""
    a = np.array([1.0, 2.0, 3.0, 5.0, 4.0, 1e12])
    b = np.array([2.0, 1.0, 4.0, 7.0, 3.0, np.nan])
    expected = stats.pearsonr(a[:5], b[:5]).statistic
    assert correlate(column(a), column(b)).r[0, 0] == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("scale", [1e-200, 1e200, 1e307])
def test_huge_and_tiny_numbers(scale):
    x = gappy(20, 3, share=0.1)
    y = x * np.array([scale, 1.0, -scale / 100])
    sign = np.outer([1, 1, -1], [1, 1, -1])
    np.testing.assert_allclose(correlate(y).r, correlate(x).r * sign, rtol=0, atol=1e-13)


def test_an_unknown_coefficient_is_told_with_the_nearest():
    with pytest.raises(ValueError, match="spearman"):
        correlate(np.eye(3), method="spaerman")


numbers = st.one_of(st.just(np.nan), st.integers(-9, 9).map(float), st.floats(-1e6, 1e6).map(lambda x: round(x, 6)))
tables = hnp.arrays(np.float64, st.tuples(st.integers(2, 12), st.integers(2, 5)), elements=numbers)


@settings(max_examples=40)
@given(tables, st.sampled_from(COEFFICIENTS), st.randoms(use_true_random=False))
def test_laws(x, method, random):
    """Within -1 and 1, symmetrical, the same whatever the order of units or children, the sign follows direction."""
    found = correlate(x, method=method)
    r = found.r
    assert not (np.abs(r) > 1).any()
    np.testing.assert_array_equal(r, r.T)
    units = random.sample(range(len(x)), len(x))
    np.testing.assert_allclose(correlate(x[units], method=method).r, r, rtol=0, atol=1e-9)
    columns = random.sample(range(x.shape[1]), x.shape[1])
    np.testing.assert_allclose(correlate(x[:, columns], method=method).r, r[np.ix_(columns, columns)], atol=1e-9)
    turned = correlate(np.column_stack([-x[:, :1], x[:, 1:]]), method=method).r
    np.testing.assert_allclose(turned[0, 1:], -r[0, 1:], rtol=0, atol=1e-9)


@settings(max_examples=40)
@given(tables)
def test_each_pair_is_that_of_its_own_rows(x):
    """The oracle: a pair alone, its gaps left out (only pairs that vary by more than dust compare)."""
    found = correlate(x)
    for i in range(x.shape[1]):
        for j in range(i + 1, x.shape[1]):
            pair = x[~np.isnan(x[:, [i, j]]).any(axis=1)][:, [i, j]]
            assert found.n[i, j] == len(pair)
            alone = correlate(pair).r[0, 1]
            assert np.isnan(alone) == np.isnan(found.r[i, j])
            if len(pair) > 2 and (pair.std(axis=0) > 1e-6 * np.abs(pair).max(axis=0)).all():
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    expected = np.corrcoef(pair.T)[0, 1]
                assert found.r[i, j] == pytest.approx(expected, abs=1e-7)
