"""What all weightings from dispersion keep: sum, order of units and children, units of measurement, draws, layout."""

from __future__ import annotations

import numpy as np
import pytest
from dispersion_support import CASES, NAMES, refused, tables, weigh
from hypothesis import given, settings
from hypothesis import strategies as st

from cityindex.errors import DomainError

every = pytest.mark.parametrize(("name", "options"), CASES, ids=NAMES)
few = settings(max_examples=12, deadline=None)
COLUMNWISE = ("entropy", "standard_deviation", "coefficient_of_variation")
WHOLE = ("critic", "independence", "merec", "cilos", "idocriw")
X = np.array([[3.0, 9.0, 2.0], [5.0, 1.0, 8.0], [4.5, 4.0, 3.0], [1.0, 6.0, 7.0], [2.0, 7.0, 5.0]])


def same(ours, theirs, tolerance=1e-9):
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=tolerance)


@every
@few
@given(x=tables(), seed=st.integers(0, 99))
def test_laws(name, options, x, seed):
    rng = np.random.default_rng(seed)
    w = weigh(name, x, **options)
    assert w.shape == (x.shape[1],)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1, abs=1e-12)
    same(weigh(name, x[rng.permutation(len(x))], **options), w)
    children = rng.permutation(x.shape[1])
    same(weigh(name, x[:, children], **options), w[children])
    same(weigh(name, x * 10.0 ** rng.integers(-2, 3, x.shape[1]) * 1.7, **options), w)  # units of measurement
    same(weigh(name, np.asfortranarray(x), **options), w)
    same(weigh(name, x, **options, directions=np.ones(x.shape[1])), w, 0)


@every
@few
@given(x=tables())
def test_leading_axes_are_draws(name, options, x):
    draws = np.stack([x, x**1.1, x[::-1]])[:, None]
    found = weigh(name, draws, **options)
    assert found.shape == (3, 1, x.shape[1])
    for draw in range(3):
        same(found[draw, 0], weigh(name, draws[draw, 0], **options), 1e-12)


@few
@given(x=tables(), move=st.floats(-5, 5))
def test_some_do_not_mind_where_zero_is(x, move):
    for name in ("standard_deviation", "critic", "independence"):
        same(weigh(name, x + move, **{}), weigh(name, x))
    same(weigh("entropy", x + move, scale="minmax"), weigh("entropy", x, scale="minmax"))


@few
@given(x=tables(), less=st.lists(st.booleans(), min_size=4, max_size=4))
def test_a_raw_column_where_less_is_better_weighs_as_its_opposite(x, less):
    directions = np.where(less[: x.shape[1]], -1.0, 1.0)
    for name, options in (("critic", {}), ("critic", {"correlation": "spearman"}), ("entropy", {"scale": "minmax"})):
        same(weigh(name, x, **options, directions=directions), weigh(name, x * directions, **options))
    for name in ("standard_deviation", "coefficient_of_variation", "independence"):
        same(weigh(name, x, directions=directions), weigh(name, x))
    for name in ("merec", "cilos"):
        same(weigh(name, x, directions=directions), weigh(name, x**directions))
    same(weigh("entropy", x, less="reciprocal", directions=directions), weigh("entropy", x**directions))
    same(weigh("entropy", x, less="as_is", directions=directions), weigh("entropy", x))


@few
@given(x=tables(), share=st.floats(0.1, 0.9))
def test_a_transfer_to_a_richer_unit_adds_weight(x, share):
    order = np.argsort(x[:, 0], kind="stable")
    poor, rich = order[0], order[-1]
    y = x.copy()
    y[poor, 0] -= share * x[poor, 0]
    y[rich, 0] += share * x[poor, 0]
    for name, options in (("entropy", {}), ("coefficient_of_variation", {}), ("standard_deviation", {"scale": "none"})):
        assert weigh(name, y, **options)[0] > weigh(name, x, **options)[0]


# -- what is not silent -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", WHOLE)
def test_a_missing_cell_is_named(name):
    x = X.copy()
    x[2, 1] = np.nan
    assert refused(name, x, "every number is needed").cells == ((2, 1),)


@pytest.mark.parametrize("name", COLUMNWISE)
def test_columnwise_each_column_uses_what_it_has(name):
    x = X.copy()
    x[2, 1] = np.nan
    options = {"scale": "none"} if name == "standard_deviation" else {}
    gap, full = weigh(name, x, **options), weigh(name, X, **options)
    assert gap[1] / gap[0] != pytest.approx(full[1] / full[0], rel=1e-6)
    assert gap[2] / gap[0] == pytest.approx(full[2] / full[0], rel=1e-12)  # the others lose nothing
    four = weigh(name, np.column_stack([X[[0, 1, 3, 4], 1], X[[0, 1, 3, 4], 1] ** 1.1]), **options)
    both = weigh(name, np.column_stack([x[:, 1], x[:, 1] ** 1.1]), **options)
    same(both, four, 1e-12)  # and the column itself weighs as that of four units


