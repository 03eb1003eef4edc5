"""Significant digits: alike in decimal is alike in bits. Rounding: the decimal number, not its binary neighbour."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from steps_support import problems, run

from cityindex.methods._arrays import significant

few = settings(max_examples=200, deadline=None)
wide = st.floats(-1e300, 1e300)  # beyond, one digit is more than a float holds


@given(value=wide, digits=st.integers(1, 15))
@example(value=3.5129383802054484e16, digits=15)
@few
def test_numbers_written_alike_come_out_alike_to_the_last_bit(value, digits):
    near = value * (1 + np.arange(-8, 9) * 2.0**-53)
    around = value * (1 + np.arange(-12, 13) * 2.0**-53)  # what dividing by a power of ten may do is dust, too
    written = {f"{number:.{digits - 1}e}" for number in around.tolist()}
    edge = 0.999e-300 < abs(value) < 1.001e-300  # where what counts as nothing begins
    if len(written) == 1 and not edge:  # else it lies half-way between two, within float dust
        assert set(significant(near, digits).tolist()) == {float(written.pop()) if abs(value) > 1e-300 else 0.0}


@given(value=st.integers(-(10**12) + 1, 10**12 - 1), power=st.integers(-200, 200))
@few
def test_a_decimal_of_twelve_digits_is_left_as_it_is(value, power):
    number = float(f"{value}e{power}")
    assert significant(number) == number
    dusty = number * (1 + 2e-16)
    assert significant(dusty) == number


@given(values=st.lists(wide, min_size=1, max_size=8), digits=st.integers(1, 15))
@few
def test_it_is_idempotent_odd_and_keeps_the_order(values, digits):
    x = np.sort(np.array(values))
    once = significant(x, digits)
    np.testing.assert_array_equal(significant(once, digits), once)
    np.testing.assert_array_equal(significant(-x, digits), -once)
    assert (once[1:] >= once[:-1]).all()


def test_what_has_no_digits_passes():
    x = np.array([0.0, np.nan, np.inf, -np.inf])
    np.testing.assert_array_equal(significant(x), x)
    assert significant(5e-324) == significant(-2.3e-308) == 0
    assert significant(np.array([])).shape == (0,)


def test_shape_and_memory_order_are_kept():
    x = np.asfortranarray(np.arange(60000.0).reshape(20000, 3) / 7)
    y = significant(x, 6)
    assert y.flags.f_contiguous
    np.testing.assert_array_equal(y, significant(np.ascontiguousarray(x), 6))
    np.testing.assert_array_equal(y[::2, 1:], significant(x[::2, 1:], 6))


# -- round ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (57.25, 1, 57.3),
        (0.5765, 3, 0.577),
        (2.675, 2, 2.68),  # stored as 2.67499999999999982
        (1.005, 2, 1.01),
        (0.1 + 0.2, 1, 0.3),
        (0.05 + 0.1 + 0.3, 1, 0.5),  # 0.44999999999999996
        (-57.25, 1, -57.3),
        (-0.04, 1, 0.0),
        (2.5, 0, 3.0),
        (1250.0, -2, 1300.0),
        (1249.9999, -2, 1200.0),
        (57.24999999999, 1, 57.2),  # thirteen digits that say so
        (12345678901.235, 2, 12345678901.24),  # fifteen digits: not one is lost
        (123456789012.46, 0, 123456789012.0),
        (123456789012.46, 1, 123456789012.5),
        (1234567890123456.0, 2, 1234567890123456.0),
        (1e300, 3, 1e300),
        (1e-300, 3, 0.0),
    ],
)
def test_half_is_sent_away_from_zero_on_the_decimal_number(value, digits, rounded):
    assert run("round", [value], digits=digits)[0] == rounded


def test_zero_has_no_sign():
    assert not np.signbit(run("round", [-0.3], digits=0)[0])


@given(
    value=st.integers(-(10**11), 10**11),
    places=st.integers(0, 6),
    digits=st.integers(-3, 6),
    how=st.sampled_from([("half up", ROUND_HALF_UP), ("half even", ROUND_HALF_EVEN), ("down", ROUND_DOWN)]),
)
@few
def test_it_rounds_as_decimal_arithmetic_does(value, places, digits, how):
    decimal = Decimal(value).scaleb(-places)
    exact = decimal.quantize(Decimal(1).scaleb(-digits), how[1])
    assert run("round", [float(decimal)], digits=digits, how=how[0])[0] == float(exact)


@given(value=st.integers(-(10**9), 10**9), dust=st.sampled_from([-3, -1, 1, 3]))
@few
def test_float_dust_does_not_matter(value, dust):
    number = value / 1000
    dusty = number * (1 + dust * 2.0**-52)
    assert run("round", [dusty], digits=2)[0] == run("round", [number], digits=2)[0]


def test_digits_are_checked():
    assert problems("round", digits=16) == ["digits: 16; -15 to 15 is allowed"]
    assert problems("round", digits=-2) == []
