"""The white paper of 2020: districts and counties, their tree, city groups, sectors and figures."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
import yaml
from source_support import lines, table
from support import ROOT

import cityindex as ci

CITY, COUNTY = "digital-economy-city-2020", "digital-economy-county-2020"
SIZES = {"districts": 50, "counties": 50}


def walk(group, level=1):
    for child in group["children"]:
        yield child["id"], group["id"], str(level), child["title"]["zh"], child["weight"]
        if "children" in child:
            yield from walk(child, level + 1)


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
        """Fifty numbers with one decimal: their mean is within 0.05 of that of the unrounded ones."""
        (mean,) = [row["mean"] for row in table(COUNTY, "means") if row["item"] == name]
        scores = [Decimal(row["score"]) for row in table(COUNTY, name)]
        assert abs(sum(scores) / 50 - Decimal(mean)) <= Decimal("0.05")

    def test_the_highest_is_the_printed_one(self, name):
        (said,) = [row for row in table(COUNTY, "means") if row["item"] == name]
        first = table(COUNTY, name)[0]
        assert (first["name"], first["score"]) == (said["first"], said["highest"])


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
        (COUNTY, "figures", (("value", "line"),)),
        (CITY, "city_groups", (("score", "line"), ("cities", "cities_line"))),
        (CITY, "city_group_members", (("name", "line"),)),
        (CITY, "sectors", (("mean", "line"), ("top10_mean", "line"))),
        (CITY, "sector_cities", (("name", "line"), ("score", "line"))),
        (CITY, "sector_examples", (("name", "line"), ("example", "line"))),
        (CITY, "sector_directions", (("direction", "line"),)),
        (CITY, "epidemic_cases", (("case", "line"),)),
        (CITY, "figures", (("value", "line"),)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_cells_stand_on_the_lines_cited(index, name, cells):
    source = lines("002")
    for row in table(index, name):
        for column, line in cells:
            assert row[column] in source[int(row[line])], (column, row)


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
    counts = {name: len(table(CITY, name)) for name in ("sector_directions", "epidemic_cases", "figures")}
    assert counts == {"sector_directions": 23, "epidemic_cases": 12, "figures": 25}


def test_a_county_is_scored_from_its_dimensions():
    spec = ci.load_index(COUNTY)
    units = {"name": ["a"], "infrastructure": [50.0], "services_governance": [60.0], "industry": [70.0]}
    assert ci.score(spec, units).column()[0] == 62.0
