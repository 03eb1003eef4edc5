"""Counts that the report on the industrial economy of counties prints in sentences: by tier, region, province …"""

from __future__ import annotations

from collections.abc import Iterable

Rows = list[dict[str, object]]
TIER_LINE, REGION_LINE, PROVINCE_LINE, GROUP_LINE = 483, 481, 495, 492
DISTRICT_LINE, LARGE_LINE, PARK_LINE = 783, 813, 993


def same(count: str, names: str) -> Iterable[tuple[str, str]]:
    """Several names that have one count each: 江苏 浙江, both 11."""
    return [(name, count) for name in names.split()]


TIERS: Rows = [
    {"tier": 1, "label": "第一梯队", "first_rank": 1, "last_rank": 6, "count": "6", "change": "", "line": TIER_LINE},
    {"tier": 2, "label": "第二梯队", "first_rank": 7, "last_rank": 43, "count": "37", "change": "7", "line": TIER_LINE},
    {"tier": 3, "label": "第三梯队", "first_rank": 44, "last_rank": 83, "count": "40", "change": "", "line": TIER_LINE},
    {
        "tier": 4,
        "label": "第四梯队",
        "first_rank": 84,
        "last_rank": 100,
        "count": "17",
        "change": "",
        "line": TIER_LINE,
    },
]
IN_TIERS = (
    (1, "province", [("江苏", "4"), *same("1", "福建 浙江")]),
    (
        2,
        "province",
        [
            *same("11", "江苏 浙江"),
            *same("3", "福建 湖南"),
            *same("2", "内蒙古 山东"),
            *same("1", "陕西 贵州 河北 河南 江西"),
        ],
    ),
    (
        3,
        "province",
        [
            ("浙江", "10"),
            *same("4", "江苏 山东 湖北"),
            *same("3", "河南 福建"),
            ("安徽", "2"),
            *same("1", "湖南 河北 陕西 江西 内蒙古 新疆 辽宁 宁夏 云南 广东"),
        ],
    ),
    (4, "region", [("东部", "11"), ("中部", "5"), ("西部", "1")]),
)
TIER_COUNTS: Rows = [
    {"tier": tier, "kind": kind, "area": area, "count": count, "line": TIER_LINE}
    for tier, kind, counts in IN_TIERS
    for area, count in counts
]
REGIONS: Rows = [
    {
        "region": region,
        "count": count,
        "change": change,
        "in_first_10": ten,
        "in_first_20": twenty,
        "new": new,
        "line": REGION_LINE,
    }
    for region, count, change, ten, twenty, new in (
        ("东部", "68", "-2", "8", "17", ""),
        ("中部", "21", "1", "", "", "枣阳市"),
        ("西部", "10", "1", "", "", "石河子市"),
        ("东北", "1", "", "", "", ""),
    )
]
PROVINCES: Rows = [
    {"province": province, "count": count, "line": PROVINCE_LINE}
    for province, count in (
        ("山东", "10"),
        ("福建", "8"),
        ("湖北", "6"),
        *same("5", "河南 湖南"),
        *same("3", "内蒙古 安徽"),
        *same("2", "陕西 河北 江西 新疆"),
        *same("1", "贵州 宁夏 辽宁 云南 广东"),
    )
]
CITY_GROUPS: Rows = [
    {
        "name": name,
        "kind": "城市群" if name.endswith("城市群") else "都市圈",
        "within": within,
        "count": count,
        "line": GROUP_LINE,
    }
    for name, within, count in (
        ("长江三角洲城市群", "", "46"),
        ("苏锡常都市圈", "长江三角洲城市群", "7"),
        ("南京都市圈", "长江三角洲城市群", "7"),
        ("杭州都市圈", "长江三角洲城市群", "11"),
        ("宁波都市圈", "长江三角洲城市群", "8"),
        ("合肥都市圈", "长江三角洲城市群", "2"),
        ("长江中游城市群", "", "13"),
        ("武汉都市圈", "长江中游城市群", "1"),
        ("长株潭都市圈", "长江中游城市群", "4"),
        ("南昌都市圈", "长江中游城市群", "1"),
        ("粤闽浙沿海城市群", "", "10"),
        ("厦漳泉州都市圈", "粤闽浙沿海城市群", "5"),
        ("福州都市圈", "粤闽浙沿海城市群", "3"),
        ("山东半岛城市群", "", "8"),
        ("青岛都市圈", "山东半岛城市群", "3"),
        ("济南都市圈", "山东半岛城市群", "2"),
    )
]
PARK_REGIONS: Rows = [
    {
        "kind": kind,
        "area": area,
        "parks": parks,
        "economic_zones": economic,
        "high_tech_zones": high_tech,
        "line": PARK_LINE,
    }
    for kind, area, parks, economic, high_tech in (
        ("all", "县(市)", "73", "49", "24"),
        ("region", "东部", "32", "23", "9"),
        ("region", "中部", "21", "12", "9"),
        ("region", "西部", "16", "11", "5"),
        ("region", "东北", "4", "3", "1"),
        ("province", "江苏", "12", "9", "3"),
        ("province", "新疆", "9", "7", "2"),
        ("province", "浙江", "7", "6", "1"),
        ("province", "江西", "7", "4", "3"),
        ("province", "山东", "6", "4", "2"),
        ("province", "湖北", "5", "2", "3"),
        ("province", "湖南", "5", "3", "2"),
    )
]
DISTRICT_PROVINCES: Rows = [
    {"province": province, "count": count, "line": DISTRICT_LINE}
    for province, count in (
        ("广东", "21"),
        ("江苏", "21"),
        ("浙江", "17"),
        ("山东", "7"),
        ("福建", "6"),
        ("四川", "5"),
        ("湖北", "4"),
        *same("3", "河北 湖南 陕西"),
        *same("2", "辽宁 山西 广西"),
        *same("1", "云南 甘肃 江西 内蒙古"),
    )
]
DISTRICT_REGIONS: Rows = [
    {"region": region, "count": count, "change": change, "new": new, "line": DISTRICT_LINE}
    for region, count, change, new in (
        ("东部", "75", "-3", ""),
        ("中部", "10", "1", "尖草坪区、江夏区"),
        ("西部", "13", "2", "郫都区、金川区"),
        ("东北", "2", "0", ""),
    )
]
LARGE_DISTRICT_REGIONS: Rows = [
    {"region": region, "count": count, "change": change, "line": LARGE_LINE}
    for region, count, change in (("东部", "51", "10"), ("中部", "6", "1"), ("西部", "8", "2"), ("东北", "1", ""))
]
DISTRICT_CITY_GROUPS: Rows = [
    {"name": name, "count": count, "line": LARGE_LINE}
    for name, count in (
        ("长江三角洲城市群", "24"),
        ("粤港澳大湾区", "17"),
        ("长江中游城市群", "8"),
        ("成渝城市群", "4"),
        ("关中平原城市群", "2"),
        ("呼包鄂榆城市群", "1"),
        ("其他非国家级城市群", "10"),
    )
]
