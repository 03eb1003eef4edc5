"""Transcribe the five lists of the 2021 technology capability index (促进城市发展科技能力指数).

Run: python tools/transcribe/tech_capability_2021.py [folder of the source texts]
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

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


if __name__ == "__main__":
    main()
