"""Transcribe the 2021 technology capability index (促进城市发展科技能力指数): five lists, and what its sentences name.

Run: python tools/transcribe/tech_capability_2021.py [folder of the source texts]
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import yaml
from industrial_county_2023_sentences import read_figure
from pdftext import ROOT, Cell, Row, Source, check_ranking, claim, join_columns, places, write_csv

FOLDER = ROOT / "specs" / "tech-capability-2021" / "published"
HALF = Decimal("0.0005")  # half a unit of the last printed digit


class List(NamedTuple):
    """A printed list: the lines its three columns lie between, and its length."""

    node: str
    first: int
    last: int
    size: int


LISTS = (
    List("technology", 81, 265, 30),
    List("economy", 282, 380, 30),
    List("governance", 400, 576, 30),
    List("livelihood", 593, 687, 30),
    List("score", 710, 1023, 100),
)
SENTENCES = {"technology": (59, 69), "economy": (269, 275), "governance": (384, 392), "livelihood": (580, 586)}
FIELDS = {
    "technology": "科技平台、科技投入、科技产出",
    "economy": "企业成长能力、经济效益",
    "governance": "城市安全、政务服务、城市交通、信息网络",
    "livelihood": "人口健康、公共设施、生态宜居",
}
FIGURES = (  # item, of, title_zh, title_en, the piece of the line around the number, unit, line
    ("sub_indices", "综合指数", "专项指数数量", "Sub-indices", "生态建设指数等{四}个专项指数", "个", 31),
    ("sub_indices_again", "综合指数", "专项指数数量", "Sub-indices", "生态建设指数等{四}个专", "个", 693),
    ("cities_ranked", "各个方面", "排序的城市数量", "Cities ranked", "前{}个城市做了排序", "个", 43),
    ("technology_listed", "促进科技发展指数", "列出的城市数量", "Cities listed", "在前{}的城市排序", "个", 77),
    ("economy_listed", "科技促进经济发展指数", "列出的城市数量", "Cities listed", "在前{}的城市排序", "个", 279),
    ("governance_listed", "科技促进城市治理指数", "列出的城市数量", "Cities listed", "在前{}的城市排序", "个", 396),
    ("livelihood_listed", "科技保障民生指数", "列出的城市数量", "Cities listed", "前{}的城市排序", "个", 590),
    ("composite_listed", "综合指数", "列出的城市数量", "Cities listed", "在前{}的城市排序", "个", 707),
    ("first_cities", "综合指数", "点名的城市", "Cities said to come first", "指数前{十}位", "个", 705),
    ("first_cities_again", "综合指数", "点名的城市", "Cities said to come first", "指数前{十}位", "个", 1028),
)
NAMED = (  # item, title_zh, title_en, the lines of the sentence, the names in it
    ("outstanding", "尤为突出的城市", "The city that stands out", (69, 71), "北京市"),
    ("strong", "发展优势也尤为明显的城市", "Cities that are strong too", (73, 73), "上海、广州、深圳、杭州"),
    (
        *("first_ten", "综合指数前十位", "First ten of the composite", (703, 705)),
        "北京、上海、深圳、杭州、武汉、南京、重庆、成都、西安",
    ),
    (
        *("first_ten_headline", "综合指数前十位（标题）", "First ten of the composite, in the headline", (1028, 1028)),
        "北京、上海、深圳、广州、杭州、武汉、南京、重庆、成都、西安",
    ),
)
SUB_INDICES = tuple(item.node for item in LISTS[:-1])


def is_head(cell: Cell) -> bool:
    """A head of a column (排名, 城市, …指数), where the names of the cities all end in 市."""
    return cell.kind == "name" and (cell.text == "城市" or not cell.text.endswith("市"))


def read_list(source: Source, item: List) -> list[Row]:
    """The rows of one list: ranks, names and scores stand in separate runs, broken by pages and column heads."""
    cells = source.cells(item.first, item.last)
    heads = [cell.text for cell in cells if is_head(cell)]
    claim(f"{item.node}: nothing but three column heads is left out ({' '.join(heads)})", len(heads) == 3)
    ranks, names, scores = (
        [cell for cell in cells if cell.kind == kind and not is_head(cell)] for kind in ("rank", "name", "score")
    )
    return check_ranking(item.node, join_columns(ranks, names, scores), item.size)


def check_composite(scores: dict[str, dict[str, Decimal]]) -> None:
    """Do equal weights give the composite, wherever all four sub-indices are printed?"""
    total = scores["score"]
    everywhere = [name for name in total if all(name in scores[node] for node in SUB_INDICES)]
    claim("15 cities stand in all four sub-index lists", len(everywhere) == 15)
    misses = {name: sum(scores[node][name] for node in SUB_INDICES) / 4 - total[name] for name in everywhere}
    for name, miss in misses.items():
        print(f"       {name}: mean {total[name] + miss:.5f}, printed {total[name]}, difference {miss:+.5f}")
    largest = max(abs(miss) for miss in misses.values())
    claim(f"largest difference {largest.normalize()} is inside what rounding allows (0.001)", largest <= 2 * HALF)


def check_absent(scores: dict[str, dict[str, Decimal]]) -> None:
    """A city absent from a list of 30 scores at most what the 30th does: do equal weights still fit every city?"""
    outside = []
    for name, total in scores["score"].items():
        known = [scores[node].get(name) for node in SUB_INDICES]
        low = sum(value - HALF if value is not None else Decimal(0) for value in known) / 4
        last = [min(scores[node].values()) for node in SUB_INDICES]
        high = sum((end if value is None else value) + HALF for value, end in zip(known, last, strict=True)) / 4
        if not low - HALF <= total <= high + HALF:
            outside.append(name)
    claim("equal weights fit all 100 composites, the absent bounded by the 30th score of a list", not outside)
    listed = {name for node in SUB_INDICES for name in scores[node]}
    claim(f"all {len(listed)} cities of the four lists stand among the 100", listed <= set(scores["score"]))


def sentence(source: Source, span: tuple[int, int]) -> tuple[str, list[int]]:
    """The text of some lines without their breaks, and the line of each character."""
    cells = source.cells(*span)
    return "".join(cell.text for cell in cells), [cell.line for cell in cells for _ in cell.text]


def find(text: str, said: str) -> int:
    if text.count(said) != 1:
        raise SystemExit(f"{said!r} stands {text.count(said)} times in {text[:20]!r}…")
    return text.index(said)


def read_indicators(source: Source) -> list[dict[str, object]]:
    """The indicators of the spec as the sentences name them, in their order, with the line on which a name begins."""
    spec = yaml.safe_load((FOLDER.parent / "spec.yaml").read_text(encoding="utf-8"))
    rows: list[dict[str, object]] = []
    for group in spec["index"]["children"]:
        text, lines = sentence(source, SENTENCES[group["id"]])
        titles = [leaf["title"]["zh"] for leaf in group["children"]]
        at = find(text, "、".join(titles) + "等")
        for leaf, title in zip(group["children"], titles, strict=True):
            rows.append({"id": leaf["id"], "parent": group["id"], "title_zh": title, "line": lines[at]})
            at += len(title) + 1
    claim(f"{len(rows)} indicators, those of each sub-index in one piece that ends in 等", len(rows) == 28)
    return rows


def read_parts(source: Source, span: tuple[int, int], said: str) -> list[tuple[str, int]]:
    """The parts of a list in a sentence, each with the line on which it begins."""
    text, lines = sentence(source, span)
    at, parts = find(text, said), []
    for part in said.split("、"):
        parts.append((part, lines[at]))
        at += len(part) + 1
    return parts


def write_sentences(source: Source) -> None:
    write_csv(FOLDER / "indicators.csv", read_indicators(source))
    fields = [
        {"parent": node, "field": field, "line": line}
        for node, said in FIELDS.items()
        for field, line in read_parts(source, SENTENCES[node], said)
    ]
    write_csv(FOLDER / "fields.csv", fields)
    named = [
        {"item": item, "title_zh": zh, "title_en": en, "name": name, "line": line}
        for item, zh, en, span, said in NAMED
        for name, line in read_parts(source, span, said)
    ]
    write_csv(FOLDER / "named.csv", named)
    keys = ("item", "of", "title_zh", "title_en", "said", "measured_in", "line")
    figures = [read_figure(source, {**dict(zip(keys, map(str, row), strict=True)), "year": ""}) for row in FIGURES]
    write_csv(FOLDER / "figures.csv", [{key: row[key] for key in row if key != "year"} for row in figures])


def main() -> None:
    source = Source("001")
    scores: dict[str, dict[str, Decimal]] = {}
    for item in LISTS:
        rows = read_list(source, item)
        scores[item.node] = {row.name.text: Decimal(row.score.text) for row in rows}
        table = [{"rank": row.rank.text, "name": row.name.text, "score": row.score.text, **places(row)} for row in rows]
        write_csv(FOLDER / f"{item.node}.csv", table)
    check_composite(scores)
    check_absent(scores)
    write_sentences(source)


if __name__ == "__main__":
    main()
