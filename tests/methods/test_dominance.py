"""Pairs and ranks for all weights of a region, against corners, exact fractions and linear programs."""

from __future__ import annotations

import os
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cityindex.errors import DomainError
from cityindex.methods import _corners, best_rank
from cityindex.methods._levels import Level
from cityindex.methods._quiet import quiet
from cityindex.methods._share_regions import Fixed, Mean, Polytope, Shares, Span
from cityindex.methods.best_rank import extreme_rank
from cityindex.methods.dominance import dominance
from cityindex.methods.rank import rank
from cityindex.methods.stability import steady

SEEDS = st.integers(0, 2**32 - 1)


def region(kind, k, rng):
    """A random region of k weights."""
    w = rng.dirichlet(np.ones(k) * 3)
    if kind == "shares":
        return Shares(w * rng.uniform(0, 1, k), np.minimum(w * rng.uniform(1, 2, k), 1))
    if kind == "mean":
        return Mean(w * rng.uniform(0, 1, k), w * rng.uniform(1, 2, k))
    if kind == "span":
        ends = np.sort(rng.normal(size=(2, k)), axis=0)
        return Span(ends[0], ends[1])
    if kind == "fixed":
        return Fixed(w)
    g = rng.normal(size=(3, k))
    return Polytope(g, g @ w + rng.uniform(0, 0.2, 3))


def plain(kind, k, rng):
    return Level(region(kind, k, rng), tuple(range(k)))


def nested(rng):
    """Two levels that vary, one of them under a fixed one."""
    kinds = rng.choice(["shares", "mean", "polytope"], 3)
    inner = Level(region(kinds[0], 3, rng), (1, 2, 3), "inner")
    other = Level(region("fixed", 2, rng), (4, 5), "other")
    under = Level(region("fixed", 2, rng), (6, Level(region(kinds[2], 2, rng), (7, 8), "deep")), "under")
    return Level(region(kinds[1], 4, rng), (0, inner, other, under), "top")


def by_program(level, c):
    """The least of c · products, by one linear program over the rows of the levels."""
    system = level.system()
    equal = (system.equal, system.right) if len(system.right) else (None, None)
    rows = (system.g, system.h) if len(system.h) else (None, None)
    ends = np.column_stack([system.low, system.high])
    found = linprog(system.wide(c[None])[0], *rows, *equal, ends, method="highs")
    assert found.status == 0
    return found.fun


# -- least sums -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["shares", "mean", "span", "polytope", "nested"])
@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_least_sums_are_those_of_a_linear_program(kind, seed):
    rng = np.random.default_rng(seed)
    level = nested(rng) if kind == "nested" else plain(kind, 4, rng)
    c = rng.normal(size=(5, len(level.columns)))
    least, attained = level.least(c), level.attain(c)
    np.testing.assert_allclose(least, [by_program(level, row) for row in c], atol=1e-8)
    np.testing.assert_allclose((c * attained).sum(axis=1), least, atol=1e-9)
    low, high = level.box()
    assert (attained >= low - 1e-9).all()
    assert (attained <= high + 1e-9).all()


@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_weights_and_products_are_the_same_thing(seed):
    rng = np.random.default_rng(seed)
    level = nested(rng)
    products = level.attain(rng.normal(size=(1, 9)))[0]
    weights = level.weights(products)
    np.testing.assert_allclose(level.products(weights), products, atol=1e-12)
    assert all(own.sum() == pytest.approx(1) for own in weights.values())


@pytest.mark.parametrize("kind", ["shares", "mean", "free mean", "span", "polytope"])
@given(seed=SEEDS, k=st.integers(1, 6))
@settings(max_examples=15, deadline=None)
def test_the_bracket_holds_the_least_sum(kind, seed, k):
    rng = np.random.default_rng(seed)
    own = Mean(np.zeros(k), rng.dirichlet(np.ones(k))) if kind == "free mean" else region(kind, k, rng)
    d = rng.normal(size=(20, k))
    low, high = own.bracket(d)
    assert (low <= own.least(d) + 1e-12).all()
    assert (own.least(d) <= high + 1e-12).all()


@pytest.mark.parametrize("kind", ["shares", "mean", "span", "fixed", "nested"])
@given(seed=SEEDS)
@settings(max_examples=15, deadline=None)
def test_the_screen_is_below_the_least_sum(kind, seed):
    rng = np.random.default_rng(seed)
    level = nested(rng) if kind == "nested" else plain(kind, 4, rng)
    x = rng.normal(size=(8, len(level.columns)))
    middle, width = level.screen(x)
    i, j = np.triu_indices(8, 1)
    assert (middle[i] - middle[j] - np.abs(width[i] - width[j]).sum(axis=1) <= level.least(x[i] - x[j]) + 1e-9).all()


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_bracket_of_levels_holds_the_least_sum(seed):
    rng = np.random.default_rng(seed)
    level, c = nested(rng), rng.normal(size=(20, 9))
    low, high = level.bracket(c)
    assert (low <= level.least(c) + 1e-12).all()
    assert (level.least(c) <= high + 1e-12).all()


