"""Budget allocation and weights as they are written: laws, experts, and every refusal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judgements_support import names, nothing

from cityindex._registry import WEIGHTINGS
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods import budget as room
from cityindex.methods.budget import budget_allocation, check_budget, check_given

written = room.given
ABC = ["a", "b", "c"]
POINTS = {
    "Li": {"a": 60, "b": 30, "c": 10},
    "Wang": {"a": 20, "b": 30, "c": 50},
    "Zhao": {"a": 40, "b": 40, "c": 20},
}


@st.composite
def shares(draw):
    """Points of several experts that add up to 100."""
    k = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(st.integers(1, 50), min_size=k, max_size=k), min_size=1, max_size=5))
    return np.array([np.array(row) / sum(row) * 100 for row in rows])


def points_of(rows):
    return {f"expert {at}": dict(zip(names(len(row)), row.tolist(), strict=True)) for at, row in enumerate(rows)}


def test_the_mean_and_the_median_by_hand():
    np.testing.assert_allclose(budget_allocation(nothing(3), points=POINTS, children=ABC), [0.4, 1 / 3, 0.8 / 3])
    found = budget_allocation(nothing(3), points=POINTS, children=ABC, combine="median")
    np.testing.assert_allclose(found, np.array([40, 30, 20]) / 90)
    votes = {"Li": 2, "Wang": 1, "Zhao": 1}
    found = budget_allocation(nothing(3), points=POINTS, children=ABC, expert_weights=votes)
    np.testing.assert_allclose(found, [0.45, 0.325, 0.225])


@pytest.mark.parametrize("combine", ["mean", "median"])
@given(rows=shares(), data=st.data())
@settings(max_examples=30)
def test_bounds_and_orders(combine, rows, data):
    k = rows.shape[1]
    found = budget_allocation(nothing(k), points=points_of(rows), combine=combine, children=names(k))
    assert found.sum() == pytest.approx(1, abs=1e-12)
    if combine == "mean":
        assert (found >= rows.min(axis=0) / 100 - 1e-12).all()
        assert (found <= rows.max(axis=0) / 100 + 1e-12).all()
    order = data.draw(st.permutations(range(k)))
    turned = [names(k)[at] for at in order]
    np.testing.assert_allclose(
        budget_allocation(nothing(k), points=points_of(rows), combine=combine, children=turned), found[list(order)]
    )
    again = budget_allocation(nothing(k), points=points_of(rows[::-1]), combine=combine, children=names(k))
    np.testing.assert_allclose(again, found)


@given(rows=shares(), factor=st.floats(0.01, 100))
@settings(max_examples=30)
def test_any_total_is_the_same_as_the_points_divided(rows, factor):
    k = rows.shape[1]
    found = budget_allocation(nothing(k), points=points_of(rows * factor), total="any", children=names(k))
    np.testing.assert_allclose(found, budget_allocation(nothing(k), points=points_of(rows), children=names(k)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"points": {"Li": {"a": 60, "b": 30, "c": 11}}}, "Li: the points add up to 101, not to 100 (total: any"),
        ({"points": POINTS, "total": 10}, "Li: the points add up to 100, not to 10"),
        ({"points": {"Li": {"a": 60, "b": 40}}}, "Li: there are no points for c (unscored: zero)"),
        ({"points": {"Li": {"a": 60, "b": 30, "x": 10}}}, "Li: 'x' is none of the children."),
        ({"points": {"Li": {"a": 120, "b": -30, "c": 10}}}, "Li: b: -30 points; a number from 0 on is needed"),
        ({"points": {"Li": {"a": "60", "b": 30, "c": 10}}}, "Li: a: '60' is no number"),
        ({"points": {"Li": {"a": float("nan"), "b": 30, "c": 10}}}, "Li: a: nan points"),
        ({"points": {"Li": {"a": 0, "b": 0, "c": 0}}, "total": "any"}, "Li: the points are all 0"),
        ({"points": {}}, "points: there are no experts"),
        ({"points": POINTS, "total": 0}, "Li: total: 0 is not above 0"),
        ({"points": POINTS, "expert_weights": {"Li": 1}}, "expert_weights: there is none for 'Wang'"),
        (
            {"points": POINTS, "expert_weights": {"Li": 1, "Wang": 1, "Zhao": 1}, "combine": "median"},
            "expert_weights: a median counts every expert alike",
        ),
        (
            {
                "points": {"Li": {"a": 100}, "Wang": {"b": 100}, "Zhao": {"c": 100}},
                "unscored": "zero",
                "combine": "median",
            },
            "the medians of the points are all 0",
        ),
    ],
)
def test_what_is_refused(change, message):
    told = check_budget(change, ABC)
    assert any(problem.startswith(message) for problem in told), told
    with pytest.raises(DomainError):
        budget_allocation(nothing(3), children=ABC, **change)


def test_a_child_left_out_gets_nothing_where_that_is_said():
    found = budget_allocation(nothing(3), points={"Li": {"a": 60, "b": 40}}, unscored="zero", children=ABC)
    np.testing.assert_allclose(found, [0.6, 0.4, 0])


def test_points_that_print_as_a_third_are_no_third():
    """33.3 + 33.3 + 33.3 is 99.9: told, and not spread over the children."""
    points = {"Li": dict.fromkeys(ABC, 33.3)}
    [problem] = check_budget({"points": points}, ABC)
    assert problem.startswith("Li: the points add up to 99.9, not to 100")
    np.testing.assert_allclose(budget_allocation(nothing(3), points=points, total="any", children=ABC), 1 / 3)


def test_a_child_is_told_once():
    assert check_budget({"points": {"Li": {"a": 120, "b": -30, "c": 10}}}, ABC) == [
        "Li: b: -30 points; a number from 0 on is needed"
    ]
    assert check_given({"weights": {"a": 1.5, "b": -0.6, "c": 0.1}}, ABC) == [
        "b: -0.6 weight; a number from 0 on is needed"
    ]


# -- weights as they are written --------------------------------------------------------------------------------------


@given(weights=st.lists(st.floats(0, 10), min_size=2, max_size=6).filter(lambda w: sum(w) > 1e-3), data=st.data())
@settings(max_examples=30)
def test_weights_are_given_as_they_stand(weights, data):
    k = len(weights)
    by_name = dict(zip(names(k), weights, strict=True))
    found = written(nothing(k), weights=by_name, total="any", children=names(k))
    np.testing.assert_allclose(found, np.array(weights) / sum(weights), atol=1e-15)
    order = data.draw(st.permutations(range(k)))
    turned = written(nothing(k), weights=by_name, total="any", children=[names(k)[at] for at in order])
    np.testing.assert_allclose(turned, found[list(order)], rtol=1e-14)


def test_per_cents_are_weights():
    weights = {"b": Percent(0.3), "a": Percent(0.6), "c": Percent(0.1)}
    np.testing.assert_allclose(written(nothing(3), weights=weights, children=ABC), [0.6, 0.3, 0.1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": {"a": 1, "b": 3, "c": 3}}, "the weights add up to 7, not to 1 (total: any divides by their sum)"),
        ({"weights": {"a": 0.5, "b": 0.5}}, "c has no weight"),
        ({"weights": {"a": 0.5, "b": 0.3, "c": 0.1, "d": 0.1}}, "'d' is none of the children."),
        ({"weights": {"a": 1.5, "b": -0.6, "c": 0.1}}, "b: -0.6 weight; a number from 0 on is needed"),
        ({"weights": {"a": 0, "b": 0, "c": 0}, "total": "any"}, "the weights are all 0"),
        ({"weights": {"a": True, "b": 0, "c": 0}}, "a: True is no number"),
    ],
)
def test_weights_that_are_refused(change, message):
    assert any(problem.startswith(message) for problem in check_given(change, ABC)), check_given(change, ABC)
    with pytest.raises(DomainError):
        written(nothing(3), children=ABC, **change)


def test_they_are_registered():
    assert WEIGHTINGS["budget_allocation"].check is check_budget
    assert WEIGHTINGS["given"].check is check_given
    assert not WEIGHTINGS["given"].from_data
