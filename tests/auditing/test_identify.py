"""Weights that were never printed: planted truths are always possible, planted contradictions are found and located."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import cityindex as ci
from cityindex.auditing.identify_files import identify_table
from cityindex.cli import main


def shown(values, decimals, rounding):
    """As a report prints them: to the nearest, or cut off towards 0."""
    if rounding == "half":
        return np.round(values, decimals)
    return np.trunc(values * 10.0**decimals) / 10.0**decimals if rounding == "down" else values


def case(seed):
    """A random published index: its weights, its true numbers, and how it prints them."""
    rng = np.random.default_rng(seed)
    width, rows = int(rng.integers(1, 5)), int(rng.integers(1, 20))
    rounding, geometric = str(rng.choice(["half", "down", "none"])), bool(rng.random() < 0.3)
    total = [1.0, 1.0, 100.0, None][int(rng.integers(4))]
    w = rng.dirichlet(np.full(width, rng.choice([0.3, 1.0]))) * (rng.uniform(0.5, 3) if total is None else total)
    low = 0.5 if geometric else float(rng.choice([0.0, -1.0]))  # scores may lie below 0, and print as 0
    x = rng.uniform(low, 1, (rows, width)) * 10.0 ** int(rng.integers(-1, 3))
    if width > 1 and rng.random() < 0.2:
        x[:, 0] = x[:, -1] if geometric or rng.random() < 0.5 else 0.0  # columns alike, or all 0
    y = np.exp(np.log(x) @ w) if geometric else x @ w
    decimals = int(rng.integers(0, 4))
    return rounding, geometric, total, w, x, y, decimals


def test_a_thousand_planted_cases_contain_the_truth():
    for seed in range(1000):
        rounding, geometric, total, w, x, y, decimals = case(seed)
        if geometric and (shown(x, decimals, rounding) <= 0).any():
            decimals = 3
        found = ci.identify_weights(
            pd.DataFrame(shown(x, decimals, rounding)),
            shown(y, decimals, rounding),
            decimals=decimals,
            total_decimals=decimals,
            rounding=rounding,
            aggregate="geometric" if geometric else "arithmetic",
            total_weight=total,
            schemes=(),
        )
        assert found.feasible, seed
        room = 1e-6 * w.sum()
        for place, weight in enumerate(w):
            low, high, middle = (ends[str(place)] for ends in (found.low, found.high, found.centre))
            assert low - room <= weight <= high + room, seed
            assert np.isnan(middle) or low - room <= middle <= high + room, seed


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 3), st.integers(1, 6))
def test_ranges_are_those_of_the_vertices(seed, width, rows):
    """Every vertex of the region, by brute force over the rows as they are written in the docs."""
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    x = rng.uniform(0, 9, (rows, width)).round(1)
    y = (x @ w).round(1)
    g = np.concatenate([x - 0.05, -(x + 0.05), -np.eye(width)])
    h = np.concatenate([y + 0.05, -(y - 0.05), np.zeros(width)])
    corners = []
    for chosen in combinations(range(len(g)), width - 1):
        matrix = np.concatenate([g[list(chosen)], np.ones((1, width))])
        if abs(np.linalg.det(matrix)) > 1e-9:
            point = np.linalg.solve(matrix, np.append(h[list(chosen)], 1.0))
            if (g @ point <= h + 1e-9).all():
                corners.append(point)
    found = ci.identify_weights(pd.DataFrame(x), y, decimals=1, total_decimals=1, schemes=())
    np.testing.assert_allclose(list(found.low.values()), np.min(corners, axis=0), atol=1e-6)
    np.testing.assert_allclose(list(found.high.values()), np.max(corners, axis=0), atol=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(3, 15))
def test_lists_that_end_early_allow_the_truth(seed, width, length):
    """Whoever is absent from a list scores at most its last score."""
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    x = rng.uniform(0, 1, (20, width)).round(3)
    y = (x @ w).round(3)
    parts = pd.DataFrame(x, columns=list("abcd"[:width]))
    ends = {}
    for column in parts:
        last = parts[column].nlargest(length).min()
        ends[column] = last
        parts.loc[parts[column] < last, column] = np.nan
    found = ci.identify_weights(parts, y, decimals=3, total_decimals=3, ends=ends, floor=0, schemes=())
    assert all(found.low[c] - 1e-7 <= w[k] <= found.high[c] + 1e-7 for k, c in enumerate(parts))
    looser = ci.identify_weights(parts, y, decimals=3, total_decimals=3, schemes=())
    assert all(looser.low[c] <= found.low[c] + 1e-7 and found.high[c] <= looser.high[c] + 1e-7 for c in parts)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(8, 30))
def test_a_planted_contradiction_is_found_and_located(seed, width, rows):
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    x = rng.uniform(0, 100, (rows, width)).round(1)
    y = (x @ w).round(1)
    liar = int(rng.integers(rows))
    y[liar] = x[liar].max() + 1.0  # above all of its parts: no mean can be
    found = ci.identify_weights(pd.DataFrame(x), y, decimals=1, total_decimals=1, schemes=())
    assert not found.feasible
    assert [unit for unit, _ in found.contradiction] == [str(liar)]
    assert f"at least its total, {y[liar] - 0.05:.10g}" in str(found)
    assert found.multipliers[0] > 0
    assert found.as_dict()["weights"] == {}


def test_a_wrong_total_among_many_is_in_the_contradiction():
    """Within the range of its parts, so that it takes other rows to show that it is wrong."""
    rng = np.random.default_rng(4)
    x = rng.uniform(0, 100, (60, 3)).round(1)
    y = (x @ [0.5, 0.3, 0.2]).round(1)
    y[17] += 2.0
    found = ci.identify_weights(pd.DataFrame(x), y, decimals=1, total_decimals=1, schemes=())
    units = [unit for unit, _ in found.contradiction]
    assert "17" in units
    kept = [row for row in range(60) if row != 17]
    assert ci.identify_weights(pd.DataFrame(x[kept]), y[kept], decimals=1, total_decimals=1, schemes=()).feasible


@pytest.fixture(scope="module")
def found():
    return ci.identify_index("tech-capability-2021")


class TestCapability:
    """The four sub-indices of the technology capability index, whose weights are not printed."""

    def test_exact_ranges(self, found):
        assert {child: round(value, 4) for child, value in found.low.items()} == {
            "technology": 0.2424,
            "economy": 0.2444,
            "governance": 0.242,
            "livelihood": 0.2424,
        }
        assert {child: round(value, 4) for child, value in found.high.items()} == {
            "technology": 0.2563,
            "economy": 0.2601,
            "governance": 0.2585,
            "livelihood": 0.2572,
        }

    def test_equal_weights_are_the_only_simple_scheme(self, found):
        assert found.equal
        assert [(each.step, each.count, each.complete) for each in found.schemes] == [
            (1, 1, True),
            (5, 1, True),
            (10, 0, True),
        ]
        assert dict(found.schemes[0].schemes[0]) == dict.fromkeys(found.children, 25.0)

    def test_the_fifteen_complete_cities_say_all_there_is(self, found):
        lists = ci.load_published("tech-capability-2021")
        scores = {name: lists[name].set_index("name")["score"] for name in (*found.children, "score")}
        parts = pd.DataFrame({name: scores[name] for name in found.children}).dropna()
        fifteen = ci.identify_weights(parts, scores["score"], decimals=3, total_decimals=3)
        assert len(parts) == 15
        assert fifteen.low == pytest.approx(found.low, abs=1e-7)
        assert fifteen.high == pytest.approx(found.high, abs=1e-7)


class TestDegenerate:
    """What a table can come down to."""

    def test_one_part_has_all_the_weight(self):
        found = ci.identify_weights({"a": [1.0, 2.0]}, [1.0, 2.0])
        assert (found.low["a"], found.high["a"], found.centre["a"]) == (1, 1, 1)
        assert found.schemes[0].count == 1
        assert not ci.identify_weights({"a": ["1.0"]}, ["2.0"]).feasible

    def test_columns_that_are_alike_share_their_weight_in_any_way(self):
        found = ci.identify_weights({"a": [1.0, 3.0], "b": [1.0, 3.0], "c": [2.0, 0.0]}, [1.5, 1.5], rounding="none")
        assert found.low == pytest.approx({"a": 0, "b": 0, "c": 0.5}, abs=1e-9)
        assert found.high == pytest.approx({"a": 0.5, "b": 0.5, "c": 0.5})
        assert found.centre == pytest.approx({"a": 0.25, "b": 0.25, "c": 0.5})

    def test_a_column_of_zeros_takes_what_is_left(self):
        found = ci.identify_weights({"a": [2.0, 4.0], "b": [0.0, 0.0]}, [1.0, 2.0], rounding="none")
        assert found.centre == pytest.approx({"a": 0.5, "b": 0.5})

    def test_one_row(self):
        found = ci.identify_weights({"a": [0.0], "b": [10.0]}, [4.0], decimals=0, total_decimals=0)
        assert (found.low["b"], found.high["b"]) == pytest.approx((3.0 / 10, 5.0 / 10), abs=0.05)

    def test_nothing_printed_says_nothing(self):
        nothing = [None, None]
        found = ci.identify_weights({"a": nothing, "b": nothing}, nothing)
        assert (found.rows, dict(found.low), dict(found.high)) == (0, {"a": 0, "b": 0}, {"a": 1, "b": 1})
        assert found.schemes[0].count == 101
        half = ci.identify_weights({"a": [1.0, None], "b": [2.0, 3.0]}, [1.4, 2.0], rounding="none")
        assert half.low["a"] == pytest.approx(0.6)

    def test_rows_that_are_doubled_say_no_more(self):
        x, y = {"a": [1.0, 5.0], "b": [4.0, 2.0]}, [2.0, 4.0]
        once, twice = ci.identify_weights(x, y), ci.identify_weights({k: v * 2 for k, v in x.items()}, y * 2)
        assert once.low == pytest.approx(twice.low)

    def test_one_wrong_row_of_few(self):
        found = ci.identify_weights(
            pd.DataFrame({"a": [1.0, 5.0, 1.0], "b": [4.0, 2.0, 2.0]}, index=["p", "q", "r"]), [2.5, 3.5, 9.0]
        )
        assert found.contradiction == (("r", "at least its total, 8.95"),)
        assert found.as_dict()["contradiction"] == [
            {"unit": "r", "says": "at least its total, 8.95", "multiplier": pytest.approx(found.multipliers[0])}
        ]
        assert found.weights == {}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 4), st.integers(4, 12))
def test_no_row_of_a_contradiction_can_go(seed, width, rows):
    """Each row of it but one, and weights are possible: with the rows as they are written in the docs."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(0, 100, (rows, width)).round(1)
    y = rng.uniform(20, 80, rows).round(1)  # not from any weights
    found = ci.identify_weights(pd.DataFrame(x), y, decimals=1, total_decimals=1, schemes=())
    if found.feasible:
        return

    def possible(chosen):
        g, h = [], []
        for unit, says in chosen:
            row = int(unit)
            most = says.startswith("at most")
            g.append(x[row] - 0.05 if most else -(x[row] + 0.05))
            h.append(y[row] + 0.05 if most else 0.05 - y[row])
        g, h = (np.array(g), h) if g else (None, None)
        return linprog(np.zeros(width), g, h, np.ones((1, width)), [1.0]).status == 0

    rows_ = list(found.contradiction)
    assert not possible(rows_)
    assert all(possible([other for other in rows_ if other != row]) for row in rows_)


