"""Equal weights."""

from __future__ import annotations

import numpy as np
import pytest

from cityindex._registry import WEIGHTINGS
from cityindex.methods.weight import equal


@pytest.mark.parametrize("k", [1, 3, 7, 100])
def test_equal_weights_add_up_to_one(k):
    w = equal(np.full((2, k), np.nan))
    assert w.shape == (k,)
    assert len(set(w.tolist())) == 1
    assert w.sum() == pytest.approx(1, abs=1e-15)


def test_it_is_registered():
    assert WEIGHTINGS["equal"].function is equal
    assert WEIGHTINGS["equal"].options == {}
