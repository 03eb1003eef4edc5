"""Values that follow from printed ones: exact intervals, against brute force over everything that prints so."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cityindex as ci


def ends(text):
    """The two ends of what prints so, by hand."""
    half = Fraction(1, 2) / 10 ** len(text.partition(".")[2])
    return Fraction(text) - half, Fraction(text) + half


numbers = st.integers(0, 999).map(lambda k: f"{k / 10:.1f}")


@given(numbers, numbers, numbers, st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_a_missing_part_by_brute_force(whole, one, two, a, b, c):
    """The extremes are among the corners of the box of all that prints so."""
    found = ci.implied(whole, {"x": one, "y": two, "z": None}, weights={"x": a, "y": b, "z": c})
    corners = [(mean * (a + b + c) - a * x - b * y) / c for mean, x, y in product(ends(whole), ends(one), ends(two))]
    assert (found.low, found.high) == (min(corners), max(corners))


@given(numbers, numbers)
def test_a_missing_mean_by_brute_force(one, two):
    found = ci.implied(None, {"x": one, "y": two})
    corners = [(x + y) / 2 for x, y in product(ends(one), ends(two))]
    assert (found.low, found.high) == (min(corners), max(corners))


@given(numbers, numbers)
def test_last_year_by_brute_force(value, change):
    found = ci.before(value, change)
    corners = [v - c for v, c in product(ends(value), ends(change))]
    assert (found.low, found.high) == (min(corners), max(corners))
    grown = ci.before(value, change, kind="growth")
    corners = [v / (1 + c / 100) for v, c in product(ends(value), ends(change))]
    assert (grown.low, grown.high) == (min(corners), max(corners))


def test_the_unprinted_mean_of_operating_results():
    """产业融合–运营成效: 48.5 from two parts that are themselves means of printed numbers."""
    sectors = ["41.1", "59.9", "57.8", "55.2", "52.8", "51.4", "50.4", "41.9"]
    industry = ci.implied(None, {str(place): mean for place, mean in enumerate(sectors)})
    digital = ci.implied(None, {"driving": "24.4", "core": "34.0"}, weights={"driving": "30%", "core": "70%"})
    assert (float(industry.middle), float(digital.middle)) == (51.3125, 31.12)
    weights = {"digital": "10%", "industry": "70%", "results": "20%"}
    results = ci.implied("48.5", {"digital": digital, "industry": industry, "results": None}, weights=weights)
    assert float(results.middle) == pytest.approx(47.34625)
    assert (float(results.low), float(results.high)) == pytest.approx((46.89625, 47.79625))


def test_the_fourth_sub_index_of_a_city_in_three_lists():
    """With equal weights the composite says what it must be: no more than the last score of the list it is not in."""
    lists = ci.load_published("tech-capability-2021")
    children = ("technology", "economy", "governance", "livelihood")
    scores = {name: lists[name].set_index("name")["score"] for name in (*children, "score")}
    several = 0
    for city, whole in scores["score"].items():
        parts = {name: scores[name].get(city) for name in children}
        absent = [name for name, value in parts.items() if value is None]
        if len(absent) == 1:
            several += 1
            found = ci.implied(whole, parts, decimals=3)
            assert found.high - found.low == Fraction(7, 1000)  # seven halves of a digit to either side
            assert found.low <= Fraction(str(scores[absent[0]].iloc[-1])) + Fraction(1, 2000), city
    assert several == 5
    with pytest.raises(ci.TableError, match="2 are"):
        ci.implied("0.3", {"a": "0.1", "b": None, "c": None})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1", {"a": "1"}), "one number has to be missing"),
        ((None, {"a": None}), "2 are"),
        (("1", {"a": "x", "b": None}), "'x' is no number"),
        (("1", {"a": "1", "b": None}, {"a": 1, "c": 2}), "there is no part 'c'"),
        (("1", {"a": "1", "b": None}, {"a": 1}), "there is none for 'b'"),
        (("1", {"a": "1", "b": None}, {"a": 1, "b": 0}), "b has the weight 0"),
        (("1", {"a": "1", "b": None}, {"a": "much", "b": 1}), "a is 'much'"),
        (("1", {"a": "1", "b": None}, {"a": "1/0", "b": 1}), "a is '1/0'"),
        (("1", {"a": "1", "b": None}, {"a": 20, "b": "80%"}), "b is a per cent, and others are plain numbers"),
        (("1", {}), "a name for each part"),
        (("1,23", {"a": "1", "b": None}), "'1,23' is no number"),
    ],
)
def test_bad_input_is_told(arguments, words):
    whole, parts, *weights = arguments
    with pytest.raises(ci.TableError, match=words):
        ci.implied(whole, parts, weights=weights[0] if weights else None)


def test_a_growth_that_leaves_nothing():
    with pytest.raises(ci.TableError, match="leaves nothing"):
        ci.before("5.0", "-100.0", kind="growth")


def test_another_kind_of_change_is_refused():
    with pytest.raises(ci.TableError, match="Did you mean 'growth'"):
        ci.before("77.0", "1.3", kind="growht")


def test_numbers_as_people_write_them():
    assert ci.implied("１,２３４", {"a": "−0.5", "b": None}).shown() == "2467.45 to 2469.55"
    assert ci.implied(100.0, {"a": 50.0, "b": None}).shown() == "148.5 to 151.5"  # a table with a gap has 100.0 for 100


def test_long_numbers_show_where_they_differ():
    assert ci.implied(None, {"a": "123456789.5"}).shown() == "123456789 to 123456790"
    assert "e+400" in ci.implied(None, {"a": "1e400"}).shown()
