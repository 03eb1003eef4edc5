"""AHP: published cases, laws, groups, gaps, and every refusal; agreement with pymcdm."""

from __future__ import annotations

import math
import typing
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pymcdm.weights.subjective import AHP

from cityindex._registry import WEIGHTINGS
from cityindex.errors import DomainError
from cityindex.methods import ahp as room
from cityindex.methods._priorities import connected
from cityindex.methods._random_index import RANDOM_INDICES, random_index
from cityindex.methods.ahp import ahp, analyse_judgements, check_judgements
from cityindex.methods.balanced import balance_weights
from cityindex.methods.best_worst import analyse_best_worst
from cityindex.methods.fuzzy_ahp import check_fuzzy
from cityindex.methods.judgement_draws import judgement_draws

METHODS = ["eigenvector", "geometric"]
N = None


def upper(*lines):
    """The rows of a matrix, from the judgements above its diagonal."""
    n = len(lines) + 1
    said = [[float(Fraction(value)) for value in line.split()] for line in lines] + [[]]
    return [[N] * row + [1.0] + said[row] for row in range(n)]


# The examples of T. L. Saaty (1977), doi:10.1016/0022-2496(77)90033-5, The Analytic Hierarchy Process (1980), and
# Decision making with the analytic hierarchy process (2008), International Journal of Services Sciences 1(1), 83–98,
# doi:10.1504/IJSSCI.2008.017590: judgements, weights and consistency ratio as printed, and how far they may be off. (In
# the first two they are rougher than their last digit.)
PUBLISHED = {
    "school": (
        upper("4 3 1 3 4", "7 3 1/5 1", "1/5 1/5 1/6", "1 1/3", "3"),
        [0.32, 0.14, 0.03, 0.13, 0.24, 0.14],
        0.24,
        (6e-3, 1.2e-2),
    ),
    "distances from Philadelphia": (
        upper("1/3 8 3 3 7", "9 3 3 9", "1/6 1/5 2", "1/3 6", "6"),
        [0.263, 0.397, 0.033, 0.116, 0.164, 0.027],
        0.07,
        (1.2e-3, 5e-3),
    ),
    "wealth of nations": (
        upper("4 9 6 6 5 5", "7 5 5 3 4", "1/5 1/5 1/7 1/5", "1 1/3 1/3", "1/3 1/3", "2"),
        [0.427, 0.230, 0.021, 0.052, 0.052, 0.123, 0.094],
        0.08,
        (6e-4, 5e-3),
    ),
    "consumption of drinks": (
        upper("9 5 2 1 1 1/2", "1/3 1/9 1/9 1/9 1/9", "1/3 1/4 1/3 1/9", "1/2 1 1/3", "2 1/2", "1/3"),
        [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327],
        0.022,
        (6e-4, 5e-4),
    ),
}


def full(rows):
    """The square matrix of an upper triangle."""
    matrix = np.array([[np.nan if value is None else value for value in row] for row in rows], np.float64)
    return np.where(np.isnan(matrix), 1 / matrix.T, matrix)


def rows_of(matrix):
    return tuple(tuple(None if math.isnan(value) else float(value) for value in row) for row in matrix)


@st.composite
def matrices(draw, low=2, high=7):
    """Reciprocal judgement matrices on Saaty's scale."""
    n = draw(st.integers(low, high))
    scale = st.sampled_from([float(v) for v in range(1, 10)] + [1 / v for v in range(2, 10)])
    upper = np.triu(draw(hnp.arrays(np.float64, (n, n), elements=scale)), 1)
    return upper + np.divide(1, upper.T, out=np.zeros((n, n)), where=upper.T > 0) + np.eye(n)


weights_of = hnp.arrays(np.float64, st.integers(1, 8), elements=st.floats(0.1, 9))


# -- published cases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_weights_and_ratios(name):
    judgements, weights, ratio, (off, ratio_off) = PUBLISHED[name]
    report = analyse_judgements(judgements)
    np.testing.assert_allclose(report.weights, weights, atol=off)
    assert report.consistency_ratio == pytest.approx(ratio, abs=ratio_off)
    assert report.random_index == "saaty"
    assert sum(report.weights) == pytest.approx(1)


