"""Head/tail breaks, bands of standard deviations, hierarchies: published cases, laws, what mapclassify gets wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.cluster.hierarchy import fcluster
from scipy.cluster.hierarchy import linkage as scipy_linkage

from cityindex._registry import TIERINGS
from cityindex.errors import DomainError
from cityindex.methods.cluster import natural_breaks
from cityindex.methods.tier import assign
from cityindex.methods.tier_shapes import head_tail, hierarchical, sd_bands

NAN = np.nan
LINKAGES = ["ward", "average", "complete", "single"]
CASES = {
    "head_tail": head_tail,
    "sd_bands": sd_bands,
    **{linkage: lambda x, linkage=linkage: hierarchical(x, count=3, linkage=linkage) for linkage in LINKAGES},
}
few = settings(max_examples=15)
each = pytest.mark.parametrize("learn", CASES.values(), ids=list(CASES))
scores = hnp.arrays(np.float64, st.integers(5, 25), elements=st.integers(-9, 9).map(float) | st.just(NAN))
CITIES = np.concatenate([np.linspace(20, 30, 30), np.linspace(50, 56, 15), np.linspace(80, 95, 8)])


# -- laws -------------------------------------------------------------------------------------------------------------


@each
@few
@given(x=scores, data=st.data())
def test_cuts_fall_and_neither_order_nor_gaps_matter(learn, x, data):
    assume(len(np.unique(x[~np.isnan(x)])) >= 3)
    found = learn(x)
    assert (np.diff(found) < 0).all()
    assert len(found) >= 1
    np.testing.assert_array_equal(learn(x[data.draw(st.permutations(range(len(x))))]), found)
    np.testing.assert_array_equal(learn(x[~np.isnan(x)]), found)
    if learn is not sd_bands:
        assert np.isin(found, x).all()
        assert len(np.unique(assign(x[~np.isnan(x)], found))) == len(found) + 1  # no tier is empty


@each
def test_the_unit_does_not_matter(learn):
    np.testing.assert_allclose(learn(CITIES * 3 + 1000), learn(CITIES) * 3 + 1000)


@each
def test_ties_are_never_parted_by_dust(learn):
    dusty = np.concatenate([CITIES, CITIES * (1 + 1e-15)])
    tiers = assign(dusty, learn(dusty))
    np.testing.assert_array_equal(tiers[: len(CITIES)], tiers[len(CITIES) :])


@each
def test_one_missing_score_changes_nothing(learn):
    """mapclassify puts every unit into class 0."""
    np.testing.assert_array_equal(learn(np.append(CITIES, NAN)), learn(CITIES))


@each
@pytest.mark.parametrize("x", [[], [NAN, NAN], [5.0], [5.0, 5.0, 5.0], [0.1 + 0.2, 0.3]])
def test_scores_that_do_not_differ(learn, x):
    with pytest.raises(DomainError, match="different scores, and there are"):
        learn(np.array(x, float))


# -- head and tail ----------------------------------------------------------------------------------------------------


def test_head_tail_of_the_harmonic_numbers():
    """Jiang's example: of 1, 1/2, …, 1/10 the mean is 0.29, that of 1, 1/2, 1/3 is 0.61: three classes."""
    x = 1 / np.arange(1.0, 11.0)
    assert x.mean() == pytest.approx(0.29, abs=5e-3)
    assert x[:3].mean() == pytest.approx(0.61, abs=5e-3)
    assert np.bincount(assign(x, head_tail(x)))[1:].tolist() == [1, 2, 7]


def test_head_tail_is_its_recursion():
    """The head is what is above the mean; it is parted again while it is at most 40 % of what was parted."""
    for seed in range(20):
        x = np.random.default_rng(seed).pareto(1.2, 500)
        means, head = [], x
        while True:
            means.append(head.mean())
            share, head = np.mean(head > head.mean()), head[head > head.mean()]
            if share > 0.4 or len(head) < 2:
                break
        np.testing.assert_array_equal(assign(x, head_tail(x)), 1 + len(means) - np.searchsorted(means, x))


def test_the_limit_stops_the_recursion():
    even = np.arange(100.0)
    assert head_tail(even).tolist() == [50]  # a head of half of them is not parted
    assert len(head_tail(even, limit=0.5)) > 3
    x = np.array([1.0, 1, 1, 10, 20])  # a head of exactly 40 %
    assert head_tail(x).tolist() == [20, 10]
    assert head_tail(x, limit=0.39).tolist() == [10]
    check = TIERINGS["head_tail"].check_option
    assert check({"limit": 0.4}) == []
    for wrong in (0.0, 1.0, -0.1):
        assert "limit" in check({"limit": wrong})[0]


