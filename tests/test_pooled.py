"""Aggregators that compare units, weights by label, weights on raw columns: how the engine runs them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import cityindex as ci

FRAME = pd.DataFrame(
    {
        "city": ["甲", "乙", "丙", "丁"],
        "year": ["2023", "2023", "2024", "2024"],
        "a": [1.0, 2.0, 4.0, 3.0],
        "b": [10.0, 30.0, 20.0, 50.0],
    }
)


@pytest.fixture(autouse=True)
def registered():
    def learn_best(ref, w, *, power: float = 1.0):
        return {"best": (np.nanmax(ref, axis=0)) ** power, "units": len(ref)}

    @ci.aggregator("to_the_best", learn=learn_best)
    def to_the_best(x, w, params, *, power: float = 1.0):
        """The weighted mean of shares of the best."""
        best = np.asarray(params["best"])
        return (x**power / best * w[..., None, :]).sum(axis=-1) / w.sum(axis=-1)[..., None]

    @ci.weighting("by_range", from_data=True)
    def by_range(ref, *, directions=None):
        """Weights in proportion to the range; twice for what is better when less."""
        spread = np.ptp(ref, axis=0) * (1 if directions is None else np.where(np.asarray(directions) < 0, 2.0, 1.0))
        return spread / spread.sum()


def spec(**index):
    return {
        "cityindex": 1,
        "id": "own",
        "unit": {"kind": "city", "key": "city", "period": "year"},
        "index": {"id": "score", "children": ["a", "b"]} | index,
    }


def test_what_it_compares_with_is_kept_in_the_calibration_and_a_newcomer_is_scored_by_it(tmp_path):
    written = spec(aggregate={"to_the_best": {"power": 2}})
    result = ci.score(written, FRAME)
    np.testing.assert_allclose(result.column(), [(1 / 16 + 100 / 2500) / 2, (4 / 16 + 900 / 2500) / 2, 0.58, 0.78125])
    assert result.calibration.nodes["score"]["aggregate"]["best"].tolist() == [16.0, 2500.0]
    saved = result.calibration.save(tmp_path / "c.json")
    assert json.loads(saved.read_text(encoding="utf-8"))["nodes"]["score"]["aggregate"]["units"] == 4
    for row in range(4):
        alone = ci.score(written, FRAME.iloc[[row]], calibration=saved)
        assert alone.column()[0] == result.column()[row]
    better = ci.score(written, FRAME.assign(a=FRAME.a * 2, b=FRAME.b * 2), calibration=saved)
    np.testing.assert_allclose(better.column(), 4 * result.column())


def test_it_learns_from_the_reference_rows_alone():
    written = spec(aggregate="to_the_best") | {"reference": {"year": 2023}}
    assert ci.score(written, FRAME).calibration.nodes["score"]["aggregate"]["best"].tolist() == [2.0, 30.0]


def test_a_calibration_without_a_fit_reference_is_refused():
    written = spec(aggregate="topsis")
    record = ci.score(written, FRAME).calibration.to_dict()
    for broken in ({"ideal": "x"}, None):
        entry = record["nodes"]["score"] | {"aggregate": broken}
        lame = ci.Calibration.from_dict(record | {"nodes": {"score": entry}})
        with pytest.raises(ci.CalibrationError, match="topsis"):
            ci.score(written, FRAME, calibration=lame)


def test_contributions_and_explanations_of_what_compares_units_add_up():
    result = ci.score(spec(aggregate="to_the_best"), FRAME)
    split = result.contributions()
    np.testing.assert_allclose(split.values.sum(axis=1), result.column())
    assert split.decomposition["score"] == "proportional"
    assert result.explain("丙", period="2024").nodes[0].published == result.column()[2]


def test_weights_by_label_are_learned_saved_and_used(tmp_path):
    written = spec(weights={"by_range": {"within": "year"}})
    result = ci.score(written, FRAME)
    by_hand = [(1 * 1 + 20 * b) / 21 for a, b in [(1, 10), (2, 30)]]
    by_hand = [(1 * a + 20 * b) / 21 for a, b in [(1, 10), (2, 30)]] + [
        (a + 30 * b) / 31 for a, b in [(4, 20), (3, 50)]
    ]
    np.testing.assert_allclose(result.column(), by_hand)
    found = result.calibration.nodes["score"]["weights"]
    assert found["2023"] == pytest.approx({"a": 1 / 21, "b": 20 / 21})
    saved = result.calibration.save(tmp_path / "c.json")
    alone = ci.score(written, FRAME.iloc[[3]], calibration=saved)
    assert alone.column()[0] == result.column()[3]
    np.testing.assert_allclose(result.contributions().values.sum(axis=1), result.column())
    assert result.weights["local"].isna().all()
    assert result.weights_of("丙").set_index("node")["local"].to_dict() == pytest.approx({"a": 1 / 31, "b": 30 / 31})
    assert result.explain("甲", period="2023").nodes[1].weight == pytest.approx(1 / 21)
    with pytest.raises(ci.ScoreError, match=r"year = '2025' was not learned .*units: .*learned: 2023, 2024"):
        ci.score(written, FRAME.assign(year="2025"), calibration=saved)


def test_weights_on_raw_columns_see_them_before_any_step_and_know_their_directions():
    children = [
        {"id": "a", "steps": [{"minmax": {"to": [0, 100]}}]},
        {"id": "b", "direction": "less", "steps": [{"minmax": {"to": [0, 100]}}]},
    ]
    carried = ci.score(spec(children=children, weights="by_range"), FRAME)
    assert carried.calibration.nodes["score"]["weights"] == pytest.approx({"a": 0.5, "b": 0.5})
    raw = ci.score(spec(children=children, weights={"by_range": {"on": "raw"}}), FRAME)
    assert raw.calibration.nodes["score"]["weights"] == pytest.approx({"a": 3 / 83, "b": 80 / 83})


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ({"weights": {"equal": {"within": "year"}}}, ["within", "a weighting that looks at data"]),
        ({"weights": {"by_range": {"on": "rw"}}}, ["rw", "carried, raw", "Did you mean 'raw'"]),
        (
            {"weights": {"by_range": {"on": "raw"}}, "children": [{"id": "g", "children": ["a", "b"]}]},
            ["raw", "'g' is a group"],
        ),
        ({"weights": {"by_range": {"within": "year"}}, "aggregate": "to_the_best"}, ["compares all units", "several"]),
    ],
)
def test_what_cannot_be_is_told_at_load(index, words):
    with pytest.raises(ci.SpecError) as caught:
        ci.load_spec(spec(**index))
    for word in words:
        assert word in str(caught.value)


def test_a_child_without_a_column_is_told_once_and_not_by_every_unit():
    written = spec(children=["a", {"id": "k", "value": 3}], weights={"critic": {"on": "raw"}})
    with pytest.raises(ci.ScoreError, match="need indicators with a column; k has none") as caught:
        ci.score(written, FRAME)
    assert len(caught.value.problems) == 1


def test_one_unit_alone_cannot_teach_what_compares_units():
    written = spec(aggregate="topsis")
    with pytest.raises(ci.ScoreError, match="topsis"):
        ci.score(written, FRAME.iloc[[0]])


def test_moved_numbers_are_listed():
    frame = pd.DataFrame({"city": list("abcdefgh"), "x": [1, 2, 3, 4, 5, 6, 7, 400.0], "y": range(8)})
    written = {
        "cityindex": 1,
        "id": "t",
        "index": {"id": "score", "children": [{"id": "x", "steps": [{"clip": [2, "p80"]}]}, "y"]},
    }
    moved = ci.score(written, frame).treated()
    assert moved.columns.tolist() == ["city", "node", "step", "before", "after"]
    assert moved["city"].tolist() == ["a", "g", "h"]
    np.testing.assert_allclose(moved["after"], [2, 6.6, 6.6])
    assert ci.score({**written, "index": {"id": "score", "children": ["x"]}}, frame).treated().empty


@pytest.mark.parametrize(
    ("aggregate", "name", "broken"),
    [
        ("topsis", "best", [4.0]),
        ("topsis", "best", [None, 50.0]),
        ("vikor", "S", [None, 1.0]),
        ("wroclaw", "mean", None),
        ("wroclaw", "sd", True),
        ("grey_relational", "ideal", [4.0]),
        ("copeland", "units", [[1.0, 10.0], [2.0]]),
        ("borda", "columns", [[1.0, 10.0], [2.0, 30.0]]),
        ("benefit_of_the_doubt", "frontier", []),
        ("benefit_of_the_doubt", "frontier", [[None, 1.0]]),
    ],
)
def test_a_calibration_with_a_broken_reference_is_refused(tmp_path, aggregate, name, broken):
    written = spec(aggregate=aggregate)
    saved = ci.calibrate(written, FRAME).save(tmp_path / "c.json")
    content = json.loads(saved.read_text(encoding="utf-8"))
    content["nodes"]["score"]["aggregate"][name] = broken
    saved.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ci.CalibrationError, match=f"what {aggregate} learns of a reference is wanted"):
        ci.score(written, FRAME, calibration=saved)


def test_what_a_unit_without_a_value_has_is_not_looked_at():
    """It is not in the reference, so it may be better than the ideal; nobody asks."""
    frame = FRAME.assign(a=[1.0, 9.0, 4.0, 3.0], b=[10.0, None, 20.0, 50.0])
    result = ci.score(spec(aggregate="grey_relational", missing="propagate"), frame)
    assert np.isnan(result.column()).tolist() == [False, True, False, False]
    assert "missing" in str(result.explain("乙", period="2023"))
    assert np.isnan(result.contributions().values.to_numpy()[1]).all()


BY_YEAR = {"id": "g", "weights": {"entropy": {"within": "year"}}, "children": ["a", "b"]}


def test_a_cell_that_is_refused_under_weights_by_label_is_told_by_its_own_unit():
    frame = FRAME.assign(b=[10.0, 30.0, 20.0, 0.0])
    written = spec(aggregate="geometric", weights={"entropy": {"within": "year"}})
    with pytest.raises(ci.ScoreError, match=r"unit 丁.*, b: geometric"):
        ci.score(written, frame)


def test_a_label_that_was_not_learned_is_no_matter_where_the_group_does_not_apply():
    group = {**BY_YEAR, "aggregate": "geometric", "where": {"k": 1}, "steps": [{"clip": ["p5", "p95"]}]}
    written = spec(children=[group, "c"], missing="reweight")
    frame = FRAME.assign(k=1, c=[1.0, 2.0, 3.0, 4.0])
    later = frame.assign(k=0, year="2025", a=[1.0, np.nan, np.nan, np.nan], b=np.nan)
    result = ci.score(written, later, calibration=ci.calibrate(written, frame))
    assert result.column().tolist() == [1, 2, 3, 4]
    assert result.contributions().values.sum(axis=1).tolist() == [1, 2, 3, 4]
    assert "does not apply" in str(result.explain("甲", period="2025"))
    assert result.treated().empty


def test_the_column_of_weights_by_label_is_read_and_never_the_key():
    frame = FRAME.rename(columns={"year": "band"})[["band", "city", "a", "b"]]
    written = {"cityindex": 1, "id": "t", "index": {**BY_YEAR, "weights": {"entropy": {"within": "band"}}}}
    result = ci.score(written, frame)
    assert result.units == tuple(FRAME["city"])
    assert not [note for note in result.notes if note.kind == "unused"]
    with pytest.raises(ci.TableError, match=r"no column 'band' for within of g\. Did you mean 'bnad'"):
        ci.score(written, frame.rename(columns={"band": "bnad"}))


def test_raw_columns_fall_where_steps_turn_them_though_no_direction_is_said():
    def weights(b):
        children = [{"id": "a", "steps": [{"minmax": {"to": [0, 100]}}]}, b]
        found = ci.score(spec(children=children, weights={"by_range": {"on": "raw"}}), FRAME)
        return found.calibration.nodes["score"]["weights"]

    turned = {"id": "b", "goalposts": [50, 10], "steps": ["goalposts"]}
    assert weights(turned) == weights(turned | {"direction": "less"}) == pytest.approx({"a": 3 / 83, "b": 80 / 83})
    with pytest.raises(ci.ScoreError, match=r"b has steps that neither rise nor fall .*carried"):
        weights({"id": "b", "steps": [{"distance": {"to": 30}}, {"bands": {"cuts": [5, 10], "points": [3, 1, 2]}}]})