def test_numbers_that_were_cut_off_to_0_may_have_been_below_it():
    """−0.04 and 0.04 both print as 0.0."""
    found = ci.identify_weights(
        {"a": [0.0], "b": [1.0]}, [0.4], decimals=1, total_decimals=1, rounding="down", schemes=()
    )
    assert found.low["b"] == pytest.approx((0.4 - 0.1) / (1.1 - 0.1))
    bounded = ci.identify_weights(
        {"a": [0.0], "b": [1.0]}, [0.4], decimals=1, total_decimals=1, rounding="down", floor=0, schemes=()
    )
    assert bounded.high["b"] == pytest.approx(0.5)
    assert bounded.high["b"] < found.high["b"]


class TestGeometric:
    def test_a_number_that_may_be_0_counts_on_the_side_that_is_known(self):
        """Printed 0 is anything up to 0.5: its logarithm has no lower end."""
        found = ci.identify_weights({"a": [0, 9], "b": [8, 4]}, [2, 6], aggregate="geometric", schemes=())
        plain = ci.identify_weights({"a": [9], "b": [4]}, [6], aggregate="geometric", schemes=())
        assert found.low["b"] >= plain.low["b"] - 1e-9
        assert found.rows == 3

    def test_lists_that_end_early(self):
        rng = np.random.default_rng(1)
        x, w = rng.uniform(1, 100, (30, 3)).round(1), np.array([0.5, 0.3, 0.2])
        y = np.exp(np.log(x) @ w).round(1)
        parts = pd.DataFrame(x, columns=list("abc"))
        ends = {}
        for column in parts:
            ends[column] = parts[column].nlargest(10).min()
            parts.loc[parts[column] < ends[column], column] = np.nan
        found = ci.identify_weights(
            parts, y, decimals=1, total_decimals=1, aggregate="geometric", ends=ends, floor=0, schemes=()
        )
        assert all(found.low[c] - 1e-7 <= w[k] <= found.high[c] + 1e-7 for k, c in enumerate(parts))
        assert found.rows > 10


