"""Transcribe the report on the industrial economy of counties, 2023 (中国县域工业经济发展报告（2023年）).

Run: python tools/transcribe/industrial_county_2023.py [folder of the source texts]
"""

from __future__ import annotations

import re
from collections import Counter

from industrial_county_counts import (
    CITY_GROUPS,
    DISTRICT_CITY_GROUPS,
    DISTRICT_PROVINCES,
    DISTRICT_REGIONS,
    LARGE_DISTRICT_REGIONS,
    PARK_REGIONS,
    PROVINCES,
    REGIONS,
    TIER_COUNTS,
    TIERS,
)
from industrial_county_figures import FIGURES, SERIES
from pdftext import ROOT, Source, claim, write_csv

COUNTY, DISTRICT, INNOVATION = (
    f"{name}-2023" for name in ("industrial-county", "industrial-district", "innovation-county")
)
LISTS = (  # index, table, caption, lines, ends of names
    (COUNTY, "counties", (224, "表 1 2023 年中国工业百强县（市）"), (227, 336), ("市", "县", "旗")),
    (INNOVATION, "counties", (340, "表 2 2023 年中国创新百强县（市）"), (343, 453), ("市", "县", "旗")),
    (DISTRICT, "districts", (664, "表 3 2023 年中国工业百强区"), (667, 777), ("区",)),
)
FIRSTS = ((COUNTY, 511), (DISTRICT, 794))
DECILES = (515, 524, 525)
PARKS = (1004, 1077)
INDUSTRIES = (846, 869)


def write(index: str, table: str, rows: list[dict[str, object]]) -> None:
    write_csv(ROOT / "specs" / index / "published" / f"{table}.csv", rows)


def short(province: str) -> str:
    """广西壮族自治区 → 广西: as figures and sentences write a province."""
    return re.sub(r"(壮族|回族|维吾尔)?自治区$|省$", "", province)


def read_list(
    source: Source, index: str, caption: tuple[int, str], span: tuple[int, int], ends: tuple[str, ...]
) -> list[dict[str, object]]:
    """Rows of four cells with tabs between them; a star marks the first of a province."""
    source.cell(*caption)
    rows: list[dict[str, object]] = []
    for cell in source.cells(*span):
        parts = cell.text.split("\t")
        if len(parts) != 4 or not parts[0].isdecimal():
            continue
        rank, province, prefecture, name = parts
        star = "★" if name.endswith("★") else ""
        row = {"rank": rank, "name": name.removesuffix("★"), "province": province, "prefecture": prefecture}
        rows.append({**row, "star": star, "line": cell.line})
    claim(f"{index}: ranks run 1..100", [row["rank"] for row in rows] == [str(i) for i in range(1, 101)])
    claim(f"{index}: 100 different places", len({(row["prefecture"], row["name"]) for row in rows}) == 100)
    claim(f"{index}: every name ends as it should", all(str(row["name"]).endswith(ends) for row in rows))
    first: dict[object, object] = {}
    for row in rows:
        first.setdefault(row["province"], row["name"])
    starred = {row["province"]: row["name"] for row in rows if row["star"]}
    odd = {str(p) for p in first if starred.get(p) != first[p]}
    print(f"       {index}: {len(starred)} stars; not on the first of its province: {odd or 'none'}")
    return rows


def read_firsts(source: Source, index: str, line: int) -> list[dict[str, object]]:
    """The first unit of each province with its rank, from one sentence."""
    text = source.lines[line - 1]
    names = r"内蒙古自治区|广西壮族自治区|内蒙古|[\u4e00-\u9fff]{2}省|[\u4e00-\u9fff]{2}"
    found = re.findall(rf"(?:^|[、和为是])({names})([\u4e00-\u9fff]{{2,5}})（(\d+)）", text)
    claim(f"{index}: as many firsts as ranks in brackets", len(found) == len(re.findall(r"（\d+）", text)))
    return [{"province": short(p), "name": name, "rank": rank, "line": line} for p, name, rank in found]


