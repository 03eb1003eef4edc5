"""The reminder: numbers outside what a step was learned from or written for, by period and by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cityindex as ci

YEAR = pd.DataFrame({"city": list("甲乙丙"), "year": 2023, "a": [1.0, 2.0, 3.0], "pop": [1.0, 1.0, 1.0], "area": "东"})


def spec_of(*steps, **keys):
    node = {"id": "a", "steps": list(steps), **keys.pop("node", {})}
    return ci.load_spec(
        {
            "cityindex": 1,
            "id": "p",
            "unit": {"kind": "city", "key": "city", "period": "year"},
            "index": {"id": "score", "children": [node], **keys},
        }
    )


def told(result, *kinds):
    return [note.message for note in result.notes if note.kind in (kinds or ("beyond", "held"))]


def later(a, year=2024, cities="甲乙丙"):
    return YEAR.iloc[: len(a)].assign(a=a, year=year, city=list(cities[: len(a)]))


def test_the_reminder_says_how_many_which_when_and_beyond_what():
    spec = spec_of("minmax")
    known = ci.calibrate(spec, YEAR)
    table = pd.concat([later([0.5, 4.0, 5.0]), later([9.0, 2.0], 2025)])
    result = ci.score(spec, table, calibration=known)
    (note,) = [note for note in result.notes if note.kind == "beyond"]
    assert note.message == (
        "a: beyond what the calibration has seen (1 to 3): 2024: 2 units above 3 (not held): 乙, 丙; "
        "2024: 1 unit below 1 (not held): 甲; 2025: 1 unit above 3 (not held): 甲"
    )
    assert note.units == ("甲 (2024)", "乙 (2024)", "丙 (2024)", "甲 (2025)")  # in the order of the table
    assert (note.node, told(ci.score(spec, YEAR, calibration=known))) == ("a", [])


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"minmax": {"beyond": "hold"}}, "(1 to 3): 2024: 1 unit above 3 (held): 甲"),
        ({"rescale": {"from": ["min", "max"], "to": [0, 1]}}, "(1 to 3): 2024: 1 unit above 3 (not held): 甲"),
        ({"rescale": {"from": [0, "max"], "to": [0, 1]}}, "seen: 2024: 1 unit above 3 (not held): 甲"),
        ({"rescale": {"from": ["max", "min"], "to": [0, 1]}}, "(1 to 3): 2024: 1 unit above 3 (not held): 甲"),
        ("percent_rank", "(1 to 3): 2024: 1 unit above 3 (held): 甲"),
        ({"percent_rank": {"above": 0}}, "seen: 2024: 1 unit above 3 (held): 甲"),
        ("rank", "(1 to 3): 2024: 1 unit above 3 (held): 甲"),
        ("efficacy", "(1 to 3): 2024: 1 unit above 3 (not held): 甲"),
        ({"interval": {"best": 2}}, "(1 to 3): 2024: 1 unit above 3 (held): 甲"),
        (
            {"interval": {"best": 2, "outer": [1, 3]}},
            "a: outside of interval (1 to 3): 2024: 1 unit above 3 (held): 甲",
        ),
        (
            {"piecewise": {"at": [1, 2, 3], "to": [0, 5, 6]}},
            "outside of piecewise (1 to 3): 2024: 1 unit above 3 (held)",
        ),
        (
            {"piecewise": {"at": [3, 2, 1], "to": [0, 5, 6]}},
            "outside of piecewise (1 to 3): 2024: 1 unit above 3 (held)",
        ),
        ({"piecewise": {"at": ["min", "max"], "to": [0, 6]}}, "seen (1 to 3): 2024: 1 unit above 3 (held): 甲"),
        (
            {"efficacy": {"from": [0, "max"], "beyond": "hold"}},
            "outside of efficacy (0 to 3): 2024: 1 unit above 3 (held): 甲",
        ),
        ({"efficacy": {"from": [1, 3]}}, "outside of efficacy (1 to 3): 2024: 1 unit above 3 (not held): 甲"),
    ],
    ids=str,
)
def test_every_step_that_has_ends_tells_what_lies_beyond_them(step, expected):
    spec = spec_of(step)
    result = ci.score(spec, later([7.0, 2.0, 3.0]), calibration=ci.calibrate(spec, YEAR))
    (message,) = told(result, "beyond")
    assert expected in message
    assert told(ci.score(spec, YEAR, calibration=ci.calibrate(spec, YEAR))) == []


@pytest.mark.parametrize(
    "step",
    [
        "zscore",
        "log",
        {"relative": "mean"},
        {"rescale": {"from": [0, 2], "to": [0, 1]}},
        {"piecewise": {"at": [1, 3], "to": [0, 1], "before": 0, "after": "allow"}},
    ],
    ids=str,
)
def test_steps_without_ends_tell_nothing(step):
    spec = spec_of(step)
    assert told(ci.score(spec, later([7.0, 0.5, 3.0]), calibration=ci.calibrate(spec, YEAR))) == []


def test_goalposts_that_hold_are_told_in_every_run_and_those_that_allow_by_a_calibration():
    posts = {"node": {"goalposts": [30, 20]}}
    held = spec_of({"goalposts": {"to": [0, 100]}}, **posts)
    data = later([75000.0, 25.0, 20 * (1 + 1e-15)])
    result = ci.score(held, data)
    assert [(note.kind, note.message) for note in result.notes if note.kind in ("held", "beyond")] == [
        ("held", "a: outside the goalposts (20 to 30): 2024: 1 unit above 30 (held): 甲")
    ]
    assert told(ci.score(held, data, calibration=result.calibration), "beyond") == told(result)
    goes_on = spec_of({"goalposts": {"to": [0, 100], "beyond": "allow"}}, **posts)
    again = ci.score(goes_on, data)
    assert told(again) == []
    assert "above 30 (not held): 甲" in told(ci.score(goes_on, data, calibration=again.calibration))[0]


@pytest.mark.parametrize(
    ("step", "name"),
    [
        ({"efficacy": {"from": ["p25", "p75"], "beyond": "hold"}}, "efficacy"),
        ({"piecewise": {"at": ["p25", "p75"], "to": [0, 1]}}, "piecewise"),
        ({"interval": {"best": 2, "outer": ["p25", "p75"]}}, "interval"),
    ],
    ids=str,
)
def test_learned_quantiles_that_hold_numbers_are_told_in_the_run_that_learns(step, name):
    """These numbers are no further out than what was learned from, and are changed all the same."""
    result = ci.score(spec_of(step), YEAR)
    assert told(result, "held") == [
        f"a: outside of {name} (1.5 to 2.5): 2023: 1 unit above 2.5 (held): 丙; 2023: 1 unit below 1.5 (held): 甲"
    ]
    assert told(result, "beyond") == []


@settings(deadline=None, max_examples=40)
@pytest.mark.parametrize("step", ["percent_rank", "rank", "minmax", "efficacy"])
@given(st.lists(st.integers(-(10**15), 10**15).map(lambda n: n / 1e9), min_size=3, max_size=3, unique=True))
@example([0.5, 0.7, 1.00000000000499])
def test_what_was_learned_from_lies_beyond_nothing(step, numbers):
    """Ranks are learned at 12 digits, which may lie a little inside of the numbers themselves."""
    data = YEAR.assign(a=numbers)
    spec = spec_of(step)
    try:
        known = ci.calibrate(spec, data)
    except ci.ScoreError:  # numbers that are alike at 12 digits
        return
    assert told(ci.score(spec, data, calibration=known)) == []


def test_other_periods_than_the_reference_are_told_in_the_run_that_learns():
    spec = ci.replace(spec_of("minmax"), reference={"year": 2023})
    result = ci.score(spec, pd.concat([YEAR, later([4.0, 2.0])]))
    assert told(result) == ["a: beyond the reference (1 to 3): 2024: 1 unit above 3 (not held): 甲"]


def test_ends_by_label_are_told_by_label():
    spec = spec_of({"minmax": {"within": "area"}})
    data = pd.concat([YEAR, YEAR.assign(area="西", city=list("子丑寅"), a=[10.0, 20.0, 30.0])])
    known = ci.calibrate(spec, data)
    result = ci.score(spec, data.assign(a=data["a"] * 2, year=2024), calibration=known)
    assert told(result) == [
        "a: beyond what the calibration has seen, 东 (1 to 3): 2024: 2 units above 3 (not held): 乙, 丙; "
        "beyond what the calibration has seen, 西 (10 to 30): 2024: 2 units above 30 (not held): 丑, 寅"
    ]


def test_what_comes_to_a_later_step_counts_and_is_divided_first():
    spec = spec_of("log", "minmax", node={"per": "pop"})
    known = ci.calibrate(spec, YEAR)
    result = ci.score(spec, later([4.0, 2.0, 6.0]).assign(pop=[2.0, 1.0, 1.0]), calibration=known)
    assert told(result) == [
        f"a: beyond what the calibration has seen (0 to {np.log(3):.6g}): "
        f"2024: 1 unit above {np.log(3):.6g} (not held): 丙"
    ]


def test_groups_tell_too_and_given_nodes_only_what_they_publish():
    spec = ci.load_spec(
        {
            "cityindex": 1,
            "id": "p",
            "unit": {"key": "city", "period": "year"},
            "index": {
                "id": "score",
                "children": [{"id": "g", "steps": ["minmax"], "publish": ["rank"], "children": ["a"]}],
            },
        }
    )
    known = ci.calibrate(spec, YEAR)
    both = told(ci.score(spec, later([4.0, 2.0]), calibration=known))
    assert len(both) == 1
    assert both[0].startswith("g: beyond what the calibration has seen (1 to 3): 2024: 1 unit above 3 (not held): 甲; ")
    assert "(0 to 1): 2024: 1 unit above 1 (held): 甲" in both[0]
    alone = later([4.0, 0.5]).rename(columns={"a": "g"})
    (given,) = told(ci.score(spec, alone, calibration=known))
    assert given == "g: beyond what the calibration has seen (0 to 1): 2024: 1 unit above 1 (held): 甲"


def test_a_long_reminder_is_cut_and_counts_what_is_left_out():
    spec = spec_of("minmax")
    many = pd.concat([later([4.0, 5.0, 6.0], year) for year in range(2024, 2040)])
    (note,) = [n for n in ci.score(spec, many, calibration=ci.calibrate(spec, YEAR)).notes if n.kind == "beyond"]
    assert note.message.endswith("2031: 3 units above 3 (not held): 甲, 乙, 丙; and 24 units more")
    assert len(note.units) == 48
    crowd = pd.DataFrame({"city": [f"c{i}" for i in range(9)], "year": 2024, "a": 9.0})
    assert (
        "9 units above 3 (not held): c0, c1, c2, c3, c4, …"
        in told(ci.score(spec, crowd, calibration=ci.calibrate(spec, YEAR)))[0]
    )


def test_editions_tell_each_for_its_own_rows():
    spec = spec_of("minmax")
    spec = ci.replace(spec, editions={"2024": {"a": {"steps": [{"minmax": {"to": [0, 10]}}]}}})
    data = pd.concat([YEAR, later([1.0, 2.0, 3.0])])
    known = ci.calibrate(spec, data)
    result = ci.score(spec, data.assign(a=data["a"] * np.where(data["year"] == 2024, 2, 1)), calibration=known)
    assert told(result) == [
        "a: beyond what the calibration has seen (1 to 3): 2024: 2 units above 3 (not held): 乙, 丙"
    ]


def test_a_period_that_was_not_learned_is_an_error_still():
    spec = spec_of({"minmax": {"within": "year"}})
    with pytest.raises(ci.ScoreError, match="year = '2024' was not learned"):
        ci.score(spec, later([1.0, 2.0, 3.0]), calibration=ci.calibrate(spec, YEAR))


def test_a_step_of_ones_own_may_have_ends():
    @ci.step("halve", ends=lambda params, options: (0.0, 2.0, False))
    def halve(x, params):
        """Half of each number."""
        return x / 2

    assert told(ci.score(spec_of("halve"), YEAR)) == []
    spec = spec_of("halve")
    assert (
        "outside of halve (0 to 2): 2023: 1 unit above 2 (not held): 丙"
        in told(ci.score(spec, YEAR, calibration=ci.calibrate(spec, YEAR)))[0]
    )


def test_the_reminder_is_said_in_chinese():
    spec = ci.replace(spec_of({"minmax": {"beyond": "hold"}}), title="指数")
    result = ci.score(spec, pd.concat([later([4.0, 0.5]), later([9.0], 2025)]), calibration=ci.calibrate(spec, YEAR))
    card = ci.show(result, language="zh")
    assert (
        "超出校准所见的范围（1 至 3）：2024: 1 个评价对象高于 3，按此值计：甲; 2024: 1 个评价对象低于 1，按此值计：乙"
        in card
    )
    assert "beyond" not in card.split("</style>")[1]
    posts = ci.replace(spec_of({"goalposts": {}}, node={"goalposts": [0, 2]}), title="指数")
    assert "超出目标界（0 至 2）：2023: 1 个评价对象高于 2，按此值计：丙" in ci.show(ci.score(posts, YEAR))


def test_tiers_of_so_many_units_say_that_they_are_of_all_periods():
    data = pd.concat([YEAR, later([4.0, 5.0, 6.0])])
    spec = spec_of("minmax", tiers={"equal": 3})
    told_ = told(ci.score(spec, data), "tiers")
    assert told_ == ["score: the cuts of the tiers (equal) are those of 2 periods together"]
    assert told(ci.score(spec, YEAR), "tiers") == []
    assert told(ci.score(ci.replace(spec, reference={"year": 2023}), data), "tiers") == []
    assert told(ci.score(ci.replace(spec, "score", tiers={"cuts": [0.5]}), data), "tiers") == []
