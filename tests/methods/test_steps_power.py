"""log_shift, log_gii, boxcox, yeo_johnson: published powers, scipy, domains, laws."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from steps_support import apply, columns, learn, problems, run, sign

from cityindex._registry import STEPS
from cityindex.errors import DomainError

NAN = np.nan
few = settings(max_examples=30, deadline=None)

MAIZE = [6.1, -8.4, 1.0, 2.0, 0.7, 2.9, 3.5, 5.1, 1.8, 3.6, 7.0, 3.0, 9.3, 7.5, -6.0]
MICROWAVES = """.15 .09 .18 .10 .05 .12 .08 .05 .08 .10 .07 .02 .01 .10 .10 .10 .02 .10 .01 .40 .10 .05 .03 .05 .15 .10
.15 .09 .08 .18 .10 .20 .11 .30 .02 .20 .20 .30 .30 .40 .30 .05"""


# -- shifted logarithms -----------------------------------------------------------------------------------------------


def test_the_shifted_logarithm_in_both_tails():
    x = np.array([-1.0, 0.0, 4.0, 99.0, NAN])
    a = 0.01 * 100
    np.testing.assert_array_equal(run("log_shift", x), np.log(x + 1 + a))
    np.testing.assert_array_equal(run("log_shift", x, tail="lower"), -np.log(99 - x + a))
    np.testing.assert_array_equal(run("log_shift", x, tail="longer"), run("log_shift", x))
    np.testing.assert_array_equal(run("log_shift", -x, tail="longer"), -run("log_shift", x))
    np.testing.assert_array_equal(run("log_shift", x, plus=1.0), np.log(x + 2))  # COINr's log_CT_orig
    np.testing.assert_array_equal(run("log_shift", x, share=0.5), np.log(x + 51))


def test_each_column_has_its_own_longer_tail():
    long = np.exp(np.arange(9.0))
    params = learn("log_shift", np.column_stack([long, -long]), tail="longer")
    assert params["scale"] == [1.0, -1.0]
    assert params["start"] == [1.0, -1.0]
    symmetric = learn("log_shift", [[-1.0], [0.0], [1.0]], tail="longer")
    assert symmetric["scale"] == [1.0]


def test_the_logarithm_of_the_global_innovation_index():
    """COINr's log_GII returns the column as it was (its x1 is worked out and left): here it is done."""
    x = np.array([0.0, 1.0, 10.0, 100.0, NAN])
    y = run("log_gii", x)
    np.testing.assert_allclose(y, np.log(99 * x / 100 + 1), rtol=1e-15)
    np.testing.assert_allclose([y[0], y[3]], [0, np.log(100)], rtol=1e-15)
    assert not np.array_equal(y, x, equal_nan=True)


@pytest.mark.parametrize("high", [1.0, 0.5])
def test_a_maximum_that_would_turn_the_order_or_flatten_it_is_refused(high):
    with pytest.raises(DomainError, match=f"the highest number is {high:g}; it must be above 1") as caught:
        run("log_gii", [[0.0, 0.0], [2.0, high]])
    assert caught.value.columns == (1,)


def test_what_has_no_logarithm_later_is_refused_by_cell():
    ref = [[0.0, 0.0], [100.0, 100.0]]
    for name, options, x in (
        ("log_shift", {}, -1.0),
        ("log_shift", {"tail": "lower"}, 101.0),
        ("log_gii", {}, -1.1),
    ):
        with pytest.raises(DomainError, match="so far beyond the reference") as caught:
            run(name, [[50.0, 50.0], [50.0, x]], ref=ref, **options)
        assert caught.value.cells == ((1, 1),)


@pytest.mark.parametrize("name", ["log_shift", "log_gii", "boxcox", "yeo_johnson"])
def test_constant_and_empty_columns_and_one_unit_are_refused(name):
    for x, text in (([[2.0, 3.0], [5.0, 3.0]], "every unit has the same number, 3"), ([[2.0, NAN], [5.0, NAN]], "no")):
        with pytest.raises(DomainError, match=text) as caught:
            run(name, x)
        assert caught.value.columns == (1,)
    with pytest.raises(DomainError):
        run(name, [2.0])


