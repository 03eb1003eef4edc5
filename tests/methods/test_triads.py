"""Triads of judgements: circles by their definition, Koczkodaj's index by hand and by its laws."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cityindex.methods._triads import triads

SCALE = [float(v) for v in range(1, 10)] + [1 / v for v in range(2, 10)]


@st.composite
def matrices(draw, low=3, high=6):
    n = draw(st.integers(low, high))
    upper = np.triu(draw(hnp.arrays(np.float64, (n, n), elements=st.sampled_from(SCALE))), 1)
    matrix = upper + np.divide(1, upper.T, out=np.zeros((n, n)), where=upper.T > 0) + np.eye(n)
    for row, column in draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=3)):
        if row != column:
            matrix[row, column] = matrix[column, row] = np.nan
    return matrix


def test_by_hand():
    """2 and 3 imply 6 where 5 was said: 1/6 of it would have to go; 2 and 5 imply 10 where 3 was said: 7/10."""
    matrix = np.array([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])
    assert triads(matrix).koczkodaj == pytest.approx([1 / 6])
    matrix[0, 2], matrix[2, 0] = 3, 1 / 3
    matrix[1, 2], matrix[2, 1] = 5, 1 / 5
    assert triads(matrix).koczkodaj == pytest.approx([7 / 10])


@given(matrices())
def test_koczkodaj_is_the_least_share_by_which_one_judgement_has_to_change(matrix):
    found = triads(matrix)
    for (i, j, k), index in zip(found.children, found.koczkodaj, strict=True):
        a, b, c = matrix[i, j], matrix[j, k], matrix[i, k]
        shares = [abs(1 - c / (a * b)), abs(1 - a * b / c)]
        assert index == pytest.approx(min(shares), abs=1e-9)
        assert 0 <= index < 1


@given(matrices())
def test_circles_by_their_definition(matrix):
    found = triads(matrix)
    told = {frozenset(each): kind for each, *kind in zip(map(tuple, found.children), found.circular, found.halting)}  # noqa: B905 (a line)
    for three in combinations(range(len(matrix)), 3):
        pairs = [matrix[i, j] for i, j in combinations(three, 2)]
        if np.isnan(pairs).any():
            assert frozenset(three) not in told
            continue
        rounds = [[matrix[i, j], matrix[j, k], matrix[k, i]] for i, j, k in permutations(three)]
        circular = any(min(each) > 1 + 1e-9 for each in rounds)
        halting = not circular and any(min(each) > 1 - 1e-9 and max(each) > 1 + 1e-9 for each in rounds)
        assert told[frozenset(three)] == [circular, halting]


@given(matrices())
def test_a_circle_is_told_in_its_order(matrix):
    found = triads(matrix)
    for (i, j, k), circular, halting in zip(found.children, found.circular, found.halting, strict=True):
        if circular or halting:
            assert min(matrix[i, j], matrix[j, k], matrix[k, i]) >= 1 - 1e-9


@given(hnp.arrays(np.float64, st.integers(3, 6), elements=st.floats(0.1, 9)))
def test_consistent_judgements_have_neither(weights):
    found = triads(weights[:, None] / weights[None, :])
    assert found.koczkodaj.tolist() == [0] * len(found.children)
    assert not found.circular.any()


def test_two_children_have_no_triad():
    found = triads(np.array([[1, 3], [1 / 3, 1]]))
    assert found.children.shape == (0, 3)
    assert found.koczkodaj.shape == (0,)
