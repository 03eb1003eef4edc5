"""How many tiers, and how firm they are: scikit-learn as oracle, definitions, seeds, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from cityindex.errors import DomainError
from cityindex.methods.cluster import kmeans, natural_breaks
from cityindex.methods.tier import assign, equal
from cityindex.methods.tier_choice import choose_tiers, gap_statistic, silhouette_by_count
from cityindex.methods.tier_shapes import hierarchical
from cityindex.methods.tier_stability import tier_stability

NAN = np.nan
GROUPS = np.concatenate([np.linspace(20, 30, 30), np.linspace(50, 56, 15), np.linspace(80, 95, 8)])
EVEN = np.linspace(0, 1, 60)


# -- silhouettes ------------------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), n=st.integers(8, 40))
def test_silhouettes_are_scikit_learn_s(seed, n):
    x = np.random.default_rng(seed).gamma(2, 5, n).round(1)
    x[:2] = [0, 100]
    counts = range(2, min(5, len(np.unique(x)) - 1) + 1)
    for tiering in (natural_breaks, hierarchical):
        for count, found in silhouette_by_count(x, counts, tiering).items():
            labels = assign(x, tiering(x, count=count))
            assert found == pytest.approx(silhouette_score(x[:, None], labels), abs=1e-9)


def test_a_unit_alone_in_its_tier_counts_0():
    x = np.array([0.0, 1.0, 2.0, 100.0])
    expected = silhouette_score(x[:, None], [0, 0, 0, 1])
    assert silhouette_by_count(x, [2])[2] == pytest.approx(expected)


def test_tiers_of_equal_sizes_that_ties_leave_empty():
    """mapclassify makes fewer classes of ties without a word; here empty tiers are known and the rest is measured."""
    x = np.array([1.0, 2, 3, 3, 3, 3])
    labels = assign(x, equal(x, count=3))
    assert len(np.unique(labels)) == 2
    assert silhouette_by_count(x, [3], equal)[3] == pytest.approx(silhouette_score(x[:, None], labels))
    with pytest.raises(DomainError, match="one tier"):
        silhouette_by_count(np.array([1.0, 2, 3]), [2], lambda ref, count: np.array([0.0]))


# -- gap statistic ----------------------------------------------------------------------------------------------------


def test_the_gap_is_its_definition():
    x, draws, most = GROUPS[::3], 10, 3
    found = gap_statistic(x, most, draws=draws, seed=4)

    def logs(values):
        out = [np.log(((values - values.mean()) ** 2).sum())]
        for count in range(2, most + 1):
            tiers = assign(values, natural_breaks(values, count=count))
            own = [values[tiers == tier] for tier in range(1, count + 1)]
            out.append(np.log(sum(((part - part.mean()) ** 2).sum() for part in own)))
        return np.array(out)

    generator = np.random.default_rng(4)
    drawn = np.array([logs(generator.uniform(x.min(), x.max(), len(x))) for _ in range(draws)])
    np.testing.assert_allclose(found.gap, drawn.mean(axis=0) - logs(x), atol=1e-9)
    np.testing.assert_allclose(found.error, drawn.std(axis=0) * np.sqrt(1 + 1 / draws), atol=1e-9)
    assert found.counts == (1, 2, 3)


def test_groups_are_counted_and_even_scores_have_none():
    two, three = (np.concatenate([np.linspace(start, start + 10, 20) for start in (0, 50, 100)[:k]]) for k in (2, 3))
    found = [gap_statistic(x, 4) for x in (EVEN, two, three)]
    assert [own.over_all for own in found] == [1, 2, 3]
    assert [own.chosen for own in found] == [1, 2, 1]  # the rule of the paper stops where the gap falls first
    assert found[2].gap[0] > found[2].gap[1]
    assert gap_statistic(two, 2).chosen is None  # it still rises at the end


def test_the_seed_is_all_the_chance_there_is():
    first, second, other = (gap_statistic(GROUPS, 4, draws=20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.gap, second.gap)
    assert (first.gap != other.gap).any()
    shuffled = np.random.default_rng(0).permutation(np.append(GROUPS, NAN))
    np.testing.assert_array_equal(gap_statistic(shuffled, 4, draws=20, seed=1).gap, first.gap)


@pytest.mark.parametrize("x", [[1.0, 2, 3], [5.0] * 9, [], [NAN, 1.0]])
def test_too_few_scores_for_a_gap(x):
    with pytest.raises(DomainError, match="fewer than the"):
        gap_statistic(np.array(x), 3)
    with pytest.raises(DomainError, match="draws"):
        gap_statistic(GROUPS, 3, draws=1)
    with pytest.raises(DomainError, match="2 or more"):
        gap_statistic(GROUPS, 1)


# -- choosing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tiering", [natural_breaks, hierarchical])
def test_a_choice_holds_everything(tiering):
    found = choose_tiers(GROUPS, 5, tiering, draws=20)
    assert found.counts == (2, 3, 4, 5)
    assert found.by_silhouette == found.by_gap == 3
    assert found.cuts[3].tolist() == [80, 50]
    assert found.silhouette == silhouette_by_count(GROUPS, found.counts, tiering)
    assert list(found.fit.values()) == sorted(found.fit.values())  # it rises with every tier
    assert 0.97 < found.fit[3] < 1


def test_variance_fit_by_hand():
    found = choose_tiers(np.array([1.0, 3.0, 11.0, 13.0]), 2, draws=5)
    assert found.fit[2] == pytest.approx(1 - 4 / 104)


# -- stability --------------------------------------------------------------------------------------------------------


def test_clear_groups_are_firm():
    found = tier_stability(GROUPS, count=3, draws=200)
    assert found.cuts.tolist() == [80, 50]
    np.testing.assert_array_equal(found.tiers, assign(GROUPS, found.cuts))
    assert found.kept.min() > 0.95
    assert found.firmness > 0.99
    assert found.draws == 200
    assert found.failed == 0
    assert ((found.spread[0] > [56, 30]) & (found.spread[2] < [85, 53])).all()


def test_cuts_through_a_crowd_are_not():
    found = tier_stability(EVEN, count=3, draws=200)
    assert found.kept.min() < 0.8
    assert found.kept[[0, 30, 59]].min() > 0.95  # the middle of a tier is
    assert (found.spread[2] - found.spread[0] > 0.05).all()


def test_the_lowest_unit_of_a_tier_keeps_it_when_it_is_not_drawn():
    """A learned cut is the lowest score drawn of its tier: taken as it stands, that unit would lose 37 % of draws."""
    x = np.array([1.0, 2, 3, 4, 5, 101, 102, 103, 104, 105])
    found = tier_stability(x, count=2, draws=300)
    assert found.kept[5] > 0.95


def test_draws_are_counted_and_seeded():
    x = np.array([1.0, 1, 1, 1, 2, 3, NAN])
    found = tier_stability(x, count=3, draws=100, seed=3)
    assert found.failed > 0
    assert found.draws + found.failed == 100
    assert np.isnan(found.kept[-1])
    assert found.tiers.tolist() == [3, 3, 3, 3, 2, 1, 0]
    first, again, other = (tier_stability(EVEN, count=3, draws=20, seed=seed) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first.kept, again.kept)
    assert (first.kept != other.kept).any()


def test_given_cuts_stay_where_they_are():
    found = tier_stability(GROUPS, lambda ref, count: np.array([70.0, 40.0]), count=3, draws=20)
    assert found.kept.tolist() == [1] * len(GROUPS)
    assert found.spread.tolist() == [[70, 40]] * 3


def test_scores_that_cannot_be_parted():
    with pytest.raises(DomainError, match="3 different scores"):
        tier_stability(np.array([1.0, 2, 2]), count=3)
    twice = next(seed for seed in range(99) if np.ptp(np.random.default_rng(seed).integers(0, 2, 2)) == 0)
    with pytest.raises(DomainError, match="none of 1 draws of 2 scores makes 2 tiers"):
        tier_stability(np.array([1.0, 2]), count=2, draws=1, seed=twice)


def test_any_tiering_with_a_count_will_do():
    assert tier_stability(GROUPS, kmeans, count=3, draws=5).kept.min() == 1
