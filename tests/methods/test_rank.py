"""Ranks: rules for ties, gaps, leading axes; agreement with SciPy and COINr."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import rankdata
from support import shared

from cityindex.methods.rank import count_ties, rank

NAN = np.nan
RULES = ["min", "max", "average", "dense"]
scores = hnp.arrays(np.float64, st.integers(0, 30), elements=st.sampled_from([-2.5, 0.0, 1.0, 1.5, 70.0, NAN]))


@pytest.mark.parametrize(
    ("ties", "expected"),
    [("min", [4, 2, 2, 1]), ("max", [4, 3, 3, 1]), ("average", [4, 2.5, 2.5, 1]), ("dense", [3, 2, 2, 1])],
)
def test_rules_for_ties(ties, expected):
    assert rank(np.array([1.0, 7.0, 7.0, 9.0]), ties=ties).tolist() == expected


@pytest.mark.parametrize("ties", RULES)
@given(x=scores)
def test_ranks_are_scipy_s(ties, x):
    found = rank(x, ties=ties)
    present = ~np.isnan(x)
    np.testing.assert_array_equal(found[present], rankdata(-x[present], method=ties))
    assert np.isnan(found[~present]).all()


@pytest.mark.parametrize("ties", RULES)
@given(x=scores)
def test_the_lowest_first_turns_the_sign(ties, x):
    np.testing.assert_array_equal(rank(x, ties=ties, first="lowest"), rank(-x, ties=ties))


@given(x=scores, seed=st.integers(0, 10))
def test_the_order_of_units_does_not_matter(x, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    np.testing.assert_array_equal(rank(x[order]), rank(x)[order])


@given(x=scores)
def test_a_positive_linear_map_moves_no_rank(x):
    np.testing.assert_array_equal(rank(2 * x + 1), rank(x))


@given(x=scores)
def test_ties_are_counted(x):
    expected = [NAN if np.isnan(value) else np.sum(x == value) for value in x]
    np.testing.assert_array_equal(count_ties(x), expected)


def test_float_dust_parts_nobody():
    x = np.array([0.1 + 0.2, 0.3, 0.3 - 1e-9])
    assert rank(x).tolist() == [1, 1, 3]
    assert rank(np.array([0.0, -0.0])).tolist() == [1, 1]


def test_leading_axes_are_ranked_alone():
    x = np.array([[3.0, 1.0, NAN], [1.0, 2.0, 2.0]])
    for ties in RULES:
        np.testing.assert_array_equal(rank(x, ties=ties), [rank(row, ties=ties) for row in x])


def test_the_data_are_left_alone():
    x = np.array([3.0, 1.0])
    ranks = rank(x)
    ranks[0] = 9
    assert x.tolist() == [3, 1]
    assert rank(np.array([])).size == 0
    assert np.isnan(rank(np.array([NAN]))).all()


def test_unknown_words():
    with pytest.raises(ValueError, match="Did you mean 'dense'"):
        rank(np.array([1.0]), ties="dens")
    with pytest.raises(ValueError, match="Did you mean 'highest'"):
        rank(np.array([1.0]), first="higest")


def test_agreement_with_coinr():
    """Every rank of all 60 nodes, but for one: COINr parts 54.022988505747115 from …129, which are one number here."""
    with shared("asem", "08_results_full_ranks.csv").open(encoding="utf-8") as file:
        ranks = {row["uCode"]: row for row in csv.DictReader(file)}
    with shared("asem", "07_agg_amean.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    others = []
    for column in rows[0].keys() - {"uCode"}:
        found = rank(np.array([float(row[column]) for row in rows]))
        for row, place in zip(rows, found, strict=True):
            if place != float(ranks[row["uCode"]][column]):
                others.append((row["uCode"], column, place))
    assert others == [("GRC", "TolMin", 24)]