def test_the_worst_judgement_mends_what_it_says():
    judgements = full(PUBLISHED["school"][0])
    report = analyse_judgements(judgements.tolist())
    row, column = int(report.worst.row) - 1, int(report.worst.column) - 1
    assert judgements[row, column] == report.worst.value >= 1
    judgements[row, column], judgements[column, row] = report.worst.implied, 1 / report.worst.implied
    mended = analyse_judgements(judgements.tolist())
    assert mended.consistency_ratio == pytest.approx(report.worst.ratio)
    assert report.worst.ratio < report.consistency_ratio


def test_no_other_judgement_lowers_the_ratio_more():
    judgements = full(PUBLISHED["distances from Philadelphia"][0])
    report = analyse_judgements(judgements.tolist())
    for row in range(6):
        for column in range(row + 1, 6):
            for factor in np.exp(np.linspace(-3, 3, 61)):
                trial = judgements.copy()
                trial[row, column] *= factor
                trial[column, row] /= factor
                ratio = (np.linalg.eigvals(trial).real.max() - 6) / 5 / 1.24
                assert ratio > report.worst.ratio - 2e-3


# -- agreement --------------------------------------------------------------------------------------------------------


@given(matrix=matrices(low=3))
def test_agreement_with_pymcdm(matrix):
    other = AHP(matrix=matrix)
    report = analyse_judgements(rows_of(matrix), random_index="golden_wang")
    np.testing.assert_allclose(report.weights, other(), atol=1e-9)
    assert report.consistency_ratio == pytest.approx(other.get_cr(), abs=1e-8)


@given(matrix=matrices())
def test_geometric_weights_are_the_geometric_means_of_the_rows(matrix):
    means = np.exp(np.log(matrix).mean(axis=1))
    report = analyse_judgements(rows_of(matrix), method="geometric")
    np.testing.assert_allclose(report.weights, means / means.sum(), rtol=1e-11)


# -- laws -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@given(weights=weights_of)
def test_consistent_judgements_give_their_weights_back(method, weights):
    report = analyse_judgements(rows_of(weights[:, None] / weights[None, :]), method=method)
    np.testing.assert_allclose(report.weights, weights / weights.sum(), rtol=1e-9)
    assert report.consistency_ratio == 0
    assert report.worst is None
    assert report.lambda_max == pytest.approx(len(weights))


@pytest.mark.parametrize("method", METHODS)
@given(weights=weights_of, data=st.data())
def test_missing_judgements_change_nothing_among_consistent_ones(method, weights, data):
    matrix = weights[:, None] / weights[None, :]
    gaps = np.triu(data.draw(hnp.arrays(np.bool_, matrix.shape)), 1)
    matrix[gaps | gaps.T] = np.nan
    if not connected(~np.isnan(matrix)[None])[0]:
        with pytest.raises(DomainError, match="no judgement connects"):
            analyse_judgements(rows_of(matrix), method=method)
        return
    report = analyse_judgements(rows_of(matrix), method=method)
    np.testing.assert_allclose(report.weights, weights / weights.sum(), rtol=1e-8)
    assert report.consistency_ratio == 0
    assert report.missing == gaps.sum()


@pytest.mark.parametrize("method", METHODS)
@given(matrix=matrices(low=3, high=6), data=st.data())
def test_the_order_of_children_does_not_matter(method, matrix, data):
    order = data.draw(st.permutations(range(len(matrix))))
    found = analyse_judgements(rows_of(matrix), method=method)
    turned = analyse_judgements(rows_of(matrix[np.ix_(order, order)]), method=method)
    np.testing.assert_allclose(turned.weights, np.array(found.weights)[order], rtol=1e-7)
    assert turned.consistency_ratio == pytest.approx(found.consistency_ratio, abs=1e-8)


