"""Cronbach's alpha: agreement with COINr, a case by hand, laws, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared

from cityindex.errors import DomainError
from cityindex.methods.reliability import cronbach


def coinr():
    meta = pd.read_csv(shared("asem", "00_iMeta.csv"))
    alphas = pd.read_csv(shared("asem", "09_cronbach.csv"))
    tables = {
        "Raw": pd.read_csv(shared("asem", "01_raw_dset.csv")),
        "Normalised": pd.read_csv(shared("asem", "06_norm_minmax_0_100.csv")),
        "Aggregated": pd.read_csv(shared("asem", "07_agg_amean.csv")),
    }
    indicators = meta[meta.Type == "Indicator"]
    for row in alphas.itertuples():
        if row.iCode == "ALL":
            children = indicators.iCode
        elif row.iCode == "pillars":
            children = meta[(meta.Level == 2) & (meta.Type == "Aggregate")].iCode
        else:
            children = indicators[indicators.Parent == row.iCode].iCode
        yield row.dset, row.iCode, tables[row.dset][list(children)].to_numpy(float), row.alpha


def test_coinr_agrees():
    seen = 0
    for dset, group, x, alpha in coinr():
        assert cronbach(x).alpha == pytest.approx(alpha, abs=1e-9), (dset, group)
        seen += 1
    assert seen == 19


def test_by_hand():
    """Items (1, 2, 3) and (2, 2, 5): variances 1 and 3, their sum (3, 4, 8) varies by 7: 2 (1 - 4/7) = 6/7."""
    found = cronbach(np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 5.0]]))
    assert found.alpha == pytest.approx(6 / 7, abs=1e-15)
    r = 1.5 / np.sqrt(3)
    assert found.standardised == pytest.approx(2 * r / (1 + r), abs=1e-15)
    assert np.isnan(found.without).all()
    assert found.units == 3


def test_without_each_is_alpha_of_the_others():
    x = np.random.default_rng(1).normal(size=(30, 4)) + np.random.default_rng(2).normal(size=(30, 1))
    x[3, 1] = x[7, 2] = np.nan
    found = cronbach(x)
    for j in range(4):
        assert found.without[j] == pytest.approx(cronbach(np.delete(x, j, axis=1)).alpha, abs=1e-12)


def test_listwise_leaves_out_rows_and_says_how_many_are_left():
    x = np.random.default_rng(3).normal(size=(20, 3)) + np.arange(20.0)[:, None]
    gaps = x.copy()
    gaps[0, 0] = gaps[5, 2] = np.nan
    listwise = cronbach(gaps, missing="listwise")
    assert listwise.units == 18
    assert listwise.alpha == pytest.approx(cronbach(np.delete(x, [0, 5], axis=0)).alpha, abs=1e-12)
    pairwise = cronbach(gaps)
    assert pairwise.units == 20
    assert pairwise.alpha != listwise.alpha


@pytest.mark.parametrize(
    ("x", "words", "columns"),
    [
        ([[1.0], [2.0]], "there is 1", ()),
        ([[1.0, 4.0], [2.0, 4.0]], "same number", (1,)),
        ([[1.0, np.nan], [2.0, np.nan], [3.0, 1.0]], "fewer than two rows", (0, 1)),
        ([[1.0, -1.0], [2.0, -2.0], [4.0, -4.0]], "cancel out", (0, 1)),
        ([[1.0, 2.0]], "fewer than two rows", (0,)),
    ],
)
def test_what_has_no_alpha_is_refused_in_words(x, words, columns):
    """COINr gives nan, or a number, for each of these."""
    with pytest.raises(DomainError, match=words) as caught:
        cronbach(np.array(x))
    assert caught.value.columns == columns


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(2, 6), st.floats(0.01, 100), st.floats(-1e3, 1e3))
def test_laws(seed, k, scale, shift):
    """The same in any unit that all columns share, and in any order; 1 for equal columns; at most 1 without gaps."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(12, k))
    alpha = cronbach(x).alpha
    assert alpha <= 1
    assert cronbach(scale * x + shift).alpha == pytest.approx(alpha, abs=1e-6)
    assert cronbach(x[:, ::-1]).alpha == pytest.approx(alpha, abs=1e-9)
    assert cronbach(np.repeat(x[:, :1], k, axis=1) + np.arange(k)).alpha == pytest.approx(1, abs=1e-9)
    units = random.permutation(12)
    assert cronbach(x[units]).alpha == pytest.approx(alpha, abs=1e-9)
    scales = random.uniform(0.1, 10, k)
    assert cronbach(x * scales).standardised == pytest.approx(cronbach(x).standardised, abs=1e-6)


@pytest.mark.parametrize("power", [-600, -300, 300, 600])
def test_huge_and_tiny_numbers(power):
    x = np.random.default_rng(3).normal(size=(20, 3)) + np.arange(20.0)[:, None]
    plain, far = cronbach(x), cronbach(np.ldexp(x, power))
    assert (far.alpha, far.standardised) == (plain.alpha, plain.standardised)
    mixed = cronbach(x * [1.0, 2.0**power, 1.0])
    assert mixed.standardised == pytest.approx(plain.standardised, abs=1e-12)
