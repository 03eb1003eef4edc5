"""The report on the industry of counties, 2023: its three lists, against all that it counts in them."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from region_support import region, short
from source_support import lines, table

import cityindex as ci

COUNTY, DISTRICT, INNOVATION = "industrial-county-2023", "industrial-district-2023", "innovation-county-2023"
LISTS = [(COUNTY, "counties", 18), (INNOVATION, "counties", 12), (DISTRICT, "districts", 17)]
KINDS = ("cities", "counties", "banners")
PROVINCES = (("江苏", "jiangsu"), ("浙江", "zhejiang"))
ASPECTS = ("input", "output", "actors", "carriers")
DIMENSIONS = ("quality", "innovation", "coordination", "green", "openness", "sharing")
ALL_TABLES = [
    (index, name)
    for index in (COUNTY, DISTRICT, INNOVATION)
    for name in ci.published_tables(index)
    if name != "deciles"
]


def numbers(rows, key, value="count"):
    return {row[key]: int(row[value]) for row in rows}


def figures(index):
    return {row["item"]: row for row in table(index, "figures")}


def value(index, item):
    return Decimal(figures(index)[item]["value"])


@pytest.mark.parametrize(("index", "name", "stars"), LISTS)
class TestList:
    def test_ranks_and_names(self, index, name, stars):
        rows = table(index, name)
        assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 101)]
        assert len({row["name"] for row in rows}) == 100
        ends = {row["name"][-1] for row in rows}
        assert ends == {"区"} if name == "districts" else ends <= {"市", "县", "旗"}

    def test_the_stars_are_on_the_first_of_each_province(self, index, name, stars):
        rows = table(index, name)
        firsts = {}
        for row in rows:
            firsts.setdefault(row["province"], row["name"])
        assert {row["province"]: row["name"] for row in rows if row["star"]} == firsts
        assert len(firsts) == stars

    def test_each_row_is_the_line_cited(self, index, name, stars):
        source = lines("003")
        for row in table(index, name):
            cells = [row["rank"], row["province"], row["prefecture"], row["name"] + row["star"]]
            assert source[int(row["line"])].split("\t") == cells, row

    def test_no_row_between_is_left_out(self, index, name, stars):
        source = lines("003")
        cited = [int(row["line"]) for row in table(index, name)]
        assert cited == sorted(cited)
        left = [source[line] for a, b in pairwise(cited) for line in range(a + 1, b) if "\t" in source[line]]
        assert {line.split("\t")[0] for line in left} == {"排名"}


@pytest.mark.parametrize(("index", "name"), ALL_TABLES)
def test_every_cell_stands_on_the_line_cited(index, name):
    """Names, counts and values as printed; signs, kinds and columns of ours are not."""
    source = lines("003")
    ours = {"kind", "within", "title_zh", "title_en", "item", "of", "measured_in", "number", "column", "what_en"}
    ours |= {key for row in table(index, name) for key in row if key.endswith("line")}
    for row in table(index, name):
        here = source[int(row["line"])]
        for key, cell in row.items():
            if key in ours or not cell or (key, cell) in {("area", "全国"), ("change", "0")}:
                continue
            if key == "tier":
                assert cell in source[int(row.get("tier_line") or row["line"])]
            elif key == "year":  # a page may break between a year and its number
                before = source[int(row["line"]) - 4 : int(row["line"])]
                assert all(any(year in text for text in [here, *before]) for year in re.findall(r"\d{4}", cell)), row
            elif name == "provinces" and cell == "0":
                assert f"{row['province']}、" in here or f"{row['province']}尚无" in here
            elif name == "secondary_sector" and key == "region":
                assert "东、中、西和东北" in here
            else:
                assert cell.removeprefix("-") in here, (row, key)


class TestCountsOfCounties:
    def test_provinces(self):
        """江苏 and 浙江 are not in the text: 47 of the hundred are left for them, and the list gives 23 and 24."""
        listed = Counter(short(row["province"]) for row in table(COUNTY, "counties"))
        printed = numbers(table(COUNTY, "provinces"), "province")
        assert {province: listed[province] for province in printed} == printed
        assert sum(printed.values()) == 53
        assert (set(listed) - set(printed), listed["江苏"], listed["浙江"]) == ({"江苏", "浙江"}, 23, 24)

    def test_regions(self):
        listed = Counter(region(row["province"]) for row in table(COUNTY, "counties"))
        rows = table(COUNTY, "regions")
        assert numbers(rows, "region") == listed == {"东部": 68, "中部": 21, "西部": 10, "东北": 1}
        assert sum(int(row["change"] or 0) for row in rows) == 0  # there were a hundred the year before, too

    def test_the_change_of_the_provinces_fits_that_of_the_regions(self):
        """Three provinces gained one each; the east lost two in all, so that others of the east lost three."""
        gained = {row["province"] for row in table(COUNTY, "provinces") if row["change"] == "1"}
        assert gained == {"福建", "湖北", "新疆"}

    def test_kinds_of_units(self):
        kinds = Counter(row["name"][-1] for row in table(COUNTY, "counties"))
        printed = {end: value(COUNTY, f"hundred_{kind}") for end, kind in zip("市县旗", KINDS, strict=True)}
        assert kinds == printed == {"市": 74, "县": 23, "旗": 3}

    def test_the_first_ten_and_twenty_by_region(self):
        """Of the first twenty the text says that 17 are of the east; in the list there are 16."""
        regions = [region(row["province"]) for row in table(COUNTY, "counties")]
        assert regions[:10].count("东部") == value(COUNTY, "top_10_east") == 8
        assert (value(COUNTY, "top_20_east"), regions[:20].count("东部")) == (17, 16)

    def test_tiers(self):
        rows = table(COUNTY, "tiers")
        assert [(row["first_rank"], row["last_rank"]) for row in rows] == [
            *(("1", "6"), ("7", "43"), ("44", "83"), ("84", "100"))
        ]
        sizes = [int(row["last_rank"]) - int(row["first_rank"]) + 1 for row in rows]
        assert sizes == [int(row["count"]) for row in rows] == [6, 37, 40, 17]
        assert Counter(row["tier"] for row in table(COUNTY, "counties")) == numbers(rows, "tier")
        labels = [row["tier"] for row in rows]
        assert list(ci.load_index(COUNTY).index.tiers.labels) == labels

    def test_tiers_by_province_and_region(self):
        for tier in ("第一梯队", "第二梯队", "第三梯队", "第四梯队"):
            counts = [row for row in table(COUNTY, "tier_counts") if row["tier"] == tier]
            place = region if tier == "第四梯队" else short
            listed = Counter(place(row["province"]) for row in table(COUNTY, "counties") if row["tier"] == tier)
            assert numbers(counts, "area") == listed

    def test_the_third_tier_is_two_fifths_of_the_middle_and_west(self):
        """The text says first two fifths and then more than 40 %; it is 16 of 40, which is 40 % and no more."""
        rows = [row for row in table(COUNTY, "counties") if row["tier"] == "第三梯队"]
        inland = [row for row in rows if region(row["province"]) in ("中部", "西部")]
        assert (len(inland), len(rows)) == (16, 40)
        assert figures(COUNTY)["tier_3_midwest_share"]["qualifier"] == "超"
        assert figures(COUNTY)["tier_3_midwest_share_words"]["words"] == "四成"

    def test_deciles(self):
        """17 columns under 18 names. The first 15 are the list's; 16 holds 辽宁 and 贵州 together, 17 云南."""
        rows = table(COUNTY, "deciles")
        for first in range(1, 101, 10):
            assert sum(int(row["count"]) for row in rows if row["first"] == str(first)) == 10
        cells = Counter(((int(row["rank"]) - 1) // 10, short(row["province"])) for row in table(COUNTY, "counties"))
        assert len(rows) == 170
        for row in rows:
            decile, column = int(row["first"]) // 10, int(row["column"])
            names = [row["province"]] if column <= 15 else {16: ["辽宁", "贵州"], 17: ["云南"]}[column]
            assert sum(cells[decile, name] for name in names) == int(row["count"]), row
            assert bool(row["province"]) == (column <= 15)

    def test_deciles_stand_on_the_lines_cited(self):
        source = lines("003")
        for row in table(COUNTY, "deciles"):
            cells = source[int(row["line"])].split("\t")
            assert cells[0] == f"{row['first']}~{row['last']}"
            assert cells[int(row["column"])] == row["count"]
            if row["province"]:
                assert source[int(row["province_line"])].split("\t")[int(row["column"])] == row["province"]

    def test_shares_of_a_province(self):
        """江苏: more than half and three quarters are said of 23 of 40; 浙江: 45 % and two thirds of 24 of 53."""
        listed = Counter(short(row["province"]) for row in table(COUNTY, "counties"))
        jiangsu, zhejiang = (listed[n] / value(COUNTY, f"counties_{i}") for n, i in PROVINCES)
        assert round(jiangsu, 3) == Decimal("0.575")
        assert round(zhejiang, 3) == Decimal("0.453")
        assert figures(COUNTY)["hundred_share_jiangsu"]["words"] == "四分之三"
        assert value(COUNTY, "hundred_share_zhejiang") == 45
        assert figures(COUNTY)["hundred_share_zhejiang_words"]["words"] == "三分之二"


@pytest.mark.parametrize(("index", "name"), [(COUNTY, "counties"), (DISTRICT, "districts")])
def test_the_firsts_of_the_provinces_are_those_of_the_list(index, name):
    listed = {(short(r["province"]), r["name"], r["rank"]) for r in table(index, name) if r["star"]}
    assert {(short(r["province"]), r["name"], r["rank"]) for r in table(index, "firsts")} == listed


@pytest.mark.parametrize(("index", "name", "size"), [(COUNTY, "counties", 56), (DISTRICT, "districts", 65)])
def test_named_units_are_of_the_list(index, name, size):
    """But for former counties, parks, provinces, names with their province, and 安吉县市, which is 安吉县."""
    listed = {row["name"] for row in table(index, name)}
    rows = table(index, "named")
    strange = {row["name"] for row in rows if row["name"] not in listed}
    other = {"former_strong_counties", "newcomers", "value_added_per_head_over_100000"}
    other |= {"clusters_new", "clusters_without_number"}
    odd = {r["name"] for r in rows if r["item"] not in other and "zones" not in r["item"]} & strange
    assert odd == ({"安吉县市"} if index == COUNTY else set())
    assert "安吉县" in {row["name"] for row in table(COUNTY, "counties")}
    newcomers = [row["name"] for row in rows if row["item"] == "newcomers"]
    assert all(any(name.endswith(unit) for unit in listed) for name in newcomers)
    assert len(rows) == size


def test_innovation_list_in_numbers():
    rows = table(INNOVATION, "counties")
    both = {row["name"] for row in rows} & {row["name"] for row in table(COUNTY, "counties")}
    assert len(both) == 75
    assert Counter(short(row["province"]) for row in rows).most_common(3) == [("江苏", 28), ("浙江", 26), ("山东", 13)]


def test_specs_ask_for_what_is_not_printed_and_take_it():
    for index in (COUNTY, DISTRICT):
        spec = ci.load_index(index)
        columns = {name: [60.0, 50.0, 40.0] for name in DIMENSIONS}
        units = {"name": ["a", "b", "c"], **columns}
        with pytest.raises(ci.UnpublishedError, match="score"):
            ci.score(spec, units)
        given = ci.with_weights(spec, {"score": {"ahp": {"judgements": {"quality": dict.fromkeys(DIMENSIONS[1:], 2)}}}})
        given = ci.replace(given, "score", tiers=None) if spec.index.tiers else given
        result = ci.score(given, units)
        assert result.column().tolist() == pytest.approx([60, 50, 40])
        assert set(result.weights["provenance"]) == {"ahp (assumed)"}
        assert result.weights["local"].round(6).tolist() == pytest.approx([2 / 7, *[1 / 7] * 5], abs=1e-6)
    with pytest.raises(ci.UnpublishedError, match="score"):
        ci.score(ci.load_index(INNOVATION), {"name": ["a"], **{aspect: [1] for aspect in ASPECTS}})


def test_dimensions_are_those_of_the_text():
    said = lines("003")
    for index, line in ((COUNTY, 220), (DISTRICT, 662)):
        titles = [child.title["zh"] for child in ci.load_index(index).index.children]
        assert "、".join(titles) + " 6 大维度" in said[line]
    aspects = [child.title["zh"] for child in ci.load_index(INNOVATION).index.children]
    assert "、".join(aspects) + "等方面" in said[222]
