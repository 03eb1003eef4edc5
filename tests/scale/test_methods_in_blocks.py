"""Each method that can learn from blocks learns what it learns in memory: steps, weightings, imputation, tiers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scale_support import assert_same_calibration, both, write

import cityindex as ci
from cityindex._registry import STEPS, WEIGHTINGS
from cityindex.scale.needs import STEP_NEEDS, WEIGHT_NEEDS

ROWS = 211


def frame(seed=0, gaps=True):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"unit": [f"U{row}" for row in range(ROWS)]})
    table["region"] = rng.choice(["east", "west", "2.0"], ROWS)
    table["year"] = rng.choice([2010, 2020], ROWS)
    table["people"] = rng.uniform(1, 9, ROWS)
    for name in "abcd":
        table[name] = rng.lognormal(1, 0.8, ROWS)
        table.loc[rng.random(ROWS) < 0.1, name] = np.nan if gaps else 3.0
    table["a"] = table["a"].round(1)
    table["z"] = rng.normal(0, 50, ROWS)
    return table


def index(steps, columns="abc", **more):
    children = [{"id": name, "steps": steps} for name in columns]
    node = {"id": "score", "missing": {"impute": "median"}, "children": children}
    return {"cityindex": 1, "id": "toy", "unit": {"kind": "unit", "key": "unit"}, "index": node, **more}


STEPS_TRIED = [
    "minmax",
    "zscore",
    {"zscore": {"sd": "population", "centre": 100, "scale": 10}},
    {"rescale": {"from": ["min", "max"], "to": [1, 10]}},
    {"rescale": {"from": [0, "p97.5"], "to": [0, 1]}},
    {"rescale": {"from": ["median", "mean"], "to": [0, 1]}},
    {"rescale": {"from": [0, 10], "to": [0, 1]}},
    {"efficacy": {"from": ["p10", "p90"]}},
    {"piecewise": {"at": ["min", "p25", "median", "max"], "to": [0, 20, 60, 100]}},
    {"percentile_bands": {"cuts": ["p20", "p80"], "points": [1, 2, 3]}},
    {"impute": "mean"},
    {"impute": "p5"},
    {"impute": 7},
    {"interval": {"best": [2, 3]}},
    {"interval": {"best": [2, 3], "outer": ["min", "p99"]}},
    {"logistic": {"midpoint": "median", "steepness": 2, "per": "sd"}},
    {"gaussian": {"best": "mean", "width": 2}},
    "percent_rank",
    {"percent_rank": {"ties": "average", "formula": "midpoint"}},
    "rank",
    {"log_shift": {"share": 0.05}},
    "log_gii",
    {"boxcox": 0.5},
    {"yeo_johnson": {"lambda": 1.5}},
    "robust",
    {"robust": {"spread": "iqr"}},
    "share",
    {"share": {"inverse": True, "total": 100}},
    "vector",
    {"relative": {"base": "median"}},
    {"clip": ["p5", "p95"]},
    {"clip": {"low": "min", "high": 9}},
    {"winsorise": {"quantiles": [0.05, 0.9]}},
    {"fences": 1.5},
]


@pytest.mark.parametrize("step", STEPS_TRIED, ids=str)
def test_a_step_learns_the_same(step, tmp_path):
    path = write(frame(), tmp_path / "data.parquet", 50)
    both(index([step, {"clip": {"low": -1e9, "high": "p90"}}]), path, tmp_path / "out.parquet", block_rows=17)


@pytest.mark.parametrize("step", STEPS_TRIED, ids=str)
def test_a_step_learns_the_same_by_label_divided_and_of_a_reference(step, tmp_path):
    name = step if isinstance(step, str) else next(iter(step))
    options = {} if isinstance(step, str) else next(iter(step.values()))
    if not isinstance(options, dict):
        given = options if isinstance(options, list) else [options]
        options = dict(zip(STEPS[name].obvious, given, strict=False))
    spec = index([{name: {**options, "within": "region"}}], reference={"year": 2010})
    spec["index"]["children"][0] |= {"per": "people", "where": {"region": ["east", 2]}}
    path = write(frame(1), tmp_path / "data.parquet", 50)
    try:
        ci.score(spec, path)
    except ci.ScoreError:
        with pytest.raises(ci.ScoreError):
            ci.score_dataset(spec, path, tmp_path / "out.parquet", block_rows=23, progress=False)
        return
    both(spec, path, tmp_path / "out.parquet", block_rows=23)


def test_every_step_that_learns_is_tried_or_refused():
    tried = {step if isinstance(step, str) else next(iter(step)) for step in STEPS_TRIED}
    learning = {name for name, method in STEPS.items() if method.learn is not None}
    assert learning == set(STEP_NEEDS)
    assert learning - tried == {"treat"}


WEIGHTS_TRIED = [
    "equal",
    {"ahp": {"judgements": [[1, 2, 3], [1 / 2, 1, 2], [1 / 3, 1 / 2, 1]]}},
    "standard_deviation",
    {"standard_deviation": {"scale": "none", "sd": "population"}},
    "coefficient_of_variation",
    "entropy",
    "critic",
    {"critic": {"scale": "none", "absolute": True}},
    "independence",
    "principal_components",
    {"principal_components": {"of": "retained", "components": 2, "rotation": "varimax", "signs": "absolute"}},
    {"factor_analysis": {"factors": 1, "communalities": "squared_multiple", "signs": "absolute"}},
]


@pytest.mark.parametrize("weights", WEIGHTS_TRIED, ids=str)
@pytest.mark.parametrize("within", [False, True], ids=["all", "by label"])
def test_a_weighting_learns_the_same(weights, within, tmp_path):
    name = weights if isinstance(weights, str) else next(iter(weights))
    if within and not WEIGHTINGS[name].from_data:
        pytest.skip("from judgements: not learned by label")
    call = {name: ({} if isinstance(weights, str) else weights[name]) | ({"within": "year"} if within else {})}
    table = frame(2, gaps=False)
    table["b"] = table["a"] * 0.6 + table["b"]
    table["c"] = table["a"] * 0.3 + table["b"] * 0.2 + table["c"]
    spec = index(["minmax"])
    spec["index"] |= {"weights": call, "publish": ["minmax", {"round": 6}]}
    path = write(table, tmp_path / "data.parquet", 60)
    both(spec, path, tmp_path / "out.parquet", block_rows=31)


@pytest.mark.parametrize("call", [{"critic": {"on": "raw"}}, {"entropy": {"on": "raw", "less": "as_is"}}], ids=str)
def test_a_weighting_of_raw_columns_learns_the_same(call, tmp_path):
    spec = index(["minmax"])
    spec["index"]["children"][0]["direction"] = "less"
    spec["index"]["weights"] = call
    both(spec, write(frame(3, gaps=False), tmp_path / "data.parquet", 60), tmp_path / "out.parquet", block_rows=31)


def test_every_weighting_is_tried_or_refused():
    tried = {each if isinstance(each, str) else next(iter(each)) for each in WEIGHTS_TRIED}
    assert set(WEIGHT_NEEDS) - tried == {"given", "budget_allocation", "fuzzy_ahp", "best_worst", "combined"}
    assert set(WEIGHTINGS) - set(WEIGHT_NEEDS) == {"balanced", "benefit_of_the_doubt", "merec", "cilos", "idocriw"}


@pytest.mark.parametrize(
    "rule",
    [
        "propagate",
        {"reweight": {"at_least": 2, "covered": "60%"}},
        {"impute": {"use": "mean", "within": "region", "at_least": 2}},
        {"impute": {"use": "siblings"}},
        {"impute": {"use": "p75"}},
        {"impute": 3},
    ],
    ids=str,
)
def test_missing_children_are_settled_the_same(rule, tmp_path):
    spec = index([])
    spec["index"] |= {"missing": rule, "steps": ["zscore"], "rank": {"of": "carried", "ties": "average"}}
    path = write(frame(4), tmp_path / "data.parquet", 60)
    scored, result = both(spec, path, tmp_path / "out.parquet", block_rows=31)
    wanted = sorted(str(note) for note in result.notes if note.kind == "missing")
    assert sorted(str(note) for note in scored.notes if note.kind == "missing") == wanted


@pytest.mark.parametrize(
    "tiers",
    [{"equal": 5}, {"quantiles": ["10%", "40%"]}, {"natural_breaks": {"count": 4}}, {"cuts": [0.6, 0.3]}, "sd_bands"],
    ids=str,
)
@pytest.mark.parametrize("first", ["highest", "lowest"])
def test_tiers_are_the_same(tiers, first, tmp_path):
    if first == "lowest" and isinstance(tiers, dict) and "cuts" in tiers:
        tiers = {"cuts": [0.3, 0.6]}
    spec = index(["minmax"], reference={"year": 2010})
    spec["index"] |= {"tiers": tiers, "rank": {"of": "carried", "first": first}, "publish": [{"round": 1}]}
    path = write(frame(5), tmp_path / "data.parquet", 60)
    _, result = both(spec, path, tmp_path / "out.parquet", block_rows=31)
    learned = ci.calibrate_dataset(spec, path, block_rows=13, progress=False)
    assert_same_calibration(learned.to_dict(), result.calibration.to_dict())


def test_a_tree_of_learned_stages_takes_as_many_passes_as_it_is_deep(tmp_path):
    spec = index([{"clip": ["p5", "p95"]}, "minmax"])
    spec["index"] |= {"steps": ["zscore"], "publish": ["percent_rank"]}
    deep = {"id": "top", "children": [spec["index"], {"id": "z", "steps": ["minmax"]}], "weights": "standard_deviation"}
    spec["index"] = deep
    path = write(frame(6), tmp_path / "data.parquet", 60)
    scored, _ = both(spec, path, tmp_path / "out.parquet", block_rows=31)
    # quantiles: ends and counts, then the numbers between; minmax; the median to impute (2); zscore; weights and
    # percent_rank together; and one pass to score
    assert scored.passes == 2 + 1 + 2 + 1 + 1 + 1
    flat = index(["minmax"])
    flat["index"]["missing"] = "reweight"
    assert both(flat, path, tmp_path / "flat.parquet", block_rows=31)[0].passes == 2


def test_numbers_do_not_depend_on_the_blocks_where_order_does_not_matter(tmp_path):
    spec = index([{"clip": ["p5", "p95"]}, "minmax"], tiers=None) | {}
    spec.pop("tiers")
    path = write(frame(7), tmp_path / "data.parquet", 60)
    both(spec, path, tmp_path / "out.parquet", exact=True, block_rows=7)
    both(spec, path, tmp_path / "again.parquet", exact=True)
    assert (tmp_path / "out.parquet").stat().st_size > 0
