"""The sectors of the white paper of 2020: their means, leading cities, examples and directions of development."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from pdftext import Cell, Source, claim, write_csv


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


def check_sectors(source: Source) -> None:
    """Every number beside the name of its sector, where a sentence or a heading names it."""
    for sector in SECTORS:
        digital = "" if sector.title_zh.startswith("数字") else "数字化"
        said = f"本次评估中{sector.title_zh}{digital}整体平均得分为{sector.mean}分，Top10城市平均得分为{sector.top10}分"
        source.cell(sector.line, said)
        for city, score, line in sector.cities:
            printed = source.cells(line, line)[0].text
            if printed != f"{city}：{score}分":
                raise SystemExit(f"line {line} reads {printed!r}")
        if sector.example:
            city, example, line = sector.example
            source.cell(line, f"代表：{city}-{example}")
            heading = [cell.text for cell in source.cells(line - 6, line) if cell.text not in ("总体：", "TOP10：")][-2]
            if not heading.startswith(sector.title_zh):
                raise SystemExit(f"line {line}: the heading is {heading!r}, not {sector.title_zh}")
    claim(f"{len(SECTORS)} sectors: means, leading cities and examples stand on their lines", True)
    means = {sector.id: Decimal(sector.mean) for sector in SECTORS}
    eight = [means[sector.id] for sector in SECTORS[:8]]
    claim(f"the mean of the eight sectors is {sum(eight) / 8}", round(sum(eight) / 8, 2) == Decimal("51.31"))
    digital = Decimal("0.3") * means["driving_industries"] + Decimal("0.7") * means["core_industries"]
    claim(f"30 % and 70 % of the digital industries give {digital}", digital == Decimal("31.12"))


def listed(source: Source, first: int, last: int) -> list[Cell]:
    return [Cell(cell.text.removeprefix("●").strip(), cell.line) for cell in source.cells(first, last)]


def write_sectors(source: Source, folder: Path) -> None:
    check_sectors(source)
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
