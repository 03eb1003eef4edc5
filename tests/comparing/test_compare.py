"""Two results compared: worked by hand, revised specs, periods, editions, names, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci


def index(*children, key="city", **root):
    return {"cityindex": 1, "id": "example", "unit": {"key": key},
            "index": {"id": "score", **root, "children": list(children)}}  # fmt: skip


def leaf(name, weight=None, **keys):
    return {"id": name, **({} if weight is None else {"weight": weight}), **keys}


PLAIN = index(leaf("gdp", "50%"), leaf("air", "50%"))
CITIES = {"city": ["甲市", "乙市", "丙市"], "gdp": [50.0, 80.0, 20.0], "air": [70.0, 30.0, 60.0]}
LATER = CITIES | {"gdp": [60.0, 80.0, 50.0]}


def by(found, unit):
    """Indicator → effects of a unit, those that are not 0."""
    return {
        line.node: {name: round(value, 10) for name, value in line.effects.items() if abs(value) > 1e-12}
        for line in found.unit(unit).indicators
    }


# -- worked by hand ---------------------------------------------------------------------------------------------------


def test_data_and_weights_by_hand():
    """甲市: gdp 50 to 60, weight 0.5 to 0.8; air stays at 70, weight 0.5 to 0.2. Score 60 to 62."""
    revised = index(leaf("gdp", "80%"), leaf("air", "20%"))
    found = ci.compare(ci.score(PLAIN, CITIES), ci.score(revised, LATER))
    assert found.differing == ("data", "weights")
    assert by(found, "甲市") == {
        "gdp": {"data": 0.65 * 10, "weights": round(0.3 * 55, 10)},
        "air": {"weights": -0.3 * 70},
    }
    change = found.unit("甲市")
    assert change.scores == (60.0, 62.0)
    assert change.effects == pytest.approx(
        {"data": 6.5, "weights": -4.5, "structure": 0, "calibration": 0, "rounding": 0}
    )
    assert change.change == pytest.approx(2.0)
    # 60, 55, 40 before; 62, 70, 52 after. With the new data alone 65, 55, 55, with the new weights alone 54, 70, 28:
    # the data lift nobody past another, the weights put 乙市 before 甲市.
    assert (change.ranks, change.places) == ((1.0, 2.0), -1.0)
    assert found.rank_effects.loc["甲市", "weights"] == -1
    assert found.rank_effects.loc["丙市"].to_dict() == pytest.approx(
        {"data": 0.5, "weights": -0.5, "structure": 0, "calibration": 0, "entered_left": 0}
    )
    assert (change.passed, change.passed_by) == ((), ("乙市",))


def test_structure_by_hand():
    """An arithmetic mean becomes geometric: of 丙市, 20 and 60, from 40 to the root of 1200."""
    revised = index(leaf("gdp", "50%"), leaf("air", "50%"), aggregate="geometric")
    found = ci.compare(ci.score(PLAIN, CITIES), ci.score(revised, CITIES))
    assert found.differing == ("structure",)
    assert found.effects.loc["丙市", "structure"] == pytest.approx(np.sqrt(1200) - 40)
    assert by(found, "丙市") == {"score": {"structure": round(np.sqrt(1200) - 40, 10)}, "gdp": {}, "air": {}}
    assert [str(one) for one in found.differences] == ["score.aggregate: arithmetic → geometric"]


def test_data_under_a_geometric_mean_by_hand():
    """甲: 4 and 9 to 16 and 9, all of 6 is gdp's. 乙: 1 and 1 to e and e²: a third and two thirds of e^1.5 − 1."""
    spec = index("gdp", "air", aggregate="geometric")
    tables = ({"gdp": [4.0, 1.0], "air": [9.0, 1.0]}, {"gdp": [16.0, np.e], "air": [9.0, np.e**2]})
    found = ci.compare(*(ci.score(spec, {"city": ["甲", "乙"], **table}) for table in tables))
    assert by(found, "甲") == {"gdp": {"data": 6.0}, "air": {}}
    lines = {line.node: line for line in found.unit("乙").indicators}
    assert lines["gdp"].change == pytest.approx((np.e**1.5 - 1) / 3)
    assert lines["air"].change == pytest.approx((np.e**1.5 - 1) * 2 / 3)
    assert lines["air"].points_after - lines["air"].points_before == pytest.approx((np.e**1.5 - 1) / 2)


def test_goalposts_that_change_are_told_where_they_stand():
    def spec(top, aggregate):
        return index(leaf("gdp", goalposts=[0, top], steps=["goalposts"]),
                     leaf("air", goalposts=[0, 100], steps=["goalposts"]), aggregate=aggregate)  # fmt: skip

    one, other, both = (ci.score(spec(*said), CITIES) for said in
                        ((100, "geometric"), (200, "geometric"), (200, "arithmetic")))  # fmt: skip
    found = ci.compare(one, other)
    assert by(found, "甲市")["air"] == {}
    assert by(found, "甲市")["gdp"] == {"structure": round(np.sqrt(0.7) * (0.5 - np.sqrt(0.5)), 10)}
    told = by(ci.compare(one, both), "甲市")
    under = np.sqrt(0.7) * (0.5 - np.sqrt(0.5)), -0.125  # what gdp's goalposts do, under the one mean and the other
    assert told["gdp"]["structure"] == pytest.approx(sum(under) / 2)
    assert told["score"]["structure"] == pytest.approx(0.475 - np.sqrt(0.35) - sum(under) / 2)
    assert told["air"] == {}


