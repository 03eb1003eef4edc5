"""Rank agreement: SciPy as oracle, definitions by brute force, ties, gaps, what pymcdm does otherwise."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from cityindex.errors import DomainError
from cityindex.methods.rank import rank
from cityindex.methods.rank_agreement import (
    compare_ranks,
    kendall_tau,
    mean_rank_change,
    rank_biased_overlap,
    spearman_rho,
    top_agreement,
    weighted_tau,
)

NAN = math.nan
MEASURES = {
    "tau a": lambda a, b: kendall_tau(a, b, variant="a"),
    "tau b": kendall_tau,
    "tau c": lambda a, b: kendall_tau(a, b, variant="c"),
    "rho": spearman_rho,
    "weighted tau": weighted_tau,
    "overlap": rank_biased_overlap,
    "top": lambda a, b: top_agreement(a, b, 2),
    "change": mean_rank_change,
}
TOPS = {
    "weighted tau": weighted_tau,
    "overlap": rank_biased_overlap,
    "top": lambda a, b, first: top_agreement(a, b, 2, first=first),
    "change": mean_rank_change,
}
few = settings(max_examples=12)
each = pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))


@st.composite
def pairs(draw, gaps=False):
    n = draw(st.integers(2, 25))
    value = st.integers(0, draw(st.sampled_from([2, 6, 100]))).map(float)
    a, b = (draw(hnp.arrays(np.float64, n, elements=value | st.just(NAN) if gaps else value)) for _ in range(2))
    a[:2], b[:2] = (0, 1), (1, 0)
    return a, b


# -- oracles ----------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(case=pairs())
def test_correlations_are_scipy_s(case):
    a, b = case
    assert kendall_tau(a, b) == pytest.approx(stats.kendalltau(a, b).statistic, abs=1e-12)
    assert kendall_tau(a, b, variant="c") == pytest.approx(stats.kendalltau(a, b, variant="c").statistic, abs=1e-12)
    assert spearman_rho(a, b) == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)


@settings(max_examples=40)
@given(case=pairs())
def test_tau_a_is_its_definition(case):
    a, b = case
    n = len(a)
    signs = [np.sign(a[i] - a[j]) * np.sign(b[i] - b[j]) for i in range(n) for j in range(i)]
    assert kendall_tau(a, b, variant="a") == pytest.approx(sum(signs) / len(signs), abs=1e-12)


@given(seed=st.integers(0, 999), n=st.integers(3, 12))
@few
def test_weighted_tau_is_its_definition_without_ties(seed, n):
    generator = np.random.default_rng(seed)
    a, b = generator.permutation(n) + 1.0, generator.permutation(n) + 1.0
    found = []
    for places in (a, b):
        same = weights = 0.0
        for i in range(n):
            for j in range(i):
                weight = 1 / places[i] + 1 / places[j]
                weights += weight
                same += weight * np.sign((a[i] - a[j]) * (b[i] - b[j]))
        found.append(same / weights)
    assert weighted_tau(a, b) == pytest.approx(np.mean(found), abs=1e-12)


@settings(max_examples=40)
@given(case=pairs(), p=st.floats(0.05, 0.98))
def test_rank_biased_overlap_is_its_definition(case, p):
    """Webber et al. (2010): agreement of the sets of the units on the places up to d, and A_k beyond the last."""
    a, b = (rank(own, first="lowest") for own in case)
    n = len(a)
    shared = []
    for depth in range(1, n + 1):
        first, second = set(np.flatnonzero(a <= depth)), set(np.flatnonzero(b <= depth))
        shared.append(2 * len(first & second) / (len(first) + len(second)))
    endless = [*shared, *[shared[-1]] * 2000]
    expected = (1 - p) * sum(p**d * agreement for d, agreement in enumerate(endless))
    assert rank_biased_overlap(*case, persistence=p) == pytest.approx(expected, abs=1e-9)
    for depth in (1, n // 2 + 1, n):
        assert top_agreement(*case, depth) == shared[depth - 1]


def test_weights_of_the_first_ten_places():
    """Webber et al. (2010), section 4.4: with p = 0.9 the first ten places carry 86 % of the weight."""
    p, d = 0.9, 10
    weight = 1 - p ** (d - 1) + (1 - p) / p * d * (math.log(1 / (1 - p)) - sum(p**i / i for i in range(1, d)))
    assert weight == pytest.approx(0.86, abs=5e-3)


def test_by_hand():
    """4 1 2 3 has three pairs in order and three that are not; Σ d² = 12."""
    assert kendall_tau([1, 2, 3, 4], [4, 1, 2, 3]) == 0.0
    assert spearman_rho([1, 2, 3, 4], [4, 1, 2, 3]) == pytest.approx(1 - 6 * 12 / 60)


# -- laws -------------------------------------------------------------------------------------------------------------


@each
@few
@given(case=pairs(gaps=True))
def test_measures_are_symmetric(measure, case):
    a, b = case
    np.testing.assert_allclose(measure(a, b), measure(b, a), atol=1e-12)


@each
@few
@given(case=pairs(), data=st.data())
def test_the_order_of_units_does_not_matter(measure, case, data):
    a, b = case
    order = data.draw(st.permutations(range(len(a))))
    np.testing.assert_allclose(measure(a[order], b[order]), measure(a, b), atol=1e-12)


@pytest.mark.parametrize("measure", TOPS.values(), ids=list(TOPS))
@few
@given(case=pairs())
def test_scores_and_ranks_give_the_same(measure, case):
    a, b = case
    ranks = rank(a, first="highest"), rank(b, first="highest")
    assert measure(a, b, first="highest") == pytest.approx(measure(*ranks, first="lowest"), abs=1e-12)


@each
@given(case=pairs())
@few
def test_a_ranking_agrees_with_itself(measure, case):
    a, _ = case
    if measure is MEASURES["change"]:
        assert measure(a, a) == 0
    elif measure in (MEASURES["tau a"], MEASURES["tau c"]):
        assert 0 < measure(a, a) <= 1
    else:
        assert measure(a, a) == pytest.approx(1, abs=1e-12)
    assert kendall_tau(a, a) == 1.0
    assert kendall_tau(a, -a) == -1.0


@each
@given(case=pairs(gaps=True))
@few
def test_gaps_are_left_out_pairwise(measure, case):
    a, b = case
    both = ~(np.isnan(a) | np.isnan(b))
    np.testing.assert_array_equal(measure(a, b), measure(a[both], b[both]))


def test_dust_is_a_tie():
    a, b = np.array([0.1 + 0.2, 0.3, 1.0]), np.array([1.0, 2.0, 3.0])
    assert a[0] != a[1]
    assert kendall_tau(a, b) == pytest.approx(stats.kendalltau([1, 1, 2], b).statistic)


# -- degenerate -------------------------------------------------------------------------------------------------------


@each
@pytest.mark.parametrize("case", [([], []), ([NAN], [1.0])])
def test_nothing_to_compare(measure, case):
    if measure is MEASURES["top"]:
        with pytest.raises(DomainError, match="the first 2 of 0 units"):
            measure(*case)
    else:
        assert math.isnan(measure(*case))


def test_one_unit_and_lists_that_tie_throughout():
    for case in (([1.0], [1.0]), ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])):
        for measure in (kendall_tau, spearman_rho, weighted_tau, MEASURES["tau c"]):
            assert math.isnan(measure(*case))
    assert kendall_tau([1, 1, 1], [1, 2, 3], variant="a") == 0
    assert top_agreement([1, 1, 1, 1], [1, 2, 3, 4], 1) == 2 / 5  # all four tie on place 1


def test_ties_across_the_last_place_are_all_in():
    assert top_agreement([1, 2, 2, 4], [1, 2, 3, 4], 2) == 4 / 5
    assert top_agreement([1, 2, 2, 4], [1, 2, 2, 4], 2) == 1


@pytest.mark.parametrize("wrong", [0, 4])
def test_a_top_that_is_none(wrong):
    with pytest.raises(DomainError, match=f"the first {wrong} of 3 units"):
        top_agreement([1, 2, 3], [1, 2, 3], wrong)


def test_words_and_shapes_are_checked():
    for wrong in (0.0, 1.0, NAN):
        with pytest.raises(DomainError, match="persistence"):
            rank_biased_overlap([1, 2], [1, 2], persistence=wrong)
    with pytest.raises(ValueError, match="same length"):
        kendall_tau([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="unknown variant 'd'"):
        kendall_tau([1, 2], [1, 2], variant="d")
    with pytest.raises(ValueError, match="Did you mean 'lowest'"):
        weighted_tau([1, 2], [1, 2], first="low")


# -- comparing --------------------------------------------------------------------------------------------------------


def test_a_comparison_says_what_it_rests_on():
    a = [3, 1, 2, NAN, 5, NAN, 4]
    b = [1, 2, 3, 7, NAN, NAN, 4]
    found = compare_ranks(a, b, names=list("ABCDEFG"), top=(1, 2, 3, 4, 50))
    assert found.names == ("A", "B", "C", "G")
    assert (found.compared, found.only_a, found.only_b, found.neither) == (4, 1, 1, 1)
    assert found.ranks_a.tolist() == [3, 1, 2, 4]
    assert found.changes.tolist() == [-2, 1, 1, 0]
    assert found.mean_change == mean_rank_change(a, b) == 1
    assert found.unchanged == 1
    assert found.movers() == [("A", 3, 1), ("B", 1, 2), ("C", 2, 3)]
    assert found.movers(1) == [("A", 3, 1)]
    assert found.top == {1: 0.0, 2: 0.5, 3: 1.0}  # 4 and more take in all of them
    assert found.kendall == kendall_tau(a, b)
    assert found.spearman == spearman_rho(a, b)
    assert found.weighted_kendall == weighted_tau(a, b)
    assert found.overlap == rank_biased_overlap(a, b)


def test_ranks_are_taken_anew_among_those_compared():
    """Else a unit that only one list has would move all below it."""
    found = compare_ranks([1, 2, 3, 4], [NAN, 1, 2, 3], top=())
    assert found.mean_change == 0
    assert found.names == ("1", "2", "3")


def test_scores_are_compared_highest_first():
    found = compare_ranks([90.0, 80.0, 70.0], [60.0, 80.0, 70.0], first="highest", top=(1,))
    assert found.ranks_a.tolist() == [1, 2, 3]
    assert found.ranks_b.tolist() == [3, 1, 2]
    assert found.top == {1: 0.0}


def test_comparisons_that_cannot_be_made():
    with pytest.raises(DomainError, match="two units or more, and 1 have both"):
        compare_ranks([1, 2, NAN], [1, NAN, 3])
    with pytest.raises(ValueError, match="2 names for 3 units"):
        compare_ranks([1, 2, 3], [1, 2, 3], names=["A", "B"])


# -- pymcdm -----------------------------------------------------------------------------------------------------------


def test_where_pymcdm_agrees_and_where_it_does_not():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm import correlations

        a, b = np.array([3.0, 1, 2, 5, 4]), np.array([1.0, 2, 3, 4, 5])
        assert kendall_tau(a, b) == pytest.approx(correlations.kendall_tau(a, b))
        assert spearman_rho(a, b) == pytest.approx(correlations.spearman(a, b))
        tied, b = np.array([1.0, 2, 2, 4]), np.array([1.0, 2, 3, 4])
        assert kendall_tau(tied, b, variant="a") == pytest.approx(correlations.kendall_tau(tied, b))
        assert kendall_tau(tied, b) == pytest.approx(stats.kendalltau(tied, b).statistic)
        assert correlations.spearman(tied, b) == pytest.approx(0.9234, abs=1e-4)  # of 1, 2, 2, 4 as they stand
        assert spearman_rho(tied, b) == pytest.approx(0.9487, abs=1e-4)
        a, b = np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 4, 1])
        assert correlations.ws(a, b) != pytest.approx(correlations.ws(b, a))
        assert weighted_tau(a, b) == pytest.approx(weighted_tau(b, a))
        gap = np.array([1.0, NAN, 3, 4])
        assert math.isnan(correlations.kendall_tau(gap, b))
        assert kendall_tau(gap, b) == pytest.approx(-1 / 3)