def test_units_that_the_list_of_totals_leaves_out_are_bounded_as_well():
    x = pd.DataFrame({"a": [9.0, 8.0], "b": [1.0, 2.0]}, index=["p", "q"])
    without = ci.identify_weights(x, {"p": 5.0}, total_decimals=1, decimals=1, schemes=())
    found = ci.identify_weights(x, {"p": 5.0}, total_decimals=1, decimals=1, total_end=4.9, schemes=())
    assert without.high["a"] == pytest.approx(4.1 / 8)
    assert found.high["a"] == pytest.approx(3.0 / 6)  # q scores 7.95 a + 1.95 b at least, and 4.95 at most
    one = ci.identify_weights(x, {"p": 5.0}, total_decimals=1, decimals=1, total_end={"q": "4.9"}, schemes=())
    assert one.high == pytest.approx(found.high)
    assert any("1 more gives a bound" in note for note in found.notes)


def test_ends_by_unit_bound_those_units_alone():
    x = pd.DataFrame({"a": [None, None], "b": [2.0, 2.0]}, index=["p", "q"])
    all_ = ci.identify_weights(x, [3.0, 3.0], ends={"a": 4.0}, decimals=0, total_decimals=0, schemes=())
    some = ci.identify_weights(x, [3.0, 3.0], ends={"a": {"p": 4.0}}, decimals=0, total_decimals=0, schemes=())
    assert (all_.rows, some.rows) == (2, 1)
    assert all_.low == pytest.approx(some.low)


