"""What the report on technology capability says in sentences: indicators, fields, counts, cities it names."""

from __future__ import annotations

from collections import Counter

from source_support import lines, passage, table

import cityindex as ci

INDEX = "tech-capability-2021"


def test_indicators_are_those_of_the_spec():
    spec = ci.load_index(INDEX)
    leaves = [(leaf.id, group.id, leaf.title["zh"]) for group in spec.index.children for leaf in group.children]
    assert [(row["id"], row["parent"], row["title_zh"]) for row in table(INDEX, "indicators")] == leaves
    assert len(leaves) == 28


def test_indicators_and_fields_begin_on_the_lines_cited():
    source = lines("001")
    for name, column in (("indicators", "title_zh"), ("fields", "field")):
        for row in table(INDEX, name):
            here = source[int(row["line"])].strip()
            assert 0 <= passage(source, row["line"]).find(row[column]) < len(here), row


def test_indicators_of_a_sub_index_are_one_piece_of_its_sentence():
    source = lines("001")
    for group in ci.load_index(INDEX).index.children:
        rows = [row for row in table(INDEX, "indicators") if row["parent"] == group.id]
        text = passage(source, rows[0]["line"], count=12)
        assert "、".join(row["title_zh"] for row in rows) + "等" in text


def test_fields_of_a_sub_index():
    assert Counter(row["parent"] for row in table(INDEX, "fields")) == {
        "technology": 3,
        "economy": 2,
        "governance": 4,
        "livelihood": 3,
    }


def test_figures_stand_in_the_piece_that_is_printed():
    source = lines("001")
    rows = table(INDEX, "figures")
    assert len({row["item"] for row in rows}) == len(rows) == 10
    for row in rows:
        assert source[int(row["line"])].count(row["printed"]) == 1, row
        assert bool(row["value"]) != bool(row["words"]), row
        assert (row["value"] or row["words"]) in row["printed"]


def test_lists_have_as_many_cities_as_the_text_says():
    said = {row["item"].removesuffix("_listed"): int(row["value"]) for row in table(INDEX, "figures") if row["value"]}
    assert said.pop("cities_ranked") == 280
    said["score"] = said.pop("composite")
    assert said == {name: len(table(INDEX, name)) for name in said}
    assert set(said) == {"score", *(group.id for group in ci.load_index(INDEX).index.children)}


def named(item):
    return [row["name"].removesuffix("市") for row in table(INDEX, "named") if row["item"] == item]


def first(name, count):
    return [row["name"].removesuffix("市") for row in table(INDEX, name)][:count]


def test_named_cities_stand_on_the_lines_cited():
    source = lines("001")
    rows = table(INDEX, "named")
    assert Counter(row["item"] for row in rows) == {
        "outstanding": 1,
        "strong": 4,
        "first_ten": 9,
        "first_ten_headline": 10,
    }
    for row in rows:
        assert row["name"] in source[int(row["line"])], row


def test_named_cities_come_first_but_for_one_that_is_left_out():
    assert named("outstanding") + named("strong") == first("technology", 5)
    assert named("first_ten_headline") == first("score", 10)
    assert [city for city in first("score", 10) if city not in named("first_ten")] == ["广州"]
    assert named("first_ten") == [city for city in first("score", 10) if city != "广州"]
