"""The rules by which former names are found, on code books of a few lines."""

from __future__ import annotations

import csv

import places_areas
import places_history as history

PROVINCE = {"320000": "江苏省", "320600": "南通市"}


def traced(old, new, changes=()):
    decided = {(each.code, each.name): each for each in changes}
    found = history.traced([(2019, {**PROVINCE, **old}), (2020, {**PROVINCE, **new})], decided)
    return {(each.name, each.change, each.to) for each in found}


def test_the_same_name_with_another_ending():
    assert traced({"320684": "海门市"}, {"320614": "海门区"}) == {("海门市", "renamed", ("320614",))}


def test_the_same_name_under_another_code():
    assert traced({"320123": "六合县"}, {"320116": "六合县"}) == {("六合县", "renamed", ("320116",))}


def test_the_same_code_with_another_name():
    assert traced({"320603": "甲区"}, {"320603": "乙区"}) == {("甲区", "renamed", ("320603",))}


def test_one_county_went_and_one_district_came():
    assert traced({"320623": "甲县"}, {"320616": "丙丁区"}) == {("甲县", "renamed", ("320616",))}
    assert traced({"320603": "甲区"}, {"320616": "丙丁区"}) == {("甲区", "abolished", ())}
    two = traced({"320623": "甲县", "320624": "乙县"}, {"320616": "丙丁区"})
    assert two == {("甲县", "abolished", ()), ("乙县", "abolished", ())}


def test_two_of_one_stem_are_not_told_apart():
    found = traced({"320623": "东山县", "320784": "东山市"}, {"320616": "东山区"})
    assert ("东山县", "renamed", ("320616",)) in found
    assert traced({"321023": "东山县", "320784": "东山市"}, {"320616": "东山区"}) == {
        ("东山县", "abolished", ()), ("东山市", "abolished", ()),
    }  # fmt: skip


def test_the_county_that_gave_its_name_to_a_prefecture():
    old, new = {"321082": "泰州市"}, {"321200": "泰州市", "321202": "海陵区"}
    assert traced(old, new) == {("泰州市", "renamed", ("321202",))}
    assert traced(old, {**new, "321321": "宿豫县", "321203": "高港区"}) == {("泰州市", "split", ("321202", "321203"))}


def test_what_is_decided_goes_before_the_rules():
    change = history.Former("320684", "海门市", "", 2020, "merged", ("320602",), "并入")
    found = traced({"320684": "海门市"}, {"320614": "海门区", "320602": "崇川区"}, [change])
    assert found == {("海门市", "merged", ("320602",))}


def test_a_chain_of_names_leads_to_the_last():
    books = [(1990, {**PROVINCE, "320624": "南通县"}), (1995, {**PROVINCE, "320683": "通州市"}),
             (2010, {**PROVINCE, "320612": "通州区"})]  # fmt: skip
    found = history.traced(books, {})
    assert {(each.name, each.year, each.to) for each in found} == {
        ("南通县", 1995, ("320612",)), ("通州市", 2010, ("320612",)),
    }  # fmt: skip
    kept = history.worth_keeping(found, {"320000": ("江苏省", "省"), "320600": ("南通市", "地级市"),
                                         "320612": ("通州区", "市辖区")})  # fmt: skip
    assert [each.name for each in kept] == ["南通县", "通州市"]


def test_a_name_that_is_still_valid_is_not_kept():
    units = {"320000": ("江苏省", "省"), "320600": ("南通市", "地级市"), "320616": ("六合县", "县")}
    same = history.Former("320623", "六合县", "南通市", 2000, "renamed", ("320616",))
    moved = history.Former("320123", "六合县", "南京市", 2000, "renamed", ("320616",))
    assert history.worth_keeping([same, moved], units) == [moved]


def test_a_name_whose_code_came_back_went_when_it_last_stood_there():
    books = [
        (1984, {"230833": "甲县"}),
        (1986, {"232433": "甲县"}),
        (1988, {"230833": "甲县"}),
        (2016, {"230883": "甲市"}),
    ]
    years = {(each.code, each.name): (each.year, each.to) for each in history.traced(books, {})}
    assert years == {("230833", "甲县"): (2016, ("230883",)), ("232433", "甲县"): (1988, ("230883",))}


def test_a_name_that_several_have_is_no_trace_to_another_prefecture():
    old = {"440111": "郊区", "440511": "郊区"}
    new = {"440111": "白云区", "440511": "郊区", "441611": "郊区"}
    found = {(each.name, each.to) for each in history.traced([(1986, old), (1988, new)], {})}
    assert found == {("郊区", ("440111",))}


def test_areas_that_changed_while_the_name_stayed(tmp_path):
    old = {**PROVINCE, "320500": "苏州市", "320603": "甲区", "320604": "乙区", "320524": "丙县"}
    new = {**PROVINCE, "320500": "苏州市", "320603": "甲区", "320624": "丙县"}
    merged = history.Former("320604", "乙区", "", 2020, "merged", ("320603",), "并入甲区", "存疑")
    formers = history.traced([(2019, old), (2020, new)], {("320604", "乙区"): merged})
    hand = tmp_path / "areas.csv"
    with hand.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["code", "name", "year", "note"], ["320603", "甲区", "2010", "析出丁区"]])
    assert places_areas.areas([(2019, old), (2020, new)], formers, new, hand) == {
        "320603": "2010年析出丁区；2020年乙区并入（存疑）",
        "320500": "2020年划出丙县",
        "320600": "2020年划入丙县",
    }