def test_a_minimum_and_a_maximum():
    """Of 1, 2, 9 to 4, 3, 9 the least rises by 2: the first alone lifts it by 1, the second alone by nothing."""
    spec = index("gdp", "air", "jobs", aggregate="minimum")
    tables = ({"gdp": [1.0], "air": [2.0], "jobs": [9.0]}, {"gdp": [4.0], "air": [3.0], "jobs": [9.0]})
    found = ci.compare(*(ci.score(spec, {"city": ["甲"], **table}) for table in tables))
    assert by(found, "甲") == {"gdp": {"data": 1.5}, "air": {"data": 0.5}, "jobs": {}}


def test_calibration_by_hand():
    """minmax of 0, 5, 10; then of 0, 5, 20 with bounds of its own: 5 is worth 0.5, then 0.25."""
    spec = index(leaf("gdp", steps=["minmax"]))
    first, second = (
        {"city": ["a", "b", "c"], "gdp": [0.0, 5.0, 10.0]},
        {"city": ["a", "b", "c"], "gdp": [0.0, 5.0, 20.0]},
    )
    before, own = ci.score(spec, first), ci.score(spec, second)
    found = ci.compare(before, own)
    assert found.differing == ("data", "calibration")
    assert by(found, "b") == {"gdp": {"calibration": -0.25}}
    assert by(found, "c") == {"gdp": {"data": 0.75, "calibration": -0.75}}  # (1 + 0.5)/2, ((0.5 − 1) + (1 − 2))/2
    frozen = ci.compare(before, ci.score(spec, second, calibration=before.calibration))
    assert frozen.differing == ("data",)
    assert by(frozen, "c") == {"gdp": {"data": 1.0}}


def test_effects_are_points_of_the_printed_score():
    """Carried from 0 to 1, printed from 0 to 100 without decimals: 0.604 and 0.627 print as 60 and 63."""
    publish = [{"rescale": {"from": [0, 1], "to": [20, 120]}}, {"round": 0}]
    spec = index(leaf("gdp"), publish=publish)
    found = ci.compare(*(ci.score(spec, {"city": ["a", "b"], "gdp": [x, 0.2]}) for x in (0.604, 0.627)))
    effects = found.effects.loc["a"]
    assert effects["data"] == pytest.approx(2.3)
    assert effects["rounding"] == pytest.approx(0.7)
    assert effects.sum() == 3.0
    assert by(found, "a") == {"gdp": {"data": 2.3}, "score": {}}  # the constant of 20 stays with the root
    assert found.unit("a").indicators[-1].points_before == pytest.approx(20.0)


def test_a_curve_that_is_published_is_shared_in_proportion():
    spec = index(leaf("gdp"), leaf("air"), publish=["percent_rank"])
    before = ci.score(spec, CITIES)
    found = ci.compare(before, ci.score(spec, LATER, calibration=before.calibration))
    effects = found.effects
    np.testing.assert_allclose(effects.sum(axis=1), found.to_frame()["change"], atol=1e-12)
    assert effects["data"].loc["甲市"] == found.to_frame()["change"].iloc[0]


# -- ranks ------------------------------------------------------------------------------------------------------------


def test_those_who_enter_and_leave_have_places_of_their_own():
    spec = index(leaf("gdp"))
    before = ci.score(spec, {"city": ["a", "b", "c"], "gdp": [3.0, 2.0, 1.0]})
    after = ci.score(spec, {"city": ["d", "c", "a"], "gdp": [9.0, 5.0, 3.0]})
    found = ci.compare(before, after)
    frame = found.to_frame().set_index("unit")
    assert frame["status"].to_dict() == {"d": "entered", "c": "both", "a": "both", "b": "left"}
    assert found.rank_effects["entered_left"].to_dict() == {"c": 0.0, "a": -1.0}
    assert found.rank_effects["data"].to_dict() == {"c": 1.0, "a": -1.0}
    assert found.unit("a").places == -2
    assert str(found.unit("d")) == "d: entered in after: 9, rank 1; there is no change to explain"
    assert str(found.unit("b")) == "b: left after before: 2, rank 2; there is no change to explain"
    assert found.unit("b").indicators == ()
    assert frame.loc["d", "by_data"] != frame.loc["d", "by_data"]  # no effects: missing, and not 0


def test_own_change_and_that_of_others():
    spec = index(leaf("gdp"))
    names = list("abcd")
    found = ci.compare(
        ci.score(spec, {"city": names, "gdp": [4.0, 3.0, 2.0, 1.0]}),
        ci.score(spec, {"city": names, "gdp": [4.0, 3.0, 2.0, 9.0]}),
    )
    rose, fell = found.unit("d"), found.unit("c")
    assert (rose.own, rose.others, rose.passed) == (3.0, 0.0, ("a", "b", "c"))
    assert (fell.own, fell.others, fell.passed_by) == (0.0, -1.0, ("d",))


