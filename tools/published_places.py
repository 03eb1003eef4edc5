"""Every name of a Chinese place in the published tables that ship, resolved; and the page that lists what was decided.

Run: python tools/published_places.py           what resolves, and how
     python tools/published_places.py --write   the same, and the list in docs/places.md is written anew
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import cityindex as ci  # noqa: E402  # the package need not be installed

PAGE = ROOT / "docs" / "places.md"
START, END = "<!-- published: begin, written by tools/published_places.py -->\n", "<!-- published: end -->\n"
COUNTY = ("县级市", "县", "自治县", "旗", "自治旗")


@dataclass(frozen=True)
class Column:
    """A column of place names: of which tables, at what level, and the columns that say where they lie."""

    index: str
    file: str
    column: str
    level: str | tuple[str, ...]
    province: str | None = None
    prefecture: str | None = None


@dataclass(frozen=True)
class Name:
    """One published name, and what it is."""

    column: Column
    line: int
    match: ci.PlaceMatch
    alone: ci.PlaceMatch  # the same without the columns beside it and without a level
    code: str | None
    why: str = ""  # where the code was decided by hand


def _ranked(index: str, file: str, level: str | tuple[str, ...], *columns: str) -> list[Column]:
    prefecture = "prefecture" if "prefecture" in columns else None
    found = [Column(index, file, "province", "province")]
    found += [Column(index, file, "prefecture", ("prefecture", "直辖市"), "province")] if prefecture else []
    return found + [Column(index, file, name, level, "province", prefecture)
                    for name in columns if name != "prefecture"]  # fmt: skip


SMALL = "small-medium-city-"
COLUMNS = [
    *(Column("digital-economy-city-2020", f"{file}.csv", "name", "city")
      for file in ("score", "city_group_members", "sector_cities", "sector_examples", "named")),
    Column("digital-economy-city-2020", "named.csv", "of", "city"),
    Column("digital-economy-city-2020", "figures.csv", "of", "city"),
    *_ranked("digital-economy-county-2020", "counties.csv", "county", "name", "short_name"),
    *_ranked("digital-economy-county-2020", "districts.csv", "市辖区", "name", "short_name", "prefecture"),
    Column("digital-economy-county-2020", "means.csv", "first", "county"),
    *_ranked("industrial-county-2023", "counties.csv", COUNTY, "name", "prefecture"),
    *_ranked("industrial-county-2023", "firsts.csv", COUNTY, "name"),
    *_ranked("industrial-county-2023", "parks.csv", COUNTY, "county"),
    *(Column("industrial-county-2023", f"{file}.csv", "province", "province")
      for file in ("deciles", "provinces", "provincial_parks")),
    Column("industrial-county-2023", "industries.csv", "place", COUNTY),
    Column("industrial-county-2023", "named.csv", "name", COUNTY),
    Column("industrial-county-2023", "tier_counts.csv", "area", "province"),
    Column("industrial-county-2023", "park_regions.csv", "area", "province"),
    Column("industrial-county-2023", "figures.csv", "of", ("province", "city")),
    *_ranked("industrial-district-2023", "districts.csv", "市辖区", "name", "prefecture"),
    *_ranked("industrial-district-2023", "firsts.csv", "市辖区", "name"),
    Column("industrial-district-2023", "provinces.csv", "province", "province"),
    Column("industrial-district-2023", "district_industries.csv", "name", "市辖区"),
    Column("industrial-district-2023", "named.csv", "name", ("province", "市辖区")),
    *_ranked("innovation-county-2023", "counties.csv", COUNTY, "name", "prefecture"),
    *(column for part in ("comprehensive", "green", "innovation", "investment")
      for column in _ranked(f"{SMALL}{part}-2024", "counties.csv", COUNTY, "name", "short_name")),
    *(column for part in ("comprehensive", "green", "investment")
      for column in _ranked(f"{SMALL}{part}-2024", "districts.csv", "市辖区", "name", "short_name", "prefecture")),
    Column(f"{SMALL}comprehensive-2024", "named.csv", "of", "county"),
    Column(f"{SMALL}comprehensive-2024", "figures.csv", "of", "county"),
    Column(f"{SMALL}urbanisation-2024", "counties.csv", "name", "county"),
    *(Column("tech-capability-2021", f"{file}.csv", "name", "city")
      for file in ("score", "economy", "governance", "livelihood", "technology", "named")),
]  # fmt: skip

RANKED = "the only one of its name among the hundred districts that this report ranks (`districts.csv`)"
DECIDED = {
    ("industrial-county-2023", "安吉县市"): ("330523", "a slip in print: the report ranks 安吉县 (`counties.csv`)"),
    ("industrial-district-2023", "南山区"): ("440305", RANKED),
    ("industrial-district-2023", "龙华区"): ("440309", RANKED),
    ("industrial-district-2023", "南沙区"): ("440115", RANKED),
    ("industrial-district-2023", "通州区"): ("320612", RANKED),
    ("industrial-district-2023", "白云区"): ("440111", RANKED),
}
# What stands in these columns besides: by what it ends with, or as a whole.
OTHERS = {
    "a group of cities": r"城市群|都市圈|长三角|粤港澳大湾区",
    "a development zone": r"经开区|高新区",
    "a firm": r"富士康|畅想高科|森鹏电子|康佳|柔宇科技|大疆|阿里巴巴|新华三|恒生电子",
    "a word, or several places": r"全国|东部|中部|西部|东北|中西部|县域.*|乡村|镇区.*|百强.*|.*县（市）|.*百强区"
    r"|第.梯队|国家级.*|.*、.*|课题组|疫情|金融|.*产业|软件.*|电子.*|.线|新一线|二三线为主|其他城市|参与.*|占全国.*",
}
NO_PLACES = {
    (f"{SMALL}towns-2024", "towns.csv", "name"): "towns are below the county level; all nine are in 昆山市 (320583)",
    ("industrial-county-2023", "city_groups.csv", "name"): "groups of cities",
    ("industrial-county-2023", "city_groups.csv", "within"): "groups of cities",
    ("industrial-district-2023", "large_city_groups.csv", "name"): "groups of cities",
}


def rows_of(column: Column) -> list[dict[str, str]]:
    path = ROOT / "specs" / column.index / "published" / column.file
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def other(text: str) -> str:
    """What a cell is that names no single place; nothing for what should."""
    return next((word for word, pattern in OTHERS.items() if re.fullmatch(rf".*?(?:{pattern})", text)), "")


def published() -> Iterator[Name]:
    """Every published name of a place, resolved with the columns beside it."""
    for column in COLUMNS:
        rows = [(line, row) for line, row in enumerate(rows_of(column), 2)
                if row[column.column] and not other(row[column.column])
                and not (column.column == "prefecture" and "直辖" in row[column.column])]  # fmt: skip
        names = [row[column.column] for _, row in rows]
        context = {word: [row[name] for _, row in rows]
                   for word, name in (("province", column.province), ("prefecture", column.prefecture))
                   if name}  # fmt: skip
        found = ci.resolve_places(names, level=column.level, **context)
        for (line, _), match, alone in zip(rows, found, ci.resolve_places(names), strict=True):
            decided = DECIDED.get((column.index, match.written), (None, ""))
            code, why = (match.place.code, "") if match.place else decided
            yield Name(column, line, match, alone, code, why)


def is_unit(name: Name) -> bool:
    """The name is that of a unit, and not of the province or prefecture beside it."""
    return name.column.column not in ("province", "prefecture", "area", "of", "short_name")


def page(names: list[Name]) -> str:
    """The part of docs/places.md that lists what was decided."""
    units = [name for name in names if is_unit(name)]
    told = ci.resolve_places([])
    former: dict[str, str] = {}
    beside: dict[str, set[str]] = {}
    options: dict[str, str] = {}
    by_hand: dict[tuple[str, str, str], int] = {}
    for name in names:
        match = name.match
        if match.status == "former":
            former[match.written] = f"{match.place.name} {name.code} | {match.note}"
        elif name.why:
            key = (name.column.index, match.written, f"{told.told(told.gazetteer[name.code])} | {name.why}")
            by_hand[key] = by_hand.get(key, 0) + 1
        elif name.alone.place is None:
            beside.setdefault(match.written, set()).add(told.told(match.place))
            options[match.written] = "; ".join(map(told.told, name.alone.candidates))
    tables = len({(name.column.index, name.column.file) for name in names})
    distinct = len({(name.match.written, name.code) for name in units})
    lines = [
        f"{len(names):,} cells of {tables} published tables name a place: {len(units):,} name a unit ({distinct:,} "
        "different ones), the others say where it lies. All have a code.",
        "", "**Former names.**", "", "| published | today | what happened |", "|---|---|---|",
        *(f"| {written} | {rest} |" for written, rest in sorted(former.items())),
        "", "**Decided by hand**, since nothing in the row tells.", "",
        "| published in | name | rows | decided | why |", "|---|---|---|---|---|",
        *(f"| `{index}` | {written} | {rows} | {rest} |" for (index, written, rest), rows in sorted(by_hand.items())),
        "", "**Ambiguous on their own**, settled by the level of the table or by the columns beside the name.", "",
        "| published | could be | is |", "|---|---|---|",
        *(f"| {name} | {options[name]} | {'; '.join(sorted(found))} |" for name, found in sorted(beside.items())),
        "", "**No units at this level.**", "", "| table | column | what stands there |", "|---|---|---|",
        *(f"| `{index}/{file}` | `{column}` | {why} |" for (index, file, column), why in NO_PLACES.items()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def main() -> None:
    names = list(published())
    for name in names:
        if name.code is None:
            where = f"{name.column.index}/{name.column.file}:{name.line}"
            print(f"{where}: {name.match.written}: {name.match.status} {name.match.note}")
    text = page(names)
    print(text.splitlines()[0])
    if "--write" in sys.argv:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
        PAGE.write_text(before + START + text + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
