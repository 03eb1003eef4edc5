"""What else the white paper of 2020 prints of cities: city groups, the epidemic by tier, cases, sectors, sentences."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from digital_economy_sectors import listed, write_sectors
from digital_economy_sentences import read_aspects, read_figures, read_named
from pdftext import Source, claim, write_csv


class Group(NamedTuple):
    """A city group: where its pattern, its number of cities, its score and the list of its members are printed."""

    id: str
    title_zh: str
    title_en: str
    pattern: tuple[str, int]
    cities: tuple[str, int]
    score: tuple[str, int]
    members: tuple[int, int]


GROUPS = (
    Group(
        *("jing_jin_ji", "京津冀城市群", "Beijing-Tianjin-Hebei"),
        *(("单核心带动", 294), ("13", 294), ("72.0", 296), (2781, 2781)),
    ),
    Group(
        *("cheng_yu", "成渝城市群", "Chengdu-Chongqing"),
        *(("双核心驱动", 298), ("16", 300), ("67.7", 300), (2795, 2795)),
    ),
    Group(
        *("greater_bay_area", "粤港澳大湾区", "Greater Bay Area"),
        *(("深度一体化", 302), ("11", 304), ("79.4", 304), (2783, 2783)),
    ),
    Group(
        *("yangtze_delta", "长三角城市群", "Yangtze River Delta"),
        *(("多核心全面发展", 306), ("41", 308), ("70.6", 308), (2797, 2801)),
    ),
)
IN_THE_TEXT = (
    264,
    "79.4分、72.0分、70.6分、67.7分",
)  # of the groups in the order named just before: 粤港澳, 京津冀, 长三角, 成渝
START = ("1月23日", 392)
PEAKS = (  # tier, date and its line, days and their line: only the first tier stands on the line of its date
    ("一线", ("2月2日", 407), ("11", 396), "published"),
    ("新一线", ("2月5日", 409), None, "inferred"),
    ("二线", ("2月6日", 411), None, "inferred"),
    ("三线", ("2月8日", 413), None, "inferred"),
    ("四线", ("2月9日", 415), ("18", 398), "inferred"),
)
LAST = ("2月20日", 417)
CASES = (  # stage and its line, technology and its line, the lines of the cases
    (("预警分析", 1648), ("人工智能", 1656), (1650, 1654)),
    (("政务管理", 1658), ("大数据", 1666), (1660, 1664)),
    (("社会治理", 1668), ("感知技术", 1676), (1670, 1674)),
    (("复工复产", 1678), ("云计算", 1686), (1680, 1684)),
)


def read_members(source: Source, group: Group, ranked: set[str]) -> list[dict[str, object]]:
    """The members of a group as printed; 香港 and 澳门 were not assessed."""
    rows = []
    for cell in source.cells(*group.members):
        text = re.sub(r"^成渝城市群 ", "", cell.text)
        text = re.sub(r"2个特别行政区及|等 ?9个市.*|等 \d+ 个市", "、", text).replace(" ", "")
        rows += [(name, cell.line) for name in text.split("、") if name]
    names = [name for name, _ in rows]
    claim(f"{group.title_zh}: {len(names)} members, as both printed counts say", len(names) == int(group.cities[0]))
    claim(f"{group.title_zh}: no member twice", len(set(names)) == len(names))
    outside = [name for name in names if name not in ranked]
    claim(f"{group.title_zh}: members outside the ranking: {outside or 'none'}", set(outside) <= {"香港", "澳门"})
    return [
        {"group": group.id, "name": name, "assessed": "no" if name in outside else "yes", "line": line}
        for name, line in rows
    ]


def write_groups(source: Source, folder: Path, ranked: set[str]) -> None:
    members = [row for group in GROUPS for row in read_members(source, group, ranked)]
    for group in GROUPS:
        source.cell(group.pattern[1], f"：{group.pattern[0]}")
        source.cell(group.cities[1], f"{group.cities[0]}城")
        source.cell(group.score[1], f"区域加权{group.score[0]}分")
    by_id = {group.id: group for group in GROUPS}
    named = [by_id[name].score[0] for name in ("greater_bay_area", "jing_jin_ji", "yangtze_delta", "cheng_yu")]
    source.cell(*IN_THE_TEXT)
    claim("text and figure print the same scores", IN_THE_TEXT[1] == "、".join(f"{score}分" for score in named))
    rows = [
        {
            **{"group": group.id, "title_zh": group.title_zh, "title_en": group.title_en},
            **{"pattern_zh": group.pattern[0], "cities": group.cities[0], "score": group.score[0]},
            **{"line": group.score[1], "pattern_line": group.pattern[1], "cities_line": group.cities[1]},
            "text_line": IN_THE_TEXT[0],
        }
        for group in GROUPS
    ]
    write_csv(folder / "city_groups.csv", rows)
    write_csv(folder / "city_group_members.csv", members)


def day(printed: str) -> date:
    month, number = printed.removesuffix("日").split("月")
    return date(2020, int(month), int(number))


def write_epidemic(source: Source, folder: Path) -> None:
    """The dates along the curve of the epidemic; dates and tiers stand apart, both in the order of their kind."""
    cells = [cell.text for cell in source.cells(START[1], LAST[1])]
    tiers = [text.split()[0] for text in cells if "线" in text]
    dates = [text.split()[-1] for text in cells if text.endswith("日")]
    claim("the five tiers stand from the last to the first", tiers[::-1] == [tier for tier, *_ in PEAKS])
    printed = [START[0], *(peak[0] for _, peak, *_ in PEAKS), LAST[0]]
    claim("seven dates, one after the other", dates == printed and printed == sorted(printed, key=day))
    source.cell(PEAKS[0][1][1], "一线 2月2日")
    rows: list[dict[str, object]] = [
        {"what": "start", "tier": "", "date": START[0], "days": "", "provenance": "inferred", "line": START[1]}
    ]
    for tier, (text, line), days, provenance in PEAKS:
        source.cell(line, text)
        row = {"what": "peak", "tier": tier, "date": text, "days": "", "provenance": provenance, "line": line}
        if days:
            source.cell(days[1], f"{days[0]}天")
            row["days"], row["days_line"] = days
            counted = (day(text) - day(START[0])).days + 1
            claim(f"{tier}: {START[0]} to {text} are {counted} days, both counted", str(counted) == days[0])
        rows.append(row)
    rows.append({"what": "", "tier": "", "date": LAST[0], "days": "", "provenance": "", "line": LAST[1]})
    write_csv(folder / "epidemic_dates.csv", [{**row, "days_line": row.get("days_line", "")} for row in rows])


def write_cases(source: Source, folder: Path) -> None:
    cases = []
    for stage, technology, span in CASES:
        source.cell(stage[1], stage[0])
        source.cell(technology[1], technology[0])
        cases += [
            {"stage": stage[0], "technology": technology[0], "case": cell.text, "line": cell.line}
            for cell in listed(source, *span)
        ]
    claim("twelve cases, three a stage", len(cases) == 12)
    write_csv(folder / "epidemic_cases.csv", cases)


def write_more(source: Source, folder: Path, ranked: set[str]) -> None:
    """Everything of the cities beside ranking, tiers, means and tree."""
    write_groups(source, folder, ranked)
    write_sectors(source, folder)
    write_epidemic(source, folder)
    write_cases(source, folder)
    write_csv(folder / "aspects.csv", read_aspects(source))
    write_csv(folder / "named.csv", read_named(source))
    write_csv(folder / "figures.csv", read_figures(source, "city"))
