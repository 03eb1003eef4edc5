"""`rank_bounds`, `overtake` and `weight_stability`: against sampled ranks, and by scoring again with the weights."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.errors import NotFoundError, ScoreError
from cityindex.methods.rank import rank
from cityindex.robustness.bounds import WeightRows, overtake, rank_bounds, weight_stability

SEEDS = st.integers(0, 2**32 - 1)
NESTED = {
    "id": "score",
    "children": [
        {"id": "one", "weight": 3, "children": [{"id": "a", "weight": 2}, {"id": "b", "weight": 1}, {"id": "c"}]},
        {"id": "two", "weight": 2, "children": [{"id": "d"}, {"id": "e", "weight": 3}]},
        {"id": "f", "weight": 1},
    ],
}
NESTED["children"][0]["children"][2]["weight"] = 1
NESTED["children"][1]["children"][0]["weight"] = 1


def spec_of(index):
    return ci.load_spec({"cityindex": 1, "id": "example", "index": index})


def flat(names="abcd", **more):
    return spec_of({"id": "score", "children": list(names), **more})


def data_of(names, units=8, seed=0, low=1.0):
    rng = np.random.default_rng(seed)
    columns = {name: rng.uniform(low, 10, units).round(3) for name in names}
    return pd.DataFrame({"city": [f"u{place}" for place in range(units)], **columns})


def ranks_with(spec, data, weights, node=None):
    """Ranks of the carried score under other weights, through the whole engine."""
    result = ci.score(ci.with_weights(spec, weights), data)
    first = spec.nodes[node or spec.index.id].rank.first
    return rank(result.column(node, of="carried"), first=first)


def check(spec, data, region, *, node=None, exact=True, sampled=None, seed=1):
    """Bounds hold every sampled rank, and are attained by the weights that are handed out."""
    found = rank_bounds(ci.score(spec, data), region, node=node, exact=exact, time_limit=20)
    if sampled is not None:
        drawn = ci.uncertainty(spec, data, sampled, draws=300, seed=seed, node=node)
        for number in range(0, 300, 7):
            ranks = drawn.draw(number).ranks
            assert (found.best <= ranks).all()
            assert (ranks <= found.worst).all()
    for unit, side in product(data["city"], ("best", "worst")):
        row = list(data["city"]).index(unit)
        again = ranks_with(spec, data, found.weights(unit, side), node)
        assert again[row] == getattr(found, f"attained_{side}")[row]
    assert (found.best <= found.attained_best).all()
    if not any("outside" in note for note in found.notes):
        assert (found.attained_best <= found.to_frame()["rank"]).all()
        assert (found.to_frame()["rank"] <= found.attained_worst).all()
    assert (found.attained_worst <= found.worst).all()
    return found


# -- bounds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "choice",
    [ci.vary.weights(factor=0.4), ci.vary.weights("simplex"), ci.vary.weights("dirichlet", concentration=5)],
    ids=["factor", "simplex", "dirichlet"],
)
@pytest.mark.parametrize("index", [{"id": "score", "children": list("abcdef")}, NESTED], ids=["flat", "nested"])
@given(seed=SEEDS)
@settings(max_examples=2, deadline=None)
def test_no_draw_is_outside_the_exact_bounds(choice, index, seed):
    found = check(spec_of(index), data_of("abcdef", seed=seed), choice, sampled=choice)
    assert found.kind == "exact region"
    assert found.exact.all()


def test_a_number_is_shares_within_a_factor_and_narrower_than_what_a_factor_draws():
    spec, data = flat(), data_of("abcd", 30)
    shares = check(spec, data, 0.3, exact=False)
    drawn = rank_bounds(ci.score(spec, data), ci.vary.weights(factor=0.3))
    assert (drawn.best <= shares.best).all()
    assert (shares.worst <= drawn.worst).all()
    for weights in (shares.weights("u0"), shares.weights("u3", "worst")):
        assert all(0.175 - 1e-9 <= weight <= 0.325 + 1e-9 for weight in weights["score"].values())


def test_limits_by_child_by_group_and_by_vary_are_the_same():
    spec, data = flat(), data_of("abcd", 12)
    limits = {"a": (0.1, 0.4), "b": (0.0, 0.2)}
    result = ci.score(spec, data)
    frames = [
        rank_bounds(result, said, exact=True).to_frame()
        for said in (limits, {"score": limits}, ci.vary.weights_between({"score": limits}))
    ]
    pd.testing.assert_frame_equal(frames[0], frames[1])
    pd.testing.assert_frame_equal(frames[0], frames[2])
    check(spec, data, limits, sampled=ci.vary.weights_between({"score": limits}))


def test_one_group_below_fixed_weights_and_two_side_by_side():
    spec, data = spec_of(NESTED), data_of("abcdef", 10)
    for groups in ("one", ("one", "two"), ("score",)):
        choice = ci.vary.weights("simplex", groups=groups)
        found = check(spec, data, choice, sampled=choice)
        assert set(found.weights("u0")) == ({groups} if isinstance(groups, str) else set(groups))


def test_a_node_below_the_root_is_ranked_by_itself():
    spec, data = spec_of(NESTED), data_of("abcdef", 10)
    found = check(spec, data, 0.5, node="one")
    assert set(found.weights("u0")) == {"one"}


def test_geometric_means_are_linear_in_logarithms():
    index = {"id": "score", "aggregate": "geometric", "children": list("abc")}
    choice = ci.vary.weights(factor=0.6)
    found = check(spec_of(index), data_of("abc", 10), choice, sampled=choice)
    assert found.exact.all()


def test_lowest_first():
    choice = ci.vary.weights(factor=0.6)
    check(flat(rank={"first": "lowest"}), data_of("abcd", 9), choice, sampled=choice)


def test_a_sum_of_weights_as_they_stand_also_negative_ones():
    inner = {"id": "net", "weight": -1, "children": ["c", "d"]}
    index = {
        "id": "score",
        "aggregate": "sum",
        "children": [{"id": "a", "weight": 2}, {"id": "b", "weight": -1}, inner],
    }
    spec, data = spec_of(index), data_of("abcd", 9)
    for groups in ("net", "score"):
        choice = ci.vary.weights(factor=0.5, groups=groups)
        if groups == "net":
            check(spec, data, choice, sampled=choice)
        else:
            with pytest.raises(ScoreError, match="cannot vary"):
                rank_bounds(ci.score(spec, data), [choice, ci.vary.weights(factor=0.5, groups="net")])
    with pytest.raises(ScoreError, match="cannot vary at once"):
        rank_bounds(ci.score(spec, data), ci.vary.weights(factor=0.5))


def test_a_group_that_is_used_twice_gives_an_outer_bound_and_says_so():
    index = {
        "id": "score",
        "children": [
            {"id": "one", "weight": 1, "children": ["a", "b"]},
            {"id": "two", "weight": 1, "children": [{"use": "one", "weight": 1}, {"id": "c", "weight": 2}]},
        ],
    }
    choice = ci.vary.weights("simplex")
    found = check(spec_of(index), data_of("abc", 8), choice, sampled=choice)
    assert found.kind == "outer bound"
    assert "one is used several times" in found.notes[0]


def test_ranks_are_those_within_a_period_and_units_without_a_score_have_none():
    spec = ci.load_spec(
        {
            "cityindex": 1,
            "id": "panel",
            "unit": {"key": "city", "period": "year"},
            "index": {"id": "score", "missing": "propagate", "children": ["a", "b", "c"]},
        }
    )
    data = pd.concat([data_of("abc", 5, seed).assign(year=str(2020 + seed)) for seed in (0, 1)], ignore_index=True)
    data.loc[2, "b"] = np.nan
    found = rank_bounds(ci.score(spec, data), 0.5, exact=True)
    frame = found.to_frame()
    assert frame["best"].isna().tolist() == [False, False, True] + [False] * 7
    assert frame.loc[2, ["rank", "best", "worst"]].isna().all()
    for year, size in (("2020", 4), ("2021", 5)):
        own = frame[frame["period"] == year]
        assert own["worst"].max() <= size
        alone = spec_of({"id": "score", "children": ["a", "b", "c"]})
        part = data[(data["year"] == year) & data["b"].notna()].drop(columns="year")
        again = rank_bounds(ci.score(alone, part), 0.5, exact=True).to_frame()
        assert again["best"].tolist() == own["best"].dropna().tolist()
    with pytest.raises(NotFoundError, match="no score"):
        found.weights("u2", period="2020")
    assert set(found.dominance()["period"]) <= {"2020", "2021"}
    with pytest.raises(ScoreError, match="not ranked together"):
        overtake_between_periods(spec, data)


def overtake_between_periods(spec, data):
    renamed = data.assign(city=[f"{city}-{year}" for city, year in zip(data["city"], data["year"], strict=True)])
    return overtake(ci.score(spec, renamed), "u0-2020", "u0-2021")


def test_dominance_names_the_pairs():
    data = pd.DataFrame({"city": ["x", "y", "z", "t"], "a": [9, 5, 6, 6], "b": [5.0, 6, 5, 5]})
    found = rank_bounds(ci.score(flat("ab"), data), {"a": (0.4, 0.6)})
    rows = {(row.unit, row.over): row.relation for row in found.dominance().itertuples()}
    assert rows[("x", "y")] == rows[("x", "z")] == "above"
    assert rows[("z", "t")] == rows[("t", "z")] == "never below"
    assert ("z", "y") not in rows


def test_only_some_units_exactly():
    rng = np.random.default_rng(0)
    names = [f"c{place}" for place in range(8)]
    data = data_of(names, 25, seed=int(rng.integers(100)))
    result = ci.score(flat(names), data)
    loose, some = rank_bounds(result, 0.5), rank_bounds(result, 0.5, units=["u3", "u4"])
    assert some.exact[[3, 4]].all()
    others = np.setdiff1d(np.arange(25), [3, 4])
    assert (loose.best[others] == some.best[others]).all()
    assert (loose.best <= some.best).all()


def test_what_was_published_and_other_ties_are_noted():
    spec = flat(publish=[{"round": 0}], rank={"ties": "max"})
    notes = rank_bounds(ci.score(spec, data_of("abcd")), {"a": (0.6, 0.8)}).notes
    assert [any(word in note for note in notes) for word in ("publish", "ties", "outside")] == [True] * 3


# -- regions of rows --------------------------------------------------------------------------------------------------


def test_rows_say_any_linear_region():
    spec, data = flat("abc"), data_of("abc", 10)
    region = WeightRows(("c", "a", "b"), [[0, -1, 1], [1, 0, -1]], [0, 0])  # c ≤ b ≤ a
    found = check(spec, data, region)
    rng = np.random.default_rng(0)
    for w in rng.dirichlet(np.ones(3), 60):
        a, b, c = sorted(w, reverse=True)
        ranks = ranks_with(spec, data, {"score": {"a": a, "b": b, "c": c}})
        assert (found.best <= ranks).all()
        assert (ranks <= found.worst).all()


def identified(spec, data, *, decimals=1, order=None, **options):
    """What printed sub-scores and totals say of the weights; the columns stand in another order than the children."""
    total = ci.score(spec, data).column()
    parts = data.set_index("city")[["c", "a", "b"]].round(decimals)
    said = None if order is not None else (total * (options.get("total_weight") or 1)).round(decimals)
    return ci.identify_weights(parts, said, decimals=decimals, total_decimals=decimals, order=order, **options)


@pytest.mark.parametrize("total", [1, 100])
@pytest.mark.parametrize("seed", range(3))
def test_the_rows_of_an_identification_are_an_exact_region(total, seed):
    spec, data = flat("abc"), data_of("abc", 12, seed)
    found = identified(spec, data, total_weight=total, decimals=0)
    assert found.complete
    assert found.g.shape == (found.rows, 3)
    bounds = check(spec, data, found)
    assert bounds.kind == "exact region"
    assert bounds.exact.all()
    drawn = found.sample(200, seed=seed) / total
    assert (drawn @ found.g.T <= found.h / total + 1e-7).all()
    values = data[["c", "a", "b"]].to_numpy()
    ranks = rank(drawn @ values.T)
    assert (bounds.best <= ranks).all()
    assert (ranks <= bounds.worst).all()
    assert (bounds.worst > bounds.best).any()  # and the numbers leave something open


def test_numbers_that_leave_one_point_give_its_ranks():
    spec, data = flat("abc"), data_of("abc", 12)
    found = identified(spec, data, decimals=12, rounding="none")
    bounds = check(spec, data, found)
    assert bounds.kind == "exact region"
    assert (bounds.best == bounds.worst).all()


def test_an_order_is_not_all_in_the_rows_and_gives_an_outer_bound():
    spec, data = flat("abc"), data_of("abc", 12)
    order = data["city"].to_numpy()[np.argsort(-ci.score(spec, data).column())].tolist()
    found = identified(spec, data, order=order)
    assert not found.complete
    bounds = rank_bounds(ci.score(spec, data), found, exact=True)
    assert bounds.kind == "outer bound"
    assert "an order" in bounds.notes[0]
    assert ranks_with(spec, data, bounds.weights("u0", "worst"))[0] == bounds.attained_worst[0]
    for weights in found.sample(60, seed=1):
        ranks = ranks_with(spec, data, {"score": dict(zip(found.children, weights.tolist(), strict=True))})
        assert (bounds.best <= ranks).all()
        assert (ranks <= bounds.worst).all()


def test_an_identification_without_a_sum_or_of_a_sum_is_refused():
    spec, data = flat("abc"), data_of("abc", 12)
    with pytest.raises(ScoreError, match="no fixed sum"):
        rank_bounds(ci.score(spec, data), identified(spec, data, total_weight=None))
    with pytest.raises(ScoreError, match="add up to 2, and those of score, a sum, to 3"):
        rank_bounds(ci.score(flat("abc", aggregate="sum"), data), identified(spec, data, total_weight=2))
    rank_bounds(ci.score(flat("abc", aggregate="sum"), data), identified(spec, data, total_weight=3))
    wrong = ci.identify_weights(data.set_index("city")[["a", "b", "c"]], np.full(12, 99.0))
    with pytest.raises(ScoreError, match="no weights are possible"):
        rank_bounds(ci.score(spec, data), wrong)


def test_shares_of_a_sum_keep_its_total_also_below_and_above_others():
    inner = {
        "id": "net",
        "weight": 1,
        "aggregate": "sum",
        "children": [{"id": "c", "weight": 2}, {"id": "d", "weight": 3}],
    }
    index = {"id": "score", "aggregate": "sum", "children": [{"id": "a", "weight": 4}, {"id": "b", "weight": 1}, inner]}
    spec, data = spec_of(index), data_of("abcd", 9)
    for groups in ("net", "score", ("net", "score")):
        choice = ci.vary.weights("simplex", groups=groups)
        check(spec, data, choice, sampled=choice)
    limits = {"score": {"a": (0.2, 0.4)}}  # the weights now (4 of 6) lie outside
    choice = ci.vary.weights_between(limits)
    found = check(spec, data, choice, sampled=choice)
    assert sum(found.weights("u0")["score"].values()) == pytest.approx(6)
    assert found.weights("u0")["score"]["a"] <= 0.4 * 6 + 1e-9
    result, seen = ci.score(spec, data), set()
    for one, other in product(range(9), range(9)):
        if one == other:
            continue
        over = overtake(result, f"u{one}", f"u{other}", choice)
        seen.add(over.possible)
        if over.possible:  # also where it is above now: these weights lie outside
            ranks = ranks_with(spec, data, over.weights)
            assert ranks[one] < ranks[other]
            assert sum(over.weights["score"].values()) == pytest.approx(6)
            assert 0.2 * 6 - 1e-9 <= over.weights["score"]["a"] <= 0.4 * 6 + 1e-9
            change = sum(abs(over.weights["score"][child] - over.now["score"][child]) for child in over.now["score"])
            assert change == pytest.approx(over.distance)
    assert seen == {True, False}
    with pytest.raises(ScoreError, match="no shares: vary a factor"):
        rank_bounds(ci.score(ci.with_weights(spec, {"net": {"c": 2, "d": -1}}), data), ci.vary.weights("simplex"))


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "region", "words"),
    [
        ({"aggregate": "harmonic"}, 0.2, "aggregated by harmonic"),
        ({"steps": ["minmax"]}, 0.2, "steps of its own"),
        ({"missing": "reweight"}, 0.2, "shares the weights of missing children"),
        ({}, None, "says nothing"),
        ({}, True, "says nothing"),
        ({}, "simplex", "says nothing"),
        ({}, 1.5, "from 0 to 1"),
        ({}, [0.2, 0.3], "said twice"),
        ({}, {"a": 0.3}, "lowest, highest"),
        ({}, {"a": (0.5, 0.4)}, "not below it"),
        ({}, {"a": ("30%", "50%")}, "limits of a in score: '30%'; a number is wanted"),
        ({}, {"a": (0.1, float("nan"))}, "a number is wanted"),
        ({}, {}, "says nothing"),
        ({}, [], "no weights vary"),
        ({}, WeightRows(tuple("abcd"), [["x", 1, 1, 1]], [1]), "have to be numbers"),
        ({}, WeightRows(tuple("abcd"), [[1, 1, 1]], [1]), "one coefficient for each child"),
        ({}, WeightRows(tuple("abcc"), [[1, 1, 1, 1]], [1]), "names c, a child of score, twice"),
        ({}, WeightRows(tuple("abc"), [[1, 1, 1]], [1]), "says nothing of d"),
        ({}, WeightRows(tuple("abcd"), [[1, 1, 1, 1]], [0.5]), "no weights satisfy these rows"),
        ({}, {"a": (0.8, 0.9), "b": (0.3, 0.4)}, "cannot add up to 1"),
    ],
)
def test_what_cannot_be_bounded_is_refused_in_words(index, region, words):
    data = data_of("abcd")
    if "missing" in index:
        data.loc[1, "a"] = np.nan
    with pytest.raises(ScoreError, match=words):
        rank_bounds(ci.score(flat(**index), data), region)


def test_names_that_are_not_there():
    result = ci.score(flat(), data_of("abcd"))
    with pytest.raises(NotFoundError, match="no child 'ab'"):
        rank_bounds(result, {"ab": (0.1, 0.2)})
    with pytest.raises(NotFoundError):
        rank_bounds(result, 0.2, units="nobody")
    with pytest.raises(NotFoundError, match="'best' or 'worst'"):
        rank_bounds(result, 0.2).weights("u0", "beste")


def test_options_are_checked_and_numbers_of_numpy_are_numbers():
    result = ci.score(flat(), data_of("abcd"))
    assert rank_bounds(result, np.float32(0.25)).kind == rank_bounds(result, np.int64(0)).kind == "exact region"
    assert rank_bounds(result, WeightRows(tuple("abcd"), [], [])).kind == "exact region"
    for more, words in (
        ({"time_limit": "5"}, "time_limit"),
        ({"time_limit": -1}, "time_limit"),
        ({"units": 3}, "units"),
    ):
        with pytest.raises(ScoreError, match=words):
            rank_bounds(result, 0.2, **more)
    with pytest.raises(ScoreError, match="u1 cannot overtake itself"):
        overtake(result, "u1", "u1")
    with pytest.raises(ScoreError, match="groups: 3"):
        weight_stability(result, groups=3)


def test_a_mean_of_two_kinds_varies_in_one_of_them_only():
    index = {"id": "score", "aggregate": "geometric", "children": [{"id": "one", "children": ["a", "b"]}, "c"]}
    spec, data = spec_of(index), data_of("abc")
    with pytest.raises(ScoreError, match="geometric mean, and one is arithmetic"):
        rank_bounds(ci.score(spec, data), 0.2)
    check(spec, data, ci.vary.weights(factor=0.2, groups="score"))


# -- overtake ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("norm", ["sum", "largest"])
@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
def test_the_weights_of_an_overtaking_do_overtake_and_less_does_not(norm, aggregate):
    spec, data = flat(aggregate=aggregate), data_of("abcd", 8, seed=4)
    result = ci.score(spec, data)
    order = np.argsort(result.ranks())
    seen = set()
    for one, other in ((order[1], order[0]), (order[4], order[2]), (order[7], order[0])):
        found = overtake(result, f"u{one}", f"u{other}", norm=norm)
        seen.add(found.possible)
        if not found.possible:
            assert np.isnan(found.distance)
            assert found.most <= 1e-8
            continue
        ranks = ranks_with(spec, data, found.weights)
        assert ranks[one] < ranks[other]
        now = np.array(list(found.now["score"].values()))
        then = np.array(list(found.weights["score"].values()))
        change = np.abs(then - now)
        assert (change.sum() if norm == "sum" else change.max()) == pytest.approx(found.distance, abs=1e-9)
        short = now + 0.999 * (then - now)
        ranks = ranks_with(spec, data, {"score": dict(zip("abcd", short.tolist(), strict=True))})
        assert ranks[one] >= ranks[other]
    assert True in seen


def test_the_smallest_change_is_that_of_a_grid():
    spec, data = flat("abc"), data_of("abc", 4, seed=2)
    result = ci.score(spec, data)
    values = data[["a", "b", "c"]].to_numpy()
    steps = np.linspace(0, 1, 401)
    grid = np.array([(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1])
    for one, other in product(range(4), range(4)):
        lead = grid @ (values[one] - values[other])
        for norm, size in (("sum", lambda move: move.sum(axis=1)), ("largest", lambda move: move.max(axis=1))):
            found = overtake(result, f"u{one}", f"u{other}", norm=norm) if one != other else None
            if found is None:
                continue
            reach = size(np.abs(grid[lead > 0] - 1 / 3))
            assert found.possible == bool(len(reach)) or abs(found.most) < 0.05
            if len(reach) and found.possible and found.distance > 0:
                assert found.distance <= reach.min() + 1e-9
                assert found.distance >= reach.min() - 0.02


def test_overtaking_within_a_region_and_several_groups():
    spec, data = spec_of(NESTED), data_of("abcdef", 8, seed=3)
    result = ci.score(spec, data)
    order = np.argsort(result.ranks())
    region = ci.vary.weights("simplex", groups=("one", "two"))
    found = overtake(result, f"u{order[1]}", f"u{order[0]}", region)
    if found.possible:
        ranks = ranks_with(spec, data, found.weights)
        assert ranks[order[1]] < ranks[order[0]]
    near = overtake(result, f"u{order[7]}", f"u{order[0]}", {"score": {"one": (0.45, 0.55), "two": (0.3, 0.35)}})
    assert not near.possible
    assert "no weights of the region" in str(near)
    already = overtake(result, f"u{order[0]}", f"u{order[7]}")
    assert already.distance == 0
    assert "already" in str(already)
    with pytest.raises(ScoreError, match="groups below it"):
        overtake(result, "u0", "u1", 0.2)
    with pytest.raises(ScoreError, match="norm"):
        overtake(result, "u0", "u1", norm="largst")


# -- stability --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aggregate", ["arithmetic", "geometric"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_just_inside_an_interval_nothing_changes_and_just_outside_it_does(aggregate, seed):
    spec, data = flat(aggregate=aggregate), data_of("abcd", 9, seed=seed)
    frame = weight_stability(ci.score(spec, data), top=3).to_frame()
    assert len(frame) == 16

    def kept(child, t):
        others = (1 - t) / 3
        ranks = ranks_with(spec, data, {"score": {name: t if name == child else others for name in "abcd"}})
        top = tuple(np.flatnonzero(ranks <= 3))
        order = tuple(np.argsort(ranks)[:3])
        return {"first": tuple(ranks == 1), "top": top, "order": order, "all": tuple(ranks)}

    for row in frame.itertuples():
        now = kept(row.child, 0.25)[row.keeps]
        for end, pair, step in ((row.low, row.pair_low, -1e-7), (row.high, row.pair_high, 1e-7)):
            if pair is None:
                assert end in (0.0, 1.0)
                assert kept(row.child, min(max(end, 1e-12), 1 - 1e-12))[row.keeps] == now
                continue
            assert kept(row.child, end - step)[row.keeps] == now
            assert kept(row.child, end + step)[row.keeps] != now


def test_weights_below_others_move_what_lies_above():
    spec, data = spec_of(NESTED), data_of("abcdef", 9, seed=5)
    frame = weight_stability(ci.score(spec, data), groups=["one", "score"]).to_frame()
    assert set(frame["group"]) == {"one", "score"}
    row = frame[(frame["child"] == "b") & (frame["keeps"] == "all")].iloc[0]
    before = ranks_with(spec, data, {"one": {"a": 2, "b": 1, "c": 1}})
    for end, pair, step in ((row["low"], row["pair_low"], -1e-7), (row["high"], row["pair_high"], 1e-7)):
        if pair is None:
            continue
        for t, same in ((end - step, True), (end + step, False)):
            weights = {"a": 2 / 3 * (1 - t), "b": t, "c": 1 / 3 * (1 - t)}
            assert (ranks_with(spec, data, {"one": weights}) == before).all() == same


def test_a_weight_without_siblings_and_strange_options_are_refused():
    spec = spec_of({"id": "score", "children": [{"id": "a", "weight": 1}, {"id": "b", "weight": 0}]})
    with pytest.raises(ScoreError, match="a has all the weight of score"):
        weight_stability(ci.score(spec, data_of("ab")))
    with pytest.raises(ScoreError, match="top"):
        weight_stability(ci.score(flat(), data_of("abcd")), top=0)
    summed = flat(aggregate="sum")
    with pytest.raises(ScoreError, match="no weights that could move"):
        weight_stability(ci.score(summed, data_of("abcd")))
    with pytest.raises(ScoreError, match="is a sum"):
        weight_stability(ci.score(summed, data_of("abcd")), groups="score")
