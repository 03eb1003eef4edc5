"""The six indices of small and medium cities: their lists, their indicators, what their sentences say."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from region_support import REGION_OF
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
VALUES = ["comprehensive", "green", "investment", "innovation"]
FIGURES = ["comprehensive", "green", "innovation"]
NAMED = [
    ("comprehensive", "named", ("name", "list")),
    ("comprehensive", "released_lists", ("name",)),
    ("urbanisation", "counties", ("name",)),
    ("towns", "towns", ("name",)),
]
IN_WORDS = {"五": "5", "一千": "1000", "一万": "10000", "千": "1000"}
COUNTS = {  # the three provinces with most names
    ("comprehensive", "counties"): {"江苏": 24, "浙江": 19, "山东": 15},
    ("comprehensive", "districts"): {"江苏": 22, "浙江": 20, "广东": 15},
    ("green", "counties"): {"江苏": 21, "浙江": 18, "山东": 15},
    ("green", "districts"): {"江苏": 21, "浙江": 19, "广东": 18},
    ("investment", "counties"): {"河北": 13, "山东": 13, "江苏": 11, "浙江": 11},
    ("investment", "districts"): {"江苏": 23, "广东": 15, "山东": 10},
    ("innovation", "counties"): {"江苏": 21, "浙江": 16, "山东": 14},
}
SHARED = {  # names that two lists have in common
    "counties": {
        ("comprehensive", "green"): 73,
        ("comprehensive", "investment"): 53,
        ("comprehensive", "innovation"): 76,
        ("green", "investment"): 59,
        ("green", "innovation"): 79,
        ("investment", "innovation"): 60,
    },
    "districts": {
        ("comprehensive", "green"): 73,
        ("comprehensive", "investment"): 70,
        ("green", "investment"): 67,
    },
}


def names(which):
    """The names of every list of one kind, by index."""
    return {name: {row["name"] for row in table(index(name), kind)} for name, kind in LISTS if kind == which}


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


@pytest.mark.parametrize("name", VALUES)
def test_values_stand_on_the_lines_cited(name):
    source = lines("000")
    for row in table(index(name), "values"):
        assert row["line"] == (row["value_line"] or row["change_line"])
        for column in ("value", "change"):
            assert bool(row[column]) == bool(row[f"{column}_line"])
            assert row[column] in source[int(row[f"{column}_line"] or 0)], row
        if row["region"] == "全国":
            assert not row["region_line"]
        else:
            assert f"{row['region']}地区" in source[int(row["region_line"])] + source[int(row["region_line"]) + 1], row


@pytest.mark.parametrize("name", FIGURES)
def test_figures_stand_on_the_lines_cited(name):
    rows = table(index(name), "figures")
    assert len({row["item"] for row in rows}) == len(rows)
    for row in rows:
        assert row["printed"] in lines(row["file"])[int(row["line"])], row
        in_words = [number for word, number in IN_WORDS.items() if word in row["printed"]]
        assert row["value"] in row["printed"] or row["value"] in in_words, row
        assert row["measured_in"] in ("个", "年") or row["measured_in"] in row["printed"].replace(" ", ""), row


@pytest.mark.parametrize(("name", "which", "columns"), NAMED)
def test_names_stand_on_the_lines_cited(name, which, columns):
    rows = table(index(name), which)
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert all(row[column] in lines(row["file"])[int(row["line"])] for column in columns), row


def test_the_summary_repeats_the_values():
    source = lines("000")
    for name, line, columns in (
        ("comprehensive", 1856, ("value",)),
        ("green", 1854, ("value", "change")),
        ("innovation", 1857, ("value",)),
    ):
        national = table(index(name), "values")[0]
        assert all(f"{national[column]}，" in source[line] for column in columns)


def test_released_lists_are_those_that_ship():
    source, ship = lines("000"), {(index(name), which) for name, which in LISTS}
    rows = table(index("comprehensive"), "released_lists")
    assert len(rows) == 11
    assert {(row["index"], row["units"]) for row in rows if row["caption_line"]} == ship
    for row in rows:
        if row["caption_line"]:
            assert row["name"] in source[int(row["caption_line"])]


def test_counts_of_the_article_are_those_of_the_names():
    named = Counter(row["list"] for row in table(index("comprehensive"), "named"))
    figures = {row["item"]: row["value"] for row in table(index("comprehensive"), "figures")}
    assert {name: str(count) for name, count in named.items()} == {
        "2024年中小城市优秀案例名单": figures["kunshan_cases"],
        "推动中小城市高质量发展特别贡献企业名单": figures["kunshan_firms"],
    }


def test_kunshan_is_first_of_the_counties_wherever_a_list_is_printed():
    first = {name: table(index(name), which)[0]["name"] for name, which in LISTS if which == "counties"}
    assert first == dict.fromkeys(VALUES, "江苏昆山市")
    assert table(index("urbanisation"), "counties")[0]["rank"] == "1"


def test_one_town_is_ranked():
    assert Counter((row["rank"], row["rank_at_most"]) for row in table(index("towns"), "towns")) == {
        ("1", "1"): 1,
        ("", "100"): 8,
    }


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


@pytest.mark.parametrize(("name", "which"), LISTS)
def test_counts_by_province(name, which):
    counted = Counter(row["province"] for row in table(index(name), which))
    most = COUNTS[name, which]
    assert dict(counted.most_common(len(most))) == most
    assert not set(counted) & {"北京", "天津", "上海", "重庆"}


@pytest.mark.parametrize(("which", "east"), [("counties", 69), ("districts", 75)])
def test_most_lie_in_the_east(which, east):
    assert Counter(REGION_OF[row["province"]] for row in table(index("comprehensive"), which))["东部"] == east


@pytest.mark.parametrize(("which", "everywhere", "anywhere"), [("counties", 38, 163), ("districts", 59, 149)])
def test_names_shared_between_lists(which, everywhere, anywhere):
    lists = names(which)
    assert {pair: len(lists[pair[0]] & lists[pair[1]]) for pair in SHARED[which]} == SHARED[which]
    assert len(set.intersection(*lists.values())) == everywhere
    assert len(set.union(*lists.values())) == anywhere


@pytest.mark.parametrize("which", ["counties", "districts"])
def test_names_are_spelt_alike_in_all_lists(which):
    """No unit stands under two provinces, prefectures or endings (县 in one list and 市 in another)."""
    rows = [row for name, kind in LISTS if kind == which for row in table(index(name), kind)]
    full = {}
    for row in rows:
        full.setdefault(row["short_name"][:-1], set()).add(row["name"])
    assert {stem: both for stem, both in full.items() if len(both) > 1} == {}
    homes = {(row["prefecture"], row["province"]) for row in rows if row["prefecture"]}
    assert len({prefecture for prefecture, _ in homes}) == len(homes)


@pytest.mark.parametrize(
    ("name", "word", "sizes"),
    [
        ("comprehensive", "inferred", [3, 3, 3, 3, 3]),
        ("green", "assumed", [5, 6, 7, 4]),
        ("investment", "assumed", [4, 4, 6, 4]),
    ],
)
def test_what_the_groups_are_made_of_is_marked(name, word, sizes):
    spec = ci.load_index(index(name))
    groups = spec.index.children
    assert [len(group.children) for group in groups] == sizes
    assert {spec.provenance_of(group.id, "children") for group in groups} == {word}
    assert spec.provenance_of(spec.index.id, "children") == "published"
    assert {group.weights for group in spec.groups} == {"unpublished"}
    turned = [leaf for leaf in spec.indicators if leaf.direction]
    assert all(spec.provenance_of(leaf.id, "direction") == "assumed" for leaf in turned)
    assert len(turned) == {"comprehensive": 0, "green": 3, "investment": 1}[name]


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
