"""What else the white paper of 2020 prints of cities: city groups, sectors and their leading cities, figures, cases."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pdftext import Cell, Source, claim, write_csv

HALF = Decimal("0.05")


class Group(NamedTuple):
    """A city group: where its score, its number of cities and the list of its members are printed."""

    id: str
    title_zh: str
    title_en: str
    cities: tuple[str, int]
    score: tuple[str, int]
    members: tuple[int, int]


GROUPS = (
    Group("jing_jin_ji", "京津冀城市群", "Beijing-Tianjin-Hebei", ("13", 294), ("72.0", 296), (2781, 2781)),
    Group("cheng_yu", "成渝城市群", "Chengdu-Chongqing", ("16", 300), ("67.7", 300), (2795, 2795)),
    Group("greater_bay_area", "粤港澳大湾区", "Greater Bay Area", ("11", 304), ("79.4", 304), (2783, 2783)),
    Group("yangtze_delta", "长三角城市群", "Yangtze River Delta", ("41", 308), ("70.6", 308), (2797, 2801)),
)


class Sector(NamedTuple):
    """A sector: its mean and that of its ten first cities, on one line; its leading cities with their scores."""

    id: str
    title_zh: str
    mean: str
    top10: str
    line: int
    cities: tuple[tuple[str, str, int], ...]
    example: tuple[str, str, int] | None = None


SECTORS = (
    Sector(
        *("agriculture", "农业", "41.1", "77.0", 1773),
        (("潍坊", "83", 1792), ("苏州", "77", 1798), ("成都", "84", 1803)),
        ("成都", "5G智慧养殖", 1731),
    ),
    Sector(
        *("finance", "金融", "59.9", "94.9", 1855),
        (("北京", "98", 1884), ("深圳", "97", 1890), ("上海", "98", 1896)),
        ("上海", "大数据普惠金融", 1741),
    ),
    Sector(
        *("manufacturing", "制造业", "57.8", "85.1", 1781),
        (("上海", "92", 1809), ("成都", "83", 1815), ("苏州", "84", 1820)),
        ("苏州", "工业云图", 1751),
    ),
    Sector(
        *("energy", "能源", "55.2", "93.3", 1787),
        (("榆林", "92", 1826), ("南京", "95", 1832), ("重庆", "92", 1837)),
        ("南京", "智能电网", 1757),
    ),
    Sector(
        *("consumer_services", "生活服务", "52.8", "88.0", 1873),
        (("广州", "92", 1902), ("杭州", "93", 1941), ("厦门", "80", 1947)),
        ("广州", "智慧社区", 1736),
    ),
    Sector(
        *("transport_logistics", "交通物流", "51.4", "90.0", 1861),
        (("郑州", "90", 1907), ("广州", "95", 1913), ("上海", "95", 1918)),
        ("郑州", "智能物流仓储", 1726),
    ),
    Sector(
        *("science_education_culture_sport", "科教文体", "50.4", "82.0", 1867),
        (("北京", "88", 1924), ("成都", "81", 1930), ("南京", "81", 1936)),
        ("杭州", "智慧校园应用", 1746),
    ),
    Sector(
        *("medical_health", "医疗健康", "41.9", "83.0", 1963),
        (("成都", "85", 1988), ("杭州", "85", 1994), ("北京", "95", 2000)),
        ("北京", "智慧养老", 1721),
    ),
    Sector(
        *("driving_industries", "数字产业化驱动产业", "24.4", "87.5", 1979),
        (("深圳", "100", 2005), ("北京", "100", 2010), ("合肥", "80", 2016)),
    ),
    Sector(
        *("core_industries", "数字产业化主体产业", "34.0", "83.0", 1971),
        (("郑州", "80", 2021), ("深圳", "98", 2027), ("杭州", "90", 2032)),
    ),
)
DIRECTIONS = (  # sector, the lines of what is printed under 发展方向
    ("agriculture", (1615, 1616)),
    ("transport_logistics", (1618, 1620)),
    ("science_education_culture_sport", (1622, 1624)),
    ("finance", (1626, 1628)),
    ("medical_health", (1630, 1632)),
    ("manufacturing", (1634, 1636)),
    ("energy", (1638, 1640)),
    ("consumer_services", (1642, 1644)),
)
CASES = (  # stage and its line, technology and its line, the lines of the cases
    (("预警分析", 1648), ("人工智能", 1656), (1650, 1654)),
    (("政务管理", 1658), ("大数据", 1666), (1660, 1664)),
    (("社会治理", 1668), ("感知技术", 1676), (1670, 1674)),
    (("复工复产", 1678), ("云计算", 1686), (1680, 1684)),
)
FIGURES = (  # what, of whom, value, unit, line
    ("cities assessed", "全国", "148", "个", 127),
    ("provinces covered", "全国", "31", "个", 127),
    ("key city groups assessed", "全国", "4", "个", 129),
    ("counties and districts assessed", "全国", "100", "个", 131),
    ("cities new in the assessment", "全国", "35", "个", 272),
    ("mean score of the cities of the year before, then", "上年参评城市", "57.6", "分", 274),
    ("mean score of the cities of the year before, now", "上年参评城市", "61.8", "分", 276),
    ("growth of the number of cities", "新一线", "31.8", "%", 278),
    ("growth of the number of cities", "二线", "32.7", "%", 278),
    ("cities with a big data bureau, more than", "全国", "90", "%", 213),
    ("cities with a unified government cloud, more than", "全国", "80", "%", 213),
    ("cities with a big data bureau or authority, more than", "全国", "90", "%", 1316),
    ("cities that have begun the project 雪亮工程", "全国", "85", "%", 1438),
    ("leading enterprises that want more digital means", "八大产业", "80", "%", 1501),
    ("cities at the start of digitalisation", "二三线", "81", "个", 1701),
    ("share of industry digitalisation in the digital economy, about", "全国", "80", "%", 1707),
    ("highest score", "上海", "90.5", "分", 422),
    ("days to the peak of the epidemic", "一线", "11", "天", 362),
    ("days to the peak of the epidemic", "四线", "18", "天", 364),
    ("days at the peak of the epidemic", "一线", "3", "天", 368),
    ("days at the peak of the epidemic", "其他城市", "10-15", "天", 368),
    ("cities in the group", "京津冀", "13", "城", 294),
    ("cities in the group", "成渝", "16", "城", 300),
    ("cities in the group", "粤港澳大湾区", "11", "城", 304),
    ("cities in the group", "长三角", "41", "城", 308),
)


def read_members(source: Source, group: Group, ranked: set[str]) -> list[dict[str, object]]:
    """The members of a group as printed; 香港 and 澳门 were not assessed."""
    rows = []
    for cell in source.cells(*group.members):
        text = re.sub(r"^成渝城市群 ", "", cell.text)
        text = re.sub(r"2个特别行政区及|等 ?9个市.*|等 \d+ 个市", "、", text).replace(" ", "")
        rows += [(name, cell.line) for name in text.split("、") if name]
    names = [name for name, _ in rows]
    claim(f"{group.title_zh}: {len(names)} members, as both printed counts say", len(names) == int(group.cities[0]))
    claim(f"{group.title_zh}: no member twice", len(set(names)) == len(names))
    outside = [name for name in names if name not in ranked]
    claim(f"{group.title_zh}: members outside the ranking: {outside or 'none'}", set(outside) <= {"香港", "澳门"})
    return [
        {"group": group.id, "name": name, "assessed": "no" if name in outside else "yes", "line": line}
        for name, line in rows
    ]


def check_sectors(source: Source) -> None:
    for sector in SECTORS:
        source.cell(sector.line, f"{sector.mean}分，Top10城市平均得分为{sector.top10}分")
        source.cell(sector.line, f"{sector.title_zh.removesuffix('业') if sector.id == 'finance' else sector.title_zh}")
        for city, score, line in sector.cities:
            source.cell(line, f"{city}：{score}分")
        if sector.example:
            source.cell(sector.example[2], f"代表：{sector.example[0]}-{sector.example[1]}")
    means = {sector.id: Decimal(sector.mean) for sector in SECTORS}
    eight = [means[sector.id] for sector in SECTORS[:8]]
    claim(f"the mean of the eight sectors is {sum(eight) / 8}", round(sum(eight) / 8, 2) == Decimal("51.31"))
    digital = Decimal("0.3") * means["driving_industries"] + Decimal("0.7") * means["core_industries"]
    claim(f"30 % and 70 % of the digital industries give {digital}", digital == Decimal("31.12"))


def listed(source: Source, first: int, last: int) -> list[Cell]:
    return [Cell(cell.text.removeprefix("●").strip(), cell.line) for cell in source.cells(first, last)]


def write_more(source: Source, folder: Path, ranked: set[str]) -> None:
    """Everything of the cities beside ranking, tiers, means and tree."""
    members = [row for group in GROUPS for row in read_members(source, group, ranked)]
    for group in GROUPS:
        for text, line in (group.cities, group.score):
            source.cell(line, text)
    write_csv(
        folder / "city_groups.csv",
        [
            {
                **{"group": group.id, "title_zh": group.title_zh, "title_en": group.title_en},
                **{"cities": group.cities[0], "score": group.score[0]},
                **{"line": group.score[1], "cities_line": group.cities[1]},
            }
            for group in GROUPS
        ],
    )
    write_csv(folder / "city_group_members.csv", members)
    check_sectors(source)
    write_sectors(source, folder)
    for _, _, value, _, line in FIGURES:
        source.cell(line, value)
    names = ("item", "of", "value", "measured_in", "line")
    write_csv(folder / "figures.csv", [dict(zip(names, figure, strict=True)) for figure in FIGURES])


def write_sectors(source: Source, folder: Path) -> None:
    write_csv(
        folder / "sectors.csv",
        [
            {"id": each.id, "title_zh": each.title_zh, "mean": each.mean, "top10_mean": each.top10, "line": each.line}
            for each in SECTORS
        ],
    )
    cities = [(sector.id, city, score, line) for sector in SECTORS for city, score, line in sector.cities]
    keys = ("sector", "name", "score", "line")
    write_csv(folder / "sector_cities.csv", [dict(zip(keys, row, strict=True)) for row in cities])
    examples = [(sector.id, *sector.example) for sector in SECTORS if sector.example]
    keys = ("sector", "name", "example", "line")
    write_csv(folder / "sector_examples.csv", [dict(zip(keys, row, strict=True)) for row in examples])
    directions = [
        {"sector": sector, "direction": cell.text, "line": cell.line}
        for sector, span in DIRECTIONS
        for cell in listed(source, *span)
    ]
    write_csv(folder / "sector_directions.csv", directions)
    cases = []
    for stage, technology, span in CASES:
        source.cell(stage[1], stage[0])
        source.cell(technology[1], technology[0])
        cases += [
            {"stage": stage[0], "technology": technology[0], "case": cell.text, "line": cell.line}
            for cell in listed(source, *span)
        ]
    claim("twelve cases, three a stage", len(cases) == 12)
    write_csv(folder / "epidemic_cases.csv", cases)