@pytest.mark.parametrize(
    ("x", "cuts"),
    [
        ([1 + 2**-52, 2.0, 1], [2]),  # mapclassify issue 92: dust made it recurse for ever
        ([1.0, 2, 3, 50, 50], [50]),  # issue 45: as did two units at the top
        ([1.0] * 8 + [30.0, 30.0], [30]),
        ([1.0, 2, 3], [3]),  # who is on the mean is in the tail
    ],
)
def test_what_broke_mapclassify(x, cuts):
    assert head_tail(np.array(x)).tolist() == cuts


# -- standard deviations ----------------------------------------------------------------------------------------------


def test_bands_are_multiples_about_the_mean():
    """The usual example of a population with mean 5 and deviation 2."""
    x = np.array([2.0, 4, 4, 4, 5, 5, 7, 9])
    assert sd_bands(x, sd="population").tolist() == [7, 5, 3]
    assert sd_bands(x, at=(1.5, -0.5), sd="population").tolist() == [8, 4]
    np.testing.assert_allclose(sd_bands(x), x.mean() + np.std(x, ddof=1) * np.array([1, 0, -1]))
    assert assign(x, sd_bands(x, sd="population")).tolist() == [4, 3, 3, 3, 2, 2, 1, 1]  # on a cut: the better tier


def test_a_band_may_be_empty():
    x = np.array([0.0, 9, 9, 9, 9, 9])
    assert np.bincount(assign(x, sd_bands(x)), minlength=5)[1:].tolist() == [0, 5, 0, 1]


@pytest.mark.parametrize("wrong", [(), (0.0, 1.0), (1.0, 1.0), (np.inf, 0.0), (NAN,)])
def test_multiples_are_checked(wrong):
    assert "at: finite multiples, falling" in TIERINGS["sd_bands"].check_option({"at": wrong})[0]
    with pytest.raises(DomainError, match="falling"):
        sd_bands(CITIES, at=wrong)
    assert TIERINGS["sd_bands"].check_option({"at": (2.0, -2.0)}) == []


# -- hierarchy --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("linkage", LINKAGES)
@few
@given(seed=st.integers(0, 10_000), n=st.integers(6, 60), count=st.integers(2, 6))
def test_hierarchies_are_scipy_s(linkage, seed, n, count):
    generator = np.random.default_rng(seed)
    x = generator.gamma(2, 5, n).round(6)
    x = np.concatenate([x, x[: n // 4]])  # some tie
    labels = fcluster(scipy_linkage(x[:, None], linkage), count, "maxclust")
    lowest = sorted(x[labels == label].min() for label in np.unique(labels))[:0:-1]
    assert hierarchical(x, count=count, linkage=linkage).tolist() == lowest


@pytest.mark.parametrize("linkage", LINKAGES)
def test_clear_groups_are_found(linkage):
    assert hierarchical(CITIES, count=3, linkage=linkage).tolist() == [80, 50]
    assert hierarchical(np.array([3.0, 1, 2, 2]), count=3, linkage=linkage).tolist() == [3, 2]


def test_the_largest_gaps_are_the_single_linkage():
    x = np.array([1.0, 2, 4, 4, 9, 10, 17])
    assert hierarchical(x, count=3, linkage="single").tolist() == [17, 9]


@pytest.mark.parametrize("linkage", LINKAGES)
def test_equal_merges_start_below_whatever_the_dust(linkage):
    x = np.arange(1, 7) / 10  # gaps of 0.1, each with its own dust
    expected = hierarchical(np.arange(1.0, 7.0), count=3, linkage=linkage)
    np.testing.assert_allclose(hierarchical(x, count=3, linkage=linkage) * 10, expected)


def test_natural_breaks_are_the_optimum_that_ward_s_hierarchy_may_miss():
    def spread(x, cuts):
        tiers = assign(x, cuts)
        return sum(((x[tiers == tier] - x[tiers == tier].mean()) ** 2).sum() for tier in np.unique(tiers))

    missed = 0
    for seed in range(30):
        x = np.random.default_rng(seed).normal(size=40)
        best, ward = spread(x, natural_breaks(x, count=4)), spread(x, hierarchical(x, count=4))
        assert best <= ward + 1e-12
        missed += best < ward - 1e-9
    assert missed


def test_counts_are_checked():
    check = TIERINGS["hierarchical"].check_option
    assert check({"count": 1}) == ["count: 1 tiers are too few; 2 is the least"]
    with pytest.raises(DomainError, match="4 tiers need at least 4 different scores, and there are 3"):
        hierarchical(np.array([1.0, 2, 3, 3]), count=4)