@given(matrix=matrices(low=3, high=6))
def test_what_is_implied_for_a_missing_judgement_changes_nothing(matrix):
    """Harker: the weights are those of the matrix in which their own ratio stands for what is missing."""
    holed = matrix.copy()
    holed[0, 1] = holed[1, 0] = np.nan
    weights = np.array(analyse_judgements(rows_of(holed)).weights)
    holed[0, 1], holed[1, 0] = weights[0] / weights[1], weights[1] / weights[0]
    np.testing.assert_allclose(analyse_judgements(rows_of(holed)).weights, weights, rtol=1e-7)


@given(matrix=matrices(low=3, high=5), other=st.integers(0, 3))
def test_pairs_in_any_order_are_the_matrix(matrix, other):
    names = ["income", "health", "crime", "housing", "access"][: len(matrix)]
    pairs: dict[str, dict[str, float]] = {}
    for row, column in np.random.default_rng(other).permutation(np.argwhere(np.triu(np.ones_like(matrix), 1))):
        row, column = (row, column) if (row + column + other) % 2 else (column, row)
        pairs.setdefault(names[row], {})[names[column]] = float(matrix[row, column])
    found = analyse_judgements(pairs, children=names)
    np.testing.assert_allclose(found.weights, analyse_judgements(rows_of(matrix)).weights, rtol=1e-9)
    assert found.children == tuple(names)


# -- incomplete -------------------------------------------------------------------------------------------------------


def test_a_chain_of_judgements_is_enough_and_cannot_contradict_itself():
    for method in METHODS:
        report = analyse_judgements({"a": {"b": 2}, "b": {"c": 3}}, method=method)
        np.testing.assert_allclose(report.weights, [0.6, 0.3, 0.1])
        assert (report.consistency_ratio, report.random_value, report.missing) == (0, 0, 1)


def test_logarithmic_least_squares_by_hand():
    """Four children, the pair (a, d) not judged: the normal equations solved by lstsq."""
    pairs = {(0, 1): 2.0, (0, 2): 5.0, (1, 2): 2.0, (1, 3): 3.0, (2, 3): 1.0}
    rows = [[1.0 if i == j else pairs.get((i, j)) for j in range(4)] for i in range(4)]
    design = np.array([[(at == i) - (at == j) for at in range(4)] for i, j in pairs], float)
    logs = np.linalg.lstsq(design, np.log(list(pairs.values())), rcond=None)[0]
    expected = np.exp(logs) / np.exp(logs).sum()
    np.testing.assert_allclose(analyse_judgements(rows, method="geometric").weights, expected)


def test_the_random_index_falls_with_what_is_missing():
    rows = full(PUBLISHED["school"][0])
    rows[0, 5] = rows[5, 0] = np.nan
    report = analyse_judgements(rows_of(rows))
    assert report.missing == 1
    assert report.random_value == pytest.approx(1.24 * (1 - 2 / 20))
    assert report.consistency_ratio == pytest.approx((report.lambda_max - 6) / 5 / report.random_value)


def test_parts_that_nothing_connects_are_named():
    problems = check_judgements({"judgements": {"a": {"b": 2}, "c": {"d": 3}}}, ["a", "b", "c", "d"])
    assert problems == ["no judgement connects these parts, so their weights cannot be compared: a, b | c, d"]


# -- several experts --------------------------------------------------------------------------------------------------

EXPERTS = {
    "Li": [[1, 3, 5], [N, 1, 2], [N, N, 1]],
    "Wang": [[1, 1, 4], [N, 1, 3], [N, N, 1]],
    "Zhao": [[1, 1 / 2, 2], [N, 1, 5], [N, N, 1]],
}
VOTES = {"Zhao": 2, "Li": 1, "Wang": 1}


def test_judgements_are_combined_by_their_geometric_mean():
    report = analyse_judgements(experts=EXPERTS, expert_weights=VOTES)
    logs = np.log(np.stack([full(rows) for rows in EXPERTS.values()]))
    mean = np.exp(np.average(logs, axis=0, weights=[1, 1, 2]))
    np.testing.assert_allclose(report.weights, analyse_judgements(mean.tolist()).weights)
    assert list(report.experts) == list(EXPERTS)
    for name, rows in EXPERTS.items():
        assert report.experts[name] == analyse_judgements(rows)


