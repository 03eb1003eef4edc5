"""Aggregators that take something off a mean: Mazziotta and Pareto's index, and the mean–min function."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from aggregate_support import NAN, groups, parts, problems, run
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared

import cityindex as ci
from cityindex.errors import DomainError
from cityindex.methods.aggregate import arithmetic, harmonic, minimum
from cityindex.methods.penalised import mazziotta_pareto, mean_min

few = settings(max_examples=40, deadline=None)
TWO = st.lists(st.floats(0.1, 1e3), min_size=2, max_size=2)


# -- Mazziotta and Pareto ---------------------------------------------------------------------------------------------


def test_the_formula_step_by_step():
    """M = 100, S² = 800 / 3, S = 16.33, cv = 0.1633: MPI∓ = 100 ∓ 16.33 · 0.1633 (De Muro et al. 2011)."""
    x = np.array([[80.0, 100.0, 120.0]])
    mean, deviation = 100.0, np.sqrt(800 / 3)
    penalty = deviation * (deviation / mean)
    np.testing.assert_allclose(mazziotta_pareto(x, np.ones(3)), [mean - penalty])
    np.testing.assert_allclose(mazziotta_pareto(x, np.ones(3), penalty="plus"), [mean + penalty])
    np.testing.assert_allclose(mazziotta_pareto(x, np.ones(3), sd="sample"), [mean - penalty * 3 / 2])


@few
@given(pair=TWO)
def test_of_two_equal_children_minus_is_the_harmonic_mean(pair):
    x, w = np.array([pair]), np.ones(2)
    np.testing.assert_allclose(mazziotta_pareto(x, w), harmonic(x, w), rtol=1e-10)


@few
@given(group=groups())
def test_plus_is_the_contraharmonic_mean_and_minus_as_far_on_the_other_side(group):
    x, w = group
    mean, plus = arithmetic(x, w), mazziotta_pareto(x, w, penalty="plus")
    np.testing.assert_allclose(plus, (w * x**2).sum(axis=1) / (w * x).sum(axis=1), rtol=1e-10)
    np.testing.assert_allclose(mazziotta_pareto(x, w), 2 * mean - plus, rtol=1e-9, atol=1e-9)
    assert (plus >= mean * (1 - 1e-13)).all()


def test_a_weight_of_two_is_the_child_twice():
    """The weighted index (Mazziotta and Pareto 2022) has weighted moments."""
    x = np.array([[90.0, 110.0, 130.0], [70.0, 100.0, 85.0]])
    twice = x[:, [0, 1, 1, 2]]
    for options in ({}, {"penalty": "plus"}):
        np.testing.assert_allclose(
            mazziotta_pareto(x, np.array([1.0, 2.0, 1.0]), **options), mazziotta_pareto(twice, np.ones(4), **options)
        )


def test_the_sample_deviation_counts_the_children_that_are_there_and_weigh_something():
    x = np.array([[80.0, 120.0, NAN, 50.0], [NAN, 80.0, NAN, 50.0]])
    w = np.array([1.0, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(
        mazziotta_pareto(x, w, sd="sample"), [100 - 800 / 100, 80]
    )  # one child alone: no penalty


def test_it_agrees_with_what_compind_computes_from_children_that_are_standardised():
    """Compind's ci_mpi: sample deviations, both across units and across children."""
    raw = np.random.default_rng(3).normal(50, 12, (20, 4))
    z = 100 + 10 * (raw - raw.mean(axis=0)) / raw.std(axis=0, ddof=1)
    mean, deviation = z.mean(axis=1), z.std(axis=1, ddof=1)
    expected = mean * (1 - (deviation / mean) ** 2)
    np.testing.assert_allclose(mazziotta_pareto(z, np.ones(4), sd="sample"), expected, rtol=1e-12)
    assert (np.abs(mazziotta_pareto(z, np.ones(4)) - expected) > 1e-3).any()


def test_the_adjusted_index_in_a_spec():
    """AMPI (Mazziotta and Pareto 2016): goalposts to 70–130, a polarity turned by falling goalposts."""
    spec = {
        "cityindex": 1,
        "id": "ampi",
        "unit": {"kind": "city", "key": "city"},
        "index": {
            "id": "score",
            "aggregate": "mazziotta_pareto",
            "children": [
                {"id": "income", "steps": [{"goalposts": {"to": [70, 130]}}], "goalposts": [10, 30]},
                {"id": "crime", "steps": [{"goalposts": {"to": [70, 130]}}], "goalposts": [8, 2]},
            ],
        },
    }
    result = ci.score(spec, {"city": ["a", "b"], "income": [20.0, 30.0], "crime": [5.0, 8.0]})
    np.testing.assert_allclose(result.column(), [100, 100 - 30**2 / 100])


def test_a_child_far_above_the_others_can_cost():
    x = np.array([[1.0, 1.0, 10.0], [1.0, 1.0, 11.0]])
    lower, higher = mazziotta_pareto(x, np.ones(3))[::-1]
    assert lower < higher
    assert parts("mazziotta_pareto", x, np.ones(3))[0, 2] < 0


