"""The six indices of small and medium cities: their lists, their indicators, what their sentences say."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from source_support import lines, table

import cityindex as ci


def index(name):
    return f"small-medium-city-{name}-2024"


LISTS = [
    ("comprehensive", "counties"),
    ("comprehensive", "districts"),
    ("green", "counties"),
    ("green", "districts"),
    ("investment", "counties"),
    ("investment", "districts"),
    ("innovation", "counties"),
]
SENTENCES = [
    ("comprehensive", "values"),
    ("green", "values"),
    ("investment", "values"),
    ("innovation", "values"),
    ("comprehensive", "figures"),
    ("green", "figures"),
    ("innovation", "figures"),
    ("urbanisation", "counties"),
    ("towns", "towns"),
]


@pytest.mark.parametrize(("name", "which"), LISTS)
class TestList:
    def test_ranks_and_names(self, name, which):
        rows = table(index(name), which)
        assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 101)]
        assert len({row["name"] for row in rows}) == 100
        ends = {row["name"][-1] for row in rows}
        assert ends == {"区"} if which == "districts" else ends <= {"市", "县", "旗"}

    def test_the_parts_make_up_the_name(self, name, which):
        for row in table(index(name), which):
            assert row["province"] + row["prefecture"] + row["short_name"] == row["name"]
            assert bool(row["prefecture"]) == (which == "districts")

    def test_every_cell_stands_alone_on_the_line_cited(self, name, which):
        source = lines("000")
        for row in table(index(name), which):
            assert source[int(row["rank_line"])].strip() == row["rank"], row
            assert source[int(row["line"])].strip() == row["name"], row

    def test_every_name_in_the_source_is_taken(self, name, which):
        """Between the first and the last line of a list, no name is left over."""
        source = lines("000")
        cited = sorted(int(row["line"]) for row in table(index(name), which))
        end = "区" if which == "districts" else ("市", "县", "旗")
        between = [line for line in range(cited[0], cited[-1] + 1) if source[line].strip().endswith(end)]
        assert [line for line in between if source[line].strip() not in ("城区", "城市")] == cited


@pytest.mark.parametrize(("name", "which"), SENTENCES)
def test_values_and_names_stand_on_the_lines_cited(name, which):
    for row in table(index(name), which):
        source = lines(row.get("file") or "000")
        for column, line in (("value", "value_line"), ("change", "change_line"), ("value", "line"), ("name", "line")):
            if row.get(column) and row.get(line) and not (line == "line" and "value_line" in row):
                assert row[column] in source[int(row[line])], row


@pytest.mark.parametrize(("name", "sizes"), [("comprehensive", (5, 15)), ("green", (4, 22)), ("investment", (4, 18))])
def test_indicators_are_those_of_the_spec_in_order(name, sizes):
    rows, spec = table(index(name), "indicators"), ci.load_index(index(name))
    levels = Counter(row["level"] for row in rows)
    assert (levels["1"], levels["2"]) == sizes
    assert [row["title_zh"] for row in rows if row["level"] == "1"] == [g.title["zh"] for g in spec.index.children]
    printed = [(row["title_zh"], row["measured_in"].replace("—", "")) for row in rows if row["level"] == "2"]
    in_spec = [
        (leaf.title["zh"], next(iter(leaf.measured_in.values())) if leaf.measured_in else "")
        for leaf in spec.indicators
    ]
    assert in_spec == printed


@pytest.mark.parametrize("name", ["comprehensive", "green", "investment"])
def test_indicators_stand_on_the_lines_cited(name):
    source = lines("000")
    for row in table(index(name), "indicators"):
        here = "".join(text.strip() for text in source[int(row["line"]) : int(row["line"]) + 3])
        assert here.startswith(row["title_zh"]), row
        if row["unit_line"]:
            unit = "".join(text.strip() for text in source[int(row["unit_line"]) : int(row["unit_line"]) + 2])
            assert unit.startswith(row["measured_in"]), row


def test_the_text_names_the_first_indicator_of_each_group():
    """The witness of the groups of three: the five examples of the sentence."""
    said = "".join(lines("000")[30:34])
    spec = ci.load_index(index("comprehensive"))
    firsts = [group.children[0].title["zh"].removesuffix("指数") for group in spec.index.children]
    assert "、".join(firsts) in said


@pytest.mark.parametrize(
    ("name", "region", "before"),
    [
        ("comprehensive", "全国", "75.7"),
        ("green", "全国", "68.3"),
        ("investment", "全国", "86.1"),
        ("investment", "东部", "87.9"),
        ("investment", "西部", "83.0"),
        ("innovation", "全国", "63.4"),
    ],
)
def test_the_year_before_follows_from_the_change(name, region, before):
    (row,) = [row for row in table(index(name), "values") if row["region"] == region]
    assert Decimal(row["value"]) - Decimal(row["change"]) == Decimal(before)


def test_lists_in_numbers():
    counties = {
        name: {row["name"] for row in table(index(name), which)} for name, which in LISTS if which == "counties"
    }
    assert len(counties["comprehensive"] & counties["green"]) == 73
    assert len(counties["comprehensive"] & counties["investment"]) == 53
    assert len(counties["comprehensive"] & counties["innovation"]) == 76
    assert len(set.intersection(*counties.values())) == 38
    provinces = Counter(row["province"] for row in table(index("comprehensive"), "counties"))
    assert provinces.most_common(3) == [("江苏", 24), ("浙江", 19), ("山东", 15)]


def test_names_are_spelt_alike_in_all_lists():
    """No county stands under two provinces or endings."""
    for which in ("counties", "districts"):
        names = {row["name"] for name, kind in LISTS if kind == which for row in table(index(name), kind)}
        stems = Counter(name[:-1] for name in names)
        assert {stem for stem, count in stems.items() if count > 1} == set()


@pytest.mark.parametrize("name", ["comprehensive", "green", "investment"])
def test_unpublished_weights_are_asked_for_and_taken(name):
    spec = ci.load_index(index(name))
    columns = {leaf.id: [10.0, 20.0, 30.0] for leaf in spec.indicators}
    units = {"name": ["a", "b", "c"], **columns}
    with pytest.raises(ci.UnpublishedError, match="the weights of score are not published"):
        ci.score(spec, units)
    given = {group.id: {child.id: 1 for child in group.children} for group in spec.groups}
    result = ci.score(ci.with_weights(spec, given), units)
    assert set(result.weights["provenance"]) == {"assumed"}
    assert result.ranks().tolist()[2] == 1


def test_aspects_without_parts_are_asked_for():
    spec = ci.load_index(index("innovation"))
    with pytest.raises(ci.TableError, match=r"group platforms .*whose parts are not published"):
        ci.score(spec, {"name": ["a"], "x": [1.0]})


@pytest.mark.parametrize("name", ["urbanisation", "towns"])
def test_an_index_of_which_only_the_name_is_known(name):
    spec = ci.load_index(index(name))
    assert spec.index.children == ()
    assert ci.score(spec, {"name": ["a", "b"], "score": [1.0, 2.0]}).ranks().tolist() == [2, 1]
