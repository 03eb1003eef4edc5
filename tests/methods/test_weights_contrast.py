"""CRITIC, independence and the moments they come from: published cases, peers, and what they do silently."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from dispersion_support import peers, quietly, refused, tables, weigh
from hypothesis import given, settings
from support import shared

from cityindex.methods._moments import correlations, cross_products, levelled, moments

FIRMS = [[61, 1.08, 4.33], [20.7, 0.26, 4.34], [16.3, 1.98, 2.53], [9, 3.29, 1.65], [5.4, 2.77, 2.33]]
FIRMS += [[4, 4.12, 1.21], [-6.1, 3.52, 2.10], [-34.6, 3.31, 0.98]]
few = settings(max_examples=15, deadline=None)


# -- moments ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [2, 4095, 4096, 4097, 10_000])
@pytest.mark.parametrize("order", ["C", "F"])
def test_moments_in_blocks(rows, order):
    rng = np.random.default_rng(1)
    x = np.array(rng.normal(size=(rows, 4)) @ rng.normal(size=(4, 4)) + [0, 5, -3, 1e6], order=order)
    found = moments(x)
    assert found.n == rows
    np.testing.assert_allclose(found.mean, x.mean(axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.products, np.cov(x.T, ddof=0) * rows, rtol=1e-9, atol=1e-9 * rows)
    np.testing.assert_allclose(found.variances(), x.var(axis=0, ddof=1), rtol=1e-9)
    np.testing.assert_allclose(correlations(found.products), np.corrcoef(x.T), atol=1e-9)
    again = cross_products(iter([x[:1], x[:0], x[1:]]))
    np.testing.assert_allclose(again.products, found.products, rtol=1e-9, atol=1e-9 * rows)


def test_moments_far_from_zero():
    rng = np.random.default_rng(2)
    z = rng.normal(size=(20_000, 3))
    z[:, 2] += z[:, 0]
    found = correlations(moments(z + 1e9).products)
    np.testing.assert_allclose(found, np.corrcoef(z.T), atol=1e-6)
    assert (np.diag(found) == 1).all()
    assert (found == found.T).all()


def test_moments_need_a_row():
    with pytest.raises(ValueError, match="no row"):
        moments(np.empty((0, 2)))


@pytest.mark.parametrize("factor", [1e200, 1e-200, 2.0**1000])
def test_numbers_whose_squares_no_float_holds(factor):
    plain = (np.random.default_rng(5).normal(size=(30, 3)) + 4) * [1, 1, -1]
    far = plain * [factor, 1.0, factor]
    level, power = levelled(far, far.min(axis=0), far.max(axis=0))
    np.testing.assert_array_equal(level * power, far)
    np.testing.assert_allclose(correlations(moments(level).products), np.corrcoef(plain.T), atol=1e-12)
    for name in ("critic", "independence", "standard_deviation", "coefficient_of_variation"):
        np.testing.assert_allclose(weigh(name, far), weigh(name, plain), rtol=1e-9)
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="level them first"):
        correlations(moments(far).products)


def test_correlations_agree_with_coinr_on_asem():
    data = pd.read_csv(shared("asem", "01_raw_dset.csv")).set_index("uCode").select_dtypes("number")
    theirs = pd.read_csv(shared("asem", "09_corr_raw_level1_pearson.csv"))
    whole = data.columns[data.notna().all() & data.columns.isin(theirs["Var1"])]
    ours = pd.DataFrame(correlations(moments(data[whole].to_numpy(float)).products), index=whole, columns=whole)
    chosen = theirs[theirs["Var1"].isin(whole) & theirs["Var2"].isin(whole)].dropna()
    assert len(chosen) > 300
    found = [ours.loc[one, other] for one, other in zip(chosen["Var1"], chosen["Var2"], strict=True)]
    np.testing.assert_allclose(found, chosen["Correlation"], atol=1e-9)


# -- CRITIC -----------------------------------------------------------------------------------------------------------


def test_published_critic_weights():  # Diakoulaki, Mavrotas, Papayannakis (1995): 0.20, 0.48, 0.32
    np.testing.assert_allclose(weigh("critic", FIRMS), [0.20, 0.48, 0.32], atol=5e-3)
    np.testing.assert_allclose(weigh("critic", FIRMS), [0.20222554, 0.48090173, 0.31687273], atol=5e-9)


def test_published_critic_weights_without_direction():
    """Tuş and Aytaç Adalı (2019), Opsearch 56(2), 528–538: all six as if more were better."""
    ref = [[5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3], [600, 4, 3, 1, 2, 2]]
    ref.append([800, 2, 4, 3, 3, 4])
    np.testing.assert_allclose(weigh("critic", ref), [0.157, 0.249, 0.168, 0.121, 0.154, 0.151], atol=5.001e-4)


@few
@given(x=tables())
def test_critic_agrees_with_the_peers_where_more_is_better(x):
    pymcdm, skc = peers()
    objectives = np.ones(x.shape[1])
    np.testing.assert_allclose(weigh("critic", x), pymcdm.critic_weights(x), atol=1e-9)
    for correlation in ("pearson", "spearman"):
        for scale in ("minmax", "none"):
            theirs = skc.critic_weights(x, objectives, correlation=correlation, scale=scale == "minmax")
            np.testing.assert_allclose(weigh("critic", x, correlation=correlation, scale=scale), theirs, atol=1e-9)


def test_critic_honours_direction_where_pymcdm_does_not():
    pymcdm, skc = peers()
    x = np.array([[4.0, 2.0, 6.0], [8.0, 3.0, 6.0], [3.0, 7.0, 7.0], [3.0, 8.0, 6.0], [6.0, 8.0, 4.0]])
    directions = np.array([1, 1, -1])
    ours = weigh("critic", x, directions=directions)
    np.testing.assert_allclose(ours, quietly(skc.critic_weights, x, directions), atol=1e-12)
    np.testing.assert_allclose(ours, [0.3613, 0.4359, 0.2027], atol=5e-5)
    wrong = pymcdm.critic_weights(x, directions)
    np.testing.assert_allclose(wrong, weigh("critic", x), atol=1e-12)  # as if more were better everywhere
    np.testing.assert_allclose(wrong, [0.3509, 0.3648, 0.2843], atol=5e-5)


def test_critic_of_raw_and_of_carried_columns_is_the_same():
    x = np.array(FIRMS)
    carried = 1 + 99 * (x - x.min(axis=0)) / np.ptp(x, axis=0)
    carried[:, 2] = 101 - carried[:, 2]
    np.testing.assert_allclose(weigh("critic", carried), weigh("critic", x, directions=[1, 1, -1]), atol=1e-12)
    standard = (x - x.mean(axis=0)) / x.std(axis=0)
    assert np.abs(weigh("critic", standard, scale="none") - weigh("critic", standard)).max() > 0.01


def test_absolute_correlations():
    x = np.array(FIRMS)
    r = np.corrcoef(x.T)
    c = x.std(axis=0) / np.ptp(x, axis=0) * (1 - np.abs(r)).sum(axis=0)
    np.testing.assert_allclose(weigh("critic", x, absolute=True), c / c.sum(), atol=1e-12)
    both = weigh("critic", x, absolute=True, directions=[1, -1, -1])
    np.testing.assert_allclose(both, c / c.sum(), atol=1e-12)


def test_critic_of_a_constant_column_and_of_copies():
    pymcdm, skc = peers()
    x = np.column_stack([FIRMS, np.full(8, 7.0)])
    assert np.isnan(quietly(pymcdm.critic_weights, x)).all()
    assert np.isnan(quietly(skc.critic_weights, x, np.ones(4))).all()
    assert refused("critic", x, "leave the indicator out").columns == (3,)
    one = x[:, 0]
    refused("critic", np.column_stack([one, 3 * one + 1]), "correlate fully")
    refused("critic", np.column_stack([one, -one]), "correlate fully", absolute=True)
    np.testing.assert_allclose(weigh("critic", np.column_stack([one, -one])), [0.5, 0.5])


def test_critic_agrees_with_the_formula_on_asem():
    meta = pd.read_csv(shared("asem", "00_iMeta.csv"))
    meta = meta[meta["Type"] == "Indicator"]
    x = pd.read_csv(shared("asem", "05_treated.csv"))[list(meta["iCode"])].to_numpy(float)
    directions = meta["Direction"].to_numpy(float)
    signed = x * directions
    s = signed.std(axis=0, ddof=1) / np.ptp(signed, axis=0)
    c = s * (1 - np.corrcoef(signed.T)).sum(axis=0)
    ours = weigh("critic", x, directions=directions)
    np.testing.assert_allclose(ours, c / c.sum(), atol=1e-9)
    np.testing.assert_allclose(ours, quietly(peers()[1].critic_weights, x, directions.astype(int)), atol=1e-9)


# -- independence -----------------------------------------------------------------------------------------------------


def by_regression(x):
    """1 / R of each column, shared: R by least squares on the others with an intercept."""
    found = []
    for j in range(x.shape[1]):
        others = np.column_stack([np.ones(len(x)), np.delete(x, j, axis=1)])
        fitted = others @ np.linalg.lstsq(others, x[:, j], rcond=None)[0]
        apart = x[:, j] - x[:, j].mean()
        found.append(1 / np.sqrt(1 - ((x[:, j] - fitted) ** 2).sum() / (apart**2).sum()))
    return np.array(found) / sum(found)


@few
@given(x=tables())
def test_independence_is_that_of_the_regressions(x):
    np.testing.assert_allclose(weigh("independence", x), by_regression(x), rtol=1e-7)


def test_independence_on_asem():
    data = pd.read_csv(shared("asem", "05_treated.csv")).set_index("uCode").select_dtypes("number")
    x = data.iloc[:, 5:17].to_numpy(float)
    np.testing.assert_allclose(weigh("independence", x), by_regression(x), rtol=1e-8)


def test_two_columns_are_equally_independent():
    np.testing.assert_allclose(weigh("independence", np.array(FIRMS)[:, :2]), [0.5, 0.5])


def test_collinear_columns_have_multiple_correlation_one():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(40, 4))
    x[:, 2] = 2 * x[:, 0] - x[:, 1] + 5  # 0, 1 and 2 are collinear; 3 is not
    w = weigh("independence", x)
    assert w[0] == w[1] == w[2]
    others = np.column_stack([np.ones(40), x[:, :2]])
    left = x[:, 3] - others @ np.linalg.lstsq(others, x[:, 3], rcond=None)[0]
    r = np.sqrt(1 - left.var() / x[:, 3].var())
    assert w[3] / w[0] == pytest.approx(1 / r, rel=1e-9)
    near = x + 1e-7 * rng.normal(size=x.shape)  # and nothing jumps beside it
    np.testing.assert_allclose(weigh("independence", near), w, rtol=1e-5)


def test_independence_needs_units_and_correlation():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(5, 5))
    refused("independence", x, "5 units and 5 columns")
    assert weigh("independence", x[:, :4]).sum() == pytest.approx(1)
    crossed = np.array([[1.0, 1, 3], [1, -1, 1], [-1, 1, -1], [-1, -1, -3]])
    assert refused("independence", crossed[:, :2], "no correlation").columns == (0, 1)
