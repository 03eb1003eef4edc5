"""logistic, gaussian, interval: degrees of membership and best values in the middle."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_support import apply, learn, problems, run, sign

import cityindex as ci
from cityindex.errors import DomainError

NAN = np.nan
few = settings(max_examples=40, deadline=None)
SPREAD = st.lists(st.integers(-50, 50), min_size=3, max_size=12).filter(lambda rows: len(set(rows)) > 1)


# -- logistic ---------------------------------------------------------------------------------------------------------


def test_an_s_shape_about_its_midpoint():
    y = run("logistic", [0.0, 40.0, 50.0, 60.0, NAN], midpoint=50.0, steepness=0.3)
    np.testing.assert_allclose(
        y, [1 / (1 + np.exp(15)), 1 / (1 + np.exp(3)), 0.5, 1 / (1 + np.exp(-3)), NAN], rtol=1e-14
    )
    np.testing.assert_array_equal(run("logistic", [50.0], midpoint=50.0, steepness=3.0, to=(0.0, 100.0)), [50])
    assert learn("logistic", [[1.0], [3.0]], midpoint="mean", steepness=1.0) == {"midpoint": [2.0]}
    assert learn("logistic", [[1.0], [3.0]], midpoint=0.0, steepness=1.0) == {}


def test_far_from_the_midpoint_it_reaches_its_ends_without_overflowing():
    y = run("logistic", [-1e300, -1e6, 1e6, 1e300], midpoint=0.0, steepness=50.0, to=(1.0, 9.0))
    np.testing.assert_array_equal(y, [1, 1, 9, 9])


@given(rows=SPREAD, steepness=st.floats(0.1, 5), factor=st.sampled_from([0.25, 8.0]), shift=st.integers(-20, 20))
@few
def test_per_standard_deviation_it_is_the_curve_of_the_standard_score(rows, steepness, factor, shift):
    x = np.array(rows, float)
    options = {"midpoint": "mean", "steepness": steepness, "per": "sd"}
    y = run("logistic", x, **options)
    np.testing.assert_allclose(y, 1 / (1 + np.exp(-steepness * run("zscore", x))), rtol=1e-10)
    np.testing.assert_allclose(run("logistic", x * factor + shift, **options), y, rtol=0, atol=1e-9)
    assert ((y >= 0) & (y <= 1)).all()


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("logistic", {"midpoint": 5.0, "steepness": 0.0}, "steepness: 0; above 0 is allowed"),
        ("logistic", {"midpoint": "maen", "steepness": 1.0}, "Did you mean 'mean'?"),
        ("logistic", {"midpoint": 5.0, "steepness": 1.0, "to": (1.0, 1.0)}, "every unit would get the same"),
        ("gaussian", {"best": 5.0, "width": -2.0}, "width: -2; above 0 is allowed"),
        ("gaussian", {"best": "p500", "width": 2.0}, "neither a number nor a word"),
    ],
)
def test_options_are_checked(name, options, told):
    (problem,) = problems(name, **{"to": (0.0, 1.0), **options})
    assert told in problem
    with_words = {"midpoint": "median", "steepness": 2.0} if name == "logistic" else {"best": "median", "width": 1.0}
    assert problems(name, **{"to": (0.0, 1.0), **with_words}) == []


@pytest.mark.parametrize(
    ("name", "options"), [("logistic", {"midpoint": 1.0, "steepness": 1.0}), ("gaussian", {"best": 1.0, "width": 1.0})]
)
def test_a_constant_column_has_no_standard_deviation(name, options):
    with pytest.raises(DomainError, match="every unit has the same number, 4: per: sd needs a spread") as caught:
        run(name, [[1.0, 4.0], [2.0, 4.0]], per="sd", **options)
    assert caught.value.columns == (1,)
    assert np.isfinite(run(name, [4.0, 4.0], **options)).all()


# -- gaussian ---------------------------------------------------------------------------------------------------------


@given(far=st.floats(0, 30), width=st.floats(0.2, 20), best=st.integers(-9, 9))
@few
def test_a_bell_is_even_highest_at_its_best_and_within_its_ends(far, width, best):
    y = run(
        "gaussian",
        [best - far, best + far, float(best), best + far + 1],
        best=float(best),
        width=width,
        to=(1.0, 100.0),
    )
    assert y[0] == pytest.approx(y[1], rel=1e-9)
    assert y[2] == 100
    assert 1 <= y[3] <= y[1] <= 100


def test_it_is_one_minus_the_gaussian_criterion():
    # Brans and Vincke (1985): 1 - exp(-d² / 2s²), with s = 5 and d = 5: 0.3935
    assert 1 - run("gaussian", [12.0], best=7.0, width=5.0)[0] == pytest.approx(0.3935, abs=5e-5)
    assert learn("gaussian", [[1.0], [3.0]], best="max", width=1.0, per="sd") == {"best": [3.0], "sd": [np.sqrt(2)]}


# -- interval ---------------------------------------------------------------------------------------------------------


# The trial evaluation of five graduate schools (Yue Chaoyuan 2003): students for each teacher, best at [5, 6], between
# 2 and 12; printed with four decimals.
def test_the_graduate_schools():
    y = run("interval", [5.0, 6.0, 7.0, 10.0, 2.0, 13.0, NAN], best=(5.0, 6.0), outer=(2.0, 12.0))
    np.testing.assert_allclose(y, [1, 1, 0.8333, 0.3333, 0, 0, NAN], atol=5e-5)
    beyond = run("interval", [13.0, 1.0], best=(5.0, 6.0), outer=(2.0, 12.0), beyond="allow")
    np.testing.assert_allclose(beyond, [-1 / 6, -1 / 3])


def test_the_reach_is_that_of_the_farthest_unit():
    x = [2.0, 5.0, 5.5, 8.0, 10.0]  # M = max(5 - 2, 10 - 6) = 4
    np.testing.assert_allclose(run("interval", x, best=(5.0, 6.0)), [0.25, 1, 1, 0.5, 0])
    assert learn("interval", np.array(x)[:, None], best=(5.0, 6.0)) == {"reach": [[4.0, 4.0]]}
    np.testing.assert_allclose(run("interval", x, best=5.0, to=(1.0, 6.0)), [3, 6, 5.5, 3, 1])
    np.testing.assert_allclose(run("interval", [11.0, 1.0], ref=x, best=(5.0, 6.0)), [0, 0])
    np.testing.assert_allclose(run("interval", [11.0, 1.0], ref=x, best=(5.0, 6.0), beyond="allow"), [-0.25, 0])
    np.testing.assert_allclose(run("interval", x, best=(5.0, 6.0), outer=("min", "max")), [0, 1, 1, 0.5, 0])


@given(rows=SPREAD, a=st.integers(-20, 20), width=st.integers(0, 15))
@few
def test_scores_are_full_inside_and_fall_outside(rows, a, width):
    x, best = np.array([-60.0, *rows, 60.0]), (float(a), float(a + width)) if width else float(a)
    y = run("interval", x, best=best)
    outside = np.maximum(np.maximum(a - x, x - a - width), 0)
    assert ((y >= 0) & (y <= 1)).all()
    np.testing.assert_array_equal(y == 1, outside == 0)
    np.testing.assert_allclose(y, 1 - outside / outside.max(), atol=1e-14)
    by_hand = run("rescale", run("distance", x, to=best), **{"from": (0.0, "max"), "to": (1.0, 0.0)})
    np.testing.assert_allclose(y, by_hand, atol=1e-14)  # how the two combine


def test_a_column_wholly_inside_says_nothing_of_the_worst():
    with pytest.raises(
        DomainError, match=r"every unit lies within \[5, 6\], so how far outside is worst has to"
    ) as caught:
        run("interval", [[4.0, 5.0], [7.0, 6.0]], best=(5.0, 6.0))
    assert caught.value.columns == (1,)
    np.testing.assert_array_equal(run("interval", [5.0, 6.0], best=(5.0, 6.0), outer=(0.0, 9.0)), [1, 1])
    with pytest.raises(DomainError, match=r"outer: \[min, max\] is learned as \[5, 9\], not outside best: \[5, 6\]"):
        run("interval", [5.0, 9.0], best=(5.0, 6.0), outer=("min", "max"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"best": (6.0, 5.0)}, "best: [6.0, 5.0]; two numbers, the lower first, are allowed"),
        ({"best": (5.0, 6.0), "outer": (5.0, 9.0)}, "outer: [5.0, 9.0] does not lie outside best: [5, 6]"),
        ({"best": 5.0, "outer": ("min", 4.0)}, "outer: [min, 4.0] does not lie outside best: [5, 5]"),
        ({"best": 5.0, "outer": ("min", "mox")}, "Did you mean 'max'?"),
        ({"best": 5.0, "to": (1.0, 1.0)}, "every unit would get the same"),
    ],
)
def test_options_of_interval_are_checked(options, told):
    (problem,) = problems("interval", **{"outer": None, "to": (0.0, 1.0), **options})
    assert told in problem
    assert problems("interval", best=(5.0, 6.0), outer=("p5", 12.0), to=(0.0, 1.0)) == []


def test_what_was_not_learned_is_asked_for():
    with pytest.raises(KeyError):  # the engine says that the calibration lacks it
        apply("interval", [[1.0]], {}, best=5.0)


@pytest.mark.parametrize("step", ["{interval: 7}", "{gaussian: {best: 7, width: 1}}"])
def test_its_direction_is_that_of_being_near(step):
    spec = "cityindex: 1\nid: water\nindex: {id: score, children: [{id: ph, direction: DIRECTION, steps: [STEP]}]}"
    spec = spec.replace("STEP", step)
    assert ci.load_spec(spec.replace("DIRECTION", "more"))
    with pytest.raises(ci.SpecError, match="says direction: less"):  # it would be ignored without a word
        ci.load_spec(spec.replace("DIRECTION", "less"))
    assert sign("interval", best=7.0, to=(5.0, 0.0)) == sign("gaussian", best=7.0, width=1.0, to=(5.0, 0.0)) == -1


def test_in_a_spec_the_best_value_may_stand_bare():
    spec = """
    cityindex: 1
    id: water
    index:
      id: score
      children: [{id: ph, steps: [{interval: 7}]}, {id: heat, steps: [{interval: [18, 24]}]}]
    """
    result = ci.score(spec, {"city": ["a", "b", "c"], "ph": [6.0, 7.0, 9.0], "heat": [10.0, 20.0, 26.0]})
    assert result.column("ph").tolist() == [0.5, 1, 0]
    assert result.column("heat").tolist() == [0, 1, 0.75]
