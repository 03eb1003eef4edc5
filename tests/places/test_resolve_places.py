"""The record of a column of names, contexts and levels, and bad input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci
from cityindex.places.gazetteer import chinese_gazetteer
from cityindex.views.html.resolved import _WORDS


def test_the_frame_has_a_row_a_name_and_a_reason():
    frame = ci.resolve_places(["昆山", "海门市", "朝阳区"]).to_frame()
    assert list(frame["written"]) == ["昆山", "海门市", "朝阳区"]
    assert frame.loc[0].tolist() == [
        "昆山", "320583", "昆山市", "county", "县级市", "江苏省", "苏州市", "东部", "short", "", "", "",
    ]  # fmt: skip
    assert frame.loc[1, ["code", "code_then", "status"]].tolist() == ["320614", "320684", "former"]
    assert frame.loc[2, "candidates"] == "北京市朝阳区 110105; 吉林省长春市朝阳区 220104"
    assert frame.loc[2, "code"] == ""


def test_rate_and_counts():
    found = ci.resolve_places(["昆山", "昆山市", "朝阳区", ""])
    assert found.rate == 0.5
    assert found.counts == {"exact": 1, "short": 1, "ambiguous": 1, "empty": 1}
    assert [match.written for match in found.unresolved] == ["朝阳区", ""]
    assert np.isnan(ci.resolve_places([]).rate)
    assert str(ci.resolve_places([])) == "0 of 0 names resolved: no names"


def test_strict_refuses_with_all_reasons_at_once():
    with pytest.raises(ci.TableError) as caught:
        ci.resolve_places(["昆山", "朝阳区", "昆仑山市", "朝阳区"], strict=True)
    text = str(caught.value)
    assert text.startswith("3 of 4 names have no place:")
    assert "row 2 and 1 more: '朝阳区' is ambiguous; candidates: 北京市朝阳区 110105" in text
    assert "row 3: '昆仑山市' is unknown; perhaps: 江苏省苏州市昆山市 320583" in text
    assert len(caught.value.problems) == 2
    ci.resolve_places(["昆山"]).raise_for_unresolved()


def test_one_name_is_a_column_of_one():
    assert ci.resolve_places("昆山市").codes == ("320583",)
    assert ci.resolve_places("320583")[0].status == "code"


@pytest.mark.parametrize("names", [pd.Series(["昆山", None, 320684]), np.array(["昆山", None, 320684], dtype=object),
                                   ("昆山", float("nan"), 320684.0), iter(["昆山", "", "320684"])])  # fmt: skip
def test_columns_of_every_kind(names):
    assert ci.resolve_places(names).codes == ("320583", None, "320614")


def test_context_one_for_all_or_one_a_row():
    assert ci.resolve_places(["朝阳区", "南关区"], province="吉林").codes == ("220104", "220102")
    assert ci.resolve_places(["朝阳区", "朝阳区"], province=["吉林省", "北京"]).codes == ("220104", "110105")
    assert ci.resolve_places(["昆山"], province=[None], prefecture=[float("nan")]).codes == ("320583",)


def test_context_by_former_and_short_names():
    assert ci.resolve_places(["枣阳市"], prefecture="襄樊").codes == ("420683",)
    assert ci.resolve_places(["仙桃市", "石河子市"], prefecture=["省直辖", "兵团直辖"]).codes == ("429004", "659001")
    assert ci.resolve_places(["朝阳区"], prefecture="北京市").codes == ("110105",)
    assert ci.resolve_places(["海淀"], within="中国北京市").codes == ("110108",)


def test_a_context_of_another_length_is_an_error():
    with pytest.raises(ci.TableError, match="province has 1 rows and the names have 2"):
        ci.resolve_places(["昆山", "太仓"], province=["江苏"])


def test_a_context_that_is_not_known_is_told_for_each_name():
    match = ci.resolve_places(["昆山市"], province="江酥省")[0]
    assert (match.status, match.note) == ("unknown", "province '江酥省' is not known")


def test_a_name_outside_its_context_shows_where_it_is():
    match = ci.resolve_places(["昆山市"], province="广东")[0]
    assert match.status == "outside"
    assert match.note == "not in 广东"
    assert [place.code for place in match.candidates] == ["320583"]
    assert ci.resolve_places(["昆山市"], level="prefecture")[0].note == "no prefecture"


def test_levels():
    assert ci.resolve_places("朝阳", level=["city", "province"]).codes == ("211300",)
    assert ci.resolve_places("大安", level="县级市").codes == ("220882",)
    for city in ("北京", "重庆", "香港", "苏州"):
        assert ci.resolve_places(city, level="city").rate == 1, city
    with pytest.raises(ci.TableError, match=r"has no level 'countys'. Did you mean 'county'"):
        ci.resolve_places("昆山", level=["countys", "city"])


def test_former_names_say_what_happened():
    found = ci.resolve_places(["江苏海门市", "宣武区", "巢湖市庐江县", "襄樊"])
    assert [match.note for match in found] == [
        "海门市 until 2020, now 海门区",
        "宣武区 until 2010, now 西城区 (与西城区合并)",
        "庐江县 until 2011, now in 安徽省合肥市",
        "襄樊市 until 2010, now 襄阳市",
    ]
    assert [match.then.code for match in found] == ["320684", "110104", "341421", "420600"]


def test_two_districts_that_are_one_today_are_told():
    found = ci.resolve_places(["新建区", "湾里区", "昆山", "昆山市"])
    assert found.shared == {"360112": ("新建区", "湾里区")}
    assert "江西省南昌市新建区 360112 is today the place of: 新建区, 湾里区" in str(found)


def test_many_refused_names_are_counted():
    text = str(ci.resolve_places([f"无此城{number}市" for number in range(30)]))
    assert "… and 10 more refused names" in text
    many = ci.resolve_places(["郊区"])
    assert "and 27 more" in str(many) or "more" in str(many)
    assert len(many[0].candidates) > 8


def test_guesses_are_never_used():
    for name in ("昆山巿", "昆仑山市", "苏洲市", "深训市", "广卅市"):
        match = ci.resolve_places(name)[0]
        assert match.place is None
        assert match.status == "unknown"
    assert "苏州市" in [place.name for place in ci.resolve_places("苏洲市")[0].candidates]


def test_it_prints_as_it_reads():
    found = ci.resolve_places(["昆山", "朝阳区"])
    assert repr(found) == str(found)
    assert [match.written for match in found] == ["昆山", "朝阳区"]
    assert len(found) == 2


def test_an_area_that_changed_under_the_name_is_told():
    found = ci.resolve_places(["余杭区", "余杭", "330110", "昆山"])
    assert [match.note for match in found] == [*3 * ["2021年析出临平区"], ""]
    assert "余杭区: 2021年析出临平区" in str(found)
    many = str(ci.resolve_places(sorted({place.name for place in chinese_gazetteer().places if place.note})))
    assert "more notes (all of them are in .to_frame())" in many


def test_what_no_second_list_confirms_is_told_with_the_match():
    match = ci.resolve_places("石嘴山区")[0]
    assert (match.place.name, match.then.caveat) == ("惠农区", "手写，未经另一份资料核对")
    assert match.note.endswith("(与惠农县合为惠农区；手写，未经另一份资料核对)")


def test_a_former_unit_elsewhere_is_a_candidate():
    for name, codes in (
        ("东乡县", ["622926", "361029"]),
        ("平江", ["430626", "320503"]),
        ("莱芜", ["370116", "371200"]),
    ):
        match = ci.resolve_places(name)[0]
        assert (match.status, [place.code for place in match.candidates]) == ("ambiguous", codes)
    assert ci.resolve_places(["东乡县", "平江"], province=["江西", "湖南"]).codes == ("361003", "430626")


def test_brackets_say_the_province_or_the_kind():
    found = ci.resolve_places(["朝阳区（北京）", "巢湖市(县级)", "昆山市（县级市）", "昆山（广东）", "昆山（花桥）"])
    assert found.codes == ("110105", "340181", "320583", None, None)
    assert [match.status for match in found.unresolved] == ["outside", "unknown"]


def test_its_card_shows_what_is_refused_and_what_is_noted():
    found = ci.resolve_places(["昆山", "海门市", *2 * ["朝阳区"], "余杭区", "<b>x</b>", ""])
    chinese, english = ci.show(found, language="zh"), ci.show(found)
    assert "7 个名称中 3 个已识别 (42.9%) · 全称 1 · 简称 1 · 曾用名 1 · 有歧义 2 · 未知 1 · 空白 1" in chinese
    assert "3 of 7 names resolved (42.9%)" in english
    for page in (chinese, english):
        assert "北京市朝阳区 110105" in page
        assert "2021年析出临平区" in page
        assert "&lt;b&gt;x" in page
        assert "<b>x" not in page
    assert ci.show(ci.resolve_places([])).count("<table") == 0
    assert len(ci.show(ci.resolve_places([f"无此{number}" for number in range(400)]))) < 120_000
    for key, (zh, en) in _WORDS.items():
        assert zh.count("{") == en.count("{"), key
