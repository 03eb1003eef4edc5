"""clip and winsorise: limits, ties, what stops the search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from steps_support import learn, problems, run

from cityindex.errors import DomainError
from cityindex.methods._shape import skewness_kurtosis

NAN = np.nan


# -- clip -------------------------------------------------------------------------------------------------------------


def test_limits_are_numbers_or_words():
    x = [1.0, 2.0, 3.0, 10.0, NAN]
    np.testing.assert_array_equal(run("clip", x, low=1.5), [1.5, 2, 3, 10, NAN])
    np.testing.assert_array_equal(run("clip", x, high="median"), [1, 2, 2.5, 2.5, NAN])
    np.testing.assert_array_equal(run("clip", [0.0, 99.0], ref=x, low="min", high="max"), [1, 10])
    assert learn("clip", [[1.0], [3.0]], low=0.0, high="mean") == {"high": [2.0]}
    assert learn("clip", [[1.0], [3.0]], low=0.0) == {}


def test_limits_that_cross_are_refused():
    with pytest.raises(DomainError, match="low: 5 is learned as 5, above high: max, 3") as caught:
        run("clip", [[1.0, 1.0], [9.0, 3.0]], low=5, high="max")
    assert caught.value.columns == (1,)


def test_a_constant_column_is_left_as_it_is():
    np.testing.assert_array_equal(run("clip", [4.0, 4.0], low="p5", high="p95"), [4, 4])
    np.testing.assert_array_equal(run("winsorise", [4.0] * 5, points=2), [4] * 5)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "say low, high, or both"),
        ({"low": 3.0, "high": 3.0}, "low: 3.0 is not below high: 3.0"),
        ({"low": "max", "high": "max"}, "is not below"),
        ({"low": "madian"}, "Did you mean 'median'?"),
    ],
)
def test_options_of_clip_are_checked(options, text):
    assert text in problems("clip", **options)[0]
    assert problems("clip", low="p5", high=10.0) == problems("clip", high=0.0) == []


# -- winsorise --------------------------------------------------------------------------------------------------------


@given(x=st.lists(st.floats(-100, 100), min_size=4, max_size=30).filter(lambda x: np.std(x) > 1e-3))
@settings(max_examples=60, deadline=None)
def test_skewness_and_kurtosis_as_scipy_adjusts_them(x):
    skew, kurt = skewness_kurtosis(np.array([*x, NAN])[:, None])
    np.testing.assert_allclose(skew[0], stats.skew(x, bias=False), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(kurt[0], stats.kurtosis(x, bias=False), rtol=1e-9, atol=1e-9)


def follow(x, points, skewness, kurtosis):
    """The rule, literally: one move after another over the whole column."""
    start, y = np.array(x, float), np.array(x, float)
    while True:
        skew, kurt = stats.skew(y, bias=False), stats.kurtosis(y, bias=False)
        if abs(skew) < skewness or kurt < kurtosis or (y != start).sum() >= points:
            return y
        extreme = y.max() if skew >= 0 else y.min()
        others = y[y != extreme]
        following = others.max() if skew >= 0 else others.min()
        if len(set(y.tolist())) == 2:
            return y
        y[y == extreme] = following


@given(
    x=st.lists(st.integers(0, 12).map(lambda n: float(2**n)), min_size=5, max_size=80),
    points=st.integers(1, 6),
    accepted=st.sampled_from([(2.0, 3.5), (0.5, 0.5), (1.0, 2.0)]),
)
@settings(max_examples=150, deadline=None)
def test_points_are_moved_as_the_rule_says(x, points, accepted):
    if len(set(x)) < 3:
        return
    y = run("winsorise", x, points=points, skewness=accepted[0], kurtosis=accepted[1])
    np.testing.assert_array_equal(y, follow(x, points, *accepted))


def test_a_long_column_gives_the_same_as_the_rule_and_ties_reach_further_in():
    rng = np.random.default_rng(5)
    for x in (
        rng.lognormal(0, 1, 2000),
        -rng.lognormal(0, 1, 2000),
        np.concatenate([rng.normal(size=500), np.full(40, 30.0), [31.0]]),
        np.concatenate([np.zeros(500), [1.0] * 8, [2.0, 9.0]]),
    ):
        np.testing.assert_array_equal(run("winsorise", x, points=5), follow(x, 5, 2.0, 3.5))


def test_equal_numbers_move_and_count_together():
    x = [*np.linspace(0, 1, 40), 50.0, 50.0, 60.0]
    limits = learn("winsorise", np.array(x)[:, None], points=2)
    assert limits == {"low": [[]], "high": [[1.0]]}  # 60 to 50 is one; then three together


def test_new_numbers_are_held_at_what_was_learned_and_only_there():
    ref = np.array([*np.linspace(0, 1, 30), 50.0])
    np.testing.assert_array_equal(run("winsorise", [-9.0, 0.5, 70.0, NAN], ref=ref, points=5), [-9, 0.5, 1, NAN])


def test_one_column_may_pass_and_another_not():
    good, bad = np.linspace(0, 1, 31), np.array([*np.linspace(0, 1, 30), 50.0])
    limits = learn("winsorise", np.column_stack([good, bad, -bad]), points=5)
    assert limits == {"low": [[], [], [-1.0]], "high": [[], [1.0], []]}


def test_it_stops_before_a_column_is_constant_and_leaves_few_numbers_alone():
    x = [0.0] * 50 + [1.0] * 2
    np.testing.assert_array_equal(run("winsorise", x, points=5), x)
    for short in ([1.0], [1.0, 99.0], [1.0, 2.0, 99.0]):
        np.testing.assert_array_equal(run("winsorise", short, points=5), short)


def test_quantiles():
    x = np.array([1.0, 2, 4, 8, 16, NAN])
    np.testing.assert_allclose(run("winsorise", x, quantiles=(0.05, 0.95)), [1.2, 2, 4, 8, 14.4, NAN], rtol=1e-14)
    np.testing.assert_array_equal(run("winsorise", x, quantiles=(0.05, 0.95)), run("clip", x, low="p5", high="p95"))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "say either points"),
        ({"points": 5, "quantiles": (0.05, 0.95)}, "say either points"),
        ({"points": 0}, "points: 0; 1 or more"),
        ({"quantiles": (0.95, 0.05)}, "two shares between 0 and 1"),
        ({"quantiles": (5, 95)}, "two shares between 0 and 1"),
    ],
)
def test_options_of_winsorise_are_checked(options, text):
    assert text in problems("winsorise", **options)[0]
    assert problems("winsorise", points=5) == problems("winsorise", quantiles=(0, 1)) == []