def test_turnover_movers_and_tiers():
    tiers = {"cuts": [70, 40], "labels": ["好", "中", "差"]}
    spec = index(leaf("gdp"), tiers=tiers)
    before = ci.score(spec, {"city": list("abcde"), "gdp": [90.0, 80.0, 60.0, 30.0, 10.0]})
    after = ci.score(spec, {"city": list("abcdf"), "gdp": [90.0, 30.0, 75.0, 50.0, 80.0]})
    found = ci.compare(before, after)
    turnover = found.top(2)
    assert (turnover.stayed, turnover.came, turnover.went, turnover.share) == (("a",), ("f",), ("b",), 0.5)
    assert found.movers(1)[["unit", "rank_before", "rank_after"]].to_numpy().tolist() == [["b", 2.0, 5.0]]
    matrix = found.tier_changes()
    assert matrix.to_numpy().tolist() == [[1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0]]
    assert list(matrix.index) == ["好", "中", "差", "entered"]
    assert list(matrix.columns) == ["好", "中", "差", "left"]
    assert "tiers: 1 in the same, 2 in a better one, 1 in a worse one" in str(found)
    assert "tier 好 → 差" in str(found.unit("b"))


def test_rules_of_ranking_that_differ_are_structure():
    before = ci.score(index(leaf("gdp"), rank={"ties": "min"}), {"city": list("abc"), "gdp": [1.0, 1.0, 0.0]})
    after = ci.score(index(leaf("gdp"), rank={"ties": "max"}), {"city": list("abc"), "gdp": [1.0, 1.0, 0.0]})
    found = ci.compare(before, after)
    assert found.rank_effects["structure"].to_dict() == {"a": -1.0, "b": -1.0, "c": 0.0}
    assert (found.effects == 0).all(axis=None)
    assert found.unit("a").own != found.unit("a").own
    assert any("different rules" in note.message for note in found.notes)


# -- a spec revised ---------------------------------------------------------------------------------------------------


def test_an_indicator_that_is_added_is_structure():
    grown = index(leaf("gdp", "40%"), leaf("air", "40%"), leaf("parks", "20%"))
    table = CITIES | {"parks": [10.0, 20.0, 30.0]}
    found = ci.compare(ci.score(PLAIN, table), ci.score(grown, table))
    assert found.differing == ("structure",)
    assert by(found, "甲市") == {"gdp": {"structure": -5.0}, "air": {"structure": -7.0}, "parks": {"structure": 2.0}}
    assert not found.notes


def test_its_data_are_those_of_the_table_that_has_them():
    grown = index(leaf("gdp", "40%"), leaf("air", "40%"), leaf("parks", "20%"))
    old, new = CITIES | {"parks": [10.0, 20.0, 30.0]}, LATER | {"parks": [15.0, 20.0, 30.0]}
    found = ci.compare(ci.score(PLAIN, old), ci.score(grown, new))
    # parks: 0.2 · 15 appears; with the structure 0.2 · 10 or 0.2 · 15, with the data 0.2 · 5, each half of the time
    assert by(found, "甲市")["parks"] == {"structure": 2.5, "data": 0.5}
    bare = ci.compare(ci.score(PLAIN, CITIES), ci.score(grown, new))
    assert by(bare, "甲市")["parks"] == {"structure": 3.0}
    assert [note.message for note in bare.notes] == ["parks stands in after alone: its data come with the structure"]
    gap = CITIES | {"parks": [np.nan, 20.0, 30.0]}
    some = ci.compare(ci.score(PLAIN, gap), ci.score(grown, new))
    assert by(some, "甲市")["parks"] == {"structure": 3.0}
    assert by(some, "乙市")["parks"] == {"structure": 4.0}
    assert [note.message for note in some.notes] == [
        "parks: 1 unit has no number in before: there it comes with the structure"
    ]


def test_an_indicator_that_moves_to_another_group_nets_out():
    one = index({"id": "a", "children": ["gdp", "air"]}, {"id": "b", "children": ["jobs"]})
    other = index({"id": "a", "children": ["gdp"]}, {"id": "b", "children": ["jobs", "air"]})
    table = CITIES | {"jobs": [1.0, 2.0, 3.0]}
    found = ci.compare(ci.score(one, table), ci.score(other, table))
    assert by(found, "甲市")["air"] == {}  # a quarter of 70 as before, by another path
    assert found.effects["structure"].loc["甲市"] == pytest.approx(50 / 4 - 1 / 4)


def test_a_column_renamed_is_found_by_its_node():
    spec = index(leaf("gdp", column="gdp_2023"))
    later = index(leaf("gdp", column="gdp_2024"))
    found = ci.compare(
        ci.score(spec, {"city": ["a", "b"], "gdp_2023": [1.0, 2.0]}),
        ci.score(later, {"city": ["a", "b"], "gdp_2024": [4.0, 2.0]}),
    )
    assert found.effects.loc["a", "data"] == 3.0
    assert found.effects.loc["a", "structure"] == 0.0


def test_divided_by_another_column():
    table = CITIES | {"people": [2.0, 4.0, 5.0], "area": [10.0, 10.0, 1.0]}
    found = ci.compare(
        ci.score(index(leaf("gdp", per="people")), table),
        ci.score(index(leaf("gdp", per="area")), table | {"people": [4.0, 4.0, 5.0]}),
    )
    assert found.effects.loc["甲市"].to_dict() == pytest.approx(
        {"data": -6.25, "weights": 0, "structure": -13.75, "calibration": 0, "rounding": 0}
    )
    told = found.unit("甲市").indicators[0]
    assert (told.raw_before, told.raw_after) == (25.0, 5.0)


