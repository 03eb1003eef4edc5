"""Entropy, standard deviation and coefficient of variation: published cases, peers, and what they do silently."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from dispersion_support import peers, quietly, refused, tables, weigh
from hypothesis import given, settings
from support import shared

from cityindex._registry import WEIGHTINGS

ANGLE = [[30, 30, 38, 29], [19, 54, 86, 29], [19, 15, 85, 28.9], [68, 70, 60, 29]]
IDOCRIW = [[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]]


def by_hand(x):
    """Entropy weights, written as the formula reads, one number at a time."""
    amounts = []
    for column in np.asarray(x, float).T:
        total = math.fsum(column)
        shares = [number / total for number in column]
        amounts.append(1 + math.fsum(p * math.log(p) for p in shares if p > 0) / math.log(len(column)))
    return np.array(amounts) / math.fsum(amounts)


# -- published cases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "expected", "digits"),
    [
        # Xu (2004), European Journal of Operational Research 156(2), 530–532
        (ANGLE, [0.4630, 0.3992, 0.1378, 0.0000], 4),
        # Zavadskas and Podvezko (2016), costs as they stand
        (IDOCRIW, [0.1146, 0.1981, 0.4185, 0.2689], 4),
        # Ersoy (2021), LogForum 17(3), 341–358
        (
            [
                [256, 8, 41, 1.6, 1.77, 7347.16],
                [256, 8, 32, 1.0, 1.8, 6919.99],
                [256, 8, 53, 1.6, 1.9, 8400],
                [256, 8, 41, 1.0, 1.75, 6808.9],
                [512, 8, 35, 1.6, 1.7, 8479.99],
                [256, 4, 35, 1.6, 1.7, 7499.99],
            ],
            [0.405, 0.221, 0.134, 0.199, 0.007, 0.034],
            3,
        ),
        # Lee and Chang (2018), Renewable and Sustainable Energy Reviews 92, 883–896
        (
            [
                [4550, 30, 6.74, 20, 15, 5, 85, 150, 0.87, 4.76],
                [3005, 60.86, 2.4, 35, 27, 4, 26, 200, 0.17, 4.51],
                [2040, 14.85, 1.7, 90, 25, 5, 26, 500, 0.27, 4.19],
                [3370, 99.4, 3.25, 25.3, 54, 3, 45, 222, 0.21, 3.78],
                [3920, 112.6, 4.93, 11.4, 71.7, 2, 50, 100, 0.25, 4.11],
            ],
            [0.026, 0.154, 0.089, 0.199, 0.115, 0.04, 0.08, 0.123, 0.172, 0.002],
            3,
        ),
    ],
)
def test_published_entropy_weights(ref, expected, digits):
    np.testing.assert_allclose(weigh("entropy", ref), expected, atol=0.5001 * 10.0**-digits)


def test_published_coefficients_of_variation():  # Shuai et al. (2012)
    np.testing.assert_allclose(weigh("coefficient_of_variation", ANGLE), [0.4258, 0.3610, 0.2121, 0.0011], atol=5e-5)


def test_published_standard_deviations():  # Sałabun, Wątróbski, Shekhovtsov (2020), Symmetry 12(9), 1549
    ref = [[0.619, 0.449, 0.447], [0.862, 0.466, 0.006], [0.458, 0.698, 0.771], [0.777, 0.631, 0.491]]
    ref.append([0.567, 0.992, 0.968])
    w = weigh("standard_deviation", ref, scale="none")
    np.testing.assert_allclose(w, [0.217, 0.294, 0.488], atol=5.001e-4)


# -- peers ------------------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(x=tables())
def test_agrees_with_the_formula_and_the_peers_where_they_have_an_answer(x):
    pymcdm, skc = peers()
    w = weigh("entropy", x)
    np.testing.assert_allclose(w, by_hand(x), atol=1e-11)
    np.testing.assert_allclose(w, pymcdm.entropy_weights(x), atol=1e-10)
    np.testing.assert_allclose(w, skc.entropy_weights(x), atol=1e-10)
    w = weigh("standard_deviation", x, scale="none")
    np.testing.assert_allclose(w, pymcdm.standard_deviation_weights(x), atol=1e-12)
    np.testing.assert_allclose(w, skc.std_weights(x), atol=1e-12)
    scaled = (x - x.min(axis=0)) / (x.max(axis=0) - x.min(axis=0))
    np.testing.assert_allclose(weigh("standard_deviation", x), skc.std_weights(scaled), atol=1e-12)


def test_peers_on_zeros_and_negative_numbers():
    pymcdm, skc = peers()
    zero = np.array([[1.0, 5.0, 0.0], [2.0, 3.0, 4.0], [3.0, 4.0, 1.0]])
    with pytest.raises(ValueError, match="positive"):  # so that entropy after min-max cannot be had there
        pymcdm.entropy_weights(zero)
    np.testing.assert_allclose(weigh("entropy", zero), by_hand(zero), atol=1e-12)
    negative = zero - [0, 0, 1]
    assert np.isnan(quietly(skc.entropy_weights, negative)).any()
    assert refused("entropy", negative, "scale: minmax or a shift").cells == ((0, 2),)
    missing = np.where(zero == 5, np.nan, zero)
    assert np.isnan(quietly(skc.entropy_weights, missing)).any()
    assert np.isfinite(weigh("entropy", missing)).all()


def test_peers_ignore_direction_where_this_asks():
    pymcdm, skc = peers()
    x, directions = np.array(IDOCRIW), [-1, 1, -1, 1]
    np.testing.assert_allclose(pymcdm.entropy_weights(x, np.array(directions)), skc.entropy_weights(x))
    assert refused("entropy", x, "less: reciprocal or as_is", directions=directions).columns == (0, 2)
    np.testing.assert_allclose(weigh("entropy", x, less="as_is", directions=directions), skc.entropy_weights(x))
    turned = weigh("entropy", x, less="reciprocal", directions=directions)
    np.testing.assert_allclose(turned, by_hand(x ** np.array(directions)), atol=1e-12)
    assert np.abs(turned - weigh("entropy", x)).max() > 0.01


# -- scale, shift, less -----------------------------------------------------------------------------------------------


def test_minmax_then_entropy_with_zeros():
    x = np.array([[2.0, 30.0], [4.0, 10.0], [8.0, 20.0], [6.0, 25.0]])
    scaled = np.array([[0, 1], [1 / 3, 0], [1, 0.5], [2 / 3, 0.75]])
    np.testing.assert_allclose(weigh("entropy", x, scale="minmax"), by_hand(scaled), atol=1e-12)
    turned = np.column_stack([scaled[:, 0], 1 - scaled[:, 1]])
    np.testing.assert_allclose(weigh("entropy", x, scale="minmax", directions=[1, -1]), by_hand(turned), atol=1e-12)
    shifted = weigh("entropy", x, scale="minmax", shift=0.001)
    np.testing.assert_allclose(shifted, by_hand(scaled + 0.001), atol=1e-12)
    assert np.abs(shifted - weigh("entropy", x, scale="minmax")).max() > 1e-5


def test_above_zero_moves_only_columns_with_a_number_not_above_zero():
    x = np.array([[2.0, -3.0, 0.0], [4.0, 1.0, 1.0], [8.0, 5.0, 2.0]])
    moved = x + np.array([0, 3.01, 0.01])
    np.testing.assert_allclose(weigh("entropy", x, shift="above_zero"), by_hand(moved), atol=1e-12)
    gap = np.vstack([x, [np.nan, np.nan, 7.0]])
    assert weigh("entropy", gap, shift="above_zero").sum() == pytest.approx(1)
    cells = refused("entropy", x, "above 0", less="reciprocal", directions=[1, 1, -1]).cells
    assert cells == ((0, 2),)
    lifted = weigh("entropy", x, shift="above_zero", less="reciprocal", directions=[1, 1, -1])
    np.testing.assert_allclose(lifted, by_hand(moved ** [1, 1, -1]), atol=1e-12)


def test_a_column_of_zeros_is_named():
    assert refused("entropy", [[1.0, 0.0], [2.0, 0.0]], "every number is 0").columns == (1,)


def test_options_that_make_no_sense_are_told_at_load():
    check = WEIGHTINGS["entropy"].check_option
    assert check({}) == []
    assert check({"shift": "above_zero"}) == check({"shift": 0.01, "scale": "minmax"}) == []
    assert len(check({"shift": -0.1})) == len(check({"shift": math.nan})) == len(check({"shift": math.inf})) == 1
    assert "scale: minmax" in check({"scale": "minmax", "less": "reciprocal"})[0]


# -- numbers that are hard --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1e-2, 1e-4, 1e-6, 1e-8])
def test_next_to_constant_columns_keep_their_digits(size):
    rng = np.random.default_rng(5)
    z = rng.normal(size=(50, 3))
    z = (z - z.mean(axis=0)) * [1, 2, 3]
    v = size * z
    exact = np.array([math.fsum((1 + t) * math.log1p(t) - t for t in column) for column in v.T])
    if size < 1e-3:  # the series, where the formula itself cancels
        exact = np.array([math.fsum(t * t / 2 - t**3 / 6 + t**4 / 12 for t in column) for column in v.T])
    tolerance = max(1e-9, 1e-14 / size)  # what 1 + v itself can hold
    np.testing.assert_allclose(weigh("entropy", 1000 * (1 + v)), exact / exact.sum(), rtol=tolerance)


@pytest.mark.parametrize("order", ["C", "F"])
def test_pieces_add_up(order):
    rng = np.random.default_rng(0)
    x = np.array(rng.lognormal(size=(40_000, 3)), order=order)
    x[::7, 1] = 0.0
    x[::11, 2] = np.nan
    alone = []
    for column in x.T:
        present = column[~np.isnan(column)]
        p = present[present > 0] / present.sum()
        alone.append(1 + (p * np.log(p)).sum() / math.log(len(present)))
    np.testing.assert_allclose(weigh("entropy", x), np.array(alone) / sum(alone), rtol=1e-11)


def test_deviations_with_gaps():
    x = np.array([[1.0, 2.0], [4.0, np.nan], [5.0, 3.0], [8.0, 9.0]])
    frame = pd.DataFrame(x)
    for sd, lost in (("sample", 1), ("population", 0)):
        s = frame.std(ddof=lost)
        expected = s / frame.mean() / (s / frame.mean()).sum()
        np.testing.assert_allclose(weigh("coefficient_of_variation", x, sd=sd), expected)
        np.testing.assert_allclose(weigh("standard_deviation", x, scale="none", sd=sd), s / s.sum())
    full = x[[0, 2, 3]]
    np.testing.assert_allclose(
        weigh("standard_deviation", full), weigh("standard_deviation", full, sd="population"), atol=1e-15
    )


def test_coefficients_of_variation_need_a_size_to_divide_by():
    x = np.array([[-1.0, 2.0], [4.0, 3.0], [5.0, 5.0], [-2.0, 4.0]])
    assert refused("coefficient_of_variation", x, "one sign").cells == ((0, 0), (3, 0))
    mixed = weigh("coefficient_of_variation", x, signs="mixed")
    assert mixed[0] == pytest.approx(1 - mixed[1])
    below = weigh("coefficient_of_variation", -np.abs(x))
    np.testing.assert_allclose(below, weigh("coefficient_of_variation", np.abs(x)), atol=1e-15)
    centred = x - x.mean(axis=0)
    assert refused("coefficient_of_variation", centred, "mean is 0", signs="mixed").columns == (0, 1)


# -- ASEM -------------------------------------------------------------------------------------------------------------


def test_raw_or_scaled_matters_more_than_the_shift_on_asem():
    data = pd.read_csv(shared("asem", "05_treated.csv")).set_index("uCode").select_dtypes("number")
    positive = data.loc[:, (data > 0).all()].to_numpy(float)
    assert positive.shape[1] > 10
    raw, scaled = weigh("entropy", positive), weigh("entropy", positive, scale="minmax")
    shifted = weigh("entropy", positive, scale="minmax", shift=0.01)
    assert np.abs(np.log(scaled / raw)).max() > math.log(3)
    assert np.abs(np.log(shifted / scaled)).max() < math.log(1.5)
    np.testing.assert_allclose(raw, peers()[1].entropy_weights(positive), atol=1e-9)