def test_samples_explain_the_totals():
    x = pd.DataFrame({"a": ["10.0", "50.0"], "b": ["30.0", "20.0"], "c": ["0.0", "90.0"]})
    found = ci.identify_weights(x, ["15.0", "50.0"], samples=500, seed=1)
    totals = found.samples @ x.astype(float).to_numpy().T
    assert np.abs(totals - [15, 50]).max() <= 0.1 + 1e-6
    same = ci.identify_weights(x, ["15.0", "50.0"], samples=500, seed=1)
    np.testing.assert_array_equal(found.samples, same.samples)


def test_a_region_that_is_flat_is_sampled_within_it():
    """Two exact rows leave a segment of three weights' plane: samples fill it."""
    x = {"a": [1.0], "b": [4.0], "c": [7.0]}
    found = ci.identify_weights(x, [4.0], rounding="none", samples=2000, seed=2)
    np.testing.assert_allclose(found.samples @ [1, 4, 7], 4, atol=1e-8)
    assert found.samples[:, 1].mean() == pytest.approx(0.5, abs=0.03)
    assert found.centre == pytest.approx({"a": 0.25, "b": 0.5, "c": 0.25}, abs=0.06)


def test_free_sums():
    x = pd.DataFrame({"a": [1.0, 0.0], "b": [0.0, 1.0]})
    found = ci.identify_weights(x, [2.0, 3.0], rounding="none", total_weight=None)
    assert (found.low["a"], found.high["b"]) == pytest.approx((2, 3))
    assert found.schemes == ()
    endless = ci.identify_weights({"a": [0.0], "b": [1.0]}, [1.0], rounding="none", total_weight=None)
    assert endless.weights["a"] == {"low": 0.0, "high": None, "centre": None}
    assert "0.0000% to any" in str(endless)
    json.dumps(endless.as_dict(), allow_nan=False)


def test_decimals_are_those_that_a_column_shows():
    text = ci.identify_weights(pd.DataFrame({"a": ["0.820", "0.5"], "b": ["1", "2"]}), ["0.9", "1.0"], schemes=())
    assert any("decimals of a 3, b 0, total 1" in note for note in text.notes)


