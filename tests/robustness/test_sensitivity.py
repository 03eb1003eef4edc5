"""Sobol' shares of choices: an index that can be solved by hand, laws of the design, failures in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import shared

import cityindex as ci
from cityindex.errors import NotFoundError, ScoreError
from cityindex.methods.rank import rank
from cityindex.methods.rank_measures import kendall_tau
from cityindex.robustness._outputs import kendall_distances
from cityindex.robustness.sensitivity import sensitivity

SUMS = {
    "cityindex": 1,
    "id": "sums",
    "defaults": {"group": {"aggregate": "sum"}},
    "index": {
        "id": "score",
        "children": [
            {"id": "one", "weight": 2, "children": [{"id": "a", "weight": 1}, {"id": "b", "weight": 3}]},
            {"id": "two", "weight": 1, "children": [{"id": "c", "weight": 2}, {"id": "d", "weight": 1}]},
        ],
    },
}
DATA = pd.DataFrame(
    {"city": ["u", "v", "w"], "a": [4.0, 1.0, 2.0], "b": [1.0, 3.0, 2.0], "c": [5.0, 1.0, 3.0], "d": [2.0, 9.0, 3.0]}
)
BY = 0.5


def each_group(names=("one", "two", "score")):
    return [ci.vary.weights(factor=BY, groups=name, label=name) for name in names]


def by_hand(x):
    """First-order and total shares of the weights of one, two and score for a sum of sums; factors uniform in 1 ± f.

    The score is r₁ G₁ + r₂ G₂, all four independent, each a sum of weights times numbers.
    """
    q = BY**2 / 3  # the variance of a factor
    means = np.array([x["a"] + 3 * x["b"], 2 * x["c"] + x["d"]])
    variances = q * np.array([x["a"] ** 2 + 9 * x["b"] ** 2, 4 * x["c"] ** 2 + x["d"] ** 2])
    r = np.array([2.0, 1.0])
    alone = [*(r**2 * variances), float(q * (r**2 * means**2).sum())]
    joint = q * r**2 * variances
    variance = sum(alone) + joint.sum()
    total = np.array(alone) + np.array([*joint, joint.sum()])
    return np.array(alone) / variance, total / variance


@pytest.mark.parametrize("unit", DATA["city"])
def test_an_index_that_can_be_solved_by_hand(unit):
    first, total = by_hand(DATA.set_index("city").loc[unit])
    found = sensitivity(SUMS, DATA, each_group(), samples=4096, seed=1, output=f"score:{unit}", intervals=0.99).estimate
    assert (found.first_low <= first).all()
    assert (first <= found.first_high).all()
    assert (found.total_low <= total).all()
    assert (total <= found.total_high).all()
    np.testing.assert_allclose(found.total, total, atol=0.05)
    assert found.interactions[1] <= 1 - first.sum() <= found.interactions[2]


def test_grouped_choices_are_one():
    one, two, score = each_group()
    first, total = by_hand(DATA.set_index("city").loc["u"])
    found = sensitivity(SUMS, DATA, [[one, two], score], samples=4096, output="score:u", intervals=0.99)
    assert found.choices == ("one + two", "score")
    assert found.runs == 4 * 4096
    own = found.estimate  # one and two do not interact with each other
    assert own.first_low[0] <= first[0] + first[1] <= own.first_high[0]
    assert own.total_low[0] <= total[0] + total[1] <= own.total_high[0]


def test_a_choice_alone_takes_everything():
    found = sensitivity(SUMS, DATA, ci.vary.weights(factor=BY), output="score:u", samples=512)
    assert found.estimate.total == pytest.approx(1, abs=0.1)
    assert found.most == "weights"
    assert "told from" not in str(found)


def test_a_choice_that_changes_nothing_has_a_total_share_of_exactly_0():
    named = [*each_group(), ci.vary.methods("score.aggregate", ["sum", "sum"], label="same")]
    found = sensitivity(SUMS, DATA, named, samples=64, output="score:u").to_frame().set_index("choice")
    assert found.loc["same", ["first", "total", "total_high"]].tolist() == [0, 0, 0]


# -- the design -------------------------------------------------------------------------------------------------------


def wide(units=40, seed=1):
    rng = np.random.default_rng(seed)
    data = {"city": [f"c{i}" for i in range(units)]} | {name: rng.uniform(1, 9, units) for name in "abcd"}
    children = [{"id": "one", "children": ["a", "b"]}, {"id": "two", "children": ["c", "d"]}]
    return ci.score({"cityindex": 1, "id": "wide", "index": {"id": "score", "children": children}}, pd.DataFrame(data))


MIXED = [
    ci.vary.weights("simplex", groups="one", label="one"),
    ci.vary.methods("score.aggregate", ["arithmetic", "geometric"], label="aggregate"),
    ci.vary.errors({"c": 0.5}, label="errors"),
]


def test_the_same_seed_gives_the_same_whatever_the_threads():
    result = wide()
    frames = [
        sensitivity(result, choices=MIXED[:2], samples=300, seed=seed, threads=threads, output="units")
        for seed, threads in ((3, 1), (3, 2), (4, 1))
    ]
    for of in ("rank", "score"):
        pd.testing.assert_frame_equal(frames[0].for_units(of), frames[1].for_units(of), check_exact=True)
    pd.testing.assert_frame_equal(frames[0].convergence(), frames[1].convergence(), check_exact=True)
    assert not frames[0].to_frame().equals(frames[2].to_frame())


def test_draws_that_differ_in_data_are_run_too():
    found = sensitivity(wide(10), choices=MIXED, samples=24).estimate
    assert (found.total > 0).all()


@pytest.mark.parametrize("run", range(4))
def test_each_run_is_what_it_says(run):
    """Draws are replayed by hand from the blocks: A and B anew, AB with one choice from B."""
    found = sensitivity(wide(), choices=MIXED[:2], samples=50, output="score:c3")
    design = found.design
    parts = [design.sampler.block(0, 50, [sample] * 2) for sample in (0, 1)]
    sources = {0: (0, 0), 1: (1, 1), 2: (1, 0), 3: (0, 1)}[run]
    weights, pick = parts[sources[0]].weights["one"], parts[sources[1]].picks["aggregate"]
    data = wide().scores.loc["c3"]
    one = weights @ data[["a", "b"]].to_numpy() / weights.sum(axis=1)
    two = data[["c", "d"]].mean()
    expected = np.where(pick == 0, (one + two) / 2, np.sqrt(one * two))
    np.testing.assert_allclose(found.values[run], expected, rtol=1e-12)


def test_convergence_is_of_the_first_samples():
    found = sensitivity(wide(), choices=MIXED[:2], samples=256, seed=5)
    table = found.convergence()
    assert table["samples"].unique().tolist() == [32, 64, 128, 256]
    pd.testing.assert_frame_equal(table.iloc[-2:, 1:].reset_index(drop=True), found.to_frame())
    widths = (table["total_high"] - table["total_low"]).to_numpy().reshape(4, 2).max(axis=1)
    assert widths[0] > widths[-1]
    assert found.settled == bool(widths[-1] <= 0.1)
    assert ("Not settled" in str(found)) is not found.settled


def test_shares_settle_with_samples():
    few, many = (sensitivity(SUMS, DATA, each_group(), samples=n, output="score:v") for n in (64, 16_384))
    assert not few.settled
    assert "try samples=" in str(few)
    assert many.settled
    assert "Settled" in str(many)


def test_convergence_of_very_few_samples():
    found = sensitivity(SUMS, DATA, each_group(), samples=3, output="score:u")
    assert found.convergence()["samples"].unique().tolist() == [3]


# -- outputs ----------------------------------------------------------------------------------------------------------


def ranks_by_hand(result, found, sample):
    """The ranks in A."""
    block = found.design.sampler.block(0, found.asked, [0] * len(found.design.sampler.choices))
    return rank(found.design.sampler.score(block).published[sample])


def test_shift_and_kendall_are_what_the_kernels_of_ranks_give():
    result = wide()
    nominal = result.ranks()
    by = {output: sensitivity(result, choices=MIXED[:2], samples=40, output=output) for output in ("shift", "kendall")}
    for sample in (0, 7, 39):
        ranks = ranks_by_hand(result, by["shift"], sample)
        assert by["shift"].values[0, sample] == pytest.approx(np.abs(ranks - nominal).mean())
        tau = kendall_tau(ranks, nominal, variant="a")  # no ties here
        assert by["kendall"].values[0, sample] == pytest.approx((1 - tau) / 2)


def test_kendall_distances_with_ties():
    rng = np.random.default_rng(3)
    for units in (1, 2, 5, 60):
        for kinds in (2, 100):
            nominal = rank(rng.integers(0, kinds, units).astype(float)).astype(np.int64)
            ranks = rank(rng.integers(0, kinds, (9, units)).astype(float)).astype(np.uint16).T
            signs = [np.sign(np.subtract.outer(own, own)) for own in (nominal, *ranks.T.astype(int))]
            pairs = np.triu_indices(units, 1)
            expected = [np.abs(signs[0] - own)[pairs].sum() / 2 for own in signs[1:]]
            np.testing.assert_array_equal(kendall_distances(nominal, ranks), expected)


def test_all_units_at_once_are_as_each_alone():
    result = wide(12)
    found = sensitivity(result, choices=MIXED[:2], samples=100, output="units")
    assert found.output == "the mean absolute rank change"
    for of in ("rank", "score"):
        table = found.for_units(of).set_index("city")
        for unit in ("c0", "c7"):
            alone = sensitivity(result, choices=MIXED[:2], samples=100, output=f"{of}:{unit}").to_frame()
            np.testing.assert_allclose(
                table.loc[unit, list(alone)[1:]].to_numpy(float), alone.iloc[:, 1:].to_numpy(), atol=1e-9
            )
    with pytest.raises(NotFoundError, match="output='units'"):
        sensitivity(result, choices=MIXED[:2], samples=8).for_units()
    with pytest.raises(NotFoundError, match="rank"):
        found.for_units("ranks")


def test_a_unit_whose_rank_never_moves_has_no_shares():
    data = DATA.assign(a=[4.0, 1.0, 90.0], b=[1.0, 3.0, 90.0], c=[5.0, 1.0, 90.0], d=[2.0, 9.0, 90.0])
    found = sensitivity(SUMS, data, each_group(), samples=64, output="units")
    table = found.for_units().set_index("city")
    assert table.loc["w", "first":"total_high"].isna().all(axis=None)
    assert (table.loc["w", "variance"] == 0).all()
    assert table.loc["u", "total"].notna().all()


def test_an_output_that_does_not_vary_is_told_in_words():
    data = DATA.assign(a=[1.0, 2.0, 3.0], b=[1.0, 2.0, 3.0], c=[1.0, 2.0, 3.0], d=[1.0, 2.0, 3.0])
    found = sensitivity(SUMS, data, each_group(), samples=64)
    assert found.constant
    assert found.most is None
    assert not found.settled
    assert found.to_frame().drop(columns="choice").isna().all(axis=None)
    assert "does not vary" in repr(found)
    assert "0 in every run" in str(found)
    assert found.convergence()["total"].isna().all()


def test_units_outside_where_do_not_spoil_the_shares():
    """One unit without a score makes every share of COINr missing; here it is no part of the output."""
    spec = {**SUMS, "index": {**SUMS["index"], "where": {"kind": "big"}}}
    more = pd.concat([DATA, DATA.iloc[:1].assign(city="x")]).assign(kind=["big", "big", "big", "small"])
    found = sensitivity(spec, more, each_group(), samples=64, output="units")
    assert np.isfinite(found.estimate.total).all()
    assert found.for_units()["city"].unique().tolist() == ["u", "v", "w"]
    np.testing.assert_array_equal(found.values, sensitivity(SUMS, DATA, each_group(), samples=64).values)
    with pytest.raises(NotFoundError, match="x has no score"):
        sensitivity(spec, more, each_group(), output="rank:x")


def test_periods_are_ranked_apart():
    panel = pd.concat([DATA.assign(year=2020), DATA.assign(year=2021)])
    spec = {**SUMS, "unit": {"kind": "city", "key": "city", "period": "year"}}
    for output in ("shift", "kendall", "units"):
        both = sensitivity(spec, panel, each_group(), samples=32, output=output)
        np.testing.assert_allclose(
            both.values, sensitivity(SUMS, DATA, each_group(), samples=32, output=output).values, rtol=1e-12
        )
    assert list(both.for_units())[:3] == ["city", "year", "choice"]
    one = sensitivity(spec, panel, each_group(), samples=32, output="rank:u", period="2021")
    assert one.output == "the rank of u"
    with pytest.raises(NotFoundError, match="say which: 2020, 2021"):
        sensitivity(spec, panel, each_group(), output="rank:u")


def test_another_node_and_ranks_from_the_lowest():
    spec = {**SUMS, "index": {**SUMS["index"], "rank": {"first": "lowest", "ties": "average"}}}
    assert sensitivity(spec, DATA, each_group(), samples=32).most
    found = sensitivity(SUMS, DATA, each_group(), samples=32, node="one", output="score:u")
    assert found.to_frame()["total"].round(12).tolist()[1:] == [0, 0]
    assert found.most == "one"


# -- failures ---------------------------------------------------------------------------------------------------------


def failing():
    """A geometric mean meets a 0: every run with it fails."""
    data = DATA.assign(a=[4.0, 0.0, 2.0])
    spec = {**SUMS, "defaults": {}}
    choices = [
        ci.vary.weights(factor=BY, label="weights"),
        ci.vary.methods("one.aggregate", ["arithmetic", "geometric", "arithmetic", "arithmetic"], label="aggregate"),
    ]
    return spec, data, choices


def test_a_run_that_fails_stops_and_is_named():
    with pytest.raises(ScoreError, match=r"sample \d+, run (A|B|A with .* from B), cannot be scored(.|\n)*unit v"):
        sensitivity(*failing(), samples=64)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_that_fails_takes_its_sample_with_it(threads):
    found = sensitivity(*failing(), samples=200, failing="count", threads=threads, output="score:u")
    picks = [found.design.sampler.block(0, 200, [sample] * 2).picks["aggregate"] for sample in (0, 1)]
    bad = np.flatnonzero((picks[0] == 1) | (picks[1] == 1))
    assert sorted(found.failed) == bad.tolist()
    assert found.samples == 200 - len(bad)
    assert np.isfinite(found.values).all()
    assert f"{len(bad)} samples left out (sample {bad[0]}" in str(found)
    assert found.estimate.total[1] == 0  # what is left is arithmetic
    assert found.estimate.total[0] == pytest.approx(1, abs=0.2)


def test_no_sample_left_is_an_error():
    spec, data, choices = failing()
    always = ci.vary.methods("one.aggregate", ["geometric", "geometric"])
    with pytest.raises(ScoreError, match="0 of 8 samples can be scored; sample 0"):
        sensitivity(spec, data, [choices[0], always], samples=8, failing="count")


def test_a_unit_that_loses_its_score_in_a_run_is_a_failure():
    spec = {
        "cityindex": 1,
        "id": "gaps",
        "index": {"id": "score", "missing": {"reweight": {"at_least": 2}}, "children": ["a", "b", "c"]},
    }
    data = pd.DataFrame({"city": ["u", "v"], "a": [1.0, 2.0], "b": [2.0, 1.0], "c": [None, 3.0]})
    choices = [ci.vary.leave_out(["a", "b"]), ci.vary.weights(factor=0.2)]
    with pytest.raises(ScoreError, match=r"u has no score|unit u"):
        sensitivity(spec, data, choices, samples=32)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"samples": 1}, "samples: 1"),
        ({"intervals": 95}, "intervals: 95"),
        ({"resamples": 0}, "resamples: 0"),
        ({"failing": "skip"}, "stop, count"),
        ({"threads": 0}, "threads: 0"),
        ({"output": "shfit"}, "Did you mean 'shift'"),
        ({"output": "rank:"}, "rank:UNIT"),
        ({"choices": []}, "nothing varies"),
        ({"choices": [[]]}, "empty list"),
        ({"choices": ["weights"]}, "no choice"),
        ({"choices": [ci.vary.weights(), ci.vary.weights()]}, "two choices"),
        ({"choices": ci.vary.methods("score.aggregate", ["sum", "geometric"], in_turn=[0, 1])}, "in turn"),
    ],
)
def test_bad_questions_are_refused_in_words(options, words):
    with pytest.raises(ScoreError, match=words):
        sensitivity(SUMS, DATA, **{"choices": each_group(), **options})


def test_unknown_units_and_nodes_are_named():
    with pytest.raises(NotFoundError, match="zz"):
        sensitivity(SUMS, DATA, each_group(), output="score:zz")
    with pytest.raises(NotFoundError, match="scroe"):
        sensitivity(SUMS, DATA, each_group(), node="scroe")


# -- COINr's example --------------------------------------------------------------------------------------------------


def test_shares_of_the_asem_example_make_sense():
    """Weights within a quarter and the aggregation: shares add up with their interaction, and the words say so."""
    from test_agreement_asem import tree, turned

    result = ci.score(tree(turned, steps=[{"minmax": {"to": [1, 100]}}]), pd.read_csv(shared("asem", "05_treated.csv")))
    choices = [
        ci.vary.weights(factor=0.25),
        ci.vary.methods("groups.aggregate", ["arithmetic", "geometric"], label="aggregate"),
    ]
    found = sensitivity(result, choices=choices, samples=2048)
    own = found.estimate
    assert (own.first_low > -0.1).all()
    assert own.total.sum() == pytest.approx(1 + found.interactions, abs=0.1)
    text = str(found)
    assert "2,048 samples × 4 = 8,192 runs" in text
    assert f"depends most on {found.most!r}" in text