def test_priorities_are_combined_by_their_geometric_or_arithmetic_mean():
    own = np.array([analyse_judgements(rows).weights for rows in EXPERTS.values()])
    found = analyse_judgements(experts=EXPERTS, expert_weights=VOTES, combine="arithmetic priorities")
    np.testing.assert_allclose(found.weights, np.average(own, axis=0, weights=[1, 1, 2]))
    found = analyse_judgements(experts=EXPERTS, expert_weights=VOTES, combine="priorities")
    mean = np.exp(np.average(np.log(own), axis=0, weights=[1, 1, 2]))
    np.testing.assert_allclose(found.weights, mean / mean.sum())
    assert found.consistency_ratio == max(report.consistency_ratio for report in found.experts.values())


def test_geometric_means_of_judgements_and_of_priorities_agree():
    """With the geometric method the two are one (Forman and Peniwati, 1998)."""
    one = analyse_judgements(experts=EXPERTS, expert_weights=VOTES, method="geometric")
    two = analyse_judgements(experts=EXPERTS, expert_weights=VOTES, method="geometric", combine="priorities")
    np.testing.assert_allclose(one.weights, two.weights)


def test_experts_may_each_judge_a_part():
    experts = {"Li": {"a": {"b": 2}}, "Wang": {"b": {"c": 3}}}
    report = analyse_judgements(experts=experts)
    np.testing.assert_allclose(report.weights, [0.6, 0.3, 0.1])
    assert report.experts == {}
    problems = check_judgements({"experts": experts, "combine": "priorities"}, ["a", "b", "c"])
    assert [problem.split(":")[0] for problem in problems] == ["expert Li", "expert Wang"]


def test_only_what_decides_has_to_be_consistent():
    cycle = [[1, 5, 1 / 5], [N, 1, 5], [N, N, 1]]
    experts = {"Li": [[1, 1, 1], [N, 1, 1], [N, N, 1]], "Wang": cycle}
    names = ["a", "b", "c"]
    votes = {"Li": 9.0, "Wang": 1.0}
    assert check_judgements({"experts": experts, "expert_weights": votes}, names) == []
    [problem] = check_judgements({"experts": experts, "combine": "priorities"}, names)
    assert problem.startswith("expert Wang: the judgements contradict one another")


@pytest.mark.parametrize(
    ("votes", "message"),
    [
        ({"Li": 1, "Wang": 1, "Zao": 1}, "'Zao' is none of the experts. Did you mean 'Zhao'"),
        ({"Li": 1, "Wang": 1}, "there is none for 'Zhao'"),
        ({"Li": 1, "Wang": -1, "Zhao": 1}, "from 0 on"),
        ({"Li": 0, "Wang": 0, "Zhao": 0}, "not all of them 0"),
    ],
)
def test_expert_weights_are_checked(votes, message):
    with pytest.raises(DomainError, match=message) as caught:
        analyse_judgements(experts=EXPERTS, expert_weights=votes)
    assert caught.value.reason.count("from 0 on") == ("0" in message)  # and nothing else


def test_words_that_are_none_are_told_with_the_nearest():
    for option, word, meant in (
        ("method", "geo", ""),
        ("combine", "priority", "priorities"),
        ("random_index", "sa", ""),
    ):
        with pytest.raises(DomainError, match=f"{option}: unknown word '{word}'.*{meant}"):
            analyse_judgements([[1, 3], [N, 1]], **{option: word})
    with pytest.raises(DomainError, match="law: unknown word 'step'"):
        judgement_draws([[1, 3], [N, 1]], law="step")
    with pytest.raises(DomainError, match="model: unknown word 'linaer'"):
        analyse_best_worst("ab", best="a", worst="b", best_to_others={"b": 3}, others_to_worst={}, model="linaer")
    with pytest.raises(DomainError, match="measure: unknown word 'square'"):
        balance_weights(np.eye(4, 2), measure="square")


@pytest.mark.parametrize("judgements", [[], {}])
def test_judgements_of_nothing_are_told(judgements):
    with pytest.raises(DomainError, match="nothing that is judged"):
        analyse_judgements(judgements)


