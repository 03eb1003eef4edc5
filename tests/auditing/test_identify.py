"""Weights that were never printed: planted truths are always possible, planted contradictions are found and located."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.auditing.identify_files import identify_table
from cityindex.cli import main


def cut(values, decimals):
    return np.floor(values * 10**decimals) / 10**decimals


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    width=st.integers(2, 5),
    rows=st.integers(1, 40),
    decimals=st.integers(0, 3),
    rounding=st.sampled_from(["half", "down", "none"]),
    geometric=st.booleans(),
)
def test_the_truth_is_always_possible(seed, width, rows, decimals, rounding, geometric):
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    x = rng.uniform(5, 100, (rows, width))
    y = np.exp(np.log(x) @ w) if geometric else x @ w
    if rounding == "half":
        shown_x, shown_y = x.round(decimals), y.round(decimals)
    else:
        shown_x, shown_y = (cut(x, decimals), cut(y, decimals)) if rounding == "down" else (x, y)
    found = ci.identify_weights(
        pd.DataFrame(shown_x),
        shown_y,
        decimals=decimals,
        total_decimals=decimals,
        rounding=rounding,
        aggregate="geometric" if geometric else "arithmetic",
        schemes=(),
    )
    assert found.feasible
    for place, weight in enumerate(w):
        assert found.low[str(place)] - 1e-7 <= weight <= found.high[str(place)] + 1e-7
        assert found.low[str(place)] - 1e-7 <= found.centre[str(place)] <= found.high[str(place)] + 1e-7


@settings(max_examples=200, deadline=None)
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
@given(st.integers(0, 10**9), st.integers(2, 4))
def test_an_order_alone_allows_the_truth(seed, width):
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.ones(width))
    x = pd.DataFrame(rng.uniform(0, 1, (12, width)), index=[f"u{k}" for k in range(12)])
    order = x.index[np.argsort(-(x.to_numpy() @ w))].tolist()
    found = ci.identify_weights(x, order=order, rounding="none", schemes=())
    assert all(found.low[str(k)] - 1e-7 <= w[k] <= found.high[str(k)] + 1e-7 for k in range(width))
    rounded = ci.identify_weights(x.round(2), order=order, decimals=2, schemes=())
    assert all(rounded.low[str(k)] <= found.low[str(k)] + 1e-7 for k in range(width))
    assert any("bounds, not exact" in note for note in rounded.notes)


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
    assert "at least its total" in str(found)
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


def test_samples_explain_the_totals():
    x = pd.DataFrame({"a": ["10.0", "50.0"], "b": ["30.0", "20.0"], "c": ["0.0", "90.0"]})
    found = ci.identify_weights(x, ["15.0", "50.0"], samples=500, seed=1)
    totals = found.samples @ x.astype(float).to_numpy().T
    assert np.abs(totals - [15, 50]).max() <= 0.1 + 1e-6
    same = ci.identify_weights(x, ["15.0", "50.0"], samples=500, seed=1)
    np.testing.assert_array_equal(found.samples, same.samples)


def test_free_sums():
    x = pd.DataFrame({"a": [1.0, 0.0], "b": [0.0, 1.0]})
    found = ci.identify_weights(x, [2.0, 3.0], rounding="none", total_weight=None)
    assert (found.low["a"], found.high["b"]) == pytest.approx((2, 3))
    assert found.schemes == ()


def test_decimals_are_those_that_a_column_shows():
    text = ci.identify_weights(pd.DataFrame({"a": ["0.820", "0.5"], "b": ["1", "2"]}), ["0.9", "1.0"], schemes=())
    assert any("decimals of a 3, b 0, total 1" in note for note in text.notes)


BAD = [
    ({"a": ["x"], "b": [1]}, [1], {}, "unit 0, column a: found 'x'; a number is wanted"),
    ({"a": [1], "b": [1]}, [1, 2], {}, "2 totals for 1 units"),
    ({"a": [], "b": []}, [], {}, "no rows or no columns"),
    ({"a": [1], "b": [2]}, None, {}, "needs totals, or an order"),
    ({"a": [1], "b": [2]}, [1], {"decimals": {"c": 1}}, "decimals: there is no column 'c'"),
    ({"a": [0], "b": [2]}, [1], {"aggregate": "geometric"}, "numbers above 0"),
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
