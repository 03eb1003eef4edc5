"""Chinese names of places as the sources write them: a province in front, perhaps a prefecture, then the unit."""

from __future__ import annotations

from typing import NamedTuple

PROVINCES = (
    *("北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建"),
    *("江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海"),
    *("内蒙古", "广西", "西藏", "宁夏", "新疆"),
)


class Place(NamedTuple):
    """The parts of a name: each is a piece of it, in this order."""

    province: str
    prefecture: str
    short_name: str


def split_county(name: str) -> Place:
    """江苏昆山市: a province and a county."""
    province = _province(name)
    return Place(province, "", name.removeprefix(province))


def split_district(name: str) -> Place:
    """广东佛山市顺德区: a province, a prefecture (to its 市) and a district."""
    province = _province(name)
    prefecture, mark, district = name.removeprefix(province).partition("市")
    if not (prefecture and mark and district):
        raise SystemExit(f"{name!r} does not read as province, prefecture and district")
    return Place(province, prefecture + mark, district)


def _province(name: str) -> str:
    found = [province for province in PROVINCES if name.startswith(province)]
    if len(found) != 1:
        raise SystemExit(f"{name!r} begins with {len(found)} provinces")
    return found[0]
