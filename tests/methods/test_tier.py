"""Tiers: assigning, and every tiering's rule, laws and refusals; natural breaks against jenkspy and by brute force."""

from __future__ import annotations

import csv
from itertools import combinations
from types import SimpleNamespace

import jenkspy
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from support import shared

from cityindex._registry import TIERINGS
from cityindex.errors import DomainError
from cityindex.methods import cluster
from cityindex.methods.rank import rank
from cityindex.methods.tier import assign, cuts, equal, kmeans, mixture, natural_breaks, quantiles, sizes

NAN = np.nan
LEARNED = {
    "equal": lambda x: equal(x, count=3),
    "quantiles": lambda x: quantiles(x, at=(0.25, 0.5)),
    "sizes": lambda x: sizes(x, sizes=(2, 3, int(np.sum(~np.isnan(x))) - 5)),
    "natural_breaks": lambda x: natural_breaks(x, count=3),
}
FITTED = {"kmeans": lambda x: kmeans(x, count=3), "mixture": lambda x: mixture(x, count=3)}
scores = hnp.arrays(np.float64, st.integers(8, 25), elements=st.integers(-9, 9).map(float) | st.just(NAN))
CITIES = np.concatenate([np.linspace(20, 30, 30), np.linspace(50, 56, 15), np.linspace(80, 95, 8)])


# -- assigning --------------------------------------------------------------------------------------------------------


def test_a_unit_on_a_cut_is_in_the_better_tier_whichever_end_is_better():
    x = np.array([100.0, 85.0, 84.99, 40.0, 39.0, NAN])
    assert assign(x, np.array([85.0, 40.0])).tolist() == [1, 1, 2, 2, 3, 0]
    assert assign(x, np.array([40.0, 85.0]), first="lowest").tolist() == [3, 2, 2, 1, 1, 0]


def test_cuts_compare_at_twelve_digits():
    assert assign(np.array([0.3]), np.array([0.1 + 0.2])).tolist() == [1]
    assert assign(np.array([0.1 + 0.2]), np.array([0.3]), first="lowest").tolist() == [1]


def test_shapes_and_the_empty():
    assert assign(np.array([[1.0, NAN], [3.0, 2.0]]), np.array([2.0])).tolist() == [[2, 0], [1, 1]]
    assert assign(np.array([1.0, NAN]), np.array([])).tolist() == [1, 0]
    assert assign(np.array([]), np.array([1.0])).dtype == np.int64


@given(x=scores, borders=st.lists(st.integers(-9, 9).map(float), min_size=1, max_size=4))
def test_tiers_follow_the_scores(x, borders):
    falling = np.array(sorted(borders, reverse=True))
    tiers = assign(x, falling)
    present = ~np.isnan(x)
    assert (tiers[~present] == 0).all()
    assert ((tiers[present] >= 1) & (tiers[present] <= len(borders) + 1)).all()
    order = np.argsort(-x[present])
    assert (np.diff(tiers[present][order]) >= 0).all()
    np.testing.assert_array_equal(assign(-x, -falling, first="lowest"), tiers)


@pytest.mark.parametrize(("first", "way"), [("highest", "fall"), ("lowest", "rise")])
def test_cuts_that_run_the_wrong_way(first, way):
    wrong = np.array([40.0, 65.0]) if first == "highest" else np.array([65.0, 40.0])
    with pytest.raises(DomainError, match=f"must {way}"):
        assign(np.array([50.0]), wrong, first=first)


# -- laws of all that learn -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LEARNED)
@given(x=scores)
def test_learned_cuts_fall_and_are_scores(name, x):
    assume(len(np.unique(x[~np.isnan(x)])) >= 3)
    assume(np.sum(~np.isnan(x)) > 5)
    found = LEARNED[name](x)
    assert found.shape == (2,)
    assert (np.diff(found) <= 0).all()
    assert np.isin(found, x).all()
    assert (assign(x, found) == 1).any()


@pytest.mark.parametrize("name", [*LEARNED, *FITTED])
def test_the_order_of_units_does_not_matter(name):
    learn = (LEARNED | FITTED)[name]
    shuffled = np.random.default_rng(0).permutation(CITIES)
    np.testing.assert_array_equal(learn(shuffled), learn(CITIES))
    np.testing.assert_array_equal(learn(np.append(CITIES, NAN)), learn(CITIES))


