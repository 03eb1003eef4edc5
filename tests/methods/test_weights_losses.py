"""MEREC, CILOS and IDOCRIW: the articles' own cases, peers, ties, and losses that determine nothing."""

from __future__ import annotations

import numpy as np
import pytest
from dispersion_support import peers, quietly, refused, tables, weigh
from hypothesis import given, settings
from hypothesis import strategies as st

few = settings(max_examples=15, deadline=None)
SYMMETRY = [[450, 8000, 54, 145], [10, 9100, 2, 160], [100, 8200, 31, 153], [220, 9300, 1, 162], [5, 8400, 23, 158]]
IDOCRIW = [[3.0, 100, 10, 7], [2.5, 80, 8, 5], [1.8, 50, 20, 11], [2.2, 70, 12, 9]]


def test_published_merec_weights():  # Keshavarz-Ghorabaee et al. (2021), section 4.1 and table 6
    w = weigh("merec", SYMMETRY, directions=[1, 1, -1, -1])
    np.testing.assert_allclose(w, [0.5752, 0.0141, 0.4016, 0.0091], atol=5.001e-5)
    ref = [
        [23, 264, 2.37, 0.05, 167, 8900, 8.71],
        [20, 220, 2.2, 0.04, 171, 9100, 8.23],
        [17, 231, 1.98, 0.15, 192, 10800, 9.91],
        [12, 210, 1.73, 0.2, 195, 12300, 10.21],
        [15, 243, 2, 0.14, 187, 12600, 9.34],
        [14, 222, 1.89, 0.13, 180, 13200, 9.22],
        [21, 262, 2.43, 0.06, 160, 10300, 8.93],
        [20, 256, 2.6, 0.07, 163, 11400, 8.44],
        [19, 266, 2.1, 0.06, 157, 11200, 9.04],
        [8, 218, 1.94, 0.11, 190, 13400, 10.11],
    ]
    w = weigh("merec", ref, directions=[1, 1, 1, -1, -1, -1, -1])
    np.testing.assert_allclose(w, [0.324, 0.055, 0.086, 0.368, 0.044, 0.077, 0.045], atol=5.001e-4)


def test_published_cilos_and_idocriw_weights():  # Zavadskas and Podvezko (2016)
    directions = [-1, 1, -1, 1]
    w = weigh("cilos", IDOCRIW, directions=directions)
    np.testing.assert_allclose(w, [0.3343, 0.2199, 0.1957, 0.2501], atol=5.001e-5)
    w = weigh("idocriw", IDOCRIW, directions=directions)
    np.testing.assert_allclose(w, [0.1658, 0.1886, 0.35455, 0.2911], atol=2e-4)  # of parts rounded to four digits


@few
@given(x=tables(), less=st.lists(st.booleans(), min_size=4, max_size=4))
def test_agreement_with_the_peers(x, less):
    pymcdm, skc = peers()
    types = np.where(less[: x.shape[1]], -1, 1)
    np.testing.assert_allclose(weigh("merec", x, directions=types), pymcdm.merec_weights(x, types), atol=1e-10)
    np.testing.assert_allclose(weigh("merec", x, directions=types), skc.merec_weights(x, types), atol=1e-10)
    np.testing.assert_allclose(weigh("cilos", x, directions=types), pymcdm.cilos_weights(x, types), atol=1e-9)
    np.testing.assert_allclose(weigh("idocriw", x, directions=types), pymcdm.idocriw_weights(x, types), atol=1e-9)


@few
@given(x=tables())
def test_cilos_solves_its_equations(x):
    q = weigh("cilos", x)
    best = x[np.argmax(x, axis=0)]
    losses = (np.diag(best) - best) / np.diag(best)
    np.testing.assert_allclose(losses @ q, q * losses.sum(axis=0), atol=1e-12)


def test_tied_best_units_count_alike_in_any_order():
    pymcdm, _ = peers()
    x = np.array([[3.0, 9.0, 2.0], [5.0, 1.0, 8.0], [5.0, 4.0, 3.0], [1.0, 6.0, 8.0], [2.0, 7.0, 5.0]])
    types = np.ones(3)
    forth, back = pymcdm.cilos_weights(x, types), pymcdm.cilos_weights(x[::-1], types)
    assert np.abs(forth - back).max() > 0.1
    w = weigh("cilos", x)
    np.testing.assert_allclose(w, weigh("cilos", x[::-1]), atol=1e-15)
    merged = np.array([[3.0, 9.0, 2.0], [5.0, 2.5, 5.5], [3.0, 3.5, 8.0], [2.0, 7.0, 5.0]])  # their means
    np.testing.assert_allclose(w, weigh("cilos", merged), atol=1e-15)
    dusty = x.copy()
    dusty[2, 0] += 4e-15  # dust is still a tie
    np.testing.assert_allclose(weigh("cilos", dusty), w, atol=1e-12)


def test_losses_that_determine_no_weights_are_refused():
    pymcdm, _ = peers()
    x = np.array([[9.0, 9.0, 9.0], [1.0, 2.0, 3.0], [4.0, 2.0, 1.0]])
    assert quietly(pymcdm.cilos_weights, x, np.ones(3)).shape == (9,)
    assert refused("cilos", x, "not determined").columns == (0, 1, 2)
    assert refused("idocriw", x, "not determined").columns == (0, 1, 2)
    pairs = np.array([[9.0, 8.0, 1.0, 2.0], [8.0, 9.0, 2.0, 1.0], [9.0, 8.0, 1.0, 2.0]])
    assert weigh("cilos", pairs).sum() == pytest.approx(1)


def test_a_column_that_loses_nothing_takes_all():
    x = np.array([[9.0, 9.0], [8.0, 7.0], [9.0, 5.0]])  # the first is at its best wherever the second is
    np.testing.assert_array_equal(weigh("cilos", x), [1.0, 0.0])


def test_a_constant_column_takes_no_weight_by_stealth():
    pymcdm, _ = peers()
    x = np.column_stack([IDOCRIW, np.full(4, 3.0)])
    np.testing.assert_allclose(pymcdm.cilos_weights(x, np.ones(5)), [0, 0, 0, 0, 1], atol=1e-12)
    assert np.isnan(quietly(pymcdm.idocriw_weights, x, np.ones(5))).all()
    assert refused("cilos", x, "leave the indicator out").columns == (4,)


def test_zeros():
    _, skc = peers()
    x = np.array([[1.0, 5.0, 0.0], [2.0, 3.0, 4.0], [3.0, 4.0, 1.0], [5.0, 6.0, 7.0]])
    assert np.isnan(quietly(skc.merec_weights, x, np.ones(3))).any()
    assert refused("merec", x, "raw columns").cells == ((0, 2),)
    apart = x.copy()
    apart[1, 1], apart[2, 2] = 9.0, 9.0
    assert weigh("cilos", apart).sum() == pytest.approx(1)
    for name in ("cilos", "idocriw"):
        assert refused(name, apart, "1 / x", directions=[1, 1, -1]).cells == ((0, 2),)


def test_merec_is_the_sum_of_its_removals():
    x = np.array(SYMMETRY, float)
    y = x.min(axis=0) / x
    logs = np.abs(np.log(y))
    whole = np.log(1 + logs.sum(axis=1) / 4)
    effects = []
    for j in range(4):
        without = np.log(1 + np.delete(logs, j, axis=1).sum(axis=1) / 4)
        effects.append(np.abs(without - whole).sum())
    np.testing.assert_allclose(weigh("merec", x), np.array(effects) / sum(effects), atol=1e-14)