def test_experts_that_are_none_are_told():
    single = {"judgements": {"a": {"b": 3}}, "expert_weights": {"Li": 1}}
    for check in (check_judgements, check_fuzzy):
        assert check(single, ["a", "b"]) == ["expert_weights: there are no experts for them to weigh"]
        assert check({"experts": {}}, ["a", "b"]) == ["experts: there are none"]


# -- the weighting ----------------------------------------------------------------------------------------------------


def test_the_weighting_gives_the_report_s_weights():
    rows = PUBLISHED["consumption of drinks"][0]
    report = analyse_judgements(rows)
    np.testing.assert_array_equal(ahp(np.empty((3, 7)), judgements=rows), report.weights)
    method = WEIGHTINGS["ahp"]
    assert method.bare == "judgements"
    assert method.check is check_judgements
    assert "children" not in method.options
    assert "children" in method.reserved


def test_unpublished_judgements_are_asked_for_but_load():
    assert check_judgements({}, ["a", "b"]) == []
    with pytest.raises(DomainError, match="judgements are unpublished"):
        ahp(np.empty((3, 2)), children=["a", "b"])
    with pytest.raises(DomainError, match="judgements are unpublished"):
        analyse_judgements()


def test_inconsistent_judgements_are_refused_with_the_worst():
    rows = PUBLISHED["school"][0]
    names = ["learning", "friends", "life", "vocation", "college", "music"]
    [problem] = check_judgements({"judgements": rows}, names)
    assert "consistency ratio is 0.229, and the limit is 0.1 (random index 'saaty', 1.24 for 6 children)" in problem
    assert "the worst is college over friends, 5, where the others imply 0.996 (the ratio is then 0.179)" in problem
    with pytest.raises(DomainError, match="college over friends"):
        ahp(np.empty((2, 6)), judgements=rows, children=names)
    assert check_judgements({"judgements": rows, "limit": 0.25}, names) == []
    assert ahp(np.empty((2, 6)), judgements=rows, limit=0.25).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("judgements", "message"),
    [
        ([[1, 2], [0.5, 1]], "the matrix has 2 rows, and there are 3 children"),
        ([[1, 2, 3], [N, 1], [N, N, 1]], "row 2 (b) has 2 entries, not 3"),
        ([[1, 2, 3], 5, [N, N, 1]], "row 2 (b) has no entries, not 3"),
        (
            [[1, 2, 4], [N, 1, 2], [0.5, N, 1]],
            "c over a: 0.5 is not the reciprocal of 4 (a over c); it should be 0.25 (1/4)",
        ),
        (
            [[1, 2, 4], [2, 1, 2], [N, N, 1]],
            "b over a: 2 is not the reciprocal of 2 (a over b); it should be 0.5 (1/2)",
        ),
        ([[1, 0, 4], [N, 1, 2], [N, N, 1]], "a over b: 0 is no judgement; a number above 0 is needed"),
        ([[1, -3, 4], [N, 1, 2], [N, N, 1]], "a over b: -3 is no judgement"),
        ([[1, math.inf, 4], [N, 1, 2], [N, N, 1]], "a over b: inf is no judgement"),
        (
            [[1, math.nan, 4], [N, 1, 2], [N, N, 1]],
            "a over b: nan is no judgement; a number above 0 is needed (null: not made)",
        ),
        ([[1, "3", 4], [N, 1, 2], [N, N, 1]], "a over b: '3' is no number"),
        ([[1, 2, 4], [N, 3, 2], [N, N, 1]], "b over b: 3, but a child over itself is 1"),
        ({"a": {"b": 2}, "b": {"cc": 2}}, "'cc' is none of the children."),
        ({"a": {"b": 2, "c": 3}, "b": {"a": 2}}, "b over a: 2 is not the reciprocal of 2 (a over b)"),
        ({"a": {"a": 2, "b": 2, "c": 3}}, "a over a: 2, but a child over itself is 1"),
        ({"a": 3}, "a: the judgements over other children are needed"),
    ],
)
def test_judgements_that_are_none(judgements, message):
    names = ["a", "b", "c"]
    assert any(problem.startswith(message) for problem in check_judgements({"judgements": judgements}, names))
    assert [problem for problem in check_judgements({"experts": {"Li": judgements}}, names) if "expert Li: " in problem]


