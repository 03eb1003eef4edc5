"""What a review found about calibrations, wrong arguments and saved results: each of these failed before."""

from __future__ import annotations

import copy
import json

import numpy as np
import pandas as pd
import pytest
from test_review_core import FRAME, written

import cityindex as ci

# -- calibrations -----------------------------------------------------------------------------------------------------

LEARNING = written(
    {
        "id": "s",
        "publish": ["minmax"],
        "tiers": {"natural_breaks": 2, "labels": ["x", "y"]},
        "children": [
            {
                "id": "g",
                "missing": {"impute": {"use": "mean", "within": "region"}},
                "children": [
                    {"id": "a", "steps": [{"clip": {"low": "p5", "high": "p95"}}, "minmax"]},
                    {"id": "b", "steps": [{"winsorise": {"points": 2}}, "zscore"]},
                ],
            },
            {"id": "c", "steps": [{"percent_rank": {"within": "region"}}]},
        ],
    }
)
WRONG = ["x", None, [], {}, float("inf"), True, [[1.0]], [1.0, 2.0, 3.0]]


def _places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _places(item, (*path, key))


def _edited(record, path, value):
    record = copy.deepcopy(record)
    inner = record
    for key in path[:-1]:
        inner = inner[key]
    if value is KeyError:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return record


def test_a_calibration_that_was_edited_is_refused_or_taken_and_never_breaks():
    spec = ci.load_spec(LEARNING)
    record = json.loads(ci.calibrate(spec, FRAME).to_json())
    refused = 0
    for path in _places(record["nodes"]):
        for value in (*WRONG, KeyError):
            try:
                edited = ci.Calibration.from_dict(_edited(record, ("nodes", *path), value))
                ci.score(spec, FRAME, calibration=edited).to_frame()
            except ci.CityIndexError:
                refused += 1
    assert refused > 300


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("a", "steps", 0, "low"), "x", "a, steps.0. .clip.: low is 'x'; numbers are wanted"),
        (("a", "steps"), [None], "a list of 2 is wanted"),
        (("a", "steps"), [None, None], "holds nothing fit for the steps of a"),
        (("c", "steps", 0, "e"), KeyError, "c = |region = 'e' was not learned"),
        (("c", "steps", 0, "e", "counts"), [1.0], "holds nothing fit for the steps of c"),
        (("s", "tiers"), [1.0, 2.0], "2 cuts for 2 labels"),
        (("g", "missing", "a", "e"), KeyError, "do not have the same labels of region"),
    ],
)
def test_the_message_says_where_a_calibration_is_wrong(path, value, words):
    spec = ci.load_spec(LEARNING)
    record = _edited(json.loads(ci.calibrate(spec, FRAME).to_json()), ("nodes", *path), value)
    with pytest.raises(ci.CityIndexError, match=words):
        ci.score(spec, FRAME, calibration=ci.Calibration.from_dict(record))


@pytest.mark.parametrize(
    "change", [{"editions": [1]}, {"nodes": {"a": 5}}, {"nodes": {"a": {"tiers": [1e999]}}}, {"units": "4"}]
)
def test_a_record_of_the_wrong_shape_is_no_calibration(change):
    record = {**ci.calibrate(LEARNING, FRAME).to_dict(), **change}
    with pytest.raises(ci.CalibrationError):
        ci.Calibration.from_dict(record)


def test_nobody_can_change_a_calibration():
    result = ci.score(LEARNING, FRAME)
    for array in (result.calibration.nodes["c"]["steps"][0]["e"]["values"], result.calibration.nodes["s"]["tiers"]):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


# -- wrong arguments --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [5, [1], {"a": 1}, FRAME, True, object()])
def test_wrong_arguments_are_told(wrong, tmp_path):
    spec = written({"id": "s", "tiers": {"equal": 2}, "children": ["a", "b"]})
    result = ci.score(spec, FRAME)
    calls = [
        lambda: ci.score(spec, FRAME, calibration=wrong),
        lambda: ci.Calibration.load(wrong),
        lambda: ci.load_result(wrong),
        lambda: result.column(wrong),
        lambda: result.ranks(wrong),
        lambda: result.tiers(wrong),
        lambda: result.cuts(wrong),
        lambda: result.explain(wrong),
        lambda: result.contributions(wrong),
        lambda: result.gap(wrong, to=1),
        lambda: result.group_scores(wrong),
        lambda: result.group_scores("region", weights=wrong),
    ]
    if not isinstance(wrong, int) or isinstance(wrong, bool):
        calls.append(lambda: result.gap("a", to=wrong))
    if not isinstance(wrong, dict):  # whose keys are names
        calls.append(lambda: ci.score(spec, FRAME, given=wrong))
        calls.append(lambda: result.group_scores("region", node=wrong))
    for call in calls:
        with pytest.raises(ci.CityIndexError):
            call()


def test_words_that_are_none_are_told():
    result = ci.score(written({"id": "s", "children": ["a", "b"]}), FRAME)
    with pytest.raises(ci.NotFoundError, match="published"):
        result.column(of="raw")
    with pytest.raises(ci.NotFoundError, match="no tiers"):
        result.cuts()
    with pytest.raises(ci.NotFoundError, match="no node"):
        result.tiers("typo")


def test_a_key_that_is_a_number_finds_its_unit():
    result = ci.score(written({"id": "s", "children": ["a", "b"]}), FRAME.assign(city=[1, 2, 3, 4]))
    assert result.explain(3).score == 2.5


# -- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"a": [True, False, True, True]},
        {"a": pd.array([1, None, 3, 4], dtype="Int64")},
        {"a": pd.array([1.5, None, 3, 4], dtype="Float64")},
        {"a": pd.array([True, None, False, True], dtype="boolean")},
        {"idle": [np.inf, 1.0, 2.0, 3.0]},
    ],
)
def test_every_kind_of_column_can_be_saved(tmp_path, change):
    spec = written({"id": "s", "missing": "propagate", "children": ["a", "b"]})
    result = ci.score(spec, FRAME.assign(**change))
    again = ci.load_result(ci.save_result(result, tmp_path / "result.json"))
    pd.testing.assert_frame_equal(again.to_frame(), result.to_frame())


def test_a_saved_result_keeps_the_key_it_was_read_by(tmp_path):
    spec = written({"id": "s", "children": ["a", "b"]})
    del spec["unit"]
    table = ci.read_table(FRAME[["region", "city", "a", "b"]], key="city")
    result = ci.score(spec, table)
    again = ci.load_result(ci.save_result(result, tmp_path / "result.json"))
    assert again.units == result.units == tuple("abcd")
