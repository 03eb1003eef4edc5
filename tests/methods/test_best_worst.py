"""The best-worst method: published cases, both programs against a general solver, consistency, every refusal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judgements_support import names, nothing
from scipy.optimize import minimize

from cityindex._registry import WEIGHTINGS
from cityindex.errors import DomainError
from cityindex.methods._best_worst import THRESHOLDS, consistency_index, linear, nonlinear, threshold
from cityindex.methods.best_worst import analyse_best_worst, best_worst, check_best_worst

# J. Rezaei (2015), Omega 53, 49–57: a mode of transport by load flexibility, accessibility and cost; weights, ξ and
# consistency ratio of the nonlinear model, as printed. And his car, whose judgements are consistent (2016).
TRANSPORT = {
    "best": "cost",
    "worst": "load",
    "best_to_others": {"load": 8, "access": 2},
    "others_to_worst": {"access": 5, "cost": 8},
}
MODES = ["load", "access", "cost"]
CAR = {
    "best": "price",
    "worst": "style",
    "best_to_others": {"quality": 2, "comfort": 4, "safety": 2, "style": 8},
    "others_to_worst": {"quality": 4, "comfort": 2, "safety": 4},
}
CARS = ["quality", "price", "comfort", "safety", "style"]
INDEX = [0.00, 0.44, 1.00, 1.63, 2.30, 3.00, 3.73, 4.47, 5.23]  # the consistency indices as printed (2015, table 1)


@st.composite
def judgements(draw, low=2, high=7):
    """(over, under, best, worst): best 0, worst the last; none above the best over the worst."""
    n = draw(st.integers(low, high))
    top = draw(st.integers(1, 9))
    others = st.lists(st.integers(1, top), min_size=n - 2, max_size=n - 2)
    over = np.array([1, *draw(others), top], np.float64)
    under = np.array([top, *draw(others), 1], np.float64)
    return over, under


def spec_of(over, under, children):
    return {
        "best": children[0],
        "worst": children[-1],
        "best_to_others": dict(zip(children[1:], over[1:].tolist(), strict=True)),
        "others_to_worst": dict(zip(children[:-1], under[:-1].tolist(), strict=True)),
    }


# -- published --------------------------------------------------------------------------------------------------------


def test_published_nonlinear_weights():
    report = analyse_best_worst(MODES, model="nonlinear", **TRANSPORT)
    np.testing.assert_allclose(report.weights, [0.0714, 0.3387, 0.5899], atol=5e-5)
    assert report.xi == pytest.approx(0.26, abs=5e-3)
    assert report.output_ratio == pytest.approx(0.26 / 4.47, abs=1e-3)
    assert report.low == pytest.approx(report.high)  # three children: one solution


def test_the_linear_weights_of_the_published_case_by_hand():
    """All three rows bind: w₃ = 8 w₁ + ξ, w₃ = 2 w₂ − ξ, w₂ = 5 w₁ − ξ, so ξ = w₁ / 2 and w ∝ (1, 4.5, 8.5)."""
    report = analyse_best_worst(MODES, **TRANSPORT)
    np.testing.assert_allclose(report.weights, np.array([1, 4.5, 8.5]) / 14, atol=1e-12)
    assert report.xi == pytest.approx(0.5 / 14, abs=1e-12)


@pytest.mark.parametrize("model", ["linear", "nonlinear"])
def test_published_consistent_car(model):
    report = analyse_best_worst(CARS, model=model, **CAR)
    np.testing.assert_allclose(report.weights, np.array([4, 8, 2, 4, 1]) / 19, atol=1e-12)
    assert (report.consistency_ratio, report.worst_judged, report.output_ratio) == (0, "", 0)


def test_published_indices_and_thresholds():
    np.testing.assert_allclose([consistency_index(top) for top in range(1, 10)], INDEX, atol=5e-3)
    assert (threshold(5, 4), threshold(9, 9), threshold(2, 6)) == (0.1994, 0.3662, 0.0)
    assert threshold(10, 4) is threshold(4.5, 4) is threshold(4, 10) is None
    assert all(len(row) == 7 for row in THRESHOLDS.values())


# -- laws -------------------------------------------------------------------------------------------------------------


@given(said=judgements(low=3))
@settings(max_examples=40)
def test_the_nonlinear_xi_is_the_least_there_is(said):
    """Given r and ξ each child has room; none smaller leaves any, and the weights keep to it."""
    over, under = said
    low, high, xi = nonlinear(over, under, 0, len(over) - 1)
    assert 0 <= xi < over[-1]
    assert (low <= high + 1e-15).all()
    assert low.sum() <= 1 + 1e-9 <= high.sum() + 2e-9
    inner = slice(1, -1)
    top = over[-1]
    smaller = xi * (1 - 1e-6)
    if xi > 1e-9 and len(over) > 2:
        first = max(top - smaller, (np.maximum(over[inner] - smaller, 0) * np.maximum(under[inner] - smaller, 0)).max())
        last = min(top + smaller, ((over[inner] + smaller) * (under[inner] + smaller)).min())
        assert first > last


def test_xi_can_be_more_than_its_index():
    """Two children that err to either side: the output-based ratio is then above 1, and the input-based one is not."""
    children = names(4)
    said = spec_of(np.array([1.0, 2, 1, 2]), np.array([2.0, 2, 1, 1]), children)
    report = analyse_best_worst(children, model="nonlinear", **said)
    assert report.xi == pytest.approx(0.5)
    assert report.output_ratio == pytest.approx(0.5 / consistency_index(2))
    assert report.consistency_ratio == 1


def test_the_nonlinear_model_against_a_general_solver():
    over, under = np.array([1.0, 2, 4, 3, 8]), np.array([8.0, 4, 4, 2, 1])
    _, _, xi = nonlinear(over, under, 0, 4)

    def gaps(y):
        w, room = np.exp(y[:5]), y[5]
        return room - np.concatenate([np.abs(w[0] / w[1:] - over[1:]), np.abs(w[:-1] / w[4] - under[:-1])])

    start = np.append(np.log([8, 4, 2, 3, 1]), 3.0)
    found = minimize(lambda y: y[5], start, constraints={"type": "ineq", "fun": gaps}, options={"ftol": 1e-12})
    assert found.x[5] == pytest.approx(xi, abs=1e-6)


@given(said=judgements(low=3))
@settings(max_examples=40)
def test_the_linear_program_keeps_to_its_rows_and_nothing_nearby_does_better(said):
    over, under = said
    weights, xi = linear(over, under, 0, len(over) - 1)
    worst = max(np.abs(weights[0] - over * weights).max(), np.abs(weights - under * weights[-1]).max())
    assert worst == pytest.approx(xi, abs=1e-9)
    assert weights.sum() == pytest.approx(1)
    generator = np.random.default_rng(0)
    for other in weights * np.exp(generator.normal(0, 0.05, (20, len(over)))):
        other /= other.sum()
        assert max(np.abs(other[0] - over * other).max(), np.abs(other - under * other[-1]).max()) >= xi - 1e-9


@given(weights=st.lists(st.integers(1, 3), min_size=2, max_size=6), model=st.sampled_from(["linear", "nonlinear"]))
@settings(max_examples=40)
def test_consistent_judgements_are_met_exactly(weights, model):
    w = np.array([*sorted(weights, reverse=True)], np.float64)
    over, under = w[0] / w, w / w[-1]
    children = names(len(w))
    found = best_worst(nothing(len(w)), children=children, model=model, **spec_of(over, under, children))
    np.testing.assert_allclose(found, w / w.sum(), atol=1e-9)


@given(said=judgements(low=3, high=6), data=st.data())
@settings(max_examples=40)
def test_the_order_of_children_does_not_matter(said, data):
    over, under = said
    children = names(len(over))
    options = {"limit": 1e9, "model": "nonlinear", **spec_of(over, under, children)}
    found = best_worst(nothing(len(over)), children=children, **options)
    order = data.draw(st.permutations(range(len(over))))
    turned = best_worst(nothing(len(over)), children=[children[at] for at in order], **options)
    np.testing.assert_allclose(turned, found[list(order)], rtol=1e-10)


def test_two_children_have_one_judgement():
    found = best_worst(
        nothing(2), children=["a", "b"], best="a", worst="b", best_to_others={"b": 4}, others_to_worst={}
    )
    np.testing.assert_allclose(found, [0.8, 0.2], atol=1e-12)


def test_equally_important_children():
    said = {"best_to_others": {"b": 1, "c": 1}, "others_to_worst": {"b": 1}}
    for model in ("linear", "nonlinear"):
        found = best_worst(nothing(3), children=["a", "b", "c"], best="a", worst="c", model=model, **said)
        np.testing.assert_allclose(found, 1 / 3, atol=1e-12)


# -- experts ----------------------------------------------------------------------------------------------------------


def test_experts_are_averaged_and_the_least_consistent_is_shown():
    consistent = {"best": "cost", "worst": "load", "best_to_others": {"load": 8, "access": 2}}
    experts = {"Li": TRANSPORT, "Wang": consistent | {"others_to_worst": {"access": 4}}}
    report = analyse_best_worst(MODES, experts=experts, expert_weights={"Li": 3, "Wang": 1})
    own = [analyse_best_worst(MODES, **said).weights for said in experts.values()]
    np.testing.assert_allclose(report.weights, np.average(own, axis=0, weights=[3, 1]))
    assert list(report.experts) == ["Li", "Wang"]
    assert report.consistency_ratio == report.experts["Li"].consistency_ratio > 0


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_inconsistent_judgements_are_refused_with_the_worst():
    said = TRANSPORT | {"others_to_worst": {"access": 8, "cost": 8}}
    [problem] = check_best_worst(said, MODES)
    assert problem == (
        "the judgements contradict one another: their input-based consistency ratio is 0.1429, and the limit is "
        "0.1309; the worst is access: 2 × 8 = 16, where cost over load is 8"
    )
    with pytest.raises(DomainError, match="the worst is access"):
        best_worst(nothing(3), children=MODES, **said)
    assert best_worst(nothing(3), children=MODES, limit=0.15, **said).sum() == pytest.approx(1)


def test_without_a_published_limit_one_has_to_be_said():
    children = [*names(9), "soil"]
    over = np.array([1, 2, 2, 2, 3, 3, 4, 4, 5, 8.0])
    under = np.array([8, 4, 4, 4, 3, 3, 2, 2, 2, 1.0])
    [problem] = check_best_worst(spec_of(over, under, children), children)
    assert problem.startswith("no limit is published for 10 children and such a best over the worst")
    assert check_best_worst(spec_of(over, under, children) | {"limit": 0.3}, children) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"best": "prise"}, "best: 'prise' is none of the children. Did you mean 'price'?"),
        ({"worst": "price"}, "best and worst are both price"),
        ({"best_to_others": {"quality": 2, "comfort": 4, "style": 8}}, "best_to_others: price over safety is missing"),
        ({"best_to_others": CAR["best_to_others"] | {"safty": 2}}, "best_to_others: 'safty' is none of the children."),
        ({"best_to_others": CAR["best_to_others"] | {"safety": 0.5}}, "best_to_others: safety: 0.5 is not between 1 "),
        (
            {"best_to_others": CAR["best_to_others"] | {"safety": 10}},
            "best_to_others: safety: 10 is not between 1 and 9",
        ),
        ({"best_to_others": CAR["best_to_others"] | {"safety": "2"}}, "best_to_others: safety: '2' is no number"),
        ({"best_to_others": CAR["best_to_others"] | {"price": 2}}, "best_to_others: price: 2, but a child over itself"),
        (
            {"best_to_others": CAR["best_to_others"] | {"safety": 9}},
            "best_to_others: price over safety, 9, is more than",
        ),
        ({"others_to_worst": {"quality": 4, "comfort": 2}}, "others_to_worst: safety over style is missing"),
        (
            {"others_to_worst": CAR["others_to_worst"] | {"price": 7}},
            "price over style is 8 in best_to_others and 7 in",
        ),
        ({"others_to_worst": CAR["others_to_worst"] | {"safety": 9}}, "others_to_worst: safety over style, 9, is more"),
        ({"others_to_worst": 3}, "others_to_worst: the judgements by child are needed"),
        ({"others_to_worst": None}, "others_to_worst is missing"),
        ({"limit": -0.1}, "limit: -0.1 is below 0"),
        ({"experts": {"Li": CAR}}, "experts and judgements of its own"),
    ],
)
def test_what_is_refused(change, message):
    problems = check_best_worst(CAR | change, CARS)
    assert any(problem.startswith(message) for problem in problems), problems
    with pytest.raises(DomainError):
        best_worst(nothing(5), children=CARS, **(CAR | change))


def test_an_expert_s_problems_carry_the_name():
    problems = check_best_worst({"experts": {"Li": {"best": "a", "wurst": "b"}}}, ["a", "b"])
    assert problems[0] == "expert Li: 'wurst' is none of what is said. Did you mean 'worst'?"


def test_it_is_registered():
    method = WEIGHTINGS["best_worst"]
    assert (method.from_data, method.check) == (False, check_best_worst)
    assert "children" in method.reserved
