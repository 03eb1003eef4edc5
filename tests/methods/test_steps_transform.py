"""log, power, exponential, distance, bands: domains, signs, ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_support import problems, run, sign

from cityindex.errors import DomainError

NAN = np.nan


@pytest.mark.parametrize(
    ("name", "options", "x", "wrong"),
    [
        ("log", {}, [1.0, 0.0, -2.0, NAN], [1, 2]),
        ("log", {"plus": 1.0}, [0.0, -1.0], [1]),
        ("power", {"exponent": 0.5}, [0.0, -1.0], [1]),
        ("power", {"exponent": 2.0}, [0.0, -1.0], [1]),
        ("power", {"exponent": -1.0}, [1.0, 0.0, -1.0], [1, 2]),
        ("exponential", {}, [0.0, 1.0, 1.01, -0.01, NAN], [2, 3]),
    ],
)
def test_numbers_outside_the_domain_are_named(name, options, x, wrong):
    with pytest.raises(DomainError) as caught:
        run(name, x, **options)
    assert caught.value.cells == tuple((row, 0) for row in wrong)


def test_the_message_says_what_is_needed():
    with pytest.raises(DomainError, match="the logarithm needs numbers above 0 after adding 1"):
        run("log", [-1.0], plus=1)
    with pytest.raises(DomainError, match="the power -1 needs numbers above 0"):
        run("power", [0.0], exponent=-1)


def test_powers():
    np.testing.assert_array_equal(run("power", [-2.0, 3.0], exponent=3), [-8, 27])
    np.testing.assert_array_equal(run("power", [0.0, 9.0, NAN], exponent=0.5), [0, 3, NAN])
    np.testing.assert_array_equal(run("power", [10.0, 1000.0], exponent=-1), [0.1, 0.001])
    assert sign("power", exponent=-0.5) == -1
    assert sign("power", exponent=2) == 1
    assert problems("power", exponent=0) == ["exponent: 0 makes every number 1"]
    assert problems("power", exponent=0.5) == []


def test_logarithms():
    np.testing.assert_allclose(run("log", [1.0, np.e, NAN]), [0, 1, NAN])
    np.testing.assert_array_equal(run("log", [0.0], plus=1), [0])


@given(x=st.floats(0, 1), scale=st.floats(5, 200), top=st.floats(1, 100))
@settings(max_examples=60, deadline=None)
def test_the_exponential_transformation_stays_within_its_top(x, scale, top):
    y = run("exponential", [0.0, x, 1.0], scale=scale, top=top)
    assert y[0] == 0
    assert 0 <= y[1] <= top
    assert y[2] == pytest.approx(top, rel=1e-9)


def test_options_of_exponential():
    assert problems("exponential", scale=0) == ["scale: 0; above 0 is allowed"]
    assert problems("exponential", top=-1) == ["top: -1; above 0 is allowed"]
    assert problems("exponential") == []


def test_distances():
    np.testing.assert_array_equal(run("distance", [3.0, -4.0, NAN], to=0), [3, 4, NAN])
    np.testing.assert_array_equal(
        run("distance", [17.0, 18.5, 20.0, 25.0, 27.0, NAN], to=(18.5, 25)), [1.5, 0, 0, 0, 2, NAN]
    )
    assert sign("distance", to=0) == 1
    assert problems("distance", to=(25, 18.5))[0].startswith("to: [25, 18.5]; two numbers, the lower first")
    assert problems("distance", to=5.0) == problems("distance", to=(1, 2)) == []


@given(x=st.floats(-1e6, 1e6), a=st.floats(-100, 100), width=st.floats(0.001, 100))
@settings(max_examples=60, deadline=None)
def test_a_distance_is_never_negative_and_shrinks_towards_the_interval(x, a, width):
    to = (a, a + width)
    y = run("distance", [x, (x + a + width / 2) / 2], to=to)
    assert y[0] >= y[1] >= 0
    assert (y[0] == 0) == (to[0] <= x <= to[1])


def test_a_number_on_a_cut_is_in_the_upper_band():
    options = {"cuts": (0.3, 5.0), "points": (0.0, 1.0, 4.0)}
    x = [-1.0, 0.29, 0.3, 0.1 + 0.2, 0.3 - 1e-16, 5.0, 99.0, NAN]
    np.testing.assert_array_equal(run("bands", x, **options), [0, 0, 1, 1, 1, 4, 4, NAN])


def test_options_of_bands():
    assert sign("bands", cuts=(1, 2), points=(0, 1, 1)) == 1
    assert sign("bands", cuts=(1, 2), points=(3, 1, 0)) == -1
    assert sign("bands", cuts=(1, 2), points=(0, 5, 0)) == 0
    assert problems("bands", cuts=(1, 2), points=(0, 1)) == ["points: 2 for 2 cuts, which make 3 bands"]
    assert problems("bands", cuts=(2, 1), points=(0, 1, 2)) == ["cuts: [2, 1] do not rise"]
    assert problems("bands", cuts=(1,), points=(3.0, 3.0)) == ["points: every band has 3"]
    assert problems("bands", cuts=(1, 2), points=(0, 1, 2)) == []
