"""Means of groups of units: what they weigh, how they are ordered, and what is refused together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci

DATA = {
    "city": [*"vwxyz"] * 2,
    "when": ["2010年10月"] * 5 + ["2010年9月"] * 5,
    "area": ["N", "N", "S", "S", ""] * 2,
    "gdp": [1.0, 3.0, 2.0, np.nan, 5.0] * 2,
    "a": [1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0],
}


def scored(data=DATA, first="highest", **index):
    return ci.score(
        {
            "cityindex": 1,
            "id": "one",
            "unit": {"key": "city", **({"period": "when"} if "when" in data else {})},
            "index": {"id": "score", "rank": {"first": first}, "children": ["a"], **index},
        },
        data,
    )


def test_by_hand_in_the_order_of_time():
    frame = scored().group_scores("area", weights="gdp")
    assert frame["when"].tolist() == ["2010年9月"] * 3 + ["2010年10月"] * 3
    assert frame["area"].tolist() == ["N", "S", "", "", "S", "N"]  # the best first within a period
    assert frame["score"].tolist() == [17 / 4, 3.0, 1.0, 5.0, 3.0, 7 / 4]
    assert frame[["units", "left_out"]].to_numpy().tolist() == [[2, 0], [1, 1], [1, 0], [1, 0], [1, 1], [2, 0]]


def test_the_lowest_is_first_where_the_index_says_so():
    assert scored(first="lowest").group_scores("area")["area"].tolist() == ["", "S", "N", "N", "S", ""]


def test_it_is_the_weighted_mean_of_numpy():
    random = np.random.default_rng(2)
    data = pd.DataFrame({"city": [f"c{row}" for row in range(300)], "area": random.choice([*"NESW"], 300)})
    data = data.assign(gdp=random.lognormal(size=300), a=random.normal(size=300))
    frame = scored(data).group_scores("area", weights="gdp").set_index("area")
    for area, own in data.groupby("area"):
        assert frame.loc[area, "score"] == pytest.approx(np.average(own["a"], weights=own["gdp"]), rel=1e-12)
    assert frame["score"].is_monotonic_decreasing


@pytest.mark.parametrize("name", ["units", "left_out", "score", "when"])
def test_a_column_of_labels_may_have_a_name_of_ours(name):
    data = {key: cells for key, cells in DATA.items() if key not in ("when", "area")}
    data = {key: cells[:5] for key, cells in data.items()} | {name: DATA["area"][:5]}
    spec = {"cityindex": 1, "id": "one", "unit": {"key": "city"}, "index": {"id": "score", "children": ["a"]}}
    frame = ci.score(spec, data).group_scores(name)
    assert frame.columns[0] == name
    assert frame[name].tolist() == ["", "S", "N"]
    assert frame.iloc[:, -1].tolist() == [5.0, 3.5, 1.5]


def test_every_problem_is_told_at_once():
    with pytest.raises(ci.NotFoundError) as caught:
        scored().group_scores("aera", weights="gpd", node=["scor", "a"])
    assert len(caught.value.problems) == 3
    for words in ("'aera'. Did you mean 'area'", "'gpd'. Did you mean 'gdp'", "'scor'. Did you mean 'score'"):
        assert words in str(caught.value)


def test_weights_below_0_are_told_by_unit():
    with pytest.raises(ci.ScoreError, match=r"unit w \(2010年10月\), column gdp: -3 is below 0"):
        scored({**DATA, "gdp": [1.0, -3.0, 2.0, 1.0, 5.0] * 2}).group_scores("area", weights="gdp")
