"""Transcribe the report on the industry of counties, 2023 (中国县域工业经济发展报告): three lists and all it counts.

Run: python tools/transcribe/industrial_county_2023.py [folder of the source texts]
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from industrial_county_2023_places import Rows, county_tables, district_tables
from industrial_county_2023_sentences import INDICES, read_figures, read_named
from pdftext import ROOT, Source, claim, write_csv

STAR = "★"


class List(NamedTuple):
    """A printed list of a hundred: its index and table, its caption and the lines of its rows."""

    index: str
    table: str
    caption: tuple[int, str]
    first: int
    last: int
    ends: tuple[str, ...]


LISTS = (
    List("c", "counties", (224, "表 1 2023 年中国工业百强县（市）"), 226, 336, ("市", "县", "旗")),
    List("i", "counties", (340, "表 2 2023 年中国创新百强县（市）"), 342, 453, ("市", "县", "旗")),
    List("d", "districts", (664, "表 3 2023 年中国工业百强区"), 666, 777, ("区",)),
)


def read_list(source: Source, item: List) -> Rows:
    """Rows of four cells on one line; what else stands between them are heads and footnotes."""
    source.cell(*item.caption)
    rows: Rows = []
    left_out = Counter()
    for cell in source.cells(item.first, item.last):
        cells = cell.text.split("\t")
        if len(cells) == 4 and cells[0].isdigit():
            rank, province, prefecture, name = cells
            plain = name.removesuffix(STAR)
            row = {"rank": rank, "name": plain, "province": province, "prefecture": prefecture}
            rows.append({**row, "star": name[len(plain) :], "line": cell.line})
        else:
            left_out[cell.text[:2]] += 1
    what = f"{INDICES[item.index]}, {item.table}"
    claim(f"{what}: nothing but heads and footnotes is left out", set(left_out) <= {"排名", "²（", "³（", "⁹（", "（2"})
    claim(f"{what}: ranks run 1..100", [row["rank"] for row in rows] == [str(rank) for rank in range(1, 101)])
    claim(f"{what}: 100 different names", len({row["name"] for row in rows}) == 100)
    claim(f"{what}: every name ends as it should", all(str(row["name"]).endswith(item.ends) for row in rows))
    starred = [row["province"] for row in rows if row["star"]]
    claim(f"{what}: the first of each of {len(starred)} provinces has the star", starred == firsts_of(rows))
    return rows


def firsts_of(rows: Rows) -> list[object]:
    """The provinces in the order of their first units, but only where that unit has the star."""
    seen: dict[object, object] = {}
    for row in rows:
        seen.setdefault(row["province"], row["star"])
    return [province for province, star in seen.items() if star]


def with_tiers(rows: Rows, tiers: Rows) -> Rows:
    """The tier that the text gives to the ranks of each county."""
    return [
        {**{key: row[key] for key in row if key != "line"}, "tier": tier["tier"], "line": row["line"], "tier_line": 483}
        for row in rows
        for tier in tiers
        if int(str(tier["first_rank"])) <= int(str(row["rank"])) <= int(str(tier["last_rank"]))
    ]


def short(province: str) -> str:
    """江苏省 → 江苏."""
    return re.sub("(省|(壮族|回族|维吾尔)?自治区)$", "", province)


def deciles(source: Source, counties: Rows) -> Rows:
    """Figure 14: ten rows of 17 numbers under 18 provinces. The last two columns are left without a name."""
    names = source.lines[524].split()
    rows: Rows = []
    for cell in source.cells(515, 524):
        ranks, *counts = cell.text.split("\t")
        first, last = ranks.split("~")
        rows += [
            {
                **{"first": first, "last": last, "column": column, "province": name, "count": count},
                **{"line": cell.line, "province_line": 525 if name else ""},
            }
            for column, (count, name) in enumerate(zip(counts, [*names[:15], "", ""], strict=True), start=1)
        ]
    claim("figure 14: ten rows of 17 numbers under 18 names", len(rows) == 170 and len(names) == 18)
    listed = Counter(((int(str(row["rank"])) - 1) // 10, short(str(row["province"]))) for row in counties)
    misses = [
        row
        for row in rows
        if row["province"] and listed[(int(str(row["first"])) // 10, row["province"])] != int(str(row["count"]))
    ]
    claim(f"figure 14: the first 15 columns are those of the list ({len(misses)} differ)", not misses)
    return rows


def main() -> None:
    source = Source("003")
    counties, districts = county_tables(source), district_tables(source)
    lists = {(item.index, item.table): read_list(source, item) for item in LISTS}
    lists["c", "counties"] = with_tiers(lists["c", "counties"], counties["tiers"])
    counties["deciles"] = deciles(source, lists["c", "counties"])
    tables = {("c", name): rows for name, rows in counties.items()}
    tables |= {("d", name): rows for name, rows in districts.items()}
    for key, index in INDICES.items():
        tables[key, "figures"] = read_figures(source, index)
        if key != "i":
            tables[key, "named"] = read_named(source, index)
    for (key, name), rows in (lists | tables).items():
        write_csv(ROOT / "specs" / INDICES[key] / "published" / f"{name}.csv", rows)


if __name__ == "__main__":
    main()
