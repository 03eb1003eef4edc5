"""Laws: what is computed from a table holds of it, what is moved beyond the intervals fails."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

import numpy as np
from claims_support import judged
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.auditing.claims.averages import mean_of, weighted_mean_of
from cityindex.auditing.claims.picking import places
from cityindex.auditing.interval import Interval

exact_values = st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=12)


def printed(value: Fraction, decimals: int) -> str:
    """Rounded half up (away from zero) and written with so many decimals."""
    unit = Fraction(10) ** -decimals
    units = int(abs(value) / unit + Fraction(1, 2))
    text = str((Decimal(units) * Decimal(10) ** -decimals).quantize(Decimal(10) ** -decimals, ROUND_HALF_UP))
    return f"-{text}" if value < 0 and units else text


def table(values: list[Fraction], decimals: int) -> dict[str, dict[str, list[str]]]:
    texts = [printed(value, decimals) for value in values]
    return {"t": {"name": [f"u{i}" for i in range(len(texts))], "v": texts}}


@settings(deadline=None, max_examples=60)
@given(exact_values, st.integers(1, 3), st.integers(0, 4))
def test_what_the_true_values_give_always_holds(raw, decimals, digits):
    """The published number comes from the values before they were rounded for the table."""
    values = [Fraction(value, 997) for value in raw]
    for kind, true in [("sum", sum(values)), ("mean", sum(values) / len(values)), ("extreme", max(values))]:
        claim = {"kind": kind, "of": "t.v", "published": printed(Fraction(true), digits)}
        assert judged(claim, table(values, decimals)).verdict == "holds"


@settings(deadline=None, max_examples=60)
@given(exact_values, st.integers(1, 3), st.sampled_from([1, -1]))
def test_what_lies_beyond_the_intervals_fails(raw, decimals, sign):
    values = [Fraction(value, 997) for value in raw]
    cells = table(values, decimals)
    total = sum(Fraction(text) for text in cells["t"]["v"])
    half = Fraction(10) ** -decimals / 2
    beyond = total + sign * (len(values) * half + half * Fraction(21, 10))  # its own half unit too
    claim = {"kind": "sum", "of": "t.v", "published": printed(beyond, decimals)}
    assert judged(claim, cells).verdict == "fails"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=10), st.integers(0, 1))
def test_the_true_order_and_its_ranks_always_hold(raw, decimals):
    values = [Fraction(value, 7) for value in raw]
    cells = table(values, decimals)
    if not decimals:  # whole numbers are exact unless they are said to be rounded
        cells["t"]["v"] = [f"{text}.0" for text in cells["t"]["v"]]
        values = [Fraction(text) for text in cells["t"]["v"]]
    order = sorted(range(len(values)), key=lambda i: -values[i])
    units = [f"u{i}" for i in order]
    assert judged({"kind": "order", "of": "t.v", "units": units, "from": 1}, cells).verdict == "holds"
    for place, unit in enumerate(units, 1):
        assert judged({"kind": "rank", "of": "t.v", "unit": unit, "published": place}, cells).verdict == "holds"


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 400), st.data(), st.integers(0, 2))
def test_a_share_of_whole_numbers_always_fits(whole, data, digits):
    part = data.draw(st.integers(0, whole))
    text = printed(Fraction(100 * part, whole), digits)
    claim = {"kind": "share", "of": {"unknown": "whole"}, "in": whole, "published": text}
    assert judged(claim).verdict == "holds"
    assert judged({**claim, "of": part}).verdict == "holds"


intervals = st.builds(lambda a, b: Interval(Fraction(a), Fraction(a + b)), st.integers(-9, 9), st.integers(0, 4))
positive = st.builds(lambda a, b: Interval(Fraction(a), Fraction(a + b)), st.integers(1, 5), st.integers(0, 4))


@given(st.lists(st.tuples(intervals, positive), min_size=1, max_size=5))
def test_weighted_means_are_those_of_the_corners(pairs):
    values, weights = [value for value, _ in pairs], [weight for _, weight in pairs]
    corners = []
    for chosen in product(*[(weight.low, weight.high) for weight in weights]):
        ends = [value.low for value in values], [value.high for value in values]
        corners += [sum(w * x for w, x in zip(chosen, each, strict=True)) / sum(chosen) for each in ends]
    assert weighted_mean_of(values, weights) == Interval(min(corners), max(corners))


@given(st.lists(intervals, min_size=1, max_size=4), st.lists(intervals, max_size=4))
def test_means_with_rows_that_may_be_left_out_are_those_of_every_choice(sure, maybe):
    means = []
    for chosen in product([False, True], repeat=len(maybe)):
        kept = [*sure, *(value for value, taken in zip(maybe, chosen, strict=True) if taken)]
        means += [sum(value.low for value in kept) / len(kept), sum(value.high for value in kept) / len(kept)]
    assert mean_of(sure, maybe) == Interval(min(means), max(means))


@given(st.lists(intervals, min_size=1, max_size=6))
def test_places_are_those_that_some_values_and_some_order_of_ties_give(values):
    found = [set() for _ in values]
    for drawn in product(*[{value.low, value.high} for value in values]):
        scores = np.array([float(value) for value in drawn])
        for i, score in enumerate(scores):
            above, equal = int((scores > score).sum()), int((scores == score).sum())
            found[i] |= set(range(above + 1, above + equal + 1))
    assert [(min(each), max(each)) for each in found] == places(values)
