"""Transcribe the city index of the 2020 white paper on the digital economy (中国城市数字经济指数白皮书).

Run: python tools/transcribe/digital_economy_2020.py [folder of the source texts]
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from digital_economy_more import write_more
from digital_economy_tree import CITY, read_tree
from pdftext import ROOT, Cell, Row, Source, check_ranking, claim, join_columns, places, runs, write_csv

FOLDER = ROOT / "specs" / "digital-economy-city-2020" / "published"
HALF = Decimal("0.05")  # half a unit of the last printed digit


class Tier(NamedTuple):
    """Where the source prints a tier: range, count (twice), the lines of its list of cities, title and portrait."""

    label: str
    low: int
    range: tuple[str, int]
    figure: tuple[str, int]
    count: tuple[str, int]
    cities: tuple[int, int]
    title: tuple[str, int]
    title_en: str
    portrait: tuple[str, int]  # how it begins
    portrait_en: str  # what it says, in other words


TIERS = (
    Tier(
        *("一线", 85, (">85", 284), ("6", 328), ("6", 2713), (2716, 2716)),
        *(("数字经济一线城市", 335), "First tier of the digital economy"),
        *(("发展相对全面", 345), "Well developed on most sides, in the lead"),
    ),
    Tier(
        *("新一线", 65, ("65-85", 286), ("29", 326), ("29", 2718), (2726, 2730)),
        *(("数字经济新一线城市", 337), "New first tier of the digital economy"),
        *(("重点领域具有突破", 347), "Ahead in key fields, may join the first tier"),
    ),
    Tier(
        *("二线", 50, ("50-65", 288), ("69", 324), ("69", 2732), (2803, 2813)),
        *(("数字经济二线城市", 339), "Second tier of the digital economy"),
        *(("数字经济发展初见成效", 349), "First results, growth becomes fast"),
    ),
    Tier(
        *("三线", 40, ("40-50", 290), ("26", 322), ("26", 2737), (2742, 2746)),
        *(("数字经济三线城市", 341), "Third tier of the digital economy"),
        *(("开始起步", 351), "At the start, first plans in some fields"),
    ),
    Tier(
        *("四线", 0, ("<40", 292), ("18", 320), ("18", 2769), (2775, 2777)),
        *(("数字经济四线城市", 343), "Fourth tier of the digital economy"),
        *(("发展基础较为薄弱", 353), "Weak ground, no clear plans yet"),
    ),
)
MEANS = (
    ("score", "城市数字经济指数", "57.3", 422, "1"),
    ("infrastructure", "数据及信息化基础设施", "68.3", 1207, "0.20"),
    ("services", "城市服务", "58.0", 1248, "0.35"),
    ("governance", "城市治理", "56.1", 1350, "0.20"),
    ("industry", "产业融合", "48.5", 1384, "0.25"),
)


def read_ranking(source: Source) -> list[Row]:
    """Ranks 1-30 stand in rows; the others in runs of ranks, names and scores, each run broken in the same places."""
    rows = []
    for cell in source.cells(426, 485):
        rank, name, score = (Cell(text, cell.line) for text in cell.text.split())
        rows.append(Row(rank, name, score))
    claim("30 rows stand on one line each", len(rows) == 30)
    cells = [cell for cell in source.cells(486, 1195) if "排名" not in cell.text]
    columns = runs(cells)
    kinds = [kind for kind, _ in columns]
    claim("then runs of ranks, of names and of scores follow, five times", kinds == ["rank", "name", "score"] * 5)
    for start in range(0, len(columns), 3):
        rows += join_columns(*(column for _, column in columns[start : start + 3]))
    return check_ranking("score", rows, 148)


def read_tiers(source: Source) -> dict[str, tuple[Tier, Cell]]:
    """City → its printed tier and the line it stands on there."""
    placed: dict[str, tuple[Tier, Cell]] = {}
    for tier in TIERS:
        for text, line in (tier.range, tier.figure, tier.count, tier.title, tier.portrait):
            source.cell(line, text)
        cells = source.cells(*tier.cities)
        names = [Cell(name, cell.line) for cell in cells for name in cell.text.split()[-1].split("、") if name]
        claim(
            f"{tier.label}: {len(names)} cities are listed, as both printed counts say",
            tier.figure[0] == tier.count[0] == str(len(names)),
        )
        claim(f"{tier.label}: no city stands in two lists", not placed.keys() & {cell.text for cell in names})
        placed |= {cell.text: (tier, cell) for cell in names}
    return placed


def tier_of(score: str) -> Tier:
    return next(tier for tier in TIERS if Decimal(score) >= tier.low)


def check_tiers(rows: list[Row], placed: dict[str, tuple[Tier, Cell]]) -> None:
    """The lists of the tiers against the cuts, and their order against the ranks."""
    claim("the tier lists hold the 148 ranked cities", placed.keys() == {row.name.text for row in rows})
    strays = set()
    for rank, name, score in rows:
        printed, by_cut = placed[name.text][0].label, tier_of(score.text).label
        if printed != by_cut:
            strays.add(name.text)
            print(f"       {rank.text} {name.text} {score.text}: {by_cut} by the cuts, {printed} as printed")
    claim("four cities stand in another tier than the cuts say", len(strays) == 4)
    counts = [sum(tier_of(row.score.text) is tier for row in rows) for tier in TIERS]
    claim(f"the cuts give the printed counts {counts}", counts == [int(tier.count[0]) for tier in TIERS])
    claim("no score lies on a cut", not {Decimal(row.score.text) for row in rows} & {Decimal(t.low) for t in TIERS})
    ranks = {row.name.text: int(row.rank.text) for row in rows}
    order = [ranks[name] for name in placed if name not in strays]
    claim("but for these four, the lists run in the order of the ranks", order == sorted(order))


def check_means(rows: list[Row]) -> None:
    value = {item: Decimal(text) for item, _, text, _, _ in MEANS}
    weight = {item: Decimal(share) for item, _, _, _, share in MEANS[1:]}
    national = sum(weight[item] * value[item] for item in weight)
    mean = sum(Decimal(row.score.text) for row in rows) / len(rows)
    for what, found in (("the weighted mean of the four dimensions", national), ("the mean of the 148 scores", mean)):
        claim(f"{what} is {found:.4f}, inside 57.3 ± rounding", abs(found - value["score"]) <= 2 * HALF)


def write_tables(rows: list[Row], placed: dict[str, tuple[Tier, Cell]]) -> None:
    table = []
    for row in rows:
        tier, cell = placed[row.name.text]
        table.append(
            {
                "rank": row.rank.text,
                "name": row.name.text,
                "province": "",
                "prefecture": "",
                "score": row.score.text,
                "tier": tier.label,
                **places(row),
                "tier_line": cell.line,
            }
        )
    write_csv(FOLDER / "score.csv", table)
    write_csv(
        FOLDER / "tiers.csv",
        [
            {
                "tier": number,
                "label": tier.label,
                "title_zh": tier.title[0],
                "title_en": tier.title_en,
                "portrait_en": tier.portrait_en,
                "range": tier.range[0],
                "count": tier.count[0],
                "line": tier.count[1],
                "figure_line": tier.figure[1],
                "range_line": tier.range[1],
                "title_line": tier.title[1],
                "portrait_line": tier.portrait[1],
            }
            for number, tier in enumerate(TIERS, start=1)
        ],
    )
    write_csv(
        FOLDER / "means.csv",
        [{"item": item, "title_zh": title, "value": text, "line": line} for item, title, text, line, _ in MEANS],
    )


def main() -> None:
    source = Source("002")
    rows = read_ranking(source)
    placed = read_tiers(source)
    check_tiers(rows, placed)
    for _, _, text, line, _ in MEANS:
        source.cell(line, f"{text}分")
    check_means(rows)
    write_tables(rows, placed)
    write_csv(FOLDER / "weights.csv", read_tree(source, CITY))
    write_more(source, FOLDER, {row.name.text for row in rows})


if __name__ == "__main__":
    main()
