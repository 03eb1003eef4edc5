"""Judgements that other packages answer silently, one by one; agreement with pymcdm, or the difference shown."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from judgements_support import matrices, nothing, rows_of

import cityindex as ci
from cityindex._registry import WEIGHTINGS
from cityindex.errors import DomainError
from cityindex.methods.ahp import ahp, analyse_judgements, check_judgements
from cityindex.methods.judgement_draws import judgement_draws

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pymcdm.weights.subjective import AHP
    from skcriteria.preprocessing import weighters

N = None
CYCLE = np.array([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1.0]])


def pymcdm(matrix, method="eigenvector"):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return AHP(matrix=np.array(matrix, np.float64))


@given(matrix=matrices(low=3, high=7))
@settings(max_examples=30)
def test_weights_and_ratio_agree_with_pymcdm(matrix):
    report, other = analyse_judgements(rows_of(matrix), random_index="golden_wang"), pymcdm(matrix)
    np.testing.assert_allclose(report.weights, other(), atol=1e-9)
    assert report.consistency_ratio == pytest.approx(other.get_cr(), abs=1e-8)


def test_a_circle_of_three_is_refused_where_pymcdm_gives_thirds():
    np.testing.assert_allclose(pymcdm(CYCLE)(), 1 / 3)
    [problem] = check_judgements({"judgements": rows_of(CYCLE)}, ["a", "b", "c"])
    assert "consistency ratio is 6.13, and the limit is 0.1" in problem
    assert analyse_judgements(rows_of(CYCLE)).consistency_ratio == pytest.approx(6.13, abs=5e-3)
    with pytest.raises(DomainError, match="the judgements contradict one another"):
        ahp(nothing(3), judgements=rows_of(CYCLE))


def test_numbers_between_the_steps_are_judgements_where_pymcdm_refuses_them():
    """A geometric mean of experts is seldom whole."""
    matrix = [[1, 2.5], [1 / 2.5, 1]]
    with pytest.raises(ValueError):
        pymcdm(matrix)()
    assert ahp(nothing(2), judgements=matrix).tolist() == pytest.approx([2.5 / 3.5, 1 / 3.5])


def test_sixteen_children_are_refused_in_words_where_pymcdm_runs_out_of_its_table():
    ones = np.ones((16, 16))
    with pytest.raises(Exception) as caught:  # whatever it is, it is not ours
        pymcdm(ones).get_cr()
    assert not isinstance(caught.value, DomainError)
    with pytest.raises(DomainError, match="the table 'saaty' ends at 15 children, and there are 16"):
        ahp(nothing(16), judgements=rows_of(ones))
    assert ahp(nothing(16), judgements=rows_of(ones), random_index="donegan_dodd").sum() == pytest.approx(1)


def test_two_children_are_consistent():
    report = analyse_judgements([[1, 7], [1 / 7, 1]])
    assert (report.consistency_ratio, report.worst) == (0, None)  # pyDecision: nan


def test_not_reciprocal_is_refused_with_the_place():
    with pytest.raises(DomainError, match=r"b over a: 3 is not the reciprocal of 5 \(a over b\)"):
        ahp(nothing(2), judgements=[[1, 5], [3, 1]], children=["a", "b"])  # pyDecision: weights


def test_a_diagonal_that_is_not_one_is_refused():
    with pytest.raises(DomainError, match="a over a: 5, but a child over itself is 1"):
        ahp(nothing(2), judgements={"a": {"a": 5, "b": 2}}, children=["a", "b"])  # AHPy: ignored


def test_a_wrong_name_is_refused_with_the_nearest():
    with pytest.raises(DomainError, match=r"'helth' is none of the children\. Did you mean 'health'"):
        ahp(nothing(2), judgements={"income": {"helth": 2}}, children=["income", "health"])  # AHPy: half the weight


def test_parts_that_nothing_connects_are_refused():
    with pytest.raises(DomainError, match=r"no judgement connects these parts, so .*: a, b \| c, d"):
        ahp(nothing(4), judgements={"a": {"b": 2}, "c": {"d": 3}}, children=["a", "b", "c", "d"])  # AHPy: CR 0


def test_weights_are_not_rounded():
    """AHPy's 4 places make 300 equal weights add up to 0.99."""
    report = analyse_judgements(rows_of(np.ones((15, 15))))
    assert sum(report.weights) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("said", "weights"),
    [
        ("{best_worst: {best: a, worst: c, best_to_others: {b: 2, c: 8}, others_to_worst: {b: 4}}}", [8, 4, 1]),
        ("{fuzzy_ahp: {spread: 0, judgements: {a: {b: 2, c: 8}, b: {c: [4, 4, 4]}}}}", [8, 4, 1]),
        ("{budget_allocation: {points: {Li: {a: 60, b: 30, c: 10}}}}", [6, 3, 1]),
        ("{given: {weights: {a: 60%, b: 30%, c: 10%}}}", [6, 3, 1]),
        ("{combined: [equal, {given: {weights: {a: 60%, b: 30%, c: 10%}}}]}", [6, 3, 1]),
        ("{combined: {of: [{ahp: [[1, 2], [null, 1]]}, equal], how: geometric}}", None),
    ],
)
def test_in_a_spec(said, weights):
    spec = f"{{cityindex: 1, id: t, index: {{id: score, weights: {said}, children: [a, b, c]}}}}"
    data = {"city": ["x", "y", "z"], "a": [1.0, 0, 0], "b": [0.0, 1, 0], "c": [0.0, 0, 1]}
    if weights is None:  # the nested matrix has the wrong size: told when the spec is loaded
        with pytest.raises(ci.SpecError, match="ahp: the matrix has 2 rows, and there are 3 children"):
            ci.load_spec(spec)
        return
    found = np.asarray(ci.score(ci.load_spec(spec), data).column())
    np.testing.assert_allclose(found, np.array(weights) / sum(weights), atol=1e-12)


def test_neither_package_has_the_others():
    """What is here and not there: fuzzy judgements, best-worst, budgets, combinations, draws of judgements."""
    here = {"ahp", "best_worst", "budget_allocation", "combined", "fuzzy_ahp", "given"}
    assert here <= set(WEIGHTINGS)
    theirs = {name.lower() for name in dir(weighters)}
    assert not any(word in name for name in theirs for word in ("fuzzy", "budget", "bestworst", "combin"))


def test_the_mean_of_draws_is_near_pymcdm_s_weights():
    matrix = np.array([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]])
    drawn = judgement_draws(rows_of(matrix), draws=4000, law="lognormal", spread=0.05)
    np.testing.assert_allclose(drawn.mean(axis=0), pymcdm(matrix)(), atol=2e-3)
