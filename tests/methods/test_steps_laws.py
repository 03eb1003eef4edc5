"""Laws that every step keeps: order by its sign, rows by themselves, gaps, shape, memory, JSON."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_support import CASES, NAMES, apply, columns, grid, learn, posts, run, sign, without_posts

from cityindex._registry import STEPS, keywords

EVERY = pytest.mark.parametrize(("name", "options", "domain"), CASES, ids=NAMES)
few = settings(max_examples=10, deadline=None)


def scored(name, options, x, ref=None):
    return run(name, x, ref=ref, **posts(options, x), **without_posts(options))


@EVERY
@given(data=st.data())
@few
def test_it_keeps_the_order_that_its_sign_promises(name, options, domain, data):
    if name in ("distance", "gaussian", "interval"):
        pytest.skip("near is the order that it keeps")
    x = data.draw(columns(domain, gaps=False))
    ref = data.draw(columns(domain))
    ref = np.resize(ref, (len(ref), x.shape[1]))
    ref[-2:] = x[-2:]
    sorted_x = np.sort(x, axis=0)
    y = scored(name, options, sorted_x, ref)
    direction = sign(name, **options)
    assert direction in (1, -1)
    slack = 1e-12 * max(1.0, float(np.abs(y).max()))
    assert (np.diff(y, axis=0) * direction >= -slack).all()


@EVERY
@given(data=st.data())
@few
def test_a_row_has_the_same_bits_alone_and_among_others(name, options, domain, data):
    x = data.draw(columns(domain))
    some = data.draw(st.lists(st.integers(0, len(x) - 1), min_size=1, max_size=len(x)))
    params = (
        {end: [options["goalposts"][place]] * x.shape[1] for place, end in enumerate(("low", "high"))}
        if "goalposts" in options
        else learn(name, x, **options)
    )
    whole = apply(name, x, params, **options)
    np.testing.assert_array_equal(apply(name, x[some], params, **options), whole[some])
    np.testing.assert_array_equal(apply(name, np.ascontiguousarray(x), params, **options), whole)
    draws = apply(name, np.stack([x, x]), params, **options)
    np.testing.assert_array_equal(draws, np.stack([whole, whole]))


@EVERY
@given(data=st.data())
@few
def test_what_is_missing_stays_missing_and_the_input_is_not_touched(name, options, domain, data):
    x = data.draw(columns(domain))
    before = x.copy()
    y = scored(name, options, x)
    np.testing.assert_array_equal(x, before)
    assert not np.may_share_memory(x, y)
    assert y.shape == x.shape
    assert y.dtype == np.float64
    if name == "impute":
        assert not np.isnan(y).any()
        np.testing.assert_array_equal(y[~np.isnan(x)], x[~np.isnan(x)])
    else:
        np.testing.assert_array_equal(np.isnan(y), np.isnan(x))


@EVERY
def test_it_keeps_the_memory_order(name, options, domain):
    x = grid(domain)
    assert scored(name, options, x, x).flags.f_contiguous
    copied = np.ascontiguousarray(x)
    assert scored(name, options, copied, x).flags.c_contiguous


@EVERY
@given(data=st.data())
@few
def test_the_reference_may_stand_in_any_order_and_layout(name, options, domain, data):
    if STEPS[name].learn is None:
        pytest.skip("it learns nothing")
    ref = data.draw(columns(domain))
    shuffled = np.ascontiguousarray(ref[np.random.default_rng(0).permutation(len(ref))])
    one, other = learn(name, ref, **options), learn(name, shuffled, **options)
    assert one.keys() == other.keys()
    for key in one:
        for a, b in zip(one[key], other[key], strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("name", ["minmax", "zscore", "percent_rank", "rank", "efficacy"])
@given(
    rows=st.lists(st.integers(-50, 50), min_size=3, max_size=12).filter(lambda rows: len(set(rows)) > 1),
    factor=st.sampled_from([0.5, 3.0, 1000.0]),
    shift=st.integers(-100, 100),
)
@few
def test_it_is_free_of_units(name, rows, factor, shift):
    x = np.array(rows, float)
    np.testing.assert_allclose(run(name, x * factor + shift), run(name, x), rtol=0, atol=1e-12 * 100)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("minmax", {"to": (1.0, 100.0)}),
        ("zscore", {"centre": 100.0, "scale": 10.0}),
        ("percent_rank", {"ties": "average"}),
        ("logistic", {"midpoint": "mean", "steepness": 1.7, "per": "sd", "to": (1.0, 9.0)}),
    ],
)
@given(rows=st.lists(st.integers(-50, 50), min_size=3, max_size=12).filter(lambda rows: len(set(rows)) > 1))
@few
def test_turning_steps_are_reflected_about_the_number_they_name(name, options, rows):
    x = np.array(rows, float)
    reflect = STEPS[name].reflect
    assert reflect is not None
    centre = reflect({**STEPS[name].defaults(), **options})
    np.testing.assert_allclose(centre - run(name, x, **options), run(name, -x, **options), rtol=0, atol=1e-10)


def test_which_steps_turn():
    built_in = {name for name, method in STEPS.items() if method.function.__module__.startswith("cityindex.methods")}
    turning = {"minmax", "zscore", "percent_rank", "vector", "robust", "logistic"}
    assert {name for name in built_in if STEPS[name].turns} == turning


def test_every_case_of_the_registry_is_under_these_laws():
    built_in = {name for name, method in STEPS.items() if method.function.__module__.startswith("cityindex.methods")}
    assert built_in == {name for name, _, _ in CASES}


@pytest.mark.parametrize("name", sorted({name for name, _, _ in CASES}))
def test_the_docstring_is_whole(name):
    text = inspect.getdoc(STEPS[name].function) or ""
    for part in ("Parameters", "Returns", "References", "Examples", ">>>"):
        assert part in text


def test_options_are_read_from_the_signature():
    assert list(STEPS["rescale"].options) == ["from", "to"]
    assert STEPS["rescale"].options["from"].required
    assert keywords(STEPS["rescale"].function, {"from": (0, 1), "to": (0, 2)}) == {"from_": (0, 1), "to": (0, 2)}
    assert {
        name: method.bare for name, method in STEPS.items() if method.bare and name in {n for n, _, _ in CASES}
    } == {
        "impute": "use",
        "power": "exponent",
        "round": "digits",
        "distance": "to",
        "interval": "best",
        "relative": "base",
        "clip": ("low", "high"),
        "fences": "k",
        "treat": "points",
        "boxcox": "lambda",
        "yeo_johnson": "lambda",
    }