@pytest.mark.parametrize("name", COLUMNWISE + WHOLE)
def test_infinity_is_named(name):
    x = X.copy()
    x[3, 2] = np.inf
    assert refused(name, x, "infinite").cells == ((3, 2),)


@pytest.mark.parametrize("name", COLUMNWISE + WHOLE)
def test_numbers_at_the_end_of_what_a_float_holds(name):
    same(weigh(name, X * [1.9e307, 1, 1]), weigh(name, X))  # their sum overflows, and any warning is an error


@pytest.mark.parametrize("name", ["standard_deviation", "critic", "independence"])
def test_a_range_that_no_float_holds(name):
    wide = (X - [3, 0, 0]) * [0.85e308, 1, 1]
    same(weigh(name, wide), weigh(name, X))


def test_a_column_over_all_magnitudes():
    x = X.copy()
    x[:, 0] = [1e-200, 1e200, 1.0, 1e-100, 1e100]
    logs = np.log([1, 1, 1, 1, 1]) + np.log(10) * np.array([0, 400, 200, 100, 300])
    others = np.log(x[:, 1:] / x[:, 1:].min(axis=0))
    every_log = np.column_stack([logs, others])
    whole = np.log1p(every_log.sum(axis=1) / 3)
    effects = [(whole - np.log1p(np.delete(every_log, at, 1).sum(axis=1) / 3)).sum() for at in range(3)]
    same(weigh("merec", x), np.array(effects) / sum(effects))


@pytest.mark.parametrize("name", COLUMNWISE + WHOLE)
@pytest.mark.parametrize("rows", [0, 1])
def test_no_unit_or_one_is_refused(name, rows):
    with pytest.raises(DomainError):
        weigh(name, X[:rows])


@pytest.mark.parametrize("name", COLUMNWISE)
def test_a_column_without_numbers_or_with_one(name):
    x = X.copy()
    x[:, 2] = np.nan
    assert refused(name, x, "no number|two units").columns == (2,)
    x[0, 2] = 4.0
    options = {"scale": "none"} if name == "standard_deviation" else {}
    assert refused(name, x, "two units", **options).columns == (2,)


@pytest.mark.parametrize(
    ("name", "options"),
    [("entropy", {}), ("coefficient_of_variation", {}), ("standard_deviation", {"scale": "none"}), ("merec", {})],
)
def test_a_constant_column_has_weight_zero_and_all_constant_is_refused(name, options):
    x = np.column_stack([X, np.array([0.3, 0.1 + 0.2, 0.3, 0.3, 0.3])])
    w = weigh(name, x, **options)
    assert w[3] == 0
    assert not np.signbit(w).any()
    if name != "merec":  # there a column counts in k
        same(w[:3], weigh(name, X, **options), 1e-15)
    refused(name, x[:, [3, 3]], "no column differs", **options)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("critic", {}),
        ("critic", {"scale": "none"}),
        ("independence", {}),
        ("cilos", {}),
        ("idocriw", {}),
        ("standard_deviation", {}),
        ("entropy", {"scale": "minmax"}),
    ],
)
def test_a_constant_column_is_named(name, options):
    x = np.column_stack([X, np.array([0.3, 0.1 + 0.2, 0.3, 0.3, 0.3])])
    assert refused(name, x, "every unit has the same number", **options).columns == (3,)


@pytest.mark.parametrize("name", ["critic", "independence", "cilos", "idocriw"])
def test_an_only_child_has_weight_one(name):
    same(weigh(name, X[:, :1]), [1.0], 0)


@pytest.mark.parametrize("name", ["entropy", "merec", "cilos", "idocriw"])
def test_numbers_below_zero_are_named(name):
    x = X.copy()
    x[1, 0] = -5.0
    x[4, 2] = -1e-9
    assert refused(name, x, "numbers (from 0 on|above 0)").cells == ((1, 0), (4, 2))


@pytest.mark.parametrize("name", COLUMNWISE + WHOLE)
def test_the_input_is_left_alone(name):
    x = X.copy()
    weigh(name, x, **({"less": "reciprocal"} if name == "entropy" else {}), directions=[1, 1, -1])
    np.testing.assert_array_equal(x, X)