@pytest.mark.parametrize("name", [*LEARNED, *FITTED])
def test_ties_are_never_parted(name):
    found = (LEARNED | FITTED)[name](np.repeat(CITIES, 2) if name != "sizes" else CITIES)
    assert len(found) == 2
    tiers = assign(CITIES * (1 + 1e-14), found)
    np.testing.assert_array_equal(tiers, assign(CITIES, found))


@pytest.mark.parametrize("name", [*LEARNED, *FITTED])
@pytest.mark.parametrize("x", [[5.0] * 9, [1.0] * 4 + [2.0] * 5])
def test_fewer_scores_than_tiers(name, x):
    with pytest.raises(DomainError, match=f"3 tiers need at least 3 different scores, and there are {len(set(x))}"):
        (LEARNED | FITTED)[name](np.array(x))


def test_no_scores_at_all():
    with pytest.raises(DomainError, match="there are 0"):
        natural_breaks(np.array([NAN]), count=2)


@pytest.mark.parametrize("name", ["equal", "natural_breaks", "kmeans", "mixture"])
def test_counts_are_checked(name):
    check = TIERINGS[name].check_option
    assert check({"count": 1, "seed": 0}) == ["count: 1 tiers are too few; 2 is the least"]
    assert check({"count": 2}) == []
    assert "seed" in check({"count": 2, "seed": -1})[0]
    assert TIERINGS[name].bare == "count"


# -- each rule --------------------------------------------------------------------------------------------------------


def test_given_cuts_stay_as_written():
    assert cuts(np.array([NAN]), cuts=(85, 65.5)).tolist() == [85, 65.5]
    check = TIERINGS["cuts"].check_option
    assert check({"cuts": (85.0, 65.0)}) == check({"cuts": (2.0, 5.0)}) == check({"cuts": (1.0,)}) == []
    assert "must fall" in check({"cuts": (85.0, 85.0)})[0]
    assert "must fall" in check({"cuts": (1.0, 3.0, 2.0)})[0]
    assert check({"cuts": ()})
    assert check({"cuts": (NAN,)})


@given(x=scores, count=st.integers(2, 5))
def test_equal_tiers_are_the_rank_s_share(x, count):
    present = x[~np.isnan(x)]
    assume(len(np.unique(present)) >= count)
    expected = np.ceil(rank(present) * count / len(present))
    np.testing.assert_array_equal(assign(present, equal(present, count=count)), expected)


