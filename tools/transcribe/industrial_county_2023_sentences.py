"""What the report says in sentences: figures, counts by province, region and city cluster, lists of names.

The two CSV files beside this script say where a number stands: `said` is the piece of the line around it, with {} for
the number, {words} for a number in words, and the word that qualifies it (约, 超 …) in brackets. The number itself is
read from the source.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from pdftext import Source, claim
from places import PROVINCES

HERE = Path(__file__).parent
INDICES = {"c": "industrial-county-2023", "d": "industrial-district-2023", "i": "innovation-county-2023"}
NUMBER = r"(\d+(?:\.\d+)?)"
PROVINCE = f"(?:{'|'.join(PROVINCES)})(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区)?"
COUNTS = re.compile(rf"((?:{PROVINCE}(?:、|和)?)+)各?\s*(\d+)\s*个")
REGIONS = ("东部", "中部", "西部", "东北")


def read_instructions(name: str, index: str) -> list[dict[str, str]]:
    with (HERE / f"industrial_county_2023_{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if INDICES[row["index"]] == index]


def passage(source: Source, line: int, begin: str, end: str) -> str:
    """The piece of a line from one text to another, each of which stands there once."""
    text = source.lines[line - 1]
    if text.count(begin) != 1 or text.count(end) != 1:
        raise SystemExit(f"line {line}: {begin!r} or {end!r} does not stand there exactly once")
    return text[text.index(begin) : text.index(end) + len(end)]


def read_figure(source: Source, row: dict[str, str]) -> dict[str, object]:
    line = int(row["line"])
    qualifier = re.search(r"\[(.+?)\]", row["said"])
    plain = re.sub(r"\[(.+?)\]", r"\1", row["said"])
    words = re.search(r"\{(.+?)\}", plain)
    pattern = re.escape(plain.replace(words[0], words[1])) if words else re.escape(plain).replace(r"\{\}", NUMBER)
    found = list(re.finditer(rf"(?<![\d.]){pattern}" if plain.startswith("{}") else pattern, source.lines[line - 1]))
    if len(found) != 1:
        raise SystemExit(f"line {line}: {row['said']!r} stands there {len(found)} times")
    return {
        **{key: row[key] for key in ("item", "of", "title_zh", "title_en", "year")},
        "value": "" if words else found[0][1],
        "words": words[1] if words else "",
        "qualifier": qualifier[1] if qualifier else "",
        "measured_in": row["measured_in"],
        "printed": found[0][0],
        "line": line,
    }


def read_figures(source: Source, index: str) -> list[dict[str, object]]:
    rows = [read_figure(source, row) for row in read_instructions("figures", index)]
    claim(f"{index}: {len(rows)} figures, each piece once on its line", bool(rows))
    claim(f"{index}: no figure has the id of another", len({row["item"] for row in rows}) == len(rows))
    return rows


def read_named(source: Source, index: str) -> list[dict[str, object]]:
    """Lists of names: one name a row, with the title of the figure that counts them."""
    titles = {row["item"]: (row["title_zh"], row["title_en"]) for row in read_instructions("figures", index)}
    rows: list[dict[str, object]] = []
    for row in read_instructions("named", index):
        line = int(row["line"])
        if source.lines[line - 1].count(row["names"]) != 1:
            raise SystemExit(f"line {line}: {row['names']!r} does not stand there exactly once")
        zh, en = (row["title_zh"], row["title_en"]) if row["title_zh"] else titles[row["item"]]
        rows += [
            {"item": row["item"], "title_zh": zh, "title_en": en, "name": name, "line": line}
            for name in re.split("、|和", row["names"])
        ]
    claim(f"{index}: {len(rows)} names in lists, each list once on its line", bool(rows))
    return rows


def counts_by_province(text: str) -> dict[str, str]:
    """广东、江苏各 3 个，浙江 2 个: the number of each province, named as printed."""
    found = {}
    for names, count in COUNTS.findall(text):
        for name in re.findall(PROVINCE, names):
            if name in found:
                raise SystemExit(f"{name} is counted twice")
            found[name] = count
    return found


def firsts(source: Source, line: int) -> list[dict[str, object]]:
    """江苏昆山市（1）: the first unit of each province and its rank."""
    found = re.findall(rf"({PROVINCE})([^、（）和]+?)（(\d+)）", source.lines[line - 1])
    return [{"province": p, "name": name, "rank": rank, "line": line} for p, name, rank in found]


def tier_lines(source: Source) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The four tiers of counties: their ranks and sizes, and the counts by province or region within each."""
    text = source.lines[482]
    ranges = re.findall(r"(\d+)-(\d+) 名构成的?(第.梯队)", text)
    claim("four tiers with their ranks", [label[1] for *_, label in ranges] == list("一二三四"))
    begins = ("第一梯队 6 个县（市）中", "第二梯队包含了 37 个", "40 个县（市）中浙江", "第四梯队 17 个县（市）中")
    ends = ("浙江各 1 个", "江西各 1 个", "广东各 1 个", "分别是 11 个、5 个、1 个")
    tiers, areas = [], []
    for (first, last, label), begin, end in zip(ranges, begins, ends, strict=True):
        piece = passage(source, 483, begin, end)
        size = re.findall(r"(\d+) 个", piece)[0]
        change = "".join(re.findall(r"比上年增加 (\d+) 个", piece))
        tiers.append(
            {"tier": label, "first_rank": first, "last_rank": last, "count": size, "change": change, "line": 483}
        )
        if label == "第四梯队":
            counts = dict(zip(REGIONS[:3], re.findall(r"(\d+) 个", piece)[1:], strict=True))
        else:
            counts = counts_by_province(piece)
        kind = "region" if label == "第四梯队" else "province"
        areas += [{"tier": label, "kind": kind, "area": area, "count": n, "line": 483} for area, n in counts.items()]
        claim(f"{label}: its counts by {kind} add up to {size}", sum(map(int, counts.values())) == int(size))
    return tiers, areas


def region_counts(source: Source, line: int, pieces: dict[str, tuple[str, str]]) -> list[dict[str, object]]:
    """Region → count and change, each the piece of the line around it: ("合计达到 {} 个", "减少 {} 个")."""
    rows = []
    for region, said in pieces.items():
        values = []
        for piece in said:
            found = re.findall(re.escape(piece).replace(r"\{\}", r"(\d+)"), source.lines[line - 1]) if piece else [""]
            if len(found) != 1:
                raise SystemExit(f"line {line}: {piece!r} stands there {len(found)} times")
            values.append(changed(piece, found[0]))
        rows.append({"region": region, "year": 2023, "count": values[0], "change": values[1], "line": line})
    return rows


def changed(piece: str, found: str) -> str:
    """A change with its sign; 持平 is none."""
    if "持平" in piece:
        return "0"
    return f"-{found}" if "减少" in piece else found