def read_deciles(source: Source) -> list[dict[str, object]]:
    """The matrix of ranks by province; a line has a cell less than there are provinces, so that the last is blank."""
    first, last, head = DECILES
    provinces = source.lines[head - 1].strip().split("\t")
    rows: list[dict[str, object]] = []
    for cell in source.cells(first, last):
        band, *counts = cell.text.split("\t")
        claim(f"deciles {band}: the counts add up to 10", sum(map(int, counts)) == 10)
        claim(f"deciles {band}: {len(counts)} counts for {len(provinces)} provinces", len(counts) == len(provinces) - 1)
        rows += [
            {"ranks": band, "province": province, "count": count, "line": cell.line}
            for province, count in zip(provinces, [*counts, ""], strict=True)
        ]
    return rows


def read_parks(source: Source) -> list[dict[str, object]]:
    rows = []
    for cell in source.cells(*PARKS):
        parts = cell.text.split("\t")
        if len(parts) == 4 and parts[0] != "省份":
            province, name, economic, high_tech = (part.replace("—", "") for part in parts)
            row = {"province": province, "name": name, "economic_zone": economic, "high_tech_zone": high_tech}
            rows.append({**row, "line": cell.line})
    zones = [sum(bool(row[key]) for row in rows) for key in ("economic_zone", "high_tech_zone")]
    claim(f"parks: {len(rows)} counties with {zones} zones", len({row["name"] for row in rows}) == len(rows))
    print(f"       parks by the text: 49 and 24; in the table: {zones}")
    return rows


def read_industries(source: Source) -> list[dict[str, object]]:
    rows = []
    for cell in source.cells(*INDUSTRIES):
        name, industries = cell.text.split("\t")
        rows.append({"name": name, "industries": industries, "line": cell.line})
    claim(f"industries of {len(rows)} districts", len({row["name"] for row in rows}) == len(rows))
    return rows


def cited(
    source: Source, table: str, rows: list[dict[str, object]], columns: tuple[str, ...]
) -> list[dict[str, object]]:
    for row in rows:
        for column in columns:
            if row[column] != "":
                source.cell(int(str(row["line"])), str(row[column]))
    claim(f"{table}: every cell stands on the line cited", True)
    return rows


def main() -> None:
    source = Source("003")
    lists = {}
    for index, table, caption, span, ends in LISTS:
        lists[index] = read_list(source, index, caption, span, ends)
        write(index, table, lists[index])
    for index, line in FIRSTS:
        write(index, "firsts", read_firsts(source, index, line))
    write(COUNTY, "deciles", read_deciles(source))
    write(COUNTY, "parks", read_parks(source))
    write(DISTRICT, "district_industries", read_industries(source))
    for index, table, rows, columns in (
        (COUNTY, "tiers", TIERS, ("label",)),
        (COUNTY, "tier_counts", TIER_COUNTS, ("area", "count")),
        (COUNTY, "regions", REGIONS, ("region", "count")),
        (COUNTY, "provinces", PROVINCES, ("province", "count")),
        (COUNTY, "city_groups", CITY_GROUPS, ("name", "count")),
        (COUNTY, "park_regions", PARK_REGIONS, ("area", "parks", "economic_zones", "high_tech_zones")),
        (DISTRICT, "provinces", DISTRICT_PROVINCES, ("province", "count")),
        (DISTRICT, "regions", DISTRICT_REGIONS, ("region", "count")),
        (DISTRICT, "large_regions", LARGE_DISTRICT_REGIONS, ("region", "count")),
        (DISTRICT, "large_city_groups", DISTRICT_CITY_GROUPS, ("name", "count")),
    ):
        write(index, table, cited(source, f"{index}, {table}", rows, columns))
    for index, rows in FIGURES.items():
        write(index, "figures", cited(source, f"{index}, figures", rows, ("value",)))
    write(COUNTY, "series", cited(source, "series", SERIES, ("value",)))
    counted = Counter(short(str(row["province"])) for row in lists[COUNTY])
    odd = {
        r["province"]: (r["count"], counted[str(r["province"])])
        for r in PROVINCES
        if counted[str(r["province"])] != int(str(r["count"]))
    }
    print(f"       provinces whose printed count is not that of the list: {odd or 'none'}")


if __name__ == "__main__":
    main()
