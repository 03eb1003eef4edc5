"""The rules by which former names are found, on code books of a few lines."""

from __future__ import annotations

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
