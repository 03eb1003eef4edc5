"""The white paper of 2020: districts and counties, their tree, city groups, sectors and figures."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal

import pytest
import yaml
from source_support import lines, passage, table, walk
from support import ROOT

import cityindex as ci

CITY, COUNTY = "digital-economy-city-2020", "digital-economy-county-2020"
SIZES = {"districts": 50, "counties": 50}


def stands(text, line):
    """Whether a text stands in a line; a number must not be a piece of another one."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.])", line) is not None
    return text in line


@pytest.mark.parametrize("name", list(SIZES))
class TestList:
    def test_ranks_names_and_scores(self, name):
        rows = table(COUNTY, name)
        assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, 51)]
        assert len({row["name"] for row in rows}) == 50
        scores = [Decimal(row["score"]) for row in rows]
        assert scores == sorted(scores, reverse=True)

    def test_every_row_stands_on_the_line_cited(self, name):
        source = lines("002")
        for row in table(COUNTY, name):
            printed = f"{row['rank']} {row['province']} {row['name']} {row['score']}"
            assert printed in source[int(row["line"])], row
        assert set(Counter(row["line"] for row in table(COUNTY, name)).values()) == {2}

    def test_the_mean_is_the_printed_one(self, name):
        """Rounding would allow 0.1: 0.05 for the scores, 0.05 for the mean."""
        (mean,) = [row["mean"] for row in table(COUNTY, "means") if row["item"] == name]
        (again,) = [row["value"] for row in table(COUNTY, "figures") if row["item"] == f"{name}_mean"]
        average = sum(Decimal(row["score"]) for row in table(COUNTY, name)) / 50
        assert average == {"districts": Decimal("69.332"), "counties": Decimal("59.728")}[name]
        assert round(average, 1) == Decimal(mean) == Decimal(again)

    def test_the_highest_is_the_printed_one(self, name):
        (said,) = [row for row in table(COUNTY, "means") if row["item"] == name]
        first = table(COUNTY, name)[0]
        assert (first["name"], first["score"]) == (said["first"], said["highest"])


def region_of(row):
    """The region of a district or county, by province and prefecture; 惠东县 lies in 惠州, one of the nine cities."""
    nine = {member["name"] for member in table(CITY, "city_group_members") if member["group"] == "greater_bay_area"}
    if row["province"] in ("江苏", "浙江", "安徽", "上海"):
        return "长三角地区"
    if row["prefecture"].removesuffix("市") in nine or row["name"] == "惠东县":
        return "粤港澳大湾区"
    inland = row["prefecture"] == "龙岩市"
    return {"福建": "" if inland else "福建沿海", "山东": "山东半岛"}.get(row["province"], "")


def test_regions_have_as_many_units_as_printed():
    counted = Counter(region_of(row) for name in SIZES for row in table(COUNTY, name))
    assert {row["title_zh"]: int(row["units"]) for row in table(COUNTY, "regions")} == {
        region: count for region, count in counted.items() if region
    }


def test_not_all_districts_score_above_their_city_as_the_text_says():
    city = {row["name"]: Decimal(row["score"]) for row in table(CITY, "score")}
    signs = Counter()
    for row in table(COUNTY, "districts"):
        whole = city.get(row["prefecture"].removesuffix("市"))
        signs["unknown" if whole is None else "above" if Decimal(row["score"]) > whole else "below"] += 1
    assert signs == {"above": 29, "below": 19, "unknown": 2}


def test_the_parts_make_up_the_names_of_districts():
    for row in table(COUNTY, "districts"):
        assert row["prefecture"] + row["short_name"] == row["name"]
        assert row["prefecture"].endswith("市")


def test_weights_are_those_of_the_spec_and_add_up():
    rows = table(COUNTY, "weights")
    spec = yaml.safe_load((ROOT / "specs" / COUNTY / "spec.yaml").read_text(encoding="utf-8"))
    columns = ("id", "parent", "level", "title_zh", "weight")
    assert [tuple(row[column] for column in columns) for row in rows] == list(walk(spec["index"]))
    assert Counter(row["level"] for row in rows) == {"1": 3, "2": 9, "3": 32}
    totals = Counter()
    for row in rows:
        totals[row["parent"]] += Decimal(row["weight"].rstrip("%"))
    assert set(totals.values()) == {100}
    assert len(totals) == 13


