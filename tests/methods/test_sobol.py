"""Sobol' shares: known answers within their intervals, agreement with SciPy and SALib, and laws."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.errors import DomainError
from cityindex.methods.sobol import interval, resamples, sobol_shares


def outputs(function, inputs, samples, seed, draw="random"):
    rng = np.random.default_rng(seed)
    a, b = getattr(rng, draw)(size=(2, samples, inputs))
    ab = np.repeat(a[None], inputs, axis=0)
    for place in range(inputs):
        ab[place, :, place] = b[:, place]
    return function(a), function(b), function(ab)


def ishigami(x):
    """Ishigami and Homma 1990, a = 7, b = 0.1."""
    x = np.pi * (2 * x - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def ishigami_shares():
    first = np.array([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8, 0])
    joint = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = first.sum() + joint
    return first / variance, (first + joint * np.array([1, 0, 1])) / variance


G = np.array([0.0, 0.5, 3.0, 9.0, 99.0, 99.0])


def g_function(x):
    """Sobol' 1993."""
    return ((np.abs(4 * x - 2) + G) / (1 + G)).prod(axis=-1)


def g_shares():
    own = 1 / (3 * (1 + G) ** 2)
    variance = np.prod(1 + own) - 1
    return own / variance, own * np.prod(1 + own) / (1 + own) / variance


SLOPES = np.array([1.0, 2.0, 3.0])


def linear(x):
    return 10 + x @ SLOPES


def linear_shares():
    return (SLOPES**2 / (SLOPES**2).sum(),) * 2


MODELS = {
    "ishigami": (ishigami, 3, ishigami_shares),
    "g-function": (g_function, 6, g_shares),
    "linear": (linear, 3, linear_shares),
}


@pytest.mark.parametrize("name", MODELS)
def test_known_shares_lie_within_the_intervals(name):
    function, inputs, known = MODELS[name]
    a, b, ab = outputs(function, inputs, 4096, seed=3)
    found = sobol_shares(a, b, ab)
    again = sobol_shares(a, b, ab, weights=resamples(np.random.default_rng(4), len(a), 400))
    for estimate, resampled, truth in zip((found.first, found.total), (again.first, again.total), known(), strict=True):
        low, high = interval(resampled, 0.99)
        assert (low <= truth + 1e-12).all()
        assert (truth <= high + 1e-12).all()
        np.testing.assert_allclose(estimate, truth, atol=0.08)
        assert (high - low).max() < 0.2


def test_intervals_hold_the_truth_as_often_as_they_say():
    first, total = linear_shares()
    held = []
    for seed in range(100):
        a, b, ab = outputs(linear, 3, 256, seed)
        again = sobol_shares(a, b, ab, weights=resamples(np.random.default_rng(seed), 256, 200))
        for resampled, truth in ((again.first, first), (again.total, total)):
            low, high = interval(resampled, 0.9)
            held += ((low <= truth) & (truth <= high)).tolist()
    assert 0.84 < np.mean(held) < 0.96


def test_equal_to_scipy_on_the_same_samples():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from scipy.stats import sobol_indices
    a, b, ab = outputs(ishigami, 3, 512, seed=1)
    theirs = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}, n=512)
    found = sobol_shares(a, b, ab)
    np.testing.assert_allclose(found.first, theirs.first_order, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.total, theirs.total_order, rtol=0, atol=1e-12)


def test_salib_differs_by_its_centre_alone():
    """SALib's `sobol.analyze` takes the mean of all runs (A, B and AB) for the centre; its totals are the same."""
    a, b, ab = outputs(g_function, 6, 512, seed=2)
    every = np.concatenate([a, b, ab.ravel()])
    x, y, z = ((own - every.mean()) / every.std() for own in (a, b, ab))
    variance = np.var([x, y])
    first, total = (y * (z - x)).mean(axis=1) / variance, 0.5 * ((x - z) ** 2).mean(axis=1) / variance
    found = sobol_shares(a, b, ab)
    np.testing.assert_allclose(found.total, total, rtol=0, atol=1e-12)
    moved = (np.mean([a, b]) - every.mean()) * (ab - a).mean(axis=1) / np.var([a, b])
    np.testing.assert_allclose(found.first + moved, first, rtol=0, atol=1e-12)


def test_the_estimator_that_is_not_centred_is_worse():
    """COINr's: on the same samples its error is several times as large, and grows with the mean of the output."""
    centred, plain, lifted = [], [], []
    for seed in range(60):
        a, b, ab = outputs(linear, 3, 100, seed)
        truth = linear_shares()[0]
        centred.append(sobol_shares(a, b, ab).first - truth)
        for errors, lift in ((plain, 0.0), (lifted, 10.0)):
            raw = ((b + lift) * (ab - a)).mean(axis=1) / np.var([a, b])
            errors.append(raw - truth)
    rms = [np.sqrt(np.mean(np.square(errors))) for errors in (centred, plain, lifted)]
    assert rms[1] > 3 * rms[0]
    assert rms[2] > 1.5 * rms[1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(-1e3, 1e3), st.floats(0.01, 1e3), st.integers(2, 40))