def test_learned_weights_are_weights():
    spec = index("gdp", "air", weights={"entropy": {}})
    found = ci.compare(ci.score(spec, CITIES), ci.score(spec, LATER))
    assert found.differing == ("data", "weights")
    given = index(leaf("gdp", 2), leaf("air", 1))
    mixed = ci.compare(ci.score(given, CITIES), ci.score(spec, CITIES))
    assert mixed.differing == ("weights",)
    back = ci.compare(ci.score(spec, CITIES), ci.score(given, CITIES))
    np.testing.assert_allclose(mixed.effects, -back.effects, atol=1e-12)


def test_weights_by_label_and_steps_by_label():
    spec = index(
        leaf("gdp", steps=[{"minmax": {"within": "region"}}]),
        leaf("air", steps=[{"minmax": {"within": "region"}}]),
        weights={"equal": {}},
    )
    numbers = {"gdp": [1.0, 3.0, 5.0, 9.0], "air": [1.0, 2.0, 3.0, 9.0]}
    table = {"city": list("abcd"), "region": ["n", "n", "s", "s"], **numbers}
    moved = table | {"region": ["n", "n", "s", "n"], "gdp": [1.0, 3.0, 5.0, 3.0], "air": [1.0, 2.0, 3.0, 1.5]}
    before = ci.score(spec, table)
    found = ci.compare(before, ci.score(spec, moved, calibration=before.calibration))
    assert found.differing == ("data",)
    assert found.effects.loc["d", "data"] == pytest.approx(0.75 - 1.0)


# -- trees of every kind ----------------------------------------------------------------------------------------------


def in_two(a, b, **keys):
    return index({"id": "a", "children": a, **keys}, {"id": "b", "children": b})


def uneven(aggregate, inner, top):
    steps = [{"rescale": {"from": [0, top], "to": [0, 1]}}]
    lower = {"id": "b", "aggregate": inner, "children": ["jobs", "parks"]}
    return index("gdp", {"id": "a", "aggregate": aggregate, "steps": steps, "children": ["air", lower]})


PUBLISHED = [{"use": "a", "of": "published"}, "air"]
TREES = {
    "used twice": (
        in_two(["gdp", "air"], ["jobs", {"use": "air"}]),
        in_two(["gdp", "air"], [leaf("jobs", 3), {"use": "air", "weight": 1}]),
    ),
    "published used": (
        in_two(["gdp"], PUBLISHED, publish=[{"round": -1}]),
        in_two(["gdp"], PUBLISHED, publish=[{"round": 0}]),
    ),
    "where": (
        index("gdp", leaf("air", where={"coast": "yes"}), missing="reweight"),
        index("gdp", leaf("air", where={"coast": ["yes", "no"]}), missing="reweight"),
    ),
    "ideal": (
        index("gdp", "air", aggregate={"topsis": {"beyond": "hold"}}),
        index("gdp", "air", aggregate={"topsis": {"normalise": "vector", "beyond": "hold"}}),
    ),
    "uneven": (uneven("geometric", "minimum", 100), uneven({"power": -1}, "maximum", 50)),
    "another axis": (
        index("gdp", "air", aggregate={"geometric": {"via": {"from": [0, 100], "to": [10, 1]}}}),
        index("gdp", "air", aggregate={"geometric": {"via": {"from": [0, 100], "to": [1, 10]}}}),
    ),
    "products": (
        index(leaf("gdp", 1), leaf("air", -1), aggregate="product"),
        index(leaf("gdp", 1), leaf("air", 1), aggregate="product"),
    ),
}


@pytest.mark.parametrize("kind", TREES)
def test_it_adds_up_in_trees_of_every_kind(kind):
    before, after = TREES[kind]
    table = CITIES | {"jobs": [5.0, 7.0, 9.0], "parks": [4.0, 8.0, 2.0], "coast": ["yes", "no", "yes"]}
    later = LATER | {"jobs": [6.0, 7.0, 8.0], "parks": [4.0, 9.0, 2.0], "coast": ["yes", "yes", "no"]}
    found = ci.compare(ci.score(before, table), ci.score(after, later))
    assert "data" in found.differing
    assert {"weights", "structure"} & set(found.differing)
    frame = found.to_frame().set_index("unit")
    np.testing.assert_allclose(found.effects.sum(axis=1), frame["change"], rtol=0, atol=1e-12 * 100)
    for unit in found.effects.index:
        lines = pd.DataFrame([line.effects for line in found.unit(unit).indicators]).sum()
        np.testing.assert_allclose(lines, found.effects.loc[unit, lines.index], rtol=0, atol=1e-12 * 100)
    assert (found.effects.drop(columns="rounding").abs().sum() > 0).any()


def test_two_indices_that_have_nothing_in_common():
    table = CITIES | {"jobs": [1.0, 2.0, 3.0]}
    found = ci.compare(ci.score(index("gdp"), table), ci.score(index("jobs"), table))
    assert by(found, "甲市") == {"gdp": {"structure": -50.0}, "jobs": {"structure": 1.0}}
    assert "no indicator in common" in found.notes[0].message


def test_the_lowest_first():
    spec = index("gdp", rank={"first": "lowest"})
    found = ci.compare(ci.score(spec, CITIES), ci.score(spec, CITIES | {"gdp": [50.0, 10.0, 20.0]}))
    assert found.unit("乙市").places == 2
    assert found.unit("乙市").passed == ("丙市", "甲市")
    assert found.rank_effects["data"].to_dict() == {"甲市": -1.0, "乙市": 2.0, "丙市": -1.0}