def test_corners_and_programs_agree(monkeypatch):
    rng = np.random.default_rng(3)
    x = rng.uniform(0, 10, (25, 4))
    x[7] = x[3]
    listed = dominance(x, plain("polytope", 4, np.random.default_rng(8)))
    monkeypatch.setattr(_corners, "MOST", 0)
    level = plain("polytope", 4, np.random.default_rng(8))
    assert level.costly
    solved = dominance(x, level)
    assert (listed.above == solved.above).all()
    assert (listed.level == solved.level).all()
    assert listed.above.any()


@pytest.mark.parametrize("spread", [1, 1e-2, 1e-4])
def test_no_corner_is_missed_where_rows_are_alike(spread):
    """Rows of units that score alike are nearly parallel, and their corners nearly singular systems."""
    for seed in range(8):
        rng = np.random.default_rng(seed)
        w, x, free = rng.dirichlet(np.ones(4) * 3), 5 + spread * rng.normal(size=(5, 4)), 0.02 * spread
        g, h = np.concatenate([x - free, -x - free]), np.concatenate([x @ w + free, -x @ w + free])
        polytope, d = Polytope(g, h), rng.normal(size=(20, 4))
        away = (x - 5) / spread  # the same rows, told apart
        rows, ends = np.concatenate([away - 0.02, -away - 0.02]), np.concatenate([away @ w + 0.02, -away @ w + 0.02])
        wanted = [linprog(c, rows, ends, np.ones((1, 4)), [1], method="highs").fun for c in d]
        np.testing.assert_allclose(polytope.least(d), wanted, atol=1e-7)


def test_rows_that_meet_by_dust_only_are_one_point():
    g = np.array([[1.0, 1e-4, 0.0], [-1.0, -1e-4, 0.0], [1e-4, 1.0, 0.0], [-1e-4, -1.0, 0.0]])
    w = np.array([0.3, 0.3, 0.4])
    polytope = Polytope(g, g @ w - 0.9e-9)
    np.testing.assert_allclose(polytope.attain(np.eye(3)), np.tile(w, (3, 1)), atol=1e-7)


def test_the_size_of_the_weights_of_a_mean_does_not_matter():
    x = np.array([[1.0, 1.0], [1.0 + 3e-13, 1.0 + 3e-13]])  # a tie at 12 digits
    for size in (1e-6, 1, 1e6):
        found = dominance(x, Level(Mean(np.array([0.4, 0.4]) * size, np.array([0.6, 0.6]) * size), (0, 1)))
        assert not found.above.any()
        assert found.level.tolist() == [[False, False], [True, False]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Shares(np.array([0.6, 0.6]), np.array([0.7, 0.7])), "cannot add up to 1"),
        (lambda: Shares(np.array([0.1, 0.1]), np.array([0.2, 0.2])), "cannot add up to 1"),
        (lambda: Shares(np.array([-0.1, 0.1]), np.array([0.9, 0.9])), "from 0 on"),
        (lambda: Mean(np.array([0.2, 0.1]), np.array([0.1, 0.2])), "limits from 0 on"),
        (lambda: Polytope(np.array([[1.0, 1.0]]), np.array([0.5])), "no weights"),
    ],
)
def test_regions_that_are_none_are_refused(make, words):
    with pytest.raises(DomainError, match=words):
        make()


# -- pairs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["shares", "mean", "span", "polytope", "nested"])
@given(seed=SEEDS, whole=st.booleans())
@settings(max_examples=12, deadline=None)
def test_pairs_are_those_of_their_least_leads(kind, seed, whole):
    rng = np.random.default_rng(seed)
    level = nested(rng) if kind == "nested" else plain(kind, 3, rng)
    p = len(level.columns)
    x = rng.integers(0, 3, (9, p)).astype(float) if whole else rng.uniform(0, 1, (9, p))
    found = dominance(x, level, samples=4)
    for i in range(9):
        for j in range(9):
            least = level.least((x[i] - x[j])[None])[0]
            assert found.above[i, j] == (least > 1e-9)
            assert found.level[i, j] == (i != j and least > -1e-9)


def test_units_that_are_the_same_are_never_below_each_other():
    found = dominance(np.ones((3, 2)), plain("shares", 2, np.random.default_rng(0)))
    assert not found.above.any()
    assert found.level.sum() == 6
    assert found.best.tolist() == found.worst.tolist() == [1, 1, 1]


def test_one_unit_has_one_rank():
    found = dominance(np.ones((1, 2)), plain("shares", 2, np.random.default_rng(0)))
    assert (found.best.tolist(), found.worst.tolist()) == ([1], [1])


# -- exact ranks ------------------------------------------------------------------------------------------------------


