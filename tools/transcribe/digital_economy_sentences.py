"""What the white paper of 2020 says in sentences: figures, lists of names, aspects that are looked at.

The CSV files beside this script say where a number or a list stands: `said` is the piece of the line around a number,
with {} for the number, {words} for one in words, and the word that qualifies it in brackets. The number itself is read
from the source.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from industrial_county_2023_sentences import read_figure
from pdftext import Source, claim

HERE = Path(__file__).parent
ASPECTS = (  # node of the spec, the lines of the sentence, the list in it
    ("infrastructure", (1203, 1205), "固网宽带和移动网络"),
    ("infrastructure", (1203, 1205), "5G试点、政务云和城市大数据平台"),
    ("infrastructure", (1203, 1205), "运营体制和运营长效机制"),
    ("services_operation", (1246, 1246), "教育、医疗、交通、民政、人社、扶贫、营商环境和生活环境"),
    ("governance_operation", (1344, 1344), "公安治理、信用、生态环保、市政、应急和自然资源"),
    ("industry_digitalisation", (1382, 1384), "农业、制造业、能源、金融、生活服务、交通物流、科教文体和医疗健康"),
    ("agriculture", (1773, 1775), "现代农业产业园的建设以及“互联网+农业”建设"),
    ("manufacturing", (1781, 1783), "汽车自动化、智能制造装备及工业互联网"),
    ("energy", (1787, 1789), "电力、石化、钢铁及煤矿"),
    ("energy", (1787, 1789), "智慧电网、智能工厂"),
    ("finance", (1855, 1857), "银行、证券、保险"),
    ("finance", (1855, 1857), "大数据风控、智能投顾、移动支付"),
    ("transport_logistics", (1861, 1863), "智慧交通、物流机器人"),
    ("transport_logistics", (1861, 1863), "物流产业园的建设"),
    ("science_education_culture_sport", (1867, 1869), "科研超算中心、互联网教育发展水平"),
    ("science_education_culture_sport", (1867, 1869), "图书馆、动漫、体育服务"),
    ("consumer_services", (1873, 1875), "社区服务、娱乐旅游、零售和餐饮住宿"),
    ("medical_health", (1963, 1965), "医疗服务、医疗器械、健康地产及康养服务"),
    ("core_industries", (1973, 1973), "软件信息服务业和电子信息制造业"),
    ("driving_industries", (1979, 1981), "5G、大数据、云计算、人工智能及区块链"),
)


def read_instructions(name: str) -> list[dict[str, str]]:
    with (HERE / f"digital_economy_2020_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_figures(source: Source, index: str) -> list[dict[str, object]]:
    """The figures of one index (city or county), each with the piece of the sentence that prints it."""
    rows = [read_figure(source, row) for row in read_instructions("figures") if row["index"] == index]
    claim(f"{len(rows)} figures, each piece once on its line", bool(rows))
    claim("no figure has the id of another", len({row["item"] for row in rows}) == len(rows))
    return rows


def read_named(source: Source) -> list[dict[str, object]]:
    """Lists of cities, regions and firms: one name a row."""
    rows: list[dict[str, object]] = []
    for row in read_instructions("named"):
        line = int(row["line"])
        if source.lines[line - 1].count(row["names"]) != 1:
            raise SystemExit(f"line {line}: {row['names']!r} does not stand there exactly once")
        head = {key: row[key] for key in ("item", "of", "title_zh", "title_en")}
        rows += [{**head, "name": name, "line": line} for name in re.split("、|和", row["names"])]
    claim(f"{len(rows)} names in lists, each list once on its line", bool(rows))
    return rows


def read_aspects(source: Source) -> list[dict[str, object]]:
    """What is looked at under a node, as its section lists it; `line` is the one on which the aspect begins."""
    rows: list[dict[str, object]] = []
    for node, span, said in ASPECTS:
        cells = source.cells(*span)
        text = "".join(cell.text for cell in cells)
        lines = [cell.line for cell in cells for _ in cell.text]
        if text.count(said) != 1:
            raise SystemExit(f"line {span[0]}: {said!r} does not stand there exactly once")
        at = text.index(said)
        rows += [
            {"node": node, "aspect": part[0], "line": lines[at + part.start()]}
            for part in re.finditer("(?:(?!、|以及|及|和).)+", said)
        ]
    claim(f"{len(rows)} aspects in {len(ASPECTS)} lists, each once in its sentence", bool(rows))
    return rows
