"""The transcribed tables of two sources: sound in themselves, and standing where they say in the source."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal

import pytest
import yaml
from source_support import walk
from support import ROOT, shared

from cityindex.spec.load import load_spec

ECONOMY = ROOT / "specs" / "digital-economy-city-2020"
TECHNOLOGY = ROOT / "specs" / "tech-capability-2021"
SUB_INDICES = ("technology", "economy", "governance", "livelihood")
RANKINGS = [(ECONOMY, "score", 148), *((TECHNOLOGY, node, 30) for node in SUB_INDICES), (TECHNOLOGY, "score", 100)]
SEEDS = {ECONOMY: "002_5df1c8c77506a7d3.txt", TECHNOLOGY: "001_bbe7c50f746ab1f1.txt"}
CUTS = ((85, "一线"), (65, "新一线"), (50, "二线"), (40, "三线"), (0, "四线"))


def read(folder, name):
    with (folder / "published" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scores(folder, name):
    return {row["name"]: Decimal(row["score"]) for row in read(folder, name)}


def source_lines(folder):
    return ["", *shared("seeds", SEEDS[folder]).read_text(encoding="utf-8").split("\n")]


def cells(line):
    """The cells that stand on a line: lists of cities are separated by 、, columns by spaces."""
    return line.replace("、", " ").split()


@pytest.mark.parametrize(("folder", "name", "size"), RANKINGS, ids=lambda value: getattr(value, "name", value))
class TestRanking:
    def test_ranks_names_and_scores(self, folder, name, size):
        rows = read(folder, name)
        assert [row["rank"] for row in rows] == [str(rank) for rank in range(1, size + 1)]
        assert len({row["name"] for row in rows}) == size
        printed = [Decimal(row["score"]) for row in rows]
        assert printed == sorted(printed, reverse=True)
        assert len({len(row["score"].partition(".")[2]) for row in rows}) == 1

    def test_every_cell_stands_on_the_line_cited(self, folder, name, size):
        lines = source_lines(folder)
        for row in read(folder, name):
            for column, line in (("rank", "rank_line"), ("name", "line"), ("score", "score_line")):
                assert row[column] in cells(lines[int(row[line])]), (row, column)

    def test_no_line_is_cited_for_two_rows(self, folder, name, size):
        rows = read(folder, name)
        for column in ("rank_line", "line", "score_line"):
            assert len({row[column] for row in rows}) == size


def test_no_province_is_invented():
    assert {(row["province"], row["prefecture"]) for row in read(ECONOMY, "score")} == {("", "")}


def test_four_cities_stand_in_another_tier_than_the_cuts_say():
    strays = {
        (row["name"], row["tier"])
        for row in read(ECONOMY, "score")
        if row["tier"] != next(label for low, label in CUTS if Decimal(row["score"]) >= low)
    }
    assert strays == {("丽水", "四线"), ("吉林", "四线"), ("六安", "三线"), ("达州", "三线")}


def test_printed_tier_counts():
    tiers = read(ECONOMY, "tiers")
    assert [row["count"] for row in tiers] == ["6", "29", "69", "26", "18"]
    assert Counter(row["tier"] for row in read(ECONOMY, "score")) == {row["label"]: int(row["count"]) for row in tiers}


def test_national_mean_follows_from_the_dimensions_and_from_the_cities():
    means = {row["item"]: Decimal(row["value"]) for row in read(ECONOMY, "means")}
    weights = {row["id"]: Decimal(row["weight"].rstrip("%")) / 100 for row in read(ECONOMY, "weights")}
    from_dimensions = sum(weights[item] * value for item, value in means.items() if item != "score")
    cities = scores(ECONOMY, "score").values()
    assert from_dimensions == Decimal("57.305")
    assert round(sum(cities) / len(cities), 4) == Decimal("57.3074")
    assert means["score"] == Decimal("57.3")


def test_weights_are_those_of_the_spec_and_add_up():
    rows = read(ECONOMY, "weights")
    spec = yaml.safe_load((ECONOMY / "spec.yaml").read_text(encoding="utf-8"))
    columns = ("id", "parent", "level", "title_zh", "weight")
    assert [tuple(row[column] for column in columns) for row in rows] == list(walk(spec["index"]))
    assert Counter(row["level"] for row in rows) == {"1": 4, "2": 12, "3": 46}
    totals = Counter()
    for row in rows:
        totals[row["parent"]] += Decimal(row["weight"].rstrip("%"))
    assert set(totals.values()) == {100}


@pytest.mark.parametrize(
    ("table", "column", "line"),
    [
        ("score", "name", "tier_line"),
        ("weights", "title_zh", "line"),
        ("weights", "weight", "weight_line"),
        ("tiers", "count", "line"),
        ("tiers", "count", "figure_line"),
        ("tiers", "range", "range_line"),
    ],
)
def test_other_cells_stand_on_the_lines_cited(table, column, line):
    lines = source_lines(ECONOMY)
    for row in read(ECONOMY, table):
        assert row[column] in cells(lines[int(row[line])]), row


def test_means_stand_on_the_lines_cited():
    lines = source_lines(ECONOMY)
    for row in read(ECONOMY, "means"):
        assert f"平均得分为{row['value']}分" in lines[int(row["line"])], row


def test_equal_weights_give_the_composite_of_the_15_cities_in_all_lists():
    lists = [scores(TECHNOLOGY, node) for node in SUB_INDICES]
    composite = scores(TECHNOLOGY, "score")
    everywhere = [name for name in composite if all(name in item for item in lists)]
    misses = [abs(sum(item[name] for item in lists) / 4 - composite[name]) for name in everywhere]
    assert len(everywhere) == 15
    assert max(misses) == Decimal("0.0005")  # rounding allows 0.001: half a digit in the parts, half in the total


def test_indicators_are_named_in_the_prose():
    text = "".join(source_lines(TECHNOLOGY))
    spec = yaml.safe_load((TECHNOLOGY / "spec.yaml").read_text(encoding="utf-8"))
    groups = spec["index"]["children"]
    assert [(group["id"], len(group["children"])) for group in groups] == list(
        zip(SUB_INDICES, (7, 5, 10, 6), strict=True)
    )
    for node in [*groups, *(leaf for group in groups for leaf in group["children"])]:
        assert node["title"]["zh"] in text


def test_specs_load():
    economy, technology = load_spec(ECONOMY / "spec.yaml"), load_spec(TECHNOLOGY / "spec.yaml")
    assert (len(economy.indicators), len(economy.groups)) == (46, 17)
    assert (len(technology.indicators), len(technology.groups)) == (28, 5)
    assert all(technology[node].weights == "unpublished" for node in SUB_INDICES)


def test_leaf_weights_are_inferred_where_order_alone_matches_them_to_names():
    spec = load_spec(ECONOMY / "spec.yaml")
    unequal = 0
    for group in spec.groups:
        if group.id != "score" and group.children[0].id in {leaf.id for leaf in spec.indicators}:
            differ = len({child.weight for child in group.children}) > 1
            unequal += differ
            words = {spec.provenance_of(child.id) for child in group.children}
            assert words == {"inferred" if differ else "published"}
            assert (group.note is not None) == differ
    assert unequal == 6