def all_ranks(x, low, high):
    """Every rank of every unit over two shares, in fractions: at all crossings, and between them."""
    lines = [(Fraction(int(b)), Fraction(int(a)) - Fraction(int(b))) for a, b in x]
    marks = {low, high}
    for one in lines:
        for other in lines:
            if one[1] != other[1]:
                t = (other[0] - one[0]) / (one[1] - other[1])
                marks |= {t} if low <= t <= high else set()
    marks = sorted(marks)
    marks += [(a + b) / 2 for a, b in pairwise(marks)]
    scores = [[start + slope * t for start, slope in lines] for t in marks]
    return np.array([[1 + sum(other > own for other in row) for own in row] for row in scores])


@given(
    x=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=7),
    ends=st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
@settings(max_examples=60, deadline=None)
def test_exact_ranks_of_two_shares_are_those_in_fractions(x, ends):
    low, high = (Fraction(end, 8) for end in sorted(ends))
    ranks = all_ranks(x, low, high)
    values = np.array(x, float)
    level = Level(Shares(np.array([float(low), 0.0]), np.array([float(high), 1.0])), (0, 1))
    known = dominance(values, level)
    for unit in range(len(x)):
        best = extreme_rank(values, level, unit, known=known)
        worst = extreme_rank(values, level, unit, best=False, known=known)
        assert (best.proved, worst.proved) == (ranks[:, unit].min(), ranks[:, unit].max())
        assert best.decided
        assert worst.decided
        assert known.best[unit] <= best.proved
        assert worst.proved <= known.worst[unit]


@pytest.mark.parametrize("kind", ["mean", "polytope", "nested"])
@given(seed=SEEDS)
@settings(max_examples=6, deadline=None)
def test_no_sample_is_outside_the_exact_ranks(kind, seed):
    rng = np.random.default_rng(seed)
    level = nested(rng) if kind == "nested" else plain(kind, 3, rng)
    x = rng.uniform(0, 1, (10, len(level.columns)))
    tried = level.attain(rng.normal(size=(300, x.shape[1])))
    tried = rng.dirichlet(np.ones(len(tried)) * 0.05, 1000) @ tried
    ranks = rank(tried @ x.T)
    known = dominance(x, level)
    for unit in (0, 5):
        best = extreme_rank(x, level, unit, known=known)
        worst = extreme_rank(x, level, unit, best=False, known=known)
        assert best.decided
        assert worst.decided
        assert best.proved <= ranks[:, unit].min()
        assert worst.proved >= ranks[:, unit].max()
        assert best_rank.place(x @ best.products, unit) == best.attained


def test_time_that_is_over_leaves_a_proved_and_an_attained_rank():
    rng = np.random.default_rng(1)
    x, w = rng.uniform(0, 1, (40, 12)), rng.dirichlet(np.ones(12) * 5)
    level = Level(Shares(w * 0.5, w * 1.5), tuple(range(12)))
    known = dominance(x, level)
    unit = 7
    short, full = (extreme_rank(x, level, unit, known=known, time_limit=limit) for limit in (0.0, 20.0))
    assert not short.decided
    assert short.proved <= full.proved <= full.attained <= short.attained
    assert full.decided


def test_native_output_is_swallowed_and_put_back(capfd):
    print("before")
    with quiet():
        os.write(1, b"a stray line\n")
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_standard_output_is_put_back_after_an_error(capfd):
    with pytest.raises(ZeroDivisionError), quiet():
        _ = 1 / 0
    os.write(1, b"here\n")
    assert capfd.readouterr().out == "here\n"


# -- one number -------------------------------------------------------------------------------------------------------


@given(
    lines=st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=7),
    at=st.integers(1, 15),
    top=st.integers(1, 4),
)
@settings(max_examples=100, deadline=None)
def test_intervals_end_where_the_order_changes(lines, at, top):
    score, slope = np.array(lines, float).T
    now = at / 16

    def kept(t):
        own = rank(score + slope * (t - now))
        order = tuple(np.lexsort((np.arange(len(own)), own))[: int((own <= top).sum())])
        return {
            "first": tuple(own == 1),
            "top": tuple(own <= top),
            "order": (order, tuple(own[list(order)])),
            "all": tuple(own),
        }

    for name, found in steady(score, slope, now, top).items():
        low, high = found.low, found.high
        assert low <= now <= high
        if low < now < high:
            for t in (low + (now - low) * 1e-6, high - (high - now) * 1e-6):
                assert kept(t)[name] == kept(now)[name]
        ties = name == "top" and len(set(rank(score))) < len(score)  # some may be parted, and all stay in the top
        for end, pair, step in ((low, found.pair_low, -1e-6), (high, found.pair_high, 1e-6)):
            if pair is None:
                assert end in (0.0, 1.0)
                continue
            assert ties or kept(end + step)[name] != kept(now)[name]
            drawn = score + slope * (end - now)
            assert drawn[pair[0]] == pytest.approx(drawn[pair[1]], abs=1e-9)