def published(index):
    """Published ranks (printed scores tie) with the sign turned, and deciles."""
    with shared("indices", index, "expected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return -np.array([float(row["IMD_rank"]) for row in rows]), np.array([int(row["IMD_decile"]) for row in rows])


def test_english_deciles_are_equal_tiers():
    """Index of Multiple Deprivation 2025: all 33,755 areas."""
    x, deciles = published("england_imd_2025")
    np.testing.assert_array_equal(assign(x, equal(x, count=10)), deciles)


def test_welsh_deciles_are_sizes():
    """Index of Multiple Deprivation 2019: nine tenths of 191 areas, and a last one of 190."""
    x, deciles = published("wales_wimd_2019")
    np.testing.assert_array_equal(assign(x, sizes(x, sizes=(191,) * 9 + (190,))), deciles)


def test_quantiles_are_shares_of_the_units_from_the_best():
    x = np.arange(20.0)
    assert quantiles(x, at=(0.1, 0.55)).tolist() == [18, 9]
    np.testing.assert_array_equal(quantiles(x, at=tuple(np.arange(1, 10) / 10)), equal(x, count=10))
    with pytest.raises(DomainError, match="the best 4 % of 20 units are less than one unit"):
        quantiles(x, at=(0.04, 0.5))
    check = TIERINGS["quantiles"].check_option
    assert check({"at": (0.1, 0.5)}) == []
    for wrong in ((), (0.5, 0.1), (0.0, 0.5), (0.5, 1.0)):
        assert "rising" in check({"at": wrong})[0]


def test_sizes_are_met_but_for_ties():
    x = np.array([9.0, 8.0, 8.0, 5.0, 1.0, NAN])
    assert np.bincount(assign(x, sizes(x, sizes=(1, 2, 2)))).tolist() == [1, 1, 2, 2]
    assert np.bincount(assign(x, sizes(x, sizes=(2, 2, 1)))).tolist() == [1, 3, 1, 1]
    with pytest.raises(DomainError, match="add up to 4, and 5 units have a score"):
        sizes(x, sizes=(2, 2))
    check = TIERINGS["sizes"].check_option
    assert check({"sizes": (1, 2)}) == []
    assert check({"sizes": (3,)})
    assert check({"sizes": (3, 0)})


# -- natural breaks ---------------------------------------------------------------------------------------------------


def spread(x, found):
    tiers = assign(x, found)
    return sum(np.sum((x[tiers == tier] - x[tiers == tier].mean()) ** 2) for tier in np.unique(tiers))


@given(x=hnp.arrays(np.float64, st.integers(4, 11), elements=st.integers(0, 12).map(float)), count=st.integers(2, 4))
def test_natural_breaks_are_the_best_of_all_partitions(x, count):
    distinct = np.unique(x)
    assume(len(distinct) >= count)
    best = min(spread(x, np.array(chosen[::-1])) for chosen in combinations(distinct[1:], count - 1))
    assert spread(x, natural_breaks(x, count=count)) <= best + 1e-9


@pytest.mark.parametrize("n", [60, 700])
@pytest.mark.parametrize("count", [2, 5, 9])
def test_natural_breaks_are_jenkspy_s(n, count):
    x = np.random.default_rng(n).gamma(3, 2, n)
    breaks = np.array(jenkspy.jenks_breaks(x, n_classes=count))[1:-1]  # the highest score of each class but the last
    expected = [x[x > high].min() for high in breaks[::-1]]
    np.testing.assert_allclose(natural_breaks(x, count=count), expected)


def test_natural_breaks_do_not_depend_on_the_unit():
    x = np.random.default_rng(3).normal(0, 1, 200)
    found = natural_breaks(x, count=6)
    np.testing.assert_allclose(natural_breaks(x * 1e6 + 1e7, count=6), found * 1e6 + 1e7)


def test_as_many_breaks_as_scores():
    assert natural_breaks(np.array([3.0, 1.0, 2.0, 2.0]), count=3).tolist() == [3, 2]


# -- scikit-learn -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FITTED)
def test_clear_groups_are_found(name):
    assert FITTED[name](CITIES).tolist() == [80, 50]
    np.testing.assert_array_equal(FITTED[name](CITIES), FITTED[name](CITIES))


def test_a_mixture_does_not_depend_on_the_unit():
    x = np.random.default_rng(2).gamma(3, 2, 120)
    found = mixture(x, count=3)
    np.testing.assert_allclose(mixture(x * 1e-4, count=3), found * 1e-4)


def test_a_tier_of_a_mixture_is_one_stretch_though_a_wide_component_returns():
    generator = np.random.default_rng(0)
    x = np.concatenate([generator.normal(50, 1, 300), generator.normal(54, 12, 100)])
    found = mixture(x, count=2)
    assert x.min() < found[0] < x.max()
    assert found[0] > 50


def test_a_mixture_whose_components_have_no_border_is_refused():
    model = SimpleNamespace(
        means_=np.array([[0.0], [0.01]]), covariances_=np.array([[[1.0]], [[0.5]]]), weights_=np.array([0.99, 0.01])
    )
    with pytest.raises(DomainError, match="tiers 1 and 2 have no border"):
        cluster._borders(model, 2)


def test_a_tier_of_a_mixture_without_units_is_refused(monkeypatch):
    monkeypatch.setattr(cluster, "_borders", lambda model, classes: [0.0, 0.0])
    with pytest.raises(DomainError, match="leaves a tier without units"):
        mixture(CITIES, count=3)


def test_what_scikit_learn_cannot_find_is_refused(monkeypatch):
    monkeypatch.setattr(KMeans, "fit_predict", lambda model, x, sample_weight: np.zeros(len(x), int))
    with pytest.raises(DomainError, match="k-means finds 1 tiers in these scores, not 3"):
        kmeans(CITIES, count=3)
    monkeypatch.setattr(GaussianMixture, "fit", lambda model, x: setattr(model, "converged_", False))
    with pytest.raises(DomainError, match="does not settle"):
        mixture(CITIES, count=3)
