"""A slow second opinion: every string by which a place may be called, written out; shares no code with the library.

It reads the shipped tables with `csv` and knows three rules: a unit may be called by its full name or by a short one;
the units above it may stand before it, each by either, and may be left out; so may those that it stood under.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "src" / "cityindex" / "places" / "data"
PEOPLES = [
    "蒙古族", "回族", "藏族", "维吾尔", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族",
    "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "哈萨克", "傣族", "黎族", "傈僳族", "佤族", "畲族", "拉祜族",
    "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜", "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族",
    "毛南族", "仡佬族", "锡伯", "普米族", "塔吉克", "怒族", "鄂温克族", "保安族", "裕固族", "独龙族", "各族", "蒙古",
]  # fmt: skip
AUTONOMOUS = {"自治州": "州", "自治县": "县", "自治旗": "旗"}
ENDINGS = ["特别行政区", "地区", "林区", "特区", "省", "市", "县", "区", "盟", "旗"]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def called(name: str) -> set[str]:
    """The full name and the short ones."""
    special = {
        "内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏", "宁夏回族自治区": "宁夏",
        "新疆维吾尔自治区": "新疆", "东乡族自治县": "东乡", "鄂温克族自治旗": "鄂温克", "鄂伦春自治旗": "鄂伦春",
    }  # fmt: skip
    found = {name}
    for ending, short in AUTONOMOUS.items():
        if name.endswith(ending):
            stem = special.get(name) or name.removesuffix(ending)
            cut = True
            while cut and name not in special:
                fitting = [people for people in PEOPLES if stem.endswith(people) and len(stem) - len(people) > 1]
                cut = bool(fitting)
                stem = stem.removesuffix(max(fitting, key=len)) if fitting else stem
            found |= {stem, stem + short}
            return found
    if name in special:
        return found | {special[name]}
    if name.endswith("新区") and len(name) > 3:
        found.add(name.removesuffix("新区"))
    for ending in ENDINGS:
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return found | ({stem} if len(stem) > 1 and not name.endswith("县地区") else set())
    return found


def paths(name: str, above: list[str]) -> set[str]:
    """The name with any of those above before it, in their order."""
    found = {""}
    for each in above:
        found = found | {before + form for before in found for form in called(each)}
    return {before + form for before in found for form in called(name)}


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Every string → the codes of today that it may mean; of former names those of every successor."""
    units = {row["code"]: row for row in rows("units.csv")}
    former = rows("former.csv")
    found: dict[str, set[str]] = defaultdict(set)

    def above(code: str) -> list[str]:
        names = []
        while code := units[code]["parent"]:
            names.insert(0, units[code]["name"])
        return names

    became: dict[tuple[str, str], set[str]] = defaultdict(set)  # prefectures by other names: now → then
    for row in former:
        one = row["change"] != "split" and units.get(row["to"], {}).get("level") == "prefecture"
        if row["level"] == "prefecture" and one:
            became[row["code"][:2], row["to"]].add(row["name"])
    for code, row in units.items():
        chains = [above(code)]
        parent = row["parent"]
        if parent and units[parent]["level"] == "prefecture":
            top = units[units[parent]["parent"]]["name"]
            chains += [[top, name] for key, names in became.items() if key[1] == parent for name in names]
        if row["kind"] == "直辖市":
            chains.append([row["name"]])  # a column of provinces and one of prefectures, put together
        elif parent and units[parent]["kind"] == "直辖市":
            chains.append([*above(code), *above(code)])
        for chain in chains:
            for text in paths(row["name"], chain):
                found[text].add(code)
    for row in former:
        targets = set(row["to"].split("|")) if row["to"] else set()
        top = units.get(row["code"][:2] + "0000", {}).get("name", "")
        chains = [[each for each in (top, row["under"]) if each and each != "重庆市"]]
        then = [
            r["to"]
            for r in former
            if r["name"] == row["under"] and r["code"][:2] == row["code"][:2] and r["change"] in ("renamed", "merged")
        ]
        chains += [
            [top, units[code]["name"]] for code in then if code in units and units[code]["level"] == "prefecture"
        ]
        now = next((c for c, u in units.items() if u["name"] == row["under"] and c[:2] == row["code"][:2]), "")
        chains += [[top, name] for name in became.get((row["code"][:2], now), ())]
        if len(targets) == 1:
            chains.append(above(next(iter(targets))))
            parent = units[next(iter(targets))]["parent"]
            if parent and units[parent]["kind"] == "直辖市":
                chains.append(2 * chains[-1])
            chains += [[top, name] for key, names in became.items() if key[1] == parent for name in names]
        chains += [[top, name] for code in then for name in became.get((row["code"][:2], code), ())]
        for chain in chains:
            for text in paths(row["name"], chain):
                found[text] |= targets
    return {text: frozenset(codes) for text, codes in found.items()}