def test_options_of_log_shift_are_checked():
    assert problems("log_shift", share=0) == ["share: 0; above 0 is allowed"]
    assert problems("log_shift", plus=-1.0) == ["plus: -1.0; above 0 is allowed"]
    assert problems("log_shift", share=0.01, plus=None) == problems("log_shift") == []


# -- Box and Cox ------------------------------------------------------------------------------------------------------


def test_the_radiation_of_microwave_ovens():
    """Johnson and Wichern, Applied Multivariate Statistical Analysis: 42 doors closed; the likelihood peaks at .28."""
    x = np.array([float(number) for number in MICROWAVES.split()])
    assert len(x) == 42
    assert learn("boxcox", x[:, None])["lambda"][0] == pytest.approx(0.28, abs=0.005)


@given(st.lists(st.floats(0.01, 1e4), min_size=8, max_size=40).filter(lambda x: np.std(np.log(x)) > 0.1))
@few
def test_the_powers_are_scipys(x):
    x = np.array(x)
    for name, theirs in (("boxcox", stats.boxcox), ("yeo_johnson", stats.yeojohnson)):
        for power in (-1.5, 0.0, 0.5, 2.0, 3.0):
            np.testing.assert_allclose(run(name, x, **{"lambda": power}), theirs(x, lmbda=power), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(run("yeo_johnson", -x, **{"lambda": 2.0}), stats.yeojohnson(-x, lmbda=2.0), rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_the_learned_powers_are_scipys_and_scikit_learns(seed):
    from sklearn.preprocessing import PowerTransformer

    x = np.random.default_rng(seed).gamma(1 + seed, 3.0, (80, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, method, theirs in (
            ("boxcox", "box-cox", stats.boxcox(x[:, 0])[1]),
            ("yeo_johnson", "yeo-johnson", stats.yeojohnson(x[:, 0])[1]),
        ):
            ours = learn(name, x)["lambda"][0]
            assert ours == pytest.approx(theirs, abs=1e-6)
            fitted = PowerTransformer(method=method, standardize=False).fit(x)
            assert ours == pytest.approx(fitted.lambdas_[0], abs=1e-6)
            np.testing.assert_allclose(run(name, x), fitted.transform(x), rtol=1e-4)  # 1e-6 in λ


def test_no_column_is_moved_without_being_asked():
    """COINr's boxcox moves a column to start at 1 (makepos) unless told not to."""
    x = np.array([1.0, 4.0, 9.0])
    np.testing.assert_allclose(run("boxcox", x * 4, **{"lambda": 0.5}), 2 * (np.sqrt(x * 4) - 1))
    np.testing.assert_allclose(run("boxcox", x - 1, **{"lambda": 0.5}, plus=1.0), [0, 2, 4])
    assert learn("boxcox", np.array([[0.0], [3.0], [8.0]]), plus=1.0) == learn("boxcox", [[1.0], [4.0], [9.0]])


def test_numbers_without_a_power_are_named():
    for options in ({}, {"lambda": 2.0}):
        with pytest.raises(DomainError, match="need numbers above 0") as caught:
            run("boxcox", [[1.0, 1.0], [2.0, 0.0], [3.0, -1.0]], **options)
        assert caught.value.cells == ((1, 1), (2, 1))
    for name in ("boxcox", "yeo_johnson"):
        with pytest.raises(DomainError, match="too large a number") as caught:
            run(name, [1.0, 1e200], **{"lambda": 3.0})
        assert caught.value.cells == ((1, 0),)


def test_a_power_that_runs_away_is_refused():
    x = 1000 + np.array([0.0, 1.0, 5.0, 7.0, 8.0, 8.5, 9.0, 9.2, 9.3])  # λ near 500: no table should rest on that
    for name in ("boxcox", "yeo_johnson"):
        with pytest.raises(DomainError, match="the likelihood still rises at lambda 5") as caught:
            run(name, np.column_stack([np.exp(np.arange(9.0)), x]))
        assert caught.value.columns == (1,)
        assert np.isfinite(run(name, x, **{"lambda": 5.0})).all()


@given(x=st.lists(st.floats(0.1, 1e3), min_size=6, max_size=30).filter(lambda x: np.std(np.log(x)) > 0.2))
@few
def test_the_power_of_box_and_cox_is_free_of_units(x):
    x = np.array(x)[:, None]
    try:
        one = learn("boxcox", x)["lambda"][0]
    except DomainError:
        return
    assert learn("boxcox", x * 1000)["lambda"][0] == pytest.approx(one, abs=1e-5)
    for power in (-0.5, 0.0, 0.5, 3.0):
        far, near = (run("minmax", run("boxcox", y, **{"lambda": power})) for y in (x * 1000, x))
        np.testing.assert_allclose(far, near, rtol=0, atol=1e-9)


# -- Yeo and Johnson --------------------------------------------------------------------------------------------------


def test_darwins_maize():
    """Yeo and Johnson (2000), page 958: 1.305."""
    assert learn("yeo_johnson", np.array(MAIZE)[:, None])["lambda"][0] == pytest.approx(1.305, abs=5e-4)


def test_power_1_leaves_numbers_as_they_are_and_0_is_a_logarithm():
    x = [-3.0, 0.0, 2.5, NAN]
    np.testing.assert_allclose(run("yeo_johnson", x, **{"lambda": 1.0}), x, rtol=1e-15)
    np.testing.assert_allclose(run("yeo_johnson", [0.0, 2.5], **{"lambda": 0.0}), np.log1p([0.0, 2.5]))
    np.testing.assert_allclose(run("yeo_johnson", [-3.0], **{"lambda": 2.0}), -np.log1p([3.0]))


# -- laws -------------------------------------------------------------------------------------------------------------

CASES = [
    ("log_shift", {}, "any"),
    ("log_shift", {"share": 0.1, "tail": "longer"}, "any"),
    ("log_gii", {}, "positive"),
    ("boxcox", {"lambda": -0.7}, "positive"),
    ("boxcox", {"lambda": 0.0, "plus": 1.0}, "positive"),
    ("yeo_johnson", {"lambda": 0.3}, "any"),
    ("yeo_johnson", {"lambda": 2.0}, "any"),
]


@pytest.mark.parametrize(("name", "options", "domain"), CASES)
@given(data=st.data())
@few
def test_they_rise_row_by_row_and_keep_gaps(name, options, domain, data):
    x = data.draw(columns(domain))
    before = x.copy()
    params = learn(name, x, **options)
    whole = apply(name, x, params, **options)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(np.isnan(whole), np.isnan(x))
    for j in range(x.shape[1]):
        order = np.argsort(x[:, j], kind="stable")[: np.isfinite(x[:, j]).sum()]
        y = whole[order, j]
        assert (np.diff(y) >= -1e-12 * np.abs(y).max()).all()
    for i in range(len(x)):
        np.testing.assert_array_equal(apply(name, x[[i]], params, **options), whole[[i]])
    np.testing.assert_array_equal(apply(name, np.ascontiguousarray(x), params, **options), whole)
    np.testing.assert_array_equal(apply(name, np.stack([x, x]), params, **options), np.stack([whole, whole]))
    assert learn(name, x[::-1], **options) == params
    assert sign(name, **options) == 1


@pytest.mark.parametrize("name", ["boxcox", "yeo_johnson"])
def test_learned_columns_stand_for_themselves(name):
    x = np.random.default_rng(3).lognormal(0, 1, (60, 3))
    x[4, 1] = NAN
    params = learn(name, x)
    whole = apply(name, x, params)
    assert len(params["lambda"]) == 3
    assert learn(name, x[:, [1]])["lambda"] == params["lambda"][1:2]
    assert learn(name, x[::-1])["lambda"] == params["lambda"]
    np.testing.assert_array_equal(run(name, x[~np.isnan(x[:, 1]), 1]), whole[~np.isnan(x[:, 1]), 1])
    np.testing.assert_array_equal(apply(name, x[[7]], params), whole[[7]])
    np.testing.assert_array_equal(apply(name, np.asfortranarray(x), params), whole)


def test_what_may_stand_bare():
    assert (STEPS["boxcox"].bare, STEPS["yeo_johnson"].bare) == ("lambda", "lambda")
    assert list(STEPS["boxcox"].options) == ["lambda", "plus"]
    assert not STEPS["log_shift"].treats
