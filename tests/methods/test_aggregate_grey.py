"""Grey relational grades: worked by hand, laws, new units, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from aggregate_support import NAN, groups, learn, parts, problems, run
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.errors import DomainError

CASES = [{}, {"distinguishing": 0.2}, {"ideal": 500.0}, {"distinguishing": 1.0}]
few = settings(max_examples=10)  # of each of many cases
each = pytest.mark.parametrize("options", CASES)


def grade(x, w, ideal=None, rho=0.5):
    """Deng's formula, with loops."""
    best = np.max(x, axis=0) if ideal is None else np.full(x.shape[1], ideal)
    delta = [[abs(best[j] - x[i][j]) for j in range(x.shape[1])] for i in range(len(x))]
    low, high = min(map(min, delta)), max(map(max, delta))
    return [sum(w[j] * (low + rho * high) / (row[j] + rho * high) for j in range(len(w))) / sum(w) for row in delta]


def test_worked_by_hand():
    """Δ = 0, ½ | 1, 0 | ½, 1, so with ρ = ½ the coefficients are 1, ½ | ⅓, 1 | ½, ⅓."""
    x = np.array([[1.0, 0.5], [0.0, 1.0], [0.5, 0.0]])
    np.testing.assert_allclose(run("grey_relational", x, [1.0, 1.0]), [3 / 4, 2 / 3, 5 / 12], rtol=1e-14)
    np.testing.assert_allclose(run("grey_relational", x, [3.0, 1.0])[0], (3 + 0.5) / 4, rtol=1e-14)
    np.testing.assert_allclose(parts("grey_relational", x, [1.0, 1.0])[1], [1 / 6, 1 / 2], rtol=1e-14)


@few
@given(case=groups())
def test_it_is_deng_s_formula(case):
    x, w = case
    np.testing.assert_allclose(run("grey_relational", x, w), grade(x, w), rtol=1e-12)
    found = run("grey_relational", x, w, distinguishing=0.2, ideal=2000.0)
    np.testing.assert_allclose(found, grade(x, w, 2000.0, 0.2), rtol=1e-12)


@few
@given(case=groups())
def test_bounds(case):
    x, w = case
    for rho in (0.1, 0.5, 1.0):
        found = run("grey_relational", x, w, distinguishing=rho)
        assert (found >= rho / (1 + rho) * (1 - 1e-12)).all()
        assert (found <= 1).all()
    assert run("grey_relational", np.vstack([x, x.max(axis=0)]), w)[-1] == 1


@each
@few
@given(case=groups(gaps=True), data=st.data())
def test_a_unit_has_the_same_bits_alone_and_order_does_not_matter(options, case, data):
    x, w = case
    known = learn("grey_relational", x, w, **options)
    options = options | {"beyond": "hold"}
    whole = run("grey_relational", x, w, *known, **options)
    for row in range(len(x)):
        np.testing.assert_array_equal(run("grey_relational", x[[row]], w, *known, **options), whole[[row]])
    units, children = data.draw(st.permutations(range(len(x)))), data.draw(st.permutations(range(len(w))))
    np.testing.assert_array_equal(run("grey_relational", x[units], w, **options), whole[units])
    np.testing.assert_allclose(run("grey_relational", x[:, children], w[children], **options), whole, rtol=1e-12)


@few
@given(case=groups(), data=st.data())
def test_a_unit_never_loses_by_a_higher_child(case, data):
    x, w = case
    known = learn("grey_relational", x, w)
    row, child = data.draw(st.integers(0, len(x) - 1)), data.draw(st.integers(0, len(w) - 1))
    better = x[[row]].copy()
    better[0, child] = data.draw(st.floats(better[0, child], x[:, child].max()))
    up = run("grey_relational", better, w, *known)[0]
    assert up >= run("grey_relational", x[[row]], w, *known)[0] * (1 - 1e-12)


@few
@given(case=groups(), move=st.floats(-1e3, 1e3), stretch=st.floats(0.1, 10))
def test_one_scale_for_all_children_does_not_matter(case, move, stretch):
    x, w = case
    np.testing.assert_allclose(
        run("grey_relational", x * stretch + move, w), run("grey_relational", x, w), rtol=1e-6, atol=1e-6
    )


@each
@few
@given(case=groups(gaps=True))
def test_parts_add_up(options, case):
    x, w = case
    split = parts("grey_relational", x, w, **options, beyond="hold")
    np.testing.assert_array_equal(np.isnan(split), np.isnan(x))
    whole = run("grey_relational", x, w, **options, beyond="hold")
    some = ~np.isnan(whole)
    np.testing.assert_allclose(np.nansum(split, axis=1)[some], whole[some], rtol=1e-12)


