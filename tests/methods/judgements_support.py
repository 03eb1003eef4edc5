"""Shared by the tests of weights from judgement: random judgements on Saaty's scale."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

SCALE = st.sampled_from([float(v) for v in range(1, 10)] + [1 / v for v in range(2, 10)])


@st.composite
def matrices(draw, low=2, high=6, elements=SCALE):
    """Reciprocal judgement matrices."""
    n = draw(st.integers(low, high))
    upper = np.triu(draw(hnp.arrays(np.float64, (n, n), elements=elements)), 1)
    return upper + np.divide(1, upper.T, out=np.zeros((n, n)), where=upper.T > 0) + np.eye(n)


def rows_of(matrix):
    return tuple(tuple(float(value) for value in row) for row in matrix)


def names(n):
    return ["income", "health", "crime", "housing", "access", "air", "noise", "jobs", "trust"][:n]


def nothing(k):
    """What a weighting sees that looks at no data."""
    return np.empty((0, k))
