"""Laws that every index keeps, whatever its tree and its data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci

VALUES = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def cases(draw, missing=False):
    """(spec, frame): an uneven tree over distinct numbers, with directions and weights."""
    units = draw(st.integers(3, 12))
    count = draw(st.integers(2, 7))
    names = [f"x{j}" for j in range(count)]
    columns = {}
    for name in names:
        values = draw(st.lists(VALUES, min_size=units, max_size=units, unique=True))
        columns[name] = np.array(values)
    leaves = [
        {"id": name, "weight": draw(st.integers(1, 9)), "direction": draw(st.sampled_from(["more", "less"]))}
        for name in names
    ]
    cut = draw(st.integers(0, count - 1))
    children = [*leaves[:cut], {"id": "inner", "weight": draw(st.integers(1, 9)), "children": leaves[cut:]}]
    step = draw(st.sampled_from(["minmax", "zscore", "percent_rank"]))
    aggregate = draw(st.sampled_from(["arithmetic", "minimum", "maximum"])) if step != "zscore" else "arithmetic"
    if aggregate != "arithmetic":
        for node in [*leaves, *children]:
            node.pop("weight", None)
    spec = {
        "cityindex": 1, "id": "law", "unit": {"kind": "city", "key": "city"},
        "defaults": {"indicator": {"steps": [step]}, "group": {"aggregate": aggregate}},
        "index": {"id": "score", "children": children},
    }  # fmt: skip
    frame = pd.DataFrame({"city": [f"市{i}" for i in range(units)], **columns})
    return spec, frame, step


def carried(result):
    return result.column(of="carried")


@given(cases())
def test_scores_stay_within_bounds(case):
    spec, frame, step = case
    if step != "zscore":
        score = carried(ci.score(spec, frame))
        assert (score >= 0).all()
        assert (score <= 1).all()


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(case, random):
    spec, frame, step = case
    order = list(range(len(frame)))
    random.shuffle(order)
    whole, mixed = ci.score(spec, frame), ci.score(spec, frame.iloc[order])
    tolerance = 1e-9 if step == "zscore" else 0  # a mean over another order differs by dust
    np.testing.assert_allclose(carried(mixed), carried(whole)[order], rtol=tolerance, atol=tolerance)


@given(cases(), st.floats(0.001, 1000), st.floats(-1000, 1000))
def test_affine_changes_of_a_scale_do_not_matter(case, factor, shift):
    spec, frame, _ = case
    changed = frame.assign(x0=np.round(frame["x0"] * factor, 9) + round(shift, 3))
    if changed["x0"].nunique() < len(frame):
        return
    span = np.ptp(frame["x0"])
    if np.diff(np.sort(frame["x0"])).min() < 1e-5 * max(span, 1.0):
        return  # rounding could reorder what stands so near
    np.testing.assert_allclose(carried(ci.score(spec, changed)), carried(ci.score(spec, frame)), atol=1e-4)


@given(cases(), st.data())
def test_monotone_in_each_indicator_by_its_direction(case, data):
    spec, frame, _ = case
    learned = ci.calibrate(spec, frame)
    name = data.draw(st.sampled_from([column for column in frame.columns if column != "city"]))
    row = data.draw(st.integers(0, len(frame) - 1))
    direction = next(node.direction for node in ci.load_spec(spec).indicators if node.id == name)
    more = frame.copy()
    more.loc[row, name] += data.draw(st.floats(0.001, 1e5))
    before, after = (carried(ci.score(spec, table, calibration=learned))[row] for table in (frame, more))
    assert (after >= before - 1e-12) if direction == "more" else (after <= before + 1e-12)


@given(cases(), st.data())
def test_a_score_stands_still_when_others_leave_and_the_calibration_stays(case, data):
    spec, frame, _ = case
    whole = ci.score(spec, frame)
    rows = data.draw(st.lists(st.integers(0, len(frame) - 1), min_size=1, unique=True))
    part = ci.score(spec, frame.iloc[rows], calibration=whole.calibration)
    for node in whole.nodes:
        np.testing.assert_array_equal(part.column(node), whole.column(node)[rows])


@given(cases())
def test_contributions_add_up(case):
    spec, frame, _ = case
    result = ci.score(spec, frame)
    found = result.contributions()
    np.testing.assert_allclose(found.values.sum(axis=1), carried(result), rtol=1e-9, atol=1e-9)


@given(cases())
def test_calibrations_and_results_come_back_as_they_were(tmp_path_factory, case):
    spec, frame, _ = case
    folder = tmp_path_factory.mktemp("saved")
    result = ci.score(spec, frame)
    assert ci.Calibration.load(result.calibration.save(folder / "calibration.json")) == result.calibration
    again = ci.load_result(ci.save_result(result, folder / "result.json"))
    pd.testing.assert_frame_equal(again.to_frame(), result.to_frame())
    for node in result.nodes:
        np.testing.assert_array_equal(again.column(node, of="carried"), result.column(node, of="carried"))


@given(cases())
def test_ranks_and_their_reverse(case):
    spec, frame, _ = case
    lowest = spec | {"index": spec["index"] | {"rank": {"first": "lowest"}}}
    up, down = ci.score(spec, frame), ci.score(lowest, frame)
    if len(set(np.round(carried(up), 9))) == len(frame):
        np.testing.assert_array_equal(up.ranks() + down.ranks(), len(frame) + 1)


POSITIVE = st.floats(0.5, 100).map(lambda value: round(value, 3))


@settings(max_examples=40)
@given(
    st.sampled_from(["geometric", "harmonic", {"power": 2}, "product", "minimum"]),
    st.lists(st.tuples(POSITIVE, POSITIVE, POSITIVE), min_size=1, max_size=6),
)
def test_contributions_add_up_for_every_aggregator(aggregate, rows):
    spec = {
        "cityindex": 1, "id": "law", "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "aggregate": aggregate, "steps": [{"power": 2}],
                  "children": ["a", {"id": "g", "aggregate": aggregate, "children": ["b", "c"]}]},
    }  # fmt: skip
    frame = pd.DataFrame(rows, columns=["a", "b", "c"]).assign(city=[str(i) for i in range(len(rows))])
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.contributions().values.sum(axis=1), carried(result), rtol=1e-9)


def test_contributions_add_over_the_paths_of_a_node_used_twice():
    spec = """
cityindex: 1
id: shared-node
unit: {kind: city, key: city}
index:
  id: score
  children:
    - {id: first, weight: 1, children: [{id: a, weight: 3}, {id: b, weight: 1}]}
    - {id: second, weight: 1, children: [{use: a, weight: 1}, {id: c, weight: 1}]}
"""
    frame = pd.DataFrame({"city": ["甲"], "a": [8.0], "b": [4.0], "c": [2.0]})
    result = ci.score(spec, frame)
    found = result.contributions()
    assert list(found.values.columns) == ["first/a", "first/b", "second/a", "second/c"]
    assert found.by_leaf()["a"].iloc[0] == pytest.approx(8 * (0.75 + 0.5) / 2)
    assert found.values.sum(axis=1).iloc[0] == pytest.approx(carried(result)[0])
