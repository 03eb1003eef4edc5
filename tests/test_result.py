"""What a result answers: explanations, gaps, means of regions, missing children, editions, notes; and it is frozen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci

SPEC = """
cityindex: 1
id: three
title: {zh: 三, en: Three}
unit: {kind: city, key: code, label: city}
index:
  id: score
  publish: [{round: 1}]
  tiers: {cuts: [60, 30], labels: [一, 二, 三]}
  children:
    - id: economy
      weight: 60%
      missing: {reweight: {at_least: 1}}
      children:
        - {id: gdp, per: people, weight: 75%, steps: [{minmax: {to: [0, 100]}}]}
        - {id: jobs, weight: 25%, steps: [{minmax: {to: [0, 100]}}]}
    - {id: crime, weight: 40%, direction: less, steps: [{minmax: {to: [0, 100]}}]}
"""
FRAME = pd.DataFrame(
    {
        "code": ["001", "002", "003", "004"],
        "city": ["甲市", "乙市", "丙市", "丁市"],
        "region": ["东", "东", "西", "西"],
        "people": [1.0, 2.0, 1.0, 4.0],
        "gdp": [10.0, 10.0, 2.0, 4.0],
        "jobs": [5.0, np.nan, 1.0, 9.0],
        "crime": [4.0, 1.0, 2.0, 5.0],
    }
)


@pytest.fixture
def result():
    return ci.score(SPEC, FRAME)


def test_scores_by_hand(result):
    gdp = (np.array([10, 5, 2, 1]) - 1) / 9 * 100
    jobs = np.array([50.0, np.nan, 0.0, 100.0])
    economy = np.where(np.isnan(jobs), gdp, 0.75 * gdp + 0.25 * jobs)
    crime = np.array([25.0, 100.0, 75.0, 0.0])
    np.testing.assert_allclose(result.column("economy"), economy)
    np.testing.assert_allclose(result.column(of="carried"), 0.6 * economy + 0.4 * crime)
    np.testing.assert_array_equal(result.ranks(), [2, 1, 3, 4])
    assert result.tiers() == ("一", "一", "二", "三")


def test_the_frame_has_keys_labels_groups_rank_and_tier(result):
    frame = result.to_frame()
    assert list(frame.columns) == ["code", "city", "score", "economy", "rank", "tier"]
    assert frame["code"].tolist() == ["001", "002", "003", "004"]
    assert frame["rank"].tolist() == [2, 1, 3, 4]


def test_a_missing_child_is_told_in_a_note_and_in_the_explanation(result):
    notes = [note for note in result.notes if note.kind == "missing"]
    assert [note.units for note in notes] == [("002",)]
    assert "economy" in notes[0].message
    text = str(result.explain("乙市"))
    assert "weight of jobs shared" in text
    assert "gdp" in text


def test_an_explanation_follows_the_raw_cell(result):
    found = result.explain("001")
    line = next(node for node in found.nodes if node.id == "gdp")
    assert (line.raw, line.per, line.carried) == (10.0, 1.0, 100.0)
    assert line.steps[-1][1] == 100.0
    assert line.contribution == pytest.approx(0.6 * 0.75 * 100)
    leaves = [node.contribution for node in found.nodes if node.id in ("gdp", "jobs", "crime")]
    assert sum(leaves) == pytest.approx(result.column(of="carried")[0])
    assert found.tier == "一"
    frame = found.to_frame()
    assert frame["path"].tolist() == [
        "score",
        "score/economy",
        "score/economy/gdp",
        "score/economy/jobs",
        "score/crime",
    ]


def test_a_gap_says_how_far_each_indicator_would_have_to_move(result):
    gap = result.gap("丙市", to=1)
    assert gap.needed == result.column().max()
    for move in gap.moves:
        if not np.isnan(move.value):
            changed = FRAME.copy()
            column = move.node
            changed.loc[2, column] = move.value
            again = ci.score(SPEC, changed, calibration=result.calibration)
            assert again.column()[2] >= gap.needed
    assert any(np.isnan(move.value) for move in gap.moves)
    assert result.gap("甲市", to="一").reached
    with pytest.raises(ci.NotFoundError, match="tier"):
        result.gap("甲市", to="四")
    with pytest.raises(ci.NotFoundError, match="rank"):
        result.gap("甲市", to=9)


def test_regional_means_by_weight(result):
    frame = result.group_scores("region", weights="people", node="score").set_index("region")
    score = result.column()
    assert frame.loc["东", "score"] == pytest.approx((score[0] * 1 + score[1] * 2) / 3)
    assert frame["units"].tolist() == [2, 2]
    with pytest.raises(ci.NotFoundError, match="region"):
        result.group_scores("regoin")


def test_weights_by_path(result):
    frame = result.weights.set_index("path")
    assert frame.loc["economy/gdp", "local"] == 0.75
    assert frame.loc["economy/gdp", "global"] == pytest.approx(0.45)
    assert set(frame["provenance"]) == {"published"}


def test_a_result_hands_out_copies(result):
    scores = result.scores
    scores.loc[:, "score"] = -1
    result.column()[:] = -1
    result.cuts()[:] = -1
    assert result.column().min() >= 0
    assert result.cuts().tolist() == [60, 30]
    with pytest.raises((AttributeError, TypeError)):
        result.units = ()


def test_the_nearest_unit_is_named(result):
    with pytest.raises(ci.NotFoundError, match="甲市"):
        result.explain("甲巿")


def test_missing_cells_are_refused_by_unit_and_node_all_at_once():
    frame = FRAME.assign(crime=[4.0, np.nan, 2.0, np.nan])
    with pytest.raises(ci.ScoreError) as caught:
        ci.score(SPEC, frame)
    text = str(caught.value)
    assert "002" in text
    assert "004" in text
    assert "crime" in text
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("propagate", [np.nan, 3.0]),
        ({"reweight": 1}, [4.0, 3.0]),
        ({"reweight": {"at_least": "100%"}}, [np.nan, 3.0]),
        ({"impute": "mean"}, [3.0, 3.0]),
        ({"impute": {"use": 0}}, [2.0, 3.0]),
        ({"impute": {"use": "mean", "within": "region"}}, [np.nan, 3.0]),
    ],
)
def test_the_rules_for_missing_children(rule, expected):
    spec = {
        "cityindex": 1,
        "id": "missing",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "missing": rule, "children": ["a", "b"]},
    }
    frame = pd.DataFrame({"city": ["x", "y"], "region": ["n", "s"], "a": [4.0, 4.0], "b": [np.nan, 2.0]})
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.column(), expected)
    np.testing.assert_array_equal(result.column("b"), [np.nan, 2.0])  # shown as it was
    assert [note for note in result.notes if note.kind == "missing"]


def test_units_outside_where_neither_teach_nor_are_filled():
    spec = {
        "cityindex": 1,
        "id": "coast",
        "unit": {"kind": "city", "key": "city"},
        "index": {
            "id": "score",
            "missing": {"reweight": 1},
            "children": [
                {"id": "port", "where": {"landlocked": 0}, "steps": [{"impute": 0}, "minmax"]},
                {"id": "road", "steps": ["minmax"]},
            ],
        },
    }
    frame = pd.DataFrame(
        {
            "city": list("abcd"),
            "landlocked": [0, 0, 0, 1],
            "port": [1.0, 3.0, np.nan, 99.0],
            "road": [0.0, 1.0, 2.0, 4.0],
        }
    )
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.column("port"), [1 / 3, 1.0, 0.0, np.nan])
    np.testing.assert_allclose(result.column()[3], 1.0)


def test_reference_rows_and_periods():
    spec = {
        "cityindex": 1,
        "id": "years",
        "unit": {"kind": "city", "key": "city", "period": "year"},
        "reference": {"year": 2010},
        "index": {"id": "score", "children": [{"id": "a", "steps": ["minmax"]}]},
    }
    frame = pd.DataFrame({"city": list("xyxy"), "year": [2010, 2010, 2011, 2011], "a": [1.0, 3.0, 5.0, 2.0]})
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.column(), [0, 1, 2, 0.5])
    np.testing.assert_array_equal(result.ranks(), [2, 1, 1, 2])
    later = ci.score(spec, frame.iloc[2:], calibration=result.calibration)
    np.testing.assert_allclose(later.column(), [2, 0.5])
    with pytest.raises(ci.ScoreError, match="2010"):
        ci.score(spec, frame.iloc[2:])


def test_within_learns_by_label_and_refuses_a_label_that_was_not_learned():
    spec = {
        "cityindex": 1,
        "id": "within",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": [{"id": "a", "steps": [{"minmax": {"within": "region"}}]}]},
    }
    frame = pd.DataFrame({"city": list("abcd"), "region": ["e", "e", "w", "w"], "a": [1.0, 3.0, 10.0, 30.0]})
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.column(), [0, 1, 0, 1])
    with pytest.raises(ci.ScoreError, match="was not learned"):
        ci.score(spec, frame.assign(region="north"), calibration=result.calibration)


def test_editions_differ_and_are_calibrated_on_their_own_rows():
    spec = {
        "cityindex": 1,
        "id": "editions",
        "unit": {"kind": "city", "key": "city", "period": "year"},
        "index": {"id": "score", "children": [{"id": "a", "weight": "50%"}, {"id": "b", "weight": "50%"}]},
        "editions": {"2011": {"a": {"weight": "80%"}, "b": {"weight": "20%"}}},
    }
    frame = pd.DataFrame(
        {"city": list("xyxy"), "year": [2010, 2010, 2011, 2011], "a": [1.0, 2.0, 1.0, 2.0], "b": [5.0] * 4}
    )
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.column(), [3.0, 3.5, 1.8, 2.6])
    assert set(result.calibration.editions) == {"2011"}
    again = ci.score(spec, frame.iloc[[3]], calibration=result.calibration)
    np.testing.assert_array_equal(again.column(), result.column()[3:])
    assert result.explain("y", period="2011").score == pytest.approx(2.6)


def test_a_group_enters_where_the_table_has_none_of_its_leaves():
    frame = FRAME.drop(columns=["gdp", "jobs", "people"]).assign(economy=[80.0, 70.0, 60.0, 50.0])
    result = ci.score(SPEC, frame)
    assert result.given == ("economy",)
    np.testing.assert_allclose(result.column("economy"), frame["economy"])
    with pytest.raises(ci.NotFoundError, match="entered"):
        result.column("gdp")
    assert "given" in str(result.explain("001"))


def test_unpublished_weights_ask_for_some_and_take_the_users():
    spec = {
        "cityindex": 1,
        "id": "open",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "weights": "unpublished", "children": ["a", "b"]},
    }
    frame = pd.DataFrame({"city": ["x"], "a": [1.0], "b": [5.0]})
    with pytest.raises(ci.UnpublishedError, match="with_weights"):
        ci.score(spec, frame)
    own = ci.with_weights(ci.load_spec(spec), {"score": {"a": "75%", "b": "25%"}})
    result = ci.score(own, frame)
    assert result.column()[0] == pytest.approx(2.0)
    assert set(result.weights["provenance"]) == {"assumed"}


def test_a_saved_result_comes_back_with_its_notes(tmp_path):
    table = ci.read_table(FRAME.assign(gdp=["1,000", "10", "2", "-999"]), missing=[-999], aliases={"jobs": "work"})
    spec = SPEC.replace("{at_least: 1}", "1")
    result = ci.score(spec, table)
    again = ci.load_result(ci.save_result(result, tmp_path / "result.json"))
    assert again.notes == result.notes
    pd.testing.assert_frame_equal(again.to_frame(), result.to_frame())
    text = (tmp_path / "result.json").read_text(encoding="utf-8")
    for broken in ("", "{}", text.replace('"table"', '"tabel"'), text.replace('"score": [', '"score": [7, ')):
        (tmp_path / "broken.json").write_text(broken, encoding="utf-8")
        with pytest.raises(ci.CalibrationError):
            ci.load_result(tmp_path / "broken.json")


def test_a_calibration_of_another_spec_is_refused(result):
    with pytest.raises(ci.CalibrationError, match="fingerprint"):
        ci.score(SPEC.replace("[0, 100]", "[0, 10]"), FRAME, calibration=result.calibration)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not valid JSON"),
        ("[1]", "not a calibration"),
        ('{"calibration": 9}', "format"),
        ('{"calibration": 1, "index": "three"}', "fingerprint"),
        ('{"calibration": 1, "index": "three", "fingerprint": "x", "units": 1, "nodes": {"a": NaN}}', "NaN"),
    ],
)
def test_files_that_are_no_calibration(tmp_path, text, words):
    path = tmp_path / "c.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ci.CalibrationError, match=words):
        ci.Calibration.load(path)


def test_a_calibration_that_lacks_a_node_is_refused(result):
    record = result.calibration.to_dict()
    del record["nodes"]["gdp"]
    with pytest.raises(ci.CalibrationError, match="gdp"):
        ci.score(SPEC, FRAME, calibration=ci.Calibration.from_dict(record))


def test_learned_tiers_are_part_of_the_calibration():
    spec = SPEC.replace("{cuts: [60, 30], labels: [一, 二, 三]}", "{natural_breaks: 2, labels: [上, 下]}")
    result = ci.score(spec, FRAME)
    assert "tiers" in result.calibration.nodes["score"]
    one = ci.score(spec, FRAME.iloc[[2]], calibration=result.calibration)
    assert one.tiers()[0] == result.tiers()[2]


def test_domain_errors_name_unit_and_node():
    spec = SPEC.replace("  publish", "  aggregate: geometric\n  publish")
    with pytest.raises(ci.ScoreError) as caught:
        ci.score(spec, FRAME)
    assert "004" in str(caught.value)
    assert "crime" in str(caught.value)


def test_a_constant_column_has_no_range():
    with pytest.raises(ci.ScoreError, match="crime"):
        ci.score(SPEC, FRAME.assign(crime=1.0))


def test_a_parent_with_as_many_children_as_they_have_is_aggregated_after_them():
    """Siblings run in one call where they lie side by side; their parent, which lies beside them too, must not."""
    groups = [{"id": f"g{i}", "children": [f"x{i}{j}" for j in range(3)]} for i in range(3)]
    spec = {
        "cityindex": 1,
        "id": "square",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": groups},
    }
    frame = pd.DataFrame({f"x{i}{j}": [float(10 * i + j), 7.0] for i in range(3) for j in range(3)})
    result = ci.score(spec, frame.assign(city=["a", "b"]))
    assert [len(tasks) for tasks in result.parts[0].plan.siblings] == [3, 1]
    np.testing.assert_allclose(result.column(), [11.0, 7.0])


def test_coverage_counts_in_every_row_alike():
    """A row scores the same whether or not another row has gaps."""
    rule = {"reweight": {"at_least": 2, "covered": "51%"}}
    groups = [{"id": "g", "missing": "reweight", "children": ["a", "b"]},
              {"id": "h", "missing": "reweight", "children": ["c", "d"]}]  # fmt: skip
    spec = {
        "cityindex": 1,
        "id": "thin",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "missing": rule, "children": groups},
    }
    frame = pd.DataFrame(
        {"city": ["x", "y"], "a": [np.nan, np.nan], "b": [2.0, np.nan], "c": [2.0, 1.0], "d": [4.0, 1.0]}
    )
    assert np.isnan(ci.score(spec, frame.iloc[[0]]).column()[0])
    assert np.isnan(ci.score(spec, frame).column()[0])


def test_only_what_is_wrong_is_told_and_not_what_follows_from_it():
    spec = {
        "cityindex": 1,
        "id": "two-problems",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": [{"id": "a", "steps": ["log"]}, {"id": "b", "steps": ["minmax"]}]},
    }
    frame = pd.DataFrame({"city": list("xyz"), "a": [0.0, 1.0, 2.0], "b": [5.0, 5.0, 5.0]})
    with pytest.raises(ci.ScoreError) as caught:
        ci.score(spec, frame)
    assert len(caught.value.problems) == 2


def test_an_explanation_says_turned_only_of_what_is_turned_and_shows_shared_weights():
    spec = {
        "cityindex": 1,
        "id": "turned",
        "unit": {"kind": "city", "key": "city"},
        "defaults": {"indicator": {"steps": ["minmax"]}},
        "index": {"id": "score", "missing": "reweight", "children": ["a", {"id": "b", "direction": "less"}, "c"]},
    }
    frame = pd.DataFrame({"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0], "c": [np.nan, 1.0]})
    with pytest.raises(ci.ScoreError, match="c"):
        ci.score(spec, frame)  # one number alone has no range
    frame.loc[2] = ["z", 1.5, 3.5, 2.0]
    found = ci.score(spec, frame).explain("x")
    lines = {node.id: node for node in found.nodes}
    assert "turned" not in lines["a"].steps[0][0]
    assert "turned" in lines["b"].steps[0][0]
    assert [lines[name].weight for name in "abc"] == [0.5, 0.5, 0.0]


def test_periods_compare_as_labels():
    spec = {
        "cityindex": 1,
        "id": "years",
        "unit": {"kind": "city", "key": "city", "period": "year"},
        "index": {"id": "score", "children": ["a"]},
    }
    frame = pd.DataFrame({"city": ["x", "y"], "year": ["2021", "2021.0"], "a": [1.0, 2.0]})
    np.testing.assert_array_equal(ci.score(spec, frame).ranks(), [2, 1])


def test_a_gap_finds_a_value_between_the_ends_where_more_is_not_always_better():
    steps = [{"distance": {"to": 50}}, {"minmax": {"to": [0, 100]}}]
    spec = {
        "cityindex": 1,
        "id": "middle",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": [{"id": "a", "steps": steps, "direction": "less"}, "b"]},
    }
    frame = pd.DataFrame({"city": list("wxyz"), "a": [0.0, 20.0, 100.0, 100.0], "b": [1.0, 1.0, 1.0, 1.0]})
    result = ci.score(spec, frame)
    moves = {move.node: move for move in result.gap("w", to=1).moves}
    assert moves["a"].value == pytest.approx(20.0)
    with pytest.raises(ci.NotFoundError, match="whole number"):
        result.gap("w", to=1.5)
    assert "no score in particular" in str(result.gap("x", to=4))


def test_a_gap_of_a_city_scored_alone_uses_what_was_learned():
    result = ci.score(SPEC, FRAME)
    alone = ci.score(SPEC, FRAME.iloc[[2]], calibration=result.calibration)
    move = next(move for move in alone.gap("丙市", to="一").moves if move.node == "crime")
    assert (move.low, move.high) == (1.0, 5.0)


def test_values_beyond_a_calibration_are_noted():
    """A table in other units than the calibration's (95.2 and 0.95) would score without a word."""
    result = ci.score(SPEC, FRAME)
    assert not [note for note in result.notes if note.kind == "beyond"]
    again = ci.score(SPEC, FRAME.assign(crime=FRAME["crime"] / 100), calibration=result.calibration)
    notes = [note for note in again.notes if note.kind == "beyond"]
    assert [(note.node, len(note.units)) for note in notes] == [("crime", 4)]
    assert "1 to 5" in notes[0].message


@pytest.mark.parametrize("rule", ["refuse", "propagate", "reweight", {"impute": "mean"}])
def test_a_child_that_does_not_apply_is_not_missing(rule):
    """It is neither refused nor filled: the others share its weight."""
    ocean = {"id": "ocean", "where": {"landlocked": 0}}
    spec = {
        "cityindex": 1,
        "id": "ocean",
        "unit": {"kind": "country", "key": "country"},
        "index": {"id": "score", "missing": rule, "children": ["a", ocean]},
    }
    frame = pd.DataFrame(
        {"country": list("xyz"), "landlocked": [0, 1, 0], "a": [1.0, 2.0, 3.0], "ocean": [5.0, 9.0, 7.0]}
    )
    result = ci.score(spec, frame)
    np.testing.assert_allclose(result.column(), [3.0, 2.0, 5.0])
    np.testing.assert_array_equal(result.column("ocean"), [5.0, np.nan, 7.0])
