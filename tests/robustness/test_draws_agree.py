"""A choice that changes nothing gives the index as written, however that was scored; and other seams of the draws."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from test_uncertainty import PAIR, TWO, data, index

import cityindex as ci
from cityindex.robustness._outputs import kendall_distances

vary = ci.vary
TIERED = index(steps=[{"minmax": {"to": [0, 10]}}], tiers={"equal": 3})


def panel() -> pd.DataFrame:
    return pd.concat([data(1).assign(year=2020), data(2).assign(year=2021)])


SCORED = {
    "plain": lambda: ci.score(TIERED, data()),
    "gaps": lambda: ci.score(TIERED, data(3, gaps=True)),
    "a reference": lambda: ci.score({**TIERED, "reference": {"coast": 1}}, data()),
    "a calibration": lambda: ci.score(TIERED, data(), calibration=ci.calibrate(TIERED, data(9))),
    "one newcomer": lambda: ci.score(TIERED, data()[:1], calibration=ci.calibrate(TIERED, data(9))),
    "periods": lambda: ci.score({**TIERED, "unit": {"key": "city", "period": "year"}}, panel()),
    "lowest first": lambda: ci.score(index(rank={"first": "lowest"}, tiers={"quantiles": [0.3, 0.6]}), data()),
    "ties": lambda: ci.score(index(rank={"ties": "max"}, publish=[{"round": -1}], tiers={"equal": 3}), data()),
    "mean ties": lambda: ci.score(index(rank={"ties": "average"}, publish=[{"round": -1}]), data()),
    "given": lambda: ci.score(index(), data().assign(g=range(12)).drop(columns=["a", "b"]), given=["g"]),
    "a sum": lambda: ci.score(index(aggregate="sum", missing="propagate"), data()),
}
NOTHING = {
    "factor": vary.weights(factor=0, groups="h"),
    "weights": vary.given_weights([{"score": {"g": 3, "h": 1, "f": 2}}]),
    "rounding": vary.rounding({"f": 0}),
    "errors": vary.errors({"f": 0.0}),
    "methods": vary.methods("h.aggregate", ["arithmetic", "arithmetic"]),
}


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("scored", SCORED)
def test_what_changes_nothing_gives_the_index_as_written(scored, nothing):
    found = ci.uncertainty(SCORED[scored](), choices=NOTHING[nothing], draws=5)
    frame = found.to_frame()
    for column in ("mean", "lowest", "highest"):
        np.testing.assert_allclose(frame[column], frame["score"], rtol=1e-12)
    assert found.mean_shift == 0
    if scored not in ("mean ties", "one newcomer"):
        assert frame["low"].equals(frame["rank"])
    if found.sampler.base.group.tiers is not None:
        same = found.tier_safety()["same"]
        assert (same[np.isfinite(frame["score"].to_numpy())] == 1).all()


def test_a_calibration_of_other_rows_is_held_and_what_it_lacks_is_refused():
    learned = ci.calibrate(index(), data(9))
    result = ci.score(index(), data(), calibration=learned)
    found = ci.uncertainty(result, choices=[vary.weights("simplex"), vary.errors({"a": 1.0})], draws=5)
    draw = found.draw(2)
    noise = found.sampler.block(0).noise[0].of(2)["a"]
    erring = data().assign(a=data()["a"] + noise)
    carried = ci.score(index(), erring, calibration=learned).carried
    own = {group: {child: weight / sum(w.values()) for child, weight in w.items()} for group, w in draw.weights.items()}
    g, h = (sum(own[group][child] * carried[child] for child in own[group]) for group in ("g", "h"))
    expected = own["score"]["g"] * g + own["score"]["h"] * h + own["score"]["f"] * carried["f"]
    np.testing.assert_allclose(draw.scores, expected, rtol=1e-11)
    ci.uncertainty(result, choices=vary.methods("score.aggregate", ["arithmetic", "minimum"]), draws=5)
    for choice in (
        vary.methods("indicators.steps", [["minmax"], ["zscore"]]),
        vary.methods("score.aggregate", ["arithmetic", "topsis"]),
        vary.leave_out("a"),
        vary.bootstrap(),
    ):
        with pytest.raises(ci.ScoreError, match="by a calibration of other rows"):
            ci.uncertainty(result, choices=choice, draws=5)
    with pytest.raises(ci.ScoreError, match="nodes left out: drawn was scored by a calibration"):
        ci.leave_out_each(result)


def test_only_the_draws_that_cannot_be_scored_are_counted_as_failed():
    frame = pd.DataFrame({"city": list("xyz"), "a": [10.0, 5, 3], "b": [-4.0, 1, 2]})
    spec = {**PAIR, "index": {"id": "score", "steps": ["log"], "children": ["a", "b"]}}
    found = ci.uncertainty(spec, frame, vary.weights("simplex"), draws=400, seed=1, failing="count")
    drawn = found.sampler.block(0).weights["score"][:400]
    shares = drawn / drawn.sum(axis=1, keepdims=True)
    bad = np.flatnonzero(shares @ [10.0, -4.0] <= 0)
    assert 50 < len(bad) < 200
    assert list(found.failed) == bad.tolist()
    assert found.failed[int(bad[0])].count("unit x") == 1


@pytest.mark.parametrize("groups", [["h", "side"], ["g"], ["side"], ["g", "h"]])
def test_a_published_column_may_stay_while_others_move(groups):
    spec = {
        **PAIR,
        "index": {
            "id": "score",
            "children": [
                {"id": "g", "publish": [{"round": 0}], "children": ["a", "b"]},
                {"id": "h", "children": ["c", "d"]},
            ],
        },
        "also": [{"id": "side", "children": [{"use": "g", "of": "published"}, {"use": "h"}]}],
    }
    found = ci.uncertainty(spec, data(), vary.weights("simplex", groups=groups), draws=4, node="side")
    draw = found.draw(3)
    weighted = ci.with_weights(ci.load_spec(spec), {name: dict(own) for name, own in draw.weights.items()})
    np.testing.assert_allclose(draw.scores, ci.score(weighted, data()).column("side"), rtol=1e-12)


@pytest.mark.parametrize("law", ["simplex", "dirichlet", "between"])
def test_the_weights_of_a_sum_keep_their_total(law):
    inner = {"id": "s", "aggregate": "sum", "children": [{"id": "a", "weight": 2}, {"id": "b", "weight": 3}]}
    spec = {**PAIR, "index": {"id": "score", "children": [inner, "c"]}}
    choice = vary.weights_between({"s": {"a": (0.1, 0.6)}}) if law == "between" else vary.weights(law, groups="s")
    found = ci.uncertainty(spec, data(), choice, draws=20)
    assert all(sum(found.draw(number).weights["s"].values()) == pytest.approx(5) for number in range(20))
    ranks = np.array([found.draw(number).ranks for number in range(20)])
    bounds = ci.rank_bounds(ci.score(spec, data()), choice).to_frame()
    assert (ranks.min(axis=0) >= bounds["best"]).all()
    assert (ranks.max(axis=0) <= bounds["worst"]).all()


def test_moments_are_those_of_the_draws_in_which_a_unit_has_a_score():
    frame = pd.DataFrame({"city": list("xyz"), "a": [1.0, 2, 3], "b": [np.nan, 8, 1], "c": [5.0, 6, 7]})
    spec = {**PAIR, "index": {"id": "score", "missing": "reweight", "children": ["a", "b", "c"]}}
    choices = [vary.methods("score.missing", ["propagate", "reweight"]), vary.weights("simplex")]
    found = ci.uncertainty(spec, frame, choices, draws=300, seed=2)
    scores = np.array([found.draw(number).scores for number in range(300)])
    row = found.to_frame().iloc[0]
    assert 100 < np.isnan(scores[:, 0]).sum() < 200
    wanted = [np.nanmean(scores[:, 0]), np.nanstd(scores[:, 0]), np.nanmin(scores[:, 0]), np.nanmax(scores[:, 0])]
    np.testing.assert_allclose(row[["mean", "sd", "lowest", "highest"]].astype(float), wanted, rtol=1e-9)
    spec["index"]["missing"] = "propagate"
    found = ci.uncertainty(spec, frame, choices, draws=300, seed=2).to_frame()  # nominally x has no score
    np.testing.assert_allclose(found.loc[0, ["mean", "sd", "lowest", "highest"]].astype(float), wanted, rtol=1e-9)


def test_ranks_beyond_the_number_of_units_that_count_are_compared():
    nominal, drawn = np.array([1, 2]), np.array([[5, 1], [1, 5]], np.uint16)  # three others have a rank in the draw
    assert kendall_distances(nominal, drawn).tolist() == [1, 0]


def test_judged_weights_of_a_node_left_out_are_those_of_the_alternative():
    def judged(one: float, two: float, three: float) -> dict:
        return {"ahp": {"judgements": [[1, one, two], [None, 1, three], [None, None, 1]]}}

    spec = {**PAIR, "index": {"id": "score", "weights": judged(5, 7, 2), "children": ["a", "b", "c"]}}
    choices = [vary.methods("score.weights", [judged(5, 7, 2), judged(1, 1, 1), "equal"]), vary.leave_out("c")]
    found = ci.uncertainty(spec, data(), choices, draws=40, seed=1)
    draws = [found.draw(number) for number in range(40)]
    first, other, equal = (
        next(d for d in draws if d.picks["left out"] == "c" and d.picks["score.weights"] == alternative)
        for alternative in choices[0].alternatives
    )
    mean = data()[["a", "b"]].mean(axis=1)
    np.testing.assert_allclose(other.scores, mean, rtol=1e-12)
    np.testing.assert_allclose(equal.scores, mean, rtol=1e-12)
    assert not np.allclose(first.scores, mean)


def test_written_weights_may_be_varied_against_found_ones():
    choice = vary.methods("score.weights", [None, "equal", {"entropy": {}}])
    found = ci.uncertainty(index(), data(), choice, draws=30, seed=1)
    draws = {str(draw.picks["score.weights"]): draw for draw in map(found.draw, range(30))}
    np.testing.assert_allclose(draws["None"].scores, ci.score(index(), data()).column(), rtol=1e-12)
    for name, weights in (("equal", "equal"), ("{'entropy': {}}", {"entropy": {}})):
        spec = copy.deepcopy(index(weights=weights))
        for child in spec["index"]["children"]:
            child.pop("weight")
        np.testing.assert_allclose(draws[name].scores, ci.score(spec, data()).column(), rtol=1e-12)


EXPERTS = {
    "ahp": {
        "experts": {"one": [[1, 3], [None, 1]], "two": [[1, 5], [None, 1]]},
        "combine": "arithmetic priorities",
    }
}
SUM = {
    **PAIR,
    "index": {"id": "score", "aggregate": "sum", "children": [{"id": "a", "weight": 2}, {"id": "b", "weight": -1}]},
}


def run(choice, spec=None, **options):
    return ci.uncertainty(index() if spec is None else spec, data(), choice, **{"draws": 20, **options})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: run(vary.methods("g.aggregate", ["arithmetic", "geometric"], in_turn=[0, 1])), ["2 draws", "20 are"]),
        (lambda: vary.methods("g.aggregate", ["arithmetic", "geometric"], in_turn=[0, 5]), ["2 alternatives"]),
        (lambda: vary.methods("g.aggregate", ["arithmetic", "geometric"], in_turn=[0, -1]), ["in_turn: -1"]),
        (lambda: vary.methods("g.aggregate", "arithmetic"), ["two or more"]),
        (lambda: run([vary.weights(), vary.methods("g.weights", [None, "equal"])]), ["weights of g", "'g.weights'"]),
        (
            lambda: run([vary.methods("g.aggregate", ["geometric", "arithmetic"], label=name) for name in "xy"]),
            ["g.aggregate is chosen by 'x' and by 'y'"],
        ),
        (
            lambda: run(
                [
                    vary.methods("indicators.steps", [["minmax"], ["zscore"]]),
                    vary.methods("a.steps[0]", ["minmax", "zscore"]),
                ]
            ),
            ["a.steps is chosen by", "'a.steps[0]'"],
        ),
        (lambda: run(vary.methods("score.tiers", [{"equal": 3}, {"equal": 4}])), ["key one of", "aggregate"]),
        (lambda: run(vary.given_weights([{"g": {"a": -1, "b": 2}}])), ["set 0", "g", "-1, 2", "from 0 on"]),
        (lambda: run(vary.given_weights([{"g": {"a": 0, "b": 0}}])), ["not all 0"]),
        (lambda: vary.given_weights([{"g": {"a": "x", "b": 2}}]), ["g.a: 'x'", "a number"]),
        (lambda: vary.given_weights([{"g": 3}]), ["g: 3", "{child: weight}"]),
        (lambda: vary.given_weights({"g": {"a": 1}}), ["a list of"]),
        (lambda: run(vary.region("g", np.empty((0, 2)))), ["no points of g"]),
        (lambda: run(vary.region("g", [[1, 1], [-1, 2.0]])), ["point 1", "g"]),
        (lambda: vary.region("g", "abc"), ["points of g", "numbers"]),
        (lambda: run(vary.weights_between({"g": {"a": (-1, 0.5)}})), ["0 to 1", "(a)"]),
        (lambda: run(vary.weights_between({"g": {"a": (0, 40)}})), ["0 to 1", "(a)"]),
        (lambda: vary.weights_between({"g": {"a": ("x", 1)}}), ["a in g: 'x'"]),
        (lambda: vary.weights_between({"a": (0, 1)}), ["limits of a", "{group: {child:"]),
        (lambda: vary.weights_between({}), ["limits"]),
        (lambda: vary.weights("dirichlet", concentration=np.inf), ["concentration: inf"]),
        (lambda: vary.weights(factor="3"), ["factor: '3'"]),
        (lambda: vary.weights(groups=[]), ["groups: []"]),
        (lambda: vary.weights(groups=3), ["groups: 3"]),
        (lambda: run(vary.weights(), {**PAIR, "index": {"id": "score", "children": ["a"]}}), ["none to vary"]),
        (lambda: run(vary.weights("simplex"), SUM), ["below 0", "factor"]),
        (lambda: vary.rounding({"a": "x"}), ["a: 'x'", "from 0 on"]),
        (lambda: vary.rounding({"a": np.inf}), ["a: inf"]),
        (lambda: vary.rounding(0.1), ["{node: number}"]),
        (lambda: vary.rounding({}), ["{node: number}"]),
        (lambda: vary.leave_out([]), ["left out: []"]),
        (lambda: run(vary.leave_out(["a", "c"]), node="g"), ["c is not below g"]),
        (lambda: vary.judgements("score", spread=0.5), ["spread: 0.5", "whole"]),
        (
            lambda: run(
                vary.judgements("score"), {**PAIR, "index": {"id": "score", "weights": EXPERTS, "children": ["a", "b"]}}
            ),
            ["arithmetic priorities", "combine: judgements"],
        ),
        (lambda: run(vary.weights(), draws=10.0), ["draws: 10.0", "whole"]),
        (lambda: run(vary.weights(), seed=-1), ["seed: -1"]),
        (lambda: run(vary.weights(), seed=None), ["seed: None"]),
        (lambda: run(vary.weights(), threads=1.5), ["threads: 1.5"]),
        (lambda: run(vary.weights()).draw("a"), ["draw: 'a'"]),
        (lambda: run(vary.weights()).rank_quantile("a"), ["quantile: 'a'"]),
        (lambda: ci.uncertainty(ci.score(PAIR, TWO), TWO, vary.weights()), ["a result and a table"]),
        (lambda: ci.sensitivity(PAIR, TWO, vary.weights(), samples=16.0), ["samples: 16.0"]),
        (lambda: ci.sensitivity(PAIR, TWO, vary.weights(), intervals="a"), ["intervals: 'a'"]),
        (lambda: ci.sensitivity(PAIR, TWO, vary.weights(), output=None), ["output: None", "shift"]),
        (lambda: ci.swing(ci.score(PAIR, TWO), "a"), ["by: 'a'"]),
        (lambda: ci.swing(ci.score(PAIR, TWO), True), ["by: True"]),
        (lambda: ci.leave_out_each(ci.score(PAIR, TWO), 3), ["nodes: 3"]),
    ],
)
def test_what_cannot_be_varied_is_told(call, words):
    with pytest.raises(ci.CityIndexError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