BAD = [
    ({"a": ["x"], "b": [1]}, [1], {}, "unit 0, column a: found 'x'; a number is wanted"),
    ({"a": [1], "b": [1]}, [1, 2], {}, "2 totals for 1 units"),
    ({"a": [], "b": []}, [], {}, "no rows or no columns"),
    ({"a": [1], "b": [2]}, None, {}, "needs totals, or an order"),
    ({"a": [1], "b": [2]}, [1], {"decimals": {"c": 1}}, "decimals: there is no column 'c'"),
    ({"a": [-3], "b": [2]}, [1], {"aggregate": "geometric"}, "numbers above 0; not so for 0"),
    ({"a": [0], "b": [2]}, [1], {"aggregate": "geometric", "rounding": "none"}, "numbers above 0"),
    ({"a": [1], "b": [2]}, [1], {"rounding": "up"}, "rounding: found 'up'"),
    ({"a": [1], "b": [2]}, [1], {"aggregate": "harmonic"}, "aggregate: found 'harmonic'"),
    ({"a": [1], "b": [2]}, [1], {"total_weight": 0}, "a number above 0 is wanted"),
    ({"a": [1], "b": [2]}, [1], {"samples": -1}, "samples: found -1"),
    ({"a": [1], "b": [2]}, [1], {"samples": 9, "total_weight": None, "floor": 9}, "1 lies below the floor of 9"),
    ({"a": [0], "b": [2]}, [1], {"samples": 9, "total_weight": None}, "say what they add up to"),
    ({"a": [1], "b": [2]}, [1], {"ends": {"c": 1}}, "ends: there is no column 'c'"),
    ({"a": [1], "b": [2]}, [1], {"ends": {"a": {"9": 1}}}, "ends of a: there is no unit '9'"),
    ({"a": [1], "b": [2]}, [1], {"ends": {"a": "low"}}, "ends: a ends at 'low'"),
    ({"a": [1], "b": [2]}, [1], {"schemes": (3,)}, "3 does not divide 100"),
    ({"a": [float("inf")], "b": [2]}, [1], {}, "an infinite number"),
    ({"a": [1], "b": [2]}, None, {"order": ["7"]}, "the order names '7', which has no row"),
]


@pytest.mark.parametrize(("parts", "total", "options", "words"), BAD, ids=[case[3][:30] for case in BAD])
def test_bad_input_is_told(parts, total, options, words):
    with pytest.raises(ci.TableError, match=words.replace("(", r"\(")):
        ci.identify_weights(pd.DataFrame(parts), total, **options)


def test_units_that_stand_twice_are_told():
    with pytest.raises(ci.TableError, match="unit 甲: stands twice"):
        ci.identify_weights(pd.DataFrame({"a": [1, 2], "b": [1, 2]}, index=["甲", "甲"]), [1, 2])


class TestCommand:
    def test_json(self, capsys):
        assert main(["identify", "tech-capability-2021", "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert set(told) >= {"weights", "feasible", "simple_schemes"}
        assert set(told["weights"]["economy"]) == {"low", "high", "centre"}
        assert told["simple_schemes"]["equal"] is True
        assert told["simple_schemes"]["1%"]["count"] == 1

    def test_a_table(self, capsys, tmp_path):
        path = tmp_path / "printed.csv"
        path.write_text("city,a,b,total\nx,10.0,30.0,20.0\ny,50.0,20.0,35.0\n", encoding="utf-8")
        assert main(["identify", str(path), "--total", "total"]) == 0
        assert "equal weights: possible" in capsys.readouterr().out
        assert identify_table(path, total="total").equal

    def test_what_cannot_be_explained_exits_with_1(self, capsys, tmp_path):
        path = tmp_path / "printed.csv"
        path.write_text("city,a,b,total\nx,10.0,30.0,40.0\n", encoding="utf-8")
        assert main(["identify", str(path), "--total", "total"]) == 1
        assert "no weights explain" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["digital-economy-city-2020"], "no published table of infrastructure"),
            (["small-medium-city-towns-2024"], "it has 0 children"),
            (["tech-capability-2021", "--rounding", "up"], "half, down, none are allowed"),
            (["nowhere"], "neither a file nor a shipped index"),
        ],
    )
    def test_bad_usage(self, capsys, arguments, words):
        assert main(["identify", *arguments]) == 2
        assert words in capsys.readouterr().err


def test_the_rows_and_new_samples_are_handed_out():
    printed = pd.DataFrame({"a": [81.2, 64.0, 50.3], "b": [40.1, 72.5, 66.6]}, index=["x", "y", "z"])
    found = ci.identify_weights(printed, [60.7, 68.3, 58.5], samples=20)
    assert found.complete
    assert found.total_weight == 1
    assert len(found.g) == len(found.h) == found.rows
    np.testing.assert_array_equal(found.sample(20), found.samples)
    drawn = found.sample(300, seed=1)
    assert (drawn @ found.g.T <= found.h + 1e-7).all()
    found.g[:] = 0  # a copy
    assert found.g.any()
    assert "_region" not in repr(found)
    for count in (-1, 2.5, True):
        with pytest.raises(ci.TableError, match="count"):
            found.sample(count)
    with pytest.raises(ci.TableError, match="no weights are possible"):
        ci.identify_weights(printed, [99.0, 68.3, 58.5]).sample(3)
    with pytest.raises(ci.TableError, match="without an end"):
        ci.identify_weights(printed, order=["x", "y"], total_weight=None).sample(3)
    assert not ci.identify_weights(printed, order=["x", "y"]).complete
    assert not ci.identify_weights(printed.assign(b=[40.1, 72.5, None]), [60.7, 68.3, 30], ends={"b": 40}).complete