def test_groups_that_are_given_and_computed():
    spec = index({"id": "a", "children": ["gdp", "air"]}, "jobs")
    given = ci.score(spec, {"city": ["甲市", "乙市"], "a": [40.0, 60.0], "jobs": [1.0, 2.0]})
    whole = ci.score(spec, CITIES | {"jobs": [3.0, 4.0, 5.0]})
    assert given.given == ("a",)
    found = ci.compare(given, whole)
    assert found.effects.loc["甲市", "data"] == pytest.approx(1.0)  # jobs; a comes with the structure
    assert found.effects.loc["甲市", "structure"] == pytest.approx((60 - 40) / 2)
    assert {line.node for line in found.unit("甲市").indicators} == {"a", "gdp", "air", "jobs"}
    printed = ci.compare(given, given)
    assert printed.differing == ()


def test_a_root_that_is_given_is_compared_by_its_printed_scores():
    spec = index("gdp", "air", publish=[{"rescale": {"from": [0, 1], "to": [0, 100]}}, {"round": 0}])
    before, after = (ci.score(spec, {"city": ["a", "b"], "score": values}) for values in ([0.504, 0.2], [0.62, 0.2]))
    found = ci.compare(before, after)
    assert found.effects.loc["a"].to_dict() == pytest.approx(
        {"data": 11.6, "weights": 0, "structure": 0, "calibration": 0, "rounding": 0.4}
    )


def test_a_group_under_the_root():
    spec = index({"id": "a", "children": ["gdp", "air"]}, "jobs")
    before, after = (ci.score(spec, table | {"jobs": [1.0, 2.0, 3.0]}) for table in (CITIES, LATER))
    found = ci.compare(before, after, node="a")
    assert found.unit("丙市").scores == (40.0, 55.0)
    assert str(found).startswith("example, a: before → after: 3 units in both")


# -- what cannot be scored between the two ----------------------------------------------------------------------------


def test_what_cannot_be_told_apart_is_one_effect_and_says_so():
    """With the new table and the old bounds, the lowest of the new numbers is below 0: no geometric mean."""
    steps = [{"rescale": {"from": ["min", 30], "to": [1, 2]}}]
    spec = index(leaf("gdp", steps=steps), leaf("air", steps=[{"minmax": {"to": [1, 2]}}]), aggregate="geometric")
    names = [f"u{i}" for i in range(6)]
    one = {"city": names, "gdp": [5.0, 10.0, 15.0, 20.0, 25.0, 30.0], "air": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    other = one | {"gdp": [-50.0, 1.0, 15.0, 20.0, 25.0, 30.0], "air": [5.5, 2.0, 3.0, 4.0, 5.0, 1.0]}
    before, after = ci.score(spec, one), ci.score(spec, other)
    found = ci.compare(before, after)
    effects = found.effects
    assert effects.loc["u0", "joint"] == pytest.approx(effects.loc["u0"].sum())
    assert effects.loc["u0", ["data", "calibration"]].tolist() == [0.0, 0.0]
    assert (effects.loc["u2":, "joint"] == 0).all()
    assert (effects.loc["u1":"u4", "calibration"] != 0).all()
    told = [note for note in found.notes if note.kind == "joint"]
    assert told[0].units == ("u0",)
    assert "data and calibration are one effect (joint) for 1 unit" in told[0].message
    assert "geometric" in told[0].message
    assert told[1].message == "places won from these units or lost to them are joint in the same way"
    assert "joint" in found.rank_effects
    assert [note.kind for note in found.unit("u0").notes] == ["joint", "joint"]
    assert [note.kind for note in found.unit("u3").notes] == ["joint"]
    np.testing.assert_allclose(effects.sum(axis=1), found.to_frame()["change"], rtol=0, atol=1e-12)


def test_places_are_joint_only_where_a_unit_that_cannot_be_scored_is_passed():
    """u0 alone has no score with the new table and the old bounds: places among the other five are told apart."""
    steps = [{"rescale": {"from": ["min", 30], "to": [1, 2]}}]
    spec = index(leaf("gdp", steps=steps), leaf("air", steps=[{"minmax": {"to": [1, 2]}}]), aggregate="geometric")
    names = [f"u{i}" for i in range(6)]
    one = {"city": names, "gdp": [5.0, 10.0, 15.0, 20.0, 25.0, 30.0], "air": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]}
    other = one | {"gdp": [-50.0, 1.0, 15.0, 20.0, 25.0, 30.0], "air": [5.5, 2.0, 3.0, 4.0, 5.0, 1.0]}
    found = ci.compare(ci.score(spec, one), ci.score(spec, other))
    places, ranks = found.to_frame().set_index("unit")["places"], found.rank_effects
    np.testing.assert_allclose(ranks.sum(axis=1), places, rtol=0, atol=1e-12)
    assert ranks.loc["u5", ["data", "calibration", "joint"]].tolist() == [-3.0, -1.0, 0.0]
    assert ranks["joint"].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]  # it drew level with u5
    assert ranks.loc["u0", ["data", "calibration"]].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("ties", ["min", "average", "max", "dense"])