@pytest.mark.parametrize("row", [[-1.0, 1.0, NAN], [-2.0, 1.0, 0.5], [0.0, 0.0, 0.0], [-0.3, 0.1 + 0.2, NAN]])
def test_a_mean_that_is_not_above_0_is_refused_by_unit_and_lowest_child(row):
    """Standard scores have means around 0: dividing by them makes any number at all."""
    x = np.array([[1.0, 2.0, 3.0], row])
    with pytest.raises(DomainError, match="mean of the children") as error:
        mazziotta_pareto(x, np.ones(3))
    assert error.value.cells[0] == (1, 0)
    with pytest.raises(DomainError, match="above 0"):
        parts("mazziotta_pareto", x, np.ones(3))
    with pytest.raises(DomainError) as error:
        mazziotta_pareto(np.stack([x, x]), np.ones(3), penalty="plus")
    assert error.value.cells[0] == (1, 0)


def test_a_refusal_in_a_spec_names_the_unit():
    spec = {
        "cityindex": 1,
        "id": "z",
        "unit": {"kind": "city", "key": "city"},
        "index": {
            "id": "score",
            "aggregate": "mazziotta_pareto",
            "children": [{"id": "a", "steps": ["zscore"]}, {"id": "b", "steps": ["zscore"]}],
        },
    }
    with pytest.raises(ci.ScoreError, match=r"low town.*70 to 130"):
        ci.score(spec, {"city": ["low town", "up", "top"], "a": [1.0, 2.0, 3.0], "b": [1.0, 4.0, 5.0]})


# -- mean-min ---------------------------------------------------------------------------------------------------------


def test_mean_min_by_hand():
    """M = 4, min = 1: 4 − ½ · 3 = 2.5; with β = 4: 4 − (√(3² + 4²) − 4) = 3 (Casadio Tarabusi and Guarini 2013)."""
    x = np.array([[1.0, 7.0]])
    np.testing.assert_allclose(mean_min(x, np.ones(2), alpha=0.5), [2.5])
    np.testing.assert_allclose(mean_min(x, np.ones(2), alpha=1.0, beta=4.0), [3.0])
    np.testing.assert_allclose(mean_min(x, np.array([2.0, 1.0]), alpha=0.5), [2.0])


@few
@given(group=groups(gaps=True), alpha=st.floats(0, 1), beta=st.floats(0, 1e4))
def test_mean_min_is_the_published_formula(group, alpha, beta):
    x, w = group
    mean, low = arithmetic(x, w), minimum(x)
    expected = mean - alpha * (np.sqrt((mean - low) ** 2 + beta**2) - beta)
    np.testing.assert_allclose(mean_min(x, w, alpha=alpha, beta=beta), expected, rtol=1e-9, atol=1e-9)


@few
@given(group=groups(gaps=True))
def test_mean_min_goes_from_the_mean_to_the_minimum(group):
    x, w = group
    np.testing.assert_array_equal(mean_min(x, w, alpha=0), arithmetic(x, w))
    np.testing.assert_array_equal(mean_min(x, w, alpha=1), minimum(x))
    np.testing.assert_allclose(mean_min(x, w, alpha=1, beta=1e12), arithmetic(x, w), rtol=1e-6)


def test_mean_min_takes_numbers_below_0_and_passes_over_children_without_weight():
    x = np.array([[-4.0, 2.0, -100.0]])
    np.testing.assert_allclose(mean_min(x, np.array([1.0, 1.0, 0.0]), alpha=0.5), [-2.5])
    np.testing.assert_allclose(parts("mean_min", x, np.array([1.0, 1.0, 0.0]), alpha=0.5), [[-3.0, 0.5, 0.0]])


def test_parts_of_mean_min_share_the_minimum_among_those_that_tie():
    x = np.array([[0.3, 0.1 + 0.2, 0.9]])
    np.testing.assert_allclose(parts("mean_min", x, np.ones(3), alpha=1.0), [[0.15, 0.15, 0.0]], atol=1e-15)


@pytest.mark.parametrize(
    ("options", "word"),
    [({"alpha": -0.1}, "alpha"), ({"alpha": 1.1}, "alpha"), ({"alpha": NAN}, "alpha")]
    + [({"alpha": 1, "beta": beta}, "beta") for beta in (-1.0, np.inf, NAN)],
)
def test_options_that_make_no_penalty(options, word):
    assert word in problems("mean_min", **options)[0]
    with pytest.raises(DomainError, match=word):
        mean_min(np.ones((1, 2)), np.ones(2), **options)


# -- on COINr's data --------------------------------------------------------------------------------------------------


def test_without_penalty_they_are_coinr_s_arithmetic_means():
    """COINr has neither; at its ends mean–min is a mean that COINr has, at every level of its example."""
    with shared("asem", "07_agg_amean.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with shared("asem", "00_iMeta.csv").open(encoding="utf-8") as file:
        meta = [row for row in csv.DictReader(file) if row["Type"] in ("Indicator", "Aggregate")]
    for parent in {row["Parent"] for row in meta} - {"", "NA"}:
        own = [row for row in meta if row["Parent"] == parent]
        x = np.array([[float(row[child["iCode"]]) for child in own] for row in rows])
        w = np.array([float(child["Weight"]) for child in own])
        expected = np.array([float(row[parent]) for row in rows])
        np.testing.assert_allclose(mean_min(x, w, alpha=0), expected, rtol=1e-9)
        np.testing.assert_allclose(run("owa", x, w, exponent=1.0), expected, rtol=1e-9)
        np.testing.assert_allclose(
            (mazziotta_pareto(x, w) + mazziotta_pareto(x, w, penalty="plus")) / 2, expected, rtol=1e-9
        )


def test_a_child_without_weight_does_not_make_the_mean_small():
    np.testing.assert_allclose(mazziotta_pareto(np.array([[1.0, 2.0, 1e15]]), np.array([1.0, 1.0, 0.0])), [4 / 3])