def test_draws():
    generator = np.random.default_rng(1)
    x, w = generator.random((4, 6, 3)), generator.dirichlet(np.ones(3), 4)
    known = learn("grey_relational", x.reshape(-1, 3), w[0])
    found = run("grey_relational", x, w, *known)
    for own, values, weights in zip(found, x, w, strict=True):
        np.testing.assert_array_equal(run("grey_relational", values, weights, *known), own)


def test_another_unit_does_not_change_the_grades_of_the_reference():
    x, w = np.array([[1.0, 0.5], [0.0, 1.0]]), [1.0, 1.0]
    known = learn("grey_relational", x, w)
    before = run("grey_relational", x, w, *known)
    with_another = run("grey_relational", np.vstack([x, [-9.0, 0.0]]), w, *known)
    np.testing.assert_array_equal(with_another[:2], before)
    assert with_another[2] == pytest.approx((0.5 / 10.5 + 0.5 / 1.5) / 2)  # further away than any: by the formula


def test_a_unit_beyond_the_ideal_is_refused_or_held():
    x, w = np.array([[1.0, 0.5], [0.0, 1.0]]), np.ones(2)
    known = learn("grey_relational", x, w)
    new = np.array([[1.0, 1.0], [1.0, 1.5]])
    with pytest.raises(DomainError, match="better than the ideal") as error:
        run("grey_relational", new, w, *known)
    assert error.value.cells == ((1, 1),)
    assert run("grey_relational", new, w, *known, beyond="hold").tolist() == [1, 1]
    assert run("grey_relational", new[:1] * (1 + 1e-15), w, *known) == pytest.approx([1])  # dust is no progress


def test_a_target_counts_on_both_sides_and_nearer_than_any_is_refused_or_held():
    x, w = np.array([[3.0], [8.0]]), np.ones(1)
    options = {"ideal": 5.0}
    known = learn("grey_relational", x, w, **options)  # Δ = 2, 3
    assert run("grey_relational", x, w, *known, **options).tolist() == [1, 3.5 / 4.5]
    assert run("grey_relational", [[7.0], [2.0]], w, *known, **options).tolist() == [1, 3.5 / 4.5]
    with pytest.raises(DomainError, match="nearer to the ideal than any reference unit") as error:
        run("grey_relational", [[3.0], [5.5]], w, *known, **options)
    assert error.value.cells == ((1, 0),)
    assert run("grey_relational", [[5.5]], w, *known, **options, beyond="hold").tolist() == [1]


def test_each_child_may_have_its_own_ideal():
    x, w = np.array([[1.0, 5.0], [2.0, 6.0]]), np.ones(2)
    assert run("grey_relational", x, w, ideal=(2.0, 6.0)).tolist() == run("grey_relational", x, w).tolist()
    with pytest.raises(DomainError, match="ideal: 3 entries for 2 children"):
        run("grey_relational", x, w, ideal=(2.0, 6.0, 7.0))
    with pytest.raises(DomainError, match="finite"):
        run("grey_relational", x, w, ideal=(2.0, NAN))


def test_missing_cells():
    x = np.array([[1.0, NAN], [0.0, 1.0], [NAN, NAN], [0.5, 0.0]])
    found = run("grey_relational", x, [1.0, 3.0])
    np.testing.assert_allclose(found, [1, (1 / 3 + 3) / 4, NAN, (1 / 2 + 3 / 3) / 4], rtol=1e-14)
    with pytest.raises(DomainError, match="no number") as error:
        run("grey_relational", [[1.0, NAN], [0.0, NAN]], [1.0, 1.0])
    assert error.value.columns == (1,)


def test_constant_children_and_one_unit():
    x = np.array([[1.0, 7.0], [0.0, 7.0]])
    assert run("grey_relational", x, [1.0, 1.0]).tolist() == [1, (1 / 3 + 1) / 2]
    for alone in ([[1.0, 2.0]], [[1.0, 2.0]] * 3, [[0.1 + 0.2, 2.0], [0.3, 2.0]]):
        with pytest.raises(DomainError, match="every unit is on the ideal"):
            run("grey_relational", alone, [1.0, 1.0])
    found = run("grey_relational", [[1.0, 2.0]], [1.0, 1.0], ideal=3.0)  # Δ = 2, 1
    assert found.tolist() == [(2 / 3 + 1) / 2]


@pytest.mark.parametrize("rho", [0.0, -1.0, 1.5, NAN])
def test_the_distinguishing_coefficient_is_checked(rho):
    assert "distinguishing" in problems("grey_relational", distinguishing=rho)[0]
    with pytest.raises(DomainError, match="distinguishing"):
        run("grey_relational", np.eye(2), np.ones(2), distinguishing=rho)
    assert problems("grey_relational") == []
