"""Rankings side by side and how many tiers they bear, for results."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci

SPEC = {
    "cityindex": 1,
    "id": "r",
    "unit": {"key": "city"},
    "index": {"id": "score", "children": ["a", "b"]},
}
DATA = pd.DataFrame({"city": list("uvwxyz"), "a": [1.0, 2, 3, 11, 12, 13], "b": [2.0, 1, 4, 10, 13, 12]})


def test_results_are_matched_by_unit_and_what_is_in_one_alone_is_counted():
    one, two = ci.score(SPEC, DATA), ci.score(SPEC, DATA.iloc[[5, 3, 2, 1, 0]].assign(a=[1, 11, 3, 2, 20]))
    found = ci.compare_ranks(one, two, top=[2])
    assert (found.compared, found.only_a, found.only_b) == (5, 1, 0)
    expected = ci.compare_ranks(
        dict(zip(one.units, one.ranks(), strict=True)), dict(zip(two.units, two.ranks(), strict=True))
    )
    assert found.kendall == expected.kendall
    assert found.movers(1)[0][0] == "u"


def test_rankings_are_compared_within_a_period():
    panel = pd.concat([DATA.assign(year=2020), DATA.assign(year=2021, a=DATA["a"].to_numpy()[::-1])])
    spec = {**SPEC, "unit": {"key": "city", "period": "year"}}
    both, first = ci.score(spec, panel), ci.score(spec, panel.iloc[:6])
    found = ci.compare_ranks(both, first)  # the one period that both have
    assert (found.compared, found.only_a, found.kendall, found.names[0]) == (6, 0, 1, "u")
    years = ci.compare_ranks(both, both, period=("2020", 2021))
    last = ci.score(spec, panel.iloc[6:])
    assert years.kendall == ci.compare_ranks(first, last).kendall < 1  # one period each: which, does not matter
    ranks = dict(zip(first.units, first.ranks(), strict=True))
    assert ci.compare_ranks(both, ranks, period="2020").kendall == 1
    for call, words in (
        (lambda: ci.compare_ranks(both, both), ["2020, 2021", "period='2021'"]),
        (lambda: ci.compare_ranks(both, ranks), ["a holds the periods 2020, 2021"]),
        (lambda: ci.compare_ranks(both, both, period="202"), ["a has no period '202'", "Did you mean"]),
        (lambda: ci.compare_ranks(both, both, period=("2020", "2021", "2022")), ["or two"]),
        (lambda: ci.compare_ranks(ranks, ranks, period="2020"), ["neither"]),
    ):
        with pytest.raises((ci.ScoreError, ci.NotFoundError)) as caught:
            call()
        assert all(word in str(caught.value) for word in words), caught.value


def test_scores_say_which_end_is_first():
    a, b = [3.0, 2.0, 1.0], [30.0, 10.0, 20.0]
    assert ci.compare_ranks(a, b, first="highest").ranks_a.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ci.compare_ranks({"x": 1}, {"x": 1}), ["two units"]),
        (lambda: ci.compare_ranks([1, 2], [[1, 2]]), ["shape (1, 2)"]),
        (lambda: ci.compare_ranks(pd.Series([1, 2], index=["x", "x"]), {"x": 1}), ["x stands there twice"]),
        (lambda: ci.compare_ranks(*[ci.score(SPEC, DATA)] * 2, first="highest"), ["leave it out"]),
        (lambda: ci.compare_ranks([1, 2], [1, 2], first="hihgest"), ["Did you mean 'highest'?"]),
        (lambda: ci.compare_ranks([1, 2, 3], [1, 2]), ["3 numbers in a, 2 in b"]),
        (lambda: ci.compare_ranks({"x": "one", "y": 2}, {"x": 1, "y": 2}), ["ranking a", "'one'"]),
        (lambda: ci.compare_ranks(None, [1, 2]), ["ranking a", "numbers by unit"]),
        (lambda: ci.compare_ranks([1, np.inf], [1, 2]), ["infinite"]),
        (lambda: ci.compare_ranks({1: 1, 2: 2}, {"x": 1, "y": 2}), ["no unit in common (a: 1, 2; b: x, y)"]),
        (lambda: ci.compare_ranks([1, 2], [1, 2], top=1.5), ["top: a list of whole numbers"]),
        (lambda: ci.compare_ranks([1, 2], [1, 2], top=[1.5]), ["top: 1.5 is no whole number from 1 on"]),
        (lambda: ci.compare_ranks([1, 2], [1, 2], node="score"), ["neither ranking is a result"]),
        (lambda: ci.choose_tiers([[1.0, 2.0]]), ["shape (1, 2)"]),
        (lambda: ci.choose_tiers(["x", "y"]), ["scores: numbers by unit"]),
        (lambda: ci.choose_tiers([1.0, 2, 3], most=1), ["most: 1 is no whole number from 2 on"]),
        (lambda: ci.choose_tiers([1.0, 2, 3], most=2, seed=-1), ["seed: -1"]),
        (lambda: ci.choose_tiers(ci.score(SPEC, DATA), node="scor"), ["Did you mean 'score'?"]),
        (lambda: ci.tier_stability([1.0, 2, 3], count=1), ["count: 1"]),
        (lambda: ci.tier_stability([1.0, 2, 3], count=2, draws=0), ["draws: 0"]),
        (lambda: ci.choose_tiers([1.0, 1.0]), ["cannot be chosen"]),
        (lambda: ci.choose_tiers([1.0, 2, 3], tiering="equal"), ["natural_breaks"]),
        (lambda: ci.tier_stability([1.0, 2, 3], count=5), ["5 tiers need"]),
    ],
)
def test_what_cannot_be_compared_is_told(call, words):
    with pytest.raises(ci.CityIndexError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_tiers_of_a_result_count_from_its_better_end():
    lowest = {**SPEC, "index": {**SPEC["index"], "rank": {"first": "lowest"}}}
    assert ci.choose_tiers(ci.score(SPEC, DATA), most=3).by_silhouette == 2
    stable = ci.tier_stability(ci.score(lowest, DATA), count=2, draws=100)
    assert stable.tiers.tolist() == [1, 1, 1, 2, 2, 2]
    np.testing.assert_array_equal(stable.kept, ci.tier_stability(ci.score(lowest, DATA), count=2, draws=100).kept)


def test_more_labels_than_tiers_found_are_refused():
    spec = {**SPEC, "index": {**SPEC["index"], "tiers": {"head_tail": 0.4, "labels": list("ABCDEFG")}}}
    with pytest.raises(ci.ScoreError, match=r"head_tail finds \d tiers here, and 7 labels are given"):
        ci.score(spec, DATA)


def test_scores_beside_a_result_say_which_end_is_first():
    result = ci.score(SPEC, DATA)
    scores = dict(zip(result.units, result.column(), strict=True))
    assert ci.compare_ranks(result, scores, first="highest").kendall == 1
    assert ci.compare_ranks(scores, result, first="highest").kendall == 1
    assert ci.compare_ranks(result, scores).kendall == -1  # read as ranks


def test_tiers_are_chosen_of_the_column_that_ranks_and_of_indicators_and_mappings():
    rounded = {**SPEC, "index": {**SPEC["index"], "publish": [{"round": -2}], "rank": {"of": "carried"}}}
    assert ci.choose_tiers(ci.score(rounded, DATA), most=3).by_silhouette == 2
    by_name = dict(zip(DATA["city"], DATA["a"], strict=True))
    cuts = [
        ci.choose_tiers(scores, node=node, most=3).cuts[2]
        for scores, node in ((by_name, None), (ci.score(SPEC, DATA), "a"))
    ]
    assert cuts[0].tolist() == cuts[1].tolist() == [11]
