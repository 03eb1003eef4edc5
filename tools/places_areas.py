"""Units whose area changed while their name stayed: what `build_places` notes beside them.

A change since 2000 is found from the former names: a unit that went into one that had its name before (宣武区 into
西城区), and a county that stands under another prefecture now (寿县). What was cut out of a unit is in no code book; it
stands in `tools/places_areas.csv`, written by hand.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from places_history import Book, Former, level_of, parent_of

SINCE = 2000
Told = dict[str, set[tuple[int, str]]]  # code → years and what happened in them


def areas(books: list[tuple[int, Book]], formers: Iterable[Former], today: Book, by_hand: Path) -> dict[str, str]:
    """Code → what became of its area, the earliest first."""
    found: Told = defaultdict(set)
    for former in formers:
        if former.year >= SINCE:
            _joined(found, former, books, today)
            _moved(found, former, today)
    with by_hand.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert today[row["code"]] == row["name"], row
            found[row["code"]].add((int(row["year"]), row["note"]))
    return {code: "；".join(f"{year}年{what}" for year, what in sorted(told)) for code, told in found.items()}


def _joined(found: Told, former: Former, books: list[tuple[int, Book]], today: Book) -> None:
    """Units that had their name before the former one went into them, whole or in part.

    What has no note only became, by another name, a unit that did so later (南汇县, then 南汇区).
    """
    if not former.note:
        return
    before = [book for year, book in books if year < former.year][-1]
    what = f"{former.name}{'部分' if len(former.to) > 1 else ''}并入" + (
        f"（{former.caveat}）" if former.caveat else ""
    )
    for code in former.to:
        same = level_of(code) == level_of(former.code) and today[code] != former.name
        old = [c for c, name in before.items() if name == today[code] and c[:2] == code[:2] and c != former.code]
        above = today.get(parent_of(code, today))
        if same and any(level_of(c) == level_of(code) and before.get(parent_of(c, before)) == above for c in old):
            found[code].add((former.year, what))


def _moved(found: Told, former: Former, today: Book) -> None:
    """The prefectures that a county of that name left, if there is one of that name today, and came to."""
    if level_of(former.code) != "county" or len(former.to) != 1 or not former.prefecture:
        return
    (code,) = former.to
    now = parent_of(code, today)
    then = [c for c, name in today.items()
            if name == former.prefecture and c[:2] == code[:2] and level_of(c) == "prefecture"]  # fmt: skip
    if today[code] == former.name and then and level_of(now) == "prefecture" and then != [now]:
        found[then[0]].add((former.year, f"划出{former.name}"))
        found[now].add((former.year, f"划入{former.name}"))
