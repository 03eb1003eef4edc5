"""The report on the industry of counties, 2023: districts, parks and figures, recomputed from other printed numbers."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from region_support import region, short
from source_support import lines, table

COUNTY, DISTRICT, INNOVATION = "industrial-county-2023", "industrial-district-2023", "innovation-county-2023"
INDICES = (COUNTY, DISTRICT, INNOVATION)


def numbers(rows, key, value="count"):
    return {row[key]: int(row[value]) for row in rows}


def value(index, item):
    (row,) = [row for row in table(index, "figures") if row["item"] == item]
    return Decimal(row["value"])


def half_a_digit(number):
    return Decimal(5).scaleb(number.as_tuple().exponent - 1)


def quotient(a, b):
    """What a / b may be, both being rounded to the digits printed."""
    return (a - half_a_digit(a)) / (b + half_a_digit(b)), (a + half_a_digit(a)) / (b - half_a_digit(b))


@pytest.mark.parametrize("index", INDICES)
def test_figures_stand_in_the_piece_that_is_printed(index):
    source = lines("003")
    rows = table(index, "figures")
    assert len({row["item"] for row in rows}) == len(rows)
    for row in rows:
        assert source[int(row["line"])].count(row["printed"]) == 1, row
        assert bool(row["value"]) != bool(row["words"]), row
        assert (row["value"] or row["words"]) in row["printed"]
        assert row["qualifier"] in row["printed"]
        assert row["title_zh"], row["title_en"]


class TestDistricts:
    def test_provinces_and_regions(self):
        listed = Counter(row["province"] for row in table(DISTRICT, "districts"))
        assert numbers(table(DISTRICT, "provinces"), "province") == listed
        assert len(listed) == value(DISTRICT, "provinces") == 17
        regions = table(DISTRICT, "regions")
        by_region = Counter(region(row["province"]) for row in table(DISTRICT, "districts"))
        assert numbers(regions, "region") == by_region == {"东部": 75, "中部": 10, "西部": 13, "东北": 2}
        assert sum(int(row["change"]) for row in regions) == 0  # there were a hundred the year before, too

    def test_newcomers_are_as_many_as_the_regions_gained(self):
        """The middle gained one and has two new ones: one must have left. The west gained the two new ones there."""
        new = Counter(region(row["name"][:2]) for row in table(DISTRICT, "named") if row["item"] == "newcomers")
        changes = numbers(table(DISTRICT, "regions"), "region", "change")
        assert new == {"中部": 2, "西部": 2}
        assert (changes["中部"], changes["西部"]) == (1, 2)

    def test_districts_over_50bn(self):
        """66, by region and by cluster. The text says 6 more than the year before, and of three regions 13 more."""
        regions = table(DISTRICT, "large_regions")
        total = value(DISTRICT, "over_50bn")
        assert sum(numbers(regions, "region").values()) == total == 66
        assert sum(numbers(table(DISTRICT, "large_city_groups"), "name").values()) == total
        changes = sum(int(row["change"]) for row in regions if row["change"])
        assert (value(DISTRICT, "over_50bn_more"), changes) == (6, 13)

    def test_industries(self):
        """Of 24 districts, all of the list; put together again, the cell of the source."""
        source = lines("003")
        rows = table(DISTRICT, "district_industries")
        names = list(dict.fromkeys(row["name"] for row in rows))
        assert set(names) <= {row["name"] for row in table(DISTRICT, "districts")}
        assert len(names) == 24
        for name in names:
            own = [row for row in rows if row["name"] == name]
            assert [row["number"] for row in own] == [str(i + 1) for i in range(len(own))]
            assert source[int(own[0]["line"])] == name + "\t" + "、".join(row["industry"] for row in own)

    def test_private_enterprises_of_the_regions_make_the_total(self):
        """155.1 from means to one decimal, which may be off by 5; printed 154.8. Means of new ones are rounded down."""
        districts = numbers(table(DISTRICT, "regions"), "region")
        rows = table(DISTRICT, "private_firms")
        total = sum(Decimal(row["mean_firms_10000"]) * districts[row["region"]] for row in rows)
        assert abs(total - value(DISTRICT, "private_firms")) == Decimal("0.3")
        new = sum(int(row["mean_new_firms_2022_over"]) * districts[row["region"]] for row in rows)
        assert new == 69820  # up to 10 more in each of 100 districts: 69820 to 70820; printed 7.1, or 70500 to 71500
        assert new <= value(DISTRICT, "private_new_firms") * 10000 + 500
        assert new + 10 * 100 >= value(DISTRICT, "private_new_firms") * 10000 - 500

    @pytest.mark.parametrize("item", ["little_giants_over_50", "retail_over_100bn", "gdp_per_head_over_210000"])
    def test_lists_are_as_long_as_they_say(self, item):
        names = [row["name"] for row in table(DISTRICT, "named") if row["item"] == item]
        assert len(names) == len(set(names)) == value(DISTRICT, item)

    def test_three_populations_follow_from_totals_and_numbers_per_head(self):
        """They exclude one another, so that not all numbers per head are the total by the population."""
        gdp = quotient(value(DISTRICT, "hundred_gdp"), value(DISTRICT, "gdp_per_head"))
        industry = quotient(value(DISTRICT, "hundred_value_added"), value(DISTRICT, "value_added_per_head"))
        retail = quotient(value(DISTRICT, "retail") / 10000, value(DISTRICT, "retail_per_head"))
        assert industry[1] < gdp[0]
        assert gdp[1] < retail[0]
        ends = [round(float(end), 2) for ends in (industry, gdp, retail) for end in ends]
        assert ends == [1.0, 1.03, 1.08, 1.09, 1.1, 1.12]

    def test_retail_sales_by_gdp(self):
        """The totals give 29.3 % (29.3 to 29.4 with the rounding of GDP); the text says 31.1 %."""
        low, high = quotient(value(DISTRICT, "retail") / 10000, value(DISTRICT, "hundred_gdp"))
        assert (round(low * 100, 1), round(high * 100, 1)) == (Decimal("29.3"), Decimal("29.4"))
        assert value(DISTRICT, "retail_gdp_share") == Decimal("31.1")


class TestParks:
    def test_counts_by_region_and_province(self):
        rows = table(COUNTY, "parks")
        kinds = ("国家级经开区", "国家级高新区")
        places = {"nation": lambda _: "全国", "region": region, "province": short}
        for printed in table(COUNTY, "park_regions"):
            here = [row for row in rows if places[printed["kind"]](row["province"]) == printed["area"]]
            counts = [sum(row["kind"] == kind for row in here) for kind in kinds]
            assert counts == [int(printed["economic"]), int(printed["high_tech"])], printed
            assert sum(counts) == int(printed["total"])

    def test_provinces(self):
        """The text says 18 provinces; in the table there are 19."""
        provinces = {row["province"] for row in table(COUNTY, "parks")}
        assert (value(COUNTY, "parks_provinces"), len(provinces)) == (18, 19)

    def test_the_rows_of_the_source(self):
        source = lines("003")
        rows = table(COUNTY, "parks")
        for row in rows:
            cells = source[int(row["line"])].split("\t")
            assert cells[:2] == [row["province"], row["county"]]
            assert cells[2 if row["kind"] == "国家级经开区" else 3] == row["park"]
        held = {line for line in range(1004, 1078) if source[line].count("\t") == 3 and source[line][:2] != "省份"}
        assert {int(row["line"]) for row in rows} == held
        assert sum(source[line].count("—") for line in held) == 2 * len(held) - len(rows)

    def test_provincial_parks_are_the_shares_that_the_text_says(self):
        shares = {r["province"]: int(r["in_counties"]) / int(r["total"]) for r in table(COUNTY, "provincial_parks")}
        assert {p: round(share, 3) for p, share in shares.items()} == {"浙江": 0.663, "河南": 0.627, "四川": 0.65}


def test_demonstration_bases():
    counts = numbers(table(COUNTY, "bases"), "region")
    assert sum(counts.values()) == value(COUNTY, "bases_in_counties") == 123
    assert round(counts["东部"] / 123, 2) == 0.4
    assert round(value(DISTRICT, "bases") / value(COUNTY, "bases") * 100, 1) == value(DISTRICT, "bases_share")


def test_shares_of_the_secondary_sector_add_up():
    totals = Counter()
    for row in table(COUNTY, "secondary_sector"):
        totals[row["value_added"]] += Decimal(row["share"])
    assert set(totals.values()) == {Decimal(100)}


@pytest.mark.parametrize(
    ("index", "part", "whole", "share"),
    [
        (COUNTY, "clusters_in_counties", "clusters", "clusters_share"),
        (COUNTY, "high_tech_firms", "high_tech_firms_nation", "high_tech_firms_share"),
    ],
)
def test_printed_shares(index, part, whole, share):
    assert round(value(index, part) / value(index, whole) * 100, 1) == value(index, share)


def test_the_hundred_are_3_5_per_cent_of_all_county_level_units():
    assert round(100 * 100 / value(COUNTY, "units"), 1) == value(COUNTY, "share_units")


def test_counties_among_all_units():
    """1866 of 2843 are 65.6 %; the text says 65 %, with an 约 that may go with it."""
    share = value(COUNTY, "counties") / value(COUNTY, "units") * 100
    assert (round(share, 1), value(COUNTY, "counties_unit_share")) == (Decimal("65.6"), 65)


def test_captions():
    source = lines("003")
    rows = table(COUNTY, "captions")
    assert Counter(row["kind"] for row in rows) == {"图": 32, "表": 5}
    for kind in "图表":
        own = [row["number"] for row in rows if row["kind"] == kind]
        assert own == [str(number + 1) for number in range(len(own))]
    for row in rows:
        assert source[int(row["line"])] == f"{row['kind']} {row['number']} {row['title']}\t{row['page']}"
        if row["caption_line"]:
            assert source[int(row["caption_line"])].startswith(f"{row['kind']} {row['number']} ")
    assert [row["number"] for row in rows if not row["caption_line"]] == ["8", "9", "11"]
