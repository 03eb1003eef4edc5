"""Conventions: planted ones are found, those of published indices too; and it is said that none is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared

import cityindex as ci
from cityindex._values import thaw
from cityindex.auditing.conventions import conventions
from cityindex.auditing.spelt import change_calls, every_node, spelt_out
from cityindex.auditing.variants import CONVENTIONS
from cityindex.errors import NotFoundError, TableError, UnpublishedError
from cityindex.spec import diff, fingerprint, load_spec

GENERATOR = np.random.default_rng(11)
DATA = pd.DataFrame(
    {
        "city": [f"市{row}" for row in range(24)],
        "year": [2020] * 12 + [2021] * 12,
        "x": GENERATOR.integers(1, 9, 24).astype(float),
        "y": np.round(GENERATOR.lognormal(3, 1, 24), 2),
        "z": GENERATOR.integers(0, 5, 24).astype(float),
    }
)


def spec_of(steps=("zscore",), children=None, unit=None, **index):
    children = children or [{"id": "x", "weight": 0.5}, {"id": "g", "weight": 0.4, "children": ["y", "z"]}]
    return load_spec(
        {
            "cityindex": 1,
            "id": "made-up",
            "unit": unit or {"kind": "city", "key": "city"},
            "defaults": {"indicator": {"steps": list(steps)}},
            "index": {"id": "score", "children": children, **index},
        }
    )


def published(spec, decimals=3, *, ranks=True, data=DATA):
    """What a publisher who follows this spec prints."""
    result = ci.score(spec, data)
    frame = pd.DataFrame({"city": data["city"], "score": [f"{value:.{decimals}f}" for value in result.column()]})
    return frame.assign(rank=result.ranks()) if ranks else frame


def found(written, truth, **options):
    result = conventions(written, DATA, published(truth), **options)
    return [trial.changes for trial in result.found]


# -- planted ----------------------------------------------------------------------------------------------------------


def test_nothing_is_tried_where_it_reproduces():
    result = conventions(spec_of(), DATA, published(spec_of()))
    assert result.written.closes
    assert (result.trials, result.found, result.best) == ((), (), ())
    assert str(result).endswith("as written: every row is as published")


def test_sample_or_population_deviation():
    truth = spec_of([{"zscore": {"sd": "population"}}])
    assert found(spec_of(), truth) == [("zscore of indicators: sd: population",)]
    assert found(truth, spec_of()) == [("zscore of indicators: sd: sample",)]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"ties": "max"}, "ties: max"),
        ({"formula": "exclusive"}, "formula: exclusive"),
        ({"ties": "average", "formula": "midpoint"}, "formula: midpoint, ties: average"),
    ],
)
def test_percent_ranks(said, words):
    truth = spec_of([{"percent_rank": said}])
    assert (f"percent_rank of indicators: {words}",) in found(spec_of(["percent_rank"]), truth)


def test_rounding_before_the_next_step():
    assert ("indicators rounded to 2 decimals",) in found(spec_of(), spec_of(["zscore", {"round": 2}]))
    children = [{"id": "x", "weight": 0.5}, {"id": "g", "weight": 0.4, "children": ["y", "z"], "steps": [{"round": 2}]}]
    assert ("groups rounded to 2 decimals",) in found(spec_of(), spec_of(children=children))
    assert ("indicators not rounded",) in found(spec_of(["zscore", {"round": 2}]), spec_of())


@pytest.mark.parametrize("how", ["down", "half even"])
def test_rounding_for_print(how):
    steps = [{"minmax": {"to": [0, 4]}}, {"round": 0}]
    children = [{"id": "x", "weight": 1}, {"id": "z", "weight": 1}]
    truth = spec_of(steps, children, publish=[{"round": {"digits": 0, "how": how}}])
    written = spec_of(steps, children, publish=[{"round": 0}])
    result = conventions(written, DATA, published(truth, decimals=0))
    assert any(how in changes for trial in result.found for changes in trial.changes)


def test_pooled_or_per_period():
    unit = {"kind": "city", "key": "city", "period": "year"}
    truth = spec_of([{"zscore": {"within": "year"}}], unit=unit)
    assert found(spec_of(unit=unit), truth) == [("learned within each year",)]
    assert found(truth, spec_of(unit=unit)) == [("learned from all rows together",)]


def test_weights_as_they_stand():
    assert ("weights of score as they stand (sum)",) in found(spec_of(), spec_of(aggregate="sum"))
    assert ("weights of score divided by their sum (arithmetic)",) in found(spec_of(aggregate="sum"), spec_of())


def test_what_is_ranked_and_how():
    truth = spec_of(rank={"of": "published", "ties": "max"}, publish=[{"round": 0}])
    written = spec_of(rank={"of": "carried"}, publish=[{"round": 0}])
    result = conventions(written, DATA, published(truth, decimals=0))
    assert [trial.changes for trial in result.found] == [("rank of: published, ties: max",)]


def test_goalposts_or_the_extremes_of_the_table():
    children = [{"id": "x", "goalposts": [0, 9]}, {"id": "z", "goalposts": [5, 0]}]
    written = spec_of(["goalposts"], children)
    truth = spec_of(["minmax"], [{"id": "x"}, {"id": "z", "direction": "less"}])
    assert ("lowest and highest number instead of goalposts",) in found(written, truth)


def test_goalposts_that_hold_or_let_pass():
    children = [{"id": "x", "goalposts": [2, 5]}]
    truth = spec_of([{"goalposts": {"beyond": "allow"}}], children)
    assert ("goalposts of indicators: beyond: allow",) in found(spec_of(["goalposts"], children), truth)


def test_shift_constants():
    truth = spec_of([{"log": {"plus": 1}}])
    written = spec_of([{"log": {"plus": 0.5}}])
    assert ("log: plus 1",) in found(written, truth)


def test_what_becomes_of_missing_children():
    data = DATA.copy()
    data.loc[3, "x"] = np.nan
    truth, written = spec_of(missing="reweight"), spec_of()
    result = conventions(written, data, published(truth, data=data))
    assert result.written.misses is None
    assert "refuses missing children" in result.written.refused
    assert ("a missing child: the others share its weight (reweight)",) in [trial.changes for trial in result.found]


def test_two_changes_together():
    truth = spec_of([{"zscore": {"sd": "population"}}, {"round": 1}], aggregate="sum")
    written = spec_of([{"zscore": {"sd": "population"}}])
    result = conventions(written, DATA, published(truth), trials=2000)
    changes = [set(trial.changes) for trial in result.found]
    assert {"indicators rounded to 1 decimals", "weights of score as they stand (sum)"} in changes
    assert {len(each) for each in changes} == {2}


def test_that_none_is_found_is_said():
    other = published(spec_of()).assign(score=[f"{value:.3f}" for value in GENERATOR.normal(0, 1, 24)])
    result = conventions(spec_of(), DATA, other, most=1)
    assert result.found == ()
    assert result.complete
    assert "none" in str(result)


def test_the_search_is_capped_and_says_so():
    other = published(spec_of()).assign(score=[f"{value:.3f}" for value in GENERATOR.normal(0, 1, 24)])
    result = conventions(spec_of(), DATA, other, trials=25)
    assert len(result.trials) == 25
    assert not result.complete
    assert "there are more" in str(result)


def test_one_wrong_cell_is_no_convention():
    printed = published(spec_of())
    printed.loc[5, "score"] = "9.999"
    result = conventions(spec_of(), DATA, printed, trials=60)
    assert result.written.misses.rows == 1
    assert result.found == ()


def test_tolerance_and_decimals():
    printed = published(spec_of(), decimals=6, ranks=False).assign(score=lambda frame: frame["score"].astype(float))
    assert conventions(spec_of(), DATA, printed).written.closes
    assert conventions(spec_of(), DATA, printed.assign(score=printed["score"] + 0.01), tolerance=0.02).written.closes
    assert conventions(spec_of(), DATA, printed.assign(score=printed["score"].round(1)), decimals=1).written.closes


def test_other_nodes_are_compared_too():
    truth = spec_of([{"zscore": {"sd": "population"}}])
    frame = published(truth, ranks=False).assign(g=[f"{value:.4f}" for value in ci.score(truth, DATA).column("g")])
    whole = conventions(spec_of(), DATA, frame)
    assert set(whole.written.misses.cells) == {"scores of score", "scores of g"}
    assert [trial.changes for trial in whole.found] == [("zscore of indicators: sd: population",)]
    one = conventions(spec_of(), DATA, frame.drop(columns="score"), node="g")
    assert one.node == "g"
    assert ("zscore of indicators: sd: population",) in [trial.changes for trial in one.found]


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_single_convention_is_found_again(data):
    """What one variant gives is reproduced by one change of the spec as it was."""
    written = spec_of([{"log": {"plus": 1}}, "zscore"], publish=[{"round": 3}])
    known = [variant for each in CONVENTIONS.values() for variant in each.variants(written, "score", 3)]
    variant = data.draw(st.sampled_from(known))
    changed = spelt_out(written)
    if not variant.change(changed):
        return
    try:
        printed = published(load_spec(changed))
    except ci.CityIndexError:  # such as a logarithm of 0
        return
    result = conventions(written, DATA, printed)
    assert result.written.closes or {len(trial.changes) for trial in result.found} == {1}


# -- published indices ------------------------------------------------------------------------------------------------


def read(name, **names):
    spec = ci.load_spec(shared("indices", name, "sketch.yaml"))
    expected = pd.read_csv(shared("indices", name, "expected.csv"), dtype=str).rename(columns=names)
    return spec, ci.read_table(shared("indices", name, "inputs.csv")), expected


def test_human_development_ranks_the_rounded_value():
    spec, table, expected = read("undp_hdi_2021")
    result = conventions(ci.replace(spec, "hdi", rank={"of": "carried"}), table, expected)
    assert result.written.misses.cells["ranks of hdi"] == 29
    assert [trial.changes for trial in result.found] == [("rank of: published",)]


def test_social_vulnerability_rounds_before_it_adds():
    spec, table, expected = read("cdc_svi_2018_county", RPL_THEMES="svi")
    defaults = thaw(spec.data)["defaults"]
    bare = ci.replace(spec, defaults={**defaults, "indicator": {"steps": ["percent_rank"]}})
    result = conventions(bare, table, expected[["FIPS", "svi"]], among=["rounding"], most=1)
    assert result.written.misses.rows > 100
    assert [trial.changes for trial in result.found] == [("indicators rounded to 4 decimals",)]


def test_english_deprivation_does_not_divide_by_99_9():
    spec, table, expected = read("england_imd_2025", IMD_score="imd")
    divided = ci.replace(spec, "imd", aggregate="arithmetic")
    result = conventions(divided, table, expected[["lsoa21_code", "imd"]], among=["totals", "rounding"], most=1)
    assert result.written.misses.rows > 33_000
    assert result.found == ()
    assert result.best[0].changes == ("weights of imd as they stand (sum)",)
    assert result.best[0].misses.rows == 2


# -- bad input, and the parts -----------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_refused():
    printed = published(spec_of())
    with pytest.raises(NotFoundError, match=r"no convention 'roundin'. Did you mean 'rounding'"):
        conventions(spec_of(), DATA, printed, among=["roundin"])
    with pytest.raises(NotFoundError, match="no node 'scor'"):
        conventions(spec_of(), DATA, printed, node="scor")
    with pytest.raises(TableError, match="needs a column 'score'"):
        conventions(spec_of(), DATA, printed[["city"]])
    with pytest.raises(NotFoundError, match="no column that names the units"):
        conventions(spec_of(), DATA, printed[["score"]])
    with pytest.raises(TableError, match="cannot be read"):
        conventions(spec_of(), DATA, printed.assign(score="about 3"))
    with pytest.raises(UnpublishedError):
        conventions(spec_of(children=["x", "y"], weights="unpublished"), DATA, printed)


@pytest.mark.parametrize(
    "options", [{"most": 0}, {"trials": True}, {"tolerance": -1}, {"tolerance": "x"}, {"decimals": 1.5}]
)
def test_options_that_are_none(options):
    with pytest.raises(TableError, match="is wanted"):
        conventions(spec_of(), DATA, published(spec_of()), **options)


def test_units_that_the_table_lacks_differ():
    printed = published(spec_of())
    printed.loc[0, "city"] = "别处"
    result = conventions(spec_of(), DATA, printed, trials=5)
    assert result.written.misses.rows == 1
    assert result.written.misses.largest < 0.001


def test_a_frame_has_every_trial():
    frame = conventions(spec_of(), DATA, published(spec_of(aggregate="sum")), most=1).to_frame()
    assert frame.loc[0, "changes"] == ""
    assert (frame["rows"].dropna() == 0).sum() >= 1


def test_spelt_out_data_is_the_same_spec():
    spec, _, _ = read("calenviroscreen_2_0")
    again = load_spec(spelt_out(spec))
    assert fingerprint(again) == fingerprint(spec)
    assert diff(spec, again) == ()


LEARNED = {
    "cityindex": 1,
    "id": "learned",
    "unit": {"kind": "city", "key": "city", "period": "year"},
    "defaults": {"indicator": {"steps": [{"minmax": {"to": [1, 100]}}]}, "group": {"weights": "critic"}},
    "index": {
        "id": "score",
        "weights": {"entropy": {"scale": "minmax"}},
        "children": [
            {"id": "g", "children": ["x", "y", {"id": "w", "column": "z"}]},
            {"id": "h", "children": [{"id": "z", "weight": 2}, {"id": "u", "column": "x", "weight": 1}]},
        ],
    },
}


def test_weights_of_the_defaults_are_spelt_out_where_they_hold():
    spec = load_spec(LEARNED)
    data = spelt_out(spec)
    assert data["defaults"] == {"group": {"weights": "critic"}}
    assert [node.get("weights") for node in every_node(data) if "children" in node] == [
        {"entropy": {"scale": "minmax"}},
        "critic",
        None,
    ]
    assert fingerprint(load_spec(data)) == fingerprint(spec)


def test_they_still_give_way_in_an_edition_that_has_weights():
    given = {name: {"weight": 1} for name in ("x", "y", "w")}
    spec = load_spec({**LEARNED, "editions": {"2021": given}})
    data = spelt_out(spec)
    assert [node.get("weights") for node in every_node(data) if node["id"] == "g"] == [None]
    assert fingerprint(load_spec(data)) == fingerprint(spec)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"critic": {"on": "raw"}}, "critic weights learned from raw columns"),
        ({"critic": {"correlation": "spearman"}}, "critic of groups: correlation: spearman"),
    ],
)
def test_how_the_weights_of_the_defaults_were_learned(weights, words):
    steps = [{"power": 2}, {"minmax": {"to": [1, 100]}}]
    written = {**LEARNED, "defaults": {**LEARNED["defaults"], "indicator": {"steps": steps}}}
    truth = {**written, "defaults": {**written["defaults"], "group": {"weights": weights}}}
    assert (words,) in found(load_spec(written), load_spec(truth), among=["columns", "words"], most=1)


def test_changes_fall_where_they_are_meant():
    data = spelt_out(spec_of())
    assert change_calls(data, "steps", lambda calls: [], only="y")
    assert [node.get("steps") for node in every_node(data)] == [None, ["zscore"], None, [], ["zscore"]]
    assert not change_calls(data, "steps", lambda calls: calls)


def test_a_convention_of_ones_own(monkeypatch):
    from cityindex.auditing.variants import Convention, Variant

    def halves(spec, node, decimals):
        def change(data):
            next(each for each in every_node(data) if each["id"] == "x")["weight"] = 1.0
            return True

        yield Variant("x", "x counts twice", change)

    monkeypatch.setitem(CONVENTIONS, "twice", Convention("twice", "x counts twice", halves))
    children = [{"id": "x", "weight": 1.0}, {"id": "g", "weight": 0.4, "children": ["y", "z"]}]
    assert ("x counts twice",) in found(spec_of(), spec_of(children=children))
