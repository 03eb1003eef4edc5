"""Transcribe the county index of the 2020 white paper on the digital economy (县域（市、区）数字经济指数).

Run: python tools/transcribe/digital_economy_county_2020.py [folder of the source texts]
"""

from __future__ import annotations

import re
from decimal import Decimal

from digital_economy_sentences import read_figures
from digital_economy_tree import COUNTY, read_tree
from pdftext import ROOT, Cell, Row, Source, check_ranking, claim, write_csv
from places import split_district

HALF = Decimal("0.05")  # half a unit of the last printed digit
FOLDER = ROOT / "specs" / "digital-economy-county-2020" / "published"
LISTS = (("districts", (2083, 2131), "69.3"), ("counties", (2156, 2204), "59.7"))
MEANS = (
    ("districts", "市辖区", "69.3", 2145, "深圳市南山区", "85.8", 2145),
    ("counties", "县市", "59.7", 2147, "江阴市", "72.3", 2147),
)
REGIONS = (
    ("长三角地区", "Yangtze River Delta", "38", 2141, 2141),
    ("粤港澳大湾区", "Greater Bay Area", "6", 2141, 2141),
    ("福建沿海", "Coast of Fujian", "6", 2143, 2141),
    ("山东半岛", "Shandong peninsula", "11", 2143, 2141),
)
DIRECTIONS = (  # all four on one line, without their texts
    ("数据资源精细化", "Data resources in fine detail"),
    ("产业集群数字化", "Digital industrial clusters"),
    ("数字政务创新化", "Innovative digital government"),
    ("城乡数字一体化", "Town and country as one, digitally"),
)
DIRECTIONS_LINE = 2264


def read_list(source: Source, name: str, span: tuple[int, int], mean: str) -> list[dict[str, object]]:
    """Two rows of four cells stand on each line: ranks 1 to 25 on the left, 26 to 50 on the right."""
    rows, provinces = [], {}
    for cell in source.cells(*span):
        parts = cell.text.split()
        if len(parts) != 8:
            raise SystemExit(f"line {cell.line}: {len(parts)} cells, eight are wanted")
        for rank, province, place, score in (parts[:4], parts[4:]):
            rows.append(Row(Cell(rank, cell.line), Cell(place, cell.line), Cell(score, cell.line)))
            provinces[place] = province
    rows = check_ranking(name, rows, 50)
    average = sum(Decimal(row.score.text) for row in rows) / 50
    near = abs(average - Decimal(mean)) <= 2 * HALF
    claim(f"{name}: the mean of the 50 scores is {average}, inside {mean} ± rounding of scores and mean", near)
    table = []
    for row in rows:
        whole = provinces[row.name.text] + row.name.text
        split = split_district(whole) if name == "districts" else None
        table.append(
            {
                "rank": row.rank.text,
                "name": row.name.text,
                "province": provinces[row.name.text],
                "prefecture": split.prefecture if split else "",
                "short_name": split.short_name if split else row.name.text,
                "score": row.score.text,
                "line": row.name.line,
            }
        )
    return table


def main() -> None:
    source = Source("002")
    for name, span, mean in LISTS:
        write_csv(FOLDER / f"{name}.csv", read_list(source, name, span, mean))
    for item, _, mean, line, first, highest, first_line in MEANS:
        source.cell(line, f"平均得分为{mean}分")
        source.cell(first_line, f"{first}")
        source.cell(first_line, f"{highest}分")
        claim(f"{item}: mean and highest score stand on line {line}", True)
    keys = ("item", "title_zh", "mean", "line", "first", "highest", "first_line")
    write_csv(FOLDER / "means.csv", [dict(zip(keys, row, strict=True)) for row in MEANS])
    for title, _, count, line, name_line in REGIONS:
        source.cell(name_line, title)
        claim(f"{title}: {count} stands on line {line}", count in re.findall(r"\d+", source.lines[line - 1]))
    said = "、".join(f"{count}席" for _, _, count, _, _ in REGIONS)
    claim(f"the sentence counts {said}", said in "".join(source.lines[2140:2143]))
    keys = ("title_zh", "title_en", "units", "line", "name_line")
    write_csv(FOLDER / "regions.csv", [dict(zip(keys, row, strict=True)) for row in REGIONS])
    rows = [{"title_zh": zh, "title_en": en, "line": DIRECTIONS_LINE} for zh, en in DIRECTIONS]
    for row in rows:
        source.cell(DIRECTIONS_LINE, str(row["title_zh"]))
    write_csv(FOLDER / "directions.csv", rows)
    write_csv(FOLDER / "figures.csv", read_figures(source, "county"))
    write_csv(FOLDER / "weights.csv", read_tree(source, COUNTY))


if __name__ == "__main__":
    main()
