"""VIKOR: its score, its compromise, other packages, refusals."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from aggregate_support import NAN, groups, learn, problems, run
from hypothesis import assume, given, settings

from cityindex.errors import DomainError
from cityindex.methods.vikor import compromise

CLIMBER = np.array([[-1.0, 3000.0], [-2.0, 3750.0], [-5.0, 4500.0]])  # risk, turned, and altitude
few = settings(max_examples=40, deadline=None)


def pymcdm_vikor(x, w, v):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm.methods import VIKOR

        return VIKOR(v=v)(x, w, np.ones(len(w)))


def skcriteria_vikor(x, w, v):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from skcriteria import mkdm
        from skcriteria.agg.vikor import VIKOR

        return VIKOR(v=v).evaluate(mkdm(x, [max] * x.shape[1], weights=w)).e_


def fit(x, w):
    """Whether S and R of the units differ, by more than dust."""
    r = (x.max(axis=0) - x) / np.ptp(x, axis=0) * w
    assume(min(np.ptp(r.sum(axis=1)), np.ptp(r.max(axis=1))) > 1e-6 * w.sum())


# -- the score --------------------------------------------------------------------------------------------------------


def test_a_mountain_climber():
    """Data of Opricovic and Tzeng (2004): S = 0.5, 0.375, 0.5 and R = 0.5, 0.25, 0.5, so that Q = 1, 0, 1."""
    (known,) = learn("vikor", CLIMBER, [0.5, 0.5])
    np.testing.assert_allclose([known["S"], known["R"]], [[0.375, 0.5], [0.25, 0.5]])
    np.testing.assert_allclose(run("vikor", CLIMBER, [0.5, 0.5]), [0, 1, 0], atol=1e-15)


def test_the_example_of_pymcdm_s_documentation():
    x = np.array([[78, 56, 34, 6], [4, 45, 3, 97], [18, 2, 50, 63], [9, 14, 11, 92], [85, 9, 100, 29]], float)
    w = np.full(4, 0.25)
    np.testing.assert_allclose(1 - run("vikor", x, w), [0.5679, 0.7667, 1, 0.7493, 0], atol=5e-5)


@few
@given(group=groups(units=1))
def test_agreement_with_pymcdm(group):
    x, w = group
    w = w / w.sum()
    fit(x, w)
    for v in (0.5, 0.3):
        found = run("vikor", x, w, v=v)
        np.testing.assert_allclose(1 - found, pymcdm_vikor(x, w, v), rtol=1e-8, atol=1e-9)


def test_agreement_with_scikit_criteria():
    x, w = np.random.default_rng(0).random((30, 5)), np.random.default_rng(1).dirichlet(np.ones(5))
    np.testing.assert_allclose(1 - run("vikor", x, w, v=0.3), skcriteria_vikor(x, w, 0.3).q_k, rtol=1e-10, atol=1e-12)


def test_a_later_unit_may_lie_outside():
    known = learn("vikor", CLIMBER, [1, 1])
    assert run("vikor", [[-1.0, 5000.0]], [1, 1], *known)[0] > 1
    assert run("vikor", [[-9.0, 1000.0]], [1, 1], *known)[0] < 0


def test_a_missing_child_is_left_out_of_both():
    known = learn("vikor", CLIMBER, [1, 1])
    found = run("vikor", [[NAN, 3750.0]], [1, 1], *known)
    np.testing.assert_allclose(1 - found, [0.5 * (0.5 - 0.375) / 0.125 + 0.5 * (0.5 - 0.25) / 0.25])


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_a_child_that_is_the_same_everywhere_is_named():
    """pymcdm refuses it too; scikit-criteria leaves it out."""
    x = np.column_stack([CLIMBER, np.full(3, 7.0)])
    with pytest.raises(DomainError, match="divides by the range") as error:
        run("vikor", x, [1, 1, 1])
    assert error.value.columns == (2,)
    with pytest.raises(DomainError, match="range"):
        run("vikor", CLIMBER[:1], [1, 1])


def test_units_that_are_each_worst_in_something_tie_in_regret():
    """Others: pymcdm gives nan, scikit-criteria leaves R out. Here the option that does so is named."""
    x, w = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 0.5]]), np.array([0.5, 0.5])
    assert np.isnan(pymcdm_vikor(x, w, 0.5)).all()
    with pytest.raises(DomainError, match=r"same R, 0\.5: it tells nobody apart; v: 1"):
        run("vikor", x, w)
    np.testing.assert_allclose(run("vikor", x, w, v=1.0), [1, 1, 0], atol=1e-15)
    np.testing.assert_allclose(1 - run("vikor", x, w, v=1.0), 2 * skcriteria_vikor(x, w, 0.5).q_k, atol=1e-15)


def test_units_that_lack_the_same_in_sum():
    x = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
    with pytest.raises(DomainError, match=r"same S, 0\.5.*v: 0"):
        run("vikor", x, [1, 1])
    np.testing.assert_allclose(run("vikor", x, [1, 1], v=0.0), [0, 0, 1])


@pytest.mark.parametrize("v", [0.0, 0.5, 1.0])
def test_two_units_that_are_each_best_in_one_of_two(v):
    with pytest.raises(DomainError, match="the same S and the same R"):
        run("vikor", [[0.0, 1.0], [1.0, 0.0]], [1, 1], v=v)


@pytest.mark.parametrize("v", [-0.1, 1.1, NAN])
def test_a_weight_of_the_sum_that_is_none(v):
    assert "v:" in problems("vikor", v=v)[0]
    with pytest.raises(DomainError, match="v:"):
        run("vikor", CLIMBER, [1, 1], *learn("vikor", CLIMBER, [1, 1]), v=v)


# -- the compromise ---------------------------------------------------------------------------------------------------


def test_a_compromise_that_meets_both_conditions():
    found = compromise(CLIMBER, np.ones(2))
    assert (found.chosen, found.order, found.advantage, found.stable) == ((1,), (1, 0, 2), True, True)
    assert found.threshold == 0.5
    np.testing.assert_allclose([found.S, found.R, found.Q], [[0.5, 0.375, 0.5], [0.5, 0.25, 0.5], [1, 0, 1]])


def test_an_advantage_of_exactly_the_threshold_is_one():
    found = compromise(np.array([[1.0, 1.0], [0.5, 0.5], [0.0, 0.0]]), np.ones(2))
    assert (found.Q.tolist(), found.threshold, found.advantage, found.chosen) == ([0, 0.5, 1], 0.5, True, (0,))


def test_without_advantage_all_that_are_near_share_the_first_place():
    x = np.array([[1.0, 0.9, 0.6], [0.9, 1.0, 0.6], [0.0, 0.1, 1.0], [0.4, 0.0, 0.0], [0.6, 0.5, 0.5]])
    found = compromise(x, np.array([1.0, 1.0, 0.5]))
    near = found.Q - found.Q.min() < found.threshold
    assert not found.advantage
    assert set(found.chosen) == set(np.flatnonzero(near).tolist())
    assert found.chosen == found.order[: near.sum()]


def test_a_tie_for_the_first_place_is_no_advantage():
    x = np.array([[1.0, 0.5], [0.5, 1.0], [0.0, 0.0], [0.1, 0.2]])
    found = compromise(x, np.ones(2))
    assert (found.chosen, found.advantage) == ((0, 1), False)


def test_an_advantage_that_is_not_stable_adds_the_second():
    """The first by Q is first neither by S nor by R; it leads by more than DQ."""
    generator = np.random.default_rng(0)
    for _ in range(5000):
        x = generator.random((12, 3))
        found = compromise(x, np.ones(3))
        if found.advantage and not found.stable:
            break
    else:
        pytest.fail("no such case")
    first = found.order[0]
    assert found.S[first] > found.S.min()
    assert found.R[first] > found.R.min()
    assert found.chosen == found.order[:2]


@few
@given(group=groups(units=1))
def test_conditions_as_scikit_criteria_finds_them(group):
    x, w = group
    fit(x, w)
    found, theirs = compromise(x, w), skcriteria_vikor(x, w / w.sum(), 0.5)
    ahead = np.sort(theirs.q_k) - theirs.q_k.min()
    assume((np.diff(ahead[:3]) > 1e-9).all())  # it counts those that tie for a place as one
    assume((np.abs(ahead - found.threshold) > 1e-9).all())
    assert found.advantage == theirs.acceptable_advantage
    assert set(found.chosen) == set(theirs.compromise_set.tolist())


def test_a_compromise_needs_every_cell():
    x = CLIMBER.copy()
    x[2, 1] = NAN
    with pytest.raises(DomainError, match="every unit in every child") as error:
        compromise(x, np.ones(2))
    assert error.value.cells == ((2, 1),)


def test_a_child_without_weight_is_not_what_a_unit_lacks_most():
    known = learn("vikor", [[1.0, 5.0, 3.0], [4.0, 1.0, 2.0], [2.0, 3.0, 1.0]], [0.6, 0.4, 0.0])
    newcomer = run("vikor", [[5.0, 6.0, 1.0]], [0.6, 0.4, 0.0], *known)  # beyond the best in both that count
    two = learn("vikor", [[1.0, 5.0], [4.0, 1.0], [2.0, 3.0]], [0.6, 0.4])
    assert newcomer == run("vikor", [[5.0, 6.0]], [0.6, 0.4], *two)
