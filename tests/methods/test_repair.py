"""The smallest set of judgements to change: brute force, published matrices, laws, limits of the search."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import minimize

from cityindex.methods._perron import lower_bounds, lowest, squares, with_judgements
from cityindex.methods._priorities import largest_eigenvalue
from cityindex.methods._random_index import random_index
from cityindex.methods._repair import SAATY, repair

STEPS = np.arange(len(SAATY))


@st.composite
def matrices(draw, low=3, high=5, gaps=False):
    """Reciprocal matrices on Saaty's scale; some with a judgement that was not made."""
    n = draw(st.integers(low, high))
    upper = np.triu(draw(hnp.arrays(np.float64, (n, n), elements=st.sampled_from(SAATY.tolist()))), 1)
    matrix = upper + np.divide(1, upper.T, out=np.zeros((n, n)), where=upper.T > 0) + np.eye(n)
    if gaps and n > 3 and draw(st.booleans()):
        matrix[0, n - 1] = matrix[n - 1, 0] = np.nan
    return matrix


def limit_of(matrix, ratio=0.1):
    n = len(matrix)
    return n + (n - 1) * ratio * random_index(n, "saaty", int(np.isnan(matrix).sum()) // 2)


def changed(matrix, pairs, values):
    one = matrix.copy()
    for (row, column), value in zip(pairs, values, strict=True):
        one[row, column], one[column, row] = value, 1 / value
    return one


def eigenvalue(matrix):
    return float(largest_eigenvalue(matrix[None])[0])


def steps_between(was, becomes):
    return abs(np.interp(np.log(becomes), np.log(SAATY), STEPS) - np.interp(np.log(was), np.log(SAATY), STEPS))


def brute(matrix, limit, size):
    """(steps, eigenvalue) of the best values on the scale, over every set of a size; None where none does."""
    pairs = [pair for pair in combinations(range(len(matrix)), 2) if not np.isnan(matrix[pair])]
    best = None
    grid = np.array(list(product(SAATY, repeat=size)))
    for chosen in combinations(pairs, size):
        rows = np.repeat([[pair[0] for pair in chosen]], len(grid), axis=0)
        columns = np.repeat([[pair[1] for pair in chosen]], len(grid), axis=0)
        values = largest_eigenvalue(with_judgements(matrix, rows, columns, np.log(grid)))
        cost = sum(steps_between(matrix[pair], grid[:, at]) for at, pair in enumerate(chosen))
        for at in np.flatnonzero(values <= limit):
            told = (round(float(cost[at]), 6), float(values[at]))
            best = told if best is None else min(best, told)
    return best


TRIAD = np.array([[1, 7, 1 / 9], [1 / 7, 1, 4], [9, 1 / 4, 1]])  # two judgements may move together


@settings(max_examples=40, deadline=None)
@given(matrices(high=4, gaps=True))
@example(TRIAD)
def test_agrees_with_trying_everything(matrix):
    limit = limit_of(matrix)
    found = repair(matrix, limit, scale=SAATY)
    if eigenvalue(matrix) <= limit:
        assert (found.sets, found.pairs) == (0, ())
        return
    for size in (1, 2):
        best = brute(matrix, limit, size)
        if best is not None:
            assert len(found.pairs) == size
            cost = sum(
                steps_between(matrix[pair], value) for pair, value in zip(found.pairs, found.values, strict=True)
            )
            assert (cost, found.eigenvalue) == pytest.approx(best, abs=1e-6)
            return
    assert len(found.pairs) > 2


@settings(deadline=None)
@given(matrices(gaps=True))
def test_what_is_found_does_it_and_nothing_smaller_can(matrix):
    limit = limit_of(matrix)
    found = repair(matrix, limit)
    if not found.pairs:
        assert eigenvalue(matrix) <= limit
        return
    assert eigenvalue(changed(matrix, found.pairs, found.values)) == pytest.approx(found.eigenvalue)
    assert found.eigenvalue <= limit + 1e-9
    on_scale = repair(matrix, limit, scale=SAATY)
    assert len(on_scale.pairs) >= len(found.pairs)
    assert set(on_scale.values) <= set(SAATY.tolist())
    assert eigenvalue(changed(matrix, on_scale.pairs, on_scale.values)) <= limit + 1e-9


@settings(max_examples=25, deadline=None)
@given(matrices(low=4, gaps=True), st.integers(1, 3), st.randoms(use_true_random=False))
def test_newton_finds_the_lowest_eigenvalue_and_the_bound_is_one(matrix, size, random):
    pairs, left, hat = squares(matrix)
    chosen = np.array([sorted(random.sample(range(len(pairs)), size))])
    bounds, moves, _ = lower_bounds(left, hat, chosen, len(matrix))
    rows, columns = pairs[chosen, 0], pairs[chosen, 1]
    start = np.log(matrix[rows, columns]) + moves
    _, value = lowest(matrix, rows, columns, start)

    def at(logs):
        return float(largest_eigenvalue(with_judgements(matrix, rows, columns, logs[None]))[0])

    simplex = minimize(at, start[0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 3000})
    other = minimize(at, simplex.x + 0.01, method="BFGS", options={"gtol": 1e-9})  # where the simplex gets stuck
    lowest_of_two = min(simplex.fun, other.fun)  # the eigenvalue is convex in the logarithms: no other valley
    assert value[0] <= lowest_of_two + 1e-9
    assert value[0] == pytest.approx(lowest_of_two, abs=1e-6)
    assert bounds[0] <= value[0] + 1e-9


@settings(max_examples=25, deadline=None)
@given(hnp.arrays(np.float64, 5, elements=st.floats(0.2, 5)), st.data())
def test_one_planted_contradiction_is_found(weights, data):
    matrix = weights[:, None] / weights[None, :]
    row, column = data.draw(st.sampled_from(list(combinations(range(5), 2))))
    was = matrix[row, column]
    matrix = changed(matrix, [(row, column)], [was * 40])
    found = repair(matrix, limit_of(matrix, 0.01))
    assert found.pairs == ((row, column),)
    assert found.values[0] == pytest.approx(was, rel=1e-4)
    assert found.sets == 1


def test_the_order_of_children_does_not_matter():
    matrix = SCHOOL
    order = [3, 0, 5, 1, 4, 2]
    turned = repair(matrix[np.ix_(order, order)], limit_of(matrix), scale=SAATY)
    found = repair(matrix, limit_of(matrix), scale=SAATY)
    assert len(turned.pairs) == len(found.pairs)
    assert turned.eigenvalue == pytest.approx(found.eigenvalue)


# T. L. Saaty (1977), doi:10.1016/0022-2496(77)90033-5: the choice of a school
SCHOOL = np.ones((6, 6))
for at, line in enumerate(([4, 3, 1, 3, 4], [7, 3, 1 / 5, 1], [1 / 5, 1 / 5, 1 / 6], [1, 1 / 3], [3])):
    SCHOOL[at, at + 1 :] = line
    SCHOOL[at + 1 :, at] = 1 / np.array(line)


def test_a_published_matrix():
    """Three judgements of the school matrix have to change; no two do (checked over all 105 pairs of judgements)."""
    limit = limit_of(SCHOOL)
    found = repair(SCHOOL, limit, scale=SAATY)
    assert (len(found.pairs), found.searched, found.complete) == (3, 3, True)
    pairs, left, hat = squares(SCHOOL)
    sets = np.array(list(combinations(range(15), 2)))
    _, moves, _ = lower_bounds(left, hat, sets, 6)
    rows, columns = pairs[sets, 0], pairs[sets, 1]
    _, values = lowest(SCHOOL, rows, columns, np.log(SCHOOL[rows, columns]) + moves)
    assert values.min() > limit


def test_the_search_says_where_it_ends():
    generator = np.random.default_rng(3)
    upper = np.triu(generator.choice(SAATY, (9, 9)), 1)
    matrix = upper + np.divide(1, upper.T, out=np.zeros((9, 9)), where=upper.T > 0) + np.eye(9)
    small = repair(matrix, limit_of(matrix), most=2)
    assert (small.sets, small.searched, small.complete) == (0, 2, True)
    short = repair(SCHOOL, limit_of(SCHOOL), trials=5)
    assert not short.complete
    assert short.sets == 0 or short.eigenvalue <= limit_of(SCHOOL)
    assert repair(SCHOOL, limit_of(SCHOOL), trials=5) == short


def test_a_limit_of_full_consistency():
    matrix = np.array([[1, 2, 5], [1 / 2, 1, 2], [1 / 5, 1 / 2, 1]])
    found = repair(matrix, 3 + 2e-9)
    assert len(found.pairs) == 1
    assert found.sets == 3