def test_places_add_up_by_every_rule_of_ties(ties):
    spec = index(leaf("gdp"), aggregate="geometric", rank={"ties": ties})
    names = [f"u{i}" for i in range(5)]
    old = index(leaf("gdp", steps=[{"rescale": {"from": ["min", "max"], "to": [1, 2]}}]), rank={"ties": ties})
    one = ci.score(old, {"city": names, "gdp": [3.0, 3.0, 3.0, 4.0, 5.0]})
    other = ci.score(spec, {"city": names, "gdp": [4.0, 3.0, 4.0, 3.0, 3.0]})
    found = ci.compare(one, other)
    places = found.to_frame().set_index("unit")["places"]
    np.testing.assert_allclose(found.rank_effects.sum(axis=1), places, rtol=0, atol=1e-12)
    assert (found.rank_effects["entered_left"] == 0).all()


def test_many_units_that_cannot_be_scored():
    spec = index(leaf("gdp", steps=[{"rescale": {"from": ["min", 1e3], "to": [1, 2]}}]), aggregate="geometric")
    names = [f"u{i}" for i in range(400)]
    one = {"city": names, "gdp": np.linspace(900, 999, 400)}
    other = {"city": names, "gdp": np.linspace(-1e6, 999, 400)}
    found = ci.compare(ci.score(spec, one), ci.score(spec, other))
    np.testing.assert_allclose(found.effects.sum(axis=1), found.to_frame()["change"], rtol=0, atol=1e-12)
    assert (found.effects["joint"] != 0).sum() > 390


def test_a_cell_that_is_missing_in_one_table_alone():
    spec = index("gdp", "air", missing="propagate")
    found = ci.compare(ci.score(spec, CITIES | {"air": [np.nan, 30.0, 60.0]}), ci.score(spec, CITIES))
    assert found.to_frame()["status"].tolist() == ["entered", "both", "both"]
    nobody = ci.score(spec, CITIES | {"air": [np.nan, np.nan, 60.0]})
    assert [note.message for note in ci.compare(nobody, nobody).notes] == ["no score on either side: 甲市, 乙市"]


# -- periods and editions ---------------------------------------------------------------------------------------------

PANEL = pd.DataFrame(
    {
        "city": ["a", "b", "c"] * 3,
        "year": [2010] * 3 + [2011] * 3 + [2012] * 3,
        "gdp": [1.0, 2.0, 3.0, 3.0, 4.0, 9.0, 5.0, 5.5, 9.0],
        "air": [5.0, 2.0, 1.0, 5.0, 2.5, 1.0, 4.0, 2.0, 2.0],
    }
)


def panel(*children, **root):
    return {**index(*children, **root), "unit": {"key": "city", "period": "year"}}


def test_two_periods_of_one_result():
    result = ci.score(panel(leaf("gdp", steps=["minmax"]), leaf("air", steps=["minmax"])), PANEL)
    found = ci.compare(result, periods=("2010", 2011))
    assert found.names == ("2010", "2011")
    assert found.differing == ("data",)
    assert found.effects.loc["a", "data"] == pytest.approx(2 / 8 / 2)
    assert len(found) == 3


def test_each_period_within_itself_is_a_calibration():
    steps = [{"minmax": {"within": "year"}}]
    whole = ci.score(panel(leaf("gdp", steps=steps), leaf("air", steps=steps)), PANEL)
    found = ci.compare(whole, periods=("2010", "2011"))
    assert found.differing == ("data", "calibration")
    # the same as two tables, each with its own calibration
    spec = panel(leaf("gdp", steps=["minmax"]), leaf("air", steps=["minmax"]))
    apart = ci.compare(*(ci.score(spec, PANEL[PANEL["year"] == year]) for year in (2010, 2011)))
    np.testing.assert_allclose(found.effects, apart.effects, atol=1e-12)
    assert apart.names == ("2010", "2011")
    spec = panel(leaf("gdp", steps=steps), leaf("air", steps=steps))
    tables = ci.compare(*(ci.score(spec, PANEL[PANEL["year"] == year]) for year in (2010, 2011)))
    np.testing.assert_allclose(tables.effects, apart.effects, atol=1e-12)


def test_imputed_and_weighed_within_the_period():
    table = PANEL.assign(air=[5.0, np.nan, 1.0, 5.0, np.nan, 3.0, 4.0, 2.0, 2.0])
    steps = [{"minmax": {"within": "year"}}]
    rules = {"missing": {"impute": {"use": "mean", "within": "year"}}, "weights": {"critic": {"within": "year"}}}
    spec = panel(leaf("gdp", steps=steps), leaf("air", steps=steps), **rules)
    found = ci.compare(ci.score(spec, table), periods=("2010", "2011"))
    assert found.differing == ("data", "weights", "calibration")
    np.testing.assert_allclose(found.effects.sum(axis=1), found.to_frame()["change"], atol=1e-12)
    assert not [note for note in found.notes if note.kind == "joint"]


def test_editions_of_one_spec():
    spec = panel(leaf("gdp", 1), leaf("air", 1)) | {"editions": {"2011": {"gdp": {"weight": 3}}}}
    result = ci.score(spec, PANEL)
    assert len(result.parts) == 2
    found = ci.compare(result, periods=("2010", "2011"))
    assert found.differing == ("data", "weights")
    assert found.effects.loc["a"].to_dict() == pytest.approx(
        {
            "data": (1 / 2 + 3 / 4) / 2 * 2,
            "weights": 1 / 4 * 2 - 1 / 4 * 5,
            "structure": 0,
            "calibration": 0,
            "rounding": 0,
        }
    )
    assert [str(one) for one in found.differences] == ["gdp.weight: 1 → 3"]
    back = ci.compare(result, periods=("2011", "2012"))
    assert back.differing == ("data", "weights")