def test_every_problem_is_told_at_once():
    problems = check_judgements({"judgements": [[1, 0, 4], [N, 2, 2], [3, N, 1]], "limit": -1}, ["a", "b", "c"])
    assert len(problems) == 4
    with pytest.raises(DomainError, match=r"a over b: 0 .*; b over b: 2, .*; c over a: 3 "):
        ahp(np.empty((1, 3)), judgements=[[1, 0, 4], [N, 2, 2], [3, N, 1]], children=["a", "b", "c"])


def test_judgements_and_experts_are_not_said_together():
    [problem] = check_judgements({"judgements": [[1]], "experts": {"Li": [[1]]}}, ["a"])
    assert "only one of the two" in problem


@pytest.mark.parametrize("printed", [0.33, 0.333, 1 / 3])
def test_a_reciprocal_may_be_printed_to_two_decimals(printed):
    found = analyse_judgements([[1, 3], [printed, 1]])
    assert found.weights == pytest.approx([0.75, 0.25], abs=1e-12)
    assert check_judgements({"judgements": {"a": {"b": 3}, "b": {"a": printed}}}, ["a", "b"]) == []


def test_a_pair_may_be_said_both_ways():
    report = analyse_judgements({"a": {"b": 4}, "b": {"a": 0.25, "c": 2}, "c": {"b": 0.5, "c": 1}})
    np.testing.assert_allclose(report.weights, [8 / 11, 2 / 11, 1 / 11])


def test_one_child_and_two():
    assert ahp(np.empty((2, 1)), judgements=[[1]]).tolist() == [1]
    report = analyse_judgements({"a": {"b": 9}})
    assert report.weights == pytest.approx([0.9, 0.1])
    assert report.consistency_ratio == 0


# -- random indices ---------------------------------------------------------------------------------------------------


def test_tables_are_named_in_the_options():
    assert set(typing.get_args(room.Table)) == set(RANDOM_INDICES)
    for table in RANDOM_INDICES.values():
        assert table.largest >= 15
        assert table.source


@pytest.mark.parametrize(("table", "n", "off"), [("alonso_lamata", 4, 0.02), ("gong_xu", 5, 0.03), ("saaty", 6, 0.03)])
def test_tables_are_near_the_mean_of_random_matrices(table, n, off):
    generator = np.random.default_rng(0)
    scale = np.array([1 / v for v in range(9, 1, -1)] + list(range(1, 10)))
    upper = np.triu(generator.choice(scale, (4000, n, n)), 1)
    lower = np.divide(1, upper, out=np.zeros_like(upper), where=upper > 0).transpose(0, 2, 1)
    largest = np.linalg.eigvals(upper + lower + np.eye(n)).real.max(axis=-1)
    assert random_index(n, table) == pytest.approx((largest.mean() - n) / (n - 1), abs=off)


def test_the_same_judgements_pass_or_fail_by_the_table():
    judgements = [[1, 4, 3], [N, 1, 1 / 2.7], [N, N, 1]]
    ratios = {table: analyse_judgements(judgements, random_index=table).consistency_ratio for table in RANDOM_INDICES}
    assert ratios["saaty"] < ratios["gong_xu"] < ratios["donegan_dodd"]
    assert ratios["saaty"] / ratios["gong_xu"] == pytest.approx(0.52 / 0.58)


def test_tables_end():
    many = [[1.0] * 16 for _ in range(16)]
    names = [f"c{child}" for child in range(16)]
    [problem] = check_judgements({"judgements": many}, names)
    assert problem == (
        "random_index: the table 'saaty' ends at 15 children, and there are 16; use 'donegan_dodd' to 20"
    )
    assert check_judgements({"judgements": many, "random_index": "donegan_dodd"}, names) == []
    with pytest.raises(DomainError, match="put the children into groups"):
        random_index(21, "saaty")
    with pytest.raises(ValueError, match="Did you mean 'saaty'"):
        random_index(3, "saati")
