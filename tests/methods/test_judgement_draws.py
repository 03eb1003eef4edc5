"""Draws of judgements: what can be drawn, that nothing moves without spread, and power iteration against LAPACK."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judgements_support import matrices, names, rows_of

from cityindex.errors import DomainError
from cityindex.methods._power import principal
from cityindex.methods._priorities import eigenvector
from cityindex.methods.ahp import analyse_judgements
from cityindex.methods.judgement_draws import judgement_draws

SAID = {"a": {"b": 2, "c": 6}, "b": {"c": 3}}


@pytest.mark.parametrize("law", ["steps", "lognormal"])
@pytest.mark.parametrize("method", ["eigenvector", "geometric"])
@given(matrix=matrices(low=2, high=5))
@settings(max_examples=25)
def test_without_spread_every_draw_is_ahp(law, method, matrix):
    found = judgement_draws(rows_of(matrix), draws=3, spread=0, law=law, method=method)
    expected = analyse_judgements(rows_of(matrix), method=method).weights
    np.testing.assert_allclose(found, np.tile(expected, (3, 1)), rtol=1e-9)


@given(matrix=matrices(low=2, high=5), seed=st.integers(0, 9), spread=st.integers(1, 20))
@settings(max_examples=25)
def test_draws_are_weights_and_the_seed_decides(matrix, seed, spread):
    one = judgement_draws(rows_of(matrix), draws=5, seed=seed, spread=spread)
    assert one.shape == (5, len(matrix))
    assert (one > 0).all()
    np.testing.assert_allclose(one.sum(axis=1), 1)
    np.testing.assert_array_equal(one, judgement_draws(rows_of(matrix), draws=5, seed=seed, spread=spread))


def test_seed_0_is_a_seed_and_others_differ():
    zero, one = (judgement_draws(SAID, draws=20, seed=seed) for seed in (0, 1))
    assert not np.array_equal(zero, one)
    np.testing.assert_array_equal(zero, judgement_draws(SAID, draws=20))


@pytest.mark.parametrize(
    ("judged", "spread", "values"),
    [
        (1, 1, [1 / 2, 1, 2]),
        (2, 2, [1 / 2, 1, 2, 3, 4]),
        (1 / 3, 1, [1 / 4, 1 / 3, 1 / 2]),
        (9, 2, [7, 8, 9]),  # it does not leave the scale
        (1 / 9, 1, [1 / 9, 1 / 8]),
        (2.5, 1, [1.5, 2.5, 3.5]),  # between the steps it moves by whole ones
        (12, 1, [11, 12]),
    ],
)
def test_judgements_move_by_steps_of_the_scale(judged, spread, values):
    found = judgement_draws({"a": {"b": judged}}, draws=4000, spread=spread)
    ratios, counts = np.unique((found[:, 0] / found[:, 1]).round(9), return_counts=True)
    np.testing.assert_allclose(ratios, values, rtol=1e-8)
    expected = 4000 / len(values)
    assert (np.abs(counts - expected) < 5 * np.sqrt(expected)).all()


def test_lognormal_draws_have_their_standard_deviation():
    found = judgement_draws({"a": {"b": 3}}, draws=20_000, law="lognormal", spread=0.4)
    logs = np.log(found[:, 0] / found[:, 1])
    assert logs.mean() == pytest.approx(np.log(3), abs=0.02)
    assert logs.std() == pytest.approx(0.4, abs=0.01)


def test_reciprocal_judgements_have_the_same_spread():
    one = judgement_draws({"a": {"b": 3}}, draws=50_000, spread=2)
    other = judgement_draws({"b": {"a": 3}}, draws=50_000, spread=2, children=["a", "b"])
    np.testing.assert_allclose(one.mean(axis=0), other.mean(axis=0)[::-1], atol=5e-3)


def test_experts_are_moved_one_by_one_and_averaged():
    experts = {"Li": {"a": {"b": 4}}, "Wang": {"a": {"b": 1}}}
    found = judgement_draws(experts=experts, draws=2000, expert_weights={"Li": 1, "Wang": 1})
    ratios = np.unique((found[:, 0] / found[:, 1]).round(9))
    expected = sorted({round(float(np.sqrt(a * b)), 9) for a in (3, 4, 5) for b in (0.5, 1, 2)})
    np.testing.assert_allclose(ratios, expected, rtol=1e-8)


def test_judgements_not_made_stay_so():
    found = judgement_draws({"a": {"b": 2}, "b": {"c": 3}}, draws=500)
    ratios = np.unique((found[:, 0] / found[:, 1]).round(6))
    np.testing.assert_allclose(ratios, [1, 2, 3], rtol=1e-5)


def test_more_children_than_any_table_of_random_indices():
    judged = np.ones((25, 25))
    assert judgement_draws(rows_of(judged), draws=2).shape == (2, 25)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"judgements": SAID, "draws": 0}, "draws: 0; one at least"),
        ({"judgements": SAID, "spread": -1}, "spread: -1; a whole number of steps from 0 on"),
        ({"judgements": SAID, "spread": 0.5}, "spread: 0.5; a whole number"),
        ({"judgements": SAID, "law": "lognormal", "spread": float("nan")}, "spread: nan; a number from 0 on"),
        ({"judgements": {"a": {"b": 2}, "c": {"d": 2}}}, "no judgement connects these parts"),
        ({"judgements": SAID, "experts": {"Li": SAID}}, "only one of the two"),
        ({"experts": {"Li": {"a": {"b": -1}}}}, "expert Li: a over b: -1 is no judgement"),
        ({}, "there are no judgements"),
    ],
)
def test_what_is_refused(options, message):
    with pytest.raises(DomainError, match=message):
        judgement_draws(**options)


# -- power iteration --------------------------------------------------------------------------------------------------


@given(stack=st.lists(matrices(low=5, high=5), min_size=1, max_size=4))
@settings(max_examples=25)
def test_power_iteration_is_the_eigenvector(stack):
    found = principal(np.array(stack))
    np.testing.assert_allclose(found, eigenvector(np.array(stack)), rtol=1e-9)
    assert (found > 0).all()


def test_many_matrices_against_lapack():
    generator = np.random.default_rng(3)
    weights = generator.dirichlet(np.full(9, 3.0), 500)
    noise = np.exp(np.triu(generator.normal(0, 0.3, (500, 9, 9)), 1))
    stack = weights[:, :, None] / weights[:, None, :] * noise / noise.swapaxes(1, 2)
    np.testing.assert_allclose(principal(stack), eigenvector(stack), rtol=1e-10)


def test_draws_of_nine_children_keep_their_order_of_magnitude():
    weights = np.arange(9, 0, -1) / 45
    found = judgement_draws(rows_of(weights[:, None] / weights), draws=2000, children=names(9))
    np.testing.assert_allclose(found.mean(axis=0), weights, atol=0.02)