def test_saved_results_compare_the_same(tmp_path):
    spec = index(leaf("gdp", steps=["minmax"]), leaf("air", steps=[{"percent_rank": {}}]))
    made = [ci.score(spec, table) for table in (CITIES, LATER)]
    paths = [ci.save_result(one, tmp_path / f"{place}.json") for place, one in enumerate(made)]
    found, again = ci.compare(*made), ci.compare(*(ci.load_result(path) for path in paths))
    pd.testing.assert_frame_equal(found.to_frame(), again.to_frame())


# -- names ------------------------------------------------------------------------------------------------------------


def test_a_renamed_unit():
    spec = index("gdp", "air")
    later = LATER | {"city": ["甲区", "乙市", "丙市"]}
    before, after = ci.score(spec, CITIES), ci.score(spec, later)
    plain = ci.compare(before, after)
    assert (len(plain), plain.to_frame()["status"].tolist()) == (2, ["entered", "both", "both", "left"])
    assert "甲市 → 甲区" in plain.notes[0].message
    found = ci.compare(before, after, match={"甲市": "甲区"})
    assert len(found) == 3
    assert found.unit("甲区").scores == (60.0, 65.0)
    assert not found.notes


def test_by_label():
    spec = index("gdp", "air") | {"unit": {"key": "code", "label": "city"}}
    before = ci.score(spec, CITIES | {"code": ["1", "2", "3"]})
    after = ci.score(spec, LATER | {"code": ["9", "8", "7"]})
    assert len(ci.compare(before, after, match="label")) == 3
    assert ci.compare(before, after, match="label").unit("甲市").unit == "9"
    with pytest.raises(ci.ScoreError, match="no unit in common"):
        ci.compare(before, after)


# -- what is refused --------------------------------------------------------------------------------------------------

ONE = {"city": ["a", "b"], "gdp": [1.0, 2.0]}


def refused(error, told, *args, **keys):
    with pytest.raises(error, match=told):
        ci.compare(*args, **keys)


def test_what_is_no_result_is_refused():
    result = ci.score(index("gdp"), ONE)
    refused(ci.ScoreError, "before: a Result is wanted, found a DataFrame", result.to_frame(), result)
    refused(ci.ScoreError, "after: a Result is wanted, found a str; ci.load_result", result, "saved.json")
    refused(ci.ScoreError, "one result is compared between two of its periods", result)
    refused(ci.NotFoundError, "'gdp' is an indicator", result, result, node="gdp")
    refused(ci.NotFoundError, "no group 'scoer'.*Did you mean 'score'", result, result, node="scoer")


def test_periods_that_do_not_fit_are_refused():
    result, flat = ci.score(panel("gdp", "air"), PANEL), ci.score(index("gdp"), ONE)
    refused(ci.ScoreError, r"before has 3 periods \(2010, 2011, 2012\): say which", result, result)
    refused(ci.NotFoundError, "after has no period '2013'.*Did you mean '2012'", result, periods=(2010, 2013))
    refused(ci.ScoreError, "'2010' twice", result, periods=("2010", "2010"))
    refused(ci.ScoreError, "two periods are wanted", result, periods=("2010", "2011", "2012"))
    refused(ci.ScoreError, "periods: before has none", flat, flat, periods=("2010", "2011"))


def test_matches_that_do_not_fit_are_refused():
    result = ci.score(index("gdp"), ONE)
    refused(ci.ScoreError, "before has no unit 'x'", result, result, match={"x": "a"})
    refused(ci.ScoreError, "after has no unit 'x'", result, result, match={"a": "x"})
    refused(ci.ScoreError, "'b' stands for two units in before", result, result, match={"a": "b"})
    refused(ci.ScoreError, "match='name'", result, result, match="name")
    gone = ci.score(index("gdp", missing="propagate"), {"city": ["a", "b"], "gdp": [np.nan, np.nan]})
    refused(ci.ScoreError, "no unit has a score in both", gone, gone)


def test_questions_that_cannot_be_answered():
    found = ci.compare(ci.score(PLAIN, CITIES), ci.score(PLAIN, LATER))
    with pytest.raises(ci.NotFoundError, match=r"no unit '甲'.*Did you mean '甲市'"):
        found.unit("甲")
    with pytest.raises(ci.NotFoundError, match="score has no tiers"):
        found.tier_changes()
    for question in (found.top, found.movers):
        with pytest.raises(ci.ScoreError, match="whole number"):
            question(0)


def test_frames_are_copies():
    found = ci.compare(ci.score(PLAIN, CITIES), ci.score(PLAIN, LATER))
    for frame in (found.to_frame(), found.effects, found.rank_effects):
        frame.iloc[:, -1] = 99.0
    assert found.effects["data"].loc["甲市"] == 5.0
    assert (found.to_frame()["change"] < 99).all()


def test_effects_that_make_up_for_each_other_are_shown():
    spec = index(leaf("gdp", steps=["minmax"]))
    tables = ({"city": ["a", "b"], "gdp": values} for values in ([1.0, 2.0], [3.0, 7.0]))
    told = ci.compare(*(ci.score(spec, table) for table in tables)).unit("a")
    assert told.change == 0
    assert "  gdp: 0 (data +1.25, calibration -1.25; 1 → 3)" in str(told).splitlines()


