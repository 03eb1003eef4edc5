"""percent_rank and rank: formulas, ties, numbers that the reference does not hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata
from steps_support import learn, problems, run, sign

from cityindex.errors import DomainError

NAN = np.nan
X = [10.0, 20.0, 20.0, 40.0, 50.0]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0, 1 / 4, 1 / 4, 3 / 4, 1]),
        ({"ties": "max"}, [0, 2 / 4, 2 / 4, 3 / 4, 1]),
        ({"ties": "average"}, [0, 1.5 / 4, 1.5 / 4, 3 / 4, 1]),
        ({"formula": "exclusive"}, [1 / 6, 2 / 6, 2 / 6, 4 / 6, 5 / 6]),
        ({"formula": "share", "ties": "max"}, [1 / 5, 3 / 5, 3 / 5, 4 / 5, 1]),
        ({"formula": "midpoint", "ties": "average"}, [0.1, 0.4, 0.4, 0.7, 0.9]),
        ({"formula": "highest"}, [1 / 5, 2 / 5, 2 / 5, 4 / 5, 1]),
        ({"above": 20, "formula": "share"}, [0, 0, 0, 1 / 2, 1]),
        ({"to": (100.0, 0.0)}, [100, 75, 75, 25, 0]),
    ],
)
def test_formulas_and_ties(options, expected):
    np.testing.assert_allclose(run("percent_rank", X, **options), expected, rtol=1e-15)


@given(
    rows=st.lists(st.integers(-6, 6), min_size=2, max_size=15),
    ties=st.sampled_from(["min", "max", "average"]),
)
@settings(max_examples=60, deadline=None)
def test_both_rank_as_scipy_does(rows, ties):
    x = np.array(rows, float)
    ranks = rankdata(x, method=ties)
    np.testing.assert_array_equal(run("rank", x, ties=ties), ranks)
    np.testing.assert_array_equal(run("rank", x, ties=ties, first="highest"), rankdata(-x, method=ties))
    np.testing.assert_allclose(run("percent_rank", x, ties=ties), (ranks - 1) / (len(x) - 1), rtol=1e-15)


@given(
    ref=st.lists(st.integers(-20, 20), min_size=2, max_size=12),
    x=st.lists(st.floats(-25, 25), min_size=1, max_size=12),
    formula=st.sampled_from(["inclusive", "exclusive", "share", "midpoint", "highest"]),
    ties=st.sampled_from(["min", "max", "average"]),
)
@settings(max_examples=80, deadline=None)
def test_new_numbers_stay_in_order_and_within(ref, x, formula, ties):
    new = np.sort(np.concatenate([x, ref]))
    y = run("percent_rank", new, ref=ref, formula=formula, ties=ties, to=(1.0, 9.0))
    assert (np.diff(y) >= 0).all()
    assert ((y >= 1) & (y <= 9)).all()


def test_new_numbers_lie_on_the_line_between_their_neighbours():
    y = run("percent_rank", [5.0, 15.0, 30.0, 60.0, NAN], ref=X)
    np.testing.assert_allclose(y, [0, 1 / 8, 1 / 2, 1, NAN])
    np.testing.assert_allclose(run("rank", [5.0, 15.0, 60.0], ref=X), [1, 1.5, 5])
    np.testing.assert_allclose(run("rank", [5.0, 15.0, 60.0], ref=X, first="highest"), [5, 4, 1])
    outside = run("percent_rank", [5.0, 60.0], ref=X, formula="exclusive")
    np.testing.assert_array_equal(outside, [0, 1])


def test_float_dust_ties():
    x = [0.3, 0.1 + 0.2, 0.5]
    np.testing.assert_array_equal(run("rank", x), [1, 1, 3])
    assert learn("rank", np.array(x)[:, None]) == {"values": [[0.3, 0.5]], "counts": [[2, 1]]}


def test_many_rows_are_looked_up_in_their_order():
    x = np.random.default_rng(3).normal(size=5000).round(2)
    np.testing.assert_array_equal(run("rank", x), rankdata(x, method="min"))
    np.testing.assert_array_equal(run("rank", x[:500], ref=x), rankdata(x, method="min")[:500])


def test_constant_single_and_empty_columns():
    np.testing.assert_array_equal(run("percent_rank", [4.0, 4.0, 4.0]), [0, 0, 0])
    np.testing.assert_array_equal(run("percent_rank", [4.0, 4.0], formula="highest", ties="max"), [1, 1])
    np.testing.assert_array_equal(run("rank", [4.0]), [1])
    np.testing.assert_array_equal(run("percent_rank", [4.0], formula="midpoint"), [0.5])
    with pytest.raises(DomainError, match="one number alone") as caught:
        run("percent_rank", [[1.0, 4.0], [2.0, NAN]])
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match="no number above 0 to rank") as caught:
        run("percent_rank", [[1.0, 0.0], [2.0, -1.0]], above=0)
    assert caught.value.columns == (1,)


def test_the_first_place_says_which_way_it_turns():
    assert sign("rank") == 1
    assert sign("rank", first="highest") == -1
    assert sign("percent_rank", to=(1.0, 0.0)) == -1
    assert problems("percent_rank", to=(1.0, 1.0))
