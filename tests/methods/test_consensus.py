"""Consensus of experts and Kendall's W: published cases, bounds, laws, and every refusal."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from judgements_support import matrices, names, rows_of
from scipy.stats import friedmanchisquare, spearmanr

from cityindex.errors import DomainError
from cityindex.methods.agreement import kendalls_w
from cityindex.methods.ahp import analyse_judgements
from cityindex.methods.consensus import consensus, consensus_indicator

EXPERTS = {
    "Li": {"a": {"b": 3, "c": 5}, "b": {"c": 2}},
    "Wang": {"a": {"b": 2, "c": 4}, "b": {"c": 3}},
    "Zhao": {"a": {"b": 1 / 5, "c": 1 / 2}, "b": {"c": 4}},
}

weights = hnp.arrays(np.float64, st.tuples(st.integers(2, 5), st.integers(2, 6)), elements=st.floats(0.01, 1)).map(
    lambda w: w / w.sum(axis=1, keepdims=True)
)


# -- Goepel's indicator -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [2, 3, 7, 10])
def test_from_nought_to_one(k):
    apart = np.ones((k, k)) + 8 * np.eye(k)
    assert consensus_indicator(apart / apart.sum(axis=1, keepdims=True)) == pytest.approx(0, abs=1e-12)
    assert consensus_indicator(np.full((3, k), 1 / k)) == pytest.approx(1)


def test_by_hand():
    """Two experts, (0.9, 0.1) and (0.1, 0.9): S = exp(H(0.9) − ln 2), the end of the scale the same: 0."""
    apart = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert consensus_indicator(apart) == pytest.approx(0, abs=1e-12)
    near = np.array([[0.9, 0.1], [0.5, 0.5]])
    entropy = [-sum(w * math.log(w) for w in row) for row in ([0.9, 0.1], [0.5, 0.5], [0.7, 0.3])]
    alike = math.exp((entropy[0] + entropy[1]) / 2 - entropy[2])
    least = math.exp(entropy[0]) / 2
    assert consensus_indicator(near) == pytest.approx((alike - least) / (1 - least))


@given(w=weights, data=st.data())
@settings(max_examples=40)
def test_the_indicator_keeps_below_one_and_takes_no_order(w, data):
    found = consensus_indicator(w)
    assert found <= 1
    experts, children = (data.draw(st.permutations(range(n))) for n in w.shape)
    assert consensus_indicator(w[list(experts)][:, list(children)]) == pytest.approx(found, abs=1e-9)
    assert consensus_indicator(np.repeat(w, 2, axis=0)) == pytest.approx(found, abs=1e-9)


@given(w=weights)
def test_moving_everyone_to_the_mean_raises_it(w):
    nearer = (w + w.mean(axis=0)) / 2
    assert consensus_indicator(nearer) >= consensus_indicator(w) - 1e-9


def test_votes_repeat_an_expert():
    w = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
    twice = consensus_indicator(w[[0, 0, 1]])
    assert consensus_indicator(w, votes=np.array([2, 1]) / 3) == pytest.approx(twice)


# -- the report -------------------------------------------------------------------------------------------------------


def test_who_is_far_from_the_group():
    report = consensus(EXPERTS)
    assert next(iter(report.experts)) == "Zhao"
    assert report.level == "moderate"
    assert 0.625 <= report.indicator < 0.75
    group = analyse_judgements(experts=EXPERTS)
    assert report.weights == group.weights
    assert report.consistency_ratio == group.consistency_ratio
    for name, expert in report.experts.items():
        own = analyse_judgements(EXPERTS[name])
        assert (expert.weights, expert.consistency_ratio) == (own.weights, own.consistency_ratio)
        w = np.array(group.weights)
        judged = [EXPERTS[name]["a"]["b"], EXPERTS[name]["a"]["c"], EXPERTS[name]["b"]["c"]]
        off = [math.log(v * w[j] / w[i]) for v, (i, j) in zip(judged, ((0, 1), (0, 2), (1, 2)), strict=True)]
        assert expert.distance == pytest.approx(sum(value**2 for value in off))  # 2 / ((n − 1)(n − 2)) is 1


@given(matrix=matrices(low=3, high=5))
@settings(max_examples=40)
def test_experts_who_say_the_same(matrix):
    said = rows_of(matrix)
    report = consensus({"Li": said, "Wang": said}, children=names(len(matrix)))
    assert report.indicator == pytest.approx(1, abs=1e-9)
    assert report.level == "very high"
    li, wang = report.experts.values()
    assert li == wang
    assert li.consensus == pytest.approx(1, abs=1e-9)


def test_a_consistent_expert_who_is_the_group_is_at_no_distance():
    said = {"a": {"b": 2, "c": 6}, "b": {"c": 3}}
    report = consensus({"Li": said, "Wang": said})
    assert report.experts["Li"].distance == pytest.approx(0, abs=1e-12)


def test_two_children_have_a_distance_too():
    report = consensus({"Li": {"a": {"b": 4}}, "Wang": {"a": {"b": 1}}})
    assert [round(e.distance, 12) for e in report.experts.values()] == [round(math.log(2) ** 2, 12)] * 2


@pytest.mark.parametrize(
    ("experts", "message"),
    [
        ({"Li": {"a": {"b": 2}}}, "two experts at least, and there are 1"),
        ({"Li": [[1]], "Wang": [[1]]}, "two children at least"),
        ({"Li": {"a": {"b": 2}}, "Wang": {"b": {"c": 2}}}, "expert Li: no judgement connects these parts"),
        ({"Li": {"a": {"b": 0}}, "Wang": {"a": {"b": 2}}}, "expert Li: a over b: 0 is no judgement"),
    ],
)
def test_what_is_refused(experts, message):
    with pytest.raises(DomainError, match=message):
        consensus(experts)


# -- Kendall's W ------------------------------------------------------------------------------------------------------


def test_published_concordance():
    """S. Siegel (1956), Nonparametric Statistics, chapter 9: three executives rank six applicants, W = 0.16."""
    ranks = np.array([[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]])
    assert kendalls_w(ranks).w == pytest.approx(25.5 / 157.5)
    assert round(kendalls_w(ranks).w, 2) == 0.16


@given(data=st.data())
@settings(max_examples=40)
def test_agreement_with_scipy(data):
    """Friedman's statistic is m (n − 1) W, ties corrected alike; without ties W follows from Spearman's mean."""
    m, n = data.draw(st.integers(3, 6)), data.draw(st.integers(3, 6))
    values = data.draw(hnp.arrays(np.float64, (m, n), elements=st.integers(0, 4)))
    if (np.ptp(values, axis=1) == 0).all():
        with pytest.raises(DomainError, match="every ranking is one tie"):
            kendalls_w(values)
        return
    found, other = kendalls_w(values), friedmanchisquare(*values.T)
    assert found.chi_squared == pytest.approx(other.statistic)
    assert found.p == pytest.approx(other.pvalue)
    assert -1e-12 <= found.w <= 1 + 1e-12


@settings(max_examples=25)
@given(rows=st.lists(st.permutations(range(5)), min_size=2, max_size=5))
def test_without_ties_it_is_the_mean_of_spearman_s(rows):
    values = np.array(rows, np.float64)
    pairs = [spearmanr(values[i], values[j]).statistic for i in range(len(rows)) for j in range(i)]
    assert kendalls_w(values).spearman == pytest.approx(np.mean(pairs), abs=1e-12)


def test_dust_is_a_tie():
    assert kendalls_w(np.array([[0.1 + 0.2, 0.3, 1.0], [1, 1, 2]])).w == 1


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (np.ones((1, 3)), "two rankings of two things"),
        (np.ones((3, 1)), "two rankings of two things"),
        (np.array([[1, np.nan], [1, 2]]), "lacks a value"),
        (np.ones((2, 3)), "every ranking is one tie"),
    ],
)
def test_rankings_that_are_none(values, message):
    with pytest.raises(DomainError, match=message):
        kendalls_w(values)


def test_experts_whose_weights_are_all_alike_have_no_ranks_to_agree_on():
    report = consensus({"Li": {"a": {"b": 1}}, "Wang": {"a": {"b": 1}}})
    assert (report.indicator, report.concordance) == (1, None)
