"""Transcribe the six indices of small and medium cities, 2024 (中国中小城市高质量发展指数), and a news article on them.

Run: python tools/transcribe/small_medium_city_2024.py [folder of the source texts]
"""

from __future__ import annotations

from typing import NamedTuple

from pdftext import ROOT, Cell, Source, claim, write_csv
from places import split_county, split_district
from small_medium_city_figures import FACTS, FIGURES, NEWS, VALUES

PREFIX = "small-medium-city"
Span = tuple[int, int]


class List(NamedTuple):
    """A printed list: its index and table, its caption, and the spans of its ranks and names, in pairs."""

    index: str
    table: str
    caption: tuple[int, str]
    pairs: tuple[tuple[Span, Span], ...]


LISTS = (
    List(
        "comprehensive",
        "counties",
        (88, "表 2 2024 年度全国综合实力百强县市"),
        (((91, 141), (144, 196)), ((199, 249), (252, 305))),
    ),
    List(
        "comprehensive",
        "districts",
        (307, "表 3 2024 年度全国综合实力百强区"),
        (((310, 327), (330, 346)), ((349, 365), (368, 385)), ((388, 420), (423, 457)), ((460, 493), (496, 531))),
    ),
    List(
        "green",
        "counties",
        (629, "表 5 2024 年度全国绿色发展百强县市"),
        (((632, 682), (685, 737)), ((740, 790), (793, 844))),
    ),
    List(
        "green",
        "districts",
        (846, "表 6 2024 年度全国绿色发展百强区"),
        (((849, 849), (852, 852)), ((854, 854), (857, 857)), ((859, 908), (910, 959)), ((961, 1010), (1012, 1065))),
    ),
    List(
        "investment",
        "counties",
        (1173, "表 8 2024 年度全国投资潜力百强县市"),
        (
            ((1176, 1215), (1218, 1257)),
            ((1260, 1298), (1301, 1340)),
            ((1343, 1353), (1356, 1367)),
            ((1370, 1381), (1384, 1395)),
        ),
    ),
    List(
        "investment",
        "districts",
        (1397, "表 9 2024 年度全国投资潜力百强区"),
        (((1400, 1450), (1453, 1508)), ((1511, 1561), (1564, 1619))),
    ),
    List(
        "innovation",
        "counties",
        (1630, "表 10 2024 年度全国科技创新百强县市"),
        (((1633, 1683), (1686, 1736)), ((1739, 1789), (1792, 1844))),
    ),
)


class Indicators(NamedTuple):
    """A printed table of indicators: spans of first levels, numbers, names and units (None: it prints none)."""

    index: str
    caption: tuple[int, str]
    first_level: Span
    numbers: Span
    names: Span
    units: Span | None
    sizes: tuple[int, int]  # how many of the first and of the second level the text says there are


INDICATORS = (
    Indicators(
        "comprehensive",
        (40, "表 1 2024 年中小城市综合实力指数指标体系"),
        (43, 51),
        (54, 69),
        (72, 86),
        None,
        (5, 15),
    ),
    Indicators(
        "green",
        (543, "表 4 2024 年中小城市绿色发展指数指标体系"),
        (546, 552),
        (555, 577),
        (580, 601),
        (604, 627),
        (4, 22),
    ),
    Indicators(
        "investment",
        (1079, "表 7 2024 年中小城市投资潜力指数指标体系"),
        (1082, 1088),
        (1092, 1116),
        (1119, 1141),
        (1145, 1171),
        (4, 18),
    ),
)
WRAPPED = {  # the first line of a cell that goes on in the next
    "辖区内高铁站、民航机场、客运火车站、",
    "与最近的超大城市、特大城市、中心大",
    "可全程在线办理政务服务事项占政务",
    "公里/平方",
}


