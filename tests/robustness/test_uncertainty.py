"""Draws are scored as the index itself would be, counted exactly, rebuilt alone, and the same for any threads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared

import cityindex as ci

UNITS = 12


def data(seed: int = 0, *, gaps: bool = False) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame(generator.uniform(1, 100, (UNITS, 6)), columns=list("abcdef"))
    if gaps:
        frame = frame.mask(generator.uniform(size=frame.shape) < 0.1)
        frame["a"] = frame["a"].fillna(50.0)
    frame.insert(0, "city", [f"城{i}" for i in range(UNITS)])
    frame["coast"] = [i % 2 for i in range(UNITS)]
    return frame


def index(**root) -> dict:
    return {
        "cityindex": 1,
        "id": "drawn",
        "unit": {"key": "city"},
        "defaults": {"indicator": {"steps": [{"minmax": {"to": [1, 100]}}]}, "group": {"missing": "reweight"}},
        "index": {
            "id": "score",
            "children": [
                {"id": "g", "weight": 3, "children": [{"id": "a", "weight": 2}, {"id": "b", "weight": 1}]},
                {"id": "h", "weight": 1, "children": [{"id": name, "weight": 1} for name in "cde"]},
                {"id": "f", "weight": 2},
            ],
        }
        | root,
    }


SHAPES = {
    "linear": index(),
    "geometric": index(aggregate="geometric"),
    "on another axis": index(aggregate={"geometric": {"via": {"from": [0, 100], "to": [10, 1]}}}),
    "with steps": index(steps=[{"minmax": {"to": [0, 10]}}], publish=[{"round": 1}]),
    "a sum": index(aggregate="sum", missing="propagate"),
    "power": index(aggregate={"power": 2}),
    "mazziotta": index(aggregate="mazziotta_pareto"),
    "compares units": index(aggregate="topsis"),
    "a use": {
        **index(),
        "also": [{"id": "side", "children": [{"use": "g", "weight": 1}, {"use": "f", "weight": 2}]}],
    },
}
SHAPES["inner steps"] = index()
SHAPES["inner steps"]["index"]["children"][0]["steps"] = ["zscore"]
SHAPES["where"] = index()
SHAPES["where"]["index"]["children"][1]["where"] = {"coast": 1}
SHAPES["learned above"] = index(weights={"entropy": {}})
for child in SHAPES["learned above"]["index"]["children"]:
    child.pop("weight")
SHAPES["imputed above"] = index(missing={"impute": {}})


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_draw_is_the_index_with_its_weights(shape, gaps):
    frame = data(3, gaps=gaps)
    choice = ci.vary.weights("dirichlet", concentration=20, groups=["g", "h"] if shape == "learned above" else None)
    found = ci.uncertainty(SHAPES[shape], frame, choice, draws=40, seed=5)
    for number in (0, 17, 39):
        draw = found.draw(number)
        spec = ci.with_weights(ci.load_spec(SHAPES[shape]), {name: dict(own) for name, own in draw.weights.items()})
        result = ci.score(spec, frame)
        np.testing.assert_allclose(draw.scores, result.column(), rtol=1e-11, atol=1e-11)
        np.testing.assert_array_equal(draw.ranks, result.ranks())


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from(["linear", "geometric", "with steps", "where"]), st.booleans())
def test_counts_are_those_of_the_draws(seed, shape, gaps):
    frame = data(seed % 50, gaps=gaps)
    choices = [ci.vary.weights("simplex"), ci.vary.methods("g.aggregate", ["arithmetic", "geometric"])]
    found = ci.uncertainty(SHAPES[shape], frame, choices, draws=60, seed=seed, pairs=True)
    draws = [found.draw(number) for number in range(60)]
    ranks = np.array([draw.ranks for draw in draws])
    frame_ = found.to_frame()
    for unit in range(UNITS):
        own = ranks[:, unit][~np.isnan(ranks[:, unit])]
        if len(own):
            for name, share in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
                assert frame_[name][unit] == np.quantile(own, share, method="inverted_cdf")
            assert frame_["mean_rank"][unit] == pytest.approx(own.mean())
            counts = found.acceptability().iloc[unit]
            assert [round(60 * counts[rank]) for rank in range(1, UNITS + 1)] == [
                int((own == rank).sum()) for rank in range(1, UNITS + 1)
            ]
    above = np.array([[(ranks[:, i] < ranks[:, j]).mean() for j in range(UNITS)] for i in range(UNITS)])
    ranked = ~np.isnan(ranks).any(axis=0)
    np.testing.assert_allclose(found.above().to_numpy()[np.ix_(ranked, ranked)], above[np.ix_(ranked, ranked)])
    scores = np.array([draw.scores for draw in draws])
    np.testing.assert_allclose(frame_["mean"], scores.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(frame_["sd"], scores.std(axis=0), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(frame_["highest"], scores.max(axis=0))


def test_threads_and_blocks_change_nothing():
    frame = data(1)
    choices = [
        ci.vary.weights(factor=0.5),
        ci.vary.methods("indicators.steps[0]", [{"minmax": {"to": [1, 100]}}, "zscore"]),
    ]
    one, two = (ci.uncertainty(index(), frame, choices, draws=9000, seed=2, threads=threads) for threads in (1, 3))
    pd.testing.assert_frame_equal(one.to_frame(), two.to_frame())
    pd.testing.assert_frame_equal(one.acceptability(), two.acceptability())
    fewer = ci.uncertainty(index(), frame, choices, draws=5000, seed=2)
    np.testing.assert_array_equal(fewer.draw(4999).scores, one.draw(4999).scores)
    other = ci.uncertainty(index(), frame, choices, draws=5000, seed=3)
    assert not np.array_equal(fewer.draw(0).scores, other.draw(0).scores)


def test_the_replications_of_coinr_are_met():
    """100 draws of COINr: points winsorised, normalisation, weights, aggregation; scores to 1e-9 and every rank."""
    from test_agreement_asem import read, tree, turned

    drawn, noisy = read("12_UA_N100_para.csv"), read("12_noisy_weights_100.csv")
    plain, z = {"minmax": {"to": [1, 100]}}, {"zscore": {"centre": 10, "scale": 2}}
    spec = ci.load_spec(tree(turned, steps=[{"treat": {"points": 5}}, plain]))
    groups = {group.id: [child.id for child in group.children] for group in spec.groups}
    sets = []
    for number in drawn["Weights_rep"]:
        own = noisy[noisy["rep"] == number].set_index("iCode")["Weight"]
        sets.append({group: {child: float(own[child]) for child in children} for group, children in groups.items()})
    points = [{"treat": {"points": count}} for count in (1, 2, 3, 4, 5)]
    choices = [
        ci.vary.methods("indicators.steps[0]", points, in_turn=list(drawn["Winmax"] - 1), label="points"),
        ci.vary.methods(
            "indicators.steps[1]", [plain, z], in_turn=list(drawn["Normalisation"] == "n_zscore"), label="z"
        ),
        ci.vary.methods(
            "groups.aggregate",
            ["arithmetic", "geometric"],
            in_turn=list(drawn["Aggregation"] == "a_gmean"),
            label="mean",
        ),
        ci.vary.given_weights(sets, in_turn=True),
    ]
    found = ci.uncertainty(spec, read("04_screened.csv"), choices, draws=100)
    units = list(found.result.units)
    scores, ranks, nominal = (
        read(f"12_UA_N100_{name}.csv").set_index("uCode").loc[units] for name in ("scores", "ranks", "nominal")
    )
    assert len(nominal) == 51
    for number in range(100):
        draw = found.draw(number)
        np.testing.assert_allclose(draw.scores, scores[f"r_{number + 1}"], rtol=1e-9)
        np.testing.assert_array_equal(draw.ranks, ranks[f"r_{number + 1}"])
    stats = read("12_UA_N100_rankstats.csv").set_index("uCode").loc[units]
    np.testing.assert_allclose(found.to_frame()["mean_rank"], stats["Mean"], rtol=1e-9)
    assert shared("asem", "12_UA_N100_rankstats.csv").exists()


# -- each choice ------------------------------------------------------------------------------------------------------

PAIR = {"cityindex": 1, "id": "pair", "index": {"id": "score", "children": ["a", "b"]}}
TWO = pd.DataFrame({"city": ["x", "y"], "a": [1.0, 0.0], "b": [0.0, 1.0]})


def test_on_the_simplex_two_mirror_images_win_half_of_the_draws_each():
    found = ci.uncertainty(PAIR, TWO, ci.vary.weights("simplex"), draws=40_000, seed=1)
    assert found.acceptability()[1].tolist() == pytest.approx([0.5, 0.5], abs=0.01)
    assert found.to_frame()["sd"].tolist() == pytest.approx([1 / np.sqrt(12)] * 2, abs=0.003)  # uniform on [0, 1]


def test_dirichlet_draws_have_the_mean_and_spread_that_are_said():
    spec = ci.with_weights(ci.load_spec(PAIR), {"score": {"a": 0.7, "b": 0.3}})
    found = ci.uncertainty(spec, TWO, ci.vary.weights("dirichlet", concentration=50), draws=40_000, seed=1).to_frame()
    assert found["mean"][0] == pytest.approx(0.7, abs=0.002)
    assert found["sd"][0] == pytest.approx(np.sqrt(0.7 * 0.3 / 51), rel=0.02)


def test_weights_between_limits_stay_there_and_reach_them():
    limits = {"score": {"g": (0.2, 0.4), "h": (0.3, 0.6)}}
    found = ci.uncertainty(index(), data(), ci.vary.weights_between(limits), draws=500, seed=1)
    drawn = pd.DataFrame([dict(found.draw(number).weights["score"]) for number in range(500)])
    assert drawn.sum(axis=1).to_numpy() == pytest.approx(6.0)  # as the nominal weights add up: 3, 1 and 2
    shares = drawn / 6
    assert shares["g"].between(0.2, 0.4).all()
    assert shares["h"].between(0.3, 0.6).all()
    assert (shares["g"].min(), shares["g"].max()) == pytest.approx((0.2, 0.4), abs=0.01)
    assert shares["f"].between(-1e-12, 0.5).all()


def test_rounding_stays_within_half_a_unit_and_errors_have_their_spread():
    spec = {**PAIR, "index": {"id": "score", "children": ["a"]}}
    rounded = ci.uncertainty(spec, TWO, ci.vary.rounding({"a": 0.1}), draws=3000, seed=1).to_frame()
    assert (rounded["highest"] - rounded["score"]).tolist() == pytest.approx([0.05, 0.05], abs=0.001)
    assert (rounded["highest"] - rounded["score"] <= 0.05).all()
    erring = ci.uncertainty(spec, TWO, ci.vary.errors({"a": 0.2}), draws=3000, seed=1).to_frame()
    assert erring["sd"].tolist() == pytest.approx([0.2, 0.2], rel=0.05)
    relative = ci.uncertainty(spec, TWO, ci.vary.errors({"a": 0.2}, relative=True), draws=3000, seed=1).to_frame()
    assert relative["sd"].tolist() == pytest.approx([0.2, 0.0], rel=0.05, abs=1e-12)


def test_a_bootstrap_learns_from_resampled_units_and_scores_all():
    spec = {**PAIR, "index": {"id": "score", "children": [{"id": "a", "steps": ["zscore"]}]}}
    frame = pd.DataFrame({"city": list("uvwxyz"), "a": [1.0, 2, 3, 4, 5, 9]})
    found = ci.uncertainty(spec, frame, ci.vary.bootstrap(), draws=200, seed=4, failing="count")
    assert found.to_frame()["rank"].tolist() == [6, 5, 4, 3, 2, 1]
    assert (found.to_frame()["high"] == found.to_frame()["low"]).all()  # a linear step keeps every order
    assert (found.to_frame()["sd"] > 0).all()


def test_judgements_are_moved_on_their_scale():
    spec = {
        **PAIR,
        "index": {"id": "score", "weights": {"ahp": {"judgements": [[1, 3], [None, 1]]}}, "children": ["a", "b"]},
    }
    found = ci.uncertainty(spec, TWO, ci.vary.judgements("score", spread=1), draws=300, seed=1)
    seen = {round(found.draw(number).weights["score"]["a"], 9) for number in range(100)}
    assert seen == {round(value, 9) for value in (2 / 3, 3 / 4, 4 / 5)}


def test_a_node_left_out_is_an_index_without_it():
    found = ci.uncertainty(index(), data(2), ci.vary.leave_out(["h", "f", "b"]), draws=60, seed=1)
    gone = {found.draw(number).picks["left out"]: found.draw(number) for number in range(60)}
    assert set(gone) == {None, "h", "f", "b"}
    less = index()
    less["index"]["children"] = [child for child in less["index"]["children"] if child["id"] != "h"]
    np.testing.assert_allclose(gone["h"].scores, ci.score(less, data(2)).column(), rtol=1e-12)
    inner = index()
    inner["index"]["children"][0]["children"] = [{"id": "a"}]
    np.testing.assert_allclose(gone["b"].scores, ci.score(inner, data(2)).column(), rtol=1e-12)


def test_an_alternative_without_weights_takes_them_away_from_the_children():
    choices = [
        ci.vary.methods("score.aggregate", ["arithmetic", "minimum", "copeland"]),
        ci.vary.weights(groups="score"),
    ]
    found = ci.uncertainty(index(), data(2), choices, draws=40, seed=1)
    lowest = next(draw for draw in map(found.draw, range(40)) if draw.picks["score.aggregate"] == "minimum")
    children = ci.score(index(), data(2)).carried[["g", "h", "f"]]
    np.testing.assert_allclose(lowest.scores, children.min(axis=1))


def test_points_of_an_identified_region_are_drawn():
    points = np.array([[3.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    found = ci.uncertainty(index(), data(), ci.vary.region("score", points), draws=50, seed=1)
    assert {tuple(found.draw(number).weights["score"].values()) for number in range(50)} == {(3, 1, 2), (1, 1, 1)}


def test_points_of_a_region_may_name_their_children():
    choice = ci.vary.region("score", [[1.0, 2.0, 3.0]], children=["f", "g", "h"])
    drawn = ci.uncertainty(index(), data(), choice, draws=2, seed=1).draw(1).weights["score"]
    assert dict(drawn) == {"g": 2.0, "h": 3.0, "f": 1.0}
    with pytest.raises(ci.ScoreError, match="weights of f, g, x; the children of score are g, h, f"):
        ci.uncertainty(index(), data(), ci.vary.region("score", [[1.0, 2.0, 3.0]], children=["f", "g", "x"]))


def test_twins_tie_in_every_draw():
    frame = pd.concat([data(4), data(4).assign(city=[f"twin {place}" for place in range(UNITS)])], ignore_index=True)
    for shape in ("linear", "geometric", "with steps"):
        found = ci.uncertainty(SHAPES[shape], frame, ci.vary.weights("simplex"), draws=300, seed=1, pairs=True)
        above = found.above().to_numpy()
        assert (above[range(UNITS), range(UNITS, 2 * UNITS)] == 0).all()
        assert (above[range(UNITS, 2 * UNITS), range(UNITS)] == 0).all()


def test_tiers_follow_cuts_or_ranks_and_tell_who_is_safe():
    cut = index(tiers={"cuts": [60, 40], "labels": ["甲", "乙", "丙"]})
    found = ci.uncertainty(cut, data(1), ci.vary.weights(factor=0.5), draws=400, seed=1)
    assert found.tiers().columns.tolist() == ["甲", "乙", "丙"]
    np.testing.assert_allclose(found.tiers().sum(axis=1), 1)
    draws = [found.draw(number).scores for number in range(400)]
    np.testing.assert_allclose(found.tiers()["甲"], (np.array(draws) >= 60).mean(axis=0))
    safety = found.tier_safety()
    assert safety["tier"].tolist() == list(ci.score(cut, data(1)).tiers())
    np.testing.assert_allclose(safety[["better", "same", "worse"]].sum(axis=1), 1)
    ranked = ci.uncertainty(index(tiers={"sizes": [2, 4, 6]}), data(1), ci.vary.weights(factor=0.5), draws=400, seed=1)
    np.testing.assert_allclose(ranked.tiers()["1"], ranked.acceptability()[[1, 2]].sum(axis=1))


def test_ranks_are_within_periods():
    panel = pd.concat([data(1).assign(year=2020), data(2).assign(year=2021)])
    spec = index() | {"unit": {"key": "city", "period": "year"}}
    found = ci.uncertainty(spec, panel, ci.vary.weights(factor=0.3), draws=50, seed=1)
    assert found.to_frame()["rank"].max() == UNITS
    ranks = np.array([found.draw(number).ranks for number in range(50)])
    assert (np.sort(ranks[:, :UNITS], axis=1) == np.arange(1, UNITS + 1)).all()


# -- what cannot be ---------------------------------------------------------------------------------------------------


def test_a_failing_draw_stops_the_run_or_is_counted():
    spec = index(aggregate="geometric")
    choice = ci.vary.methods("indicators.steps", [[{"minmax": {"to": [1, 100]}}], ["zscore"]])
    with pytest.raises(ci.ScoreError, match=r"(?s)draw \d+ cannot be scored .*above 0") as caught:
        ci.uncertainty(spec, data(), choice, draws=50, seed=1)
    assert "城" in str(caught.value)
    found = ci.uncertainty(spec, data(), choice, draws=50, seed=1, failing="count")
    assert found.draws + len(found.failed) == 50
    assert len(found.failed) > 5
    np.testing.assert_allclose(found.acceptability().sum(axis=1), 1)
    with pytest.raises(ci.ScoreError, match="cannot be scored"):
        found.draw(min(found.failed))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ci.uncertainty(index(), data()), ["nothing varies"]),
        (lambda: ci.uncertainty(index(), data(), "weights"), ["'weights' is no choice"]),
        (lambda: ci.vary.weights("dirichlt"), ["dirichlt", "Did you mean 'dirichlet'"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(factor=2)), ["factor: 2", "0 to 1"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights("dirichlet", concentration=0)), ["concentration: 0"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(groups="hh")), ["no group 'hh'", "'h'"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(groups="a")), ["no group 'a'"]),
        (lambda: ci.uncertainty(index(), data(), [ci.vary.weights(), ci.vary.weights()]), ["two choices are called"]),
        (
            lambda: ci.uncertainty(index(), data(), [ci.vary.weights(), ci.vary.weights(groups="g", label="again")]),
            ["weights of g are drawn by 'weights' and by 'again'"],
        ),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), draws=0), ["draws: 0"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), threads=0), ["threads: 0"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), failing="skip"), ["'skip'", "stop, count"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), node="a"), ["'a' is no group"]),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.methods("score.agregate", ["arithmetic", "sum"])),
            ["agregate", "aggregate"],
        ),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.methods("scor.aggregate", ["arithmetic", "sum"])),
            ["'scor'", "'score'"],
        ),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.methods("a.aggregate", ["arithmetic", "sum"])),
            ["a is an indicator"],
        ),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.methods("a.steps[3]", ["minmax", "zscore"])),
            ["a.steps[3]", "1 step"],
        ),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.methods("score.aggregate", ["arithmetic", "geomtric"])),
            ["geomtric", "geometric"],
        ),
        (lambda: ci.vary.methods("score.aggregate", ["arithmetic"]), ["two or more"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.leave_out("z")), ["no node 'z'"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.leave_out("score")), ["score cannot be left out"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.rounding({"q": 0.1})), ["'q'"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.errors({"a": -1})), ["a: -1"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.judgements("score")), ["not found by ahp"]),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.weights_between({"score": {"g": (0.5, 0.4)}})),
            ["lowest share", "g"],
        ),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights_between({"score": {"q": (0, 1)}})), ["no child 'q'"]),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.weights_between({"score": dict.fromkeys("ghf", (0, 0.2))})),
            ["cannot add up to 1"],
        ),
        (lambda: ci.vary.weights_between({"score": {"g": 0.5}}), ["g in score", "lowest, highest"]),
        (lambda: ci.vary.given_weights([]), ["no set"]),
        (
            lambda: ci.uncertainty(index(), data(), ci.vary.given_weights([{"g": {"a": 1}}])),
            ["a weight is missing for 'b'"],
        ),
        (lambda: ci.uncertainty(index(), data(), ci.vary.region("score", [[1, 2]])), ["shape (1, 2)", "3 weights"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), draws=10).draw(10), ["no draw 10", "0 to 9"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), draws=10).above(), ["pairs=True"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), draws=10).tiers(), ["has no tiers"]),
        (lambda: ci.uncertainty(index(), data(), ci.vary.weights(), draws=10).rank_quantile(5), ["quantile: 5"]),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises(ci.CityIndexError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
