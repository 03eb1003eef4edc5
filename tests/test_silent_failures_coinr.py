"""Where COINr 1.1.14 goes wrong without a word: each finding is a test, refused in words here or right by number.

The findings come from running it beside its own documentation; each test is named by its number among them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import shared

import cityindex as ci
from cityindex.methods.sobol import resamples, sobol_shares

CITIES = ["甲", "乙", "丙", "丁"]
A, B, C = [1.0, 2.0, 4.0, 8.0], [3.0, 1.0, 5.0, 2.0], [2.0, 9.0, 4.0, 7.0]
GAP = [3.0, np.nan, 5.0, 2.0]
MANY = [f"u{i:02d}" for i in range(12)]


def spec(*children, **keys):
    index = {"id": "score", "children": list(children), **keys}
    return {"cityindex": 1, "id": "made-up", "unit": {"kind": "city", "key": "city"}, "index": index}


def table(**columns):
    return {"city": CITIES, **columns}


def stepped(name, *steps, **keys):
    return {"id": name, "steps": list(steps), **keys}


def refused(words, call, *arguments, error=ci.CityIndexError, **options):
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    for word in words:
        assert word in str(caught.value)


# -- 1: the first-order estimator is not centred ----------------------------------------------------------------------


def _shares(samples, seed, mean):
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(size=(2, samples, 3))
    mixed = np.stack([np.where(np.arange(3) == place, b, a) for place in range(3)])
    return sobol_shares(*(x @ [1.0, 2.0, 3.0] + mean for x in (a, b, mixed)))


def test_1_first_order_shares_do_not_hang_on_the_mean_of_the_output():
    exact = np.array([1, 4, 9]) / 14
    found = np.array([[_shares(100, seed, mean).first for seed in range(200)] for mean in (-3.0, 7.0, 1007.0)])
    errors = np.sqrt(((found - exact) ** 2).mean(axis=1))
    np.testing.assert_allclose(found[0], found[1], atol=1e-12)
    np.testing.assert_allclose(found[0], found[2], atol=1e-9)
    assert (errors < [0.06, 0.10, 0.14]).all()  # COINr's: 0.11, 0.23, 0.33, and 0.52, 0.91, 1.38 with 10 more


def test_1_first_order_shares_of_an_index_do_not_hang_on_its_level():
    def shares(level):
        x = {"city": CITIES, "a": np.array(A) + level, "b": np.array(B) + level}
        choices = [ci.vary.errors({"a": 1.0}, label="a"), ci.vary.errors({"b": 2.0}, label="b")]
        return ci.sensitivity(
            spec("a", "b"), x, choices, samples=256, seed=4, output="score:甲", resamples=20
        ).to_frame()

    near, far = shares(0.0), shares(1000.0)
    np.testing.assert_allclose(near["first"], far["first"], atol=1e-6)
    np.testing.assert_allclose(near["first"], [0.2, 0.8], atol=0.15)  # exact: variances 1 and 4
    np.testing.assert_allclose(near["total"], [0.2, 0.8], atol=0.15)


# -- 2: optimised weights stop at the start, and may be negative ------------------------------------------------------


def _columns(rng):
    common = rng.normal(size=12)
    return np.column_stack([common + rng.normal(size=12), common + 2 * rng.normal(size=12), rng.normal(size=12)])


def test_2_balanced_weights_reach_their_target():
    x = _columns(np.random.default_rng(4))
    got = ci.score(spec(*"abc", weights="balanced"), {"city": MANY, **dict(zip("abc", x.T, strict=True))})
    r = np.array([np.corrcoef(column, got.column())[0, 1] for column in x.T])
    np.testing.assert_allclose(r, r.mean(), rtol=1e-9)
    assert (got.weights["local"] > 0).all()


def test_2_balanced_weights_that_would_be_negative_are_refused():
    x = _columns(np.random.default_rng(4))
    x[:, 1] = 0.05 * x[:, 1] - x[:, 0]
    data = {"city": MANY, **dict(zip("abc", x.T, strict=True))}
    words = ["no weights from 0 on give these shares", "the nearest give: a ", "wanted, weight"]
    refused(words, ci.score, spec(*"abc", weights="balanced"), data)
    report = ci.balance_weights(x)
    assert not report.converged
    assert min(report.weights) >= 0


# -- 3: a_copeland cannot be used as documented -----------------------------------------------------------------------


def test_3_copeland_as_documented():
    got = ci.score(spec(*"abc", aggregate="copeland"), table(a=A, b=B, c=C))
    x = np.array([A, B, C]).T
    wins = (x[:, None] > x[None]).mean(axis=2) + 0.5 * (x[:, None] == x[None]).mean(axis=2)
    beats = np.sign(np.round(wins - 0.5, 12))
    np.testing.assert_array_equal(got.column(), beats.sum(axis=1))


# -- 4: log_GII returns what it got, and reports every point as treated -----------------------------------------------


def test_4_log_gii_takes_logarithms_and_the_record_tells_what_moved():
    x = np.r_[np.arange(1.0, 12.0), 900.0]
    forced = stepped("a", {"treat": {"transform": "log_gii", "force": "transform"}})
    got = ci.score(spec(forced), {"city": MANY, "a": x})
    assert not np.array_equal(got.column(), x)
    assert (np.diff(got.column()) > 0).all()
    assert len(got.treated()) > 0
    left = ci.score(spec(stepped("a", {"treat": {"transform": "log_gii"}})), {"city": MANY, "a": np.arange(1.0, 13.0)})
    np.testing.assert_array_equal(left.column(), np.arange(1.0, 13.0))
    assert left.treated().empty


# -- 5: weights by principal components are raw loadings, whatever their sign -----------------------------------------


def test_5_a_negative_loading_is_refused():
    words = ["b: principal_components: its loading on the first component is negative", "signs: absolute"]
    refused(
        words,
        ci.score,
        spec(*"abc", weights="principal_components"),
        table(a=A, b=[-1.0, -2, -4, -8], c=[2.0, 3, 4, 7]),
    )
    flipped = [
        ci.score(spec(*"ab", weights="principal_components"), table(a=sign * np.array(A), b=sign * np.array(C))).weights
        for sign in (1, -1)
    ]
    assert (flipped[0]["local"] > 0).all()
    pd.testing.assert_frame_equal(flipped[0], flipped[1])


# -- 6, 7: means ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric", "harmonic", {"power": 2}, {"power": -2}])
def test_6_every_mean_shares_the_weight_of_what_is_missing(aggregate):
    got = ci.score(spec("a", "b", aggregate=aggregate, missing="reweight"), table(a=A, b=GAP)).column()
    assert got[1] == pytest.approx(A[1], rel=1e-14)
    whole = ci.score(spec("a", "b", aggregate=aggregate), table(a=A, b=B)).column()
    np.testing.assert_array_equal(np.delete(got, 1), np.delete(whole, 1))


def test_7_a_harmonic_mean_of_negative_numbers_is_refused():
    refused(
        ["unit 甲, a: harmonic", "needs numbers above 0"],
        ci.score,
        spec(*"ab", aggregate="harmonic"),
        table(a=[-1.0, 2, 3, 4], b=B),
    )
    refused(["unit 丙, b: harmonic"], ci.score, spec(*"ab", aggregate="harmonic"), table(a=A, b=[1.0, 1, 0, 1]))


@pytest.mark.parametrize(
    ("weights", "words"), [((-1, 2), "no weight below 0: found -1"), ((0, 0), "the weights of 'score' are all 0")]
)
def test_7_negative_weights_and_weights_of_0_are_refused(weights, words):
    children = [{"id": name, "weight": weight} for name, weight in zip("ab", weights, strict=True)]
    refused([words], ci.load_spec, spec(*children), error=ci.SpecError)


# -- 8: winsorising that is forced on a column that passes treats nothing ---------------------------------------------


def test_8_winsorising_by_force_moves_as_many_as_it_says():
    x = np.arange(1.0, 13.0)
    got = ci.score(spec(stepped("a", {"treat": {"points": 2, "force": "winsorise"}})), {"city": MANY, "a": x})
    assert len(got.treated()) == 2
    moved = dict(zip(got.treated()["city"], got.treated()["after"], strict=True))
    assert (got.column() != x).sum() == 2
    assert all(got.column()[MANY.index(unit)] == value for unit, value in moved.items())


# -- 9, 10: normalisation ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "step", ["minmax", "zscore", "robust", "vector", {"rescale": {"from": ["min", "max"], "to": [0, 1]}}]
)
def test_9_a_constant_indicator_is_refused_or_has_a_number(step):
    written = spec(stepped("a", step), stepped("b", step))
    if step == "vector":
        np.testing.assert_allclose(ci.score(written, table(a=A, b=[5.0] * 4)).scores["b"], 0.5)
        return
    refused([f"b: {step if isinstance(step, str) else 'rescale'}: "], ci.score, written, table(a=A, b=[5.0] * 4))


def test_10_a_target_on_the_wrong_side_is_refused():
    written = spec(stepped("a", {"rescale": {"from": ["min", 0.5], "to": [0, 1]}}))
    refused(["a: rescale", "is learned as [1, 0.5]", "would turn the scale"], ci.score, written, table(a=A))


def test_10_the_share_of_the_highest_is_no_score_where_less_is_better():
    share = {"rescale": {"from": [0, "max"], "to": [0, 1]}}
    words = ["'a' says direction: less, but its steps (rescale) give a result that rises with it"]
    refused(words, ci.load_spec, spec(stepped("a", share, direction="less")))
    right = spec(stepped("a", {"rescale": {"from": ["max", 0], "to": [0, 1]}}, direction="less"))
    np.testing.assert_allclose(ci.score(right, table(a=[1.0, 50, 100, 25])).column(), [0.99, 0.5, 0, 0.75])


# -- 11: what a panel cannot do ---------------------------------------------------------------------------------------

YEARS = {"city": ["x", "y", "z"] * 2, "year": [2020] * 3 + [2021] * 3}
PANEL = {**YEARS, "a": [10.0, 20, 30, 12, 25, 36], "b": [1.0, 3, 2, 2, 5, 4]}


def panel_spec(**keys):
    children = [stepped("a", "goalposts", goalposts=[0, 50]), stepped("b", "minmax", direction="less")]
    return {**spec(*children), "unit": {"key": "city", "period": "year"}, **keys}


def test_11_a_panel_has_whatever_one_year_has():
    result = ci.score(panel_spec(), PANEL)
    assert sorted(result.ranks()[:3]) == sorted(result.ranks()[3:]) == [1, 2, 3]
    assert len(result.to_frame()) == len(result.scores) == 6
    assert result.contributions().values.shape == (6, 2)
    assert result.explain("x", period="2021") is not None
    look = ci.describe(result)
    assert look.columns().loc["a", "available"] == 6
    assert look.correlations().loc["a", "b"] == pytest.approx(np.corrcoef(PANEL["a"], [-x for x in PANEL["b"]])[0, 1])
    assert len(ci.uncertainty(panel_spec(), PANEL, ci.vary.weights(), draws=20).to_frame()) == 6
    without = ci.score(
        {**panel_spec(), "index": {"id": "score", "children": panel_spec()["index"]["children"][:1]}}, PANEL
    )
    np.testing.assert_allclose(without.column(), np.array(PANEL["a"]) / 50)


def test_11_a_panel_is_computed_again_from_its_calibration():
    pooled = ci.score(panel_spec(), PANEL)
    later = {name: values[3:] for name, values in PANEL.items()}
    again = ci.score(panel_spec(), later, calibration=pooled.calibration)
    np.testing.assert_array_equal(again.column(), pooled.column()[3:])
    based = ci.score(panel_spec(reference={"year": 2020}), PANEL)
    np.testing.assert_allclose(based.scores["b"], (3 - np.array(PANEL["b"])) / 2)


def test_11_an_imputed_panel_too():
    gappy = {**PANEL, "a": [10.0, 20, 30, None, 25, 36]}
    filled = ci.fill_panel(gappy, "a", unit="city", period="year", how="last")
    first, again = (ci.score(panel_spec(), filled.table).column() for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first[3] == pytest.approx((10 / 50 + (5 - 2) / 4) / 2)


# -- 12: one run that fails makes everything missing; choices are cut by the range of the sample ----------------------


def _alternatives(failing, draws=400):
    written = spec(stepped("a", "zscore"), stepped("b", "zscore"))
    choice = ci.vary.methods("score.aggregate", ["arithmetic", "geometric"])
    return ci.uncertainty(written, table(a=A, b=B), choice, draws=draws, seed=1, failing=failing)


def test_12_a_draw_that_fails_is_told_and_no_result_is_lost():
    refused(
        ["draw 0 cannot be scored", "unit 甲, a: geometric", "failing='count'"],
        _alternatives,
        "stop",
        error=ci.ScoreError,
    )
    found = _alternatives("count")
    assert f"{len(found.failed)} failed" in repr(found)
    assert found.draws == 400 - len(found.failed)
    assert all("geometric" in words for words in found.failed.values())
    assert np.isfinite(found.to_frame()["mean_rank"]).all()


def test_12_a_run_that_fails_leaves_the_shares_of_the_others():
    written = spec(stepped("a", "zscore"), stepped("b", "zscore"))
    choices = [ci.vary.methods("score.aggregate", ["arithmetic", "geometric"]), ci.vary.weights("simplex")]
    options = {"samples": 64, "seed": 1, "resamples": 20}
    refused(
        ["geometric", "unit 甲, a"], ci.sensitivity, written, table(a=A, b=B), choices, error=ci.ScoreError, **options
    )
    found = ci.sensitivity(written, table(a=A, b=B), choices, failing="count", output="score:丙", **options)
    assert np.isfinite(found.to_frame()[["first", "total"]].to_numpy()).all()


def test_12_alternatives_are_picked_equally_often():
    assert len(_alternatives("count", draws=2000).failed) / 2000 == pytest.approx(0.5, abs=0.04)


# -- 13: a step can stand once only -----------------------------------------------------------------------------------


def test_13_a_step_may_stand_twice_be_kept_and_be_varied():
    written = spec(stepped("a", "minmax", {"minmax": {"to": [1, 100]}}), stepped("b", "minmax"))
    got = ci.score(written, table(a=A, b=B))
    np.testing.assert_allclose(got.scores["a"], 1 + 99 * (np.array(A) - 1) / 7)
    one = ci.score(written, {"city": ["戊"], "a": [4.0], "b": [5.0]}, calibration=got.calibration)
    assert one.column()[0] == got.column()[2]
    choice = ci.vary.methods("a.steps[1]", [{"minmax": {"to": [1, 100]}}, {"minmax": {"to": [0, 1]}}])
    found = ci.uncertainty(written, table(a=A, b=B), choice, draws=40, seed=2)
    tops = {round(float(found.draw(number).scores[3]), 9) for number in range(40)}
    assert tops == {round((100 + 0.25) / 2, 9), round((1 + 0.25) / 2, 9)}


# -- 14: seeds, and a bootstrap of the numerator only -----------------------------------------------------------------


def test_14_the_same_seed_gives_the_same_answer_and_another_one_does_not():
    def run(seed):
        return ci.uncertainty(spec(*"abc"), table(a=A, b=B, c=C), ci.vary.weights("simplex"), draws=300, seed=seed)

    first, again, other = (run(seed).acceptability() for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_14_a_resample_takes_its_own_mean_and_variance():
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(2, 50, 2))
    mixed = np.stack([np.where(np.arange(2) == place, b, a) for place in range(2)])
    y = [x @ [2.0, 1.0] + 5 for x in (a, b, mixed)]
    weights = resamples(np.random.default_rng(0), 50, 3)
    found = sobol_shares(*y, weights=weights)
    for place, row in enumerate(np.rint(weights * 50).astype(int)):
        drawn = np.repeat(np.arange(50), row)
        own = sobol_shares(y[0][drawn], y[1][drawn], y[2][:, drawn])
        np.testing.assert_allclose(found.first[place], own.first, rtol=1e-9)
        np.testing.assert_allclose(found.variance[place], own.variance, rtol=1e-9)
    assert len(set(found.variance.tolist())) == 3


# -- 15: tests that compare nothing with nothing ----------------------------------------------------------------------


def test_15_names_that_are_not_in_the_data_are_errors():
    result = ci.score(panel_spec(), PANEL)
    refused(["no unit 'AT'", "'x', 'y', 'z'"], result.row, "AT", error=ci.NotFoundError)
    refused(
        ["no rows to learn from", "1999"], ci.score, panel_spec(reference={"year": 1999}), PANEL, error=ci.ScoreError
    )
    refused(["no column 'gdp'", "'a', 'b'"], ci.fill_panel, PANEL, "gdp", unit="city", period="year")


def test_15_the_reference_data_of_the_tests_hold_what_is_compared():
    raw = pd.read_csv(shared("asem", "01_raw_dset.csv")).set_index("uCode")
    assert raw.index.is_unique
    assert len(raw) == 51
    assert raw.select_dtypes("number").notna().any().all()