def test_weights_stand_on_the_lines_cited():
    source = lines("002")
    for row in table(COUNTY, "weights"):
        assert row["title_zh"] in source[int(row["line"])].split(), row
        assert row["weight"] in source[int(row["weight_line"])].split(), row


def test_leaf_weights_are_inferred_where_order_alone_matches_them():
    spec = ci.load_index(COUNTY)
    leaves = {leaf.id for leaf in spec.indicators}
    unequal = [
        group.id
        for group in spec.groups
        if group.children[0].id in leaves and len({child.weight for child in group.children}) > 1
    ]
    assert unequal == ["information_infrastructure", "digital_industries", "industry_results"]
    for group in spec.groups:
        for child in group.children:
            assert spec.provenance_of(child.id) == ("inferred" if group.id in unequal else "published")


@pytest.mark.parametrize(
    ("index", "name", "cells"),
    [
        (COUNTY, "means", (("mean", "line"), ("first", "first_line"), ("highest", "first_line"))),
        (COUNTY, "regions", (("units", "line"), ("title_zh", "name_line"))),
        (COUNTY, "directions", (("title_zh", "line"),)),
        (CITY, "tiers", (("title_zh", "title_line"), ("count", "line"), ("range", "range_line"))),
        (
            *(CITY, "city_groups"),
            (("score", "line"), ("cities", "cities_line"), ("pattern_zh", "pattern_line"), ("score", "text_line")),
        ),
        (CITY, "city_group_members", (("name", "line"),)),
        (CITY, "sectors", (("mean", "line"), ("top10_mean", "line"))),
        (CITY, "sector_cities", (("name", "line"), ("score", "line"))),
        (CITY, "sector_examples", (("name", "line"), ("example", "line"))),
        (CITY, "sector_directions", (("direction", "line"),)),
        (CITY, "epidemic_cases", (("case", "line"),)),
        (CITY, "epidemic_dates", (("date", "line"), ("days", "days_line"))),
        (CITY, "named", (("name", "line"),)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_cells_stand_on_the_lines_cited(index, name, cells):
    source = lines("002")
    for row in table(index, name):
        for column, line in cells:
            if row[line]:
                assert stands(row[column], source[int(row[line])]), (column, row)
            else:
                assert not row[column]


@pytest.mark.parametrize(("index", "count"), [(CITY, 29), (COUNTY, 7)])
def test_figures_stand_in_the_piece_that_is_printed(index, count):
    source = lines("002")
    rows = table(index, "figures")
    assert len({row["item"] for row in rows}) == len(rows) == count
    for row in rows:
        assert source[int(row["line"])].count(row["printed"]) == 1, row
        assert bool(row["value"]) != bool(row["words"]), row
        assert stands(row["value"] or row["words"], row["printed"]), row
        assert row["qualifier"] in row["printed"]


def test_aspects_begin_on_the_line_cited():
    source = lines("002")
    for row in table(CITY, "aspects"):
        here = source[int(row["line"])].strip()
        assert 0 <= passage(source, row["line"]).find(row["aspect"]) < len(here), row


def test_aspects_are_those_of_the_tree():
    """The text lists eight fields of services and six of governance in the order of the leaves: a second witness."""
    spec = ci.load_index(CITY)
    said = {}
    for row in table(CITY, "aspects"):
        said.setdefault(row["node"], []).append(row["aspect"])
    assert len(said) == 14
    assert set(said) <= set(spec.nodes)
    for node, size in (("services_operation", 8), ("governance_operation", 6)):
        titles = [child.title["zh"] for child in spec[node].children]
        assert [title[: len(aspect)] for title, aspect in zip(titles, said[node], strict=False)] == said[node]
        assert (len(said[node]), titles[size:]) == (size, ["均衡性指标"])
    sectors = {child.title["zh"] for child in spec["industry_digitalisation"].children}
    assert sectors == set(said["industry_digitalisation"])


def test_the_epidemic_days_follow_from_the_dates():
    """Both days counted; the printed days of the fourth tier confirm that dates and tiers run alike."""
    rows = table(CITY, "epidemic_dates")
    days = [datetime.strptime(f"2020年{row['date']}", "%Y年%m月%d日") for row in rows]
    assert days == sorted(days)
    counted = {row["tier"]: (day - days[0]).days + 1 for row, day in zip(rows, days, strict=True) if row["tier"]}
    assert list(counted) == [row["label"] for row in table(CITY, "tiers")]
    assert {row["tier"]: int(row["days"]) for row in rows if row["days"]} == {"一线": 11, "四线": 18}
    assert (counted["一线"], counted["四线"]) == (11, 18)
    assert [row["tier"] for row in rows if row["provenance"] == "published"] == ["一线"]


def figure(item):
    (row,) = [row for row in table(CITY, "figures") if row["item"] == item]
    return Decimal(row["value"])


@pytest.mark.parametrize(("item", "label", "before"), [("new_first", "新一线", 22), ("second", "二线", 52)])
def test_growth_of_the_tiers_is_that_of_whole_numbers(item, label, before):
    growth = figure(f"growth_{item}_tier")
    (now,) = [Decimal(row["count"]) for row in table(CITY, "tiers") if row["label"] == label]
    assert [n for n in range(1, 149) if round((now / n - 1) * 100, 1) == growth] == [before]


def test_the_mean_of_the_cities_of_the_year_before_is_possible():
    """The best 113 of the 148 are the most that it can be; the 35 new ones then average 42.8."""
    scores = [Decimal(row["score"]) for row in table(CITY, "score")]
    old = len(scores) - int(figure("new_cities"))
    assert old == 113
    assert figure("mean_now") < sum(scores[:old]) / old < Decimal("62.29")
    assert sum(scores[-35:]) / 35 < (sum(scores) - old * figure("mean_now")) / 35 < Decimal("42.81")


def test_the_scores_of_the_city_groups_are_possible_as_weighted_means():
    """GDP is not printed; a mean lies between the scores of the members, and these are above those without weights."""
    city = {row["name"]: Decimal(row["score"]) for row in table(CITY, "score")}
    plain = {}
    for group in table(CITY, "city_groups"):
        members = [row["name"] for row in table(CITY, "city_group_members") if row["group"] == group["group"]]
        scores = [city[name] for name in members if name in city]
        plain[group["group"]] = round(sum(scores) / len(scores), 1)
        assert plain[group["group"]] < Decimal(group["score"]) < max(scores)
    assert list(map(str, plain.values())) == ["58.0", "46.9", "69.2", "57.3"]


def test_city_groups_have_as_many_members_as_printed():
    members = Counter(row["group"] for row in table(CITY, "city_group_members"))
    assert members == {row["group"]: int(row["cities"]) for row in table(CITY, "city_groups")}
    ranked = {row["name"] for row in table(CITY, "score")}
    for row in table(CITY, "city_group_members"):
        assert (row["name"] in ranked) == (row["assessed"] == "yes"), row
    assert [row["name"] for row in table(CITY, "city_group_members") if row["assessed"] == "no"] == ["香港", "澳门"]


def test_sector_means_give_the_means_of_both_kinds_of_industry():
    """Scored with the spec's own weights, and not by hand."""
    means = {row["id"]: float(row["mean"]) for row in table(CITY, "sectors")}
    result = ci.score(
        ci.load_index(CITY),
        {"name": ["全国"], **{name: [mean] for name, mean in means.items()}, "industry_results": [47.35]}
        | {name: [0.0] for name in ("infrastructure", "services", "governance")},
    )
    assert result.column("industry_digitalisation")[0] == pytest.approx(51.3125, abs=1e-9)
    assert result.column("digital_industries")[0] == pytest.approx(31.12, abs=1e-9)
    assert result.column("industry")[0] == pytest.approx(48.5, abs=0.005)


def test_leading_cities_are_above_the_mean_of_their_sector():
    means = {row["id"]: Decimal(row["mean"]) for row in table(CITY, "sectors")}
    for row in table(CITY, "sector_cities"):
        assert Decimal(row["score"]) > means[row["sector"]]
    assert set(Counter(row["sector"] for row in table(CITY, "sector_cities")).values()) == {3}


def test_counts_of_other_tables():
    counts = {name: len(table(CITY, name)) for name in ("sector_directions", "epidemic_cases", "aspects", "named")}
    assert counts == {"sector_directions": 23, "epidemic_cases": 12, "aspects": 69, "named": 25}


def test_a_county_is_scored_from_its_dimensions():
    spec = ci.load_index(COUNTY)
    units = {"name": ["a"], "infrastructure": [50.0], "services_governance": [60.0], "industry": [70.0]}
    assert ci.score(spec, units).column()[0] == 62.0