def test_shift_and_scale_change_nothing(seed, shift, scale, samples):
    a, b, ab = outputs(ishigami, 3, samples, seed)
    found = sobol_shares(a, b, ab)
    moved = sobol_shares(shift + scale * a, shift + scale * b, shift + scale * ab)
    np.testing.assert_allclose(moved.first, found.first, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(moved.total, found.total, rtol=1e-6, atol=1e-8)
    assert (found.total >= 0).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(6)))
def test_the_order_of_inputs_and_of_samples_changes_nothing(seed, order):
    a, b, ab = outputs(g_function, 6, 64, seed)
    found = sobol_shares(a, b, ab)
    np.testing.assert_allclose(sobol_shares(a, b, ab[list(order)]).first, found.first[list(order)], rtol=1e-12)
    rows = np.random.default_rng(seed).permutation(64)
    np.testing.assert_allclose(sobol_shares(a[rows], b[rows], ab[:, rows]).total, found.total, rtol=1e-10)


def test_several_outputs_are_as_one_after_another():
    a, b, ab = outputs(g_function, 6, 128, seed=5)
    rows = resamples(np.random.default_rng(1), 128, 7)
    both = sobol_shares(np.stack([a, a**2], 1), np.stack([b, b**2], 1), np.stack([ab, ab**2], 2), weights=rows)
    for place, power in enumerate((1, 2)):
        alone = sobol_shares(a**power, b**power, ab**power, weights=rows)
        np.testing.assert_allclose(both.first[..., place], alone.first, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(both.total[..., place], alone.total, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(both.variance[:, place], alone.variance, rtol=1e-9)


def test_a_resample_is_the_estimate_of_the_samples_it_drew():
    """Numerator, mean and variance are all those of the resample."""
    a, b, ab = outputs(ishigami, 3, 50, seed=6)
    rows = resamples(np.random.default_rng(2), 50, 3)
    found = sobol_shares(a, b, ab, weights=rows)
    for place, row in enumerate(rows):
        drawn = np.repeat(np.arange(50), np.round(row * 50).astype(int))
        alone = sobol_shares(a[drawn], b[drawn], ab[:, drawn])
        np.testing.assert_allclose(found.first[place], alone.first, rtol=1e-10)
        np.testing.assert_allclose(found.total[place], alone.total, rtol=1e-10)
        np.testing.assert_allclose(found.variance[place], alone.variance, rtol=1e-10)


def test_a_constant_output_has_no_shares():
    dust = 0.3 + np.array([0.0, 4e-17, 5.6e-17, 0.0])
    found = sobol_shares(dust, dust[::-1], np.stack([dust, dust]))
    assert np.isnan(found.first).all()
    assert np.isnan(found.total).all()
    assert found.variance == 0


def test_a_resample_of_equal_outputs_says_nothing():
    """One sample of ten differs: a resample without it has no variance, and is left out of the interval."""
    a, b = np.full(10, 7.1), np.full(10, 7.1)
    a[3] = 8.0
    ab = np.stack([b, a])
    rows = np.full((2, 10), 1 / 9)
    rows[0, 3], rows[1] = 0.0, 0.1
    found = sobol_shares(a, b, ab, weights=rows)
    assert np.isnan(found.total[0]).all()
    np.testing.assert_allclose(interval(found.total, 0.9)[0], found.total[1])
    assert np.isnan(interval(found.total[:1], 0.9)[0]).all()


def test_a_missing_output_is_refused_and_named():
    a, b, ab = outputs(linear, 3, 20, seed=1)
    ab[1, 4] = np.nan
    with pytest.raises(DomainError, match=r"in 1 of 20 samples \(first: 4\)"):
        sobol_shares(a, b, ab)
    with pytest.raises(DomainError, match="no sample"):
        sobol_shares(a[:0], b[:0], ab[:, :0])
    with pytest.raises(ValueError, match="shapes"):
        sobol_shares(a, b, ab[:, :5])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 0.99))
def test_intervals_are_percentiles(seed, level):
    values = np.random.default_rng(seed).normal(size=(37, 3))
    low, high = interval(values, level)
    ends = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    np.testing.assert_allclose([low, high], ends, rtol=1e-9, atol=1e-12)
    with pytest.raises(DomainError, match="level"):
        interval(values, 1.0)


def test_resamples_add_up():
    rows = resamples(np.random.default_rng(0), 100, 500)
    np.testing.assert_allclose(rows.sum(axis=1), 1)
    np.testing.assert_allclose(rows.mean(axis=0), 0.01, atol=0.003)
    assert rows.var() * 100**2 == pytest.approx(0.99, abs=0.05)
