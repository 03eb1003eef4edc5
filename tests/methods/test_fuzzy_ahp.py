"""Fuzzy AHP: a published case, laws of both derivations, groups, and every refusal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judgements_support import matrices, names, nothing, rows_of

from cityindex._registry import WEIGHTINGS
from cityindex.errors import DomainError
from cityindex.methods._fuzzy import centroid, extent_weights, fuzzy_weights, read_fuzzy
from cityindex.methods._ladder import at_place, place_of
from cityindex.methods.ahp import ahp
from cityindex.methods.fuzzy_ahp import check_fuzzy, fuzzy_ahp

LOOSE = 1e9

# The criteria of C. Kahraman, U. Cebeci, Z. Ulukan (2003), Multi-criteria supplier selection using fuzzy AHP, Logistics
# Information Management 16(6), 382–394: judgements, the fuzzy sum over all of them, and the weights, as printed.
SUPPLIERS = {
    "supplier": {"product": (3 / 2, 2, 5 / 2), "service": (2 / 3, 1, 3 / 2)},
    "product": {"service": (3 / 2, 2, 5 / 2)},
}
CRITERIA = ["supplier", "product", "service"]


def test_published_extent_analysis():
    judgements, problems = read_fuzzy(SUPPLIERS, CRITERIA, 1.0)
    assert problems == []
    np.testing.assert_allclose(judgements[0].sum(axis=0), [3.17, 4.00, 5.00], atol=5e-3)
    np.testing.assert_allclose(judgements.sum(axis=(0, 1)), [8.14, 10.00, 12.34], atol=1e-2)  # of rounded rows
    found = fuzzy_ahp(nothing(3), judgements=SUPPLIERS, children=CRITERIA, method="extent", limit=LOOSE)
    np.testing.assert_allclose(found, [0.43, 0.37, 0.20], atol=1e-2)  # printed to two digits, from rounded steps


def test_the_published_case_is_itself_inconsistent_and_said_to_be():
    [problem] = check_fuzzy({"judgements": SUPPLIERS, "method": "extent"}, CRITERIA)
    assert "the judgements contradict one another: their consistency ratio is 0.187" in problem


def test_buckley_by_hand():
    """Two children: r = (√l, √m, √u) and (1/√u, 1/√m, 1/√l), worked through by the definition."""
    root = np.sqrt([3.0, 4.0, 5.0])
    first, second = root, 1 / root[::-1]
    total = first + second
    middles = [(part[0] / total[2] + part[1] / total[1] + part[2] / total[0]) / 3 for part in (first, second)]
    found = fuzzy_ahp(nothing(2), judgements={"a": {"b": (3, 4, 5)}}, children=["a", "b"])
    np.testing.assert_allclose(found, np.array(middles) / sum(middles), rtol=1e-14)


# -- laws -------------------------------------------------------------------------------------------------------------


@given(matrix=matrices())
@settings(max_examples=30)
def test_without_spread_it_is_ahp_by_geometric_means(matrix):
    found = fuzzy_ahp(nothing(len(matrix)), judgements=rows_of(matrix), spread=0, limit=LOOSE)
    crisp = ahp(nothing(len(matrix)), judgements=rows_of(matrix), method="geometric", limit=LOOSE)
    np.testing.assert_allclose(found, crisp, rtol=1e-12)


@pytest.mark.parametrize("method", ["geometric", "extent"])
@given(matrix=matrices(), spread=st.sampled_from([0.5, 1.0, 2.0]), data=st.data())
@settings(max_examples=30)
def test_bounds_and_the_order_of_children(method, matrix, spread, data):
    order = data.draw(st.permutations(range(len(matrix))))
    options = {"spread": spread, "method": method, "limit": LOOSE, "zeros": "allow"}
    found = fuzzy_ahp(nothing(len(matrix)), judgements=rows_of(matrix), **options)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found >= 0).all()
    if method == "geometric":
        assert found.min() > 0
    turned = fuzzy_ahp(nothing(len(matrix)), judgements=rows_of(matrix[np.ix_(order, order)]), **options)
    np.testing.assert_allclose(turned, found[order], rtol=1e-9, atol=1e-12)


@given(matrix=matrices(), spread=st.sampled_from([0.0, 1.0, 2.5]))
def test_fuzzy_weights_are_triangles_around_the_crisp_ones(matrix, spread):
    judgements, _ = read_fuzzy(rows_of(matrix), names(len(matrix)), spread)
    found = fuzzy_weights(judgements)
    assert (np.diff(found, axis=-1) >= -1e-15).all()
    means = np.exp(np.log(matrix).mean(axis=1))
    np.testing.assert_allclose(found[:, 1], means / means.sum(), rtol=1e-12)
    assert centroid(found).shape == (len(matrix),)


@given(matrix=matrices(), spread=st.sampled_from([0.0, 1.0, 3.0]))
@settings(max_examples=30)
def test_either_direction_says_the_same(matrix, spread):
    """The lower triangle alone, its reciprocals, gives the array of the upper one: the scale is symmetric."""
    n = len(matrix)
    upper = tuple(tuple(float(matrix[i, j]) if i <= j else None for j in range(n)) for i in range(n))
    lower = tuple(tuple(float(matrix[i, j]) if i >= j else None for j in range(n)) for i in range(n))
    one, two = (read_fuzzy(rows, names(n), spread)[0] for rows in (upper, lower))
    np.testing.assert_allclose(one, two, rtol=1e-12)


@given(value=st.floats(1 / 20, 20))
def test_the_ladder_goes_both_ways(value):
    assert at_place(place_of(np.array(value))) == pytest.approx(value, rel=1e-12)
    assert place_of(np.array(1 / value)) == pytest.approx(-place_of(np.array(value)), abs=1e-12)


def test_the_more_a_child_is_preferred_the_more_it_weighs():
    weights = [
        fuzzy_ahp(nothing(2), judgements={"a": {"b": v}}, children=["a", "b"], method=method, zeros="allow")[0]
        for method in ("geometric", "extent")
        for v in (1, 2, 4, 8)
    ]
    assert sorted(weights[:4]) == weights[:4]
    assert sorted(weights[4:]) == weights[4:]


def test_crisp_extents_are_compared_without_a_division_by_nought():
    assert extent_weights(read_fuzzy({"a": {"b": 1}}, ["a", "b"], 0.0)[0]).tolist() == [0.5, 0.5]


# -- experts ----------------------------------------------------------------------------------------------------------


def test_experts_are_combined_by_geometric_means_end_by_end():
    experts = {"Li": {"a": {"b": (2, 3, 4)}}, "Wang": {"a": {"b": (1, 1, 2)}}}
    votes = {"Li": 3, "Wang": 1}
    mean = tuple(float(np.exp(np.average(np.log([x, y]), weights=[3, 1]))) for x, y in ((2, 1), (3, 1), (4, 2)))
    found = fuzzy_ahp(nothing(2), experts=experts, expert_weights=votes, children=["a", "b"])
    np.testing.assert_allclose(found, fuzzy_ahp(nothing(2), judgements={"a": {"b": mean}}, children=["a", "b"]))


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_extent_analysis_gives_zeros_only_where_they_are_allowed():
    """Wang, Luo and Hua (2008): a child that is clearly less important gets nothing."""
    said = {"a": {"b": 2, "c": 8}, "b": {"c": 4}}
    [problem] = check_fuzzy({"judgements": said, "method": "extent"}, ["a", "b", "c"])
    assert problem.startswith("extent analysis gives no weight at all to c: ")
    found = fuzzy_ahp(nothing(3), judgements=said, children=["a", "b", "c"], method="extent", zeros="allow")
    assert found[2] == 0
    assert fuzzy_ahp(nothing(3), judgements=said, children=["a", "b", "c"])[2] > 0.05


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"judgements": {"a": {"b": (3, 2, 4), "c": 1}, "b": {"c": 1}}}, "a over b: [3, 2, 4] is no fuzzy judgement"),
        ({"judgements": {"a": {"b": (1, 2), "c": 1}, "b": {"c": 1}}}, "a over b: [1, 2] is no fuzzy judgement"),
        ({"judgements": {"a": {"b": (0, 1, 2), "c": 1}, "b": {"c": 1}}}, "a over b: 0 is no judgement"),
        ({"judgements": {"a": {"b": "3", "c": 1}, "b": {"c": 1}}}, "a over b: '3' is no number"),
        ({"judgements": {"a": {"b": 3}}}, "all pairs have to be judged, and these are not: a over c, b over c"),
        ({"judgements": {"a": {"x": 3}}}, "'x' is none of the children."),
        (
            {"judgements": {"a": {"b": (2, 3, 4), "c": 1}, "b": {"a": (1 / 4, 1 / 3, 1), "c": 1}}},
            "b over a: [0.25, 0.3333, 1] is not the reciprocal of [2, 3, 4] (a over b); it should be [0.25, 0.3333",
        ),
        ({"judgements": {"a": {"b": 9, "c": 1 / 9}, "b": {"c": 9}}}, "the judgements contradict one another"),
        ({"judgements": {"a": {"b": 1, "c": 1}, "b": {"c": 1}}, "spread": -1}, "spread: -1 is below 0"),
        ({"judgements": {"a": {"b": 1}}, "experts": {"Li": {"a": {"b": 1}}}}, "judgements and experts: only one"),
        ({"experts": {"Li": {"a": {"b": 0}}}}, "expert Li: a over b: 0 is no judgement"),
    ],
)
def test_what_is_refused(options, message):
    problems = check_fuzzy(options, ["a", "b", "c"])
    assert any(problem.startswith(message) for problem in problems), problems
    with pytest.raises(DomainError):
        fuzzy_ahp(nothing(3), children=["a", "b", "c"], **options)


def test_no_judgements_load_but_give_no_weights():
    assert check_fuzzy({}, ["a"]) == []
    with pytest.raises(DomainError, match="there are no judgements"):
        fuzzy_ahp(nothing(2))


def test_one_child():
    assert fuzzy_ahp(nothing(1), judgements=((1,),)).tolist() == [1.0]


def test_it_is_registered():
    method = WEIGHTINGS["fuzzy_ahp"]
    assert (method.bare, method.from_data, method.check) == ("judgements", False, check_fuzzy)
