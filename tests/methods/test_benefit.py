"""Benefit of the doubt: a published table, laws, agreement with the whole linear program, what is refused."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from structure_support import TAI

import cityindex as ci
from cityindex._registry import AGGREGATORS, WEIGHTINGS
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods import _frontier
from cityindex.methods._frontier import frontier_of
from cityindex.methods.common_weights import common_weights

METHOD = AGGREGATORS["benefit_of_the_doubt"]
NAN = np.nan
SQUARE = np.array([[1.0, 4.0], [3.0, 3.0], [4.0, 1.0], [2.0, 2.0]])


def learn(ref, **options):
    learned = METHOD.learn(np.asarray(ref, float), None, **options)
    return json.loads(json.dumps(learned, default=np.ndarray.tolist, allow_nan=False))


def score(x, ref=None, **options):
    x = np.asarray(x, float)
    return METHOD.function(x, None, learn(x if ref is None else ref, **options), **options)


def parts(x, ref=None, **options):
    x = np.asarray(x, float)
    return METHOD.parts(x, None, learn(x if ref is None else ref, **options), **options)


def whole_program(x, ref, shares=None):
    """The score of one unit from the linear program as it is written in the papers."""
    from scipy.optimize import linprog

    rows, ends = ref, np.ones(len(ref))
    if shares is not None:
        low, high = shares
        more = np.concatenate([low * np.tile(x, (len(x), 1)) - np.diag(x), np.diag(x) - high * np.tile(x, (len(x), 1))])
        rows, ends = np.concatenate([ref, more]), np.append(ends, np.zeros(len(more)))
    return -linprog(-x, rows, ends, method="highs").fun


@st.composite
def tables(draw, low=0.0, narrowest=1):
    n, width = draw(st.integers(2, 5)), draw(st.integers(narrowest, 4))
    cell = st.one_of(st.integers(0 if low == 0 else 1, 20).map(float), st.floats(max(low, 0.01), 100))
    x = draw(hnp.arrays(np.float64, (n, width), elements=cell))
    x[0] = np.maximum(x[0], 1.0)  # no child without a number above 0
    return x


# -- a published table ------------------------------------------------------------------------------------------------


def test_the_technology_achievement_index():
    """OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 19, on columns scaled to [0, 1].

    The limits are not printed; every printed weight is between 10 and 15 % of their sum, and nearly all at one end.
    """
    low, high = TAI.min(axis=0), TAI.max(axis=0)
    found = score((TAI - low) / (high - low), weights=(0.1, 0.15))
    printed = [1, 1, 1, 0.87, 0.80, 0.75, 0.71, 0.73, 0.66, 0.62, 0.62, 0.86, 0.60, 0.54, 0.58, 0.52, 0.51, 0.49, 0.34]
    printed += [0.38, 0.31, 0.27, 0.28]
    np.testing.assert_allclose(found, printed, atol=0.0075)  # inputs are rounded as well
    assert found[:3].tolist() == [1, 1, 1]


# -- by hand ----------------------------------------------------------------------------------------------------------


def test_by_hand():
    assert score(SQUARE).tolist() == [1, 1, 1, 0.666666666667]
    assert score([[4.0, 4.0], [0.0, 2.0], [0.0, 0.0]], SQUARE).tolist() == [1.33333333333, 0.5, 0]
    alone = score([[5.0, 7.0]])
    assert alone.tolist() == [1]
    np.testing.assert_allclose(score([[2.0], [4.0], [1.0]]), [0.5, 1, 0.25])


def test_equal_shares_for_all_leave_no_choice():
    """With every share at 1/k the score is 1 over the largest mean of what a reference unit has of each child."""
    x = TAI[:, [0, 1, 2]]
    third = (Percent(1 / 3), Percent(1 / 3))
    expected = [1 / (x / row).mean(axis=1).max() for row in x]
    np.testing.assert_allclose(score(x, shares=third), expected, rtol=1e-9)


def test_limits_may_differ_by_child():
    x = TAI[:, :3]
    limits = ((0.2, 0.5), (0.0, 1.0), (Percent(0.1), Percent(0.4)))
    found = parts(x, shares=limits)
    shares = found / found.sum(axis=1, keepdims=True)
    low, high = np.array(limits).T
    assert (shares >= low - 1e-8).all()
    assert (shares <= high + 1e-8).all()
    assert (score(x, shares=limits) <= score(x) + 1e-12).all()


# -- laws -------------------------------------------------------------------------------------------------------------


@given(x=tables(), data=st.data())
@settings(max_examples=20, deadline=None)
def test_what_holds_of_every_table(x, data):
    y = score(x)
    assert (y >= 0).all()
    assert (y <= 1).all()
    assert y.max() == 1
    np.testing.assert_allclose(y, [whole_program(row, x) for row in x], atol=1e-9)
    order = data.draw(st.permutations(range(x.shape[1])))
    np.testing.assert_allclose(score(x[:, order]), y, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(score(x[::-1]), y[::-1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(score(x * 10.0 ** np.arange(x.shape[1])), y, rtol=1e-9, atol=1e-12)
    better = x.copy()
    better[0, 0] += 5
    assert score(better, x)[0] >= y[0] - 1e-12
    assert (score(2 * x, x) == pytest.approx(2 * y)) or not y.any()


@given(x=tables(low=0.5, narrowest=2))
@settings(max_examples=15, deadline=None)
def test_what_holds_with_limits_of_shares(x):
    limits = (0.1, 0.8)
    y = score(x, shares=limits)
    np.testing.assert_allclose(y, [whole_program(row, x, limits) for row in x], rtol=1e-7)
    assert (y <= score(x) * (1 + 1e-9)).all()
    found = parts(x, shares=limits)
    share = found / found.sum(axis=1, keepdims=True)
    assert (share >= 0.1 - 1e-8).all()
    assert (share <= 0.8 + 1e-8).all()


@pytest.mark.parametrize("options", [{}, {"shares": (0.05, 0.6)}, {"weights": (0.02, 0.7)}])
def test_a_unit_has_the_same_bits_alone_and_among_others(options):
    x = TAI[:, [0, 1, 4, 6]]
    params = learn(x, **options)
    y = METHOD.function(x, None, params, **options)
    for row in range(len(x)):
        assert METHOD.function(x[[row]], None, params, **options)[0] == y[row]
    assert METHOD.function(x[::-1], None, params, **options).tolist() == y[::-1].tolist()
    draws = np.stack([x, x[::-1], x * 1.1])
    np.testing.assert_array_equal(METHOD.function(draws, None, params, **options)[:2], [y, y[::-1]])


@given(x=tables(), gap=st.integers(0, 6))
@settings(max_examples=12, deadline=None)
def test_parts_add_up_to_the_score(x, gap):
    x = x.copy()
    if gap < len(x) and x.shape[1] > 1:
        x[gap, 0] = NAN
    found = parts(x, np.nan_to_num(x))
    np.testing.assert_allclose(np.nansum(found, axis=1), score(x, np.nan_to_num(x)), rtol=1e-10)
    assert (np.isnan(found) == np.isnan(x)).all()


@given(x=tables())
@settings(max_examples=40, deadline=None)
def test_the_frontier_is_those_whom_no_other_surpasses(x):
    kept = frontier_of(x)
    for row in x:
        surpassed = ((x >= row).all(axis=1) & (x > row).any(axis=1)).any()
        assert (kept == row).all(axis=1).any() == (not surpassed)
    assert len(np.unique(kept, axis=0)) == len(kept)


def test_a_large_frontier_enters_as_it_is_needed(monkeypatch):
    x = np.random.default_rng(4).gamma(3, size=(40, 5))
    whole = score(x)
    monkeypatch.setattr(_frontier, "SMALL", 3)
    np.testing.assert_allclose(score(x), whole, rtol=1e-9)


# -- gaps, zeros, negatives -------------------------------------------------------------------------------------------


def test_an_absent_child_gets_no_weight_as_a_zero_would():
    y = score([[NAN, 3.0], [NAN, NAN], [3.0, 3.0]], SQUARE)
    assert y[0] == score([[0.0, 3.0]], SQUARE)[0]
    assert np.isnan(y[1])
    with_gap = np.array([[NAN, 4.0], [3.0, 3.0]])
    assert score(with_gap).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("x", "options", "words", "cells", "columns"),
    [
        ([[1.0, 2.0], [3.0, -1.0]], {}, "numbers from 0 on", ((1, 1),), ()),
        ([[0.0, 2.0], [0.0, 1.0]], {}, "every reference unit has 0", (), (0,)),
        ([[NAN, NAN]], {}, "no number to learn from", (), (0, 1)),
        ([[1.0, NAN], [2.0, NAN]], {}, "no number to learn from", (), (1,)),
        (np.empty((0, 2)), {}, "no unit to learn from", (), (0, 1)),
        ([[1.0, 2.0], [0.0, 3.0]], {"shares": (0.1, 0.9)}, "0 cannot be a part", ((1, 0),), ()),
        ([[1.0, 2.0], [0.0, 3.0]], {"shares": (0.0, 0.9)}, "may not make up the whole", ((1, 0),), ()),
        ([[1.0, 2.0], [NAN, 3.0]], {"shares": (0.0, 0.9)}, "limits need every child", ((1, 0),), ()),
        ([[1.0, 2.0], [NAN, 3.0]], {"weights": (0.1, 0.9)}, "limits need every child", ((1, 0),), ()),
        ([[1.0, 2.0]], {"shares": (0.6, 0.9)}, "from 1.2 to 1.8 in all for 2 children", (), ()),
        ([[1.0, 2.0]], {"weights": (0.0, 0.3)}, "from 0 to 0.6 in all for 2 children", (), ()),
        ([[1.0, 2.0]], {"shares": ((0.0, 1.0),)}, "1 pairs for 2 children", (), ()),
    ],
)
def test_what_is_refused(x, options, words, cells, columns):
    with pytest.raises(DomainError, match=words) as caught:
        score(x, **options)
    assert (caught.value.cells, caught.value.columns) == (cells, columns)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shares": (0.5, 0.1)}, r"\[0.5, 0.1\] is no range"),
        ({"weights": (0.5, 1.1)}, "is no range within 0 and 1"),
        ({"shares": (0.1, 0.5), "weights": (0.1, 0.5)}, "limited by shares already"),
    ],
)
def test_options_that_cannot_be_are_told_at_load(options, words):
    written = {"cityindex": 1, "id": "own", "index": {"id": "s", "children": ["x", "y"]}}
    written["index"]["aggregate"] = {"benefit_of_the_doubt": {name: list(pair) for name, pair in options.items()}}
    with pytest.raises(ci.SpecError, match=words):
        ci.load_spec(written)


def test_in_a_spec_the_frontier_is_kept_and_a_newcomer_is_scored_by_it(tmp_path):
    frame = pd.DataFrame({"city": list("abcd"), "x": SQUARE[:, 0], "y": SQUARE[:, 1]})
    written = {"cityindex": 1, "id": "own", "index": {"id": "s", "children": ["x", "y"]}}
    written["index"]["aggregate"] = {"benefit_of_the_doubt": {"shares": ["10%", "90%"]}}
    result = ci.score(written, frame)
    saved = result.calibration.save(tmp_path / "c.json")
    for row in range(4):
        assert ci.score(written, frame.iloc[[row]], calibration=saved).column()[0] == result.column()[row]
    new = ci.score(written, pd.DataFrame({"city": ["e"], "x": [4.0], "y": [4.0]}), calibration=saved)
    assert new.column()[0] == pytest.approx(4 / 3)
    np.testing.assert_allclose(result.contributions().values.sum(axis=1), result.column())
    with pytest.raises(ci.ScoreError, match=r"c, x.*numbers from 0 on"):
        ci.score(written, frame.assign(x=[1.0, 3.0, -4.0, 2.0]))
    with pytest.raises(ci.SpecError, match="weight"):
        ci.load_spec(written | {"index": written["index"] | {"children": [{"id": "x", "weight": 0.3}, "y"]}})


# -- common weights ---------------------------------------------------------------------------------------------------


@given(x=tables(low=0.5, narrowest=2))
@settings(max_examples=25, deadline=None)
def test_common_weights_give_the_best_mean_score(x):
    from scipy.optimize import linprog

    best = -linprog(-x.mean(axis=0), x, np.ones(len(x)), method="highs").fun
    told = ""
    try:
        w = common_weights(x)
    except DomainError as error:
        told = str(error)
    if told:
        assert "several weights give the same mean score" in told
        return
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1)
    y = x @ w
    assert (y / y.max()).mean() == pytest.approx(best, rel=1e-7)


def test_common_weights_by_hand_and_their_limits():
    x = np.array([[1.0, 4.0], [3.0, 3.0], [4.0, 1.0], [2.0, 1.0]])
    np.testing.assert_allclose(common_weights(x), [2 / 3, 1 / 3])
    np.testing.assert_allclose(common_weights(x, limits=(0.4, 0.6)), [0.6, 0.4])
    np.testing.assert_allclose(common_weights(x, limits=(0.5, 0.5)), [0.5, 0.5])
    scaled = common_weights(x * [1, 10])
    np.testing.assert_allclose(scaled, [20 / 21, 1 / 21])
    assert common_weights(x[:, :1]).tolist() == [1]


def test_weights_that_are_not_settled_are_refused():
    with pytest.raises(DomainError, match="several weights give the same mean score") as caught:
        common_weights(np.array([[2.0, 1.0], [1.0, 0.5]]))
    assert caught.value.columns == (0, 1)


@pytest.mark.parametrize(
    ("x", "options", "words"),
    [
        ([[1.0, NAN], [2.0, 1.0]], {}, "every number is needed"),
        ([[1.0, -1.0], [2.0, 1.0]], {}, "numbers from 0 on"),
        ([[1.0, 0.0], [2.0, 0.0]], {}, "every unit has 0"),
        ([[1.0, 2.0]], {"limits": (0.6, 0.9)}, "from 1.2 to 1.8 in all"),
        ([[1.0, 2.0]], {"limits": (0.6, 0.5)}, "no range"),
    ],
)
def test_common_weights_refuse_in_words(x, options, words):
    with pytest.raises(DomainError, match=words):
        common_weights(np.array(x), **options)


def test_limits_of_common_weights_are_checked_at_load():
    assert WEIGHTINGS["benefit_of_the_doubt"].function is common_weights
    written = {"cityindex": 1, "id": "own", "index": {"id": "s", "children": ["x", "y"]}}
    written["index"]["weights"] = {"benefit_of_the_doubt": ["60%", "90%"]}
    with pytest.raises(ci.SpecError, match=r"from 1\.2 to 1\.8 in all for 2 children"):
        ci.load_spec(written)
