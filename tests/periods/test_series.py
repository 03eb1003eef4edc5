"""Index numbers over time: to a fixed base, chained, and one period of a result."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.methods.series import chain, change, fixed_base, mean_change

UNITS, YEARS = list("甲乙丙丁"), [2019, 2020, 2021, 2022]


MINMAX = {"minmax": {"to": [500, 600]}}


def spec_of(*, steps=({"relative": "mean"},), **keys):
    children = [{"id": name, "weight": weight, "steps": list(steps)} for name, weight in (("a", 1), ("b", 3))]
    record = {
        "cityindex": 1,
        "id": "p",
        "unit": {"kind": "city", "key": "city", "period": "year"},
        "reference": {"year": 2019},
        "index": {"id": "score", "missing": "reweight", "children": children},
        **keys,
    }
    return ci.load_spec({key: value for key, value in record.items() if value is not None})


def panel(seed=0, units=UNITS, years=YEARS):
    generator = np.random.default_rng(seed)
    rows = [(unit, year, *generator.uniform(1, 9, 2)) for year in years for unit in units]
    return pd.DataFrame(rows, columns=["city", "year", "a", "b"])


# -- kernels ----------------------------------------------------------------------------------------------------------


SCORES = st.lists(st.lists(st.floats(1, 100), min_size=4, max_size=4), min_size=1, max_size=5).map(np.array)


@settings(deadline=None)
@given(SCORES, st.integers(0, 3), st.sampled_from(["ratio", "difference"]), st.floats(-10, 1000).filter(bool))
def test_links_of_one_scheme_give_the_fixed_base(x, base, how, value):
    links = np.column_stack([change(x[:, t], x[:, t + 1], how=how) for t in range(3)])
    fixed = fixed_base(x, base, how=how, base_value=value)
    np.testing.assert_allclose(chain(links, base, how=how, base_value=value), fixed, rtol=1e-12, atol=1e-10)
    np.testing.assert_array_equal(fixed[:, base], value)


@settings(deadline=None)
@given(SCORES, st.floats(0.1, 10))
def test_a_mean_that_all_units_share_changes_as_they_do(x, factor):
    weights = np.arange(1.0, len(x) + 1)
    assert mean_change(x[:, 0], x[:, 0] * factor, weights=weights) == pytest.approx(factor)
    assert mean_change(x[:, 0], x[:, 0] + factor, weights=weights, how="difference") == pytest.approx(factor)


def test_the_mean_rests_on_units_that_have_both():
    before, after = np.array([50.0, 10.0, np.nan, 70.0]), np.array([60.0, 12.0, 90.0, np.nan])
    assert mean_change(before, after) == pytest.approx(72 / 60)
    assert mean_change(before, after, weights=np.array([1.0, 5.0, 1.0, 1.0])) == pytest.approx(120 / 100)
    assert mean_change(before, after, weights=np.array([1.0, np.nan, 1.0, 1.0])) == pytest.approx(60 / 50)
    assert np.isnan(mean_change(before, after, weights=np.zeros(4)))


# -- one result -------------------------------------------------------------------------------------------------------


def test_a_fixed_base_by_hand():
    result = ci.score(spec_of(), panel())
    score = result.scores["score"].unstack("year")
    series = ci.base_index(result, "2020", base_value=1000)
    np.testing.assert_allclose(series.to_frame(), 1000 * score.div(score["2020"], axis=0).loc[UNITS])
    np.testing.assert_allclose(series.total, 1000 * score.mean() / score["2020"].mean())
    np.testing.assert_allclose(series.changes()["2021"], 100 * (score["2021"] / score["2020"]).loc[UNITS])
    points = ci.base_index(result, 2020, how="difference", base_value=0)
    np.testing.assert_allclose(points.to_frame(), score.sub(score["2020"], axis=0).loc[UNITS])
    assert (series.formula, points.periods) == ("1000 × score / score in 2020", ("2019", "2020", "2021", "2022"))


@settings(deadline=None)
@given(st.integers(0, 1000), st.sampled_from(YEARS), st.sampled_from(["ratio", "difference"]))
def test_a_chain_under_one_scheme_is_the_fixed_base_and_order_changes_nothing(seed, base, how):
    data = panel(seed).sample(frac=1, random_state=seed)
    result = ci.score(spec_of(), data)
    fixed, chained = (make(result, base, how=how) for make in (ci.base_index, ci.chain_index))
    np.testing.assert_allclose(chained.to_frame(), fixed.to_frame(), rtol=1e-12)
    np.testing.assert_allclose(chained.total, fixed.total, rtol=1e-12)
    sorted_ = ci.base_index(ci.score(spec_of(), panel(seed)), base, how=how)
    pd.testing.assert_frame_equal(fixed.to_frame().loc[UNITS], sorted_.to_frame().loc[UNITS])


def test_a_later_period_changes_no_earlier_score_where_the_reference_is_the_base_period():
    data = panel(3)
    some, all_ = (ci.score(spec_of(), part) for part in (data[data.year < 2022], data))
    np.testing.assert_array_equal(some.column(), all_.column()[: len(some)])
    early = ci.base_index(some, 2019).to_frame()
    pd.testing.assert_frame_equal(early, ci.base_index(all_, 2019).to_frame()[early.columns])


def test_units_that_come_and_go_are_told_and_leave_the_mean_alone():
    data = panel(1)
    data = data[~((data.city == "丙") & (data.year == 2020)) & ~((data.city == "丁") & (data.year == 2019))]
    data["people"] = data["city"].map({"甲": 3.0, "乙": 1.0, "丙": 5.0, "丁": 2.0})
    result = ci.score(spec_of(), data)
    series = ci.chain_index(result, weights="people")
    told = [str(note) for note in series.notes]
    assert "without a score in 2019, so without index numbers: 丁" in told
    assert "2019 → 2020: enter: 丁" in told
    assert "2019 → 2020: leave: 丙" in told
    frame, score = series.to_frame(), result.scores["score"].unstack("year")
    assert frame.loc["丁"].isna().all()
    assert frame.loc["丙"].isna().tolist() == [False, True, True, True]
    one = (3 * score.loc["甲", "2020"] + score.loc["乙", "2020"]) / (
        3 * score.loc["甲", "2019"] + score.loc["乙", "2019"]
    )
    assert series.total["2020"] == pytest.approx(100 * one)
    assert (series.links[0].units, series.links[0].entered, series.links[0].left) == (2, ("丁",), ("丙",))
    assert series.total.name == "mean by people"
    assert series.links_frame()["units"].tolist() == [2, 3, 4]
    assert "丙" in str(series)
    assert "note: 2019 → 2020: leave: 丙" in str(series)


def test_a_unit_without_a_weight_is_not_in_the_mean_and_told():
    data = panel(2).assign(people=[None, 2.0, 3.0, 4.0] * 4)
    series = ci.base_index(ci.score(spec_of(), data), weights="people")
    assert [str(note) for note in series.notes] == ["no people in 2019, so not in the mean: 甲"]
    score = ci.score(spec_of(), data).scores["score"].unstack("year").loc[["乙", "丙", "丁"]]
    expected = (score["2021"] @ [2.0, 3, 4]) / (score["2019"] @ [2.0, 3, 4])
    assert series.total["2021"] == pytest.approx(100 * expected)


@pytest.mark.parametrize("base", YEARS)
def test_a_fixed_base_weighs_by_the_base_period_alone_and_tells_whom_it_leaves_out(base):
    data = panel(2).assign(people=np.arange(1.0, 17))
    data.loc[(data.city == "乙") & (data.year == base), "people"] = np.nan
    result = ci.score(spec_of(), data)
    series = ci.base_index(result, base, weights="people")
    assert [str(note) for note in series.notes] == [f"no people in {base}, so not in the mean: 乙"]
    score, weight = (
        frame.set_index(["city", "year"])[name].unstack("year").drop("乙")
        for frame, name in ((result.to_frame().astype({"year": int}), "score"), (data, "people"))
    )
    means = (weight[base].to_numpy() @ score.loc[weight.index]) / weight[base].sum()
    np.testing.assert_allclose(series.total, 100 * means / means[base])
    np.testing.assert_allclose([link.total for link in series.links], means.to_numpy()[1:] / means.to_numpy()[:-1])


def test_a_mean_that_no_unit_is_left_for_is_told():
    data = panel(2).assign(people=[0.0, 0, 0, 0] * 2 + [1.0] * 8)
    series = ci.chain_index(ci.score(spec_of(), data), weights="people")
    assert "2019 → 2020: no unit has both scores and a weight, so the mean stops" in [str(n) for n in series.notes]
    assert series.total.isna().tolist() == [False, True, True, True]


def test_learning_within_the_period_is_told():
    result = ci.score(spec_of(steps=[{"minmax": {"to": [50, 100], "within": "year"}}], reference=None), panel())
    assert "each period is measured by its own scale" in str(ci.base_index(result).notes[0])
    plain = ci.base_index(ci.score(spec_of(), panel()))
    assert not [note for note in plain.notes if note.kind == "scheme"]


def test_periods_may_be_quarters_spans_or_put_in_order_by_hand():
    data = panel()
    for names in (
        ["2019Q4", "2020Q1", "2020Q2", "2020Q3"],
        ["2018/19", "2019/20", "2020/21", "2021/22"],
        ["2019年", "2020年", "2021年", "2022年"],
    ):
        named = data.assign(year=data["year"].map(dict(zip(YEARS, names, strict=True))))
        spec = spec_of(reference=None)
        series = ci.base_index(ci.score(spec, named.sample(frac=1, random_state=1)))
        assert series.periods == tuple(names)
    waves = data.assign(year=data["year"].map(dict(zip(YEARS, ["zero", "one", "two", "three"], strict=True))))
    result = ci.score(spec_of(reference=None), waves)
    with pytest.raises(ci.ScoreError, match=r"periods=\[…\] .--period. puts them in order"):
        ci.base_index(result)
    assert ci.base_index(result, "one", periods=["zero", "one", "three"]).periods == ("zero", "one", "three")


# -- several results --------------------------------------------------------------------------------------------------


def one_year(year, spec, data, **keys):
    return ci.score(spec, data[data.year == year], **keys)


def test_results_by_one_calibration_have_a_fixed_base_and_others_are_refused():
    data, spec = panel(5), spec_of()
    known = ci.calibrate(spec, data[data.year == 2019])
    results = [one_year(year, spec, data, calibration=known) for year in YEARS]
    whole = ci.base_index(ci.score(spec, data))
    pd.testing.assert_frame_equal(ci.base_index(results).to_frame(), whole.to_frame())
    pd.testing.assert_frame_equal(ci.base_index(results[::-1]).to_frame(), whole.to_frame())
    free = spec_of(reference=None)
    yearly = [one_year(year, free, data) for year in YEARS]
    with pytest.raises(ci.ScoreError, match=r"chain_index .--chain. measures each link under one"):
        ci.base_index(yearly)


def test_each_link_is_measured_by_the_scheme_of_the_later_period():
    """Every year is calibrated anew, and the weights change in 2021."""
    data, spec = panel(7), spec_of(steps=[MINMAX], reference=None)
    later = ci.replace(ci.replace(spec, "a", weight=2), "b", weight=1)
    specs = {2019: spec, 2020: spec, 2021: later, 2022: later}
    results = {year: one_year(year, specs[year], data) for year in YEARS}
    series = ci.chain_index(list(results.values()))
    values = pd.Series(100.0, index=UNITS)
    for before, after in itertools.pairwise(YEARS):
        known = results[after].calibration
        old = one_year(before, specs[after], data, calibration=known).column()
        values = values * results[after].column() / old
        np.testing.assert_allclose(series.to_frame()[str(after)], values, rtol=1e-12)
    beyond = [str(note) for note in series.notes if note.kind == "beyond"]
    assert beyond[0] == "link 2019 → 2020: numbers of 2019 lie beyond the scheme of 2020 in a, b"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 3), st.sampled_from(["ratio", "difference"]))
def test_a_chain_with_gaps_weights_and_yearly_schemes_is_that_of_a_calculator(seed, base, how):
    """Scales and weights change every year, units and their weights are missing here and there."""
    generator = np.random.default_rng(seed)
    data = panel(seed).assign(people=generator.uniform(1, 9, 16))
    data.loc[generator.random(16) < 0.1, "people"] = np.nan
    data = data[(generator.random(16) > 0.15) | (data.city == "甲")]
    scheme = {year: (10 + generator.integers(0, 9), generator.integers(1, 4)) for year in YEARS}
    results = []
    for year, (top, weight) in scheme.items():
        steps = [{"rescale": {"from": [0, int(top)], "to": [0, 100]}}]
        spec = ci.replace(spec_of(steps=steps, reference=None), "a", weight=int(weight))
        results.append(one_year(year, spec, data))
    series = ci.chain_index(results, YEARS[base], how=how, weights="people", base_value=50)

    rows = {(row.city, row.year): row for row in data.itertuples()}

    def score(unit, year, by):
        top, weight = scheme[by]
        row = rows.get((unit, year))
        return None if row is None else 100 * (weight * row.a + 3 * row.b) / (weight + 3) / top

    def link(units, start, end):
        pairs = [(score(unit, start, end), score(unit, end, end), weight) for unit, weight in units]
        pairs = [pair for pair in pairs if None not in pair and not np.isnan(pair[2])]
        if not pairs:
            return np.nan
        before, after = (sum(pair[at] * pair[2] for pair in pairs) / sum(pair[2] for pair in pairs) for at in (0, 1))
        return after / before if how == "ratio" else after - before

    def follow(units_at):
        found = {YEARS[base]: 50.0}
        for start, end in itertools.pairwise(YEARS[base:]):
            step = link(units_at(start), start, end)
            found[end] = found[start] * step if how == "ratio" else found[start] + step
        for start, end in reversed(list(itertools.pairwise(YEARS[: base + 1]))):
            step = link(units_at(start), start, end)
            found[start] = found[end] / step if how == "ratio" else found[end] - step
        return [found[year] for year in YEARS]

    for unit in series.units:
        there = (unit, YEARS[base]) in rows
        expected = follow(lambda _, own=unit: [(own, 1.0)]) if there else [np.nan] * 4
        np.testing.assert_allclose(series.to_frame().loc[unit], expected, rtol=1e-9)
    everyone = follow(lambda year: [(unit, rows[unit, year].people) for unit in UNITS if (unit, year) in rows])
    np.testing.assert_allclose(series.total, everyone, rtol=1e-9)


def test_a_score_that_the_later_scheme_alone_makes_zero_is_refused():
    """Of 2020 no score is 0; by the goalposts of 2021, which begin at 5, one is."""
    data = pd.DataFrame({"city": ["x", "y"] * 2, "year": [2020, 2020, 2021, 2021], "a": [5.0, 8.0, 6.0, 9.0]})

    def year(when, bottom):
        node = {"id": "a", "goalposts": [bottom, 10], "steps": [{"goalposts": {"to": [0, 100]}}]}
        spec = {
            "cityindex": 1,
            "id": "p",
            "unit": {"key": "city", "period": "year"},
            "index": {"id": "s", "children": [node]},
        }
        return ci.score(spec, data[data.year == when])

    years = [year(2020, 0), year(2021, 5)]
    with pytest.raises(ci.ScoreError, match=r"unit x \(2020\): 0, and a ratio needs a score above 0"):
        ci.chain_index(years)
    assert ci.chain_index(years, how="difference").to_frame()["2021"].tolist() == [120, 120]


def test_a_scheme_that_changes_nothing_in_the_data_makes_no_change():
    """The same numbers in both years: whatever the new weights, the link is 1."""
    same = pd.concat([panel(2, years=[2019]), panel(2, years=[2019]).assign(year=2020)])
    old, new = spec_of(reference=None), ci.replace(spec_of(reference=None), "a", weight=100)
    series = ci.chain_index([one_year(2019, old, same), one_year(2020, new, same)])
    np.testing.assert_allclose(series.to_frame(), 100, rtol=1e-12)


def test_a_table_that_overlaps_is_its_own_link():
    """2021 has a new indicator, which 2020 had not; the publisher gives 2020 with it in the table of 2021."""
    data = panel(9)
    children = ["a", "b", "c"]
    wide = ci.load_spec(
        {
            "cityindex": 1,
            "id": "p",
            "unit": {"key": "city", "period": "year"},
            "index": {
                "id": "score",
                "children": [{"id": name, "steps": [{"minmax": {"to": [1, 2]}}]} for name in children],
            },
        }
    )
    old = ci.score(spec_of(), data[data.year <= 2020])
    linked = ci.score(wide, data[data.year >= 2020].assign(c=lambda frame: np.arange(1.0, len(frame) + 1)))
    series = ci.chain_index([old, linked], 2020)
    score = linked.scores["score"].unstack("year")
    np.testing.assert_allclose(series.to_frame()["2021"], 100 * (score["2021"] / score["2020"]).loc[UNITS])
    alone = ci.score(wide, data[data.year >= 2021].assign(c=lambda frame: np.arange(1.0, len(frame) + 1)))
    with pytest.raises(ci.ScoreError, match="2020 → 2021: the data of 2020 cannot be scored") as caught:
        ci.chain_index([old, alone])
    assert "'c'" in str(caught.value)


def test_editions_are_chained_and_no_fixed_base():
    spec = spec_of(steps=[{"rescale": {"from": [0, 10], "to": [0, 100]}}], reference=None)
    spec = ci.replace(spec, editions={"2019": {"a": {"weight": 5}}, "2020": {"a": {"weight": 5}}})
    data = panel(4)
    result = ci.score(spec, data)
    with pytest.raises(ci.ScoreError, match="edition 2019"):
        ci.base_index(result)
    series = ci.chain_index(result, 2020)
    now = ci.score(ci.replace(spec, editions=None), data).scores["score"].unstack("year")
    np.testing.assert_allclose(series.to_frame()["2021"], 100 * (now["2021"] / now["2020"]).loc[UNITS])
    was = result.scores["score"].unstack("year")
    np.testing.assert_allclose(series.to_frame()["2019"], 100 * (was["2019"] / was["2020"]).loc[UNITS])
    assert [link.scheme for link in series.links] == ["p, edition 2020", "p", "p"]
    assert str(series.notes[0]) == "schemes: 2019 → 2020 by p, edition 2020; 2020 → 2022 by p"


def test_of_several_results_the_last_counts_for_a_fixed_base_and_that_is_told():
    data, spec = panel(5), spec_of()
    whole = ci.score(spec, data)
    revised = ci.score(spec, data[data.year != 2022].assign(b=data.b + data.year.eq(2021)))
    series = ci.base_index([whole, revised])
    assert str(series.notes[-1]) == "in several results, of which the last counts: 2019, 2020, 2021"
    score, later = (result.scores["score"].unstack("year").loc[UNITS] for result in (whole, revised))
    np.testing.assert_allclose(series.to_frame()["2021"], 100 * later["2021"] / later["2019"])
    np.testing.assert_allclose(series.to_frame()["2022"], 100 * score["2022"] / later["2019"])


def test_a_period_written_in_two_ways_is_refused():
    spec = ci.load_spec({"cityindex": 1, "id": "p", "unit": {"key": "city"}, "index": {"id": "s", "children": ["a"]}})
    one = ci.score(spec, {"city": ["x"], "a": [1.0]})
    with pytest.raises(ci.ScoreError, match="'2019' and '2019年' are one period"):
        ci.base_index({"2019": one, "2019年": one, "2020": one})
    assert ci.base_index({10: one, 9: one}).periods == ("9", "10")


def test_results_without_periods_are_named():
    spec = ci.load_spec(
        {
            "cityindex": 1,
            "id": "p",
            "unit": {"key": "city", "label": "name"},
            "index": {"id": "score", "children": ["a"]},
        }
    )
    results = {
        2024: ci.score(spec, {"city": ["1", "2"], "name": ["甲", "乙"], "a": [12.0, 30.0]}),
        2023: ci.score(spec, {"city": ["1", "2"], "name": ["甲", "乙"], "a": [10.0, 20.0]}),
    }
    series = ci.base_index(results)
    assert series.to_frame().to_dict("list") == {"2023": [100, 100], "2024": pytest.approx([120, 150])}
    assert series.labels == ("甲", "乙")


# -- what is refused --------------------------------------------------------------------------------------------------


def test_bad_input_is_told():
    result = ci.score(spec_of(), panel())
    zero = ci.score(
        spec_of(steps=[{"minmax": {"to": [0, 100]}}]), panel().assign(a=[1.0, 2, 3, 4] * 4, b=[1.0, 2, 3, 4] * 4)
    )
    holes = ci.replace(spec_of(steps=[], reference=None), "score", missing="propagate")
    named = ci.score(ci.replace(spec_of(reference=None), unit={"key": "city"}), panel(years=[2019]))
    for call, words in (
        (lambda: ci.base_index(result, 2018), ["no period '2018'", "Did you mean '2019'"]),
        (lambda: ci.base_index(result, node="scor"), ["no node 'scor'", "'score'"]),
        (lambda: ci.base_index(result, how="ratios"), ["'ratios'", "Did you mean 'ratio'"]),
        (lambda: ci.base_index(result, base_value="many"), ["base_value", "a number is wanted"]),
        (lambda: ci.base_index(result, base_value=float("nan")), ["base_value"]),
        (lambda: ci.base_index(result, weights="people"), ["the weights", "'people'"]),
        (lambda: ci.base_index(result, weights="city"), ["the weights 'city' cannot be read", "甲"]),
        (lambda: ci.base_index(result, of="shown"), ["'shown'", "'published' or 'carried'"]),
        (lambda: ci.base_index(result, periods=["2019"]), ["two periods or more", "2019"]),
        (lambda: ci.base_index(result, periods=["2019", "2012"]), ["'2012'"]),
        (lambda: ci.base_index([]), ["found nothing"]),
        (lambda: ci.base_index(3), ["found int"]),
        (lambda: ci.base_index({"2019": 3}), ["found int"]),
        (lambda: ci.base_index(named), ["no column of periods", "name them"]),
        (lambda: ci.base_index({"2018": result}), ["holds no such period"]),
        (lambda: ci.base_index(zero), ["unit 甲 (2019): 0, and a ratio needs a score above 0", "how='difference'"]),
        (lambda: ci.chain_index(zero), ["unit 甲 (2020): 0, and a ratio needs a score above 0"]),
        (
            lambda: ci.base_index(ci.score(spec_of(), panel().assign(p=-1.0)), weights="p"),
            ["甲 (2019), p", "0 or more"],
        ),
        (lambda: ci.base_index(result, periods=2019), ["periods: 2019", "a list"]),
        (lambda: ci.at_period(result, []), ["no period is named"]),
        (lambda: ci.at_period(panel(), 2018), ["a result is wanted, found DataFrame"]),
        (lambda: ci.base_index(ci.score(holes, panel().assign(a=np.nan)), 2020), ["no unit has a score in the base"]),
        (lambda: ci.chain_index(ci.score(holes, panel().assign(a=np.nan)), 2020), ["no unit has a score in the base"]),
        (lambda: ci.at_period(result, 2018), ["no row has year = 2018", "2019"]),
        (lambda: ci.at_period(named, 2018), ["no column of periods"]),
    ):
        with pytest.raises(ci.CityIndexError) as caught:
            call()
        assert all(word in str(caught.value) for word in words), caught.value
    assert ci.base_index(zero, how="difference").to_frame().loc["甲", "2020"] == 100


# -- one period of a result -------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_a_period_of_a_result_scores_as_it_does_in_the_whole(seed):
    data = panel(seed)
    for spec in (spec_of(), spec_of(reference=None), spec_of(steps=[{"minmax": {"within": "year"}}], reference=None)):
        spec = ci.replace(spec, "score", tiers={"quantiles": {"at": [0.5]}})
        result = ci.score(spec, data)
        for year in YEARS:
            part, rows = ci.at_period(result, year), np.flatnonzero(data.year == year)
            np.testing.assert_array_equal(part.column(), result.column()[rows])
            np.testing.assert_array_equal(part.ranks(), result.ranks()[rows])
            assert part.tiers() == tuple(np.array(result.tiers(), dtype=object)[rows])


def test_editions_are_kept_when_a_period_is_taken():
    spec = ci.replace(spec_of(reference=None), editions={"2019": {"a": {"weight": 5}}})
    result = ci.score(spec, panel())
    for year in (2019, 2020):
        rows = np.flatnonzero(panel().year == year)
        np.testing.assert_array_equal(ci.at_period(result, year).column(), result.column()[rows])
    two = ci.at_period(result, [2019, 2021])
    assert sorted(set(two.periods)) == ["2019", "2021"]


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_a_frozen_calibration_scores_its_own_period_as_it_was_scored(seed):
    data, spec = panel(seed), spec_of(reference=None)
    first = data[data.year == 2019]
    direct = ci.score(spec, first)
    np.testing.assert_array_equal(ci.score(spec, first, calibration=direct.calibration).column(), direct.column())
    later = ci.score(spec, data, calibration=direct.calibration)
    np.testing.assert_array_equal(later.column()[: len(first)], direct.column())