def read_list(source: Source, item: List) -> list[dict[str, object]]:
    """The rows of one list by rank; ranks and names meet by their order within each pair of runs."""
    source.cell(*item.caption)
    rows = []
    for ranks, names in item.pairs:
        left, right = source.cells(*ranks), source.cells(*names)
        if len(left) != len(right):
            raise SystemExit(f"{item.index} {item.table}, line {ranks[0]}: {len(left)} ranks, {len(right)} names")
        rows += list(zip(left, right, strict=True))
    rows.sort(key=lambda row: int(row[0].text))
    what = f"{item.index}, {item.table}"
    claim(f"{what}: ranks run 1..100", [rank.text for rank, _ in rows] == [str(i) for i in range(1, 101)])
    claim(f"{what}: 100 different names", len({name.text for _, name in rows}) == 100)
    end = "区" if item.table == "districts" else ("市", "县", "旗")
    claim(f"{what}: every name ends as it should", all(name.text.endswith(end) for _, name in rows))
    split = split_district if item.table == "districts" else split_county
    return [
        {
            "rank": rank.text,
            "name": name.text,
            **split(name.text)._asdict(),
            "rank_line": rank.line,
            "line": name.line,
        }
        for rank, name in rows
    ]


def joined(cells: list[Cell]) -> list[Cell]:
    """Cells, those put together that are wrapped over two lines; the line is the first."""
    whole: list[Cell] = []
    goes_on = False
    for cell in cells:
        if goes_on:
            whole[-1] = Cell(whole[-1].text + cell.text, whole[-1].line)
        else:
            whole.append(cell)
        goes_on = cell.text in WRAPPED
    return whole


def read_indicators(source: Source, item: Indicators) -> list[dict[str, object]]:
    source.cell(*item.caption)
    first = source.cells(*item.first_level)
    numbers = source.cells(*item.numbers)
    names = joined(source.cells(*item.names))
    units = joined(source.cells(*item.units)) if item.units else [Cell("", 0)] * len(names)
    claim(f"{item.index}: {len(first)} first-level indicators, as the text says", len(first) == item.sizes[0])
    claim(f"{item.index}: {len(names)} second-level indicators, as the text says", len(names) == item.sizes[1])
    claim(
        f"{item.index}: numbers run 1..{len(names)}",
        [c.text for c in numbers] == [str(i + 1) for i in range(len(names))],
    )
    claim(f"{item.index}: as many units as indicators", len(units) == len(names))
    rows: list[dict[str, object]] = [
        {"level": 1, "number": place, "title_zh": cell.text, "measured_in": "", "line": cell.line, "unit_line": ""}
        for place, cell in enumerate(first, start=1)
    ]
    return rows + [
        {
            "level": 2,
            "number": number.text,
            "title_zh": name.text,
            "measured_in": unit.text,
            "line": name.line,
            "unit_line": unit.line or "",
        }
        for number, name, unit in zip(numbers, names, units, strict=True)
    ]


def main() -> None:
    report, news = Source("000"), Source("004")
    for item in LISTS:
        write_csv(
            ROOT / "specs" / f"{PREFIX}-{item.index}-2024" / "published" / f"{item.table}.csv", read_list(report, item)
        )
    for table in INDICATORS:
        folder = ROOT / "specs" / f"{PREFIX}-{table.index}-2024" / "published"
        write_csv(folder / "indicators.csv", read_indicators(report, table))
    sentences = {(index, "values"): rows for index, rows in VALUES.items()}
    sentences |= {(index, "figures"): rows for index, rows in FIGURES.items()}
    sentences |= {(index, name): rows for index, tables in FACTS.items() for name, rows in tables.items()}
    for (index, name), rows in sentences.items():
        for row in rows:
            source = news if row.as_row().get("file") == NEWS else report
            for text, line in row.cited():
                source.cell(line, text)
        print(f"holds  {index}, {name}: every value stands on the line cited")
        folder = ROOT / "specs" / f"{PREFIX}-{index}-2024" / "published"
        write_csv(folder / f"{name}.csv", [row.as_row() for row in rows])


if __name__ == "__main__":
    main()