def test_words():
    found = ci.compare(ci.score(PLAIN, CITIES), ci.score(PLAIN, LATER))
    assert str(found).splitlines() == [
        "example: before → after: 3 units in both",
        "  scores: +6.667 on average, 0 to +15",
        "  ranks: Spearman 0.866, Kendall 0.816; 2 keep their place, 0.33 places moved on average",
        "  first 1: the same",
        "  what differs: data",
        "  mean size of the effects on scores: data 6.667",
        "  mean size of the effects on ranks, in places: data 0.3333",
        "  largest movers:",
        "    丙市: rank 3 → 2 (up 1), +15 (data +15)",
    ]
    assert str(found.unit("丙市")).splitlines() == [
        "丙市, before → after: 40 → 55 (+15), rank 3 → 2 (up 1)",
        "  score: data +15",
        "  places: data +1",
        "    its own change +1, those of others 0",
        "  gdp: +15 (data +15; 20 → 50)",
    ]
    assert repr(found) == "Comparison('example', before → after, 3 units in both)"
    same = ci.compare(ci.score(PLAIN, CITIES), ci.score(PLAIN, CITIES))
    assert "nothing differs: data, weights, structure and calibration are the same" in str(same)


@pytest.mark.parametrize("there", [True, False])
def test_weights_by_label_on_one_side_alone(there):
    """Weights learned within a region give way to weights that are learned at once: both ways, column there or not."""
    names = [f"u{i}" for i in range(8)]
    numbers = {"gdp": [1.0, 5.0, 2.0, 8.0, 3.0, 9.0, 4.0, 6.0], "air": [2.0, 1.0, 7.0, 3.0, 9.0, 4.0, 8.0, 5.0]}
    table = {"city": names, "region": ["东", "西"] * 4, **numbers}
    leaves = [leaf(name, steps=[{"minmax": {"to": [1, 2]}}]) for name in numbers]
    one = ci.score(index(*leaves, weights={"entropy": {"within": "region"}}), table)
    plain = {name: column for name, column in table.items() if there or name != "region"}
    other = ci.score(index(*leaves, weights="critic"), plain)
    forth, back = ci.compare(one, other), ci.compare(other, one)
    assert forth.differing == back.differing == ("weights",)
    np.testing.assert_allclose(forth.effects, -back.effects, rtol=0, atol=1e-12)
    assert [note.message for note in forth.notes] == (
        [] if there else ["labels region stand in before alone: they are read there for both"]
    )


def test_a_unit_is_not_blamed_for_the_trouble_of_another():
    """u3 leaves the range that topsis has seen; the others of its label, of which nothing was learned, lack nothing."""
    inner = {"id": "in", "aggregate": "topsis", "missing": "propagate", "children": ["gdp"]}
    spec = index("air", inner, aggregate="borda", missing={"impute": {"use": "mean", "within": "region"}})
    one = {
        "city": ["u1", "u2", "u3", "u4"],
        "region": ["东"] * 4,
        "gdp": [1.0, 5.0, 3.0, 9.0],
        "air": [1.0, 2.0, 3.0, 4.0],
    }
    other = one | {"region": ["西"] * 4, "gdp": [1.0, 6.0, 90.0, 8.0]}
    found = ci.compare(ci.score(spec, one), ci.score(spec, other))
    (told,) = (note for note in found.notes if note.units)
    assert told.units == ("u3",)
    assert "topsis" in told.message


def test_many_units_of_labels_that_were_not_learned():
    """All units of a label are found at once, however many; the others are told apart as ever."""
    names, numbers = [f"u{i}" for i in range(900)], np.linspace(1, 100, 900)
    spec = index(leaf("gdp", steps=[{"minmax": {"within": "region"}}]))
    one = {"city": names, "region": ["东", "西", "中"] * 300, "gdp": numbers}
    other = one | {"region": ["东", "西部", "中部"] * 300, "gdp": numbers[::-1] ** 1.5}
    found = ci.compare(ci.score(spec, one), ci.score(spec, other))
    (told,) = (note for note in found.notes if note.units)
    assert "for 600 units" in told.message
    assert "too many" not in told.message
    assert (found.effects["joint"].to_numpy()[::3] == 0).all()
    np.testing.assert_allclose(found.effects.sum(axis=1), found.to_frame()["change"], rtol=0, atol=1e-12)


def test_an_indicator_that_did_not_change_has_no_effect_of_data():
    """Bounds and places are learned anew in either year: what that does to it is calibration."""
    steps = [{"percent_rank": {"to": [1, 10]}}]
    spec = index(leaf("gdp", steps=steps), leaf("air", steps=[{"minmax": {"to": [1, 2]}}]), aggregate="geometric")
    one = {"city": ["u1", "u2", "u3", "u4"], "gdp": [1.0, 2.0, 3.0, 4.0], "air": [4.0, 1.0, 3.0, 2.0]}
    other = one | {"gdp": [1.0, 6.0, 5.0, 4.0], "air": [4.0, 1.0, 9.0, 2.0]}
    found = ci.compare(ci.score(spec, one), ci.score(spec, other))
    lines = {line.node: line.effects for line in found.unit("u4").indicators}
    assert lines["gdp"]["data"] == lines["air"]["data"] == 0.0
    assert lines["gdp"]["calibration"] != 0
    assert lines["air"]["calibration"] != 0
