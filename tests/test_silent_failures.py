"""Where other packages give a wrong number without a word: here each case is refused in words, or the number is right.

Each test is named by what is done, and its comment says what a peer makes of it (pymcdm 1.4.0, scikit-criteria 0.10,
pyDecision 5.1.8, AHPy 2.1, mapclassify 2.11, factor_analyzer 0.5.1, Compind 3.4; COINr 1.1.14 has a file of its own).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci
from cityindex.methods.principal import principal_components

CITIES = ["甲", "乙", "丙", "丁"]
A, B, C = [1.0, 2.0, 4.0, 8.0], [3.0, 1.0, 5.0, 2.0], [2.0, 9.0, 4.0, 7.0]
GAP = [3.0, np.nan, 5.0, 2.0]
CYCLE = [[1, 9, "1/9"], ["1/9", 1, 9], [9, "1/9", 1]]


def spec(*children, **keys):
    index = {"id": "score", "children": list(children), **keys}
    return {"cityindex": 1, "id": "made-up", "unit": {"kind": "city", "key": "city"}, "index": index}


def scaled(*names):
    return [{"id": name, "steps": ["minmax"]} for name in names]


def table(**columns):
    return {"city": CITIES, **columns}


def weights(result):
    return result.weights["local"].to_numpy()


def refused(words, call, *arguments, error=ci.CityIndexError, **options):
    """It is refused, and what is told has all of these words."""
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    for word in words:
        assert word in str(caught.value)


def ahp(judgements, children=("a", "b"), **options):
    return ci.load_spec(spec(*children, weights={"ahp": {"judgements": judgements, **options}}))


# -- one missing cell -------------------------------------------------------------------------------------------------


# pymcdm, scikit-criteria, pyDecision: the weights are all nan, or the ranking fails on a number nobody wrote.
@pytest.mark.parametrize("keys", [{"weights": "entropy"}, {"weights": "critic"}, {"aggregate": "topsis"}, {}])
def test_one_nan_is_refused_by_unit_and_indicator(keys):
    children = ["a", "b", "c"] if keys else scaled("a", "b", "c")
    refused(
        ["unit 乙, b: missing", "`missing:` says what else"], ci.score, spec(*children, **keys), table(a=A, b=GAP, c=C)
    )


def test_one_nan_entropy_takes_the_numbers_that_each_column_has():
    got = ci.score(spec("a", "b", "c", weights="entropy", missing="reweight"), table(a=A, b=GAP, c=C))
    d = []
    for column in (A, [3.0, 5.0, 2.0], C):
        p = np.array(column) / np.sum(column)
        d.append(1 + (p * np.log(p)).sum() / np.log(len(p)))
    np.testing.assert_allclose(weights(got), np.array(d) / np.sum(d), rtol=1e-12)


def test_one_nan_critic_is_refused_where_gaps_are_let_through():
    written = spec("a", "b", "c", weights="critic", missing="reweight")
    refused(["unit 乙, b", "critic: every number is needed"], ci.score, written, table(a=A, b=GAP, c=C))


# pymcdm: every score nan; scikit-criteria: "The data [-9223372036854775808 …] doesn't look like a ranking".
def test_one_nan_topsis_costs_that_unit_alone_its_rank():
    got = ci.score(spec("a", "b", "c", aggregate="topsis", missing="propagate"), table(a=A, b=GAP, c=C))
    rest = [0, 2, 3]
    without = {name: np.array(column)[rest] for name, column in table(a=A, b=GAP, c=C).items()}
    alone = ci.score(spec("a", "b", "c", aggregate="topsis"), without)
    assert np.isnan(got.column()[1])
    np.testing.assert_array_equal(got.column()[rest], alone.column())
    np.testing.assert_array_equal(got.ranks(), [3, np.nan, 2, 1])
    assert any("no value" in str(note) for note in got.notes)


# scikit-criteria: MinMaxInverter and WeightedSumModel set the whole criterion to 0 and rank everybody.
def test_one_nan_in_a_weighted_sum_leaves_the_criterion_to_the_others():
    got = ci.score(spec(*scaled("a", "b"), missing="reweight"), table(a=A, b=GAP))
    a, b = (np.array(A) - 1) / 7, (np.array(GAP) - 2) / 3
    np.testing.assert_allclose(got.column(), np.where(np.isnan(b), a, (a + b) / 2), rtol=1e-14)
    np.testing.assert_array_equal(weights(got), [0.5, 0.5])
    assert any("weights of missing children" in str(note) for note in got.notes)


# -- columns that say nothing, or nothing that can be taken -----------------------------------------------------------


# pymcdm, scikit-criteria: all weights nan.
def test_constant_column_critic():
    refused(
        ["b: critic: every unit has the same number"], ci.score, spec("a", "b", weights="critic"), table(a=A, b=[5] * 4)
    )


# pymcdm: 1 for everyone; scikit-criteria: 0 for everyone.
@pytest.mark.parametrize("step", ["minmax", "zscore"])
def test_constant_column_minmax(step):
    children = [{"id": name, "steps": [step]} for name in "ab"]
    refused([f"b: {step}: every unit has the same number, 5"], ci.score, spec(*children), table(a=A, b=[5] * 4))


# pymcdm: "requires all positive values", so that entropy after min-max is out of reach.
def test_zero_entropy_after_minmax_is_the_usual_practice():
    got = ci.score(spec(*scaled("a", "c"), weights="entropy"), table(a=A, c=C))
    d = []
    for column in (A, C):
        y = (np.array(column) - min(column)) / (max(column) - min(column))
        p = (y / y.sum())[y > 0]
        d.append(1 + (p * np.log(p)).sum() / np.log(4))
    np.testing.assert_allclose(weights(got), np.array(d) / np.sum(d), rtol=1e-12)


# scikit-criteria: weights [nan, 0, 0]; pyDecision: plausible ones of the absolute numbers.
def test_negative_entropy():
    words = ["unit 甲, a: entropy: shares of a sum need numbers from 0 on", "scale: minmax"]
    refused(words, ci.score, spec("a", "b", weights="entropy"), table(a=[-1.0, 2, 4, 8], b=B))


# pymcdm: weights [.897 .036 .067].
@pytest.mark.parametrize("number", [np.inf, -np.inf])
def test_inf_entropy(number):
    refused(
        ["unit 甲, column a", "infinite"], ci.score, spec("a", "b", weights="entropy"), table(a=[number, 2, 4, 8], b=B)
    )


# pymcdm: scores nan; scikit-criteria: "-9223372036854775808".
def test_identical_rows_topsis():
    refused(
        ["score: topsis: all units of the reference are the same"],
        ci.score,
        spec("a", "b", aggregate="topsis"),
        table(a=[1] * 4, b=[2] * 4),
    )
    two = ci.score(spec("a", "b", aggregate="topsis"), table(a=[1, 1, 2, 3], b=[2, 2, 5, 3]))
    assert two.ranks()[0] == two.ranks()[1] == 3
    assert np.isfinite(two.column()).all()


def test_strings_x():
    refused(["unit 甲, column a: 'x' is not a number"], ci.score, spec("a"), table(a=["x", 1, 2, 3]))


def test_numeric_strings():
    np.testing.assert_array_equal(ci.score(spec("a"), table(a=["1", "2.5", "4", " 8 "])).column(), [1, 2.5, 4, 8])


# -- weights ----------------------------------------------------------------------------------------------------------


# scikit-criteria, pyDecision: scores seven times as large; pymcdm: a warning.
def test_weights_sum_7():
    seven = ci.score(spec({"id": "a", "weight": 3}, {"id": "b", "weight": 4}), table(a=A, b=B))
    one = ci.score(spec({"id": "a", "weight": "3/7"}, {"id": "b", "weight": "4/7"}), table(a=A, b=B))
    np.testing.assert_allclose(seven.column(), one.column(), rtol=1e-15)
    np.testing.assert_allclose(weights(seven), [3 / 7, 4 / 7])
    per_cent = spec({"id": "a", "weight": "300%"}, {"id": "b", "weight": "400%"})
    refused(["the weights of 'score' add to 700%, not 100%"], ci.load_spec, per_cent)


# scikit-criteria takes it; pymcdm warns that "sum … is 1.0".
def test_negative_weight():
    written = spec({"id": "a", "weight": -1}, {"id": "b", "weight": 2})
    refused(["arithmetic takes no weight below 0: found -1 in 'score'", "sum and product"], ci.load_spec, written)
    difference = ci.score({**written, "index": {**written["index"], "aggregate": "sum"}}, table(a=A, b=B))
    np.testing.assert_array_equal(difference.column(), 2 * np.array(B) - A)


# AHPy: a child that is named wrongly takes half of the weight with it (the rest adds up to .4999).
@pytest.mark.parametrize(
    "written",
    [
        spec("economy", "safety", weights={"given": {"weights": {"economy": "50%", "safty": "50%"}}}),
        spec("economy", "safety", weights={"ahp": {"judgements": {"economy": {"safty": 1}}}}),
        spec("economy", "safety", weights={"budget_allocation": {"points": {"Li": {"economy": 50, "safty": 50}}}}),
    ],
)
def test_child_named_wrongly(written):
    refused(["'safty' is none of the children. Did you mean 'safety'?"], ci.load_spec, written)


def test_child_named_wrongly_in_weights_supplied_later():
    loaded = ci.load_spec(spec("economy", "safety"))
    refused(["no child 'safty'", "'safety'"], ci.with_weights, loaded, {"score": {"economy": 1, "safty": 1}})
    refused(["every child needs one; without: 'safety'"], ci.with_weights, loaded, {"score": {"economy": 1}})
    refused(["no group 'scor'", "'score'"], ci.with_weights, loaded, {"scor": {"economy": 1, "safety": 1}})


# -- words and labels -------------------------------------------------------------------------------------------------


# pyDecision: whatever is not 'max' is a cost, 'Max' and 'maximize' too; pymcdm: 'max' is a UFuncTypeError.
@pytest.mark.parametrize("word", ["Max", "maximize", "max", "min", "foo", "+", "more ", 1, -1])
def test_wrong_direction_token(word):
    child = {"id": "a", "direction": word, "steps": ["minmax"]}
    refused(["children[0].direction", f"{word}", "allowed: more, less"], ci.load_spec, spec(child), error=ci.SpecError)


# CRITIC of one matrix: pymcdm [.258 .352 .390], scikit-criteria [.511 .245 .245], as direction counts or does not.
def test_direction_counts_in_critic_on_raw_columns():
    children = [{"id": "a", "steps": ["minmax"]}, {"id": "b", "direction": "less", "steps": ["minmax"]}, *scaled("c")]
    carried = ci.score(spec(*children, weights="critic"), table(a=A, b=B, c=C))
    raw = ci.score(spec(*children, weights={"critic": {"on": "raw"}}), table(a=A, b=B, c=C))
    np.testing.assert_allclose(weights(raw), weights(carried), rtol=1e-12)
    turned = [{**child, "direction": "more"} for child in children]
    assert abs(weights(ci.score(spec(*turned, weights="critic"), table(a=A, b=B, c=C))) - weights(raw)).max() > 0.05


# scikit-criteria: mkdm(frame) is a matrix of nan with the names A0 …, C0 …; pymcdm, pyDecision: the labels are lost.
@pytest.mark.parametrize("named", ["city", "index", "columns"])
def test_dataframe_in(named):
    frame = pd.DataFrame({"a": A, "b": B}, index=pd.Index(CITIES, name=None if named == "index" else "city"))
    written = spec("a", "b")
    if named == "index":
        written["unit"] = "city"
    got = ci.score(written, frame.reset_index() if named == "columns" else frame)
    np.testing.assert_array_equal(got.column(), (np.array(A) + B) / 2)
    assert list(got.index) == CITIES
    assert {"a", "b"} <= set(got.scores.columns)


def test_dataframe_with_other_names():
    frame = pd.DataFrame({"city": CITIES, "A0": A, "A1": B})
    refused(["no column 'a' for indicator a", "no column 'b'"], ci.score, spec("a", "b"), frame)


# scikit-criteria takes them.
def test_duplicate_unit_and_criterion_names():
    refused(["unit 甲: stands 2 times (rows 1 and 2)"], ci.score, spec("a"), {"city": ["甲", "甲"], "a": [1, 2]})
    refused(["the id 'a' is taken (by index.children[0])"], ci.load_spec, spec("a", "a"))
    twice = pd.DataFrame([["甲", 1, 2]], columns=["city", "a", "a"])
    refused(["column a: 2 columns have this name"], ci.score, spec("a"), twice)


# pyDecision: UnboundLocalError for wd='eig'.
def test_bad_option():
    words = ["weights.ahp.method", "found text 'eig'; allowed: eigenvector or geometric"]
    refused(words, ahp, [[1, 2], [0.5, 1]], method="eig", error=ci.SpecError)


# -- judgements -------------------------------------------------------------------------------------------------------


# pymcdm and pyDecision give a third to each child; AHPy does not warn at a ratio of 7.2.
def test_ahp_cr_of_a_3_cycle():
    refused(
        [
            "consistency ratio is 6.13, and the limit is 0.1",
            "random index 'saaty', 0.58 for 3 children",
            "the worst is",
        ],
        ahp,
        CYCLE,
        "abc",
    )
    cycle = [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]
    assert ci.analyse_judgements(cycle).consistency_ratio == pytest.approx((1 + 9 + 1 / 9 - 3) / 2 / 0.58)


# pyDecision gives weights and a ratio of 1.39.
def test_ahp_non_reciprocal():
    wrong = [[1, 3, 5], [0.5, 1, 2], [0.2, 0.5, 1]]
    refused(["b over a: 0.5 is not the reciprocal of 3 (a over b); it should be 0.333333 (1/3)"], ahp, wrong, "abc")


# pymcdm takes whole numbers only, so that the geometric means of a group are out of reach.
def test_ahp_non_integer():
    got = ci.score(ahp([[1, 2.5], [0.4, 1]]), table(a=A, b=B))
    np.testing.assert_allclose(weights(got), [5 / 7, 2 / 7], rtol=1e-14)


# pymcdm, pyDecision: IndexError.
def test_ahp_of_16():
    children, ones = [f"c{i}" for i in range(16)], np.ones((16, 16)).tolist()
    refused(["the table 'saaty' ends at 15 children, and there are 16; use 'donegan_dodd'"], ahp, ones, children)
    assert ahp(ones, children, random_index="donegan_dodd").index.weights.name == "ahp"


# pyDecision: a ratio of nan.
def test_ahp_of_2():
    report = ci.analyse_judgements([[1, 3], [1 / 3, 1]])
    assert report.consistency_ratio == 0
    np.testing.assert_allclose(report.weights, [0.75, 0.25])


@pytest.mark.parametrize(
    ("judgements", "children", "words"),
    [
        # AHPy: the last one counts
        ({"a": {"b": 3}, "b": {"a": 3}}, "ab", ["b over a: 3 is not the reciprocal of 3 (a over b)"]),
        # AHPy: left out
        ({"a": {"a": 5, "b": 3}}, "ab", ["a over a: 5, but a child over itself is 1"]),
        # AHPy: invented weights and a ratio of 0.0
        ({"a": {"b": 3}, "c": {"d": 2}}, "abcd", ["no judgement connects these parts", "a, b | c, d"]),
        # AHPy: "('a','b') is not in list"
        ({"a": {"b": float("inf")}}, "ab", ["judgements.a.b", "found .inf", "finite"]),
        ({"a": {"b": float("nan")}}, "ab", ["judgements.a.b", "found .nan", "finite"]),
        ({"a": {"b": 0}}, "ab", ["a over b: 0 is no judgement; a number above 0 is needed"]),
        # AHPy: StopIteration
        ({}, "ab", ["no judgement connects these parts", "a | b"]),
        ([], "ab", ["the matrix has 0 rows, and there are 2 children"]),
    ],
)
def test_ahpy_judgements(judgements, children, words):
    refused(words, ahp, judgements, children, error=ci.SpecError)


# AHPy: rounded to four places, so that 30 equal items add up to .999 and 300 to .990.
@pytest.mark.parametrize("count", [12, 20])
def test_ahpy_weights_are_not_rounded(count):
    report = ci.analyse_judgements(np.ones((count, count)).tolist(), random_index="donegan_dodd")
    assert sum(report.weights) == pytest.approx(1, abs=1e-15)
    many = ci.score(spec(*(f"c{i}" for i in range(300)), weights="equal"), table(**{f"c{i}": A for i in range(300)}))
    assert weights(many).sum() == pytest.approx(1, abs=1e-13)


# -- tiers ------------------------------------------------------------------------------------------------------------

SCORES = np.r_[np.linspace(0, 1, 4), np.linspace(5, 6, 4), np.linspace(9, 10, 4)].round(3)
UNITS = [f"u{i:02d}" for i in range(12)]


def tiered(scores, tiers):
    return ci.score(spec("a", missing="propagate", tiers=tiers), {"city": UNITS, "a": scores})


# mapclassify: FisherJenks and HeadTail put everybody into class 0, Quantiles the top three of ten into the lowest one.
@pytest.mark.parametrize(
    "tiers",
    [{"natural_breaks": 3}, {"kmeans": 3}, {"equal": 3}, {"quantiles": ["25%", "50%"]}, "head_tail", "sd_bands"],
)
def test_mapclassify_nan(tiers):
    tiers = {"sd_bands": {"at": [1, -1]}} if tiers == "sd_bands" else tiers
    gap = np.where(np.arange(12) == 5, np.nan, SCORES)
    got = tiered(gap, tiers)
    found = [None if tier is None else int(tier) for tier in got.tiers()]
    assert found[5] is None
    rest = [tier for tier in found if tier is not None]
    assert rest == sorted(rest, reverse=True)
    assert rest[-1] == 1
    assert rest[0] == max(rest) > 1
    assert any("no value" in str(note) for note in got.notes)


# mapclassify: NaturalBreaks has no seed, and two runs gave other bins.
def test_mapclassify_two_runs():
    scores = np.random.default_rng(3).lognormal(size=12)
    for tiers in ({"natural_breaks": 4}, {"kmeans": 4}, {"mixture": 2}):
        first, again = (tiered(scores, tiers).cuts() for _ in range(2))
        np.testing.assert_array_equal(first, again)


# mapclassify: fewer bins than asked for. jenkspy refuses, too.
@pytest.mark.parametrize("method", ["natural_breaks", "kmeans", "mixture", "equal"])
def test_ties_leave_too_few_different_scores(method):
    got = tiered([1] * 6 + [2] * 6, {method: 3})
    assert set(got.tiers()) == {None}
    refused(["3 tiers need at least 3 different scores, and there are 2"], got.cuts, error=ci.NotFoundError)
    assert any("3 different scores" in str(note) for note in got.notes)


# jenkspy: TypeError "…overflow C double capacities - %s".
@pytest.mark.parametrize(
    ("count", "words"), [("three", "a whole number"), (2.5, "a whole number"), (1, "2 is the least")]
)
def test_jenkspy_count(count, words):
    refused(
        ["tiers.natural_breaks", words], ci.load_spec, spec("a", tiers={"natural_breaks": count}), error=ci.SpecError
    )


# -- factors, and Compind ---------------------------------------------------------------------------------------------


# factor_analyzer: fit() raises TypeError with the scikit-learn of today.
def test_factor_analyzer_fit():
    rng = np.random.default_rng(0)
    common = rng.normal(size=60)
    columns = [0.9 * common + 0.3 * rng.normal(size=60) for _ in range(3)]
    written = spec(*"abc", weights="factor_analysis")
    got = ci.score(written, {"city": [f"u{i}" for i in range(60)], **dict(zip("abc", columns, strict=True))})
    np.testing.assert_allclose(weights(got), 1 / 3, atol=0.05)
    found = principal_components(np.array(columns).T)
    assert 0.7 < found.kmo < 1
    assert found.p < 1e-10


# Compind: normalise stops at any number below 0, for z-scores too.
def test_compind_negative_standard_scores():
    got = ci.score(spec({"id": "a", "steps": ["zscore"]}), table(a=[-1.0, -2.0, 3.0, 4.0]))
    np.testing.assert_allclose(got.column(), (np.array([-1, -2, 3, 4]) - 1) / np.sqrt(26 / 3), rtol=1e-14)


# Compind: "results may be misleading", and it goes on.
def test_compind_benefit_of_the_doubt_with_a_gap():
    bod = spec("a", "b", aggregate="benefit_of_the_doubt")
    refused(["unit 乙, b: missing"], ci.score, bod, table(a=A, b=GAP))
    learned = spec("a", "b", weights="benefit_of_the_doubt", missing="reweight")
    refused(["unit 乙, b", "every number is needed"], ci.score, learned, table(a=A, b=GAP))
